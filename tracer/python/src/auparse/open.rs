//! Where a parser reads: the kinds of sources of `AuParser`.

use std::{
    os::fd::RawFd,
    path::{Path, PathBuf},
};

use pyo3::{exceptions::PyValueError, prelude::*, types::PyString};
use tracer_logs::replay::{Input, ReplayError};

use super::source::{Lines, Source};
use crate::{
    convert::{bytes, path},
    search::replay_error,
};

/// Numbers of the kinds of sources.
const LOGS: i32 = 0;
pub(super) const FILE: i32 = 1;
pub(super) const FILE_ARRAY: i32 = 2;
const BUFFER: i32 = 3;
const BUFFER_ARRAY: i32 = 4;
const DESCRIPTOR: i32 = 5;
const FILE_POINTER: i32 = 6;
const FEED: i32 = 7;

/// Where auditd keeps its log, where its configuration names no other.
const AUDITD_LOG: &str = "/var/log/audit/audit.log";
const AUDITD_CONF: &str = "/etc/audit/auditd.conf";

/// Opens a source of this kind.
pub(super) fn open(what: i32, source: Option<&Bound<'_, PyAny>>) -> PyResult<Lines> {
    let source = source.filter(|source| !source.is_none());
    let given = || {
        source.ok_or_else(|| PyValueError::new_err(format!("source type {what} needs a source")))
    };
    let several = || -> PyResult<Vec<Bound<'_, PyAny>>> {
        let given = given()?;
        let is_text = given.is_instance_of::<PyString>();
        let items = given.try_iter().ok().filter(|_| !is_text);
        let items = items.ok_or_else(|| {
            PyValueError::new_err("source must be a sequence of str for this source type")
        })?;
        items.collect()
    };
    match what {
        LOGS | FEED if source.is_some() => Err(PyValueError::new_err(
            "source must be None for AUSOURCE_LOGS and AUSOURCE_FEED",
        )),
        FEED => Ok(Lines::of(Source::Feed)),
        LOGS => files(Input::of_log(&machine_log()?, true, |_| 0)),
        FILE => files(Input::open([path("source", given()?)?])),
        FILE_ARRAY => {
            let paths = several()?
                .iter()
                .map(|one| path("source", one))
                .collect::<PyResult<Vec<_>>>()?;
            files(Input::open(paths))
        }
        BUFFER => Ok(buffer(bytes("source", given()?)?)),
        BUFFER_ARRAY => {
            let mut all = Vec::new();
            for one in several()? {
                all.extend(bytes("source", &one)?);
            }
            Ok(buffer(all))
        }
        DESCRIPTOR | FILE_POINTER => {
            let source = given()?;
            let fd: RawFd = if source.hasattr("fileno")? {
                source.call_method0("fileno")?.extract()?
            } else {
                source.extract().map_err(|_| {
                    PyValueError::new_err("source must be a descriptor, or an open file")
                })?
            };
            // Python's own file is closed by Python.
            let os = source.py().import("os")?;
            let own: RawFd = os.call_method1("dup", (fd,))?.extract()?;
            Ok(Lines::of_descriptor(own))
        }
        _ => Err(PyValueError::new_err(format!("Invalid source type {what}"))),
    }
}

fn files(input: Result<Input, ReplayError>) -> PyResult<Lines> {
    let input = input.map_err(|error| replay_error(&error))?;
    Ok(Lines::of(Source::Input { input, at: 0 }))
}

fn buffer(text: Vec<u8>) -> Lines {
    let input = Input::text(Path::new("buffer"), (0, 0), text);
    Lines::of(Source::Input { input, at: 0 })
}

/// The log of this machine: that of tracer's daemon, where it is there, else auditd's.
fn machine_log() -> PyResult<PathBuf> {
    let settings = tracer::daemon::config::Settings::read(None);
    let settings = settings.map_err(|error| PyValueError::new_err(error.to_string()))?;
    if settings.config.log_file.exists() {
        return Ok(settings.config.log_file);
    }
    let conf = std::fs::read_to_string(AUDITD_CONF).unwrap_or_default();
    let settings = conf.lines().filter_map(|line| line.split_once('='));
    let mut named = settings.filter(|(name, _)| name.trim() == "log_file");
    Ok(named
        .next()
        .map_or_else(|| AUDITD_LOG.into(), |(_, value)| value.trim().into()))
}
