//! `tracer top`: the busiest files, directories, programs, users and processes, live.

mod draw;
mod view;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    io::{self, IsTerminal},
    ops::ControlFlow,
    os::fd::{AsFd, BorrowedFd},
    path::{Path, PathBuf},
    process::ExitCode,
    rc::Rc,
    sync::OnceLock,
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};
use ratatui::{
    DefaultTerminal,
    crossterm::event::{self, KeyEventKind},
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde_json::json;

use self::view::{Asked, Sort, View};
use super::{
    args::{BackendArg, ColorArg},
    audit, backend,
    exit::{Code, Failure},
    filter, live, parse, watch,
};
use crate::{
    calls::{CallSet, ROWS},
    event::{Backend, Item, notice},
    fold::{
        Fold,
        activity::{Activity, By, READS, Row, WRITES},
    },
    format::Silent,
    pipeline::{End, Limits, Run},
    privileges::Needs,
    rules::{Condition, Rule, SignalSet, pattern},
    sink::{Sink, Stop},
    source::{
        Source, WATCH_OPS, WatchPlan,
        ebpf::{Ebpf, EbpfPlan},
        logged::Logged,
        open,
    },
};

/// `tracer top`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer top                          the whole machine
  tracer top /srv /var/www            what happens in these trees
  tracer top --by programs --sort bytes
  tracer top --uid www-data --by dirs
  tracer top --pid 1234               the files of one process
  tracer top --log /var/log/audit/audit.log --by users
                                      what an audit log tells, as it is written
  tracer top --batch -n 3 -i 5        three tables, one every five seconds
  tracer top --json -n 1 | jq .rows[0]

? shows the keys. docs/top.md says what is counted.")]
pub(super) struct TopArgs {
    /// Only what happens to these files and trees (needed for inotify)
    #[arg(value_name = "PATH", value_parser = parse::path())]
    paths: Vec<PathBuf>,
    /// The first view
    #[arg(long, value_enum, value_name = "VIEW", default_value = "files")]
    by: ByArg,
    /// The column that orders the rows
    #[arg(long, value_enum, value_name = "COLUMN", default_value = "ops")]
    sort: Sort,
    /// The other way round
    #[arg(short, long)]
    reverse: bool,
    /// How long an interval is
    #[arg(short, long, value_name = "TIME", default_value = "1s", value_parser = parse::duration)]
    interval: Duration,
    /// End after this many intervals
    #[arg(short = 'n', long, value_name = "N", value_parser = parse::count, allow_negative_numbers = true)]
    count: Option<u64>,
    /// Print tables instead of drawing on the terminal
    #[arg(short, long)]
    batch: bool,
    /// Print one JSON object an interval
    #[arg(long, conflicts_with = "batch")]
    json: bool,
    /// So many rows in a table, or in an object [default: 20]
    #[arg(long, value_name = "N", value_parser = parse::size, allow_negative_numbers = true)]
    rows: Option<usize>,
    /// Only these processes and their descendants (repeatable)
    #[arg(short, long = "pid", value_name = "PID", value_parser = parse::pids)]
    pids: Vec<parse::Pids>,
    /// Only this real user, by name or number (repeatable)
    #[arg(short, long = "uid", value_name = "USER", value_parser = parse::uid)]
    uids: Vec<u32>,
    /// Only this command name, may have wildcards (repeatable)
    #[arg(long = "comm", value_name = "NAME", value_parser = parse::comm_glob)]
    comms: Vec<globset::GlobMatcher>,
    /// Leave out paths that match, absolute or by name (repeatable)
    #[arg(long, value_name = "GLOB", value_parser = parse::path_glob)]
    exclude: Vec<globset::Glob>,
    /// What is written to this audit log (a file, or the directory that it is in), instead of what this
    /// machine does
    #[arg(long, value_name = "LOG", value_hint = clap::ValueHint::AnyPath,
          conflicts_with_all = ["backend", "buffer", "pids"])]
    log: Option<PathBuf>,
    /// Use this source of events instead of the best one that works
    #[arg(long, value_enum, value_name = "NAME")]
    backend: Option<BackendArg>,
    /// Size of the ring buffer between kernel and tracer (default 16M)
    #[arg(long, value_name = "SIZE", value_parser = crate::source::ebpf::ring_size)]
    buffer: Option<u32>,
    /// Colour on the screen
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    color: ColorArg,
}

