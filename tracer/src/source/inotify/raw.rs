//! Every notification as the kernel gave it: what inotifywait(1) prints. The remembered tree is
//! kept in step beside it, so that new directories are watched and paths stay right.
//!
//! Files are not remembered, as inotifywait does not; only what a listing of a new directory has
//! found is, until the kernel has told it, too, or has nothing more to tell.

use std::{
    collections::{BTreeSet, HashSet},
    os::fd::AsFd,
    time::Instant,
};

use rustix::fs::inotify::{ReadFlags, WatchFlags};

use super::{
    BATCH_LISTING, Inotify, Masks, PATIENCE, Take, clock, dir, item,
    kernel::Filled,
    queue::{Queue, Raw as Queued},
    tally::Reason,
    tree::{Name, Scope, Wd, join},
};
use crate::{
    calls::Op,
    event::{Event, Item, Notice, PathRole, Time, notice},
    source::WatchPlan,
};

/// What is told of a directory being listed, by us or by others.
const LISTING: u32 = notice::OPEN | notice::ACCESS | notice::CLOSE_NOWRITE;

/// State of this way of telling.
#[derive(Debug)]
pub(super) struct Raw {
    /// What is told.
    asked: u32,
    /// The first listing of the tree is under way.
    starting: bool,
    /// What a new directory is watched for only when everything below it has been listed, so that
    /// our own listing is not told.
    late: WatchFlags,
    late_watches: Vec<Wd>,
    /// Files whose creation was told because a listing had them.
    told: HashSet<(Wd, Name)>,
    /// Files that a listing of a new directory had, and that were perhaps written and closed
    /// before there was a watch.
    owed: HashSet<(Wd, Name)>,
    last_found: Instant,
    /// A directory that has just been moved out of the tree: the kernel tells that of itself, too,
    /// after it has told it of its name.
    left: Option<(Wd, Vec<u8>)>,
    /// When the kernel's queue was last begun to be emptied.
    emptied: Time,
    /// Set from a loss until the tree has been looked at: what is younger may not have been told.
    lost_since: Option<Time>,
    /// Names that the kernel has told since then.
    kept: HashSet<(Wd, Name)>,
}

/// How far behind the clock the time of a file's change may be: the kernel takes it from its last
/// tick (`ktime_get_coarse_real_ts64`), of which there are at least 100 a second.
const TICK: u64 = 20_000_000;

impl Raw {
    /// Something was read.
    pub(super) fn filled(&mut self, begun: Time, filled: Filled, queue: &Queue) {
        if filled.overflowed {
            self.lost_since.get_or_insert(self.emptied);
            let names = queue.arrivals();
            self.kept.extend(names.map(|(wd, name)| (wd, name.clone())));
        } else if filled.emptied {
            self.emptied = begun;
        }
    }

    pub(super) fn is_starting(&self) -> bool {
        self.starting
    }
}

/// What to tell for something that was found out by looking.
pub(super) fn found(op: Op, is_dir: bool) -> Notice {
    let mask = match op {
        Op::Create => notice::CREATE,
        Op::Rename => notice::MOVE_SELF,
        Op::Close => notice::CLOSE_WRITE,
        _ => notice::DELETE,
    };
    Notice {
        mask: mask | if is_dir { notice::ISDIR } else { 0 },
        ..Notice::default()
    }
}

impl Queued {
    pub(super) fn notice(&self) -> Notice {
        Notice {
            mask: self.flags.bits(),
            cookie: self.cookie,
            itself: self.name.is_none(),
        }
    }
}

