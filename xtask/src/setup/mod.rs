//! `cargo xtask setup`: finds or installs what a build needs, and says each thing it does.
//!
//! What is there already is taken as it is, and a stamp in the target directory makes the next run
//! fast. Where something is missing, what will be installed is said first (`docs/building.md`).

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    args::SetupArgs,
    bpf_toolchain::{self, LINKED, LINKER, Toolchain},
    shell,
};

mod apt;
pub(crate) mod audit_tools;
mod linker;
mod python;
mod trial;
mod unpacked;
mod ways;

pub(crate) use apt::{install, would_install};
pub(crate) use python::{environment, pip_install};
pub(crate) use unpacked::{once, unpack};

/// The tools that `bench` compares with.
const DEBIAN_PEERS: &[&str] = &["strace", "bpftrace", "linux-perf"];

/// What tests hold tracer against, and the larger programs that they trace.
const TEST_PEERS: &[&str] = &["git", "inotify-tools", "python3", "rsync", "strace", "tmux"];

/// `cargo xtask setup`.
pub(crate) fn command(args: &SetupArgs) -> Result<()> {
    let toolchain = ensure()?;
    if let Err(err) = host_components() {
        say(&format!("only `cargo xtask check` will miss it: {err:#}"));
    }
    if args.test {
        test_peers()?;
    }
    if args.bench {
        peers();
    }
    say(&format!(
        "all is there: eBPF programs build with toolchain `{}`",
        toolchain.name
    ));
    Ok(())
}

/// Makes sure that the eBPF programs can be built; silent and fast where all is there.
pub(crate) fn ensure() -> Result<Toolchain> {
    let Ok(toolchain) = bpf_toolchain::find() else {
        return ways::take();
    };
    if bpf_toolchain::is_program(LINKER) && trial::passes(&toolchain).is_ok() {
        return Ok(toolchain);
    }
    // What is there comes first: it lacks no more than a linker.
    let name = toolchain.name.clone();
    let why = match with_linker(toolchain) {
        Ok(toolchain) => return Ok(toolchain),
        Err(why) => why,
    };
    if bpf_toolchain::chosen().is_some() || name != LINKED {
        return Err(why);
    }
    say(&format!(
        "unlinking toolchain `{LINKED}`, which builds nothing and would be taken first: {why:#}"
    ));
    shell::run(Command::new("rustup").args(["toolchain", "uninstall", LINKED]))?;
    ways::take()
}

/// Makes sure that the tools are there that tests hold tracer against.
pub(crate) fn test_peers() -> Result<()> {
    apt::install(TEST_PEERS).context("tests trace other programs, beside other tools")?;
    audit_tools::ensure().context("tests hold tracer against ausearch and aureport")
}

/// Gives the toolchain a linker of its own LLVM and proves the pair with a trial build.
fn with_linker(toolchain: Toolchain) -> Result<Toolchain> {
    if !bpf_toolchain::is_program(LINKER) || trial::passes(&toolchain).is_err() {
        linker::install(&toolchain.name)?;
    }
    say("trying the toolchain on a small program");
    trial::passes(&toolchain)?;
    Ok(toolchain)
}

/// rustfmt and clippy of the toolchain that builds the user side: a minimal rustup lacks them.
pub(crate) fn host_components() -> Result<()> {
    for component in ["fmt", "clippy"] {
        if shell::succeeds(shell::cargo().args([component, "--version"])) {
            continue;
        }
        let name = if component == "fmt" {
            "rustfmt"
        } else {
            component
        };
        if !bpf_toolchain::is_program("rustup") {
            bail!("cargo {component} is not installed: install {name} of your toolchain");
        }
        say(&format!("adding {name}"));
        let mut command = Command::new("rustup");
        shell::run(
            command
                .args(["component", "add", name])
                .current_dir(shell::root()),
        )?;
    }
    Ok(())
}

/// The tools that `bench` compares with; the bench does without those that cannot be had.
pub(crate) fn peers() {
    if let Err(err) = audit_tools::ensure() {
        say(&format!(
            "the bench will do without ausearch and aureport: {err:#}"
        ));
    }
    for package in DEBIAN_PEERS {
        if let Err(err) = apt::install(&[package]) {
            say(&format!(
                "{package} is not there, and the bench will do without: {err:#}"
            ));
        }
    }
}

/// One thing that is being done.
pub(crate) fn say(what: &str) {
    eprintln!("setup: {what}");
}

/// Reads a small file that may be absent.
fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}
