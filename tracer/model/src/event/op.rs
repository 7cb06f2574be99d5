//! What happened, in one word.

use serde::{Deserialize, Serialize};

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
