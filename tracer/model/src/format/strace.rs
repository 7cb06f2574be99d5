//! One line a call, in the notation of strace(1): `openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3`.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use tracer_ebpf::abi::wire::Door;

use super::{
    Dump, Format,
    call_info::CallInfo,
    names,
    number::{dec, hex},
    siginfo,
    stamp::{self, Precision, Stamps, Times},
};
use crate::{
    calls::Arch,
    decode::{self, Options},
    event::{Event, Exit, Item, Loss, Tid},
};

/// How a line is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// `-a`: column of the `=` before the result.
    pub column: usize,
    /// `-n`: the number of each call stands before it.
    pub numbers: bool,
    /// `-qq`: how tasks ended is left out.
    pub hides_exits: bool,
    /// Every line says which task it is about.
    pub shows_pid: bool,
    /// Buffers that are shown whole.
    pub dump: Dump,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            column: 40,
            numbers: false,
            hides_exits: false,
            shows_pid: false,
            dump: Dump::default(),
        }
    }
}

/// Lines for people who know strace.
#[derive(Debug)]
pub struct Strace {
    options: Options,
    colour: bool,
    /// How a line says which task it is about.
    prefix: Prefix,
    stamps: Stamps,
    durations: bool,
    lines: Lines,
    /// The last call of each task, by number, where these are shown.
    last: HashMap<Tid, u32>,
    /// How finely durations are told.
    precision: Precision,
    /// Tasks that are traced at this moment, as far as they have shown themselves.
    tasks: HashSet<Tid>,
    /// The first that was told of.
    first: Option<Tid>,
}

/// How a line says which task it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// `[pid 1234] `, while there is more than one, and for every one but the first.
    WhereSeveral,
    /// `1234  ` on every line: in a file, with descendants.
    Always,
    /// Never: there is a file per task.
    Never,
}

const RED: &[u8] = b"\x1b[31m";
const BOLD: &[u8] = b"\x1b[1m";
const RESET: &[u8] = b"\x1b[0m";

impl Strace {
    /// Lines with arguments shown as `options` say; `colour` uses the terminal's own colours.
    pub fn new(options: Options, prefix: Prefix, colour: bool) -> Self {
        Self {
            options,
            colour,
            prefix,
            stamps: Stamps::new(Times::default(), TimeZone::UTC),
            durations: false,
            lines: Lines::default(),
            last: HashMap::new(),
            precision: Precision::default(),
            tasks: HashSet::new(),
            first: None,
        }
    }

    /// The same lines with times, in the local time zone.
    #[must_use]
    pub fn with_times(mut self, times: Times) -> Self {
        self.stamps = Stamps::new(times, TimeZone::system());
        self.durations = times.durations;
        self.precision = times.duration_precision;
        self
    }

    /// The same lines, laid out so.
    #[must_use]
    pub fn with_lines(mut self, lines: Lines) -> Self {
        self.lines = lines;
        self
    }

    fn event(&mut self, out: &mut Vec<u8>, event: &Event) {
        if let (Some(exit), true) = (event.exit, self.lines.hides_exits) {
            if let Some((name, status)) = exit.called {
                self.begin(out, event);
                self.never_returns(out, name, status);
            }
            self.count(event);
            return;
        }
        self.begin(out, event);
        if let Some(exit) = event.exit {
            if let Some((name, status)) = exit.called {
                self.never_returns(out, name, status);
                self.begin(out, event);
            }
            write_exit(out, exit);
        } else if event.call.is_some() {
            self.call(out, event);
        } else if let Some(signal) = &event.signal {
            out.extend_from_slice(b"--- ");
            names::signal(out, signal.number.into());
            out.push(b' ');
            siginfo::write(out, signal);
            out.extend_from_slice(b" ---");
        } else {
            // No source that this format is offered for yields it, but an event is never
            // swallowed.
            out.extend_from_slice(event.op.as_str().as_bytes());
        }
        out.push(b'\n');
        self.lines.dump.write(out, event);
        self.count(event);
    }

    /// What stands before the call.
    fn begin(&mut self, out: &mut Vec<u8>, event: &Event) {
        let Some(tid) = event.actor.as_ref().ok().and_then(|actor| actor.tid) else {
            return;
        };
        self.tasks.insert(tid);
        let first = *self.first.get_or_insert(tid);
        match self.prefix {
            Prefix::WhereSeveral
                if self.tasks.len() > 1 || tid != first || self.lines.shows_pid =>
            {
                let start = out.len() + b"[pid ".len();
                out.extend_from_slice(b"[pid ");
                self.task(out, event, tid);
                let pad = 5usize.saturating_sub(out.len() - start);
                out.splice(start..start, std::iter::repeat_n(b' ', pad));
                out.extend_from_slice(b"] ");
            }
            Prefix::Always => {
                let start = out.len();
                self.task(out, event, tid);
                let pad = 5usize.saturating_sub(out.len() - start);
                out.extend(std::iter::repeat_n(b' ', pad));
                out.push(b' ');
            }
            Prefix::WhereSeveral | Prefix::Never => {}
        }
        let took = event.timing.map_or(0, |timing| timing.duration_ns);
        self.stamps
            .write(out, event.time.wall_ns.saturating_sub(took));
        if self.lines.numbers {
            self.number(out, event, tid);
        }
    }

    /// The id of a task, with its name where that is asked for.
    fn task(&self, out: &mut Vec<u8>, event: &Event, tid: Tid) {
        dec(out, tid.0);
        let actor = event.actor.as_ref().ok();
        if self.options.processes.names.is_some()
            && let Some(Ok(comm)) = actor.map(|actor| &actor.comm)
        {
            out.push(b'<');
            names::escaped_in_angles(out, comm);
            out.push(b'>');
        }
    }

