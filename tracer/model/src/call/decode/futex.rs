//! futex(2): an operation decides what the other arguments are.

use super::{Writer, tables, time};
use crate::calls::Arg;

const PRIVATE: u64 = 128;
const REALTIME: u64 = 256;

/// The operation and all arguments behind it.
pub(crate) const FUTEX: Arg = Arg::value(|w, _, v| {
    let op = v & 0xffff_ffff;
    operation(w, op);
    arguments(w, op & !(PRIVATE | REALTIME));
    w.end();
});
/// Captured for [`FUTEX`], which shows it.
pub(crate) const FUTEX_TIMEOUT: Arg = Arg::input(16, |w, _, at| w.address(at));

fn operation(w: &mut Writer<'_>, op: u64) {
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
        w.text("_PRIVATE");
    }
    if op & REALTIME != 0 {
        w.text("|FUTEX_CLOCK_REALTIME");
    }
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
        libc::FUTEX_WAKE => number(w, value),
        libc::FUTEX_WAKE_BITSET => {
            number(w, value);
            address(w, timeout);
            address(w, second);
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
    w.one_of(part(28, 7), &tables::FUTEX_OP_OPS);
    w.text(&format!("<<28|{:#x}<<12|", part(12, 0xfff)).replace("0x0<<", "0<<"));
    w.one_of(part(24, 0xf), &tables::FUTEX_OP_CMPS);
    w.text("<<24|");
    w.hex(part(0, 0xfff));
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
