//! One aligned line a person reads at a glance: when, who, what, the result, to which file, how.

use crate::{
    decode::Options,
    event::{Actor, Event, Item, Known, Loss, PathItem, PathRole, Users, Via},
};

use super::{
    Format,
    call_info::CallInfo,
    clock::Local,
    escape::{c_escaped, c_quoted},
    fit, names,
    number::{dec, hex},
    text_details,
};

/// Columns before the path: title, width, and whether the value stands at the right end.
type Columns = [(&'static str, usize, bool); 6];

const WIDE: Columns = [
    ("TIME", 15, false),
    // `pid_max` is at most 4194304; `pid/tid` of a thread may be wider.
    ("PID", 7, true),
    ("USER", 8, false),
    // TASK_COMM_LEN is 16 with its NUL.
    ("COMMAND", 15, false),
    ("CALL", 13, false),
    ("RESULT", 8, false),
];

/// For terminals of less than [`WIDE_ENOUGH`] columns: times without fractions.
const NARROW: Columns = [
    ("TIME", 8, false),
    ("PID", 7, true),
    ("USER", 8, false),
    ("COMMAND", 10, false),
    ("CALL", 10, false),
    ("RESULT", 8, false),
];
const WIDE_ENOUGH: usize = 120;

/// Places in [`Columns`].
const TIME: usize = 0;
const COMMAND: usize = 3;

/// Columns that a path gets at least, whatever the terminal.
const PATH_MIN: usize = 16;

const RED: &[u8] = b"\x1b[31m";
const BOLD: &[u8] = b"\x1b[1m";
pub(super) const DIM: &[u8] = b"\x1b[2m";

/// The columns of the terminal that lines go to, as it is at this moment; `None`: no terminal.
pub type Width = fn() -> Option<usize>;

/// Lines for people.
#[derive(Debug)]
pub struct Text {
    colour: bool,
    users: Users,
    clock: Local,
    width: Width,
    mark: &'static str,
    /// How the arguments of calls are shown; `None`: what a watch needs to know of them.
    decode: Option<Options>,
    /// What the host calls a process is said, too.
    host_ids: bool,
}

impl Text {
    /// Lines with times in `zone`; `colour` uses the terminal's own colours.
    pub fn new(colour: bool, users: Users, zone: jiff::tz::TimeZone) -> Self {
        Self {
            colour,
            users,
            clock: Local::new(zone),
            width: || None,
            mark: "...",
            decode: None,
            host_ids: false,
        }
    }

    /// Says what the host calls a process, where that is not what it is called here.
    #[must_use]
    pub fn with_host_ids(mut self, host_ids: bool) -> Self {
        self.host_ids = host_ids;
        self
    }

    /// The same lines, which fit a terminal; `utf8`: it shows more than ASCII.
    #[must_use]
    pub fn fitting(mut self, width: Width, utf8: bool) -> Self {
        self.width = width;
        self.mark = if utf8 { "…" } else { "..." };
        self
    }

    /// The same lines with the arguments of calls as strace shows them.
    #[must_use]
    pub fn decoding(mut self, options: Option<Options>) -> Self {
        self.decode = options;
        self
    }

    /// A line that begins here.
    fn line<'a>(&self, out: &'a mut Vec<u8>) -> Line<'a> {
        let width = (self.width)();
        let narrow = width.is_some_and(|width| width < WIDE_ENOUGH);
        Line {
            start: out.len(),
            out,
            colour: self.colour,
            columns: if narrow { &NARROW } else { &WIDE },
            width,
            mark: self.mark,
        }
    }

    fn event(&mut self, out: &mut Vec<u8>, event: &Event) {
        let info = event.call.as_ref().map(CallInfo::of);
        let mut line = self.line(out);
        line.column(0, DIM, |out| self.clock.write(out, event.time.wall_ns));
        let actor = event.actor.as_ref().ok();
        line.column(1, b"", |out| write_pid(out, actor));
        line.column(2, b"", |out| write_user(out, actor, &mut self.users));
        line.column(3, b"", |out| match actor.map(|actor| &actor.comm) {
            Some(Ok(comm)) => c_quoted(out, comm),
            _ => out.push(b'?'),
        });
        line.column(4, b"", |out| match &info {
            Some(info) => out.extend_from_slice(info.name.as_bytes()),
            None => out.extend_from_slice(event.op.as_str().as_bytes()),
        });
        let failed = event.success() == Some(false);
        line.column(5, if failed { RED } else { b"" }, |out| {
            write_result(out, event);
        });
        subject(&mut line, event);
        text_details::write(&mut line, event, info.as_deref(), self.decode.as_ref());
        if self.host_ids {
            write_host(line.out, actor);
        }
        line.end();
    }

    fn loss(&mut self, out: &mut Vec<u8>, loss: &Loss) {
        let mut line = self.line(out);
        line.column(0, DIM, |out| self.clock.write(out, loss.time.wall_ns));
        line.coloured(RED, |line| {
            line.out.extend_from_slice(b"---- lost ");
            match loss.count {
                Some(1) => line.out.extend_from_slice(b"1 event"),
                Some(count) => {
                    dec(line.out, count);
                    line.out.extend_from_slice(b" events");
                }
                None => line.out.extend_from_slice(b"events, nobody knows how many"),
            }
            if let Some(cpu) = loss.cpu {
                line.out.extend_from_slice(b" on cpu ");
                dec(line.out, cpu);
            }
            line.out.extend_from_slice(b": ");
            line.out.extend_from_slice(loss.reason.as_str().as_bytes());
            line.out.extend_from_slice(b" ----");
        });
        line.end();
    }
}

