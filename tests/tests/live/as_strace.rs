//! Habits of strace: its command line, where its lines go, how it ends, what it refuses. The real
//! one is asked the same.

use std::{
    fs,
    os::unix::fs::symlink,
    process::{Command, Stdio},
};

use tests::{Place, Tracer, fixture, require_ebpf, run_to_end, tracer, tracer_command};

/// A command needs no `--`, and what stands behind it is its own.
#[test]
fn a_command_without_dashes() {
    if !require_ebpf() {
        return;
    }
    let say = "echo \"$@\"; exit 3";
    for (args, out) in [
        (&["-q", "sh", "-c", say, "sh", "-l"][..], "-l\n"),
        (
            &["-c", "sh", "-c", say, "sh", "-e", "x", "--format=json"],
            "-e x --format=json\n",
        ),
        (
            &["-qfe", "none", "sh", "-c", say, "sh", "a", "--", "-b"],
            "a -- -b\n",
        ),
        (&["-q", "--", "sh", "-c", say, "sh", "--", "-b"], "-- -b\n"),
    ] {
        let outcome = run_to_end(tracer_command(["trace"]).args(args)).ended(3);
        assert_eq!(String::from_utf8_lossy(&outcome.stdout), out, "{args:?}");
    }
    let _ = run_to_end(&mut tracer_command(["trace", "--"])).ended(2);
}

/// Standard output belongs to the command.
#[test]
fn records_go_to_standard_error() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.join("records");
    let file = file.to_str().expect("UTF-8");
    // Options, and where `execve` is told of: standard output, standard error, the file.
    for (options, wanted) in [
        (&[][..], [false, true, false]),
        (&["-q"], [false, true, false]),
        (&["-c"], [false, true, false]),
        (&["--format", "text"], [false, true, false]),
        (&["--format", "json"], [true, false, false]),
        (&["--format", "json", "-c"], [true, false, false]),
        (&["-o", file], [false, false, true]),
        (&["-o", file, "--format", "json"], [false, false, true]),
    ] {
        let mut run = tracer_command(["trace", "-e", "execve"]);
        let outcome = run_to_end(run.args(options).args(["sh", "-c", "echo out"])).ended(0);
        let kept = fs::read_to_string(file).unwrap_or_default();
        let _ = fs::remove_file(file);
        let out = String::from_utf8_lossy(&outcome.stdout).into_owned();
        let told = [&out, &outcome.stderr, &kept].map(|text| text.contains("execve"));
        assert_eq!(told, wanted, "{options:?}: {outcome:?}");
        assert!(out.contains("out\n"), "{options:?}: {out}");
        assert!(wanted[0] || out == "out\n", "{options:?}: {out}");
    }
}

/// tracer by another name.
pub(super) fn link(place: &Place) -> std::path::PathBuf {
    let link = place.join("strace");
    if !link.is_symlink() {
        symlink(tracer(), &link).expect("a link");
    }
    link
}

/// Runs strace, and tracer called so; what each says on standard error, and how it ended.
pub(super) fn both(place: &Place, args: &[&str]) -> [(String, Option<i32>); 2] {
    ["strace".into(), link(place)].map(|program| {
        let mut run = Command::new("setarch");
        run.arg("-R").arg(program).args(args);
        run.env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C")])
            .current_dir(place.path())
            .stdin(Stdio::null());
        let out = run.output().expect("setarch runs");
        let text = String::from_utf8_lossy(&out.stderr).into_owned();
        (text, out.status.code())
    })
}

/// Lines without what differs from run to run: ids, and addresses of the stack.
pub(super) fn same(text: &str) -> Vec<String> {
    let ids = regex_of(r"\[pid +\d+\]|si_pid=\d+|kill\(\d+|pipe:\[\d+\]|= \d{3,}$|0x7f[0-9a-f]+");
    // A shorter id moves what stands behind it.
    let spaces = regex_of("N,(.*[^ ]) +=");
    text.lines()
        .map(|line| {
            let line = ids.replace_all(line, "N");
            spaces.replace(&line, "N,$1 =").into_owned()
        })
        .collect()
}

pub(super) fn regex_of(text: &str) -> regex::Regex {
    regex::Regex::new(text).expect("a regex")
}

const FILES: &str = "trace=openat,execve,exit_group,kill,write";

/// What it says itself is not to be among the lines.
const CAT: &[&str] = &["sh", "-c", "exec cat file /dev/null none 2>/dev/null"];

