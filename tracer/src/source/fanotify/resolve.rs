//! From the handle of a directory to its path.
//!
//! A handle is opened on a private copy of the mount (`open_tree(2)`), so that the tracer never
//! keeps anybody from unmounting the real one. The path is where the directory is now; what it was
//! before the renames that wait in the queue is what [`super::moves`] makes of it.

use std::{
    collections::HashMap,
    ffi::OsStr,
    os::{
        fd::{AsFd, AsRawFd, FromRawFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::Path,
    sync::Arc,
};

use rustix::{
    fs::{CWD, Mode, OFlags, fstatvfs, openat, readlink},
    io::Errno,
    mount::{OpenTreeFlags, open_tree},
};

use super::{
    actor::undeleted,
    moves::Moves,
    record::{DirName, Handle, Short},
};
use crate::enrich::{
    lookup::{self, HERE},
    mounts,
};

/// Last known paths that are kept for directories that have been deleted since.
const REMEMBERED: usize = 16 * 1024;

/// Directories deleted one below the other that are followed up; deeper is no real tree.
const DEEPEST: usize = 2048;

/// `MAX_HANDLE_SZ` of `linux/exportfs.h`.
const MAX_HANDLE: usize = 128;

/// `struct file_handle` with room for its bytes.
#[repr(C)]
struct RawHandle {
    head: libc::file_handle,
    bytes: [u8; MAX_HANDLE],
}

/// How the directory of an anchor is opened.
const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK);

/// A mount through which handles are opened.
#[derive(Debug)]
pub(in crate::source) struct Anchor {
    /// Where it is mounted.
    point: Vec<u8>,
    id: u64,
    fsid: u64,
    /// A directory on it, or on a private copy of it.
    dir: OwnedFd,
    /// Paths on a copy begin at its root.
    is_copy: bool,
}

/// Where a directory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source) enum Found {
    /// Here: more than one path when its file system is mounted more than once.
    At(Arc<[Vec<u8>]>),
    /// On none of the mounts that matter.
    Outside,
    /// It has been deleted, and its path was never seen.
    Unknown,
}

/// Handles and their paths.
#[derive(Debug, Default)]
pub(in crate::source) struct Resolver {
    anchors: Vec<Anchor>,
    /// Found in this batch.
    found: HashMap<Handle, Found>,
    /// Deleted directories: the name that each had, from the events of their deletion.
    deleted: HashMap<Handle, DirName>,
    /// Paths found in earlier batches.
    last: HashMap<Handle, Arc<[Vec<u8>]>>,
    /// Renames of directories that have been read, and not told yet.
    pub(super) moves: Moves,
    /// Something was looked up since this was asked last.
    looked: bool,
}

/// The path behind an open descriptor, and whether it was deleted.
pub(super) fn path_of(fd: impl AsFd) -> Result<(Vec<u8>, bool), Errno> {
    let link = format!("/proc/self/fd/{}", fd.as_fd().as_raw_fd());
    let text = readlink(&link, Vec::new())?.into_bytes();
    match undeleted(&text, Path::new(&link)) {
        Some(real) => Ok((real.to_vec(), true)),
        None => Ok((text, false)),
    }
}

impl Anchor {
    /// Makes a private copy of the mount that is at this point.
    pub(in crate::source) fn open(point: &[u8], id: u64) -> Result<Self, Errno> {
        let clone = OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::OPEN_TREE_CLONE;
        match open_tree(CWD, point, clone) {
            Ok(tree) => Self::at(
                point,
                id,
                openat(tree, c".", DIRECTORY, Mode::empty())?,
                true,
            ),
            Err(_) => Self::in_place(point, id),
        }
    }

    /// The mount itself, where a copy is refused: it is busy for as long as it is watched.
    fn in_place(point: &[u8], id: u64) -> Result<Self, Errno> {
        Self::at(
            point,
            id,
            openat(CWD, point, DIRECTORY, Mode::empty())?,
            false,
        )
    }

    fn at(point: &[u8], id: u64, dir: OwnedFd, is_copy: bool) -> Result<Self, Errno> {
        let fsid = fstatvfs(&dir)?.f_fsid;
        Ok(Self {
            point: point.to_vec(),
            id,
            fsid,
            dir,
            is_copy,
        })
    }

