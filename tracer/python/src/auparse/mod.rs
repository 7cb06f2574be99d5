//! What `auparse`, the binding of libauparse, has: a parser with cursors for events, records and fields.

mod expression;
mod kinds;
mod open;
mod parts;
mod source;
mod state;

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash as _, Hasher as _},
    io,
    sync::Mutex,
    time::{SystemTime, UNIX_EPOCH},
};

use pyo3::{
    exceptions::{PyLookupError, PyOSError, PyRuntimeError, PyTypeError, PyValueError},
    prelude::*,
    sync::MutexExt as _,
    types::PyString,
};
use tracer_logs::{
    query::{clock::Here, interpret::Escape},
    replay::ReplayError,
};
use tracer_model::records::EventId;

use self::{
    expression::Expression,
    open::{FILE, FILE_ARRAY, open},
    source::{Event, name_of},
    state::{How, State, Stop},
};
use crate::{
    convert::{bytes, os_error, text},
    search::replay_error,
};

/// Time, serial number and machine of an event.
#[pyclass(frozen, module = "tracer.compat.auparse")]
pub(crate) struct AuEvent {
    id: EventId,
    node: Option<Vec<u8>>,
}

impl AuEvent {
    fn of(event: &Event) -> Self {
        Self {
            id: event.id,
            node: event.node.clone(),
        }
    }
}

#[pymethods]
impl AuEvent {
    #[getter]
    fn sec(&self) -> u64 {
        self.id.sec
    }

    #[getter]
    fn milli(&self) -> u16 {
        self.id.milli
    }

    #[getter]
    fn serial(&self) -> u64 {
        self.id.serial
    }

    #[getter]
    fn host<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        self.node.as_ref().map(|node| text(py, node))
    }

    fn __richcmp__(&self, other: &Bound<'_, PyAny>, op: pyo3::basic::CompareOp) -> PyResult<bool> {
        let other = other
            .cast::<Self>()
            .map_err(|_| PyTypeError::new_err("an AuEvent can be compared with an AuEvent only"))?;
        Ok(op.matches(self.id.cmp(&other.get().id)))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.id.hash(&mut hasher);
        hasher.finish()
    }

    fn __str__(&self) -> String {
        let EventId { sec, milli, serial } = self.id;
        let mut stamps = tracer_logs::query::clock::Stamps::new(Here::system());
        let time = stamps.format(&format!("%a %b %d %H:%M:%S.{milli} %Y"), sec);
        let host = self.node.as_deref().map(String::from_utf8_lossy);
        let host = host.as_deref().unwrap_or("(null)");
        format!("{time} serial={serial} host={host}")
    }
}

/// What is called for events that are fed.
struct Callback {
    function: Py<PyAny>,
    data: Py<PyAny>,
}

/// A parser of audit records.
#[pyclass(frozen, subclass, module = "tracer.compat.auparse")]
pub(crate) struct AuParser {
    state: Mutex<State>,
    callback: Mutex<Option<Callback>>,
}

