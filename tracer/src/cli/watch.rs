//! `tracer watch`: who touches these files or trees.

use std::{
    cell::Cell,
    ffi::OsStr,
    fs,
    io::{self, Read},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    process::ExitCode,
    rc::Rc,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use bytes::Bytes;
use globset::GlobSetBuilder;
use nix::sys::signal::Signal;
use regex::bytes::RegexSet;

use super::{
    args::{FormatArg, WatchArgs},
    backend, effect,
    exit::{Code, Failure},
    jobs::{self, Ending, How, Jobs, Left, OnBusy, Template},
    live, outputs,
};
use crate::{
    enrich::mounts,
    event::{Backend, Event},
    recording::Defaults,
    rules::{Condition, IgnoreFiles, NameFilter, PathSet, Rule, pattern},
    sink::Stop,
    source::{
        self, Enters, Source, WatchPlan,
        coalesce::Coalesce,
        halves::Halves,
        links::Links,
        since::{Since, Snapshot},
    },
};

/// Runs `tracer watch`.
pub(super) fn run(args: &WatchArgs) -> Result<ExitCode, Failure> {
    effect::check_watch(args)?;
    let paths = paths(args)?;
    // Nobody is told later, when the first file has changed.
    args.exec.as_ref().map_or(Ok(()), Template::check)?;
    let plan = plan(args, &paths)?;
    let links = Links::of(&paths, plan.names());
    let mut look = look(args, &paths, &plan)?;
    look.template.shown = look.template.shown.following(
        links.roots().clone(),
        paths.iter().map(|path| bytes(path)).collect(),
    );
    live::check(&args.live, &look)?;
    // One file for the two is fine: it is read before it is written.
    for snapshot in [&args.snapshot, &args.since_start] {
        let output = args.live.output.as_deref();
        outputs::apart(output, &args.live, &[("the snapshot", snapshot.as_deref())])?;
    }
    let rule = rule(args, &plan, &links, &look)?;
    live::block_on(async {
        let sink = live::sink(&args.live)?;
        let folds = live::recorder(&args.live, defaults(&paths, &plan))?;
        let stop = Stop::signals()?;
        let (mut source, why) = if goes_on(args) {
            let opened = backend::open(args, &plan, &rule, &links)?;
            (Some(opened.source), opened.why)
        } else {
            (None, "snapshot: what is different, but not who".to_owned())
        };
        if let Some(since) = snapshots(args, &plan, &mut source)? {
            source = Some(since);
        }
        let Some(mut source) = source else {
            return Ok(Code::Success.into());
        };
        if source.backend() == Backend::Ebpf {
            held_mounts(args, &plan.roots);
        }
        source = Box::new(Halves::new(source, rule.clone()));
        let mut burst = None;
        if let Some(window) = args.coalesce {
            let coalesce = Coalesce::new(source, rule.clone(), window);
            burst = Some((window, coalesce.held()));
            source = Box::new(coalesce);
        }
        let watched = named(&plan.roots);
        live::say(&args.live, format!("ready: watching {watched} ({why})"));
        let jobs = args
            .exec
            .as_ref()
            .map(|command| Jobs::start(command.clone(), how(args, burst), &stop));
        let push = |event: &Event| jobs.iter().for_each(|jobs| jobs.push(event));
        let more = live::More {
            folds: folds.into_iter().collect(),
            duration: args.kernel.duration,
            count: args.count.or(args.once.then_some(1)),
            idle: args.timeout,
            each: jobs.is_some().then_some(&push),
            parting: goes_on(args).then_some("nothing is left to watch"),
            ..live::More::default()
        };
        let ended = live::run(&args.live, &look, source, &rule, sink, &stop, more).await;
        let left = match jobs {
            Some(jobs) => jobs.finish(&stop).await,
            None => Left::default(),
        };
        if left.ignored > 0 {
            let ignored = crate::words::counted(left.ignored as u64, "record");
            let text = "started no command, because one ran (--on-busy ignore)";
            live::say(&args.live, format!("{ignored} {text}"));
        }
        if left.unfinished > 0 {
            let left = crate::words::counted(left.unfinished as u64, "command");
            let text = format!("not run to the end: {left} of --exec");
            return Err(Failure::new(Code::Failed, text));
        }
        ended
    })
}

/// Says which mounts are busy as long as they are watched.
fn held_mounts(args: &WatchArgs, roots: &[PathBuf]) {
    let mount = |path: &Path| mounts::id_of(path.as_os_str().as_bytes()).ok();
    let is_point = |root: &&PathBuf| match root.parent() {
        Some(parent) => mount(root).is_some_and(|own| mount(parent).is_some_and(|up| up != own)),
        None => false,
    };
    let points: Vec<_> = roots.iter().filter(is_point).cloned().collect();
    if !points.is_empty() {
        let points = named(&points);
        let text = "is held open, and cannot be unmounted meanwhile but with `umount -l`";
        live::say(&args.live, format!("{points} {text}"));
    }
}

/// The first of them, and how many more there are.
fn named(roots: &[PathBuf]) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<_> = roots
        .iter()
        .take(SHOWN)
        .map(|root| root.display().to_string())
        .collect();
    let shown = shown.join(", ");
    match roots.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

/// How commands of `--exec` are run.
fn how(args: &WatchArgs, burst: Option<(Duration, Rc<Cell<usize>>)>) -> How {
    How {
        at_once: args.jobs.into(),
        on_busy: on_busy(args),
        ending: Ending {
            signal: args.stop_signal.unwrap_or(Signal::SIGTERM),
            grace: args.stop_timeout.unwrap_or(Duration::from_secs(10)),
        },
        burst,
    }
}

pub(super) fn on_busy(args: &WatchArgs) -> OnBusy {
    if args.restart {
        OnBusy::Restart
    } else {
        args.on_busy
    }
}

/// Is there more to tell than the difference to a snapshot?
pub(super) fn goes_on(args: &WatchArgs) -> bool {
    args.monitor || (args.snapshot.is_none() && args.since_start.is_none())
}

/// Compares with a snapshot, and takes one. What there is to tell comes before `source`, which is
/// watching by now: nothing in between is missed.
fn snapshots(
    args: &WatchArgs,
    plan: &WatchPlan,
    source: &mut Option<Box<dyn Source>>,
) -> Result<Option<Box<dyn Source>>, Failure> {
    if args.snapshot.is_none() && args.since_start.is_none() {
        return Ok(None);
    }
    let globs = args.exclude.iter().map(|glob| glob.glob().to_owned());
    let left_out: Vec<_> = globs.chain(args.exclude_regex.iter().cloned()).collect();
    let old = match &args.since_start {
        Some(from) => {
            let old = Snapshot::read(from).map_err(|error| {
                let text = format!("cannot read the snapshot {}: {error}", from.display());
                Failure::new(Code::Failed, text)
            })?;
            let old = old.only(plan, &left_out).map_err(|why| {
                let text = format!("the snapshot {} does not fit: {why}", from.display());
                Failure::usage(text)
            })?;
            Some(old)
        }
        None => None,
    };
    let mut warnings = Vec::new();
    plan.looked_at.store(0, Ordering::Relaxed);
    let new = backend::looking("looked at", plan, || {
        Snapshot::take(plan, left_out, &mut |warning| warnings.push(warning))
    });
    for warning in warnings {
        live::say(&args.live, warning);
    }
    if let Some(to) = &args.snapshot {
        new.write(to)
            .map_err(|error| live::cannot_make(to, &error))?;
    }
    Ok(match old {
        Some(old) => Some(Box::new(Since::new(&old, &new, source.take())?)),
        None => source.take(),
    })
}

/// Records of a watch are about files: calls are not decoded.
fn look(args: &WatchArgs, paths: &[PathBuf], plan: &WatchPlan) -> Result<live::Look, Failure> {
    if args.live.format == Some(FormatArg::Strace) {
        return Err(Failure::usage(
            "watch tells of files, not of calls: --format strace is for trace; use text, json, \
             audit, csv or a template",
        ));
    }
    let mut look = live::Look::new(&defaults(paths, plan), &args.live, false);
    look.decode = None;
    if args.json || args.csv {
        look.format = if args.json {
            FormatArg::Json
        } else {
            FormatArg::Csv
        };
        look.silent = false;
    }
    let is_template = matches!(look.format, FormatArg::Template(_));
    if !is_template && (args.null || args.timefmt.is_some()) {
        return Err(Failure::usage(live::ONLY_TEMPLATES));
    }
    if args.timefmt.is_some()
        && matches!(&look.format, FormatArg::Template(text) if !text.contains("%T"))
    {
        return Err(Failure::usage(
            "--timefmt is the form of %T, and there is none in --format",
        ));
    }
    look.template.timefmt.clone_from(&args.timefmt);
    look.template.null = args.null;
    Ok(look)
}

/// How events are shown: with the names under which the roots were given.
fn defaults(paths: &[PathBuf], plan: &WatchPlan) -> Defaults {
    let bytes = |path: &Path| Bytes::copy_from_slice(path.as_os_str().as_bytes());
    let roots = plan.roots.iter().zip(paths);
    Defaults {
        roots: roots
            .map(|(root, given)| (bytes(root), bytes(given)))
            .collect(),
        ..Defaults::default()
    }
}

/// Everything that is to be watched, as it was given.
fn paths(args: &WatchArgs) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = args.paths.clone();
    if let Some(from) = &args.fromfile {
        let mut text = Vec::new();
        let read = if from.as_os_str() == "-" {
            io::stdin().lock().read_to_end(&mut text)
        } else {
            fs::File::open(from).and_then(|mut file| file.read_to_end(&mut text))
        };
        read.map_err(|error| {
            let from = from.display();
            Failure::new(Code::Target, format!("cannot read {from}: {error}"))
        })?;
        let lines = text.split(|b| *b == b'\n').filter(|line| !line.is_empty());
        paths.extend(lines.map(|line| PathBuf::from(OsStr::from_bytes(line))));
    }
    if paths.is_empty() {
        return Err(Failure::usage("there is no path in the file of --fromfile"));
    }
    Ok(paths)
}

