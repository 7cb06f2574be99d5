//! What is to be captured of one system call: user space fills one [`CallSpec`] per call number
//! from its table of calls, and the probe follows it without knowing any call by name.

use super::{Plain, limits::CALLS_PER_ARCH};

/// How one argument is captured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Capture {
    /// The raw register only.
    Raw = 0,
    /// A path name in user memory, relative to the descriptor in the argument before it when that
    /// is a [`Capture::DirFd`], else to the working directory.
    Path = 1,
    /// A descriptor that stands for the file itself.
    Fd = 2,
    /// A directory descriptor for the path in the next argument.
    DirFd = 3,
    /// A NUL-terminated string that is not a path.
    Text = 4,
    /// A NULL-terminated array of strings.
    Argv = 5,
    /// 24 bytes of user memory (`struct open_how`, openat2(2)).
    Block24 = 6,
}

impl Capture {
    /// The capture with this number, as it stands in a [`CallSpec`].
    pub const fn from_u8(v: u8) -> Option<Self> {
        Some(match v {
            0 => Self::Raw,
            1 => Self::Path,
            2 => Self::Fd,
            3 => Self::DirFd,
            4 => Self::Text,
            5 => Self::Argv,
            6 => Self::Block24,
            _ => return None,
        })
    }
}

/// The call is asked for: without this bit nothing else of the entry is looked at.
pub const WANTED: u8 = 1;
/// A result of zero or more is a new descriptor whose file is captured.
pub const RETURNS_FD: u8 = 2;
/// A result of zero in the child of a fork is not an event: the parent reports the call.
pub const FORKS: u8 = 4;
/// The call replaces the program image when it succeeds.
pub const EXECS: u8 = 8;
/// A success changes the working directory: the walk of the new one is the truth about the path.
pub const MOVES_CWD: u8 = 16;
/// The call does not return: its exit is reported by the end of the task, not by its result.
pub const ENDS_TASK: u8 = 32;
/// The first path is what the call opens or executes; failures are of interest to a watch, a
/// lookup that found nothing is not (`ENOENT`, `ENOTDIR`), as with an audit watch.
pub const LOOKS_UP: u8 = 64;

/// A success changes the root directory.
pub const MOVES_ROOT: u8 = 128;

/// The kernel's half of one line of the table of calls. Eight bytes, so that one load gets it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct CallSpec {
    /// One [`Capture`] per argument.
    pub args: [u8; 6],
    /// `WANTED`, `RETURNS_FD`, ...
    pub flags: u8,
    /// Which argument a watch is about: not used by the kernel, kept zero.
    pub reserved: u8,
}

impl CallSpec {
    /// Nothing is captured and the call is not wanted.
    pub const NONE: Self = Self {
        args: [0; 6],
        flags: 0,
        reserved: 0,
    };
}

/// The table handed to the probes: native calls first, then those of the 32-bit table.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct CallTable {
    /// Indexed by `arch_base + number`.
    pub calls: [CallSpec; 2 * CALLS_PER_ARCH],
}

// SAFETY: arrays of bytes only.
unsafe impl Plain for CallSpec {}
// SAFETY: an array of `CallSpec`, which holds bytes only.
unsafe impl Plain for CallTable {}

/// The gate's first question, answered by one byte: is this number wanted in any architecture?
#[derive(Clone, Copy)]
#[repr(C)]
pub struct CallGate {
    /// Indexed by number; not zero where either table wants it.
    pub wanted: [u8; CALLS_PER_ARCH],
}
// SAFETY: an array of bytes.
unsafe impl Plain for CallGate {}
