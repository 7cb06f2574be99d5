//! A burst of events on one file becomes one: a source around another one.
//!
//! A burst ends when the file has been left alone for a while. What is told then is its last event,
//! with the names of all of them ([`Event::as_notice`]). A read or a close does not stand for a change,
//! and what failed does not stand for what was done: failures are a burst of their own. Events that a rule
//! rejects pass through as they are, so that they are counted where all others are.

use std::{
    cell::Cell,
    collections::{BTreeSet, HashMap},
    os::fd::BorrowedFd,
    rc::Rc,
    time::{Duration, Instant},
};

use bytes::Bytes;

use super::{Source, Sums};
use crate::{
    calls::Op,
    event::{Backend, Event, Item, Notice},
    rules::Rule,
};

/// A burst that does not end is told after so many times the window.
const LONGEST: u32 = 10;

/// Bursts that are held back at once: some fifty megabytes. Beyond that the burst that is to be
/// told first is told now.
const HELD: usize = 16 * 1024;

/// Room for so many files is kept when nothing is held back.
const KEPT: usize = 1024;

/// Which events are one burst: those on a file, and apart from them what failed there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    path: Bytes,
    failed: bool,
}

/// How much an event says of what became of a file: the last of those that say most is told.
fn weight(event: &Event) -> u8 {
    match event.op {
        Op::Read | Op::Close => 0,
        Op::Execute => 1,
        _ => 2,
    }
}

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
    bursts: Bursts,
}

/// What is held back.
struct Bursts {
    rule: Rule,
    window: Duration,
    held: HashMap<Key, Held>,
    /// Every held burst once, by when it is to be told if nothing more comes.
    due: BTreeSet<(Instant, Key)>,
    merged: u64,
    /// How many are held.
    count: Rc<Cell<usize>>,
    /// What many files have taken is not given back yet.
    swollen: bool,
}

impl Coalesce {
    /// How many bursts are held back, as it changes.
    pub fn held(&self) -> Rc<Cell<usize>> {
        Rc::clone(&self.bursts.count)
    }

    /// Coalesces what meets the rule; a burst ends after `window` without an event.
    pub fn new(inner: Box<dyn Source>, rule: Rule, window: Duration) -> Self {
        let bursts = Bursts::new(rule, window);
        Self { inner, bursts }
    }
}

impl Bursts {
    fn new(rule: Rule, window: Duration) -> Self {
        Self {
            rule,
            window,
            held: HashMap::new(),
            due: BTreeSet::new(),
            merged: 0,
            count: Rc::default(),
            swollen: false,
        }
    }

    fn item(&mut self, item: Item, take: &mut dyn FnMut(Item)) {
        match item {
            Item::Event(event) => self.hold(event, take),
            Item::Loss(_) => take(item),
        }
    }

    fn hold(&mut self, event: Box<Event>, take: &mut dyn FnMut(Item)) {
        let path = event.named().and_then(|path| path.resolved.clone().ok());
        let Some(path) = path.filter(|_| self.rule.rejects(&event).is_none()) else {
            return take(Item::Event(event));
        };
        let failed = event.success() == Some(false);
        let key = Key { path, failed };
        let now = Instant::now();
        let mask = event.as_notice().mask;
        if let Some(held) = self.held.get_mut(&key) {
            if weight(&event) >= weight(&held.event) {
                held.event = event;
            }
            held.mask |= mask;
            held.last = now;
            self.merged += 1;
            return;
        }
        if self.held.len() >= HELD
            && let Some((_, first)) = self.due.pop_first()
        {
            self.tell(&first, take);
        }
        self.due.insert((now + self.window, key.clone()));
        self.held.insert(
            key,
            Held {
                event,
                mask,
                first: now,
                last: now,
            },
        );
        self.count.set(self.held.len());
        self.swollen |= self.held.len() > KEPT;
    }