/// What is watched; every path must exist.
fn plan(args: &WatchArgs, paths: &[PathBuf]) -> Result<WatchPlan, Failure> {
    let args_given: Vec<_> = std::env::args_os().collect();
    let found = paths.iter().map(|path| {
        let quoted = || jobs::unquoted(&args_given, path.as_os_str());
        root(path).map_err(|failure| match args.exec.as_ref().and_then(|_| quoted()) {
            Some(hint) => Failure::new(failure.code(), format!("{failure}; {hint}")),
            None => failure,
        })
    });
    let roots = found.collect::<Result<Vec<_>, _>>()?;
    let events = args.events.iter().copied().reduce(|all, one| all | one);
    let ops = source::watched_ops(&args.ops, events);
    let names = name_filter(args, &roots)?;
    let enters = names
        .leaves_out()
        .then(|| Arc::new(move |path: &[u8]| !names.excludes(path, true)) as _);
    Ok(WatchPlan {
        roots,
        recursive: args.recursive || !args.no_recursive,
        exclude: pattern::excluded(&args.exclude).map_err(Failure::usage)?,
        ops,
        events,
        enters: Enters(enters),
        ..WatchPlan::default()
    })
}

/// The patterns for names.
fn name_filter(args: &WatchArgs, roots: &[PathBuf]) -> Result<NameFilter, Failure> {
    let set = |patterns: &[String], option: &str| {
        RegexSet::new(patterns).map_err(|error| Failure::usage(format!("{option}: {error}")))
    };
    let mut include = GlobSetBuilder::new();
    for glob in &args.include {
        include.add(glob.clone());
    }
    Ok(NameFilter {
        include: include
            .build()
            .map_err(|error| Failure::usage(error.to_string()))?,
        include_regex: set(&args.include_regex, "--include-regex")?,
        exclude_regex: set(&args.exclude_regex, "--exclude-regex")?,
        ignored: args.gitignore.then(|| Arc::new(IgnoreFiles::of(roots))),
    })
}

