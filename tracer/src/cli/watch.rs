//! `tracer watch`: who touches these files or trees.

use std::{
    collections::BTreeSet,
    io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use globset::{GlobSet, GlobSetBuilder};
use rustix::fs::Access;

use super::{
    args::{BackendArg, FormatArg, WatchArgs},
    exit::{Code, Failure},
    live, parse,
};
use crate::{
    calls::{CallSet, Op, ROWS},
    format::Prefix,
    rules::{Condition, PathSet, Rule},
    sink::Stop,
    source::{
        Source, WatchPlan,
        ebpf::{Ebpf, EbpfPlan},
        fanotify::Fanotify,
        inotify::Inotify,
    },
};

/// Runs `tracer watch`.
pub(super) fn run(args: &WatchArgs) -> Result<ExitCode, Failure> {
    let look = look(args)?;
    let plan = plan(args)?;
    let rule = rule(&plan);
    live::block_on(async {
        let sink = live::sink(&args.live)?;
        let stop = Stop::signals()?;
        let (source, why) = open(args, &plan, &rule)?;
        let roots: Vec<_> = plan.roots.iter().map(|r| r.display().to_string()).collect();
        live::say(
            &args.live,
            format!("ready: watching {} ({why})", roots.join(", ")),
        );
        live::run(&args.live, &look, source, &rule, sink, &stop, None).await
    })
}

/// Records of a watch are about files: calls are not decoded.
fn look(args: &WatchArgs) -> Result<live::Look, Failure> {
    match args.live.format {
        Some(FormatArg::Strace) => Err(Failure::usage(
            "watch tells of files, not of calls: --format strace is for trace; use text, json or audit",
        )),
        format => Ok(live::Look {
            format: format.unwrap_or(FormatArg::Text),
            decode: None,
            prefix: Prefix::Never,
        }),
    }
}

/// What is watched; every path must exist.
fn plan(args: &WatchArgs) -> Result<WatchPlan, Failure> {
    let roots = args
        .paths
        .iter()
        .map(|p| root(p))
        .collect::<Result<Vec<_>, _>>()?;
    let mut ops: BTreeSet<Op> = args.ops.iter().copied().collect();
    if ops.is_empty() {
        ops.extend(parse::WATCH_OPS.into_iter().filter(|op| *op != Op::Close));
    }
    Ok(WatchPlan {
        roots,
        recursive: args.recursive || !args.no_recursive,
        exclude: exclude(&args.exclude)?,
        ops,
        ..WatchPlan::default()
    })
}

fn root(path: &Path) -> Result<PathBuf, Failure> {
    let readable = |path: PathBuf| match rustix::fs::access(&path, Access::READ_OK) {
        Ok(()) => Ok(path),
        Err(error) => Err(io::Error::from(error)),
    };
    path.canonicalize().and_then(readable).map_err(|error| {
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

/// The exclusions; what is below an excluded path is excluded too.
fn exclude(globs: &[globset::Glob]) -> Result<GlobSet, Failure> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        set.add(glob.clone());
        let below = format!("{}/**", glob.glob());
        set.add(parse::glob(&below).map_err(Failure::usage)?);
    }
    set.build()
        .map_err(|error| Failure::usage(error.to_string()))
}

fn rule(plan: &WatchPlan) -> Rule {
    // Opens decide by their flags what they are, so every opening call is of interest to a
    // watch for reads, writes or creations.
    let opens = [Op::Read, Op::Write, Op::Create];
    let wants_opens = opens.iter().any(|op| plan.ops.contains(op));
    let names = ROWS
        .iter()
        .filter(|row| plan.ops.contains(&row.op) || (wants_opens && opens.contains(&row.op)))
        .map(|row| row.name)
        .collect();
    Rule {
        calls: CallSet::Names(names),
        exits: false,
        conditions: vec![
            Condition::Op(plan.ops.clone()),
            Condition::Path(PathSet {
                roots: plan
                    .roots
                    .iter()
                    .map(|r| r.as_os_str().as_bytes().to_vec())
                    .collect(),
                recursive: plan.recursive,
                globs: GlobSet::empty(),
                exclude: plan.exclude.clone(),
                by_inode: true,
                found_only: true,
            }),
        ],
    }
}

/// The best source that works, and which it is and why.
fn open(
    args: &WatchArgs,
    plan: &WatchPlan,
    rule: &Rule,
) -> Result<(Box<dyn Source>, String), Failure> {
    match args.backend {
        Some(BackendArg::Ebpf) => Ok((ebpf(args, rule)?, EBPF.to_owned())),
        Some(BackendArg::Fanotify) => Ok((fanotify(plan)?, FANOTIFY.to_owned())),
        Some(BackendArg::Inotify) => Ok((inotify(plan)?, INOTIFY.to_owned())),
        None => {
            let no_ebpf = match ebpf(args, rule) {
                Ok(source) => return Ok((source, EBPF.to_owned())),
                Err(error) => error,
            };
            if rustix::process::geteuid().is_root() {
                match fanotify(plan) {
                    Ok(source) => {
                        return Ok((source, format!("{FANOTIFY}, because {no_ebpf}")));
                    }
                    Err(error) => {
                        let source = inotify(plan)?;
                        return Ok((source, format!("{INOTIFY}, because {no_ebpf}; {error}")));
                    }
                }
            }
            Ok((inotify(plan)?, format!("{INOTIFY}, because {no_ebpf}")))
        }
    }
}

const EBPF: &str = "eBPF tier 1: who, what and with what result";
const FANOTIFY: &str = "fanotify: who and what, successes only";
const INOTIFY: &str = "inotify: what, but not who";

fn ebpf(args: &WatchArgs, rule: &Rule) -> Result<Box<dyn Source>, Failure> {
    let mut plan = EbpfPlan::new(rule, args.live.buffer);
    if args.live.ebpf_log {
        plan = plan.with_log();
    }
    let mut source = Ebpf::open(&plan)?;
    if args.live.ebpf_log {
        source.start_log()?;
    }
    Ok(Box::new(source))
}

fn fanotify(plan: &WatchPlan) -> Result<Box<dyn Source>, Failure> {
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::new(
            Code::Privilege,
            "fanotify on whole file systems needs root (CAP_SYS_ADMIN): run as root, or use --backend inotify",
        ));
    }
    let source = Fanotify::open(plan)
        .map_err(|error| Failure::new(Code::Kernel, format!("fanotify: {error:#}")))?;
    Ok(Box::new(source))
}

fn inotify(plan: &WatchPlan) -> Result<Box<dyn Source>, Failure> {
    let source = Inotify::open(plan)
        .map_err(|error| Failure::new(Code::Kernel, format!("inotify: {error:#}")))?;
    Ok(Box::new(source))
}
