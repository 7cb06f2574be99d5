//! The audit tools of two versions, and what auparse says in Python.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::Path,
    process::Command,
};

use tests::{audit_tool, complaints};

use super::{
    logs::{Told, logs, told},
    programs::{facts, room, stable},
};

/// What a command prints.
fn said(command: &mut Command, args: &[&str], log: &Path) -> String {
    let output = command
        .args(args)
        .arg("-if")
        .arg(log)
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .output()
        .expect("it runs");
    assert!(complaints(&output).is_empty(), "{command:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Interpreted records by type and serial number.
type Interpreted<'a> = HashMap<(&'a str, u64), Vec<&'a str>>;

fn interpreted(text: &str) -> Interpreted<'_> {
    let mut records = Interpreted::new();
    for line in text.lines() {
        let parts = line.strip_prefix("type=").and_then(|rest| {
            let (kind, rest) = rest.split_once(" msg=audit(")?;
            let (stamp, _) = rest.split_once(") :")?;
            Some((kind, stamp.rsplit(':').next()?.parse().ok()?))
        });
        if let Some(key) = parts {
            records.entry(key).or_default().push(line);
        }
    }
    records
}

/// Bytes as the tools show them: a NUL between words is a blank. Up to where something is escaped.
fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace('\0', " ");
    let plain = text.split(|c: char| c.is_control()).next();
    plain.unwrap_or_default().to_owned()
}

fn is_interpreted(records: &Interpreted<'_>, serial: u64, event: &Told) {
    let lines = |kind| {
        records
            .get(&(kind, serial))
            .map_or_else(String::new, |lines| lines.join("\n"))
    };
    let arguments = lines("EXECVE");
    for (name, value) in event.strings() {
        let field = format!(" {name}={}", shown(&value));
        assert!(arguments.contains(&field), "{serial}: {field}");
    }
    let paths = lines("PATH");
    for name in event.paths().into_iter().flatten() {
        let field = format!(" name={} ", shown(&name));
        assert!(paths.contains(&field), "{serial}: {field} in {paths}");
    }
    if let Some(title) = event.title() {
        let line = lines("PROCTITLE");
        assert!(line.contains(&shown(&title)), "{serial}: {line}");
    }
    if let Some(address) = event.address() {
        let line = lines("SOCKADDR");
        assert!(line.contains(&address), "{serial}: {address} in {line}");
    }
}

fn reads(tool: impl Fn(&str) -> Command) {
    for log in logs().all() {
        let text = fs::read_to_string(&log).unwrap();
        let events = told(&log);
        // Some versions put a separator where there is none.
        let lines = |text: &str| -> BTreeSet<String> {
            let lines = text.lines().filter(|line| line.starts_with("type="));
            lines
                .map(|line| line.trim_end_matches('\x1d').to_owned())
                .collect()
        };
        let raw = said(&mut tool("ausearch"), &["--raw"], &log);
        assert_eq!(lines(&raw), lines(&text), "every record");
        let words = said(&mut tool("ausearch"), &["-i"], &log);
        let words = interpreted(&words);
        for (serial, event) in &events {
            is_interpreted(&words, *serial, event);
        }
        let report = said(&mut tool("aureport"), &["--summary"], &log);
        let sum = format!("Number of events: {}", events.len());
        assert!(report.contains(&sum), "{sum} in {report}");
    }
}

#[test]
#[ignore = "cargo xtask readers"]
fn audit_3() {
    reads(audit_tool);
}

#[test]
#[ignore = "cargo xtask readers"]
fn audit_4() {
    let version = stable("usr/sbin/ausearch").arg("-v").output().unwrap();
    assert!(String::from_utf8_lossy(&version.stdout).contains("version 4.0.2"));
    reads(|name| stable(&format!("usr/sbin/{name}")));
}

#[test]
#[ignore = "cargo xtask readers"]
fn python3_audit() {
    let libraries = room().join("debian/usr/lib/python3/dist-packages");
    for log in logs().all() {
        let mut python = Command::new("/usr/bin/python3");
        python.env("PYTHONPATH", &libraries);
        let of_tools = audit_tool("ausearch");
        let of_tools = of_tools
            .get_envs()
            .find(|(name, _)| *name == "LD_LIBRARY_PATH");
        if let Some((name, Some(value))) = of_tools {
            python.env(name, value);
        }
        let found = facts(python, "python3-audit", &log);
        let events = told(&log);
        assert_eq!(found.len(), events.len(), "every event");
        for fact in &found {
            let serial = fact["serial"].as_u64().unwrap();
            let event = &events[&serial];
            assert_eq!(fact["records"], event.records.len());
            let types: Vec<_> = event.records.iter().map(|r| r.kind.clone()).collect();
            assert_eq!(fact["types"], serde_json::json!(types));
            let bytes = |value: &serde_json::Value| super::logs::latin1(value.as_str().unwrap());
            for (name, value) in event.strings() {
                assert_eq!(shown(&bytes(&fact["argv"][&name])), shown(&value), "{name}");
            }
            let paths = fact["paths"].as_array().unwrap().iter();
            for (path, wanted) in paths.zip(event.paths()) {
                assert_eq!(bytes(path), wanted.unwrap_or_else(|| b"(null)".to_vec()));
            }
            if let Some(title) = event.title() {
                assert_eq!(shown(&bytes(&fact["title"])), shown(&title));
            }
            if let Some(address) = event.address() {
                assert!(fact["address"].as_str().unwrap().contains(&address));
            }
        }
    }
}
