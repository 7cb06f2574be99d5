//! The same checks without a fuzzer: real inputs with damaged bytes, a short run with every `cargo test`.
//! `PROPTEST_CASES=N` runs longer; a failure is told with the smallest damage that shows it.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use crate::logs;

/// A log that auditd wrote.
const LOG: &[u8] = include_bytes!("../../../tests/golden/audit-reference/audit.log");
/// Rules that auditctl was given.
const RULES: &str = include_str!("../../../tests/golden/audit-rules/rule-listing.jsonl");

/// Pieces that mean something to one of the parsers.
const WORDS: &[&[u8]] = &[
    b"\n",
    b"\0",
    b"\x1d",
    b"\"",
    b"'",
    b"=",
    b",",
    b" ",
    b"\x01",
    b"-",
    b"&",
    b"!=",
    b"<=",
    b"\xff",
    b"\xe2\x80\xae",
    b"\x1b[31m",
    b"-1",
    b"4294967296",
    b"18446744073709551615",
    b"type=",
    b"type=SYSCALL ",
    b"type=UNKNOWN[2099] ",
    b"type=KERNEL_OTHER ",
    b"msg=audit(",
    b"audit(1.000:1): ",
    b"msg='",
    b"proctitle=",
    b"name=",
    b"(null)",
    b"saddr=0200",
    b"saddr=01002F",
    b"a0_len=",
    b"a1[0]=",
    b"argc=",
    b"-F ",
    b"-S ",
    b"-C ",
    b"-a ",
    b"-w /",
    b"-k ",
    b"exit,always",
    b"arch=b64",
    b"perm=",
    b"dir=/",
];

/// A change in the place that `at` points to.
#[derive(Clone, Debug)]
enum Edit {
    Flip(u8),
    Set(u8),
    Remove,
    CopyTo(Index),
    Repeat(u8),
    Word(&'static [u8]),
    Cut,
}

fn edit() -> impl Strategy<Value = (Index, usize, Edit)> {
    let edit = prop_oneof![
        8 => (0..8_u8).prop_map(Edit::Flip),
        8 => any::<u8>().prop_map(Edit::Set),
        8 => Just(Edit::Remove),
        8 => any::<Index>().prop_map(Edit::CopyTo),
        8 => (0..8_u8).prop_map(Edit::Repeat),
        16 => select(WORDS).prop_map(Edit::Word),
        1 => Just(Edit::Cut),
    ];
    (any::<Index>(), 0..64_usize, edit)
}

/// Some bytes in up to `most` places changed.
fn damaged(bytes: &[u8], edits: &[(Index, usize, Edit)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, len, edit) in edits {
        let from = at.index(bytes.len() + 1);
        let range = from..(from + len).min(bytes.len());
        match edit {
            Edit::Flip(bit) if from < bytes.len() => bytes[from] ^= 1 << bit,
            Edit::Set(byte) if from < bytes.len() => bytes[from] = *byte,
            Edit::Flip(_) | Edit::Set(_) => {}
            Edit::Remove => drop(bytes.drain(range)),
            Edit::CopyTo(to) => {
                let piece = bytes[range].to_vec();
                let to = to.index(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            Edit::Repeat(times) => {
                let piece = bytes[range.clone()].repeat(1 << times);
                bytes.splice(range, piece);
            }
            Edit::Word(word) => drop(bytes.splice(from..from, word.iter().copied())),
            Edit::Cut => bytes.truncate(from),
        }
    }
    bytes
}

/// As many cases, or `PROPTEST_CASES`.
fn cases(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: asked.and_then(|n| n.parse().ok()).unwrap_or(usual),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The rules of the corpus.
fn rules() -> Vec<String> {
    let rule = |line: &str| {
        let json: serde_json::Value = serde_json::from_str(line).expect("JSON");
        json["rule"].as_str().expect("a rule").to_owned()
    };
    RULES.lines().map(rule).collect()
}

/// Rules with damage.
#[test]
fn rule_lines() {
    let line = (select(rules()), vec(edit(), 0..5));
    proptest!(cases(40_000), |(lines in vec(line, 1..4))| {
        let damaged = |(rule, edits): &(String, Vec<_>)| damaged(rule.as_bytes(), edits);
        let lines: Vec<_> = lines.iter().map(damaged).collect();
        crate::rules::check(&lines.join(&b'\n'));
    });
}

#[test]
fn logs() {
    const LEN: usize = 12_000;
    let edits = vec(edit(), 0..40);
    proptest!(cases(2000), |(from in 0..LOG.len() - LEN, edits in edits, block in 1..20_000_u64)| {
        logs::check(&damaged(&LOG[from..from + LEN], &edits), block);
    });
}

/// What this has found once: times near the end of time, characters that JSON need not escape,
/// keys with what divides them.
#[test]
fn once_found() {
    for fields in [
        "name=\"a\u{7f}\u{202e}b\"",
        "key=\u{1}\"seedwatch\"",
        "key=616101626201",
    ] {
        for time in ["1700000000.123", "18446744073709551615.999"] {
            let head = format!("type=SYSCALL msg=audit({time}:45): arch=c000003e syscall=82");
            logs::check(
                format!("{head} success=no exit=-13 {fields}\n").as_bytes(),
                1,
            );
        }
    }
}
