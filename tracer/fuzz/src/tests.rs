//! The same checks without a fuzzer: real inputs with damaged bytes, a short run with every `cargo test`.
//! `PROPTEST_CASES=N` runs longer; a failure is told with the smallest damage that shows it.

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use crate::{logs, seeds};

/// A log that auditd wrote.
const LOG: &[u8] = include_bytes!("../../../tests/golden/audit-reference/audit.log");
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

/// A log that is longer than the seeds.
#[test]
fn a_long_log() {
    const LEN: usize = 12_000;
    let edits = vec(edit(), 0..40);
    proptest!(cases(300), |(from in 0..LOG.len() - LEN, edits in edits, block in 1..20_000_u64)| {
        logs::check(&damaged(&LOG[from..from + LEN], &edits), block);
    });
}

/// Several rules in one set.
#[test]
fn rules_together() {
    let all = seeds::all().expect("the golden files are there");
    let rules = all.into_iter().find(|target| target.name == "rules");
    let line = (select(rules.expect("a target").seeds), vec(edit(), 0..5));
    proptest!(cases(5000), |(lines in vec(line, 1..4))| {
        let damaged = |(rule, edits): &(Vec<u8>, Vec<_>)| damaged(rule, edits);
        let lines: Vec<_> = lines.iter().map(damaged).collect();
        crate::rules::check(&lines.join(&b'\n'));
    });
}

/// Every kind of input, whole and with damage.
#[test]
fn seeds() {
    for target in seeds::all().expect("the golden files are there") {
        target.seeds.iter().for_each(|seed| (target.check)(seed));
        if target.seeds.is_empty() {
            continue;
        }
        let seed = select(target.seeds);
        let cases = cases(if target.name == "logs" { 150 } else { 1500 });
        proptest!(cases, |(seed in seed, edits in vec(edit(), 0..20))| {
            (target.check)(&damaged(&seed, &edits));
        });
    }
}

/// What this has found once: times near the end of time, characters that JSON need not escape,
/// keys with what divides them, labels and nodes that are no text.
#[test]
fn once_found() {
    let notice = b"msg='avc:  received policyload notice (seqno=2)'";
    for start in [
        &b"type=USER_AVC msg=audit(1700000000.123:45): pid=1 subj=system_u:\x1b[2J\xff "[..],
        b"node=a\xffb\x1b type=USER_AVC msg=audit(1700000000.123:45): pid=1 ",
    ] {
        logs::check(&[start, notice, b"\n"].concat(), 1);
    }
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