/// `--by`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ByArg {
    /// One row a file
    Files,
    /// One row a directory: what is in it, not what is below that
    Dirs,
    /// One row a program
    Programs,
    /// One row a user
    Users,
    /// One row a process
    Processes,
}

impl From<ByArg> for By {
    fn from(arg: ByArg) -> Self {
        match arg {
            ByArg::Files => Self::Files,
            ByArg::Dirs => Self::Dirs,
            ByArg::Programs => Self::Programs,
            ByArg::Users => Self::Users,
            ByArg::Processes => Self::Processes,
        }
    }
}

/// Runs `tracer top`.
pub(super) fn run(args: &TopArgs) -> Result<ExitCode, Failure> {
    let shows = !args.batch && !args.json;
    if shows && args.rows.is_some() {
        return Err(Failure::usage(
            "the screen has as many rows as fit: --rows is for --batch and --json",
        ));
    }
    let plan = plan(args)?;
    live::block_on(async {
        let stop = Stop::signals()?;
        let (source, rule, why) = open(args, &plan)?;
        if shows && !(io::stdout().is_terminal() && io::stdin().is_terminal()) {
            return Err(Failure::usage(
                "there is no terminal to draw on: --batch prints tables, --json objects",
            ));
        }
        let warnings = Rc::new(RefCell::new(Vec::new()));
        let top = Top::start(args, source.as_ref(), &why, Rc::clone(&warnings))?;
        let warn = |warning: &str| {
            if shows {
                warnings.borrow_mut().push(warning.to_owned());
            } else {
                errln!("tracer: {}", live::one_line(warning));
            }
        };
        let run = Run {
            source,
            rule: &rule,
            format: Box::new(Silent),
            sink: Sink::stdout()?,
            folds: vec![Box::new(top)],
            limits: Limits::default(),
            stop: &stop,
            command: None,
            warn: &warn,
            each: None,
            parting: None,
        };
        live::keep_only(&Needs {
            backends: run.source.backends(),
            ..Needs::default()
        })?;
        let outcome = run.to_the_end().await?;
        for warning in warnings.take() {
            errln!("tracer: {}", live::one_line(&warning));
        }
        errln!("tracer: {}", outcome.account);
        match outcome.end {
            End::Output(name, error) => Err(Failure::new(
                Code::Failed,
                format!("cannot write to {name}: {error}"),
            )),
            _ => Ok(Code::Success.into()),
        }
    })
}

/// What is watched where eBPF does not work.
fn plan(args: &TopArgs) -> Result<WatchPlan, Failure> {
    let events = notice::OPEN
        | notice::ACCESS
        | notice::MODIFY
        | notice::ATTRIB
        | notice::CREATE
        | notice::DELETE
        | notice::MOVED_FROM
        | notice::MOVED_TO;
    // What a log tells of need not be here.
    let absolute = |path: &PathBuf| Ok(std::path::absolute(path)?);
    let roots = args.paths.iter().map(|path| match args.log {
        Some(_) => absolute(path),
        None => watch::root(path),
    });
    Ok(WatchPlan {
        roots: roots.collect::<Result<_, _>>()?,
        recursive: true,
        exclude: pattern::excluded(&args.exclude).map_err(Failure::usage)?,
        ops: notice::ops(events).collect(),
        events: Some(events),
        ..WatchPlan::default()
    })
}

