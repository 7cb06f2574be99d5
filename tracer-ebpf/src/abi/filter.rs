//! The compiled filter: what the kernel decides by itself. It may let too much through, never
//! too little; user space decides exactly.

use super::{Plain, limits::ROOTS_INLINE};

bits! {
    /// Only processes in the `TARGETS` map.
    BY_TARGET;
    /// Children of a target become targets.
    FOLLOW;
    /// Only real user ids in the `UIDS` map.
    BY_UID;
    /// Only real group ids in the `GIDS` map.
    BY_GID;
    /// Only command names in the `COMMS` map.
    BY_COMM;
    /// Only calls that failed.
    FAILED;
    /// Only calls that succeeded.
    SUCCEEDED;
    /// Only files at or below a watched root, where the kernel can tell.
    BY_ROOT;
    /// More roots than [`ROOTS_INLINE`]: look in the `MORE_ROOTS` map.
    MANY_ROOTS;
    /// Some targets are single threads: look up the thread id too.
    BY_THREAD;
    /// Report the end of tasks.
    EXITS;
    /// The arguments of an exec are kept from a hook that runs before the image is replaced.
    EXEC_ARGS;
    /// `io_uring` completions are told apart by what the program gave (before 5.18), not by the request.
    URING_BY_DATA;
    /// The enter hook keeps when each call began, so that its exit knows how long it took.
    TIMES;
    /// Time that a task does not have a CPU is kept apart from the time of its call.
    CPU_TIMES;
    /// Calls are counted and not reported: only the sums leave the kernel.
    COUNTS;
    /// Every fork is noted in `BIRTHS`, for user space to find descendants that it has not met yet.
    NOTES_BIRTHS;
    /// A lookup that found nothing (`ENOENT`, `ENOTDIR`) touched no file: not reported.
    FOUND_ONLY;
    /// Nobody asks for files: neither working directory and program nor what a call ended at.
    LEAN;
    /// A rule set decides: see [`super::rules`].
    BY_RULES;
    /// What the sockets behind descriptors are bound and connected to is of interest.
    SOCKETS;
    /// The enter hook captures what calls change: see `CallSpec::before`.
    BEFORE;
    /// The ids of a task in another pid namespace than the tracer's are told in both.
    TRANSLATES;
    /// This kernel tells the saved registers of a task (`bpf_task_pt_regs`, 5.15).
    TASK_REGS;
}

/// Value in the `MORE_ROOTS` map: a watched root.
pub const IS_ROOT: u32 = 1;
/// Value in the `MORE_ROOTS` map: the directory that the name of a root stands in.
pub const IS_NEAR: u32 = 2;

/// A target that has not yet called exec: nothing of it is reported until it has. The child of
/// `tracer trace -- COMMAND` starts like this.
pub const TARGET_WAITS_FOR_EXEC: u32 = 1;
/// Not a target itself, but its children become targets (with [`TARGET_WAITS_FOR_EXEC`]).
pub const TARGET_ADOPTS: u32 = 2;
/// Its last thread is ending. It stays a target until it is freed: at the same moment, others of
/// its threads may be on their way to the hook that reports their ends.
pub const TARGET_ENDED: u32 = 4;

/// Read-only global `CONFIG` of the probes: constants to the verifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Config {
    /// `BY_TARGET`, `FOLLOW`, ...
    pub flags: u32,
    /// Thread group id of the tracer itself in the initial pid namespace: its calls are never
    /// reported.
    pub self_pid: u32,
    /// Wake the reader when this many bytes wait in the ring.
    pub wake_mark: u64,
    /// Signals whose delivery is reported: bit `n - 1` is signal `n`.
    pub signals: u64,
    /// `struct mnt_namespace *` of the tracer; 0 when unknown.
    pub mnt_ns: u64,
    /// `struct vfsmount *` of the tracer's root directory.
    pub root_mnt: u64,
    /// `struct dentry *` of the tracer's root directory.
    pub root_dentry: u64,
    /// `struct inode *` of the tracer's root directory.
    pub root_inode: u64,
    /// Bytes of a buffer, or elements of an array, that are captured (`-s`).
    pub strings: u64,
    /// `struct inode *` of the tracer's own program; 0 when unknown.
    pub program: u64,
    /// `struct pid_namespace *` of the tracer; 0 when it is the initial one, whose numbers the
    /// kernel side has anyway.
    pub pid_ns: u64,
    /// How deep that is below the initial one.
    pub pid_level: u32,
    /// Size of `struct upid`.
    pub upid_size: u32,
    /// Half of the ring, in bytes.
    pub half: u64,
    /// What a process may have sent on each CPU to send more into a ring that is nearly full, in bytes;
    /// 0: whatever it makes.
    pub share: u64,
}

// SAFETY: two u32, then u64, then two u32 and two u64: no padding.
unsafe impl Plain for Config {}

/// Value of the `ROOTS` map. Each watched root keeps its place in both: of a change, the others
/// notice nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Roots {
    /// `struct inode *` of watched roots; 0 is no root.
    pub roots: [u64; ROOTS_INLINE],
    /// `struct inode *` of the directories that the roots' names stand in: what replaces a root
    /// has another inode, but the same directory.
    pub near: [u64; ROOTS_INLINE],
}

// SAFETY: u64 only: no padding.
unsafe impl Plain for Roots {}
