//! What is written is read; what is damaged is told, at its place, and never a panic.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use bytes::Bytes;

use tracer_model::recording::MAGIC;

use super::{Defaults, Ending, Head, Machine, Reader, Recorder, RecordingError, Trouble};
use crate::{
    cases,
    event::{Account, Item, LossReason, Time},
    fold::Fold,
};

fn head() -> Head {
    Head {
        tracer: "0.1.0".to_owned(),
        machine: Machine {
            kernel: "6.18.0".to_owned(),
            hardware: "x86_64".to_owned(),
            host: "here".to_owned(),
        },
        start: Time {
            wall_ns: 1_795_381_188_000_000_000,
            mono_ns: 4_241_000_000_000,
        },
        command_line: ["tracer", "trace", "--record", "x"].map(Bytes::from).into(),
        defaults: Defaults {
            decoded: true,
            ..Defaults::default()
        },
    }
}

fn account(events: u64) -> Account {
    Account {
        seen: events + 5,
        written: events,
        filtered: [("process".into(), 2)].into(),
        lost: [(LossReason::RingFull, 3)].into(),
    }
}

fn items() -> Vec<Item> {
    cases::all().into_iter().map(|(_, item)| item).collect()
}

fn events(items: &[Item]) -> u64 {
    let is_event = |item: &&Item| matches!(item, Item::Event(_));
    items.iter().filter(is_event).count() as u64
}

/// A recording of these items, `each` of them in a frame.
fn record(items: &[Item], each: usize) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.rec");
    let mut recorder = Recorder::create(&path, &head()).unwrap();
    for some in items.chunks(each) {
        for item in some {
            recorder.item(item);
        }
        recorder.close();
    }
    recorder.account(&account(events(items))).unwrap();
    fs::read(&path).unwrap()
}

/// What can be read, and what is wrong behind it.
fn read(bytes: &[u8]) -> (Vec<Item>, Result<Ending, Trouble>) {
    let mut items = Vec::new();
    let mut all = || -> Result<Ending, RecordingError> {
        let mut reader = Reader::new(Cursor::new(bytes), Path::new("x.rec"))?;
        assert_eq!(*reader.head(), head());
        while let Some(item) = reader.next_item()? {
            items.push(item);
        }
        assert!(reader.next_item()?.is_none(), "an end stays one");
        Ok(reader.ending().expect("it has an end").clone())
    };
    let ended = all().map_err(|error| error.trouble);
    (items, ended)
}

#[test]
fn everything_is_read_as_it_was_written() {
    let items = items();
    for each in [1, 7, 512] {
        let (read, ended) = read(&record(&items, each));
        assert_eq!(read, items);
        let ending = ended.unwrap();
        assert_eq!(ending.events, events(&items));
        assert_eq!(ending.seen, ending.events + 5);
        assert_eq!(ending.filtered, [("process".to_owned(), 2)]);
        assert_eq!(ending.lost, [(LossReason::RingFull, 3)]);
    }
}

/// Cut at every byte: what is before is read, whole frames only, and the place is told.
#[test]
fn cut_anywhere() {
    let items: Vec<_> = items().into_iter().take(20).collect();
    let whole = record(&items, 3);
    let mut before = 0;
    for len in 0..whole.len() {
        let (read, ended) = read(&whole[..len]);
        assert!(read.len() >= before, "{len}: less is read than of less");
        before = read.len();
        assert_eq!(read, items[..read.len()], "{len}");
        match ended.expect_err("it is cut") {
            Trouble::Other => assert_eq!(len, 0),
            Trouble::Cut(at) | Trouble::NoEnd(at) => assert!(at <= len as u64, "{at} of {len}"),
            other => panic!("{len}: {other:?}"),
        }
    }
    assert_eq!(before, items.len());
}

/// A byte that is another one anywhere: no event is read that was not written.
#[test]
fn changed_anywhere() {
    let items: Vec<_> = items().into_iter().take(20).collect();
    let whole = record(&items, 3);
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            let (read, ended) = read(&bytes);
            assert_eq!(read, items[..read.len()], "{at}");
            match ended.expect_err("it is damaged") {
                Trouble::Other => assert!(at < MAGIC.len()),
                Trouble::OtherForm(..) => assert!((8..10).contains(&at)),
                // A length that is another one.
                Trouble::Cut(begin) | Trouble::Damaged(begin, _) => {
                    assert!(begin <= at as u64, "{begin} is behind {at}");
                }
                other => panic!("{at}: {other:?}"),
            }
        }
    }
}

