//! Debug log of the programs (aya-log), for `--ebpf-log`. Its level is a read-only global: when
//! it is off, the verifier drops all of it.
//!
//! Each message is a global function, so that its buffers are not on the stack of a probe.

use aya_log_ebpf::debug;

/// A record was sent, or found the ring full.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn log_send(pid: u64, nr: u64, size: u64, lost: u64) -> u64 {
    if lost == 0 {
        debug!((), "pid {} call {}: record of {} bytes sent", pid, nr, size);
    } else {
        debug!(
            (),
            "pid {} call {}: record of {} bytes lost, the ring is full", pid, nr, size
        );
    }
    0
}
