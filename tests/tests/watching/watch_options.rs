//! What `watch` does with events beside printing them as records: templates, one-shot, timeouts,
//! bursts, commands; with every backend that can.

use std::{
    fs,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    path::Path,
};

use nix::{
    sys::{signal::Signal, stat::Mode},
    unistd::mkfifo,
};
use tests::{Place, Tracer, require_ebpf, require_root, run_to_end, script, tracer_command};

/// `tracer watch` with these options on a place.
fn watch(options: &[&str], place: &Path) -> Tracer {
    let mut command = tracer_command(["watch"]);
    command.args(options).arg(place);
    Tracer::spawn(&mut command).ready()
}

/// Ctrl-C, and a good end.
fn end(tracer: Tracer) {
    drop(tracer.stop().ended(0));
}

fn lines(tracer: &Tracer) -> Vec<String> {
    let said = String::from_utf8_lossy(&tracer.output()).into_owned();
    said.lines().map(str::to_owned).collect()
}

/// The template of inotifywait, and what it cannot say, from each backend.
#[test]
fn templates() {
    if !require_root() || !require_ebpf() {
        return;
    }
    for backend in ["ebpf", "fanotify", "inotify"] {
        let place = Place::new();
        let options = [
            "--backend",
            backend,
            "-e",
            "create,move",
            "--format",
            "%w|%f|%e|%u|%x|%p|%c%%",
        ];
        let tracer = watch(&options, place.path());
        fs::write(place.join("new\nline"), "x").expect("write");
        fs::create_dir(place.join("dir")).expect("mkdir");
        fs::rename(place.join("dir"), place.join("to")).expect("mv");
        tracer.wait_output("|to|");
        let root = place.path().display();
        let me = std::env::current_exe().expect("/proc");
        let (user, exe, pid) = if backend == "inotify" {
            ("?".to_owned(), "?".to_owned(), "?".to_owned())
        } else {
            let pid = std::process::id().to_string();
            ("root".to_owned(), me.display().to_string(), pid)
        };
        let lines = lines(&tracer);
        assert_eq!(lines.len(), 3, "{backend}: {lines:?}");
        let starts = [
            format!("{root}/|new\\nline|CREATE|{user}|{exe}|{pid}|"),
            format!("{root}/|dir|CREATE,ISDIR|{user}|{exe}|{pid}|"),
            format!("{root}/|to|MOVED_FROM,MOVED_TO"),
        ];
        for (line, start) in lines.iter().zip(starts) {
            assert!(line.starts_with(&start), "{backend}: {line} is not {start}");
            assert!(line.ends_with('%'), "{line}");
        }
        end(tracer);
    }
}

/// Of a rename into the tree, out of it, or from a name that is left out, only one half is told:
/// the same with every backend.
#[test]
fn halves_of_renames() {
    if !require_root() || !require_ebpf() {
        return;
    }
    for backend in ["ebpf", "fanotify", "inotify"] {
        let place = Place::new();
        place.dir("in/sub");
        place.dir("out");
        place.file("out/b");
        for name in ["a", "x.tmp", "y"] {
            place.file(format!("in/{name}"));
        }
        let move_all = |from: &str, to: &str| {
            fs::rename(place.join(from), place.join(to)).expect("mv");
        };
        for (asked, wanted) in [
            (
                "move",
                "MOVED_FROM a;MOVED_TO b;MOVED_FROM,MOVED_TO sub/c;MOVED_TO x;MOVED_FROM y;",
            ),
            (
                "moved_to",
                "MOVED_TO b;MOVED_FROM,MOVED_TO sub/c;MOVED_TO x;",
            ),
        ] {
            let options = ["--backend", backend, "-e", asked, "--format", "%e %w%f;"];
            let mut command = tracer_command(["watch", "--exclude-regex", r"\.tmp$"]);
            command.args(options).arg("in").current_dir(place.path());
            let tracer = Tracer::spawn(&mut command).ready();
            move_all("in/a", "out/a");
            move_all("out/b", "in/b");
            move_all("in/b", "in/sub/c");
            move_all("in/x.tmp", "in/x");
            move_all("in/y", "in/y.tmp");
            // Back again, while nobody looks but for the end.
            move_all("in/sub/c", "in/sub/end");
            tracer.wait_output("sub/end");
            let told = String::from_utf8_lossy(&tracer.output()).into_owned();
            let told = told.replace(['\0', '\n'], "").replace("in/", "");
            assert_eq!(
                told,
                format!("{wanted}MOVED_FROM,MOVED_TO sub/end;"),
                "{backend}"
            );
            end(tracer);
            for (from, to) in [
                ("sub/end", "../out/b"),
                ("../out/a", "a"),
                ("x", "x.tmp"),
                ("y.tmp", "y"),
            ] {
                move_all(&format!("in/{from}"), &format!("in/{to}"));
            }
        }
    }
}

