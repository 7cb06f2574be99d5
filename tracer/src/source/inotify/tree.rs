//! The remembered tree: which directory each watch stands for, and which names are in it.
//!
//! A path is never stored but walked up from its directory, so that renaming a directory changes
//! one node. No I/O here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use smallvec::SmallVec;

use super::nodes::Nodes;

/// One component of a path. Most are short, and then need no memory of their own.
pub(super) type Name = SmallVec<[u8; 16]>;

/// A watch descriptor. The kernel does not hand out a number again before all others were used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Wd(pub(super) i32);

/// What a name in a watched directory stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Anything but a directory.
    File,
    /// A directory, and its watch when it has one.
    Dir(Option<Wd>),
}

impl Entry {
    pub(super) fn is_dir(self) -> bool {
        matches!(self, Self::Dir(_))
    }

    pub(super) fn wd(self) -> Option<Wd> {
        match self {
            Self::File => None,
            Self::Dir(wd) => wd,
        }
    }
}

/// How much of what happens in a directory is of interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of it.
    All,
    /// These names: the files that the user asked for.
    Only(BTreeSet<Name>),
    /// The watch is on a file itself, because its directory cannot be watched.
    Itself,
}

/// Where a watched directory is.
#[derive(Debug)]
pub(super) enum Place {
    /// It is a root, or the directory of a root. The path of `/` is empty here.
    Base(Box<(Vec<u8>, Scope)>),
    /// It has this name in another watched directory.
    Under(Wd, Name),
}

/// A watched directory.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    /// What is in it, as far as it has been reported or was there from the start.
    pub(super) names: BTreeMap<Name, Entry>,
    /// It has been listed, or need not be: there were no subdirectories.
    pub(super) listed: bool,
}

impl Node {
    /// A directory with this name in another.
    pub(super) fn under(parent: Wd, name: Name) -> Self {
        Self::at(Place::Under(parent, name))
    }

    fn at(place: Place) -> Self {
        Self {
            place,
            names: BTreeMap::new(),
            listed: false,
        }
    }
}

/// Something that was in a part of the tree that was cut off.
#[derive(Debug)]
pub(super) struct Fallen {
    pub(super) path: Vec<u8>,
    pub(super) is_dir: bool,
}

/// Every watched directory.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Nodes,
}

/// A path and one name below it.
pub(super) fn join(dir: &[u8], name: &[u8]) -> Vec<u8> {
    let dir = dir.strip_suffix(b"/").unwrap_or(dir);
    [dir, b"/", name].concat()
}

impl Tree {
    pub(super) fn get(&self, wd: Wd) -> Option<&Node> {
        self.nodes.get(wd)
    }

    pub(super) fn has(&self, wd: Wd) -> bool {
        self.nodes.get(wd).is_some()
    }

    /// What of the directory itself is of interest.
    pub(super) fn scope(&self, wd: Wd) -> Option<&Scope> {
        match &self.nodes.get(wd)?.place {
            Place::Base(base) => Some(&base.1),
            Place::Under(..) => Some(&Scope::All),
        }
    }

    /// The absolute path of a watched directory.
    pub(super) fn path(&self, wd: Wd) -> Option<Vec<u8>> {
        let mut names = Vec::new();
        let mut at = wd;
        let base = loop {
            match &self.nodes.get(at)?.place {
                Place::Base(base) => break &base.0,
                Place::Under(parent, name) => {
                    names.push(name);
                    at = *parent;
                }
            }
        };
        let len = base.len() + names.iter().map(|name| name.len() + 1).sum::<usize>();
        let mut path = Vec::with_capacity(len.max(1));
        path.extend_from_slice(base);
        for name in names.into_iter().rev() {
            path.push(b'/');
            path.extend_from_slice(name);
        }
        if path.is_empty() {
            path.push(b'/');
        }
        Some(path)
    }

