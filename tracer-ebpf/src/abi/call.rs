//! What is to be captured of one system call: user space fills one [`CallSpec`] per call number
//! from its table of calls, and the probe follows it without knowing any call by name.

use super::{Plain, limits::CALLS_PER_ARCH};

/// How one argument is captured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Capture {
    /// The raw register only.
    Raw = 0,
    /// A path name in user memory, relative to the descriptor in the argument before it when that
    /// is a [`Capture::DirFd`], else to the working directory.
    Path = 1,
    /// A descriptor whose file is captured.
    Fd = 2,
    /// A directory descriptor for the path in the next argument.
    DirFd = 3,
    /// A NUL-terminated string that is not a path.
    Text = 4,
    /// A NULL-terminated array of strings.
    Argv = 5,
    /// Memory at the argument's address: [`ArgSpec::unit`] bytes, as often as [`ArgSpec::count`]
    /// says.
    Block = 6,
    /// A `struct iovec` array, and what its elements point to.
    Iovec = 7,
    /// A `struct msghdr`, and what it points to.
    Msghdr = 8,
    /// An array of `struct mmsghdr`, and what they point to.
    Mmsghdr = 9,
    /// The number of strings in a NULL-terminated array.
    CountStrings = 10,
    /// The number of `struct linux_dirent64` in as many bytes as the result says.
    CountEntries = 11,
    /// The memory that an ioctl(2) command in the argument before it takes or gives.
    Ioctl = 12,
    /// A structure of [`ArgSpec::unit`] bytes, and the array that it leads to: the address is at
    /// the low byte of [`ArgSpec::max`] and the number of its elements at the high one, as many
    /// bytes wide as [`ArgSpec::count`] says (0: there is one); an element has [`ArgSpec::stride`]
    /// bytes.
    Behind = 13,
    /// An array of addresses, as long as [`ArgSpec::count`] says, each of which leads to
    /// [`ArgSpec::unit`] bytes; where [`ArgSpec::stride`] is not 0, the address and the length of a
    /// buffer are there in them.
    Pointers = 14,
    /// Memory as of a [`Capture::Block`] that goes through the socket in the first argument: of a
    /// netlink message at most [`ArgSpec::max`] bytes, of anything else as many as of any buffer.
    Datagram = 15,
}

impl Capture {
    /// Every capture, in the order of their numbers.
    pub const ALL: [Self; 16] = [
        Self::Raw,
        Self::Path,
        Self::Fd,
        Self::DirFd,
        Self::Text,
        Self::Argv,
        Self::Block,
        Self::Iovec,
        Self::Msghdr,
        Self::Mmsghdr,
        Self::CountStrings,
        Self::CountEntries,
        Self::Ioctl,
        Self::Behind,
        Self::Pointers,
        Self::Datagram,
    ];
}

/// [`ArgSpec::count`]: one element.
pub const ONE: u8 = 255;
/// [`ArgSpec::count`]: as many as the result says. Below this: as many as that argument says.
pub const BY_RESULT: u8 = 6;
/// [`ArgSpec::count`], added to an argument's index: as many as the `u32` behind that argument.
pub const BEHIND: u8 = 16;

/// [`ArgSpec::when`]: whatever the result.
pub const ALWAYS: u8 = 0;
/// [`ArgSpec::when`]: only when the call succeeded, because it is the call that fills it.
pub const ON_SUCCESS: u8 = 1;
/// Added to [`ArgSpec::when`]: as it is when the call begins, too, because the call changes it.
pub const AT_ENTRY: u8 = 2;

/// How one argument is captured, with its measures. Eight bytes, so that it fits into a register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct ArgSpec {
    /// A [`Capture`].
    pub how: u8,
    /// [`ALWAYS`] or [`ON_SUCCESS`], and [`AT_ENTRY`].
    pub when: u8,
    /// Number of elements: [`ONE`], an argument's index, [`BY_RESULT`], or [`BEHIND`] an argument.
    pub count: u8,
    /// Of a [`Capture::Block`] with descriptors whose files are captured, too: bytes from one to the
    /// next. Of [`Capture::Behind`] and [`Capture::Pointers`]: as there. 0 of any other.
    pub stride: u8,
    /// Bytes of one element.
    pub unit: u16,
    /// Elements at most; 0 stands for `Config::strings`. Of a descriptor: [`FOR_READER`].
    pub max: u16,
}

/// [`ArgSpec::max`] of a descriptor: its file is captured for the reader alone, and is not the one
/// that the call is about.
pub const FOR_READER: u16 = 1;

impl ArgSpec {
    /// The raw register only.
    pub const RAW: Self = Self::new(Capture::Raw);

    /// Is it an array of structures of which as many are captured as strings have bytes?
    pub const fn is_array(self) -> bool {
        self.how == Capture::Block as u8 && self.unit > 1 && self.max == 0
    }

    /// A capture without measures.
    pub const fn new(how: Capture) -> Self {
        Self {
            how: how as u8,
            when: ALWAYS,
            count: ONE,
            stride: 0,
            unit: 0,
            max: 0,
        }
    }
}

/// The call is asked for: without this bit nothing else of the entry is looked at.
pub const WANTED: u8 = 1;
/// A result of zero or more is a new descriptor whose file is captured.
pub const RETURNS_FD: u8 = 2;
/// A result of zero in the child of a fork is not an event: the parent reports the call.
pub const FORKS: u8 = 4;
/// The call replaces the program image when it succeeds.
pub const EXECS: u8 = 8;
/// A success changes the working directory: the walk of the new one is the truth about the path.
pub const MOVES_CWD: u8 = 16;
/// The call does not return: its exit is reported by the end of the task, not by its result.
pub const ENDS_TASK: u8 = 32;
/// The first path is what the call opens or executes; failures are of interest to a watch, a
/// lookup that found nothing is not (`ENOENT`, `ENOTDIR`), as with an audit watch.
pub const LOOKS_UP: u8 = 64;

/// A success changes the root directory.
pub const MOVES_ROOT: u8 = 128;

/// The kernel's half of one line of the table of calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct CallSpec {
    /// One per argument.
    pub args: [ArgSpec; 6],
    /// `WANTED`, `RETURNS_FD`, ...
    pub flags: u8,
    /// The result is a descriptor whose file is captured for the reader only.
    pub names_result: u8,
    /// Bit `n`: what the descriptor or the address in argument `n` leads to is captured when the
    /// call begins, too.
    pub before: u8,
    /// Kept zero.
    pub reserved: [u8; 5],
}

impl CallSpec {
    /// Nothing is captured and the call is not wanted.
    pub const NONE: Self = Self {
        args: [ArgSpec::RAW; 6],
        flags: 0,
        names_result: 0,
        before: 0,
        reserved: [0; 5],
    };
}

// SAFETY: four bytes and two u16 without padding (checked below).
unsafe impl Plain for ArgSpec {}
// SAFETY: eight times eight bytes without padding (checked below).
unsafe impl Plain for CallSpec {}
/// [`CallGate::wanted`]: the call is wanted.
pub const GATE_WANTED: u8 = 1;
/// [`CallGate::wanted`]: something is captured when it begins.
pub const GATE_BEFORE: u8 = 2;

/// The gate's first question, answered by one byte: is this number wanted in any architecture?
#[derive(Clone, Copy)]
#[repr(C)]
pub struct CallGate {
    /// Indexed by number; not zero where either table wants it.
    pub wanted: [u8; CALLS_PER_ARCH],
}
// SAFETY: an array of bytes.
unsafe impl Plain for CallGate {}

const _: () = assert!(size_of::<ArgSpec>() == 8 && size_of::<CallSpec>() == 56);
