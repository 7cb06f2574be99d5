//! The cursors of a parser: event, record, field.

use tracer::enrich::users;
use tracer_logs::{
    query::{
        interpret::{Context, Escape, Interpreter, Readable},
        normal::clean,
    },
    replay::{Record, ReplayError, TIMEOUT},
};
use tracer_model::records::RecordType;

use super::{
    expression::{Expression, Place},
    kinds,
    source::{Event, Lines, Next, Rec},
};

/// Where a search stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Event,
    Record,
    Field,
}

/// How a condition is put to those that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Clear,
    Or,
    And,
}

/// A parser.
pub(super) struct State {
    pub(super) lines: Lines,
    /// Names of files are told.
    pub(super) has_names: bool,
    pub(super) timeout: u64,
    pub(super) stop: Stop,
    event: Option<Event>,
    /// The record that the cursor is at; behind the last one, there is none.
    at: usize,
    wanted: Option<Vec<u8>>,
    expression: Option<Expression>,
    started: bool,
    interpreter: Interpreter,
}

impl State {
    pub(super) fn of(lines: Lines, has_names: bool) -> Self {
        Self {
            lines,
            has_names,
            timeout: TIMEOUT,
            stop: Stop::Event,
            event: None,
            at: 0,
            wanted: None,
            expression: None,
            started: false,
            interpreter: Interpreter::new(&Readable::of(users::of_system())),
        }
    }

    pub(super) fn escape(&mut self, escape: Escape) {
        self.interpreter.escape = escape;
    }

    pub(super) fn event(&self) -> Option<&Event> {
        self.event.as_ref()
    }

    pub(super) fn record(&self) -> Option<&Rec> {
        self.event.as_ref()?.records.get(self.at)
    }

    fn record_mut(&mut self) -> Option<&mut Rec> {
        self.event.as_mut()?.records.get_mut(self.at)
    }

    /// To the next event; `false` where there is none (yet).
    pub(super) fn next_event(&mut self) -> Result<bool, ReplayError> {
        let next = self.lines.next(self.timeout)?;
        self.at = 0;
        self.event = match next {
            Next::Event(event) => Some(event),
            Next::End | Next::NotNow => None,
        };
        Ok(self.event.is_some())
    }

    /// To the beginning of everything.
    pub(super) fn rewind(&mut self) -> std::io::Result<()> {
        self.lines.rewind()?;
        self.event = None;
        Ok(())
    }

    pub(super) fn first_record(&mut self) -> Result<bool, ReplayError> {
        if self.event.is_none() && !self.next_event()? {
            return Ok(false);
        }
        self.at = 0;
        self.first_field();
        Ok(true)
    }

    pub(super) fn next_record(&mut self) -> Result<bool, ReplayError> {
        if self.event.is_none() && !self.first_record()? {
            return Ok(false);
        }
        let count = self.event.as_ref().map_or(0, |event| event.records.len());
        self.at = (self.at + 1).min(count);
        Ok(self.at < count)
    }

    pub(super) fn go_to_record(&mut self, number: usize) -> bool {
        let count = self.event.as_ref().map_or(0, |event| event.records.len());
        if number >= count {
            return false;
        }
        self.at = number;
        self.first_field()
    }

    pub(super) fn first_field(&mut self) -> bool {
        let record = self.record_mut();
        record.map(|record| record.at = 0).is_some()
    }

    pub(super) fn next_field(&mut self) -> bool {
        let Some(record) = self.record_mut() else {
            return false;
        };
        let is_there = record.at + 1 < record.parts.len();
        record.at += usize::from(is_there);
        is_there
    }

    /// Name and value of the field that the cursor is at.
    pub(super) fn field(&self) -> Option<(&[u8], &[u8])> {
        let record = self.record()?;
        let part = record.parts.get(record.at)?;
        Some((part.name.of(&record.line), part.value.of(&record.line)))
    }

    /// The value of a field of this name, from the cursor on.
    pub(super) fn find_field(&mut self, name: &[u8]) -> Option<Vec<u8>> {
        self.event.as_ref()?;
        self.wanted = Some(name.to_vec());
        let (found, value) = self.field()?;
        if found == name {
            return Some(value.to_vec());
        }
        self.find_field_next()
    }

