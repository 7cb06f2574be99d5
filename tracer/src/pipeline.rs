//! The whole live path on one screen: source -> rules -> format -> sink.

use std::{
    io,
    ops::ControlFlow,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    process::ExitStatus,
    time::{Duration, Instant},
};

use tokio::{
    io::{Interest, unix::AsyncFd},
    process::Child,
    time::sleep,
};

use crate::{
    event::{AFTER_END, Account, Event, Item, LossReason, Sums},
    fold::Fold,
    format::Format,
    rules::Rule,
    sink::{Sink, Stop, Written},
    source::Source,
};

/// Bytes collected before they are written, so that one write takes many lines.
const BUFFER: usize = 256 * 1024;

/// When a run ends by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// After this many events were written.
    pub count: Option<u64>,
    /// After this many of them were calls.
    pub calls: Option<u64>,
    /// After this long.
    pub duration: Option<Duration>,
    /// When nothing was written for this long.
    pub idle: Option<Duration>,
}

/// Why a run ended.
#[derive(Debug)]
pub enum End {
    /// A signal, the count, the duration, or the source's own end.
    Normal,
    /// Nothing came for too long.
    Idle,
    /// The reader closed the output.
    Closed,
    /// The started command ended.
    Command(ExitStatus),
    /// The run was asked to end while the reader did not read.
    Stalled,
    /// An output (by its name) refused a write.
    Output(String, io::Error),
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Why it ended.
    pub end: End,
    /// Where every event went.
    pub account: Account,
    /// How the command that read the output failed.
    pub complaint: Option<String>,
}

/// Turns items into lines in a buffer, and buffers into writes.
struct Writer<'a> {
    rule: &'a Rule,
    format: Box<dyn Format>,
    sink: Sink,
    folds: Vec<Box<dyn Fold>>,
    stop: &'a Stop,
    buffer: Vec<u8>,
    /// Where each event in `buffer` ends.
    ends: Vec<usize>,
    account: Account,
    limit: u64,
    /// Calls that may still be written.
    calls_left: u64,
    end: Option<End>,
    /// An event was written since this was last taken.
    wrote: bool,
    each: Option<&'a dyn Fn(&Event)>,
}

impl Writer<'_> {
    fn take(&mut self, item: &Item) {
        if let Item::Event(event) = item {
            if let Some(reject) = self.rule.rejects(event) {
                *self
                    .account
                    .filtered
                    .entry(reject.as_str().into())
                    .or_default() += 1;
                return;
            }
            if self.end.is_some() {
                self.unwritten(1);
                return;
            }
            if self.is_full() {
                *self.account.filtered.entry(AFTER_END.into()).or_default() += 1;
                return;
            }
        } else if self.end.is_some() {
            return;
        }
        self.format.item(&mut self.buffer, item);
        for fold in &mut self.folds {
            fold.item(item);
        }
        if let Item::Event(event) = item {
            self.ends.push(self.buffer.len());
            self.calls_left -= u64::from(event.call.is_some());
            self.wrote = true;
            if let Some(each) = self.each {
                each(event);
            }
        }
        if self.buffer.len() >= BUFFER {
            self.flush();
        }
    }

    /// Writes the buffer; an output that takes no more ends the run.
    fn flush(&mut self) {
        let (out, end) = match self.sink.write(&self.buffer, self.stop) {
            Written::All => (self.buffer.len(), None),
            Written::Closed(out) => (out, Some(End::Closed)),
            Written::Stopped(out) => (out, Some(End::Stalled)),
            Written::Failed(out, error) => (out, Some(self.refused(None, error))),
        };
        let whole = self.ends.partition_point(|end| *end <= out);
        self.account.written += whole as u64;
        if let Some(end) = end {
            self.ends_badly(end);
            self.unwritten((self.ends.len() - whole) as u64);
        }
        self.buffer.clear();
        self.ends.clear();
    }

    /// Lets the folds write what they keep by themselves; one that cannot ends the run.
    fn settle(&mut self) {
        let mut folds = std::mem::take(&mut self.folds);
        for fold in &mut folds {
            match fold.settle(&mut self.buffer) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => drop(self.end.get_or_insert(End::Normal)),
                Err(error) => self.fails(fold.as_ref(), error),
            }
        }
        self.folds = folds;
        if !self.buffer.is_empty() {
            self.flush();
        }
    }

    /// What the folds have to say at the end, behind the last record.
    fn conclude(&mut self, sums: Sums) {
        let calls = sums.calls.clone();
        self.account.add(sums);
        for mut fold in std::mem::take(&mut self.folds) {
            for sums in &calls {
                fold.counted(sums);
            }
            let told = fold.account(&self.account);
            if let Err(error) = told.and_then(|()| fold.finish(&mut self.buffer)) {
                self.fails(fold.as_ref(), error);
            }
            let unwritten = fold.unwritten().min(self.account.written);
            self.account.written -= unwritten;
            self.unwritten(unwritten);
        }
        self.flush();
    }

    /// A fold could not write.
    fn fails(&mut self, fold: &dyn Fold, error: io::Error) {
        let end = self.refused(fold.writes_to(), error);
        self.ends_badly(end);
    }

    /// What could not be written ends the run, and is told where it would have ended well.
    fn ends_badly(&mut self, end: End) {
        match &mut self.end {
            Some(End::Closed | End::Stalled | End::Output(..)) => {}
            well => *well = Some(end),
        }
    }

    /// The end by an output that refuses a write; without a name it is that of the records.
    fn refused(&self, name: Option<&str>, error: io::Error) -> End {
        End::Output(name.unwrap_or(self.sink.name()).to_owned(), error)
    }

    /// Counts events that the output did not take: nobody wants those after the reader has
    /// closed its end or a fold has ended the run, all others are lost.
    fn unwritten(&mut self, events: u64) {
        if events == 0 {
            return;
        }
        if matches!(self.end, Some(End::Closed | End::Normal)) {
            *self.account.filtered.entry(AFTER_END.into()).or_default() += events;
        } else {
            *self.account.lost.entry(LossReason::Output).or_default() += events;
        }
    }

    fn is_full(&self) -> bool {
        self.calls_left == 0 || self.account.written + self.ends.len() as u64 >= self.limit
    }
}

