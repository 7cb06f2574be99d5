//! Renames repeated at a destination on this machine, so that nothing is copied for them. It is
//! only a saving: rsync compares both names afterwards, whatever came of it.

use std::{
    collections::{BTreeMap, HashSet},
    ffi::OsStr,
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::Path,
};

use rustix::fs::{CWD, Mode, OFlags, RenameFlags, ResolveFlags, openat, openat2, renameat_with};

use super::{
    change::{Kind, RelPath},
    filter::Filters,
    pending::{Entry, Pending, Rename},
};

/// Repeats the renames of a batch below `dest`; what could not be repeated becomes a transfer.
pub(super) fn renames(batch: &mut Pending, dest: Option<&Path>, filters: &Filters) {
    let root = dest.and_then(|dest| {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        openat(CWD, dest, flags, Mode::empty()).ok()
    });
    // Names whose content at the destination is not what the source had there.
    let mut wrong: HashSet<RelPath> = HashSet::new();
    for Rename { from, to } in std::mem::take(&mut batch.renames) {
        let is_filtered = [&from, &to].into_iter().any(|path| {
            [true, false]
                .into_iter()
                .any(|is_dir| filters.excludes_anywhere(path, is_dir))
        });
        let done = !is_filtered
            && !is_or_is_below(&wrong, &from)
            && root.as_ref().is_some_and(|root| rename(root, &from, &to));
        if done {
            wrong.remove(&to);
        } else {
            raise(&mut batch.entries, &to);
            wrong.insert(to);
        }
    }
}

fn is_or_is_below(set: &HashSet<RelPath>, path: &[u8]) -> bool {
    !set.is_empty()
        && memchr::memchr_iter(b'/', path)
            .chain([path.len()])
            .any(|end| set.contains(&path[..end]))
}

/// Size and times of an old file at the destination say nothing about the new one.
fn raise(entries: &mut BTreeMap<RelPath, Entry>, path: &[u8]) {
    if let Some(entry) = entries.get_mut(path) {
        entry.kind = entry.kind.max(Kind::Content);
    }
}

/// True when it was renamed. A symlink is never followed out of the destination.
fn rename(root: &OwnedFd, from: &[u8], to: &[u8]) -> bool {
    let (Some((from_dir, from)), Some((to_dir, to))) = (parent(root, from), parent(root, to))
    else {
        return false;
    };
    renameat_with(
        from_dir.as_fd(),
        OsStr::from_bytes(from),
        to_dir.as_fd(),
        OsStr::from_bytes(to),
        RenameFlags::empty(),
    )
    .is_ok()
}

fn parent<'p>(root: &OwnedFd, path: &'p [u8]) -> Option<(OwnedFd, &'p [u8])> {
    let (dir, name) = match memchr::memrchr(b'/', path) {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (&b"."[..], path),
    };
    let fd = openat2(
        root,
        OsStr::from_bytes(dir),
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
        ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS,
    )
    .ok()?;
    Some((fd, name))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn batch(renames: &[(&str, &str)]) -> Pending {
        let mut batch = Pending::default();
        for (from, to) in renames {
            let entry = Entry {
                kind: Kind::Attribute,
                is_dir: false,
            };
            batch.add(to.as_bytes().into(), entry);
            batch.renames.push(Rename {
                from: from.as_bytes().into(),
                to: to.as_bytes().into(),
            });
        }
        batch
    }

    #[test]
    fn repeated_or_transferred() {
        let temp = tempfile::tempdir().expect("a directory");
        let at = |name: &str| temp.path().join(name);
        fs::create_dir(at("d")).expect("made");
        fs::write(at("a"), "a").expect("made");
        fs::write(at("stale"), "old").expect("made");
        std::os::unix::fs::symlink("/tmp", at("out")).expect("made");
        let mut batch = batch(&[
            ("a", "b"),
            ("b", "d/c"),
            ("missing", "stale"),
            ("stale", "e"),
            ("d/c", "out/x"),
        ]);
        renames(&mut batch, Some(temp.path()), &Filters::default());
        assert_eq!(fs::read(at("d/c")).expect("renamed twice"), b"a");
        assert_eq!(fs::read(at("stale")).expect("not touched"), b"old");
        let kind = |path: &str| batch.entries[path.as_bytes()].kind;
        assert_eq!(kind("b"), Kind::Attribute);
        assert_eq!(kind("d/c"), Kind::Attribute);
        assert_eq!(kind("stale"), Kind::Content);
        assert_eq!(kind("e"), Kind::Content);
        assert_eq!(kind("out/x"), Kind::Content);
    }

    #[test]
    fn a_destination_elsewhere_is_left_to_rsync() {
        let mut batch = batch(&[("a", "b")]);
        renames(&mut batch, None, &Filters::default());
        assert_eq!(batch.entries[&b"b"[..]].kind, Kind::Content);
    }
}
