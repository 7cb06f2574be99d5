//! What stands behind an `-e`, and the long options that say the same.

use std::collections::BTreeSet;

use super::{args::LiveArgs, decode::DecodeArgs, filter::FilterArgs, parse, quiet::Quiet};
use crate::{
    calls::CallSet,
    decode::Descriptors,
    rules::{SignalSet, Status},
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
        _ => Err(match not_offered(name) {
            Some(why) => format!("{name}= is not offered: {why}"),
            None => format!(
                "unknown word `{name}` before `=`: expected trace, status, signal, quiet or \
                 decode-fds"
            ),
        }),
    }
}

/// `--trace=SET`, and `-e trace=SET`.
fn calls(set: &str) -> Result<Expression, String> {
    // A `!` at the beginning stands for the whole list there.
    parse::call_set(&format!("trace={set}")).map(Expression::Calls)
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
        "k" | "stack-traces" => {
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
        "D" | "daemonize" => {
            "the command is a child of tracer: start tracer in the background, with --pid"
        }
        "I" | "interruptible" => "the traced command is never stopped: nothing can interrupt it",
        "O" | "summary-syscall-overhead" => {
            "a traced call has no overhead of a debugger that could be taken off"
        }
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
            Expression::Calls(_) | Expression::Status(_) | Expression::Signal(_) => {}
        }
    }
}
