//! `tracer replay`: what was recorded, in any format, as if it happened now.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{
    args::{FormatArg, LiveArgs},
    decode::DecodeArgs,
    effect::Asked,
    exit::{Code, Failure},
    expression,
    filter::{Basis, FilterArgs},
    live,
    outputs::Outputs,
    parse,
    view::ViewArgs,
};
use crate::{
    calls::CallSet,
    recording::{self, Defaults, Machine, RecordingError, Trouble},
    rules::Rule,
    sink::Stop,
    source::recorded::Recorded,
};

/// `tracer replay`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer trace --record run.rec -- make      make a recording
  tracer replay run.rec                      print it as the recording run would have
  tracer replay run.rec -c                   where the time went
  tracer replay run.rec -e file --failed     files that were not found, or not to be touched
  tracer replay run.rec --pid 1234 -f -tt    a process and its descendants, with times
  tracer replay run.rec --format json | jq .syscall
  tracer replay run.rec -e execve --record execs.rec

Nothing is looked up on this machine: names of users and files are those of the recording. Its form
is described in docs/recordings.md.")]
pub(super) struct ReplayArgs {
    /// A recording: what `--record FILE` of trace or watch has made
    #[arg(value_name = "FILE", value_parser = parse::path())]
    file: PathBuf,
    #[command(flatten)]
    filter: FilterArgs,
    #[command(flatten)]
    view: ViewArgs,
    #[command(flatten)]
    decode: DecodeArgs,
    /// The form of %T in a template, as strftime(3) takes it
    #[arg(long, value_name = "FORMAT")]
    timefmt: Option<String>,
    /// End a record of a template with NUL, and print names in it byte by byte
    #[arg(short = '0', long)]
    null: bool,
    #[command(flatten)]
    live: LiveArgs,
}

/// Runs `tracer replay`.
pub(super) fn run(mut args: ReplayArgs) -> Result<ExitCode, Failure> {
    expression::spread(&args.filter, &mut args.decode, &mut args.live);
    let args = &args;
    let outputs = Outputs {
        filter: &args.filter,
        view: &args.view,
        live: &args.live,
        also: ("the recording that is read", Some(&args.file)),
    };
    outputs.check(false)?;
    args.filter.check(!args.filter.pids().is_empty())?;
    let rule = rule(args)?;
    let source = Recorded::open(&args.file, &rule)?;
    let defaults = defaults(args, &source.head().defaults);
    let mut look = live::Look::new(&defaults, &args.live, args.view.is_silent());
    let asked = Asked {
        view: &args.view,
        decode: &args.decode,
        format: &look.format,
        list: None,
        records: args.live.record.is_some(),
        as_strace: false,
    };
    asked.check()?;
    look.lines = args.decode.lines(&args.live);
    look.template.timefmt.clone_from(&args.timefmt);
    look.template.null = args.null;
    live::check(&args.live, &look)?;
    if !matches!(look.format, FormatArg::Template(_)) && (args.null || args.timefmt.is_some()) {
        return Err(Failure::usage(live::ONLY_TEMPLATES));
    }
    live::block_on(async {
        let users = source.users();
        let subject = args.file.display().to_string();
        let (sink, folds) = outputs.open(&mut look, defaults, subject, &users, None)?;
        let stop = Stop::signals()?;
        said_once(args, &source.head().machine);
        let trouble = source.trouble();
        let more = live::More {
            folds,
            users: Some(users),
            count: args.filter.count,
            ..live::More::default()
        };
        let code = live::run(
            &args.live,
            &look,
            Box::new(source),
            &rule,
            sink,
            &stop,
            more,
        )
        .await?;
        match trouble.take() {
            Some(error) => Err(error.into()),
            None => Ok(code),
        }
    })
}

/// What is asked for of the recording.
fn rule(args: &ReplayArgs) -> Result<Rule, Failure> {
    let filter = &args.filter;
    let has_pids = !filter.pids().is_empty();
    Ok(filter.rule(Basis {
        calls: CallSet::All,
        signals: true,
        ends: matches!(args.live.format, None | Some(FormatArg::Strace)),
        process: has_pids.then(|| filter.processes(true, filter.follow > 0 || args.view.tree)),
        // What is here under that name says nothing.
        paths: filter.path_set(|path| path.is_absolute().then(|| path.to_owned()))?,
    }))
}

/// How the events are shown: as the recording run would have, but for what is asked for now.
fn defaults(args: &ReplayArgs, recorded: &Defaults) -> Defaults {
    let mut defaults = recorded.clone();
    defaults.options = args.decode.over(&recorded.options);
    if args.view.asks_for_times() {
        defaults.times = args.view.times();
    }
    defaults.through_descriptors |= args.filter.asks_for_files();
    defaults
}

/// Says what cannot be as it was.
fn said_once(args: &ReplayArgs, machine: &Machine) {
    let here = recording::this_machine();
    if machine.hardware != here.hardware {
        live::say(
            &args.live,
            format!(
                "recorded on {}: structures in memory are shown as addresses on {}",
                machine.hardware, here.hardware
            ),
        );
    }
}

impl From<RecordingError> for Failure {
    fn from(error: RecordingError) -> Self {
        let code = match error.trouble {
            Trouble::Open(_) => Code::Target,
            Trouble::Read(..)
            | Trouble::Other
            | Trouble::OtherForm(..)
            | Trouble::Cut(_)
            | Trouble::NoEnd(_)
            | Trouble::Damaged(..) => Code::Recording,
        };
        Self::new(code, error)
    }
}
