//! `--checkpoint`: where a search ended, so that the next one goes on behind it. The file is
//! ausearch's own, so that either can go on where the other ended.

use std::{
    collections::VecDeque,
    io,
    ops::{ControlFlow, Range},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::atomic::AtomicU64,
};

use super::interpret::stamp;
use crate::{
    records::EventId,
    replay::{self, Event, Input, Needles, Plan, ReplayError, Window, Worker},
};

/// An event, as a checkpoint remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    node: Option<String>,
    id: EventId,
    kind: u16,
}

/// What a checkpoint file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    dev: u64,
    inode: u64,
    /// The last event that was whole; `None` when there was none.
    pub event: Option<Last>,
}

/// Why a checkpoint cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file cannot be read or written.
    #[error("checkpoint {}: {cause}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It is no checkpoint.
    #[error("checkpoint {}: line `{line}` is not understood; remove the file to begin anew", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The line.
        line: String,
    },
    /// The log that it was in is gone.
    #[error(
        "the log of the checkpoint (inode {inode}) is not there any more: events may be missing; \
         use -ts checkpoint to go on by time, or remove the checkpoint"
    )]
    NoLog {
        /// Its inode.
        inode: u64,
    },
    /// The log is there, and the event is not in it.
    #[error(
        "the log of the checkpoint does not have its event {event} any more; use -ts checkpoint to \
         go on by time, or remove the checkpoint"
    )]
    NoEvent {
        /// The event.
        event: String,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl Checkpoint {
    /// Reads a file; `None` when there is none yet.
    pub fn load(path: &Path) -> Result<Option<Self>, CheckpointError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text)
                .map(Some)
                .map_err(|line| CheckpointError::Form {
                    path: path.to_owned(),
                    line,
                }),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(CheckpointError::Io {
                path: path.to_owned(),
                cause,
            }),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (mut dev, mut inode, mut event) = (None, None, None);
        for line in text.lines() {
            let bad = || line.to_owned();
            match line.split_once('=').ok_or_else(bad)? {
                ("dev", value) => {
                    let digits = value.trim_start_matches("0x");
                    dev = Some(u64::from_str_radix(digits, 16).map_err(|_| bad())?);
                }
                ("inode", value) => inode = Some(value.parse().map_err(|_| bad())?),
                ("output", value) => event = Last::parse(value).ok_or_else(bad)?,
                _ => return Err(bad()),
            }
        }
        match (dev, inode) {
            (Some(dev), Some(inode)) => Ok(Self { dev, inode, event }),
            _ => Err("(no dev= and inode=)".to_owned()),
        }
    }

    /// An event of the file that is this one (device and inode number).
    pub fn of(identity: (u64, u64), event: Option<Last>) -> Self {
        Self {
            dev: identity.0,
            inode: identity.1,
            event,
        }
    }

    /// The end of this log.
    pub fn at(input: &Input, event: Option<Option<Last>>) -> Self {
        let identity = input.segments().last().map_or((0, 0), |last| last.identity);
        Self::of(identity, event.flatten())
    }

    /// Writes the file: as a whole, or not at all.
    pub fn save(&self, path: &Path) -> Result<(), CheckpointError> {
        let output = self.event.as_ref().map_or_else(
            || "- 0.000:0 0x0".to_owned(),
            |last| {
                let node = last.node.as_deref().unwrap_or("-");
                format!("{node} {} 0x{:X}", stamp(last.id), last.kind)
            },
        );
        let text = format!(
            "dev=0x{:X}\ninode={}\noutput={output}\n",
            self.dev, self.inode
        );
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = PathBuf::from(name);
        std::fs::write(&new, text)
            .and_then(|()| std::fs::rename(&new, path))
            .map_err(|cause| CheckpointError::Io {
                path: path.to_owned(),
                cause,
            })
    }

    /// Which of these files is the one that the checkpoint names.
    pub fn segment(&self, paths: &[PathBuf]) -> Option<usize> {
        paths.iter().position(|path| {
            std::fs::metadata(path)
                .is_ok_and(|status| (status.dev(), status.ino()) == (self.dev, self.inode))
        })
    }

    /// Nowhere is what it names.
    pub fn no_log(&self) -> CheckpointError {
        CheckpointError::NoLog { inode: self.inode }
    }
}

impl Last {
    /// `NODE SECONDS.MILLIS:SERIAL 0xTYPE`; the inner `None` is no event yet.
    #[expect(
        clippy::option_option,
        reason = "the outer one is whether it can be read"
    )]
    fn parse(text: &str) -> Option<Option<Self>> {
        let mut words = text.split(' ');
        let (node, id, kind) = (words.next()?, words.next()?, words.next()?);
        let (sec, rest) = id.split_once('.')?;
        let (milli, serial) = rest.split_once(':')?;
        let id = EventId {
            sec: sec.parse().ok()?,
            milli: milli.parse().ok()?,
            serial: serial.parse().ok()?,
        };
        let kind = u16::from_str_radix(kind.trim_start_matches("0x"), 16).ok()?;
        Some((id.sec != 0).then(|| Self {
            node: (node != "-").then(|| node.to_owned()),
            id,
            kind,
        }))
    }

    /// This event.
    pub fn of(event: &Event<'_>) -> Self {
        Self {
            node: event
                .node()
                .map(|node| String::from_utf8_lossy(node).into_owned()),
            id: event.id(),
            kind: event.kind().0,
        }
    }
}

