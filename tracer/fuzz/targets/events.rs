#![no_main]
//! `tracer_fuzz::events` for a fuzzer.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tracer_fuzz::events::check(bytes));
