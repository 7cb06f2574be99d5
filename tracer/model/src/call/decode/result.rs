//! The result of a call: a number, a descriptor, an address, or an error with its text.

use std::{ffi::CStr, sync::LazyLock};

use super::{
    Options, Writer, names,
    number::{dec, hex},
    strings, tables,
};
use crate::{calls::row, event::Event};

/// What a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A count, or 0 for success.
    Number,
    /// A new descriptor.
    Descriptor,
    /// The id of a process or thread.
    Process,
    /// A time.
    Moment,
    /// An address, or another number that is shown in hexadecimal.
    Hex,
    /// Permission bits.
    Mask,
    /// What poll(2) found.
    Polled,
    /// What select(2) found.
    Selected,
    /// What the command of fcntl(2) says.
    Fcntl,
    /// What the option of prctl(2) says.
    Prctl,
    /// What the command of `arch_prctl(2)` says.
    ArchPrctl,
    /// A point of time.
    Date,
    /// How many messages were received, and what is left of the time for them.
    Received,
    /// A priority of input and output.
    Priority,
    /// An execution domain.
    Personality,
    /// A scheduling policy.
    Policy,
    /// What membarrier(2) can do.
    Barriers,
    /// The signal that came.
    Signal,
    /// What `modify_ldt(2)` returns.
    Ldt,
    /// What the command of ioctl(2) says.
    Ioctl,
    /// The state of the clock.
    ClockState,
}

/// ` EINVAL (Invalid argument)` behind a number that says so.
pub(super) fn failure_text(out: &mut Vec<u8>, errno: i32) {
    out.extend_from_slice(names::errno(errno).as_bytes());
    if let Some(text) = message(errno) {
        out.extend_from_slice(b" (");
        out.extend_from_slice(text.as_bytes());
        out.push(b')');
    }
}

/// Appends the result of the event's call as strace does: `3`, `0x7f12`, or
/// `-1 ENOENT (No such file or directory)`; `?` for an event without a call, or of which nobody
/// knows the result.
pub fn write_result(out: &mut Vec<u8>, event: &Event, options: &Options) {
    let returned = event.call.as_ref().filter(|call| call.unfinished.is_none());
    let Some(call) = returned else {
        out.push(b'?');
        return;
    };
    if let Some(errno) = call.errno() {
        failure(out, errno);
        return;
    }
    let outcome = match call.arch.name(call.nr).and_then(row) {
        _ if options.by_call.is_raw(call) => Outcome::Hex,
        Some(row) => row.result,
        None => Outcome::Number,
    };
    match outcome {
        // How long that is differs, too.
        Outcome::Number
            if options.stable && call.ret > 0 && strings::changing(call) == Some("NOW") =>
        {
            out.extend_from_slice(b"NOW");
        }
        Outcome::Number => dec(out, call.ret),
        Outcome::Hex if call.ret == 0 => out.push(b'0'),
        Outcome::Hex if options.stable => out.extend_from_slice(b"ADDR"),
        Outcome::Hex => {
            out.extend_from_slice(b"0x");
            hex(out, call.ret as u64);
        }
        _ => {
            let args = call.args.unwrap_or_default();
            let mut w = Writer::new(out, event, call, &args, options);
            match outcome {
                Outcome::Mask => super::file::permissions(&mut w, call.ret as u64),
                Outcome::Process => w.process(call.ret as i32),
                Outcome::Moment => w.moment(|w| w.dec(call.ret)),
                Outcome::Polled => super::poll::polled(&mut w),
                Outcome::Selected => super::poll::selected(&mut w),
                Outcome::Fcntl => super::fcntl::result(&mut w),
                Outcome::Prctl => super::prctl::result(&mut w),
                Outcome::Priority => super::process::priority_result(&mut w),
                Outcome::ArchPrctl => super::prctl::arch_result(&mut w),
                Outcome::Personality => super::system::personality(&mut w),
                Outcome::Policy => super::limits::policy_result(&mut w),
                Outcome::Date => super::time::date_result(&mut w),
                Outcome::Received => super::time::left_result(&mut w),
                Outcome::Barriers if call.ret > 0 => {
                    w.hex(call.ret as u64);
                    w.text(" (");
                    w.flags(call.ret as u64, &tables::MEMBARRIER_CMD);
                    w.text(")");
                }
                Outcome::Barriers => w.dec(call.ret),
                Outcome::Ldt => super::kexec::ldt_result(&mut w),
                Outcome::Ioctl => super::ioctl::result(&mut w),
                Outcome::ClockState => super::time::clock_state_result(&mut w),
                Outcome::Signal => {
                    w.dec(call.ret);
                    if call.ret > 0 {
                        w.text(" (");
                        names::signal(w.out, call.ret as u64);
                        w.text(")");
                    }
                }
                Outcome::Descriptor | Outcome::Number | Outcome::Hex => {
                    w.descriptor(call.ret as i32, None);
                }
            }
        }
    }
}

/// `-1 ENOENT (No such file or directory)`; for what only exists inside the kernel, `? ERESTARTSYS
/// (To be restarted ...)`.
fn failure(out: &mut Vec<u8>, errno: i32) {
    let restart = match errno {
        512 => Some("To be restarted if SA_RESTART is set"),
        513 | 514 => Some(if errno == 513 {
            "To be restarted"
        } else {
            "To be restarted if no handler"
        }),
        516 => Some("Interrupted by signal"),
        _ => None,
    };
    out.extend_from_slice(if restart.is_some() { b"? " } else { b"-1 " });
    out.extend_from_slice(names::errno(errno).as_bytes());
    if let Some(text) = restart.or_else(|| message(errno)) {
        out.extend_from_slice(b" (");
        out.extend_from_slice(text.as_bytes());
        out.push(b')');
    }
}

/// The text of an errno, from the C library (strerror(3)).
fn message(errno: i32) -> Option<&'static str> {
    static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| (0..256).map(strerror).collect());
    TEXTS.get(usize::try_from(errno).ok()?).map(String::as_str)
}

fn strerror(errno: i32) -> String {
    let mut buffer = [0; 128];
    // SAFETY: the buffer is as long as it is said to be.
    let rc = unsafe { libc::strerror_r(errno, buffer.as_mut_ptr(), buffer.len()) };
    if rc != 0 {
        return String::new();
    }
    // SAFETY: strerror_r ended the text with a NUL inside the buffer.
    unsafe { CStr::from_ptr(buffer.as_ptr()) }
        .to_string_lossy()
        .into_owned()
}
