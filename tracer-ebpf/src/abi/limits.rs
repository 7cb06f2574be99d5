//! Every limit of the kernel side, with the reason for its value.

/// Bytes of one record that can be filled before a capture stops and says "truncated".
/// A power of two: the verifier accepts a position masked with `RECORD_MAX - 1`.
pub const RECORD_MAX: usize = 1 << 15;

/// Room behind `RECORD_MAX` that one single read may reach into, so that a read at the last
/// position needs no second bound. The largest single read is [`ARGV_BLOCK`].
pub const RECORD_SLACK: usize = ARGV_BLOCK + 64;

/// Bytes of the requested name of an exec that are kept until the call's exit.
pub const EXEC_NAME_MAX: usize = STRING_MAX;

/// Bytes of a user string that are read: one more than `PATH_MAX` of `linux/limits.h` (which
/// counts the NUL), so that a name that just fits differs from one that was cut.
pub const STRING_MAX: usize = 4096 + 1;

/// Components of one path that are walked, mounts included: the deepest trees seen in practice
/// (nested `node_modules`, container overlays) have less than 40. A deeper path is marked.
pub const WALK_MAX: usize = 256;

/// Steps of one walk, with those that take no names: what is watched is met that far above a file.
/// Paths that are passed whole have no more (`PATH_MAX`). What is deeper goes to user space.
///
/// The verifier keeps every branch of a loop until it has seen the end, at most 8,192 of them
/// (`BPF_COMPLEXITY_LIMIT_JMP_SEQ` of `kernel/bpf/verifier.c`): a step may have four, whichever
/// compiler lays them out.
pub const DEPTH_MAX: usize = 2048;

/// Longest file name: `NAME_MAX` of `linux/limits.h` is 255; one more keeps it a power of two.
pub const NAME_MAX: usize = 256;

/// Bytes of the argument block of a new program image that are read. A power of two.
pub const ARGV_BLOCK: usize = 1 << 13;

/// Blocks of [`ARGV_BLOCK`] that are looked at for the end of an argument that is cut: the kernel takes
/// none of more than 32 pages (`MAX_ARG_STRLEN` of `linux/binfmts.h`).
pub const ARG_BLOCKS: usize = 17;

/// Arguments read one by one when an exec failed and there is no new image to read them from;
/// [`RECORD_MAX`] ends most such lists earlier.
pub const ARGV_MAX: usize = 1024;

/// Longest single argument read then.
pub const ARG_MAX: usize = 512;

/// Bytes of the command line that are read for a record by rules: what an audit record has of it
/// (`MAX_PROCTITLE_AUDIT_LEN` of `kernel/audit.h`).
pub const TITLE_MAX: usize = 128;

/// Bytes of one block of user memory that are read: what the slack behind the record holds.
pub const BLOCK_MAX: usize = ARGV_BLOCK - 1;

/// Elements of an iovec array whose memory is captured; the kernel allows 1024 (`UIO_MAXIOV`).
pub const IOVEC_MAX: usize = 32;

/// Descriptors in the memory of an argument whose files are captured.
pub const INSIDE_MAX: u64 = 32;

/// Messages of one sendmmsg(2) or recvmmsg(2) that are captured.
pub const MMSG_MAX: usize = 8;

/// Bytes of control data of a message, and of a socket address (`sizeof(struct
/// sockaddr_storage)` is 128) that are captured.
pub const CONTROL_MAX: usize = 256;

/// Bytes of netlink messages that are captured.
pub const NETLINK_MAX: usize = 4096;

/// Directory entries that are counted: a buffer of 32 KiB holds at most 1365.
pub const ENTRIES_MAX: usize = 2048;

/// Slots of the call table: system call numbers of one architecture. The highest number of
/// Linux 6.18 is 470; the last slot stands for every number beyond the table.
pub const CALLS_PER_ARCH: usize = 512;

/// Processes traced by id at once, unless user space asks for more or fewer.
pub const TARGETS_DEFAULT: u32 = 65_536;

/// Threads that are inside a call at once and whose time is known.
pub const ENTERED_MAX: u32 = 65_536;

/// Forks noted while user space looks for descendants, which takes milliseconds.
pub const BIRTHS_MAX: u32 = 16_384;

/// Watched roots compared while walking without a map lookup.
pub const ROOTS_INLINE: usize = 4;

/// Default size of the ring buffer in bytes: 200,000 events a second of 300 bytes fill 16 MiB in
/// a quarter of a second, far longer than the reader's longest sleep.
pub const RING_DEFAULT: u32 = 16 << 20;

/// Processes whose share of the ring is counted at once, for each CPU. Of more, that begins anew which
/// was counted longest ago.
pub const SHARES_MAX: u32 = 1024;

/// Requests of `io_uring` that are remembered until they are done.
pub const REQUESTS_MAX: u32 = 16_384;
