//! Signals: sets, handlers, what came with one.

use super::{
    Writer,
    names::{self, SIGNALS},
    tables,
    writer::foreign,
};
use crate::calls::Arg;

/// Bytes of a kernel `sigset_t`.
const SET: usize = 8;

/// `sigset_t` from the program.
pub(crate) const SIGSET: Arg = Arg::input(SET, |w, _, at| w.at(at, set));
/// The same with its size in the second, third, ... argument: of another size it is none.
pub(crate) const SIGSET_1: Arg = sized(1);
/// See [`SIGSET_1`].
pub(crate) const SIGSET_2: Arg = sized(2);
/// See [`SIGSET_1`].
pub(crate) const SIGSET_3: Arg = sized(3);
/// See [`SIGSET_1`].
pub(crate) const SIGSET_4: Arg = sized(4);
/// See [`SIGSET_1`].
pub(crate) const SIGSET_5: Arg = sized(5);
/// A set from the kernel of as many bytes as the argument behind it says.
pub(crate) const SIGSET_PENDING: Arg = Arg::outputs(1, 1, |w, _, at| {
    let call = w.call;
    let len = w.args[1].min(SET as u64) as usize;
    match call
        .memory(at)
        .filter(|bytes| w.succeeded() && len > 0 && bytes.len() >= len)
    {
        Some(bytes) => set(w, super::layout::number(&bytes[..len])),
        None => w.address(at),
    }
})
.at_most(SET);
/// `sigset_t` from the kernel.
pub(crate) const SIGSET_OUT: Arg = Arg::output(SET, |w, _, at| w.at(at, set));
/// `struct sigaction` from the program.
pub(crate) const SIGACTION: Arg = Arg::input(32, |w, _, at| w.at(at, action));
/// `struct sigaction` from the kernel.
pub(crate) const SIGACTION_OUT: Arg = Arg::output(32, |w, _, at| w.at(at, action));
/// `stack_t` from the program.
pub(crate) const STACK: Arg = Arg::input(24, |w, _, at| w.at(at, stack));
/// `stack_t` from the kernel.
pub(crate) const STACK_OUT: Arg = Arg::output(24, |w, _, at| w.at(at, stack));
/// `siginfo_t` from the program.
pub(crate) const SIGINFO: Arg = Arg::input(128, |w, _, at| w.at(at, info));
/// `siginfo_t` from the kernel.
pub(crate) const SIGINFO_OUT: Arg = Arg::output(128, |w, _, at| {
    if w.call.ret == 0 && w.read::<Info>(at).is_some_and(|info| info.0[0] == 0) {
        // waitid(2) with WNOHANG: nothing came.
        w.text("{}");
    } else {
        w.at(at, info);
    }
});
/// `struct sigevent`
pub(crate) const SIGEVENT: Arg = Arg::input(64, |w, _, at| {
    w.at(at, |w, [value, kind, thread, attributes]: [u64; 4]| {
        let (signal, notify) = (kind & 0xffff_ffff, kind >> 32);
        w.structure(|w| {
            w.field("sigev_value").structure(|w| {
                w.field("sival_int").dec(value as i32);
                w.field("sival_ptr").address(value);
            });
            w.field("sigev_signo");
            match signal as i32 {
                known @ 1..=64 => w.signal(known),
                _ => w.dec(signal),
            }
            w.field("sigev_notify").one_of(notify, &tables::SIGEV);
            // SIGEV_THREAD_ID.
            if notify == 4 {
                w.field("sigev_notify_thread_id").dec(thread as i32);
            }
            // SIGEV_THREAD.
            if notify == 2 {
                w.field("sigev_notify_function").address(thread);
                w.field("sigev_notify_attributes").address(attributes);
            }
        });
    });
});

const fn sized(of: u8) -> Arg {
    let mut arg = SIGSET;
    arg.spec.count = of;
    arg.spec.unit = 1;
    arg.spec.max = SET as u16;
    arg.show = |w, arg, at| {
        let size = w.args[usize::from(arg.spec.count)];
        w.signal_set(at, size);
    };
    arg
}

/// `[INT TERM]`; of more than two thirds, `~` and those that are not in it.
pub(super) fn set(w: &mut Writer<'_>, mask: u64) {
    let is_inverted = mask.count_ones() >= SIGNALS * 2 / 3;
    let shown = if is_inverted { !mask } else { mask };
    w.text(if is_inverted { "~[" } else { "[" });
    let mut first = true;
    for number in (0..64)
        .filter(|bit| shown >> bit & 1 != 0)
        .map(|bit| bit + 1)
    {
        if !first {
            w.text(" ");
        }
        first = false;
        w.meant(
            |w| w.dec(number),
            |w| {
                let start = w.out.len();
                names::signal(w.out, number);
                if w.out[start..].starts_with(b"SIG") {
                    w.out.drain(start..start + 3);
                }
            },
        );
    }
    w.text("]");
}

impl Writer<'_> {
    /// A signal by name, or a number that is none.
    pub(super) fn signal(&mut self, number: i32) {
        match u64::try_from(number) {
            Ok(n @ 1..=64) => self.meant(|w| w.dec(n), |w| names::signal(w.out, n)),
            _ => self.dec(number),
        }
    }

    /// The set of `size` bytes at an address; of another size than the kernel's it is none.
    pub(super) fn signal_set(&mut self, at: u64, size: u64) {
        if size == SET as u64 {
            self.at(at, set);
        } else {
            self.address(at);
        }
    }
}

