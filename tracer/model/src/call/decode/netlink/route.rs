//! rtnetlink(7): links, addresses, routes, neighbours, traffic control. Each kind of message is a
//! structure that begins with an address family, and attributes.

use super::{
    super::{As, Layout, Writer, tables},
    attributes::{self, ADDRESS_CACHE, Attributes, BE16, INDEX, Value},
    multicast, statistics, traffic,
};

/// Families of routed multicast (`linux/rtnetlink.h`).
const RTNL_FAMILY_IPMR: u64 = 128;
const RTNL_FAMILY_IP6MR: u64 = 129;

/// A kind of message: the structure behind the family, and what comes behind that.
pub(super) struct Kind {
    pub(super) family: &'static str,
    pub(super) layout: &'static Layout,
    pub(super) attributes: &'static Attributes,
}

/// What a message of this type carries.
pub(super) fn payload(w: &mut Writer<'_>, kind: u64, at: u64, len: u64) {
    let call = w.call;
    let Some(family) = call.memory(at).and_then(|bytes| bytes.first()).copied() else {
        w.address(at);
        return;
    };
    let family = u64::from(family);
    let name = tables::RTM.of(kind).unwrap_or_default();
    let Some(of) = of_name(name, family) else {
        unknown(w, family, at, len);
        return;
    };
    let size = of.layout.size();
    let whole = call.memory(at).filter(|bytes| bytes.len() >= size);
    let is_whole = len >= size as u64 && whole.is_some();
    w.structure(|w| {
        let names = match tables::RTNL_FAMILY.of(family) {
            Some(_) => &tables::RTNL_FAMILY,
            None if tables::AF.of(family).is_none() && of.family == "rtgen_family" => {
                &tables::RTNL_FAMILY
            }
            None => &tables::AF,
        };
        w.field(of.family).one_of(family, names);
        match whole {
            _ if len < size as u64 => w.more(),
            Some(bytes) => w.members(bytes, of.layout),
            None => {
                w.separate();
                w.address(at + 1);
            }
        }
    });
    let behind = (size as u64).next_multiple_of(4);
    if is_whole && len > behind {
        w.separate();
        if of.attributes.names.entries.is_empty() {
            w.raw(at + behind, len - behind);
        } else {
            attributes::list(w, at + behind, len - behind, of.attributes, family);
        }
    }
}

/// A family and bytes.
fn unknown(w: &mut Writer<'_>, family: u64, at: u64, len: u64) {
    w.structure(|w| {
        w.field("family").one_of(family, &tables::AF);
        if len > 1 {
            w.field("data").raw(at + 1, len - 1);
        }
    });
}

/// The kind of a message, by the name of its type.
fn of_name(name: &str, family: u64) -> Option<&'static Kind> {
    let about = name.strip_prefix("RTM_")?;
    let about = ["NEW", "DEL", "GET", "SET"]
        .iter()
        .find_map(|what| about.strip_prefix(what))?;
    Some(match about {
        "LINK" => &LINK,
        "NEIGH" if name == "RTM_GETNEIGH" && family == libc::AF_BRIDGE as u64 => &LINK,
        "ADDR" | "MULTICAST" | "ANYCAST" => &ADDRESS,
        "ROUTE" => &ROUTE,
        "NEIGH" => &NEIGHBOUR,
        "RULE" => &RULE,
        "QDISC" | "TCLASS" | "TFILTER" | "CHAIN" => &traffic::TRAFFIC,
        "ACTION" => &traffic::ACTION,
        "NEIGHTBL" => &NEIGHBOURS,
        "ADDRLABEL" => &LABEL,
        "NETCONF" => &CONFIG,
        "MDB" => &multicast::BRIDGE,
        "CACHEREPORT" if family == RTNL_FAMILY_IPMR => &multicast::REPORT,
        "CACHEREPORT" if family == RTNL_FAMILY_IP6MR => &multicast::REPORT6,
        "CACHEREPORT" => &multicast::REPORT_OF_OTHERS,
        "NSID" => &NAMESPACE,
        "STATS" => &statistics::KIND,
        "NEXTHOP" => &NEXT_HOP,
        _ => return None,
    })
}

