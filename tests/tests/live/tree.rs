//! `--tree`: the processes of a run, as the kernel had them.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    process::{Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::Value;
use tests::{Place, Tracer, fixture, require_ebpf, run_to_end, tracer_command, until};

/// What a run of `trace --tree` writes.
fn tree(options: &[&str], locale: &str, command: &mut dyn FnMut(&mut Command)) -> String {
    let place = Place::new();
    let out = place.join("out");
    let mut run = tracer_command(["trace", "--tree", "-o"]);
    run.arg(&out).args(options).arg("--").env("LC_ALL", locale);
    command(&mut run);
    let outcome = run_to_end(&mut run);
    let sums = outcome.sums();
    assert_eq!(sums.seen, sums.written + sums.filtered, "{outcome:?}");
    fs::read_to_string(&out).expect("a tree, in UTF-8")
}

fn of_script(options: &[&str], locale: &str, script: &str) -> String {
    tree(options, locale, &mut |run| {
        run.args(["sh", "-c", script]);
    })
}

fn processes(text: &str) -> Vec<Value> {
    let parse =
        |line| serde_json::from_str::<Value>(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    let lines: Vec<_> = text.lines().map(parse).collect();
    assert!(lines.iter().all(|l| l["type"] == "process"), "{text}");
    lines
}

const SCRIPT: &str = "(exit 3); sh -c 'kill -SEGV $$'; (cat /dev/null; true); exec sleep 0.1";

#[test]
fn who_made_whom_what_they_ran_and_how_they_ended() {
    if !require_ebpf() {
        return;
    }
    let text = of_script(&["--format", "json"], "C", SCRIPT);
    let found = processes(&text);
    let commands = |p: &Value| -> Vec<String> {
        let execs = p["execs"].as_array().expect("a list");
        let command = |e: &Value| e["command"].as_str().expect("a string").to_owned();
        execs.iter().map(command).collect()
    };
    let shape: Vec<_> = found
        .iter()
        .map(|p| {
            let exit = &p["exit"];
            let end = exit["signal"]
                .as_str()
                .map_or(exit["status"].to_string(), str::to_owned);
            (
                p["depth"].as_u64().expect("a depth"),
                commands(p).last().cloned(),
                end,
            )
        })
        .collect();
    let row = |depth, last: &str, end: &str| {
        let last = (!last.is_empty()).then(|| last.to_owned());
        (depth, last, end.to_owned())
    };
    let wanted = [
        row(0, "sleep 0.1", "0"),
        row(1, "", "3"),
        row(1, "sh -c 'kill -SEGV $$'", "SIGSEGV"),
        row(1, "", "0"),
        row(2, "cat /dev/null", "0"),
    ];
    assert_eq!(shape, wanted, "{text}");
    assert_eq!(commands(&found[0]).len(), 2, "{text}");
    let ns = |p: &Value, key: &str| p[key].as_u64().expect("a number");
    assert!(ns(&found[0], "duration_ns") >= 100_000_000, "{text}");
    for (child, parent) in [(1, 0), (2, 0), (3, 0), (4, 3)] {
        let (child, parent) = (&found[child], &found[parent]);
        assert_eq!(child["ppid"], parent["pid"], "{text}");
        assert_eq!(child["new"], true, "{text}");
        let end = |p| ns(p, "start_ns") + ns(p, "duration_ns");
        assert!(ns(child, "start_ns") >= ns(parent, "start_ns"), "{text}");
        assert!(end(child) <= end(parent), "{text}");
    }
}

#[test]
fn it_is_drawn_as_the_terminal_can() {
    if !require_ebpf() {
        return;
    }
    // Digits are pids and times.
    let without_digits = |text: &str| -> Vec<String> {
        let cut = |line: &str| {
            let line = line.split("  [").next().unwrap_or_default();
            line.chars().filter(|c| !c.is_ascii_digit()).collect()
        };
        text.lines().map(cut).collect()
    };
    let script = "(cat /dev/null; true); sh -c 'kill -KILL $$'";
    let ascii = of_script(&[], "C", script);
    let wanted = [
        r" sh -c $'(cat /dev/null; true); sh -c \'kill -KILL $$\''",
        "|-  (sh)",
        "|  `-  cat /dev/null",
        "`-  sh -c 'kill -KILL $$'",
    ];
    assert_eq!(without_digits(&ascii), wanted, "{ascii}");
    assert!(ascii.contains(", killed by SIGKILL]"), "{ascii}");
    assert!(ascii.is_ascii() && !ascii.contains('\x1b'), "{ascii}");
    let boxes = of_script(&[], "C.UTF-8", script);
    assert!(boxes.contains("├─ ") && boxes.contains("│  └─ "), "{boxes}");
    let coloured = of_script(&["--color", "always"], "C", script);
    assert!(coloured.contains("\x1b[31m["), "{coloured}");
}

/// A process that is asked for is in the tree when it does nothing, and so is what stands between it and a
/// descendant that does something; a timeline has them, too.
#[test]
fn those_that_wait_all_the_time() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let (inner, middle) = ("read go; echo done; read more; :", "sh inner; :");
    fs::write(place.join("inner"), inner).expect("a script");
    fs::write(place.join("middle"), middle).expect("a script");
    let mut outer = Command::new("sh")
        .args(["-c", "sh middle; :"])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sh runs");
    let below = |id: u32| -> Option<u32> {
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
        children.trim().parse().ok()
    };
    until("the last of three", || {
        below(outer.id()).and_then(below).is_some()
    });
    let pid = outer.id().to_string();
    let page = place.join("page.svg");
    let options = ["trace", "--pid", &pid, "--tree", "--format", "json"];
    let idle = Tracer::start(options).stop().ended(0);
    let found = processes(&String::from_utf8(idle.stdout).expect("UTF-8"));
    assert_eq!(found.len(), 1, "{found:?}");
    let is_there = (&found[0]["pid"], &found[0]["comm"]);
    assert_eq!(is_there, (&outer.id().into(), &"sh".into()));
    // Also beside a command.
    let beside = [&options[..], &["--", "true"]].concat();
    let beside = Tracer::start(beside).stop();
    let found = processes(&String::from_utf8(beside.stdout).expect("UTF-8"));
    assert!(found.iter().any(|p| p["pid"] == outer.id()), "{found:?}");

    let mut command = tracer_command(options);
    command.arg("--timeline").arg(&page);
    let tracer = Tracer::spawn(&mut command).ready();
    let mut said = [0; 5];
    outer
        .stdin
        .as_mut()
        .expect("a pipe")
        .write_all(b"go\n")
        .expect("it reads");
    outer
        .stdout
        .as_mut()
        .expect("a pipe")
        .read_exact(&mut said)
        .expect("it answers");
    let outcome = tracer.stop().ended(0);
    let text = String::from_utf8(outcome.stdout).expect("UTF-8");
    let shape: Vec<_> = processes(&text)
        .iter()
        .map(|p| (p["depth"].clone(), p["new"].clone()))
        .collect();
    let wanted = [0, 1, 2].map(|depth| (depth.into(), false.into()));
    assert_eq!(shape, wanted, "{text}");
    let drawn = fs::read_to_string(&page).expect("a page");
    assert!(drawn.contains(&format!("{pid} ")), "{drawn}");
    drop(outer.stdin.take());
    outer.wait().expect("it ends");
}

