//! Exit codes, fixed and documented in `docs/exit-codes.md`.

use std::{fmt, io::Write as _, process::ExitCode};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::{rules::ProcessError, source::ebpf::EbpfError};

/// The codes that tracer itself gives. `tracer trace -- COMMAND` gives the command's own status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    /// Done: also after Ctrl-C, SIGTERM, `--count`, `--duration` and a closed pipe.
    Success = 0,
    /// It failed while running: the output refused a write, a source broke.
    Failed = 1,
    /// The arguments are wrong.
    Usage = 2,
    /// More privilege is needed.
    Privilege = 3,
    /// This kernel cannot do it.
    Kernel = 4,
    /// A process or path that does not exist, or cannot be reached.
    Target = 5,
    /// Nothing happened for `--timeout`.
    Idle = 6,
    /// `replay`, `diff`: a file that is no recording or not a whole one (what there is of it was
    /// used); or the output of `diff` refused a write, since 1 means something else there.
    Recording = 7,
    /// `search --checkpoint`: the checkpoint is no checkpoint, or its log is gone.
    Checkpoint = 10,
    /// `search --checkpoint`: the checkpoint cannot be read or written.
    CheckpointIo = 11,
    /// `search --checkpoint`: the log does not have the checkpoint's event any more.
    CheckpointLost = 12,
    /// The command cannot be run.
    CannotRun = 126,
    /// The command is not found.
    NotFound = 127,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// Ends this process by a signal, as a command was ended by it: a shell that waits for this one
/// then does what it would have done. No core is left. Returns 128 and the signal where the signal
/// does not end a process.
pub(super) fn die_of(signal: i32) -> ExitCode {
    // The lines are out: what is buffered in this process would be lost.
    let _ = std::io::stdout().flush();
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    // SAFETY: the default action is no handler, and the set is this function's own.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::signal(signal, libc::SIG_DFL);
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, std::ptr::null_mut());
        libc::raise(signal);
    }
    ExitCode::from((128 + signal) as u8)
}

/// One clear line (what, why, what to do) and its code.
#[derive(Debug)]
pub struct Failure {
    code: Code,
    text: String,
    /// Lines that show where it is, if any.
    place: String,
}

impl Failure {
    /// A failure of the given kind.
    pub fn new(code: Code, text: impl fmt::Display) -> Self {
        Self {
            code,
            text: text.to_string(),
            place: String::new(),
        }
    }

    /// Shows these lines, too: what is wrong, with carets below.
    #[must_use]
    pub fn with_place(self, place: &str) -> Self {
        Self {
            place: place.to_owned(),
            ..self
        }
    }

    /// The lines that show where it is.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Wrong arguments.
    pub fn usage(text: impl fmt::Display) -> Self {
        Self::new(Code::Usage, text)
    }

    /// Its exit code.
    pub fn code(&self) -> Code {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<EbpfError> for Failure {
    fn from(error: EbpfError) -> Self {
        if let EbpfError::Gone(_) = error {
            return Self::new(Code::Target, error);
        }
        let code = if error.is_privilege() {
            Code::Privilege
        } else {
            Code::Kernel
        };
        Self::new(
            code,
            format!("{error} (`tracer doctor` shows what this machine can do)"),
        )
    }
}

impl From<ProcessError> for Failure {
    fn from(error: ProcessError) -> Self {
        let code = match error {
            ProcessError::Hidden => Code::Kernel,
            ProcessError::Gone(_) => Code::Target,
        };
        Self::new(code, error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Code::Failed, format!("{error:#}"))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Code::Failed, error)
    }
}
