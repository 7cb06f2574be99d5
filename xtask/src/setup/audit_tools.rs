//! ausearch and aureport, which tests and bench hold `search` and `report` against.
//!
//! Where they are not installed, their packages are unpacked into the target directory and not
//! installed: the package starts auditd, which makes every system call of the machine slower until
//! the next boot.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::{apt, say};
use crate::shell;

/// Where the package puts them.
const INSTALLED: &str = "/usr/sbin";

/// What they are in, with the libraries that they are linked with.
const PACKAGES: [&str; 4] = ["auditd", "libauparse0", "libaudit1", "libcap-ng0"];

/// The directory that they are in, if they are there.
pub(crate) fn find() -> Option<PathBuf> {
    let unpacked = shell::target_dir().ok()?.join("audit-tools/sbin");
    [PathBuf::from(INSTALLED), unpacked]
        .into_iter()
        .find(|dir| dir.join("ausearch").exists())
}

/// One of them, with its libraries.
pub(crate) fn command(dir: &Path, name: &str) -> Command {
    let mut command = Command::new(dir.join(name));
    if dir != Path::new(INSTALLED) {
        let root = dir.join("..");
        let machine = std::env::consts::ARCH;
        let libraries = ["lib", "usr/lib"].map(|lib| {
            let dir = root.join(lib).join(format!("{machine}-linux-gnu"));
            dir.display().to_string()
        });
        command.env("LD_LIBRARY_PATH", libraries.join(":"));
    }
    command
}

/// Makes sure that they are there.
pub(crate) fn ensure() -> Result<()> {
    if find().is_some() {
        return Ok(());
    }
    let dir = shell::target_dir()?.join("audit-tools");
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    say("unpacking ausearch and aureport (not installing: auditd would be started)");
    let download = || {
        let mut command = Command::new("apt-get");
        command.arg("-q").arg("download").args(PACKAGES);
        shell::run(command.current_dir(&dir))
    };
    if download().is_err() {
        apt::update()?;
        download()?;
    }
    for entry in std::fs::read_dir(&dir)? {
        let package = entry?.path();
        if package.extension().is_some_and(|ending| ending == "deb") {
            shell::run(Command::new("dpkg").arg("-x").args([&package, &dir]))?;
            std::fs::remove_file(&package)?;
        }
    }
    find().map(drop).context("the packages have no ausearch")
}
