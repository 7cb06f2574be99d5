//! Doing it, all or nothing: everything is written beside its place first, and takes it when all of it is on disk.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use super::{
    Failure, Place, code_of,
    manifest::{Entry, Kind, Manifest},
    plan::{Content, Plan, Step},
};

/// What was done so far, for taking it back.
#[derive(Default)]
struct Done {
    /// Directories that were made, those above first.
    directories: Vec<PathBuf>,
    /// What lies beside its place, and the place.
    beside: Vec<(PathBuf, PathBuf)>,
    /// What was moved away, and from where.
    away: Vec<(PathBuf, PathBuf)>,
    /// What is in its place.
    placed: Vec<PathBuf>,
}

/// Carries a plan out.
pub(super) fn all(place: &Place, plan: &Plan) -> Result<(), Failure> {
    let mut done = Done::default();
    let result = done.carry_out(place, plan);
    result.map_err(|(path, error)| {
        let left = done.take_back();
        let left = left.map_or("nothing was installed".to_owned(), |path| {
            format!("and {} could not be put back", path.display())
        });
        let text = format!("cannot install {}: {error}: {left}", path.display());
        Failure::new(code_of(&error), text)
    })?;
    done.tidy();
    Ok(())
}

/// What failed, and why.
type Failed = (PathBuf, io::Error);

impl Done {
    fn carry_out(&mut self, place: &Place, plan: &Plan) -> Result<(), Failed> {
        let at = |entry: &Entry| place.root.join(&entry.path);
        for step in &plan.steps {
            if let Step::Put(entry, content) = step {
                self.write(&at(entry), content)?;
            }
        }
        let list = place.root.join(place.manifest());
        self.directory_of(&list)?;
        let text = self.manifest(place, plan).text();
        self.write(&list, &Content::Bytes(text.into_bytes(), 0o644))?;
        for step in &plan.steps {
            if let Step::Remove(entry) = step {
                self.move_away(&at(entry))?;
            }
        }
        let written = self.beside.clone();
        written
            .iter()
            .try_for_each(|(beside, path)| self.place(beside, path))
    }

    /// The list of what is there in the end.
    fn manifest(&self, place: &Place, plan: &Plan) -> Manifest {
        let mut entries: Vec<Entry> = plan.before.of(Kind::Directory).cloned().collect();
        let made = self.directories.iter();
        entries.extend(made.map(|path| Entry {
            kind: Kind::Directory,
            hash: "-".to_owned(),
            path: path.strip_prefix(&place.root).unwrap_or(path).to_owned(),
        }));
        let kept = plan.steps.iter().filter_map(|step| match step {
            Step::Put(entry, _) => Some(entry.clone()),
            // What was there before is nobody's to remove.
            Step::Keep(entry) => plan.before.find(&entry.path).cloned(),
            Step::Remove(_) => None,
        });
        entries.extend(kept);
        Manifest { entries }
    }

    /// Writes what is to stand at a place, beside it.
    fn write(&mut self, path: &Path, content: &Content) -> Result<(), Failed> {
        self.directory_of(path)?;
        let beside = named(path, "new");
        // What an installation has left that was killed.
        let _ = fs::remove_file(&beside);
        self.beside.push((beside.clone(), path.to_owned()));
        let written = match content {
            Content::Link(to) => symlink(to, &beside),
            Content::Bytes(bytes, mode) => write_file(&beside, bytes, *mode),
        };
        written.map_err(|error| (path.to_owned(), error))
    }

    /// Makes the directories that a file is to be in.
    fn directory_of(&mut self, path: &Path) -> Result<(), Failed> {
        let above = path.ancestors().skip(1);
        let mut missing: Vec<_> = above.take_while(|dir| !dir.exists()).collect();
        missing.reverse();
        for dir in missing {
            let made = fs::create_dir(dir)
                .and_then(|()| fs::set_permissions(dir, fs::Permissions::from_mode(0o755)));
            made.map_err(|error| (dir.to_owned(), error))?;
            self.directories.push(dir.to_owned());
        }
        Ok(())
    }

    fn move_away(&mut self, path: &Path) -> Result<(), Failed> {
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        let old = named(path, "old");
        fs::rename(path, &old).map_err(|error| (path.to_owned(), error))?;
        self.away.push((old, path.to_owned()));
        Ok(())
    }

    fn place(&mut self, beside: &Path, path: &Path) -> Result<(), Failed> {
        self.move_away(path)?;
        fs::rename(beside, path).map_err(|error| (path.to_owned(), error))?;
        self.placed.push(path.to_owned());
        Ok(())
    }

    /// Puts everything back; what could not be.
    fn take_back(&mut self) -> Option<PathBuf> {
        let mut left = None;
        for path in self.placed.iter().chain(self.beside.iter().map(|(b, _)| b)) {
            if fs::remove_file(path).is_err_and(|error| error.kind() != io::ErrorKind::NotFound) {
                left = Some(path.clone());
            }
        }
        for (old, path) in self.away.iter().rev() {
            if fs::rename(old, path).is_err() {
                left = Some(path.clone());
            }
        }
        for dir in self.directories.iter().rev() {
            if fs::remove_dir(dir).is_err() {
                left = Some(dir.clone());
            }
        }
        left
    }

    /// What was replaced is not needed any more.
    fn tidy(self) {
        for (old, _) in self.away {
            let _ = fs::remove_file(old);
        }
    }
}

/// A name beside a file.
fn named(path: &Path, ending: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tracer-{ending}"))
}

fn write_file(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut options = File::options();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    // Whatever the umask is.
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.sync_all()
}
