#![no_main]
//! `tracer_fuzz::rules` for a fuzzer.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tracer_fuzz::rules::check(bytes));
