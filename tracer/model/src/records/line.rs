//! The head of a line: `node=HOST type=SYSCALL msg=audit(1795377006.984:4450): `. What follows is
//! not looked at.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};

use super::RecordType;

/// What auditd puts between a record and the names it looked up (`log_format=ENRICHED`).
pub const SEPARATOR: u8 = 0x1d;

/// What rsyslog's imfile makes of it.
const ESCAPED: &[u8] = b"#035";

/// Where the names begin that auditd looked up: the place of the separator, and its length. rsyslog
/// writes it as `#035`; in quotes that is part of a name.
#[inline]
pub fn separator(text: &[u8]) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let at = from + memchr2(SEPARATOR, b'#', &text[from..])?;
        if text[at] == SEPARATOR {
            return Some((at, 1));
        }
        let is_name = |rest: &[u8]| rest.first().is_some_and(u8::is_ascii_uppercase);
        let in_quotes = || memchr_iter(b'"', &text[..at]).count() % 2 == 1;
        if text[at..].strip_prefix(ESCAPED).is_some_and(is_name) && !in_quotes() {
            return Some((at, ESCAPED.len()));
        }
        from = at + 1;
    }
}

/// What all records of one event share, beside the node. Ordered by time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    /// Seconds since 1970.
    pub sec: u64,
    /// Milliseconds of that second.
    pub milli: u16,
    /// Serial number.
    pub serial: u64,
}

/// A head, parsed. Positions count from the beginning of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The node's name; empty when there is none.
    pub node: Range<usize>,
    /// The type; `None` for a name that is not known.
    pub kind: Option<RecordType>,
    /// Where the name of the type is.
    pub kind_name: Range<usize>,
    /// Time and serial number.
    pub id: EventId,
    /// Where the fields begin.
    pub body: usize,
}

/// Why a line is no audit record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It does not begin with `type=` (or `node=`).
    #[error("it does not begin with type= or node=")]
    Start,
    /// There is no `msg=audit(` after the type.
    #[error("there is no msg=audit( after the type")]
    Message,
    /// Between the parentheses is no `seconds.millis:serial`.
    #[error("it has no time and serial number")]
    Stamp,
    /// It begins with bytes that are 0.
    #[error("it begins with zeros")]
    Zeros,
    /// It is longer than any record can be.
    #[error("it is too long for a record")]
    TooLong,
}

/// Longest name of a node that is believed (`HOST_NAME_MAX` is 64, a FQDN 255).
const NODE_MAX: usize = 340;

impl Head {
    /// Parses the head of a line.
    #[inline]
    pub fn parse(line: &[u8]) -> Result<Self, Malformed> {
        Heads::default().parse(line).cloned()
    }
}

/// Parses the heads of lines one after the other. The records of an event mostly stand together, and many
/// events are of one second: what is written as in the line before is not read again.
#[derive(Clone, Debug, Default)]
pub struct Heads<'a> {
    /// `1795377006.984:4450)` of the line before.
    stamp: &'a [u8],
    /// How much of it is the second, with the mark behind it.
    sec: usize,
    /// The head of the line before.
    head: Head,
}

impl<'a> Heads<'a> {
    /// Parses the head of the next line. It stays here: a copy would cost as much as to parse it.
    #[inline]
    pub fn parse(&mut self, line: &'a [u8]) -> Result<&Head, Malformed> {
        let mut at = 0;
        let mut node = 0..0;
        if line.starts_with(b"node=") {
            let end = memchr(b' ', &line[..line.len().min(NODE_MAX)]).ok_or(Malformed::Start)?;
            node = 5..end;
            at = end + 1;
        }
        let rest = line[at..].strip_prefix(b"type=").ok_or(Malformed::Start)?;
        at += 5;
        let (kind, len) = RecordType::in_front(rest).ok_or(Malformed::Message)?;
        let kind_name = at..at + len;
        at += len + 1;
        // What was taken from the kernel's own log has no `msg=`.
        if line[at..].starts_with(b"msg=") {
            at += 4;
        }
        let stamp = line[at..]
            .strip_prefix(b"audit(")
            .ok_or(Malformed::Message)?;
        at += 6;
        if self.stamp.is_empty() || !begins(stamp, self.stamp) {
            self.read(stamp).ok_or(Malformed::Stamp)?;
        }
        at += self.stamp.len();
        // `): `, or `):` at the end of a record without fields.
        for expected in [b':', b' '] {
            if line.get(at) == Some(&expected) {
                at += 1;
            }
        }
        let head = &mut self.head;
        (head.node, head.kind, head.kind_name, head.body) = (node, kind, kind_name, at);
        Ok(head)
    }

