//! Files that decide what root's daemon does: only root may be able to write them.

use std::{
    ffi::OsString,
    fs::{File, Metadata},
    io::{self, Read as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// How a file is read, of so many bytes at most.
pub(crate) type Read = fn(&Path, u64) -> io::Result<Vec<u8>>;

/// Symlinks that one path may go through (`MAXSYMLINKS` of `linux/namei.h`).
const SYMLINKS: usize = 40;

/// Reads a file that nobody but root can have written.
///
/// # Errors
/// When it cannot be read or is no regular file, when it is larger than `max`, and when others can write
/// it, or can put another one in its place or in that of a directory or symlink on the way to it.
pub(crate) fn read(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    check_way(path)?;
    let (mut file, status) = open_regular(path)?;
    check(&status, "it")?;
    read_at_most(&mut file, &status, max)
}

/// Opens a file to read, which must be a regular one: a FIFO would be waited for.
pub(crate) fn open_regular(path: &Path) -> io::Result<(File, Metadata)> {
    let mut options = File::options();
    let file = options
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)?;
    let status = file.metadata()?;
    if !status.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    Ok((file, status))
}

/// Checks every directory that decides where a path leads.
fn check_way(path: &Path) -> io::Result<()> {
    let names = |path: &Path| -> Vec<OsString> {
        let parts = path.components().rev();
        parts.map(|part| part.as_os_str().to_owned()).collect()
    };
    let path = std::path::absolute(path)?;
    let (mut at, mut left, mut links) = (PathBuf::new(), names(&path), 0);
    while let Some(name) = left.pop() {
        if name == ".." {
            at.pop();
            continue;
        }
        let next = at.join(&name);
        let status = next.symlink_metadata()?;
        if status.is_symlink() {
            links += 1;
            if links > SYMLINKS {
                return Err(io::Error::from_raw_os_error(libc::ELOOP));
            }
            let target = next.read_link()?;
            if target.is_absolute() {
                at = PathBuf::new();
            }
            left.extend(names(&target));
            continue;
        }
        if status.is_dir() {
            check(&status, &next.display().to_string())?;
        }
        at = next;
    }
    Ok(())
}

/// Reads any file.
pub(crate) fn read_any(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let status = file.metadata()?;
    read_at_most(&mut file, &status, max)
}

fn read_at_most(file: &mut File, status: &Metadata, max: u64) -> io::Result<Vec<u8>> {
    let too_large = || io::Error::other(format!("it is larger than {} MiB", max >> 20));
    if status.len() > max {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(too_large());
    }
    Ok(bytes)
}

/// Refuses what others than root can write. In a directory with the sticky bit they cannot replace what
/// is not theirs.
fn check(status: &Metadata, what: &str) -> io::Result<()> {
    let (mode, uid, gid) = (status.mode(), status.uid(), status.gid());
    let is_sticky = status.is_dir() && mode & libc::S_ISVTX != 0;
    let by_group = gid != 0 && mode & 0o020 != 0;
    if uid == 0 && (is_sticky || !by_group && mode & 0o002 == 0) {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!(
            "others than root can write {what} (owner {uid}, group {gid}, mode {:04o}): \
             `chown root:root` and `chmod go-w`",
            mode & 0o7777
        ),
    ))
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    use super::*;

    #[test]
    fn sizes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, "1234").unwrap();
        assert_eq!(read_any(&path, 4).unwrap(), b"1234");
        assert!(read_any(&path, 3).is_err());
        assert!(
            read_any(Path::new("/dev/zero"), 3).is_err(),
            "no size, no end"
        );
    }

    #[test]
    fn who_can_write() {
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().join("own");
        fs::create_dir(&own).unwrap();
        let path = own.join("file");
        fs::write(&path, "x").unwrap();
        let is_root = fs::metadata(&path).unwrap().uid() == 0;
        let set = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        for (directory, file, is_good) in [
            (0o700, 0o600, true),
            (0o755, 0o644, true),
            (0o1777, 0o644, true),
            (0o755, 0o646, false),
            (0o777, 0o644, false),
            (0o757, 0o600, false),
        ] {
            set(&own, directory);
            set(&path, file);
            let got = read(&path, 10);
            assert_eq!(
                got.is_ok(),
                is_good && is_root,
                "{directory:o} {file:o}: {got:?}"
            );
        }
    }

    #[test]
    fn who_can_change_the_way_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in ["own/deep", "others/dir"] {
            fs::create_dir_all(at(name)).unwrap();
        }
        for name in ["own/deep/file", "others/file", "others/dir/file"] {
            fs::write(at(name), "x").unwrap();
        }
        let is_root = fs::metadata(at("own")).unwrap().uid() == 0;
        fs::set_permissions(at("others"), fs::Permissions::from_mode(0o777)).unwrap();
        for (link, target) in [
            ("own/good", "deep/file"),
            ("own/into", "../others/file"),
            ("own/through", "../others/back"),
            ("others/back", "../own/deep/file"),
            ("own/tree", "../others/dir"),
            ("own/loop", "loop"),
        ] {
            symlink(target, at(link)).unwrap();
        }
        for (path, is_good) in [
            ("own/deep/file", true),
            ("own/good", true),
            ("own/deep/../good", true),
            ("own/into", false),
            ("own/through", false),
            ("own/tree/file", false),
            ("own/loop", false),
            ("own/none", false),
            ("own/deep", false),
        ] {
            let got = read(&at(path), 10);
            assert_eq!(got.is_ok(), is_good && is_root, "{path}: {got:?}");
        }
        let fifo = at("own/fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(read(&fifo, 10).is_err(), "and does not wait");
    }
}
