//! The commands that take the place of the audit tools, with their options: `search` is ausearch,
//! `report` is aureport, `verify` looks at the seals of a log. Called by one of those names, tracer is that tool.

mod machine;
mod options;
pub(super) mod report;
pub(super) mod search;
pub(super) mod source;
pub(super) mod verify;
mod watch;

use std::{ffi::OsString, fmt::Write as _, process::ExitCode};

use options::OptionError;

use super::{
    exit::{Code, Failure},
    live::{complain, one_line},
    stdout,
};

/// tracer called as ausearch: its name comes first in the arguments.
pub(super) fn ausearch(args: Vec<OsString>) -> ExitCode {
    tool(args, |args| search::run(args, "ausearch"))
}

/// Likewise aureport.
pub(super) fn aureport(args: Vec<OsString>) -> ExitCode {
    tool(args, |args| report::run(args, "aureport"))
}

/// The audit tools exit with 1 for every failure that has no code of its own.
fn tool(
    mut args: Vec<OsString>,
    run: impl FnOnce(&[String]) -> Result<ExitCode, Failure>,
) -> ExitCode {
    args.remove(0);
    text(args)
        .and_then(|args| run(&args))
        .unwrap_or_else(|failure| {
            errln!("{}", one_line(&failure.to_string()));
            complain(failure.place());
            match failure.code() {
                code @ (Code::Checkpoint | Code::CheckpointIo | Code::CheckpointLost) => {
                    code.into()
                }
                _ => Code::Failed.into(),
            }
        })
}

/// What the help of a tool says, and its manual page.
pub(super) struct Help {
    /// What it does.
    pub(super) about: &'static str,
    /// How each option is written, and what it does.
    pub(super) options: Vec<(String, &'static str)>,
    /// What stands below.
    pub(super) end: &'static str,
}

/// Prints the help of a tool.
fn print_help(tool: &str, help: &Help) -> Result<ExitCode, Failure> {
    let mut text = format!("usage: {tool} [options]\n\n{}\n\n", help.about);
    for (left, right) in &help.options {
        let _ = writeln!(text, "  {left:<36}  {right}");
    }
    stdout::print(text + help.end).map(|()| ExitCode::SUCCESS)
}

/// Prints the version of a tool.
fn print_version(tool: &str) -> Result<ExitCode, Failure> {
    let text = format!("{tool} version {}\n", env!("CARGO_PKG_VERSION"));
    stdout::print(text).map(|()| ExitCode::SUCCESS)
}

/// Wrong options. One that the other tool has is told with what does the same here.
fn wrong_options(
    error: &OptionError,
    mut of_other: impl Iterator<Item = &'static str>,
    other: &str,
    instead: &str,
) -> Failure {
    match error {
        OptionError::Unknown(arg, _) if of_other.any(|name| name == arg) => Failure::usage(
            format!("{arg} is an unsupported option: it is one of {other}; {instead}"),
        ),
        _ => Failure::usage(error),
    }
}

/// Arguments as text.
pub(super) fn text(args: Vec<OsString>) -> Result<Vec<String>, Failure> {
    args.into_iter()
        .map(|arg| {
            arg.into_string().map_err(|arg| {
                Failure::usage(format!(
                    "an argument is not UTF-8: {}",
                    arg.to_string_lossy()
                ))
            })
        })
        .collect()
}