/// Conditions about who does it.
fn actors(args: &TopArgs) -> Result<Vec<Condition>, Failure> {
    let mut conditions = Vec::new();
    if !args.pids.is_empty() {
        conditions.push(Condition::processes(&parse::all_pids(&args.pids), true)?);
    }
    conditions.extend(filter::users(&args.uids));
    if !args.comms.is_empty() {
        conditions.push(Condition::Comm(args.comms.clone()));
    }
    Ok(conditions)
}

/// The best source that works, what of it counts, and what it is.
fn open(args: &TopArgs, plan: &WatchPlan) -> Result<(Box<dyn Source>, Rule, String), Failure> {
    if let Some(log) = &args.log {
        return of_log(args, plan, log);
    }
    let backend = args.backend;
    let mut refusals = Vec::new();
    if backend.is_none_or(|backend| backend == BackendArg::Ebpf) {
        let rule = ebpf_rule(args, plan)?;
        let asked = EbpfPlan::new(&rule, args.buffer).through_descriptors();
        match Ebpf::open(&asked) {
            Ok(source) => return Ok((Box::new(source), rule, "eBPF".to_owned())),
            Err(error) if backend.is_some() => return Err(error.into()),
            Err(error) => refusals.push(error.to_string()),
        }
    }
    let because = |what: &str, refusals: &[String]| match refusals {
        [] => what.to_owned(),
        _ => format!("{what}, because {}", refusals.join("; ")),
    };
    let conditions = actors(args)?;
    let is_root = rustix::process::geteuid().is_root();
    if backend.map_or(is_root, |backend| backend == BackendArg::Fanotify) {
        let mut plan = plan.clone();
        if plan.roots.is_empty() {
            plan.roots.push("/".into());
        }
        if conditions
            .iter()
            .any(|c| matches!(c, Condition::Process { .. }))
        {
            refusals.push("fanotify: descendants of --pid cannot be followed".to_owned());
        } else {
            match open::fanotify(&plan) {
                Ok(source) => {
                    let why = because("fanotify: successes only, no bytes", &refusals);
                    return Ok((source, watch_rule(&plan, conditions), why));
                }
                Err(error) if backend.is_some() => return Err(error.into()),
                Err(error) => refusals.push(error.to_string()),
            }
        }
    }
    let lack = match (plan.roots.is_empty(), conditions.is_empty()) {
        (false, true) => {
            let why = because("inotify: what, but not who", &refusals);
            let source = backend::looking("set up a watch in", plan, || open::inotify(plan))?;
            return Ok((source, watch_rule(plan, conditions), why));
        }
        (_, false) => "it cannot tell who, so --pid, --uid and --comm find nothing",
        (true, true) => "it watches directory by directory: give the PATHs that matter",
    };
    let why = because(&format!("inotify is left, but {lack}"), &refusals);
    Err(Failure::new(Code::Kernel, why))
}

/// What is written to an audit log, by the names that stand there.
fn of_log(
    args: &TopArgs,
    plan: &WatchPlan,
    log: &Path,
) -> Result<(Box<dyn Source>, Rule, String), Failure> {
    let found = audit::source::log(Some(log), true)?;
    let found = found.as_deref().unwrap_or(log);
    let source = Logged::open(found)?;
    let mut conditions = actors(args)?;
    if !plan.roots.is_empty() || !plan.exclude.is_empty() {
        conditions.push(watch::below_names(plan));
    }
    let what = format!("the log {}", found.display());
    Ok((Box::new(source), of_files(conditions), what))
}

/// Everything that touches a file.
fn ebpf_rule(args: &TopArgs, plan: &WatchPlan) -> Result<Rule, Failure> {
    let mut conditions = actors(args)?;
    if !plan.roots.is_empty() || !plan.exclude.is_empty() {
        conditions.push(plan.below(plan.names(), false));
    }
    Ok(of_files(conditions))
}

/// Every call that touches a file, under these conditions.
fn of_files(conditions: Vec<Condition>) -> Rule {
    let rows = ROWS.iter().filter(|row| WATCH_OPS.contains(&row.op));
    let names: BTreeSet<_> = rows
        .map(|row| row.name)
        .chain(READS)
        .chain(WRITES)
        .collect();
    Rule {
        calls: CallSet::Names(names),
        exits: false,
        signals: SignalSet::NONE,
        conditions,
    }
}

