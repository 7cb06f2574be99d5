//! Where the next key is kept: beside the log, for root alone, written over whenever it moves forward.

use std::{
    fs::File,
    io,
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use super::{Chain, Key, SealError, first, is_at, of};
use crate::source::replay::naming::ending;

/// What the file begins with.
const MAGIC: [u8; 8] = *b"TRKEY01\n";

/// Bytes of it: number, chain, key, and a sum that tells a half written one.
const LEN: usize = 8 + 8 + 8 + 32 + 8;

/// The file with the next key.
pub struct KeyPlace {
    path: PathBuf,
    file: File,
    pub(super) chain: Chain,
    /// Of the next batch.
    pub(super) number: u64,
    pub(super) key: Key,
}

impl KeyPlace {
    /// Opens the key of a log.
    pub(super) fn open(log: &Path) -> Result<Self, SealError> {
        Self::open_as(log, File::options().read(true).write(true))
    }

    /// The same, to look at.
    pub(super) fn look(log: &Path) -> Result<Self, SealError> {
        Self::open_as(log, File::options().read(true))
    }

    fn open_as(log: &Path, options: &mut std::fs::OpenOptions) -> Result<Self, SealError> {
        let path = path(log);
        let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
        let file = match options.custom_flags(flags).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let log = log.to_owned();
                return Err(SealError::NoKey { key: path, log });
            }
            opened => opened.map_err(of(&path))?,
        };
        let mut bytes = [0; LEN];
        let got = file.read_at(&mut bytes, 0).map_err(of(&path))?;
        let Some((number, chain, key)) = parse(&bytes[..got]) else {
            let why = "it is no key, or not a whole one";
            return Err(SealError::Damaged { path, why });
        };
        Ok(Self {
            path,
            file,
            chain,
            number,
            key,
        })
    }

    /// Moves one key forward. The one before is gone afterwards.
    pub(super) fn step(&mut self) {
        self.key = self.key.next();
        self.number += 1;
    }

    /// Writes the next key over the one before. False: its file was gone or replaced, and is a new one.
    pub(super) fn keep(&mut self) -> io::Result<bool> {
        let bytes = bytes(self.number, self.chain, &self.key);
        let was_there = is_at(&self.file, &self.path)?;
        if !was_there {
            let _ = std::fs::remove_file(&self.path);
            self.file = create(&self.path)?;
        }
        self.file.write_all_at(&bytes, 0)?;
        Ok(was_there)
    }

    /// Brings it to the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// Makes the first key of a log, and shows it: it is nowhere else once the first record is sealed. Nothing
/// is left where it cannot be shown.
pub fn make<E: From<SealError>>(
    log: &Path,
    show: impl FnOnce(&Key) -> Result<(), E>,
) -> Result<(), E> {
    let path = path(log);
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| of(&path)(error.into()))?;
    let key = Key(key);
    let file = create(&path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => SealError::HasKey(path.clone()),
        _ => of(&path)(error),
    })?;
    let keep = || {
        file.write_all_at(&bytes(0, key.chain(), &key), 0)?;
        file.sync_all()
    };
    let made = keep().map_err(|error| of(&path)(error).into());
    made.and_then(|()| show(&key)).inspect_err(|_| {
        let _ = std::fs::remove_file(&path);
    })
}

/// Makes the file, which only root can read.
fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true).mode(0o600);
    options.open(path)
}

/// Where the key of a log is.
fn path(log: &Path) -> PathBuf {
    ending(log, ".sealkey")
}

fn bytes(number: u64, chain: Chain, key: &Key) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    bytes[16..24].copy_from_slice(&chain.0);
    bytes[24..56].copy_from_slice(&key.0);
    let sum = sum(&bytes[..56]);
    bytes[56..].copy_from_slice(&sum);
    bytes
}

fn parse(bytes: &[u8]) -> Option<(u64, Chain, Key)> {
    let is_whole = bytes.len() == LEN && bytes[..8] == MAGIC && bytes[56..] == sum(&bytes[..56]);
    is_whole.then(|| {
        let number = u64::from_le_bytes(first(&bytes[8..]));
        (number, Chain(first(&bytes[16..])), Key(first(&bytes[24..])))
    })
}

/// Tells a damaged file; it is no secret.
fn sum(bytes: &[u8]) -> [u8; 8] {
    first(blake3::hash(bytes).as_bytes())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_moves_forward_and_is_made_once() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("audit.log");
        assert!(matches!(KeyPlace::open(&log), Err(SealError::NoKey { .. })));
        let new_key = |log: &Path| {
            let mut shown = None;
            make(log, |key| {
                shown = Some(key.clone());
                Ok::<_, SealError>(())
            })
            .map(|()| shown.unwrap())
        };
        let refused = make(&log, |_| Err(SealError::NoSeal(log.clone())));
        assert!(matches!(refused, Err(SealError::NoSeal(_))));
        let key = new_key(&log).unwrap();
        assert!(matches!(new_key(&log), Err(SealError::HasKey(_))));
        let mode = std::fs::metadata(path(&log)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600);
        let mut place = KeyPlace::open(&log).unwrap();
        assert_eq!((place.number, &place.key), (0, &key));
        assert_eq!(place.chain, key.chain());
        place.step();
        assert!(place.keep().unwrap());
        let kept = std::fs::read(path(&log)).unwrap();
        assert!(!kept.windows(32).any(|bytes| bytes == key.0));
        let place = KeyPlace::look(&log).unwrap();
        assert_eq!((place.number, &place.key), (1, &key.next()));
        std::fs::rename(path(&log), dir.path().join("moved")).unwrap();
        let mut place = KeyPlace::open(&log).err().map(|_| KeyPlace {
            path: path(&log),
            file: File::open(dir.path().join("moved")).unwrap(),
            ..place
        });
        assert!(!place.as_mut().unwrap().keep().unwrap(), "it was moved");
        assert_eq!(KeyPlace::look(&log).unwrap().number, 1);
        for damaged in [&kept[..kept.len() - 1], b"", &[7; LEN]] {
            std::fs::write(path(&log), damaged).unwrap();
            let opened = KeyPlace::open(&log);
            assert!(matches!(opened, Err(SealError::Damaged { .. })));
        }
    }
}
