//! The audit log on disk: whole lines in a file that is rotated, and what happens when the disk
//! is full, the file is gone, or the last run was killed in the middle of a line. Knows nothing
//! of what the lines say.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::MetadataExt,
    path::Path,
    sync::mpsc::{SyncSender, TrySendError, sync_channel},
    thread,
};

use rustix::io::Errno;

use super::log_place::LogPlace;
use crate::{
    seal::Sealer,
    source::replay::naming::{self, Names, numbered, packed},
};

/// When what was written is brought to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// When the kernel does it.
    None,
    /// After this many records, by a thread that nobody waits for.
    Incremental(u32),
    /// Before anything else is done.
    Sync,
}

/// What is done when a segment has reached its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtSize {
    /// Nothing.
    Ignore,
    /// The oldest of this many segments goes.
    Rotate(u32),
    /// A new segment; none ever goes.
    KeepLogs,
}

/// How the log is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// Bytes of a segment before the next begins; 0 is no limit.
    pub max_size: u64,
    /// What happens then.
    pub at_size: AtSize,
    /// When it is brought to the disk.
    pub flush: Flush,
    /// Permissions of new segments.
    pub mode: u32,
    /// Whether what is written is sealed.
    pub seal: bool,
}

/// Something happened to the log that should be told.
#[derive(Debug)]
pub enum Trouble {
    /// The file was gone or replaced, and was made anew.
    Remade,
    /// So were its seals, or the key.
    SealRemade,
    /// Writing failed; what was to be written is kept for the next time.
    Failed(io::Error),
    /// Rotating failed; the old segment is used further.
    NotRotated(io::Error),
}

/// What was found in the log at its opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Bytes of a line without an end that were cut off.
    pub torn: u64,
    /// Highest serial number.
    pub serial: u64,
    /// The last daemon that wrote here did not say that it ended.
    pub unclean: bool,
}

/// The log.
pub struct LogFile {
    place: LogPlace,
    file: File,
    /// Bytes in the file.
    len: u64,
    keeping: Keeping,
    unflushed: u32,
    flusher: SyncSender<File>,
    names: Names,
    /// Who wants to know of each new segment.
    rotated: Option<SyncSender<()>>,
    sealer: Option<Sealer>,
}

impl LogFile {
    /// Opens or makes the log, which nobody else may have open to write. A torn line at its end, which a killed writer left, is cut off.
    pub fn open(path: &Path, keeping: Keeping) -> io::Result<(Self, Found)> {
        let place = LogPlace::new(path);
        let mut file = place.open(keeping.mode)?;
        if naming::finish(path)? {
            file = place.open(keeping.mode)?;
        }
        let mut found = examine(&file)?;
        if found.torn > 0 {
            let len = file.metadata()?.len() - found.torn;
            file.set_len(len)?;
        }
        if found.serial == 0 {
            let segment = numbered(path, 1);
            let older = match File::open(&segment) {
                Ok(older) => Some(examine(&older)?),
                Err(_) => examine_packed(&packed(&segment).0).ok(),
            };
            if let Some(older) = older {
                (found.serial, found.unclean) = (older.serial, older.unclean);
            }
        }
        let len = file.metadata()?.len();
        let sealer = sealer(path, &file, &keeping)?;
        let log = Self {
            place,
            file,
            len,
            keeping,
            unflushed: 0,
            flusher: flusher(),
            names: Names::default(),
            rotated: None,
            sealer,
        };
        Ok((log, found))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Bytes in the present segment.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Is the present segment empty?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Who gives names to segments.
    pub fn names(&self) -> Names {
        self.names.clone()
    }

    /// Whom to wake when a new segment begins.
    pub fn tell_rotations(&mut self, to: Option<SyncSender<()>>) {
        self.rotated = to;
    }

    /// Changes how it is kept from now on; with an error nothing has changed.
    pub fn keep(&mut self, keeping: Keeping) -> io::Result<()> {
        if keeping.seal != self.keeping.seal {
            self.sealer = sealer(self.path(), &self.file, &keeping)?;
        }
        self.keeping = keeping;
        Ok(())
    }

    /// Free bytes of its file system, for those who are not root.
    pub fn free(&self) -> io::Result<u64> {
        let stat = rustix::fs::fstatvfs(&self.file)?;
        Ok(stat.f_bavail * stat.f_frsize)
    }

    /// Writes whole lines that hold `records` records: all of them, or none of them and an error.
    /// What else happened is added to `troubles`.
    pub fn write(
        &mut self,
        lines: &[u8],
        records: u32,
        troubles: &mut Vec<Trouble>,
    ) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        self.make_room(troubles);
        self.write_all(lines)?;
        // The file may have been removed since, and then what was written is nowhere; or renamed, and then
        // it would be in two files.
        if self.is_gone()? {
            self.len -= lines.len() as u64;
            let _ = self.file.set_len(self.len);
            self.remake()?;
            troubles.push(Trouble::Remade);
            self.write_all(lines)?;
        }
        self.seal(lines, troubles)?;
        self.flush(records)
    }

