//! A burst of events on one file becomes one: a source around another one.
//!
//! A burst ends when the file has been left alone for a while. What is told then is its last event,
//! with the names of all of them ([`Event::as_notice`]). Events that a rule rejects pass through as
//! they are, so that they are counted where all others are.

use std::{
    collections::{BTreeSet, HashMap},
    os::fd::BorrowedFd,
    time::{Duration, Instant},
};

use bytes::Bytes;

use super::{Source, Sums};
use crate::{
    event::{Backend, Event, Item, Notice},
    rules::Rule,
};

/// A burst that does not end is told after so many times the window.
const LONGEST: u32 = 10;

/// Events of one file that are held back.
#[derive(Debug)]
struct Held {
    event: Box<Event>,
    mask: u32,
    first: Instant,
    last: Instant,
}

/// The source.
pub struct Coalesce {
    inner: Box<dyn Source>,
    rule: Rule,
    window: Duration,
    held: HashMap<Bytes, Held>,
    /// Every held file once, by when it is to be told if nothing more comes.
    due: BTreeSet<(Instant, Bytes)>,
    merged: u64,
}

impl Coalesce {
    /// Coalesces what meets the rule; a burst ends after `window` without an event.
    pub fn new(inner: Box<dyn Source>, rule: Rule, window: Duration) -> Self {
        Self {
            inner,
            rule,
            window,
            held: HashMap::new(),
            due: BTreeSet::new(),
            merged: 0,
        }
    }

    fn hold(&mut self, event: Box<Event>, take: &mut dyn FnMut(Item)) {
        let path = event.named().and_then(|path| path.resolved.clone().ok());
        let Some(path) = path.filter(|_| self.rule.rejects(&event).is_none()) else {
            return take(Item::Event(event));
        };
        let now = Instant::now();
        let mask = event.as_notice().mask;
        if let Some(held) = self.held.get_mut(&path) {
            held.event = event;
            held.mask |= mask;
            held.last = now;
            self.merged += 1;
        } else {
            self.due.insert((now + self.window, path.clone()));
            self.held.insert(
                path,
                Held {
                    event,
                    mask,
                    first: now,
                    last: now,
                },
            );
        }
    }

    /// Tells the bursts that are over.
    fn release(&mut self, take: &mut dyn FnMut(Item)) {
        let now = Instant::now();
        while self.due.first().is_some_and(|(due, _)| *due <= now) {
            let Some((_, path)) = self.due.pop_first() else {
                return;
            };
            let Some(held) = self.held.get(&path) else {
                continue;
            };
            let over = (held.last + self.window).min(held.first + self.window * LONGEST);
            if over <= now {
                self.tell(&path, take);
            } else {
                self.due.insert((over, path));
            }
        }
    }

    fn tell(&mut self, path: &Bytes, take: &mut dyn FnMut(Item)) {
        if let Some(held) = self.held.remove(path) {
            let mut event = held.event;
            event.notice = Some(Notice {
                mask: held.mask,
                ..event.as_notice()
            });
            take(Item::Event(event));
        }
    }
}

impl Source for Coalesce {
    fn backend(&self) -> Backend {
        self.inner.backend()
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.inner.fd()
    }

    fn longest_sleep(&self) -> Duration {
        let longest = self.inner.longest_sleep();
        self.due.first().map_or(longest, |(due, _)| {
            longest.min(due.saturating_duration_since(Instant::now()))
        })
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        let mut got = Vec::new();
        let n = self.inner.read(&mut |item| got.push(item))?;
        for item in got {
            match item {
                Item::Event(event) => self.hold(event, take),
                Item::Loss(_) => take(item),
            }
        }
        self.release(take);
        Ok(n)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        let mut got = Vec::new();
        self.inner.finish(&mut |item| got.push(item))?;
        for item in got {
            match item {
                Item::Event(event) => self.hold(event, take),
                Item::Loss(_) => take(item),
            }
        }
        for (_, path) in std::mem::take(&mut self.due) {
            self.tell(&path, take);
        }
        Ok(())
    }

    fn sums(&self) -> Sums {
        let mut sums = self.inner.sums();
        sums.delivered = sums.delivered.saturating_sub(self.merged);
        sums.filtered.push(("coalesced".into(), self.merged));
        sums
    }

    fn take_warnings(&mut self) -> Vec<String> {
        self.inner.take_warnings()
    }

    fn ended(&mut self) -> bool {
        self.inner.ended()
    }
}
