//! `tracer search`, and `ausearch`: finds events in audit logs.

use std::{
    io::{IsTerminal as _, Write as _, stdout},
    ops::ControlFlow,
    path::PathBuf,
    process::ExitCode,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    options::{self, Given, Opt, Takes},
    source,
};
use crate::{
    calls::Arch,
    cli::exit::{Code, Failure},
    query::{
        checkpoint::{self, Checkpoint, CheckpointError},
        clock::{self, End, Here},
        criteria::{Criteria, UserIs},
        interpret::{Escape, arch_number},
        output::{Columns, Format, Printer},
    },
    records::RecordType,
    source::replay::{self, BLOCK, Event, Input, Plan, ReplayError, Window, Worker},
};

/// Options of ausearch(8), and what tracer adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::enum_variant_names,
    reason = "the key of a rule is one of them"
)]
enum Key {
    Event,
    Arch,
    Comm,
    Checkpoint,
    Debug,
    Exit,
    Escape,
    EoeTimeout,
    ExtraKeys,
    ExtraLabels,
    ExtraObj2,
    ExtraTime,
    File,
    Format,
    AnyGid,
    Egid,
    Gid,
    Help,
    Host,
    Interpret,
    Input,
    InputLogs,
    JustOne,
    Key,
    LineBuffered,
    Message,
    Node,
    Object,
    Pid,
    Ppid,
    Raw,
    Syscall,
    Label,
    Session,
    Subject,
    Success,
    End,
    Start,
    Terminal,
    AnyUid,
    Euid,
    Uid,
    Auid,
    Uuid,
    Version,
    Vm,
    Word,
    Exe,
    Threads,
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
const OPTIONS: &[Opt<Key>] = &[
    opt(
        Key::Event,
        &["-a", "--event"],
        Takes::Value("serial"),
        "this event only",
    ),
    opt(
        Key::Arch,
        &["--arch"],
        Takes::Value("name"),
        "calls of this architecture: x86_64, i386, aarch64, b64, b32",
    ),
    opt(
        Key::Comm,
        &["-c", "--comm"],
        Takes::Value("name"),
        "by command name",
    ),
    opt(
        Key::Checkpoint,
        &["--checkpoint"],
        Takes::Value("file"),
        "go on after the last event of the run before, and note the last one of this run",
    ),
    opt(
        Key::Debug,
        &["--debug"],
        Takes::Nothing,
        "say which lines are no records (tracer always does)",
    ),
    opt(
        Key::Exit,
        &["-e", "--exit"],
        Takes::Negative("code"),
        "calls with this result: a number, or an error such as -13 or EACCES",
    ),
    opt(
        Key::Escape,
        &["--escape", "-escape"],
        Takes::Value("mode"),
        "escape strings: raw, tty (default), shell, shell_quote",
    ),
    opt(
        Key::EoeTimeout,
        &["--eoe-timeout"],
        Takes::Value("seconds"),
        "seconds after which an event is taken to be whole (2)",
    ),
    opt(
        Key::ExtraKeys,
        &["--extra-keys"],
        Takes::Nothing,
        "csv: a column with the key",
    ),
    opt(
        Key::ExtraLabels,
        &["--extra-labels"],
        Takes::Nothing,
        "csv: columns with security labels",
    ),
    opt(
        Key::ExtraObj2,
        &["--extra-obj2"],
        Takes::Nothing,
        "csv: a column with a second object",
    ),
    opt(
        Key::ExtraTime,
        &["--extra-time"],
        Takes::Nothing,
        "csv: columns with the parts of the time",
    ),
    opt(
        Key::File,
        &["-f", "--file"],
        Takes::Value("name"),
        "by file name, or working directory",
    ),
    opt(
        Key::Format,
        &["--format"],
        Takes::Value("format"),
        "raw, default, interpret, csv, text, json",
    ),
    opt(
        Key::AnyGid,
        &["-ga", "--gid-all"],
        Takes::Value("group"),
        "by real or effective group",
    ),
    opt(
        Key::Egid,
        &["-ge", "--gid-effective"],
        Takes::Value("group"),
        "by effective group",
    ),
    opt(
        Key::Gid,
        &["-gi", "--gid"],
        Takes::Value("group"),
        "by real group",
    ),
    opt(Key::Help, &["-h", "--help"], Takes::Nothing, "this help"),
    opt(
        Key::Host,
        &["-hn", "--host"],
        Takes::Value("name"),
        "by the other machine's name or address",
    ),
    opt(
        Key::Interpret,
        &["-i", "--interpret"],
        Takes::Nothing,
        "make values readable; the same as --format interpret",
    ),
    opt(
        Key::Input,
        &["-if", "--input"],
        Takes::Value("file"),
        "read this file, or the log in this directory with all that was rotated away",
    ),
    opt(
        Key::InputLogs,
        &["--input-logs"],
        Takes::Nothing,
        "read the logs even when standard input is a pipe",
    ),
    opt(
        Key::JustOne,
        &["--just-one"],
        Takes::Nothing,
        "stop after the first event",
    ),
    opt(
        Key::Key,
        &["-k", "--key"],
        Takes::Value("key"),
        "by the key of the rule",
    ),
    opt(
        Key::LineBuffered,
        &["-l", "--line-buffered"],
        Takes::Nothing,
        "write each event at once",
    ),
    opt(
        Key::Message,
        &["-m", "--message"],
        Takes::Value("types"),
        "by types of records, divided by commas; ALL is any",
    ),
    opt(
        Key::Node,
        &["-n", "--node"],
        Takes::Value("name"),
        "by the machine that logged it (repeatable)",
    ),
    opt(
        Key::Object,
        &["-o", "--object"],
        Takes::Value("label"),
        "by the security label of an object",
    ),
    opt(
        Key::Pid,
        &["-p", "--pid"],
        Takes::Value("pid"),
        "by process",
    ),
    opt(
        Key::Ppid,
        &["-pp", "--ppid"],
        Takes::Value("pid"),
        "by parent process",
    ),
    opt(
        Key::Raw,
        &["-r", "--raw"],
        Takes::Nothing,
        "print the lines of the log; the same as --format raw",
    ),
    opt(
        Key::Syscall,
        &["-sc", "--syscall"],
        Takes::Value("call"),
        "by system call, name or number",
    ),
    opt(
        Key::Label,
        &["-se", "--context"],
        Takes::Value("label"),
        "by the security label of subject or object",
    ),
    opt(
        Key::Session,
        &["--session"],
        Takes::Negative("id"),
        "by login session; unset is none",
    ),
    opt(
        Key::Subject,
        &["-su", "--subject"],
        Takes::Value("label"),
        "by the security label of the subject",
    ),
    opt(
        Key::Success,
        &["-sv", "--success"],
        Takes::Value("yes|no"),
        "by what came of it",
    ),
    opt(Key::End, &["-te", "--end"], Takes::Time, "up to this time"),
    opt(
        Key::Start,
        &["-ts", "--start"],
        Takes::Time,
        "from this time on; `checkpoint` is that of --checkpoint",
    ),
    opt(
        Key::Terminal,
        &["-tm", "--terminal"],
        Takes::Value("name"),
        "by terminal",
    ),
    opt(
        Key::AnyUid,
        &["-ua", "--uid-all"],
        Takes::Value("user"),
        "by real, effective or login user",
    ),
    opt(
        Key::Euid,
        &["-ue", "--uid-effective"],
        Takes::Value("user"),
        "by effective user",
    ),
    opt(
        Key::Uid,
        &["-ui", "--uid"],
        Takes::Value("user"),
        "by real user",
    ),
    opt(
        Key::Auid,
        &["-ul", "--loginuid"],
        Takes::Negative("user"),
        "by login user; unset is none",
    ),
    opt(
        Key::Uuid,
        &["-uu", "--uuid"],
        Takes::Value("uuid"),
        "by the UUID of a virtual machine",
    ),
    opt(
        Key::Version,
        &["-v", "--version"],
        Takes::Nothing,
        "print the version",
    ),
    opt(
        Key::Vm,
        &["-vm", "--vm-name"],
        Takes::Value("name"),
        "by the name of a virtual machine",
    ),
    opt(
        Key::Word,
        &["-w", "--word"],
        Takes::Nothing,
        "strings must be equal; otherwise a part is enough",
    ),
    opt(
        Key::Exe,
        &["-x", "--executable"],
        Takes::Value("path"),
        "by program",
    ),
    opt(
        Key::Threads,
        &["--threads"],
        Takes::Value("n"),
        "threads to read with (as many as there are CPUs, up to 8)",
    ),
];

const EXAMPLES: &str = "
Examples:
  tracer search -k passwd-changes -i               by the key of the rule, readable
  tracer search -f /etc/shadow -sv no -ts today    failed accesses to a file since midnight
  tracer search -x /usr/bin/sudo -ts 11/22/26 19:50 -te 11/22/26 20:00
  tracer search -ua www-data --format csv > www-data.csv
  tracer search -if /var/log/audit -m USER_LOGIN --format json
  tracer search --checkpoint /var/lib/seen -i      only what is new since the run before

The exit code is 0 when events were found, 1 when none were.
";

/// What is to be done.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
struct Job {
    criteria: Criteria,
    window: Window,
    format: Option<Format>,
    columns: Columns,
    escape: Escape,
    input: Option<PathBuf>,
    input_logs: bool,
    just_one: bool,
    line_buffered: bool,
    checkpoint: Option<PathBuf>,
    from_checkpoint_time: bool,
    timeout: u64,
    threads: usize,
    here: Here,
}

/// Parses the arguments and runs the search.
pub(in crate::cli) fn run(args: &[String], tool: &str) -> Result<ExitCode, Failure> {
    let given = options::parse(OPTIONS, args).map_err(Failure::usage)?;
    if given.iter().any(|option| option.key == Key::Help) {
        print!(
            "usage: {tool} [options]\n\nFinds events in audit logs. All conditions must hold.\n\n{}{EXAMPLES}",
            options::help(OPTIONS)
        );
        return Ok(ExitCode::SUCCESS);
    }
    if given.iter().any(|option| option.key == Key::Version) {
        println!("{tool} version {}", env!("CARGO_PKG_VERSION"));
        return Ok(ExitCode::SUCCESS);
    }
    let job = Job::new(&given)?;
    search(&job)
}

impl Job {
    fn new(given: &[Given<Key>]) -> Result<Self, Failure> {
        let mut job = Self {
            criteria: Criteria::default(),
            window: Window::ALL,
            format: None,
            columns: Columns::default(),
            escape: Escape::default(),
            input: None,
            input_logs: false,
            just_one: false,
            line_buffered: false,
            checkpoint: None,
            from_checkpoint_time: false,
            timeout: 2,
            threads: default_threads(),
            here: Here::system(),
        };
        for option in given {
            job.take(option)?;
        }
        let extra = job.columns != Columns::default();
        if extra && job.format != Some(Format::Csv) {
            return Err(Failure::usage("the --extra options are for --format csv"));
        }
        if job.from_checkpoint_time && job.checkpoint.is_none() {
            return Err(Failure::usage("-ts checkpoint needs --checkpoint FILE"));
        }
        if job.window.start > job.window.end {
            return Err(Failure::usage("the end (-te) is before the start (-ts)"));
        }
        Ok(job)
    }