    /// `[ 257] `: the number of the call; of what is no call, that of the task's last one.
    fn number(&mut self, out: &mut Vec<u8>, event: &Event, tid: Tid) {
        let called = event.exit.and_then(|exit| exit.called);
        let called = called.and_then(|(name, _)| Arch::from_door(Door::Native).number(name));
        let number = event.call.as_ref().map(|call| call.nr).or(called);
        let number = match number {
            Some(number) => {
                self.last.insert(tid, number);
                Some(number)
            }
            None => self.last.get(&tid).copied(),
        };
        out.push(b'[');
        let start = out.len();
        match number {
            Some(number) => dec(out, number),
            None => out.push(b'?'),
        }
        let pad = 4usize.saturating_sub(out.len() - start);
        out.splice(start..start, std::iter::repeat_n(b' ', pad));
        out.extend_from_slice(b"] ");
    }

    fn call(&mut self, out: &mut Vec<u8>, event: &Event) {
        let name = event.call.as_ref().map(CallInfo::of);
        self.coloured(out, BOLD, |out| {
            out.extend_from_slice(name.as_ref().map_or("?", |info| &info.name).as_bytes());
        });
        out.push(b'(');
        decode::write_arguments(out, event, &self.options);
        if event
            .call
            .as_ref()
            .is_some_and(|call| call.unfinished.is_some_and(|why| !why.is_over()))
        {
            out.extend_from_slice(b" <unfinished ...>");
            self.duration(out, event);
            return;
        }
        out.push(b')');
        self.pad(out);
        out.extend_from_slice(b" = ");
        let failed = event.success() == Some(false);
        self.coloured(out, if failed { RED } else { b"" }, |out| {
            decode::write_result(out, event, &self.options);
        });
        if event.call.as_ref().is_some_and(|c| c.arch == Arch::Uring) {
            out.extend_from_slice(b" (io_uring)");
        }
        self.duration(out, event);
    }

    /// ` <0.000012>`.
    fn duration(&self, out: &mut Vec<u8>, event: &Event) {
        if let Some(timing) = event.timing.filter(|_| self.durations) {
            out.push(b' ');
            stamp::duration(out, timing.duration_ns, self.precision);
        }
    }

    /// `exit_group(0) = ?`
    fn never_returns(&self, out: &mut Vec<u8>, name: &str, status: i32) {
        self.coloured(out, BOLD, |out| out.extend_from_slice(name.as_bytes()));
        out.push(b'(');
        let raw = self.options.by_call.raw.as_ref();
        if status != 0 && raw.is_some_and(|calls| calls.contains(Some(name))) {
            out.extend_from_slice(b"0x");
            hex(out, u64::from(status as u32));
        } else {
            dec(out, status);
        }
        out.push(b')');
        self.pad(out);
        out.extend_from_slice(b" = ?\n");
    }

    /// Spaces up to the column of the result. As with strace, what stands before the call counts.
    fn pad(&self, out: &mut Vec<u8>) {
        let start = memchr::memrchr(b'\n', out).map_or(0, |end| end + 1);
        let escapes = if self.colour {
            BOLD.len() + RESET.len()
        } else {
            0
        };
        let width = out.len() - start - escapes;
        let pad = self.lines.column.saturating_sub(width + 1);
        out.extend(std::iter::repeat_n(b' ', pad));
    }

    fn coloured(&self, out: &mut Vec<u8>, colour: &[u8], write: impl FnOnce(&mut Vec<u8>)) {
        let on = self.colour && !colour.is_empty();
        if on {
            out.extend_from_slice(colour);
        }
        write(out);
        if on {
            out.extend_from_slice(RESET);
        }
    }

    /// Keeps [`Strace::tasks`].
    fn count(&mut self, event: &Event) {
        let Ok(actor) = &event.actor else {
            return;
        };
        if event.exit.is_some()
            && let Some(tid) = actor.tid
        {
            self.tasks.remove(&tid);
            self.last.remove(&tid);
        }
    }
}

impl Format for Strace {
    fn item(&mut self, out: &mut Vec<u8>, item: &Item) {
        out.reserve(256);
        match item {
            Item::Event(event) => self.event(out, event),
            Item::Loss(loss) => write_loss(out, loss),
        }
    }
}

/// `+++ exited with 0 +++`, `+++ killed by SIGKILL (core dumped) +++`.
fn write_exit(out: &mut Vec<u8>, exit: Exit) {
    match exit.signal {
        None => {
            out.extend_from_slice(b"+++ exited with ");
            dec(out, exit.status.unwrap_or(0));
        }
        Some(signal) => {
            out.extend_from_slice(b"+++ killed by ");
            names::signal(out, signal.into());
            if exit.core {
                out.extend_from_slice(b" (core dumped)");
            }
        }
    }
    out.extend_from_slice(b" +++");
}

/// `--- lost 12 events: ring-full ---`
fn write_loss(out: &mut Vec<u8>, loss: &Loss) {
    out.extend_from_slice(b"--- lost ");
    match loss.count {
        Some(1) => out.extend_from_slice(b"1 event"),
        Some(count) => {
            dec(out, count);
            out.extend_from_slice(b" events");
        }
        None => out.extend_from_slice(b"events, nobody knows how many"),
    }
    out.extend_from_slice(b": ");
    out.extend_from_slice(loss.reason.as_str().as_bytes());
    out.extend_from_slice(b" ---\n");
}
