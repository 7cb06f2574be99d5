//! `search --follow`: what there is, where that is asked for, and then what comes.

use std::{
    io::{self, Write as _, stdout},
    ops::ControlFlow,
    os::fd::AsFd as _,
    path::Path,
    process::ExitCode,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Job, behind, checkpoint_failure, go, machine, source};
use crate::{
    cli::{
        exit::{Code, Failure},
        live::one_line,
    },
    query::{
        checkpoint::{Checkpoint, Last},
        expression::Judge,
        output::{Format, Printer},
    },
    sink::Stop,
    source::replay::{Event, Input, Plan, ReplayError, Tail, Woken, quiet_after},
};

/// What is made of an event: its text where it was asked for, and what a checkpoint remembers.
struct Told {
    text: Option<Vec<u8>>,
    last: Option<Last>,
}

/// A search that goes on.
struct Follower<'j> {
    job: &'j Job,
    tail: Tail,
    /// What decides and what prints, of which there is one.
    hands: Mutex<(Option<Judge<'j>>, Printer)>,
    found: u64,
    /// The last event that is behind, and the file that it was in.
    last: Option<Checkpoint>,
    /// The checkpoint has not been written since.
    is_unsaved: bool,
}

/// Why it ends.
enum Over {
    /// Nobody reads what is printed.
    Unread,
    /// What was asked for was found, the pipe has ended, or the end was asked for.
    Done,
}

/// Searches until the end is asked for.
pub(super) fn follow(job: &mut Job) -> Result<ExitCode, Failure> {
    let stop = Stop::signals()?;
    let before = match &job.checkpoint {
        Some(file) => Checkpoint::load(file).map_err(checkpoint_failure)?,
        None => None,
    };
    let log = source::log(job.input.as_deref(), job.input_logs)?;
    let (tail, found) = match &log {
        Some(log) => begin(job, log, before.as_ref())?,
        None if before.is_some() => {
            return Err(Failure::usage("a pipe has no place for --checkpoint"));
        }
        None => (Tail::of_pipe(), 0),
    };
    let job = &*job;
    let format = job.format.unwrap_or_default();
    let printer = Printer::new(format, job.columns, &job.how, job.here.clone());
    let mut follower = Follower {
        job,
        tail,
        hands: Mutex::new((job.judge(), printer)),
        found,
        last: before,
        is_unsaved: false,
    };
    let over = if job.just_one && found > 0 {
        Over::Done
    } else {
        follower.go_on(&stop)?
    };
    follower.save()?;
    let nothing = follower.found == 0 && matches!(over, Over::Done) && stop.times() == 0;
    Ok(if nothing {
        if job.format != Some(Format::Raw) {
            errln!("<no matches>");
        }
        Code::Failed.into()
    } else {
        ExitCode::SUCCESS
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells what there is already, as far as that is asked for.
fn begin(job: &mut Job, log: &Path, before: Option<&Checkpoint>) -> Result<(Tail, u64), Failure> {
    let with_history = before.is_some() || job.window.start > 0;
    let alone = job.input.as_ref().is_some_and(|input| !input.is_dir());
    let rotated = with_history && !(alone && before.is_none());
    let (input, start) = behind(job, before, |from| Ok(Input::of_log(log, rotated, from)?))?;
    if job.asks_machine() {
        job.call_of(machine::arch(&input)?)?;
    }
    let (mut tail, from) = Tail::of_log(log, &input, with_history)?;
    if start > from {
        tail.skip(start - from);
    }
    if !with_history || start >= from {
        return Ok((tail, 0));
    }
    let plan = Plan {
        window: job.window,
        part: start..from,
        only: source::parts(&input, Some(&job.ask()), job.window),
        needles: job.needles(),
        timeout: job.timeout,
        threads: job.threads,
        ..Plan::whole(&input)
    };
    let (found, _) = go(job, &input, &plan)?;
    source::tell_damages(&input);
    Ok((tail, found))
}

impl Follower<'_> {
    fn go_on(&mut self, stop: &Stop) -> Result<Over, Failure> {
        let out = stdout();
        let changes = self.tail.changes()?;
        let name = self.tail.name().display().to_string();
        errln!("tracer: ready: following {}", one_line(&name));
        let mut quiet_at = None;
        let mut all = false;
        loop {
            // The end is asked for also while there is always more.
            while self.tail.read()? && stop.times() == 0 {
                (quiet_at, all) = (quiet_after(self.job.timeout), false);
                if let Some(over) = self.tell(false)? {
                    return Ok(over);
                }
            }
            let has_ended = self.tail.has_ended();
            if let Some(over) = self.tell(all || has_ended)? {
                return Ok(over);
            }
            if has_ended {
                return Ok(Over::Done);
            }
            let until = quiet_at.filter(|_| self.tail.is_waiting());
            if until.is_none() {
                self.save()?;
            }
            let woken = changes.wait(stop.as_fd(), Some(out.as_fd()), until);
            all = match woken.map_err(|e| self.tail.failure(e))? {
                Woken::Stopped => return Ok(Over::Done),
                Woken::Unread => return Ok(Over::Unread),
                Woken::Changed => false,
                Woken::Quiet => true,
            };
        }
    }

    /// Prints what is whole.
    fn tell(&mut self, all: bool) -> Result<Option<Over>, Failure> {
        let job = self.job;
        let hands = &self.hands;
        let make = |event: &Event<'_>| {
            let (judge, printer) = &mut *lock(hands);
            let wanted = job.window.contains(event.id().sec)
                && job.criteria.hold(event)
                && judge.as_mut().is_none_or(|judge| judge.holds(event));
            Told {
                text: wanted.then(|| {
                    let mut text = Vec::new();
                    printer.event(&mut text, event);
                    text
                }),
                last: job.checkpoint.is_some().then(|| Last::of(event)),
            }
        };
        let mut text = Vec::new();
        let (mut found, mut last) = (self.found, None);
        let give = |told: Told| {
            last = told.last.or(last.take());
            let Some(event) = told.text else {
                return ControlFlow::Continue(());
            };
            if found == 0 {
                lock(hands).1.header(&mut text);
            }
            found += 1;
            text.extend_from_slice(&event);
            if job.just_one {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        };
        self.tail
            .events(job.timeout, all, make, give, source::tell_line)?;
        self.found = found;
        let mut out = stdout();
        if let Err(e) = out.write_all(&text).and_then(|()| out.flush()) {
            return match e.kind() {
                io::ErrorKind::BrokenPipe => Ok(Some(Over::Unread)),
                _ => Err(ReplayError::Output(e).into()),
            };
        }
        if let Some(last) = last {
            self.last = Some(Checkpoint::of(self.tail.identity(), Some(last)));
            self.is_unsaved = true;
        }
        Ok((job.just_one && found > 0).then_some(Over::Done))
    }

    /// Notes the last event that is behind.
    fn save(&mut self) -> Result<(), Failure> {
        if let (Some(file), Some(last), true) = (&self.job.checkpoint, &self.last, self.is_unsaved)
        {
            last.save(file).map_err(checkpoint_failure)?;
            self.is_unsaved = false;
        }
        Ok(())
    }
}
