//! Events that were found, as text: as they stand in the log, readable, as a table, as sentences, as
//! JSON.

mod interpreted;
mod json;
mod sentence;
mod table;

use smallvec::SmallVec;

use super::{
    clock::{Here, Stamps},
    interpret::{Interpreter, Readable},
};
use crate::replay::{Event, Record};

/// The records of an event, of which most have a few.
type Records<'a> = SmallVec<[Record<'a>; 12]>;

/// How events are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// The lines of the log, unchanged.
    Raw,
    /// The records, last first, with the time.
    #[default]
    Default,
    /// The same with every value made readable.
    Interpret,
    /// One line an event, values divided by commas.
    Csv,
    /// One sentence an event.
    Text,
    /// One JSON object an event.
    Json,
}

/// Further columns of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct Columns {
    /// The key of the rule.
    pub keys: bool,
    /// Labels of subject and object.
    pub labels: bool,
    /// The second object.
    pub obj2: bool,
    /// The time in parts.
    pub time: bool,
}

/// Prints events.
#[derive(Debug)]
pub struct Printer {
    format: Format,
    columns: Columns,
    stamps: Stamps,
    interpreter: Interpreter,
}

impl Printer {
    /// Prints in this way.
    pub fn new(format: Format, columns: Columns, how: &Readable, here: Here) -> Self {
        Self {
            format,
            columns,
            stamps: Stamps::new(here),
            interpreter: Interpreter::new(how),
        }
    }

    /// What stands above the first event.
    pub fn header(&self, out: &mut Vec<u8>) {
        if self.format == Format::Csv {
            table::header(out, self.columns);
        }
    }

    /// Appends an event.
    pub fn event(&mut self, out: &mut Vec<u8>, event: &Event<'_>) {
        match self.format {
            Format::Raw => {
                for record in event.records() {
                    out.extend_from_slice(record.line);
                    out.push(b'\n');
                }
            }
            Format::Default => self.plain(out, event),
            Format::Interpret => self.interpreted(out, event),
            Format::Csv => self.row(out, event),
            Format::Text => self.sentence(out, event),
            Format::Json => self.json(out, event),
        }
    }

    fn plain(&mut self, out: &mut Vec<u8>, event: &Event<'_>) {
        out.extend_from_slice(b"----\ntime->");
        out.extend_from_slice(self.stamps.ctime(event.id().sec).as_bytes());
        out.push(b'\n');
        let records: Records<'_> = event.records().collect();
        for record in records.iter().rev() {
            self.interpreter.escape.write(out, record.plain());
            out.push(b'\n');
        }
    }
}
