//! inotify(7): what happened to the files of a tree, for anybody, but not who did it.
//!
//! The kernel watches single directories. What makes a tree of them is here: each new directory is
//! watched first and listed afterwards, and what the list has that no event told is told as
//! [`Event::synthesised`]; what both tell is told once. After an overflow of the kernel's queue
//! the tree is compared with what is remembered of it.
//!
//! What inotify cannot tell: who, executions, file systems mounted on a directory of the tree
//! after it was watched, a rename of a directory above a root (noticed as the end of the root). What
//! takes the place of a root is found by looking.

mod apply;
pub(in crate::source) mod clock;
mod crew;
mod dir;
mod exchange;
mod kernel;
mod lost;
mod nodes;
mod notes;
mod queue;
mod raw;
mod roots;
mod scan;
mod tally;
mod tree;

#[cfg(test)]
mod tests;

use std::{
    collections::{HashSet, VecDeque},
    os::fd::BorrowedFd,
    time::{Duration, Instant},
};

use rustix::fs::inotify::{ReadFlags, WatchFlags};

use self::{
    kernel::{BATCH, BATCH_LISTING, Kernel},
    notes::Notes,
    queue::{PATIENCE, Queue, Step},
    raw::Raw,
    roots::Root,
    scan::Job,
    tally::{Reason, Tally},
    tree::{Name, Tree, Wd},
};
use super::{Source, Sums, WatchPlan, found};
use crate::{
    calls::Op,
    event::{
        Backend, Event, Item, Loss, LossReason, Notice, PathItem, PathRole, Time, Via, notice,
    },
};

pub use roots::TooManyWatches;

/// More bytes than this in one read are a burst. Each event that finds the reader asleep costs its
/// writer more than the event itself, so within a burst the reader looks only every
/// [`GATHERING`].
const BURST: u64 = 1024;
const GATHERING: Duration = Duration::from_micros(500);

/// Items handed on by one [`Source::read`] before the reader may do other things.
const BUDGET: u64 = 32 * 1024;

/// Where items go.
type Take<'a> = dyn FnMut(Item) + 'a;

/// The inotify source.
#[derive(Debug)]
pub struct Inotify {
    plan: WatchPlan,
    masks: Masks,
    kernel: Kernel,
    queue: Queue,
    tree: Tree,
    roots: Vec<Root>,
    roots_checked: Instant,
    /// When lost roots were last looked for.
    roots_sought: Instant,
    /// Watches of roots that the last check did not find at their path.
    absent: HashSet<Wd>,
    /// Directories to be watched and listed before anything else is told.
    jobs: Vec<Job>,
    /// Directories listed since the kernel's queue was read.
    unread_lists: u32,
    /// Jobs whose directory was not where it was thought to be: tried again after a rename.
    parked: Vec<Job>,
    /// Names whose end was told by a rescan; the kernel may tell it again.
    vanished: HashSet<(Wd, Name)>,
    /// Where the last renames ended, the newest first.
    arrived: VecDeque<(Wd, Name)>,
    tally: Tally,
    notes: Notes,
    /// The moment of what is being told.
    time: Time,
    /// What the kernel called what is being told.
    notice: Notice,
    /// Tells every notification by itself, as the kernel gave it.
    raw: Option<Raw>,
    /// The last read found a burst.
    in_burst: bool,
}

/// What is asked of the kernel.
#[derive(Clone, Copy, Debug)]
struct Masks {
    /// For a directory of the tree.
    dir: WatchFlags,
    /// For the directory of a file that is a root.
    parent: WatchFlags,
    /// For a file that is a root, when its directory cannot be watched.
    file: WatchFlags,
    /// In addition, for every root.
    root: WatchFlags,
}

/// What each operation on a file is to the kernel.
const USES: [(Op, WatchFlags); 4] = [
    (Op::Read, WatchFlags::OPEN),
    (Op::Write, WatchFlags::MODIFY),
    (Op::Attribute, WatchFlags::ATTRIB),
    (Op::Close, WatchFlags::CLOSE_WRITE),
];

/// Notifications of what is done to a file, not to its name.
const USED: u32 = notice::ACCESS
    | notice::MODIFY
    | notice::ATTRIB
    | notice::CLOSE_WRITE
    | notice::CLOSE_NOWRITE
    | notice::OPEN;

