//! What is said of a watched path that is another object now, or none: the same by every source.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

/// None is there any more. `is_last`: the source waits for no other.
pub(super) fn gone(path: &[u8], is_last: bool) -> String {
    let what_then = if is_last {
        ""
    } else {
        ": one that is made anew is watched as soon as it is seen"
    };
    format!("{} is not there any more{what_then}", shown(path))
}

/// Another directory is there now.
pub(super) fn another_directory(path: &[u8]) -> String {
    format!(
        "{} is another directory now, watched from here on: what happened in it before is not told",
        shown(path)
    )
}

/// The file is in another directory of the same name now.
pub(super) fn in_another_directory(path: &[u8]) -> String {
    format!(
        "{} is in another directory now, watched from here on: what happened to it before is not \
         told",
        shown(path)
    )
}

fn shown(path: &[u8]) -> impl std::fmt::Display + '_ {
    Path::new(OsStr::from_bytes(path)).display()
}
