//! Filters: nothing that does not match, and everything that does.

use std::{os::unix::process::CommandExt, path::Path, process::Command};

use tests::{
    Account, COVERED, Fixture, Outcome, Place, Record, Tracer, assert_same, fixture, public_copy,
    require_ebpf,
};

/// Traces with these options, for as long as it takes two fixtures to play the same scenario in
/// two places, one of which matches. Both wait for the tracer to be ready.
struct Duel {
    wanted: Account,
    wanted_pid: u64,
    other_pid: u64,
    outcome: Outcome,
}

impl Duel {
    fn fight(options: &[&str], mut wanted: Fixture, mut other: Fixture) -> Self {
        let tracer = Tracer::start(["trace", "--format", "json"].iter().chain(options));
        let (wanted_pid, other_pid) = (wanted.pid(), other.pid());
        for fixture in [&mut other, &mut wanted] {
            fixture.go();
            fixture.done();
        }
        let outcome = tracer.stop().ended(0).sound();
        let wanted = Account::read(&wanted.end());
        assert!(wanted.calls.len() > 5);
        Self {
            wanted,
            wanted_pid,
            other_pid,
            outcome,
        }
    }

    /// No record of the other one, and each record satisfies a condition.
    fn nothing_else(&self, matches: impl Fn(&Record) -> bool) {
        let other = self.outcome.of_pid(self.other_pid);
        assert!(other.is_empty(), "does not match: {}", other[0].line);
        let stray = self.outcome.records.iter().find(|r| !matches(r));
        assert!(
            stray.is_none(),
            "does not match: {}",
            stray.map_or("", |r| &r.line)
        );
    }

    /// Everything that the fixture did.
    fn everything(&self, program: &Path) {
        let account = self.wanted.only(|line| line.pid() == self.wanted_pid);
        assert_same(&account, &self.outcome.records, program);
    }
}

/// A fixture that is run by another user, from a public copy under a name of its own.
fn as_user(user: u32, name: &str, scenario: &str, place: &Place, tools: &Place) -> Fixture {
    let program = public_copy(fixture(), &tools.join(name));
    let mut command = Command::new(program);
    command
        .args(["--wait", "--then-hold", scenario])
        .arg(place.path());
    Fixture::spawn(command.uid(user).gid(user))
}

/// No filter at all: everybody's calls, but not the tracer's own.
#[test]
fn everybody() {
    if !require_ebpf() {
        return;
    }
    let (one, two) = (Place::new(), Place::new());
    let mut players = [
        Fixture::start("modes", one.path(), &[]),
        Fixture::start("dirs", two.path(), &[]),
    ];
    let tracer = Tracer::start(["trace", "--format", "json", "-e", COVERED]);
    let own = u64::from(tracer.pid());
    for player in &mut players {
        player.go();
        player.done();
    }
    let outcome = tracer.stop().ended(0).sound();
    assert!(outcome.of_pid(own).is_empty(), "it told of itself");
    for player in players {
        assert_same(&Account::read(&player.end()), &outcome.records, fixture());
    }
}

#[test]
fn by_uid() {
    if !require_ebpf() {
        return;
    }
    let (one, two, tools) = (Place::of(12_345), Place::of(12_346), Place::new());
    let wanted = as_user(12_345, "fixture", "deletes", &one, &tools);
    let other = as_user(12_346, "fixture-2", "deletes", &two, &tools);
    let duel = Duel::fight(&["--uid", "12345", "-e", COVERED], wanted, other);
    duel.nothing_else(|r| r.number("uid") == Some(12_345));
    duel.everything(&tools.join("fixture"));
}

#[test]
fn by_gid() {
    if !require_ebpf() {
        return;
    }
    let (one, two, tools) = (Place::of(12_355), Place::of(12_356), Place::new());
    let wanted = as_user(12_355, "fixture", "dirs", &one, &tools);
    let other = as_user(12_356, "fixture-2", "dirs", &two, &tools);
    let duel = Duel::fight(&["--gid", "12355", "-e", COVERED], wanted, other);
    duel.nothing_else(|r| r.number("gid") == Some(12_355));
    duel.everything(&tools.join("fixture"));
}

#[test]
fn by_comm() {
    if !require_ebpf() {
        return;
    }
    let (one, two, tools) = (Place::new(), Place::new(), Place::new());
    let wanted = as_user(0, "comm-wanted", "lengths", &one, &tools);
    let other = as_user(0, "comm-other", "lengths", &two, &tools);
    let duel = Duel::fight(&["--comm", "comm-wanted", "-e", COVERED], wanted, other);
    duel.nothing_else(|r| r.bytes("comm").as_deref() == Some(b"comm-wanted"));
    duel.everything(&tools.join("comm-wanted"));
}

