//! `cargo xtask test`: every test of the workspace, those that need root included.

use anyhow::{Context as _, Result};

use crate::{
    args::TestArgs,
    build::{self, Profile},
    setup, shell,
};

/// `cargo xtask test`.
pub(crate) fn command(args: &TestArgs) -> Result<()> {
    setup::test_peers()?;
    // The integration tests start tracer, and `cargo test` builds only the programs of the package
    // under test.
    let tracer = build::tracer(Profile::Debug)?;
    let mut test = shell::cargo();
    test.args(["test", "--workspace", "--no-fail-fast"])
        .args(&args.args)
        .env("TRACER_BIN", tracer);
    shell::with_default_signals(&mut test);
    if !shell::is_root() {
        // Built as this user, run as root: cargo calls this in front of every test program.
        let runner = shell::as_root("env", true)?;
        let variable = format!(
            "CARGO_TARGET_{}_RUNNER",
            host()?.to_uppercase().replace('-', "_")
        );
        test.env(variable, shell::shown(&runner));
    }
    shell::run(&mut test)
}

/// The target that this machine builds for by default.
fn host() -> Result<String> {
    let version = shell::output(std::process::Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}