pub(super) fn root(path: &Path) -> Result<PathBuf, Failure> {
    source::real_root(path).map_err(|error| {
        let what_to_do = match error.kind() {
            io::ErrorKind::NotFound => "create it first, or watch the directory it will be in",
            io::ErrorKind::PermissionDenied => "run as root or as a user who may read it",
            _ => "give an existing file or directory",
        };
        Failure::new(
            Code::Target,
            format!("cannot watch {}: {error}: {what_to_do}", path.display()),
        )
    })
}

fn rule(
    args: &WatchArgs,
    plan: &WatchPlan,
    links: &Links,
    look: &live::Look,
) -> Result<Rule, Failure> {
    let mut rule = plan.rule(links);
    rule.conditions.extend(args.result.condition());
    // Where the result has no place, only what really happened is told.
    let says_result = !matches!(look.format, FormatArg::Template(_) | FormatArg::Csv)
        && args.events.is_empty()
        && args.exec.is_none();
    if !says_result && !args.result.failed {
        rule.conditions.push(Condition::Success(true));
    }
    let names = name_filter(args, &plan.roots)?;
    if !names.is_empty() {
        rule.conditions.push(Condition::Names(names));
    }
    Ok(rule)
}

/// Of names that may be those of another machine; without a root, of all.
pub(super) fn below_names(plan: &WatchPlan) -> Condition {
    let all = plan.roots.is_empty().then(|| b"/".to_vec());
    Condition::Path(PathSet {
        roots: plan.names().all().into_iter().chain(all).collect(),
        recursive: plan.recursive,
        exclude: plan.exclude.clone(),
        ..PathSet::default()
    })
}
