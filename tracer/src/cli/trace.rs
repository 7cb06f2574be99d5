//! `tracer trace`: system calls of processes, of a command, or of the whole system.

use std::{collections::BTreeSet, io, os::unix::ffi::OsStrExt, path::PathBuf, process::ExitCode};

use nix::errno::Errno;

use super::{
    args::{FormatArg, TraceArgs},
    effect::Asked,
    exit::{Code, Failure},
    expression,
    filter::Basis,
    live,
    outputs::Outputs,
    started::{self, Started},
};
use crate::{
    calls::CallSet,
    decode::{Descriptors, Options},
    enrich::users,
    recording::Defaults,
    rules::{Condition, PathSet, Rule},
    sink::{Interruptible, Stop},
    source::{
        Source,
        ebpf::{Behind, Depth, Ebpf, EbpfPlan},
        missing::Missing,
    },
};

/// Runs `tracer trace`.
pub(super) fn run(mut args: TraceArgs) -> Result<ExitCode, Failure> {
    expression::spread(&args.filter, &mut args.decode, &mut args.live);
    let goes_to_error = args.as_strace || !args.command.is_empty();
    if goes_to_error && !args.changes.is_for_program() {
        args.live.records_of_command();
    }
    let is_idle = args.live.output_append_mode && args.live.output.is_none();
    if args.as_strace && is_idle {
        live::complain("strace: -A/--output-append-mode has no effect without -o/--output");
        args.live.output_append_mode = false;
    }
    let args = &args;
    let outputs = Outputs {
        filter: &args.filter,
        view: &args.view,
        live: &args.live,
        also: ("--undo", args.changes.undo.as_deref()),
    };
    outputs.check(args.as_strace)?;
    check(args)?;
    let rule = rule(args)?;
    let defaults = defaults(args);
    let list = args.changes.list();
    let is_silent = args.view.is_silent() || list.is_some();
    let mut look = live::Look::new(&defaults, &args.live, is_silent);
    let asked = Asked {
        view: &args.view,
        decode: &args.decode,
        format: &look.format,
        list,
        records: args.live.record.is_some(),
        as_strace: args.as_strace,
    };
    asked.check()?;
    look.lines = args.decode.lines(&args.live);
    look.lines.shows_pid |= is_of_several(args);
    live::check(&args.live, &look)?;
    let plan = plan(args, &rule, &look);
    let program = program(args)?;
    live::block_on(async {
        let users = users::of_system();
        let (sink, mut folds) = outputs.open(
            &mut look,
            defaults,
            subject(args),
            &users,
            ran(args).as_ref(),
        )?;
        folds.extend(args.changes.fold(&args.live, subject(args))?);
        let stop = Stop::signals_beside_a_command(interruptible(args))?;
        let mut source = Ebpf::open(&plan)?;
        if args.kernel.ebpf_log {
            source.start_log()?;
        }
        for path in args.filter.missing_paths() {
            let path = path.display();
            live::say(
                &args.live,
                format!("{path} does not exist yet: calls that name it are told"),
            );
        }
        for lack in source.lacks() {
            live::say(&args.live, format!("not known on this kernel: {lack}"));
        }
        live::say(
            &args.live,
            format!("ready: tracing {} (eBPF)", subject(args)),
        );
        let (mut command, mut failure) = (None, None);
        if let Some(path) = program {
            match args.start.start(&mut source, &stop, &path, &args.command)? {
                Started::Runs(child) => command = Some(child),
                Started::Failed(error) => failure = cannot_run(args, &error),
            }
        }
        let mut source: Box<dyn Source> = Box::new(source);
        if args.changes.missing {
            let path = std::env::var_os("PATH").unwrap_or_default();
            source = Box::new(Missing::new(source, rule.clone(), &path));
        }
        live::run(
            &args.live,
            &look,
            source,
            &rule,
            sink,
            &stop,
            live::More {
                command,
                failure,
                as_strace: args.as_strace,
                folds,
                users: Some(users),
                count: args.filter.count,
                calls: args.filter.syscall_limit,
                duration: args.kernel.duration,
                ..live::More::default()
            },
        )
        .await
    })
}

