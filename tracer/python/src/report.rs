//! `tracer.report`: how often what is in a log.

use std::{ops::ControlFlow, sync::atomic::AtomicU64};

use pyo3::{exceptions::PyValueError, prelude::*, types::PyString};
use tracer::enrich::users;
use tracer_logs::{
    query::{
        clock::{End, Here},
        interpret::Readable,
        report::{Selection, Subject, Tally, TallyWorker},
    },
    replay::{Plan, ReplayError, Window, scan},
};

use crate::{
    convert::text,
    search::{moment, open, replay_error},
};

/// What can be counted, by its name.
const SUBJECTS: [(&str, Subject); 11] = [
    ("file", Subject::File),
    ("host", Subject::Host),
    ("pid", Subject::Pid),
    ("syscall", Subject::Syscall),
    ("terminal", Subject::Terminal),
    ("user", Subject::User),
    ("exe", Subject::Executable),
    ("comm", Subject::Command),
    ("key", Subject::Key),
    ("event", Subject::Event),
    ("anomaly", Subject::Anomaly),
];

/// Counts what is in an audit log: (value, how often), the most frequent first.
#[pyfunction]
#[pyo3(signature = (log, by, *, success=None, start=None, end=None, threads=1))]
pub(crate) fn report<'py>(
    py: Python<'py>,
    log: &Bound<'py, PyAny>,
    by: &str,
    success: Option<bool>,
    start: Option<&Bound<'py, PyAny>>,
    end: Option<&Bound<'py, PyAny>>,
    threads: usize,
) -> PyResult<Vec<(Bound<'py, PyString>, u64)>> {
    let subject = SUBJECTS.iter().find(|(name, _)| *name == by);
    let (_, subject) = subject.ok_or_else(|| {
        let names = SUBJECTS.map(|(name, _)| name).join(", ");
        PyValueError::new_err(format!("`{by}` cannot be counted: give one of {names}"))
    })?;
    let here = Here::system();
    let window = Window {
        start: moment("start", start, End::Start, &here)?.unwrap_or(Window::ALL.start),
        end: moment("end", end, End::End, &here)?.unwrap_or(Window::ALL.end),
    };
    let input = open(py, log)?;
    let selection = Selection {
        success,
        ..Selection::default()
    };
    let how = Readable::of(users::of_system());
    let counted = py.detach(|| {
        let plan = Plan {
            window,
            threads: threads.max(1),
            ..Plan::whole(&input)
        };
        let worker = || TallyWorker::new(*subject, &selection, true, &how);
        let outcome = scan(&input, &plan, &AtomicU64::new(0), worker, |()| {
            Ok(ControlFlow::Continue(()))
        })?;
        let mut all = Tally::default();
        for worker in outcome.workers {
            all.append(worker.tally);
        }
        Ok::<_, ReplayError>(all)
    });
    let counted = counted.map_err(|error| replay_error(&error))?;
    let rows = counted.sorted().into_iter();
    Ok(rows.map(|(count, what)| (text(py, what), count)).collect())
}
