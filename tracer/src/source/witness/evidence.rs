//! What fanotify told, and what a call would have left behind. Looks nothing up.

use bytes::Bytes;
use smallvec::SmallVec;

use super::directories::{Directories, Place};
use crate::{
    event::{Known, Time},
    source::fanotify::{Handle, RecordRef, Short},
};

/// The bits by which fanotify tells what calls do to files.
pub(super) const BITS: [u64; 5] = [
    libc::FAN_CREATE,
    libc::FAN_RENAME,
    libc::FAN_ATTRIB,
    libc::FAN_MODIFY,
    libc::FAN_DELETE,
];

/// One event of fanotify. The kernel puts equal things that a thread does into one as long as nobody
/// reads it.
#[derive(Debug)]
pub(super) struct Evidence {
    /// `FAN_...`
    pub(super) mask: u64,
    pub(super) tid: i32,
    /// When it was read.
    pub(super) time: Time,
    /// How many were read before it.
    pub(super) number: u64,
    /// Where it happened: two places of a rename.
    pub(super) places: SmallVec<[Place; 2]>,
    /// The file itself.
    pub(super) target: Option<Handle>,
    /// The bits of it that calls have explained.
    pub(super) claimed: u64,
    /// The name that a call passed which explains it in spite of another name.
    pub(super) passed: Option<Box<Names>>,
    /// With which batch of calls it came.
    pub(super) batch: u64,
    /// The name of a directory to which it happened itself.
    pub(super) own_name: Option<Box<Short>>,
    /// It waits for its call; where that happened of which it tells.
    pub(super) waits: Vec<(u64, Paths)>,
    /// It has served.
    pub(super) is_gone: bool,
}

/// Where something happened: two paths of a rename.
pub(super) type Paths = SmallVec<[Known<Bytes>; 2]>;

/// Last components of the names of a call: old and new of a rename, with a NUL between, else one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Names(Short);

impl Names {
    pub(super) fn one(name: &[u8]) -> Self {
        Self(name.into())
    }

    pub(super) fn two(old: &[u8], new: &[u8]) -> Self {
        let mut both = Short::with_capacity(old.len() + 1 + new.len());
        both.extend_from_slice(old);
        both.push(0);
        both.extend_from_slice(new);
        Self(both)
    }

    /// The other way round: what an exchange did to the other file.
    pub(super) fn turned(&self) -> Option<Self> {
        let end = memchr::memchr(0, &self.0)?;
        Some(Self::two(&self.0[end + 1..], &self.0[..end]))
    }
}

impl Evidence {
    /// What the kernel has told. It tells a rename by itself.
    pub(super) fn new(record: &RecordRef<'_>, number: u64, directories: &mut Directories) -> Self {
        let mut places = SmallVec::new();
        for at in [record.old, record.new, record.at].into_iter().flatten() {
            places.push(directories.place(at));
        }
        Self {
            mask: record.mask,
            tid: record.pid,
            time: record.time,
            number,
            places,
            target: record.target.map(Into::into),
            claimed: 0,
            passed: None,
            batch: 0,
            own_name: None,
            waits: Vec::new(),
            is_gone: false,
        }
    }

    pub(super) fn has(&self, flag: u64) -> bool {
        self.mask & flag != 0
    }

    /// Has no call explained this of it yet?
    pub(super) fn is_free(&self, bit: u64) -> bool {
        !self.is_gone && self.claimed & bit == 0
    }

    /// Is there something to tell of it that no call has explained?
    pub(super) fn waits(&self) -> bool {
        self.waits.iter().any(|(bit, _)| self.claimed & bit == 0)
    }

    /// Where that happened which a bit stands for.
    pub(super) fn places(&self, bit: u64) -> &[Place] {
        let is_rename = self.has(libc::FAN_RENAME);
        if is_rename == (bit == libc::FAN_RENAME) {
            &self.places
        } else {
            &[]
        }
    }

    pub(super) fn names(&self, bit: u64) -> Option<Names> {
        match self.places(bit) {
            [one] => Some(Names::one(self.own_name.as_deref().unwrap_or(&one.name))),
            [old, new] => Some(Names::two(&old.name, &new.name)),
            _ => None,
        }
    }

    /// Has it happened where another one has?
    pub(super) fn is_where(&self, other: &Self) -> bool {
        self.places == other.places
    }

    /// Can it stand for this call, too, beside another? A name is made twice only where it is removed in
    /// between, and what came after it was read would have been told anew.
    pub(super) fn is_of(&self, trace: &Trace) -> bool {
        let both = libc::FAN_CREATE | libc::FAN_DELETE;
        let is_often = both & trace.bit == 0 || self.mask & both == both;
        is_often && trace.returned <= self.time.mono_ns
    }
}

/// What a call would have left behind.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Its thread, and others that may have done it for it.
    pub(super) threads: SmallVec<[i32; 2]>,
    /// Which of [`BITS`].
    pub(super) bit: u64,
    /// Its names, as passed and as they lead on now.
    pub(super) names: SmallVec<[Names; 2]>,
    /// When it had returned.
    pub(super) returned: u64,
}

impl Trace {
    /// By which its events are found.
    pub(super) fn keys(&self) -> impl Iterator<Item = (i32, u64, Names)> {
        self.names.iter().flat_map(|names| {
            let threads = self.threads.iter();
            threads.map(|tid| (*tid, self.bit, names.clone()))
        })
    }
}

#[cfg(test)]
impl Evidence {
    /// Of something that was read then.
    pub(super) fn at(mono_ns: u64) -> Self {
        Self {
            mask: 0,
            tid: 0,
            time: Time {
                wall_ns: 0,
                mono_ns,
            },
            number: mono_ns,
            places: SmallVec::new(),
            target: None,
            claimed: 0,
            passed: None,
            batch: 0,
            own_name: None,
            waits: Vec::new(),
            is_gone: false,
        }
    }
}
