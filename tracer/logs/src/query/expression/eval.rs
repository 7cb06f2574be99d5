//! Whether an event is as an expression wants it.

use std::cell::OnceCell;

use super::{Expression, Field, Node, Wanted};
use crate::{
    query::{
        criteria::{KEY_SEPARATOR, full_name},
        interpret::{Context, Interpreter, Kind, Readable},
        items::Items,
    },
    records::{Fields, Value},
    replay::{Event, Record, Worker},
};

/// Decides about events, one after the other.
#[derive(Debug)]
pub struct Judge<'e> {
    expression: &'e Expression,
    interpreter: Interpreter,
    text: Vec<u8>,
    meaning: Vec<u8>,
}

/// An event, and what it says of who did what, once that is asked for.
struct Case<'a> {
    event: Event<'a>,
    items: OnceCell<Items<'a>>,
}

impl<'a> Case<'a> {
    fn items(&self) -> &Items<'a> {
        self.items.get_or_init(|| Items::of(&self.event))
    }
}

impl<'e> Judge<'e> {
    /// Values mean what they do in this way.
    pub fn new(expression: &'e Expression, how: &Readable) -> Self {
        Self {
            expression,
            interpreter: Interpreter::new(how),
            text: Vec::new(),
            meaning: Vec::new(),
        }
    }

    /// Does it hold?
    pub fn holds(&mut self, event: &Event<'_>) -> bool {
        let case = Case {
            event: *event,
            items: OnceCell::new(),
        };
        self.node(&self.expression.0, &case)
    }

    fn node(&mut self, node: &Node, case: &Case<'_>) -> bool {
        match node {
            Node::All(parts) => parts.iter().all(|part| self.node(part, case)),
            Node::Any(parts) => parts.iter().any(|part| self.node(part, case)),
            Node::Not(part) => !self.node(part, case),
            Node::Compare(field, wanted) => self.compare(field, wanted, case),
        }
    }

    fn compare(&mut self, field: &Field, wanted: &Wanted, case: &Case<'_>) -> bool {
        let event = &case.event;
        let id = event.id();
        match field {
            Field::Time => is_number(wanted, id.sec.cast_signed()),
            Field::Serial => is_number(wanted, id.serial.cast_signed()),
            Field::Node => event.node().is_some_and(|node| is_text(wanted, node)),
            Field::Type => event.records().any(|record| is_type(wanted, &record)),
            Field::Success => case
                .items()
                .success
                .is_some_and(|success| is_number(wanted, success.into())),
            Field::Path => self.path(wanted, case.items()),
            Field::Named(name) => event
                .records()
                .any(|record| self.record(name, wanted, &record)),
        }
    }

    fn path(&mut self, wanted: &Wanted, items: &Items<'_>) -> bool {
        items.files.iter().any(|file| {
            is_text(wanted, file.name.decode(&mut self.text))
                || is_text(wanted, &full_name(file, items.cwd, &mut self.text))
        })
    }

    /// A field of one record: the first of this name, as in JSON.
    fn record(&mut self, name: &[u8], wanted: &Wanted, record: &Record<'_>) -> bool {
        let Some(field) = Fields::new(record.body()).find(|field| field.name == name) else {
            return false;
        };
        if matches!(wanted, Wanted::There) {
            return true;
        }
        let kind = Kind::of(record.kind, name, field.raw);
        if let Wanted::Number(..) = wanted {
            let text = Value::untrusted(field.raw);
            let text = if field.raw.starts_with(b"\"") {
                text.decode(&mut self.text)
            } else {
                field.raw
            };
            return number(kind, text).is_some_and(|found| {
                let unset = matches!(kind, Kind::Uid | Kind::Gid | Kind::Session);
                match wanted {
                    Wanted::Number(order, -1) if unset => order.holds(found.cmp(&UNSET)),
                    _ => is_number(wanted, found),
                }
            });
        }
        self.text.clear();
        self.meaning.clear();
        let context = Context::of(record);
        let (text, meaning) = (&mut self.text, &mut self.meaning);
        self.interpreter
            .shown(&context, name, field.raw, text, meaning);
        if kind == Kind::Key {
            let mut keys = text.split(|b| *b == KEY_SEPARATOR);
            return keys.any(|key| is_text(wanted, key));
        }
        // A call that is many has two names: `socketcall(connect)`.
        let name = meaning.split(|b| *b == b'(').next().unwrap_or_default();
        is_text(wanted, text)
            || (!meaning.is_empty() && is_text(wanted, meaning))
            || (kind == Kind::Syscall && is_text(wanted, name))
    }
}

/// What is no user, group or session, as a number.
const UNSET: i64 = u32::MAX as i64;

fn is_number(wanted: &Wanted, found: i64) -> bool {
    match wanted {
        Wanted::Number(order, number) => order.holds(found.cmp(number)),
        Wanted::There => true,
        Wanted::Text(_) | Wanted::Type(_) | Wanted::Matches(_) => false,
    }
}

fn is_text(wanted: &Wanted, found: &[u8]) -> bool {
    match wanted {
        Wanted::There => true,
        Wanted::Text(text) => text == found,
        Wanted::Matches(regex) => regex.is_match(found),
        Wanted::Number(..) | Wanted::Type(_) => false,
    }
}

fn is_type(wanted: &Wanted, record: &Record<'_>) -> bool {
    match wanted {
        Wanted::Type(kind) => *kind == record.kind,
        Wanted::Matches(regex) => {
            let known = record.kind.name().map(str::as_bytes);
            regex.is_match(known.unwrap_or(record.kind_name))
        }
        Wanted::There => true,
        Wanted::Text(_) | Wanted::Number(..) => false,
    }
}

/// A value as a number, in the base in which such a field is written.
fn number(kind: Kind, text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let hex = |digits| u64::from_str_radix(digits, 16).ok().map(u64::cast_signed);
    match kind {
        Kind::Argument(_) | Kind::Capabilities | Kind::Arch | Kind::Personality => {
            hex(text.strip_prefix("0x").unwrap_or(text))
        }
        Kind::Mode | Kind::ModeShort => i64::from_str_radix(text, 8).ok(),
        Kind::Uid | Kind::Gid | Kind::Session if text == "-1" => Some(UNSET),
        _ => match text.strip_prefix("0x") {
            Some(digits) => hex(digits),
            None => text.parse().ok(),
        },
    }
}

/// Hands on only events for which an expression holds, where there is one.
#[derive(Debug)]
pub struct Filtered<'e, W> {
    judge: Option<Judge<'e>>,
    /// What they are handed to.
    pub worker: W,
}

impl<'e, W> Filtered<'e, W> {
    /// In front of this worker.
    pub fn new(worker: W, expression: Option<&'e Expression>, how: &Readable) -> Self {
        Self {
            judge: expression.map(|expression| Judge::new(expression, how)),
            worker,
        }
    }
}

impl<W: Worker> Worker for Filtered<'_, W> {
    type Made = W::Made;

    fn event(&mut self, event: &Event<'_>) {
        if self.judge.as_mut().is_none_or(|judge| judge.holds(event)) {
            self.worker.event(event);
        }
    }

    fn block(&mut self) -> W::Made {
        self.worker.block()
    }
}
