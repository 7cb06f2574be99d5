//! The calls of inotify(7), and its events taken apart.

use std::{io, os::fd::BorrowedFd};

use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyList, PyString, PyTuple},
};
use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init, remove_watch};

use crate::convert::{os_error, path, text};

fn system_error(error: rustix::io::Errno, what: &str) -> PyErr {
    let error = io::Error::from(error);
    os_error(&error, format!("{what}: {error}"))
}

/// A descriptor that Python has.
fn borrowed(fd: i32) -> PyResult<BorrowedFd<'static>> {
    if fd < 0 {
        return Err(PyValueError::new_err(format!("{fd} is no descriptor")));
    }
    // SAFETY: it is -1 no more, and used for one call only. What is not open is refused by the kernel.
    Ok(unsafe { BorrowedFd::borrow_raw(fd) })
}

/// `inotify_init1(2)`: gives a descriptor.
#[pyfunction]
pub(crate) fn inotify_init(flags: u32) -> PyResult<i32> {
    use std::os::fd::IntoRawFd as _;
    match init(CreateFlags::from_bits_retain(flags)) {
        Ok(fd) => Ok(fd.into_raw_fd()),
        Err(error) => Err(system_error(error, "inotify_init1")),
    }
}

/// `inotify_add_watch(2)`: gives the number of the watch.
#[pyfunction]
pub(crate) fn inotify_add_watch(
    py: Python<'_>,
    fd: i32,
    pathname: &Bound<'_, PyAny>,
    mask: u32,
) -> PyResult<i32> {
    let (fd, pathname) = (borrowed(fd)?, path("path", pathname)?);
    // Its file system may be served by this very program.
    let watch = py.detach(|| add_watch(fd, &pathname, WatchFlags::from_bits_retain(mask)));
    watch.map_err(|error| system_error(error, &pathname.display().to_string()))
}

/// `inotify_rm_watch(2)`.
#[pyfunction]
pub(crate) fn inotify_rm_watch(fd: i32, wd: i32) -> PyResult<()> {
    let removed = remove_watch(borrowed(fd)?, wd);
    removed.map_err(|error| system_error(error, &format!("watch {wd}")))
}

/// What is in front of a name: watch, mask, cookie, length of the name.
const HEAD: usize = 16;

/// Takes apart what read(2) gave of an inotify descriptor: a list of (wd, mask, cookie, name).
#[pyfunction]
pub(crate) fn inotify_decode<'py>(py: Python<'py>, buffer: &[u8]) -> PyResult<Bound<'py, PyList>> {
    let events = PyList::empty(py);
    let empty = PyString::intern(py, "");
    let mut rest = buffer;
    while !rest.is_empty() {
        let number = |at: usize| Some(u32::from_ne_bytes(rest.get(at..at + 4)?.try_into().ok()?));
        let whole = || {
            let (wd, mask, cookie) = (number(0)? as i32, number(4)?, number(8)?);
            let end = HEAD + number(12)? as usize;
            Some((wd, mask, cookie, rest.get(HEAD..end)?, end))
        };
        let Some((wd, mask, cookie, name, end)) = whole() else {
            let error = format!("{} bytes are no event of inotify", rest.len());
            return Err(PyValueError::new_err(error));
        };
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        let name = if name.is_empty() {
            empty.clone()
        } else {
            text(py, name)
        };
        let event = (wd, mask, cookie, name).into_pyobject(py)?;
        events.append::<Bound<'py, PyTuple>>(event)?;
        rest = &rest[end..];
    }
    Ok(events)
}
