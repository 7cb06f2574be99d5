//! What the arguments and the result of a call mean, in the notation of strace(1): a pure function
//! of an event. One file per kind of argument; the table in the room `calls` says which argument
//! is of which kind. No I/O, and nothing here knows how lines are put together.

pub(crate) mod names;
pub(crate) mod number;

mod aio;
mod constants;
mod descriptors;
mod fcntl;
mod file;
mod filter;
mod futex;
mod ids;
mod ioctl;
mod ipc;
mod kernel;
mod layout;
mod limits;
mod memory;
mod mounts;
mod netlink;
mod numbers;
mod pointers;
mod poll;
mod prctl;
mod process;
mod program;
mod result;
mod signal;
pub(crate) mod sockaddr;
mod socket;
mod stat;
mod strings;
mod system;
#[rustfmt::skip]
mod tables;
mod time;
mod vectors;
pub(crate) mod words;
mod writer;

/// The kinds of arguments, for the table of calls.
pub(crate) mod prelude {
    pub(crate) use super::{
        aio::*, constants::*, fcntl::*, file::*, futex::*, ids::*, ioctl::*, ipc::*, kernel::*,
        limits::*, memory::*, mounts::*, numbers::*, pointers::*, poll::*, prctl::*, process::*,
        program::*, signal::*, sockaddr::*, socket::*, stat::*, strings::*, system::*, time::*,
        vectors::*,
    };
}

pub use descriptors::Descriptors;
pub use layout::{As, Layout, Member};
pub(crate) use layout::{shaped, shaped_result};
pub use result::{Outcome, write_result};
pub use writer::{Names, Writer};

use serde::{Deserialize, Serialize};

use crate::{calls::row, event::Event};
use writer::Starts;

/// How much of an argument is shown, and how: strace's options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// `-s`: bytes of a string, elements of an array.
    pub strings: usize,
    /// `-v`: structures whole, environments.
    pub verbose: bool,
    /// `-x`, `-xx`.
    pub hex: HexStrings,
    /// `-y`, `-yy`: what is behind descriptors.
    pub descriptors: Descriptors,
    /// `-X`: how constants are shown.
    #[serde(skip)]
    pub constants: Constants,
    /// What differs from run to run of one program (addresses, ids of processes, moments, random
    /// bytes, numbers of descriptors) is shown by its kind, so that runs can be compared.
    #[serde(skip)]
    pub stable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            strings: 32,
            verbose: false,
            hex: HexStrings::Escapes,
            descriptors: Descriptors::NONE,
            constants: Constants::Names,
            stable: false,
        }
    }
}

/// Which strings are shown in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HexStrings {
    /// None: C escapes, octal where there is none.
    Escapes,
    /// `-x`: those with a byte that is not ASCII text.
    NonAscii,
    /// `-xx`: all.
    All,
}

/// How constants and flags are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Constants {
    /// `-X abbrev`: by their names.
    #[default]
    Names,
    /// `-X raw`: as numbers.
    Numbers,
    /// `-X verbose`: as numbers, with the names in a comment.
    Both,
}

/// Appends the arguments of the event's call, with `, ` between them. Nothing for an event
/// without a call.
pub fn write_arguments(out: &mut Vec<u8>, event: &Event, options: &Options) {
    let _ = arguments(out, event, options);
}

/// Appends one argument of the event's call, where the table knows it.
pub fn write_argument(out: &mut Vec<u8>, event: &Event, index: usize, options: &Options) {
    if let Some(call) = &event.call
        && let Some(arg) = call
            .arch
            .name(call.nr)
            .and_then(row)
            .and_then(|row| row.args.get(index))
        && let Ok(args) = call.args
    {
        Writer::new(out, event, call, &args, options).argument(index, arg);
    }
}

/// Calls `each` with every argument of the event's call.
pub fn each_argument(event: &Event, options: &Options, mut each: impl FnMut(&[u8])) {
    let mut out = Vec::with_capacity(128);
    let starts = arguments(&mut out, event, options);
    for (i, start) in starts.iter().enumerate() {
        let end = starts
            .get(i + 1)
            .map_or(out.len(), |next| next - SEPARATOR.len());
        each(&out[*start..end]);
    }
}

/// What stands between two arguments.
const SEPARATOR: &str = ", ";

/// Appends the arguments and says where each begins.
fn arguments(out: &mut Vec<u8>, event: &Event, options: &Options) -> Starts {
    let Some(call) = &event.call else {
        return Starts::default();
    };
    let args = call.args.unwrap_or_default();
    let mut writer = Writer::new(out, event, call, &args, options);
    match call.arch.name(call.nr).and_then(row) {
        None if call.args.is_err() => {}
        None => {
            for value in args {
                writer.separate();
                writer.hex(value);
            }
        }
        Some(row) => {
            for (i, arg) in row.args.iter().enumerate() {
                if writer.is_ended() {
                    break;
                }
                writer.separate();
                writer.argument(i, arg);
            }
        }
    }
    writer.starts()
}
