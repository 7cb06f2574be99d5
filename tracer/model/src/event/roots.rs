//! Which files and trees a watch is about, by name. Symlinks on the way to one may be switched while
//! it runs: whoever finds that says so here, and everybody who asks knows it.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
};

use foldhash::fast::RandomState;

/// Absolute paths of files and trees. Copies are the same one.
#[derive(Clone, Debug, Default)]
pub struct Roots(Arc<RwLock<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    all: Vec<Vec<u8>>,
    /// The same, without a slash at the end.
    known: HashSet<Vec<u8>, RandomState>,
    /// Symlinks that lead to some of them.
    links: HashSet<Vec<u8>, RandomState>,
}

impl Inner {
    fn set(&mut self, all: Vec<Vec<u8>>) {
        self.known = all.iter().map(|root| bare(root).to_vec()).collect();
        self.all = all;
    }
}

/// A path without a slash at its end: the root directory is empty.
fn bare(path: &[u8]) -> &[u8] {
    path.strip_suffix(b"/").unwrap_or(path)
}

impl Roots {
    /// All of them, as they are now.
    pub fn all(&self) -> Vec<Vec<u8>> {
        self.read(|inner| inner.all.clone())
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.read(|inner| inner.all.is_empty())
    }

    /// One more.
    pub fn push(&self, path: Vec<u8>) {
        self.write(|inner| {
            inner.known.insert(bare(&path).to_vec());
            inner.all.push(path);
        });
    }

    /// What is at this place is another path from now on.
    pub fn replace(&self, at: usize, path: Vec<u8>) {
        self.write(|inner| {
            let mut all = std::mem::take(&mut inner.all);
            if let Some(root) = all.get_mut(at) {
                *root = path;
            }
            inner.set(all);
        });
    }

    /// The symlinks that lead to some of them: what becomes of those is of interest, too.
    pub fn set_links(&self, links: impl IntoIterator<Item = Vec<u8>>) {
        self.write(|inner| inner.links = links.into_iter().collect());
    }

    /// The symlinks.
    pub fn links(&self) -> Vec<Vec<u8>> {
        self.read(|inner| inner.links.iter().cloned().collect())
    }

    /// Is an absolute path one of them, or one of the symlinks, or in one, at any depth
    /// (`recursive`) or directly?
    pub fn contain(&self, path: &[u8], recursive: bool) -> bool {
        self.read(|inner| {
            let depth = if recursive { usize::MAX } else { 2 };
            inner.links.contains(path)
                || above(path)
                    .take(depth)
                    .any(|len| inner.known.contains(&path[..len]))
        })
    }

    /// The length of each of them that is at or above an absolute path, the longest first.
    pub fn at_or_above(&self, path: &[u8]) -> Vec<usize> {
        self.read(|inner| {
            let is_known = |len: &usize| inner.known.contains(&path[..*len]);
            above(path).filter(is_known).collect()
        })
    }

    fn read<T>(&self, ask: impl FnOnce(&Inner) -> T) -> T {
        // Nothing panics while it is changed.
        ask(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }
}

impl FromIterator<Vec<u8>> for Roots {
    fn from_iter<I: IntoIterator<Item = Vec<u8>>>(paths: I) -> Self {
        let roots = Self::default();
        roots.write(|inner| inner.set(paths.into_iter().collect()));
        roots
    }
}

/// Where a path and each directory above it ends, from the path itself on up to the root directory,
/// which is empty.
fn above(path: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let whole = bare(path).len();
    std::iter::once(whole).chain(memchr::memrchr_iter(b'/', &path[..whole]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots(paths: &[&str]) -> Roots {
        paths.iter().map(|path| path.as_bytes().to_vec()).collect()
    }

    #[test]
    fn what_they_contain() {
        let rows: [(&[&str], &str, bool, bool); 9] = [
            // roots, path, recursive, directly
            (&["/a"], "/a", true, true),
            (&["/a"], "/a/", true, true),
            (&["/a"], "/a/b", true, true),
            (&["/a"], "/a/b/c", true, false),
            (&["/a"], "/ab", false, false),
            (&["/"], "/", true, true),
            (&["/"], "/a/b", true, false),
            (&["/x", "/a/b/"], "/a/b/c", true, true),
            (&[], "/a", false, false),
        ];
        for (all, path, recursive, directly) in rows {
            let roots = roots(all);
            assert_eq!(roots.contain(path.as_bytes(), true), recursive, "{path}");
            assert_eq!(roots.contain(path.as_bytes(), false), directly, "{path}");
        }
        assert_eq!(roots(&["/", "/a/b"]).at_or_above(b"/a/b/c"), [4, 0]);
    }

    #[test]
    fn copies_know_what_was_switched() {
        let one = roots(&["/a", "/b"]);
        let other = one.clone();
        one.replace(0, b"/c".to_vec());
        one.set_links([b"/link".to_vec()]);
        assert_eq!(other.all(), [b"/c".to_vec(), b"/b".to_vec()]);
        assert!(other.contain(b"/c/x", true) && !other.contain(b"/a/x", true));
        assert!(other.contain(b"/link", true) && !other.contain(b"/link/x", true));
    }
}