    fn take(&mut self, option: &Given<Key>) -> Result<(), Failure> {
        match option.key {
            Key::Checkpoint => self.checkpoint = Some(option.value().into()),
            Key::Escape => {
                self.escape = Escape::from_name(option.value())
                    .ok_or_else(|| bad(option, "raw, tty, shell or shell_quote"))?;
            }
            Key::EoeTimeout => self.timeout = number(option)?,
            Key::ExtraKeys => self.columns.keys = true,
            Key::ExtraLabels => self.columns.labels = true,
            Key::ExtraObj2 => self.columns.obj2 = true,
            Key::ExtraTime => self.columns.time = true,
            Key::Format => self.set_format(option, format_of(option)?)?,
            Key::Interpret => self.set_format(option, Format::Interpret)?,
            Key::Raw => self.set_format(option, Format::Raw)?,
            Key::Input => self.input = Some(option.value().into()),
            Key::InputLogs => self.input_logs = true,
            Key::JustOne => self.just_one = true,
            Key::LineBuffered => self.line_buffered = true,
            Key::End => self.window.end = time(option, End::End, &self.here)?,
            Key::Start if option.values == ["checkpoint"] => self.from_checkpoint_time = true,
            Key::Start => self.window.start = time(option, End::Start, &self.here)?,
            Key::Threads => self.threads = number::<usize>(option)?.max(1),
            Key::Word => self.criteria.whole = true,
            Key::Debug | Key::Help | Key::Version => {}
            _ => condition(&mut self.criteria, option)?,
        }
        Ok(())
    }

