//! What is packed is found as what is not; a sidecar leaves out only what cannot be meant; what is damaged
//! is said, and nothing wrong is found.

use std::{fs, ops::ControlFlow, path::PathBuf, sync::atomic::AtomicU64};

use super::*;
use crate::{
    query::{
        criteria::{Criteria, UserIs},
        expression::{Expression, Filtered},
        interpret::Readable,
    },
    records::RecordType,
    replay::{self, Event, Needles, Plan, Worker},
};

const REAL: &[u8] = include_bytes!("../../../../../tests/golden/audit-reference/audit.log");

/// What is asked for.
struct Question<'q> {
    criteria: Criteria,
    expression: Option<&'q Expression>,
    window: Window,
}

#[derive(Debug)]
struct Collector<'c>(&'c Criteria, Vec<String>);

impl Worker for Collector<'_> {
    type Made = Vec<String>;

    fn event(&mut self, event: &Event<'_>) {
        if self.0.hold(event) {
            let records = event.records().count();
            self.1.push(format!("{} {records}", event.id().serial));
        }
    }

    fn block(&mut self) -> Vec<String> {
        std::mem::take(&mut self.1)
    }
}

/// A directory with a log in it, as it is and packed in frames of this size.
struct Bed {
    _dir: tempfile::TempDir,
    plain: PathBuf,
    packed: PathBuf,
}

fn bed(text: &[u8], frame: u64) -> Bed {
    let dir = tempfile::tempdir().unwrap();
    let (plain, packed) = (dir.path().join("log"), dir.path().join("log.zst"));
    fs::write(&plain, text).unwrap();
    let file = fs::File::create(&packed).unwrap();
    let input = Input::open([&plain]).unwrap();
    let made = pack::pack(&input, frame, &file).unwrap();
    fs::write(path_of(&packed), made).unwrap();
    Bed {
        _dir: dir,
        plain,
        packed,
    }
}

