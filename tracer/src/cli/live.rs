//! What `trace` and `watch` share: output, run, and the account at the end.

use std::{
    ffi::OsStr,
    fmt::Display,
    io::IsTerminal,
    os::unix::{ffi::OsStrExt, process::ExitStatusExt},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use bytes::Bytes;
use tokio::process::Child;

use super::{
    args::{ColorArg, FormatArg, LiveArgs, Stream},
    exit::{self, Code, Failure},
};
use crate::{
    decode::Options,
    enrich::users,
    event::{Event, Users},
    fold::Fold,
    format::{
        Audit, Columns, Csv, Dialect, Format, Json, Lines, Names, Prefix, Shown, Silent, Strace,
        Template, Text, Times, Width,
    },
    pipeline::{End, Limits, Run},
    privileges::Needs,
    recording::{self, Defaults, Head, Recorder},
    rules::Rule,
    sink::{Sink, Stop},
    source::Source,
};

pub(crate) use crate::format::one_line;

/// The tokio runtime of a live command: one thread, because one ring has one reader.
pub(super) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(future)
}

/// Says something on standard error, unless `--quiet` or called as strace.
pub(super) fn say(args: &LiveArgs, text: impl Display) {
    if !args.quiet.is_quiet() {
        errln!("tracer: {}", one_line(&text.to_string()));
    }
}

/// Prints a message of several lines on standard error.
pub(super) fn complain(text: &str) {
    for line in text.lines() {
        errln!("{}", one_line(line));
    }
}

/// Opens the output.
pub(super) fn sink(args: &LiveArgs) -> Result<Sink, Failure> {
    match &args.output {
        None if args.to == Stream::Error => Ok(Sink::stderr()?),
        None => Ok(Sink::stdout()?),
        Some(path) => match (piped_to(path), args.output_append_mode) {
            (Some(command), _) => {
                Sink::command(command).map_err(|error| cannot_write(&path.display(), &error))
            }
            (None, true) => Sink::append(path).map_err(|error| cannot_make(path, &error)),
            (None, false) => Sink::create(path).map_err(|error| cannot_make(path, &error)),
        },
    }
}

/// The command of an output that is one.
pub(super) fn piped_to(output: &Path) -> Option<&OsStr> {
    let text = output.as_os_str().as_bytes();
    let command = text.strip_prefix(b"|").or(text.strip_prefix(b"!"))?;
    Some(OsStr::from_bytes(command))
}

/// How records look.
pub(super) struct Look {
    /// The form of a record.
    pub(super) format: FormatArg,
    /// How calls are decoded; `None` where they are not.
    pub(super) decode: Option<Options>,
    /// How a line of [`FormatArg::Strace`] says which task it is about.
    pub(super) prefix: Prefix,
    /// How a template is filled.
    pub(super) template: TemplateLook,
    /// The times in a line of [`FormatArg::Strace`].
    pub(super) times: Times,
    /// How such a line is laid out.
    pub(super) lines: Lines,
    /// What the host calls processes is shown, too (`-v`).
    pub(super) host_ids: bool,
    /// No record is shown: something else is made of the events.
    pub(super) silent: bool,
}

/// Why `--null` and `--timefmt` are refused.
pub(super) const ONLY_TEMPLATES: &str =
    "--null and --timefmt are for a template: --format '%T %w%f %e'";

/// What goes with [`FormatArg::Template`] and [`FormatArg::Csv`].
#[derive(Clone, Debug, Default)]
pub(super) struct TemplateLook {
    /// The names under which paths are shown.
    pub(super) shown: Shown,
    /// The form of a time.
    pub(super) timefmt: Option<String>,
    /// Records end with NUL, and names are as they are.
    pub(super) null: bool,
}

impl Look {
    /// The look of calls and of what else there is. `silent`: something else is made of them.
    pub(super) fn new(defaults: &Defaults, args: &LiveArgs, silent: bool) -> Self {
        let format = args.format.clone().unwrap_or(if defaults.decoded {
            FormatArg::Strace
        } else {
            FormatArg::Text
        });
        let is_decoded = match format {
            FormatArg::Strace | FormatArg::Json | FormatArg::Text => true,
            FormatArg::Audit | FormatArg::Csv | FormatArg::Template(_) => false,
        };
        let roots = defaults.roots.iter();
        Self {
            format,
            decode: is_decoded.then(|| defaults.options.clone()),
            prefix: if args.output.is_some() && defaults.follows {
                Prefix::Always
            } else {
                Prefix::WhereSeveral
            },
            template: TemplateLook {
                shown: Shown::new(roots.map(|(root, given)| (root.to_vec(), given.to_vec()))),
                ..TemplateLook::default()
            },
            times: defaults.times,
            lines: Lines::default(),
            host_ids: defaults.options.verbose,
            silent: silent || !prints(args),
        }
    }
}

