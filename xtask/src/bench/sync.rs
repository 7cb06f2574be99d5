//! `tracer sync` beside a bare `rsync -a`: many small files changed at once, and one file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use super::{process::Process, room::Room, summary};

/// How long anything may take to reach the destination.
const PATIENCE: Duration = Duration::from_mins(2);
/// Files in each directory of the source.
const IN_EACH: usize = 100;
/// Single files that are changed one after another.
const SINGLES: usize = 21;

/// What was measured, as medians over the rounds.
#[derive(Debug)]
pub(super) struct Synced {
    /// Files changed at once.
    pub(super) files: usize,
    /// From the first change until the last file has reached the destination, by `tracer sync`, ms.
    pub(super) tracer_ms: f64,
    /// The same changes, then `rsync -a` to its end, ms.
    pub(super) rsync_ms: f64,
    /// One file, from its change to its arrival, ms.
    pub(super) one_ms: f64,
}

/// Changes so many files `rounds` times, under each in turn.
pub(super) fn measure(files: usize, rounds: u32, tracer: &Path, room: &Room) -> Result<Synced> {
    room.clear();
    let place = |name: &str| room.watched().join(name);
    let (source, synced) = (place("source"), place("synced"));
    let (plain_source, plain) = (place("plain-source"), place("plain"));
    let paths: Vec<PathBuf> = (0..files)
        .map(|nr| PathBuf::from(format!("{}/{nr}", nr / IN_EACH)))
        .collect();
    for nr in 0..files.div_ceil(IN_EACH) {
        for of in [&source, &plain_source] {
            fs::create_dir_all(of.join(nr.to_string()))?;
        }
    }
    change(&source, &paths, 0)?;
    change(&plain_source, &paths, 0)?;
    rsync(&plain_source, &plain)?;
    let mut command = Command::new(tracer);
    command
        .args(["sync", "--quiet", "--state-dir"])
        .args([&room.output().with_extension("state"), &source, &synced])
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let mut process = Process::start(&mut command, &room.messages())?;
    arrived(&source, &synced, &paths)?;

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        let begin = Instant::now();
        change(&source, &paths, round)?;
        arrived(&source, &synced, &paths)?;
        ours.push(begin.elapsed().as_secs_f64() * 1e3);
        same_content(&source, &synced, &paths)?;
        let begin = Instant::now();
        change(&plain_source, &paths, round)?;
        rsync(&plain_source, &plain)?;
        theirs.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    let mut singles = Vec::new();
    for nr in 0..SINGLES {
        let one = &paths[nr * paths.len() / SINGLES..][..1];
        let begin = Instant::now();
        change(&source, one, 1000 + u32::try_from(nr)?)?;
        arrived(&source, &synced, one)?;
        singles.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    process.interrupt()?;
    let median = |values| summary::median(values).context("measured nothing");
    Ok(Synced {
        files,
        tracer_ms: median(ours)?,
        rsync_ms: median(theirs)?,
        one_ms: median(singles)?,
    })
}

/// Writes the files anew; the size tells the rounds apart.
fn change(source: &Path, paths: &[PathBuf], round: u32) -> Result<()> {
    let text = vec![b'a' + u8::try_from(round % 26)?; 100 + round as usize];
    for path in paths {
        fs::write(source.join(path), &text)?;
    }
    Ok(())
}

/// `rsync -a` of the whole tree.
fn rsync(source: &Path, dest: &Path) -> Result<()> {
    let status = Command::new("rsync")
        .arg("-a")
        .arg(source.join(""))
        .arg(dest.join(""))
        .status()
        .context("rsync cannot be started (install it with `cargo xtask setup`)")?;
    ensure!(status.success(), "rsync: {status}");
    Ok(())
}

/// Waits until each file has the size that it has in the source: rsync renames whole files into
/// place.
fn arrived(source: &Path, dest: &Path, paths: &[PathBuf]) -> Result<()> {
    let begin = Instant::now();
    for path in paths {
        let size = fs::metadata(source.join(path))?.len();
        while fs::metadata(dest.join(path)).map(|of| of.len()).ok() != Some(size) {
            ensure!(
                begin.elapsed() < PATIENCE,
                "{} does not arrive",
                path.display()
            );
            thread::sleep(Duration::from_micros(500));
        }
    }
    Ok(())
}

/// Fails where a file differs.
fn same_content(source: &Path, dest: &Path, paths: &[PathBuf]) -> Result<()> {
    for path in paths {
        ensure!(
            fs::read(source.join(path))? == fs::read(dest.join(path))?,
            "{} differs",
            path.display()
        );
    }
    Ok(())
}
