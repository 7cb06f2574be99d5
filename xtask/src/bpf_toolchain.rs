//! Finds a Rust toolchain and a linker that can build for BPF.
//!
//! One copy for two users, so that they cannot disagree: `tracer/build.rs` includes this file and
//! builds with what it finds; `cargo xtask` checks with the same and installs what is missing. This
//! file installs nothing and knows no package manager; it uses the standard library only.

use std::{
    env,
    ffi::OsStr,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Chooses the rustup toolchain by name, before anything else.
pub(crate) const TOOLCHAIN_ENV: &str = "TRACER_BPF_TOOLCHAIN";
/// What `cargo xtask setup` calls the toolchain of Debian's packages.
pub(crate) const LINKED: &str = "tracer-bpf";
/// The toolchain that aya's own documentation builds with.
const NIGHTLY: &str = "nightly";
/// The linker that rustc calls for the BPF targets.
pub(crate) const LINKER: &str = "bpf-linker";
/// The one crate that uses an unstable feature of the compiler.
const UNSTABLE_CRATE: &str = "aya_ebpf";

/// The programs are optimised as one, whatever the profile of the user side says.
pub(crate) const LTO: (&str, &str) = ("CARGO_PROFILE_RELEASE_LTO", "thin");

/// How a toolchain comes by `core` for the BPF target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Core {
    /// It ships the library for the target, as Debian's does.
    Prebuilt,
    /// It has `rust-src`: cargo builds `core` itself.
    FromSource,
}

impl Core {
    /// What `RUSTC_BOOTSTRAP` must be for the inner build.
    ///
    /// A name in it allows that one crate its unstable feature. `1` allows all of them, on a stable
    /// compiler, too, and makes aya-build ask cargo to build `core`.
    pub(crate) const fn rustc_bootstrap(self) -> &'static str {
        match self {
            Self::Prebuilt => UNSTABLE_CRATE,
            Self::FromSource => "1",
        }
    }
}

/// A toolchain that has `core` for the BPF target, one way or the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toolchain {
    /// Its rustup name; without rustup, a name for messages.
    pub(crate) name: String,
    /// How it comes by `core`.
    pub(crate) core: Core,
}

/// The first toolchain of the documented order that has what it takes, or what is missing.
pub(crate) fn find() -> Result<Toolchain, String> {
    if let Some(name) = chosen() {
        let core = core_of(&name).ok_or_else(|| {
            format!("toolchain `{name}` ({TOOLCHAIN_ENV}) is not installed or cannot build for BPF")
        })?;
        return Ok(Toolchain { name, core });
    }
    [LINKED.to_owned(), active(), NIGHTLY.to_owned()]
        .into_iter()
        .find_map(|name| {
            let core = core_of(&name)?;
            Some(Toolchain { name, core })
        })
        .ok_or_else(|| {
            format!(
                "no Rust toolchain can build the eBPF programs (`{}` has no rust-src)",
                active()
            )
        })
}

/// The toolchain that builds the user side. rustup says so to the cargo that runs this.
pub(crate) fn active() -> String {
    env::var("RUSTUP_TOOLCHAIN").unwrap_or_else(|_| "stable".to_owned())
}

/// The toolchain that the environment asks for.
pub(crate) fn chosen() -> Option<String> {
    env::var(TOOLCHAIN_ENV).ok().filter(|name| !name.is_empty())
}

/// How this toolchain comes by `core`, or `None` where it is absent or has none.
pub(crate) fn core_of(toolchain: &str) -> Option<Core> {
    let rustlib = sysroot(toolchain)?.join("lib/rustlib");
    if rustlib.join(target()).join("lib").is_dir() {
        Some(Core::Prebuilt)
    } else if rustlib.join("src/rust/library/core").is_dir() {
        Some(Core::FromSource)
    } else {
        None
    }
}

/// The directory that this toolchain lies in, if it is there.
pub(crate) fn sysroot(toolchain: &str) -> Option<PathBuf> {
    let output = command(toolchain, "rustc")
        .args(["--print", "sysroot"])
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let sysroot = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(sysroot.trim_end()))
}

/// `program` of this toolchain; without rustup, whichever `PATH` has, as aya-build does it.
pub(crate) fn command(toolchain: &str, program: &str) -> Command {
    let mut command = if is_program("rustup") {
        let mut command = Command::new("rustup");
        command.args(["run", toolchain, program]);
        command
    } else {
        Command::new(program)
    };
    command
        // Absent means absent: installing is not for a build to do.
        .env("RUSTUP_AUTO_INSTALL", "0")
        .env_remove("RUSTC")
        .env_remove("RUSTC_WORKSPACE_WRAPPER");
    command
}

/// The BPF target of the byte order of the machine that tracer is built for.
pub(crate) fn target() -> &'static str {
    // Set in a build script; elsewhere the machine that builds is the one that runs.
    let big = env::var("CARGO_CFG_TARGET_ENDIAN")
        .map_or(cfg!(target_endian = "big"), |endian| endian == "big");
    if big {
        "bpfeb-unknown-none"
    } else {
        "bpfel-unknown-none"
    }
}

/// Whether a program of this name is where commands are looked for.
pub(crate) fn is_program(name: &str) -> bool {
    search_path().iter().any(|dir| dir.join(name).is_file())
}

/// Where `cargo xtask setup` keeps the linker that it builds, for this project alone: one that the
/// user has installed may be meant for another toolchain.
pub(crate) fn tools() -> PathBuf {
    cargo_home().join("tracer-bpf")
}

/// Our own linker, then `PATH`, then cargo's own directory of programs, where `cargo install` puts
/// one.
pub(crate) fn search_path() -> Vec<PathBuf> {
    let mut dirs = vec![tools().join("bin")];
    let path = env::var_os("PATH").unwrap_or_default();
    dirs.extend(env::split_paths(&path).filter(|dir| dir != OsStr::new("")));
    let programs = cargo_home().join("bin");
    if !dirs.contains(&programs) {
        dirs.push(programs);
    }
    dirs
}

/// Where cargo has its programs, settings and downloads.
pub(crate) fn cargo_home() -> PathBuf {
    env::var_os("CARGO_HOME").map_or_else(
        || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    )
}
