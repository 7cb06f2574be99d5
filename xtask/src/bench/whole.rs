//! What it costs to trace a command whole, every call of it: beside strace and perf trace.

use std::{
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, ensure};

use super::{
    logs::Target,
    process::Process,
    room::Room,
    summary::{Sums, median},
};
use crate::bpf_toolchain;

/// Calls per second, at which nothing may be lost.
const RATE: u32 = 300_000;
/// Short commands that the script runs.
const COMMANDS: u32 = 2_000;
/// The share of what strace adds to a call that tracer may add, each with its options.
pub(super) const WAYS: [(&[&str], f64); 2] = [(&[], 20.0), (&["-c"], 60.0)];
/// What the script may take, as a multiple of its time untraced.
const SLOWER: f64 = 1.15;

/// A command that another is put behind.
type Wrapper = Vec<String>;

/// The tools, with an output file and more options.
struct Tools<'a> {
    tracer: &'a Path,
    output: String,
}

impl Tools<'_> {
    fn tracer(&self, options: &[&str]) -> Wrapper {
        let words = ["trace", "-o", &self.output];
        let program = self.tracer.display().to_string();
        line(&[&[program.as_str()], &words[..], options, &["--"]])
    }

    fn strace(&self, options: &[&str]) -> Wrapper {
        line(&[&["strace", "-f", "-o", &self.output], options, &["--"]])
    }

    fn perf(&self) -> Wrapper {
        line(&[&["perf", "trace", "-o", &self.output, "--"]])
    }
}

fn line(parts: &[&[&str]]) -> Wrapper {
    parts
        .concat()
        .iter()
        .map(|word| (*word).to_owned())
        .collect()
}

/// How much is measured, and beside what.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// Rounds of each.
    pub(super) rounds: u32,
    /// Shorter.
    pub(super) quick: bool,
    /// Beside strace and perf trace.
    pub(super) peers: bool,
}

impl Effort {
    fn has(self, program: &str) -> bool {
        self.peers && bpf_toolchain::is_program(program)
    }
}

/// Measures everything; prints a table and gives the targets.
pub(super) fn measure(tracer: &Path, effort: Effort, room: &Room) -> Result<Vec<Target>> {
    let tools = Tools {
        tracer,
        output: room.output().display().to_string(),
    };
    let mut targets = calls(&tools, effort, room)?;
    eprintln!("bench: whole, {RATE} calls per second");
    let seconds = if effort.quick { 2 } else { 10 };
    let flood = bursts(&tools.tracer(&[]), RATE * seconds, room)?;
    let sums = Sums::parse(&flood.messages)?;
    targets.push((
        sums.lost == 0 && flood.rate >= 0.98 * f64::from(RATE),
        format!("{RATE} calls per second of one process for {seconds} s, nothing lost"),
        format!(
            "{:.0} per second, lost {} of {}",
            flood.rate, sums.lost, sums.seen
        ),
    ));
    targets.push(script(&tools, effort, room)?);
    Ok(targets)
}

/// What is added to each call of a command.
fn calls(tools: &Tools<'_>, effort: Effort, room: &Room) -> Result<Vec<Target>> {
    let mut targets = Vec::new();
    let shorter = if effort.quick { 10 } else { 1 };
    let measured = |wrapper: &Wrapper, calls: u32| {
        let runs = (0..effort.rounds).map(|_| Ok(bursts(wrapper, calls / shorter, room)?.ns));
        median(runs.collect::<Result<Vec<_>>>()?).context("measured nothing")
    };
    println!();
    println!("| every getppid of a command | ns each | added ns |");
    println!("|---|--:|--:|");
    let untraced = measured(&Vec::new(), RATE)?;
    println!("| untraced | {untraced:.0} | |");
    let added = |name: &str, ns: f64| {
        println!("| `{name}` | {ns:.0} | {:.0} |", ns - untraced);
        ns - untraced
    };
    let mut whole = 0.0;
    for (options, share) in WAYS {
        let shown = [&["-o FILE"], options].concat().join(" ");
        eprintln!("bench: whole, {shown}");
        let ours = measured(&tools.tracer(options), RATE)?;
        let ours = added(&format!("tracer trace {shown}"), ours);
        if options.is_empty() {
            whole = ours;
        }
        if effort.has("strace") {
            let theirs = measured(&tools.strace(options), RATE / 10)?;
            let times = added(&format!("strace -f {shown}"), theirs) / ours;
            let asked = format!("a call traced whole, {shown}: at most 1/{share:.0} of strace's");
            targets.push((times >= share, asked, format!("1/{times:.0}")));
        }
    }
    if effort.has("perf") {
        let theirs = added("perf trace -o FILE", measured(&tools.perf(), RATE)?);
        let asked = "a call traced whole: less than perf trace".to_owned();
        targets.push((
            whole < theirs,
            asked,
            format!("{whole:.0} ns, {theirs:.0} ns"),
        ));
    }
    Ok(targets)
}

