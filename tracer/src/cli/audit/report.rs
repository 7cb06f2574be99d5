//! `tracer report`, and `aureport`: what happened in audit logs, in lists and sums.

use std::{
    fmt::Write as _,
    io::{BufWriter, Write as _, stdout},
    ops::ControlFlow,
    path::PathBuf,
    process::ExitCode,
};

use super::{
    Help, machine,
    options::{self, Given, Opt, Takes},
    print_help, print_version, search, source, watch, wrong_options,
};
use crate::{
    cli::{
        exit::{Code, Failure},
        live,
    },
    enrich::users,
    query::{
        clock::{self, End, Here, Stamps},
        expression::{Expression, Filtered},
        interpret::{Escape, Readable},
        report::{
            Look, Page, PageWorker, Rows, Selection, Subject, Tally, TallyWorker, Totals,
            TotalsWorker,
        },
    },
    records::EventId,
    source::replay::{self, Input, Needles, Outcome, Plan, ReplayError, Window, Worker},
};

/// Options of aureport(8), and what tracer adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    About(Subject),
    Times,
    Debug,
    EoeTimeout,
    Escape,
    Failed,
    Success,
    Help,
    Interpret,
    Input,
    InputLogs,
    NoConfig,
    Node,
    Summary,
    End,
    Start,
    Version,
    Json,
    Html,
    Threads,
    Zone,
    Passwd,
    Where,
    Watch,
}

/// A line of the table that takes no value.
const fn flag(key: Key, names: &'static [&'static str], help: &'static str) -> Opt<Key> {
    opt(key, names, Takes::Nothing, help)
}

/// A line of the table.
const fn opt(
    key: Key,
    names: &'static [&'static str],
    takes: Takes,
    help: &'static str,
) -> Opt<Key> {
    Opt {
        key,
        names,
        takes,
        help,
    }
}

/// Every option.
#[rustfmt::skip]
const OPTIONS: &[Opt<Key>] = &[
    flag(Key::About(Subject::Avc), &["-a", "--avc"], "decisions of security modules"),
    flag(Key::About(Subject::Authentication), &["-au", "--auth"], "attempts to authenticate"),
    flag(Key::About(Subject::Command), &["--comm"], "commands"),
    flag(Key::About(Subject::Config), &["-c", "--config"], "changes of configurations"),
    flag(Key::About(Subject::Crypto), &["-cr", "--crypto"], "cryptography"),
    flag(Key::Debug, &["--debug"], "say which lines are no records (tracer always does)"),
    opt(Key::EoeTimeout, &["--eoe-timeout"], Takes::Value("seconds"), "seconds after which an event is taken to be whole (2)"),
    opt(Key::Escape, &["--escape"], Takes::Value("mode"), "escape strings: raw, tty (default), shell, shell_quote"),
    flag(Key::About(Subject::Event), &["-e", "--event"], "all events"),
    flag(Key::About(Subject::File), &["-f", "--file"], "files"),
    flag(Key::Failed, &["--failed"], "only what failed"),
    flag(Key::About(Subject::Host), &["-h", "--host"], "other machines"),
    flag(Key::Help, &["--help"], "this help"),
    flag(Key::Interpret, &["-i", "--interpret"], "names instead of numbers"),
    opt(Key::Input, &["-if", "--input"], Takes::Value("file"), "read this file, or the log in this directory with all that was rotated away"),
    flag(Key::InputLogs, &["--input-logs"], "read the logs even when standard input is a pipe"),
    flag(Key::About(Subject::Integrity), &["--integrity"], "integrity measurements"),
    flag(Key::About(Subject::Key), &["-k", "--key"], "keys of rules"),
    flag(Key::About(Subject::Login), &["-l", "--login"], "logins"),
    flag(Key::About(Subject::Account), &["-m", "--mods"], "changes of accounts, groups and roles"),
    flag(Key::About(Subject::Mac), &["-ma", "--mac"], "policies of security modules"),
    flag(Key::About(Subject::Anomaly), &["-n", "--anomaly"], "anomalies"),
    flag(Key::NoConfig, &["-nc", "--no-config"], "not the changes of the audit configuration"),
    opt(Key::Node, &["--node"], Takes::Value("name"), "only what this machine logged (repeatable)"),
    flag(Key::About(Subject::Pid), &["-p", "--pid"], "processes"),
    flag(Key::About(Subject::Response), &["-r", "--response"], "responses to anomalies"),
    flag(Key::About(Subject::Syscall), &["-s", "--syscall"], "system calls"),
    flag(Key::Success, &["--success"], "only what succeeded"),
    flag(Key::Summary, &["--summary"], "sums, the most frequent first, instead of a list"),
    flag(Key::Times, &["-t", "--log"], "first and last time of each log"),
    opt(Key::End, &["-te", "--end"], Takes::Time, "up to this time"),
    flag(Key::About(Subject::Terminal), &["-tm", "--terminal"], "terminals"),
    opt(Key::Start, &["-ts", "--start"], Takes::Time, "from this time on"),
    flag(Key::About(Subject::Tty), &["--tty"], "what was typed"),
    flag(Key::About(Subject::User), &["-u", "--user"], "users"),
    flag(Key::Version, &["-v", "--version"], "print the version"),
    flag(Key::About(Subject::Virtualization), &["--virt"], "virtual machines"),
    flag(Key::About(Subject::Executable), &["-x", "--executable"], "programs"),
    flag(Key::Json, &["--json"], "JSON, one object a line"),
    opt(Key::Html, &["--html"], Takes::Value("file"), "write a page with plots, which needs nothing else"),
    flag(Key::Watch, &["--watch"], "with --html: write the page anew when there is more in the log, until Ctrl-C"),
    opt(Key::Where, &["--where"], Takes::Value("expression"), "only events for which a condition over all fields holds, as in tracer search"),
    opt(Key::Zone, &["--tz"], Takes::Negative("zone"), "times are of this zone: a name such as Europe/Berlin, or an offset such as +02:00"),
    opt(Key::Passwd, &["--passwd"], Takes::Value("file"), "users are those of this file, as /etc/passwd; groups those of the file `group` beside it"),
    opt(Key::Threads, &["--threads"], Takes::Value("n"), "threads to read with (as many as there are CPUs, up to 8)"),
];

