//! Against the real kernel, as root, each on a file system of its own.
//!
//! What is told is done by child processes: our own doings are not told.

mod basics;
mod hard;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use globset::GlobSet;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_change, unmount},
    thread::UnshareFlags,
};
use tempfile::TempDir;

use super::Fanotify;
use crate::{
    calls::Op,
    event::{Event, Item, PathRole},
    source::{Source, WatchPlan},
};

/// Far more than any of these tests needs, also on a busy machine.
const LONG: Duration = Duration::from_mins(1);

const FILE_OPS: [Op; 8] = [
    Op::Read,
    Op::Write,
    Op::Create,
    Op::Delete,
    Op::Rename,
    Op::Attribute,
    Op::Close,
    Op::Execute,
];

fn plan(root: &Path, ops: &[Op]) -> WatchPlan {
    WatchPlan {
        roots: vec![root.to_path_buf()],
        recursive: true,
        exclude: GlobSet::empty(),
        ops: ops.iter().copied().collect(),
        ..WatchPlan::default()
    }
}

/// May these tests run here? Without root they are left out, but not where they must run.
fn root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    assert!(
        is_root || env::var_os("CI").is_none(),
        "fanotify's tests need root"
    );
    if !is_root {
        eprintln!("skipped: fanotify needs root");
    }
    is_root
}

/// A file system in memory, mounted for this thread only.
struct Disk {
    dir: TempDir,
}

impl Disk {
    fn new() -> Self {
        // SAFETY: only the mounts of this thread change, and the test is all that it runs.
        unsafe { rustix::thread::unshare_unsafe(UnshareFlags::NEWNS) }.unwrap();
        let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
        mount_change("/", private).unwrap();
        let dir = TempDir::new().unwrap();
        mount("tmpfs", dir.path(), "tmpfs", MountFlags::empty(), None).unwrap();
        Self { dir }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = unmount(self.dir.path(), UnmountFlags::DETACH);
    }
}

/// A watch and what it has told.
struct Bed {
    root: PathBuf,
    source: Fanotify,
    items: Vec<Item>,
}

impl Bed {
    fn new(root: &Path, ops: &[Op]) -> Self {
        Self::planned(root, &plan(root, ops))
    }

    fn planned(root: &Path, plan: &WatchPlan) -> Self {
        let source = Fanotify::open(plan).unwrap();
        Self {
            root: root.to_path_buf(),
            source,
            items: Vec::new(),
        }
    }

    /// Runs a script in the root; returns its process id.
    fn sh(&self, script: &str) -> u32 {
        sh(&self.root, script)
    }

    fn pump(&mut self) {
        let fd = self.source.fd();
        let sleep = Timespec::try_from(self.source.longest_sleep()).unwrap();
        poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&sleep)).unwrap();
        let items = &mut self.items;
        self.source.read(&mut |item| items.push(item)).unwrap();
    }

    fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + LONG;
        while !done(self) {
            assert!(
                Instant::now() < deadline,
                "waited in vain for {what}: {:#?}",
                self.lines()
            );
            self.pump();
        }
    }

    /// Lets a child do the last thing of all, and reads until that is told.
    fn sync(&mut self) {
        self.sh("mkdir .mark; chmod 700 .mark; : < .mark; rmdir .mark");
        self.until("the mark", |bed| {
            let last = bed.source.sums();
            bed.lines().iter().any(|line| line.contains("/.mark")) && last.seen > 0
        });
        // The last of several.
        let items = &mut self.items;
        self.source.read(&mut |item| items.push(item)).unwrap();
        self.items.retain(|item| !line(item).contains("/.mark"));
    }

    fn lines(&self) -> Vec<String> {
        let root = self.root.display().to_string();
        self.items
            .iter()
            .map(|item| line(item).replace(&root, ""))
            .collect()
    }

    /// What one process did.
    fn of(&self, pid: u32) -> Vec<String> {
        let root = self.root.display().to_string();
        let its = |item: &&Item| match item {
            Item::Event(event) => event.actor.as_ref().is_ok_and(|actor| actor.pid.0 == pid),
            Item::Loss(_) => false,
        };
        self.items
            .iter()
            .filter(its)
            .map(|item| line(item).replace(&root, ""))
            .collect()
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.items.iter().filter_map(|item| match item {
            Item::Event(event) => Some(&**event),
            Item::Loss(_) => None,
        })
    }

    fn check_sums(&self) {
        let sums = self.source.sums();
        let filtered: u64 = sums.filtered.iter().map(|(_, n)| n).sum();
        let lost: u64 = sums.lost.iter().map(|(_, n)| n).sum();
        assert_eq!(sums.seen, filtered + sums.delivered + lost, "{sums:?}");
    }
}

/// Runs a script in a directory; returns its process id.
fn sh(dir: &Path, script: &str) -> u32 {
    let child = Command::new("sh")
        .args(["-ec", script])
        .current_dir(dir)
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let pid = child.id();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{script}: {:?}", out.status);
    pid
}

/// `op path...`, with `/` behind a directory and `?` for a path that is not known.
fn line(item: &Item) -> String {
    let event = match item {
        Item::Event(event) => event,
        Item::Loss(loss) => return format!("loss {}", loss.reason.as_str()),
    };
    let names = event.paths.iter().map(|path| {
        let arrow = if path.role == PathRole::Dest {
            "-> "
        } else {
            ""
        };
        let name = match &path.resolved {
            Ok(name) => String::from_utf8_lossy(name).into_owned(),
            Err(unknown) => format!("?{unknown}"),
        };
        format!(" {arrow}{name}{}", if event.is_dir { "/" } else { "" })
    });
    event.op.as_str().to_owned() + &names.collect::<String>()
}
