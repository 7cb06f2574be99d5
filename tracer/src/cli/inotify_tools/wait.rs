//! `inotifywait`: waits for an event, or prints events until it is stopped.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions},
    io::{self, Write},
    os::{
        fd::AsFd,
        unix::{fs::OpenOptionsExt, net::UnixDatagram},
    },
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::{Parser, builder::Styles};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Common, FAILURE, Names, Refusal, Task, parse, plain, print_help};
use crate::{
    cli::live::one_line,
    enrich::users,
    event::{Item, notice},
    format::{Columns, Csv, Dialect, Format, Names as Written, Shown, Template},
    source::{Source, inotify::Inotify},
};

/// The exit status when nothing happened in time.
const TIMEOUT: u8 = 2;

/// What a shell shows of a program that was killed by SIGPIPE.
const BROKEN_PIPE: u8 = 128 + 13;

/// Wait for events on files and directories, or print them as they come.
#[derive(Debug, Parser)]
#[command(
    name = "inotifywait",
    disable_help_flag = true,
    infer_long_args = true,
    styles = Styles::plain(),
    max_term_width = 100
)]
#[command(after_help = "\
Exit status: 0 an event that was asked for; 1 another one (the watched file is gone), or an error;
2 --timeout has passed.

Examples:
  inotifywait -e close_write FILE                  wait until FILE has been written
  inotifywait -mrq -e create,delete,modify,move --format '%w %e' DIR
  inotifywait -mrq --timefmt '%d/%m/%y %H:%M' --format '%T %f' -e close_write DIR

This is tracer under the name of inotifywait; `tracer watch` can also tell who did it.")]
pub(super) struct WaitArgs {
    #[command(flatten)]
    common: Common,
    /// Go on after the first event
    #[arg(short, long, action = clap::ArgAction::Count)]
    monitor: u8,
    /// As --monitor, in the background, with --outfile and --syslog
    #[arg(short, long, action = clap::ArgAction::Count)]
    daemon: u8,
    /// Append events to this file
    #[arg(short, long, value_name = "FILE", allow_hyphen_values = true)]
    outfile: Vec<OsString>,
    /// Messages go to syslog(3)
    #[arg(short, long, action = clap::ArgAction::Count)]
    syslog: u8,
    /// No messages; twice: no events either
    #[arg(short, long, action = clap::ArgAction::Count)]
    quiet: u8,
    /// Comma-separated values
    #[arg(short, long, action = clap::ArgAction::Count)]
    csv: u8,
    /// %w watched file or directory, %f name in it, %e events, %Xe events with X between them,
    /// %T time, %c cookie, %0 NUL, %n newline
    #[arg(long, value_name = "FORMAT", allow_hyphen_values = true)]
    format: Option<OsString>,
    /// Add no newline to --format
    #[arg(long)]
    no_newline: bool,
    /// The form of %T, as strftime(3) takes it
    #[arg(long, value_name = "FORMAT", allow_hyphen_values = true)]
    timefmt: Option<String>,
}

impl WaitArgs {
    fn check(&self) -> Result<(), Refusal> {
        if self.outfile.len() > 1 {
            return Err(refused("Multiple --outfile options given."));
        }
        if self.format.is_some() && self.csv > 0 {
            return Err(refused("-c and --format cannot both be specified."));
        }
        if self.format.is_none() && self.no_newline {
            return Err(refused(
                "--no-newline cannot be specified without --format.",
            ));
        }
        if self.format.is_none() && self.timefmt.is_some() {
            return Err(refused("--timefmt cannot be specified without --format."));
        }
        if self.daemon > 0 && self.outfile.is_empty() {
            return Err(refused("-o must be specified with -d."));
        }
        Ok(())
    }

    fn monitors(&self) -> bool {
        self.monitor > 0 || self.daemon > 0
    }

    fn output(&self, task: &Task) -> Result<Box<dyn Format>, Refusal> {
        if self.csv > 0 {
            let csv = Csv::new(Columns::Inotifywait, task.shown.clone());
            return Ok(Box::new(csv.with_users(users::of_system())));
        }
        let mut text = match &self.format {
            Some(text) => text.as_encoded_bytes().to_vec(),
            None => b"%w %,e %f".to_vec(),
        };
        if !self.no_newline {
            text.push(b'\n');
        }
        let template = Template::new(
            &text,
            Dialect::Inotifywait,
            self.timefmt.as_deref(),
            jiff::tz::TimeZone::system(),
            task.shown.clone(),
            Written::Raw,
        )
        .map_err(|why| {
            Refusal(format!(
                "Something is wrong with your format string: {why}."
            ))
        })?;
        if template.has_time() && self.timefmt.is_none() {
            return Err(refused(
                "%T is in --format string, but --timefmt was not specified.",
            ));
        }
        Ok(Box::new(template.with_users(users::of_system())))
    }
}

fn refused(text: &str) -> Refusal {
    Refusal(text.to_owned())
}

/// Where messages go.
enum Messages {
    Terminal,
    Syslog(Option<UnixDatagram>),
}

impl Messages {
    fn say(&self, text: &str) {
        for line in text.lines() {
            let line = one_line(line);
            match self {
                Self::Terminal => errln!("{line}"),
                Self::Syslog(log) => {
                    // LOG_DAEMON | LOG_INFO of syslog(3). Nobody can be told when it fails.
                    let text = format!("<30>inotifywait[{}]: {line}", std::process::id());
                    let _ = log.as_ref().map(|log| log.send(text.as_bytes()));
                }
            }
        }
    }

