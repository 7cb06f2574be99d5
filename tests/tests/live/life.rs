//! The life of what is traced: signals, calls that do not return, who is followed and who is not,
//! and that none of it holds a process up.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::{Command, Stdio},
};

use tests::{
    Fixture, Place, Record, Tracer, fixture, play_with, require_ebpf, run_to_end, tracer_command,
};

/// Delivered signals, with what the kernel says of them.
#[test]
fn signals_are_told_with_their_siginfo() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("handled", &["--format", "json"]);
    let told: Vec<_> = scene
        .outcome
        .records
        .iter()
        .filter(|r| r.op() == "signal" && r.syscall().is_empty())
        .collect();
    let of = |name: &str| {
        let mut found = told.iter().filter(|r| r.get("signal")["si_signo"] == name);
        let first = found.next().unwrap_or_else(|| panic!("no {name}"));
        assert!(found.next().is_none(), "{name} twice");
        first
    };
    let (user, value, child) = (of("SIGUSR1"), of("SIGUSR2"), of("SIGCHLD"));
    let pid = user.pid();
    assert_eq!(user.get("signal")["si_code"], "SI_USER", "{}", user.line);
    assert_eq!(user.get("signal")["si_pid"], pid, "{}", user.line);
    assert_eq!(value.get("signal")["si_code"], "SI_QUEUE", "{}", value.line);
    assert_eq!(value.get("signal")["si_int"], 77, "{}", value.line);
    assert_eq!(child.get("signal")["si_code"], "CLD_EXITED");
    assert_eq!(child.get("signal")["si_status"], 5, "{}", child.line);
    assert_eq!(child.pid(), pid);

    let scene = play_with("handled", &["-e", "signal=!SIGCHLD"]);
    let text = String::from_utf8_lossy(&scene.outcome.stdout).into_owned();
    let line = format!(
        "--- SIGUSR1 {{si_signo=SIGUSR1, si_code=SI_USER, si_pid={}, si_uid=0}} ---",
        text.split_whitespace().next().unwrap_or("?")
    );
    assert!(text.contains(&line), "{line}\n{text}");
    assert!(!text.contains("--- SIGCHLD"), "{text}");
}

/// An exec in a thread that is not the first, vfork and deaths by signal, with times: each call
/// that began under the tracer has one, also where the thread has another id at its end.
#[test]
fn every_call_has_its_time() {
    if !require_ebpf() {
        return;
    }
    for scenario in ["thread-exec", "forks", "deaths", "leader-exits", "threads"] {
        let scene = play_with(scenario, &["-T", "--format", "json"]);
        let records = &scene.outcome.records;
        // The command's own exec began before tracer was told of the command.
        let mut calls = records.iter().filter(|r| !r.syscall().is_empty()).skip(1);
        let timeless = calls.find(|r| r.number("duration_ns").is_none());
        assert!(
            timeless.is_none(),
            "{scenario}: {}",
            timeless.map_or("", |r| &r.line)
        );
        let ends = records.iter().filter(|r| r.op() == "exit");
        let last = ends.filter(|r| r.get("exit")["last_thread"] == true);
        assert!(last.count() >= 1, "{scenario}");
    }
}

/// Threads that end at the same moment: each end is told, and one of them is that of the process.
#[test]
fn ends_at_the_same_moment() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("ends-together", &["-e", "exit", "--format", "json"]);
    let mut ends = BTreeMap::<u64, Vec<_>>::new();
    for record in scene.outcome.records.iter().filter(|r| r.op() == "exit") {
        ends.entry(record.pid()).or_default().push(record);
    }
    // Each has a companion with one thread, and there is the fixture itself.
    assert_eq!(ends.len(), 81);
    let mut threads = 0;
    for (pid, told) in ends {
        let tids: BTreeSet<_> = told.iter().map(|r| r.tid()).collect();
        assert_eq!(tids.len(), told.len(), "{pid}: {tids:?}");
        let is_last = |r: &&&Record| r.get("exit")["last_thread"] == true;
        assert_eq!(told.iter().filter(is_last).count(), 1, "{pid}");
        threads += told.len();
    }
    assert_eq!(threads, 4 * 40 + 40 + 1);
}

/// A process that waits. It holds no output of ours open, and ends by itself should a test fail.
fn sleeper() -> std::process::Child {
    let mut command = Command::new("sleep");
    command
        .arg("120")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().expect("sleep")
}

