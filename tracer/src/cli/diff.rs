//! `tracer diff`: what is different between two recorded runs.

use std::{
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};

use super::{
    args::ColorArg,
    exit::{Code, Failure},
    live, parse,
};
use crate::{
    calls::CallSet,
    compare::{Comparison, Run, Shape, Texts, Two, write_json, write_text},
    recording::{self, RecordingError},
};

/// Calls that one run has and the next has not, as threads and children happen to be scheduled: how a
/// child ended is told at its end.
const NOT_WAITING: &str = "all,!?futex,!?wait4,!?waitid,!?waitpid,!?sched_yield,!?restart_syscall";

/// `tracer diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer trace --record good.rec -- ./app     here, where it works
  tracer trace --record bad.rec -- ./app      there, where it does not
  tracer diff good.rec bad.rec                what is different; the first failure comes first
  tracer diff --files good.rec bad.rec        only the files
  tracer diff -e '%file' -U 0 good.rec bad.rec
  tracer diff --format json good.rec bad.rec | jq 'select(.type == \"file\")'

What differs in each run of the same program (addresses, ids of processes, times, numbers of
descriptors) is taken for the same. Exits with 0 when nothing is different, 1 when something is, and
more than 1 when it could not be found out: docs/exit-codes.md.")]
pub(super) struct DiffArgs {
    /// The first recording
    #[arg(value_name = "A", value_parser = parse::path())]
    a: PathBuf,
    /// The second recording
    #[arg(value_name = "B", value_parser = parse::path())]
    b: PathBuf,
    /// Show the summary and the files
    #[arg(long)]
    files: bool,
    /// Show the summary and the calls
    #[arg(long)]
    calls: bool,
    /// Compare only these system calls, as trace takes them; what waits for others is left out, since
    /// the scheduler decides whether and when it is called
    #[arg(short = 'e', long = "trace", value_name = "SET", value_parser = parse::call_set,
          default_value = NOT_WAITING)]
    set: CallSet,
    /// Show this many lines around a difference
    #[arg(short = 'U', long = "unified", value_name = "N", default_value_t = 3,
          value_parser = parse::size, allow_negative_numbers = true)]
    context: usize,
    /// How to print the differences
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: DiffFormat,
    /// Colour in text output
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    color: ColorArg,
    /// Print nothing: the exit status is the answer
    #[arg(short, long)]
    quiet: bool,
}

/// `--format` of diff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// As diff(1)
    Text,
    /// One JSON object a line
    Json,
}

/// Runs `tracer diff`.
pub(super) fn run(args: &DiffArgs) -> Result<ExitCode, Failure> {
    let mut texts = Texts::default();
    let mut read = |path: &Path| -> Result<Run, RecordingError> {
        Ok(Run::read(recording::open(path)?, &args.set, &mut texts))
    };
    let (mut a, mut b) = (read(&args.a)?, read(&args.b)?);
    let runs = Two { a: &a, b: &b };
    let comparison = Comparison::new(runs);
    if !args.quiet {
        let shown = |path: &Path| live::one_line(&path.display().to_string());
        let names = (shown(&args.a), shown(&args.b));
        let names = Two {
            a: &*names.0,
            b: &*names.1,
        };
        let mut out = Vec::new();
        let write = match args.format {
            DiffFormat::Text => write_text,
            DiffFormat::Json => write_json,
        };
        write(&mut out, names, runs, &comparison, &texts, shape(args));
        print(&out)?;
    }
    let is_same = comparison.is_same();
    if let Some(error) = a.trouble.take().or_else(|| b.trouble.take()) {
        return Err(error.into());
    }
    Ok(if is_same {
        Code::Success.into()
    } else {
        // As diff(1).
        ExitCode::from(1)
    })
}

fn shape(args: &DiffArgs) -> Shape {
    let all = !args.files && !args.calls;
    Shape {
        programs: all,
        files: all || args.files,
        calls: all || args.calls,
        context: args.context,
        colour: match args.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        },
    }
}

/// A closed pipe is of no interest; what cannot be written is no difference.
fn print(out: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(out).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(
            Code::Recording,
            format!("cannot write to standard output: {error}"),
        )),
        _ => Ok(()),
    }
}