/// Frames whose checksums fit, and whose content is anything at all.
#[test]
fn nonsense_in_good_frames() {
    use tracer_model::recording::frame::{self, Kind};
    let whole = record(&[], 1);
    // Magic, version and head.
    let start = &whole[..whole.len() - {
        let mut end = Vec::new();
        let ending = Ending {
            seen: 5,
            events: 0,
            filtered: vec![("process".to_owned(), 2)],
            lost: vec![(LossReason::RingFull, 3)],
        };
        let ending = postcard::to_stdvec(&ending).unwrap();
        frame::write(&mut end, Kind::End, 1, &ending).unwrap();
        end.len()
    }];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..3000_usize {
        let payload: Vec<u8> = (0..round % 97)
            .map(|_| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                // Small numbers are what tags and lengths are made of.
                (seed >> 11) as u8 & if round % 2 == 0 { 0x0f } else { 0xff }
            })
            .collect();
        let kind = [Kind::Head, Kind::Items, Kind::End][round % 3];
        let mut bytes = start.to_vec();
        frame::write(&mut bytes, kind, (round % 5) as u32, &payload).unwrap();
        let (_, ended) = read(&bytes);
        assert!(
            ended.is_err() || kind == Kind::End,
            "{round}: it has no end"
        );
    }
}

#[test]
fn other_files_and_newer_ones() {
    let rows: &[(&[u8], &str)] = &[
        (b"", "no recording"),
        (b"type=SYSCALL msg=audit(1.0:1):\n", "no recording"),
        (b"\x28\xb5\x2f\xfd", "no recording"),
        (
            b"\x89TRC\r\n\x1a\n\x07\x00 what comes then",
            "another version of tracer",
        ),
        (b"\x89TRC\r\n\x1a\n\x00\x00", "damaged at byte 8"),
        (b"\x89TR", "cut short at byte 3"),
        (b"\x89TRC\r\n\x1a\n\x02\x00", "cut short at byte 10"),
        (b"\x89TRC\r\n\x1a\n\x01\x00", "another version of tracer"),
    ];
    for (bytes, wanted) in rows {
        let (_, ended) = read(bytes);
        let said = ended.unwrap_err().to_string();
        assert!(said.contains(wanted), "{}: {said}", bytes.escape_ascii());
    }
}

/// The reader of the output closed it: what the recording has beyond that is in no other sum.
#[test]
fn sums_are_those_of_the_recording() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.rec");
    let items: Vec<_> = items().into_iter().take(10).collect();
    let events = events(&items);
    let mut recorder = Recorder::create(&path, &head()).unwrap();
    for item in &items {
        recorder.item(item);
    }
    let account = Account {
        seen: events + 7,
        written: 2,
        filtered: [(crate::event::AFTER_END.into(), events - 2 + 7)].into(),
        lost: [].into(),
    };
    recorder.account(&account).unwrap();
    let (_, ending) = read(&fs::read(&path).unwrap());
    let ending = ending.unwrap();
    assert_eq!(ending.events, events);
    assert_eq!(ending.filtered, [("after-end".to_owned(), 7)]);
}

#[test]
fn a_fifo_and_a_device_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let fifo = dir.path().join("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    for path in [&fifo, Path::new("/dev/full"), dir.path()] {
        assert!(Recorder::create(path, &head()).is_err(), "{path:?}");
    }
}

fn debug_lines(items: &[Item]) -> String {
    let lines: Vec<_> = items.iter().map(|item| format!("{item:?}\n")).collect();
    lines.concat()
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/golden/recording")
        .join(format!("v{}.{name}", super::VERSION))
}

/// A recording that was made when this version of the form was new is still read as it was meant.
/// When this fails, what is in an event has changed: raise [`super::VERSION`], then run it with
/// `BLESS=1`.
#[test]
fn old_recordings_are_read() {
    let (recording, meant) = (golden("rec"), golden("txt"));
    if std::env::var_os("BLESS").is_some() {
        let items = items();
        let text = debug_lines(&items);
        fs::create_dir_all(recording.parent().unwrap()).unwrap();
        fs::write(&recording, record(&items, 512)).unwrap();
        fs::write(&meant, text).unwrap();
    }
    let (items, ended) = read(&fs::read(&recording).unwrap());
    ended.unwrap();
    let text = debug_lines(&items);
    assert!(
        text == fs::read_to_string(&meant).unwrap(),
        "an event is not what it was: raise VERSION"
    );
}
