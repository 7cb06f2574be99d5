//! Two tracers see each other's lookups: they do not answer them with more.

use std::fs;

use tests::{Daemon, Place, Tracer, require_ebpf};

/// Failing calls that both look up.
const CALLS: usize = 200;

#[test]
fn they_do_not_feed_each_other() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    // Each sees what this process does, and what the other one does, which is its child.
    let me = std::process::id().to_string();
    let start = || {
        let calls = "open,openat,openat2";
        Tracer::start([
            "trace", "--format", "json", "--failed", "-e", calls, "--follow", "--pid", &me,
        ])
    };
    let tracers = [start(), start()];
    for n in 0..CALLS {
        // A symlink might stand anywhere in it: it is looked up.
        fs::File::open(place.join(format!("no/file-{n}"))).expect_err("it is not there");
    }
    let last = place.bytes(format!("no/file-{}", CALLS - 1));
    for tracer in &tracers {
        tracer.wait_for("the last call", |r| {
            r.pid() == u64::from(std::process::id()) && r.is_about(&last)
        });
    }
    // Other tests are in this process, too: what they do is looked up as well.
    let own = place.path().to_str().expect("UTF-8");
    let pids = [0, 1].map(|at: usize| u64::from(tracers[at].pid()));
    let [one, other] = tracers.map(|tracer| tracer.stop().ended(0));
    for (outcome, pid) in [(one, pids[1]), (other, pids[0])] {
        let lookups = outcome.of_pid(pid);
        let lookups = lookups.iter().filter(|r| r.line.contains(own)).count();
        // Some for each call, but none for a lookup.
        assert!(lookups <= 4 * CALLS, "{lookups} lookups: {outcome:?}");
    }
}

/// A tracer looks again and again whether another directory is where its root was: whoever else watches that sees
/// nothing of it.
#[test]
fn a_watch_is_no_event_of_another() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let here = place.path().to_str().expect("UTF-8");
    let watch = || Tracer::start(["watch", "--format", "json", here]);
    let (watcher, other) = (watch(), watch());
    let pid = watcher.pid().to_string();
    let calls = ["-e", "open,openat,openat2,stat,newfstatat"];
    let looks = Tracer::start([&["trace", "--format", "json", "--pid", &pid][..], &calls].concat());
    looks.wait_for("a look", |r| r.line.contains(here));
    drop(looks.stop().ended(0));
    // What is done now comes behind that.
    fs::write(place.join("file"), "").expect("write");
    let file = place.bytes("file");
    other.wait_for("the file", |r| r.is_about(&file));
    let outcome = other.stop().ended(0);
    let own = outcome.of_pid(u64::from(watcher.pid()));
    assert!(own.is_empty(), "{own:?}");
    drop(watcher.stop().ended(0));
}

/// The daemon looks what its rules watch up again when that has changed: a watch sees what has changed it, and
/// nothing of the daemon.
#[test]
fn a_daemon_is_no_event_of_a_watch() {
    if !require_ebpf() {
        return;
    }
    let daemon = Daemon::start(
        "-w HERE/watched/file -p wa -k one\n-w HERE/watched -p wa -k all",
        "",
    );
    let watched = daemon.place().join("watched");
    let here = watched.to_str().expect("UTF-8");
    let pid = daemon.tracer().pid().to_string();
    let watch = Tracer::start(["watch", "--format", "json", here]);
    let calls = ["-e", "open,openat,openat2"];
    let looks = Tracer::start([&["trace", "--format", "json", "--pid", &pid][..], &calls].concat());
    fs::write(watched.join("new"), "").expect("write");
    fs::rename(watched.join("new"), watched.join("file")).expect("mv");
    looks.wait_for("a look", |r| r.line.contains(here));
    drop(looks.stop().ended(0));
    // What is done now comes behind that.
    fs::write(watched.join("last"), "").expect("write");
    let last = daemon.place().bytes("watched/last");
    watch.wait_for("the last file", |r| r.is_about(&last));
    let outcome = watch.stop().ended(0);
    let own = outcome.of_pid(u64::from(daemon.tracer().pid()));
    assert!(own.is_empty(), "{own:?}");
}