const KILL: &[&str] = &["sh", "-c", "trap : USR1; kill -USR1 $$; exit 4"];

/// strace and tracer tell the same of a command, and end alike.
fn assert_same(place: &Place, options: &[&str], command: &[&str]) {
    let args = [options, command].concat();
    let [theirs, ours] = both(place, &args);
    assert_eq!(same(&theirs.0), same(&ours.0), "{args:?}");
    assert_eq!(theirs.1, ours.1, "{args:?}");
}

/// The options that scripts pass to strace do what they do there.
#[test]
fn options_as_strace_has_them() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    fs::write(place.join("file"), "x").expect("a file");
    let (files, cat, kill) = (FILES, CAT, KILL);
    for (options, command) in [
        (&["-e", files][..], cat),
        (&["-e", files, "-a", "5"], cat),
        (&["-e", files, "-a0"], cat),
        (&["-e", files, "--columns=60"], cat),
        (&["-e", files, "-n"], cat),
        (&["-e", files, "--syscall-number", "-a60"], kill),
        (&["-e", files, "-q"], cat),
        (&["-e", files, "-qq"], cat),
        (&["-e", files, "-qqq"], kill),
        (&["-e", files, "--quiet=exit"], cat),
        (&["-e", files, "--quiet=attach,personality"], cat),
        (&["-e", files, "-e", "quiet=exit"], cat),
        (&["--trace=openat"], cat),
        (
            &[
                "--trace=!openat,write,exit_group,execve,kill",
                "--trace=execve",
            ],
            cat,
        ),
        (
            &[
                "--trace=openat,read",
                "--trace-path=file",
                "--quiet=path-resolution,exit",
            ],
            cat,
        ),
        (&["-e", files, "--trace-path=none"], kill),
        (&["-e", files, "-Z"], kill),
        (&["-e", files, "-z"], cat),
        (&["-e", files, "--status=failed"], kill),
        (&["-e", files, "--status=unfinished"], cat),
        (&["-qq", "-e", files, "--status=failed"], cat),
        (&["-qq", "-e", files, "--status=!successful"], cat),
        (&["-e", files, "--signal=none"], kill),
        (&["-e", files, "--signal=!USR1"], kill),
        (&["-e", files, "--decode-fds=path"], cat),
        (&["-e", files, "--decode-fds=dev"], cat),
        (&["-e", files, "--decode-fds=dev,path"], cat),
        (&["-e", files, "--decode-fds=none"], cat),
        (&["-e", files, "--decode-fds"], cat),
        (&["-e", files, "-e", "decode-fds=dev"], cat),
        (&["-e", files, "-X", "abbrev"], cat),
        (&["-e", "execve", "--no-abbrev"], cat),
        (&["-e", "trace=execve", "-s", "2"], cat),
        (&["-e", "trace=execve", "-s", "2", "-s", "3"], cat),
        (&["-e", files, "-e", "write=1"], cat),
        (&["-e", "read", "-e", "read=3", "-s", "1"], cat),
        (&["-e", files, "--write=!1"], cat),
        (&["-e", files, "-e", "raw=openat"], cat),
        (&["-e", files, "--raw=exit_group"], kill),
        (&["-e", "execve", "-e", "abbrev=none"], cat),
        (&["-e", "execve", "-e", "abbrev=all"], cat),
        (&["-e", "trace=getcwd@64,execve@32"], &["/bin/pwd", "-P"]),
        (&["-e", "trace=execve@x32"], cat),
        (&["-e", files, "-I1", "--seccomp-bpf", "-f"], cat),
        (
            &[
                "-e",
                "trace=openat",
                "-P",
                "file",
                "--quiet=path-resolution",
            ],
            cat,
        ),
        (
            &["-e", "execve", "-v", "-E", "WORD=x y", "-E", "LC_ALL"],
            cat,
        ),
        (&["-e", files, "-u", "root"], cat),
        (
            &["-f", "-qq", "-e", "trace=execve"],
            &["sh", "-c", "/bin/true; exit 2"],
        ),
        (&["-e", "trace=execve"], &["sh", "-c", "/bin/true; exit 2"]),
    ] {
        assert_same(&place, options, command);
    }
}