/// Names byte by byte, records with NUL at their end.
#[test]
fn null_ends_records() {
    let place = Place::new();
    let options = [
        "--backend",
        "inotify",
        "-e",
        "create",
        "-0",
        "--format",
        "%w%f",
    ];
    let tracer = watch(&options, place.path());
    let names = [&b"a\nb"[..], b"not\xffutf8"];
    for name in names {
        fs::write(place.path().join(std::ffi::OsStr::from_bytes(name)), "").expect("write");
    }
    tracer.wait_output("utf8");
    let outcome = tracer.output();
    let wanted: Vec<u8> = names
        .iter()
        .flat_map(|name| [place.path().as_os_str().as_bytes(), b"/", name, b"\0"].concat())
        .collect();
    assert_eq!(outcome, wanted);
    end(tracer);
}

#[test]
fn csv_and_json() {
    let place = Place::new();
    let tracer = watch(
        &["--backend", "inotify", "-e", "create", "--csv"],
        place.path(),
    );
    fs::create_dir(place.join("a,b")).expect("mkdir");
    tracer.wait_output("\n");
    let root = place.path().display();
    assert_eq!(
        lines(&tracer),
        [format!("{root}/,\"CREATE,ISDIR\",\"a,b\",,,")]
    );
    end(tracer);
    let tracer = watch(
        &["--backend", "inotify", "-e", "delete", "--json"],
        place.path(),
    );
    fs::remove_dir(place.join("a,b")).expect("rmdir");
    tracer.wait_for("the deletion", |record| record.op() == "delete");
    drop(tracer.stop().ended(0).sound());
}

/// The first record ends it with 0, none in time with 6.
#[test]
fn one_shot_and_timeout() {
    let place = Place::new();
    let tracer = watch(
        &[
            "--backend",
            "inotify",
            "-1",
            "-t",
            "1m",
            "-e",
            "close_write",
            "--format",
            "%f",
        ],
        place.path(),
    );
    fs::write(place.join("first"), "x").expect("write");
    fs::write(place.join("second"), "x").expect("write");
    let (status, out, _) = tracer.wait_raw();
    assert_eq!((status, &out[..]), (Some(0), &b"first\n"[..]));

    let place = Place::new();
    let options = [
        "--backend",
        "inotify",
        "-t",
        "0.2",
        "-e",
        "create",
        "--format",
        "%f",
    ];
    let tracer = watch(&options, place.path());
    let (status, out, _) = tracer.wait_raw();
    assert_eq!((status, out.len()), (Some(6), 0));
}

/// Notifications that no call says come from fanotify, and each is what was asked for.
#[test]
fn exact_notifications_with_the_actor() {
    if !require_root() {
        return;
    }
    let place = Place::new();
    let file = place.file("file");
    let options = ["-e", "access,modify,close", "--format", "%e %p"];
    let tracer = watch(&options, place.path());
    assert!(tracer.said().contains("fanotify"), "{}", tracer.said());
    fs::read(&file).expect("read");
    tracer.wait_output("CLOSE_NOWRITE");
    fs::write(&file, "more").expect("write");
    tracer.wait_output("CLOSE_WRITE");
    let pid = std::process::id();
    let mut seen = lines(&tracer);
    seen.dedup();
    assert_eq!(
        seen,
        [
            format!("ACCESS {pid}"),
            format!("CLOSE_NOWRITE,CLOSE {pid}"),
            format!("MODIFY {pid}"),
            format!("CLOSE_WRITE,CLOSE {pid}"),
        ]
    );
    end(tracer);
    let outcome = run_to_end(
        tracer_command(["watch", "--backend", "ebpf", "-e", "access"]).arg(place.path()),
    );
    drop(outcome.ended(2));
}

