//! From what the kernel reported to what is told, keeping the remembered tree in step.
//!
//! The tree changes exactly as a reader of the told events would change a copy of it. Where a
//! listing has looked ahead of the queue and an event contradicts it, the difference is told.

use rustix::fs::inotify::ReadFlags;

use super::{
    Inotify, Take, item,
    queue::Raw,
    scan::{Job, Mode},
    tally::Reason,
    tree::{Entry, Name, Place, Scope, Wd, join},
};
use crate::{calls::Op, event::PathRole};

/// Renames between the two halves of an exchange that was not known to be one: room for renames by
/// others at the same moment.
const EXCHANGE: usize = 16;

/// A name that an event is about.
pub(super) struct Judged {
    pub(super) wd: Wd,
    pub(super) name: Name,
    path: Vec<u8>,
    /// Why it is not of interest.
    pub(super) refused: Option<Reason>,
}

impl Inotify {
    /// One event that is not the first half of a pair.
    pub(super) fn one(&mut self, take: &mut Take<'_>, raw: Raw) {
        if raw.flags.contains(ReadFlags::IGNORED) {
            self.watch_ended(take, raw.wd);
        } else if !self.tree.has(raw.wd) {
            self.skip(Reason::Outside);
        } else if raw.name.is_none() {
            self.itself(take, &raw);
        } else if raw.flags.contains(ReadFlags::MOVED_FROM) {
            self.moved(take, Some(raw), None);
        } else if raw.flags.contains(ReadFlags::MOVED_TO) {
            self.moved(take, None, Some(raw));
        } else {
            self.named(take, raw);
        }
    }

    pub(super) fn judge(&self, raw: Raw) -> Option<Judged> {
        let name = raw.name?;
        let path = join(&self.tree.path(raw.wd)?, &name);
        let refused = match self.tree.scope(raw.wd)? {
            Scope::Only(names) if !names.contains(&name) => Some(Reason::Outside),
            _ if self.plan.excludes(&path) => Some(Reason::Exclude),
            _ => None,
        };
        Some(Judged {
            wd: raw.wd,
            name,
            path,
            refused,
        })
    }

    /// Something happened to a name in a watched directory.
    fn named(&mut self, take: &mut Take<'_>, raw: Raw) {
        let (flags, is_dir) = (raw.flags, raw.flags.contains(ReadFlags::ISDIR));
        let Some(judged) = self.judge(raw) else {
            return self.skip(Reason::Outside);
        };
        if let Some(reason) = judged.refused {
            self.skip(reason);
        } else if flags.contains(ReadFlags::CREATE) {
            self.created(take, judged, is_dir);
        } else if flags.contains(ReadFlags::DELETE) {
            self.deleted(take, judged, is_dir);
        } else {
            let Judged { wd, name, path, .. } = judged;
            self.used(take, flags, path);
            // One that could not be read may be readable now. The real inotifywait does not look.
            if self.raw.is_none()
                && flags.contains(ReadFlags::ATTRIB)
                && self.tree.entry(wd, &name) == Some(Entry::Dir(None))
            {
                self.enter(wd, name, Mode::Initial);
            }
        }
    }

    fn used(&mut self, take: &mut Take<'_>, flags: ReadFlags, path: Vec<u8>) {
        let is_dir = flags.contains(ReadFlags::ISDIR);
        let op = if flags.contains(ReadFlags::MODIFY) {
            Op::Write
        } else if flags.intersects(ReadFlags::CLOSE_WRITE | ReadFlags::CLOSE_NOWRITE) {
            Op::Close
        } else if flags.contains(ReadFlags::ATTRIB) {
            Op::Attribute
        } else if flags.intersects(ReadFlags::OPEN | ReadFlags::ACCESS) {
            Op::Read
        } else {
            return self.skip(Reason::Op);
        };
        self.tell(take, op, is_dir, vec![item(PathRole::Target, path, false)]);
    }

    fn created(&mut self, take: &mut Take<'_>, new: Judged, is_dir: bool) {
        self.vanished.remove(&(new.wd, new.name.clone()));
        self.set_present(new.wd, &new.name, true);
        let known = self.tree.entry(new.wd, &new.name);
        if known.is_some() {
            self.skip(Reason::Duplicate);
        } else {
            self.remember(new.wd, &new.name, is_dir);
            self.tell(
                take,
                Op::Create,
                is_dir,
                vec![item(PathRole::Target, new.path, false)],
            );
        }
        if is_dir && known.is_none_or(|entry| entry == Entry::Dir(None)) {
            self.enter(new.wd, new.name, Mode::New);
        }
    }

