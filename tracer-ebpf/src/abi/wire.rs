//! Records in the ring: one [`Head`], then sections, each a [`Section`] head and its payload
//! padded to 8 bytes. All numbers in native byte order.

use super::{Plain, rules::MET_MAX};

/// What a record reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A system call that has returned.
    Call = 1,
    /// A task that ends; `ret` is its exit status as wait(2) gives it.
    Exit = 2,
    /// A signal that a task is about to act on; `nr` is its number, and the arguments are the 48
    /// bytes of its `struct kernel_siginfo` (`linux/signal_types.h`).
    Signal = 3,
    /// An `io_uring` request that was reported has completed: `args` begin with the two words of its
    /// [`OF_REQUEST`] section, `ret` is the result. It has no number of its own.
    Completion = 16,
    /// What descriptors lead to before a call changes that: files in the place of those arguments,
    /// for the [`Kind::Call`] of the same thread that comes next. It has no number of its own.
    Before = 17,
}

impl Kind {
    /// The kind with this number.
    pub const fn from_u8(v: u8) -> Option<Self> {
        Some(match v {
            1 => Self::Call,
            2 => Self::Exit,
            3 => Self::Signal,
            16 => Self::Completion,
            17 => Self::Before,
            _ => return None,
        })
    }
}

/// Through which door the call came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Door {
    /// The architecture's own 64-bit table.
    Native = 0,
    /// x86: the 32-bit table (`int 0x80`, 32-bit programs).
    Compat = 1,
    /// x86: x32, the native table with `__X32_SYSCALL_BIT`.
    X32 = 2,
    /// `io_uring`: the number is an opcode. `ret` comes with the [`Kind::Completion`].
    Uring = 3,
}

impl Door {
    /// The door with this number.
    pub const fn from_u8(v: u8) -> Option<Self> {
        Some(match v {
            0 => Self::Native,
            1 => Self::Compat,
            2 => Self::X32,
            3 => Self::Uring,
            _ => return None,
        })
    }
}

bits! {
    /// [`Head::flags`]: the last thread of its process (exit records).
    LAST_THREAD;
    /// [`Head::flags`]: `args` are those of the moment before the image was replaced.
    ARGS_BEFORE_EXEC;
    /// [`Head::flags`]: `args` are lost, the call itself has replaced the registers (exec,
    /// `rt_sigreturn`).
    ARGS_REPLACED;
    /// [`Head::flags`]: the record had no room for everything asked for.
    TRUNCATED;
    /// [`Head::flags`]: `auid` and `session` are not known on this kernel.
    NO_LOGIN;
    /// [`Head::flags`]: the second generation of the rule set let it pass.
    GENERATION;
    /// [`Head::flags`]: nobody tells the result, and `ret` means nothing. Set by user space only.
    RESULT_UNKNOWN;
    /// [`Head::flags`]: the kernel keeps no arguments that tracer knows.
    NO_ARGS;
    /// [`Head::flags`]: the task runs the tracer's own program file.
    OWN_PROGRAM;
}

/// Fixed part of every record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Head {
    /// Length of the whole record in bytes.
    pub size: u32,
    /// A [`Kind`].
    pub kind: u8,
    /// A [`Door`].
    pub door: u8,
    /// CPU that wrote the record.
    pub cpu: u16,
    /// [`LAST_THREAD`] and so on.
    pub flags: u32,
    /// System call number in the table of its door, without the x32 bit.
    pub nr: u32,
    /// Number of this record on its CPU, counting also those that were lost or held back.
    pub seq: u64,
    /// How many were held back on its CPU before it.
    pub held: u64,
    /// `CLOCK_MONOTONIC`, nanoseconds.
    pub mono_ns: u64,
    /// When the call began (`CLOCK_MONOTONIC`); 0 when no hook was there to see it.
    pub entered_ns: u64,
    /// How long its task had no CPU since then (with `CPU_TIMES`).
    pub off_cpu_ns: u64,
    /// Result: negative errno on failure.
    pub ret: i64,
    /// The six argument registers.
    pub args: [u64; 6],
    /// Thread group id, as all three in the initial pid namespace.
    pub pid: u32,
    /// Thread id.
    pub tid: u32,
    /// Thread group id of the parent.
    pub ppid: u32,
    /// Login user id; `u32::MAX` when unset.
    pub auid: u32,
    /// Audit session; `u32::MAX` when unset.
    pub session: u32,
    /// Inode number of the mount namespace when it is not the tracer's own; else 0.
    pub mnt_ns: u32,
    /// uid, gid, suid, sgid, euid, egid, fsuid, fsgid as the initial user namespace sees them.
    pub creds: [u32; 8],
    /// Command name, NUL-padded: 16 bytes in two words, so that they are moved as words.
    pub comm: [u64; 2],
    /// Id of the cgroup (version 2 hierarchy).
    pub cgroup: u64,
}

