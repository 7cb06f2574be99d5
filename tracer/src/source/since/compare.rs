//! What must have happened between two snapshots, in an order in which it could have.

use std::collections::{BTreeMap, HashMap};

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

/// Renames first (those above before those below), then what is gone (deepest first), then what is
/// new or has changed.
pub(super) fn compare(old: &Snapshot, new: &Snapshot) -> Vec<Change> {
    let mut renames = Vec::new();
    let old = renamed(old, new, &mut renames);
    let is_same = |path: &[u8], meta: &Meta| {
        let other: Option<&Meta> = new.files.get(path);
        other.is_some_and(|other| is_same_file(meta, other))
    };
    let gone = old.iter().rev().filter(|(path, meta)| !is_same(path, meta));
    let gone = gone.map(|(path, meta)| change(Op::Delete, path, meta));
    let there = new
        .files
        .iter()
        .filter_map(|(path, meta)| match old.get(path) {
            Some(before) if is_same_file(before, meta) => {
                Some(change(used(before, meta)?, path, meta))
            }
            _ => Some(change(Op::Create, path, meta)),
        });
    let changes = gone.chain(there).collect::<Vec<_>>();
    renames.into_iter().chain(changes).collect()
}

fn change(op: Op, path: &[u8], meta: &Meta) -> Change {
    Change {
        op,
        is_dir: meta.is_dir(),
        path: path.to_vec(),
        to: None,
    }
}

/// A number is used again for another file; that has another type, or was made later.
fn is_same_file(old: &Meta, new: &Meta) -> bool {
    old.id() == new.id() && old.mode & libc::S_IFMT == new.mode & libc::S_IFMT
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

/// The old files under the names that they have after all renames.
fn renamed(old: &Snapshot, new: &Snapshot, renames: &mut Vec<Change>) -> BTreeMap<Vec<u8>, Meta> {
    // Files that have a name now that they had not: with hard links there may be several.
    let mut appeared: HashMap<(u64, u64), Vec<&Vec<u8>>> = HashMap::new();
    for (path, meta) in new.files.iter().rev() {
        if !old.files.get(path).is_some_and(|o| is_same_file(o, meta)) {
            appeared.entry(meta.id()).or_default().push(path);
        }
    }
    let mut moved: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let mut files = BTreeMap::new();
    // Parents come before what is in them.
    for (path, meta) in &old.files {
        let here = moved.iter().rev().find_map(|(from, to)| {
            let tail = path.strip_prefix(&**from)?;
            tail.starts_with(b"/").then(|| [to, tail].concat())
        });
        let here = here.unwrap_or_else(|| path.clone());
        if new
            .files
            .get(&here)
            .is_some_and(|now| is_same_file(meta, now))
        {
            files.insert(here, *meta);
            continue;
        }
        let is_same = |to: &&Vec<u8>| new.files.get(*to).is_some_and(|n| is_same_file(meta, n));
        let to = appeared
            .get_mut(&meta.id())
            .and_then(Vec::pop)
            .filter(is_same);
        let Some(to) = to else {
            files.insert(here, *meta);
            continue;
        };
        renames.push(Change {
            to: Some(to.clone()),
            ..change(Op::Rename, &here, meta)
        });
        if meta.is_dir() {
            moved.push((path.clone(), to.clone()));
        }
        files.insert(to.clone(), *meta);
    }
    files
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
            };
            (path.trim_end_matches('/').as_bytes().to_vec(), meta)
        };
        Snapshot {
            files: files.iter().map(file).collect(),
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
    fn hard_links() {
        let old = [("/t/a", 1, 0), ("/t/b", 1, 0)];
        assert_eq!(
            told(&old, &[("/t/a", 1, 0), ("/t/c", 1, 0)]),
            ["rename /t/b /t/c"]
        );
        assert_eq!(told(&old, &[("/t/a", 1, 0)]), ["delete /t/b"]);
        assert_eq!(told(&old[..1], &old), ["create /t/b"]);
    }
}
