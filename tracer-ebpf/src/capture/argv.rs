//! Argument strings of a program: from the new image when the exec worked, else from the array
//! that the caller passed.

use aya_ebpf::helpers::generated as helpers;
use tracer_ebpf::abi::{
    limits::{ARG_BLOCKS, ARG_MAX, ARGV_BLOCK, ARGV_MAX, TITLE_MAX},
    wire::{CUT, FAULT, NO_MM, OF_ARG_REST, OF_ARGC, OF_PERSONALITY, OF_TITLE, OK, Part},
};

use super::{Scratch, memory::put_count, scratch, text};
use crate::kernel::{current, half, offset, read_user, word};

/// The requested name is in the record already.
pub(crate) const KEPT: u64 = 255;

/// Arguments of the program that now runs: the kernel has just written them to the new stack
/// (`setup_arg_pages`). Where the requested name was not kept, the kernel's own copy of it
/// (`AT_EXECFN`, behind the environment) stands for it; `name_of` of [`KEPT`] says that it was.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn of_image(slot: u64, argv_of: u64, name_of: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let mm = word(current(), offset!(task_mm));
    if mm == 0 {
        s.absent(Part::Argv, argv_of as u8, NO_MM);
        return 0;
    }
    if name_of != KEPT {
        text::string(slot, name_of, word(mm, offset!(mm_env_end)));
    }
    let from = word(mm, offset!(mm_arg_start));
    let all = word(mm, offset!(mm_arg_end)).saturating_sub(from) as usize;
    block(s, argv_of as u8, from, all);
    if all >= ARGV_BLOCK {
        of_rest(slot, mm, from + ARGV_BLOCK as u64 - 1);
    }
    0
}

/// What is known of arguments that are not in the record: how many there are in all, and the length of
/// the one that goes on at `at`.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn of_rest(slot: u64, mm: u64, at: u64) -> u64 {
    // An `int` in the lower half of the first word, in programs of any width.
    if let Some(argc) = read_user::<u32>(word(mm, offset!(mm_start_stack))) {
        put_count(slot, u64::from(OF_ARGC), OK, u64::from(argc));
    }
    let Some(s) = scratch(slot) else {
        return 0;
    };
    if !s.has_room(64) {
        return 0;
    }
    let mut rest = 0;
    for _ in 0..ARG_BLOCKS {
        let to = s.at(s.position() + 64);
        // SAFETY: `ARGV_BLOCK` bytes from there are inside the buffer and its slack.
        let n = unsafe {
            helpers::bpf_probe_read_user_str(to.cast(), ARGV_BLOCK as u32, (at + rest) as *const _)
        };
        if n < 0 {
            return 0;
        }
        // Without its NUL, which is there at the end of a piece, too.
        rest += (n as u64).saturating_sub(1);
        if (n as usize) < ARGV_BLOCK {
            put_count(slot, u64::from(OF_ARG_REST), OK, rest);
            return 0;
        }
    }
    0
}

/// Environment of the program that now runs.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn environment(slot: u64, of: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let mm = word(current(), offset!(task_mm));
    let from = word(mm, offset!(mm_arg_end));
    let all = word(mm, offset!(mm_env_end)).saturating_sub(from) as usize;
    if s.has_room(ARGV_BLOCK + 64) {
        block(s, of as u8, from, all);
    }
    0
}

