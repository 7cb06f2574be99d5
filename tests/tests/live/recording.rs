//! Recordings: what `--record` keeps, `replay` shows as the live run did, on any output, as any user,
//! and as far as the file is whole.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
};

use nix::{
    mount::{MntFlags, MsFlags, mount, umount2},
    sys::signal::Signal,
};
use tests::{
    Fixture, NOBODY, Outcome, Place, Tracer, fixture, public_copy, require_ebpf, require_root,
    run_to_end, tracer, tracer_command,
};

/// What a shell, a pipeline and programs of every day do.
const SCRIPT: &str =
    "ls / | sort | head -3; cat /no/such; mkdir made; echo x > made/file; rm -r made; exit 3";

/// Every form of a line.
const FORMATS: [&str; 6] = [
    "strace",
    "text",
    "json",
    "audit",
    "csv",
    "%T %w%f %e %p %u %x",
];

/// Records and prints one run; the recording, and what was printed.
fn live(place: &Place, options: &[&str], command: &[&str], code: i32) -> (PathBuf, Vec<u8>) {
    let (recording, printed) = (place.join("run.rec"), place.join("printed"));
    let work = place.dir("work");
    let mut run = tracer_command(["trace", "--record"]);
    run.arg(&recording).args(options).arg("-o").arg(&printed);
    run.arg("--").args(command).current_dir(work);
    let outcome = run_to_end(&mut run).ended(code);
    let sums = outcome.sums();
    assert_eq!(sums.seen, sums.written + sums.filtered + sums.lost);
    (recording, fs::read(&printed).expect("it printed"))
}

/// Replays to a file, as the live run was printed to one.
fn replay(recording: &Path, options: &[&str]) -> (Outcome, Vec<u8>) {
    let printed = recording.with_extension("replayed");
    let mut run = tracer_command(["replay"]);
    run.arg(recording).args(options).arg("-o").arg(&printed);
    let outcome = run_to_end(&mut run);
    (outcome, fs::read(&printed).expect("it printed"))
}

/// How many lines have an end.
fn ended_lines(printed: &[u8]) -> usize {
    printed.split(|b| *b == b'\n').count() - 1
}

#[track_caller]
fn assert_equal(what: &str, live: &[u8], replayed: &[u8]) {
    let (live, replayed) = (
        String::from_utf8_lossy(live),
        String::from_utf8_lossy(replayed),
    );
    let pairs = live.lines().zip(replayed.lines());
    for (number, (a, b)) in pairs.enumerate() {
        assert_eq!(a, b, "{what}: line {number}");
    }
    assert_eq!(live.lines().count(), replayed.lines().count(), "{what}");
}

#[test]
fn a_replay_prints_what_the_run_printed() {
    if !require_ebpf() {
        return;
    }
    for format in FORMATS {
        let place = Place::new();
        let (recording, live) = live(&place, &["--format", format], &["sh", "-c", SCRIPT], 3);
        assert!(live.split(|b| *b == b'\n').count() > 200, "{format}");
        let (outcome, replayed) = replay(&recording, &["--format", format]);
        assert_equal(format, &live, &replayed);
        // The sums are those of the run.
        let sums = outcome.ended(0).sums();
        let lines = live.split(|b| *b == b'\n').count() as u64;
        assert!(sums.filtered > 0 && sums.written < lines, "{sums:?}");
    }
}

/// How calls are shown is as in the recording run, unless it is asked for otherwise.
#[test]
fn options_of_the_look_are_kept_and_can_be_changed() {
    if !require_ebpf() {
        return;
    }
    for options in [
        &[][..],
        &["-T"],
        &["-ttt", "-r"],
        &["-yy", "-x"],
        &["-v", "-s", "100"],
    ] {
        let place = Place::new();
        let (recording, live) = live(&place, options, &["sh", "-c", SCRIPT], 3);
        let (_, kept) = replay(&recording, &[]);
        assert_equal(&format!("{options:?} kept"), &live, &kept);
        let (_, given) = replay(&recording, options);
        assert_equal(&format!("{options:?} given"), &live, &given);
    }
    // A run that showed none of it has all of it in its recording.
    let place = Place::new();
    let (recording, _) = live(
        &place,
        &[],
        &["env", "-i", "A=b", "cat", "/etc/hostname"],
        0,
    );
    let (_, shown) = replay(&recording, &["-v", "-y", "-T", "-tt"]);
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert!(shown.contains("[\"A=b\"]"), "no environment: {shown}");
    assert!(shown.contains("3</etc/hostname>"), "no paths: {shown}");
    let is_timed = |line: &&str| line.ends_with('>') && line.contains(" <0.");
    assert!(shown.lines().filter(is_timed).count() > 20, "{shown}");
}

