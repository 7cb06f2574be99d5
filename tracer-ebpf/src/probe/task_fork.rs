//! `raw_tracepoint/sched_process_fork`: a child of a target becomes a target.

use aya_ebpf::{macros::raw_tracepoint, programs::RawTracePointContext};
use tracer_ebpf::abi::filter::{FOLLOW, TARGET_ADOPTS, TARGET_WAITS_FOR_EXEC};

use crate::{
    gate::{TARGETS, ids, target},
    kernel::{asked, half, offset},
};

#[raw_tracepoint]
pub(crate) fn sched_process_fork(ctx: RawTracePointContext) -> i32 {
    let (pid, tid) = ids();
    let Some(flags) = target(pid, tid) else {
        return 0;
    };
    let child: u64 = ctx.arg(1);
    let child_pid = half(child, offset!(task_tgid));
    if child_pid == pid {
        return 0;
    }
    if flags & TARGET_ADOPTS != 0 {
        let _ = TARGETS.insert(child_pid, TARGET_WAITS_FOR_EXEC, 0);
    } else if asked(FOLLOW) {
        let _ = TARGETS.insert(child_pid, flags, 0);
    }
    0
}
