//! Processes: how they are made and how they end.

use libc::{clone_args, rusage};

use super::{
    Names, Writer,
    names::{self},
    tables, time,
    writer::foreign,
};
use crate::calls::{Arg, Role};

foreign!(clone_args, rusage);

/// The status that wait4(2) stores, when it found a child.
pub(crate) const WAIT_STATUS: Arg = Arg::output(4, |w, _, at| {
    if w.call.ret > 0 {
        w.at(at, |w, status: i32| {
            w.group(["[", "]"], |w| wait_status(w, status));
        });
    } else {
        w.address(at);
    }
});
/// `struct rusage` from the kernel.
pub(crate) const RUSAGE_OUT: Arg = Arg::output(size_of::<rusage>(), |w, _, at| {
    w.at(at, usage);
});
/// The same of wait4(2): only there when it found a child.
pub(crate) const RUSAGE_OF_CHILD: Arg = Arg::output(size_of::<rusage>(), |w, _, at| {
    if w.call.ret > 0 {
        w.at(at, usage);
    } else {
        w.address(at);
    }
});
/// All arguments of clone(2), which strace tells by name and in another order than the registers.
pub(crate) const CLONE: Arg = Arg::value(clone).role(Role::CloneFlags);
/// What the registers behind the flags of clone(2) hold is told by [`CLONE`]; they are captured.
pub(crate) const CLONE_ADDRESS: Arg = Arg::input(4, |w, _, at| w.address(at));
/// `struct clone_args`
pub(crate) const CLONE_ARGS: Arg = Arg::behind(128, 64, (72, 8), 4, |w, _, at| {
    const KNOWN: usize = size_of::<clone_args>();
    /// `CLONE_ARGS_SIZE_VER0`
    const LEAST: usize = 64;
    let (call, size) = (w.call, w.args[1]);
    let whole = KNOWN.min(size as usize);
    let bytes = call.memory(at).filter(|bytes| bytes.len() >= whole);
    let Some(bytes) = bytes.filter(|_| whole >= LEAST && w.is_native()) else {
        w.address(at);
        return;
    };
    // What an older program does not have is zero.
    let mut all = [0; KNOWN];
    all[..whole].copy_from_slice(&bytes[..whole]);
    if let Some(args) = super::writer::from_bytes(&all) {
        clone3(w, args, bytes, size);
    }
});

/// A priority of input and output: class and level.
pub(super) fn priority(w: &mut Writer<'_>, value: u64) {
    w.meant(|w| w.hex(value), |w| priority_of(w, value));
}

fn priority_of(w: &mut Writer<'_>, value: u64) {
    const CLASS: u64 = 13;
    w.text("IOPRIO_PRIO_VALUE(");
    w.one_of(value >> CLASS, &tables::IOPRIO_CLASSES);
    w.text(", ");
    w.dec(value & ((1 << CLASS) - 1));
    w.text(")");
}

/// The argument of `ioprio_set(2)`.
pub(crate) const IOPRIO: Arg = Arg::value(|w, _, v| {
    let value = v & 0xffff_ffff;
    w.meant_whole(|w| w.dec(v as i32), |w| priority_of(w, value));
});

/// The result of `ioprio_get(2)`.
pub(super) fn priority_result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    w.dec(ret);
    if w.constants != super::Constants::Numbers {
        w.text(" (");
        priority_of(w, ret as u64);
        w.text(")");
    }
}

/// What two processes have in common, and which of it (kcmp(2)).
pub(crate) const KCMP: Arg = Arg::value(|w, arg, v| {
    let kind = v & 0xffff_ffff;
    w.one_of(kind, arg.names);
    let [_, _, _, first, second, _] = *w.args;
    match arg.names.of(kind) {
        Some("KCMP_FILE") => {
            for fd in [first, second] {
                w.separate();
                w.dec(fd as i32);
            }
        }
        Some("KCMP_EPOLL_TFD") => {
            w.separate();
            w.dec(first as i32);
            w.separate();
            w.shape_at(second, &EPOLL_SLOT);
        }
        Some(_) => {}
        None => {
            for value in [first, second] {
                w.separate();
                w.hex(value);
            }
        }
    }
    w.end();
})
.named(&tables::KCMP_TYPES);
/// Captured for [`KCMP`].
pub(crate) const KCMP_SLOT: Arg = Arg::input(12, |w, _, at| w.hex(at));

static EPOLL_SLOT: super::As = super::As::Struct(&super::Layout(&[
    ("efd", super::As::Int(4)),
    ("tfd", super::As::Int(4)),
    ("toff", super::As::Uint(4)),
]));

fn wait_status(w: &mut Writer<'_>, status: i32) {
    let signal = |w: &mut Writer<'_>, n: i32| names::signal(w.out, n as u64);
    if libc::WIFEXITED(status) {
        let status = libc::WEXITSTATUS(status);
        w.text(&format!("{{WIFEXITED(s) && WEXITSTATUS(s) == {status}}}"));
    } else if libc::WIFSTOPPED(status) {
        w.text("{WIFSTOPPED(s) && WSTOPSIG(s) == ");
        signal(w, libc::WSTOPSIG(status) & 0x7f);
        if libc::WSTOPSIG(status) & 0x80 != 0 {
            w.text(" | 0x80");
        }
        w.text("}");
        if status >> 16 != 0 {
            w.text(&format!(" | {:#x}", status >> 16 << 16));
        }
    } else if libc::WIFSIGNALED(status) {
        w.text("{WIFSIGNALED(s) && WTERMSIG(s) == ");
        signal(w, libc::WTERMSIG(status));
        if libc::WCOREDUMP(status) {
            w.text(" && WCOREDUMP(s)");
        }
        w.text("}");
    } else if libc::WIFCONTINUED(status) {
        w.text("{WIFCONTINUED(s)}");
    } else {
        w.hex(u64::from(status as u32));
    }
}

