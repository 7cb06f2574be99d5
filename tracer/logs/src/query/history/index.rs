//! The sidecar of a packed segment: which of its frames have which keys, programs, users, types and
//! times, and, as a filter, which names. A file of sections, each with a checksum, of which only those
//! are read that a question needs.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use super::filter::{Grams, may_have};

/// What a sidecar begins with.
const MAGIC: &[u8; 8] = b"TRCRIDX1";

/// A list of this many bytes is no help: what asks for it reads everything.
const LIST_MAX: usize = 1024 * 1024;

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Keys of rules.
    Key,
    /// Programs.
    Exe,
    /// Command names.
    Comm,
    /// Users: ids, and behind a `=` names that auditd has looked up.
    User,
    /// Numbers of types of records.
    Type,
    /// File names, and working directories.
    Name,
    /// First and last second of each frame, and whether an event may go on behind the segment.
    Times,
}

impl About {
    const ALL: [Self; 7] = [
        Self::Key,
        Self::Exe,
        Self::Comm,
        Self::User,
        Self::Type,
        Self::Name,
        Self::Times,
    ];
}

/// What is known of one frame while the sidecar is made.
#[derive(Debug)]
struct Frame {
    first: u64,
    last: u64,
    open: bool,
    names: Grams,
}

/// Makes a sidecar.
#[derive(Debug)]
pub struct Builder {
    frames: Vec<Frame>,
    /// By what it is: each value, and the frames that have it, in their order.
    lists: BTreeMap<About, BTreeMap<Vec<u8>, Vec<u32>>>,
}

impl Builder {
    /// For so many frames.
    pub fn new(frames: usize) -> Self {
        let frame = || Frame {
            first: u64::MAX,
            last: 0,
            open: false,
            names: Grams::default(),
        };
        Self {
            frames: (0..frames).map(|_| frame()).collect(),
            lists: BTreeMap::new(),
        }
    }

    /// An event of this time has a record in this frame; `open`: more of it may be in the next segment.
    pub fn time(&mut self, frame: usize, sec: u64, open: bool) {
        let frame = &mut self.frames[frame];
        frame.first = frame.first.min(sec);
        frame.last = frame.last.max(sec);
        frame.open |= open;
    }

    /// An event with this value has a record in this frame.
    pub fn value(&mut self, frame: usize, about: About, value: &[u8]) {
        if about == About::Name {
            self.frames[frame].names.add(value);
            return;
        }
        let list = self.lists.entry(about).or_default();
        let number = frame as u32;
        if let Some(frames) = list.get_mut(value) {
            if let Err(at) = frames.binary_search(&number) {
                frames.insert(at, number);
            }
        } else {
            list.insert(value.to_vec(), vec![number]);
        }
    }

    /// The sidecar of a segment with a seek table of this checksum.
    pub fn finish(self, table_crc: u32) -> Vec<u8> {
        let mut sections = Vec::new();
        for about in About::ALL {
            let section = match about {
                About::Times => packed(&self.times()),
                About::Name => self.names(),
                _ => match list(self.lists.get(&about)) {
                    Some(list) => packed(&list),
                    None => continue,
                },
            };
            sections.push((about as u32, section));
        }
        let mut head = MAGIC.to_vec();
        put(&mut head, table_crc);
        put(&mut head, self.frames.len() as u32);
        put(&mut head, sections.len() as u32);
        for (about, section) in &sections {
            put(&mut head, *about);
            put(&mut head, section.len() as u32);
            put(&mut head, crc32fast::hash(section));
        }
        let crc = crc32fast::hash(&head);
        put(&mut head, crc);
        for (_, section) in sections {
            head.extend(section);
        }
        head
    }

    fn times(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for frame in &self.frames {
            out.extend(frame.first.to_le_bytes());
            out.extend(frame.last.to_le_bytes());
            out.push(frame.open.into());
        }
        out
    }

    /// The length of each filter, then the filters.
    fn names(&self) -> Vec<u8> {
        let filters: Vec<_> = self
            .frames
            .iter()
            .map(|frame| frame.names.filter())
            .collect();
        let mut out = Vec::new();
        for filter in &filters {
            put(&mut out, filter.len() as u32);
        }
        out.extend(filters.into_iter().flatten());
        out
    }
}

/// Values, and where each is: its length, itself, the number of frames, and these.
fn list(values: Option<&BTreeMap<Vec<u8>, Vec<u32>>>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for (value, frames) in values.into_iter().flatten() {
        put(&mut out, value.len() as u32);
        out.extend(value);
        put(&mut out, frames.len() as u32);
        // The distance to the one before is nearly always the same, which packs well.
        let mut before = 0;
        for frame in frames {
            put(&mut out, frame - before);
            before = *frame;
        }
        if out.len() > LIST_MAX {
            return None;
        }
    }
    Some(out)
}

fn put(out: &mut Vec<u8>, number: u32) {
    out.extend(number.to_le_bytes());
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut out = (text.len() as u32).to_le_bytes().to_vec();
    // Packing into memory does not fail; what is damaged is said where it is read.
    out.extend(zstd::bulk::compress(text, 9).unwrap_or_default());
    out
}

/// Why a sidecar cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It cannot be read.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is no sidecar, a newer one, or a damaged one.
    #[error("it is damaged, or of another version")]
    Damaged,
    /// It is that of another file.
    #[error("it belongs to another segment")]
    Other,
}

