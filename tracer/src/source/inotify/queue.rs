//! What was read from the kernel and has not been looked at yet, and the pairing of the two
//! halves of a rename.
//!
//! A first half whose other half has not come holds everything behind it back for a moment, so
//! that nothing is ever told under a name that may just have changed.

use std::{
    collections::{HashSet, VecDeque},
    time::Duration,
};

use rustix::fs::inotify::ReadFlags;

use super::tree::{Name, Wd};
use crate::event::Time;

/// How long the other half of a rename is waited for. The kernel queues both within one call, so
/// this is generous; something that really left the tree is told this much later.
pub(super) const PATIENCE: Duration = Duration::from_millis(10);

/// How far apart the two halves of an exchange may be: room for what others do at that moment.
const NEAR: usize = 64;

/// How far is looked for what becomes of a name.
const FAR: usize = 1024;

/// Notifications after which a name stands for something else or for nothing.
const NAMES: ReadFlags = ReadFlags::CREATE
    .union(ReadFlags::DELETE)
    .union(ReadFlags::MOVED_FROM)
    .union(ReadFlags::MOVED_TO);

/// What is told next of two names of which the first has become the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The second becomes the first.
    Reverse,
    /// Something else.
    Other,
    /// Nothing, yet.
    Nothing,
}

/// One event as the kernel wrote it.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub(super) wd: Wd,
    pub(super) flags: ReadFlags,
    pub(super) cookie: u32,
    /// The name in the watched directory; `None` when it is about the watched object itself.
    pub(super) name: Option<Name>,
    /// When it was read.
    pub(super) time: Time,
}

impl Raw {
    /// Is it about this name?
    fn is_of(&self, (wd, name): &(Wd, Name)) -> bool {
        self.wd == *wd && self.name.as_ref() == Some(name)
    }
}