#[test]
fn by_comm_with_wildcard() {
    if !require_ebpf() {
        return;
    }
    let (one, two, tools) = (Place::new(), Place::new(), Place::new());
    let wanted = as_user(0, "wild-wanted", "lengths", &one, &tools);
    let other = as_user(0, "wild-other", "lengths", &two, &tools);
    let duel = Duel::fight(&["--comm", "wild-w*", "-e", COVERED], wanted, other);
    duel.nothing_else(|r| r.bytes("comm").is_some_and(|c| c.starts_with(b"wild-w")));
    duel.everything(&tools.join("wild-wanted"));
}

#[test]
fn by_exe() {
    if !require_ebpf() {
        return;
    }
    let (one, two, tools) = (Place::new(), Place::new(), Place::new());
    let wanted = as_user(0, "exe-wanted", "lengths", &one, &tools);
    let other = as_user(0, "exe-other", "lengths", &two, &tools);
    let glob = tools.join("*-wanted");
    let glob = glob.to_str().expect("UTF-8");
    let duel = Duel::fight(&["--exe", glob, "-e", COVERED], wanted, other);
    let exe = tools.bytes("exe-wanted");
    duel.nothing_else(|r| r.bytes("exe").as_ref() == Some(&exe));
    duel.everything(&tools.join("exe-wanted"));
}

/// `--path DIR` is the directory and everything below it, by its resolved path.
#[test]
fn by_path() {
    if !require_ebpf() {
        return;
    }
    for (scenario, pattern) in [("modes", ""), ("renames", ""), ("symlinks", "/**")] {
        let (one, two) = (Place::new(), Place::new());
        let wanted = Fixture::start(scenario, one.path(), &[]);
        let other = Fixture::start(scenario, two.path(), &[]);
        let dir = one.path().to_str().expect("UTF-8");
        let option = format!("{dir}{pattern}");
        let duel = Duel::fight(&["--path", &option, "-e", COVERED], wanted, other);
        let below = |path: &[u8]| path.starts_with(dir.as_bytes());
        let about = |r: &Record| {
            r.paths()
                .iter()
                .any(|p| p.path().is_some_and(|p| below(&p)))
        };
        duel.nothing_else(about);
        let pid = duel.wanted_pid;
        let certain =
            |line: &tests::Line| line.pid() == pid && line.certain_paths().iter().any(|p| below(p));
        let account = duel.wanted.only(certain);
        // Of what leads nowhere nobody can say whether it matches.
        assert_same(&account, &duel.outcome.records, fixture());
    }
}

/// Is a call of this name in the set?
type Wanted = fn(&str) -> bool;

/// `-e` with names, classes and exceptions.
#[test]
fn by_call() {
    if !require_ebpf() {
        return;
    }
    let rows: [(&str, Wanted); 5] = [
        ("unlink", |name| name == "unlink"),
        ("unlink,rmdir", |name| matches!(name, "unlink" | "rmdir")),
        ("file,!unlink", |name| name != "unlink"),
        ("%file", |_| true),
        ("!unlink,!unlinkat", |name| {
            !matches!(name, "unlink" | "unlinkat")
        }),
    ];
    for (set, wanted) in rows {
        let place = Place::new();
        let mut fixture_ = Fixture::start("deletes", place.path(), &[]);
        let pid = fixture_.pid().to_string();
        let tracer = Tracer::start(["trace", "--format", "json", "--pid", &pid, "-e", set]);
        fixture_.go();
        fixture_.done();
        let outcome = tracer.stop().ended(0).sound();
        let account = Account::read(&fixture_.end()).only(|line| wanted(line.syscall()));
        let mut records = outcome.records;
        // Calls outside of the family (write, read) also match some of the sets.
        records.retain(|r| ["unlink", "unlinkat", "rmdir"].contains(&r.syscall()));
        let stray = records.iter().find(|r| !wanted(r.syscall()));
        assert!(
            stray.is_none(),
            "-e {set}: {}",
            stray.map_or("", |r| &r.line)
        );
        assert_eq!(records.len(), account.calls.len(), "-e {set}");
        assert_same(&account, &records, fixture());
    }
}

