//! fcntl(2): a command, what it takes, and what its result means.

use libc::flock;

use super::{Writer, file::open_flags, names, number::dec, tables, writer::foreign};
use crate::calls::Arg;

foreign!(flock);

/// The command; most take no argument.
pub(crate) const FCNTL_CMD: Arg = Arg::value(|w, _, v| {
    let command = v & 0xffff_ffff;
    w.one_of(command, &tables::FCNTL);
    let takes_nothing = matches!(
        command as i32,
        libc::F_GETFD
            | libc::F_GETFL
            | libc::F_GETOWN
            | libc::F_GETPIPE_SZ
            | F_GETSIG
            | libc::F_GETLEASE
            | libc::F_GET_SEALS
    );
    if takes_nothing {
        w.end();
    }
});
/// What the command takes.
pub(crate) const FCNTL_ARG: Arg = Arg::input(32, argument);

const F_GETSIG: i32 = 11;
const F_SETSIG: i32 = 10;
const F_SETOWN_EX: i32 = 15;
const F_GET_RW_HINT: i32 = 1035;
const F_SET_RW_HINT: i32 = 1036;
const F_GET_FILE_RW_HINT: i32 = 1037;
const F_SET_FILE_RW_HINT: i32 = 1038;
const F_GETOWN_EX: i32 = 16;

fn argument(w: &mut Writer<'_>, _: &Arg, v: u64) {
    match w.args[1] as i32 {
        libc::F_SETFD => w.flags(v & 0xffff_ffff, &tables::FD_FLAGS),
        libc::F_SETFL => open_flags(w, v & 0xffff_ffff),
        libc::F_DUPFD | libc::F_DUPFD_CLOEXEC | libc::F_SETOWN | libc::F_SETPIPE_SZ => {
            w.dec(v as i32);
        }
        F_SETSIG => w.signal(v as i32),
        libc::F_SETLEASE => w.one_of(v, &tables::LOCK_TYPES),
        libc::F_ADD_SEALS => w.flags(v & 0xffff_ffff, &tables::SEALS),
        libc::F_NOTIFY => w.flags(v & 0xffff_ffff, &tables::DNOTIFY),
        libc::F_SETLK | libc::F_SETLKW | libc::F_OFD_SETLK | libc::F_OFD_SETLKW => {
            w.at(v, |w, lock| write_lock(w, lock, false));
        }
        libc::F_GETLK | libc::F_OFD_GETLK => w.at(v, |w, lock| write_lock(w, lock, true)),
        F_GET_RW_HINT | F_GET_FILE_RW_HINT if !w.succeeded() => w.address(v),
        F_GET_RW_HINT | F_SET_RW_HINT | F_GET_FILE_RW_HINT | F_SET_FILE_RW_HINT => {
            w.shape_at(v, &super::As::OneOf(8, &tables::RW_HINTS));
        }
        F_SETOWN_EX | F_GETOWN_EX => w.at(v, |w, [kind, pid]: [i32; 2]| {
            w.structure(|w| {
                w.field("type").one_of(kind as u64, &tables::OWNER_TYPES);
                w.field("pid").process(pid);
            });
        }),
        _ => w.hex(v),
    }
}

fn write_lock(w: &mut Writer<'_>, lock: flock, with_owner: bool) {
    w.structure(|w| {
        w.field("l_type")
            .one_of(lock.l_type as u64, &tables::LOCK_TYPES);
        w.field("l_whence")
            .one_of(lock.l_whence as u64, &tables::SEEK);
        w.field("l_start").dec(lock.l_start);
        w.field("l_len").dec(lock.l_len);
        if with_owner {
            w.field("l_pid").process(lock.l_pid);
        }
    });
}

/// The result of a command, with the flags that it stands for.
pub(super) fn result(w: &mut Writer<'_>) {
    let ret = w.call.ret;
    match w.args[1] as i32 {
        libc::F_GETFD if ret != 0 => {
            w.hex(ret as u64);
            w.text(" (flags ");
            w.flags(ret as u64, &tables::FD_FLAGS);
            w.text(")");
        }
        libc::F_GETFL => {
            w.hex(ret as u64);
            w.text(" (flags ");
            open_flags(w, ret as u64);
            w.text(")");
        }
        libc::F_GET_SEALS if ret != 0 => {
            w.hex(ret as u64);
            w.text(" (seals ");
            w.flags(ret as u64, &tables::SEALS);
            w.text(")");
        }
        libc::F_DUPFD | libc::F_DUPFD_CLOEXEC => w.descriptor(ret as i32, None),
        libc::F_GETLEASE => {
            w.hex(ret as u64);
            w.text(" (");
            w.one_of(ret as u64, &tables::LOCK_TYPES);
            w.text(")");
        }
        F_GETSIG if ret != 0 => {
            dec(w.out, ret);
            w.text(" (");
            names::signal(w.out, ret as u64);
            w.text(")");
        }
        _ => dec(w.out, ret),
    }
}
