//! The workloads that put a tracer under load, and the one that asks whether it is there.

use std::{
    ffi::CString,
    io::{self, Write as _},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use super::{MARK, file_in, fork, touch, wait};

/// How many files the processes of `churn` share.
const POOL: u64 = 1000;

/// Opens and closes at a fixed rate; prints the number of opens and the seconds they took.
pub(super) fn flood(rate: u64, seconds: u64, processes: u64, dir: &Path) -> Result<()> {
    let path = file_in(dir, "flood")?;
    touch(&path, libc::O_CREAT)?;
    let ticks = seconds * 1000;
    let batch = (rate / processes / 1000).max(1);
    let start = Instant::now();
    let children = (0..processes)
        .map(|_| fork(|| paced(&path, batch, ticks, start)))
        .collect::<Result<Vec<_>>>()?;
    for child in children {
        wait(child)?;
    }
    println!(
        "{} {:.3}",
        batch * ticks * processes,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Calls getppid in a batch each millisecond; prints the number of calls, the seconds in all, and
/// the nanoseconds that one call of a batch took.
pub(super) fn bursts(rate: u32, calls: u32) {
    let batch = (rate / 1000).max(1);
    let start = Instant::now();
    let mut inside = Duration::ZERO;
    for tick in 0..calls.div_ceil(batch) {
        let due = start + Duration::from_millis(tick.into());
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let begin = Instant::now();
        for _ in 0..batch {
            // SAFETY: takes nothing, touches nothing.
            unsafe { libc::getppid() };
        }
        inside += begin.elapsed();
    }
    let made = calls.div_ceil(batch) * batch;
    println!(
        "{made} {:.3} {:.1}",
        start.elapsed().as_secs_f64(),
        inside.as_secs_f64() * 1e9 / f64::from(made)
    );
}

/// One batch each millisecond; a late one is caught up with, not left out.
fn paced(path: &CString, batch: u64, ticks: u64, start: Instant) -> Result<()> {
    for tick in 0..ticks {
        thread::sleep(
            (start + Duration::from_millis(tick)).saturating_duration_since(Instant::now()),
        );
        for _ in 0..batch {
            touch(path, libc::O_RDONLY)?;
        }
    }
    Ok(())
}

/// Many processes one after another. At half and at the end it prints a word and waits for a line.
pub(super) fn churn(processes: u64, opens: u64, dir: &Path) -> Result<()> {
    let files = (0..POOL)
        .map(|file| file_in(dir, &format!("churn-{file}")))
        .collect::<Result<Vec<_>>>()?;
    for file in &files {
        touch(file, libc::O_CREAT)?;
    }
    for process in 0..processes {
        if process == processes / 2 {
            pause("half")?;
        }
        let child = fork(|| {
            for open in 0..opens {
                let file = (process * opens + open) % POOL;
                touch(&files[file as usize], libc::O_RDONLY)?;
            }
            Ok(())
        })?;
        wait(child)?;
    }
    pause("end")
}

/// Says where the workload is and waits to be told to go on.
fn pause(word: &str) -> Result<()> {
    println!("{word}");
    io::stdout().flush()?;
    io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// Opens one file every millisecond, under a name to search for, until stdin ends.
pub(super) fn mark(dir: &Path) -> Result<()> {
    let name = CString::new(MARK).context("the mark has no NUL")?;
    // SAFETY: the name is a C string that lives through the call.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
    let path = file_in(dir, MARK)?;
    let mut stdin = libc::pollfd {
        fd: libc::STDIN_FILENO,
        events: libc::POLLIN,
        revents: 0,
    };
    loop {
        touch(&path, libc::O_CREAT)?;
        // SAFETY: one entry, which is ours and lives through the call.
        if unsafe { libc::poll(&raw mut stdin, 1, 1) } != 0 {
            return Ok(());
        }
    }
}
