//! The Linux audit log format as a language: record types, the head of a line, fields and their
//! values. No I/O, and no opinion about what an event means. `format/audit` writes it,
//! `tracer-logs` reads it.

mod fields;
mod line;
mod marks;
mod types;

pub use fields::{Field, Fields, LookedUp, Value, enriched};
pub use line::{EventId, Head, Heads, Malformed, SEPARATOR, separator};
pub use types::RecordType;
