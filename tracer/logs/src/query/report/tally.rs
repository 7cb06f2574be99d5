//! How often each thing is in a log. Each thread counts by itself; the counts are added at the end.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{Selection, Subject, Values};
use crate::{
    query::{
        criteria::full_name,
        interpret::{Escape, Readable},
        items::Items,
    },
    records::{RecordType, Value},
    replay::{Event, Worker},
};

/// Counts of byte strings.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    counts: HashMap<Box<[u8]>, Count, RandomState>,
    /// What was counted last, which often comes again, and how often it did since.
    last: Vec<u8>,
    again: Option<Count>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    hits: u64,
    /// Where it was first seen, or its number: the order of things that are equally frequent.
    order: u64,
}

impl Count {
    const NONE: Self = Self {
        hits: 0,
        order: u64::MAX,
    };

    fn add(&mut self, more: Self) {
        self.hits += more.hits;
        self.order = self.order.min(more.order);
    }
}

impl Tally {
    /// Counts one. Things that are equally frequent are sorted by the lowest `order`.
    pub fn add(&mut self, what: &[u8], order: u64) {
        let one = Count { hits: 1, order };
        if let Some(again) = self.again.as_mut().filter(|_| self.last == what) {
            return again.add(one);
        }
        self.settle();
        if let Some(count) = self.counts.get_mut(what) {
            count.add(one);
        } else {
            self.counts.insert(what.into(), one);
        }
        self.last.clear();
        self.last.extend_from_slice(what);
        self.again = Some(Count::NONE);
    }

    /// Counts what was only noted.
    fn settle(&mut self) {
        if let Some(again) = self.again.take().filter(|again| again.hits > 0)
            && let Some(count) = self.counts.get_mut(&self.last[..])
        {
            count.add(again);
        }
    }

    /// Adds the counts of another thread.
    pub fn append(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        if self.counts.is_empty() {
            *self = other;
            return;
        }
        for (what, count) in other.counts {
            let sum = self.counts.entry(what).or_insert(Count::NONE);
            sum.add(count);
        }
    }

    /// How many different things there are.
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Is there nothing?
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The most frequent first.
    pub fn sorted(&self) -> Vec<(u64, &[u8])> {
        let again = |what: &[u8]| self.again.filter(|_| self.last == what);
        let counts = self.counts.iter().map(|(what, count)| {
            let mut count = *count;
            count.add(again(what).unwrap_or(Count::NONE));
            (count, &what[..])
        });
        let mut all: Vec<_> = counts.collect();
        all.sort_unstable_by_key(|(count, _)| (std::cmp::Reverse(count.hits), count.order));
        all.into_iter()
            .map(|(count, what)| (count.hits, what))
            .collect()
    }
}

/// Counts what one report is about.
#[derive(Debug)]
pub struct TallyWorker<'r> {
    subject: Subject,
    selection: &'r Selection,
    values: Values,
    scratch: Vec<u8>,
    /// The counts.
    pub tally: Tally,
}

impl<'r> TallyWorker<'r> {
    /// For this report.
    pub fn new(
        subject: Subject,
        selection: &'r Selection,
        interpret: bool,
        how: &Readable,
    ) -> Self {
        Self {
            subject,
            selection,
            // Counted as they are; escaped when they are printed.
            values: Values::new(interpret, &how.escaped(Escape::Raw)),
            scratch: Vec::new(),
            tally: Tally::default(),
        }
    }

