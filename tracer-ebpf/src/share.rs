//! Shares of the ring. Once more than seven eighths of it wait to be read, a process that has sent more than
//! its share is held back until the reader has gone on by half a ring: the rest is room for what others do.

use aya_ebpf::{
    bindings::BPF_RB_CONS_POS, helpers::bpf_get_current_comm, macros::map, maps::LruHashMap,
};
use tracer_ebpf::abi::{limits::SHARES_MAX, stats::Share};

use crate::{
    emit::{EVENTS, cpu},
    kernel::{config, current},
    pids,
};

/// By thread group id (high half) and CPU.
#[map]
static SHARES: LruHashMap<u64, Share> = LruHashMap::with_max_entries(SHARES_MAX, 0);

/// Is counted who sends what, when so many bytes wait? Not while the reader keeps up.
#[inline(always)]
pub(crate) fn is_counted(waiting: u64) -> bool {
    config!(share) != 0 && waiting > config!(half) / 4
}

/// Counts a record of a process; 1 when the ring is nearly full and the process has had its share. A global
/// function for its stack.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn is_taken(pid: u64, size: u64, waiting: u64) -> u64 {
    let half = config!(half);
    let is_nearly_full = waiting > half / 4 * 7;
    let read = EVENTS.query(u64::from(BPF_RB_CONS_POS));
    // A plain division has a panic, which the verifier refuses.
    let turn = read.checked_div(half).unwrap_or(0);
    let key = pid << 32 | u64::from(cpu());
    let Some(share) = SHARES.get_ptr_mut(key) else {
        let share = Share {
            turn,
            bytes: size,
            held: 0,
            here: if pids::is_elsewhere() {
                pids::number_here(pids::leader(current()))
            } else {
                pid
            },
            comm: bpf_get_current_comm().unwrap_or([0; 16]),
        };
        // Where there is no room for it, it is not held back.
        let _ = SHARES.insert(key, share, 0);
        return 0;
    };
    // SAFETY: a value of this CPU, on which nothing else runs in a tracepoint.
    let share = unsafe { &mut *share };
    if share.turn != turn {
        (share.turn, share.bytes) = (turn, 0);
    }
    if is_nearly_full && share.bytes >= config!(share) {
        share.held += 1;
        return 1;
    }
    share.bytes += size;
    0
}
