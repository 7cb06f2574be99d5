//! The fanotify descriptors: making them, marking file systems, reading what waits.
//!
//! There are two kinds. The first reports the directory and the name of each file, so it can tell
//! creations, deletions and renames; it marks whole file systems. Some file systems refuse it (an
//! overlay, a btrfs subvolume before 6.8): for those there is a second one, which reports an open
//! descriptor of each file, and marks single mounts.

use std::os::fd::{AsFd, BorrowedFd};

use anyhow::{Context, anyhow, bail};
use nix::{
    errno::Errno,
    sys::fanotify::{EventFFlags, Fanotify, InitFlags, MarkFlags, MaskFlags},
};
use rustix::io::Errno as IoErrno;

use super::{
    record::{self, Malformed, RecordRef},
    resolve::shown,
};
use crate::{
    calls::Op,
    event::{Notice, Time, notice},
    source::WatchPlan,
};

/// Bytes read at once: some hundred events with ordinary names.
const BUFFER: usize = 8 * 1024;

/// The same where many events come.
const WIDE_BUFFER: usize = 64 * 1024;

/// What one kernel bit means. In the order in which things happen to a file: one event may carry
/// several bits.
pub(super) const OPS: [(MaskFlags, Op); 12] = [
    (MaskFlags::FAN_CREATE, Op::Create),
    (MaskFlags::FAN_OPEN, Op::Read),
    (MaskFlags::FAN_OPEN_EXEC, Op::Execute),
    (MaskFlags::FAN_ACCESS, Op::Read),
    (MaskFlags::FAN_MODIFY, Op::Write),
    (MaskFlags::FAN_ATTRIB, Op::Attribute),
    (MaskFlags::FAN_CLOSE_WRITE, Op::Close),
    (MaskFlags::FAN_CLOSE_NOWRITE, Op::Close),
    (MaskFlags::FAN_MOVED_FROM, Op::Rename),
    (MaskFlags::FAN_MOVED_TO, Op::Rename),
    (MaskFlags::FAN_RENAME, Op::Rename),
    (MaskFlags::FAN_DELETE, Op::Delete),
];

/// What is told only when the user asks for this very notification: an open says it, too.
const ONLY_BY_NAME: MaskFlags = MaskFlags::FAN_ACCESS.union(MaskFlags::FAN_CLOSE_NOWRITE);

const HALVES: MaskFlags = MaskFlags::FAN_MOVED_FROM.union(MaskFlags::FAN_MOVED_TO);

/// What a descriptor-reporting group can tell.
const PLAIN: MaskFlags = MaskFlags::FAN_OPEN
    .union(MaskFlags::FAN_OPEN_EXEC)
    .union(MaskFlags::FAN_ACCESS)
    .union(MaskFlags::FAN_MODIFY)
    .union(MaskFlags::FAN_CLOSE_WRITE)
    .union(MaskFlags::FAN_CLOSE_NOWRITE)
    .union(MaskFlags::FAN_ONDIR);

/// What a witness tells of calls by name.
const WITNESSED: MaskFlags = MaskFlags::FAN_CREATE
    .union(MaskFlags::FAN_DELETE)
    .union(MaskFlags::FAN_RENAME)
    .union(MaskFlags::FAN_ATTRIB)
    .union(MaskFlags::FAN_ONDIR);

/// Each event has a pidfd of its process (5.15).
const PIDFD: libc::c_uint = libc::FAN_REPORT_PIDFD;

/// A descriptor.
#[derive(Debug)]
pub(in crate::source) struct Group {
    fan: Fanotify,
    kind: Kind,
    mask: MaskFlags,
    buffer: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Reports names. `targets`: also the file itself (5.17).
    Names { targets: bool },
    /// Reports descriptors.
    Descriptors,
}

/// What came of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marked {
    Yes,
    /// This file system refuses this kind of group.
    Refused(Errno),
}

/// What one read returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Filled {
    Some,
    Nothing,
}

impl Group {
    /// The group that reports names.
    pub(super) fn with_names(plan: &WatchPlan) -> anyhow::Result<Self> {
        let named = libc::FAN_REPORT_DFID_NAME;
        let targets = libc::FAN_REPORT_DFID_NAME_TARGET;
        let (fan, report) = newest(&[targets | PIDFD, targets, named | PIDFD, named])?;
        let targets = report & targets == targets;
        // Deletions and renames of directories are needed to keep paths right.
        let always = MaskFlags::FAN_DELETE | MaskFlags::FAN_RENAME | MaskFlags::FAN_ONDIR;
        let mask = (mask_of(plan) | always) - HALVES;
        Ok(Self {
            fan,
            kind: Kind::Names { targets },
            mask,
            buffer: vec![0; BUFFER],
        })
    }