    /// Opens a handle without touching the file.
    pub(super) fn open_handle(&self, handle: &Handle) -> Result<OwnedFd, Errno> {
        let mut raw = RawHandle {
            head: libc::file_handle {
                handle_bytes: handle.bytes.len() as u32,
                handle_type: handle.kind,
                f_handle: [],
            },
            bytes: [0; MAX_HANDLE],
        };
        raw.bytes
            .get_mut(..handle.bytes.len())
            .ok_or(Errno::OVERFLOW)?
            .copy_from_slice(&handle.bytes);
        let flags = libc::O_PATH | libc::O_CLOEXEC;
        // SAFETY: `raw` is a file_handle with `handle_bytes` bytes behind it (checked above), and
        // the call keeps no pointer to it.
        let fd =
            unsafe { libc::open_by_handle_at(self.dir.as_raw_fd(), (&raw mut raw).cast(), flags) };
        if fd < 0 {
            let errno = std::io::Error::last_os_error().raw_os_error();
            return Err(Errno::from_raw_os_error(errno.unwrap_or(libc::EIO)));
        }
        // SAFETY: the kernel has just opened it for us.
        Ok(unsafe { OwnedFd::from_raw_fd(fd) })
    }

    /// Are we allowed to open handles here?
    pub(in crate::source) fn try_out(&self) -> Result<(), Errno> {
        // No file system knows this handle; with permission the answer is ESTALE or alike.
        let handle = Handle {
            fsid: self.fsid,
            kind: 1,
            bytes: Short::from_slice(&[0xff; 8]),
        };
        match self.open_handle(&handle) {
            Err(error @ (Errno::PERM | Errno::NOSYS | Errno::OPNOTSUPP)) => Err(error),
            _ => Ok(()),
        }
    }

    /// The path of something opened on this mount; `None` when that is not where it is (it is in a
    /// part of the file system that is not mounted here, or something is mounted over it).
    fn visible(&self, fd: &OwnedFd) -> Option<Vec<u8>> {
        let mut last = None;
        loop {
            let (found, deleted) = path_of(fd).ok()?;
            let inner = found.strip_prefix(b"/").unwrap_or(&found);
            let path = match (self.is_copy, inner.is_empty()) {
                (false, _) => found,
                (true, true) => self.point.clone(),
                (true, false) => join(&self.point, inner),
            };
            if deleted || is_at(fd, &path) {
                return Some(path);
            }
            // It may have been renamed or deleted between the two looks.
            if last.as_ref() == Some(&path) {
                return None;
            }
            last = Some(path);
        }
    }
}

/// Is this what stands at that path?
fn is_at(fd: &OwnedFd, path: &[u8]) -> bool {
    let id = |fd: &OwnedFd| {
        let stat = lookup::status(fd)?;
        Ok((stat.stx_dev_major, stat.stx_dev_minor, stat.stx_ino))
    };
    let here = lookup::open(HERE, path, false).and_then(|there| id(&there));
    here.is_ok() && here == id(fd)
}

impl Resolver {
    pub(in crate::source) fn add(&mut self, anchor: Anchor) {
        self.anchors.push(anchor);
    }

    /// Lets go of mounts that have been unmounted. Returns their paths.
    pub(in crate::source) fn drop_unmounted(&mut self) -> Vec<Vec<u8>> {
        let gone = self
            .anchors
            .extract_if(.., |anchor| !mounts::is_at(anchor.id, &anchor.point));
        gone.map(|anchor| anchor.point).collect()
    }

    /// Lets go of all mounts but those with these numbers.
    pub(in crate::source) fn keep(&mut self, is_wanted: impl Fn(u64) -> bool) {
        self.anchors.retain(|anchor| is_wanted(anchor.id));
    }

    /// Are handles opened through this mount?
    pub(in crate::source) fn has(&self, id: u64) -> bool {
        self.anchors.iter().any(|anchor| anchor.id == id)
    }

    /// A new batch: what was found before may be another now.
    pub(super) fn begin(&mut self) {
        self.found.clear();
        self.goes_on();
    }

    /// A new batch, in which holds what was found before.
    pub(in crate::source) fn goes_on(&mut self) {
        self.deleted.clear();
        if self.found.len() > REMEMBERED {
            self.found.clear();
        }
        if self.last.len() > REMEMBERED {
            self.last.clear();
        }
    }

    /// A directory was renamed: the known paths may be wrong.
    pub(super) fn directory_renamed(&mut self, number: u64) {
        self.last.clear();
        self.found.clear();
        self.moves.told(number);
    }

    /// No record before this one will be asked about any more.
    pub(in crate::source) fn are_told_before(&mut self, number: u64) {
        if self.moves.told(number) {
            self.last.clear();
        }
    }

    /// What was found before may be another now.
    pub(in crate::source) fn forget(&mut self) {
        self.found.clear();
    }

    /// Was a directory renamed after the record with this number was queued?
    pub(in crate::source) fn has_moved_after(&self, number: u64) -> bool {
        self.moves.are_after(number)
    }