/// What of a log a search with a checkpoint looks at.
#[derive(Debug)]
pub struct Part {
    /// Events that begin here.
    pub range: Range<u64>,
    /// The last of them, if there is any.
    pub last: Option<Option<Last>>,
}

/// From `start` on, and up to the first event that may not be whole yet, or that is later than
/// `until`: that one and all after it are for the next time.
pub fn part(input: &Input, start: u64, timeout: u64, until: u64) -> Result<Part, ReplayError> {
    let mut rest = plan(input, timeout, Window::ALL, None);
    rest.part.start = start;
    let mut whole = Whole::default();
    each(input, &rest, |seen| {
        whole.add(seen, timeout, until);
        ControlFlow::Continue(())
    })?;
    let waiting = whole.waiting.front().map(|seen| seen.offset);
    let end = [waiting, whole.too_late].into_iter().flatten().min();
    Ok(Part {
        range: start..end.unwrap_or(input.len()),
        last: whole.last.map(Some),
    })
}

/// Everything, in the order of the log.
fn plan(input: &Input, timeout: u64, window: Window, needles: Option<Needles>) -> Plan {
    Plan {
        window,
        needles,
        timeout,
        ..Plan::whole(input)
    }
}

/// Where the events behind the checkpoint begin.
pub fn after(
    input: &Input,
    before: &Checkpoint,
    by_time: bool,
    timeout: u64,
) -> Result<u64, CheckpointError> {
    let Some(last) = &before.event else {
        return Ok(0);
    };
    let from = Window {
        start: last.id.sec,
        end: u64::MAX,
    };
    if by_time {
        let reached =
            |seen: &Seen| (seen.last.id.sec, seen.last.id.milli) >= (last.id.sec, last.id.milli);
        let seen = first(input, &plan(input, timeout, from, None), reached)?;
        return Ok(seen.map_or(input.len(), |seen| seen.offset));
    }
    let event = stamp(last.id);
    let needle = Needles::new(&[format!("audit({event})")]);
    let plan = plan(input, timeout, from, needle);
    let seen = first(input, &plan, |seen| seen.last == *last)?;
    Ok(seen.ok_or(CheckpointError::NoEvent { event })?.offset + 1)
}

/// An event that was seen.
struct Seen {
    offset: u64,
    last: Last,
    whole: bool,
}

/// Follows which events are whole.
#[derive(Default)]
struct Whole {
    /// From the first that is not whole.
    waiting: VecDeque<Seen>,
    last: Option<Last>,
    /// Where the first event is that nobody asks for yet.
    too_late: Option<u64>,
}

impl Whole {
    fn add(&mut self, seen: Seen, timeout: u64, until: u64) {
        for waiting in &mut self.waiting {
            waiting.whole |= waiting.last.id.sec.saturating_add(timeout) <= seen.last.id.sec;
        }
        if seen.last.id.sec > until {
            self.too_late.get_or_insert(seen.offset);
        }
        if self.too_late.is_none() {
            self.waiting.push_back(seen);
        }
        while let Some(seen) = self.waiting.pop_front_if(|seen| seen.whole) {
            self.last = Some(seen.last);
        }
    }
}

/// The first event that is wanted.
fn first(
    input: &Input,
    plan: &Plan,
    mut wanted: impl FnMut(&Seen) -> bool + Send,
) -> Result<Option<Seen>, ReplayError> {
    let mut found = None;
    each(input, plan, |seen| {
        if wanted(&seen) {
            found = Some(seen);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

/// Calls `visit` with each event, in the order of the log.
fn each(
    input: &Input,
    plan: &Plan,
    mut visit: impl FnMut(Seen) -> ControlFlow<()> + Send,
) -> Result<(), ReplayError> {
    let deliver = |events: Vec<Seen>| {
        for seen in events {
            if visit(seen).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    };
    replay::scan(input, plan, &AtomicU64::new(0), Collector::default, deliver).map(|_| ())
}

#[derive(Default)]
struct Collector(Vec<Seen>);

impl Worker for Collector {
    type Made = Vec<Seen>;

    fn event(&mut self, event: &Event<'_>) {
        self.0.push(Seen {
            offset: event.offset(),
            whole: event.is_ended(),
            last: Last::of(event),
        });
    }

    fn block(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_the_file() {
        for text in [
            "dev=0xFE00\ninode=123\noutput=- 1795377009.241:3641 0x4B1\n",
            "dev=0xFE00\ninode=123\noutput=web 1795377009.001:3641 0x514\n",
            "dev=0x1\ninode=2\noutput=- 0.000:0 0x0\n",
        ] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("c");
            Checkpoint::parse(text).unwrap().save(&path).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        for text in [
            "",
            "hello\n",
            "dev=0x1\n",
            "dev=x\ninode=1\n",
            "dev=0x1\ninode=1\noutput=x\n",
        ] {
            assert!(Checkpoint::parse(text).is_err(), "{text:?}");
        }
    }
}
