//! Searches and reports in large logs, beside ausearch and aureport.
//!
//! A log is a real one, again and again, with new times and serial numbers: a dense one, with as many
//! events a second as a very busy machine has, and a sparse one, as most machines have. The peers compare
//! each event with all those of two seconds, so of the dense one they read a piece from the beginning: all
//! of it would take them an hour. The ratio of the sparse one is what most people will see.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use rustix::{
    io::Errno,
    process::{Pid, WaitId, WaitIdOptions, waitid},
};
use tempfile::TempDir;

use super::process::Process;
use crate::{setup::audit_tools, shell};

/// Events per second of the log's own time.
const DENSE: u64 = 20_000;
/// The same of the sparse log.
const SPARSE: u64 = 20;
/// Seconds since 1970 of the first event.
const START: u64 = 1_795_377_006;

/// A measurement: its name, the tool, what it is asked, and what is asked of it.
struct Case {
    name: &'static str,
    tool: &'static str,
    args: &'static [&'static str],
    /// How many times as fast as the peer.
    times: f64,
}

const CASES: [Case; 7] = [
    case("search -k", "search", &["-k", "wanted"], 100.0),
    case("search -f", "search", &["-f", "/srv/wanted/file"], 100.0),
    case("search -x", "search", &["-x", "/usr/bin/wanted"], 100.0),
    case("search -p", "search", &["-p", "4190000"], 100.0),
    case("report --summary", "report", &["--summary"], 50.0),
    case("report -f --summary", "report", &["-f", "--summary"], 50.0),
    case("report -x --summary", "report", &["-x", "--summary"], 50.0),
];

const fn case(
    name: &'static str,
    tool: &'static str,
    args: &'static [&'static str],
    times: f64,
) -> Case {
    Case {
        name,
        tool,
        args,
        times,
    }
}

/// The same beside the peer on the sparse log, in CPU time.
const SPARSE_CASES: [Case; 9] = [
    case("rare -k", "search", &["-k", "wanted"], 6.0),
    case("rare -k -i", "search", &["-k", "wanted", "-i"], 6.0),
    case("rare -f", "search", &["-f", "/srv/wanted/file"], 6.0),
    case("common -k", "search", &["-k", COMMON], 4.0),
    case("common -k -i", "search", &["-k", COMMON, "-i"], 4.0),
    case(
        "common -x",
        "search",
        &["-x", "/srv/suites/refgen/ops"],
        4.0,
    ),
    case("summary", "report", &["--summary"], 6.0),
    case("files", "report", &["-f", "--summary"], 6.0),
    case("programs", "report", &["-x", "--summary"], 6.0),
];

/// A key that a large part of the events has.
const COMMON: &str = "seedwatch";

/// What one run took.
struct Run {
    seconds: f64,
    /// On all CPUs, user and system.
    cpu: f64,
    /// Largest resident memory.
    mib: f64,
    /// Bytes that it read, all files together.
    read: f64,
}

/// What was asked, what was reached, and whether that is enough.
pub(super) type Target = (bool, String, String);

/// A large log, gone with its guard.
pub(super) struct Logs {
    dir: TempDir,
}

impl Logs {
    /// Makes it.
    pub(super) fn new(quick: bool) -> Result<Self> {
        let dir = TempDir::with_prefix("tracer-bench-")?;
        let logs = Self { dir };
        generate(&logs.file(), if quick { 128 << 20 } else { 1 << 30 }, DENSE)?;
        Ok(logs)
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("audit.log")
    }

    /// What can be measured in it.
    pub(super) fn cases() -> impl Iterator<Item = &'static str> {
        CASES.iter().map(|case| case.name)
    }

    /// Milliseconds of one case: the best of three runs.
    pub(super) fn ms(&self, name: &str, tracer: &Path) -> Result<f64> {
        let case = CASES.iter().find(|case| case.name == name);
        let case = case.with_context(|| format!("there is no {name}"))?;
        Ok(best(|| ours(tracer, case, &self.file()), 3)?.seconds * 1e3)
    }
}

/// Microseconds of a start that does nothing: the best of many.
pub(super) fn help_us(tracer: &Path) -> Result<f64> {
    let run = best(|| timed(Command::new(tracer).arg("--help")), 20)?;
    Ok(run.seconds * 1e6)
}

