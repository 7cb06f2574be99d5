//! How a sync is shown: lines for a person with a status line below them, or JSON.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    convert::Infallible,
    io::{ErrorKind, IsTerminal, Write},
    time::{Duration, Instant},
};

use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::super::live::one_line;
use crate::{
    sync::{Job, Progress, Report, Reporter, Size, Stats, SyncError},
    words::counted,
};

/// How often the status line is drawn anew.
const FRESH: Duration = Duration::from_millis(500);

/// What a destination is doing.
#[derive(Clone, Debug)]
enum State {
    Equal,
    Waiting(usize),
    Running(Size, Option<Progress>),
    Retry(Instant, usize),
    Ended,
}

/// Shows reports.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about the output"
)]
pub(super) struct Show {
    json: bool,
    quiet: bool,
    many: bool,
    /// Standard error is a terminal for a status line.
    status: bool,
    states: RefCell<BTreeMap<(String, String), State>>,
    /// There is a status line on the screen.
    drawn: Cell<bool>,
    /// When a record of progress was printed.
    last_progress: Cell<Option<Instant>>,
    /// Nobody reads standard output any more.
    closed: Notify,
    /// Standard output took nothing the last time, which was said.
    refused: Cell<bool>,
}

impl Show {
    pub(super) fn new(json: bool, quiet: bool, many: bool) -> Self {
        Self {
            json,
            quiet,
            many,
            status: !json && !quiet && std::io::stderr().is_terminal(),
            states: RefCell::default(),
            drawn: Cell::new(false),
            last_progress: Cell::new(None),
            closed: Notify::new(),
            refused: Cell::new(false),
        }
    }

    /// The watch is at work.
    pub(super) fn ready(&self, job: &Job, how: &str) {
        let dests: Vec<_> = job.dests.iter().map(ToString::to_string).collect();
        self.record(&job.name, None, "ready", &json!({ "backend": how }));
        self.note(&format!(
            "ready: {}watching {} ({how}), keeping equal: {}",
            self.prefix(&job.name),
            job.source.display(),
            dests.join(", ")
        ));
    }

    /// A job has ended, for this reason.
    pub(super) fn ended(&self, job: &str, error: &SyncError) {
        let text = error.to_string();
        self.record(job, None, "ended", &json!({ "reason": text }));
        self.complain(&format!("{}{text}", self.prefix(job)));
    }

    /// Something that is good to know.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    fn complain(&self, text: &str) {
        self.clear();
        errln!("tracer: {}", one_line(text));
        self.draw();
    }

    /// A line on standard output.
    fn line(&self, text: &str) {
        if !self.quiet && !self.json {
            self.clear();
            let time = Zoned::now().strftime("%H:%M:%S");
            self.print(&format!("{time} {}\n", one_line(text)));
            self.draw();
        }
    }

    /// Writes to standard output. Whoever closes the pipe has seen enough; for a disk that is full
    /// the copies are not stopped.
    fn print(&self, text: &str) {
        let mut out = std::io::stdout();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => self.refused.set(false),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.closed.notify_one(),
            Err(error) => {
                if !self.refused.replace(true) {
                    let text = format!("cannot write to standard output: {error}; syncing goes on");
                    self.complain(&text);
                }
            }
        }
    }

    /// Waits until nobody reads standard output any more.
    pub(super) async fn closed(&self) {
        self.closed.notified().await;
    }

    fn prefix(&self, job: &str) -> String {
        if self.many {
            format!("{job}: ")
        } else {
            String::new()
        }
    }

    /// One JSON object.
    fn record(&self, job: &str, dest: Option<&str>, event: &str, more: &Value) {
        if !self.json {
            return;
        }
        let mut record = json!({
            "type": "sync",
            "time": Timestamp::now().to_string(),
            "job": job,
            "destination": dest,
            "event": event,
        });
        if let (Some(record), Some(more)) = (record.as_object_mut(), more.as_object()) {
            record.extend(more.clone());
        }
        self.print(&format!("{record}\n"));
    }

    /// Draws the status line again and again.
    pub(super) async fn keep_fresh(&self) -> Infallible {
        loop {
            tokio::time::sleep(FRESH).await;
            self.draw();
        }
    }

    fn clear(&self) {
        if self.drawn.replace(false) {
            err!("\r\x1b[K");
        }
    }

    fn draw(&self) {
        if !self.status {
            return;
        }
        let states = self.states.borrow();
        let parts: Vec<_> = states
            .iter()
            .map(|((job, dest), state)| format!("{}{dest}: {}", self.prefix(job), state.text()))
            .collect();
        let width = rustix::termios::tcgetwinsize(std::io::stderr()).map_or(80, |size| size.ws_col);
        let text: String = one_line(&parts.join(" | "))
            .chars()
            .take(usize::from(width).saturating_sub(1))
            .collect();
        err!("\r\x1b[K{text}");
        self.drawn.set(true);
    }

    fn set(&self, job: &str, dest: &str, state: State) {
        self.states
            .borrow_mut()
            .insert((job.to_owned(), dest.to_owned()), state);
        self.draw();
    }
}

