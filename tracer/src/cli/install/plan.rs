//! What is to be done: which file of the tarball goes where, and what is there already.

use std::{
    fs,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _},
    path::{Path, PathBuf},
};

use super::{
    Code, Failure, Place, cannot_read,
    manifest::{Entry, Kind, Manifest, State, hash},
};
use crate::cli::{names, together::Content};

/// Where the unit of the source tree has the program.
const UNIT_PROGRAM: &str = "/usr/local/bin/tracer";

/// One thing to do.
pub(super) enum Step {
    Put(Entry, Content),
    /// It stays as it is.
    Keep(Entry),
    /// It was installed before, and is no part of it any more.
    Remove(Entry),
}

/// All that is to be done.
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// What an earlier installation has made.
    pub(super) before: Manifest,
    root: PathBuf,
}

/// The tree of the unpacked tarball that this program is in.
pub(super) fn tree() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe()?;
    let tree = program.parent().and_then(Path::parent);
    let tree = tree.filter(|tree| tree.join("files").is_file());
    tree.map(Path::to_owned).ok_or_else(|| {
        let text = format!(
            "{} is not in an unpacked tarball, whose file `files` says what belongs where: run bin/tracer there",
            program.display()
        );
        Failure::new(Code::Target, text)
    })
}

impl Plan {
    pub(super) fn new(place: &Place, tree: &Path, links: bool) -> Result<Self, Failure> {
        let before = Manifest::read(&place.root.join(place.manifest()))?.unwrap_or_default();
        let mut plan = Self {
            steps: Vec::new(),
            before,
            root: place.root.clone(),
        };
        let table = tree.join("files");
        let text = fs::read_to_string(&table).map_err(|error| cannot_read(&table, &error))?;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            if let (Some(from), Some(to)) = (words.next(), words.next()) {
                let to = match Path::new(to).strip_prefix("usr") {
                    Ok(below) => place.prefix.join(below),
                    Err(_) => PathBuf::from(to),
                };
                plan.add(&tree.join(from), &to, place)?;
            }
        }
        let bin = place.prefix.join("bin");
        // An upgrade keeps those that there are.
        let links = links || plan.before.of(Kind::Link).next().is_some();
        for name in names::all().filter(|_| links) {
            let to = PathBuf::from("tracer");
            let entry = Entry {
                kind: Kind::Link,
                hash: hash(to.as_os_str().as_bytes()),
                path: bin.join(name),
            };
            plan.put(entry, Content::Link(to))?;
        }
        plan.remove_others()?;
        Ok(plan)
    }

    /// A file of the tree, or what is in a directory of it.
    fn add(&mut self, from: &Path, to: &Path, place: &Place) -> Result<(), Failure> {
        let read = |error| cannot_read(from, &error);
        if from.is_dir() {
            let entries = fs::read_dir(from).map_err(read)?;
            let mut entries: Vec<_> = entries.collect::<Result<_, _>>().map_err(read)?;
            entries.sort_by_key(fs::DirEntry::file_name);
            return entries
                .iter()
                .try_for_each(|entry| self.add(&entry.path(), &to.join(entry.file_name()), place));
        }
        let mut bytes = fs::read(from).map_err(read)?;
        if to.extension().is_some_and(|ending| ending == "service") {
            let program = Path::new("/").join(&place.prefix).join("bin/tracer");
            let text = String::from_utf8_lossy(&bytes);
            let text = text.replace(UNIT_PROGRAM, &program.display().to_string());
            // The first line says how to install it by hand.
            let text = text.split_once('\n').map_or("", |(_, rest)| rest);
            bytes = text.as_bytes().to_vec();
        }
        let mode = if fs::metadata(from).map_err(read)?.permissions().mode() & 0o100 == 0 {
            0o644
        } else {
            0o755
        };
        let entry = Entry {
            kind: if to.starts_with("etc") {
                Kind::Settings
            } else {
                Kind::File
            },
            hash: hash(&bytes),
            path: to.to_owned(),
        };
        self.put(entry, Content::Bytes(bytes, mode))
    }

    /// What comes of a file, by what is there.
    fn put(&mut self, entry: Entry, content: Content) -> Result<(), Failure> {
        let path = self.root.join(&entry.path);
        let state = self.before.state(&entry.path, &path)?;
        let earlier = self.before.find(&entry.path);
        let step = match (entry.kind, earlier, state) {
            // Somebody has changed it, or taken it away.
            (Kind::Settings, Some(earlier), State::Other) => Step::Keep(earlier.clone()),
            (Kind::Settings, Some(earlier), State::Gone) if !self.before.unfinished => {
                Step::Keep(earlier.clone())
            }
            (Kind::Settings, None, State::Other) => Step::Keep(entry),
            (_, None, State::Other) => {
                let text = format!(
                    "{} is there, and is not of an earlier `tracer install`: remove it first, or choose another \
                     --prefix: nothing was done",
                    path.display()
                );
                return Err(Failure::new(Code::Target, text));
            }
            (_, Some(_), State::Other) => {
                let text = format!(
                    "{} is not what `tracer install` has put there: somebody has changed or replaced it: move it away \
                     first: nothing was done",
                    path.display()
                );
                return Err(Failure::new(Code::Target, text));
            }
            (_, _, State::Gone | State::Installed) => Step::Put(entry, content.with_mode_of(&path)),
        };
        self.steps.push(step);
        Ok(())
    }

    fn remove_others(&mut self) -> Result<(), Failure> {
        let wanted: Vec<&Path> = self.steps.iter().map(|step| &*step.entry().path).collect();
        let mut others = Vec::new();
        for path in self.before.files() {
            if !wanted.contains(&path)
                && self.before.state(path, &self.root.join(path))? == State::Installed
            {
                others.extend(self.before.find(path).cloned().map(Step::Remove));
            }
        }
        self.steps.extend(others);
        Ok(())
    }

    /// In words.
    pub(super) fn said(&self) -> Vec<String> {
        let said = |step: &Step| {
            let path = self.root.join(&step.entry().path);
            let is_there = path.symlink_metadata().is_ok();
            let path = path.display();
            match step {
                Step::Put(_, Content::Bytes(..)) => format!("install {path}"),
                Step::Put(_, Content::Link(to)) => format!("link {path} -> {}", to.display()),
                Step::Keep(_) if is_there => format!("keep {path}, which is somebody's own"),
                Step::Keep(_) => format!("leave out {path}, which was removed"),
                Step::Remove(_) => format!("remove {path}"),
            }
        };
        self.steps.iter().map(said).collect()
    }
}

impl Step {
    pub(super) fn entry(&self) -> &Entry {
        match self {
            Self::Put(entry, _) | Self::Keep(entry) | Self::Remove(entry) => entry,
        }
    }
}
