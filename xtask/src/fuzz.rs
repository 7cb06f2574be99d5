//! `cargo xtask fuzz`: feeds what reads the bytes of others with what a fuzzer makes up (cargo-fuzz, with
//! libFuzzer), from the golden files on.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{
    args::FuzzArgs,
    setup::{self, say},
    shell,
};

/// The version that is taken where none is in `PATH`.
const CARGO_FUZZ: &str = "0.13.2";
/// The package with the targets.
const PACKAGE: &str = "tracer/fuzz";

/// `cargo xtask fuzz`.
pub(crate) fn command(args: &FuzzArgs) -> Result<()> {
    setup::ensure()?;
    let room = shell::target_dir()?.join("fuzz");
    let targets = targets()?;
    let unknown = args.targets.iter().find(|name| !targets.contains(name));
    if let Some(name) = unknown {
        bail!("there is no target {name}: {}", targets.join(", "));
    }
    let cargo_fuzz = cargo_fuzz(&room)?;
    let seeds = room.join("seeds");
    shell::run(
        shell::cargo()
            .args(["run", "--quiet", "--package", "tracer-fuzz"])
            .args(["--example", "seeds", "--"])
            .arg(&seeds),
    )?;
    let chosen = targets
        .iter()
        .filter(|name| args.targets.is_empty() || args.targets.contains(name));
    for target in chosen {
        run(&cargo_fuzz, &room, target, args)?;
    }
    Ok(())
}

/// The targets by name: each is a file.
fn targets() -> Result<Vec<String>> {
    let dir = shell::root().join(PACKAGE).join("targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let file = entry?.path();
        let name = file.file_stem().context("a file without a name")?;
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Runs one target; what it finds new stays in the target directory, for the next run.
fn run(cargo_fuzz: &Path, room: &Path, target: &str, args: &FuzzArgs) -> Result<()> {
    let own = room.join("corpus").join(target);
    fs::create_dir_all(&own)?;
    let mut dirs = vec![own];
    let committed = shell::root().join(PACKAGE).join("corpus").join(target);
    dirs.extend(
        [room.join("seeds").join(target), committed]
            .into_iter()
            .filter(|dir| dir.exists()),
    );
    let mut command = Command::new(cargo_fuzz);
    // Sanitizers for memory need a nightly compiler; what is looked for here are panics.
    command
        .current_dir(shell::root())
        .args([
            "fuzz",
            "run",
            "--fuzz-dir",
            PACKAGE,
            "--dev",
            "--sanitizer",
            "none",
            target,
        ])
        .args(dirs)
        .args([
            "--",
            "-max_len=16384",
            "-timeout=20",
            "-rss_limit_mb=4096",
            "-verbosity=0",
        ])
        .arg("-print_final_stats=1");
    match args.seconds {
        Some(seconds) => command.arg(format!("-max_total_time={seconds}")),
        None => command.arg(format!("-runs={}", args.runs)),
    };
    shell::run(&mut command).with_context(|| {
        format!("{target}: the input that did it is in {PACKAGE}/artifacts/{target}")
    })
}

/// cargo-fuzz of `PATH`, or one of our own below the target directory.
fn cargo_fuzz(room: &Path) -> Result<std::path::PathBuf> {
    if shell::succeeds(Command::new("cargo-fuzz").arg("--version")) {
        return Ok("cargo-fuzz".into());
    }
    let own = room.join("tools/bin/cargo-fuzz");
    if !own.exists() {
        say("cargo-fuzz, which drives the fuzzer, is built from source (a minute)");
        let mut install = shell::cargo();
        install.args(["install", "cargo-fuzz", "--locked", "--debug", "--quiet"]);
        install.args(["--version", CARGO_FUZZ, "--root"]);
        shell::run(install.arg(room.join("tools")))?;
    }
    Ok(own)
}
