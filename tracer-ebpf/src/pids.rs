//! Numbers of tasks in pid namespaces: the helpers tell those of the initial one, and the tracer's
//! own may be another (`pid_namespaces(7)`). Nothing of this is asked where it is not.

use tracer_ebpf::abi::{
    offsets::ABSENT,
    wire::{OF_PIDS, OK},
};

use crate::{
    capture::put_count,
    gate,
    kernel::{config, current, half, offset, word},
};

/// `struct pid *` of a task.
#[inline(always)]
fn pid_of(task: u64) -> u64 {
    word(task, offset!(task_thread_pid))
}

/// The first thread of a task's process.
#[inline(always)]
pub(crate) fn leader(task: u64) -> u64 {
    word(task, offset!(task_group_leader))
}

/// Where the number of a `struct pid` at a level is.
#[inline(always)]
fn number_at(pid: u64, level: u32) -> u64 {
    pid + u64::from(offset!(pid_numbers)) + u64::from(level) * u64::from(config!(upid_size))
}

/// The namespace that a task is in, which is the deepest that it has a number in, and its level.
#[inline(always)]
pub(crate) fn namespace(task: u64) -> (u64, u32) {
    if offset!(task_thread_pid) == ABSENT {
        return (0, 0);
    }
    let pid = pid_of(task);
    let level = half(pid, offset!(pid_level));
    (word(number_at(pid, level), offset!(upid_ns)), level)
}

/// The number of a task in a namespace; 0 where it has none.
#[inline(always)]
fn number_in(task: u64, namespace: u64, level: u32) -> u32 {
    let pid = pid_of(task);
    if half(pid, offset!(pid_level)) < level {
        return 0;
    }
    let at = number_at(pid, level);
    if word(at, offset!(upid_ns)) == namespace {
        half(at, offset!(upid_nr))
    } else {
        0
    }
}

/// The number of a task in the tracer's namespace. A global function: see [`crate::capture`].
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn number_here(task: u64) -> u64 {
    u64::from(number_in(task, config!(pid_ns), config!(pid_level)))
}

/// Tells the ids of the task that is not in the tracer's namespace: thread, process, process group
/// and session, each as it is there and here.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn translations(slot: u64) -> u64 {
    let task = current();
    let (_, level) = namespace(task);
    if level <= config!(pid_level) || offset!(signal_pids) == ABSENT {
        return 0;
    }
    // As deep, but not below.
    if is_elsewhere() && number_here(task) == 0 {
        return 0;
    }
    translation(slot, pid_of(task), level);
    let ids = word(task, offset!(task_signal)) + u64::from(offset!(signal_pids));
    for kind in 1..4 {
        translation(slot, word(ids, kind * 8), level);
    }
    0
}

/// The number of a `struct pid` at a level, and in the tracer's namespace.
#[inline(always)]
fn translation(slot: u64, pid: u64, level: u32) {
    // The leader of a group or session may be above: it has no number there.
    if pid == 0 || half(pid, offset!(pid_level)) < level {
        return;
    }
    let there = half(number_at(pid, level), offset!(upid_nr));
    let here = half(number_at(pid, config!(pid_level)), offset!(upid_nr));
    let both = u64::from(here) << 32 | u64::from(there);
    put_count(slot, u64::from(OF_PIDS), OK, both);
}

/// Is the tracer in another pid namespace than the initial one?
#[inline(always)]
pub(crate) fn is_elsewhere() -> bool {
    config!(pid_ns) != 0
}

/// The caller's process as a task in the namespace of `receiver` sees it, as in a signal.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn sender_for(receiver: u64) -> u64 {
    if offset!(task_thread_pid) == ABSENT {
        return u64::from(gate::ids().0);
    }
    let (namespace, level) = namespace(receiver);
    u64::from(number_in(leader(current()), namespace, level))
}

/// The number in the initial namespace of the task that an inode of procfs is about.
#[inline(always)]
pub(crate) fn of_proc_inode(inode: u64) -> u32 {
    if offset!(proc_pid) == ABSENT || offset!(proc_inode) == ABSENT {
        return 0;
    }
    let held = inode - u64::from(offset!(proc_inode));
    let pid = word(held, offset!(proc_pid));
    half(number_at(pid, 0), offset!(upid_nr))
}
