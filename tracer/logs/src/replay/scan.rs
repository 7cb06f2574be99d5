//! Goes through a log in blocks, on several threads, and hands each event to a worker: every event
//! once, whole, whichever blocks its records are in. What the workers make of a block is delivered
//! in the order of the log.

use std::{
    ops::{ControlFlow, Range},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use aho_corasick::AhoCorasick;
use memchr::{memchr, memrchr};

use super::{
    Event, Input, ReplayError, Window,
    group::{GAP, Group, Grouper},
    window,
};
use crate::records::{Head, Malformed};

/// Bytes of a block: small enough for memory and caches, large against `GAP`.
pub const BLOCK: u64 = 4 * 1024 * 1024;

/// Longest line that can be a record: auditd writes less than 9,000 bytes. Longer ones are passed over.
const LINE_MAX: usize = GAP;

/// An event that goes on behind its block is read further, in steps that double up to this one: some
/// 30 MiB in all. What is behind that is cut: no memory without bound for a log that was made to ask for it.
const LAST_STEP: u64 = 16 * 1024 * 1024;

/// What to look for, and how.
#[derive(Debug)]
pub struct Plan {
    /// Only events of this time.
    pub window: Window,
    /// Only events that begin in this part of the log.
    pub part: Range<u64>,
    /// Only events that begin in one of these parts, or that have a needle there; `None`: everywhere.
    pub only: Option<Vec<Only>>,
    /// An event is of no interest unless one of its lines has one of these.
    pub needles: Option<AhoCorasick>,
    /// Seconds after which nothing more comes for an event.
    pub timeout: u64,
    /// Threads to use.
    pub threads: usize,
    /// Bytes of a block, [`BLOCK`] but in tests.
    pub block: u64,
}

/// Seconds after which auditd and its tools take an event to be whole (`eoe-timeout`).
pub const TIMEOUT: u64 = 2;

impl Plan {
    /// Every event of all there is, by one thread.
    pub fn whole(input: &Input) -> Self {
        Self {
            window: Window::ALL,
            part: 0..input.len(),
            only: None,
            needles: None,
            timeout: TIMEOUT,
            threads: 1,
            block: BLOCK,
        }
    }
}

/// A part of a log that can have what is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only {
    /// Where it is.
    pub range: Range<u64>,
    /// It is known to have events of the time that is asked for.
    pub timed: bool,
}

/// Makes something of events, block by block.
pub trait Worker: Send {
    /// What it makes of a block.
    type Made: Send;

    /// An event of this block.
    fn event(&mut self, event: &Event<'_>);

    /// The block is done.
    fn block(&mut self) -> Self::Made;
}

/// Lines that are no audit records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// How many.
    pub count: u64,
    /// The first of them: where, and why.
    pub first: Vec<(u64, Malformed)>,
    /// Where the first of the events begin that go on for longer than is read of one: what was handed on
    /// of them is not all.
    pub cut: Vec<u64>,
}

impl Faults {
    /// So many are told one by one.
    const TOLD: usize = 4;

    fn add(&mut self, offset: u64, why: Malformed) {
        self.count += 1;
        if self.first.len() < Self::TOLD {
            self.first.push((offset, why));
        }
    }

    fn append(&mut self, other: &mut Self) {
        self.count += other.count;
        other.count = 0;
        let room = Self::TOLD.saturating_sub(self.first.len());
        self.first.extend(other.first.drain(..).take(room));
        other.first.clear();
        let room = Self::TOLD.saturating_sub(self.cut.len());
        self.cut.extend(other.cut.drain(..).take(room));
        other.cut.clear();
    }
}

/// What a scan ends with.
#[derive(Debug)]
pub struct Outcome<W> {
    /// The workers.
    pub workers: Vec<W>,
    /// Lines that are no audit records. A scan with needles looks only at lines near them.
    pub faults: Faults,
}

