//! `watch` with fanotify, where the kernel has it: who and what, successes only.

use std::fs;

use tests::{Fixture, Outcome, Place, Record, Tracer, require_root, tracer_command};

/// A running watch, or `None` with a message where fanotify does not work.
fn watch(place: &Place, options: &[&str]) -> Option<Tracer> {
    let mut command = tracer_command(["watch", "--format", "json", "--backend", "fanotify"]);
    let probe = tracer_command(["watch", "--backend", "fanotify", "--duration", "0s"])
        .arg(place.path())
        .output()
        .expect("it runs");
    if probe.status.code() == Some(4) {
        let why = String::from_utf8_lossy(&probe.stderr);
        assert_eq!(why.trim().lines().count(), 1, "one clear line: {why}");
        eprintln!("skipped: {why}");
        return None;
    }
    Some(Tracer::spawn(command.args(options).arg(place.path())).ready())
}

fn ops_about(outcome: &Outcome, path: &[u8]) -> Vec<String> {
    let about = outcome.records.iter().filter(|r| r.is_about(path));
    about.map(|r| r.op().to_owned()).collect()
}

/// Operations of another process, with its identity.
#[test]
fn operations_with_their_actor() {
    if !require_root() {
        return;
    }
    let (place, outside) = (Place::new(), Place::new());
    place.dir("sub");
    let Some(tracer) = watch(&place, &[]) else {
        return;
    };
    let file = place.join("sub/file");
    fs::write(&file, "x").expect("write");
    fs::read(&file).expect("read");
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("chmod");
    fs::rename(&file, place.join("moved")).expect("rename");
    fs::remove_file(place.join("moved")).expect("remove");
    fs::write(outside.join("stranger"), "x").expect("write");
    let outcome = tracer.stop().ended(0).sound();
    let ops = ops_about(&outcome, &place.bytes("sub/file"));
    for op in ["create", "write", "read", "attribute", "rename"] {
        assert!(ops.iter().any(|o| o == op), "no {op}: {ops:?}\n{outcome:?}");
    }
    let ops = ops_about(&outcome, &place.bytes("moved"));
    assert!(ops.contains(&"delete".to_owned()), "{ops:?}");
    let me = u64::from(std::process::id());
    for record in &outcome.records {
        assert_eq!(record.word("backend"), Some("fanotify"));
        assert_eq!(record.pid(), me, "{}", record.line);
        assert!(record.bytes("comm").is_some() || record.unknown("comm").is_some());
    }
    let stray = outcome.records.iter().find(|r| r.line.contains("stranger"));
    assert!(stray.is_none(), "{}", stray.map_or("", |r| &r.line));
}

/// Directories that are made after the start are watched too, and everything in them is told.
#[test]
fn new_directories() {
    if !require_root() {
        return;
    }
    let place = Place::new();
    let Some(tracer) = watch(&place, &["--op", "create"]) else {
        return;
    };
    let maker = Fixture::start("tree", place.path(), &["3", "4", "1"]);
    let pid = maker.pid();
    let made: Vec<_> = String::from_utf8(maker.play())
        .expect("hexadecimal")
        .lines()
        .map(tests::unhex)
        .collect();
    let outcome = tracer.stop().ended(0).sound();
    for path in &made {
        let ops = ops_about(&outcome, path);
        assert!(
            ops.contains(&"create".to_owned()),
            "{}: {ops:?}",
            String::from_utf8_lossy(path)
        );
    }
    let of_maker = |r: &Record| r.pid() == pid || r.unknown("actor").is_some();
    assert!(outcome.records.iter().all(of_maker));
}
