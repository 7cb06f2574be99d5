//! What goes through a ring does not slip past: the records are those of the calls that do the
//! same.

use tests::{
    Account, Fixture, Line, Outcome, Place, Record, Tracer, play, play_with, require_ebpf,
};

/// Is it of `io_uring`?
fn is_uring(record: &Record) -> bool {
    record.word("arch") == Some("io_uring")
}

/// Every operation, with every argument, result, path and actor.
#[test]
fn every_operation() {
    if !require_ebpf() {
        return;
    }
    let scene = play("uring");
    let uring: Vec<_> = scene
        .outcome
        .records
        .iter()
        .filter(|r| is_uring(r))
        .collect();
    match &scene.account.unsupported {
        Some(why) => eprintln!("skipped: {why}"),
        None => assert!(uring.len() >= 17, "{} operations only", uring.len()),
    }
}

/// What of the account has no record of the same call, result and path.
fn unrecorded(account: &Account, outcome: &Outcome) -> Vec<Line> {
    let mut records: Vec<_> = outcome.records.iter().filter(|r| is_uring(r)).collect();
    let mut missing = Vec::new();
    for line in &account.calls {
        let path = line.bytes("path").expect("each line has one");
        let found = records.iter().position(|record| {
            record.syscall() == line.syscall()
                && record.number("ret") == line.number("ret")
                && record.pid() == line.pid()
                && record.is_about(&path)
        });
        match found {
            Some(at) => drop(records.remove(at)),
            None => missing.push(line.clone()),
        }
    }
    missing
}

/// By a worker, by a polling thread, in chains, to the ring's own files, without a completion.
#[test]
fn every_way() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("uring-ways", &["-e", "openat,unlinkat", "--format", "json"]);
    if let Some(why) = &scene.account.unsupported {
        eprintln!("skipped: {why}");
        return;
    }
    let missing = unrecorded(&scene.account, &scene.outcome);
    let said = || {
        let uring = scene.outcome.records.iter().filter(|r| is_uring(r));
        uring
            .map(|r| r.line.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert!(missing.is_empty(), "{missing:?} of\n{}", said());
    let problems: Vec<_> = scene
        .outcome
        .records
        .iter()
        .flat_map(Record::problems)
        .collect();
    assert!(problems.is_empty(), "{problems:?}");
    assert!(scene.account.calls.len() >= 8, "{:?}", scene.account.calls);
    // The file that got no descriptor is known from the ring's table, by its inode.
    let direct = scene.outcome.records.iter().filter(|r| {
        is_uring(r) && r.syscall() == "openat" && r.number("ret").is_some_and(|ret| ret >= 0)
    });
    for record in direct {
        let via = record.paths()[0].get("via").as_str().map(str::to_owned);
        assert_eq!(via.as_deref(), Some("kernel"), "{}", record.line);
    }
}

/// A success that nobody is told of is there, with an unknown result.
#[test]
fn without_a_word() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("uring-ways", &["-e", "unlinkat", "--format", "json"]);
    let path = scene.place.bytes("silent");
    let silent = |line: &&Line| line.bytes("path") == Some(path.clone());
    if scene.account.calls.iter().find(silent).is_none() {
        eprintln!("skipped: this kernel tells every success");
        return;
    }
    let record = scene.outcome.records.iter().find(|r| r.is_about(&path));
    let record = record.expect("it is recorded");
    assert_eq!(record.unknown("ret"), Some("not-told"), "{}", record.line);
    assert!(record.get("success").is_null(), "{}", record.line);
}

/// A watch is told of it.
#[test]
fn a_watch() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut fixture = Fixture::start("uring", place.path(), &[]);
    let dir = place.path().to_str().expect("UTF-8");
    let tracer = Tracer::start([
        "watch",
        "--format",
        "json",
        "--op",
        "delete,rename,create",
        dir,
    ]);
    fixture.go();
    fixture.done();
    let outcome = tracer.stop().ended(0).conserved();
    let account = Account::read(&fixture.end());
    if account.unsupported.is_some() {
        return;
    }
    for (op, name) in [
        ("create", "new"),
        ("rename", "moved"),
        ("delete", "missing-not"),
    ] {
        let path = place.bytes(name);
        let found = outcome
            .records
            .iter()
            .any(|r| is_uring(r) && r.op() == op && r.is_about(&path));
        assert_eq!(found, name != "missing-not", "{op} {name}");
    }
    let link = place.bytes("link");
    let deleted = outcome
        .records
        .iter()
        .any(|r| r.op() == "delete" && r.is_about(&link));
    assert!(deleted, "no delete of the link");
}

/// Filters are the same as for calls: by result, by path.
#[test]
fn filters() {
    if !require_ebpf() {
        return;
    }
    for (option, failed) in [("--failed", true), ("--success", false)] {
        let scene = play_with("uring", &["-e", "file", option, "--format", "json"]);
        let uring: Vec<_> = scene
            .outcome
            .records
            .iter()
            .filter(|r| is_uring(r))
            .collect();
        assert!(
            !uring.is_empty() || scene.account.unsupported.is_some(),
            "nothing with {option}"
        );
        for record in uring {
            assert_eq!(record.word("errno").is_some(), failed, "{}", record.line);
        }
    }
}

/// Audit records as the kernel writes them for a ring.
#[test]
fn audit_records() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("uring", &["-e", "unlinkat", "--format", "audit"]);
    if scene.account.unsupported.is_some() {
        return;
    }
    let text = String::from_utf8_lossy(&scene.outcome.stdout).into_owned();
    // Not the first: 5.10 has no operation to make the directory that it would remove.
    let wanted = "): uring_op=36 success=yes exit=0 items=1 ppid=";
    let found = text
        .lines()
        .any(|line| line.starts_with("type=URINGOP") && line.contains(wanted));
    assert!(found, "no URINGOP in\n{text}");
    assert!(text.contains("comm=\"fixture\" exe="), "{text}");
    assert!(!text.contains("type=SYSCALL"), "{text}");
}