/// Scans a log. `deliver` can end it; `done` counts the bytes that are behind.
pub fn scan<W: Worker>(
    input: &Input,
    plan: &Plan,
    done: &AtomicU64,
    new_worker: impl Fn() -> W + Sync,
    deliver: impl FnMut(W::Made) -> Result<ControlFlow<()>, ReplayError> + Send,
) -> Result<Outcome<W>, ReplayError> {
    let blocks = blocks(input, plan)?;
    let turns = Turns::new(deliver);
    let next = AtomicUsize::new(0);
    let threads = plan.threads.clamp(1, blocks.len().max(1));
    let work = || {
        // Whatever ends this thread, the others must not wait for its turn.
        let _guard = StopOnDrop(&turns);
        let mut worker = new_worker();
        let mut scanner = Scanner::new(input, plan, &blocks);
        while !turns.stopped.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(block) = blocks.get(number) else {
                return worker;
            };
            let made = scanner.block(block, &mut worker).map(|()| worker.block());
            done.fetch_add(block.end - block.start, Ordering::Relaxed);
            turns.take(number, made, &mut scanner.faults);
        }
        worker
    };
    let workers = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut workers = vec![work()];
        for other in others {
            match other.join() {
                Ok(worker) => workers.push(worker),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        workers
    });
    let state = turns
        .state
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    match state.failed {
        Some(error) => Err(error),
        None => Ok(Outcome {
            workers,
            faults: state.faults,
        }),
    }
}

/// The blocks that the scan goes through.
fn blocks(input: &Input, plan: &Plan) -> Result<Vec<Range<u64>>, ReplayError> {
    let everything = [Only {
        range: 0..input.len(),
        timed: plan.window == Window::ALL,
    }];
    let mut parts = Vec::new();
    for only in plan.only.as_deref().unwrap_or(&everything) {
        if only.timed {
            parts.push((only.range.start, only.range.end));
        } else {
            parts.extend(window::parts(
                input,
                &only.range,
                plan.window,
                plan.timeout,
            )?);
        }
    }
    let mut blocks = Vec::new();
    for (from, to) in parts {
        let (mut at, to) = (from.max(plan.part.start), to.min(plan.part.end));
        while at < to {
            let end = (at + plan.block).min(to);
            blocks.push(at..end);
            at = end;
        }
    }
    Ok(blocks)
}

/// Delivers blocks in their order.
struct Turns<D> {
    state: Mutex<State<D>>,
    changed: Condvar,
    stopped: AtomicBool,
}

struct State<D> {
    turn: usize,
    deliver: D,
    faults: Faults,
    failed: Option<ReplayError>,
}

impl<D> Turns<D> {
    fn new(deliver: D) -> Self {
        Self {
            state: Mutex::new(State {
                turn: 0,
                deliver,
                faults: Faults::default(),
                failed: None,
            }),
            changed: Condvar::new(),
            stopped: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        drop(self.lock());
        self.changed.notify_all();
    }

    fn take<T>(&self, number: usize, made: Result<T, ReplayError>, faults: &mut Faults)
    where
        D: FnMut(T) -> Result<ControlFlow<()>, ReplayError>,
    {
        let mut state = self.lock();
        while state.turn != number && !self.stopped.load(Ordering::Relaxed) {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if self.stopped.load(Ordering::Relaxed) {
            return;
        }
        state.faults.append(faults);
        let stop = match made.and_then(|made| (state.deliver)(made)) {
            Ok(flow) => flow.is_break(),
            Err(error) => {
                state.failed = Some(error);
                true
            }
        };
        state.turn += 1;
        if stop {
            self.stopped.store(true, Ordering::Relaxed);
        }
        drop(state);
        self.changed.notify_all();
    }
}

/// Ends the scan when a thread panics.
struct StopOnDrop<'a, D>(&'a Turns<D>);

impl<D> Drop for StopOnDrop<'_, D> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

/// What one thread needs to go through a block; used for one after the other.
struct Scanner<'p> {
    input: &'p Input,
    plan: &'p Plan,
    /// All blocks.
    blocks: &'p [Range<u64>],
    buffer: Vec<u8>,
    /// The part of the log that is in the buffer.
    loaded: Range<u64>,
    grouper: Grouper,
    /// Where lines with needles begin, in the whole log.
    hits: Vec<u64>,
    faults: Faults,
}

