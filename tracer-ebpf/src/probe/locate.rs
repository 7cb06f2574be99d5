//! Not attached to anything: user space runs it by `BPF_PROG_TEST_RUN` to learn which kernel
//! inode stands behind one of its own descriptors.

use aya_ebpf::{
    macros::{map, raw_tracepoint},
    maps::Array,
    programs::RawTracePointContext,
};
use tracer_ebpf::abi::{
    offsets::ABSENT,
    rules::MET_MAX,
    wire::{Located, UNENDED},
};

use crate::{
    capture::{Use, file, path::MET_ROOT, scratch, slot},
    gate,
    kernel::{current, offset, word},
    pids,
};

/// The answer to the last question.
#[map]
static LOCATED: Array<Located> = Array::with_max_entries(1, 0);

#[raw_tracepoint]
pub(crate) fn locate(ctx: RawTracePointContext) -> i32 {
    let fd: u64 = ctx.arg(0);
    let file = file::lookup(fd);
    let mnt_ns = if offset!(task_nsproxy) == ABSENT {
        0
    } else {
        word(
            word(current(), offset!(task_nsproxy)),
            offset!(nsproxy_mnt_ns),
        )
    };
    let inode = if file == 0 {
        0
    } else {
        word(file, offset!(file_inode))
    };
    let root = word(current(), offset!(task_fs)) + u64::from(offset!(fs_root));
    let slot = slot(Use::Question);
    if let Some(s) = scratch(slot) {
        s.begin();
    }
    let met = if file == 0 {
        0
    } else {
        file::file(slot, 0, file)
    };
    let (pid_ns, pid_level) = pids::namespace(current());
    let located = Located {
        inode,
        pid: u64::from(gate::ids().0),
        pid_ns,
        pid_level: u64::from(pid_level),
        process: u64::from(pids::of_proc_inode(inode)),
        mnt_ns,
        root_mnt: word(root, offset!(path_mnt)),
        root_dentry: word(root, offset!(path_dentry)),
        below: met & MET_ROOT,
        walk: scratch(slot).map_or(u64::from(UNENDED), |s| {
            if file == 0 {
                u64::from(UNENDED)
            } else {
                s.walk.outcome()
            }
        }),
        met: scratch(slot).map_or([0; MET_MAX], |s| {
            if file == 0 { [0; MET_MAX] } else { s.walk.met }
        }),
    };
    let _ = LOCATED.set(0, located, 0);
    0
}
