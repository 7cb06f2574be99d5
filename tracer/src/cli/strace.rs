//! Called as strace: `trace` with strace's habits where these are others. Only the command itself is
//! traced without `-f`, nothing is said but the lines, and wrong options are refused in its words.

use std::{ffi::OsString, os::unix::ffi::OsStrExt, process::ExitCode};

use clap::{
    CommandFactory, Parser,
    builder::Styles,
    error::{ContextKind, ContextValue, Error, ErrorKind},
};

use super::{args::TraceArgs, exit::Failure, expression, live, stdout, trace};

/// Trace system calls of a command or of processes, as strace(1) does.
#[derive(Debug, Parser)]
#[command(name = "strace", disable_version_flag = true, args_override_self = true, infer_long_args = true, styles = Styles::plain(), max_term_width = 100)]
struct Strace {
    #[command(flatten)]
    trace: TraceArgs,
    /// Print the version
    #[arg(short = 'V', long, exclusive = true)]
    version: bool,
    /// No effect: calls that are not traced are not stopped anyway
    #[arg(long)]
    seccomp_bpf: bool,
}

/// What every refusal of an option ends with.
const TRY: &str = "Try 'strace -h' for more information.";

/// Its command line.
pub(super) fn command() -> clap::Command {
    Strace::command()
}

/// The program `strace`; its name comes first in the arguments.
pub(super) fn run(args: Vec<OsString>) -> ExitCode {
    let words = args.clone();
    let mut trace = match Strace::try_parse_from(args) {
        Ok(parsed) if parsed.version => return print(VERSION.to_owned()),
        Ok(parsed) => parsed.trace,
        Err(error) if !error.use_stderr() => {
            return print(error.render().to_string());
        }
        Err(error) => return refuse(&refusal(&error, &words)),
    };
    if trace.command.is_empty() && trace.filter.pids().is_empty() {
        return refuse(&format!("must have PROG [ARGS] or -p PID\n{TRY}"));
    }
    trace.as_strace = true;
    if let Some(uid) = trace.filter.take_user()
        && !trace.start.run_as(uid)
    {
        return refuse(&format!("Cannot find user '{uid}'"));
    }
    trace.view.as_strace = true;
    trace.live.quiet.as_strace();
    trace::run(trace).unwrap_or_else(|failure: Failure| {
        errln!("strace: {}", live::one_line(&failure.to_string()));
        ExitCode::FAILURE
    })
}

/// What `-V` prints: the first line is that of strace, which scripts read.
const VERSION: &str = concat!(
    "strace -- version ",
    env!("CARGO_PKG_VERSION"),
    "\nThis is tracer, called as strace: `tracer --version` says more.\n"
);

fn print(text: String) -> ExitCode {
    match stdout::print(text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => refuse(&failure.to_string()),
    }
}

/// strace has one code for every failure of its own.
fn refuse(text: &str) -> ExitCode {
    live::complain(&format!("strace: {text}"));
    ExitCode::FAILURE
}

/// A wrong option in the words of `getopt_long(3)` and strace.
fn refusal(error: &Error, args: &[OsString]) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    // `--columns <COLUMN>`, or `-y`.
    let option = context(ContextKind::InvalidArg).unwrap_or_default();
    let option = option.split([' ', '=', '[']).next().unwrap_or_default();
    let typed = as_typed(option, args);
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let short = typed.strip_prefix('-').filter(|rest| rest.len() == 1);
    match (error.kind(), short) {
        (ErrorKind::UnknownArgument, _) if let Some(why) = expression::not_offered(option) => {
            format!("{typed} is not offered: {why}")
        }
        (ErrorKind::UnknownArgument, Some(letter)) => {
            format!("invalid option -- '{letter}'\n{TRY}")
        }
        (ErrorKind::UnknownArgument, None) => {
            let whole = args.iter().map(|arg| arg.to_string_lossy());
            let whole = whole.into_iter().find(|arg| arg.starts_with(&typed));
            format!(
                "unrecognized option '{}'\n{TRY}",
                whole.unwrap_or(typed.into())
            )
        }
        (ErrorKind::InvalidValue, Some(letter)) if value.is_empty() => {
            format!("option requires an argument -- '{letter}'\n{TRY}")
        }
        (ErrorKind::InvalidValue, None) if value.is_empty() => {
            format!("option '{typed}' requires an argument\n{TRY}")
        }
        (ErrorKind::ValueValidation | ErrorKind::InvalidValue, _) => {
            let why = std::error::Error::source(error).map(ToString::to_string);
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            format!("invalid {typed} argument: '{value}'{why}\n{TRY}")
        }
        _ => {
            let text = error.to_string();
            let sentence = text.lines().take_while(|line| !line.is_empty());
            let said = sentence.map(str::trim).collect::<Vec<_>>().join(" ");
            format!("{}\n{TRY}", said.strip_prefix("error: ").unwrap_or(&said))
        }
    }
}

/// An option as it was typed: clap names it by its long name.
fn as_typed(option: &str, args: &[OsString]) -> String {
    let Some(long) = option.strip_prefix("--") else {
        return option.to_owned();
    };
    let command = Strace::command();
    let known = command
        .get_arguments()
        .find(|arg| arg.get_long() == Some(long));
    let Some(known) = known else {
        return option.to_owned();
    };
    let names = known.get_long_and_visible_aliases().unwrap_or_default();
    let by_long = args.iter().find_map(|arg| {
        let arg = arg.as_bytes().strip_prefix(b"--")?;
        let name = arg.split(|b| *b == b'=').next()?;
        names.iter().find(|known| known.as_bytes() == name)
    });
    match (by_long, known.get_short()) {
        (Some(name), _) => format!("--{name}"),
        (None, Some(letter)) => format!("-{letter}"),
        (None, None) => option.to_owned(),
    }
}