/// The kernel's `struct sigaction`: handler, flags, restorer, mask (x86-64); aarch64 has the same
/// order.
fn action(w: &mut Writer<'_>, [handler, flags, restorer, mask]: [u64; 4]) {
    const SA_RESTORER: u64 = 0x0400_0000;
    w.structure(|w| {
        // The kernel has no union here: a handler with three arguments has this name too.
        w.field("sa_handler");
        match handler {
            0 => w.constant(0, "SIG_DFL"),
            1 => w.constant(1, "SIG_IGN"),
            at => w.address(at),
        }
        w.field("sa_mask");
        set(w, mask);
        w.field("sa_flags").flags(flags, &tables::SA_FLAGS);
        if flags & SA_RESTORER != 0 {
            w.field("sa_restorer").address(restorer);
        }
    });
}

fn stack(w: &mut Writer<'_>, [sp, flags, size]: [u64; 3]) {
    w.structure(|w| {
        w.field("ss_sp").address(sp);
        w.field("ss_flags")
            .flags(flags & 0xffff_ffff, &tables::SS_FLAGS);
        w.field("ss_size").dec(size);
    });
}

/// `siginfo_t`: number, errno, code, then what the code says (`asm-generic/siginfo.h`).
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Info([i32; 32]);
foreign!(Info);

impl Info {
    fn word(&self, at: usize) -> u64 {
        u64::from(self.0[at] as u32) | u64::from(self.0[at + 1] as u32) << 32
    }
}

/// `{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=1, ...}`
pub(super) fn info(w: &mut Writer<'_>, i: Info) {
    let (signal, errno, code) = (i.0[0], i.0[1], i.0[2]);
    w.structure(|w| {
        w.field("si_signo");
        w.signal(signal);
        w.field("si_code");
        code_of(w, signal, code);
        if errno != 0 {
            w.field("si_errno");
            match names::known_errno(errno) {
                Some(name) => w.meant(|w| w.dec(errno), |w| w.text(name)),
                None => w.dec(errno as u32),
            }
        }
        match (signal, code) {
            (libc::SIGCHLD, 1..) => child(w, i),
            (libc::SIGILL | libc::SIGFPE | libc::SIGSEGV | libc::SIGBUS, 1..0x80) => {
                w.field("si_addr").address(i.word(4));
            }
            (libc::SIGSYS, 1) => {
                w.field("si_call_addr").address(i.word(4));
                w.field("si_syscall").dec(i.0[6]);
                w.field("si_arch").hex(u64::from(i.0[7] as u32));
            }
            (libc::SIGPOLL, 1..) => {
                w.field("si_band").dec(i.word(4) as i64);
                w.field("si_fd").dec(i.0[6]);
            }
            (_, libc::SI_TIMER) => {
                w.field("si_timerid").hex(u64::from(i.0[4] as u32));
                w.field("si_overrun").dec(i.0[5]);
                value(w, i);
            }
            (_, 0x80) => {}
            _ => {
                w.field("si_pid").process(i.0[4]);
                w.field("si_uid").dec(i.0[5]);
                if code < 0 && code != libc::SI_TKILL {
                    value(w, i);
                }
            }
        }
    });
}

fn value(w: &mut Writer<'_>, i: Info) {
    if i.word(6) != 0 {
        w.field("si_int").dec(i.0[6]);
        w.field("si_ptr").address(i.word(6));
    }
}

fn code_of(w: &mut Writer<'_>, signal: i32, code: i32) {
    let special = match signal {
        libc::SIGCHLD => Some(&tables::CLD_CODES),
        libc::SIGILL => Some(&tables::ILL_CODES),
        libc::SIGFPE => Some(&tables::FPE_CODES),
        libc::SIGSEGV => Some(&tables::SEGV_CODES),
        libc::SIGBUS => Some(&tables::BUS_CODES),
        libc::SIGTRAP => Some(&tables::TRAP_CODES),
        libc::SIGPOLL => Some(&tables::POLL_CODES),
        libc::SIGSYS => Some(&tables::SYS_CODES),
        _ => None,
    };
    let number = u64::from(code as u32);
    let name = special
        .filter(|_| (1..0x80).contains(&code))
        .and_then(|names| names.of(number))
        .or_else(|| tables::SI_CODES.of(number));
    match name {
        Some(name) => w.constant(number, name),
        None => w.hex(number),
    }
}

/// A child that ended, stopped or went on: `si_status` is a number or a signal.
fn child(w: &mut Writer<'_>, i: Info) {
    w.field("si_pid").process(i.0[4]);
    w.field("si_uid").dec(i.0[5]);
    w.field("si_status");
    if i.0[2] == libc::CLD_EXITED {
        w.dec(i.0[6]);
    } else {
        w.signal(i.0[6]);
    }
    w.field("si_utime").moment(|w| w.ticks(i.word(8) as i64));
    w.field("si_stime").moment(|w| w.ticks(i.word(10) as i64));
}