/// Measures everything; prints a table and gives the targets.
pub(super) fn measure(tracer: &Path, quick: bool, peers: bool) -> Result<Vec<Target>> {
    let logs = Logs::new(quick)?;
    let log = logs.file();
    let piece = logs.dir.path().join("piece.log");
    generate(&piece, if quick { 8 << 20 } else { 16 << 20 }, DENSE)?;
    let programs = audit_tools::find().filter(|_| peers);
    let bytes = std::fs::metadata(&log)?.len() as f64;
    println!(
        "\nA log of {:.0} MiB, {DENSE} events per second (where the peers are at their worst):\n",
        bytes / 1_048_576.0
    );
    println!("| | tracer s | MB/s | MiB resident | peer MB/s | times the peer's |");
    println!("|---|--:|--:|--:|--:|--:|");
    let mut targets = Vec::new();
    for case in CASES {
        eprintln!("bench: {}", case.name);
        let ours = best(|| ours(tracer, &case, &log), 3)?;
        let rate = bytes / ours.seconds / 1e6;
        let peer = match &programs {
            Some(programs) => Some(peer(programs, &case, &piece)?),
            None => None,
        };
        let ratio = peer.map(|peer| rate / peer);
        let show =
            |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1}"));
        println!(
            "| {} | {:.3} | {rate:.0} | {:.1} | {} | {} |",
            case.name,
            ours.seconds,
            ours.mib,
            show(peer),
            ratio.map_or_else(String::new, |ratio| format!("{ratio:.0}")),
        );
        if case.tool == "search" {
            let asked = format!("{}: at least 500 MB/s", case.name);
            targets.push((rate >= 500.0, asked, format!("{rate:.0} MB/s")));
        }
        if let Some(ratio) = ratio {
            let asked = format!("{}: at least {} times the peer", case.name, case.times);
            targets.push((ratio >= case.times, asked, format!("{ratio:.0} times")));
        }
        let asked = format!("{}: at most 64 MiB", case.name);
        targets.push((ours.mib <= 64.0, asked, format!("{:.1} MiB", ours.mib)));
    }
    targets.push(window(tracer, &log, bytes)?);
    std::fs::remove_file(&log)?;
    targets.extend(sparse(tracer, programs.as_deref(), quick, logs.dir.path())?);
    targets.extend(history(tracer, quick, logs.dir.path())?);
    Ok(targets)
}

/// How long the daemon may take to pack everything.
const PATIENCE: Duration = Duration::from_mins(10);

/// Packed segments are searched so many times over: 16 of 64 MiB are 20 GiB then.
const AGAIN: u32 = 20;

/// A rare key in segments that were rotated away, as they are and packed by the daemon.
fn history(tracer: &Path, quick: bool, dir: &Path) -> Result<[Target; 2]> {
    eprintln!("bench: history");
    let (plain, packed, all) = (dir.join("plain"), dir.join("packed"), dir.join("all"));
    for dir in [&plain, &packed, &all] {
        std::fs::create_dir(dir)?;
    }
    let segments = if quick { 3 } else { 16 };
    let wanted = segments / 2;
    for number in 1..=segments {
        let name = format!("audit.log.{number}");
        // What is searched for is in one of them.
        generate_with(&plain.join(&name), 64 << 20, DENSE, number == wanted)?;
        std::fs::hard_link(plain.join(&name), packed.join(&name))?;
    }
    pack(tracer, &packed, segments)?;
    for number in 1..=segments * AGAIN {
        let of = match (number - 1) % segments + 1 {
            of if of == wanted && number != wanted => segments,
            of => of,
        };
        for end in ["zst", "zst.idx"] {
            let name = |number: u32| format!("audit.log.{number}.{end}");
            std::fs::hard_link(packed.join(name(of)), all.join(name(number)))?;
        }
    }
    for dir in [&plain, &all] {
        std::fs::write(dir.join("audit.log"), "")?;
    }
    let search = |log: &Path| best(|| ours(tracer, &CASES[0], log), 3);
    let (before, after) = (search(&plain)?, search(&packed)?);
    println!(
        "\n{segments} segments of 64 MiB, a key that is in one of them once: {:.0} ms (CPU {:.0}) as they are, \
         {:.1} ms (CPU {:.1}) packed, {:.0} times",
        before.seconds * 1e3,
        before.cpu * 1e3,
        after.seconds * 1e3,
        after.cpu * 1e3,
        before.cpu / after.cpu,
    );
    let after = search(&all)?;
    let mut size = 0;
    for file in std::fs::read_dir(&all)? {
        size += file?.metadata()?.len();
    }
    let (times, share) = (
        before.cpu * f64::from(AGAIN) / after.cpu,
        after.read / size as f64 * 100.0,
    );
    println!(
        "{AGAIN} times as many, packed: {:.1} ms (CPU {:.1}), {:.0} KiB of {:.0} KiB are read",
        after.seconds * 1e3,
        after.cpu * 1e3,
        after.read / 1024.0,
        size as f64 / 1024.0,
    );
    let asked = "a rare key in packed history: at least 50 times as fast as in plain logs, in CPU";
    let fast = (times >= 50.0, asked.to_owned(), format!("{times:.0} times"));
    let asked = "a rare key in packed history: at most 1 % of it is read";
    let little = (share <= 1.0, asked.to_owned(), format!("{share:.2} %"));
    Ok([fast, little])
}

