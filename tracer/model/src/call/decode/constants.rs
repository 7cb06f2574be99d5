//! Arguments that are one constant, or several added up, and nothing else.

use super::{Names, tables};
use crate::calls::{Arg, Role};

/// Constants that are added up.
pub(super) const fn flags_of(names: &'static Names) -> Arg {
    Arg::value(|w, arg, v| w.flags(v & 0xffff_ffff, arg.names)).named(names)
}

/// One of several constants.
pub(super) const fn one_of(names: &'static Names) -> Arg {
    Arg::value(|w, arg, v| w.one_of(v & 0xffff_ffff, arg.names)).named(names)
}

macro_rules! constants {
    ($how:ident: $($name:ident)*) => {
        $(#[doc = concat!("`tables::", stringify!($name), "`")]
        pub(crate) const $name: Arg = $how(&tables::$name);)*
    };
}

constants!(flags_of: ACCESS_MODES AT_ACCESS AT_HANDLE CLOSE_RANGE EFD EPOLL_CREATE FALLOC
    FLOCK FSMOUNT FSMOUNT_ATTR FSOPEN FSPICK GRND INOTIFY_INIT INOTIFY_MASK LANDLOCK_CREATE MCL
    LSM_FLAGS MFD MLOCK MOVE_MOUNT MODULE_INIT LISTMOUNT LANDLOCK_ADD_RULE MPOL_MBIND MSG MSYNC NAMESPACES
    OPEN_TREE PIDFD_OPEN PIDFD_SIGNAL RENAME RWF SFD SHMAT SPLICE SYNC_RANGE TFD TFD_SETTIME
    SCHED_GETATTR SHADOW_STACK STATMOUNT_FLAGS TIMER_FLAGS UMOUNT_FLAGS URING_ENTER WAIT WAITID XATTR);
constants!(one_of: AF EPOLL_OPS FADVISE FSCONFIG ITIMER LANDLOCK_RULES LSM_ATTRS MADVISE MEMBARRIER_CMD
    PRIO REBOOT_MAGIC1 REBOOT_MAGIC2 RLIMIT RUSAGE SCHED SECCOMP_OPS SEEK SHUT SIGMASK_HOW
    WAIT_IDS IOPRIO_WHO);

/// `AT_...`
pub(crate) const AT_FLAGS: Arg = flags_of(&tables::AT_FLAGS).role(Role::AtFlags);
/// What a process leaves: all 64 bits.
pub(crate) const UNSHARE: Arg =
    Arg::value(|w, arg, v| w.flags(v, arg.names)).named(&tables::UNSHARE);
/// `PROT_...` of all 64 bits.
pub(crate) const PROT: Arg = Arg::value(|w, arg, v| w.flags(v, arg.names)).named(&tables::PROT);
/// `PERF_FLAG_...` of all 64 bits.
pub(crate) const PERF_FLAGS: Arg =
    Arg::value(|w, arg, v| w.flags(v, arg.names)).named(&tables::PERF_FLAGS);
/// What a key for memory forbids.
pub(crate) const PKEY_ACCESS: Arg =
    Arg::value(|w, arg, v| w.flags(v, arg.names)).named(&tables::PKEY_ACCESS);
/// `AT_...` of execveat(2).
pub(crate) const AT_EXECVE: Arg = flags_of(&tables::AT_EXECVE).role(Role::AtFlags);
/// `AT_...` of `mount_setattr(2)`.
pub(crate) const AT_MOUNT: Arg = flags_of(&tables::AT_MOUNT).role(Role::AtFlags);
/// `AT_REMOVEDIR`
pub(crate) const AT_UNLINK: Arg = flags_of(&tables::AT_UNLINK).role(Role::AtFlags);
/// `AT_...` of the calls for extended attributes.
pub(crate) const AT_XATTR: Arg = flags_of(&tables::AT_XATTR).role(Role::AtFlags);
/// What to do with a mark (`fanotify_mark(2)`); nothing for zero.
pub(crate) const FAN_MARK: Arg = Arg::value(|w, arg, v| match v & 0xffff_ffff {
    0 => w.text("0"),
    flags => w.flags(flags, arg.names),
})
.named(&tables::FAN_MARK);
/// A command of `io_uring_register(2)`, and whether its ring is a registered one.
pub(crate) const URING_REGISTER: Arg = Arg::value(|w, arg, v| {
    const REGISTERED: u64 = 1 << 31;
    w.one_of(v & 0x7fff_ffff, arg.names);
    if v & REGISTERED != 0 {
        w.text("|");
        w.constant(REGISTERED, "IORING_REGISTER_USE_REGISTERED_RING");
    }
})
.named(&tables::URING_REGISTER);
/// 64 bits of events (`fanotify_mark(2)`).
pub(crate) const FAN_MASK: Arg = Arg::value(|w, _, v| w.flags(v, &tables::FAN_MASK));