/// Where a sidecar is.
pub fn path_of(segment: &Path) -> PathBuf {
    let mut name = segment.as_os_str().to_owned();
    name.push(".idx");
    name.into()
}

/// A sidecar.
#[derive(Debug)]
pub struct Index {
    file: File,
    frames: usize,
    /// What each section is about, where it is, how long it is, and its checksum.
    sections: Vec<(u32, u64, u32, u32)>,
}

impl Index {
    /// Opens the sidecar of a segment with so many frames, and a seek table of this checksum; `None` when
    /// there is none.
    pub fn open(segment: &Path, frames: usize, table_crc: u32) -> Result<Option<Self>, IndexError> {
        let file = match File::open(path_of(segment)) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e.into()),
        };
        let mut head = vec![0; 8 + 3 * 4];
        let damaged = |_| IndexError::Damaged;
        file.read_exact_at(&mut head, 0).map_err(damaged)?;
        if &head[..8] != MAGIC {
            return Err(IndexError::Damaged);
        }
        let count = number(&head, 16)?.min(About::ALL.len() as u32) as usize;
        head.resize(20 + count * 12 + 4, 0);
        file.read_exact_at(&mut head, 0).map_err(damaged)?;
        let end = head.len() - 4;
        if number(&head, end)? != crc32fast::hash(&head[..end]) {
            return Err(IndexError::Damaged);
        }
        if number(&head, 8)? != table_crc || number(&head, 12)? as usize != frames {
            return Err(IndexError::Other);
        }
        let (mut sections, mut at) = (Vec::new(), head.len() as u64);
        for section in head[20..end].chunks_exact(12) {
            let len = number(section, 4)?;
            sections.push((number(section, 0)?, at, len, number(section, 8)?));
            at += u64::from(len);
        }
        Ok(Some(Self {
            file,
            frames,
            sections,
        }))
    }

    /// How many frames it is about.
    pub fn frames(&self) -> usize {
        self.frames
    }

    fn section(&self, about: About) -> Result<Option<Vec<u8>>, IndexError> {
        let Some((_, at, len, crc)) = self.sections.iter().find(|(of, ..)| *of == about as u32)
        else {
            return Ok(None);
        };
        let size = self.file.metadata()?.len();
        if at + u64::from(*len) > size {
            return Err(IndexError::Damaged);
        }
        let mut bytes = vec![0; *len as usize];
        self.file.read_exact_at(&mut bytes, *at)?;
        if crc32fast::hash(&bytes) != *crc {
            return Err(IndexError::Damaged);
        }
        if about == About::Name {
            return Ok(Some(bytes));
        }
        let most = number(&bytes, 0)? as usize;
        if most > 2 * LIST_MAX.max(self.frames * 17) {
            return Err(IndexError::Damaged);
        }
        let text = zstd::bulk::decompress(&bytes[4..], most).map_err(|_| IndexError::Damaged)?;
        Ok(Some(text))
    }

    /// Which frames can have an event with a value for which `is` holds.
    pub fn with_value(
        &self,
        about: About,
        is: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<bool>, IndexError> {
        let Some(list) = self.section(about)? else {
            return Ok(vec![true; self.frames]);
        };
        let mut found = vec![false; self.frames];
        let mut at = 0;
        while at < list.len() {
            let len = number(&list, at)? as usize;
            at += 4;
            let value = list.get(at..at + len).ok_or(IndexError::Damaged)?;
            at += len;
            let (count, is) = (number(&list, at)?, is(value));
            at += 4;
            let mut frame = 0_usize;
            for _ in 0..count {
                frame += number(&list, at)? as usize;
                at += 4;
                *found.get_mut(frame).ok_or(IndexError::Damaged)? |= is;
            }
        }
        Ok(found)
    }

    /// Which frames can have an event with a name that has this part.
    pub fn with_name(&self, part: &[u8]) -> Result<Vec<bool>, IndexError> {
        let Some(bytes) = self.section(About::Name)? else {
            return Ok(vec![true; self.frames]);
        };
        let mut at = 4 * self.frames;
        (0..self.frames)
            .map(|frame| {
                let len = number(&bytes, 4 * frame)? as usize;
                let filter = bytes.get(at..at + len).ok_or(IndexError::Damaged)?;
                at += len;
                Ok(may_have(filter, part))
            })
            .collect()
    }

    /// Which frames can have an event of this time, and which have one that may go on in the next
    /// segment.
    pub fn at_time(&self, start: u64, end: u64) -> Result<(Vec<bool>, Vec<bool>), IndexError> {
        let bytes = self.section(About::Times)?.ok_or(IndexError::Damaged)?;
        if bytes.len() != self.frames * 17 {
            return Err(IndexError::Damaged);
        }
        let frames = bytes.chunks_exact(17).map(|frame| {
            let long = |at: usize| {
                let mut long = [0; 8];
                long.copy_from_slice(&frame[at..at + 8]);
                u64::from_le_bytes(long)
            };
            (long(0) <= end && long(8) >= start, frame[16] != 0)
        });
        Ok(frames.unzip())
    }
}

fn number(bytes: &[u8], at: usize) -> Result<u32, IndexError> {
    let word = bytes.get(at..at + 4).ok_or(IndexError::Damaged)?;
    let mut number = [0; 4];
    number.copy_from_slice(word);
    Ok(u32::from_le_bytes(number))
}
