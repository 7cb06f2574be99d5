//! The files an event is about.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Gid, Known, Uid};

/// What a path is in its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PathRole {
    /// The one file that the call is about.
    Target,
    /// Old name of a rename; existing file of a link.
    Source,
    /// New name of a rename or link.
    Dest,
    /// The directory in which a name is made, removed or changed (audit logs only).
    Parent,
    /// Where a mount takes its content from (`source` of mount(2)), the text of a symlink.
    Other,
}

impl PathRole {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Source => "source",
            Self::Dest => "dest",
            Self::Parent => "parent",
            Self::Other => "other",
        }
    }
}

/// How the resolved path became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Via {
    /// The kernel's own dentries, read while the call returned.
    Kernel,
    /// The kernel's directory (working directory or descriptor) and one name below it.
    Base,
    /// Looked up in the file system afterwards, following symlinks as they are now.
    Lookup,
    /// Only `.` and `..` were taken out: the directory was gone when it was looked up.
    Lexical,
    /// What the program asked for: a file system would have to be asked where it leads that may never
    /// answer.
    Requested,
    /// Directory and name that the kernel told beside the call (fanotify(7)); the directory by its path
    /// of now.
    Fanotify,
}

impl Via {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Base => "base",
            Self::Lookup => "lookup",
            Self::Lexical => "lexical",
            Self::Requested => "requested",
            Self::Fanotify => "fanotify",
        }
    }
}

/// Identity and attributes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileId {
    /// Inode number.
    pub ino: u64,
    /// Device of the file system, kernel encoding (`kdev_t`: major << 20 | minor).
    pub dev: u32,
    /// Device number of a device file, kernel encoding.
    pub rdev: u32,
    /// Type and permissions (`st_mode`).
    pub mode: u32,
    /// Owner.
    pub uid: Uid,
    /// Group.
    pub gid: Gid,
}

/// Major and minor number of a device in kernel encoding (`linux/kdev_t.h`).
pub fn dev_parts(dev: u32) -> (u32, u32) {
    (dev >> 20, dev & 0xf_ffff)
}

/// One file of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathItem {
    /// What it is in the call.
    pub role: PathRole,
    /// Argument index of the name, when it came as one.
    pub arg: Option<u8>,
    /// What the program passed; `None` when it passed a descriptor (or the source sees no call).
    pub requested: Option<Known<Bytes>>,
    /// Absolute path that the kernel used.
    pub resolved: Known<Bytes>,
    /// How `resolved` became known; meaningless when it is unknown.
    pub via: Via,
    /// The file is not linked under this name any more.
    pub deleted: bool,
    /// Identity, where the kernel gave it.
    pub file: Option<FileId>,
}
