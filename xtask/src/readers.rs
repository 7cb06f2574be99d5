//! `cargo xtask readers`: what tracer writes into audit logs, read by programs that are made to read
//! such logs. Brings them, each in a fixed version, into the target directory; nothing is installed
//! but jq and what Python needs to make an environment.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::{
    build::{self, Profile},
    setup::{self, once, unpack},
    shell,
};

/// What the system has to have.
const INSTALLED: &[&str] = &["jq", "python3", "python3-venv"];
/// Of this Debian, unpacked: installed, rsyslog would be started.
const UNPACKED: &[&str] = &[
    "python3-audit",
    "rsyslog",
    "libestr0",
    "libfastjson4",
    "liblognorm5",
];
/// Of Debian 13, with all that they need: audit 4.0.2, laurel 0.7.1.
const STABLE: &[&str] = &[
    "auditd",
    "laurel",
    "libacl1",
    "libaudit1",
    "libauparse0t64",
    "libc6",
    "libcap-ng0",
    "libgcc-s1",
    "libwrap0",
];

/// `cargo xtask readers`.
pub(crate) fn command() -> Result<()> {
    setup::test_peers()?;
    setup::install(INSTALLED)?;
    debian()?;
    let room = room()?;
    once(&room, "debian13", debian13)?;
    once(&room, "python", python)?;
    once(&room, "packages", |dir| packages(&room, dir))?;
    let tracer = build::tracer(Profile::Debug)?;
    let mut test = shell::cargo();
    test.args(["test", "--package", "tests", "--test", "auditing", "--"])
        .args(["readers::", "--include-ignored"])
        .env("TRACER_BIN", tracer);
    shell::run(&mut test)
}

/// Where everything is.
fn room() -> Result<PathBuf> {
    Ok(shell::target_dir()?.join("readers"))
}

/// Packages of this Debian, unpacked: python3-audit is one of them.
pub(crate) fn debian() -> Result<PathBuf> {
    let room = room()?;
    once(&room, "debian", |dir| unpack(&mut apt(), UNPACKED, dir))?;
    Ok(room.join("debian"))
}

fn apt() -> Command {
    Command::new("apt-get")
}

/// A tree of Debian 13, whose lists stay apart from those of the system. Its packages come from where
/// the system's come from.
fn debian13(dir: &Path) -> Result<()> {
    let state = dir.join("apt");
    fs::create_dir_all(state.join("lists/partial"))?;
    fs::create_dir_all(state.join("cache/archives/partial"))?;
    let uri = shell::output(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
    ]))?;
    let uri = uri
        .lines()
        .find(|line| line.trim_end_matches('/').ends_with("/debian"));
    let uri = uri.context("apt knows no archive of Debian")?;
    let keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
    fs::write(
        state.join("sources.list"),
        format!("deb [signed-by={keys}] {uri} trixie main\n"),
    )?;
    let here = state.display();
    fs::write(
        state.join("apt.conf"),
        format!(
            "Dir::Etc::sourcelist \"{here}/sources.list\";\nDir::Etc::sourceparts \"/dev/null\";\n\
             Dir::State::lists \"{here}/lists\";\nDir::Cache \"{here}/cache\";\n\
             APT::Sandbox::User \"root\";\n"
        ),
    )?;
    let with_state = || {
        let mut command = apt();
        command.env("APT_CONFIG", state.join("apt.conf"));
        command
    };
    shell::run(with_state().args(["-q", "update"]))?;
    unpack(&mut with_state(), STABLE, dir)?;
    fs::remove_dir_all(&state).context("the lists cannot be removed")
}

/// Where the lists of Python packages are.
fn lists() -> PathBuf {
    shell::root().join("tests/readers")
}

fn python(dir: &Path) -> Result<()> {
    setup::environment(dir)?;
    let list = lists().join("requirements.txt");
    shell::run(setup::pip_install(dir).arg("--requirement").arg(list))
}

/// msticpy and plaso without what they depend on.
fn packages(room: &Path, dir: &Path) -> Result<()> {
    let mut pip = setup::pip_install(&room.join("python"));
    pip.args(["--no-deps", "--target"]).arg(dir);
    shell::run(pip.arg("--requirement").arg(lists().join("packages.txt")))
}
