//! The whole live path on one screen: source -> rules -> format -> sink.

use std::{
    collections::BTreeMap,
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    process::ExitStatus,
    time::{Duration, Instant},
};

use nix::sys::{
    signal::{SigSet, Signal},
    signalfd::{SfdFlags, SignalFd},
};
use tokio::{
    io::{Interest, unix::AsyncFd},
    process::Child,
    time::sleep,
};

use crate::{
    event::{Item, LossReason},
    format::Format,
    rules::Rule,
    sink::{Sink, Written},
    source::{Source, Sums},
};

/// Bytes collected before they are written, so that one write takes many lines.
const BUFFER: usize = 256 * 1024;

/// When a run ends by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// After this many events were written.
    pub count: Option<u64>,
    /// After this long.
    pub duration: Option<Duration>,
}

/// Why a run ended.
#[derive(Debug)]
pub enum End {
    /// A signal, the count, the duration, or the source's own end.
    Normal,
    /// The reader closed the output.
    Closed,
    /// The started command ended.
    Command(ExitStatus),
    /// The output refused a write.
    Output(io::Error),
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Why it ended.
    pub end: End,
    /// Where every event went.
    pub account: Account,
}

/// The conservation sums: `seen == written + filtered + lost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Events that the source looked at.
    pub seen: u64,
    /// Events in the output.
    pub written: u64,
    /// Events that did not meet the rule, by reason.
    pub filtered: BTreeMap<&'static str, u64>,
    /// Events that nobody can tell any more, by reason.
    pub lost: BTreeMap<LossReason, u64>,
}

impl Account {
    /// All filtered events.
    pub fn all_filtered(&self) -> u64 {
        self.filtered.values().sum()
    }

    /// All lost events.
    pub fn all_lost(&self) -> u64 {
        self.lost.values().sum()
    }

    fn add(&mut self, sums: Sums) {
        self.seen = sums.seen;
        for (reason, n) in sums.filtered {
            *self.filtered.entry(reason).or_default() += n;
        }
        for (reason, n) in sums.lost {
            *self.lost.entry(reason).or_default() += n;
        }
        self.filtered.retain(|_, n| *n > 0);
        self.lost.retain(|_, n| *n > 0);
    }
}

/// Turns items into lines in a buffer, and buffers into writes.
struct Writer<'a> {
    rule: &'a Rule,
    format: Box<dyn Format>,
    sink: Sink,
    signals: &'a SignalFd,
    buffer: Vec<u8>,
    /// Events in `buffer`.
    pending: u64,
    account: Account,
    limit: u64,
    end: Option<End>,
}

impl Writer<'_> {
    fn take(&mut self, item: &Item) {
        if let Item::Event(event) = item {
            let reject = match self.rule.rejects(event) {
                Some(reject) => Some(reject.as_str()),
                None if self.end.is_some() => Some("after-end"),
                None if self.account.written + self.pending >= self.limit => Some("after-end"),
                None => None,
            };
            if let Some(reason) = reject {
                *self.account.filtered.entry(reason).or_default() += 1;
                return;
            }
            self.pending += 1;
        } else if self.end.is_some() {
            return;
        }
        self.format.item(&mut self.buffer, item);
        if self.buffer.len() >= BUFFER {
            self.flush();
        }
    }

    /// Writes the buffer; an output that takes no more ends the run.
    fn flush(&mut self) {
        let end = match self.sink.write(&self.buffer, self.signals.as_fd()) {
            Written::All => {
                self.account.written += std::mem::take(&mut self.pending);
                self.buffer.clear();
                return;
            }
            Written::Closed => End::Closed,
            Written::Stopped => End::Normal,
            Written::Failed(error) => End::Output(error),
        };
        let pending = std::mem::take(&mut self.pending);
        if matches!(end, End::Output(_)) {
            *self.account.lost.entry(LossReason::Output).or_default() += pending;
        } else {
            *self.account.filtered.entry("after-end").or_default() += pending;
        }
        self.buffer.clear();
        self.end.get_or_insert(end);
    }

    fn is_full(&self) -> bool {
        self.account.written + self.pending >= self.limit
    }
}

/// Signals that end a run, as a descriptor: also a blocked write sees them.
///
/// They stay blocked in this thread from here on; a started command gets an empty mask from
/// `std::process`.
pub fn end_signals() -> io::Result<SignalFd> {
    let mut set = SigSet::empty();
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        set.add(signal);
    }
    set.thread_block()?;
    Ok(SignalFd::with_flags(&set, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?)
}

/// Runs until something ends it, then drains what the kernel already had.
pub async fn run(
    mut source: Box<dyn Source>,
    rule: &Rule,
    format: Box<dyn Format>,
    sink: Sink,
    limits: Limits,
    signals: &SignalFd,
    mut command: Option<Child>,
) -> anyhow::Result<Outcome> {
    let mut writer = Writer {
        rule,
        format,
        sink,
        signals,
        buffer: Vec::with_capacity(BUFFER + 8192),
        pending: 0,
        account: Account::default(),
        limit: limits.count.unwrap_or(u64::MAX),
        end: None,
    };
    let deadline = limits.duration.map(|d| Instant::now() + d);
    let ready = readable(source.fd())?;
    let ended = readable(signals.as_fd())?;
    let mut status = None;
    loop {
        source.read(&mut |item| writer.take(&item))?;
        writer.flush();
        let over = writer.end.is_some()
            || writer.is_full()
            || deadline.is_some_and(|d| Instant::now() >= d)
            || (source.ended() && (command.is_none() || status.is_some()));
        if over {
            break;
        }
        let longest = source.longest_sleep();
        let pause = deadline.map_or(longest, |d| longest.min(d - Instant::now()));
        tokio::select! {
            biased;
            _ = ended.readable() => break,
            exit = wait(&mut command), if status.is_none() => status = Some(exit?),
            guard = ready.readable() => guard?.clear_ready(),
            () = sleep(pause) => {}
        }
    }
    drop(ready);
    source.finish(&mut |item| writer.take(&item))?;
    writer.flush();
    writer.account.add(source.sums());
    let end = match (writer.end, status) {
        (Some(end @ End::Output(_)), _) => end,
        (_, Some(status)) => End::Command(status),
        (Some(end), None) => end,
        (None, None) => End::Normal,
    };
    Ok(Outcome { end, account: writer.account })
}

/// The end of the started command; never, when there is none.
async fn wait(command: &mut Option<Child>) -> io::Result<ExitStatus> {
    match command {
        Some(child) => child.wait().await,
        None => std::future::pending().await,
    }
}

/// Tells when a descriptor becomes readable.
fn readable(fd: BorrowedFd<'_>) -> io::Result<AsyncFd<OwnedFd>> {
    let own = fd.try_clone_to_owned()?;
    // SAFETY: the duplicate belongs to the `AsyncFd` alone, which keeps it open while it lives.
    unsafe { AsyncFd::register_with_interest(own, Interest::READABLE) }.map_err(Into::into)
}
