//! Every event once and whole, however a log is cut into blocks; and no log brings it down.

use std::{
    collections::BTreeMap, fmt::Write as _, io::Write as _, ops::ControlFlow,
    sync::atomic::AtomicU64,
};

use proptest::prelude::*;

use super::*;

/// Collects events as text: serial number and the types of the records. Of those that are handed on with
/// needles, those that have one.
#[derive(Default)]
struct Collector<'n> {
    needle: Option<&'n str>,
    events: Vec<String>,
}

impl Worker for Collector<'_> {
    type Made = Vec<String>;

    fn event(&mut self, event: &Event<'_>) {
        let has = |needle: &str| {
            let needles = Needles::new(&[needle]).unwrap();
            event.records().any(|record| needles.is_match(record.line))
        };
        if !self.needle.is_none_or(has) {
            return;
        }
        let mut text = format!("{}", event.id().serial);
        for record in event.records() {
            let _ = write!(text, " {}", String::from_utf8_lossy(record.kind_name));
        }
        self.events.push(text);
    }

    fn block(&mut self) -> Vec<String> {
        std::mem::take(&mut self.events)
    }
}

fn scanned(log: &[u8], needle: Option<&str>, block: u64, threads: usize) -> (Vec<String>, Faults) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(log).unwrap();
    let input = Input::open([file.path()]).unwrap();
    let plan = Plan {
        needles: needle.map(|needle| Needles::new(&[needle]).unwrap()),
        threads,
        block,
        ..Plan::whole(&input)
    };
    let mut events = Vec::new();
    let outcome = scan(
        &input,
        &plan,
        &AtomicU64::new(0),
        || Collector {
            needle,
            ..Collector::default()
        },
        |made| {
            events.extend(made);
            Ok(ControlFlow::Continue(()))
        },
    );
    (events, outcome.unwrap().faults)
}

/// A log of events whose records are mixed: `order` says which event writes its next record.
fn mixed(order: &[u8]) -> String {
    let mut log = String::new();
    let mut written: BTreeMap<u8, usize> = BTreeMap::new();
    for event in order {
        let records = written.entry(*event).or_default();
        let kind = ["SYSCALL", "CWD", "PATH", "PATH"][(*records).min(3)];
        *records += 1;
        let sec = 100 + u32::from(*event) / 64;
        let key = if event.is_multiple_of(7) {
            "wanted"
        } else {
            "other"
        };
        let _ = writeln!(
            log,
            "type={kind} msg=audit({sec}.000:{event}): key=\"{key}\" {}",
            "x".repeat(usize::from(*event) * 3)
        );
    }
    log
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn blocks_change_nothing(
        order in prop::collection::vec(any::<u8>(), 1..300),
        block in 1_u64..5000,
        threads in 1_usize..4,
    ) {
        let log = mixed(&order);
        let (whole, _) = scanned(log.as_bytes(), None, BLOCK, 1);
        let (cut, _) = scanned(log.as_bytes(), None, block, threads);
        prop_assert_eq!(&whole, &cut);
        // With a needle: the events that have it, whole.
        let wanted: Vec<_> = whole
            .iter()
            .filter(|event| event.split(' ').next().unwrap().parse::<u32>().unwrap().is_multiple_of(7))
            .cloned()
            .collect();
        let (mut found, _) = scanned(log.as_bytes(), Some("wanted"), block, threads);
        let mut sorted = wanted;
        found.sort();
        sorted.sort();
        prop_assert_eq!(found, sorted);
    }

    #[test]
    fn damaged_logs(
        at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in any::<prop::sample::Index>(),
        block in 1_u64..20_000,
    ) {
        let mut log = REAL[..60_000].to_vec();
        for (index, byte) in at {
            let place = index.index(log.len());
            log[place] = byte;
        }
        log.truncate(cut.index(log.len()) + 1);
        let (events, faults) = scanned(&log, None, block, 2);
        let (whole, same) = scanned(&log, None, BLOCK, 1);
        prop_assert_eq!(&events, &whole);
        prop_assert_eq!(faults, same);
    }
}