    /// Seals what was written last, or takes it back.
    fn seal(&mut self, lines: &[u8], troubles: &mut Vec<Trouble>) -> io::Result<()> {
        let Some(sealer) = &mut self.sealer else {
            return Ok(());
        };
        let at = self.len - lines.len() as u64;
        match sealer.seal(at, lines) {
            Ok(true) => Ok(()),
            Ok(false) => {
                troubles.push(Trouble::SealRemade);
                Ok(())
            }
            Err(error) => {
                self.len = at;
                self.take_back(lines.len(), error)
            }
        }
    }

    /// Appends, or leaves the file as it was.
    fn write_all(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut out = 0;
        while out < lines.len() {
            match rustix::io::write(&self.file, &lines[out..]) {
                Ok(0) => return self.take_back(out, Errno::NOSPC.into()),
                Ok(n) => out += n,
                Err(Errno::INTR) => {}
                Err(error) => return self.take_back(out, error.into()),
            }
        }
        self.len += lines.len() as u64;
        Ok(())
    }

    /// A part of the lines is in the file: it goes again, so that no line is torn.
    fn take_back(&mut self, out: usize, error: io::Error) -> io::Result<()> {
        if out > 0 {
            self.file.set_len(self.len)?;
        }
        Err(error)
    }

    /// Is the path another file now, or none? Whatever hides it (a file or a link in the place of its
    /// directory, too) hides what is written.
    fn is_gone(&self) -> io::Result<bool> {
        let mine = self.file.metadata()?;
        let there = fs::metadata(self.path());
        Ok(!there.is_ok_and(|there| (there.dev(), there.ino()) == (mine.dev(), mine.ino())))
    }

    fn remake(&mut self) -> io::Result<()> {
        self.place.make_directory()?;
        self.file = self.place.open(self.keeping.mode)?;
        self.len = self.file.metadata()?.len();
        Ok(())
    }

    /// Begins a new segment when this one is full.
    fn make_room(&mut self, troubles: &mut Vec<Trouble>) {
        let full = self.keeping.max_size > 0 && self.len >= self.keeping.max_size;
        if full
            && self.keeping.at_size != AtSize::Ignore
            && let Err(error) = self.rotate()
        {
            troubles.push(Trouble::NotRotated(error));
        }
    }

