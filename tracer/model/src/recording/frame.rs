//! Frames: what a recording is made of. A frame is a header of 17 bytes (numbers are
//! little-endian) and a payload that is compressed with zstd:
//!
//! | Bytes | Are |
//! |---|---|
//! | 1 | [`Kind`] |
//! | 4 | number of entries in it |
//! | 4 | length of the payload when it is unpacked |
//! | 4 | length of the payload in the file |
//! | 4 | CRC-32 (IEEE) of the 13 bytes before it and of the payload in the file |

use std::io::{self, Read};

use serde::de::DeserializeOwned;

use super::Trouble;

/// Bytes before the payload.
const HEADER: usize = 17;
/// Bytes of the header that the checksum is also about.
const SUMMED: usize = 13;

/// A frame is closed when it has this many bytes; the largest event has some hundred kilobytes
/// (the largest record of the kernel side is 32 KiB, and what is decoded from it is not much more).
pub const FULL: usize = 256 * 1024;
/// Nothing that was written is longer: the limit of what a damaged length can make us allocate.
const LONGEST: usize = 64 << 20;
/// zstd's fastest level that still halves what level 0 leaves; a frame takes half a millisecond.
const LEVEL: i32 = 1;

/// What is in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The [`Head`](super::Head): the first frame, with one entry.
    Head,
    /// [`Entry`](super::Entry)s, one after the other.
    Items,
    /// The [`Ending`](super::Ending): the last frame, with one entry.
    End,
}

impl Kind {
    fn of(byte: u8) -> Option<Self> {
        [Self::Head, Self::Items, Self::End]
            .into_iter()
            .find(|kind| kind.as_u8() == byte)
    }

    fn as_u8(self) -> u8 {
        match self {
            Self::Head => 1,
            Self::Items => 2,
            Self::End => 3,
        }
    }
}

/// Appends a frame to `out`.
pub fn write(out: &mut Vec<u8>, kind: Kind, entries: u32, payload: &[u8]) -> io::Result<()> {
    let packed = zstd::bulk::compress(payload, LEVEL)?;
    let start = out.len();
    let len = |bytes: &[u8]| {
        u32::try_from(bytes.len())
            .ok()
            .filter(|len| *len as usize <= LONGEST)
            .ok_or_else(|| io::Error::other("an event is too large to be recorded"))
    };
    let (raw, stored) = (len(payload)?, len(&packed)?);
    out.push(kind.as_u8());
    for number in [entries, raw, stored] {
        out.extend_from_slice(&number.to_le_bytes());
    }
    let sum = checksum(&out[start..], &packed);
    out.extend_from_slice(&sum.to_le_bytes());
    out.extend_from_slice(&packed);
    Ok(())
}

fn checksum(header: &[u8], packed: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(header);
    sum.update(packed);
    sum.finalize()
}

/// A frame that was read.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// Where it begins.
    pub(super) at: u64,
    /// How many entries are still in `payload`.
    left: u32,
    payload: Vec<u8>,
    /// Where the next entry begins.
    next: usize,
}

impl Frame {
    /// Reads the frame that begins at `at`, and moves `at` behind it; `None` at the end of the
    /// file.
    pub(super) fn read(from: &mut impl Read, at: &mut u64) -> Result<Option<Self>, Trouble> {
        let begin = *at;
        let mut header = [0; HEADER];
        match fill(from, &mut header, begin)? {
            0 => return Ok(None),
            HEADER => {}
            _ => return Err(Trouble::Cut(begin)),
        }
        let number = |i: usize| {
            let bytes = [0, 1, 2, 3].map(|byte| header[1 + 4 * i + byte]);
            u32::from_le_bytes(bytes)
        };
        let (entries, raw, stored) = (number(0), number(1) as usize, number(2) as usize);
        let damaged = |why| Trouble::Damaged(begin, why);
        let kind = Kind::of(header[0]).ok_or_else(|| damaged("no such kind of frame"))?;
        if raw > LONGEST || stored > LONGEST {
            return Err(damaged("a frame cannot be that long"));
        }
        let mut packed = vec![0; stored];
        if fill(from, &mut packed, begin)? < stored {
            return Err(Trouble::Cut(begin));
        }
        if checksum(&header[..SUMMED], &packed) != number(3) {
            return Err(damaged("the checksum does not fit"));
        }
        let payload = zstd::bulk::decompress(&packed, raw)
            .ok()
            .filter(|payload| payload.len() == raw)
            .ok_or_else(|| damaged("it cannot be unpacked"))?;
        *at += (HEADER + stored) as u64;
        Ok(Some(Self {
            kind,
            at: begin,
            left: entries,
            payload,
            next: 0,
        }))
    }

    /// The next entry; `None` behind the last one.
    pub(super) fn entry<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Trouble> {
        let rest = &self.payload[self.next..];
        if self.left == 0 && rest.is_empty() {
            return Ok(None);
        }
        let damaged = |why| Trouble::Damaged(self.at, why);
        if self.left == 0 {
            return Err(damaged("a frame has more than it says"));
        }
        let (entry, after) = postcard::take_from_bytes(rest)
            .map_err(|_| damaged("what is in a frame makes no sense"))?;
        self.next = self.payload.len() - after.len();
        self.left -= 1;
        Ok(Some(entry))
    }
}

/// Fills `buffer` as far as the input goes; how many bytes there were. `at` is for the message.
pub(super) fn fill(from: &mut impl Read, buffer: &mut [u8], at: u64) -> Result<usize, Trouble> {
    let mut have = 0;
    while have < buffer.len() {
        match from.read(&mut buffer[have..]) {
            Ok(0) => break,
            Ok(n) => have += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Trouble::Read(at, error)),
        }
    }
    Ok(have)
}