impl AuParser {
    /// Does something with the state, which is never kept while Python runs.
    fn with<T>(&self, py: Python<'_>, make: impl FnOnce(&mut State) -> T) -> T {
        let state = self.state.lock_py_attached(py);
        make(&mut state.unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// The same for what reads, which may wait for a pipe; a signal is heard in between.
    fn reading(
        &self,
        py: Python<'_>,
        read: impl Fn(&mut State) -> Result<bool, ReplayError> + Send + Sync,
    ) -> PyResult<bool> {
        loop {
            let done = py.detach(|| {
                let state = self.state.lock();
                read(&mut state.unwrap_or_else(std::sync::PoisonError::into_inner))
            });
            match done {
                Err(ReplayError::Output(error)) if error.kind() == io::ErrorKind::Interrupted => {
                    py.check_signals()?;
                }
                done => return done.map_err(|error| replay_error(&error)),
            }
        }
    }

    /// Calls back for each event that is whole.
    fn tell(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        while this
            .with(py, State::next_event)
            .map_err(|error| replay_error(&error))?
        {
            let function = {
                let callback = this.callback.lock_py_attached(py);
                let callback = callback.unwrap_or_else(std::sync::PoisonError::into_inner);
                callback
                    .as_ref()
                    .map(|to| (to.function.clone_ref(py), to.data.clone_ref(py)))
            };
            if let Some((function, data)) = function {
                function.call1(py, (slf, EVENT_READY, data))?;
            }
        }
        Ok(())
    }

    fn add(&self, py: Python<'_>, added: Option<Expression>, how: i32) -> PyResult<()> {
        let how = match how {
            0 => How::Clear,
            1 => How::Or,
            2 => How::And,
            _ => return Err(invalid("how must be AUSEARCH_RULE_CLEAR, _OR or _AND")),
        };
        let added = added.ok_or_else(|| invalid("no such operator, or milliseconds over 999"))?;
        self.with(py, |state| state.add(added, how));
        Ok(())
    }

    /// A part of a socket address.
    fn socket(&self, py: Python<'_>, part: &str) -> PyResult<Py<PyString>> {
        let found = self.with(py, |state| {
            let (name, raw) = state.field()?;
            (kinds::number(state.record()?.kind, name, raw) == 9).then_some(())?;
            let meaning = state.meaning()?;
            let at = meaning
                .windows(part.len())
                .position(|text| text == part.as_bytes())?;
            let value = &meaning[at + part.len()..];
            let end = value.iter().position(|byte| *byte == b' ')?;
            Some(value[..end].to_vec())
        });
        value(py, found, "'interpretation' is NULL")
    }
}

/// `AUPARSE_CB_EVENT_READY`.
const EVENT_READY: i32 = 0;

/// A value that has to be there.
fn value(py: Python<'_>, found: Option<Vec<u8>>, missing: &'static str) -> PyResult<Py<PyString>> {
    let found = found.ok_or_else(|| PyRuntimeError::new_err(missing))?;
    Ok(text(py, &found).unbind())
}

fn invalid(what: &str) -> PyErr {
    PyOSError::new_err((libc::EINVAL, format!("Invalid argument: {what}")))
}

#[pymethods]
impl AuParser {
    #[new]
    #[pyo3(signature = (source_type=-1, source=None))]
    fn new(source_type: i32, source: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let lines = open(source_type, source)?;
        let has_names = matches!(source_type, FILE | FILE_ARRAY);
        Ok(Self {
            state: Mutex::new(State::of(lines, has_names)),
            callback: Mutex::new(None),
        })
    }

    fn feed(slf: &Bound<'_, Self>, data: &Bound<'_, PyAny>) -> PyResult<()> {
        let data = bytes("data", data)?;
        slf.get().with(slf.py(), |state| state.lines.feed(&data));
        Self::tell(slf)
    }

    fn flush_feed(slf: &Bound<'_, Self>) -> PyResult<()> {
        Self::tell(slf)?;
        slf.get()
            .with(slf.py(), |state| state.lines.assembler.finish());
        Self::tell(slf)
    }

    fn feed_has_data(&self, py: Python<'_>) -> bool {
        self.with(py, |state| state.lines.assembler.has_data())
    }

    fn feed_age_events(slf: &Bound<'_, Self>) -> PyResult<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_secs());
        slf.get().with(slf.py(), |state| {
            state.lines.assembler.age(now, state.timeout);
        });
        Self::tell(slf)
    }

    #[pyo3(signature = (func, user_data=None))]
    fn add_callback(
        &self,
        py: Python<'_>,
        func: &Bound<'_, PyAny>,
        user_data: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        if !func.is_callable() {
            return Err(PyValueError::new_err("callback must be a function"));
        }
        let callback = Callback {
            function: func.clone().unbind(),
            data: user_data.unwrap_or_else(|| py.None()),
        };
        let place = self.callback.lock_py_attached(py);
        let mut place = place.unwrap_or_else(std::sync::PoisonError::into_inner);
        let before = place.replace(callback);
        drop(place);
        drop(before);
        Ok(())
    }

    fn set_escape_mode(&self, py: Python<'_>, mode: i32) -> PyResult<()> {
        let escape = match mode {
            0 => Escape::Raw,
            1 => Escape::Tty,
            2 => Escape::Shell,
            3 => Escape::ShellQuote,
            _ => {
                return Err(PyValueError::new_err(format!(
                    "{mode} is no AUPARSE_ESC_..."
                )));
            }
        };
        self.with(py, |state| state.escape(escape));
        Ok(())
    }

    fn set_eoe_timeout(&self, py: Python<'_>, tmo: u32) {
        if tmo > 0 {
            self.with(py, |state| state.timeout = tmo.into());
        }
    }

    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        let rewound = self.with(py, State::rewind);
        rewound.map_err(|error| os_error(&error, error.to_string()))
    }

    fn search_add_expression(&self, py: Python<'_>, expression: &str, how: i32) -> PyResult<()> {
        let added = Expression::parse(expression).map_err(PyOSError::new_err)?;
        self.add(py, Some(added), how)
    }

    fn search_add_item(
        &self,
        py: Python<'_>,
        field: &str,
        op: &str,
        value: &str,
        how: i32,
    ) -> PyResult<()> {
        self.add(py, item(Expression::Raw, field, op, value), how)
    }

    fn search_add_interpreted_item(
        &self,
        py: Python<'_>,
        field: &str,
        op: &str,
        value: &str,
        how: i32,
    ) -> PyResult<()> {
        self.add(py, item(Expression::Means, field, op, value), how)
    }

    fn search_add_timestamp_item(
        &self,
        py: Python<'_>,
        op: &str,
        sec: u64,
        milli: u16,
        how: i32,
    ) -> PyResult<()> {
        self.search_add_timestamp_item_ex(py, op, sec, milli, 0, how)
    }

    fn search_add_timestamp_item_ex(
        &self,
        py: Python<'_>,
        op: &str,
        sec: u64,
        milli: u16,
        serial: u64,
        how: i32,
    ) -> PyResult<()> {
        let id = EventId { sec, milli, serial };
        self.add(py, Expression::time(op, id, true), how)
    }

    fn search_add_regex(&self, py: Python<'_>, regexp: &str) -> PyResult<()> {
        let regex = regex::bytes::Regex::new(regexp);
        let regex = regex.map_err(|error| PyOSError::new_err(error.to_string()))?;
        self.add(py, Some(Expression::Regex(regex)), 2)
    }

    fn search_set_stop(&self, py: Python<'_>, r#where: i32) -> PyResult<()> {
        let stop = match r#where {
            0 => Stop::Event,
            1 => Stop::Record,
            2 => Stop::Field,
            _ => return Err(PyValueError::new_err("where must be an AUSEARCH_STOP_...")),
        };
        self.with(py, |state| state.stop = stop);
        Ok(())
    }