/// What a section holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Part {
    /// A path as components from the leaf to the root, each a `u64` whose low 16 bits are the
    /// length, then the name padded to 8 bytes.
    Walk = 1,
    /// A string from user memory, without its NUL.
    Text = 2,
    /// Argument strings, each ended by a NUL.
    Argv = 3,
    /// A [`FileInfo`].
    File = 4,
    /// The address as a `u64`, then the bytes of user memory that stand there.
    Block = 5,
    /// A number as a `u64`.
    Count = 6,
    /// A [`SocketInfo`].
    Socket = 7,
    /// [`IdsHere`], where the tracer is not in the initial pid namespace.
    IdsHere = 8,
    /// Numbers of the watched files and trees that the walk before it has met, each a `u64`.
    Met = 16,
}

impl Part {
    /// The part with this number.
    pub const fn from_u8(v: u8) -> Option<Self> {
        Some(match v {
            1 => Self::Walk,
            2 => Self::Text,
            3 => Self::Argv,
            4 => Self::File,
            5 => Self::Block,
            6 => Self::Count,
            7 => Self::Socket,
            8 => Self::IdsHere,
            16 => Self::Met,
            _ => return None,
        })
    }
}

/// [`Section::of`] below 6: that argument. These stand for other things.
pub const OF_RESULT: u8 = 6;
/// The working directory.
pub const OF_CWD: u8 = 7;
/// The program.
pub const OF_EXE: u8 = 8;
/// The root directory, only present when it is not the tracer's own.
pub const OF_ROOT: u8 = 9;
/// An `io_uring` request: two words by which its completion is known, and not zero when a success
/// is completed without a word.
pub const OF_REQUEST: u8 = 10;
/// The command line of the process, with a NUL behind each argument.
pub const OF_TITLE: u8 = 11;
/// The execution domain of the task (personality(2)), a number that is not 0.
pub const OF_PERSONALITY: u8 = 12;
/// How many arguments the new program has, where the record has not all of them.
pub const OF_ARGC: u8 = 13;
/// How many bytes the last argument in the record goes on for, where it is cut.
pub const OF_ARG_REST: u8 = 14;
/// An id of the task in its own pid namespace, and, in the upper half, in that of the tracer: of
/// thread, process, process group and session.
pub const OF_PIDS: u8 = 15;
/// From here on, by number: what the descriptors in the memory that an argument leads to stand for.
pub const OF_INSIDE: u8 = 32;

/// [`Section::status`]: all of it is there.
pub const OK: u8 = 0;
/// The user memory could not be read (not mapped, or not resident).
pub const FAULT: u8 = 1;
/// Cut at a limit.
pub const CUT: u8 = 2;
/// Deeper than `WALK_MAX` components: the payload is the lower end. What is above was looked at all
/// the same, where somebody asked for it.
pub const TOO_DEEP: u8 = 3;
/// The descriptor is not open any more.
pub const BAD_FD: u8 = 4;
/// The task has no memory map (kernel thread, or ending).
pub const NO_MM: u8 = 5;
/// A kernel structure could not be read.
pub const KERNEL_FAULT: u8 = 6;

/// [`Section::flags`] of a walk: the leaf is not linked any more.
pub const DELETED: u8 = 1;
/// [`Section::flags`] of a walk: it ended in a mount that is in no namespace.
pub const DETACHED: u8 = 2;

/// [`Section::flags`] of a walk: it met a watched root.
pub const BELOW: u8 = 4;

/// [`Section::flags`] of memory: as it was when the call began.
pub const BEFORE_CALL: u8 = 1;

/// [`Section::flags`] of a walk: the leaf is in the directory of a watched file.
pub const NEAR: u8 = 8;

/// [`Section::flags`] of a walk: it ended at the root of the tracer's mount namespace, without
/// meeting the tracer's own root directory.
pub const OUTSIDE: u8 = 16;

/// [`Section::flags`] of a walk: it did not get to an end, so that nobody knows what it would have
/// met.
pub const UNENDED: u8 = 32;

/// [`Section::flags`] of a walk: it ended at the root of another mount namespace than the tracer's.
pub const OTHER_MOUNTS: u8 = 64;

/// [`Section::flags`] of a walk: the leaf is the directory of a watched file.
pub const HOLDS: u8 = 128;

