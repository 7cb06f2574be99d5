//! Compiles the eBPF programs and leaves the object in `OUT_DIR/tracer-probes`, where the library
//! embeds it with `aya::include_bytes_aligned!`.
//!
//! Finding a toolchain that can do this is all that is decided here; installing one is the job of
//! `cargo xtask setup`, which the error names. The object is always the release build: the
//! verifier of the kernel refuses what an unoptimised build gives.

use std::{
    env,
    process::{Command, ExitCode},
};

use aya_build::{Package, Toolchain};

#[path = "../xtask/src/bpf_toolchain.rs"]
mod bpf_toolchain;

fn main() -> ExitCode {
    println!(
        "cargo:rerun-if-env-changed={}",
        bpf_toolchain::TOOLCHAIN_ENV
    );
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../xtask/src/bpf_toolchain.rs");
    // The profile of the programs is part of the workspace's manifest.
    println!("cargo:rerun-if-changed=../Cargo.toml");
    say_commit();
    if let Err(why) = build() {
        // cargo turns this into one line of its own and fails the build; exiting with a failure
        // would bury that line in a dump of everything this script printed.
        println!("cargo::error={}", why.replace('\n', " "));
    }
    ExitCode::SUCCESS
}

/// Finds the toolchain, then lets aya-build do the work.
fn build() -> Result<(), String> {
    if !bpf_toolchain::is_program(bpf_toolchain::LINKER) {
        return Err(setup_mends(&format!(
            "`{}` is not installed",
            bpf_toolchain::LINKER
        )));
    }
    let toolchain = bpf_toolchain::find().map_err(|why| setup_mends(&why))?;
    let path = env::join_paths(bpf_toolchain::search_path())
        .map_err(|err| format!("PATH cannot be used: {err}"))?;
    // SAFETY: this program has one thread here, so nothing reads the environment meanwhile.
    unsafe {
        env::set_var("PATH", path);
        // aya-build shows every line of the inner cargo as a warning: leave only real ones.
        env::set_var("CARGO_TERM_QUIET", "true");
        env::set_var("RUSTC_BOOTSTRAP", toolchain.core.rustc_bootstrap());
        let (name, value) = bpf_toolchain::LTO;
        env::set_var(name, value);
    }
    let manifest_dir = env::var("CARGO_MANIFEST_DIR").map_err(|err| err.to_string())?;
    let package = Package {
        name: "tracer-ebpf",
        root_dir: &format!("{manifest_dir}/../tracer-ebpf"),
        no_default_features: false,
        features: &["programs"],
    };
    aya_build::build_ebpf([package], Toolchain::Custom(&toolchain.name)).map_err(|err| {
        format!(
            "the eBPF programs do not build with toolchain `{}` (its messages are above): {err}",
            toolchain.name
        )
    })
}

/// Lets `--version` say which commit it is of; a build outside of git does not know.
fn say_commit() {
    let git = |args: &[&str]| {
        let out = Command::new("git").args(args).output().ok()?;
        let text = String::from_utf8(out.stdout).ok()?;
        out.status.success().then(|| text.trim().to_owned())
    };
    let commit = git(&["log", "-1", "--format=%h (%cs)"]);
    let commit = commit.unwrap_or_else(|| "unknown (not built from a git repository)".to_owned());
    println!("cargo:rustc-env=TRACER_COMMIT={commit}");
    // Every commit, checkout and rebase writes a line there.
    let log = git(&[
        "rev-parse",
        "--path-format=absolute",
        "--git-path",
        "logs/HEAD",
    ]);
    if let Some(log) = log.filter(|log| std::path::Path::new(log).exists()) {
        println!("cargo:rerun-if-changed={log}");
    }
}

/// The one line for whatever `cargo xtask setup` can mend.
fn setup_mends(what: &str) -> String {
    format!("{what}: run `cargo xtask setup`")
}