    /// The group that tells which thread did something, and to which file.
    pub(in crate::source) fn of_witness() -> anyhow::Result<Self> {
        const REPORT: libc::c_uint = libc::FAN_REPORT_DFID_NAME_TARGET | libc::FAN_REPORT_TID;
        let fan = init(REPORT | libc::FAN_UNLIMITED_QUEUE).map_err(|errno| match errno {
            Errno::EINVAL => {
                anyhow!("this kernel's fanotify does not tell files (that needs Linux 5.17)")
            }
            errno => refused(errno),
        })?;
        Ok(Self {
            fan,
            kind: Kind::Names { targets: true },
            mask: WITNESSED,
            buffer: vec![0; WIDE_BUFFER],
        })
    }

    /// Asks for no more than these of what a witness tells, and for what paths need, from the next mark on.
    pub(in crate::source) fn ask(&mut self, bits: u64) {
        let always = MaskFlags::FAN_DELETE | MaskFlags::FAN_RENAME | MaskFlags::FAN_ONDIR;
        self.mask = MaskFlags::from_bits_truncate(bits) & WITNESSED | always;
    }

    /// Has changes of the content of a file told, or of those in a directory.
    pub(in crate::source) fn mark_content(&self, path: &[u8]) -> Result<(), Errno> {
        let (flags, content) = (MarkFlags::FAN_MARK_ADD, MaskFlags::FAN_MODIFY);
        let inside = content | MaskFlags::FAN_EVENT_ON_CHILD;
        let mark = |mask| self.fan.mark(flags, mask, rustix::fs::CWD, Some(path));
        match mark(inside) {
            Err(Errno::ENOTDIR) => mark(content),
            done => done,
        }
    }

    /// Ends that.
    pub(in crate::source) fn unmark_content(&self, path: &[u8]) -> Result<(), Errno> {
        let content = MaskFlags::FAN_MODIFY | MaskFlags::FAN_EVENT_ON_CHILD;
        self.fan.mark(
            MarkFlags::FAN_MARK_REMOVE,
            content,
            rustix::fs::CWD,
            Some(path),
        )
    }

    /// The group that reports descriptors; `None` when nothing that was asked for can be told.
    pub(super) fn with_descriptors(plan: &WatchPlan) -> anyhow::Result<Option<Self>> {
        let mask = mask_of(plan) & PLAIN;
        if (mask - MaskFlags::FAN_ONDIR).is_empty() {
            return Ok(None);
        }
        let (fan, _) = newest(&[PIDFD, 0])?;
        Ok(Some(Self {
            fan,
            kind: Kind::Descriptors,
            mask,
            buffer: vec![0; BUFFER],
        }))
    }

    pub(in crate::source) fn fd(&self) -> BorrowedFd<'_> {
        self.fan.as_fd()
    }

    /// Do deletions tell which directory it was?
    pub(super) fn tells_targets(&self) -> bool {
        self.kind == Kind::Names { targets: true }
    }

    /// Marks what is mounted at this path.
    pub(in crate::source) fn try_mark(&mut self, path: &[u8]) -> Result<(), Errno> {
        let what = match self.kind {
            Kind::Names { .. } => MarkFlags::FAN_MARK_FILESYSTEM,
            Kind::Descriptors => MarkFlags::FAN_MARK_MOUNT,
        };
        let flags = MarkFlags::FAN_MARK_ADD | what;
        let mut result = self.fan.mark(flags, self.mask, rustix::fs::CWD, Some(path));
        if result == Err(Errno::EINVAL) && self.mask.contains(MaskFlags::FAN_RENAME) {
            // Below 5.17 a rename is told as its two halves.
            self.mask = (self.mask - MaskFlags::FAN_RENAME) | HALVES;
            result = self.fan.mark(flags, self.mask, rustix::fs::CWD, Some(path));
        }
        result
    }

    /// The same with what to do where it is refused.
    pub(super) fn mark(&mut self, path: &[u8]) -> anyhow::Result<Marked> {
        match self.try_mark(path) {
            Ok(()) => Ok(Marked::Yes),
            Err(errno @ (Errno::EXDEV | Errno::ENODEV | Errno::EOPNOTSUPP | Errno::EINVAL)) => {
                Ok(Marked::Refused(errno))
            }
            Err(Errno::ENOSPC) => bail!(
                "the limit of marks is reached (/proc/sys/fs/fanotify/max_user_marks); raise it \
                 with `sysctl fs.fanotify.max_user_marks=...` as root"
            ),
            Err(Errno::EPERM) => bail!(
                "marking the file system of {} is refused: it needs CAP_SYS_ADMIN in the initial \
                 user namespace; run as root outside of a container, or use inotify",
                shown(path)
            ),
            Err(errno) => Err(anyhow!(
                "cannot mark the file system of {}: {errno}",
                shown(path)
            )),
        }
    }

    /// Ends the capture of a witness on the file system that is mounted at this path.
    pub(in crate::source) fn unmark_at(&self, path: &[u8]) -> Result<(), Errno> {
        let flags = MarkFlags::FAN_MARK_REMOVE | MarkFlags::FAN_MARK_FILESYSTEM;
        self.fan.mark(flags, WITNESSED, rustix::fs::CWD, Some(path))
    }

    /// Ends the capture. What is queued can still be read.
    pub(super) fn unmark(&self) -> anyhow::Result<()> {
        let what = match self.kind {
            Kind::Names { .. } => MarkFlags::FAN_MARK_FILESYSTEM,
            Kind::Descriptors => MarkFlags::FAN_MARK_MOUNT,
        };
        let flush = MarkFlags::from_bits_retain(libc::FAN_MARK_FLUSH) | what;
        self.fan
            .mark(flush, MaskFlags::empty(), rustix::fs::CWD, Some(&b"/"[..]))
            .context("removing the fanotify marks")
    }

    /// How many events wait.
    pub(in crate::source) fn waiting(&self) -> usize {
        waiting(&self.fan)
    }

    /// Reads once.
    pub(in crate::source) fn fill(
        &mut self,
        time: Time,
        take: &mut dyn FnMut(Result<RecordRef<'_>, Malformed>),
    ) -> anyhow::Result<Filled> {
        match rustix::io::read(&self.fan, &mut self.buffer[..]) {
            Ok(len) => {
                // SAFETY: the bytes have just been read from a fanotify group.
                unsafe { record::parse(&self.buffer[..len], time, take) };
                Ok(Filled::Some)
            }
            Err(IoErrno::AGAIN) => Ok(Filled::Nothing),
            Err(IoErrno::INTR) => Ok(Filled::Some),
            Err(error @ (IoErrno::MFILE | IoErrno::NFILE | IoErrno::NOMEM)) => {
                Err(error).context("reading from fanotify")
            }
            // The file of one event could not be opened; that event is gone.
            Err(_) if self.kind == Kind::Descriptors => {
                take(Err(Malformed));
                Ok(Filled::Some)
            }
            Err(error) => Err(error).context("reading from fanotify"),
        }
    }
}