/// Is anything printed? A recording run prints what it is asked for.
fn prints(args: &LiveArgs) -> bool {
    args.record.is_none() || args.format.is_some() || args.output.is_some()
}

/// Begins the recording that is asked for.
pub(super) fn recorder(
    args: &LiveArgs,
    defaults: Defaults,
) -> Result<Option<Box<dyn Fold>>, Failure> {
    let Some(path) = &args.record else {
        return Ok(None);
    };
    let head = Head {
        tracer: env!("CARGO_PKG_VERSION").to_owned(),
        machine: recording::this_machine(),
        start: crate::source::now(),
        command_line: std::env::args_os()
            .map(|arg| Bytes::from(arg.into_encoded_bytes()))
            .collect(),
        defaults,
    };
    match Recorder::create(path, &head) {
        Ok(recorder) => Ok(Some(Box::new(recorder))),
        Err(error) => Err(cannot_make(path, &error)),
    }
}

/// A file that cannot be opened for writing: why, and what to do.
pub(super) fn cannot_make(path: &Path, error: &std::io::Error) -> Failure {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    match dir {
        Some(dir) if error.kind() == std::io::ErrorKind::NotFound && !dir.exists() => {
            let dir = dir.display();
            let why = format!("there is no directory {dir}: make it first: `mkdir -p {dir}`");
            cannot_write(&path.display(), &why)
        }
        _ => {
            let what_to_do = match error.kind() {
                std::io::ErrorKind::IsADirectory => ": name a file in it",
                std::io::ErrorKind::PermissionDenied => {
                    ": name a file where you may write, or run as root"
                }
                std::io::ErrorKind::NotADirectory => ": a part of the path is a file",
                std::io::ErrorKind::ReadOnlyFilesystem => ": name a file on another file system",
                _ => "",
            };
            cannot_write(&path.display(), &format!("{error}{what_to_do}"))
        }
    }
}

pub(super) fn cannot_write(name: &dyn Display, why: &dyn Display) -> Failure {
    Failure::new(Code::Failed, format!("cannot write to {name}: {why}"))
}

/// What only some commands have.
#[derive(Default)]
pub(super) struct More<'a> {
    /// The command that is traced.
    pub(super) command: Option<Child>,
    /// Why the command could not be started, which is told behind the records.
    pub(super) failure: Option<Failure>,
    /// It was called as strace: what ends it ends this process as a signal does, also where there
    /// is no command.
    pub(super) as_strace: bool,
    /// Ends after so many records.
    pub(super) count: Option<u64>,
    /// Ends after so many calls.
    pub(super) calls: Option<u64>,
    /// Ends after so long.
    pub(super) duration: Option<Duration>,
    /// Ends when nothing was written for so long.
    pub(super) idle: Option<Duration>,
    /// What else is made of the events.
    pub(super) folds: Vec<Box<dyn Fold>>,
    /// Told every event that is written.
    pub(super) each: Option<&'a dyn Fn(&Event)>,
    /// Names of users; `None`: those of this machine.
    pub(super) users: Option<Users>,
    /// What to say when there is nothing to wait for any more.
    pub(super) parting: Option<&'a str>,
}

/// Refuses a template that is none and what there is no file for, before anything is started.
pub(super) fn check(args: &LiveArgs, look: &Look) -> Result<(), Failure> {
    if args.output_append_mode && args.output.is_none() {
        return Err(Failure::usage(
            "-A/--output-append-mode keeps what is in the file of --output: add -o FILE, or leave it out",
        ));
    }
    match &look.format {
        FormatArg::Template(text) => template(text, &look.template).map(drop),
        _ => Ok(()),
    }
}

fn template(text: &str, look: &TemplateLook) -> Result<Template, Failure> {
    let (end, names) = if look.null {
        (0, Names::Raw)
    } else {
        (b'\n', Names::Escaped)
    };
    let mut text = text.as_bytes().to_vec();
    text.push(end);
    Template::new(
        &text,
        Dialect::Tracer,
        look.timefmt.as_deref(),
        jiff::tz::TimeZone::system(),
        look.shown.clone(),
        names,
    )
    .map_err(|why| Failure::usage(format!("--format: {why}")))
}

/// Do records without --output go to a terminal?
fn is_terminal(args: &LiveArgs) -> bool {
    match args.to {
        Stream::Output => std::io::stdout().is_terminal(),
        Stream::Error => std::io::stderr().is_terminal(),
    }
}

/// How wide the terminal is that records go to, if they do.
fn width(args: &LiveArgs) -> Width {
    fn columns(stream: impl std::os::fd::AsFd) -> Option<usize> {
        let size = rustix::termios::tcgetwinsize(stream).ok()?;
        (size.ws_col > 0).then_some(usize::from(size.ws_col))
    }
    match (&args.output, args.to) {
        (Some(_), _) => || None,
        (None, Stream::Output) => || columns(std::io::stdout()),
        (None, Stream::Error) => || columns(std::io::stderr()),
    }
}

