//! Debian packages: asks dpkg what is there, and apt-get for the rest.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use super::say;
use crate::{bpf_toolchain, shell};

/// Installs those of the packages that are missing; nothing is ever removed for it.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|name| !is_installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    offers(&missing)?;
    if get_install(&missing).is_ok() {
        return Ok(());
    }
    // The lists are so old that the mirror has newer files by now.
    update()?;
    offers(&missing)?;
    get_install(&missing)
}

/// Whether apt has all of the packages; it is asked again with new lists where it does not.
pub(super) fn offers(packages: &[&str]) -> Result<()> {
    if !bpf_toolchain::is_program("apt-get") {
        bail!(
            "this system has no apt-get to install {} with",
            packages.join(", ")
        );
    }
    if packages.iter().all(|name| is_known(name)) {
        return Ok(());
    }
    update()?;
    match packages.iter().find(|name| !is_known(name)) {
        Some(name) => bail!("apt has no package {name}"),
        None => Ok(()),
    }
}

/// Brings the package lists up to date.
pub(super) fn update() -> Result<()> {
    say("bringing the package lists up to date");
    shell::run(apt_get()?.args(["-q", "update"]))
}

/// The packages and those that they need, without what the machine has.
pub(crate) fn would_install(packages: &[&str]) -> Result<Vec<String>> {
    let mut command = Command::new("apt-get");
    command
        .args(["-q", "--simulate", "--no-install-recommends", "install"])
        .args(packages);
    let plan = shell::output(&mut command)?;
    let names = plan.lines().filter_map(|line| line.strip_prefix("Inst "));
    Ok(names
        .filter_map(|rest| rest.split(' ').next().map(str::to_owned))
        .collect())
}

/// What apt says of the size of an installation, as a remark; nothing where it says nothing.
fn size(packages: &[&str]) -> String {
    // It is told not to install, and stops after having said this.
    let output = Command::new("apt-get")
        .args(["-q", "--assume-no", "--no-install-recommends"])
        .args(["-o", "Debug::NoLocking=1", "install"])
        .args(packages)
        .env("LC_ALL", "C")
        .stderr(Stdio::null())
        .output();
    let said = output.map_or(String::new(), |output| {
        String::from_utf8_lossy(&output.stdout).into_owned()
    });
    let value = |start: &str, end: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(start))?;
        line.split(end).next().map(str::to_owned)
    };
    match (
        value("Need to get ", " of archives"),
        value("After this operation, ", " of additional disk space"),
    ) {
        (Some(download), Some(disk)) => format!(" ({download} to download, {disk} on disk)"),
        _ => String::new(),
    }
}

/// Whether dpkg has the package, complete.
fn is_installed(name: &str) -> bool {
    let output = Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}\\n", name])
        .stderr(Stdio::null())
        .output();
    output.is_ok_and(|output| {
        output
            .stdout
            .split(|byte| *byte == b'\n')
            .any(|status| status == b"installed")
    })
}

/// Whether the package lists have the package.
fn is_known(name: &str) -> bool {
    shell::succeeds(Command::new("apt-cache").args(["show", "--no-all-versions", name]))
}

/// `apt-get install` that asks nothing.
fn get_install(packages: &[&str]) -> Result<()> {
    say(&format!(
        "installing packages: {}{}",
        packages.join(" "),
        size(packages)
    ));
    shell::run(
        apt_get()?
            .args([
                "-q",
                "install",
                "--yes",
                "--no-install-recommends",
                "--no-remove",
            ])
            .args(packages),
    )
}

/// `apt-get` as root, which waits for another one to finish.
fn apt_get() -> Result<Command> {
    // Through `env`, so that the setting survives sudo.
    let mut command = shell::as_root("env", false)?;
    command
        .args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            "DPkg::Lock::Timeout=300",
            "-o",
            "Dpkg::Use-Pty=0",
        ])
        .stdin(Stdio::null());
    Ok(command)
}