static LINK: Kind = Kind {
    family: "ifi_family",
    layout: &Layout(&[
        ("ifi_family", As::Pad(2)),
        ("ifi_type", As::OneOf(2, &tables::ARPHRD)),
        ("ifi_index", INDEX),
        ("ifi_flags", As::Flags(4, &tables::IFF)),
        ("ifi_change", As::Hex(4)),
    ]),
    attributes: &Attributes {
        names: &tables::IFLA,
        values: &[
            (
                &[
                    "IFLA_IFNAME",
                    "IFLA_QDISC",
                    "IFLA_IFALIAS",
                    "IFLA_PHYS_PORT_NAME",
                    "IFLA_ALT_IFNAME",
                    "IFLA_PARENT_DEV_NAME",
                    "IFLA_PARENT_DEV_BUS_NAME",
                ],
                Value::Text,
            ),
            (
                &[
                    "IFLA_MTU",
                    "IFLA_WEIGHT",
                    "IFLA_NUM_VF",
                    "IFLA_GROUP",
                    "IFLA_PROMISCUITY",
                    "IFLA_NUM_TX_QUEUES",
                    "IFLA_NUM_RX_QUEUES",
                    "IFLA_CARRIER_CHANGES",
                    "IFLA_GSO_MAX_SEGS",
                    "IFLA_GSO_MAX_SIZE",
                    "IFLA_MIN_MTU",
                    "IFLA_MAX_MTU",
                    "IFLA_CARRIER_UP_COUNT",
                    "IFLA_CARRIER_DOWN_COUNT",
                    "IFLA_TXQLEN",
                    "IFLA_GRO_MAX_SIZE",
                    "IFLA_TSO_MAX_SIZE",
                    "IFLA_TSO_MAX_SEGS",
                    "IFLA_ALLMULTI",
                ],
                Value::Is(&As::Uint(4)),
            ),
            (
                &["IFLA_LINK", "IFLA_MASTER", "IFLA_NEW_IFINDEX"],
                Value::Is(&INDEX),
            ),
            (
                &[
                    "IFLA_LINK_NETNSID",
                    "IFLA_TARGET_NETNSID",
                    "IFLA_NEW_NETNSID",
                ],
                Value::Is(&As::Int(4)),
            ),
            (
                &["IFLA_CARRIER", "IFLA_PROTO_DOWN"],
                Value::Is(&As::Uint(1)),
            ),
            (&["IFLA_NET_NS_PID"], Value::Is(&As::Pid)),
            (&["IFLA_NET_NS_FD"], Value::Is(&As::Fd)),
            (&["IFLA_MAP"], Value::Packed(&LINK_MAP)),
            (&["IFLA_VF_PORTS"], Value::Nested(&PORTS)),
            (
                &["IFLA_EXT_MASK"],
                Value::Is(&As::Flags(4, &tables::RTEXT_FILTER)),
            ),
            (
                &["IFLA_EVENT"],
                Value::Is(&As::OneOf(4, &tables::IFLA_EVENT)),
            ),
            (
                &["IFLA_STATS"],
                Value::Grows(&statistics::OF_LINK, statistics::LEAST32),
            ),
            (
                &["IFLA_STATS64"],
                Value::Grows(&statistics::OF_LINK64, statistics::LEAST64),
            ),
            (&["IFLA_XDP"], Value::Nested(&XDP)),
            (&["IFLA_LINKINFO"], Value::Nested(&LINK_INFO)),
            (&["IFLA_PROP_LIST"], Value::Nested(&LINK_NAMES)),
        ],
    },
};

static LINK_NAMES: Attributes = Attributes {
    names: &tables::IFLA,
    values: &[(&["IFLA_ALT_IFNAME"], Value::Text)],
};

static XDP: Attributes = Attributes {
    names: &tables::IFLA_XDP,
    values: &[
        (&["IFLA_XDP_FD", "IFLA_XDP_EXPECTED_FD"], Value::Is(&As::Fd)),
        (
            &["IFLA_XDP_ATTACHED"],
            Value::Is(&As::OneOf(1, &tables::XDP_ATTACHED)),
        ),
        (
            &["IFLA_XDP_FLAGS"],
            Value::Is(&As::Flags(4, &tables::XDP_FLAGS)),
        ),
        (
            &[
                "IFLA_XDP_PROG_ID",
                "IFLA_XDP_DRV_PROG_ID",
                "IFLA_XDP_SKB_PROG_ID",
                "IFLA_XDP_HW_PROG_ID",
            ],
            Value::Is(&As::Uint(4)),
        ),
    ],
};