impl<'p> Scanner<'p> {
    fn new(input: &'p Input, plan: &'p Plan, blocks: &'p [Range<u64>]) -> Self {
        Self {
            input,
            plan,
            blocks,
            buffer: Vec::with_capacity(plan.block as usize + 4 * GAP),
            loaded: 0..0,
            grouper: Grouper::new(plan.timeout),
            hits: Vec::new(),
            faults: Faults::default(),
        }
    }

    /// Hands the worker every event of this block. Without needles, an event belongs to the block
    /// in which it begins; with needles, to the part of one in which it has its first needle.
    fn block(&mut self, block: &Range<u64>, worker: &mut impl Worker) -> Result<(), ReplayError> {
        let around = |from: u64, to: u64| from.saturating_sub(2 * GAP as u64)..to + 2 * GAP as u64;
        let Some(needles) = &self.plan.needles else {
            // What comes before shows which events began there.
            return self.events(around(block.start, block.end), block, block, worker);
        };
        self.find(needles, block)?;
        // Needles that are near each other: each such part of the block is like a block of its own.
        let mut parts: Vec<Range<u64>> = Vec::new();
        for hit in &self.hits {
            match parts.last_mut() {
                Some(last) if last.end + 4 * GAP as u64 >= *hit => last.end = hit + 1,
                _ => parts.push(*hit..hit + 1),
            }
        }
        let mut from = block.start;
        for part in parts {
            let near = around(part.start, part.end);
            // Of what is no record, each line is told once.
            let seen = from.max(near.start)..near.end.min(block.end);
            from = seen.end;
            self.events(near, &part, &seen, worker)?;
        }
        Ok(())
    }

    /// Has this part of the log in the buffer.
    fn load(&mut self, from: u64, to: u64) -> Result<(), ReplayError> {
        let to = to.min(self.input.len());
        self.buffer.clear();
        self.input.read(from, to, &mut self.buffer)?;
        self.loaded = from..to;
        Ok(())
    }

    /// Notes which of the lines that begin in a block have a needle.
    fn find(&mut self, needles: &AhoCorasick, block: &Range<u64>) -> Result<(), ReplayError> {
        self.hits.clear();
        let start = block.start.saturating_sub(1);
        self.load(start, block.end + LINE_MAX as u64)?;
        let end = (block.end - start) as usize;
        let mut from = self.first_line();
        while from < end
            && let Some(found) = needles.find(&self.buffer[from..])
        {
            let hit = from + found.start();
            let line = memrchr(b'\n', &self.buffer[from..hit]).map_or(from, |at| from + at + 1);
            if line >= end {
                break;
            }
            self.hits.push(start + line as u64);
            from = memchr(b'\n', &self.buffer[hit..]).map_or(end, |len| hit + len + 1);
        }
        Ok(())
    }

    /// Where the first line in the buffer begins.
    fn first_line(&self) -> usize {
        if self.loaded.start == 0 {
            return 0;
        }
        // Known only behind a newline.
        memchr(b'\n', &self.buffer).map_or(self.buffer.len(), |len| len + 1)
    }

    /// Puts the records in a span of the log together, and hands on the events of the block. `seen`
    /// is where lines are told that are no records.
    fn events(
        &mut self,
        mut span: Range<u64>,
        block: &Range<u64>,
        seen: &Range<u64>,
        worker: &mut impl Worker,
    ) -> Result<(), ReplayError> {
        let mut more = 2 * GAP as u64;
        loop {
            self.load(span.start, span.end)?;
            let mut faults = Faults::default();
            let rest = self.lines(seen, &mut faults);
            let (before, after) = self.lacks(rest, block);
            if (before || after) && more < LAST_STEP {
                more *= 2;
                span.start = span.start.saturating_sub(if before { more } else { 0 });
                span.end += if after { more } else { 0 };
                continue;
            }
            if before || after {
                faults.cut = self.cut(block);
            }
            if self.own(rest, seen) && self.buffer.len() - rest > LINE_MAX {
                faults.add(self.loaded.start + rest as u64, Malformed::TooLong);
            }
            self.faults.append(&mut faults);
            break;
        }
        for (number, group) in self.grouper.groups().iter().enumerate() {
            let event = self.grouper.event(&self.buffer, number, self.loaded.start);
            if self.is_of(group, block)
                && self.plan.window.contains(event.id().sec)
                && !self.is_told(&event, block)
            {
                worker.event(&event);
            }
        }
        Ok(())
    }

