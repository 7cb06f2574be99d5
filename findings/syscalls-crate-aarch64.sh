#!/bin/bash
# syscalls 0.8.1 (crates.io), "raw system calls for Rust", has an enum of all calls for each architecture, whose names
# one would take to be the kernel's. aarch64, loongarch64 and riscv64 have one table in the kernel
# (asm-generic/unistd.h), where 79 is newfstatat, as audit, strace and seccomp filters call it. In the crate it is so for
# riscv64. For aarch64 and loongarch64 it is "fstatat", which is the name of glibc's function and of no call: a filter
# that is made of names does not find newfstatat there, and fstatat is not found on any other machine. These two also have
# the calls 403 to 423 (clock_gettime64, futex_time64, ...), which only kernels of 32 bits have: riscv64 has none.
#
# Seen: "aarch64: fstatat, newfstatat none, 403 clock_gettime64", "loongarch64:" the same, "riscv64: newfstatat,
# newfstatat 79, 403 none".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir -p src
cat >Cargo.toml <<'TOML'
[package]
name = "names"
version = "0.1.0"
edition = "2021"

[dependencies]
syscalls = { version = "=0.8.1", default-features = false, features = ["std", "aarch64", "loongarch64", "riscv64"] }
TOML
cat >src/main.rs <<'RUST'
use syscalls::{aarch64, loongarch64, riscv64};

macro_rules! says {
    ($machine:ident) => {{
        let named = |n: usize| $machine::Sysno::new(n).map_or("none", |call| call.name());
        let number = "newfstatat".parse::<$machine::Sysno>().map(|call| call.id().to_string());
        let number = number.unwrap_or_else(|_| "none".to_owned());
        println!("{}: {}, newfstatat {number}, 403 {}", stringify!($machine), named(79), named(403));
    }};
}

fn main() {
    says!(aarch64);
    says!(loongarch64);
    says!(riscv64);
}
RUST
seen=$(cargo run --quiet)
echo "$seen"
wanted='aarch64: fstatat, newfstatat none, 403 clock_gettime64
loongarch64: fstatat, newfstatat none, 403 clock_gettime64
riscv64: newfstatat, newfstatat 79, 403 none'
[ "$seen" = "$wanted" ] || { echo "not what was seen before" >&2; exit 1; }
