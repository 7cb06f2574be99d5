//! What one call costs: every tool runs every loop, in rounds, each between two untraced runs.
//!
//! A machine drifts over the minutes of a run. What a tool adds is therefore taken against the
//! untraced runs just before and just after it, and the median over the rounds is what counts.

use std::{
    collections::HashMap,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use super::{process::Process, room::Room, summary, tool::Tool};

/// One loop: its name on the command line and how much of it makes a measurement.
#[derive(Debug)]
pub(super) struct Loop {
    /// The subcommand of `xtask workload`.
    pub(super) name: &'static str,
    /// Iterations, enough for some tenths of a second.
    iterations: u32,
    /// Whether it works in a directory.
    in_dir: bool,
    /// What strace is asked for: the calls that the loop is about.
    calls: &'static str,
}

/// Every loop.
pub(super) const LOOPS: [Loop; 4] = [
    Loop {
        name: "open-close",
        iterations: 200_000,
        in_dir: true,
        calls: "openat",
    },
    Loop {
        name: "rename-unlink",
        iterations: 30_000,
        in_dir: true,
        calls: "file",
    },
    Loop {
        name: "fork-exec",
        iterations: 600,
        in_dir: false,
        calls: "file",
    },
    Loop {
        name: "getppid",
        iterations: 2_000_000,
        in_dir: false,
        calls: "openat",
    },
];

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// Rounds.
    pub(super) rounds: u32,
    /// Iterations are divided by this.
    pub(super) shorter: u32,
}

/// Nanoseconds per iteration.
#[derive(Debug, Clone, Copy)]
struct Time {
    /// By the clock.
    wall: f64,
    /// CPU time of the loop itself: what others do to the machine meanwhile is not in it, nor is
    /// what a tool does in a process of its own.
    cpu: f64,
}

/// Nanoseconds per iteration under one tool: what was measured, and what of it the tool added.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// By the clock.
    pub(super) ns: f64,
    /// More than untraced, by the clock.
    pub(super) added: f64,
    /// More CPU time than untraced.
    pub(super) added_cpu: f64,
}

impl Cost {
    /// What a tool made of a loop, between two untraced runs.
    fn new(before: Time, during: Time, after: Time) -> Self {
        Self {
            ns: during.wall,
            added: during.wall - f64::midpoint(before.wall, after.wall),
            added_cpu: during.cpu - f64::midpoint(before.cpu, after.cpu),
        }
    }
}

/// Everything that the rounds gave.
#[derive(Debug, Default)]
pub(super) struct Costs {
    /// One entry per round.
    samples: HashMap<(&'static str, Tool), Vec<Cost>>,
    /// Tools that failed: how often, and why the last time.
    refused: HashMap<Tool, (u32, String)>,
    /// Events that tracer reported as lost, in all loops together, and those that it saw.
    pub(super) tracer_lost: u64,
    /// Likewise: events that it saw.
    pub(super) tracer_seen: u64,
}

/// A tool that failed so often is left alone.
const FAILURES: u32 = 2;

impl Costs {
    /// Why there is nothing to show for a tool.
    pub(super) fn refused(&self, tool: Tool) -> Option<&str> {
        let measured = self.samples.keys().any(|(_, measured)| *measured == tool);
        self.refused
            .get(&tool)
            .filter(|_| !measured)
            .map(|(_, reason)| reason.as_str())
    }

    /// Takes down that a tool could not be measured in this round.
    fn failed(&mut self, tool: Tool, err: &anyhow::Error) {
        let (times, reason) = self.refused.entry(tool).or_default();
        *times += 1;
        *reason = format!("{err:#}");
    }

    /// Whether it is no use to try this tool again.
    fn gave_up(&self, tool: Tool) -> bool {
        self.refused
            .get(&tool)
            .is_some_and(|(times, _)| *times >= FAILURES)
    }

