//! Watching directories and listing them: new ones, and all of them after a loss.

use std::{
    collections::{BTreeSet, HashMap},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
};

use nix::sched::{CloneFlags, unshare};
use rustix::{
    fs::{AtFlags, CWD, FileType, OFlags, openat, statat, statfs},
    io::Errno,
    process::fchdir,
};

use super::{
    Inotify, Take, dir,
    kernel::BATCH_LISTING,
    tree::{Entry, Name, Place, Scope, Wd, join},
};
use crate::calls::Op;

/// Directories listed before what our own opening of them has put into the kernel's queue is read:
/// a small part of the queue (`fs.inotify.max_queued_events`, 16384), so that it is never full of
/// that.
const LISTS: u32 = 512;

/// Why a directory is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It was there when the watch began: nothing is told.
    Initial,
    /// It is new. What is not in the list may have been there: an event tells its end.
    New,
    /// A name may be taken although it seemed to be gone: it is told when it is.
    Look,
    /// Events were lost: what is not in the list is gone.
    Rescan,
}

/// Names in a watched directory that are to be watched and listed.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) parent: Wd,
    pub(super) names: Vec<Name>,
    pub(super) mode: Mode,
}

/// File systems (`linux/magic.h`) on which the number of links of a directory is two more than
/// that of its subdirectories: ext4 and its elders, XFS, tmpfs, F2FS.
const COUNTING: [i64; 4] = [0xef53, 0x5846_5342, 0x0102_1994, 0xf2f5_2010];

/// Which directories have no subdirectories, without listing them.
///
/// Names are looked up from the working directory, which is this thread's own for a moment: a
/// relative name costs a third of what a descriptor through `/proc` does.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    /// Whether the file system with this device number counts.
    counting: HashMap<u64, bool>,
    /// The working directory that this thread had; an error where it cannot have its own.
    home: Option<Result<OwnedFd, Errno>>,
}

impl Leaves {
    /// Makes this the working directory. False when that cannot be.
    fn enter(&mut self, dir: BorrowedFd<'_>) -> bool {
        let home = self.home.get_or_insert_with(|| {
            unshare(CloneFlags::CLONE_FS).map_err(|e| Errno::from_raw_os_error(e as i32))?;
            openat(
                CWD,
                c".",
                OFlags::PATH | OFlags::CLOEXEC,
                rustix::fs::Mode::empty(),
            )
        });
        home.is_ok() && fchdir(dir).is_ok()
    }

    fn leave(&self) {
        if let Some(Ok(home)) = &self.home {
            // It is still there while it is open; the only other error is a lost permission.
            let _ = fchdir(home);
        }
    }

    /// Is this name in the working directory a directory that surely has no subdirectories?
    fn is_leaf(&mut self, name: &[u8]) -> bool {
        let Ok(stat) = statat(CWD, name, AtFlags::SYMLINK_NOFOLLOW) else {
            return false;
        };
        stat.st_nlink == 2
            && FileType::from_raw_mode(stat.st_mode).is_dir()
            && *self
                .counting
                .entry(stat.st_dev)
                .or_insert_with(|| statfs(name).is_ok_and(|fs| COUNTING.contains(&fs.f_type)))
    }
}

impl Inotify {
    /// Watches a directory in the working directory that has no subdirectories. False when it is
    /// to be visited instead.
    fn plant_leaf(&mut self, take: &mut Take<'_>, parent: Wd, dir: &[u8], name: &Name) -> bool {
        if self.plan.leaves_out() && !self.is_to_enter(parent, &join(dir, name), name) {
            return false;
        }
        // The watch comes first: whatever is made in it from now on is told by the kernel.
        let Ok(wd) = self.kernel.watch_here(name, self.masks.dir) else {
            return false;
        };
        self.leaves.is_leaf(name) && {
            if !self.tree.insert_known(wd, parent, name) {
                self.settle(take, parent, name, &join(dir, name), wd, Mode::Initial);
            }
            true
        }
    }

    /// A name that is not known (any more) is told by its event first.
    fn is_to_enter(&self, parent: Wd, path: &[u8], name: &[u8]) -> bool {
        self.tree.entry(parent, name).is_some_and(Entry::is_dir)
            && !self.plan.excludes(path)
            && self.plan.enters(path)
    }