    fn set_format(&mut self, option: &Given<Key>, format: Format) -> Result<(), Failure> {
        if self.format.is_some_and(|before| before != format) {
            return Err(Failure::usage(format!(
                "{} asks for a second output format: use one",
                option.name
            )));
        }
        self.format = Some(format);
        Ok(())
    }
}

/// Threads that a search or report uses where nothing else is said.
pub(super) fn default_threads() -> usize {
    std::thread::available_parallelism()
        .map_or(1, std::num::NonZero::get)
        .min(8)
}

/// Takes an option that is a condition.
fn condition(criteria: &mut Criteria, option: &Given<Key>) -> Result<(), Failure> {
    let text = || Some(option.value().as_bytes().to_vec());
    match option.key {
        Key::Event => criteria.serial = Some(number(option)?),
        Key::Arch => {
            let arch = arch_number(option.value());
            criteria.arch =
                Some(arch.ok_or_else(|| bad(option, "x86_64, i386, aarch64, b64, b32, ..."))?);
        }
        Key::Comm => criteria.comm = text(),
        Key::Exit => criteria.exit = Some(exit_code(option)?),
        Key::File => criteria.file = text(),
        Key::AnyGid => criteria.any_gid = Some(group(option)?),
        Key::Egid => criteria.egid = Some(group(option)?),
        Key::Gid => criteria.gid = Some(group(option)?),
        Key::Host => criteria.host = text(),
        Key::Key => criteria.key = text(),
        Key::Message => types(criteria, option)?,
        Key::Node => criteria.nodes.push(option.value().to_owned()),
        Key::Object => criteria.object = text(),
        Key::Pid => criteria.pid = Some(number(option)?),
        Key::Ppid => criteria.ppid = Some(number(option)?),
        Key::Syscall => syscall(criteria, option)?,
        Key::Label => criteria.label = text(),
        Key::Session => {
            criteria.session = Some(match option.value() {
                "unset" | "-1" => u32::MAX,
                _ => number(option)?,
            });
        }
        Key::Subject => criteria.subject = text(),
        Key::Success => {
            criteria.success = Some(match option.value() {
                "yes" => true,
                "no" => false,
                _ => return Err(bad(option, "yes or no")),
            });
        }
        Key::Terminal => criteria.terminal = text(),
        Key::AnyUid => criteria.any_uid = Some(user(option)?),
        Key::Euid => criteria.euid = Some(user(option)?),
        Key::Uid => criteria.uid = Some(user(option)?),
        Key::Auid => criteria.auid = Some(user(option)?),
        Key::Uuid => criteria.uuid = text(),
        Key::Vm => criteria.vm = text(),
        Key::Exe => criteria.exe = text(),
        _ => {}
    }
    Ok(())
}

fn bad(option: &Given<Key>, expected: &str) -> Failure {
    Failure::usage(format!(
        "{} {}: expected {expected}",
        option.name,
        option.value()
    ))
}

fn number<T: std::str::FromStr>(option: &Given<Key>) -> Result<T, Failure> {
    option.value().parse().map_err(|_| bad(option, "a number"))
}

fn time(option: &Given<Key>, end: End, here: &Here) -> Result<u64, Failure> {
    let words: Vec<&str> = option.values.iter().map(String::as_str).collect();
    clock::parse(&words, end, here, &clock::now())
        .map_err(|error| Failure::usage(format!("{}: {error}", option.name)))
}

fn format_of(option: &Given<Key>) -> Result<Format, Failure> {
    Ok(match option.value() {
        "raw" => Format::Raw,
        "default" => Format::Default,
        "csv" => Format::Csv,
        "text" => Format::Text,
        "json" => Format::Json,
        name if name.starts_with("interp") => Format::Interpret,
        _ => return Err(bad(option, "raw, default, interpret, csv, text or json")),
    })
}

fn exit_code(option: &Given<Key>) -> Result<i64, Failure> {
    let text = option.value();
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    // Errors are negative results; ausearch takes the name for the positive number, which no call
    // returns.
    let name = text.strip_prefix('-').unwrap_or(text);
    (1..134)
        .find(|errno| crate::decode::names::errno(*errno) == name)
        .map(|errno| -i64::from(errno))
        .ok_or_else(|| bad(option, "a number or the name of an error"))
}

fn user(option: &Given<Key>) -> Result<UserIs, Failure> {
    let text = option.value();
    let id = |id| UserIs { id, name: None };
    if text == "unset" || text == "-1" {
        return Ok(id(u32::MAX));
    }
    if let Ok(number) = text.parse() {
        return Ok(id(number));
    }
    match nix::unistd::User::from_name(text) {
        Ok(Some(user)) => Ok(UserIs {
            id: user.uid.as_raw(),
            name: Some(text.to_owned()),
        }),
        _ => Err(bad(option, "the id or name of a user")),
    }
}

fn group(option: &Given<Key>) -> Result<u32, Failure> {
    let text = option.value();
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    match nix::unistd::Group::from_name(text) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        _ => Err(bad(option, "the id or name of a group")),
    }
}

