//! Faults while running, and every way to end: nothing is lost silently.

use std::{thread, time::Duration};

use nix::sys::signal::Signal;
use tests::{Fixture, Outcome, Place, Tracer, require_ebpf, tracer_command};

fn trace_flood(fixture: &Fixture, options: &[&str]) -> std::process::Command {
    let pid = fixture.pid().to_string();
    let mut command = tracer_command(["trace", "-e", "openat", "--format", "json", "--pid", &pid]);
    command.args(options);
    command
}

fn flood(count: &str) -> (Place, Fixture) {
    let place = Place::new();
    let fixture = Fixture::start("flood", place.path(), &[count, "1"]);
    (place, fixture)
}

/// A full output disk: exit code 1, one line, and what could not be written is lost, not gone.
#[test]
fn full_disk() {
    if !require_ebpf() {
        return;
    }
    let (_place, mut fixture) = flood("5000");
    let tracer = Tracer::spawn(&mut trace_flood(&fixture, &["-o", "/dev/full"])).ready();
    fixture.go();
    let outcome = tracer.wait().ended(1);
    let sums = outcome.sums();
    assert!(sums.lost > 0 && sums.written == 0, "{sums:?}");
    assert!(
        outcome.stderr.contains("output"),
        "the reason of the loss: {outcome:?}"
    );
    assert!(outcome.stderr.contains("No space left") || outcome.stderr.contains("ENOSPC"));
    fixture.done();
}

/// A closed pipe (`| head -1`) is a success.
#[test]
fn closed_pipe() {
    if !require_ebpf() {
        return;
    }
    let (_place, mut fixture) = flood("200000");
    let mut tracer = Tracer::spawn_unread(&mut trace_flood(&fixture, &[])).ready();
    fixture.go();
    let line = tracer.read_lines_and_close(1);
    assert!(line.starts_with(b"{\"type\":\"event\""));
    let outcome = tracer.wait().ended(0);
    outcome.sums();
    fixture.done();
}

/// A closed pipe is noticed also when nothing more happens that would have to be written.
#[test]
fn closed_pipe_while_idle() {
    if !require_ebpf() {
        return;
    }
    let (_place, fixture) = flood("1");
    let mut tracer = Tracer::spawn_unread(&mut trace_flood(&fixture, &[])).ready();
    assert!(tracer.read_lines_and_close(0).is_empty());
    let outcome = tracer.wait().ended(0);
    assert_eq!(outcome.sums().written, 0);
}

/// A reader that stalls for five seconds: what was lost meanwhile is told in the stream, and the
/// rest is there.
#[test]
fn stalled_reader() {
    if !require_ebpf() {
        return;
    }
    let (_place, mut fixture) = flood("300000");
    let pid = fixture.pid();
    let mut tracer = Tracer::spawn_unread(&mut trace_flood(&fixture, &["--buffer", "1M"])).ready();
    fixture.go();
    // The player process is not held up by a tracer that cannot write.
    fixture.done();
    thread::sleep(Duration::from_secs(5));
    tracer.read_on();
    // The target ends, and with it the run: no signal is in play here.
    fixture.kill();
    let outcome = tracer.wait().ended(0).sound();
    let sums = outcome.sums();
    assert!(outcome.records.iter().all(|r| r.pid() == pid));
    assert_eq!(sums.written + sums.lost, 300_000, "{outcome:?}");
    assert!(sums.lost > 0, "1 MiB were enough: the test does not test");
}

/// A reader that never reads does not hold the end of the run.
#[test]
fn a_reader_that_never_reads_and_ctrl_c() {
    if !require_ebpf() {
        return;
    }
    let (_place, mut fixture) = flood("100000");
    let tracer = Tracer::spawn_unread(&mut trace_flood(&fixture, &["--buffer", "1M"])).ready();
    fixture.go();
    fixture.done();
    let outcome = tracer.stop();
    assert!([0, 1].contains(&outcome.code()), "{outcome:?}");
    let sums = outcome.sums();
    assert!(
        sums.lost > 0,
        "what nobody read is lost, not filtered: {}",
        outcome.stderr
    );
}

/// The player process dies: the run ends by itself.
#[test]
fn target_dies() {
    if !require_ebpf() {
        return;
    }
    let (_place, mut fixture) = flood("100");
    let pid = fixture.pid();
    let tracer = Tracer::spawn(&mut trace_flood(&fixture, &[])).ready();
    fixture.go();
    fixture.done();
    fixture.kill();
    let outcome = tracer.wait().ended(0).sound();
    let calls = outcome
        .of_pid(pid)
        .iter()
        .filter(|r| r.syscall() == "openat")
        .count();
    assert_eq!(calls, 100);
}

/// All of several player processes must be gone before the run ends.
#[test]
fn last_target_dies() {
    if !require_ebpf() {
        return;
    }
    let (_one, mut first) = flood("10");
    let (_two, mut second) = flood("10");
    let pids = [first.pid().to_string(), second.pid().to_string()];
    let tracer = Tracer::start([
        "trace", "-e", "openat", "--format", "json", "--pid", &pids[0], "--pid", &pids[1],
    ]);
    first.go();
    first.done();
    first.kill();
    second.go();
    second.done();
    second.kill();
    let outcome = tracer.wait().ended(0).sound();
    assert_eq!(
        outcome.of_pid(second.pid()).len(),
        10,
        "it ended with the first"
    );
}

fn end_by(signal: Signal) -> Outcome {
    let (_place, mut fixture) = flood("500");
    let pid = fixture.pid();
    let tracer = Tracer::spawn(&mut trace_flood(&fixture, &[])).ready();
    fixture.go();
    fixture.done();
    tracer.signal(signal);
    let outcome = tracer.wait().ended(0).sound();
    assert_eq!(outcome.of_pid(pid).len(), 500, "{signal}");
    outcome
}

/// SIGTERM, Ctrl-C and a closed terminal end the run, with everything that happened before.
#[test]
fn ended_by_signal() {
    if !require_ebpf() {
        return;
    }
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        end_by(signal);
    }
}

/// The player command is neither blocked nor killed when the tracer is.
#[test]
fn a_killed_tracer_leaves_its_target_alone() {
    if !require_ebpf() {
        return;
    }
    let (_place, mut fixture) = flood("1000");
    let tracer = Tracer::spawn(&mut trace_flood(&fixture, &[])).ready();
    tracer.signal(Signal::SIGKILL);
    assert_eq!(tracer.wait().code(), 137);
    fixture.go();
    fixture.done();
    assert_eq!(fixture.end(), b"1000\n");
}