impl Inotify {
    /// Watches what the plan says, and tells every notification of `plan.events` as it comes, in
    /// the order of the kernel. With `follow`, new directories are watched, too; without, nothing
    /// but what was there at the start, and everything that the kernel says is told.
    ///
    /// # Errors
    /// As [`Inotify::open`].
    pub fn open_raw(plan: &WatchPlan, follow: bool) -> anyhow::Result<Self> {
        let asked = plan.events.unwrap_or(notice::ALL_EVENTS);
        let follow = follow && plan.recursive;
        let structure = WatchFlags::CREATE | WatchFlags::DELETE | WatchFlags::MOVE;
        let mut flags = WatchFlags::from_bits_retain(asked & notice::ALL_EVENTS);
        let late = flags & WatchFlags::from_bits_retain(LISTING);
        if flags.is_empty() {
            // What comes unasked; the kernel takes no empty mask.
            flags = WatchFlags::DELETE_SELF;
        }
        let all = if follow { flags | structure } else { flags };
        let raw = Raw {
            asked: if follow {
                asked | notice::IGNORED | notice::UNMOUNT
            } else {
                u32::MAX
            },
            starting: true,
            late,
            late_watches: Vec::new(),
            told: HashSet::new(),
            owed: HashSet::new(),
            last_found: Instant::now(),
            left: None,
            emptied: clock::now(),
            lost_since: None,
            kept: HashSet::new(),
        };
        let plan = WatchPlan {
            ops: notice::ops(asked).collect::<BTreeSet<_>>(),
            ..plan.clone()
        };
        let masks = Masks {
            dir: all,
            parent: all,
            file: flags,
            root: all,
        };
        let mut this = Self::with(&plan, masks, Some(raw))?;
        this.add_roots()?;
        this.fill(BATCH_LISTING)?;
        if let Some(raw) = &mut this.raw {
            raw.starting = false;
        }
        if follow {
            this.masks.dir = all.difference(late);
        }
        Ok(this)
    }

    /// How many watches there are.
    pub fn watches(&self) -> usize {
        self.tree.len()
    }

    /// Tells a notification as it came.
    pub(super) fn tell_raw(&mut self, take: &mut Take<'_>, queued: &Queued) {
        let Some(raw) = &mut self.raw else {
            return;
        };
        let notice = queued.notice();
        let mut skip = None;
        if let Some(name) = &queued.name {
            let key = (queued.wd, name.clone());
            let is_new = queued.flags.contains(ReadFlags::CREATE);
            if raw.lost_since.is_some() && (is_new || queued.flags.contains(ReadFlags::MOVED_TO)) {
                raw.kept.insert(key.clone());
            }
            let told_twice = if is_new {
                raw.told.remove(&key) || self.tree.entry(queued.wd, name).is_some()
            } else {
                queued.flags.contains(ReadFlags::DELETE)
                    && self.vanished.contains(&key)
                    && self.tree.entry(queued.wd, name).is_none()
            };
            let over = ReadFlags::CLOSE_WRITE | ReadFlags::DELETE | ReadFlags::MOVED_FROM;
            if !raw.owed.is_empty() && queued.flags.intersects(over) {
                raw.owed.remove(&key);
            }
            if told_twice {
                skip = Some(Reason::Duplicate);
            }
        }
        if notice.mask & raw.asked == 0 {
            skip = Some(Reason::Op);
        }
        let path = match self.tree.path(queued.wd) {
            Some(path) => path,
            None if queued.flags.contains(ReadFlags::MOVE_SELF)
                && raw.left.as_ref().is_some_and(|(wd, _)| *wd == queued.wd) =>
            {
                raw.left.take().map(|(_, path)| path).unwrap_or_default()
            }
            None => return self.tally.filter(Reason::Outside),
        };
        if let Some(reason) = skip {
            return self.tally.filter(reason);
        }
        let path = match &queued.name {
            Some(name) => join(&path, name),
            None => path,
        };
        let is_dir = match queued.name {
            Some(_) => queued.flags.contains(ReadFlags::ISDIR),
            None => self.tree.scope(queued.wd) != Some(&Scope::Itself),
        };
        let gone = notice.mask & (notice::DELETE | notice::DELETE_SELF) != 0;
        self.notice = notice;
        self.deliver_raw(take, is_dir, path, gone);
    }

