//! `watch --backend`: each tells what is asked for by name, or is refused with those that do.

use std::{fs, process::Command};

use tests::{
    NOBODY, Place, Tracer, public_copy, require_ebpf, require_root, run_to_end, tracer,
    tracer_command,
};

const BACKENDS: [&str; 3] = ["ebpf", "fanotify", "inotify"];

/// What a backend cannot tell is refused, and one that is said to tell it is taken.
#[test]
fn what_a_backend_cannot_tell() {
    if !require_root() || !require_ebpf() {
        return;
    }
    for (options, unable) in [
        (["--op", "execute"], &["inotify"][..]),
        (["--op", "read,execute"], &["inotify"]),
        (["--op", "close"], &["ebpf"]),
        (["-e", "close_write"], &["ebpf"]),
        (["-e", "modify,create"], &["ebpf"]),
        (["-e", "delete_self"], &["ebpf", "fanotify"]),
        (["-e", "move_self,create"], &["ebpf", "fanotify"]),
        (["-e", "unmount"], &["ebpf", "fanotify"]),
        (["-e", "create"], &[]),
    ] {
        let place = Place::new();
        let able: Vec<_> = BACKENDS
            .into_iter()
            .filter(|one| !unable.contains(one))
            .collect();
        for backend in unable {
            let mut run = tracer_command(["watch", "--backend", backend]);
            let outcome = run_to_end(run.args(options).arg(place.path())).ended(2);
            let said = outcome.complaints();
            assert_eq!(said.len(), 1, "{outcome:?}");
            let instead = format!("use --backend {},", able.join(" or "));
            let named = options[1].split(',').any(|word| said[0].contains(word));
            assert!(
                named && said[0].contains(&instead),
                "{options:?}: {outcome:?}"
            );
        }
        // Without one, the first that tells it is taken.
        let mut run = tracer_command(["watch"]);
        let tracer = Tracer::spawn(run.args(options).arg(place.path())).ready();
        let taken = tracer.said().to_lowercase();
        assert!(
            taken.contains(&format!("({}:", able[0])),
            "{options:?}: {taken}"
        );
        drop(tracer.stop().ended(0));
    }
}

/// An execution is told by those that take the question.
#[test]
fn an_execution_by_each_that_tells_it() {
    if !require_root() || !require_ebpf() {
        return;
    }
    let place = Place::new();
    let program = place.join("program");
    fs::copy("/proc/self/exe", &program).expect("a copy");
    for backend in ["ebpf", "fanotify"] {
        let options = ["--op", "execute", "--format", "json", "--backend", backend];
        let mut run = tracer_command(["watch"]);
        let tracer = Tracer::spawn(run.args(options).arg(place.path())).ready();
        let ran = Command::new(&program).arg("--list").output();
        assert!(ran.expect("it runs").status.success());
        tracer.wait_for("the execution", |r| {
            r.is_about(&place.bytes("program")) && r.op() == "execute"
        });
        drop(tracer.stop().ended(0));
    }
}

/// Who may use none that tells it is told so, and waits for nothing.
#[test]
fn as_a_user_for_whom_none_tells_it() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    let mut run = Command::new(public_copy(tracer(), &tools.join("tracer")));
    run.args(["watch", "--op", "execute"]).arg(place.path());
    let run = std::os::unix::process::CommandExt::uid(&mut run, NOBODY);
    let outcome = run_to_end(run.current_dir("/")).ended(3);
    assert_eq!(outcome.complaints().len(), 1, "{outcome:?}");
    assert!(
        outcome.stderr.contains("cannot tell execute"),
        "{outcome:?}"
    );
    assert!(outcome.stderr.contains("root"), "{outcome:?}");
}
