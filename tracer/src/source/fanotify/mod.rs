//! fanotify(7): who did what to the files of whole file systems. For root; successes only.
//!
//! The kernel tells the process and the file, as a handle of its directory and a name. The path
//! and everything about the process are looked up afterwards ([`crate::event::Via::Lookup`]); of a process that
//! has ended only its id is known. A directory that was renamed since has the name that it had before: its
//! rename stands further back in the queue (5.17).
//!
//! What fanotify cannot tell: failures, system calls and their arguments, threads, file systems
//! mounted after the start.

mod actor;
mod arrived;
mod group;
mod moves;
mod record;
mod resolve;
mod roots;
mod scope;
mod setup;
mod tell;

#[cfg(test)]
mod tests;

pub(super) use self::{
    actor::Processes,
    group::{Filled, Group, notice, waiting},
    record::{DirName, DirNameRef, Handle, HandleRef, Malformed, RecordRef, Short},
    resolve::{Anchor, Found, Resolver, join},
};
use std::{
    collections::{HashMap, VecDeque},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context;
use rustix::event::epoll;

use self::{
    arrived::Arrived,
    record::{Process, Record},
    resolve::shown,
    roots::Roots,
    setup::Setup,
};
use super::{Source, Sums, WatchPlan, inotify::clock};
use crate::event::{Actor, Backend, Item, LossReason};

/// Items handed on by one [`Source::read`] before the reader may do other things.
const BUDGET: usize = 32 * 1024;

/// Records read before they are looked at: the kernel's default queue
/// (`fs.fanotify.max_queued_events`).
const BATCH: usize = 16 * 1024;

/// Processes of a batch that are held by descriptors: with those of one reading, a small part of
/// the soft limit of most systems (1,024).
const PIDFDS: usize = 64;

/// How long the event that tells a directory's deletion is waited for, when events from inside it
/// were read first.
const PATIENCE: Duration = Duration::from_millis(10);

/// How often roots and mounts are looked for; a root that is missing twice is gone.
const CHECK: Duration = Duration::from_secs(1);

/// The fanotify source.
#[derive(Debug)]
pub struct Fanotify {
    plan: WatchPlan,
    names: Group,
    descriptors: Option<Group>,
    /// Readable when one of the two groups is.
    both: Option<OwnedFd>,
    resolver: Resolver,
    processes: Processes,
    own_pid: i32,
    /// Processes of this batch.
    actors: HashMap<i32, Actor>,
    /// What tells whether those of this batch are still the same.
    pidfds: HashMap<i32, OwnedFd>,
    pending: VecDeque<Record>,
    /// Records read so far.
    read: u64,
    /// What was told of directories that were moved in.
    arrived: Arrived,
    /// The first pending record waits for the deletion of its directory to be told.
    blocked: bool,
    sums: Sums,
    warnings: Vec<String>,
    checked: Instant,
    roots: Roots,
}

impl Fanotify {
    /// Watches what the plan says. An error when that needs more rights, a later kernel, or
    /// another file system.
    pub fn open(plan: &WatchPlan) -> anyhow::Result<Self> {
        let Setup {
            names,
            descriptors,
            resolver,
            warnings,
        } = Setup::new(plan)?;
        let both = match &descriptors {
            Some(group) => Some(join_descriptors(names.fd(), group.fd())?),
            None => None,
        };
        Ok(Self {
            plan: plan.clone(),
            names,
            descriptors,
            both,
            resolver,
            processes: Processes::new(Path::new("/proc")),
            own_pid: rustix::process::getpid().as_raw_nonzero().get(),
            actors: HashMap::new(),
            pidfds: HashMap::new(),
            pending: VecDeque::new(),
            read: 0,
            arrived: Arrived::default(),
            blocked: false,
            sums: Sums::default(),
            warnings,
            checked: Instant::now(),
            roots: Roots::of(plan),
        })
    }

    /// Reads what waits in the kernel. Returns how many records that was.
    fn fill(&mut self) -> anyhow::Result<usize> {
        let time = clock::now();
        let before = self.pending.len();
        let mut malformed = 0;
        let mut take = |record: Result<RecordRef<'_>, Malformed>| match record.map(Record::from) {
            Ok(mut record) => {
                // One of each process is enough, and too many would leave no descriptor for
                // anything else.
                let process = std::mem::take(&mut record.process);
                match process {
                    Process::There(fd) if self.pidfds.len() < PIDFDS => {
                        self.pidfds.entry(record.pid).or_insert(fd);
                    }
                    Process::There(_) => {}
                    Process::Untold | Process::Gone => record.process = process,
                }
                self.pending.push_back(record);
            }
            Err(Malformed) => malformed += 1,
        };
        let mut read = 0;
        for group in std::iter::once(&mut self.names).chain(&mut self.descriptors) {
            while read < BATCH && group.fill(time, &mut take)? == Filled::Some {
                // At least one record, and at most some thousand.
                read += 1;
            }
        }
        for _ in 0..malformed {
            self.pending.push_back(Record::malformed(time));
        }
        for record in self.pending.range_mut(before..) {
            record.number = self.read;
            self.read += 1;
            if let Some((old, new)) = record.moves_directory() {
                self.resolver.learn_moved(record.number, old, new);
            }
            if record.deletes_directory()
                && let (Some(dir), Some(at)) = (&record.target, &record.at)
            {
                self.resolver.learn_deleted(dir.clone(), at.clone());
            }
        }
        Ok(self.pending.len() - before)
    }

    /// Hands on what has been read. `patient`: stops at an event whose directory may become known
    /// in a moment.
    fn work(&mut self, take: &mut dyn FnMut(Item), patient: bool) -> anyhow::Result<usize> {
        let mut told = 0;
        self.blocked = false;
        while told < BUDGET || !patient {
            let Some(record) = self.pending.pop_front() else {
                break;
            };
            if patient && self.should_wait(&record)? {
                self.pending.push_front(record);
                self.blocked = true;
                break;
            }
            told += self.record(take, &record)?;
        }
        Ok(told)
    }

    /// Is this an event in a directory that was deleted just now, with the event of its deletion
    /// still on its way?
    fn should_wait(&mut self, record: &Record) -> anyhow::Result<bool> {
        let waited = clock::now().mono_ns.saturating_sub(record.time.mono_ns);
        if !self.names.tells_targets()
            || !self.wants(record)
            || u128::from(waited) >= PATIENCE.as_nanos()
            || self.is_placed(record)
        {
            return Ok(false);
        }
        Ok(self.fill()? == 0 || !self.is_placed(record))
    }

    /// Looks now and then whether the roots and mounts are still there.
    fn check(&mut self) {
        if self.checked.elapsed() < CHECK {
            return;
        }
        self.checked = Instant::now();
        for point in self.resolver.drop_unmounted() {
            self.warnings.push(format!(
                "fanotify: {} was unmounted; it is not seen when it is mounted again",
                shown(&point)
            ));
        }
        self.roots.look(&mut self.warnings);
    }
}

