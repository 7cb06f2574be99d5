//! `tracer daemon` when something goes wrong: killed, no room, the log gone, many events.

use std::{fs, path::Path, process::Command};

use nix::sys::signal::Signal;
use tests::{Daemon, Fixture, Log, require_ebpf, require_root, until};

/// Makes that many directories in the watched one: an event each, mkdir(2) of this test.
fn make(daemon: &Daemon, names: std::ops::Range<u32>) {
    for n in names {
        fs::create_dir(daemon.watched(&n.to_string())).expect("mkdir");
    }
}

/// Runs a command with this directory behind its arguments.
fn run_on(directory: &Path, args: &[&str]) {
    let status = Command::new(args[0])
        .args(&args[1..])
        .arg(directory)
        .status();
    assert!(status.expect("it runs").success(), "{args:?}");
}

const WATCH: &str = "-w HERE/watched -p wa -k k\n";

fn told(log: &Log) -> usize {
    log.calls("key=\"k\"").len()
}

#[test]
fn killed_under_load_no_line_is_torn_and_serials_go_on() {
    require_root();
    let mut daemon = Daemon::start(WATCH, "");
    for round in 0..3 {
        let directory = daemon.watched(&format!("r{round}"));
        fs::create_dir(&directory).unwrap();
        let writer = std::thread::spawn(move || {
            for n in 0..3000 {
                fs::create_dir(directory.join(n.to_string())).expect("mkdir");
            }
        });
        until("some are written", || {
            told(&daemon.log()) > round * 500 + 200
        });
        daemon.kill();
        writer.join().unwrap();
        daemon = daemon.run();
    }
    daemon.stop();
    let log = daemon.log();
    assert!(
        log.text
            .lines()
            .all(|l| l.starts_with("type=") && l.contains(" msg=audit("))
    );
    assert!(log.serials().is_sorted(), "a serial number was used twice");
    assert_eq!(log.of_type("DAEMON_START").len(), 4);
    let gaps = log.text.matches("tr_reason=\"restart\"").count();
    assert_eq!(gaps, 3, "each kill is told");
    // The real tool finds the same events and has no complaint.
    let found = daemon.real("ausearch", &["-k", "k", "--raw"]);
    assert_eq!(found.matches("type=SYSCALL").count(), told(&log));
}

#[test]
fn rotation_under_load_adds_up() {
    require_root();
    let mut daemon = Daemon::start(WATCH, "max_log_file = 1\nnum_logs = 99");
    make(&daemon, 0..6000);
    let outcome = daemon.stop();
    let log = daemon.log();
    assert!(log.segments > 3, "{} segments", log.segments);
    assert_eq!(told(&log), 6000);
    assert!(log.serials().is_sorted());
    assert!(outcome.stderr.contains("= written 6000 + "), "{outcome:?}");
    assert!(outcome.stderr.contains("+ lost 0"), "{outcome:?}");
}

#[test]
fn a_removed_log_is_made_anew() {
    require_root();
    let mut daemon = Daemon::start(WATCH, "");
    make(&daemon, 0..1);
    until("the first", || told(&daemon.log()) == 1);
    fs::remove_file(daemon.log_path()).unwrap();
    make(&daemon, 1..2);
    daemon.tracer().wait_said("was removed or replaced");
    daemon.stop();
    assert_eq!(told(&daemon.log()), 1);
    let copy = daemon.log();
    assert_eq!(copy.of_type("DAEMON_END").len(), 1);
}

#[test]
fn a_full_disk_is_waited_for() {
    require_root();
    let mut daemon = Daemon::prepare(
        WATCH,
        "log_file = \"HERE/small/audit.log\"\ndisk_full_action = \"ignore\"",
    );
    let small = daemon.place().dir("small");
    let mount = |args: &[&str]| run_on(&small, args);
    mount(&["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs"]);
    fs::write(small.join("filler"), vec![0; 500_000]).unwrap();
    daemon = daemon.run();
    make(&daemon, 0..3000);
    daemon.tracer().wait_said("cannot write to");
    until("records wait", || {
        daemon.status()["waiting"].as_u64() > Some(0)
    });
    let full = fs::read(small.join("audit.log")).unwrap();
    assert!(full.ends_with(b"\n"), "a torn line");
    // Room comes back: everything that waited is written.
    mount(&["mount", "-o", "remount,size=64M"]);
    daemon.tracer().signal(Signal::SIGUSR2);
    until("nothing waits", || daemon.status()["stuck"] == false);
    let outcome = daemon.stop();
    let text = fs::read_to_string(small.join("audit.log")).unwrap();
    mount(&["umount"]);
    assert!(outcome.stderr.contains("= written 3000 + "), "{outcome:?}");
    assert_eq!(text.matches("key=\"k\"").count(), 3000 + 1);
}