/// Has a daemon pack the segments in a directory.
fn pack(tracer: &Path, log: &Path, segments: u32) -> Result<()> {
    let here = log.display();
    let config = log.join("tracer.toml");
    std::fs::write(log.join("none.rules"), "")?;
    std::fs::write(
        &config,
        format!(
            "rules = \"{here}/none.rules\"\nlog_file = \"{here}/audit.log\"\nnum_logs = 99\n\
             compress = \"zstd\"\nspace_left = 0\ncontrol_socket = \"{here}/control.sock\"\n\
             message_socket = \"{here}/message.sock\"\n"
        ),
    )?;
    let mut command = Command::new(tracer);
    command.arg("daemon").arg("--config").arg(&config);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut daemon = Process::start(&mut command, &log.join("messages"))?;
    let end = Instant::now() + PATIENCE;
    let is_plain = |number: &u32| log.join(format!("audit.log.{number}")).exists();
    while (1..=segments).any(|number| is_plain(&number)) {
        ensure!(
            !daemon.has_ended()? && Instant::now() < end,
            "the daemon did not pack: {}",
            daemon.messages()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    daemon.interrupt()?;
    Ok(())
}

/// Beside the peers on the log that most machines have: both read all of it, and CPU time counts.
fn sparse(tracer: &Path, programs: Option<&Path>, quick: bool, dir: &Path) -> Result<Vec<Target>> {
    let log = dir.join("sparse.log");
    generate(&log, if quick { 32 << 20 } else { 344 << 20 }, SPARSE)?;
    let bytes = std::fs::metadata(&log)?.len() as f64;
    println!(
        "\nA log of {:.0} MiB, {SPARSE} events per second (as most machines have):\n",
        bytes / 1_048_576.0
    );
    println!("| | tracer CPU s | tracer s | peer CPU s | peer s | times in CPU | in time |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let mut targets = Vec::new();
    for case in SPARSE_CASES {
        eprintln!("bench: {}", case.name);
        let ours = best(|| ours(tracer, &case, &log), 3)?;
        let peer = match programs {
            Some(programs) => Some(best(|| theirs(programs, &case, &log), 3)?),
            None => None,
        };
        let shown = peer.as_ref().map_or_else(
            || " | | | ".to_owned(),
            |peer| {
                format!(
                    "{:.2} | {:.2} | {:.1} | {:.1}",
                    peer.cpu,
                    peer.seconds,
                    peer.cpu / ours.cpu,
                    peer.seconds / ours.seconds
                )
            },
        );
        println!(
            "| {} | {:.3} | {:.3} | {shown} |",
            case.name, ours.cpu, ours.seconds
        );
        if let Some(peer) = peer {
            let times = peer.cpu / ours.cpu;
            let asked = format!(
                "{}, sparse: at least {} times the peer in CPU",
                case.name, case.times
            );
            targets.push((times >= case.times, asked, format!("{times:.1} times")));
        }
    }
    Ok(targets)
}

/// Two seconds in the middle.
fn window(tracer: &Path, log: &Path, bytes: f64) -> Result<Target> {
    // An event of the reference log is some 1,400 bytes long.
    let middle = START + (bytes / 1400.0 / DENSE as f64 / 2.0) as u64;
    let run = best(
        || {
            let date = |sec: u64| {
                let output = Command::new("date")
                    .args(["-u", "-d", &format!("@{sec}"), "+%Y-%m-%dT%H:%M:%SZ"])
                    .output()?;
                Ok::<_, anyhow::Error>(String::from_utf8(output.stdout)?.trim().to_owned())
            };
            let (from, to) = (date(middle)?, date(middle)?);
            let mut command = Command::new(tracer);
            command.args(["search", "-ts", &from, "-te", &to, "-k", "wanted"]);
            timed(command.arg("-if").arg(log))
        },
        5,
    )?;
    let ms = run.seconds * 1000.0;
    let asked = "search -ts -te of one second: at most 50 ms".to_owned();
    Ok((ms <= 50.0, asked, format!("{ms:.0} ms")))
}

/// The fastest of some runs.
fn best(mut run: impl FnMut() -> Result<Run>, times: usize) -> Result<Run> {
    let mut best = run()?;
    for _ in 1..times {
        let run = run()?;
        best.seconds = best.seconds.min(run.seconds);
        best.cpu = best.cpu.min(run.cpu);
        best.mib = best.mib.max(run.mib);
        best.read = best.read.max(run.read);
    }
    Ok(best)
}

fn ours(tracer: &Path, case: &Case, log: &Path) -> Result<Run> {
    let mut command = Command::new(tracer);
    timed(command.arg(case.tool).args(case.args).arg("-if").arg(log))
}

/// Megabytes per second of the real tool.
fn peer(programs: &Path, case: &Case, piece: &Path) -> Result<f64> {
    let run = theirs(programs, case, piece)?;
    Ok(std::fs::metadata(piece)?.len() as f64 / run.seconds / 1e6)
}

/// A run of the real tool.
fn theirs(programs: &Path, case: &Case, log: &Path) -> Result<Run> {
    let name = if case.tool == "search" {
        "ausearch"
    } else {
        "aureport"
    };
    let mut command = audit_tools::command(programs, name);
    timed(command.args(case.args).arg("-if").arg(log))
}

/// Runs a command to its end, its output unread.
fn timed(command: &mut Command) -> Result<Run> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begin = Instant::now();
    let child = command.spawn().context("cannot be started")?;
    let pid = libc::pid_t::try_from(child.id())?;
    let read = read_by(pid)?;
    let mut status = 0;
    // SAFETY: a structure of numbers, for which zeros are a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the child is ours and nobody has waited for it; the pointers are to variables that
    // outlive the call.
    let waited = unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut usage) };
    ensure!(waited == pid, "the command cannot be waited for");
    // 1 says that nothing was found, which is an answer.
    ensure!(
        libc::WIFEXITED(status) && libc::WEXITSTATUS(status) <= 1,
        "{command:?} failed"
    );
    let time = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    Ok(Run {
        seconds: begin.elapsed().as_secs_f64(),
        cpu: time(usage.ru_utime) + time(usage.ru_stime),
        mib: usage.ru_maxrss as f64 / 1024.0,
        read,
    })
}