const EXAMPLES: &str = "
Without a subject, everything is summed.

Examples:
  tracer report                            sums of everything
  tracer report -f --summary -i            which files, how often
  tracer report -x --failed -ts today -i   programs that were refused something today
  tracer report -au -if /var/log/audit     attempts to authenticate, from auditd's logs
  tracer report --html week.html -ts week-ago
  tracer report --html now.html --watch -ts today

The exit code is 1 when a list is empty.
";

/// What is to be done.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
struct Job {
    what: What,
    summary: bool,
    selection: Selection,
    expression: Option<Expression>,
    window: Window,
    interpret: bool,
    json: bool,
    html: Option<PathBuf>,
    watch: bool,
    how: Readable,
    input: Option<PathBuf>,
    input_logs: bool,
    timeout: u64,
    threads: usize,
    here: Here,
}

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Everything,
    Times,
    About(Subject),
}

/// How the options, most of which are reports, are written.
pub(in crate::cli) fn names() -> impl Iterator<Item = &'static str> {
    options::names(OPTIONS)
}

/// What its help says.
pub(in crate::cli) fn help() -> Help {
    Help {
        about: "Says what happened in audit logs.",
        options: options::rows(OPTIONS),
        end: EXAMPLES,
    }
}

/// Parses the arguments and makes the report.
pub(in crate::cli) fn run(args: &[String], tool: &str) -> Result<ExitCode, Failure> {
    let given = options::parse(OPTIONS, args).map_err(|error| {
        let instead =
            "here conditions are --where EXPRESSION, or what `search --raw` prints into it";
        wrong_options(&error, search::names(), "search", instead)
    })?;
    if given.iter().any(|option| option.key == Key::Help) {
        return print_help(tool, &help());
    }
    if given.iter().any(|option| option.key == Key::Version) {
        return print_version(tool);
    }
    let job = Job::new(&given)?;
    let Some(page) = job.html.as_deref().filter(|_| job.watch) else {
        return once(&job);
    };
    let log = source::log(job.input.as_deref(), job.input_logs)?;
    let log = log.ok_or_else(|| Failure::usage("--watch needs a log; a pipe has an end"))?;
    watch::watch(&log, page, || once(&job))
}