    /// Is this place of the buffer in the block?
    fn own(&self, place: usize, block: &Range<u64>) -> bool {
        block.contains(&(self.loaded.start + place as u64))
    }

    /// Does this event belong to the block?
    fn is_of(&self, group: &Group, block: &Range<u64>) -> bool {
        if self.plan.needles.is_some() {
            group.hit.is_some_and(|hit| self.own(hit as usize, block))
        } else {
            self.own(self.grouper.begins_at(group), block)
        }
    }

    /// Has an event a needle in an earlier block, which has told of it then?
    fn is_told(&self, event: &Event<'_>, block: &Range<u64>) -> bool {
        let Some(needles) = &self.plan.needles else {
            return false;
        };
        event.offset() < block.start
            && event
                .places()
                .take_while(|(offset, _)| *offset < block.start)
                .any(|(offset, record)| self.is_scanned(offset) && needles.is_match(record.line))
    }

    /// Is this place of the log in any block?
    fn is_scanned(&self, offset: u64) -> bool {
        let before = self.blocks.partition_point(|block| block.start <= offset);
        before > 0 && offset < self.blocks[before - 1].end
    }

    /// Are there records of the block's events that may be missing: before what is loaded, or after?
    /// `rest` is where the first line begins that is not whole.
    fn lacks(&self, rest: usize, block: &Range<u64>) -> (bool, bool) {
        let (mut before, mut after) = (false, false);
        let end = self.buffer.len();
        if self.loaded.end < self.input.len() {
            // The line of a needle is whole.
            after = self.plan.needles.is_none() && self.own(rest, block) && end - rest <= LINE_MAX;
        }
        for group in self.grouper.groups() {
            if self.is_of(group, block) {
                before |= self.may_begin_before(group);
                after |= self.may_go_on(group);
            }
        }
        (before, after)
    }

    fn may_begin_before(&self, group: &Group) -> bool {
        self.plan.needles.is_some() && self.loaded.start > 0 && self.grouper.begins_at(group) < GAP
    }

    fn may_go_on(&self, group: &Group) -> bool {
        group.open
            && group.end as usize + GAP > self.buffer.len()
            && self.loaded.end < self.input.len()
    }

    /// Where the events of the block begin of which there is more than is read.
    fn cut(&self, block: &Range<u64>) -> Vec<u64> {
        let groups = self.grouper.groups().iter();
        let cut = groups.filter(|group| {
            self.is_of(group, block) && (self.may_begin_before(group) || self.may_go_on(group))
        });
        let begins = cut.map(|group| self.loaded.start + self.grouper.begins_at(group) as u64);
        begins.take(Faults::TOLD).collect()
    }

    /// Adds every line in the buffer. Gives the beginning of the first that is not whole.
    fn lines(&mut self, seen: &Range<u64>, faults: &mut Faults) -> usize {
        self.grouper.clear();
        let mut at = self.first_line();
        let base = self.loaded.start;
        let mut hit = self.hits.partition_point(|hit| *hit < base + at as u64);
        while let Some(len) = memchr(b'\n', &self.buffer[at..]) {
            let end = at + len;
            let is_hit = self
                .hits
                .get(hit)
                .is_some_and(|place| *place < base + end as u64);
            if is_hit {
                hit += 1;
            }
            if let Err(why) = self.line(at..end, is_hit)
                && self.own(at, seen)
            {
                faults.add(base + at as u64, why);
            }
            at = end + 1;
        }
        at
    }

    fn line(&mut self, mut line: Range<usize>, is_hit: bool) -> Result<(), Malformed> {
        let start = line.start;
        // A file system that lost the end of a file in a crash leaves zeros there.
        while line.start < line.end && self.buffer[line.start] == 0 {
            line.start += 1;
        }
        let zeros = line.start > start;
        if line.len() > LINE_MAX {
            return Err(Malformed::TooLong);
        }
        if !line.is_empty() {
            let head = Head::parse(&self.buffer[line.clone()])?;
            self.grouper.add(&self.buffer, line, &head, is_hit);
        }
        if zeros { Err(Malformed::Zeros) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests;
