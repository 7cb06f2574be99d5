//! A compiled rule set, as the daemon gives it to the kernel side. Rules that ask the same but
//! for one thing are one *class*; there are at most 64, so that a set of classes is one word. Each
//! property of a call is looked up once and gives the classes that it leaves possible; a call that
//! has none left is of no interest. So the cost does not depend on the number of rules.

use super::{Plain, limits::CALLS_PER_ARCH};

/// Properties of a call that are compared as ordered numbers: the indices of
/// [`RuleTable::from`], and bits of [`RuleTable::asked`].
pub mod dim {
    /// uid, gid, suid, sgid, euid, egid, fsuid, fsgid: the order of `struct cred`.
    pub const CREDS: usize = 0;
    /// How many ids `struct cred` has.
    pub const CRED_COUNT: usize = 8;
    /// Login user.
    pub const AUID: usize = 8;
    /// Audit session.
    pub const SESSION: usize = 9;
    /// Thread group.
    pub const PID: usize = 10;
    /// Thread group of the parent.
    pub const PPID: usize = 11;
    /// Result, with the sign bit turned so that the order is that of signed numbers.
    pub const RESULT: usize = 12;
    /// Access mode of an open: `O_ACCMODE` of its flags; only calls with
    /// [`RuleTable::flags_arg`](super::RuleTable::flags_arg).
    pub const ACCESS: usize = 13;
    /// A power of two above the last.
    pub const SLOTS: usize = 16;
}

/// All [`Span`]s of a rule set: 500 rules with two ids each fit four times. A power of two.
pub const SPANS_MAX: usize = 4096;

/// Steps of a binary search in [`SPANS_MAX`] spans.
pub const SEARCH_STEPS: usize = 12;

/// Watched files and trees met by one walk that are reported: more do not nest in practice.
pub const MET_MAX: usize = 4;

/// From this value on (to that of the next span) these classes are possible.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Span {
    /// First value.
    pub start: u64,
    /// A bit for each class.
    pub classes: u64,
}

/// One rule set.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RuleTable {
    /// Classes that a call can be of, indexed like the table of calls.
    pub calls: [u64; 2 * CALLS_PER_ARCH],
    /// Classes that want a watched file.
    pub with_file: u64,
    /// Bit `d`: some class asks for dimension `d`.
    pub asked: u64,
    /// Where the spans of a dimension begin. The first span of each starts at 0.
    pub from: [u32; dim::SLOTS],
    /// How many there are.
    pub len: [u32; dim::SLOTS],
    /// All spans.
    pub spans: [Span; SPANS_MAX],
    /// Which argument holds the flags of an open, plus one; 0 for other calls.
    pub flags_arg: [u8; 2 * CALLS_PER_ARCH],
}

/// What a watched inode means, by generation of the rule set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Watched {
    /// Classes that watch it, or the tree below it.
    pub classes: [u64; 2],
    /// Classes that watch a name in this directory.
    pub near: [u64; 2],
    /// Number of the watched file or tree by which user space knows it; 0 for none.
    pub id: u64,
}

/// `struct inode *` to what it means.
pub const WATCHED_MAX: u32 = 65_536;

// SAFETY: u64, then pairs of u32 arrays and spans of u64, then bytes whose number is a multiple
// of 8: no padding.
unsafe impl Plain for RuleTable {}
// SAFETY: u64 only.
unsafe impl Plain for Span {}
// SAFETY: u64 only.
unsafe impl Plain for Watched {}
