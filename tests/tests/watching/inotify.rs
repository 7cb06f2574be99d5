//! `watch` with inotify, as user nobody: what, but not who; nothing lost silently.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    process::Command,
};

use nix::sys::signal::Signal;
use tests::{
    NOBODY, Outcome, Place, Record, Tracer, fixture, public_copy, require_root, tracer,
    tracer_command, unhex,
};

/// `tracer watch` as nobody, in a place that belongs to nobody.
fn watch(place: &Place, tools: &Place, options: &[&str]) -> Tracer {
    let mut command = as_nobody(tools);
    command
        .args(["watch", "--format", "json"])
        .args(options)
        .arg(place.path());
    Tracer::spawn(&mut command).ready()
}

fn as_nobody(tools: &Place) -> Command {
    let mut command = Command::new(public_copy(tracer(), &tools.join("tracer")));
    command.uid(NOBODY).gid(NOBODY).current_dir("/");
    command
}

fn ops_about(outcome: &Outcome, path: &[u8]) -> Vec<String> {
    let about = outcome.records.iter().filter(|r| r.is_about(path));
    about.map(|r| r.op().to_owned()).collect()
}

/// The backend is chosen by itself, with one line that says which and why; the actor is an
/// explicit unknown.
#[test]
fn chosen_by_itself_for_an_ordinary_user() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    let tracer = watch(&place, &tools, &[]);
    assert!(tracer.said().contains("inotify"), "{}", tracer.said());
    fs::write(place.join("file"), "x").expect("write");
    let outcome = tracer.stop().ended(0).sound();
    let lines = outcome.complaints();
    assert!(lines.len() <= 4, "{lines:?}");
    assert!(
        lines
            .iter()
            .any(|l| l.contains("ready") && l.contains("inotify")),
        "{lines:?}"
    );
    assert!(!outcome.records.is_empty());
    for record in &outcome.records {
        assert_eq!(record.word("backend"), Some("inotify"));
        assert!(record.get("pid").is_null(), "{}", record.line);
        assert!(record.unknown("actor").is_some(), "{}", record.line);
    }
}

/// Operations with their paths; a rename is one event with both names.
#[test]
fn operations() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    place.dir("sub");
    fs::set_permissions(
        place.join("sub"),
        std::os::unix::fs::PermissionsExt::from_mode(0o777),
    )
    .expect("chmod");
    place.file("sub/old");
    let tracer = watch(&place, &tools, &["--backend", "inotify"]);
    let file = place.join("sub/file");
    fs::write(&file, "x").expect("write");
    fs::read(&file).expect("read");
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("chmod");
    fs::rename(&file, place.join("moved")).expect("rename");
    fs::remove_file(place.join("moved")).expect("remove");
    fs::remove_file(place.join("sub/old")).expect("remove");
    fs::create_dir(place.join("dir")).expect("mkdir");
    fs::remove_dir(place.join("dir")).expect("rmdir");
    let outcome = tracer.stop().ended(0).sound();
    let file = place.bytes("sub/file");
    let ops = ops_about(&outcome, &file);
    for op in ["create", "write", "read", "attribute", "rename"] {
        assert!(
            ops.iter().any(|o| o == op),
            "no {op} of {}: {ops:?}",
            show(&file)
        );
    }
    let moved = place.bytes("moved");
    let rename = outcome
        .records
        .iter()
        .find(|r| r.op() == "rename")
        .expect("a rename");
    assert!(
        rename.is_about(&file) && rename.is_about(&moved),
        "{}",
        rename.line
    );
    let roles: Vec<_> = rename.paths().iter().map(|p| p.role().to_owned()).collect();
    assert_eq!(roles, ["source", "dest"], "{}", rename.line);
    for gone in ["moved", "sub/old", "dir"] {
        let ops = ops_about(&outcome, &place.bytes(gone));
        assert_eq!(
            ops.last().map(String::as_str),
            Some("delete"),
            "{gone}: {ops:?}"
        );
    }
    assert!(ops_about(&outcome, &place.bytes("dir")).contains(&"create".to_owned()));
}

