//! Where lines go: standard output or a file. Counts what was written and what was not.

mod command;
mod log_file;
mod log_place;
mod stop;
pub(crate) mod terminal;

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Write},
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    path::{Path, PathBuf},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags, open},
};

pub use log_file::{AtSize, Flush, Found, Keeping, LogFile, Trouble};
pub use log_place::{directory_mode, make_directory};
pub use stop::{Interruptible, Stop};

/// How a write ended, with the number of bytes that are out; they end with a line unless a single
/// line is longer than a pipe takes at once.
#[derive(Debug)]
pub enum Written {
    /// Everything is out.
    All,
    /// The reader has closed its end: a normal end.
    Closed(usize),
    /// The run was asked to stop, and the reader does not read.
    Stopped(usize),
    /// The output refuses it.
    Failed(usize, io::Error),
}

/// A file descriptor that takes whole buffers.
pub struct Sink {
    out: File,
    name: String,
    /// A write may wait for a reader (a pipe, a terminal); a regular file never does.
    waits: bool,
    /// The command that reads: waited for behind `out`, which is closed first.
    reader: Option<command::Reader>,
    /// It was asked for by its name (`-o`).
    is_named: bool,
    /// Whoever closes it does not want the lines, which is no reason to end.
    is_aside: bool,
    /// Where a regular file is that is made again when it was deleted.
    path: Option<PathBuf>,
    /// What to say of that.
    warning: Option<String>,
}

impl Sink {
    /// Standard output.
    pub fn stdout() -> io::Result<Self> {
        let out = io::stdout().as_fd().try_clone_to_owned()?;
        Self::new(File::from(out), "standard output".to_owned())
    }

    /// Standard error. A reader that closes it does not end the run: the command goes on.
    pub fn stderr() -> io::Result<Self> {
        let out = io::stderr().as_fd().try_clone_to_owned()?;
        let mut sink = Self::new(File::from(out), "standard error".to_owned())?;
        sink.is_aside = true;
        Ok(sink)
    }

    /// A file for writing: made with mode 0600 if it is not there, emptied if it is.
    pub fn create(path: &Path) -> io::Result<Self> {
        Self::file(path, false)
    }

    /// A file, behind what is in it.
    pub fn append(path: &Path) -> io::Result<Self> {
        Self::file(path, true)
    }

    fn file(path: &Path, append: bool) -> io::Result<Self> {
        let mut sink = Self::new(open_file(path, append)?, path.display().to_string())?;
        sink.is_named = true;
        // A name that leads somewhere else later is not followed.
        sink.path = (!sink.waits)
            .then(|| std::path::absolute(path))
            .transpose()?;
        Ok(sink)
    }

    /// The standard input of a command, which a shell runs; its end is waited for when this is
    /// dropped.
    pub fn command(text: &OsStr) -> io::Result<Self> {
        let (out, reader) = command::start(text)?;
        let mut sink = Self::new(out, format!("the command {}", text.display()))?;
        (sink.is_named, sink.reader) = (true, Some(reader));
        Ok(sink)
    }

    /// Takes everything and keeps nothing: the lines are in files of another kind, called `name`.
    pub fn nothing(name: String) -> io::Result<Self> {
        Self::new(File::options().write(true).open("/dev/null")?, name)
    }

    fn new(out: File, name: String) -> io::Result<Self> {
        let waits = !out.metadata()?.is_file();
        let out = terminal::that_does_not_wait(out.as_fd()).unwrap_or(out);
        Ok(Self {
            out,
            name,
            waits,
            reader: None,
            is_named: false,
            is_aside: false,
            path: None,
            warning: None,
        })
    }

