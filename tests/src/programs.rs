//! Where the programs under test are.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The directory that cargo puts programs in: two above the test program.
fn target_profile() -> PathBuf {
    let me = std::env::current_exe().expect("/proc is mounted");
    let deps = me.parent().expect("it is in a directory");
    deps.parent().expect("deps is in a directory").to_owned()
}

/// The `tracer` program. `TRACER_BIN` names one; else it is built, by the cargo and into the
/// target directory and profile of this test, which takes no time when it is there already:
/// `cargo test` itself does not build the programs of other packages.
///
/// # Panics
/// When it cannot be built.
pub fn tracer() -> &'static Path {
    static TRACER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = TRACER.get_or_init(|| match std::env::var_os("TRACER_BIN") {
        Some(path) => Ok(path.into()),
        None => build(),
    });
    built
        .as_ref()
        .unwrap_or_else(|errors| panic!("tracer cannot be built:\n{errors}"))
}

fn build() -> Result<PathBuf, String> {
    let directory = target_profile();
    let profile = directory
        .file_name()
        .expect("a profile directory")
        .to_string_lossy();
    let profile = if profile == "debug" {
        "dev".into()
    } else {
        profile
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let out = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--package",
            "tracer",
            "--bin",
            "tracer",
            "--profile",
            &profile,
        ])
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(directory.parent().expect("the target directory"))
        .output()
        .expect("cargo runs");
    if out.status.success() {
        Ok(directory.join("tracer"))
    } else {
        Err(String::from_utf8_lossy(&out.stderr).into_owned())
    }
}

/// The fixture program: cargo builds the programs of a package before its integration tests.
///
/// # Panics
/// When it is not there.
pub fn fixture() -> &'static Path {
    static FIXTURE: OnceLock<PathBuf> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let path = target_profile().join("fixture");
        fs::canonicalize(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    })
}

/// A copy of a program that every user can run, wherever the target directory is. Another process
/// makes it: a descriptor of ours that writes to it could be inherited by a child that another
/// test starts at this moment, and the copy could then not be executed (`ETXTBSY`).
///
/// # Panics
/// When it cannot be made.
pub fn public_copy(program: &Path, to: &Path) -> PathBuf {
    let status = Command::new("sh")
        .args(["-c", "cp \"$0\" \"$1\" && chmod 755 \"$1\""])
        .args([program, to])
        .status();
    assert!(
        status.is_ok_and(|s| s.success()),
        "no copy of {}",
        program.display()
    );
    to.to_owned()
}

/// A program for the shell, of the lines behind its `#!`. Another process writes it, as with
/// [`public_copy`].
///
/// # Panics
/// When it cannot be made.
pub fn script(at: &Path, lines: &str) -> PathBuf {
    let status = Command::new("sh")
        .args([
            "-c",
            "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod 755 \"$0\"",
        ])
        .args([at.as_os_str(), lines.as_ref()])
        .status();
    assert!(status.is_ok_and(|s| s.success()), "no {}", at.display());
    at.to_owned()
}