/// The processes that are asked for and run already, none where whatever runs is; `None` where only a command is.
fn ran(args: &TraceArgs) -> Option<BTreeSet<u32>> {
    let pids = args.filter.pids();
    (args.command.is_empty() || !pids.is_empty()).then_some(pids)
}

/// Refuses what would not do what it says.
fn check(args: &TraceArgs) -> Result<(), Failure> {
    if args.command.is_empty()
        && std::env::args_os()
            .next_back()
            .is_some_and(|last| last == "--")
    {
        return Err(Failure::usage("expected a command behind --"));
    }
    args.filter.check(is_of_processes(args))?;
    if let Some(max) = args.max_processes {
        if !is_of_processes(args) {
            return Err(Failure::usage(
                "--max-processes is for --pid and a command, and this traces all processes: leave it out",
            ));
        }
        let given = args.filter.pids().len() + usize::from(!args.command.is_empty());
        if given > max as usize {
            return Err(Failure::usage(format!(
                "--max-processes {max} is less than the {given} processes that are asked for"
            )));
        }
    }
    if !args.command.is_empty() {
        args.filter.check_of_command()?;
    } else if let Some(refusal) = args.start.refusal() {
        return Err(refusal);
    }
    Ok(())
}

/// What signals do: where lines go to a file beside a command, strace leaves the end to the command.
fn interruptible(args: &TraceArgs) -> Interruptible {
    let unless_asked = if args.live.output.is_some() && !args.command.is_empty() {
        Interruptible::Never
    } else {
        Interruptible::Waiting
    };
    args.start.interruptible.unwrap_or(unless_asked)
}

/// The file of the command, if there is one.
fn program(args: &TraceArgs) -> Result<Option<PathBuf>, Failure> {
    let Some(name) = args.command.first() else {
        return Ok(None);
    };
    let path = started::executable(name).map_err(|error| {
        if args.as_strace {
            as_strace(&format!("Can't stat '{}'", name.display()), &error)
        } else {
            started::not_found(name, &error)
        }
    })?;
    if path.is_dir() && !args.as_strace {
        return Err(started::is_directory(name));
    }
    Ok(Some(path))
}

/// A command that the kernel does not execute.
fn cannot_run(args: &TraceArgs, error: &io::Error) -> Option<Failure> {
    let name = args.command.first()?;
    Some(if args.as_strace {
        as_strace("exec", error)
    } else {
        started::cannot_run(name, error)
    })
}

/// What cannot be done, in the words of strace.
fn as_strace(what: &str, error: &io::Error) -> Failure {
    let why = Errno::from_raw(error.raw_os_error().unwrap_or_default());
    Failure::new(Code::Failed, format!("{what}: {}", why.desc()))
}

/// What the kernel side is to do.
fn plan(args: &TraceArgs, rule: &Rule, look: &live::Look) -> EbpfPlan {
    let (of_processes, records) = (is_of_processes(args), args.live.record.is_some());
    let mut plan = EbpfPlan::new(rule, args.kernel.buffer);
    if let Some(max) = args.max_processes {
        plan = plan.with_max_targets(max);
    }
    if of_processes {
        plan = plan.ending_with_targets();
    }
    if args.kernel.ebpf_log {
        plan = plan.with_log();
    }
    // What a recording has, a replay can show.
    let records_times = records && of_processes;
    if args.view.needs_times() || args.filter.needs_times() || records_times {
        plan = plan.with_times(args.view.needs_cpu_times() || records_times);
    }
    // Where the kernel side cannot decide alone, the events come here to be counted.
    if args.view.only_sums()
        && args.filter.count.is_none()
        && args.filter.syscall_limit.is_none()
        && !records
    {
        plan = plan.counting();
    }
    // Which process a call has made is known by whose numbers it tells.
    if args.view.tree || args.view.timeline.is_some() || records {
        plan = plan.translating();
    }
    let drawn = args.view.timeline.as_ref().map(|_| args.decode.options());
    if records {
        plan = plan.decoding(depth(&Options {
            verbose: true,
            descriptors: Descriptors::ALL,
            ..args.decode.options()
        }));
    } else if let Some(options) = drawn.as_ref().or(look.decode.as_ref()) {
        plan = plan.decoding(depth(options));
        let files = asks_for_files(rule, options) || args.changes.any();
        if look.format == FormatArg::Strace && !files {
            plan = plan.lean();
        }
    }
    if args.filter.asks_for_files() {
        plan.through_descriptors()
    } else {
        plan
    }
}

