//! System V queues, semaphores and shared memory; POSIX queues.

use super::{As, Layout, Writer, file::permissions, tables, writer::foreign};
use crate::calls::Arg;

/// A key; 0 is `IPC_PRIVATE`.
pub(crate) const IPC_KEY: Arg = Arg::value(|w, _, v| {
    if v as i32 == 0 {
        w.constant(0, "IPC_PRIVATE");
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
pub(crate) const SHM_CMD: Arg = Arg::value(|w, arg, v| {
    const IPC_64: u64 = 0x100;
    let command = v & 0xffff_ffff;
    if command & IPC_64 != 0 {
        w.constant(IPC_64, "IPC_64");
        w.text("|");
    }
    w.one_of(command & !IPC_64, arg.names);
})
.named(&tables::IPC_CMDS);
/// A command of msgctl(2).
pub(crate) const MSG_CMD: Arg = SHM_CMD.named(&tables::MSG_CMDS);
/// A command of semctl(2).
pub(crate) const SEM_CMD: Arg = SHM_CMD.named(&tables::SEM_CMDS);

/// What a command of shmctl(2) takes or gives.
pub(crate) const SHM_DATA: Arg = Arg::input(112, |w, _, at| {
    control(w, at, 1, &tables::IPC_CMDS, &SHM);
});
/// What a command of msgctl(2) takes or gives.
pub(crate) const MSG_DATA: Arg = Arg::input(120, |w, _, at| {
    control(w, at, 1, &tables::MSG_CMDS, &MSG);
});
/// What a command of semctl(2) takes or gives.
pub(crate) const SEM_DATA: Arg = Arg::input(112, |w, _, at| {
    control(w, at, 2, &tables::SEM_CMDS, &SEM);
});

/// What the commands of one kind of object lead to: its state, what of it can be set, limits, and
/// what is in use.
struct Control {
    state: As,
    set: As,
    limits: As,
    used: As,
}

fn control(w: &mut Writer<'_>, at: u64, command: usize, names: &super::Names, of: &Control) {
    const IPC_64: u64 = 0x100;
    let command = w.args[command] & 0xffff_ffff & !IPC_64;
    let name = names.of(command).unwrap_or_default();
    let (shape, is_given) = match name.split_once('_') {
        Some(("IPC", "SET")) => (&of.set, true),
        Some((_, "STAT" | "STAT_ANY")) => (&of.state, false),
        Some(("IPC", "INFO")) => (&of.limits, false),
        Some((_, "INFO")) => (&of.used, false),
        _ => {
            w.address(at);
            return;
        }
    };
    if is_given || w.succeeded() {
        w.shape_at(at, shape);
    } else {
        w.address(at);
    }
}

/// `struct ipc64_perm`; strace tells the key behind the mode.
const PERMISSIONS: As = As::By(48, 8, |w, b| permission(w, b, true));
const PERMISSIONS_SET: As = As::By(48, 8, |w, b| permission(w, b, false));

fn permission(w: &mut Writer<'_>, b: &[u8], whole: bool) {
    let shape = |w: &mut Writer<'_>, name, at: usize, of: As| {
        w.field(name).shape(&b[at..], &of);
    };
    w.structure(|w| {
        shape(w, "uid", 4, As::Id);
        shape(w, "gid", 8, As::Id);
        shape(w, "mode", 20, As::Mode(4));
        if whole {
            shape(w, "key", 0, As::Uint(4));
            shape(w, "cuid", 12, As::Id);
            shape(w, "cgid", 16, As::Id);
        }
    });
}

static SHM: Control = Control {
    state: As::By(112, 8, |w, b| {
        let times = &b[56..];
        w.structure(|w| {
            w.field("shm_perm").shape(b, &PERMISSIONS);
            w.field("shm_segsz").shape(&b[48..], &As::Uint(8));
            w.field("shm_cpid").shape(&b[80..], &As::Int(4));
            w.field("shm_lpid").shape(&b[84..], &As::Int(4));
            w.field("shm_nattch").shape(&b[88..], &As::Uint(8));
            w.field("shm_atime").shape(times, &As::Uint(8));
            w.field("shm_dtime").shape(&times[8..], &As::Uint(8));
            w.field("shm_ctime").shape(&times[16..], &As::Uint(8));
        });
    }),
    set: As::Struct(&Layout(&[("shm_perm", PERMISSIONS_SET)])),
    limits: As::Struct(&Layout(&[
        ("shmmax", As::Uint(8)),
        ("shmmin", As::Uint(8)),
        ("shmmni", As::Uint(8)),
        ("shmseg", As::Uint(8)),
        ("shmall", As::Uint(8)),
    ])),
    used: As::Struct(&Layout(&[
        ("used_ids", As::Int(4)),
        ("shm_tot", As::Uint(8)),
        ("shm_rss", As::Uint(8)),
        ("shm_swp", As::Uint(8)),
        ("swap_attempts", As::Uint(8)),
        ("swap_successes", As::Uint(8)),
    ])),
};

const MSG_INFO: As = As::Struct(&Layout(&[
    ("msgpool", As::Int(4)),
    ("msgmap", As::Int(4)),
    ("msgmax", As::Int(4)),
    ("msgmnb", As::Int(4)),
    ("msgmni", As::Int(4)),
    ("msgssz", As::Int(4)),
    ("msgtql", As::Int(4)),
    ("msgseg", As::Uint(2)),
]));

static MSG: Control = Control {
    state: As::Struct(&Layout(&[
        ("msg_perm", PERMISSIONS),
        ("msg_stime", As::Uint(8)),
        ("msg_rtime", As::Uint(8)),
        ("msg_ctime", As::Uint(8)),
        ("msg_cbytes", As::Pad(8)),
        ("msg_qnum", As::Uint(8)),
        ("msg_qbytes", As::Uint(8)),
        ("msg_lspid", As::Int(4)),
        ("msg_lrpid", As::Int(4)),
    ])),
    set: As::Struct(&Layout(&[
        ("msg_perm", PERMISSIONS_SET),
        ("msg_stime", As::Pad(40)),
        ("msg_qbytes", As::Uint(8)),
    ])),
    limits: MSG_INFO,
    used: MSG_INFO,
};

const SEM_INFO: As = As::Struct(&Layout(&[
    ("semmap", As::Int(4)),
    ("semmni", As::Int(4)),
    ("semmns", As::Int(4)),
    ("semmnu", As::Int(4)),
    ("semmsl", As::Int(4)),
    ("semopm", As::Int(4)),
    ("semume", As::Int(4)),
    ("semusz", As::Int(4)),
    ("semvmx", As::Int(4)),
    ("semaem", As::Int(4)),
]));

static SEM: Control = Control {
    state: As::Struct(&Layout(&[
        ("sem_perm", PERMISSIONS),
        ("sem_otime", As::Uint(8)),
        ("unused1", As::Pad(8)),
        ("sem_ctime", As::Uint(8)),
        ("unused2", As::Pad(8)),
        ("sem_nsems", As::Uint(8)),
    ])),
    set: As::Struct(&Layout(&[("sem_perm", PERMISSIONS_SET)])),
    limits: SEM_INFO,
    used: SEM_INFO,
};

fn flags_and_mode(w: &mut Writer<'_>, v: u64, names: &super::Names) {
    let flags = v & !0o777;
    if flags == 0 {
        permissions(w, v);
        return;
    }
    w.flags(flags, names);
    w.text("|");
    permissions(w, v & 0o777);
}

/// `struct sembuf` array, as long as the argument behind it says.
pub(crate) const SEMOPS: Arg = Arg::inputs(size_of::<[i16; 3]>(), 2, |w, _, at| {
    let count = w.args[2] & 0xffff_ffff;
    w.array(at, 6, count, |w, at| {
        let [number, op, flags] = w.read::<[i16; 3]>(at).unwrap_or_default();
        w.structure(|w| {
            w.field("sem_num").dec(number as u16);
            w.field("sem_op").dec(op);
            w.field("sem_flg");
            match flags as u16 {
                0 => w.text("0"),
                flags => w.flags(flags.into(), &tables::SEM_FLAGS),
            }
        });
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
pub(crate) const MQ_ATTR: Arg = Arg::input(64, |w, _, at| w.at(at, mq_attr_whole));
/// `struct mq_attr` from the kernel.
pub(crate) const MQ_ATTR_OUT: Arg = Arg::output(64, |w, _, at| w.at(at, mq_attr));

/// All of it, with what is kept for later.
type WholeMqAttr = [i64; 8];
super::writer::foreign!(WholeMqAttr);

fn mq_attr_whole(w: &mut Writer<'_>, all: WholeMqAttr) {
    mq_attr(w, [all[0], all[1], all[2], all[3]]);
}

fn mq_attr(w: &mut Writer<'_>, [flags, max, size, current]: MqAttr) {
    w.structure(|w| {
        // Those of a new queue mean nothing.
        if w.call.arch.name(w.call.nr) == Some("mq_open") {
            w.field("mq_flags").hex(flags as u64);
        } else {
            w.field("mq_flags").flags(flags as u64, &tables::OPEN_FLAGS);
        }
        w.field("mq_maxmsg").dec(max);
        w.field("mq_msgsize").dec(size);
        w.field("mq_curmsgs").dec(current);
    });
}
