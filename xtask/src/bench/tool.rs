//! The tools that are compared: how each is started, how it shows that it is at work, how it ends.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use super::{mark, process::Process, room::Room};
use crate::bpf_toolchain;

/// One way to run a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Tool {
    /// Nothing beside it.
    Untraced,
    /// `tracer watch`, system-wide.
    Tracer,
    /// `bpftrace opensnoop.bt`, system-wide.
    Opensnoop,
    /// `perf trace`, system-wide.
    Perf,
    /// `strace -f`, around the workload.
    Strace,
    /// `strace -f --seccomp-bpf`, around the workload.
    StraceSeccomp,
}

impl Tool {
    /// Those that are measured beside the untraced run, tracer first.
    pub(super) const TRACERS: [Self; 5] = [
        Self::Tracer,
        Self::Opensnoop,
        Self::Perf,
        Self::StraceSeccomp,
        Self::Strace,
    ];

    /// Its name in the table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Untraced => "untraced",
            Self::Tracer => "tracer watch",
            Self::Opensnoop => "bpftrace opensnoop",
            Self::Perf => "perf trace -a",
            Self::Strace => "strace -f",
            Self::StraceSeccomp => "strace -f --seccomp-bpf",
        }
    }

    /// The program that has to be installed; none where the bench brings it.
    const fn program(self) -> Option<&'static str> {
        match self {
            Self::Untraced | Self::Tracer => None,
            Self::Opensnoop => Some("bpftrace"),
            Self::Perf => Some("perf"),
            Self::Strace | Self::StraceSeccomp => Some("strace"),
        }
    }

    /// Whether the tool slows a call by so much that fewer of them are enough.
    pub(super) const fn stops_the_process(self) -> bool {
        matches!(self, Self::Strace | Self::StraceSeccomp)
    }

    /// Whether this machine has it; the reason where it does not.
    pub(super) fn is_installed(self) -> Result<()> {
        if let Some(program) = self.program()
            && !bpf_toolchain::is_program(program)
        {
            bail!("not installed");
        }
        if self == Self::Opensnoop {
            opensnoop()?;
        }
        Ok(())
    }

    /// The command that is to stand in front of the workload.
    pub(super) fn wrapper(self, calls: &str, room: &Room) -> Vec<String> {
        let seccomp: &[&str] = match self {
            Self::StraceSeccomp => &["--seccomp-bpf"],
            Self::Strace => &[],
            Self::Untraced | Self::Tracer | Self::Opensnoop | Self::Perf => return Vec::new(),
        };
        let output = room.output().display().to_string();
        let mut words = vec!["strace", "-f"];
        words.extend(seccomp);
        let trace = format!("trace={calls}");
        words.extend(["-o", &output, "-e", &trace, "--"]);
        words.into_iter().map(str::to_owned).collect()
    }

    /// Starts a system-wide tool and waits until it reports what happens.
    pub(super) fn start(self, tracer: &Path, room: &Room) -> Result<Option<Process>> {
        let mut command = match self {
            Self::Untraced | Self::Strace | Self::StraceSeccomp => return Ok(None),
            Self::Tracer => watch(tracer, room),
            Self::Opensnoop => {
                let mut command = Command::new("bpftrace");
                command.arg("-o").arg(room.output()).arg(opensnoop()?);
                command
            }
            Self::Perf => {
                let mut command = Command::new("perf");
                command
                    .args(["trace", "-a", "-e", "openat", "-o"])
                    .arg(room.output());
                command
            }
        };
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut process = Process::start(&mut command, &room.messages())?;
        mark::wait_until_seen(&mut process, room)?;
        Ok(Some(process))
    }
}

/// `tracer watch` over the room's directory, writing JSON to the room's output.
fn watch(tracer: &Path, room: &Room) -> Command {
    let mut command = Command::new(tracer);
    command.args(["watch", "--backend", "ebpf", "--format", "json", "-o"]);
    command.arg(room.output()).arg(room.watched());
    command
}

/// Where this system keeps bpftrace's opensnoop.
fn opensnoop() -> Result<PathBuf> {
    let mut places: Vec<PathBuf> =
        env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    places.extend(["/usr/sbin".into(), "/usr/share/bpftrace/tools".into()]);
    places
        .into_iter()
        .map(|dir| dir.join("opensnoop.bt"))
        .find(|file| file.is_file())
        .context("opensnoop.bt is not installed")
}
