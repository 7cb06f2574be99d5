//! The ABI between the eBPF programs and user space.
//!
//! Everything here compiles for the host and for BPF, and calls no kernel helper. The programs
//! themselves are the `tracer-probes` binary (`main.rs`).
#![no_std]

pub mod abi;
