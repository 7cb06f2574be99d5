//! `tracer`: who did what to which file or system call, when, and with what result.
//!
//! The live path is on one screen in [`pipeline`]; the rooms are described in `docs/design.md`.

pub mod calls;
pub mod event;
pub mod format;
pub mod source;
