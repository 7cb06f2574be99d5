//! Mapped memory: mmap(2) and its like, memory policies.

use super::{number::hex_at_least, tables};
use crate::calls::Arg;

/// `MAP_...`: how it is shared, then flags, then the size of huge pages.
pub(crate) const MAP: Arg = Arg::value(|w, _, v| {
    const HUGE_SHIFT: u64 = 26;
    const HUGE_MASK: u64 = 0x3f << HUGE_SHIFT;
    let flags = v & 0xffff_ffff;
    let (kind, huge) = (flags & 0xf, flags & HUGE_MASK);
    if kind == 0 {
        w.text("MAP_FILE");
    } else {
        w.one_of(kind, &tables::MAP_TYPES);
    }
    w.more_flags(flags & !0xf & !HUGE_MASK, &tables::MAP_FLAGS);
    if huge != 0 {
        w.text(&format!("|{}<<MAP_HUGE_SHIFT", huge >> HUGE_SHIFT));
    }
});
/// `MREMAP_...`; without one that fixes it, there is no new address.
pub(crate) const MREMAP_FLAGS: Arg = Arg::value(|w, _, v| {
    w.flags(v & 0xffff_ffff, &tables::MREMAP);
    // MREMAP_FIXED, MREMAP_DONTUNMAP.
    if v & 6 == 0 {
        w.end();
    }
});
/// A mask of memory nodes.
pub(crate) const NODES: Arg = Arg::input(8, |w, _, at| {
    w.at(at, |w, mask: u64| {
        w.text("[0x");
        hex_at_least(w.out, mask, 16);
        w.text("]");
    });
});