/// Bytes that a child has read when it ends: as long as nobody has waited for it, the kernel tells.
fn read_by(pid: libc::pid_t) -> Result<f64> {
    let child = Pid::from_raw(pid).context("no process")?;
    let ends = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while let Err(error) = waitid(WaitId::Pid(child), ends) {
        ensure!(
            error == Errno::INTR,
            "the command cannot be waited for: {error}"
        );
    }
    let counts = std::fs::read_to_string(format!("/proc/{pid}/io"))?;
    let read = counts.lines().find_map(|line| line.strip_prefix("rchar: "));
    Ok(read.context("no rchar in /proc/PID/io")?.parse()?)
}

/// Writes a log of about this size, with so many events a second.
fn generate(path: &Path, size: u64, rate: u64) -> Result<()> {
    generate_with(path, size, rate, true)
}

/// The same; `wanted`: with what is searched for.
fn generate_with(path: &Path, size: u64, rate: u64, wanted: bool) -> Result<()> {
    let reference: PathBuf = shell::root().join("tests/golden/audit-reference/audit.log");
    let text = std::fs::read(&reference).with_context(|| format!("{}", reference.display()))?;
    let mut ids: Vec<&[u8]> = Vec::new();
    let mut lines = Vec::new();
    for line in text.split_inclusive(|b| *b == b'\n') {
        let find = |what: &[u8], from: usize| {
            let rest = &line[from..];
            rest.windows(what.len())
                .position(|w| w == what)
                .map(|at| from + at)
        };
        let open = find(b"audit(", 0).context("no audit record")? + 6;
        let close = find(b")", open).context("no audit record")?;
        let id = &line[open..close];
        let number = ids
            .iter()
            .position(|known| *known == id)
            .unwrap_or_else(|| {
                ids.push(id);
                ids.len() - 1
            });
        lines.push((&line[..open], number as u64, &line[close..]));
    }
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut written = 0;
    let mut first = 0;
    while written < size {
        for (head, number, tail) in &lines {
            let event = first + number;
            let millis = event * 1000 / rate;
            let id = format!(
                "{}.{:03}:{}",
                START + millis / 1000,
                millis % 1000,
                4000 + event
            );
            out.write_all(head)?;
            out.write_all(id.as_bytes())?;
            out.write_all(tail)?;
            written += (head.len() + id.len() + tail.len()) as u64;
        }
        first += ids.len() as u64;
        // What is searched for is rare: once in about 64 MiB.
        if wanted && first / ids.len() as u64 % 150 == 5 {
            let millis = first * 1000 / rate;
            let id = format!(
                "{}.{:03}:{}",
                START + millis / 1000,
                millis % 1000,
                4000 + first
            );
            writeln!(
                out,
                "type=SYSCALL msg=audit({id}): arch=c000003e syscall=2 success=yes exit=3 a0=1 a1=0 \
                 a2=0 a3=0 items=1 ppid=1 pid=4190000 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 \
                 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=\"wanted\" exe=\"/usr/bin/wanted\" \
                 key=\"wanted\"\ntype=PATH msg=audit({id}): item=0 name=\"/srv/wanted/file\" \
                 inode=1 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0"
            )?;
            first += 1;
        }
    }
    out.flush()?;
    Ok(())
}
