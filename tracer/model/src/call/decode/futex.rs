//! futex(2): an operation decides what the other arguments are.

use super::{Names, Writer, tables, time};
use crate::calls::Arg;

const PRIVATE: u64 = 128;
const REALTIME: u64 = 256;
/// `FUTEX_ROBUST_UNLOCK`, and `FUTEX_ROBUST_LIST32`, which goes with it.
const ROBUST_UNLOCK: u64 = 512;
const ROBUST_LIST32: u64 = 1024;
const ROBUST: u64 = ROBUST_UNLOCK | ROBUST_LIST32;

/// The operation and all arguments behind it.
pub(crate) const FUTEX: Arg = Arg::value(|w, _, v| {
    let op = v & 0xffff_ffff;
    operation(w, op);
    arguments(w, op & !(PRIVATE | REALTIME | ROBUST));
    w.end();
});
/// Captured for [`FUTEX`], which shows it.
pub(crate) const FUTEX_TIMEOUT: Arg = Arg::input(16, |w, _, at| w.address(at));

fn operation(w: &mut Writer<'_>, op: u64) {
    if let Some(name) = robust(op & !PRIVATE) {
        w.text(name);
        w.text(if op & PRIVATE != 0 { "_PRIVATE" } else { "" });
        return;
    }
    let name = tables::FUTEX_OPS.of(op & !(PRIVATE | REALTIME));
    let takes_clock = |name: &&str| {
        op & REALTIME == 0
            || matches!(
                *name,
                "FUTEX_WAIT" | "FUTEX_WAIT_BITSET" | "FUTEX_WAIT_REQUEUE_PI" | "FUTEX_LOCK_PI2"
            )
    };
    let Some(name) = name.filter(takes_clock) else {
        w.hex(op);
        w.comment(tables::FUTEX_OPS.unknown);
        return;
    };
    w.text(name);
    if op & PRIVATE != 0 {
        // That operation is gone, and its name never had another form.
        let is_old = name == "FUTEX_FD";
        w.text(if is_old {
            "|FUTEX_PRIVATE_FLAG"
        } else {
            "_PRIVATE"
        });
    }
    if op & REALTIME != 0 {
        w.text("|FUTEX_CLOCK_REALTIME");
    }
}

/// The name of an operation that takes a lock from the list of robust ones, too.
fn robust(op: u64) -> Option<&'static str> {
    let is_list32 = match op & ROBUST {
        ROBUST_UNLOCK => false,
        ROBUST => true,
        _ => return None,
    };
    let names = match (op & !ROBUST) as i32 {
        libc::FUTEX_WAKE => ["FUTEX_UNLOCK_WAKE_LIST64", "FUTEX_UNLOCK_WAKE_LIST32"],
        libc::FUTEX_UNLOCK_PI => ["FUTEX_UNLOCK_PI_LIST64", "FUTEX_UNLOCK_PI_LIST32"],
        libc::FUTEX_WAKE_BITSET => ["FUTEX_UNLOCK_BITSET_LIST64", "FUTEX_UNLOCK_BITSET_LIST32"],
        _ => return None,
    };
    Some(names[usize::from(is_list32)])
}

