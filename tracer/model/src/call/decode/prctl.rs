//! prctl(2) and `arch_prctl(2)`: an option decides what the other arguments are.

use super::{As, Constants, Names, Writer, tables};
use crate::calls::Arg;

/// The option and all arguments behind it.
pub(crate) const PRCTL: Arg = Arg::value(|w, _, v| {
    let option = v & 0xffff_ffff;
    w.one_of(option, &tables::PRCTL);
    arguments(w, tables::PRCTL.of(option).unwrap_or_default());
    w.end();
});
/// A name or a number, captured for [`PRCTL`]; most options have a number in its place.
pub(crate) const PRCTL_MEMORY: Arg = Arg::input(NAME, |w, _, at| w.address(at));
/// The same of the last argument.
pub(crate) const PRCTL_COOKIE: Arg = Arg::input(128, |w, _, at| w.address(at));
/// The filter of an option that takes one.
pub(crate) const PRCTL_FILTER: Arg = super::filter::PROGRAM;

/// Bytes of a task's name (`TASK_COMM_LEN`).
const NAME: usize = 16;
/// Arguments of prctl(2).
const COUNT: usize = 5;

/// Further arguments from this one on, in hexadecimal.
fn rest(w: &mut Writer<'_>, first: usize) {
    for value in &w.args[first..COUNT] {
        w.separate();
        w.hex(*value);
    }
}

fn one_of(w: &mut Writer<'_>, value: u64, names: &Names) {
    w.separate();
    w.one_of(value, names);
}

fn flags(w: &mut Writer<'_>, value: u64, names: &Names) {
    w.separate();
    w.flags(value, names);
}

/// A value that the call stores.
fn stored(w: &mut Writer<'_>, at: u64, shape: &As) {
    w.separate();
    if w.succeeded() {
        w.shape_at(at, shape);
    } else {
        w.address(at);
    }
}

