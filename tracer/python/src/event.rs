//! Events of a log as objects of Python, taken apart when somebody asks.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use pyo3::{
    prelude::*,
    types::{PyDict, PyList, PyString},
};
use tracer_logs::{
    query::{
        clock::Here,
        interpret::{Context, Interpreter, Readable, arch_name, call_name},
        items::Items,
        output::{Columns, Format, Printer},
    },
    replay::Record,
};
use tracer_model::{
    calls::Arch,
    records::{Fields, Value},
};

use crate::{convert::text, stream::Block};

/// What all events of a search are read with.
#[derive(Debug)]
pub(crate) struct Reader {
    interpreter: Mutex<Interpreter>,
    printer: Mutex<Printer>,
}

impl Reader {
    pub(crate) fn new(how: &Readable) -> Self {
        let printer = Printer::new(Format::Json, Columns::default(), how, Here::system());
        Self {
            interpreter: Mutex::new(Interpreter::new(how)),
            printer: Mutex::new(printer),
        }
    }
}

/// What an event says of who did what, owned.
#[derive(Debug, Default)]
struct Said {
    arch: Option<u32>,
    syscall: Option<i64>,
    success: Option<bool>,
    exit: Option<i64>,
    pid: Option<u32>,
    ppid: Option<u32>,
    uid: Option<u32>,
    euid: Option<u32>,
    auid: Option<u32>,
    gid: Option<u32>,
    egid: Option<u32>,
    session: Option<u32>,
    comm: Option<Vec<u8>>,
    exe: Option<Vec<u8>>,
    terminal: Option<Vec<u8>>,
    host: Option<Vec<u8>>,
    cwd: Option<Vec<u8>>,
    keys: Vec<Vec<u8>>,
    paths: Vec<Vec<u8>>,
}

/// What divides several keys of one record.
const KEY_SEPARATOR: u8 = 1;

impl Said {
    fn of(items: &Items<'_>) -> Self {
        let bytes = |value: Option<Value<'_>>| value.filter(|value| !value.is_null()).map(owned);
        let keys = items.keys.iter().filter(|key| !key.is_null());
        let keys = keys.flat_map(|key| {
            let key = owned(*key);
            let parts = key.split(|byte| *byte == KEY_SEPARATOR);
            parts.map(<[u8]>::to_vec).collect::<Vec<_>>()
        });
        Self {
            arch: items.arch,
            syscall: items.syscall,
            success: items.success,
            exit: items.exit,
            pid: items.pid,
            ppid: items.ppid,
            uid: items.uid,
            euid: items.euid,
            auid: items.auid,
            gid: items.gid,
            egid: items.egid,
            session: items.session,
            comm: bytes(items.comm),
            exe: bytes(items.exe),
            terminal: bytes(items.terminal),
            host: items.host.as_ref().map(|host| {
                let mut text = Vec::new();
                host.append_to(&mut text);
                text
            }),
            cwd: bytes(items.cwd),
            keys: keys.collect(),
            paths: items.files.iter().map(|file| owned(file.name)).collect(),
        }
    }
}

fn owned(value: Value<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.append_to(&mut bytes);
    bytes
}

/// An event of an audit log.
#[pyclass(frozen, module = "tracer")]
pub(crate) struct LogEvent {
    block: Arc<Block>,
    number: usize,
    reader: Arc<Reader>,
    said: OnceLock<Said>,
}

impl LogEvent {
    pub(crate) fn new(block: &Arc<Block>, number: usize, reader: &Arc<Reader>) -> Self {
        Self {
            block: Arc::clone(block),
            number,
            reader: Arc::clone(reader),
            said: OnceLock::new(),
        }
    }

    fn said(&self) -> &Said {
        self.said.get_or_init(|| {
            let said = self
                .block
                .with(self.number, |event| Said::of(&Items::of(event)));
            said.unwrap_or_default()
        })
    }

    fn records_of(&self) -> impl Iterator<Item = Record<'_>> {
        self.block.lines(self.number).filter_map(Record::of)
    }
}

/// A string of an event, where it has one.
fn string<'py>(py: Python<'py>, bytes: Option<&Vec<u8>>) -> Option<Bound<'py, PyString>> {
    bytes.map(|bytes| text(py, bytes))
}

fn kind_of<'py>(py: Python<'py>, record: &Record<'_>) -> Bound<'py, PyString> {
    match record.kind.name() {
        Some(name) => PyString::intern(py, name),
        None => text(py, record.kind_name),
    }
}

#[pymethods]
impl LogEvent {
    /// Serial number.
    #[getter]
    fn serial(&self) -> u64 {
        self.block.id(self.number).serial
    }

    /// When, in seconds since 1970.
    #[getter]
    fn timestamp(&self) -> f64 {
        let id = self.block.id(self.number);
        Duration::new(id.sec, u32::from(id.milli) * 1_000_000).as_secs_f64()
    }

