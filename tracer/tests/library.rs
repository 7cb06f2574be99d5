//! What a program sees that uses the library: on the running kernel, as root.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use futures_util::StreamExt as _;
use nix::{
    sys::wait::{WaitStatus, waitpid},
    unistd::{ForkResult, fork},
};
use tracer::{
    Builder, Error, SourceKind, Tracer,
    event::{Event, Item, Op},
    rules::{RuleSet, file},
};

/// Long enough for a busy machine; nothing waits for it that comes.
const PATIENCE: Duration = Duration::from_mins(1);

fn sh(script: &str, at: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(at);
    command
}

fn run(script: &str, at: &Path) {
    assert!(sh(script, at).status().unwrap().success());
}

/// The first event that this is true of.
fn first(tracer: &mut Tracer, is_it: impl Fn(&Event) -> bool) -> Event {
    loop {
        let item = tracer.next_within(PATIENCE).unwrap();
        if let Item::Event(event) = item.expect("it is reported")
            && is_it(&event)
        {
            return *event;
        }
    }
}

fn names(event: &Event, path: &Path) -> bool {
    let path = path.as_os_str().as_encoded_bytes();
    event
        .paths
        .iter()
        .any(|item| item.resolved.as_ref().is_ok_and(|it| it == path))
}

fn real(dir: &tempfile::TempDir) -> PathBuf {
    dir.path().canonicalize().unwrap()
}

#[test]
fn a_watch_by_every_source() {
    for source in [
        SourceKind::Auto,
        SourceKind::Ebpf,
        SourceKind::Fanotify,
        SourceKind::Inotify,
    ] {
        let dir = tempfile::tempdir().unwrap();
        let at = real(&dir);
        let mut tracer = Tracer::builder().path(&at).source(source).build().unwrap();
        run("echo > f && rm f", &at);
        let deleted = |event: &Event| event.op == Op::Delete && names(event, &at.join("f"));
        let event = first(&mut tracer, deleted);
        let comm = event.actor.ok().and_then(|actor| actor.comm.ok());
        match source {
            SourceKind::Inotify => assert_eq!(comm, None),
            // It may have ended before anybody can look.
            SourceKind::Fanotify => assert!(comm.is_none_or(|comm| &*comm == b"rm")),
            _ => assert_eq!(comm.as_deref(), Some(&b"rm"[..]), "{source:?}"),
        }
        tracer.stop();
        assert!(tracer.by_ref().all(|item| item.is_ok()));
        let account = &tracer.outcome().unwrap().account;
        let filtered: u64 = account.filtered.values().sum();
        let lost: u64 = account.lost.values().sum();
        assert_eq!(
            account.seen,
            filtered + lost + account.written,
            "{source:?}"
        );
        assert!(account.written > 0);
        assert!(tracer.next().is_none(), "and nothing more");
    }
}

#[test]
fn a_command_whole_and_its_status() {
    let dir = tempfile::tempdir().unwrap();
    let command = sh("cat /proc/self/comm > out; exit 3", &real(&dir));
    let mut tracer = Tracer::builder().command(command).build().unwrap();
    let child = tracer.child().unwrap();
    let items: Vec<Item> = tracer.by_ref().map(Result::unwrap).collect();
    let events = items.iter().filter_map(|item| match item {
        Item::Event(event) => Some(event),
        Item::Loss(_) => None,
    });
    let execs = events.clone().filter(|event| event.op == Op::Execute);
    let pids: Vec<u32> = execs
        .map(|event| event.actor.as_ref().unwrap().pid.0)
        .collect();
    assert_eq!(pids[0], child, "from its first instruction");
    assert!(pids.iter().any(|pid| *pid != child), "with its descendants");
    assert!(
        events
            .clone()
            .any(|event| event.exit.is_some_and(|exit| exit.status == Some(3)))
    );
    let outcome = tracer.outcome().unwrap();
    assert_eq!(outcome.status.unwrap().code(), Some(3));
    assert_eq!(outcome.account.written, events.count() as u64);
}

