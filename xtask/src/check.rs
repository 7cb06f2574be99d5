//! `cargo xtask check`: what CI runs before the tests.

use anyhow::Result;

use crate::{
    args::CheckArgs,
    bpf_toolchain::{Core, Toolchain},
    codegen, deny, house, setup, shell,
};

/// `cargo xtask check`.
pub(crate) fn command(args: &CheckArgs) -> Result<()> {
    if args.house {
        house::surface(args.bless)?;
        return house::command();
    }
    let toolchain = setup::ensure()?;
    setup::host_components()?;
    let mut fmt = shell::cargo();
    fmt.args(["fmt", "--all"]);
    if !args.bless {
        fmt.args(["--", "--check"]);
    }
    shell::run(&mut fmt)?;
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    shell::run(shell::cargo().args(clippy))?;
    bpf_clippy(&toolchain)?;
    let doc = ["doc", "--no-deps", "--workspace"];
    shell::run(shell::cargo().args(doc).env("RUSTDOCFLAGS", "-D warnings"))?;
    if args.bless {
        codegen::command()?;
    } else {
        codegen::check()?;
    }
    house::surface(args.bless)?;
    house::check()?;
    deny::command()?;
    eprintln!("check: all is well");
    Ok(())
}

/// Clippy for the programs, with the compiler that builds them.
fn bpf_clippy(toolchain: &Toolchain) -> Result<()> {
    let mut command = shell::bpf_cargo(toolchain, "clippy")?;
    command.args([
        "--package",
        "tracer-ebpf",
        "--bins",
        "--features",
        "programs",
    ]);
    command
        .arg("--target-dir")
        .arg(shell::target_dir()?.join("bpf"));
    // Another one may know lints that nobody here has seen: it may speak, but not fail the check.
    if toolchain.core == Core::Prebuilt {
        command.args(["--", "-D", "warnings"]);
    }
    shell::run(&mut command)
}
