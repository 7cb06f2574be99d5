//! `tracer trace`: system calls of processes, of a command, or of the whole system.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use globset::GlobSetBuilder;
use tokio::process::Command;

use super::{
    args::{FormatArg, TraceArgs},
    exit::{Code, Failure},
    live,
    parse::{self, Expression},
};
use crate::{
    calls::CallSet,
    decode::{Descriptors, Options},
    event::{Gid, Uid},
    fold::{Fold, Separate, Timeline},
    format::Prefix,
    rules::{Condition, PathSet, Rule, SignalSet, Status},
    sink::{Sink, Stop},
    source::ebpf::{Ebpf, EbpfPlan},
};

/// Runs `tracer trace`.
pub(super) fn run(args: &TraceArgs) -> Result<ExitCode, Failure> {
    refuse_separate(args)?;
    let rule = rule(args)?;
    let of_processes = !args.pids.is_empty() || !args.command.is_empty();
    let mut plan = EbpfPlan::new(&rule, args.live.buffer);
    if of_processes {
        plan = plan.ending_with_targets();
    }
    if args.live.ebpf_log {
        plan = plan.with_log();
    }
    plan = plan.with_max_targets(args.max_processes);
    if args.view.needs_times() || Asked::of(args).needs_times() {
        plan = plan.with_times(args.view.needs_cpu_times());
    }
    // Where the kernel side cannot decide alone, the events come here to be counted.
    if args.view.only_sums() && args.live.count.is_none() {
        plan = plan.counting();
    }
    let mut look = look(args);
    live::check(&look)?;
    let drawn = args.view.timeline.as_ref().map(|_| args.decode.options());
    if let Some(options) = look.decode.as_ref().or(drawn.as_ref()) {
        plan = plan.decoding(options);
        if look.format == FormatArg::Strace && !asks_for_files(&rule, options) {
            plan = plan.lean();
        }
    }
    if !args.paths.is_empty() {
        plan = plan.through_descriptors();
    }
    live::block_on(async {
        let mut folds = args.view.folds(&args.live, &look.format);
        folds.extend(drawn_timeline(args, &look)?);
        let sink = match separate(args) {
            Some(base) => {
                let append = args.live.output_append_mode;
                let lines = live::format(&args.live, &look)?;
                folds.push(Box::new(Separate::new(base, append, lines)));
                look.silent = true;
                Sink::nothing(base.display().to_string())?
            }
            None => live::sink(&args.live)?,
        };
        let stop = Stop::signals()?;
        let mut source = Ebpf::open(&plan)?;
        if args.live.ebpf_log {
            source.start_log()?;
        }
        for lack in source.lacks() {
            live::say(&args.live, format!("not known on this kernel: {lack}"));
        }
        live::say(
            &args.live,
            format!("ready: tracing {} (eBPF tier 1)", subject(args)),
        );
        let command = match args.command.split_first() {
            Some((program, rest)) => Some(start(&mut source, &stop, program, rest)?),
            None => None,
        };
        live::run(
            &args.live,
            &look,
            Box::new(source),
            &rule,
            sink,
            &stop,
            live::More {
                command,
                folds,
                ..live::More::default()
            },
        )
        .await
    })
}

/// The FILE of `-ff`, which has no effect without one, as with strace.
fn separate(args: &TraceArgs) -> Option<&Path> {
    let asked = args.output_separately || args.follow > 1;
    args.live.output.as_deref().filter(|_| asked)
}

/// The fold of `--timeline`.
fn drawn_timeline(args: &TraceArgs, look: &live::Look) -> Result<Option<Box<dyn Fold>>, Failure> {
    let Some((path, page)) = &args.view.timeline else {
        return Ok(None);
    };
    let decode = look.decode.clone().unwrap_or(args.decode.options());
    let timeline = Timeline::create(path, *page, subject(args), decode).map_err(|error| {
        let text = format!("cannot write to {}: {error}", path.display());
        Failure::new(Code::Failed, text)
    })?;
    Ok(Some(Box::new(timeline)))
}

