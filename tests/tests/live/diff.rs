//! `tracer diff`: two runs of one program are the same, and of two that are not it tells what is
//! different, what matters first.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
};

use serde_json::Value;
use tests::{
    NOBODY, Outcome, Place, public_copy, require_ebpf, run_to_end, tracer, tracer_command,
};

/// Records a command that runs in `work` and ends with `code`.
fn record(recording: PathBuf, work: &Path, command: &[&str], code: i32) -> PathBuf {
    let mut run = tracer_command(["trace", "-q", "--record"]);
    run.arg(&recording).arg("--").args(command);
    let _ = run_to_end(run.current_dir(work)).ended(code);
    recording
}

fn diff(options: &[&str], a: &Path, b: &Path) -> Outcome {
    run_to_end(tracer_command(["diff"]).args(options).arg(a).arg(b))
}

fn text(outcome: &Outcome) -> String {
    String::from_utf8_lossy(&outcome.stdout).into_owned()
}

fn objects(outcome: &Outcome) -> Vec<Value> {
    let lines = text(outcome);
    let parse = |line: &str| serde_json::from_str(line).expect("JSON");
    lines.lines().map(parse).collect()
}

/// Other addresses, process ids, times, random bytes and pipes in each run are no difference.
#[test]
fn two_runs_of_one_program_are_the_same() {
    if !require_ebpf() {
        return;
    }
    let script = "ls /usr | sort | head -3; cat /no/such; mkdir made; echo x > made/file; rm -r made; exit 3";
    let rows: [(&[&str], i32); 5] = [
        (&["cat", "/etc/hostname"], 0),
        (&["ls", "-l", "/usr"], 0),
        (&["sh", "-c", script], 3),
        (
            &["env", "-i", "A=b", "sh", "-c", "echo $A; kill -9 $$"],
            137,
        ),
        (&["find", "/etc", "-name", "host*"], 0),
    ];
    for (command, code) in rows {
        let place = Place::new();
        let work = place.dir("work");
        let a = record(place.join("a.rec"), &work, command, code);
        let b = record(place.join("b.rec"), &work, command, code);
        let outcome = diff(&[], &a, &b);
        assert_eq!(outcome.code(), 0, "{command:?}: {}", text(&outcome));
        assert!(text(&outcome).contains("no difference in "), "{outcome:?}");
        let json = diff(&["--format", "json"], &a, &b).ended(0);
        let summary = &objects(&json)[2];
        assert_eq!(summary["same"], true, "{summary}");
        assert_eq!(summary["first"], Value::Null, "{summary}");
    }
}

/// Of several processes of one name, the number says which it is.
#[test]
fn one_of_several_processes() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let script = "cat one; cat two; cat three; exit 0";
    let [a, b] = ["a", "b"].map(|name| {
        let work = place.dir(name);
        for file in ["one", "two", "three"] {
            fs::write(work.join(file), file).expect("write");
        }
        if name == "b" {
            fs::remove_file(work.join("two")).expect("rm");
        }
        record(
            place.join(name).with_extension("rec"),
            &work,
            &["sh", "-c", script],
            0,
        )
    });
    let outcome = diff(&["-U", "0"], &a, &b).ended(1);
    let text = text(&outcome);
    assert!(text.contains("in sh > cat #2:\n"), "{text}");
    let places: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("@@ "))
        .collect();
    let of_cat = places.iter().filter(|line| line.contains(" > cat"));
    assert!(
        of_cat.clone().all(|line| line.ends_with(" @@ sh > cat #2")),
        "{places:?}"
    );
    assert!(of_cat.count() > 0, "{text}");
}

/// Where a file is there and where it is not.
struct Missing {
    place: Place,
    good: PathBuf,
    bad: PathBuf,
}

impl Missing {
    fn record() -> Self {
        let place = Place::new();
        let (with, without) = (place.dir("with"), place.dir("without"));
        fs::write(with.join("conf"), "x").expect("a file");
        Self {
            good: record(place.join("good.rec"), &with, &["cat", "conf"], 0),
            bad: record(place.join("bad.rec"), &without, &["cat", "conf"], 1),
            place,
        }
    }
}

#[test]
fn a_file_that_is_missing() {
    if !require_ebpf() {
        return;
    }
    let it = Missing::record();
    let outcome = diff(&[], &it.good, &it.bad).ended(1);
    let all = text(&outcome);
    // The summary comes first.
    let lines: Vec<_> = all.lines().skip(2).take(4).collect();
    let opened = "openat(AT_FDCWD, \"conf\", O_RDONLY)";
    assert_eq!(
        lines,
        [
            "A exited with 0, B exited with 1",
            "first call that fails in B and not in A, in cat:",
            &format!("-{opened} = <./conf>"),
            &format!("+{opened} = -1 ENOENT (No such file or directory)"),
        ]
    );
    assert!(
        all.contains("\n-./conf  found (read)\n+./conf  missing (read)\n"),
        "{all}"
    );
    assert!(
        all.contains("\n-+++ exited with 0 +++\n++++ exited with 1 +++\n"),
        "{all}"
    );
    assert!(all.lines().any(|line| line.starts_with(' ')), "no context");
    // The other way round.
    let reversed = text(&diff(&[], &it.bad, &it.good).ended(1));
    assert!(
        reversed.contains("first call that fails in A and not in B, in cat:"),
        "{reversed}"
    );

    let only = |options: &[&str]| text(&diff(options, &it.good, &it.bad).ended(1));
    let files = only(&["--files"]);
    assert!(
        files.contains("\nfiles\n") && !files.contains("\ncalls\n"),
        "{files}"
    );
    let calls = only(&["--calls", "-U", "0"]);
    assert!(
        calls.contains("\ncalls\n") && !calls.contains("\nfiles\n"),
        "{calls}"
    );
    assert!(!calls.lines().any(|line| line.starts_with(' ')), "{calls}");
    let opens = only(&["--calls", "-e", "trace=openat", "-U", "0"]);
    let (_, hunks) = opens.split_once("\ncalls\n").expect("calls");
    let is_about_it = |line: &str| line.contains("openat(") || line.contains("+++ exited");
    let changed = |line: &&str| !line.starts_with("@@");
    assert!(hunks.lines().filter(changed).all(is_about_it), "{hunks}");
    assert_eq!(only(&["-q"]), "");
    // Colour is for terminals, or asked for.
    assert!(!all.contains('\x1b'), "{all}");
    let coloured = only(&["--color", "always"]);
    assert!(
        coloured.contains(&format!("\x1b[31m-{opened} = <./conf>\x1b[0m")),
        "{coloured}"
    );
}

