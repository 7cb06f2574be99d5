#![no_main]
//! `tracer_fuzz::logs` for a fuzzer: the first two bytes are the size of the blocks.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(([a, b], log)) = bytes.split_first_chunk() {
        let block = u64::from(u16::from_le_bytes([*a, *b])) + 1;
        tracer_fuzz::logs::check(log, block);
    }
});