#[expect(clippy::too_many_lines, reason = "one arm an option")]
fn arguments(w: &mut Writer<'_>, option: &str) {
    let [_, a2, a3, a4, a5, _] = *w.args;
    match option {
        "PR_GET_KEEPCAPS"
        | "PR_GET_TIMING"
        | "PR_GET_SECCOMP"
        | "PR_GET_TIMERSLACK"
        | "PR_GET_DUMPABLE"
        | "PR_GET_SECUREBITS"
        | "PR_GET_FP_MODE"
        | "PR_SVE_GET_VL"
        | "PR_SME_GET_VL"
        | "PR_RISCV_V_GET_CONTROL"
        | "PR_TASK_PERF_EVENTS_DISABLE"
        | "PR_TASK_PERF_EVENTS_ENABLE" => {}
        "PR_GET_FPEMU" | "PR_GET_FPEXC" | "PR_GET_ENDIAN" | "PR_GET_CHILD_SUBREAPER" => {
            stored(w, a2, &As::Uint(4));
        }
        "PR_SET_KEEPCAPS"
        | "PR_SET_FPEMU"
        | "PR_SET_FPEXC"
        | "PR_SET_TIMING"
        | "PR_SET_ENDIAN"
        | "PR_SET_CHILD_SUBREAPER" => {
            w.separate();
            w.dec(a2);
        }
        "PR_SET_NO_NEW_PRIVS" | "PR_SET_THP_DISABLE" | "PR_SET_IO_FLUSHER" => {
            w.separate();
            w.dec(a2);
            rest(w, 2);
        }
        "PR_GET_PDEATHSIG" => stored(w, a2, &SIGNAL),
        "PR_SET_PDEATHSIG" => {
            w.separate();
            if a2 == 0 || a2 > 128 {
                w.dec(a2);
            } else {
                w.signal(a2 as i32);
            }
        }
        "PR_SET_DUMPABLE" => one_of(w, a2, &tables::SUID_DUMP),
        "PR_GET_UNALIGN" => stored(w, a2, &As::Flags(4, &tables::PR_UNALIGN)),
        "PR_SET_UNALIGN" => flags(w, a2 & 0xffff_ffff, &tables::PR_UNALIGN),
        "PR_SET_NAME" | "PR_GET_NAME" => {
            w.separate();
            task_name(
                w,
                a2,
                if option == "PR_SET_NAME" {
                    NAME - 1
                } else {
                    NAME
                },
            );
        }
        "PR_SET_SECCOMP" => {
            one_of(w, a2, &tables::SECCOMP_MODES);
            match tables::SECCOMP_MODES.of(a2) {
                Some("SECCOMP_MODE_STRICT") => {}
                Some("SECCOMP_MODE_FILTER") => {
                    w.separate();
                    super::filter::program(w, a3);
                }
                _ => rest(w, 2),
            }
        }
        "PR_CAPBSET_READ" | "PR_CAPBSET_DROP" => one_of(w, a2, &tables::CAPS),
        "PR_GET_TSC" => stored(w, a2, &As::OneOf(4, &tables::PR_TSC)),
        "PR_SET_TSC" => one_of(w, a2 & 0xffff_ffff, &tables::PR_TSC),
        "PR_SET_SECUREBITS" => flags(w, a2, &tables::SECBITS),
        "PR_SET_TIMERSLACK" => {
            w.separate();
            w.dec(a2 as i64);
        }
        "PR_MCE_KILL" => {
            one_of(w, a2, &tables::PR_MCE_KILL);
            let sets = tables::PR_MCE_KILL.of(a2) == Some("PR_MCE_KILL_SET");
            if sets {
                one_of(w, a3, &tables::PR_MCE_KILL_POLICY);
            }
            rest(w, if sets { 3 } else { 2 });
        }
        "PR_SET_MM" => {
            one_of(w, a2 & 0xffff_ffff, &tables::PR_SET_MM);
            rest(w, 2);
        }
        "PR_GET_TID_ADDRESS" => stored(w, a2, &As::Address),
        "PR_SET_FP_MODE" => flags(w, a2 & 0xffff_ffff, &tables::PR_FP_MODE),
        "PR_CAP_AMBIENT" => {
            one_of(w, a2, &tables::PR_AMBIENT);
            // PR_CAP_AMBIENT_IS_SET, ..._RAISE and ..._LOWER.
            let takes_one = matches!(a2, 1..=3);
            if takes_one {
                one_of(w, a3, &tables::CAPS);
            }
            rest(w, if takes_one { 3 } else { 2 });
        }
        "PR_SVE_SET_VL" => vector_length(w, a2, &tables::PR_SVE_FLAGS),
        "PR_SME_SET_VL" => vector_length(w, a2, &tables::PR_SME_FLAGS),
        "PR_GET_SPECULATION_CTRL" => one_of(w, a2, &tables::PR_SPEC),
        "PR_SET_SPECULATION_CTRL" => {
            one_of(w, a2, &tables::PR_SPEC);
            if tables::PR_SPEC.of(a2).is_some() {
                one_of(w, a3, &tables::PR_SPEC_SET);
            } else {
                w.separate();
                w.hex(a3);
            }
        }
        "PR_PAC_RESET_KEYS" => {
            flags(w, a2, &tables::PR_PAC_KEYS);
            rest(w, 2);
        }
        "PR_SET_TAGGED_ADDR_CTRL" => {
            w.separate();
            w.meant(|w| w.hex(a2), |w| tagged(w, a2));
            rest(w, 2);
        }
        "PR_SET_SYSCALL_USER_DISPATCH" => {
            one_of(w, a2, &tables::PR_SYS_DISPATCH);
            for value in [a3, a4] {
                w.separate();
                w.hex(value);
            }
            w.separate();
            w.address(a5);
        }
        "PR_PAC_SET_ENABLED_KEYS" => {
            flags(w, a2, &tables::PR_PAC_ENABLED_KEYS);
            flags(w, a3, &tables::PR_PAC_ENABLED_KEYS);
            rest(w, 3);
        }
        "PR_SCHED_CORE" => {
            one_of(w, a2 & 0xffff_ffff, &tables::PR_SCHED_CORE);
            w.separate();
            w.process(a3 as i32);
            w.separate();
            let kind = a4 & 0xffff_ffff;
            w.hex(kind);
            if w.constants != Constants::Numbers {
                w.comment(tables::PIDTYPES.of(kind).unwrap_or("PIDTYPE_???"));
            }
            if tables::PR_SCHED_CORE.of(a2 & 0xffff_ffff) != Some("PR_SCHED_CORE_GET") {
                rest(w, 4);
            } else if w.succeeded() {
                stored(w, a5, &As::Hex(8));
            } else {
                w.separate();
                w.address(a5);
            }
        }
        "PR_SET_MDWE" => {
            flags(w, a2 & 0xffff_ffff, &tables::PR_MDWE);
            rest(w, 2);
        }
        "PR_RISCV_V_SET_CONTROL" => {
            w.separate();
            w.meant(|w| w.hex(a2), |w| riscv_vectors(w, a2));
        }
        "PR_RISCV_SET_ICACHE_FLUSH_CTX" => {
            one_of(w, a2, &tables::PR_RISCV_CTX);
            one_of(w, a3, &tables::PR_RISCV_SCOPE);
        }
        "PR_PPC_GET_DEXCR" => {
            one_of(w, a2, &tables::PR_PPC_DEXCR);
            rest(w, 2);
        }
        "PR_PPC_SET_DEXCR" => {
            one_of(w, a2, &tables::PR_PPC_DEXCR);
            flags(w, a3, &tables::PR_PPC_DEXCR_CTRL);
            rest(w, 3);
        }
        "PR_SET_VMA" => {
            one_of(w, a2, &tables::PR_VMA);
            if tables::PR_VMA.of(a2).is_none() {
                rest(w, 2);
                return;
            }
            w.separate();
            w.address(a3);
            w.separate();
            w.dec(a4);
            w.separate();
            w.string_at(a5);
        }
        "PR_SET_PTRACER" => {
            w.separate();
            if a2 as u32 == u32::MAX {
                w.meant(|w| w.dec(-1), |w| w.text("PR_SET_PTRACER_ANY"));
            } else {
                w.process(a2 as i32);
            }
        }
        _ => rest(w, 1),
    }
}

