//! Which files make a log: `audit.log`, before it `audit.log.1`, `audit.log.2`, ..., each of them
//! perhaps compressed (`.gz`, `.zst`, `.xz`).

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{
    ReplayError,
    naming::{COMPRESSED, LOG, ending, numbered},
};

/// The segments of the log at this path, oldest first. A directory means the log in it, with all
/// that was rotated away; a file means this file alone, unless `rotated`.
pub fn segments(path: &Path, rotated: bool) -> Result<Vec<PathBuf>, ReplayError> {
    let status = std::fs::metadata(path).map_err(|e| ReplayError::open(path, e));
    let is_dir = status.as_ref().is_ok_and(std::fs::Metadata::is_dir);
    if !is_dir && !rotated {
        return status.map(|_| vec![path.to_owned()]);
    }
    let log = if is_dir {
        path.join(LOG)
    } else {
        path.to_owned()
    };
    let mut found = Vec::new();
    for number in 0.. {
        match segment(&log, number)? {
            Some(file) => found.push(file),
            // The log itself can be missing in the moment of a rotation.
            None if number == 0 => {}
            None => break,
        }
    }
    found.reverse();
    if found.is_empty() {
        status?;
        return Err(ReplayError::NoLog {
            path: path.to_owned(),
        });
    }
    Ok(found)
}

/// Segment `number` of a log, as it is called on disk.
fn segment(log: &Path, number: u32) -> Result<Option<PathBuf>, ReplayError> {
    let bare = match number {
        0 => log.to_owned(),
        number => numbered(log, number),
    };
    for compressed in [""].into_iter().chain(COMPRESSED) {
        let path = ending(&bare, compressed);
        match std::fs::metadata(&path) {
            Ok(_) => return Ok(Some(path)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(ReplayError::open(&path, e)),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oldest_first() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["audit.log", "audit.log.1", "audit.log.2.gz", "audit.log.4"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let names = |path: &Path, rotated| -> Vec<String> {
            segments(path, rotated)
                .unwrap()
                .iter()
                .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
                .collect()
        };
        let all = ["audit.log.2.gz", "audit.log.1", "audit.log"];
        assert_eq!(names(dir.path(), false), all);
        assert_eq!(names(&dir.path().join("audit.log"), true), all);
        assert_eq!(names(&dir.path().join("audit.log"), false), ["audit.log"]);
        let empty = tempfile::tempdir().unwrap();
        assert!(segments(empty.path(), false).is_err());
        assert!(segments(&dir.path().join("none"), false).is_err());
    }
}
