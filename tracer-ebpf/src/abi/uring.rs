//! `io_uring` requests as the calls that they stand for: user space tells for each operation which
//! members of the request are the arguments of the call of the same name.

use super::Plain;

/// Slots of the table of operations. Linux 6.18 has 63; an opcode beyond it is not reported.
pub const OPS: usize = 128;

/// `IOSQE_FIXED_FILE` of `linux/io_uring.h`: the descriptor is an index into the ring's own table.
pub const FIXED_FILE: u32 = 1;
/// `IOSQE_CQE_SKIP_SUCCESS`: a success is not told to anybody.
pub const SKIPS_SUCCESS: u32 = 1 << 6;
/// `IORING_CQE_F_MORE`: further completions of the same request follow.
pub const MORE: u32 = 2;
/// `IORING_FILE_INDEX_ALLOC`: the kernel chooses the index in the ring's table.
pub const ANY_SLOT: u32 = u32::MAX;

/// [`Request::flags`]: where the arguments are is not known.
pub const NO_MEMBERS: u32 = 1 << 31;

/// How a member is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Take {
    /// There is none: the argument is 0.
    Nothing = 0,
    /// A number.
    Value = 1,
    /// A signed number.
    Signed = 2,
    /// A pointer to a `struct filename`, the kernel's copy of a name.
    Name = 3,
    /// A pointer to a string in user memory.
    UserText = 4,
    /// A pointer to a string in kernel memory.
    KernelText = 5,
    /// 24 bytes of the request itself: `struct open_how`.
    How = 6,
    /// The descriptor that every request has.
    Fd = 7,
    /// The size of `struct open_how`.
    HowSize = 8,
}

/// One argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Member {
    /// A [`Take`].
    pub take: u8,
    /// Bytes of a number.
    pub width: u8,
    /// A [`Capture`](super::call::Capture): what the argument is to the call.
    pub how: u8,
    /// Kept zero.
    pub reserved: u8,
    /// Where it is in the request.
    pub offset: u32,
}

/// One operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Request {
    /// The arguments.
    pub members: [Member; 6],
    /// `WANTED`, `RETURNS_FD` of the call.
    pub flags: u32,
    /// Where the request says which slot of the ring's table takes the opened file;
    /// [`ABSENT`](super::offsets::ABSENT): it does not.
    pub slot: u32,
}

/// The table handed to the probes.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Requests {
    /// By opcode.
    pub ops: [Request; OPS],
}

impl Member {
    /// No argument.
    pub const NOTHING: Self = Self {
        take: Take::Nothing as u8,
        width: 0,
        how: 0,
        reserved: 0,
        offset: 0,
    };

    /// All of it in one register.
    pub const fn pack(self) -> u64 {
        let low = u32::from_ne_bytes([self.take, self.width, self.how, self.reserved]);
        low as u64 | (self.offset as u64) << 32
    }

    /// What [`Member::pack`] made one word of.
    pub const fn unpack(word: u64) -> Self {
        let [take, width, how, reserved] = (word as u32).to_ne_bytes();
        Self {
            take,
            width,
            how,
            reserved,
            offset: (word >> 32) as u32,
        }
    }
}

impl Request {
    /// Nothing is captured and the operation is not wanted.
    pub const NONE: Self = Self {
        members: [Member::NOTHING; 6],
        flags: 0,
        slot: super::offsets::ABSENT,
    };
}

/// A request that was reported and waits for its completion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Waiting {
    /// Requests with the same key.
    pub count: u32,
    /// Not zero: a success is a descriptor whose file is captured.
    pub opens: u32,
    /// Index in the ring's table plus one, [`ANY_SLOT`], or 0 for a descriptor.
    pub slot: u32,
    /// Opcode.
    pub op: u32,
}

// SAFETY: four bytes and a u32.
unsafe impl Plain for Member {}
// SAFETY: `Member`s of eight bytes, and two u32.
unsafe impl Plain for Request {}
// SAFETY: an array of `Request`.
unsafe impl Plain for Requests {}
// SAFETY: u32 only.
unsafe impl Plain for Waiting {}

const _: () = assert!(size_of::<Member>() == 8 && size_of::<Request>() == 56);