    /// Begins a new segment: the present one becomes `.1`, that `.2`, and so on.
    pub fn rotate(&mut self) -> io::Result<()> {
        let last = match self.keeping.at_size {
            AtSize::Rotate(count) => count.max(2) - 1,
            AtSize::KeepLogs | AtSize::Ignore => u32::MAX,
        };
        let names = self.names.clone();
        let names = names.hold();
        let mut end = 1;
        while end < last && naming::is_there(self.path(), end) {
            end += 1;
        }
        for n in (1..end).rev() {
            naming::shift(self.path(), n)?;
        }
        self.file.sync_data()?;
        naming::put_away(self.path())?;
        self.file = self.place.open(self.keeping.mode)?;
        self.len = 0;
        if let Some(sealer) = &mut self.sealer {
            sealer.next_segment();
        }
        drop(names);
        if let Some(rotated) = &self.rotated {
            // Once it is awake, it looks for all that there is.
            let _ = rotated.try_send(());
        }
        Ok(())
    }

    fn flush(&mut self, records: u32) -> io::Result<()> {
        match self.keeping.flush {
            Flush::None => Ok(()),
            Flush::Sync => self.sync(),
            Flush::Incremental(every) => {
                self.unflushed = self.unflushed.saturating_add(records);
                if self.unflushed >= every {
                    match self.flusher.try_send(self.file.try_clone()?) {
                        Ok(()) => self.unflushed = 0,
                        // It is still at the last one, and will be asked again.
                        Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
                    }
                }
                Ok(())
            }
        }
    }

    /// Brings everything to the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()?;
        self.sealer.as_ref().map_or(Ok(()), Sealer::sync)
    }
}

/// Who seals the log, where that is asked for.
fn sealer(path: &Path, file: &File, keeping: &Keeping) -> io::Result<Option<Sealer>> {
    let sealer = keeping.seal.then(|| Sealer::open(path, file, keeping.mode));
    sealer.transpose().map_err(io::Error::other)
}

/// A thread that brings files to the disk, one at a time.
fn flusher() -> SyncSender<File> {
    let (sender, receiver) = sync_channel::<File>(1);
    thread::spawn(move || {
        for file in receiver {
            // A disk that refuses this refuses the next write too, which is told.
            let _ = file.sync_data();
        }
    });
    sender
}

/// Bytes at the end of a log that are looked through: some hundred events.
const TAIL: u64 = 1 << 20;