impl Masks {
    fn of(plan: &WatchPlan) -> Self {
        let has = |op| plan.ops.contains(&op);
        let mut uses = WatchFlags::empty();
        for (op, flag) in USES {
            uses.set(flag, has(op));
        }
        if let Some(events) = plan.events {
            uses = WatchFlags::from_bits_retain(events & USED);
        }
        let names = WatchFlags::CREATE | WatchFlags::DELETE | WatchFlags::MOVE;
        // What is done to a file that has lost its name is not told under that name, which may
        // be another file's by then.
        let linked = WatchFlags::EXCL_UNLINK;
        let names_matter = plan.recursive || has(Op::Create) || has(Op::Delete) || has(Op::Rename);
        Self {
            dir: uses
                | linked
                | if names_matter {
                    names
                } else {
                    WatchFlags::empty()
                },
            parent: uses | linked | names,
            file: uses,
            root: WatchFlags::DELETE_SELF | WatchFlags::MOVE_SELF,
        }
    }
}

impl Inotify {
    /// Watches what the plan says. An error when a root cannot be watched, or when the limit of
    /// watches is too low for the tree as it is now.
    pub fn open(plan: &WatchPlan) -> anyhow::Result<Self> {
        let mut this = Self::with(plan, Masks::of(plan), None)?;
        this.add_roots()?;
        if plan.ops.contains(&Op::Execute) && plan.events.is_none() {
            this.notes.say(
                "inotify cannot tell that a file is run as a program: it is told as read; run as \
                 root to use another backend"
                    .to_owned(),
            );
        }
        Ok(this)
    }

    fn with(plan: &WatchPlan, masks: Masks, raw: Option<Raw>) -> anyhow::Result<Self> {
        Ok(Self {
            plan: plan.clone(),
            masks,
            kernel: Kernel::open()?,
            queue: Queue::default(),
            tree: Tree::default(),
            roots: Vec::new(),
            roots_checked: Instant::now(),
            roots_sought: Instant::now(),
            absent: HashSet::new(),
            jobs: Vec::new(),
            unread_lists: 0,
            parked: Vec::new(),
            vanished: HashSet::new(),
            arrived: VecDeque::new(),
            tally: Tally::default(),
            notes: Notes::default(),
            time: clock::now(),
            notice: Notice::default(),
            raw,
            in_burst: false,
        })
    }

    /// Are names remembered that are not directories? Only for what could be told of them.
    fn remembers_files(&self) -> bool {
        self.raw.is_none()
            && (self.plan.ops.contains(&Op::Create) || self.plan.ops.contains(&Op::Delete))
    }

    /// Reads what waits in the kernel, until `most` events wait here. Returns how many bytes that was.
    fn fill(&mut self, most: usize) -> anyhow::Result<u64> {
        self.unread_lists = 0;
        let drop_own = self.raw.as_ref().is_none_or(Raw::is_starting);
        let begun = clock::now();
        let filled = self.kernel.fill(&mut self.queue, most, drop_own)?;
        if let Some(raw) = &mut self.raw {
            raw.filled(begun, filled, &self.queue);
        }
        for _ in 0..filled.directories_used {
            self.tally.see();
            self.tally.filter(Reason::Op);
        }
        Ok(filled.bytes)
    }

    /// Does everything that can be done now. `patient`: waits for the other half of a rename.
    fn work(&mut self, take: &mut Take<'_>, patient: bool) {
        let budget = self.tally.delivered() + BUDGET;
        while !patient || self.tally.delivered() < budget {
            if let Some(job) = self.jobs.pop() {
                self.run(take, job);
            } else if self.has_late_watches() {
                self.widen_late_watches();
            } else if patient && self.queue.is_blocked(clock::now()) {
                break;
            } else if let Some(step) = self.queue.pop() {
                self.step(take, step);
            } else {
                break;
            }
        }
    }

    fn step(&mut self, take: &mut Take<'_>, step: Step) {
        match step {
            Step::One(raw) => {
                self.time = raw.time;
                self.notice = raw.notice();
                // IGNORED is the kernel's answer to the end of a watch, not an event of a file.
                if !raw.flags.contains(ReadFlags::IGNORED) {
                    self.tally.see();
                }
                self.tell_raw(take, &raw);
                if let Some(before) = self.exchanged_for(&raw) {
                    let notice = std::mem::replace(&mut self.notice, before.notice());
                    self.tally.see();
                    self.one(take, before);
                    self.notice = notice;
                }
                self.one(take, raw);
            }
            Step::Pair(from, to) => {
                self.time = to.time;
                self.notice = from.notice();
                self.notice.mask |= to.notice().mask;
                self.tally.see();
                self.tell_raw(take, &from);
                self.tell_raw(take, &to);
                if !self.exchanged(take, &from, &to) {
                    self.moved(take, Some(from), Some(to));
                }
            }
            Step::Lost(time) => {
                self.tally.see();
                self.tally.lose();
                take(Item::Loss(Loss {
                    time,
                    cpu: None,
                    count: None,
                    reason: LossReason::QueueOverflow,
                }));
            }
            Step::Rescan(time) => {
                self.time = time;
                self.rescan(take);
            }
        }
    }