/// A file system that is mounted read-only; a directory that takes no new names (chattr(1)) while
/// the daemon runs.
#[test]
fn a_directory_that_takes_nothing() {
    require_root();
    let place = "log_file = \"HERE/log/audit.log\"";
    let daemon = Daemon::prepare(WATCH, place);
    let directory = daemon.place().dir("log");
    let run = |args: &[&str]| run_on(&directory, args);
    run(&["mount", "-t", "tmpfs", "-o", "ro", "tmpfs"]);
    let outcome = daemon.refused();
    // Others look at all that is mounted, and hold it for a moment.
    until("it is not mounted any more", || {
        let status = Command::new("umount").arg(&directory).status();
        status.expect("it runs").success()
    });
    assert_eq!(outcome.status.code(), Some(1), "{outcome:?}");
    assert!(
        outcome.stderr.contains("Read-only file system"),
        "{outcome:?}"
    );

    let mut daemon = Daemon::prepare(WATCH, place);
    let directory = daemon.place().dir("log");
    let run = |args: &[&str]| run_on(&directory, args);
    daemon = daemon.run();
    make(&daemon, 0..1000);
    run(&["chattr", "+i"]);
    daemon.tracer().signal(Signal::SIGUSR1);
    daemon.tracer().wait_said("cannot rotate");
    make(&daemon, 1000..2000);
    run(&["chattr", "-i"]);
    daemon.tracer().signal(Signal::SIGUSR1);
    until("it is rotated", || daemon.status()["rotations"] == 1);
    make(&daemon, 2000..3000);
    let outcome = daemon.stop();
    assert_eq!(told(&daemon.log()), 3000, "{outcome:?}");
    assert!(outcome.stderr.contains("= written 3000 + "), "{outcome:?}");
}

/// A file or a link that leads nowhere in the place of the log's directory: records wait, and none is lost.
#[test]
fn something_else_is_where_its_directory_was() {
    require_root();
    let daemon = Daemon::start(WATCH, "log_file = \"HERE/log/audit.log\"");
    let directory = daemon.place().join("log");
    let waiting = |count: u32| until("they wait", || daemon.status()["waiting"] == count);
    make(&daemon, 0..1);
    until("it is written", || told(&daemon.log()) == 1);
    fs::remove_dir_all(&directory).expect("removed");
    fs::write(&directory, "").expect("a file");
    make(&daemon, 1..21);
    waiting(20);
    fs::remove_file(&directory).expect("removed");
    std::os::unix::fs::symlink("/nowhere/at/all", &directory).expect("a link");
    make(&daemon, 21..31);
    waiting(30);
    fs::remove_file(&directory).expect("removed");
    daemon.tracer().signal(Signal::SIGUSR2);
    until("all are written", || {
        directory.exists() && told(&daemon.log()) == 30
    });
    // Moved away under it, and then it ends.
    let mut daemon = daemon;
    fs::rename(&directory, daemon.place().join("moved")).expect("renamed");
    fs::write(&directory, "").expect("a file");
    make(&daemon, 31..36);
    let outcome = daemon.stop();
    assert_eq!(outcome.status.code(), Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains("output 5"), "{outcome:?}");
    // Each time once, however often it was tried.
    let said = |what| outcome.stderr.matches(what).count();
    assert_eq!(said("records are kept in memory"), 2, "{outcome:?}");
    assert_eq!(said("is written again"), 1, "{outcome:?}");
}

#[test]
fn more_than_the_rules_allow_is_counted() {
    require_root();
    let mut daemon = Daemon::start(&format!("{WATCH}-r 100\n"), "");
    make(&daemon, 0..2000);
    let outcome = daemon.stop();
    let log = daemon.log();
    let written = told(&log);
    assert!((100..2000).contains(&written), "{written}");
    assert!(
        outcome
            .stderr
            .contains(&format!("rate-limit {}", 2000 - written)),
        "{outcome:?}"
    );
}

/// While more comes than it can read, the daemon answers and ends at once: what another process does is
/// no hindrance.
#[test]
fn it_answers_and_ends_in_a_flood() {
    if !require_ebpf() {
        return;
    }
    // Of calls that no other daemon here asks for; few of them are written.
    let rules = "-r 100\n-a always,exit -F arch=b64 -S getppid -k flood\n";
    let mut daemon = Daemon::start(rules, "");
    // So many are tens of seconds beside a daemon that reads them, on any machine.
    let many = ["20000000", "2"];
    let mut flood = Fixture::start("parents", daemon.place().path(), &many);
    flood.go();
    let lost = |daemon: &Daemon| daemon.status()["lost"]["flood"].as_u64();
    until("a flood", || lost(&daemon) > Some(0));
    daemon.status();
    daemon.stop();
    assert!(!flood.is_done(), "it waited for the end of the flood");
    flood.kill();
}
