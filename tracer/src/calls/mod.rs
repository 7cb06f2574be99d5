//! The one table of system calls: what each argument is, which classes a call belongs to, and
//! what it does to a file. Numbers and names come from the `syscalls` crate.

mod arch;
mod arg;
pub mod foreign;
mod set;
mod table;
pub mod uring_op;

use serde::{Deserialize, Serialize};

pub use arch::{Arch, NUMBERS};
pub use arg::{Arg, Role, Show};
pub use set::{CallSet, SetError};
pub use table::{ROWS, Row, row};

/// What happened, in one word. The first group is what a watch is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Op {
    /// Opened for reading, or read.
    Read,
    /// Opened for writing, written, truncated.
    Write,
    /// A name that did not exist before.
    Create,
    /// A name that does not exist any more.
    Delete,
    /// A name that became another.
    Rename,
    /// Owner, mode, times or extended attributes.
    Attribute,
    /// Run as a program.
    Execute,
    /// Closed (fanotify and inotify tell it; the call is not captured).
    Close,
    /// Working or root directory, mounts.
    Mount,
    /// A new task.
    Fork,
    /// The end of a task.
    Exit,
    /// A signal sent.
    Signal,
    /// Credentials changed.
    Creds,
    /// Another process traced, a kernel module, a BPF program.
    Kernel,
    /// Any other call.
    Other,
}

impl Op {
    /// Every operation, in order.
    pub const ALL: [Self; 15] = [
        Self::Read,
        Self::Write,
        Self::Create,
        Self::Delete,
        Self::Rename,
        Self::Attribute,
        Self::Execute,
        Self::Close,
        Self::Mount,
        Self::Fork,
        Self::Exit,
        Self::Signal,
        Self::Creds,
        Self::Kernel,
        Self::Other,
    ];

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Rename => "rename",
            Self::Attribute => "attribute",
            Self::Execute => "execute",
            Self::Close => "close",
            Self::Mount => "mount",
            Self::Fork => "fork",
            Self::Exit => "exit",
            Self::Signal => "signal",
            Self::Creds => "creds",
            Self::Kernel => "kernel",
            Self::Other => "other",
        }
    }
}

/// Sets that `-e` accepts by name: those of strace(1), and [`Class::Kernel`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Takes a file name.
    File,
    /// Takes or returns a descriptor.
    Desc,
    /// Maps, protects, locks memory.
    Memory,
    /// Sockets.
    Network,
    /// Begins, ends, waits for, signals processes.
    Process,
    /// Signals.
    Signal,
    /// System V queues, semaphores, shared memory.
    Ipc,
    /// Reads or changes user and group ids, capabilities.
    Creds,
    /// Reads or changes clocks.
    Clock,
    /// Asks for the attributes of a file.
    Stat,
    /// Asks for the attributes of a file system.
    Statfs,
    /// Cannot fail.
    Pure,
    /// Loads code into the kernel.
    Kernel,
}

impl Class {
    /// Every class with its name.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::File, "file"),
        (Self::Desc, "desc"),
        (Self::Memory, "memory"),
        (Self::Network, "network"),
        (Self::Process, "process"),
        (Self::Signal, "signal"),
        (Self::Ipc, "ipc"),
        (Self::Creds, "creds"),
        (Self::Clock, "clock"),
        (Self::Stat, "%stat"),
        (Self::Statfs, "%statfs"),
        (Self::Pure, "pure"),
        (Self::Kernel, "kernel"),
    ];
}

/// The classes that a call belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classes(u16);

impl Classes {
    /// These classes.
    pub const fn of(list: &[Class]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < list.len() {
            bits |= 1 << list[i] as u16;
            i += 1;
        }
        Self(bits)
    }

    /// Is this one of them?
    pub fn contains(self, class: Class) -> bool {
        self.0 & 1 << class as u16 != 0
    }
}
