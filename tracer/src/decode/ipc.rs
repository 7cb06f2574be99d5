//! System V queues, semaphores and shared memory; POSIX queues.

use super::{Writer, file::permissions, tables, writer::foreign};
use crate::calls::Arg;

/// A key; 0 is `IPC_PRIVATE`.
pub(crate) const IPC_KEY: Arg = Arg::value(|w, _, v| {
    if v as i32 == 0 {
        w.text("IPC_PRIVATE");
    } else {
        w.hex(v & 0xffff_ffff);
    }
});
/// `IPC_CREAT|0600`
pub(crate) const IPC_FLAGS: Arg = Arg::value(|w, arg, v| {
    flags_and_mode(w, v & 0xffff_ffff, arg.names);
})
.named(&tables::IPC_FLAGS);
/// The same of shared memory, which has more.
pub(crate) const SHM_FLAGS: Arg = IPC_FLAGS.named(&tables::SHM_FLAGS);
/// `MSG_NOERROR`, ...
pub(crate) const MSGRCV: Arg = super::constants::flags_of(&tables::MSGRCV);
/// A command of shmctl(2).
pub(crate) const SHM_CMD: Arg =
    Arg::value(|w, arg, v| w.one_of(v & 0xffff_feff, arg.names)).named(&tables::IPC_CMDS);
/// A command of msgctl(2).
pub(crate) const MSG_CMD: Arg = SHM_CMD.named(&tables::MSG_CMDS);
/// A command of semctl(2).
pub(crate) const SEM_CMD: Arg = SHM_CMD.named(&tables::SEM_CMDS);

fn flags_and_mode(w: &mut Writer<'_>, v: u64, names: &super::Names) {
    let flags = v & !0o777;
    if flags != 0 {
        w.flags(flags, names);
        w.text("|");
    }
    permissions(w, v & 0o777);
}

/// `struct sembuf` array, as long as the argument behind it says.
pub(crate) const SEMOPS: Arg = Arg::inputs(size_of::<[i16; 3]>(), 2, |w, _, at| {
    let count = w.args[2] & 0xffff_ffff;
    if w.read::<[i16; 3]>(at).is_none() {
        w.address(at);
        return;
    }
    w.array(count, |w, i| {
        let Some([number, op, flags]) = w.read::<[i16; 3]>(at + i * 6) else {
            return false;
        };
        w.structure(|w| {
            w.field("sem_num").dec(number);
            w.field("sem_op").dec(op);
            w.field("sem_flg");
            match flags as u16 {
                0x1000 => w.text("SEM_UNDO"),
                0x800 => w.text("IPC_NOWAIT"),
                0x1800 => w.text("IPC_NOWAIT|SEM_UNDO"),
                other => w.hex(other.into()),
            }
        });
        true
    });
});
/// Type and text of a message to be sent.
pub(crate) const MSGBUF: Arg = Arg::input(4096, |w, _, at| {
    let len = w.args[2];
    message(w, at, len);
});
/// Type and text of a message that was received.
pub(crate) const MSGBUF_OUT: Arg = Arg::output(4096, |w, _, at| {
    if w.succeeded() {
        let len = w.args[2];
        message(w, at, len);
    } else {
        w.address(at);
    }
});

fn message(w: &mut Writer<'_>, at: u64, len: u64) {
    match w.read::<i64>(at) {
        Some(kind) => {
            w.structure(|w| {
                w.field("mtype").dec(kind);
                w.field("mtext").buffer(at + 8, len);
            });
        }
        None => w.address(at),
    }
}

/// `struct mq_attr`: flags, longest queue, longest message, messages in it.
type MqAttr = [i64; 4];
foreign!([i16; 3], MqAttr);

/// `struct mq_attr` from the program.
pub(crate) const MQ_ATTR: Arg = Arg::input(64, |w, _, at| w.at(at, mq_attr));
/// `struct mq_attr` from the kernel.
pub(crate) const MQ_ATTR_OUT: Arg = Arg::output(64, |w, _, at| w.at(at, mq_attr));

fn mq_attr(w: &mut Writer<'_>, [flags, max, size, current]: MqAttr) {
    w.structure(|w| {
        w.field("mq_flags").flags(flags as u64, &tables::OPEN_FLAGS);
        w.field("mq_maxmsg").dec(max);
        w.field("mq_msgsize").dec(size);
        w.field("mq_curmsgs").dec(current);
    });
}