    pub(super) fn run(&mut self, take: &mut Take<'_>, job: Job) {
        let Some(path) = self.tree.path(job.parent) else {
            return;
        };
        match self.reopen(job.parent, &path) {
            Ok(Some(fd)) => {
                let is_quick = job.mode == Mode::Initial
                    && !self.remembers_files()
                    && self.leaves.enter(fd.as_fd());
                for name in &job.names {
                    if is_quick && self.plant_leaf(take, job.parent, &path, name) {
                        continue;
                    }
                    let below = join(&path, name);
                    if job.mode == Mode::Look {
                        self.look(take, job.parent, fd.as_fd(), &below, name);
                    } else {
                        self.visit(take, job.parent, fd.as_fd(), &below, name, job.mode);
                    }
                }
                if is_quick {
                    self.leaves.leave();
                }
            }
            // A directory above it has just been renamed; the event is on its way.
            Ok(None) => self.parked.push(job),
            Err(error) => self.notes.unwatched(error, &path),
        }
    }

    /// Opens a watched directory; `None` when another or none stands at its path.
    pub(super) fn reopen(&self, wd: Wd, path: &[u8]) -> Result<Option<OwnedFd>, Errno> {
        let fd = match dir::open(path) {
            Ok(fd) => fd,
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(None),
            Err(error) => return Err(error),
        };
        let found = self.kernel.watch(fd.as_fd(), path, self.masks.dir)?;
        if found == wd {
            return Ok(Some(fd));
        }
        if !self.tree.has(found) {
            self.kernel.unwatch(found);
        }
        Ok(None)
    }

    fn look(
        &mut self,
        take: &mut Take<'_>,
        parent: Wd,
        at: BorrowedFd<'_>,
        path: &[u8],
        name: &[u8],
    ) {
        if self.tree.entry(parent, name).is_some() || self.plan.excludes(path) {
            return;
        }
        let Ok(Some(is_dir)) = dir::kind_at(at, name) else {
            return;
        };
        if is_dir || self.remembers_files() {
            self.set_present(parent, name, true);
            self.remember(parent, name, is_dir);
            self.tell_found(take, Op::Create, is_dir, path.to_vec());
        }
        if is_dir {
            self.enter(parent, name.into());
        }
    }

    fn visit(
        &mut self,
        take: &mut Take<'_>,
        parent: Wd,
        at: BorrowedFd<'_>,
        path: &[u8],
        name: &[u8],
        mode: Mode,
    ) {
        if !self.is_to_enter(parent, path, name) {
            return;
        }
        // One that is watched already is most often only looked at: nobody is told of that.
        let is_known = self.tree.entry(parent, name).and_then(Entry::wd).is_some();
        let opened = if is_known {
            dir::open_place_at(at, name)
        } else {
            dir::open_at(at, name)
        };
        let fd = match opened {
            Ok(fd) => fd,
            // Gone already: its event is on its way.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return,
            Err(error) => return self.notes.unwatched(error, path),
        };
        match self.kernel.watch(fd.as_fd(), path, self.masks.dir) {
            Ok(wd) => {
                if !self.settle(take, parent, name, path, wd, mode) {
                } else if is_known {
                    self.list_place(take, wd, path, &fd, mode);
                } else {
                    self.list(take, wd, path, fd, mode);
                }
            }
            Err(error) => self.notes.unwatched(error, path),
        }
    }

    /// Gives a watched directory its place in the tree. False when it need not be listed.
    fn settle(
        &mut self,
        take: &mut Take<'_>,
        parent: Wd,
        name: &[u8],
        path: &[u8],
        wd: Wd,
        mode: Mode,
    ) -> bool {
        let here = self.tree.entry(parent, name).and_then(Entry::wd);
        if here == Some(wd) {
            let listed = self.tree.get(wd).is_some_and(|node| node.listed);
            return mode == Mode::Rescan || !listed;
        }
        if self.tree.has(wd) && !self.leave_old_place(take, wd) {
            self.notes.alias(path);
            return false;
        }
        if let Some(old) = here {
            self.uproot(take, old);
            if mode == Mode::Rescan {
                self.tell_found(take, Op::Delete, true, path.to_vec());
                self.tell_found(take, Op::Create, true, path.to_vec());
            }
        }
        self.tree.insert(wd, parent, name);
        self.watch_late(wd);
        true
    }

