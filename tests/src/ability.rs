//! What this machine and this user can do, asked of the kernel and not of `tracer`: a broken
//! `tracer` must fail the tests, not skip them.

use std::{io, sync::OnceLock};

/// User id of root.
pub const EUID_ROOT: u32 = 0;

/// True when eBPF tracing can work here. Where it cannot, says so and returns false; with
/// `CI=true` in the environment that is a failure instead.
///
/// # Panics
/// With `CI=true`, when eBPF does not work.
pub fn require_ebpf() -> bool {
    static ANSWER: OnceLock<Result<(), String>> = OnceLock::new();
    required("eBPF", ANSWER.get_or_init(probe_ebpf))
}

/// True when the tests run as root; else as [`require_ebpf`].
///
/// # Panics
/// With `CI=true`, when they do not.
pub fn require_root() -> bool {
    required("root", &is_root())
}

fn required(what: &str, answer: &Result<(), String>) -> bool {
    let Err(why) = answer else { return true };
    let ci = std::env::var("CI").is_ok_and(|v| v == "true" || v == "1");
    assert!(
        !ci,
        "this machine cannot run the tests that need {what}: {why}"
    );
    eprintln!("skipped: needs {what}: {why}");
    false
}

fn is_root() -> Result<(), String> {
    if nix::unistd::geteuid().as_raw() == EUID_ROOT {
        Ok(())
    } else {
        Err("not root".into())
    }
}

/// Does this kernel have a hook before an exec replaces the caller's registers (6.10 and later)?
/// Without it nobody can know them, nor that it was an execveat(2).
pub(crate) fn keeps_exec_registers() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let types = std::fs::read("/sys/kernel/btf/vmlinux").unwrap_or_default();
        let name = b"btf_trace_sched_prepare_exec\0";
        types.windows(name.len()).any(|found| found == name)
    })
}

/// Loads the smallest raw tracepoint program, attaches it, and makes a ring buffer.
fn probe_ebpf() -> Result<(), String> {
    const PROG_LOAD: i64 = 5;
    const RAW_TRACEPOINT_OPEN: i64 = 17;
    const MAP_CREATE: i64 = 0;
    const RAW_TRACEPOINT: u64 = 17;
    const RINGBUF: u64 = 27;
    is_root()?;
    std::fs::metadata("/sys/kernel/btf/vmlinux").map_err(|e| format!("no BTF: {e}"))?;
    // r0 = 0; exit
    let program: [u64; 2] = [0xb7, 0x95];
    let licence = c"GPL";
    let two = (2 << 32) | RAW_TRACEPOINT;
    let load = [
        two,
        program.as_ptr() as u64,
        licence.as_ptr() as u64,
        0,
        0,
        0,
    ];
    let program = bpf(PROG_LOAD, &load).map_err(|e| format!("BPF_PROG_LOAD: {e}"))?;
    let attach = [c"sys_exit".as_ptr() as u64, program as u64];
    bpf(RAW_TRACEPOINT_OPEN, &attach).map_err(|e| format!("raw tracepoint sys_exit: {e}"))?;
    // map_type, key_size = 0; value_size = 0, max_entries
    let ring = [RINGBUF, 4096 << 32];
    bpf(MAP_CREATE, &ring).map_err(|e| format!("ring buffer: {e}"))?;
    Ok(())
}

/// bpf(2). The descriptor stays open: once per test program.
fn bpf(command: i64, attributes: &[u64]) -> io::Result<i64> {
    let size = size_of_val(attributes);
    // SAFETY: the attributes and what they point to are live during the call.
    let fd = unsafe { libc::syscall(libc::SYS_bpf, command, attributes.as_ptr(), size) };
    if fd < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(fd)
    }
}
