//! The queue of one destination on disk: what is to be done outlives a crash.
//!
//! A file to append to. It begins with what it is about (three lines), then come records, each one
//! letter and a path, ended by a NUL: `a` `c` `t` is a path with its [`Kind`] (capital: a
//! directory), `*` the whole tree, `<` everything before this is being worked on, `>` that is
//! done. A record is written before rsync is started for it, so a crash of tracer loses none; what
//! a crash of the machine takes from the page cache, the full run at the next start makes up for.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::{
    change::Kind,
    pending::{Entry, Pending},
};

/// The first line.
const MAGIC: &str = "tracer sync queue 1";

/// A file that has grown beyond this is written anew when a batch is done.
const COMPACT: u64 = 1 << 20;

/// The file.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    header: Vec<u8>,
    written: u64,
    buffer: Vec<u8>,
}

impl Journal {
    /// Opens the queue of a pair of source and destination, and reads what is left in it.
    pub(super) fn open(dir: &Path, source: &[u8], dest: &[u8]) -> io::Result<(Self, Pending)> {
        let mut header = Vec::new();
        for line in [MAGIC.as_bytes(), source, dest] {
            // A line is a line whatever the name is.
            header.extend(line.escape_ascii());
            header.push(b'\n');
        }
        fs::create_dir_all(dir)?;
        let path = dir.join(file_name(&header));
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => io::Error::new(
                io::ErrorKind::ResourceBusy,
                "another `tracer sync` is at work on the same source and destination",
            ),
            TryLockError::Error(error) => error,
        })?;
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let mut this = Self {
            path,
            file,
            written: content.len() as u64,
            buffer: Vec::new(),
            header,
        };
        let left = match content.strip_prefix(&*this.header) {
            Some(records) => replay(records),
            None if this.header.starts_with(&content) => {
                this.rewrite(&Pending::default())?;
                Pending::default()
            }
            None => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the file is not the queue of this source and destination; move it away",
                ));
            }
        };
        Ok((this, left))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Notes a path; written with the next [`Journal::flush`].
    pub(super) fn note(&mut self, path: &[u8], entry: Entry) {
        let letter = match entry.kind {
            Kind::Attribute => b'a',
            Kind::Content => b'c',
            Kind::Tree => b't',
        };
        self.buffer.push(if entry.is_dir {
            letter.to_ascii_uppercase()
        } else {
            letter
        });
        self.buffer.extend_from_slice(path);
        self.buffer.push(0);
    }

    /// Notes that the whole tree is to be compared.
    pub(super) fn note_full(&mut self) {
        self.buffer.extend_from_slice(b"*\0");
    }

    /// Notes that everything before this is being worked on, and writes it.
    pub(super) fn taken(&mut self) -> io::Result<()> {
        self.buffer.extend_from_slice(b"<\0");
        self.flush()
    }

    /// Notes that what was taken is done; `left` is all that is not.
    pub(super) fn done(&mut self, left: &Pending) -> io::Result<()> {
        self.buffer.extend_from_slice(b">\0");
        if left.is_empty() || self.written > COMPACT {
            self.rewrite(left)
        } else {
            self.flush()
        }
    }

    /// Writes what was noted.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        let result = self.file.write_all(&self.buffer);
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        result
    }

    /// Writes the file anew. It stays the same file, because it is locked: should this be
    /// interrupted, the next start begins with a full run all the same.
    fn rewrite(&mut self, left: &Pending) -> io::Result<()> {
        self.buffer.clear();
        if left.full {
            self.note_full();
        }
        for (path, entry) in &left.entries {
            self.note(path, *entry);
        }
        let records = std::mem::take(&mut self.buffer);
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&[&*self.header, &records].concat())?;
        self.written = (self.header.len() + records.len()) as u64;
        Ok(())
    }
}

