//! Sums per system call, for a summary: nothing goes through the ring.

use aya_ebpf::{macros::map, maps::Array};
use tracer_ebpf::abi::{
    count::{Entered, Histogram, SHARDS, Total, bucket},
    limits::CALLS_PER_ARCH,
};

use crate::{emit, probe::spent};

/// Sums by CPU and call; user space sets the size.
#[map]
static TOTALS: Array<Total> = Array::with_max_entries(1, 0);

/// Histograms by shard of CPUs and call; user space sets the size.
#[map]
static HISTOGRAMS: Array<Histogram> = Array::with_max_entries(1, 0);

/// Adds one call. `at` is its place in the table of calls.
#[inline(always)]
pub(crate) fn add(at: usize, failed: bool, entered: &Entered) -> Option<()> {
    let at = (at & (2 * CALLS_PER_ARCH - 1)) as u32;
    let total = TOTALS.get_ptr_mut(emit::cpu() * 2 * CALLS_PER_ARCH as u32 + at)?;
    // SAFETY: preemption is off in a tracepoint: no other program writes this CPU's entries.
    let total = unsafe { &mut *total };
    total.calls += 1;
    total.errors += u64::from(failed);
    if entered.since_ns == 0 {
        return Some(());
    }
    let ns = spent(entered);
    total.ns += ns;
    if ns > total.max_ns {
        total.max_ns = ns;
    }
    if total.min_ns == 0 || ns < total.min_ns {
        total.min_ns = ns;
    }
    let shard = emit::cpu() & (SHARDS - 1);
    let histogram = HISTOGRAMS.get_ptr_mut(shard * 2 * CALLS_PER_ARCH as u32 + at)?;
    let bucket = bucket(ns);
    // The compiler knows that it is below `BUCKETS` and would leave the check out that tells the
    // verifier.
    // SAFETY: a reference is valid for a volatile read.
    let bucket = unsafe { core::ptr::read_volatile(&raw const bucket) };
    // SAFETY: integers in a live map value. Two CPUs of one shard may both write the same count,
    // and one of the two calls is missing from the percentiles then.
    if let Some(count) = unsafe { (*histogram).calls.get_mut(bucket) } {
        *count += 1;
    }
    Some(())
}