fn watch_rule(plan: &WatchPlan, mut conditions: Vec<Condition>) -> Rule {
    conditions.push(plan.below(plan.names(), true));
    conditions.extend(plan.events.map(Condition::Notice));
    Rule {
        calls: CallSet::Names(BTreeSet::new()),
        exits: false,
        signals: SignalSet::NONE,
        conditions,
    }
}

/// Where it is shown.
enum Shown {
    Screen(DefaultTerminal),
    Text {
        rows: usize,
    },
    Json {
        rows: usize,
    },
    /// The terminal was given back.
    Ended,
}

/// What is made of the events.
struct Top {
    activity: Activity,
    view: View,
    shown: Shown,
    subject: String,
    bytes: bool,
    colour: bool,
    interval: Duration,
    /// How long the last interval really was.
    measured: Duration,
    /// When this one began.
    begun: Instant,
    /// Intervals that are left.
    left: Option<u64>,
    /// Rows that fit on the screen.
    page: usize,
    warnings: Rc<RefCell<Vec<String>>>,
}

impl Top {
    fn start(
        args: &TopArgs,
        source: &dyn Source,
        why: &str,
        warnings: Rc<RefCell<Vec<String>>>,
    ) -> Result<Self, Failure> {
        let what = match &args.paths[..] {
            [] => "everything".to_owned(),
            paths => {
                let paths: Vec<_> = paths.iter().map(|p| p.display().to_string()).collect();
                paths.join(", ")
            }
        };
        let rows = args.rows.unwrap_or(20);
        let shown = match (args.json, args.batch) {
            (true, _) => Shown::Json { rows },
            (false, true) => Shown::Text { rows },
            // From here on whatever ends the program gives the terminal back: this does for a
            // panic, the guard for all else.
            (false, false) => Shown::Screen(ratatui::try_init()?),
        };
        let colour = match args.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => std::env::var_os("NO_COLOR").is_none(),
        };
        if !matches!(shown, Shown::Screen(_)) {
            errln!(
                "tracer: ready: {} ({})",
                live::one_line(&what),
                live::one_line(why)
            );
        }
        let mut view = View::new(args.by.into(), args.sort, args.reverse);
        view.room = view::ROOM.max(rows);
        Ok(Self {
            activity: Activity::default(),
            view,
            shown,
            subject: live::one_line(&format!("{what} ({why})")),
            bytes: source.backend() == Backend::Ebpf,
            colour,
            interval: args.interval,
            measured: args.interval,
            begun: Instant::now(),
            left: args.count,
            page: 1,
            warnings,
        })
    }

    /// Does what keys ask for. `None` when the end was asked for; else whether to draw.
    fn keys(&mut self) -> io::Result<Option<bool>> {
        if has_hung_up(stdin()) {
            return Ok(None);
        }
        let mut is_changed = false;
        while event::poll(Duration::ZERO)? {
            is_changed = true;
            let event::Event::Key(key) = event::read()? else {
                continue;
            };
            if key.kind == KeyEventKind::Release {
                continue;
            }
            match self.view.key(key, &self.activity, self.page) {
                Asked::Nothing => {}
                Asked::End => return Ok(None),
                Asked::Slower => self.interval = (self.interval * 2).min(Duration::from_mins(1)),
                Asked::Faster => {
                    self.interval = (self.interval / 2).max(Duration::from_millis(125));
                }
            }
        }
        Ok(Some(is_changed))
    }

    /// The end of an interval.
    fn tick(&mut self) {
        self.measured = self.begun.elapsed().max(Duration::from_millis(1));
        self.begun = Instant::now();
        self.activity.tick();
        self.view.refresh(&self.activity, self.measured);
        self.left = self.left.map(|left| left - 1);
    }

    fn show(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let head = draw::Head {
            subject: &self.subject,
            interval: self.interval,
            measured: self.measured,
            bytes: self.bytes,
            colour: self.colour,
        };
        match &mut self.shown {
            Shown::Screen(terminal) => {
                if let Some(warning) = self.warnings.borrow().last() {
                    self.view
                        .complaint
                        .get_or_insert_with(|| live::one_line(warning));
                }
                let (view, activity, page) = (&mut self.view, &self.activity, &mut self.page);
                terminal.draw(|frame| *page = draw::screen(frame, view, activity, &head))?;
            }
            Shown::Text { rows } => {
                let text = draw::text(&self.view, &self.activity, &head, *rows);
                out.extend_from_slice(text.as_bytes());
                out.push(b'\n');
            }
            Shown::Ended => {}
            Shown::Json { rows } => {
                let rows = self.view.lines.iter().take(*rows);
                let rows: Vec<_> = rows.map(|line| of_row(&line.name, &line.row)).collect();
                let (lost, uncounted) = self.activity.lost();
                let object = json!({
                    "type": "top",
                    "time": jiff::Timestamp::now().to_string(),
                    "interval_s": self.measured.as_secs_f64(),
                    "by": view::word(self.view.by),
                    "rows": rows,
                    "all": of_row("", &self.activity.all()),
                    "left_out": self.activity.left_out(),
                    "lost": lost,
                    "lost_uncounted": uncounted,
                });
                out.extend_from_slice(object.to_string().as_bytes());
                out.push(b'\n');
            }
        }
        Ok(())
    }
}