/// Makes the report of what there is.
fn once(job: &Job) -> Result<ExitCode, Failure> {
    let input = source::open(job.input.as_deref(), job.input_logs, |_| 0)?;
    let made = job.make(&input);
    if source::tell_damages(&input) && made.is_ok() {
        return Ok(Code::Failed.into());
    }
    match made {
        // Whoever reads has seen enough.
        Err(ReplayError::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => {
            Ok(ExitCode::SUCCESS)
        }
        made => Ok(made?),
    }
}

impl Job {
    fn new(given: &[Given<Key>]) -> Result<Self, Failure> {
        let mut job = Self {
            what: What::Everything,
            summary: false,
            selection: Selection::default(),
            expression: None,
            window: Window::ALL,
            interpret: false,
            json: false,
            html: None,
            watch: false,
            how: Readable::of(users::of_system()),
            input: None,
            input_logs: false,
            timeout: replay::TIMEOUT,
            threads: source::default_threads(),
            here: Here::system(),
        };
        // What times and users mean is known before any is read.
        for option in given {
            match option.key {
                Key::Zone => job.here = machine::zone(option, job.here)?,
                Key::Passwd => machine::passwd(option, &mut job.how)?,
                _ => {}
            }
        }
        for option in given {
            job.take(option)?;
        }
        if job.watch && job.html.is_none() {
            return Err(Failure::usage("--watch is for a page: --html FILE"));
        }
        if job.window.start > job.window.end {
            return Err(Failure::usage("the end (-te) is before the start (-ts)"));
        }
        let no_sums = match job.what {
            What::Times => true,
            What::About(subject) => Look::of(subject).summed().is_none(),
            What::Everything => false,
        };
        if job.summary && no_sums {
            return Err(Failure::usage("this report has no --summary"));
        }
        Ok(job)
    }

    fn take(&mut self, option: &Given<Key>) -> Result<(), Failure> {
        let number = || {
            let value: Result<u64, _> = option.value().parse();
            value.map_err(|_| {
                Failure::usage(format!(
                    "{} {}: expected a number",
                    option.name,
                    option.value()
                ))
            })
        };
        match option.key {
            Key::About(subject) => self.about(What::About(subject))?,
            Key::Times => self.about(What::Times)?,
            Key::EoeTimeout => self.timeout = number()?,
            Key::Threads => self.threads = number()?.max(1) as usize,
            Key::Escape => {
                self.how.escape = Escape::from_name(option.value()).ok_or_else(|| {
                    Failure::usage("--escape: expected raw, tty, shell or shell_quote")
                })?;
            }
            Key::Failed => self.selection.success = Some(false),
            Key::Success => self.selection.success = Some(true),
            Key::Interpret => self.interpret = true,
            Key::Input => self.input = Some(option.value().into()),
            Key::InputLogs => self.input_logs = true,
            Key::NoConfig => self.selection.no_config = true,
            Key::Node => self.selection.nodes.push(option.value().to_owned()),
            Key::Summary => self.summary = true,
            Key::Start => self.window.start = self.time(option, End::Start)?,
            Key::End => self.window.end = self.time(option, End::End)?,
            Key::Where => self.expression = Some(options::expression(option, &self.here)?),
            Key::Json => self.json = true,
            Key::Watch => self.watch = true,
            Key::Html => self.html = Some(option.value().into()),
            Key::Debug | Key::Help | Key::Version | Key::Zone | Key::Passwd => {}
        }
        Ok(())
    }

    fn about(&mut self, what: What) -> Result<(), Failure> {
        if self.what != What::Everything {
            return Err(Failure::usage("only one report can be specified"));
        }
        self.what = what;
        Ok(())
    }

    fn time(&self, option: &Given<Key>, end: End) -> Result<u64, Failure> {
        let words: Vec<&str> = option.values.iter().map(String::as_str).collect();
        clock::parse(&words, end, &self.here, &clock::now())
            .map_err(|error| Failure::usage(format!("{}: {error}", option.name)))
    }

    fn make(&self, input: &Input) -> Result<ExitCode, ReplayError> {
        if let Some(file) = &self.html {
            return self.page(input, file);
        }
        match self.what {
            What::Everything => self.everything(input),
            What::Times => self.times(input),
            What::About(subject) if self.summary => self.sums(input, subject),
            What::About(subject) => self.list(input, subject),
        }
    }

    /// Goes through the log. What is no record is told.
    fn scan<W: Worker>(
        &self,
        input: &Input,
        make: impl Fn() -> W + Sync,
        deliver: impl FnMut(W::Made) -> Result<ControlFlow<()>, ReplayError> + Send,
    ) -> Result<Vec<W>, ReplayError> {
        let ask = self.expression.as_ref().and_then(Expression::ask);
        let plan = Plan {
            window: self.window,
            only: source::parts(input, ask.as_ref(), self.window),
            needles: self
                .expression
                .as_ref()
                .and_then(|expression| Needles::new(&expression.needles()?)),
            timeout: self.timeout,
            threads: self.threads,
            ..Plan::whole(input)
        };
        let make = || Filtered::new(make(), self.expression.as_ref(), &self.how);
        let Outcome { workers, faults } = source::with_progress(input.len(), |done| {
            replay::scan(input, &plan, done, make, deliver)
        })?;
        source::tell_faults(input, &faults);
        Ok(workers.into_iter().map(|of| of.worker).collect())
    }

    fn list(&self, input: &Input, subject: Subject) -> Result<ExitCode, ReplayError> {
        let mut out = BufWriter::new(stdout());
        let json = self.json;
        if !json {
            write(&mut out, Look::of(subject).head().as_bytes())?;
        }
        let mut number = 0_u64;
        let make = || {
            Rows::new(
                subject,
                &self.selection,
                self.interpret,
                json,
                &self.how,
                self.here.clone(),
            )
        };
        self.scan(input, make, |(text, ends): (Vec<u8>, Vec<usize>)| {
            let mut start = 0;
            for end in ends {
                number += 1;
                if !json {
                    write(&mut out, format!("{number}. ").as_bytes())?;
                }
                write(&mut out, &text[start..end])?;
                start = end;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if number == 0 && !json {
            write(&mut out, NOTHING)?;
        }
        out.flush().map_err(ReplayError::Output)?;
        Ok(if number == 0 {
            Code::Failed.into()
        } else {
            ExitCode::SUCCESS
        })
    }

    fn sums(&self, input: &Input, subject: Subject) -> Result<ExitCode, ReplayError> {
        let look = Look::of(subject);
        let make = || TallyWorker::new(subject, &self.selection, self.interpret, &self.how);
        let workers = self.scan(input, make, |()| Ok(ControlFlow::Continue(())))?;
        let mut tally = Tally::default();
        for worker in workers {
            tally.append(worker.tally);
        }
        let mut text = Vec::new();
        if self.json {
            let what = look.summed().unwrap_or_default();
            for (hits, value) in tally.sorted() {
                let value = String::from_utf8_lossy(value);
                let row = serde_json::json!({ "total": hits, what: value });
                text.extend_from_slice(format!("{row}\n").as_bytes());
            }
        } else {
            let head = look.sums_head(self.selection.success).unwrap_or_default();
            text.extend_from_slice(head.as_bytes());
            for (hits, value) in tally.sorted() {
                text.extend_from_slice(format!("{hits}  ").as_bytes());
                self.how.escape.write(&mut text, value);
                text.push(b'\n');
            }
            if tally.is_empty() {
                text.extend_from_slice(NOTHING);
            }
        }
        write(&mut stdout(), &text)?;
        Ok(ExitCode::SUCCESS)
    }

    fn everything(&self, input: &Input) -> Result<ExitCode, ReplayError> {
        let make = || TotalsWorker::new(&self.selection);
        let workers = self.scan(input, make, |()| Ok(ControlFlow::Continue(())))?;
        let mut totals = Totals::default();
        for worker in workers {
            totals.append(worker.totals);
        }
        let (first, last) = range(input)?;
        let text = if self.json {
            self.totals_json(&totals, first, last)
        } else {
            self.totals_text(&totals, first, last)
        };
        write(&mut stdout(), text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }

    fn totals_text(&self, totals: &Totals, first: EventId, last: EventId) -> String {
        let mut stamps = Stamps::new(self.here.clone());
        let mut text = format!(
            "\n{}Summary Report\n======================\nRange of time in logs: {} - {}\n",
            match self.selection.success {
                None => "",
                Some(true) => "Success ",
                Some(false) => "Failed ",
            },
            with_millis(&mut stamps, first),
            with_millis(&mut stamps, last),
        );
        let start = match self.window.start {
            0 => first.sec,
            start => start,
        };
        let end = match self.window.end {
            u64::MAX => with_millis(&mut stamps, last),
            end => stamps.date_time(end).to_owned(),
        };
        let _ = writeln!(
            text,
            "Selected time for report: {} - {end}",
            stamps.date_time(start)
        );
        for (what, _, count) in totals.lines() {
            let _ = writeln!(text, "Number of {what}: {count}");
        }
        text + "\n"
    }

    fn totals_json(&self, totals: &Totals, first: EventId, last: EventId) -> String {
        let mut stamps = Stamps::new(self.here.clone());
        let mut time = |id: EventId| {
            let seconds = stamps.format("%Y-%m-%dT%H:%M:%S", id.sec);
            format!("{seconds}.{:03}{}", id.milli, stamps.format("%:z", id.sec))
        };
        let mut object = serde_json::Map::new();
        object.insert("first".into(), time(first).into());
        object.insert("last".into(), time(last).into());
        for (_, name, count) in totals.lines() {
            object.insert(name.into(), count.into());
        }
        format!("{}\n", serde_json::Value::from(object))
    }

    fn times(&self, input: &Input) -> Result<ExitCode, ReplayError> {
        let mut stamps = Stamps::new(self.here.clone());
        let mut text = "\nLog Time Range Report\n=====================\n".to_owned();
        if self.json {
            text.clear();
        }
        for segment in input.segments() {
            let (from, to) = (segment.start, segment.start + segment.len);
            let ends = (
                replay::first_time(input, from, to)?,
                replay::last_time(input, from, to)?,
            );
            let name = segment.name.display();
            let times = match ends {
                (Some(first), Some(last)) => Some((
                    with_millis(&mut stamps, first),
                    with_millis(&mut stamps, last),
                )),
                _ => None,
            };
            if self.json {
                let (first, last) = times.unzip();
                let name = name.to_string();
                let row = serde_json::json!({ "log": name, "first": first, "last": last });
                let _ = writeln!(text, "{row}");
            } else {
                let _ = match times {
                    Some((first, last)) => writeln!(text, "{name}: {first} - {last}"),
                    None => writeln!(text, "{name}: no records"),
                };
            }
        }
        write(&mut stdout(), text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }

    fn page(&self, input: &Input, file: &std::path::Path) -> Result<ExitCode, ReplayError> {
        let (first, last) = range(input)?;
        let start = self.window.start.max(first.sec);
        let end = self.window.end.min(last.sec).max(start);
        let make = || PageWorker::new(&self.selection, start, end);
        let workers = self.scan(input, make, |()| Ok(ControlFlow::Continue(())))?;
        let mut counts = make();
        for worker in workers {
            counts.append(worker);
        }
        let names: Vec<_> = input
            .segments()
            .iter()
            .map(|segment| segment.name.display().to_string())
            .collect();
        let mut page = Page::new(
            &counts,
            start,
            end,
            names.join(", "),
            &self.how,
            self.here.clone(),
        );
        page.refreshes = self.watch;
        let html = page.html();
        let written = if self.watch {
            // A browser may read it at any time.
            let new = file.with_added_extension("new");
            std::fs::write(&new, html).and_then(|()| std::fs::rename(&new, file))
        } else {
            std::fs::write(file, html)
        };
        written.map_err(|e| {
            let text = live::cannot_make(file, &e).to_string();
            ReplayError::Output(std::io::Error::new(e.kind(), text))
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What stands in the place of rows that there are not.
const NOTHING: &[u8] = b"<no events of interest were found>\n\n";

fn write(out: &mut impl std::io::Write, text: &[u8]) -> Result<(), ReplayError> {
    out.write_all(text).map_err(ReplayError::Output)
}

/// First and last record of the log.
fn range(input: &Input) -> Result<(EventId, EventId), ReplayError> {
    let first = replay::first_time(input, 0, input.len())?;
    let last = replay::last_time(input, 0, input.len())?;
    Ok((first.unwrap_or_default(), last.unwrap_or_default()))
}

fn with_millis(stamps: &mut Stamps, id: EventId) -> String {
    format!("{}.{:03}", stamps.date_time(id.sec), id.milli)
}