    /// What it is, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The descriptor, when somebody reads at its other end.
    pub fn waiting_on(&self) -> Option<BorrowedFd<'_>> {
        (self.waits && !self.is_aside).then(|| self.out.as_fd())
    }

    /// Writes all of `buffer`, which holds whole lines. Once the run is asked to stop, a reader
    /// that takes nothing for five seconds, or a second request, ends the wait.
    pub fn write(&mut self, buffer: &[u8], stop: &Stop) -> Written {
        let mut out = 0;
        if !buffer.is_empty()
            && let Err(error) = self.make_again()
        {
            return Written::Failed(0, error);
        }
        while out < buffer.len() {
            let mut chunk = &buffer[out..];
            if self.waits {
                match self.wait(stop) {
                    Ok(true) => {}
                    Ok(false) => return Written::Stopped(out),
                    Err(error) => return Written::Failed(out, error),
                }
                chunk = whole_lines(chunk);
            }
            match self.out.write(chunk) {
                Ok(n) => out += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                // A terminal had room, but not for this.
                Err(e) if e.kind() == io::ErrorKind::WouldBlock && self.waits => {}
                Err(e) if e.kind() == io::ErrorKind::BrokenPipe && self.is_aside => {
                    return Written::All;
                }
                Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Written::Closed(out),
                Err(e) => return Written::Failed(out, e),
            }
        }
        Written::All
    }

    /// What reads the output that was named (a FIFO, a command) may end before the command that is
    /// traced: that one decides.
    pub fn beside_a_command(&mut self) {
        self.is_aside |= self.is_named;
    }

    /// Closes the output, and waits for the command that reads it; says how that failed, if it did.
    pub fn close(self) -> Option<String> {
        let Self {
            out, name, reader, ..
        } = self;
        drop(out);
        let complaint = reader?.complaint()?;
        Some(format!("{name} failed: {complaint}"))
    }

    /// What a person should know of the output, said once.
    pub fn take_warning(&mut self) -> Option<String> {
        self.warning.take()
    }

    /// Makes the file again when it has lost its name: what is written to it then is for nobody.
    /// One that was renamed is written on.
    fn make_again(&mut self) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        if self.out.metadata()?.nlink() > 0 {
            return Ok(());
        }
        // There may be another one by now, with something in it.
        self.out = open_file(path, true)?;
        self.warning = Some(format!(
            "{} was deleted, with the records that were in it: it is made again, and goes on from \
             here",
            self.name
        ));
        Ok(())
    }

    /// Waits until the output takes more; false when it is to wait no longer.
    fn wait(&self, stop: &Stop) -> io::Result<bool> {
        loop {
            let asked = stop.times();
            if asked > 1 {
                return Ok(false);
            }
            let mut fds = [
                PollFd::new(&self.out, PollFlags::OUT),
                PollFd::from_borrowed_fd(stop.as_fd(), PollFlags::IN),
            ];
            let patience = (asked > 0).then_some(&PATIENCE);
            match poll(&mut fds, patience) {
                Ok(0) => return Ok(false),
                // An error on the output shows itself at the write.
                Ok(_) if !fds[0].revents().is_empty() => return Ok(true),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
}

/// A file for records, made with mode 0600 if it is not there: records can hold secrets that other
/// users must not read. With what it has, or emptied.
pub(crate) fn open_file(path: &Path, append: bool) -> io::Result<File> {
    let how = if append {
        OFlags::APPEND
    } else {
        OFlags::TRUNC
    };
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC | how;
    let fd: OwnedFd = open(path, flags, Mode::RUSR | Mode::WUSR)?;
    Ok(fd.into())
}

/// As many whole lines as a pipe takes at once: one that is ready takes `PIPE_BUF` bytes without
/// blocking (pipe(7)).
fn whole_lines(buffer: &[u8]) -> &[u8] {
    let chunk = &buffer[..buffer.len().min(CHUNK)];
    memchr::memrchr(b'\n', chunk).map_or(chunk, |end| &chunk[..=end])
}

/// How long a reader may take nothing once the run is to end.
const PATIENCE: Timespec = Timespec {
    tv_sec: 5,
    tv_nsec: 0,
};

/// Largest single write to something that may block: `PIPE_BUF` of `linux/limits.h`.
const CHUNK: usize = 4096;

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn piped() -> (io::PipeReader, Sink) {
        let (reader, writer) = io::pipe().unwrap();
        (
            reader,
            Sink::new(File::from(OwnedFd::from(writer)), String::new()).unwrap(),
        )
    }

    #[test]
    fn areader_that_does_not_read_does_not_hold_the_end_and_gets_whole_lines() {
        let (mut reader, mut sink) = piped();
        let (stop, mut stopper) = Stop::pipe().unwrap();
        stopper.write_all(b"xx").unwrap();
        // More than a pipe holds: the rest is not written, and nothing blocks for long.
        let big = b"a line of nineteen\n".repeat(100_000);
        let Written::Stopped(out) = sink.write(&big, &stop) else {
            panic!("the pipe took a megabyte");
        };
        drop(sink);
        let mut got = Vec::new();
        reader.read_to_end(&mut got).unwrap();
        assert_eq!(got.len(), out);
        assert!(out < big.len() && out % 19 == 0, "{out}");
    }

    #[test]
    fn one_request_to_stop_waits_for_areader_that_reads() {
        let (mut reader, mut sink) = piped();
        let (stop, mut stopper) = Stop::pipe().unwrap();
        stopper.write_all(b"x").unwrap();
        let big = vec![b'\n'; 1 << 20];
        let reading = std::thread::spawn(move || {
            let mut got = Vec::new();
            reader.read_to_end(&mut got).map(|_| got.len()).unwrap()
        });
        assert!(matches!(sink.write(&big, &stop), Written::All));
        drop(sink);
        assert_eq!(reading.join().unwrap(), big.len());
    }

    #[test]
    fn a_closed_pipe_is_told() {
        let (reader, mut sink) = piped();
        let (stop, _keep) = Stop::pipe().unwrap();
        drop(reader);
        assert!(matches!(sink.write(b"line\n", &stop), Written::Closed(0)));
    }

    #[test]
    fn a_deleted_file_is_made_again_and_a_renamed_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let (path, old) = (dir.path().join("out"), dir.path().join("old"));
        let (stop, _keep) = Stop::pipe().unwrap();
        let mut sink = Sink::create(&path).unwrap();
        let mut write = |text: &str| {
            assert!(matches!(sink.write(text.as_bytes(), &stop), Written::All));
            sink.take_warning()
        };
        assert_eq!(write("one\n"), None);
        std::fs::remove_file(&path).unwrap();
        assert!(write("two\n").unwrap().contains("was deleted"));
        assert_eq!(write("three\n"), None);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two\nthree\n");
        std::fs::rename(&path, &old).unwrap();
        assert_eq!(write("four\n"), None);
        assert!(!path.exists());
        assert_eq!(std::fs::read_to_string(&old).unwrap(), "two\nthree\nfour\n");
        drop((std::fs::remove_file(&old), dir));
        let lost = sink.write(b"five\n", &stop);
        assert!(matches!(lost, Written::Failed(0, _)), "{lost:?}");
    }

    #[test]
    fn a_full_disk_is_told() {
        let (stop, _keep) = Stop::pipe().unwrap();
        let mut sink = Sink::create(Path::new("/dev/full")).unwrap();
        assert!(matches!(
            sink.write(b"line\n", &stop),
            Written::Failed(0, _)
        ));
    }
}