    /// When, as a `datetime` of the local time zone.
    #[getter]
    fn time<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let datetime = py.import("datetime")?;
        let zone = datetime.getattr("timezone")?.getattr("utc")?;
        let id = self.block.id(self.number);
        let second = (datetime.getattr("datetime")?)
            .call_method1("fromtimestamp", (id.sec, zone))?
            .call_method0("astimezone")?;
        let part = PyDict::new(py);
        part.set_item("microsecond", u32::from(id.milli) * 1000)?;
        second.call_method("replace", (), Some(&part))
    }

    /// The machine that logged it, where the log names it.
    #[getter]
    fn node<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        let node = self
            .block
            .with(self.number, |event| event.node().map(<[u8]>::to_vec));
        string(py, node.flatten().as_ref())
    }

    /// Type of the first record.
    #[getter]
    fn r#type<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        self.records_of().next().map(|record| kind_of(py, &record))
    }

    /// The records, in the order of the log.
    #[getter]
    fn records<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let mut interpreter =
            (self.reader.interpreter.lock()).unwrap_or_else(PoisonError::into_inner);
        let records = self.records_of().map(|record| {
            let made = LogRecord::of(py, &record, &mut interpreter)?;
            Bound::new(py, made)
        });
        PyList::new(py, records.collect::<PyResult<Vec<_>>>()?)
    }

    /// The lines of the log.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        let lines: Vec<&[u8]> = self.block.lines(self.number).collect();
        text(py, &lines.join(&b'\n'))
    }

    /// The same JSON as that of `tracer search --format json`.
    fn json<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        let mut printer = (self.reader.printer.lock()).unwrap_or_else(PoisonError::into_inner);
        let mut json = Vec::new();
        self.block
            .with(self.number, |event| printer.event(&mut json, event));
        text(py, json.trim_ascii_end())
    }

    /// Name of the system call.
    #[getter]
    fn syscall<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        let said = self.said();
        let arch = said.arch.unwrap_or_else(|| Arch::NATIVE.audit());
        let number = said.syscall?;
        Some(match call_name(arch, number) {
            Some(name) => PyString::intern(py, name),
            None => PyString::new(py, &number.to_string()),
        })
    }

    /// Name of the table of system calls.
    #[getter]
    fn arch(&self) -> Option<&'static str> {
        self.said().arch.and_then(arch_name)
    }

    /// Did it succeed?
    #[getter]
    fn success(&self) -> Option<bool> {
        self.said().success
    }

    /// What the call returned.
    #[getter]
    fn exit(&self) -> Option<i64> {
        self.said().exit
    }

    /// Process id.
    #[getter]
    fn pid(&self) -> Option<u32> {
        self.said().pid
    }

    /// Process id of the parent.
    #[getter]
    fn ppid(&self) -> Option<u32> {
        self.said().ppid
    }

    /// User id.
    #[getter]
    fn uid(&self) -> Option<u32> {
        self.said().uid
    }

    /// Effective user id.
    #[getter]
    fn euid(&self) -> Option<u32> {
        self.said().euid
    }

    /// User id of the login.
    #[getter]
    fn auid(&self) -> Option<u32> {
        self.said().auid
    }

    /// Group id.
    #[getter]
    fn gid(&self) -> Option<u32> {
        self.said().gid
    }

    /// Effective group id.
    #[getter]
    fn egid(&self) -> Option<u32> {
        self.said().egid
    }

    /// Number of the login session.
    #[getter]
    fn session(&self) -> Option<u32> {
        self.said().session
    }

    /// Command name.
    #[getter]
    fn comm<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        string(py, self.said().comm.as_ref())
    }

    /// Program file.
    #[getter]
    fn exe<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        string(py, self.said().exe.as_ref())
    }

    /// Terminal.
    #[getter]
    fn terminal<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        string(py, self.said().terminal.as_ref())
    }

    /// Another machine.
    #[getter]
    fn host<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        string(py, self.said().host.as_ref())
    }

    /// Working directory.
    #[getter]
    fn cwd<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        string(py, self.said().cwd.as_ref())
    }

    /// The first key of a rule.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        string(py, self.said().keys.first())
    }

    /// All keys of rules.
    #[getter]
    fn keys<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyString>> {
        self.said().keys.iter().map(|key| text(py, key)).collect()
    }

    /// Names of files, as they were passed.
    #[getter]
    fn paths<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyString>> {
        self.said()
            .paths
            .iter()
            .map(|path| text(py, path))
            .collect()
    }

    fn __repr__(&self) -> String {
        let kind = self
            .records_of()
            .next()
            .map(|record| record.kind_name.to_vec());
        let kind = String::from_utf8_lossy(&kind.unwrap_or_default()).into_owned();
        let id = self.block.id(self.number);
        format!("<LogEvent {kind} {}.{:03}:{}>", id.sec, id.milli, id.serial)
    }
}

/// A record of an event.
#[pyclass(frozen, get_all, module = "tracer")]
pub(crate) struct LogRecord {
    /// Its type.
    r#type: Py<PyString>,
    /// The values of its fields, by name.
    fields: Py<PyDict>,
    /// What they mean, where that is more.
    means: Py<PyDict>,
    /// The line of the log.
    text: Py<PyString>,
}

impl LogRecord {
    fn of(py: Python<'_>, record: &Record<'_>, interpreter: &mut Interpreter) -> PyResult<Self> {
        let context = Context::of(record);
        let (fields, means) = (PyDict::new(py), PyDict::new(py));
        let (mut value, mut meaning) = (Vec::new(), Vec::new());
        for field in Fields::new(record.body()) {
            let name = text(py, field.name);
            if fields.contains(&name)? {
                continue;
            }
            value.clear();
            meaning.clear();
            interpreter.shown(&context, field.name, field.raw, &mut value, &mut meaning);
            fields.set_item(&name, text(py, &value))?;
            if !meaning.is_empty() {
                means.set_item(&name, text(py, &meaning))?;
            }
        }
        Ok(Self {
            r#type: kind_of(py, record).unbind(),
            fields: fields.unbind(),
            means: means.unbind(),
            text: text(py, record.line).unbind(),
        })
    }
}

#[pymethods]
impl LogRecord {
    fn __repr__(&self, py: Python<'_>) -> String {
        format!("<LogRecord {}>", self.r#type.bind(py))
    }
}