/// Standard input, which lives as long as the process does.
fn stdin() -> BorrowedFd<'static> {
    static STDIN: OnceLock<io::Stdin> = OnceLock::new();
    STDIN.get_or_init(io::stdin).as_fd()
}

/// Is the terminal gone? A SIGHUP that tells it may be ignored.
fn has_hung_up(terminal: BorrowedFd<'_>) -> bool {
    let mut fds = [PollFd::new(&terminal, PollFlags::IN)];
    let found = poll(&mut fds, Some(&Timespec::default()));
    found.is_ok() && fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR)
}

/// A row as JSON: what was done in the interval, and in all.
fn of_row(name: &str, row: &Row) -> serde_json::Value {
    json!({
        "name": name,
        "opens": row.last.opens,
        "reads": row.last.reads,
        "writes": row.last.writes,
        "changes": row.last.changes,
        "errors": row.last.errors,
        "read_bytes": row.last.read_bytes,
        "written_bytes": row.last.written_bytes,
        "total": row.total.operations(),
    })
}

impl Fold for Top {
    fn item(&mut self, item: &Item) {
        self.activity.take(item);
    }

    fn settle(&mut self, out: &mut Vec<u8>) -> io::Result<ControlFlow<()>> {
        let mut is_changed = false;
        if matches!(self.shown, Shown::Screen(_)) {
            match self.keys()? {
                Some(changed) => is_changed = changed,
                None => return Ok(ControlFlow::Break(())),
            }
        }
        let is_over = self.begun.elapsed() >= self.interval;
        if is_over {
            self.tick();
        }
        if is_over || is_changed {
            self.show(out)?;
        }
        Ok(if self.left == Some(0) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    fn due(&self) -> Option<Instant> {
        Some(self.begun + self.interval)
    }

    fn listens_to(&self) -> Option<BorrowedFd<'_>> {
        matches!(self.shown, Shown::Screen(_)).then(stdin)
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.give_back();
        // The interval that the end has cut short.
        if self.left != Some(0) && !matches!(self.shown, Shown::Ended) {
            self.tick();
            self.show(out)?;
        }
        Ok(())
    }
}

impl Top {
    /// Gives the terminal back as it was.
    fn give_back(&mut self) {
        if matches!(self.shown, Shown::Screen(_)) {
            ratatui::restore();
            self.shown = Shown::Ended;
        }
    }
}

impl Drop for Top {
    fn drop(&mut self) {
        self.give_back();
    }
}
