//! Multicast: groups of bridges (`linux/if_bridge.h`), and what a kernel that routes it cannot decide
//! (`linux/mroute.h`, `linux/mroute6.h`).

use super::{
    super::{As, Layout, tables},
    attributes::{Attributes, INDEX, Value},
    route::Kind,
};

pub(super) static BRIDGE: Kind = Kind {
    family: "family",
    layout: &Layout(&[("family", As::Pad(4)), ("ifindex", INDEX)]),
    attributes: &Attributes {
        names: &tables::MDBA,
        values: &[
            (&["MDBA_MDB"], Value::Nested(&BRIDGE_ENTRIES)),
            (&["MDBA_ROUTER"], Value::Nested(&BRIDGE_ROUTERS)),
        ],
    },
};

static BRIDGE_ENTRIES: Attributes = Attributes {
    names: &tables::MDBA_MDB,
    values: &[],
};
static BRIDGE_ROUTERS: Attributes = Attributes {
    names: &tables::MDBA_ROUTER,
    // Further attributes may follow it, of which nothing is known here.
    values: &[(&["MDBA_ROUTER_PORT"], Value::Only(&INDEX))],
};

const GENERAL: &Layout = &Layout(&[("rtgen_family", As::Pad(1))]);

pub(super) static REPORT: Kind = Kind {
    family: "rtgen_family",
    layout: GENERAL,
    attributes: &Attributes {
        names: &tables::IPMRA_CREPORT,
        values: &[
            (
                &["IPMRA_CREPORT_MSGTYPE"],
                Value::Is(&As::OneOf(1, &tables::IGMPMSG)),
            ),
            (
                &["IPMRA_CREPORT_VIF_ID", "IPMRA_CREPORT_TABLE"],
                Value::Is(&As::Uint(4)),
            ),
            (
                &["IPMRA_CREPORT_SRC_ADDR", "IPMRA_CREPORT_DST_ADDR"],
                Value::AddressOf(libc::AF_INET),
            ),
        ],
    },
};

pub(super) static REPORT6: Kind = Kind {
    family: "rtgen_family",
    layout: GENERAL,
    attributes: &Attributes {
        names: &tables::IP6MRA_CREPORT,
        values: &[
            (
                &["IP6MRA_CREPORT_MSGTYPE"],
                Value::Is(&As::OneOf(1, &tables::MRT6MSG)),
            ),
            (&["IP6MRA_CREPORT_MIF_ID"], Value::Is(&As::Uint(4))),
            (
                &["IP6MRA_CREPORT_SRC_ADDR", "IP6MRA_CREPORT_DST_ADDR"],
                Value::AddressOf(libc::AF_INET6),
            ),
        ],
    },
};

/// Of a family that has none.
pub(super) static REPORT_OF_OTHERS: Kind = Kind {
    family: "rtgen_family",
    layout: GENERAL,
    attributes: &super::attributes::UNKNOWN,
};
