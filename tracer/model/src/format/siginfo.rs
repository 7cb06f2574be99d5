//! What `siginfo_t` says of a delivered signal: sigaction(2), `asm-generic/siginfo.h`. Which of
//! its overlapping members hold is decided as strace does, from the signal and its code.

use linux_raw_sys::general as raw;

use super::{
    names,
    number::{dec, hex},
};
use crate::event::Signal;

/// One member.
pub(super) enum Value {
    /// A number.
    Number(i64),
    /// A word of the kernel's headers.
    Word(&'static str),
    /// A signal by its number.
    Signal(u32),
    /// An address.
    Address(u64),
}

/// A signal's codes by number.
type Codes = &'static [(i32, &'static str)];

macro_rules! codes {
    ($($name:ident)*) => { &[$((raw::$name as i32, stringify!($name))),*] };
}

static ANY: Codes = codes! {
    SI_USER SI_KERNEL SI_QUEUE SI_TIMER SI_MESGQ SI_ASYNCIO SI_SIGIO SI_TKILL SI_DETHREAD
    SI_ASYNCNL
};
static ILL: Codes = codes! {
    ILL_ILLOPC ILL_ILLOPN ILL_ILLADR ILL_ILLTRP ILL_PRVOPC ILL_PRVREG ILL_COPROC ILL_BADSTK
};
static FPE: Codes = codes! {
    FPE_INTDIV FPE_INTOVF FPE_FLTDIV FPE_FLTOVF FPE_FLTUND FPE_FLTRES FPE_FLTINV FPE_FLTSUB
};
static SEGV: Codes = codes! {
    SEGV_MAPERR SEGV_ACCERR SEGV_BNDERR SEGV_PKUERR SEGV_MTEAERR SEGV_MTESERR
};
static BUS: Codes = codes! { BUS_ADRALN BUS_ADRERR BUS_OBJERR BUS_MCEERR_AR BUS_MCEERR_AO };
static TRAP: Codes = codes! { TRAP_BRKPT TRAP_TRACE TRAP_BRANCH TRAP_HWBKPT TRAP_UNK TRAP_PERF };
static CLD: Codes = codes! {
    CLD_EXITED CLD_KILLED CLD_DUMPED CLD_TRAPPED CLD_STOPPED CLD_CONTINUED
};
static POLL: Codes = codes! { POLL_IN POLL_OUT POLL_MSG POLL_ERR POLL_PRI POLL_HUP };
static SYS: Codes = codes! { SYS_SECCOMP SYS_USER_DISPATCH };

/// The 48 bytes, by the offsets of `siginfo_t` on 64-bit machines.
struct Info([u64; 6]);

impl Info {
    fn word(&self, offset: usize) -> u64 {
        self.0[offset / 8]
    }

    fn int(&self, offset: usize) -> i32 {
        (self.word(offset) >> (offset % 8 * 8)) as u32 as i32
    }
}

