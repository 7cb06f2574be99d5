//! Compiles the eBPF programs and leaves the object in `OUT_DIR/tracer-probes`, where the library
//! embeds it with `aya::include_bytes_aligned!`.
//!
//! Finding a toolchain that can do this is all that is decided here; installing one is the job of
//! `cargo xtask setup`, which every failure names. The object is always the release build: the
//! verifier of the kernel refuses what an unoptimised build gives.

use std::{
    env,
    ffi::OsStr,
    fmt::Display,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use aya_build::{Package, Toolchain};

/// Chooses the rustup toolchain by name, before anything else.
const TOOLCHAIN_ENV: &str = "TRACER_BPF_TOOLCHAIN";
/// The toolchain that `cargo xtask setup` links when no nightly fits.
const LINKED_TOOLCHAIN: &str = "tracer-bpf";
/// The linker that rustc calls for the BPF targets.
const LINKER: &str = "bpf-linker";
/// The one crate that needs an unstable feature; see `RUSTC_BOOTSTRAP` in the unstable book.
const UNSTABLE_CRATE: &str = "aya_ebpf";

/// How a toolchain comes by `core` for the BPF target.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Core {
    /// It ships the library for the target, as Debian's does.
    Prebuilt,
    /// It is a nightly with `rust-src`: cargo builds `core` itself.
    FromSource,
}

fn main() -> ExitCode {
    println!("cargo:rerun-if-env-changed={TOOLCHAIN_ENV}");
    println!("cargo:rerun-if-changed=build.rs");
    // The profile of the programs is part of the workspace's manifest.
    println!("cargo:rerun-if-changed=../Cargo.toml");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // One line on the terminal, without cargo's dump of this script's output.
            println!("cargo::error={why}");
            ExitCode::SUCCESS
        }
    }
}

/// Finds the toolchain, then lets aya-build do the work.
fn build() -> Result<(), String> {
    let path = search_path();
    if !path.iter().any(|dir| dir.join(LINKER).is_file()) {
        return Err(missing(format!("`{LINKER}` is not installed")));
    }
    let (name, core) = find_toolchain()?;
    let path = env::join_paths(&path).map_err(|err| format!("PATH cannot be used: {err}"))?;
    // SAFETY: this program has one thread here, so nothing reads the environment meanwhile.
    unsafe {
        env::set_var("PATH", path);
        // aya-build shows every line of the inner cargo as a warning: keep only real ones.
        env::set_var("CARGO_TERM_QUIET", "true");
        match core {
            Core::Prebuilt => env::set_var("RUSTC_BOOTSTRAP", UNSTABLE_CRATE),
            Core::FromSource => env::remove_var("RUSTC_BOOTSTRAP"),
        }
    }
    let manifest_dir = env::var("CARGO_MANIFEST_DIR").map_err(|err| err.to_string())?;
    let root_dir = format!("{manifest_dir}/../tracer-ebpf");
    let package = Package {
        name: "tracer-ebpf",
        root_dir: &root_dir,
        no_default_features: false,
        features: &["programs"],
    };
    aya_build::build_ebpf([package], Toolchain::Custom(&name)).map_err(|err| {
        format!("the eBPF programs do not build with toolchain `{name}` (its messages are above): {err}")
    })
}

/// The first toolchain of the documented order that has what it takes.
fn find_toolchain() -> Result<(String, Core), String> {
    if let Some(name) = env::var(TOOLCHAIN_ENV).ok().filter(|name| !name.is_empty()) {
        return match core_of(&name) {
            Some(core) => Ok((name, core)),
            None => Err(missing(format!(
                "toolchain `{name}` ({TOOLCHAIN_ENV}) is not installed or cannot build for BPF"
            ))),
        };
    }
    [LINKED_TOOLCHAIN, "nightly"]
        .into_iter()
        .find_map(|name| Some((name.to_owned(), core_of(name)?)))
        .ok_or_else(|| {
            missing(format!(
                "no Rust toolchain can build the eBPF programs \
                 (neither `{LINKED_TOOLCHAIN}` nor a nightly with rust-src)"
            ))
        })
}

/// How this toolchain comes by `core`, or `None` where it is absent or has none.
fn core_of(toolchain: &str) -> Option<Core> {
    let output = Command::new("rustup")
        .args(["run", toolchain, "rustc", "--print", "sysroot"])
        // Absent means absent: installing is not for a build to do.
        .env("RUSTUP_AUTO_INSTALL", "0")
        .env_remove("RUSTC")
        .stderr(Stdio::null())
        .output();
    let output = match output {
        Ok(output) if output.status.success() => output,
        Ok(_) => return None,
        // Without rustup, aya-build takes whichever cargo and rustc are in PATH.
        Err(_) => Command::new("rustc")
            .args(["--print", "sysroot"])
            .stderr(Stdio::null())
            .output()
            .ok()?,
    };
    let sysroot = String::from_utf8(output.stdout).ok()?;
    let rustlib = Path::new(sysroot.trim_end()).join("lib/rustlib");
    if rustlib.join(bpf_target()).join("lib").is_dir() {
        Some(Core::Prebuilt)
    } else if rustlib.join("src/rust/library/core").is_dir() {
        Some(Core::FromSource)
    } else {
        None
    }
}

/// The BPF target of the same byte order as the machine that tracer is built for.
fn bpf_target() -> &'static str {
    match env::var("CARGO_CFG_TARGET_ENDIAN").as_deref() {
        Ok("big") => "bpfeb-unknown-none",
        _ => "bpfel-unknown-none",
    }
}

/// `PATH`, and cargo's own directory of programs after it, where `cargo install` puts the linker.
fn search_path() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .filter(|dir| dir != OsStr::new(""))
        .collect();
    let cargo_home = env::var_os("CARGO_HOME").map_or_else(
        || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    let programs = cargo_home.join("bin");
    if !dirs.contains(&programs) {
        dirs.push(programs);
    }
    dirs
}

/// The one line for whatever `cargo xtask setup` can mend.
fn missing(what: impl Display) -> String {
    format!("{what}: run `cargo xtask setup`")
}
