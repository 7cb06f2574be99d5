//! `tracer search`, and `ausearch`: finds events in audit logs.

mod follow;
mod job;
mod table;

use std::{
    cell::Cell,
    io::{IsTerminal as _, Write as _, stdout},
    ops::ControlFlow,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{Help, machine, options, print_help, print_version, report, source, wrong_options};
use crate::{
    cli::exit::{Code, Failure},
    query::{
        checkpoint::{self, Checkpoint, CheckpointError, Last},
        expression::Judge,
        output::{Format, Printer},
    },
    source::replay::{self, Event, Input, Plan, ReplayError, Worker},
};
use job::Job;
use table::{EXAMPLES, Key, OPTIONS};

/// The values of `--format`.
pub(in crate::cli) const FORMATS: [&str; 6] =
    ["raw", "default", "interpret", "csv", "text", "json"];

/// How the options are written.
pub(in crate::cli) fn names() -> impl Iterator<Item = &'static str> {
    options::names(OPTIONS)
}

/// What its help says.
pub(in crate::cli) fn help() -> Help {
    Help {
        about: "Finds events in audit logs. All conditions must hold.",
        options: options::rows(OPTIONS),
        end: EXAMPLES,
    }
}

/// Parses the arguments and runs the search.
pub(in crate::cli) fn run(args: &[String], tool: &str) -> Result<ExitCode, Failure> {
    let given = options::parse(OPTIONS, args).map_err(|error| {
        let instead = "`search --raw ... | report` counts what is found";
        wrong_options(&error, report::names(), "report", instead)
    })?;
    if given.iter().any(|option| option.key == Key::Help) {
        return print_help(tool, &help());
    }
    if given.iter().any(|option| option.key == Key::Version) {
        return print_version(tool);
    }
    let mut job = Job::new(&given)?;
    if job.follow {
        return follow::follow(&mut job);
    }
    search(&mut job)
}

/// One thread's part of a search.
struct Finder<'j> {
    job: &'j Job,
    judge: Option<Judge<'j>>,
    printer: Printer,
    out: Vec<u8>,
    found: u64,
    /// The last event that was found, where it is the only one.
    last: Option<Last>,
    /// Somebody has found what is enough.
    enough: &'j AtomicBool,
    /// Texts that were written, for the next ones: memory that was used once is cheaper than new.
    spare: &'j Mutex<Vec<Vec<u8>>>,
}

/// What was found in a block.
struct Found {
    text: Vec<u8>,
    count: u64,
    last: Option<Last>,
}

impl Worker for Finder<'_> {
    type Made = Found;

    fn event(&mut self, event: &Event<'_>) {
        if self.job.just_one && (self.found > 0 || self.enough.load(Ordering::Relaxed)) {
            return;
        }
        let judge = self.judge.as_mut();
        if self.job.criteria.hold(event) && judge.is_none_or(|judge| judge.holds(event)) {
            self.found += 1;
            if self.job.just_one {
                self.last = Some(Last::of(event));
            }
            self.printer.event(&mut self.out, event);
        }
    }

    fn block(&mut self) -> Found {
        let mut spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        Found {
            text: std::mem::replace(&mut self.out, spare.pop().unwrap_or_default()),
            count: std::mem::take(&mut self.found),
            last: self.last.take(),
        }
    }
}

fn search(job: &mut Job) -> Result<ExitCode, Failure> {
    let before = match &job.checkpoint {
        Some(file) => Checkpoint::load(file).map_err(checkpoint_failure)?,
        None => None,
    };
    let (input, start) = behind(job, before.as_ref(), |from| {
        source::open(job.input.as_deref(), job.input_logs, from)
    })?;
    if job.asks_machine() {
        job.call_of(machine::arch(&input)?)?;
    }
    let job = &*job;
    let mut plan = Plan {
        window: job.window,
        only: source::parts(&input, Some(&job.ask()), job.window),
        needles: job.needles(),
        timeout: job.timeout,
        threads: job.threads,
        ..Plan::whole(&input)
    };
    let mut ends_at = None;
    if job.checkpoint.is_some() {
        let part = checkpoint::part(&input, start, job.timeout, job.window.end)?;
        plan.part = part.range;
        ends_at = part.last;
    }
    let (found, only) = go(job, &input, &plan)?;
    if let Some(file) = &job.checkpoint {
        // What was not printed because one is enough is for the next time.
        let ends_at = only.map(Some).or(ends_at);
        let now = Checkpoint::at(&input, ends_at.or(before.map(|before| before.event)));
        now.save(file).map_err(checkpoint_failure)?;
    }
    if source::tell_damages(&input) {
        return Ok(ExitCode::from(Code::Failed as u8));
    }
    if found == 0 {
        if job.format != Some(Format::Raw) {
            errln!("<no matches>");
        }
        return Ok(ExitCode::from(Code::Failed as u8));
    }
    Ok(ExitCode::SUCCESS)
}

