//! Names and the files behind them, before a run and now. A file keeps its identity when it is renamed
//! or gets another name; a directory takes what it holds with it.

use std::{
    collections::{BTreeMap, HashMap},
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::Path,
};

use bytes::Bytes;

/// Paths of which it is kept whether they were there, in order to know what a rename replaces.
const KNOWN_MAX: usize = 500_000;

/// A file, by its place in [`Names::files`].
pub(super) type Id = usize;

/// Where a file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// It was there before the run, under this name.
    Before(Bytes),
    /// The run has made it.
    Made,
    /// It had no name when it was linked: made with `O_TMPFILE`, or a file that was removed.
    Nameless,
    /// Nothing has told.
    Unknown,
}

/// What was done to a file itself, the more telling last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touch {
    Nothing,
    /// Opened for writing.
    Written,
    /// Its owner, mode, times or attributes were set.
    Attributes,
}

/// A file, directory or symlink.
#[derive(Clone, Debug)]
pub(super) struct FileOf {
    pub(super) origin: Origin,
    pub(super) is_dir: bool,
    pub(super) touch: Touch,
    /// One of its names came or went.
    pub(super) renamed: bool,
}

/// What a name was before the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Was {
    /// This file, or something that this directory still holds.
    There(Id),
    NotThere,
    Unknown,
}

/// The names of one mount namespace that a run has touched.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Another mount namespace than the tracer's: its files cannot be looked at.
    pub(super) elsewhere: Option<u32>,
    pub(super) files: Vec<FileOf>,
    /// What stands behind a name now.
    pub(super) now: BTreeMap<Bytes, Option<Id>>,
    pub(super) before: BTreeMap<Bytes, Was>,
    known: HashMap<Bytes, bool>,
    /// Where something was mounted or unmounted: names there may have been those of other files.
    mounts: Vec<Bytes>,
}

/// The directory that a name stands in.
fn parent(path: &[u8]) -> Option<&[u8]> {
    let slash = memchr::memrchr(b'/', path)?;
    (slash > 0).then(|| &path[..slash])
}

pub(super) fn os(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(path))
}

/// The directories that a path leads through, the last one first.
pub(super) fn ancestors(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(parent(path), |path| parent(path))
}

impl Names {
    fn add(&mut self, origin: Origin, is_dir: bool) -> Id {
        self.files.push(FileOf {
            origin,
            is_dir,
            touch: Touch::Nothing,
            renamed: false,
        });
        self.files.len() - 1
    }

    /// What the name was before the run when nothing at it has been touched since; `None`: nothing was.
    pub(super) fn origin(&self, path: &Bytes) -> Option<Bytes> {
        for dir in ancestors(path) {
            match self.now.get(dir) {
                None => {}
                Some(None) => return None,
                Some(Some(id)) => {
                    return match &self.files[*id].origin {
                        Origin::Before(home) => Some([home, &path[dir.len()..]].concat().into()),
                        _ => None,
                    };
                }
            }
        }
        Some(path.clone())
    }

    /// A call has told whether something is there.
    pub(super) fn learn(&mut self, path: &Bytes, there: bool) {
        if self.known.len() < KNOWN_MAX
            && !self.now.contains_key(path)
            && !self.known.contains_key(path)
            && self.origin(path).as_ref() == Some(path)
        {
            self.known.insert(path.clone(), there);
        }
    }

    /// What is behind a name. `there`: whether it must have been, if nothing else is known.
    fn look(&mut self, path: &Bytes, there: Option<bool>) -> Option<Id> {
        if let Some(now) = self.now.get(path) {
            return *now;
        }
        let mut now = None;
        if let Some(origin) = self.origin(path) {
            let there = self.known.get(&origin).copied().or(there);
            let was = match (self.before.get(&origin), there) {
                (Some(was), _) => *was,
                (None, Some(true)) => Was::There(self.add(Origin::Before(origin.clone()), false)),
                (None, Some(false)) => Was::NotThere,
                (None, None) => Was::Unknown,
            };
            self.before.insert(origin, was);
            now = match was {
                Was::There(id) => Some(id),
                Was::NotThere | Was::Unknown => None,
            };
        }
        self.now.insert(path.clone(), now);
        now
    }

    /// What is behind a name that is there.
    fn file(&mut self, path: &Bytes) -> Id {
        if let Some(id) = self.look(path, Some(true)) {
            return id;
        }
        let id = self.add(Origin::Unknown, false);
        self.now.insert(path.clone(), Some(id));
        id
    }

    /// Takes a name and all below it away.
    fn take(&mut self, path: &Bytes) -> Vec<(Bytes, Option<Id>)> {
        let below = self.below(path);
        let mut all: Vec<_> = below.map(|(path, id)| (path.clone(), *id)).collect();
        all.extend(self.now.get(path).map(|id| (path.clone(), *id)));
        for (path, _) in &all {
            self.now.remove(path);
        }
        all
    }

    fn below(&self, path: &Bytes) -> impl Iterator<Item = (&Bytes, &Option<Id>)> {
        let prefix = [path, &b"/"[..]].concat();
        let from = self.now.range(Bytes::from(prefix.clone())..);
        from.take_while(move |(path, _)| path.starts_with(&prefix))
    }

