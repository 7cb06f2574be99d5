//! Sums per system call, kept by the kernel side where only a summary is asked for, and the
//! buckets of its histogram, which user space fills the same way from events.

use super::Plain;

/// Buckets of each power of two: a bucket is at most an eighth wider than its lower end.
const PER_OCTAVE_BITS: u32 = 3;
/// Powers of two that are told apart: the last bucket takes everything from 2^41 ns (36 minutes).
const OCTAVES: usize = 41 - PER_OCTAVE_BITS as usize;

/// Buckets of a histogram: the numbers below 8 by themselves, then eight for each octave.
pub const BUCKETS: usize = (OCTAVES + 1) << PER_OCTAVE_BITS;

/// Sets of histograms: with more CPUs some share one, because a set needs 2.6 MB. BPF from rustc
/// has no atomic addition.
pub const SHARDS: u32 = 32;

/// The bucket of a time in nanoseconds.
#[inline]
pub const fn bucket(ns: u64) -> usize {
    if ns < 1 << PER_OCTAVE_BITS {
        return ns as usize;
    }
    let shift = ns.ilog2() - PER_OCTAVE_BITS;
    let within = (ns >> shift) as usize & ((1 << PER_OCTAVE_BITS) - 1);
    let at = ((shift as usize + 1) << PER_OCTAVE_BITS) + within;
    if at < BUCKETS { at } else { BUCKETS - 1 }
}

/// The lowest time of a bucket, in nanoseconds.
pub const fn lower_end(bucket: usize) -> u64 {
    let octave = bucket >> PER_OCTAVE_BITS;
    let within = (bucket & ((1 << PER_OCTAVE_BITS) - 1)) as u64;
    if octave == 0 {
        return within;
    }
    ((1 << PER_OCTAVE_BITS) + within) << (octave - 1)
}

/// The sums of one call on one CPU.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Total {
    /// Calls that returned.
    pub calls: u64,
    /// Those that failed.
    pub errors: u64,
    /// Time of the calls whose beginning was seen, in nanoseconds.
    pub ns: u64,
    /// The longest of them.
    pub max_ns: u64,
    /// The shortest of them; 0: there is none.
    pub min_ns: u64,
}

/// The shorter of two times, where 0 is none.
pub fn shorter(one: u64, other: u64) -> u64 {
    if one == 0 || other == 0 {
        one.max(other)
    } else {
        one.min(other)
    }
}

/// How many calls took how long: by [`bucket`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Histogram {
    /// Calls in each bucket.
    pub calls: [u64; BUCKETS],
}

impl Histogram {
    /// No call at all.
    pub const EMPTY: Self = Self {
        calls: [0; BUCKETS],
    };
}

/// A call under way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Entered {
    /// When it began (`CLOCK_MONOTONIC`); 0: the task is in no call.
    pub since_ns: u64,
    /// When its task last lost its CPU; 0: it has one.
    pub off_since_ns: u64,
    /// How long it had none before that.
    pub off_ns: u64,
    /// Number of the call, with the x32 bit.
    pub number: u64,
    /// Thread group id.
    pub pid: u32,
    /// The [`super::wire::Door`].
    pub door: u32,
}

/// A fork that user space may want to follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Birth {
    /// Who forked.
    pub parent: u32,
    /// The parent of that: the parent itself may have ended before user space could meet it.
    pub grandparent: u32,
}

// SAFETY: u64 only.
unsafe impl Plain for Total {}
// SAFETY: an array of u64.
unsafe impl Plain for Histogram {}
// SAFETY: four u64 and two u32.
unsafe impl Plain for Entered {}
// SAFETY: u32 only.
unsafe impl Plain for Birth {}
