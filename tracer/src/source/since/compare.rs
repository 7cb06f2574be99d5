//! What must have happened between two snapshots, in an order in which it could have.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::snapshot::{Meta, Snapshot};
use crate::calls::Op;

/// One difference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) op: Op,
    pub(super) is_dir: bool,
    /// Absolute; of a rename the old one.
    pub(super) path: Vec<u8>,
    /// The new path of a rename.
    pub(super) to: Option<Vec<u8>>,
}

/// The changes in an order in which whoever does them to the old trees has the new ones: new
/// directories and renames into places that are free, then what is gone (deepest first), then what
/// is new or has changed. What was exchanged is deleted and made.
pub(super) fn compare(old: &Snapshot, new: &Snapshot) -> Vec<Change> {
    let is_known = |path: &[u8]| {
        let unread = old.unread.iter().chain(&new.unread);
        !unread.into_iter().any(|dir| is_below(path, dir))
    };
    let known = |files: &Files| -> Files {
        let known = files.iter().filter(|(path, _)| is_known(path));
        known.map(|(path, meta)| (path.clone(), *meta)).collect()
    };
    let mut build = Build {
        now: known(&old.files),
        new: known(&new.files),
        changes: Vec::new(),
    };
    build.move_all();
    build.the_rest();
    build.changes
}

/// Files by path.
type Files = BTreeMap<Vec<u8>, Meta>;

fn is_below(path: &[u8], dir: &[u8]) -> bool {
    path.strip_prefix(dir)
        .is_some_and(|tail| tail.first() == Some(&b'/'))
}

fn parent(path: &[u8]) -> &[u8] {
    &path[..memchr::memrchr(b'/', path).unwrap_or(0)]
}

/// The old trees on their way to the new ones.
struct Build {
    now: Files,
    new: Files,
    changes: Vec<Change>,
}

impl Build {
    /// Is the file at its place?
    fn is_right(&self, path: &[u8]) -> bool {
        let (now, new) = (self.now.get(path), self.new.get(path));
        now.is_some_and(|now| new.is_some_and(|new| is_same_file(now, new)))
    }

    /// Makes new directories and moves what has moved, as long as there is something that can be.
    fn move_all(&mut self) {
        let ids = |files: &Files| files.values().map(Meta::id).collect::<HashSet<_>>();
        let (old_ids, new_ids) = (ids(&self.now), ids(&self.new));
        // With hard links a file has several places.
        let mut places: HashMap<(u64, u64), Vec<Vec<u8>>> = HashMap::new();
        for (path, meta) in self.new.iter().rev() {
            places.entry(meta.id()).or_default().push(path.clone());
        }
        loop {
            let before = self.changes.len();
            let dirs: Vec<_> = self
                .new
                .iter()
                .filter(|(_, meta)| meta.is_dir() && !old_ids.contains(&meta.id()))
                .map(|(path, meta)| (path.clone(), *meta))
                .collect();
            for (path, meta) in dirs {
                if !self.now.contains_key(&path) && self.now.contains_key(parent(&path)) {
                    self.tell(Op::Create, &path, &meta, None);
                    self.now.insert(path, meta);
                }
            }
            let paths: Vec<_> = self.now.keys().cloned().collect();
            for path in paths {
                let Some(meta) = self.now.get(&path).copied() else {
                    continue;
                };
                if self.is_right(&path) {
                    continue;
                }
                let to = places.get(&meta.id()).and_then(|places| {
                    let mut free = places.iter().filter(|to| {
                        let is_it = self.new.get(*to).is_some_and(|n| is_same_file(&meta, n));
                        is_it && !self.is_right(to) && self.can_move(&path, to, &new_ids)
                    });
                    free.next().cloned()
                });
                if let Some(to) = to {
                    self.rename(&path, &to, &meta);
                }
            }
            if self.changes.len() == before {
                return;
            }
        }
    }

