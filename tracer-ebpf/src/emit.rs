//! The only door to the ring buffer: numbers each record, counts every drop, and wakes the
//! reader when the ring fills.

use aya_ebpf::{
    bindings::{BPF_RB_AVAIL_DATA, BPF_RB_FORCE_WAKEUP, BPF_RB_NO_WAKEUP},
    helpers::generated as helpers,
    macros::map,
    maps::{Array, RingBuf},
};
use tracer_ebpf::abi::{
    limits::RING_DEFAULT,
    stats::{CpuStats, Filtered},
};

use aya_log_ebpf::macro_support::AYA_LOG_LEVEL;

use crate::{capture::Scratch, kernel::config, log::log_send, share};

/// Records on their way to user space.
#[map]
pub(crate) static EVENTS: RingBuf = RingBuf::with_byte_size(RING_DEFAULT, 0);

/// One entry per possible CPU; user space sets the size at load time.
#[map]
pub(crate) static STATS: Array<CpuStats> = Array::with_max_entries(1, 0);

/// Number of the CPU that runs this program.
#[inline(always)]
pub(crate) fn cpu() -> u32 {
    // SAFETY: the helper takes no arguments and cannot fail.
    unsafe { helpers::bpf_get_smp_processor_id() }
}

/// This CPU's counters.
#[inline(always)]
pub(crate) fn stats() -> Option<&'static mut CpuStats> {
    // SAFETY: preemption is off in a tracepoint, so no other program writes this CPU's entry.
    STATS.get_ptr_mut(cpu()).map(|p| unsafe { &mut *p })
}

/// Counts an event that the filter rejects.
#[inline(always)]
pub(crate) fn filtered(stats: &mut CpuStats, why: Filtered) {
    // Not indexed: the compiler would keep a bounds check whose panic the verifier refuses.
    if let Some(count) = stats.filtered.get_mut(why as usize) {
        *count += 1;
    }
}

/// Counts a call that is in the sums and is not reported.
#[inline(always)]
pub(crate) fn counted(stats: &mut CpuStats) {
    stats.counted += 1;
}

/// Counts a child that cannot be traced.
#[inline(always)]
pub(crate) fn unfollowed() {
    if let Some(stats) = stats() {
        stats.seen += 1;
        stats.unfollowed += 1;
    }
}

/// The number that the next record of this CPU has.
#[inline(always)]
pub(crate) fn next_seq(stats: &CpuStats) -> u64 {
    stats.emitted + stats.lost + stats.held
}

/// Sends an event: counts it, and says whether it is on its way.
#[inline(always)]
pub(crate) fn send(scratch: &mut Scratch, stats: &mut CpuStats) -> bool {
    let size = scratch.position();
    scratch.head().held = stats.held;
    let waiting = waiting();
    let pid = u64::from(scratch.head().pid);
    let has_its_share =
        share::is_counted(waiting) && share::is_taken(pid, size as u64, waiting) != 0;
    let sent = !has_its_share && put(scratch.record(), waiting);
    if sent {
        stats.emitted += 1;
    } else if has_its_share {
        stats.held += 1;
    } else {
        stats.lost += 1;
    }
    if AYA_LOG_LEVEL.load() != 0 {
        let (pid, nr) = (scratch.head().pid, scratch.head().nr);
        log_send(u64::from(pid), u64::from(nr), size as u64, u64::from(!sent));
    }
    sent
}

/// Sends what belongs to an event and is none.
#[inline(always)]
pub(crate) fn output(record: &[u8]) {
    put(record, waiting());
}

/// Bytes in the ring.
#[inline(always)]
fn waiting() -> u64 {
    EVENTS.query(u64::from(BPF_RB_AVAIL_DATA))
}

/// Puts a record into the ring, in which so many bytes wait; false when it is full.
#[inline(always)]
fn put(record: &[u8], waiting: u64) -> bool {
    let size = record.len();
    let mark = config!(wake_mark);
    let crosses = waiting < mark && waiting + size as u64 >= mark;
    let flags = if crosses {
        BPF_RB_FORCE_WAKEUP
    } else {
        BPF_RB_NO_WAKEUP
    };
    EVENTS.output::<[u8]>(record, u64::from(flags)).is_ok()
}
