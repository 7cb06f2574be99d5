//! Mapped memory: mmap(2) and its like, memory policies.

use super::{Writer, number::hex_at_least, tables};
use crate::calls::Arg;

/// `MAP_...`: how it is shared, then flags, then the size of huge pages.
pub(crate) const MAP: Arg = Arg::value(|w, _, v| {
    const HUGE_SHIFT: u64 = 26;
    const HUGE_MASK: u64 = 0x3f << HUGE_SHIFT;
    let flags = v & 0xffff_ffff;
    let (kind, huge) = (flags & 0xf, flags & HUGE_MASK);
    w.meant(
        |w| w.hex(flags),
        |w| {
            if kind == 0 {
                w.text("MAP_FILE");
            } else {
                w.one_of(kind, &tables::MAP_TYPES);
            }
            w.more_flags(flags & !0xf & !HUGE_MASK, &tables::MAP_FLAGS);
            if huge != 0 {
                w.text(&format!("|{}<<MAP_HUGE_SHIFT", huge >> HUGE_SHIFT));
            }
        },
    );
});
/// `MREMAP_...`; without one that fixes it, there is no new address.
pub(crate) const MREMAP_FLAGS: Arg = Arg::value(|w, _, v| {
    w.flags(v & 0xffff_ffff, &tables::MREMAP);
    // MREMAP_FIXED, MREMAP_DONTUNMAP.
    if v & 6 == 0 {
        w.end();
    }
});
/// A policy of memory, and flags.
pub(crate) const MPOL_MODE: Arg = Arg::value(|w, arg, v| {
    mode(w, arg, v);
})
.named(&tables::MPOL_MODES);
/// The same where it is an `int` (`set_mempolicy(2)`).
pub(crate) const MPOL_MODE_INT: Arg =
    Arg::value(|w, arg, v| mode(w, arg, v & 0xffff_ffff)).named(&tables::MPOL_MODES);

fn mode(w: &mut Writer<'_>, arg: &Arg, value: u64) {
    let flags = value & MODE_FLAGS;
    match arg.names.of(value & !MODE_FLAGS) {
        Some(name) if flags != 0 => w.meant(
            |w| w.hex(value),
            |w| {
                w.text(name);
                w.more_flags(flags, &tables::MPOL_F);
            },
        ),
        Some(_) => w.one_of(value, arg.names),
        None if flags != 0 => w.flags(value, &tables::MPOL_F),
        None => w.nameless(|w| w.hex(value), arg.names),
    }
}

/// `MPOL_MODE_FLAGS`
const MODE_FLAGS: u64 = 0xe000;

/// A mask of memory nodes, of as many bits as the argument behind it says.
pub(crate) const NODES: Arg = Arg::input(8 * MOST_WORDS, |w, _, at| {
    let bits = w.args[w.index + 1];
    nodes(w, at, bits);
});
/// The same of `migrate_pages(2)`, whose number is in front of both.
pub(crate) const NODES_OF_SECOND: Arg = Arg::input(8 * MOST_WORDS, |w, _, at| {
    let bits = w.args[1];
    nodes(w, at, bits);
});

/// Words of a mask that are looked at.
const MOST_WORDS: usize = 32;

fn nodes(w: &mut Writer<'_>, at: u64, bits: u64) {
    // The kernel's number is one more than the bits.
    let words = bits.saturating_sub(1).div_ceil(64);
    // Of one bit nothing is read.
    if bits == 1 {
        w.address(at);
        return;
    }
    w.array(at, 8, words, |w, at| {
        let word = w.read::<u64>(at).unwrap_or_default();
        if word != 0 {
            w.text("0x");
        }
        hex_at_least(w.out, word, 16);
    });
}
