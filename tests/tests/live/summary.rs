//! Summaries: what `-c` counts in the kernel is what the events say.

use std::{collections::BTreeMap, fs};

use serde_json::Value;
use tests::{Place, fixture, require_ebpf, run_to_end, tracer_command};

/// Calls and errors by name.
type Counts = BTreeMap<String, (u64, u64)>;

/// Runs a scenario of the fixture under `tracer trace OPTIONS`; the lines of the output.
fn run(options: &[&str], scenario: &[&str]) -> Vec<Value> {
    let (place, log) = (Place::new(), Place::new());
    let file = log.join("out");
    let mut command = tracer_command(["trace", "--format", "json"]);
    command.args(options).arg("-o").arg(&file).arg("--");
    command
        .arg(fixture())
        .arg(scenario[0])
        .arg(place.path())
        .args(&scenario[1..]);
    let outcome = run_to_end(&mut command).ended(0);
    let sums = outcome.sums();
    assert_eq!(sums.seen, sums.written + sums.filtered, "{outcome:?}");
    let text = fs::read_to_string(&file).expect("an output");
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    text.lines().map(parse).collect()
}

/// The summary lines.
fn summary(lines: &[Value]) -> Counts {
    let lines = lines.iter().filter(|l| l["type"] == "summary");
    let count = |l: &Value, key: &str| l[key].as_u64().expect("a number");
    lines
        .map(|l| {
            let name = l["syscall"].as_str().expect("a name").to_owned();
            (name, (count(l, "calls"), count(l, "errors")))
        })
        .collect()
}

/// The same, counted from the events.
fn counted(lines: &[Value]) -> Counts {
    let mut counts = Counts::new();
    for line in lines.iter().filter(|l| l["type"] == "event") {
        if let Some(name) = line["syscall"].as_str() {
            let (calls, errors) = counts.entry(name.to_owned()).or_default();
            *calls += 1;
            *errors += u64::from(line["success"] == false);
        }
    }
    counts
}

#[test]
fn sums_are_those_of_the_events() {
    if !require_ebpf() {
        return;
    }
    // In one run, from the events; and counted by the kernel in a second run of the same.
    let calls = "file,process,!mmap";
    let scenario = &["opens"][..];
    let both = run(&["-C", "-e", calls], scenario);
    let (events, sums) = (counted(&both), summary(&both));
    assert_eq!(events, sums);
    assert!(
        events["openat"].0 > 10 && events["openat"].1 > 1,
        "{events:?}"
    );
    let in_kernel = run(&["-c", "-e", calls], scenario);
    assert!(in_kernel.iter().all(|l| l["type"] == "summary"));
    assert_eq!(summary(&in_kernel), events);
    // What the kernel cannot decide is counted from events.
    let failed = run(
        &["-c", "-e", calls, "-e", "status=failed,detached"],
        scenario,
    );
    let errors: Counts = events
        .iter()
        .filter(|(_, (_, errors))| *errors > 0)
        .map(|(name, (_, errors))| (name.clone(), (*errors, *errors)))
        .collect();
    assert_eq!(summary(&failed), errors);
    let failed = run(&["-c", "-e", calls, "--failed"], scenario);
    assert_eq!(summary(&failed), errors);
}

#[test]
fn threads_of_a_server_and_its_client_are_summed_up() {
    if !require_ebpf() {
        return;
    }
    let lines = run(&["-c"], &["epoll-server", "50"]);
    let sums = summary(&lines);
    assert_eq!(sums["epoll_wait"], (50, 0));
    let (messages, _) = sums.get("recvfrom").copied().unwrap_or_default();
    assert!(messages >= 100, "{sums:?}");
}

/// Time without a CPU is only in the sums of `-w`.
#[test]
fn waiting_is_wall_clock_time_only() {
    if !require_ebpf() {
        return;
    }
    let time = |options: &[&str]| -> (u64, u64) {
        let place = Place::new();
        let log = place.join("out");
        let mut command = tracer_command(["trace", "-c", "--format", "json"]);
        command.args(options).arg("-o").arg(&log);
        let _ = run_to_end(command.args(["--", "sleep", "0.3"])).ended(0);
        let text = fs::read_to_string(&log).expect("an output");
        let line = text.lines().find(|l| l.contains("\"clock_nanosleep\""));
        let line: Value = serde_json::from_str(line.expect("it sleeps")).expect("JSON");
        let ns = |key: &str| line[key].as_u64().expect("a number");
        assert!(
            ns("p50_ns") <= ns("p99_ns") && ns("p99_ns") <= ns("max_ns"),
            "{line}"
        );
        assert_eq!(
            (ns("mean_ns"), ns("max_ns")),
            (ns("time_ns"), ns("time_ns"))
        );
        (ns("time_ns"), ns("p50_ns"))
    };
    let (wall, median) = time(&["-w"]);
    assert!(
        wall >= 300_000_000 && median.abs_diff(wall) <= wall / 8,
        "{wall} {median}"
    );
    let (cpu, _) = time(&[]);
    assert!(cpu < 100_000_000, "{cpu}");
}

#[test]
fn the_table_is_sorted_as_asked() {
    if !require_ebpf() {
        return;
    }
    let table = |key: &str| -> Vec<Vec<String>> {
        let place = Place::new();
        let log = place.join("out");
        let mut command = tracer_command(["trace", "-c", "-S", key, "-o"]);
        let _ = run_to_end(command.arg(&log).args(["--", "ls", "/"])).ended(0);
        let text = fs::read_to_string(&log).expect("an output");
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
        let mut lines: Vec<Vec<String>> = text.lines().map(words).collect();
        assert_eq!(
            lines[0].join(" "),
            "% time seconds usecs/call p50 p99 max calls errors syscall"
        );
        assert_eq!(
            lines.last().and_then(|l| l.last()).map(String::as_str),
            Some("total")
        );
        lines.drain(..2);
        lines.truncate(lines.len() - 2);
        lines
    };
    let calls: Vec<u64> = table("calls")
        .iter()
        .map(|l| l[6].parse().expect("calls"))
        .collect();
    assert!(calls.is_sorted_by(|a, b| a >= b), "{calls:?}");
    let names: Vec<String> = table("name")
        .iter()
        .map(|l| l[l.len() - 1].clone())
        .collect();
    assert!(
        names.is_sorted() && names.contains(&"openat".to_owned()),
        "{names:?}"
    );
}