fn show(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

/// Moves into and out of the tree, and of whole directories within it.
#[test]
fn moves_across_the_border() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    let outside = Place::of(NOBODY);
    place.dir("tree/deep");
    place.file("tree/deep/file");
    outside.dir("coming/inner");
    outside.file("coming/inner/file");
    for dir in ["tree", "tree/deep"] {
        std::os::unix::fs::chown(place.join(dir), Some(NOBODY), Some(NOBODY)).expect("chown");
    }
    let tracer = watch(&place, &tools, &["--backend", "inotify"]);
    // Within: what happens below the new name has the new name.
    fs::rename(place.join("tree"), place.join("grove")).expect("rename");
    fs::write(place.join("grove/deep/new"), "x").expect("write");
    // In: the directory and what is in it appear.
    fs::rename(outside.join("coming"), place.join("came")).expect("rename");
    tracer.wait_for("the moved-in directory", |r| {
        r.is_about(&place.bytes("came"))
    });
    fs::write(place.join("came/inner/new"), "x").expect("write");
    // Out: it is gone, and what happens to it after that is not told.
    fs::rename(place.join("grove"), outside.join("went")).expect("rename");
    fs::write(outside.join("went/deep/later"), "x").expect("write");
    let outcome = tracer.stop().ended(0).sound();
    for (path, op) in [
        ("grove/deep/new", "create"),
        ("came/inner", "create"),
        ("came/inner/file", "create"),
        ("came/inner/new", "create"),
    ] {
        let ops = ops_about(&outcome, &place.bytes(path));
        assert!(ops.iter().any(|o| o == op), "no {op} of {path}: {ops:?}");
    }
    // By its other name it was outside: it is new here, or it was renamed.
    let came = ops_about(&outcome, &place.bytes("came"));
    assert!(
        matches!(came.first().map(String::as_str), Some("create" | "rename")),
        "{came:?}"
    );
    let grove = ops_about(&outcome, &place.bytes("grove"));
    assert_eq!(
        grove.first().map(String::as_str),
        Some("rename"),
        "{grove:?}"
    );
    assert!(
        matches!(grove.last().map(String::as_str), Some("delete" | "rename")),
        "{grove:?}"
    );
    let later = outcome.records.iter().find(|r| r.line.contains("later"));
    assert!(later.is_none(), "{}", later.map_or("", |r| &r.line));
}

/// A tree that is made faster than watches can be added: every file and directory is told.
#[test]
fn a_tree_made_faster_than_watches() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    let maker = public_copy(fixture(), &tools.join("fixture"));
    let tracer = watch(&place, &tools, &["--backend", "inotify", "--op", "create"]);
    // 4 + 16 + 64 + 256 + 1024 directories with two files each.
    let out = Command::new(maker)
        .arg("tree")
        .arg(place.path())
        .args(["4", "5", "2"])
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .expect("the fixture runs");
    assert!(out.status.success());
    let outcome = tracer.stop().ended(0).sound();
    let made: BTreeSet<Vec<u8>> = String::from_utf8(out.stdout)
        .expect("hexadecimal")
        .lines()
        .map(unhex)
        .collect();
    assert_eq!(made.len(), 1364 * 3);
    let mut told: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    for record in &outcome.records {
        assert_eq!(record.op(), "create", "{}", record.line);
        for path in record.paths() {
            *told
                .entry(path.path().expect("inotify knows its paths"))
                .or_default() += 1;
        }
    }
    let missing: Vec<_> = made
        .iter()
        .filter(|p| !told.contains_key(*p))
        .map(|p| show(p))
        .collect();
    assert!(
        missing.is_empty(),
        "{} never told, such as {}; {outcome:?}",
        missing.len(),
        missing[0]
    );
    let invented: Vec<_> = told
        .keys()
        .filter(|p| !made.contains(*p))
        .map(|p| show(p))
        .collect();
    assert!(invented.is_empty(), "{invented:?}");
    let twice: Vec<_> = told
        .iter()
        .filter(|(_, n)| **n > 1)
        .map(|(p, _)| show(p))
        .collect();
    assert!(
        twice.is_empty(),
        "{} told as created twice, such as {}",
        twice.len(),
        twice[0]
    );
}