/// Looks at the end of a log.
fn examine(mut file: &File) -> io::Result<Found> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        // A device has no end to look at: reading /dev/full never ends.
        return Ok(Found::default());
    }
    let len = metadata.len();
    file.seek(SeekFrom::Start(len.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    Ok(examine_tail(&tail, len))
}

/// The same of a segment that is packed.
fn examine_packed(path: &Path) -> io::Result<Found> {
    let mut text = zstd::Decoder::new(File::open(path)?)?;
    let (mut tail, mut len) = (Vec::new(), 0);
    loop {
        let spare = tail.len().saturating_sub(TAIL as usize);
        tail.drain(..spare);
        match text.by_ref().take(TAIL).read_to_end(&mut tail)? {
            0 => return Ok(examine_tail(&tail, len)),
            more => len += more as u64,
        }
    }
}

/// Looks at the last bytes of a log of this length.
fn examine_tail(tail: &[u8], len: u64) -> Found {
    let end = memchr::memrchr(b'\n', tail).map_or(0, |at| at + 1);
    // A line longer than what was looked at is no record of ours.
    let torn = if end == 0 && len > TAIL {
        0
    } else {
        (tail.len() - end) as u64
    };
    let lines = tail[..end].split(|b| *b == b'\n');
    let (mut serial, mut unclean) = (0, false);
    for line in lines.filter(|line| !line.is_empty()) {
        serial = serial.max(serial_of(line).unwrap_or(0));
        let kind = crate::records::Head::parse(line)
            .ok()
            .and_then(|head| head.kind);
        unclean = kind != Some(crate::records::RecordType::DAEMON_END);
    }
    Found {
        torn,
        serial,
        unclean,
    }
}

/// The serial number of `... msg=audit(1234.567:SERIAL): ...`.
fn serial_of(line: &[u8]) -> Option<u64> {
    let at = memchr::memmem::find(line, b"msg=audit(")? + 10;
    let close = memchr::memchr(b')', &line[at..])? + at;
    let colon = memchr::memchr(b':', &line[at..close])? + at;
    std::str::from_utf8(&line[colon + 1..close])
        .ok()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeping() -> Keeping {
        Keeping {
            max_size: 0,
            at_size: AtSize::Rotate(3),
            flush: Flush::None,
            mode: 0o600,
            seal: false,
        }
    }

    fn line(serial: u64) -> String {
        format!("type=SYSCALL msg=audit(1.000:{serial}): x\n")
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_torn_line_is_cut_and_the_serial_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.log");
        let rows: &[(&str, Found)] = &[
            ("", Found::default()),
            (
                "type=SYSCALL msg=audit(1.000:7): a\ntype=SYSC",
                Found {
                    torn: 9,
                    serial: 7,
                    unclean: true,
                },
            ),
            (
                "type=DAEMON_END msg=audit(1.000:9): op=terminate\n",
                Found {
                    torn: 0,
                    serial: 9,
                    unclean: false,
                },
            ),
            (
                "no record",
                Found {
                    torn: 9,
                    serial: 0,
                    unclean: false,
                },
            ),
            (
                "type=X msg=audit(1.0:bad): x\n",
                Found {
                    torn: 0,
                    serial: 0,
                    unclean: true,
                },
            ),
        ];
        for (text, wanted) in rows {
            fs::write(&path, text).unwrap();
            let (mut log, found) = LogFile::open(&path, keeping()).unwrap();
            assert_eq!(found, *wanted, "{text}");
            log.write(line(10).as_bytes(), 1, &mut Vec::new()).unwrap();
            let kept = &text[..text.len() - found.torn as usize];
            assert_eq!(read(&path), format!("{kept}{}", line(10)));
        }
    }

    #[test]
    fn segments_are_numbered_and_the_oldest_goes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.log");
        let keeping = Keeping {
            max_size: 1,
            ..keeping()
        };
        let (mut log, _) = LogFile::open(&path, keeping).unwrap();
        for serial in 1..=5 {
            log.write(line(serial).as_bytes(), 1, &mut Vec::new())
                .unwrap();
        }
        assert_eq!(read(&path), line(5));
        assert_eq!(read(&numbered(&path, 1)), line(4));
        assert_eq!(read(&numbered(&path, 2)), line(3));
        assert!(!numbered(&path, 3).exists());
        // The serial comes from the last segment when the present one is empty.
        log.rotate().unwrap();
        drop(log);
        assert_eq!(LogFile::open(&path, self::keeping()).unwrap().1.serial, 5);
    }

    #[test]
    fn a_removed_or_moved_file_is_made_anew_and_nothing_is_lost() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("logs/audit.log");
        fs::create_dir(dir.path().join("logs")).unwrap();
        let (mut log, _) = LogFile::open(&path, keeping()).unwrap();
        let mut troubles = Vec::new();
        log.write(b"a\n", 1, &mut troubles).unwrap();
        fs::remove_file(&path).unwrap();
        log.write(b"b\n", 1, &mut troubles).unwrap();
        assert_eq!(read(&path), "b\n");
        fs::rename(&path, dir.path().join("moved")).unwrap();
        log.write(b"c\n", 1, &mut troubles).unwrap();
        assert_eq!(read(&path), "c\n");
        assert_eq!(read(&dir.path().join("moved")), "b\n", "and not there, too");
        fs::remove_dir_all(dir.path().join("logs")).unwrap();
        log.write(b"d\n", 1, &mut troubles).unwrap();
        assert_eq!(read(&path), "d\n");
        assert_eq!(troubles.len(), 3);
    }

    #[test]
    fn a_symlink_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.log");
        std::os::unix::fs::symlink("/etc/hostname", &path).unwrap();
        assert!(LogFile::open(&path, keeping()).is_err());
    }
}
