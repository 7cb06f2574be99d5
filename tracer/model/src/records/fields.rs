//! `name=value` pairs of a record, without copying: bare values, quoted ones, hexadecimal ones, and
//! the fields inside `msg='...'` that programs send.

use memchr::{memchr, memchr2, memrchr};
use smallvec::SmallVec;

use super::marks::{Marks, WIDTH};

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

/// What each byte says as a hexadecimal digit.
static NIBBLES: [u8; 256] = {
    let mut nibbles = [0; 256];
    let mut digit = 0;
    while digit < 16 {
        nibbles[b"0123456789abcdef"[digit] as usize] = digit as u8;
        nibbles[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    nibbles
};

/// Appends what pairs of hexadecimal digits say.
fn unhex(digits: &[u8], out: &mut Vec<u8>) {
    let nibble = |digit: u8| NIBBLES[usize::from(digit)];
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
    text: &'a [u8],
    /// What is before is done.
    at: usize,
    /// The marks from here on are known: those that are still ahead.
    base: usize,
    marks: Marks,
    /// Inside of `msg='`: the apostrophe that ends it belongs to no value.
    nested: bool,
}

impl<'a> Fields<'a> {
    /// The fields of this text.
    #[inline]
    pub fn new(body: &'a [u8]) -> Self {
        Self::behind(body, 0)
    }

    /// The fields of this text, perhaps without some of the first: not without those in which `find` finds
    /// something.
    #[inline]
    pub fn from_first(body: &'a [u8], find: impl FnOnce(&[u8]) -> Option<usize>) -> Self {
        // In front of the first quotation mark, every space stands between two fields.
        let quote = memchr2(b'"', b'\'', body).unwrap_or(body.len());
        let first = find(&body[..quote]).unwrap_or(quote);
        if first == body.len() {
            return Self::behind(body, first);
        }
        Self::behind(body, memrchr(b' ', &body[..first]).map_or(0, |at| at + 1))
    }

    #[inline]
    fn behind(text: &'a [u8], at: usize) -> Self {
        Self {
            text,
            at,
            base: at,
            marks: Marks::at(text, at),
            nested: false,
        }
    }

    /// The text behind the fields that were taken.
    pub fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    /// Passes over what is before the place that `find` finds in the rest, where it finds one in front of the
    /// next quotation mark.
    #[inline]
    pub fn pass_to(&mut self, find: impl FnOnce(&[u8]) -> Option<usize>) {
        let rest = self.rest();
        if let Some(len) = find(rest)
            && memchr2(b'"', b'\'', &rest[..len]).is_none()
        {
            self.at += len;
            self.pass(self.at);
        }
    }

    /// Goes on where marks are not known yet; `false` at the end.
    #[inline]
    fn go_on(&mut self) -> bool {
        self.base += WIDTH;
        self.marks = Marks::at(self.text, self.base);
        self.base < self.text.len()
    }

    /// Passes over the marks before a place.
    #[inline]
    fn pass(&mut self, place: usize) {
        let by = place - self.base;
        if by < WIDTH {
            self.marks = self.marks.from(by);
        } else {
            self.base = place;
            self.marks = Marks::at(self.text, place);
        }
    }

    /// The next name: where it begins, and where the sign behind it is. It is the last word before the
    /// sign: `new auid=1000` is `auid`.
    #[inline]
    fn name(&mut self) -> Option<(usize, usize)> {
        let mut start = self.at;
        loop {
            let sign = lowest(self.marks.equals);
            let before = sign.wrapping_sub(1);
            let breaks = self.marks.breaks & before;
            if breaks != 0 {
                start = self.base + WIDTH - breaks.leading_zeros() as usize;
            }
            if sign != 0 {
                self.marks.breaks &= !before;
                self.marks.ends &= !before;
                return Some((start, self.base + sign.trailing_zeros() as usize));
            }
            if !self.go_on() {
                return None;
            }
        }
    }

    /// Where the first space or comma is. What is before it is passed over.
    #[inline]
    fn bare_end(&mut self) -> usize {
        loop {
            let end = lowest(self.marks.ends);
            if end != 0 {
                self.marks.equals &= !end.wrapping_sub(1);
                return self.base + end.trailing_zeros() as usize;
            }
            if !self.go_on() {
                return self.text.len();
            }
        }
    }

    /// The value that begins here, and where the text goes on.
    #[inline]
    fn value(&mut self, from: usize) -> (&'a [u8], usize) {
        let text = self.text;
        if let Some(quote @ (b'"' | b'\'')) = text.get(from) {
            let len = memchr(*quote, &text[from + 1..]);
            let end = len.map_or(text.len(), |len| from + len + 2);
            self.pass(end);
            return (&text[from..end], end);
        }
        let end = self.bare_end();
        // A comma ends a value only in front of a space (`hostname=?, addr=?`): labels and lists have
        // commas inside.
        if text.get(end) == Some(&b',') && text.get(end + 1).is_some_and(|b| *b != b' ') {
            let len = memchr(b' ', &text[end..]);
            let end = len.map_or(text.len(), |len| end + len);
            self.pass(end);
            let value = &text[from..end];
            return (value.strip_suffix(b",").unwrap_or(value), end);
        }
        (&text[from..end], end)
    }
}

/// The lowest bit that is set, alone.
#[inline]
fn lowest(bits: u64) -> u64 {
    bits & bits.wrapping_neg()
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    #[inline]
    fn next(&mut self) -> Option<Field<'a>> {
        loop {
            let (start, equals) = self.name()?;
            let name = &self.text[start..equals];
            let from = equals + 1;
            if name == b"msg" && self.text.get(from) == Some(&b'\'') {
                self.nested = true;
                self.at = from + 1;
                self.pass(self.at);
                continue;
            }
            let (mut raw, end) = self.value(from);
            self.at = end;
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

/// What auditd looked up for the fields of a record, where somebody asks for many of them.
#[derive(Clone, Debug)]
pub struct LookedUp<'a> {
    part: &'a [u8],
    fields: SmallVec<[Field<'a>; 12]>,
}

impl<'a> LookedUp<'a> {
    /// Of the part behind the separator.
    pub fn of(part: &'a [u8]) -> Self {
        Self {
            part,
            fields: Fields::new(part).collect(),
        }
    }

    /// The same as [`enriched`].
    #[inline]
    pub fn get(&self, name: &[u8]) -> Option<&'a [u8]> {
        if self.part.starts_with(b"SADDR=") {
            return enriched(self.part, name);
        }
        let is_it = |field: &&Field<'_>| {
            field.name.len() == name.len() && field.name.eq_ignore_ascii_case(name)
        };
        self.fields.iter().find(is_it).map(|field| field.raw)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    /// Byte by byte, as the form is described.
    fn plainly(body: &[u8]) -> Vec<(&[u8], &[u8], bool)> {
        let (mut rest, mut nested, mut found) = (body, false, Vec::new());
        while let Some(equals) = rest.iter().position(|b| *b == b'=') {
            let start = rest[..equals].iter().rposition(|b| b" ,'(".contains(b));
            let name = &rest[start.map_or(0, |at| at + 1)..equals];
            let value = &rest[equals + 1..];
            if name == b"msg" && value.first() == Some(&b'\'') {
                (nested, rest) = (true, &value[1..]);
                continue;
            }
            let until = |ends: &[u8]| value.iter().position(|b| ends.contains(b));
            let mut end = until(b" ,").unwrap_or(value.len());
            let mut raw = &value[..end];
            if let Some(quote @ (b'"' | b'\'')) = value.first() {
                let close = value[1..].iter().position(|b| b == quote);
                end = close.map_or(value.len(), |at| at + 2);
                raw = &value[..end];
            } else if value.get(end) == Some(&b',')
                && value.get(end + 1).is_some_and(|b| *b != b' ')
            {
                end = until(b" ").unwrap_or(value.len());
                raw = &value[..end];
                raw = raw.strip_suffix(b",").unwrap_or(raw);
            }
            found.push((name, if nested { bare(raw) } else { raw }, nested));
            rest = &value[end..];
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn marks_are_found_wherever_they_stand(
            parts in prop::collection::vec(
                prop_oneof![
                    4 => "[a-d]{1,9}",
                    3 => Just("=".to_owned()),
                    3 => Just(" ".to_owned()),
                    1 => "[=,\"'(): ]",
                    1 => Just(" msg='".to_owned()),
                    1 => "=[a-z]{20,90}",
                ],
                0..40,
            ),
        ) {
            let body = parts.concat().into_bytes();
            let told = |field: Field<'_>| (field.name.to_vec(), field.raw.to_vec(), field.told);
            let all: Vec<_> = Fields::new(&body).map(told).collect();
            let plain: Vec<_> = plainly(&body)
                .into_iter()
                .map(|(name, raw, told)| (name.to_vec(), raw.to_vec(), told))
                .collect();
            prop_assert_eq!(&all, &plain);
            // Without the first ones, those with this name are still there.
            let find = |text: &[u8]| memchr::memmem::find(text, b"a=");
            let is_it = |field: &(Vec<u8>, Vec<u8>, bool)| field.0.ends_with(b"a");
            let some = Fields::from_first(&body, find).map(told).filter(is_it);
            prop_assert!(some.eq(all.into_iter().filter(is_it)));
        }
    }

    #[test]
    fn what_is_passed_over() {
        let mut fields = Fields::new(b"a=1 b=2 c=3 d=\"x e=\" e=5");
        let mut next = |to: Option<&[u8]>| {
            if let Some(to) = to {
                fields.pass_to(|text| memchr::memmem::find(text, to));
            }
            fields.next().map(|field| field.name)
        };
        assert_eq!(next(None), Some(&b"a"[..]));
        assert_eq!(next(Some(b" c=")), Some(&b"c"[..]));
        assert_eq!(
            next(Some(b" e=")),
            Some(&b"d"[..]),
            "not from inside of quotes"
        );
        assert_eq!(next(Some(b" a=")), Some(&b"e"[..]), "what is not there");
        assert_eq!(next(None), None);
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
        for name in [&b"uid"[..], b"gid", b"arch", b"id"] {
            assert_eq!(LookedUp::of(part).get(name), enriched(part, name));
        }
        assert_eq!(
            enriched(b"SADDR={ saddr_fam=local }", b"saddr"),
            Some(&b"{ saddr_fam=local }"[..])
        );
    }
}
