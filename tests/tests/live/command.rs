//! `trace -- COMMAND`: from its first instruction, with its children, and with its status.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    process::Command,
};

use nix::sys::signal::Signal;

use tests::{
    COVERED, Outcome, Place, Tracer, assert_same, fixture, play_with, require_ebpf, run_to_end,
    tracer_command,
};

fn trace(place: &Place, command: &[&str]) -> Outcome {
    let file = place.join("records");
    let mut tracer = tracer_command(["trace", "--format", "json", "-o"]);
    tracer
        .arg(&file)
        .arg("--")
        .args(command)
        .current_dir(place.path());
    let outcome = run_to_end(&mut tracer);
    if file.exists() {
        outcome.with_file(&file)
    } else {
        outcome
    }
}

/// The first record is the command's own execve, and the last of it is its end.
#[test]
fn first_record_is_the_execve_of_the_command() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let program = fixture().to_str().expect("the build directory is UTF-8");
    let outcome = trace(&place, &[program, "nothing", "an argument"])
        .ended(0)
        .sound();
    let first = outcome.records.first().expect("at least one record");
    assert_eq!(
        (first.syscall(), first.op()),
        ("execve", "execute"),
        "{}",
        first.line
    );
    assert_eq!(first.number("ret"), Some(0));
    let argv = [program, "nothing", "an argument"].map(|a| a.as_bytes().to_vec());
    assert_eq!(first.argv().as_deref(), Some(&argv[..]), "{}", first.line);
    assert!(first.is_about(program.as_bytes()), "{}", first.line);
    let last = outcome.records.last().expect("at least one record");
    assert_eq!(
        (last.op(), last.pid()),
        ("exit", first.pid()),
        "{}",
        last.line
    );
    // Without -e it is every system call, those without a decoder too.
    for name in ["mmap", "brk", "openat", "exit_group"] {
        let seen = outcome
            .records
            .iter()
            .any(|r| r.syscall() == name || r.op() == "exit");
        assert!(seen, "no {name}");
    }
    assert!(
        outcome
            .records
            .iter()
            .any(|r| r.syscall() == "mmap" && r.op() == "other")
    );
    let strangers: Vec<_> = outcome
        .records
        .iter()
        .filter(|r| r.pid() != first.pid())
        .collect();
    assert!(strangers.is_empty(), "{}", strangers[0].line);
}

/// Children and grandchildren are player from their beginning to their end.
#[test]
fn children_are_traced() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("family", &["-e", COVERED, "--format", "json"]);
    assert_same(&scene.account, &scene.outcome.records, fixture());
    let threads = scene.account.threads();
    assert_eq!(
        threads.len(),
        5,
        "the fixture has two children with one child each"
    );
    let strangers = scene
        .outcome
        .records
        .iter()
        .find(|r| !threads.contains(&r.tid()));
    assert!(strangers.is_none(), "{}", strangers.map_or("", |r| &r.line));
}

/// A shell pipeline of ordinary programs.
#[test]
fn a_shell_and_its_programs() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let script = "cat /proc/self/comm | cat; (exit 3); mkdir made; rmdir made; exit 5";
    let outcome = trace(&place, &["sh", "-c", script]).ended(5).sound();
    assert_eq!(outcome.stdout, b"cat\n");
    let execs = outcome
        .records
        .iter()
        .filter(|r| r.op() == "execute" && r.number("ret") == Some(0));
    let names: Vec<_> = execs.filter_map(|r| r.bytes("comm")).collect();
    for (name, times) in [("sh", 1), ("cat", 2), ("mkdir", 1), ("rmdir", 1)] {
        let found = names
            .iter()
            .filter(|n| n.as_slice() == name.as_bytes())
            .count();
        assert_eq!(found, times, "execs of {name}");
    }
    let made = place.bytes("made");
    let about: Vec<_> = outcome
        .records
        .iter()
        .filter(|r| r.is_about(&made))
        .map(tests::Record::op)
        .collect();
    assert!(
        about.contains(&"create") && about.contains(&"delete"),
        "{about:?}"
    );
}

/// Exit status of the command, or 128 and the signal that killed it.
#[test]
fn status_is_passed_on() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let program = fixture().to_str().expect("the build directory is UTF-8");
    let rows: [(&[&str], i32); 7] = [
        (&[program, "exit", ".", "0"], 0),
        (&[program, "exit", ".", "1"], 1),
        (&[program, "exit", ".", "42"], 42),
        (&[program, "exit", ".", "255"], 255),
        (&[program, "die", ".", "9"], 137),
        (&[program, "die", ".", "15"], 143),
        (&[program, "die", ".", "2"], 130),
    ];
    for (command, code) in rows {
        let outcome = trace(&place, command).ended(code).sound();
        let end = outcome
            .records
            .iter()
            .rfind(|r| r.op() == "exit")
            .expect("its end");
        assert_eq!(end.get("exit")["last_thread"], true, "{}", end.line);
    }
}

