//! `cargo xtask wheel`: the package for Python, one file for every Python from 3.9 on, with the eBPF programs inside;
//! its tests run in an environment that has nothing but it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::{
    args::WheelArgs,
    build::{self, Profile},
    dist,
    machine::Machine,
    readers,
    setup::{self, audit_tools},
    shell,
};

/// What the system has to have.
const INSTALLED: &[&str] = &["python3", "python3-venv"];
/// From the registry of Python packages: what makes a wheel of a crate.
const MATURIN: &str = "maturin==1.16.0";
/// What the tests hold the package against.
const PYINOTIFY: &str = "pyinotify==0.9.6";
/// Likewise, and whose loop one of its classes runs in.
const PEERS: &[&str] = &[PYINOTIFY, "tornado==6.6.1"];

/// `cargo xtask wheel`.
pub(crate) fn command(args: &WheelArgs) -> Result<()> {
    setup::ensure()?;
    setup::install(INSTALLED)?;
    let room = shell::target_dir()?.join("wheel");
    setup::once(&room, "maturin", |dir| {
        setup::environment(dir)?;
        shell::run(setup::pip_install(dir).arg(MATURIN))
    })?;
    let wheel = make(&room, args.quick)?;
    eprintln!(
        "wheel: {} ({} KiB)",
        wheel.display(),
        fs::metadata(&wheel)?.len() >> 10
    );
    if args.test {
        test(&room, &wheel)?;
    }
    Ok(())
}

/// Makes the wheel: with the build that the tests take (`quick`), or as packages have it, linked against the glibc of
/// manylinux2014.
fn make(room: &Path, quick: bool) -> Result<PathBuf> {
    let out = room.join(if quick { "quick" } else { "dist" });
    if out.exists() {
        fs::remove_dir_all(&out).context("older wheels cannot be removed")?;
    }
    let mut maturin = Command::new(room.join("maturin/bin/maturin"));
    maturin
        .current_dir(shell::root().join("tracer/python"))
        .args(["build", "--quiet", "--strip", "--out"])
        .arg(&out);
    if quick {
        maturin.args(["--profile", "dev", "--compatibility", "linux"]);
    } else {
        let links = shell::target_dir()?.join("package");
        dist::link_with_zig(&links, &mut maturin)?;
        maturin
            .args([
                "--profile",
                "dist",
                "--zig",
                "--compatibility",
                "manylinux2014",
            ])
            .args(["--target", &Machine::here()?.target()])
            .arg("--target-dir")
            .arg(links.join("build"));
    }
    shell::run(&mut maturin)?;
    let mut made = fs::read_dir(&out)?;
    let wheel = made.next().context("maturin has made nothing")??;
    Ok(wheel.path())
}

/// Runs the tests in a new environment.
fn test(room: &Path, wheel: &Path) -> Result<()> {
    setup::test_peers()?;
    let audit = readers::debian()?;
    setup::once(room, "peers", peers)?;
    let environment = room.join("environment");
    if environment.exists() {
        fs::remove_dir_all(&environment)?;
    }
    setup::environment(&environment)?;
    shell::run(
        setup::pip_install(&environment)
            .args(["--no-index"])
            .arg(wheel),
    )?;
    let tests = shell::root().join("tests/python");
    let mut python = Command::new(environment.join("bin/python"));
    python
        .args([
            "-m",
            "unittest",
            "discover",
            "--verbose",
            "--start-directory",
        ])
        .arg(&tests)
        .current_dir(&environment)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONPATH", audit.join("usr/lib/python3/dist-packages"))
        .env("LD_LIBRARY_PATH", audit_tools::libraries()?)
        .env("PEERS", room.join("peers"))
        .env("LOGS", shell::root().join("tests/golden"))
        .env("TRACER_BIN", build::tracer(Profile::Debug)?);
    shell::with_default_signals(&mut python);
    shell::run(&mut python)
}

/// pyinotify as it is published, with its examples, and what they need.
fn peers(dir: &Path) -> Result<()> {
    let environment = dir.join("environment");
    setup::environment(&environment)?;
    shell::run(setup::pip_install(&environment).args(PEERS))?;
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
    ])
    .args(["--no-deps", "--no-binary", ":all:", "--dest"])
    .arg(dir)
    .arg(PYINOTIFY);
    shell::run(&mut pip)?;
    let mut tar = Command::new("tar");
    tar.arg("-xzf")
        .arg(dir.join("pyinotify-0.9.6.tar.gz"))
        .arg("-C")
        .arg(dir);
    shell::run(&mut tar)
}
