//! Which paths a rule is about: files and trees by name, patterns, exclusions.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path, sync::Arc};

use globset::GlobSet;
use regex::bytes::RegexSet;

use super::{NumberSet, Roots, ignored::IgnoreFiles};
use crate::event::Event;

/// A set of absolute paths.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing, and no two belong together"
)]
pub struct PathSet {
    /// Files and directories, absolute and without symlinks.
    pub roots: Roots,
    /// Directories include everything below them, not only their own entries.
    pub recursive: bool,
    /// Patterns for the whole path.
    pub globs: GlobSet,
    /// Patterns for what is left out, whatever the rest says.
    pub exclude: GlobSet,
    /// The kernel compares inodes with those of the roots: what it says holds, too.
    pub by_inode: bool,
    /// A lookup that found nothing (`ENOENT`, `ENOTDIR`) touches no file, as with an audit watch.
    pub found_only: bool,
    /// Names as a program may give them: a call with one of these is meant, wherever it leads.
    pub given: Vec<Vec<u8>>,
    /// A root is only itself, and no tree.
    pub only_itself: bool,
    /// Calls that work on one of these descriptors are meant, too.
    pub descriptors: NumberSet,
}

impl PathSet {
    /// Is this absolute path in the set?
    pub fn contains(&self, path: &[u8]) -> bool {
        let is_root = || {
            if self.only_itself {
                self.roots.all().iter().any(|root| root == path)
            } else {
                self.roots.contain(path, self.recursive)
            }
        };
        self.has_pattern(path) || (!self.excludes(path) && is_root())
    }

    /// Is it in the set by a pattern?
    pub fn has_pattern(&self, path: &[u8]) -> bool {
        !self.globs.is_empty() && !self.excludes(path) && self.globs.is_match(as_path(path))
    }

    /// Is this name, as a program gave it, in the set?
    pub fn has_given(&self, name: &[u8]) -> bool {
        self.given.iter().any(|given| given == name)
    }

    /// Is this path left out?
    pub fn excludes(&self, path: &[u8]) -> bool {
        !self.exclude.is_empty() && self.exclude.is_match(as_path(path))
    }
}

/// Which names are of interest, by patterns for absolute paths.
#[derive(Clone, Debug, Default)]
pub struct NameFilter {
    /// Only names that one of these or of `include_regex` matches, when there are any.
    pub include: GlobSet,
    /// The same as regular expressions, found anywhere in the path.
    pub include_regex: RegexSet,
    /// No name that one of these is found in, and nothing below a directory with such a name.
    pub exclude_regex: RegexSet,
    /// No name that ignore files in the trees leave out.
    pub ignored: Option<Arc<IgnoreFiles>>,
}

impl NameFilter {
    /// Is it of no effect?
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.include_regex.is_empty() && !self.leaves_out()
    }

    /// May a directory be left out?
    pub fn leaves_out(&self) -> bool {
        !self.exclude_regex.is_empty() || self.ignored.is_some()
    }

    /// Is one of the event's files of interest?
    pub fn meets(&self, event: &Event) -> bool {
        let mut resolved = event.paths.iter().filter_map(|p| p.resolved.as_ref().ok());
        resolved.any(|path| self.has(path, event.is_dir))
    }

    /// Is this path of interest?
    pub fn has(&self, path: &[u8], is_dir: bool) -> bool {
        let all = self.include.is_empty() && self.include_regex.is_empty();
        (all || self.include.is_match(as_path(path)) || self.include_regex.is_match(path))
            && !self.excludes(path, is_dir)
    }

    /// Is this path left out, or a directory above it?
    pub fn excludes(&self, path: &[u8], is_dir: bool) -> bool {
        let ignored = self.ignored.as_ref();
        self.is_excluded(path) || ignored.is_some_and(|files| files.leaves_out(path, is_dir))
    }

    fn is_excluded(&self, path: &[u8]) -> bool {
        !self.exclude_regex.is_empty()
            && (self.exclude_regex.is_match(path)
                || memchr::memchr_iter(b'/', path)
                    .filter(|end| *end > 0)
                    .any(|end| self.exclude_regex.is_match(&path[..end])))
    }
}

fn as_path(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(path))
}

#[cfg(test)]
mod tests {
    use globset::{Glob, GlobSetBuilder};

    use super::*;

    fn globs(pattern: &str) -> GlobSet {
        GlobSetBuilder::new()
            .add(Glob::new(pattern).unwrap())
            .build()
            .unwrap()
    }

    #[test]
    fn membership() {
        let set = PathSet {
            roots: Roots::from_iter([b"/etc".to_vec()]),
            recursive: true,
            globs: globs("/tmp/*.log"),
            exclude: globs("/etc/secret/**"),
            ..PathSet::default()
        };
        let flat = PathSet {
            recursive: false,
            ..set.clone()
        };
        let all = PathSet {
            roots: Roots::from_iter([b"/".to_vec()]),
            recursive: true,
            ..PathSet::default()
        };
        let rows: &[(&PathSet, &str, bool)] = &[
            (&set, "/etc", true),
            (&set, "/etc/passwd", true),
            (&set, "/etc/a/b", true),
            (&set, "/etcetera", false),
            (&set, "/etc/secret/key", false),
            (&set, "/tmp/x.log", true),
            (&set, "/tmp/x.txt", false),
            (&flat, "/etc/passwd", true),
            (&flat, "/etc/a/b", false),
            (&all, "/anything/at/all", true),
            (&all, "/", true),
        ];
        for (set, path, wanted) in rows {
            assert_eq!(set.contains(path.as_bytes()), *wanted, "{path}");
        }
    }
}
