//! The list of what is installed: a line for each file, with what was in it.

use std::{
    fmt::Write as _,
    fs, io,
    os::unix::ffi::OsStrExt as _,
    path::{Component, Path, PathBuf},
};

use super::{Code, Failure};

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    /// A file that is somebody's once it was changed.
    Settings,
    Link,
    /// A directory that was made.
    Directory,
}

const KINDS: [(Kind, &str); 4] = [
    (Kind::File, "file"),
    (Kind::Settings, "settings"),
    (Kind::Link, "link"),
    (Kind::Directory, "directory"),
];

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// Hash of what was in it, or of where it led; `-` for a directory.
    pub(super) hash: String,
    /// Below the root directory.
    pub(super) path: PathBuf,
}

impl Entry {
    /// Is what is there now what was installed?
    pub(super) fn is_as_installed(&self, path: &Path) -> bool {
        let now = if self.kind == Kind::Link {
            fs::read_link(path).map(|to| hash(to.as_os_str().as_bytes()))
        } else {
            fs::read(path).map(|bytes| hash(&bytes))
        };
        now.is_ok_and(|now| now == self.hash)
    }
}

/// What tells one content from another.
pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// What is installed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) entries: Vec<Entry>,
}

impl Manifest {
    /// Reads it, if it is there.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| {
                let text = format!("cannot read {}: {error}", path.display());
                Failure::new(super::code_of(&error), text)
            })?,
        };
        Self::parse(&text).map(Some).ok_or_else(|| {
            let text = format!(
                "{} is no list of `tracer install`: nothing is touched",
                path.display()
            );
            Failure::new(Code::Target, text)
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let entry = |line: &str| {
            let mut words = line.splitn(3, ' ');
            let kind = words.next()?;
            let kind = KINDS.iter().find(|(_, name)| *name == kind)?.0;
            let hash = words.next()?.to_owned();
            let path = PathBuf::from(words.next()?);
            // It is joined to the root directory, and leads out of it nowhere.
            let is_below = |part| matches!(part, Component::Normal(_));
            let is_right = path.components().all(is_below) && path.file_name().is_some();
            is_right.then_some(Entry { kind, hash, path })
        };
        let entries: Option<_> = text.lines().map(entry).collect();
        Some(Self { entries: entries? })
    }

    /// Its text.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for entry in &self.entries {
            let name = KINDS.iter().find(|(kind, _)| *kind == entry.kind);
            let name = name.map_or("", |(_, name)| name);
            // Writing into a string does not fail.
            let _ = writeln!(out, "{name} {} {}", entry.hash, entry.path.display());
        }
        out
    }

    /// The lines of a kind.
    pub(super) fn of(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.kind == kind)
    }

    /// The line of a file.
    pub(super) fn find(&self, path: &Path) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.path == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let entry = |kind, hash: &str, path: &str| Entry {
            kind,
            hash: hash.to_owned(),
            path: path.into(),
        };
        let manifest = Manifest {
            entries: vec![
                entry(Kind::Directory, "-", "usr/local/share/a b"),
                entry(Kind::File, &hash(b"x"), "usr/local/bin/tracer"),
                entry(Kind::Settings, &hash(b""), "etc/tracer/tracer.toml"),
                entry(Kind::Link, &hash(b"tracer"), "usr/local/bin/strace"),
            ],
        };
        assert_eq!(Manifest::parse(&manifest.text()), Some(manifest));
        for wrong in [
            "file x /etc/passwd",
            "file x ../etc/passwd",
            "file x ",
            "what x y",
            "file x",
            "\n",
        ] {
            assert_eq!(Manifest::parse(wrong), None, "{wrong}");
        }
    }
}
