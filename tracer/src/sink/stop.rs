//! Requests to end a run: signals as a descriptor, so that a wait for the output sees them too.

use std::{
    cell::Cell,
    io,
    os::fd::{AsFd, BorrowedFd},
    os::unix::process::CommandExt,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering},
    },
};

use nix::{
    sys::{
        signal::{SigSet, SigmaskHow, Signal, kill},
        signalfd::{SfdFlags, SignalFd},
    },
    unistd::Pid,
};
use tokio::process::Child;

/// Where requests come from.
enum Source {
    Signals(&'static SignalFd),
    #[cfg(test)]
    Pipe(io::PipeReader),
}

/// Sent by the kernel itself (`asm-generic/siginfo.h`).
const SI_KERNEL: i32 = 0x80;

/// The signals, once they are waited for: from then on they are blocked to the end of the process, and
/// whoever waits for anything must look here.
static SIGNALS: OnceLock<SignalFd> = OnceLock::new();

/// How many there were.
static ASKED: AtomicU32 = AtomicU32::new(0);

/// The first of them; 0 is none.
static FIRST: AtomicI32 = AtomicI32::new(0);

/// The first of them came from a key of the terminal, so that others have got it, too.
static BY_KEY: AtomicBool = AtomicBool::new(false);

/// How many signals have asked this process to end.
pub(super) fn asked() -> u32 {
    if let Some(signals) = SIGNALS.get() {
        while let Ok(Some(info)) = signals.read_signal() {
            if ASKED.fetch_add(1, Ordering::Relaxed) == 0 {
                FIRST.store(info.ssi_signo as i32, Ordering::Relaxed);
                BY_KEY.store(info.ssi_code == SI_KERNEL, Ordering::Relaxed);
            }
        }
    }
    ASKED.load(Ordering::Relaxed)
}

/// What is readable when there is another one.
pub(super) fn signals() -> Option<BorrowedFd<'static>> {
    SIGNALS.get().map(AsFd::as_fd)
}

/// What signals do to a tracer, in strace's words (`-I`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruptible {
    /// They end it.
    Anywhere,
    /// They end it, and its command gets them, too.
    Waiting,
    /// Nothing: how the command ends decides.
    Never,
    /// Nothing, and a stop from the terminal is for the command alone.
    NeverTstp,
}

impl Interruptible {
    /// `2`, `waiting`.
    pub fn parse(word: &str) -> Result<Self, String> {
        Ok(match word {
            "1" | "anywhere" | "always" => Self::Anywhere,
            "2" | "waiting" => Self::Waiting,
            "3" | "never" => Self::Never,
            "4" | "never_tstp" => Self::NeverTstp,
            _ => {
                return Err(
                    "expected 1 or anywhere, 2 or waiting, 3 or never, 4 or never_tstp".to_owned(),
                );
            }
        })
    }
}

/// Counts the requests to end a run.
pub struct Stop {
    source: Source,
    times: Cell<u32>,
    /// A command gets the signal that ends the run.
    hands_on: bool,
    /// It has got it.
    handed_on: Cell<bool>,
    /// The signal mask that this process was started with.
    mask: SigSet,
    /// It was started with [`OF_THREADS`] ignored.
    ignores: bool,
    /// What SIGXFSZ did.
    at_limit: libc::sighandler_t,
}

/// glibc's signal for its threads (`SIGSETXID`), which the first thread that is started takes for
/// itself: sigaction(2) of glibc neither tells nor sets what becomes of it.
const OF_THREADS: libc::c_int = 33;

/// `struct sigaction` of the kernel: the handler first, then flags, restorer and mask
/// (`asm/signal.h`).
type Action = [usize; 4];

const NO_ACTION: *mut Action = std::ptr::null_mut();

