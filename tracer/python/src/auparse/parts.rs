//! A record taken apart as libauparse does: by spaces, field after field, with `type` as the first one.

use tracer_model::records::{RecordType, SEPARATOR, Value};

/// Text of a record, or made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text {
    /// From here to there.
    At(u32, u32),
    /// This.
    Made(Vec<u8>),
}

impl Text {
    pub(super) fn of<'a>(&'a self, line: &'a [u8]) -> &'a [u8] {
        match self {
            Self::At(from, to) => &line[*from as usize..*to as usize],
            Self::Made(text) => text,
        }
    }
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: Text,
    pub(super) value: Text,
}

/// What several keys of one field are divided by.
const KEY_SEPARATOR: u8 = 1;

/// The fields of a line.
pub(super) fn parts(line: &[u8], kind: RecordType) -> Vec<Part> {
    let end = line.iter().position(|byte| *byte == SEPARATOR);
    let text = &line[..end.unwrap_or(line.len())];
    let mut splitter = Splitter {
        text,
        is_decision: matches!(kind.0, 1107 | 1400),
        parts: Vec::with_capacity(16),
        at: 0,
    };
    while let Some((from, to)) = splitter.word() {
        splitter.take(from, to);
    }
    splitter.parts
}

struct Splitter<'a> {
    text: &'a [u8],
    /// `AVC` and `USER_AVC` have words without names.
    is_decision: bool,
    parts: Vec<Part>,
    at: usize,
}

impl Splitter<'_> {
    /// The next word.
    fn word(&mut self) -> Option<(usize, usize)> {
        let from = self.at + self.text[self.at..].iter().position(|byte| *byte != b' ')?;
        let len = self.text[from..].iter().position(|byte| *byte == b' ');
        let to = len.map_or(self.text.len(), |len| from + len);
        self.at = to;
        Some((from, to))
    }

    fn take(&mut self, mut from: usize, to: usize) {
        let word = &self.text[from..to];
        let Some(mut sign) = word.iter().position(|byte| *byte == b'=') else {
            self.unnamed(from, to);
            return;
        };
        sign += from;
        if word.starts_with(b"msg=a") {
            return;
        }
        if word.starts_with(b"msg='") {
            from += 5;
            match self.text[from..to].iter().position(|byte| *byte == b'=') {
                Some(at) => sign = from + at,
                None => return,
            }
        }
        if self.text[from] == b'(' {
            from += 1;
        }
        let end = self.bare_end(sign + 1, to);
        if sign + 1 == to {
            return;
        }
        if &self.text[from..sign] == b"key" && self.text.get(sign + 1) != Some(&b'(') {
            self.keys(sign + 1, end);
        } else {
            self.add(
                Text::At(from as u32, sign as u32),
                Text::At(sign as u32 + 1, end as u32),
            );
        }
    }

    /// Where a value ends without the marks behind it.
    fn bare_end(&self, from: usize, mut to: usize) -> usize {
        for mark in [b':', b',', b'\'', b')'] {
            let value = &self.text[from..to];
            let is_bracket = mark == b')' && matches!(value, b"(none)" | b"(null)");
            if value.last() == Some(&mark) && !is_bracket {
                to -= 1;
            }
        }
        to
    }

    /// The key of a rule, or several.
    fn keys(&mut self, from: usize, to: usize) {
        let name = || Text::Made(b"key".to_vec());
        if self.text.get(from) == Some(&b'"') {
            self.add(name(), Text::At(from as u32, to as u32));
            return;
        }
        let mut keys = Vec::new();
        Value::untrusted(&self.text[from..to]).append_to(&mut keys);
        for key in keys.split(|byte| *byte == KEY_SEPARATOR) {
            if !key.is_empty() {
                self.add(name(), Text::Made(escaped(key)));
            }
        }
    }

    /// A word without a name: libauparse names two of those of a security module's decision.
    fn unnamed(&mut self, from: usize, to: usize) {
        if !self.is_decision {
            return;
        }
        let word = &self.text[from..to];
        let offset = usize::from(self.text.starts_with(b"node="));
        let count = self.parts.len();
        if count == 1 + offset && !word.starts_with(b"avc") {
            let value = Text::At(from as u32, to as u32);
            self.add(Text::Made(b"seresult".to_vec()), value);
        } else if count == 2 + offset && word.first() == Some(&b'{') {
            let mut words: Vec<&[u8]> = Vec::new();
            while let Some((from, to)) = self.word() {
                let word = &self.text[from..to];
                if word.first() == Some(&b'}') {
                    break;
                }
                words.push(word);
            }
            let value = Text::Made(words.join(&b','));
            self.add(Text::Made(b"seperms".to_vec()), value);
        }
    }

    fn add(&mut self, name: Text, value: Text) {
        self.parts.push(Part { name, value });
    }
}

/// A key as the kernel would write it: in quotes, or in hexadecimal.
fn escaped(key: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let is_plain = |byte: &u8| *byte != b'"' && (0x21..=0x7e).contains(byte);
    if key.iter().all(is_plain) {
        return [b"\"", key, b"\""].concat();
    }
    let mut hex = Vec::with_capacity(key.len() * 2);
    for byte in key {
        let _ = write!(hex, "{byte:02X}");
    }
    hex
}