    /// Hands on an event that the kernel reported, when it is of interest.
    fn tell(&mut self, take: &mut Take<'_>, op: Op, is_dir: bool, paths: Vec<PathItem>) {
        if self.raw.is_some() {
            // Told already, as it came.
        } else if self.plan.ops.contains(&op) {
            self.deliver(take, op, is_dir, paths, false);
        } else {
            self.skip(Reason::Op);
        }
    }

    /// Hands on an event that was found out by looking, when it is of interest.
    fn tell_found(&mut self, take: &mut Take<'_>, op: Op, is_dir: bool, path: Vec<u8>) {
        if self.plan.ops.contains(&op) && !self.plan.excludes(&path) {
            let path = item(PathRole::Target, path, op == Op::Delete);
            self.deliver(take, op, is_dir, vec![path], true);
        }
    }

    /// An event of the kernel is not handed on.
    fn skip(&mut self, reason: Reason) {
        // A notification that is told as it came has been counted by then.
        if self.raw.is_none() {
            self.tally.filter(reason);
        }
    }

    fn deliver(
        &mut self,
        take: &mut Take<'_>,
        op: Op,
        is_dir: bool,
        paths: Vec<PathItem>,
        synthesised: bool,
    ) {
        if synthesised {
            self.tally.see();
        }
        self.tally.deliver();
        take(Item::Event(Box::new(self.event(
            op,
            is_dir,
            paths,
            synthesised,
        ))));
    }

    fn event(&self, op: Op, is_dir: bool, paths: Vec<PathItem>, synthesised: bool) -> Event {
        let notice = if synthesised {
            raw::found(op, is_dir)
        } else {
            self.notice
        };
        Event {
            synthesised,
            is_dir,
            ..found::of_nobody(Backend::Inotify, self.time, op, paths, notice)
        }
    }
}

/// A path of an event.
fn item(role: PathRole, path: Vec<u8>, deleted: bool) -> PathItem {
    PathItem {
        role,
        arg: None,
        requested: None,
        resolved: Ok(path.into()),
        via: Via::Base,
        deleted,
        file: None,
    }
}

impl Source for Inotify {
    fn backend(&self) -> Backend {
        Backend::Inotify
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.kernel.fd()
    }

    /// Directories that cannot be entered, the limit of watches reached.
    fn take_warnings(&mut self) -> Vec<String> {
        self.notes.take()
    }

    fn longest_sleep(&self) -> Duration {
        if self.queue.is_blocked(clock::now()) {
            PATIENCE
        } else if self.queue.len() > 0 || !self.jobs.is_empty() {
            Duration::ZERO
        } else if self.owes() {
            PATIENCE
        } else {
            self.root_pause()
        }
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        if std::mem::take(&mut self.in_burst) {
            std::thread::sleep(GATHERING);
        }
        let before = self.tally.handed_on();
        let end = before + BUDGET;
        self.find_lost_roots(take);
        while self.tally.handed_on() < end {
            let new = self.fill(BATCH)?;
            let rescans_before = self.tally.rescans();
            self.work(take, true);
            self.in_burst |= new > BURST;
            if new < kernel::BUFFER as u64 / 2 && rescans_before == self.tally.rescans() {
                if new == 0 && self.queue.len() == 0 && self.jobs.is_empty() {
                    self.idle(take);
                }
                break;
            }
        }
        Ok((self.tally.handed_on() - before) as usize)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        // No further than what waits at this moment: writers may go on for ever.
        let waiting = self.kernel.waiting().unwrap_or(u64::MAX);
        let mut got = 0;
        while got < waiting {
            let new = self.fill(BATCH)?;
            if new == 0 {
                break;
            }
            got += new;
            self.work(take, got < waiting);
        }
        self.work(take, false);
        Ok(())
    }

    fn sums(&self) -> Sums {
        self.tally.sums()
    }

    fn ended(&mut self) -> bool {
        self.roots_ended()
    }
}
