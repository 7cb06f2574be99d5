//! Why something failed, for the thread that has asked.

use std::{
    cell::RefCell,
    ffi::{CString, c_char, c_int},
    fmt::Display,
    io::ErrorKind,
    panic::{AssertUnwindSafe, catch_unwind},
};

use tracer::Error;
use tracer_logs::replay::ReplayError;

thread_local! {
    /// The last failure, and whether more privilege would help.
    static LAST: RefCell<(CString, bool)> = RefCell::default();
}

/// Why the last call of this thread that failed has failed: what, why and what to do. It is what it is until the
/// next one fails.
#[unsafe(no_mangle)]
pub extern "C" fn tracer_error() -> *const c_char {
    LAST.with_borrow(|(text, _)| text.as_ptr())
}

/// Would more privilege have helped?
#[unsafe(no_mangle)]
pub extern "C" fn tracer_error_is_privilege() -> bool {
    LAST.with_borrow(|(_, is_privilege)| *is_privilege)
}

fn keep(why: &dyn Display, is_privilege: bool) {
    let text = why.to_string().replace('\0', " ");
    LAST.set((CString::new(text).unwrap_or_default(), is_privilege));
}

/// Does something that may fail: 0, or negative where it has failed.
pub(crate) fn done<E: Into<Why>>(work: impl FnOnce() -> Result<(), E>) -> c_int {
    guard(work).map_or(-1, |()| 0)
}

/// Keeps why something failed.
pub(crate) fn fail(why: impl Display) -> c_int {
    keep(&why, false);
    -1
}

/// Why something failed, and whether more privilege would help.
pub(crate) struct Why(String, bool);

impl From<Error> for Why {
    fn from(error: Error) -> Self {
        Self(error.to_string(), error.is_privilege())
    }
}

impl From<&'static str> for Why {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned(), false)
    }
}

impl From<String> for Why {
    fn from(text: String) -> Self {
        Self(text, false)
    }
}

impl From<ReplayError> for Why {
    fn from(error: ReplayError) -> Self {
        let is_privilege = match &error {
            ReplayError::Open { cause, .. } => cause.kind() == ErrorKind::PermissionDenied,
            _ => false,
        };
        Self(error.to_string(), is_privilege)
    }
}

/// Does something that may fail. No panic leaves this library.
pub(crate) fn guard<T, E: Into<Why>>(work: impl FnOnce() -> Result<T, E>) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    let fault = "a fault of the library, which is told on standard error: please report it";
    let done = done.map_or_else(
        |_| Err(Why(fault.to_owned(), false)),
        |done| done.map_err(E::into),
    );
    done.map_err(|Why(text, is_privilege)| keep(&text, is_privilege))
        .ok()
}
