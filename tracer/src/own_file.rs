//! Files that decide what root's daemon does: only root may be able to write them.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

/// Reads a file that nobody but root can have written.
///
/// # Errors
/// When it cannot be read, when it is larger than `max`, and when others can write it, or replace it in
/// its directory.
pub(crate) fn read(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let status = file.metadata()?;
    check(&status, "it")?;
    if let Some(directory) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        check(&directory.metadata()?, "its directory")?;
    }
    read_at_most(&mut file, &status, max)
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
    use std::{fs, os::unix::fs::PermissionsExt as _};

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
        let path = dir.path().join("file");
        fs::write(&path, "x").unwrap();
        let is_root = fs::metadata(&path).unwrap().uid() == 0;
        for (directory, file, is_good) in [
            (0o700, 0o600, true),
            (0o755, 0o644, true),
            (0o1777, 0o644, true),
            (0o755, 0o646, false),
            (0o777, 0o644, false),
            (0o757, 0o600, false),
        ] {
            let set = |path: &Path, mode| {
                fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
            };
            set(dir.path(), directory);
            set(&path, file);
            let got = read(&path, 10);
            assert_eq!(
                got.is_ok(),
                is_good && is_root,
                "{directory:o} {file:o}: {got:?}"
            );
        }
    }
}