/// Patterns of both kinds.
#[test]
fn names_by_pattern() {
    type Row = (&'static [&'static str], &'static [&'static str]);
    let rows: [Row; 4] = [
        (&["--include", "*.c"], &["a.c", "d/b.c"]),
        (
            &["--include-regex", r"\.c$", "--include", "x"],
            &["a.c", "d/b.c", "x"],
        ),
        (&["--exclude-regex", r"/d$"], &["a.c", "a.h", "x"]),
        (
            &["--exclude-regex", r"\.h$|/x$", "--exclude", "a.*"],
            &["d/b.c"],
        ),
    ];
    for backend in ["inotify", "fanotify", "ebpf"] {
        if backend != "inotify" && (!require_root() || !require_ebpf()) {
            return;
        }
        for (patterns, wanted) in rows {
            let place = Place::new();
            place.dir("d");
            let mut options = vec!["--backend", backend, "-e", "create", "--format", "%w%f"];
            options.extend(patterns);
            let tracer = watch(&options, place.path());
            for name in ["a.c", "a.h", "d/b.c", "x"] {
                place.file(name);
            }
            tracer.signal(Signal::SIGINT);
            let (status, out, said) = tracer.wait_raw();
            assert_eq!(status, Some(0), "{said}");
            let out = String::from_utf8(out).expect("UTF-8");
            let root = format!("{}/", place.path().display());
            let got: Vec<_> = out
                .lines()
                .filter_map(|line| line.strip_prefix(&root))
                .collect();
            assert_eq!(got, wanted, "{backend} {patterns:?}");
        }
    }
}

/// A file that is written under a name that is left out, and then renamed, is told; one that goes
/// from there out of the tree is not.
#[test]
fn renamed_from_a_name_that_is_left_out() {
    for backend in ["inotify", "fanotify", "ebpf"] {
        if backend != "inotify" && (!require_root() || !require_ebpf()) {
            return;
        }
        let place = Place::new();
        place.dir("tree");
        let options = ["--backend", backend, "--exclude", "*.tmp"];
        let format = ["--op", "rename", "--format", "%w%f"];
        let tracer = watch(&[&options[..], &format].concat(), &place.join("tree"));
        for (from, to) in [("tree/a.tmp", "tree/a.txt"), ("tree/b.tmp", "b.txt")] {
            place.file(from);
            fs::rename(place.join(from), place.join(to)).expect("rename");
        }
        tracer.signal(Signal::SIGINT);
        let (status, out, said) = tracer.wait_raw();
        assert_eq!(status, Some(0), "{said}");
        let wanted = format!("{}\n", place.join("tree/a.txt").display());
        assert_eq!(String::from_utf8_lossy(&out), wanted, "{backend}");
    }
}

/// Paths from a list; a missing one is refused.
#[test]
fn paths_from_a_list() {
    let place = Place::new();
    let (a, b) = (place.dir("a"), place.dir("b"));
    let list = place.join("list");
    fs::write(&list, format!("{}\n\n{}\n", a.display(), b.display())).expect("write");
    let from = list.to_str().expect("UTF-8");
    let mut command = tracer_command(["watch", "--backend", "inotify", "-e", "create"]);
    command.args(["--format", "%f", "--fromfile", from]);
    let tracer = Tracer::spawn(&mut command).ready();
    fs::write(a.join("in a"), "").expect("write");
    fs::write(b.join("in b"), "").expect("write");
    tracer.wait_output("in a\nin b\n");
    end(tracer);
    fs::remove_dir(&b).expect_err("not empty");
    fs::remove_dir_all(&b).expect("rm");
    let mut command = tracer_command(["watch", "--fromfile", from]);
    drop(run_to_end(&mut command).ended(5));
}

/// A command for every event, none left out, also when the run ends before they have run; names go
/// to it as they are.
#[test]
fn commands_are_queued_and_none_is_lost() {
    let place = Place::new();
    let done = Place::new();
    let text = format!(
        "sleep 0.02\nprintf '%s|%s|%s\\n' \"$1\" \"$2\" \"$3\" >> {}/log",
        done.path().display()
    );
    let script = script(&done.join("script"), &text);
    let exec = format!("{} {{path}} {{event}} pid={{pid}}", script.display());
    for jobs in ["1", "4"] {
        let options = [
            "--backend",
            "inotify",
            "-e",
            "create",
            "--format",
            "%f",
            "--exec",
            &exec,
            "--jobs",
            jobs,
        ];
        let tracer = watch(&options, place.path());
        let mut wanted = Vec::new();
        for nr in 0..40 {
            let name = format!("{jobs}-{nr} $(touch x); 'q' {{pid}}");
            fs::write(place.join(&name), "").expect("write");
            wanted.push(format!("{}|CREATE|pid=?", place.join(&name).display()));
        }
        tracer.wait_output(&format!("{jobs}-39"));
        tracer.signal(Signal::SIGINT);
        let (status, _, said) = tracer.wait_raw();
        assert_eq!(status, Some(0), "{said}");
        let log = fs::read_to_string(done.join("log")).expect("log");
        let mut got: Vec<_> = log.lines().map(str::to_owned).collect();
        if jobs != "1" {
            got.sort();
            wanted.sort();
        }
        assert_eq!(got, wanted);
        fs::remove_file(done.join("log")).expect("rm");
    }
}

