//! `tracer doctor`: what works on this machine, what does not, why, and what to do.

use std::{fmt::Write as _, fs, process::ExitCode};

use aya::{
    maps::MapType,
    programs::{LsmAttachType, ProgramType},
    sys::{is_map_supported, is_program_supported},
};
use nix::sys::fanotify::{EventFFlags, Fanotify, InitFlags};
use serde_json::json;

use super::{
    args::DoctorArgs,
    exit::{Code, Failure},
    stdout,
};
use crate::{
    calls::CallSet,
    enrich::pids::{self, Procfs},
    privileges::refused_calls,
    rules::{Rule, SignalSet},
    source::ebpf::{Ebpf, EbpfPlan, KernelTypes, lockdown, may_use_bpf},
};

/// How a thing stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Works,
    Partly,
    No,
    /// It is there or not, and tracer does without.
    Unused,
    /// It is not there, and nothing is missing.
    Absent,
    Unknown,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Partly => "partly",
            Self::No => "does not",
            Self::Unused => "not used",
            Self::Absent => "not there",
            Self::Unknown => "not known",
        }
    }
}

/// One line of the report.
struct Check {
    name: &'static str,
    state: State,
    why: String,
    remedy: Option<String>,
}

impl Check {
    fn new(name: &'static str, state: State, why: impl Into<String>) -> Self {
        Self {
            name,
            state,
            why: why.into(),
            remedy: None,
        }
    }

    fn fix(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// Runs `tracer doctor`.
pub(super) fn run(args: &DoctorArgs) -> Result<ExitCode, Failure> {
    let checks = [
        kernel(),
        capabilities(),
        privileges(),
        btf(),
        tracepoints(),
        ring_buffer(),
        lockdown_mode(),
        memlock(),
        pid_namespace(),
        ebpf(),
        fentry_and_lsm(),
        tracefs(),
        io_uring(),
        fanotify(),
        inotify(),
    ];
    let report = if args.json {
        as_json(&checks)
    } else {
        as_text(&checks)
    };
    stdout::print(report)?;
    Ok(Code::Success.into())
}

fn as_text(checks: &[Check]) -> String {
    let mut out = String::new();
    for check in checks {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:<14}{:<10}{}",
            check.name,
            check.state.as_str(),
            check.why
        );
        if let Some(remedy) = &check.remedy {
            let _ = writeln!(out, "{:<24}-> {remedy}", "");
        }
    }
    out
}

fn as_json(checks: &[Check]) -> String {
    let checks: Vec<_> = checks
        .iter()
        .map(|c| {
            json!({"name": c.name, "state": c.state.as_str(), "why": c.why, "remedy": c.remedy})
        })
        .collect();
    format!("{}\n", json!({ "checks": checks }))
}

/// First line of a file, without white space around it.
fn line(path: &str) -> Option<String> {
    fs::read_to_string(path)
        .ok()
        .map(|text| text.trim().to_owned())
}

