//! The writer's side: a batch for each piece of lines, and the key moves on.

use std::{
    fs::File,
    io::{self, Write as _},
    os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use super::{Batch, KeyPlace, MAGIC, START, SealError, beside, lines, of};

/// Bytes of what is sealed at once where the daemon finds lines without a seal.
const PIECE: usize = 1 << 20;

/// Seals what is written to one log.
pub struct Sealer {
    place: KeyPlace,
    /// Seals of the present segment.
    path: PathBuf,
    file: File,
    /// Bytes in it.
    len: u64,
    /// Batches of the present segment, and how far they go.
    mode: u32,
    out: Vec<u8>,
}

impl Sealer {
    /// For the log at this path, of which `file` is the present segment. What is in it without a seal
    /// is sealed now, and is marked as such.
    pub fn open(log: &Path, file: &File, mode: u32) -> Result<Self, SealError> {
        let place = KeyPlace::open(log)?;
        let path = beside(log);
        let seals = open(&path, mode).map_err(of(&path))?;
        let mut sealer = Self {
            place,
            path,
            file: seals,
            len: 0,
            mode,
            out: Vec::new(),
        };
        let end = sealer.take_up()?;
        sealer.catch_up(log, file, end)?;
        Ok(sealer)
    }

    /// Goes on behind the last whole batch: gives how far it goes in the segment.
    fn take_up(&mut self) -> Result<u64, SealError> {
        let bytes = std::fs::read(&self.path).map_err(of(&self.path))?;
        let (mut at, mut end) = (START, 0);
        if bytes.len() < START || bytes[..8] != MAGIC || bytes[8..START] != self.place.chain.0 {
            // Of another chain, or nothing yet: those before stay readable with their own key.
            if bytes.len() >= START {
                self.lay_aside()?;
            }
            self.begin()?;
            return Ok(0);
        }
        while let Some(sealed) = bytes.get(at..).and_then(Batch::get) {
            at += sealed.end;
            end = sealed.batch.end();
            // The last run was killed before it kept the key.
            while self.place.number <= sealed.batch.number {
                self.place.step();
            }
        }
        self.place.keep()?;
        self.len = at as u64;
        self.file.set_len(self.len).map_err(of(&self.path))?;
        Ok(end)
    }

    /// Keeps the seals of another chain under another name.
    fn lay_aside(&mut self) -> Result<(), SealError> {
        let mut old = self.path.as_os_str().to_owned();
        old.push(".old");
        std::fs::rename(&self.path, old).map_err(of(&self.path))?;
        self.file = open(&self.path, self.mode).map_err(of(&self.path))?;
        Ok(())
    }

    /// Begins a file of seals.
    fn begin(&mut self) -> Result<(), SealError> {
        let mut head = MAGIC.to_vec();
        head.extend_from_slice(&self.place.chain.0);
        let written = self
            .file
            .set_len(0)
            .and_then(|()| self.file.write_all_at(&head, 0));
        written.map_err(of(&self.path))?;
        self.len = START as u64;
        Ok(())
    }

    /// Seals what is in the segment behind `from`.
    fn catch_up(&mut self, log: &Path, file: &File, mut from: u64) -> Result<(), SealError> {
        let len = file.metadata().map_err(of(log))?.len();
        let mut piece = vec![0; PIECE];
        let mut kept = 0;
        while from + (kept as u64) < len {
            if kept == piece.len() {
                // One line that is longer than all this.
                piece.resize(2 * kept, 0);
            }
            let got = file.read_at(&mut piece[kept..], from + kept as u64);
            kept += match got.map_err(of(log))? {
                0 => break,
                got => got,
            };
            let Some(end) = memchr::memrchr(b'\n', &piece[..kept]) else {
                continue;
            };
            self.batch(from, &piece[..=end], true)
                .map_err(of(&self.path.clone()))?;
            from += end as u64 + 1;
            piece.copy_within(end + 1..kept, 0);
            kept -= end + 1;
        }
        Ok(())
    }

    /// Seals whole lines that were written at this place of the segment, or leaves everything as it was.
    pub fn seal(&mut self, at: u64, piece: &[u8]) -> io::Result<()> {
        if self.is_gone()? {
            // What was in it is missing, which a look at it tells.
            self.file = open(&self.path, self.mode)?;
            self.begin().map_err(io::Error::other)?;
        }
        self.batch(at, piece, false)
    }

    fn batch(&mut self, at: u64, piece: &[u8], is_late: bool) -> io::Result<()> {
        let batch = Batch {
            number: self.place.number,
            at,
            len: piece.len() as u32,
            lines: lines(piece).count() as u32,
            is_late,
        };
        self.out.clear();
        batch.put(&self.place.key, piece, &mut self.out);
        let mut file = &self.file;
        if let Err(error) = file.write_all(&self.out) {
            self.file.set_len(self.len)?;
            return Err(error);
        }
        self.len += self.out.len() as u64;
        self.place.step();
        // Where that fails, the next batch tries again, and a start counts the batches.
        let _ = self.place.keep();
        Ok(())
    }

    /// The present segment has another name now, and its seals, too: a new one begins.
    pub fn next_segment(&mut self) -> io::Result<()> {
        self.file = open(&self.path, self.mode)?;
        self.begin().map_err(io::Error::other)
    }

    /// Brings everything to the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()?;
        self.place.sync()
    }

    fn is_gone(&self) -> io::Result<bool> {
        Ok(self.file.metadata()?.nlink() == 0)
    }
}

/// Opens or makes a file of seals.
fn open(path: &Path, mode: u32) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).append(true).create(true).mode(mode);
    let file = options.custom_flags(libc::O_NOFOLLOW).open(path)?;
    if file.metadata()?.len() == 0 {
        file.set_permissions(std::fs::Permissions::from_mode(mode))?;
    }
    Ok(file)
}