/// How long a command may take to end by a signal that goes to both.
const AFTER_KEY: Duration = Duration::from_secs(1);

/// Tells what a source or an output has to say.
fn pass_on(warnings: impl IntoIterator<Item = String>, warn: &dyn Fn(&str)) {
    warnings.into_iter().for_each(|warning| warn(&warning));
}

/// Everything that a run is made of.
pub struct Run<'a> {
    /// Where events come from.
    pub source: Box<dyn Source>,
    /// Which of them are reported.
    pub rule: &'a Rule,
    /// How they look.
    pub format: Box<dyn Format>,
    /// Where the lines go.
    pub sink: Sink,
    /// What else is made of the events.
    pub folds: Vec<Box<dyn Fold>>,
    /// When it ends by itself.
    pub limits: Limits,
    /// Requests to end it.
    pub stop: &'a Stop,
    /// The started command.
    pub command: Option<Child>,
    /// Told what the source cannot do.
    pub warn: &'a dyn Fn(&str),
    /// Told every event that is written.
    pub each: Option<&'a dyn Fn(&Event)>,
    /// What to say when the source has come to its end by itself.
    pub parting: Option<&'a str>,
}

impl Run<'_> {
    /// Runs until something ends it, then drains what the kernel already had.
    pub async fn to_the_end(mut self) -> anyhow::Result<Outcome> {
        let mut writer = Writer {
            rule: self.rule,
            format: self.format,
            sink: self.sink,
            folds: self.folds,
            stop: self.stop,
            buffer: Vec::with_capacity(BUFFER + 8192),
            ends: Vec::new(),
            account: Account::default(),
            limit: self.limits.count.unwrap_or(u64::MAX),
            calls_left: self.limits.calls.unwrap_or(u64::MAX),
            end: None,
            wrote: false,
            each: self.each,
        };
        // When something was written, or the run began.
        let mut last = Instant::now();
        let mut is_idle;
        let deadline = self.limits.duration.map(|d| Instant::now() + d);
        let ready = when(self.source.fd(), Interest::READABLE)?;
        let asked = when(self.stop.as_fd(), Interest::READABLE)?;
        // What epoll(7) refuses (a device) has no reader that could close its end.
        let output = writer
            .sink
            .waiting_on()
            .and_then(|fd| when(fd, Interest::ERROR).ok());
        let listened = writer.folds.iter().find_map(|fold| fold.listens_to());
        let heard = listened.and_then(|fd| when(fd, Interest::READABLE).ok());
        let mut status = None;
        let mut key_at = None;
        pass_on(self.source.take_warnings(), self.warn);
        writer.format.head(&mut writer.buffer);
        loop {
            self.source.read(&mut |item| writer.take(&item))?;
            writer.flush();
            writer.settle();
            pass_on(self.source.take_warnings(), self.warn);
            pass_on(writer.sink.take_warning(), self.warn);
            // Signals and the command's end are looked for while events come without end, too.
            tokio::task::yield_now().await;
            let command_is_over = self.command.is_none() || status.is_some();
            if std::mem::take(&mut writer.wrote) {
                last = Instant::now();
            }
            let quiet = self.limits.idle.map(|idle| last + idle);
            is_idle = quiet.is_some_and(|end| Instant::now() >= end);
            let has_ended = command_is_over && self.source.ended();
            // What went to the command, too, leaves it some time: how it ends is still to be told.
            let key = (!has_ended && self.stop.reaches(self.command.as_ref()))
                .then(|| *key_at.get_or_insert_with(|| Instant::now() + AFTER_KEY));
            let over = is_idle
                || writer.end.is_some()
                || writer.is_full()
                || (self.stop.times() > 0 && key.is_none_or(|end| Instant::now() >= end))
                || deadline.is_some_and(|d| Instant::now() >= d)
                || has_ended;
            if over {
                if let (true, Some(parting)) = (has_ended, self.parting) {
                    (self.warn)(parting);
                }
                break;
            }
            let due = writer.folds.iter().filter_map(|fold| fold.due()).min();
            let pause = [deadline, quiet, due, key]
                .into_iter()
                .flatten()
                .fold(self.source.longest_sleep(), |pause, end| {
                    pause.min(end.saturating_duration_since(Instant::now()))
                });
            tokio::select! {
                biased;
                guard = asked.readable() => guard?.clear_ready(),
                () = reader_gone(output.as_ref()) => writer.end = Some(End::Closed),
                exit = wait(&mut self.command), if status.is_none() => status = Some(exit?),
                guard = ready.readable() => guard?.clear_ready(),
                () = something(heard.as_ref()) => {}
                () = sleep(pause) => {}
            }
        }
        drop((ready, output));
        self.source.finish(&mut |item| writer.take(&item))?;
        pass_on(self.source.take_warnings(), self.warn);
        writer.flush();
        writer.conclude(self.source.sums());
        pass_on(writer.sink.take_warning(), self.warn);
        let end = match (writer.end, status) {
            // The command's status is the answer unless records are missing.
            (Some(End::Closed) | None, Some(status)) => End::Command(status),
            (Some(end), _) => end,
            (None, None) if is_idle => End::Idle,
            (None, None) => End::Normal,
        };
        Ok(Outcome {
            end,
            account: writer.account,
            complaint: writer.sink.close(),
        })
    }
}