    fn syslog() -> Self {
        let connected = UnixDatagram::unbound().and_then(|log| {
            log.connect("/dev/log")?;
            Ok(log)
        });
        Self::Syslog(connected.ok())
    }
}

/// Runs `inotifywait` with these arguments, its name first.
pub(in crate::cli) fn main(args: Vec<OsString>) -> ExitCode {
    let args: WaitArgs = match parse("inotifywait", args) {
        Ok(args) => args,
        Err(code) => return code,
    };
    if args.common.help {
        return print_help::<WaitArgs>();
    }
    let code = prepare(&args).and_then(|(task, output)| {
        let messages = if args.syslog > 0 || args.daemon > 0 {
            Messages::syslog()
        } else {
            Messages::Terminal
        };
        let out = open_output(&args)?;
        // In the background nobody reads standard error any more.
        run(&args, &task, output, &out, &messages).or_else(|Refusal(text)| {
            messages.say(&text);
            Ok(FAILURE)
        })
    });
    code.unwrap_or_else(|Refusal(text)| {
        Messages::Terminal.say(&text);
        FAILURE
    })
    .into()
}

fn prepare(args: &WaitArgs) -> Result<(Task, Box<dyn Format>), Refusal> {
    args.check()?;
    for (name, list) in [
        ("exclude", &args.common.exclude),
        ("excludei", &args.common.excludei),
    ] {
        if list.len() > 1 {
            errln!("--{name}: only the last option will be taken into consideration.");
        }
    }
    let task = args.common.task()?;
    let output = args.output(&task)?;
    Ok((task, output))
}

/// Standard output or the file; goes to the background where that is asked for.
fn open_output(args: &WaitArgs) -> Result<File, Refusal> {
    let out = match args.outfile.first() {
        None => {
            let fd = io::stdout().as_fd().try_clone_to_owned();
            File::from(fd.map_err(|error| Refusal(plain(&error)))?)
        }
        Some(path) => OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .map_err(|error| {
                let path = Path::new(path).display();
                Refusal(format!(
                    "Failed to open output file {path}: {}",
                    plain(&error)
                ))
            })?,
    };
    if args.daemon > 0 {
        nix::unistd::daemon(false, false)
            .map_err(|error| Refusal(format!("Failed to daemonize: {}", error.desc())))?;
    }
    Ok(out)
}

fn run(
    args: &WaitArgs,
    task: &Task,
    output: Box<dyn Format>,
    mut out: &File,
    messages: &Messages,
) -> Result<u8, Refusal> {
    if args.quiet == 0 {
        messages.say(if args.common.recursive > 0 {
            "Setting up watches.  Beware: since -r was given, this may take a while!"
        } else {
            "Setting up watches."
        });
    }
    let mut source = task.open(args.monitors(), "Couldn't watch")?;
    if args.quiet == 0 {
        messages.say("Watches established.");
    }
    let mut waiter = Waiter {
        names: task.names.clone(),
        shown: task.shown.clone(),
        asked: task.asked,
        monitors: args.monitors(),
        silent: args.quiet > 1,
        output,
        text: Vec::new(),
        name: Vec::new(),
        last: Instant::now(),
        end: None,
    };
    let timeout = task.timeout.map(Duration::from_secs);
    loop {
        source
            .read(&mut |item| waiter.take(&item))
            .map_err(|error| Refusal(format!("{error:#}")))?;
        if !waiter.text.is_empty() {
            if let Err(error) = out.write_all(&waiter.text) {
                if error.kind() == io::ErrorKind::BrokenPipe {
                    return Ok(BROKEN_PIPE);
                }
                return Err(Refusal(format!("cannot write: {}", plain(&error))));
            }
            waiter.text.clear();
        }
        for warning in source.take_warnings() {
            if args.quiet == 0 {
                messages.say(&warning);
            }
        }
        if let Some(code) = waiter.end {
            return Ok(code);
        }
        let left = timeout.map(|timeout| timeout.saturating_sub(waiter.last.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            return Ok(TIMEOUT);
        }
        sleep(&source, left)?;
    }
}

/// Sleeps until something waits, or the time is over.
fn sleep(source: &Inotify, left: Option<Duration>) -> Result<(), Refusal> {
    let longest = source.longest_sleep();
    let longest = left.map_or(longest, |left| left.min(longest));
    let span = Timespec::try_from(longest).ok();
    let fd = source.fd();
    match poll(&mut [PollFd::new(&fd, PollFlags::IN)], span.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(Refusal(plain(&error.into()))),
    }
}

/// Takes events, one after the other.
struct Waiter {
    names: Names,
    shown: Shown,
    asked: u32,
    monitors: bool,
    silent: bool,
    output: Box<dyn Format>,
    text: Vec<u8>,
    /// The name that the patterns are about: `%w%f`.
    name: Vec<u8>,
    last: Instant,
    end: Option<u8>,
}

impl Waiter {
    fn take(&mut self, item: &Item) {
        if self.end.is_some() {
            return;
        }
        let Item::Event(event) = item else {
            self.lost();
            return;
        };
        if !matches!(self.names, Names::All) {
            self.shown.split(event, &mut self.name);
            if !self.names.has(&self.name) {
                return;
            }
        }
        self.last = Instant::now();
        let wanted = event.as_notice().mask & self.asked & !notice::ISDIR != 0;
        if wanted && !self.silent {
            self.output.item(&mut self.text, item);
        }
        if !self.monitors {
            self.end = Some(if wanted { 0 } else { FAILURE });
        }
    }

    /// The queue of the kernel has overflowed: what is in the tree is looked at again.
    fn lost(&mut self) {
        self.last = Instant::now();
        if !self.monitors {
            self.end = Some(FAILURE);
        }
    }
}