    /// Reads `1795377006.984:4450)`.
    fn read(&mut self, text: &'a [u8]) -> Option<()> {
        let second = &self.stamp[..self.sec];
        let (sec, after) = if !second.is_empty() && begins(text, second) {
            (self.head.id.sec, self.sec)
        } else {
            digits(text, 0, b'.')?
        };
        let (milli, at) = digits(text, after, b':')?;
        let (serial, at) = digits(text, at, b')')?;
        let milli = u16::try_from(milli).ok().filter(|milli| *milli < 1000)?;
        self.head.id = EventId { sec, milli, serial };
        (self.stamp, self.sec) = (&text[..at], after);
        Some(())
    }
}

/// Does a text begin with this? What is compared is some bytes long: a call would take longer.
#[inline]
fn begins(text: &[u8], with: &[u8]) -> bool {
    fn ends<const N: usize>(text: &[u8], with: &[u8]) -> Option<bool> {
        let first = text.first_chunk::<N>()? == with.first_chunk::<N>()?;
        Some(first & (text.last_chunk::<N>()? == with.last_chunk::<N>()?))
    }
    let Some(text) = text.get(..with.len()) else {
        return false;
    };
    let found = match with.len() {
        16..=32 => ends::<16>(text, with),
        8..16 => ends::<8>(text, with),
        _ => None,
    };
    found.unwrap_or_else(|| text == with)
}

/// A decimal number and the mark after it.
#[inline]
fn digits(text: &[u8], from: usize, mark: u8) -> Option<(u64, usize)> {
    let mut number: u64 = 0;
    let mut at = from;
    loop {
        let byte = *text.get(at)?;
        at += 1;
        if byte == mark && at > from + 1 {
            return Some((number, at));
        }
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // So many digits always fit.
        number = if at - from < 20 {
            number * 10 + u64::from(digit)
        } else {
            number.checked_mul(10)?.checked_add(u64::from(digit))?
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads() {
        let line = b"type=SYSCALL msg=audit(1795377006.984:4450): arch=c000003e";
        let head = Head::parse(line).unwrap();
        assert_eq!(head.kind, Some(RecordType::SYSCALL));
        assert_eq!(
            head.id,
            EventId {
                sec: 1_795_377_006,
                milli: 984,
                serial: 4450
            }
        );
        assert_eq!(&line[head.body..], b"arch=c000003e");
        let line = b"node=web.example type=EOE msg=audit(1.000:2): ";
        let head = Head::parse(line).unwrap();
        assert_eq!(&line[head.node], b"web.example");
        assert_eq!(head.body, line.len());
        // As the kernel's own log has it.
        let line = b"type=1400 audit(1.000:2): avc:  denied";
        let head = Head::parse(line).unwrap();
        assert_eq!(head.kind, Some(RecordType::AVC));
        assert_eq!(&line[head.body..], b"avc:  denied");
    }

    #[test]
    fn one_head_after_the_other() {
        let stamps = [
            "7.001:1", "7.001:1", "7.001:12", "7.001:1", "70.001:1", "7.1:1", "8.001:1",
        ];
        let lines = stamps.map(|stamp| format!("type=PATH msg=audit({stamp}): a=1"));
        let mut heads = Heads::default();
        for line in &lines {
            assert_eq!(
                heads.parse(line.as_bytes()).cloned(),
                Head::parse(line.as_bytes()),
                "{line}"
            );
            assert!(heads.parse(b"type=PATH msg=audit(7.001:x): ").is_err());
        }
    }

    #[test]
    fn beginnings() {
        let text: Vec<u8> = (0..60).collect();
        for len in 0..50 {
            assert!(begins(&text, &text[..len]), "{len}");
            assert!(!begins(&text[..len], &text[..=len]), "{len}");
            for place in 0..len {
                let mut with = text[..len].to_vec();
                with[place] = 99;
                assert!(!begins(&text, &with), "{place} of {len}");
            }
        }
    }

    #[test]
    fn separators() {
        for (text, wanted) in [
            ("a=1\x1dUID=\"root\"", Some((3, 1))),
            ("a=1#035UID=\"root\"", Some((3, 4))),
            ("a=\"x#035Y\" b=1", None),
            ("a=\"x#035Y\"#035UID=\"root\"", Some((10, 4))),
            ("a=# b=#035 c=#0", None),
            ("", None),
        ] {
            assert_eq!(separator(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_no_head() {
        use Malformed::{Message, Stamp, Start};
        for (line, why) in [
            ("", Start),
            ("hello", Start),
            ("node=x", Start),
            ("type=SYSCALL", Message),
            ("type=SYSCALL arch=1", Message),
            ("type=SYSCALL msg=audit(", Stamp),
            ("type=SYSCALL msg=audit(1.2", Stamp),
            ("type=SYSCALL msg=audit(1.2:)", Stamp),
            ("type=SYSCALL msg=audit(-1.000:1): ", Stamp),
            ("type=SYSCALL msg=audit(1.1000:1): ", Stamp),
            (
                "type=SYSCALL msg=audit(99999999999999999999999.000:1): ",
                Stamp,
            ),
        ] {
            assert_eq!(Head::parse(line.as_bytes()), Err(why), "{line}");
        }
    }
}