#[test]
fn a_command_has_its_signals_and_pipes() {
    let mut command = Command::new("cat");
    command.args(["/proc/self/status", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let builder = Tracer::builder().command(command).follow(true);
    let mut tracer = builder.calls("exit_group").build().unwrap();
    drop(tracer.take_stdin().expect("it is a pipe"));
    let status = std::io::read_to_string(tracer.take_stdout().unwrap()).unwrap();
    let own = fs::read_to_string("/proc/thread-self/status").unwrap();
    let blocked = |status: &str| {
        let line = status.lines().find(|line| line.starts_with("SigBlk:"));
        line.unwrap().to_owned()
    };
    assert_eq!(blocked(&status), blocked(&own), "as those of who has asked");
    let ends = tracer.by_ref().map(Result::unwrap);
    let ends: Vec<Item> = ends.collect();
    assert!(
        matches!(&ends[..], [Item::Event(event)] if event.exit.is_some()),
        "{ends:?}"
    );
    assert_eq!(tracer.outcome().unwrap().status.unwrap().code(), Some(0));
}

#[test]
fn rules_that_leave_out() {
    let dir = tempfile::tempdir().unwrap();
    let at = real(&dir);
    let rules = at.with_extension("rules");
    let watched = at.display();
    let text = format!("-a always,exclude -F uid=65534\n-w {watched} -p wa -k here\n");
    fs::write(&rules, text).unwrap();
    let set = file::load(std::slice::from_ref(&rules), RuleSet::default())
        .unwrap()
        .set;
    fs::remove_file(rules).unwrap();
    fs::set_permissions(&at, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let mut tracer = Tracer::builder().rules(set).build().unwrap();
    let as_nobody =
        "setpriv --reuid=65534 --regid=65534 --clear-groups sh -c 'echo > left-out'; echo > told";
    run(as_nobody, &at);
    let event = first(&mut tracer, |_| true);
    assert!(names(&event, &at.join("told")), "{event:?}");
}

#[test]
fn rules_with_their_keys() {
    let dir = tempfile::tempdir().unwrap();
    let at = real(&dir);
    let text = format!("-w {} -p wa -k changed-here\n", at.display());
    let rules = at.with_extension("rules");
    fs::write(&rules, text).unwrap();
    let set = file::load(std::slice::from_ref(&rules), RuleSet::default())
        .unwrap()
        .set;
    fs::remove_file(rules).unwrap();
    let mut tracer = Tracer::builder().rules(set).build().unwrap();
    run("cat /dev/null > made", &at);
    let event = first(&mut tracer, |event| names(event, &at.join("made")));
    assert_eq!(event.rules.key.as_deref(), Some(&b"changed-here"[..]));
}

#[test]
fn a_process_that_runs() {
    let dir = tempfile::tempdir().unwrap();
    let at = real(&dir);
    let mut child = sh("read line; echo > of-this; read line", &at)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let builder = Tracer::builder().pid(child.id()).path(&at).success(true);
    let mut tracer = builder.build().unwrap();
    run("echo > of-another", &at);
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, b"\n").unwrap();
    let event = first(&mut tracer, |_| true);
    assert!(names(&event, &at.join("of-this")), "{event:?}");
    assert_eq!(event.actor.unwrap().pid.0, child.id());
    // It ends, and so does the run.
    drop(stdin);
    child.wait().unwrap();
    assert!(tracer.by_ref().all(|item| item.is_ok()));
    assert!(tracer.outcome().is_some());
}

#[tokio::test]
async fn a_stream() {
    let dir = tempfile::tempdir().unwrap();
    let at = real(&dir);
    let tracer = Tracer::builder().path(&at).op(Op::Create).build().unwrap();
    let stopper = tracer.stopper();
    // Another thread may have it.
    let made = tokio::task::spawn(tracer.into_stream().map(Result::unwrap).collect::<Vec<_>>());
    run("mkdir one two three", &at);
    let mut probe = Tracer::builder().path(&at).op(Op::Delete).build().unwrap();
    run("rmdir one", &at);
    first(&mut probe, |event| names(event, &at.join("one")));
    stopper.stop();
    let events = made.await.unwrap();
    for name in ["one", "two", "three"] {
        let is_it =
            |item: &Item| matches!(item, Item::Event(event) if names(event, &at.join(name)));
        assert!(events.iter().any(is_it), "{name}");
    }
}

#[test]
fn who_reads_too_slowly_is_told_what_was_lost() {
    let dir = tempfile::tempdir().unwrap();
    let script = "i=0; while [ $i -lt 40000 ]; do : < /dev/null; i=$((i+1)); done";
    let command = sh(script, &real(&dir));
    let builder = Tracer::builder()
        .command(command)
        .calls("openat")
        .ring(4096);
    let mut tracer = builder.build().unwrap();
    // Nothing is read before it has ended: queue and ring are full.
    let child = tracer.child().unwrap().to_string();
    let state = || fs::read_to_string(Path::new("/proc").join(&child).join("stat"));
    while state().is_ok_and(|stat| !stat.contains(") Z ")) {
        std::thread::yield_now();
    }
    let (mut events, mut lost) = (0, 0);
    for item in &mut tracer {
        match item.unwrap() {
            Item::Event(_) => events += 1,
            Item::Loss(gap) => lost += gap.count.unwrap(),
        }
    }
    let account = &tracer.outcome().unwrap().account;
    assert!(lost > 0);
    assert_eq!(account.written, events);
    assert_eq!(account.lost.values().sum::<u64>(), lost);
    let filtered: u64 = account.filtered.values().sum();
    assert_eq!(account.seen, events + lost + filtered);
}

#[test]
fn one_that_is_dropped_ends_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = sh("while :; do : < /dev/null; done", &real(&dir))
        .spawn()
        .unwrap();
    let tracer = Tracer::builder().pid(child.id()).build().unwrap();
    // The queue is full, and the thread waits for room.
    drop(tracer);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_child_is_told_that_it_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let mut tracer = Tracer::builder().path(dir.path()).build().unwrap();
    // SAFETY: the child calls nothing that needs a lock that another thread may hold.
    match unsafe { fork() }.unwrap() {
        ForkResult::Child => {
            let is_told = matches!(tracer.next_within(PATIENCE), Err(Error::Forked));
            tracer.stop();
            drop(tracer);
            // SAFETY: it ends here.
            unsafe { libc::_exit(i32::from(!is_told)) }
        }
        ForkResult::Parent { child } => {
            assert_eq!(waitpid(child, None).unwrap(), WaitStatus::Exited(child, 0));
        }
    }
    run("echo > f", dir.path());
    first(&mut tracer, |_| true);
}

#[test]
fn what_cannot_be() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path();
    let none = at.join("none");
    let of = |builder: Builder| builder.build().err().expect("it is refused").to_string();
    let on = |source| Tracer::builder().path(at).source(source);
    let cases = [
        (
            on(SourceKind::Inotify).uid(0),
            "inotify cannot tell who: use ebpf",
        ),
        (
            on(SourceKind::Fanotify).comm("sh"),
            "fanotify knows who it was only",
        ),
        (
            Tracer::builder().path(at).ring(1 << 31),
            "the ring has from 4 KiB",
        ),
        (
            Tracer::builder().path(at).events(1 << 30),
            "the mask of notifications",
        ),
        (
            Tracer::builder().pid(std::process::id()),
            "cannot trace itself",
        ),
        (
            Tracer::builder().rules(RuleSet::default()).exclude("/x"),
            "rules say everything",
        ),
        (Tracer::builder(), "nothing is asked for"),
        (Tracer::builder().path(&none), "none: No such file"),
        (
            Tracer::builder().pid(u32::MAX),
            "there is no process 4294967295",
        ),
        (Tracer::builder().follow(true).path(at), "give a pid"),
        (
            Tracer::builder().pid(1).calls("opemat"),
            "did you mean `openat`",
        ),
        (
            Tracer::builder().path(at).exclude("a["),
            "this is no pattern",
        ),
        (
            Tracer::builder().pid(1).source(SourceKind::Inotify),
            "only eBPF sees",
        ),
        (
            Tracer::builder()
                .pid(1)
                .events(tracer::event::notice::CREATE),
            "notifications",
        ),
        (
            Tracer::builder().rules(RuleSet::default()).path(at),
            "rules say everything",
        ),
        (
            Tracer::builder()
                .path(at)
                .op(Op::Close)
                .source(SourceKind::Ebpf),
            "eBPF sees calls",
        ),
        (
            Tracer::builder()
                .path(at)
                .success(false)
                .source(SourceKind::Fanotify),
            "only eBPF sees",
        ),
        (
            Tracer::builder().command(Command::new(&none)),
            "none: No such file",
        ),
    ];
    for (builder, words) in cases {
        let text = of(builder);
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// An example, started.
fn example(name: &str) -> Command {
    let own = std::env::current_exe().unwrap();
    let debug = own.parent().and_then(Path::parent).unwrap();
    Command::new(debug.join("examples").join(name))
}

#[test]
fn the_examples() {
    let dir = tempfile::tempdir().unwrap();
    let at = real(&dir);
    let mut watch = example("who_writes")
        .arg(&at)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert!(lines.next().unwrap().starts_with("ready: eBPF"));
    run("echo > f; rm f; echo > stop", &at);
    let lines: Vec<_> = lines.collect();
    assert!(watch.wait().unwrap().success());
    let deleted = format!("delete {}", at.join("f").display());
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("rm[") && line.ends_with(&deleted)),
        "{lines:?}"
    );
    assert!(
        lines.last().unwrap().ends_with("records, 0 lost"),
        "{lines:?}"
    );

    let out = example("calls_of_command")
        .args(["sh", "-c", "exit 7"])
        .output()
        .unwrap();
    let out = String::from_utf8(out.stdout).unwrap();
    assert!(
        out.contains(" execve\n") && out.ends_with("exit status: 7\n"),
        "{out}"
    );

    let rules = at.join("rules");
    fs::write(&rules, format!("-w {} -p wa -k here\n", at.display())).unwrap();
    let mut live = example("rules_live")
        .arg(&rules)
        .arg("1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(live.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert_eq!(printed.next().unwrap(), "ready");
    run("echo > g", &at);
    let record = printed.next().unwrap();
    assert!(
        record.contains("\"here\"") && record.contains("/g\""),
        "{record}"
    );
    assert!(live.wait().unwrap().success());
}
