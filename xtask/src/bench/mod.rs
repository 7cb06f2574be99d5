//! `cargo xtask bench`: what tracer costs, beside its peers, in one run (`docs/bench.md`).

use std::{os::unix::process::CommandExt as _, path::Path};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{
    args::BenchArgs,
    build::{self, Profile},
    setup, shell,
};

mod against;
mod load;
mod logs;
mod mark;
mod notify;
mod paired;
mod process;
mod report;
mod room;
mod rules;
mod summary;
mod sync;
mod tool;
mod whole;

use paired::{Effort, Loop};
use report::Report;
use room::Room;
use tool::Tool;

/// The measurements beside the loops.
const FLOOD: &str = "flood";
/// Likewise.
const CHURN: &str = "churn";
/// Likewise.
const START: &str = "start";
/// Likewise.
const LOGS: &str = "logs";
/// Likewise: the start of `inotifywait -r`.
const NOTIFY_START: &str = "inotify-start";
/// Likewise: files made in a tree that it watches.
const NOTIFY_STORM: &str = "inotify-storm";
/// Likewise: `tracer sync` beside rsync.
const SYNC: &str = "sync";
/// Likewise: commands traced whole.
const WHOLE: &str = "whole";
/// Likewise: rule sets, and the log that the daemon writes.
const RULES: &str = "rules";

/// `cargo xtask bench`.
pub(crate) fn command(args: &BenchArgs) -> Result<()> {
    let known = paired::LOOPS.iter().map(|of| of.name).chain([
        FLOOD,
        CHURN,
        START,
        LOGS,
        NOTIFY_START,
        NOTIFY_STORM,
        RULES,
        SYNC,
        WHOLE,
    ]);
    if args.against.is_none()
        && let Some(name) = args
            .only
            .iter()
            .find(|only| !known.clone().any(|name| name.contains(*only)))
    {
        let known: Vec<_> = known.collect();
        bail!(
            "there is no measurement `{name}`: it can be {}",
            known.join(", ")
        );
    }
    let tracer = match &args.tracer {
        Some(file) => file.clone(),
        None => build::tracer(Profile::Dist)?,
    };
    if !shell::is_root() {
        return again_as_root(&tracer);
    }
    private_tracefs()?;
    if !args.no_peers && args.against.is_none() {
        setup::peers();
    }
    measure(args, &tracer)
}

/// Where tracefs belongs.
const TRACEFS: &str = "/sys/kernel/tracing";

/// Mounts tracefs, which the peers look for there, where it is not: in a mount namespace of the bench's own, so that
/// the machine stays as it is.
fn private_tracefs() -> Result<()> {
    use rustix::{mount, thread};
    if Path::new(TRACEFS).join("events").is_dir() {
        return Ok(());
    }
    // SAFETY: the bench has one thread here, so that all of it gets the namespace; no memory is concerned.
    unsafe { thread::unshare_unsafe(thread::UnshareFlags::NEWNS) }
        .context("a mount namespace of its own is refused")?;
    mount::mount_change(
        "/",
        mount::MountPropagationFlags::PRIVATE | mount::MountPropagationFlags::REC,
    )
    .context("its mounts cannot be made private")?;
    mount::mount(
        "tracefs",
        TRACEFS,
        "tracefs",
        mount::MountFlags::empty(),
        None,
    )
    .with_context(|| {
        format!(
            "tracefs cannot be mounted at {TRACEFS}: the peers need it (--no-peers does without)"
        )
    })
}

/// Starts this program once more as root, with the tracer that was built as an ordinary user.
fn again_as_root(tracer: &Path) -> Result<()> {
    let program = std::env::current_exe().context("where is this program?")?;
    let mut command = shell::as_root(program, false)?;
    command
        .args(std::env::args_os().skip(1))
        .arg("--tracer")
        .arg(tracer);
    Err(command.exec()).context("sudo cannot be started")
}

