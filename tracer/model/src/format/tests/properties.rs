//! What holds for any bytes at all in a name, an argument or a command name.

use proptest::prelude::*;
use serde_json::Value;

use crate::{
    calls::Op,
    event::{Actor, Argv, Call, Captured, Data, Event, Item, PathItem, PathRole, Via},
};

use super::{cases, golden};
use crate::format::{Audit, Format, Json, OWN_TYPE, bytes_of, element_bytes};

/// Strings of the kinds that break parsers, besides entirely random ones.
fn name(max: usize) -> impl Strategy<Value = Vec<u8>> {
    let parts = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"type=SYSCALL msg=audit(1.000:1): ".to_vec()),
        Just(b"\",\"path\":\"".to_vec()),
        Just(b"\\".to_vec()),
        Just(b"\x1b[2J".to_vec()),
        Just("\u{9b}\u{202e}\u{2028}ü日".as_bytes().to_vec()),
        Just(b"\xc3".to_vec()),
        prop::collection::vec(1..=255_u8, 0..40),
        "[a-z/.= ]{0,20}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(parts, 0..6).prop_map(move |parts| {
        let mut name = parts.concat();
        name.truncate(max);
        name
    })
}

/// What the properties are about.
#[derive(Clone, Debug)]
struct Names {
    comm: Vec<u8>,
    exe: Vec<u8>,
    cwd: Vec<u8>,
    root: Vec<u8>,
    requested: Vec<u8>,
    resolved: Vec<u8>,
    text: Vec<u8>,
    argv: Vec<Vec<u8>>,
    failed: bool,
}

fn names() -> impl Strategy<Value = Names> {
    let path = || prop_oneof![4 => name(300), 1 => long()];
    let argv = prop::collection::vec(prop_oneof![9 => name(200), 1 => long()], 0..20);
    let strings = (
        name(15),
        path(),
        path(),
        path(),
        name(300),
        path(),
        name(100),
    );
    (strings, argv, any::<bool>()).prop_map(|(strings, argv, failed)| {
        let (comm, exe, cwd, root, requested, resolved, text) = strings;
        Names {
            comm,
            exe,
            cwd,
            root,
            requested,
            resolved,
            text,
            argv,
            failed,
        }
    })
}

fn long() -> impl Strategy<Value = Vec<u8>> {
    (1..=255_u8, 0..30_000_usize).prop_map(|(byte, len)| vec![byte; len])
}

fn item(names: &Names) -> Item {
    let call = Call {
        captured: vec![
            Captured {
                of: 1,
                data: Data::Text(Ok(cases::b(&names.text))),
            },
            Captured {
                of: 2,
                data: Data::Strings(Argv::whole(names.argv.iter().map(cases::b).collect())),
            },
        ],
        // No call has strings of both kinds: this one has a text.
        ..cases::call(
            "setxattr",
            [1, 2, 3, 4, 5, 6],
            if names.failed { -2 } else { 0 },
        )
    };
    let path = PathItem {
        requested: Some(Ok(cases::b(&names.requested))),
        resolved: Ok(cases::b(&names.resolved)),
        ..cases::path(PathRole::Target, 0, "", "", Via::Kernel)
    };
    let actor = Actor {
        comm: Ok(cases::b(&names.comm)),
        exe: Ok(cases::b(&names.exe)),
        cwd: Ok(cases::b(&names.cwd)),
        root: Some(cases::b(&names.root)),
        ..cases::actor()
    };
    let event = Event {
        actor: Ok(actor),
        ..cases::event(Op::Execute, Some(call), vec![path])
    };
    Item::Event(Box::new(event))
}

/// No byte or character that a terminal would act on, but the final newline.
fn harmless(line: &[u8]) -> Result<(), TestCaseError> {
    let text = std::str::from_utf8(line).expect("UTF-8");
    let text = text.strip_suffix('\n').expect("a whole line");
    let bad = |c: char| c.is_control() || "\u{2028}\u{2029}\u{202e}\u{2066}".contains(c);
    prop_assert!(!text.chars().any(bad), "{text:?}");
    Ok(())
}

/// `name=value` of audit records; a value in quotes has no quote in it.
fn fields(record: &str) -> Vec<(&str, &str)> {
    let mut fields = Vec::new();
    let mut rest = record.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let end = match after.strip_prefix('"') {
            Some(quoted) => quoted.find('"').expect("a closing quote") + 2,
            None => after.find(' ').unwrap_or(after.len()),
        };
        fields.push((name, &after[..end]));
        rest = after[end..].trim_start();
    }
    assert_eq!(rest, "", "something without a name in {record}");
    fields
}

