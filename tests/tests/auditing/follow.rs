//! `tracer search --follow`: what is written to a log while somebody follows it is told, all of it,
//! once, as a search in the whole log tells it.

use std::{
    fmt::Write as _,
    fs::{self, File, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use nix::sys::signal::Signal;
use tests::{PATIENCE, Place, Tracer, tracer_command};

const REAL: &[u8] = include_bytes!("../../golden/audit-reference/audit.log");

/// An event of two records.
fn event(serial: u64) -> String {
    let key = if serial.is_multiple_of(2) {
        "even"
    } else {
        "odd"
    };
    format!(
        "type=SYSCALL msg=audit(1000.000:{serial}): arch=c000003e syscall=87 success=yes exit=0 \
         pid=7 auid=0 uid=0 comm=\"rm\" exe=\"/usr/bin/rm\" key=\"{key}\"\n\
         type=PROCTITLE msg=audit(1000.000:{serial}): proctitle=726D\n"
    )
}

fn events(serials: impl IntoIterator<Item = u64>) -> String {
    serials.into_iter().map(event).collect()
}

fn append(log: &Path, text: &str) {
    let file = OpenOptions::new().append(true).create(true).open(log);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .expect("written");
}

fn follow(log: &Path, args: &[&str]) -> Tracer {
    let mut command = tracer_command(["search", "--follow", "-if"]);
    Tracer::spawn(command.arg(log).args(args).env("TZ", "UTC")).ready()
}

/// The serial numbers in raw records, of each event once where its records are together.
fn serials(raw: &[u8]) -> Vec<u64> {
    let text = String::from_utf8_lossy(raw);
    let mut found: Vec<u64> = text
        .lines()
        .filter_map(|line| {
            line.split_once("audit(")?
                .1
                .split_once(':')?
                .1
                .split(')')
                .next()
        })
        .map(|serial| serial.parse().expect("a number"))
        .collect();
    found.dedup();
    found
}

/// Waits for an event of this number, ends with Ctrl-C, and gives what was printed.
fn ended(follower: Tracer, last: u64) -> Vec<u8> {
    follower.wait_output(&format!(":{last})"));
    follower.signal(Signal::SIGINT);
    let (code, out, said) = follower.wait_raw();
    assert_eq!(code, Some(0), "{said}");
    out
}

#[test]
fn from_the_end() {
    let place = Place::new();
    let log = place.join("audit.log");
    append(&log, &events(1..9));
    let follower = follow(&log, &["-r", "-k", "even"]);
    // Piece by piece, through the middle of lines.
    for piece in events(10..20).as_bytes().chunks(100) {
        append(&log, std::str::from_utf8(piece).expect("ASCII"));
    }
    assert_eq!(serials(&ended(follower, 18)), [10, 12, 14, 16, 18]);
}

#[test]
fn from_a_time_on_with_what_was_rotated_away() {
    let place = Place::new();
    let log = place.join("audit.log");
    append(
        &place.join("audit.log.2"),
        &events(1..4).replace("(1000", "(900"),
    );
    append(&place.join("audit.log.1"), &events(4..9));
    append(&log, &events(9..12));
    let mut command = tracer_command(["search", "--follow", "-r", "-ts", "1970-01-01T00:16:00Z"]);
    let follower = Tracer::spawn(command.arg("-if").arg(place.path())).ready();
    append(&log, &events(12..14));
    assert_eq!(serials(&ended(follower, 13)), (4..14).collect::<Vec<_>>());
}

/// Renamed and made anew, while the writer goes on in the old one for a moment; twice at once; cut.
#[test]
fn over_rotations() {
    let place = Place::new();
    let log = place.join("audit.log");
    let numbered = |n: u32| place.join(format!("audit.log.{n}"));
    append(&log, &events(1..3));
    let follower = follow(&log, &["-r"]);
    append(&log, &events(3..5));
    follower.wait_output(":4)");
    // As logrotate does it: the new file is there before the writer knows.
    fs::rename(&log, numbered(1)).expect("renamed");
    File::create(&log).expect("made");
    append(&numbered(1), &events(5..7));
    append(&log, &events(7..9));
    follower.wait_output(":8)");
    // Twice before the follower has seen the first: it is stopped.
    follower.signal(Signal::SIGSTOP);
    append(&log, &events(9..11));
    for range in [11..13, 13..15, 15..17] {
        for n in [2, 1] {
            let _ = fs::rename(numbered(n), numbered(n + 1));
        }
        fs::rename(&log, numbered(1)).expect("renamed");
        append(&log, &events(range));
    }
    follower.signal(Signal::SIGCONT);
    follower.wait_output(":16)");
    // As `copytruncate` does it, with as much as there was before.
    fs::write(&log, events(17..19)).expect("written");
    follower.wait_output(":18)");
    fs::write(&log, "").expect("cut");
    append(&log, &events(19..20));
    assert_eq!(serials(&ended(follower, 19)), (3..20).collect::<Vec<_>>());
}

/// A real log, in every format: as a search in all of it.
#[test]
fn every_format() {
    let place = Place::new();
    let whole = place.join("whole.log");
    let end = event(9_999_999);
    fs::write(&whole, [REAL, end.as_bytes()].concat()).expect("written");
    for args in [
        &["--format", "raw"][..],
        &["--format", "default"],
        &["--format", "interpret"],
        &["--format", "csv", "--extra-time"],
        &["--format", "text"],
        &["--format", "json"],
        &["-i", "-sv", "no"],
    ] {
        let log = place.join("audit.log");
        fs::write(&log, "").expect("written");
        let follower = follow(&log, args);
        let mut file = OpenOptions::new().append(true).open(&log).expect("opened");
        for piece in REAL.chunks(50_001) {
            file.write_all(piece).expect("written");
        }
        file.write_all(end.as_bytes()).expect("written");
        // Every format names the number of the last event, but for a sentence.
        let mut command = tracer_command(["search", "-if"]);
        let wanted = command.arg(&whole).args(args).env("TZ", "UTC").output();
        let wanted = String::from_utf8(wanted.expect("it runs").stdout).expect("UTF-8");
        assert!(wanted.len() > 1000, "{args:?}");
        follower.wait_output(&wanted[wanted.len() - 200..]);
        follower.signal(Signal::SIGTERM);
        let (code, out, said) = follower.wait_raw();
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(String::from_utf8_lossy(&out), wanted, "{args:?}");
    }
}

/// An event without a last record is told when nothing has come for two seconds, or when the log is
/// two seconds further.
#[test]
fn an_event_whose_end_is_not_there() {
    let place = Place::new();
    let log = place.join("audit.log");
    append(&log, "");
    let follower = follow(&log, &["-r"]);
    let open = |serial: u64| event(serial).lines().next().expect("a line").to_owned() + "\n";
    append(&log, &open(1));
    append(&log, &event(2));
    follower.wait_output(":2)");
    append(&log, &open(3));
    append(&log, &open(4).replace("(1000", "(1003"));
    follower.wait_output(":3)");
    assert_eq!(serials(&ended(follower, 4)), [1, 2, 3, 4]);
}

#[test]
fn one_is_enough_and_a_closed_pipe_ends() {
    let place = Place::new();
    let log = place.join("audit.log");
    append(&log, &events(1..3));
    let follower = follow(&log, &["-r", "--just-one", "-k", "even"]);
    append(&log, &events(3..9));
    let (code, out, said) = follower.wait_raw();
    assert_eq!((code, serials(&out)), (Some(0), vec![4]), "{said}");
    let one = follow(&log, &["-r", "--just-one", "-ts", "1970-01-01T00:00:01Z"]);
    let (code, out, said) = one.wait_raw();
    assert_eq!((code, serials(&out)), (Some(0), vec![1]), "{said}");
    // Nothing is written any more: the end of the reader is noticed all the same.
    let mut command = tracer_command(["search", "--follow", "-r", "-if"]);
    let mut follower = Tracer::spawn_unread(command.arg(&log)).ready();
    append(&log, &event(9));
    follower.read_lines_and_close(2);
    let (code, _, said) = follower.wait_raw();
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_checkpoint_goes_on_and_is_left_behind() {
    let place = Place::new();
    let log = place.join("audit.log");
    let file = place.join("seen").display().to_string();
    append(&log, &events(1..5));
    let search = |log: &PathBuf| {
        let mut command = tracer_command(["search", "-r", "--checkpoint", &file, "-if"]);
        serials(&command.arg(log).output().expect("it runs").stdout)
    };
    assert_eq!(search(&log), [1, 2, 3, 4]);
    append(&log, &events(5..7));
    fs::rename(&log, place.join("audit.log.1")).expect("renamed");
    append(&log, &events(7..9));
    let follower = follow(&log, &["-r", "--checkpoint", &file]);
    append(&log, &events(9..11));
    assert_eq!(serials(&ended(follower, 10)), (5..11).collect::<Vec<_>>());
    append(&log, &events(11..13));
    assert_eq!(search(&log), [11, 12]);
}

#[test]
fn a_pipe() {
    let (reader, mut writer) = std::io::pipe().expect("a pipe");
    let mut child = tracer_command(["search", "--follow", "-r", "-k", "odd"])
        .stdin(reader)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let heard = tests::Heard::default();
    let listener = heard.listen(child.stdout.take().expect("it is piped"));
    writer.write_all(events(1..4).as_bytes()).expect("written");
    heard.wait_for(|said| serials(said) == [1, 3]);
    writer.write_all(events(4..6).as_bytes()).expect("written");
    drop(writer);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    listener.join().expect("it is read");
    assert_eq!(serials(&heard.take()), [1, 3, 5]);
}

#[test]
fn what_cannot_be_followed() {
    let place = Place::new();
    let log = place.join("audit.log");
    append(&log, &event(1));
    let packed = place.join("none");
    for (args, path, code, words) in [
        (&["-te", "today"][..], &log, 2, "leave the end (-te) out"),
        (&[], &packed, 5, "cannot open"),
        (
            &[],
            &PathBuf::from("/dev/null"),
            5,
            "only a file can be followed",
        ),
    ] {
        let mut command = tracer_command(["search", "--follow", "-if"]);
        let out = command.arg(path).args(args).output().expect("it runs");
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

/// What is no record is told once, with its place in the file.
#[test]
fn what_is_no_record() {
    let place = Place::new();
    let log = place.join("audit.log");
    append(&log, &event(1));
    let follower = follow(&log, &["-r"]);
    let mut text = event(2);
    let at = event(1).len() + text.len();
    let _ = writeln!(text, "nonsense");
    append(&log, &(text + &event(3)));
    follower.wait_output(":3)");
    append(&log, &event(4));
    follower.wait_output(":4)");
    let told = format!("at offset {at}: no audit record");
    follower.wait_said(&told);
    assert_eq!(
        follower.said().matches(&told).count(),
        1,
        "{}",
        follower.said()
    );
    // In the next file, and in one that was cut, places are counted anew.
    fs::rename(&log, place.join("audit.log.1")).expect("renamed");
    append(&log, &(event(5) + "nonsense\n" + &event(6)));
    follower.wait_said(&format!("at offset {}: no audit record", event(5).len()));
    follower.wait_output(":6)");
    let three = events(7..10);
    fs::write(&log, three.clone() + "nonsense\n" + &event(10)).expect("written");
    follower.wait_said(&format!("at offset {}: no audit record", three.len()));
    assert_eq!(serials(&ended(follower, 10)), (2..11).collect::<Vec<_>>());
}

/// `report --html FILE --watch`
#[test]
fn a_page_follows_the_log() {
    let place = Place::new();
    let (log, page) = (place.join("audit.log"), place.join("page.html"));
    append(&log, &events(1..3));
    let mut command = tracer_command(["report", "--watch", "--html"]);
    let watcher = Tracer::spawn(command.arg(&page).arg("-if").arg(&log)).ready();
    let text = || fs::read_to_string(&page).unwrap_or_default();
    assert!(text().contains("http-equiv=\"refresh\"") && !text().contains("newcomer"));
    append(&log, &event(4).replace("\"rm\"", "\"newcomer\""));
    let end = Instant::now() + PATIENCE;
    while !text().contains("newcomer") {
        assert!(Instant::now() < end, "the page was not written anew");
        std::thread::sleep(Duration::from_millis(20));
    }
    watcher.signal(Signal::SIGINT);
    let (code, _, said) = watcher.wait_raw();
    assert_eq!(code, Some(0), "{said}");
    let mut command = tracer_command(["report", "--watch", "-if"]);
    let out = command.arg(&log).output().expect("it runs");
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("--html FILE"));
}

/// An event of a call, by somebody, about files with names and kinds.
fn touched(serial: u64, head: &str, files: &[(&str, &str)]) -> String {
    let stamp = format!("audit(1000.000:{serial}):");
    let mut text = format!("type=SYSCALL msg={stamp} {head}\ntype=CWD msg={stamp} cwd=\"/srv\"\n");
    for (n, (name, kind)) in files.iter().enumerate() {
        let _ = writeln!(
            text,
            "type=PATH msg={stamp} item={n} name=\"{name}\" inode=1 dev=fd:00 mode=0100644 ouid=0 \
             ogid=0 rdev=00:00 nametype={kind} cap_fp=0"
        );
    }
    let _ = writeln!(text, "type=PROCTITLE msg={stamp} proctitle=726D");
    text
}

/// Who does a call of this table and number.
fn head(arch: &str, call: u32, exit: i32, who: &str) -> String {
    let success = if exit < 0 { "no" } else { "yes" };
    format!(
        "arch={arch} syscall={call} success={success} exit={exit} a0=ffffff9c a1=0 a2=0 a3=0 items=1 \
         {who} euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm=\"c\" exe=\"/usr/bin/c\""
    )
}

/// `top --log LOG`: what it counts is what the log tells of calls, over a rotation.
#[test]
fn top_of_a_log() {
    const ANA: &str = "ppid=1 pid=70 auid=1000 uid=1000 gid=1000";
    const EVA: &str = "ppid=1 pid=71 auid=1001 uid=1001 gid=1001";
    let place = Place::new();
    let log = place.join("audit.log");
    append(
        &log,
        &touched(1, &head("c000003e", 257, 3, ANA), &[("/old", "NORMAL")]),
    );
    let top = |args: &[&str]| {
        let mut command = tracer_command(["top", "--json", "-i", "100ms", "--log"]);
        Tracer::spawn(command.arg(&log).args(args)).ready()
    };
    let everybody = top(&[]);
    let of_eva = top(&["--uid", "1001", "/srv"]);
    let parent = ("/srv", "PARENT");
    for text in [
        // Relative to the working directory; by another machine (ppc64le); failed; an operation of io_uring.
        touched(2, &head("c000003e", 257, 3, ANA), &[("a", "NORMAL")]),
        touched(3, &head("c0000015", 286, 3, EVA), &[("./a", "NORMAL")]),
        touched(4, &head("c000003e", 87, -13, EVA), &[parent, ("b", "DELETE")]),
        touched(5, &head("c000003e", 82, 0, EVA), &[parent, parent, ("b", "DELETE"), ("c", "CREATE")]),
        "type=USER_CMD msg=audit(1000.000:6): pid=1 uid=0 auid=0 ses=1 msg='cmd=6C73 res=success'\n"
            .to_owned(),
        "type=KERNEL_OTHER msg=audit(1000.000:7): tracer=\"loss\" tr_op=\"lost\" tr_count=\"5\" \
         tr_reason=\"ring-full\"\n"
            .to_owned(),
    ] {
        append(&log, &text);
    }
    everybody.wait_output("\"name\":\"/srv/c\"");
    fs::rename(&log, place.join("audit.log.1")).expect("renamed");
    append(
        &log,
        &touched(
            8,
            &head("c000003e", 257, 3, EVA),
            &[("/srv/last", "NORMAL")],
        ),
    );
    append(
        &log,
        &touched(
            9,
            &head("c000003e", 257, 3, EVA),
            &[("/tmp/other", "NORMAL")],
        ),
    );
    for follower in [&everybody, &of_eva] {
        follower.wait_output("\"name\":\"/srv/last\"");
    }
    everybody.wait_output("\"lost\":5");
    // What is left is told at the end.
    let rows = |follower: Tracer| {
        follower.signal(Signal::SIGINT);
        let (code, out, said) = follower.wait_raw();
        assert_eq!(code, Some(0), "{said}");
        let text = String::from_utf8(out).expect("UTF-8");
        let mut last = std::collections::BTreeMap::new();
        for line in text.lines() {
            let object: serde_json::Value = serde_json::from_str(line).expect("JSON");
            for row in object["rows"].as_array().expect("rows") {
                let name = row["name"].as_str().expect("a name").to_owned();
                last.insert(name, row["total"].as_u64().expect("a number"));
            }
        }
        (last, said)
    };
    let (of_all, said) = rows(everybody);
    let wanted = [
        ("/srv/a", 2),
        ("/srv/b", 1),
        ("/srv/c", 1),
        ("/srv/last", 1),
        ("/tmp/other", 1),
    ];
    let wanted = wanted.map(|(name, total)| (name.to_owned(), total));
    assert_eq!(of_all, wanted.clone().into());
    assert!(said.contains("written 6"), "{said}");
    let (of_eva, said) = rows(of_eva);
    let without_others = wanted.into_iter().filter(|(name, _)| name != "/tmp/other");
    let mut wanted: std::collections::BTreeMap<_, _> = without_others.collect();
    wanted.insert("/srv/a".to_owned(), 1);
    assert_eq!(of_eva, wanted, "{said}");
}

#[test]
fn top_of_what_is_no_log() {
    let place = Place::new();
    let log = place.join("audit.log");
    append(&log, &event(1));
    let none = place.join("none");
    for (args, path, code, words) in [
        (&[][..], &none, 5, "cannot open"),
        (
            &[],
            &PathBuf::from("/dev/null"),
            5,
            "only a file can be followed",
        ),
        (&["--pid", "1"], &log, 2, "cannot be used with"),
        (&["--backend", "ebpf"], &log, 2, "cannot be used with"),
    ] {
        let mut command = tracer_command(["top", "--batch", "-n", "1", "--log"]);
        let out = command.arg(path).args(args).output().expect("it runs");
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{said}");
    }
}
