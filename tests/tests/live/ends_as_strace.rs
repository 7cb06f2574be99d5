//! How tracer ends beside a command, and what signals do, as with strace. The real one is asked the
//! same.

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::Path,
    process::{Command, Stdio},
};

use nix::{
    sys::{
        signal::{Signal, killpg},
        stat::Mode,
    },
    unistd::{Pid, mkfifo},
};
use tests::{Place, Tracer, require_ebpf, run_to_end, terminal, tracer, tracer_command, until};

use super::as_strace::link;

/// What killed the command kills tracer, so that a shell does not go on; it leaves no core.
#[test]
fn it_dies_of_the_signal_of_the_command() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    for signal in [
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGKILL,
        Signal::SIGABRT,
        Signal::SIGUSR1,
    ] {
        let script = format!("ulimit -c 0; kill -{} $$", signal as i32);
        let mut command = tracer_command(["trace", "-o", "/dev/null", "--", "sh", "-c", &script]);
        let limit = libc::rlimit {
            rlim_cur: libc::RLIM_INFINITY,
            rlim_max: libc::RLIM_INFINITY,
        };
        // What runs in the background has SIGINT ignored, as a rule, and a shell leaves it so.
        // SAFETY: two system calls, with what lives in the closure.
        unsafe {
            command.pre_exec(move || {
                libc::signal(signal as i32, libc::SIG_DFL);
                match libc::setrlimit(libc::RLIMIT_CORE, &raw const limit) {
                    0 => Ok(()),
                    _ => Err(std::io::Error::last_os_error()),
                }
            });
        }
        let outcome = run_to_end(command.current_dir(place.path()));
        assert_eq!(outcome.status.signal(), Some(signal as i32), "{outcome:?}");
        assert!(!outcome.status.core_dumped(), "{outcome:?}");
    }
}

/// What a signal has its default action for, whatever the starter of the tests ignores.
fn with_default(command: &mut Command, signals: &'static [Signal]) {
    // SAFETY: system calls, with what lives in the closure.
    unsafe {
        command.pre_exec(move || {
            for signal in signals {
                libc::signal(*signal as i32, libc::SIG_DFL);
            }
            Ok(())
        });
    }
}

/// What ends a run before its time.
const ENDING: &[Signal] = &[
    Signal::SIGINT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGQUIT,
];

/// Where the records of a command may go.
const WAYS: [&[&str]; 5] = [
    &["-o", "|exec cat >/dev/null"],
    &["-q"],
    &["-o", "/dev/null"],
    &["-c"],
    &["--format", "json"],
];

/// The same, where signals end a run.
const ALONE: [&[&str]; 4] = [
    &["-q"],
    &["-I", "anywhere"],
    &["-I1", "-o", "/dev/null"],
    &["-I", "waiting", "-o", "|exec cat >/dev/null"],
];

/// Ctrl-C at a terminal goes to both, kill(1) to tracer alone: what waits for tracer must not go on
/// as if all were well, wherever the records go.
#[test]
fn a_signal_to_tracer_and_a_command() {
    if !require_ebpf() {
        return;
    }
    for signal in ENDING {
        for (to_both, ways) in [(true, &WAYS[..]), (false, &ALONE[..])] {
            for options in ways {
                let mut command = tracer_command(["trace"]);
                with_default(&mut command, ENDING);
                let script = "echo started >&2; exec sleep 1000 >/dev/null 2>&1";
                command.args(*options).args(["--", "sh", "-c", script]);
                let tracer = Tracer::spawn(command.process_group(0));
                tracer.wait_said("started\n");
                let group = Pid::from_raw(tracer.pid() as i32);
                if to_both {
                    killpg(group, *signal).expect("it is there");
                } else {
                    tracer.signal(*signal);
                }
                let outcome = tracer.wait();
                // With `-I anywhere` the command goes on.
                let _ = killpg(group, Signal::SIGKILL);
                let ended = outcome.status.signal();
                let what = format!("{signal} {to_both} {options:?}");
                assert_eq!(ended, Some(*signal as i32), "{what}: {outcome:?}");
                assert!(!outcome.status.core_dumped(), "{what}");
            }
        }
    }
}

