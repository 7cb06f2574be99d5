//! The threads that watch and list a whole tree when the watch begins: what takes the time is in
//! the kernel, and one directory does not wait for another. Where each belongs is decided by the
//! one who gives them work and takes what they found.
//!
//! Names are looked up from the working directory, which is each thread's own here: a relative
//! name costs a third of what a descriptor through `/proc` does.

use std::{
    collections::HashMap,
    io,
    os::fd::{AsFd, OwnedFd},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
};

use nix::sched::{CloneFlags, unshare};
use rustix::{
    fs::{AtFlags, CWD, FileType, inotify::WatchFlags, statat, statfs},
    io::Errno,
    process::fchdir,
};

use super::{
    dir,
    kernel::watch_name,
    tree::{Name, Wd, join},
};

/// Names in one task: what is found of them is merged while others are looked at, and what their
/// listing puts into the kernel's queue is a small part of it (`fs.inotify.max_queued_events`,
/// 16384).
pub(super) const TASK: usize = 128;

/// No more threads than that: they share the locks of one inotify instance.
const THREADS: usize = 4;

/// File systems (`linux/magic.h`) on which the number of links of a directory is two more than
/// that of its subdirectories: ext4 and its elders, XFS, tmpfs, F2FS.
const COUNTING: [i64; 4] = [0xef53, 0x5846_5342, 0x0102_1994, 0xf2f5_2010];

/// Directories in a watched directory.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) parent: Wd,
    /// The absolute path of the parent.
    pub(super) path: Vec<u8>,
    pub(super) names: Vec<Name>,
}

/// What became of one name.
#[derive(Debug)]
pub(super) enum Found {
    /// It is watched, and what is in it was listed. `None`: there are no subdirectories, and
    /// nothing else matters.
    Watched(Wd, Option<Vec<(Name, bool)>>),
    /// It is watched, and cannot be listed.
    Unlisted(Wd, Errno),
    /// It cannot be watched.
    Unwatched(Errno),
    /// It is gone already: its event is on its way.
    Gone,
}

/// What became of a task.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) task: Task,
    /// One of each name; `Err`: the parent cannot be opened, or another directory stands at its
    /// path, with that watch.
    pub(super) found: Result<Vec<Found>, NotThere>,
}

/// Why there is no parent.
#[derive(Debug)]
pub(super) enum NotThere {
    Error(Errno),
    Other(Wd),
}

/// The threads.
#[derive(Debug)]
pub(super) struct Crew {
    /// `None` at the end.
    tasks: Option<Sender<Task>>,
    done: Receiver<Done>,
    threads: Vec<JoinHandle<()>>,
    /// Tasks that are not done.
    open: usize,
}

impl Crew {
    /// Starts them. `mask`: what the directories are watched for. `with_files`: what is in them is
    /// to be known, whether they have subdirectories or not.
    pub(super) fn start(inotify: OwnedFd, mask: WatchFlags, with_files: bool) -> io::Result<Self> {
        let (tasks, queue) = mpsc::channel();
        let (results, done) = mpsc::channel();
        let (inotify, queue) = (Arc::new(inotify), Arc::new(Mutex::new(queue)));
        let count = thread::available_parallelism().map_or(1, usize::from);
        let threads = (0..count.min(THREADS))
            .map(|_| {
                let (inotify, queue, results) =
                    (inotify.clone(), Arc::clone(&queue), results.clone());
                thread::Builder::new()
                    .name("scan".into())
                    .spawn(move || work(&inotify, &queue, &results, mask, with_files))
            })
            .collect::<io::Result<_>>()?;
        Ok(Self {
            tasks: Some(tasks),
            done,
            threads,
            open: 0,
        })
    }

    /// Is there a thread that would have to wait for its next task?
    pub(super) fn has_room(&self) -> bool {
        self.open < 2 * self.threads.len()
    }

    pub(super) fn give(&mut self, task: Task) {
        if let Some(tasks) = &self.tasks
            && tasks.send(task).is_ok()
        {
            self.open += 1;
        }
    }

    /// Waits for a task to be done; `None` when all are.
    pub(super) fn take(&mut self) -> Option<Done> {
        if self.open == 0 {
            return None;
        }
        self.open -= 1;
        self.done.recv().ok()
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.tasks = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Does tasks until there are no more.
fn work(
    inotify: &OwnedFd,
    queue: &Mutex<Receiver<Task>>,
    results: &Sender<Done>,
    mask: WatchFlags,
    with_files: bool,
) {
    let mut worker = Worker {
        inotify,
        mask,
        with_files,
        // Refused by some sandboxes: then by absolute names.
        has_directory: unshare(CloneFlags::CLONE_FS).is_ok(),
        counting: HashMap::new(),
    };
    loop {
        let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(task) = task else { return };
        let found = worker.run(&task);
        if results.send(Done { task, found }).is_err() {
            return;
        }
    }
}

/// One thread's state.
struct Worker<'a> {
    inotify: &'a OwnedFd,
    mask: WatchFlags,
    with_files: bool,
    /// The working directory is this thread's own.
    has_directory: bool,
    /// Whether the file system with this device number counts subdirectories.
    counting: HashMap<u64, bool>,
}

impl Worker<'_> {
    fn run(&mut self, task: &Task) -> Result<Vec<Found>, NotThere> {
        let parent = dir::open(&task.path).map_err(NotThere::Error)?;
        let here: &[u8] = if self.has_directory {
            fchdir(parent.as_fd()).map_err(NotThere::Error)?;
            b"."
        } else {
            &task.path
        };
        let wd = watch_name(self.inotify, here, self.mask).map_err(NotThere::Error)?;
        if wd != task.parent {
            return Err(NotThere::Other(wd));
        }
        let one = |name: &Name| {
            if self.has_directory {
                self.look(name)
            } else {
                self.look(&join(&task.path, name))
            }
        };
        Ok(task.names.iter().map(one).collect())
    }

    /// Watches and lists the directory with this name.
    fn look(&mut self, name: &[u8]) -> Found {
        // The watch comes first: whatever is made in it from now on is told by the kernel. If
        // another directory takes the name in between, that is told too, and looked at again.
        let wd = match watch_name(self.inotify, name, self.mask) {
            Ok(wd) => wd,
            Err(error) => return absent(error, Found::Unwatched),
        };
        if !self.with_files && self.is_leaf(name) {
            return Found::Watched(wd, None);
        }
        match dir::open_at(CWD, name).and_then(|fd| dir::list(fd, self.with_files)) {
            Ok(entries) => Found::Watched(wd, Some(entries)),
            Err(error) => absent(error, |error| Found::Unlisted(wd, error)),
        }
    }

    /// Is this a directory that surely has no subdirectories?
    fn is_leaf(&mut self, name: &[u8]) -> bool {
        let Ok(stat) = statat(CWD, name, AtFlags::SYMLINK_NOFOLLOW) else {
            return false;
        };
        stat.st_nlink == 2
            && FileType::from_raw_mode(stat.st_mode).is_dir()
            && *self
                .counting
                .entry(stat.st_dev)
                .or_insert_with(|| statfs(name).is_ok_and(|fs| COUNTING.contains(&fs.f_type)))
    }
}

/// A name that is not there, or is no directory (any more), or something else.
fn absent(error: Errno, other: impl FnOnce(Errno) -> Found) -> Found {
    match error {
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP => Found::Gone,
        error => other(error),
    }
}
