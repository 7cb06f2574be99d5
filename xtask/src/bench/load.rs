//! tracer under load: a flood, a million events from short-lived processes, a start.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use super::{
    mark,
    process::Process,
    room::Room,
    summary::{self, Sums},
    tool::Tool,
};

/// How long a start may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a flood did.
#[derive(Debug)]
pub(super) struct Flood {
    /// Opens per second that the workload reached.
    pub(super) rate: f64,
    /// What tracer saw and lost.
    pub(super) sums: Sums,
    /// tracer's own CPU per event, in microseconds: user mode, kernel.
    pub(super) cpu_us: (f64, f64),
}

/// Opens at `rate` for `seconds`, from one process per core.
pub(super) fn flood(rate: u64, seconds: u64, tracer: &Path, room: &Room) -> Result<Flood> {
    room.clear();
    let mut process = start(tracer, room)?;
    let before = process.cpu()?;
    let processes = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut workload = workload(room, |command| {
        command.args([
            "flood",
            "--rate",
            &rate.to_string(),
            "--seconds",
            &seconds.to_string(),
        ]);
        command
            .args(["--processes", &processes.to_string()])
            .arg(room.watched());
    })?;
    let mut printed = String::new();
    workload.stdout()?.read_to_string(&mut printed)?;
    ensure!(
        workload.wait()?.success(),
        "the flood failed: {}",
        workload.messages().trim()
    );
    let (opens, took) = printed
        .trim()
        .split_once(' ')
        .context("the flood printed no numbers")?;
    mark::wait_until_seen(&mut process, room)?;
    let after = process.cpu()?;
    let sums = Sums::parse(&process.interrupt()?)?;
    room.clear();
    let events = sums.seen.max(1) as u32;
    let per_event = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(events);
    Ok(Flood {
        rate: opens.parse::<f64>()? / took.parse::<f64>()?,
        sums,
        cpu_us: (
            per_event(after.user.saturating_sub(before.user)),
            per_event(after.system.saturating_sub(before.system)),
        ),
    })
}

/// What many short-lived processes did to tracer's memory.
#[derive(Debug)]
pub(super) struct Churn {
    /// What tracer saw and lost.
    pub(super) sums: Sums,
    /// Resident MiB: at the start, after half of the processes, after all of them.
    pub(super) rss_mib: [f64; 3],
}

/// So many processes one after another, each with so many opens.
pub(super) fn churn(processes: u64, opens: u64, tracer: &Path, room: &Room) -> Result<Churn> {
    room.clear();
    let mut process = start(tracer, room)?;
    let mut rss_mib = [process.rss_mib()?, 0.0, 0.0];
    let mut workload = workload(room, |command| {
        command.args(["churn", "--processes", &processes.to_string()]);
        command
            .args(["--opens", &opens.to_string()])
            .arg(room.watched())
            .stdin(Stdio::piped());
    })?;
    let mut words = BufReader::new(workload.stdout()?).lines();
    let mut go_on = workload.stdin()?;
    for (word, rss) in ["half", "end"].into_iter().zip(&mut rss_mib[1..]) {
        let line = words
            .next()
            .with_context(|| format!("churn ended before {word}"))??;
        ensure!(line == word, "churn printed {line:?} for {word:?}");
        // Everything so far has gone through tracer when the mark has.
        mark::wait_until_seen(&mut process, room)?;
        *rss = process.rss_mib()?;
        go_on.write_all(b"\n")?;
    }
    ensure!(
        workload.wait()?.success(),
        "churn failed: {}",
        workload.messages().trim()
    );
    let sums = Sums::parse(&process.interrupt()?)?;
    room.clear();
    Ok(Churn { sums, rss_mib })
}

/// Milliseconds from starting tracer to the first event on its output: the median of `times`.
pub(super) fn start_to_first_event(times: u32, tracer: &Path, room: &Room) -> Result<f64> {
    let times = (0..times)
        .map(|_| first_event(tracer, room))
        .collect::<Result<Vec<_>>>()?;
    summary::median(times.iter().map(|time| time.as_secs_f64() * 1e3)).context("measured nothing")
}

/// Starts tracer and opens a file again and again until the first line comes.
fn first_event(tracer: &Path, room: &Room) -> Result<Duration> {
    let mut command = Command::new(tracer);
    command
        .args(["watch", "--backend", "ebpf", "--format", "json"])
        .arg(room.watched());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let file = room.watched().join("start");
    let started = Instant::now();
    let mut process = Process::start(&mut command, &room.messages())?;
    let mut stdout = BufReader::new(process.stdout()?);
    let (sender, receiver) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut line = String::new();
        let read = stdout.read_line(&mut line).map(|_| (Instant::now(), line));
        // Nobody listens any more where the main thread has given up.
        let _: Result<(), _> = sender.send(read);
        // Whatever else comes has to go somewhere, so that tracer can end in its own time.
        let _: Result<_, _> = std::io::copy(&mut stdout, &mut std::io::sink());
    });
    let (time, line) = loop {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&file)?;
        match receiver.recv_timeout(Duration::from_micros(200)) {
            Ok(read) => break read?,
            Err(_) => ensure!(started.elapsed() < PATIENCE, "no event within {PATIENCE:?}"),
        }
    };
    let messages = process.interrupt()?;
    ensure!(
        line.starts_with('{'),
        "tracer printed no event: {}",
        messages.trim()
    );
    reader.join().ok().context("the reader panicked")?;
    Ok(time.duration_since(started))
}

/// tracer, at work.
fn start(tracer: &Path, room: &Room) -> Result<Process> {
    Tool::Tracer
        .start(tracer, room)?
        .context("tracer is a process beside the workload")
}

/// A workload with its output in a pipe.
fn workload(room: &Room, arguments: impl FnOnce(&mut Command)) -> Result<Process> {
    let mut command = Command::new(std::env::current_exe().context("where is this program?")?);
    command
        .arg("workload")
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    arguments(&mut command);
    Process::start(&mut command, &room.workload_messages())
}
