//! `raw_tracepoint/sched_switch`: time that a call spends without a CPU. Attached only for a
//! summary of CPU times.

use aya_ebpf::{macros::raw_tracepoint, programs::RawTracePointContext};

use super::sys_enter::{ENTERED, now};
use crate::{
    gate,
    kernel::{half, offset},
};

#[raw_tracepoint]
pub(crate) fn sched_switch(ctx: RawTracePointContext) -> i32 {
    let (_, leaving) = gate::ids();
    let next: u64 = ctx.arg(2);
    let coming = half(next, offset!(task_pid));
    if let Some(entered) = ENTERED.get_ptr_mut(leaving) {
        // SAFETY: the thread is in the scheduler on this CPU: nobody else writes its entry.
        let entered = unsafe { &mut *entered };
        if entered.since_ns != 0 {
            entered.off_since_ns = now();
        }
    }
    if let Some(entered) = ENTERED.get_ptr_mut(coming) {
        // SAFETY: as above.
        let entered = unsafe { &mut *entered };
        if entered.off_since_ns != 0 {
            entered.off_ns += now().saturating_sub(entered.off_since_ns);
            entered.off_since_ns = 0;
        }
    }
    0
}