/// A key of the terminal goes to the command, too: how that ended is told, and tracer ends like it.
#[test]
fn the_end_by_a_key_is_told() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let lines = place.join("lines");
    let dies = "ulimit -c 0; echo started; exec sleep 1000";
    let traps = "trap 'exit 3' INT QUIT; echo started; while :; do sleep 0.01; done";
    for (key, signal) in [(b'\x03', Signal::SIGINT), (b'\x1c', Signal::SIGQUIT)] {
        for script in [dies, traps] {
            let (ours, mut screen) = terminal(80);
            let mut run = tracer_command(["trace", "-o"]);
            run.arg(&lines);
            run.args(["-e", "none", "--", "sh", "-c", script]);
            with_default(&mut run, ENDING);
            // SAFETY: two system calls.
            unsafe {
                run.pre_exec(|| {
                    libc::setsid();
                    match libc::ioctl(0, libc::TIOCSCTTY, 0) {
                        0 => Ok(()),
                        _ => Err(std::io::Error::last_os_error()),
                    }
                });
            }
            let theirs = ours.try_clone().expect("a descriptor");
            let mut tracer = run
                .stdin(ours)
                .stdout(theirs)
                .stderr(Stdio::null())
                .spawn()
                .expect("it starts");
            let mut shown = String::new();
            while !shown.contains("started") {
                let mut some = [0; 100];
                let n = screen.read(&mut some).expect("it is open");
                shown.push_str(&String::from_utf8_lossy(&some[..n]));
            }
            screen.write_all(&[key]).expect("it is open");
            let status = tracer.wait().expect("it ends");
            let told = fs::read_to_string(&lines).expect("lines");
            let end = if script == dies {
                assert_eq!(status.signal(), Some(signal as i32), "{told}");
                format!("+++ killed by {signal} +++")
            } else {
                assert_eq!(status.code(), Some(3), "{told}");
                "+++ exited with 3 +++".to_owned()
            };
            assert!(told.contains(&end), "{end}: {told}");
        }
    }
}