/// A log that auditd wrote.
const REAL: &[u8] = include_bytes!("../../../../../tests/golden/audit-reference/audit.log");

#[test]
fn a_real_log() {
    let (whole, faults) = scanned(REAL, None, BLOCK, 1);
    assert_eq!((whole.len(), faults.count), (307, 0));
    for (block, threads) in [(1000, 1), (10_000, 3), (99_999, 2)] {
        assert_eq!(scanned(REAL, None, block, threads).0, whole);
    }
}

#[test]
fn what_is_no_record_is_told_with_its_place() {
    let mut log = b"type=USER msg=audit(1.000:1): a=1\n".to_vec();
    log.extend_from_slice(b"nonsense\n");
    log.extend_from_slice(b"\0\0\0\0type=USER msg=audit(1.000:2): a=1\n");
    let third = log.len() as u64;
    log.extend(std::iter::repeat_n(b'x', 3 * LINE_MAX));
    log.extend_from_slice(b"\ntype=USER msg=audit(1.000:3): a=1\ntype=SYSC");
    for (block, threads) in [(BLOCK, 1), (100, 3), (50_000, 2)] {
        let (events, faults) = scanned(&log, None, block, threads);
        assert_eq!(events, ["1 USER", "2 USER", "3 USER"], "blocks of {block}");
        let places: Vec<_> = faults.first.iter().map(|(at, why)| (*at, *why)).collect();
        let last = log.len() as u64 - 9;
        assert_eq!(
            places,
            [
                (34, Malformed::Start),
                (43, Malformed::Zeros),
                (third, Malformed::TooLong),
                (last, Malformed::Message)
            ],
            "blocks of {block}"
        );
        assert_eq!(faults.count, 4);
    }
}

#[test]
fn an_event_that_is_longer_than_a_block() {
    let mut log = String::new();
    let _ = writeln!(log, "type=SYSCALL msg=audit(1.000:1): key=\"wanted\"");
    for part in 0..200 {
        let _ = writeln!(
            log,
            "type=EXECVE msg=audit(1.000:1): a1[{part}]={}",
            "41".repeat(3700)
        );
        let _ = writeln!(log, "type=USER msg=audit(1.000:{}): a=1", part + 2);
    }
    let _ = writeln!(log, "type=PATH msg=audit(1.000:1): name=\"last\"");
    for needle in ["wanted", "last"] {
        for block in [10_000, 500_000, BLOCK] {
            let (events, _) = scanned(log.as_bytes(), Some(needle), block, 2);
            let records: Vec<_> = events
                .iter()
                .map(|event| event.split(' ').count())
                .collect();
            assert_eq!(records, [203], "{needle} in blocks of {block}");
        }
    }
}

/// What was handed on of a long block is forgotten; the rest is told as if it were not.
#[test]
fn a_long_block_in_which_events_are_mixed() {
    let mut log = String::new();
    let text = "x".repeat(300);
    for number in 0..4000_u32 {
        // Each has a record among those of the next ones, every tenth of a node of its own.
        for (serial, kind) in [
            (number, "SYSCALL"),
            (number.saturating_sub(number % 7), "PATH"),
        ] {
            let node = if serial % 10 == 0 { "node=other " } else { "" };
            let key = if serial % 50 == 3 { "wanted" } else { "other" };
            let sec = 100 + serial / 200;
            let _ = writeln!(
                log,
                "{node}type={kind} msg=audit({sec}.000:{serial}): key=\"{key}\" {text}"
            );
        }
    }
    assert!(log.len() > 2 << 20);
    for needle in [None, Some("wanted"), Some("other")] {
        let (whole, faults) = scanned(log.as_bytes(), needle, BLOCK, 1);
        let (cut, _) = scanned(log.as_bytes(), needle, 50_000, 2);
        assert_eq!(faults, Faults::default());
        assert_eq!(whole, cut, "{needle:?}");
        assert!(
            whole.iter().any(|event| event.matches("PATH").count() == 7)
                || needle == Some("wanted")
        );
    }
}

