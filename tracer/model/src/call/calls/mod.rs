//! The one table of system calls: what each argument is, which classes a call belongs to, and
//! what it does to a file. Numbers and names come from the `syscalls` crate.

mod arg;
pub mod foreign;
mod numbers;
mod set;
mod table;
mod unknown;

pub use arg::{Arg, Role, Show};
pub use numbers::{NumberSet, works_on};
pub use set::{CallSet, SetError};
pub use table::{ROWS, Row, row};
pub use unknown::instead_of;

pub use crate::event::{Arch, NUMBERS, Op, uring_op};

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
