//! What has to be made equal at one destination: a set of paths, in memory and bounded.

use std::collections::BTreeMap;

use super::change::{Change, Kind, RelPath};

/// So many paths are kept apart; beyond that it is the whole tree. Some 100 MB.
const LIMIT: usize = 1_000_000;

/// How much of a path may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// How much.
    pub(super) kind: Kind,
    /// It is, or was, a directory.
    pub(super) is_dir: bool,
}

/// A rename that can be repeated at the destination, before anything is compared there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rename {
    /// The old name.
    pub(super) from: RelPath,
    /// The new one.
    pub(super) to: RelPath,
}

/// A set of paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pending {
    /// What may differ.
    pub(super) entries: BTreeMap<RelPath, Entry>,
    /// In the order in which they happened. Losing one costs time, nothing else.
    pub(super) renames: Vec<Rename>,
    /// Everything may differ.
    pub(super) full: bool,
}

impl Pending {
    /// Is there nothing to do?
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && !self.full
    }

    /// How many paths.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds a path; of two kinds the greater counts. True when that says more than before.
    pub(super) fn add(&mut self, path: RelPath, entry: Entry) -> bool {
        if self.entries.len() >= LIMIT {
            let was = std::mem::replace(&mut self.full, true);
            self.entries.clear();
            self.renames.clear();
            return !was;
        }
        match self.entries.entry(path) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(entry);
                true
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                let old = *place.get();
                let new = Entry {
                    kind: old.kind.max(entry.kind),
                    is_dir: entry.is_dir,
                };
                place.insert(new);
                new != old
            }
        }
    }

    /// Takes over everything of another set that is older.
    pub(super) fn absorb(&mut self, older: Self) {
        self.full |= older.full;
        for (path, entry) in older.entries {
            let is_dir = self.entries.get(&path).map_or(entry.is_dir, |e| e.is_dir);
            self.add(path, Entry { is_dir, ..entry });
        }
        // What is renamed twice is not worth the thought.
        self.renames.clear();
    }

    /// The paths at and below a name whose content may differ: without the name itself.
    fn dirty(&self, top: &[u8]) -> Vec<(Box<[u8]>, Entry)> {
        let own = self.entries.get_key_value(top).into_iter();
        let below = [top, b"/"].concat();
        let start: RelPath = below.clone().into();
        self.entries
            .range(start..)
            .take_while(|(path, _)| path.starts_with(&below))
            .chain(own)
            .filter(|(_, entry)| entry.kind > Kind::Attribute)
            .map(|(path, entry)| (path[top.len()..].into(), *entry))
            .collect()
    }
}

/// Everything about a destination that is not known to be done.
#[derive(Debug, Default)]
pub(super) struct Undone {
    /// What came since the last batch was taken.
    pub(super) pending: Pending,
    /// The batch that is being worked on.
    pub(super) taken: Pending,
    /// What could not be transferred, and is tried again later.
    pub(super) failed: Pending,
}

impl Undone {
    /// Takes in a change. What is to be written down is handed to `note`.
    pub(super) fn add(&mut self, change: Change, note: &mut dyn FnMut(&[u8], Entry)) {
        match change {
            Change::Path { path, kind, is_dir } => self.note(&path, Entry { kind, is_dir }, note),
            Change::Rename { from, to, is_dir } => self.rename(&from, &to, is_dir, note),
            Change::Everything => self.pending.full = true,
        }
    }

    fn note(&mut self, path: &[u8], entry: Entry, note: &mut dyn FnMut(&[u8], Entry)) {
        if self.pending.add(path.into(), entry) {
            note(path, entry);
        }
    }

