//! What both sides of the ring agree on: wire records, the table of calls, the compiled filter,
//! `io_uring` requests, kernel structure offsets and the limits with their reasons.

/// The flags of one word: each is the bit of its place in the list, so that no two can meet.
macro_rules! bits {
    ($($(#[$doc:meta])+ $name:ident;)+) => {
        bits!(@ 0u32; $($(#[$doc])+ $name;)+);
    };
    (@ $place:expr; $(#[$doc:meta])+ $name:ident; $($rest:tt)*) => {
        $(#[$doc])+
        pub const $name: u32 = 1 << ($place);
        bits!(@ $place + 1; $($rest)*);
    };
    (@ $place:expr;) => {};
}

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
