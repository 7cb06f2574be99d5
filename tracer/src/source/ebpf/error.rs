//! Why eBPF cannot be used, and what to do about it.

use aya::{maps::MapError, programs::ProgramError};

use super::btf::BtfError;

/// eBPF cannot be used here.
#[derive(Debug, thiserror::Error)]
pub enum EbpfError {
    /// No capability.
    #[error("eBPF needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN: run as root or with sudo")]
    Privilege,
    /// Capabilities of another user namespace than the initial one count for nothing here.
    #[error(
        "eBPF needs privileges in the initial user namespace, and this is another one (a container, `unshare -U`): run outside of it as root"
    )]
    UserNamespace,
    /// No usable BTF.
    #[error(transparent)]
    Btf(#[from] BtfError),
    /// Confidentiality lockdown forbids reading kernel memory.
    #[error(
        "kernel lockdown is `confidentiality`, which forbids eBPF to read kernel memory: boot with lockdown=integrity or none"
    )]
    Lockdown,
    /// The kernel refused to create a map.
    #[error("the kernel refused an eBPF map: {0}")]
    Map(String),
    /// The object could not be loaded.
    #[error("the kernel refused the eBPF object: {0}")]
    Load(String),
    /// The kernel refused one program.
    #[error("the kernel refused the eBPF program `{program}`: {cause}")]
    Program {
        /// Which one.
        program: &'static str,
        /// The kernel's errno and the end of the verifier's words.
        cause: String,
    },
    /// The hook is not there.
    #[error(
        "cannot attach to the raw tracepoint `{hook}`: {cause}; the kernel needs CONFIG_FTRACE_SYSCALLS=y and CONFIG_BPF_EVENTS=y"
    )]
    Attach {
        /// Which one.
        hook: &'static str,
        /// The kernel's errno.
        cause: String,
    },
    /// A system call on the way failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Each watched path is held open, and there may not be so many.
    #[error(
        "there are more watched paths than files may be open: {0}; raise the limit (ulimit -Hn)"
    )]
    Descriptors(std::io::Error),
    /// The processes to trace have ended.
    #[error("process {0} ended before it could be traced: see `ps -e` for those that run")]
    Gone(u32),
    /// The embedded object lacks something: a build error.
    #[error("the embedded eBPF object has no `{0}`: this build of tracer is broken")]
    Object(&'static str),
}

impl From<MapError> for EbpfError {
    fn from(error: MapError) -> Self {
        Self::Map(with_hint(&error))
    }
}

impl From<aya::EbpfError> for EbpfError {
    fn from(error: aya::EbpfError) -> Self {
        Self::Load(with_hint(&error))
    }
}

impl EbpfError {
    pub(super) fn load(program: &'static str, error: &ProgramError) -> Self {
        let cause = match error {
            ProgramError::LoadError {
                io_error,
                verifier_log,
            } => {
                let log = verifier_log.to_string();
                let shown = if std::env::var_os("TRACER_VERIFIER_LOG").is_some() {
                    log.clone()
                } else {
                    end_of(&log)
                };
                if shown.is_empty() {
                    io_error.to_string()
                } else {
                    format!("{io_error}: {shown}")
                }
            }
            other => chain(other),
        };
        Self::Program { program, cause }
    }

    pub(super) fn attach(hook: &'static str, error: &ProgramError) -> Self {
        Self::Attach {
            hook,
            cause: chain(error),
        }
    }

    /// True when more privilege would help.
    pub fn is_privilege(&self) -> bool {
        matches!(self, Self::Privilege | Self::UserNamespace)
    }
}

/// What the verifier did not like: the last lines of its log, without how much it has looked at.
fn end_of(log: &str) -> String {
    let is_sum = |line: &&str| {
        let begins = ["verification time", "stack depth", "processed "];
        begins.iter().any(|begin| line.starts_with(begin))
    };
    let lines = log.lines().filter(|line| !line.trim().is_empty());
    let lines: Vec<_> = lines.filter(|line| !is_sum(line)).collect();
    lines[lines.len().saturating_sub(3)..].join("; ")
}

/// An error with its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        next = cause.source();
    }
    text
}

/// The error with what to do about it, where the errno tells.
fn with_hint(error: &dyn std::error::Error) -> String {
    let text = chain(error);
    // Before 5.11 BPF memory counts against a resource limit, and the refusal is only "EPERM".
    let hint = if text.contains("(os error 1)") {
        "; on kernels before 5.11 raise the memory lock limit (ulimit -l unlimited)"
    } else if text.contains("(os error 12)") || text.contains("(os error 7)") {
        "; try a smaller --buffer"
    } else {
        ""
    };
    text + hint
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_verifier_did_not_like() {
        let log = "1: (b7) r6 = 288\n2: (79) r3 = *(u64 *)(r10 -48)\n3: (0f) r3 += r1\n\
                   math between ptr_ pointer and 4294967295 is not allowed\nverification time 6734165 usec\n\
                   stack depth 136+0+0\nprocessed 89534 insns (limit 1000000) max_states_per_insn 12\n\n";
        let end = "2: (79) r3 = *(u64 *)(r10 -48); 3: (0f) r3 += r1; math between ptr_ pointer and 4294967295 is not allowed";
        assert_eq!(end_of(log), end);
        assert_eq!(end_of(""), "");
    }
}
