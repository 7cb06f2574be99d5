//! Any rule, as text, is the same rule again; any text is refused or understood, never a panic.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::rules::{
    ast::{Action, AuditRule, Cmp, List, Test, Value},
    field::{Field, Kind},
    parse::{self, Command},
    value::UNSET,
};

fn value(field: Field) -> BoxedStrategy<Value> {
    let number = |range: std::ops::RangeInclusive<i64>| range.prop_map(Value::Number).boxed();
    let one_of =
        |words: &'static [i64]| prop::sample::select(words).prop_map(Value::Number).boxed();
    match field.kind() {
        Kind::User | Kind::Group => prop_oneof![0..70_000i64, Just(UNSET)]
            .prop_map(Value::Number)
            .boxed(),
        Kind::Number if field == Field::SaddrFam => number(0..=45),
        Kind::Number | Kind::Bits => number(0..=UNSET),
        Kind::Errno => number(-200..=200),
        Kind::RecordType => number(1000..=2999),
        Kind::Arch => one_of(&[0xc000_003e, 0x4000_0003]),
        Kind::Perm => number(1..=15),
        Kind::FileType => one_of(&[0o100_000, 0o040_000]),
        Kind::FsType => one_of(&[0x6462_6720, 0x7472_6163]),
        Kind::Path => "/[a-zA-Z0-9 ._é-]{1,20}[a-z]".prop_map(Value::Text).boxed(),
        Kind::Label | Kind::Key => "[a-z_]{1,10}".prop_map(Value::Text).boxed(),
    }
}

fn test(list: List) -> BoxedStrategy<Test> {
    let fields: Vec<Field> = Field::ALL
        .iter()
        .copied()
        .filter(|f| f.place().has(list))
        // Those of which a rule holds one are made by themselves.
        .filter(|f| {
            !matches!(
                f,
                Field::Path | Field::Dir | Field::Inode | Field::Key | Field::Arch | Field::Exe
            )
        })
        .collect();
    prop::sample::select(fields)
        .prop_flat_map(|field| {
            let ops: Vec<Cmp> = Cmp::ALL
                .iter()
                .map(|(cmp, _)| *cmp)
                .filter(|cmp| field.ops().has(*cmp))
                .collect();
            (prop::sample::select(ops), value(field))
                .prop_map(move |(cmp, value)| Test::Field(field, cmp, value))
        })
        .boxed()
}

fn rule() -> impl Strategy<Value = AuditRule> {
    let lists: Vec<List> = List::ALL.iter().map(|(list, ..)| *list).collect();
    let list = prop::sample::select(lists);
    list.prop_flat_map(|list| {
        let fields = prop::collection::vec(test(list), 0..5)
            .prop_filter("these need a field", move |tests| {
                !matches!(list, List::Exclude | List::Filesystem) || !tests.is_empty()
            });
        let arch = prop::option::of(value(Field::Arch));
        let calls = prop::option::of(prop::collection::btree_set(0..60u32, 1..5));
        let path = prop::option::of((
            prop::sample::select(&[Field::Path, Field::Dir][..]),
            value(Field::Path),
        ));
        let keys = prop::collection::vec("[a-z=, ]{0,8}[a-z]", 0..3);
        let never = any::<bool>();
        (fields, arch, calls, path, keys, never).prop_map(
            move |(mut tests, arch, calls, path, keys, never)| {
                let in_calls = matches!(list, List::Exit | List::IoUring);
                if in_calls && let Some((field, value)) = path {
                    tests.push(Test::Field(field, Cmp::Eq, value));
                }
                let arch = arch.filter(|_| list == List::Exit);
                if let Some(arch) = &arch {
                    tests.insert(0, Test::Field(Field::Arch, Cmp::Eq, arch.clone()));
                }
                AuditRule {
                    list,
                    action: if never { Action::Never } else { Action::Always },
                    calls: calls.filter(|_| in_calls),
                    tests,
                    keys,
                }
            },
        )
    })
}

/// The order in which auditctl lists what a watch holds is that in which it was given, and a
/// watch begins with its file: the text of a rule that reads as a watch is one only then.
fn normal(rule: &AuditRule) -> AuditRule {
    let mut rule = rule.clone();
    let only_file = rule.list == List::Exit
        && rule.calls.is_none()
        && rule
            .tests
            .iter()
            .all(|t| matches!(t, Test::Field(Field::Perm | Field::Path | Field::Dir, ..)));
    if only_file {
        rule.calls = Some(BTreeSet::from([1]));
    }
    rule
}

proptest! {
    #[test]
    fn any_rule_comes_back(rule in rule()) {
        let rule = normal(&rule);
        let text = rule.to_string();
        let parsed = parse::line(&text, None);
        let parsed = parsed.map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        let wanted = Command::Add { rule, first: false };
        prop_assert_eq!(parsed.commands, vec![wanted], "{}", text);
    }

    #[test]
    fn any_text_is_refused_or_understood(text in "\\PC{0,80}") {
        let _ = parse::line(&text, None);
    }

    #[test]
    fn any_words_are_refused_or_understood(
        words in prop::collection::vec(
            prop::sample::select(&[
                "-a", "-A", "-d", "-D", "-w", "-W", "-F", "-S", "-C", "-k", "-p", "-l", "-e", "2",
                "always,exit", "exit,never", "uid=0", "arch=b64", "open", "all", "/etc", "rwxa",
                "uid!=euid", "key=x", "auid>=", "=", "\\", "-F=", "--", "-i", "a0&=0x7",
            ][..]), 0..9)
    ) {
        if let Err(error) = parse::line(&words.join(" "), Some(("f", 1))) {
            prop_assert!(error.to_string().starts_with("f:1:"));
        }
    }
}

#[test]
fn a_watch_comes_back() {
    for (text, wanted) in [
        ("-w /etc/passwd -p wa -k id", "-w /etc/passwd -p wa -k id"),
        ("-w /etc/passwd", "-w /etc/passwd -p rwxa"),
        ("-k id -w /etc/passwd -pxw", ""),
    ] {
        let parsed = parse::line(text, None).unwrap();
        let [Command::Add { rule, .. }] = &parsed.commands[..] else {
            panic!("{text}");
        };
        if !wanted.is_empty() {
            assert_eq!(rule.to_string(), wanted);
        }
        let again = parse::line(&rule.to_string(), None).unwrap();
        assert_eq!(again.commands, parsed.commands, "{text}");
    }
}