/// The system call sigaction(2) itself, for [`OF_THREADS`].
fn act(new: *const Action, old: *mut Action) -> io::Result<()> {
    const SET: usize = size_of::<u64>();
    // SAFETY: each is null, or one that the caller owns.
    let ret = unsafe { libc::syscall(libc::SYS_rt_sigaction, OF_THREADS, new, old, SET) };
    if ret == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

impl Stop {
    /// SIGINT, SIGTERM and SIGHUP, which are blocked in this thread from here on.
    pub fn signals() -> io::Result<Self> {
        let signals = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];
        Self::of(signals.into_iter().collect(), SigSet::empty(), false)
    }

    /// The same and SIGQUIT, which a terminal sends to a command beside tracer: how that ends is
    /// still to be told.
    pub fn signals_beside_a_command(how: Interruptible) -> io::Result<Self> {
        let mut set: SigSet = [
            Signal::SIGINT,
            Signal::SIGTERM,
            Signal::SIGHUP,
            Signal::SIGQUIT,
        ]
        .into_iter()
        .collect();
        match how {
            Interruptible::Anywhere => Self::of(set, SigSet::empty(), false),
            Interruptible::Waiting => Self::of(set, SigSet::empty(), true),
            Interruptible::Never => Self::of(SigSet::empty(), set, false),
            Interruptible::NeverTstp => {
                set.add(Signal::SIGTSTP);
                Self::of(SigSet::empty(), set, false)
            }
        }
    }

    /// `set` ends the run, `other` does nothing.
    fn of(set: SigSet, other: SigSet, hands_on: bool) -> io::Result<Self> {
        let blocked: SigSet = set.iter().chain(&other).collect();
        let mask = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        let flags = SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC;
        let new = SignalFd::with_flags(&set, flags)?;
        let source = Source::Signals(SIGNALS.get_or_init(|| new));
        let mut action = [0; 4];
        // A file that may not grow any more is told like a full disk.
        // SAFETY: no handler.
        let at_limit = unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
        let ignores = act(NO_ACTION, &raw mut action).is_ok() && action[0] == libc::SIG_IGN;
        Ok(Self {
            source,
            times: Cell::new(0),
            hands_on,
            handed_on: Cell::new(false),
            mask,
            ignores,
            at_limit,
        })
    }

    /// Every byte written to the other end is a request.
    #[cfg(test)]
    pub(crate) fn pipe() -> io::Result<(Self, io::PipeWriter)> {
        let (reader, writer) = io::pipe()?;
        rustix::io::ioctl_fionbio(&reader, true)?;
        let source = Source::Pipe(reader);
        Ok((
            Self {
                source,
                times: Cell::new(0),
                hands_on: false,
                handed_on: Cell::new(false),
                mask: SigSet::empty(),
                ignores: false,
                at_limit: libc::SIG_DFL,
            },
            writer,
        ))
    }

    /// How many requests there were so far.
    pub fn times(&self) -> u32 {
        match &self.source {
            Source::Signals(_) => self.times.set(asked()),
            #[cfg(test)]
            Source::Pipe(reader) => {
                while matches!(rustix::io::read(reader, &mut [0]), Ok(1)) {
                    self.times.set(self.times.get().saturating_add(1));
                }
            }
        }
        self.times.get()
    }

    /// The signal that was the first request.
    pub fn signal(&self) -> Option<i32> {
        match &self.source {
            Source::Signals(_) => {
                asked();
                Some(FIRST.load(Ordering::Relaxed)).filter(|signal| *signal != 0)
            }
            #[cfg(test)]
            Source::Pipe(_) => None,
        }
    }

    /// The only request has reached the command, too, if there is one: it is a key of the terminal,
    /// or it is handed on.
    pub fn reaches(&self, command: Option<&Child>) -> bool {
        let (Some(command), Some(signal), 1) = (command, self.signal(), self.times()) else {
            return false;
        };
        if BY_KEY.load(Ordering::Relaxed) || self.handed_on.get() {
            return true;
        }
        // It has none once it was waited for.
        if let (Some(id), true) = (command.id(), self.hands_on) {
            let id = Pid::from_raw(id as i32);
            let signal = Signal::try_from(signal).ok();
            // A command that is stopped would not hear it.
            let heard = kill(id, Signal::SIGCONT).and_then(|()| kill(id, signal));
            self.handed_on.set(heard.is_ok());
        }
        self.handed_on.get()
    }

    /// The signal that was handed on to the command.
    pub fn handed_on(&self) -> Option<i32> {
        self.signal().filter(|_| self.handed_on.get())
    }

    /// Lets a command start with the signal mask and the ignored signals that this process was
    /// started with: `std::process` hands the present ones on.
    pub fn unblock_in(&self, command: &mut std::process::Command) {
        self.unblocker()(command);
    }

    /// As [`Stop::unblock_in`], for commands to come; they get the present priority, too.
    pub fn unblocker(&self) -> impl Fn(&mut std::process::Command) + Send + Sync + use<> {
        let (mask, ignores, at_limit) = (self.mask, self.ignores, self.at_limit);
        let priority = rustix::process::getpriority_process(None).unwrap_or(0);
        move |command| {
            // SAFETY: between fork and exec only sigprocmask(2), sigaction(2) and setpriority(2)
            // are called, which are system calls and no more; nothing is allocated.
            unsafe {
                command.pre_exec(move || {
                    // tracer's own is higher where it may be (`cli/live.rs`).
                    let _ = rustix::process::setpriority_process(None, priority);
                    libc::signal(libc::SIGXFSZ, at_limit);
                    if ignores {
                        act(&[libc::SIG_IGN, 0, 0, 0], NO_ACTION)?;
                    }
                    Ok(mask.thread_set_mask()?)
                });
            }
        }
    }
}

impl AsFd for Stop {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.source {
            Source::Signals(signals) => signals.as_fd(),
            #[cfg(test)]
            Source::Pipe(reader) => reader.as_fd(),
        }
    }
}
