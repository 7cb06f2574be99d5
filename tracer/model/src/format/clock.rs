//! Wall clock times as text. What changes once a second is computed once a second.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::number::padded;

const NS: u64 = 1_000_000_000;

/// Writes `2026-11-22T20:59:48.123456789Z` (UTC, RFC 3339, nanoseconds).
#[derive(Debug, Default)]
pub(super) struct Utc {
    second: Option<u64>,
    text: Vec<u8>,
}

impl Utc {
    pub(super) fn write(&mut self, out: &mut Vec<u8>, wall_ns: u64) {
        let second = wall_ns / NS;
        if self.second != Some(second) {
            self.second = Some(second);
            let t = civil(second, &TimeZone::UTC);
            self.text.clear();
            padded::<4>(&mut self.text, t.year().unsigned_abs().into());
            for (mark, n) in [(b'-', t.month()), (b'-', t.day())] {
                self.text.push(mark);
                padded::<2>(&mut self.text, n.unsigned_abs().into());
            }
            self.text.push(b'T');
            clock(&mut self.text, t);
        }
        out.extend_from_slice(&self.text);
        padded::<9>(out, (wall_ns % NS) as u32);
        out.push(b'Z');
    }
}

/// Writes `20:59:48.123456` in a time zone.
#[derive(Debug)]
pub(super) struct Local {
    zone: TimeZone,
    second: Option<u64>,
    text: Vec<u8>,
}

impl Local {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            second: None,
            text: Vec::new(),
        }
    }

    pub(super) fn write(&mut self, out: &mut Vec<u8>, wall_ns: u64) {
        let second = wall_ns / NS;
        if self.second != Some(second) {
            self.second = Some(second);
            self.text.clear();
            clock(&mut self.text, civil(second, &self.zone));
        }
        out.extend_from_slice(&self.text);
        padded::<6>(out, (wall_ns % NS / 1000) as u32);
    }
}

/// `HH:MM:SS.`
fn clock(text: &mut Vec<u8>, t: DateTime) {
    for (n, mark) in [(t.hour(), b':'), (t.minute(), b':'), (t.second(), b'.')] {
        padded::<2>(text, n.unsigned_abs().into());
        text.push(mark);
    }
}

/// Date and time of a second. A `u64` of nanoseconds ends in the year 2554, which jiff has.
fn civil(second: u64, zone: &TimeZone) -> DateTime {
    let stamp = Timestamp::from_second(second as i64).unwrap_or(Timestamp::UNIX_EPOCH);
    zone.to_datetime(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let mut out = Vec::new();
        let mut utc = Utc::default();
        let mut local = Local::new(TimeZone::fixed(jiff::tz::offset(2)));
        for ns in [
            0,
            1_795_381_188_123_456_789,
            1_795_381_188_000_000_001,
            u64::MAX,
        ] {
            utc.write(&mut out, ns);
            out.push(b' ');
            local.write(&mut out, ns);
            out.push(b'\n');
        }
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "1970-01-01T00:00:00.000000000Z 02:00:00.000000\n\
             2026-11-22T20:59:48.123456789Z 22:59:48.123456\n\
             2026-11-22T20:59:48.000000001Z 22:59:48.000000\n\
             2554-07-21T23:34:33.709551615Z 01:34:33.709551\n"
        );
    }
}