/// With `-I anywhere` a signal to the tracer ends the trace at once; the command goes on.
#[test]
fn a_signal_while_the_command_runs() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.join("records");
    let mut command = tracer_command(["trace", "-I", "anywhere", "--format", "json", "-o"]);
    command.arg(&file).args([
        "--",
        "sh",
        "-c",
        "echo started; sleep 3; echo went on > done",
    ]);
    let tracer = Tracer::spawn(command.current_dir(place.path()));
    tracer.wait_output("started\n");
    tracer.signal(Signal::SIGTERM);
    // Its standard output stays open as long as the command has it.
    let outcome = tracer.wait().with_file(&file).sound();
    assert_eq!(outcome.code(), 143, "{outcome:?}");
    assert!(outcome.records.iter().any(|r| r.syscall() == "execve"));
    let went_on = fs::read(place.join("done"));
    assert_eq!(
        went_on.ok().as_deref(),
        Some(&b"went on\n"[..]),
        "the command was not left alone"
    );
}

/// The file of records can hold secrets: nobody else may read it.
#[test]
fn the_output_file_is_private() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let _ = trace(&place, &["true"]).ended(0);
    let mode = fs::metadata(place.join("records"))
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0, "mode {mode:o}");
}

/// Nobody reads standard error: the command runs all the same, and its status is passed on.
#[test]
fn a_closed_standard_error() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let script = format!("echo done > {}; exit 3", place.join("done").display());
    for (args, status) in [
        (&["trace", "-c", "--", "sh", "-c", &script][..], 3),
        (&["trace", "--", "/no/such/program"], 127),
        (&["trace", "--pid", "999999999"], 5),
        (&["watch", "/no/such/path"], 5),
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = tracer_command(args);
        let output = command.stderr(writer).output().expect("it runs");
        assert_eq!(output.status.code(), Some(status), "{args:?}");
    }
    assert!(place.join("done").exists());
}

/// Not found is 127, found but not a program is 126, as in a shell. One line says why.
#[test]
fn commands_that_cannot_run() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let data = place.file("data");
    let data = data.to_str().expect("UTF-8");
    let directory = place.path().to_str().expect("UTF-8");
    for (command, code, why) in [
        (
            "no-such-command-anywhere",
            127,
            "it is in no directory of PATH",
        ),
        ("./no-such-file", 127, "No such file or directory"),
        (directory, 126, "it is a directory"),
        (data, 126, "Permission denied"),
    ] {
        let outcome = trace(&place, &[command]).ended(code);
        let wanted = format!("tracer: cannot run {command}: {why}");
        let said = outcome.complaints();
        let named = said.iter().filter(|line| line.contains(&wanted));
        assert_eq!(named.count(), 1, "the command is not named: {outcome:?}");
        // Only what the kernel is asked to execute was traced.
        assert_eq!(!outcome.records.is_empty(), command == data, "{outcome:?}");
    }
}

/// The command keeps its standard streams, environment and working directory.
/// Has a signal ignored that glibc takes for itself with the first thread (`SIGSETXID`).
fn ignoring(command: &mut Command) -> &mut Command {
    let ignored: [usize; 4] = [libc::SIG_IGN, 0, 0, 0];
    // SAFETY: one system call, whose `struct sigaction` lives in the closure.
    unsafe {
        command.pre_exec(move || {
            libc::syscall(libc::SYS_rt_sigaction, 33, ignored.as_ptr(), 0, 8);
            Ok(())
        })
    }
}

#[test]
fn the_command_is_not_disturbed() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.join("records");
    let script = "pwd; echo $MARK; ls -l /proc/self/fd | wc -l; grep -E 'SigBlk|SigIgn' /proc/self/status; ulimit -n";
    let plain = ignoring(&mut Command::new("sh"))
        .args(["-c", script])
        .current_dir(place.path())
        .env("MARK", "kept")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("sh runs");
    let mut tracer = tracer_command(["trace", "-o"]);
    tracer.arg(&file).args(["--", "sh", "-c", script]);
    tracer.current_dir(place.path()).env("MARK", "kept");
    let player = run_to_end(ignoring(&mut tracer)).ended(0);
    assert_eq!(
        String::from_utf8_lossy(&player.stdout),
        String::from_utf8_lossy(&plain.stdout),
        "a player command sees another world"
    );
}