#[test]
fn summaries_of_a_recording_are_those_of_the_run() {
    if !require_ebpf() {
        return;
    }
    for options in [&["-c"][..], &["-C"], &["-c", "-w", "-S", "calls"]] {
        let place = Place::new();
        let (recording, live) = live(&place, options, &["sh", "-c", SCRIPT], 3);
        let (_, replayed) = replay(&recording, options);
        assert_equal(&format!("{options:?}"), &live, &replayed);
    }
}

/// The decoders' own scenarios, in every format: what is odd is recorded, too.
#[test]
fn odd_calls_are_recorded() {
    if !require_ebpf() {
        return;
    }
    let program = fixture().to_str().expect("UTF-8");
    for scenario in ["decoded", "hostile", "signals", "deaths", "execs", "names"] {
        for format in ["strace", "json", "audit", "text"] {
            let place = Place::new();
            let work = place.dir("work");
            let command = [program, scenario, work.to_str().expect("UTF-8")];
            let (recording, live) = live(&place, &["--format", format], &command, 0);
            let (_, replayed) = replay(&recording, &["--format", format]);
            assert_equal(&format!("{scenario} {format}"), &live, &replayed);
        }
    }
}

/// Filters of a replay leave what the live run printed of the same.
#[test]
fn filters() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let script = "cat /etc/hostname; cat /no/such; echo x > file; rm file; (exit 4); true";
    let options = ["--format", "json"];
    let (recording, _) = live(&place, &options, &["sh", "-c", script], 0);
    let select = |options: &[&str]| {
        let all = [&["--format", "json"], options].concat();
        let (outcome, _) = replay(&recording, &all);
        let printed = recording.with_extension("replayed");
        outcome.ended(0).with_file(&printed)
    };
    let all = select(&[]);
    let select = |options: &[&str]| {
        let selected = select(options);
        assert!(!selected.records.is_empty(), "{options:?}");
        let (a, b) = (selected.sums(), all.sums());
        assert_eq!(a.seen, b.seen, "{options:?}");
        selected.records
    };
    let same = |options: &[&str], wanted: &dyn Fn(&tests::Record) -> bool| {
        let lines = |records: &[tests::Record]| -> Vec<String> {
            records.iter().map(|r| r.line.clone()).collect()
        };
        let expected: Vec<_> = all.records.iter().filter(|r| wanted(r)).collect();
        let expected: Vec<_> = expected.iter().map(|r| r.line.clone()).collect();
        assert_eq!(lines(&select(options)), expected, "{options:?}");
    };
    same(&["-e", "trace=openat"], &|r| r.syscall() == "openat");
    same(&["--failed"], &|r| r.get("success") == false);
    same(&["--success"], &|r| r.get("success") == true);
    same(&["--comm", "cat"], &|r| {
        r.bytes("comm").as_deref() == Some(b"cat")
    });
    let shell = all.records[0].pid().to_string();
    same(&["--pid", &shell], &|r| r.pid().to_string() == shell);
    same(&["--pid", &shell, "-f"], &|_| true);
    let child = all.records.iter().find(|r| r.pid().to_string() != shell);
    let child = child.expect("cat is a child").pid();
    same(&["--pid", &child.to_string(), "-f"], &|r| r.pid() == child);
    let first: Vec<_> = all.records.iter().take(7).map(|r| r.line.clone()).collect();
    let counted: Vec<_> = select(&["--count", "7"])
        .into_iter()
        .map(|r| r.line)
        .collect();
    assert_eq!(counted, first);
    // Also through descriptors, as a live `-P` does.
    let through = select(&["-P", "/etc/hostname"]);
    let names: Vec<_> = through.iter().map(tests::Record::syscall).collect();
    assert!(names.contains(&"openat") && names.len() > 1, "{names:?}");
    let live = run_live_path(&place);
    assert_eq!(names, live);
}

/// The calls that a live `-P /etc/hostname` tells of the same command.
fn run_live_path(place: &Place) -> Vec<String> {
    let printed = place.join("path");
    let mut run = tracer_command(["trace", "--format", "json", "-P", "/etc/hostname", "-o"]);
    run.arg(&printed).args(["--", "cat", "/etc/hostname"]);
    let outcome = run_to_end(&mut run).ended(0).with_file(&printed);
    let calls = outcome.records.iter();
    calls.map(|r| r.syscall().to_owned()).collect()
}