    /// The medians over the rounds.
    pub(super) fn median(&self, name: &str, tool: Tool) -> Option<Cost> {
        let (_, samples) = self
            .samples
            .iter()
            .find(|((n, t), _)| *n == name && *t == tool)?;
        Some(Cost {
            ns: summary::median(samples.iter().map(|cost| cost.ns))?,
            added: summary::median(samples.iter().map(|cost| cost.added))?,
            added_cpu: summary::median(samples.iter().map(|cost| cost.added_cpu))?,
        })
    }
}

/// Runs the rounds.
pub(super) fn measure(
    loops: &[&Loop],
    tools: &[Tool],
    effort: Effort,
    tracer: &Path,
    room: &Room,
) -> Result<Costs> {
    let mut costs = Costs::default();
    for tool in tools {
        if let Err(err) = tool.is_installed() {
            costs.refused.insert(*tool, (FAILURES, format!("{err:#}")));
        }
    }
    for round in 1..=effort.rounds {
        eprintln!("bench: round {round} of {}", effort.rounds);
        let mut before = run_all(loops, Tool::Untraced, effort, room)?;
        for tool in tools {
            if costs.gave_up(*tool) {
                continue;
            }
            let during = match under(loops, *tool, effort, tracer, room, &mut costs) {
                Ok(during) => during,
                Err(err) => {
                    eprintln!("bench: {}: {err:#}", tool.name());
                    costs.failed(*tool, &err);
                    continue;
                }
            };
            let after = run_all(loops, Tool::Untraced, effort, room)?;
            for (index, of) in loops.iter().enumerate() {
                let (before, during, after) = (before[index], during[index], after[index]);
                let mut keep =
                    |tool, cost| costs.samples.entry((of.name, tool)).or_default().push(cost);
                keep(*tool, Cost::new(before, during, after));
                keep(Tool::Untraced, Cost::new(before, before, after));
            }
            before = after;
        }
    }
    Ok(costs)
}

/// Every loop under one tool.
fn under(
    loops: &[&Loop],
    tool: Tool,
    effort: Effort,
    tracer: &Path,
    room: &Room,
    costs: &mut Costs,
) -> Result<Vec<Time>> {
    room.clear();
    let mut process = tool.start(tracer, room)?;
    let times = run_all(loops, tool, effort, room)?;
    if let Some(process) = &mut process {
        ensure!(
            !process.has_ended()?,
            "ended in the middle: {}",
            process.messages().trim()
        );
        let messages = process.interrupt()?;
        if tool == Tool::Tracer {
            let sums = summary::Sums::parse(&messages)?;
            costs.tracer_seen += sums.seen;
            costs.tracer_lost += sums.lost;
        }
    }
    room.clear();
    Ok(times)
}

/// Every loop once.
fn run_all(loops: &[&Loop], tool: Tool, effort: Effort, room: &Room) -> Result<Vec<Time>> {
    loops.iter().map(|of| run(of, tool, effort, room)).collect()
}

/// One loop once.
fn run(of: &Loop, tool: Tool, effort: Effort, room: &Room) -> Result<Time> {
    let fewer = if tool.stops_the_process() { 10 } else { 1 };
    let iterations = (of.iterations / effort.shorter / fewer).max(10);
    let program = std::env::current_exe().context("where is this program?")?;
    let mut words = tool.wrapper(of.calls, room);
    words.push(program.display().to_string());
    words.extend(["workload", of.name, &iterations.to_string()].map(str::to_owned));
    if of.in_dir {
        words.push(room.watched().display().to_string());
    }
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut process = Process::start(&mut command, &room.workload_messages())?;
    let mut printed = String::new();
    process.stdout()?.read_to_string(&mut printed)?;
    let status = process.wait()?;
    let messages = process.messages();
    let first = messages.lines().next().unwrap_or_default();
    ensure!(status.success(), "refused: {first}");
    let time = || {
        let (wall, cpu) = printed.trim().split_once(' ')?;
        Some(Time {
            wall: wall.parse().ok()?,
            cpu: cpu.parse().ok()?,
        })
    };
    time().with_context(|| format!("the workload printed {printed:?}"))
}
