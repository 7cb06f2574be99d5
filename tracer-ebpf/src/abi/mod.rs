//! What both sides of the ring agree on: wire records, the table of calls, the compiled filter,
//! `io_uring` requests,
//! kernel structure offsets and the limits with their reasons.

pub mod call;
pub mod count;
pub mod filter;
pub mod limits;
pub mod offsets;
pub mod rules;
pub mod stats;
pub mod uring;
pub mod wire;

/// Types whose every byte pattern is meaningful to both sides and that hold no padding, so that
/// they can be written to a map, given as a read-only global or read from a record.
///
/// # Safety
/// The implementor is `#[repr(C)]`, made of integers and arrays of integers only, and has no
/// implicit padding.
pub unsafe trait Plain: Copy + 'static {}
