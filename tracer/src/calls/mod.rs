//! The one table of system calls: what each argument is, which class a call belongs to, and what
//! it does to a file. Numbers and names come from the `syscalls` crate.

mod arch;
mod set;
mod table;

pub use arch::Arch;
pub use set::{CallSet, SetError};
pub use table::{ROWS, Row, row};

use tracer_ebpf::abi::call::Capture;

/// What happened, in one word. The first group is what a watch is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// What one argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A number shown in decimal.
    Int,
    /// A pointer or mask shown in hexadecimal.
    Hex,
    /// A path name; its base is the [`Arg::DirFd`] before it, else the working directory.
    Path,
    /// A descriptor that stands for the file itself.
    Fd,
    /// A directory descriptor.
    DirFd,
    /// A descriptor that is of no interest as a file.
    OtherFd,
    /// A string that is not a path.
    Text,
    /// An array of strings.
    Argv,
    /// `struct open_how`.
    OpenHow,
    /// `O_...`
    OpenFlags,
    /// Permission bits, octal.
    Mode,
    /// `AT_...`
    AtFlags,
    /// A user id; all ones is "unchanged".
    Uid,
    /// A group id.
    Gid,
    /// A process or thread id.
    Pid,
    /// A signal number.
    Signal,
    /// `CLONE_...`
    CloneFlags,
    /// A device number (`dev_t` of user space).
    Dev,
}

impl Arg {
    /// What the kernel side does for it.
    pub fn capture(self) -> Capture {
        match self {
            Self::Path => Capture::Path,
            Self::Fd => Capture::Fd,
            Self::DirFd => Capture::DirFd,
            Self::Text => Capture::Text,
            Self::Argv => Capture::Argv,
            Self::OpenHow => Capture::Block24,
            Self::Int
            | Self::Hex
            | Self::OtherFd
            | Self::OpenFlags
            | Self::Mode
            | Self::AtFlags
            | Self::Uid
            | Self::Gid
            | Self::Pid
            | Self::Signal
            | Self::CloneFlags
            | Self::Dev => Capture::Raw,
        }
    }
}

/// Sets that `-e` accepts by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Takes a file name, or changes a file through its descriptor.
    File,
    /// Begins, ends, signals or traces processes.
    Process,
    /// Changes user or group ids.
    Creds,
    /// Loads code into the kernel.
    Kernel,
}

impl Class {
    /// Every class with its name.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::File, "file"),
        (Self::Process, "process"),
        (Self::Creds, "creds"),
        (Self::Kernel, "kernel"),
    ];
}
