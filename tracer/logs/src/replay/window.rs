//! Where in a log a span of time is, by looking at one line in every mebibyte. Not a binary search:
//! a clock that was set back makes a log that is not sorted, and this finds every part of it.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

use super::{Input, ReplayError};
use crate::records::{EventId, Head, RecordType};

/// One look per this many bytes.
const STEP: u64 = 1024 * 1024;

/// How much is read for one look; more when there is no record in it.
const LOOK: u64 = 4 * 1024;

/// Records are hardly earlier in the log than their time says: CPUs take turns.
const EARLY: u64 = 1;

/// A span of time, in seconds since 1970, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First second.
    pub start: u64,
    /// Last second.
    pub end: u64,
}

impl Window {
    /// All times.
    pub const ALL: Self = Self {
        start: 0,
        end: u64::MAX,
    };

    /// Is this time in it?
    pub fn contains(&self, sec: u64) -> bool {
        (self.start..=self.end).contains(&sec)
    }
}

/// The parts of this range of the log that can have records of this time. An event is logged when its call ends,
/// and has the time at which it began: so many seconds `late` are thought of.
pub(super) fn parts(
    input: &Input,
    range: &Range<u64>,
    window: Window,
    late: u64,
) -> Result<Vec<(u64, u64)>, ReplayError> {
    let len = range.end;
    if window == Window::ALL || range.is_empty() {
        return Ok(vec![(range.start, len)]);
    }
    let mut parts: Vec<(u64, u64)> = Vec::new();
    let mut buffer = Vec::new();
    let mut at = range.start;
    let mut before = time_after(input, at, &mut buffer)?;
    while at < len {
        let next = (at + STEP).min(len);
        let after = if next == len {
            None
        } else {
            time_after(input, next, &mut buffer)?
        };
        // Where one end is not known, the other says nothing of what is between: the clock may have
        // been set back there.
        let may_have = match (before, after) {
            (Some(before), Some(after)) => {
                let (earliest, latest) = (before.sec.min(after.sec), before.sec.max(after.sec));
                earliest.saturating_sub(late) <= window.end
                    && latest.saturating_add(EARLY) >= window.start
            }
            _ => true,
        };
        if may_have {
            match parts.last_mut() {
                Some(last) if last.1 == at => last.1 = next,
                _ => parts.push((at, next)),
            }
        }
        (at, before) = (next, after);
    }
    Ok(parts)
}

/// Time of the first record that begins at or after an offset, if there is one within a step.
fn time_after(
    input: &Input,
    from: u64,
    buffer: &mut Vec<u8>,
) -> Result<Option<EventId>, ReplayError> {
    let mut size = LOOK;
    loop {
        buffer.clear();
        // The byte before tells whether a line begins right here.
        let start = from.saturating_sub(1);
        let end = input.len().min(from + size);
        input.read(start, end, buffer)?;
        let mut line = if from == 0 {
            0
        } else {
            memchr(b'\n', buffer).map_or(buffer.len(), |at| at + 1)
        };
        while let Some(len) = memchr(b'\n', &buffer[line..]) {
            if let Some(id) = event_of(&buffer[line..line + len]) {
                return Ok(Some(id));
            }
            line += len + 1;
        }
        if end == input.len() || size >= STEP {
            return Ok(None);
        }
        size *= 16;
    }
}

/// The event that a record tells of; none for an `EOE`, whose event need not be in this part.
fn event_of(line: &[u8]) -> Option<EventId> {
    let head = Head::parse(line).ok()?;
    (head.kind != Some(RecordType::EOE)).then_some(head.id)
}

/// The first record of a part of the log.
pub fn first_time(input: &Input, from: u64, to: u64) -> Result<Option<EventId>, ReplayError> {
    let mut buffer = Vec::new();
    let mut at = from;
    while at < to {
        if let Some(id) = time_after(input, at, &mut buffer)? {
            return Ok(Some(id));
        }
        at += STEP;
    }
    Ok(None)
}

