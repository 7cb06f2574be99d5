//! What is different on a terminal: one that takes nothing (Ctrl-S) does not hold a watch that is to
//! end, and one that somebody waits at is told how far a long set-up is.

use std::{
    fs,
    io::Read,
    os::fd::{AsFd, AsRawFd},
    process::{Command, Stdio},
    thread,
};

use nix::{
    fcntl::AT_FDCWD,
    sys::{
        fanotify::{EventFFlags, Fanotify, FanotifyEvent, InitFlags, MarkFlags, MaskFlags},
        signal::{Signal, kill},
    },
    unistd::Pid,
};
use tests::{
    Heard, PATIENCE, Place, Tracer, Waited, require_root, terminal, tracer, tracer_command,
};

#[test]
fn a_stopped_terminal_does_not_hold_a_watch() {
    let place = Place::new();
    let (terminal, mut screen) = terminal(80);
    let output = || terminal.try_clone().expect("dup");
    let mut child = Command::new(tracer())
        .args(["watch", "--backend", "inotify"])
        .arg(place.path())
        .stdin(Stdio::null())
        .stdout(output())
        .stderr(output())
        .spawn()
        .expect("tracer");
    let mut said = Vec::new();
    while !said.windows(5).any(|word| word == b"ready") {
        let mut more = [0; 1024];
        let n = screen.read(&mut more).expect("it says something");
        said.extend_from_slice(&more[..n]);
    }
    // SAFETY: the descriptor is open.
    let stopped = unsafe { libc::tcflow(terminal.as_raw_fd(), libc::TCOOFF) };
    assert_eq!(stopped, 0, "tcflow");
    for n in 0..2000 {
        fs::write(place.join(format!("file-{n}")), "x").expect("write");
    }
    let pid = Pid::from_raw(child.id() as i32);
    let waiting = thread::spawn(move || child.wait());
    // Two that come at once are one.
    while !waiting.is_finished() {
        let _ = kill(pid, Signal::SIGINT);
        thread::yield_now();
    }
    let status = waiting.join().expect("no panic").expect("it has ended");
    assert_ne!(status.code(), None, "a signal killed it: {status}");
}

/// The next one who opens what the group asks about. It waits until it is answered, or the group
/// is gone.
fn opened_by(group: &Fanotify) -> FanotifyEvent {
    let mut ready = libc::pollfd {
        fd: group.as_fd().as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    let patience = i32::try_from(PATIENCE.as_millis()).expect("it is short");
    // SAFETY: it is one, and lives.
    let count = unsafe { libc::poll(&raw mut ready, 1, patience) };
    assert_eq!(count, 1, "nobody has opened the directory");
    let mut events = group.read_events().expect("events");
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}

/// Set-ups take as long as the test likes: the directory is opened when the kernel is told to.
#[test]
fn a_long_set_up_says_how_far_it_is() {
    if !require_root() {
        return;
    }
    let place = Place::new();
    place.dir("root");
    place.dir("root/held");
    let content = InitFlags::FAN_CLASS_CONTENT | InitFlags::FAN_CLOEXEC;
    let group = Fanotify::init(content, EventFFlags::O_CLOEXEC).expect("fanotify with permissions");
    let (add, opened) = (
        MarkFlags::FAN_MARK_ADD,
        MaskFlags::FAN_OPEN_PERM | MaskFlags::FAN_ONDIR,
    );
    group
        .mark(add, opened, AT_FDCWD, Some(&place.join("root/held")))
        .expect("a mark");
    let watch = || {
        let mut command = tracer_command(["watch", "--backend", "inotify"]);
        command.arg(place.join("root"));
        command
    };
    // The one that says nothing waits for longer.
    let silent = Tracer::spawn(&mut watch());
    let first = opened_by(&group);
    assert_eq!(first.pid(), silent.pid() as i32);

    let (programs, screen) = terminal(80);
    let shown = Heard::default();
    let listener = shown.listen(screen);
    let mut command = watch();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(programs);
    let mut speaks = command.spawn().expect("tracer");
    drop(command);
    let second = opened_by(&group);
    assert_eq!(second.pid(), speaks.id() as i32);
    let holds =
        |text: &'static str| move |said: &[u8]| String::from_utf8_lossy(said).contains(text);
    let line = "\r\x1b[Ktracer: set up a watch in 0 directories so far ";
    assert_eq!(
        shown.wait_for(holds(line)),
        Waited::Found,
        "{:?}",
        shown.take()
    );

    drop((first, second, group));
    let silent = silent.ready();
    // The line is taken away before anything else is said.
    let over = "so far \r\x1b[Ktracer: ready";
    assert_eq!(
        shown.wait_for(holds(over)),
        Waited::Found,
        "{:?}",
        shown.take()
    );
    let said = silent.stop().ended(0).stderr;
    assert!(
        said.starts_with("tracer: ready") && !said.contains('\x1b'),
        "{said}"
    );
    kill(Pid::from_raw(speaks.id() as i32), Signal::SIGINT).expect("it is there");
    assert!(speaks.wait().expect("it ends").success());
    listener.join().expect("no panic");
}
