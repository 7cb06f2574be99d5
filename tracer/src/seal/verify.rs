//! The reader's side: all keys are computed from the first, and every batch is hashed again, on all CPUs.
//! The first record that is not as it was written is found by the hashes of its batch's lines.

use std::{
    fs::File,
    ops::Range,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use super::{
    AHEAD, Batch, Chain, Key, KeyPlace, MAGIC, START, SealError, Sealed, beside, first, hash, of,
    open_regular, tag,
};
use crate::source::replay::{Input, segments};

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is another one than was written.
    Changed,
    /// One or more were written there and are no more.
    Removed,
    /// It was not written there.
    Inserted,
    /// The seal says other than its own hash.
    Seal,
    /// Batches are missing, from this one to before that one.
    Missing(u64, u64),
    /// So many batches are of a log that was removed or replaced while a daemon wrote it.
    Replaced(u64),
    /// It has no seal, and those before it have.
    Unsealed,
    /// The key beside the log is gone, or is not the one that follows the last batch.
    Key,
}

/// The first thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAt {
    /// What.
    pub wrong: Wrong,
    /// The segment.
    pub segment: PathBuf,
    /// Line in it, from 1.
    pub line: u64,
    /// The record there, if there is one.
    pub record: Option<Vec<u8>>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Report {
    /// Records that are as they were written, before whatever is wrong.
    pub records: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Of them, what was in the log without a seal when a daemon came, and was sealed then.
    pub late: u64,
    /// Segments before the first seal of this chain.
    pub before: Vec<PathBuf>,
    /// Batches before the oldest that is there: they went with older segments.
    pub gone: u64,
    /// What is wrong.
    pub wrong: Option<WrongAt>,
}

/// The seals of a segment.
struct Seals {
    bytes: Vec<u8>,
    chain: Chain,
}

impl Seals {
    fn read(segment: &Path) -> Result<Option<Self>, SealError> {
        let path = beside(segment);
        let bytes = match super::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(of(&path))?,
        };
        if bytes.len() < START || bytes[..8] != MAGIC {
            return Ok(None);
        }
        let chain = Chain(first(&bytes[8..]));
        Ok(Some(Self { bytes, chain }))
    }

    fn batches(&self) -> impl Iterator<Item = Sealed<'_>> {
        let mut at = START;
        std::iter::from_fn(move || {
            let sealed = Batch::get(self.bytes.get(at..)?)?;
            at += sealed.end;
            Some(sealed)
        })
    }
}

/// Compares a log (its file), with all that was rotated away, with its seals. A daemon may go on writing it.
///
/// # Errors
/// When log, seals or key cannot be read, and when nothing of the log was sealed with this chain of keys.
pub fn verify(log: &Path, key: &Key, done: &AtomicU64) -> Result<Report, SealError> {
    let mut before = held(log);
    let mut is_again = false;
    for _ in 0..TRIES {
        let found = look(log, key, done);
        if found.as_ref().is_ok_and(|report| report.wrong.is_none()) {
            return found;
        }
        // A rotation in between gave other names to what was being read, or stood still between two names.
        let now = held(log);
        let is_same = now.iter().map(identity).eq(before.iter().map(identity));
        if is_same && (is_again || !was_just_changed(log)) {
            return found;
        }
        is_again = is_same;
        before = now;
        thread::sleep(MOMENT);
        done.store(0, Ordering::Relaxed);
    }
    Err(SealError::Rotating(log.to_owned()))
}

/// The segments, open: no other file gets the inode number of one that is held.
fn held(log: &Path) -> Vec<(PathBuf, File)> {
    let paths = segments(log, true).unwrap_or_default().into_iter();
    let open = |path: PathBuf| {
        let (file, _) = open_regular(&path).ok()?;
        Some((path, file))
    };
    paths.filter_map(open).collect()
}

/// Which file a segment is, as far as it can be seen.
fn identity((path, file): &(PathBuf, File)) -> (&Path, Option<(u64, u64)>) {
    let status = file.metadata().ok();
    (path, status.map(|status| (status.dev(), status.ino())))
}

