//! What our own record tells of events that were lost.

use crate::{event::LossReason, records::Fields, replay::Event};

/// Events that were lost, as the record has them.
#[derive(Clone, Copy, Debug)]
pub struct Lost<'a> {
    /// How many, if that is known.
    pub count: Option<&'a [u8]>,
    /// Why.
    pub reason: &'a [u8],
}

impl Lost<'_> {
    /// How many, as a number.
    pub fn count(&self) -> Option<u64> {
        std::str::from_utf8(self.count?).ok()?.parse().ok()
    }

    /// Why, where it is one of our words; else something in the log is wrong.
    pub fn reason(&self) -> LossReason {
        let is_it = |reason: &LossReason| reason.as_str().as_bytes() == self.reason;
        let known = LossReason::ALL.into_iter().find(is_it);
        known.unwrap_or(LossReason::Malformed)
    }
}

/// Says so of an event that tells of a loss.
pub fn loss<'a>(event: &Event<'a>) -> Option<Lost<'a>> {
    let own = event
        .records()
        .find(|record| record.kind.is_own(record.body()))?;
    let value = |name: &[u8]| {
        let is_it = |field: &[u8]| field.strip_prefix(b"tr_").unwrap_or(field) == name;
        let found = Fields::new(own.body()).find(|field| is_it(field.name));
        found.map(|field| {
            let raw = field.raw.trim_ascii_end();
            let quoted = raw
                .strip_prefix(b"\"")
                .and_then(|raw| raw.strip_suffix(b"\""));
            quoted.unwrap_or(raw)
        })
    };
    value(b"tracer").filter(|what| *what == b"loss")?;
    Some(Lost {
        count: value(b"count").filter(|count| *count != b"?"),
        reason: value(b"reason").unwrap_or(b"reason unknown"),
    })
}