/// The end of the started command; never, when there is none.
async fn wait(command: &mut Option<Child>) -> io::Result<ExitStatus> {
    match command {
        Some(child) => child.wait().await,
        None => std::future::pending().await,
    }
}

/// The reader of the output closing its end; never, where that cannot happen.
async fn reader_gone(output: Option<&AsyncFd<OwnedFd>>) {
    match output {
        Some(fd) => {
            // Whatever it says, the reader is gone: the next write tells the rest.
            let _ = fd.ready(Interest::ERROR).await;
        }
        None => std::future::pending().await,
    }
}

/// Something to be read; never, where nobody listens.
async fn something(fd: Option<&AsyncFd<OwnedFd>>) {
    match fd {
        Some(fd) => {
            if let Ok(mut guard) = fd.readable().await {
                guard.clear_ready();
            }
        }
        None => std::future::pending().await,
    }
}

/// Tells when a descriptor is in a state.
pub(crate) fn when(fd: BorrowedFd<'_>, state: Interest) -> io::Result<AsyncFd<OwnedFd>> {
    let own = fd.try_clone_to_owned()?;
    // SAFETY: the duplicate belongs to the `AsyncFd` alone, which keeps it open while it lives.
    unsafe { AsyncFd::register_with_interest(own, state) }.map_err(Into::into)
}
