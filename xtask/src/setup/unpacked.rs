//! Debian packages that are unpacked into the target directory and not installed.

use std::{ffi::OsStr, fs, path::Path, process::Command};

use anyhow::{Context as _, Result};

use super::say;
use crate::shell;

/// Makes a directory in `room`, unless an earlier run has made it whole.
pub(crate) fn once(room: &Path, name: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let dir = room.join(name);
    if dir.exists() {
        return Ok(());
    }
    say(&format!(
        "{}: {name}",
        room.file_name().unwrap_or_default().display()
    ));
    let begun = room.join(format!("{name}.begun"));
    if begun.exists() {
        fs::remove_dir_all(&begun)?;
    }
    fs::create_dir_all(&begun).with_context(|| format!("cannot make {}", begun.display()))?;
    make(&begun)?;
    fs::rename(&begun, &dir).with_context(|| format!("cannot make {}", dir.display()))
}

/// Downloads packages by this `apt-get` and unpacks them.
pub(crate) fn unpack(apt: &mut Command, packages: &[impl AsRef<OsStr>], dir: &Path) -> Result<()> {
    // As root, apt would write as another user.
    apt.args(["-q", "-o", "APT::Sandbox::User=root", "download"]);
    shell::run(apt.args(packages).current_dir(dir))?;
    for entry in fs::read_dir(dir)? {
        let package = entry?.path();
        if package.extension().is_some_and(|ending| ending == "deb") {
            shell::run(Command::new("dpkg").arg("-x").args([&package, dir]))?;
            fs::remove_file(&package)?;
        }
    }
    Ok(())
}
