//! Why there are no events.

use std::{io, path::PathBuf, sync::Arc};

use crate::{
    calls::SetError,
    rules::ProcessError,
    source::{ebpf::EbpfError, open::OpenError},
};

/// Why a [`Tracer`](super::Tracer) cannot begin, or has ended before its time. Each says what failed, why, and what to
/// do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was asked for.
    #[error("nothing is asked for: give a path, a process, a command or rules")]
    Nothing,
    /// Two wishes exclude each other.
    #[error("{0}")]
    Conflict(&'static str),
    /// A path that cannot be watched.
    #[error("cannot watch {}: {error}: give an existing file or directory that may be read", .path.display())]
    Path {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A process that cannot be traced.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// No set of system calls.
    #[error(transparent)]
    Calls(#[from] SetError),
    /// No pattern.
    #[error("{0}")]
    Pattern(String),
    /// No source works, or none tells what is asked for.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// eBPF, which this needs, does not work here.
    #[error("{}", with_hint(.0))]
    Ebpf(#[from] EbpfError),
    /// The command does not run.
    #[error("cannot run {program}: {error}")]
    Command {
        /// Which.
        program: String,
        /// Why.
        error: io::Error,
    },
    /// The operating system refuses what the run itself needs: a thread, a descriptor.
    #[error("cannot begin: {0}")]
    System(#[from] io::Error),
    /// The source broke while it ran.
    #[error("the source broke: {0}")]
    Broken(Arc<str>),
    /// This is a child of the process that has opened it: the kernel tells only that one.
    #[error("this was opened before fork(2), by the parent: open another one here")]
    Forked,
}

impl Error {
    /// Would more privilege help?
    pub fn is_privilege(&self) -> bool {
        match self {
            Self::Open(error) => error.is_privilege(),
            Self::Ebpf(error) => error.is_privilege(),
            _ => false,
        }
    }
}

/// The error, and where to look if it is the machine that cannot.
fn with_hint(error: &EbpfError) -> String {
    match error {
        EbpfError::Gone(_) => error.to_string(),
        _ => format!("{error} (`tracer doctor` shows what this machine can do)"),
    }
}
