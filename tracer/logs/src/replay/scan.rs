//! Goes through a log in blocks, on several threads, and hands each event to a worker: every event
//! once, whole, whichever blocks its records are in. What the workers make of a block is delivered
//! in the order of the log.

mod loaded;
mod scanner;

use std::{
    ops::{ControlFlow, Range},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use scanner::Scanner;

use super::{Event, Input, Needles, ReplayError, Window, group::GAP, window};
use crate::records::Malformed;

/// Bytes of a block: small enough that all threads have some, large against `GAP`.
pub const BLOCK: u64 = 4 * 1024 * 1024;

/// A large log has blocks that are up to so many times as large: what is around a block is read with it.
const LARGER: u64 = 4;

/// So many blocks are there for each thread, before they are larger.
const FOR_EACH: u64 = 8;

/// Longest line that can be a record: auditd writes less than 9,000 bytes. Longer ones are passed over.
const LINE_MAX: usize = GAP;

/// What to look for, and how.
#[derive(Debug)]
pub struct Plan {
    /// Only events of this time.
    pub window: Window,
    /// Only events that begin in this part of the log.
    pub part: Range<u64>,
    /// Only events that begin in one of these parts, or that have a needle there; `None`: everywhere.
    pub only: Option<Vec<Only>>,
    /// An event is of no interest unless one of its lines has one of these. Where nearly all have, some are
    /// handed on that have none.
    pub needles: Option<Needles>,
    /// Seconds after which nothing more comes for an event.
    pub timeout: u64,
    /// Threads to use.
    pub threads: usize,
    /// Bytes of a block, in a log that is not large: [`BLOCK`] but in tests.
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
    let inside = |(from, to): (u64, u64)| from.max(plan.part.start)..to.min(plan.part.end);
    let parts = parts.into_iter().map(inside);
    let all: u64 = parts
        .clone()
        .map(|part| part.end.saturating_sub(part.start))
        .sum();
    let size = all / (FOR_EACH * plan.threads.max(1) as u64);
    let size = size.clamp(plan.block, LARGER * plan.block);
    let mut blocks = Vec::new();
    for part in parts {
        let starts = (part.start..part.end).step_by(size as usize);
        blocks.extend(starts.map(|at| at..(at + size).min(part.end)));
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

#[cfg(test)]
mod tests;
