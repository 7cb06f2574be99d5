//! Readers that are no part of audit: where the set-up has put them, and what they make of a log.

use std::{
    collections::BTreeSet,
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use linux_audit_parser::parse;
use regex::Regex;
use serde_json::Value;
use tests::{AuditRecord, tracer};

use super::logs::{ADDRESSES, latin1, logs, told};

/// Where `cargo xtask readers` puts what it brings.
pub(super) fn room() -> PathBuf {
    let me = env::current_exe().expect("/proc is mounted");
    let target = me.ancestors().nth(3).expect("TARGET/PROFILE/deps/TEST");
    target.join("readers")
}

/// A program of Debian 13, with its own libraries.
pub(super) fn stable(program: &str) -> Command {
    let root = room().join("debian13");
    let libraries = root
        .join("usr/lib")
        .join(format!("{}-linux-gnu", env::consts::ARCH));
    let loader = fs::read_dir(&libraries)
        .expect("cargo xtask readers")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.to_string_lossy().contains("/ld-linux"))
        .expect("a loader");
    let mut command = Command::new(loader);
    command
        .arg("--library-path")
        .arg(libraries)
        .arg(root.join(program));
    command
}

/// What the script of facts tells of a log, by this Python.
pub(super) fn facts(mut python: Command, reader: &str, log: &Path) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("readers/facts.py");
    let output = python
        .arg(script)
        .args([
            reader.as_ref(),
            room().join("packages").as_os_str(),
            log.as_os_str(),
        ])
        .env("TZ", "UTC")
        .output()
        .expect("Python runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{reader}: {errors}");
    let text = String::from_utf8(output.stdout).expect("ASCII");
    let lines = text.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn python() -> Command {
    Command::new(room().join("python/bin/python"))
}

#[test]
#[ignore = "cargo xtask readers"]
fn the_crate_linux_audit_parser() {
    for log in logs().all() {
        let text = fs::read_to_string(&log).unwrap();
        for line in text.lines() {
            let message = parse(format!("{line}\n").as_bytes(), false)
                .unwrap_or_else(|error| panic!("{error}: {line}"));
            let plain = line.split('\x1d').next().unwrap();
            let record = &AuditRecord::read(plain.as_bytes())[0];
            let is_string = |name: &str| match &*record.kind {
                "EXECVE" => name.starts_with('a') && name != "argc" && !name.ends_with("_len"),
                "PATH" => name == "name",
                "PROCTITLE" => name == "proctitle",
                _ => false,
            };
            for (name, value) in &message.body {
                let name = name.to_string();
                if !is_string(&name) {
                    continue;
                }
                if let Some(wanted) = record.string(&name) {
                    assert!(*value == *wanted, "{name}: {value:?} in {line}");
                }
            }
        }
    }
}

/// Bytes of a string that has some of them as `%0a`.
fn percent(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal"));
        bytes.extend_from_slice(rest.as_bytes());
    }
    bytes
}

