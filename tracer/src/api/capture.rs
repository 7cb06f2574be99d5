//! The thread that reads what the kernel tells.

use std::{
    fmt::Display,
    io,
    os::fd::{AsFd as _, BorrowedFd, OwnedFd},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use flume::{Receiver, Sender};
use nix::sys::signal::{SigSet, SigmaskHow};
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};

use super::{Batch, Error, Outcome};
use crate::{
    calls::Op,
    enrich::files,
    event::{Account, Backend, Event, Item},
    records::RecordType,
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

/// Warnings that are kept until somebody takes them.
const WARNINGS: usize = 1000;

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
    pub(super) stdin: Option<ChildStdin>,
    pub(super) stdout: Option<ChildStdout>,
    pub(super) stderr: Option<ChildStderr>,
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
    warnings: Warnings,
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

/// What a thread leaves: what came of it, and whether it went well.
pub(super) type Left = (Outcome, Result<(), Error>);

/// A thread that captures.
pub(super) struct Running {
    pub(super) begun: Begun,
    pub(super) signals: Signals,
    pub(super) warnings: Warnings,
    pub(super) items: Receiver<Batch>,
    pub(super) thread: JoinHandle<Left>,
}

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
    let warnings = Warnings::default();
    let kept = warnings.clone();
    let work = move || {
        // Also where it panics: whoever waits is to see that nothing more comes.
        let _raised = RaisedAtEnd(raised.clone());
        let mask = block_signals();
        let capture = match Capture::open(asked, queue, raised, kept, &mask) {
            Ok((capture, begun)) => {
                let _ = say.send(Ok(begun));
                capture
            }
            Err(error) => {
                let _ = say.send(Err(error));
                return (Outcome::default(), Ok(()));
            }
        };
        // Nobody waits for an answer any more.
        drop(say);
        capture.run(&until)
    };
    let thread = thread::Builder::new()
        .name("tracer".to_owned())
        .spawn(work)?;
    let panicked = || Err(Error::Broken("its thread panicked".into()));
    let begun = said.recv().unwrap_or_else(|_| panicked())?;
    Ok(Running {
        begun,
        signals: Signals { stop, ready },
        warnings,
        items,
        thread,
    })
}

/// Raises a signal when it goes.
struct RaisedAtEnd(Signal);

impl Drop for RaisedAtEnd {
    fn drop(&mut self) {
        self.0.raise();
    }
}

/// Signals are for the threads of the program. Returns what was blocked before.
fn block_signals() -> SigSet {
    let all = SigSet::all();
    let before = all.thread_swap_mask(SigmaskHow::SIG_BLOCK);
    before.unwrap_or(SigSet::empty())
}

/// What the source has to say, as far as nobody has taken it.
#[derive(Clone, Debug, Default)]
pub(super) struct Warnings(Arc<Mutex<Vec<String>>>);

impl Warnings {
    fn add(&self, mut new: Vec<String>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.append(&mut new);
        kept.truncate(WARNINGS);
    }

    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Capture {
    fn open(
        asked: Asked,
        queue: Sender<Batch>,
        ready: Signal,
        warnings: Warnings,
        mask: &SigSet,
    ) -> Result<(Self, Begun), Error> {
        let out = Out {
            queue,
            ready,
            batch: Vec::with_capacity(BATCH),
            account: Account::default(),
            is_closed: false,
            replaced: false,
        };
        let (mut from, decides, why, lacks, mut child) = match asked {
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
                    .map(|command| start(command, &mut source, mask))
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
        let begun = Begun {
            why,
            lacks,
            backend: from.source().backend(),
            child: child.as_ref().map(Child::id),
            stdin: child.as_mut().and_then(|child| child.stdin.take()),
            stdout: child.as_mut().and_then(|child| child.stdout.take()),
            stderr: child.as_mut().and_then(|child| child.stderr.take()),
        };
        let capture = Self {
            from,
            decides,
            child,
            out,
            warnings,
            looked: Instant::now(),
        };
        Ok((capture, begun))
    }

    /// Reads until it is told to stop, until there is nothing left to watch, or until nobody reads any more.
    fn run(mut self, stop: &Signal) -> Left {
        let ended = self.until_the_end(stop);
        let last = self.read(true);
        let source = self.from.source();
        self.warnings.add(source.take_warnings());
        self.out.account.add(source.sums());
        let status = self.child.as_mut().and_then(|child| {
            // One that goes on is not waited for.
            let status = if matches!(ended, Ok(true)) {
                child.wait().map(Some)
            } else {
                child.try_wait()
            };
            status.ok().flatten()
        });
        let outcome = Outcome {
            account: self.out.account,
            status,
        };
        (outcome, ended.map(drop).and(last))
    }

    /// Reads; true when there is nothing left to watch.
    fn until_the_end(&mut self, stop: &Signal) -> Result<bool, Error> {
        loop {
            self.read(false)?;
            self.look_again()?;
            let source = self.from.source();
            self.warnings.add(source.take_warnings());
            let has_ended = source.ended();
            if has_ended || self.out.is_closed || wait(source, stop)? {
                return Ok(has_ended);
            }
        }
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
        self.out.hand_on();
        read.map_err(|error| broken(format_args!("{error:#}")))
    }

    /// Finds watched files of rules again that were replaced.
    fn look_again(&mut self) -> Result<(), Error> {
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

fn broken(why: impl Display) -> Error {
    Error::Broken(why.to_string().into())
}

/// Starts a command that is traced from its first instruction, with the mask of signals that this thread had.
fn start(mut command: Command, source: &mut Ebpf, mask: &SigSet) -> Result<Child, Error> {
    source.adopt_children()?;
    let all = mask.thread_swap_mask(SigmaskHow::SIG_SETMASK);
    let child = command.spawn();
    if let Ok(all) = all {
        let _ = all.thread_set_mask();
    }
    source.adopt_no_more();
    child.map_err(|error| Error::Command {
        program: command.get_program().display().to_string(),
        error,
    })
}

/// Waits until there may be something to read; true when it is to end.
fn wait(source: &dyn Source, stop: &Signal) -> Result<bool, Error> {
    let readable = source.fd();
    let mut both = [
        PollFd::new(&stop.0, PollFlags::IN),
        PollFd::new(&readable, PollFlags::IN),
    ];
    let longest = Timespec::try_from(source.longest_sleep()).ok();
    match poll(&mut both, longest.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(!both[0].revents().is_empty()),
        Err(error) => Err(broken(error)),
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
                let made = judged.decide(event);
                self.replaced |= made.replaces;
                let reason = made.reason();
                let Verdict::Told(key) = made.verdict else {
                    return Some(reason);
                };
                if judged.judge().excludes(Some(event), RecordType::SYSCALL.0) {
                    return Some("rule");
                }
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
