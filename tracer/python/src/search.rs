//! `tracer.search`: the events of a log that are asked for.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use pyo3::{
    exceptions::{PyKeyError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyDict, PyList, PyString, PyTuple},
};
use tracer::enrich::users;
use tracer_logs::{
    query::{
        clock::{self, End, Here},
        criteria::{Criteria, UserIs},
        expression::Expression,
        interpret::Readable,
    },
    replay::{Input, ReplayError, Window, segments},
};
use tracer_model::records::RecordType;

use crate::{
    convert::{bytes, os_error, path},
    event::{LogEvent, Reader},
    stream::{Block, Next, Stream, Wanted},
};

/// Events that are found, one after the other.
#[pyclass(frozen, module = "tracer")]
pub(crate) struct LogEvents {
    stream: Stream,
    reader: Arc<Reader>,
    at: Mutex<(Arc<Block>, usize)>,
}

#[pymethods]
impl LogEvents {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<LogEvent>> {
        if self.stream.is_child() {
            return Err(forked());
        }
        // Another thread may hold it while it waits, and wants the interpreter then: it is not waited for with that.
        if let Ok(mut at) = self.at.try_lock()
            && at.1 < at.0.len()
        {
            at.1 += 1;
            return Ok(Some(LogEvent::new(&at.0, at.1 - 1, &self.reader)));
        }
        loop {
            let next = py.detach(|| self.fetch());
            match next.map_err(|error| replay_error(&error))? {
                Fetched::Event(block, at) => {
                    return Ok(Some(LogEvent::new(&block, at, &self.reader)));
                }
                Fetched::Nothing => py.check_signals()?,
                Fetched::End => return Ok(None),
                Fetched::Forked => return Err(forked()),
            }
        }
    }

    /// How many lines are no audit records, once all is read.
    #[getter]
    fn malformed(&self) -> u64 {
        self.stream.malformed()
    }
}

/// What there is.
enum Fetched {
    Event(Arc<Block>, usize),
    Nothing,
    End,
    Forked,
}

impl LogEvents {
    /// The next one, if there is one soon.
    fn fetch(&self) -> Result<Fetched, ReplayError> {
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        while at.1 >= at.0.len() {
            match self.stream.next(SLICE)? {
                Next::Block(block) => *at = (Arc::new(block), 0),
                Next::Nothing => return Ok(Fetched::Nothing),
                Next::End => return Ok(Fetched::End),
                Next::Forked => return Ok(Fetched::Forked),
            }
        }
        at.1 += 1;
        Ok(Fetched::Event(Arc::clone(&at.0), at.1 - 1))
    }
}

/// How often a wait looks whether a signal has come.
const SLICE: Duration = Duration::from_millis(100);

fn forked() -> PyErr {
    let text = "this search was begun before fork(2), by the parent: begin another one here";
    pyo3::exceptions::PyRuntimeError::new_err(text)
}

/// Finds events in an audit log.
#[pyfunction]
#[pyo3(signature = (log, *, start=None, end=None, r#where=None, threads=None, **conditions))]
pub(crate) fn search(
    py: Python<'_>,
    log: &Bound<'_, PyAny>,
    start: Option<&Bound<'_, PyAny>>,
    end: Option<&Bound<'_, PyAny>>,
    r#where: Option<&str>,
    threads: Option<usize>,
    conditions: Option<&Bound<'_, PyDict>>,
) -> PyResult<LogEvents> {
    let here = Here::system();
    let how = Readable::of(users::of_system());
    let expression = r#where.map(|text| Expression::parse(text, &here));
    let expression = expression
        .transpose()
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    let mut wanted = Wanted {
        criteria: Criteria::default(),
        expression,
        call: None,
        window: Window {
            start: moment("start", start, End::Start, &here)?.unwrap_or(Window::ALL.start),
            end: moment("end", end, End::End, &here)?.unwrap_or(Window::ALL.end),
        },
        threads: threads.unwrap_or(1).max(1),
    };
    for (name, value) in conditions.into_iter().flatten() {
        if !value.is_none() {
            condition(&mut wanted, &how, &name.extract::<String>()?, &value)?;
        }
    }
    let input = open(py, log)?;
    let reader = Arc::new(Reader::new(&how));
    let stream = Stream::start(input, wanted, how);
    Ok(LogEvents {
        stream: stream.map_err(|error| os_error(&error, format!("no thread: {error}")))?,
        reader,
        at: Mutex::default(),
    })
}

/// Opens a log, a directory of logs, or several.
pub(crate) fn open(py: Python<'_>, log: &Bound<'_, PyAny>) -> PyResult<Input> {
    let logs = logs(log)?;
    let begun = py.detach(|| {
        let mut paths = Vec::new();
        for log in &logs {
            paths.extend(segments(log, false)?);
        }
        Input::open(&paths)
    });
    begun.map_err(|error| replay_error(&error))
}

/// One log, or several.
fn logs(log: &Bound<'_, PyAny>) -> PyResult<Vec<PathBuf>> {
    if log.is_instance_of::<PyList>() || log.is_instance_of::<PyTuple>() {
        return log.try_iter()?.map(|log| path("log", &log?)).collect();
    }
    Ok(vec![path("log", log)?])
}

/// An error of reading a log, as the subclass of `OSError` that it is.
pub(crate) fn replay_error(error: &ReplayError) -> PyErr {
    match error {
        ReplayError::Open { cause, .. } | ReplayError::Read { cause, .. } => {
            os_error(cause, error.to_string())
        }
        ReplayError::NoLog { .. } => {
            pyo3::exceptions::PyFileNotFoundError::new_err(error.to_string())
        }
        ReplayError::Output(cause) => os_error(cause, error.to_string()),
    }
}