/// A command that is executed or not: its call, its environment in its order, the end.
#[test]
fn what_is_executed() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.join("text");
    fs::write(&file, "true\n").expect("a file");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::write(place.join("script"), "true\n").expect("a file");
    fs::set_permissions(place.join("script"), mode).expect("it is ours");
    let with = |options: &[&'static str]| [&["-v", "-e", "execve"], options].concat();
    for args in [
        with(&["./text"]),
        with(&["./script"]),
        with(&["/"]),
        with(&[
            "-E",
            "B=1",
            "-E",
            "A=2",
            "-E",
            "B=3",
            "-E",
            "LC_ALL=x",
            "/bin/true",
        ]),
        with(&[
            "-E",
            "B=1",
            "-E",
            "A=2",
            "-E",
            "B",
            "-E",
            "PATH",
            "/bin/true",
        ]),
        with(&["-E", "A=2", "env", "-i", "true"]),
        with(&["./none"]),
        with(&["no-such-command"]),
    ] {
        let [theirs, ours] = both(&place, &args);
        let sorted = |text: &str| {
            // The address of the environment is another.
            let text = regex_of("0x[0-9a-f]+")
                .replace_all(text, "ADDRESS")
                .into_owned();
            let mut lines = same(&text);
            lines.sort();
            lines
        };
        assert_eq!(sorted(&theirs.0), sorted(&ours.0), "{args:?}");
        assert_eq!(theirs.1, ours.1, "{args:?}");
    }
}

/// A process and a command at once: both are told of, each line with its id.
#[test]
fn a_process_and_a_command() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    for (program, first) in [
        (std::path::PathBuf::from("strace"), None),
        (link(&place), None),
        (tracer().to_path_buf(), Some("trace")),
    ] {
        let mut other = Command::new("sh")
            .args(["-c", "read x; echo $x >/dev/null; exit 6"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("sh runs");
        let pid = other.id().to_string();
        let mut command = Command::new(&program);
        command
            .args(first)
            .args(["-e", "trace=execve,exit_group", "-p", &pid]);
        command.args(["sh", "-c", "echo ready >&2; exit 5"]);
        let tracer = Tracer::spawn(&mut command);
        tracer.wait_said("exited with 5");
        drop(other.stdin.take());
        let _ = other.wait().expect("it ends");
        let told = tracer.wait().ended(5).stderr;
        let line = regex_of(&format!(
            r"(?m)^\[pid +{pid}\] exit_group\(6\) += \?$|^exit_group\(6\) +="
        ));
        assert!(line.is_match(&told), "{told}");
        let line = regex_of(r#"(?m)^\[pid +\d+\] execve\("/[a-z/]+/sh", "#);
        assert!(line.is_match(&told), "{told}");
    }
}

/// The columns of a summary, and what it is sorted by, in strace's words.
#[test]
fn columns_of_a_summary() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let command = ["sh", "-c", "exec cat none none 2>/dev/null"];
    // Times differ from run to run.
    let times = regex_of(r" *\d+\.\d+");
    let without_times = |text: &str| times.replace_all(text, "TIME").into_owned();
    for options in [
        &["-c", "-S", "calls", "-U", "name,calls,errors"][..],
        &["-c", "-S", "name", "-U", "errors,count,syscall"],
        &["-C", "-S", "none", "-U", "calls"],
        &[
            "-w",
            "-c",
            "-S",
            "syscall-name",
            "-U",
            "time_percent,total-time,shortest,max_time,calls",
        ],
    ] {
        let args = [options, &["-e", "trace=openat,execve,close"], &command].concat();
        let [theirs, ours] = both(&place, &args).map(|(text, code)| (without_times(&text), code));
        assert_eq!(same(&theirs.0), same(&ours.0), "{args:?}");
        assert_eq!(theirs.1, ours.1, "{args:?}");
    }
    let [theirs, ours] = both(&place, &["-c", "-e", "trace=execve", "true"]);
    let head = |text: &str| text.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(head(&theirs.0), head(&ours.0));
    for (args, words) in [
        (["-U", "calls,count"], "more than once"),
        (["-U", "nothing"], "nothing"),
        (["-U", "foo"], "foo"),
        (["-S", "foo"], "foo"),
    ] {
        let args = [&["-c"], &args[..], &["true"]].concat();
        let [theirs, ours] = both(&place, &args);
        assert_eq!(theirs.1, ours.1, "{args:?}");
        assert!(ours.0.contains(words), "{args:?}: {ours:?}");
    }
}

/// Octal numbers in strings are as short as the next character allows.
#[test]
fn octal_numbers_in_strings() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let text = r"\00\000\01\0017\18\0019\177a\3777";
    for options in [&["-qq", "-e", "write"][..], &["-qq", "-x", "-e", "write"]] {
        assert_same(
            &place,
            options,
            &["sh", "-c", &format!("printf '{text}' 3>/dev/null >&3")],
        );
    }
}