/// Did the files beside the log get other names a moment ago?
fn was_just_changed(log: &Path) -> bool {
    let dir = log.parent().filter(|dir| !dir.as_os_str().is_empty());
    is_young(dir.unwrap_or(Path::new(".")))
}

fn look(log: &Path, key: &Key, done: &AtomicU64) -> Result<Report, SealError> {
    let mut walk = Walk {
        chain: key.chain(),
        key: key.clone(),
        number: 0,
        report: Report::default(),
        has_begun: false,
        // Before everything else: it must not be ahead of what is there.
        kept: KeyPlace::look(log).ok(),
        kept_is_right: false,
    };
    walk.compare_kept();
    let mut others = false;
    for segment in segments(log, true)? {
        let Snapshot { text, len, seals } = snapshot(&segment, segment == log)?;
        let own = seals.filter(|seals| {
            others |= seals.chain != walk.chain;
            seals.chain == walk.chain
        });
        match own {
            Some(seals) => walk.segment(&segment, (&text, len), &seals, done)?,
            None if walk.has_begun => walk.wrong(Wrong::Unsealed, &segment, 1, None),
            None => walk.report.before.push(segment),
        }
        if walk.report.wrong.is_some() {
            return Ok(walk.report);
        }
    }
    if !walk.has_begun {
        let log = log.to_owned();
        return Err(if others {
            SealError::OtherKey(log)
        } else {
            SealError::NoSeal(log)
        });
    }
    // The chain began after these, or what was before its present begin had seals.
    if walk.report.gone > 0
        && let Some(segment) = walk.report.before.first().cloned()
    {
        walk.wrong(Wrong::Unsealed, &segment, 1, None);
        return Ok(walk.report);
    }
    walk.end(log);
    Ok(walk.report)
}

/// A segment and its seals as they were at one moment, though a daemon may be writing both.
struct Snapshot {
    /// The segment, in which there may be lines that came later.
    text: Input,
    /// Bytes that were in it at that moment.
    len: u64,
    seals: Option<Seals>,
}

/// A daemon writes lines first and their seal then. So how long the segment is is asked first, and what is read
/// afterwards has seals for all of that, unless its last lines were written just now: then it is asked again.
fn snapshot(segment: &Path, is_present: bool) -> Result<Snapshot, SealError> {
    loop {
        let len = Input::open([segment])?.len();
        let seals = Seals::read(segment)?;
        let text = Input::open([segment])?;
        let last = seals.as_ref().and_then(|seals| seals.batches().last());
        // The first seal makes the file of seals.
        let end = last
            .map(|sealed| sealed.batch.end())
            .or(is_present.then_some(0));
        if end.is_none_or(|end| end >= len) || !was_just_written(segment) {
            return Ok(Snapshot { text, len, seals });
        }
        thread::sleep(MOMENT);
    }
}

/// May a daemon be about to seal the last lines? It has its log locked, and wrote them a moment ago.
fn was_just_written(segment: &Path) -> bool {
    let Ok(status) = std::fs::metadata(segment) else {
        return false;
    };
    // The device is not always the one that stat(2) tells.
    let lock = format!(":{} ", status.ino());
    let is_lock = |line: &str| line.contains(" FLOCK ") && line.contains(&lock);
    let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    is_young(segment) && locks.lines().any(is_lock)
}

/// Was this written so short a time ago that a daemon may be at it? A time that is still to come tells nothing:
/// what is wrong would never be told.
fn is_young(path: &Path) -> bool {
    let written = std::fs::metadata(path).and_then(|status| status.modified());
    written.is_ok_and(|time| time.elapsed().is_ok_and(|since| since < SEALED_BY_THEN))
}

/// The longest time in which a daemon that gets no CPU seals what it has written.
const SEALED_BY_THEN: Duration = Duration::from_secs(5);

/// How often a rotation that goes on is waited for.
const TRIES: u32 = 20;
/// After which time what a daemon is about to change is looked at again.
const MOMENT: Duration = Duration::from_millis(25);

impl Due<'_> {
    /// Was this line one of its own?
    fn has(&self, line: &[u8]) -> bool {
        let is = tag(&self.key.of_batch(), line);
        self.sealed.tags.chunks(8).any(|wanted| wanted == is)
    }
}