/// The next thing to do.
#[derive(Debug)]
pub(super) enum Step {
    /// An event.
    One(Raw),
    /// Both halves of a rename.
    Pair(Raw, Raw),
    /// The kernel's queue was full, and something is missing here.
    Lost(Time),
    /// Everything that was queued behind a loss has been told: look at the tree again.
    Rescan(Time),
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Queue {
    steps: VecDeque<Step>,
    /// Cookies of the second halves that wait.
    arrivals: HashSet<u32>,
    owes_rescan: bool,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Names that have come into being, of all that waits.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = (Wd, &Name)> {
        let new = ReadFlags::CREATE | ReadFlags::MOVED_TO;
        self.steps.iter().filter_map(move |step| match step {
            Step::One(raw) if raw.flags.intersects(new) => {
                raw.name.as_ref().map(|name| (raw.wd, name))
            }
            _ => None,
        })
    }

    /// Adds what the kernel wrote.
    pub(super) fn push(&mut self, raw: Raw) {
        if raw.flags.contains(ReadFlags::QUEUE_OVERFLOW) {
            self.owes_rescan = true;
            self.steps.push_back(Step::Lost(raw.time));
            return;
        }
        if raw.flags.contains(ReadFlags::MOVED_TO) {
            self.arrivals.insert(raw.cookie);
        }
        self.steps.push_back(Step::One(raw));
    }

    /// The kernel's queue has been emptied, or as much of it as is read at once.
    pub(super) fn end_of_batch(&mut self, time: Time) {
        if std::mem::take(&mut self.owes_rescan) {
            self.push_rescan(time);
        }
    }

    /// Looks at the tree again once everything that waits now has been told.
    pub(super) fn push_rescan(&mut self, time: Time) {
        if !matches!(self.steps.back(), Some(Step::Rescan(_))) {
            self.steps.push_back(Step::Rescan(time));
        }
    }

    /// The first waiting step is a first half that is still waiting for its other half.
    pub(super) fn is_blocked(&self, now: Time) -> bool {
        let Some(Step::One(raw)) = self.steps.front() else {
            return false;
        };
        let waited = Duration::from_nanos(now.mono_ns.saturating_sub(raw.time.mono_ns));
        raw.flags.contains(ReadFlags::MOVED_FROM)
            && !self.arrivals.contains(&raw.cookie)
            && waited < PATIENCE
    }

    /// The next step; `None` when there is none. Waits for no other half any more.
    pub(super) fn pop(&mut self) -> Option<Step> {
        let raw = match self.steps.pop_front()? {
            Step::One(raw) => raw,
            other => return Some(other),
        };
        if raw.flags.contains(ReadFlags::MOVED_TO) {
            self.arrivals.remove(&raw.cookie);
        }
        if raw.flags.contains(ReadFlags::MOVED_FROM)
            && self.arrivals.remove(&raw.cookie)
            && let Some(other) = self.take_arrival(raw.cookie)
        {
            return Some(Step::Pair(raw, other));
        }
        Some(Step::One(raw))
    }

    /// The next event that changes what is under one of these names, and where it is.
    fn next_of_names(&self, old: &(Wd, Name), new: &(Wd, Name)) -> Option<(usize, &Raw)> {
        let near = self.steps.iter().take(NEAR).enumerate();
        let mut about = near.filter_map(|(at, step)| match step {
            Step::One(raw) if raw.flags.intersects(NAMES) => Some((at, raw)),
            _ => None,
        });
        about.find(|(_, raw)| raw.is_of(old) || raw.is_of(new))
    }

    /// What is told next of two names of which `old` has become `new`.
    pub(super) fn reverse(&self, old: &(Wd, Name), new: &(Wd, Name)) -> Next {
        match self.next_of_names(old, new) {
            Some((at, raw)) if raw.flags.contains(ReadFlags::MOVED_FROM) && raw.is_of(new) => {
                let rest = self.steps.iter().skip(at).take(NEAR);
                let mut ends = rest.filter_map(|step| match step {
                    Step::One(end) => Some(end),
                    _ => None,
                });
                let end = ends.find(|end| {
                    end.cookie == raw.cookie && end.flags.contains(ReadFlags::MOVED_TO)
                });
                match end {
                    Some(end) if end.is_of(old) => Next::Reverse,
                    Some(_) => Next::Other,
                    None => Next::Nothing,
                }
            }
            Some(_) => Next::Other,
            None if self.steps.len() >= NEAR => Next::Other,
            None => Next::Nothing,
        }
    }

    /// Takes out both halves of the rename that [`Queue::reverse`] has found.
    pub(super) fn take_reverse(
        &mut self,
        old: &(Wd, Name),
        new: &(Wd, Name),
    ) -> Option<(Raw, Raw)> {
        let (at, _) = self.next_of_names(old, new)?;
        let Some(Step::One(from)) = self.steps.remove(at) else {
            return None;
        };
        self.arrivals.remove(&from.cookie);
        let to = self.take_arrival(from.cookie)?;
        Some((from, to))
    }

    /// Is the next thing that is told of this name that it was moved out of the tree?
    pub(super) fn leaves(&self, at: &(Wd, Name)) -> bool {
        self.next_of_names(at, at).is_some_and(|(_, raw)| {
            raw.flags.contains(ReadFlags::MOVED_FROM) && !self.arrivals.contains(&raw.cookie)
        })
    }

    /// Takes out the next event that changes what is under this name.
    pub(super) fn take_next(&mut self, at: &(Wd, Name)) -> Option<Raw> {
        let (number, _) = self.next_of_names(at, at)?;
        match self.steps.remove(number) {
            Some(Step::One(raw)) => Some(raw),
            _ => None,
        }
    }

    /// Is the end of this watch told before the rename that [`Queue::reverse`] has found?
    pub(super) fn ends_before_reverse(&self, wd: Wd, old: &(Wd, Name), new: &(Wd, Name)) -> bool {
        let before = self.next_of_names(old, new).map_or(0, |(at, _)| at);
        let ends = ReadFlags::DELETE_SELF | ReadFlags::IGNORED;
        self.steps.iter().take(before).any(
            |step| matches!(step, Step::One(raw) if raw.wd == wd && raw.flags.intersects(ends)),
        )
    }

    /// Is `new` still there after the rename that [`Queue::reverse`] has found? `None` when nothing
    /// tells.
    pub(super) fn is_there_after_reverse(
        &self,
        old: &(Wd, Name),
        new: &(Wd, Name),
    ) -> Option<bool> {
        let (at, _) = self.next_of_names(old, new)?;
        let rest = self.steps.iter().skip(at + 1).take(FAR);
        let mut about = rest.filter_map(|step| match step {
            Step::One(raw) if raw.is_of(new) => Some(raw),
            _ => None,
        });
        let comes = ReadFlags::CREATE | ReadFlags::MOVED_TO;
        about.next().map(|raw| !raw.flags.intersects(comes))
    }

    fn take_arrival(&mut self, cookie: u32) -> Option<Raw> {
        let at = self.steps.iter().position(|step| {
            matches!(step, Step::One(raw)
                if raw.cookie == cookie && raw.flags.contains(ReadFlags::MOVED_TO))
        })?;
        match self.steps.remove(at) {
            Some(Step::One(raw)) => Some(raw),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(flags: ReadFlags, cookie: u32, mono_ms: u64) -> Raw {
        let time = Time {
            wall_ns: 0,
            mono_ns: mono_ms * 1_000_000,
        };
        Raw {
            wd: Wd(1),
            flags,
            cookie,
            name: Some(b"x"[..].into()),
            time,
        }
    }

    fn at(mono_ms: u64) -> Time {
        Time {
            wall_ns: 0,
            mono_ns: mono_ms * 1_000_000,
        }
    }

    #[test]
    fn halves_find_each_other_across_other_events() {
        let mut queue = Queue::default();
        queue.push(raw(ReadFlags::MOVED_FROM, 7, 0));
        assert!(queue.is_blocked(at(1)));
        queue.push(raw(ReadFlags::CREATE, 0, 1));
        queue.push(raw(ReadFlags::MOVED_TO, 7, 1));
        assert!(!queue.is_blocked(at(1)));
        assert!(matches!(queue.pop(), Some(Step::Pair(a, b)) if a.cookie == 7 && b.cookie == 7));
        assert!(matches!(queue.pop(), Some(Step::One(r)) if r.flags.contains(ReadFlags::CREATE)));
        assert!(queue.pop().is_none());
    }

    #[test]
    fn a_half_alone_waits_no_longer_than_its_patience() {
        let mut queue = Queue::default();
        queue.push(raw(ReadFlags::MOVED_FROM, 7, 0));
        assert!(queue.is_blocked(at(9)));
        assert!(!queue.is_blocked(at(10)));
        assert!(matches!(queue.pop(), Some(Step::One(r)) if r.cookie == 7));
    }

    #[test]
    fn a_loss_is_followed_by_one_rescan_behind_everything_queued() {
        let mut queue = Queue::default();
        queue.push(raw(ReadFlags::QUEUE_OVERFLOW, 0, 0));
        queue.push(raw(ReadFlags::CREATE, 0, 0));
        queue.end_of_batch(at(0));
        queue.end_of_batch(at(0));
        assert!(matches!(queue.pop(), Some(Step::Lost(_))));
        assert!(matches!(queue.pop(), Some(Step::One(_))));
        assert!(matches!(queue.pop(), Some(Step::Rescan(_))));
        assert!(queue.pop().is_none());
    }
}
