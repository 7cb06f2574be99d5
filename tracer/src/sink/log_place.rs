//! The place of the audit log: a file with its permissions whatever the umask is, in a directory
//! that is made again as it was, and locked, so that no two daemons write one log.

use std::{
    fs::{self, DirBuilder, File, Permissions},
    io,
    os::unix::fs::{
        DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown,
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};

/// Permissions of directories above the one that was asked for.
const ABOVE: u32 = 0o755;

/// Where a log is.
pub(super) struct LogPlace {
    path: PathBuf,
    directory: Option<Kept>,
}

/// A directory as it was found.
#[derive(Clone, Copy)]
struct Kept {
    mode: u32,
    uid: u32,
    gid: u32,
}

impl LogPlace {
    /// The place of a log, in a directory that is there.
    pub(super) fn new(path: &Path) -> Self {
        let directory = path.parent().and_then(|dir| fs::metadata(dir).ok());
        Self {
            path: path.to_owned(),
            directory: directory.map(|found| Kept {
                mode: found.mode() & 0o7777,
                uid: found.uid(),
                gid: found.gid(),
            }),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the directory again, as it was.
    pub(super) fn make_directory(&self) -> io::Result<()> {
        let (Some(directory), Some(kept)) = (self.path.parent(), self.directory) else {
            return Ok(());
        };
        if !make_directory(directory, kept.mode & 0o700)? {
            return Ok(());
        }
        // Others get in only once it belongs to those to whom it belonged.
        let mode = match chown(directory, Some(kept.uid), Some(kept.gid)) {
            Ok(()) => kept.mode,
            Err(_) => kept.mode & 0o700,
        };
        fs::set_permissions(directory, Permissions::from_mode(mode))
    }

    /// Opens or makes the file, and locks it.
    pub(super) fn open(&self, mode: u32) -> io::Result<File> {
        let mut options = File::options();
        options
            .read(true)
            .append(true)
            .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC | libc::O_NOCTTY);
        let file = match options.clone().create_new(true).mode(mode).open(&self.path) {
            Ok(file) => {
                file.set_permissions(Permissions::from_mode(mode))?;
                file
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                options.open(&self.path)?
            }
            Err(error) => return Err(error),
        };
        let kind = file.metadata()?.file_type();
        if kind.is_file() {
            lock(&file)?;
        } else if !kind.is_char_device() {
            return Err(io::Error::other(
                "it is no regular file: remove it, or set another log_file",
            ));
        }
        Ok(file)
    }
}

/// Takes the lock that every daemon takes on its log.
fn lock(file: &File) -> io::Result<()> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => Err(io::Error::other(
            "another daemon writes this log: end it first, or set another log_file",
        )),
        // Not every file system has locks; nothing else is wrong with it.
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes a directory with these permissions, whatever the umask is; those above it that are
/// missing, too. False when it was there.
pub fn make_directory(path: &Path, mode: u32) -> io::Result<bool> {
    if path.is_dir() || path.as_os_str().is_empty() {
        return Ok(false);
    }
    if let Some(above) = path.parent() {
        make_directory(above, ABOVE)?;
    }
    // Never open to more than it is to be, not even for a moment.
    match DirBuilder::new().mode(mode).create(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {
            return Ok(false);
        }
        Err(error) => return Err(error),
    }
    fs::set_permissions(path, Permissions::from_mode(mode))?;
    Ok(true)
}

/// Permissions of the directory of a log: who may read the log may look into it.
pub fn directory_mode(log_mode: u32) -> u32 {
    let search = |read: u32| {
        if log_mode & read == 0 {
            0
        } else {
            read | read >> 2
        }
    };
    0o700 | search(0o040) | search(0o004)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn who_reads_the_log_may_look_into_its_directory() {
        for (log, directory) in [
            (0o600, 0o700),
            (0o640, 0o750),
            (0o644, 0o755),
            (0o660, 0o750),
        ] {
            assert_eq!(directory_mode(log), directory, "{log:o}");
        }
    }

    #[test]
    fn directories_and_files_are_as_they_were() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/audit.log");
        assert!(make_directory(path.parent().unwrap(), 0o750).unwrap());
        assert!(!make_directory(path.parent().unwrap(), 0o700).unwrap());
        assert_eq!(mode(&dir.path().join("a")), 0o755);
        assert_eq!(mode(&dir.path().join("a/b")), 0o750);
        let place = LogPlace::new(&path);
        let file = place.open(0o666).unwrap();
        assert_eq!(mode(&path), 0o666, "the umask counts for nothing");
        assert!(place.open(0o600).is_err(), "it is locked");
        drop(file);
        place.open(0o600).unwrap();
        assert_eq!(mode(&path), 0o666, "what is there keeps its permissions");
        fs::remove_dir_all(dir.path().join("a")).unwrap();
        place.make_directory().unwrap();
        assert_eq!(mode(&dir.path().join("a/b")), 0o750);
    }

    #[test]
    fn what_is_no_file_is_no_log() {
        let dir = tempfile::tempdir().unwrap();
        let fifo = dir.path().join("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let error = LogPlace::new(&fifo).open(0o600).unwrap_err();
        assert!(error.to_string().contains("no regular file"), "{error}");
        assert!(LogPlace::new(dir.path()).open(0o600).is_err());
        let socket = dir.path().join("socket");
        let _socket = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(LogPlace::new(&socket).open(0o600).is_err());
    }
}
