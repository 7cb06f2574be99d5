//! Statistics of links (`linux/if_link.h`): of the link itself, of what it is part of, of address
//! families.

use super::{
    super::{As, Layout, Writer, ioctl::bits, layout::number, tables},
    attributes::{Attributes, INDEX, Value},
    route::Kind,
};

pub(super) static KIND: Kind = Kind {
    family: "family",
    layout: &Layout(&[
        ("family", As::Pad(1)),
        ("pad1", As::NonZero(&As::Hex(1))),
        ("pad2", As::NonZero(&As::Hex(2))),
        ("ifindex", INDEX),
        ("filter_mask", As::By(4, 4, mask)),
    ]),
    attributes: &Attributes {
        names: &tables::IFLA_STATS,
        values: &[
            (&["IFLA_STATS_LINK_64"], Value::Grows(&OF_LINK64, LEAST64)),
            (
                &["IFLA_STATS_LINK_XSTATS", "IFLA_STATS_LINK_XSTATS_SLAVE"],
                Value::Nested(&EXTENDED),
            ),
            (
                &["IFLA_STATS_LINK_OFFLOAD_XSTATS"],
                Value::Nested(&OFFLOADED),
            ),
            (&["IFLA_STATS_AF_SPEC"], Value::Nested(&FAMILIES)),
        ],
    },
};

fn mask(w: &mut Writer<'_>, bytes: &[u8]) {
    bits(w, number(bytes), &tables::IFLA_STATS, "1<<IFLA_STATS_???");
}

macro_rules! statistics {
    ($width:literal $(, $last:literal)*) => {
        Layout(&[
            ("rx_packets", As::Uint($width)),
            ("tx_packets", As::Uint($width)),
            ("rx_bytes", As::Uint($width)),
            ("tx_bytes", As::Uint($width)),
            ("rx_errors", As::Uint($width)),
            ("tx_errors", As::Uint($width)),
            ("rx_dropped", As::Uint($width)),
            ("tx_dropped", As::Uint($width)),
            ("multicast", As::Uint($width)),
            ("collisions", As::Uint($width)),
            ("rx_length_errors", As::Uint($width)),
            ("rx_over_errors", As::Uint($width)),
            ("rx_crc_errors", As::Uint($width)),
            ("rx_frame_errors", As::Uint($width)),
            ("rx_fifo_errors", As::Uint($width)),
            ("rx_missed_errors", As::Uint($width)),
            ("tx_aborted_errors", As::Uint($width)),
            ("tx_carrier_errors", As::Uint($width)),
            ("tx_fifo_errors", As::Uint($width)),
            ("tx_heartbeat_errors", As::Uint($width)),
            ("tx_window_errors", As::Uint($width)),
            ("rx_compressed", As::Uint($width)),
            ("tx_compressed", As::Uint($width)),
            ("rx_nohandler", As::Uint($width)),
            $(($last, As::Uint($width)),)*
        ])
    };
}
pub(super) static OF_LINK: Layout = statistics!(4);
pub(super) static OF_LINK64: Layout = statistics!(8, "rx_otherhost_dropped");
/// What older kernels have of them: 23 numbers.
pub(super) const LEAST32: u64 = 23 * 4;
pub(super) const LEAST64: u64 = 23 * 8;

static EXTENDED: Attributes = Attributes {
    names: &tables::LINK_XSTATS,
    values: &[
        (&["LINK_XSTATS_TYPE_BRIDGE"], Value::Nested(&BRIDGE)),
        (&["LINK_XSTATS_TYPE_BOND"], Value::Nested(&BOND)),
    ],
};

static BRIDGE: Attributes = Attributes {
    names: &tables::BRIDGE_XSTATS,
    values: &[
        (&["BRIDGE_XSTATS_VLAN"], Value::Tailed(&VLAN)),
        (&["BRIDGE_XSTATS_MCAST"], Value::Tailed(&MULTICAST)),
        (&["BRIDGE_XSTATS_STP"], Value::Tailed(&SPANNING_TREE)),
    ],
};

static VLAN: As = As::Struct(&Layout(&[
    ("rx_bytes", As::Uint(8)),
    ("rx_packets", As::Uint(8)),
    ("tx_bytes", As::Uint(8)),
    ("tx_packets", As::Uint(8)),
    ("vid", As::Uint(2)),
    ("flags", As::Flags(2, &tables::BRIDGE_VLAN_INFO)),
    ("pad2", As::NonZero(&As::Hex(4))),
]));

/// A number of what came, and one of what went.
const BOTH: As = As::By(16, 8, |w, b| {
    w.group(["[", "]"], |w| {
        for (way, name) in [(0, "BR_MCAST_DIR_RX"), (1, "BR_MCAST_DIR_TX")] {
            w.separate();
            w.text("[");
            w.meant(|w| w.dec(way), |w| w.text(name));
            w.text("]=");
            w.shape(&b[8 * way as usize..], &As::Uint(8));
        }
    });
});

static MULTICAST: As = As::Struct(&Layout(&[
    ("igmp_v1queries", BOTH),
    ("igmp_v2queries", BOTH),
    ("igmp_v3queries", BOTH),
    ("igmp_leaves", BOTH),
    ("igmp_v1reports", BOTH),
    ("igmp_v2reports", BOTH),
    ("igmp_v3reports", BOTH),
    ("igmp_parse_errors", As::Uint(8)),
    ("mld_v1queries", BOTH),
    ("mld_v2queries", BOTH),
    ("mld_leaves", BOTH),
    ("mld_v1reports", BOTH),
    ("mld_v2reports", BOTH),
    ("mld_parse_errors", As::Uint(8)),
    ("mcast_bytes", BOTH),
    ("mcast_packets", BOTH),
]));

static SPANNING_TREE: As = As::Struct(&Layout(&[
    ("transition_blk", As::Uint(8)),
    ("transition_fwd", As::Uint(8)),
    ("rx_bpdu", As::Uint(8)),
    ("tx_bpdu", As::Uint(8)),
    ("rx_tcn", As::Uint(8)),
    ("tx_tcn", As::Uint(8)),
]));

static BOND: Attributes = Attributes {
    names: &tables::BOND_XSTATS,
    values: &[(&["BOND_XSTATS_3AD"], Value::Nested(&LACP))],
};

static LACP: Attributes = Attributes {
    names: &tables::BOND_3AD_STAT,
    values: &[
        (&["BOND_3AD_STAT_PAD"], Value::Bytes),
        (&[], Value::Is(&As::Uint(8))),
    ],
};

static OFFLOADED: Attributes = Attributes {
    names: &tables::OFFLOAD_XSTATS,
    values: &[(
        &["IFLA_OFFLOAD_XSTATS_CPU_HIT"],
        Value::Grows(&OF_LINK64, LEAST64),
    )],
};

static FAMILIES: Attributes = Attributes {
    names: &tables::AF,
    values: &[(&["AF_MPLS"], Value::Nested(&LABELS))],
};

static LABELS: Attributes = Attributes {
    names: &tables::MPLS_STATS,
    values: &[(
        &["MPLS_STATS_LINK"],
        Value::Tailed(&As::Struct(&Layout(&[
            ("rx_packets", As::Uint(8)),
            ("tx_packets", As::Uint(8)),
            ("rx_bytes", As::Uint(8)),
            ("tx_bytes", As::Uint(8)),
            ("rx_errors", As::Uint(8)),
            ("tx_errors", As::Uint(8)),
            ("rx_dropped", As::Uint(8)),
            ("tx_dropped", As::Uint(8)),
            ("rx_noroute", As::Uint(8)),
        ]))),
    )],
};
