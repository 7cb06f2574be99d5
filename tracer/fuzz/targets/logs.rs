#![no_main]
//! `tracer_fuzz::logs` for a fuzzer.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tracer_fuzz::logs::check_sized(bytes));
