//! Readiness by an event: a tool is at work when the mark that is being made shows in its output.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use super::{process::Process, room::Room};
use crate::workload::MARK;

/// How long a mark may take to show. bpftrace needs seconds to compile its program; a tracer that
/// is a million events behind needs some as well.
const PATIENCE: Duration = Duration::from_mins(1);

/// Makes marks until `tool` reports one that was made after this call.
///
/// Everything that happened before has been reported by then as well, as far as it is reported.
pub(super) fn wait_until_seen(tool: &mut Process, room: &Room) -> Result<()> {
    let mut marker = Process::start(
        Command::new(std::env::current_exe().context("where is this program?")?)
            .args(["workload", "mark"])
            .arg(room.watched())
            .stdin(Stdio::piped())
            .stdout(Stdio::null()),
        &room.workload_messages(),
    )?;
    let seen = watch_output(tool, room);
    // The end of its input ends it.
    drop(marker.stdin()?);
    marker.wait()?;
    seen
}

/// Reads what is appended to the output until the mark is in it.
fn watch_output(tool: &mut Process, room: &Room) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    let mut position = room
        .output()
        .metadata()
        .map_or(0, |metadata| metadata.len());
    let mut tail = Vec::new();
    loop {
        if tool.has_ended()? {
            let messages = tool.messages();
            let lines: Vec<_> = messages
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect();
            bail!("refused ({}): {}", tool.wait()?, lines.join(" / "));
        }
        if let Ok(mut file) = File::open(room.output()) {
            file.seek(SeekFrom::Start(position))?;
            position += file.read_to_end(&mut tail)? as u64;
            if tail
                .windows(MARK.len())
                .any(|window| window == MARK.as_bytes())
            {
                return Ok(());
            }
            // The mark may be half written: keep what its rest would join.
            tail.drain(..tail.len().saturating_sub(MARK.len()));
        }
        if Instant::now() > deadline {
            bail!("reported nothing within {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(1));
    }
}