/// Where whatever runs is traced, what ran before and is heard of only at its end was there from the beginning.
#[test]
fn one_that_is_heard_of_only_at_its_end() {
    if !require_ebpf() {
        return;
    }
    let mut waits = Command::new("cat")
        .stdin(Stdio::piped())
        .spawn()
        .expect("cat runs");
    let pid = waits.id();
    until("it is cat", || {
        fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|comm| comm == "cat\n")
    });
    let tracer = Tracer::start(["trace", "--comm", "cat", "--tree", "--format", "json"]);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time");
    let ready_ns = now.as_nanos() as u64;
    // A signal ends it in the kernel: no call of its own is heard of.
    waits.kill().expect("it runs");
    waits.wait().expect("it ends");
    let outcome = tracer.stop().ended(0);
    let found = processes(&String::from_utf8(outcome.stdout).expect("UTF-8"));
    let found = found.iter().find(|p| p["pid"] == pid).expect("its end");
    let start_ns = found["start_ns"].as_u64().expect("a time");
    assert!(start_ns < ready_ns, "{found} began after {ready_ns}");
    assert!(found["duration_ns"].as_u64() > Some(0), "{found}");
    assert_eq!(found["new"], false, "{found}");
}

/// Arguments with any bytes: no line that is not a process, nothing that drives a terminal.
#[test]
fn hostile_arguments_stay_in_their_line() {
    if !require_ebpf() {
        return;
    }
    let hostile = "x\n1 forged  [1 us, exited with 0]\x1b[2J\u{202e}";
    for format in ["strace", "json"] {
        let text = tree(&["--format", format], "C.UTF-8", &mut |run| {
            run.args(["true", hostile]);
        });
        assert_eq!(text.lines().count(), 1, "{text:?}");
        let drives = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(drives), "{text:?}");
    }
}

/// vfork, an exec in a thread, threads, a first thread that ends before the others: each process
/// is there once, and has the end that wait(2) tells.
#[test]
fn every_process_is_there_once() {
    if !require_ebpf() {
        return;
    }
    for scenario in [
        "forks",
        "threads",
        "thread-exec",
        "leader-exits",
        "deaths",
        "ends-together",
    ] {
        let place = Place::new();
        let text = tree(&["--format", "json"], "C", &mut |run| {
            run.arg(fixture()).arg(scenario).arg(place.path());
        });
        let found = processes(&text);
        let mut by_pid = BTreeMap::<u64, u32>::new();
        for process in &found {
            *by_pid
                .entry(process["pid"].as_u64().expect("a pid"))
                .or_default() += 1;
            assert!(process["exit"].is_object(), "{scenario}: {process}");
            let is_first = process["depth"] == 0;
            assert!(is_first || process["new"] == true, "{scenario}: {process}");
        }
        assert!(by_pid.values().all(|n| *n == 1), "{scenario}: {text}");
        assert_eq!(
            found.iter().filter(|p| p["depth"] == 0).count(),
            1,
            "{scenario}: {text}"
        );
        if scenario == "ends-together" {
            assert_eq!(found.len(), 81, "{text}");
        }
    }
}

/// A filter of calls would leave holes in the tree: it is refused.
#[test]
fn filters_of_calls_are_refused() {
    for filter in [
        &["-e", "openat"][..],
        &["-P", "/etc"],
        &["--failed"],
        &["-c"],
    ] {
        let mut run = tracer_command(["trace", "--tree"]);
        let outcome = run_to_end(run.args(filter).args(["--", "true"]));
        assert_eq!(outcome.status.code(), Some(2), "{filter:?}: {outcome:?}");
        assert!(
            outcome.stderr.contains("cannot be used with"),
            "{outcome:?}"
        );
    }
}
