//! The native half of the Python package `tracer`: logs read and searched, what programs written for
//! python3-audit ask of a parser, and the calls of inotify.

use pyo3::prelude::*;

mod auparse;
mod convert;
mod event;
mod inotify;
mod live;
mod report;
mod search;
mod stream;

/// `tracer._native`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{
        auparse::{AuEvent, AuParser},
        event::{LogEvent, LogRecord},
        inotify::{inotify_add_watch, inotify_decode, inotify_init, inotify_rm_watch},
        live::{Live, check_rules, message, status},
        report::report,
        search::{LogEvents, search},
    };
}
