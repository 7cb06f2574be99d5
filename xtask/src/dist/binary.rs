//! The binary that is packaged: linked against glibc 2.17 by zig, which has the symbols of every
//! release of it, and without a path of the machine that built it.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use super::{library, say};
use crate::{bpf_toolchain, machine::Machine, setup, shell};

/// What the system has to have.
const INSTALLED: &[&str] = &["binutils", "python3", "python3-venv"];
/// From the registry of Python packages, which has them built: 103 MB to download, 400 MB on disk.
const TOOLS: &[&str] = &["cargo-zigbuild==0.24.1", "ziglang==0.17.1"];
/// The oldest glibc that it runs with.
const GLIBC: (u32, u32) = (2, 17);

/// Builds it, or says why it is not fit to be handed out.
pub(super) fn build(room: &Path, machine: Machine) -> Result<PathBuf> {
    setup::ensure()?;
    machine.ensure()?;
    let target = machine.target();
    let dir = room.join("build");
    let mut command = Command::new(room.join("zig/bin/cargo-zigbuild"));
    with_zig(room, &mut command)?;
    command
        .current_dir(shell::root())
        .args([
            "zigbuild",
            "--package",
            "tracer",
            "--bin",
            "tracer",
            "--package",
            "tracer-c",
            "--lib",
            "--profile",
            "dist",
        ])
        .arg("--target")
        .arg(format!("{target}.{}.{}", GLIBC.0, GLIBC.1))
        .arg("--target-dir")
        .arg(&dir);
    shell::run(&mut command)?;
    let binary = dir.join(target).join("dist/tracer");
    for made in [&binary, &library::beside(&binary)] {
        runs_with_old_glibc(made)?;
        // What stands between the code and its sources is not handed out, and knows where they were.
        shell::run(&mut machine.strip(made))?;
        has_no_place(made)?;
    }
    Ok(binary)
}

/// Makes sure that zig is there, and has a command that calls cargo use it.
pub(super) fn with_zig(room: &Path, command: &mut Command) -> Result<()> {
    setup::install(INSTALLED)?;
    setup::once(room, "zig", |dir| {
        say(
            "installing cargo-zigbuild and zig, which link for older systems (103 MB to download, 400 MB on disk)",
        );
        setup::environment(dir)?;
        shell::run(setup::pip_install(dir).arg("--no-deps").args(TOOLS))
    })?;
    let mut path = vec![room.join("zig/bin")];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    command
        .env("PATH", std::env::join_paths(path)?)
        .env("CARGO_ZIGBUILD_CACHE_DIR", room.join("zig-cache"))
        .env("ZIG_GLOBAL_CACHE_DIR", room.join("zig-cache"))
        .env("CARGO_ZIGBUILD_PYTHON_PATH", room.join("zig/bin/python"))
        .env("RUSTC_WRAPPER", wrapper(room)?);
    Ok(())
}

/// Directories of this machine, and what stands for them in the binary.
fn places() -> Result<Vec<(PathBuf, &'static str)>> {
    let sysroot = bpf_toolchain::sysroot(&bpf_toolchain::active());
    let sysroot = sysroot.context("rustc names no directory of its own")?;
    // Where one is in another, the last one counts.
    Ok(vec![
        (bpf_toolchain::cargo_home(), "/cargo"),
        (sysroot.join("lib/rustlib/src/rust"), "/rustc"),
        (shell::root().to_owned(), "/tracer"),
        (shell::target_dir()?, "/tracer/target"),
    ])
}

/// A program that calls rustc with these. A variable for flags would not reach the build of the eBPF
/// programs, which has flags of its own.
fn wrapper(room: &Path) -> Result<PathBuf> {
    let file = room.join("rustc");
    let flags: Vec<String> = places()?
        .iter()
        .map(|(dir, name)| format!("'--remap-path-prefix={}={name}'", dir.display()))
        .collect();
    let text = format!("#!/bin/sh\nexec \"$@\" {}\n", flags.join(" "));
    if fs::read_to_string(&file).ok().as_deref() != Some(text.as_str()) {
        fs::write(&file, text)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    }
    Ok(file)
}

/// Nothing in it may tell of this machine.
fn has_no_place(binary: &Path) -> Result<()> {
    let bytes = fs::read(binary)?;
    for (dir, _) in places()? {
        let dir = dir.display().to_string();
        ensure!(
            !bytes.windows(dir.len()).any(|part| part == dir.as_bytes()),
            "{} has {dir} in it",
            binary.display()
        );
    }
    Ok(())
}

/// Every symbol of glibc that it asks for has to be in the old one.
fn runs_with_old_glibc(binary: &Path) -> Result<()> {
    let mut readelf = Command::new("readelf");
    let said = shell::output(readelf.args(["--wide", "--version-info"]).arg(binary))?;
    let versions = said.split("GLIBC_").skip(1).filter_map(|rest| {
        let mut numbers = rest.split(|c: char| !c.is_ascii_digit());
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    });
    let newest: (u32, u32) = versions.max().context("it asks for nothing of glibc")?;
    ensure!(
        newest <= GLIBC,
        "it asks for glibc {}.{}",
        newest.0,
        newest.1
    );
    let name = binary.file_name().unwrap_or_default().display();
    say(&format!(
        "{name} runs with glibc {}.{} and later",
        newest.0, newest.1
    ));
    Ok(())
}
