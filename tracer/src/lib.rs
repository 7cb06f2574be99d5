//! `tracer`: who did what to which file or system call, when, and with what result.
//!
//! The live path is on one screen in [`pipeline`]; the rooms are described in `docs/design.md`.

/// Prints a line on standard error. Who has closed it does not want to know: unlike with
/// `eprintln!`, that is no panic.
macro_rules! errln {
    ($($text:tt)*) => {{
        $crate::sink::terminal::say(format_args!("{}\n", format_args!($($text)*)));
    }};
}

pub mod api;
#[cfg(test)]
#[path = "../model/src/format/tests/cases/mod.rs"]
mod cases;
#[cfg(feature = "cli")]
pub mod cli;
pub mod compare;
pub mod daemon;
pub mod enrich;
pub mod fold;
mod own_file;
pub mod pipeline;
pub mod privileges;
pub mod recording;
pub mod rules;
pub mod seal;
pub mod sink;
pub mod source;
pub mod sync;
mod toml_file;

pub use api::{Builder, Error, Items, Outcome, SourceKind, Stopper, Tracer};
pub use tracer_logs::query;
pub(crate) use tracer_model::words;
pub use tracer_model::{calls, decode, event, format, records};
