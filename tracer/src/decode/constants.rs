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
    FAN_MARK FLOCK FSMOUNT FSOPEN FSPICK GRND INOTIFY_INIT INOTIFY_MASK LANDLOCK_CREATE MCL
    MEMBARRIER_CMDS MFD MLOCK MOUNT_FLAGS MOVE_MOUNT MPOL_MBIND MSG MSYNC NAMESPACES
    OPEN_TREE PERF_FLAGS PIDFD_OPEN PROT RENAME RWF SFD SHMAT SPLICE SYNC_RANGE TFD TFD_SETTIME
    TIMER_FLAGS UMOUNT_FLAGS UNSHARE URING_ENTER WAIT WAITID XATTR);
constants!(one_of: AF ARCH_PRCTL EPOLL_OPS FADVISE FSCONFIG ITIMER LANDLOCK_RULES MADVISE
    MPOL_MODES PRIO REBOOT_MAGIC RLIMIT RUSAGE SCHED SECCOMP_OPS SEEK SHUT SIGMASK_HOW
    URING_REGISTER WAIT_IDS);

/// `AT_...`
pub(crate) const AT_FLAGS: Arg = flags_of(&tables::AT_FLAGS).role(Role::AtFlags);
/// `AT_REMOVEDIR`
pub(crate) const AT_UNLINK: Arg = flags_of(&tables::AT_UNLINK).role(Role::AtFlags);
/// 64 bits of events (`fanotify_mark(2)`).
pub(crate) const FAN_MASK: Arg = Arg::value(|w, _, v| w.flags(v, &tables::FAN_MASK));