/// A part of a recording is a recording.
#[test]
fn a_recording_of_a_recording() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let (recording, _) = live(&place, &[], &["sh", "-c", SCRIPT], 3);
    let part = place.join("part.rec");
    let mut run = tracer_command(["replay", "-e", "%file", "--record"]);
    let _ = run_to_end(run.arg(&part).arg(&recording)).ended(0);
    let (_, of_whole) = replay(&recording, &["-e", "%file"]);
    let (outcome, of_part) = replay(&part, &[]);
    assert_equal("part", &of_whole, &of_part);
    let (whole, _) = replay(&recording, &[]);
    assert_eq!(outcome.ended(0).sums().seen, whole.sums().seen);
    // It cannot be its own source.
    let mut run = tracer_command(["replay", "--record"]);
    let refused = run_to_end(run.arg(&recording).arg(&recording)).ended(2);
    assert!(refused.stderr.contains("is given twice"), "{refused:?}");
    assert_eq!(replay(&recording, &[]).0.sums(), whole.sums());
}

/// Without --format and --output nothing is printed: the command's own output is alone.
#[test]
fn recording_alone_prints_nothing() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let recording = place.join("run.rec");
    let mut run = tracer_command(["trace", "--record"]);
    run.arg(&recording).args(["--", "echo", "hello"]);
    let outcome = run_to_end(&mut run).ended(0);
    assert_eq!(outcome.stdout, b"hello\n");
    let (_, replayed) = replay(&recording, &[]);
    let replayed = String::from_utf8_lossy(&replayed).into_owned();
    assert!(replayed.contains("write(1, \"hello\\n\", 6)"), "{replayed}");
    let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(&recording).expect("there"));
    assert_eq!(mode & 0o077, 0, "others may read it: {mode:o}");
}

/// Losses are where they happened.
#[test]
fn losses_are_replayed() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut fixture = Fixture::start("flood", place.path(), &["200000", "1"]);
    let (recording, printed) = (place.join("run.rec"), place.join("printed"));
    let pid = fixture.pid().to_string();
    let mut run = tracer_command(["trace", "-e", "openat", "--format", "json", "--pid", &pid]);
    run.args(["--buffer", "4K", "--record"]).arg(&recording);
    let tracer = Tracer::spawn(run.arg("-o").arg(&printed)).ready();
    fixture.go();
    fixture.done();
    let outcome = tracer.stop().ended(0).with_file(&printed);
    assert!(!outcome.losses.is_empty(), "4 KiB were enough");
    let (replayed, again) = replay(&recording, &["--format", "json"]);
    assert_equal("losses", &fs::read(&printed).expect("it printed"), &again);
    assert_eq!(replayed.ended(0).sums(), outcome.sums());
}

/// Whoever may read the file can replay it: no privilege, no kernel.
#[test]
fn an_ordinary_user_replays() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let (recording, live) = live(&place, &["--format", "text"], &["sh", "-c", SCRIPT], 3);
    let theirs = place.join("theirs.rec");
    fs::copy(&recording, &theirs).expect("a copy");
    std::os::unix::fs::chown(&theirs, Some(NOBODY), Some(NOBODY)).expect("chown");
    let program = public_copy(tracer(), &place.join("tracer"));
    let mut run = std::process::Command::new(program);
    run.args(["replay", "--format", "text"]).arg(&theirs);
    let outcome = run_to_end(run.uid(NOBODY).gid(NOBODY)).ended(0);
    assert_equal("as nobody", &live, &outcome.stdout);
}

/// `watch` records, too; an ordinary user with inotify.
#[test]
fn a_watch_is_recorded() {
    if !require_root() {
        return;
    }
    for (backend, format) in [
        ("inotify", "text"),
        ("inotify", "%w %f %e"),
        ("fanotify", "json"),
        ("ebpf", "csv"),
    ] {
        if backend == "ebpf" && !require_ebpf() {
            continue;
        }
        let (place, out) = (Place::new(), Place::new());
        let (recording, printed) = (out.join("run.rec"), out.join("printed"));
        let mut run = tracer_command(["watch", "--backend", backend, "--format", format]);
        run.arg("--record").arg(&recording).arg("-o").arg(&printed);
        let watch = Tracer::spawn(run.arg(".").current_dir(place.path())).ready();
        fs::write(place.join("a"), "x").expect("a file");
        fs::rename(place.join("a"), place.join("b")).expect("a rename");
        fs::remove_file(place.join("b")).expect("a deletion");
        // Nothing says when inotify has told it all, but the end of the run drains the kernel.
        let _ = watch.stop().ended(0);
        let live = fs::read(&printed).expect("it printed");
        assert!(live.split(|b| *b == b'\n').count() > 3, "{backend}");
        let (outcome, replayed) = replay(&recording, &["--format", format]);
        let _ = outcome.ended(0);
        assert_equal(backend, &live, &replayed);
    }
}