fn arguments(w: &mut Writer<'_>, op: u64) {
    let [_, _, value, timeout, second, third] = *w.args;
    let number = |w: &mut Writer<'_>, v: u64| {
        w.separate();
        w.dec(v as u32);
    };
    let address = |w: &mut Writer<'_>, v: u64| {
        w.separate();
        w.address(v);
    };
    let limit = |w: &mut Writer<'_>| {
        w.separate();
        w.at(timeout, time::spec);
    };
    let bitset = |w: &mut Writer<'_>| {
        w.separate();
        if third as u32 == u32::MAX {
            w.text("FUTEX_BITSET_MATCH_ANY");
        } else {
            w.hex(third & 0xffff_ffff);
        }
    };
    match op as i32 {
        libc::FUTEX_WAIT => {
            number(w, value);
            limit(w);
        }
        libc::FUTEX_WAIT_BITSET => {
            number(w, value);
            limit(w);
            bitset(w);
        }
        libc::FUTEX_WAKE | libc::FUTEX_FD => number(w, value),
        libc::FUTEX_WAKE_BITSET => {
            number(w, value);
            bitset(w);
        }
        libc::FUTEX_REQUEUE => {
            number(w, value);
            number(w, timeout);
            address(w, second);
        }
        libc::FUTEX_CMP_REQUEUE | libc::FUTEX_CMP_REQUEUE_PI => {
            number(w, value);
            number(w, timeout);
            address(w, second);
            number(w, third);
        }
        libc::FUTEX_WAKE_OP => {
            number(w, value);
            number(w, timeout);
            address(w, second);
            w.separate();
            wake_op(w, third);
        }
        libc::FUTEX_WAIT_REQUEUE_PI => {
            number(w, value);
            limit(w);
            address(w, second);
        }
        libc::FUTEX_LOCK_PI | 13 => limit(w),
        libc::FUTEX_UNLOCK_PI | libc::FUTEX_TRYLOCK_PI => {}
        _ => {
            number(w, value);
            address(w, timeout);
            address(w, second);
            w.separate();
            w.hex(third & 0xffff_ffff);
        }
    }
}

/// Operation, comparison and their two numbers in one word (`FUTEX_OP` of `linux/futex.h`).
fn wake_op(w: &mut Writer<'_>, v: u64) {
    let part = |shift: u64, mask: u64| v >> shift & mask;
    if part(31, 1) != 0 {
        w.text("FUTEX_OP_OPARG_SHIFT<<28|");
    }
    shifted(w, part(28, 7), 28, &tables::FUTEX_OP_OPS);
    w.text("|");
    w.hex(part(12, 0xfff));
    w.text("<<12|");
    shifted(w, part(24, 0xf), 24, &tables::FUTEX_OP_CMPS);
    w.text("|");
    w.hex(part(0, 0xfff));
}

/// One of several constants in its place; what is said of a number without a name stands last.
fn shifted(w: &mut Writer<'_>, value: u64, by: u32, names: &Names) {
    let place = format!("<<{by}");
    if let Some(name) = names.of(value) {
        w.constant(value, name);
        w.text(&place);
    } else {
        let number = |w: &mut Writer<'_>| {
            w.hex(value);
            w.text(&place);
        };
        w.nameless(number, names);
    }
}

/// Size of a futex and flags (`futex_wait(2)`).
pub(crate) const FUTEX2: Arg = Arg::value(|w, _, v| futex2_flags(w, v & 0xffff_ffff));
/// A mask of bits; all of them have a name.
pub(crate) const FUTEX_MASK: Arg = Arg::value(|w, _, v| {
    if v == 0xffff_ffff {
        w.constant(v, "FUTEX_BITSET_MATCH_ANY");
    } else {
        w.hex(v);
    }
});
/// `struct futex_waitv` array, as long as the argument behind it says.
pub(crate) const FUTEX_WAITERS: Arg = Arg::inputs(WAITER, 1, |w, _, at| {
    let count = w.args[1] & 0xffff_ffff;
    waiters(w, at, count);
});
/// Two of them.
pub(crate) const TWO_FUTEX_WAITERS: Arg = Arg::input(2 * WAITER, |w, _, at| waiters(w, at, 2));

/// Bytes of `struct futex_waitv`.
const WAITER: usize = 24;

fn waiters(w: &mut Writer<'_>, at: u64, count: u64) {
    w.array(at, WAITER as u64, count, |w, at| {
        let [value, address, flags] = w.read::<[u64; 3]>(at).unwrap_or_default();
        w.structure(|w| {
            w.field("val").hex(value);
            w.field("uaddr").address(address);
            w.field("flags");
            futex2_flags(w, flags & 0xffff_ffff);
            if flags >> 32 != 0 {
                w.field("__reserved").hex(flags >> 32);
            }
        });
    });
}

fn futex2_flags(w: &mut Writer<'_>, flags: u64) {
    const SIZE: u64 = 3;
    w.meant(
        |w| w.hex(flags),
        |w| {
            w.one_of(flags & SIZE, &tables::FUTEX2_SIZES);
            w.more_flags(flags & !SIZE, &tables::FUTEX2_FLAGS);
        },
    );
}