/// How many events wait behind a descriptor.
pub(in crate::source) fn waiting(group: impl AsFd) -> usize {
    // The kernel counts the same bytes for each, without what it tells of the file (fanotify(7)).
    let bytes = rustix::io::ioctl_fionread(group).unwrap_or(u64::MAX);
    bytes as usize / size_of::<libc::fanotify_event_metadata>()
}

/// Is this bit, which means this operation, of interest?
pub(super) fn wants(plan: &WatchPlan, flag: MaskFlags, op: Op) -> bool {
    match plan.events {
        Some(events) => notice(flag, false).mask & events != 0,
        None => plan.ops.contains(&op) && !ONLY_BY_NAME.contains(flag),
    }
}

/// fanotify shares the bits of inotify(7), but for a rename with both names and for executions.
pub(in crate::source) fn notice(flag: MaskFlags, is_dir: bool) -> Notice {
    let mask = match flag {
        MaskFlags::FAN_RENAME => notice::MOVED_FROM | notice::MOVED_TO,
        MaskFlags::FAN_OPEN_EXEC => notice::OPEN,
        other => (other.bits() as u32) & notice::ALL_EVENTS,
    };
    Notice {
        mask: mask | if is_dir { notice::ISDIR } else { 0 },
        ..Notice::default()
    }
}

fn mask_of(plan: &WatchPlan) -> MaskFlags {
    let wanted = OPS
        .iter()
        .filter(|(flag, op)| wants(plan, *flag, *op))
        .map(|(flag, _)| *flag);
    wanted.collect::<MaskFlags>() | MaskFlags::FAN_ONDIR
}

/// The first kind of group that this kernel has.
fn newest(reports: &[libc::c_uint]) -> anyhow::Result<(Fanotify, libc::c_uint)> {
    let mut refusal = Errno::EINVAL;
    for report in reports {
        match init(*report) {
            Ok(fan) => return Ok((fan, *report)),
            Err(Errno::EINVAL) => {}
            Err(errno) => {
                refusal = errno;
                break;
            }
        }
    }
    Err(refused(refusal))
}

fn init(report: libc::c_uint) -> Result<Fanotify, Errno> {
    let flags = InitFlags::FAN_CLASS_NOTIF | InitFlags::FAN_CLOEXEC | InitFlags::FAN_NONBLOCK;
    let flags = flags | InitFlags::from_bits_retain(report);
    // NONBLOCK: a FIFO must not hold up the opening of the file of an event.
    let files = EventFFlags::O_RDONLY | EventFFlags::O_LARGEFILE;
    Fanotify::init(
        flags,
        files | EventFFlags::O_CLOEXEC | EventFFlags::O_NONBLOCK,
    )
}

fn refused(errno: Errno) -> anyhow::Error {
    match errno {
        Errno::EPERM => anyhow!(
            "fanotify_init is refused: it needs CAP_SYS_ADMIN in the initial user namespace; run \
             as root, or use inotify"
        ),
        Errno::EINVAL => {
            anyhow!("this kernel's fanotify reports no names (that needs Linux 5.9); use inotify")
        }
        Errno::ENOSYS => anyhow!("this kernel was built without CONFIG_FANOTIFY; use inotify"),
        Errno::EMFILE => anyhow!(
            "no further fanotify group: either this process has too many open files, or this user \
             has reached /proc/sys/fs/fanotify/max_user_groups"
        ),
        errno => anyhow!("fanotify_init: {errno}"),
    }
}