/// Version of the running kernel.
fn version() -> Option<(u32, u32)> {
    let release = line("/proc/sys/kernel/osrelease")?;
    let mut parts = release.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn kernel() -> Check {
    let release = line("/proc/sys/kernel/osrelease").unwrap_or_else(|| "unknown".to_owned());
    match version() {
        Some(v) if v >= (6, 10) => Check::new("kernel", State::Works, release),
        Some(v) if v >= (5, 10) => Check::new(
            "kernel",
            State::Partly,
            format!("{release}: raw arguments of successful execs are not known below 6.10"),
        ),
        Some(_) => Check::new(
            "kernel",
            State::No,
            format!("{release}: eBPF tracing needs 5.10"),
        )
        .fix("use a newer kernel; watch works through fanotify or inotify"),
        None => Check::new(
            "kernel",
            State::Partly,
            format!("{release}: version not understood"),
        ),
    }
}

fn capabilities() -> Check {
    if let Err(error) = may_use_bpf() {
        return Check::new("capabilities", State::No, error.to_string())
            .fix("without, only `watch --backend inotify` works");
    }
    if rustix::process::geteuid().is_root() {
        Check::new("capabilities", State::Works, "root, with what eBPF needs")
    } else {
        let why = "eBPF is allowed, but other users' files and processes are not looked up";
        Check::new("capabilities", State::Partly, why).fix("run as root or with sudo")
    }
}

/// What a run keeps, once everything is loaded and open.
fn privileges() -> Check {
    const KEPT: &str = "a run keeps few capabilities and no_new_privs";
    match refused_calls() {
        Some(calls) => Check::new(
            "privileges",
            State::Works,
            format!("{KEPT}, and refuses itself {calls} system calls (docs/security.md)"),
        ),
        None => Check::new(
            "privileges",
            State::Partly,
            format!(
                "{KEPT}; this kernel has no seccomp(2), by which it would refuse itself system calls"
            ),
        ),
    }
}

fn btf() -> Check {
    match KernelTypes::open().and_then(|types| types.offsets()) {
        Ok((_, absent)) if absent.is_empty() => Check::new(
            "BTF",
            State::Works,
            "every kernel structure member is known",
        ),
        Ok((_, absent)) => {
            let names: Vec<_> = absent.into_iter().collect();
            Check::new(
                "BTF",
                State::Partly,
                format!("this kernel lacks: {}", names.join(", ")),
            )
        }
        Err(error) => Check::new("BTF", State::No, error.to_string())
            .fix("use a kernel with CONFIG_DEBUG_INFO_BTF=y (every current distribution kernel)"),
    }
}

fn tracepoints() -> Check {
    const NEEDED: [&str; 5] = [
        "sys_exit",
        "sched_process_fork",
        "sched_process_exec",
        "sched_process_exit",
        "sched_process_free",
    ];
    let Ok(types) = KernelTypes::open() else {
        return Check::new("tracepoints", State::Unknown, "without BTF");
    };
    let missing: Vec<_> = NEEDED
        .iter()
        .filter(|t| !types.has_tracepoint(t))
        .copied()
        .collect();
    if !missing.is_empty() {
        return Check::new(
            "tracepoints",
            State::No,
            format!("missing: {}", missing.join(", ")),
        )
        .fix("use a kernel with CONFIG_FTRACE_SYSCALLS=y and CONFIG_BPF_EVENTS=y");
    }
    match is_program_supported(ProgramType::RawTracePoint) {
        Ok(true) => Check::new(
            "tracepoints",
            State::Works,
            format!("raw: {}", NEEDED.join(", ")),
        ),
        Ok(false) => Check::new(
            "tracepoints",
            State::No,
            "raw tracepoint programs are refused",
        ),
        Err(error) => Check::new(
            "tracepoints",
            State::Unknown,
            format!("cannot be tried: {error}"),
        ),
    }
}

fn ring_buffer() -> Check {
    match is_map_supported(MapType::RingBuf) {
        Ok(true) => Check::new("ring buffer", State::Works, "BPF_MAP_TYPE_RINGBUF"),
        Ok(false) => Check::new("ring buffer", State::No, "this kernel has none (needs 5.8)")
            .fix("use a newer kernel; watch works through fanotify or inotify"),
        Err(error) => Check::new(
            "ring buffer",
            State::Unknown,
            format!("cannot be tried: {error}"),
        ),
    }
}

fn lockdown_mode() -> Check {
    match lockdown().as_deref() {
        Some("confidentiality") => Check::new(
            "lockdown",
            State::No,
            "confidentiality: eBPF may not read kernel memory",
        )
        .fix("boot with lockdown=integrity or lockdown=none"),
        Some("none") => Check::new("lockdown", State::Unused, "none: eBPF is allowed"),
        Some(mode) => Check::new("lockdown", State::Works, format!("{mode}: eBPF is allowed")),
        None => Check::new(
            "lockdown",
            State::Unknown,
            "securityfs is not mounted or has none; eBPF itself tells below",
        ),
    }
}

fn memlock() -> Check {
    use rustix::process::{Resource, getrlimit};
    let limit = getrlimit(Resource::Memlock)
        .current
        .map_or_else(|| "unlimited".to_owned(), |n| format!("{n} bytes"));
    if version().is_some_and(|v| v >= (5, 11)) {
        Check::new(
            "memory lock",
            State::Unused,
            format!("{limit}; does not count for eBPF since 5.11"),
        )
    } else {
        Check::new(
            "memory lock",
            State::Partly,
            format!("{limit}; counts for eBPF before 5.11"),
        )
        .fix("ulimit -l unlimited (tracer raises it by itself where it may)")
    }
}

fn pid_namespace() -> Check {
    const NAME: &str = "pid namespace";
    let procfs = Procfs::here();
    let own = pids::namespace();
    let state = match own {
        Some(own) if !pids::is_initial(own) => State::Works,
        Some(_) => State::Unused,
        None => State::Unknown,
    };
    let why = match own {
        Some(own) if pids::is_initial(own) => {
            "the initial one: ids are those of the host".to_owned()
        }
        Some(own) => format!(
            "pid:[{own}], not the initial one: ids are taken and shown as in it, beside them the \
             host's; what is outside has the host's only"
        ),
        None => "/proc does not show tracer itself".to_owned(),
    };
    let mount = "mount -t proc proc /proc";
    match procfs {
        Procfs::Own => Check::new(NAME, state, why),
        Procfs::Above(_) => Check::new(
            NAME,
            state,
            format!("{why}; /proc is that of a namespace above"),
        )
        .fix(format!("{mount}, if /proc is to show the same ids")),
        Procfs::Hidden => Check::new(
            NAME,
            State::Partly,
            format!("{why}; nothing can be looked up by the id of a process"),
        )
        .fix(mount),
    }
}

fn ebpf() -> Check {
    let rule = Rule {
        calls: CallSet::of_note(),
        exits: true,
        signals: SignalSet::ALL,
        conditions: Vec::new(),
    };
    match Ebpf::open(&EbpfPlan::new(&rule, Some(1 << 16))) {
        Ok(source) if source.lacks().is_empty() => Check::new(
            "eBPF",
            State::Works,
            "programs load and attach; nothing is missing",
        ),
        Ok(source) => Check::new(
            "eBPF",
            State::Partly,
            format!(
                "programs load and attach; not known: {}",
                source.lacks().join(", ")
            ),
        ),
        Err(error) => Check::new("eBPF", State::No, error.to_string())
            .fix("watch works through fanotify (root) or inotify; trace needs eBPF"),
    }
}

fn fentry_and_lsm() -> Check {
    let tracing = is_program_supported(ProgramType::Tracing);
    let lsm = is_program_supported(ProgramType::Lsm(LsmAttachType::Mac));
    let active = line("/sys/kernel/security/lsm");
    let runs = active
        .as_deref()
        .map(|list| list.split(',').any(|name| name == "bpf"));
    let why = match (&tracing, &lsm, runs) {
        (Ok(true), Ok(true), Some(true)) => "fentry and BPF LSM are allowed",
        (Ok(true), Ok(true), Some(false)) => "fentry is allowed, but `bpf` is not on the LSM list",
        (Ok(true), Ok(true), None) => "fentry is allowed; the LSM list is not shown (securityfs)",
        (Ok(true), _, _) => "fentry is allowed, BPF LSM is refused",
        _ => "BTF programs (fentry, LSM) are refused",
    };
    let why = format!("{why}; nothing is needed: tracer does not use them");
    Check::new("fentry, LSM", State::Unused, why)
}

fn tracefs() -> Check {
    let mounted = [
        "/sys/kernel/tracing/events",
        "/sys/kernel/debug/tracing/events",
    ]
    .iter()
    .any(|path| fs::exists(path).unwrap_or(false));
    if mounted {
        Check::new("tracefs", State::Unused, "mounted; not needed")
    } else {
        let why = "not mounted or not readable; not needed";
        Check::new("tracefs", State::Absent, why)
    }
}

fn io_uring() -> Check {
    match line("/proc/sys/kernel/io_uring_disabled").as_deref() {
        Some("2") => Check::new(
            "io_uring",
            State::Absent,
            "switched off: nothing can pass below the calls",
        ),
        _ => match KernelTypes::open() {
            Ok(types) if types.tells_io_uring() => Check::new(
                "io_uring",
                State::Works,
                "its operations are seen like the calls of the same name",
            ),
            Ok(_) => Check::new(
                "io_uring",
                State::No,
                "this kernel does not tell of its operations (needs 5.13)",
            )
            .fix("use a newer kernel; below it, what goes through io_uring is not seen"),
            Err(_) => Check::new("io_uring", State::Unknown, "without BTF"),
        },
    }
}

fn fanotify() -> Check {
    if !rustix::process::geteuid().is_root() {
        return Check::new(
            "fanotify",
            State::No,
            "whole file systems need CAP_SYS_ADMIN",
        )
        .fix("run as root; else inotify is used");
    }
    // Directory and name are what a watch needs; nix has no name for the flag.
    let flags = InitFlags::FAN_CLASS_NOTIF
        | InitFlags::FAN_CLOEXEC
        | InitFlags::from_bits_retain(libc::FAN_REPORT_DFID_NAME);
    match Fanotify::init(flags, EventFFlags::O_RDONLY) {
        Ok(_) => Check::new(
            "fanotify",
            State::Works,
            "with directory and name of each event",
        ),
        Err(nix::Error::EPERM) => Check::new("fanotify", State::No, "needs CAP_SYS_ADMIN")
            .fix("run as root; else inotify is used"),
        Err(nix::Error::ENOSYS) => Check::new("fanotify", State::No, "this kernel has none")
            .fix("use a kernel with CONFIG_FANOTIFY=y; else inotify is used"),
        Err(error) => Check::new("fanotify", State::No, format!("fanotify_init: {error}"))
            .fix("directory and name of an event need Linux 5.9; else inotify is used"),
    }
}

fn inotify() -> Check {
    let limit = |name: &str| {
        line(&format!("/proc/sys/fs/inotify/{name}")).unwrap_or_else(|| "unknown".to_owned())
    };
    let why = format!(
        "max_user_watches {}, max_user_instances {}, max_queued_events {}",
        limit("max_user_watches"),
        limit("max_user_instances"),
        limit("max_queued_events")
    );
    match nix::sys::inotify::Inotify::init(nix::sys::inotify::InitFlags::IN_CLOEXEC) {
        Ok(_) => Check::new("inotify", State::Works, why),
        Err(error) => Check::new(
            "inotify",
            State::No,
            format!("inotify_init: {error}; {why}"),
        )
        .fix("sysctl fs.inotify.max_user_instances=1024"),
    }
}
