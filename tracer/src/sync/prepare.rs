//! From what may differ to lists that rsync can be given: looks at the source as it is now.
//!
//! What is named to rsync has to be free of traps: no directory above it may be missing, or be a
//! file or symlink by now, and no filter may exclude it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ffi::OsStr,
    os::{fd::BorrowedFd, unix::ffi::OsStrExt},
};

use rustix::{
    fs::{AtFlags, FileType, Stat, statat},
    io::Errno,
};

use super::{
    change::{Kind, RelPath},
    filter::{Filters, Side},
    links::Links,
    pending::Entry,
};

/// What a run of rsync is given, by how it has to look at it. In this order: what is copied first
/// for sure need not be copied again when its directory is compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Lists {
    /// Copied whatever size and times say; deleted where they are missing.
    pub(super) content: BTreeSet<RelPath>,
    /// Compared by size and times.
    pub(super) attribute: BTreeSet<RelPath>,
    /// Compared with everything below.
    pub(super) tree: BTreeSet<RelPath>,
    /// The root itself has changed, which only a full run sees to.
    pub(super) root: bool,
}

impl Lists {
    /// The lists that are not empty.
    pub(super) fn each(&self) -> impl Iterator<Item = (Kind, &BTreeSet<RelPath>)> {
        [
            (Kind::Content, &self.content),
            (Kind::Attribute, &self.attribute),
            (Kind::Tree, &self.tree),
        ]
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
    }
}

/// Sorts entries into lists, as the directory `root` is now.
pub(super) fn lists(
    entries: &BTreeMap<RelPath, Entry>,
    root: BorrowedFd<'_>,
    filters: &Filters,
) -> Lists {
    let mut look = Look {
        root,
        filters,
        directories: HashMap::new(),
        links: Links::default(),
        lists: Lists::default(),
    };
    for (path, entry) in entries {
        look.sort(path, *entry);
    }
    for (path, kind) in std::mem::take(&mut look.links).others(root) {
        let is_dir = false;
        look.sort(&path, Entry { kind, is_dir });
    }
    let mut lists = look.lists;
    lists.attribute = &lists.attribute - &lists.content;
    let tree = std::mem::take(&mut lists.tree);
    lists.tree = tree
        .iter()
        .filter(|path| !above(path).any(|dir| tree.contains(dir)))
        .cloned()
        .collect();
    lists
}

/// The directory of a path; empty for the root.
fn parent(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).map_or(&[], |end| &path[..end])
}

/// The directories above a path, the topmost first.
fn above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memchr_iter(b'/', path).map(|end| &path[..end])
}

struct Look<'a> {
    root: BorrowedFd<'a>,
    filters: &'a Filters,
    /// What is known to be a directory, or not.
    directories: HashMap<RelPath, bool>,
    links: Links,
    lists: Lists,
}

impl Look<'_> {
    fn sort(&mut self, path: &RelPath, entry: Entry) {
        if path.is_empty() {
            self.lists.root = true;
            return;
        }
        let (path, entry) = match self.obstacle(path) {
            // Only the topmost of what is missing can be named.
            Some(above) => (
                above.into(),
                Entry {
                    kind: Kind::Tree,
                    is_dir: true,
                },
            ),
            None => (path.clone(), entry),
        };
        let (kind, excluded) = match self.stat(&path) {
            Err(Errno::NOENT | Errno::NOTDIR) => {
                let kind = if entry.is_dir {
                    Kind::Tree
                } else {
                    Kind::Content
                };
                let excluded = self.filters.excludes(&path, entry.is_dir, Side::Receiver);
                // What is named and missing is a file to rsync's filters, whatever it was.
                if !excluded && self.filters.excludes_anywhere(&path, false) {
                    // The receiver knows what it has, when the directory above is compared.
                    match parent(&path) {
                        [] => self.lists.root = true,
                        dir => _ = self.lists.tree.insert(dir.into()),
                    }
                    return;
                }
                (kind, excluded)
            }
            found => {
                // What cannot be looked at is left to rsync to complain of.
                let is_dir = found.as_ref().is_ok_and(is_directory);
                let kind = if is_dir || entry.kind != Kind::Tree {
                    entry.kind
                } else {
                    Kind::Content
                };
                if let Ok(now) = found
                    && !is_dir
                {
                    self.links.note(&path, &now, kind);
                }
                (kind, self.filters.excludes(&path, is_dir, Side::Sender))
            }
        };
        if !excluded {
            match kind {
                Kind::Attribute => self.lists.attribute.insert(path),
                Kind::Content => self.lists.content.insert(path),
                Kind::Tree => self.lists.tree.insert(path),
            };
        }
    }

    /// The topmost name above this path that is no directory.
    fn obstacle<'p>(&mut self, path: &'p [u8]) -> Option<&'p [u8]> {
        above(path).find(|dir| !self.is_directory(dir))
    }

    fn is_directory(&mut self, dir: &[u8]) -> bool {
        if let Some(known) = self.directories.get(dir) {
            return *known;
        }
        let is = self.stat(dir).as_ref().is_ok_and(is_directory);
        self.directories.insert(dir.into(), is);
        is
    }

    fn stat(&self, path: &[u8]) -> rustix::io::Result<Stat> {
        let name = OsStr::from_bytes(path);
        statat(self.root, name, AtFlags::SYMLINK_NOFOLLOW)
    }
}

