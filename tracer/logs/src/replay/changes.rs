//! Waiting until something is written to a log, by inotify(7). Knows nothing of what is in it.

use std::{
    io,
    mem::MaybeUninit,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::Path,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags},
    io::Errno,
};

use super::ReplayError;

/// What a wait ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// Something may have been written.
    Changed,
    /// Nothing came up to the moment that was given.
    Quiet,
    /// The end was asked for.
    Stopped,
    /// Nobody reads the output any more.
    Unread,
}

/// What becomes readable.
#[derive(Debug)]
enum Source {
    /// The directory of a log: its files are written, and others take their names.
    Directory { inotify: OwnedFd, name: Vec<u8> },
    /// A pipe.
    Pipe(OwnedFd),
}

/// Says when there may be more of a log.
#[derive(Debug)]
pub struct Changes {
    source: Source,
}

impl Changes {
    /// Of the log at this path, and of all that takes its name.
    pub fn of_log(log: &Path) -> Result<Self, ReplayError> {
        let directory = log.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = directory.unwrap_or(Path::new("."));
        let failed = |error: Errno| ReplayError::open(directory, error.into());
        let fd = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).map_err(failed)?;
        let flags = WatchFlags::MODIFY
            | WatchFlags::CREATE
            | WatchFlags::MOVE
            | WatchFlags::DELETE
            | WatchFlags::ONLYDIR;
        inotify::add_watch(&fd, directory, flags).map_err(failed)?;
        let name = log.file_name().map(|name| name.as_bytes().to_vec());
        Ok(Self {
            source: Source::Directory {
                inotify: fd,
                name: name.unwrap_or_default(),
            },
        })
    }

    /// Of a pipe.
    pub fn of_pipe(pipe: OwnedFd) -> Self {
        Self {
            source: Source::Pipe(pipe),
        }
    }

    /// Becomes readable when there may be more.
    pub fn fd(&self) -> BorrowedFd<'_> {
        match &self.source {
            Source::Directory { inotify, .. } => inotify.as_fd(),
            Source::Pipe(pipe) => pipe.as_fd(),
        }
    }

    /// Takes note of what has become readable up to now: who calls it looks at the log itself.
    pub fn settle(&self) -> io::Result<()> {
        self.is_meant().map(|_| ())
    }

    /// Waits until there may be more, `stop` is readable, `out` has no reader any more, or it is
    /// `until`.
    pub fn wait(
        &self,
        stop: BorrowedFd<'_>,
        out: Option<BorrowedFd<'_>>,
        until: Option<Instant>,
    ) -> io::Result<Woken> {
        let own = self.fd();
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let mut fds = [
                PollFd::from_borrowed_fd(own, PollFlags::IN),
                PollFd::from_borrowed_fd(stop, PollFlags::IN),
                PollFd::from_borrowed_fd(out.unwrap_or(stop), PollFlags::empty()),
            ];
            let span = left.map(Timespec::try_from).transpose().unwrap_or_default();
            match poll(&mut fds, span.as_ref()) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            if !fds[1].revents().is_empty() {
                return Ok(Woken::Stopped);
            }
            let gone = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
            if fds[2].revents().intersects(gone) {
                return Ok(Woken::Unread);
            }
            if !fds[0].revents().is_empty() && self.is_meant()? {
                return Ok(Woken::Changed);
            }
            if left.is_some_and(|left| left.is_zero()) {
                return Ok(Woken::Quiet);
            }
        }
    }

    /// Is what became readable about the log?
    fn is_meant(&self) -> io::Result<bool> {
        let Source::Directory { inotify, name } = &self.source else {
            return Ok(true);
        };
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(inotify, &mut buffer);
        let mut meant = false;
        loop {
            let event = match reader.next() {
                Ok(event) => event,
                Err(Errno::AGAIN) => return Ok(meant),
                Err(Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            };
            if event.events().contains(ReadFlags::IGNORED) {
                return Err(io::Error::new(
                    io::ErrorKind::NotFound,
                    "its directory is gone",
                ));
            }
            // The old segments, too: who writes may still have one open.
            meant |= event.events().contains(ReadFlags::QUEUE_OVERFLOW)
                || event
                    .file_name()
                    .is_some_and(|of| of.to_bytes().starts_with(name));
        }
    }
}

/// The moment after which a log that was not written is quiet.
pub fn quiet_after(timeout: u64) -> Option<Instant> {
    Instant::now().checked_add(Duration::from_secs(timeout))
}
