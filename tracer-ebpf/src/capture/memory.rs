//! Memory that arguments point to: blocks, and the structures that lead to further memory. Each
//! block goes out with its address, so that user space finds it as the program would. Knows
//! shapes, not calls.

use aya_ebpf::helpers::generated as helpers;
use tracer_ebpf::abi::{
    call::{ArgSpec, BEHIND, BY_RESULT, Capture, FOR_READER, ON_SUCCESS, ONE},
    limits::{
        ARGV_MAX, BLOCK_MAX, CONTROL_MAX, ENTRIES_MAX, INSIDE_MAX, IOVEC_MAX, MMSG_MAX,
        NETLINK_MAX, RECORD_SLACK,
    },
    wire::{CUT, FAULT, OF_INSIDE, OK, Part, Section},
};

use super::{Scratch, file, scratch, socket};
use crate::kernel::{config, read_user};

/// Addresses below are never mapped (`mmap_min_addr`; a page where it is 0): small numbers in
/// the place of a pointer.
const LOWEST: u64 = 4096;
/// The smallest page.
const PAGE: u64 = 4096;
/// A power of two above [`BLOCK_MAX`] and inside the slack.
const MASK: u64 = (BLOCK_MAX + 1) as u64;
const _: () = assert!((BLOCK_MAX + 1).is_power_of_two() && BLOCK_MAX + 1 + 16 <= RECORD_SLACK);

/// `len` bytes at `at` (fewer where they end at an unmapped page).
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn block(slot: u64, of: u64, at: u64, len: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    if at < LOWEST || len == 0 {
        return 0;
    }
    let (len, mut status) = if len > BLOCK_MAX as u64 {
        (BLOCK_MAX as u64, CUT)
    } else {
        (len, OK)
    };
    if !s.has_room(len as usize + 64) {
        s.absent(Part::Block, of as u8, CUT);
        return 0;
    }
    let start = s.open(Part::Block, of as u8);
    // SAFETY: the position is a multiple of 8 inside the buffer, with slack behind it.
    unsafe { s.at(start + 8).cast::<u64>().write(at) };
    let mut got = len;
    if !read_into(s, start + 16, at, len) {
        // The end may be beyond the last mapped page: what stands before it is still there.
        got = PAGE - (at & (PAGE - 1));
        status = FAULT;
        if got >= len || !read_into(s, start + 16, at, got) {
            s.close(start, FAULT, 0, 8);
            return 0;
        }
    }
    s.close(start, status, 0, 8 + (got & (MASK - 1)) as usize);
    1
}

#[inline(always)]
fn read_into(s: &mut Scratch, position: usize, at: u64, len: u64) -> bool {
    let to = s.at(position);
    // SAFETY: at most `BLOCK_MAX` bytes are written, which the slack holds.
    let rc = unsafe {
        helpers::bpf_probe_read_user(to.cast(), (len & (MASK - 1)) as u32, at as *const _)
    };
    rc == 0
}

/// The elements of an array `spec` says there are, at most those that are wanted.
#[inline(always)]
fn count(s: &mut Scratch, spec: ArgSpec) -> u64 {
    let ret = s.head().ret;
    let all = if spec.count == ONE {
        return 1;
    } else if spec.count == BY_RESULT {
        if ret > 0 { ret as u64 } else { 0 }
    } else if spec.count >= BEHIND {
        let at = argument(s, spec.count - BEHIND);
        read_user::<u32>(at).map_or(0, u64::from)
    } else {
        argument(s, spec.count)
    };
    let max = if spec.max == 0 {
        // Of an array, one more than is shown: the reader is told whether it could be read.
        config!(strings) + u64::from(spec.unit > 1)
    } else {
        u64::from(spec.max)
    };
    if all < max { all } else { max }
}

/// The value of an argument.
#[inline(always)]
fn argument(s: &mut Scratch, index: u8) -> u64 {
    match s.head().args.get(usize::from(index & 7)) {
        Some(value) => *value,
        None => 0,
    }
}

/// Is the file of this descriptor captured for the reader alone?
#[inline(always)]
pub(crate) fn is_for_reader(spec: u64) -> bool {
    unpack(spec).max == FOR_READER
}

