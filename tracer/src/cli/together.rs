//! Files that take their places together, or none of them: each is written whole beside its place first, and what was
//! there is kept until all of it is done.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

/// What stands behind the name of a file beside its place: the new one, and the one that was there.
const NEW: &str = "new";
const OLD: &str = "old";
pub(super) const ENDINGS: [&str; 2] = [NEW, OLD];

/// What was done so far, for taking it back.
#[derive(Default)]
pub(super) struct Together {
    /// Directories that were made, those above first.
    pub(super) directories: Vec<PathBuf>,
    /// What lies beside its place, and the place.
    pub(super) beside: Vec<(PathBuf, PathBuf)>,
    /// What was moved away, and from where.
    away: Vec<(PathBuf, PathBuf)>,
    /// What is in its place.
    placed: Vec<PathBuf>,
}

/// What is put somewhere.
pub(super) enum Content {
    Bytes(Vec<u8>, u32),
    /// A link that leads there.
    Link(PathBuf),
}

impl Content {
    /// Settings that are there keep their mode, which somebody may have chosen.
    pub(super) fn with_mode_of(self, path: &Path) -> Self {
        let status = path.symlink_metadata().ok().filter(fs::Metadata::is_file);
        match (self, status) {
            (Self::Bytes(bytes, 0o644), Some(status)) => {
                Self::Bytes(bytes, status.permissions().mode() & 0o7777)
            }
            (content, _) => content,
        }
    }
}

/// What failed, and why.
pub(super) type Failed = (PathBuf, io::Error);

impl Together {
    /// Writes what is to stand at a place, beside it.
    pub(super) fn write(&mut self, path: &Path, content: &Content) -> Result<PathBuf, Failed> {
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
    pub(super) fn directory_of(&mut self, path: &Path) -> Result<(), Failed> {
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

    pub(super) fn move_away(&mut self, path: &Path) -> Result<(), Failed> {
        if path.symlink_metadata().is_err() {
            return Ok(());
        }
        let old = named(path, OLD);
        fs::rename(path, &old).map_err(|error| (path.to_owned(), error))?;
        self.away.push((old, path.to_owned()));
        Ok(())
    }

    /// Something takes its place, in which there is always the one or the other.
    pub(super) fn place(&mut self, beside: &Path, path: &Path) -> Result<(), Failed> {
        let failed = |error| (path.to_owned(), error);
        if path.symlink_metadata().is_ok_and(|status| status.is_dir()) {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
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
    pub(super) fn take_back(&mut self) -> Option<PathBuf> {
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
    pub(super) fn tidy(self) {
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