    /// Is there a directory for it, and nothing that has to go elsewhere first?
    fn can_move(&self, from: &[u8], to: &[u8], new_ids: &HashSet<(u64, u64)>) -> bool {
        let is_free = self
            .now
            .get(to)
            .is_none_or(|there| !there.is_dir() && !new_ids.contains(&there.id()));
        is_free && !is_below(to, from) && self.now.contains_key(parent(to))
    }

    fn rename(&mut self, from: &[u8], to: &[u8], meta: &Meta) {
        if let Some(there) = self.now.remove(to) {
            self.tell(Op::Delete, to, &there, None);
        }
        self.tell(Op::Rename, from, meta, Some(to.to_vec()));
        let below = self.now.range(from.to_vec()..).map(|(path, _)| path);
        // What has the name as its beginning and is not below it (`dir-x`) sorts in between.
        let below = below.take_while(|path| path.starts_with(from));
        let moved: Vec<_> = below
            .filter(|path| **path == *from || is_below(path, from))
            .cloned()
            .collect();
        for path in moved {
            if let Some(meta) = self.now.remove(&path) {
                self.now.insert([to, &path[from.len()..]].concat(), meta);
            }
        }
        // Having another name is a change of the inode, and told by now.
        if let (Some(now), Some(new)) = (self.now.get_mut(to), self.new.get(to)) {
            now.ctime = new.ctime;
        }
    }

    /// Everything that no rename explains.
    fn the_rest(&mut self) {
        let wrong: Vec<_> = self.now.keys().rev().cloned().collect();
        for path in wrong {
            if !self.is_right(&path)
                && let Some(meta) = self.now.remove(&path)
            {
                self.tell(Op::Delete, &path, &meta, None);
            }
        }
        for (path, meta) in std::mem::take(&mut self.new) {
            match self.now.get(&path).copied() {
                None => self.tell(Op::Create, &path, &meta, None),
                Some(before) => {
                    if let Some(op) = used(&before, &meta) {
                        self.tell(op, &path, &meta, None);
                    }
                }
            }
        }
    }

    fn tell(&mut self, op: Op, path: &[u8], meta: &Meta, to: Option<Vec<u8>>) {
        self.changes.push(Change {
            op,
            is_dir: meta.is_dir(),
            path: path.to_vec(),
            to,
        });
    }
}

/// A number may be used again for another file: that has another type, or was made later.
fn is_same_file(old: &Meta, new: &Meta) -> bool {
    let made_at_once = old.btime.zip(new.btime).is_none_or(|(old, new)| old == new);
    old.id() == new.id() && old.mode & libc::S_IFMT == new.mode & libc::S_IFMT && made_at_once
}