/// [`ArgSpec::max`] of a packed spec.
#[inline(always)]
pub(crate) fn longest(spec: u64) -> u64 {
    u64::from(unpack(spec).max)
}

/// Is this argument's memory of interest, as the call ended?
#[inline(always)]
fn is_due(s: &mut Scratch, spec: ArgSpec) -> bool {
    spec.when & ON_SUCCESS == 0 || !(-4095..0).contains(&s.head().ret)
}

/// Captures what the argument `of` with this value points to. `spec` is an [`ArgSpec`] from
/// [`pack`].
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn memory(slot: u64, spec: u64, of: u64, value: u64, before: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let spec = unpack(spec);
    if value < LOWEST || !is_due(s, spec) {
        return 0;
    }
    let count = count(s, spec);
    if spec.how == Capture::Block as u8 {
        return block(slot, of, value, count * u64::from(spec.unit));
    }
    if spec.how == Capture::Iovec as u8 {
        // What was not transferred is of no interest: the result limits a call that fills.
        let ret = s.head().ret;
        s.counting.count = 0;
        let limit = if spec.stride == 0 {
            u64::MAX
        } else if ret > 0 {
            ret as u64
        } else {
            0
        };
        return iovec(slot, of, value, count, limit);
    }
    if spec.how == Capture::Msghdr as u8 {
        // What was not transferred is of no interest.
        let ret = s.head().ret;
        s.counting.count = DATAGRAM;
        return msghdr(slot, of, value, if ret > 0 { ret as u64 } else { u64::MAX });
    }
    if spec.how == Capture::Mmsghdr as u8 {
        s.counting.count = DATAGRAM;
        for i in 0..MMSG_MAX as u64 {
            if i >= count {
                break;
            }
            let at = value + i * MMSGHDR;
            // The length that the kernel put behind it.
            let len = at + MSGHDR;
            let limit = if spec.when & ON_SUCCESS == 0 {
                u64::MAX
            } else {
                read_user::<u32>(len).map_or(0, u64::from)
            };
            msghdr(slot, of, at, limit);
            block(slot, of, len, 8);
        }
        return 0;
    }
    if spec.how == Capture::CountStrings as u8 {
        return count_strings(slot, of, value);
    }
    if spec.how == Capture::CountEntries as u8 {
        return count_entries(slot, of, value);
    }
    if spec.how == Capture::Ioctl as u8 {
        return ioctl(slot, of, value, before);
    }
    if spec.how == Capture::Datagram as u8 {
        s.counting.count = DATAGRAM;
        let len = length(slot, value, count);
        return block(slot, of, value, len);
    }
    if spec.how == Capture::Behind as u8 {
        return behind(slot, of, value, pack(spec));
    }
    if spec.how == Capture::Pointers as u8 {
        return pointers(slot, of, value, count, pack(spec));
    }
    0
}

/// The structure at `at`, and the array that it leads to.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn behind(slot: u64, of: u64, at: u64, spec: u64) -> u64 {
    let spec = unpack(spec);
    if block(slot, of, at, u64::from(spec.unit)) == 0 {
        return 0;
    }
    let here = at + u64::from(spec.max & 0xff);
    let Some(array) = read_user::<u64>(here) else {
        return 0;
    };
    let length = at + u64::from(spec.max >> 8);
    let count = if spec.count == 0 {
        1
    } else if spec.count == 2 {
        read_user::<u16>(length).map_or(0, u64::from)
    } else if spec.count == 4 {
        read_user::<u32>(length).map_or(0, u64::from)
    } else {
        read_user::<u64>(length).unwrap_or(0)
    };
    let count = if count < BLOCK_MAX as u64 {
        count
    } else {
        BLOCK_MAX as u64
    };
    block(slot, of, array, count * u64::from(spec.stride))
}

/// The array of addresses at `at`, and what they lead to.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn pointers(slot: u64, of: u64, at: u64, count: u64, spec: u64) -> u64 {
    let count = if count < IOVEC_MAX as u64 {
        count
    } else {
        IOVEC_MAX as u64
    };
    if block(slot, of, at, count * 8) == 0 {
        return 0;
    }
    for i in 0..IOVEC_MAX as u64 {
        if i >= count {
            break;
        }
        element(slot, of, at + i * 8, spec);
    }
    0
}