fn types(criteria: &mut Criteria, option: &Given<Key>) -> Result<(), Failure> {
    for name in option.value().split(',').filter(|name| !name.is_empty()) {
        if name.eq_ignore_ascii_case("ALL") {
            continue;
        }
        let known = name
            .parse()
            .ok()
            .map(RecordType)
            .or_else(|| RecordType::from_name(name.to_uppercase().as_bytes()));
        criteria.types.push(known.ok_or_else(|| {
            let names: Vec<_> = RecordType::names().collect();
            bad(
                option,
                &format!("types of records: ALL {}", names.join(" ")),
            )
        })?);
    }
    Ok(())
}

fn syscall(criteria: &mut Criteria, option: &Given<Key>) -> Result<(), Failure> {
    let text = option.value();
    if let Ok(number) = text.parse() {
        criteria.syscall = Some(number);
        return Ok(());
    }
    let arch = match criteria.arch {
        None => Arch::NATIVE,
        Some(wanted) => Arch::ALL
            .into_iter()
            .find(|arch| arch.audit() == wanted)
            .ok_or_else(|| {
                bad(
                    option,
                    "the number of a call, as this architecture's names are not known",
                )
            })?,
    };
    let number = arch.number(text).ok_or_else(|| {
        Failure::usage(format!(
            "Syscall {text} not found in the table of {}",
            arch.as_str()
        ))
    })?;
    criteria.syscall = Some(i64::from(number));
    criteria.arch = Some(arch.audit());
    Ok(())
}

