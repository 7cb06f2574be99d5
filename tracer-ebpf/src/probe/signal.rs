//! `raw_tracepoint/signal_deliver`: a task is about to act on a signal
//! (`include/trace/events/signal.h`). What a task ignores is never delivered.

use aya_ebpf::{macros::raw_tracepoint, programs::RawTracePointContext};
use tracer_ebpf::abi::wire::Kind;

use crate::{
    capture::{Use, scratch, slot, task},
    emit, gate,
    kernel::{config, read},
};

#[raw_tracepoint]
pub(crate) fn signal_deliver(ctx: RawTracePointContext) -> i32 {
    let signal: u64 = ctx.arg(0);
    let info: u64 = ctx.arg(1);
    let _ = report(signal as u32, info);
    0
}

#[inline(always)]
fn report(signal: u32, info: u64) -> Option<()> {
    let bit = 1u64 << (signal.wrapping_sub(1) & 63);
    let (pid, tid) = gate::ids();
    if config!(signals) & bit == 0 || gate::is_self(pid) {
        return None;
    }
    // `SEND_SIG_NOINFO` and `SEND_SIG_PRIV` are no addresses: the kill of a whole process, which
    // the end of the task tells.
    let info: [u64; 6] = read(info)?;
    let stats = gate::admitted(pid, tid)?;
    let slot = slot(Use::Task);
    let s = scratch(slot)?;
    s.begin();
    let what = task::What {
        kind: Kind::Signal,
        door: 0,
        flags: 0,
        nr: signal,
        ret: 0,
        seq: emit::next_seq(stats),
        pid,
        tid,
    };
    s.head().args = info;
    let task = task::view(s);
    task::head(s, slot, &what);
    task::places(s, slot, task);
    task::seal(s);
    emit::send(s, stats);
    Some(())
}