/// On the way through the segments, oldest first.
struct Walk {
    chain: Chain,
    /// Of the next batch.
    key: Key,
    number: u64,
    report: Report,
    has_begun: bool,
    /// The key beside the log.
    kept: Option<KeyPlace>,
    /// It was one of the chain.
    kept_is_right: bool,
}

/// The highest number that is believed where the key is gone, which is wrong anyhow.
const UNKEPT: u64 = 1 << 28;

/// A batch that is to be compared.
struct Due<'a> {
    sealed: Sealed<'a>,
    key: Key,
}

impl Walk {
    fn segment(
        &mut self,
        segment: &Path,
        (text, len): (&Input, u64),
        seals: &Seals,
        done: &AtomicU64,
    ) -> Result<(), SealError> {
        let (mut due, mut at, mut wrong) = (Vec::new(), 0, None);
        let begins = seals
            .batches()
            .enumerate()
            .filter(|(_, sealed)| sealed.batch.at == 0);
        if let Some((pieces @ 1.., _)) = begins.last() {
            self.has_begun = true;
            self.wrong(Wrong::Replaced(pieces as u64), segment, 1, None);
            return Ok(());
        }
        for sealed in seals.batches() {
            let number = sealed.batch.number;
            if number > self.most() {
                wrong = Some(Wrong::Seal);
                break;
            }
            if !self.has_begun {
                self.report.gone = number;
                self.forward(number);
                self.has_begun = true;
            }
            if number != self.number {
                wrong = Some(Wrong::Missing(self.number, number));
                break;
            }
            if sealed.batch.at != at {
                wrong = Some(if sealed.batch.at > at {
                    Wrong::Inserted
                } else {
                    Wrong::Removed
                });
                break;
            }
            at = sealed.batch.end();
            due.push(Due {
                sealed,
                key: self.key.clone(),
            });
            self.forward(number + 1);
        }
        if let Some(bad) = first_bad(&due, text, done)? {
            self.count(&due[..bad]);
            return self.look_closer(segment, text, &due[bad..]);
        }
        self.count(&due);
        if wrong.is_none() && at < len {
            wrong = Some(Wrong::Unsealed);
        }
        if let Some(wrong) = wrong {
            let (line, record) = line_at(text, at)?;
            self.wrong(wrong, segment, line, record);
        }
        Ok(())
    }

    /// No number is above that of the key beside the log.
    fn most(&self) -> u64 {
        let kept = self.kept.as_ref().filter(|kept| kept.chain == self.chain);
        kept.map_or(UNKEPT, |kept| kept.number.saturating_add(AHEAD))
    }

    /// The key of batch `number`, of which this one's is computed.
    fn forward(&mut self, number: u64) {
        while self.number < number {
            self.key = self.key.next();
            self.number += 1;
            self.compare_kept();
        }
    }

    fn compare_kept(&mut self) {
        let is_it = |kept: &KeyPlace| kept.number == self.number && kept.key == self.key;
        self.kept_is_right |= self.kept.as_ref().is_some_and(is_it);
    }