/// Is the output coloured?
pub(super) fn colour(args: &LiveArgs) -> bool {
    match args.color {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => {
            args.output.is_none() && is_terminal(args) && std::env::var_os("NO_COLOR").is_none()
        }
    }
}

/// Does the locale have more than ASCII? (setlocale(3): the first of these that is set decides.)
pub(super) fn speaks_utf8() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(std::env::var_os)
        .find(|value| !value.is_empty());
    let locale = set.map(|value| value.to_string_lossy().to_lowercase());
    locale.is_some_and(|locale| locale.ends_with("utf-8") || locale.ends_with("utf8"))
}

pub(super) fn format(
    args: &LiveArgs,
    look: &Look,
    users: Users,
) -> Result<Box<dyn Format>, Failure> {
    let colour = colour(args);
    let decode = look.decode.clone();
    if look.silent {
        return Ok(Box::new(Silent));
    }
    Ok(match &look.format {
        FormatArg::Strace => Box::new(
            Strace::new(decode.unwrap_or_default(), look.prefix, colour)
                .with_times(look.times)
                .with_lines(look.lines.clone()),
        ),
        FormatArg::Text => {
            let text = Text::new(colour, users, jiff::tz::TimeZone::system());
            let text = text.fitting(width(args), speaks_utf8()).decoding(decode);
            Box::new(text.with_host_ids(look.host_ids))
        }
        FormatArg::Json => Box::new(Json::new(decode)),
        FormatArg::Audit => Box::new(Audit::new(1)),
        FormatArg::Csv => {
            Box::new(Csv::new(Columns::Tracer, look.template.shown.clone()).with_users(users))
        }
        FormatArg::Template(text) => Box::new(template(text, &look.template)?.with_users(users)),
    })
}

/// Runs the pipeline and prints the account; the exit code is the command's where there is one.
pub(super) async fn run(
    args: &LiveArgs,
    look: &Look,
    source: Box<dyn Source>,
    rule: &Rule,
    mut sink: Sink,
    stop: &Stop,
    more: More<'_>,
) -> Result<ExitCode, Failure> {
    raise_priority();
    if more.command.is_some() {
        sink.beside_a_command();
    }
    let limits = Limits {
        count: more.count,
        calls: more.calls,
        duration: more.duration,
        idle: more.idle,
    };
    let name = sink.name().to_owned();
    let dies_of_signal = more.command.is_some() || more.as_strace;
    let warn = |warning: &str| say(args, warning);
    let run = Run {
        source,
        rule,
        format: format(args, look, more.users.unwrap_or_else(users::of_system))?,
        sink,
        folds: more.folds,
        limits,
        stop,
        command: more.command,
        warn: &warn,
        each: more.each,
        parting: more.parting,
    };
    // What --exec starts is to have all that tracer was given.
    if run.each.is_none() {
        keep_only(&Needs {
            backends: run.source.backends(),
            signals: run.command.is_some(),
            files: args.output.is_some(),
            programs: false,
        })?;
    }
    let outcome = run.to_the_end().await?;
    if let Some(complaint) = &outcome.complaint {
        let name = if more.as_strace { "strace" } else { "tracer" };
        complain(&format!("{name}: {complaint}"));
    }
    say(args, &outcome.account);
    if let Some(failure) = more.failure {
        return Err(failure);
    }
    match outcome.end {
        // A command that is traced ends by the signal that ends tracer, or soon will: whoever waits
        // for this one must not go on, also where the reader of the output was ended by it, too.
        End::Normal | End::Closed if dies_of_signal && let Some(signal) = stop.signal() => {
            Ok(exit::die_of(signal))
        }
        End::Normal | End::Closed => Ok(Code::Success.into()),
        End::Idle => Ok(Code::Idle.into()),
        // How the command took it does not matter.
        End::Command(_) if let Some(signal) = stop.handed_on() => Ok(exit::die_of(signal)),
        End::Command(status) => {
            if let Some(signal) = status.signal() {
                return Ok(exit::die_of(signal));
            }
            Ok(ExitCode::from(status.code().unwrap_or(0) as u8))
        }
        End::Stalled => Err(Failure::new(
            Code::Failed,
            format!("{name} was not read to the end: the last records are lost"),
        )),
        End::Output(name, error) => Err(cannot_write(&name, &error)),
    }
}

/// Lays down what is not needed any more.
pub(super) fn keep_only(needs: &Needs) -> Result<(), Failure> {
    needs.keep_only().map_err(|error| {
        let text = format!("cannot lay down privileges that are not needed any more: {error}");
        Failure::new(Code::Failed, text)
    })
}

/// A reader that waits for the CPU loses events: like auditd (`priority_boost = 4`), tracer asks
/// for a little more than others. Without the privilege it runs as it is. A started command is
/// not affected: it was started before.
fn raise_priority() {
    let _ = rustix::process::setpriority_process(None, -4);
}
