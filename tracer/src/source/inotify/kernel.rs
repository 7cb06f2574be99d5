//! The inotify descriptor: making it, adding and removing watches, reading what waits.

use std::{
    fs,
    mem::MaybeUninit,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
};

use anyhow::{Context, anyhow};
use rustix::{
    fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags},
    io::{Errno, Result},
};

use super::{
    clock,
    queue::{Queue, Raw},
    tree::{Name, Wd},
};

/// Bytes read at once: some two thousand events with ordinary names.
pub(super) const BUFFER: usize = 64 * 1024;

/// Events read before they are looked at: twice the kernel's default queue
/// (`fs.inotify.max_queued_events`), so that a full queue is emptied in one go.
pub(super) const BATCH: usize = 32 * 1024;

/// The same while directories are listed: what is not read then would soon be lost. Some tens of
/// megabytes.
pub(super) const BATCH_LISTING: usize = 8 * BATCH;

/// What listing a directory causes.
const LISTING: ReadFlags = ReadFlags::OPEN
    .union(ReadFlags::ACCESS)
    .union(ReadFlags::CLOSE_NOWRITE);

/// What was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filled {
    pub(super) bytes: u64,
    /// Readings of directories, which are not queued: mostly our own, and nobody can tell whose.
    pub(super) directories_used: u64,
    /// Something was lost before or in what was read.
    pub(super) overflowed: bool,
    /// Nothing is left.
    pub(super) emptied: bool,
}

/// The descriptor.
#[derive(Debug)]
pub(super) struct Kernel {
    fd: OwnedFd,
    buffer: Vec<MaybeUninit<u8>>,
}

impl Kernel {
    pub(super) fn open() -> anyhow::Result<Self> {
        let fd = match inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK) {
            Ok(fd) => fd,
            Err(Errno::MFILE) => {
                return Err(anyhow!(
                    "no further instance: either this process has too many open files, or \
                     this user has reached {}; end a program that watches files, or raise the limit \
                     with `sysctl fs.inotify.max_user_instances=...` as root",
                    limit("max_user_instances")
                ));
            }
            Err(Errno::NOSYS) => {
                return Err(anyhow!("this kernel was built without CONFIG_INOTIFY_USER"));
            }
            Err(error) => return Err(error).context("inotify_init1"),
        };
        Ok(Self {
            fd,
            buffer: vec![MaybeUninit::uninit(); BUFFER],
        })
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }

    /// Watches an open directory, or finds the watch that it has. `path` is where it was opened:
    /// used when there is no `/proc`.
    pub(super) fn watch(&self, dir: BorrowedFd<'_>, path: &[u8], flags: WatchFlags) -> Result<Wd> {
        // MASK_ADD: a directory that is met again keeps what it was watched for.
        let flags = flags | WatchFlags::MASK_ADD | WatchFlags::ONLYDIR;
        // By descriptor, so that the directory watched is the one that gets listed, whatever
        // happens to its name in between.
        let link = format!("/proc/self/fd/{}", dir.as_raw_fd());
        match inotify::add_watch(&self.fd, link, flags) {
            Err(Errno::NOENT) => watch_name(&self.fd, path, flags),
            other => other.map(Wd),
        }
    }

    /// Watches something that is not a directory.
    pub(super) fn watch_file(&self, path: &[u8], flags: WatchFlags) -> Result<Wd> {
        let flags = flags | WatchFlags::MASK_ADD | WatchFlags::DONT_FOLLOW;
        inotify::add_watch(&self.fd, path, flags).map(Wd)
    }

    /// Ends a watch. It may have ended by itself.
    pub(super) fn unwatch(&self, wd: Wd) {
        // The only error is EINVAL: the watch is gone already.
        let _ = inotify::remove_watch(&self.fd, wd.0);
    }

    /// Bytes that wait in the kernel.
    pub(super) fn waiting(&self) -> Result<u64> {
        rustix::io::ioctl_fionread(&self.fd)
    }

    /// Moves what waits in the kernel to the queue, until about `most` events are in it.
    /// `drop_own`: without what our own listing of directories causes.
    pub(super) fn fill(
        &mut self,
        queue: &mut Queue,
        most: usize,
        drop_own: bool,
    ) -> anyhow::Result<Filled> {
        let time = clock::now();
        let mut filled = Filled::default();
        let mut reader = Reader::new(&self.fd, &mut self.buffer);
        // Bytes before those in the buffer.
        let mut before = 0;
        loop {
            if reader.is_buffer_empty() {
                // The kernel gives as much as there is. To ask again at once would only take turns
                // with the writers for its lock, event by event.
                let got = filled.bytes - before;
                if got > 0 && got < BUFFER as u64 / 2 {
                    filled.emptied = true;
                    break;
                }
                if queue.len() >= most {
                    break;
                }
                before = filled.bytes;
            }
            let event = match reader.next() {
                Ok(event) => event,
                Err(Errno::AGAIN) => {
                    filled.emptied = true;
                    break;
                }
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error).context("reading from inotify"),
            };
            let name: Option<Name> = event.file_name().map(|name| name.to_bytes().into());
            // The kernel pads the name and its NUL to a multiple of the header (16 bytes).
            filled.bytes += 16
                + name
                    .as_ref()
                    .map_or(0, |name| (name.len() as u64 / 16 + 1) * 16);
            let flags = event.events();
            filled.overflowed |= flags.contains(ReadFlags::QUEUE_OVERFLOW);
            if drop_own && flags.contains(ReadFlags::ISDIR) && flags.intersects(LISTING) {
                filled.directories_used += 1;
                continue;
            }
            queue.push(Raw {
                wd: Wd(event.wd()),
                flags,
                cookie: event.cookie(),
                name,
                time,
            });
        }
        queue.end_of_batch(time);
        Ok(filled)
    }
}

/// Watches the directory with this name, or finds the watch that it has.
pub(super) fn watch_name(inotify: impl AsFd, name: &[u8], flags: WatchFlags) -> Result<Wd> {
    let flags = flags | WatchFlags::MASK_ADD | WatchFlags::ONLYDIR | WatchFlags::DONT_FOLLOW;
    inotify::add_watch(inotify, name, flags).map(Wd)
}

/// A limit of `/proc/sys/fs/inotify` with its value, for a message.
pub(super) fn limit(name: &str) -> String {
    let path = format!("/proc/sys/fs/inotify/{name}");
    match fs::read_to_string(&path) {
        Ok(value) => format!("{path} ({})", value.trim()),
        Err(_) => path,
    }
}