    /// A directory will be renamed when the record with this number is told: all that is looked up
    /// from now on may be where it is then.
    pub(in crate::source) fn learn_moved(&mut self, number: u64, old: &DirName, new: &DirName) {
        self.found.clear();
        self.moves.add(number, old.clone(), new.clone());
    }

    /// How many renames have been read.
    pub(in crate::source) fn moves(&self) -> u64 {
        self.moves.read()
    }

    /// Was something looked up since this was asked last?
    pub(super) fn take_looked(&mut self) -> bool {
        std::mem::take(&mut self.looked)
    }

    /// Where a directory was when the record with this number was queued.
    pub(in crate::source) fn find_then(&mut self, handle: &Handle, number: u64) -> Found {
        match self.find(handle) {
            Found::At(paths) if self.moves.are_after(number) => {
                let mut moves = std::mem::take(&mut self.moves);
                moves.look(|dir| match self.find(dir) {
                    Found::At(paths) => paths.to_vec(),
                    Found::Outside | Found::Unknown => Vec::new(),
                });
                self.moves = moves;
                let before = paths
                    .iter()
                    .map(|path| self.moves.before(number, path.clone()));
                Found::At(before.collect())
            }
            found => found,
        }
    }

    /// A directory was deleted that had this name.
    pub(in crate::source) fn learn_deleted(&mut self, dir: Handle, name: DirName) {
        self.found.remove(&dir);
        self.deleted.insert(dir, name);
    }

    /// Opens what a handle stands for, without touching it.
    pub(in crate::source) fn open_file(&self, handle: &Handle) -> Option<OwnedFd> {
        self.anchors
            .iter()
            .filter(|anchor| anchor.fsid == handle.fsid)
            .find_map(|anchor| anchor.open_handle(handle).ok())
    }

    pub(in crate::source) fn find(&mut self, handle: &Handle) -> Found {
        self.find_below(handle, DEEPEST)
    }

    fn find_below(&mut self, handle: &Handle, depth: usize) -> Found {
        if let Some(found) = self.found.get(handle) {
            return found.clone();
        }
        self.looked = true;
        let found = self
            .open(handle)
            .unwrap_or_else(|| self.find_deleted(handle, depth));
        match &found {
            Found::At(paths) => drop(self.last.insert(handle.clone(), paths.clone())),
            // It may become known by the event of its deletion.
            Found::Unknown => return found,
            Found::Outside => (),
        }
        self.found.insert(handle.clone(), found.clone());
        found
    }

    /// Where it is now, when it is still there.
    fn open(&self, handle: &Handle) -> Option<Found> {
        let opened: Vec<_> = self
            .anchors
            .iter()
            .filter(|anchor| anchor.fsid == handle.fsid)
            .filter_map(|anchor| Some((anchor, anchor.open_handle(handle).ok()?)))
            .collect();
        if opened.is_empty() {
            return None;
        }
        let paths: Vec<_> = opened
            .iter()
            .filter_map(|(anchor, fd)| anchor.visible(fd))
            .collect();
        Some(if paths.is_empty() {
            Found::Outside
        } else {
            Found::At(paths.into())
        })
    }

    fn find_deleted(&mut self, handle: &Handle, depth: usize) -> Found {
        if let Some(DirName { dir, name }) = self.deleted.get(handle).cloned()
            && depth > 0
            && dir != *handle
        {
            return match self.find_below(&dir, depth - 1) {
                Found::At(paths) => Found::At(paths.iter().map(|p| join(p, &name)).collect()),
                other => other,
            };
        }
        self.last
            .get(handle)
            .map_or(Found::Unknown, |paths| Found::At(paths.clone()))
    }
}

/// A path and one below it.
pub(in crate::source) fn join(dir: &[u8], name: &[u8]) -> Vec<u8> {
    [dir.strip_suffix(b"/").unwrap_or(dir), b"/", name].concat()
}

/// A path in a message: quoted, with everything that could drive a terminal escaped.
pub(super) fn shown(path: &[u8]) -> String {
    format!("{:?}", OsStr::from_bytes(path).to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a copy of the mount could be made or not, a file on it has the same path.
    #[test]
    fn a_mount_that_cannot_be_copied() {
        let proc = &b"/proc"[..];
        let file = b"/proc/version";
        let anchor = Anchor::in_place(proc, 0).expect("/proc is mounted");
        let fd = openat(
            CWD,
            &file[..],
            OFlags::PATH | OFlags::CLOEXEC,
            Mode::empty(),
        );
        let fd = fd.expect("it is there");
        assert_eq!(anchor.visible(&fd), Some(file.to_vec()));
        let top = anchor.dir.try_clone().expect("a descriptor");
        assert_eq!(anchor.visible(&top), Some(proc.to_vec()));
    }
}