/// Nanoseconds that tracer with these options adds to a call traced whole.
pub(super) fn added(tracer: &Path, options: &[&str], quick: bool, room: &Room) -> Result<f64> {
    let calls = if quick { RATE / 10 } else { RATE };
    let output = room.output().display().to_string();
    let tools = Tools { tracer, output };
    let before = bursts(&Vec::new(), calls, room)?.ns;
    let during = bursts(&tools.tracer(options), calls, room)?.ns;
    Ok(during - f64::midpoint(before, bursts(&Vec::new(), calls, room)?.ns))
}

/// Milliseconds of the script under tracer.
pub(super) fn traced_script_ms(tracer: &Path, quick: bool, room: &Room) -> Result<f64> {
    let commands = if quick { COMMANDS / 10 } else { COMMANDS };
    let output = room.output().display().to_string();
    script_ms(&Tools { tracer, output }.tracer(&[]), commands, room)
}

/// A script that runs short commands: untraced, traced and under strace, in turn.
fn script(tools: &Tools<'_>, effort: Effort, room: &Room) -> Result<Target> {
    let commands = if effort.quick {
        COMMANDS / 10
    } else {
        COMMANDS
    };
    let (mut plain, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        eprintln!("bench: whole, a script of {commands} commands");
        plain.push(script_ms(&Vec::new(), commands, room)?);
        ours.push(script_ms(&tools.tracer(&[]), commands, room)?);
        if effort.has("strace") {
            theirs.push(script_ms(&tools.strace(&[]), commands, room)?);
        }
    }
    let plain = median(plain).context("measured nothing")?;
    let ours = median(ours).context("measured nothing")?;
    let beside = median(theirs).map_or(String::new(), |ms| {
        format!(", strace -f {ms:.0} ms: {:.2} times", ms / plain)
    });
    Ok((
        ours <= SLOWER * plain,
        format!("a script of {commands} commands traced whole: at most {SLOWER} times its time"),
        format!(
            "{:.2} times ({ours:.0} ms of {plain:.0} ms{beside})",
            ours / plain
        ),
    ))
}

/// Milliseconds of the whole command, the start and the end of the tool included.
fn script_ms(wrapper: &Wrapper, commands: u32, room: &Room) -> Result<f64> {
    let loops = format!("i=0; while [ $i -lt {commands} ]; do /bin/true; i=$((i+1)); done");
    let begin = Instant::now();
    run(wrapper, &["/bin/sh", "-c", &loops], room)?;
    Ok(begin.elapsed().as_secs_f64() * 1e3)
}

/// What bursts of calls printed.
struct Bursts {
    /// Calls per second.
    rate: f64,
    /// Nanoseconds of a call.
    ns: f64,
    /// What the tool said.
    messages: String,
}

fn bursts(wrapper: &Wrapper, calls: u32, room: &Room) -> Result<Bursts> {
    let program = std::env::current_exe().context("where is this program?")?;
    let program = program.display().to_string();
    let (rate, calls) = (RATE.to_string(), calls.to_string());
    let words = ["workload", "bursts", "--rate", &rate, "--calls", &calls];
    let (printed, messages) = run(wrapper, &[&[program.as_str()], &words[..]].concat(), room)?;
    let numbers: Vec<f64> = printed
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [calls, seconds, ns] = numbers[..] else {
        anyhow::bail!("no numbers: {printed}");
    };
    Ok(Bursts {
        rate: calls / seconds,
        ns,
        messages,
    })
}

/// Runs a command behind a wrapper: what it printed, and what was said.
fn run(wrapper: &Wrapper, command: &[&str], room: &Room) -> Result<(String, String)> {
    let mut words = wrapper
        .iter()
        .map(String::as_str)
        .chain(command.iter().copied());
    let mut command = Command::new(words.next().context("no command")?);
    command
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut process = Process::start(&mut command, &room.messages())?;
    let mut printed = String::new();
    process.stdout()?.read_to_string(&mut printed)?;
    let status = process.wait()?;
    let messages = process.messages();
    ensure!(status.success(), "refused: {}", messages.trim());
    Ok((printed, messages))
}