impl Format for Text {
    fn head(&mut self, out: &mut Vec<u8>) {
        let mut line = self.line(out);
        let titles = line.columns.map(|(title, ..)| title);
        line.coloured(DIM, |line| {
            for (index, title) in titles.iter().enumerate() {
                line.column(index, b"", |out| out.extend_from_slice(title.as_bytes()));
            }
            line.out.extend_from_slice(b"PATH AND DETAILS");
        });
        line.end();
    }

    fn item(&mut self, out: &mut Vec<u8>, item: &Item) {
        out.reserve(256);
        match item {
            Item::Event(event) => self.event(out, event),
            Item::Loss(loss) => self.loss(out, loss),
        }
    }
}

/// The line under construction.
pub(super) struct Line<'a> {
    pub(super) out: &'a mut Vec<u8>,
    colour: bool,
    /// Where it begins.
    start: usize,
    columns: &'static Columns,
    /// Columns of the terminal.
    width: Option<usize>,
    /// Stands where something was cut.
    mark: &'static str,
}

impl Line<'_> {
    /// Columns that are left; as many as one likes where there is no terminal.
    fn left(&self) -> usize {
        let Some(width) = self.width else {
            return usize::MAX;
        };
        let used = fit::width(&self.out[self.start..]);
        width.saturating_sub(used).max(PATH_MIN)
    }

    /// Ends it: no blanks at the end, and no more than fits.
    fn end(self) {
        while self.out.last() == Some(&b' ') {
            self.out.pop();
        }
        if let Some(width) = self.width {
            let least = WIDE_ENOUGH / 2 + PATH_MIN;
            fit::cut_end(self.out, self.start, width.max(least), self.mark);
        }
        self.out.push(b'\n');
    }

    /// Writes a value in a colour (one of the constants above; empty is none).
    pub(super) fn coloured(&mut self, colour: &[u8], write: impl FnOnce(&mut Self)) {
        let on = self.colour && !colour.is_empty();
        if on {
            self.out.extend_from_slice(colour);
        }
        write(self);
        if on {
            self.out.extend_from_slice(b"\x1b[0m");
        }
    }

    /// Writes one aligned column and the space behind it.
    fn column(&mut self, index: usize, colour: &[u8], write: impl FnOnce(&mut Vec<u8>)) {
        let (_, width, right) = self.columns[index];
        let start = self.out.len();
        write(self.out);
        // Only what is wider than in the wide columns would push the rest of the line.
        match index {
            TIME => self.out.truncate((start + width).min(self.out.len())),
            COMMAND if self.width.is_some() => fit::cut_end(self.out, start, width, self.mark),
            _ => {}
        }
        let pad = width.saturating_sub(fit::width(&self.out[start..]));
        if self.colour && !colour.is_empty() {
            self.out.splice(start..start, colour.iter().copied());
            self.out.extend_from_slice(b"\x1b[0m");
        }
        if right {
            self.out
                .splice(start..start, std::iter::repeat_n(b' ', pad));
        } else {
            self.out.extend(std::iter::repeat_n(b' ', pad));
        }
        self.out.push(b' ');
    }
}