    /// Is this directory the other one, or somewhere below it?
    pub(super) fn is_within(&self, wd: Wd, other: Wd) -> bool {
        let mut at = wd;
        loop {
            if at == other {
                return true;
            }
            match self.nodes.get(at).map(|node| &node.place) {
                Some(Place::Under(parent, _)) => at = *parent,
                Some(Place::Base(..)) | None => return false,
            }
        }
    }

    pub(super) fn entry(&self, wd: Wd, name: &[u8]) -> Option<Entry> {
        self.nodes.get(wd)?.names.get(name).copied()
    }

    pub(super) fn set(&mut self, wd: Wd, name: &[u8], entry: Entry) {
        self.set_name(wd, name.into(), entry);
    }

    pub(super) fn take(&mut self, wd: Wd, name: &[u8]) -> Option<Entry> {
        self.nodes.get_mut(wd)?.names.remove(name)
    }

    /// A root, or the directory of one.
    pub(super) fn insert_base(&mut self, wd: Wd, path: &[u8], scope: Scope) {
        let path = path.strip_suffix(b"/").unwrap_or(path);
        let place = Place::Base(Box::new((path.to_vec(), scope)));
        self.nodes.insert(wd, Node::at(place));
    }

    /// One more file of interest in a directory that is watched for files. False when the
    /// directory is watched as a whole.
    pub(super) fn widen(&mut self, wd: Wd, name: &[u8]) -> bool {
        match self.nodes.get_mut(wd).map(|node| &mut node.place) {
            Some(Place::Base(base)) => match &mut base.1 {
                Scope::Only(names) => names.insert(name.into()),
                Scope::All | Scope::Itself => false,
            },
            _ => false,
        }
    }

    /// A directory that has just been watched, with nothing known to be in it.
    pub(super) fn insert(&mut self, wd: Wd, parent: Wd, name: &[u8]) {
        let known = self
            .nodes
            .get(parent)
            .and_then(|node| node.names.get_key_value(name));
        let name: Name = known.map_or_else(|| name.into(), |(name, _)| name.clone());
        self.set_name(parent, name.clone(), Entry::Dir(Some(wd)));
        self.nodes.insert(wd, Node::under(parent, name));
    }

    fn set_name(&mut self, wd: Wd, name: Name, entry: Entry) {
        if let Some(node) = self.nodes.get_mut(wd) {
            node.names.insert(name, entry);
        }
    }

    /// As [`Tree::insert`], for a name that is in its parent without a watch. False when it is not.
    pub(super) fn insert_known(&mut self, wd: Wd, parent: Wd, name: &Name) -> bool {
        if self.has(wd) {
            return false;
        }
        let entry = self
            .nodes
            .get_mut(parent)
            .and_then(|node| node.names.get_mut(name));
        match entry {
            Some(entry @ Entry::Dir(None)) => *entry = Entry::Dir(Some(wd)),
            _ => return false,
        }
        self.nodes.insert(wd, Node::under(parent, name.clone()));
        true
    }

    /// What is in a directory of which nothing is known. False when something is.
    pub(super) fn fill(&mut self, wd: Wd, names: impl Iterator<Item = (Name, Entry)>) -> bool {
        match self.nodes.get_mut(wd) {
            Some(node) if node.names.is_empty() => {
                node.names = names.collect();
                true
            }
            _ => false,
        }
    }

    /// A directory has been listed.
    pub(super) fn set_listed(&mut self, wd: Wd) {
        if let Some(node) = self.nodes.get_mut(wd) {
            node.listed = true;
        }
    }

    /// How many watches there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A directory has been renamed, with everything below it.
    pub(super) fn shift(&mut self, wd: Wd, parent: Wd, name: &[u8]) {
        if let Some(node) = self.nodes.get_mut(wd) {
            node.place = Place::Under(parent, name.into());
            self.set(parent, name, Entry::Dir(Some(wd)));
        }
    }