/// What is found, how much of the log was looked at, and what was said.
fn found(input: &Input, question: &Question<'_>, block: u64) -> (Vec<String>, u64, Vec<String>) {
    let asks = [
        Some(question.criteria.ask()),
        question.expression.and_then(Expression::ask),
    ];
    let ask = Ask::All(asks.into_iter().flatten().collect());
    let (only, unused) = parts(input, Some(&ask), question.window);
    let size = |only: &Only| only.range.end - only.range.start;
    let looked = only
        .as_ref()
        .map_or(input.len(), |only| only.iter().map(size).sum());
    let of_expression = || Needles::new(&question.expression?.needles()?);
    let plan = Plan {
        window: question.window,
        only,
        needles: question.criteria.needles().or_else(of_expression),
        threads: 2,
        block,
        ..Plan::whole(input)
    };
    let how = Readable::of(crate::event::Users::fixed([(0, "root")]));
    let new = || {
        let collector = Collector(&question.criteria, Vec::new());
        Filtered::new(collector, question.expression, &how)
    };
    let mut all = Vec::new();
    replay::scan(
        input,
        &plan,
        &AtomicU64::new(0),
        new,
        |made: Vec<String>| {
            all.extend(made);
            Ok(ControlFlow::Continue(()))
        },
    )
    .unwrap();
    let said = unused.into_iter().map(|unused| unused.text).collect();
    (all, looked, said)
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn questions(expressions: &[Expression]) -> Vec<(&'static str, Question<'_>)> {
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let user = |id| {
        Some(UserIs {
            id,
            name: (id == 0).then(|| "root".to_owned()),
        })
    };
    let of = |criteria| Question {
        criteria,
        expression: None,
        window: Window::ALL,
    };
    let none = Criteria::default;
    let mut all = vec![
        ("everything", of(none())),
        (
            "key",
            of(Criteria {
                key: text("mv"),
                ..none()
            }),
        ),
        (
            "whole key",
            of(Criteria {
                key: text("mv"),
                whole: true,
                ..none()
            }),
        ),
        (
            "file",
            of(Criteria {
                file: text("/secret"),
                ..none()
            }),
        ),
        (
            "file below the working directory",
            of(Criteria {
                file: text("/srv/suites/"),
                ..none()
            }),
        ),
        (
            "short file",
            of(Criteria {
                file: text("et"),
                ..none()
            }),
        ),
        (
            "program",
            of(Criteria {
                exe: text("/usr/bin/rm"),
                ..none()
            }),
        ),
        (
            "command",
            of(Criteria {
                comm: text("auditctl"),
                ..none()
            }),
        ),
        (
            "user",
            of(Criteria {
                uid: user(0),
                ..none()
            }),
        ),
        (
            "login user",
            of(Criteria {
                auid: user(u32::MAX),
                ..none()
            }),
        ),
        (
            "any user",
            of(Criteria {
                any_uid: user(65534),
                ..none()
            }),
        ),
        (
            "types",
            of(Criteria {
                types: vec![RecordType(1112), RecordType::CONFIG_CHANGE],
                ..none()
            }),
        ),
        (
            "nothing",
            of(Criteria {
                key: text("there is no such key"),
                ..none()
            }),
        ),
        (
            "process",
            of(Criteria {
                pid: Some(22069),
                ..none()
            }),
        ),
        (
            "user and file",
            of(Criteria {
                uid: user(0),
                file: text("passwd"),
                ..none()
            }),
        ),
    ];
    let time = Window {
        start: 1_795_377_006,
        end: 1_795_377_007,
    };
    all.push((
        "time",
        Question {
            window: time,
            ..of(none())
        },
    ));
    for expression in expressions {
        let question = Question {
            expression: Some(expression),
            ..of(none())
        };
        all.push(("expression", question));
    }
    all
}

#[test]
fn what_is_packed_is_found_as_what_is_not() {
    let here = crate::query::clock::Here::plain();
    let texts = [
        "key == \"mv\" or comm =~ \"^audit\"",
        "path =~ \"^/srv/suites/w/s\" and not success",
        "uid == 65534 and type == \"PATH\"",
        "not exe == \"/usr/bin/rm\"",
    ];
    let expressions = texts.map(|text| Expression::parse(text, &here).unwrap());
    for frame in [3_000, 20_000, 1 << 20] {
        let bed = bed(REAL, frame);
        let plain = Input::open([&bed.plain]).unwrap();
        let packed = Input::open([&bed.packed]).unwrap();
        // Twice the same: events in two segments.
        let both = Input::open([&bed.plain, &bed.packed]).unwrap();
        let stream = bed.plain.with_extension("stream");
        fs::write(&stream, zstd::encode_all(REAL, 1).unwrap()).unwrap();
        let stream = Input::open([&stream]).unwrap();
        for (what, question) in questions(&expressions) {
            let (wanted, all, _) = found(&plain, &question, 50_000);
            let (ours, looked, said) = found(&packed, &question, 50_000);
            assert_eq!(ours, wanted, "{what}, frames of {frame}");
            assert!(said.is_empty() && looked <= all, "{said:?}");
            assert_eq!(
                found(&stream, &question, 70_000).0,
                wanted,
                "{what}, as a stream"
            );
            let twice: Vec<_> = wanted.iter().chain(&wanted).cloned().collect();
            assert_eq!(found(&both, &question, 1 << 20).0, twice, "{what}, twice");
            if what == "nothing" {
                assert_eq!(looked, 0, "frames of {frame}");
            }
            if what == "time" && frame < 100_000 {
                assert!(looked < all, "{looked} of {all}");
            }
        }
        // Without a sidecar.
        fs::remove_file(path_of(&bed.packed)).unwrap();
        for (what, question) in questions(&expressions) {
            let wanted = found(&plain, &question, 1 << 20);
            assert_eq!(
                found(&packed, &question, 1 << 20),
                wanted,
                "{what} without a sidecar"
            );
        }
    }
}

#[test]
fn a_sidecar_is_small_and_leaves_out_nearly_everything() {
    let text = REAL.repeat(20);
    let bed = bed(&text, 1 << 20);
    let size = fs::metadata(path_of(&bed.packed)).unwrap().len();
    assert!(
        size * 200 < text.len() as u64,
        "{size} bytes for {}",
        text.len()
    );
}

/// An event of two segments is found by what either has of it.
#[test]
fn an_event_at_the_end_of_a_segment() {
    let first = b"type=SYSCALL msg=audit(1.000:1): pid=1 uid=7 key=\"early\"\n";
    let second = b"type=PATH msg=audit(1.000:1): name=\"/late/name\"\n\
                   type=PROCTITLE msg=audit(1.000:1): proctitle=00\n";
    let (one, two) = (bed(first, 1 << 20), bed(second, 1 << 20));
    let input = Input::open([&one.packed, &two.packed]).unwrap();
    for criteria in [
        Criteria {
            key: Some(b"early".to_vec()),
            ..Criteria::default()
        },
        Criteria {
            file: Some(b"/late/name".to_vec()),
            ..Criteria::default()
        },
        Criteria {
            uid: Some(UserIs { id: 7, name: None }),
            ..Criteria::default()
        },
        Criteria {
            types: vec![RecordType::PATH],
            ..Criteria::default()
        },
    ] {
        let question = Question {
            criteria,
            expression: None,
            window: Window::ALL,
        };
        assert_eq!(
            found(&input, &question, 1 << 20).0,
            ["1 3"],
            "{:?}",
            question.criteria
        );
    }
}

#[test]
fn what_is_damaged_is_said() {
    let bed = bed(REAL, 20_000);
    let question = Question {
        criteria: Criteria {
            key: Some(b"mv".to_vec()),
            ..Criteria::default()
        },
        expression: None,
        window: Window::ALL,
    };
    let open = || Input::open([&bed.packed]).unwrap();
    let (wanted, ..) = found(&open(), &question, 1 << 20);
    // Each byte of the sidecar: what is damaged is not believed.
    let sidecar = fs::read(path_of(&bed.packed)).unwrap();
    for at in (0..sidecar.len()).step_by(7).chain([sidecar.len()]) {
        let mut damaged = sidecar.clone();
        match damaged.get_mut(at) {
            Some(byte) => *byte ^= 0x40,
            None => damaged.truncate(at / 2),
        }
        fs::write(path_of(&bed.packed), damaged).unwrap();
        let (ours, looked, said) = found(&open(), &question, 1 << 20);
        assert_eq!(ours, wanted, "byte {at}");
        // What is not read of it is of no interest.
        assert!(!said.is_empty() || looked < REAL.len() as u64, "byte {at}");
    }
    // That of another segment.
    let other = self::bed(&REAL[..100_000], 20_000);
    fs::copy(path_of(&other.packed), path_of(&bed.packed)).unwrap();
    let (ours, _, said) = found(&open(), &question, 1 << 20);
    assert_eq!(ours, wanted);
    assert!(said[0].contains("belongs to another segment"), "{said:?}");
    // A frame: everything else is found, nothing else, and its place is said.
    let packed = fs::read(&bed.packed).unwrap();
    for at in [30, packed.len() / 2] {
        let mut damaged = packed.clone();
        damaged[at] ^= 0x10;
        fs::write(&bed.packed, damaged).unwrap();
        let input = open();
        let everything = Question {
            criteria: Criteria::default(),
            ..question
        };
        let (ours, ..) = found(&input, &everything, 1 << 20);
        let told = input.segments()[0].frames().unwrap().damages();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(ours.len() > 200 && ours.len() < 307, "{}", ours.len());
    }
}