impl Drop for Show {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Reporter for Show {
    fn report(&self, job: &str, dest: &str, report: &Report<'_>) {
        let place = format!("{}{dest}", self.prefix(job));
        match report {
            Report::LeftOver(size) => {
                self.record(job, Some(dest), "left-over", &size_json(*size));
                self.note(&format!(
                    "{place}: {} left over from the last run",
                    size_text(*size)
                ));
            }
            Report::Started(size) => {
                self.record(job, Some(dest), "started", &size_json(*size));
                self.set(job, dest, State::Running(*size, None));
            }
            Report::Progress(size, progress) => {
                let due = self
                    .last_progress
                    .get()
                    .is_none_or(|at| at.elapsed() >= FRESH);
                if due {
                    self.last_progress.set(Some(Instant::now()));
                    let more = json!({ "bytes": progress.bytes, "percent": progress.percent });
                    self.record(job, Some(dest), "progress", &more);
                    self.set(job, dest, State::Running(*size, Some(*progress)));
                }
            }
            Report::Done {
                size,
                stats,
                took,
                names,
            } => {
                let more = merged(
                    size_json(*size),
                    json!({ "duration_ms": took.as_millis() as u64 }),
                    serde_json::to_value(stats).unwrap_or_default(),
                );
                self.record(job, Some(dest), "done", &more);
                self.line(&done_text(&place, *size, *stats, *took, names));
            }
            Report::Failed { .. } => self.failed(job, dest, &place, report),
            Report::Idle => self.set(job, dest, State::Equal),
            Report::Waiting(paths) => {
                let mut states = self.states.borrow_mut();
                let state = states.get_mut(&(job.to_owned(), dest.to_owned()));
                match state {
                    Some(State::Retry(_, waiting)) => *waiting = *paths,
                    Some(state) => *state = State::Waiting(*paths),
                    None => {}
                }
            }
            Report::Ended(left) => {
                self.record(job, Some(dest), "given-up", &json!({ "queued": left }));
                self.complain(&format!(
                    "{place}: given up; left in the queue: {}",
                    paths_text(*left)
                ));
                self.set(job, dest, State::Ended);
            }
            Report::Warning(text) => self.complain(&format!("{place}: {text}")),
        }
    }

