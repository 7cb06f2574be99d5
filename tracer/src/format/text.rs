//! One aligned line a person reads at a glance: when, who, what, the result, to which file, how.

use crate::{
    enrich::users::Users,
    event::{Actor, Event, Item, Known, Loss, PathItem, PathRole},
};

use super::{
    Format,
    call_info::CallInfo,
    clock::Local,
    escape::{c_escaped, c_quoted},
    names,
    number::{dec, hex},
    text_details,
};

/// Columns before the path: title, width, and whether the value stands at the right end.
const COLUMNS: [(&str, usize, bool); 6] = [
    ("TIME", 15, false),
    // `pid_max` is at most 4194304; `pid/tid` of a thread may be wider.
    ("PID", 7, true),
    ("USER", 8, false),
    // TASK_COMM_LEN is 16 with its NUL.
    ("COMMAND", 15, false),
    ("CALL", 13, false),
    ("RESULT", 8, false),
];

const RED: &[u8] = b"\x1b[31m";
const BOLD: &[u8] = b"\x1b[1m";
pub(super) const DIM: &[u8] = b"\x1b[2m";

/// Lines for people.
#[derive(Debug)]
pub struct Text {
    colour: bool,
    users: Users,
    clock: Local,
}

impl Text {
    /// Lines with times in `zone`; `colour` uses the terminal's own colours.
    pub fn new(colour: bool, users: Users, zone: jiff::tz::TimeZone) -> Self {
        Self {
            colour,
            users,
            clock: Local::new(zone),
        }
    }

    /// Appends the line with the titles of the columns.
    pub fn header(&self, out: &mut Vec<u8>) {
        let mut line = Line {
            out,
            colour: self.colour,
        };
        line.coloured(DIM, |line| {
            for (index, (title, ..)) in COLUMNS.iter().enumerate() {
                line.column(index, b"", |out| out.extend_from_slice(title.as_bytes()));
            }
            line.out.extend_from_slice(b"PATH AND DETAILS");
        });
        out.push(b'\n');
    }

    fn event(&mut self, out: &mut Vec<u8>, event: &Event) {
        let info = event.call.as_ref().map(CallInfo::of);
        let mut line = Line {
            out,
            colour: self.colour,
        };
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
        text_details::write(&mut line, event, info.as_deref());
        while out.last() == Some(&b' ') {
            out.pop();
        }
        out.push(b'\n');
    }

    fn loss(&mut self, out: &mut Vec<u8>, loss: &Loss) {
        let mut line = Line {
            out,
            colour: self.colour,
        };
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
        out.push(b'\n');
    }
}

impl Format for Text {
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
}

impl Line<'_> {
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
        let (_, width, right) = COLUMNS[index];
        let start = self.out.len();
        write(self.out);
        let value = &self.out[start..];
        let shown = value.iter().filter(|b| **b & 0xc0 != 0x80).count();
        let pad = width.saturating_sub(shown);
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
    dec(out, actor.pid.0);
    if let Some(tid) = actor.tid.filter(|tid| tid.0 != actor.pid.0) {
        out.push(b'/');
        dec(out, tid.0);
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
    for (i, item) in event.paths.iter().enumerate() {
        if i > 0 {
            let arrow = item.role == PathRole::Dest;
            line.out
                .extend_from_slice(if arrow { b"-> " } else { b" " });
        }
        path(line, item, event);
        line.out.push(b' ');
    }
    if !event.paths.is_empty() {
        line.out.push(b' ');
    }
}

fn path(line: &mut Line<'_>, item: &PathItem, event: &Event) {
    match (&item.resolved, &item.requested) {
        (Ok(resolved), requested) => {
            line.coloured(BOLD, |line| c_quoted(line.out, resolved));
            // A deleted name is no news on a delete.
            if item.deleted && event.op != crate::calls::Op::Delete {
                line.out.extend_from_slice(b" (deleted)");
            }
            if let Some(Ok(name)) = requested
                && !says_the_same(name, resolved)
            {
                line.coloured(DIM, |line| {
                    line.out.extend_from_slice(b" (as ");
                    c_quoted(line.out, name);
                    line.out.push(b')');
                });
            }
        }
        (Err(why), Some(Ok(name))) => {
            line.coloured(BOLD, |line| c_quoted(line.out, name));
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

/// Does the name that was passed add nothing to the resolved path? True for the path itself, and
/// for a relative name that is its tail.
fn says_the_same(name: &[u8], resolved: &[u8]) -> bool {
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
            ("", "/etc", false),
        ] {
            assert_eq!(
                says_the_same(name.as_bytes(), resolved.as_bytes()),
                same,
                "{name}"
            );
        }
    }
}
