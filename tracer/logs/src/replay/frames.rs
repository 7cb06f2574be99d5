//! Reading text that is compressed with zstd (RFC 8878) at any offset, without unpacking all of it:
//! frame by frame where a seek table says where each is (the seekable format of zstd's `contrib`),
//! else as a stream that begins anew when what is asked for lies behind.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
    os::unix::fs::FileExt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// `ZSTD_SEEKABLE_MAGICNUMBER`: what a seek table ends with.
pub const TABLE_END: u32 = 0x8F92_EAB1;

/// The skippable frame that a seek table is.
pub const TABLE_FRAME: u32 = 0x184D_2A5E;

/// Bytes behind the entries of a table: their number, one byte of flags, [`TABLE_END`].
pub const FOOTER: u64 = 9;

/// A frame that is larger than this, unpacked, is read as a stream.
const FRAME_MAX: u32 = 32 * 1024 * 1024;

/// Unpacked frames that are kept: as much as some threads read at a time.
const KEPT: usize = 24 * 1024 * 1024;

/// A stream is read in pieces of this size.
const PIECE: usize = 1024 * 1024;

/// Pieces of a stream that are kept: threads are not further from each other than a block each.
const PIECES: usize = 48;

/// A frame of a segment, in the file and in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    packed: u64,
    packed_len: u32,
    text: u64,
    text_len: u32,
}

/// A part of a text that cannot be read: its frame is damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Which frame, from 0.
    pub frame: usize,
    /// Where its text would be.
    pub from: u64,
    /// Up to here.
    pub to: u64,
    /// What is wrong with it.
    pub why: String,
}

/// A segment with a seek table.
#[derive(Debug)]
pub struct Frames {
    file: File,
    places: Vec<Place>,
    len: u64,
    table_crc: u32,
    kept: Mutex<VecDeque<(usize, Arc<Vec<u8>>)>>,
    damages: Mutex<Vec<Damage>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

impl Frames {
    /// The frames of a file, by its seek table; the file back where it has none that fits.
    pub fn open(file: File) -> io::Result<Result<Self, File>> {
        let len = file.metadata()?.len();
        let mut footer = [0; FOOTER as usize];
        if len < FOOTER + 8 {
            return Ok(Err(file));
        }
        file.read_exact_at(&mut footer, len - FOOTER)?;
        if word(&footer, 5) != TABLE_END {
            return Ok(Err(file));
        }
        let entry = if footer[4] & 0x80 == 0 { 8 } else { 12 };
        let size = u64::from(word(&footer, 0)) * entry + FOOTER;
        let Some(start) = len.checked_sub(size + 8) else {
            return Ok(Err(file));
        };
        let mut table = vec![0; (size + 8) as usize];
        file.read_exact_at(&mut table, start)?;
        if word(&table, 0) != TABLE_FRAME || u64::from(word(&table, 4)) != size {
            return Ok(Err(file));
        }
        let (mut places, mut packed, mut text) = (Vec::new(), 0, 0);
        let entries = &table[8..table.len() - FOOTER as usize];
        for entry in entries.chunks_exact(entry as usize) {
            let place = Place {
                packed,
                packed_len: word(entry, 0),
                text,
                text_len: word(entry, 4),
            };
            packed += u64::from(place.packed_len);
            text += u64::from(place.text_len);
            if place.text_len > FRAME_MAX {
                return Ok(Err(file));
            }
            places.push(place);
        }
        if packed != start {
            return Ok(Err(file));
        }
        Ok(Ok(Self {
            file,
            places,
            len: text,
            table_crc: crc32fast::hash(&table),
            kept: Mutex::default(),
            damages: Mutex::default(),
        }))
    }

    /// Length of the text.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Is there no text?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where the texts of the frames begin, and where the last one ends.
    pub fn bounds(&self) -> impl Iterator<Item = u64> {
        let begins = self.places.iter().map(|place| place.text);
        begins.chain([self.len])
    }

    /// What an index of these frames, and of no others, says of itself.
    pub fn table_crc(&self) -> u32 {
        self.table_crc
    }

    /// What could not be read so far.
    pub fn damages(&self) -> Vec<Damage> {
        lock(&self.damages).clone()
    }

