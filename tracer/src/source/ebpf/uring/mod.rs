//! `io_uring`: where a request has its arguments on this kernel, and which completion is whose.

mod layout;
mod pending;

pub(super) use layout::{Layout, wanted};
pub(super) use pending::Pending;
