//! Traffic control: queues, classes, filters, actions (`linux/pkt_sched.h`, `linux/pkt_cls.h`).

use super::{
    super::{As, Layout, Names, tables},
    attributes::{Attributes, INDEX, Value},
    route::Kind,
};

pub(super) static TRAFFIC: Kind = Kind {
    family: "tcm_family",
    layout: &Layout(&[
        ("tcm_family", As::Pad(4)),
        ("tcm_ifindex", INDEX),
        ("tcm_handle", As::Uint(4)),
        ("tcm_parent", As::Uint(4)),
        ("tcm_info", As::Uint(4)),
    ]),
    attributes: &Attributes {
        names: &tables::TCA,
        values: &[
            (&["TCA_KIND"], Value::Text),
            (&["TCA_RATE"], Value::Is(&TRAFFIC_RATE)),
            (
                &["TCA_CHAIN", "TCA_INGRESS_BLOCK", "TCA_EGRESS_BLOCK"],
                Value::Is(&As::Uint(4)),
            ),
            (&["TCA_HW_OFFLOAD"], Value::Is(&As::Uint(1))),
            (&["TCA_STATS"], Value::Packed(&STATS)),
            (&["TCA_STATS2"], Value::Nested(&STATISTICS)),
            (&["TCA_STAB"], Value::Nested(&SIZES)),
        ],
    },
};

static TRAFFIC_RATE: As = As::Struct(&Layout(&[
    ("interval", As::Int(1)),
    ("ewma_log", As::Uint(1)),
]));

/// `struct tc_stats`
static STATS: Layout = Layout(&[
    ("bytes", As::Uint(8)),
    ("packets", As::Uint(4)),
    ("drops", As::Uint(4)),
    ("overlimits", As::Uint(4)),
    ("bps", As::Uint(4)),
    ("pps", As::Uint(4)),
    ("qlen", As::Uint(4)),
    ("backlog", As::Uint(4)),
]);

static STATISTICS: Attributes = Attributes {
    names: &tables::TCA_STATS,
    values: &[
        (
            &["TCA_STATS_BASIC", "TCA_STATS_BASIC_HW"],
            Value::Is(&BASIC),
        ),
        (&["TCA_STATS_RATE_EST"], Value::Is(&RATE)),
        (&["TCA_STATS_QUEUE"], Value::Is(&QUEUE)),
        (&["TCA_STATS_RATE_EST64"], Value::Is(&RATE64)),
        (&["TCA_STATS_PKT64"], Value::Is(&As::Uint(8))),
    ],
};

/// `struct gnet_stats_basic`, whose end is not told.
static BASIC: As = As::By(12, 1, |w, b| {
    w.structure(|w| {
        w.field("bytes").shape(b, &As::Uint(8));
        w.field("packets").shape(&b[8..], &As::Uint(4));
    });
});
static RATE: As = As::Struct(&Layout(&[("bps", As::Uint(4)), ("pps", As::Uint(4))]));
static RATE64: As = As::Struct(&Layout(&[("bps", As::Uint(8)), ("pps", As::Uint(8))]));
static QUEUE: As = As::Struct(&Layout(&[
    ("qlen", As::Uint(4)),
    ("backlog", As::Uint(4)),
    ("drops", As::Uint(4)),
    ("requeues", As::Uint(4)),
    ("overlimits", As::Uint(4)),
]));

static SIZES: Attributes = Attributes {
    names: &tables::TCA_STAB,
    values: &[
        (&["TCA_STAB_BASE"], Value::Is(&SIZE_TABLE)),
        (&["TCA_STAB_DATA"], Value::ArrayOf(&As::Uint(2))),
    ],
};

/// `struct tc_sizespec`
static SIZE_TABLE: As = As::Struct(&Layout(&[
    ("cell_log", As::Uint(1)),
    ("size_log", As::Uint(1)),
    ("cell_align", As::Int(2)),
    ("overhead", As::Int(4)),
    ("linklayer", As::Uint(4)),
    ("mpu", As::Uint(4)),
    ("mtu", As::Uint(4)),
    ("tsize", As::Uint(4)),
]));

/// `struct nla_bitfield32`
static ACTION_FLAGS: As = As::Struct(&Layout(&[
    ("value", As::Flags(4, &tables::TCA_ACT_FLAGS)),
    ("selector", As::Flags(4, &tables::TCA_ACT_FLAGS)),
]));

pub(super) static ACTION: Kind = Kind {
    family: "tca_family",
    layout: &Layout(&[("tca_family", As::Pad(4))]),
    attributes: &Attributes {
        names: &tables::TCA_ROOT,
        values: &[
            (&["TCA_ROOT_COUNT"], Value::Is(&As::Uint(4))),
            (&["TCA_ROOT_TAB"], Value::Nested(&ACTIONS)),
            (
                &["TCA_ROOT_FLAGS"],
                Value::AnyOf(&[&ACTION_FLAGS, &As::Flags(4, &tables::TCA_ACT_FLAGS)]),
            ),
            (&["TCA_ROOT_TIME_DELTA"], Value::Time(1000)),
            (&["TCA_ROOT_EXT_WARN_MSG"], Value::Text),
        ],
    },
};

/// Actions by their numbers.
static ACTIONS: Attributes = Attributes {
    names: &Names::NONE,
    values: &[(&[], Value::Nested(&ONE_ACTION))],
};

static ONE_ACTION: Attributes = Attributes {
    names: &tables::TCA_ACT,
    values: &[
        (&["TCA_ACT_KIND"], Value::Text),
        (
            &["TCA_ACT_INDEX", "TCA_ACT_IN_HW_COUNT"],
            Value::Is(&As::Uint(4)),
        ),
        (&["TCA_ACT_STATS"], Value::Nested(&STATISTICS)),
        (
            &["TCA_ACT_FLAGS"],
            Value::Is(&As::Flags(4, &tables::TCA_ACT_FLAGS_OF_ONE)),
        ),
        (
            &["TCA_ACT_HW_STATS", "TCA_ACT_USED_HW_STATS"],
            Value::Is(&As::Flags(4, &tables::TCA_ACT_HW_STATS)),
        ),
    ],
};
