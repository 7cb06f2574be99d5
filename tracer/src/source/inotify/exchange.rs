//! Two names that were exchanged (renameat2(2), `RENAME_EXCHANGE`): the kernel tells it as two
//! renames, each of which takes the name that the other leaves, and does not say that the second
//! name is still there. Two renames one after the other look the same.

use std::time::Duration;

use super::{
    Inotify, ReadFlags, Take, dir,
    kernel::BATCH,
    queue::{Next, Raw},
    tree::{Entry, Name, Wd, join},
};
use crate::event::notice;

/// How often the other half is looked for, and how long apart. The kernel queues both in one call,
/// which another process may interrupt.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_micros(100);

/// A name in a watched directory.
type At = (Wd, Name);

fn is_dir(raw: &Raw) -> bool {
    raw.flags.contains(ReadFlags::ISDIR)
}

impl Inotify {
    /// Tells a rename that is the first half of an exchange, with the other half. False when it is
    /// an ordinary one, of which nothing was told.
    pub(super) fn exchanged(&mut self, take: &mut Take<'_>, from: &Raw, to: &Raw) -> bool {
        let (Some(old), Some(new)) = (&from.name, &to.name) else {
            return false;
        };
        let (old, new) = ((from.wd, old.clone()), (to.wd, new.clone()));
        let is_taken = self.tree.entry(new.0, &new.1).is_some() || self.is_file_root(&new);
        if !is_taken
            || !self.has_other_half(&old, &new)
            || !self.both_are_there(is_dir(from), &old, &new)
        {
            return false;
        }
        let Some((back, forth)) = self.queue.take_reverse(&old, &new) else {
            return false;
        };
        let (Some(a), Some(b)) = (self.judge(from.clone()), self.judge(to.clone())) else {
            return false;
        };
        self.tally.see();
        self.tell_raw(take, &back);
        self.tell_raw(take, &forth);
        self.tell_moved(take, Some(&a), Some(&b), is_dir(from));
        self.time = forth.time;
        self.notice = back.notice();
        self.notice.mask |= forth.notice().mask | notice::EXCHANGE;
        self.tell_moved(take, Some(&b), Some(&a), is_dir(&back));
        let entries = (
            self.tree.take(a.wd, &a.name).and_then(Entry::wd),
            self.tree.take(b.wd, &b.name).and_then(Entry::wd),
        );
        for (at, carried, is_dir) in [
            (&b, entries.0, is_dir(from)),
            (&a, entries.1, is_dir(&back)),
        ] {
            match (at.refused, carried) {
                (None, carried) => self.arrive(take, at, carried, is_dir, true),
                (Some(_), carried) => self.drop_watches(carried),
            }
        }
        true
    }

    /// What was moved into the tree may have been exchanged for what had this name: then the rename
    /// of that, which the kernel tells next, happened before.
    pub(super) fn exchanged_for(&mut self, to: &Raw) -> Option<Raw> {
        let at = (to.wd, to.name.clone()?);
        if self.raw.is_some()
            || !to.flags.contains(ReadFlags::MOVED_TO)
            || self.tree.entry(at.0, &at.1).is_none()
        {
            return None;
        }
        // An error is found again by the next ordinary reading.
        let _ = self.fill(BATCH);
        if !self.queue.leaves(&at) || !self.both_are_there(is_dir(to), &at, &at) {
            return None;
        }
        self.queue.take_next(&at)
    }

    fn is_file_root(&self, (wd, name): &At) -> bool {
        let mut roots = self.roots.iter();
        roots.any(|root| root.wd() == *wd && root.file() == Some(name))
    }

    /// Is the other half of an exchange the next thing that is told of these names?
    fn has_other_half(&mut self, old: &At, new: &At) -> bool {
        for look in 0..LOOKS {
            match self.queue.reverse(old, new) {
                Next::Reverse => return true,
                Next::Other => return false,
                // The old name is free after an ordinary rename.
                Next::Nothing if look == 0 && !self.is_there(old) => return false,
                Next::Nothing => {
                    // An error is found again by the next ordinary reading.
                    let _ = self.fill(BATCH);
                    if self.queue.reverse(old, new) == Next::Nothing {
                        std::thread::sleep(PAUSE);
                    }
                }
            }
        }
        false
    }

    /// After an exchange there is something under both names; after two renames under the old one
    /// only. What is known of them decides, then what the kernel tells next, then a look.
    fn both_are_there(&mut self, is_dir: bool, old: &At, new: &At) -> bool {
        let there = self.tree.entry(new.0, &new.1);
        // A directory takes the place of nothing but an empty directory, and a file of a file.
        if there.is_some_and(|there| there.is_dir() != is_dir) {
            return true;
        }
        if let Some(wd) = there.and_then(Entry::wd) {
            if self.tree.get(wd).is_some_and(|node| !node.names.is_empty()) {
                return true;
            }
            if self.queue.ends_before_reverse(wd, old, new) {
                return false;
            }
        }
        let _ = self.fill(BATCH);
        self.queue
            .is_there_after_reverse(old, new)
            .unwrap_or_else(|| self.is_there(new))
    }

    /// Is there something under this name now?
    fn is_there(&self, (wd, name): &At) -> bool {
        let path = self.tree.path(*wd);
        path.is_some_and(|path| matches!(dir::kind(&join(&path, name)), Ok(Some(_))))
    }
}
