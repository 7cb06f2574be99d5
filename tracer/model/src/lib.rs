//! The model of tracer: what happened (`event`), what system calls are and what their arguments
//! mean (`call`), the language of audit logs (`records`), how all of it is written (`format`), and
//! the form of recordings (`recording`). It asks no kernel and no file: whatever it says is made from
//! what it was given.

#![deny(missing_docs)]

pub mod call;
pub mod event;
pub mod format;
pub mod mistake;
pub mod recording;
pub mod records;
pub mod words;

pub use call::{calls, decode};
