//! Lays down what is not needed once everything is loaded and open: capabilities, the way to new ones, and
//! system calls that tracer never makes.

use std::{collections::BTreeMap, io};

use rustix::thread::{CapabilitySet, CapabilitySets};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

use crate::event::Backend;

/// What a run may still have to do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// Reads events from these.
    pub(crate) backends: Vec<Backend>,
    /// Sends signals to a command that may be another user's.
    pub(crate) signals: bool,
    /// Makes files in directories of other users.
    pub(crate) files: bool,
    /// Starts programs, which get no more than what is kept.
    pub(crate) programs: bool,
}

impl Needs {
    /// What is kept: for eBPF to change what is watched (`BPF`), for all to look up names where only
    /// root may (`DAC_READ_SEARCH`), and below the roots of other processes (`SYS_PTRACE`).
    fn capabilities(&self) -> CapabilitySet {
        let mut kept = CapabilitySet::DAC_READ_SEARCH | CapabilitySet::SYS_PTRACE;
        for backend in &self.backends {
            match backend {
                Backend::Ebpf => kept |= CapabilitySet::BPF | CapabilitySet::PERFMON,
                // Marks on file systems, and private copies of mounts: also of what is mounted, or asked
                // for by a rule, later.
                Backend::Fanotify => kept |= CapabilitySet::SYS_ADMIN,
                _ => {}
            }
        }
        if self.signals {
            kept |= CapabilitySet::KILL;
        }
        if self.files {
            kept |= CapabilitySet::DAC_OVERRIDE;
        }
        kept
    }

    /// Keeps what is needed and nothing else, for good. Capabilities are those of this thread and of threads
    /// that it starts later; the rest holds for all of the process.
    ///
    /// # Errors
    /// When the kernel refuses it. One without seccomp does without the filter.
    pub(crate) fn keep_only(&self) -> io::Result<()> {
        let kept = self.capabilities();
        for capability in CapabilitySet::all().difference(kept).iter() {
            // What the kernel does not know is not there to be dropped.
            let _ = rustix::thread::remove_capability_from_bounding_set(capability);
        }
        rustix::thread::set_no_new_privs(true)?;
        let filter = filter(self.programs).map_err(io::Error::other)?;
        match seccompiler::apply_filter_all_threads(&filter) {
            Err(seccompiler::Error::Seccomp(error)) if is_absent(&error) => {}
            applied => applied.map_err(io::Error::other)?,
        }
        let now = rustix::thread::capabilities(None)?;
        rustix::thread::set_capabilities(
            None,
            CapabilitySets {
                effective: now.effective & kept,
                permitted: now.permitted & kept,
                inheritable: CapabilitySet::empty(),
            },
        )?;
        Ok(())
    }
}

/// How many system calls a run refuses itself, where the kernel has seccomp(2).
pub fn refused_calls() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let has = status.lines().any(|line| line.starts_with("Seccomp:"));
    has.then_some(REFUSED.len() + EXECS.len())
}

/// Does the kernel know no seccomp(2), or not this way of it?
fn is_absent(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EINVAL))
}

/// What is refused, by `EPERM`: what changes the kernel, the machine, mounts and namespaces, what reaches into
/// other processes, and what makes this one another.
const REFUSED: &[libc::c_long] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_adjtimex,
    libc::SYS_chroot,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_init_module,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_file_load,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_perf_event_open,
    libc::SYS_personality,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setdomainname,
    libc::SYS_setgid,
    libc::SYS_setgroups,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_setregid,
    libc::SYS_setresgid,
    libc::SYS_setresuid,
    libc::SYS_setreuid,
    libc::SYS_settimeofday,
    libc::SYS_setuid,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_userfaultfd,
    libc::SYS_vhangup,
];
/// The same where no program is started any more.
const EXECS: &[libc::c_long] = &[libc::SYS_execve, libc::SYS_execveat];

fn filter(programs: bool) -> Result<BpfProgram, seccompiler::BackendError> {
    let execs = if programs { &[] } else { EXECS };
    let refused = REFUSED.iter().chain(execs);
    let rules: BTreeMap<i64, Vec<_>> = refused.map(|call| (*call, Vec::new())).collect();
    SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}
