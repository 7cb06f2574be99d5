//! The list of events of a report: one row each.

use super::{Look, Selection, Subject, Values, success_word};
use crate::{
    query::{
        clock::{Here, Stamps},
        criteria::full_name,
        interpret::{Escape, Readable},
        items::{Decision, Host, Items},
        wanted,
    },
    records::{Fields, Value},
    replay::{Event, Worker},
};

/// Makes rows. One per thread.
#[derive(Debug)]
pub struct Rows<'r> {
    subject: Subject,
    selection: &'r Selection,
    json: bool,
    stamps: Stamps,
    values: Values,
    out: Vec<u8>,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl<'r> Rows<'r> {
    /// Of this report.
    pub fn new(
        subject: Subject,
        selection: &'r Selection,
        interpret: bool,
        json: bool,
        how: &Readable,
        here: Here,
    ) -> Self {
        // JSON has its own escapes.
        let escape = if json { Escape::Raw } else { how.escape };
        Self {
            subject,
            selection,
            json,
            stamps: Stamps::new(here),
            values: Values::new(interpret, &how.escaped(escape)),
            out: Vec::new(),
            ends: Vec::new(),
        }
    }

    fn row(&mut self, event: &Event<'_>, items: &Items<'_>) {
        let mut cells = Cells::default();
        cells.add(self.stamps.date_time(event.id().sec).as_bytes());
        let serial = event.id().serial.to_string();
        match self.subject {
            Subject::Avc => {
                for decision in items.decisions.iter().filter(|d| is_decision(d)) {
                    let mut cells = cells.clone();
                    self.string(&mut cells, items.comm);
                    self.text(&mut cells, decision.subject.unwrap_or(b"(null)"));
                    self.call(&mut cells, items);
                    self.text(&mut cells, decision.class.unwrap_or(b"(null)"));
                    self.text(&mut cells, decision.permission.unwrap_or(b"(null)"));
                    self.text(&mut cells, decision.object.unwrap_or(b"(null)"));
                    cells.add(match decision.denied {
                        Some(true) => b"denied",
                        Some(false) => b"granted",
                        None => b"unset",
                    });
                    cells.add(serial.as_bytes());
                    self.end(&cells);
                }
                return;
            }
            Subject::Event => {
                cells.add(serial.as_bytes());
                cells.add(kind(event));
                self.auid(&mut cells, items);
                cells.add(success_word(items.success).as_bytes());
                return self.end(&cells);
            }
            Subject::Tty => {
                cells.add(serial.as_bytes());
                self.tty(&mut cells, event, items);
                return self.end(&cells);
            }
            _ => self.columns(&mut cells, event, items),
        }
        cells.add(serial.as_bytes());
        self.end(&cells);
    }

    /// The columns between time and serial number.
    fn columns(&mut self, cells: &mut Cells, event: &Event<'_>, items: &Items<'_>) {
        let success = success_word(items.success).as_bytes();
        match self.subject {
            Subject::Config => {
                cells.add(kind(event));
                self.auid(cells, items);
                cells.add(success);
            }
            Subject::Mac | Subject::Crypto => {
                self.auid(cells, items);
                cells.add(kind(event));
                cells.add(success);
            }
            Subject::Integrity | Subject::Virtualization | Subject::Response => {
                cells.add(kind(event));
                cells.add(success);
            }
            Subject::Authentication | Subject::Login => {
                self.account(cells, items);
                self.host(cells, items, b"(null)");
                self.terminal(cells, items, b"(null)");
                self.string_or(cells, items.exe, b"(null)");
                cells.add(success);
            }
            Subject::Account => {
                self.auid(cells, items);
                self.host(cells, items, b"?");
                self.terminal(cells, items, b"?");
                self.string(cells, items.exe);
                self.string(cells, items.acct);
                cells.add(success);
            }
            Subject::File => {
                self.file(cells, items);
                self.call(cells, items);
                cells.add(success);
                self.string(cells, items.exe);
                self.auid(cells, items);
            }
            Subject::Host => {
                self.host(cells, items, b"?");
                self.call(cells, items);
                self.auid(cells, items);
            }
            Subject::Pid => {
                cells.add(items.pid.unwrap_or_default().to_string().as_bytes());
                self.string(cells, items.exe);
                self.call(cells, items);
                self.auid(cells, items);
            }
            Subject::Syscall => {
                self.call(cells, items);
                let pid = items
                    .pid
                    .map_or_else(|| "?".to_owned(), |pid| pid.to_string());
                cells.add(pid.as_bytes());
                self.string(cells, items.comm);
                self.auid(cells, items);
            }
            Subject::Terminal => {
                self.terminal(cells, items, b"?");
                self.host(cells, items, b"(null)");
                self.string_or(cells, items.exe, b"(null)");
                self.auid(cells, items);
            }
            Subject::User => {
                self.auid(cells, items);
                self.terminal(cells, items, b"?");
                self.host(cells, items, b"?");
                self.string(cells, items.exe);
            }
            Subject::Executable | Subject::Command | Subject::Anomaly => {
                if self.subject == Subject::Anomaly {
                    cells.add(kind(event));
                }
                let first = match self.subject {
                    Subject::Command => items.comm,
                    Subject::Anomaly => items.exe.or(items.comm),
                    _ => items.exe,
                };
                self.string(cells, first);
                self.terminal(cells, items, b"?");
                self.host(cells, items, b"?");
                self.auid(cells, items);
            }
            Subject::Key => {
                let key = items.keys.first().copied();
                let mut text = Vec::new();
                if let Some(key) = key {
                    key.append_to(&mut text);
                }
                let first = text.split(|b| *b == 1).next().unwrap_or_default();
                self.text(cells, first);
                cells.add(success);
                self.string(cells, items.exe);
                self.auid(cells, items);
            }
            Subject::Avc | Subject::Event | Subject::Tty => {}
        }
    }

    fn tty(&mut self, cells: &mut Cells, event: &Event<'_>, items: &Items<'_>) {
        self.auid(cells, items);
        self.terminal(cells, items, b"?");
        cells.add(items.session.unwrap_or(u32::MAX).to_string().as_bytes());
        self.string(cells, items.comm);
        let Some(record) = event.records().next() else {
            return;
        };
        if let Some(data) = Fields::new(record.body()).find(|field| field.name == b"data") {
            let mut text = Vec::new();
            let context = crate::query::interpret::Context::of(&record);
            self.values
                .interpreter
                .field(&mut text, &context, b"data", data.raw);
            cells.add(&text);
        }
    }

    /// Who logged in, or tried to.
    fn account(&mut self, cells: &mut Cells, items: &Items<'_>) {
        let login = self.subject == Subject::Login;
        let by_name = !login || items.success == Some(false);
        if let Some(acct) = items.acct.filter(|_| by_name) {
            return self.string(cells, Some(acct));
        }
        let (id, field) = if login {
            (items.auid, &b"auid"[..])
        } else {
            (items.uid, &b"uid"[..])
        };
        let mut text = Vec::new();
        self.values.user(&mut text, id, items.names, field);
        cells.add(&text);
    }

    /// The file: the first, or the first that is no parent where its record ends with that word.
    fn file(&mut self, cells: &mut Cells, items: &Items<'_>) {
        let files = &items.files;
        let file = files
            .iter()
            .find(|file| files.len() == 1 || !file.is_bare_parent)
            .filter(|file| !file.resolved);
        let mut scratch = Vec::new();
        let name = file.map(|file| full_name(file, items.cwd, &mut scratch).into_owned());
        self.text(cells, &name.unwrap_or_default());
    }

    fn auid(&mut self, cells: &mut Cells, items: &Items<'_>) {
        let mut text = Vec::new();
        self.values
            .user(&mut text, items.auid, items.names, b"auid");
        cells.add(&text);
    }

    fn call(&mut self, cells: &mut Cells, items: &Items<'_>) {
        let mut text = Vec::new();
        self.values.call(&mut text, items);
        cells.add(&text);
    }

    fn host(&mut self, cells: &mut Cells, items: &Items<'_>, none: &[u8]) {
        match items.host {
            Some(Host::Text(text)) => self.text(cells, text),
            Some(host) => {
                let mut text = Vec::new();
                host.append_to(&mut text);
                cells.add(&text);
            }
            None => cells.add(none),
        }
    }

    fn terminal(&mut self, cells: &mut Cells, items: &Items<'_>, none: &[u8]) {
        self.string_or(cells, items.terminal, none);
    }

    fn string(&mut self, cells: &mut Cells, value: Option<Value<'_>>) {
        self.string_or(cells, value, b"?");
    }

    fn string_or(&mut self, cells: &mut Cells, value: Option<Value<'_>>, none: &[u8]) {
        let mut scratch = Vec::new();
        match value {
            Some(value) => self.text(cells, value.decode(&mut scratch)),
            None => cells.add(none),
        }
    }

    fn text(&mut self, cells: &mut Cells, text: &[u8]) {
        let mut escaped = Vec::new();
        self.values.interpreter.escape.write(&mut escaped, text);
        cells.add(&escaped);
    }

    fn end(&mut self, cells: &Cells) {
        if self.json {
            self.json_row(cells);
        } else {
            let mut first = true;
            for cell in &cells.0 {
                if !first {
                    self.out.push(b' ');
                }
                first = false;
                self.out.extend_from_slice(cell);
            }
            self.out.push(b'\n');
        }
        self.ends.push(self.out.len());
    }

    fn json_row(&mut self, cells: &Cells) {
        let mut row = serde_json::Map::new();
        // Date and time are one cell.
        let names = Look::of(self.subject).columns.split(' ').skip(1);
        for (name, cell) in names.zip(&cells.0) {
            row.insert(
                name.to_owned(),
                String::from_utf8_lossy(cell).into_owned().into(),
            );
        }
        self.out
            .extend_from_slice(serde_json::Value::from(row).to_string().as_bytes());
        self.out.push(b'\n');
    }
}

/// Is it in the report of decisions? Labels of objects alone are not.
fn is_decision(decision: &Decision<'_>) -> bool {
    decision.class.is_some() || decision.denied.is_some() || decision.notice
}

/// Type of an event.
fn kind(event: &Event<'_>) -> &'static [u8] {
    event.kind().name().map_or(b"(null)", str::as_bytes)
}

/// A row's cells.
#[derive(Clone, Debug, Default)]
struct Cells(Vec<Vec<u8>>);

impl Cells {
    fn add(&mut self, text: &[u8]) {
        self.0.push(text.to_vec());
    }
}

impl Worker for Rows<'_> {
    type Made = (Vec<u8>, Vec<usize>);

    fn event(&mut self, event: &Event<'_>) {
        let selection = self.selection;
        selection.with_items(event, &wanted::ALL, |items| {
            if self.subject.has(event, items) {
                self.row(event, items);
            }
        });
    }

    fn block(&mut self) -> Self::Made {
        (
            std::mem::take(&mut self.out),
            std::mem::take(&mut self.ends),
        )
    }
}
