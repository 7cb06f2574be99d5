#![no_main]
//! `tracer_fuzz::control` for a fuzzer.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tracer_fuzz::control::check(bytes));
