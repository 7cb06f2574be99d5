//! Audit logs: `replay` reads them, whoever wrote them and however they are packed, as views of their
//! bytes; `query` searches, interprets and counts what is in them.

#![deny(missing_docs)]

pub mod query;
pub mod replay;

use tracer_model::{calls, decode, event, format, mistake, records, words};
