//! tracer called as `auditctl`: the same options, asked of the daemon.

use std::{ffi::OsString, process::ExitCode};

use super::{
    ask::{self, DaemonPlace},
    live, stdout,
};
use crate::{
    daemon::{config, sockets::Request},
    rules::parse::{self, Command},
};

/// Exit status of auditctl for anything that went wrong.
const FAILED: u8 = 255;

/// Runs `auditctl ARGS`.
pub(super) fn run(args: Vec<OsString>) -> ExitCode {
    let args = args.into_iter().skip(1).map(OsString::into_string);
    let args: Result<Vec<String>, OsString> = args.collect();
    let Ok(args) = args else {
        errln!("auditctl: the arguments are not UTF-8");
        return FAILED.into();
    };
    if args.is_empty() {
        return print(HELP, ExitCode::from(1));
    }
    let parsed = match parse::args(&args) {
        Ok(parsed) => parsed,
        Err(error) => {
            live::complain(&error.to_string());
            return FAILED.into();
        }
    };
    match parsed.commands.first() {
        Some(Command::Help) => {
            return print(HELP, ExitCode::SUCCESS);
        }
        Some(Command::Version) => {
            let text = format!("auditctl version {} (tracer)\n", env!("CARGO_PKG_VERSION"));
            return print(&text, ExitCode::SUCCESS);
        }
        _ => {}
    }
    let place = DaemonPlace {
        config: config::named(),
    };
    match place.ask(&Request::Auditctl(args)) {
        Ok(answer) => ask::print(&answer, FAILED).unwrap_or_else(|_| FAILED.into()),
        Err(failure) => {
            errln!("auditctl: {}", live::one_line(&failure.to_string()));
            FAILED.into()
        }
    }
}

fn print(text: &str, code: ExitCode) -> ExitCode {
    match stdout::print(text) {
        Ok(()) => code,
        Err(failure) => {
            errln!("auditctl: {failure}");
            FAILED.into()
        }
    }
}

/// What it is for, in a line.
pub(super) const ABOUT: &str = "Control the audit rules of the tracer daemon";

/// The lines of its help about options.
pub(super) fn options() -> impl Iterator<Item = &'static str> {
    let lines = HELP.lines().skip(1);
    lines.map(|line| line.strip_prefix("    ").unwrap_or(line))
}

const HELP: &str = "\
usage: auditctl [options]   (tracer's; the rules are those of the tracer daemon)
    -a LIST,ACTION     append a rule; lists: exit task user exclude filesystem io_uring,
                       actions: always never
    -A LIST,ACTION     add a rule at the beginning
    -d LIST,ACTION     delete a rule
    -D [-k KEY]        delete all rules, or those of a key
    -w PATH            watch a file or tree;  -W PATH  no longer
    -p [r|w|x|a]       what a watch is about: read, write, execute, attribute
    -S CALL[,CALL]     system calls by name or number, or all
    -F FIELD=VALUE     fields; operators = != < > <= >= & &=
    -C FIELD=FIELD     compare two ids; operators = !=
    -k KEY             name under which the records are found
    -l [-i] [-k KEY]   list the rules
    -s                 status
    -e [0..2]          0 off, 1 on, 2 locked until the daemon is restarted
    -f [0..1]          losses: 0 silent, 1 a message (2, panic, is refused)
    -b N -r N          backlog (kept for the listing), events a second (0: no limit)
    --backlog_wait_time N, --reset-lost, --reset_backlog_wait_time_actual
    -R FILE            rules from a file: all or none
    -c, -i             in a rule file: go on after errors, and fail or succeed in the end
    -m TEXT            a message into the log
    -v, -h             version, help
    -q, --loginuid-immutable are refused: the answer says why
";
