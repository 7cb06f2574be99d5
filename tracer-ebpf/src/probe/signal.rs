//! Signals (`include/trace/events/signal.h`). `raw_tracepoint/signal_deliver`: a task is about to act
//! on one; what a task ignores is never delivered. `raw_tracepoint/signal_generate`: one is sent. A
//! signal that ends a process without a handler or a core is not delivered: the kernel sends `SIGKILL`
//! to all threads instead (`complete_signal` of `kernel/signal.c`), so it is kept until one ends.

use aya_ebpf::{
    helpers::bpf_get_current_uid_gid, macros::map, macros::raw_tracepoint, maps::LruHashMap,
    programs::RawTracePointContext,
};
use tracer_ebpf::abi::{filter::BY_TARGET, wire::Kind};

use crate::{
    capture::{Use, scratch, slot, task},
    emit, gate,
    kernel::{asked, config, half, offset, read},
    pids,
};

/// The beginning of a `siginfo_t`: number and errno, code, then what the code says there is.
type Info = [u64; 6];

/// `SI_KERNEL` of `asm-generic/siginfo.h`.
const SI_KERNEL: u64 = 0x80;

/// The last signal that was sent to each process and has not been delivered.
#[map]
static SENT: LruHashMap<u32, Info> = LruHashMap::with_max_entries(4096, 0);

#[raw_tracepoint]
pub(crate) fn signal_deliver(ctx: RawTracePointContext) -> i32 {
    let signal: u64 = ctx.arg(0);
    let info: u64 = ctx.arg(1);
    let _ = delivered(signal as u32, info);
    0
}

#[inline(always)]
fn delivered(signal: u32, info: u64) -> Option<()> {
    let (pid, tid) = gate::ids();
    if !is_asked(signal) || gate::is_self(pid) {
        return None;
    }
    // `SEND_SIG_NOINFO` and `SEND_SIG_PRIV` are no addresses: the kill of a whole process, which
    // the end of the task tells.
    let info: Info = read(info)?;
    // SAFETY: the map's values are only ever replaced whole.
    if unsafe { SENT.get(pid) }.is_some_and(|sent| sent[0] as u32 == signal) {
        let _ = SENT.remove(pid);
    }
    report(pid, tid, &info)
}

#[raw_tracepoint]
pub(crate) fn signal_generate(ctx: RawTracePointContext) -> i32 {
    let signal: u64 = ctx.arg(0);
    let info: u64 = ctx.arg(1);
    let task: u64 = ctx.arg(2);
    // `TRACE_SIGNAL_DELIVERED`; everything else is dropped.
    let result: u64 = ctx.arg(4);
    if result as u32 == 0 && is_asked(signal as u32) {
        let _ = sent(signal, info, task);
    }
    0
}

#[inline(always)]
fn sent(signal: u64, info: u64, task: u64) -> Option<()> {
    let pid = half(task, offset!(task_tgid));
    if asked(BY_TARGET) {
        gate::target(pid, half(task, offset!(task_pid)))?;
    }
    let info = match info {
        // `SEND_SIG_NOINFO`: as if by kill(2), with the number that the receiver knows.
        0 => {
            let uid = bpf_get_current_uid_gid() << 32;
            [signal, 0, pids::sender_for(task) | uid, 0, 0, 0]
        }
        // `SEND_SIG_PRIV`
        1 => [signal, SI_KERNEL, 0, 0, 0, 0],
        address => read(address)?,
    };
    SENT.insert(pid, info, 0).ok()
}

/// Tells the signal that ends this process, if nothing has told it yet.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn killed(pid: u64, tid: u64, signal: u64) -> u64 {
    let (pid, tid) = (pid as u32, tid as u32);
    // SAFETY: the map's values are only ever replaced whole.
    let Some(info) = unsafe { SENT.get(pid) }.copied() else {
        return 0;
    };
    if info[0] as u32 == signal as u32 {
        let _ = SENT.remove(pid);
        let _ = report(pid, tid, &info);
    }
    0
}

/// Is this signal of interest?
#[inline(always)]
fn is_asked(signal: u32) -> bool {
    let bit = 1u64 << (signal.wrapping_sub(1) & 63);
    config!(signals) & bit != 0
}

#[inline(always)]
fn report(pid: u32, tid: u32, info: &Info) -> Option<()> {
    let stats = gate::admitted(pid, tid, false)?;
    let slot = slot(Use::Task);
    let s = scratch(slot)?;
    s.begin();
    let what = task::What {
        kind: Kind::Signal,
        door: 0,
        flags: 0,
        nr: info[0] as u32,
        ret: 0,
        seq: emit::next_seq(stats),
        pid,
        tid,
    };
    s.head().args = *info;
    let task = task::view(s);
    task::head(s, slot, &what);
    task::places(s, slot, task);
    task::seal(s);
    emit::send(s, stats);
    Some(())
}
