//! Options about what is shown, two by two: each pair is refused, or both change what is printed.

use std::{fs, path::Path, process::Command};

use tests::{Place, require_ebpf, run_to_end, tracer_command};

/// The words of an option.
type Words = &'static [&'static str];

/// What a command prints with these options; `None`: they are refused.
fn printed(base: &dyn Fn() -> Command, options: &[Words]) -> Option<Vec<u8>> {
    let mut command = base();
    command.args(options.concat());
    let outcome = run_to_end(&mut command);
    if outcome.code() == 2 {
        let said = outcome.complaints();
        assert!(!said.is_empty() && outcome.stdout.is_empty(), "{outcome:?}");
        return None;
    }
    Some(outcome.ended(0).stdout)
}

/// Every pair of these options is refused, or its output is neither's alone; `same`: pairs in which the
/// first says what the second has anyway.
fn pairs(base: &dyn Fn() -> Command, options: &[Words], same: &[(Words, Words)]) {
    let plain = printed(base, &[]).expect("it is accepted");
    let alone: Vec<_> = options
        .iter()
        .map(|option| printed(base, &[option]))
        .collect();
    let mut idle = Vec::new();
    for (option, alone) in options.iter().zip(&alone) {
        if alone.as_ref() == Some(&plain) {
            idle.push(format!("{option:?} alone"));
        }
    }
    let mut accepted = 0;
    for (at, one) in options.iter().enumerate() {
        for (other_at, other) in options.iter().enumerate().skip(at + 1) {
            let Some(both) = printed(base, &[one, other]) else {
                continue;
            };
            accepted += 1;
            for (option, beside, alone) in
                [(one, other, &alone[other_at]), (other, one, &alone[at])]
            {
                let is_known = same.contains(&(option, beside));
                if (alone.as_ref() == Some(&both)) != is_known {
                    idle.push(format!("{option:?} beside {beside:?}"));
                }
            }
        }
    }
    assert!(
        idle.is_empty(),
        "without effect, or with one that is not known: {idle:#?}"
    );
    assert!(accepted > 0, "everything is refused");
}

/// Records a run with strings, structures, descriptors, failures and several processes.
fn record(place: &Place) {
    let script =
        "printf 'caf\\303\\251 %060d' 1 > long; cat long none; cat long long > two; ls -l; exit 0";
    let mut run = tracer_command(["trace", "-q", "--record"]);
    run.arg(place.join("run.rec"))
        .args(["--", "sh", "-c", script]);
    let _ = run_to_end(run.current_dir(place.dir("work"))).ended(0);
}

#[test]
fn of_trace_and_replay() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    record(&place);
    let file = place.join("run.rec");
    let base = || {
        let mut command = tracer_command(["replay", "-q"]);
        command.arg(&file);
        command
    };
    let options: [Words; 21] = [
        &["-c"],
        &["-C"],
        &["--tree"],
        &["-w"],
        &["-S", "name"],
        &["-T"],
        &["-t"],
        &["-r"],
        &["-s", "5"],
        &["-v"],
        &["-x"],
        &["-y"],
        &["-a", "70"],
        &["-n"],
        &["-X", "raw"],
        &["--always-show-pid"],
        &["--format", "text"],
        &["--format", "json"],
        &["--format", "csv"],
        &["--format", "audit"],
        &["--format", "%e %w%f"],
    ];
    let (text, json): (Words, Words) = (&["--format", "text"], &["--format", "json"]);
    let same: [(Words, Words); 4] = [
        // A table and a drawing are text.
        (text, &["-c"]),
        (text, &["--tree"]),
        // A recording has the times of calls, and these two formats print what they have.
        (&["-T"], json),
        (&["-T"], &["--format", "audit"]),
    ];
    pairs(&base, &options, &same);
}

/// What asks about files, beside what shows calls.
#[test]
fn of_questions_about_files() {
    let place = Place::new();
    let page = place.join("page.html").display().to_string();
    for options in [
        &["--missing", "--tree"][..],
        &["--missing", "-c"],
        &["--missing", "--timeline", &page],
        &["--missing", "--files-changed"],
        &["--files-changed", "--timeline", &page],
        &["--files-changed", "-c"],
        &["--files-changed", "-C"],
        &["--files-changed", "--tree"],
        &["--files-changed", "-T"],
        &["--files-changed", "-y"],
        &["--files-changed", "-n"],
        &["--files-changed", "--format", "csv"],
        &["--tree", "--format", "csv"],
        &["--tree", "-r"],
        &["-c", "-tt"],
        &["-S", "calls"],
        &["-w"],
        &["-U", "calls"],
        &["-Z", "-e", "status=successful"],
        &["-z", "--status=failed,unfinished"],
        &["-s", "9", "--format", "audit"],
    ] {
        let mut command = tracer_command(["trace"]);
        command.args(options).args(["--", "true"]);
        let outcome = run_to_end(&mut command).ended(2);
        assert!(!outcome.complaints().is_empty(), "{options:?}");
        assert!(!Path::new(&page).exists(), "{options:?}");
    }
}