#[test]
#[ignore = "cargo xtask readers"]
fn laurel() {
    for log in logs().all() {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("config.toml");
        let text = format!(
            "directory = \"{}\"\ninput = \"stdin\"\n\
             [auditlog]\nfile = \"-\"\nsize = 100000000\ngenerations = 1\n\
             [state]\nfile = \"\"\n[transform]\nexecve-argv = [ \"array\" ]\n\
             [translate]\nuniversal = true\n",
            dir.path().display()
        );
        fs::write(&config, text).unwrap();
        let output = stable("usr/sbin/laurel")
            .arg("--config")
            .arg(&config)
            .stdin(fs::File::open(&log).unwrap())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        // What it says of itself is on standard output, too.
        let (found, messages): (Vec<_>, Vec<_>) = text.lines().partition(|l| l.starts_with('{'));
        let is_sound = messages.iter().any(|line| line.contains("with 0 errors"));
        assert!(is_sound, "{messages:?}");
        let events = told(&log);
        let found: Vec<Value> = found
            .iter()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(found.len(), events.len(), "every event");
        for object in found {
            let id = object["ID"].as_str().unwrap();
            let event = &events[&id.split_once(':').unwrap().1.parse().unwrap()];
            let strings = |value: &Value| -> Vec<Vec<u8>> {
                let list = value.as_array().into_iter().flatten();
                list.map(|text| percent(text.as_str().unwrap_or_default()))
                    .collect()
            };
            let has_all = event
                .of("KERNEL_OTHER")
                .all(|r| !r.line.contains("tr_argv_incomplete"));
            if event.of("EXECVE").next().is_some() && has_all {
                assert_eq!(strings(&object["EXECVE"]["ARGV"]), event.argv(), "{id}");
            }
            let paths = object["PATH"].as_array().into_iter().flatten();
            let names: Vec<_> = paths
                .map(|path| path["name"].as_str().map(percent))
                .collect();
            assert_eq!(names, event.paths(), "{id}");
            if let Some(title) = event.title() {
                let words: Vec<_> = title.split(|b| *b == 0).map(<[u8]>::to_vec).collect();
                assert_eq!(strings(&object["PROCTITLE"]["ARGV"]), words, "{id}");
            }
            assert_eq!(
                object["KERNEL_OTHER"].is_null(),
                event.of("KERNEL_OTHER").next().is_none()
            );
        }
        if log != logs().traced() {
            assert!(ADDRESSES.iter().all(|address| text.contains(address)));
        }
    }
}

