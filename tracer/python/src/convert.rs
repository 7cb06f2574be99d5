//! Between Python's values and bytes: what is no UTF-8 stands in strings as in file names, by surrogates.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::PathBuf,
};

use pyo3::{
    exceptions::{PyOSError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyByteArray, PyBytes, PyString},
};

/// Bytes as a string.
pub(crate) fn text<'py>(py: Python<'py>, bytes: &[u8]) -> Bound<'py, PyString> {
    let Ok(text) = OsStr::from_bytes(bytes).into_pyobject(py);
    text
}

/// A string, or bytes, as bytes.
pub(crate) fn bytes(what: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(bytes.to_vec());
    }
    if value.is_instance_of::<PyString>() {
        return Ok(value.extract::<OsString>()?.into_vec());
    }
    let kind = value.get_type().name()?;
    let wrong = format!("{what} must be str or bytes, not {kind}");
    Err(PyTypeError::new_err(wrong))
}

/// A path: a string, bytes, or what os.fspath(3) takes.
pub(crate) fn path(what: &str, value: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    let named = if value.hasattr("__fspath__")? {
        value.call_method0("__fspath__")?
    } else {
        value.clone()
    };
    let path = bytes(what, &named)?;
    if path.contains(&0) {
        let wrong = format!("{what} has a byte 0 in it, which no name of a file can have");
        return Err(PyValueError::new_err(wrong));
    }
    Ok(OsString::from_vec(path).into())
}

/// An error of the system, as the subclass of `OSError` that it is.
pub(crate) fn os_error(error: &io::Error, text: String) -> PyErr {
    match error.raw_os_error() {
        Some(number) => PyOSError::new_err((number, text)),
        None => PyOSError::new_err(text),
    }
}
