//! Records: a fold that writes every item to a file.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, Seek, Write},
    ops::ControlFlow,
    path::Path,
    time::{Duration, Instant},
};

use serde::Serialize;

use tracer_model::recording::{
    Ending, Entry, Head, MAGIC, VERSION,
    frame::{self, Kind},
};

use crate::{
    enrich::users,
    event::{AFTER_END, Account, Item, LossReason, Uid, Users},
    fold::Fold,
    sink,
};

/// A frame is closed after this many entries.
const ENTRIES: u32 = 512;
/// And this long after its first: what a kill can cost.
const LONGEST: Duration = Duration::from_secs(1);

/// A recording that is being made.
pub struct Recorder {
    file: File,
    name: String,
    /// The entries of the open frame.
    open: Vec<u8>,
    entries: u32,
    /// Events among them.
    events: u64,
    /// When the open frame is to be closed at the latest.
    due: Option<Instant>,
    /// Where the file ends: behind its last whole frame.
    end: u64,
    /// Events in the file.
    recorded: u64,
    /// Events that the file did not take.
    refused: u64,
    /// The file takes no more.
    is_broken: bool,
    /// Why, until that has been said.
    error: Option<io::Error>,
    users: Users,
    told: HashSet<Uid>,
    packed: Vec<u8>,
}

impl Recorder {
    /// Begins a recording in `path`, a regular file that only its owner may read.
    pub fn create(path: &Path, head: &Head) -> io::Result<Self> {
        // Before it is opened: a FIFO would wait for a reader.
        if path.metadata().is_ok_and(|meta| !meta.is_file()) {
            return Err(io::Error::other("a recording needs a regular file"));
        }
        let file = sink::open_file(path, false)?;
        let mut this = Self {
            file,
            name: path.display().to_string(),
            open: Vec::new(),
            entries: 0,
            events: 0,
            due: None,
            end: 0,
            recorded: 0,
            refused: 0,
            is_broken: false,
            error: None,
            users: users::of_system(),
            told: HashSet::new(),
            packed: Vec::new(),
        };
        this.packed.extend_from_slice(&MAGIC);
        this.packed.extend_from_slice(&VERSION.to_le_bytes());
        this.frame(Kind::Head, 1, &bytes_of(head)?)?;
        Ok(this)
    }

    /// Writes a frame, behind what `packed` has; a part of one does not stay in the file.
    fn frame(&mut self, kind: Kind, entries: u32, payload: &[u8]) -> io::Result<()> {
        let written = frame::write(&mut self.packed, kind, entries, payload)
            .and_then(|()| self.file.write_all(&self.packed));
        if written.is_ok() {
            self.end += self.packed.len() as u64;
        } else {
            let _ = self.file.set_len(self.end);
            let _ = self.file.seek(io::SeekFrom::Start(self.end));
        }
        self.packed.clear();
        written
    }

    /// Closes the open frame.
    pub(super) fn close(&mut self) {
        if self.entries == 0 {
            return;
        }
        let open = std::mem::take(&mut self.open);
        match self.frame(Kind::Items, self.entries, &open) {
            Ok(()) => self.recorded += self.events,
            Err(error) => self.breaks(error),
        }
        self.open = open;
        self.open.clear();
        (self.entries, self.events, self.due) = (0, 0, None);
    }

    /// The end of a recording that cannot go on.
    fn breaks(&mut self, error: io::Error) {
        self.refused += self.events;
        self.is_broken = true;
        self.error = Some(error);
    }

    /// Adds an entry to the open frame; one that cannot be added leaves nothing in it.
    fn add(&mut self, entry: &Entry<&Item, &str>) -> io::Result<()> {
        let before = self.open.len();
        let added = append(&mut self.open, entry);
        match &added {
            Ok(()) => self.entries += 1,
            Err(_) => self.open.truncate(before),
        }
        added
    }

    /// The name of the event's user, the first time.
    fn tell_user(&mut self, item: &Item) -> io::Result<()> {
        let Item::Event(event) = item else {
            return Ok(());
        };
        let creds = event.actor.as_ref().ok().and_then(|actor| actor.creds);
        let Some(uid) = creds
            .map(|creds| creds.uid)
            .filter(|u| self.told.insert(*u))
        else {
            return Ok(());
        };
        let name = self.users.name(uid);
        self.add(&Entry::User(uid, name.as_deref()))
    }

    /// The sums of the recording: those of the run, but for what it has and the output has not.
    fn ending(&self, account: &Account) -> Ending {
        let mut more = self.recorded.saturating_sub(account.written);
        let mut less = |n: u64| {
            let taken = more.min(n);
            more -= taken;
            n - taken
        };
        let lost = account.lost.iter().map(|(why, n)| match why {
            LossReason::Output => (*why, less(*n)),
            _ => (*why, *n),
        });
        let lost: Vec<_> = lost.filter(|(_, n)| *n > 0).collect();
        let filtered = account.filtered.iter().map(|(why, n)| match &**why {
            AFTER_END => (why.to_string(), less(*n)),
            _ => (why.to_string(), *n),
        });
        Ending {
            seen: account.seen,
            events: self.recorded,
            filtered: filtered.filter(|(_, n)| *n > 0).collect(),
            lost,
        }
    }

    fn check(&mut self) -> io::Result<()> {
        self.error.take().map_or(Ok(()), Err)
    }
}

impl Fold for Recorder {
    fn item(&mut self, item: &Item) {
        let is_event = u64::from(matches!(item, Item::Event(_)));
        if self.is_broken {
            self.refused += is_event;
            return;
        }
        self.due.get_or_insert_with(|| Instant::now() + LONGEST);
        let added = self
            .tell_user(item)
            .and_then(|()| self.add(&Entry::Item(item)));
        self.events += is_event;
        if let Err(error) = added {
            self.breaks(error);
        } else if self.entries >= ENTRIES || self.open.len() >= frame::FULL {
            self.close();
        }
    }

    fn settle(&mut self, _out: &mut Vec<u8>) -> io::Result<ControlFlow<()>> {
        if self.due.is_some_and(|due| Instant::now() >= due) {
            self.close();
        }
        self.check().map(|()| ControlFlow::Continue(()))
    }

    fn due(&self) -> Option<Instant> {
        self.due
    }

    fn writes_to(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn account(&mut self, account: &Account) -> io::Result<()> {
        self.close();
        self.check()?;
        if self.is_broken {
            return Ok(());
        }
        let ending = bytes_of(&self.ending(account))?;
        self.frame(Kind::End, 1, &ending)
    }

    fn unwritten(&self) -> u64 {
        self.refused
    }

    fn finish(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }
}

fn bytes_of(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    append(&mut bytes, value)?;
    Ok(bytes)
}

fn append(out: &mut Vec<u8>, value: &impl Serialize) -> io::Result<()> {
    postcard::to_io(value, out)
        .map(drop)
        .map_err(|error| io::Error::other(format!("an event cannot be written down: {error}")))
}
