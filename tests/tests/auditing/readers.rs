//! Readers of audit logs that have nothing to do with ours, on what tracer writes, and their knowledge
//! of the language beside ours.

mod logs;
mod programs;
mod rsyslog;
mod tools;

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use linux_audit_parser::{MessageType, parse};
use tests::tracer;

/// Types that the reader has under names of kernels that never came to be, by those of
/// `linux/audit.h` and, for one that it does not have, of libaudit.
const OTHER: [(u32, &str); 3] = [
    (1420, "IPE_ACCESS"),
    (1421, "IPE_CONFIG_CHANGE"),
    (1500, "APPARMOR"),
];

/// Every type that the reader has a name for, and programs or the kernel write into logs.
fn types() -> Vec<(u32, String)> {
    let name = |number| {
        let other = OTHER.iter().find(|(known, _)| *known == number);
        other.map_or_else(
            || MessageType(number).to_string(),
            |(_, name)| (*name).to_owned(),
        )
    };
    [1005, 1006]
        .into_iter()
        .chain(1100..3000)
        .map(|number| (number, name(number)))
        .filter(|(_, name)| !name.starts_with("UNKNOWN["))
        // The end of an event that is not there is none; FS_WATCH has not been sent since Linux 2.6.15.
        .filter(|(number, _)| ![1320, 1301].contains(number))
        // Bounds of blocks, which nothing is.
        .filter(|(_, name)| !name.contains("FIRST_") && !name.contains("LAST_"))
        .collect()
}

fn search(log: &Path, args: &[&str]) -> String {
    let output = Command::new(tracer())
        .arg("search")
        .args(args)
        .arg("-if")
        .arg(log)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_same_types() {
    let types = types();
    assert!(types.len() > 150, "{types:?}");
    let dir = tempfile::tempdir().unwrap();
    let (numbers, names) = (dir.path().join("numbers"), dir.path().join("names"));
    let line = |kind: &str, n: u32| format!("type={kind} msg=audit(1.000:{n}): pid=1\n");
    let by_number = types
        .iter()
        .map(|(n, _)| line(&format!("UNKNOWN[{n}]"), *n));
    fs::write(&numbers, by_number.collect::<String>()).unwrap();
    let by_name = types.iter().map(|(n, name)| line(name, *n));
    fs::write(&names, by_name.collect::<String>()).unwrap();
    // Named by number.
    let json = search(&numbers, &["--format", "json"]);
    let found: Vec<_> = json
        .lines()
        .map(|line| {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            let number = u32::try_from(event["serial"].as_u64().unwrap()).unwrap();
            let name = event["records"][0]["type"].as_str().unwrap().to_owned();
            (number, name)
        })
        .collect();
    assert_eq!(found, types);
    // Found by number, by name, in either log.
    let all_numbers: Vec<_> = types.iter().map(|(n, _)| n.to_string()).collect();
    let all_names: Vec<_> = types.iter().map(|(_, name)| name.clone()).collect();
    for log in [&numbers, &names] {
        for wanted in [&all_numbers, &all_names] {
            let found = search(log, &["-m", &wanted.join(","), "--raw"]);
            assert_eq!(found.lines().count(), types.len());
        }
    }
}

#[test]
fn every_record_that_we_write_is_read() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/format");
    let (mut records, mut own) = (0, 0);
    for entry in fs::read_dir(golden).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "audit") {
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            records += 1;
            let text = format!("{line}\n");
            let message = parse(text.as_bytes(), false)
                .unwrap_or_else(|error| panic!("{}: {error}: {line}", path.display()));
            assert!(
                !message.ty.to_string().starts_with("UNKNOWN["),
                "a type without a name: {line}"
            );
            let mut names = BTreeSet::new();
            for (name, value) in &message.body {
                let name = name.to_string();
                // What begins as ours is a string for the reader, not bytes from digits.
                let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
                let written = line.split(' ').find_map(|field| {
                    let value = field.strip_prefix(&format!("{name}=\""))?;
                    value.strip_suffix('"').filter(|text| is_number(text))
                });
                if let Some(written) = written.filter(|_| name.starts_with("tr_")) {
                    own += 1;
                    assert!(*value == *written.as_bytes(), "{name}: {value:?} in {line}");
                }
                assert!(names.insert(name.clone()), "{name} is there twice: {line}");
            }
        }
    }
    assert!(
        records > 150 && own > 100,
        "{records} records, {own} numbers"
    );
}
