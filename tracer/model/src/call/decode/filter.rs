//! Filter programs of sockets and seccomp(2) (`linux/filter.h`).

use super::{Writer, layout::number, tables};
use crate::calls::Arg;

/// `struct sock_fprog` and its instructions.
pub(super) const PROGRAM: Arg = Arg::behind(16, 8, (0, 2), 8, |w, _, at| program(w, at));

/// What seccomp(2) is given: a program, for the operation that takes one.
pub(crate) const SECCOMP_ARG: Arg = Arg::behind(16, 8, (0, 2), 8, |w, _, at| {
    /// `SECCOMP_SET_MODE_FILTER`
    const SETS_FILTER: u64 = 1;
    if w.args[0] & 0xffff_ffff == SETS_FILTER {
        program(w, at);
    } else {
        w.address(at);
    }
});

/// Bytes of `struct sock_filter`.
const INSTRUCTION: u64 = 8;

/// How many instructions, and with `-v` which; those that return say what seccomp(2) does.
pub(super) fn program(w: &mut Writer<'_>, at: u64) {
    show(w, at, true);
}

/// The same of a socket.
pub(super) fn of_socket(w: &mut Writer<'_>, at: u64) {
    show(w, at, false);
}

fn show(w: &mut Writer<'_>, at: u64, is_seccomp: bool) {
    w.at(at, |w, [len, filter]: [u64; 2]| {
        let len = len & 0xffff;
        w.structure(|w| {
            w.field("len").dec(len);
            w.field("filter");
            instructions(w, filter, len, is_seccomp);
        });
    });
}

/// An array of instructions; without `-v` its address.
pub(super) fn instructions(w: &mut Writer<'_>, at: u64, len: u64, is_seccomp: bool) {
    if !w.options.verbose {
        w.address(at);
        return;
    }
    w.array(at, INSTRUCTION, len, |w, at| {
        instruction(w, w.read(at).unwrap_or_default(), is_seccomp);
    });
}

/// Code, jumps if true and if false, and a number.
fn instruction(w: &mut Writer<'_>, word: u64, is_seccomp: bool) {
    let bytes = word.to_ne_bytes();
    let (code, jumps, k) = (
        number(&bytes[..2]),
        [bytes[2], bytes[3]],
        number(&bytes[4..]),
    );
    let is_jump = jumps != [0, 0];
    let name = if is_jump { "BPF_JUMP(" } else { "BPF_STMT(" };
    w.group([name, ")"], |w| {
        w.separate();
        code_of(w, code);
        w.separate();
        if is_seccomp && !is_jump && code & 7 == RET {
            action(w, k);
        } else {
            w.hex(k);
        }
        if is_jump {
            for jump in jumps {
                w.separate();
                w.hex(jump.into());
            }
        }
    });
}

/// `BPF_RET` and its like (`linux/bpf_common.h`).
const RET: u64 = 6;

fn code_of(w: &mut Writer<'_>, code: u64) {
    w.one_of(code & 7, &tables::FILTER_CLASSES);
    let rest = code & !7;
    let part = |w: &mut Writer<'_>, value, names| {
        w.text("|");
        w.one_of(value, names);
    };
    let unknown = |w: &mut Writer<'_>, value: u64| {
        if value != 0 {
            w.text("|");
            w.nameless(|w| w.hex(value), &tables::FILTER_CLASSES);
        }
    };
    match code & 7 {
        // Load and load into the index.
        0 | 1 => {
            part(w, code & 0x18, &tables::FILTER_SIZES);
            part(w, code & 0xe0, &tables::FILTER_MODES);
        }
        // Store.
        2 | 3 => unknown(w, rest),
        4 => {
            part(w, code & 0x08, &tables::FILTER_SOURCES);
            part(w, code & 0xf0, &tables::FILTER_OPS);
        }
        5 => {
            part(w, code & 0x08, &tables::FILTER_SOURCES);
            part(w, code & 0xf0, &tables::FILTER_JUMPS);
        }
        RET => {
            part(w, code & 0x18, &tables::FILTER_RESULTS);
            unknown(w, rest & !0x18);
        }
        _ => {
            part(w, code & 0xf8, &tables::FILTER_MISC);
        }
    }
}

/// What seccomp(2) does, and its data.
fn action(w: &mut Writer<'_>, k: u64) {
    const DATA: u64 = 0xffff;
    w.one_of(k & !DATA, &tables::SECCOMP_RET);
    if k & DATA != 0 {
        w.text("|");
        w.hex(k & DATA);
    }
}