/// Where to begin among the files of a log.
type Begin<'f> = &'f dyn Fn(&[PathBuf]) -> usize;

/// Opens a log behind a checkpoint, and says where in it what is behind begins. The file that the
/// checkpoint names has its event, as a rule. It may have been packed since, or been empty then, so that
/// the event is in another one.
fn behind(
    job: &Job,
    before: Option<&Checkpoint>,
    open: impl Fn(Begin<'_>) -> Result<Input, Failure>,
) -> Result<(Input, u64), Failure> {
    let Some(before) = before else {
        return Ok((open(&|_| 0)?, 0));
    };
    let by_time = job.from_checkpoint_time;
    let named = Cell::new(None);
    let first = |paths: &[PathBuf]| {
        named.set(before.segment(paths));
        named.get().filter(|_| !by_time).unwrap_or(0)
    };
    let input = open(&first)?;
    let start = match checkpoint::after(&input, before, by_time, job.timeout) {
        Ok(start) => start,
        Err(CheckpointError::NoEvent { event }) => {
            let input = open(&|_| 0)?;
            let start = checkpoint::after(&input, before, by_time, job.timeout);
            let start = start.map_err(|error| match (error, named.get()) {
                (CheckpointError::NoEvent { .. }, None) => before.no_log(),
                (CheckpointError::NoEvent { .. }, _) => CheckpointError::NoEvent { event },
                (error, _) => error,
            });
            return Ok((input, start.map_err(checkpoint_failure)?));
        }
        Err(error) => return Err(checkpoint_failure(error)),
    };
    Ok((input, start))
}

/// Searches and prints. Gives how many events were found, and the one where one is enough.
fn go(job: &Job, input: &Input, plan: &Plan) -> Result<(u64, Option<Last>), Failure> {
    let enough = AtomicBool::new(false);
    let spare = Mutex::default();
    let format = job.format.unwrap_or_default();
    let printer = || Printer::new(format, job.columns, &job.how, job.here.clone());
    let make = || Finder {
        job,
        judge: job.judge(),
        printer: printer(),
        out: Vec::new(),
        found: 0,
        last: None,
        enough: &enough,
        spare: &spare,
    };
    let (mut total, mut only) = (0, None);
    let (mut out, terminal) = (stdout(), stdout().is_terminal());
    let deliver = |found: Found| {
        let mut text = found.text;
        if total == 0 && found.count > 0 {
            let mut header = Vec::new();
            printer().header(&mut header);
            text.splice(0..0, header);
        }
        total += found.count;
        only = found.last;
        let written = out.write_all(&text).and_then(|()| {
            if terminal || job.line_buffered {
                out.flush()
            } else {
                Ok(())
            }
        });
        text.clear();
        spare
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
        if job.just_one && total > 0 {
            enough.store(true, Ordering::Relaxed);
            return Ok(ControlFlow::Break(()));
        }
        written.map_err(ReplayError::Output)?;
        Ok(ControlFlow::Continue(()))
    };
    let outcome = source::with_progress(input.len(), |done| {
        replay::scan(input, plan, done, make, deliver)
    });
    match outcome {
        Ok(outcome) => source::tell_faults(input, &outcome.faults),
        // Whoever reads has seen enough.
        Err(ReplayError::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => {}
        Err(error) => return Err(error.into()),
    }
    Ok((total, only))
}

/// The exit codes are those of ausearch(8).
fn checkpoint_failure(error: CheckpointError) -> Failure {
    match error {
        CheckpointError::Form { .. } | CheckpointError::NoLog { .. } => {
            Failure::new(Code::Checkpoint, error)
        }
        CheckpointError::Io { .. } => Failure::new(Code::CheckpointIo, error),
        CheckpointError::NoEvent { .. } => Failure::new(Code::CheckpointLost, error),
        CheckpointError::Replay(error) => error.into(),
    }
}
