//! `watch --exec`: one run for a burst, what becomes of records that come while a command runs, what
//! is passed to it; and what ignore files leave out.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use nix::{
    sys::{signal::Signal, stat::Mode},
    unistd::mkfifo,
};
use tests::{Place, Tracer, require_ebpf, require_root, run_to_end, tracer_command};

/// `tracer watch` for creations in a place.
fn watch(backend: &str, options: &[&str], place: &Path) -> Tracer {
    let mut command = tracer_command(["watch", "--backend", backend, "-e", "create"]);
    command.args(["--format", "%f"]).args(options).arg(place);
    Tracer::spawn(&mut command).ready()
}

/// A program of the shell.
fn script(kept: &Place, text: &str) -> PathBuf {
    tests::script(&kept.join("script"), text)
}

/// Ctrl-C; what it said, after a good end.
fn end(tracer: Tracer) -> String {
    tracer.signal(Signal::SIGINT);
    let (status, _, said) = tracer.wait_raw();
    assert_eq!(status, Some(0), "{said}");
    said
}

/// However many files a burst is about, a command that names none of them runs once, and is given
/// all: as arguments and in its environment.
#[test]
fn one_run_for_a_burst() {
    let (place, kept) = (Place::new(), Place::new());
    let log = kept.join("log");
    let text = format!(
        "printf '%s\\n' \"$#\" \"$TRACER_PATHS\" >> {}",
        log.display()
    );
    let exec = format!("{} {{paths}}", script(&kept, &text).display());
    // The burst goes on until the run ends.
    let tracer = watch(
        "inotify",
        &["--coalesce", "1h", "--exec", &exec],
        place.path(),
    );
    let mut wanted = vec!["20".to_owned()];
    for nr in 0..20 {
        let name = format!("{nr:02} $(x) \\");
        place.file(&name);
        let shown = name.replace('\\', "\\\\");
        wanted.push(format!("{}/{shown}", place.path().display()));
    }
    end(tracer);
    let log = fs::read_to_string(log).expect("it ran");
    let mut got: Vec<_> = log.lines().map(str::to_owned).collect();
    got[1..].sort();
    assert_eq!(got, wanted);
}

/// A burst ends by itself, too; with the path of a file in the command, each file has its own run.
#[test]
fn a_run_for_each_file_of_a_burst() {
    let (place, kept) = (Place::new(), Place::new());
    let text = "echo \"ran for $#: $*\"";
    let script = script(&kept, text).display().to_string();
    let each = format!("{script} {{path}}");
    let options = ["--coalesce", "10ms", "--exec", &each];
    let tracer = watch("inotify", &options, place.path());
    for name in ["one", "two"] {
        place.file(name);
        let path = place.join(name).display().to_string();
        tracer.wait_output(&format!("ran for 1: {path}\n"));
    }
    end(tracer);
    let tracer = watch(
        "inotify",
        &["--coalesce", "10ms", "--exec", &script],
        place.path(),
    );
    place.file("three");
    tracer.wait_output("ran for 0: \n");
    end(tracer);
}

/// Who did it and what came of it, in the command and in its environment.
#[test]
fn what_is_known_of_a_record() {
    if !require_root() || !require_ebpf() {
        return;
    }
    let (place, kept) = (Place::new(), Place::new());
    let text = "echo \"args:$*\"; echo \"env:$TRACER_OP $TRACER_UID $TRACER_PPID $TRACER_PATH\"";
    let script = script(&kept, text).display().to_string();
    let exec = format!("{script} {{op}} {{uid}} {{ppid}} {{comm}} {{ret}} {{user}} {{exe}}");
    let file = place.join("file").display().to_string();
    for backend in ["ebpf", "inotify"] {
        let tracer = watch(backend, &["--exec", &exec], place.path());
        let made = Command::new("sh")
            .args(["-c", ": > \"$1\"", "sh", &file])
            .status()
            .expect("sh runs");
        assert!(made.success());
        let me = std::process::id();
        if backend == "ebpf" {
            tracer.wait_output(&format!("args:create 0 {me} sh "));
            tracer.wait_output(&format!("env:create 0 {me} {file}\n"));
        } else {
            tracer.wait_output("args:create ? ? ? ? ? ?\n");
            tracer.wait_output(&format!("env:create   {file}\n"));
        }
        end(tracer);
        fs::remove_file(&file).expect("rm");
    }
}

