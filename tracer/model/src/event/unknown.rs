//! Never an empty name: a value is known, or it is unknown for a reason that is told.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a value is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unknown {
    /// The user memory could not be read: not mapped, or not resident at that moment.
    Fault,
    /// It was cut at a limit of the tracer.
    Cut,
    /// The path has more components than are walked.
    TooDeep,
    /// The descriptor was not open any more when the call returned.
    BadFd,
    /// The task has no memory map: a kernel thread, or one that is ending.
    NoMm,
    /// A kernel structure could not be read.
    KernelFault,
    /// The file is in no mount namespace (a lazily unmounted tree, a pipe, a socket).
    Detached,
    /// The call itself replaced the registers: `rt_sigreturn`, or a successful exec on a kernel
    /// without a hook before it (below 6.10).
    Replaced,
    /// This source cannot tell.
    Source,
    /// The process was gone before `/proc` could be asked.
    ProcessGone,
    /// The directory of the name could not be found any more when it was looked up.
    LookupFailed,
    /// This kernel does not have the value (a configuration option is off).
    Kernel,
    /// The name is relative to a directory that is itself unknown.
    UnknownBase,
    /// A NULL pointer was passed.
    Null,
    /// Nobody asked for it in this run.
    NotAsked,
    /// The process is in a pid namespace that is not the tracer's, nor below it.
    OtherPidNamespace,
    /// The file is not below the tracer's own root directory.
    OutsideRoot,
    /// The name leads to a file now that the call did not touch.
    Unconfirmed,
}

impl Unknown {
    /// The reason as a stable word (JSON `reason`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Cut => "cut",
            Self::TooDeep => "too-deep",
            Self::BadFd => "bad-fd",
            Self::NoMm => "no-mm",
            Self::KernelFault => "kernel-fault",
            Self::Detached => "detached",
            Self::Replaced => "replaced",
            Self::Source => "source",
            Self::ProcessGone => "process-gone",
            Self::LookupFailed => "lookup-failed",
            Self::Kernel => "kernel",
            Self::UnknownBase => "unknown-base",
            Self::Null => "null",
            Self::NotAsked => "not-asked",
            Self::OtherPidNamespace => "other-pid-namespace",
            Self::OutsideRoot => "outside-root",
            Self::Unconfirmed => "unconfirmed",
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A value, or the reason why there is none.
pub type Known<T> = Result<T, Unknown>;
