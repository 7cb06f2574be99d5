//! Where lines go: standard output or a file. Counts what was written and what was not.

use std::{
    fs::File,
    io::{self, Write},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::Path,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    fs::{Mode, OFlags, open},
};

/// How a write ended.
#[derive(Debug)]
pub enum Written {
    /// Everything is out.
    All,
    /// The reader has closed its end: a normal end.
    Closed,
    /// The run was asked to stop while the reader did not read.
    Stopped,
    /// The output refuses it.
    Failed(io::Error),
}

/// A file descriptor that takes whole buffers.
pub struct Sink {
    out: File,
    name: String,
    /// A write may wait for a reader (a pipe, a terminal); a regular file never does.
    waits: bool,
}

impl Sink {
    /// Standard output.
    pub fn stdout() -> io::Result<Self> {
        let out = io::stdout().as_fd().try_clone_to_owned()?;
        Self::new(File::from(out), "standard output".to_owned())
    }

    /// A file, made with mode 0600 if it is not there, emptied if it is: records can hold
    /// secrets that other users must not read.
    pub fn create(path: &Path) -> io::Result<Self> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::CLOEXEC;
        let fd: OwnedFd = open(path, flags, Mode::RUSR | Mode::WUSR)?;
        Self::new(File::from(fd), path.display().to_string())
    }

    fn new(out: File, name: String) -> io::Result<Self> {
        let waits = !out.metadata()?.is_file();
        Ok(Self { out, name, waits })
    }

    /// What it is, for messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes all of `buffer`. While the reader does not read, `stop` becoming readable ends the
    /// wait.
    pub fn write(&mut self, mut buffer: &[u8], stop: BorrowedFd<'_>) -> Written {
        while !buffer.is_empty() {
            let mut chunk = buffer;
            if self.waits {
                match self.wait(stop) {
                    Ok(true) => {}
                    Ok(false) => return Written::Stopped,
                    Err(error) => return Written::Failed(error),
                }
                // A pipe that is ready takes at least PIPE_BUF bytes without blocking (pipe(7)).
                chunk = &buffer[..buffer.len().min(CHUNK)];
            }
            match self.out.write(chunk) {
                Ok(n) => buffer = &buffer[n..],
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Written::Closed,
                Err(e) => return Written::Failed(e),
            }
        }
        Written::All
    }

    /// Waits until the output takes more; false when `stop` came first.
    fn wait(&self, stop: BorrowedFd<'_>) -> io::Result<bool> {
        let mut fds = [
            PollFd::new(&self.out, PollFlags::OUT),
            PollFd::from_borrowed_fd(stop, PollFlags::IN),
        ];
        loop {
            match poll(&mut fds, None) {
                Ok(_) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
        // An error on the output shows itself at the write.
        Ok(!fds[0].revents().is_empty())
    }
}

/// Largest single write to something that may block: `PIPE_BUF` of `linux/limits.h`.
const CHUNK: usize = 4096;

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_stopped_reader_does_not_hold_the_end() {
        let (mut reader, writer) = io::pipe().unwrap();
        let (stop, mut stopper) = io::pipe().unwrap();
        let mut sink = Sink::new(File::from(OwnedFd::from(writer)), String::new()).unwrap();
        stopper.write_all(b"x").unwrap();
        // More than a pipe holds: the rest is not written, and nothing blocks.
        let big = vec![b'a'; 1 << 20];
        assert!(matches!(sink.write(&big, stop.as_fd()), Written::Stopped));
        drop(sink);
        let mut got = Vec::new();
        reader.read_to_end(&mut got).unwrap();
        assert!(got.len() < big.len() && !got.is_empty());
    }

    #[test]
    fn a_closed_pipe_is_told() {
        let (reader, writer) = io::pipe().unwrap();
        let (stop, _keep) = io::pipe().unwrap();
        drop(reader);
        let mut sink = Sink::new(File::from(OwnedFd::from(writer)), String::new()).unwrap();
        assert!(matches!(sink.write(b"line\n", stop.as_fd()), Written::Closed));
    }

    #[test]
    fn a_full_disk_is_told() {
        let (stop, _keep) = io::pipe().unwrap();
        let mut sink = Sink::create(Path::new("/dev/full")).unwrap();
        assert!(matches!(sink.write(b"line\n", stop.as_fd()), Written::Failed(_)));
    }
}