/// A command that fails is said; a second Ctrl-C does not wait, and says so.
#[test]
fn commands_that_fail() {
    let place = Place::new();
    let options = [
        "--backend",
        "inotify",
        "-e",
        "create",
        "--exec",
        "ls {path}/none",
    ];
    let tracer = watch(&options, place.path());
    let file = place.file("x").display().to_string();
    tracer.wait_said(&format!("tracer: ls {file}/none: exit status: "));
    end(tracer);

    let options = [
        "--backend",
        "inotify",
        "-e",
        "create",
        "--format",
        "%f",
        "--exec",
        "sleep 1000",
    ];
    let tracer = watch(&options, place.path());
    for name in ["one", "two", "three"] {
        place.file(name);
    }
    tracer.wait_output("three");
    tracer.signal(Signal::SIGINT);
    tracer.wait_said("written 3");
    tracer.signal(Signal::SIGINT);
    tracer.wait_said("3 commands of --exec");
    // The one that runs is ended with it: else it would hold the pipes open.
    assert_eq!(tracer.wait_raw().0, Some(1));
}

/// Ctrl-C on a terminal reaches the whole process group, but not the command at work.
#[test]
fn a_command_at_work_outlives_ctrl_c() {
    let (place, kept) = (Place::new(), Place::new());
    let at = |name: &str| kept.join(name).display().to_string();
    mkfifo(&kept.join("go"), Mode::S_IRWXU).expect("mkfifo");
    let exec = format!(
        "sh -c 'echo at work; read line < {}; echo \"$line\" > {}'",
        at("go"),
        at("done")
    );
    let options = [
        "watch",
        "--backend",
        "inotify",
        "-e",
        "create",
        "--exec",
        &exec,
    ];
    let mut command = tracer_command(options);
    command.arg(place.path()).process_group(0);
    let tracer = Tracer::spawn(&mut command).ready();
    place.file("x");
    tracer.wait_output("at work");
    let group = nix::unistd::Pid::from_raw(tracer.pid().cast_signed());
    nix::sys::signal::killpg(group, Signal::SIGINT).expect("it is there");
    tracer.wait_said("written 1");
    fs::write(kept.join("go"), "to the end\n").expect("it is read");
    let (status, _, said) = tracer.wait_raw();
    assert_eq!(status, Some(0), "{said}");
    let done = fs::read_to_string(kept.join("done")).expect("it was run to its end");
    assert_eq!(done, "to the end\n");
}

/// What is refused, and why.
#[test]
fn refusals() {
    let place = Place::new();
    for (options, word) in [
        (&["--format", "%q"][..], "%q"),
        (&["--format", "nonsense"], "template"),
        (&["--format", "%T", "--timefmt", "%!"], "time format"),
        (&["--timefmt", "%H"], "template"),
        (&["-e", "nonsense"], "close_write"),
        (&["-e", "create", "--op", "create"], "--op"),
        (&["--exclude-regex", "("], "--exclude-regex"),
        (&["--exec", "'open"], "quote"),
        (&["--exec", "echo {pth}"], "did you mean `{path}`"),
        (&["--exec", "sh -c 'rm {path}'"], "\"$TRACER_PATH\""),
        (&["--exec", "gzip {}"], "`{path}` stands for"),
        (&["--restart"], "--exec"),
        (
            &["--exec", "true", "--restart", "--jobs", "2"],
            "one command",
        ),
        (&["--exec", "true", "--on-busy", "wait"], "restart"),
        (
            &["--exec", "true", "--stop-signal", "NO"],
            "expected a signal",
        ),
        (&["--jobs", "2"], "--exec"),
        (&["--exec", "true", "--jobs", "0"], "--jobs"),
        (&["-1", "-n", "3"], "--count"),
    ] {
        let mut command = tracer_command(["watch", "--backend", "inotify"]);
        command.args(options).arg(place.path());
        let (status, _, said) = Tracer::spawn(&mut command).wait_raw();
        assert_eq!(status, Some(2), "{options:?}: {said}");
        assert!(said.contains(word), "{options:?}: {said}");
    }
}