    /// Is nothing known to be in the directory?
    pub(super) fn is_empty(&self, dir: &Bytes) -> bool {
        self.below(dir).all(|(_, id)| id.is_none())
    }

    fn put(&mut self, all: Vec<(Bytes, Option<Id>)>, old: &Bytes, new: &Bytes) {
        for (path, id) in all {
            let there = [new, &path[old.len()..]].concat();
            self.now.insert(there.into(), id);
        }
    }

    pub(super) fn create(&mut self, path: &Bytes, is_dir: bool) {
        self.look(path, Some(false));
        self.take(path);
        let id = self.add(Origin::Made, is_dir);
        self.now.insert(path.clone(), Some(id));
    }

    pub(super) fn delete(&mut self, path: &Bytes, is_dir: bool) {
        let id = self.file(path);
        self.files[id].is_dir |= is_dir;
        self.remove(path);
    }

    /// The name is no more.
    pub(super) fn remove(&mut self, path: &Bytes) {
        for (_, id) in self.take(path) {
            if let Some(id) = id {
                self.files[id].renamed = true;
            }
        }
        self.now.insert(path.clone(), None);
    }

    pub(super) fn change(&mut self, path: &Bytes, touch: Touch, is_dir: bool) {
        let id = self.file(path);
        let file = &mut self.files[id];
        file.is_dir |= is_dir;
        file.touch = file.touch.max(touch);
    }

    pub(super) fn mount(&mut self, at: &Bytes) {
        if !self.mounts.contains(at) {
            self.mounts.push(at.clone());
        }
    }

    /// One name more. `None`: for a file that has none.
    pub(super) fn link(&mut self, from: Option<&Bytes>, to: &Bytes) {
        let id = match from {
            Some(from) => self.file(from),
            None => self.add(Origin::Nameless, false),
        };
        self.files[id].renamed = true;
        self.look(to, Some(false));
        self.now.insert(to.clone(), Some(id));
    }

    /// `to_was`: whether the new name was there, if nothing else is known.
    pub(super) fn rename(&mut self, from: &Bytes, to: &Bytes, to_was: Option<bool>, is_dir: bool) {
        let id = self.file(from);
        self.files[id].is_dir |= is_dir;
        // Two names of one file stay as they are: rename(2).
        if self.look(to, to_was) == Some(id) {
            return;
        }
        self.files[id].renamed = true;
        self.remove(to);
        let all = self.take(from);
        self.put(all, from, to);
        self.now.insert(from.clone(), None);
    }

    pub(super) fn exchange(&mut self, from: &Bytes, to: &Bytes) {
        for path in [from, to] {
            let id = self.file(path);
            self.files[id].renamed = true;
        }
        let (one, other) = (self.take(from), self.take(to));
        self.put(one, from, to);
        self.put(other, to, from);
    }

    /// Every name that was or is there.
    pub(super) fn paths(&self) -> std::collections::BTreeSet<&Bytes> {
        self.before.keys().chain(self.now.keys()).collect()
    }

    /// The names that each file has now.
    pub(super) fn names_of(&self) -> HashMap<Id, Vec<&Bytes>> {
        let mut names: HashMap<Id, Vec<&Bytes>> = HashMap::new();
        for (path, id) in &self.now {
            if let Some(id) = id {
                names.entry(*id).or_default().push(path);
            }
        }
        names
    }

    /// What the name was before the run.
    pub(super) fn was(&self, path: &Bytes, names: &HashMap<Id, Vec<&Bytes>>) -> Was {
        let is_below = |mount: &Bytes| path == mount || ancestors(path).any(|dir| dir == mount);
        if self.mounts.iter().any(is_below) {
            return Was::Unknown;
        }
        if let Some(was) = self.before.get(path) {
            return *was;
        }
        for dir in ancestors(path) {
            match self.before.get(dir) {
                None => {}
                Some(Was::There(id)) => {
                    // What the old directory holds and nobody has touched is there still. One that is
                    // gone held nothing more.
                    let rest = &path[dir.len()..];
                    let Some(holder) = names.get(id).and_then(|names| names.first()) else {
                        return Was::NotThere;
                    };
                    if self.elsewhere.is_some() {
                        return Was::Unknown;
                    }
                    let held = [holder, rest].concat();
                    return match os(&held).symlink_metadata() {
                        Ok(_) => Was::There(*id),
                        Err(_) => Was::NotThere,
                    };
                }
                Some(was) => return *was,
            }
        }
        Was::Unknown
    }

    /// What is behind a name now, when it is known.
    pub(super) fn is(&self, path: &[u8]) -> Option<Id> {
        self.now.get(path).copied().flatten()
    }

    /// Does the file have the name that it had before the run?
    pub(super) fn is_home(&self, id: Id) -> bool {
        match &self.files[id].origin {
            Origin::Before(home) => self.is(home) == Some(id) && self.is_in_place(home, home),
            _ => false,
        }
    }

    /// Does the file under this name only stand where it always stood, in a directory that was renamed?
    pub(super) fn is_in_place(&self, path: &Bytes, home: &Bytes) -> bool {
        self.origin(path).as_ref() == Some(home)
    }
}