/// A moment in seconds since 1970: a number, a `datetime`, or words as `-ts` takes.
pub(crate) fn moment(
    what: &str,
    value: Option<&Bound<'_, PyAny>>,
    end: End,
    here: &Here,
) -> PyResult<Option<u64>> {
    let Some(value) = value else { return Ok(None) };
    if let Ok(words) = value.cast::<PyString>() {
        let words = words.to_string();
        let words: Vec<&str> = words.split_whitespace().collect();
        let moment = clock::parse(&words, end, here, &clock::now());
        return moment
            .map(Some)
            .map_err(|error| PyValueError::new_err(error.to_string()));
    }
    let seconds = if value.hasattr("timestamp")? {
        value.call_method0("timestamp")?.extract::<f64>()?
    } else {
        let seconds = value.extract::<f64>();
        seconds.map_err(|_| wrong(what, "a number of seconds, a datetime or a str", value))?
    };
    if !seconds.is_finite() || seconds < 0.0 {
        let text = format!("{what} is {seconds}, and a log has times from 1970 on");
        return Err(PyValueError::new_err(text));
    }
    Ok(Some(seconds as u64))
}

fn wrong(what: &str, wanted: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let kind = value.get_type().name();
    let kind = kind.map_or_else(|_| "that".to_owned(), |kind| kind.to_string());
    PyTypeError::new_err(format!("{what} must be {wanted}, not {kind}"))
}

/// One condition by its name.
fn condition(
    wanted: &mut Wanted,
    how: &Readable,
    name: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let criteria = &mut wanted.criteria;
    let number = || {
        value
            .extract::<u32>()
            .map_err(|_| wrong(name, "an int", value))
    };
    match name {
        "serial" => criteria.serial = Some(value.extract()?),
        "exit" => criteria.exit = Some(value.extract()?),
        "pid" => criteria.pid = Some(number()?),
        "ppid" => criteria.ppid = Some(number()?),
        "session" => criteria.session = Some(number()?),
        "gid" => criteria.gid = Some(number()?),
        "egid" => criteria.egid = Some(number()?),
        "uid" => criteria.uid = Some(user(how, name, value)?),
        "euid" => criteria.euid = Some(user(how, name, value)?),
        "auid" => criteria.auid = Some(user(how, name, value)?),
        "any_uid" => criteria.any_uid = Some(user(how, name, value)?),
        "success" => criteria.success = Some(boolean(name, value)?),
        "word" => criteria.whole = boolean(name, value)?,
        "syscall" => {
            wanted.call = Some(
                value
                    .extract::<String>()
                    .map_err(|_| wrong(name, "a str", value))?,
            );
        }
        "node" => criteria.nodes = strings(name, value)?,
        "type" => criteria.types = types(&strings(name, value)?)?,
        "key" => criteria.key = Some(bytes(name, value)?),
        "file" => criteria.file = Some(bytes(name, value)?),
        "comm" => criteria.comm = Some(bytes(name, value)?),
        "exe" => criteria.exe = Some(bytes(name, value)?),
        "host" => criteria.host = Some(bytes(name, value)?),
        "terminal" => criteria.terminal = Some(bytes(name, value)?),
        _ => {
            let text = format!(
                "search() has no condition `{name}`: it has {}",
                NAMES.join(", ")
            );
            return Err(PyTypeError::new_err(text));
        }
    }
    Ok(())
}

/// Every name that [`condition`] takes.
const NAMES: [&str; 22] = [
    "serial", "exit", "pid", "ppid", "session", "gid", "egid", "uid", "euid", "auid", "any_uid",
    "success", "word", "syscall", "node", "type", "key", "file", "comm", "exe", "host", "terminal",
];

fn boolean(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.extract().map_err(|_| wrong(name, "a bool", value))
}

/// One string, or several.
fn strings(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if let Ok(one) = value.cast::<PyString>() {
        return Ok(vec![one.to_string()]);
    }
    let several = value.extract();
    several.map_err(|_| wrong(name, "a str or a list of them", value))
}

fn types(names: &[String]) -> PyResult<Vec<RecordType>> {
    let of_name = |name: &String| {
        RecordType::from_name(name.to_uppercase().as_bytes()).ok_or_else(|| {
            let near = tracer_model::words::instead(name, RecordType::names(), || {
                "a type is for example SYSCALL, PATH or USER_LOGIN".to_owned()
            });
            PyValueError::new_err(format!("`{name}` is no type of record: {near}"))
        })
    };
    names.iter().map(of_name).collect()
}

fn user(how: &Readable, what: &str, value: &Bound<'_, PyAny>) -> PyResult<UserIs> {
    if let Ok(name) = value.cast::<PyString>() {
        let name = name.to_string();
        let id = how.users.id(&name).ok_or_else(|| {
            PyKeyError::new_err(format!("{what}: this machine has no user `{name}`"))
        })?;
        return Ok(UserIs {
            id: id.0,
            name: Some(name),
        });
    }
    let id = value
        .extract::<i64>()
        .map_err(|_| wrong(what, "an int or a str", value))?;
    let id = if id == -1 {
        Ok(u32::MAX)
    } else {
        u32::try_from(id)
    };
    let id = id.map_err(|_| PyValueError::new_err(format!("{what}: no user has such an id")))?;
    Ok(UserIs { id, name: None })
}