    /// A watched directory was met somewhere else. False when it is still at its old place too.
    fn leave_old_place(&mut self, take: &mut Take<'_>, wd: Wd) -> bool {
        let Some(path) = self.tree.path(wd) else {
            return true;
        };
        if matches!(self.reopen(wd, &path), Ok(Some(_))) {
            return false;
        }
        let Some(Place::Under(parent, name)) = self.tree.get(wd).map(|node| &node.place) else {
            self.tell_root_lost(take, wd, Op::Rename, true);
            self.forget_root(wd);
            return true;
        };
        let (parent, name) = (*parent, name.clone());
        // The name stays until its own event comes; another directory may have it by now.
        self.uproot(take, wd);
        self.enter(parent, name);
        true
    }

    /// As [`Inotify::list`], for a directory that is not open for reading.
    pub(super) fn list_place(
        &mut self,
        take: &mut Take<'_>,
        wd: Wd,
        path: &[u8],
        place: &OwnedFd,
        mode: Mode,
    ) {
        match dir::open_at(place, b".") {
            Ok(fd) => self.list(take, wd, path, fd, mode),
            Err(error) => self.notes.unwatched(error, path),
        }
    }

    fn list(&mut self, take: &mut Take<'_>, wd: Wd, path: &[u8], fd: OwnedFd, mode: Mode) {
        self.unread_lists += 1;
        if self.unread_lists >= LISTS {
            // An error is found again by the next ordinary reading.
            let _ = self.fill(BATCH_LISTING);
        }
        // Files matter when they are remembered, or told because they are new.
        let is_told = mode == Mode::New || (mode == Mode::Rescan && self.raw.is_some());
        let with_files = self.remembers_files() || is_told;
        match dir::list(fd, with_files) {
            Ok(entries) => {
                self.tree.set_listed(wd);
                self.compare(take, wd, path, entries, mode);
            }
            Err(error) => self.notes.unwatched(error, path),
        }
    }

    /// Brings the remembered names in step with a listing, and tells the differences.
    fn compare(
        &mut self,
        take: &mut Take<'_>,
        wd: Wd,
        path: &[u8],
        entries: Vec<(Name, bool)>,
        mode: Mode,
    ) {
        if mode == Mode::Initial && self.learn(wd, path, &entries) {
            return;
        }
        if mode == Mode::Rescan {
            self.tell_missing(take, wd, path, &entries);
        }
        let mut names = Vec::new();
        for (name, is_dir) in entries {
            let below = join(path, &name);
            if self.plan.excludes(&below) {
                continue;
            }
            if !is_dir && self.raw.is_some() {
                match mode {
                    Mode::Rescan => self.found_after_loss(take, wd, &name, below.clone()),
                    Mode::New => self.found_file(take, wd, &name, below.clone()),
                    Mode::Initial | Mode::Look => (),
                }
            }
            let known = self.tree.entry(wd, &name);
            if known.is_none() && (is_dir || self.remembers_files()) {
                self.remember(wd, &name, is_dir);
                if mode != Mode::Initial {
                    self.tell_found(take, Op::Create, is_dir, below);
                }
            }
            let watched = known.and_then(Entry::wd).is_some();
            if is_dir && self.plan.recursive && (mode == Mode::Rescan || !watched) {
                names.push(name);
            }
        }
        if !names.is_empty() {
            self.jobs.push(Job {
                parent: wd,
                names,
                mode,
            });
        }
    }

    /// Remembers what was in a directory when the watch began. False when something is known of it
    /// already.
    fn learn(&mut self, wd: Wd, path: &[u8], entries: &[(Name, bool)]) -> bool {
        let with_files = self.remembers_files();
        let plan = &self.plan;
        let wanted = entries.iter().filter(|(name, is_dir)| {
            (*is_dir || with_files)
                && (plan.exclude.is_empty() || !plan.excludes(&join(path, name)))
        });
        let entry = |is_dir| {
            if is_dir {
                Entry::Dir(None)
            } else {
                Entry::File
            }
        };
        let names = wanted
            .clone()
            .map(|(name, is_dir)| (name.clone(), entry(*is_dir)));
        if !self.tree.fill(wd, names) {
            return false;
        }
        let names: Vec<_> = wanted
            .filter(|(_, is_dir)| *is_dir && plan.recursive)
            .map(|(name, _)| name.clone())
            .collect();
        if !names.is_empty() {
            self.jobs.push(Job {
                parent: wd,
                names,
                mode: Mode::Initial,
            });
        }
        true
    }