/// A call that does not return is told at the end, with how long it has been waiting.
#[test]
fn a_call_that_does_not_return_is_told() {
    if !require_ebpf() {
        return;
    }
    let mut sleeper = sleeper();
    let pid = sleeper.id().to_string();
    for (status, wanted) in [("detached", 1), ("successful", 0), ("!detached", 0)] {
        let status = format!("status={status}");
        let outcome = run_to_end(&mut tracer_command([
            "trace",
            "-T",
            "-p",
            &pid,
            "-e",
            &status,
            "--duration",
            "0.2",
            "--format",
            "json",
        ]));
        let outcome = outcome.ended(0).conserved();
        assert_eq!(outcome.records.len(), wanted, "{status}: {outcome:?}");
        for told in &outcome.records {
            assert_eq!(told.syscall(), "clock_nanosleep", "{}", told.line);
            assert_eq!(told.unknown("ret"), Some("run-ended"), "{}", told.line);
            assert!(told.get("ret").is_null(), "{}", told.line);
            assert_eq!(told.get("args")[0], "0x0", "{}", told.line);
        }
    }
    let _ = sleeper.kill();
    let _ = sleeper.wait();
}

/// The call that a task ends in never returns: the end of the task is what tells it.
#[test]
fn the_call_that_ends_a_task_is_unfinished() {
    if !require_ebpf() {
        return;
    }
    for (status, is_told) in [("unfinished", true), ("!unfinished,failed", false)] {
        let status = format!("status={status}");
        let options = ["trace", "-e", &status, "-e", "exit,exit_group"];
        let run = |format| {
            let rest = ["--format", format, "-o", "/dev/stdout", "--", "true"];
            run_to_end(&mut tracer_command(options.into_iter().chain(rest))).ended(0)
        };
        let outcome = run("json").conserved();
        assert_eq!(
            outcome.records.len(),
            usize::from(is_told),
            "{status}: {outcome:?}"
        );
        for told in &outcome.records {
            assert_eq!(told.op(), "exit", "{}", told.line);
            assert_eq!(told.get("exit")["status"], 0, "{}", told.line);
        }
        let text = String::from_utf8_lossy(&run("strace").stdout).into_owned();
        assert!(text.contains("+++ exited with 0 +++"), "{status}: {text}");
        assert_eq!(text.contains("exit_group(0)"), is_told, "{status}: {text}");
    }
}

/// `--follow` takes the descendants that are there, and those that they make later.
#[test]
fn descendants_that_are_there_are_followed() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let script = "sh -c 'sh -c \"read x <&3; mkdir deep\" & read x <&3; mkdir middle; wait' & \
                  echo ready; read x; wait";
    let made = Command::new("mkfifo").arg(place.join("fifo")).status();
    assert!(made.is_ok_and(|s| s.success()));
    let mut family = Command::new("bash")
        .args(["-c", &format!("exec 3<>fifo; {script}")])
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("bash");
    let mut ready = [0; 6];
    std::io::Read::read_exact(family.stdout.as_mut().expect("piped"), &mut ready).expect("ready");
    let pid = family.id().to_string();
    let tracer = Tracer::start([
        "trace",
        "-p",
        &pid,
        "-f",
        "-e",
        "mkdir,execve,exit_group",
        "--format",
        "json",
    ]);
    fs::write(place.join("fifo"), b"go\ngo\n").expect("the fifo is open");
    for name in ["deep", "middle"] {
        let path = place.bytes(name);
        tracer.wait_for(name, |r| r.syscall() == "mkdir" && r.is_about(&path));
    }
    drop(family.stdin.take());
    let _ = family.wait();
    // The family is gone: the run ends by itself.
    let _ = tracer.wait().ended(0).conserved();
}

/// A process for which there is no room is counted, and nothing of it is half traced.
#[test]
fn children_without_room_are_counted() {
    if !require_ebpf() {
        return;
    }
    let script = "for i in 1 2 3 4 5 6; do sleep 0.3 & done; wait";
    let outcome = run_to_end(&mut tracer_command([
        "trace",
        "--max-processes",
        "3",
        "--format",
        "json",
        "--",
        "sh",
        "-c",
        script,
    ]));
    let outcome = outcome.ended(0);
    let lost = outcome.sums().lost;
    assert!(lost >= 1, "{outcome:?}");
    assert!(outcome.stderr.contains("unfollowed"), "{outcome:?}");
    let sums = outcome.sums();
    assert_eq!(sums.seen, sums.written + sums.filtered + sums.lost);
    let names = outcome.records.iter().filter_map(|r| r.bytes("comm"));
    let sleeps = outcome
        .records
        .iter()
        .filter(|r| r.syscall() == "execve" && r.number("ret") == Some(0))
        .count();
    assert!(sleeps < 7 && names.count() > 0, "{outcome:?}");
}