/// tracer as inotifywait beside the real one.
fn beside_inotifywait(
    args: &BenchArgs,
    wanted: &dyn Fn(&str) -> bool,
    tracer: &Path,
    room: &Room,
    report: &mut Report,
) -> Result<()> {
    let rounds = args.rounds.unwrap_or(if args.quick { 2 } else { 5 });
    if wanted(NOTIFY_START) {
        eprintln!("bench: {NOTIFY_START}");
        let directories = if args.quick { 11_000 } else { 110_000 };
        report.notify_starts(&notify::starts(directories, rounds, tracer, room)?);
    }
    if wanted(NOTIFY_STORM) {
        eprintln!("bench: {NOTIFY_STORM}");
        let files = if args.quick { 10_000 } else { 100_000 };
        report.notify_storm(&notify::storm(files, rounds, tracer, room)?);
    }
    Ok(())
}

/// Measures what was asked for and prints it.
fn measure(args: &BenchArgs, tracer: &Path) -> Result<()> {
    let wanted =
        |name: &str| args.only.is_empty() || args.only.iter().any(|only| name.contains(only));
    let room = Room::new()?;
    let mut report = Report::new(tracer);
    if let Some(before) = &args.against {
        let bench = against::Bench {
            room: &room,
            rounds: args.rounds.unwrap_or(if args.quick { 2 } else { 7 }),
            quick: args.quick,
        };
        against::measure(&bench, &wanted, tracer, before)?;
        report::busy("at the end");
        return Ok(());
    }
    let loops: Vec<&Loop> = paired::LOOPS.iter().filter(|of| wanted(of.name)).collect();
    if !loops.is_empty() {
        let tools = if args.no_peers {
            &Tool::TRACERS[..1]
        } else {
            &Tool::TRACERS[..]
        };
        let (rounds, shorter) = if args.quick { (2, 4) } else { (7, 1) };
        let effort = Effort {
            rounds: args.rounds.unwrap_or(rounds),
            shorter,
        };
        let costs = paired::measure(&loops, tools, effort, tracer, &room)?;
        report.loops(&loops, tools, &costs);
    }
    if !args.no_peers && notify::is_installed() {
        beside_inotifywait(args, &wanted, tracer, &room, &mut report)?;
    }
    if args.only.is_empty() || args.only.iter().any(|only| only == START) {
        eprintln!("bench: {START}");
        report.start(load::start_to_first_event(5, tracer, &room)?);
    }
    if wanted(FLOOD) {
        eprintln!("bench: {FLOOD}");
        let seconds = if args.quick { 2 } else { 10 };
        report.flood(
            &load::flood(report::FLOOD_RATE, seconds, tracer, &room)?,
            seconds,
        );
    }
    if wanted(CHURN) {
        eprintln!("bench: {CHURN}");
        let processes = if args.quick { 5_000 } else { 50_000 };
        report.churn(&load::churn(processes, 20, tracer, &room)?, processes);
    }
    if wanted(LOGS) {
        report.add(logs::measure(tracer, args.quick, !args.no_peers)?);
    }
    if wanted(RULES) {
        report.add(rules::measure(tracer, args.quick, &room)?);
    }
    if wanted(WHOLE) {
        let effort = whole::Effort {
            rounds: args.rounds.unwrap_or(if args.quick { 2 } else { 5 }),
            quick: args.quick,
            peers: !args.no_peers,
        };
        report.add(whole::measure(tracer, effort, &room)?);
    }
    if wanted(SYNC) {
        eprintln!("bench: {SYNC}");
        let files = if args.quick { 1_000 } else { 10_000 };
        let rounds = args.rounds.unwrap_or(if args.quick { 2 } else { 5 });
        report.synced(&sync::measure(files, rounds, tracer, &room)?);
    }
    report.targets();
    report::busy("at the end");
    ensure!(
        report.incomplete.is_empty(),
        "could not be measured: {}",
        report.incomplete.join("; ")
    );
    Ok(())
}
