//! The seal of an audit log. Beside each segment lies a file (`.seal`) with a batch for each piece that was
//! written: a keyed hash over the whole piece, and a short one over each of its lines. The key of a batch
//! is computed from that of the batch before it and never the other way round, and only the next one is
//! kept, so that whoever gets at the machine later cannot make a seal for what was written before. Who was
//! given the first key can compute all of them, and tell what was changed.
//!
//! What this proves and what it does not: `docs/security.md`.

use std::{
    fmt,
    fs::File,
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use crate::{
    own_file::open_regular,
    source::replay::naming::{SEAL, bare, ending},
};

mod place;
mod verify;
mod write;

pub use place::{KeyPlace, make};
pub use verify::{Report, Wrong, WrongAt, verify};
pub use write::Sealer;

/// Why a seal cannot be made or looked at.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// A file cannot be opened, read or written.
    #[error("{}: {error}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// There is no key to seal with.
    #[error(
        "there is no key to seal the log with ({}): `tracer verify --new-key {}` makes one",
        .key.display(), .log.display()
    )]
    NoKey {
        /// Where it should be.
        key: PathBuf,
        /// The log.
        log: PathBuf,
    },
    /// There is one already.
    #[error("{}: there is a key already: whoever has its first key goes on with that (remove the file to begin anew)", .0.display())]
    HasKey(PathBuf),
    /// A file is not what it should be.
    #[error("{}: {why}", .path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        why: &'static str,
    },
    /// The log has no seal.
    #[error("{}: it has no seal: the daemon makes one with `seal = true`", .0.display())]
    NoSeal(PathBuf),
    /// The log has seals of other keys only.
    #[error("{}: it was sealed with another key", .0.display())]
    OtherKey(PathBuf),
    /// What is wrong cannot be told from what is being rotated.
    #[error("{}: it was rotated each time that it was looked at, and what was found cannot be told from a rotation: verify again when less is written, or with a larger max_log_file", .0.display())]
    Rotating(PathBuf),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] crate::source::replay::ReplayError),
}

/// Is this file the one that is at the path?
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let mine = file.metadata()?;
    Ok(match path.symlink_metadata() {
        Ok(there) => (there.dev(), there.ino()) == (mine.dev(), mine.ino()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    })
}

/// Reads a regular file.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let (mut file, _) = open_regular(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// To say of which file an error is.
fn of(path: &Path) -> impl FnOnce(std::io::Error) -> SealError {
    let path = path.to_owned();
    move |error| SealError::Io { path, error }
}

/// A key of the chain: 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of the batch after this one's.
    fn next(&self) -> Self {
        Self(blake3::derive_key(
            "tracer audit log seal 1: the next key",
            &self.0,
        ))
    }

    /// What hashes lines and pieces of its batch.
    fn of_batch(&self) -> [u8; 32] {
        blake3::derive_key("tracer audit log seal 1: a batch", &self.0)
    }

    /// Says of which chain it is the first key, and nothing more.
    fn chain(&self) -> Chain {
        let id = blake3::derive_key("tracer audit log seal 1: the chain", &self.0);
        Chain(first(&id))
    }
}

impl std::str::FromStr for Key {
    type Err = &'static str;

    /// Takes the digits with or without spaces between them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "a key is 64 hexadecimal digits";
        let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        let mut key = [0; 32];
        if digits.len() != 64 {
            return Err(WANTED);
        }
        for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| WANTED)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| WANTED)?;
        }
        Ok(Self(key))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, byte) in self.0.iter().enumerate() {
            let gap = if n > 0 && n % 4 == 0 { " " } else { "" };
            write!(f, "{gap}{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// Which chain of keys a seal is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Chain([u8; 8]);

/// What a file of seals begins with; its chain comes behind it.
const MAGIC: [u8; 8] = *b"TRSEAL1\n";

/// Bytes before the first batch.
const START: usize = 16;

/// The short hash of a line.
type Tag = [u8; 8];

/// Batches that can be on the disk whose key is not: keys are not brought there one by one.
const AHEAD: u64 = 1 << 20;

/// Bytes of a batch without its tags.
const BATCH: usize = 60;

/// What was written at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Batch {
    /// Which of the chain, the first is 0.
    number: u64,
    /// Where it begins in its segment.
    at: u64,
    /// Its bytes.
    len: u32,
    /// Its lines.
    lines: u32,
    /// It was in the log without a seal when the daemon came.
    is_late: bool,
}

impl Batch {
    /// Appends batch, tags and hash, as they are on disk: little endian.
    fn put(&self, key: &Key, piece: &[u8], into: &mut Vec<u8>) {
        let start = into.len();
        into.extend_from_slice(&self.number.to_le_bytes());
        into.extend_from_slice(&self.at.to_le_bytes());
        into.extend_from_slice(&self.len.to_le_bytes());
        into.extend_from_slice(&self.lines.to_le_bytes());
        into.extend_from_slice(&u32::from(self.is_late).to_le_bytes());
        let key = key.of_batch();
        for line in lines(piece) {
            into.extend_from_slice(&tag(&key, line));
        }
        let hash = hash(&key, &into[start..], piece);
        into.extend_from_slice(&hash);
    }

    /// The batch that begins there, with its tags and its hash, and where the next begins; `None`
    /// where it is not whole.
    fn get(bytes: &[u8]) -> Option<Sealed<'_>> {
        const HASH: usize = 32;
        let number = |at: usize| bytes.get(at..at + 8).map(|b| u64::from_le_bytes(first(b)));
        let short = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes(first(b)));
        let batch = Self {
            number: number(0)?,
            at: number(8)?,
            len: short(16)?,
            lines: short(20)?,
            is_late: short(24)? != 0,
        };
        let tags = BATCH - HASH..(BATCH - HASH).checked_add(batch.lines as usize * 8)?;
        Some(Sealed {
            batch,
            hash: first(bytes.get(tags.end..tags.end + HASH)?),
            signed: &bytes[..tags.end],
            tags: bytes.get(tags.clone())?,
            end: tags.end + HASH,
        })
    }

    /// Where the next begins in the segment.
    fn end(&self) -> u64 {
        self.at.saturating_add(u64::from(self.len))
    }
}