/// The same options in strace's other spellings.
#[test]
fn options_in_other_spellings() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    fs::write(place.join("file"), "x").expect("a file");
    let (files, cat, kill) = (FILES, CAT, KILL);
    for (options, command) in [
        (&["-e", files, "-a60"][..], cat),
        (&["-e", files, "--columns", "60"], cat),
        (&["-e", files, "--colum=60"], cat),
        (&["-e", files, "-q", "-q"], cat),
        (&["-e", files, "--quiet"], cat),
        (&["-e", files, "--quiet=all"], kill),
        (&["-e", files, "--silent=exit"], cat),
        (&["-e", files, "--failed-only"], cat),
        (&["-e", files, "--successful-only"], cat),
        (&["-e", files, "--status", "failed"], kill),
        (&["-e", files, "--signal", "SIGTERM,USR1"], kill),
        (&["-e", files, "-Xabbrev"], cat),
        (&["-e", files, "--const-print-style=abbrev"], cat),
    ] {
        assert_same(&place, options, command);
    }
}

/// What is refused, in the words of strace, with its code.
#[test]
fn refused_as_strace_does() {
    let place = Place::new();
    for args in [
        &[][..],
        &["-f"],
        &["--foo", "ls"],
        &["--foo=3", "ls"],
        &["-J", "ls"],
        &["-u", "4294967290", "ls"],
        &["-s"],
        &["-o"],
        &["-P"],
        &["-e"],
        &["--trace"],
        &["--columns"],
    ] {
        let [theirs, ours] = both(&place, args);
        assert_eq!(theirs, ours, "{args:?}");
    }
    // There is no file whose content could be kept.
    for option in ["-A", "--output-separately"] {
        let [theirs, ours] = both(&place, &[option, "-e", "trace=none", "true"]);
        assert_eq!(theirs, ours);
    }
    // Where a value is wrong, ours also says what would be right.
    for args in [
        &["-a", "x", "ls"][..],
        &["-a", "-1", "ls"],
        &["-s", "x", "ls"],
        &["-X", "foo", "ls"],
    ] {
        let [theirs, ours] = both(&place, args);
        let first = theirs.0.lines().next().expect("a line");
        assert!(ours.0.starts_with(first), "{args:?}: {ours:?}");
        assert_eq!(theirs.1, ours.1, "{args:?}");
    }
    for (args, words) in [
        (&["-e", "trace=opnat", "ls"][..], &["opnat", "openat"][..]),
        (&["-e", "trace=/[", "ls"], &["/[", "regular expression"]),
        (&["--quiet=foo", "ls"], &["quiet", "foo"]),
        (&["--decode-fds=foo", "ls"], &["decode-fds", "foo"]),
        (&["--status=foo", "ls"], &["status", "foo"]),
        (&["--signal=foo", "ls"], &["signal", "foo"]),
    ] {
        let [theirs, ours] = both(&place, args);
        assert_eq!(theirs.1, ours.1, "{args:?}");
        for word in words {
            assert!(ours.0.contains(word), "{args:?}: {ours:?}");
        }
    }
}

/// What cannot be offered is refused with the reason, by either name.
#[test]
fn refused_with_the_reason() {
    let place = Place::new();
    for (args, why) in [
        (
            &["-e", "inject=openat:error=EPERM", "ls"][..],
            "never changes a call",
        ),
        (&["-e", "fault=openat", "ls"], "never changes a call"),
        (
            &["--inject=openat:error=EPERM", "ls"],
            "never changes a call",
        ),
        (&["--fault=openat", "ls"], "never changes a call"),
        (&["-k", "ls"], "stops nothing"),
        (&["--stack-traces", "ls"], "stops nothing"),
        (&["-e", "kvm=vcpu", "ls"], "perf kvm"),
        (&["-kk", "ls"], "stops nothing"),
        (&["-d", "ls"], "debugger"),
        (&["--secontext", "ls"], "SELinux"),
    ] {
        let by_name = run_to_end(Command::new(link(&place)).args(args)).ended(1);
        assert!(by_name.stderr.starts_with("strace: "), "{by_name:?}");
        let trace = run_to_end(tracer_command(["trace"]).args(args)).ended(2);
        for outcome in [by_name, trace] {
            assert!(outcome.stderr.contains(why), "{args:?}: {outcome:?}");
        }
    }
}

