//! Installs bpf-linker, built for the LLVM of the toolchain whose bitcode it will read.

use std::{path::PathBuf, process::Command};

use anyhow::{Context as _, Result, bail};

use super::{apt, say};
use crate::{
    bpf_toolchain::{self, LINKER, Toolchain},
    shell,
};

/// The release that this workspace is known to build with.
const VERSION: &str = "0.13.0";
/// The releases of LLVM that it has a feature for.
const LLVM: std::ops::RangeInclusive<u32> = 21..=23;

/// Installs the linker, over another one with `force`.
pub(super) fn install(toolchain: &Toolchain, force: bool) -> Result<()> {
    // What its manual recommends: the published binary. It brings an LLVM of its own.
    if !force && bpf_toolchain::is_program("cargo-binstall") {
        say(&format!("installing {LINKER} {VERSION} (published binary)"));
        let package = format!("{LINKER}@{VERSION}");
        if shell::run(shell::cargo().args(["binstall", "--no-confirm", &package])).is_ok() {
            return Ok(());
        }
    }
    let llvm = llvm_of(toolchain)?;
    if !LLVM.contains(&llvm) {
        bail!(
            "toolchain `{}` uses LLVM {llvm}, which {LINKER} {VERSION} cannot read",
            toolchain.name
        );
    }
    let prefix = PathBuf::from(format!("/usr/lib/llvm-{llvm}"));
    if bpf_toolchain::is_program("apt-get") {
        let llvm_dev = format!("llvm-{llvm}-dev");
        // LLVM is C++ and links with both compression libraries.
        apt::install(&[&llvm_dev, "zlib1g-dev", "libzstd-dev", "g++"])?;
    }
    say(&format!("building {LINKER} {VERSION} with LLVM {llvm}"));
    let mut command = shell::cargo();
    if prefix.is_dir() {
        command.env("LLVM_PREFIX", &prefix);
    }
    command.args([
        "install",
        LINKER,
        "--version",
        VERSION,
        "--locked",
        "--no-default-features",
    ]);
    command.args(["--features", &format!("llvm-{llvm}")]);
    if force {
        command.arg("--force");
    }
    shell::run(&mut command)
}

/// The release of LLVM that the toolchain's compiler uses.
fn llvm_of(toolchain: &Toolchain) -> Result<u32> {
    let mut rustc: Command = bpf_toolchain::command(&toolchain.name, "rustc");
    let version = shell::output(rustc.arg("-vV"))?;
    version
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: "))
        .and_then(|version| version.split('.').next()?.parse().ok())
        .with_context(|| {
            format!(
                "rustc of toolchain `{}` names no LLVM version",
                toolchain.name
            )
        })
}