/// Cut short, or with another byte, anywhere: one clear line, code 7, and everything before it.
#[test]
fn damaged_recordings() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let (recording, live) = live(&place, &[], &["sh", "-c", SCRIPT], 3);
    let whole = fs::read(&recording).expect("a recording");
    let damaged = place.join("damaged.rec");
    let mut shown = 0;
    let step = whole.len() / 40;
    for at in (0..whole.len()).step_by(step.max(1)) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x40;
        for bytes in [&whole[..at], &flipped] {
            fs::write(&damaged, bytes).expect("a file");
            let mut run = tracer_command(["replay", "-q", "-o"]);
            let printed = place.join("of damaged");
            let _ = fs::remove_file(&printed);
            let outcome = run_to_end(run.arg(&printed).arg(&damaged)).ended(7);
            assert_eq!(outcome.complaints().len(), 1, "{at}: {outcome:?}");
            assert!(outcome.stderr.contains("damaged.rec"), "{outcome:?}");
            let printed = fs::read(&printed).unwrap_or_default();
            assert!(live.starts_with(&printed), "{at}");
            shown = shown.max(printed.len());
        }
    }
    assert!(shown > live.len() / 2, "{shown}");
}

#[test]
fn other_files() {
    let place = Place::new();
    let text = place.file("text");
    let empty = place.join("empty");
    fs::write(&empty, "").expect("a file");
    let newer = place.join("newer");
    fs::write(&newer, b"\x89TRC\r\n\x1a\n\xff\x00").expect("a file");
    for (file, code, said) in [
        (&text, 7, "no recording"),
        (&empty, 7, "no recording"),
        (&newer, 7, "another version of tracer"),
        (&place.join("none"), 5, "No such file"),
        (&place.path().to_owned(), 7, "directory"),
    ] {
        let outcome = run_to_end(tracer_command(["replay"]).arg(file)).ended(code);
        assert!(outcome.stderr.contains(said), "{outcome:?}");
        let name = file.display().to_string();
        assert!(outcome.stderr.contains(&name), "{outcome:?}");
    }
}

/// A small file system of its own, gone with the test.
struct Small(PathBuf);

impl Small {
    fn new(place: &Place, size: &str) -> Self {
        let dir = place.dir("small");
        let size = format!("size={size}");
        mount(
            Some("tmpfs"),
            &dir,
            Some("tmpfs"),
            MsFlags::empty(),
            Some(size.as_str()),
        )
        .expect("a tmpfs");
        Self(dir)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = umount2(&self.0, MntFlags::MNT_DETACH);
    }
}

/// A disk that gets full: code 1, one line, what the recording does not have is lost, and what it
/// has can be replayed.
#[test]
fn a_full_disk() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let small = Small::new(&place, "64k");
    let recording = small.0.join("run.rec");
    let mut fixture = Fixture::start("flood", place.path(), &["300000", "1"]);
    let pid = fixture.pid().to_string();
    let mut run = tracer_command(["trace", "-e", "openat", "--pid", &pid, "--record"]);
    let tracer = Tracer::spawn(run.arg(&recording)).ready();
    fixture.go();
    let outcome = tracer.wait().ended(1);
    fixture.done();
    let sums = outcome.sums();
    assert!(sums.lost > 0 && sums.written > 0, "{outcome:?}");
    assert_eq!(sums.seen, sums.written + sums.filtered + sums.lost);
    assert!(outcome.stderr.contains("No space left"), "{outcome:?}");
    assert!(outcome.stderr.contains("run.rec"), "{outcome:?}");
    fs::copy(&recording, place.join("run.rec")).expect("a copy");
    let (replayed, lines) = replay(&place.join("run.rec"), &["--format", "csv"]);
    let replayed = replayed.ended(7);
    assert!(replayed.stderr.contains("without its sums"), "{replayed:?}");
    let lines = ended_lines(&lines) as u64;
    assert_eq!(lines, sums.written, "{outcome:?}\n{replayed:?}");
}

/// A recorder that is killed leaves what it recorded until a second before.
#[test]
fn a_killed_recorder() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let recording = place.join("run.rec");
    let mut fixture = Fixture::start("flood", place.path(), &["5000", "1"]);
    let pid = fixture.pid().to_string();
    let mut run = tracer_command(["trace", "-e", "openat", "--pid", &pid, "--record"]);
    let tracer = Tracer::spawn(run.arg(&recording)).ready();
    fixture.go();
    fixture.done();
    // The last frame is written when it is a second old.
    let patience = std::time::Instant::now() + tests::PATIENCE;
    let written = || {
        let (outcome, lines) = replay(&recording, &["--format", "csv"]);
        assert_eq!(outcome.code(), 7, "{outcome:?}");
        ended_lines(&lines)
    };
    while written() < 5000 {
        assert!(std::time::Instant::now() < patience, "it is not written");
    }
    tracer.signal(Signal::SIGKILL);
    assert_eq!(tracer.wait().code(), 137);
    assert_eq!(written(), 5000);
}