/// An event of which more is in the log than is kept in memory is told with what there is of it, and
/// that it is cut is said, once.
#[test]
fn an_event_that_is_too_long_is_said_to_be_cut() {
    let mut log = String::new();
    let _ = writeln!(log, "type=SYSCALL msg=audit(1.000:1): key=\"wanted\"");
    let text = "x".repeat(100_000);
    for _ in 0..400 {
        let _ = writeln!(log, "type=EXECVE msg=audit(1.000:1): a0=\"{text}\"");
    }
    let _ = writeln!(log, "type=USER msg=audit(1.000:2): a=1");
    for needle in [None, Some("wanted")] {
        let (events, faults) = scanned(log.as_bytes(), needle, BLOCK, 2);
        let records = events[0].split(' ').count() - 1;
        assert!((300..401).contains(&records), "{records} records");
        assert_eq!(faults.cut, [0], "{needle:?}");
    }
    // As long as is read, it is whole.
    let short = log.split_inclusive('\n').take(70).collect::<String>();
    let (_, faults) = scanned(short.as_bytes(), None, BLOCK, 2);
    assert!(faults.cut.is_empty(), "{faults:?}");
}

/// Needles that are far from each other in one block, and an event that has two such.
#[test]
fn needles_far_apart() {
    for gap in [1, 2, 3, 4, 5, 9].map(|times| times * GAP) {
        let mut log = String::new();
        let mut wanted = Vec::new();
        for number in 0..6 {
            let serial = 10_000 * number;
            // Beside it an event that goes on for long.
            let _ = writeln!(
                log,
                "type=SYSCALL msg=audit(1.000:{}): key=\"far\"",
                serial + 1
            );
            let _ = writeln!(
                log,
                "type=SYSCALL msg=audit(1.000:{serial}): key=\"wanted\""
            );
            wanted.push(format!("{serial} SYSCALL"));
            let mut filler = 2;
            let start = log.len();
            while log.len() < start + gap {
                let text = "x".repeat(5000);
                let _ = writeln!(
                    log,
                    "type=USER msg=audit(1.000:{}): {text}",
                    serial + filler
                );
                filler += 1;
            }
            let _ = writeln!(
                log,
                "type=PATH msg=audit(1.000:{}): name=\"wanted\"",
                serial + 1
            );
        }
        for block in [BLOCK, 700_000] {
            let (mut events, _) = scanned(log.as_bytes(), Some("wanted"), block, 2);
            let (all, _) = scanned(log.as_bytes(), None, block, 2);
            let mut of_path: Vec<_> = all
                .into_iter()
                .filter(|event| event.contains("PATH"))
                .collect();
            of_path.extend(wanted.iter().cloned());
            events.sort();
            of_path.sort();
            assert_eq!(events, of_path, "{gap} bytes between, blocks of {block}");
        }
    }
}

#[test]
fn a_scan_ends_when_it_is_told_to() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(REAL).unwrap();
    let input = Input::open([file.path()]).unwrap();
    let plan = Plan {
        threads: 3,
        block: 5000,
        ..Plan::whole(&input)
    };
    let mut blocks = 0;
    scan(
        &input,
        &plan,
        &AtomicU64::new(0),
        Collector::default,
        |_| {
            blocks += 1;
            Ok(if blocks == 3 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        },
    )
    .unwrap();
    assert_eq!(blocks, 3);
    let error = scan(
        &input,
        &plan,
        &AtomicU64::new(0),
        Collector::default,
        |_| Err(ReplayError::Output(std::io::ErrorKind::BrokenPipe.into())),
    );
    assert!(matches!(error, Err(ReplayError::Output(_))));
}
