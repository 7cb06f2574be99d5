//! The eBPF programs. Each hook is one file in `probe/` and reads as: gate, capture, emit.
#![no_std]
#![no_main]
#![expect(
    clippy::inline_always,
    reason = "a call in BPF costs registers, stack and, for the verifier, a second look at the callee"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "aya's macros hand the context to a program by value"
)]
#![expect(
    clippy::cast_ptr_alignment,
    reason = "positions in the scratch buffer are multiples of 8, and the buffer is aligned to 8"
)]

mod capture;
mod classify;
mod count;
mod emit;
mod gate;
mod kernel;
mod log;
mod pids;
mod probe;
mod share;

/// The helpers used here are for GPL-compatible programs only (bpf-helpers(7)).
#[unsafe(link_section = "license")]
#[unsafe(no_mangle)]
static LICENSE: [u8; 13] = *b"Dual MIT/GPL\0";

#[panic_handler]
fn panic(_info: &core::panic::PanicInfo<'_>) -> ! {
    // A program that could panic does not pass the verifier: this is never reached.
    loop {}
}