/// Calls `each` with every member that holds, in strace's order. `si_signo` is first.
pub(super) fn members(signal: &Signal, mut each: impl FnMut(&'static str, Value)) {
    let info = Info(signal.info);
    let number = signal.number as i32;
    let (errno, code) = (info.int(4), info.int(8));
    each("si_signo", Value::Signal(signal.number));
    each("si_code", code_value(number, code));
    if errno != 0 {
        each("si_errno", Value::Number(errno.into()));
    }
    let sender = |each: &mut dyn FnMut(&'static str, Value)| {
        each("si_pid", Value::Number(info.int(16).into()));
        each("si_uid", Value::Number(i64::from(info.int(20) as u32)));
    };
    let value = |each: &mut dyn FnMut(&'static str, Value)| {
        each("si_int", Value::Number(info.int(24).into()));
        each("si_ptr", Value::Address(info.word(24)));
    };
    if code <= 0 {
        match code {
            raw::SI_TIMER => {
                each("si_timerid", Value::Number(info.int(16).into()));
                each("si_overrun", Value::Number(info.int(20).into()));
                value(&mut each);
            }
            c if c == raw::SI_USER as i32 || c == raw::SI_TKILL => sender(&mut each),
            _ => {
                sender(&mut each);
                if code == raw::SI_MESGQ || info.word(24) != 0 {
                    value(&mut each);
                }
            }
        }
        return;
    }
    match number {
        libc::SIGCHLD => {
            sender(&mut each);
            let status = info.int(24);
            let by_signal = code != raw::CLD_EXITED as i32;
            each(
                "si_status",
                if by_signal {
                    Value::Signal(status as u32)
                } else {
                    Value::Number(status.into())
                },
            );
            each("si_utime", Value::Number(info.word(32) as i64));
            each("si_stime", Value::Number(info.word(40) as i64));
        }
        libc::SIGILL | libc::SIGFPE | libc::SIGSEGV | libc::SIGBUS => {
            each("si_addr", Value::Address(info.word(16)));
        }
        libc::SIGPOLL => {
            each("si_band", Value::Number(info.word(16) as i64));
            each("si_fd", Value::Number(info.int(24).into()));
        }
        libc::SIGSYS => {
            each("si_call_addr", Value::Address(info.word(16)));
            each("si_syscall", Value::Number(info.int(24).into()));
            each("si_arch", Value::Address(u64::from(info.int(28) as u32)));
        }
        _ => {
            if info.word(16) != 0 {
                sender(&mut each);
            }
            if info.word(24) != 0 {
                value(&mut each);
            }
        }
    }
}

fn code_value(number: i32, code: i32) -> Value {
    let own = match number {
        libc::SIGILL => ILL,
        libc::SIGFPE => FPE,
        libc::SIGSEGV => SEGV,
        libc::SIGBUS => BUS,
        libc::SIGTRAP => TRAP,
        libc::SIGCHLD => CLD,
        libc::SIGPOLL => POLL,
        libc::SIGSYS => SYS,
        _ => &[],
    };
    let found = own.iter().chain(ANY).find(|(n, _)| *n == code);
    found.map_or(Value::Number(code.into()), |(_, name)| Value::Word(name))
}

/// Appends `{si_signo=SIGCHLD, si_code=CLD_EXITED, ...}`.
pub(super) fn write(out: &mut Vec<u8>, signal: &Signal) {
    let mut before: &[u8] = b"{";
    members(signal, |name, value| {
        out.extend_from_slice(before);
        out.extend_from_slice(name.as_bytes());
        out.push(b'=');
        match value {
            Value::Number(n) => dec(out, n),
            Value::Word(word) => out.extend_from_slice(word.as_bytes()),
            Value::Signal(n) => names::signal(out, n.into()),
            Value::Address(0) => out.extend_from_slice(b"NULL"),
            Value::Address(address) => {
                out.extend_from_slice(b"0x");
                hex(out, address);
            }
        }
        before = b", ";
    });
    out.push(b'}');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: i32, code: i32, fields: [u64; 4]) -> String {
        let low = |n: i32| u64::from(n as u32);
        let [a, b, c, d] = fields;
        let signal = Signal {
            number: number as u32,
            info: [low(number), low(code), a, b, c, d],
        };
        let mut out = Vec::new();
        write(&mut out, &signal);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn as_strace_shows_them() {
        let sender = (1000 << 32) + 77;
        for (number, code, fields, text) in [
            (
                libc::SIGCHLD,
                libc::CLD_EXITED,
                [sender, 3, 1, 2],
                "{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=77, si_uid=1000, si_status=3, si_utime=1, si_stime=2}",
            ),
            (
                libc::SIGCHLD,
                libc::CLD_KILLED,
                [sender, 9, 0, 0],
                "{si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=77, si_uid=1000, si_status=SIGKILL, si_utime=0, si_stime=0}",
            ),
            (
                libc::SIGTERM,
                0,
                [sender, 0, 0, 0],
                "{si_signo=SIGTERM, si_code=SI_USER, si_pid=77, si_uid=1000}",
            ),
            (
                libc::SIGSEGV,
                1,
                [0, 0, 0, 0],
                "{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}",
            ),
            (
                libc::SIGALRM,
                libc::SI_KERNEL,
                [0; 4],
                "{si_signo=SIGALRM, si_code=SI_KERNEL}",
            ),
            (
                libc::SIGUSR1,
                -1,
                [sender, 5, 0, 0],
                "{si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=77, si_uid=1000, si_int=5, si_ptr=0x5}",
            ),
            (
                34,
                -2,
                [3, 7, 0, 0],
                "{si_signo=SIGRT_2, si_code=SI_TIMER, si_timerid=3, si_overrun=0, si_int=7, si_ptr=0x7}",
            ),
            (
                libc::SIGUSR2,
                4711,
                [0; 4],
                "{si_signo=SIGUSR2, si_code=4711}",
            ),
        ] {
            assert_eq!(shown(number, code, fields), text);
        }
    }
}