    fn count(&mut self, event: &Event<'_>, items: &Items<'_>) {
        let at = event.offset();
        let mut value = |tally: &mut Tally, value: Option<Value<'_>>| {
            if let Some(value) = value {
                tally.add(value.decode(&mut self.scratch), at);
            }
        };
        match self.subject {
            Subject::File => files(&mut self.tally, items, at),
            Subject::Executable => value(&mut self.tally, items.exe),
            Subject::Command => value(&mut self.tally, items.comm),
            Subject::Terminal => value(&mut self.tally, items.terminal),
            Subject::Key => keys(&mut self.tally, items, at),
            Subject::Host => host(&mut self.tally, items, at),
            Subject::Pid => {
                if let Some(pid) = items.pid {
                    self.tally.add(pid.to_string().as_bytes(), u64::from(pid));
                }
            }
            Subject::Syscall => {
                self.scratch.clear();
                self.values.call(&mut self.scratch, items);
                self.tally.add(&self.scratch, at);
            }
            Subject::User => {
                if items.auid.is_some() {
                    self.user(items, at);
                }
            }
            Subject::Authentication | Subject::Login => match items.acct {
                // Who asks is of no interest, only who is to be let in.
                Some(acct)
                    if self.subject == Subject::Authentication
                        || items.auid.is_none_or(|id| id == u32::MAX) =>
                {
                    self.tally.add(acct.decode(&mut self.scratch), at);
                }
                _ => self.user(items, at),
            },
            Subject::Avc => {
                let decided = items.decisions.iter().filter(|d| d.denied.is_some());
                for object in decided.filter_map(|d| d.object) {
                    self.tally.add(object, at);
                }
            }
            Subject::Mac
            | Subject::Integrity
            | Subject::Virtualization
            | Subject::Config
            | Subject::Account
            | Subject::Event
            | Subject::Anomaly
            | Subject::Response
            | Subject::Crypto
            | Subject::Tty => self.kind(event.kind()),
        }
    }

    fn user(&mut self, items: &Items<'_>, at: u64) {
        self.scratch.clear();
        self.values
            .user(&mut self.scratch, items.auid, items.names, b"auid");
        self.tally.add(&self.scratch, at);
    }

    fn kind(&mut self, kind: RecordType) {
        let order = u64::from(kind.0);
        let name = kind.name().filter(|_| self.values.interpret);
        match name {
            Some(name) => self.tally.add(name.as_bytes(), order),
            None => self.tally.add(kind.0.to_string().as_bytes(), order),
        }
    }
}

impl Worker for TallyWorker<'_> {
    type Made = ();

    fn event(&mut self, event: &Event<'_>) {
        let (selection, subject) = (self.selection, self.subject);
        selection.with_items(event, subject.summed(), |items| {
            let is_counted = match subject {
                Subject::Key | Subject::User => true,
                // Without the policies of labelled IPsec, which the report itself has.
                Subject::Mac => event
                    .records()
                    .any(|record| matches!(record.kind.0, 1403..=1410 | 2300..=2399)),
                subject => subject.has(event, items),
            };
            if is_counted {
                self.count(event, items);
            }
        });
    }

    fn block(&mut self) {}
}

/// Every file of an event.
pub(super) fn files(tally: &mut Tally, items: &Items<'_>, at: u64) {
    let mut scratch = Vec::new();
    // Each has a place of its own, for the order.
    for (place, file) in (at..).zip(items.files.iter().filter(|file| !file.resolved)) {
        let name = full_name(file, items.cwd, &mut scratch);
        tally.add(&name, place);
    }
}

/// Every key of an event.
pub(super) fn keys(tally: &mut Tally, items: &Items<'_>, at: u64) {
    let mut scratch = Vec::new();
    for value in items.keys.iter().filter(|value| !value.is_null()) {
        for key in value.decode(&mut scratch).split(|b| *b == 1) {
            tally.add(key, at);
        }
    }
}

/// The host of an event.
pub(super) fn host(tally: &mut Tally, items: &Items<'_>, at: u64) {
    if let Some(host) = items.host {
        let mut text = Vec::new();
        host.append_to(&mut text);
        tally.add(&text, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_counts_keep_the_order_of_the_log() {
        let mut early = Tally::default();
        early.add(b"b", 1);
        early.add(b"a", 2);
        early.add(b"b", 3);
        assert_eq!(early.sorted(), [(2, &b"b"[..]), (1, b"a")]);
        let mut late = Tally::default();
        late.add(b"c", 10);
        late.add(b"a", 11);
        late.add(b"c", 12);
        late.add(b"c", 12);
        assert_eq!(late.sorted(), [(3, &b"c"[..]), (1, b"a")]);
        late.append(early);
        assert_eq!(late.len(), 3);
        let sorted = late.sorted();
        assert_eq!(sorted, [(3, &b"c"[..]), (2, b"b"), (2, b"a")]);
    }
}
