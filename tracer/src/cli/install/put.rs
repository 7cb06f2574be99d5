//! Doing it, all or nothing: everything is written beside its place first, and takes it when all of it is on disk. The list
//! takes its place before the files do, with what they were and what they become: what is killed in between can be
//! done again, or undone.

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

/// What stands behind the name of a file beside its place: the new one, and the one that was there.
const NEW: &str = "new";
const OLD: &str = "old";
pub(super) const ENDINGS: [&str; 2] = [NEW, OLD];

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
    place.at(&place.manifest())?;
    for step in &plan.steps {
        place.at(&step.entry().path)?;
    }
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
        let after = self.manifest(place, plan);
        let mut meanwhile = Manifest {
            entries: plan.before.entries.clone(),
            unfinished: true,
        };
        let new = |entry: &&Entry| !plan.before.entries.contains(entry);
        meanwhile
            .entries
            .extend(after.entries.iter().filter(new).cloned());
        let written = self.beside.clone();
        self.list(&list, &meanwhile)?;
        for step in &plan.steps {
            if let Step::Remove(entry) = step {
                self.move_away(&at(entry))?;
            }
        }
        written
            .iter()
            .try_for_each(|(beside, path)| self.place(beside, path))?;
        self.list(&list, &after)
    }

    /// Puts the list into its place.
    fn list(&mut self, path: &Path, manifest: &Manifest) -> Result<(), Failed> {
        let text = manifest.text().into_bytes();
        let beside = self.write(path, &Content::Bytes(text, 0o644))?;
        self.place(&beside, path)
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
        Manifest {
            entries,
            unfinished: false,
        }
    }

    /// Writes what is to stand at a place, beside it.
    fn write(&mut self, path: &Path, content: &Content) -> Result<PathBuf, Failed> {
        self.directory_of(path)?;
        let beside = named(path, NEW);
        // What an installation has left that was killed.
        let _ = fs::remove_file(&beside);
        self.beside.push((beside.clone(), path.to_owned()));
        let written = match content {
            Content::Link(to) => symlink(to, &beside),
            Content::Bytes(bytes, mode) => write_file(&beside, bytes, *mode),
        };
        match written {
            Ok(()) => Ok(beside),
            Err(error) => Err((path.to_owned(), error)),
        }
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
        let old = named(path, OLD);
        fs::rename(path, &old).map_err(|error| (path.to_owned(), error))?;
        self.away.push((old, path.to_owned()));
        Ok(())
    }

    /// Something takes its place, in which there is always the one or the other.
    fn place(&mut self, beside: &Path, path: &Path) -> Result<(), Failed> {
        let failed = |error| (path.to_owned(), error);
        if !self.away.iter().any(|(_, known)| known == path) {
            let old = named(path, OLD);
            // What an installation has left that was killed.
            let _ = fs::remove_file(&old);
            match fs::hard_link(path, &old) {
                Ok(()) => self.away.push((old, path.to_owned())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // Some file systems have no links.
                Err(_) => self.move_away(path)?,
            }
        }
        fs::rename(beside, path).map_err(failed)?;
        self.placed.push(path.to_owned());
        Ok(())
    }

    /// Puts everything back; what could not be.
    fn take_back(&mut self) -> Option<PathBuf> {
        let mut left = None;
        let mut is_left = |path: &Path, error: io::Error| {
            // What was never made is not left, whatever forbids to look at it.
            if error.kind() != io::ErrorKind::NotFound && path.symlink_metadata().is_ok() {
                left = Some(path.to_owned());
            }
        };
        let old: Vec<&PathBuf> = self.away.iter().map(|(_, path)| path).collect();
        let new = self.placed.iter().filter(|path| !old.contains(path));
        for path in new.chain(self.beside.iter().map(|(beside, _)| beside)) {
            if let Err(error) = fs::remove_file(path) {
                is_left(path, error);
            }
        }
        for (old, path) in self.away.iter().rev() {
            // Where both are the same file, nothing is renamed.
            if let Err(error) = fs::rename(old, path) {
                is_left(path, error);
            }
            let _ = fs::remove_file(old);
        }
        for dir in self.directories.iter().rev() {
            if let Err(error) = fs::remove_dir(dir) {
                is_left(dir, error);
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
pub(super) fn named(path: &Path, ending: &str) -> PathBuf {
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