/// What the address at `at` leads to, and the buffer that this leads to.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn element(slot: u64, of: u64, at: u64, spec: u64) -> u64 {
    let spec = unpack(spec);
    let Some(at) = read_user::<u64>(at) else {
        return 0;
    };
    if block(slot, of, at, u64::from(spec.unit)) == 0 || spec.stride == 0 {
        return 0;
    }
    buffer(slot, of, at + u64::from(spec.stride), u64::MAX)
}

/// Captures what the descriptors in the block whose section begins at `start` lead to.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn inside(slot: u64, start: u64, stride: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    // SAFETY: the mask of `at` keeps the address inside the buffer, with slack behind it.
    let len = unsafe { (*s.at(start as usize).cast::<Section>()).len };
    for i in 0..INSIDE_MAX {
        // The address of the block is in front.
        let at = 8 + i * stride;
        if at + 4 > u64::from(len) {
            break;
        }
        descriptor(slot, u64::from(OF_INSIDE) + i, start + 8 + at);
    }
    0
}

/// Captures what the descriptor at `position` of the record leads to, if it is one.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn descriptor(slot: u64, of: u64, position: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    // SAFETY: as above.
    let number = unsafe { s.at(position as usize).cast::<u32>().read_unaligned() };
    let found = file::lookup(u64::from(number));
    if found != 0 {
        file::file(slot, of, found);
    }
    0
}

/// `struct iovec` and `struct msghdr` of a 64-bit program.
const IOVEC: u64 = 16;
const MSGHDR: u64 = 56;
const MMSGHDR: u64 = 64;

/// The array at `at`, and the buffers of its elements until `limit` bytes are reached.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn iovec(slot: u64, of: u64, at: u64, count: u64, limit: u64) -> u64 {
    let count = if count < IOVEC_MAX as u64 {
        count
    } else {
        IOVEC_MAX as u64
    };
    if block(slot, of, at, count * IOVEC) == 0 {
        return 0;
    }
    let mut rest = limit;
    for i in 0..IOVEC_MAX as u64 {
        if i >= count || rest == 0 {
            break;
        }
        rest = buffer(slot, of, at + i * IOVEC, rest);
    }
    0
}

/// The buffer of the `struct iovec` at `at`. Returns what is left of `limit`.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn buffer(slot: u64, of: u64, at: u64, limit: u64) -> u64 {
    let Some([base, len]) = read_user::<[u64; 2]>(at) else {
        return 0;
    };
    let len = if len < limit { len } else { limit };
    let shown = length(slot, base, len);
    block(slot, of, base, shown);
    limit - len
}

/// [`Counting::count`]: what is captured goes through the socket in the first argument.
const DATAGRAM: u64 = 1;
/// Bytes of `struct nlmsghdr`, which begins with the length of its message.
const NLMSGHDR: u64 = 16;

/// How much of a buffer of this length is captured.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn length(slot: u64, base: u64, len: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let mut max = config!(strings);
    if s.counting.count == DATAGRAM && len >= NLMSGHDR {
        let first = read_user::<u32>(base).map_or(0, u64::from);
        let socket = argument(s, 0);
        if (NLMSGHDR..=NETLINK_LONGEST).contains(&first) && socket::netlink(slot, socket) != 0 {
            max = NETLINK_MAX as u64;
        }
    }
    if len < max { len } else { max }
}

/// A first word above is no length of a message, but text.
const NETLINK_LONGEST: u64 = 0xff_ffff;

/// A `struct msghdr`: address, iovec array with `limit` bytes of data, and control data.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn msghdr(slot: u64, of: u64, at: u64, limit: u64) -> u64 {
    if block(slot, of, at, MSGHDR) == 0 {
        return 0;
    }
    // name and namelen, iov and iovlen, control and controllen, flags.
    let Some([name, name_len, iov, iov_len, control, control_len]) = read_user::<[u64; 6]>(at)
    else {
        return 0;
    };
    let max = CONTROL_MAX as u64;
    let name_len = name_len & 0xffff_ffff;
    block(slot, of, name, if name_len < max { name_len } else { max });
    iovec(slot, of, iov, iov_len, limit);
    block(
        slot,
        of,
        control,
        if control_len < max { control_len } else { max },
    )
}

