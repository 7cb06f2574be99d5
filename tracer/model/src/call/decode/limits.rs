//! Limits, priorities, scheduling, CPUs.

use libc::sched_attr;

use super::{Writer, tables, writer::foreign};
use crate::calls::Arg;

foreign!(sched_attr);

/// `struct rlimit` from the program.
pub(crate) const LIMIT: Arg = Arg::input(16, |w, _, at| w.at(at, limit));
/// `struct rlimit` from the kernel.
pub(crate) const LIMIT_OUT: Arg = Arg::output(16, |w, _, at| w.at(at, limit));
/// `struct sched_param` from the program.
pub(crate) const SCHED_PARAM: Arg = Arg::input(4, |w, _, at| w.at(at, priority));
/// `struct sched_param` from the kernel.
pub(crate) const SCHED_PARAM_OUT: Arg = Arg::output(4, |w, _, at| w.at(at, priority));
/// `struct sched_attr` from the program.
pub(crate) const SCHED_ATTR: Arg = Arg::input(56, |w, _, at| w.at(at, |w, a| attributes(w, at, a)));
/// `struct sched_attr` from the kernel.
pub(crate) const SCHED_ATTR_OUT: Arg =
    Arg::output(56, |w, _, at| w.at(at, |w, a| attributes(w, at, a)));
/// A set of CPUs from the program, as long as the argument before it says.
pub(crate) const CPUS: Arg = Arg::inputs(1, 1, |w, _, at| {
    let len = w.args[1] & 0xffff_ffff;
    cpus(w, at, len);
})
.at_most(128);
/// A set of CPUs from the kernel, as long as the result says.
pub(crate) const CPUS_OUT: Arg = Arg::results(1, |w, _, at| {
    if w.succeeded() {
        let len = w.call.ret as u64;
        cpus(w, at, len);
    } else {
        w.address(at);
    }
})
.at_most(128);

/// A policy, and whether children begin without it.
pub(crate) const POLICY: Arg = Arg::value(|w, _, v| policy(w, v & 0xffff_ffff));

/// `SCHED_RESET_ON_FORK`
const RESET_ON_FORK: u64 = 0x4000_0000;

fn policy(w: &mut Writer<'_>, value: u64) {
    /// Policies are of `int`.
    const SIGN: u64 = 0x8000_0000;
    let kind = value & !RESET_ON_FORK;
    if value & RESET_ON_FORK == 0 || value & SIGN != 0 {
        w.one_of(value, &tables::SCHED);
        return;
    }
    w.meant(
        |w| w.hex(value),
        |w| {
            w.text("SCHED_RESET_ON_FORK|");
            match tables::SCHED.of(kind) {
                Some(name) => w.text(name),
                None => w.hex(kind),
            }
        },
    );
}

/// The result of `sched_getscheduler(2)`.
pub(super) fn policy_result(w: &mut Writer<'_>) {
    let ret = w.call.ret as u64;
    w.explained(ret, |w| policy(w, ret));
}

fn limit(w: &mut Writer<'_>, [current, max]: [u64; 2]) {
    let value = |w: &mut Writer<'_>, n: u64| {
        if n == u64::MAX {
            w.meant(|w| w.dec(n), |w| w.text("RLIM64_INFINITY"));
        } else if n > 1024 && n.is_multiple_of(1024) {
            w.meant(
                |w| w.dec(n),
                |w| {
                    w.dec(n / 1024);
                    w.text("*1024");
                },
            );
        } else {
            w.dec(n);
        }
    };
    w.structure(|w| {
        value(w.field("rlim_cur"), current);
        value(w.field("rlim_max"), max);
    });
}

fn priority(w: &mut Writer<'_>, priority: i32) {
    w.structure(|w| {
        w.field("sched_priority").dec(priority);
    });
}

/// `SCHED_ATTR_SIZE_VER1`: with the clamps of how much a CPU is used.
const WITH_CLAMPS: u32 = 56;

fn attributes(w: &mut Writer<'_>, at: u64, a: sched_attr) {
    let clamps = w.read::<[u32; 2]>(at + size_of::<sched_attr>() as u64);
    w.structure(|w| {
        w.field("size").dec(a.size);
        w.field("sched_policy")
            .one_of(a.sched_policy.into(), &tables::SCHED);
        w.field("sched_flags")
            .flags(a.sched_flags, &tables::SCHED_FLAGS);
        w.field("sched_nice").dec(a.sched_nice);
        w.field("sched_priority").dec(a.sched_priority);
        w.field("sched_runtime").dec(a.sched_runtime);
        w.field("sched_deadline").dec(a.sched_deadline);
        w.field("sched_period").dec(a.sched_period);
        if a.size >= WITH_CLAMPS
            && let Some([least, most]) = clamps
        {
            w.field("sched_util_min").dec(least);
            w.field("sched_util_max").dec(most);
        }
    });
}

fn cpus(w: &mut Writer<'_>, at: u64, len: u64) {
    let call = w.call;
    if len == 0 && at != 0 {
        w.text("[]");
        return;
    }
    let Some(bytes) = call.memory(at) else {
        w.address(at);
        return;
    };
    let bytes = &bytes[..bytes.len().min(len as usize)];
    w.text("[");
    let is_in = |cpu: &usize| bytes[cpu / 8] >> (cpu % 8) & 1 != 0;
    for (i, cpu) in (0..bytes.len() * 8).filter(is_in).enumerate() {
        if i > 0 {
            w.text(" ");
        }
        w.dec(cpu);
    }
    w.text("]");
}
