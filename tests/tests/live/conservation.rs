//! `seen = written + filtered + lost`, exactly, whatever happens.

use std::{collections::HashMap, process::Command};

use nix::sys::signal::Signal;
use tests::{
    COVERED, Fixture, Outcome, Place, Record, Tracer, play_with, require_ebpf, run_to_end,
    tracer_command,
};

/// Follows the sequence numbers of every CPU through the stream: each gap is announced, before
/// the next record of that CPU, by losses of exactly its size. Returns how many were lost.
fn walk(outcome: &Outcome) -> u64 {
    let mut next: HashMap<u64, u64> = HashMap::new();
    let mut lost = 0;
    let mut losses = outcome.losses.iter().peekable();
    for (index, record) in outcome.records.iter().enumerate() {
        while let Some((_, loss)) = losses.next_if(|(before, _)| *before <= index) {
            let count = loss.count.expect("eBPF counts its losses");
            assert!(count > 0, "a loss of nothing");
            lost += count;
            if let Some(cpu) = loss.cpu {
                *next.entry(cpu).or_default() += count;
            }
        }
        let number = |key| record.get(key).as_u64().expect("eBPF knows it");
        let (cpu, seq) = (number("cpu"), number("seq"));
        let expected = next.entry(cpu).or_default();
        assert_eq!(
            seq, *expected,
            "a gap on CPU {cpu} that no loss announces: {}",
            record.line
        );
        *expected += 1;
    }
    lost + losses.map(|(_, loss)| loss.count.unwrap_or(0)).sum::<u64>()
}

/// Floods a tracer and checks that nothing is unaccounted for.
fn flood(buffer: &str, count: u64, cpus: u64) -> (Outcome, u64) {
    let place = Place::new();
    let mut fixture = Fixture::start(
        "flood",
        place.path(),
        &[&count.to_string(), &cpus.to_string()],
    );
    let pid = fixture.pid();
    let pids = pid.to_string();
    let mut args = vec!["trace", "--pid", &pids, "-e", "openat", "--format", "json"];
    if !buffer.is_empty() {
        args.extend(["--buffer", buffer]);
    }
    let tracer = Tracer::start(args);
    fixture.go();
    fixture.done();
    let outcome = tracer.stop().ended(0).sound();
    let made: u64 = String::from_utf8_lossy(&fixture.end())
        .trim()
        .parse()
        .expect("a number");
    assert!(outcome.records.iter().all(|r| r.pid() == pid));
    let lost = walk(&outcome);
    assert_eq!(lost, outcome.sums().lost, "losses in the stream");
    assert_eq!(
        outcome.records.len() as u64 + lost,
        made,
        "calls of the fixture"
    );
    (outcome, lost)
}

/// The smallest buffer loses a lot, and says exactly how much, and where.
#[test]
fn a_flood_into_the_smallest_buffer() {
    if !require_ebpf() {
        return;
    }
    let (outcome, lost) = flood("4096", 100_000, 2);
    assert!(
        lost > 0,
        "4 KiB were enough for a flood: the test does not test"
    );
    assert!(!outcome.records.is_empty(), "nothing was written at all");
    for (_, loss) in &outcome.losses {
        assert_eq!(loss.reason, "ring-full");
        assert!(loss.cpu.is_some());
    }
    assert!(
        outcome.stderr.contains("ring-full"),
        "the reason is not told: {}",
        outcome.stderr
    );
}

/// A default buffer loses nothing of what two processors can do for a moment.
#[test]
fn a_short_flood_into_the_default_buffer() {
    if !require_ebpf() {
        return;
    }
    let (_, lost) = flood("", 15_000, 2);
    assert_eq!(lost, 0);
}

/// System-wide, with a filter that only user space can decide: sums hold with a small buffer.
#[test]
fn sums_with_a_filter_of_user_space() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut fixture = Fixture::start("flood", place.path(), &["20000", "2"]);
    let none = place.join("nothing-here");
    let none = none.to_str().expect("UTF-8");
    let tracer = Tracer::start([
        "trace", "-e", "openat", "--path", none, "--buffer", "16384", "--format", "json",
    ]);
    fixture.go();
    fixture.done();
    let outcome = tracer.stop().ended(0).sound();
    let sums = outcome.sums();
    assert_eq!(sums.written, 0);
    assert!(sums.filtered + sums.lost >= 40_000, "{sums:?}");
}