/// Refuses what has no lines of tasks to put into files, in the words of strace.
fn refuse_separate(args: &TraceArgs) -> Result<(), Failure> {
    let Some(base) = separate(args) else {
        return Ok(());
    };
    let other = if live::piped_to(base).is_some() {
        "piping the output"
    } else if args.view.has_end() {
        "(-c/--summary-only or -C/--summary or --tree)"
    } else {
        return Ok(());
    };
    Err(Failure::usage(format!(
        "{other} and -ff/--output-separately are mutually exclusive"
    )))
}

/// How records look: decoded calls for what is about processes, a table for the whole machine.
fn look(args: &TraceArgs) -> live::Look {
    let of_processes = !args.pids.is_empty() || !args.command.is_empty();
    let format = args.live.format.clone().unwrap_or(if of_processes {
        FormatArg::Strace
    } else {
        FormatArg::Text
    });
    let is_decoded = match format {
        FormatArg::Strace => true,
        FormatArg::Json => of_processes,
        FormatArg::Text | FormatArg::Audit | FormatArg::Csv | FormatArg::Template(_) => false,
    };
    let follows = args.follow > 0 || !args.command.is_empty() || !of_processes;
    live::Look {
        format,
        template: live::TemplateLook::default(),
        silent: args.view.is_silent(),
        decode: is_decoded.then(|| args.decode.options()),
        prefix: if separate(args).is_some() {
            Prefix::Never
        } else if args.live.output.is_some() && follows {
            Prefix::Always
        } else {
            Prefix::WhereSeveral
        },
        times: args.view.times(),
    }
}

/// Does a condition or the way of showing calls need paths, working directories or programs?
fn asks_for_files(rule: &Rule, options: &Options) -> bool {
    options.descriptors > Descriptors::Number
        || rule
            .conditions
            .iter()
            .any(|c| matches!(c, Condition::Exe(_) | Condition::Path(_) | Condition::Op(_)))
}

/// Starts the command so that it is traced from its first instruction.
fn start(
    source: &mut Ebpf,
    stop: &Stop,
    program: &OsString,
    args: &[OsString],
) -> Result<tokio::process::Child, Failure> {
    let mut command = std::process::Command::new(program);
    command.args(args);
    stop.unblock_in(&mut command);
    source.adopt_children()?;
    let child = Command::from(command).spawn();
    source.adopt_no_more();
    child.map_err(|error| {
        let code = if error.kind() == io::ErrorKind::NotFound {
            Code::NotFound
        } else {
            Code::CannotRun
        };
        Failure::new(code, format!("cannot run {}: {error}", program.display()))
    })
}

fn subject(args: &TraceArgs) -> String {
    if let Some(program) = args.command.first() {
        return format!("{} and its children", program.display());
    }
    if args.pids.is_empty() {
        return "all processes".to_owned();
    }
    let pids: Vec<_> = args.pids.iter().map(ToString::to_string).collect();
    let with = if args.follow > 0 {
        " with descendants"
    } else {
        ""
    };
    format!("process {}{with}", pids.join(", "))
}

/// What the `-e` say; of two about the same the later one holds, as with strace.
#[derive(Default)]
struct Asked<'a> {
    calls: Option<&'a CallSet>,
    status: Option<&'a BTreeSet<Status>>,
    signal: Option<SignalSet>,
}

impl<'a> Asked<'a> {
    fn of(args: &'a TraceArgs) -> Self {
        let mut asked = Self::default();
        for expression in &args.expressions {
            match expression {
                Expression::Calls(calls) => asked.calls = Some(calls),
                Expression::Status(status) => asked.status = Some(status),
                Expression::Signal(signal) => asked.signal = Some(*signal),
            }
        }
        asked
    }

    /// Calls are asked for that only the enter hook can tell.
    fn needs_times(&self) -> bool {
        self.status
            .is_some_and(|set| set.contains(&Status::Detached))
    }
}

