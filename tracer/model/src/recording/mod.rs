//! The form of recordings: the events of a run in bytes, from which every output can be made again, on
//! any machine. `docs/recordings.md` describes it. Knows neither how events are made nor how they are
//! shown.

mod error;
pub mod frame;
mod head;
mod reader;

use serde::{Deserialize, Serialize};

pub use error::{RecordingError, Trouble};
pub use head::{Defaults, Head, Machine};
pub use reader::Reader;

use crate::event::{LossReason, Uid};

/// What a recording begins with. As in PNG, a transfer that changes line ends or the eighth bit
/// shows.
pub const MAGIC: [u8; 8] = *b"\x89TRC\r\n\x1a\n";

/// The version of the form, which follows [`MAGIC`] as a little-endian `u16`. Any change to
/// [`Head`], to [`Entry`] or to what is in an event is a new one: what is written has no names.
pub const VERSION: u16 = 2;

/// One thing in a frame of items. `I` is an [`Item`](crate::event::Item), `S` a string.
#[derive(Debug, Serialize, Deserialize)]
pub enum Entry<I, S> {
    /// An event, or a loss at its place.
    Item(I),
    /// The name of a user of the events that follow, as the recording machine knows it.
    User(Uid, Option<S>),
}

/// The last frame: the conservation sums. `seen == events + filtered + lost`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Events that were looked at.
    pub seen: u64,
    /// Events in the recording.
    pub events: u64,
    /// Events that were not asked for, by reason.
    pub filtered: Vec<(String, u64)>,
    /// Events that nobody can tell any more, by reason.
    pub lost: Vec<(LossReason, u64)>,
}