/// A number of a signal behind a pointer.
const SIGNAL: As = As::By(4, 4, |w, bytes| {
    w.group(["[", "]"], |w| {
        w.signal(super::layout::number(bytes) as i32);
    });
});

/// The name of a task, of which so many bytes are looked at for the NUL.
fn task_name(w: &mut Writer<'_>, at: u64, most: usize) {
    let call = w.call;
    match call.memory(at) {
        Some(bytes) if memchr::memchr(0, bytes).is_some() || bytes.len() >= most => {
            let bytes = &bytes[..bytes.len().min(most)];
            match memchr::memchr(0, bytes) {
                Some(end) => w.quoted(&bytes[..end], false, most),
                None => w.quoted(bytes, true, most),
            }
        }
        _ => w.address(at),
    }
}

fn vector_length(w: &mut Writer<'_>, value: u64, names: &Names) {
    w.separate();
    if value & !LENGTH == 0 {
        w.hex(value);
    } else {
        w.meant(|w| w.hex(value), |w| length_names(w, value, names));
    }
}

/// `PR_SVE_VL_LEN_MASK`
const LENGTH: u64 = 0xffff;

fn length_names(w: &mut Writer<'_>, value: u64, names: &Names) {
    let flags = value & !LENGTH;
    if flags != 0 {
        w.flags(flags, names);
        w.text("|");
    }
    w.hex(value & LENGTH);
}

/// Is it on, what tag checks do, which tags are made.
fn tagged(w: &mut Writer<'_>, value: u64) {
    const TAG_SHIFT: u32 = 3;
    const TAG: u64 = 0x7fff8;
    const CHECKS: u64 = 6;
    w.text(if value & 1 == 0 {
        "!PR_TAGGED_ADDR_ENABLE|"
    } else {
        "PR_TAGGED_ADDR_ENABLE|"
    });
    w.one_of(value & CHECKS, &tables::PR_MTE_TCF);
    if value & TAG != 0 {
        w.text("|");
        w.hex((value & TAG) >> TAG_SHIFT);
        w.text("<<PR_MTE_TAG_SHIFT");
    }
    let rest = value & !(TAG | CHECKS | 1);
    if rest != 0 {
        w.text("|");
        w.hex(rest);
    }
}

/// State now, state after an exec, and whether that is inherited.
fn riscv_vectors(w: &mut Writer<'_>, value: u64) {
    w.one_of(value & 3, &tables::PR_RISCV_V);
    w.text("|");
    w.one_of(value >> 2 & 3, &tables::PR_RISCV_V);
    w.text("<<2|");
    w.text(if value & 16 == 0 {
        "!PR_RISCV_V_VSTATE_CTRL_INHERIT"
    } else {
        "PR_RISCV_V_VSTATE_CTRL_INHERIT"
    });
    if value & !31 != 0 {
        w.text("|");
        w.hex(value & !31);
    }
}