/// The rule that the options make.
fn rule(args: &TraceArgs) -> Result<Rule, Failure> {
    let of_processes = !args.pids.is_empty() || !args.command.is_empty();
    let asked = Asked::of(args);
    let calls = asked.calls.cloned().unwrap_or_else(|| {
        if args.view.only_lives() {
            CallSet::of_life()
        } else if of_processes {
            CallSet::All
        } else {
            CallSet::of_note()
        }
    });
    let mut conditions = Vec::new();
    if of_processes {
        conditions.push(process(args)?);
    }
    conditions.extend(users(&args.uids));
    if !args.gids.is_empty() {
        conditions.push(Condition::Gid(
            args.gids.iter().map(|id| Gid(*id)).collect(),
        ));
    }
    if !args.comms.is_empty() {
        conditions.push(Condition::Comm(args.comms.clone()));
    }
    if !args.exes.is_empty() {
        conditions.push(Condition::Exe(args.exes.clone()));
    }
    if !args.paths.is_empty() {
        conditions.push(Condition::Path(paths(&args.paths)?));
    }
    if args.failed || args.success {
        conditions.push(Condition::Success(args.success));
    }
    if let Some(status) = asked.status {
        conditions.push(match status.iter().collect::<Vec<_>>()[..] {
            // The kernel side decides these.
            [Status::Successful] => Condition::Success(true),
            [Status::Failed] => Condition::Success(false),
            _ => Condition::Status(status.clone()),
        });
    }
    let exits = calls.contains(Some("exit")) || calls.contains(Some("exit_group"));
    // An end has no result and no file: it is no answer to a question about those.
    let has_status = asked
        .status
        .is_none_or(|set| set.contains(&Status::Unfinished));
    let exits = exits && args.paths.is_empty() && !args.failed && !args.success && has_status;
    let signals = asked
        .signal
        .unwrap_or(if of_processes && exits && !args.view.only_lives() {
            SignalSet::ALL
        } else {
            SignalSet::NONE
        });
    Ok(Rule {
        calls,
        exits,
        signals,
        conditions,
    })
}

/// One of these real users; nothing where there is none.
pub(super) fn users(uids: &[u32]) -> Option<Condition> {
    (!uids.is_empty()).then(|| Condition::Uid(uids.iter().map(|id| Uid(*id)).collect()))
}

/// The process condition; every pid must exist.
fn process(args: &TraceArgs) -> Result<Condition, Failure> {
    if !args.command.is_empty() && !args.pids.is_empty() {
        return Err(Failure::usage("give either --pid or a command, not both"));
    }
    processes(&args.pids, args.follow > 0 || !args.command.is_empty())
}

/// One of these processes or threads, each of which must exist, or a descendant.
pub(super) fn processes(pids: &[u32], follow: bool) -> Result<Condition, Failure> {
    let mut threads = false;
    for pid in pids {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).map_err(|_| {
            Failure::new(
                Code::Target,
                format!("there is no process {pid}: it may have ended; see `ps -e`"),
            )
        })?;
        let tgid = status
            .lines()
            .find_map(|l| l.strip_prefix("Tgid:")?.trim().parse::<u32>().ok());
        threads |= tgid != Some(*pid);
    }
    Ok(Condition::Process {
        ids: pids.iter().copied().collect::<BTreeSet<_>>(),
        threads,
        follow,
    })
}

/// `--path`: what exists is a file or tree, the rest are patterns.
fn paths(paths: &[PathBuf]) -> Result<PathSet, Failure> {
    let mut set = PathSet {
        recursive: true,
        by_inode: true,
        ..PathSet::default()
    };
    let mut globs = GlobSetBuilder::new();
    for path in paths {
        let text = path.to_string_lossy();
        match path.canonicalize() {
            Ok(path) => set.roots.push(path.as_os_str().as_bytes().to_vec()),
            Err(_) if text.contains(['*', '?', '[', '{']) => {
                let glob = parse::path_glob(&text)
                    .map_err(|e| Failure::usage(format!("--path {text}: {e}")))?;
                globs.add(glob.glob().clone());
            }
            Err(_) => {
                // A file that is not there yet can still be asked for by its name.
                let absolute = std::path::absolute(path)?;
                set.roots.push(absolute.as_os_str().as_bytes().to_vec());
                set.by_inode = false;
            }
        }
    }
    set.globs = globs.build().map_err(|e| Failure::usage(e.to_string()))?;
    Ok(set)
}