static LINK_INFO: Attributes = Attributes {
    names: &tables::IFLA_INFO,
    values: &[(&["IFLA_INFO_KIND", "IFLA_INFO_SLAVE_KIND"], Value::Text)],
};

static PORTS: Attributes = Attributes {
    names: &tables::IFLA_VF_PORTS,
    values: &[(
        &["IFLA_VF_PORT"],
        Value::Nested(&Attributes {
            names: &tables::IFLA_PORT,
            values: &[],
        }),
    )],
};

static LINK_MAP: Layout = Layout(&[
    ("mem_start", As::Hex(8)),
    ("mem_end", As::Hex(8)),
    ("base_addr", As::Hex(8)),
    ("irq", As::Uint(2)),
    ("dma", As::Uint(1)),
    ("port", As::Uint(1)),
]);

static ADDRESS: Kind = Kind {
    family: "ifa_family",
    layout: &Layout(&[
        ("ifa_family", As::Pad(1)),
        ("ifa_prefixlen", As::Uint(1)),
        ("ifa_flags", As::Flags(1, &tables::IFA_F)),
        ("ifa_scope", As::OneOf(1, &tables::RT_SCOPE)),
        ("ifa_index", INDEX),
    ]),
    attributes: &Attributes {
        names: &tables::IFA,
        values: &[
            (
                &[
                    "IFA_ADDRESS",
                    "IFA_LOCAL",
                    "IFA_BROADCAST",
                    "IFA_ANYCAST",
                    "IFA_MULTICAST",
                ],
                Value::Address,
            ),
            (&["IFA_LABEL"], Value::Text),
            (&["IFA_CACHEINFO"], Value::Is(&ADDRESS_CACHE)),
            (&["IFA_FLAGS"], Value::Is(&As::Flags(4, &tables::IFA_F))),
            (&["IFA_RT_PRIORITY"], Value::Is(&As::Uint(4))),
            (&["IFA_TARGET_NETNSID"], Value::Is(&As::Int(4))),
        ],
    },
};

static ROUTE: Kind = Kind {
    family: "rtm_family",
    layout: &Layout(&[
        ("rtm_family", As::Pad(1)),
        ("rtm_dst_len", As::Uint(1)),
        ("rtm_src_len", As::Uint(1)),
        ("rtm_tos", As::Flags(1, &tables::IPTOS)),
        ("rtm_table", As::OneOf(1, &tables::RT_TABLE)),
        ("rtm_protocol", As::OneOf(1, &tables::RTPROT)),
        ("rtm_scope", As::OneOf(1, &tables::RT_SCOPE)),
        ("rtm_type", As::OneOf(1, &tables::RTN)),
        ("rtm_flags", As::Flags(4, &tables::RTM_F)),
    ]),
    attributes: &Attributes {
        names: &tables::RTA,
        values: &[
            (
                &[
                    "RTA_DST",
                    "RTA_SRC",
                    "RTA_GATEWAY",
                    "RTA_PREFSRC",
                    "RTA_NEWDST",
                ],
                Value::Address,
            ),
            (&["RTA_IIF", "RTA_OIF"], Value::Is(&INDEX)),
            (
                &[
                    "RTA_PRIORITY",
                    "RTA_PROTOINFO",
                    "RTA_FLOW",
                    "RTA_MP_ALGO",
                    "RTA_MARK",
                    "RTA_UID",
                    "RTA_NH_ID",
                ],
                Value::Is(&As::Uint(4)),
            ),
            (&["RTA_TABLE"], Value::Is(&As::OneOf(4, &tables::RT_TABLE))),
            (
                &["RTA_PREF", "RTA_TTL_PROPAGATE", "RTA_IP_PROTO"],
                Value::Is(&As::Uint(1)),
            ),
            (&["RTA_SPORT", "RTA_DPORT"], Value::Is(&As::Uint(2))),
            (&["RTA_EXPIRES"], Value::Is(&As::Uint(8))),
            (&["RTA_CACHEINFO"], Value::Is(&ROUTE_CACHE)),
            (&["RTA_METRICS"], Value::Nested(&METRICS)),
            (&["RTA_MFC_STATS"], Value::Is(&MULTICAST_STATS)),
            (
                &["RTA_ENCAP_TYPE"],
                Value::Is(&As::OneOf(2, &tables::LWTUNNEL)),
            ),
        ],
    },
};

