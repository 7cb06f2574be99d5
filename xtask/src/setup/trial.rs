//! Proves that a toolchain and the linker fit each other, by building a program of three lines.
//!
//! It is not our own programs that are built: an error in those says nothing about the toolchain.

use std::{env, fmt::Write as _, fs, time::UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};

use super::read;
use crate::{
    bpf_toolchain::{self, LINKER, Toolchain},
    shell,
};

/// A package that is a workspace of its own.
const MANIFEST: &str = r#"[package]
name = "trial"
version = "0.0.0"
edition = "2024"

[workspace]

[profile.release]
panic = "abort"
"#;

/// The smallest program that needs `core` and the linker.
const SOURCE: &str = r#"#![no_std]
#![no_main]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "raw_tracepoint/trial")]
extern "C" fn trial(context: *const u64) -> u64 {
    unsafe { context.read_volatile().checked_div(context.add(1).read_volatile()).unwrap_or(1) }
}
"#;

/// Builds the trial program, unless the same pair has passed before.
pub(super) fn passes(toolchain: &Toolchain) -> Result<()> {
    let dir = shell::target_dir()?.join("bpf-trial");
    let stamp_file = dir.join(format!("passed-{}", toolchain.name));
    let stamp = stamp(toolchain)?;
    if read(&stamp_file).is_some_and(|passed| passed == stamp) {
        return Ok(());
    }
    fs::create_dir_all(dir.join("src")).context("the target directory cannot be written")?;
    fs::write(dir.join("Cargo.toml"), MANIFEST)?;
    fs::write(dir.join("src/main.rs"), SOURCE)?;
    // A new pair must not be served from what an older one built.
    let _: Result<(), _> = fs::remove_dir_all(dir.join("target"));
    let output = shell::bpf_cargo(toolchain, "build")?
        .current_dir(&dir)
        .arg("--quiet")
        .arg("--target-dir")
        .arg(dir.join("target"))
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        let messages = String::from_utf8_lossy(&output.stderr);
        let first = messages
            .lines()
            .find(|line| line.starts_with("error"))
            .unwrap_or("no message");
        bail!(
            "toolchain `{}` with {LINKER} builds nothing for BPF: {first}",
            toolchain.name
        );
    }
    fs::write(&stamp_file, stamp)?;
    Ok(())
}

/// What changes when the toolchain or the linker does.
fn stamp(toolchain: &Toolchain) -> Result<String> {
    let mut stamp = format!("{}\n", toolchain.name);
    stamp += &shell::output(bpf_toolchain::command(&toolchain.name, "rustc").arg("-vV"))?;
    let linker = bpf_toolchain::search_path()
        .into_iter()
        .map(|dir| dir.join(LINKER))
        .find(|file| file.is_file())
        .with_context(|| format!("{LINKER} is not installed"))?;
    let metadata = fs::metadata(&linker)?;
    let modified = metadata
        .modified()?
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    writeln!(
        stamp,
        "{} {} {}",
        linker.display(),
        metadata.len(),
        modified.as_nanos()
    )?;
    writeln!(stamp, "{}", env::consts::ARCH)?;
    Ok(stamp)
}
