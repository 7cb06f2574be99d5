//! `tracer.watch` and `tracer.trace`: events while they happen.

use std::{
    io,
    os::{
        fd::{AsFd as _, AsRawFd as _, RawFd},
        unix::process::ExitStatusExt as _,
    },
    path::PathBuf,
    process::Command,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use pyo3::{
    exceptions::{PyPermissionError, PyRuntimeError, PyStopIteration, PyValueError},
    prelude::*,
    types::{PyDict, PyString},
};
use tracer::{
    Error, Outcome, SourceKind, Stopper, Tracer,
    event::{Item, Op},
    format::{Format as _, Json},
    rules::{
        RuleSet,
        file::{self, LoadError, Loaded},
    },
};

use crate::convert::{bytes, os_error, path};

/// Events while they happen, as lines of JSON.
#[pyclass(frozen, module = "tracer")]
pub(crate) struct Live {
    run: Mutex<Run>,
    stopper: Stopper,
    /// Where it was opened.
    process: u32,
    fd: RawFd,
    /// Where they come from, in one word.
    #[pyo3(get)]
    backend: &'static str,
    /// Which source it is and, if it is not the best one, why.
    #[pyo3(get)]
    why: String,
    /// What is not known on this kernel.
    #[pyo3(get)]
    lacks: Vec<String>,
    /// The process of the command.
    #[pyo3(get)]
    child: Option<u32>,
}

struct Run {
    /// Taken away by `close`.
    tracer: Option<Tracer>,
    json: Json,
    line: Vec<u8>,
    /// What the source has had to say so far.
    warnings: Vec<String>,
    /// What came of it.
    outcome: Option<Outcome>,
}

/// An error of the run, as the exception that fits.
fn failed(error: &Error) -> PyErr {
    let text = error.to_string();
    match error {
        _ if error.is_privilege() => PyPermissionError::new_err(text),
        Error::Path { error, .. } | Error::Command { error, .. } | Error::System(error) => {
            os_error(error, text)
        }
        Error::Nothing | Error::Conflict(_) | Error::Calls(_) | Error::Pattern(_) => {
            PyValueError::new_err(text)
        }
        Error::Process(_) => pyo3::exceptions::PyProcessLookupError::new_err(text),
        _ => PyRuntimeError::new_err(text),
    }
}

/// How long a wait may be before a signal is heard.
const SLICE: Duration = Duration::from_millis(100);

#[pymethods]
impl Live {
    /// What is asked for, by names of `Tracer::builder()`.
    #[new]
    fn new(py: Python<'_>, asked: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut builder = Tracer::builder();
        for (name, value) in asked {
            let name: String = name.extract()?;
            builder = match name.as_str() {
                "path" => builder.path(path("path", &value)?),
                "recursive" => builder.recursive(value.extract()?),
                "exclude" => builder.exclude(value.extract::<String>()?),
                "op" => builder.op(op(&value.extract::<String>()?)?),
                "events" => builder.events(value.extract()?),
                "pid" => builder.pid(value.extract()?),
                "follow" => builder.follow(value.extract()?),
                "calls" => builder.calls(value.extract::<String>()?),
                "uid" => builder.uid(value.extract()?),
                "gid" => builder.gid(value.extract()?),
                "comm" => builder.comm(value.extract::<String>()?),
                "exe" => builder.exe(value.extract::<String>()?),
                "success" => builder.success(value.extract()?),
                "strings" => builder.strings(value.extract()?),
                "source" => builder.source(source(&value.extract::<String>()?)?),
                "command" => builder.command(command(&value)?),
                "rules" => builder.rules(rules(&value, |files| {
                    file::load(files, RuleSet::default())
                })?),
                _ => several(builder, &name, &value)?,
            };
        }
        let begun = py.detach(|| builder.build());
        let tracer = begun.map_err(|error| failed(&error))?;
        Ok(Self {
            stopper: tracer.stopper(),
            process: std::process::id(),
            fd: tracer.as_fd().as_raw_fd(),
            backend: tracer.backend().as_str(),
            why: tracer.why().to_owned(),
            lacks: tracer.lacks().to_vec(),
            child: tracer.child(),
            run: Mutex::new(Run {
                tracer: Some(tracer),
                json: Json::new(Some(tracer::decode::Options::default())),
                line: Vec::new(),
                warnings: Vec::new(),
                outcome: None,
            }),
        })
    }

    /// The next event as JSON; `None`: none came within so many seconds. `StopIteration`: no more comes.
    #[pyo3(signature = (seconds=None))]
    fn next<'py>(
        &self,
        py: Python<'py>,
        seconds: Option<f64>,
    ) -> PyResult<Option<Bound<'py, PyString>>> {
        if self.is_child() {
            return Err(failed(&Error::Forked));
        }
        let until = seconds.map(|seconds| {
            let time = Duration::try_from_secs_f64(seconds.max(0.0));
            Instant::now() + time.unwrap_or(SLICE * 1_000_000)
        });
        loop {
            let left = until.map_or(SLICE, |until| {
                until.saturating_duration_since(Instant::now())
            });
            let next = py.detach(|| self.step(left.min(SLICE)));
            match next.map_err(|error| failed(&error))? {
                Step::Event(json) => {
                    return Ok(Some(PyString::new(py, &String::from_utf8_lossy(&json))));
                }
                Step::Ended => return Err(PyStopIteration::new_err(())),
                Step::Nothing if until.is_some_and(|until| Instant::now() >= until) => {
                    return Ok(None);
                }
                Step::Nothing => py.check_signals()?,
            }
        }
    }

    /// A descriptor that is readable when something may be there.
    fn fileno(&self, py: Python<'_>) -> PyResult<RawFd> {
        let is_open = py.detach(|| self.is_child() || self.lock().tracer.is_some());
        if is_open {
            return Ok(self.fd);
        }
        Err(PyValueError::new_err("it is closed"))
    }

    /// What the kernel already has still comes, and then nothing more.
    fn stop(&self) {
        self.stopper.stop();
    }

    /// Ends it at once.
    fn close(&self, py: Python<'_>) {
        // Another thread of the parent may have held it at the fork.
        if self.is_child() {
            return;
        }
        self.stopper.stop();
        py.detach(|| {
            let run = &mut *self.lock();
            if let Some(mut tracer) = run.tracer.take() {
                run.warnings.extend(tracer.take_warnings());
                run.outcome = tracer.outcome().cloned();
            }
        });
    }

    /// What came of it, once no more comes: seen, written, filtered and lost events, how the command ended, warnings.
    fn outcome<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        if self.is_child() {
            return Ok(None);
        }
        let came = py.detach(|| {
            let run = &mut *self.lock();
            if let Some(tracer) = &mut run.tracer {
                run.warnings.extend(tracer.take_warnings());
                run.outcome = tracer.outcome().cloned();
            }
            Some((run.outcome.clone()?, run.warnings.clone()))
        });
        let Some((outcome, warnings)) = came else {
            return Ok(None);
        };
        let told = PyDict::new(py);
        told.set_item("seen", outcome.account.seen)?;
        told.set_item("written", outcome.account.written)?;
        told.set_item("filtered", outcome.account.all_filtered())?;
        told.set_item("lost", outcome.account.all_lost())?;
        told.set_item("warnings", warnings)?;
        // As subprocess has it: a signal is negative.
        let status = outcome.status.map(|status| {
            status
                .code()
                .or_else(|| status.signal().map(|signal| -signal))
        });
        told.set_item("returncode", status.flatten())?;
        Ok(Some(told))
    }
}

