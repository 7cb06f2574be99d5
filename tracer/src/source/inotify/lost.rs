//! Roots that are not there any more: finding out, finding what has taken their place, and the end
//! of the watch when nothing has.

use std::{collections::BTreeSet, os::fd::AsFd, time::Instant};

use rustix::io::Errno;

use super::{
    Inotify, PATIENCE, Take, clock, dir,
    roots::{CHECK, GRACE},
    scan::Mode,
    tree::{Name, Scope, Wd},
};
use crate::{calls::Op, source::said};

impl Inotify {
    /// Nothing waits. Looks now and then whether the roots are still there: the end of a directory
    /// above one, or of one that is somebody's working directory, is told by no event.
    pub(super) fn idle(&mut self, take: &mut Take<'_>) {
        self.vanished.clear();
        self.raw_idle(take);
        if self.raw.is_some() || self.roots_checked.elapsed() < CHECK {
            return;
        }
        self.roots_checked = Instant::now();
        self.time = clock::now();
        let present = self.roots.iter().filter(|root| !root.is_lost());
        let watches: BTreeSet<_> = present.map(|root| root.wd().0).collect();
        for wd in watches {
            self.check_root(take, Wd(wd));
        }
    }

    /// Does the directory of a root still stand at its path?
    fn check_root(&mut self, take: &mut Take<'_>, wd: Wd) {
        let (Some(path), Some(scope)) = (self.tree.path(wd), self.tree.scope(wd)) else {
            return;
        };
        let is_directory = *scope != Scope::Itself;
        let there = match dir::kind(&path) {
            // What cannot be looked at is where it was.
            Ok(Some(true)) if is_directory => !matches!(self.reopen(wd, &path), Ok(None)),
            Ok(Some(true)) | Err(_) => true,
            Ok(Some(false)) => !is_directory,
            Ok(None) => false,
        };
        let lost = if there {
            self.absent.remove(&wd);
            false
        } else {
            // Its event may be on its way.
            !self.absent.insert(wd)
        };
        if lost {
            self.absent.remove(&wd);
            self.root_vanished(take, wd);
        }
    }

    /// How long the lost roots need not be looked for.
    pub(super) fn root_pause(&self) -> std::time::Duration {
        let is_fresh = |root: &super::Root| root.missing.is_some() && !root.is_gone;
        if self.raw.is_none() && self.roots.iter().any(is_fresh) {
            PATIENCE
        } else {
            CHECK
        }
    }

    /// Looks for what has taken the place of lost roots.
    pub(super) fn find_lost_roots(&mut self, take: &mut Take<'_>) {
        let is_missing = |root: &super::Root| root.missing.is_some();
        if self.raw.is_some()
            || !self.roots.iter().any(is_missing)
            || self.roots_sought.elapsed() < self.root_pause()
        {
            return;
        }
        self.roots_sought = Instant::now();
        self.time = clock::now();
        for at in 0..self.roots.len() {
            let root = &self.roots[at];
            let Some(since) = root.missing else {
                continue;
            };
            if root.is_lost && self.find_root(take, at) {
                continue;
            }
            let root = &mut self.roots[at];
            if since.elapsed() >= GRACE && !root.is_gone {
                root.is_gone = true;
                let path = root.path.clone();
                self.notes.say(said::gone(&path, self.roots_ended()));
            }
        }
    }

    /// Watches what is at the path of a lost root now. False when that is nothing, or cannot be
    /// watched.
    fn find_root(&mut self, take: &mut Take<'_>, at: usize) -> bool {
        let root = &self.roots[at];
        let (path, file) = (root.path.clone(), root.file.clone());
        match (dir::kind(&path), file) {
            (Ok(Some(true)), None) => self.find_directory(take, at, &path),
            (Ok(Some(false)), Some(name)) => self.find_file(take, at, &path, &name),
            _ => false,
        }
    }

    fn find_directory(&mut self, take: &mut Take<'_>, at: usize, path: &[u8]) -> bool {
        let Ok(fd) = dir::open(path) else {
            return false;
        };
        let wd = match self.kernel.watch(fd.as_fd(), path, self.masks.dir) {
            // The event that tells the end of its old place is on its way.
            Ok(wd) if self.tree.has(wd) => return false,
            Ok(wd) => wd,
            Err(error) => return self.unwatchable(at, error, path),
        };
        if self.watch_root(&fd, path).is_err() {
            self.kernel.unwatch(wd);
            return false;
        }
        self.tree.insert_base(wd, path, Scope::All);
        self.found_root(at, wd);
        self.notes.say(said::another_directory(path));
        self.tell_found(take, Op::Create, true, path.to_vec());
        if self.plan.recursive || self.remembers_files() {
            self.list_place(take, wd, path, &fd, Mode::New);
        }
        true
    }

    fn find_file(&mut self, take: &mut Take<'_>, at: usize, path: &[u8], name: &Name) -> bool {
        let cut = path.len() - name.len() - 1;
        let parent = &path[..cut.max(1)];
        let Ok(fd) = dir::open(parent) else {
            return false;
        };
        let wd = match self.kernel.watch(fd.as_fd(), parent, self.masks.parent) {
            Ok(wd) => wd,
            Err(error) => return self.unwatchable(at, error, parent),
        };
        match self.tree.scope(wd) {
            Some(Scope::All) => {}
            Some(_) => drop(self.tree.widen(wd, name)),
            None if self.watch_root(&fd, parent).is_err() => {
                self.kernel.unwatch(wd);
                return false;
            }
            None => {
                let scope = Scope::Only(BTreeSet::from([name.clone()]));
                self.tree.insert_base(wd, parent, scope);
            }
        }
        self.found_root(at, wd);
        self.notes.say(said::in_another_directory(path));
        if self.tree.entry(wd, name).is_none() {
            self.remember(wd, name, false);
            self.tell_found(take, Op::Create, false, path.to_vec());
        }
        true
    }

    /// Said once, when the root is given up.
    fn unwatchable(&mut self, at: usize, error: Errno, path: &[u8]) -> bool {
        let root = &self.roots[at];
        let is_over = root.missing.is_some_and(|since| since.elapsed() >= GRACE);
        if is_over && !root.is_gone {
            self.notes.unwatched(error, path);
        }
        false
    }

    fn found_root(&mut self, at: usize, wd: Wd) {
        let root = &mut self.roots[at];
        root.wd = wd;
        root.is_lost = false;
        root.missing = None;
        root.is_gone = false;
    }

    pub(super) fn roots_ended(&self) -> bool {
        // inotifywait waits on.
        self.raw.is_none() && self.roots.iter().all(|root| root.is_gone)
    }
}
