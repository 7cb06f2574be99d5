#![no_main]
//! `tracer_fuzz::recordings` for a fuzzer.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tracer_fuzz::recordings::check(bytes));
