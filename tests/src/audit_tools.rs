//! The real ausearch and aureport, wherever `cargo xtask setup` has them from.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Where the Debian package puts them.
const INSTALLED: &str = "/usr/sbin";
/// What they say where no auditd is configured, whatever log they are told to read.
const WITHOUT_AUDITD: &str = "Config file /etc/audit/auditd.conf doesn't exist, skipping";
/// What they say where nothing was found, which is an answer.
const NOTHING: &str = "<no matches>";

/// One of the real tools: what the machine has installed, else what the set-up unpacked into the
/// target directory, with its libraries.
///
/// # Panics
/// When it is in neither place.
pub fn audit_tool(name: &str) -> Command {
    let installed = Path::new(INSTALLED).join(name);
    if installed.exists() {
        return Command::new(installed);
    }
    let root = unpacked();
    let program = ["sbin", "usr/sbin"]
        .map(|dir| root.join(dir).join(name))
        .into_iter()
        .find(|program| program.exists())
        .unwrap_or_else(|| panic!("no {name}: `cargo xtask test` provides it"));
    let libraries = ["lib", "usr/lib"].map(|dir| {
        let dir = root
            .join(dir)
            .join(format!("{}-linux-gnu", env::consts::ARCH));
        dir.display().to_string()
    });
    let mut command = Command::new(program);
    command.env("LD_LIBRARY_PATH", libraries.join(":"));
    command
}

/// Runs one of the real tools over a log; what it printed.
///
/// # Panics
/// When it cannot be run, or complains.
pub fn real_tool(name: &str, log: &Path, args: &[&str]) -> String {
    let output = audit_tool(name)
        .arg("-if")
        .arg(log)
        .args(args)
        .output()
        .expect("it can be run");
    let complaints = complaints(&output);
    assert!(complaints.is_empty(), "{name} {args:?}: {complaints:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a tool, or tracer in its place, said that says something about the log.
pub fn complaints(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| !line.is_empty() && *line != NOTHING && *line != WITHOUT_AUDITD)
        .map(str::to_owned)
        .collect()
}

/// A rule file that comes with auditd.
///
/// # Panics
/// When it is not there.
pub fn packaged_rules(name: &str) -> String {
    let unpacked = unpacked().join("usr/share/doc/auditd/examples/rules");
    let installed = Path::new("/usr/share/doc/auditd/examples/rules").to_path_buf();
    let mut found = [unpacked, installed].into_iter().map(|dir| dir.join(name));
    let file = found.find(|file| file.exists());
    let file = file.unwrap_or_else(|| panic!("no {name}: `cargo xtask test` provides it"));
    std::fs::read_to_string(file).expect("text")
}

/// Where the set-up has unpacked the package.
fn unpacked() -> PathBuf {
    let me = env::current_exe().expect("/proc is mounted");
    let target = me.ancestors().nth(3).expect("TARGET/PROFILE/deps/TEST");
    target.join("audit-tools")
}