/// The last record of a part of the log.
pub fn last_time(input: &Input, from: u64, to: u64) -> Result<Option<EventId>, ReplayError> {
    let mut buffer = Vec::new();
    let mut end = to;
    while end > from {
        let start = end.saturating_sub(STEP).max(from);
        buffer.clear();
        input.read(start, end, &mut buffer)?;
        // The first line here is perhaps not whole, unless it is the first of all.
        let mut line_end = buffer.len();
        loop {
            let line = memrchr(b'\n', &buffer[..line_end]).map_or(0, |at| at + 1);
            if (line > 0 || start == from)
                && let Some(id) = event_of(&buffer[line..line_end])
            {
                return Ok(Some(id));
            }
            if line == 0 {
                break;
            }
            line_end = line - 1;
        }
        end = start
            + memchr_iter(b'\n', &buffer)
                .next()
                .map_or(0, |at| at as u64 + 1);
        if end >= start + buffer.len() as u64 || end == start {
            end = start;
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A log with one record per line of about 100 bytes at these times.
    fn log(times: impl Iterator<Item = u64>) -> (tempfile::NamedTempFile, Input) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut text = Vec::new();
        for (serial, sec) in times.enumerate() {
            writeln!(
                text,
                "type=USER msg=audit({sec}.000:{serial}): {}",
                "x".repeat(60)
            )
            .unwrap();
        }
        file.write_all(&text).unwrap();
        let input = Input::open([file.path()]).unwrap();
        (file, input)
    }

    #[test]
    fn only_the_parts_that_can_have_it() {
        let (_file, input) = log((0..100_000).map(|n| 1000 + n / 100));
        let parts = parts(
            &input,
            &(0..input.len()),
            Window {
                start: 1500,
                end: 1501,
            },
            2,
        )
        .unwrap();
        let size: u64 = parts.iter().map(|(from, to)| to - from).sum();
        assert!(size <= 2 * STEP, "{parts:?} of {}", input.len());
        let (from, to) = (parts[0].0, parts[0].1);
        assert!(first_time(&input, from, to).unwrap().unwrap().sec <= 1500);
        assert!(last_time(&input, from, to).unwrap().unwrap().sec >= 1501);
    }

    #[test]
    fn a_clock_that_was_set_back() {
        let (_file, input) = log((0..100_000).map(|n| {
            if n < 50_000 {
                5000 + n / 100
            } else {
                4700 + n / 100
            }
        }));
        let parts = parts(
            &input,
            &(0..input.len()),
            Window {
                start: 5300,
                end: 5301,
            },
            2,
        )
        .unwrap();
        assert!(parts.len() >= 2, "before and after: {parts:?}");
    }

    #[test]
    fn a_clock_that_was_set_back_in_the_last_block() {
        let (_file, input) = log((0..40).map(|n| if n < 20 { 90_000 + n } else { 5000 + n }));
        let wanted = Window {
            start: 0,
            end: 10_000,
        };
        let whole = 0..input.len();
        assert_eq!(
            parts(&input, &whole, wanted, 2).unwrap(),
            [(0, input.len())]
        );
    }

    #[test]
    fn first_and_last() {
        let (_file, input) = log([7, 8, 9].into_iter());
        assert_eq!(first_time(&input, 0, input.len()).unwrap().unwrap().sec, 7);
        assert_eq!(last_time(&input, 0, input.len()).unwrap().unwrap().sec, 9);
    }

    #[test]
    fn an_end_without_its_event_is_no_event() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        for (kind, sec) in [("EOE", 6), ("USER", 7), ("EOE", 7), ("EOE", 8)] {
            writeln!(file, "type={kind} msg=audit({sec}.000:1): ").unwrap();
        }
        let input = Input::open([file.path()]).unwrap();
        assert_eq!(first_time(&input, 0, input.len()).unwrap().unwrap().sec, 7);
        assert_eq!(last_time(&input, 0, input.len()).unwrap().unwrap().sec, 7);
    }
}