#[test]
fn a_file_that_is_missing_in_json() {
    if !require_ebpf() {
        return;
    }
    let it = Missing::record();
    let outcome = diff(&["--format", "json"], &it.good, &it.bad).ended(1);
    let all = objects(&outcome);
    let of = |kind: &str| all.iter().filter(|o| o["type"] == kind).collect::<Vec<_>>();
    let sides: Vec<_> = of("recording").iter().map(|o| o["side"].clone()).collect();
    assert_eq!(sides, ["a", "b"]);
    let first = &of("summary")[0]["first"];
    assert_eq!(first["failure"], true, "{first}");
    assert_eq!(first["place"], serde_json::json!(["cat"]), "{first}");
    assert_eq!(first["success"], serde_json::json!({"a": true, "b": false}));
    let conf = of("file").into_iter().find(|o| o["path"] == "./conf");
    let conf = conf.expect("it is a difference");
    assert_eq!(conf["a"]["found"], serde_json::json!(["found"]), "{conf}");
    assert_eq!(conf["b"]["found"], serde_json::json!(["missing"]), "{conf}");
    assert_eq!(of("summary")[0]["calls"], of("call").len());
}

#[test]
fn commands_tasks_and_environments() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let work = place.dir("work");
    let run = |name: &str, variable: &str, script: &str| {
        let command = ["env", variable, "sh", "-c", script];
        record(place.join(name), &work, &command, 0)
    };
    let a = run("a.rec", "SOME=one", "/bin/echo one; /bin/echo all; true");
    let b = run("b.rec", "SOME=two", "/bin/echo all; /bin/ls -d /usr; true");
    let all = text(&diff(&[], &a, &b).ended(1));
    let section = |title: &str| {
        let (_, rest) = all.split_once(&format!("\n{title}\n")).expect(title);
        rest.split_once("\n\n")
            .map_or(rest, |(this, _)| this)
            .to_owned()
    };
    assert_eq!(section("environment"), "-SOME=one\n+SOME=two", "{all}");
    let commands = section("commands");
    let has = |sign: char, words: &str| {
        let fits = |line: &str| line.starts_with(sign) && line.ends_with(words);
        commands.lines().any(fits)
    };
    assert!(
        has('-', "/echo one") && has('+', "/ls -d /usr"),
        "{commands}"
    );
    assert!(
        !has('-', "/echo all") && !has('+', "/echo all"),
        "{commands}"
    );
    // The echo that both have is one pair, though it is the second of one and the first of the other.
    let tasks = section("tasks");
    let (only_a, only_b) = tasks.split_once('\n').expect("two lines");
    assert!(only_a.starts_with("-env > echo #1: process "), "{all}");
    assert!(only_b.starts_with("+env > ls: process "), "{all}");
    assert!(!only_b.contains('\n'), "{all}");
}

/// Whoever may read both can compare them; what cannot be compared is no difference.
#[test]
fn trouble_is_no_difference() {
    if !require_ebpf() {
        return;
    }
    let it = Missing::record();
    let (cut, other) = (it.place.join("cut.rec"), it.place.file("other"));
    let whole = fs::read(&it.bad).expect("a recording");
    fs::write(&cut, &whole[..whole.len() - 20]).expect("a file");
    let outcome = diff(&[], &it.good, &cut).ended(7);
    assert_eq!(outcome.complaints().len(), 1, "{outcome:?}");
    assert!(
        outcome.stderr.contains("cut.rec: the recording "),
        "{outcome:?}"
    );
    let all = text(&outcome);
    assert!(all.contains("B is not whole"), "{all}");
    assert!(
        all.contains("first call that fails in B and not in A"),
        "{all}"
    );
    let refused = diff(&[], &other, &it.good).ended(7);
    assert!(refused.stderr.contains("no recording"), "{refused:?}");
    let absent = diff(&[], &it.good, &it.place.join("none")).ended(5);
    assert!(absent.stderr.contains("No such file"), "{absent:?}");
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    let mut run = std::process::Command::new(tracer());
    let status = run
        .arg("diff")
        .args([&it.good, &it.bad])
        .stdout(full)
        .status();
    assert_eq!(status.expect("it runs").code(), Some(7));

    for recording in [&it.good, &it.bad] {
        std::os::unix::fs::chown(recording, Some(NOBODY), Some(NOBODY)).expect("chown");
    }
    let program = public_copy(tracer(), &it.place.join("tracer"));
    let mut run = std::process::Command::new(program);
    run.arg("diff")
        .args([&it.good, &it.bad])
        .uid(NOBODY)
        .gid(NOBODY);
    assert!(text(&run_to_end(&mut run).ended(1)).contains("<./conf>"));
}