/// Another program that gets the id of a traced one is not traced.
#[test]
fn a_reused_id_is_another_process() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut victim = sleeper();
    let mut other = sleeper();
    let ids = [victim.id().to_string(), other.id().to_string()];
    let tracer = Tracer::start(["trace", "-p", &ids[0], "-p", &ids[1], "--format", "json"]);
    let _ = victim.kill();
    tracer.wait_for("its end", |r| r.op() == "exit");
    let _ = victim.wait();
    let said = Command::new(fixture())
        .arg("reborn")
        .arg(place.path())
        .arg(&ids[0])
        .output()
        .expect("the fixture");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let wanted = format!("{{\"reborn\":{},\"exists\":true}}", ids[0]);
    // The id may have been taken by somebody else meanwhile, which is the same thing.
    assert!(
        said.contains(&wanted) || said.contains("\"reborn\":-1"),
        "{said}"
    );
    let _ = other.kill();
    let outcome = tracer.wait().ended(0).conserved();
    let of_victim = outcome.of_pid(u64::from(victim.id()));
    assert!(
        of_victim.last().is_some_and(|r| r.op() == "exit"),
        "{outcome:?}"
    );
    let _ = other.wait();
}

/// A hundred times attached and detached: the threads of the target are never stopped, and no
/// piece of their work is held up.
#[test]
fn attaching_holds_nobody_up() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut looping = Fixture::start("timing-loop", place.path(), &["1500"]);
    looping.go();
    while !place.join("first").exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let pid = looping.pid().to_string();
    let tasks = format!("/proc/{pid}/task");
    // Many at a time: most of an attach is waiting for the kernel.
    for _ in 0..4 {
        let attached: Vec<_> = (0..25)
            .map(|i| {
                let log = place.join(format!("log{i}"));
                let mut tracer = tracer_command(["trace", "-q", "--count", "1", "-e", "getppid"]);
                tracer.args(["-p", &pid, "-o"]).arg(&log);
                (Tracer::spawn(&mut tracer), log)
            })
            .collect();
        for (tracer, log) in attached {
            for task in fs::read_dir(&tasks).expect("it lives").flatten() {
                let stat = fs::read_to_string(task.path().join("stat")).unwrap_or_default();
                let state = stat.rsplit(") ").next().unwrap_or("?");
                assert!(!state.starts_with(['T', 't']), "stopped: {stat}");
            }
            let _ = tracer.wait().ended(0);
            let seen = fs::read_to_string(&log).expect("a log");
            assert!(seen.contains("getppid"), "{seen}");
        }
    }
    fs::write(place.join("stop"), b"").expect("writable");
    looping.done();
    let said = String::from_utf8_lossy(&looping.end()).into_owned();
    let number = |key: &str| -> u64 {
        let after = said.split(&format!("\"{key}\":")).nth(1).unwrap_or("");
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        digits
            .parse()
            .unwrap_or_else(|_| panic!("no {key}: {said}"))
    };
    let (alone, traced) = (number("tenth_alone"), number("tenth_traced"));
    // A virtual machine is itself held up by its host, which nothing here can tell apart, but that is
    // seldom; and what the loop has seen without a tracer is what the machine does.
    assert!(
        traced <= 5_000.max(alone * 2),
        "held up {traced} us; alone {alone} us"
    );
}

/// A signal that ends a process at once is told with who sent it, as strace tells it, and only once.
#[test]
fn the_signal_that_kills_is_told() {
    if !require_ebpf() {
        return;
    }
    for script in [
        "kill -TERM $$",
        "kill -USR1 $$",
        "kill -HUP $$",
        "kill -SEGV $$",
        "kill -KILL $$",
        "trap 'exit 4' TERM; kill -TERM $$; exit 5",
        "yes | head -1",
        "sleep 1000 & kill $!; wait",
    ] {
        let place = Place::new();
        let lines = |command: &mut Command, name: &str| {
            let out = place.join(name);
            command.arg("-o").arg(&out).args(["-e", "kill"]);
            if name == "ours" {
                command.arg("--");
            }
            let _ = command
                .args(["sh", "-c", script])
                .output()
                .expect("it runs");
            let text = fs::read_to_string(out).expect("lines");
            let mut pids = std::collections::BTreeSet::new();
            let mut lines: Vec<String> = Vec::new();
            for line in text.lines() {
                let (pid, what) = line.split_once(' ').expect("a pid");
                pids.insert(pid.to_owned());
                let what = what.trim_start();
                // Of two children that end at once one signal may come.
                if what.starts_with(['-', '+']) && !what.starts_with("--- SIGCHLD") {
                    lines.push(what.to_owned());
                }
            }
            for line in &mut lines {
                for pid in &pids {
                    *line = line.replace(&format!("si_pid={pid},"), "si_pid=PID,");
                }
            }
            lines.sort();
            lines
        };
        let theirs = lines(Command::new("strace").arg("-f"), "theirs");
        let ours = lines(&mut tracer_command(["trace", "-q"]), "ours");
        assert_eq!(theirs, ours, "{script}");
    }
}