    fn deleted(&mut self, take: &mut Take<'_>, old: Judged, is_dir: bool) {
        self.set_present(old.wd, &old.name, false);
        let entry = self.tree.take(old.wd, &old.name);
        if let Some(wd) = entry.and_then(Entry::wd) {
            // Empty, unless a listing has seen its successor.
            self.uproot(take, wd);
        }
        if self.vanished.remove(&(old.wd, old.name)) && entry.is_none() {
            return self.skip(Reason::Duplicate);
        }
        self.tell(
            take,
            Op::Delete,
            is_dir,
            vec![item(PathRole::Target, old.path, true)],
        );
    }

    /// A rename: within the tree, out of it (no `to`) or into it (no `from`).
    pub(super) fn moved(&mut self, take: &mut Take<'_>, from: Option<Raw>, to: Option<Raw>) {
        let is_dir = from
            .iter()
            .chain(&to)
            .any(|raw| raw.flags.contains(ReadFlags::ISDIR));
        let from = from.and_then(|raw| self.judge(raw));
        let to = to.and_then(|raw| self.judge(raw));
        let carried = from.as_ref().and_then(|old| {
            self.vanished.remove(&(old.wd, old.name.clone()));
            self.set_present(old.wd, &old.name, false);
            self.tree.take(old.wd, &old.name)
        });
        let dest = to.as_ref().filter(|new| new.refused.is_none());
        let replaced = dest.and_then(|new| {
            self.set_present(new.wd, &new.name, true);
            self.tree.entry(new.wd, &new.name)
        });
        if let Some(wd) = carried.and_then(Entry::wd)
            && !is_dir
        {
            // A listing has looked ahead of the queue.
            self.uproot(take, wd);
        }
        if let Some(wd) = replaced.and_then(Entry::wd)
            && (!is_dir || carried.and_then(Entry::wd).is_some_and(|other| other != wd))
        {
            self.uproot(take, wd);
        }
        self.tell_moved(take, from.as_ref(), to.as_ref(), is_dir);
        let carried = carried.and_then(Entry::wd);
        match dest {
            Some(new) => self.arrive(take, new, carried, is_dir, from.is_some()),
            None => self.drop_watches(carried),
        }
        if let Some(old) = from {
            let there = (old.wd, old.name);
            if self.raw.is_none() && self.arrived.contains(&there) {
                // There and back, or after all an exchange: then this name is still taken.
                let (parent, name) = there;
                self.jobs.push(Job {
                    parent,
                    names: vec![name],
                    mode: Mode::Look,
                });
            }
        }
        if let Some(new) = to {
            self.arrived.truncate(EXCHANGE - 1);
            self.arrived.push_front((new.wd, new.name));
        }
    }

    /// One end in the tree makes it of interest; then both are told as far as they are known.
    pub(super) fn tell_moved(
        &mut self,
        take: &mut Take<'_>,
        from: Option<&Judged>,
        to: Option<&Judged>,
        is_dir: bool,
    ) {
        let ends = || from.into_iter().chain(to);
        if ends().all(|end| end.refused.is_some()) {
            let reasons: Vec<_> = ends().filter_map(|end| end.refused).collect();
            let excluded = reasons.contains(&Reason::Exclude);
            return self.skip(if excluded {
                Reason::Exclude
            } else {
                Reason::Outside
            });
        }
        let source = from.map(|end| item(PathRole::Source, end.path.clone(), false));
        let dest = to.map(|end| item(PathRole::Dest, end.path.clone(), false));
        self.tell(
            take,
            Op::Rename,
            is_dir,
            source.into_iter().chain(dest).collect(),
        );
    }

