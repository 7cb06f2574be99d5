//! `cargo xtask setup`: finds or installs what a build needs, and says each thing it does.
//!
//! There are two ways to a toolchain for BPF (`docs/building.md`): a nightly with `rust-src`, and
//! Debian's packages. The first that passes a trial build is taken. What is there already is taken
//! as it is, and a stamp in the target directory makes the next run fast.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    args::SetupArgs,
    bpf_toolchain::{self, Core, LINKED, LINKER, NIGHTLY, Toolchain},
    shell,
};

mod apt;
pub(crate) mod audit_tools;
mod linker;
mod trial;

pub(crate) use apt::install;

/// The packages of Debian 12 that make a toolchain for BPF.
const DEBIAN_TOOLCHAIN: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "libstd-rust-web-dev-bpf",
    "rust-web-clippy",
];
/// The tools that `bench` compares with.
const DEBIAN_PEERS: &[&str] = &["strace", "bpftrace", "linux-perf"];

/// What tests hold tracer against, and the larger programs that they trace.
const TEST_PEERS: &[&str] = &["git", "inotify-tools", "python3", "rsync", "strace", "tmux"];

/// A way to a toolchain: its name for people, and what does it.
type Way = (&'static str, fn() -> Result<Toolchain>);

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
    if bpf_toolchain::is_program(LINKER)
        && let Ok(toolchain) = bpf_toolchain::find()
        && trial::passes(&toolchain).is_ok()
    {
        return Ok(toolchain);
    }
    let rustup: Way = ("rustup", rustup);
    let debian: Way = ("Debian packages", debian);
    let ways = if bpf_toolchain::chosen().is_some() {
        // A toolchain asked for by name is the only one that a build would take.
        vec![rustup]
    } else if bpf_toolchain::core_of(LINKED).is_some() {
        // What is there comes first: it lacks no more than a linker.
        vec![debian, rustup]
    } else {
        vec![rustup, debian]
    };
    let mut refused = Vec::new();
    for (name, way) in ways {
        say(&format!("looking for a BPF toolchain, way: {name}"));
        match way() {
            Ok(toolchain) => return Ok(toolchain),
            Err(err) => {
                say(&format!("this way is closed: {err:#}"));
                refused.push(format!("{name}: {err:#}"));
            }
        }
    }
    bail!(
        "no BPF toolchain could be set up ({}): install one by hand as docs/building.md says",
        refused.join("; ")
    );
}

/// Makes sure that the tools are there that tests hold tracer against.
pub(crate) fn test_peers() -> Result<()> {
    apt::install(TEST_PEERS).context("tests trace other programs, beside other tools")?;
    audit_tools::ensure().context("tests hold tracer against ausearch and aureport")
}

/// Way 1: a nightly of rustup with `rust-src`, or the toolchain that the environment names.
fn rustup() -> Result<Toolchain> {
    if !bpf_toolchain::is_program("rustup") {
        bail!("rustup is not installed");
    }
    let name = bpf_toolchain::chosen().unwrap_or_else(|| NIGHTLY.to_owned());
    if bpf_toolchain::core_of(&name).is_none() {
        let installed = shell::succeeds(bpf_toolchain::command(&name, "rustc").arg("-V"));
        let mut command = Command::new("rustup");
        if installed {
            say(&format!("adding rust-src to toolchain `{name}`"));
            command.args([
                "component",
                "add",
                "rust-src",
                "clippy",
                "--toolchain",
                &name,
            ]);
        } else {
            say(&format!("installing toolchain `{name}` with rust-src"));
            command.args(["toolchain", "install", &name, "--profile", "minimal"]);
            command.args(["--component", "rust-src", "--component", "clippy"]);
        }
        shell::run(command.stdin(Stdio::null()))?;
    }
    let core = bpf_toolchain::core_of(&name)
        .with_context(|| format!("toolchain `{name}` still has no core for BPF"))?;
    let toolchain = with_linker(Toolchain { name, core })?;
    if bpf_toolchain::chosen().is_none() && bpf_toolchain::core_of(LINKED).is_some() {
        say(&format!(
            "unlinking `{LINKED}`, which builds nothing and would be taken first"
        ));
        shell::run(Command::new("rustup").args(["toolchain", "uninstall", LINKED]))?;
    }
    Ok(toolchain)
}

/// Way 2: Debian's rustc with a prebuilt `core` for BPF, linked as a rustup toolchain.
fn debian() -> Result<Toolchain> {
    apt::install(DEBIAN_TOOLCHAIN)?;
    if bpf_toolchain::is_program("rustup") {
        say(&format!("linking Debian's toolchain as `{LINKED}`"));
        shell::run(Command::new("rustup").args(["toolchain", "link", LINKED, "/usr"]))?;
    }
    let core = bpf_toolchain::core_of(LINKED)
        .filter(|core| *core == Core::Prebuilt)
        .context("Debian's toolchain has no core for BPF")?;
    with_linker(Toolchain {
        name: LINKED.to_owned(),
        core,
    })
}

/// Gives the toolchain a linker of its own LLVM and proves the pair with a trial build.
fn with_linker(toolchain: Toolchain) -> Result<Toolchain> {
    let was_there = bpf_toolchain::is_program(LINKER);
    if !was_there {
        linker::install(&toolchain, false)?;
    }
    say("trying the toolchain on a small program");
    if let Err(err) = trial::passes(&toolchain) {
        if !was_there {
            return Err(err);
        }
        say(&format!(
            "the {LINKER} that is there does not fit toolchain `{}`",
            toolchain.name
        ));
        linker::install(&toolchain, true)?;
        trial::passes(&toolchain)?;
    }
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
fn say(what: &str) {
    eprintln!("setup: {what}");
}

/// Reads a small file that may be absent.
fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}
