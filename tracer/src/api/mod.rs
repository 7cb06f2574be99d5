//! Events for a program: [`Tracer::builder`] says what is asked for, [`Tracer`] yields it, as an iterator for plain
//! code and as a [`Stream`] for asynchronous code ([`Tracer::stream`]).
//!
//! ```no_run
//! use tracer::{Tracer, event::Item};
//!
//! for item in Tracer::builder().path("/etc").build()? {
//!     if let Item::Event(event) = item? {
//!         println!("{} {:?}", event.op.as_str(), event.paths);
//!     }
//! }
//! # Ok::<(), tracer::Error>(())
//! ```
//!
//! A thread of its own reads what the kernel tells, decides, and puts it into a queue of bounded length. Whoever reads
//! too slowly makes that thread wait, and then the kernel: what finds no room there is lost, counted, and reported as
//! [`Item::Loss`](crate::event::Item) in its place. Calls that this very process makes are not told by eBPF.

/// The examples of the page are tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/library.md")]
struct Page;

mod builder;
mod capture;
mod error;

pub use builder::{Builder, SourceKind};
pub use error::Error;

use std::{
    borrow::BorrowMut,
    os::fd::{AsFd, BorrowedFd},
    pin::Pin,
    process::{ChildStderr, ChildStdin, ChildStdout, ExitStatus},
    task::{Context, Poll},
    thread::JoinHandle,
    time::{Duration, Instant},
    vec,
};

use flume::{Receiver, RecvTimeoutError, r#async::RecvStream};
use futures_util::Stream;

use crate::event::{Account, Backend, Item};
use capture::{Asked, Begun, Left, Running, Signal, Signals, Warnings};

/// Items as they come out of the queue.
type Batch = Vec<Item>;

/// Both ends to read the queue at.
struct Queue {
    plain: Receiver<Batch>,
    stream: RecvStream<'static, Batch>,
}

/// What happens, while it happens.
pub struct Tracer {
    begun: Begun,
    queue: Option<Queue>,
    /// Those that came with the last one.
    next: vec::IntoIter<Item>,
    signals: Signals,
    warnings: Warnings,
    thread: Option<JoinHandle<Left>>,
    /// Where it was opened: after fork(2) there is no thread.
    process: u32,
    outcome: Option<Outcome>,
}

/// What came of a run that has ended.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Where every event went.
    pub account: Account,
    /// How the command ended, if there was one that was seen to end: not where it goes on, nor where this program takes
    /// the ends of its children elsewhere or ignores `SIGCHLD`.
    pub status: Option<ExitStatus>,
}

/// Ends a run from elsewhere.
#[derive(Clone, Debug)]
pub struct Stopper {
    signal: Signal,
    process: u32,
}

impl Stopper {
    /// What the kernel already has is still yielded, and then nothing more. May be called more than once; in a child of
    /// fork(2) it does nothing.
    pub fn stop(&self) {
        // What ends it is shared with the parent, and so is not for the child.
        if self.process == std::process::id() {
            self.signal.raise();
        }
    }
}

impl Tracer {
    /// Begins to say what is asked for.
    pub fn builder() -> Builder {
        Builder::default()
    }

    fn begin(asked: Asked) -> Result<Self, Error> {
        let Running {
            begun,
            signals,
            warnings,
            items,
            thread,
        } = capture::begin(asked)?;
        Ok(Self {
            begun,
            warnings,
            queue: Some(Queue {
                stream: items.clone().into_stream(),
                plain: items,
            }),
            next: Vec::new().into_iter(),
            signals,
            thread: Some(thread),
            process: std::process::id(),
            outcome: None,
        })
    }

    /// Where events come from.
    pub fn backend(&self) -> Backend {
        self.begun.backend
    }

    /// Which source it is and, if it is not the best one, why.
    pub fn why(&self) -> &str {
        &self.begun.why
    }

    /// What is not known on this kernel, in words for a person.
    pub fn lacks(&self) -> &[String] {
        &self.begun.lacks
    }

    /// The process of the command. Where the run ends before it, nobody waits for it: waitpid(2) does.
    pub fn child(&self) -> Option<u32> {
        self.begun.child
    }

    /// The command's standard input, if it is a pipe.
    pub fn take_stdin(&mut self) -> Option<ChildStdin> {
        self.begun.stdin.take()
    }

    /// The command's standard output, if it is a pipe.
    pub fn take_stdout(&mut self) -> Option<ChildStdout> {
        self.begun.stdout.take()
    }