/// Head of a section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Section {
    /// A [`Part`].
    pub part: u8,
    /// Argument index, or `OF_...`.
    pub of: u8,
    /// `OK` or the reason why it is not whole.
    pub status: u8,
    /// `DELETED`, `DETACHED`.
    pub flags: u8,
    /// Length of the payload in bytes, without padding.
    pub len: u32,
}

/// Identity and attributes of an open file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct FileInfo {
    /// Inode number.
    pub ino: u64,
    /// Device of the file system, kernel encoding (12 bits major, 20 bits minor).
    pub dev: u32,
    /// Device number of a device file, kernel encoding.
    pub rdev: u32,
    /// Type and permissions.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// `f_mode` of the open file.
    pub f_mode: u32,
}

/// What a socket is, and what it is bound and connected to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct SocketInfo {
    /// Address family (`AF_INET`, ...).
    pub family: u16,
    /// Type (`SOCK_STREAM`, ...).
    pub kind: u16,
    /// Port of this end in host order, 0 when it is not bound; of netlink the protocol.
    pub local_port: u16,
    /// Port of the other end in host order, 0 without one.
    pub remote_port: u16,
    /// Unix: inode number of the other end. Netlink: the port id.
    pub peer: u64,
    /// Unix: there is another end.
    pub has_peer: u32,
    /// Unix: length of the name.
    pub name_len: u32,
    /// Internet: address of this end and, from byte 16 on, of the other. Unix: the name.
    pub bytes: [u8; SOCKET_NAME_MAX],
}

/// Ids of the actor in the pid namespace of the tracer; 0 is a process that is not in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct IdsHere {
    /// Thread group id.
    pub pid: u32,
    /// Thread id.
    pub tid: u32,
    /// Thread group id of the parent.
    pub ppid: u32,
    /// Always 0.
    pub reserved: u32,
}

/// Longest name of a Unix socket (`sun_path` of unix(7)), made a multiple of 8.
pub const SOCKET_NAME_MAX: usize = 112;

/// [`FileInfo::f_mode`]: this open made the file (`FMODE_CREATED` of `linux/fs.h`, the same bit
/// since 4.19).
pub const FMODE_CREATED: u32 = 0x10_0000;

/// Answer of the `locate` program: kernel identity of what a descriptor of the caller stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Located {
    /// `struct inode *`; 0 when the descriptor is not open.
    pub inode: u64,
    /// `struct mnt_namespace *` of the caller.
    pub mnt_ns: u64,
    /// `struct vfsmount *` of the caller's root directory.
    pub root_mnt: u64,
    /// `struct dentry *` of the caller's root directory.
    pub root_dentry: u64,
    /// Thread group id of the caller in the initial pid namespace.
    pub pid: u64,
    /// `struct pid_namespace *` of the caller.
    pub pid_ns: u64,
    /// How deep that is below the initial one; 0: it is that.
    pub pid_level: u64,
    /// Id in the initial pid namespace of the task that the descriptor, a directory of procfs, is
    /// about. It means nothing for any other file.
    pub process: u64,
    /// Not zero when the descriptor's file is at or below a watched root.
    pub below: u64,
    /// Flags of the walk to it, and in the second byte how many names it took.
    pub walk: u64,
    /// Numbers of the watched files and trees of the rule set that it is at or below.
    pub met: [u64; MET_MAX],
}

impl Located {
    /// Is it below the root directory of the tracer?
    pub fn is_inside(&self) -> bool {
        let elsewhere = OUTSIDE | OTHER_MOUNTS | DETACHED | UNENDED;
        self.inode != 0 && self.walk & u64::from(elsewhere) == 0
    }

    /// Does it have a name, so that it is not the root of its mount namespace?
    pub fn has_name(&self) -> bool {
        self.walk >> 8 != 0
    }
}

// SAFETY: integers and arrays of integers laid out without padding (checked below).
unsafe impl Plain for Head {}
// SAFETY: four u8 and a u32.
unsafe impl Plain for Section {}
// SAFETY: a u64 and six u32.
unsafe impl Plain for FileInfo {}
// SAFETY: u32 only.
unsafe impl Plain for IdsHere {}
// SAFETY: integers without padding.
unsafe impl Plain for SocketInfo {}
// SAFETY: u64 only.
unsafe impl Plain for Located {}

const _: () = assert!(size_of::<Head>() == 192 && align_of::<Head>() == 8);
const _: () = assert!(size_of::<Section>() == 8);
const _: () = assert!(size_of::<FileInfo>() == 32);
