//! Are the directories that are watched still the ones at their paths? The kernel side knows them
//! by inode: of one that is made anew it sees nothing, and that must be said.

use std::{
    ffi::OsStr,
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::fs::{FileType, Stat, fstat, stat};

use crate::rules::KernelFilter;

/// Time between two looks.
const PERIOD: Duration = Duration::from_millis(500);

/// Watched directories that were in their places at the last look.
pub(super) struct Roots {
    directories: Vec<(Vec<u8>, Arc<OwnedFd>)>,
    looked: Instant,
}

impl Roots {
    pub(super) fn of(filter: &KernelFilter) -> Self {
        let all = filter.root_paths.iter().cloned();
        let all = all.zip(filter.roots.iter().cloned());
        Self {
            directories: all.filter(|(_, fd)| is_directory(fd)).collect(),
            looked: Instant::now(),
        }
    }

    /// Looks now and then. Each directory that is not there any more is told once.
    pub(super) fn look(&mut self, tell: &mut Vec<String>) {
        if self.directories.is_empty() || self.looked.elapsed() < PERIOD {
            return;
        }
        self.looked = Instant::now();
        self.directories.retain(|(path, fd)| {
            let path = Path::new(OsStr::from_bytes(path));
            let why = match stat(path) {
                Ok(now) if fstat(fd).is_ok_and(|was| is_same(&was, &now)) => return true,
                Ok(_) => "is another directory now",
                Err(_) => "is not there any more",
            };
            tell.push(format!(
                "{} {why}: what happens in one that is made anew, or mounted there, is not told; \
                 start the watch again for it",
                path.display()
            ));
            false
        });
    }
}

fn is_directory(fd: &OwnedFd) -> bool {
    fstat(fd).is_ok_and(|found| FileType::from_raw_mode(found.st_mode) == FileType::Directory)
}

fn is_same(one: &Stat, other: &Stat) -> bool {
    (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
}
