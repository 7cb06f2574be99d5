//! prctl(2) and `arch_prctl(2)`: an option decides what the other arguments are.

use tracer_ebpf::abi::call::Capture;

use super::{Writer, names, tables};
use crate::calls::Arg;

/// The option and all arguments behind it.
pub(crate) const PRCTL: Arg = Arg::value(|w, _, v| {
    let option = v & 0xffff_ffff;
    w.one_of(option, &tables::PRCTL);
    arguments(w, option as i32);
    w.end();
});
/// A name, captured for [`PRCTL`]; other options have a number in its place.
pub(crate) const PRCTL_NAME: Arg = Arg::input(16, |w, _, at| w.address(at)).how(Capture::Text);

/// The result of an option, with its meaning.
pub(super) fn result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    w.dec(ret);
    if w.args[0] as i32 == libc::PR_GET_DUMPABLE {
        let names = ["SUID_DUMP_DISABLE", "SUID_DUMP_USER", "SUID_DUMP_ROOT"];
        if let Some(name) = usize::try_from(ret).ok().and_then(|i| names.get(i)) {
            w.text(&format!(" ({name})"));
        }
    }
}

fn arguments(w: &mut Writer<'_>, option: i32) {
    let [_, first, rest @ ..] = *w.args;
    let all = |w: &mut Writer<'_>, count: usize| {
        for value in [first].iter().chain(&rest[..3]).take(count) {
            w.separate();
            w.hex(*value);
        }
    };
    match option {
        libc::PR_SET_NAME | libc::PR_GET_NAME => {
            w.separate();
            w.index = 1;
            let call = w.call;
            match call.text(1) {
                // strace looks for the NUL among as many bytes as a name has (TASK_COMM_LEN).
                Some(Ok(name)) => w.quoted(name, name.len() >= 15, 15),
                _ => w.address(first),
            }
        }
        libc::PR_SET_PDEATHSIG => {
            w.separate();
            if first == 0 {
                w.text("0");
            } else {
                names::signal(w.out, first);
            }
        }
        libc::PR_CAPBSET_READ | libc::PR_CAPBSET_DROP => {
            w.separate();
            w.one_of(first, &tables::CAPS);
        }
        libc::PR_SET_SECCOMP => {
            w.separate();
            w.one_of(first, &tables::SECCOMP_MODES);
            w.separate();
            w.address(rest[0]);
        }
        libc::PR_CAP_AMBIENT => {
            w.separate();
            w.one_of(first, &tables::PR_AMBIENT);
            w.separate();
            if matches!(first, 1..=3) {
                w.one_of(rest[0], &tables::CAPS);
            } else {
                w.hex(rest[0]);
            }
            for value in &rest[1..3] {
                w.separate();
                w.hex(*value);
            }
        }
        libc::PR_SET_DUMPABLE => {
            w.separate();
            match first {
                0 => w.text("SUID_DUMP_DISABLE"),
                1 => w.text("SUID_DUMP_USER"),
                2 => w.text("SUID_DUMP_ROOT"),
                other => w.hex(other),
            }
        }
        libc::PR_SET_KEEPCAPS | libc::PR_SET_TIMERSLACK | libc::PR_SET_CHILD_SUBREAPER => {
            w.separate();
            w.dec(first);
        }
        libc::PR_GET_DUMPABLE
        | libc::PR_GET_KEEPCAPS
        | libc::PR_GET_SECCOMP
        | libc::PR_GET_TIMERSLACK
        | libc::PR_GET_SECUREBITS
        | libc::PR_GET_TIMING => {}
        libc::PR_SET_NO_NEW_PRIVS
        | libc::PR_GET_NO_NEW_PRIVS
        | libc::PR_SET_THP_DISABLE
        | libc::PR_GET_THP_DISABLE => {
            if matches!(option, libc::PR_SET_NO_NEW_PRIVS | libc::PR_SET_THP_DISABLE) {
                w.separate();
                w.dec(first);
                for value in &rest[..3] {
                    w.separate();
                    w.hex(*value);
                }
            } else {
                all(w, 4);
            }
        }
        libc::PR_SET_SECUREBITS | libc::PR_SET_PTRACER => {
            w.separate();
            w.hex(first);
        }
        _ => all(w, 4),
    }
}
