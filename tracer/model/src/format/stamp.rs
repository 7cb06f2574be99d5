//! Times as strace shows them: before a line (`-t`, `-tt`, `-ttt`, `-r`) and behind it (`-T`).

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    clock::Local,
    number::{dec, padded},
};

const NS: u64 = 1_000_000_000;

/// What stands before each line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stamp {
    /// Nothing.
    #[default]
    None,
    /// `20:59:48`, local time (`-t`).
    Seconds,
    /// `20:59:48.123456`, local time (`-tt`).
    Micros,
    /// `1795381188.123456`, seconds since 1970 (`-ttt`).
    Unix,
}

/// How finely a time is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Whole seconds.
    Seconds,
    /// Three digits.
    Millis,
    /// Six digits.
    #[default]
    Micros,
    /// Nine digits.
    Nanos,
}

/// The times in a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// Before it.
    pub stamp: Stamp,
    /// Before it also, or only, the time since the line before (`-r`).
    pub relative: bool,
    /// Behind it, how long the call took (`-T`).
    pub durations: bool,
    /// How finely the first is told, where that is not what its form says.
    #[serde(skip)]
    pub precision: Option<Precision>,
    /// The same of the time since the line before.
    #[serde(skip)]
    pub relative_precision: Precision,
    /// The same of how long the call took.
    #[serde(skip)]
    pub duration_precision: Precision,
}

/// Writes the times before a line.
#[derive(Debug)]
pub(super) struct Stamps {
    stamp: Stamp,
    relative: bool,
    precision: Option<Precision>,
    relative_precision: Precision,
    clock: Local,
    before: Option<u64>,
}

impl Stamps {
    pub(super) fn new(times: Times, zone: TimeZone) -> Self {
        Self {
            stamp: times.stamp,
            relative: times.relative,
            precision: times.precision,
            relative_precision: times.relative_precision,
            clock: Local::new(zone),
            before: None,
        }
    }

    /// Writes the times of an event that began at this wall clock time, and a space.
    pub(super) fn write(&mut self, out: &mut Vec<u8>, wall_ns: u64) {
        match self.stamp {
            Stamp::None => {}
            Stamp::Seconds | Stamp::Micros => {
                let own = if self.stamp == Stamp::Seconds {
                    Precision::Seconds
                } else {
                    Precision::Micros
                };
                self.clock.write(out, wall_ns);
                // Without `.123456`.
                out.truncate(out.len() - 7);
                fraction(out, wall_ns, self.precision.unwrap_or(own));
                out.push(b' ');
            }
            Stamp::Unix => {
                seconds(out, wall_ns, self.precision.unwrap_or_default());
                out.push(b' ');
            }
        }
        if self.relative {
            let since = wall_ns.saturating_sub(self.before.unwrap_or(wall_ns));
            self.before = Some(wall_ns);
            let start = out.len();
            dec(out, since / NS);
            let pad = 6usize.saturating_sub(out.len() - start);
            fraction(out, since, self.relative_precision);
            out.splice(start..start, std::iter::repeat_n(b' ', pad));
            out.push(b' ');
            if self.stamp != Stamp::None {
                // As strace: the relative time stands in parentheses behind the absolute one.
                out.pop();
                out.splice(start..start, *b"(+");
                out.extend_from_slice(b") ");
            }
        }
    }
}

/// Appends `<0.000012>`.
pub(super) fn duration(out: &mut Vec<u8>, ns: u64, precision: Precision) {
    out.push(b'<');
    seconds(out, ns, precision);
    out.push(b'>');
}

/// Appends `1795381188.123456`.
fn seconds(out: &mut Vec<u8>, ns: u64, precision: Precision) {
    dec(out, ns / NS);
    fraction(out, ns, precision);
}

/// Appends `.123456`.
fn fraction(out: &mut Vec<u8>, ns: u64, precision: Precision) {
    let part = (ns % NS) as u32;
    if precision != Precision::Seconds {
        out.push(b'.');
    }
    match precision {
        Precision::Seconds => {}
        Precision::Millis => padded::<3>(out, part / 1_000_000),
        Precision::Micros => padded::<6>(out, part / 1000),
        Precision::Nanos => padded::<9>(out, part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_strace_writes_them() {
        let ns = 1_795_381_188_123_456_789;
        for (stamp, relative, first, second) in [
            (Stamp::None, false, "", ""),
            (Stamp::Seconds, false, "20:59:48 ", "20:59:49 "),
            (Stamp::Micros, false, "20:59:48.123456 ", "20:59:49.124457 "),
            (
                Stamp::Unix,
                false,
                "1795381188.123456 ",
                "1795381189.124457 ",
            ),
            (Stamp::None, true, "     0.000000 ", "     1.001000 "),
            (
                Stamp::Seconds,
                true,
                "20:59:48 (+     0.000000) ",
                "20:59:49 (+     1.001000) ",
            ),
        ] {
            let times = Times {
                stamp,
                relative,
                ..Times::default()
            };
            let mut stamps = Stamps::new(times, TimeZone::UTC);
            for (time, wanted) in [(ns, first), (ns + 1_001_000_300, second)] {
                let mut out = Vec::new();
                stamps.write(&mut out, time);
                assert_eq!(String::from_utf8(out).unwrap(), wanted, "{stamp:?}");
            }
        }
    }

    #[test]
    fn as_finely_as_asked() {
        let ns = 1_795_381_188_123_456_789;
        for (stamp, precision, wanted) in [
            (Stamp::Seconds, Precision::Millis, "20:59:48.123 "),
            (Stamp::Micros, Precision::Nanos, "20:59:48.123456789 "),
            (Stamp::Unix, Precision::Seconds, "1795381188 "),
        ] {
            let times = Times {
                stamp,
                precision: Some(precision),
                ..Times::default()
            };
            let mut out = Vec::new();
            Stamps::new(times, TimeZone::UTC).write(&mut out, ns);
            assert_eq!(String::from_utf8(out).unwrap(), wanted);
        }
        let mut out = Vec::new();
        duration(&mut out, 1_999_999_999, Precision::Seconds);
        assert_eq!(out, b"<1>");
    }
}
