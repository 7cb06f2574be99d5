//! A terminal may take nothing for as long as it likes (Ctrl-S), and a write to it waits, also where
//! poll(2) has said that there is room: for some of it. Nobody must need `kill -9` for that.

use std::{
    fmt,
    fs::File,
    io::{self, Write as _},
    os::fd::{AsFd, AsRawFd, BorrowedFd},
    sync::OnceLock,
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    fs::{Mode, OFlags, open},
};

use super::{PATIENCE, stop};

/// The terminal behind a descriptor as one that does not wait: opened anew, because other programs
/// share the descriptor's own state. `None` where it is no terminal, or may not be opened.
pub(super) fn that_does_not_wait(fd: BorrowedFd<'_>) -> Option<File> {
    if !rustix::termios::isatty(fd) {
        return None;
    }
    let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    open(path, flags, Mode::empty()).ok().map(File::from)
}

/// Standard error, where it is a terminal.
static ERRORS: OnceLock<Option<File>> = OnceLock::new();

/// Writes a message on standard error, in one piece: others write there, too. Once the process is asked to end, a terminal that takes nothing
/// for five seconds, or a second request, ends the wait.
pub(crate) fn say(text: fmt::Arguments<'_>) {
    let terminal = ERRORS.get_or_init(|| that_does_not_wait(io::stderr().as_fd()));
    let text = text.to_string();
    let Some(terminal) = terminal else {
        // Who has closed it does not want to know.
        let _ = io::stderr().write_all(text.as_bytes());
        return;
    };
    let mut rest = text.as_bytes();
    while !rest.is_empty() && takes_more(terminal.as_fd()) {
        match (&*terminal).write(rest) {
            Ok(n) => rest = &rest[n..],
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// Waits until a terminal takes more; false when it is to wait no longer.
fn takes_more(terminal: BorrowedFd<'_>) -> bool {
    loop {
        let asked = stop::asked();
        if asked > 1 {
            return false;
        }
        let out = PollFd::from_borrowed_fd(terminal, PollFlags::OUT);
        let signals = stop::signals().map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
        let mut fds: Vec<_> = std::iter::once(out).chain(signals).collect();
        match poll(&mut fds, (asked > 0).then_some(&PATIENCE)) {
            Ok(0) => return false,
            Ok(_) if !fds[0].revents().is_empty() => return true,
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}
