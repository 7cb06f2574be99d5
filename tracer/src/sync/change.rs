//! From events of a source to what has to be made equal. Only here the sync looks at events.

use std::{os::unix::ffi::OsStrExt, path::Path};

use crate::{
    calls::Op,
    event::{Event, Item, PathItem, PathRole},
};

/// How much of a path may differ, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Mode, owner or times; if times and size say that the content is another, that too.
    Attribute,
    /// The entry itself, whatever its size and times say. Not what is in a directory.
    Content,
    /// Everything below it.
    Tree,
}

impl Kind {
    /// Of a name that came or went by a rename: nothing is told of what is below it.
    pub(super) fn of_moved(is_dir: bool) -> Self {
        if is_dir { Self::Tree } else { Self::Content }
    }
}

/// A path, relative to the source and without a leading slash; empty for the source itself.
pub(super) type RelPath = Box<[u8]>;

/// Something to be made equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A path.
    Path {
        /// Which.
        path: RelPath,
        /// How much of it.
        kind: Kind,
        /// It is, or was, a directory.
        is_dir: bool,
    },
    /// One name became another: first this is tried at the destination, then both are compared.
    Rename {
        /// The old name.
        from: RelPath,
        /// The new one.
        to: RelPath,
        /// It is a directory.
        is_dir: bool,
    },
    /// Nobody can tell what: the whole tree.
    Everything,
}

/// What an item of the source says of the tree at `root`.
pub(super) fn changes(item: &Item, root: &Path) -> Vec<Change> {
    match item {
        Item::Loss(_) => vec![Change::Everything],
        Item::Event(event) => of_event(event, root),
    }
}

fn of_event(event: &Event, root: &Path) -> Vec<Change> {
    if event.success() == Some(false) {
        return Vec::new();
    }
    let kind = match event.op {
        Op::Attribute => Kind::Attribute,
        // Another directory may have the name before this is looked at.
        Op::Delete if event.is_dir => Kind::Tree,
        Op::Write | Op::Create | Op::Delete | Op::Close => Kind::Content,
        Op::Rename => return renamed(event, root),
        Op::Read
        | Op::Execute
        | Op::Mount
        | Op::Fork
        | Op::Exit
        | Op::Signal
        | Op::Creds
        | Op::Kernel
        | Op::Other => return Vec::new(),
    };
    let change = |item: &PathItem| match place(item, root) {
        Place::Below(path) => Some(Change::Path {
            path,
            kind,
            is_dir: event.is_dir,
        }),
        Place::Unknown => Some(Change::Everything),
        Place::Outside => None,
    };
    event.paths.iter().filter_map(change).collect()
}

fn renamed(event: &Event, root: &Path) -> Vec<Change> {
    let at = |role| {
        let item = event.paths.iter().find(|item| item.role == role);
        item.map_or(Place::Outside, |item| place(item, root))
    };
    let is_dir = event.is_dir;
    let alone = |path| Change::Path {
        path,
        kind: Kind::of_moved(is_dir),
        is_dir,
    };
    match (at(PathRole::Source), at(PathRole::Dest)) {
        (Place::Unknown, _) | (_, Place::Unknown) => vec![Change::Everything],
        (Place::Below(from), Place::Below(to)) => vec![Change::Rename { from, to, is_dir }],
        (Place::Below(from), Place::Outside) => vec![alone(from)],
        (Place::Outside, Place::Below(to)) => vec![alone(to)],
        (Place::Outside, Place::Outside) => Vec::new(),
    }
}

enum Place {
    Below(RelPath),
    Outside,
    Unknown,
}

fn place(item: &PathItem, root: &Path) -> Place {
    let Ok(path) = &item.resolved else {
        return Place::Unknown;
    };
    let root = root.as_os_str().as_bytes();
    let root = root.strip_suffix(b"/").unwrap_or(root);
    match path.strip_prefix(root) {
        Some([]) => Place::Below(Box::default()),
        Some([b'/', rest @ ..]) => Place::Below(rest.into()),
        _ => Place::Outside,
    }
}