    /// What was to be done about the old name is to be done about the new one.
    fn rename(&mut self, from: &[u8], to: &[u8], is_dir: bool, note: &mut dyn FnMut(&[u8], Entry)) {
        let sets = [&self.pending, &self.taken, &self.failed];
        let dirty: Vec<_> = sets.iter().flat_map(|set| set.dirty(from)).collect();
        let is_equal = !dirty.iter().any(|(rest, _)| rest.is_empty());
        let moved = Entry {
            kind: Kind::of_moved(is_dir),
            is_dir,
        };
        self.note(from, moved, note);
        for (rest, entry) in dirty {
            self.note(&[to, &*rest].concat(), entry, note);
        }
        // Written down as what is to be done should the rename not be repeated.
        note(to, moved);
        let kind = if is_equal && !is_dir {
            Kind::Attribute
        } else {
            moved.kind
        };
        self.pending.add(to.into(), Entry { kind, is_dir });
        if is_equal {
            self.pending.renames.push(Rename {
                from: from.into(),
                to: to.into(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str, kind: Kind) -> Change {
        Change::Path {
            path: path.as_bytes().into(),
            kind,
            is_dir: false,
        }
    }

    fn rename(from: &str, to: &str, is_dir: bool) -> Change {
        Change::Rename {
            from: from.as_bytes().into(),
            to: to.as_bytes().into(),
            is_dir,
        }
    }

    fn after(changes: Vec<Change>) -> Undone {
        let mut undone = Undone::default();
        for change in changes {
            undone.add(change, &mut |_, _| ());
        }
        undone
    }

    fn kind(undone: &Undone, path: &str) -> Option<Kind> {
        Some(undone.pending.entries.get(path.as_bytes())?.kind)
    }

    #[test]
    fn the_greater_kind_counts() {
        let undone = after(vec![
            path("a", Kind::Content),
            path("a", Kind::Attribute),
            path("b", Kind::Attribute),
        ]);
        assert_eq!(kind(&undone, "a"), Some(Kind::Content));
        assert_eq!(kind(&undone, "b"), Some(Kind::Attribute));
    }

    #[test]
    fn a_rename_of_what_is_equal_is_repeated() {
        let undone = after(vec![rename("a", "b", false)]);
        assert_eq!(kind(&undone, "a"), Some(Kind::Content));
        assert_eq!(kind(&undone, "b"), Some(Kind::Attribute));
        assert_eq!(undone.pending.renames.len(), 1);
    }

    #[test]
    fn a_rename_of_what_has_changed_is_a_transfer() {
        let undone = after(vec![path("a", Kind::Content), rename("a", "b", false)]);
        assert_eq!(kind(&undone, "b"), Some(Kind::Content));
        assert!(undone.pending.renames.is_empty());
    }

    #[test]
    fn what_changed_below_a_renamed_directory_is_known_under_its_new_name() {
        let mut undone = after(vec![path("d/x", Kind::Content), path("d-e", Kind::Content)]);
        undone.taken = std::mem::take(&mut undone.pending);
        undone.failed.add(
            b"d/y".as_slice().into(),
            Entry {
                kind: Kind::Content,
                is_dir: false,
            },
        );
        let mut noted = Vec::new();
        undone.add(rename("d", "n", true), &mut |path, _| {
            noted.push(path.to_vec());
        });
        assert_eq!(kind(&undone, "n/x"), Some(Kind::Content));
        assert_eq!(kind(&undone, "n/y"), Some(Kind::Content));
        assert_eq!(kind(&undone, "n-e"), None);
        assert_eq!(kind(&undone, "n"), Some(Kind::Tree));
        assert_eq!(kind(&undone, "d"), Some(Kind::Tree));
        for path in ["d", "n", "n/x", "n/y"] {
            assert!(noted.contains(&path.as_bytes().to_vec()), "{path}");
        }
    }

    #[test]
    fn too_many_paths_are_the_whole_tree() {
        let mut pending = Pending::default();
        let entry = Entry {
            kind: Kind::Content,
            is_dir: false,
        };
        for n in 0..=LIMIT {
            pending.add(n.to_le_bytes().as_slice().into(), entry);
        }
        assert!(pending.full && pending.entries.is_empty());
    }
}