    /// Something has got this name by a rename. `carried` is its watch when it is a directory of
    /// the tree. `was_inside`: it had a name in the tree before.
    pub(super) fn arrive(
        &mut self,
        take: &mut Take<'_>,
        new: &Judged,
        carried: Option<Wd>,
        is_dir: bool,
        was_inside: bool,
    ) {
        // Of what was made elsewhere and moved in, inotifywait prints nothing.
        let mode = if was_inside || self.raw.is_none() {
            Mode::New
        } else {
            Mode::Initial
        };
        let whole = self.tree.scope(new.wd) == Some(&Scope::All);
        let Some(wd) = carried.filter(|_| is_dir && whole) else {
            self.drop_watches(carried);
            let stands = self
                .tree
                .entry(new.wd, &new.name)
                .is_some_and(Entry::is_dir);
            // A listing may have met the directory at its new place before.
            if !(is_dir && stands) {
                self.remember(new.wd, &new.name, is_dir);
            }
            if is_dir {
                self.enter(new.wd, new.name.clone(), mode);
                self.jobs.append(&mut self.parked);
            }
            return;
        };
        if self.tree.is_within(new.wd, wd) {
            // Only when a listing far ahead of the queue has mixed up two directories.
            self.uproot(take, wd);
            self.tree.set(new.wd, &new.name, Entry::Dir(None));
            self.queue.push_rescan(self.time);
            return;
        }
        self.tree.shift(wd, new.wd, &new.name);
        if !self.plan.exclude.is_empty() {
            self.prune(take, wd);
        }
        // Makes sure that it is this directory that has the name.
        self.enter(new.wd, new.name.clone(), mode);
        self.jobs.append(&mut self.parked);
    }

    /// Something happened to a watched object itself.
    fn itself(&mut self, take: &mut Take<'_>, raw: &Raw) {
        let Some(node) = self.tree.get(raw.wd) else {
            return;
        };
        let unmounted = raw.flags.contains(ReadFlags::UNMOUNT);
        match &node.place {
            Place::Under(parent, name) if unmounted => {
                let (parent, name) = (*parent, name.clone());
                self.skip(Reason::Outside);
                self.uproot(take, raw.wd);
                // What the mount had hidden.
                self.enter(parent, name, Mode::New);
            }
            // Its parent tells the same under its name.
            Place::Under(..) => self.skip(Reason::Duplicate),
            Place::Base(..) if unmounted => self.root_lost(take, raw.wd, Op::Delete),
            Place::Base(..) if raw.flags.contains(ReadFlags::DELETE_SELF) => {
                self.root_lost(take, raw.wd, Op::Delete);
            }
            // inotifywait goes on under the old name.
            Place::Base(..)
                if self.raw.is_some() && !raw.flags.contains(ReadFlags::DELETE_SELF) => {}
            Place::Base(..) if raw.flags.contains(ReadFlags::MOVE_SELF) => {
                self.root_lost(take, raw.wd, Op::Rename);
            }
            Place::Base(base) if matches!(base.1, Scope::Only(_)) => self.skip(Reason::Outside),
            Place::Base(..) => match self.tree.path(raw.wd) {
                Some(path) if !self.plan.excludes(&path) => self.used(take, raw.flags, path),
                _ => self.skip(Reason::Exclude),
            },
        }
    }

    /// The kernel has ended a watch: its directory is gone, or we asked for it.
    fn watch_ended(&mut self, take: &mut Take<'_>, wd: Wd) {
        match self.tree.get(wd).map(|node| &node.place) {
            Some(_) if self.raw.is_some() => {
                self.tree.cut(wd);
            }
            Some(Place::Under(..)) => self.uproot(take, wd),
            Some(Place::Base(..)) => self.root_vanished(take, wd),
            None => (),
        }
    }

    /// Remembers a name, when there is use for it.
    pub(super) fn remember(&mut self, wd: Wd, name: &[u8], is_dir: bool) {
        if is_dir {
            self.tree.set(wd, name, Entry::Dir(None));
        } else if self.remembers_files() {
            self.tree.set(wd, name, Entry::File);
        } else {
            self.tree.take(wd, name);
        }
    }

    /// A directory is to be watched and listed.
    pub(super) fn enter(&mut self, parent: Wd, name: Name, mode: Mode) {
        if self.plan.recursive && self.tree.scope(parent) == Some(&Scope::All) {
            self.jobs.push(Job {
                parent,
                names: vec![name],
                mode,
            });
        }
    }

    /// Forgets a directory, and tells the end of what was thought to be in it.
    pub(super) fn uproot(&mut self, take: &mut Take<'_>, wd: Wd) {
        let (_, fallen) = self.tree.cut_telling(wd);
        for gone in fallen {
            self.tell_found(take, Op::Delete, gone.is_dir, gone.path);
        }
    }

    /// Ends the watches of a directory that has left the tree, and of everything below it.
    pub(super) fn drop_watches(&mut self, wd: Option<Wd>) {
        let Some(wd) = wd else {
            return;
        };
        self.leave_raw(wd);
        let wds = self.tree.cut(wd);
        for wd in wds {
            self.kernel.unwatch(wd);
        }
    }
}