/// What was done to a file that is still there.
fn used(old: &Meta, new: &Meta) -> Option<Op> {
    let attributes = |m: &Meta| (m.mode, m.uid, m.gid);
    if !new.is_dir() && (old.size, old.mtime) != (new.size, new.mtime) {
        Some(Op::Write)
    } else if attributes(old) != attributes(new) || (!new.is_dir() && old.ctime != new.ctime) {
        Some(Op::Attribute)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(files: &[(&str, u64, u64)]) -> Snapshot {
        let file = |(path, ino, mtime): &(&str, u64, u64)| {
            let kind = if path.ends_with('/') {
                libc::S_IFDIR
            } else {
                libc::S_IFREG
            };
            let meta = Meta {
                dev: 1,
                ino: *ino,
                mode: kind | 0o644,
                uid: 0,
                gid: 0,
                size: 1,
                mtime: *mtime as i64,
                ctime: *mtime as i64,
                btime: None,
            };
            (path.trim_end_matches('/').as_bytes().to_vec(), meta)
        };
        Snapshot {
            files: files.iter().map(file).collect(),
            ..Snapshot::default()
        }
    }

    fn told(old: &[(&str, u64, u64)], new: &[(&str, u64, u64)]) -> Vec<String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        compare(&snapshot(old), &snapshot(new))
            .iter()
            .map(|c| {
                let to =
                    c.to.as_ref()
                        .map_or(String::new(), |to| format!(" {}", text(to)));
                format!("{} {}{to}", c.op.as_str(), text(&c.path))
            })
            .collect()
    }

    #[test]
    fn everything_that_can_happen() {
        let old = [
            ("/t/", 1, 0),
            ("/t/dir/", 2, 0),
            ("/t/dir/below/", 3, 0),
            ("/t/dir/below/file", 4, 0),
            ("/t/gone/", 5, 0),
            ("/t/gone/file", 6, 0),
            ("/t/moved", 7, 0),
            ("/t/replaced", 8, 0),
            ("/t/same", 9, 0),
            ("/t/written", 10, 0),
        ];
        let new = [
            ("/t/", 1, 9),
            ("/t/new", 20, 9),
            ("/t/replaced", 21, 9),
            ("/t/same", 9, 0),
            ("/t/tree/", 2, 0),
            ("/t/tree/below/", 3, 0),
            ("/t/tree/below/file", 4, 9),
            ("/t/tree/moved", 7, 0),
            ("/t/written", 10, 9),
        ];
        let wanted = [
            "rename /t/dir /t/tree",
            "rename /t/moved /t/tree/moved",
            "delete /t/replaced",
            "delete /t/gone/file",
            "delete /t/gone",
            "create /t/new",
            "create /t/replaced",
            "write /t/tree/below/file",
            "write /t/written",
        ];
        assert_eq!(told(&old, &new), wanted);
        assert!(told(&old, &old).is_empty());
    }

    #[test]
    fn places_that_are_taken() {
        let old = [("/t/", 1, 0), ("/t/a", 2, 0), ("/t/b", 3, 0)];
        let onto = [("/t/", 1, 0), ("/t/b", 2, 0)];
        assert_eq!(told(&old, &onto), ["delete /t/b", "rename /t/a /t/b"]);
        let exchanged = [("/t/", 1, 0), ("/t/a", 3, 0), ("/t/b", 2, 0)];
        let wanted = ["delete /t/b", "delete /t/a", "create /t/a", "create /t/b"];
        assert_eq!(told(&old, &exchanged), wanted);
        let shifted = [("/t/", 1, 0), ("/t/b", 2, 0), ("/t/c", 3, 0)];
        assert_eq!(
            told(&old, &shifted),
            ["rename /t/b /t/c", "rename /t/a /t/b"]
        );
        let into_new = [
            ("/t/", 1, 0),
            ("/t/b", 3, 0),
            ("/t/n/", 9, 0),
            ("/t/n/a", 2, 0),
        ];
        assert_eq!(told(&old, &into_new), ["create /t/n", "rename /t/a /t/n/a"]);
    }

    #[test]
    fn a_number_used_again() {
        let (mut old, mut new) = (snapshot(&[("/t/a", 2, 0)]), snapshot(&[("/t/b", 2, 1)]));
        old.files.values_mut().for_each(|meta| meta.btime = Some(0));
        new.files.values_mut().for_each(|meta| meta.btime = Some(1));
        let ops: Vec<_> = compare(&old, &new).iter().map(|c| c.op).collect();
        assert_eq!(ops, [Op::Delete, Op::Create]);
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        let old = snapshot(&[("/t/", 1, 0), ("/t/d/", 2, 0), ("/t/d/f", 3, 0)]);
        let mut new = snapshot(&[("/t/", 1, 0), ("/t/d/", 2, 0)]);
        new.unread.insert(b"/t/d".to_vec());
        assert!(compare(&old, &new).is_empty());
        assert!(compare(&new, &old).is_empty());
    }

    #[test]
    fn hard_links() {
        let old = [("/t/", 9, 0), ("/t/a", 1, 0), ("/t/b", 1, 0)];
        let moved = [("/t/", 9, 0), ("/t/a", 1, 0), ("/t/c", 1, 0)];
        assert_eq!(told(&old, &moved), ["rename /t/b /t/c"]);
        assert_eq!(told(&old, &old[..2]), ["delete /t/b"]);
        assert_eq!(told(&old[..2], &old), ["create /t/b"]);
    }
}
