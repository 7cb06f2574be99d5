//! Reads Linux audit records the way `ausearch` does: `type=T msg=audit(S.MMM:N): key=value ...`.

use std::collections::HashMap;

use crate::unhex;

/// One line.
#[derive(Clone, Debug)]
pub struct AuditRecord {
    /// `SYSCALL`, `PATH`, ...
    pub kind: String,
    /// Time and serial number, which all records of one event share.
    pub id: String,
    /// Fields as they stand there.
    pub fields: HashMap<String, String>,
    /// The line.
    pub line: String,
}

impl AuditRecord {
    /// Reads all lines.
    ///
    /// # Panics
    /// When a line is no audit record, or holds a byte that audit never writes.
    pub fn read(text: &[u8]) -> Vec<Self> {
        let text = std::str::from_utf8(text).expect("audit output is ASCII");
        text.lines().map(Self::of).collect()
    }

    fn of(line: &str) -> Self {
        assert!(
            line.bytes().all(|b| (0x20..0x7f).contains(&b)),
            "not printable: {line:?}"
        );
        let parts = line
            .strip_prefix("type=")
            .and_then(|rest| rest.split_once(" msg=audit("))
            .and_then(|(kind, rest)| Some((kind, rest.split_once("):")?)));
        let Some((kind, (id, rest))) = parts else {
            panic!("not an audit record: {line}")
        };
        let mut fields = HashMap::new();
        for word in words(rest) {
            if let Some((key, value)) = word.split_once('=') {
                fields
                    .entry(key.to_owned())
                    .or_insert_with(|| value.to_owned());
            }
        }
        Self {
            kind: kind.to_owned(),
            id: id.to_owned(),
            fields,
            line: line.to_owned(),
        }
    }

    /// An untrusted string: quoted, or hexadecimal, or `(null)` which is none.
    ///
    /// # Panics
    /// When audit would not write it like this.
    pub fn string(&self, key: &str) -> Option<Vec<u8>> {
        let value = self.fields.get(key)?;
        match value.strip_prefix('"') {
            Some(text) => {
                let text = text.strip_suffix('"').expect("the quote is closed");
                assert!(
                    !text.contains(['"', ' ']),
                    "audit would write this in hexadecimal: {text}"
                );
                Some(text.as_bytes().to_vec())
            }
            None if value.starts_with('(') => None,
            None => Some(unhex(value)),
        }
    }
}

/// Words divided by spaces outside of quotes.
fn words(text: &str) -> Vec<&str> {
    let (mut words, mut from, mut quoted) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b' ' if !quoted => {
                words.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    words.push(&text[from..]);
    words.into_iter().filter(|word| !word.is_empty()).collect()
}