    /// Fills the buffer with the text from an offset on. In the place of a damaged frame it stays as it
    /// is, and the damage is noted.
    pub fn fill(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        let end = at + buffer.len() as u64;
        let first = self.places.partition_point(|place| place.text <= at);
        for number in first.saturating_sub(1)..self.places.len() {
            let place = self.places[number];
            let (from, to) = (
                place.text.max(at),
                end.min(place.text + u64::from(place.text_len)),
            );
            if from >= to {
                if place.text >= end {
                    break;
                }
                continue;
            }
            if let Some(text) = self.frame(number)? {
                let part = &text[(from - place.text) as usize..(to - place.text) as usize];
                buffer[(from - at) as usize..(to - at) as usize].copy_from_slice(part);
            }
        }
        Ok(())
    }

    /// The text of a frame; `None` when it is damaged.
    fn frame(&self, number: usize) -> io::Result<Option<Arc<Vec<u8>>>> {
        if let Some((_, text)) = lock(&self.kept).iter().find(|(kept, _)| *kept == number) {
            return Ok(Some(Arc::clone(text)));
        }
        let place = self.places[number];
        let mut packed = vec![0; place.packed_len as usize];
        self.file.read_exact_at(&mut packed, place.packed)?;
        let text = zstd::bulk::decompress(&packed, place.text_len as usize);
        let why = match text {
            Ok(text) if text.len() == place.text_len as usize => {
                let text = Arc::new(text);
                let mut kept = lock(&self.kept);
                kept.push_back((number, Arc::clone(&text)));
                let mut size: usize = kept.iter().map(|(_, text)| text.len()).sum();
                while size > KEPT && kept.len() > 1 {
                    size -= kept.pop_front().map_or(0, |(_, text)| text.len());
                }
                return Ok(Some(text));
            }
            Ok(text) => format!("{} bytes instead of {}", text.len(), place.text_len),
            Err(error) => error.to_string(),
        };
        let mut damages = lock(&self.damages);
        if !damages.iter().any(|known| known.frame == number) {
            damages.push(Damage {
                frame: number,
                from: place.text,
                to: place.text + u64::from(place.text_len),
                why,
            });
        }
        Ok(None)
    }
}

/// A segment without a seek table.
pub(super) struct Stream {
    len: u64,
    state: Mutex<State>,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}

type Decoder = zstd::Decoder<'static, BufReader<File>>;

struct State {
    decoder: Decoder,
    /// The number of the next piece.
    next: u64,
    kept: VecDeque<(u64, Vec<u8>)>,
}

impl State {
    fn new(mut file: File) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        Ok(Self {
            decoder: zstd::Decoder::new(file)?,
            next: 0,
            kept: VecDeque::new(),
        })
    }

    /// Unpacks the next piece; an empty one at the end.
    fn advance(&mut self) -> io::Result<usize> {
        let mut piece = Vec::with_capacity(PIECE);
        self.decoder
            .by_ref()
            .take(PIECE as u64)
            .read_to_end(&mut piece)?;
        let len = piece.len();
        self.kept.push_back((self.next, piece));
        self.next += 1;
        if self.kept.len() > PIECES {
            self.kept.pop_front();
        }
        Ok(len)
    }
}

impl Stream {
    /// Unpacks a file once, to know how long its text is.
    pub(super) fn open(file: File) -> io::Result<Self> {
        let mut state = State::new(file)?;
        let mut len = 0;
        loop {
            match state.advance()? {
                0 => break,
                more => len += more as u64,
            }
        }
        Ok(Self {
            len,
            state: Mutex::new(state),
        })
    }

    /// Length of the text.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Fills the buffer with the text from an offset on.
    pub(super) fn fill(&self, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
        let mut state = lock(&self.state);
        while !buffer.is_empty() && at < self.len {
            let wanted = at / PIECE as u64;
            if let Some((_, piece)) = state.kept.iter().find(|(number, _)| *number == wanted) {
                let from = (at % PIECE as u64) as usize;
                let len = buffer.len().min(piece.len().saturating_sub(from));
                if len == 0 {
                    break;
                }
                buffer[..len].copy_from_slice(&piece[from..from + len]);
                buffer = &mut buffer[len..];
                at += len as u64;
                continue;
            }
            if wanted < state.next {
                let file = state.decoder.get_ref().get_ref().try_clone()?;
                *state = State::new(file)?;
            }
            if state.advance()? == 0 {
                break;
            }
        }
        Ok(())
    }
}
