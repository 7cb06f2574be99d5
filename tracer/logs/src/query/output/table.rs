//! Events as lines of a table (`--format csv`).

use super::{Columns, Printer};
use crate::{
    query::{
        interpret::Interpreter,
        normal::{Normal, Spot},
    },
    replay::Event,
};

/// The names of the columns.
pub(super) fn header(out: &mut Vec<u8>, columns: Columns) {
    let with = |wanted: bool, names: &'static str| if wanted { names } else { "" };
    out.extend_from_slice(
        format!(
            "NODE,EVENT,DATE,TIME,{}SERIAL_NUM,EVENT_KIND,SESSION,SUBJ_PRIME,SUBJ_SEC,SUBJ_KIND,\
             {}ACTION,RESULT,OBJ_PRIME,OBJ_SEC,{}{}OBJ_KIND,HOW{}\n",
            with(
                columns.time,
                "YEAR,MONTH,DAY,WEEKDAY,HOUR,MILLI,GMT_OFFSET,"
            ),
            with(columns.labels, "SUBJ_LABEL,"),
            with(columns.obj2, "OBJ2,"),
            with(columns.labels, "OBJ_LABEL,"),
            with(columns.keys, ",KEY"),
        )
        .as_bytes(),
    );
}

/// A line under construction.
struct Row<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl Row<'_> {
    /// Adds a value; in quotes where it would end the column or the line (RFC 4180).
    fn add(&mut self, value: &[u8]) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        if value
            .iter()
            .any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r'))
        {
            self.out.push(b'"');
            for byte in value {
                if *byte == b'"' {
                    self.out.push(b'"');
                }
                self.out.push(*byte);
            }
            self.out.push(b'"');
        } else {
            self.out.extend_from_slice(value);
        }
    }
}

impl Printer {
    pub(super) fn row(&mut self, out: &mut Vec<u8>, event: &Event<'_>) {
        let normal = Normal::of(event, &mut self.interpreter);
        let columns = self.columns;
        let id = event.id();
        let mut row = Row { out, first: true };
        let mut node = Vec::new();
        let escape = &mut self.interpreter.escape;
        escape.write(&mut node, event.node().unwrap_or_default());
        row.add(&node);
        row.add(event.kind().name().unwrap_or("UNKNOWN").as_bytes());
        row.add(self.stamps.format("%x", id.sec).as_bytes());
        row.add(self.stamps.format("%H:%M:%S", id.sec).as_bytes());
        if columns.time {
            for form in ["%Y", "%m", "%d", "%u", "%k"] {
                row.add(self.stamps.format(form, id.sec).as_bytes());
            }
            row.add(id.milli.to_string().as_bytes());
            row.add(self.stamps.format("%:z", id.sec).as_bytes());
        }
        row.add(id.serial.to_string().as_bytes());
        row.add(normal.kind.as_bytes());
        row.add(&read(normal.session, &mut self.interpreter));
        let subject = read(normal.subject, &mut self.interpreter);
        row.add(if subject == b"unset" {
            b"system"
        } else {
            &subject
        });
        row.add(&read(normal.acting, &mut self.interpreter));
        row.add(normal.subject_kind.unwrap_or_default().as_bytes());
        if columns.labels {
            row.add(&read(normal.subject_label, &mut self.interpreter));
        }
        row.add(normal.action.as_deref().unwrap_or("did-unknown").as_bytes());
        row.add(match normal.success {
            Some(true) => b"success",
            Some(false) => b"failed",
            None => b"",
        });
        let object = match normal.object_text(&mut self.interpreter) {
            None if columns.labels => read(normal.target, &mut self.interpreter),
            object => object.unwrap_or_default(),
        };
        row.add(&object);
        row.add(&read(normal.object_detail, &mut self.interpreter));
        if columns.obj2 {
            row.add(
                &normal
                    .object2_text(&mut self.interpreter)
                    .unwrap_or_default(),
            );
        }
        if columns.labels {
            row.add(&read(normal.object_label, &mut self.interpreter));
        }
        row.add(normal.object_kind.as_bytes());
        row.add(normal.how.as_deref().unwrap_or_default());
        if columns.keys {
            row.add(&read(normal.key, &mut self.interpreter));
        }
        out.push(b'\n');
    }
}

/// A value, readable; nothing when there is none.
fn read(spot: Option<Spot<'_>>, interpreter: &mut Interpreter) -> Vec<u8> {
    let mut text = Vec::new();
    if let Some(spot) = spot {
        spot.read(interpreter, &mut text);
    }
    text
}
