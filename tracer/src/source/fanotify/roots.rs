//! Whether the roots are still there. fanotify watches file systems, and tells by the name what is
//! below a root: what takes the place of one is watched already, and that is only to be said.

use std::os::unix::ffi::OsStrExt;

use rustix::{
    fs::{FileType, Stat, lstat},
    io::Errno,
};

use crate::source::{WatchPlan, said};

/// So many are looked at in one look; with more, a look goes on where the last has ended.
const AT_ONCE: usize = 1024;

#[derive(Debug)]
pub(super) struct Roots {
    all: Vec<Root>,
    /// The next one to be looked at.
    next: usize,
    gone: usize,
}

#[derive(Debug)]
struct Root {
    path: Vec<u8>,
    /// What was there when it was seen last.
    was: Option<Found>,
    /// Nothing was there at the last look.
    is_missing: bool,
    /// Nor at the one before, which has been said.
    is_gone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    device: u64,
    inode: u64,
    is_directory: bool,
}

impl Roots {
    pub(super) fn of(plan: &WatchPlan) -> Self {
        let root = |path: &std::path::PathBuf| {
            let path = path.as_os_str().as_bytes().to_vec();
            Root {
                was: lstat(&*path).ok().map(Found::of),
                path,
                is_missing: false,
                is_gone: false,
            }
        };
        Self {
            all: plan.roots.iter().map(root).collect(),
            next: 0,
            gone: 0,
        }
    }

    /// Looks what is there now, and says what became of them.
    pub(super) fn look(&mut self, say: &mut Vec<String>) {
        let count = self.all.len();
        for _ in 0..count.min(AT_ONCE) {
            let root = &mut self.all[self.next];
            self.next = (self.next + 1) % count;
            match lstat(&*root.path) {
                Ok(found) => {
                    self.gone -= usize::from(std::mem::take(&mut root.is_gone));
                    root.is_missing = false;
                    root.sees(Found::of(found), say);
                }
                Err(Errno::NOENT | Errno::NOTDIR) if root.is_missing && !root.is_gone => {
                    root.is_gone = true;
                    self.gone += 1;
                    say.push(said::gone(&root.path, self.gone == count));
                }
                Err(Errno::NOENT | Errno::NOTDIR) => root.is_missing = true,
                // What cannot be looked at is where it was.
                Err(_) => {}
            }
        }
    }

    /// Is none left?
    pub(super) fn ended(&self) -> bool {
        self.gone == self.all.len()
    }
}

impl Root {
    fn sees(&mut self, found: Found, say: &mut Vec<String>) {
        let before = self.was.replace(found);
        if !found.is_directory || before == Some(found) {
            return;
        }
        if before.is_some_and(|before| before.device != found.device) {
            say.push(format!(
                "fanotify: {} is on another file system now: what happens there is not seen",
                String::from_utf8_lossy(&self.path)
            ));
        } else {
            say.push(said::another_directory(&self.path));
        }
    }
}

impl Found {
    fn of(stat: Stat) -> Self {
        Self {
            device: stat.st_dev,
            inode: stat.st_ino,
            is_directory: FileType::from_raw_mode(stat.st_mode) == FileType::Directory,
        }
    }
}
