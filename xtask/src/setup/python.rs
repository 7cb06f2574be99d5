//! Environments of Python with packages of their own.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::shell;

/// Makes an environment with the system's Python.
pub(crate) fn environment(dir: &Path) -> Result<()> {
    let mut venv = Command::new("/usr/bin/python3");
    shell::run(venv.args(["-m", "venv"]).arg(dir))
}

/// `pip install` of an environment, still without what it is to install.
pub(crate) fn pip_install(environment: &Path) -> Command {
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    pip
}
