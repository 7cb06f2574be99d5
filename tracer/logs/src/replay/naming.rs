//! What the segments of a log are called: `PATH`, before it `PATH.1`, `PATH.2`, ..., each of those
//! perhaps packed (`.zst`, with its sidecar `.zst.idx`) or sealed (`.seal`). Whoever gives names holds [`Names`].

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What a directory's log is called.
pub const LOG: &str = "audit.log";

/// Endings of compressed segments.
pub const COMPRESSED: [&str; 3] = [".gz", ".zst", ".xz"];

/// The ending of the seals of a segment (the room `seal`).
pub const SEAL: &str = ".seal";

/// What a segment of a number can be called, and what lies beside it.
/// in the order in which they get another name: seals without their segment tell that this was not done to
/// the end.
const ENDINGS: [&str; 4] = [SEAL, "", ZST, INDEX];

const ZST: &str = ".zst";
const INDEX: &str = ".zst.idx";

/// Held while segments get other names.
#[derive(Clone, Debug, Default)]
pub struct Names(Arc<Mutex<()>>);

impl Names {
    /// Nobody else gives names until the guard is dropped.
    pub fn hold(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `PATH.n`
pub fn numbered(path: &Path, n: u32) -> PathBuf {
    ending(path, &format!(".{n}"))
}

/// The path of a packed segment, and that of its sidecar.
pub fn packed(segment: &Path) -> (PathBuf, PathBuf) {
    (ending(segment, ZST), ending(segment, INDEX))
}

/// The path of a segment without the ending that it has where it is compressed.
pub fn bare(segment: &Path) -> PathBuf {
    let is_compressed = segment.extension().is_some_and(|found| {
        let known = COMPRESSED
            .iter()
            .filter_map(|ending| ending.strip_prefix('.'));
        known.into_iter().any(|ending| found == ending)
    });
    if is_compressed {
        segment.with_extension("")
    } else {
        segment.to_owned()
    }
}

/// A path with this behind its name.
pub fn ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The segments that there are, the newest first, packed or not.
pub fn rotated(path: &Path) -> impl Iterator<Item = PathBuf> {
    (1..)
        .take_while(|n| is_there(path, *n))
        .map(|n| numbered(path, n))
}

/// Is there a segment of this number?
pub fn is_there(path: &Path, n: u32) -> bool {
    let segment = numbered(path, n);
    segment.exists() || packed(&segment).0.exists()
}

/// Does a rotation to its end that a killed daemon has begun. Says whether the log itself has another
/// name now.
pub fn finish(path: &Path) -> io::Result<bool> {
    let missing = (1..u32::MAX).find(|n| !is_there(path, *n)).unwrap_or(1);
    let is_half = is_there(path, missing + 1) || ending(&numbered(path, missing), SEAL).exists();
    if is_half {
        for n in (1..missing).rev() {
            shift(path, n)?;
        }
        // Seals that were moved already are those of the log.
        rename(path, &numbered(path, 1))?;
    }
    Ok(is_half)
}

/// Removes the segment of this number, if there is one.
pub fn remove(path: &Path, n: u32) -> io::Result<()> {
    for of in ENDINGS {
        absent(fs::remove_file(ending(&numbered(path, n), of)))?;
    }
    Ok(())
}

/// Gives a segment the next number; what had that goes.
pub fn shift(path: &Path, n: u32) -> io::Result<()> {
    let (from, to) = (numbered(path, n), numbered(path, n + 1));
    if is_there(path, n + 1) {
        remove(path, n + 1)?;
    }
    rename(&from, &to)
}

/// Gives the log itself the number 1; what had that goes.
pub fn put_away(path: &Path) -> io::Result<()> {
    remove(path, 1)?;
    rename(path, &numbered(path, 1))
}

/// With all that lies beside it.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    for of in ENDINGS {
        absent(fs::rename(ending(from, of), ending(to, of)))?;
    }
    Ok(())
}

/// What is not there need not be moved.
fn absent(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}