/// A process that fills the buffer with what only user space can decide takes nobody else's room: of the
/// others, everything is told, and what was held back is counted and named.
#[test]
fn a_quiet_process_beside_a_flood() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let watched = place.dir("watched");
    let mut flood = Fixture::start("removals", place.path(), &["200000"]);
    let tracer = Tracer::start([
        "watch".as_ref(),
        watched.as_os_str(),
        // An eighth of it is room for all others on this machine, while nothing is read.
        "--buffer=8M".as_ref(),
        "--format=json".as_ref(),
    ]);
    // Nothing is read meanwhile.
    tracer.signal(Signal::SIGSTOP);
    flood.go();
    flood.done();
    let names: Vec<_> = (0..100).map(|n| format!("quiet{n}")).collect();
    for name in &names {
        let touch = Command::new("touch").arg(watched.join(name)).status();
        assert!(touch.expect("it runs").success());
    }
    tracer.signal(Signal::SIGCONT);
    let outcome = tracer.stop().ended(0).sound();
    for name in names {
        let ending = format!("/{name}\"");
        let is_told = |r: &Record| r.word("op") == Some("create") && r.line.contains(&ending);
        assert!(outcome.records.iter().any(is_told), "{name}: {outcome:?}");
    }
    let lost = outcome
        .losses
        .iter()
        .map(|(_, loss)| loss.count.expect("counted"));
    assert_eq!(lost.sum::<u64>(), outcome.sums().lost);
    for (_, loss) in &outcome.losses {
        assert_eq!(loss.reason, "flood");
    }
    let who = format!("({})", flood.pid());
    let line = outcome
        .stderr
        .lines()
        .find(|line| line.contains("(flood): "));
    assert!(
        line.is_some_and(|line| line.contains(&who)),
        "{}",
        outcome.stderr
    );
}

/// Records that are larger than the whole buffer are lost, and that is told.
#[test]
fn records_larger_than_the_buffer() {
    if !require_ebpf() {
        return;
    }
    let options = ["-e", COVERED, "--format", "json", "--buffer", "4096"];
    let scene = play_with("deep", &options);
    let lost = walk(&scene.outcome);
    assert_eq!(lost, scene.outcome.sums().lost);
    assert!(lost > 0, "10 kB of path went through 4 kB of buffer?");
}

/// `--count` ends the run at once, and what was under way is accounted for.
#[test]
fn sums_after_count() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut fixture = Fixture::start("flood", place.path(), &["50000", "2"]);
    let pid = fixture.pid().to_string();
    let tracer = Tracer::start([
        "trace", "--pid", &pid, "-e", "openat", "--count", "1000", "--format", "json",
    ]);
    fixture.go();
    let outcome = tracer.wait().ended(0);
    let sums = outcome.sums();
    assert_eq!(sums.written, 1000);
    assert_eq!(outcome.records.len(), 1000);
    fixture.done();
}

/// The audit and text forms keep the same sums.
#[test]
fn sums_in_every_format() {
    if !require_ebpf() {
        return;
    }
    for format in ["text", "audit"] {
        let place = Place::new();
        let mut fixture = Fixture::start("flood", place.path(), &["30000", "2"]);
        let pid = fixture.pid().to_string();
        let tracer = Tracer::start([
            "trace", "--pid", &pid, "-e", "openat", "--buffer", "4096", "--format", format,
        ]);
        fixture.go();
        fixture.done();
        let outcome = tracer.stop().ended(0);
        let sums = outcome.sums();
        assert_eq!(sums.written + sums.lost, 60_000, "{format}: {sums:?}");
        let text = String::from_utf8(outcome.stdout).expect("UTF-8");
        if format == "audit" {
            let events = text
                .lines()
                .filter(|line| line.starts_with("type=SYSCALL "))
                .count();
            assert_eq!(events as u64, sums.written, "SYSCALL records");
        }
        if sums.lost > 0 {
            assert!(
                text.contains("lost") || text.contains("LOST"),
                "{format} does not tell"
            );
        }
    }
}

/// A busy command that also makes and deletes files, player whole, loses nothing.
#[test]
fn a_busy_command_loses_nothing() {
    if !require_ebpf() {
        return;
    }
    let (place, log) = (Place::new(), Place::new());
    let file = log.join("records");
    let mut command = tracer_command(["trace", "--format", "json", "-o"]);
    command.arg(&file).arg("--").arg(tests::fixture());
    command.arg("churn").arg(place.path()).arg("2000");
    let outcome = run_to_end(&mut command).ended(0).with_file(&file).sound();
    assert_eq!(outcome.sums().lost, 0);
    for (name, times) in [("unlink", 2000), ("openat", 2000), ("close", 2000)] {
        let found = outcome
            .records
            .iter()
            .filter(|r| r.syscall() == name)
            .count();
        assert!(found >= times, "{found} of {times} {name}");
    }
}

/// Every system call of every process: whatever they do, each record is sound.
#[test]
fn everything_that_happens() {
    if !require_ebpf() {
        return;
    }
    let tracer = Tracer::spawn(&mut tracer_command([
        "trace", "-e", "all", "--format", "json",
    ]))
    .ready();
    let script = "for d in /usr/bin /etc /proc/self; do ls -lR $d | sort | tail -n 3; done; \
                  sleep 0.05 & kill %1; mktemp -u; ls /nowhere; python3 -c 'print(1)'; true";
    let status = std::process::Command::new("sh")
        .args(["-c", script])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    assert!(status.expect("sh runs").success());
    let outcome = tracer.stop().sound();
    assert!(outcome.records.len() > 1000, "{}", outcome.records.len());
    let names: std::collections::BTreeSet<_> =
        outcome.records.iter().map(tests::Record::syscall).collect();
    assert!(names.len() > 20, "{names:?}");
}