/// A command that cannot be run is refused before anything is watched, with what to do.
#[test]
fn a_command_that_cannot_be_run() {
    let place = Place::new();
    let text = place.file("text").display().to_string();
    let here = place.path().display().to_string();
    for (exec, code, words) in [
        ("no-such-command {path}", 127, "in no directory of PATH"),
        ("./no/such {path}", 127, "No such file or directory"),
        (&*text, 126, "Permission denied"),
        (&*here, 126, "it is a directory"),
        ("VAR=x true", 127, "cannot run VAR=x"),
    ] {
        let mut run = tracer_command(["watch", "--exec", exec]);
        let outcome = run_to_end(run.arg(place.path())).ended(code);
        let said = outcome.complaints();
        assert_eq!(said.len(), 1, "{outcome:?}");
        assert!(said[0].contains(words), "{exec}: {outcome:?}");
    }
}

/// What only a shell understands is refused, and the line that is said to do it does.
#[test]
fn what_needs_a_shell() {
    let (place, kept) = (Place::new(), Place::new());
    let log = kept.join("log");
    let exec = format!("echo {{event}} {{path}} >> {} && echo done", log.display());
    let mut run = tracer_command(["watch", "--exec", &exec]);
    let outcome = run_to_end(run.arg(place.path())).ended(2);
    let said = outcome.stderr.replace('\n', " ");
    let (_, instead) = said
        .split_once("have one with --exec ")
        .expect("what to do");
    let (instead, _) = instead.split_once("; in quotes").expect("what to do");
    let mut shell = Command::new("sh");
    let unquoted = shell
        .args(["-c", &format!("printf '%s\\n' {instead}")])
        .output();
    let unquoted = String::from_utf8(unquoted.expect("sh runs").stdout).expect("UTF-8");
    let tracer = watch("inotify", &["--exec", unquoted.trim_end()], place.path());
    let file = place.file("a 'b' $c");
    tracer.wait_output("done\n");
    end(tracer);
    let told = fs::read_to_string(log).expect("it ran");
    assert_eq!(told, format!("CREATE {}\n", file.display()));
}

/// The words of a command that are not one argument: how to make them one.
#[test]
fn a_command_in_several_arguments() {
    let place = Place::new();
    for words in [
        &["echo", "{path}"][..],
        &["make", "all"],
        &["gzip", "-k", "{path}"],
    ] {
        let mut run = tracer_command(["watch", "--exec"]);
        let outcome = run_to_end(run.args(words).arg(place.path()));
        assert!([2, 5].contains(&outcome.code()), "{outcome:?}");
        let wanted = format!("--exec '{} ", words[0]);
        assert!(outcome.stderr.contains(&wanted), "{words:?}: {outcome:?}");
    }
}

/// What runs is ended by the signal, or killed when it does not end, and runs again.
#[test]
fn a_command_that_is_restarted() {
    let (place, kept) = (Place::new(), Place::new());
    for (trap, ends) in [("echo ended; exit 0", true), ("", false)] {
        let text = format!("trap '{trap}' INT\necho started\nwhile :; do sleep 0.01; done");
        let exec = script(&kept, &text).display().to_string();
        // Only one that ignores the signal is killed.
        let patience = if ends { "1h" } else { "50ms" };
        let options = [
            "--restart",
            "--stop-signal",
            "int",
            "--stop-timeout",
            patience,
            "--exec",
            &exec,
        ];
        let tracer = watch("inotify", &options, place.path());
        for (nr, name) in ["one", "two", "three"].iter().enumerate() {
            place.file(name);
            tracer.wait_outputs("started", nr + 1);
            if ends {
                tracer.wait_outputs("ended", nr);
            }
        }
        let said = end(tracer);
        assert!(!said.contains("script"), "{said}");
        for name in ["one", "two", "three"] {
            fs::remove_file(place.join(name)).expect("rm");
        }
    }
}