    /// Forgets a directory and everything below it. Its own name stays in its parent, without a
    /// watch. Returns the watches.
    pub(super) fn cut(&mut self, wd: Wd) -> Vec<Wd> {
        self.fell(wd, &mut |_, _| ())
    }

    /// As [`Tree::cut`], and tells what was below it, the deepest first.
    pub(super) fn cut_telling(&mut self, wd: Wd) -> (Vec<Wd>, Vec<Fallen>) {
        let Some(top) = self.path(wd) else {
            return (Vec::new(), Vec::new());
        };
        let mut paths = HashMap::from([(wd, top)]);
        let mut fallen = Vec::new();
        let wds = self.fell(wd, &mut |at, node| {
            let dir = paths.remove(&at).unwrap_or_default();
            for (name, entry) in &node.names {
                let path = join(&dir, name);
                if let Some(below) = entry.wd() {
                    paths.insert(below, path.clone());
                }
                fallen.push(Fallen {
                    path,
                    is_dir: entry.is_dir(),
                });
            }
        });
        fallen.reverse();
        (wds, fallen)
    }

    /// Takes nodes out, parents before children.
    fn fell(&mut self, wd: Wd, tell: &mut dyn FnMut(Wd, &Node)) -> Vec<Wd> {
        if let Some(Place::Under(parent, name)) = self.nodes.get(wd).map(|node| &node.place) {
            let (parent, name) = (*parent, name.clone());
            if self.entry(parent, &name) == Some(Entry::Dir(Some(wd))) {
                self.set(parent, &name, Entry::Dir(None));
            }
        }
        let mut felled = Vec::new();
        let mut todo = vec![wd];
        while let Some(at) = todo.pop() {
            let Some(node) = self.nodes.remove(at) else {
                continue;
            };
            tell(at, &node);
            todo.extend(node.names.values().filter_map(|entry| entry.wd()));
            felled.push(at);
        }
        felled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let mut tree = Tree::default();
        tree.insert_base(Wd(1), b"/r", Scope::All);
        tree.insert(Wd(2), Wd(1), b"a");
        tree.insert(Wd(3), Wd(2), b"b");
        tree.set(Wd(3), b"f", Entry::File);
        tree
    }

    #[test]
    fn paths_follow_a_renamed_directory() {
        let mut tree = tree();
        assert_eq!(tree.path(Wd(3)).unwrap(), b"/r/a/b");
        assert!(tree.is_within(Wd(3), Wd(2)) && !tree.is_within(Wd(2), Wd(3)));
        tree.take(Wd(1), b"a");
        tree.shift(Wd(2), Wd(1), b"c");
        assert_eq!(tree.path(Wd(3)).unwrap(), b"/r/c/b");
    }

    #[test]
    fn the_root_directory_is_not_doubled() {
        let mut tree = Tree::default();
        tree.insert_base(Wd(1), b"/", Scope::All);
        tree.insert(Wd(2), Wd(1), b"a");
        assert_eq!(tree.path(Wd(1)).unwrap(), b"/");
        assert_eq!(tree.path(Wd(2)).unwrap(), b"/a");
        assert_eq!(join(b"/", b"a"), b"/a");
    }

    #[test]
    fn a_cut_takes_what_is_below_and_tells_it_deepest_first() {
        let mut tree = tree();
        let (wds, fallen) = tree.cut_telling(Wd(2));
        assert_eq!(wds, [Wd(2), Wd(3)]);
        let paths: Vec<_> = fallen
            .iter()
            .map(|f| (f.path.as_slice(), f.is_dir))
            .collect();
        assert_eq!(paths, [(&b"/r/a/b/f"[..], false), (&b"/r/a/b"[..], true)]);
        assert_eq!(tree.entry(Wd(1), b"a"), Some(Entry::Dir(None)));
        assert!(!tree.has(Wd(3)) && tree.path(Wd(3)).is_none());
    }
}
