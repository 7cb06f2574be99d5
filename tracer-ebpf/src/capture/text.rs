//! Strings and blocks of user memory.

use core::ffi::c_void;

use aya_ebpf::helpers::generated as helpers;
use tracer_ebpf::abi::{
    limits::{EXEC_NAME_MAX, RECORD_SLACK, STRING_MAX},
    wire::{CUT, FAULT, OK, Part},
};

use super::{Scratch, memory, scratch};
use crate::{kernel::config, probe::Note};

/// A NUL-terminated string at `addr`. Returns its first byte, or 0 when it is empty or could not
/// be read.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn string(slot: u64, of: u64, addr: u64) -> u64 {
    // SAFETY: `read` is given room for that many bytes.
    read(slot, of, |to, max| unsafe {
        helpers::bpf_probe_read_user_str(to, max, addr as *const _)
    })
}

/// What is there of a string that could not be read: as much as is shown of one, which is `max` or,
/// where that is 0, as much as of any buffer.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn remains(slot: u64, of: u64, addr: u64, max: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    if s.last_status() == FAULT {
        let max = if max == 0 { config!(strings) } else { max };
        memory::block(slot, of, addr, max + 1);
    }
    0
}

/// The same of a string in kernel memory.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn kernel_string(slot: u64, of: u64, addr: u64) -> u64 {
    // SAFETY: as above.
    read(slot, of, |to, max| unsafe {
        helpers::bpf_probe_read_kernel_str(to, max, addr as *const _)
    })
}

/// A section with the string that `read` writes, of which it says the length with its NUL. Returns
/// the string's first byte.
#[inline(always)]
fn read(slot: u64, of: u64, read: impl FnOnce(*mut c_void, u32) -> i64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    if !s.has_room(STRING_MAX + 64) {
        s.absent(Part::Text, of as u8, CUT);
        return 0;
    }
    let start = s.open(Part::Text, of as u8);
    // `STRING_MAX` bytes from there are inside the buffer and its slack.
    let n = read(s.at(start + 8).cast(), STRING_MAX as u32);
    if n < 0 {
        s.close(start, FAULT, 0, 0);
        return 0;
    }
    // Older kernels say 0 for an empty string in user memory, and write nothing.
    if n == 0 {
        s.close(start, OK, 0, 0);
        return 0;
    }
    // The count includes the NUL; a string of exactly the limit was cut there.
    let status = if n as usize == STRING_MAX { CUT } else { OK };
    s.close(start, status, 0, n as usize - 1);
    // SAFETY: the helper wrote at least the NUL.
    u64::from(unsafe { *s.at(start + 8) })
}

/// The requested name that was kept of an exec; false when it could not be read then.
#[inline(always)]
pub(crate) fn kept(s: &mut Scratch, of: u64, note: &Note) -> bool {
    let len = note.name_len;
    if len <= 0 || !s.has_room(STRING_MAX + 64) {
        return false;
    }
    let start = s.open(Part::Text, of as u8);
    let to = s.at(start + 8);
    // SAFETY: both are at least `EXEC_NAME_MAX` long, and the helper reads no more than 8191.
    let rc = unsafe {
        helpers::bpf_probe_read_kernel(
            to.cast(),
            (len as usize & (MASK - 1)) as u32,
            note.name.as_ptr().cast(),
        )
    };
    if rc != 0 {
        s.close(start, FAULT, 0, 0);
        return true;
    }
    let status = if len as usize == EXEC_NAME_MAX {
        CUT
    } else {
        OK
    };
    s.close(start, status, 0, len as usize - 1);
    true
}

/// A power of two above [`EXEC_NAME_MAX`] and not above the slack of the buffer.
const MASK: usize = 8192;
const _: () = assert!(MASK > EXEC_NAME_MAX && MASK <= RECORD_SLACK);
