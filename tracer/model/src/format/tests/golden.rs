//! Golden files of the formats: `tests/golden/format/<case>.<format>`, one per case and format.
//! `BLESS=1 cargo test -p tracer-model format::tests::golden` writes them anew; look at the difference.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    calls::Op,
    decode::Options,
    event::{Item, LossReason, Unknown, Users},
};

use super::cases;
use crate::format::{Audit, Format, Json, Prefix, Strace, Text};

/// Serial number of the first event in each audit file.
const SERIAL: u64 = 4458;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/format")
}

pub(super) fn text() -> Text {
    Text::new(
        false,
        Users::fixed([(0, "root"), (1000, "ana")]),
        jiff::tz::TimeZone::UTC,
    )
}

/// Every format by the extension of its files.
fn formats() -> [(&'static str, Box<dyn Format>); 4] {
    [
        ("json", Box::new(Json::new(None))),
        ("txt", Box::new(text())),
        (
            "strace",
            Box::new(Strace::new(Options::default(), Prefix::WhereSeveral, false)),
        ),
        ("audit", Box::new(Audit::new(SERIAL))),
    ]
}

fn render(format: &mut dyn Format, item: &Item) -> Vec<u8> {
    let mut out = Vec::new();
    format.item(&mut out, item);
    out
}

#[test]
fn golden_files() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wanted = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, item) in cases::all() {
        for (extension, mut format) in formats() {
            let file = format!("{name}.{extension}");
            let path = directory().join(&file);
            let now = render(&mut *format, &item);
            if bless {
                fs::write(&path, &now).expect("golden directory is writable");
            } else if fs::read(&path).unwrap_or_default() != now {
                let start = &now[..now.len().min(2000)];
                wrong.push(format!("{file}:\n{}", String::from_utf8_lossy(start)));
            }
            assert!(wanted.insert(file), "two cases have the name {name}");
        }
    }
    assert!(
        wrong.is_empty(),
        "not as blessed (BLESS=1 accepts):\n{}",
        wrong.join("\n")
    );
    for entry in fs::read_dir(directory()).expect("golden directory") {
        let file = entry
            .expect("entry")
            .file_name()
            .into_string()
            .expect("UTF-8 name");
        assert!(wanted.contains(&file), "{file} belongs to no case");
    }
}

#[test]
fn a_serial_number_per_item() {
    let mut audit = Audit::new(7);
    let mut out = Vec::new();
    for (_, item) in cases::all().iter().take(2) {
        audit.item(&mut out, item);
    }
    let log = String::from_utf8(out).expect("ASCII");
    let serial = |line: &str| line.split([':', ')']).nth(1).expect("serial").to_owned();
    assert_eq!(
        log.lines().map(serial).collect::<BTreeSet<_>>(),
        ["7", "8"].map(String::from).into()
    );
}

#[test]
fn colours_only_when_asked() {
    let users = || Users::fixed([]);
    let mut out = Vec::new();
    for (_, item) in cases::all() {
        text().item(&mut out, &item);
    }
    text().head(&mut out);
    assert!(!out.contains(&0x1b));
    let mut coloured = Text::new(true, users(), jiff::tz::TimeZone::UTC);
    let (_, failed) = cases::all()
        .into_iter()
        .find(|(name, _)| *name == "open-enoent")
        .unwrap();
    let line = String::from_utf8(render(&mut coloured, &failed)).unwrap();
    assert!(line.contains("\x1b[31mENOENT\x1b[0m   "), "{line:?}");
    assert!(line.contains("\x1b[1m/home/ana/x\x1b[0m"), "{line:?}");
}

#[test]
fn the_header_stands_above_its_columns() {
    let mut out = Vec::new();
    text().head(&mut out);
    let (_, item) = cases::all()
        .into_iter()
        .find(|(name, _)| *name == "open")
        .unwrap();
    text().item(&mut out, &item);
    let out = String::from_utf8(out).unwrap();
    let (header, line) = out.split_once('\n').unwrap();
    for (title, value) in [
        ("USER", "ana"),
        ("COMMAND", "cat"),
        ("CALL", "openat"),
        ("PATH", "/etc/passwd"),
    ] {
        assert_eq!(header.find(title), line.find(value), "{out}");
    }
}

/// The keys of a value and of all values in it, but those that are data.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                found.insert(key.trim_end_matches("_hex").to_owned());
                if !["unknown", "texts"].contains(&key.as_str()) {
                    keys(inner, found);
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| keys(element, found)),
        _ => {}
    }
}

#[test]
fn every_key_and_every_reason_is_in_the_docs() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/records.md");
    let docs = fs::read_to_string(docs).expect("docs/records.md");
    let mut words = BTreeSet::new();
    for (name, item) in cases::all() {
        let line = render(&mut Json::new(None), &item);
        keys(&serde_json::from_slice(&line).expect(name), &mut words);
    }
    words.extend(Op::ALL.map(|op| op.as_str().to_owned()));
    words.extend(UNKNOWNS.map(|why| why.as_str().to_owned()));
    words.extend(LOSSES.map(|why| why.as_str().to_owned()));
    let missing: Vec<_> = words
        .iter()
        .filter(|word| {
            !docs.contains(&format!("`{word}`")) && !docs.contains(&format!("\"{word}\""))
        })
        .collect();
    assert!(
        missing.is_empty(),
        "docs/records.md does not tell of {missing:?}"
    );
}

const UNKNOWNS: [Unknown; 14] = [
    Unknown::Fault,
    Unknown::Cut,
    Unknown::TooDeep,
    Unknown::BadFd,
    Unknown::NoMm,
    Unknown::KernelFault,
    Unknown::Detached,
    Unknown::Replaced,
    Unknown::Source,
    Unknown::ProcessGone,
    Unknown::LookupFailed,
    Unknown::Kernel,
    Unknown::UnknownBase,
    Unknown::Null,
];

const LOSSES: [LossReason; 7] = [
    LossReason::RingFull,
    LossReason::Flood,
    LossReason::Recursion,
    LossReason::QueueOverflow,
    LossReason::Malformed,
    LossReason::Output,
    LossReason::Unfollowed,
];

/// Every case in one log, for the audit tools themselves:
/// `AUDIT_LOG=/tmp/log cargo test -p tracer --lib every_case_in_one_log -- --ignored`, then
/// `ausearch -if /tmp/log`. `docs/records.md` has what they said.
#[test]
#[ignore = "writes a file for other programs to read"]
fn every_case_in_one_log() {
    let path = std::env::var_os("AUDIT_LOG").expect("AUDIT_LOG names the file");
    let mut audit = Audit::new(SERIAL);
    let mut out = Vec::new();
    for (_, item) in cases::all() {
        audit.item(&mut out, &item);
    }
    fs::write(path, out).expect("AUDIT_LOG is writable");
}
