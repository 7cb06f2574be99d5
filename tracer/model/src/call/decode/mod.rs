//! What the arguments and the result of a call mean, in the notation of strace(1): a pure function
//! of an event. One file per kind of argument; the table in the room `calls` says which argument
//! is of which kind. No I/O, and nothing here knows how lines are put together.

pub mod names;
pub mod number;

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
mod kexec;
mod keys;
mod layout;
mod limits;
mod memory;
mod mounts;
mod netlink;
mod numbers;
mod options;
mod pointers;
mod poll;
mod prctl;
mod process;
mod program;
mod quota;
mod result;
mod signal;
pub mod sockaddr;
mod socket;
mod stat;
mod strings;
mod system;
#[rustfmt::skip]
mod tables;
mod time;
mod vectors;
pub mod words;
mod writer;

/// The kinds of arguments, for the table of calls.
pub(crate) mod prelude {
    pub(crate) use super::{
        aio::*, constants::*, fcntl::*, file::*, filter::*, futex::*, ids::*, ioctl::*, ipc::*,
        kernel::*, kexec::*, keys::*, limits::*, memory::*, mounts::*, numbers::*, pointers::*,
        poll::*, prctl::*, process::*, program::*, quota::*, signal::*, sockaddr::*, socket::*,
        stat::*, strings::*, system::*, time::*, vectors::*,
    };
}

pub use descriptors::Descriptors;
pub use layout::{As, Layout, Member};
pub(crate) use layout::{shaped, shaped_result};
pub use result::{Outcome, write_result};
pub use writer::{Names, Writer};

use serde::{Deserialize, Serialize};

use crate::{
    calls::{CallSet, row},
    event::{Call, Data, Event},
};
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
    /// What is shown of ids of processes.
    #[serde(skip)]
    pub processes: Processes,
    /// How the arguments of certain calls are shown.
    #[serde(skip)]
    pub by_call: ByCall,
    /// Buffers are shown whole somewhere: as much as can be captured.
    #[serde(skip)]
    pub dumps: bool,
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
            processes: Processes::default(),
            by_call: ByCall::default(),
            dumps: false,
            stable: false,
        }
    }
}

/// What is shown of ids of processes: strace's `decode-pids`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Processes {
    /// The names of their commands: who knows those of others than the caller.
    pub names: Option<NameOf>,
    /// Those in other pid namespaces, as tracer's own has them.
    pub here: bool,
}

/// The name of the command of a process or thread.
pub type NameOf = fn(u32) -> Option<Vec<u8>>;

impl PartialEq for Processes {
    fn eq(&self, other: &Self) -> bool {
        (self.names.is_some(), self.here) == (other.names.is_some(), other.here)
    }
}

impl Eq for Processes {}

impl Processes {
    /// Is anything shown?
    pub fn any(self) -> bool {
        self != Self::default()
    }

    /// `comm,pidns`, `!comm`, `all`, `none`; `name` knows the names.
    pub fn parse(text: &str, name: NameOf) -> Result<Self, String> {
        let (negated, list) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mut names, mut here) = (false, false);
        for word in list.split(',').map(str::trim) {
            match word {
                "comm" => names = true,
                "pidns" => here = true,
                "all" => (names, here) = (true, true),
                "none" => (names, here) = (false, false),
                _ => {
                    return Err(format!(
                        "unknown word `{word}`: expected comm, pidns, all or none"
                    ));
                }
            }
        }
        Ok(Self {
            names: (names != negated).then_some(name),
            here: here != negated,
        })
    }
}

/// How the arguments of certain calls are shown: strace's `raw=`, `abbrev=` and `verbose=`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByCall {
    /// As numbers.
    pub raw: Option<CallSet>,
    /// Structures with a part of their members; all others whole.
    pub abbreviated: Option<CallSet>,
    /// With what structures have; of others there are the addresses.
    pub structures: Option<CallSet>,
}

impl ByCall {
    fn is_in(set: Option<&CallSet>, call: &Call) -> Option<bool> {
        set.map(|set| set.contains_of(call.arch, call.arch.name(call.nr)))
    }

    /// What is shown of this call in another way than of the rest: its options, and it without
    /// the structures that are not shown.
    fn of(&self, call: &Call, options: &Options) -> Option<(Options, Call)> {
        if *self == Self::default() {
            return None;
        }
        let mut options = options.clone();
        options.by_call = Self::default();
        if let Some(abbreviated) = Self::is_in(self.abbreviated.as_ref(), call) {
            options.verbose = !abbreviated;
        }
        let mut call = call.clone();
        if Self::is_in(self.structures.as_ref(), &call) == Some(false) {
            let row = call.arch.name(call.nr).and_then(row);
            call.captured.retain(|captured| match captured.data {
                Data::Block(_) | Data::Before(_) => row
                    .and_then(|row| row.args.get(usize::from(captured.of)))
                    .is_some_and(|arg| arg.spec.unit == 1),
                _ => true,
            });
        }
        Some((options, call))
    }

    fn is_raw(&self, call: &Call) -> bool {
        Self::is_in(self.raw.as_ref(), call) == Some(true)
    }
}

/// Which strings are shown in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HexStrings {
    /// None: C escapes, octal where there is none.
    Escapes,
    /// None; bytes without an escape are in hexadecimal.
    Bytes,
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
    let changed = options.by_call.of(call, options);
    let is_raw = options.by_call.is_raw(call);
    let (options, call) = changed
        .as_ref()
        .map_or((options, call), |(options, call)| (options, call));
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
        Some(row) if is_raw => {
            for value in &args[..row.args.len().min(args.len())] {
                writer.separate();
                writer.hex(*value);
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
