//! The daemon: what an event costs that no rule is about, with one rule and with many, and how fast
//! the audit log is written.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use super::{
    logs::Target,
    process::Process,
    room::Room,
    summary::{Sums, median},
};

/// Rules in the second run.
const MANY: usize = 500;
/// How many times the cost of one rule they may have.
const TIMES: f64 = 2.0;
/// Events per second that have to be written.
const RATE: u64 = 150_000;
/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A kind of rule that no event of the loop matches.
type Rule = fn(usize) -> String;

const KINDS: [(&str, Rule); 2] = [
    ("-S openat -F uid=", |n| {
        format!(
            "-a always,exit -F arch=b64 -S openat -F uid={}\n",
            60_000 + n
        )
    }),
    ("-w FILE", |n| {
        format!("-w /etc/tracer-bench-{n} -p rwa -k k\n")
    }),
];

/// Measures everything; prints a table and gives the targets.
pub(super) fn measure(tracer: &Path, quick: bool, room: &Room) -> Result<Vec<Target>> {
    let mut targets = Vec::new();
    println!();
    println!("| rules that do not match | untraced ns | added by one ns | added by {MANY} ns |");
    println!("|---|--:|--:|--:|");
    for (name, rule) in KINDS {
        eprintln!("bench: rules {name}");
        let rules = |count| (0..count).map(rule).collect::<Vec<_>>().concat();
        let (mut none, mut one, mut many) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..if quick { 3 } else { 7 } {
            none.push(open_close(room)?);
            one.push(beside(tracer, room, &rules(1))?);
            many.push(beside(tracer, room, &rules(MANY))?);
        }
        let middle = |times: Vec<f64>| median(times).context("measured nothing");
        let (none, one, many) = (middle(none)?, middle(one)?, middle(many)?);
        println!(
            "| `{name}` | {none:.0} | {:.0} | {:.0} |",
            one - none,
            many - none
        );
        let times = (many - none) / (one - none);
        targets.push((
            times <= TIMES,
            format!("{MANY} rules `{name}`: at most {TIMES} times what one adds"),
            format!("{times:.2} times"),
        ));
    }
    eprintln!("bench: rules, log");
    let seconds = if quick { 3 } else { 10 };
    let Flood { rate, sums, .. } = flood(tracer, room, seconds)?;
    targets.push((
        sums.lost == 0 && rate >= 0.99 * RATE as f64,
        format!("audit log: {RATE} events per second, nothing lost"),
        format!("{rate:.0} per second, lost {} of {}", sums.lost, sums.seen),
    ));
    Ok(targets)
}

/// Nanoseconds of CPU of one open and close, where others at work do not show.
fn open_close(room: &Room) -> Result<f64> {
    let printed = workload(room, &["open-close", "200000"])?;
    let cpu = printed.split_whitespace().nth(1);
    cpu.and_then(|ns| ns.parse().ok())
        .with_context(|| format!("no numbers: {printed}"))
}

/// The same beside a daemon with these rules.
fn beside(tracer: &Path, room: &Room, rules: &str) -> Result<f64> {
    let mut daemon = start(tracer, room, rules)?;
    let time = open_close(room)?;
    daemon.interrupt()?;
    Ok(time)
}

/// Nanoseconds of CPU that a daemon with one rule that does not match adds to an open and close.
pub(super) fn added_by_one(tracer: &Path, room: &Room) -> Result<f64> {
    let (_, rule) = KINDS[0];
    let before = open_close(room)?;
    let during = beside(tracer, room, &rule(0))?;
    Ok(during - f64::midpoint(before, open_close(room)?))
}

/// What a flood did to the daemon.
pub(super) struct Flood {
    /// Events per second that the log was offered.
    rate: f64,
    /// What became of them.
    sums: Sums,
    /// CPU of the daemon per event, in microseconds.
    pub(super) cpu_us: f64,
}

/// Opens of which every one is logged.
pub(super) fn flood(tracer: &Path, room: &Room, seconds: u64) -> Result<Flood> {
    let rule = format!("-w {} -p r -k flood\n", room.watched().display());
    let mut daemon = start(tracer, room, &rule)?;
    let before = daemon.cpu()?;
    let (rate, length) = (RATE.to_string(), seconds.to_string());
    let printed = workload(
        room,
        &[
            "flood",
            "--rate",
            &rate,
            "--seconds",
            &length,
            "--processes",
            "1",
        ],
    )?;
    let (opens, took) = printed.trim().split_once(' ').context("no numbers")?;
    let rate = opens.parse::<f64>()? / took.parse::<f64>()?;
    let after = daemon.cpu()?;
    let sums = Sums::parse(&daemon.interrupt()?)?;
    let cpu = (after.user + after.system).saturating_sub(before.user + before.system);
    Ok(Flood {
        rate,
        sums,
        cpu_us: cpu.as_secs_f64() * 1e6 / sums.seen.max(1) as f64,
    })
}

/// Starts a daemon and waits until its rules are in force.
fn start(tracer: &Path, room: &Room, rules: &str) -> Result<Process> {
    let output = room.output();
    let place = output.parent().context("it is in a directory")?;
    let here = place.display();
    fs::write(place.join("bench.rules"), rules)?;
    fs::write(
        place.join("tracer.toml"),
        format!(
            "rules = \"{here}/bench.rules\"\nlog_file = \"{here}/audit.log\"\nnum_logs = 2\n\
             control_socket = \"{here}/control.sock\"\nmessage_socket = \"{here}/message.sock\"\n\
             space_left = 0\n"
        ),
    )?;
    let mut command = Command::new(tracer);
    command
        .arg("daemon")
        .arg("--config")
        .arg(place.join("tracer.toml"));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut process = Process::start(&mut command, &room.messages())?;
    let end = Instant::now() + PATIENCE;
    loop {
        let said = fs::read_to_string(room.messages()).unwrap_or_default();
        if said.contains("ready") {
            return Ok(process);
        }
        ensure!(
            !process.has_ended()? && Instant::now() < end,
            "not ready: {said}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

/// Runs a workload to its end; what it printed.
fn workload(room: &Room, args: &[&str]) -> Result<String> {
    let mut command = Command::new(std::env::current_exe().context("where is this program?")?);
    command.arg("workload").args(args).arg(room.watched());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut process = Process::start(&mut command, &room.workload_messages())?;
    let mut printed = String::new();
    process.stdout()?.read_to_string(&mut printed)?;
    ensure!(
        process.wait()?.success(),
        "the workload failed: {}",
        process.messages()
    );
    Ok(printed)
}