    /// The next one behind the cursor. As libauparse: from the last field of a record, nothing is found in the
    /// records behind it.
    pub(super) fn find_field_next(&mut self) -> Option<Vec<u8>> {
        let name = self.wanted.clone()?;
        self.record()?;
        if !self.next_field() {
            return None;
        }
        loop {
            let record = self.record_mut()?;
            let line = &record.line;
            let mut rest = record.parts.iter().enumerate().skip(record.at);
            if let Some((at, _)) = rest.find(|(_, part)| part.name.of(line) == name) {
                record.at = at;
                return self.field().map(|(_, value)| value.to_vec());
            }
            self.at += 1;
            self.first_field();
        }
    }

    /// Has a search for a field begun?
    pub(super) fn has_wanted(&self) -> bool {
        self.wanted.is_some()
    }

    /// What the field means that the cursor is at.
    pub(super) fn meaning(&mut self) -> Option<Vec<u8>> {
        let record = self.event.as_ref()?.records.get(self.at)?;
        meaning(&mut self.interpreter, record)
    }

    /// The same with the working directory in front, for a name of a file.
    pub(super) fn real_path(&mut self) -> Option<Vec<u8>> {
        let (name, raw) = self.field()?;
        let kind = self.record()?.kind;
        if kinds::number(kind, name, raw) != 39 {
            return None;
        }
        let named = self.meaning()?;
        let records = &self.event.as_ref()?.records;
        let is_cwd = |record: &&Rec| record.kind == RecordType::CWD;
        let cwd = records.iter().filter(is_cwd).find_map(|record| {
            let is_it = |part: &&super::parts::Part| part.name.of(&record.line) == b"cwd";
            let part = record.parts.iter().find(is_it)?;
            let mut cwd = Vec::new();
            let value = part.value.of(&record.line);
            tracer_model::records::Value::untrusted(value).append_to(&mut cwd);
            Some(cwd)
        });
        // As libauparse: an absolute name stays as it is, unless it goes up.
        let has_up = named.windows(2).any(|two| two == b"..");
        Some(match cwd {
            Some(cwd) if !named.starts_with(b"/") => clean([cwd, named].join(&b'/')),
            Some(_) if has_up => clean(named),
            _ => named,
        })
    }

    /// Adds a condition.
    pub(super) fn add(&mut self, added: Expression, how: How) {
        let before = self.expression.take();
        self.expression = Some(match (before, how) {
            (Some(before), How::Or) => Expression::Or(Box::new(before), Box::new(added)),
            (Some(before), How::And) => Expression::And(Box::new(before), Box::new(added)),
            _ => added,
        });
        self.started = false;
    }

    /// Forgets the conditions.
    pub(super) fn clear(&mut self) {
        self.expression = None;
        self.stop = Stop::Event;
    }

    /// Is there a condition?
    pub(super) fn has_expression(&self) -> bool {
        self.expression.is_some()
    }

    /// To the next record for which the conditions hold.
    pub(super) fn search(&mut self) -> Result<bool, ReplayError> {
        let mut there = if self.started {
            self.next_event()?
        } else {
            self.first_record()?
        };
        self.started = self.started || there;
        while there {
            loop {
                if self.holds() {
                    if self.stop == Stop::Event {
                        self.at = 0;
                    }
                    if self.stop != Stop::Field {
                        self.first_field();
                    }
                    return Ok(true);
                }
                if !self.next_record()? {
                    break;
                }
            }
            there = self.next_event()?;
        }
        Ok(false)
    }

    /// Do the conditions hold for the record that the cursor is at?
    fn holds(&mut self) -> bool {
        let (Some(event), Some(expression)) = (&mut self.event, &self.expression) else {
            return false;
        };
        let id = event.id;
        let Some(record) = event.records.get_mut(self.at) else {
            return false;
        };
        let interpreter = &mut self.interpreter;
        let mut means = |record: &Rec| meaning(interpreter, record).unwrap_or_default();
        expression.holds(&mut Place {
            id,
            record,
            meaning: &mut means,
        })
    }
}

fn meaning(interpreter: &mut Interpreter, record: &Rec) -> Option<Vec<u8>> {
    let part = record.parts.get(record.at)?;
    let (name, raw) = (part.name.of(&record.line), part.value.of(&record.line));
    let view = Record::of(&record.line)?;
    let mut meaning = Vec::new();
    interpreter.field(&mut meaning, &Context::of(&view), name, raw);
    Some(meaning)
}