    /// Gives back what many files have taken, once none is held and the last ones are written.
    fn give_back(&mut self) {
        if !self.swollen || !self.held.is_empty() {
            return;
        }
        self.swollen = false;
        self.held.shrink_to(KEPT);
        // What is free lies between what is not, which the allocator keeps by itself.
        // SAFETY: it changes nothing that is in use.
        unsafe { libc::malloc_trim(0) };
    }

    /// Tells the bursts that are over.
    fn release(&mut self, take: &mut dyn FnMut(Item)) {
        let now = Instant::now();
        while self.due.first().is_some_and(|(due, _)| *due <= now) {
            let Some((_, key)) = self.due.pop_first() else {
                return;
            };
            let Some(held) = self.held.get(&key) else {
                continue;
            };
            let over = (held.last + self.window).min(held.first + self.window * LONGEST);
            if over <= now {
                self.tell(&key, take);
            } else {
                self.due.insert((over, key));
            }
        }
    }

    fn tell(&mut self, key: &Key, take: &mut dyn FnMut(Item)) {
        if let Some(held) = self.held.remove(key) {
            self.count.set(self.held.len());
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

    fn backends(&self) -> Vec<Backend> {
        self.inner.backends()
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.inner.fd()
    }

    fn longest_sleep(&self) -> Duration {
        let longest = self.inner.longest_sleep();
        if self.bursts.swollen && self.bursts.held.is_empty() {
            return Duration::ZERO;
        }
        self.bursts.due.first().map_or(longest, |(due, _)| {
            longest.min(due.saturating_duration_since(Instant::now()))
        })
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        let bursts = &mut self.bursts;
        bursts.give_back();
        let n = self.inner.read(&mut |item| bursts.item(item, take))?;
        bursts.release(take);
        Ok(n)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        let bursts = &mut self.bursts;
        self.inner.finish(&mut |item| bursts.item(item, take))?;
        for (_, key) in std::mem::take(&mut bursts.due) {
            bursts.tell(&key, take);
        }
        Ok(())
    }

    fn sums(&self) -> Sums {
        let mut sums = self.inner.sums();
        sums.delivered = sums.delivered.saturating_sub(self.bursts.merged);
        sums.filtered.push(("coalesced".into(), self.bursts.merged));
        sums
    }

    fn take_warnings(&mut self) -> Vec<String> {
        self.inner.take_warnings()
    }

    fn ended(&mut self) -> bool {
        self.inner.ended()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::Time,
        source::{found, now},
    };

    fn written(path: &str) -> Item {
        let time: Time = now();
        let mut event = found::created(Backend::Inotify, time, path.as_bytes(), false);
        event.synthesised = false;
        Item::Event(Box::new(event))
    }

    /// However many files there are, what is held of them is bounded, every one is told once, and
    /// what they took is given back.
    #[test]
    fn held_files_are_bounded() {
        let rule = Rule {
            calls: crate::calls::CallSet::of_note(),
            exits: false,
            signals: crate::rules::SignalSet::NONE,
            conditions: Vec::new(),
        };
        let mut bursts = Bursts::new(rule, Duration::from_hours(1));
        let mut told = 0;
        let files = 3 * HELD + 5;
        for n in 0..files {
            for _ in 0..2 {
                bursts.item(written(&format!("/w/{n}")), &mut |_| told += 1);
            }
            assert!(bursts.held.len() <= HELD && bursts.due.len() <= HELD, "{n}");
        }
        assert_eq!(
            told,
            files - HELD,
            "the oldest are told when room is needed"
        );
        bursts.window = Duration::ZERO;
        let due = std::mem::take(&mut bursts.due);
        bursts.due = due
            .into_iter()
            .map(|(_, key)| (Instant::now(), key))
            .collect();
        bursts.release(&mut |_| told += 1);
        assert_eq!(told, files, "every file once");
        assert_eq!(bursts.merged, files as u64);
        bursts.give_back();
        assert!(bursts.held.capacity() < HELD, "the room is given back");
    }
}
