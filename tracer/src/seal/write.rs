//! The writer's side: a batch for each piece of lines, and the key moves on.

use std::{
    fs::{File, Permissions},
    io::{self, Write as _},
    os::unix::fs::{FileExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use super::{AHEAD, Batch, KeyPlace, MAGIC, START, SealError, beside, is_at, lines, of};
use crate::source::replay::naming::ending;

/// Bytes of what is sealed at once where the daemon finds lines without a seal.
const PIECE: usize = 1 << 20;

/// Seals what is written to one log.
pub struct Sealer {
    place: KeyPlace,
    /// Seals of the present segment.
    path: PathBuf,
    /// The file of them, once something of the segment is sealed.
    file: Option<File>,
    /// Bytes in it.
    len: u64,
    mode: u32,
    out: Vec<u8>,
}

impl Sealer {
    /// For the log at this path, of which `file` is the present segment. What is in it without a seal
    /// is sealed now, and is marked as such.
    pub fn open(log: &Path, file: &File, mode: u32) -> Result<Self, SealError> {
        let mut sealer = Self {
            place: KeyPlace::open(log)?,
            path: beside(log),
            file: None,
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
        let bytes = match super::read(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            read => read.map_err(of(&self.path))?,
        };
        if bytes.len() < START || bytes[..START] != self.head() {
            self.lay_aside().map_err(of(&self.path))?;
            return Ok(0);
        }
        let (mut at, mut end) = (START, 0);
        while let Some(sealed) = bytes.get(at..).and_then(Batch::get) {
            at += sealed.end;
            end = sealed.batch.end();
            if sealed.batch.number >= self.place.number.saturating_add(AHEAD) {
                let path = self.path.clone();
                let why = "its numbers are not those of the key: look at it with `tracer verify`, \
                           and move it away to begin anew";
                return Err(SealError::Damaged { path, why });
            }
            // The last run was killed before it kept the key.
            while self.place.number <= sealed.batch.number {
                self.place.step();
            }
        }
        self.place.keep().map_err(of(&self.path))?;
        let file = open(&self.path, self.mode).map_err(of(&self.path))?;
        self.len = at as u64;
        file.set_len(self.len).map_err(of(&self.path))?;
        self.file = Some(file);
        Ok(end)
    }

    /// Keeps what is there, of another chain or damaged, under another name: it stays readable with its
    /// own key.
    fn lay_aside(&self) -> io::Result<()> {
        std::fs::rename(&self.path, ending(&self.path, ".old"))
    }

    /// What a file of seals begins with.
    fn head(&self) -> [u8; START] {
        let mut head = [0; START];
        head[..8].copy_from_slice(&MAGIC);
        head[8..].copy_from_slice(&self.place.chain.0);
        head
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
    /// False: seals or key were gone or replaced, and new ones are written; what was in them is missing,
    /// which a look at it tells.
    pub fn seal(&mut self, at: u64, piece: &[u8]) -> io::Result<bool> {
        let is_there = match &self.file {
            Some(file) => is_at(file, &self.path)?,
            None => true,
        };
        if !is_there {
            self.next_segment();
        }
        Ok(self.batch(at, piece, false)? && is_there)
    }

    /// False: the key was gone.
    fn batch(&mut self, at: u64, piece: &[u8], is_late: bool) -> io::Result<bool> {
        let batch = Batch {
            number: self.place.number,
            at,
            len: piece.len() as u32,
            lines: lines(piece).count() as u32,
            is_late,
        };
        if self.file.is_none() {
            if self.path.symlink_metadata().is_ok() {
                self.lay_aside()?;
            }
            self.file = Some(open(&self.path, self.mode)?);
            self.len = 0;
        }
        self.out.clear();
        if self.len == 0 {
            self.out.extend_from_slice(&self.head());
        }
        batch.put(&self.place.key, piece, &mut self.out);
        if let Some(mut file) = self.file.as_ref()
            && let Err(error) = file.write_all(&self.out)
        {
            file.set_len(self.len)?;
            return Err(error);
        }
        self.len += self.out.len() as u64;
        self.place.step();
        // Where that fails, the next batch tries again, and a start counts the batches.
        Ok(self.place.keep().unwrap_or(true))
    }

    /// The present segment has another name now, and so have its seals: what comes is a new one's.
    pub fn next_segment(&mut self) {
        self.file = None;
    }

    /// Brings everything to the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), File::sync_data)?;
        self.place.sync()
    }
}

/// Opens or makes a file of seals.
fn open(path: &Path, mode: u32) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).append(true).create(true).mode(mode);
    let file = options.custom_flags(libc::O_NOFOLLOW).open(path)?;
    if file.metadata()?.len() == 0 {
        file.set_permissions(Permissions::from_mode(mode))?;
    }
    Ok(file)
}
