//! Against the real kernel. Every test waits for events on the descriptor, never for a time.

mod basics;
mod limits;
mod mounts;
mod overflow;
mod races;
mod roots;
mod storm;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tempfile::TempDir;

use super::Inotify;
use crate::{
    calls::Op,
    event::{Event, Item, PathRole, notice},
    source::{Source, WatchPlan},
};

/// Far more than any of these tests needs, also on a busy machine.
const LONG: Duration = Duration::from_mins(1);

const FILE_OPS: [Op; 7] = [
    Op::Read,
    Op::Write,
    Op::Create,
    Op::Delete,
    Op::Rename,
    Op::Attribute,
    Op::Close,
];

fn plan(roots: &[&Path]) -> WatchPlan {
    WatchPlan {
        roots: roots.iter().map(|root| root.to_path_buf()).collect(),
        recursive: true,
        exclude: GlobSet::empty(),
        ops: FILE_OPS.into(),
        ..WatchPlan::default()
    }
}

fn globs(texts: &[&str]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for text in texts {
        set.add(
            GlobBuilder::new(text)
                .literal_separator(true)
                .build()
                .unwrap(),
        );
    }
    set.build().unwrap()
}

/// A temporary directory and a watch.
struct Bed {
    dir: TempDir,
    source: Inotify,
    items: Vec<Item>,
}

impl Bed {
    /// Watches an empty directory.
    fn new(ops: &[Op]) -> Self {
        Self::prepared(ops, |_| ())
    }

    /// Watches a directory that `prepare` has filled.
    fn prepared(ops: &[Op], prepare: impl FnOnce(&Path)) -> Self {
        Self::planned(prepare, |root| WatchPlan {
            ops: ops.iter().copied().collect(),
            ..plan(&[root])
        })
    }

    fn planned(prepare: impl FnOnce(&Path), plan: impl FnOnce(&Path) -> WatchPlan) -> Self {
        let dir = TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap();
        prepare(&root);
        let source = Inotify::open(&plan(&root)).unwrap();
        Self {
            dir,
            source,
            items: Vec::new(),
        }
    }

    fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Reads once, after waiting for something to read.
    fn pump(&mut self) {
        wait(&self.source);
        let items = &mut self.items;
        self.source.read(&mut |item| items.push(item)).unwrap();
    }

    /// Reads until `done` says so of everything told up to now.
    fn until(&mut self, what: &str, mut done: impl FnMut(&[Item]) -> bool) {
        let deadline = Instant::now() + LONG;
        while !done(&self.items) {
            assert!(
                Instant::now() < deadline,
                "waited in vain for {what}: {:#?}",
                self.lines()
            );
            self.pump();
        }
    }

    /// Makes a file and reads until it is told: everything before it has then been told too.
    fn sync(&mut self) {
        let mark = self.at(".mark");
        let before = self.items.len();
        fs::File::create(&mark).unwrap();
        fs::remove_file(&mark).unwrap();
        let wanted = format!("delete {}/.mark", self.root().display());
        self.until("the mark", |items| {
            items[before..]
                .iter()
                .any(|item| line(item).trim_end_matches(" *") == wanted)
        });
        self.items.retain(|item| !line(item).contains("/.mark"));
    }

    /// Everything told, one line each, with the root cut off.
    fn lines(&self) -> Vec<String> {
        let root = format!("{}", self.root().display());
        self.items
            .iter()
            .map(|item| line(item).replace(&root, ""))
            .collect()
    }

    fn clear(&mut self) {
        self.items.clear();
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

/// Waits until there may be something to read.
fn wait(source: &dyn Source) {
    let fd = source.fd();
    let sleep = Timespec::try_from(source.longest_sleep()).unwrap();
    poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&sleep)).unwrap();
}

/// `op path...`, with `/` behind a directory and ` *` behind what was synthesised.
fn line(item: &Item) -> String {
    let event = match item {
        Item::Event(event) => event,
        Item::Loss(loss) => return format!("loss {}", loss.reason.as_str()),
    };
    let names = event.paths.iter().map(|path| {
        let arrow = match path.role {
            PathRole::Dest => "-> ",
            PathRole::Source if event.paths.len() == 1 => "<- ",
            _ => "",
        };
        let name = String::from_utf8_lossy(path.resolved.as_ref().unwrap()).into_owned();
        format!(" {arrow}{name}{}", if event.is_dir { "/" } else { "" })
    });
    let mark = if event.synthesised { " *" } else { "" };
    event.op.as_str().to_owned() + &names.collect::<String>() + mark
}

