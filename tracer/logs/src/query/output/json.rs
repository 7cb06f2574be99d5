//! Events as JSON: every field as it stands in the log, and what it means where that is more.

use std::{fmt::Write as _, io::Write as _};

use serde_json::{Map, Value as Json};

use super::Printer;
use crate::{
    format::drives_a_terminal,
    query::interpret::Context,
    records::Fields,
    replay::{Event, Record},
};

impl Printer {
    pub(super) fn json(&mut self, out: &mut Vec<u8>, event: &Event<'_>) {
        let id = event.id();
        let time = self.stamps.format("%Y-%m-%dT%H:%M:%S", id.sec);
        let zone = self.stamps.format("%:z", id.sec);
        let mut node = Map::new();
        if let Some(name) = event.node() {
            text_into(&mut node, "node", name);
        }
        // Record by record, because an event may have a million of them.
        out.push(b'{');
        if !node.is_empty() {
            let node = Json::from(node).to_string();
            append_harmless(out, &node[1..node.len() - 1]);
            out.push(b',');
        }
        out.extend_from_slice(b"\"records\":[");
        for (n, record) in event.records().enumerate() {
            if n > 0 {
                out.push(b',');
            }
            append_harmless(out, &self.json_record(&record).to_string());
        }
        let _ = writeln!(
            out,
            "],\"serial\":{},\"time\":\"{time}.{:03}{zone}\"}}",
            id.serial, id.milli
        );
    }

    fn json_record(&mut self, record: &Record<'_>) -> Json {
        let context = Context::of(record);
        let mut fields = Map::new();
        let mut meanings = Map::new();
        for field in Fields::new(record.body()) {
            let name = String::from_utf8_lossy(field.name).into_owned();
            if fields.contains_key(&name) {
                continue;
            }
            let (mut text, mut meaning) = (Vec::new(), Vec::new());
            let (into, more) = (&mut text, &mut meaning);
            self.interpreter
                .shown(&context, field.name, field.raw, into, more);
            text_into(&mut fields, &name, &text);
            if !meaning.is_empty() {
                text_into(&mut meanings, &name, &meaning);
            }
        }
        let mut object = Map::new();
        let known = record.kind.name().map(str::as_bytes);
        text_into(&mut object, "type", known.unwrap_or(record.kind_name));
        object.insert("fields".into(), fields.into());
        if !meanings.is_empty() {
            object.insert("means".into(), meanings.into());
        }
        object.into()
    }
}

/// Text, and beside it the exact bytes in hexadecimal where they are no UTF-8 (as in the JSON of
/// live events).
fn text_into(object: &mut Map<String, Json>, name: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, std::borrow::Cow::Owned(_)) {
        let mut hex = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        object.insert(format!("{name}_hex"), hex.into());
    }
    object.insert(name.to_owned(), text.into_owned().into());
}

/// Appends JSON in which nothing can drive a terminal: outside of strings there is no such character.
fn append_harmless(out: &mut Vec<u8>, json: &str) {
    let mut units = [0; 2];
    for piece in json.split_inclusive(drives_a_terminal) {
        let Some(last) = piece.chars().next_back().filter(|c| drives_a_terminal(*c)) else {
            out.extend_from_slice(piece.as_bytes());
            continue;
        };
        out.extend_from_slice(&piece.as_bytes()[..piece.len() - last.len_utf8()]);
        for unit in last.encode_utf16(&mut units) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
}
