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
    if !bpf_toolchain::is_program("apt-get") {
        bail!(
            "this system has no apt-get to install {} with",
            missing.join(", ")
        );
    }
    say(&format!("installing packages: {}", missing.join(" ")));
    if missing.iter().all(|name| is_known(name)) && get_install(&missing).is_ok() {
        return Ok(());
    }
    // The lists are absent, or so old that the mirror has newer files by now.
    say("bringing the package lists up to date");
    update()?;
    if let Some(name) = missing.iter().find(|name| !is_known(name)) {
        bail!("apt has no package {name}");
    }
    get_install(&missing)
}

/// Brings the package lists up to date.
pub(super) fn update() -> Result<()> {
    shell::run(apt_get()?.args(["-q", "update"]))
}

/// The package and those that it needs and the machine does not have.
pub(super) fn would_install(name: &str) -> Result<Vec<String>> {
    let plan = shell::output(Command::new("apt-get").args([
        "-q",
        "--simulate",
        "--no-install-recommends",
        "install",
        name,
    ]))?;
    let names = plan.lines().filter_map(|line| line.strip_prefix("Inst "));
    Ok(names
        .filter_map(|rest| rest.split(' ').next().map(str::to_owned))
        .collect())
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
