//! Comma-separated values (RFC 4180) with the columns of inotifywait(1): the watched directory,
//! the events, the name in it; then, for tracer itself, who did it.

use super::{
    Format, Names, Shown,
    template::{named, user},
};
use crate::event::{Actor, Event, Item, Notice, Pid, Users};

/// Which columns there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// `watched,events,name`, with names as they are.
    Inotifywait,
    /// `watched,events,name,pid,user,program`, with C escapes in names: one record is one line.
    Tracer,
}

/// The format.
pub struct Csv {
    columns: Columns,
    shown: Shown,
    users: Users,
    watched: Vec<u8>,
    field: Vec<u8>,
}

impl Csv {
    /// Paths are shown below their roots as `shown` has them.
    pub fn new(columns: Columns, shown: Shown) -> Self {
        Self {
            columns,
            shown,
            users: Users::fixed([]),
            watched: Vec::new(),
            field: Vec::new(),
        }
    }

    /// The same with these names of users.
    #[must_use]
    pub fn with_users(mut self, users: Users) -> Self {
        self.users = users;
        self
    }

    fn field(&mut self, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>, &mut Users, &[u8])) {
        self.field.clear();
        write(&mut self.field, &mut self.users, &self.watched);
        field(out, &self.field);
    }

    fn event(&mut self, out: &mut Vec<u8>, event: &Event) {
        let names = match self.columns {
            Columns::Inotifywait => Names::Raw,
            Columns::Tracer => Names::Escaped,
        };
        let name_at = self.shown.split(event, &mut self.watched);
        self.field(out, |field, _, path| named(field, &path[..name_at], names));
        out.push(b',');
        self.field(out, |field, _, _| event.as_notice().names(field, b','));
        out.push(b',');
        self.field(out, |field, _, path| named(field, &path[name_at..], names));
        if self.columns == Columns::Tracer {
            let actor = event.actor.as_ref().ok();
            out.push(b',');
            if let Some(Pid(pid)) = actor.and_then(Actor::pid_here) {
                out.extend_from_slice(itoa::Buffer::new().format(pid).as_bytes());
            }
            out.push(b',');
            if let Some(creds) = actor.and_then(|actor| actor.creds) {
                self.field(out, |field, users, _| user(field, users, creds.uid, names));
            }
            out.push(b',');
            if let Some(Ok(exe)) = actor.map(|actor| &actor.exe) {
                self.field(out, |field, _, _| named(field, exe, names));
            }
        }
        out.push(b'\n');
    }
}

impl Format for Csv {
    fn item(&mut self, out: &mut Vec<u8>, item: &Item) {
        match item {
            Item::Event(event) => self.event(out, event),
            Item::Loss(_) => {
                let notice = Notice {
                    mask: libc::IN_Q_OVERFLOW,
                    ..Notice::default()
                };
                out.push(b',');
                notice.names(out, b',');
                out.extend_from_slice(match self.columns {
                    Columns::Inotifywait => b",\n",
                    Columns::Tracer => b",,,,\n",
                });
            }
        }
    }
}

/// One field, in quotes only when it must be.
fn field(out: &mut Vec<u8>, field: &[u8]) {
    let special = |b: &u8| matches!(b, b'"' | b',' | b'\n');
    let spaced = field.first() == Some(&b' ') || field.last() == Some(&b' ');
    if !spaced && !field.iter().any(special) {
        return out.extend_from_slice(field);
    }
    out.push(b'"');
    for b in field {
        if *b == b'"' {
            out.push(b'"');
        }
        out.push(*b);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_in_quotes_only_when_they_must_be() {
        for (text, wanted) in [
            ("CREATE", "CREATE"),
            ("CREATE,ISDIR", "\"CREATE,ISDIR\""),
            ("a b", "a b"),
            (" a", "\" a\""),
            ("a\"b", "\"a\"\"b\""),
            ("", ""),
        ] {
            let mut out = Vec::new();
            field(&mut out, text.as_bytes());
            assert_eq!(String::from_utf8(out).unwrap(), wanted);
        }
    }
}
