//! Hard links: what is done through one name of a file is done under all of them, and told of one.

use std::{
    collections::{BTreeSet, HashMap},
    os::{
        fd::{AsRawFd, BorrowedFd},
        unix::ffi::OsStrExt,
    },
};

use rustix::fs::{Stat, lstat};
use walkdir::{DirEntryExt as _, WalkDir};

use super::change::{Kind, RelPath};

/// Files with several names of which one has changed.
#[derive(Default)]
pub(super) struct Links(HashMap<u64, Vec<File>>);

struct File {
    dev: u64,
    kind: Kind,
    /// How many names it has, in the whole file system.
    links: usize,
    names: BTreeSet<RelPath>,
}

impl Links {
    /// Takes a changed name of a file, and what the file is now.
    pub(super) fn note(&mut self, path: &RelPath, now: &Stat, kind: Kind) {
        if now.st_nlink < 2 {
            return;
        }
        let same_number = self.0.entry(now.st_ino).or_default();
        let at = same_number.iter().position(|file| file.dev == now.st_dev);
        let at = at.unwrap_or_else(|| {
            same_number.push(File {
                dev: now.st_dev,
                kind,
                links: usize::try_from(now.st_nlink).unwrap_or(usize::MAX),
                names: BTreeSet::new(),
            });
            same_number.len() - 1
        });
        let file = &mut same_number[at];
        file.kind = file.kind.max(kind);
        file.names.insert(path.clone());
    }

    /// The other names below `root`. Only when some of a file's are not known is the tree read.
    pub(super) fn others(mut self, root: BorrowedFd<'_>) -> Vec<(RelPath, Kind)> {
        self.0.retain(|_, files| {
            files.retain(|file| file.names.len() < file.links);
            !files.is_empty()
        });
        let mut out = Vec::new();
        if self.0.is_empty() {
            return out;
        }
        let root = format!("/proc/self/fd/{}/", root.as_raw_fd());
        // What cannot be read is left to rsync to complain of.
        for entry in WalkDir::new(&root).into_iter().filter_map(Result::ok) {
            let Some(files) = self.0.get(&entry.ino()) else {
                continue;
            };
            let Ok(now) = lstat(entry.path()) else {
                continue;
            };
            let path = entry.path().as_os_str().as_bytes();
            let path = path.strip_prefix(root.as_bytes()).unwrap_or_default();
            let file = files.iter().find(|file| file.dev == now.st_dev);
            if let Some(file) = file.filter(|file| !file.names.contains(path)) {
                out.push((path.into(), file.kind));
            }
        }
        out
    }
}
