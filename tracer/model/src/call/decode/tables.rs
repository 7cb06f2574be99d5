//! Constants of the kernel's interface with their names. Written by `cargo xtask codegen`
//! from aya-obj 0.3.0, libc 0.2.191, linux-raw-sys 0.12.1: do not edit.
#![expect(clippy::unreadable_literal, reason = "values as their source has them")]

use super::Names;

/// `O_*`, `__O_SYNC`, `__O_TMPFILE`
#[cfg(target_arch = "x86_64")]
pub(super) static OPEN_FLAGS: Names = Names {
    unknown: "O_???",
    entries: &[
        (0x40, "O_CREAT"),
        (0x80, "O_EXCL"),
        (0x100, "O_NOCTTY"),
        (0x200, "O_TRUNC"),
        (0x400, "O_APPEND"),
        (0x800, "O_NONBLOCK"),
        (0x101000, "O_SYNC"),
        (0x1000, "O_DSYNC"),
        (0x4000, "O_DIRECT"),
        (0x8000, "O_LARGEFILE"),
        (0x100000, "__O_SYNC"),
        (0x20000, "O_NOFOLLOW"),
        (0x40000, "O_NOATIME"),
        (0x80000, "O_CLOEXEC"),
        (0x200000, "O_PATH"),
        (0x410000, "O_TMPFILE"),
        (0x10000, "O_DIRECTORY"),
        (0x400000, "__O_TMPFILE"),
    ],
};

/// `O_*`, `__O_SYNC`, `__O_TMPFILE`
#[cfg(target_arch = "aarch64")]
pub(super) static OPEN_FLAGS: Names = Names {
    unknown: "O_???",
    entries: &[
        (0x40, "O_CREAT"),
        (0x80, "O_EXCL"),
        (0x100, "O_NOCTTY"),
        (0x200, "O_TRUNC"),
        (0x400, "O_APPEND"),
        (0x800, "O_NONBLOCK"),
        (0x101000, "O_SYNC"),
        (0x1000, "O_DSYNC"),
        (0x10000, "O_DIRECT"),
        (0x20000, "O_LARGEFILE"),
        (0x100000, "__O_SYNC"),
        (0x8000, "O_NOFOLLOW"),
        (0x40000, "O_NOATIME"),
        (0x80000, "O_CLOEXEC"),
        (0x200000, "O_PATH"),
        (0x404000, "O_TMPFILE"),
        (0x4000, "O_DIRECTORY"),
        (0x400000, "__O_TMPFILE"),
    ],
};

/// `AT_SYMLINK_NOFOLLOW`, `AT_EMPTY_PATH`, `AT_EXECVE_CHECK`
pub(super) static AT_EXECVE: Names = Names {
    unknown: "AT_???",
    entries: &[
        (0x100, "AT_SYMLINK_NOFOLLOW"),
        (0x1000, "AT_EMPTY_PATH"),
        (0x10000, "AT_EXECVE_CHECK"),
    ],
};

/// `AT_SYMLINK_NOFOLLOW`, `AT_NO_AUTOMOUNT`, `AT_EMPTY_PATH`, `AT_RECURSIVE`
pub(super) static AT_MOUNT: Names = Names {
    unknown: "AT_???",
    entries: &[
        (0x100, "AT_SYMLINK_NOFOLLOW"),
        (0x800, "AT_NO_AUTOMOUNT"),
        (0x1000, "AT_EMPTY_PATH"),
        (0x8000, "AT_RECURSIVE"),
    ],
};

/// `TIME_*`
pub(super) static TIME_STATES: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "TIME_OK"),
        (0x1, "TIME_INS"),
        (0x2, "TIME_DEL"),
        (0x3, "TIME_OOP"),
        (0x4, "TIME_WAIT"),
        (0x5, "TIME_ERROR"),
    ],
};

/// `O_RDONLY`, `O_WRONLY`, `O_RDWR`, `O_ACCMODE`
pub(super) static OPEN_ACCESS: Names = Names {
    unknown: "O_???",
    entries: &[
        (0x0, "O_RDONLY"),
        (0x1, "O_WRONLY"),
        (0x2, "O_RDWR"),
        (0x3, "O_ACCMODE"),
    ],
};

/// `R_OK`, `W_OK`, `X_OK`, `F_OK`
pub(super) static ACCESS_MODES: Names = Names {
    unknown: "?_OK",
    entries: &[
        (0x0, "F_OK"),
        (0x4, "R_OK"),
        (0x2, "W_OK"),
        (0x1, "X_OK"),
    ],
};

/// `AT_SYMLINK_NOFOLLOW`, `AT_REMOVEDIR`, `AT_SYMLINK_FOLLOW`, `AT_NO_AUTOMOUNT`, `AT_EMPTY_PATH`, `AT_RECURSIVE`
pub(super) static AT_FLAGS: Names = Names {
    unknown: "AT_???",
    entries: &[
        (0x100, "AT_SYMLINK_NOFOLLOW"),
        (0x200, "AT_REMOVEDIR"),
        (0x400, "AT_SYMLINK_FOLLOW"),
        (0x800, "AT_NO_AUTOMOUNT"),
        (0x1000, "AT_EMPTY_PATH"),
        (0x8000, "AT_RECURSIVE"),
    ],
};

/// `AT_SYMLINK_NOFOLLOW`, `AT_EACCESS`, `AT_EMPTY_PATH`
pub(super) static AT_ACCESS: Names = Names {
    unknown: "AT_???",
    entries: &[
        (0x100, "AT_SYMLINK_NOFOLLOW"),
        (0x200, "AT_EACCESS"),
        (0x1000, "AT_EMPTY_PATH"),
    ],
};

/// `AT_SYMLINK_NOFOLLOW`, `AT_REMOVEDIR`, `AT_SYMLINK_FOLLOW`, `AT_NO_AUTOMOUNT`, `AT_EMPTY_PATH`, `AT_RECURSIVE`
pub(super) static AT_UNLINK: Names = Names {
    unknown: "AT_???",
    entries: &[
        (0x100, "AT_SYMLINK_NOFOLLOW"),
        (0x200, "AT_REMOVEDIR"),
        (0x400, "AT_SYMLINK_FOLLOW"),
        (0x800, "AT_NO_AUTOMOUNT"),
        (0x1000, "AT_EMPTY_PATH"),
        (0x8000, "AT_RECURSIVE"),
    ],
};

/// `AT_SYMLINK_FOLLOW`, `AT_EMPTY_PATH`, `AT_HANDLE_*`
pub(super) static AT_HANDLE: Names = Names {
    unknown: "AT_???",
    entries: &[
        (0x1, "AT_HANDLE_MNT_ID_UNIQUE"),
        (0x2, "AT_HANDLE_CONNECTABLE"),
        (0x200, "AT_HANDLE_FID"),
        (0x400, "AT_SYMLINK_FOLLOW"),
        (0x1000, "AT_EMPTY_PATH"),
    ],
};

/// `AT_STATX_SYNC_AS_STAT`, `AT_STATX_FORCE_SYNC`, `AT_STATX_DONT_SYNC`
pub(super) static AT_STATX_SYNC: Names = Names {
    unknown: "AT_STATX_???",
    entries: &[
        (0x0, "AT_STATX_SYNC_AS_STAT"),
        (0x2000, "AT_STATX_FORCE_SYNC"),
        (0x4000, "AT_STATX_DONT_SYNC"),
    ],
};

/// `RESOLVE_*`
pub(super) static RESOLVE: Names = Names {
    unknown: "RESOLVE_???",
    entries: &[
        (0x1, "RESOLVE_NO_XDEV"),
        (0x2, "RESOLVE_NO_MAGICLINKS"),
        (0x4, "RESOLVE_NO_SYMLINKS"),
        (0x8, "RESOLVE_BENEATH"),
        (0x10, "RESOLVE_IN_ROOT"),
        (0x20, "RESOLVE_CACHED"),
    ],
};

/// `RENAME_NOREPLACE`, `RENAME_EXCHANGE`, `RENAME_WHITEOUT`
pub(super) static RENAME: Names = Names {
    unknown: "RENAME_???",
    entries: &[
        (0x1, "RENAME_NOREPLACE"),
        (0x2, "RENAME_EXCHANGE"),
        (0x4, "RENAME_WHITEOUT"),
    ],
};

/// `CLONE_*`
pub(super) static CLONE_FLAGS: Names = Names {
    unknown: "CLONE_???",
    entries: &[
        (0x100, "CLONE_VM"),
        (0x200, "CLONE_FS"),
        (0x400, "CLONE_FILES"),
        (0x800, "CLONE_SIGHAND"),
        (0x1000, "CLONE_PIDFD"),
        (0x2000, "CLONE_PTRACE"),
        (0x4000, "CLONE_VFORK"),
        (0x8000, "CLONE_PARENT"),
        (0x10000, "CLONE_THREAD"),
        (0x20000, "CLONE_NEWNS"),
        (0x40000, "CLONE_SYSVSEM"),
        (0x80000, "CLONE_SETTLS"),
        (0x100000, "CLONE_PARENT_SETTID"),
        (0x200000, "CLONE_CHILD_CLEARTID"),
        (0x400000, "CLONE_DETACHED"),
        (0x800000, "CLONE_UNTRACED"),
        (0x1000000, "CLONE_CHILD_SETTID"),
        (0x2000000, "CLONE_NEWCGROUP"),
        (0x4000000, "CLONE_NEWUTS"),
        (0x8000000, "CLONE_NEWIPC"),
        (0x10000000, "CLONE_NEWUSER"),
        (0x20000000, "CLONE_NEWPID"),
        (0x40000000, "CLONE_NEWNET"),
        (0x80000000, "CLONE_IO"),
        (0x100000000, "CLONE_CLEAR_SIGHAND"),
        (0x200000000, "CLONE_INTO_CGROUP"),
    ],
};

/// `CLONE_*`
pub(super) static CLONE3_FLAGS: Names = Names {
    unknown: "CLONE_???",
    entries: &[
        (0x100, "CLONE_VM"),
        (0x200, "CLONE_FS"),
        (0x400, "CLONE_FILES"),
        (0x800, "CLONE_SIGHAND"),
        (0x1000, "CLONE_PIDFD"),
        (0x2000, "CLONE_PTRACE"),
        (0x4000, "CLONE_VFORK"),
        (0x8000, "CLONE_PARENT"),
        (0x10000, "CLONE_THREAD"),
        (0x20000, "CLONE_NEWNS"),
        (0x40000, "CLONE_SYSVSEM"),
        (0x80000, "CLONE_SETTLS"),
        (0x100000, "CLONE_PARENT_SETTID"),
        (0x200000, "CLONE_CHILD_CLEARTID"),
        (0x800000, "CLONE_UNTRACED"),
        (0x1000000, "CLONE_CHILD_SETTID"),
        (0x2000000, "CLONE_NEWCGROUP"),
        (0x4000000, "CLONE_NEWUTS"),
        (0x8000000, "CLONE_NEWIPC"),
        (0x10000000, "CLONE_NEWUSER"),
        (0x20000000, "CLONE_NEWPID"),
        (0x40000000, "CLONE_NEWNET"),
        (0x80000000, "CLONE_IO"),
        (0x80, "CLONE_NEWTIME"),
        (0x100000000, "CLONE_CLEAR_SIGHAND"),
        (0x200000000, "CLONE_INTO_CGROUP"),
        (0x400000000, "CLONE_AUTOREAP"),
        (0x800000000, "CLONE_NNP"),
        (0x1000000000, "CLONE_PIDFD_AUTOKILL"),
        (0x2000000000, "CLONE_EMPTY_MNTNS"),
    ],
};

/// `CLONE_NEW*`
pub(super) static NAMESPACES: Names = Names {
    unknown: "CLONE_NEW???",
    entries: &[
        (0x80, "CLONE_NEWTIME"),
        (0x20000, "CLONE_NEWNS"),
        (0x2000000, "CLONE_NEWCGROUP"),
        (0x4000000, "CLONE_NEWUTS"),
        (0x8000000, "CLONE_NEWIPC"),
        (0x10000000, "CLONE_NEWUSER"),
        (0x20000000, "CLONE_NEWPID"),
        (0x40000000, "CLONE_NEWNET"),
    ],
};

/// `CLONE_*`
pub(super) static UNSHARE: Names = Names {
    unknown: "CLONE_???",
    entries: &[
        (0x80, "CLONE_NEWTIME"),
        (0x100, "CLONE_VM"),
        (0x200, "CLONE_FS"),
        (0x400, "CLONE_FILES"),
        (0x800, "CLONE_SIGHAND"),
        (0x10000, "CLONE_THREAD"),
        (0x20000, "CLONE_NEWNS"),
        (0x40000, "CLONE_SYSVSEM"),
        (0x2000000, "CLONE_NEWCGROUP"),
        (0x4000000, "CLONE_NEWUTS"),
        (0x8000000, "CLONE_NEWIPC"),
        (0x10000000, "CLONE_NEWUSER"),
        (0x20000000, "CLONE_NEWPID"),
        (0x40000000, "CLONE_NEWNET"),
    ],
};

/// `PROT_*`
#[cfg(target_arch = "x86_64")]
pub(super) static PROT: Names = Names {
    unknown: "PROT_???",
    entries: &[
        (0x0, "PROT_NONE"),
        (0x1, "PROT_READ"),
        (0x2, "PROT_WRITE"),
        (0x4, "PROT_EXEC"),
        (0x8, "PROT_SEM"),
        (0x1000000, "PROT_GROWSDOWN"),
        (0x2000000, "PROT_GROWSUP"),
    ],
};

/// `PROT_*`
#[cfg(target_arch = "aarch64")]
pub(super) static PROT: Names = Names {
    unknown: "PROT_???",
    entries: &[
        (0x0, "PROT_NONE"),
        (0x1, "PROT_READ"),
        (0x2, "PROT_WRITE"),
        (0x4, "PROT_EXEC"),
        (0x8, "PROT_SEM"),
        (0x10, "PROT_BTI"),
        (0x20, "PROT_MTE"),
        (0x1000000, "PROT_GROWSDOWN"),
        (0x2000000, "PROT_GROWSUP"),
    ],
};

/// `MAP_SHARED`, `MAP_PRIVATE`, `MAP_SHARED_VALIDATE`
pub(super) static MAP_TYPES: Names = Names {
    unknown: "MAP_???",
    entries: &[
        (0x1, "MAP_SHARED"),
        (0x2, "MAP_PRIVATE"),
        (0x3, "MAP_SHARED_VALIDATE"),
    ],
};

/// `MAP_*`
#[cfg(target_arch = "x86_64")]
pub(super) static MAP_FLAGS: Names = Names {
    unknown: "MAP_???",
    entries: &[
        (0x10, "MAP_FIXED"),
        (0x20, "MAP_ANONYMOUS"),
        (0x40, "MAP_32BIT"),
        (0x80, "MAP_ABOVE4G"),
        (0x100, "MAP_GROWSDOWN"),
        (0x800, "MAP_DENYWRITE"),
        (0x1000, "MAP_EXECUTABLE"),
        (0x2000, "MAP_LOCKED"),
        (0x4000, "MAP_NORESERVE"),
        (0x8000, "MAP_POPULATE"),
        (0x10000, "MAP_NONBLOCK"),
        (0x20000, "MAP_STACK"),
        (0x40000, "MAP_HUGETLB"),
        (0x80000, "MAP_SYNC"),
        (0x100000, "MAP_FIXED_NOREPLACE"),
        (0x4000000, "MAP_UNINITIALIZED"),
    ],
};

/// `MAP_*`
#[cfg(target_arch = "aarch64")]
pub(super) static MAP_FLAGS: Names = Names {
    unknown: "MAP_???",
    entries: &[
        (0x10, "MAP_FIXED"),
        (0x20, "MAP_ANONYMOUS"),
        (0x100, "MAP_GROWSDOWN"),
        (0x800, "MAP_DENYWRITE"),
        (0x1000, "MAP_EXECUTABLE"),
        (0x2000, "MAP_LOCKED"),
        (0x4000, "MAP_NORESERVE"),
        (0x8000, "MAP_POPULATE"),
        (0x10000, "MAP_NONBLOCK"),
        (0x20000, "MAP_STACK"),
        (0x40000, "MAP_HUGETLB"),
        (0x80000, "MAP_SYNC"),
        (0x100000, "MAP_FIXED_NOREPLACE"),
        (0x4000000, "MAP_UNINITIALIZED"),
    ],
};

/// `MREMAP_*`
pub(super) static MREMAP: Names = Names {
    unknown: "MREMAP_???",
    entries: &[
        (0x1, "MREMAP_MAYMOVE"),
        (0x2, "MREMAP_FIXED"),
        (0x4, "MREMAP_DONTUNMAP"),
    ],
};

/// `MADV_*`
pub(super) static MADVISE: Names = Names {
    unknown: "MADV_???",
    entries: &[
        (0x0, "MADV_NORMAL"),
        (0x1, "MADV_RANDOM"),
        (0x2, "MADV_SEQUENTIAL"),
        (0x3, "MADV_WILLNEED"),
        (0x4, "MADV_DONTNEED"),
        (0x8, "MADV_FREE"),
        (0x9, "MADV_REMOVE"),
        (0xa, "MADV_DONTFORK"),
        (0xb, "MADV_DOFORK"),
        (0xc, "MADV_MERGEABLE"),
        (0xd, "MADV_UNMERGEABLE"),
        (0xe, "MADV_HUGEPAGE"),
        (0xf, "MADV_NOHUGEPAGE"),
        (0x10, "MADV_DONTDUMP"),
        (0x11, "MADV_DODUMP"),
        (0x12, "MADV_WIPEONFORK"),
        (0x13, "MADV_KEEPONFORK"),
        (0x14, "MADV_COLD"),
        (0x15, "MADV_PAGEOUT"),
        (0x16, "MADV_POPULATE_READ"),
        (0x17, "MADV_POPULATE_WRITE"),
        (0x18, "MADV_DONTNEED_LOCKED"),
        (0x19, "MADV_COLLAPSE"),
        (0x64, "MADV_HWPOISON"),
        (0x65, "MADV_SOFT_OFFLINE"),
        (0x66, "MADV_GUARD_INSTALL"),
        (0x67, "MADV_GUARD_REMOVE"),
    ],
};

/// `MS_ASYNC`, `MS_INVALIDATE`, `MS_SYNC`
pub(super) static MSYNC: Names = Names {
    unknown: "MS_???",
    entries: &[
        (0x1, "MS_ASYNC"),
        (0x2, "MS_INVALIDATE"),
        (0x4, "MS_SYNC"),
    ],
};

/// `MCL_*`
pub(super) static MCL: Names = Names {
    unknown: "MCL_???",
    entries: &[
        (0x1, "MCL_CURRENT"),
        (0x2, "MCL_FUTURE"),
        (0x4, "MCL_ONFAULT"),
    ],
};

/// `MLOCK_ONFAULT`
pub(super) static MLOCK: Names = Names {
    unknown: "MLOCK_???",
    entries: &[
        (0x1, "MLOCK_ONFAULT"),
    ],
};

/// `MPOL_DEFAULT`, `MPOL_PREFERRED`, `MPOL_BIND`, `MPOL_INTERLEAVE`, `MPOL_LOCAL`, `MPOL_PREFERRED_MANY`, `MPOL_WEIGHTED_INTERLEAVE`
pub(super) static MPOL_MODES: Names = Names {
    unknown: "MPOL_???",
    entries: &[
        (0x0, "MPOL_DEFAULT"),
        (0x1, "MPOL_PREFERRED"),
        (0x2, "MPOL_BIND"),
        (0x3, "MPOL_INTERLEAVE"),
        (0x4, "MPOL_LOCAL"),
        (0x5, "MPOL_PREFERRED_MANY"),
        (0x6, "MPOL_WEIGHTED_INTERLEAVE"),
    ],
};

/// `MPOL_MF_STRICT`, `MPOL_MF_MOVE`, `MPOL_MF_MOVE_ALL`
pub(super) static MPOL_MBIND: Names = Names {
    unknown: "MPOL_???",
    entries: &[
        (0x1, "MPOL_MF_STRICT"),
        (0x2, "MPOL_MF_MOVE"),
        (0x4, "MPOL_MF_MOVE_ALL"),
    ],
};

/// `MS_*`
pub(super) static MOUNT_FLAGS: Names = Names {
    unknown: "MS_???",
    entries: &[
        (0x1, "MS_RDONLY"),
        (0x2, "MS_NOSUID"),
        (0x4, "MS_NODEV"),
        (0x8, "MS_NOEXEC"),
        (0x10, "MS_SYNCHRONOUS"),
        (0x20, "MS_REMOUNT"),
        (0x40, "MS_MANDLOCK"),
        (0x80, "MS_DIRSYNC"),
        (0x100, "MS_NOSYMFOLLOW"),
        (0x400, "MS_NOATIME"),
        (0x800, "MS_NODIRATIME"),
        (0x1000, "MS_BIND"),
        (0x2000, "MS_MOVE"),
        (0x4000, "MS_REC"),
        (0x8000, "MS_SILENT"),
        (0x10000, "MS_POSIXACL"),
        (0x20000, "MS_UNBINDABLE"),
        (0x40000, "MS_PRIVATE"),
        (0x80000, "MS_SLAVE"),
        (0x100000, "MS_SHARED"),
        (0x200000, "MS_RELATIME"),
        (0x400000, "MS_KERNMOUNT"),
        (0x800000, "MS_I_VERSION"),
        (0x1000000, "MS_STRICTATIME"),
        (0x2000000, "MS_LAZYTIME"),
        (0x4000000, "MS_SUBMOUNT"),
        (0x8000000, "MS_NOREMOTELOCK"),
        (0x10000000, "MS_NOSEC"),
        (0x20000000, "MS_BORN"),
        (0x40000000, "MS_ACTIVE"),
        (0x80000000, "MS_NOUSER"),
    ],
};

/// `MNT_FORCE`, `MNT_DETACH`, `MNT_EXPIRE`, `UMOUNT_NOFOLLOW`
pub(super) static UMOUNT_FLAGS: Names = Names {
    unknown: "MNT_???",
    entries: &[
        (0x1, "MNT_FORCE"),
        (0x2, "MNT_DETACH"),
        (0x4, "MNT_EXPIRE"),
        (0x8, "UMOUNT_NOFOLLOW"),
    ],
};

/// `SIG_BLOCK`, `SIG_UNBLOCK`, `SIG_SETMASK`
pub(super) static SIGMASK_HOW: Names = Names {
    unknown: "SIG_???",
    entries: &[
        (0x0, "SIG_BLOCK"),
        (0x1, "SIG_UNBLOCK"),
        (0x2, "SIG_SETMASK"),
    ],
};

/// `SA_*`
pub(super) static SA_FLAGS: Names = Names {
    unknown: "SA_???",
    entries: &[
        (0x4000000, "SA_RESTORER"),
        (0x8000000, "SA_ONSTACK"),
        (0x10000000, "SA_RESTART"),
        (0x40000000, "SA_NODEFER"),
        (0x80000000, "SA_RESETHAND"),
        (0x4, "SA_SIGINFO"),
        (0x1, "SA_NOCLDSTOP"),
        (0x2, "SA_NOCLDWAIT"),
    ],
};

/// `SS_ONSTACK`, `SS_DISABLE`, `SS_AUTODISARM`
pub(super) static SS_FLAGS: Names = Names {
    unknown: "SS_???",
    entries: &[
        (0x1, "SS_ONSTACK"),
        (0x2, "SS_DISABLE"),
        (0x80000000, "SS_AUTODISARM"),
    ],
};

/// `SI_*`
pub(super) static SI_CODES: Names = Names {
    unknown: "SI_???",
    entries: &[
        (0x0, "SI_USER"),
        (0x80, "SI_KERNEL"),
        (0xffffffc4, "SI_ASYNCNL"),
        (0xfffffffa, "SI_TKILL"),
        (0xfffffffb, "SI_SIGIO"),
        (0xfffffffc, "SI_ASYNCIO"),
        (0xfffffffd, "SI_MESGQ"),
        (0xfffffffe, "SI_TIMER"),
        (0xffffffff, "SI_QUEUE"),
    ],
};

/// `CLD_*`
pub(super) static CLD_CODES: Names = Names {
    unknown: "CLD_???",
    entries: &[
        (0x1, "CLD_EXITED"),
        (0x2, "CLD_KILLED"),
        (0x3, "CLD_DUMPED"),
        (0x4, "CLD_TRAPPED"),
        (0x5, "CLD_STOPPED"),
        (0x6, "CLD_CONTINUED"),
    ],
};

/// `ILL_*`
pub(super) static ILL_CODES: Names = Names {
    unknown: "ILL_???",
    entries: &[
        (0x1, "ILL_ILLOPC"),
        (0x2, "ILL_ILLOPN"),
        (0x3, "ILL_ILLADR"),
        (0x4, "ILL_ILLTRP"),
        (0x5, "ILL_PRVOPC"),
        (0x6, "ILL_PRVREG"),
        (0x7, "ILL_COPROC"),
        (0x8, "ILL_BADSTK"),
        (0x9, "ILL_BADIADDR"),
    ],
};

/// `FPE_*`
pub(super) static FPE_CODES: Names = Names {
    unknown: "FPE_???",
    entries: &[
        (0x1, "FPE_INTDIV"),
        (0x2, "FPE_INTOVF"),
        (0x3, "FPE_FLTDIV"),
        (0x4, "FPE_FLTOVF"),
        (0x5, "FPE_FLTUND"),
        (0x6, "FPE_FLTRES"),
        (0x7, "FPE_FLTINV"),
        (0x8, "FPE_FLTSUB"),
        (0xe, "FPE_FLTUNK"),
        (0xf, "FPE_CONDTRAP"),
    ],
};

/// `SEGV_*`
pub(super) static SEGV_CODES: Names = Names {
    unknown: "SEGV_???",
    entries: &[
        (0x1, "SEGV_MAPERR"),
        (0x2, "SEGV_ACCERR"),
        (0x3, "SEGV_BNDERR"),
        (0x4, "SEGV_PKUERR"),
        (0x5, "SEGV_ACCADI"),
        (0x6, "SEGV_ADIDERR"),
        (0x7, "SEGV_ADIPERR"),
        (0x8, "SEGV_MTEAERR"),
        (0x9, "SEGV_MTESERR"),
        (0xa, "SEGV_CPERR"),
    ],
};

/// `BUS_*`
pub(super) static BUS_CODES: Names = Names {
    unknown: "BUS_???",
    entries: &[
        (0x1, "BUS_ADRALN"),
        (0x2, "BUS_ADRERR"),
        (0x3, "BUS_OBJERR"),
        (0x4, "BUS_MCEERR_AR"),
        (0x5, "BUS_MCEERR_AO"),
    ],
};

/// `TRAP_*`
pub(super) static TRAP_CODES: Names = Names {
    unknown: "TRAP_???",
    entries: &[
        (0x1, "TRAP_BRKPT"),
        (0x2, "TRAP_TRACE"),
        (0x3, "TRAP_BRANCH"),
        (0x4, "TRAP_HWBKPT"),
        (0x5, "TRAP_UNK"),
        (0x6, "TRAP_PERF"),
    ],
};

/// `POLL_*`
pub(super) static POLL_CODES: Names = Names {
    unknown: "POLL_???",
    entries: &[
        (0x1, "POLL_IN"),
        (0x2, "POLL_OUT"),
        (0x3, "POLL_MSG"),
        (0x4, "POLL_ERR"),
        (0x5, "POLL_PRI"),
        (0x6, "POLL_HUP"),
    ],
};

/// `SYS_SECCOMP`, `SYS_USER_DISPATCH`
pub(super) static SYS_CODES: Names = Names {
    unknown: "SYS_???",
    entries: &[
        (0x1, "SYS_SECCOMP"),
        (0x2, "SYS_USER_DISPATCH"),
    ],
};

/// `SIGEV_*`
pub(super) static SIGEV: Names = Names {
    unknown: "SIGEV_???",
    entries: &[
        (0x0, "SIGEV_SIGNAL"),
        (0x1, "SIGEV_NONE"),
        (0x2, "SIGEV_THREAD"),
        (0x4, "SIGEV_THREAD_ID"),
    ],
};

/// `F_*`
pub(super) static FCNTL: Names = Names {
    unknown: "F_???",
    entries: &[
        (0x0, "F_DUPFD"),
        (0x1, "F_GETFD"),
        (0x2, "F_SETFD"),
        (0x3, "F_GETFL"),
        (0x4, "F_SETFL"),
        (0x5, "F_GETLK"),
        (0x6, "F_SETLK"),
        (0x7, "F_SETLKW"),
        (0x8, "F_SETOWN"),
        (0x9, "F_GETOWN"),
        (0xa, "F_SETSIG"),
        (0xb, "F_GETSIG"),
        (0xf, "F_SETOWN_EX"),
        (0x10, "F_GETOWN_EX"),
        (0x11, "F_GETOWNER_UIDS"),
        (0x24, "F_OFD_GETLK"),
        (0x25, "F_OFD_SETLK"),
        (0x26, "F_OFD_SETLKW"),
        (0x400, "F_SETLEASE"),
        (0x401, "F_GETLEASE"),
        (0x402, "F_NOTIFY"),
        (0x403, "F_DUPFD_QUERY"),
        (0x404, "F_CREATED_QUERY"),
        (0x405, "F_CANCELLK"),
        (0x406, "F_DUPFD_CLOEXEC"),
        (0x407, "F_SETPIPE_SZ"),
        (0x408, "F_GETPIPE_SZ"),
        (0x409, "F_ADD_SEALS"),
        (0x40a, "F_GET_SEALS"),
        (0x40b, "F_GET_RW_HINT"),
        (0x40c, "F_SET_RW_HINT"),
        (0x40d, "F_GET_FILE_RW_HINT"),
        (0x40e, "F_SET_FILE_RW_HINT"),
    ],
};

/// `F_RDLCK`, `F_WRLCK`, `F_UNLCK`, `F_EXLCK`, `F_SHLCK`
pub(super) static LOCK_TYPES: Names = Names {
    unknown: "F_???",
    entries: &[
        (0x0, "F_RDLCK"),
        (0x1, "F_WRLCK"),
        (0x2, "F_UNLCK"),
        (0x4, "F_EXLCK"),
        (0x8, "F_SHLCK"),
    ],
};

/// `F_OWNER_*`
pub(super) static OWNER_TYPES: Names = Names {
    unknown: "F_OWNER_???",
    entries: &[
        (0x0, "F_OWNER_TID"),
        (0x1, "F_OWNER_PID"),
        (0x2, "F_OWNER_PGRP"),
    ],
};

/// `F_SEAL_*`
pub(super) static SEALS: Names = Names {
    unknown: "F_SEAL_???",
    entries: &[
        (0x1, "F_SEAL_SEAL"),
        (0x2, "F_SEAL_SHRINK"),
        (0x4, "F_SEAL_GROW"),
        (0x8, "F_SEAL_WRITE"),
        (0x10, "F_SEAL_FUTURE_WRITE"),
        (0x20, "F_SEAL_EXEC"),
    ],
};

/// `FD_CLOEXEC`
pub(super) static FD_FLAGS: Names = Names {
    unknown: "FD_???",
    entries: &[
        (0x1, "FD_CLOEXEC"),
    ],
};

/// `DN_*`
pub(super) static DNOTIFY: Names = Names {
    unknown: "DN_???",
    entries: &[
        (0x1, "DN_ACCESS"),
        (0x2, "DN_MODIFY"),
        (0x4, "DN_CREATE"),
        (0x8, "DN_DELETE"),
        (0x10, "DN_RENAME"),
        (0x20, "DN_ATTRIB"),
        (0x80000000, "DN_MULTISHOT"),
    ],
};

/// `SEEK_*`
pub(super) static SEEK: Names = Names {
    unknown: "SEEK_???",
    entries: &[
        (0x0, "SEEK_SET"),
        (0x1, "SEEK_CUR"),
        (0x2, "SEEK_END"),
        (0x3, "SEEK_DATA"),
        (0x4, "SEEK_HOLE"),
    ],
};

/// `LOCK_*`
pub(super) static FLOCK: Names = Names {
    unknown: "LOCK_???",
    entries: &[
        (0x1, "LOCK_SH"),
        (0x2, "LOCK_EX"),
        (0x4, "LOCK_NB"),
        (0x8, "LOCK_UN"),
    ],
};

/// `FALLOC_FL_*`
pub(super) static FALLOC: Names = Names {
    unknown: "FALLOC_FL_???",
    entries: &[
        (0x1, "FALLOC_FL_KEEP_SIZE"),
        (0x2, "FALLOC_FL_PUNCH_HOLE"),
        (0x4, "FALLOC_FL_NO_HIDE_STALE"),
        (0x8, "FALLOC_FL_COLLAPSE_RANGE"),
        (0x10, "FALLOC_FL_ZERO_RANGE"),
        (0x20, "FALLOC_FL_INSERT_RANGE"),
        (0x40, "FALLOC_FL_UNSHARE_RANGE"),
        (0x80, "FALLOC_FL_WRITE_ZEROES"),
    ],
};

/// `POSIX_FADV_*`
pub(super) static FADVISE: Names = Names {
    unknown: "POSIX_FADV_???",
    entries: &[
        (0x0, "POSIX_FADV_NORMAL"),
        (0x1, "POSIX_FADV_RANDOM"),
        (0x2, "POSIX_FADV_SEQUENTIAL"),
        (0x3, "POSIX_FADV_WILLNEED"),
        (0x4, "POSIX_FADV_DONTNEED"),
        (0x5, "POSIX_FADV_NOREUSE"),
    ],
};

/// `SYNC_FILE_RANGE_*`
pub(super) static SYNC_RANGE: Names = Names {
    unknown: "SYNC_FILE_RANGE_???",
    entries: &[
        (0x7, "SYNC_FILE_RANGE_WRITE_AND_WAIT"),
        (0x1, "SYNC_FILE_RANGE_WAIT_BEFORE"),
        (0x2, "SYNC_FILE_RANGE_WRITE"),
        (0x4, "SYNC_FILE_RANGE_WAIT_AFTER"),
    ],
};

/// `SPLICE_F_*`
pub(super) static SPLICE: Names = Names {
    unknown: "SPLICE_F_???",
    entries: &[
        (0x1, "SPLICE_F_MOVE"),
        (0x2, "SPLICE_F_NONBLOCK"),
        (0x4, "SPLICE_F_MORE"),
        (0x8, "SPLICE_F_GIFT"),
    ],
};

/// `RWF_*`
pub(super) static RWF: Names = Names {
    unknown: "RWF_???",
    entries: &[
        (0x1, "RWF_HIPRI"),
        (0x2, "RWF_DSYNC"),
        (0x4, "RWF_SYNC"),
        (0x8, "RWF_NOWAIT"),
        (0x10, "RWF_APPEND"),
        (0x20, "RWF_NOAPPEND"),
        (0x40, "RWF_ATOMIC"),
        (0x80, "RWF_DONTCACHE"),
        (0x100, "RWF_NOSIGNAL"),
    ],
};

/// `GRND_*`
pub(super) static GRND: Names = Names {
    unknown: "GRND_???",
    entries: &[
        (0x1, "GRND_NONBLOCK"),
        (0x2, "GRND_RANDOM"),
        (0x4, "GRND_INSECURE"),
    ],
};

/// `MFD_*`
pub(super) static MFD: Names = Names {
    unknown: "MFD_???",
    entries: &[
        (0x1, "MFD_CLOEXEC"),
        (0x2, "MFD_ALLOW_SEALING"),
        (0x4, "MFD_HUGETLB"),
        (0x8, "MFD_NOEXEC_SEAL"),
        (0x10, "MFD_EXEC"),
    ],
};

/// `EFD_SEMAPHORE`, `EFD_CLOEXEC`, `EFD_NONBLOCK`
pub(super) static EFD: Names = Names {
    unknown: "EFD_???",
    entries: &[
        (0x1, "EFD_SEMAPHORE"),
        (0x800, "EFD_NONBLOCK"),
        (0x80000, "EFD_CLOEXEC"),
    ],
};

/// `TFD_CLOEXEC`, `TFD_NONBLOCK`
pub(super) static TFD: Names = Names {
    unknown: "TFD_???",
    entries: &[
        (0x800, "TFD_NONBLOCK"),
        (0x80000, "TFD_CLOEXEC"),
    ],
};

/// `TFD_TIMER_ABSTIME`, `TFD_TIMER_CANCEL_ON_SET`
pub(super) static TFD_SETTIME: Names = Names {
    unknown: "TFD_???",
    entries: &[
        (0x1, "TFD_TIMER_ABSTIME"),
        (0x2, "TFD_TIMER_CANCEL_ON_SET"),
    ],
};

/// `SFD_CLOEXEC`, `SFD_NONBLOCK`
pub(super) static SFD: Names = Names {
    unknown: "SFD_???",
    entries: &[
        (0x800, "SFD_NONBLOCK"),
        (0x80000, "SFD_CLOEXEC"),
    ],
};

/// `EPOLL_CTL_*`
pub(super) static EPOLL_OPS: Names = Names {
    unknown: "EPOLL_CTL_???",
    entries: &[
        (0x1, "EPOLL_CTL_ADD"),
        (0x2, "EPOLL_CTL_DEL"),
        (0x3, "EPOLL_CTL_MOD"),
    ],
};

/// `EPOLL_CLOEXEC`
pub(super) static EPOLL_CREATE: Names = Names {
    unknown: "EPOLL_???",
    entries: &[
        (0x80000, "EPOLL_CLOEXEC"),
    ],
};

/// `EPOLL*`
pub(super) static EPOLL_EVENTS: Names = Names {
    unknown: "EPOLL???",
    entries: &[
        (0x1, "EPOLLIN"),
        (0x2, "EPOLLPRI"),
        (0x4, "EPOLLOUT"),
        (0x8, "EPOLLERR"),
        (0x10, "EPOLLHUP"),
        (0x40, "EPOLLRDNORM"),
        (0x80, "EPOLLRDBAND"),
        (0x100, "EPOLLWRNORM"),
        (0x200, "EPOLLWRBAND"),
        (0x400, "EPOLLMSG"),
        (0x2000, "EPOLLRDHUP"),
        (0x10000000, "EPOLLEXCLUSIVE"),
        (0x20000000, "EPOLLWAKEUP"),
        (0x40000000, "EPOLLONESHOT"),
        (0x80000000, "EPOLLET"),
    ],
};

/// `POLL*`
pub(super) static POLL_EVENTS: Names = Names {
    unknown: "POLL???",
    entries: &[
        (0x1, "POLLIN"),
        (0x2, "POLLPRI"),
        (0x4, "POLLOUT"),
        (0x8, "POLLERR"),
        (0x10, "POLLHUP"),
        (0x20, "POLLNVAL"),
        (0x40, "POLLRDNORM"),
        (0x80, "POLLRDBAND"),
        (0x100, "POLLWRNORM"),
        (0x200, "POLLWRBAND"),
        (0x400, "POLLMSG"),
        (0x2000, "POLLRDHUP"),
    ],
};

/// `IN_*`
pub(super) static INOTIFY_MASK: Names = Names {
    unknown: "IN_???",
    entries: &[
        (0x1, "IN_ACCESS"),
        (0x2, "IN_MODIFY"),
        (0x4, "IN_ATTRIB"),
        (0x8, "IN_CLOSE_WRITE"),
        (0x10, "IN_CLOSE_NOWRITE"),
        (0x20, "IN_OPEN"),
        (0x40, "IN_MOVED_FROM"),
        (0x80, "IN_MOVED_TO"),
        (0x100, "IN_CREATE"),
        (0x200, "IN_DELETE"),
        (0x400, "IN_DELETE_SELF"),
        (0x800, "IN_MOVE_SELF"),
        (0x2000, "IN_UNMOUNT"),
        (0x4000, "IN_Q_OVERFLOW"),
        (0x8000, "IN_IGNORED"),
        (0x1000000, "IN_ONLYDIR"),
        (0x2000000, "IN_DONT_FOLLOW"),
        (0x4000000, "IN_EXCL_UNLINK"),
        (0x10000000, "IN_MASK_CREATE"),
        (0x20000000, "IN_MASK_ADD"),
        (0x40000000, "IN_ISDIR"),
        (0x80000000, "IN_ONESHOT"),
    ],
};

/// `IN_CLOEXEC`, `IN_NONBLOCK`
pub(super) static INOTIFY_INIT: Names = Names {
    unknown: "IN_???",
    entries: &[
        (0x800, "IN_NONBLOCK"),
        (0x80000, "IN_CLOEXEC"),
    ],
};

/// `FAN_CLOEXEC`, `FAN_NONBLOCK`, `FAN_CLASS_CONTENT`, `FAN_CLASS_PRE_CONTENT`, `FAN_UNLIMITED_QUEUE`, `FAN_UNLIMITED_MARKS`, `FAN_ENABLE_AUDIT`, `FAN_REPORT_*`
pub(super) static FAN_INIT: Names = Names {
    unknown: "FAN_???",
    entries: &[
        (0x1, "FAN_CLOEXEC"),
        (0x2, "FAN_NONBLOCK"),
        (0x4, "FAN_CLASS_CONTENT"),
        (0x8, "FAN_CLASS_PRE_CONTENT"),
        (0x10, "FAN_UNLIMITED_QUEUE"),
        (0x20, "FAN_UNLIMITED_MARKS"),
        (0x40, "FAN_ENABLE_AUDIT"),
        (0x80, "FAN_REPORT_PIDFD"),
        (0x100, "FAN_REPORT_TID"),
        (0x200, "FAN_REPORT_FID"),
        (0x400, "FAN_REPORT_DIR_FID"),
        (0x800, "FAN_REPORT_NAME"),
        (0x1000, "FAN_REPORT_TARGET_FID"),
    ],
};

/// `AF_*`
pub(super) static AF: Names = Names {
    unknown: "AF_???",
    entries: &[
        (0x0, "AF_UNSPEC"),
        (0x1, "AF_UNIX"),
        (0x2, "AF_INET"),
        (0x3, "AF_AX25"),
        (0x4, "AF_IPX"),
        (0x5, "AF_APPLETALK"),
        (0x6, "AF_NETROM"),
        (0x7, "AF_BRIDGE"),
        (0x8, "AF_ATMPVC"),
        (0x9, "AF_X25"),
        (0xa, "AF_INET6"),
        (0xb, "AF_ROSE"),
        (0xc, "AF_DECnet"),
        (0xd, "AF_NETBEUI"),
        (0xe, "AF_SECURITY"),
        (0xf, "AF_KEY"),
        (0x10, "AF_NETLINK"),
        (0x11, "AF_PACKET"),
        (0x12, "AF_ASH"),
        (0x13, "AF_ECONET"),
        (0x14, "AF_ATMSVC"),
        (0x15, "AF_RDS"),
        (0x16, "AF_SNA"),
        (0x17, "AF_IRDA"),
        (0x18, "AF_PPPOX"),
        (0x19, "AF_WANPIPE"),
        (0x1a, "AF_LLC"),
        (0x1b, "AF_IB"),
        (0x1c, "AF_MPLS"),
        (0x1d, "AF_CAN"),
        (0x1e, "AF_TIPC"),
        (0x1f, "AF_BLUETOOTH"),
        (0x20, "AF_IUCV"),
        (0x21, "AF_RXRPC"),
        (0x22, "AF_ISDN"),
        (0x23, "AF_PHONET"),
        (0x24, "AF_IEEE802154"),
        (0x25, "AF_CAIF"),
        (0x26, "AF_ALG"),
        (0x27, "AF_NFC"),
        (0x28, "AF_VSOCK"),
        (0x29, "AF_KCM"),
        (0x2a, "AF_QIPCRTR"),
        (0x2b, "AF_SMC"),
        (0x2c, "AF_XDP"),
        (0x2d, "AF_MCTP"),
    ],
};

/// `SOCK_STREAM`, `SOCK_DGRAM`, `SOCK_RAW`, `SOCK_RDM`, `SOCK_SEQPACKET`, `SOCK_DCCP`, `SOCK_PACKET`
pub(super) static SOCK_TYPES: Names = Names {
    unknown: "SOCK_???",
    entries: &[
        (0x1, "SOCK_STREAM"),
        (0x2, "SOCK_DGRAM"),
        (0x3, "SOCK_RAW"),
        (0x4, "SOCK_RDM"),
        (0x5, "SOCK_SEQPACKET"),
    ],
};

/// `O_CLOEXEC`, `O_NONBLOCK`
pub(super) static SOCK_FLAGS: Names = Names {
    unknown: "SOCK_???",
    entries: &[
        (0x80000, "SOCK_CLOEXEC"),
        (0x800, "SOCK_NONBLOCK"),
    ],
};

/// `IPPROTO_*`
pub(super) static IPPROTO: Names = Names {
    unknown: "IPPROTO_???",
    entries: &[
        (0x0, "IPPROTO_IP"),
        (0x1, "IPPROTO_ICMP"),
        (0x2, "IPPROTO_IGMP"),
        (0x4, "IPPROTO_IPIP"),
        (0x6, "IPPROTO_TCP"),
        (0x8, "IPPROTO_EGP"),
        (0xc, "IPPROTO_PUP"),
        (0x11, "IPPROTO_UDP"),
        (0x16, "IPPROTO_IDP"),
        (0x1d, "IPPROTO_TP"),
        (0x21, "IPPROTO_DCCP"),
        (0x29, "IPPROTO_IPV6"),
        (0x2e, "IPPROTO_RSVP"),
        (0x2f, "IPPROTO_GRE"),
        (0x32, "IPPROTO_ESP"),
        (0x33, "IPPROTO_AH"),
        (0x5c, "IPPROTO_MTP"),
        (0x5e, "IPPROTO_BEETPH"),
        (0x62, "IPPROTO_ENCAP"),
        (0x67, "IPPROTO_PIM"),
        (0x6c, "IPPROTO_COMP"),
        (0x73, "IPPROTO_L2TP"),
        (0x84, "IPPROTO_SCTP"),
        (0x88, "IPPROTO_UDPLITE"),
        (0x89, "IPPROTO_MPLS"),
        (0x8f, "IPPROTO_ETHERNET"),
        (0x90, "IPPROTO_AGGFRAG"),
        (0xff, "IPPROTO_RAW"),
        (0x100, "IPPROTO_SMC"),
        (0x106, "IPPROTO_MPTCP"),
    ],
};

/// `IPPROTO_*`
pub(super) static IPPROTO6: Names = Names {
    unknown: "IPPROTO_???",
    entries: &[
        (0x0, "IPPROTO_IP"),
        (0x1, "IPPROTO_ICMP"),
        (0x2, "IPPROTO_IGMP"),
        (0x4, "IPPROTO_IPIP"),
        (0x6, "IPPROTO_TCP"),
        (0x8, "IPPROTO_EGP"),
        (0xc, "IPPROTO_PUP"),
        (0x11, "IPPROTO_UDP"),
        (0x16, "IPPROTO_IDP"),
        (0x1d, "IPPROTO_TP"),
        (0x21, "IPPROTO_DCCP"),
        (0x29, "IPPROTO_IPV6"),
        (0x2b, "IPPROTO_ROUTING"),
        (0x2c, "IPPROTO_FRAGMENT"),
        (0x2e, "IPPROTO_RSVP"),
        (0x2f, "IPPROTO_GRE"),
        (0x32, "IPPROTO_ESP"),
        (0x33, "IPPROTO_AH"),
        (0x3a, "IPPROTO_ICMPV6"),
        (0x3b, "IPPROTO_NONE"),
        (0x3c, "IPPROTO_DSTOPTS"),
        (0x5c, "IPPROTO_MTP"),
        (0x5e, "IPPROTO_BEETPH"),
        (0x62, "IPPROTO_ENCAP"),
        (0x67, "IPPROTO_PIM"),
        (0x6c, "IPPROTO_COMP"),
        (0x73, "IPPROTO_L2TP"),
        (0x84, "IPPROTO_SCTP"),
        (0x87, "IPPROTO_MH"),
        (0x88, "IPPROTO_UDPLITE"),
        (0x89, "IPPROTO_MPLS"),
        (0x8f, "IPPROTO_ETHERNET"),
        (0x90, "IPPROTO_AGGFRAG"),
        (0xff, "IPPROTO_RAW"),
        (0x100, "IPPROTO_SMC"),
        (0x106, "IPPROTO_MPTCP"),
    ],
};

/// `NETLINK_ROUTE`, `NETLINK_UNUSED`, `NETLINK_USERSOCK`, `NETLINK_FIREWALL`, `NETLINK_SOCK_DIAG`, `NETLINK_NFLOG`, `NETLINK_XFRM`, `NETLINK_SELINUX`, `NETLINK_ISCSI`, `NETLINK_AUDIT`, `NETLINK_FIB_LOOKUP`, `NETLINK_CONNECTOR`, `NETLINK_NETFILTER`, `NETLINK_IP6_FW`, `NETLINK_DNRTMSG`, `NETLINK_KOBJECT_UEVENT`, `NETLINK_GENERIC`, `NETLINK_SCSITRANSPORT`, `NETLINK_ECRYPTFS`, `NETLINK_RDMA`, `NETLINK_CRYPTO`, `NETLINK_SMC`
pub(super) static NETLINK: Names = Names {
    unknown: "NETLINK_???",
    entries: &[
        (0x0, "NETLINK_ROUTE"),
        (0x1, "NETLINK_UNUSED"),
        (0x2, "NETLINK_USERSOCK"),
        (0x3, "NETLINK_FIREWALL"),
        (0x4, "NETLINK_SOCK_DIAG"),
        (0x5, "NETLINK_NFLOG"),
        (0x6, "NETLINK_XFRM"),
        (0x7, "NETLINK_SELINUX"),
        (0x8, "NETLINK_ISCSI"),
        (0x9, "NETLINK_AUDIT"),
        (0xa, "NETLINK_FIB_LOOKUP"),
        (0xb, "NETLINK_CONNECTOR"),
        (0xc, "NETLINK_NETFILTER"),
        (0xd, "NETLINK_IP6_FW"),
        (0xe, "NETLINK_DNRTMSG"),
        (0xf, "NETLINK_KOBJECT_UEVENT"),
        (0x10, "NETLINK_GENERIC"),
        (0x12, "NETLINK_SCSITRANSPORT"),
        (0x13, "NETLINK_ECRYPTFS"),
        (0x14, "NETLINK_RDMA"),
        (0x15, "NETLINK_CRYPTO"),
        (0x16, "NETLINK_SMC"),
    ],
};

/// `SOL_*`
pub(super) static SOL: Names = Names {
    unknown: "SOL_???",
    entries: &[
        (0x0, "SOL_IP"),
        (0x1, "SOL_SOCKET"),
        (0x6, "SOL_TCP"),
        (0x11, "SOL_UDP"),
        (0x29, "SOL_IPV6"),
        (0x3a, "SOL_ICMPV6"),
        (0x84, "SOL_SCTP"),
        (0x88, "SOL_UDPLITE"),
        (0xff, "SOL_RAW"),
        (0x100, "SOL_IPX"),
        (0x101, "SOL_AX25"),
        (0x102, "SOL_ATALK"),
        (0x103, "SOL_NETROM"),
        (0x104, "SOL_ROSE"),
        (0x105, "SOL_DECNET"),
        (0x106, "SOL_X25"),
        (0x107, "SOL_PACKET"),
        (0x108, "SOL_ATM"),
        (0x109, "SOL_AAL"),
        (0x10a, "SOL_IRDA"),
        (0x10b, "SOL_NETBEUI"),
        (0x10c, "SOL_LLC"),
        (0x10d, "SOL_DCCP"),
        (0x10e, "SOL_NETLINK"),
        (0x10f, "SOL_TIPC"),
        (0x110, "SOL_RXRPC"),
        (0x111, "SOL_PPPOL2TP"),
        (0x112, "SOL_BLUETOOTH"),
        (0x113, "SOL_PNPIPE"),
        (0x114, "SOL_RDS"),
        (0x115, "SOL_IUCV"),
        (0x116, "SOL_CAIF"),
        (0x117, "SOL_ALG"),
        (0x118, "SOL_NFC"),
        (0x119, "SOL_KCM"),
        (0x11a, "SOL_TLS"),
        (0x11b, "SOL_XDP"),
        (0x11c, "SOL_MPTCP"),
        (0x11d, "SOL_MCTP"),
        (0x11e, "SOL_SMC"),
    ],
};

/// `SO_*`
pub(super) static SO: Names = Names {
    unknown: "SO_???",
    entries: &[
        (0x1, "SO_DEBUG"),
        (0x2, "SO_REUSEADDR"),
        (0x3, "SO_TYPE"),
        (0x4, "SO_ERROR"),
        (0x5, "SO_DONTROUTE"),
        (0x6, "SO_BROADCAST"),
        (0x7, "SO_SNDBUF"),
        (0x8, "SO_RCVBUF"),
        (0x9, "SO_KEEPALIVE"),
        (0xa, "SO_OOBINLINE"),
        (0xb, "SO_NO_CHECK"),
        (0xc, "SO_PRIORITY"),
        (0xd, "SO_LINGER"),
        (0xe, "SO_BSDCOMPAT"),
        (0xf, "SO_REUSEPORT"),
        (0x10, "SO_PASSCRED"),
        (0x11, "SO_PEERCRED"),
        (0x12, "SO_RCVLOWAT"),
        (0x13, "SO_SNDLOWAT"),
        (0x14, "SO_RCVTIMEO_OLD"),
        (0x15, "SO_SNDTIMEO_OLD"),
        (0x16, "SO_SECURITY_AUTHENTICATION"),
        (0x17, "SO_SECURITY_ENCRYPTION_TRANSPORT"),
        (0x18, "SO_SECURITY_ENCRYPTION_NETWORK"),
        (0x19, "SO_BINDTODEVICE"),
        (0x1a, "SO_ATTACH_FILTER"),
        (0x1b, "SO_DETACH_FILTER"),
        (0x1c, "SO_PEERNAME"),
        (0x1d, "SO_TIMESTAMP_OLD"),
        (0x1e, "SO_ACCEPTCONN"),
        (0x1f, "SO_PEERSEC"),
        (0x20, "SO_SNDBUFFORCE"),
        (0x21, "SO_RCVBUFFORCE"),
        (0x22, "SO_PASSSEC"),
        (0x23, "SO_TIMESTAMPNS_OLD"),
        (0x24, "SO_MARK"),
        (0x25, "SO_TIMESTAMPING_OLD"),
        (0x26, "SO_PROTOCOL"),
        (0x27, "SO_DOMAIN"),
        (0x28, "SO_RXQ_OVFL"),
        (0x29, "SO_WIFI_STATUS"),
        (0x2a, "SO_PEEK_OFF"),
        (0x2b, "SO_NOFCS"),
        (0x2c, "SO_LOCK_FILTER"),
        (0x2d, "SO_SELECT_ERR_QUEUE"),
        (0x2e, "SO_BUSY_POLL"),
        (0x2f, "SO_MAX_PACING_RATE"),
        (0x30, "SO_BPF_EXTENSIONS"),
        (0x31, "SO_INCOMING_CPU"),
        (0x32, "SO_ATTACH_BPF"),
        (0x33, "SO_ATTACH_REUSEPORT_CBPF"),
        (0x34, "SO_ATTACH_REUSEPORT_EBPF"),
        (0x35, "SO_CNX_ADVICE"),
        (0x37, "SO_MEMINFO"),
        (0x38, "SO_INCOMING_NAPI_ID"),
        (0x39, "SO_COOKIE"),
        (0x3b, "SO_PEERGROUPS"),
        (0x3c, "SO_ZEROCOPY"),
        (0x3d, "SO_TXTIME"),
        (0x3e, "SO_BINDTOIFINDEX"),
        (0x3f, "SO_TIMESTAMP_NEW"),
        (0x40, "SO_TIMESTAMPNS_NEW"),
        (0x41, "SO_TIMESTAMPING_NEW"),
        (0x42, "SO_RCVTIMEO_NEW"),
        (0x43, "SO_SNDTIMEO_NEW"),
        (0x44, "SO_DETACH_REUSEPORT_BPF"),
        (0x45, "SO_PREFER_BUSY_POLL"),
        (0x46, "SO_BUSY_POLL_BUDGET"),
        (0x47, "SO_NETNS_COOKIE"),
        (0x48, "SO_BUF_LOCK"),
        (0x49, "SO_RESERVE_MEM"),
        (0x4a, "SO_TXREHASH"),
        (0x4b, "SO_RCVMARK"),
        (0x4c, "SO_PASSPIDFD"),
        (0x4d, "SO_PEERPIDFD"),
        (0x4f, "SO_DEVMEM_DMABUF"),
        (0x50, "SO_DEVMEM_DONTNEED"),
        (0x52, "SO_RCVPRIORITY"),
        (0x53, "SO_PASSRIGHTS"),
        (0x54, "SO_INQ"),
    ],
};

/// `TCP_*`
pub(super) static TCP: Names = Names {
    unknown: "TCP_???",
    entries: &[
        (0x1, "TCP_NODELAY"),
        (0x2, "TCP_MAXSEG"),
        (0x3, "TCP_CORK"),
        (0x4, "TCP_KEEPIDLE"),
        (0x5, "TCP_KEEPINTVL"),
        (0x6, "TCP_KEEPCNT"),
        (0x7, "TCP_SYNCNT"),
        (0x8, "TCP_LINGER2"),
        (0x9, "TCP_DEFER_ACCEPT"),
        (0xa, "TCP_WINDOW_CLAMP"),
        (0xb, "TCP_INFO"),
        (0xc, "TCP_QUICKACK"),
        (0xd, "TCP_CONGESTION"),
        (0xe, "TCP_MD5SIG"),
        (0xf, "TCP_COOKIE_TRANSACTIONS"),
        (0x10, "TCP_THIN_LINEAR_TIMEOUTS"),
        (0x11, "TCP_THIN_DUPACK"),
        (0x12, "TCP_USER_TIMEOUT"),
        (0x13, "TCP_REPAIR"),
        (0x15, "TCP_QUEUE_SEQ"),
        (0x16, "TCP_REPAIR_OPTIONS"),
        (0x17, "TCP_FASTOPEN"),
        (0x18, "TCP_TIMESTAMP"),
        (0x19, "TCP_NOTSENT_LOWAT"),
        (0x1a, "TCP_CC_INFO"),
        (0x1b, "TCP_SAVE_SYN"),
        (0x1c, "TCP_SAVED_SYN"),
        (0x1d, "TCP_REPAIR_WINDOW"),
        (0x1e, "TCP_FASTOPEN_CONNECT"),
        (0x1f, "TCP_ULP"),
        (0x21, "TCP_FASTOPEN_KEY"),
        (0x22, "TCP_FASTOPEN_NO_COOKIE"),
        (0x23, "TCP_ZEROCOPY_RECEIVE"),
        (0x24, "TCP_INQ"),
    ],
};

/// `IP_*`
pub(super) static IP: Names = Names {
    unknown: "IP_???",
    entries: &[
        (0x1, "IP_TOS"),
        (0x2, "IP_TTL"),
        (0x3, "IP_HDRINCL"),
        (0x4, "IP_OPTIONS"),
        (0x5, "IP_ROUTER_ALERT"),
        (0x6, "IP_RECVOPTS"),
        (0x7, "IP_RETOPTS"),
        (0x8, "IP_PKTINFO"),
        (0x9, "IP_PKTOPTIONS"),
        (0xa, "IP_MTU_DISCOVER"),
        (0xb, "IP_RECVERR"),
        (0xc, "IP_RECVTTL"),
        (0xd, "IP_RECVTOS"),
        (0xe, "IP_MTU"),
        (0xf, "IP_FREEBIND"),
        (0x10, "IP_IPSEC_POLICY"),
        (0x11, "IP_XFRM_POLICY"),
        (0x12, "IP_PASSSEC"),
        (0x13, "IP_TRANSPARENT"),
        (0x14, "IP_RECVORIGDSTADDR"),
        (0x15, "IP_MINTTL"),
        (0x16, "IP_NODEFRAG"),
        (0x17, "IP_CHECKSUM"),
        (0x18, "IP_BIND_ADDRESS_NO_PORT"),
        (0x19, "IP_RECVFRAGSIZE"),
        (0x20, "IP_MULTICAST_IF"),
        (0x21, "IP_MULTICAST_TTL"),
        (0x22, "IP_MULTICAST_LOOP"),
        (0x23, "IP_ADD_MEMBERSHIP"),
        (0x24, "IP_DROP_MEMBERSHIP"),
        (0x25, "IP_UNBLOCK_SOURCE"),
        (0x26, "IP_BLOCK_SOURCE"),
        (0x27, "IP_ADD_SOURCE_MEMBERSHIP"),
        (0x28, "IP_DROP_SOURCE_MEMBERSHIP"),
        (0x29, "IP_MSFILTER"),
        (0x31, "IP_MULTICAST_ALL"),
        (0x32, "IP_UNICAST_IF"),
    ],
};

/// `IPV6_*`
pub(super) static IPV6: Names = Names {
    unknown: "IPV6_???",
    entries: &[
        (0x0, "IPV6_RTHDR_LOOSE"),
        (0x1, "IPV6_ADDRFORM"),
        (0x2, "IPV6_2292PKTINFO"),
        (0x3, "IPV6_2292HOPOPTS"),
        (0x4, "IPV6_2292DSTOPTS"),
        (0x5, "IPV6_2292RTHDR"),
        (0x6, "IPV6_2292PKTOPTIONS"),
        (0x7, "IPV6_CHECKSUM"),
        (0x8, "IPV6_2292HOPLIMIT"),
        (0x9, "IPV6_NEXTHOP"),
        (0xa, "IPV6_AUTHHDR"),
        (0xb, "IPV6_FLOWINFO"),
        (0x10, "IPV6_UNICAST_HOPS"),
        (0x11, "IPV6_MULTICAST_IF"),
        (0x12, "IPV6_MULTICAST_HOPS"),
        (0x13, "IPV6_MULTICAST_LOOP"),
        (0x14, "IPV6_ADD_MEMBERSHIP"),
        (0x15, "IPV6_DROP_MEMBERSHIP"),
        (0x16, "IPV6_ROUTER_ALERT"),
        (0x17, "IPV6_MTU_DISCOVER"),
        (0x18, "IPV6_MTU"),
        (0x19, "IPV6_RECVERR"),
        (0x1a, "IPV6_V6ONLY"),
        (0x1b, "IPV6_JOIN_ANYCAST"),
        (0x1c, "IPV6_LEAVE_ANYCAST"),
        (0x1d, "IPV6_MULTICAST_ALL"),
        (0x1e, "IPV6_ROUTER_ALERT_ISOLATE"),
        (0x20, "IPV6_FLOWLABEL_MGR"),
        (0x21, "IPV6_FLOWINFO_SEND"),
        (0x22, "IPV6_IPSEC_POLICY"),
        (0x23, "IPV6_XFRM_POLICY"),
        (0x24, "IPV6_HDRINCL"),
        (0x31, "IPV6_RECVPKTINFO"),
        (0x32, "IPV6_PKTINFO"),
        (0x33, "IPV6_RECVHOPLIMIT"),
        (0x34, "IPV6_HOPLIMIT"),
        (0x35, "IPV6_RECVHOPOPTS"),
        (0x36, "IPV6_HOPOPTS"),
        (0x37, "IPV6_RTHDRDSTOPTS"),
        (0x38, "IPV6_RECVRTHDR"),
        (0x39, "IPV6_RTHDR"),
        (0x3a, "IPV6_RECVDSTOPTS"),
        (0x3b, "IPV6_DSTOPTS"),
        (0x3c, "IPV6_RECVPATHMTU"),
        (0x3d, "IPV6_PATHMTU"),
        (0x3e, "IPV6_DONTFRAG"),
        (0x42, "IPV6_RECVTCLASS"),
        (0x43, "IPV6_TCLASS"),
        (0x46, "IPV6_AUTOFLOWLABEL"),
        (0x48, "IPV6_ADDR_PREFERENCES"),
        (0x49, "IPV6_MINHOPCOUNT"),
        (0x4a, "IPV6_RECVORIGDSTADDR"),
        (0x4b, "IPV6_TRANSPARENT"),
        (0x4c, "IPV6_UNICAST_IF"),
        (0x4d, "IPV6_RECVFRAGSIZE"),
        (0x4e, "IPV6_FREEBIND"),
        (0x100, "IPV6_PREFER_SRC_PUBTMP_DEFAULT"),
        (0x400, "IPV6_PREFER_SRC_HOME"),
        (0x800, "IPV6_PREFER_SRC_NONCGA"),
        (0xfffff, "IPV6_FLOWINFO_FLOWLABEL"),
        (0xff00000, "IPV6_FLOWINFO_PRIORITY"),
    ],
};

/// `MSG_*`
pub(super) static MSG: Names = Names {
    unknown: "MSG_???",
    entries: &[
        (0x1, "MSG_OOB"),
        (0x2, "MSG_PEEK"),
        (0x4, "MSG_DONTROUTE"),
        (0x8, "MSG_CTRUNC"),
        (0x20, "MSG_TRUNC"),
        (0x40, "MSG_DONTWAIT"),
        (0x80, "MSG_EOR"),
        (0x100, "MSG_WAITALL"),
        (0x200, "MSG_FIN"),
        (0x400, "MSG_SYN"),
        (0x800, "MSG_CONFIRM"),
        (0x1000, "MSG_RST"),
        (0x2000, "MSG_ERRQUEUE"),
        (0x4000, "MSG_NOSIGNAL"),
        (0x8000, "MSG_MORE"),
        (0x10000, "MSG_WAITFORONE"),
        (0x4000000, "MSG_ZEROCOPY"),
        (0x20000000, "MSG_FASTOPEN"),
        (0x40000000, "MSG_CMSG_CLOEXEC"),
    ],
};

/// `SHUT_*`
pub(super) static SHUT: Names = Names {
    unknown: "SHUT_???",
    entries: &[
        (0x0, "SHUT_RD"),
        (0x1, "SHUT_WR"),
        (0x2, "SHUT_RDWR"),
    ],
};

/// `STATX_*`
pub(super) static STATX_MASK: Names = Names {
    unknown: "STATX_???",
    entries: &[
        (0x1, "STATX_TYPE"),
        (0x2, "STATX_MODE"),
        (0x4, "STATX_NLINK"),
        (0x8, "STATX_UID"),
        (0x10, "STATX_GID"),
        (0x20, "STATX_ATIME"),
        (0x40, "STATX_MTIME"),
        (0x80, "STATX_CTIME"),
        (0x100, "STATX_INO"),
        (0x200, "STATX_SIZE"),
        (0x400, "STATX_BLOCKS"),
        (0x800, "STATX_BTIME"),
        (0x1000, "STATX_MNT_ID"),
        (0x2000, "STATX_DIOALIGN"),
        (0x4000, "STATX_MNT_ID_UNIQUE"),
        (0x8000, "STATX_SUBVOL"),
        (0x10000, "STATX_WRITE_ATOMIC"),
        (0x20000, "STATX_DIO_READ_ALIGN"),
    ],
};

/// `STATX_ATTR_*`
pub(super) static STATX_ATTR: Names = Names {
    unknown: "STATX_ATTR_???",
    entries: &[
        (0x4, "STATX_ATTR_COMPRESSED"),
        (0x10, "STATX_ATTR_IMMUTABLE"),
        (0x20, "STATX_ATTR_APPEND"),
        (0x40, "STATX_ATTR_NODUMP"),
        (0x800, "STATX_ATTR_ENCRYPTED"),
        (0x1000, "STATX_ATTR_AUTOMOUNT"),
        (0x2000, "STATX_ATTR_MOUNT_ROOT"),
        (0x100000, "STATX_ATTR_VERITY"),
        (0x200000, "STATX_ATTR_DAX"),
        (0x400000, "STATX_ATTR_WRITE_ATOMIC"),
    ],
};

/// `XATTR_CREATE`, `XATTR_REPLACE`
pub(super) static XATTR: Names = Names {
    unknown: "XATTR_???",
    entries: &[
        (0x1, "XATTR_CREATE"),
        (0x2, "XATTR_REPLACE"),
    ],
};

/// `RLIMIT_*`
pub(super) static RLIMIT: Names = Names {
    unknown: "RLIMIT_???",
    entries: &[
        (0x0, "RLIMIT_CPU"),
        (0x1, "RLIMIT_FSIZE"),
        (0x2, "RLIMIT_DATA"),
        (0x3, "RLIMIT_STACK"),
        (0x4, "RLIMIT_CORE"),
        (0x5, "RLIMIT_RSS"),
        (0x6, "RLIMIT_NPROC"),
        (0x7, "RLIMIT_NOFILE"),
        (0x8, "RLIMIT_MEMLOCK"),
        (0x9, "RLIMIT_AS"),
        (0xa, "RLIMIT_LOCKS"),
        (0xb, "RLIMIT_SIGPENDING"),
        (0xc, "RLIMIT_MSGQUEUE"),
        (0xd, "RLIMIT_NICE"),
        (0xe, "RLIMIT_RTPRIO"),
        (0xf, "RLIMIT_RTTIME"),
    ],
};

/// `RUSAGE_*`
pub(super) static RUSAGE: Names = Names {
    unknown: "RUSAGE_???",
    entries: &[
        (0x0, "RUSAGE_SELF"),
        (0x1, "RUSAGE_THREAD"),
        (0xfffffffe, "RUSAGE_BOTH"),
        (0xffffffff, "RUSAGE_CHILDREN"),
    ],
};

/// `PRIO_*`
pub(super) static PRIO: Names = Names {
    unknown: "PRIO_???",
    entries: &[
        (0x0, "PRIO_PROCESS"),
        (0x1, "PRIO_PGRP"),
        (0x2, "PRIO_USER"),
    ],
};

/// `ITIMER_*`
pub(super) static ITIMER: Names = Names {
    unknown: "ITIMER_???",
    entries: &[
        (0x0, "ITIMER_REAL"),
        (0x1, "ITIMER_VIRTUAL"),
        (0x2, "ITIMER_PROF"),
    ],
};

/// `CLOCK_*`
pub(super) static CLOCKS: Names = Names {
    unknown: "CLOCK_???",
    entries: &[
        (0x0, "CLOCK_REALTIME"),
        (0x1, "CLOCK_MONOTONIC"),
        (0x2, "CLOCK_PROCESS_CPUTIME_ID"),
        (0x3, "CLOCK_THREAD_CPUTIME_ID"),
        (0x4, "CLOCK_MONOTONIC_RAW"),
        (0x5, "CLOCK_REALTIME_COARSE"),
        (0x6, "CLOCK_MONOTONIC_COARSE"),
        (0x7, "CLOCK_BOOTTIME"),
        (0x8, "CLOCK_REALTIME_ALARM"),
        (0x9, "CLOCK_BOOTTIME_ALARM"),
        (0xa, "CLOCK_SGI_CYCLE"),
        (0xb, "CLOCK_TAI"),
        (0x10, "CLOCK_AUX"),
        (0x17, "CLOCK_AUX_LAST"),
    ],
};

/// `TIMER_ABSTIME`
pub(super) static TIMER_FLAGS: Names = Names {
    unknown: "TIMER_???",
    entries: &[
        (0x1, "TIMER_ABSTIME"),
    ],
};

/// `PR_SET_*`, `PR_GET_*`, `PR_CAPBSET_*`, `PR_CAP_AMBIENT`, `PR_MCE_KILL`, `PR_MCE_KILL_GET`, `PR_MPX_*`, `PR_TASK_PERF*`, `PR_SCHED_CORE`, `PR_SVE_*`, `PR_SME_*`, `PR_PAC_*`, `PR_RISCV_*`, `PR_PPC_*`, `PR_LOCK_*`, `PR_TIMER_CREATE_RESTORE_IDS`, `PR_FUTEX_HASH`
pub(super) static PRCTL: Names = Names {
    unknown: "PR_???",
    entries: &[
        (0x1, "PR_SET_PDEATHSIG"),
        (0x2, "PR_GET_PDEATHSIG"),
        (0x3, "PR_GET_DUMPABLE"),
        (0x4, "PR_SET_DUMPABLE"),
        (0x5, "PR_GET_UNALIGN"),
        (0x6, "PR_SET_UNALIGN"),
        (0x7, "PR_GET_KEEPCAPS"),
        (0x8, "PR_SET_KEEPCAPS"),
        (0x9, "PR_GET_FPEMU"),
        (0xa, "PR_SET_FPEMU"),
        (0xb, "PR_GET_FPEXC"),
        (0xc, "PR_SET_FPEXC"),
        (0xd, "PR_GET_TIMING"),
        (0xe, "PR_SET_TIMING"),
        (0xf, "PR_SET_NAME"),
        (0x10, "PR_GET_NAME"),
        (0x13, "PR_GET_ENDIAN"),
        (0x14, "PR_SET_ENDIAN"),
        (0x15, "PR_GET_SECCOMP"),
        (0x16, "PR_SET_SECCOMP"),
        (0x17, "PR_CAPBSET_READ"),
        (0x18, "PR_CAPBSET_DROP"),
        (0x19, "PR_GET_TSC"),
        (0x1a, "PR_SET_TSC"),
        (0x1b, "PR_GET_SECUREBITS"),
        (0x1c, "PR_SET_SECUREBITS"),
        (0x1d, "PR_SET_TIMERSLACK"),
        (0x1e, "PR_GET_TIMERSLACK"),
        (0x1f, "PR_TASK_PERF_EVENTS_DISABLE"),
        (0x20, "PR_TASK_PERF_EVENTS_ENABLE"),
        (0x21, "PR_MCE_KILL"),
        (0x22, "PR_MCE_KILL_GET"),
        (0x23, "PR_SET_MM"),
        (0x24, "PR_SET_CHILD_SUBREAPER"),
        (0x25, "PR_GET_CHILD_SUBREAPER"),
        (0x26, "PR_SET_NO_NEW_PRIVS"),
        (0x27, "PR_GET_NO_NEW_PRIVS"),
        (0x28, "PR_GET_TID_ADDRESS"),
        (0x29, "PR_SET_THP_DISABLE"),
        (0x2a, "PR_GET_THP_DISABLE"),
        (0x2b, "PR_MPX_ENABLE_MANAGEMENT"),
        (0x2c, "PR_MPX_DISABLE_MANAGEMENT"),
        (0x2d, "PR_SET_FP_MODE"),
        (0x2e, "PR_GET_FP_MODE"),
        (0x2f, "PR_CAP_AMBIENT"),
        (0x32, "PR_SVE_SET_VL"),
        (0x33, "PR_SVE_GET_VL"),
        (0x34, "PR_GET_SPECULATION_CTRL"),
        (0x35, "PR_SET_SPECULATION_CTRL"),
        (0x36, "PR_PAC_RESET_KEYS"),
        (0x37, "PR_SET_TAGGED_ADDR_CTRL"),
        (0x38, "PR_GET_TAGGED_ADDR_CTRL"),
        (0x39, "PR_SET_IO_FLUSHER"),
        (0x3a, "PR_GET_IO_FLUSHER"),
        (0x3b, "PR_SET_SYSCALL_USER_DISPATCH"),
        (0x3c, "PR_PAC_SET_ENABLED_KEYS"),
        (0x3d, "PR_PAC_GET_ENABLED_KEYS"),
        (0x3e, "PR_SCHED_CORE"),
        (0x3f, "PR_SME_SET_VL"),
        (0x40, "PR_SME_GET_VL"),
        (0x41, "PR_SET_MDWE"),
        (0x42, "PR_GET_MDWE"),
        (0x43, "PR_SET_MEMORY_MERGE"),
        (0x44, "PR_GET_MEMORY_MERGE"),
        (0x45, "PR_RISCV_V_SET_CONTROL"),
        (0x46, "PR_RISCV_V_GET_CONTROL"),
        (0x47, "PR_RISCV_SET_ICACHE_FLUSH_CTX"),
        (0x48, "PR_PPC_GET_DEXCR"),
        (0x49, "PR_PPC_SET_DEXCR"),
        (0x4a, "PR_GET_SHADOW_STACK_STATUS"),
        (0x4b, "PR_SET_SHADOW_STACK_STATUS"),
        (0x4c, "PR_LOCK_SHADOW_STACK_STATUS"),
        (0x4d, "PR_TIMER_CREATE_RESTORE_IDS"),
        (0x4e, "PR_FUTEX_HASH"),
        (0x41555856, "PR_GET_AUXV"),
        (0x53564d41, "PR_SET_VMA"),
        (0x59616d61, "PR_SET_PTRACER"),
    ],
};

/// `PR_CAP_AMBIENT_*`
pub(super) static PR_AMBIENT: Names = Names {
    unknown: "PR_CAP_AMBIENT_???",
    entries: &[
        (0x1, "PR_CAP_AMBIENT_IS_SET"),
        (0x2, "PR_CAP_AMBIENT_RAISE"),
        (0x3, "PR_CAP_AMBIENT_LOWER"),
        (0x4, "PR_CAP_AMBIENT_CLEAR_ALL"),
    ],
};

/// `CAP_*`
pub(super) static CAPS: Names = Names {
    unknown: "CAP_???",
    entries: &[
        (0x0, "CAP_CHOWN"),
        (0x1, "CAP_DAC_OVERRIDE"),
        (0x2, "CAP_DAC_READ_SEARCH"),
        (0x3, "CAP_FOWNER"),
        (0x4, "CAP_FSETID"),
        (0x5, "CAP_KILL"),
        (0x6, "CAP_SETGID"),
        (0x7, "CAP_SETUID"),
        (0x8, "CAP_SETPCAP"),
        (0x9, "CAP_LINUX_IMMUTABLE"),
        (0xa, "CAP_NET_BIND_SERVICE"),
        (0xb, "CAP_NET_BROADCAST"),
        (0xc, "CAP_NET_ADMIN"),
        (0xd, "CAP_NET_RAW"),
        (0xe, "CAP_IPC_LOCK"),
        (0xf, "CAP_IPC_OWNER"),
        (0x10, "CAP_SYS_MODULE"),
        (0x11, "CAP_SYS_RAWIO"),
        (0x12, "CAP_SYS_CHROOT"),
        (0x13, "CAP_SYS_PTRACE"),
        (0x14, "CAP_SYS_PACCT"),
        (0x15, "CAP_SYS_ADMIN"),
        (0x16, "CAP_SYS_BOOT"),
        (0x17, "CAP_SYS_NICE"),
        (0x18, "CAP_SYS_RESOURCE"),
        (0x19, "CAP_SYS_TIME"),
        (0x1a, "CAP_SYS_TTY_CONFIG"),
        (0x1b, "CAP_MKNOD"),
        (0x1c, "CAP_LEASE"),
        (0x1d, "CAP_AUDIT_WRITE"),
        (0x1e, "CAP_AUDIT_CONTROL"),
        (0x1f, "CAP_SETFCAP"),
        (0x20, "CAP_MAC_OVERRIDE"),
        (0x21, "CAP_MAC_ADMIN"),
        (0x22, "CAP_SYSLOG"),
        (0x23, "CAP_WAKE_ALARM"),
        (0x24, "CAP_BLOCK_SUSPEND"),
        (0x25, "CAP_AUDIT_READ"),
        (0x26, "CAP_PERFMON"),
        (0x27, "CAP_BPF"),
        (0x28, "CAP_CHECKPOINT_RESTORE"),
    ],
};

/// `FUTEX_WAIT`, `FUTEX_WAKE`, `FUTEX_FD`, `FUTEX_REQUEUE`, `FUTEX_CMP_REQUEUE`, `FUTEX_WAKE_OP`, `FUTEX_LOCK_PI`, `FUTEX_UNLOCK_PI`, `FUTEX_TRYLOCK_PI`, `FUTEX_WAIT_BITSET`, `FUTEX_WAKE_BITSET`, `FUTEX_WAIT_REQUEUE_PI`, `FUTEX_CMP_REQUEUE_PI`, `FUTEX_LOCK_PI2`
pub(super) static FUTEX_OPS: Names = Names {
    unknown: "FUTEX_???",
    entries: &[
        (0x0, "FUTEX_WAIT"),
        (0x1, "FUTEX_WAKE"),
        (0x2, "FUTEX_FD"),
        (0x3, "FUTEX_REQUEUE"),
        (0x4, "FUTEX_CMP_REQUEUE"),
        (0x5, "FUTEX_WAKE_OP"),
        (0x6, "FUTEX_LOCK_PI"),
        (0x7, "FUTEX_UNLOCK_PI"),
        (0x8, "FUTEX_TRYLOCK_PI"),
        (0x9, "FUTEX_WAIT_BITSET"),
        (0xa, "FUTEX_WAKE_BITSET"),
        (0xb, "FUTEX_WAIT_REQUEUE_PI"),
        (0xc, "FUTEX_CMP_REQUEUE_PI"),
        (0xd, "FUTEX_LOCK_PI2"),
    ],
};

/// `FUTEX_OP_SET`, `FUTEX_OP_ADD`, `FUTEX_OP_OR`, `FUTEX_OP_ANDN`, `FUTEX_OP_XOR`
pub(super) static FUTEX_OP_OPS: Names = Names {
    unknown: "FUTEX_OP_???",
    entries: &[
        (0x0, "FUTEX_OP_SET"),
        (0x1, "FUTEX_OP_ADD"),
        (0x2, "FUTEX_OP_OR"),
        (0x3, "FUTEX_OP_ANDN"),
        (0x4, "FUTEX_OP_XOR"),
    ],
};

/// `FUTEX_OP_CMP_*`
pub(super) static FUTEX_OP_CMPS: Names = Names {
    unknown: "FUTEX_OP_CMP_???",
    entries: &[
        (0x0, "FUTEX_OP_CMP_EQ"),
        (0x1, "FUTEX_OP_CMP_NE"),
        (0x2, "FUTEX_OP_CMP_LT"),
        (0x3, "FUTEX_OP_CMP_LE"),
        (0x4, "FUTEX_OP_CMP_GT"),
        (0x5, "FUTEX_OP_CMP_GE"),
    ],
};

/// `SECCOMP_SET_MODE_*`, `SECCOMP_GET_*`
pub(super) static SECCOMP_OPS: Names = Names {
    unknown: "SECCOMP_???",
    entries: &[
        (0x0, "SECCOMP_SET_MODE_STRICT"),
        (0x1, "SECCOMP_SET_MODE_FILTER"),
        (0x2, "SECCOMP_GET_ACTION_AVAIL"),
        (0x3, "SECCOMP_GET_NOTIF_SIZES"),
    ],
};

/// `SECCOMP_FILTER_FLAG_*`
pub(super) static SECCOMP_FLAGS: Names = Names {
    unknown: "SECCOMP_FILTER_FLAG_???",
    entries: &[
        (0x1, "SECCOMP_FILTER_FLAG_TSYNC"),
        (0x2, "SECCOMP_FILTER_FLAG_LOG"),
        (0x4, "SECCOMP_FILTER_FLAG_SPEC_ALLOW"),
        (0x8, "SECCOMP_FILTER_FLAG_NEW_LISTENER"),
        (0x10, "SECCOMP_FILTER_FLAG_TSYNC_ESRCH"),
        (0x20, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"),
    ],
};

/// `SECCOMP_MODE_*`
pub(super) static SECCOMP_MODES: Names = Names {
    unknown: "SECCOMP_MODE_???",
    entries: &[
        (0x0, "SECCOMP_MODE_DISABLED"),
        (0x1, "SECCOMP_MODE_STRICT"),
        (0x2, "SECCOMP_MODE_FILTER"),
    ],
};

/// `PTRACE_*`
#[cfg(target_arch = "x86_64")]
pub(super) static PTRACE: Names = Names {
    unknown: "PTRACE_???",
    entries: &[
        (0x0, "PTRACE_TRACEME"),
        (0x1, "PTRACE_PEEKTEXT"),
        (0x2, "PTRACE_PEEKDATA"),
        (0x3, "PTRACE_PEEKUSR"),
        (0x4, "PTRACE_POKETEXT"),
        (0x5, "PTRACE_POKEDATA"),
        (0x6, "PTRACE_POKEUSR"),
        (0x7, "PTRACE_CONT"),
        (0x8, "PTRACE_KILL"),
        (0x9, "PTRACE_SINGLESTEP"),
        (0xc, "PTRACE_GETREGS"),
        (0xd, "PTRACE_SETREGS"),
        (0xe, "PTRACE_GETFPREGS"),
        (0xf, "PTRACE_SETFPREGS"),
        (0x10, "PTRACE_ATTACH"),
        (0x11, "PTRACE_DETACH"),
        (0x12, "PTRACE_GETFPXREGS"),
        (0x13, "PTRACE_SETFPXREGS"),
        (0x15, "PTRACE_OLDSETOPTIONS"),
        (0x18, "PTRACE_SYSCALL"),
        (0x19, "PTRACE_GET_THREAD_AREA"),
        (0x1a, "PTRACE_SET_THREAD_AREA"),
        (0x1e, "PTRACE_ARCH_PRCTL"),
        (0x1f, "PTRACE_SYSEMU"),
        (0x20, "PTRACE_SYSEMU_SINGLESTEP"),
        (0x21, "PTRACE_SINGLEBLOCK"),
        (0x4200, "PTRACE_SETOPTIONS"),
        (0x4201, "PTRACE_GETEVENTMSG"),
        (0x4202, "PTRACE_GETSIGINFO"),
        (0x4203, "PTRACE_SETSIGINFO"),
        (0x4204, "PTRACE_GETREGSET"),
        (0x4205, "PTRACE_SETREGSET"),
        (0x4206, "PTRACE_SEIZE"),
        (0x4207, "PTRACE_INTERRUPT"),
        (0x4208, "PTRACE_LISTEN"),
        (0x4209, "PTRACE_PEEKSIGINFO"),
        (0x420a, "PTRACE_GETSIGMASK"),
        (0x420b, "PTRACE_SETSIGMASK"),
        (0x420c, "PTRACE_SECCOMP_GET_FILTER"),
        (0x420d, "PTRACE_SECCOMP_GET_METADATA"),
        (0x420e, "PTRACE_GET_SYSCALL_INFO"),
        (0x420f, "PTRACE_GET_RSEQ_CONFIGURATION"),
        (0x4210, "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG"),
        (0x4211, "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG"),
        (0x4212, "PTRACE_SET_SYSCALL_INFO"),
    ],
};

/// `PTRACE_*`
#[cfg(target_arch = "aarch64")]
pub(super) static PTRACE: Names = Names {
    unknown: "PTRACE_???",
    entries: &[
        (0x0, "PTRACE_TRACEME"),
        (0x1, "PTRACE_PEEKTEXT"),
        (0x2, "PTRACE_PEEKDATA"),
        (0x3, "PTRACE_PEEKUSR"),
        (0x4, "PTRACE_POKETEXT"),
        (0x5, "PTRACE_POKEDATA"),
        (0x6, "PTRACE_POKEUSR"),
        (0x7, "PTRACE_CONT"),
        (0x8, "PTRACE_KILL"),
        (0x9, "PTRACE_SINGLESTEP"),
        (0x10, "PTRACE_ATTACH"),
        (0x11, "PTRACE_DETACH"),
        (0x18, "PTRACE_SYSCALL"),
        (0x1f, "PTRACE_SYSEMU"),
        (0x20, "PTRACE_SYSEMU_SINGLESTEP"),
        (0x21, "PTRACE_PEEKMTETAGS"),
        (0x22, "PTRACE_POKEMTETAGS"),
        (0x4200, "PTRACE_SETOPTIONS"),
        (0x4201, "PTRACE_GETEVENTMSG"),
        (0x4202, "PTRACE_GETSIGINFO"),
        (0x4203, "PTRACE_SETSIGINFO"),
        (0x4204, "PTRACE_GETREGSET"),
        (0x4205, "PTRACE_SETREGSET"),
        (0x4206, "PTRACE_SEIZE"),
        (0x4207, "PTRACE_INTERRUPT"),
        (0x4208, "PTRACE_LISTEN"),
        (0x4209, "PTRACE_PEEKSIGINFO"),
        (0x420a, "PTRACE_GETSIGMASK"),
        (0x420b, "PTRACE_SETSIGMASK"),
        (0x420c, "PTRACE_SECCOMP_GET_FILTER"),
        (0x420d, "PTRACE_SECCOMP_GET_METADATA"),
        (0x420e, "PTRACE_GET_SYSCALL_INFO"),
        (0x420f, "PTRACE_GET_RSEQ_CONFIGURATION"),
        (0x4210, "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG"),
        (0x4211, "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG"),
        (0x4212, "PTRACE_SET_SYSCALL_INFO"),
    ],
};

/// `WNOHANG`, `WSTOPPED`, `WEXITED`, `WCONTINUED`, `WNOWAIT`, `__WNOTHREAD`, `__WALL`, `__WCLONE`
pub(super) static WAIT: Names = Names {
    unknown: "W???",
    entries: &[
        (0x1, "WNOHANG"),
        (0x2, "WSTOPPED"),
        (0x4, "WEXITED"),
        (0x8, "WCONTINUED"),
        (0x1000000, "WNOWAIT"),
        (0x20000000, "__WNOTHREAD"),
        (0x40000000, "__WALL"),
        (0x80000000, "__WCLONE"),
    ],
};

/// `WNOHANG`, `WSTOPPED`, `WEXITED`, `WCONTINUED`, `WNOWAIT`, `__WNOTHREAD`, `__WALL`, `__WCLONE`
pub(super) static WAITID: Names = Names {
    unknown: "W???",
    entries: &[
        (0x1, "WNOHANG"),
        (0x2, "WSTOPPED"),
        (0x4, "WEXITED"),
        (0x8, "WCONTINUED"),
        (0x1000000, "WNOWAIT"),
        (0x20000000, "__WNOTHREAD"),
        (0x40000000, "__WALL"),
        (0x80000000, "__WCLONE"),
    ],
};

/// `P_ALL`, `P_PID`, `P_PGID`, `P_PIDFD`
pub(super) static WAIT_IDS: Names = Names {
    unknown: "P_???",
    entries: &[
        (0x0, "P_ALL"),
        (0x1, "P_PID"),
        (0x2, "P_PGID"),
        (0x3, "P_PIDFD"),
    ],
};

/// `SCHED_FLAG_*`
pub(super) static SCHED_FLAGS: Names = Names {
    unknown: "SCHED_FLAG_???",
    entries: &[
        (0x1, "SCHED_FLAG_RESET_ON_FORK"),
        (0x2, "SCHED_FLAG_RECLAIM"),
        (0x4, "SCHED_FLAG_DL_OVERRUN"),
        (0x8, "SCHED_FLAG_KEEP_POLICY"),
        (0x10, "SCHED_FLAG_KEEP_PARAMS"),
        (0x20, "SCHED_FLAG_UTIL_CLAMP_MIN"),
        (0x40, "SCHED_FLAG_UTIL_CLAMP_MAX"),
    ],
};

/// `IPC_RMID`, `IPC_SET`, `IPC_STAT`, `IPC_INFO`, `SHM_LOCK`, `SHM_UNLOCK`, `SHM_STAT`, `SHM_INFO`
pub(super) static IPC_CMDS: Names = Names {
    unknown: "IPC_???",
    entries: &[
        (0x0, "IPC_RMID"),
        (0x1, "IPC_SET"),
        (0x2, "IPC_STAT"),
        (0x3, "IPC_INFO"),
        (0xb, "SHM_LOCK"),
        (0xc, "SHM_UNLOCK"),
    ],
};

/// `IPC_RMID`, `IPC_SET`, `IPC_STAT`, `IPC_INFO`, `MSG_STAT`, `MSG_INFO`, `MSG_STAT_ANY`
pub(super) static MSG_CMDS: Names = Names {
    unknown: "MSG_???",
    entries: &[
        (0x0, "IPC_RMID"),
        (0x1, "IPC_SET"),
        (0x2, "IPC_STAT"),
        (0x3, "IPC_INFO"),
        (0xb, "MSG_STAT"),
        (0xc, "MSG_INFO"),
        (0xd, "MSG_STAT_ANY"),
    ],
};

/// `IPC_RMID`, `IPC_SET`, `IPC_STAT`, `IPC_INFO`, `GETPID`, `GETVAL`, `GETALL`, `GETNCNT`, `GETZCNT`, `SETVAL`, `SETALL`, `SEM_STAT`, `SEM_INFO`, `SEM_STAT_ANY`
pub(super) static SEM_CMDS: Names = Names {
    unknown: "SEM_???",
    entries: &[
        (0x0, "IPC_RMID"),
        (0x1, "IPC_SET"),
        (0x2, "IPC_STAT"),
        (0x3, "IPC_INFO"),
        (0xb, "GETPID"),
        (0xc, "GETVAL"),
        (0xd, "GETALL"),
        (0xe, "GETNCNT"),
        (0xf, "GETZCNT"),
        (0x10, "SETVAL"),
        (0x11, "SETALL"),
        (0x12, "SEM_STAT"),
        (0x13, "SEM_INFO"),
        (0x14, "SEM_STAT_ANY"),
    ],
};

/// `IPC_CREAT`, `IPC_EXCL`, `IPC_NOWAIT`
pub(super) static IPC_FLAGS: Names = Names {
    unknown: "IPC_???",
    entries: &[
        (0x200, "IPC_CREAT"),
        (0x400, "IPC_EXCL"),
        (0x800, "IPC_NOWAIT"),
    ],
};

/// `IPC_CREAT`, `IPC_EXCL`, `SHM_HUGETLB`, `SHM_NORESERVE`
pub(super) static SHM_FLAGS: Names = Names {
    unknown: "SHM_???",
    entries: &[
        (0x200, "IPC_CREAT"),
        (0x400, "IPC_EXCL"),
        (0x800, "SHM_HUGETLB"),
        (0x1000, "SHM_NORESERVE"),
    ],
};

/// `SHM_RDONLY`, `SHM_RND`, `SHM_REMAP`, `SHM_EXEC`
pub(super) static SHMAT: Names = Names {
    unknown: "SHM_???",
    entries: &[
        (0x1000, "SHM_RDONLY"),
        (0x2000, "SHM_RND"),
        (0x4000, "SHM_REMAP"),
        (0x8000, "SHM_EXEC"),
    ],
};

/// `MSG_NOERROR`, `MSG_EXCEPT`, `MSG_COPY`, `IPC_NOWAIT`
pub(super) static MSGRCV: Names = Names {
    unknown: "MSG_???",
    entries: &[
        (0x800, "IPC_NOWAIT"),
        (0x1000, "MSG_NOERROR"),
        (0x2000, "MSG_EXCEPT"),
        (0x4000, "MSG_COPY"),
    ],
};

/// `UNAME26`, `ADDR_NO_RANDOMIZE`, `FDPIC_FUNCPTRS`, `MMAP_PAGE_ZERO`, `ADDR_COMPAT_LAYOUT`, `READ_IMPLIES_EXEC`, `ADDR_LIMIT_*`, `SHORT_INODE`, `WHOLE_SECONDS`, `STICKY_TIMEOUTS`, `ADDR_LIMIT_3GB`
pub(super) static PERSONALITY_FLAGS: Names = Names {
    unknown: "ADDR_???",
    entries: &[
        (0x20000, "UNAME26"),
        (0x40000, "ADDR_NO_RANDOMIZE"),
        (0x80000, "FDPIC_FUNCPTRS"),
        (0x100000, "MMAP_PAGE_ZERO"),
        (0x200000, "ADDR_COMPAT_LAYOUT"),
        (0x400000, "READ_IMPLIES_EXEC"),
        (0x800000, "ADDR_LIMIT_32BIT"),
        (0x1000000, "SHORT_INODE"),
        (0x2000000, "WHOLE_SECONDS"),
        (0x4000000, "STICKY_TIMEOUTS"),
        (0x8000000, "ADDR_LIMIT_3GB"),
    ],
};

/// `LINUX_REBOOT_CMD_*`
pub(super) static REBOOT_CMDS: Names = Names {
    unknown: "LINUX_REBOOT_CMD_???",
    entries: &[
        (0x0, "LINUX_REBOOT_CMD_CAD_OFF"),
        (0x1234567, "LINUX_REBOOT_CMD_RESTART"),
        (0x4321fedc, "LINUX_REBOOT_CMD_POWER_OFF"),
        (0x45584543, "LINUX_REBOOT_CMD_KEXEC"),
        (0x89abcdef, "LINUX_REBOOT_CMD_CAD_ON"),
        (0xa1b2c3d4, "LINUX_REBOOT_CMD_RESTART2"),
        (0xcdef0123, "LINUX_REBOOT_CMD_HALT"),
        (0xd000fce2, "LINUX_REBOOT_CMD_SW_SUSPEND"),
    ],
};

/// `OPEN_TREE_CLONE`, `OPEN_TREE_CLOEXEC`, `AT_SYMLINK_NOFOLLOW`, `AT_NO_AUTOMOUNT`, `AT_EMPTY_PATH`, `AT_RECURSIVE`
pub(super) static OPEN_TREE: Names = Names {
    unknown: "OPEN_TREE_???",
    entries: &[
        (0x1, "OPEN_TREE_CLONE"),
        (0x80000, "OPEN_TREE_CLOEXEC"),
        (0x100, "AT_SYMLINK_NOFOLLOW"),
        (0x800, "AT_NO_AUTOMOUNT"),
        (0x1000, "AT_EMPTY_PATH"),
        (0x8000, "AT_RECURSIVE"),
    ],
};

/// `MOVE_MOUNT_*`
pub(super) static MOVE_MOUNT: Names = Names {
    unknown: "MOVE_MOUNT_???",
    entries: &[
        (0x1, "MOVE_MOUNT_F_SYMLINKS"),
        (0x2, "MOVE_MOUNT_F_AUTOMOUNTS"),
        (0x4, "MOVE_MOUNT_F_EMPTY_PATH"),
        (0x10, "MOVE_MOUNT_T_SYMLINKS"),
        (0x20, "MOVE_MOUNT_T_AUTOMOUNTS"),
        (0x40, "MOVE_MOUNT_T_EMPTY_PATH"),
        (0x100, "MOVE_MOUNT_SET_GROUP"),
        (0x200, "MOVE_MOUNT_BENEATH"),
    ],
};

/// `FSOPEN_*`
pub(super) static FSOPEN: Names = Names {
    unknown: "FSOPEN_???",
    entries: &[
        (0x1, "FSOPEN_CLOEXEC"),
    ],
};

/// `FSPICK_*`
pub(super) static FSPICK: Names = Names {
    unknown: "FSPICK_???",
    entries: &[
        (0x1, "FSPICK_CLOEXEC"),
        (0x2, "FSPICK_SYMLINK_NOFOLLOW"),
        (0x4, "FSPICK_NO_AUTOMOUNT"),
        (0x8, "FSPICK_EMPTY_PATH"),
    ],
};

/// `FSCONFIG_*`
pub(super) static FSCONFIG: Names = Names {
    unknown: "FSCONFIG_???",
    entries: &[
        (0x0, "FSCONFIG_SET_FLAG"),
        (0x1, "FSCONFIG_SET_STRING"),
        (0x2, "FSCONFIG_SET_BINARY"),
        (0x3, "FSCONFIG_SET_PATH"),
        (0x4, "FSCONFIG_SET_PATH_EMPTY"),
        (0x5, "FSCONFIG_SET_FD"),
        (0x6, "FSCONFIG_CMD_CREATE"),
        (0x7, "FSCONFIG_CMD_RECONFIGURE"),
        (0x8, "FSCONFIG_CMD_CREATE_EXCL"),
    ],
};

/// `CLOSE_RANGE_*`
pub(super) static CLOSE_RANGE: Names = Names {
    unknown: "CLOSE_RANGE_???",
    entries: &[
        (0x2, "CLOSE_RANGE_UNSHARE"),
        (0x4, "CLOSE_RANGE_CLOEXEC"),
    ],
};

/// `LANDLOCK_CREATE_RULESET_*`
pub(super) static LANDLOCK_CREATE: Names = Names {
    unknown: "LANDLOCK_CREATE_RULESET_???",
    entries: &[
        (0x1, "LANDLOCK_CREATE_RULESET_VERSION"),
        (0x2, "LANDLOCK_CREATE_RULESET_ERRATA"),
    ],
};

/// `LANDLOCK_RULE_PATH_BENEATH`, `LANDLOCK_RULE_NET_PORT`
pub(super) static LANDLOCK_RULES: Names = Names {
    unknown: "LANDLOCK_RULE_???",
    entries: &[
        (0x1, "LANDLOCK_RULE_PATH_BENEATH"),
        (0x2, "LANDLOCK_RULE_NET_PORT"),
    ],
};

/// `IORING_SETUP_*`
pub(super) static URING_SETUP: Names = Names {
    unknown: "IORING_SETUP_???",
    entries: &[
        (0x1, "IORING_SETUP_IOPOLL"),
        (0x2, "IORING_SETUP_SQPOLL"),
        (0x4, "IORING_SETUP_SQ_AFF"),
        (0x8, "IORING_SETUP_CQSIZE"),
        (0x10, "IORING_SETUP_CLAMP"),
        (0x20, "IORING_SETUP_ATTACH_WQ"),
        (0x40, "IORING_SETUP_R_DISABLED"),
        (0x80, "IORING_SETUP_SUBMIT_ALL"),
        (0x100, "IORING_SETUP_COOP_TASKRUN"),
        (0x200, "IORING_SETUP_TASKRUN_FLAG"),
        (0x400, "IORING_SETUP_SQE128"),
        (0x800, "IORING_SETUP_CQE32"),
        (0x1000, "IORING_SETUP_SINGLE_ISSUER"),
        (0x2000, "IORING_SETUP_DEFER_TASKRUN"),
        (0x4000, "IORING_SETUP_NO_MMAP"),
        (0x8000, "IORING_SETUP_REGISTERED_FD_ONLY"),
        (0x10000, "IORING_SETUP_NO_SQARRAY"),
        (0x20000, "IORING_SETUP_HYBRID_IOPOLL"),
    ],
};

/// `IORING_ENTER_*`
pub(super) static URING_ENTER: Names = Names {
    unknown: "IORING_ENTER_???",
    entries: &[
        (0x1, "IORING_ENTER_GETEVENTS"),
        (0x2, "IORING_ENTER_SQ_WAKEUP"),
        (0x4, "IORING_ENTER_SQ_WAIT"),
        (0x8, "IORING_ENTER_EXT_ARG"),
        (0x10, "IORING_ENTER_REGISTERED_RING"),
        (0x20, "IORING_ENTER_ABS_TIMER"),
        (0x40, "IORING_ENTER_EXT_ARG_REG"),
        (0x80, "IORING_ENTER_NO_IOWAIT"),
    ],
};

/// `IORING_FEAT_*`
pub(super) static URING_FEAT: Names = Names {
    unknown: "IORING_FEAT_???",
    entries: &[
        (0x1, "IORING_FEAT_SINGLE_MMAP"),
        (0x2, "IORING_FEAT_NODROP"),
        (0x4, "IORING_FEAT_SUBMIT_STABLE"),
        (0x8, "IORING_FEAT_RW_CUR_POS"),
        (0x10, "IORING_FEAT_CUR_PERSONALITY"),
        (0x20, "IORING_FEAT_FAST_POLL"),
        (0x40, "IORING_FEAT_POLL_32BITS"),
        (0x80, "IORING_FEAT_SQPOLL_NONFIXED"),
        (0x100, "IORING_FEAT_EXT_ARG"),
        (0x200, "IORING_FEAT_NATIVE_WORKERS"),
        (0x400, "IORING_FEAT_RSRC_TAGS"),
        (0x800, "IORING_FEAT_CQE_SKIP"),
        (0x1000, "IORING_FEAT_LINKED_FILE"),
        (0x2000, "IORING_FEAT_REG_REG_RING"),
        (0x4000, "IORING_FEAT_RECVSEND_BUNDLE"),
        (0x8000, "IORING_FEAT_MIN_TIMEOUT"),
        (0x10000, "IORING_FEAT_RW_ATTR"),
        (0x20000, "IORING_FEAT_NO_IOWAIT"),
    ],
};

/// `IORING_REGISTER_*`, `IORING_UNREGISTER_*`
pub(super) static URING_REGISTER: Names = Names {
    unknown: "IORING_REGISTER_???",
    entries: &[
        (0x0, "IORING_REGISTER_BUFFERS"),
        (0x1, "IORING_UNREGISTER_BUFFERS"),
        (0x2, "IORING_REGISTER_FILES"),
        (0x3, "IORING_UNREGISTER_FILES"),
        (0x4, "IORING_REGISTER_EVENTFD"),
        (0x5, "IORING_UNREGISTER_EVENTFD"),
        (0x6, "IORING_REGISTER_FILES_UPDATE"),
        (0x7, "IORING_REGISTER_EVENTFD_ASYNC"),
        (0x8, "IORING_REGISTER_PROBE"),
        (0x9, "IORING_REGISTER_PERSONALITY"),
        (0xa, "IORING_UNREGISTER_PERSONALITY"),
        (0xb, "IORING_REGISTER_RESTRICTIONS"),
        (0xc, "IORING_REGISTER_ENABLE_RINGS"),
        (0xd, "IORING_REGISTER_FILES2"),
        (0xe, "IORING_REGISTER_FILES_UPDATE2"),
        (0xf, "IORING_REGISTER_BUFFERS2"),
        (0x10, "IORING_REGISTER_BUFFERS_UPDATE"),
        (0x11, "IORING_REGISTER_IOWQ_AFF"),
        (0x12, "IORING_UNREGISTER_IOWQ_AFF"),
        (0x13, "IORING_REGISTER_IOWQ_MAX_WORKERS"),
        (0x14, "IORING_REGISTER_RING_FDS"),
        (0x15, "IORING_UNREGISTER_RING_FDS"),
        (0x16, "IORING_REGISTER_PBUF_RING"),
        (0x17, "IORING_UNREGISTER_PBUF_RING"),
        (0x18, "IORING_REGISTER_SYNC_CANCEL"),
        (0x19, "IORING_REGISTER_FILE_ALLOC_RANGE"),
        (0x1a, "IORING_REGISTER_PBUF_STATUS"),
        (0x1b, "IORING_REGISTER_NAPI"),
        (0x1c, "IORING_UNREGISTER_NAPI"),
        (0x1d, "IORING_REGISTER_CLOCK"),
        (0x1e, "IORING_REGISTER_CLONE_BUFFERS"),
        (0x1f, "IORING_REGISTER_SEND_MSG_RING"),
        (0x20, "IORING_REGISTER_ZCRX_IFQ"),
        (0x21, "IORING_REGISTER_RESIZE_RINGS"),
        (0x22, "IORING_REGISTER_MEM_REGION"),
    ],
};

/// `BPF_MAP_CREATE`, `BPF_MAP_*_ELEM`, `BPF_MAP_GET_NEXT_KEY`, `BPF_PROG_LOAD`, `BPF_OBJ_*`, `BPF_PROG_ATTACH`, `BPF_PROG_DETACH`, `BPF_PROG_TEST_RUN`, `BPF_PROG_GET_*`, `BPF_MAP_GET_*`, `BPF_PROG_QUERY`, `BPF_RAW_TRACEPOINT_OPEN`, `BPF_BTF_LOAD`, `BPF_BTF_GET_*`, `BPF_TASK_FD_QUERY`, `BPF_MAP_FREEZE`, `BPF_MAP_*_BATCH`, `BPF_MAP_LOOKUP_AND_*`, `BPF_LINK_CREATE`, `BPF_LINK_UPDATE`, `BPF_LINK_GET_*`, `BPF_ENABLE_STATS`, `BPF_ITER_CREATE`, `BPF_LINK_DETACH`, `BPF_PROG_BIND_MAP`, `BPF_TOKEN_CREATE`
pub(super) static BPF_CMDS: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_MAP_CREATE"),
        (0x1, "BPF_MAP_LOOKUP_ELEM"),
        (0x2, "BPF_MAP_UPDATE_ELEM"),
        (0x3, "BPF_MAP_DELETE_ELEM"),
        (0x4, "BPF_MAP_GET_NEXT_KEY"),
        (0x5, "BPF_PROG_LOAD"),
        (0x6, "BPF_OBJ_PIN"),
        (0x7, "BPF_OBJ_GET"),
        (0x8, "BPF_PROG_ATTACH"),
        (0x9, "BPF_PROG_DETACH"),
        (0xa, "BPF_PROG_TEST_RUN"),
        (0xb, "BPF_PROG_GET_NEXT_ID"),
        (0xc, "BPF_MAP_GET_NEXT_ID"),
        (0xd, "BPF_PROG_GET_FD_BY_ID"),
        (0xe, "BPF_MAP_GET_FD_BY_ID"),
        (0xf, "BPF_OBJ_GET_INFO_BY_FD"),
        (0x10, "BPF_OBJ_NAME_LEN"),
        (0x11, "BPF_RAW_TRACEPOINT_OPEN"),
        (0x12, "BPF_BTF_LOAD"),
        (0x13, "BPF_BTF_GET_FD_BY_ID"),
        (0x14, "BPF_TASK_FD_QUERY"),
        (0x15, "BPF_MAP_LOOKUP_AND_DELETE_ELEM"),
        (0x16, "BPF_MAP_FREEZE"),
        (0x17, "BPF_BTF_GET_NEXT_ID"),
        (0x18, "BPF_MAP_LOOKUP_BATCH"),
        (0x19, "BPF_MAP_LOOKUP_AND_DELETE_BATCH"),
        (0x1a, "BPF_MAP_UPDATE_BATCH"),
        (0x1b, "BPF_MAP_DELETE_BATCH"),
        (0x1c, "BPF_LINK_CREATE"),
        (0x1d, "BPF_LINK_UPDATE"),
        (0x1e, "BPF_LINK_GET_FD_BY_ID"),
        (0x1f, "BPF_LINK_GET_NEXT_ID"),
        (0x20, "BPF_ENABLE_STATS"),
        (0x21, "BPF_ITER_CREATE"),
        (0x22, "BPF_LINK_DETACH"),
        (0x23, "BPF_PROG_BIND_MAP"),
        (0x24, "BPF_TOKEN_CREATE"),
    ],
};

/// `BPF_MAP_TYPE_*`
pub(super) static BPF_MAP_TYPES: Names = Names {
    unknown: "BPF_MAP_TYPE_???",
    entries: &[
        (0x0, "BPF_MAP_TYPE_UNSPEC"),
        (0x1, "BPF_MAP_TYPE_HASH"),
        (0x2, "BPF_MAP_TYPE_ARRAY"),
        (0x3, "BPF_MAP_TYPE_PROG_ARRAY"),
        (0x4, "BPF_MAP_TYPE_PERF_EVENT_ARRAY"),
        (0x5, "BPF_MAP_TYPE_PERCPU_HASH"),
        (0x6, "BPF_MAP_TYPE_PERCPU_ARRAY"),
        (0x7, "BPF_MAP_TYPE_STACK_TRACE"),
        (0x8, "BPF_MAP_TYPE_CGROUP_ARRAY"),
        (0x9, "BPF_MAP_TYPE_LRU_HASH"),
        (0xa, "BPF_MAP_TYPE_LRU_PERCPU_HASH"),
        (0xb, "BPF_MAP_TYPE_LPM_TRIE"),
        (0xc, "BPF_MAP_TYPE_ARRAY_OF_MAPS"),
        (0xd, "BPF_MAP_TYPE_HASH_OF_MAPS"),
        (0xe, "BPF_MAP_TYPE_DEVMAP"),
        (0xf, "BPF_MAP_TYPE_SOCKMAP"),
        (0x10, "BPF_MAP_TYPE_CPUMAP"),
        (0x11, "BPF_MAP_TYPE_XSKMAP"),
        (0x12, "BPF_MAP_TYPE_SOCKHASH"),
        (0x13, "BPF_MAP_TYPE_CGROUP_STORAGE_DEPRECATED"),
        (0x14, "BPF_MAP_TYPE_REUSEPORT_SOCKARRAY"),
        (0x15, "BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE_DEPRECATED"),
        (0x16, "BPF_MAP_TYPE_QUEUE"),
        (0x17, "BPF_MAP_TYPE_STACK"),
        (0x18, "BPF_MAP_TYPE_SK_STORAGE"),
        (0x19, "BPF_MAP_TYPE_DEVMAP_HASH"),
        (0x1a, "BPF_MAP_TYPE_STRUCT_OPS"),
        (0x1b, "BPF_MAP_TYPE_RINGBUF"),
        (0x1c, "BPF_MAP_TYPE_INODE_STORAGE"),
        (0x1d, "BPF_MAP_TYPE_TASK_STORAGE"),
        (0x1e, "BPF_MAP_TYPE_BLOOM_FILTER"),
        (0x1f, "BPF_MAP_TYPE_USER_RINGBUF"),
        (0x20, "BPF_MAP_TYPE_CGRP_STORAGE"),
        (0x21, "BPF_MAP_TYPE_ARENA"),
    ],
};

/// `BPF_PROG_TYPE_*`
pub(super) static BPF_PROG_TYPES: Names = Names {
    unknown: "BPF_PROG_TYPE_???",
    entries: &[
        (0x0, "BPF_PROG_TYPE_UNSPEC"),
        (0x1, "BPF_PROG_TYPE_SOCKET_FILTER"),
        (0x2, "BPF_PROG_TYPE_KPROBE"),
        (0x3, "BPF_PROG_TYPE_SCHED_CLS"),
        (0x4, "BPF_PROG_TYPE_SCHED_ACT"),
        (0x5, "BPF_PROG_TYPE_TRACEPOINT"),
        (0x6, "BPF_PROG_TYPE_XDP"),
        (0x7, "BPF_PROG_TYPE_PERF_EVENT"),
        (0x8, "BPF_PROG_TYPE_CGROUP_SKB"),
        (0x9, "BPF_PROG_TYPE_CGROUP_SOCK"),
        (0xa, "BPF_PROG_TYPE_LWT_IN"),
        (0xb, "BPF_PROG_TYPE_LWT_OUT"),
        (0xc, "BPF_PROG_TYPE_LWT_XMIT"),
        (0xd, "BPF_PROG_TYPE_SOCK_OPS"),
        (0xe, "BPF_PROG_TYPE_SK_SKB"),
        (0xf, "BPF_PROG_TYPE_CGROUP_DEVICE"),
        (0x10, "BPF_PROG_TYPE_SK_MSG"),
        (0x11, "BPF_PROG_TYPE_RAW_TRACEPOINT"),
        (0x12, "BPF_PROG_TYPE_CGROUP_SOCK_ADDR"),
        (0x13, "BPF_PROG_TYPE_LWT_SEG6LOCAL"),
        (0x14, "BPF_PROG_TYPE_LIRC_MODE2"),
        (0x15, "BPF_PROG_TYPE_SK_REUSEPORT"),
        (0x16, "BPF_PROG_TYPE_FLOW_DISSECTOR"),
        (0x17, "BPF_PROG_TYPE_CGROUP_SYSCTL"),
        (0x18, "BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE"),
        (0x19, "BPF_PROG_TYPE_CGROUP_SOCKOPT"),
        (0x1a, "BPF_PROG_TYPE_TRACING"),
        (0x1b, "BPF_PROG_TYPE_STRUCT_OPS"),
        (0x1c, "BPF_PROG_TYPE_EXT"),
        (0x1d, "BPF_PROG_TYPE_LSM"),
        (0x1e, "BPF_PROG_TYPE_SK_LOOKUP"),
        (0x1f, "BPF_PROG_TYPE_SYSCALL"),
        (0x20, "BPF_PROG_TYPE_NETFILTER"),
    ],
};

/// `PERF_TYPE_*`
pub(super) static PERF_TYPES: Names = Names {
    unknown: "PERF_TYPE_???",
    entries: &[
        (0x0, "PERF_TYPE_HARDWARE"),
        (0x1, "PERF_TYPE_SOFTWARE"),
        (0x2, "PERF_TYPE_TRACEPOINT"),
        (0x3, "PERF_TYPE_HW_CACHE"),
        (0x4, "PERF_TYPE_RAW"),
        (0x5, "PERF_TYPE_BREAKPOINT"),
    ],
};

/// `PERF_COUNT_HW_CPU_CYCLES`, `PERF_COUNT_HW_INSTRUCTIONS`, `PERF_COUNT_HW_CACHE_REFERENCES`, `PERF_COUNT_HW_CACHE_MISSES`, `PERF_COUNT_HW_BRANCH_*`, `PERF_COUNT_HW_BUS_CYCLES`, `PERF_COUNT_HW_STALLED*`, `PERF_COUNT_HW_REF*`
pub(super) static PERF_HW: Names = Names {
    unknown: "PERF_COUNT_HW_???",
    entries: &[
        (0x0, "PERF_COUNT_HW_CPU_CYCLES"),
        (0x1, "PERF_COUNT_HW_INSTRUCTIONS"),
        (0x2, "PERF_COUNT_HW_CACHE_REFERENCES"),
        (0x3, "PERF_COUNT_HW_CACHE_MISSES"),
        (0x4, "PERF_COUNT_HW_BRANCH_INSTRUCTIONS"),
        (0x5, "PERF_COUNT_HW_BRANCH_MISSES"),
        (0x6, "PERF_COUNT_HW_BUS_CYCLES"),
        (0x7, "PERF_COUNT_HW_STALLED_CYCLES_FRONTEND"),
        (0x8, "PERF_COUNT_HW_STALLED_CYCLES_BACKEND"),
        (0x9, "PERF_COUNT_HW_REF_CPU_CYCLES"),
    ],
};

/// `PERF_COUNT_SW_*`
pub(super) static PERF_SW: Names = Names {
    unknown: "PERF_COUNT_SW_???",
    entries: &[
        (0x0, "PERF_COUNT_SW_CPU_CLOCK"),
        (0x1, "PERF_COUNT_SW_TASK_CLOCK"),
        (0x2, "PERF_COUNT_SW_PAGE_FAULTS"),
        (0x3, "PERF_COUNT_SW_CONTEXT_SWITCHES"),
        (0x4, "PERF_COUNT_SW_CPU_MIGRATIONS"),
        (0x5, "PERF_COUNT_SW_PAGE_FAULTS_MIN"),
        (0x6, "PERF_COUNT_SW_PAGE_FAULTS_MAJ"),
        (0x7, "PERF_COUNT_SW_ALIGNMENT_FAULTS"),
        (0x8, "PERF_COUNT_SW_EMULATION_FAULTS"),
        (0x9, "PERF_COUNT_SW_DUMMY"),
        (0xa, "PERF_COUNT_SW_BPF_OUTPUT"),
        (0xb, "PERF_COUNT_SW_CGROUP_SWITCHES"),
    ],
};

/// `PERF_FLAG_*`
pub(super) static PERF_FLAGS: Names = Names {
    unknown: "PERF_FLAG_???",
    entries: &[
        (0x1, "PERF_FLAG_FD_NO_GROUP"),
        (0x2, "PERF_FLAG_FD_OUTPUT"),
        (0x4, "PERF_FLAG_PID_CGROUP"),
        (0x8, "PERF_FLAG_FD_CLOEXEC"),
    ],
};

/// `*`
pub(super) static IOCTLS: Names = Names {
    unknown: "",
    entries: &[
        (0x1, "FIBMAP"),
        (0x2, "FIGETBSZ"),
        (0x241, "FDCLRPRM"),
        (0x245, "FDMSGON"),
        (0x246, "FDMSGOFF"),
        (0x247, "FDFMTBEG"),
        (0x249, "FDFMTEND"),
        (0x24a, "FDSETEMSGTRESH"),
        (0x24b, "FDFLUSH"),
        (0x254, "FDRESET"),
        (0x256, "FDWERRORCLR"),
        (0x258, "FDRAWCMD"),
        (0x259, "FDTWADDLE"),
        (0x25a, "FDEJECT"),
        (0x7b9, "IOCTL_VM_SOCKETS_GET_LOCAL_CID"),
        (0x125d, "BLKROSET"),
        (0x125e, "BLKROGET"),
        (0x125f, "BLKRRPART"),
        (0x1260, "BLKGETSIZE"),
        (0x1261, "BLKFLSBUF"),
        (0x1262, "BLKRASET"),
        (0x1263, "BLKRAGET"),
        (0x1264, "BLKFRASET"),
        (0x1265, "BLKFRAGET"),
        (0x1266, "BLKSECTSET"),
        (0x1267, "BLKSECTGET"),
        (0x1268, "BLKSSZGET"),
        (0x1269, "BLKPG"),
        (0x1274, "BLKTRACESTART"),
        (0x1275, "BLKTRACESTOP"),
        (0x1276, "BLKTRACETEARDOWN"),
        (0x1277, "BLKDISCARD"),
        (0x1278, "BLKIOMIN"),
        (0x1279, "BLKIOOPT"),
        (0x127a, "BLKALIGNOFF"),
        (0x127b, "BLKPBSZGET"),
        (0x127c, "BLKDISCARDZEROES"),
        (0x127d, "BLKSECDISCARD"),
        (0x127e, "BLKROTATIONAL"),
        (0x127f, "BLKZEROOUT"),
        (0x2311, "FW_CDEV_IOC_GET_SPEED"),
        (0x3301, "SNAPSHOT_FREEZE"),
        (0x3302, "SNAPSHOT_UNFREEZE"),
        (0x3304, "SNAPSHOT_ATOMIC_RESTORE"),
        (0x3305, "SNAPSHOT_FREE"),
        (0x3309, "SNAPSHOT_FREE_SWAP_PAGES"),
        (0x330b, "SNAPSHOT_S2RAM"),
        (0x330f, "SNAPSHOT_PLATFORM_SUPPORT"),
        (0x3310, "SNAPSHOT_POWER_OFF"),
        (0x3b64, "VFIO_GET_API_VERSION"),
        (0x3b65, "VFIO_CHECK_EXTENSION"),
        (0x3b66, "VFIO_SET_IOMMU"),
        (0x3b67, "VFIO_GROUP_GET_STATUS"),
        (0x3b68, "VFIO_GROUP_SET_CONTAINER"),
        (0x3b69, "VFIO_GROUP_UNSET_CONTAINER"),
        (0x3b6a, "VFIO_GROUP_GET_DEVICE_FD"),
        (0x3b6b, "VFIO_DEVICE_GET_INFO"),
        (0x3b6c, "VFIO_DEVICE_GET_REGION_INFO"),
        (0x3b6d, "VFIO_DEVICE_GET_IRQ_INFO"),
        (0x3b6e, "VFIO_DEVICE_SET_IRQS"),
        (0x3b6f, "VFIO_DEVICE_RESET"),
        (0x3b70, "VFIO_IOMMU_SPAPR_TCE_GET_INFO"),
        (0x3b71, "VFIO_IOMMU_MAP_DMA"),
        (0x3b72, "VFIO_DEVICE_QUERY_GFX_PLANE"),
        (0x3b73, "VFIO_IOMMU_ENABLE"),
        (0x3b74, "VFIO_DEVICE_IOEVENTFD"),
        (0x3b75, "VFIO_IOMMU_SPAPR_REGISTER_MEMORY"),
        (0x3b76, "VFIO_IOMMU_SPAPR_UNREGISTER_MEMORY"),
        (0x3b77, "VFIO_IOMMU_SPAPR_TCE_CREATE"),
        (0x3b78, "VFIO_IOMMU_SPAPR_TCE_REMOVE"),
        (0x3b79, "VFIO_EEH_PE_OP"),
        (0x4101, "APM_IOC_STANDBY"),
        (0x4102, "APM_IOC_SUSPEND"),
        (0x4200, "PMU_IOC_SLEEP"),
        (0x420a, "CCISS_REVALIDVOLS"),
        (0x420c, "CCISS_DEREGDISK"),
        (0x420e, "CCISS_REGNEWD"),
        (0x4210, "CCISS_RESCANDISK"),
        (0x4688, "FBIO_WAITEVENT"),
        (0x4703, "GSMIOC_DISABLE_NET"),
        (0x4802, "HIDIOCAPPLICATION"),
        (0x4805, "HIDIOCINITREPORT"),
        (0x4b2f, "KIOCSOUND"),
        (0x4b30, "KDMKTONE"),
        (0x4b31, "KDGETLED"),
        (0x4b32, "KDSETLED"),
        (0x4b33, "KDGKBTYPE"),
        (0x4b34, "KDADDIO"),
        (0x4b35, "KDDELIO"),
        (0x4b36, "KDENABIO"),
        (0x4b37, "KDDISABIO"),
        (0x4b3a, "KDSETMODE"),
        (0x4b3b, "KDGETMODE"),
        (0x4b40, "GIO_SCRNMAP"),
        (0x4b41, "PIO_SCRNMAP"),
        (0x4b44, "KDGKBMODE"),
        (0x4b45, "KDSKBMODE"),
        (0x4b46, "KDGKBENT"),
        (0x4b47, "KDSKBENT"),
        (0x4b48, "KDGKBSENT"),
        (0x4b49, "KDSKBSENT"),
        (0x4b4a, "KDGKBDIACR"),
        (0x4b4c, "KDGETKEYCODE"),
        (0x4b4d, "KDSETKEYCODE"),
        (0x4b4e, "KDSIGACCEPT"),
        (0x4b60, "GIO_FONT"),
        (0x4b61, "PIO_FONT"),
        (0x4b62, "KDGKBMETA"),
        (0x4b63, "KDSKBMETA"),
        (0x4b64, "KDGKBLED"),
        (0x4b65, "KDSKBLED"),
        (0x4b66, "GIO_UNIMAP"),
        (0x4b67, "PIO_UNIMAP"),
        (0x4b68, "PIO_UNIMAPCLR"),
        (0x4b69, "GIO_UNISCRNMAP"),
        (0x4b6a, "PIO_UNISCRNMAP"),
        (0x4b6b, "GIO_FONTX"),
        (0x4b6c, "PIO_FONTX"),
        (0x4b6d, "PIO_FONTRESET"),
        (0x4b70, "GIO_CMAP"),
        (0x4b71, "PIO_CMAP"),
        (0x4e40, "NVME_IOCTL_ID"),
        (0x4e44, "NVME_IOCTL_RESET"),
        (0x4e45, "NVME_IOCTL_SUBSYS_RESET"),
        (0x4e46, "NVME_IOCTL_RESCAN"),
        (0x5001, "PCITEST_BAR"),
        (0x5002, "PCITEST_LEGACY_IRQ"),
        (0x5009, "PCITEST_GET_IRQTYPE"),
        (0x5010, "PCITEST_CLEAR_IRQ"),
        (0x5201, "RFKILL_IOCTL_NOINPUT"),
        (0x5204, "RNDZAPENTCNT"),
        (0x5206, "RNDCLEARPOOL"),
        (0x5207, "RNDRESEEDCRNG"),
        (0x5401, "TCGETS"),
        (0x5402, "TCSETS"),
        (0x5403, "TCSETSW"),
        (0x5404, "TCSETSF"),
        (0x5405, "TCGETA"),
        (0x5406, "TCSETA"),
        (0x5407, "TCSETAW"),
        (0x5408, "TCSETAF"),
        (0x5409, "TCSBRK"),
        (0x540a, "TCXONC"),
        (0x540b, "TCFLSH"),
        (0x540c, "TIOCEXCL"),
        (0x540d, "TIOCNXCL"),
        (0x540e, "TIOCSCTTY"),
        (0x540f, "TIOCGPGRP"),
        (0x5410, "TIOCSPGRP"),
        (0x5411, "TIOCOUTQ"),
        (0x5412, "TIOCSTI"),
        (0x5413, "TIOCGWINSZ"),
        (0x5414, "TIOCSWINSZ"),
        (0x5415, "TIOCMGET"),
        (0x5416, "TIOCMBIS"),
        (0x5417, "TIOCMBIC"),
        (0x5418, "TIOCMSET"),
        (0x5419, "TIOCGSOFTCAR"),
        (0x541a, "TIOCSSOFTCAR"),
        (0x541b, "FIONREAD"),
        (0x541c, "TIOCLINUX"),
        (0x541d, "TIOCCONS"),
        (0x541e, "TIOCGSERIAL"),
        (0x541f, "TIOCSSERIAL"),
        (0x5420, "TIOCPKT"),
        (0x5421, "FIONBIO"),
        (0x5422, "TIOCNOTTY"),
        (0x5423, "TIOCSETD"),
        (0x5424, "TIOCGETD"),
        (0x5425, "TCSBRKP"),
        (0x5427, "TIOCSBRK"),
        (0x5428, "TIOCCBRK"),
        (0x5429, "TIOCGSID"),
        (0x542e, "TIOCGRS485"),
        (0x542f, "TIOCSRS485"),
        (0x5432, "TCGETX"),
        (0x5433, "TCSETX"),
        (0x5434, "TCSETXF"),
        (0x5435, "TCSETXW"),
        (0x5437, "TIOCVHANGUP"),
        (0x5441, "TIOCGPTPEER"),
        (0x5450, "FIONCLEX"),
        (0x5451, "FIOCLEX"),
        (0x5452, "FIOASYNC"),
        (0x5453, "TIOCSERCONFIG"),
        (0x5454, "TIOCSERGWILD"),
        (0x5455, "TIOCSERSWILD"),
        (0x5456, "TIOCGLCKTRMIOS"),
        (0x5457, "TIOCSLCKTRMIOS"),
        (0x5458, "TIOCSERGSTRUCT"),
        (0x5459, "TIOCSERGETLSR"),
        (0x545a, "TIOCSERGETMULTI"),
        (0x545b, "TIOCSERSETMULTI"),
        (0x545c, "TIOCMIWAIT"),
        (0x545d, "TIOCGICOUNT"),
        (0x5460, "FIOQSIZE"),
        (0x54e3, "TUNGETDEVNETNS"),
        (0x5501, "UI_DEV_CREATE"),
        (0x5502, "UI_DEV_DESTROY"),
        (0x550b, "USBDEVFS_DISCARDURB"),
        (0x5514, "USBDEVFS_RESET"),
        (0x5516, "USBDEVFS_DISCONNECT"),
        (0x5517, "USBDEVFS_CONNECT"),
        (0x551f, "USBDEVFS_GET_SPEED"),
        (0x5521, "USBDEVFS_FORBID_SUSPEND"),
        (0x5522, "USBDEVFS_ALLOW_SUSPEND"),
        (0x5523, "USBDEVFS_WAIT_FOR_RESUME"),
        (0x5600, "VT_OPENQRY"),
        (0x5601, "VT_GETMODE"),
        (0x5602, "VT_SETMODE"),
        (0x5603, "VT_GETSTATE"),
        (0x5605, "VT_RELDISP"),
        (0x5606, "VT_ACTIVATE"),
        (0x5607, "VT_WAITACTIVE"),
        (0x5608, "VT_DISALLOCATE"),
        (0x5609, "VT_RESIZE"),
        (0x560a, "VT_RESIZEX"),
        (0x5646, "VIDIOC_LOG_STATUS"),
        (0x5761, "IOC_WATCH_QUEUE_SET_FILTER"),
        (0x6163, "NS_ADJBUFLEV"),
        (0x6180, "SIOCSIFATMTCP"),
        (0x618e, "ATMTCP_CREATE"),
        (0x618f, "ATMTCP_REMOVE"),
        (0x61d0, "ATMLEC_CTRL"),
        (0x61d1, "ATMLEC_DATA"),
        (0x61d2, "ATMLEC_MCAST"),
        (0x61d8, "ATMMPC_CTRL"),
        (0x61d9, "ATMMPC_DATA"),
        (0x61e0, "SIOCMKCLIP"),
        (0x61e1, "ATMARPD_CTRL"),
        (0x61e2, "ATMARP_MKIP"),
        (0x61e3, "ATMARP_SETENTRY"),
        (0x61e5, "ATMARP_ENCAP"),
        (0x61f0, "ATMSIGD_CTRL"),
        (0x6311, "CHIOINITELEM"),
        (0x6364, "KCOV_ENABLE"),
        (0x6365, "KCOV_DISABLE"),
        (0x6609, "EXT4_IOC_MIGRATE"),
        (0x660c, "EXT4_IOC_ALLOC_DA_BLKS"),
        (0x6611, "EXT4_IOC_SWAP_BOOT"),
        (0x6612, "EXT4_IOC_PRECACHE_EXTENTS"),
        (0x6628, "EXT4_IOC_CLEAR_ES_CACHE"),
        (0x6801, "HPET_IE_ON"),
        (0x6802, "HPET_IE_OFF"),
        (0x6804, "HPET_EPI"),
        (0x6805, "HPET_DPI"),
        (0x6d00, "MMTIMER_GETOFFSET"),
        (0x6d02, "MGSL_IOCSTXIDLE"),
        (0x6d03, "MGSL_IOCGTXIDLE"),
        (0x6d04, "MGSL_IOCTXENABLE"),
        (0x6d05, "MGSL_IOCRXENABLE"),
        (0x6d06, "MMTIMER_MMAPAVAIL"),
        (0x6d07, "MGSL_IOCGSTATS"),
        (0x6d09, "MGSL_IOCLOOPTXDONE"),
        (0x6d0a, "MGSL_IOCSIF"),
        (0x6d0b, "MGSL_IOCGIF"),
        (0x6d0f, "MGSL_IOCCLRMODCOUNT"),
        (0x6d13, "MGSL_IOCSXSYNC"),
        (0x6d14, "MGSL_IOCGXSYNC"),
        (0x6d15, "MGSL_IOCSXCTRL"),
        (0x6d16, "MGSL_IOCGXCTRL"),
        (0x7001, "RTC_AIE_ON"),
        (0x7002, "RTC_AIE_OFF"),
        (0x7003, "RTC_UIE_ON"),
        (0x7004, "PHN_NOT_OH"),
        (0x7005, "RTC_PIE_ON"),
        (0x7006, "RTC_PIE_OFF"),
        (0x700f, "RTC_WIE_ON"),
        (0x7010, "RTC_WIE_OFF"),
        (0x7014, "RTC_VL_CLR"),
        (0x7040, "NVRAM_INIT"),
        (0x7041, "NVRAM_SETCKS"),
        (0x708b, "PPCLAIM"),
        (0x708c, "PPRELEASE"),
        (0x708d, "PPYIELD"),
        (0x708f, "PPEXCL"),
        (0x7434, "PPPIOCUNBRIDGECHAN"),
        (0x7439, "PPPIOCDISCONN"),
        (0x744e, "PPPIOCXFERUNIT"),
        (0x7c80, "MEDIA_REQUEST_IOC_QUEUE"),
        (0x7c81, "MEDIA_REQUEST_IOC_REINIT"),
        (0x8113, "VDUSE_DEV_INJECT_CONFIG_IRQ"),
        (0x8901, "FIOSETOWN"),
        (0x8902, "SIOCSPGRP"),
        (0x8903, "FIOGETOWN"),
        (0x8904, "SIOCGPGRP"),
        (0x8905, "SIOCATMARK"),
        (0x8906, "SIOCGSTAMP"),
        (0x890b, "SIOCADDRT"),
        (0x890c, "SIOCDELRT"),
        (0x890d, "SIOCRTMSG"),
        (0x8910, "SIOCGIFNAME"),
        (0x8911, "SIOCSIFLINK"),
        (0x8912, "SIOCGIFCONF"),
        (0x8913, "SIOCGIFFLAGS"),
        (0x8914, "SIOCSIFFLAGS"),
        (0x8915, "SIOCGIFADDR"),
        (0x8916, "SIOCSIFADDR"),
        (0x8917, "SIOCGIFDSTADDR"),
        (0x8918, "SIOCSIFDSTADDR"),
        (0x8919, "SIOCGIFBRDADDR"),
        (0x891a, "SIOCSIFBRDADDR"),
        (0x891b, "SIOCGIFNETMASK"),
        (0x891c, "SIOCSIFNETMASK"),
        (0x891d, "SIOCGIFMETRIC"),
        (0x891e, "SIOCSIFMETRIC"),
        (0x891f, "SIOCGIFMEM"),
        (0x8920, "SIOCSIFMEM"),
        (0x8921, "SIOCGIFMTU"),
        (0x8922, "SIOCSIFMTU"),
        (0x8923, "SIOCSIFNAME"),
        (0x8924, "SIOCSIFHWADDR"),
        (0x8925, "SIOCGIFENCAP"),
        (0x8926, "SIOCSIFENCAP"),
        (0x8927, "SIOCGIFHWADDR"),
        (0x8929, "SIOCGIFSLAVE"),
        (0x8930, "SIOCSIFSLAVE"),
        (0x8931, "SIOCADDMULTI"),
        (0x8932, "SIOCDELMULTI"),
        (0x8933, "SIOCGIFINDEX"),
        (0x8934, "SIOCSIFPFLAGS"),
        (0x8935, "SIOCGIFPFLAGS"),
        (0x8936, "SIOCDIFADDR"),
        (0x8937, "SIOCSIFHWBROADCAST"),
        (0x8938, "SIOCGIFCOUNT"),
        (0x8940, "SIOCGIFBR"),
        (0x8941, "SIOCSIFBR"),
        (0x8942, "SIOCGIFTXQLEN"),
        (0x8943, "SIOCSIFTXQLEN"),
        (0x8953, "SIOCDARP"),
        (0x8954, "SIOCGARP"),
        (0x8955, "SIOCSARP"),
        (0x8960, "SIOCDRARP"),
        (0x8961, "SIOCGRARP"),
        (0x8962, "SIOCSRARP"),
        (0x8970, "SIOCGIFMAP"),
        (0x8971, "SIOCSIFMAP"),
        (0x8980, "SIOCADDDLCI"),
        (0x8981, "SIOCDELDLCI"),
        (0x89e0, "SIOCPROTOPRIVATE"),
        (0x89f0, "SIOCDEVPRIVATE"),
        (0x9360, "AUTOFS_IOC_READY"),
        (0x9361, "AUTOFS_IOC_FAIL"),
        (0x9362, "AUTOFS_IOC_CATATONIC"),
        (0x9406, "BTRFS_IOC_TRANS_START"),
        (0x9407, "BTRFS_IOC_TRANS_END"),
        (0x9408, "BTRFS_IOC_SYNC"),
        (0x941c, "BTRFS_IOC_SCRUB_CANCEL"),
        (0x942e, "BTRFS_IOC_QUOTA_RESCAN_WAIT"),
        (0xa211, "ACRN_IOCTL_DESTROY_VM"),
        (0xa212, "ACRN_IOCTL_START_VM"),
        (0xa213, "ACRN_IOCTL_PAUSE_VM"),
        (0xa215, "ACRN_IOCTL_RESET_VM"),
        (0xa232, "ACRN_IOCTL_CREATE_IOREQ_CLIENT"),
        (0xa233, "ACRN_IOCTL_ATTACH_IOREQ_CLIENT"),
        (0xa234, "ACRN_IOCTL_DESTROY_IOREQ_CLIENT"),
        (0xa235, "ACRN_IOCTL_CLEAR_VM_IOREQ"),
        (0xab00, "NBD_SET_SOCK"),
        (0xab01, "NBD_SET_BLKSIZE"),
        (0xab03, "NBD_DO_IT"),
        (0xab04, "NBD_CLEAR_SOCK"),
        (0xab05, "NBD_CLEAR_QUE"),
        (0xab06, "NBD_PRINT_DEBUG"),
        (0xab07, "NBD_SET_SIZE_BLOCKS"),
        (0xab08, "NBD_DISCONNECT"),
        (0xab09, "NBD_SET_TIMEOUT"),
        (0xab0a, "NBD_SET_FLAGS"),
        (0xaf01, "VHOST_SET_OWNER"),
        (0xaf02, "VHOST_RESET_OWNER"),
        (0xb100, "IPMI_BMC_IOCTL_SET_SMS_ATN"),
        (0xb101, "PPPOEIOCDFWD"),
        (0xb102, "IPMI_BMC_IOCTL_FORCE_ABORT"),
        (0xb502, "RPMSG_DESTROY_EPT_IOCTL"),
        (0xb600, "DFL_FPGA_GET_API_VERSION"),
        (0xb601, "DFL_FPGA_CHECK_EXTENSION"),
        (0xb640, "DFL_FPGA_PORT_RESET"),
        (0xb641, "DFL_FPGA_PORT_GET_INFO"),
        (0xb642, "DFL_FPGA_PORT_GET_REGION_INFO"),
        (0xb643, "DFL_FPGA_PORT_DMA_MAP"),
        (0xb644, "DFL_FPGA_PORT_DMA_UNMAP"),
        (0xb680, "DFL_FPGA_FME_PORT_PR"),
        (0xb701, "NS_GET_USERNS"),
        (0xb702, "NS_GET_PARENT"),
        (0xb703, "NS_GET_NSTYPE"),
        (0xb704, "NS_GET_OWNER_UID"),
        (0xf501, "F2FS_IOC_START_ATOMIC_WRITE"),
        (0xf502, "F2FS_IOC_COMMIT_ATOMIC_WRITE"),
        (0xf503, "F2FS_IOC_START_VOLATILE_WRITE"),
        (0xf504, "F2FS_IOC_RELEASE_VOLATILE_WRITE"),
        (0xf507, "F2FS_IOC_WRITE_CHECKPOINT"),
        (0xf50f, "F2FS_IOC_PRECACHE_EXTENTS"),
        (0xf517, "F2FS_IOC_DECOMPRESS_FILE"),
        (0xf518, "F2FS_IOC_COMPRESS_FILE"),
        (0x40017084, "PPWCONTROL"),
        (0x40017086, "PPWDATA"),
        (0x40017092, "PPWCTLONIRQ"),
        (0x40017600, "SONYPI_IOCSBRT"),
        (0x40017609, "SONYPI_IOCSBLUE"),
        (0x4001760b, "SONYPI_IOCSFAN"),
        (0x4001af72, "VHOST_VDPA_SET_STATUS"),
        (0x40026102, "CEC_ADAP_S_PHYS_ADDR"),
        (0x400261f2, "ATM_SETBACKEND"),
        (0x400261f3, "ATM_NEWBACKENDIF"),
        (0x40026304, "RIO_CM_CHAN_CLOSE"),
        (0x40026306, "RIO_CM_CHAN_LISTEN"),
        (0x40026d01, "RIO_MPORT_MAINT_HDID_SET"),
        (0x4002708e, "PPFCONTROL"),
        (0x4002f516, "F2FS_IOC_SET_COMPRESS_OPTION"),
        (0x40042303, "FW_CDEV_IOC_DEALLOCATE"),
        (0x40042305, "FW_CDEV_IOC_INITIATE_BUS_RESET"),
        (0x40042307, "FW_CDEV_IOC_REMOVE_DESCRIPTOR"),
        (0x4004230b, "FW_CDEV_IOC_STOP_ISO"),
        (0x4004230e, "FW_CDEV_IOC_DEALLOCATE_ISO_RESOURCE"),
        (0x40042318, "FW_CDEV_IOC_FLUSH_ISO"),
        (0x40042408, "PERF_EVENT_IOC_SET_BPF"),
        (0x40042409, "PERF_EVENT_IOC_PAUSE_OUTPUT"),
        (0x40043311, "SNAPSHOT_CREATE_IMAGE"),
        (0x40043d04, "PTP_ENABLE_PPS"),
        (0x40043d0d, "PTP_ENABLE_PPS2"),
        (0x4004420d, "CCISS_REGNEWDISK"),
        (0x40044581, "EVIOCRMFF"),
        (0x40044590, "EVIOCGRAB"),
        (0x40044591, "EVIOCREVOKE"),
        (0x400445a0, "EVIOCSCLOCKID"),
        (0x40044620, "FBIO_WAITFORVSYNC"),
        (0x40044802, "IOCTL_MEI_NOTIFY_SET"),
        (0x4004480f, "HIDIOCSFLAG"),
        (0x40044900, "INOTIFY_IOC_SETNEXTWD"),
        (0x40045003, "PCITEST_MSI"),
        (0x40045007, "PCITEST_MSIX"),
        (0x40045008, "PCITEST_SET_IRQTYPE"),
        (0x40045201, "RNDADDTOENTCNT"),
        (0x40045431, "TIOCSPTLCK"),
        (0x40045436, "TIOCSIG"),
        (0x400454c8, "TUNSETNOCSUM"),
        (0x400454c9, "TUNSETDEBUG"),
        (0x400454ca, "TUNSETIFF"),
        (0x400454cb, "TUNSETPERSIST"),
        (0x400454cc, "TUNSETOWNER"),
        (0x400454cd, "TUNSETLINK"),
        (0x400454ce, "TUNSETGROUP"),
        (0x400454d0, "TUNSETOFFLOAD"),
        (0x400454d1, "TUNSETTXFILTER"),
        (0x400454d4, "TUNSETSNDBUF"),
        (0x400454d8, "TUNSETVNETHDRSZ"),
        (0x400454d9, "TUNSETQUEUE"),
        (0x400454da, "TUNSETIFINDEX"),
        (0x400454dc, "TUNSETVNETLE"),
        (0x400454de, "TUNSETVNETBE"),
        (0x400454e2, "TUNSETCARRIER"),
        (0x4004550c, "USBDEVFS_REAPURB32"),
        (0x4004550d, "USBDEVFS_REAPURBNDELAY32"),
        (0x4004551e, "USBDEVFS_DROP_PRIVILEGES"),
        (0x40045564, "UI_SET_EVBIT"),
        (0x40045565, "UI_SET_KEYBIT"),
        (0x40045566, "UI_SET_RELBIT"),
        (0x40045567, "UI_SET_ABSBIT"),
        (0x40045568, "UI_SET_MSCBIT"),
        (0x40045569, "UI_SET_LEDBIT"),
        (0x4004556a, "UI_SET_SNDBIT"),
        (0x4004556b, "UI_SET_FFBIT"),
        (0x4004556d, "UI_SET_SWBIT"),
        (0x4004556e, "UI_SET_PROPBIT"),
        (0x4004560e, "VIDIOC_OVERLAY"),
        (0x40045612, "VIDIOC_STREAMON"),
        (0x40045613, "VIDIOC_STREAMOFF"),
        (0x40045644, "VIDIOC_S_PRIORITY"),
        (0x40046109, "CEC_S_MODE"),
        (0x40046115, "SONET_SETFRAMING"),
        (0x400461f1, "ATM_SETSC"),
        (0x400461f5, "ATM_DROPPARTY"),
        (0x40046201, "DMA_BUF_SET_NAME_A"),
        (0x40046305, "CHIOSPICKER"),
        (0x40046602, "FS_IOC32_SETFLAGS"),
        (0x40046604, "EXT4_IOC32_SETVERSION"),
        (0x40046606, "EXT4_IOC32_SETRSVSZ"),
        (0x40046607, "EXT4_IOC32_GROUP_EXTEND"),
        (0x40046629, "EXT4_IOC_GETSTATE"),
        (0x4004662b, "EXT4_IOC_CHECKPOINT"),
        (0x40046911, "LIRC_SET_SEND_MODE"),
        (0x40046912, "LIRC_SET_REC_MODE"),
        (0x40046913, "LIRC_SET_SEND_CARRIER"),
        (0x40046914, "LIRC_SET_REC_CARRIER"),
        (0x40046915, "LIRC_SET_SEND_DUTY_CYCLE"),
        (0x40046917, "LIRC_SET_TRANSMITTER_MASK"),
        (0x40046918, "LIRC_SET_REC_TIMEOUT"),
        (0x40046919, "LIRC_SET_REC_TIMEOUT_REPORTS"),
        (0x4004691d, "LIRC_SET_MEASURE_CARRIER_MODE"),
        (0x4004691f, "LIRC_SET_REC_CARRIER_RANGE"),
        (0x40046923, "LIRC_SET_WIDEBAND_RECEIVER"),
        (0x40046d02, "RIO_MPORT_MAINT_COMPTAG_SET"),
        (0x40046d0d, "RIO_SET_EVENT_MASK"),
        (0x40047080, "PPSETMODE"),
        (0x40047090, "PPDATADIR"),
        (0x40047091, "PPNEGOT"),
        (0x40047094, "PPSETPHASE"),
        (0x4004709b, "PPSETFLAGS"),
        (0x40047211, "FAT_IOCTL_SET_ATTRIBUTES"),
        (0x40047302, "SCIF_LISTEN"),
        (0x40047303, "FSI_SCOM_RESET"),
        (0x40047435, "PPPIOCBRIDGECHAN"),
        (0x40047438, "PPPIOCATTCHAN"),
        (0x4004743a, "PPPIOCCONNECT"),
        (0x4004743b, "PPPIOCSMRRU"),
        (0x4004743c, "PPPIOCDETACH"),
        (0x4004743d, "PPPIOCATTACH"),
        (0x40047440, "PPPIOCSDEBUG"),
        (0x40047451, "PPPIOCSMAXCID"),
        (0x40047452, "PPPIOCSMRU"),
        (0x40047454, "PPPIOCSRASYNCMAP"),
        (0x40047457, "PPPIOCSASYNCMAP"),
        (0x40047459, "PPPIOCSFLAGS"),
        (0x40047602, "FS_IOC32_SETVERSION"),
        (0x40048117, "VDUSE_VQ_INJECT_IRQ"),
        (0x40049366, "AUTOFS_IOC_EXPIRE_MULTI"),
        (0x40049409, "FICLONE"),
        (0x40049421, "BTRFS_IOC_BALANCE_CTL"),
        (0x4004af07, "VHOST_SET_LOG_FD"),
        (0x4004af42, "VHOST_SCSI_GET_ABI_VERSION"),
        (0x4004af43, "VHOST_SCSI_SET_EVENTS_MISSED"),
        (0x4004af44, "VHOST_SCSI_GET_EVENTS_MISSED"),
        (0x4004af61, "VHOST_VSOCK_SET_RUNNING"),
        (0x4004af77, "VHOST_VDPA_SET_CONFIG_CALL"),
        (0x4004b681, "DFL_FPGA_FME_PORT_RELEASE"),
        (0x4004b682, "DFL_FPGA_FME_PORT_ASSIGN"),
        (0x4004b701, "RPROC_SET_SHUTDOWN_ON_RELEASE"),
        (0x4004f506, "F2FS_IOC_GARBAGE_COLLECT"),
        (0x4004f50d, "F2FS_IOC_SET_PIN_FILE"),
        (0x40081271, "BLKBSZSET"),
        (0x40082316, "FW_CDEV_IOC_RECEIVE_PHY_PACKETS"),
        (0x40082404, "PERF_EVENT_IOC_PERIOD"),
        (0x40082406, "PERF_EVENT_IOC_SET_FILTER"),
        (0x4008240b, "PERF_EVENT_IOC_MODIFY_ATTRIBUTES"),
        (0x40082502, "STP_SET_OPTIONS"),
        (0x40084004, "FBIO_RADEON_SET_MIRROR"),
        (0x40084202, "PMU_IOC_SET_BACKLIGHT"),
        (0x40084203, "CCISS_SETINTINFO"),
        (0x40084503, "EVIOCSREP"),
        (0x40084504, "EVIOCSKEYCODE"),
        (0x40085004, "PCITEST_WRITE"),
        (0x40085005, "PCITEST_READ"),
        (0x40085006, "PCITEST_COPY"),
        (0x40085203, "RNDADDENTROPY"),
        (0x40085400, "TFD_IOC_SET_TICKS"),
        (0x4008550c, "USBDEVFS_REAPURB"),
        (0x4008550d, "USBDEVFS_REAPURBNDELAY"),
        (0x40085511, "USBDEVFS_CONNECTINFO"),
        (0x4008556c, "UI_SET_PHYS"),
        (0x40085618, "VIDIOC_S_STD"),
        (0x400856c1, "VIDIOC_AM437X_CCDC_CFG"),
        (0x40086200, "DMA_BUF_IOCTL_SYNC"),
        (0x40086201, "DMA_BUF_SET_NAME_B"),
        (0x40086305, "RIO_CM_CHAN_BIND"),
        (0x40086308, "RIO_CM_CHAN_CONNECT"),
        (0x40086602, "FS_IOC_SETFLAGS"),
        (0x40086604, "EXT4_IOC_SETVERSION"),
        (0x40086606, "EXT4_IOC_SETRSVSZ"),
        (0x40086607, "EXT4_IOC_GROUP_EXTEND"),
        (0x40086610, "EXT4_IOC_RESIZE_FS"),
        (0x40086806, "HPET_IRQFREQ"),
        (0x40086d01, "MTIOCTOP"),
        (0x40086d09, "RIO_ENABLE_DOORBELL_RANGE"),
        (0x40086d0a, "RIO_DISABLE_DOORBELL_RANGE"),
        (0x40086d12, "RIO_UNMAP_INBOUND"),
        (0x40086d14, "RIO_FREE_DMA"),
        (0x40086d16, "RIO_WAIT_FOR_ASYNC"),
        (0x40086e81, "NILFS_IOCTL_DELETE_CHECKPOINT"),
        (0x40086e8b, "NILFS_IOCTL_RESIZE"),
        (0x40086ef8, "MATROXFB_SET_OUTPUT_CONNECTION"),
        (0x40086efa, "MATROXFB_SET_OUTPUT_MODE"),
        (0x40087001, "PHN_SET_REG"),
        (0x40087003, "PHN_SET_REGS"),
        (0x40087006, "PHN_SETREG"),
        (0x4008700c, "RTC_IRQP_SET"),
        (0x4008700e, "RTC_EPOCH_SET"),
        (0x400870a2, "PPS_SETPARAMS"),
        (0x400870a5, "PPS_KC_BIND"),
        (0x40087101, "SPIOCSTYPE"),
        (0x4008744b, "PPPIOCSNPMODE"),
        (0x40087543, "UDMABUF_CREATE_LIST"),
        (0x40087602, "FS_IOC_SETVERSION"),
        (0x40088101, "VDUSE_SET_API_VERSION"),
        (0x40088112, "VDUSE_DEV_SET_CONFIG"),
        (0x40088116, "VDUSE_VQ_SETUP_KICKFD"),
        (0x40089413, "BTRFS_IOC_DEFAULT_SUBVOL"),
        (0x40089416, "BTRFS_IOC_WAIT_SYNC"),
        (0x4008941a, "BTRFS_IOC_SUBVOL_SETFLAGS"),
        (0x4008a224, "ACRN_IOCTL_VM_INTR_MONITOR"),
        (0x4008a225, "ACRN_IOCTL_SET_IRQLINE"),
        (0x4008a231, "ACRN_IOCTL_NOTIFY_REQUEST_FINISH"),
        (0x4008af00, "VHOST_SET_FEATURES"),
        (0x4008af03, "VHOST_SET_MEM_TABLE"),
        (0x4008af04, "VHOST_SET_LOG_BASE"),
        (0x4008af10, "VHOST_SET_VRING_NUM"),
        (0x4008af12, "VHOST_SET_VRING_BASE"),
        (0x4008af13, "VHOST_SET_VRING_ENDIAN"),
        (0x4008af14, "VHOST_GET_VRING_ENDIAN"),
        (0x4008af20, "VHOST_SET_VRING_KICK"),
        (0x4008af21, "VHOST_SET_VRING_CALL"),
        (0x4008af22, "VHOST_SET_VRING_ERR"),
        (0x4008af23, "VHOST_SET_VRING_BUSYLOOP_TIMEOUT"),
        (0x4008af24, "VHOST_GET_VRING_BUSYLOOP_TIMEOUT"),
        (0x4008af25, "VHOST_SET_BACKEND_FEATURES"),
        (0x4008af30, "VHOST_NET_SET_BACKEND"),
        (0x4008af60, "VHOST_VSOCK_SET_GUEST_CID"),
        (0x4008af74, "VHOST_VDPA_SET_CONFIG"),
        (0x4008af75, "VHOST_VDPA_SET_VRING_ENABLE"),
        (0x4008b100, "PPPOEIOCSFWD"),
        (0x4008b646, "DFL_FPGA_PORT_ERR_SET_IRQ"),
        (0x4008b648, "DFL_FPGA_PORT_UINT_SET_IRQ"),
        (0x4008b684, "DFL_FPGA_FME_ERR_SET_IRQ"),
        (0x4008f50a, "F2FS_IOC_FLUSH_DEVICE"),
        (0x4008f510, "F2FS_IOC_RESIZE_FS"),
        (0x4008fe02, "ISST_IF_IO_CMD"),
        (0x400c0248, "FDFMTTRK"),
        (0x400c330d, "SNAPSHOT_SET_SWAP_AREA"),
        (0x400c4301, "CAPI_REGISTER"),
        (0x400c4807, "HIDIOCGREPORT"),
        (0x400c4808, "HIDIOCSREPORT"),
        (0x400c55cb, "UI_END_FF_ERASE"),
        (0x400c6303, "CHIOPOSITION"),
        (0x400c6615, "FS_IOC_GET_ENCRYPTION_POLICY"),
        (0x400c690a, "I2OEVTREG"),
        (0x4010060f, "LPSETTIMEOUT_NEW"),
        (0x40101283, "BLKRESETZONE"),
        (0x40101286, "BLKOPENZONE"),
        (0x40101287, "BLKCLOSEZONE"),
        (0x40101288, "BLKFINISHZONE"),
        (0x4010230a, "FW_CDEV_IOC_START_ISO"),
        (0x40102317, "FW_CDEV_IOC_SET_ISO_CHANNELS"),
        (0x40103d02, "PTP_EXTTS_REQUEST"),
        (0x40103d0b, "PTP_EXTTS_REQUEST2"),
        (0x40104205, "CCISS_SETNODENAME"),
        (0x40104593, "EVIOCSMASK"),
        (0x401054d5, "TUNATTACHFILTER"),
        (0x401054d6, "TUNDETACHFILTER"),
        (0x40106132, "IDT77105_GETSTAT"),
        (0x40106133, "IDT77105_GETSTATZ"),
        (0x40106150, "ATM_GETSTAT"),
        (0x40106151, "ATM_GETSTATZ"),
        (0x40106152, "ATM_GETLOOP"),
        (0x40106153, "ATM_SETLOOP"),
        (0x40106154, "ATM_QUERYLOOP"),
        (0x40106160, "ENI_MEMDUMP"),
        (0x40106161, "ZATM_GETPOOL"),
        (0x40106162, "NS_SETBUFLEV"),
        (0x40106163, "ZATM_SETPOOL"),
        (0x40106167, "ENI_SETMULT"),
        (0x40106181, "ATM_GETLINKRATE"),
        (0x40106183, "ATM_GETNAMES"),
        (0x40106184, "ATM_GETTYPE"),
        (0x40106185, "ATM_GETESI"),
        (0x40106186, "ATM_GETADDR"),
        (0x40106187, "ATM_RSTADDR"),
        (0x40106188, "ATM_ADDADDR"),
        (0x40106189, "ATM_DELADDR"),
        (0x4010618a, "ATM_GETCIRANGE"),
        (0x4010618b, "ATM_SETCIRANGE"),
        (0x4010618c, "ATM_SETESI"),
        (0x4010618d, "ATM_SETESIF"),
        (0x4010618e, "ATM_ADDLECSADDR"),
        (0x4010618f, "ATM_DELLECSADDR"),
        (0x40106190, "ATM_GETLECSADDR"),
        (0x401061f4, "ATM_ADDPARTY"),
        (0x40106308, "CHIOGSTATUS"),
        (0x40106309, "RIO_CM_CHAN_SEND"),
        (0x40106614, "FS_IOC_GET_ENCRYPTION_PWSALT"),
        (0x40106d0b, "RIO_ENABLE_PORTWRITE_RANGE"),
        (0x40106d0c, "RIO_DISABLE_PORTWRITE_RANGE"),
        (0x40106d10, "MGSL_IOCSGPIO"),
        (0x40106e80, "NILFS_IOCTL_CHANGE_CPMODE"),
        (0x40106e8c, "NILFS_IOCTL_SET_ALLOC_RANGE"),
        (0x40107096, "PPSETTIME"),
        (0x401070c9, "IOC_PR_RESERVE"),
        (0x401070ca, "IOC_PR_RELEASE"),
        (0x401070cd, "IOC_PR_CLEAR"),
        (0x40107446, "PPPIOCSACTIVE"),
        (0x40107447, "PPPIOCSPASS"),
        (0x4010744d, "PPPIOCSCOMPRESS"),
        (0x4010942a, "BTRFS_IOC_QGROUP_CREATE"),
        (0x4010a223, "ACRN_IOCTL_INJECT_MSI"),
        (0x4010b201, "ASPEED_LPC_CTRL_IOCTL_MAP"),
        (0x4010b300, "ASPEED_P2A_CTRL_IOCTL_SET_WINDOW"),
        (0x4014024c, "FDSETMAXERRS"),
        (0x4014563c, "VIDIOC_S_CROP"),
        (0x40146301, "CHIOMOVE"),
        (0x4014a253, "ACRN_IOCTL_SET_PTDEV_INTR"),
        (0x4014a254, "ACRN_IOCTL_RESET_PTDEV_INTR"),
        (0x40182304, "FW_CDEV_IOC_SEND_RESPONSE"),
        (0x4018230f, "FW_CDEV_IOC_ALLOCATE_ISO_RESOURCE_ONCE"),
        (0x40182310, "FW_CDEV_IOC_DEALLOCATE_ISO_RESOURCE_ONCE"),
        (0x4018480c, "HIDIOCSUSAGE"),
        (0x40184810, "HIDIOCGCOLLECTIONINDEX"),
        (0x401856c0, "IVTVFB_IOC_DMA_FRAME"),
        (0x40186366, "KCOV_REMOTE_ENABLE"),
        (0x40186d06, "RIO_MPORT_MAINT_WRITE_LOCAL"),
        (0x40186d08, "RIO_MPORT_MAINT_WRITE_REMOTE"),
        (0x40186e8d, "NILFS_IOCTL_SET_SUINFO"),
        (0x401870c8, "IOC_PR_REGISTER"),
        (0x401870cb, "IOC_PR_PREEMPT"),
        (0x401870cc, "IOC_PR_PREEMPT_ABORT"),
        (0x40187542, "UDMABUF_CREATE"),
        (0x40189429, "BTRFS_IOC_QGROUP_ASSIGN"),
        (0x4018a271, "ACRN_IOCTL_IRQFD"),
        (0x4018ae23, "NE_SET_USER_MEMORY_REGION"),
        (0x4018f50b, "F2FS_IOC_GARBAGE_COLLECT_RANGE"),
        (0x4018f514, "F2FS_IOC_SEC_TRIM_FILE"),
        (0x401c5504, "UI_ABS_SETUP"),
        (0x401c5820, "FS_IOC_FSSETXATTR"),
        (0x401c6190, "BR2684_SETFILT"),
        (0x401c6302, "CHIOEXCHANGE"),
        (0x40200242, "FDSETPRM"),
        (0x40200243, "FDDEFPRM"),
        (0x4020565a, "VIDIOC_SUBSCRIBE_EVENT"),
        (0x4020565b, "VIDIOC_UNSUBSCRIBE_EVENT"),
        (0x40206d17, "RIO_DEV_ADD"),
        (0x40206d18, "RIO_DEV_DEL"),
        (0x40207012, "RTC_PLL_SET"),
        (0x4020744f, "PPPIOCSXASYNCMAP"),
        (0x40208114, "VDUSE_VQ_SETUP"),
        (0x4020940d, "FICLONERANGE"),
        (0x4020a241, "ACRN_IOCTL_SET_MEMSEG"),
        (0x4020a242, "ACRN_IOCTL_UNSET_MEMSEG"),
        (0x4020a270, "ACRN_IOCTL_IOEVENTFD"),
        (0x40246a21, "JSIOCSCORR"),
        (0x40247007, "RTC_ALM_SET"),
        (0x4024700a, "RTC_SET_TIME"),
        (0x4024a255, "ACRN_IOCTL_ASSIGN_PCIDEV"),
        (0x4024a256, "ACRN_IOCTL_DEASSIGN_PCIDEV"),
        (0x40282301, "FW_CDEV_IOC_SEND_REQUEST"),
        (0x40282312, "FW_CDEV_IOC_SEND_BROADCAST_REQUEST"),
        (0x40282313, "FW_CDEV_IOC_SEND_STREAM_PACKET"),
        (0x40284504, "EVIOCSKEYCODE_V2"),
        (0x40286d10, "RIO_UNMAP_OUTBOUND"),
        (0x40287008, "PHN_SETREGS"),
        (0x4028700f, "RTC_WKALM_SET"),
        (0x4028af11, "VHOST_SET_VRING_ADDR"),
        (0x4028b501, "RPMSG_CREATE_EPT_IOCTL"),
        (0x402c542b, "TCSETS2"),
        (0x402c542c, "TCSETSW2"),
        (0x402c542d, "TCSETSF2"),
        (0x402c5639, "VIDIOC_S_FREQUENCY"),
        (0x40304580, "EVIOCSFF"),
        (0x40304e42, "NVME_IOCTL_SUBMIT_IO"),
        (0x4030560b, "VIDIOC_S_FBUF"),
        (0x40305652, "VIDIOC_S_HW_FREQ_SEEK"),
        (0x40306312, "CHIOSVOLTAG"),
        (0x40306d00, "MGSL_IOCSPARAMS"),
        (0x40309410, "BTRFS_IOC_DEFRAG_RANGE"),
        (0x40309439, "BTRFS_IOC_SET_FEATURES"),
        (0x40344702, "GSMIOC_ENABLE_NET"),
        (0x40345622, "VIDIOC_S_AUDIO"),
        (0x40345632, "VIDIOC_S_AUDOUT"),
        (0x40383d03, "PTP_PEROUT_REQUEST"),
        (0x40383d0c, "PTP_PEROUT_REQUEST2"),
        (0x4038564f, "VIDIOC_DBG_S_REGISTER"),
        (0x40406a31, "JSIOCSAXMAP"),
        (0x4040942c, "BTRFS_IOC_QUOTA_RESCAN"),
        (0x40445637, "VIDIOC_S_MODULATOR"),
        (0x40489426, "BTRFS_IOC_SEND"),
        (0x404c4701, "GSMIOC_SETCONF"),
        (0x4054561e, "VIDIOC_S_TUNER"),
        (0x405c5503, "UI_DEV_SETUP"),
        (0x40603d07, "PTP_PIN_SETFUNC"),
        (0x40603d10, "PTP_PIN_SETFUNC2"),
        (0x406855c9, "UI_END_FF_UPLOAD"),
        (0x406c6310, "CHIOGELEM"),
        (0x40786e88, "NILFS_IOCTL_CLEAN_SEGMENTS"),
        (0x40800290, "FDSETDRVPRM"),
        (0x40806685, "FS_IOC_ENABLE_VERITY"),
        (0x408c563e, "VIDIOC_S_JPEGCOMP"),
        (0x40e8af40, "VHOST_SCSI_SET_ENDPOINT"),
        (0x40e8af41, "VHOST_SCSI_CLEAR_ENDPOINT"),
        (0x41008103, "VDUSE_DESTROY_DEV"),
        (0x41009432, "FS_IOC_SETFSLABEL"),
        (0x41045508, "USBDEVFS_GETDRIVER"),
        (0x410870de, "IOC_OPAL_TAKE_OWNERSHIP"),
        (0x410870e2, "IOC_OPAL_REVERT_TPR"),
        (0x410870e8, "IOC_OPAL_PSID_REVERT_TPR"),
        (0x411070e1, "IOC_OPAL_ACTIVATE_USR"),
        (0x411070e5, "IOC_OPAL_ENABLE_DISABLE_MBR"),
        (0x411070e6, "IOC_OPAL_ERASE_LR"),
        (0x411070e7, "IOC_OPAL_SECURE_ERASE_LR"),
        (0x411070e9, "IOC_OPAL_MBR_DONE"),
        (0x411870dc, "IOC_OPAL_SAVE"),
        (0x411870dd, "IOC_OPAL_LOCK_UNLOCK"),
        (0x411870df, "IOC_OPAL_ACTIVATE_LSP"),
        (0x411870e4, "IOC_OPAL_ADD_USR_TO_LR"),
        (0x412070ea, "IOC_OPAL_WRITE_SHADOW_MBR"),
        (0x412870e3, "IOC_OPAL_LR_SETUP"),
        (0x4128a216, "ACRN_IOCTL_SET_VCPU_REGS"),
        (0x413870eb, "IOC_OPAL_GENERIC_TABLE_RW"),
        (0x41508102, "VDUSE_CREATE_DEV"),
        (0x422070e0, "IOC_OPAL_SET_PW"),
        (0x43403d05, "PTP_SYS_OFFSET"),
        (0x43403d0e, "PTP_SYS_OFFSET2"),
        (0x44006a33, "JSIOCSBTNMAP"),
        (0x50009401, "BTRFS_IOC_SNAP_CREATE"),
        (0x50009402, "BTRFS_IOC_DEFRAG"),
        (0x50009403, "BTRFS_IOC_RESIZE"),
        (0x50009404, "BTRFS_IOC_SCAN_DEV"),
        (0x50009405, "BTRFS_IOC_FORGET_DEV"),
        (0x5000940a, "BTRFS_IOC_ADD_DEV"),
        (0x5000940b, "BTRFS_IOC_RM_DEV"),
        (0x5000940c, "BTRFS_IOC_BALANCE"),
        (0x5000940e, "BTRFS_IOC_SUBVOL_CREATE"),
        (0x5000940f, "BTRFS_IOC_SNAP_DESTROY"),
        (0x50009417, "BTRFS_IOC_SNAP_CREATE_V2"),
        (0x50009418, "BTRFS_IOC_SUBVOL_CREATE_V2"),
        (0x5000943a, "BTRFS_IOC_RM_DEV_V2"),
        (0x5000943f, "BTRFS_IOC_SNAP_DESTROY_V2"),
        (0x501c4814, "HIDIOCSUSAGES"),
        (0x80016a11, "JSIOCGAXES"),
        (0x80016a12, "JSIOCGBUTTONS"),
        (0x80017081, "PPRSTATUS"),
        (0x80017083, "PPRCONTROL"),
        (0x80017085, "PPRDATA"),
        (0x80017600, "SONYPI_IOCGBRT"),
        (0x80017607, "SONYPI_IOCGBATFLAGS"),
        (0x80017608, "SONYPI_IOCGBLUE"),
        (0x8001760a, "SONYPI_IOCGFAN"),
        (0x8001760c, "SONYPI_IOCGTEMP"),
        (0x8001af71, "VHOST_VDPA_GET_STATUS"),
        (0x80024321, "CAPI_GET_ERRCODE"),
        (0x80024322, "CAPI_INSTALLED"),
        (0x80026101, "CEC_ADAP_G_PHYS_ADDR"),
        (0x8002690e, "IPMICTL_REGISTER_FOR_CMD"),
        (0x8002690f, "IPMICTL_UNREGISTER_FOR_CMD"),
        (0x80027602, "SONYPI_IOCGBAT1CAP"),
        (0x80027603, "SONYPI_IOCGBAT1REM"),
        (0x80027604, "SONYPI_IOCGBAT2CAP"),
        (0x80027605, "SONYPI_IOCGBAT2REM"),
        (0x8002af76, "VHOST_VDPA_GET_VRING_NUM"),
        (0x8002f515, "F2FS_IOC_GET_COMPRESS_OPTION"),
        (0x80041284, "BLKGETZONESZ"),
        (0x80041285, "BLKGETNRZONES"),
        (0x80044206, "CCISS_GETHEARTBEAT"),
        (0x80044207, "CCISS_GETBUSTYPES"),
        (0x80044208, "CCISS_GETFIRMVER"),
        (0x80044209, "CCISS_GETDRIVVER"),
        (0x80044323, "CAPI_GET_FLAGS"),
        (0x80044324, "CAPI_SET_FLAGS"),
        (0x80044325, "CAPI_CLR_FLAGS"),
        (0x80044326, "CAPI_NCCI_OPENCOUNT"),
        (0x80044327, "CAPI_NCCI_GETUNIT"),
        (0x80044501, "EVIOCGVERSION"),
        (0x80044584, "EVIOCGEFFECTS"),
        (0x80044704, "GSMIOC_GETFIRST"),
        (0x80044801, "HIDIOCGRDESCSIZE"),
        (0x80044803, "IOCTL_MEI_NOTIFY_GET"),
        (0x8004480e, "HIDIOCGFLAG"),
        (0x80045200, "RNDGETENTCNT"),
        (0x80045430, "TIOCGPTN"),
        (0x80045432, "TIOCGDEV"),
        (0x80045438, "TIOCGPKT"),
        (0x80045439, "TIOCGPTLCK"),
        (0x80045440, "TIOCGEXCL"),
        (0x800454cf, "TUNGETFEATURES"),
        (0x800454d2, "TUNGETIFF"),
        (0x800454d3, "TUNGETSNDBUF"),
        (0x800454d7, "TUNGETVNETHDRSZ"),
        (0x800454dd, "TUNGETVNETLE"),
        (0x800454df, "TUNGETVNETBE"),
        (0x800454e0, "TUNSETSTEERINGEBPF"),
        (0x800454e1, "TUNSETFILTEREBPF"),
        (0x80045503, "USBDEVFS_RESETEP"),
        (0x80045505, "USBDEVFS_SETCONFIGURATION"),
        (0x8004550f, "USBDEVFS_CLAIMINTERFACE"),
        (0x80045510, "USBDEVFS_RELEASEINTERFACE"),
        (0x80045515, "USBDEVFS_CLEAR_HALT"),
        (0x80045518, "USBDEVFS_CLAIM_PORT"),
        (0x80045519, "USBDEVFS_RELEASE_PORT"),
        (0x8004551a, "USBDEVFS_GET_CAPABILITIES"),
        (0x8004552d, "UI_GET_VERSION"),
        (0x80045626, "VIDIOC_G_INPUT"),
        (0x8004562e, "VIDIOC_G_OUTPUT"),
        (0x80045643, "VIDIOC_G_PRIORITY"),
        (0x80045701, "WDIOC_GETSTATUS"),
        (0x80045702, "WDIOC_GETBOOTSTATUS"),
        (0x80045703, "WDIOC_GETTEMP"),
        (0x80045704, "WDIOC_SETOPTIONS"),
        (0x80045705, "WDIOC_KEEPALIVE"),
        (0x80045707, "WDIOC_GETTIMEOUT"),
        (0x80045709, "WDIOC_GETPRETIMEOUT"),
        (0x8004570a, "WDIOC_GETTIMELEFT"),
        (0x8004587d, "EXT4_IOC_SHUTDOWN"),
        (0x80046108, "CEC_G_MODE"),
        (0x80046114, "SONET_GETDIAG"),
        (0x80046116, "SONET_GETFRAMING"),
        (0x80046304, "CHIOGPICKER"),
        (0x80046601, "FS_IOC32_GETFLAGS"),
        (0x80046603, "EXT4_IOC32_GETVERSION"),
        (0x80046605, "EXT4_IOC32_GETRSVSZ"),
        (0x80046900, "LIRC_GET_FEATURES"),
        (0x80046901, "LIRC_GET_SEND_MODE"),
        (0x80046902, "LIRC_GET_REC_MODE"),
        (0x80046907, "LIRC_GET_REC_RESOLUTION"),
        (0x80046908, "LIRC_GET_MIN_TIMEOUT"),
        (0x80046909, "LIRC_GET_MAX_TIMEOUT"),
        (0x8004690f, "LIRC_GET_LENGTH"),
        (0x80046910, "IPMICTL_SET_GETS_EVENTS_CMD"),
        (0x80046911, "IPMICTL_SET_MY_ADDRESS_CMD"),
        (0x80046912, "IPMICTL_GET_MY_ADDRESS_CMD"),
        (0x80046913, "IPMICTL_SET_MY_LUN_CMD"),
        (0x80046914, "IPMICTL_GET_MY_LUN_CMD"),
        (0x80046918, "IPMICTL_SET_MY_CHANNEL_ADDRESS_CMD"),
        (0x80046919, "IPMICTL_GET_MY_CHANNEL_ADDRESS_CMD"),
        (0x8004691a, "IPMICTL_SET_MY_CHANNEL_LUN_CMD"),
        (0x8004691b, "IPMICTL_GET_MY_CHANNEL_LUN_CMD"),
        (0x8004691e, "IPMICTL_GET_MAINTENANCE_MODE_CMD"),
        (0x80046924, "LIRC_GET_REC_TIMEOUT"),
        (0x80046a01, "JSIOCGVERSION"),
        (0x80046c40, "UDF_GETEASIZE"),
        (0x80046d03, "RIO_MPORT_MAINT_PORT_IDX_GET"),
        (0x80046d0e, "RIO_GET_EVENT_MASK"),
        (0x80047013, "RTC_VL_READ"),
        (0x80047093, "PPCLRIRQ"),
        (0x80047097, "PPGETMODES"),
        (0x80047098, "PPGETMODE"),
        (0x80047099, "PPGETPHASE"),
        (0x8004709a, "PPGETFLAGS"),
        (0x80047210, "FAT_IOCTL_GET_ATTRIBUTES"),
        (0x80047213, "FAT_IOCTL_GET_VOLUME_ID"),
        (0x80047300, "FSI_SCOM_CHECK"),
        (0x80047437, "PPPIOCGCHAN"),
        (0x80047441, "PPPIOCGDEBUG"),
        (0x80047453, "PPPIOCGMRU"),
        (0x80047455, "PPPIOCGRASYNCMAP"),
        (0x80047456, "PPPIOCGUNIT"),
        (0x80047458, "PPPIOCGASYNCMAP"),
        (0x8004745a, "PPPIOCGFLAGS"),
        (0x80047601, "FS_IOC32_GETVERSION"),
        (0x80049363, "AUTOFS_IOC_PROTOVER"),
        (0x80049367, "AUTOFS_IOC_PROTOSUBVER"),
        (0x80049370, "AUTOFS_IOC_ASKUMOUNT"),
        (0x8004a405, "TEE_IOC_CLOSE_SESSION"),
        (0x8004af70, "VHOST_VDPA_GET_DEVICE_ID"),
        (0x8004b645, "DFL_FPGA_PORT_ERR_GET_IRQ_NUM"),
        (0x8004b647, "DFL_FPGA_PORT_UINT_GET_IRQ_NUM"),
        (0x8004b683, "DFL_FPGA_FME_ERR_GET_IRQ_NUM"),
        (0x8004b702, "RPROC_GET_SHUTDOWN_ON_RELEASE"),
        (0x8004e500, "FUSE_DEV_IOC_CLONE"),
        (0x8004f50c, "F2FS_IOC_GET_FEATURES"),
        (0x8004f50e, "F2FS_IOC_GET_PIN_FILE"),
        (0x80066117, "SONET_GETFRSENSE"),
        (0x80081270, "BLKBSZGET"),
        (0x80081272, "BLKGETSIZE64"),
        (0x80081280, "BLKGETDISKSEQ"),
        (0x80082407, "PERF_EVENT_IOC_ID"),
        (0x80083314, "SNAPSHOT_ALLOC_SWAP_PAGE"),
        (0x80084003, "FBIO_RADEON_GET_MIRROR"),
        (0x80084201, "PMU_IOC_GET_BACKLIGHT"),
        (0x80084202, "CCISS_GETINTINFO"),
        (0x80084203, "PMU_IOC_GET_MODEL"),
        (0x80084204, "PMU_IOC_HAS_ADB"),
        (0x80084205, "PMU_IOC_CAN_SLEEP"),
        (0x80084206, "PMU_IOC_GRAB_BACKLIGHT"),
        (0x80084502, "EVIOCGID"),
        (0x80084503, "EVIOCGREP"),
        (0x80084504, "EVIOCGKEYCODE"),
        (0x80084689, "FBIO_GETCONTROL2"),
        (0x80084803, "HIDIOCGRAWINFO"),
        (0x80085202, "RNDGETPOOL"),
        (0x80085504, "USBDEVFS_SETINTERFACE"),
        (0x8008551c, "USBDEVFS_ALLOC_STREAMS"),
        (0x8008551d, "USBDEVFS_FREE_STREAMS"),
        (0x80085617, "VIDIOC_SUBDEV_G_STD"),
        (0x8008563f, "VIDIOC_SUBDEV_QUERYSTD"),
        (0x80086301, "KCOV_INIT_TRACE"),
        (0x80086601, "FS_IOC_GETFLAGS"),
        (0x80086603, "EXT4_IOC_GETVERSION"),
        (0x80086605, "EXT4_IOC_GETRSVSZ"),
        (0x8008690c, "I2OPASSTHRU32"),
        (0x80086916, "IPMICTL_SET_TIMING_PARMS_CMD"),
        (0x80086917, "IPMICTL_GET_TIMING_PARMS_CMD"),
        (0x80086c41, "UDF_GETEABLOCK"),
        (0x80086c42, "UDF_GETVOLIDENT"),
        (0x80086d01, "MMTIMER_GETRES"),
        (0x80086d02, "MMTIMER_GETFREQ"),
        (0x80086d03, "MTIOCPOS"),
        (0x80086d09, "MMTIMER_GETCOUNTER"),
        (0x80086e8a, "NILFS_IOCTL_SYNC"),
        (0x80086ef8, "MATROXFB_GET_OUTPUT_CONNECTION"),
        (0x80086ef9, "MATROXFB_GET_AVAILABLE_OUTPUTS"),
        (0x80086efb, "MATROXFB_GET_ALL_OUTPUTS"),
        (0x8008700b, "RTC_IRQP_READ"),
        (0x8008700d, "RTC_EPOCH_READ"),
        (0x800870a1, "PPS_GETPARAMS"),
        (0x800870a3, "PPS_GETCAP"),
        (0x8008743f, "PPPIOCGIDLE32"),
        (0x80087601, "FS_IOC_GETVERSION"),
        (0x80088100, "VDUSE_GET_API_VERSION"),
        (0x80088111, "VDUSE_DEV_GET_FEATURES"),
        (0x80089418, "BTRFS_IOC_START_SYNC"),
        (0x80089419, "BTRFS_IOC_SUBVOL_GETFLAGS"),
        (0x8008a404, "TEE_IOC_CANCEL"),
        (0x8008ae20, "NE_CREATE_VM"),
        (0x8008af00, "VHOST_GET_FEATURES"),
        (0x8008af26, "VHOST_GET_BACKEND_FEATURES"),
        (0x8008af73, "VHOST_VDPA_GET_CONFIG"),
        (0x8008ce01, "CXL_MEM_QUERY_COMMANDS"),
        (0x8008f511, "F2FS_IOC_GET_COMPRESS_BLOCKS"),
        (0x8008f512, "F2FS_IOC_RELEASE_COMPRESS_BLOCKS"),
        (0x8008f513, "F2FS_IOC_RESERVE_COMPRESS_BLOCKS"),
        (0x8008fe00, "ISST_IF_GET_PLATFORM_INFO"),
        (0x800c4211, "CCISS_GETLUNINFO"),
        (0x800c6613, "FS_IOC_SET_ENCRYPTION_POLICY"),
        (0x800c691c, "IPMICTL_REGISTER_FOR_CMD_CHANS"),
        (0x800c691d, "IPMICTL_UNREGISTER_FOR_CMD_CHANS"),
        (0x800ca400, "TEE_IOC_VERSION"),
        (0x8010020f, "FDGETDRVTYP"),
        (0x8010230c, "FW_CDEV_IOC_GET_CYCLE_TIMER"),
        (0x80102501, "STP_POLICY_ID_GET"),
        (0x80104204, "CCISS_GETNODENAME"),
        (0x80104592, "EVIOCGMASK"),
        (0x801054db, "TUNGETFILTER"),
        (0x8010550e, "USBDEVFS_DISCSIGNAL"),
        (0x80105740, "SWITCHTEC_IOCTL_FLASH_INFO"),
        (0x8010661b, "FS_IOC_GET_ENCRYPTION_NONCE"),
        (0x8010690c, "I2OPASSTHRU"),
        (0x80106d11, "MGSL_IOCGGPIO"),
        (0x80107095, "PPGETTIME"),
        (0x8010743f, "PPPIOCGIDLE64"),
        (0x80108906, "SIOCGSTAMP_NEW"),
        (0x80108907, "SIOCGSTAMPNS_NEW"),
        (0x8010a402, "TEE_IOC_OPEN_SESSION"),
        (0x8010a403, "TEE_IOC_INVOKE"),
        (0x8010a406, "TEE_IOC_SUPPL_RECV"),
        (0x8010a407, "TEE_IOC_SUPPL_SEND"),
        (0x8010aa01, "UFFDIO_UNREGISTER"),
        (0x8010aa02, "UFFDIO_WAKE"),
        (0x8010af78, "VHOST_VDPA_GET_IOVA_RANGE"),
        (0x8014020e, "FDGETMAXERRS"),
        (0x80146306, "CHIOGPARAMS"),
        (0x80186803, "HPET_INFO"),
        (0x80186d05, "RIO_MPORT_MAINT_READ_LOCAL"),
        (0x80186d07, "RIO_MPORT_MAINT_READ_REMOTE"),
        (0x80186e82, "NILFS_IOCTL_GET_CPINFO"),
        (0x80186e83, "NILFS_IOCTL_GET_CPSTAT"),
        (0x80186e84, "NILFS_IOCTL_GET_SUINFO"),
        (0x80189439, "BTRFS_IOC_GET_FEATURES"),
        (0x801c4803, "HIDIOCGDEVINFO"),
        (0x801c581f, "FS_IOC_FSGETXATTR"),
        (0x80200204, "FDGETPRM"),
        (0x80204612, "FBIOGET_VBLANK"),
        (0x80206900, "I2OGETIOPS"),
        (0x80207011, "RTC_PLL_GET"),
        (0x80207450, "PPPIOCGXASYNCMAP"),
        (0x80246110, "SONET_GETSTAT"),
        (0x80246111, "SONET_GETSTATZ"),
        (0x80246a22, "JSIOCGCORR"),
        (0x80247008, "RTC_ALM_READ"),
        (0x80247009, "RTC_RD_TIME"),
        (0x80280215, "FDGETFDCSTAT"),
        (0x80280217, "FDWERRORGET"),
        (0x80284504, "EVIOCGKEYCODE_V2"),
        (0x80285700, "WDIOC_GETSUPPORT"),
        (0x8028690d, "IPMICTL_SEND_COMMAND"),
        (0x80287010, "RTC_WKALM_RD"),
        (0x802c542a, "TCGETS2"),
        (0x8030560a, "VIDIOC_G_FBUF"),
        (0x80306915, "IPMICTL_SEND_COMMAND_SETTIME"),
        (0x80306d01, "MGSL_IOCGPARAMS"),
        (0x80306d02, "MTIOCGET"),
        (0x80306d04, "RIO_MPORT_GET_PROPERTIES"),
        (0x80306e85, "NILFS_IOCTL_GET_SUSTAT"),
        (0x8030942b, "BTRFS_IOC_QGROUP_LIMIT"),
        (0x80345621, "VIDIOC_G_AUDIO"),
        (0x80345631, "VIDIOC_G_AUDOUT"),
        (0x8038550a, "USBDEVFS_SUBMITURB"),
        (0x80405600, "VIDIOC_SUBDEV_QUERYCAP"),
        (0x80406a32, "JSIOCGAXMAP"),
        (0x8040942d, "BTRFS_IOC_QUOTA_RESCAN_STATUS"),
        (0x8044610a, "CEC_ADAP_G_CONNECTOR_INFO"),
        (0x8044b401, "GPIO_GET_CHIPINFO_IOCTL"),
        (0x80487436, "PPPIOCGL2TPSTATS"),
        (0x80489439, "BTRFS_IOC_GET_SUPPORTED_FEATURES"),
        (0x804c4700, "GSMIOC_GETCONF"),
        (0x80500212, "FDGETDRVSTAT"),
        (0x80500213, "FDPOLLDRVSTAT"),
        (0x80503d01, "PTP_CLOCK_GETCAPS"),
        (0x80503d0a, "PTP_CLOCK_GETCAPS2"),
        (0x805c6103, "CEC_ADAP_G_LOG_ADDRS"),
        (0x80685600, "VIDIOC_QUERYCAP"),
        (0x8068690b, "I2OEVTGET"),
        (0x80706313, "CHIOGVPARAMS"),
        (0x80800211, "FDGETDRVPRM"),
        (0x80805513, "USBDEVFS_HUB_PORTINFO"),
        (0x80845663, "VIDIOC_SUBDEV_QUERY_DV_TIMINGS"),
        (0x80885659, "VIDIOC_DQEVENT"),
        (0x808c563d, "VIDIOC_G_JPEGCOMP"),
        (0x81009431, "FS_IOC_GETFSLABEL"),
        (0x81044804, "HIDIOCGSTRING"),
        (0x8108551b, "USBDEVFS_DISCONNECT_CLAIM"),
        (0x810c9365, "AUTOFS_IOC_EXPIRE"),
        (0x81985742, "SWITCHTEC_IOCTL_EVENT_SUMMARY_LEGACY"),
        (0x81f8943c, "BTRFS_IOC_GET_SUBVOL_INFO"),
        (0x82307201, "VFAT_IOCTL_READDIR_BOTH"),
        (0x82307202, "VFAT_IOCTL_READDIR_SHORT"),
        (0x84006a34, "JSIOCGBTNMAP"),
        (0x8400941f, "BTRFS_IOC_FS_INFO"),
        (0x84009422, "BTRFS_IOC_BALANCE_PROGRESS"),
        (0x84d85742, "SWITCHTEC_IOCTL_EVENT_SUMMARY"),
        (0x8818564c, "VIDIOC_G_ENC_INDEX"),
        (0x90009427, "BTRFS_IOC_DEVICES_READY"),
        (0x90044802, "HIDIOCGRDESC"),
        (0xc0026303, "RIO_CM_CHAN_CREATE"),
        (0xc0044306, "CAPI_GET_MANUFACTURER"),
        (0xc0044308, "CAPI_GET_SERIAL"),
        (0xc0045627, "VIDIOC_S_INPUT"),
        (0xc004562f, "VIDIOC_S_OUTPUT"),
        (0xc0045706, "WDIOC_SETTIMEOUT"),
        (0xc0045708, "WDIOC_SETPRETIMEOUT"),
        (0xc0045877, "FIFREEZE"),
        (0xc0045878, "FITHAW"),
        (0xc0046112, "SONET_SETDIAG"),
        (0xc0046113, "SONET_CLRDIAG"),
        (0xc0046302, "RIO_CM_EP_GET_LIST"),
        (0xc004630b, "RIO_CM_MPORT_GET_LIST"),
        (0xc0046686, "FS_IOC_MEASURE_VERITY"),
        (0xc0046d08, "MGSL_IOCWAITEVENT"),
        (0xc0047310, "SCIF_FENCE_WAIT"),
        (0xc004743e, "PPPIOCNEWUNIT"),
        (0xc004ae21, "NE_ADD_VCPU"),
        (0xc004b40c, "GPIO_GET_LINEINFO_UNWATCH_IOCTL"),
        (0xc008240a, "PERF_EVENT_IOC_QUERY_BPF"),
        (0xc0084106, "AGPIOC_ALLOCATE"),
        (0xc0084e03, "ND_IOCTL_DIMM_FLAGS"),
        (0xc0084e06, "ND_IOCTL_SET_CONFIG_DATA"),
        (0xc0084e09, "ND_IOCTL_VENDOR"),
        (0xc008561b, "VIDIOC_G_CTRL"),
        (0xc008561c, "VIDIOC_S_CTRL"),
        (0xc00856c7, "VIDIOC_OMAP3ISP_STAT_EN"),
        (0xc0086307, "RIO_CM_CHAN_ACCEPT"),
        (0xc008630a, "CIOC_KERNEL_VERSION"),
        (0xc0086985, "I8K_GET_SPEED"),
        (0xc0086986, "I8K_GET_FAN"),
        (0xc0086987, "I8K_SET_FAN"),
        (0xc0086c43, "UDF_RELOCATE_BLOCKS"),
        (0xc0086efa, "MATROXFB_GET_OUTPUT_MODE"),
        (0xc0087000, "PHN_GET_REG"),
        (0xc0087002, "PHN_GET_REGS"),
        (0xc0087005, "PHN_GETREG"),
        (0xc00870a4, "PPS_FETCH"),
        (0xc0087301, "SCIF_BIND"),
        (0xc0087303, "SCIF_CONNECT"),
        (0xc0087305, "SCIF_ACCEPTREG"),
        (0xc008744c, "PPPIOCGNPMODE"),
        (0xc0089364, "AUTOFS_IOC_SETTIMEOUT"),
        (0xc008a260, "ACRN_IOCTL_PM_GET_CPU_STATE"),
        (0xc008af01, "FSL_HV_IOCTL_PARTITION_RESTART"),
        (0xc008af04, "FSL_HV_IOCTL_PARTITION_STOP"),
        (0xc008af06, "FSL_HV_IOCTL_DOORBELL"),
        (0xc008af12, "VHOST_GET_VRING_BASE"),
        (0xc008fe01, "ISST_IF_GET_PHY_ID"),
        (0xc008fe03, "ISST_IF_MBOX_COMMAND"),
        (0xc008fe04, "ISST_IF_MSR_COMMAND"),
        (0xc0096616, "FS_IOC_GET_ENCRYPTION_POLICY_EX"),
        (0xc00c4809, "HIDIOCGREPORTINFO"),
        (0xc00c4e05, "ND_IOCTL_GET_CONFIG_DATA"),
        (0xc00c55ca, "UI_BEGIN_FF_ERASE"),
        (0xc00c5744, "SWITCHTEC_IOCTL_PFF_TO_PORT"),
        (0xc00c5745, "SWITCHTEC_IOCTL_PORT_TO_PFF"),
        (0xc00caf02, "FSL_HV_IOCTL_PARTITION_GET_STATUS"),
        (0xc0101282, "BLKREPORTZONE"),
        (0xc0102500, "STP_POLICY_ID_SET"),
        (0xc0104307, "CAPI_GET_VERSION"),
        (0xc0104320, "CAPI_MANUFACTURER_CMD"),
        (0xc0104801, "IOCTL_MEI_CONNECT_CLIENT"),
        (0xc0104811, "HIDIOCGCOLLECTIONINFO"),
        (0xc0105300, "SEV_ISSUE_CMD"),
        (0xc0105512, "USBDEVFS_IOCTL"),
        (0xc0105741, "SWITCHTEC_IOCTL_FLASH_PART_INFO"),
        (0xc0106161, "NS_GETPSTAT"),
        (0xc010630a, "RIO_CM_CHAN_RECEIVE"),
        (0xc0106d12, "MGSL_IOCWAITGPIO"),
        (0xc0107304, "SCIF_ACCEPTREQ"),
        (0xc0107309, "SCIF_UNREG"),
        (0xc010730f, "SCIF_FENCE_MARK"),
        (0xc0107521, "UVCIOC_CTRL_QUERY"),
        (0xc0109414, "BTRFS_IOC_SPACE_INFO"),
        (0xc0109428, "BTRFS_IOC_QUOTA_CTL"),
        (0xc010a401, "TEE_IOC_SHM_ALLOC"),
        (0xc010ae22, "NE_GET_IMAGE_LOAD_INFO"),
        (0xc010ae24, "NE_START_ENCLAVE"),
        (0xc010af03, "FSL_HV_IOCTL_PARTITION_START"),
        (0xc010b301, "ASPEED_P2A_CTRL_IOCTL_GET_MEMORY_CONFIG"),
        (0xc010b40e, "GPIO_V2_LINE_GET_VALUES_IOCTL"),
        (0xc010b40f, "GPIO_V2_LINE_SET_VALUES_IOCTL"),
        (0xc010f508, "F2FS_IOC_DEFRAGMENT"),
        (0xc0144804, "IOCTL_MEI_CONNECT_CLIENT_VTAG"),
        (0xc0145608, "VIDIOC_REQBUFS"),
        (0xc014563b, "VIDIOC_G_CROP"),
        (0xc014a100, "VTPM_PROXY_IOC_NEW_DEV"),
        (0xc0182306, "FW_CDEV_IOC_ADD_DESCRIPTOR"),
        (0xc0182309, "FW_CDEV_IOC_QUEUE_ISO"),
        (0xc018230d, "FW_CDEV_IOC_ALLOCATE_ISO_RESOURCE"),
        (0xc0182314, "FW_CDEV_IOC_GET_CYCLE_TIMER2"),
        (0xc0182315, "FW_CDEV_IOC_SEND_PHY_PACKET"),
        (0xc0184800, "DMA_HEAP_IOCTL_ALLOC"),
        (0xc018480b, "HIDIOCGUSAGE"),
        (0xc018480d, "HIDIOCGUCODE"),
        (0xc0185500, "USBDEVFS_CONTROL"),
        (0xc0185502, "USBDEVFS_BULK"),
        (0xc018560b, "VBG_IOCTL_INTERRUPT_ALL_WAIT_FOR_EVENTS"),
        (0xc0185801, "PACKET_CTRL_CMD"),
        (0xc0185879, "FITRIM"),
        (0xc0186901, "I2OHRTGET"),
        (0xc0186902, "I2OLCTGET"),
        (0xc0186d13, "RIO_ALLOC_DMA"),
        (0xc0186d15, "RIO_TRANSFER"),
        (0xc0186e86, "NILFS_IOCTL_GET_VINFO"),
        (0xc0186e87, "NILFS_IOCTL_GET_BDESCS"),
        (0xc0187306, "SCIF_SEND"),
        (0xc0187307, "SCIF_RECV"),
        (0xc018730e, "SCIF_GET_NODEIDS"),
        (0xc0187490, "TOSH_SMM"),
        (0xc0187491, "TOSHIBA_ACPI_SCI"),
        (0xc0189371, "AUTOFS_DEV_IOCTL_VERSION"),
        (0xc0189372, "AUTOFS_DEV_IOCTL_PROTOVER"),
        (0xc0189373, "AUTOFS_DEV_IOCTL_PROTOSUBVER"),
        (0xc0189374, "AUTOFS_DEV_IOCTL_OPENMOUNT"),
        (0xc0189375, "AUTOFS_DEV_IOCTL_CLOSEMOUNT"),
        (0xc0189376, "AUTOFS_DEV_IOCTL_READY"),
        (0xc0189377, "AUTOFS_DEV_IOCTL_FAIL"),
        (0xc0189378, "AUTOFS_DEV_IOCTL_SETPIPEFD"),
        (0xc0189379, "AUTOFS_DEV_IOCTL_CATATONIC"),
        (0xc018937a, "AUTOFS_DEV_IOCTL_TIMEOUT"),
        (0xc018937b, "AUTOFS_DEV_IOCTL_REQUESTER"),
        (0xc018937c, "AUTOFS_DEV_IOCTL_EXPIRE"),
        (0xc018937d, "AUTOFS_DEV_IOCTL_ASKUMOUNT"),
        (0xc018937e, "AUTOFS_DEV_IOCTL_ISMOUNTPOINT"),
        (0xc0189436, "FIDEDUPERANGE"),
        (0xc018a409, "TEE_IOC_SHM_REGISTER"),
        (0xc018aa06, "UFFDIO_WRITEPROTECT"),
        (0xc018aa3f, "UFFDIO_API"),
        (0xc01c5605, "VBG_IOCTL_HGCM_DISCONNECT"),
        (0xc01c5613, "VBG_IOCTL_WRITE_CORE_DUMP"),
        (0xc0202302, "FW_CDEV_IOC_ALLOCATE"),
        (0xc0202308, "FW_CDEV_IOC_CREATE_ISO_CONTEXT"),
        (0xc0204e01, "ND_IOCTL_ARS_CAP"),
        (0xc0204e02, "ND_IOCTL_ARS_START"),
        (0xc0204e04, "ND_IOCTL_CLEAR_ERROR"),
        (0xc020560a, "VBG_IOCTL_WAIT_FOR_EVENTS"),
        (0xc020560c, "VBG_IOCTL_CHANGE_FILTER_MASK"),
        (0xc020560e, "VBG_IOCTL_CHANGE_GUEST_CAPABILITIES"),
        (0xc0205611, "VBG_IOCTL_CHECK_BALLOON"),
        (0xc0205647, "VIDIOC_G_EXT_CTRLS"),
        (0xc0205648, "VIDIOC_S_EXT_CTRLS"),
        (0xc0205649, "VIDIOC_TRY_EXT_CTRLS"),
        (0xc02056c3, "VIDIOC_OMAP3ISP_AEWB_CFG"),
        (0xc020660b, "FS_IOC_FIEMAP"),
        (0xc020662a, "EXT4_IOC_GET_ES_CACHE"),
        (0xc0207301, "FSI_SCOM_READ"),
        (0xc0207302, "FSI_SCOM_WRITE"),
        (0xc0208110, "VDUSE_IOTLB_GET_FD"),
        (0xc020aa00, "UFFDIO_REGISTER"),
        (0xc020aa04, "UFFDIO_ZEROPAGE"),
        (0xc020aa07, "UFFDIO_CONTINUE"),
        (0xc020f509, "F2FS_IOC_MOVE_RANGE"),
        (0xc024560d, "VBG_IOCTL_ACQUIRE_GUEST_CAPABILITIES"),
        (0xc0282300, "FW_CDEV_IOC_GET_INFO"),
        (0xc0285628, "VIDIOC_SUBDEV_G_EDID"),
        (0xc0285629, "VIDIOC_SUBDEV_S_EDID"),
        (0xc028564d, "VIDIOC_ENCODER_CMD"),
        (0xc028564e, "VIDIOC_TRY_ENCODER_CMD"),
        (0xc02856c6, "VIDIOC_OMAP3ISP_STAT_REQ"),
        (0xc0285743, "SWITCHTEC_IOCTL_EVENT_CTL"),
        (0xc0286687, "FS_IOC_READ_VERITY_METADATA"),
        (0xc0286903, "I2OPARMSET"),
        (0xc0286904, "I2OPARMGET"),
        (0xc0286d0f, "RIO_MAP_OUTBOUND"),
        (0xc0286d11, "RIO_MAP_INBOUND"),
        (0xc0287007, "PHN_GETREGS"),
        (0xc0287308, "SCIF_REG"),
        (0xc028730a, "SCIF_READFROM"),
        (0xc028730b, "SCIF_WRITETO"),
        (0xc028730c, "SCIF_VREADFROM"),
        (0xc028730d, "SCIF_VWRITETO"),
        (0xc0287311, "SCIF_FENCE_SIGNAL"),
        (0xc0287c02, "MEDIA_IOC_ENUM_LINKS"),
        (0xc028aa03, "UFFDIO_COPY"),
        (0xc028af05, "FSL_HV_IOCTL_MEMCPY"),
        (0xc028af07, "FSL_HV_IOCTL_GETPROP"),
        (0xc028af08, "FSL_HV_IOCTL_SETPROP"),
        (0xc02c5600, "VBG_IOCTL_DRIVER_VERSION_INFO"),
        (0xc02c5625, "VIDIOC_QUERYMENU"),
        (0xc02c5638, "VIDIOC_G_FREQUENCY"),
        (0xc02c563a, "VIDIOC_CROPCAP"),
        (0xc02c564a, "VIDIOC_ENUM_FRAMESIZES"),
        (0xc0303e03, "SYNC_IOC_MERGE"),
        (0xc0304e03, "ND_IOCTL_ARS_STATUS"),
        (0xc0305602, "VIDIOC_SUBDEV_ENUM_MBUS_CODE"),
        (0xc0305615, "VIDIOC_SUBDEV_G_FRAME_INTERVAL"),
        (0xc0305616, "VIDIOC_SUBDEV_S_FRAME_INTERVAL"),
        (0xc03056c4, "VIDIOC_OMAP3ISP_HIST_CFG"),
        (0xc0306905, "I2OSWDL"),
        (0xc0306906, "I2OSWUL"),
        (0xc0306907, "I2OSWDEL"),
        (0xc0306909, "I2OHTML"),
        (0xc030690b, "IPMICTL_RECEIVE_MSG_TRUNC"),
        (0xc030690c, "IPMICTL_RECEIVE_MSG"),
        (0xc0308115, "VDUSE_VQ_GET_INFO"),
        (0xc030a210, "ACRN_IOCTL_CREATE_VM"),
        (0xc030b404, "GPIO_GET_LINEEVENT_IOCTL"),
        (0xc030ce02, "CXL_MEM_SEND_COMMAND"),
        (0xc0345641, "VIDIOC_ENUMAUDIO"),
        (0xc0345642, "VIDIOC_ENUMAUDOUT"),
        (0xc034564b, "VIDIOC_ENUM_FRAMEINTERVALS"),
        (0xc0345700, "DELL_WMI_SMBIOS_CMD"),
        (0xc0347c03, "MEDIA_IOC_SETUP_LINK"),
        (0xc0383e04, "SYNC_IOC_FILE_INFO"),
        (0xc038480a, "HIDIOCGFIELDINFO"),
        (0xc038563b, "VIDIOC_SUBDEV_G_CROP"),
        (0xc038563c, "VIDIOC_SUBDEV_S_CROP"),
        (0xc0385650, "VIDIOC_DBG_G_REGISTER"),
        (0xc03856c1, "VIDIOC_OMAP3ISP_CCDC_CFG"),
        (0xc0386105, "CEC_TRANSMIT"),
        (0xc0386106, "CEC_RECEIVE"),
        (0xc0389423, "BTRFS_IOC_INO_PATHS"),
        (0xc0389424, "BTRFS_IOC_LOGICAL_INO"),
        (0xc038943b, "BTRFS_IOC_LOGICAL_INO_V2"),
        (0xc0403d08, "PTP_SYS_OFFSET_PRECISE"),
        (0xc0403d11, "PTP_SYS_OFFSET_PRECISE2"),
        (0xc0404309, "CAPI_GET_PROFILE"),
        (0xc0404e0a, "ND_IOCTL_CALL"),
        (0xc04052e0, "FSL_MC_SEND_MC_COMMAND"),
        (0xc0405602, "VIDIOC_ENUM_FMT"),
        (0xc0405610, "VIDIOC_EXPBUF"),
        (0xc040563d, "VIDIOC_SUBDEV_G_SELECTION"),
        (0xc040563e, "VIDIOC_SUBDEV_S_SELECTION"),
        (0xc040564b, "VIDIOC_SUBDEV_ENUM_FRAME_INTERVAL"),
        (0xc040565e, "VIDIOC_G_SELECTION"),
        (0xc040565f, "VIDIOC_S_SELECTION"),
        (0xc0405665, "VIDIOC_ENUM_FREQ_BANDS"),
        (0xc0406618, "FS_IOC_REMOVE_ENCRYPTION_KEY"),
        (0xc0406619, "FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS"),
        (0xc040b408, "GPIOHANDLE_GET_LINE_VALUES_IOCTL"),
        (0xc040b409, "GPIOHANDLE_SET_LINE_VALUES_IOCTL"),
        (0xc0445624, "VIDIOC_QUERYCTRL"),
        (0xc0445636, "VIDIOC_G_MODULATOR"),
        (0xc0481273, "BLKTRACESETUP"),
        (0xc0484e41, "NVME_IOCTL_ADMIN_CMD"),
        (0xc0484e43, "NVME_IOCTL_IO_CMD"),
        (0xc0485619, "VIDIOC_SUBDEV_ENUMSTD"),
        (0xc0485630, "VIDIOC_ENUMOUTPUT"),
        (0xc0485660, "VIDIOC_DECODER_CMD"),
        (0xc0485661, "VIDIOC_TRY_DECODER_CMD"),
        (0xc0487c04, "MEDIA_IOC_G_TOPOLOGY"),
        (0xc048b402, "GPIO_GET_LINEINFO_IOCTL"),
        (0xc048b40b, "GPIO_GET_LINEINFO_WATCH_IOCTL"),
        (0xc04c56c5, "VIDIOC_OMAP3ISP_AF_CFG"),
        (0xc04c6100, "CEC_ADAP_G_CAPS"),
        (0xc0504e47, "NVME_IOCTL_ADMIN64_CMD"),
        (0xc0504e48, "NVME_IOCTL_IO64_CMD"),
        (0xc050561a, "VIDIOC_ENUMINPUT"),
        (0xc0506107, "CEC_DQEVENT"),
        (0xc0506617, "FS_IOC_ADD_ENCRYPTION_KEY"),
        (0xc054561d, "VIDIOC_G_TUNER"),
        (0xc054b40a, "GPIOHANDLE_SET_CONFIG_IOCTL"),
        (0xc058420b, "CCISS_PASSTHRU"),
        (0xc0585604, "VIDIOC_SUBDEV_G_FMT"),
        (0xc0585605, "VIDIOC_SUBDEV_S_FMT"),
        (0xc0585609, "VIDIOC_QUERYBUF"),
        (0xc058560f, "VIDIOC_QBUF"),
        (0xc0585611, "VIDIOC_DQBUF"),
        (0xc058565d, "VIDIOC_PREPARE_BUF"),
        (0xc05c6104, "CEC_ADAP_S_LOG_ADDRS"),
        (0xc0603d06, "PTP_PIN_GETFUNC"),
        (0xc0603d0f, "PTP_PIN_GETFUNC2"),
        (0xc0604212, "CCISS_BIG_PASSTHRU"),
        (0xc0607520, "UVCIOC_CTRL_MAP"),
        (0xc0684608, "FBIO_CURSOR"),
        (0xc06855c8, "UI_BEGIN_FF_UPLOAD"),
        (0xc07056c2, "VIDIOC_OMAP3ISP_PRV_CFG"),
        (0xc0709411, "BTRFS_IOC_TREE_SEARCH_V2"),
        (0xc0745645, "VIDIOC_G_SLICED_VBI_CAP"),
        (0xc080661a, "FS_IOC_GET_ENCRYPTION_KEY_STATUS"),
        (0xc0845657, "VIDIOC_SUBDEV_S_DV_TIMINGS"),
        (0xc0845658, "VIDIOC_SUBDEV_G_DV_TIMINGS"),
        (0xc0905664, "VIDIOC_DV_TIMINGS_CAP"),
        (0xc0945662, "VIDIOC_ENUM_DV_TIMINGS"),
        (0xc09c5604, "VBG_IOCTL_HGCM_CONNECT"),
        (0xc0c0583b, "FS_IOC_GETFSMAP"),
        (0xc0c85666, "VIDIOC_DBG_G_CHIP_INFO"),
        (0xc0c89425, "BTRFS_IOC_SET_RECEIVED_SUBVOL"),
        (0xc0cc5615, "VIDIOC_G_PARM"),
        (0xc0cc5616, "VIDIOC_S_PARM"),
        (0xc0d05604, "VIDIOC_G_FMT"),
        (0xc0d05605, "VIDIOC_S_FMT"),
        (0xc0d05640, "VIDIOC_TRY_FMT"),
        (0xc0e85667, "VIDIOC_QUERY_EXT_CTRL"),
        (0xc100565c, "VIDIOC_CREATE_BUFS"),
        (0xc1007c00, "MEDIA_IOC_DEVICE_INFO"),
        (0xc1007c01, "MEDIA_IOC_ENUM_ENTITIES"),
        (0xc100b405, "GPIO_V2_GET_LINEINFO_IOCTL"),
        (0xc100b406, "GPIO_V2_GET_LINEINFO_WATCH_IOCTL"),
        (0xc110b40d, "GPIO_V2_LINE_SET_CONFIG_IOCTL"),
        (0xc138fd00, "DM_VERSION"),
        (0xc138fd01, "DM_REMOVE_ALL"),
        (0xc138fd02, "DM_LIST_DEVICES"),
        (0xc138fd03, "DM_DEV_CREATE"),
        (0xc138fd04, "DM_DEV_REMOVE"),
        (0xc138fd05, "DM_DEV_RENAME"),
        (0xc138fd06, "DM_DEV_SUSPEND"),
        (0xc138fd07, "DM_DEV_STATUS"),
        (0xc138fd08, "DM_DEV_WAIT"),
        (0xc138fd09, "DM_TABLE_LOAD"),
        (0xc138fd0a, "DM_TABLE_CLEAR"),
        (0xc138fd0b, "DM_TABLE_DEPS"),
        (0xc138fd0c, "DM_TABLE_STATUS"),
        (0xc138fd0d, "DM_LIST_VERSIONS"),
        (0xc138fd0e, "DM_TARGET_MSG"),
        (0xc138fd0f, "DM_DEV_SET_GEOMETRY"),
        (0xc138fd10, "DM_DEV_ARM_POLL"),
        (0xc138fd11, "DM_GET_TARGET_VERSION"),
        (0xc16cb403, "GPIO_GET_LINEHANDLE_IOCTL"),
        (0xc250b407, "GPIO_V2_GET_LINE_IOCTL"),
        (0xc400941b, "BTRFS_IOC_SCRUB"),
        (0xc400941d, "BTRFS_IOC_SCRUB_PROGRESS"),
        (0xc4009420, "BTRFS_IOC_BALANCE_V2"),
        (0xc4089434, "BTRFS_IOC_GET_DEV_STATS"),
        (0xc4c03d09, "PTP_SYS_OFFSET_EXTENDED"),
        (0xc4c03d12, "PTP_SYS_OFFSET_EXTENDED2"),
        (0xca289435, "BTRFS_IOC_DEV_REPLACE"),
        (0xd0009411, "BTRFS_IOC_TREE_SEARCH"),
        (0xd0009412, "BTRFS_IOC_INO_LOOKUP"),
        (0xd000941e, "BTRFS_IOC_DEV_INFO"),
        (0xd000943d, "BTRFS_IOC_GET_SUBVOL_ROOTREF"),
        (0xd000943e, "BTRFS_IOC_INO_LOOKUP_USER"),
        (0xd01c4813, "HIDIOCGUSAGES"),
    ],
};

/// `*_MAGIC`
pub(super) static FS_MAGIC: Names = Names {
    unknown: "???_MAGIC",
    entries: &[
        (0x2f, "QNX4_SUPER_MAGIC"),
        (0x187, "AUTOFS_SUPER_MAGIC"),
        (0x137f, "MINIX_SUPER_MAGIC"),
        (0x1cd1, "DEVPTS_SUPER_MAGIC"),
        (0x2468, "MINIX2_SUPER_MAGIC"),
        (0x3434, "NILFS_SUPER_MAGIC"),
        (0x4d44, "MSDOS_SUPER_MAGIC"),
        (0x4d5a, "MINIX3_SUPER_MAGIC"),
        (0x517b, "SMB_SUPER_MAGIC"),
        (0x564c, "NCP_SUPER_MAGIC"),
        (0x6969, "NFS_SUPER_MAGIC"),
        (0x72b6, "JFFS2_SUPER_MAGIC"),
        (0x9660, "ISOFS_SUPER_MAGIC"),
        (0x9fa0, "PROC_SUPER_MAGIC"),
        (0x9fa1, "OPENPROM_SUPER_MAGIC"),
        (0xadf5, "ADFS_SUPER_MAGIC"),
        (0xadff, "AFFS_SUPER_MAGIC"),
        (0xef53, "EXT2_SUPER_MAGIC"),
        (0xf15f, "ECRYPTFS_SUPER_MAGIC"),
        (0x27e0eb, "CGROUP_SUPER_MAGIC"),
        (0x414a53, "EFS_SUPER_MAGIC"),
        (0xc0ffee, "HOSTFS_SUPER_MAGIC"),
        (0xc36400, "CEPH_SUPER_MAGIC"),
        (0x1021994, "TMPFS_MAGIC"),
        (0x1021997, "V9FS_MAGIC"),
        (0x7655821, "RDTGROUP_SUPER_MAGIC"),
        (0x9041934, "ANON_INODE_FS_MAGIC"),
        (0xbad1dea, "FUTEXFS_SUPER_MAGIC"),
        (0x11307854, "MTD_INODE_FS_MAGIC"),
        (0x15013346, "UDF_SUPER_MAGIC"),
        (0x2011bab0, "EXFAT_SUPER_MAGIC"),
        (0x28cd3d45, "CRAMFS_MAGIC"),
        (0x42494e4d, "BINFMTFS_MAGIC"),
        (0x43415d53, "SMACK_MAGIC"),
        (0x444d4142, "DMA_BUF_MAGIC"),
        (0x454d444d, "DEVMEM_MAGIC"),
        (0x50494446, "PID_FS_MAGIC"),
        (0x50495045, "PIPEFS_MAGIC"),
        (0x52654973, "REISERFS_SUPER_MAGIC"),
        (0x5345434d, "SECRETMEM_MAGIC"),
        (0x5346414f, "AFS_SUPER_MAGIC"),
        (0x534f434b, "SOCKFS_MAGIC"),
        (0x57ac6e9d, "STACK_END_MAGIC"),
        (0x58465342, "XFS_SUPER_MAGIC"),
        (0x5a3c69f0, "AAFS_MAGIC"),
        (0x5a4f4653, "ZONEFS_MAGIC"),
        (0x6165676c, "PSTOREFS_MAGIC"),
        (0x62646576, "BDEVFS_MAGIC"),
        (0x62656572, "SYSFS_MAGIC"),
        (0x63677270, "CGROUP2_SUPER_MAGIC"),
        (0x64626720, "DEBUGFS_MAGIC"),
        (0x64646178, "DAXFS_MAGIC"),
        (0x65735546, "FUSE_SUPER_MAGIC"),
        (0x68191122, "QNX6_SUPER_MAGIC"),
        (0x6b414653, "AFS_FS_MAGIC"),
        (0x6c6f6f70, "BINDERFS_SUPER_MAGIC"),
        (0x6e736673, "NSFS_MAGIC"),
        (0x73636673, "SECURITYFS_MAGIC"),
        (0x73717368, "SQUASHFS_MAGIC"),
        (0x73727279, "BTRFS_TEST_MAGIC"),
        (0x73757245, "CODA_SUPER_MAGIC"),
        (0x7461636f, "OCFS2_SUPER_MAGIC"),
        (0x74726163, "TRACEFS_MAGIC"),
        (0x794c7630, "OVERLAYFS_SUPER_MAGIC"),
        (0x858458f6, "RAMFS_MAGIC"),
        (0x9123683e, "BTRFS_SUPER_MAGIC"),
        (0x958458f6, "HUGETLBFS_MAGIC"),
        (0xabba1974, "XENFS_SUPER_MAGIC"),
        (0xca451a4e, "BCACHEFS_SUPER_MAGIC"),
        (0xcafe4a11, "BPF_FS_MAGIC"),
        (0xde5e81e4, "EFIVARFS_MAGIC"),
        (0xf2f52010, "F2FS_SUPER_MAGIC"),
        (0xf97cff8c, "SELINUX_MAGIC"),
        (0xf995e849, "HPFS_SUPER_MAGIC"),
        (0xfe534d42, "SMB2_SUPER_MAGIC"),
        (0xff534d42, "CIFS_SUPER_MAGIC"),
    ],
};

/// `ST_*`
pub(super) static ST_FLAGS: Names = Names {
    unknown: "ST_???",
    entries: &[
        (0x1, "ST_RDONLY"),
        (0x2, "ST_NOSUID"),
        (0x4, "ST_NODEV"),
        (0x8, "ST_NOEXEC"),
        (0x10, "ST_SYNCHRONOUS"),
        (0x40, "ST_MANDLOCK"),
        (0x80, "ST_WRITE"),
        (0x100, "ST_APPEND"),
        (0x200, "ST_IMMUTABLE"),
        (0x400, "ST_NOATIME"),
        (0x800, "ST_NODIRATIME"),
        (0x1000, "ST_RELATIME"),
    ],
};

/// `B0`, `B50`, `B75`, `B110`, `B134`, `B150`, `B200`, `B300`, `B600`, `B1200`, `B1800`, `B2400`, `B4800`, `B9600`, `B19200`, `B38400`, `B57600`, `B115200`, `B230400`, `B460800`, `B500000`, `B576000`, `B921600`, `B1000000`, `B1152000`, `B1500000`, `B2000000`, `B2500000`, `B3000000`, `B3500000`, `B4000000`, `BOTHER`
pub(super) static BAUDS: Names = Names {
    unknown: "B???",
    entries: &[
        (0x0, "B0"),
        (0x1, "B50"),
        (0x2, "B75"),
        (0x3, "B110"),
        (0x4, "B134"),
        (0x5, "B150"),
        (0x6, "B200"),
        (0x7, "B300"),
        (0x8, "B600"),
        (0x9, "B1200"),
        (0xa, "B1800"),
        (0xb, "B2400"),
        (0xc, "B4800"),
        (0xd, "B9600"),
        (0xe, "B19200"),
        (0xf, "B38400"),
        (0x1000, "BOTHER"),
        (0x1001, "B57600"),
        (0x1002, "B115200"),
        (0x1003, "B230400"),
        (0x1004, "B460800"),
        (0x1005, "B500000"),
        (0x1006, "B576000"),
        (0x1007, "B921600"),
        (0x1008, "B1000000"),
        (0x1009, "B1152000"),
        (0x100a, "B1500000"),
        (0x100b, "B2000000"),
        (0x100c, "B2500000"),
        (0x100d, "B3000000"),
        (0x100e, "B3500000"),
        (0x100f, "B4000000"),
    ],
};

/// `IGNBRK`, `BRKINT`, `IGNPAR`, `PARMRK`, `INPCK`, `ISTRIP`, `INLCR`, `IGNCR`, `ICRNL`, `IUCLC`, `IXON`, `IXANY`, `IXOFF`, `IMAXBEL`, `IUTF8`
pub(super) static TERM_IFLAGS: Names = Names {
    unknown: "",
    entries: &[
        (0x1, "IGNBRK"),
        (0x2, "BRKINT"),
        (0x4, "IGNPAR"),
        (0x8, "PARMRK"),
        (0x10, "INPCK"),
        (0x20, "ISTRIP"),
        (0x40, "INLCR"),
        (0x80, "IGNCR"),
        (0x100, "ICRNL"),
        (0x200, "IUCLC"),
        (0x400, "IXON"),
        (0x800, "IXANY"),
        (0x1000, "IXOFF"),
        (0x2000, "IMAXBEL"),
        (0x4000, "IUTF8"),
    ],
};

/// `OPOST`, `OLCUC`, `ONLCR`, `OCRNL`, `ONOCR`, `ONLRET`, `OFILL`, `OFDEL`
pub(super) static TERM_OFLAGS: Names = Names {
    unknown: "",
    entries: &[
        (0x1, "OPOST"),
        (0x2, "OLCUC"),
        (0x4, "ONLCR"),
        (0x8, "OCRNL"),
        (0x10, "ONOCR"),
        (0x20, "ONLRET"),
        (0x40, "OFILL"),
        (0x80, "OFDEL"),
    ],
};

/// `CSTOPB`, `CREAD`, `PARENB`, `PARODD`, `HUPCL`, `CLOCAL`, `CMSPAR`, `CRTSCTS`
pub(super) static TERM_CFLAGS: Names = Names {
    unknown: "",
    entries: &[
        (0x40, "CSTOPB"),
        (0x80, "CREAD"),
        (0x100, "PARENB"),
        (0x200, "PARODD"),
        (0x400, "HUPCL"),
        (0x800, "CLOCAL"),
        (0x40000000, "CMSPAR"),
        (0x80000000, "CRTSCTS"),
    ],
};

/// `ISIG`, `ICANON`, `XCASE`, `ECHO`, `ECHOE`, `ECHOK`, `ECHONL`, `NOFLSH`, `IEXTEN`, `ECHOCTL`, `ECHOPRT`, `ECHOKE`, `FLUSHO`, `PENDIN`, `TOSTOP`, `EXTPROC`
pub(super) static TERM_LFLAGS: Names = Names {
    unknown: "",
    entries: &[
        (0x1, "ISIG"),
        (0x2, "ICANON"),
        (0x4, "XCASE"),
        (0x8, "ECHO"),
        (0x10, "ECHOE"),
        (0x20, "ECHOK"),
        (0x40, "ECHONL"),
        (0x80, "NOFLSH"),
        (0x8000, "IEXTEN"),
        (0x200, "ECHOCTL"),
        (0x400, "ECHOPRT"),
        (0x800, "ECHOKE"),
        (0x1000, "FLUSHO"),
        (0x4000, "PENDIN"),
        (0x100, "TOSTOP"),
        (0x10000, "EXTPROC"),
    ],
};

/// `CS5`, `CS6`, `CS7`, `CS8`
pub(super) static TERM_CSIZE: Names = Names {
    unknown: "CS?",
    entries: &[
        (0x0, "CS5"),
        (0x10, "CS6"),
        (0x20, "CS7"),
        (0x30, "CS8"),
    ],
};

/// `NL0`, `NL1`
pub(super) static TERM_NLDLY: Names = Names {
    unknown: "NL?",
    entries: &[
        (0x0, "NL0"),
        (0x100, "NL1"),
    ],
};

/// `CR0`, `CR1`, `CR2`, `CR3`
pub(super) static TERM_CRDLY: Names = Names {
    unknown: "CR?",
    entries: &[
        (0x0, "CR0"),
        (0x200, "CR1"),
        (0x400, "CR2"),
        (0x600, "CR3"),
    ],
};

/// `TAB0`, `TAB1`, `TAB2`, `XTABS`
pub(super) static TERM_TABDLY: Names = Names {
    unknown: "TAB?",
    entries: &[
        (0x0, "TAB0"),
        (0x800, "TAB1"),
        (0x1000, "TAB2"),
        (0x1800, "XTABS"),
    ],
};

/// `BS0`, `BS1`
pub(super) static TERM_BSDLY: Names = Names {
    unknown: "BS?",
    entries: &[
        (0x0, "BS0"),
        (0x2000, "BS1"),
    ],
};

/// `VT0`, `VT1`
pub(super) static TERM_VTDLY: Names = Names {
    unknown: "VT?",
    entries: &[
        (0x0, "VT0"),
        (0x4000, "VT1"),
    ],
};

/// `FF0`, `FF1`
pub(super) static TERM_FFDLY: Names = Names {
    unknown: "FF?",
    entries: &[
        (0x0, "FF0"),
        (0x8000, "FF1"),
    ],
};

/// `VINTR`, `VQUIT`, `VERASE`, `VKILL`, `VEOF`, `VTIME`, `VMIN`, `VSWTC`, `VSTART`, `VSTOP`, `VSUSP`, `VEOL`, `VREPRINT`, `VDISCARD`, `VWERASE`, `VLNEXT`, `VEOL2`
pub(super) static TERM_CC: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "VINTR"),
        (0x1, "VQUIT"),
        (0x2, "VERASE"),
        (0x3, "VKILL"),
        (0x4, "VEOF"),
        (0x5, "VTIME"),
        (0x6, "VMIN"),
        (0x7, "VSWTC"),
        (0x8, "VSTART"),
        (0x9, "VSTOP"),
        (0xa, "VSUSP"),
        (0xb, "VEOL"),
        (0xc, "VREPRINT"),
        (0xd, "VDISCARD"),
        (0xe, "VWERASE"),
        (0xf, "VLNEXT"),
        (0x10, "VEOL2"),
    ],
};

/// `NETLINK_ADD_MEMBERSHIP`, `NETLINK_DROP_MEMBERSHIP`, `NETLINK_PKTINFO`, `NETLINK_BROADCAST_ERROR`, `NETLINK_NO_ENOBUFS`, `NETLINK_LISTEN_ALL_NSID`, `NETLINK_LIST_MEMBERSHIPS`, `NETLINK_CAP_ACK`, `NETLINK_EXT_ACK`, `NETLINK_GET_STRICT_CHK`
pub(super) static NETLINK_OPTIONS: Names = Names {
    unknown: "NETLINK_???",
    entries: &[
        (0x1, "NETLINK_ADD_MEMBERSHIP"),
        (0x2, "NETLINK_DROP_MEMBERSHIP"),
        (0x3, "NETLINK_PKTINFO"),
        (0x4, "NETLINK_BROADCAST_ERROR"),
        (0x5, "NETLINK_NO_ENOBUFS"),
        (0x8, "NETLINK_LISTEN_ALL_NSID"),
        (0x9, "NETLINK_LIST_MEMBERSHIPS"),
        (0xa, "NETLINK_CAP_ACK"),
        (0xb, "NETLINK_EXT_ACK"),
        (0xc, "NETLINK_GET_STRICT_CHK"),
    ],
};

/// `PERF_SAMPLE_*`
pub(super) static PERF_SAMPLE: Names = Names {
    unknown: "PERF_SAMPLE_???",
    entries: &[
        (0x1, "PERF_SAMPLE_IP"),
        (0x2, "PERF_SAMPLE_TID"),
        (0x4, "PERF_SAMPLE_TIME"),
        (0x8, "PERF_SAMPLE_ADDR"),
        (0x10, "PERF_SAMPLE_READ"),
        (0x20, "PERF_SAMPLE_CALLCHAIN"),
        (0x40, "PERF_SAMPLE_ID"),
        (0x80, "PERF_SAMPLE_CPU"),
        (0x100, "PERF_SAMPLE_PERIOD"),
        (0x200, "PERF_SAMPLE_STREAM_ID"),
        (0x400, "PERF_SAMPLE_RAW"),
        (0x1000, "PERF_SAMPLE_REGS_USER"),
        (0x2000, "PERF_SAMPLE_STACK_USER"),
        (0x4000, "PERF_SAMPLE_WEIGHT"),
        (0x8000, "PERF_SAMPLE_DATA_SRC"),
        (0x10000, "PERF_SAMPLE_IDENTIFIER"),
        (0x20000, "PERF_SAMPLE_TRANSACTION"),
        (0x40000, "PERF_SAMPLE_REGS_INTR"),
        (0x80000, "PERF_SAMPLE_PHYS_ADDR"),
        (0x100000, "PERF_SAMPLE_AUX"),
        (0x200000, "PERF_SAMPLE_CGROUP"),
        (0x400000, "PERF_SAMPLE_DATA_PAGE_SIZE"),
        (0x800000, "PERF_SAMPLE_CODE_PAGE_SIZE"),
        (0x1000000, "PERF_SAMPLE_WEIGHT_STRUCT"),
    ],
};

/// `FS_*_FL`
pub(super) static FS_FLAGS: Names = Names {
    unknown: "FS_???_FL",
    entries: &[
        (0x1, "FS_SECRM_FL"),
        (0x2, "FS_UNRM_FL"),
        (0x4, "FS_COMPR_FL"),
        (0x8, "FS_SYNC_FL"),
        (0x10, "FS_IMMUTABLE_FL"),
        (0x20, "FS_APPEND_FL"),
        (0x40, "FS_NODUMP_FL"),
        (0x80, "FS_NOATIME_FL"),
        (0x200, "FS_COMPRBLK_FL"),
        (0x400, "FS_NOCOMP_FL"),
        (0x800, "FS_ENCRYPT_FL"),
        (0x1000, "FS_BTREE_FL"),
        (0x2000, "FS_IMAGIC_FL"),
        (0x4000, "FS_JOURNAL_DATA_FL"),
        (0x8000, "FS_NOTAIL_FL"),
        (0x10000, "FS_DIRSYNC_FL"),
        (0x20000, "FS_TOPDIR_FL"),
        (0x40000, "FS_HUGE_FILE_FL"),
        (0x80000, "FS_EXTENT_FL"),
        (0x100000, "FS_VERITY_FL"),
        (0x200000, "FS_EA_INODE_FL"),
        (0x400000, "FS_EOFBLOCKS_FL"),
        (0x800000, "FS_NOCOW_FL"),
        (0x2000000, "FS_DAX_FL"),
        (0x10000000, "FS_INLINE_DATA_FL"),
        (0x20000000, "FS_PROJINHERIT_FL"),
        (0x40000000, "FS_CASEFOLD_FL"),
        (0x80000000, "FS_RESERVED_FL"),
    ],
};

/// `SUID_DUMP_*`
pub(super) static SUID_DUMP: Names = Names {
    unknown: "SUID_DUMP_???",
    entries: &[
        (0x0, "SUID_DUMP_DISABLE"),
        (0x1, "SUID_DUMP_USER"),
        (0x2, "SUID_DUMP_ROOT"),
    ],
};

/// `PR_UNALIGN_*`
pub(super) static PR_UNALIGN: Names = Names {
    unknown: "PR_UNALIGN_???",
    entries: &[
        (0x1, "PR_UNALIGN_NOPRINT"),
        (0x2, "PR_UNALIGN_SIGBUS"),
    ],
};

/// `PR_TSC_*`
pub(super) static PR_TSC: Names = Names {
    unknown: "PR_TSC_???",
    entries: &[
        (0x1, "PR_TSC_ENABLE"),
        (0x2, "PR_TSC_SIGSEGV"),
    ],
};

/// `SECBIT_*`
pub(super) static SECBITS: Names = Names {
    unknown: "SECBIT_???",
    entries: &[
        (0x1, "SECBIT_NOROOT"),
        (0x2, "SECBIT_NOROOT_LOCKED"),
        (0x4, "SECBIT_NO_SETUID_FIXUP"),
        (0x8, "SECBIT_NO_SETUID_FIXUP_LOCKED"),
        (0x10, "SECBIT_KEEP_CAPS"),
        (0x20, "SECBIT_KEEP_CAPS_LOCKED"),
        (0x40, "SECBIT_NO_CAP_AMBIENT_RAISE"),
        (0x80, "SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED"),
        (0x100, "SECBIT_EXEC_RESTRICT_FILE"),
        (0x200, "SECBIT_EXEC_RESTRICT_FILE_LOCKED"),
        (0x400, "SECBIT_EXEC_DENY_INTERACTIVE"),
        (0x800, "SECBIT_EXEC_DENY_INTERACTIVE_LOCKED"),
    ],
};

/// `PR_MCE_KILL_CLEAR`, `PR_MCE_KILL_SET`
pub(super) static PR_MCE_KILL: Names = Names {
    unknown: "PR_MCE_KILL_???",
    entries: &[
        (0x0, "PR_MCE_KILL_CLEAR"),
        (0x1, "PR_MCE_KILL_SET"),
    ],
};

/// `PR_MCE_KILL_LATE`, `PR_MCE_KILL_EARLY`, `PR_MCE_KILL_DEFAULT`
pub(super) static PR_MCE_KILL_POLICY: Names = Names {
    unknown: "PR_MCE_KILL_???",
    entries: &[
        (0x0, "PR_MCE_KILL_LATE"),
        (0x1, "PR_MCE_KILL_EARLY"),
        (0x2, "PR_MCE_KILL_DEFAULT"),
    ],
};

/// `PR_SET_MM_*`
pub(super) static PR_SET_MM: Names = Names {
    unknown: "PR_SET_MM_???",
    entries: &[
        (0x1, "PR_SET_MM_START_CODE"),
        (0x2, "PR_SET_MM_END_CODE"),
        (0x3, "PR_SET_MM_START_DATA"),
        (0x4, "PR_SET_MM_END_DATA"),
        (0x5, "PR_SET_MM_START_STACK"),
        (0x6, "PR_SET_MM_START_BRK"),
        (0x7, "PR_SET_MM_BRK"),
        (0x8, "PR_SET_MM_ARG_START"),
        (0x9, "PR_SET_MM_ARG_END"),
        (0xa, "PR_SET_MM_ENV_START"),
        (0xb, "PR_SET_MM_ENV_END"),
        (0xc, "PR_SET_MM_AUXV"),
        (0xd, "PR_SET_MM_EXE_FILE"),
        (0xe, "PR_SET_MM_MAP"),
        (0xf, "PR_SET_MM_MAP_SIZE"),
    ],
};

/// `PR_FP_MODE_*`
pub(super) static PR_FP_MODE: Names = Names {
    unknown: "PR_FP_MODE_???",
    entries: &[
        (0x1, "PR_FP_MODE_FR"),
        (0x2, "PR_FP_MODE_FRE"),
    ],
};

/// `PR_SVE_SET_VL_ONEXEC`, `PR_SVE_VL_INHERIT`
pub(super) static PR_SVE_FLAGS: Names = Names {
    unknown: "",
    entries: &[
        (0x40000, "PR_SVE_SET_VL_ONEXEC"),
        (0x20000, "PR_SVE_VL_INHERIT"),
    ],
};

/// `PR_SME_SET_VL_ONEXEC`, `PR_SME_VL_INHERIT`
pub(super) static PR_SME_FLAGS: Names = Names {
    unknown: "",
    entries: &[
        (0x40000, "PR_SME_SET_VL_ONEXEC"),
        (0x20000, "PR_SME_VL_INHERIT"),
    ],
};

/// `PR_SPEC_STORE_BYPASS`, `PR_SPEC_INDIRECT_BRANCH`, `PR_SPEC_L1D_FLUSH`
pub(super) static PR_SPEC: Names = Names {
    unknown: "PR_SPEC_???",
    entries: &[
        (0x0, "PR_SPEC_STORE_BYPASS"),
        (0x1, "PR_SPEC_INDIRECT_BRANCH"),
        (0x2, "PR_SPEC_L1D_FLUSH"),
    ],
};

/// `PR_SPEC_NOT_AFFECTED`, `PR_SPEC_PRCTL`, `PR_SPEC_ENABLE`, `PR_SPEC_DISABLE`, `PR_SPEC_FORCE_DISABLE`, `PR_SPEC_DISABLE_NOEXEC`
pub(super) static PR_SPEC_GET: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "PR_SPEC_NOT_AFFECTED"),
        (0x1, "PR_SPEC_PRCTL"),
        (0x2, "PR_SPEC_ENABLE"),
        (0x4, "PR_SPEC_DISABLE"),
        (0x8, "PR_SPEC_FORCE_DISABLE"),
        (0x10, "PR_SPEC_DISABLE_NOEXEC"),
    ],
};

/// `PR_SPEC_ENABLE`, `PR_SPEC_DISABLE`, `PR_SPEC_FORCE_DISABLE`, `PR_SPEC_DISABLE_NOEXEC`
pub(super) static PR_SPEC_SET: Names = Names {
    unknown: "PR_SPEC_???",
    entries: &[
        (0x2, "PR_SPEC_ENABLE"),
        (0x4, "PR_SPEC_DISABLE"),
        (0x8, "PR_SPEC_FORCE_DISABLE"),
        (0x10, "PR_SPEC_DISABLE_NOEXEC"),
    ],
};

/// `PR_PAC_AP*`
pub(super) static PR_PAC_KEYS: Names = Names {
    unknown: "PR_PAC_???",
    entries: &[
        (0x1, "PR_PAC_APIAKEY"),
        (0x2, "PR_PAC_APIBKEY"),
        (0x4, "PR_PAC_APDAKEY"),
        (0x8, "PR_PAC_APDBKEY"),
        (0x10, "PR_PAC_APGAKEY"),
    ],
};

/// `PR_PAC_AP*`
pub(super) static PR_PAC_ENABLED_KEYS: Names = Names {
    unknown: "PR_PAC_???",
    entries: &[
        (0x1, "PR_PAC_APIAKEY"),
        (0x2, "PR_PAC_APIBKEY"),
        (0x4, "PR_PAC_APDAKEY"),
        (0x8, "PR_PAC_APDBKEY"),
    ],
};

/// `PR_MTE_TCF_NONE`, `PR_MTE_TCF_SYNC`, `PR_MTE_TCF_ASYNC`, `PR_MTE_TCF_MASK`
pub(super) static PR_MTE_TCF: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "PR_MTE_TCF_NONE"),
        (0x2, "PR_MTE_TCF_SYNC"),
        (0x4, "PR_MTE_TCF_ASYNC"),
        (0x6, "PR_MTE_TCF_MASK"),
    ],
};

/// `PR_SYS_DISPATCH_O*`
pub(super) static PR_SYS_DISPATCH: Names = Names {
    unknown: "PR_SYS_DISPATCH_???",
    entries: &[
        (0x0, "PR_SYS_DISPATCH_OFF"),
        (0x1, "PR_SYS_DISPATCH_ON"),
    ],
};

/// `PR_SCHED_CORE_*`
pub(super) static PR_SCHED_CORE: Names = Names {
    unknown: "PR_SCHED_CORE_???",
    entries: &[
        (0x0, "PR_SCHED_CORE_GET"),
        (0x1, "PR_SCHED_CORE_CREATE"),
        (0x2, "PR_SCHED_CORE_SHARE_TO"),
        (0x3, "PR_SCHED_CORE_SHARE_FROM"),
    ],
};

/// `PIDTYPE_*`
pub(super) static PIDTYPES: Names = Names {
    unknown: "PIDTYPE_???",
    entries: &[
        (0x0, "PIDTYPE_PID"),
        (0x1, "PIDTYPE_TGID"),
        (0x2, "PIDTYPE_PGID"),
        (0x3, "PIDTYPE_SID"),
    ],
};

/// `PR_MDWE_*`
pub(super) static PR_MDWE: Names = Names {
    unknown: "PR_MDWE_???",
    entries: &[
        (0x1, "PR_MDWE_REFUSE_EXEC_GAIN"),
        (0x2, "PR_MDWE_NO_INHERIT"),
    ],
};

/// `PR_RISCV_CTX_*`
pub(super) static PR_RISCV_CTX: Names = Names {
    unknown: "PR_RISCV_CTX_???",
    entries: &[
        (0x0, "PR_RISCV_CTX_SW_FENCEI_ON"),
        (0x1, "PR_RISCV_CTX_SW_FENCEI_OFF"),
    ],
};

/// `PR_RISCV_SCOPE_*`
pub(super) static PR_RISCV_SCOPE: Names = Names {
    unknown: "PR_RISCV_SCOPE_???",
    entries: &[
        (0x0, "PR_RISCV_SCOPE_PER_PROCESS"),
        (0x1, "PR_RISCV_SCOPE_PER_THREAD"),
    ],
};

/// `PR_RISCV_V_VSTATE_CTRL_DEFAULT`, `PR_RISCV_V_VSTATE_CTRL_OFF`, `PR_RISCV_V_VSTATE_CTRL_ON`
pub(super) static PR_RISCV_V: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "PR_RISCV_V_VSTATE_CTRL_DEFAULT"),
        (0x1, "PR_RISCV_V_VSTATE_CTRL_OFF"),
        (0x2, "PR_RISCV_V_VSTATE_CTRL_ON"),
    ],
};

/// `PR_PPC_DEXCR_*`
pub(super) static PR_PPC_DEXCR: Names = Names {
    unknown: "PR_PPC_DEXCR_???",
    entries: &[
        (0x0, "PR_PPC_DEXCR_SBHE"),
        (0x1, "PR_PPC_DEXCR_IBRTPD"),
        (0x2, "PR_PPC_DEXCR_SRAPD"),
        (0x3, "PR_PPC_DEXCR_NPHIE"),
    ],
};

/// `PR_PPC_DEXCR_CTRL_*`
pub(super) static PR_PPC_DEXCR_CTRL: Names = Names {
    unknown: "PR_PPC_DEXCR_CTRL_???",
    entries: &[
        (0x1, "PR_PPC_DEXCR_CTRL_EDITABLE"),
        (0x2, "PR_PPC_DEXCR_CTRL_SET"),
        (0x4, "PR_PPC_DEXCR_CTRL_CLEAR"),
        (0x8, "PR_PPC_DEXCR_CTRL_SET_ONEXEC"),
        (0x10, "PR_PPC_DEXCR_CTRL_CLEAR_ONEXEC"),
    ],
};

/// `PR_SET_VMA_*`
pub(super) static PR_VMA: Names = Names {
    unknown: "PR_SET_VMA_???",
    entries: &[
        (0x0, "PR_SET_VMA_ANON_NAME"),
    ],
};

/// `ARCH_*`
pub(super) static ARCH_PRCTL: Names = Names {
    unknown: "ARCH_???",
    entries: &[
        (0x1001, "ARCH_SET_GS"),
        (0x1002, "ARCH_SET_FS"),
        (0x1003, "ARCH_GET_FS"),
        (0x1004, "ARCH_GET_GS"),
        (0x1011, "ARCH_GET_CPUID"),
        (0x1012, "ARCH_SET_CPUID"),
        (0x1021, "ARCH_GET_XCOMP_SUPP"),
        (0x1022, "ARCH_GET_XCOMP_PERM"),
        (0x1023, "ARCH_REQ_XCOMP_PERM"),
        (0x1024, "ARCH_GET_XCOMP_GUEST_PERM"),
        (0x1025, "ARCH_REQ_XCOMP_GUEST_PERM"),
        (0x2001, "ARCH_MAP_VDSO_X32"),
        (0x2002, "ARCH_MAP_VDSO_32"),
        (0x2003, "ARCH_MAP_VDSO_64"),
        (0x4001, "ARCH_GET_UNTAG_MASK"),
        (0x4002, "ARCH_ENABLE_TAGGED_ADDR"),
        (0x4003, "ARCH_GET_MAX_TAG_BITS"),
        (0x4004, "ARCH_FORCE_TAGGED_SVA"),
        (0x5001, "ARCH_SHSTK_ENABLE"),
        (0x5002, "ARCH_SHSTK_DISABLE"),
        (0x5003, "ARCH_SHSTK_LOCK"),
        (0x5004, "ARCH_SHSTK_UNLOCK"),
        (0x5005, "ARCH_SHSTK_STATUS"),
    ],
};

/// `XFEATURE_*`
pub(super) static XFEATURES: Names = Names {
    unknown: "XFEATURE_???",
    entries: &[
        (0x0, "XFEATURE_FP"),
        (0x1, "XFEATURE_SSE"),
        (0x2, "XFEATURE_YMM"),
        (0x3, "XFEATURE_BNDREGS"),
        (0x4, "XFEATURE_BNDCSR"),
        (0x5, "XFEATURE_OPMASK"),
        (0x6, "XFEATURE_ZMM_Hi256"),
        (0x7, "XFEATURE_Hi16_ZMM"),
        (0x8, "XFEATURE_PT_UNIMPLEMENTED_SO_FAR"),
        (0x9, "XFEATURE_PKRU"),
        (0xa, "XFEATURE_PASID"),
        (0xf, "XFEATURE_LBR"),
        (0x11, "XFEATURE_XTILE_CFG"),
        (0x12, "XFEATURE_XTILE_DATA"),
    ],
};

/// `XFEATURE_MASK_*`
pub(super) static XFEATURE_MASKS: Names = Names {
    unknown: "XFEATURE_MASK_???",
    entries: &[
        (0x3, "XFEATURE_MASK_FPSSE"),
        (0x1, "XFEATURE_MASK_FP"),
        (0x2, "XFEATURE_MASK_SSE"),
        (0x4, "XFEATURE_MASK_YMM"),
        (0x8, "XFEATURE_MASK_BNDREGS"),
        (0x10, "XFEATURE_MASK_BNDCSR"),
        (0xe0, "XFEATURE_MASK_AVX512"),
        (0x20, "XFEATURE_MASK_OPMASK"),
        (0x40, "XFEATURE_MASK_ZMM_Hi256"),
        (0x80, "XFEATURE_MASK_Hi16_ZMM"),
        (0x100, "XFEATURE_MASK_PT"),
        (0x200, "XFEATURE_MASK_PKRU"),
        (0x400, "XFEATURE_MASK_PASID"),
        (0x8000, "XFEATURE_MASK_LBR"),
        (0x60000, "XFEATURE_MASK_XTILE"),
        (0x20000, "XFEATURE_MASK_XTILE_CFG"),
        (0x40000, "XFEATURE_MASK_XTILE_DATA"),
    ],
};

/// `SEM_UNDO`, `IPC_NOWAIT`
pub(super) static SEM_FLAGS: Names = Names {
    unknown: "SEM_???",
    entries: &[
        (0x1000, "SEM_UNDO"),
        (0x800, "IPC_NOWAIT"),
    ],
};

/// `BPF_LD`, `BPF_LDX`, `BPF_ST`, `BPF_STX`, `BPF_ALU`, `BPF_JMP`, `BPF_RET`, `BPF_MISC`
pub(super) static FILTER_CLASSES: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_LD"),
        (0x1, "BPF_LDX"),
        (0x2, "BPF_ST"),
        (0x3, "BPF_STX"),
        (0x4, "BPF_ALU"),
        (0x5, "BPF_JMP"),
        (0x6, "BPF_RET"),
        (0x7, "BPF_MISC"),
    ],
};

/// `BPF_W`, `BPF_H`, `BPF_B`
pub(super) static FILTER_SIZES: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_W"),
        (0x8, "BPF_H"),
        (0x10, "BPF_B"),
    ],
};

/// `BPF_IMM`, `BPF_ABS`, `BPF_IND`, `BPF_MEM`, `BPF_LEN`, `BPF_MSH`
pub(super) static FILTER_MODES: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_IMM"),
        (0x20, "BPF_ABS"),
        (0x40, "BPF_IND"),
        (0x60, "BPF_MEM"),
        (0x80, "BPF_LEN"),
        (0xa0, "BPF_MSH"),
    ],
};

/// `BPF_K`, `BPF_X`
pub(super) static FILTER_SOURCES: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_K"),
        (0x8, "BPF_X"),
    ],
};

/// `BPF_ADD`, `BPF_SUB`, `BPF_MUL`, `BPF_DIV`, `BPF_OR`, `BPF_AND`, `BPF_LSH`, `BPF_RSH`, `BPF_NEG`, `BPF_MOD`, `BPF_XOR`
pub(super) static FILTER_OPS: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_ADD"),
        (0x10, "BPF_SUB"),
        (0x20, "BPF_MUL"),
        (0x30, "BPF_DIV"),
        (0x40, "BPF_OR"),
        (0x50, "BPF_AND"),
        (0x60, "BPF_LSH"),
        (0x70, "BPF_RSH"),
        (0x80, "BPF_NEG"),
        (0x90, "BPF_MOD"),
        (0xa0, "BPF_XOR"),
    ],
};

/// `BPF_JA`, `BPF_JEQ`, `BPF_JGT`, `BPF_JGE`, `BPF_JSET`
pub(super) static FILTER_JUMPS: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_JA"),
        (0x10, "BPF_JEQ"),
        (0x20, "BPF_JGT"),
        (0x30, "BPF_JGE"),
        (0x40, "BPF_JSET"),
    ],
};

/// `BPF_K`, `BPF_X`, `BPF_A`
pub(super) static FILTER_RESULTS: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_K"),
        (0x8, "BPF_X"),
        (0x10, "BPF_A"),
    ],
};

/// `BPF_TAX`, `BPF_TXA`
pub(super) static FILTER_MISC: Names = Names {
    unknown: "BPF_???",
    entries: &[
        (0x0, "BPF_TAX"),
        (0x80, "BPF_TXA"),
    ],
};

/// `SECCOMP_RET_*`
pub(super) static SECCOMP_RET: Names = Names {
    unknown: "SECCOMP_RET_???",
    entries: &[
        (0x0, "SECCOMP_RET_KILL_THREAD"),
        (0x30000, "SECCOMP_RET_TRAP"),
        (0x50000, "SECCOMP_RET_ERRNO"),
        (0x7fc00000, "SECCOMP_RET_USER_NOTIF"),
        (0x7ff00000, "SECCOMP_RET_TRACE"),
        (0x7ffc0000, "SECCOMP_RET_LOG"),
        (0x7fff0000, "SECCOMP_RET_ALLOW"),
        (0x80000000, "SECCOMP_RET_KILL_PROCESS"),
    ],
};

/// `*`
pub(super) static IOCTLS_TOO: Names = Names {
    unknown: "",
    entries: &[
        (0x301, "HDIO_GETGEO"),
        (0x302, "HDIO_GET_UNMASKINTR"),
        (0x304, "HDIO_GET_MULTCOUNT"),
        (0x305, "HDIO_GET_QDMA"),
        (0x306, "HDIO_SET_XFER"),
        (0x307, "HDIO_OBSOLETE_IDENTITY"),
        (0x308, "HDIO_GET_KEEPSETTINGS"),
        (0x309, "HDIO_GET_32BIT"),
        (0x30a, "HDIO_GET_NOWERR"),
        (0x30b, "HDIO_GET_DMA"),
        (0x30c, "HDIO_GET_NICE"),
        (0x30d, "HDIO_GET_IDENTITY"),
        (0x30e, "HDIO_GET_WCACHE"),
        (0x30f, "HDIO_GET_ACOUSTIC"),
        (0x310, "HDIO_GET_ADDRESS"),
        (0x31a, "HDIO_GET_BUSSTATE"),
        (0x31b, "HDIO_TRISTATE_HWIF"),
        (0x31c, "HDIO_DRIVE_RESET"),
        (0x31d, "HDIO_DRIVE_TASKFILE"),
        (0x31e, "HDIO_DRIVE_TASK"),
        (0x31f, "HDIO_DRIVE_CMD"),
        (0x321, "HDIO_SET_MULTCOUNT"),
        (0x322, "HDIO_SET_UNMASKINTR"),
        (0x323, "HDIO_SET_KEEPSETTINGS"),
        (0x324, "HDIO_SET_32BIT"),
        (0x325, "HDIO_SET_NOWERR"),
        (0x326, "HDIO_SET_DMA"),
        (0x327, "HDIO_SET_PIO_MODE"),
        (0x328, "HDIO_SCAN_HWIF"),
        (0x329, "HDIO_SET_NICE"),
        (0x32a, "HDIO_UNREGISTER_HWIF"),
        (0x32b, "HDIO_SET_WCACHE"),
        (0x32c, "HDIO_SET_ACOUSTIC"),
        (0x32d, "HDIO_SET_BUSSTATE"),
        (0x32e, "HDIO_SET_QDMA"),
        (0x32f, "HDIO_SET_ADDRESS"),
        (0x1b03, "IB_USER_MAD_ENABLE_PKEY"),
        (0x1be6, "HFI1_IOCTL_CREDIT_UPD"),
        (0x1bec, "HFI1_IOCTL_CTXT_RESET"),
        (0x2201, "SG_SET_TIMEOUT"),
        (0x2202, "SG_GET_TIMEOUT"),
        (0x2203, "SG_EMULATED_HOST"),
        (0x2204, "SG_SET_TRANSFORM"),
        (0x2205, "SG_GET_TRANSFORM"),
        (0x2270, "SG_GET_COMMAND_Q"),
        (0x2271, "SG_SET_COMMAND_Q"),
        (0x2276, "SG_GET_SCSI_ID"),
        (0x2279, "SG_SET_FORCE_LOW_DMA"),
        (0x227a, "SG_GET_LOW_DMA"),
        (0x227b, "SG_SET_FORCE_PACK_ID"),
        (0x227c, "SG_GET_PACK_ID"),
        (0x227d, "SG_GET_NUM_WAITING"),
        (0x227e, "SG_SET_DEBUG"),
        (0x227f, "SG_GET_SG_TABLESIZE"),
        (0x2282, "SG_GET_VERSION_NUM"),
        (0x2283, "SG_NEXT_CMD_LEN"),
        (0x2284, "SG_SCSI_RESET"),
        (0x2285, "SG_IO"),
        (0x2286, "SG_GET_REQUEST_TABLE"),
        (0x2287, "SG_SET_KEEP_ORPHAN"),
        (0x2288, "SG_GET_KEEP_ORPHAN"),
        (0x2400, "PERF_EVENT_IOC_ENABLE"),
        (0x2401, "PERF_EVENT_IOC_DISABLE"),
        (0x2402, "PERF_EVENT_IOC_REFRESH"),
        (0x2403, "PERF_EVENT_IOC_RESET"),
        (0x2405, "PERF_EVENT_IOC_SET_OUTPUT"),
        (0x3b70, "VFIO_DEVICE_GET_PCI_HOT_RESET_INFO"),
        (0x3b71, "VFIO_DEVICE_PCI_HOT_RESET"),
        (0x3b72, "VFIO_DEVICE_QUERY_GFX_PLANE"),
        (0x3b73, "VFIO_DEVICE_GET_GFX_DMABUF"),
        (0x3b74, "VFIO_DEVICE_IOEVENTFD"),
        (0x3b75, "VFIO_DEVICE_FEATURE"),
        (0x3d13, "PTP_MASK_CLEAR_ALL"),
        (0x3e01, "COUNTER_ENABLE_EVENTS_IOCTL"),
        (0x3e02, "COUNTER_DISABLE_EVENTS_IOCTL"),
        (0x4600, "FBIOGET_VSCREENINFO"),
        (0x4601, "FBIOPUT_VSCREENINFO"),
        (0x4602, "FBIOGET_FSCREENINFO"),
        (0x4604, "FBIOGETCMAP"),
        (0x4605, "FBIOPUTCMAP"),
        (0x4606, "FBIOPAN_DISPLAY"),
        (0x460f, "FBIOGET_CON2FBMAP"),
        (0x4610, "FBIOPUT_CON2FBMAP"),
        (0x4611, "FBIOBLANK"),
        (0x4613, "FBIO_ALLOC"),
        (0x4614, "FBIO_FREE"),
        (0x4615, "FBIOGET_GLYPH"),
        (0x4616, "FBIOGET_HWCINFO"),
        (0x4617, "FBIOPUT_MODEINFO"),
        (0x4618, "FBIOGET_DISPINFO"),
        (0x48f9, "SNDRV_FIREWIRE_IOCTL_LOCK"),
        (0x48fa, "SNDRV_FIREWIRE_IOCTL_UNLOCK"),
        (0x4b3c, "KDMAPDISP"),
        (0x4b3d, "KDUNMAPDISP"),
        (0x4b4b, "KDSKBDIACR"),
        (0x4b52, "KDKBDREP"),
        (0x4b72, "KDFONTOP"),
        (0x4bfa, "KDGKBDIACRUC"),
        (0x4bfb, "KDSKBDIACRUC"),
        (0x4c00, "LOOP_SET_FD"),
        (0x4c01, "LOOP_CLR_FD"),
        (0x4c02, "LOOP_SET_STATUS"),
        (0x4c03, "LOOP_GET_STATUS"),
        (0x4c04, "LOOP_SET_STATUS64"),
        (0x4c05, "LOOP_GET_STATUS64"),
        (0x4c06, "LOOP_CHANGE_FD"),
        (0x4c07, "LOOP_SET_CAPACITY"),
        (0x4c08, "LOOP_SET_DIRECT_IO"),
        (0x4c09, "LOOP_SET_BLOCK_SIZE"),
        (0x4c0a, "LOOP_CONFIGURE"),
        (0x4c80, "LOOP_CTL_ADD"),
        (0x4c81, "LOOP_CTL_REMOVE"),
        (0x4c82, "LOOP_CTL_GET_FREE"),
        (0x4d13, "MTDFILEMODE"),
        (0x4f08, "UBI_IOCVOLRMBLK"),
        (0x5301, "CDROMPAUSE"),
        (0x5302, "CDROMRESUME"),
        (0x5303, "CDROMPLAYMSF"),
        (0x5304, "CDROMPLAYTRKIND"),
        (0x5305, "CDROMREADTOCHDR"),
        (0x5306, "CDROMREADTOCENTRY"),
        (0x5307, "CDROMSTOP"),
        (0x5308, "CDROMSTART"),
        (0x5309, "CDROMEJECT"),
        (0x530a, "CDROMVOLCTRL"),
        (0x530b, "CDROMSUBCHNL"),
        (0x530c, "CDROMREADMODE2"),
        (0x530d, "CDROMREADMODE1"),
        (0x530e, "CDROMREADAUDIO"),
        (0x530f, "CDROMEJECT_SW"),
        (0x5310, "CDROMMULTISESSION"),
        (0x5311, "CDROM_GET_MCN"),
        (0x5312, "CDROMRESET"),
        (0x5313, "CDROMVOLREAD"),
        (0x5314, "CDROMREADRAW"),
        (0x5315, "CDROMREADCOOKED"),
        (0x5316, "CDROMSEEK"),
        (0x5317, "CDROMPLAYBLK"),
        (0x5318, "CDROMREADALL"),
        (0x5319, "CDROMCLOSETRAY"),
        (0x531d, "CDROMGETSPINDOWN"),
        (0x531e, "CDROMSETSPINDOWN"),
        (0x5320, "CDROM_SET_OPTIONS"),
        (0x5321, "CDROM_CLEAR_OPTIONS"),
        (0x5322, "CDROM_SELECT_SPEED"),
        (0x5323, "CDROM_SELECT_DISC"),
        (0x5325, "CDROM_MEDIA_CHANGED"),
        (0x5326, "CDROM_DRIVE_STATUS"),
        (0x5327, "CDROM_DISC_STATUS"),
        (0x5328, "CDROM_CHANGER_NSLOTS"),
        (0x5329, "CDROM_LOCKDOOR"),
        (0x5330, "CDROM_DEBUG"),
        (0x5331, "CDROM_GET_CAPABILITY"),
        (0x5380, "SCSI_IOCTL_DOORLOCK"),
        (0x5381, "SCSI_IOCTL_DOORUNLOCK"),
        (0x5382, "CDROMAUDIOBUFSIZ"),
        (0x5390, "DVD_READ_STRUCT"),
        (0x5391, "DVD_WRITE_STRUCT"),
        (0x5392, "DVD_AUTH"),
        (0x5393, "CDROM_SEND_PACKET"),
        (0x5394, "CDROM_NEXT_WRITABLE"),
        (0x5395, "CDROM_LAST_WRITTEN"),
        (0x5396, "CDROM_TIMED_MEDIA_CHANGE"),
        (0x5501, "UI_DEV_CREATE"),
        (0x5509, "USB_RAW_IOCTL_CONFIGURE"),
        (0x550c, "USB_RAW_IOCTL_EP0_STALL"),
        (0x5603, "VBG_IOCTL_VMMDEV_REQUEST_BIG"),
        (0x5604, "VT_SENDSIG"),
        (0x560b, "VT_LOCKSWITCH"),
        (0x560c, "VT_UNLOCKSWITCH"),
        (0x560d, "VT_GETHIFONTMASK"),
        (0x560e, "VT_WAITEVENT"),
        (0x560f, "VT_SETACTIVATE"),
        (0x6701, "FUNCTIONFS_FIFO_STATUS"),
        (0x6702, "FUNCTIONFS_FIFO_FLUSH"),
        (0x6703, "FUNCTIONFS_CLEAR_HALT"),
        (0x6780, "FUNCTIONFS_INTERFACE_REVMAP"),
        (0x6781, "FUNCTIONFS_ENDPOINT_REVMAP"),
        (0x8906, "SIOCGSTAMP_OLD"),
        (0x8907, "SIOCGSTAMPNS_OLD"),
        (0x8946, "SIOCETHTOOL"),
        (0x8947, "SIOCGMIIPHY"),
        (0x8948, "SIOCGMIIREG"),
        (0x8949, "SIOCSMIIREG"),
        (0x894a, "SIOCWANDEV"),
        (0x894b, "SIOCOUTQNSD"),
        (0x894c, "SIOCGSKNS"),
        (0x8982, "SIOCGIFVLAN"),
        (0x8983, "SIOCSIFVLAN"),
        (0x8990, "SIOCBONDENSLAVE"),
        (0x8991, "SIOCBONDRELEASE"),
        (0x8992, "SIOCBONDSETHWADDR"),
        (0x8993, "SIOCBONDSLAVEINFOQUERY"),
        (0x8994, "SIOCBONDINFOQUERY"),
        (0x8995, "SIOCBONDCHANGEACTIVE"),
        (0x89a0, "SIOCBRADDBR"),
        (0x89a1, "SIOCBRDELBR"),
        (0x89a2, "SIOCBRADDIF"),
        (0x89a3, "SIOCBRDELIF"),
        (0x89b0, "SIOCSHWTSTAMP"),
        (0x89b1, "SIOCGHWTSTAMP"),
        (0x8b00, "SIOCIWFIRST"),
        (0x8b01, "SIOCGIWNAME"),
        (0x8b02, "SIOCSIWNWID"),
        (0x8b03, "SIOCGIWNWID"),
        (0x8b04, "SIOCSIWFREQ"),
        (0x8b05, "SIOCGIWFREQ"),
        (0x8b06, "SIOCSIWMODE"),
        (0x8b07, "SIOCGIWMODE"),
        (0x8b08, "SIOCSIWSENS"),
        (0x8b09, "SIOCGIWSENS"),
        (0x8b0a, "SIOCSIWRANGE"),
        (0x8b0b, "SIOCGIWRANGE"),
        (0x8b0c, "SIOCSIWPRIV"),
        (0x8b0d, "SIOCGIWPRIV"),
        (0x8b0e, "SIOCSIWSTATS"),
        (0x8b0f, "SIOCGIWSTATS"),
        (0x8b10, "SIOCSIWSPY"),
        (0x8b11, "SIOCGIWSPY"),
        (0x8b12, "SIOCSIWTHRSPY"),
        (0x8b13, "SIOCGIWTHRSPY"),
        (0x8b14, "SIOCSIWAP"),
        (0x8b15, "SIOCGIWAP"),
        (0x8b16, "SIOCSIWMLME"),
        (0x8b17, "SIOCGIWAPLIST"),
        (0x8b18, "SIOCSIWSCAN"),
        (0x8b19, "SIOCGIWSCAN"),
        (0x8b1a, "SIOCSIWESSID"),
        (0x8b1b, "SIOCGIWESSID"),
        (0x8b1c, "SIOCSIWNICKN"),
        (0x8b1d, "SIOCGIWNICKN"),
        (0x8b20, "SIOCSIWRATE"),
        (0x8b21, "SIOCGIWRATE"),
        (0x8b22, "SIOCSIWRTS"),
        (0x8b23, "SIOCGIWRTS"),
        (0x8b24, "SIOCSIWFRAG"),
        (0x8b25, "SIOCGIWFRAG"),
        (0x8b26, "SIOCSIWTXPOW"),
        (0x8b27, "SIOCGIWTXPOW"),
        (0x8b28, "SIOCSIWRETRY"),
        (0x8b29, "SIOCGIWRETRY"),
        (0x8b2a, "SIOCSIWENCODE"),
        (0x8b2b, "SIOCGIWENCODE"),
        (0x8b2c, "SIOCSIWPOWER"),
        (0x8b2d, "SIOCGIWPOWER"),
        (0x8b30, "SIOCSIWGENIE"),
        (0x8b31, "SIOCGIWGENIE"),
        (0x8b32, "SIOCSIWAUTH"),
        (0x8b33, "SIOCGIWAUTH"),
        (0x8b34, "SIOCSIWENCODEEXT"),
        (0x8b35, "SIOCGIWENCODEEXT"),
        (0x8b36, "SIOCSIWPMKSA"),
        (0x8be0, "SIOCIWFIRSTPRIV"),
        (0x8bff, "SIOCIWLASTPRIV"),
        (0xa404, "SGX_IOC_VEPC_REMOVE_ALL"),
        (0xae00, "KVM_GET_API_VERSION"),
        (0xae01, "KVM_CREATE_VM"),
        (0xae03, "KVM_CHECK_EXTENSION"),
        (0xae41, "KVM_CREATE_VCPU"),
        (0xae44, "KVM_SET_NR_MMU_PAGES"),
        (0xae45, "KVM_GET_NR_MMU_PAGES"),
        (0xae47, "KVM_SET_TSS_ADDR"),
        (0xae60, "KVM_CREATE_IRQCHIP"),
        (0xae64, "KVM_CREATE_PIT"),
        (0xae71, "KVM_REINJECT_CONTROL"),
        (0xae78, "KVM_SET_BOOT_CPU_ID"),
        (0xae80, "KVM_RUN"),
        (0xae9a, "KVM_NMI"),
        (0xaea2, "KVM_SET_TSC_KHZ"),
        (0xaea3, "KVM_GET_TSC_KHZ"),
        (0xaead, "KVM_KVMCLOCK_CTRL"),
        (0xaeb7, "KVM_SMI"),
        (0xaec7, "KVM_RESET_DIRTY_RINGS"),
        (0xaece, "KVM_GET_STATS_FD"),
        (0xaf7d, "VHOST_VDPA_SUSPEND"),
        (0xb100, "BT_BMC_IOCTL_SMS_ATN"),
        (0xb101, "IPMI_BMC_IOCTL_CLEAR_SMS_ATN"),
        (0xf505, "F2FS_IOC_ABORT_ATOMIC_WRITE"),
        (0xfd12, "DM_MPATH_PROBE_PATHS"),
        (0xff01, "PIDFD_GET_CGROUP_NAMESPACE"),
        (0xff02, "PIDFD_GET_IPC_NAMESPACE"),
        (0xff03, "PIDFD_GET_MNT_NAMESPACE"),
        (0xff04, "PIDFD_GET_NET_NAMESPACE"),
        (0xff05, "PIDFD_GET_PID_NAMESPACE"),
        (0xff06, "PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE"),
        (0xff07, "PIDFD_GET_TIME_NAMESPACE"),
        (0xff08, "PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE"),
        (0xff09, "PIDFD_GET_USER_NAMESPACE"),
        (0xff0a, "PIDFD_GET_UTS_NAMESPACE"),
        (0x40016b01, "SPI_IOC_WR_MODE"),
        (0x40016b02, "SPI_IOC_WR_LSB_FIRST"),
        (0x40016b03, "SPI_IOC_WR_BITS_PER_WORD"),
        (0x40021beb, "HFI1_IOCTL_SET_PKEY"),
        (0x40041b02, "IB_USER_MAD_UNREGISTER_AGENT"),
        (0x40041be8, "HFI1_IOCTL_RECV_CTRL"),
        (0x40041be9, "HFI1_IOCTL_POLL_TYPE"),
        (0x40043d14, "PTP_MASK_EN_SINGLE"),
        (0x40044d0e, "OTPGETREGIONCOUNT"),
        (0x40044f01, "UBI_IOCEBER"),
        (0x40044f02, "UBI_IOCEBCH"),
        (0x40044f04, "UBI_IOCEBUNMAP"),
        (0x40045506, "USB_RAW_IOCTL_EP_DISABLE"),
        (0x4004550a, "USB_RAW_IOCTL_VBUS_DRAW"),
        (0x4004550e, "USB_RAW_IOCTL_EP_CLEAR_HALT"),
        (0x4004550f, "USB_RAW_IOCTL_EP_SET_WEDGE"),
        (0x400456c1, "IVTV_IOC_PASSTHROUGH_MODE"),
        (0x40046b04, "SPI_IOC_WR_MAX_SPEED_HZ"),
        (0x40046b05, "SPI_IOC_WR_MODE32"),
        (0x40046efa, "SISFB_SET_AUTOMAXIMIZE_OLD"),
        (0x40046f01, "UBI_IOCRMVOL"),
        (0x40046f04, "UBI_IOCRPEB"),
        (0x40046f05, "UBI_IOCSPEB"),
        (0x40046f41, "UBI_IOCDET"),
        (0x40047300, "FSI_SBEFIFO_READ_TIMEOUT_SECONDS"),
        (0x40049409, "BTRFS_IOC_CLONE"),
        (0x40049801, "CACHEFILES_IOC_READ_COMPLETE"),
        (0x4004ae86, "KVM_INTERRUPT"),
        (0x4004ae8b, "KVM_SET_SIGNAL_MASK"),
        (0x4004ae99, "KVM_SET_MP_STATE"),
        (0x4004ee01, "PFRU_IOC_SET_REV"),
        (0x4004ee02, "PFRU_IOC_STAGE"),
        (0x4004ee03, "PFRU_IOC_ACTIVATE"),
        (0x4004ee04, "PFRU_IOC_STAGE_ACTIVATE"),
        (0x4004f303, "SISFB_SET_AUTOMAXIMIZE"),
        (0x4004f304, "SISFB_SET_TVPOSOFFSET"),
        (0x4004f306, "SISFB_SET_LOCK"),
        (0x40063e00, "COUNTER_ADD_WATCH_IOCTL"),
        (0x40081bea, "HFI1_IOCTL_ACK_EVENT"),
        (0x40082102, "SECCOMP_IOCTL_NOTIF_ID_VALID"),
        (0x40082104, "SECCOMP_IOCTL_NOTIF_SET_FLAGS"),
        (0x40084d02, "MEMERASE"),
        (0x40084d05, "MEMLOCK"),
        (0x40084d06, "MEMUNLOCK"),
        (0x40084d0b, "MEMGETBADBLOCK"),
        (0x40084d0c, "MEMSETBADBLOCK"),
        (0x40084f00, "UBI_IOCVOLUP"),
        (0x40084f03, "UBI_IOCEBMAP"),
        (0x40085503, "USB_RAW_IOCTL_EP0_WRITE"),
        (0x40085507, "USB_RAW_IOCTL_EP_WRITE"),
        (0x40085e04, "VK_IOCTL_RESET"),
        (0x40086203, "DMA_BUF_IOCTL_IMPORT_SYNC_FILE"),
        (0x4008a400, "SGX_IOC_ENCLAVE_CREATE"),
        (0x4008a402, "SGX_IOC_ENCLAVE_INIT"),
        (0x4008a403, "SGX_IOC_ENCLAVE_PROVISION"),
        (0x4008ae48, "KVM_SET_IDENTITY_MAP_ADDR"),
        (0x4008ae61, "KVM_IRQ_LINE"),
        (0x4008ae6a, "KVM_SET_GSI_ROUTING"),
        (0x4008ae89, "KVM_SET_MSRS"),
        (0x4008ae8a, "KVM_SET_CPUID"),
        (0x4008ae90, "KVM_SET_CPUID2"),
        (0x4008ae93, "KVM_SET_VAPIC_ADDR"),
        (0x4008ae9c, "KVM_X86_SETUP_MCE"),
        (0x4008af7c, "VHOST_VDPA_SET_GROUP_ASID"),
        (0x4008ca12, "OCXL_IOCTL_IRQ_FREE"),
        (0x40095505, "USB_RAW_IOCTL_EP_ENABLE"),
        (0x400c4d0f, "OTPGETREGIONINFO"),
        (0x400c4d19, "OTPERASE"),
        (0x400c6f02, "UBI_IOCRSVOL"),
        (0x400caed0, "KVM_XEN_HVM_EVTCHN_SEND"),
        (0x400cee06, "PFRT_LOG_IOC_SET_INFO"),
        (0x40104d00, "MTRRIOC_ADD_ENTRY"),
        (0x40104d01, "MTRRIOC_SET_ENTRY"),
        (0x40104d02, "MTRRIOC_DEL_ENTRY"),
        (0x40104d04, "MTRRIOC_KILL_ENTRY"),
        (0x40104d05, "MTRRIOC_ADD_PAGE_ENTRY"),
        (0x40104d06, "MTRRIOC_SET_PAGE_ENTRY"),
        (0x40104d07, "MTRRIOC_DEL_PAGE_ENTRY"),
        (0x40104d09, "MTRRIOC_KILL_PAGE_ENTRY"),
        (0x40104d14, "MEMERASE64"),
        (0x40104f06, "UBI_IOCSETVOLPROP"),
        (0x40109441, "BTRFS_IOC_SUBVOL_SYNC_WAIT"),
        (0x4010a51f, "GENWQE_WRITE_REG64"),
        (0x4010a521, "GENWQE_WRITE_REG32"),
        (0x4010a523, "GENWQE_WRITE_REG16"),
        (0x4010ae42, "KVM_GET_DIRTY_LOG"),
        (0x4010ae67, "KVM_REGISTER_COALESCED_MMIO"),
        (0x4010ae68, "KVM_UNREGISTER_COALESCED_MMIO"),
        (0x4010aeaa, "KVM_DIRTY_TLB"),
        (0x4010aeab, "KVM_GET_ONE_REG"),
        (0x4010aeac, "KVM_SET_ONE_REG"),
        (0x4010ca13, "OCXL_IOCTL_IRQ_SET_FD"),
        (0x40182103, "SECCOMP_IOCTL_NOTIF_ADDFD"),
        (0x40186f40, "UBI_IOCATT"),
        (0x40187013, "RTC_PARAM_GET"),
        (0x40187014, "RTC_PARAM_SET"),
        (0x4018aebd, "KVM_HYPERV_EVENTFD"),
        (0x4018aee1, "KVM_SET_DEVICE_ATTR"),
        (0x4018aee2, "KVM_GET_DEVICE_ATTR"),
        (0x4018aee3, "KVM_HAS_DEVICE_ATTR"),
        (0x4020940d, "BTRFS_IOC_CLONE_RANGE"),
        (0x4020ae46, "KVM_SET_USER_MEMORY_REGION"),
        (0x4020ae76, "KVM_IRQFD"),
        (0x4020aea5, "KVM_SIGNAL_MSI"),
        (0x4020aeb2, "KVM_SET_PMU_EVENT_FILTER"),
        (0x4020ca10, "OCXL_IOCTL_ATTACH"),
        (0x40281be2, "HFI1_IOCTL_CTXT_INFO"),
        (0x4028b503, "RPMSG_CREATE_DEV_IOCTL"),
        (0x4028b504, "RPMSG_RELEASE_DEV_IOCTL"),
        (0x4030ae7b, "KVM_SET_CLOCK"),
        (0x4038ae7a, "KVM_XEN_HVM_CONFIG"),
        (0x40405501, "UVCIOC_SEND_RESPONSE"),
        (0x404056c0, "IVTV_IOC_DMA_FRAME"),
        (0x4040ae77, "KVM_CREATE_PIT2"),
        (0x4040ae79, "KVM_IOEVENTFD"),
        (0x4040ae9e, "KVM_X86_SET_MCE"),
        (0x4040aea0, "KVM_SET_VCPU_EVENTS"),
        (0x40445e02, "VK_IOCTL_LOAD_IMAGE"),
        (0x4048ae9b, "KVM_SET_GUEST_DEBUG"),
        (0x4048aec9, "KVM_XEN_HVM_SET_ATTR"),
        (0x4048aecb, "KVM_XEN_VCPU_SET_ATTR"),
        (0x4068aea3, "KVM_ENABLE_CAP"),
        (0x4070aea0, "KVM_SET_PIT2"),
        (0x40781be3, "HFI1_IOCTL_USER_INFO"),
        (0x40804f07, "UBI_IOCVOLCRBLK"),
        (0x40809440, "BTRFS_IOC_ENCODED_WRITE"),
        (0x4080aea2, "KVM_SET_DEBUGREGS"),
        (0x4080aebf, "KVM_SET_NESTED_STATE"),
        (0x4090ae82, "KVM_SET_REGS"),
        (0x40986f00, "UBI_IOCMKVOL"),
        (0x41015500, "USB_RAW_IOCTL_INIT"),
        (0x4138ae84, "KVM_SET_SREGS"),
        (0x4140aecd, "KVM_SET_SREGS2"),
        (0x4188aea7, "KVM_SET_XCRS"),
        (0x4188aec6, "KVM_X86_SET_MSR_FILTER"),
        (0x41a0ae8d, "KVM_SET_FPU"),
        (0x4400ae8f, "KVM_SET_LAPIC"),
        (0x5000aea5, "KVM_SET_XSAVE"),
        (0x51106f03, "UBI_IOCRNVOL"),
        (0x80016b01, "SPI_IOC_RD_MODE"),
        (0x80016b02, "SPI_IOC_RD_LSB_FIRST"),
        (0x80016b03, "SPI_IOC_RD_BITS_PER_WORD"),
        (0x80041bee, "HFI1_IOCTL_GET_VERS"),
        (0x80044d01, "MCE_GET_RECORD_LEN"),
        (0x80044d02, "MCE_GET_LOG_LEN"),
        (0x80044d03, "MCE_GETCLEAR_FLAGS"),
        (0x80044d07, "MEMGETREGIONCOUNT"),
        (0x80044d0d, "OTPSELECT"),
        (0x80044f05, "UBI_IOCEBISMAP"),
        (0x8004587d, "FS_IOC_SHUTDOWN"),
        (0x80046908, "I2OVALIDATE"),
        (0x80046b04, "SPI_IOC_RD_MAX_SPEED_HZ"),
        (0x80046b05, "SPI_IOC_RD_MODE32"),
        (0x80046ef8, "SISFB_GET_INFO_OLD"),
        (0x80046ef9, "SISFB_GET_VBRSTATUS_OLD"),
        (0x80046efa, "SISFB_GET_AUTOMAXIMIZE_OLD"),
        (0x80047c05, "MEDIA_IOC_REQUEST_ALLOC"),
        (0x8004a524, "GENWQE_GET_CARD_STATE"),
        (0x8004ae98, "KVM_GET_MP_STATE"),
        (0x8004af7a, "VHOST_VDPA_GET_AS_NUM"),
        (0x8004af80, "VHOST_VDPA_GET_VQS_COUNT"),
        (0x8004af81, "VHOST_VDPA_GET_GROUP_NUM"),
        (0x8004b706, "NS_GET_PID_FROM_PIDNS"),
        (0x8004b707, "NS_GET_TGID_FROM_PIDNS"),
        (0x8004b708, "NS_GET_PID_IN_PIDNS"),
        (0x8004b709, "NS_GET_TGID_IN_PIDNS"),
        (0x8004f302, "SISFB_GET_VBRSTATUS"),
        (0x8004f303, "SISFB_GET_AUTOMAXIMIZE"),
        (0x8004f304, "SISFB_GET_TVPOSOFFSET"),
        (0x80084201, "CCISS_GETPCIINFO"),
        (0x80084d17, "MEMISLOCKED"),
        (0x80085502, "USB_RAW_IOCTL_EVENT_FETCH"),
        (0x80085617, "VIDIOC_G_STD"),
        (0x8008563f, "VIDIOC_QUERYSTD"),
        (0x8008ae9d, "KVM_X86_GET_MCE_CAP_SUPPORTED"),
        (0x8008b705, "NS_GET_MNTNS_ID"),
        (0x8008b70d, "NS_GET_ID"),
        (0x8008ca11, "OCXL_IOCTL_IRQ_ALLOC"),
        (0x80096782, "FUNCTIONFS_ENDPOINT_DESC"),
        (0x800c4d10, "OTPLOCK"),
        (0x800cee07, "PFRT_LOG_IOC_GET_INFO"),
        (0x80104d12, "ECCGETSTATS"),
        (0x8010a40a, "TEE_IOC_OBJECT_INVOKE"),
        (0x8010a51e, "GENWQE_READ_REG64"),
        (0x8010a520, "GENWQE_READ_REG32"),
        (0x8010a522, "GENWQE_READ_REG16"),
        (0x8010aebb, "KVM_MEMORY_ENCRYPT_REG_REGION"),
        (0x8010aebc, "KVM_MEMORY_ENCRYPT_UNREG_REGION"),
        (0x8010b70a, "NS_MNT_GET_INFO"),
        (0x8010b70b, "NS_MNT_GET_NEXT"),
        (0x8010b70c, "NS_MNT_GET_PREV"),
        (0x80111500, "FS_IOC_GETFSUUID"),
        (0x802048f8, "SNDRV_FIREWIRE_IOCTL_GET_INFO"),
        (0x80204d01, "MEMGETINFO"),
        (0x8020ca15, "OCXL_IOCTL_ENABLE_P9_WAIT"),
        (0x8020ca16, "OCXL_IOCTL_GET_FEATURES"),
        (0x803048fc, "SNDRV_FIREWIRE_IOCTL_MOTU_REGISTER_DSP_METER"),
        (0x8030ae7c, "KVM_GET_CLOCK"),
        (0x8040ae9f, "KVM_GET_VCPU_EVENTS"),
        (0x8040ee08, "PFRT_LOG_IOC_GET_DATA_INFO"),
        (0x8048ae66, "KVM_SET_PIT"),
        (0x805cee05, "PFRU_IOC_QUERY_CAP"),
        (0x8070ae9f, "KVM_GET_PIT2"),
        (0x80809440, "BTRFS_IOC_ENCODED_READ"),
        (0x8080aea1, "KVM_GET_DEBUGREGS"),
        (0x8080ca14, "OCXL_IOCTL_GET_METADATA"),
        (0x80811501, "FS_IOC_GETFSSYSFSPATH"),
        (0x80845663, "VIDIOC_QUERY_DV_TIMINGS"),
        (0x8090ae81, "KVM_GET_REGS"),
        (0x80c84d0a, "MEMGETOOBSEL"),
        (0x810048fb, "SNDRV_FIREWIRE_IOCTL_TASCAM_STATE"),
        (0x811cf301, "SISFB_GET_INFO"),
        (0x8138ae83, "KVM_GET_SREGS"),
        (0x8140aecc, "KVM_GET_SREGS2"),
        (0x81484d11, "ECCGETLAYOUT"),
        (0x8188aea6, "KVM_GET_XCRS"),
        (0x81a0ae8c, "KVM_GET_FPU"),
        (0x820048fe, "SNDRV_FIREWIRE_IOCTL_MOTU_REGISTER_DSP_PARAMETER"),
        (0x8208ae63, "KVM_SET_IRQCHIP"),
        (0x83c0550b, "USB_RAW_IOCTL_EPS_INFO"),
        (0x8400ae8e, "KVM_GET_LAPIC"),
        (0x864048fd, "SNDRV_FIREWIRE_IOCTL_MOTU_COMMAND_DSP_METER"),
        (0x9000aea4, "KVM_GET_XSAVE"),
        (0x9000aecf, "KVM_GET_XSAVE2"),
        (0xc004ae02, "KVM_GET_MSR_INDEX_LIST"),
        (0xc004ae0a, "KVM_GET_MSR_FEATURE_INDEX_LIST"),
        (0xc0085504, "USB_RAW_IOCTL_EP0_READ"),
        (0xc0085508, "USB_RAW_IOCTL_EP_READ"),
        (0xc0086202, "DMA_BUF_IOCTL_EXPORT_SYNC_FILE"),
        (0xc008ae05, "KVM_GET_SUPPORTED_CPUID"),
        (0xc008ae09, "KVM_GET_EMULATED_CPUID"),
        (0xc008ae67, "KVM_IRQ_LINE_STATUS"),
        (0xc008ae88, "KVM_GET_MSRS"),
        (0xc008ae91, "KVM_GET_CPUID2"),
        (0xc008aeb0, "KVM_GET_REG_LIST"),
        (0xc008aeba, "KVM_MEMORY_ENCRYPT_OP"),
        (0xc008aec1, "KVM_GET_SUPPORTED_HV_CPUID"),
        (0xc008af7b, "VHOST_VDPA_GET_VRING_GROUP"),
        (0xc00caee0, "KVM_CREATE_DEVICE"),
        (0xc010128e, "BLKREPORTZONEV2"),
        (0xc0101502, "FS_IOC_GETLBMD_CAP"),
        (0xc0104d03, "MEMWRITEOOB"),
        (0xc0104d04, "MEMREADOOB"),
        (0xc0104d08, "MEMGETREGIONINFO"),
        (0xc0181b01, "RDMA_VERBS_IOCTL"),
        (0xc0181be4, "HFI1_IOCTL_TID_UPDATE"),
        (0xc0181be5, "HFI1_IOCTL_TID_FREE"),
        (0xc0181bed, "HFI1_IOCTL_TID_INVAL_READ"),
        (0xc0182101, "SECCOMP_IOCTL_NOTIF_SEND"),
        (0xc0184d03, "MTRRIOC_GET_ENTRY"),
        (0xc0184d08, "MTRRIOC_GET_PAGE_ENTRY"),
        (0xc0184d15, "MEMWRITEOOB64"),
        (0xc0184d16, "MEMREADOOB64"),
        (0xc0189436, "BTRFS_IOC_FILE_EXTENT_SAME"),
        (0xc018a407, "SGX_IOC_ENCLAVE_REMOVE_PAGES"),
        (0xc018a408, "TEE_IOC_SHM_REGISTER_FD"),
        (0xc018ae85, "KVM_TRANSLATE"),
        (0xc018aec0, "KVM_CLEAR_DIRTY_LOG"),
        (0xc01c1b01, "IB_USER_MAD_REGISTER_AGENT"),
        (0xc01c1be1, "HFI1_IOCTL_ASSIGN_CTXT"),
        (0xc01c6f06, "UBI_IOCECNFO"),
        (0xc02063a0, "X86_IOC_RDMSR_REGS"),
        (0xc02063a1, "X86_IOC_WRMSR_REGS"),
        (0xc0209442, "BTRFS_IOC_GET_CSUMS"),
        (0xc020a528, "GENWQE_PIN_MEM"),
        (0xc020a529, "GENWQE_UNPIN_MEM"),
        (0xc020aa08, "UFFDIO_POISON"),
        (0xc0281b04, "IB_USER_MAD_REGISTER_AGENT2"),
        (0xc0285628, "VIDIOC_G_EDID"),
        (0xc0285629, "VIDIOC_S_EDID"),
        (0xc028a405, "SGX_IOC_ENCLAVE_RESTRICT_PERMISSIONS"),
        (0xc028a406, "SGX_IOC_ENCLAVE_MODIFY_TYPES"),
        (0xc028aa05, "UFFDIO_MOVE"),
        (0xc028ae92, "KVM_TPR_ACCESS_REPORTING"),
        (0xc0304d18, "MEMWRITE"),
        (0xc030a401, "SGX_IOC_ENCLAVE_ADD_PAGES"),
        (0xc038a550, "GENWQE_SLU_UPDATE"),
        (0xc038a551, "GENWQE_SLU_READ"),
        (0xc0403d15, "PTP_SYS_OFFSET_PRECISE_CYCLES"),
        (0xc0404d1a, "MEMREAD"),
        (0xc0405668, "VIDIOC_REMOVE_BUFS"),
        (0xc0485619, "VIDIOC_ENUMSTD"),
        (0xc048ae65, "KVM_GET_PIT"),
        (0xc048aec8, "KVM_XEN_HVM_GET_ATTR"),
        (0xc048aeca, "KVM_XEN_VCPU_GET_ATTR"),
        (0xc0502100, "SECCOMP_IOCTL_NOTIF_RECV"),
        (0xc054f305, "SISFB_COMMAND"),
        (0xc058ff0b, "PIDFD_GET_INFO"),
        (0xc0606610, "PAGEMAP_SCAN"),
        (0xc0686611, "PROCMAP_QUERY"),
        (0xc080aebe, "KVM_GET_NESTED_STATE"),
        (0xc0845657, "VIDIOC_S_DV_TIMINGS"),
        (0xc0845658, "VIDIOC_G_DV_TIMINGS"),
        (0xc0c0128e, "BLKTRACESETUP2"),
        (0xc0e8a532, "GENWQE_EXECUTE_DDCB"),
        (0xc0e8a533, "GENWQE_EXECUTE_RAW_DDCB"),
        (0xc208ae62, "KVM_GET_IRQCHIP"),
        (0xc4c03d16, "PTP_SYS_OFFSET_EXTENDED_CYCLES"),
    ],
};

/// `BLKPG_*`
pub(super) static BLKPG_OPS: Names = Names {
    unknown: "BLKPG_???",
    entries: &[
        (0x1, "BLKPG_ADD_PARTITION"),
        (0x2, "BLKPG_DEL_PARTITION"),
        (0x3, "BLKPG_RESIZE_PARTITION"),
    ],
};

/// `LO_CRYPT_*`
pub(super) static LO_CRYPT: Names = Names {
    unknown: "LO_CRYPT_???",
    entries: &[
        (0x0, "LO_CRYPT_NONE"),
        (0x1, "LO_CRYPT_XOR"),
        (0x2, "LO_CRYPT_DES"),
        (0x3, "LO_CRYPT_FISH2"),
        (0x4, "LO_CRYPT_BLOW"),
        (0x5, "LO_CRYPT_CAST128"),
        (0x6, "LO_CRYPT_IDEA"),
        (0x9, "LO_CRYPT_DUMMY"),
        (0xa, "LO_CRYPT_SKIPJACK"),
        (0x12, "LO_CRYPT_CRYPTOAPI"),
    ],
};

/// `LO_FLAGS_*`
pub(super) static LO_FLAGS: Names = Names {
    unknown: "LO_FLAGS_???",
    entries: &[
        (0x1, "LO_FLAGS_READ_ONLY"),
        (0x4, "LO_FLAGS_AUTOCLEAR"),
        (0x8, "LO_FLAGS_PARTSCAN"),
        (0x10, "LO_FLAGS_DIRECT_IO"),
    ],
};

/// `GPIOLINE_FLAG_*`
pub(super) static GPIOLINE_FLAGS: Names = Names {
    unknown: "GPIOLINE_FLAG_???",
    entries: &[
        (0x1, "GPIOLINE_FLAG_KERNEL"),
        (0x2, "GPIOLINE_FLAG_IS_OUT"),
        (0x4, "GPIOLINE_FLAG_ACTIVE_LOW"),
        (0x8, "GPIOLINE_FLAG_OPEN_DRAIN"),
        (0x10, "GPIOLINE_FLAG_OPEN_SOURCE"),
        (0x20, "GPIOLINE_FLAG_BIAS_PULL_UP"),
        (0x40, "GPIOLINE_FLAG_BIAS_PULL_DOWN"),
        (0x80, "GPIOLINE_FLAG_BIAS_DISABLE"),
    ],
};

/// `GPIOHANDLE_REQUEST_*`
pub(super) static GPIOHANDLE: Names = Names {
    unknown: "GPIOHANDLE_REQUEST_???",
    entries: &[
        (0x1, "GPIOHANDLE_REQUEST_INPUT"),
        (0x2, "GPIOHANDLE_REQUEST_OUTPUT"),
        (0x4, "GPIOHANDLE_REQUEST_ACTIVE_LOW"),
        (0x8, "GPIOHANDLE_REQUEST_OPEN_DRAIN"),
        (0x10, "GPIOHANDLE_REQUEST_OPEN_SOURCE"),
        (0x20, "GPIOHANDLE_REQUEST_BIAS_PULL_UP"),
        (0x40, "GPIOHANDLE_REQUEST_BIAS_PULL_DOWN"),
        (0x80, "GPIOHANDLE_REQUEST_BIAS_DISABLE"),
    ],
};

/// `GPIOEVENT_REQUEST_*`
pub(super) static GPIOEVENT: Names = Names {
    unknown: "GPIOEVENT_REQUEST_???",
    entries: &[
        (0x3, "GPIOEVENT_REQUEST_BOTH_EDGES"),
        (0x1, "GPIOEVENT_REQUEST_RISING_EDGE"),
        (0x2, "GPIOEVENT_REQUEST_FALLING_EDGE"),
    ],
};

/// `GPIO_V2_LINE_FLAG_*`
pub(super) static GPIO_V2_FLAGS: Names = Names {
    unknown: "GPIO_V2_LINE_FLAG_???",
    entries: &[
        (0x1, "GPIO_V2_LINE_FLAG_USED"),
        (0x2, "GPIO_V2_LINE_FLAG_ACTIVE_LOW"),
        (0x4, "GPIO_V2_LINE_FLAG_INPUT"),
        (0x8, "GPIO_V2_LINE_FLAG_OUTPUT"),
        (0x10, "GPIO_V2_LINE_FLAG_EDGE_RISING"),
        (0x20, "GPIO_V2_LINE_FLAG_EDGE_FALLING"),
        (0x40, "GPIO_V2_LINE_FLAG_OPEN_DRAIN"),
        (0x80, "GPIO_V2_LINE_FLAG_OPEN_SOURCE"),
        (0x100, "GPIO_V2_LINE_FLAG_BIAS_PULL_UP"),
        (0x200, "GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN"),
        (0x400, "GPIO_V2_LINE_FLAG_BIAS_DISABLED"),
        (0x800, "GPIO_V2_LINE_FLAG_EVENT_CLOCK_REALTIME"),
        (0x1000, "GPIO_V2_LINE_FLAG_EVENT_CLOCK_HTE"),
    ],
};

/// `LSM_ID_*`
pub(super) static LSM_IDS: Names = Names {
    unknown: "LSM_ID_???",
    entries: &[
        (0x0, "LSM_ID_UNDEF"),
        (0x64, "LSM_ID_CAPABILITY"),
        (0x65, "LSM_ID_SELINUX"),
        (0x66, "LSM_ID_SMACK"),
        (0x67, "LSM_ID_TOMOYO"),
        (0x68, "LSM_ID_APPARMOR"),
        (0x69, "LSM_ID_YAMA"),
        (0x6a, "LSM_ID_LOADPIN"),
        (0x6b, "LSM_ID_SAFESETID"),
        (0x6c, "LSM_ID_LOCKDOWN"),
        (0x6d, "LSM_ID_BPF"),
        (0x6e, "LSM_ID_LANDLOCK"),
        (0x6f, "LSM_ID_IMA"),
        (0x70, "LSM_ID_EVM"),
        (0x71, "LSM_ID_IPE"),
    ],
};

/// `ICMP_FILTER`
pub(super) static RAW_OPTIONS: Names = Names {
    unknown: "RAW_???",
    entries: &[
        (0x1, "ICMP_FILTER"),
    ],
};

/// `ICMP_*`
pub(super) static ICMP_TYPES: Names = Names {
    unknown: "ICMP_???",
    entries: &[
        (0x0, "ICMP_ECHOREPLY"),
        (0x3, "ICMP_DEST_UNREACH"),
        (0x4, "ICMP_SOURCE_QUENCH"),
        (0x5, "ICMP_REDIRECT"),
        (0x8, "ICMP_ECHO"),
        (0xb, "ICMP_TIME_EXCEEDED"),
        (0xc, "ICMP_PARAMETERPROB"),
        (0xd, "ICMP_TIMESTAMP"),
        (0xe, "ICMP_TIMESTAMPREPLY"),
        (0xf, "ICMP_INFO_REQUEST"),
        (0x10, "ICMP_INFO_REPLY"),
        (0x11, "ICMP_ADDRESS"),
        (0x12, "ICMP_ADDRESSREPLY"),
    ],
};

/// `PACKET_*`
pub(super) static PACKET_OPTIONS: Names = Names {
    unknown: "PACKET_???",
    entries: &[
        (0x1, "PACKET_ADD_MEMBERSHIP"),
        (0x2, "PACKET_DROP_MEMBERSHIP"),
        (0x3, "PACKET_RECV_OUTPUT"),
        (0x5, "PACKET_RX_RING"),
        (0x6, "PACKET_STATISTICS"),
        (0x7, "PACKET_COPY_THRESH"),
        (0x8, "PACKET_AUXDATA"),
        (0x9, "PACKET_ORIGDEV"),
        (0xa, "PACKET_VERSION"),
        (0xb, "PACKET_HDRLEN"),
        (0xc, "PACKET_RESERVE"),
        (0xd, "PACKET_TX_RING"),
        (0xe, "PACKET_LOSS"),
        (0xf, "PACKET_VNET_HDR"),
        (0x10, "PACKET_TX_TIMESTAMP"),
        (0x11, "PACKET_TIMESTAMP"),
        (0x12, "PACKET_FANOUT"),
        (0x13, "PACKET_TX_HAS_OFF"),
        (0x14, "PACKET_QDISC_BYPASS"),
        (0x15, "PACKET_ROLLOVER_STATS"),
        (0x17, "PACKET_IGNORE_OUTGOING"),
        (0x18, "PACKET_VNET_HDR_SZ"),
    ],
};

/// `PACKET_MR_*`
pub(super) static PACKET_MR: Names = Names {
    unknown: "PACKET_MR_???",
    entries: &[
        (0x0, "PACKET_MR_MULTICAST"),
        (0x1, "PACKET_MR_PROMISC"),
        (0x2, "PACKET_MR_ALLMULTI"),
        (0x3, "PACKET_MR_UNICAST"),
    ],
};

/// `TIPC_*`
pub(super) static TIPC_OPTIONS: Names = Names {
    unknown: "TIPC_???",
    entries: &[
        (0x7f, "TIPC_IMPORTANCE"),
        (0x80, "TIPC_SRC_DROPPABLE"),
        (0x81, "TIPC_DEST_DROPPABLE"),
        (0x82, "TIPC_CONN_TIMEOUT"),
        (0x83, "TIPC_NODE_RECVQ_DEPTH"),
        (0x84, "TIPC_SOCK_RECVQ_DEPTH"),
        (0x85, "TIPC_MCAST_BROADCAST"),
        (0x86, "TIPC_MCAST_REPLICAST"),
        (0x87, "TIPC_GROUP_JOIN"),
        (0x88, "TIPC_GROUP_LEAVE"),
        (0x89, "TIPC_SOCK_RECVQ_USED"),
        (0x8a, "TIPC_NODELAY"),
    ],
};

/// `TIPC_*_SCOPE`
pub(super) static TIPC_SCOPES: Names = Names {
    unknown: "TIPC_???_SCOPE",
    entries: &[
        (0x2, "TIPC_CLUSTER_SCOPE"),
        (0x3, "TIPC_NODE_SCOPE"),
    ],
};

/// `TIPC_GROUP_LOOPBACK`, `TIPC_GROUP_MEMBER_EVTS`
pub(super) static TIPC_GROUP: Names = Names {
    unknown: "TIPC_GROUP_???",
    entries: &[
        (0x1, "TIPC_GROUP_LOOPBACK"),
        (0x2, "TIPC_GROUP_MEMBER_EVTS"),
    ],
};

/// `IDE_NICE_*`
pub(super) static IDE_NICE: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "IDE_NICE_DSC_OVERLAP"),
        (0x1, "IDE_NICE_ATAPI_OVERLAP"),
        (0x3, "IDE_NICE_1"),
        (0x2, "IDE_NICE_0"),
        (0x4, "IDE_NICE_2"),
    ],
};

/// `BUSSTATE_*`
pub(super) static BUSSTATES: Names = Names {
    unknown: "BUSSTATE_???",
    entries: &[
        (0x0, "BUSSTATE_OFF"),
        (0x1, "BUSSTATE_ON"),
        (0x2, "BUSSTATE_TRISTATE"),
    ],
};

/// `FS_SHUTDOWN_FLAGS_*`
pub(super) static FS_SHUTDOWN: Names = Names {
    unknown: "FS_SHUTDOWN_FLAGS_???",
    entries: &[
        (0x0, "FS_SHUTDOWN_FLAGS_DEFAULT"),
        (0x1, "FS_SHUTDOWN_FLAGS_LOGFLUSH"),
        (0x2, "FS_SHUTDOWN_FLAGS_NOLOGFLUSH"),
    ],
};

/// `FS_XFLAG_*`
pub(super) static FS_XFLAGS: Names = Names {
    unknown: "FS_XFLAG_???",
    entries: &[
        (0x1, "FS_XFLAG_REALTIME"),
        (0x2, "FS_XFLAG_PREALLOC"),
        (0x8, "FS_XFLAG_IMMUTABLE"),
        (0x10, "FS_XFLAG_APPEND"),
        (0x20, "FS_XFLAG_SYNC"),
        (0x40, "FS_XFLAG_NOATIME"),
        (0x80, "FS_XFLAG_NODUMP"),
        (0x100, "FS_XFLAG_RTINHERIT"),
        (0x200, "FS_XFLAG_PROJINHERIT"),
        (0x400, "FS_XFLAG_NOSYMLINKS"),
        (0x800, "FS_XFLAG_EXTSIZE"),
        (0x1000, "FS_XFLAG_EXTSZINHERIT"),
        (0x2000, "FS_XFLAG_NODEFRAG"),
        (0x4000, "FS_XFLAG_FILESTREAM"),
        (0x8000, "FS_XFLAG_DAX"),
        (0x10000, "FS_XFLAG_COWEXTSIZE"),
        (0x20000, "FS_XFLAG_VERITY"),
        (0x80000000, "FS_XFLAG_HASATTR"),
        (0x40000, "FS_XFLAG_CASEFOLD"),
        (0x80000, "FS_XFLAG_CASENONPRESERVING"),
    ],
};

/// `LBMD_PI_CAP_*`
pub(super) static LBMD_FLAGS: Names = Names {
    unknown: "LBMD_PI_CAP_???",
    entries: &[
        (0x1, "LBMD_PI_CAP_INTEGRITY"),
        (0x2, "LBMD_PI_CAP_REFTAG"),
    ],
};

/// `LBMD_PI_CSUM_*`
pub(super) static LBMD_CSUMS: Names = Names {
    unknown: "LBMD_PI_CSUM_???",
    entries: &[
        (0x0, "LBMD_PI_CSUM_NONE"),
        (0x1, "LBMD_PI_CSUM_IP"),
        (0x2, "LBMD_PI_CSUM_CRC16_T10DIF"),
        (0x4, "LBMD_PI_CSUM_CRC64_NVME"),
    ],
};

/// `FIEMAP_FLAG_*`
pub(super) static FIEMAP_FLAGS: Names = Names {
    unknown: "FIEMAP_FLAG_???",
    entries: &[
        (0x1, "FIEMAP_FLAG_SYNC"),
        (0x2, "FIEMAP_FLAG_XATTR"),
        (0x4, "FIEMAP_FLAG_CACHE"),
    ],
};

/// `FIEMAP_EXTENT_*`
pub(super) static FIEMAP_EXTENTS: Names = Names {
    unknown: "FIEMAP_EXTENT_???",
    entries: &[
        (0x1, "FIEMAP_EXTENT_LAST"),
        (0x2, "FIEMAP_EXTENT_UNKNOWN"),
        (0x4, "FIEMAP_EXTENT_DELALLOC"),
        (0x8, "FIEMAP_EXTENT_ENCODED"),
        (0x80, "FIEMAP_EXTENT_DATA_ENCRYPTED"),
        (0x100, "FIEMAP_EXTENT_NOT_ALIGNED"),
        (0x200, "FIEMAP_EXTENT_DATA_INLINE"),
        (0x400, "FIEMAP_EXTENT_DATA_TAIL"),
        (0x800, "FIEMAP_EXTENT_UNWRITTEN"),
        (0x1000, "FIEMAP_EXTENT_MERGED"),
        (0x2000, "FIEMAP_EXTENT_SHARED"),
    ],
};

/// `RTC_VL_*`
pub(super) static RTC_VL: Names = Names {
    unknown: "RTC_VL_???",
    entries: &[
        (0x1, "RTC_VL_DATA_INVALID"),
        (0x2, "RTC_VL_BACKUP_LOW"),
        (0x4, "RTC_VL_BACKUP_EMPTY"),
        (0x8, "RTC_VL_ACCURACY_LOW"),
        (0x10, "RTC_VL_BACKUP_SWITCH"),
    ],
};

/// `WDIOF_*`
pub(super) static WDIOF: Names = Names {
    unknown: "WDIOF_???",
    entries: &[
        (0x1, "WDIOF_OVERHEAT"),
        (0x2, "WDIOF_FANFAULT"),
        (0x4, "WDIOF_EXTERN1"),
        (0x8, "WDIOF_EXTERN2"),
        (0x10, "WDIOF_POWERUNDER"),
        (0x20, "WDIOF_CARDRESET"),
        (0x40, "WDIOF_POWEROVER"),
        (0x80, "WDIOF_SETTIMEOUT"),
        (0x100, "WDIOF_MAGICCLOSE"),
        (0x200, "WDIOF_PRETIMEOUT"),
        (0x400, "WDIOF_ALARMONLY"),
        (0x8000, "WDIOF_KEEPALIVEPING"),
    ],
};

/// `WDIOS_*`
pub(super) static WDIOS: Names = Names {
    unknown: "WDIOS_???",
    entries: &[
        (0x1, "WDIOS_DISABLECARD"),
        (0x2, "WDIOS_ENABLECARD"),
        (0x4, "WDIOS_TEMPPANIC"),
    ],
};

/// `COUNTER_COMPONENT_*`
pub(super) static COUNTER_COMPONENTS: Names = Names {
    unknown: "COUNTER_COMPONENT_???",
    entries: &[
        (0x0, "COUNTER_COMPONENT_NONE"),
        (0x1, "COUNTER_COMPONENT_SIGNAL"),
        (0x2, "COUNTER_COMPONENT_COUNT"),
        (0x3, "COUNTER_COMPONENT_FUNCTION"),
        (0x4, "COUNTER_COMPONENT_SYNAPSE_ACTION"),
        (0x5, "COUNTER_COMPONENT_EXTENSION"),
    ],
};

/// `COUNTER_SCOPE_*`
pub(super) static COUNTER_SCOPES: Names = Names {
    unknown: "COUNTER_SCOPE_???",
    entries: &[
        (0x0, "COUNTER_SCOPE_DEVICE"),
        (0x1, "COUNTER_SCOPE_SIGNAL"),
        (0x2, "COUNTER_SCOPE_COUNT"),
    ],
};

/// `COUNTER_EVENT_*`
pub(super) static COUNTER_EVENTS: Names = Names {
    unknown: "COUNTER_EVENT_???",
    entries: &[
        (0x0, "COUNTER_EVENT_OVERFLOW"),
        (0x1, "COUNTER_EVENT_UNDERFLOW"),
        (0x2, "COUNTER_EVENT_OVERFLOW_UNDERFLOW"),
        (0x3, "COUNTER_EVENT_THRESHOLD"),
        (0x4, "COUNTER_EVENT_INDEX"),
        (0x5, "COUNTER_EVENT_CHANGE_OF_STATE"),
        (0x6, "COUNTER_EVENT_CAPTURE"),
        (0x7, "COUNTER_EVENT_DIRECTION_CHANGE"),
    ],
};

/// `PTP_ENABLE_FEATURE`, `PTP_RISING_EDGE`, `PTP_FALLING_EDGE`, `PTP_STRICT_FLAGS`, `PTP_EXT_OFFSET`
pub(super) static PTP_EXTTS: Names = Names {
    unknown: "PTP_???",
    entries: &[
        (0x1, "PTP_ENABLE_FEATURE"),
        (0x2, "PTP_RISING_EDGE"),
        (0x4, "PTP_FALLING_EDGE"),
        (0x8, "PTP_STRICT_FLAGS"),
        (0x10, "PTP_EXT_OFFSET"),
    ],
};

/// `PTP_PEROUT_*`
pub(super) static PTP_PEROUT: Names = Names {
    unknown: "PTP_PEROUT_???",
    entries: &[
        (0x1, "PTP_PEROUT_ONE_SHOT"),
        (0x2, "PTP_PEROUT_DUTY_CYCLE"),
        (0x4, "PTP_PEROUT_PHASE"),
    ],
};

/// `PTP_PF_*`
pub(super) static PTP_PF: Names = Names {
    unknown: "PTP_PF_???",
    entries: &[
        (0x0, "PTP_PF_NONE"),
        (0x1, "PTP_PF_EXTTS"),
        (0x2, "PTP_PF_PEROUT"),
        (0x3, "PTP_PF_PHYSYNC"),
    ],
};

/// `MTD_OPS_*`
pub(super) static MTD_OPS: Names = Names {
    unknown: "MTD_OPS_???",
    entries: &[
        (0x0, "MTD_OPS_PLACE_OOB"),
        (0x1, "MTD_OPS_AUTO_OOB"),
        (0x2, "MTD_OPS_RAW"),
    ],
};

/// `MTD_OTP_*`
pub(super) static MTD_OTP: Names = Names {
    unknown: "MTD_OTP_???",
    entries: &[
        (0x0, "MTD_OTP_OFF"),
        (0x1, "MTD_OTP_FACTORY"),
        (0x2, "MTD_OTP_USER"),
    ],
};

/// `MTD_FILE_MODE_*`
pub(super) static MTD_FILE_MODES: Names = Names {
    unknown: "MTD_FILE_MODE_???",
    entries: &[
        (0x0, "MTD_FILE_MODE_NORMAL"),
        (0x1, "MTD_FILE_MODE_OTP_FACTORY"),
        (0x2, "MTD_FILE_MODE_OTP_USER"),
        (0x3, "MTD_FILE_MODE_RAW"),
    ],
};

/// `MTD_ABSENT`, `MTD_RAM`, `MTD_ROM`, `MTD_NORFLASH`, `MTD_NANDFLASH`, `MTD_DATAFLASH`, `MTD_UBIVOLUME`, `MTD_MLCNANDFLASH`
pub(super) static MTD_TYPES: Names = Names {
    unknown: "MTD_???",
    entries: &[
        (0x0, "MTD_ABSENT"),
        (0x1, "MTD_RAM"),
        (0x2, "MTD_ROM"),
        (0x3, "MTD_NORFLASH"),
        (0x4, "MTD_NANDFLASH"),
        (0x6, "MTD_DATAFLASH"),
        (0x7, "MTD_UBIVOLUME"),
        (0x8, "MTD_MLCNANDFLASH"),
    ],
};

/// `MTD_WRITEABLE`, `MTD_BIT_WRITEABLE`, `MTD_NO_ERASE`, `MTD_POWERUP_LOCK`, `MTD_SLC_ON_MLC_EMULATION`
pub(super) static MTD_FLAGS: Names = Names {
    unknown: "MTD_???",
    entries: &[
        (0x400, "MTD_WRITEABLE"),
        (0x800, "MTD_BIT_WRITEABLE"),
        (0x1000, "MTD_NO_ERASE"),
        (0x2000, "MTD_POWERUP_LOCK"),
        (0x4000, "MTD_SLC_ON_MLC_EMULATION"),
    ],
};

/// `MTD_NANDECC_*`
pub(super) static MTD_NANDECC: Names = Names {
    unknown: "MTD_NANDECC_???",
    entries: &[
        (0x0, "MTD_NANDECC_OFF"),
        (0x1, "MTD_NANDECC_PLACE"),
        (0x2, "MTD_NANDECC_AUTOPLACE"),
        (0x4, "MTD_NANDECC_AUTOPL_USR"),
    ],
};

/// `ATA_CMD_*`
pub(super) static ATA_COMMANDS: Names = Names {
    unknown: "ATA_CMD_???",
    entries: &[
        (0x0, "ATA_CMD_NOP"),
        (0x3, "ATA_CMD_CFA_REQ_EXT_ERR"),
        (0x6, "ATA_CMD_DSM"),
        (0x8, "ATA_CMD_DEV_RESET"),
        (0xb, "ATA_CMD_REQ_SENSE_DATA"),
        (0x10, "ATA_CMD_RESTORE"),
        (0x20, "ATA_CMD_PIO_READ"),
        (0x22, "ATA_CMD_READ_LONG"),
        (0x23, "ATA_CMD_READ_LONG_ONCE"),
        (0x24, "ATA_CMD_PIO_READ_EXT"),
        (0x25, "ATA_CMD_READ_EXT"),
        (0x26, "ATA_CMD_READ_QUEUED"),
        (0x27, "ATA_CMD_READ_NATIVE_MAX_EXT"),
        (0x29, "ATA_CMD_READ_MULTI_EXT"),
        (0x2a, "ATA_CMD_READ_STREAM_DMA_EXT"),
        (0x2b, "ATA_CMD_READ_STREAM_EXT"),
        (0x2f, "ATA_CMD_READ_LOG_EXT"),
        (0x30, "ATA_CMD_PIO_WRITE"),
        (0x32, "ATA_CMD_WRITE_LONG"),
        (0x33, "ATA_CMD_WRITE_LONG_ONCE"),
        (0x34, "ATA_CMD_PIO_WRITE_EXT"),
        (0x35, "ATA_CMD_WRITE_EXT"),
        (0x36, "ATA_CMD_WRITE_QUEUED"),
        (0x37, "ATA_CMD_SET_MAX_EXT"),
        (0x38, "ATA_CMD_CFA_WRITE_NE"),
        (0x39, "ATA_CMD_WRITE_MULTI_EXT"),
        (0x3a, "ATA_CMD_WRITE_STREAM_DMA_EXT"),
        (0x3b, "ATA_CMD_WRITE_STREAM_EXT"),
        (0x3d, "ATA_CMD_WRITE_FUA_EXT"),
        (0x3e, "ATA_CMD_WRITE_QUEUED_FUA_EXT"),
        (0x3f, "ATA_CMD_WRITE_LOG_EXT"),
        (0x40, "ATA_CMD_VERIFY"),
        (0x42, "ATA_CMD_VERIFY_EXT"),
        (0x45, "ATA_CMD_WRITE_UNCORR_EXT"),
        (0x47, "ATA_CMD_READ_LOG_DMA_EXT"),
        (0x4a, "ATA_CMD_ZAC_MGMT_IN"),
        (0x51, "ATA_CMD_CONFIG_STREAM"),
        (0x57, "ATA_CMD_WRITE_LOG_DMA_EXT"),
        (0x5b, "ATA_CMD_TRUSTED_NONDATA"),
        (0x5c, "ATA_CMD_TRUSTED_RCV"),
        (0x5d, "ATA_CMD_TRUSTED_RCV_DMA"),
        (0x5e, "ATA_CMD_TRUSTED_SND"),
        (0x5f, "ATA_CMD_TRUSTED_SND_DMA"),
        (0x60, "ATA_CMD_FPDMA_READ"),
        (0x61, "ATA_CMD_FPDMA_WRITE"),
        (0x63, "ATA_CMD_NCQ_NON_DATA"),
        (0x64, "ATA_CMD_FPDMA_SEND"),
        (0x65, "ATA_CMD_FPDMA_RECV"),
        (0x87, "ATA_CMD_CFA_TRANS_SECT"),
        (0x90, "ATA_CMD_EDD"),
        (0x91, "ATA_CMD_INIT_DEV_PARAMS"),
        (0x92, "ATA_CMD_DOWNLOAD_MICRO"),
        (0x93, "ATA_CMD_DOWNLOAD_MICRO_DMA"),
        (0x9f, "ATA_CMD_ZAC_MGMT_OUT"),
        (0xa0, "ATA_CMD_PACKET"),
        (0xa1, "ATA_CMD_ID_ATAPI"),
        (0xa2, "ATA_CMD_SERVICE"),
        (0xb0, "ATA_CMD_SMART"),
        (0xb1, "ATA_CMD_CONF_OVERLAY"),
        (0xb4, "ATA_CMD_SANITIZE_DEVICE"),
        (0xc0, "ATA_CMD_CFA_ERASE"),
        (0xc4, "ATA_CMD_READ_MULTI"),
        (0xc5, "ATA_CMD_WRITE_MULTI"),
        (0xc6, "ATA_CMD_SET_MULTI"),
        (0xc8, "ATA_CMD_READ"),
        (0xca, "ATA_CMD_WRITE"),
        (0xcd, "ATA_CMD_CFA_WRITE_MULT_NE"),
        (0xce, "ATA_CMD_WRITE_MULTI_FUA_EXT"),
        (0xd1, "ATA_CMD_CHK_MED_CRD_TYP"),
        (0xde, "ATA_CMD_MEDIA_LOCK"),
        (0xdf, "ATA_CMD_MEDIA_UNLOCK"),
        (0xe0, "ATA_CMD_STANDBYNOW1"),
        (0xe1, "ATA_CMD_IDLEIMMEDIATE"),
        (0xe2, "ATA_CMD_STANDBY"),
        (0xe3, "ATA_CMD_IDLE"),
        (0xe4, "ATA_CMD_PMP_READ"),
        (0xe5, "ATA_CMD_CHK_POWER"),
        (0xe6, "ATA_CMD_SLEEP"),
        (0xe7, "ATA_CMD_FLUSH"),
        (0xe8, "ATA_CMD_PMP_WRITE"),
        (0xe9, "ATA_CMD_PMP_READ_DMA"),
        (0xea, "ATA_CMD_FLUSH_EXT"),
        (0xeb, "ATA_CMD_PMP_WRITE_DMA"),
        (0xec, "ATA_CMD_ID_ATA"),
        (0xef, "ATA_CMD_SET_FEATURES"),
        (0xf1, "ATA_CMD_SEC_SET_PASS"),
        (0xf2, "ATA_CMD_SEC_UNLOCK"),
        (0xf3, "ATA_CMD_SEC_ERASE_PREP"),
        (0xf4, "ATA_CMD_SEC_ERASE_UNIT"),
        (0xf5, "ATA_CMD_SEC_FREEZE_LOCK"),
        (0xf6, "ATA_CMD_SEC_DISABLE_PASS"),
        (0xf8, "ATA_CMD_READ_NATIVE_MAX"),
        (0xf9, "ATA_CMD_SET_MAX"),
    ],
};

/// `UDMABUF_FLAGS_*`
pub(super) static UDMABUF_FLAGS: Names = Names {
    unknown: "UDMABUF_FLAGS_???",
    entries: &[
        (0x1, "UDMABUF_FLAGS_CLOEXEC"),
    ],
};

/// `UFFDIO_COPY_MODE_*`
pub(super) static UFFDIO_COPY: Names = Names {
    unknown: "UFFDIO_COPY_MODE_???",
    entries: &[
        (0x1, "UFFDIO_COPY_MODE_DONTWAKE"),
        (0x2, "UFFDIO_COPY_MODE_WP"),
    ],
};

/// `UFFDIO_REGISTER_MODE_*`
pub(super) static UFFDIO_REGISTER: Names = Names {
    unknown: "UFFDIO_REGISTER_MODE_???",
    entries: &[
        (0x1, "UFFDIO_REGISTER_MODE_MISSING"),
        (0x2, "UFFDIO_REGISTER_MODE_WP"),
        (0x4, "UFFDIO_REGISTER_MODE_MINOR"),
    ],
};

/// `UFFDIO_ZEROPAGE_MODE_*`
pub(super) static UFFDIO_ZEROPAGE: Names = Names {
    unknown: "UFFDIO_ZEROPAGE_MODE_???",
    entries: &[
        (0x1, "UFFDIO_ZEROPAGE_MODE_DONTWAKE"),
    ],
};

/// `UFFDIO_WRITEPROTECT_MODE_*`
pub(super) static UFFDIO_WRITEPROTECT: Names = Names {
    unknown: "UFFDIO_WRITEPROTECT_MODE_???",
    entries: &[
        (0x1, "UFFDIO_WRITEPROTECT_MODE_WP"),
        (0x2, "UFFDIO_WRITEPROTECT_MODE_DONTWAKE"),
    ],
};

/// `UFFDIO_CONTINUE_MODE_*`
pub(super) static UFFDIO_CONTINUE: Names = Names {
    unknown: "UFFDIO_CONTINUE_MODE_???",
    entries: &[
        (0x1, "UFFDIO_CONTINUE_MODE_DONTWAKE"),
        (0x2, "UFFDIO_CONTINUE_MODE_WP"),
    ],
};

/// `UFFDIO_POISON_MODE_*`
pub(super) static UFFDIO_POISON: Names = Names {
    unknown: "UFFDIO_POISON_MODE_???",
    entries: &[
        (0x1, "UFFDIO_POISON_MODE_DONTWAKE"),
    ],
};

/// `UFFD_FEATURE_*`
pub(super) static UFFD_FEATURES: Names = Names {
    unknown: "UFFD_FEATURE_???",
    entries: &[
        (0x1, "UFFD_FEATURE_PAGEFAULT_FLAG_WP"),
        (0x2, "UFFD_FEATURE_EVENT_FORK"),
        (0x4, "UFFD_FEATURE_EVENT_REMAP"),
        (0x8, "UFFD_FEATURE_EVENT_REMOVE"),
        (0x10, "UFFD_FEATURE_MISSING_HUGETLBFS"),
        (0x20, "UFFD_FEATURE_MISSING_SHMEM"),
        (0x40, "UFFD_FEATURE_EVENT_UNMAP"),
        (0x80, "UFFD_FEATURE_SIGBUS"),
        (0x100, "UFFD_FEATURE_THREAD_ID"),
        (0x200, "UFFD_FEATURE_MINOR_HUGETLBFS"),
        (0x400, "UFFD_FEATURE_MINOR_SHMEM"),
        (0x800, "UFFD_FEATURE_EXACT_ADDRESS"),
        (0x1000, "UFFD_FEATURE_WP_HUGETLBFS_SHMEM"),
        (0x2000, "UFFD_FEATURE_WP_UNPOPULATED"),
        (0x4000, "UFFD_FEATURE_POISON"),
        (0x8000, "UFFD_FEATURE_WP_ASYNC"),
        (0x10000, "UFFD_FEATURE_MOVE"),
    ],
};

/// `_UFFDIO_*`
pub(super) static UFFDIO_NUMBERS: Names = Names {
    unknown: "_UFFDIO_???",
    entries: &[
        (0x0, "_UFFDIO_REGISTER"),
        (0x1, "_UFFDIO_UNREGISTER"),
        (0x2, "_UFFDIO_WAKE"),
        (0x3, "_UFFDIO_COPY"),
        (0x4, "_UFFDIO_ZEROPAGE"),
        (0x5, "_UFFDIO_MOVE"),
        (0x6, "_UFFDIO_WRITEPROTECT"),
        (0x7, "_UFFDIO_CONTINUE"),
        (0x8, "_UFFDIO_POISON"),
        (0x3f, "_UFFDIO_API"),
    ],
};

/// `PERF_IOC_FLAG_*`
pub(super) static PERF_IOC_FLAGS: Names = Names {
    unknown: "PERF_IOC_FLAG_???",
    entries: &[
        (0x1, "PERF_IOC_FLAG_GROUP"),
    ],
};

/// `SECCOMP_USER_NOTIF_FLAG_*`
pub(super) static SECCOMP_NOTIF_FLAGS: Names = Names {
    unknown: "SECCOMP_USER_NOTIF_FLAG_???",
    entries: &[
        (0x1, "SECCOMP_USER_NOTIF_FLAG_CONTINUE"),
    ],
};

/// `SECCOMP_ADDFD_FLAG_*`
pub(super) static SECCOMP_ADDFD: Names = Names {
    unknown: "SECCOMP_ADDFD_FLAG_???",
    entries: &[
        (0x1, "SECCOMP_ADDFD_FLAG_SETFD"),
        (0x2, "SECCOMP_ADDFD_FLAG_SEND"),
    ],
};

/// `SECCOMP_USER_NOTIF_FD_*`
pub(super) static SECCOMP_USER_NOTIF: Names = Names {
    unknown: "SECCOMP_USER_NOTIF_???",
    entries: &[
        (0x1, "SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP"),
    ],
};

/// `AUDIT_ARCH_*`
pub(super) static AUDIT_ARCHS: Names = Names {
    unknown: "AUDIT_ARCH_???",
    entries: &[
        (0x2, "AUDIT_ARCH_SPARC"),
        (0x4, "AUDIT_ARCH_M68K"),
        (0x8, "AUDIT_ARCH_MIPS"),
        (0xf, "AUDIT_ARCH_PARISC"),
        (0x14, "AUDIT_ARCH_PPC"),
        (0x16, "AUDIT_ARCH_S390"),
        (0x28, "AUDIT_ARCH_ARMEB"),
        (0x2a, "AUDIT_ARCH_SH"),
        (0x2e, "AUDIT_ARCH_H8300"),
        (0x58, "AUDIT_ARCH_M32R"),
        (0x5c, "AUDIT_ARCH_OPENRISC"),
        (0x5d, "AUDIT_ARCH_ARCOMPACTBE"),
        (0x5e, "AUDIT_ARCH_XTENSA"),
        (0x8c, "AUDIT_ARCH_C6XBE"),
        (0xa4, "AUDIT_ARCH_HEXAGON"),
        (0xa7, "AUDIT_ARCH_NDS32BE"),
        (0xbd, "AUDIT_ARCH_MICROBLAZE"),
        (0xc3, "AUDIT_ARCH_ARCV2BE"),
        (0x5441, "AUDIT_ARCH_FRV"),
        (0x40000003, "AUDIT_ARCH_I386"),
        (0x40000008, "AUDIT_ARCH_MIPSEL"),
        (0x40000028, "AUDIT_ARCH_ARM"),
        (0x4000002a, "AUDIT_ARCH_SHEL"),
        (0x4000004c, "AUDIT_ARCH_CRIS"),
        (0x4000005d, "AUDIT_ARCH_ARCOMPACT"),
        (0x4000006e, "AUDIT_ARCH_UNICORE"),
        (0x40000071, "AUDIT_ARCH_NIOS2"),
        (0x4000008c, "AUDIT_ARCH_C6X"),
        (0x400000a7, "AUDIT_ARCH_NDS32"),
        (0x400000bc, "AUDIT_ARCH_TILEPRO"),
        (0x400000bf, "AUDIT_ARCH_TILEGX32"),
        (0x400000c3, "AUDIT_ARCH_ARCV2"),
        (0x400000f3, "AUDIT_ARCH_RISCV32"),
        (0x400000fc, "AUDIT_ARCH_CSKY"),
        (0x40000102, "AUDIT_ARCH_LOONGARCH32"),
        (0x80000008, "AUDIT_ARCH_MIPS64"),
        (0x8000000f, "AUDIT_ARCH_PARISC64"),
        (0x80000015, "AUDIT_ARCH_PPC64"),
        (0x80000016, "AUDIT_ARCH_S390X"),
        (0x8000002a, "AUDIT_ARCH_SH64"),
        (0x8000002b, "AUDIT_ARCH_SPARC64"),
        (0xa0000008, "AUDIT_ARCH_MIPS64N32"),
        (0xc0000008, "AUDIT_ARCH_MIPSEL64"),
        (0xc0000015, "AUDIT_ARCH_PPC64LE"),
        (0xc000002a, "AUDIT_ARCH_SHEL64"),
        (0xc0000032, "AUDIT_ARCH_IA64"),
        (0xc000003e, "AUDIT_ARCH_X86_64"),
        (0xc00000b7, "AUDIT_ARCH_AARCH64"),
        (0xc00000bf, "AUDIT_ARCH_TILEGX"),
        (0xc00000f3, "AUDIT_ARCH_RISCV64"),
        (0xc0000102, "AUDIT_ARCH_LOONGARCH64"),
        (0xc0009026, "AUDIT_ARCH_ALPHA"),
        (0xe0000008, "AUDIT_ARCH_MIPSEL64N32"),
    ],
};

/// `PIDTYPE_PID`
pub(super) static NR: Names = Names {
    unknown: "__NR_???",
    entries: &[
        (0x0, "PIDTYPE_PID"),
    ],
};

/// `IFF_*`
pub(super) static IFF: Names = Names {
    unknown: "IFF_???",
    entries: &[
        (0x1, "IFF_UP"),
        (0x2, "IFF_BROADCAST"),
        (0x4, "IFF_DEBUG"),
        (0x8, "IFF_LOOPBACK"),
        (0x10, "IFF_POINTOPOINT"),
        (0x20, "IFF_NOTRAILERS"),
        (0x40, "IFF_RUNNING"),
        (0x80, "IFF_NOARP"),
        (0x100, "IFF_PROMISC"),
        (0x200, "IFF_ALLMULTI"),
        (0x400, "IFF_MASTER"),
        (0x800, "IFF_SLAVE"),
        (0x1000, "IFF_MULTICAST"),
        (0x2000, "IFF_PORTSEL"),
        (0x4000, "IFF_AUTOMEDIA"),
        (0x8000, "IFF_DYNAMIC"),
        (0x10000, "IFF_LOWER_UP"),
        (0x20000, "IFF_DORMANT"),
        (0x40000, "IFF_ECHO"),
    ],
};

/// `ARPHRD_*`
pub(super) static ARPHRD: Names = Names {
    unknown: "ARPHRD_???",
    entries: &[
        (0x0, "ARPHRD_NETROM"),
        (0x1, "ARPHRD_ETHER"),
        (0x2, "ARPHRD_EETHER"),
        (0x3, "ARPHRD_AX25"),
        (0x4, "ARPHRD_PRONET"),
        (0x5, "ARPHRD_CHAOS"),
        (0x6, "ARPHRD_IEEE802"),
        (0x7, "ARPHRD_ARCNET"),
        (0x8, "ARPHRD_APPLETLK"),
        (0xf, "ARPHRD_DLCI"),
        (0x13, "ARPHRD_ATM"),
        (0x17, "ARPHRD_METRICOM"),
        (0x18, "ARPHRD_IEEE1394"),
        (0x1b, "ARPHRD_EUI64"),
        (0x20, "ARPHRD_INFINIBAND"),
        (0x100, "ARPHRD_SLIP"),
        (0x101, "ARPHRD_CSLIP"),
        (0x102, "ARPHRD_SLIP6"),
        (0x103, "ARPHRD_CSLIP6"),
        (0x104, "ARPHRD_RSRVD"),
        (0x108, "ARPHRD_ADAPT"),
        (0x10e, "ARPHRD_ROSE"),
        (0x10f, "ARPHRD_X25"),
        (0x110, "ARPHRD_HWX25"),
        (0x118, "ARPHRD_CAN"),
        (0x122, "ARPHRD_MCTP"),
        (0x200, "ARPHRD_PPP"),
        (0x201, "ARPHRD_CISCO"),
        (0x204, "ARPHRD_LAPB"),
        (0x205, "ARPHRD_DDCMP"),
        (0x206, "ARPHRD_RAWHDLC"),
        (0x207, "ARPHRD_RAWIP"),
        (0x300, "ARPHRD_TUNNEL"),
        (0x301, "ARPHRD_TUNNEL6"),
        (0x302, "ARPHRD_FRAD"),
        (0x303, "ARPHRD_SKIP"),
        (0x304, "ARPHRD_LOOPBACK"),
        (0x305, "ARPHRD_LOCALTLK"),
        (0x306, "ARPHRD_FDDI"),
        (0x307, "ARPHRD_BIF"),
        (0x308, "ARPHRD_SIT"),
        (0x309, "ARPHRD_IPDDP"),
        (0x30a, "ARPHRD_IPGRE"),
        (0x30b, "ARPHRD_PIMREG"),
        (0x30c, "ARPHRD_HIPPI"),
        (0x30d, "ARPHRD_ASH"),
        (0x30e, "ARPHRD_ECONET"),
        (0x30f, "ARPHRD_IRDA"),
        (0x310, "ARPHRD_FCPP"),
        (0x311, "ARPHRD_FCAL"),
        (0x312, "ARPHRD_FCPL"),
        (0x313, "ARPHRD_FCFABRIC"),
        (0x320, "ARPHRD_IEEE802_TR"),
        (0x321, "ARPHRD_IEEE80211"),
        (0x322, "ARPHRD_IEEE80211_PRISM"),
        (0x323, "ARPHRD_IEEE80211_RADIOTAP"),
        (0x324, "ARPHRD_IEEE802154"),
        (0x325, "ARPHRD_IEEE802154_MONITOR"),
        (0x334, "ARPHRD_PHONET"),
        (0x335, "ARPHRD_PHONET_PIPE"),
        (0x336, "ARPHRD_CAIF"),
        (0x337, "ARPHRD_IP6GRE"),
        (0x338, "ARPHRD_NETLINK"),
        (0x339, "ARPHRD_6LOWPAN"),
        (0x33a, "ARPHRD_VSOCKMON"),
        (0xfffe, "ARPHRD_NONE"),
        (0xffff, "ARPHRD_VOID"),
    ],
};

/// `STA_*`
pub(super) static STA: Names = Names {
    unknown: "STA_???",
    entries: &[
        (0x1, "STA_PLL"),
        (0x2, "STA_PPSFREQ"),
        (0x4, "STA_PPSTIME"),
        (0x8, "STA_FLL"),
        (0x10, "STA_INS"),
        (0x20, "STA_DEL"),
        (0x40, "STA_UNSYNC"),
        (0x80, "STA_FREQHOLD"),
        (0x100, "STA_PPSSIGNAL"),
        (0x200, "STA_PPSJITTER"),
        (0x400, "STA_PPSWANDER"),
        (0x800, "STA_PPSERROR"),
        (0x1000, "STA_CLOCKERR"),
        (0x2000, "STA_NANO"),
        (0x4000, "STA_MODE"),
        (0x8000, "STA_CLK"),
    ],
};

/// `ADJ_*`
pub(super) static ADJ: Names = Names {
    unknown: "ADJ_???",
    entries: &[
        (0xa001, "ADJ_OFFSET_SS_READ"),
        (0x8001, "ADJ_OFFSET_SINGLESHOT"),
        (0x1, "ADJ_OFFSET"),
        (0x2, "ADJ_FREQUENCY"),
        (0x4, "ADJ_MAXERROR"),
        (0x8, "ADJ_ESTERROR"),
        (0x10, "ADJ_STATUS"),
        (0x20, "ADJ_TIMECONST"),
        (0x80, "ADJ_TAI"),
        (0x100, "ADJ_SETOFFSET"),
        (0x1000, "ADJ_MICRO"),
        (0x2000, "ADJ_NANO"),
        (0x4000, "ADJ_TICK"),
    ],
};

/// `AT_SYMLINK_NOFOLLOW`, `AT_EMPTY_PATH`
pub(super) static AT_XATTR: Names = Names {
    unknown: "AT_???",
    entries: &[
        (0x100, "AT_SYMLINK_NOFOLLOW"),
        (0x1000, "AT_EMPTY_PATH"),
    ],
};

/// `MOUNT_ATTR_*`
pub(super) static MOUNT_ATTR: Names = Names {
    unknown: "MOUNT_ATTR_???",
    entries: &[
        (0x1, "MOUNT_ATTR_RDONLY"),
        (0x2, "MOUNT_ATTR_NOSUID"),
        (0x4, "MOUNT_ATTR_NODEV"),
        (0x8, "MOUNT_ATTR_NOEXEC"),
        (0x70, "MOUNT_ATTR__ATIME"),
        (0x10, "MOUNT_ATTR_NOATIME"),
        (0x20, "MOUNT_ATTR_STRICTATIME"),
        (0x80, "MOUNT_ATTR_NODIRATIME"),
        (0x100000, "MOUNT_ATTR_IDMAP"),
        (0x200000, "MOUNT_ATTR_NOSYMFOLLOW"),
    ],
};

/// `MS_UNBINDABLE`, `MS_PRIVATE`, `MS_SLAVE`, `MS_SHARED`
pub(super) static MOUNT_PROPAGATION: Names = Names {
    unknown: "MS_???",
    entries: &[
        (0x20000, "MS_UNBINDABLE"),
        (0x40000, "MS_PRIVATE"),
        (0x80000, "MS_SLAVE"),
        (0x100000, "MS_SHARED"),
    ],
};

/// `STATMOUNT_*`
pub(super) static STATMOUNT: Names = Names {
    unknown: "STATMOUNT_???",
    entries: &[
        (0x1, "STATMOUNT_SB_BASIC"),
        (0x2, "STATMOUNT_MNT_BASIC"),
        (0x4, "STATMOUNT_PROPAGATE_FROM"),
        (0x8, "STATMOUNT_MNT_ROOT"),
        (0x10, "STATMOUNT_MNT_POINT"),
        (0x20, "STATMOUNT_FS_TYPE"),
        (0x40, "STATMOUNT_MNT_NS_ID"),
        (0x80, "STATMOUNT_MNT_OPTS"),
        (0x100, "STATMOUNT_FS_SUBTYPE"),
        (0x200, "STATMOUNT_SB_SOURCE"),
        (0x400, "STATMOUNT_OPT_ARRAY"),
        (0x800, "STATMOUNT_OPT_SEC_ARRAY"),
        (0x1000, "STATMOUNT_SUPPORTED_MASK"),
        (0x2000, "STATMOUNT_MNT_UIDMAP"),
        (0x4000, "STATMOUNT_MNT_GIDMAP"),
    ],
};

/// `LSMT_ROOT`
pub(super) static LISTMOUNT_IDS: Names = Names {
    unknown: "",
    entries: &[
        (0xffffffffffffffff, "LSMT_ROOT"),
    ],
};

/// `LISTMOUNT_*`
pub(super) static LISTMOUNT: Names = Names {
    unknown: "LISTMOUNT_???",
    entries: &[
        (0x1, "LISTMOUNT_REVERSE"),
    ],
};

/// `LANDLOCK_ACCESS_NET_*`
pub(super) static LANDLOCK_NET: Names = Names {
    unknown: "LANDLOCK_ACCESS_NET_???",
    entries: &[
        (0x1, "LANDLOCK_ACCESS_NET_BIND_TCP"),
        (0x2, "LANDLOCK_ACCESS_NET_CONNECT_TCP"),
        (0x4, "LANDLOCK_ACCESS_NET_BIND_UDP"),
        (0x8, "LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP"),
    ],
};

/// `LANDLOCK_SCOPE_*`
pub(super) static LANDLOCK_SCOPE: Names = Names {
    unknown: "LANDLOCK_SCOPE_???",
    entries: &[
        (0x1, "LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET"),
        (0x2, "LANDLOCK_SCOPE_SIGNAL"),
    ],
};

/// `LANDLOCK_ADD_RULE_*`
pub(super) static LANDLOCK_ADD_RULE: Names = Names {
    unknown: "LANDLOCK_ADD_RULE_???",
    entries: &[
        (0x1, "LANDLOCK_ADD_RULE_QUIET"),
    ],
};

/// `IOCB_CMD_*`
pub(super) static IOCB_CMDS: Names = Names {
    unknown: "IOCB_CMD_???",
    entries: &[
        (0x0, "IOCB_CMD_PREAD"),
        (0x1, "IOCB_CMD_PWRITE"),
        (0x2, "IOCB_CMD_FSYNC"),
        (0x3, "IOCB_CMD_FDSYNC"),
        (0x5, "IOCB_CMD_POLL"),
        (0x6, "IOCB_CMD_NOOP"),
        (0x7, "IOCB_CMD_PREADV"),
        (0x8, "IOCB_CMD_PWRITEV"),
    ],
};

/// `IOCB_FLAG_*`
pub(super) static IOCB_FLAGS: Names = Names {
    unknown: "IOCB_FLAG_???",
    entries: &[
        (0x1, "IOCB_FLAG_RESFD"),
        (0x2, "IOCB_FLAG_IOPRIO"),
    ],
};

/// `IOPRIO_WHO_*`
pub(super) static IOPRIO_WHO: Names = Names {
    unknown: "IOPRIO_WHO_???",
    entries: &[
        (0x1, "IOPRIO_WHO_PROCESS"),
        (0x2, "IOPRIO_WHO_PGRP"),
        (0x3, "IOPRIO_WHO_USER"),
    ],
};

/// `IOPRIO_CLASS_*`
pub(super) static IOPRIO_CLASSES: Names = Names {
    unknown: "IOPRIO_CLASS_???",
    entries: &[
        (0x0, "IOPRIO_CLASS_NONE"),
        (0x1, "IOPRIO_CLASS_RT"),
        (0x2, "IOPRIO_CLASS_BE"),
        (0x3, "IOPRIO_CLASS_IDLE"),
    ],
};

/// `RWH_*`
pub(super) static RW_HINTS: Names = Names {
    unknown: "RWH_WRITE_LIFE_???",
    entries: &[
        (0x0, "RWH_WRITE_LIFE_NOT_SET"),
        (0x1, "RWH_WRITE_LIFE_NONE"),
        (0x2, "RWH_WRITE_LIFE_SHORT"),
        (0x3, "RWH_WRITE_LIFE_MEDIUM"),
        (0x4, "RWH_WRITE_LIFE_LONG"),
        (0x5, "RWH_WRITE_LIFE_EXTREME"),
    ],
};

/// `KCMP_*`
pub(super) static KCMP_TYPES: Names = Names {
    unknown: "KCMP_???",
    entries: &[
        (0x0, "KCMP_FILE"),
        (0x1, "KCMP_VM"),
        (0x2, "KCMP_FILES"),
        (0x3, "KCMP_FS"),
        (0x4, "KCMP_SIGHAND"),
        (0x5, "KCMP_IO"),
        (0x6, "KCMP_SYSVSEM"),
        (0x7, "KCMP_EPOLL_TFD"),
    ],
};

/// `MODULE_INIT_*`
pub(super) static MODULE_INIT: Names = Names {
    unknown: "MODULE_INIT_???",
    entries: &[
        (0x1, "MODULE_INIT_IGNORE_MODVERSIONS"),
        (0x2, "MODULE_INIT_IGNORE_VERMAGIC"),
        (0x4, "MODULE_INIT_COMPRESSED_FILE"),
    ],
};

/// `FUTEX2_SIZE_U*`
pub(super) static FUTEX2_SIZES: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "FUTEX2_SIZE_U8"),
        (0x1, "FUTEX2_SIZE_U16"),
        (0x2, "FUTEX2_SIZE_U32"),
        (0x3, "FUTEX2_SIZE_U64"),
    ],
};

/// `FUTEX2_NUMA`, `FUTEX2_MPOL`, `FUTEX2_PRIVATE`
pub(super) static FUTEX2_FLAGS: Names = Names {
    unknown: "",
    entries: &[
        (0x4, "FUTEX2_NUMA"),
        (0x8, "FUTEX2_MPOL"),
        (0x80, "FUTEX2_PRIVATE"),
    ],
};

/// `NLMSG_NOOP`, `NLMSG_ERROR`, `NLMSG_DONE`, `NLMSG_OVERRUN`
pub(super) static NLMSG: Names = Names {
    unknown: "NLMSG_???",
    entries: &[
        (0x1, "NLMSG_NOOP"),
        (0x2, "NLMSG_ERROR"),
        (0x3, "NLMSG_DONE"),
        (0x4, "NLMSG_OVERRUN"),
    ],
};

/// `RTM_*`
pub(super) static RTM: Names = Names {
    unknown: "RTM_???",
    entries: &[
        (0x10, "RTM_NEWLINK"),
        (0x11, "RTM_DELLINK"),
        (0x12, "RTM_GETLINK"),
        (0x13, "RTM_SETLINK"),
        (0x14, "RTM_NEWADDR"),
        (0x15, "RTM_DELADDR"),
        (0x16, "RTM_GETADDR"),
        (0x18, "RTM_NEWROUTE"),
        (0x19, "RTM_DELROUTE"),
        (0x1a, "RTM_GETROUTE"),
        (0x1c, "RTM_NEWNEIGH"),
        (0x1d, "RTM_DELNEIGH"),
        (0x1e, "RTM_GETNEIGH"),
        (0x20, "RTM_NEWRULE"),
        (0x21, "RTM_DELRULE"),
        (0x22, "RTM_GETRULE"),
        (0x24, "RTM_NEWQDISC"),
        (0x25, "RTM_DELQDISC"),
        (0x26, "RTM_GETQDISC"),
        (0x28, "RTM_NEWTCLASS"),
        (0x29, "RTM_DELTCLASS"),
        (0x2a, "RTM_GETTCLASS"),
        (0x2c, "RTM_NEWTFILTER"),
        (0x2d, "RTM_DELTFILTER"),
        (0x2e, "RTM_GETTFILTER"),
        (0x30, "RTM_NEWACTION"),
        (0x31, "RTM_DELACTION"),
        (0x32, "RTM_GETACTION"),
        (0x34, "RTM_NEWPREFIX"),
        (0x38, "RTM_NEWMULTICAST"),
        (0x39, "RTM_DELMULTICAST"),
        (0x3a, "RTM_GETMULTICAST"),
        (0x3c, "RTM_NEWANYCAST"),
        (0x3d, "RTM_DELANYCAST"),
        (0x3e, "RTM_GETANYCAST"),
        (0x40, "RTM_NEWNEIGHTBL"),
        (0x42, "RTM_GETNEIGHTBL"),
        (0x43, "RTM_SETNEIGHTBL"),
        (0x44, "RTM_NEWNDUSEROPT"),
        (0x48, "RTM_NEWADDRLABEL"),
        (0x49, "RTM_DELADDRLABEL"),
        (0x4a, "RTM_GETADDRLABEL"),
        (0x4e, "RTM_GETDCB"),
        (0x4f, "RTM_SETDCB"),
        (0x50, "RTM_NEWNETCONF"),
        (0x51, "RTM_DELNETCONF"),
        (0x52, "RTM_GETNETCONF"),
        (0x54, "RTM_NEWMDB"),
        (0x55, "RTM_DELMDB"),
        (0x56, "RTM_GETMDB"),
        (0x58, "RTM_NEWNSID"),
        (0x59, "RTM_DELNSID"),
        (0x5a, "RTM_GETNSID"),
        (0x5c, "RTM_NEWSTATS"),
        (0x5e, "RTM_GETSTATS"),
        (0x60, "RTM_NEWCACHEREPORT"),
        (0x64, "RTM_NEWCHAIN"),
        (0x65, "RTM_DELCHAIN"),
        (0x66, "RTM_GETCHAIN"),
        (0x68, "RTM_NEWNEXTHOP"),
        (0x69, "RTM_DELNEXTHOP"),
        (0x6a, "RTM_GETNEXTHOP"),
        (0x6c, "RTM_NEWLINKPROP"),
        (0x6d, "RTM_DELLINKPROP"),
        (0x6e, "RTM_GETLINKPROP"),
        (0x70, "RTM_NEWVLAN"),
        (0x71, "RTM_DELVLAN"),
        (0x72, "RTM_GETVLAN"),
        (0x74, "RTM_NEWNEXTHOPBUCKET"),
        (0x75, "RTM_DELNEXTHOPBUCKET"),
        (0x76, "RTM_GETNEXTHOPBUCKET"),
    ],
};

/// `NLM_F_REQUEST`, `NLM_F_MULTI`, `NLM_F_ACK`, `NLM_F_ECHO`, `NLM_F_DUMP_INTR`, `NLM_F_DUMP_FILTERED`
pub(super) static NLM_F: Names = Names {
    unknown: "NLM_F_???",
    entries: &[
        (0x1, "NLM_F_REQUEST"),
        (0x2, "NLM_F_MULTI"),
        (0x4, "NLM_F_ACK"),
        (0x8, "NLM_F_ECHO"),
        (0x10, "NLM_F_DUMP_INTR"),
        (0x20, "NLM_F_DUMP_FILTERED"),
    ],
};

/// `NLM_F_DUMP`, `NLM_F_ROOT`, `NLM_F_MATCH`, `NLM_F_ATOMIC`
pub(super) static NLM_F_GET: Names = Names {
    unknown: "NLM_F_???",
    entries: &[
        (0x300, "NLM_F_DUMP"),
        (0x100, "NLM_F_ROOT"),
        (0x200, "NLM_F_MATCH"),
        (0x400, "NLM_F_ATOMIC"),
    ],
};

/// `NLM_F_REPLACE`, `NLM_F_EXCL`, `NLM_F_CREATE`, `NLM_F_APPEND`
pub(super) static NLM_F_NEW: Names = Names {
    unknown: "NLM_F_???",
    entries: &[
        (0x100, "NLM_F_REPLACE"),
        (0x200, "NLM_F_EXCL"),
        (0x400, "NLM_F_CREATE"),
        (0x800, "NLM_F_APPEND"),
    ],
};

/// `NLM_F_NONREC`, `NLM_F_BULK`
pub(super) static NLM_F_DELETE: Names = Names {
    unknown: "NLM_F_???",
    entries: &[
        (0x100, "NLM_F_NONREC"),
        (0x200, "NLM_F_BULK"),
    ],
};

/// `NLM_F_CAPPED`, `NLM_F_ACK_TLVS`
pub(super) static NLM_F_ACK: Names = Names {
    unknown: "NLM_F_???",
    entries: &[
        (0x100, "NLM_F_CAPPED"),
        (0x200, "NLM_F_ACK_TLVS"),
    ],
};

/// `NLMSGERR_ATTR_*`
pub(super) static NLMSGERR_ATTRS: Names = Names {
    unknown: "NLMSGERR_ATTR_???",
    entries: &[
        (0x0, "NLMSGERR_ATTR_UNUSED"),
        (0x1, "NLMSGERR_ATTR_MSG"),
        (0x2, "NLMSGERR_ATTR_OFFS"),
        (0x3, "NLMSGERR_ATTR_COOKIE"),
        (0x4, "NLMSGERR_ATTR_POLICY"),
        (0x5, "NLMSGERR_ATTR_MISS_TYPE"),
        (0x6, "NLMSGERR_ATTR_MISS_NEST"),
    ],
};

/// `AUDIT_*`
pub(super) static NL_AUDIT: Names = Names {
    unknown: "AUDIT_???",
    entries: &[
        (0x0, "AUDIT_NEVER"),
        (0x1, "AUDIT_CLASS_DIR_WRITE_32"),
        (0x2, "AUDIT_EUID"),
        (0x3, "AUDIT_CLASS_CHATTR_32"),
        (0x4, "AUDIT_CLASS_READ"),
        (0x5, "AUDIT_GID"),
        (0x6, "AUDIT_CLASS_WRITE"),
        (0x7, "AUDIT_CLASS_WRITE_32"),
        (0x8, "AUDIT_CLASS_SIGNAL"),
        (0x9, "AUDIT_CLASS_SIGNAL_32"),
        (0xa, "AUDIT_PERS"),
        (0xc, "AUDIT_MSGTYPE"),
        (0xd, "AUDIT_SUBJ_USER"),
        (0xe, "AUDIT_SUBJ_ROLE"),
        (0xf, "AUDIT_SUBJ_TYPE"),
        (0x10, "AUDIT_SUBJ_SEN"),
        (0x11, "AUDIT_SUBJ_CLR"),
        (0x12, "AUDIT_PPID"),
        (0x13, "AUDIT_OBJ_USER"),
        (0x14, "AUDIT_OBJ_ROLE"),
        (0x15, "AUDIT_OBJ_TYPE"),
        (0x16, "AUDIT_OBJ_LEV_LOW"),
        (0x17, "AUDIT_OBJ_LEV_HIGH"),
        (0x18, "AUDIT_LOGINUID_SET"),
        (0x19, "AUDIT_SESSIONID"),
        (0x1a, "AUDIT_FSTYPE"),
        (0x40, "AUDIT_BITMASK_SIZE"),
        (0x64, "AUDIT_DEVMAJOR"),
        (0x65, "AUDIT_DEVMINOR"),
        (0x66, "AUDIT_INODE"),
        (0x67, "AUDIT_EXIT"),
        (0x68, "AUDIT_SUCCESS"),
        (0x69, "AUDIT_WATCH"),
        (0x6b, "AUDIT_DIR"),
        (0x6c, "AUDIT_FILETYPE"),
        (0x6d, "AUDIT_OBJ_UID"),
        (0x6e, "AUDIT_OBJ_GID"),
        (0x6f, "AUDIT_FIELD_COMPARE"),
        (0x70, "AUDIT_EXE"),
        (0x71, "AUDIT_SADDR_FAM"),
        (0x7f, "AUDIT_VERSION_LATEST"),
        (0xc8, "AUDIT_ARG0"),
        (0xc9, "AUDIT_ARG1"),
        (0xca, "AUDIT_ARG2"),
        (0xcb, "AUDIT_ARG3"),
        (0x3e8, "AUDIT_GET"),
        (0x3e9, "AUDIT_SET"),
        (0x3ea, "AUDIT_LIST"),
        (0x3eb, "AUDIT_ADD"),
        (0x3ec, "AUDIT_DEL"),
        (0x3ed, "AUDIT_USER"),
        (0x3ee, "AUDIT_LOGIN"),
        (0x3ef, "AUDIT_WATCH_INS"),
        (0x3f0, "AUDIT_WATCH_REM"),
        (0x3f1, "AUDIT_WATCH_LIST"),
        (0x3f2, "AUDIT_SIGNAL_INFO"),
        (0x3f3, "AUDIT_ADD_RULE"),
        (0x3f4, "AUDIT_DEL_RULE"),
        (0x3f5, "AUDIT_LIST_RULES"),
        (0x3f6, "AUDIT_TRIM"),
        (0x3f7, "AUDIT_MAKE_EQUIV"),
        (0x3f8, "AUDIT_TTY_GET"),
        (0x3f9, "AUDIT_TTY_SET"),
        (0x3fa, "AUDIT_SET_FEATURE"),
        (0x3fb, "AUDIT_GET_FEATURE"),
        (0x453, "AUDIT_USER_AVC"),
        (0x464, "AUDIT_USER_TTY"),
        (0x4b0, "AUDIT_DAEMON_START"),
        (0x4b1, "AUDIT_DAEMON_END"),
        (0x4b2, "AUDIT_DAEMON_ABORT"),
        (0x4b3, "AUDIT_DAEMON_CONFIG"),
        (0x514, "AUDIT_SYSCALL"),
        (0x516, "AUDIT_PATH"),
        (0x517, "AUDIT_IPC"),
        (0x518, "AUDIT_SOCKETCALL"),
        (0x519, "AUDIT_CONFIG_CHANGE"),
        (0x51a, "AUDIT_SOCKADDR"),
        (0x51b, "AUDIT_CWD"),
        (0x51d, "AUDIT_EXECVE"),
        (0x51f, "AUDIT_IPC_SET_PERM"),
        (0x520, "AUDIT_MQ_OPEN"),
        (0x521, "AUDIT_MQ_SENDRECV"),
        (0x522, "AUDIT_MQ_NOTIFY"),
        (0x523, "AUDIT_MQ_GETSETATTR"),
        (0x524, "AUDIT_KERNEL_OTHER"),
        (0x525, "AUDIT_FD_PAIR"),
        (0x526, "AUDIT_OBJ_PID"),
        (0x527, "AUDIT_TTY"),
        (0x528, "AUDIT_EOE"),
        (0x529, "AUDIT_BPRM_FCAPS"),
        (0x52a, "AUDIT_CAPSET"),
        (0x52b, "AUDIT_MMAP"),
        (0x52c, "AUDIT_NETFILTER_PKT"),
        (0x52d, "AUDIT_NETFILTER_CFG"),
        (0x52e, "AUDIT_SECCOMP"),
        (0x52f, "AUDIT_PROCTITLE"),
        (0x531, "AUDIT_REPLACE"),
        (0x532, "AUDIT_KERN_MODULE"),
        (0x533, "AUDIT_FANOTIFY"),
        (0x534, "AUDIT_TIME_INJOFFSET"),
        (0x535, "AUDIT_TIME_ADJNTPVAL"),
        (0x536, "AUDIT_BPF"),
        (0x537, "AUDIT_EVENT_LISTENER"),
        (0x538, "AUDIT_URINGOP"),
        (0x539, "AUDIT_OPENAT2"),
        (0x53a, "AUDIT_DM_CTRL"),
        (0x53b, "AUDIT_DM_EVENT"),
        (0x578, "AUDIT_AVC"),
        (0x579, "AUDIT_SELINUX_ERR"),
        (0x57a, "AUDIT_AVC_PATH"),
        (0x57b, "AUDIT_MAC_POLICY_LOAD"),
        (0x57c, "AUDIT_MAC_STATUS"),
        (0x57d, "AUDIT_MAC_CONFIG_CHANGE"),
        (0x57e, "AUDIT_MAC_UNLBL_ALLOW"),
        (0x57f, "AUDIT_MAC_CIPSOV4_ADD"),
        (0x580, "AUDIT_MAC_CIPSOV4_DEL"),
        (0x581, "AUDIT_MAC_MAP_ADD"),
        (0x582, "AUDIT_MAC_MAP_DEL"),
        (0x583, "AUDIT_MAC_IPSEC_ADDSA"),
        (0x584, "AUDIT_MAC_IPSEC_DELSA"),
        (0x585, "AUDIT_MAC_IPSEC_ADDSPD"),
        (0x586, "AUDIT_MAC_IPSEC_DELSPD"),
        (0x587, "AUDIT_MAC_IPSEC_EVENT"),
        (0x588, "AUDIT_MAC_UNLBL_STCADD"),
        (0x589, "AUDIT_MAC_UNLBL_STCDEL"),
        (0x58a, "AUDIT_MAC_CALIPSO_ADD"),
        (0x58b, "AUDIT_MAC_CALIPSO_DEL"),
        (0x58c, "AUDIT_IPE_ACCESS"),
        (0x58d, "AUDIT_IPE_CONFIG_CHANGE"),
        (0x58e, "AUDIT_IPE_POLICY_LOAD"),
        (0x58f, "AUDIT_LANDLOCK_ACCESS"),
        (0x590, "AUDIT_LANDLOCK_DOMAIN"),
        (0x591, "AUDIT_MAC_TASK_CONTEXTS"),
        (0x592, "AUDIT_MAC_OBJ_CONTEXTS"),
        (0x6a4, "AUDIT_ANOM_PROMISCUOUS"),
        (0x6a5, "AUDIT_ANOM_ABEND"),
        (0x6a6, "AUDIT_ANOM_LINK"),
        (0x6a7, "AUDIT_ANOM_CREAT"),
        (0x708, "AUDIT_INTEGRITY_DATA"),
        (0x709, "AUDIT_INTEGRITY_METADATA"),
        (0x70a, "AUDIT_INTEGRITY_STATUS"),
        (0x70b, "AUDIT_INTEGRITY_HASH"),
        (0x70c, "AUDIT_INTEGRITY_PCR"),
        (0x70d, "AUDIT_INTEGRITY_RULE"),
        (0x70e, "AUDIT_INTEGRITY_EVM_XATTR"),
        (0x70f, "AUDIT_INTEGRITY_POLICY_RULE"),
        (0x710, "AUDIT_INTEGRITY_USERSPACE"),
        (0x7d0, "AUDIT_KERNEL"),
        (0x7fffc00, "AUDIT_UNUSED_BITS"),
        (0x8000000, "AUDIT_BIT_MASK"),
        (0x10000000, "AUDIT_LESS_THAN"),
        (0x20000000, "AUDIT_GREATER_THAN"),
        (0x30000000, "AUDIT_NOT_EQUAL"),
        (0x40000000, "AUDIT_EQUAL"),
        (0x48000000, "AUDIT_BIT_TEST"),
        (0x50000000, "AUDIT_LESS_THAN_OR_EQUAL"),
        (0x60000000, "AUDIT_GREATER_THAN_OR_EQUAL"),
        (0x78000000, "AUDIT_OPERATORS"),
        (0x80000000, "AUDIT_NEGATE"),
        (0xffffffff, "AUDIT_UID_UNSET"),
    ],
};

/// `CRYPTO_MSG_*`
pub(super) static NL_CRYPTO: Names = Names {
    unknown: "CRYPTO_MSG_???",
    entries: &[
        (0x10, "CRYPTO_MSG_NEWALG"),
        (0x11, "CRYPTO_MSG_DELALG"),
        (0x12, "CRYPTO_MSG_UPDATEALG"),
        (0x13, "CRYPTO_MSG_GETALG"),
        (0x14, "CRYPTO_MSG_DELRNG"),
        (0x15, "CRYPTO_MSG_GETSTAT"),
    ],
};

/// `SELNL_MSG_*`
pub(super) static NL_SELINUX: Names = Names {
    unknown: "SELNL_MSG_???",
    entries: &[
        (0x10, "SELNL_MSG_SETENFORCE"),
        (0x11, "SELNL_MSG_POLICYLOAD"),
    ],
};

/// `XFRM_MSG_*`
pub(super) static NL_XFRM: Names = Names {
    unknown: "XFRM_MSG_???",
    entries: &[
        (0x10, "XFRM_MSG_NEWSA"),
        (0x11, "XFRM_MSG_DELSA"),
        (0x12, "XFRM_MSG_GETSA"),
        (0x13, "XFRM_MSG_NEWPOLICY"),
        (0x14, "XFRM_MSG_DELPOLICY"),
        (0x15, "XFRM_MSG_GETPOLICY"),
        (0x16, "XFRM_MSG_ALLOCSPI"),
        (0x17, "XFRM_MSG_ACQUIRE"),
        (0x18, "XFRM_MSG_EXPIRE"),
        (0x19, "XFRM_MSG_UPDPOLICY"),
        (0x1a, "XFRM_MSG_UPDSA"),
        (0x1b, "XFRM_MSG_POLEXPIRE"),
        (0x1c, "XFRM_MSG_FLUSHSA"),
        (0x1d, "XFRM_MSG_FLUSHPOLICY"),
        (0x1e, "XFRM_MSG_NEWAE"),
        (0x1f, "XFRM_MSG_GETAE"),
        (0x20, "XFRM_MSG_REPORT"),
        (0x21, "XFRM_MSG_MIGRATE"),
        (0x22, "XFRM_MSG_NEWSADINFO"),
        (0x23, "XFRM_MSG_GETSADINFO"),
        (0x24, "XFRM_MSG_NEWSPDINFO"),
        (0x25, "XFRM_MSG_GETSPDINFO"),
        (0x26, "XFRM_MSG_MAPPING"),
        (0x27, "XFRM_MSG_SETDEFAULT"),
        (0x28, "XFRM_MSG_GETDEFAULT"),
    ],
};

/// `TCPDIAG_GETSOCK`, `DCCPDIAG_GETSOCK`, `SOCK_DIAG_BY_FAMILY`, `SOCK_DESTROY`
pub(super) static NL_SOCK_DIAG: Names = Names {
    unknown: "SOCK_DIAG_???",
    entries: &[
        (0x12, "TCPDIAG_GETSOCK"),
        (0x13, "DCCPDIAG_GETSOCK"),
        (0x14, "SOCK_DIAG_BY_FAMILY"),
        (0x15, "SOCK_DESTROY"),
    ],
};

/// `nlctrl`
pub(super) static NL_GENERIC: Names = Names {
    unknown: "GENERIC_FAMILY_???",
    entries: &[
        (0x10, "nlctrl"),
    ],
};

/// `NFNL_MSG_BATCH_BEGIN`, `NFNL_MSG_BATCH_END`
pub(super) static NFNL_MSG: Names = Names {
    unknown: "",
    entries: &[
        (0x10, "NFNL_MSG_BATCH_BEGIN"),
        (0x11, "NFNL_MSG_BATCH_END"),
    ],
};

/// `NFNL_SUBSYS_*`
pub(super) static NFNL_SUBSYS: Names = Names {
    unknown: "NFNL_SUBSYS_???",
    entries: &[
        (0x0, "NFNL_SUBSYS_NONE"),
        (0x1, "NFNL_SUBSYS_CTNETLINK"),
        (0x2, "NFNL_SUBSYS_CTNETLINK_EXP"),
        (0x3, "NFNL_SUBSYS_QUEUE"),
        (0x4, "NFNL_SUBSYS_ULOG"),
        (0x5, "NFNL_SUBSYS_OSF"),
        (0x6, "NFNL_SUBSYS_IPSET"),
        (0x7, "NFNL_SUBSYS_ACCT"),
        (0x8, "NFNL_SUBSYS_CTNETLINK_TIMEOUT"),
        (0x9, "NFNL_SUBSYS_CTHELPER"),
        (0xa, "NFNL_SUBSYS_NFTABLES"),
        (0xb, "NFNL_SUBSYS_NFT_COMPAT"),
        (0xc, "NFNL_SUBSYS_HOOK"),
    ],
};

/// `IPCTNL_MSG_CT_*`
pub(super) static NF_CT: Names = Names {
    unknown: "IPCTNL_MSG_CT_???",
    entries: &[
        (0x0, "IPCTNL_MSG_CT_NEW"),
        (0x1, "IPCTNL_MSG_CT_GET"),
        (0x2, "IPCTNL_MSG_CT_DELETE"),
        (0x3, "IPCTNL_MSG_CT_GET_CTRZERO"),
        (0x4, "IPCTNL_MSG_CT_GET_STATS_CPU"),
        (0x5, "IPCTNL_MSG_CT_GET_STATS"),
        (0x6, "IPCTNL_MSG_CT_GET_DYING"),
        (0x7, "IPCTNL_MSG_CT_GET_UNCONFIRMED"),
    ],
};

/// `IPCTNL_MSG_EXP_*`
pub(super) static NF_CT_EXP: Names = Names {
    unknown: "IPCTNL_MSG_EXP_???",
    entries: &[
        (0x0, "IPCTNL_MSG_EXP_NEW"),
        (0x1, "IPCTNL_MSG_EXP_GET"),
        (0x2, "IPCTNL_MSG_EXP_DELETE"),
        (0x3, "IPCTNL_MSG_EXP_GET_STATS_CPU"),
    ],
};

/// `NFQNL_MSG_*`
pub(super) static NF_QUEUE: Names = Names {
    unknown: "NFQNL_MSG_???",
    entries: &[
        (0x0, "NFQNL_MSG_PACKET"),
        (0x1, "NFQNL_MSG_VERDICT"),
        (0x2, "NFQNL_MSG_CONFIG"),
        (0x3, "NFQNL_MSG_VERDICT_BATCH"),
    ],
};

/// `NFULNL_MSG_*`
pub(super) static NF_ULOG: Names = Names {
    unknown: "NFULNL_MSG_???",
    entries: &[
        (0x0, "NFULNL_MSG_PACKET"),
        (0x1, "NFULNL_MSG_CONFIG"),
    ],
};

/// `OSF_MSG_*`
pub(super) static NF_OSF: Names = Names {
    unknown: "OSF_MSG_???",
    entries: &[
        (0x0, "OSF_MSG_ADD"),
        (0x1, "OSF_MSG_REMOVE"),
    ],
};

/// `IPSET_CMD_*`
pub(super) static NF_IPSET: Names = Names {
    unknown: "IPSET_CMD_???",
    entries: &[
        (0x0, "IPSET_CMD_NONE"),
        (0x1, "IPSET_CMD_PROTOCOL"),
        (0x2, "IPSET_CMD_CREATE"),
        (0x3, "IPSET_CMD_DESTROY"),
        (0x4, "IPSET_CMD_FLUSH"),
        (0x5, "IPSET_CMD_RENAME"),
        (0x6, "IPSET_CMD_SWAP"),
        (0x7, "IPSET_CMD_LIST"),
        (0x8, "IPSET_CMD_SAVE"),
        (0x9, "IPSET_CMD_ADD"),
        (0xa, "IPSET_CMD_DEL"),
        (0xb, "IPSET_CMD_TEST"),
        (0xc, "IPSET_CMD_HEADER"),
        (0xd, "IPSET_CMD_TYPE"),
        (0xe, "IPSET_CMD_GET_BYNAME"),
        (0xf, "IPSET_CMD_GET_BYINDEX"),
        (0x10, "IPSET_CMD_RESTORE"),
        (0x11, "IPSET_CMD_HELP"),
        (0x12, "IPSET_CMD_VERSION"),
        (0x13, "IPSET_CMD_QUIT"),
        (0x14, "IPSET_CMD_COMMIT"),
    ],
};

/// `NFNL_MSG_ACCT_*`
pub(super) static NF_ACCT: Names = Names {
    unknown: "NFNL_MSG_ACCT_???",
    entries: &[
        (0x0, "NFNL_MSG_ACCT_NEW"),
        (0x1, "NFNL_MSG_ACCT_GET"),
        (0x2, "NFNL_MSG_ACCT_GET_CTRZERO"),
        (0x3, "NFNL_MSG_ACCT_DEL"),
        (0x4, "NFNL_MSG_ACCT_OVERQUOTA"),
    ],
};

/// `IPCTNL_MSG_TIMEOUT_*`
pub(super) static NF_TIMEOUT: Names = Names {
    unknown: "IPCTNL_MSG_TIMEOUT_???",
    entries: &[
        (0x0, "IPCTNL_MSG_TIMEOUT_NEW"),
        (0x1, "IPCTNL_MSG_TIMEOUT_GET"),
        (0x2, "IPCTNL_MSG_TIMEOUT_DELETE"),
        (0x3, "IPCTNL_MSG_TIMEOUT_DEFAULT_SET"),
        (0x4, "IPCTNL_MSG_TIMEOUT_DEFAULT_GET"),
    ],
};

/// `NFNL_MSG_CTHELPER_*`
pub(super) static NF_HELPER: Names = Names {
    unknown: "NFNL_MSG_CTHELPER_???",
    entries: &[
        (0x0, "NFNL_MSG_CTHELPER_NEW"),
        (0x1, "NFNL_MSG_CTHELPER_GET"),
        (0x2, "NFNL_MSG_CTHELPER_DEL"),
    ],
};

/// `NFT_MSG_*`
pub(super) static NF_TABLES: Names = Names {
    unknown: "NFT_MSG_???",
    entries: &[
        (0x0, "NFT_MSG_NEWTABLE"),
        (0x1, "NFT_MSG_GETTABLE"),
        (0x2, "NFT_MSG_DELTABLE"),
        (0x3, "NFT_MSG_NEWCHAIN"),
        (0x4, "NFT_MSG_GETCHAIN"),
        (0x5, "NFT_MSG_DELCHAIN"),
        (0x6, "NFT_MSG_NEWRULE"),
        (0x7, "NFT_MSG_GETRULE"),
        (0x8, "NFT_MSG_DELRULE"),
        (0x9, "NFT_MSG_NEWSET"),
        (0xa, "NFT_MSG_GETSET"),
        (0xb, "NFT_MSG_DELSET"),
        (0xc, "NFT_MSG_NEWSETELEM"),
        (0xd, "NFT_MSG_GETSETELEM"),
        (0xe, "NFT_MSG_DELSETELEM"),
        (0xf, "NFT_MSG_NEWGEN"),
        (0x10, "NFT_MSG_GETGEN"),
        (0x11, "NFT_MSG_TRACE"),
        (0x12, "NFT_MSG_NEWOBJ"),
        (0x13, "NFT_MSG_GETOBJ"),
        (0x14, "NFT_MSG_DELOBJ"),
        (0x15, "NFT_MSG_GETOBJ_RESET"),
        (0x16, "NFT_MSG_NEWFLOWTABLE"),
        (0x17, "NFT_MSG_GETFLOWTABLE"),
        (0x18, "NFT_MSG_DELFLOWTABLE"),
        (0x19, "NFT_MSG_GETRULE_RESET"),
        (0x1a, "NFT_MSG_DESTROYTABLE"),
        (0x1b, "NFT_MSG_DESTROYCHAIN"),
        (0x1c, "NFT_MSG_DESTROYRULE"),
        (0x1d, "NFT_MSG_DESTROYSET"),
        (0x1e, "NFT_MSG_DESTROYSETELEM"),
        (0x1f, "NFT_MSG_DESTROYOBJ"),
        (0x20, "NFT_MSG_DESTROYFLOWTABLE"),
        (0x21, "NFT_MSG_GETSETELEM_RESET"),
    ],
};

/// `NFNL_MSG_COMPAT_*`
pub(super) static NF_COMPAT: Names = Names {
    unknown: "NFNL_MSG_COMPAT_???",
    entries: &[
        (0x0, "NFNL_MSG_COMPAT_GET"),
    ],
};

/// `NFNL_MSG_HOOK_*`
pub(super) static NF_HOOK: Names = Names {
    unknown: "NFT_MSG_HOOK_???",
    entries: &[
        (0x0, "NFNL_MSG_HOOK_GET"),
    ],
};

/// `NFNETLINK_V0`
pub(super) static NFNETLINK_VERSIONS: Names = Names {
    unknown: "NFNETLINK_???",
    entries: &[
        (0x0, "NFNETLINK_V0"),
    ],
};

/// `CTRL_CMD_*`
pub(super) static CTRL_CMDS: Names = Names {
    unknown: "CTRL_CMD_???",
    entries: &[
        (0x0, "CTRL_CMD_UNSPEC"),
        (0x1, "CTRL_CMD_NEWFAMILY"),
        (0x2, "CTRL_CMD_DELFAMILY"),
        (0x3, "CTRL_CMD_GETFAMILY"),
        (0x4, "CTRL_CMD_NEWOPS"),
        (0x5, "CTRL_CMD_DELOPS"),
        (0x6, "CTRL_CMD_GETOPS"),
        (0x7, "CTRL_CMD_NEWMCAST_GRP"),
        (0x8, "CTRL_CMD_DELMCAST_GRP"),
        (0x9, "CTRL_CMD_GETMCAST_GRP"),
        (0xa, "CTRL_CMD_GETPOLICY"),
    ],
};

/// `CTRL_ATTR_*`
pub(super) static CTRL_ATTRS: Names = Names {
    unknown: "CTRL_ATTR_???",
    entries: &[
        (0x0, "CTRL_ATTR_UNSPEC"),
        (0x1, "CTRL_ATTR_FAMILY_ID"),
        (0x2, "CTRL_ATTR_FAMILY_NAME"),
        (0x3, "CTRL_ATTR_VERSION"),
        (0x4, "CTRL_ATTR_HDRSIZE"),
        (0x5, "CTRL_ATTR_MAXATTR"),
        (0x6, "CTRL_ATTR_OPS"),
        (0x7, "CTRL_ATTR_MCAST_GROUPS"),
        (0x8, "CTRL_ATTR_POLICY"),
        (0xa, "CTRL_ATTR_OP"),
    ],
};

/// `IFLA_UNSPEC`, `IFLA_ADDRESS`, `IFLA_BROADCAST`, `IFLA_IFNAME`, `IFLA_MTU`, `IFLA_LINK`, `IFLA_QDISC`, `IFLA_STATS`, `IFLA_COST`, `IFLA_PRIORITY`, `IFLA_MASTER`, `IFLA_WIRELESS`, `IFLA_PROTINFO`, `IFLA_TXQLEN`, `IFLA_MAP`, `IFLA_WEIGHT`, `IFLA_OPERSTATE`, `IFLA_LINKMODE`, `IFLA_LINKINFO`, `IFLA_NET_NS_PID`, `IFLA_IFALIAS`, `IFLA_NUM_VF`, `IFLA_VFINFO_LIST`, `IFLA_STATS64`, `IFLA_VF_PORTS`, `IFLA_PORT_SELF`, `IFLA_AF_SPEC`, `IFLA_GROUP`, `IFLA_NET_NS_FD`, `IFLA_EXT_MASK`, `IFLA_PROMISCUITY`, `IFLA_NUM_TX_QUEUES`, `IFLA_NUM_RX_QUEUES`, `IFLA_CARRIER`, `IFLA_PHYS_PORT_ID`, `IFLA_CARRIER_CHANGES`, `IFLA_PHYS_SWITCH_ID`, `IFLA_LINK_NETNSID`, `IFLA_PHYS_PORT_NAME`, `IFLA_PROTO_DOWN`, `IFLA_GSO_MAX_SEGS`, `IFLA_GSO_MAX_SIZE`, `IFLA_PAD`, `IFLA_XDP`, `IFLA_EVENT`, `IFLA_NEW_NETNSID`, `IFLA_IF_NETNSID`, `IFLA_CARRIER_UP_COUNT`, `IFLA_CARRIER_DOWN_COUNT`, `IFLA_NEW_IFINDEX`, `IFLA_MIN_MTU`, `IFLA_MAX_MTU`, `IFLA_PROP_LIST`, `IFLA_ALT_IFNAME`, `IFLA_PERM_ADDRESS`, `IFLA_PROTO_DOWN_REASON`, `IFLA_PARENT_DEV_NAME`, `IFLA_PARENT_DEV_BUS_NAME`, `IFLA_GRO_MAX_SIZE`, `IFLA_TSO_MAX_SIZE`, `IFLA_TSO_MAX_SEGS`, `IFLA_ALLMULTI`, `IFLA_DEVLINK_PORT`, `IFLA_GSO_IPV4_MAX_SIZE`, `IFLA_GRO_IPV4_MAX_SIZE`, `IFLA_DPLL_PIN`, `IFLA_MAX_PACING_OFFLOAD_HORIZON`, `IFLA_NETNS_IMMUTABLE`, `IFLA_HEADROOM`, `IFLA_TAILROOM`
pub(super) static IFLA: Names = Names {
    unknown: "IFLA_???",
    entries: &[
        (0x0, "IFLA_UNSPEC"),
        (0x1, "IFLA_ADDRESS"),
        (0x2, "IFLA_BROADCAST"),
        (0x3, "IFLA_IFNAME"),
        (0x4, "IFLA_MTU"),
        (0x5, "IFLA_LINK"),
        (0x6, "IFLA_QDISC"),
        (0x7, "IFLA_STATS"),
        (0x8, "IFLA_COST"),
        (0x9, "IFLA_PRIORITY"),
        (0xa, "IFLA_MASTER"),
        (0xb, "IFLA_WIRELESS"),
        (0xc, "IFLA_PROTINFO"),
        (0xd, "IFLA_TXQLEN"),
        (0xe, "IFLA_MAP"),
        (0xf, "IFLA_WEIGHT"),
        (0x10, "IFLA_OPERSTATE"),
        (0x11, "IFLA_LINKMODE"),
        (0x12, "IFLA_LINKINFO"),
        (0x13, "IFLA_NET_NS_PID"),
        (0x14, "IFLA_IFALIAS"),
        (0x15, "IFLA_NUM_VF"),
        (0x16, "IFLA_VFINFO_LIST"),
        (0x17, "IFLA_STATS64"),
        (0x18, "IFLA_VF_PORTS"),
        (0x19, "IFLA_PORT_SELF"),
        (0x1a, "IFLA_AF_SPEC"),
        (0x1b, "IFLA_GROUP"),
        (0x1c, "IFLA_NET_NS_FD"),
        (0x1d, "IFLA_EXT_MASK"),
        (0x1e, "IFLA_PROMISCUITY"),
        (0x1f, "IFLA_NUM_TX_QUEUES"),
        (0x20, "IFLA_NUM_RX_QUEUES"),
        (0x21, "IFLA_CARRIER"),
        (0x22, "IFLA_PHYS_PORT_ID"),
        (0x23, "IFLA_CARRIER_CHANGES"),
        (0x24, "IFLA_PHYS_SWITCH_ID"),
        (0x25, "IFLA_LINK_NETNSID"),
        (0x26, "IFLA_PHYS_PORT_NAME"),
        (0x27, "IFLA_PROTO_DOWN"),
        (0x28, "IFLA_GSO_MAX_SEGS"),
        (0x29, "IFLA_GSO_MAX_SIZE"),
        (0x2a, "IFLA_PAD"),
        (0x2b, "IFLA_XDP"),
        (0x2c, "IFLA_EVENT"),
        (0x2d, "IFLA_NEW_NETNSID"),
        (0x2e, "IFLA_IF_NETNSID"),
        (0x2f, "IFLA_CARRIER_UP_COUNT"),
        (0x30, "IFLA_CARRIER_DOWN_COUNT"),
        (0x31, "IFLA_NEW_IFINDEX"),
        (0x32, "IFLA_MIN_MTU"),
        (0x33, "IFLA_MAX_MTU"),
        (0x34, "IFLA_PROP_LIST"),
        (0x35, "IFLA_ALT_IFNAME"),
        (0x36, "IFLA_PERM_ADDRESS"),
        (0x37, "IFLA_PROTO_DOWN_REASON"),
        (0x38, "IFLA_PARENT_DEV_NAME"),
        (0x39, "IFLA_PARENT_DEV_BUS_NAME"),
        (0x3a, "IFLA_GRO_MAX_SIZE"),
        (0x3b, "IFLA_TSO_MAX_SIZE"),
        (0x3c, "IFLA_TSO_MAX_SEGS"),
        (0x3d, "IFLA_ALLMULTI"),
        (0x3e, "IFLA_DEVLINK_PORT"),
        (0x3f, "IFLA_GSO_IPV4_MAX_SIZE"),
        (0x40, "IFLA_GRO_IPV4_MAX_SIZE"),
        (0x42, "IFLA_MAX_PACING_OFFLOAD_HORIZON"),
        (0x43, "IFLA_NETNS_IMMUTABLE"),
        (0x44, "IFLA_HEADROOM"),
        (0x45, "IFLA_TAILROOM"),
    ],
};

/// `IFA_*`
pub(super) static IFA: Names = Names {
    unknown: "IFA_???",
    entries: &[
        (0x0, "IFA_UNSPEC"),
        (0x1, "IFA_ADDRESS"),
        (0x2, "IFA_LOCAL"),
        (0x3, "IFA_LABEL"),
        (0x4, "IFA_BROADCAST"),
        (0x5, "IFA_ANYCAST"),
        (0x6, "IFA_CACHEINFO"),
        (0x7, "IFA_MULTICAST"),
        (0x8, "IFA_FLAGS"),
        (0x9, "IFA_RT_PRIORITY"),
        (0xa, "IFA_TARGET_NETNSID"),
        (0xb, "IFA_PROTO"),
    ],
};

/// `RTA_*`
pub(super) static RTA: Names = Names {
    unknown: "RTA_???",
    entries: &[
        (0x0, "RTA_UNSPEC"),
        (0x1, "RTA_DST"),
        (0x2, "RTA_SRC"),
        (0x3, "RTA_IIF"),
        (0x4, "RTA_OIF"),
        (0x5, "RTA_GATEWAY"),
        (0x6, "RTA_PRIORITY"),
        (0x7, "RTA_PREFSRC"),
        (0x8, "RTA_METRICS"),
        (0x9, "RTA_MULTIPATH"),
        (0xa, "RTA_PROTOINFO"),
        (0xb, "RTA_FLOW"),
        (0xc, "RTA_CACHEINFO"),
        (0xd, "RTA_SESSION"),
        (0xe, "RTA_MP_ALGO"),
        (0xf, "RTA_TABLE"),
        (0x10, "RTA_MARK"),
        (0x11, "RTA_MFC_STATS"),
        (0x12, "RTA_VIA"),
        (0x13, "RTA_NEWDST"),
        (0x14, "RTA_PREF"),
        (0x15, "RTA_ENCAP_TYPE"),
        (0x16, "RTA_ENCAP"),
        (0x17, "RTA_EXPIRES"),
        (0x18, "RTA_PAD"),
        (0x19, "RTA_UID"),
        (0x1a, "RTA_TTL_PROPAGATE"),
        (0x1b, "RTA_IP_PROTO"),
        (0x1c, "RTA_SPORT"),
        (0x1d, "RTA_DPORT"),
        (0x1e, "RTA_NH_ID"),
        (0x1f, "RTA_FLOWLABEL"),
    ],
};

/// `RTAX_*`
pub(super) static RTAX: Names = Names {
    unknown: "RTAX_???",
    entries: &[
        (0x0, "RTAX_UNSPEC"),
        (0x1, "RTAX_LOCK"),
        (0x2, "RTAX_MTU"),
        (0x3, "RTAX_WINDOW"),
        (0x4, "RTAX_RTT"),
        (0x5, "RTAX_RTTVAR"),
        (0x6, "RTAX_SSTHRESH"),
        (0x7, "RTAX_CWND"),
        (0x8, "RTAX_ADVMSS"),
        (0x9, "RTAX_REORDERING"),
        (0xa, "RTAX_HOPLIMIT"),
        (0xb, "RTAX_INITCWND"),
        (0xc, "RTAX_FEATURES"),
        (0xd, "RTAX_RTO_MIN"),
        (0xe, "RTAX_INITRWND"),
        (0xf, "RTAX_QUICKACK"),
        (0x10, "RTAX_CC_ALGO"),
        (0x11, "RTAX_FASTOPEN_NO_COOKIE"),
    ],
};

/// `NDA_*`
pub(super) static NDA: Names = Names {
    unknown: "NDA_???",
    entries: &[
        (0x0, "NDA_UNSPEC"),
        (0x1, "NDA_DST"),
        (0x2, "NDA_LLADDR"),
        (0x3, "NDA_CACHEINFO"),
        (0x4, "NDA_PROBES"),
        (0x5, "NDA_VLAN"),
        (0x6, "NDA_PORT"),
        (0x7, "NDA_VNI"),
        (0x8, "NDA_IFINDEX"),
        (0x9, "NDA_MASTER"),
        (0xa, "NDA_LINK_NETNSID"),
        (0xb, "NDA_SRC_VNI"),
        (0xc, "NDA_PROTOCOL"),
        (0xd, "NDA_NH_ID"),
        (0xe, "NDA_FDB_EXT_ATTRS"),
        (0xf, "NDA_FLAGS_EXT"),
        (0x10, "NDA_NDM_STATE_MASK"),
        (0x11, "NDA_NDM_FLAGS_MASK"),
    ],
};

/// `FRA_*`
pub(super) static FRA: Names = Names {
    unknown: "FRA_???",
    entries: &[
        (0x0, "FRA_UNSPEC"),
        (0x1, "FRA_DST"),
        (0x2, "FRA_SRC"),
        (0x3, "FRA_IIFNAME"),
        (0x4, "FRA_GOTO"),
        (0x5, "FRA_UNUSED2"),
        (0x6, "FRA_PRIORITY"),
        (0x7, "FRA_UNUSED3"),
        (0x8, "FRA_UNUSED4"),
        (0x9, "FRA_UNUSED5"),
        (0xa, "FRA_FWMARK"),
        (0xb, "FRA_FLOW"),
        (0xc, "FRA_TUN_ID"),
        (0xd, "FRA_SUPPRESS_IFGROUP"),
        (0xe, "FRA_SUPPRESS_PREFIXLEN"),
        (0xf, "FRA_TABLE"),
        (0x10, "FRA_FWMASK"),
        (0x11, "FRA_OIFNAME"),
        (0x12, "FRA_PAD"),
        (0x13, "FRA_L3MDEV"),
        (0x14, "FRA_UID_RANGE"),
        (0x15, "FRA_PROTOCOL"),
        (0x16, "FRA_IP_PROTO"),
        (0x17, "FRA_SPORT_RANGE"),
        (0x18, "FRA_DPORT_RANGE"),
        (0x19, "FRA_DSCP"),
        (0x1a, "FRA_FLOWLABEL"),
        (0x1b, "FRA_FLOWLABEL_MASK"),
        (0x1c, "FRA_SPORT_MASK"),
        (0x1d, "FRA_DPORT_MASK"),
        (0x1e, "FRA_DSCP_MASK"),
    ],
};

/// `TCA_UNSPEC`, `TCA_KIND`, `TCA_OPTIONS`, `TCA_STATS`, `TCA_XSTATS`, `TCA_RATE`, `TCA_FCNT`, `TCA_STATS2`, `TCA_STAB`, `TCA_PAD`, `TCA_DUMP_INVISIBLE`, `TCA_CHAIN`, `TCA_HW_OFFLOAD`, `TCA_INGRESS_BLOCK`, `TCA_EGRESS_BLOCK`, `TCA_DUMP_FLAGS`, `TCA_EXT_WARN_MSG`
pub(super) static TCA: Names = Names {
    unknown: "TCA_???",
    entries: &[
        (0x0, "TCA_UNSPEC"),
        (0x1, "TCA_KIND"),
        (0x2, "TCA_OPTIONS"),
        (0x3, "TCA_STATS"),
        (0x4, "TCA_XSTATS"),
        (0x5, "TCA_RATE"),
        (0x6, "TCA_FCNT"),
        (0x7, "TCA_STATS2"),
        (0x8, "TCA_STAB"),
        (0x9, "TCA_PAD"),
        (0xa, "TCA_DUMP_INVISIBLE"),
        (0xb, "TCA_CHAIN"),
        (0xc, "TCA_HW_OFFLOAD"),
        (0xd, "TCA_INGRESS_BLOCK"),
        (0xe, "TCA_EGRESS_BLOCK"),
        (0xf, "TCA_DUMP_FLAGS"),
        (0x10, "TCA_EXT_WARN_MSG"),
    ],
};

/// `NDTA_*`
pub(super) static NDTA: Names = Names {
    unknown: "NDTA_???",
    entries: &[
        (0x0, "NDTA_UNSPEC"),
        (0x1, "NDTA_NAME"),
        (0x2, "NDTA_THRESH1"),
        (0x3, "NDTA_THRESH2"),
        (0x4, "NDTA_THRESH3"),
        (0x5, "NDTA_CONFIG"),
        (0x6, "NDTA_PARMS"),
        (0x7, "NDTA_STATS"),
        (0x8, "NDTA_GC_INTERVAL"),
        (0x9, "NDTA_PAD"),
    ],
};

/// `IFAL_*`
pub(super) static IFAL: Names = Names {
    unknown: "IFAL_???",
    entries: &[
        (0x1, "IFAL_ADDRESS"),
        (0x2, "IFAL_LABEL"),
    ],
};

/// `NETCONFA_*`
pub(super) static NETCONFA: Names = Names {
    unknown: "NETCONFA_???",
    entries: &[
        (0x0, "NETCONFA_UNSPEC"),
        (0x1, "NETCONFA_IFINDEX"),
        (0x2, "NETCONFA_FORWARDING"),
        (0x3, "NETCONFA_RP_FILTER"),
        (0x4, "NETCONFA_MC_FORWARDING"),
        (0x5, "NETCONFA_PROXY_NEIGH"),
        (0x6, "NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN"),
        (0x7, "NETCONFA_INPUT"),
        (0x8, "NETCONFA_BC_FORWARDING"),
        (0x9, "NETCONFA_FORCE_FORWARDING"),
    ],
};

/// `MDBA_UNSPEC`, `MDBA_MDB`, `MDBA_ROUTER`
pub(super) static MDBA: Names = Names {
    unknown: "MDBA_???",
    entries: &[
        (0x0, "MDBA_UNSPEC"),
        (0x1, "MDBA_MDB"),
        (0x2, "MDBA_ROUTER"),
    ],
};

/// `MDBA_MDB_UNSPEC`, `MDBA_MDB_ENTRY`
pub(super) static MDBA_MDB: Names = Names {
    unknown: "MDBA_MDB_???",
    entries: &[
        (0x0, "MDBA_MDB_UNSPEC"),
        (0x1, "MDBA_MDB_ENTRY"),
    ],
};

/// `MDBA_ROUTER_UNSPEC`, `MDBA_ROUTER_PORT`
pub(super) static MDBA_ROUTER: Names = Names {
    unknown: "MDBA_ROUTER_???",
    entries: &[
        (0x0, "MDBA_ROUTER_UNSPEC"),
        (0x1, "MDBA_ROUTER_PORT"),
    ],
};

/// `NETNSA_*`
pub(super) static NETNSA: Names = Names {
    unknown: "NETNSA_???",
    entries: &[
        (0x0, "NETNSA_NONE"),
        (0x1, "NETNSA_NSID"),
        (0x2, "NETNSA_PID"),
        (0x3, "NETNSA_FD"),
        (0x4, "NETNSA_TARGET_NSID"),
        (0x5, "NETNSA_CURRENT_NSID"),
    ],
};

/// `IFLA_STATS_*`
pub(super) static IFLA_STATS: Names = Names {
    unknown: "IFLA_STATS_???",
    entries: &[
        (0x0, "IFLA_STATS_UNSPEC"),
        (0x1, "IFLA_STATS_LINK_64"),
        (0x2, "IFLA_STATS_LINK_XSTATS"),
        (0x3, "IFLA_STATS_LINK_XSTATS_SLAVE"),
        (0x4, "IFLA_STATS_LINK_OFFLOAD_XSTATS"),
        (0x5, "IFLA_STATS_AF_SPEC"),
    ],
};

/// `NHA_*`
pub(super) static NHA: Names = Names {
    unknown: "NHA_???",
    entries: &[
        (0x0, "NHA_UNSPEC"),
        (0x1, "NHA_ID"),
        (0x2, "NHA_GROUP"),
        (0x4, "NHA_BLACKHOLE"),
        (0x5, "NHA_OIF"),
        (0x6, "NHA_GATEWAY"),
        (0x7, "NHA_ENCAP_TYPE"),
        (0x8, "NHA_ENCAP"),
        (0x9, "NHA_GROUPS"),
        (0xa, "NHA_MASTER"),
        (0xb, "NHA_FDB"),
        (0xe, "NHA_OP_FLAGS"),
    ],
};

/// `IFLA_XDP_*`
pub(super) static IFLA_XDP: Names = Names {
    unknown: "IFLA_XDP_???",
    entries: &[
        (0x0, "IFLA_XDP_UNSPEC"),
        (0x1, "IFLA_XDP_FD"),
        (0x2, "IFLA_XDP_ATTACHED"),
        (0x3, "IFLA_XDP_FLAGS"),
        (0x4, "IFLA_XDP_PROG_ID"),
        (0x5, "IFLA_XDP_DRV_PROG_ID"),
        (0x6, "IFLA_XDP_SKB_PROG_ID"),
        (0x7, "IFLA_XDP_HW_PROG_ID"),
        (0x8, "IFLA_XDP_EXPECTED_FD"),
    ],
};

/// `IFLA_INFO_*`
pub(super) static IFLA_INFO: Names = Names {
    unknown: "IFLA_INFO_???",
    entries: &[
        (0x0, "IFLA_INFO_UNSPEC"),
        (0x1, "IFLA_INFO_KIND"),
        (0x2, "IFLA_INFO_DATA"),
        (0x3, "IFLA_INFO_XSTATS"),
        (0x4, "IFLA_INFO_SLAVE_KIND"),
        (0x5, "IFLA_INFO_SLAVE_DATA"),
    ],
};

/// `RT_SCOPE_*`
pub(super) static RT_SCOPE: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "RT_SCOPE_UNIVERSE"),
        (0xc8, "RT_SCOPE_SITE"),
        (0xfd, "RT_SCOPE_LINK"),
        (0xfe, "RT_SCOPE_HOST"),
        (0xff, "RT_SCOPE_NOWHERE"),
    ],
};

/// `RT_TABLE_*`
pub(super) static RT_TABLE: Names = Names {
    unknown: "",
    entries: &[
        (0x0, "RT_TABLE_UNSPEC"),
        (0xfc, "RT_TABLE_COMPAT"),
        (0xfd, "RT_TABLE_DEFAULT"),
        (0xfe, "RT_TABLE_MAIN"),
        (0xff, "RT_TABLE_LOCAL"),
    ],
};

/// `RTPROT_*`
pub(super) static RTPROT: Names = Names {
    unknown: "RTPROT_???",
    entries: &[
        (0x0, "RTPROT_UNSPEC"),
        (0x1, "RTPROT_REDIRECT"),
        (0x2, "RTPROT_KERNEL"),
        (0x3, "RTPROT_BOOT"),
        (0x4, "RTPROT_STATIC"),
        (0x8, "RTPROT_GATED"),
        (0x9, "RTPROT_RA"),
        (0xa, "RTPROT_MRT"),
        (0xb, "RTPROT_ZEBRA"),
        (0xc, "RTPROT_BIRD"),
        (0xd, "RTPROT_DNROUTED"),
        (0xe, "RTPROT_XORP"),
        (0xf, "RTPROT_NTK"),
        (0x10, "RTPROT_DHCP"),
        (0x11, "RTPROT_MROUTED"),
        (0x12, "RTPROT_KEEPALIVED"),
        (0x2a, "RTPROT_BABEL"),
        (0x54, "RTPROT_OVN"),
        (0x63, "RTPROT_OPENR"),
        (0xba, "RTPROT_BGP"),
        (0xbb, "RTPROT_ISIS"),
        (0xbc, "RTPROT_OSPF"),
        (0xbd, "RTPROT_RIP"),
        (0xc0, "RTPROT_EIGRP"),
    ],
};

/// `RTN_*`
pub(super) static RTN: Names = Names {
    unknown: "RTN_???",
    entries: &[
        (0x0, "RTN_UNSPEC"),
        (0x1, "RTN_UNICAST"),
        (0x2, "RTN_LOCAL"),
        (0x3, "RTN_BROADCAST"),
        (0x4, "RTN_ANYCAST"),
        (0x5, "RTN_MULTICAST"),
        (0x6, "RTN_BLACKHOLE"),
        (0x7, "RTN_UNREACHABLE"),
        (0x8, "RTN_PROHIBIT"),
        (0x9, "RTN_THROW"),
        (0xa, "RTN_NAT"),
        (0xb, "RTN_XRESOLVE"),
    ],
};

/// `FR_ACT_*`
pub(super) static FR_ACT: Names = Names {
    unknown: "FR_ACT_???",
    entries: &[
        (0x0, "FR_ACT_UNSPEC"),
        (0x1, "FR_ACT_TO_TBL"),
        (0x2, "FR_ACT_GOTO"),
        (0x3, "FR_ACT_NOP"),
        (0x4, "FR_ACT_RES3"),
        (0x5, "FR_ACT_RES4"),
        (0x6, "FR_ACT_BLACKHOLE"),
        (0x7, "FR_ACT_UNREACHABLE"),
        (0x8, "FR_ACT_PROHIBIT"),
    ],
};

/// `XDP_ATTACHED_*`
pub(super) static XDP_ATTACHED: Names = Names {
    unknown: "XDP_ATTACHED_???",
    entries: &[
        (0x0, "XDP_ATTACHED_NONE"),
        (0x1, "XDP_ATTACHED_DRV"),
        (0x2, "XDP_ATTACHED_SKB"),
        (0x3, "XDP_ATTACHED_HW"),
        (0x4, "XDP_ATTACHED_MULTI"),
    ],
};

/// `IFA_F_*`
pub(super) static IFA_F: Names = Names {
    unknown: "IFA_F_???",
    entries: &[
        (0x1, "IFA_F_SECONDARY"),
        (0x2, "IFA_F_NODAD"),
        (0x4, "IFA_F_OPTIMISTIC"),
        (0x8, "IFA_F_DADFAILED"),
        (0x10, "IFA_F_HOMEADDRESS"),
        (0x20, "IFA_F_DEPRECATED"),
        (0x40, "IFA_F_TENTATIVE"),
        (0x80, "IFA_F_PERMANENT"),
        (0x100, "IFA_F_MANAGETEMPADDR"),
        (0x200, "IFA_F_NOPREFIXROUTE"),
        (0x400, "IFA_F_MCAUTOJOIN"),
        (0x800, "IFA_F_STABLE_PRIVACY"),
    ],
};

/// `RTM_F_*`
pub(super) static RTM_F: Names = Names {
    unknown: "RTM_F_???",
    entries: &[
        (0x100, "RTM_F_NOTIFY"),
        (0x200, "RTM_F_CLONED"),
        (0x400, "RTM_F_EQUALIZE"),
        (0x800, "RTM_F_PREFIX"),
        (0x1000, "RTM_F_LOOKUP_TABLE"),
        (0x2000, "RTM_F_FIB_MATCH"),
        (0x4000, "RTM_F_OFFLOAD"),
        (0x8000, "RTM_F_TRAP"),
        (0x20000000, "RTM_F_OFFLOAD_FAILED"),
    ],
};

/// `NUD_*`
pub(super) static NUD: Names = Names {
    unknown: "NUD_???",
    entries: &[
        (0x0, "NUD_NONE"),
        (0x1, "NUD_INCOMPLETE"),
        (0x2, "NUD_REACHABLE"),
        (0x4, "NUD_STALE"),
        (0x8, "NUD_DELAY"),
        (0x10, "NUD_PROBE"),
        (0x20, "NUD_FAILED"),
        (0x40, "NUD_NOARP"),
        (0x80, "NUD_PERMANENT"),
    ],
};

/// `NTF_*`
pub(super) static NTF: Names = Names {
    unknown: "NTF_???",
    entries: &[
        (0x1, "NTF_USE"),
        (0x2, "NTF_SELF"),
        (0x4, "NTF_MASTER"),
        (0x8, "NTF_PROXY"),
        (0x10, "NTF_EXT_LEARNED"),
        (0x20, "NTF_OFFLOADED"),
        (0x40, "NTF_STICKY"),
        (0x80, "NTF_ROUTER"),
    ],
};

/// `RTNH_F_*`
pub(super) static RTNH_F: Names = Names {
    unknown: "RTNH_F_???",
    entries: &[
        (0x1, "RTNH_F_DEAD"),
        (0x2, "RTNH_F_PERVASIVE"),
        (0x4, "RTNH_F_ONLINK"),
        (0x8, "RTNH_F_OFFLOAD"),
        (0x10, "RTNH_F_LINKDOWN"),
        (0x20, "RTNH_F_UNRESOLVED"),
        (0x40, "RTNH_F_TRAP"),
    ],
};

/// `FIB_RULE_*`
pub(super) static FIB_RULES: Names = Names {
    unknown: "FIB_RULE_???",
    entries: &[
        (0x1, "FIB_RULE_PERMANENT"),
        (0x2, "FIB_RULE_INVERT"),
        (0x4, "FIB_RULE_UNRESOLVED"),
        (0x8, "FIB_RULE_IIF_DETACHED"),
        (0x10, "FIB_RULE_OIF_DETACHED"),
        (0x10000, "FIB_RULE_FIND_SADDR"),
    ],
};

/// `XDP_FLAGS_*`
pub(super) static XDP_FLAGS: Names = Names {
    unknown: "XDP_FLAGS_???",
    entries: &[
        (0x1, "XDP_FLAGS_UPDATE_IF_NOEXIST"),
        (0x2, "XDP_FLAGS_SKB_MODE"),
        (0x4, "XDP_FLAGS_DRV_MODE"),
        (0x8, "XDP_FLAGS_HW_MODE"),
        (0x10, "XDP_FLAGS_REPLACE"),
    ],
};

/// `IPTOS_LOWDELAY`, `IPTOS_THROUGHPUT`, `IPTOS_RELIABILITY`, `IPTOS_MINCOST`
pub(super) static IPTOS: Names = Names {
    unknown: "IPTOS_???",
    entries: &[
        (0x2, "IPTOS_MINCOST"),
        (0x4, "IPTOS_RELIABILITY"),
        (0x8, "IPTOS_THROUGHPUT"),
        (0x10, "IPTOS_LOWDELAY"),
    ],
};

/// `ETH_P_*`
pub(super) static ETH_P: Names = Names {
    unknown: "ETH_P_???",
    entries: &[
        (0x1, "ETH_P_802_3"),
        (0x2, "ETH_P_AX25"),
        (0x3, "ETH_P_ALL"),
        (0x4, "ETH_P_802_2"),
        (0x5, "ETH_P_SNAP"),
        (0x6, "ETH_P_DDCMP"),
        (0x7, "ETH_P_WAN_PPP"),
        (0x8, "ETH_P_PPP_MP"),
        (0x9, "ETH_P_LOCALTALK"),
        (0xc, "ETH_P_CAN"),
        (0xd, "ETH_P_CANFD"),
        (0xe, "ETH_P_CANXL"),
        (0x10, "ETH_P_PPPTALK"),
        (0x11, "ETH_P_TR_802_2"),
        (0x15, "ETH_P_MOBITEX"),
        (0x16, "ETH_P_CONTROL"),
        (0x17, "ETH_P_IRDA"),
        (0x18, "ETH_P_ECONET"),
        (0x19, "ETH_P_HDLC"),
        (0x1a, "ETH_P_ARCNET"),
        (0x1b, "ETH_P_DSA"),
        (0x1c, "ETH_P_TRAILER"),
        (0x60, "ETH_P_LOOP"),
        (0xf5, "ETH_P_PHONET"),
        (0xf6, "ETH_P_IEEE802154"),
        (0xf7, "ETH_P_CAIF"),
        (0xf8, "ETH_P_XDSA"),
        (0xf9, "ETH_P_MAP"),
        (0xfa, "ETH_P_MCTP"),
        (0x200, "ETH_P_PUP"),
        (0x201, "ETH_P_PUPAT"),
        (0x800, "ETH_P_IP"),
        (0x805, "ETH_P_X25"),
        (0x806, "ETH_P_ARP"),
        (0x8ff, "ETH_P_BPQ"),
        (0xa00, "ETH_P_IEEEPUP"),
        (0xa01, "ETH_P_IEEEPUPAT"),
        (0x22eb, "ETH_P_ERSPAN2"),
        (0x22f0, "ETH_P_TSN"),
        (0x4305, "ETH_P_BATMAN"),
        (0x6000, "ETH_P_DEC"),
        (0x6001, "ETH_P_DNA_DL"),
        (0x6002, "ETH_P_DNA_RC"),
        (0x6003, "ETH_P_DNA_RT"),
        (0x6004, "ETH_P_LAT"),
        (0x6005, "ETH_P_DIAG"),
        (0x6006, "ETH_P_CUST"),
        (0x6007, "ETH_P_SCA"),
        (0x6558, "ETH_P_TEB"),
        (0x8035, "ETH_P_RARP"),
        (0x809b, "ETH_P_ATALK"),
        (0x80f3, "ETH_P_AARP"),
        (0x8100, "ETH_P_8021Q"),
        (0x8137, "ETH_P_IPX"),
        (0x86dd, "ETH_P_IPV6"),
        (0x8808, "ETH_P_PAUSE"),
        (0x8809, "ETH_P_SLOW"),
        (0x883e, "ETH_P_WCCP"),
        (0x8847, "ETH_P_MPLS_UC"),
        (0x8848, "ETH_P_MPLS_MC"),
        (0x884c, "ETH_P_ATMMPOA"),
        (0x8863, "ETH_P_PPP_DISC"),
        (0x8864, "ETH_P_PPP_SES"),
        (0x886c, "ETH_P_LINK_CTL"),
        (0x8884, "ETH_P_ATMFATE"),
        (0x888e, "ETH_P_PAE"),
        (0x8892, "ETH_P_PROFINET"),
        (0x8899, "ETH_P_REALTEK"),
        (0x88a2, "ETH_P_AOE"),
        (0x88a4, "ETH_P_ETHERCAT"),
        (0x88a8, "ETH_P_8021AD"),
        (0x88b5, "ETH_P_802_EX1"),
        (0x88be, "ETH_P_ERSPAN"),
        (0x88c7, "ETH_P_PREAUTH"),
        (0x88ca, "ETH_P_TIPC"),
        (0x88cc, "ETH_P_LLDP"),
        (0x88e3, "ETH_P_MRP"),
        (0x88e5, "ETH_P_MACSEC"),
        (0x88e7, "ETH_P_8021AH"),
        (0x88f5, "ETH_P_MVRP"),
        (0x88f7, "ETH_P_1588"),
        (0x88f8, "ETH_P_NCSI"),
        (0x88fb, "ETH_P_PRP"),
        (0x8902, "ETH_P_CFM"),
        (0x8906, "ETH_P_FCOE"),
        (0x890d, "ETH_P_TDLS"),
        (0x8914, "ETH_P_FIP"),
        (0x8915, "ETH_P_IBOE"),
        (0x8917, "ETH_P_80221"),
        (0x892f, "ETH_P_HSR"),
        (0x894f, "ETH_P_NSH"),
        (0x9000, "ETH_P_LOOPBACK"),
        (0x9100, "ETH_P_QINQ1"),
        (0x9200, "ETH_P_QINQ2"),
        (0x9300, "ETH_P_QINQ3"),
        (0xdada, "ETH_P_EDSA"),
        (0xdadb, "ETH_P_DSA_8021Q"),
        (0xe001, "ETH_P_DSA_A5PSW"),
        (0xed3e, "ETH_P_IFE"),
        (0xfbfb, "ETH_P_AF_IUCV"),
    ],
};

/// `PACKET_HOST`, `PACKET_BROADCAST`, `PACKET_MULTICAST`, `PACKET_OTHERHOST`, `PACKET_OUTGOING`, `PACKET_LOOPBACK`, `PACKET_USER`, `PACKET_KERNEL`, `PACKET_FASTROUTE`
pub(super) static PACKET_TYPES: Names = Names {
    unknown: "PACKET_???",
    entries: &[
        (0x0, "PACKET_HOST"),
        (0x1, "PACKET_BROADCAST"),
        (0x2, "PACKET_MULTICAST"),
        (0x3, "PACKET_OTHERHOST"),
        (0x4, "PACKET_OUTGOING"),
        (0x5, "PACKET_LOOPBACK"),
        (0x6, "PACKET_USER"),
        (0x7, "PACKET_KERNEL"),
    ],
};

/// `VMADDR_CID_*`
pub(super) static VMADDR_CID: Names = Names {
    unknown: "VMADDR_CID_???",
    entries: &[
        (0x0, "VMADDR_CID_HYPERVISOR"),
        (0x1, "VMADDR_CID_LOCAL"),
        (0x2, "VMADDR_CID_HOST"),
        (0xffffffffffffffff, "VMADDR_CID_ANY"),
    ],
};

/// `VMADDR_PORT_*`
pub(super) static VMADDR_PORT: Names = Names {
    unknown: "VMADDR_PORT_???",
    entries: &[
        (0xffffffffffffffff, "VMADDR_PORT_ANY"),
    ],
};

/// `VMADDR_FLAG_*`
pub(super) static VMADDR_FLAG: Names = Names {
    unknown: "VMADDR_FLAG_???",
    entries: &[
        (0x1, "VMADDR_FLAG_TO_HOST"),
    ],
};

/// `XDP_SHARED_UMEM`, `XDP_COPY`, `XDP_ZEROCOPY`, `XDP_USE_NEED_WAKEUP`, `XDP_USE_SG`
pub(super) static XDP_BIND: Names = Names {
    unknown: "XDP_???",
    entries: &[
        (0x1, "XDP_SHARED_UMEM"),
        (0x2, "XDP_COPY"),
        (0x4, "XDP_ZEROCOPY"),
        (0x8, "XDP_USE_NEED_WAKEUP"),
        (0x10, "XDP_USE_SG"),
    ],
};

/// `PER_*`
pub(super) static PER: Names = Names {
    unknown: "PER_???",
    entries: &[
        (0x0, "PER_LINUX"),
        (0x6, "PER_BSD"),
        (0x8, "PER_LINUX32"),
        (0xc, "PER_RISCOS"),
        (0xf, "PER_OSF4"),
        (0x10, "PER_HPUX"),
        (0x80000, "PER_LINUX_FDPIC"),
        (0x740000, "PER_CLEAR_ON_SETID"),
        (0x800000, "PER_LINUX_32BIT"),
        (0x4000005, "PER_ISCR4"),
        (0x4000006, "PER_SUNOS"),
        (0x4000009, "PER_IRIX32"),
        (0x400000a, "PER_IRIXN32"),
        (0x400000b, "PER_IRIX64"),
        (0x400000d, "PER_SOLARIS"),
        (0x4100001, "PER_SVR4"),
        (0x410000e, "PER_UW7"),
        (0x5000002, "PER_SVR3"),
        (0x5000004, "PER_WYSEV386"),
        (0x5000007, "PER_XENIX"),
        (0x6000003, "PER_OSR5"),
        (0x7000003, "PER_SCOSVR3"),
        (0x8000008, "PER_LINUX32_3GB"),
    ],
};

/// `STATMOUNT_BY_FD`
pub(super) static STATMOUNT_FLAGS: Names = Names {
    unknown: "STATMOUNT_???",
    entries: &[
        (0x1, "STATMOUNT_BY_FD"),
    ],
};

/// `LINUX_REBOOT_MAGIC1`
pub(super) static REBOOT_MAGIC1: Names = Names {
    unknown: "LINUX_REBOOT_MAGIC1???",
    entries: &[
        (0xfee1dead, "LINUX_REBOOT_MAGIC1"),
    ],
};

/// `LINUX_REBOOT_MAGIC2*`
pub(super) static REBOOT_MAGIC2: Names = Names {
    unknown: "LINUX_REBOOT_MAGIC2???",
    entries: &[
        (0x5121996, "LINUX_REBOOT_MAGIC2A"),
        (0x16041998, "LINUX_REBOOT_MAGIC2B"),
        (0x20112000, "LINUX_REBOOT_MAGIC2C"),
        (0x28121969, "LINUX_REBOOT_MAGIC2"),
    ],
};

/// `MPOL_F_STATIC_NODES`, `MPOL_F_RELATIVE_NODES`, `MPOL_F_NUMA_BALANCING`
pub(super) static MPOL_F: Names = Names {
    unknown: "MPOL_F_???",
    entries: &[
        (0x8000, "MPOL_F_STATIC_NODES"),
        (0x4000, "MPOL_F_RELATIVE_NODES"),
        (0x2000, "MPOL_F_NUMA_BALANCING"),
    ],
};

/// `SCHED_GETATTR_FLAG_*`
pub(super) static SCHED_GETATTR: Names = Names {
    unknown: "SCHED_GETATTR_FLAG_???",
    entries: &[
        (0x1, "SCHED_GETATTR_FLAG_DL_DYNAMIC"),
    ],
};

/// `KEY_SPEC_*`
pub(super) static KEY_SPEC: Names = Names {
    unknown: "",
    entries: &[
        (0xfffffffffffffff8, "KEY_SPEC_REQUESTOR_KEYRING"),
        (0xfffffffffffffff9, "KEY_SPEC_REQKEY_AUTH_KEY"),
        (0xfffffffffffffffa, "KEY_SPEC_GROUP_KEYRING"),
        (0xfffffffffffffffb, "KEY_SPEC_USER_SESSION_KEYRING"),
        (0xfffffffffffffffc, "KEY_SPEC_USER_KEYRING"),
        (0xfffffffffffffffd, "KEY_SPEC_SESSION_KEYRING"),
        (0xfffffffffffffffe, "KEY_SPEC_PROCESS_KEYRING"),
        (0xffffffffffffffff, "KEY_SPEC_THREAD_KEYRING"),
    ],
};

/// `KEYCTL_*`
pub(super) static KEYCTL: Names = Names {
    unknown: "KEYCTL_???",
    entries: &[
        (0x0, "KEYCTL_GET_KEYRING_ID"),
        (0x1, "KEYCTL_JOIN_SESSION_KEYRING"),
        (0x2, "KEYCTL_UPDATE"),
        (0x3, "KEYCTL_REVOKE"),
        (0x4, "KEYCTL_CHOWN"),
        (0x5, "KEYCTL_SETPERM"),
        (0x6, "KEYCTL_DESCRIBE"),
        (0x7, "KEYCTL_CLEAR"),
        (0x8, "KEYCTL_LINK"),
        (0x9, "KEYCTL_UNLINK"),
        (0xa, "KEYCTL_SEARCH"),
        (0xb, "KEYCTL_READ"),
        (0xc, "KEYCTL_INSTANTIATE"),
        (0xd, "KEYCTL_NEGATE"),
        (0xe, "KEYCTL_SET_REQKEY_KEYRING"),
        (0xf, "KEYCTL_SET_TIMEOUT"),
        (0x10, "KEYCTL_ASSUME_AUTHORITY"),
        (0x11, "KEYCTL_GET_SECURITY"),
        (0x12, "KEYCTL_SESSION_TO_PARENT"),
        (0x13, "KEYCTL_REJECT"),
        (0x14, "KEYCTL_INSTANTIATE_IOV"),
        (0x15, "KEYCTL_INVALIDATE"),
        (0x16, "KEYCTL_GET_PERSISTENT"),
        (0x17, "KEYCTL_DH_COMPUTE"),
        (0x18, "KEYCTL_PKEY_QUERY"),
        (0x19, "KEYCTL_PKEY_ENCRYPT"),
        (0x1a, "KEYCTL_PKEY_DECRYPT"),
        (0x1b, "KEYCTL_PKEY_SIGN"),
        (0x1c, "KEYCTL_PKEY_VERIFY"),
        (0x1d, "KEYCTL_RESTRICT_KEYRING"),
        (0x1e, "KEYCTL_MOVE"),
        (0x1f, "KEYCTL_CAPABILITIES"),
        (0x20, "KEYCTL_WATCH_KEY"),
    ],
};

/// `KEY_POS_*`, `KEY_USR_*`, `KEY_GRP_*`, `KEY_OTH_*`
pub(super) static KEY_PERMS: Names = Names {
    unknown: "KEY_???",
    entries: &[
        (0x1000000, "KEY_POS_VIEW"),
        (0x2000000, "KEY_POS_READ"),
        (0x4000000, "KEY_POS_WRITE"),
        (0x8000000, "KEY_POS_SEARCH"),
        (0x10000000, "KEY_POS_LINK"),
        (0x20000000, "KEY_POS_SETATTR"),
        (0x10000, "KEY_USR_VIEW"),
        (0x20000, "KEY_USR_READ"),
        (0x40000, "KEY_USR_WRITE"),
        (0x80000, "KEY_USR_SEARCH"),
        (0x100000, "KEY_USR_LINK"),
        (0x200000, "KEY_USR_SETATTR"),
        (0x100, "KEY_GRP_VIEW"),
        (0x200, "KEY_GRP_READ"),
        (0x400, "KEY_GRP_WRITE"),
        (0x800, "KEY_GRP_SEARCH"),
        (0x1000, "KEY_GRP_LINK"),
        (0x2000, "KEY_GRP_SETATTR"),
        (0x1, "KEY_OTH_VIEW"),
        (0x2, "KEY_OTH_READ"),
        (0x4, "KEY_OTH_WRITE"),
        (0x8, "KEY_OTH_SEARCH"),
        (0x10, "KEY_OTH_LINK"),
        (0x20, "KEY_OTH_SETATTR"),
    ],
};

/// `KEY_REQKEY_DEFL_*`
pub(super) static KEY_REQKEYS: Names = Names {
    unknown: "KEY_REQKEY_DEFL_???",
    entries: &[
        (0x0, "KEY_REQKEY_DEFL_DEFAULT"),
        (0x1, "KEY_REQKEY_DEFL_THREAD_KEYRING"),
        (0x2, "KEY_REQKEY_DEFL_PROCESS_KEYRING"),
        (0x3, "KEY_REQKEY_DEFL_SESSION_KEYRING"),
        (0x4, "KEY_REQKEY_DEFL_USER_KEYRING"),
        (0x5, "KEY_REQKEY_DEFL_USER_SESSION_KEYRING"),
        (0x6, "KEY_REQKEY_DEFL_GROUP_KEYRING"),
        (0x7, "KEY_REQKEY_DEFL_REQUESTOR_KEYRING"),
        (0xffffffffffffffff, "KEY_REQKEY_DEFL_NO_CHANGE"),
    ],
};

/// `KEYCTL_SUPPORTS_*`
pub(super) static KEYCTL_SUPPORTS: Names = Names {
    unknown: "KEYCTL_SUPPORTS_???",
    entries: &[
        (0x1, "KEYCTL_SUPPORTS_ENCRYPT"),
        (0x2, "KEYCTL_SUPPORTS_DECRYPT"),
        (0x4, "KEYCTL_SUPPORTS_SIGN"),
        (0x8, "KEYCTL_SUPPORTS_VERIFY"),
    ],
};

/// `KEYCTL_MOVE_EXCL`
pub(super) static KEYCTL_MOVE: Names = Names {
    unknown: "KEYCTL_MOVE_???",
    entries: &[
        (0x1, "KEYCTL_MOVE_EXCL"),
    ],
};

/// `Q_*`
pub(super) static QUOTA_CMDS: Names = Names {
    unknown: "Q_???",
    entries: &[
        (0x100, "Q_V1_QUOTAON"),
        (0x200, "Q_V1_QUOTAOFF"),
        (0x300, "Q_V1_GETQUOTA"),
        (0x400, "Q_V1_SETQUOTA"),
        (0x500, "Q_V1_SETUSE"),
        (0x600, "Q_V1_SYNC"),
        (0x700, "Q_SETQLIM"),
        (0x800, "Q_V1_GETSTATS"),
        (0x900, "Q_V2_GETINFO"),
        (0xa00, "Q_V2_SETINFO"),
        (0xb00, "Q_V2_SETGRACE"),
        (0xc00, "Q_V2_SETFLAGS"),
        (0xd00, "Q_V2_GETQUOTA"),
        (0xe00, "Q_V2_SETQUOTA"),
        (0xf00, "Q_V2_SETUSE"),
        (0x1000, "Q_V1_RSQUASH"),
        (0x1100, "Q_V2_GETSTATS"),
        (0x5801, "Q_XQUOTAON"),
        (0x5802, "Q_XQUOTAOFF"),
        (0x5803, "Q_XGETQUOTA"),
        (0x5804, "Q_XSETQLIM"),
        (0x5805, "Q_XGETQSTAT"),
        (0x5806, "Q_XQUOTARM"),
        (0x5807, "Q_XQUOTASYNC"),
        (0x5808, "Q_XGETQSTATV"),
        (0x5809, "Q_XGETNEXTQUOTA"),
        (0x800001, "Q_SYNC"),
        (0x800002, "Q_QUOTAON"),
        (0x800003, "Q_QUOTAOFF"),
        (0x800004, "Q_GETFMT"),
        (0x800005, "Q_GETINFO"),
        (0x800006, "Q_SETINFO"),
        (0x800007, "Q_GETQUOTA"),
        (0x800008, "Q_SETQUOTA"),
        (0x800009, "Q_GETNEXTQUOTA"),
    ],
};

/// `USRQUOTA`, `GRPQUOTA`, `PRJQUOTA`
pub(super) static QUOTA_TYPES: Names = Names {
    unknown: "???QUOTA",
    entries: &[
        (0x0, "USRQUOTA"),
        (0x1, "GRPQUOTA"),
        (0x2, "PRJQUOTA"),
    ],
};

/// `QFMT_*`
pub(super) static QUOTA_FORMATS: Names = Names {
    unknown: "QFMT_???",
    entries: &[
        (0x1, "QFMT_VFS_OLD"),
        (0x2, "QFMT_VFS_V0"),
        (0x3, "QFMT_OCFS2"),
        (0x4, "QFMT_VFS_V1"),
        (0x5, "QFMT_SHMEM"),
    ],
};

/// `QIF_*`
pub(super) static QIF: Names = Names {
    unknown: "QIF_???",
    entries: &[
        (0x0, "QIF_BLIMITS_B"),
        (0x3f, "QIF_ALL"),
        (0x3, "QIF_INODES_B"),
        (0x5, "QIF_LIMITS"),
        (0x1, "QIF_BLIMITS"),
        (0xa, "QIF_DQBLKSIZE_BITS"),
        (0x2, "QIF_SPACE"),
        (0x4, "QIF_ILIMITS"),
        (0x8, "QIF_INODES"),
        (0x30, "QIF_TIMES"),
        (0x10, "QIF_BTIME"),
        (0x20, "QIF_ITIME"),
        (0x400, "QIF_DQBLKSIZE"),
    ],
};

/// `DQF_*`
pub(super) static DQF: Names = Names {
    unknown: "DQF_???",
    entries: &[
        (0x0, "DQF_ROOT_SQUASH_B"),
        (0x11, "DQF_PRIVATE"),
        (0x1, "DQF_ROOT_SQUASH"),
        (0x10, "DQF_SYS_FILE_B"),
        (0x10000, "DQF_SYS_FILE"),
    ],
};

/// `IIF_*`
pub(super) static IIF: Names = Names {
    unknown: "IIF_???",
    entries: &[
        (0x7, "IIF_ALL"),
        (0x1, "IIF_BGRACE"),
        (0x2, "IIF_IGRACE"),
        (0x4, "IIF_FLAGS"),
    ],
};

/// `FS_QUOTA_*`
pub(super) static XFS_QUOTA: Names = Names {
    unknown: "FS_QUOTA_???",
    entries: &[
        (0x1, "FS_QUOTA_UDQ_ACCT"),
        (0x2, "FS_QUOTA_UDQ_ENFD"),
        (0x4, "FS_QUOTA_GDQ_ACCT"),
        (0x8, "FS_QUOTA_GDQ_ENFD"),
        (0x10, "FS_QUOTA_PDQ_ACCT"),
        (0x20, "FS_QUOTA_PDQ_ENFD"),
    ],
};

/// `FS_USER_QUOTA`, `FS_PROJ_QUOTA`, `FS_GROUP_QUOTA`
pub(super) static XFS_DQBLK: Names = Names {
    unknown: "FS_???_QUOTA",
    entries: &[
        (0x1, "FS_USER_QUOTA"),
        (0x2, "FS_PROJ_QUOTA"),
        (0x4, "FS_GROUP_QUOTA"),
    ],
};

/// `KEXEC_ARCH_*`
pub(super) static KEXEC_ARCH: Names = Names {
    unknown: "KEXEC_ARCH_???",
    entries: &[
        (0x0, "KEXEC_ARCH_DEFAULT"),
        (0x30000, "KEXEC_ARCH_386"),
        (0x40000, "KEXEC_ARCH_68K"),
        (0x80000, "KEXEC_ARCH_MIPS"),
        (0xa0000, "KEXEC_ARCH_MIPS_LE"),
        (0xf0000, "KEXEC_ARCH_PARISC"),
        (0x140000, "KEXEC_ARCH_PPC"),
        (0x150000, "KEXEC_ARCH_PPC64"),
        (0x160000, "KEXEC_ARCH_S390"),
        (0x280000, "KEXEC_ARCH_ARM"),
        (0x2a0000, "KEXEC_ARCH_SH"),
        (0x320000, "KEXEC_ARCH_IA_64"),
        (0x3e0000, "KEXEC_ARCH_X86_64"),
        (0xb70000, "KEXEC_ARCH_AARCH64"),
        (0xf30000, "KEXEC_ARCH_RISCV"),
        (0x1020000, "KEXEC_ARCH_LOONGARCH"),
    ],
};

/// `KEXEC_ON_CRASH`, `KEXEC_PRESERVE_CONTEXT`, `KEXEC_UPDATE_ELFCOREHDR`, `KEXEC_CRASH_HOTPLUG_SUPPORT`
pub(super) static KEXEC_FLAGS: Names = Names {
    unknown: "KEXEC_???",
    entries: &[
        (0x1, "KEXEC_ON_CRASH"),
        (0x2, "KEXEC_PRESERVE_CONTEXT"),
        (0x4, "KEXEC_UPDATE_ELFCOREHDR"),
        (0x8, "KEXEC_CRASH_HOTPLUG_SUPPORT"),
    ],
};

/// `PKEY_UNRESTRICTED`, `PKEY_DISABLE_*`
pub(super) static PKEY_ACCESS: Names = Names {
    unknown: "PKEY_???",
    entries: &[
        (0x0, "PKEY_UNRESTRICTED"),
        (0x1, "PKEY_DISABLE_ACCESS"),
        (0x2, "PKEY_DISABLE_WRITE"),
        (0x4, "PKEY_DISABLE_EXECUTE"),
    ],
};

/// `SHADOW_STACK_*`
pub(super) static SHADOW_STACK: Names = Names {
    unknown: "SHADOW_STACK_???",
    entries: &[
        (0x1, "SHADOW_STACK_SET_TOKEN"),
    ],
};

/// `PIDFD_NONBLOCK`, `PIDFD_THREAD`, `PIDFD_AUTOKILL`
pub(super) static PIDFD_OPEN: Names = Names {
    unknown: "PIDFD_???",
    entries: &[
        (0x800, "PIDFD_NONBLOCK"),
        (0x80, "PIDFD_THREAD"),
        (0x200, "PIDFD_AUTOKILL"),
    ],
};

/// `PIDFD_SIGNAL_*`
pub(super) static PIDFD_SIGNAL: Names = Names {
    unknown: "PIDFD_SIGNAL_???",
    entries: &[
        (0x1, "PIDFD_SIGNAL_THREAD"),
        (0x2, "PIDFD_SIGNAL_THREAD_GROUP"),
        (0x4, "PIDFD_SIGNAL_PROCESS_GROUP"),
    ],
};

/// `MEMBARRIER_CMD_*`
pub(super) static MEMBARRIER_CMD: Names = Names {
    unknown: "MEMBARRIER_CMD_???",
    entries: &[
        (0x0, "MEMBARRIER_CMD_QUERY"),
        (0x1, "MEMBARRIER_CMD_GLOBAL"),
        (0x2, "MEMBARRIER_CMD_GLOBAL_EXPEDITED"),
        (0x4, "MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED"),
        (0x8, "MEMBARRIER_CMD_PRIVATE_EXPEDITED"),
        (0x10, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED"),
        (0x20, "MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE"),
        (0x40, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE"),
        (0x80, "MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ"),
        (0x100, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ"),
        (0x200, "MEMBARRIER_CMD_GET_REGISTRATIONS"),
    ],
};

/// `MEMBARRIER_CMD_FLAG_CPU`
pub(super) static MEMBARRIER_FLAGS: Names = Names {
    unknown: "MEMBARRIER_CMD_FLAG_???",
    entries: &[
        (0x1, "MEMBARRIER_CMD_FLAG_CPU"),
    ],
};

/// `SCHED_OTHER`, `SCHED_FIFO`, `SCHED_RR`, `SCHED_BATCH`, `SCHED_ISO`, `SCHED_IDLE`, `SCHED_DEADLINE`, `SCHED_EXT`
pub(super) static SCHED: Names = Names {
    unknown: "SCHED_???",
    entries: &[
        (0x0, "SCHED_OTHER"),
        (0x1, "SCHED_FIFO"),
        (0x2, "SCHED_RR"),
        (0x3, "SCHED_BATCH"),
        (0x4, "SCHED_ISO"),
        (0x5, "SCHED_IDLE"),
        (0x6, "SCHED_DEADLINE"),
        (0x7, "SCHED_EXT"),
    ],
};

/// `FSMOUNT_*`
pub(super) static FSMOUNT: Names = Names {
    unknown: "FSMOUNT_???",
    entries: &[
        (0x1, "FSMOUNT_CLOEXEC"),
        (0x2, "FSMOUNT_NAMESPACE"),
    ],
};

/// `MOUNT_ATTR_RDONLY`, `MOUNT_ATTR_NOSUID`, `MOUNT_ATTR_NODEV`, `MOUNT_ATTR_NOEXEC`, `MOUNT_ATTR__ATIME`, `MOUNT_ATTR_NOATIME`, `MOUNT_ATTR_STRICTATIME`, `MOUNT_ATTR_NODIRATIME`, `MOUNT_ATTR_NOSYMFOLLOW`
pub(super) static FSMOUNT_ATTR: Names = Names {
    unknown: "MOUNT_ATTR_???",
    entries: &[
        (0x1, "MOUNT_ATTR_RDONLY"),
        (0x2, "MOUNT_ATTR_NOSUID"),
        (0x4, "MOUNT_ATTR_NODEV"),
        (0x8, "MOUNT_ATTR_NOEXEC"),
        (0x70, "MOUNT_ATTR__ATIME"),
        (0x10, "MOUNT_ATTR_NOATIME"),
        (0x20, "MOUNT_ATTR_STRICTATIME"),
        (0x80, "MOUNT_ATTR_NODIRATIME"),
        (0x200000, "MOUNT_ATTR_NOSYMFOLLOW"),
    ],
};

/// `LANDLOCK_ACCESS_FS_*`
pub(super) static LANDLOCK_FS: Names = Names {
    unknown: "LANDLOCK_ACCESS_FS_???",
    entries: &[
        (0x1, "LANDLOCK_ACCESS_FS_EXECUTE"),
        (0x2, "LANDLOCK_ACCESS_FS_WRITE_FILE"),
        (0x4, "LANDLOCK_ACCESS_FS_READ_FILE"),
        (0x8, "LANDLOCK_ACCESS_FS_READ_DIR"),
        (0x10, "LANDLOCK_ACCESS_FS_REMOVE_DIR"),
        (0x20, "LANDLOCK_ACCESS_FS_REMOVE_FILE"),
        (0x40, "LANDLOCK_ACCESS_FS_MAKE_CHAR"),
        (0x80, "LANDLOCK_ACCESS_FS_MAKE_DIR"),
        (0x100, "LANDLOCK_ACCESS_FS_MAKE_REG"),
        (0x200, "LANDLOCK_ACCESS_FS_MAKE_SOCK"),
        (0x400, "LANDLOCK_ACCESS_FS_MAKE_FIFO"),
        (0x800, "LANDLOCK_ACCESS_FS_MAKE_BLOCK"),
        (0x1000, "LANDLOCK_ACCESS_FS_MAKE_SYM"),
        (0x2000, "LANDLOCK_ACCESS_FS_REFER"),
        (0x4000, "LANDLOCK_ACCESS_FS_TRUNCATE"),
        (0x8000, "LANDLOCK_ACCESS_FS_IOCTL_DEV"),
        (0x10000, "LANDLOCK_ACCESS_FS_RESOLVE_UNIX"),
    ],
};

/// `FAN_MARK_*`
pub(super) static FAN_MARK: Names = Names {
    unknown: "FAN_MARK_???",
    entries: &[
        (0x1, "FAN_MARK_ADD"),
        (0x2, "FAN_MARK_REMOVE"),
        (0x80, "FAN_MARK_FLUSH"),
        (0x4, "FAN_MARK_DONT_FOLLOW"),
        (0x8, "FAN_MARK_ONLYDIR"),
        (0x110, "FAN_MARK_MNTNS"),
        (0x10, "FAN_MARK_MOUNT"),
        (0x100, "FAN_MARK_FILESYSTEM"),
        (0x20, "FAN_MARK_IGNORED_MASK"),
        (0x40, "FAN_MARK_IGNORED_SURV_MODIFY"),
        (0x400, "FAN_MARK_IGNORE"),
        (0x200, "FAN_MARK_EVICTABLE"),
    ],
};

/// `FAN_*`
pub(super) static FAN_MASK: Names = Names {
    unknown: "FAN_???",
    entries: &[
        (0x1, "FAN_ACCESS"),
        (0x2, "FAN_MODIFY"),
        (0x4, "FAN_ATTRIB"),
        (0x8, "FAN_CLOSE_WRITE"),
        (0x10, "FAN_CLOSE_NOWRITE"),
        (0x20, "FAN_OPEN"),
        (0x40, "FAN_MOVED_FROM"),
        (0x80, "FAN_MOVED_TO"),
        (0x100, "FAN_CREATE"),
        (0x200, "FAN_DELETE"),
        (0x400, "FAN_DELETE_SELF"),
        (0x800, "FAN_MOVE_SELF"),
        (0x1000, "FAN_OPEN_EXEC"),
        (0x4000, "FAN_Q_OVERFLOW"),
        (0x8000, "FAN_FS_ERROR"),
        (0x10000, "FAN_OPEN_PERM"),
        (0x20000, "FAN_ACCESS_PERM"),
        (0x40000, "FAN_OPEN_EXEC_PERM"),
        (0x80000, "FAN_DIR_MODIFY"),
        (0x100000, "FAN_PRE_ACCESS"),
        (0x1000000, "FAN_MNT_ATTACH"),
        (0x2000000, "FAN_MNT_DETACH"),
        (0x8000000, "FAN_EVENT_ON_CHILD"),
        (0x10000000, "FAN_RENAME"),
        (0x40000000, "FAN_ONDIR"),
    ],
};

/// `LSM_ATTR_*`
pub(super) static LSM_ATTRS: Names = Names {
    unknown: "LSM_ATTR_???",
    entries: &[
        (0x0, "LSM_ATTR_UNDEF"),
        (0x64, "LSM_ATTR_CURRENT"),
        (0x65, "LSM_ATTR_EXEC"),
        (0x66, "LSM_ATTR_FSCREATE"),
        (0x67, "LSM_ATTR_KEYCREATE"),
        (0x68, "LSM_ATTR_PREV"),
        (0x69, "LSM_ATTR_SOCKCREATE"),
    ],
};

/// `LSM_FLAG_*`
pub(super) static LSM_FLAGS: Names = Names {
    unknown: "LSM_FLAG_???",
    entries: &[
        (0x1, "LSM_FLAG_SINGLE"),
    ],
};

/// `SCM_RIGHTS`, `SCM_CREDENTIALS`, `SCM_SECURITY`, `SCM_PIDFD`
pub(super) static SCM: Names = Names {
    unknown: "SCM_???",
    entries: &[
        (0x1, "SCM_RIGHTS"),
        (0x2, "SCM_CREDENTIALS"),
        (0x3, "SCM_SECURITY"),
        (0x4, "SCM_PIDFD"),
    ],
};

/// `RTNL_FAMILY_*`
pub(super) static RTNL_FAMILY: Names = Names {
    unknown: "RTNL_FAMILY_???",
    entries: &[
        (0x80, "RTNL_FAMILY_IPMR"),
        (0x81, "RTNL_FAMILY_IP6MR"),
    ],
};

/// `TCA_ROOT_*`
pub(super) static TCA_ROOT: Names = Names {
    unknown: "TCA_ROOT_???",
    entries: &[
        (0x0, "TCA_ROOT_UNSPEC"),
        (0x1, "TCA_ROOT_TAB"),
        (0x2, "TCA_ROOT_FLAGS"),
        (0x3, "TCA_ROOT_COUNT"),
        (0x4, "TCA_ROOT_TIME_DELTA"),
        (0x5, "TCA_ROOT_EXT_WARN_MSG"),
    ],
};

/// `TCA_STATS_*`
pub(super) static TCA_STATS: Names = Names {
    unknown: "TCA_STATS_???",
    entries: &[
        (0x0, "TCA_STATS_UNSPEC"),
        (0x1, "TCA_STATS_BASIC"),
        (0x2, "TCA_STATS_RATE_EST"),
        (0x3, "TCA_STATS_QUEUE"),
        (0x4, "TCA_STATS_APP"),
        (0x5, "TCA_STATS_RATE_EST64"),
        (0x6, "TCA_STATS_PAD"),
        (0x7, "TCA_STATS_BASIC_HW"),
        (0x8, "TCA_STATS_PKT64"),
    ],
};

/// `TCA_STAB_*`
pub(super) static TCA_STAB: Names = Names {
    unknown: "TCA_STAB_???",
    entries: &[
        (0x0, "TCA_STAB_UNSPEC"),
        (0x1, "TCA_STAB_BASE"),
        (0x2, "TCA_STAB_DATA"),
    ],
};

/// `TCA_ACT_FLAG_*`
pub(super) static TCA_ACT_FLAGS: Names = Names {
    unknown: "TCA_ACT_FLAG_???",
    entries: &[
        (0x1, "TCA_ACT_FLAG_LARGE_DUMP_ON"),
        (0x2, "TCA_ACT_FLAG_TERSE_DUMP"),
    ],
};

/// `TCA_ACT_*`
pub(super) static TCA_ACT: Names = Names {
    unknown: "TCA_ACT_???",
    entries: &[
        (0x0, "TCA_ACT_UNSPEC"),
        (0x1, "TCA_ACT_KIND"),
        (0x2, "TCA_ACT_OPTIONS"),
        (0x3, "TCA_ACT_INDEX"),
        (0x4, "TCA_ACT_STATS"),
        (0x5, "TCA_ACT_PAD"),
        (0x6, "TCA_ACT_COOKIE"),
        (0x7, "TCA_ACT_FLAGS"),
        (0x8, "TCA_ACT_HW_STATS"),
        (0x9, "TCA_ACT_USED_HW_STATS"),
        (0xa, "TCA_ACT_IN_HW_COUNT"),
    ],
};

/// `TCA_ACT_FLAGS_*`
pub(super) static TCA_ACT_FLAGS_OF_ONE: Names = Names {
    unknown: "TCA_ACT_FLAGS_???",
    entries: &[
        (0x1, "TCA_ACT_FLAGS_NO_PERCPU_STATS"),
        (0x2, "TCA_ACT_FLAGS_SKIP_HW"),
        (0x4, "TCA_ACT_FLAGS_SKIP_SW"),
    ],
};

/// `TCA_ACT_HW_STATS_*`
pub(super) static TCA_ACT_HW_STATS: Names = Names {
    unknown: "TCA_ACT_HW_STATS_???",
    entries: &[
        (0x1, "TCA_ACT_HW_STATS_IMMEDIATE"),
        (0x2, "TCA_ACT_HW_STATS_DELAYED"),
    ],
};

/// `LINK_XSTATS_TYPE_*`
pub(super) static LINK_XSTATS: Names = Names {
    unknown: "LINK_XSTATS_TYPE_???",
    entries: &[
        (0x0, "LINK_XSTATS_TYPE_UNSPEC"),
        (0x1, "LINK_XSTATS_TYPE_BRIDGE"),
        (0x2, "LINK_XSTATS_TYPE_BOND"),
    ],
};

/// `BRIDGE_XSTATS_*`
pub(super) static BRIDGE_XSTATS: Names = Names {
    unknown: "BRIDGE_XSTATS_???",
    entries: &[
        (0x0, "BRIDGE_XSTATS_UNSPEC"),
        (0x1, "BRIDGE_XSTATS_VLAN"),
        (0x2, "BRIDGE_XSTATS_MCAST"),
        (0x3, "BRIDGE_XSTATS_PAD"),
        (0x4, "BRIDGE_XSTATS_STP"),
    ],
};

/// `BRIDGE_VLAN_INFO_*`
pub(super) static BRIDGE_VLAN_INFO: Names = Names {
    unknown: "BRIDGE_VLAN_INFO_???",
    entries: &[
        (0x1, "BRIDGE_VLAN_INFO_MASTER"),
        (0x2, "BRIDGE_VLAN_INFO_PVID"),
        (0x4, "BRIDGE_VLAN_INFO_UNTAGGED"),
        (0x8, "BRIDGE_VLAN_INFO_RANGE_BEGIN"),
        (0x10, "BRIDGE_VLAN_INFO_RANGE_END"),
        (0x20, "BRIDGE_VLAN_INFO_BRENTRY"),
        (0x40, "BRIDGE_VLAN_INFO_ONLY_OPTS"),
    ],
};

/// `BOND_XSTATS_*`
pub(super) static BOND_XSTATS: Names = Names {
    unknown: "BOND_XSTATS_???",
    entries: &[
        (0x0, "BOND_XSTATS_UNSPEC"),
        (0x1, "BOND_XSTATS_3AD"),
    ],
};

/// `BOND_3AD_STAT_*`
pub(super) static BOND_3AD_STAT: Names = Names {
    unknown: "BOND_3AD_STAT_???",
    entries: &[
        (0x0, "BOND_3AD_STAT_LACPDU_RX"),
        (0x1, "BOND_3AD_STAT_LACPDU_TX"),
        (0x2, "BOND_3AD_STAT_LACPDU_UNKNOWN_RX"),
        (0x3, "BOND_3AD_STAT_LACPDU_ILLEGAL_RX"),
        (0x4, "BOND_3AD_STAT_MARKER_RX"),
        (0x5, "BOND_3AD_STAT_MARKER_TX"),
        (0x6, "BOND_3AD_STAT_MARKER_RESP_RX"),
        (0x7, "BOND_3AD_STAT_MARKER_RESP_TX"),
        (0x8, "BOND_3AD_STAT_MARKER_UNKNOWN_RX"),
        (0x9, "BOND_3AD_STAT_PAD"),
    ],
};

/// `IFLA_OFFLOAD_XSTATS_*`
pub(super) static OFFLOAD_XSTATS: Names = Names {
    unknown: "IFLA_OFFLOAD_XSTATS_???",
    entries: &[
        (0x0, "IFLA_OFFLOAD_XSTATS_UNSPEC"),
        (0x1, "IFLA_OFFLOAD_XSTATS_CPU_HIT"),
    ],
};

/// `MPLS_STATS_*`
pub(super) static MPLS_STATS: Names = Names {
    unknown: "MPLS_STATS_???",
    entries: &[
        (0x0, "MPLS_STATS_UNSPEC"),
        (0x1, "MPLS_STATS_LINK"),
    ],
};

/// `FDB_NOTIFY_*`
pub(super) static FDB_NOTIFY: Names = Names {
    unknown: "FDB_NOTIFY_???",
    entries: &[
        (0x1, "FDB_NOTIFY_BIT"),
        (0x2, "FDB_NOTIFY_INACTIVE_BIT"),
    ],
};

/// `RTEXT_FILTER_*`
pub(super) static RTEXT_FILTER: Names = Names {
    unknown: "RTEXT_FILTER_???",
    entries: &[
        (0x1, "RTEXT_FILTER_VF"),
        (0x2, "RTEXT_FILTER_BRVLAN"),
        (0x4, "RTEXT_FILTER_BRVLAN_COMPRESSED"),
        (0x8, "RTEXT_FILTER_SKIP_STATS"),
        (0x10, "RTEXT_FILTER_MRP"),
        (0x20, "RTEXT_FILTER_CFM_CONFIG"),
        (0x40, "RTEXT_FILTER_CFM_STATUS"),
        (0x80, "RTEXT_FILTER_MST"),
        (0x100, "RTEXT_FILTER_NAME_ONLY"),
    ],
};

/// `IFLA_EVENT_*`
pub(super) static IFLA_EVENT: Names = Names {
    unknown: "IFLA_EVENT_???",
    entries: &[
        (0x0, "IFLA_EVENT_NONE"),
        (0x1, "IFLA_EVENT_REBOOT"),
        (0x2, "IFLA_EVENT_FEATURES"),
        (0x3, "IFLA_EVENT_BONDING_FAILOVER"),
        (0x4, "IFLA_EVENT_NOTIFY_PEERS"),
        (0x5, "IFLA_EVENT_IGMP_RESEND"),
        (0x6, "IFLA_EVENT_BONDING_OPTIONS"),
    ],
};

/// `IFLA_VF_PORT_UNSPEC`, `IFLA_VF_PORT`
pub(super) static IFLA_VF_PORTS: Names = Names {
    unknown: "IFLA_VF_PORT_???",
    entries: &[
        (0x0, "IFLA_VF_PORT_UNSPEC"),
        (0x1, "IFLA_VF_PORT"),
    ],
};

/// `IFLA_PORT_*`
pub(super) static IFLA_PORT: Names = Names {
    unknown: "IFLA_PORT_???",
    entries: &[
        (0x0, "IFLA_PORT_UNSPEC"),
        (0x1, "IFLA_PORT_VF"),
        (0x2, "IFLA_PORT_PROFILE"),
        (0x3, "IFLA_PORT_VSI_TYPE"),
        (0x4, "IFLA_PORT_INSTANCE_UUID"),
        (0x5, "IFLA_PORT_HOST_UUID"),
        (0x6, "IFLA_PORT_REQUEST"),
        (0x7, "IFLA_PORT_RESPONSE"),
        (0x19, "IFLA_PORT_SELF"),
    ],
};

/// `SOCK_TXREHASH_*`
pub(super) static SOCK_TXREHASH: Names = Names {
    unknown: "SOCK_TXREHASH_???",
    entries: &[
        (0x0, "SOCK_TXREHASH_DISABLED"),
        (0x1, "SOCK_TXREHASH_ENABLED"),
        (0xff, "SOCK_TXREHASH_DEFAULT"),
    ],
};

/// `NFEA_*`
pub(super) static NFEA: Names = Names {
    unknown: "NFEA_???",
    entries: &[
        (0x0, "NFEA_UNSPEC"),
        (0x1, "NFEA_ACTIVITY_NOTIFY"),
        (0x2, "NFEA_DONT_REFRESH"),
    ],
};

/// `NTF_EXT_*`
pub(super) static NTF_EXT: Names = Names {
    unknown: "NTF_EXT_???",
    entries: &[
        (0x1, "NTF_EXT_MANAGED"),
        (0x2, "NTF_EXT_LOCKED"),
        (0x4, "NTF_EXT_EXT_VALIDATED"),
    ],
};

/// `IPMRA_CREPORT_*`
pub(super) static IPMRA_CREPORT: Names = Names {
    unknown: "IPMRA_CREPORT_???",
    entries: &[
        (0x0, "IPMRA_CREPORT_UNSPEC"),
        (0x1, "IPMRA_CREPORT_MSGTYPE"),
        (0x2, "IPMRA_CREPORT_VIF_ID"),
        (0x3, "IPMRA_CREPORT_SRC_ADDR"),
        (0x4, "IPMRA_CREPORT_DST_ADDR"),
        (0x5, "IPMRA_CREPORT_PKT"),
        (0x6, "IPMRA_CREPORT_TABLE"),
    ],
};

/// `IP6MRA_CREPORT_*`
pub(super) static IP6MRA_CREPORT: Names = Names {
    unknown: "IP6MRA_CREPORT_???",
    entries: &[
        (0x0, "IP6MRA_CREPORT_UNSPEC"),
        (0x1, "IP6MRA_CREPORT_MSGTYPE"),
        (0x2, "IP6MRA_CREPORT_MIF_ID"),
        (0x3, "IP6MRA_CREPORT_SRC_ADDR"),
        (0x4, "IP6MRA_CREPORT_DST_ADDR"),
        (0x5, "IP6MRA_CREPORT_PKT"),
    ],
};

/// `IGMPMSG_*`
pub(super) static IGMPMSG: Names = Names {
    unknown: "IGMPMSG_???",
    entries: &[
        (0x1, "IGMPMSG_NOCACHE"),
        (0x2, "IGMPMSG_WRONGVIF"),
        (0x3, "IGMPMSG_WHOLEPKT"),
        (0x4, "IGMPMSG_WRVIFWHOLE"),
    ],
};

/// `MRT6MSG_*`
pub(super) static MRT6MSG: Names = Names {
    unknown: "MRT6MSG_???",
    entries: &[
        (0x1, "MRT6MSG_NOCACHE"),
        (0x2, "MRT6MSG_WRONGMIF"),
        (0x3, "MRT6MSG_WHOLEPKT"),
        (0x4, "MRT6MSG_WRMIFWHOLE"),
    ],
};

/// `LWTUNNEL_ENCAP_*`
pub(super) static LWTUNNEL: Names = Names {
    unknown: "LWTUNNEL_ENCAP_???",
    entries: &[
        (0x0, "LWTUNNEL_ENCAP_NONE"),
        (0x1, "LWTUNNEL_ENCAP_MPLS"),
        (0x2, "LWTUNNEL_ENCAP_IP"),
        (0x3, "LWTUNNEL_ENCAP_ILA"),
        (0x4, "LWTUNNEL_ENCAP_IP6"),
        (0x5, "LWTUNNEL_ENCAP_SEG6"),
        (0x6, "LWTUNNEL_ENCAP_BPF"),
        (0x7, "LWTUNNEL_ENCAP_SEG6_LOCAL"),
        (0x8, "LWTUNNEL_ENCAP_RPL"),
        (0x9, "LWTUNNEL_ENCAP_IOAM6"),
        (0xa, "LWTUNNEL_ENCAP_XFRM"),
    ],
};

/// `OPENAT2_REGULAR`
pub(super) static OPENAT2: Names = Names {
    unknown: "",
    entries: &[
        (0x100000000, "OPENAT2_REGULAR"),
    ],
};