fn write_pid(out: &mut Vec<u8>, actor: Option<&Actor>) {
    let Some(actor) = actor else {
        out.push(b'?');
        return;
    };
    if actor.is_outside() {
        out.extend_from_slice(b"host:");
    }
    dec(out, actor.pid.0);
    if let Some(tid) = actor.tid.filter(|tid| tid.0 != actor.pid.0) {
        out.push(b'/');
        dec(out, tid.0);
    }
}

/// ` host=4711`, of a thread ` host=4711/4712`.
fn write_host(out: &mut Vec<u8>, actor: Option<&Actor>) {
    let Some(host) = actor.and_then(|actor| actor.host) else {
        return;
    };
    while out.last() == Some(&b' ') {
        out.pop();
    }
    out.extend_from_slice(b" host=");
    dec(out, host.pid.0);
    if host.tid.0 != host.pid.0 {
        out.push(b'/');
        dec(out, host.tid.0);
    }
}

fn write_user(out: &mut Vec<u8>, actor: Option<&Actor>, users: &mut Users) {
    let Some(creds) = actor.and_then(|actor| actor.creds) else {
        out.push(b'?');
        return;
    };
    match users.name(creds.uid) {
        Some(name) => c_quoted(out, name.as_bytes()),
        None => dec(out, creds.uid.0),
    }
}

/// Number or name of the error; `-` for what has no result (an exit, a notification).
fn write_result(out: &mut Vec<u8>, event: &Event) {
    let Some(call) = &event.call else {
        out.push(b'-');
        return;
    };
    if call.unfinished.is_some() {
        out.push(b'?');
        return;
    }
    match call.errno() {
        Some(errno) => out.extend_from_slice(names::errno(errno).as_bytes()),
        // An address (mmap, brk) says more in hexadecimal.
        None if u32::try_from(call.ret).is_err() => {
            out.extend_from_slice(b"0x");
            hex(out, call.ret as u64);
        }
        None => dec(out, call.ret),
    }
}

/// The files: `/path`, `/old -> /new`.
fn subject(line: &mut Line<'_>, event: &Event) {
    // Whose content is linked or moved is told by an arrow; an exec's interpreter is just listed.
    let paths = event.paths.len();
    for (i, item) in event.paths.iter().enumerate() {
        // What is left is for all of them, and for a mark behind.
        let share = line.left().saturating_sub("-> ".len() * (paths - i)) / (paths - i);
        if i > 0 {
            let arrow = item.role == PathRole::Dest;
            line.out
                .extend_from_slice(if arrow { b"-> " } else { b" " });
        }
        path(line, item, event, share);
        line.out.push(b' ');
    }
    if !event.paths.is_empty() {
        line.out.push(b' ');
    }
}