    fn search_clear(&self, py: Python<'_>) {
        self.with(py, State::clear);
    }

    fn search_next_event(&self, py: Python<'_>) -> PyResult<bool> {
        if !self.with(py, |state| state.has_expression()) {
            return Err(invalid("there is no condition to search with"));
        }
        self.reading(py, State::search)
    }

    fn parse_next_event(&self, py: Python<'_>) -> PyResult<bool> {
        self.reading(py, State::next_event)
    }

    fn get_timestamp(&self, py: Python<'_>) -> Option<AuEvent> {
        self.with(py, |state| state.event().map(AuEvent::of))
    }

    fn get_num_records(&self, py: Python<'_>) -> PyResult<usize> {
        let count = self.with(py, |state| state.event().map(|event| event.records.len()));
        count.ok_or_else(|| PyRuntimeError::new_err("No records"))
    }

    fn first_record(&self, py: Python<'_>) -> PyResult<bool> {
        self.reading(py, State::first_record)
    }

    fn next_record(&self, py: Python<'_>) -> PyResult<bool> {
        self.reading(py, State::next_record)
    }

    fn goto_record_num(&self, py: Python<'_>, num: usize) -> bool {
        self.with(py, |state| state.go_to_record(num))
    }

    fn get_type(&self, py: Python<'_>) -> PyResult<u16> {
        let number = self.with(py, |state| state.record().map(|record| record.kind.0));
        let number = number.filter(|number| *number > 0);
        number.ok_or_else(|| PyLookupError::new_err("Not found"))
    }

    fn get_type_name(&self, py: Python<'_>) -> PyResult<&'static str> {
        let name = self.with(py, |state| state.record()?.kind.name());
        name.ok_or_else(|| PyLookupError::new_err("Not found"))
    }

    fn get_line_number(&self, py: Python<'_>) -> PyResult<u32> {
        let number = self.with(py, |state| state.record().map(|record| record.number));
        number.ok_or_else(|| PyRuntimeError::new_err("No line number"))
    }

    fn get_filename<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        let name = self.with(py, |state| {
            let file = state.record().filter(|_| state.has_names)?.file;
            state.lines.names().into_iter().nth(file)
        });
        name.map(|name| text(py, name_of(&name)))
    }