/// The kernel's queue overflows while the tracer is stopped: it says so, rescans, and what is
/// there in the end is told.
#[test]
fn overflow_is_told_and_rescanned() {
    if !require_root() {
        return;
    }
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").expect("/proc");
    let limit: usize = limit.trim().parse().expect("a number");
    let (place, tools) = (Place::of(NOBODY), Place::new());
    let tracer = watch(&place, &tools, &["--backend", "inotify"]);
    tracer.signal(Signal::SIGSTOP);
    for n in 0..limit {
        fs::write(place.join(format!("busy-{}", n % 100)), "x").expect("write");
    }
    fs::create_dir(place.join("after")).expect("mkdir");
    fs::write(place.join("after/file"), "x").expect("write");
    tracer.signal(Signal::SIGCONT);
    let after = place.bytes("after/file");
    tracer.wait_for("the file of the rescan", |r| r.is_about(&after));
    // What happens from now on is seen again, in old and new directories.
    fs::write(place.join("after/later"), "x").expect("write");
    let outcome = tracer.stop().ended(0).sound();
    assert!(
        outcome
            .losses
            .iter()
            .any(|(_, l)| l.reason == "queue-overflow"),
        "{outcome:?}"
    );
    assert!(outcome.sums().lost >= 1);
    assert!(outcome.stderr.contains("overflow"), "{outcome:?}");
    assert!(
        !ops_about(&outcome, &place.bytes("after/later")).is_empty(),
        "blind after overflow"
    );
    let rescanned = |r: &&Record| r.get("synthesised") == true && r.is_about(&after);
    assert!(
        outcome.records.iter().find(rescanned).is_some(),
        "not marked as synthesised"
    );
}

/// Excluded directories are not entered, excluded names are not told; `--op` limits.
#[test]
fn exclude_and_operations() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    place.dir("out");
    let excluded = place.join("out");
    let options = [
        "--backend",
        "inotify",
        "--op",
        "create,delete",
        "--exclude",
        "*.swp",
        "--exclude",
        excluded.to_str().expect("UTF-8"),
    ];
    let tracer = watch(&place, &tools, &options);
    for name in ["kept", "x.swp", "out/y"] {
        fs::write(place.join(name), "x").expect("write");
        fs::remove_file(place.join(name)).expect("remove");
    }
    let outcome = tracer.stop().ended(0).sound();
    let seen: Vec<_> = outcome
        .records
        .iter()
        .flat_map(|r| {
            r.paths()
                .into_iter()
                .filter_map(|p| Some((r.op().to_owned(), p.path()?)))
        })
        .collect();
    let kept = place.bytes("kept");
    assert_eq!(
        seen,
        [
            ("create".to_owned(), kept.clone()),
            ("delete".to_owned(), kept)
        ]
    );
}

/// Odd names are told exactly.
#[test]
fn odd_names() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    let tracer = watch(&place, &tools, &["--backend", "inotify", "--op", "create"]);
    let names: [&[u8]; 5] = [b"new\nline", b"\xff\xfe", b"\x1b[31m", b"q\"uote\\", b" "];
    for name in names {
        fs::write(place.join(std::ffi::OsStr::from_bytes(name)), "").expect("write");
    }
    let outcome = tracer.stop().ended(0).sound();
    for name in names {
        let path = place.bytes(std::ffi::OsStr::from_bytes(name));
        assert_eq!(
            ops_about(&outcome, &path),
            ["create"],
            "{}",
            name.escape_ascii()
        );
    }
}

/// The watched root goes away: the run ends by itself, with success.
#[test]
fn the_root_is_deleted() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    let root = place.dir("root");
    let mut command = as_nobody(&tools);
    command
        .args(["watch", "--format", "json", "--backend", "inotify"])
        .arg(&root);
    let tracer = Tracer::spawn(&mut command).ready();
    fs::remove_dir(&root).expect("rmdir");
    let outcome = tracer.wait().ended(0).sound();
    assert_eq!(ops_about(&outcome, &place.bytes("root")), ["delete"]);
}

/// As root the inotify backend works the same when it is asked for.
#[test]
fn forced_as_root() {
    if !require_root() {
        return;
    }
    let place = Place::new();
    let mut command = tracer_command(["watch", "--format", "json", "--backend", "inotify"]);
    let tracer = Tracer::spawn(command.arg(place.path())).ready();
    fs::write(place.join("file"), "x").expect("write");
    let outcome = tracer.stop().ended(0).sound();
    assert!(ops_about(&outcome, &place.bytes("file")).contains(&"create".to_owned()));
}