/// What a command has left in its process group, which goes on by itself, is ended, too: before it is
/// started again, and at the end.
#[test]
fn what_a_restarted_command_has_left() {
    let (place, kept) = (Place::new(), Place::new());
    let ready = kept.join("ready");
    mkfifo(&ready, Mode::S_IRWXU).expect("mkfifo");
    let text = format!(
        "(trap 'echo the rest ended; exit' TERM; echo at work; echo > {ready}
while :; do sleep 0.01; done) &
read line < {ready}; echo it ended",
        ready = ready.display()
    );
    let exec = script(&kept, &text).display().to_string();
    let options = ["--restart", "--stop-timeout", "1h", "--exec", &exec];
    let tracer = watch("inotify", &options, place.path());
    for (nr, name) in ["one", "two"].iter().enumerate() {
        place.file(name);
        tracer.wait_outputs("it ended", nr + 1);
        tracer.wait_outputs("the rest ended", nr);
    }
    tracer.signal(Signal::SIGINT);
    let (status, out, said) = tracer.wait_raw();
    assert_eq!(status, Some(0), "{said}");
    let out = String::from_utf8_lossy(&out).into_owned();
    let told: Vec<_> = out.lines().filter(|line| line.contains(' ')).collect();
    let round = ["at work", "it ended", "the rest ended"];
    assert_eq!(told, [round, round].concat());
}

/// A name that is sent to a shell at the other end as data runs nothing there; as a word of the
/// command it is refused.
#[test]
fn a_name_at_the_other_end_of_ssh() {
    let (place, kept) = (Place::new(), Place::new());
    let bin = kept.dir("bin");
    // As ssh(1): the words behind the host are put together for a shell.
    tests::script(&bin.join("ssh"), "shift\nexec sh -c \"$*\"");
    let path = std::env::var("PATH").expect("there is one");
    let watch = |exec: &str| {
        let mut command = tracer_command(["watch", "--backend", "inotify", "-e", "create"]);
        command
            .args(["--format", "%f", "--exec", exec])
            .arg(place.path());
        command.env("PATH", format!("{}:{path}", bin.display()));
        command.current_dir(kept.path());
        command
    };
    let mut refused = watch("ssh there rm {path}");
    let refused = run_to_end(&mut refused).ended(2);
    let (_, instead) = refused.stderr.split_once("--exec '").expect("what to do");
    let (instead, _) = instead.split_once('\'').expect("it is quoted");
    let instead = instead.replace("HOST", "there").replace("gzip", "ls -d");
    let tracer = Tracer::spawn(&mut watch(&instead)).ready();
    let name = "$(touch run) ; touch run";
    place.file(name);
    tracer.wait_output(&format!("{}\n", place.join(name).display()));
    end(tracer);
    assert!(!kept.join("run").exists() && !place.join("run").exists());
}

/// What comes while it runs starts nothing.
#[test]
fn records_that_are_ignored() {
    let (place, kept) = (Place::new(), Place::new());
    let go = kept.join("go");
    mkfifo(&go, Mode::S_IRWXU).expect("mkfifo");
    let text = format!("echo at work; read line < {}; echo done", go.display());
    let exec = script(&kept, &text).display().to_string();
    let options = ["--on-busy", "ignore", "--exec", &exec];
    let tracer = watch("inotify", &options, place.path());
    place.file("one");
    tracer.wait_output("at work");
    place.file("two");
    place.file("three");
    tracer.wait_output("three");
    tracer.signal(Signal::SIGINT);
    tracer.wait_said("written 3");
    fs::write(&go, "go\n").expect("it is read");
    let (status, out, said) = tracer.wait_raw();
    assert_eq!(status, Some(0), "{said}");
    let out = String::from_utf8_lossy(&out).into_owned();
    assert_eq!(out.matches("at work").count(), 1, "{out}");
    assert!(said.contains("2 records started no command"), "{said}");
}

/// What git does not see is not told, by any backend; a file that has changed counts.
#[test]
fn ignore_files() {
    if !require_root() || !require_ebpf() {
        return;
    }
    for backend in ["ebpf", "fanotify", "inotify"] {
        let place = Place::new();
        place.dir("build");
        place.dir("src");
        fs::write(place.join(".gitignore"), "*.o\nbuild/\n").expect("write");
        let tracer = watch(backend, &["--gitignore"], place.path());
        for name in ["src/a.o", "src/b.c", "build/x", "src/build", "c.o", "last"] {
            place.file(name);
        }
        tracer.wait_output("last\n");
        let out = String::from_utf8_lossy(&tracer.output()).into_owned();
        assert_eq!(out, "b.c\nbuild\nlast\n", "{backend}");
        end(tracer);
    }
}
