//! Where records come from, and how libauparse makes events of them: an event is handed on when it is
//! whole, the earliest first.

use std::{
    cmp::Ordering,
    collections::VecDeque,
    io::{self, Read as _},
    os::{fd::FromRawFd as _, unix::ffi::OsStrExt as _},
    path::PathBuf,
};

use tracer_logs::replay::{Input, ReplayError};
use tracer_model::records::{EventId, Head, RecordType};

use super::parts::{Part, parts};

/// A record of an event.
#[derive(Debug)]
pub(super) struct Rec {
    pub(super) line: Vec<u8>,
    pub(super) kind: RecordType,
    /// Its number in the file, from 1.
    pub(super) number: u32,
    /// Which file.
    pub(super) file: usize,
    pub(super) parts: Vec<Part>,
    /// The field that the cursor is at.
    pub(super) at: usize,
}

/// An event.
#[derive(Debug, Default)]
pub(super) struct Event {
    pub(super) id: EventId,
    pub(super) node: Option<Vec<u8>>,
    pub(super) records: Vec<Rec>,
}

impl Event {
    /// Is it whole, at this second?
    fn is_whole(&self, sec: u64, timeout: u64) -> bool {
        let kind = self
            .records
            .last()
            .map_or(RecordType(0), |record| record.kind);
        self.id.sec.saturating_add(timeout) <= sec
            || kind == RecordType::PROCTITLE
            || kind == RecordType::EOE
            || kind.is_alone()
    }
}

/// Puts records together, line by line.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    /// The events that are there, and whether each is whole.
    events: Vec<(Event, bool)>,
}

impl Assembler {
    /// Takes a line; what is no record is passed over.
    pub(super) fn line(&mut self, line: &[u8], number: u32, file: usize, timeout: u64) {
        let Ok(head) = Head::parse(line) else { return };
        let kind = head.kind.unwrap_or_default();
        let node = Some(&line[head.node.clone()]).filter(|node| !node.is_empty());
        let is_it = |(event, whole): &&mut (Event, bool)| {
            !*whole && event.id == head.id && event.node.as_deref() == node
        };
        let record = || Rec {
            kind,
            number,
            file,
            parts: parts(line, kind),
            at: 0,
            line: line.to_vec(),
        };
        if let Some((event, _)) = self.events.iter_mut().find(is_it) {
            event.records.push(record());
        } else if kind != RecordType::EOE {
            let event = Event {
                id: head.id,
                node: node.map(<[u8]>::to_vec),
                records: vec![record()],
            };
            self.events.push((event, false));
        }
        self.age(head.id.sec, timeout);
    }

    /// Finds out which events are whole at this second.
    pub(super) fn age(&mut self, sec: u64, timeout: u64) {
        for (event, whole) in &mut self.events {
            *whole = *whole || event.is_whole(sec, timeout);
        }
    }

    /// All are whole: no more comes.
    pub(super) fn finish(&mut self) {
        for (_, whole) in &mut self.events {
            *whole = true;
        }
    }

    /// The earliest event, where it is whole.
    pub(super) fn ready(&mut self) -> Option<Event> {
        let earliest = self
            .events
            .iter()
            .enumerate()
            .min_by(|(_, (one, _)), (_, (other, _))| one.id.cmp(&other.id).then(Ordering::Less));
        let (number, (_, whole)) = earliest?;
        whole.then(|| self.events.remove(number).0)
    }

    /// Is there anything?
    pub(super) fn has_data(&self) -> bool {
        !self.events.is_empty()
    }
}

/// Bytes of a log that are read at once.
const BLOCK: u64 = 1 << 20;

/// What lines come from.
#[derive(Debug)]
pub(super) enum Source {
    /// Logs, or a text.
    Input { input: Input, at: u64 },
    /// A descriptor.
    Reader { file: std::fs::File, ended: bool },
    /// What is fed.
    Feed,
}

/// Lines that come, and the events that they make.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) source: Source,
    pub(super) assembler: Assembler,
    /// Lines that were read, with their numbers and files.
    waiting: VecDeque<(Vec<u8>, u32, usize)>,
    /// The beginning of a line.
    begun: Vec<u8>,
    number: u32,
    file: usize,
}

