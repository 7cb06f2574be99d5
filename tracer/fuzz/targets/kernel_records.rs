#![no_main]
//! `tracer_fuzz::kernel_records` for a fuzzer.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tracer_fuzz::kernel_records::check(bytes));
