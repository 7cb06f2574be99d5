//! `raw_tracepoint/sched_process_fork`: a child of a target becomes a target.

use aya_ebpf::{
    macros::{map, raw_tracepoint},
    maps::LruHashMap,
    programs::RawTracePointContext,
};
use tracer_ebpf::abi::{
    count::Birth,
    filter::{FOLLOW, NOTES_BIRTHS, TARGET_ADOPTS, TARGET_WAITS_FOR_EXEC},
};

use crate::{
    emit,
    gate::{TARGETS, ids, target},
    kernel::{asked, current, half, offset, word},
};

/// Forks of the whole machine by child, while user space looks for descendants.
#[map]
static BIRTHS: LruHashMap<u32, Birth> = LruHashMap::with_max_entries(1, 0);

#[raw_tracepoint]
pub(crate) fn sched_process_fork(ctx: RawTracePointContext) -> i32 {
    let (pid, tid) = ids();
    if asked(NOTES_BIRTHS) {
        note(pid, ctx.arg(1));
    }
    let child: u64 = ctx.arg(1);
    let child_pid = half(child, offset!(task_tgid));
    if child_pid == pid {
        return 0;
    }
    let Some(flags) = target(pid, tid) else {
        // A target that had this id has ended, though nobody may have been told yet that it is free.
        let _ = TARGETS.remove(child_pid);
        return 0;
    };
    let flags = if flags & TARGET_ADOPTS != 0 {
        TARGET_WAITS_FOR_EXEC
    } else if asked(FOLLOW) {
        flags
    } else {
        return 0;
    };
    if TARGETS.insert(child_pid, flags, 0).is_err() {
        emit::unfollowed();
    }
    0
}

/// Keeps a fork for user space.
#[inline(always)]
fn note(pid: u32, child: u64) {
    let child = half(child, offset!(task_tgid));
    if child != pid {
        let parent = word(current(), offset!(task_real_parent));
        let birth = Birth {
            parent: pid,
            grandparent: half(parent, offset!(task_tgid)),
        };
        let _ = BIRTHS.insert(child, birth, 0);
    }
}
