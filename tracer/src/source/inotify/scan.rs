//! Watching directories and listing them: new ones, and all of them after a loss.

use std::{
    collections::BTreeSet,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::atomic::Ordering,
};

use rustix::io::Errno;

use super::{
    Inotify, Take,
    crew::{Crew, Done, Found, NotThere, TASK, Task},
    dir,
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

impl Inotify {
    /// Watches and lists everything below the directories of the jobs, when the watch begins;
    /// no further than there may be watches.
    pub(super) fn scan(&mut self) -> std::io::Result<()> {
        if self.jobs.is_empty() {
            return Ok(());
        }
        let inotify = self.kernel.fd().try_clone_to_owned()?;
        let mut crew = Crew::start(inotify, self.masks.dir, self.remembers_files())?;
        while !self.notes.limit_reached() {
            while crew.has_room()
                && let Some(job) = self.jobs.pop()
            {
                if let Some(task) = self.task(job) {
                    crew.give(task);
                }
            }
            let Some(done) = crew.take() else { break };
            self.merge(done);
            // An error is found again by the next ordinary reading.
            let _ = self.fill(BATCH_LISTING);
        }
        Ok(())
    }

    /// A part of a job, that one thread can do by itself; the rest stays for later.
    fn task(&mut self, mut job: Job) -> Option<Task> {
        let path = self.tree.path(job.parent)?;
        let names = job.names.split_off(job.names.len().saturating_sub(TASK));
        let parent = job.parent;
        if !job.names.is_empty() {
            self.jobs.push(job);
        }
        let is_to_enter = |name: &Name| {
            !self.plan.leaves_out() || self.is_to_enter(parent, &join(&path, name), name)
        };
        let names: Vec<_> = names.into_iter().filter(is_to_enter).collect();
        (!names.is_empty()).then_some(Task {
            parent,
            path,
            names,
        })
    }

    /// Gives what the threads have found its place in the tree.
    fn merge(&mut self, Done { task, found }: Done) {
        let Task {
            parent,
            path,
            names,
        } = task;
        let found = match found {
            Ok(found) => found,
            // A directory above it has just been renamed; the event is on its way.
            Err(NotThere::Error(Errno::NOENT | Errno::NOTDIR | Errno::LOOP)) => {
                return self.park(parent, names);
            }
            Err(NotThere::Error(error)) => return self.notes.unwatched(error, &path),
            Err(NotThere::Other(wd)) => {
                if !self.tree.has(wd) {
                    self.kernel.unwatch(wd);
                }
                return self.park(parent, names);
            }
        };
        let looked_at = &self.plan.looked_at;
        looked_at.fetch_add(names.len() as u64, Ordering::Relaxed);
        for (name, found) in names.iter().zip(found) {
            let take = &mut |_| ();
            // One without subdirectories counts as listed: there is nothing to be found.
            let (wd, entries) = match found {
                Found::Watched(wd, entries) => (wd, Some(entries.unwrap_or_default())),
                Found::Unlisted(wd, error) => {
                    self.notes.unwatched(error, &join(&path, name));
                    (wd, None)
                }
                Found::Unwatched(error) => {
                    self.notes.unwatched(error, &join(&path, name));
                    continue;
                }
                Found::Gone => continue,
            };
            let is_to_list = self.tree.insert_known(wd, parent, name)
                || self.settle(take, parent, name, &join(&path, name), wd, Mode::Initial);
            if is_to_list && let Some(entries) = entries {
                self.tree.set_listed(wd);
                if !entries.is_empty() {
                    self.compare(take, wd, &join(&path, name), entries, Mode::Initial);
                }
            }
        }
    }

    fn park(&mut self, parent: Wd, names: Vec<Name>) {
        self.parked.push(Job {
            parent,
            names,
            mode: Mode::Initial,
        });
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
                for name in &job.names {
                    let below = join(&path, name);
                    if job.mode == Mode::Look {
                        self.look(take, job.parent, fd.as_fd(), &below, name);
                    } else {
                        self.visit(take, job.parent, fd.as_fd(), &below, name, job.mode);
                    }
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
            self.enter(parent, name.into(), Mode::New);
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
        self.enter(parent, name, Mode::New);
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
            .filter(|root| !root.is_lost())
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