/// What only records by rules have: the execution domain where it is another than usual, and the
/// beginning of the command line, as the program has it by now (proc(5), `cmdline`).
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn for_rules(slot: u64) -> u64 {
    let personality = half(current(), offset!(task_personality));
    if personality != 0 {
        put_count(slot, u64::from(OF_PERSONALITY), OK, u64::from(personality));
    }
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let mm = word(current(), offset!(task_mm));
    if mm == 0 || !s.has_room(TITLE_MAX + 64) {
        return 0;
    }
    let from = word(mm, offset!(mm_arg_start));
    let all = word(mm, offset!(mm_arg_end)).saturating_sub(from) as usize;
    let len = if all < TITLE_MAX { all } else { TITLE_MAX } & (2 * TITLE_MAX - 1);
    let start = s.open(Part::Text, OF_TITLE);
    let to = s.at(start + 8);
    // SAFETY: fewer than `2 * TITLE_MAX` bytes are written, which the slack holds.
    let rc = unsafe { helpers::bpf_probe_read_user(to.cast(), len as u32, from as *const _) };
    if rc == 0 {
        s.close(start, OK, 0, len);
    } else {
        s.close(start, FAULT, 0, 0);
    }
    0
}

/// `all` bytes of argument strings at `from`.
#[inline(always)]
fn block(s: &mut Scratch, of: u8, from: u64, all: usize) {
    let start = s.open(Part::Argv, of);
    let (len, status) = if all >= ARGV_BLOCK {
        (ARGV_BLOCK - 1, CUT)
    } else {
        (all, OK)
    };
    let to = s.at(start + 8);
    // SAFETY: fewer than `ARGV_BLOCK` bytes are written, which the slack holds.
    let rc = unsafe {
        helpers::bpf_probe_read_user(to.cast(), (len & (ARGV_BLOCK - 1)) as u32, from as *const _)
    };
    if rc == 0 {
        s.close(start, status, 0, len & (ARGV_BLOCK - 1));
    } else {
        s.close(start, FAULT, 0, 0);
    }
}

/// [`of_array`] has come to the end.
const DONE: u64 = 1 << 8;

/// The strings of a NULL-terminated array at `array`, whose pointers are `width` bytes wide.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn of_array(slot: u64, of: u64, array: u64, width: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let start = s.open(Part::Argv, of as u8);
    let mut status = CUT;
    for i in 0..(ARGV_MAX / AT_ONCE) as u64 {
        let step = some_of_array(slot, array + i * AT_ONCE as u64 * width, width);
        if step != 0 {
            status = step as u8;
            break;
        }
    }
    let len = s.position() - start - 8;
    s.close(start, status, 0, len);
    0
}

/// Pointers that are followed in one go.
const AT_ONCE: usize = 32;

/// Appends the strings behind some pointers, as [`argument_string`] does it for each.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn some_of_array(slot: u64, at: u64, width: u64) -> u64 {
    for i in 0..AT_ONCE as u64 {
        let step = argument_string(slot, at + i * width, width);
        if step != 0 {
            return step;
        }
    }
    0
}

/// Appends the string behind the pointer at `at`. Returns 0 when there may be more, else [`DONE`]
/// with the status.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn argument_string(slot: u64, at: u64, width: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return DONE | u64::from(FAULT);
    };
    let pointer = if width == 4 {
        read_user::<u32>(at).map(u64::from)
    } else {
        read_user::<u64>(at)
    };
    let Some(pointer) = pointer else {
        return DONE | u64::from(FAULT);
    };
    if pointer == 0 {
        return DONE | u64::from(OK);
    }
    if !s.has_room(ARG_MAX + 64) {
        return DONE | u64::from(CUT);
    }
    let pos = s.position();
    // SAFETY: `ARG_MAX` bytes from there are inside the buffer and its slack.
    let n = unsafe {
        helpers::bpf_probe_read_user_str(s.at(pos).cast(), ARG_MAX as u32, pointer as *const _)
    };
    if n < 0 {
        return DONE | u64::from(FAULT);
    }
    if n == 0 {
        // Older kernels say 0 for an empty string, and write nothing.
        // SAFETY: the position is inside the buffer.
        unsafe { s.at(pos).write(0) };
        s.set_position(pos + 1);
        return 0;
    }
    // Not padded: the strings stand next to each other, each with its NUL.
    s.set_position(pos + (n as usize & (2 * ARG_MAX - 1)));
    if n as usize == ARG_MAX {
        return DONE | u64::from(CUT);
    }
    0
}