    fn count(&mut self, whole: &[Due<'_>]) {
        for Due { sealed, .. } in whole {
            let records = u64::from(sealed.batch.lines);
            self.report.records += records;
            self.report.bytes += u64::from(sealed.batch.len);
            if sealed.batch.is_late {
                self.report.late += records;
            }
        }
    }

    /// Finds the record for which the first of these batches is not as it was written.
    fn look_closer(
        &mut self,
        segment: &Path,
        text: &Input,
        due: &[Due<'_>],
    ) -> Result<(), SealError> {
        let [Due { sealed, key }, later @ ..] = due else {
            return Ok(());
        };
        let Sealed { batch, tags, .. } = sealed;
        let key = key.of_batch();
        let mut piece = Vec::new();
        // As much more as tells a record that was put in from one that was changed.
        let to = (batch.end() + (1 << 16)).min(text.len());
        text.read(batch.at.min(to), to, &mut piece)?;
        let wanted: Vec<&[u8]> = tags.chunks(8).collect();
        let (mut at, mut n) = (batch.at, 0);
        let mut there = super::lines(&piece);
        let mut wrong = Wrong::Seal;
        let mut found = None;
        while n < wanted.len() {
            let Some(line) = there.next() else {
                wrong = Wrong::Removed;
                break;
            };
            let is = tag(&key, line);
            if is != wanted[n] {
                let comes_later =
                    wanted[n + 1..].contains(&&is[..]) || later.iter().any(|due| due.has(line));
                let was_moved = there.any(|line| tag(&key, line) == wanted[n]);
                wrong = match (comes_later, was_moved) {
                    (true, _) => Wrong::Removed,
                    (false, true) => Wrong::Inserted,
                    (false, false) => Wrong::Changed,
                };
                found = Some(line.to_vec());
                break;
            }
            at += line.len() as u64;
            n += 1;
        }
        self.report.records += n as u64;
        self.report.bytes += at - batch.at;
        let (line, _) = line_at(text, at)?;
        self.wrong(wrong, segment, line, found);
        Ok(())
    }

    /// Is the key beside the log one of the chain, and not ahead of the last batch? Whoever removes the
    /// last batches cannot make the key that was there then.
    fn end(&mut self, log: &Path) {
        let own = self.kept.as_ref().filter(|kept| kept.chain == self.chain);
        let ahead = own
            .map(|kept| kept.number)
            .filter(|number| *number > self.number);
        match ahead {
            Some(number) => self.wrong(Wrong::Missing(self.number, number), log, 0, None),
            None if !self.kept_is_right => self.wrong(Wrong::Key, log, 0, None),
            None => {}
        }
    }

    fn wrong(&mut self, wrong: Wrong, segment: &Path, line: u64, record: Option<Vec<u8>>) {
        self.report.wrong = Some(WrongAt {
            wrong,
            segment: segment.to_owned(),
            line,
            record,
        });
    }
}

/// The first batch that is not what its hash says.
fn first_bad(due: &[Due<'_>], text: &Input, done: &AtomicU64) -> Result<Option<usize>, SealError> {
    let threads = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let share = due.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let workers: Vec<_> = due
            .chunks(share)
            .enumerate()
            .map(|(n, part)| {
                let look = move || {
                    let bad = bad_in(part, text, done)?;
                    Ok(bad.map(|bad| n * share + bad))
                };
                scope.spawn(look)
            })
            .collect();
        let mut first = Ok(None);
        for worker in workers {
            let found = worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            if matches!(first, Ok(None)) {
                first = found;
            }
        }
        first
    })
}

/// Bytes that are read at once.
const READ: u64 = 1 << 20;

fn bad_in(due: &[Due<'_>], text: &Input, done: &AtomicU64) -> Result<Option<usize>, SealError> {
    let (mut buffer, mut held) = (Vec::new(), 0..0);
    for (n, Due { sealed, key }) in due.iter().enumerate() {
        let batch = &sealed.batch;
        if batch.end() > text.len() {
            return Ok(Some(n));
        }
        if batch.end() > held.end {
            held = batch.at..batch.end().max((batch.at + READ).min(text.len()));
            buffer.clear();
            text.read(held.start, held.end, &mut buffer)?;
        }
        let place = place(&held, batch);
        if hash(&key.of_batch(), sealed.signed, &buffer[place]) != sealed.hash {
            return Ok(Some(n));
        }
        done.fetch_add(u64::from(batch.len), Ordering::Relaxed);
    }
    Ok(None)
}

/// Where a batch is in what is held of the text.
fn place(held: &Range<u64>, batch: &Batch) -> Range<usize> {
    (batch.at - held.start) as usize..(batch.end() - held.start) as usize
}

/// The number of the line at an offset, from 1, and the line.
fn line_at(text: &Input, at: u64) -> Result<(u64, Option<Vec<u8>>), SealError> {
    let (mut lines, mut from, mut piece) = (1, 0, Vec::new());
    while from < at {
        let to = at.min(from + READ);
        piece.clear();
        text.read(from, to, &mut piece)?;
        lines += memchr::memchr_iter(b'\n', &piece).count() as u64;
        from = to;
    }
    piece.clear();
    text.read(at, text.len().min(at + READ), &mut piece)?;
    let line = super::lines(&piece).next().map(<[u8]>::to_vec);
    Ok((lines, line))
}
