//! The part of a log that one thread has in memory.

use std::ops::Range;

use memchr::memchr;

use crate::replay::{Input, ReplayError, group::GAP};

/// Room in front of what is read first, for what turns out to be needed of what is before it.
const LEAD: usize = 2 * GAP;

/// A part of a log. What is asked for next is mostly around what is there: that is not read again.
pub(super) struct Loaded<'p> {
    input: &'p Input,
    buffer: Vec<u8>,
    /// What of the log is in the buffer.
    held: Range<u64>,
    /// Where that begins in the buffer.
    lead: usize,
    /// What of it is looked at.
    range: Range<u64>,
    /// What was before it, on its way into the buffer.
    before: Vec<u8>,
}

impl<'p> Loaded<'p> {
    /// Nothing of this log yet, and room for so many bytes of it.
    pub(super) fn new(input: &'p Input, room: usize) -> Self {
        let mut buffer = Vec::with_capacity(LEAD + room);
        buffer.resize(LEAD, 0);
        Self {
            input,
            buffer,
            held: 0..0,
            lead: LEAD,
            range: 0..0,
            before: Vec::new(),
        }
    }

    /// Looks at this part of the log, as far as the log goes.
    pub(super) fn show(&mut self, from: u64, to: u64) -> Result<(), ReplayError> {
        let to = to.min(self.input.len());
        let before = self.held.start.saturating_sub(from);
        let touches = from <= self.held.end && self.held.start <= to && before <= self.lead as u64;
        if self.held.is_empty() || !touches {
            self.lead = LEAD;
            self.buffer.truncate(LEAD);
            self.held = from..from;
        } else if before > 0 {
            self.before.clear();
            self.input.read(from, self.held.start, &mut self.before)?;
            let lead = self.lead - before as usize;
            self.buffer[lead..self.lead].copy_from_slice(&self.before);
            self.lead = lead;
            self.held.start = from;
        } else if to > self.held.end {
            self.forget(from);
        }
        if to > self.held.end {
            self.input.read(self.held.end, to, &mut self.buffer)?;
            self.held.end = to;
        }
        self.range = from..to;
        Ok(())
    }

    /// Forgets what is before this place, where that is more than what stays.
    fn forget(&mut self, from: u64) {
        let (gone, stays) = (from - self.held.start, self.held.end - from);
        if gone >= stays {
            let at = self.lead + gone as usize;
            self.buffer.copy_within(at.., LEAD);
            self.buffer.truncate(LEAD + stays as usize);
            self.lead = LEAD;
            self.held.start = from;
        }
    }

    /// The part of the log that is looked at.
    pub(super) fn range(&self) -> &Range<u64> {
        &self.range
    }

    /// Its bytes.
    pub(super) fn text(&self) -> &[u8] {
        let from = self.lead + (self.range.start - self.held.start) as usize;
        &self.buffer[from..from + (self.range.end - self.range.start) as usize]
    }

    /// Does the log end with it?
    pub(super) fn is_to_end(&self) -> bool {
        self.range.end >= self.input.len()
    }

    /// Where its first line begins, if one does.
    pub(super) fn first_line(&self) -> Option<usize> {
        if self.range.start == 0 {
            return Some(0);
        }
        // Known only behind a newline.
        memchr(b'\n', self.text()).map(|len| len + 1)
    }
}