/// What the records leave to be done. The last one may have been cut by a crash.
fn replay(records: &[u8]) -> Pending {
    let (mut before, mut since) = (Pending::default(), Pending::default());
    let whole = records
        .iter()
        .rposition(|b| *b == 0)
        .map_or(&[][..], |end| &records[..end]);
    for record in whole.split(|b| *b == 0) {
        let Some((letter, path)) = record.split_first() else {
            continue;
        };
        let kind = match letter.to_ascii_lowercase() {
            b'a' => Kind::Attribute,
            b'c' => Kind::Content,
            b't' => Kind::Tree,
            b'<' => {
                let older = std::mem::take(&mut before);
                before = std::mem::take(&mut since);
                before.absorb(older);
                continue;
            }
            b'>' => {
                before = Pending::default();
                continue;
            }
            // `*`; and what a later tracer may write, which the full run covers.
            _ => {
                since.full = true;
                continue;
            }
        };
        let is_dir = letter.is_ascii_uppercase();
        since.add(path.into(), Entry { kind, is_dir });
    }
    since.absorb(before);
    since
}

/// A name that is the same for the same pair: 64-bit FNV-1a.
fn file_name(header: &[u8]) -> String {
    use std::hash::Hasher;
    let mut hash = fnv::FnvHasher::default();
    hash.write(header);
    format!("{:016x}.queue", hash.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: Entry = Entry {
        kind: Kind::Content,
        is_dir: false,
    };

    fn open(dir: &Path) -> (Journal, Pending) {
        Journal::open(dir, b"/src", b"host:/\xff\n").expect("it opens")
    }

    fn names(pending: &Pending) -> Vec<&[u8]> {
        pending.entries.keys().map(|path| &**path).collect()
    }

    #[test]
    fn what_is_not_done_is_there_at_the_next_start() {
        let dir = tempfile::tempdir().expect("a directory");
        let (mut journal, left) = open(dir.path());
        assert!(left.is_empty());
        journal.note(b"one", FILE);
        journal.note(
            b"two\n",
            Entry {
                kind: Kind::Tree,
                is_dir: true,
            },
        );
        journal.taken().expect("written");
        journal.note(b"three", FILE);
        journal.flush().expect("written");
        drop(journal);
        let (mut journal, left) = open(dir.path());
        assert_eq!(names(&left), [&b"one"[..], b"three", b"two\n"]);
        assert_eq!(
            left.entries[&b"two\n"[..]],
            Entry {
                kind: Kind::Tree,
                is_dir: true
            }
        );
        journal.taken().expect("written");
        journal.note(b"four", FILE);
        let mut rest = Pending::default();
        rest.add(b"four".as_slice().into(), FILE);
        journal.done(&rest).expect("written");
        drop(journal);
        let (mut journal, left) = open(dir.path());
        assert_eq!(names(&left), [b"four"]);
        journal.note_full();
        journal.taken().expect("written");
        drop(journal);
        let (mut journal, left) = open(dir.path());
        assert!(left.full);
        journal.taken().expect("written");
        journal.done(&Pending::default()).expect("written");
        drop(journal);
        assert!(open(dir.path()).1.is_empty());
    }

    #[test]
    fn a_record_cut_by_a_crash_spoils_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        let (mut journal, _) = open(dir.path());
        journal.note(b"whole", FILE);
        journal.note(b"cut", FILE);
        journal.flush().expect("written");
        let path = journal.path().to_owned();
        drop(journal);
        let bytes = fs::read(&path).expect("it is there");
        for end in 0..bytes.len() {
            fs::write(&path, &bytes[..end]).expect("written");
            let (_, left) = open(dir.path());
            assert!(left.len() <= 1, "{end}");
        }
    }

    #[test]
    fn two_at_once_and_foreign_files_are_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let (journal, _) = open(dir.path());
        let error = Journal::open(dir.path(), b"/src", b"host:/\xff\n").expect_err("locked");
        assert!(error.to_string().contains("another"), "{error}");
        let path = journal.path().to_owned();
        drop(journal);
        fs::write(&path, "something else").expect("written");
        assert!(Journal::open(dir.path(), b"/src", b"host:/\xff\n").is_err());
        assert!(Journal::open(dir.path(), b"/src", b"/other").is_ok());
    }
}
