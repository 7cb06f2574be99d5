//! ausearch and aureport, which tests and bench hold `search` and `report` against.
//!
//! Where they are not installed, their package is unpacked into the target directory and not
//! installed: it would start auditd, which makes every system call of the machine slower until
//! the next boot. (`tests/src/audit_tools.rs` finds them in the same places.)

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::{apt, say, unpack};
use crate::shell;

/// Where the package puts them.
const INSTALLED: &str = "/usr/sbin";
/// The package that they are in.
const PACKAGE: &str = "auditd";

/// The directory that they are in, if they are there.
pub(crate) fn find() -> Option<PathBuf> {
    let unpacked = root().ok()?;
    [
        INSTALLED.into(),
        unpacked.join("sbin"),
        unpacked.join("usr/sbin"),
    ]
    .into_iter()
    .find(|dir| dir.join("ausearch").exists())
}

/// One of them, with its libraries.
pub(crate) fn command(dir: &Path, name: &str) -> Command {
    let mut command = Command::new(dir.join(name));
    if let Ok(root) = root()
        && dir.starts_with(&root)
    {
        command.env("LD_LIBRARY_PATH", libraries_in(&root));
    }
    command
}

/// Where the libraries of audit are, where they are not installed, as a library path.
pub(crate) fn libraries() -> Result<String> {
    Ok(libraries_in(&root()?))
}

fn libraries_in(root: &Path) -> String {
    let machine = std::env::consts::ARCH;
    let libraries = ["lib", "usr/lib"].map(|lib| {
        let dir = root.join(lib).join(format!("{machine}-linux-gnu"));
        dir.display().to_string()
    });
    libraries.join(":")
}

/// Makes sure that they are there.
pub(crate) fn ensure() -> Result<()> {
    if find().is_some() {
        return Ok(());
    }
    let dir = root()?;
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    say("unpacking ausearch and aureport (not installing: auditd would be started)");
    let download = || {
        // With the libraries that the machine does not have.
        let packages = apt::would_install(&[PACKAGE])?;
        unpack(&mut Command::new("apt-get"), &packages, &dir)
    };
    if download().is_err() {
        apt::update()?;
        download()?;
    }
    find().map(drop).context("the package has no ausearch")
}

/// Where the package is unpacked.
fn root() -> Result<PathBuf> {
    Ok(shell::target_dir()?.join("audit-tools"))
}
