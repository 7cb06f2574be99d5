//! A destination as rsync writes it, and whether it is mixed up with the source.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::{Path, PathBuf},
};

/// Where a copy is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dest {
    /// As rsync takes it.
    text: OsString,
    /// For a directory of this machine, its absolute path.
    local: Option<PathBuf>,
}

impl Dest {
    /// Reads a destination: a directory, `[USER@]HOST:DIR`, `HOST::MODULE` or `rsync://`.
    pub fn parse(text: &OsStr) -> Result<Self, String> {
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return Err("a destination is not empty".to_owned());
        }
        // rsync(1): a colon before the first slash makes it a remote one.
        let first = bytes.iter().position(|b| matches!(b, b':' | b'/'));
        let is_remote = first.is_some_and(|at| at > 0 && bytes[at] == b':');
        let local = if is_remote {
            None
        } else {
            Some(std::path::absolute(text).map_err(|error| error.to_string())?)
        };
        Ok(Self {
            text: local
                .clone()
                .map_or(text.to_owned(), PathBuf::into_os_string),
            local,
        })
    }

    /// As rsync takes it, ending in a slash: what is in the source goes into this directory.
    pub fn arg(&self) -> OsString {
        let mut arg = self.text.clone();
        let bytes = arg.as_bytes();
        // `host:` alone is the home directory there.
        if !bytes.ends_with(b"/") && !bytes.ends_with(b":") {
            arg.push("/");
        }
        arg
    }

    /// As it was given.
    pub fn text(&self) -> &OsStr {
        &self.text
    }

    /// Its path on this machine.
    pub fn local(&self) -> Option<&Path> {
        self.local.as_deref()
    }

    /// Is it reached through an rsync daemon, which has a time limit for the connection?
    pub fn is_daemon(&self) -> bool {
        let bytes = self.text.as_bytes();
        self.local.is_none()
            && (bytes.starts_with(b"rsync://") || bytes.windows(2).any(|two| two == b"::"))
    }
}

impl fmt::Display for Dest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.display().fmt(f)
    }
}

/// How a destination on this machine lies to a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// They are the same directory.
    Same,
    /// The second is inside the first.
    Inside,
    /// The first is inside the second.
    Around,
}

/// Compares two directories by what they are, not by their names: through symlinks and bind
/// mounts too. Neither need exist.
pub fn overlap(first: &Path, second: &Path) -> Option<Overlap> {
    let (one, other) = (real(first), real(second));
    let is_at_or_below = |path: &Path, top: &Path| {
        let id = |path: &Path| path.metadata().ok().map(|meta| (meta.dev(), meta.ino()));
        let top_id = id(top);
        path.ancestors()
            .any(|above| above == top || (top_id.is_some() && id(above) == top_id))
    };
    match (is_at_or_below(&one, &other), is_at_or_below(&other, &one)) {
        (true, true) => Some(Overlap::Same),
        (false, true) => Some(Overlap::Inside),
        (true, false) => Some(Overlap::Around),
        (false, false) => None,
    }
}

/// Without symlinks, as far as it exists.
fn real(path: &Path) -> PathBuf {
    path.ancestors()
        .find_map(|above| {
            let rest = path.strip_prefix(above).ok()?;
            Some(above.canonicalize().ok()?.join(rest))
        })
        .unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, arg, local, daemon) in [
            ("/a/b", "/a/b/", true, false),
            ("/a:b", "/a:b/", true, false),
            ("./a:b", "", true, false),
            ("host:", "host:", false, false),
            ("host:dir", "host:dir/", false, false),
            ("user@host:/dir/", "user@host:/dir/", false, false),
            ("host::mod/dir", "host::mod/dir/", false, true),
            ("rsync://host/mod", "rsync://host/mod/", false, true),
        ] {
            let dest = Dest::parse(OsStr::new(text)).expect(text);
            assert_eq!(dest.local().is_some(), local, "{text}");
            assert_eq!(dest.is_daemon(), daemon, "{text}");
            if !arg.is_empty() {
                assert_eq!(dest.arg(), arg, "{text}");
            }
        }
        assert!(Dest::parse(OsStr::new("")).is_err());
    }

    #[test]
    fn directories_in_each_other() {
        let temp = tempfile::tempdir().expect("a directory");
        let at = |name: &str| temp.path().join(name);
        std::fs::create_dir_all(at("a/in")).expect("made");
        std::fs::create_dir(at("b")).expect("made");
        std::os::unix::fs::symlink(at("a"), at("link")).expect("made");
        for (first, second, wanted) in [
            ("a", "b", None),
            ("a", "ab", None),
            ("no", "no/deep", Some(Overlap::Inside)),
            ("link/no", "a/no", Some(Overlap::Same)),
            ("a", "a", Some(Overlap::Same)),
            ("a", "link", Some(Overlap::Same)),
            ("a", "a/in", Some(Overlap::Inside)),
            ("a", "link/in/not/there", Some(Overlap::Inside)),
            ("a/in", "a", Some(Overlap::Around)),
            ("a/in", "link", Some(Overlap::Around)),
        ] {
            assert_eq!(overlap(&at(first), &at(second)), wanted, "{first} {second}");
        }
    }
}