    /// The command's standard error, if it is a pipe.
    pub fn take_stderr(&mut self) -> Option<ChildStderr> {
        self.begun.stderr.take()
    }

    /// What the source has had to say since this was asked last, in words for a person: what it cannot see, what is
    /// watched anew.
    pub fn take_warnings(&mut self) -> Vec<String> {
        self.warnings.take()
    }

    /// Ends this run from elsewhere, from another thread or a signal handler's.
    pub fn stopper(&self) -> Stopper {
        Stopper {
            signal: self.signals.stop.clone(),
            process: self.process,
        }
    }

    /// Ends it: what the kernel already has is still yielded.
    pub fn stop(&self) {
        self.stopper().stop();
    }

    /// What came of the run: there once nothing more is yielded.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// The next item, if there is one within so long; `Ok(None)`: none came, or there is none any more
    /// ([`Tracer::outcome`] says which).
    ///
    /// # Errors
    /// When the source broke, and after fork(2) in the child.
    pub fn next_within(&mut self, time: Duration) -> Result<Option<Item>, Error> {
        let until = Instant::now().checked_add(time);
        self.wait(until).transpose()
    }

    /// The next item; waits for ever where `until` is no time.
    fn wait(&mut self, until: Option<Instant>) -> Option<Result<Item, Error>> {
        if self.is_child() {
            return Some(Err(Error::Forked));
        }
        loop {
            if let Some(item) = self.next.next() {
                return Some(Ok(item));
            }
            let queue = &self.queue.as_ref()?.plain;
            // Before the look: what comes after it raises it again.
            self.signals.ready.lower();
            let batch = match until {
                Some(until) => queue.recv_deadline(until),
                None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match batch {
                Ok(batch) => self.next = batch.into_iter(),
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => return self.end().err().map(Err),
            }
        }
    }

    /// The items, for asynchronous code.
    pub fn stream(&mut self) -> Items<&mut Self> {
        Items(self)
    }

    /// The same for a task that takes all of it.
    pub fn into_stream(self) -> Items<Self> {
        Items(self)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item, Error>>> {
        if self.is_child() {
            return Poll::Ready(Some(Err(Error::Forked)));
        }
        loop {
            if let Some(item) = self.next.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            let Some(queue) = &mut self.queue else {
                return Poll::Ready(None);
            };
            match Pin::new(&mut queue.stream).poll_next(context) {
                // What the other end of the queue was told of is not told here again.
                Poll::Pending => match queue.plain.try_recv() {
                    Ok(batch) => self.next = batch.into_iter(),
                    Err(_) => return Poll::Pending,
                },
                Poll::Ready(Some(batch)) => self.next = batch.into_iter(),
                // The thread has nothing left to do but to end.
                Poll::Ready(None) => return Poll::Ready(self.end().err().map(Err)),
            }
        }
    }

    /// Takes what the thread leaves.
    fn end(&mut self) -> Result<(), Error> {
        self.queue = None;
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        let panicked = || Err(Error::Broken("its thread panicked".into()));
        let (outcome, went) = thread
            .join()
            .unwrap_or_else(|_| (Outcome::default(), panicked()));
        self.outcome = Some(outcome);
        // Whoever polls sees that there is nothing more.
        self.signals.ready.raise();
        went
    }

    fn is_child(&self) -> bool {
        self.process != std::process::id()
    }
}

/// Readable when something may be there, or when there is nothing more: then [`Tracer::next_within`] no time at all is
/// called until it says that there is nothing.
impl AsFd for Tracer {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.signals.ready.fd()
    }
}

impl Iterator for Tracer {
    type Item = Result<Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.wait(None)
    }
}

/// The items of a [`Tracer`] as a [`Stream`]: of one that is borrowed ([`Tracer::stream`]) or owned
/// ([`Tracer::into_stream`]).
pub struct Items<T>(T);

impl<T: BorrowMut<Tracer>> Items<T> {
    /// Where they come from.
    pub fn tracer(&self) -> &Tracer {
        self.0.borrow()
    }
}

impl<T: BorrowMut<Tracer> + Unpin> Stream for Items<T> {
    type Item = Result<Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll(context)
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        let (queue, thread) = (self.queue.take(), self.thread.take());
        if self.is_child() {
            // The thread may have held what is in there when there were two of everything.
            std::mem::forget((queue, thread));
            return;
        }
        self.stop();
        // The thread waits for room in the queue no more.
        drop(queue);
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}
