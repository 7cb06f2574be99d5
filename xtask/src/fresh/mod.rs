//! `cargo xtask fresh`: does what the README says on a machine that has nothing: a new Debian 12 root
//! in namespaces of its own, with what the README names installed, in a clone of what is committed.
//!
//! The root shares with this machine its kernel, its processes and network, the settings by which
//! packages are had, and the caches of what was downloaded from the registries before.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    args::{FreshArgs, FreshPart},
    setup, shell,
};

mod parts;
mod room;
mod settings;

pub(crate) use parts::watched;
pub(crate) use room::{Room, command as in_room};

/// What this machine needs to make one.
const NEEDS: &[&str] = &["debootstrap", "git"];

/// `cargo xtask fresh`: on the machine, and once more in the new namespaces.
pub(crate) fn command(args: &FreshArgs) -> Result<()> {
    if let Some(dir) = &args.inside {
        return inside(dir, args);
    }
    let mut machine = spaces("fresh")?;
    if !shell::output(shell::git().args(["status", "--porcelain"]))?.is_empty() {
        say("what is not committed is not part of it");
    }
    let dir = match &args.dir {
        Some(dir) => std::path::absolute(dir)?,
        None => shell::target_dir()?.join("fresh"),
    };
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let began = Instant::now();
    machine.arg("--inside").arg(&dir);
    if let Some(part) = args.only {
        machine.args(["--only", part.name()]);
    }
    machine.arg("--").args(&args.args);
    let result = shell::run(&mut machine);
    if args.keep {
        say(&format!("the root is left in {}", dir.display()));
    } else {
        fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    result?;
    say(&format!(
        "all is well, {} s in all",
        began.elapsed().as_secs()
    ));
    Ok(())
}

/// This xtask with a command, in new namespaces in which a root can be made.
pub(crate) fn spaces(command: &str) -> Result<Command> {
    if !shell::is_root() {
        bail!("a fresh root is made with namespaces and mounts: run this as root");
    }
    setup::install(NEEDS)?;
    let spaces = ["--mount", "--uts", "--ipc", "--fork", "--kill-child"];
    let mut probe = Command::new("unshare");
    if !shell::succeeds(probe.args(spaces).arg("true")) {
        bail!(
            "unshare(2) is refused here, so that no fresh root can be made: \
             this machine or its container forbids new namespaces"
        );
    }
    let mut machine = Command::new("unshare");
    machine
        .args(spaces)
        .args(["--propagation", "private", "--"])
        .arg(std::env::current_exe()?)
        .arg(command)
        .stdin(Stdio::null());
    Ok(machine)
}

/// In the namespaces: makes the root, goes into it, and does there what the README says.
fn inside(dir: &Path, args: &FreshArgs) -> Result<()> {
    let system = "the system, by debootstrap";
    let made = lap(system, &dir.join("root"), || Room::make(dir))?;
    made.settle()?;
    made.enter()?;
    let root = Path::new("/");
    lap("packages that the README names", root, parts::packages)?;
    lap("rustup with its stable toolchain", root, parts::toolchain)?;
    if args.only != Some(FreshPart::Test) {
        lap("cargo xtask run -- watch /etc", root, parts::watch)?;
    }
    if args.only != Some(FreshPart::Run) {
        lap("cargo xtask test", root, || parts::test(&args.args))?;
    }
    Ok(())
}

/// Does a step and says what it took: seconds, and what is on the disk of the root by then.
fn lap<T>(name: &str, root: &Path, step: impl FnOnce() -> Result<T>) -> Result<T> {
    say(name);
    let began = Instant::now();
    let done = step().with_context(|| format!("in a fresh root: {name}"))?;
    let seconds = began.elapsed().as_secs();
    say(&format!(
        "{name}: {seconds} s, disk {} MB",
        room::used(root)
    ));
    Ok(done)
}

/// One thing that is being done.
fn say(what: &str) {
    eprintln!("fresh: {what}");
}

/// Where the clone lies in the root.
fn project() -> PathBuf {
    PathBuf::from("/root/project")
}