    /// Tells the end of remembered names that are not in a listing, or are something else there.
    fn tell_missing(&mut self, take: &mut Take<'_>, wd: Wd, path: &[u8], entries: &[(Name, bool)]) {
        let Some(node) = self.tree.get(wd) else {
            return;
        };
        let there: BTreeSet<_> = entries
            .iter()
            .map(|(name, is_dir)| (name, *is_dir))
            .collect();
        let missing: Vec<_> = node
            .names
            .iter()
            .filter(|(name, entry)| !there.contains(&(name, entry.is_dir())))
            .map(|(name, entry)| (name.clone(), *entry))
            .collect();
        for (name, entry) in missing {
            self.end_of(take, wd, path, name, entry);
        }
    }

    /// A name was found to be gone.
    fn end_of(&mut self, take: &mut Take<'_>, wd: Wd, path: &[u8], name: Name, entry: Entry) {
        if let Some(below) = entry.wd() {
            let (wds, fallen) = self.tree.cut_telling(below);
            for gone in fallen {
                self.tell_found(take, Op::Delete, gone.is_dir, gone.path);
            }
            // If it is met again at another place it is a new directory there.
            for wd in wds {
                self.kernel.unwatch(wd);
            }
        }
        self.tree.take(wd, &name);
        self.tell_found(take, Op::Delete, entry.is_dir(), join(path, &name));
        self.vanished.insert((wd, name));
    }

    /// Compares the whole tree with what is remembered of it.
    pub(super) fn rescan(&mut self, take: &mut Take<'_>) {
        self.tally.rescan();
        self.jobs.clear();
        self.parked.clear();
        let mut bases: Vec<_> = self
            .roots
            .iter()
            .filter(|root| !root.gone())
            .map(super::Root::wd)
            .collect();
        bases.sort_by_key(|wd| wd.0);
        bases.dedup();
        for wd in bases {
            self.rescan_base(take, wd);
        }
    }

    fn rescan_base(&mut self, take: &mut Take<'_>, wd: Wd) {
        let Some(path) = self.tree.path(wd) else {
            return;
        };
        let scope = self.tree.scope(wd).cloned();
        if scope == Some(Scope::Itself) {
            if matches!(dir::kind(&path), Ok(None)) {
                self.root_vanished(take, wd);
            }
            return;
        }
        match self.reopen(wd, &path) {
            Ok(Some(fd)) => match scope {
                Some(Scope::Only(names)) => self.rescan_files(take, wd, &path, fd.as_fd(), &names),
                _ => self.list_place(take, wd, &path, &fd, Mode::Rescan),
            },
            Ok(None) => self.root_vanished(take, wd),
            Err(error) => self.notes.unwatched(error, &path),
        }
    }

    fn rescan_files(
        &mut self,
        take: &mut Take<'_>,
        wd: Wd,
        path: &[u8],
        at: BorrowedFd<'_>,
        names: &BTreeSet<Name>,
    ) {
        for name in names {
            let below = join(path, name);
            let Ok(found) = dir::kind_at(at, name) else {
                continue;
            };
            self.set_present(wd, name, found.is_some());
            match (self.tree.entry(wd, name), found) {
                (None, Some(is_dir)) if self.remembers_files() => {
                    self.remember(wd, name, is_dir);
                    self.tell_found(take, Op::Create, is_dir, below);
                }
                (Some(entry), None) => self.end_of(take, wd, path, name.clone(), entry),
                _ => (),
            }
        }
    }

    /// A directory was renamed: what is below it may be excluded now, or not any more.
    pub(super) fn prune(&mut self, take: &mut Take<'_>, wd: Wd) {
        let mut todo = vec![wd];
        while let Some(at) = todo.pop() {
            let Some(path) = self.tree.path(at) else {
                continue;
            };
            let Some(node) = self.tree.get(at) else {
                continue;
            };
            let names: Vec<_> = node
                .names
                .iter()
                .map(|(name, e)| (name.clone(), *e))
                .collect();
            for (name, entry) in names {
                if self.plan.excludes(&join(&path, &name)) {
                    self.tree.take(at, &name);
                    self.drop_watches(entry.wd());
                } else if let Some(below) = entry.wd() {
                    todo.push(below);
                }
            }
            // Finds names that were excluded until now.
            if let Ok(Some(fd)) = self.reopen(at, &path) {
                self.list_place(take, at, &path, &fd, Mode::New);
            }
        }
    }
}