/// A reader's copy of the tree, kept from nothing but the events.
#[derive(Default)]
struct Copy {
    paths: BTreeSet<Vec<u8>>,
    /// Creations of what was there already.
    doubled: Vec<Vec<u8>>,
    /// What was at the new name of the last rename, and what came there.
    last: (Vec<Vec<u8>>, Vec<Vec<u8>>),
}

impl Copy {
    fn apply(&mut self, item: &Item) {
        let Item::Event(event) = item else { return };
        let path = |role| {
            let found = event.paths.iter().find(|path| path.role == role)?;
            Some(found.resolved.as_ref().unwrap().to_vec())
        };
        match event.op {
            Op::Create => {
                let path = path(PathRole::Target).unwrap();
                if !self.paths.insert(path.clone()) {
                    self.doubled.push(path);
                }
            }
            Op::Delete => drop(self.cut(&path(PathRole::Target).unwrap())),
            Op::Rename if event.as_notice().mask & notice::EXCHANGE != 0 => {
                let (old, new) = (
                    path(PathRole::Source).unwrap(),
                    path(PathRole::Dest).unwrap(),
                );
                let (replaced, moved) = std::mem::take(&mut self.last);
                for rest in &replaced {
                    if !moved.contains(rest) {
                        self.paths.remove(&[&old[..], rest].concat());
                    }
                    self.paths.insert([&new[..], rest].concat());
                }
                self.paths.insert(old);
            }
            Op::Rename => {
                let moved = path(PathRole::Source)
                    .map(|old| self.cut(&old))
                    .unwrap_or_default();
                if let Some(new) = path(PathRole::Dest) {
                    // What a listing has told ahead of this stays.
                    let replaced = self.cut(&new);
                    let both = moved.iter().chain(&replaced);
                    self.paths
                        .extend(both.map(|rest| [&new[..], rest].concat()));
                    self.paths.insert(new);
                    self.last = (replaced, moved);
                }
            }
            _ => (),
        }
    }

    /// Takes out a path and all below it; returns what follows the path in each.
    fn cut(&mut self, path: &[u8]) -> Vec<Vec<u8>> {
        let below = [path, b"/"].concat();
        let gone: Vec<_> = self
            .paths
            .range(path.to_vec()..)
            .take_while(|p| p.starts_with(path))
            .cloned()
            .collect();
        let gone: Vec<_> = gone
            .into_iter()
            .filter(|p| p == path || p.starts_with(&below))
            .collect();
        self.paths.retain(|p| gone.binary_search(p).is_err());
        gone.iter().map(|p| p[path.len()..].to_vec()).collect()
    }

    fn of(items: &[Item]) -> Self {
        let mut copy = Self::default();
        for item in items {
            copy.apply(item);
        }
        copy
    }
}

/// Everything below a directory as it is now.
fn tree(root: &Path) -> BTreeSet<Vec<u8>> {
    let mut all = BTreeSet::new();
    let mut todo = vec![root.to_path_buf()];
    while let Some(dir) = todo.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let entry = entry.unwrap();
            all.insert(entry.path().as_os_str().as_bytes().to_vec());
            if entry.file_type().unwrap().is_dir() {
                todo.push(entry.path());
            }
        }
    }
    all
}

/// The two sets must be the same; shows only what differs.
fn assert_same(told: &BTreeSet<Vec<u8>>, there: &BTreeSet<Vec<u8>>) {
    let show = |set: Vec<&Vec<u8>>| -> Vec<PathBuf> {
        set.into_iter()
            .take(20)
            .map(|p| Path::new(OsStr::from_bytes(p)).to_path_buf())
            .collect()
    };
    let untold = show(there.difference(told).collect());
    let invented = show(told.difference(there).collect());
    assert!(
        untold.is_empty() && invented.is_empty(),
        "untold {untold:?}, invented {invented:?}"
    );
}