/// How deep to capture what these options show.
fn depth(options: &Options) -> Depth {
    let descriptors = if options.descriptors.shows(Descriptors::SOCKET) {
        Behind::Socket
    } else if options.descriptors == Descriptors::NONE {
        Behind::Nothing
    } else {
        Behind::File
    };
    Depth {
        strings: (!options.dumps).then_some(options.strings),
        verbose: options.verbose,
        descriptors,
        ids: options.processes.any(),
    }
}

/// How events are shown: calls of processes are decoded, those of the whole machine are a table.
fn defaults(args: &TraceArgs) -> Defaults {
    let of_processes = is_of_processes(args);
    Defaults {
        decoded: of_processes,
        follows: args.filter.follow > 0
            || (!args.command.is_empty() && !args.as_strace)
            || is_of_several(args)
            || !of_processes,
        through_descriptors: args.filter.asks_for_files(),
        options: args.decode.options(),
        times: args.view.times(),
        roots: Vec::new(),
    }
}

/// Does a condition or the way of showing calls need paths, working directories or programs?
fn asks_for_files(rule: &Rule, options: &Options) -> bool {
    options.descriptors != Descriptors::NONE
        || rule
            .conditions
            .iter()
            .any(|c| matches!(c, Condition::Exe(_) | Condition::Path(_) | Condition::Op(_)))
}

fn subject(args: &TraceArgs) -> String {
    let command = args.command.first();
    let command = command.map(|program| format!("{} and its children", program.display()));
    let pids: Vec<_> = args.filter.pids().iter().map(ToString::to_string).collect();
    let with = if args.filter.follow > 0 || args.view.tree {
        " with descendants"
    } else {
        ""
    };
    let processes = (!pids.is_empty()).then(|| format!("process {}{with}", pids.join(", ")));
    let all: Vec<_> = processes.into_iter().chain(command).collect();
    if all.is_empty() {
        "all processes".to_owned()
    } else {
        all.join("; ")
    }
}

/// The rule that the options make.
fn rule(args: &TraceArgs) -> Result<Rule, Failure> {
    let of_processes = is_of_processes(args);
    Ok(args.filter.rule(Basis {
        calls: if args.view.only_lives() {
            CallSet::of_life()
        } else if let Some(calls) = args.changes.calls() {
            calls
        } else if of_processes {
            CallSet::All
        } else {
            CallSet::of_note()
        },
        signals: of_processes && !args.view.only_lives() && !args.changes.any(),
        ends: of_processes
            && !args.changes.any()
            && matches!(args.live.format, None | Some(FormatArg::Strace)),
        process: of_processes.then(|| process(args)).transpose()?,
        paths: paths(args)?,
    }))
}

/// What `--path` means. A process or a command is asked about names as it gives them, too; strace
/// takes a directory for itself, and not for what is below it.
fn paths(args: &TraceArgs) -> Result<PathSet, Failure> {
    let mut set = args.filter.path_set(|path| path.canonicalize().ok())?;
    if is_of_processes(args) {
        let given = args.filter.paths.iter();
        set.given = given
            .map(|path| path.as_os_str().as_bytes().to_vec())
            .collect();
        set.by_inode &= set.given.is_empty();
        set.only_itself = args.as_strace;
    }
    Ok(set)
}

/// Is it about processes or a command, and not about the whole machine?
fn is_of_processes(args: &TraceArgs) -> bool {
    !args.filter.pids().is_empty() || !args.command.is_empty()
}

/// Is it about several processes from the start?
fn is_of_several(args: &TraceArgs) -> bool {
    args.filter.pids().len() + usize::from(!args.command.is_empty()) > 1
}

/// The process condition; every pid must exist.
fn process(args: &TraceArgs) -> Result<Condition, Failure> {
    let pids = args.filter.pids();
    let of_command = !args.command.is_empty() && !args.as_strace;
    // A tree has branches.
    let follow = args.filter.follow > 0 || of_command || args.view.tree;
    Ok(Condition::processes(&pids, follow)?)
}
