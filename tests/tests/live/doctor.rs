//! `doctor`: each item as works or does not, why, and what to do.

use std::{os::unix::process::CommandExt, process::Command};

use serde_json::Value;
use tests::{NOBODY, Place, public_copy, require_root, run_to_end, tracer, tracer_command};

/// What it must speak of.
const ITEMS: [&str; 9] = [
    "kernel",
    "btf",
    "tracepoint",
    "ring buffer",
    "capabilit",
    "lockdown",
    "fentry, lsm",
    "fanotify",
    "inotify",
];

fn speaks_of_all(text: &str) {
    let text = text.to_lowercase().replace(['_', '-'], " ");
    for item in ITEMS {
        assert!(text.contains(item), "nothing about {item} in:\n{text}");
    }
    // A word of ours that nothing here explains.
    assert!(!text.contains("tier"), "{text}");
}

#[test]
fn as_text() {
    let outcome = run_to_end(&mut tracer_command(["doctor"])).ended(0);
    let text = String::from_utf8(outcome.stdout).expect("UTF-8");
    speaks_of_all(&text);
    let release = nix::sys::utsname::uname().expect("uname");
    assert!(
        text.contains(&*release.release().to_string_lossy()),
        "no kernel version:\n{text}"
    );
    assert!(!text.contains('\x1b'), "colour where there is no terminal");
}

/// What tracer does without is not said to work.
#[test]
fn what_is_not_used_does_not_work() {
    let outcome = run_to_end(&mut tracer_command(["doctor", "--json"])).ended(0);
    let value: Value = serde_json::from_slice(&outcome.stdout).expect("one JSON object");
    let state = |name: &str| {
        let checks = value["checks"].as_array().expect("a list");
        let check = checks.iter().find(|check| check["name"] == name);
        check.expect(name)["state"].as_str().expect("a word")
    };
    assert_eq!(state("fentry, LSM"), "not used");
    let mounted = ["tracing", "debug/tracing"]
        .iter()
        .any(|at| std::path::Path::new(&format!("/sys/kernel/{at}/events")).exists());
    let wanted = if mounted { "not used" } else { "not there" };
    assert_eq!(state("tracefs"), wanted);
    let lockdown = std::fs::read_to_string("/sys/kernel/security/lockdown");
    let wanted = match &lockdown {
        Ok(modes) if modes.contains("[none]") => "not used",
        Ok(modes) if modes.contains("[confidentiality]") => "does not",
        Ok(_) => "works",
        Err(_) => "not known",
    };
    assert_eq!(state("lockdown"), wanted);
}

#[test]
fn as_json() {
    let outcome = run_to_end(&mut tracer_command(["doctor", "--json"])).ended(0);
    let value: Value = serde_json::from_slice(&outcome.stdout).expect("one JSON object");
    assert!(value.is_object());
    speaks_of_all(&value.to_string());
}

/// An ordinary user is told what does not work, and what to do about it.
#[test]
fn as_an_ordinary_user() {
    if !require_root() {
        return;
    }
    let tools = Place::new();
    let mut command = Command::new(public_copy(tracer(), &tools.join("tracer")));
    let outcome = run_to_end(
        command
            .arg("doctor")
            .uid(NOBODY)
            .gid(NOBODY)
            .current_dir("/"),
    );
    let outcome = outcome.ended(0);
    let text = String::from_utf8(outcome.stdout).expect("UTF-8");
    speaks_of_all(&text);
    assert!(text.to_lowercase().contains("root"), "no remedy:\n{text}");
}
