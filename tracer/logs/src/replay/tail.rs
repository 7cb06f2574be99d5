//! A log while it is written: what comes is read once and kept as long as an event of it may go on.
//! Follows a rotation (the file was renamed, another one has its name), a file that was cut
//! (`copytruncate`), and a pipe.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read},
    ops::ControlFlow,
    os::{
        fd::AsFd,
        unix::fs::{FileExt, MetadataExt},
    },
    path::{Path, PathBuf},
    sync::atomic::AtomicU64,
};

use memchr::{memchr, memrchr};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};

use super::{
    Event, Input, Plan, ReplayError, Worker, changes::Changes, group::GAP, last_time, scan,
    segments, tail_places::Places,
};
use crate::records::{EventId, Malformed};

/// Bytes that are read before they are looked at.
const PIECE: usize = 4 * 1024 * 1024;

/// A line of which there is more is no record: the rest of it is not kept.
const LINE_MAX: usize = 2 * GAP;

/// So much in front of the first event that is not told yet shows which events began earlier. Those
/// are told already, so little is enough: what comes late is their ends.
const BEFORE: usize = GAP / 4;

/// Events that are not whole are told as they are when there is so much behind them: no memory without
/// bound for one that never ends.
const HELD_MAX: u64 = 64 * 1024 * 1024;

/// Bytes by which a file is known again.
const MARK: usize = 64;

/// Where a log is being read.
#[derive(Debug)]
struct Open {
    file: File,
    identity: (u64, u64),
    /// Bytes of the file that were read.
    read: u64,
    /// The last of them.
    mark: Vec<u8>,
}

/// A log that is followed.
#[derive(Debug)]
pub struct Tail {
    /// `None`: a pipe.
    path: Option<PathBuf>,
    open: Option<Open>,
    pipe: Option<io::Stdin>,
    ended: bool,
    /// Segments of rotations that went by unseen, and how much of each was read.
    missed: VecDeque<(Input, u64)>,
    /// Bytes that came through the pipe.
    piped: u64,
    /// A line whose end is not there yet, and where it begins in its file.
    partial: Vec<u8>,
    partial_at: u64,
    /// Whole lines.
    text: Vec<u8>,
    /// The first events that are not told yet begin here in the text.
    begin: u64,
    /// Where it is from.
    places: Places,
    newest: Option<EventId>,
}

/// An event that was seen.
struct Seen<T> {
    offset: u64,
    end: u64,
    sec: u64,
    ended: bool,
    made: T,
}

/// Makes something of each event.
struct Collector<F, T> {
    make: F,
    seen: Vec<Seen<T>>,
}

impl<T: Send, F: FnMut(&Event<'_>) -> T + Send> Worker for Collector<F, T> {
    type Made = Vec<Seen<T>>;

    fn event(&mut self, event: &Event<'_>) {
        self.seen.push(Seen {
            offset: event.offset(),
            end: event.end(),
            sec: event.id().sec,
            ended: event.is_ended(),
            made: (self.make)(event),
        });
    }

    fn block(&mut self) -> Self::Made {
        std::mem::take(&mut self.seen)
    }
}

impl Tail {
    /// Follows the log whose last segment is at the end of `input`: from its last 128 KiB on when what
    /// is before is told by somebody else, otherwise from its end. Gives the place in the whole text
    /// from which on this one tells.
    pub fn of_log(
        log: &Path,
        input: &Input,
        with_history: bool,
    ) -> Result<(Self, u64), ReplayError> {
        let failed = |e| ReplayError::read(log, e);
        let mut tail = Self::new(Some(log.to_owned()), None);
        let Some((segment, file)) = input.last_file().map_err(failed)? else {
            // The last one is packed, so whatever comes is new.
            tail.newest = last_time(input, 0, input.len())?;
            return Ok((tail, input.len()));
        };
        let from = segment.len.saturating_sub(2 * GAP as u64);
        let mut open = Open {
            file,
            identity: segment.identity,
            read: from,
            mark: Vec::new(),
        };
        let mut text = Vec::new();
        open.read(&mut text).map_err(failed)?;
        tail.open = Some(open);
        let first = match memchr(b'\n', &text) {
            Some(at) if from > 0 => at + 1,
            None if from > 0 => text.len(),
            _ => 0,
        };
        tail.take(log, from + first as u64, &text[first..]);
        // Events that are not whole are hardly further from the end.
        let recent = tail
            .text
            .len()
            .saturating_sub(if with_history { GAP } else { 0 });
        let line = memrchr(b'\n', &tail.text[..recent]).map_or(0, |at| at + 1);
        tail.begin = line as u64;
        Ok((tail, segment.start + from + first as u64 + line as u64))
    }

    /// Follows what comes through standard input.
    pub fn of_pipe() -> Self {
        Self::new(None, Some(io::stdin()))
    }