/// A batch as it was read.
struct Sealed<'a> {
    batch: Batch,
    hash: [u8; 32],
    /// What is hashed before the piece.
    signed: &'a [u8],
    tags: &'a [u8],
    /// Bytes of it.
    end: usize,
}

/// The hash over a batch and its piece.
fn hash(key: &[u8; 32], signed: &[u8], piece: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(signed).update(piece);
    hasher.finalize().into()
}

/// The short hash of a line, which says which one was changed. That something was, `hash` says.
fn tag(key: &[u8; 32], line: &[u8]) -> Tag {
    first(blake3::keyed_hash(key, line).as_bytes())
}

/// The lines of a piece, with their ends.
fn lines(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    piece.split_inclusive(|b| *b == b'\n')
}

/// The first bytes, of which there are enough.
fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut into = [0; N];
    into.copy_from_slice(&bytes[..N]);
    into
}

/// The seals of a segment lie beside it, also when it is packed.
pub fn beside(segment: &Path) -> PathBuf {
    ending(&bare(segment), SEAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> Key {
        Key([byte; 32])
    }

    #[test]
    fn keys_as_text() {
        let text = key(0xab).to_string();
        assert_eq!(text.len(), 64 + 7);
        assert_eq!(text.parse(), Ok(key(0xab)));
        assert_eq!(text.replace(' ', "").parse(), Ok(key(0xab)));
        for bad in [
            "",
            "ab",
            &text[1..],
            &text.replace('a', "g"),
            &"ä".repeat(32),
        ] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
        assert_eq!(format!("{:?}", key(1)), "Key(..)", "never in a message");
    }

    #[test]
    fn every_key_is_another() {
        let (a, b) = (key(1), key(1).next());
        assert_ne!(a, b);
        assert_ne!(a.of_batch(), b.of_batch());
        assert_ne!(a.chain(), b.chain());
        assert_ne!(a.of_batch(), b.0);
    }

    #[test]
    fn a_batch_is_read_as_it_was_put() {
        let batch = Batch {
            number: 7,
            at: 1 << 33,
            len: 8,
            lines: 2,
            is_late: true,
        };
        let mut bytes = Vec::new();
        batch.put(&key(1), b"one\ntwo\n", &mut bytes);
        let whole = Batch::get(&bytes).unwrap();
        assert_eq!(whole.batch, batch);
        assert_eq!((whole.end, whole.tags.len()), (bytes.len(), 16));
        let again = hash(&key(1).of_batch(), whole.signed, b"one\ntwo\n");
        assert_eq!(whole.hash, again);
        for len in 0..bytes.len() {
            assert!(Batch::get(&bytes[..len]).is_none(), "{len}");
        }
        assert!(Batch::get(&[0xff; 200]).is_none(), "more lines than bytes");
    }

    #[test]
    fn seals_lie_beside_what_they_are_of() {
        for (segment, seal) in [
            ("/l/audit.log", "/l/audit.log.seal"),
            ("/l/audit.log.1", "/l/audit.log.1.seal"),
            ("/l/audit.log.2.zst", "/l/audit.log.2.seal"),
        ] {
            assert_eq!(beside(Path::new(segment)), Path::new(seal));
        }
    }
}
