//! What a recording says of itself: where, when and how it was made, and how it is shown.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{decode::Options, event::Time, format::Times};

/// The first frame of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Version of the tracer that made it.
    pub tracer: String,
    /// Where it was made.
    pub machine: Machine,
    /// When it was begun.
    pub start: Time,
    /// The command line of that tracer, its name included.
    pub command_line: Vec<Bytes>,
    /// How its events are shown where nothing else is asked for.
    pub defaults: Defaults,
}

/// A machine, as uname(2) has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Release of the kernel.
    pub kernel: String,
    /// Hardware: `x86_64`.
    pub hardware: String,
    /// Name of the host.
    pub host: String,
}

/// The options of the recording run that say how events are shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Defaults {
    /// It was about processes or a command: calls are shown decoded.
    pub decoded: bool,
    /// It was about their descendants or about the whole machine, too.
    pub follows: bool,
    /// The files behind descriptors of any use are files of the events (`--path`).
    pub through_descriptors: bool,
    /// How arguments are shown.
    pub options: Options,
    /// The times in a line.
    pub times: Times,
    /// The roots of a watch: absolute, and as they were given.
    pub roots: Vec<(Bytes, Bytes)>,
}
