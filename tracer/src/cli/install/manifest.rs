//! The list of what is installed: a line for each file, with what was in it. While an installation is under way, a
//! file that is replaced has two: whatever ends it, all that is there is known.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Read as _},
    os::unix::ffi::OsStrExt as _,
    path::{Component, Path, PathBuf},
};

use super::{Code, Failure};
use crate::own_file;

/// The first line, before the number of those that follow.
const HEAD: &str = "tracer-manifest 1 ";
/// Behind that number: the installation is under way, or was killed.
const UNFINISHED: &str = " unfinished";
/// Bytes of the longest list that is read.
const LONGEST: u64 = 1 << 20;

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

/// What is at a place now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Gone,
    /// What was installed.
    Installed,
    /// Something else.
    Other,
}

/// Whether a place has a link, and the hash of what is there; `None`: it is neither a file nor a link.
fn found(path: &Path) -> io::Result<Option<(bool, String)>> {
    let kind = path.symlink_metadata()?.file_type();
    if kind.is_symlink() {
        let to = fs::read_link(path)?;
        return Ok(Some((true, hash(to.as_os_str().as_bytes()))));
    }
    if !kind.is_file() {
        return Ok(None);
    }
    let (mut file, _) = own_file::open_regular(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(Some((false, hash(&bytes))))
}

/// What tells one content from another.
pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// What is installed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) entries: Vec<Entry>,
    /// Not all of it has been done.
    pub(super) unfinished: bool,
}

impl Manifest {
    /// Reads it, if it is there.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        let read = || {
            let (file, _) = own_file::open_regular(path)?;
            let mut text = Vec::new();
            file.take(LONGEST).read_to_end(&mut text)?;
            Ok::<_, io::Error>(text)
        };
        let text = match read() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| super::cannot_read(path, &error))?,
        };
        let text = String::from_utf8(text).ok();
        let manifest = text.and_then(|text| Self::parse(&text));
        manifest.map(Some).ok_or_else(|| {
            let text = format!(
                "{} is no whole list of `tracer install`: nothing is touched",
                path.display()
            );
            Failure::new(Code::Target, text)
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, text) = text.split_once('\n')?;
        let count = head.strip_prefix(HEAD)?;
        let (count, unfinished) = match count.strip_suffix(UNFINISHED) {
            Some(count) => (count, true),
            None => (count, false),
        };
        let count: usize = count.parse().ok()?;
        let is_hash = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
        let entry = |line: &str| {
            let mut words = line.splitn(3, ' ');
            let kind = words.next()?;
            let kind = KINDS.iter().find(|(_, name)| *name == kind)?.0;
            let hash = words.next()?;
            if !is_hash(hash) && kind != Kind::Directory {
                return None;
            }
            let hash = hash.to_owned();
            let path = PathBuf::from(words.next()?);
            // It is joined to the root directory, and leads out of it nowhere.
            let is_below = |part| matches!(part, Component::Normal(_));
            let is_right = path.components().all(is_below) && path.file_name().is_some();
            is_right.then_some(Entry { kind, hash, path })
        };
        let entries: Vec<_> = text.lines().map(entry).collect::<Option<_>>()?;
        let is_whole = entries.len() == count && (text.is_empty() || text.ends_with('\n'));
        is_whole.then_some(Self {
            entries,
            unfinished,
        })
    }

    /// Its text.
    pub(super) fn text(&self) -> String {
        let unfinished = if self.unfinished { UNFINISHED } else { "" };
        let mut out = format!("{HEAD}{}{unfinished}\n", self.entries.len());
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

    /// The lines of a file.
    fn lines(&self, path: &Path) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.path == path)
    }

    /// The line of a file: the last one, where it was being replaced.
    pub(super) fn find(&self, path: &Path) -> Option<&Entry> {
        self.lines(path).last()
    }

    /// What is at the place of a file, which is `at` here.
    pub(super) fn state(&self, path: &Path, at: &Path) -> Result<State, Failure> {
        let found = match found(at) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::Gone),
            found => found.map_err(|error| super::cannot_read(at, &error))?,
        };
        let is_it = |entry: &Entry| {
            let is_link = entry.kind == Kind::Link;
            found
                .as_ref()
                .is_some_and(|(is, hash)| *is == is_link && *hash == entry.hash)
        };
        Ok(if self.lines(path).any(is_it) {
            State::Installed
        } else {
            State::Other
        })
    }

    /// Every file in it once, in their order.
    pub(super) fn files(&self) -> Vec<&Path> {
        let mut files: Vec<&Path> = Vec::new();
        for entry in &self.entries {
            if entry.kind != Kind::Directory && !files.contains(&&*entry.path) {
                files.push(&entry.path);
            }
        }
        files
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
            unfinished: true,
        };
        let text = manifest.text();
        assert_eq!(Manifest::parse(&text), Some(manifest));
        // What is cut is none, wherever that is.
        for end in 0..text.len() {
            assert_eq!(Manifest::parse(&text[..end]), None, "{}", &text[..end]);
        }
        let hash = hash(b"x");
        for wrong in [
            &format!("file {hash} /etc/passwd"),
            &format!("file {hash} ../etc/passwd"),
            &format!("file {hash} "),
            &format!("what {hash} y"),
            &format!("file {hash}"),
            "file x y",
            "",
        ] {
            let text = format!("{HEAD}1\n{wrong}\n");
            assert_eq!(Manifest::parse(&text), None, "{text}");
        }
        let right = format!("{HEAD}1\nfile {hash} y\n");
        assert!(Manifest::parse(&right).is_some());
    }
}
