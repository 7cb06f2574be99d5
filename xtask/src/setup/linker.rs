//! Builds bpf-linker with the LLVM of the toolchain whose bitcode it will read.
//!
//! No package registry has it built. It is linked with the `libLLVM` that the compiler itself
//! brings, so that no LLVM has to be installed, and kept apart from one that the user has installed.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use super::say;
use crate::{
    bpf_toolchain::{self, LINKER},
    shell,
};

/// The release that this workspace is known to build with.
const VERSION: &str = "0.13.0";
/// The releases of LLVM that it has a feature for.
const LLVM: std::ops::RangeInclusive<u32> = 21..=23;
/// It is quick to build rather than quick to run: what takes time in it is LLVM.
const PROFILE: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// Builds the linker for a toolchain, in place of the one that was built before.
pub(super) fn install(toolchain: &str) -> Result<()> {
    let llvm = llvm_of(toolchain)?;
    can_read(llvm)?;
    let prefix = prefix(toolchain, llvm)?;
    say(&format!(
        "building {LINKER} {VERSION}, which joins the compiled programs into one object; it is linked \
         with LLVM {llvm} of toolchain `{toolchain}` (a few MB to download, a minute or two, into {})",
        bpf_toolchain::tools().display()
    ));
    let mut command = shell::cargo();
    command
        .env("LLVM_PREFIX", prefix)
        .envs(PROFILE)
        .args(["install", LINKER, "--version", VERSION, "--locked"])
        .args(["--no-default-features", "--features"])
        .arg(format!("llvm-{llvm}"))
        .arg("--force")
        .arg("--root")
        .arg(bpf_toolchain::tools());
    shell::run(&mut command)
}

/// Takes away what [`install`] made.
pub(super) fn remove() {
    let _: Result<(), _> = fs::remove_dir_all(bpf_toolchain::tools());
}

/// Whether it can be built for this release of LLVM.
pub(super) fn can_read(llvm: u32) -> Result<()> {
    if LLVM.contains(&llvm) {
        return Ok(());
    }
    bail!(
        "{LINKER} {VERSION} reads what LLVM {} to {} write, not LLVM {llvm}",
        LLVM.start(),
        LLVM.end()
    )
}

/// The release of LLVM that a toolchain's compiler uses.
pub(super) fn llvm_of(toolchain: &str) -> Result<u32> {
    let mut rustc: Command = bpf_toolchain::command(toolchain, "rustc");
    let version = shell::output(rustc.arg("-vV"))?;
    version
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: "))
        .and_then(|version| version.split('.').next()?.parse().ok())
        .with_context(|| format!("rustc of toolchain `{toolchain}` names no LLVM version"))
}

/// A directory with `lib/libLLVM.so`, as the build of the linker wants it.
fn prefix(toolchain: &str, llvm: u32) -> Result<PathBuf> {
    if let Some(prefix) = std::env::var_os("LLVM_PREFIX") {
        return Ok(prefix.into());
    }
    let sysroot = bpf_toolchain::sysroot(toolchain)
        .with_context(|| format!("toolchain `{toolchain}` is not installed"))?;
    let library = library(&sysroot.join("lib"), llvm).with_context(|| {
        format!(
            "toolchain `{toolchain}` brings no libLLVM of its own: \
             set LLVM_PREFIX to where LLVM {llvm} is installed, /usr/lib/llvm-{llvm} on Debian"
        )
    })?;
    let prefix = bpf_toolchain::tools().join("llvm");
    let _: Result<(), _> = fs::remove_dir_all(&prefix);
    let lib = prefix.join("lib");
    fs::create_dir_all(&lib).with_context(|| format!("cannot make {}", lib.display()))?;
    // Under its own name, too: by that it is found when the linker runs.
    for name in [
        "libLLVM.so".as_ref(),
        library.file_name().unwrap_or_default(),
    ] {
        symlink(&library, lib.join(name))?;
    }
    Ok(prefix)
}

/// `libLLVM.so.22.1` and the like, in a directory of libraries or in that of this machine's kind.
fn library(lib: &Path, llvm: u32) -> Option<PathBuf> {
    let start = format!("libLLVM.so.{llvm}.");
    let machine = lib.join(format!("{}-linux-gnu", std::env::consts::ARCH));
    [lib, &machine].into_iter().find_map(|dir| {
        fs::read_dir(dir).ok()?.find_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?;
            name.starts_with(&start).then(|| path.clone())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_of_the_compiler_is_found() {
        let machine = format!("lib/{}-linux-gnu", std::env::consts::ARCH);
        for (dir, file) in [
            ("lib", "libLLVM.so.23.1-rust-1.99.1-stable"),
            (machine.as_str(), "libLLVM.so.23.1"),
        ] {
            let sysroot = tempfile::tempdir().unwrap();
            let dir = sysroot.path().join(dir);
            fs::create_dir_all(&dir).unwrap();
            let lib = sysroot.path().join("lib");
            assert_eq!(library(&lib, 23), None);
            // What a linker reads in place of the library, and one of another release.
            fs::write(dir.join("libLLVM-23-rust-1.99.1-stable.so"), "").unwrap();
            fs::write(dir.join("libLLVM.so.22.1"), "").unwrap();
            assert_eq!(library(&lib, 23), None);
            fs::write(dir.join(file), "").unwrap();
            assert_eq!(library(&lib, 23), Some(dir.join(file)));
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_what_can() {
        assert!(can_read(22).is_ok());
        let refused = can_read(24).unwrap_err().to_string();
        assert!(refused.contains("21 to 23"), "{refused}");
    }
}