    fn new(path: Option<PathBuf>, pipe: Option<io::Stdin>) -> Self {
        Self {
            path,
            open: None,
            pipe,
            ended: false,
            missed: VecDeque::new(),
            piped: 0,
            partial: Vec::new(),
            partial_at: 0,
            text: Vec::new(),
            begin: 0,
            places: Places::default(),
            newest: None,
        }
    }

    /// What says when there may be more.
    pub fn changes(&self) -> Result<Changes, ReplayError> {
        if let Some(log) = &self.path {
            return Changes::of_log(log);
        }
        let pipe = io::stdin().as_fd().try_clone_to_owned();
        let pipe = pipe.map_err(|e| ReplayError::read(Path::new("stdin"), e))?;
        Ok(Changes::of_pipe(pipe))
    }

    /// Nothing more can come.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// The file that is being read.
    pub fn identity(&self) -> (u64, u64) {
        self.open.as_ref().map_or((0, 0), |open| open.identity)
    }

    /// What the log is called in messages.
    pub fn name(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new("stdin"))
    }

    /// Why it cannot be followed any further.
    pub fn failure(&self, cause: io::Error) -> ReplayError {
        ReplayError::read(self.name(), cause)
    }

    /// Events that begin in this much of what is there are told by nobody.
    pub fn skip(&mut self, bytes: u64) {
        self.begin = (self.begin + bytes).min(self.text.len() as u64);
    }

    /// Reads what has come, a few megabytes at most. Says whether there was anything.
    pub fn read(&mut self) -> Result<bool, ReplayError> {
        let name = self.name().to_owned();
        let failed = |e| ReplayError::read(&name, e);
        let mut piece = Vec::new();
        if let Some((input, from)) = self.missed.front_mut() {
            let to = input.len().min(*from + PIECE as u64);
            input.read(*from, to, &mut piece)?;
            let at = std::mem::replace(from, to);
            let is_done = to == input.len();
            let file = input.segments().first().map(|segment| segment.name.clone());
            self.take(&file.unwrap_or_default(), at, &piece);
            if is_done {
                self.missed.pop_front();
                self.end_line();
            }
            return Ok(true);
        }
        if let Some(pipe) = &mut self.pipe {
            if self.ended || !is_readable(pipe).map_err(failed)? {
                return Ok(false);
            }
            piece.resize(256 * 1024, 0);
            let got = pipe.read(&mut piece).map_err(failed)?;
            self.ended = got == 0;
            if self.ended {
                self.end_line();
            }
            let at = self.piped;
            self.piped += got as u64;
            self.take(&name, at, &piece[..got]);
            return Ok(true);
        }
        let Some(open) = &mut self.open else {
            return self.switch();
        };
        if open.was_cut().map_err(failed)? {
            (open.read, open.mark) = (0, Vec::new());
            self.end_line();
        }
        let Some(open) = &mut self.open else {
            return Ok(false);
        };
        let at = open.read(&mut piece).map_err(failed)?;
        if piece.is_empty() {
            return self.switch();
        }
        self.take(&name, at, &piece);
        Ok(true)
    }

    /// Goes on in the file that has the log's name now, if there is another one and it has begun: who
    /// writes goes on in the old one until then.
    fn switch(&mut self) -> Result<bool, ReplayError> {
        let Some(path) = self.path.clone() else {
            return Ok(false);
        };
        let failed = |e| ReplayError::read(&path, e);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(e) => return Err(ReplayError::open(&path, e)),
        };
        let status = file.metadata().map_err(failed)?;
        let identity = (status.dev(), status.ino());
        if identity == self.identity() || status.len() == 0 {
            return Ok(false);
        }
        if let Some(mut old) = self.open.take() {
            // What came to the old one before the new one was begun.
            loop {
                let mut piece = Vec::new();
                let at = old.read(&mut piece).map_err(failed)?;
                if piece.is_empty() {
                    break;
                }
                self.take(&path, at, &piece);
            }
            self.end_line();
            self.between(&path, old.identity, identity)?;
        }
        self.open = Some(Open {
            file,
            identity,
            read: 0,
            mark: Vec::new(),
        });
        Ok(true)
    }

    /// Notes the segments between an old file and the present one: the log was rotated more than once.
    fn between(&mut self, log: &Path, old: (u64, u64), new: (u64, u64)) -> Result<(), ReplayError> {
        let Ok(paths) = segments(log, true) else {
            return Ok(());
        };
        let mut found = VecDeque::new();
        for path in paths.iter().rev() {
            let Ok(input) = Input::open([path]) else {
                break;
            };
            let identity = input.segments().first().map(|segment| segment.identity);
            if identity == Some(old) {
                break;
            }
            if identity == Some(new) {
                continue;
            }
            // The old file may have been moved away, or packed: what is later is new all the same.
            let last = last_time(&input, 0, input.len())?;
            if last <= self.newest {
                break;
            }
            found.push_front((input, 0));
        }
        self.missed.extend(found);
        Ok(())
    }

    /// Takes a piece of a file.
    fn take(&mut self, file: &Path, at: u64, piece: &[u8]) {
        if self.partial.is_empty() {
            self.partial_at = at;
        }
        let Some(end) = memrchr(b'\n', piece).map(|at| at + 1) else {
            let room = LINE_MAX.saturating_sub(self.partial.len());
            self.partial
                .extend_from_slice(&piece[..room.min(piece.len())]);
            return;
        };
        self.places.begin(self.text.len(), file, self.partial_at);
        self.text.append(&mut self.partial);
        self.places.begin(self.text.len(), file, at);
        self.text.extend_from_slice(&piece[..end]);
        let rest = &piece[end..];
        self.partial_at = at + end as u64;
        self.partial
            .extend_from_slice(&rest[..rest.len().min(LINE_MAX)]);
    }

    /// A line at the end of a file is whole, whatever it ends with.
    fn end_line(&mut self) {
        if !self.partial.is_empty() {
            let file = self.name().to_owned();
            self.places.begin(self.text.len(), &file, self.partial_at);
            self.partial.push(b'\n');
            self.text.append(&mut self.partial);
        }
    }

    /// Is a line, or an event, waiting for its end?
    pub fn is_waiting(&self) -> bool {
        self.begin < self.text.len() as u64
    }

    /// Hands on every event that is whole, in the order of the log. `all`: nothing has come for so long
    /// that all of them are. Lines that are no records are told to `tell`, with their places in
    /// their files.
    pub fn events<T: Send>(
        &mut self,
        timeout: u64,
        all: bool,
        make: impl Fn(&Event<'_>) -> T + Sync + Send,
        mut give: impl FnMut(T) -> ControlFlow<()>,
        mut tell: impl FnMut(&Path, u64, Malformed),
    ) -> Result<(), ReplayError> {
        if !self.is_waiting() {
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        let len = text.len() as u64;
        let input = Input::text(self.name(), self.identity(), text);
        let plan = Plan {
            part: self.begin..len,
            timeout,
            block: len,
            ..Plan::whole(&input)
        };
        let mut seen: Vec<Seen<T>> = Vec::new();
        let new = || Collector {
            make: &make,
            seen: Vec::new(),
        };
        let outcome = scan(&input, &plan, &AtomicU64::new(0), new, |events| {
            seen.extend(events);
            Ok(ControlFlow::Continue(()))
        });
        self.newest = last_time(&input, self.begin, len)?.max(self.newest);
        self.text = input.into_text();
        let mut faults = outcome?.faults;
        let newest = seen.iter().map(|event| event.sec).max().unwrap_or(0);
        let is_whole = |event: &Seen<T>| {
            all || len - self.begin > HELD_MAX
                || event.ended
                || event.sec.saturating_add(timeout) <= newest
                || event.end + GAP as u64 <= len
        };
        let mut upto = len;
        for event in seen {
            if !is_whole(&event) {
                upto = event.offset;
                break;
            }
            let next = event.end.min(len);
            if give(event.made).is_break() {
                upto = next;
                break;
            }
        }
        // Each is told when what it stands in is behind.
        faults.first.retain(|(offset, _)| *offset < upto);
        for (offset, why) in faults.first {
            if let Some((file, offset)) = self.places.of(offset) {
                tell(file, offset, why);
            }
        }
        self.behind(upto);
        Ok(())
    }

    /// What is before this place of the text is behind.
    fn behind(&mut self, upto: u64) {
        self.begin = upto;
        let spare = (upto as usize).saturating_sub(BEFORE);
        // Not for every line.
        if spare < BEFORE {
            return;
        }
        let cut = memchr(b'\n', &self.text[spare..]).map_or(spare, |len| spare + len + 1);
        let cut = cut.min(upto as usize);
        self.text.drain(..cut);
        self.begin -= cut as u64;
        self.places.forget(cut);
    }
}

fn is_readable(pipe: &io::Stdin) -> io::Result<bool> {
    let mut fds = [PollFd::new(pipe, PollFlags::IN)];
    loop {
        match poll(&mut fds, Some(&Timespec::default())) {
            Ok(ready) => return Ok(ready > 0),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

impl Open {
    /// Appends what there is, up to a piece, and says where in the file that is.
    fn read(&mut self, into: &mut Vec<u8>) -> io::Result<u64> {
        let len = self.file.metadata()?.len().saturating_sub(self.read);
        into.resize((len as usize).min(PIECE), 0);
        let got = loop {
            match self.file.read_at(into, self.read) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                got => break got?,
            }
        };
        into.truncate(got);
        let at = self.read;
        self.read += got as u64;
        self.remember(into);
        Ok(at)
    }

    fn remember(&mut self, text: &[u8]) {
        self.mark
            .extend_from_slice(&text[text.len().saturating_sub(MARK)..]);
        let spare = self.mark.len().saturating_sub(MARK);
        self.mark.drain(..spare);
    }

    /// Is what was read not in the file any more?
    fn was_cut(&self) -> io::Result<bool> {
        let len = self.mark.len();
        let mut now = [0; MARK];
        let got = self.file.read_at(&mut now[..len], self.read - len as u64)?;
        Ok(now[..got] != self.mark[..])
    }
}
