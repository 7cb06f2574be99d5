//! What the daemon has to write, on its way into the log: collected, written in large pieces,
//! kept while the disk takes nothing, and counted when there is no room to keep it.

use std::{collections::VecDeque, io, process::Command};

use rustix::io::Errno;

use super::config::{Action, Settings};
use crate::{
    format::one_line,
    sink::{LogFile, Trouble},
};

/// Bytes that are written at once.
const PIECE: usize = 256 * 1024;

/// Records on their way.
pub(super) struct Journal {
    log: LogFile,
    /// The piece under construction.
    pub(super) out: Vec<u8>,
    /// Events in it.
    events: u64,
    /// Pieces that the disk did not take yet, with their events.
    waiting: VecDeque<(Vec<u8>, u64)>,
    waiting_bytes: usize,
    /// Events that are in the log.
    pub(super) written: u64,
    /// Events that found no room, and were not told yet.
    lost: u64,
    /// Nothing can be written.
    stuck: bool,
    /// The disk is low, and that was acted on.
    low: bool,
    /// Segments begun.
    pub(super) rotations: u64,
}

impl Journal {
    pub(super) fn new(log: LogFile) -> Self {
        Self {
            log,
            out: Vec::with_capacity(PIECE + 16 * 1024),
            events: 0,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            written: 0,
            lost: 0,
            stuck: false,
            low: false,
            rotations: 0,
        }
    }

    pub(super) fn log(&mut self) -> &mut LogFile {
        &mut self.log
    }

    /// An event is complete in `out`.
    pub(super) fn event(&mut self, settings: &Settings) {
        self.events += 1;
        if self.out.len() >= PIECE {
            self.flush(settings);
        }
    }

    /// Events that could not be kept since the last time; to be told in the log.
    pub(super) fn take_lost(&mut self) -> u64 {
        if self.waiting.is_empty() {
            std::mem::take(&mut self.lost)
        } else {
            0
        }
    }

    /// Events that could not be kept and that the log does not tell yet.
    pub(super) fn untold(&self) -> u64 {
        self.lost
    }

    /// Is anything held back?
    pub(super) fn is_stuck(&self) -> bool {
        self.stuck
    }

    /// Events that are kept in memory.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting.iter().map(|(_, events)| events).sum()
    }

    /// Writes what there is.
    pub(super) fn flush(&mut self, settings: &Settings) {
        if !self.out.is_empty() {
            let piece = std::mem::replace(&mut self.out, Vec::with_capacity(PIECE + 16 * 1024));
            self.waiting_bytes += piece.len();
            self.waiting
                .push_back((piece, std::mem::take(&mut self.events)));
        }
        // While it is stuck, only `retry` looks whether that has changed.
        if !self.stuck {
            self.drain(settings);
        }
        let room = (settings.config.backlog as usize) << 20;
        while self.waiting_bytes > room {
            let Some((piece, events)) = self.waiting.pop_back() else {
                break;
            };
            self.waiting_bytes -= piece.len();
            self.lost += events;
        }
    }

    /// What waits will not be written any more: gives how many events are lost that nobody was
    /// told of.
    pub(super) fn give_up(&mut self) -> u64 {
        let waiting = self.waiting();
        self.waiting.clear();
        self.waiting_bytes = 0;
        waiting + std::mem::take(&mut self.lost)
    }

    /// Tries again after a failure, which is told once as long as it lasts.
    pub(super) fn retry(&mut self, settings: &Settings) {
        self.drain(settings);
    }

    fn drain(&mut self, settings: &Settings) {
        while let Some((piece, events)) = self.waiting.front() {
            let mut troubles = Vec::new();
            let before = self.log.len();
            let result = self.log.write(piece, *events as u32, &mut troubles);
            self.rotations += u64::from(self.log.len() < before);
            for trouble in troubles {
                tell(&match trouble {
                    Trouble::Remade => format!(
                        "the log {} was removed or replaced: a new one is written",
                        self.log.path().display()
                    ),
                    Trouble::SealRemade => format!(
                        "the seals of {} or their key were removed or replaced: new ones are \
                         written, and `tracer verify` shows what is missing",
                        self.log.path().display()
                    ),
                    Trouble::NotRotated(error) => format!("cannot rotate the log: {error}"),
                    Trouble::Failed(error) => format!("cannot write the log: {error}"),
                });
            }
            if let Err(error) = result {
                self.fail(&error, settings);
                return;
            }
            if std::mem::take(&mut self.stuck) {
                tell(&format!("{} is written again", self.log.path().display()));
            }
            self.written += events;
            self.waiting_bytes -= piece.len();
            self.waiting.pop_front();
        }
    }

    fn fail(&mut self, error: &io::Error, settings: &Settings) {
        if std::mem::replace(&mut self.stuck, true) {
            return;
        }
        let full = [Errno::NOSPC, Errno::DQUOT]
            .iter()
            .any(|e| error.raw_os_error() == Some(e.raw_os_error()));
        let what = format!(
            "cannot write to {}: {error}: records are kept in memory",
            self.log.path().display()
        );
        tell(&what);
        if full {
            self.act(&settings.disk_full_action, &what);
        }
    }

    /// Looks whether the disk is low.
    pub(super) fn check_space(&mut self, settings: &Settings) {
        let limit = settings.config.space_left << 20;
        let Ok(free) = self.log.free() else { return };
        let low = free < limit;
        if low && !self.low {
            let what = format!(
                "only {} MiB are free for {}",
                free >> 20,
                self.log.path().display()
            );
            self.act(&settings.space_left_action, &what);
        }
        self.low = low;
    }

    /// Begins a new segment.
    pub(super) fn rotate(&mut self, settings: &Settings) {
        self.flush(settings);
        match self.log.rotate() {
            Ok(()) => self.rotations += 1,
            Err(error) => tell(&format!("cannot rotate the log: {error}")),
        }
    }

    fn act(&mut self, action: &Action, why: &str) {
        match action {
            Action::Ignore => {}
            Action::Syslog => syslog(why),
            Action::Rotate => match self.log.rotate() {
                Ok(()) => self.rotations += 1,
                Err(error) => tell(&format!("cannot rotate the log: {error}")),
            },
            Action::Exec(program) => start(Command::new(program).arg(why)),
            Action::Halt => start(Command::new("/sbin/shutdown").args(["-h", "now"])),
        }
    }
}