static MULTICAST_STATS: As = As::Struct(&Layout(&[
    ("mfcs_packets", As::Uint(8)),
    ("mfcs_bytes", As::Uint(8)),
    ("mfcs_wrong_if", As::Uint(8)),
]));

static ROUTE_CACHE: As = As::Struct(&Layout(&[
    ("rta_clntref", As::Uint(4)),
    ("rta_lastuse", As::Uint(4)),
    ("rta_expires", As::Uint(4)),
    ("rta_error", As::Uint(4)),
    ("rta_used", As::Uint(4)),
    ("rta_id", As::Hex(4)),
    ("rta_ts", As::Uint(4)),
    ("rta_tsage", As::Uint(4)),
]));

static METRICS: Attributes = Attributes {
    names: &tables::RTAX,
    values: &[
        (
            &[
                "RTAX_LOCK",
                "RTAX_MTU",
                "RTAX_WINDOW",
                "RTAX_RTT",
                "RTAX_RTTVAR",
                "RTAX_SSTHRESH",
                "RTAX_CWND",
                "RTAX_ADVMSS",
                "RTAX_REORDERING",
                "RTAX_HOPLIMIT",
                "RTAX_INITCWND",
                "RTAX_FEATURES",
                "RTAX_RTO_MIN",
                "RTAX_INITRWND",
                "RTAX_QUICKACK",
            ],
            Value::Is(&As::Uint(4)),
        ),
        (&["RTAX_CC_ALGO"], Value::Text),
    ],
};

static NEIGHBOUR: Kind = Kind {
    family: "ndm_family",
    layout: &Layout(&[
        ("ndm_family", As::Pad(4)),
        ("ndm_ifindex", INDEX),
        ("ndm_state", As::Flags(2, &tables::NUD)),
        ("ndm_flags", As::Flags(1, &tables::NTF)),
        ("ndm_type", As::OneOf(1, &tables::RTN)),
    ]),
    attributes: &Attributes {
        names: &tables::NDA,
        values: &[
            (&["NDA_DST"], Value::Address),
            (&["NDA_LLADDR"], Value::Hardware),
            (
                &[
                    "NDA_PROBES",
                    "NDA_VNI",
                    "NDA_LINK_NETNSID",
                    "NDA_SRC_VNI",
                    "NDA_NH_ID",
                ],
                Value::Is(&As::Uint(4)),
            ),
            (&["NDA_VLAN"], Value::Is(&As::Uint(2))),
            (&["NDA_PORT"], Value::Is(&BE16)),
            (&["NDA_IFINDEX", "NDA_MASTER"], Value::Is(&INDEX)),
            (&["NDA_CACHEINFO"], Value::Is(&NEIGHBOUR_CACHE)),
            (
                &["NDA_NDM_STATE_MASK"],
                Value::Is(&As::Flags(2, &tables::NUD)),
            ),
            (
                &["NDA_NDM_FLAGS_MASK"],
                Value::Is(&As::Flags(1, &tables::NTF)),
            ),
            (
                &["NDA_FLAGS_EXT"],
                Value::Is(&As::Flags(4, &tables::NTF_EXT)),
            ),
            (&["NDA_FDB_EXT_ATTRS"], Value::Nested(&FORWARDING)),
        ],
    },
};

static FORWARDING: Attributes = Attributes {
    names: &tables::NFEA,
    values: &[(
        &["NFEA_ACTIVITY_NOTIFY"],
        Value::Is(&As::Flags(1, &tables::FDB_NOTIFY)),
    )],
};

static NEIGHBOUR_CACHE: As = As::Struct(&Layout(&[
    ("ndm_confirmed", As::Uint(4)),
    ("ndm_used", As::Uint(4)),
    ("ndm_updated", As::Uint(4)),
    ("ndm_refcnt", As::Uint(4)),
]));

