//! `log_format = "ENRICHED"`: behind each record stand the names that its numbers have on this
//! machine (`UID="root" SYSCALL=openat`), so that who reads the log elsewhere has them. As auditd
//! writes them.

use crate::{
    enrich::users,
    query::interpret::{Context, Escape, Interpreter, Kind, Readable},
    records::{Fields, SEPARATOR},
    source::replay::Record,
};

/// Adds names to records.
#[derive(Debug)]
pub(super) struct Enricher {
    interpreter: Interpreter,
    value: Vec<u8>,
}

impl Default for Enricher {
    fn default() -> Self {
        let how = Readable {
            escape: Escape::Raw,
            ..Readable::of(users::of_system())
        };
        Self {
            interpreter: Interpreter::new(&how),
            value: Vec::new(),
        }
    }
}

impl Enricher {
    /// Adds names to the lines of `out` from `start` on.
    pub(super) fn lines(&mut self, out: &mut Vec<u8>, start: usize) {
        let lines = out.split_off(start);
        for line in lines.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            out.extend_from_slice(line);
            if let Some(record) = Record::of(line) {
                self.names(out, &record);
            }
            out.push(b'\n');
        }
    }

    fn names(&mut self, out: &mut Vec<u8>, record: &Record<'_>) {
        let context = Context::of(record);
        let mut mark = SEPARATOR;
        for field in Fields::new(record.body()) {
            let kind = Kind::of(context.kind, field.name, field.raw);
            let is_name = matches!(kind, Kind::Uid | Kind::Gid);
            let is_word = matches!(
                kind,
                Kind::Syscall | Kind::UringOp | Kind::Arch | Kind::Address
            );
            if !is_name && !is_word {
                continue;
            }
            self.value.clear();
            self.interpreter
                .raw_field(&mut self.value, &context, field.name, field.raw);
            out.push(mark);
            mark = b' ';
            out.extend(field.name.iter().map(u8::to_ascii_uppercase));
            out.push(b'=');
            if is_name {
                crate::format::audit_value(out, Some(&self.value));
            } else {
                out.extend_from_slice(&self.value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_auditd_writes_them() {
        let rows = [
            (
                "type=SYSCALL msg=audit(1.000:2): arch=c000003e syscall=257 auid=4294967295 uid=0 key=(null)",
                "\x1dARCH=x86_64 SYSCALL=openat AUID=\"unset\" UID=\"root\"",
            ),
            (
                "node=a type=SOCKADDR msg=audit(1.000:2): saddr=0200005000000000",
                "\x1dSADDR={ saddr_fam=inet laddr=0.0.0.0 lport=80 }",
            ),
            (
                "type=URINGOP msg=audit(1.000:2): uring_op=18 success=yes",
                "\x1dURING_OP=openat",
            ),
            ("type=CWD msg=audit(1.000:2): cwd=\"/\"", ""),
            ("no record uid=0", ""),
        ];
        let mut enricher = Enricher::default();
        let mut out = b"before\n".to_vec();
        for (line, names) in rows {
            let start = out.len();
            out.extend_from_slice(line.as_bytes());
            out.push(b'\n');
            enricher.lines(&mut out, start);
            let text = String::from_utf8_lossy(&out[start..]);
            assert_eq!(text, format!("{line}{names}\n"));
        }
        assert!(out.starts_with(b"before\n"));
    }
}