/// Starts a program and does not wait for it.
fn start(command: &mut Command) {
    match command.spawn() {
        Ok(mut child) => {
            std::thread::spawn(move || child.wait());
        }
        Err(error) => tell(&format!("cannot start {command:?}: {error}")),
    }
}

/// A message to whoever started the daemon; under systemd that is the journal.
pub(super) fn tell(text: &str) {
    errln!("tracer: {}", one_line(text));
}

/// A message to the system log (syslog(3)).
fn syslog(text: &str) {
    let text = format!("tracer: {}", one_line(text));
    // A NUL is no printable character: `one_line` has taken it out.
    let Ok(text) = std::ffi::CString::new(text) else {
        return;
    };
    // SAFETY: both strings end with NUL, and the format takes one string.
    unsafe {
        libc::syslog(
            libc::LOG_DAEMON | libc::LOG_ALERT,
            c"%s".as_ptr(),
            text.as_ptr(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        daemon::config::Config,
        sink::{AtSize, Flush, Keeping},
    };

    fn settings(backlog: u64) -> Settings {
        Settings::check(Config {
            backlog,
            space_left_action: "ignore".to_owned(),
            disk_full_action: "ignore".to_owned(),
            ..Config::default()
        })
        .unwrap()
    }

    #[test]
    fn a_disk_that_takes_nothing_is_waited_for_and_what_finds_no_room_is_counted() {
        let keeping = Keeping {
            max_size: 0,
            at_size: AtSize::Ignore,
            flush: Flush::None,
            mode: 0o600,
            seal: false,
        };
        // /dev/full takes nothing, like a full disk.
        let (log, _) = LogFile::open(std::path::Path::new("/dev/full"), keeping).unwrap();
        let mut journal = Journal::new(log);
        let settings = settings(1);
        for _ in 0..40 {
            journal.out.extend(std::iter::repeat_n(b'x', 100 * 1024));
            journal.event(&settings);
        }
        journal.flush(&settings);
        assert!(journal.is_stuck());
        assert_eq!(journal.written, 0);
        assert!(journal.waiting() > 5 && journal.lost > 5);
        assert_eq!(journal.waiting() + journal.lost, 40);
        assert_eq!(journal.take_lost(), 0, "not while it cannot be told");
        assert_eq!(journal.untold() + journal.waiting(), 40);
        assert_eq!(journal.give_up(), 40);
        assert_eq!((journal.waiting(), journal.give_up()), (0, 0));
    }
}
