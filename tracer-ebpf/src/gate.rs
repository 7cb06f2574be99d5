//! Asks the compiled filter whether a call matters; the cheapest test comes first.

use aya_ebpf::{
    helpers::{bpf_get_current_comm, bpf_get_current_pid_tgid, bpf_get_current_uid_gid},
    macros::map,
    maps::HashMap,
};
use tracer_ebpf::abi::{
    filter::{
        BY_COMM, BY_GID, BY_TARGET, BY_THREAD, BY_UID, FAILED, SUCCEEDED, TARGET_ADOPTS,
        TARGET_WAITS_FOR_EXEC,
    },
    stats::{CpuStats, Filtered},
};

use crate::{
    emit,
    kernel::{asked, config},
};

/// Traced processes by thread group id (or thread id, with `BY_THREAD`); the value holds
/// `TARGET_...` flags.
#[map]
pub(crate) static TARGETS: HashMap<u32, u32> = HashMap::with_max_entries(65_536, 0);

/// Real user ids to report.
#[map]
static UIDS: HashMap<u32, u32> = HashMap::with_max_entries(256, 0);

/// Real group ids to report.
#[map]
static GIDS: HashMap<u32, u32> = HashMap::with_max_entries(256, 0);

/// Command names to report, NUL-padded.
#[map]
static COMMS: HashMap<[u8; 16], u32> = HashMap::with_max_entries(256, 0);

/// Thread group id and thread id of the caller.
#[inline(always)]
pub(crate) fn ids() -> (u32, u32) {
    let both = bpf_get_current_pid_tgid();
    ((both >> 32) as u32, both as u32)
}

/// Is this the tracer itself? Its own calls are not even counted.
#[inline(always)]
pub(crate) fn is_self(pid: u32) -> bool {
    pid == config!(self_pid)
}

/// The `TARGET_...` flags of a traced process, or `None`.
#[inline(always)]
pub(crate) fn target(pid: u32, tid: u32) -> Option<u32> {
    // SAFETY: the map's values are only ever replaced whole.
    let mut found = unsafe { TARGETS.get(pid) };
    if found.is_none() && asked(BY_THREAD) {
        // SAFETY: as above.
        found = unsafe { TARGETS.get(tid) };
    }
    found.copied()
}

/// Is this a command that has executed nothing yet?
#[inline(always)]
pub(crate) fn waits(pid: u32, tid: u32) -> bool {
    asked(BY_TARGET) && target(pid, tid).is_some_and(|flags| flags & TARGET_WAITS_FOR_EXEC != 0)
}

/// Does the filter reject what this task does? `always`: it is told also of a command that has not
/// begun, because it is its beginning or its end.
#[inline(always)]
pub(crate) fn rejects_task(pid: u32, tid: u32, always: bool) -> Option<Filtered> {
    let why = task_filter(u64::from(pid), u64::from(tid), u64::from(always));
    [Filtered::Target, Filtered::User, Filtered::Comm]
        .into_iter()
        .find(|reason| why == 1 + *reason as u64)
}

/// Counts something that the caller does; its counters, where the filter lets it pass.
#[inline(always)]
pub(crate) fn admitted(pid: u32, tid: u32, always: bool) -> Option<&'static mut CpuStats> {
    let stats = emit::stats()?;
    stats.seen += 1;
    if let Some(why) = rejects_task(pid, tid, always) {
        emit::filtered(stats, why);
        return None;
    }
    Some(stats)
}

/// [`rejects_task`], with 0 for no and one more than the reason for yes: a global function, so that
/// its stack is not below that of the captures.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn task_filter(pid: u64, tid: u64, always: u64) -> u64 {
    let because = |reason: Filtered| 1 + reason as u64;
    let (pid, tid) = (pid as u32, tid as u32);
    if asked(BY_TARGET) {
        match target(pid, tid) {
            None => return because(Filtered::Target),
            Some(flags) if flags & TARGET_ADOPTS != 0 => return because(Filtered::Target),
            Some(flags) if flags & TARGET_WAITS_FOR_EXEC != 0 && always == 0 => {
                return because(Filtered::Target);
            }
            Some(_) => {}
        }
    }
    if asked(BY_UID | BY_GID) {
        let both = bpf_get_current_uid_gid();
        let (gid, uid) = ((both >> 32) as u32, both as u32);
        // SAFETY: the map's values are only ever replaced whole.
        if asked(BY_UID) && unsafe { UIDS.get(uid) }.is_none() {
            return because(Filtered::User);
        }
        // SAFETY: as above.
        if asked(BY_GID) && unsafe { GIDS.get(gid) }.is_none() {
            return because(Filtered::User);
        }
    }
    if asked(BY_COMM) {
        let comm = bpf_get_current_comm().unwrap_or([0; 16]);
        // SAFETY: as above.
        if unsafe { COMMS.get(comm) }.is_none() {
            return because(Filtered::Comm);
        }
    }
    0
}

/// Does the filter reject this result?
#[inline(always)]
pub(crate) fn rejects_result(ret: i64) -> bool {
    let failed = (-4095..0).contains(&ret);
    (failed && asked(SUCCEEDED)) || (!failed && asked(FAILED))
}