static RULE: Kind = Kind {
    family: "family",
    layout: &Layout(&[
        ("family", As::Pad(1)),
        ("dst_len", As::Uint(1)),
        ("src_len", As::Uint(1)),
        ("tos", As::Flags(1, &tables::IPTOS)),
        ("table", As::OneOf(1, &tables::RT_TABLE)),
        ("res", As::Pad(2)),
        ("action", As::OneOf(1, &tables::FR_ACT)),
        ("flags", As::Flags(4, &tables::FIB_RULES)),
    ]),
    attributes: &Attributes {
        names: &tables::FRA,
        values: &[
            (&["FRA_DST", "FRA_SRC"], Value::Address),
            (&["FRA_IIFNAME", "FRA_OIFNAME"], Value::Text),
            (
                &[
                    "FRA_GOTO",
                    "FRA_PRIORITY",
                    "FRA_FWMARK",
                    "FRA_FLOW",
                    "FRA_SUPPRESS_IFGROUP",
                    "FRA_SUPPRESS_PREFIXLEN",
                    "FRA_FWMASK",
                ],
                Value::Is(&As::Uint(4)),
            ),
            (&["FRA_TABLE"], Value::Is(&As::OneOf(4, &tables::RT_TABLE))),
            (&["FRA_L3MDEV"], Value::Is(&As::Uint(1))),
            (&["FRA_PROTOCOL"], Value::Is(&As::OneOf(1, &tables::RTPROT))),
        ],
    },
};

static NEIGHBOURS: Kind = Kind {
    family: "ndtm_family",
    layout: &Layout(&[("ndtm_family", As::Pad(4))]),
    attributes: &Attributes {
        names: &tables::NDTA,
        values: &[
            (&["NDTA_NAME"], Value::Text),
            (
                &["NDTA_THRESH1", "NDTA_THRESH2", "NDTA_THRESH3"],
                Value::Is(&As::Uint(4)),
            ),
            (&["NDTA_GC_INTERVAL"], Value::Is(&As::Uint(8))),
        ],
    },
};

static LABEL: Kind = Kind {
    family: "ifal_family",
    layout: &Layout(&[
        ("ifal_family", As::Pad(2)),
        ("ifal_prefixlen", As::Uint(1)),
        ("ifal_flags", As::Uint(1)),
        ("ifal_index", INDEX),
        ("ifal_seq", As::Uint(4)),
    ]),
    attributes: &Attributes {
        names: &tables::IFAL,
        values: &[
            (&["IFAL_ADDRESS"], Value::Address),
            (&["IFAL_LABEL"], Value::Is(&As::Uint(4))),
        ],
    },
};

static CONFIG: Kind = Kind {
    family: "ncm_family",
    layout: &Layout(&[("ncm_family", As::Pad(1))]),
    attributes: &Attributes {
        names: &tables::NETCONFA,
        values: &[(
            &[
                "NETCONFA_IFINDEX",
                "NETCONFA_FORWARDING",
                "NETCONFA_RP_FILTER",
                "NETCONFA_MC_FORWARDING",
                "NETCONFA_PROXY_NEIGH",
                "NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN",
                "NETCONFA_INPUT",
                "NETCONFA_BC_FORWARDING",
            ],
            Value::Is(&As::Int(4)),
        )],
    },
};

static NAMESPACE: Kind = Kind {
    family: "rtgen_family",
    layout: &Layout(&[("rtgen_family", As::Pad(1))]),
    attributes: &Attributes {
        names: &tables::NETNSA,
        values: &[
            (
                &["NETNSA_NSID", "NETNSA_TARGET_NSID", "NETNSA_CURRENT_NSID"],
                Value::Is(&As::Int(4)),
            ),
            (&["NETNSA_PID"], Value::Is(&As::Pid)),
            (&["NETNSA_FD"], Value::Is(&As::Fd)),
        ],
    },
};

static NEXT_HOP: Kind = Kind {
    family: "nh_family",
    layout: &Layout(&[
        ("nh_family", As::Pad(1)),
        ("nh_scope", As::OneOf(1, &tables::RT_SCOPE)),
        ("nh_protocol", As::OneOf(1, &tables::RTPROT)),
        ("resvd", As::NonZero(&As::Hex(1))),
        ("nh_flags", As::Flags(4, &tables::RTNH_F)),
    ]),
    attributes: &Attributes {
        names: &tables::NHA,
        values: &[
            (
                &["NHA_ID", "NHA_BLACKHOLE", "NHA_GROUPS", "NHA_FDB"],
                Value::Is(&As::Uint(4)),
            ),
            (&["NHA_OIF", "NHA_MASTER"], Value::Is(&INDEX)),
            (
                &["NHA_ENCAP_TYPE"],
                Value::Is(&As::OneOf(2, &tables::LWTUNNEL)),
            ),
            (&["NHA_GATEWAY"], Value::Address),
        ],
    },
};