enum Step {
    Event(Vec<u8>),
    Nothing,
    Ended,
}

impl Live {
    fn is_child(&self) -> bool {
        self.process != std::process::id()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Run> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, time: Duration) -> Result<Step, Error> {
        let run = &mut *self.lock();
        let Some(tracer) = &mut run.tracer else {
            return Ok(Step::Ended);
        };
        let Some(item) = tracer.next_within(time)? else {
            return Ok(if tracer.outcome().is_some() {
                Step::Ended
            } else {
                Step::Nothing
            });
        };
        Ok(Step::Event(line(&mut run.json, &mut run.line, &item)))
    }
}

/// An item as JSON without the end of the line.
fn line(json: &mut Json, line: &mut Vec<u8>, item: &Item) -> Vec<u8> {
    line.clear();
    json.item(line, item);
    line.trim_ascii_end().to_vec()
}

/// What may be given more than once comes in a list.
fn several(
    mut builder: tracer::Builder,
    name: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<tracer::Builder> {
    for one in value.try_iter()? {
        let one = one?;
        builder = match name {
            "paths" => builder.path(path("path", &one)?),
            "excludes" => builder.exclude(one.extract::<String>()?),
            "ops" => builder.op(op(&one.extract::<String>()?)?),
            "pids" => builder.pid(one.extract()?),
            _ => {
                return Err(PyValueError::new_err(format!(
                    "there is no option `{name}`"
                )));
            }
        };
    }
    Ok(builder)
}

fn op(name: &str) -> PyResult<Op> {
    let known = Op::ALL.into_iter().find(|op| op.as_str() == name);
    known.ok_or_else(|| {
        let names: Vec<_> = Op::ALL.iter().map(|op| op.as_str()).collect();
        let text = format!("`{name}` is no operation: there are {}", names.join(", "));
        PyValueError::new_err(text)
    })
}

fn source(name: &str) -> PyResult<SourceKind> {
    match name {
        "auto" => Ok(SourceKind::Auto),
        "ebpf" => Ok(SourceKind::Ebpf),
        "fanotify" => Ok(SourceKind::Fanotify),
        "inotify" => Ok(SourceKind::Inotify),
        _ => Err(PyValueError::new_err(format!(
            "`{name}` is no source: give auto, ebpf, fanotify or inotify"
        ))),
    }
}

/// The rules of files.
fn rules(
    files: &Bound<'_, PyAny>,
    load: impl Fn(&[PathBuf]) -> Result<Loaded, LoadError>,
) -> PyResult<RuleSet> {
    let files = files.try_iter()?.map(|file| path("file", &file?));
    let files = files.collect::<PyResult<Vec<_>>>()?;
    let loaded = load(&files).map_err(|error| PyValueError::new_err(error.to_string()));
    Ok(loaded?.set)
}

/// Reads rules, only to see whether they are right.
#[pyfunction]
pub(crate) fn check_rules(files: &Bound<'_, PyAny>) -> PyResult<()> {
    rules(files, file::check_all).map(drop)
}

/// A program and its arguments.
fn command(words: &Bound<'_, PyAny>) -> PyResult<Command> {
    use std::os::unix::ffi::OsStringExt as _;
    let mut all = Vec::new();
    for word in words.try_iter()? {
        all.push(std::ffi::OsString::from_vec(bytes("command", &word?)?));
    }
    let Some((program, arguments)) = all.split_first() else {
        return Err(PyValueError::new_err("the command has no program"));
    };
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// Sends a text into the log of the daemon.
#[pyfunction]
pub(crate) fn message(py: Python<'_>, text: &str) -> PyResult<()> {
    let settings = settings()?;
    let (control, socket) = (
        settings.config.control_socket,
        settings.config.message_socket,
    );
    let sent = py.detach(|| tracer::daemon::client::message(&control, &socket, text));
    sent.map_err(|error| unreachable_daemon(&error, &socket.display().to_string()))
}

/// How the daemon is, as JSON.
#[pyfunction]
pub(crate) fn status(py: Python<'_>) -> PyResult<String> {
    let socket = settings()?.config.control_socket;
    let request = tracer::daemon::sockets::Request::Status;
    let answer = py.detach(|| tracer::daemon::client::ask(&socket, &request));
    let answer =
        answer.map_err(|error| unreachable_daemon(&error, &socket.display().to_string()))?;
    match answer.status {
        Some(status) => Ok(status.to_string()),
        None => Err(PyRuntimeError::new_err(answer.err.join("; "))),
    }
}

fn settings() -> PyResult<tracer::daemon::config::Settings> {
    let named = tracer::daemon::config::named();
    let settings = tracer::daemon::config::Settings::read(named.as_deref());
    settings.map_err(|error| PyValueError::new_err(error.to_string()))
}

fn unreachable_daemon(error: &io::Error, socket: &str) -> PyErr {
    match error.raw_os_error() {
        Some(_) => {
            let text =
                format!("no daemon answers at {socket}: {error}: is `tracer daemon` running?");
            os_error(error, text)
        }
        None => PyValueError::new_err(error.to_string()),
    }
}