    fn deliver_raw(&mut self, take: &mut Take<'_>, is_dir: bool, path: Vec<u8>, gone: bool) {
        self.tally.deliver();
        let paths = vec![item(PathRole::Target, path, gone)];
        let event = self.event(self.notice.op(), is_dir, paths, false);
        take(Item::Event(Box::new(Event {
            notice: Some(self.notice),
            ..event
        })));
    }

    /// A listing of a new directory has met a file.
    pub(super) fn found_file(&mut self, take: &mut Take<'_>, wd: Wd, name: &Name, path: Vec<u8>) {
        let Some(raw) = &mut self.raw else {
            return;
        };
        raw.last_found = Instant::now();
        if raw.asked & notice::CLOSE_WRITE != 0 {
            raw.owed.insert((wd, name.clone()));
        }
        if raw.asked & notice::CREATE != 0 && raw.told.insert((wd, name.clone())) {
            self.tell_found(take, Op::Create, false, path);
        }
    }

    /// A listing after a loss has met a file: it is told when it came into being since, and the
    /// kernel has not told it.
    pub(super) fn found_after_loss(
        &mut self,
        take: &mut Take<'_>,
        wd: Wd,
        name: &Name,
        path: Vec<u8>,
    ) {
        let Some(raw) = &self.raw else {
            return;
        };
        if let Some(since) = raw.lost_since
            && !raw.kept.contains(&(wd, name.clone()))
            && dir::changed(&path).is_some_and(|at| at + TICK >= since.wall_ns)
        {
            self.found_file(take, wd, name, path);
        }
    }

    /// Nothing waits: what the kernel has not told by now it will not tell any more.
    pub(super) fn raw_idle(&mut self, take: &mut Take<'_>) {
        let Some(raw) = &mut self.raw else {
            return;
        };
        raw.lost_since = None;
        raw.kept.clear();
        if raw.told.is_empty() && raw.owed.is_empty() || raw.last_found.elapsed() < PATIENCE {
            return;
        }
        raw.told.clear();
        for (wd, name) in std::mem::take(&mut raw.owed) {
            let Some(path) = self.tree.path(wd).map(|dir| join(&dir, &name)) else {
                continue;
            };
            // An empty one has not been written; a link or a pipe never is.
            if dir::has_content(&path) {
                self.tell_found(take, Op::Close, false, path);
            }
        }
    }

    /// Something may still have to be told when the kernel tells nothing.
    pub(super) fn owes(&self) -> bool {
        self.raw.as_ref().is_some_and(|raw| !raw.owed.is_empty())
    }

    /// A directory has left the tree.
    pub(super) fn leave_raw(&mut self, wd: Wd) {
        let path = self.tree.path(wd);
        if let Some(raw) = &mut self.raw {
            raw.left = path.map(|path| (wd, path));
        }
    }

    /// A directory was watched that is to be watched for more later.
    pub(super) fn watch_late(&mut self, wd: Wd) {
        if let Some(raw) = &mut self.raw
            && !raw.starting
            && !raw.late.is_empty()
        {
            raw.late_watches.push(wd);
        }
    }

    pub(super) fn has_late_watches(&self) -> bool {
        self.raw
            .as_ref()
            .is_some_and(|raw| !raw.late_watches.is_empty())
    }

    /// Watches new directories for everything, now that they have been listed.
    pub(super) fn widen_late_watches(&mut self) {
        let Some(raw) = &mut self.raw else {
            return;
        };
        let late = raw.late;
        for wd in std::mem::take(&mut raw.late_watches) {
            let Some(path) = self.tree.path(wd) else {
                continue;
            };
            // What is gone needs no watch; what was renamed is watched for less.
            let Ok(fd) = dir::open(&path) else { continue };
            if let Ok(found) = self.kernel.watch(fd.as_fd(), &path, late)
                && !self.tree.has(found)
            {
                self.kernel.unwatch(found);
            }
        }
    }
}
