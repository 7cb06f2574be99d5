//! What directories were called before they were renamed, as long as the events of that are waiting to be
//! told: what was queued before such an event was done under the old name.

use std::collections::VecDeque;

use super::{
    record::{DirName, Handle},
    resolve::join,
};

/// Renames that are undone; those of a process that renames more at once are told by the new names.
const MOST: usize = 1024;

/// Renames of directories, in the order of the queue.
#[derive(Debug, Default)]
pub(super) struct Moves {
    waiting: VecDeque<Move>,
    read: u64,
    /// The paths are those of all of them.
    is_looked_up: bool,
}

#[derive(Debug)]
struct Move {
    /// Number of its record.
    number: u64,
    old: DirName,
    new: DirName,
    /// Paths right after and right before it: more than one, where the file system is mounted more
    /// than once.
    paths: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Moves {
    /// One more was read.
    pub(super) fn add(&mut self, number: u64, old: DirName, new: DirName) {
        self.read += 1;
        self.is_looked_up = false;
        self.waiting.push_back(Move {
            number,
            old,
            new,
            paths: Vec::new(),
        });
    }

    /// How many have been read.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// The record with this number is told, and so are all before it. Returns whether there was a rename among
    /// them.
    pub(super) fn told(&mut self, number: u64) -> bool {
        let before = self.waiting.len();
        while self.waiting.front().is_some_and(|m| m.number <= number) {
            self.waiting.pop_front();
        }
        self.waiting.len() < before
    }

    /// Is there one that came after this record?
    pub(super) fn are_after(&self, number: u64) -> bool {
        self.waiting.len() <= MOST && self.waiting.back().is_some_and(|m| m.number > number)
    }

    /// Finds the paths of all, the last one first: `find` tells where a directory is now.
    pub(super) fn look(&mut self, mut find: impl FnMut(&Handle) -> Vec<Vec<u8>>) {
        if std::mem::replace(&mut self.is_looked_up, true) {
            return;
        }
        for at in (0..self.waiting.len()).rev() {
            let (number, old, new) = {
                let this = &self.waiting[at];
                (this.number, this.old.clone(), this.new.clone())
            };
            let mut paths = |at: &DirName| {
                let dirs = find(&at.dir).into_iter();
                dirs.map(|dir| join(&self.before(number, dir), &at.name))
                    .collect::<Vec<_>>()
            };
            let (new, old) = (paths(&new), paths(&old));
            self.waiting[at].paths = new.into_iter().zip(old).collect();
        }
    }

    /// What this path, which is of now, was before all that came after this record.
    pub(super) fn before(&self, number: u64, path: Vec<u8>) -> Vec<u8> {
        let after = self.waiting.iter().rev().take_while(|m| m.number > number);
        after.fold(path, |path, this| {
            let mut before = this.paths.iter();
            let undone = before.find_map(|(new, old)| {
                let below = path.strip_prefix(&**new)?;
                (below.is_empty() || below[0] == b'/').then(|| [old, below].concat())
            });
            undone.unwrap_or(path)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir(name: &str) -> Handle {
        Handle {
            fsid: 0,
            kind: 0,
            bytes: name.as_bytes().into(),
        }
    }

    fn name(of: &str, name: &str) -> DirName {
        DirName {
            dir: dir(of),
            name: name.as_bytes().into(),
        }
    }

    /// A directory that is renamed, whose parent is moved, and that is moved again.
    #[test]
    fn each_record_has_the_path_of_its_time() {
        let mut moves = Moves::default();
        moves.add(2, name("top", "a"), name("top", "b"));
        moves.add(5, name("top", "b"), name("b", "c"));
        moves.add(7, name("base", "top"), name("base", "end"));
        moves.look(|of| {
            vec![match &*of.bytes {
                b"base" => b"/".to_vec(),
                b"top" => b"/end".to_vec(),
                _ => b"/other".to_vec(),
            }]
        });
        let before = |number, path: &str| {
            String::from_utf8(moves.before(number, path.as_bytes().to_vec())).unwrap()
        };
        let rows = [
            (1, "/other/c/x", "/top/a/x"),
            (2, "/other/c", "/top/b"),
            (4, "/other/c/x", "/top/b/x"),
            (5, "/other/c/x", "/other/c/x"),
            (5, "/end/x", "/top/x"),
            (7, "/end/x", "/end/x"),
            (1, "/endless", "/endless"),
        ];
        for (number, now, then) in rows {
            assert_eq!(before(number, now), then, "{number} {now}");
        }
    }
}
