//! Records with every value made readable (`ausearch -i`).

use memchr::{memchr, memchr2};

use super::{Printer, Records};
use crate::{
    query::interpret::{Context, Kind},
    records::LookedUp,
    replay::{Event, Record},
};

impl Printer {
    pub(super) fn interpreted(&mut self, out: &mut Vec<u8>, event: &Event<'_>) {
        out.extend_from_slice(b"----\n");
        let records: Records<'_> = event.records().collect();
        for record in records.iter().rev() {
            self.readable(out, event, record);
        }
    }

    fn readable(&mut self, out: &mut Vec<u8>, event: &Event<'_>, record: &Record<'_>) {
        let escape = self.interpreter.escape.for_text();
        if let Some(node) = event.node() {
            out.extend_from_slice(b"node=");
            escape.write(out, node);
            out.push(b' ');
        }
        out.extend_from_slice(b"type=");
        match record.kind.name() {
            // `UNKNOWN[1327]` of an old auditd is known by now.
            Some(name) => out.extend_from_slice(name.as_bytes()),
            None => escape.write(out, record.kind_name),
        }
        let id = event.id();
        out.extend_from_slice(b" msg=audit(");
        out.extend_from_slice(self.stamps.date_time(id.sec).as_bytes());
        out.push(b'.');
        out.extend([100, 10, 1].map(|unit| b'0' + (id.milli / unit % 10) as u8));
        out.push(b':');
        out.extend_from_slice(itoa::Buffer::new().format(id.serial).as_bytes());
        out.extend_from_slice(b") : ");
        self.fields(out, record);
        out.push(b'\n');
    }

    /// The text of a record, with the values replaced. What is no value stays as it is.
    fn fields(&mut self, out: &mut Vec<u8>, record: &Record<'_>) {
        let context = Context::of(record);
        let looked_up = LookedUp::of(context.names);
        let escape = self.interpreter.escape.for_text();
        let mut rest = record.body();
        if memchr(b'=', rest).is_none() {
            // As ausearch has it, for an EOE too.
            escape.write(out, rest);
            return out.push(b'\n');
        }
        while let Some(equals) = memchr(b'=', rest) {
            let before = &rest[..equals];
            let name = &before[memchr::memrchr(b' ', before).map_or(0, |at| at + 1)..];
            let after = &rest[equals + 1..];
            escape.write(out, before);
            out.push(b'=');
            // `msg='uid=0 ...'`: the fields are inside.
            if name == b"msg" {
                rest = after;
                continue;
            }
            let name = name
                .strip_prefix(b"'")
                .or(name.strip_prefix(b"("))
                .unwrap_or(name);
            let value = Extent::of(&context, name, after);
            let raw = &after[..value.len];
            rest = &after[value.next..];
            self.value(out, &context, name, raw, value.comma, &looked_up);
        }
        escape.write(out, rest);
    }

    fn value(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        name: &[u8],
        raw: &[u8],
        comma: bool,
        looked_up: &LookedUp<'_>,
    ) {
        // Old programs write `acct=ana:`.
        let raw = if name == b"acct" {
            raw.strip_suffix(b":").unwrap_or(raw)
        } else {
            raw
        };
        let kind = Kind::of(context.kind, name, raw);
        if kind == Kind::Plain {
            self.interpreter.escape.for_text().write(out, raw);
            return out.push(if comma { b',' } else { b' ' });
        }
        let start = out.len();
        self.interpreter
            .known_field(out, context, kind, raw, looked_up.get(name));
        match kind {
            Kind::Key if memchr(1, &out[start..]).is_some() => {
                let text = out.split_off(start);
                for (n, key) in text.split(|b| *b == 1).enumerate() {
                    if n > 0 {
                        out.extend_from_slice(b" key=");
                    }
                    out.extend_from_slice(key);
                }
                out.push(b' ');
            }
            Kind::Keys => {}
            _ => out.push(b' '),
        }
    }
}

/// How far a value goes, and where the text goes on.
struct Extent {
    len: usize,
    next: usize,
    comma: bool,
}

impl Extent {
    fn of(context: &Context<'_>, name: &[u8], after: &[u8]) -> Self {
        let until = |len: usize, comma: bool| Self {
            len,
            next: (len + 1).min(after.len()),
            comma,
        };
        if let Some(quote @ (b'"' | b'\'')) = after.first() {
            let len = memchr(*quote, &after[1..]).map_or(after.len(), |at| at + 2);
            return until(len, false);
        }
        let mark = memchr2(b' ', b',', after).unwrap_or(after.len());
        if after.get(mark) != Some(&b',') {
            return until(mark, false);
        }
        let end = memchr(b' ', &after[mark..]).map_or(after.len(), |len| mark + len);
        // Labels have commas inside.
        if Kind::of(context.kind, name, &after[..end]) == Kind::Label {
            return until(end, false);
        }
        until(mark, true)
    }
}
