//! What the README says, done as it is typed there, in the root that was entered.

use std::{
    ffi::OsString,
    fs,
    io::{BufRead as _, BufReader},
    process::Command,
};

use anyhow::{Context as _, Result, bail, ensure};

use super::{project, room, say};
use crate::shell;

/// The packages that the README tells a new machine to install.
const NAMED: &[&str] = &["build-essential", "ca-certificates", "curl", "git"];
/// A file below the directory that is watched.
const PROBE: &str = "/etc/fresh-probe";

/// `apt-get install` of the README.
pub(super) fn packages() -> Result<()> {
    let apt = |args: &[&str]| {
        let mut command = room::command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.args(["-q", "-o", "Dpkg::Use-Pty=0"]).args(args);
        shell::quiet(&mut command)
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes"], NAMED].concat())
}

/// rustup as its own page installs it: `rustup-init` is the same program.
pub(super) fn toolchain() -> Result<()> {
    let init = || {
        let mut command = room::command("/root/rustup-init");
        command.args(["-y", "--no-modify-path"]);
        command
    };
    if shell::run(&mut init()).is_err() {
        say("rustup can download nothing: this machine's own toolchain is taken");
        shell::run(init().args(["--default-toolchain", "none"]))?;
        let rust = format!("/{}", room::MACHINES_RUST);
        for args in [
            &["toolchain", "link", "machine", &rust][..],
            &["default", "machine"],
        ] {
            shell::run(room::command("rustup").args(args))?;
        }
    }
    fs::remove_file("/root/rustup-init").context("rustup-init")
}

/// The first command.
pub(super) fn watch() -> Result<()> {
    watched(cargo(&["run", "--", "watch", "/etc"]))
}

/// A watch of /etc: until it is ready, then an event, then Ctrl-C.
pub(crate) fn watched(mut command: Command) -> Result<()> {
    let (reader, writer) = std::io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().context("cargo cannot be started")?;
    // It holds the other end of the pipe, which must end with the child.
    drop(command);
    let mut lines = BufReader::new(reader).lines();
    let mut until = |wanted: &dyn Fn(&str) -> bool| -> Result<Option<String>> {
        for line in lines.by_ref() {
            let line = line?;
            say(&format!("| {line}"));
            if wanted(&line) {
                return Ok(Some(line));
            }
        }
        Ok(None)
    };
    let ready = until(&|line| line.starts_with("tracer: ready"))?;
    // What it came up with where that was refused is said in its place.
    let by_ebpf = ready.as_ref().is_some_and(|line| line.contains("(eBPF"));
    let mut told = false;
    if ready.is_some() {
        fs::write(PROBE, "x\n")?;
        told = until(&|line| !line.starts_with("tracer:") && line.contains(PROBE))?.is_some();
        // cargo, xtask and tracer are one process after another.
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT)?;
        fs::remove_file(PROBE)?;
        until(&|_| false)?;
    }
    let status = child.wait()?;
    ensure!(
        by_ebpf && told && status.success(),
        "ready by eBPF: {by_ebpf}, the write told: {told}, ended with {status}"
    );
    Ok(())
}

/// The second command.
pub(super) fn test(args: &[OsString]) -> Result<()> {
    let mut command = cargo(&["test"]);
    if !args.is_empty() {
        command.arg("--").args(args);
    }
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        bail!("tests failed ({status})");
    }
    Ok(())
}

/// `cargo xtask` in the clone.
fn cargo(args: &[&str]) -> Command {
    let mut command = room::command("cargo");
    command.arg("xtask").args(args).current_dir(project());
    command
}