fn usage(w: &mut Writer<'_>, u: rusage) {
    w.moment(|w| usage_of(w, u));
}

fn usage_of(w: &mut Writer<'_>, u: rusage) {
    w.structure(|w| {
        w.field("ru_utime");
        time::val(w, u.ru_utime);
        w.field("ru_stime");
        time::val(w, u.ru_stime);
        if !w.options.verbose {
            w.more();
            return;
        }
        for (name, value) in [
            ("ru_maxrss", u.ru_maxrss),
            ("ru_ixrss", u.ru_ixrss),
            ("ru_idrss", u.ru_idrss),
            ("ru_isrss", u.ru_isrss),
            ("ru_minflt", u.ru_minflt),
            ("ru_majflt", u.ru_majflt),
            ("ru_nswap", u.ru_nswap),
            ("ru_inblock", u.ru_inblock),
            ("ru_oublock", u.ru_oublock),
            ("ru_msgsnd", u.ru_msgsnd),
            ("ru_msgrcv", u.ru_msgrcv),
            ("ru_nsignals", u.ru_nsignals),
            ("ru_nvcsw", u.ru_nvcsw),
            ("ru_nivcsw", u.ru_nivcsw),
        ] {
            w.field(name).dec(value);
        }
    });
}

/// `CLONE_...` bits, and the signal in the low byte where there is one.
fn clone_flags(w: &mut Writer<'_>, flags: u64, signal: u64, names: &Names) {
    if flags != 0 {
        w.flags(flags, names);
        if signal != 0 {
            w.text("|");
        }
    }
    if signal != 0 {
        names::signal(w.out, signal);
    } else if flags == 0 {
        w.text("0");
    }
}

/// `CLONE_INTO_CGROUP` of `linux/sched.h`
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

/// Does `flags` have this flag?
fn has(flags: u64, flag: i32) -> bool {
    flags & u64::from(flag as u32) != 0
}

fn clone(w: &mut Writer<'_>, _: &Arg, flags: u64) {
    // The order of the registers depends on the architecture (CONFIG_CLONE_BACKWARDS).
    let [_, stack, parent_tid, a3, a4, _] = *w.args;
    let (child_tid, tls) = if cfg!(target_arch = "aarch64") {
        (a4, a3)
    } else {
        (a3, a4)
    };
    w.text("child_stack=");
    w.address(stack);
    w.field("flags");
    clone_flags(w, flags & 0xffff_ff00, flags & 0xff, &tables::CLONE_FLAGS);
    if has(flags, libc::CLONE_PARENT_SETTID | libc::CLONE_PIDFD) {
        w.field("parent_tid");
        tid(w, parent_tid);
    }
    if has(flags, libc::CLONE_SETTLS) {
        w.field("tls").address(tls);
    }
    if has(flags, libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID) {
        w.field("child_tidptr").address(child_tid);
    }
    w.end();
}

/// The id that the kernel stored: in brackets.
fn tid(w: &mut Writer<'_>, at: u64) {
    match w.read::<i32>(at) {
        Some(tid) if w.succeeded() && w.is_native() => {
            w.group(["[", "]"], |w| w.process(tid));
        }
        _ => w.address(at),
    }
}

fn clone3(w: &mut Writer<'_>, c: clone_args, bytes: &[u8], size: u64) {
    let has = |flag| has(c.flags, flag);
    w.structure(|w| {
        w.field("flags");
        clone_flags(w, c.flags, 0, &tables::CLONE3_FLAGS);
        if has(libc::CLONE_PIDFD) {
            w.field("pidfd").address(c.pidfd);
        }
        if has(libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID) {
            w.field("child_tid").address(c.child_tid);
        }
        if has(libc::CLONE_PARENT_SETTID) {
            w.field("parent_tid").address(c.parent_tid);
        }
        w.field("exit_signal");
        match i32::try_from(c.exit_signal) {
            Ok(signal) => w.signal(signal),
            Err(_) => w.dec(c.exit_signal),
        }
        w.field("stack").address(c.stack);
        w.field("stack_size").hex(c.stack_size);
        if has(libc::CLONE_SETTLS) {
            w.field("tls").address(c.tls);
        }
        if c.set_tid != 0 || c.set_tid_size != 0 {
            /// `MAX_PID_NS_LEVEL`
            const MOST: u64 = 32;
            w.field("set_tid");
            if c.set_tid_size == 0 || c.set_tid_size > MOST {
                w.address(c.set_tid);
            } else {
                w.array(c.set_tid, 4, c.set_tid_size, |w, at| {
                    let id = w.read::<i32>(at).unwrap_or_default();
                    w.dec(id);
                });
            }
            w.field("set_tid_size").dec(c.set_tid_size);
        }
        let has_cgroup = size >= size_of::<clone_args>() as u64;
        if has_cgroup && (c.cgroup != 0 || c.flags & CLONE_INTO_CGROUP != 0) {
            w.field("cgroup").dec(c.cgroup);
        }
        w.unknown_end(bytes, size_of::<clone_args>(), size);
    });
    // What the kernel writes there is what it returns (`kernel_clone`, kernel/fork.c).
    if has(libc::CLONE_PARENT_SETTID) && w.succeeded() {
        w.text(" => ");
        w.structure(|w| {
            w.field("parent_tid");
            if c.parent_tid == 0 {
                w.address(0);
            } else {
                w.group(["[", "]"], |w| w.process(w.call.ret as i32));
            }
        });
    }
}
