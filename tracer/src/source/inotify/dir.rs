//! Opening and listing directories without following a symlink in the last component. Knows
//! nothing of watches.

use std::os::fd::{AsFd, OwnedFd};

use rustix::{
    fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, statat},
    io::{Errno, Result},
};

use super::tree::Name;

/// Nobody is told of an `O_PATH` open, us included.
const PLACE: OFlags = OFlags::PATH
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

const READ: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK);

/// `PATH_MAX` of `linux/limits.h`, with its NUL: the longest name that one call takes.
const PATH_MAX: usize = 4096;

/// The directory with this absolute path, which may be longer than `PATH_MAX`; not for reading.
pub(super) fn open(path: &[u8]) -> Result<OwnedFd> {
    if path.len() < PATH_MAX {
        return openat(CWD, path, PLACE, Mode::empty());
    }
    let mut fd = openat(CWD, c"/", PLACE, Mode::empty())?;
    for name in path.split(|b| *b == b'/').filter(|name| !name.is_empty()) {
        fd = openat(&fd, name, PLACE, Mode::empty())?;
    }
    Ok(fd)
}

/// The directory with this name in another one; not for reading.
pub(super) fn open_place_at(dir: impl AsFd, name: &[u8]) -> Result<OwnedFd> {
    openat(dir, name, PLACE, Mode::empty())
}

/// The directory with this name in another one (`.`: that one itself), for reading.
pub(super) fn open_at(dir: impl AsFd, name: &[u8]) -> Result<OwnedFd> {
    openat(dir, name, READ, Mode::empty())
}

/// Is there something at this absolute path, and is it a directory?
pub(super) fn kind(path: &[u8]) -> Result<Option<bool>> {
    if path.len() < PATH_MAX {
        return kind_at(CWD, path);
    }
    let cut = path.iter().rposition(|b| *b == b'/').unwrap_or(0);
    match open(&path[..cut]) {
        Ok(parent) => kind_at(parent, &path[cut + 1..]),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
        Err(error) => Err(error),
    }
}

/// As [`kind`], for a name in an open directory.
pub(super) fn kind_at(dir: impl AsFd, name: &[u8]) -> Result<Option<bool>> {
    match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode).is_dir())),
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        Err(error) => Err(error),
    }
}

/// When something at this absolute path was last changed (`st_ctime`): nanoseconds since 1970.
pub(super) fn changed(path: &[u8]) -> Option<u64> {
    let stat = statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    let seconds = u64::try_from(stat.st_ctime).ok()?;
    seconds
        .checked_mul(1_000_000_000)
        .map(|ns| ns + stat.st_ctime_nsec as u64)
}

/// Is there a regular file with something in it at this absolute path?
pub(super) fn has_content(path: &[u8]) -> bool {
    statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode).is_file() && stat.st_size > 0)
}

/// Everything in a directory but `.` and `..`, and whether it is a directory; without `with_files`
/// nothing but directories.
pub(super) fn list(fd: OwnedFd, with_files: bool) -> Result<Vec<(Name, bool)>> {
    let mut dir = Dir::new(fd)?;
    let mut entries = Vec::new();
    while let Some(entry) = dir.read() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name == b"." || name == b".." {
            continue;
        }
        let is_dir = match entry.file_type() {
            FileType::Unknown => match kind_at(dir.fd()?, name)? {
                Some(is_dir) => is_dir,
                None => continue,
            },
            kind => kind.is_dir(),
        };
        if is_dir || with_files {
            entries.push((name.into(), is_dir));
        }
    }
    Ok(entries)
}

/// How many directories there are at and below these paths, for the message about the limit.
pub(super) fn count(roots: &[std::path::PathBuf], skip: impl Fn(&[u8]) -> bool) -> u64 {
    use std::os::unix::ffi::OsStrExt;

    let mut todo: Vec<Vec<u8>> = roots
        .iter()
        .map(|r| r.as_os_str().as_bytes().to_vec())
        .collect();
    let mut count = 0;
    while let Some(path) = todo.pop() {
        let Ok(fd) = open(&path).and_then(|fd| open_at(fd, b".")) else {
            continue;
        };
        count += 1;
        for (name, is_dir) in list(fd, false).unwrap_or_default() {
            let below = super::tree::join(&path, &name);
            if is_dir && !skip(&below) {
                todo.push(below);
            }
        }
    }
    count
}