    fn warn(&self, job: &str, text: &str) {
        self.record(job, None, "warning", &json!({ "reason": text }));
        self.note(&format!("{}{text}", self.prefix(job)));
    }
}

impl Show {
    fn failed(&self, job: &str, dest: &str, place: &str, report: &Report<'_>) {
        let Report::Failed {
            size,
            code,
            why,
            complaints,
            partial,
            retry_in,
            again,
        } = report
        else {
            return;
        };
        let more = merged(
            size_json(*size),
            json!({
                "exit_code": code,
                "reason": why,
                "messages": complaints,
                "partial": partial,
                "retry_in_ms": retry_in.map(|pause| pause.as_millis() as u64),
            }),
            Value::Null,
        );
        self.record(job, Some(dest), "failed", &more);
        if !again {
            let code = code.map_or(String::new(), |code| format!(", code {code}"));
            let what = if *partial {
                "rsync left something out"
            } else {
                "rsync failed"
            };
            let said = complaints
                .first()
                .map_or(String::new(), |line| format!(": {line}"));
            let more = match complaints.len() {
                0 | 1 => String::new(),
                n => format!(" (and {})", counted(n as u64 - 1, "more line")),
            };
            let then = retry_in.map_or(String::new(), |pause| format!("; again in {pause:?}"));
            self.complain(&format!("{place}: {what}{code}: {why}{said}{more}{then}"));
        }
        if let Some(pause) = retry_in {
            self.set(job, dest, State::Retry(Instant::now() + *pause, 0));
        }
    }
}

impl State {
    fn text(&self) -> String {
        match self {
            Self::Equal => "equal".to_owned(),
            Self::Waiting(paths) => format!("{} changed", paths_text(*paths)),
            Self::Running(size, None) => format!("{}, running", size_text(*size)),
            Self::Running(size, Some(progress)) => format!(
                "{}, {}% {}",
                size_text(*size),
                progress.percent,
                bytes_text(progress.bytes)
            ),
            Self::Retry(at, paths) => format!(
                "failed, again in {} s, waiting: {}",
                at.saturating_duration_since(Instant::now()).as_secs(),
                paths_text(*paths)
            ),
            Self::Ended => "given up".to_owned(),
        }
    }
}

fn merged(mut one: Value, other: Value, third: Value) -> Value {
    if let Some(all) = one.as_object_mut() {
        for more in [other, third] {
            if let Value::Object(more) = more {
                all.extend(more);
            }
        }
    }
    one
}

fn size_json(size: Size) -> Value {
    match size {
        Size::Full(paths) => json!({ "run": "full", "paths": paths }),
        Size::Paths(paths) => json!({ "run": "batch", "paths": paths }),
    }
}

fn size_text(size: Size) -> String {
    match size {
        Size::Full(_) => "whole tree".to_owned(),
        Size::Paths(n) => paths_text(n),
    }
}

fn paths_text(n: usize) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} path{s}")
}

/// A size as a person reads it.
fn bytes_text(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (1_000_000_000_000, "TB"),
        (1_000_000_000, "GB"),
        (1_000_000, "MB"),
        (1_000, "kB"),
    ];
    UNITS.iter().find(|(size, _)| bytes >= *size).map_or_else(
        || format!("{bytes} B"),
        |(size, unit)| format!("{}.{} {unit}", bytes / size, bytes % size * 10 / size),
    )
}

fn done_text(place: &str, size: Size, stats: Stats, took: Duration, names: &[Vec<u8>]) -> String {
    let shown: Vec<_> = names
        .iter()
        .take(3)
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    let names = match (size, names.len()) {
        (Size::Full(_), _) | (_, 0) => String::new(),
        (_, n) if n > shown.len() => format!(" ({}, ...)", shown.join(", ")),
        _ => format!(" ({})", shown.join(", ")),
    };
    let took = if took < Duration::from_secs(1) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    };
    format!(
        "{place}: {}{names}: {} copied ({}), {} deleted, {took}",
        size_text(size),
        stats.transferred,
        bytes_text(stats.bytes),
        stats.deleted
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (bytes, wanted) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (2_500_000, "2.5 MB"),
        ] {
            assert_eq!(bytes_text(bytes), wanted);
        }
        let stats = Stats {
            transferred: 2,
            bytes: 10,
            deleted: 1,
            ..Stats::default()
        };
        let names = [b"a".to_vec(), b"b\xff".to_vec()];
        assert_eq!(
            done_text(
                "/d",
                Size::Paths(2),
                stats,
                Duration::from_millis(40),
                &names
            ),
            "/d: 2 paths (a, b\u{fffd}): 2 copied (10 B), 1 deleted, 40 ms"
        );
    }
}