fn is_directory(found: &Stat) -> bool {
    FileType::from_raw_mode(found.st_mode) == FileType::Directory
}

#[cfg(test)]
mod tests {
    use std::{fs, os::fd::AsFd};

    use super::*;

    #[test]
    fn what_rsync_is_given() {
        let temp = tempfile::tempdir().expect("a directory");
        let at = |name: &str| temp.path().join(name);
        fs::create_dir_all(at("dir/sub")).expect("made");
        fs::create_dir(at("build")).expect("made");
        fs::write(at("file"), "x").expect("made");
        fs::write(at("dir/f.o"), "x").expect("made");
        std::os::unix::fs::symlink("dir", at("link")).expect("made");
        let mut filters = Filters::default();
        for rule in ["- *.o", "- build/"] {
            filters.filter(rule).expect(rule);
        }
        let entry = |kind, is_dir| Entry { kind, is_dir };
        let entries: BTreeMap<RelPath, Entry> = [
            ("", entry(Kind::Attribute, true)),
            ("file", entry(Kind::Content, false)),
            ("gone", entry(Kind::Content, false)),
            ("gone.o", entry(Kind::Content, false)),
            ("dir", entry(Kind::Attribute, true)),
            ("dir/sub", entry(Kind::Tree, true)),
            ("dir/sub/x", entry(Kind::Tree, true)),
            ("dir/f.o", entry(Kind::Content, false)),
            ("link/f", entry(Kind::Content, false)),
            ("file/x/y", entry(Kind::Content, false)),
            ("no/such/a", entry(Kind::Content, false)),
            ("no/such/b", entry(Kind::Attribute, false)),
            ("build", entry(Kind::Attribute, true)),
            ("build/x", entry(Kind::Content, false)),
            ("old", entry(Kind::Content, true)),
        ]
        .map(|(path, entry)| (path.as_bytes().into(), entry))
        .into();
        let root = fs::File::open(temp.path()).expect("it opens");
        let lists = lists(&entries, root.as_fd(), &filters);
        let set = |names: &[&str]| names.iter().map(|n| n.as_bytes().into()).collect();
        let wanted = Lists {
            // A symlink or file in the place of a directory is what is sent.
            content: set(&["file", "gone", "link"]),
            attribute: set(&["dir"]),
            tree: set(&["dir/sub", "no", "old"]),
            root: true,
        };
        assert_eq!(lists, wanted);
    }

    #[test]
    fn a_missing_directory_that_only_its_slash_keeps_in() {
        let temp = tempfile::tempdir().expect("a directory");
        fs::create_dir(temp.path().join("dir")).expect("made");
        let mut filters = Filters::default();
        for rule in ["+ */", "+ *.txt", "- *"] {
            filters.filter(rule).expect(rule);
        }
        let entry = |is_dir| Entry {
            kind: Kind::Tree,
            is_dir,
        };
        let entries: BTreeMap<RelPath, Entry> =
            [("dir/gone", true), ("dir/a.txt", false), ("dir/a.c", false)]
                .map(|(path, is_dir)| (path.as_bytes().into(), entry(is_dir)))
                .into();
        let root = fs::File::open(temp.path()).expect("it opens");
        let found = lists(&entries, root.as_fd(), &filters);
        let set = |names: &[&str]| names.iter().map(|n| n.as_bytes().into()).collect();
        let wanted = Lists {
            content: set(&["dir/a.txt"]),
            tree: set(&["dir"]),
            ..Lists::default()
        };
        assert_eq!(found, wanted);
        let entries = [("gone".as_bytes().into(), entry(true))].into();
        assert!(lists(&entries, root.as_fd(), &filters).root);
    }
}
