//! A terminal that takes nothing (Ctrl-S): the documented second signal ends a watch all the same.

use std::{
    fs::{self, File},
    io::Read,
    os::fd::{AsRawFd, FromRawFd, OwnedFd},
    process::{Command, Stdio},
    thread,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tests::{Place, tracer};

/// A terminal: the end of the screen, and that of the programs.
fn terminal() -> (File, OwnedFd) {
    let (mut screen, mut programs) = (0, 0);
    let name = std::ptr::null_mut();
    let (look, size) = (std::ptr::null(), std::ptr::null());
    // SAFETY: the first two are written, the others may be null.
    let made = unsafe { libc::openpty(&raw mut screen, &raw mut programs, name, look, size) };
    assert_eq!(made, 0, "openpty: {}", std::io::Error::last_os_error());
    // SAFETY: both are new, and nobody else has them.
    unsafe { (File::from_raw_fd(screen), OwnedFd::from_raw_fd(programs)) }
}

#[test]
fn a_stopped_terminal_does_not_hold_a_watch() {
    let place = Place::new();
    let (mut screen, terminal) = terminal();
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
