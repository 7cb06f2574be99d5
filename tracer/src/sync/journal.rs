//! The queue of one destination on disk: what is to be done outlives a crash.
//!
//! A file to append to. It begins with what it is about (three lines), then come records, each one
//! letter and a path, ended by a NUL: `a` `c` `t` is a path with its [`Kind`] (capital: a
//! directory), `*` the whole tree, `<` everything before this is being worked on, `>` that is
//! done. A record is written before rsync is started for it, so a crash of tracer loses none; what
//! a crash of the machine takes from the page cache, the full run at the next start makes up for.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
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

/// Mode of what only its owner may read.
const PRIVATE: u32 = 0o600;

/// An opened queue.
#[derive(Debug)]
pub(super) struct Opened {
    /// The file.
    pub(super) journal: Journal,
    /// What is left to be done.
    pub(super) left: Pending,
    /// What to say when nobody can tell what was in it.
    pub(super) damaged: Option<String>,
}

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
    /// Opens the queue of a pair of source and destination, and reads what is left in it. Only its
    /// owner may read it: it has the names of files.
    pub(super) fn open(dir: &Path, source: &[u8], dest: &[u8]) -> io::Result<Opened> {
        let mut header = Vec::new();
        for line in [MAGIC.as_bytes(), source, dest] {
            // A line is a line whatever the name is.
            header.extend(line.escape_ascii());
            header.push(b'\n');
        }
        make_directory(dir)?;
        let path = dir.join(file_name(&header));
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(PRIVATE)
            .open(&path)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => io::Error::new(
                io::ErrorKind::ResourceBusy,
                "another `tracer sync` is at work on the same source and destination",
            ),
            TryLockError::Error(error) => error,
        })?;
        let found = file.metadata()?.permissions();
        if found.mode() & 0o077 != 0 {
            // One that an earlier tracer made. Where it is somebody else's, he may have it so.
            let _ = file.set_permissions(Permissions::from_mode(PRIVATE));
        }
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        let mut this = Self {
            path,
            file,
            written: content.len() as u64,
            buffer: Vec::new(),
            header,
        };
        let mut damaged = None;
        let left = if let Some(records) = content.strip_prefix(&*this.header) {
            replay(records)
        } else {
            // Cut short while it was begun, it has nothing.
            if !this.header.starts_with(&content) {
                damaged = Some(this.set_aside(&content));
            }
            let all = Pending {
                full: damaged.is_some(),
                ..Pending::default()
            };
            this.rewrite(&all)?;
            all
        };
        Ok(Opened {
            journal: this,
            left,
            damaged,
        })
    }

    /// Keeps the content of a damaged file beside it. Returns what to say of it.
    fn set_aside(&self, content: &[u8]) -> String {
        let (path, aside) = (&self.path, self.path.with_extension("damaged"));
        let kept = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(PRIVATE)
            .open(&aside)
            .and_then(|mut file| file.write_all(content));
        let where_to = match kept {
            Ok(()) => format!("what was in it is in {}", aside.display()),
            Err(error) => format!("what was in it could not be kept: {error}"),
        };
        format!(
            "the queue {} is damaged, so everything is compared ({where_to})",
            path.display()
        )
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

/// The directory of the queues: one that is made is its owner's alone.
fn make_directory(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(above) = dir.parent() {
        fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        // By another job, in between.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
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
        let opened = Journal::open(dir, b"/src", b"host:/\xff\n").expect("it opens");
        (opened.journal, opened.left)
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
    fn two_at_once_are_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let (_journal, _) = open(dir.path());
        let error = Journal::open(dir.path(), b"/src", b"host:/\xff\n").expect_err("locked");
        assert!(error.to_string().contains("another"), "{error}");
        assert!(Journal::open(dir.path(), b"/src", b"/other").is_ok());
    }

    #[test]
    fn a_damaged_one_is_the_whole_tree_and_is_kept_aside() {
        let dir = tempfile::tempdir().expect("a directory");
        let (mut journal, _) = open(dir.path());
        journal.note(b"one", FILE);
        journal.flush().expect("written");
        let path = journal.path().to_owned();
        drop(journal);
        let mut bytes = fs::read(&path).expect("it is there");
        bytes[3] ^= 0xff;
        fs::write(&path, &bytes).expect("written");
        let opened = Journal::open(dir.path(), b"/src", b"host:/\xff\n").expect("it opens");
        assert!(opened.left.full && opened.left.entries.is_empty());
        let said = opened.damaged.expect("it is said");
        assert!(said.contains("damaged"), "{said}");
        let kept = fs::read(path.with_extension("damaged")).expect("it is kept");
        assert_eq!(kept, bytes);
        drop(opened.journal);
        // What is written from now on is whole.
        let again = Journal::open(dir.path(), b"/src", b"host:/\xff\n").expect("it opens");
        assert!(again.damaged.is_none() && again.left.full);
    }

    #[test]
    fn nobody_else_may_read_it() {
        let mode = |path: &Path| {
            fs::metadata(path)
                .expect("it is there")
                .permissions()
                .mode()
        };
        let temp = tempfile::tempdir().expect("a directory");
        let dir = temp.path().join("made/sync");
        let (journal, _) = open(&dir);
        let path = journal.path().to_owned();
        drop(journal);
        assert_eq!(mode(&path) & 0o777, 0o600);
        assert_eq!(mode(&dir) & 0o777, 0o700);
        // One of before.
        fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("it is ours");
        drop(open(&dir));
        assert_eq!(mode(&path) & 0o777, 0o600);
    }
}
