//! What stands behind an `-e`, and the long options that say the same.

use std::collections::BTreeSet;

use super::{args::LiveArgs, decode::DecodeArgs, filter::FilterArgs, parse, quiet::Quiet};
use crate::{
    calls::CallSet,
    decode::{Descriptors, Processes},
    enrich::pids,
    rules::{NumberSet, SignalSet, Status},
};

/// One `-e`.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    /// `trace=SET`, or a set alone.
    Calls(CallSet),
    /// `status=SET`.
    Status(BTreeSet<Status>),
    /// `signal=SET`.
    Signal(SignalSet),
    /// `quiet=SET`.
    Quiet(Quiet),
    /// `decode-fds=SET`.
    DecodeFds(Descriptors),
    /// `trace-fds=SET`.
    Descriptors(NumberSet),
    /// `read=SET`: descriptors of which all that is read is shown.
    DumpRead(NumberSet),
    /// `write=SET`.
    DumpWritten(NumberSet),
    /// `raw=SET`, `abbrev=SET`, `verbose=SET`: how the arguments of these calls are shown.
    Shown(Shown, CallSet),
    /// `decode-pids=SET`.
    DecodePids(Processes),
}

/// A way of showing arguments that can be asked for by call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As numbers in hexadecimal.
    Raw,
    /// Structures with a part of their members.
    Abbreviated,
    /// Structures, and not their addresses.
    Structures,
}

/// What stands behind an `-e`.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    let Some((name, set)) = text.split_once('=') else {
        return parse::call_set(text).map(Expression::Calls);
    };
    match name {
        "trace" | "t" => calls(set),
        "status" => status(set),
        "signal" | "signals" | "s" => signal(set),
        "quiet" | "silent" | "silence" | "q" => Quiet::parse(set).map(Expression::Quiet),
        "decode-fds" | "decode-fd" => Descriptors::parse(set).map(Expression::DecodeFds),
        "trace-fds" | "trace-fd" | "fds" | "fd" => descriptors(set),
        "read" | "reads" | "r" => dump_read(set),
        "write" | "writes" | "w" => dump_written(set),
        "raw" | "x" => raw(set),
        "abbrev" | "a" => abbreviated(set),
        "verbose" | "v" => structures(set),
        "decode-pids" | "decode-pid" => processes(set),
        _ => Err(match not_offered(name) {
            Some(why) => format!("{name}= is not offered: {why}"),
            None => format!(
                "unknown word `{name}` before `=`: expected trace, trace-fds, status, signal, quiet, \
                 decode-fds, decode-pids, read, write, raw, abbrev or verbose"
            ),
        }),
    }
}

/// `--trace=SET`, and `-e trace=SET`.
fn calls(set: &str) -> Result<Expression, String> {
    // A `!` at the beginning stands for the whole list there.
    parse::call_set(&format!("trace={set}")).map(Expression::Calls)
}

/// `--trace-fds=SET`.
pub(super) fn descriptors(set: &str) -> Result<Expression, String> {
    NumberSet::parse(set).map(Expression::Descriptors)
}

/// `--read=SET`.
pub(super) fn dump_read(set: &str) -> Result<Expression, String> {
    NumberSet::parse(set).map(Expression::DumpRead)
}

/// `--write=SET`.
pub(super) fn dump_written(set: &str) -> Result<Expression, String> {
    NumberSet::parse(set).map(Expression::DumpWritten)
}

/// `--raw=SET`.
pub(super) fn raw(set: &str) -> Result<Expression, String> {
    shown(Shown::Raw, set)
}

/// `--abbrev=SET`.
pub(super) fn abbreviated(set: &str) -> Result<Expression, String> {
    shown(Shown::Abbreviated, set)
}

/// `--verbose=SET` of strace; here only behind `-e`.
fn structures(set: &str) -> Result<Expression, String> {
    shown(Shown::Structures, set)
}

fn shown(how: Shown, set: &str) -> Result<Expression, String> {
    let calls = parse::call_set(&format!("trace={set}"))?;
    Ok(Expression::Shown(how, calls))
}

/// `--decode-pids=SET`.
pub(super) fn processes(set: &str) -> Result<Expression, String> {
    Processes::parse(set, pids::command_of).map(Expression::DecodePids)
}

/// `--status=SET`.
pub(super) fn status(set: &str) -> Result<Expression, String> {
    Status::parse_set(set).map(Expression::Status)
}

/// `--signal=SET`.
pub(super) fn signal(set: &str) -> Result<Expression, String> {
    SignalSet::parse(set).map(Expression::Signal)
}

/// Why something of strace is not offered: an option, or a word before the `=` of `-e`.
pub(super) fn not_offered(option: &str) -> Option<&'static str> {
    let word = option.trim_start_matches('-');
    Some(match word {
        "inject" | "fault" => {
            "tracer only looks, it never changes a call: use strace, or fail_function of the kernel"
        }
        "k" | "stack-traces" | "stack-trace" | "stack-trace-frame-limit" => {
            "the stack of a program can only be unwound while the program is stopped, and tracer \
             stops nothing: use strace -k, or perf record -g"
        }
        "i" | "instruction-pointer" => {
            "tracer does not keep where in the program a call was made: use strace -i"
        }
        "kvm" => "exits of virtual processors are not told: use perf kvm, or strace -e kvm=vcpu",
        "b" | "detach-on" => {
            "nothing is attached that could be detached: without --follow, leave out what follows \
             the exec with -e, or end with --count"
        }
        "D" | "daemonize" | "daemonized" => {
            "the command is a child of tracer: start tracer in the background, with --pid"
        }
        "O" | "summary-syscall-overhead" => {
            "a traced call has no overhead of a debugger that could be taken off"
        }
        "d" | "debug" => {
            "tracer has no debugger's state to tell of: `tracer doctor` says what it can do"
        }
        "kill-on-exit" => "the command is never stopped, and goes on when tracer ends",
        "secontext" => "contexts of SELinux are not told: use strace --secontext",
        "tips" => "there are none: see docs/strace.md",
        "seccomp-bpf" => "nothing stops at calls that are not traced: there is nothing to filter",
        _ => return None,
    })
}

/// Gives what `-e` says about other things than events to the options about those.
pub(super) fn spread(filter: &FilterArgs, decode: &mut DecodeArgs, live: &mut LiveArgs) {
    for expression in filter.expressions() {
        match expression {
            Expression::Quiet(set) => live.quiet.set(*set),
            Expression::DecodeFds(set) => decode.set_descriptors(*set),
            Expression::DumpRead(set) => decode.dump.read = set.clone(),
            Expression::DumpWritten(set) => decode.dump.written = set.clone(),
            Expression::Shown(how, calls) => decode.show(*how, calls),
            Expression::DecodePids(set) => decode.set_processes(*set),
            Expression::Calls(_)
            | Expression::Status(_)
            | Expression::Signal(_)
            | Expression::Descriptors(_) => {}
        }
    }
}