/// What there is to take.
pub(super) enum Next {
    Event(Event),
    /// No more comes.
    End,
    /// No more comes now.
    NotNow,
}

impl Lines {
    pub(super) fn of(source: Source) -> Self {
        Self {
            source,
            assembler: Assembler::default(),
            waiting: VecDeque::new(),
            begun: Vec::new(),
            number: 0,
            file: 0,
        }
    }

    /// A descriptor, which is closed at the end.
    pub(super) fn of_descriptor(fd: i32) -> Self {
        // SAFETY: the caller has made it for this.
        let file = unsafe { std::fs::File::from_raw_fd(fd) };
        Self::of(Source::Reader { file, ended: false })
    }

    /// Names of the files, in their order.
    pub(super) fn names(&self) -> Vec<PathBuf> {
        match &self.source {
            Source::Input { input, .. } => input
                .segments()
                .iter()
                .map(|segment| segment.name.clone())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// To the beginning again, where there is one.
    pub(super) fn rewind(&mut self) -> io::Result<()> {
        match &mut self.source {
            Source::Input { at, .. } => *at = 0,
            Source::Reader { file, ended } => {
                io::Seek::rewind(file)?;
                *ended = false;
            }
            Source::Feed => return Err(io::Error::other("what was fed cannot be fed again")),
        }
        self.assembler = Assembler::default();
        self.waiting.clear();
        self.begun.clear();
        (self.number, self.file) = (0, 0);
        Ok(())
    }

    /// Takes text.
    pub(super) fn feed(&mut self, text: &[u8]) {
        for piece in text.split_inclusive(|byte| *byte == b'\n') {
            self.begun.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.begun.pop();
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        self.number += 1;
        let line = std::mem::take(&mut self.begun);
        self.waiting.push_back((line, self.number, self.file));
    }

    /// The next event.
    pub(super) fn next(&mut self, timeout: u64) -> Result<Next, ReplayError> {
        loop {
            if let Some(event) = self.assembler.ready() {
                return Ok(Next::Event(event));
            }
            if let Some((line, number, file)) = self.waiting.pop_front() {
                self.assembler.line(&line, number, file, timeout);
            } else if !self.read()? {
                if matches!(self.source, Source::Feed) {
                    return Ok(Next::NotNow);
                }
                self.assembler.finish();
                let last = self.assembler.ready();
                return Ok(last.map_or(Next::End, Next::Event));
            }
        }
    }

    /// Reads more; `false` where there is none.
    fn read(&mut self) -> Result<bool, ReplayError> {
        let mut text = Vec::new();
        match &mut self.source {
            Source::Feed | Source::Reader { ended: true, .. } => return Ok(false),
            Source::Input { input, at } => {
                let place = input.place(*at).filter(|_| *at < input.len());
                let Some((segment, within)) = place else {
                    let last = !self.begun.is_empty();
                    if last {
                        self.end_line();
                    }
                    return Ok(last);
                };
                let (end, is_first) = (segment.end(), within == 0);
                let file = input
                    .segments()
                    .iter()
                    .position(|other| other.start == segment.start);
                let to = end.min(*at + BLOCK);
                input.read(*at, to, &mut text)?;
                *at = to;
                if is_first {
                    if !self.begun.is_empty() {
                        self.end_line();
                    }
                    (self.number, self.file) = (0, file.unwrap_or(0));
                }
            }
            Source::Reader { file, ended } => {
                text.resize(64 << 10, 0);
                let len = file.read(&mut text).map_err(ReplayError::Output)?;
                text.truncate(len);
                if len == 0 {
                    *ended = true;
                    let last = !self.begun.is_empty();
                    if last {
                        self.end_line();
                    }
                    return Ok(last);
                }
            }
        }
        self.feed(&text);
        Ok(true)
    }
}

/// A name as bytes.
pub(super) fn name_of(path: &std::path::Path) -> &[u8] {
    path.as_os_str().as_bytes()
}