/// `-n` is strace's: nothing is counted with it.
#[test]
fn n_is_no_count() {
    if !require_ebpf() {
        return;
    }
    let file = fixture().to_str().expect("UTF-8");
    let mut run = tracer_command(["trace", "-q", "-n", "-e", "execve,exit_group"]);
    let outcome = run_to_end(run.args([file, "exit", ".", "1"])).ended(1);
    let number = libc::SYS_execve;
    assert!(
        outcome
            .stderr
            .starts_with(&format!("[{number:4}] execve(\"")),
        "{outcome:?}"
    );
    assert!(outcome.stderr.contains("exit_group(1)"), "{outcome:?}");
}

/// Scripts give processes by the long name, too.
#[test]
fn attach_is_pid() {
    let outcome = run_to_end(&mut tracer_command(["trace", "--attach=1073741823"]));
    let outcome = outcome.ended(5);
    assert!(outcome.stderr.contains("1073741823"), "{outcome:?}");
}

/// Options that strace has had since, of which the lines are said here.
#[test]
fn newer_options() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    fs::write(place.join("file"), "x\u{e9}\u{1}").expect("a file");
    let copy = ["sh", "-c", "exec cat <file >/dev/null"];
    let run = |options: &[&str], command: &[&str]| {
        let mut run = Command::new(link(&place));
        run.args(options).args(command).current_dir(place.path());
        run_to_end(&mut run).ended(0).stderr
    };
    let has = |options: &[&str], wanted: &[&str], not: &[&str]| {
        let told = run(options, &copy);
        for line in wanted {
            assert!(told.contains(line), "{options:?}: no {line} in {told}");
        }
        for line in not {
            assert!(!told.contains(line), "{options:?}: {line} in {told}");
        }
    };
    has(
        &["--trace-fds=1", "-e", "read,write"],
        &["write(1,"],
        &["read("],
    );
    has(
        &["-e", "fd=!0", "-e", "read,write,dup2,openat"],
        &["write(1,", "dup2("],
        &["read(0,", "openat("],
    );
    has(
        &[
            "-e",
            "trace-fds=0",
            "-P",
            "/dev/null",
            "-e",
            "read,openat,write",
        ],
        &["read(0,", "\"/dev/null\"", "write(1,"],
        &["libc.so"],
    );
    let strings = |which| format!("--strings-in-hex={which}");
    has(
        &["-e", "write", &strings("non-ascii-chars")],
        &["\"x\\xc3\\xa9\\x01\""],
        &[],
    );
    has(
        &["-e", "write", &strings("none"), "-xx"],
        &["\"x\\303\\251\\1\""],
        &[],
    );
    has(&["-e", "write", "--always-show-pid"], &["[pid "], &[]);
    let told = run(
        &["--syscall-limit=2", "-e", "read"],
        &["cat", "file", "file"],
    );
    assert_eq!(told.matches("read(").count(), 2, "{told}");
    let told = run(&["-e", "execve", "--argv0=other"], &["cat", "file"]);
    assert!(told.contains("[\"other\", \"file\"]"), "{told}");
    let told = run(
        &[
            "--absolute-timestamps=format:unix",
            "--absolute-timestamps=precision:ms",
            "-e",
            "execve",
        ],
        &["cat", "file"],
    );
    let form = regex_of(r"(?m)^\d{10}\.\d{3} execve");
    assert!(form.is_match(&told), "{told}");
}

/// Ids of processes in a pid namespace of their own, as they are there and here; and their names.
#[test]
fn ids_of_another_pid_namespace() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let script = "kill -0 $$; exec true";
    let mut run = Command::new(link(&place));
    run.args([
        "-f",
        "--decode-pids=pidns",
        "-e",
        "kill",
        "-qq",
        "--always-show-pid",
    ]);
    run.args(["unshare", "--pid", "--fork", "sh", "-c", script]);
    let told = run_to_end(&mut run).ended(0).stderr;
    let line = regex_of(r"\[pid +(\d+)\] kill\(1 /\* (\d+) in strace's PID NS \*/, 0\)");
    let ids = line.captures(&told).unwrap_or_else(|| panic!("{told}"));
    assert_eq!(ids[1], ids[2], "{told}");
    let mut run = Command::new(link(&place));
    run.args(["-f", "-Y", "-e", "kill", "-qq", "sh", "-c", script]);
    let told = run_to_end(&mut run).ended(0).stderr;
    let line = regex_of(r"kill\(\d+<sh>, 0\) += 0");
    assert!(line.is_match(&told), "{told}");
}
