//! What has changed between a snapshot and now, told before what another source tells.
//!
//! The other source watches before the trees are looked at, so nothing in between is missed; what
//! happens while they are looked at may be told twice.

mod compare;
mod snapshot;

use std::{
    collections::VecDeque,
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    time::Duration,
};

pub use snapshot::Snapshot;

use self::compare::{Change, compare};
use super::{Source, Sums, found, inotify::clock};
use crate::event::{Backend, Event, Item, PathRole, Time};

/// The source.
pub struct Since {
    changes: VecDeque<Change>,
    told: u64,
    time: Time,
    /// What goes on when the changes have been told.
    then: Option<Box<dyn Source>>,
    /// Nothing ever comes here: what there is without another source.
    silence: OwnedFd,
}

impl Since {
    /// Tells what is different in `new`, then what `then` tells.
    pub fn new(old: &Snapshot, new: &Snapshot, then: Option<Box<dyn Source>>) -> io::Result<Self> {
        let flags = rustix::event::EventfdFlags::CLOEXEC;
        Ok(Self {
            changes: compare(old, new).into(),
            told: 0,
            time: clock::now(),
            then,
            silence: rustix::event::eventfd(0, flags)?,
        })
    }

    fn event(&self, change: Change) -> Event {
        let files = match change.to {
            Some(to) => vec![
                (PathRole::Source, change.path.into()),
                (PathRole::Dest, to.into()),
            ],
            None => vec![(PathRole::Target, change.path.into())],
        };
        found::event(
            Backend::Snapshot,
            self.time,
            change.op,
            files,
            change.is_dir,
        )
    }

    fn tell(&mut self, take: &mut dyn FnMut(Item)) -> usize {
        let mut told = 0;
        while let Some(change) = self.changes.pop_front() {
            take(Item::Event(Box::new(self.event(change))));
            told += 1;
        }
        self.told += told as u64;
        told
    }
}

impl Source for Since {
    fn backend(&self) -> Backend {
        self.then
            .as_ref()
            .map_or(Backend::Snapshot, |then| then.backend())
    }

    fn backends(&self) -> Vec<Backend> {
        self.then
            .as_ref()
            .map_or_else(Vec::new, |then| then.backends())
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.then
            .as_ref()
            .map_or(self.silence.as_fd(), |then| then.fd())
    }

    fn longest_sleep(&self) -> Duration {
        match &self.then {
            _ if !self.changes.is_empty() => Duration::ZERO,
            Some(then) => then.longest_sleep(),
            None => Duration::from_secs(1),
        }
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        let told = self.tell(take);
        match &mut self.then {
            Some(then) => Ok(told + then.read(take)?),
            None => Ok(told),
        }
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        self.tell(take);
        self.then.as_mut().map_or(Ok(()), |then| then.finish(take))
    }

    fn sums(&self) -> Sums {
        let mut sums = self
            .then
            .as_ref()
            .map(|then| then.sums())
            .unwrap_or_default();
        sums.seen += self.told;
        sums.delivered += self.told;
        sums
    }

    fn take_warnings(&mut self) -> Vec<String> {
        self.then
            .as_mut()
            .map(|then| then.take_warnings())
            .unwrap_or_default()
    }

    fn ended(&mut self) -> bool {
        self.changes.is_empty() && self.then.as_mut().is_none_or(|then| then.ended())
    }
}
