//! `name=value` pairs of a record, without copying: bare values, quoted ones, hexadecimal ones, and
//! the fields inside `msg='...'` that programs send.

use memchr::{memchr, memchr2};

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Its value as it stands there, quotes included.
    pub raw: &'a [u8],
    /// It is in the text of a program, `msg='...'`: a program can write there what it likes.
    pub told: bool,
}

/// A value that can be a string of any bytes: what audit quotes, or writes in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// These bytes.
    Plain(&'a [u8]),
    /// These bytes as hexadecimal digits.
    Hex(&'a [u8]),
}

impl<'a> Value<'a> {
    /// Reads an untrusted string: `"quoted"`, hexadecimal, or anything else as it stands
    /// (`(null)`, and what old programs wrote without quotes).
    pub fn untrusted(raw: &'a [u8]) -> Self {
        if let Some(rest) = raw.strip_prefix(b"\"") {
            return Self::Plain(&rest[..memchr(b'"', rest).unwrap_or(rest.len())]);
        }
        if raw.len() >= 2 && raw.len().is_multiple_of(2) && raw.iter().all(u8::is_ascii_hexdigit) {
            return Self::Hex(raw);
        }
        Self::Plain(raw)
    }

    /// The bytes, decoded into `scratch` where that is needed.
    pub fn decode<'s>(self, scratch: &'s mut Vec<u8>) -> &'s [u8]
    where
        'a: 's,
    {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Hex(digits) => {
                scratch.clear();
                unhex(digits, scratch);
                scratch
            }
        }
    }

    /// Appends the bytes.
    pub fn append_to(self, out: &mut Vec<u8>) {
        match self {
            Self::Plain(bytes) => out.extend_from_slice(bytes),
            Self::Hex(digits) => unhex(digits, out),
        }
    }

    /// Is it `(null)`, which is how the kernel says that there is none?
    pub fn is_null(self) -> bool {
        self == Self::Plain(b"(null)")
    }
}

/// Appends what pairs of hexadecimal digits say.
fn unhex(digits: &[u8], out: &mut Vec<u8>) {
    let nibble = |digit: u8| (digit as char).to_digit(16).unwrap_or(0) as u8;
    let (pairs, _) = digits.as_chunks::<2>();
    out.extend(
        pairs
            .iter()
            .map(|[high, low]| nibble(*high) << 4 | nibble(*low)),
    );
}

/// Goes through the fields of a record's body. What is no field is passed over.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
    /// Inside of `msg='`: the apostrophe that ends it belongs to no value.
    nested: bool,
}

