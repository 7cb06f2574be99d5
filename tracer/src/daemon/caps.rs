//! Lays down every capability that the daemon does not need once its programs are loaded.

use rustix::{
    io,
    thread::{CapabilitySet, CapabilitySets, capabilities, set_capabilities},
};

/// What is kept: to change rules (`BPF`), to look up names where only root may
/// (`DAC_READ_SEARCH`), and below the roots of other processes (`SYS_PTRACE`).
const KEPT: CapabilitySet = CapabilitySet::BPF
    .union(CapabilitySet::PERFMON)
    .union(CapabilitySet::DAC_READ_SEARCH)
    .union(CapabilitySet::SYS_PTRACE);

/// Keeps what is needed and nothing else, in all sets of this thread; later threads inherit it.
pub(super) fn drop_all_but_needed() -> io::Result<()> {
    let now = capabilities(None)?;
    for capability in CapabilitySet::all().iter() {
        // What the kernel does not know is not there to be dropped.
        if !KEPT.contains(capability) {
            let _ = rustix::thread::remove_capability_from_bounding_set(capability);
        }
    }
    set_capabilities(
        None,
        CapabilitySets {
            effective: now.effective & KEPT,
            permitted: now.permitted & KEPT,
            inheritable: CapabilitySet::empty(),
        },
    )
}
