//! The thread that reads what the kernel tells.

use std::{
    io,
    os::fd::{AsFd as _, BorrowedFd, OwnedFd},
    process::{Child, Command},
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use flume::{Receiver, Sender};
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};

use super::{Batch, Error, Outcome};
use crate::{
    calls::Op,
    enrich::files,
    event::{Account, Backend, Event, Item},
    rules::{Reject, Rule, RuleSet, Verdict},
    source::{
        Source, WatchPlan,
        ebpf::{Ebpf, EbpfPlan},
        halves::Halves,
        judged::Judged,
        links::Links,
        open::Wish,
    },
};

/// Items in one batch at most.
const BATCH: usize = 1024;

/// Batches that wait to be read.
const QUEUE: usize = 16;

/// How often watched names are looked up again: what replaces a file need not be told.
const LOOK: Duration = Duration::from_millis(500);

/// What is to be captured.
pub(super) enum Asked {
    Watch {
        plan: Box<WatchPlan>,
        rule: Rule,
        links: Links,
        backend: Option<Backend>,
        named: Vec<Op>,
        failed: bool,
        ring: Option<u32>,
    },
    Trace {
        plan: Box<EbpfPlan>,
        rule: Rule,
        command: Option<Command>,
    },
    Rules {
        plan: EbpfPlan,
        set: RuleSet,
    },
}

/// What is known once it has begun.
pub(super) struct Begun {
    pub(super) backend: Backend,
    pub(super) why: String,
    pub(super) lacks: Vec<String>,
    pub(super) child: Option<u32>,
}

/// A counter between threads: readable once it is not 0.
#[derive(Clone, Debug)]
pub(super) struct Signal(Arc<OwnedFd>);

impl Signal {
    fn new() -> io::Result<Self> {
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK;
        Ok(Self(Arc::new(eventfd(0, flags)?)))
    }

    /// Makes it readable.
    pub(super) fn raise(&self) {
        // A counter that is full is readable as well.
        let _ = rustix::io::write(&self.0, &1_u64.to_ne_bytes());
    }