impl<'a> Fields<'a> {
    /// The fields of this text.
    pub fn new(body: &'a [u8]) -> Self {
        Self {
            rest: body,
            nested: false,
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    #[inline]
    fn next(&mut self) -> Option<Field<'a>> {
        loop {
            // The name is the last word before the sign: `new auid=1000` is `auid`. Words are short: a
            // loop is done before a search has begun.
            let (mut start, mut equals) = (0, 0);
            loop {
                match self.rest.get(equals)? {
                    b'=' => break,
                    b' ' | b',' | b'\'' | b'(' => start = equals + 1,
                    _ => {}
                }
                equals += 1;
            }
            let name = &self.rest[start..equals];
            let value = &self.rest[equals + 1..];
            if name == b"msg" && value.first() == Some(&b'\'') {
                self.nested = true;
                self.rest = &value[1..];
                continue;
            }
            let (mut raw, used) = value_of(value);
            self.rest = &value[used..];
            if self.nested {
                raw = bare(raw);
            }
            return Some(Field {
                name,
                raw,
                told: self.nested,
            });
        }
    }
}

/// A value in the text of a program without what ends the text: `failed'`, and in brackets, as
/// RHEL 5 had it, `success)'`; without the mark before the next words in `uid=0: exe=`.
fn bare(raw: &[u8]) -> &[u8] {
    let raw = raw.strip_suffix(b"'").unwrap_or(raw);
    let raw = match raw.strip_suffix(b":") {
        Some(rest) if !rest.is_empty() && memchr2(b':', b'"', rest).is_none() => rest,
        _ => raw,
    };
    match raw.strip_suffix(b")") {
        Some(rest) if memchr(b'(', rest).is_none() && rest.first() != Some(&b'"') => rest,
        _ => raw,
    }
}

/// Values that are longer than this are looked through with more effort.
const SHORT: usize = 24;

/// Where the first space or comma of a text is.
#[inline]
fn bare_end(text: &[u8]) -> usize {
    let ends = |b: &u8| matches!(b, b' ' | b',');
    let short = &text[..text.len().min(SHORT)];
    if let Some(end) = short.iter().position(ends) {
        return end;
    }
    let rest = &text[short.len()..];
    short.len() + memchr2(b' ', b',', rest).unwrap_or(rest.len())
}

/// The value at the beginning of a text, and how much of the text it takes.
#[inline]
fn value_of(text: &[u8]) -> (&[u8], usize) {
    if let Some(quote @ (b'"' | b'\'')) = text.first() {
        let end = memchr(*quote, &text[1..]).map_or(text.len(), |at| at + 2);
        return (&text[..end], end);
    }
    let end = bare_end(text);
    // A comma ends a value only in front of a space (`hostname=?, addr=?`): labels and lists have
    // commas inside.
    if text.get(end) == Some(&b',') && text.get(end + 1).is_some_and(|b| *b != b' ') {
        let end = memchr(b' ', text).unwrap_or(text.len());
        let value = &text[..end];
        return (value.strip_suffix(b",").unwrap_or(value), end);
    }
    (&text[..end], end)
}

/// What auditd looked up for a field when it wrote the record: the value of `NAME=` in the part
/// behind the separator. Names of fields are in capital letters there.
pub fn enriched<'a>(part: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    if let Some(saddr) = part.strip_prefix(b"SADDR=") {
        return name.eq_ignore_ascii_case(b"saddr").then_some(saddr);
    }
    Fields::new(part)
        .find(|field| field.name.eq_ignore_ascii_case(name))
        .map(|field| field.raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Fields::new(body.as_bytes())
            .map(|field| (text(field.name), text(field.raw)))
            .collect()
    }

    #[test]
    fn one_row_per_shape() {
        for (what, body, wanted) in [
            ("bare", "a=1 b=2", vec![("a", "1"), ("b", "2")]),
            (
                "quoted",
                "c=\"x y\" d=1",
                vec![("c", "\"x y\""), ("d", "1")],
            ),
            ("unclosed quote", "c=\"x d=1", vec![("c", "\"x d=1")]),
            ("empty", "a= b=", vec![("a", ""), ("b", "")]),
            (
                "message of a program",
                "pid=1 msg='op=login acct=\"ana\" hostname=?, addr=?, res=success'",
                vec![
                    ("pid", "1"),
                    ("op", "login"),
                    ("acct", "\"ana\""),
                    ("hostname", "?"),
                    ("addr", "?"),
                    ("res", "success"),
                ],
            ),
            (
                "message in brackets",
                "uid=0 msg='uid=7: exe=\"/a\" (hostname=(null), terminal=?, terminal=? res=success)'",
                vec![
                    ("uid", "0"),
                    ("uid", "7"),
                    ("exe", "\"/a\""),
                    ("hostname", "(null)"),
                    ("terminal", "?"),
                    ("terminal", "?"),
                    ("res", "success"),
                ],
            ),
            (
                "old login",
                "old auid=1 new auid=2",
                vec![("auid", "1"), ("auid", "2")],
            ),
            (
                "label",
                "obj=u:r:t:s0:c2,c7 x=1",
                vec![("obj", "u:r:t:s0:c2,c7"), ("x", "1")],
            ),
            (
                "denied",
                "avc: denied { read } for pid=1",
                vec![("pid", "1")],
            ),
            ("none", "no fields here", vec![]),
            ("ends with the sign", "a", vec![]),
        ] {
            let wanted: Vec<_> = wanted
                .into_iter()
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .collect();
            assert_eq!(fields(body), wanted, "{what}");
        }
    }

    #[test]
    fn values() {
        let mut scratch = Vec::new();
        for (raw, bytes) in [
            ("\"plain\"", &b"plain"[..]),
            ("612062", b"a b"),
            ("6120623", b"6120623"),
            ("(null)", b"(null)"),
            ("?", b"?"),
            ("\"open", b"open"),
        ] {
            assert_eq!(Value::untrusted(raw.as_bytes()).decode(&mut scratch), bytes);
        }
    }

    #[test]
    fn names_that_auditd_looked_up() {
        let part = b"ARCH=x86_64 SYSCALL=creat AUID=\"unset\" UID=\"root\"";
        assert_eq!(enriched(part, b"uid"), Some(&b"\"root\""[..]));
        assert_eq!(enriched(part, b"gid"), None);
        assert_eq!(
            enriched(b"SADDR={ saddr_fam=local }", b"saddr"),
            Some(&b"{ saddr_fam=local }"[..])
        );
    }
}
