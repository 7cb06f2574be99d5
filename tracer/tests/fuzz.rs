//! What is read from strangers, rules and logs, with changed bytes: a short run of a fuzzer that
//! needs no more than `cargo test`. It takes real inputs, damages them, and looks whether what must
//! always hold still does. `PROPTEST_CASES=N` runs longer; a failure is told with the smallest
//! damage that shows it.

use std::{io::Write as _, ops::ControlFlow, sync::atomic::AtomicU64};

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use tracer::{
    query::{
        clock::Here,
        interpret::Readable,
        output::{Columns, Format, Printer},
        report::{LOOKS, PageWorker, Rows, Selection, TallyWorker, TotalsWorker},
    },
    rules::{Compiled, Judge, RuleSet, Targets, parse},
    source::replay::{BLOCK, Event, Input, Plan, Worker, scan},
};

/// A log that auditd wrote.
const LOG: &[u8] = include_bytes!("../../tests/golden/audit-reference/audit.log");
/// Rules that auditctl was given.
const RULES: &str = include_str!("../../tests/golden/audit-rules/rule-listing.jsonl");

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

/// A line is refused at a place that is in it, or it is commands; rules are listed as text that is
/// the same rule again, and every set can be compiled.
#[test]
fn rule_lines() {
    let line = (select(rules()), vec(edit(), 0..5));
    proptest!(cases(40_000), |(lines in vec(line, 1..4))| {
        let mut set = RuleSet::default();
        for (rule, edits) in lines {
            let bytes = damaged(rule.as_bytes(), &edits);
            let text = String::from_utf8_lossy(&bytes);
            match parse::line(&text, Some(("fuzz.rules", 1))) {
                Ok(parsed) => {
                    for command in &parsed.commands {
                        // What is refused changes nothing.
                        let before = set.clone();
                        if set.apply(command).is_err() {
                            assert_eq!(set, before, "{text:?}");
                        }
                    }
                }
                Err(error) => assert!(error.to_string().contains("fuzz.rules:1"), "{text:?}"),
            }
        }
        let listed = set.listing(None, false);
        // auditctl's own listing of a watch of nothing, or with two permissions, is no rule; one of
        // `-F dir=/etc/` is another, as `-w` takes slashes away.
        let lossy = |rule: &String| {
            let slash = rule.starts_with("-w ") && rule.contains("/ -p") && !rule.contains("-w / ");
            rule.starts_with(" -p") || rule.contains("  -p") || slash
        };
        if listed.iter().any(lossy) {
            return Ok(());
        }
        let mut again = RuleSet::default();
        for rule in &listed {
            let parsed = parse::line(rule, None).unwrap_or_else(|e| panic!("{rule:?}: {e}"));
            for command in &parsed.commands {
                again
                    .apply(command)
                    .unwrap_or_else(|e| panic!("{rule:?}: {e}"));
            }
        }
        assert_eq!(again.listing(None, false), listed);
        let _ = set.listing(None, true);
        let mut targets = Targets::default();
        let _ = (
            Compiled::new(&set, &mut targets),
            Judge::new(&set, &mut targets),
        );
    });
}

/// Every way to print an event, and every report.
struct All<'s> {
    printers: Vec<(Format, Printer)>,
    rows: Vec<Rows<'s>>,
    tallies: Vec<TallyWorker<'s>>,
    totals: TotalsWorker<'s>,
    page: PageWorker<'s>,
    events: u64,
}

impl<'s> All<'s> {
    fn new(selection: &'s Selection) -> Self {
        let formats = [
            Format::Raw,
            Format::Default,
            Format::Interpret,
            Format::Csv,
            Format::Text,
            Format::Json,
        ];
        let columns = Columns {
            keys: true,
            labels: true,
            obj2: true,
            time: true,
        };
        let how = &Readable::default();
        let printer = |f| (f, Printer::new(f, columns, how, Here::plain()));
        let subjects = || LOOKS.iter().map(|look| look.subject);
        Self {
            printers: formats.map(printer).into(),
            rows: subjects()
                .flat_map(|s| [(s, false), (s, true)])
                .map(|(s, json)| Rows::new(s, selection, true, json, how, Here::plain()))
                .collect(),
            tallies: subjects()
                .map(|s| TallyWorker::new(s, selection, true, how))
                .collect(),
            totals: TotalsWorker::new(selection),
            page: PageWorker::new(selection, 0, u64::MAX),
            events: 0,
        }
    }
}

impl Worker for All<'_> {
    type Made = u64;

    fn event(&mut self, event: &Event<'_>) {
        self.events += 1;
        for (format, printer) in &mut self.printers {
            let mut out = Vec::new();
            printer.event(&mut out, event);
            if *format == Format::Raw {
                continue;
            }
            let text = std::str::from_utf8(&out).unwrap_or_else(|e| panic!("{format:?}: {e}"));
            // Nothing that a terminal acts on, whatever is in the log.
            let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!text.contains(bad), "{format:?}: {text:?}");
            if *format == Format::Json {
                serde_json::from_str::<serde_json::Value>(text)
                    .unwrap_or_else(|e| panic!("{e}: {text:?}"));
            }
        }
        self.rows.iter_mut().for_each(|w| w.event(event));
        self.tallies.iter_mut().for_each(|w| w.event(event));
        self.totals.event(event);
        self.page.event(event);
    }

    fn block(&mut self) -> u64 {
        for rows in &mut self.rows {
            let (out, _) = rows.block();
            assert!(std::str::from_utf8(&out).is_ok(), "{out:?}");
        }
        std::mem::take(&mut self.events)
    }
}

/// Every line is in an event or told as none, in blocks of any size; every event can be shown.
fn check_log(log: &[u8], block: u64) {
    let selection = Selection::default();
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(log).expect("it takes it");
    let input = Input::open([file.path()]).expect("it can be read");
    let told = [BLOCK, block].map(|block| {
        let plan = Plan {
            block,
            ..Plan::whole(&input)
        };
        let mut events = 0;
        let outcome = scan(
            &input,
            &plan,
            &AtomicU64::new(0),
            || All::new(&selection),
            |made| {
                events += made;
                Ok(ControlFlow::Continue(()))
            },
        );
        (events, outcome.expect("a scan").faults)
    });
    assert_eq!(told[0], told[1]);
}

#[test]
fn logs() {
    const LEN: usize = 12_000;
    let edits = vec(edit(), 0..40);
    proptest!(cases(2000), |(from in 0..LOG.len() - LEN, edits in edits, block in 1..20_000_u64)| {
        check_log(&damaged(&LOG[from..from + LEN], &edits), block);
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
            check_log(
                format!("{head} success=no exit=-13 {fields}\n").as_bytes(),
                1,
            );
        }
    }
}