    /// Makes it not readable until it is raised again.
    pub(super) fn lower(&self) {
        let _ = rustix::io::read(&self.0, &mut [0; 8]);
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// What decides.
enum Decides {
    Rule(Rule),
    Set(Box<Judged>),
}

/// What is read.
enum From {
    Any(Box<dyn Source>),
    Ebpf(Box<Ebpf>),
}

impl From {
    fn source(&mut self) -> &mut dyn Source {
        match self {
            Self::Any(source) => source.as_mut(),
            Self::Ebpf(source) => source.as_mut(),
        }
    }
}

struct Capture {
    from: From,
    decides: Decides,
    child: Option<Child>,
    out: Out,
    /// When watched names were looked up.
    looked: Instant,
}

/// Where items go.
struct Out {
    queue: Sender<Batch>,
    /// Raised when there is something in the queue.
    ready: Signal,
    batch: Batch,
    account: Account,
    /// Nobody reads any more.
    is_closed: bool,
    /// A watched file may be another one now.
    replaced: bool,
}

/// What a thread that captures is made of.
type Running = (
    Begun,
    Signals,
    Receiver<Batch>,
    JoinHandle<Result<Outcome, Error>>,
);

/// What two threads tell each other.
pub(super) struct Signals {
    /// It is to end.
    pub(super) stop: Signal,
    /// There is something in the queue, or there will be nothing more.
    pub(super) ready: Signal,
}

/// Begins to capture; what there is to say of it comes from the thread itself, because a source stays where it was
/// opened.
pub(super) fn begin(asked: Asked) -> Result<Running, Error> {
    let (stop, ready) = (Signal::new()?, Signal::new()?);
    let (queue, items) = flume::bounded(QUEUE);
    let (say, said) = flume::bounded(1);
    let (until, raised) = (stop.clone(), ready.clone());
    let work = move || {
        block_signals();
        let capture = match Capture::open(asked, queue, raised.clone()) {
            Ok((capture, begun)) => {
                let _ = say.send(Ok(begun));
                capture
            }
            Err(error) => {
                let _ = say.send(Err(error));
                return Ok(Outcome::default());
            }
        };
        // Nobody waits for an answer any more.
        drop(say);
        let outcome = capture.run(&until);
        raised.raise();
        outcome
    };
    let thread = thread::Builder::new()
        .name("tracer".to_owned())
        .spawn(work)?;
    let panicked = || Err(Error::Broken("its thread panicked".into()));
    let begun = said.recv().unwrap_or_else(|_| panicked())?;
    Ok((begun, Signals { stop, ready }, items, thread))
}

/// Signals are for the threads of the program.
fn block_signals() {
    let all = nix::sys::signal::SigSet::all();
    let _ = all.thread_block();
}

impl Capture {
    fn open(asked: Asked, queue: Sender<Batch>, ready: Signal) -> Result<(Self, Begun), Error> {
        let out = Out {
            queue,
            ready,
            batch: Vec::with_capacity(BATCH),
            account: Account::default(),
            is_closed: false,
            replaced: false,
        };
        let (from, decides, why, lacks, child) = match asked {
            Asked::Watch {
                plan,
                rule,
                links,
                backend,
                named,
                failed,
                ring,
            } => {
                let opened = Wish {
                    plan: &plan,
                    rule: &rule,
                    links: &links,
                    backend,
                    named: &named,
                    failed,
                    ring,
                    log: false,
                }
                .open()?;
                let halves = Halves::new(opened.source, rule.clone());
                let from = From::Any(Box::new(halves));
                (from, Decides::Rule(rule), opened.why, Vec::new(), None)
            }
            Asked::Trace {
                plan,
                rule,
                command,
            } => {
                let mut source = Ebpf::open(&plan)?;
                let child = command
                    .map(|command| start(command, &mut source))
                    .transpose()?;
                let lacks = source.lacks();
                let from = From::Any(Box::new(source));
                (from, Decides::Rule(rule), "eBPF".to_owned(), lacks, child)
            }
            Asked::Rules { plan, set } => {
                let mut source = Ebpf::open(&plan)?;
                let mut judged = Judged::default();
                judged.install(&set, &mut source)?;
                let lacks = source.lacks();
                let decides = Decides::Set(Box::new(judged));
                (
                    From::Ebpf(Box::new(source)),
                    decides,
                    "eBPF".to_owned(),
                    lacks,
                    None,
                )
            }
        };
        let mut capture = Self {
            from,
            decides,
            child,
            out,
            looked: Instant::now(),
        };
        let begun = Begun {
            backend: capture.from.source().backend(),
            why,
            lacks,
            child: capture.child.as_ref().map(Child::id),
        };
        Ok((capture, begun))
    }

    /// Reads until it is told to stop, until there is nothing left to watch, or until nobody reads any more.
    fn run(mut self, stop: &Signal) -> Result<Outcome, Error> {
        let mut warnings = Vec::new();
        let has_ended = loop {
            self.read(false)?;
            let source = self.from.source();
            warnings.append(&mut source.take_warnings());
            let has_ended = source.ended();
            if has_ended || self.out.is_closed || wait(source, stop)? {
                break has_ended;
            }
        };
        self.read(true)?;
        let source = self.from.source();
        warnings.append(&mut source.take_warnings());
        self.out.account.add(source.sums());
        let status = self.child.as_mut().and_then(|child| {
            // One that goes on is not waited for.
            let status = if has_ended {
                child.wait().map(Some)
            } else {
                child.try_wait()
            };
            status.ok().flatten()
        });
        Ok(Outcome {
            account: self.out.account,
            status,
            warnings,
        })
    }

    /// Hands on what waits.
    fn read(&mut self, is_last: bool) -> Result<(), Error> {
        let (decides, out) = (&mut self.decides, &mut self.out);
        let mut take = |item: Item| out.take(item, decides);
        let source = self.from.source();
        let read = if is_last {
            source.finish(&mut take)
        } else {
            source.read(&mut take).map(drop)
        };
        read.map_err(|error| broken(&error))?;
        self.out.hand_on();
        let is_due = self.out.replaced || self.looked.elapsed() >= LOOK;
        if let (true, Decides::Set(judged), From::Ebpf(source)) =
            (is_due, &mut self.decides, &mut self.from)
        {
            judged.look_again(source)?;
            self.looked = Instant::now();
            self.out.replaced = false;
        }
        Ok(())
    }
}

fn broken(error: &anyhow::Error) -> Error {
    Error::Broken(format!("{error:#}").into())
}

/// Starts a command that is traced from its first instruction.
fn start(mut command: Command, source: &mut Ebpf) -> Result<Child, Error> {
    source.adopt_children()?;
    let child = command.spawn();
    source.adopt_no_more();
    child.map_err(|error| Error::Command {
        program: command.get_program().display().to_string(),
        error,
    })
}

/// Waits until there may be something to read; true when it is to end.
fn wait(source: &dyn Source, stop: &Signal) -> io::Result<bool> {
    let readable = source.fd();
    let mut both = [
        PollFd::new(&stop.0, PollFlags::IN),
        PollFd::new(&readable, PollFlags::IN),
    ];
    let longest = Timespec::try_from(source.longest_sleep()).ok();
    match poll(&mut both, longest.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(!both[0].revents().is_empty()),
        Err(error) => Err(error.into()),
    }
}

impl Out {
    fn take(&mut self, mut item: Item, decides: &mut Decides) {
        if let Item::Event(event) = &mut item
            && let Some(why) = self.rejects(event, decides)
        {
            *self.account.filtered.entry(why.into()).or_default() += 1;
            return;
        }
        self.batch.push(item);
        if self.batch.len() == BATCH {
            self.hand_on();
        }
    }

    /// Why an event is not reported.
    fn rejects(&mut self, event: &mut Event, decides: &mut Decides) -> Option<&'static str> {
        match decides {
            Decides::Rule(rule) => rule.rejects(event).map(Reject::as_str),
            Decides::Set(judged) => {
                files::complete(event);
                judged.leave_out_files(event);
                let made = judged.decide(event);
                self.replaced |= made.replaces;
                let reason = made.reason();
                let Verdict::Told(key) = made.verdict else {
                    return Some(reason);
                };
                event.rules.key = key;
                files::add_parents(event);
                None
            }
        }
    }

    /// Puts what there is into the queue, and waits for room there.
    fn hand_on(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        let is_event = |item: &&Item| matches!(item, Item::Event(_));
        let events = batch.iter().filter(is_event).count() as u64;
        if self.is_closed || self.queue.send(batch).is_err() {
            self.is_closed = true;
            *self
                .account
                .filtered
                .entry(crate::event::AFTER_END.into())
                .or_default() += events;
        } else {
            self.account.written += events;
            self.ready.raise();
        }
    }
}
