//! `raw_tracepoint/sched_prepare_exec` (6.10 and later): the image is about to be replaced and
//! the caller's registers with it, so keep the arguments for the call's exit.
//! `raw_tracepoint/sched_process_exec`: a child that waited for its exec becomes a target.

use aya_ebpf::{
    helpers::generated as helpers,
    macros::{map, raw_tracepoint},
    maps::{HashMap, LruHashMap},
    programs::RawTracePointContext,
};
use tracer_ebpf::abi::filter::{EXEC_ARGS, TARGET_WAITS_FOR_EXEC};

use crate::{
    gate::{TARGETS, ids},
    kernel::{asked, offset, word},
};

/// Arguments of execs under way, by thread group id: only one thread of a process can be here
/// (`cred_guard_mutex`), and its thread id changes on the way.
#[map]
static EXECS: LruHashMap<u32, [u64; 6]> = LruHashMap::with_max_entries(1024, 0);

#[raw_tracepoint]
pub(crate) fn sched_prepare_exec(_ctx: RawTracePointContext) -> i32 {
    // SAFETY: both helpers work on the current task, which cannot go away.
    let regs = unsafe { helpers::bpf_task_pt_regs(helpers::bpf_get_current_task_btf()) } as u64;
    let args = [
        word(regs, offset!(regs_a0)),
        word(regs, offset!(regs_a1)),
        word(regs, offset!(regs_a2)),
        word(regs, offset!(regs_a3)),
        word(regs, offset!(regs_a4)),
        word(regs, offset!(regs_a5)),
    ];
    let (pid, _) = ids();
    let _ = EXECS.insert(&pid, &args, 0);
    0
}

/// The arguments of the exec that has just succeeded in this process.
#[inline(always)]
pub(crate) fn arguments(pid: u32) -> Option<[u64; 6]> {
    if !asked(EXEC_ARGS) {
        return None;
    }
    // SAFETY: this process is in its exec: nobody else writes its entry.
    let args = unsafe { EXECS.get(&pid) }.copied();
    let _ = EXECS.remove(&pid);
    args
}

#[raw_tracepoint]
pub(crate) fn sched_process_exec(_ctx: RawTracePointContext) -> i32 {
    let (pid, _) = ids();
    started(&TARGETS, pid);
    0
}

/// A target that waited for its exec waits no more.
#[inline(always)]
fn started(targets: &HashMap<u32, u32>, pid: u32) {
    if let Some(flags) = targets.get_ptr_mut(&pid) {
        // SAFETY: a u32 in a live map value.
        unsafe { *flags &= !TARGET_WAITS_FOR_EXEC };
    }
}