#[test]
fn by_result() {
    if !require_ebpf() {
        return;
    }
    for (option, failed) in [("--failed", true), ("--success", false)] {
        let place = Place::new();
        let mut player = Fixture::start("renames", place.path(), &[]);
        let pid = player.pid().to_string();
        let tracer = Tracer::start([
            "trace", "--format", "json", "--pid", &pid, "-e", COVERED, option,
        ]);
        player.go();
        player.done();
        let outcome = tracer.stop().ended(0).sound();
        let account = Account::read(&player.end());
        let wanted = account.only(|line| line.get("errno").is_string() == failed);
        assert!(!wanted.calls.is_empty() && wanted.calls.len() < account.calls.len());
        let mut calls = outcome.records.iter().filter(|r| r.op() != "exit");
        let stray = calls.find(|r| r.get("success") == failed);
        assert!(
            stray.is_none(),
            "{option}: {}",
            stray.map_or("", |r| &r.line)
        );
        assert_same(&wanted, &outcome.records, fixture());
    }
}

/// `--pid` alone is that process; with `--follow` it is its descendants too.
#[test]
fn by_pid_with_and_without_follow() {
    if !require_ebpf() {
        return;
    }
    for follow in [false, true] {
        let (one, two) = (Place::new(), Place::new());
        let wanted = Fixture::start("family", one.path(), &[]);
        let other = Fixture::start("family", two.path(), &[]);
        let pid = wanted.pid().to_string();
        let mut options = vec!["--pid", &pid, "-e", COVERED];
        if follow {
            options.push("--follow");
        }
        let duel = Duel::fight(&options, wanted, other);
        let pids = if follow {
            duel.wanted.threads()
        } else {
            vec![duel.wanted_pid]
        };
        duel.nothing_else(|r| pids.contains(&r.pid()));
        let mut account = duel.wanted.only(|line| pids.contains(&line.pid()));
        account.ends.retain(|end| pids.contains(&end.pid));
        assert_eq!(account.threads().len(), if follow { 5 } else { 1 });
        assert_same(&account, &duel.outcome.records, fixture());
    }
}

/// `--pid` twice is both of them; one thread's id is that thread alone.
#[test]
fn by_several_pids() {
    if !require_ebpf() {
        return;
    }
    let places = [Place::new(), Place::new(), Place::new()];
    let mut fixtures = places
        .each_ref()
        .map(|p| Fixture::start("dirs", p.path(), &[]));
    let pids = fixtures.each_ref().map(Fixture::pid);
    let (first, second) = (pids[0].to_string(), pids[1].to_string());
    let tracer = Tracer::start([
        "trace", "--format", "json", "-e", COVERED, "--pid", &first, "--pid", &second,
    ]);
    for fixture in &mut fixtures {
        fixture.go();
        fixture.done();
    }
    let outcome = tracer.stop().ended(0).sound();
    assert!(outcome.of_pid(pids[2]).is_empty());
    for fixture_ in fixtures.into_iter().take(2) {
        assert_same(&Account::read(&fixture_.end()), &outcome.records, fixture());
    }
}

/// Several filters at once must all match.
#[test]
fn filters_together() {
    if !require_ebpf() {
        return;
    }
    let (one, two) = (Place::new(), Place::new());
    let wanted = Fixture::start("modes", one.path(), &[]);
    let other = Fixture::start("modes", two.path(), &[]);
    let pids = [wanted.pid().to_string(), other.pid().to_string()];
    let dir = one.path().to_str().expect("UTF-8").to_owned();
    let options = [
        "--pid",
        &pids[0],
        "--pid",
        &pids[1],
        "--path",
        &dir,
        "-e",
        "chmod,fchmod",
        "--success",
    ];
    let duel = Duel::fight(&options, wanted, other);
    duel.nothing_else(|r| ["chmod", "fchmod"].contains(&r.syscall()) && r.get("success") == true);
    let account = duel.wanted.only(|line| {
        ["chmod", "fchmod"].contains(&line.syscall()) && line.number("ret") == Some(0)
    });
    assert_eq!(duel.outcome.records.len(), account.calls.len());
    assert_same(&account, &duel.outcome.records, fixture());
}

/// `--count N` writes N records and ends by itself, with success.
#[test]
fn by_count() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut player = Fixture::start("flood", place.path(), &["100"]);
    let pid = player.pid().to_string();
    let tracer = Tracer::start([
        "trace", "--format", "json", "--pid", &pid, "-e", "openat", "--count", "7",
    ]);
    player.go();
    let outcome = tracer.wait().ended(0);
    assert_eq!(outcome.records.len(), 7);
    assert_eq!(outcome.sums().written, 7);
}

/// `--duration` ends by itself, with success, and with what happened until then.
#[test]
fn by_duration() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut player = Fixture::start("flood", place.path(), &["100"]);
    let pid = player.pid().to_string();
    let tracer = Tracer::start([
        "trace",
        "--format",
        "json",
        "--pid",
        &pid,
        "-e",
        "openat",
        "--duration",
        "1s",
    ]);
    player.go();
    player.done();
    let outcome = tracer.wait().ended(0).sound();
    assert_eq!(outcome.records.len(), 100);
}
