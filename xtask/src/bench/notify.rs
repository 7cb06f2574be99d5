//! tracer as `inotifywait` beside the real one: the start on a large tree, and a storm of new
//! files, both in the same run on the same tree.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use super::{process::Process, room::Room, summary};

/// How long a tool may take for anything.
const PATIENCE: Duration = Duration::from_mins(2);

/// The real one.
const REAL: &str = "inotifywait";

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Real,
    Tracer,
}

impl Side {
    fn command(self, tracer: &Path, options: &[&str], dir: &Path) -> Command {
        let mut command = match self {
            Self::Real => Command::new(REAL),
            Self::Tracer => {
                let mut command = Command::new(tracer);
                command.arg(REAL);
                command
            }
        };
        command.args(options).arg(dir).stdin(Stdio::null());
        command
    }
}

/// Medians of the real one and of tracer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// `inotifywait` of inotify-tools.
    pub(super) real: f64,
    /// tracer under that name.
    pub(super) tracer: f64,
}

impl Pair {
    fn of(rows: &[(f64, f64)]) -> Result<Self> {
        let median = |values: Vec<f64>| summary::median(values).context("measured nothing");
        Ok(Self {
            real: median(rows.iter().map(|row| row.0).collect())?,
            tracer: median(rows.iter().map(|row| row.1).collect())?,
        })
    }
}

/// What the starts took.
#[derive(Debug)]
pub(super) struct Starts {
    /// Directories in the tree.
    pub(super) directories: usize,
    /// Milliseconds until "Watches established.".
    pub(super) ms: Pair,
    /// Most resident memory by then (`VmHWM`), MiB.
    pub(super) mib: Pair,
}

/// Starts both in turn on a tree of so many directories, a hundred in each.
pub(super) fn starts(
    directories: usize,
    rounds: u32,
    tracer: &Path,
    room: &Room,
) -> Result<Starts> {
    let tree = room.watched().join("tree");
    for nr in 0..directories.div_ceil(101) {
        for below in 0..100 {
            fs::create_dir_all(tree.join(format!("{}/{nr}/leaf{below}", nr % 20)))?;
        }
    }
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let real = start(Side::Real, tracer, &tree, room)?;
        let ours = start(Side::Tracer, tracer, &tree, room)?;
        times.push((real.0, ours.0));
        sizes.push((real.1, ours.1));
    }
    fs::remove_dir_all(&tree)?;
    Ok(Starts {
        directories,
        ms: Pair::of(&times)?,
        mib: Pair::of(&sizes)?,
    })
}

/// Milliseconds and MiB of one start.
fn start(side: Side, tracer: &Path, tree: &Path, room: &Room) -> Result<(f64, f64)> {
    let mut command = side.command(tracer, &["-m", "-r"], tree);
    command.stdout(Stdio::null());
    let begin = Instant::now();
    let process = Process::start(&mut command, &room.messages())?;
    while !process.messages().contains("Watches established.") {
        ensure!(begin.elapsed() < PATIENCE, "{side:?} is not ready");
        thread::sleep(Duration::from_micros(200));
    }
    let took = begin.elapsed().as_secs_f64() * 1e3;
    Ok((took, process.peak_mib()?))
}

/// What came of a storm.
#[derive(Debug)]
pub(super) struct Storm {
    /// Files made.
    pub(super) files: usize,
    /// Events per second, from the first file made to the last line printed.
    pub(super) rate: Pair,
    /// Files that were made and not printed, in all rounds.
    pub(super) missed: (usize, usize),
}

/// So many files, made as fast as can be in a hundred watched directories.
pub(super) fn storm(files: usize, rounds: u32, tracer: &Path, room: &Room) -> Result<Storm> {
    let mut rates = Vec::new();
    let mut missed = (0, 0);
    for _ in 0..rounds {
        let real = one_storm(Side::Real, files, tracer, room)?;
        let ours = one_storm(Side::Tracer, files, tracer, room)?;
        rates.push((real.0, ours.0));
        missed.0 += real.1;
        missed.1 += ours.1;
    }
    Ok(Storm {
        files,
        rate: Pair::of(&rates)?,
        missed,
    })
}

/// Events per second, and files not told.
fn one_storm(side: Side, files: usize, tracer: &Path, room: &Room) -> Result<(f64, usize)> {
    room.clear();
    let tree = room.watched().join("storm");
    for nr in 0..100 {
        fs::create_dir_all(tree.join(format!("{nr}")))?;
    }
    let options = ["-m", "-r", "-e", "create", "--format", "%f"];
    let mut command = side.command(tracer, &options, &tree);
    command.stdout(Stdio::piped());
    let mut process = Process::start(&mut command, &room.messages())?;
    let ready = Instant::now();
    while !process.messages().contains("Watches established.") {
        ensure!(ready.elapsed() < PATIENCE, "{side:?} is not ready");
        thread::sleep(Duration::from_millis(1));
    }
    let stdout = process.stdout()?;
    let reader = thread::spawn(move || {
        let mut names = Vec::new();
        let mut last = Instant::now();
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line == "end" {
                break;
            }
            names.push(line);
            last = Instant::now();
        }
        (names, last)
    });
    let paths: Vec<PathBuf> = (0..files)
        .map(|nr| tree.join(format!("{}/{nr}", nr % 100)))
        .collect();
    let begin = Instant::now();
    for path in &paths {
        File::create(path)?;
    }
    // Made again and again: the queue may be full just now.
    while !reader.is_finished() {
        ensure!(
            begin.elapsed() < PATIENCE,
            "{side:?} does not come to an end"
        );
        File::create(tree.join("end"))?;
        fs::remove_file(tree.join("end"))?;
        thread::sleep(Duration::from_millis(1));
    }
    let (mut names, last) = reader.join().ok().context("the reader panicked")?;
    let took = last.saturating_duration_since(begin).as_secs_f64();
    names.sort_unstable();
    names.dedup();
    process.interrupt()?;
    fs::remove_dir_all(&tree)?;
    Ok((
        f64::from(u32::try_from(names.len())?) / took.max(1e-9),
        files.saturating_sub(names.len()),
    ))
}

/// Is the real one there?
pub(super) fn is_installed() -> bool {
    crate::bpf_toolchain::is_program(REAL)
}