/// The bytes of a field as audit writes them.
fn decoded(value: &str) -> Vec<u8> {
    if let Some(quoted) = value.strip_prefix('"') {
        return quoted.trim_end_matches('"').as_bytes().to_vec();
    }
    let pairs = value.as_bytes().as_chunks::<2>().0.iter();
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16);
    pairs.map(|pair| byte(pair).expect("hexadecimal")).collect()
}

/// A string field that may be in pieces: `name=`, `name[0]= name[1]=`, or `name_0= name_1=` and not
/// `name_len=`.
fn whole(fields: &[(&str, &str)], name: &str) -> Option<Vec<u8>> {
    let is_piece = |rest: &str| {
        let number = rest.strip_prefix(['[', '_']).unwrap_or_default();
        number.starts_with(|c: char| c.is_ascii_digit())
    };
    let of_name = |(n, value): &&(&str, &str)| {
        (*n == name || n.strip_prefix(name).is_some_and(is_piece)) && *value != "\"<too_long>\""
    };
    let pieces: Vec<_> = fields.iter().filter(of_name).collect();
    (!pieces.is_empty()).then(|| {
        pieces
            .iter()
            .flat_map(|(_, value)| decoded(value))
            .collect()
    })
}

proptest! {
    #[test]
    fn json_reads_back(names in names()) {
        let mut line = Vec::new();
        Json::new(None).item(&mut line, &item(&names));
        harmless(&line)?;
        let value: Value = serde_json::from_slice(&line).expect("JSON");
        let path = &value["paths"][0];
        prop_assert_eq!(bytes_of(&value, "comm"), Some(names.comm));
        prop_assert_eq!(bytes_of(&value, "exe"), Some(names.exe));
        prop_assert_eq!(bytes_of(&value, "cwd"), Some(names.cwd));
        prop_assert_eq!(bytes_of(&value, "root"), Some(names.root));
        prop_assert_eq!(bytes_of(path, "requested"), Some(names.requested));
        prop_assert_eq!(bytes_of(path, "path"), Some(names.resolved));
        prop_assert_eq!(bytes_of(&value["texts"], "1"), Some(names.text));
        let argv = value["argv"].as_array().expect("argv").iter().map(|e| element_bytes(e).unwrap());
        prop_assert_eq!(argv.collect::<Vec<_>>(), names.argv);
    }

    #[test]
    fn text_is_one_harmless_line(names in names()) {
        let mut line = Vec::new();
        golden::text().item(&mut line, &item(&names));
        harmless(&line)?;
    }

    #[test]
    fn audit_records_read_back(names in names()) {
        let mut log = Vec::new();
        Audit::new(77).item(&mut log, &item(&names));
        let log = std::str::from_utf8(&log).expect("ASCII");
        let (mut all, mut argv) = (Vec::new(), Vec::new());
        for line in log.lines() {
            prop_assert!(line.len() < 8970, "{} bytes", line.len());
            prop_assert!(line.bytes().all(|b| (0x20..0x7f).contains(&b)), "{}", line);
            let (head, body) = line.split_once(" msg=audit(1795381188.123:77): ").expect("a head");
            let kind = head.strip_prefix("type=").expect("a type");
            prop_assert!(
                ["SYSCALL", "EXECVE", "CWD", "PATH", "PROCTITLE", OWN_TYPE]
                    .contains(&kind), "{}", line
            );
            let fields = fields(body);
            let is_argv = kind == "EXECVE" || fields.contains(&("tracer", "\"argv\""));
            let mut names: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            names.dedup();
            prop_assert_eq!(names.len(), fields.len(), "a name twice: {}", line);
            if is_argv { argv.extend(fields) } else { all.extend(fields) }
        }
        let either = |own: &str, kernel: &str| whole(&all, kernel).or_else(|| whole(&all, own));
        prop_assert_eq!(whole(&all, "comm"), Some(names.comm));
        prop_assert_eq!(either("tr_exe", "exe"), Some(names.exe));
        prop_assert_eq!(either("tr_cwd", "cwd"), Some(names.cwd));
        prop_assert_eq!(whole(&all, "tr_root"), Some(names.root));
        prop_assert_eq!(either("tr_name0", "name"), Some(names.requested));
        prop_assert_eq!(whole(&all, "tr_path0"), Some(names.resolved));
        prop_assert_eq!(whole(&all, "tr_text1"), Some(names.text));
        for (i, arg) in names.argv.iter().enumerate() {
            let read_back = whole(&argv, &format!("{}{i}", if names.failed { "tr_argv" } else { "a" }));
            prop_assert_eq!(read_back.as_ref(), Some(arg));
        }
    }
}
