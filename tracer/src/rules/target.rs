//! The files and trees that the rules watch, each once, with a number that stays the same from
//! one rule set to the next, and the answer to "which of them does this event touch?".

use std::{
    collections::HashMap,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

use crate::{
    enrich::files::kernel_dev,
    event::{Certainty, Event, FileId, Via},
};

/// A number of a watched file or tree; 0 is none.
pub type TargetId = u64;

/// A watched file or tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As the rule has it, without slashes at the end.
    pub path: PathBuf,
    /// A tree: everything below counts.
    pub tree: bool,
    /// Without symlinks, as far as it is there.
    pub real: PathBuf,
    /// Device (kernel encoding) and inode number, when it is there.
    pub inode: Option<(u32, u64)>,
}

impl Target {
    /// Of a path without slashes at the end.
    fn new(path: &str, tree: bool) -> Self {
        let mut target = Self {
            real: path.into(),
            path: path.into(),
            tree,
            inode: None,
        };
        target.look();
        target
    }

    /// Looks where it is now; true when that is not where it was.
    fn look(&mut self) -> bool {
        let before = (self.real.clone(), self.inode);
        self.real = real(&self.path);
        self.inode = std::fs::metadata(&self.path)
            .ok()
            .map(|meta| (kernel_dev(meta.dev()), meta.ino()));
        before != (self.real.clone(), self.inode)
    }
}

/// A path without slashes at the end.
fn trimmed(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/" } else { trimmed }
}

/// The path without symlinks; of a file that is not there yet, that of its directory.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(dir), Some(name)) => real(dir).join(name),
        _ => path.to_owned(),
    }
}

/// All targets.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    all: Vec<Target>,
    now: Index,
    /// Where they were until `since`: an event that is older is decided by this.
    before: Index,
    /// When they were last found elsewhere: `CLOCK_MONOTONIC` in nanoseconds.
    since: u64,
}

/// Where the targets were at some time.
#[derive(Clone, Debug, Default)]
struct Index {
    by_name: HashMap<Vec<u8>, Vec<TargetId>>,
    by_inode: HashMap<(u32, u64), Vec<TargetId>>,
}

impl Index {
    fn of(targets: &[Target]) -> Self {
        let mut index = Self::default();
        for (id, target) in (1..).zip(targets) {
            index.add(id, target);
        }
        index
    }

    fn add(&mut self, id: TargetId, target: &Target) {
        for path in [&target.path, &target.real] {
            let path = path.as_os_str().as_bytes().to_vec();
            let ids = self.by_name.entry(path).or_default();
            if ids.last() != Some(&id) {
                ids.push(id);
            }
        }
        if let Some(inode) = target.inode {
            self.by_inode.entry(inode).or_default().push(id);
        }
    }
}

impl Targets {
    /// The number of a file or tree.
    pub fn number(&mut self, path: &str, tree: bool) -> TargetId {
        let path = trimmed(path);
        let of_name = self.now.by_name.get(path.as_bytes());
        let is_it = |id: &&TargetId| {
            self.get(**id)
                .is_some_and(|target| target.path == Path::new(path) && target.tree == tree)
        };
        if let Some(known) = of_name.into_iter().flatten().find(is_it) {
            return *known;
        }
        let target = Target::new(path, tree);
        let id = self.all.len() as TargetId + 1;
        self.now.add(id, &target);
        self.all.push(target);
        id
    }

    /// The numbers of all of them.
    pub fn numbers(&self) -> Vec<TargetId> {
        (1..=self.all.len() as TargetId).collect()
    }

    /// A target by its number.
    pub fn get(&self, id: TargetId) -> Option<&Target> {
        self.all.get(usize::try_from(id).ok()?.checked_sub(1)?)
    }

    /// Looks again where all of them are; true when something is another file now.
    pub fn look_again(&mut self) -> bool {
        let looked = monotonic();
        let mut moved = false;
        for target in &mut self.all {
            moved |= target.look();
        }
        if moved {
            self.before = std::mem::replace(&mut self.now, Index::of(&self.all));
            self.since = looked;
        }
        moved
    }

    /// The targets that an event touches, in order, and whether it names one of them itself: then
    /// another file may have that name now.
    pub fn touched(&self, event: &Event) -> (Vec<TargetId>, bool) {
        // What became a target meanwhile was none when the event happened.
        let index = if event.time.mono_ns < self.since {
            &self.before
        } else {
            &self.now
        };
        let mut out = event.rules.watched.clone();
        for id in &event.rules.watched {
            // Two targets can be one file, of which the kernel knows one number.
            let inode = self.get(*id).and_then(|target| target.inode);
            out.extend(
                inode
                    .and_then(|i| index.by_inode.get(&i))
                    .into_iter()
                    .flatten(),
            );
        }
        let mut by_name = false;
        for item in &event.paths {
            let decides = event.certainty == Certainty::Names || item.via == Via::Fanotify;
            if let Some(path) = item.resolved.as_ref().ok().filter(|_| decides) {
                by_name |= self.named(index, path, &mut out);
            }
            if let Some(FileId { dev, ino, .. }) = item.file {
                out.extend(index.by_inode.get(&(dev, ino)).into_iter().flatten());
            }
        }
        out.sort_unstable();
        out.dedup();
        (out, by_name)
    }

    /// Targets at this path, and trees above it. True when one is at this path itself.
    fn named(&self, index: &Index, path: &[u8], out: &mut Vec<TargetId>) -> bool {
        let mut at_leaf = false;
        let mut end = path.len();
        let mut is_leaf = true;
        loop {
            let prefix = if end == 0 { &b"/"[..] } else { &path[..end] };
            let ids = index.by_name.get(prefix).into_iter().flatten();
            for id in ids {
                at_leaf |= is_leaf;
                if is_leaf || self.get(*id).is_some_and(|t| t.tree) {
                    out.push(*id);
                }
            }
            if end == 0 || path == b"/" {
                return at_leaf;
            }
            is_leaf = false;
            end = memchr::memrchr(b'/', &path[..end]).unwrap_or(0);
        }
    }
}

/// The clock of [`crate::event::Time::mono_ns`].
fn monotonic() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let mut targets = Targets::default();
        let tree = targets.number("/nowhere/tree/", true);
        let file = targets.number("/nowhere/tree/file", false);
        let root = targets.number("/nowhere", false);
        assert_eq!(
            targets.number("/nowhere/tree", true),
            tree,
            "the same again"
        );
        let touched = |path: &str| {
            let mut out = Vec::new();
            targets.named(&targets.now, path.as_bytes(), &mut out);
            out.sort_unstable();
            out
        };
        assert_eq!(touched("/nowhere/tree"), [tree]);
        assert_eq!(touched("/nowhere/tree/a/b"), [tree]);
        assert_eq!(touched("/nowhere/tree/file"), [tree, file]);
        assert_eq!(touched("/nowhere"), [root]);
        assert_eq!(touched("/nowhere/other"), Vec::<TargetId>::new());
        assert_eq!(touched("/nowhere/treetop"), Vec::<TargetId>::new());
        assert_eq!(touched("/"), Vec::<TargetId>::new());
    }

    #[test]
    fn a_replaced_file_is_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, "").unwrap();
        let mut targets = Targets::default();
        let id = targets.number(path.to_str().unwrap(), false);
        let before = targets.get(id).unwrap().inode;
        assert!(before.is_some() && !targets.look_again());
        std::fs::write(dir.path().join("new"), "").unwrap();
        std::fs::rename(dir.path().join("new"), &path).unwrap();
        assert!(targets.look_again());
        assert_ne!(targets.get(id).unwrap().inode, before);
    }
}
