//! The source of what was recorded: what a recording has, as if it happened now.
//!
//! What a live source decides itself, because only the kernel knows it at the time, is decided
//! here from the recording: which processes are meant, and which files a call is about.

use std::{
    collections::HashSet,
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::Path,
    time::Duration,
};

use super::{Source, Sums};
use crate::{
    enrich::files,
    event::{Backend, Event, Item, LossReason, Users},
    recording::{self, Head, Reader, RecordingError},
    rules::{Condition, Rule},
};

/// Items handed on in one read.
const BATCH: usize = 16_384;

/// A recording as a source.
pub struct Recorded {
    reader: Reader,
    rule: Rule,
    kin: Option<Kin>,
    /// Files behind all descriptors are to be files of the event, and are not yet.
    through_descriptors: bool,
    backend: Backend,
    delivered: u64,
    /// Events of other processes.
    strangers: u64,
    /// Losses that were met in the stream.
    lost: Vec<(LossReason, u64)>,
    ended: bool,
    /// Nothing ever comes here.
    silence: OwnedFd,
    trouble: Trouble,
}

/// Where a source leaves what is wrong with its recording.
type Trouble = std::rc::Rc<std::cell::RefCell<Option<RecordingError>>>;

impl Recorded {
    /// Opens a recording, of which what meets `rule` will be asked for.
    pub fn open(path: &Path, rule: &Rule) -> Result<Self, RecordingError> {
        let reader = recording::open(path)?;
        let asks_for_path = |c: &Condition| matches!(c, Condition::Path(_));
        let flags = rustix::event::EventfdFlags::CLOEXEC;
        let silence = rustix::event::eventfd(0, flags).map_err(|error| RecordingError {
            path: path.to_owned(),
            trouble: crate::recording::Trouble::Read(0, io::Error::from(error)),
        })?;
        Ok(Self {
            kin: rule.conditions.iter().find_map(Kin::of),
            through_descriptors: rule.conditions.iter().any(asks_for_path)
                && !reader.head().defaults.through_descriptors,
            reader,
            rule: rule.clone(),
            backend: Backend::Ebpf,
            delivered: 0,
            strangers: 0,
            lost: Vec::new(),
            ended: false,
            silence,
            trouble: Trouble::default(),
        })
    }

    /// What the recording says of itself.
    pub fn head(&self) -> &Head {
        self.reader.head()
    }

    /// The names of users in it, as they are met.
    pub fn users(&self) -> Users {
        self.reader.users()
    }

    /// Will have what is wrong with the recording, when that place has been reached.
    pub fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    fn next(&mut self) -> Option<Item> {
        let next = self.reader.next_item().unwrap_or_else(|error| {
            self.trouble.replace(Some(error));
            None
        });
        self.ended = next.is_none();
        next
    }

    /// Hands on one item, if it is one that the source is to hand on.
    fn hand_on(&mut self, mut item: Item, take: &mut dyn FnMut(Item)) {
        match &mut item {
            Item::Loss(loss) => {
                // A queue overflow of unknown size counts once, as in live sums.
                let events = loss.count.unwrap_or(1);
                match self.lost.iter_mut().find(|(why, _)| *why == loss.reason) {
                    Some((_, n)) => *n += events,
                    None => self.lost.push((loss.reason, events)),
                }
            }
            Item::Event(event) => {
                self.backend = event.backend;
                if self.kin.as_mut().is_some_and(|kin| !kin.has(event)) {
                    self.strangers += 1;
                    return;
                }
                self.as_asked(event);
                self.delivered += 1;
            }
        }
        take(item);
    }

    /// Makes of an event what a live source makes of it when it is asked for the same.
    fn as_asked(&self, event: &mut Event) {
        if self.through_descriptors {
            files::through_descriptors(event);
        }
        if let Some(exit) = &mut event.exit
            && let Some((name, _)) = exit.called
            && !self.rule.has_last_call(name)
        {
            exit.called = None;
        }
    }
}

impl Source for Recorded {
    fn backend(&self) -> Backend {
        self.backend
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.silence.as_fd()
    }

    fn longest_sleep(&self) -> Duration {
        Duration::ZERO
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        for n in 0..BATCH {
            match self.next() {
                Some(item) => self.hand_on(item, take),
                None => return Ok(n),
            }
        }
        Ok(BATCH)
    }

    /// What was not asked for any more is not read.
    fn finish(&mut self, _take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        Ok(())
    }

    /// The sums of the recording once its end was reached; before, what is known by then.
    fn sums(&self) -> Sums {
        let mut sums = Sums {
            delivered: self.delivered,
            lost: self.lost.clone(),
            ..Sums::default()
        };
        if let Some(ending) = self.reader.ending() {
            let filtered = ending.filtered.iter();
            sums.filtered = filtered.map(|(why, n)| (why.clone().into(), *n)).collect();
            sums.lost.clone_from(&ending.lost);
        }
        sums.filtered.push(("process".into(), self.strangers));
        let all = |n: &u64| *n;
        sums.seen = self.delivered
            + sums.filtered.iter().map(|(_, n)| all(n)).sum::<u64>()
            + sums.lost.iter().map(|(_, n)| all(n)).sum::<u64>();
        sums
    }

    fn ended(&mut self) -> bool {
        self.ended
    }
}

/// Processes that are meant, as far as a recording tells who descends from whom.
#[derive(Debug)]
struct Kin {
    ids: HashSet<u32>,
    follow: bool,
}

impl Kin {
    fn of(condition: &Condition) -> Option<Self> {
        match condition {
            Condition::Process { ids, follow, .. } => Some(Self {
                ids: ids.iter().copied().collect(),
                follow: *follow,
            }),
            _ => None,
        }
    }

    /// Is it of one of the processes or threads?
    fn has(&mut self, event: &Event) -> bool {
        let Ok(actor) = &event.actor else {
            return false;
        };
        let is_meant = |id: u32| self.ids.contains(&id);
        let by_parent = self.follow && actor.ppid.is_some_and(|ppid| is_meant(ppid.0));
        let by_pid = actor.pid_here().is_some_and(|pid| is_meant(pid.0));
        let is_one = by_pid || actor.tid.is_some_and(|tid| is_meant(tid.0));
        if !is_one && !by_parent {
            return false;
        }
        if self.follow {
            self.ids.insert(actor.pid.0);
            // A child whose parent ends before the child has done anything.
            self.ids.extend(event.made().map(|child| child.0));
            // Its id may be another's next.
            if event.exit.is_some_and(|exit| exit.last_thread) {
                self.ids.remove(&actor.pid.0);
            }
        }
        true
    }
}
