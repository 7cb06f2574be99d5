//! The eBPF programs. Each hook is one file in `probe/` and reads as: gate, capture, emit.
#![no_std]
#![no_main]

mod capture;
mod emit;
mod gate;
mod kernel;
mod log;
mod probe;

/// The helpers used here are for GPL-compatible programs only (bpf-helpers(7)).
#[unsafe(link_section = "license")]
#[unsafe(no_mangle)]
static LICENSE: [u8; 13] = *b"Dual MIT/GPL\0";

#[panic_handler]
fn panic(_info: &core::panic::PanicInfo<'_>) -> ! {
    // A program that could panic does not pass the verifier: this is never reached.
    loop {}
}
