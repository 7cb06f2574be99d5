//! The root: made by debootstrap, with the file systems that every machine has, and entered.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::{project, say, settings};
use crate::{bpf_toolchain, shell};

/// What a new machine has: Debian 12.
pub(super) const SUITE: &str = "bookworm";
/// Where apt, and debootstrap here, keep what they have downloaded.
const ARCHIVES: &str = "/var/cache/apt/archives";

/// Where the root sees this machine's Rust, for want of a better one.
pub(super) const MACHINES_RUST: &str = "opt/machines-rust";

/// What was downloaded from the registries before, and where it is in the root.
fn caches() -> [(PathBuf, &'static str); 3] {
    let registry = bpf_toolchain::cargo_home().join("registry");
    [
        (ARCHIVES.into(), &ARCHIVES[1..]),
        (registry.join("cache"), "root/.cargo/registry/cache"),
        (registry.join("index"), "root/.cargo/registry/index"),
    ]
}

/// A root, not entered yet.
pub(crate) struct Room {
    root: PathBuf,
}

impl Room {
    /// A new system, on a mount of its own.
    pub(crate) fn make(dir: &Path) -> Result<Self> {
        let root = dir.join("root");
        if root.exists() {
            fs::remove_dir_all(&root).context("an older root cannot be removed")?;
        }
        fs::create_dir_all(&root)?;
        mount(&["--bind"], &root, &root)?;
        let mut command = Command::new("debootstrap");
        command
            .args([
                "--variant=minbase",
                &format!("--cache-dir={ARCHIVES}"),
                SUITE,
            ])
            .arg(&root)
            .args(settings::mirror())
            .stdout(std::process::Stdio::null());
        shell::run(&mut command)?;
        Ok(Self { root })
    }

    /// The file systems that every machine has.
    pub(crate) fn systems(&self) -> Result<()> {
        let at = |path: &str| self.root.join(path);
        for (kind, options, path) in [
            ("proc", "nosuid,nodev,noexec", "proc"),
            ("devtmpfs", "nosuid", "dev"),
            (
                "devpts",
                "newinstance,ptmxmode=0666,mode=620,gid=5",
                "dev/pts",
            ),
            ("tmpfs", "nosuid,nodev", "dev/shm"),
            ("tmpfs", "nosuid,nodev,mode=1777", "tmp"),
            ("tmpfs", "nosuid,nodev,mode=755", "run"),
        ] {
            fs::create_dir_all(at(path))?;
            mount(&["-t", kind, "-o", options], Path::new(kind), &at(path))?;
        }
        // Without what is mounted below it: nobody has mounted tracefs on a new machine.
        mount(&["--bind"], Path::new("/sys"), &at("sys"))?;
        mount(
            &["--rbind"],
            Path::new("/sys/fs/cgroup"),
            &at("sys/fs/cgroup"),
        )?;
        Ok(())
    }

    /// Everything that is put into it from outside.
    pub(super) fn settle(&self) -> Result<()> {
        settings::copy(&self.root)?;
        self.systems()?;
        let at = |path: &str| self.root.join(path);
        for (cache, path) in caches() {
            fs::create_dir_all(&cache)?;
            fs::create_dir_all(at(path))?;
            mount(&["--bind"], &cache, &at(path))?;
            say(&format!(
                "taken from this machine: what {} has",
                cache.display()
            ));
        }
        let rust = bpf_toolchain::sysroot(&bpf_toolchain::active());
        let rust = rust.context("rustc names no directory of its own")?;
        fs::create_dir_all(at(MACHINES_RUST))?;
        mount(&["--bind", "-o", "ro"], &rust, &at(MACHINES_RUST))?;
        let mut clone = shell::git();
        clone.args(["clone", "--quiet", "--no-hardlinks", "."]);
        shell::run(clone.arg(at(&project().to_string_lossy()[1..])))?;
        let rustup = settings::program("rustup").context("rustup is not on this machine")?;
        fs::copy(rustup, at("root/rustup-init")).context("rustup cannot be copied")?;
        Ok(())
    }

    /// Makes it the root of this process and of all that it starts.
    pub(crate) fn enter(&self) -> Result<()> {
        rustix::system::sethostname(b"fresh").context("the host name")?;
        env::set_current_dir(&self.root)?;
        // The old root is stacked on the new one, and taken away there.
        rustix::process::pivot_root(".", ".").context("pivot_root(2)")?;
        rustix::mount::unmount(".", rustix::mount::UnmountFlags::DETACH).context("umount(2)")?;
        env::set_current_dir("/")?;
        Ok(())
    }
}

/// Runs a program in the root with the environment of a new login there.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    let kept = settings::registry_variables();
    command.env_clear().envs(kept);
    for (name, value) in [
        ("HOME", "/root"),
        ("USER", "root"),
        ("LOGNAME", "root"),
        ("SHELL", "/bin/bash"),
        ("LANG", "C.UTF-8"),
        ("TERM", "dumb"),
        (
            "PATH",
            "/root/.cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ),
    ] {
        command.env(name, value);
    }
    if let Some(ci) = env::var_os("CI") {
        command.env("CI", ci);
    }
    command
}

/// Megabytes on the disk of a root, without what is only mounted there.
pub(super) fn used(root: &Path) -> String {
    let mut du = Command::new("du");
    du.arg("-sxm").arg(root);
    for path in caches()
        .map(|(_, path)| path)
        .into_iter()
        .chain([MACHINES_RUST])
    {
        du.arg(format!("--exclude={}", root.join(path).display()));
    }
    let said = shell::output(&mut du).unwrap_or_default();
    said.split_whitespace().next().unwrap_or("?").to_owned()
}

fn mount(options: &[&str], what: &Path, at: &Path) -> Result<()> {
    shell::quiet(Command::new("mount").args(options).args([what, at]))
}