/// The result of an option, with its meaning.
pub(super) fn result(w: &mut Writer<'_>) {
    let (ret, second) = (w.call.ret as u64, w.args[1]);
    let option = tables::PRCTL
        .of(w.args[0] & 0xffff_ffff)
        .unwrap_or_default();
    let flags: &Names = match option {
        "PR_GET_DUMPABLE" => return one_name(w, &tables::SUID_DUMP),
        "PR_MCE_KILL_GET" => return one_name(w, &tables::PR_MCE_KILL_POLICY),
        "PR_GET_SECUREBITS" => &tables::SECBITS,
        "PR_GET_FP_MODE" => &tables::PR_FP_MODE,
        "PR_PAC_GET_ENABLED_KEYS" => &tables::PR_PAC_ENABLED_KEYS,
        "PR_GET_MDWE" => &tables::PR_MDWE,
        "PR_PPC_GET_DEXCR" => &tables::PR_PPC_DEXCR_CTRL,
        "PR_GET_SPECULATION_CTRL" if tables::PR_SPEC.of(second).is_some() => {
            return w.explained(ret, |w| w.flags(ret, &tables::PR_SPEC_GET));
        }
        "PR_GET_TAGGED_ADDR_CTRL" => return w.explained(ret, |w| tagged(w, ret)),
        "PR_RISCV_V_GET_CONTROL" => return w.explained(ret, |w| riscv_vectors(w, ret)),
        "PR_SVE_SET_VL" | "PR_SVE_GET_VL" | "PR_SME_SET_VL" | "PR_SME_GET_VL" => {
            let names = if option.starts_with("PR_SVE") {
                &tables::PR_SVE_FLAGS
            } else {
                &tables::PR_SME_FLAGS
            };
            if ret & !LENGTH == 0 {
                w.hex(ret);
            } else {
                w.explained(ret, |w| length_names(w, ret, names));
            }
            return;
        }
        _ => return w.dec(w.call.ret),
    };
    if ret == 0 {
        w.dec(0);
    } else {
        w.explained(ret, |w| w.flags(ret, flags));
    }
}

/// A number and its name behind it.
fn one_name(w: &mut Writer<'_>, names: &Names) {
    let ret = w.call.ret;
    w.dec(ret);
    if let Some(name) = names.of(ret as u64) {
        w.text(" (");
        w.text(name);
        w.text(")");
    }
}

/// A command of `arch_prctl(2)` and what it takes.
pub(crate) const ARCH_PRCTL: Arg = Arg::value(|w, _, v| {
    let command = v & 0xffff_ffff;
    w.one_of(command, &tables::ARCH_PRCTL);
    let at = w.args[1];
    match tables::ARCH_PRCTL.of(command) {
        Some("ARCH_GET_CPUID") => {}
        Some("ARCH_GET_FS" | "ARCH_GET_GS") => stored(w, at, &As::Address),
        Some("ARCH_GET_XCOMP_SUPP" | "ARCH_GET_XCOMP_PERM" | "ARCH_GET_XCOMP_GUEST_PERM") => {
            stored(w, at, &FEATURES);
        }
        Some("ARCH_REQ_XCOMP_PERM" | "ARCH_REQ_XCOMP_GUEST_PERM") => {
            w.separate();
            with_comment(w, at, |w| match tables::XFEATURES.of(at) {
                Some(name) => w.text(name),
                None => w.text("XFEATURE_???"),
            });
        }
        _ => {
            w.separate();
            w.hex(at);
        }
    }
    w.end();
});
/// The result of a command of `arch_prctl(2)`, with its meaning.
pub(super) fn arch_result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    let is_set = matches!(
        tables::ARCH_PRCTL.of(w.args[0] & 0xffff_ffff),
        Some("ARCH_REQ_XCOMP_PERM" | "ARCH_REQ_XCOMP_GUEST_PERM")
    );
    if is_set && ret > 0 {
        w.explained(ret as u64, |w| w.flags(ret as u64, &tables::XFEATURE_MASKS));
    } else {
        w.dec(ret);
    }
}

/// What a command of `arch_prctl(2)` stores, captured for [`ARCH_PRCTL`].
pub(crate) const ARCH_PRCTL_OUT: Arg = Arg::output(8, |w, _, at| w.address(at));

/// Sets of features, which no header of programs names: with a number.
const FEATURES: As = As::By(8, 8, |w, bytes| {
    let set = super::layout::number(bytes);
    w.group(["[", "]"], |w| {
        if set == 0 {
            w.text("0");
        } else {
            with_comment(w, set, |w| {
                if tables::XFEATURE_MASKS.has_any(set) {
                    w.flags(set, &tables::XFEATURE_MASKS);
                } else {
                    w.text("XFEATURE_MASK_???");
                }
            });
        }
    });
});

fn with_comment(w: &mut Writer<'_>, value: u64, name: impl FnOnce(&mut Writer<'_>)) {
    let outer = w.constants;
    if outer == Constants::Names {
        w.constants = Constants::Both;
    }
    w.meant(|w| w.hex(value), name);
    w.constants = outer;
}