/// One of them, in at most so many columns.
fn path(line: &mut Line<'_>, item: &PathItem, event: &Event, columns: usize) {
    match (&item.resolved, &item.requested) {
        (Ok(resolved), requested) => {
            let (mut whole, mut name) = (Vec::new(), Vec::new());
            c_quoted(&mut whole, resolved);
            if let Some(Ok(passed)) = requested
                && !says_the_same(passed, resolved)
            {
                c_quoted(&mut name, passed);
            }
            // The file is worth more than the name that led to it.
            let both = fit::width(&whole) + fit::width(&name) + " (as )".len();
            if !name.is_empty() && both > columns {
                let less = columns.saturating_sub(fit::width(&whole) + " (as )".len());
                name = fit::cut_middle(&name, less.max(PATH_MIN / 2), line.mark);
            }
            let aside = if name.is_empty() {
                0
            } else {
                fit::width(&name) + " (as )".len()
            };
            let whole = fit::cut_middle(&whole, columns.saturating_sub(aside), line.mark);
            line.coloured(BOLD, |line| line.out.extend_from_slice(&whole));
            if item.via == Via::Requested {
                line.out.extend_from_slice(b" (requested)");
            }
            // A deleted name is no news on a delete.
            if item.deleted && event.op != crate::calls::Op::Delete {
                line.out.extend_from_slice(b" (deleted)");
            }
            if !name.is_empty() {
                line.coloured(DIM, |line| {
                    line.out.extend_from_slice(b" (as ");
                    line.out.extend_from_slice(&name);
                    line.out.push(b')');
                });
            }
        }
        (Err(why), Some(Ok(name))) => {
            let mut shown = Vec::new();
            c_quoted(&mut shown, name);
            let shown = fit::cut_middle(&shown, columns, line.mark);
            line.coloured(BOLD, |line| line.out.extend_from_slice(&shown));
            line.out.extend_from_slice(b" (unresolved: ");
            line.out.extend_from_slice(why.as_str().as_bytes());
            line.out.push(b')');
        }
        (Err(why), requested) => {
            let why = requested
                .as_ref()
                .and_then(|r| r.as_ref().err())
                .unwrap_or(why);
            line.out.extend_from_slice(b"? (unknown: ");
            line.out.extend_from_slice(why.as_str().as_bytes());
            line.out.push(b')');
        }
    }
}

/// Does the name that was passed add nothing to the resolved path? True for the path itself, for a
/// relative name that is its tail, and for none at all (`AT_EMPTY_PATH`).
fn says_the_same(name: &[u8], resolved: &[u8]) -> bool {
    if name.is_empty() {
        return true;
    }
    let name = name.strip_prefix(b"./").unwrap_or(name);
    let name = match name {
        [rest @ .., b'/'] if !rest.is_empty() => rest,
        all => all,
    };
    match resolved.strip_suffix(name) {
        Some([]) => true,
        Some(directory) => !name.is_empty() && directory.ends_with(b"/"),
        None => false,
    }
}

/// The text of a known value, or `? (reason)`.
pub(super) fn known(out: &mut Vec<u8>, value: &Known<bytes::Bytes>) {
    match value {
        Ok(value) => c_quoted(out, value),
        Err(why) => {
            out.extend_from_slice(b"?(");
            c_escaped(out, why.as_str().as_bytes());
            out.push(b')');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requested_name_is_shown_when_it_adds_something() {
        for (name, resolved, same) in [
            ("/etc/passwd", "/etc/passwd", true),
            ("/etc/passwd/", "/etc/passwd", true),
            ("passwd", "/etc/passwd", true),
            ("./passwd", "/etc/passwd", true),
            ("/", "/", true),
            ("sswd", "/etc/passwd", false),
            ("../etc/passwd", "/etc/passwd", false),
            ("/bin/sh", "/usr/bin/dash", false),
            (".", "/etc", false),
            ("", "/etc", true),
        ] {
            assert_eq!(
                says_the_same(name.as_bytes(), resolved.as_bytes()),
                same,
                "{name}"
            );
        }
    }
}