/// As strace, also what only looks at a process dies of the signal that ends it.
#[test]
fn a_signal_to_strace_of_a_process() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    // It ends by itself should the test fail.
    let mut busy = Command::new("sh")
        .args(["-c", "for i in $(seq 6000); do sleep 0.01; done"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh runs");
    for program in ["strace".into(), link(&place)] {
        for signal in [Signal::SIGINT, Signal::SIGHUP] {
            let mut command = Command::new(&program);
            with_default(&mut command, ENDING);
            command.args(["-p", &busy.id().to_string(), "-e", "trace=wait4"]);
            let tracer = Tracer::spawn(&mut command);
            tracer.wait_said("wait4(");
            tracer.signal(signal);
            let outcome = tracer.wait();
            let ended = outcome.status.signal();
            assert_eq!(ended, Some(signal as i32), "{}", program.display());
        }
    }
    let _ = busy.kill();
    let _ = busy.wait();
}

/// What signals do is what they do with strace: the command gets them, or nobody, or it goes on alone.
#[test]
fn a_signal_is_for_the_command() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let told = place.join("told");
    // It makes no process: strace 6.1 may wait for ever for a task that is in vfork(2).
    let script = "trap 'echo heard >told; exit 3' HUP INT TERM; exec 5<>go; echo started >&2; \
                  while read line <&5; do test $line = again || exit 4; done";
    let made = Command::new("mkfifo").arg(place.join("go")).status();
    assert!(made.expect("mkfifo runs").success());
    // Open here, too: writing never waits for somebody who reads.
    let pipe = File::options()
        .read(true)
        .write(true)
        .open(place.join("go"));
    let mut pipe = pipe.expect("a pipe");
    for (options, heard, goes_on) in [
        (&["-q"][..], true, false),
        (&["-I2", "-o", "/dev/null"], true, false),
        (&["-I", "anywhere"], false, false),
        (&["-o", "/dev/null"], false, true),
        (&["-I3"], false, true),
        (&["-I", "never_tstp", "-o", "/dev/null"], false, true),
    ] {
        for (strace, signal) in [
            (Path::new("strace"), Signal::SIGTERM),
            (&link(&place), Signal::SIGTERM),
            (&link(&place), Signal::SIGHUP),
            (&link(&place), Signal::SIGINT),
        ] {
            let mut command = Command::new(strace);
            with_default(&mut command, ENDING);
            command.args(options).args(["-f", "-e", "trace=none"]);
            command.args(["sh", "-c", script]);
            command.current_dir(place.path()).process_group(0);
            let tracer = Tracer::spawn(&mut command);
            tracer.wait_said("started\n");
            let group = Pid::from_raw(tracer.pid() as i32);
            tracer.signal(signal);
            // It ends by itself, or waits for the signal. A shell that gets it just before it reads on acts
            // only when it has read something.
            if heard {
                let what = format!("{strace:?} {signal} {options:?}: the command hears it");
                until(&what, || {
                    pipe.write_all(b"again\n").expect("written");
                    told.exists()
                });
            } else {
                pipe.write_all(b"go\n").expect("written");
            }
            let outcome = tracer.wait();
            let what = format!("{strace:?} {signal} {options:?}: {outcome:?}");
            if !heard {
                assert!(!told.exists(), "{what}");
            }
            if goes_on {
                assert_eq!(outcome.status.code(), Some(4), "{what}");
            } else {
                assert_eq!(outcome.status.signal(), Some(signal as i32), "{what}");
            }
            let _ = killpg(group, Signal::SIGKILL);
            let _ = fs::remove_file(&told);
        }
    }
}

/// A command that reads the output and fails is told, and the end is that of the traced one.
#[test]
fn an_output_that_fails() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    for (program, name) in [(tracer(), "tracer"), (&link(&place), "strace")] {
        for (reader, said) in [
            ("|cat >/dev/null; exit 3", Some("exit status: 3")),
            ("!no-such-command 2>/dev/null", Some("exit status: 127")),
            ("|kill -9 $$", Some("SIGKILL")),
            ("|exec cat >/dev/null", None),
            ("|head -1 >/dev/null", None),
        ] {
            let mut command = Command::new(program);
            command.args((name == "tracer").then_some("trace"));
            command.args(["-q", "-o", reader, "sh", "-c", "exit 5"]);
            let outcome = run_to_end(&mut command).ended(5);
            match said {
                Some(words) => {
                    let start = format!("{name}: the command {} failed: ", &reader[1..]);
                    assert!(outcome.stderr.starts_with(&start), "{outcome:?}");
                    assert!(outcome.stderr.contains(words), "{outcome:?}");
                }
                None => assert_eq!(outcome.stderr, "", "{reader}"),
            }
        }
    }
}

/// Whoever reads a FIFO may end first: the traced command decides, as with strace.
#[test]
fn a_fifo_whose_reader_ends() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let fifo = place.join("fifo");
    mkfifo(&fifo, Mode::S_IRWXU).expect("made");
    let mut reader = Command::new("head");
    let reader = reader.arg("-1").arg(&fifo).stdout(Stdio::piped());
    let mut reader = reader.spawn().expect("head runs");
    // It ends when the first call was told: what comes then finds no reader.
    let script = format!(
        "while kill -0 {} 2>/dev/null; do :; done; exit 4",
        reader.id()
    );
    let mut command = tracer_command(["trace", "-q", "-o"]);
    let traced = command.arg(&fifo).args(["--", "sh", "-c", &script]);
    let mut traced = traced.spawn().expect("tracer runs");
    assert!(reader.wait().expect("waited").success());
    assert_eq!(traced.wait().expect("waited").code(), Some(4));
}
