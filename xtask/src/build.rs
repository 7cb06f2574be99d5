//! `cargo xtask build` and `cargo xtask run`.

use std::{os::unix::process::CommandExt as _, path::PathBuf};

use anyhow::{Context as _, Result};

use crate::{
    args::{BuildArgs, RunArgs},
    setup, shell,
};

/// How much the compiler is to optimise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build; what `run` and the tests take.
    Debug,
    /// What is installed from a clone.
    Release,
    /// What packages have: optimised as one program.
    Dist,
}

impl Profile {
    /// The directory of this profile below the target directory.
    pub(crate) const fn dir(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
            Self::Dist => "dist",
        }
    }

    /// Its name for cargo.
    const fn name(self) -> &'static str {
        match self {
            Self::Debug => "dev",
            Self::Release => "release",
            Self::Dist => "dist",
        }
    }
}

/// `cargo xtask build`.
pub(crate) fn command(args: &BuildArgs) -> Result<()> {
    let profile = match (args.release, args.dist) {
        (_, true) => Profile::Dist,
        (true, false) => Profile::Release,
        (false, false) => Profile::Debug,
    };
    let binary = tracer(profile)?;
    eprintln!("built {}", binary.display());
    Ok(())
}

/// `cargo xtask run`: becomes tracer, so that signals and the exit status are tracer's own.
pub(crate) fn run(args: &RunArgs) -> Result<()> {
    let profile = if args.release {
        Profile::Release
    } else {
        Profile::Debug
    };
    let binary = tracer(profile)?;
    let err = shell::as_root(&binary, false)?.args(&args.args).exec();
    Err(err).with_context(|| format!("{} cannot be started", binary.display()))
}

/// Builds the library for programs in C, beside the binary.
pub(crate) fn library(profile: Profile) -> Result<()> {
    setup::ensure()?;
    let mut command = shell::cargo();
    command.args(["build", "--package", "tracer", "--bin", "tracer"]);
    command.args([
        "--package",
        "tracer-c",
        "--lib",
        "--profile",
        profile.name(),
    ]);
    shell::run(&mut command)
}

/// Builds the binary, after whatever set-up is missing, and says where it is.
pub(crate) fn tracer(profile: Profile) -> Result<PathBuf> {
    setup::ensure()?;
    let mut command = shell::cargo();
    command.args(["build", "--package", "tracer", "--bin", "tracer"]);
    command.args(["--profile", profile.name()]);
    shell::run(&mut command)?;
    Ok(shell::target_dir()?.join(profile.dir()).join("tracer"))
}