fn join_descriptors(a: BorrowedFd<'_>, b: BorrowedFd<'_>) -> anyhow::Result<OwnedFd> {
    let both = epoll::create(epoll::CreateFlags::CLOEXEC).context("epoll_create1")?;
    for (nr, fd) in [a, b].into_iter().enumerate() {
        let data = epoll::EventData::new_u64(nr as u64);
        epoll::add(&both, fd, data, epoll::EventFlags::IN).context("epoll_ctl")?;
    }
    Ok(both)
}

impl Source for Fanotify {
    fn backend(&self) -> Backend {
        Backend::Fanotify
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.both.as_ref().map_or(self.names.fd(), AsFd::as_fd)
    }

    /// File systems that refuse to be watched, or were unmounted.
    fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    fn longest_sleep(&self) -> Duration {
        match (self.blocked, self.pending.is_empty()) {
            (true, _) => PATIENCE,
            (false, false) => Duration::ZERO,
            (false, true) => CHECK,
        }
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        let mut told = 0;
        while told < BUDGET {
            if self.pending.is_empty() {
                self.resolver.begin();
                self.actors.clear();
                self.pidfds.clear();
            }
            let new = self.fill()?;
            told += self.work(take, true)?;
            if new == 0 || self.blocked {
                break;
            }
        }
        self.check();
        Ok(told)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        for group in std::iter::once(&self.names).chain(&self.descriptors) {
            group.unmark()?;
        }
        while self.fill()? > 0 {
            self.work(take, false)?;
        }
        self.work(take, false)?;
        Ok(())
    }

    fn sums(&self) -> Sums {
        self.sums.clone()
    }

    fn ended(&mut self) -> bool {
        self.check();
        self.roots.ended()
    }
}

/// Adds to a counter in a list of counters.
fn count<K: PartialEq>(list: &mut Vec<(K, u64)>, key: K, by: u64) {
    match list.iter_mut().find(|(known, _)| *known == key) {
        Some((_, n)) => *n += by,
        None => list.push((key, by)),
    }
}

impl Fanotify {
    fn filter(&mut self, reason: &'static str, by: u64) {
        self.sums.seen += by;
        count(&mut self.sums.filtered, reason.into(), by);
    }

    fn lose(&mut self, reason: LossReason) {
        self.sums.seen += 1;
        count(&mut self.sums.lost, reason, 1);
    }
}
