//! Options of packet, raw and TIPC sockets: their names, and the structures that some have.

use super::{As, Layout, Names, layout::number, tables};

/// `SOL_TIPC` of `linux/socket.h`.
const TIPC: i32 = 271;

/// The names of a level's options.
pub(super) fn names(level: i32) -> Option<&'static Names> {
    match level {
        libc::SOL_RAW => Some(&tables::RAW_OPTIONS),
        libc::SOL_PACKET => Some(&tables::PACKET_OPTIONS),
        TIPC => Some(&tables::TIPC_OPTIONS),
        _ => None,
    }
}

/// What an option of these levels is given, where that is a structure.
pub(super) fn shape(level: i32, option: i32) -> Option<&'static As> {
    match names(level)?.of(u64::try_from(option).ok()?)? {
        "ICMP_FILTER" => Some(&TYPES),
        "PACKET_ADD_MEMBERSHIP" | "PACKET_DROP_MEMBERSHIP" => Some(&MEMBER),
        "PACKET_RX_RING" | "PACKET_TX_RING" => Some(&RING),
        "TIPC_GROUP_JOIN" => Some(&GROUP),
        _ => None,
    }
}

/// A bit for each type of message.
static TYPES: As = As::By(4, 4, |w, b| {
    let mask = number(b) as u32;
    let is_inverted = mask.count_ones() > u32::BITS * 2 / 3;
    let shown = if is_inverted { !mask } else { mask };
    w.text(if is_inverted { "~[" } else { "[" });
    let mut between = "";
    for bit in (0..u64::from(u32::BITS)).filter(|bit| shown >> bit & 1 != 0) {
        w.text(between);
        between = " ";
        match tables::ICMP_TYPES.of(bit) {
            Some(name) => w.meant(|w| w.dec(bit), |w| w.text(name)),
            None => w.dec(bit),
        }
    }
    w.text("]");
});

/// `struct packet_mreq`
static MEMBER: As = As::By(16, 4, |w, b| {
    let len = number(&b[6..8]);
    w.structure(|w| {
        w.field("mr_ifindex").interface(number(&b[..4]) as u32);
        w.field("mr_type")
            .shape(&b[4..], &As::OneOf(2, &tables::PACKET_MR));
        w.field("mr_alen").dec(len);
        w.field("mr_address");
        w.hardware_address(&b[8..8 + (len as usize).min(8)]);
    });
});

/// `struct tpacket_req`
static RING: As = As::Struct(&Layout(&[
    ("tp_block_size", As::Uint(4)),
    ("tp_block_nr", As::Uint(4)),
    ("tp_frame_size", As::Uint(4)),
    ("tp_frame_nr", As::Uint(4)),
]));

/// `struct tipc_group_req`
static GROUP: As = As::Struct(&Layout(&[
    ("type", As::Uint(4)),
    ("instance", As::Uint(4)),
    ("scope", As::OneOf(4, &tables::TIPC_SCOPES)),
    ("flags", As::Flags(4, &tables::TIPC_GROUP)),
]));