    fn first_field(&self, py: Python<'_>) -> bool {
        self.with(py, State::first_field)
    }

    fn next_field(&self, py: Python<'_>) -> bool {
        self.with(py, State::next_field)
    }

    fn get_num_fields(&self, py: Python<'_>) -> PyResult<usize> {
        let count = self.with(py, |state| state.record().map(|record| record.parts.len()));
        count
            .filter(|count| *count > 0)
            .ok_or_else(|| PyOSError::new_err("there is no record"))
    }

    fn get_record_text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        let line = self.with(py, |state| {
            let line = &state.record()?.line;
            let end = line
                .iter()
                .position(|byte| *byte == tracer_model::records::SEPARATOR);
            Some(line[..end.unwrap_or(line.len())].to_vec())
        });
        let line = line.ok_or_else(|| PyOSError::new_err("there is no record"))?;
        Ok(text(py, &line))
    }

    fn find_field<'py>(
        &self,
        py: Python<'py>,
        name: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyString>>> {
        let name = bytes("name", name)?;
        let found = self.with(py, |state| state.find_field(&name));
        Ok(found.map(|found| text(py, &found)))
    }

    fn find_field_next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        if !self.with(py, |state| state.has_wanted()) {
            return Err(invalid("find_field() says which field"));
        }
        let found = self.with(py, State::find_field_next);
        Ok(found.map(|found| text(py, &found)))
    }

    fn get_field_name(&self, py: Python<'_>) -> PyResult<Py<PyString>> {
        let name = self.with(py, |state| state.field().map(|(name, _)| name.to_vec()));
        value(py, name, "'field name' is NULL")
    }

    fn get_field_str(&self, py: Python<'_>) -> PyResult<Py<PyString>> {
        let raw = self.with(py, |state| state.field().map(|(_, raw)| raw.to_vec()));
        value(py, raw, "'field str' is NULL")
    }

    fn get_field_type(&self, py: Python<'_>) -> i32 {
        self.with(py, |state| {
            let (Some(record), Some((name, raw))) = (state.record(), state.field()) else {
                return 0;
            };
            kinds::number(record.kind, name, raw)
        })
    }

    fn get_field_int(&self, py: Python<'_>) -> PyResult<i32> {
        let number = self.with(py, |state| {
            state.field().map(|(_, raw)| expression::integer(raw))
        });
        match number {
            Some((number, false)) => Ok(number as i32),
            Some((_, true)) => Err(PyOSError::new_err((
                libc::ERANGE,
                "Numerical result out of range",
            ))),
            None => Err(PyOSError::new_err((libc::ENODATA, "No data available"))),
        }
    }

    fn interpret_field(&self, py: Python<'_>) -> PyResult<Py<PyString>> {
        value(
            py,
            self.with(py, State::meaning),
            "'interpretation' is NULL",
        )
    }

    fn interpret_realpath(&self, py: Python<'_>) -> PyResult<Py<PyString>> {
        value(
            py,
            self.with(py, State::real_path),
            "'interpretation' is NULL",
        )
    }

    fn interpret_sock_family(&self, py: Python<'_>) -> PyResult<Py<PyString>> {
        self.socket(py, "fam=")
    }

    fn interpret_sock_port(&self, py: Python<'_>) -> PyResult<Py<PyString>> {
        self.socket(py, "lport=")
    }

    fn interpret_sock_address(&self, py: Python<'_>) -> PyResult<Py<PyString>> {
        self.socket(py, "laddr=")
    }
}

/// A condition of one field.
fn item(
    make: impl Fn(Vec<u8>, bool, Vec<u8>) -> Expression,
    field: &str,
    op: &str,
    value: &str,
) -> Option<Expression> {
    let (field, value) = (field.as_bytes().to_vec(), value.as_bytes().to_vec());
    match op {
        "exists" => Some(Expression::Exists(field)),
        "=" => Some(make(field, true, value)),
        "!=" => Some(make(field, false, value)),
        _ => None,
    }
}