/// It puts records into one event by their time alone, keeps the last record of each type, and three
/// arguments.
#[test]
#[ignore = "cargo xtask readers"]
fn msticpy() {
    let mut compared = 0;
    for log in [logs().raw(), logs().traced()] {
        let found = facts(python(), "msticpy", &log);
        let events = told(&log);
        let times: BTreeSet<_> = events.values().map(|event| event.time.clone()).collect();
        let kept: BTreeSet<_> = found
            .iter()
            .map(|f| f["time"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(kept, times, "every moment");
        for fact in found.iter().filter(|fact| fact["kind"] == "SYSCALL_EXECVE") {
            let mut of = events.values().filter(|event| fact["time"] == *event.time);
            let (Some(event), None) = (of.next(), of.next()) else {
                continue;
            };
            let argv = event.argv();
            if let Some(title) = fact["proctitle"].as_str() {
                assert_eq!(latin1(title), event.title().unwrap());
            }
            // Of an empty argument it takes none of those behind it.
            let is_plain = |arg: &Vec<u8>| arg.iter().all(u8::is_ascii_graphic) && !arg.is_empty();
            if event.of("EXECVE").count() == 1 && argv.len() < 4 && argv.iter().all(is_plain) {
                compared += 1;
                let line = fact["cmdline"].as_str().unwrap_or_default();
                assert_eq!(latin1(line), argv.join(&b' '), "{fact}");
            }
        }
    }
    assert!(compared > 3, "{compared} command lines");
}

#[test]
#[ignore = "cargo xtask readers"]
fn plaso() {
    for log in logs().all() {
        let found = facts(python(), "plaso", &log);
        let text = fs::read_to_string(&log).unwrap();
        assert_eq!(found.len(), text.lines().count(), "every record");
        for (fact, line) in found.iter().zip(text.lines()) {
            let (plain, names) = line.split_once('\x1d').unwrap_or((line, ""));
            let record = &AuditRecord::read(plain.as_bytes())[0];
            assert_eq!(fact["type"], record.kind.as_str(), "{line}");
            assert!(
                record.id.ends_with(&format!(":{}", fact["serial"])),
                "{line}"
            );
            if record.kind == "SYSCALL" {
                let enriched = names
                    .split(' ')
                    .find_map(|name| name.strip_prefix("SYSCALL="));
                assert_eq!(fact["call"], enriched.unwrap_or(&record.fields["syscall"]));
                assert_eq!(fact["exit"], record.fields["exit"].as_str());
                assert_eq!(fact["pid"], record.fields["pid"].as_str());
                let exe = record.string("exe").unwrap();
                assert_eq!(latin1(fact["exe"].as_str().unwrap()), exe);
            }
        }
    }
}

/// Decoders as Wazuh has them: of the records of one event on one line, by the order of their fields.
#[test]
#[ignore = "cargo xtask readers"]
fn patterns_of_wazuh() {
    let in_order = |names: &str| {
        let fields: Vec<_> = names
            .split(' ')
            .map(|name| format!(r"{name}=(\S+)"))
            .collect();
        fields.join(" ")
    };
    let call = in_order(
        "arch syscall success exit a0 a1 a2 a3 items ppid pid auid uid gid euid suid fsuid egid \
         sgid fsgid tty ses",
    );
    let call = format!(
        r#"^type=SYSCALL msg=audit\(\d{{10}}\.\d{{3}}:(\d+)\): {call} comm=\S+ exe="(\S+)" key=(\S+) "#
    );
    let call = Regex::new(&call).unwrap();
    let file = in_order("inode dev mode ouid ogid");
    let file = format!(
        r#"type=PATH msg=audit\(\S+\): item=\S+ name=(?:"([^"]+)"|[0-9A-F]+|\(null\)) {file} "#
    );
    let file = Regex::new(&file).unwrap();
    let argument = Regex::new(r#"type=EXECVE msg=audit\(\S+\): argc=\d+ a0="([^"]+)" "#).unwrap();
    let directory = Regex::new(r#"type=CWD msg=audit\(\S+\):\s+cwd="([^"]+)" "#).unwrap();
    let (mut calls, mut made) = (0, 0);
    for event in told(&logs().raw()).values() {
        let lines: Vec<_> = event.records.iter().map(|r| &*r.line).collect();
        let line = lines.join(" ");
        if event.of("SYSCALL").next().is_none() {
            continue;
        }
        calls += 1;
        assert!(call.is_match(&line), "{line}");
        assert_eq!(
            directory.is_match(&line),
            event.of("CWD").next().is_some(),
            "{line}"
        );
        let argv = event.argv();
        if argv.len() > 1 {
            let first = argument
                .captures(&line)
                .map(|found| found[1].as_bytes().to_vec());
            assert_eq!(first.as_ref(), argv.first(), "{line}");
        }
        // What an open has made, and the directories of what is made, moved and removed.
        for path in event
            .of("PATH")
            .filter(|path| path.fields.contains_key("inode"))
        {
            made += u32::from(["CREATE", "PARENT", "DELETE"].contains(&&*path.fields["nametype"]));
            assert!(file.is_match(&format!("{} ", path.line)), "{}", path.line);
        }
    }
    assert!(calls > 20 && made > 10, "{calls} calls, {made} files");
}

/// What tracer prints as JSON, by another reader of JSON than ours.
#[test]
#[ignore = "cargo xtask readers"]
fn jq() {
    for log in logs().all() {
        let json = Command::new(tracer())
            .args(["search", "--format", "json", "-if"])
            .arg(&log)
            .output()
            .unwrap();
        let mut jq = Command::new("jq")
            .args([
                "-c",
                r#"[.serial, [.records[] | select(.type == "PATH") | .fields.name]]"#,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("jq runs");
        let mut to = jq.stdin.take().expect("a pipe");
        let writer = std::thread::spawn(move || to.write_all(&json.stdout));
        let output = jq.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success());
        let events = told(&log);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.lines().count(), events.len(), "every event");
        for line in text.lines() {
            let (serial, names): (u64, Vec<String>) = serde_json::from_str(line).unwrap();
            let wanted: Vec<_> = events[&serial].paths();
            let names: Vec<_> = names.into_iter().map(String::into_bytes).collect();
            let wanted: Vec<_> = wanted
                .into_iter()
                .map(|name| name.unwrap_or_else(|| b"(null)".to_vec()))
                .collect();
            assert_eq!(names, wanted);
        }
    }
}