/// Where a count stands.
#[repr(C)]
pub(crate) struct Counting {
    here: u64,
    end: u64,
    count: u64,
    status: u8,
    reserved: [u8; 7],
}

impl Counting {
    fn from(here: u64, end: u64) -> Self {
        Self {
            here,
            end,
            count: 0,
            status: CUT,
            reserved: [0; 7],
        }
    }
}

/// Elements that are counted in one go.
const AT_ONCE: usize = 32;

/// How many pointers stand before the NULL at the end of the array.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn count_strings(slot: u64, of: u64, at: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    s.counting = Counting::from(at, 0);
    for _ in 0..ARGV_MAX / AT_ONCE {
        if some_strings(slot) != 0 {
            break;
        }
    }
    put_count(slot, of, s.counting.status, s.counting.count)
}

/// Goes over some pointers. Returns 0 when there may be more.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn some_strings(slot: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 1;
    };
    for _ in 0..AT_ONCE {
        s.counting.status = match read_user::<u64>(s.counting.here) {
            None => FAULT,
            Some(0) => OK,
            Some(_) => {
                s.counting.here += 8;
                s.counting.count += 1;
                continue;
            }
        };
        return 1;
    }
    0
}

/// How many `struct linux_dirent64` (or `linux_dirent`: both have their length at 16) the result
/// says there are.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn count_entries(slot: u64, of: u64, at: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    s.counting = Counting::from(at, at + s.head().ret as u64);
    for _ in 0..ENTRIES_MAX / AT_ONCE {
        if some_entries(slot) != 0 {
            break;
        }
    }
    put_count(slot, of, s.counting.status, s.counting.count)
}

/// Goes over some entries. Returns 0 when there may be more.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn some_entries(slot: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 1;
    };
    for _ in 0..AT_ONCE {
        if s.counting.here >= s.counting.end {
            s.counting.status = OK;
            return 1;
        }
        match read_user::<u16>(s.counting.here + 16) {
            Some(len) if len != 0 => s.counting.here += u64::from(len),
            _ => {
                s.counting.status = FAULT;
                return 1;
            }
        }
        s.counting.count += 1;
    }
    0
}

#[inline(always)]
pub(crate) fn put_count(slot: u64, of: u64, status: u8, count: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    if !s.has_room(64) {
        return 0;
    }
    let start = s.open(Part::Count, of as u8);
    // SAFETY: the position is a multiple of 8 inside the buffer, with slack behind it.
    unsafe { s.at(start + 8).cast::<u64>().write(count) };
    s.close(start, status, 0, 8);
    1
}

/// What a command of ioctl(2) points to: its size is in the number (`asm-generic/ioctl.h`), but
/// for the old ones, which take 64 bytes or fewer.
#[inline(always)]
fn ioctl(slot: u64, of: u64, at: u64, command: u64) -> u64 {
    let size = (command >> 16) & 0x3fff;
    let kind = command >> 8 & 0xff;
    let has_direction = command >> 30 & 3 != 0;
    let len = if kind == PERF || kind == RANDOM {
        OPEN_ENDED
    } else if has_direction && size != 0 {
        size
    } else {
        64
    };
    block(slot, of, at, len)
}

/// Types of commands whose numbers do not say how much they lead to: strings of performance
/// counters, entropy.
const PERF: u64 = b'$' as u64;
const RANDOM: u64 = b'R' as u64;
/// So much of it is looked at.
const OPEN_ENDED: u64 = 144;

/// A spec in one register.
#[inline(always)]
pub(crate) fn pack(spec: ArgSpec) -> u64 {
    u64::from(spec.how)
        | u64::from(spec.when) << 8
        | u64::from(spec.count) << 16
        | u64::from(spec.stride) << 24
        | u64::from(spec.unit) << 32
        | u64::from(spec.max) << 48
}

#[inline(always)]
fn unpack(spec: u64) -> ArgSpec {
    ArgSpec {
        how: spec as u8,
        when: (spec >> 8) as u8,
        count: (spec >> 16) as u8,
        stride: (spec >> 24) as u8,
        unit: (spec >> 32) as u16,
        max: (spec >> 48) as u16,
    }
}