/// A summary behind `--missing` is of what was not found.
#[test]
fn a_summary_of_what_is_missing() {
    if !require_ebpf() {
        return;
    }
    let mut command = tracer_command(["trace", "-q", "--missing", "-C", "--format", "json"]);
    let outcome = run_to_end(command.args(["--", "cat", "/none/of/these", "/dev/null"])).ended(1);
    let text = String::from_utf8(outcome.stdout).expect("UTF-8");
    let sums: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|line: &serde_json::Value| line["type"] == "summary")
        .collect();
    let calls: u64 = sums.iter().filter_map(|sum| sum["calls"].as_u64()).sum();
    assert_eq!((sums.len(), calls), (1, 1), "{text}");
}

/// Called as strace, it is said as strace says it, and the run goes on.
#[test]
fn as_strace_says_it() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let strace = place.join("strace");
    std::os::unix::fs::symlink(tests::tracer(), &strace).expect("symlink");
    for (options, said) in [
        (
            &["-c", "-r"][..],
            "-r/--relative-timestamps has no effect with -c/--summary-only",
        ),
        (
            &["-c", "-tt"],
            "-t/--absolute-timestamps has no effect with -c/--summary-only",
        ),
        (
            &["-c", "-T"],
            "-T/--syscall-times has no effect with -c/--summary-only",
        ),
        (
            &["-c", "-y"],
            "-y/--decode-fds has no effect with -c/--summary-only",
        ),
        (
            &["-c", "-n"],
            "-n/--syscall-number has no effect with -c/--summary-only",
        ),
        (
            &["-S", "calls"],
            "-S/--summary-sort-by has no effect without (-c/--summary-only or -C/--summary)",
        ),
    ] {
        let mut command = Command::new(&strace);
        command
            .args(options)
            .arg("-o")
            .arg(place.join("out"))
            .arg("true");
        let outcome = run_to_end(&mut command).ended(0);
        assert_eq!(
            outcome.complaints(),
            [format!("strace: {said}")],
            "{options:?}"
        );
        assert!(fs::metadata(place.join("out")).is_ok_and(|out| out.len() > 0));
    }
    let mut command = Command::new(&strace);
    let outcome = run_to_end(command.args(["-w", "true"])).ended(1);
    assert!(
        outcome
            .stderr
            .contains("-w/--summary-wall-clock must be given with"),
        "{outcome:?}"
    );
}

#[test]
fn of_watch() {
    let place = Place::new();
    place.dir("tree");
    let snapshot = place.join("before");
    let tree = place.join("tree");
    let mut take = tracer_command(["watch", "-q", "--snapshot"]);
    let _ = run_to_end(take.arg(&snapshot).arg(&tree)).ended(0);
    for name in ["a", "b,c"] {
        place.file(format!("tree/{name}"));
    }
    let base = || {
        let mut command = tracer_command(["watch", "-q", "--format", "%w%f %e", "--since-start"]);
        command.arg(&snapshot).arg(&tree);
        command
    };
    pairs(&base, &[&["--null"], &["--count", "1"]], &[]);
    let here = tree.to_str().expect("UTF-8");
    let file = place.join("new").display().to_string();
    for options in [
        &["--snapshot", &file, "--format", "%f"][..],
        &["--snapshot", &file, "--csv"],
        &["--snapshot", &file, "--json"],
        &["--snapshot", &file, "--coalesce", "1s"],
        &["--snapshot", &file, "--exec", "true"],
        &["--snapshot", &file, "--once"],
        &["--snapshot", &file, "--timeout", "1s"],
        &["--snapshot", &file, "--backend", "inotify"],
        &["-m", "-1"],
        &["-1", "--monitor"],
        &["-r", "--no-recursive"],
        &["--no-recursive", "--recursive"],
        &["--csv", "--json"],
        &["--csv", "--null"],
        &["--json", "--timefmt", "%H"],
        &["--format", "%f", "--timefmt", "%H"],
        &["--format", "strace"],
        &["--exec", "true", "--stop-signal", "INT"],
        &["--exec", "true", "--stop-timeout", "1s"],
        &["--exec", "true", "--restart", "--jobs", "2"],
        &["--backend", "inotify", "--buffer", "1M"],
        &["--backend", "inotify", "--ebpf-log"],
    ] {
        let mut command = tracer_command(["watch"]);
        let outcome = run_to_end(command.args(options).arg(here)).ended(2);
        assert!(!outcome.complaints().is_empty(), "{options:?}");
        assert!(!Path::new(&file).exists(), "{options:?}");
    }
}

#[test]
fn of_top() {
    for (options, why) in [
        (&["--batch", "--json"][..], "cannot be used with"),
        (&["--rows", "3"], "--rows is for --batch and --json"),
    ] {
        let mut command = tracer_command(["top", "-n", "1"]);
        let outcome = run_to_end(command.args(options)).ended(2);
        assert!(outcome.stderr.contains(why), "{outcome:?}");
    }
}
