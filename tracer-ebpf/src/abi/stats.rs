//! Counters kept by the kernel side, one set per CPU, each in its own cache lines.

use super::Plain;

/// Why an event that was seen is not in the ring. The discriminant is the index in
/// [`CpuStats::filtered`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Filtered {
    /// Not a traced process.
    Target = 0,
    /// Another user or group.
    User = 1,
    /// Another command name.
    Comm = 2,
    /// Failed where successes were asked for, or the other way round.
    Result = 3,
    /// Not below a watched root.
    Root = 4,
    /// The fork's second return, in the child.
    ForkChild = 5,
    /// No rule of the rule set can match.
    Rule = 6,
}

impl Filtered {
    /// All of them, in the order of their index, with the word used in reports.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Target, "process"),
        (Self::User, "user"),
        (Self::Comm, "comm"),
        (Self::Result, "result"),
        (Self::Root, "path"),
        (Self::ForkChild, "fork-child"),
        (Self::Rule, "rule"),
    ];
}

/// One CPU's counters. `seen == sum(filtered) + emitted + counted + unfollowed + lost + held` at any
/// time that CPU is not inside a probe.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct CpuStats {
    /// Calls that somebody asked about by name, ends of tasks and signals where asked for, and
    /// children that could not be followed.
    pub seen: u64,
    /// By [`Filtered`].
    pub filtered: [u64; 7],
    /// Records in the ring. Also the base of the sequence number: a record's number is
    /// `emitted + lost + held` before it.
    pub emitted: u64,
    /// Records that found the ring full.
    pub lost: u64,
    /// Calls that are in the sums of `COUNTS` and nowhere else.
    pub counted: u64,
    /// Children of traced processes for which there was no room in the map of targets.
    pub unfollowed: u64,
    /// Records of processes that had their share of a ring that was nearly full.
    pub held: u64,
    /// Keeps the next CPU out of this one's cache lines.
    pub reserved: [u64; 3],
}

/// What a process has sent on a CPU while the reader did not keep up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Share {
    /// How many halves of the ring had been read when it began to count.
    pub turn: u64,
    /// Bytes since then.
    pub bytes: u64,
    /// Records that were held back, in all.
    pub held: u64,
    /// Its thread group id in the tracer's pid namespace; 0 where it has none.
    pub here: u64,
    /// Command name at the beginning, NUL-padded.
    pub comm: [u8; 16],
}

// SAFETY: u64 only.
unsafe impl Plain for CpuStats {}
// SAFETY: u64, then bytes that fill two more: no padding.
unsafe impl Plain for Share {}
