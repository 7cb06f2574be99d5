//! Events of a log as blocks of lines that a thread of its own finds, a few ahead of who takes them.

use std::{
    ops::{ControlFlow, Range},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::Duration,
};

use tracer_logs::{
    query::{
        criteria::Criteria,
        expression::{Expression, Judge},
        interpret::{Readable, call_name},
        items::Items,
    },
    replay::{Event, Faults, Input, Plan, ReplayError, Window, Worker, scan},
};
use tracer_model::{
    calls::Arch,
    records::{EventId, Head},
};

/// What is looked for.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) criteria: Criteria,
    pub(crate) expression: Option<Expression>,
    /// Name of the system call.
    pub(crate) call: Option<String>,
    pub(crate) window: Window,
    pub(crate) threads: usize,
}

/// The events of a block: their lines, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Block {
    text: Vec<u8>,
    lines: Vec<Range<u32>>,
    events: Vec<(EventId, Range<u32>)>,
}

impl Block {
    /// How many events.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// Time and serial number of an event.
    pub(crate) fn id(&self, event: usize) -> EventId {
        self.events[event].0
    }

    /// The lines of an event.
    pub(crate) fn lines(&self, event: usize) -> impl Iterator<Item = &[u8]> {
        let lines = self.events[event].1.clone();
        let lines = &self.lines[lines.start as usize..lines.end as usize];
        lines.iter().map(|line| &self.text[as_usize(line)])
    }

    /// An event again, as a view.
    pub(crate) fn with<T>(&self, event: usize, make: impl FnOnce(&Event<'_>) -> T) -> Option<T> {
        let mut grouper = tracer_logs::replay::Grouper::new(u64::MAX);
        let lines = self.events[event].1.clone();
        for line in &self.lines[lines.start as usize..lines.end as usize] {
            let place = as_usize(line);
            if let Ok(head) = Head::parse(&self.text[place.clone()]) {
                grouper.add(&self.text, place, &head, false);
            }
        }
        let event = grouper.events(&self.text).next();
        event.map(|event| make(&event))
    }
}

fn as_usize(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// Puts what is wanted into blocks.
struct Finder<'w> {
    wanted: &'w Wanted,
    judge: Option<Judge<'w>>,
    block: Block,
}

impl Finder<'_> {
    fn is_wanted(&mut self, event: &Event<'_>) -> bool {
        let is_call = |name: &str| {
            let items = Items::of(event);
            let arch = items.arch.unwrap_or_else(|| Arch::NATIVE.audit());
            let called = items.syscall.and_then(|number| call_name(arch, number));
            called == Some(name)
        };
        let wanted = self.wanted;
        wanted.criteria.hold(event)
            && wanted.call.as_deref().is_none_or(is_call)
            && self.judge.as_mut().is_none_or(|judge| judge.holds(event))
    }
}

impl Worker for Finder<'_> {
    type Made = Block;

    fn event(&mut self, event: &Event<'_>) {
        if !self.is_wanted(event) {
            return;
        }
        let block = &mut self.block;
        let first = block.lines.len() as u32;
        for record in event.records() {
            let start = block.text.len() as u32;
            block.text.extend_from_slice(record.line);
            block.lines.push(start..block.text.len() as u32);
        }
        let lines = first..block.lines.len() as u32;
        block.events.push((event.id(), lines));
    }

    fn block(&mut self) -> Block {
        std::mem::take(&mut self.block)
    }
}

/// Blocks that come.
pub(crate) struct Stream {
    blocks: Mutex<Receiver<Result<Block, ReplayError>>>,
    faults: Arc<Mutex<Faults>>,
    /// Nobody takes what is found any more.
    abandoned: Arc<AtomicBool>,
    /// Where it was begun: after fork(2) nobody looks.
    process: u32,
}

/// What there is.
pub(crate) enum Next {
    Block(Block),
    /// Nothing so far.
    Nothing,
    End,
    /// This is a child of the process that has begun it.
    Forked,
}

/// Blocks that wait for who takes them.
const AHEAD: usize = 2;

impl Stream {
    /// Begins to look through a log.
    pub(crate) fn start(input: Input, wanted: Wanted, how: Readable) -> std::io::Result<Self> {
        let (give, blocks) = sync_channel(AHEAD);
        let faults = Arc::new(Mutex::new(Faults::default()));
        let found = Arc::clone(&faults);
        let abandoned = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&abandoned);
        std::thread::Builder::new()
            .name("tracer-search".to_owned())
            .spawn(move || look(&input, &wanted, &how, &give, &found, &ends))?;
        Ok(Self {
            blocks: Mutex::new(blocks),
            faults,
            abandoned,
            process: std::process::id(),
        })
    }

    /// Was it begun by a parent of this process?
    pub(crate) fn is_child(&self) -> bool {
        self.process != std::process::id()
    }

    /// The next block with something in it; it is waited for so long.
    pub(crate) fn next(&self, time: Duration) -> Result<Next, ReplayError> {
        if self.is_child() {
            return Ok(Next::Forked);
        }
        let blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        match blocks.recv_timeout(time) {
            Ok(block) => block.map(Next::Block),
            Err(RecvTimeoutError::Timeout) => Ok(Next::Nothing),
            Err(RecvTimeoutError::Disconnected) => Ok(Next::End),
        }
    }

    /// Lines so far that are no audit records.
    pub(crate) fn malformed(&self) -> u64 {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.count
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }
}

/// Looks through a log until it ends or nobody takes what is found.
fn look(
    input: &Input,
    wanted: &Wanted,
    how: &Readable,
    give: &SyncSender<Result<Block, ReplayError>>,
    found: &Mutex<Faults>,
    abandoned: &AtomicBool,
) {
    let plan = Plan {
        window: wanted.window,
        needles: wanted.criteria.needles(),
        threads: wanted.threads,
        ..Plan::whole(input)
    };
    let finder = || Finder {
        wanted,
        judge: (wanted.expression.as_ref()).map(|expression| Judge::new(expression, how)),
        block: Block::default(),
    };
    let deliver = |block: Block| {
        let is_over = abandoned.load(Ordering::Relaxed);
        if is_over || (block.len() > 0 && give.send(Ok(block)).is_err()) {
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    };
    match scan(input, &plan, &AtomicU64::new(0), finder, deliver) {
        Ok(outcome) => {
            *found.lock().unwrap_or_else(PoisonError::into_inner) = outcome.faults;
        }
        Err(error) => drop(give.send(Err(error))),
    }
}
