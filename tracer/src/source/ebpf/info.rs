//! `BPF_OBJ_GET_INFO_BY_FD` fields that aya does not show.

use std::os::fd::{AsFd, AsRawFd};

use aya::programs::ProgramFd;

/// Times that the kernel skipped the program because it was already running on that CPU
/// (`recursion_misses` of `struct bpf_prog_info`, since 5.12).
pub(super) fn recursion_misses(program: &ProgramFd) -> Option<u64> {
    let info =
        std::fs::read_to_string(format!("/proc/self/fdinfo/{}", program.as_fd().as_raw_fd()))
            .ok()?;
    info.lines()
        .find_map(|l| l.strip_prefix("recursion_misses:")?.trim().parse().ok())
}