/// One thread's part of a search.
struct Finder<'j> {
    job: &'j Job,
    printer: Printer,
    out: Vec<u8>,
    found: u64,
    /// Somebody has found what is enough.
    enough: &'j AtomicBool,
}

/// What was found in a block.
struct Found {
    text: Vec<u8>,
    count: u64,
}

impl Worker for Finder<'_> {
    type Made = Found;

    fn event(&mut self, event: &Event<'_>) {
        if self.job.just_one && (self.found > 0 || self.enough.load(Ordering::Relaxed)) {
            return;
        }
        if self.job.criteria.hold(event) {
            self.found += 1;
            self.printer.event(&mut self.out, event);
        }
    }

    fn block(&mut self) -> Found {
        Found {
            text: std::mem::take(&mut self.out),
            count: std::mem::take(&mut self.found),
        }
    }
}

fn search(job: &Job) -> Result<ExitCode, Failure> {
    let before = match &job.checkpoint {
        Some(file) => Checkpoint::load(file).map_err(checkpoint_failure)?,
        None => None,
    };
    let first = |paths: &[PathBuf]| match &before {
        Some(before) if !job.from_checkpoint_time => {
            before.segment(paths).map_err(checkpoint_failure)
        }
        _ => Ok(0),
    };
    let input = source::open(job.input.as_deref(), job.input_logs, first)?;
    let mut plan = Plan {
        window: job.window,
        part: 0..input.len(),
        needles: job.criteria.needles(),
        timeout: job.timeout,
        threads: job.threads,
        block: BLOCK,
    };
    let mut ends_at = None;
    if job.checkpoint.is_some() {
        let part = checkpoint::part(
            &input,
            before.as_ref(),
            job.from_checkpoint_time,
            job.timeout,
        )
        .map_err(checkpoint_failure)?;
        plan.part = part.range;
        ends_at = part.last;
    }
    let found = go(job, &input, &plan)?;
    if let Some(file) = &job.checkpoint {
        let now = Checkpoint::at(&input, ends_at.or(before.map(|before| before.event)));
        now.save(file).map_err(checkpoint_failure)?;
    }
    if found == 0 {
        if job.format != Some(Format::Raw) {
            eprintln!("<no matches>");
        }
        return Ok(ExitCode::from(Code::Failed as u8));
    }
    Ok(ExitCode::SUCCESS)
}

/// Searches and prints. Gives how many events were found.
fn go(job: &Job, input: &Input, plan: &Plan) -> Result<u64, Failure> {
    let enough = AtomicBool::new(false);
    let format = job.format.unwrap_or_default();
    let printer = || Printer::new(format, job.columns, job.escape, job.here.clone());
    let make = || Finder {
        job,
        printer: printer(),
        out: Vec::new(),
        found: 0,
        enough: &enough,
    };
    let mut total = 0;
    let (mut out, terminal) = (stdout(), stdout().is_terminal());
    let deliver = |found: Found| {
        let mut text = found.text;
        if total == 0 && found.count > 0 {
            let mut header = Vec::new();
            printer().header(&mut header);
            text.splice(0..0, header);
        }
        total += found.count;
        let written = out.write_all(&text).and_then(|()| {
            if terminal || job.line_buffered {
                out.flush()
            } else {
                Ok(())
            }
        });
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
    Ok(total)
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
