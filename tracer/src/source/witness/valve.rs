//! Empties fanotify's queue when it is long and nobody reads it. The kernel gives that queue no bound: one that is full
//! could be filled by anybody, to hide behind it. But a reader may wait for long, for one that reads
//! its output.

use std::{
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use nix::sys::signal::{SigSet, SigmaskHow};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

use crate::source::now;

/// A time of which events are missing, in monotonic nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) from: u64,
    pub(super) to: u64,
}

/// What opens when the queue was not read for a while.
#[derive(Debug)]
pub(super) struct Valve {
    state: Arc<Mutex<State>>,
    /// Grows while whoever reads the queue has other work.
    work: Arc<AtomicU64>,
    /// Its thread ends with this.
    _open: Sender<()>,
}

#[derive(Debug)]
struct State {
    /// When the queue was last read.
    read: u64,
    gap: Option<Gap>,
}

impl Valve {
    /// One for the queue behind this descriptor, which opens after so long, if the queue is long then.
    pub(super) fn new(
        queue: BorrowedFd<'_>,
        patience: Duration,
        is_long: impl Fn(BorrowedFd<'_>) -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let queue = queue.try_clone_to_owned()?;
        let read = now().mono_ns;
        let state = Arc::new(Mutex::new(State { read, gap: None }));
        let (open, is_over) = channel();
        let of_thread = Arc::clone(&state);
        let work = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&work);
        let is_long = move |queue: &OwnedFd| is_long(queue.as_fd());
        let run = move || run(&queue, &of_thread, &seen, patience, &is_long, &is_over);
        // Signals are for the thread that waits for them.
        let before = SigSet::all().thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        let spawned = thread::Builder::new().name("valve".to_owned()).spawn(run);
        before.thread_set_mask()?;
        spawned?;
        Ok(Self {
            state,
            work,
            _open: open,
        })
    }

    /// The queue will be read, after some more work.
    pub(super) fn goes_on(&self) {
        // Nobody else writes it.
        let work = self.work.load(Ordering::Relaxed);
        self.work.store(work.wrapping_add(1), Ordering::Relaxed);
    }

    /// Reads the queue. Returns what is missing in what was read.
    pub(super) fn read(
        &self,
        read: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<Option<Gap>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        read()?;
        state.read = now().mono_ns;
        self.goes_on();
        Ok(state.gap.take())
    }
}

/// Looks again and again whether anything goes on.
fn run(
    queue: &OwnedFd,
    state: &Mutex<State>,
    work: &AtomicU64,
    patience: Duration,
    is_long: &dyn Fn(&OwnedFd) -> bool,
    is_over: &Receiver<()>,
) {
    // It needs none.
    let nothing = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    let _ = set_capabilities(None, nothing);
    let mut buffer = vec![0; 64 * 1024];
    let (mut before, mut looks) = (0, 0);
    while is_over.recv_timeout(patience / 2) == Err(RecvTimeoutError::Timeout) {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let done = work.load(Ordering::Relaxed);
        looks = if done == before { looks + 1 } else { 0 };
        before = done;
        // Not at the first look, as the whole process may have been stopped.
        if looks < 2 || !is_long(queue) {
            continue;
        }
        let mut is_empty = true;
        while rustix::io::read(queue, &mut buffer[..]).is_ok_and(|len| len > 0) {
            is_empty = false;
        }
        if !is_empty {
            let from = state.gap.map_or(state.read, |gap| gap.from);
            let to = now().mono_ns;
            state.gap = Some(Gap { from, to });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        pipe::{PipeFlags, pipe_with},
    };

    use super::*;

    #[test]
    fn what_nobody_reads_is_let_out() {
        let (queue, end) = pipe_with(PipeFlags::NONBLOCK).expect("a pipe");
        let valve =
            Valve::new(queue.as_fd(), Duration::from_millis(10), |_| true).expect("a thread");
        let begin = now().mono_ns;
        rustix::io::write(&end, b"event").expect("it has room");
        let is_empty = || {
            let mut asked = [PollFd::new(&queue, PollFlags::IN)];
            poll(&mut asked, Some(&Timespec::default())) == Ok(0)
        };
        let limit = Instant::now() + Duration::from_mins(1);
        while !is_empty() {
            assert!(Instant::now() < limit, "it was not let out");
            thread::yield_now();
        }
        let gap = valve
            .read(|| Ok(()))
            .expect("nothing fails")
            .expect("a gap");
        assert!(gap.from <= begin && begin <= gap.to, "{gap:?}");
        assert_eq!(valve.read(|| Ok(())).expect("nothing fails"), None);
    }

    /// It waits for whoever is reading.
    #[test]
    fn what_is_being_read_is_left() {
        let (queue, end) = pipe_with(PipeFlags::NONBLOCK).expect("a pipe");
        let valve =
            Valve::new(queue.as_fd(), Duration::from_millis(1), |_| true).expect("a thread");
        let mut all = Vec::new();
        let gap = valve.read(|| {
            rustix::io::write(&end, b"event")?;
            thread::sleep(Duration::from_millis(20));
            let mut buffer = [0; 16];
            let len = rustix::io::read(&queue, &mut buffer)?;
            all.extend_from_slice(&buffer[..len]);
            Ok(())
        });
        assert_eq!(
            (gap.expect("nothing fails"), &all[..]),
            (None, &b"event"[..])
        );
    }
}
