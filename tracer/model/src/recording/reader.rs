//! Reads a recording: its head, then its items in order. What is wrong with the file is said when
//! that place is reached; everything before it has been handed on.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use super::{
    Ending, Entry, Head, MAGIC, RecordingError, Trouble, VERSION,
    frame::{Frame, Kind, fill},
};
use crate::event::{Item, Users};

/// A recording that is being read.
#[derive(Debug)]
pub struct Reader<R> {
    from: R,
    path: PathBuf,
    /// Where the next frame begins.
    at: u64,
    frame: Option<Frame>,
    head: Head,
    /// Names of users, as far as they were met.
    users: Users,
    ending: Option<Ending>,
}

impl<R: Read> Reader<R> {
    /// Reads a recording from `from`; `path` is for messages.
    pub fn new(mut from: R, path: &Path) -> Result<Self, RecordingError> {
        let mut at = 0;
        let head = begin(&mut from, &mut at).map_err(|trouble| RecordingError {
            path: path.to_owned(),
            trouble,
        })?;
        Ok(Self {
            from,
            path: path.to_owned(),
            at,
            frame: None,
            head,
            users: Users::fixed([]),
            ending: None,
        })
    }

    /// What the recording says of itself.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The names of users: those of the recording machine, each before its first event is read.
    pub fn users(&self) -> Users {
        self.users.clone()
    }

    /// The sums, once the end has been read.
    pub fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// The next item; `None` at the end.
    pub fn next_item(&mut self) -> Result<Option<Item>, RecordingError> {
        self.item().map_err(|trouble| RecordingError {
            path: self.path.clone(),
            trouble,
        })
    }

    fn item(&mut self) -> Result<Option<Item>, Trouble> {
        while self.ending.is_none() {
            let Some(frame) = &mut self.frame else {
                self.frame = self.next_frame()?;
                continue;
            };
            match frame.entry::<Entry<Item, String>>()? {
                Some(Entry::Item(item)) => return Ok(Some(item)),
                Some(Entry::User(uid, name)) => self.users.learn(uid, name.as_deref()),
                None => self.frame = None,
            }
        }
        Ok(None)
    }

    /// The next frame of items; `None` when it was the last frame of all.
    fn next_frame(&mut self) -> Result<Option<Frame>, Trouble> {
        let at = self.at;
        let frame = Frame::read(&mut self.from, &mut self.at)?;
        let mut frame = frame.ok_or(Trouble::NoEnd(at))?;
        match frame.kind {
            Kind::Items => Ok(Some(frame)),
            Kind::End => {
                self.ending = Some(only(&mut frame)?);
                match fill(&mut self.from, &mut [0], self.at)? {
                    0 => Ok(None),
                    _ => Err(Trouble::Damaged(self.at, "there is more behind its end")),
                }
            }
            Kind::Head => Err(Trouble::Damaged(at, "a second head")),
        }
    }
}

/// Reads everything before the first frame of items.
fn begin(from: &mut impl Read, at: &mut u64) -> Result<Head, Trouble> {
    const LEN: usize = MAGIC.len() + size_of::<u16>();
    let mut start = [0; LEN];
    let have = fill(from, &mut start, 0)?;
    let magic = MAGIC.len().min(have);
    if have == 0 || start[..magic] != MAGIC[..magic] {
        return Err(Trouble::Other);
    }
    if have < LEN {
        return Err(Trouble::Cut(have as u64));
    }
    match u16::from_le_bytes([start[LEN - 2], start[LEN - 1]]) {
        VERSION => {}
        0 => return Err(Trouble::Damaged(MAGIC.len() as u64, "no such version")),
        other => return Err(Trouble::OtherForm(other, VERSION)),
    }
    *at = LEN as u64;
    let begin = *at;
    let mut frame = Frame::read(from, at)?.ok_or(Trouble::Cut(begin))?;
    if frame.kind != Kind::Head {
        return Err(Trouble::Damaged(begin, "it has no head"));
    }
    only(&mut frame)
}

/// The only entry of a frame.
fn only<T: serde::de::DeserializeOwned>(frame: &mut Frame) -> Result<T, Trouble> {
    let damaged = Trouble::Damaged(frame.at, "a frame has less than it says");
    let entry = frame.entry()?.ok_or(damaged)?;
    match frame.entry::<()>()? {
        None => Ok(entry),
        Some(()) => Err(Trouble::Damaged(frame.at, "a frame has more than it says")),
    }
}
