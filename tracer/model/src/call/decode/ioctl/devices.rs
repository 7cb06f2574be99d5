//! Clocks, watchdogs, counters, flash memory and other devices.

use super::{
    super::{As, Layout, Member, Writer, layout::number, tables},
    Argument::{By, Changes, Filled, Given, Grows, Nothing, Value},
    Commands,
};

/// The commands.
pub(super) const COMMANDS: Commands = &[
    (&["RTC_ALM_READ", "RTC_RD_TIME"], Filled(&TIME)),
    (&["RTC_ALM_SET", "RTC_SET_TIME"], Given(&TIME)),
    (&["RTC_IRQP_SET", "RTC_EPOCH_SET"], Value(&As::Uint(8))),
    (&["RTC_IRQP_READ", "RTC_EPOCH_READ"], Filled(&As::Uint(8))),
    (&["RTC_WKALM_RD"], Filled(&ALARM)),
    (&["RTC_WKALM_SET"], Given(&ALARM)),
    (&["RTC_PLL_GET"], Filled(&PLL)),
    (&["RTC_PLL_SET"], Given(&PLL)),
    (&["RTC_VL_READ"], Filled(&As::Flags(4, &tables::RTC_VL))),
    (
        &[
            "RTC_AIE_ON",
            "RTC_AIE_OFF",
            "RTC_UIE_ON",
            "RTC_UIE_OFF",
            "RTC_PIE_ON",
            "RTC_PIE_OFF",
            "RTC_WIE_ON",
            "RTC_WIE_OFF",
            "RTC_VL_CLR",
            "WDIOC_KEEPALIVE",
            "RNDZAPENTCNT",
            "RNDCLEARPOOL",
            "RNDRESEEDCRNG",
            "COUNTER_ENABLE_EVENTS_IOCTL",
            "COUNTER_DISABLE_EVENTS_IOCTL",
        ],
        Nothing,
    ),
    (&["WDIOC_GETSUPPORT"], Filled(&WATCHDOG)),
    (
        &[
            "WDIOC_GETSTATUS",
            "WDIOC_GETBOOTSTATUS",
            "WDIOC_GETTEMP",
            "WDIOC_GETTIMEOUT",
            "WDIOC_GETPRETIMEOUT",
            "WDIOC_GETTIMELEFT",
        ],
        Filled(&As::Int(4)),
    ),
    (
        &["WDIOC_SETTIMEOUT", "WDIOC_SETPRETIMEOUT"],
        Given(&As::Int(4)),
    ),
    (&["WDIOC_SETOPTIONS"], Given(&As::Flags(4, &tables::WDIOS))),
    (&["RNDGETENTCNT"], Filled(&As::Int(4))),
    (&["RNDADDTOENTCNT"], Given(&As::Int(4))),
    (&["RNDADDENTROPY"], By(entropy)),
    (&["COUNTER_ADD_WATCH_IOCTL"], Given(&COUNTER)),
    (
        &["PTP_CLOCK_GETCAPS", "PTP_CLOCK_GETCAPS2"],
        Filled(&PTP_CAPS),
    ),
    (
        &["PTP_EXTTS_REQUEST"],
        Given(&As::Struct(&Layout(&[
            ("index", As::Uint(4)),
            ("flags", As::Flags(4, &tables::PTP_EXTTS)),
            ("rsv", As::Pad(8)),
        ]))),
    ),
    (
        &["PTP_EXTTS_REQUEST2"],
        Given(&As::Struct(&Layout(&[
            ("index", As::Uint(4)),
            ("flags", As::Flags(4, &tables::PTP_EXTTS)),
            ("rsv", As::NonZero(&As::Array(&As::Hex(4), 2))),
        ]))),
    ),
    (
        &["PTP_PEROUT_REQUEST"],
        Given(&As::By(56, 8, |w, b| periodic(w, b, false))),
    ),
    (
        &["PTP_PEROUT_REQUEST2"],
        Given(&As::By(56, 8, |w, b| periodic(w, b, true))),
    ),
    (&["PTP_ENABLE_PPS", "PTP_ENABLE_PPS2"], Value(&As::Hex(8))),
    (
        &["PTP_SYS_OFFSET", "PTP_SYS_OFFSET2"],
        Grows(
            &[
                ("n_samples", As::Uint(4)),
                ("rsv", As::NonZero(&As::Array(&As::Hex(4), 3))),
            ],
            &[("ts", As::By(832, 8, samples))],
        ),
    ),
    (
        &[
            "PTP_SYS_OFFSET_EXTENDED",
            "PTP_SYS_OFFSET_EXTENDED2",
            "PTP_SYS_OFFSET_EXTENDED_CYCLES",
        ],
        Grows(
            &[
                ("n_samples", As::Uint(4)),
                ("clockid", As::OneOf(4, &tables::CLOCKS)),
                ("rsv", As::NonZero(&As::Array(&As::Hex(4), 2))),
            ],
            &[("ts", As::By(1216, 8, triples))],
        ),
    ),
    (
        &[
            "PTP_SYS_OFFSET_PRECISE",
            "PTP_SYS_OFFSET_PRECISE2",
            "PTP_SYS_OFFSET_PRECISE_CYCLES",
        ],
        Filled(&As::Struct(&Layout(&[
            ("device", PTP_DATE),
            ("sys_realtime", PTP_DATE),
            ("sys_monoraw", PTP_TIME),
            ("rsv", As::NonZero(&As::Array(&As::Hex(4), 4))),
        ]))),
    ),
    (
        &["PTP_PIN_GETFUNC"],
        Grows(&[("name", As::Pad(64)), ("index", As::Uint(4))], PIN_FILLED),
    ),
    (
        &["PTP_PIN_GETFUNC2"],
        Grows(
            &[
                ("name", As::Pad(64)),
                ("index", As::Uint(4)),
                ("func", As::Pad(8)),
                ("rsv", As::NonZero(&As::Array(&As::Hex(4), 5))),
            ],
            PIN_FILLED,
        ),
    ),
    (
        &["PTP_PIN_SETFUNC"],
        Given(&As::Struct(&Layout(&[
            ("name", As::Pad(64)),
            ("index", As::Uint(4)),
            ("func", As::OneOf(4, &tables::PTP_PF)),
            ("chan", As::Uint(4)),
            ("rsv", As::Pad(20)),
        ]))),
    ),
    (
        &["PTP_PIN_SETFUNC2"],
        Given(&As::Struct(&Layout(&[
            ("name", As::Pad(64)),
            ("index", As::Uint(4)),
            ("func", As::OneOf(4, &tables::PTP_PF)),
            ("chan", As::Uint(4)),
            ("rsv", As::NonZero(&As::Array(&As::Hex(4), 5))),
        ]))),
    ),
    (
        &["MEMERASE", "MEMLOCK", "MEMUNLOCK", "MEMISLOCKED"],
        Given(&As::Struct(&Layout(&[
            ("start", As::Hex(4)),
            ("length", As::Hex(4)),
        ]))),
    ),
    (
        &["MEMERASE64"],
        Given(&As::Struct(&Layout(&[
            ("start", As::Hex(8)),
            ("length", As::Hex(8)),
        ]))),
    ),
    (
        &["MEMWRITEOOB", "MEMREADOOB"],
        Given(&As::Struct(&Layout(&[
            ("start", As::Hex(4)),
            ("length", As::Hex(4)),
            ("ptr", As::Address),
        ]))),
    ),
    (
        &["MEMWRITEOOB64", "MEMREADOOB64"],
        Given(&As::Struct(&Layout(&[
            ("start", As::Hex(8)),
            ("pad", As::Pad(4)),
            ("length", As::Hex(4)),
            ("usr_ptr", As::Address),
        ]))),
    ),
    (
        &["MEMWRITE"],
        Given(&As::Struct(&Layout(&[
            ("start", As::Hex(8)),
            ("len", As::Hex(8)),
            ("ooblen", As::Hex(8)),
            ("usr_data", As::Address),
            ("usr_oob", As::Address),
            ("mode", As::OneOf(1, &tables::MTD_OPS)),
            ("padding", As::Pad(7)),
        ]))),
    ),
    (&["OTPGETREGIONINFO"], Filled(&OTP)),
    (&["OTPLOCK"], Given(&OTP)),
    (&["OTPSELECT"], Given(&As::OneOf(4, &tables::MTD_OTP))),
    (
        &["MTDFILEMODE"],
        Value(&As::OneOf(8, &tables::MTD_FILE_MODES)),
    ),
    (&["MEMGETBADBLOCK", "MEMSETBADBLOCK"], Given(&As::Uint(8))),
    (
        &["MEMGETINFO"],
        Filled(&As::Struct(&Layout(&[
            ("type", As::OneOf(1, &tables::MTD_TYPES)),
            ("flags", As::Flags(4, &tables::MTD_FLAGS)),
            ("size", As::Hex(4)),
            ("erasesize", As::Hex(4)),
            ("writesize", As::Hex(4)),
            ("oobsize", As::Hex(4)),
            ("padding", As::Hex(8)),
        ]))),
    ),
    (
        &["MEMGETOOBSEL"],
        Filled(&As::Struct(&Layout(&[
            ("useecc", As::OneOf(4, &tables::MTD_NANDECC)),
            ("eccbytes", As::Hex(4)),
            ("oobfree", As::Array(&As::Array(&As::Hex(4), 2), 8)),
            ("eccpos", As::Array(&As::Hex(4), 32)),
        ]))),
    ),
    (
        &["ECCGETLAYOUT"],
        Filled(&As::Struct(&Layout(&[
            ("eccbytes", As::Hex(4)),
            ("eccpos", As::Array(&As::Hex(4), 64)),
            ("oobavail", As::Hex(4)),
            (
                "oobfree",
                As::Array(
                    &As::Struct(&Layout(&[("offset", As::Hex(4)), ("length", As::Hex(4))])),
                    8,
                ),
            ),
        ]))),
    ),
    (
        &["ECCGETSTATS"],
        Filled(&As::Struct(&Layout(&[
            ("corrected", As::Hex(4)),
            ("failed", As::Hex(4)),
            ("badblocks", As::Hex(4)),
            ("bbtblocks", As::Hex(4)),
        ]))),
    ),
    (&["OTPGETREGIONCOUNT"], Filled(&As::Uint(4))),
    (&["MEMGETREGIONCOUNT"], Filled(&As::Int(4))),
    (
        &["MEMGETREGIONINFO"],
        Grows(
            &[("offset", As::Pad(12)), ("regionindex", As::Hex(4))],
            &[
                ("offset", As::Hex(4)),
                ("erasesize", As::Hex(4)),
                ("numblocks", As::Hex(4)),
            ],
        ),
    ),
    (
        &["HDIO_DRIVE_CMD"],
        Changes(
            &As::Struct(&Layout(&[
                ("command", As::OneOf(1, &tables::ATA_COMMANDS)),
                ("sector_number", As::Uint(1)),
                ("feature", As::Uint(1)),
                ("sector_count", As::Uint(1)),
            ])),
            &As::Struct(&Layout(&[
                ("status", As::Hex(1)),
                ("error", As::Uint(1)),
                ("nsector", As::Uint(1)),
                ("sector_count", As::Pad(1)),
            ])),
        ),
    ),
    (
        &["UDMABUF_CREATE"],
        Given(&As::Struct(&Layout(&[
            ("memfd", As::Fd),
            ("flags", As::Flags(4, &tables::UDMABUF_FLAGS)),
            ("offset", As::Uint(8)),
            ("size", As::Uint(8)),
        ]))),
    ),
];

static TIME: As = As::Struct(&CLOCK);
static CLOCK: Layout = Layout(&[
    ("tm_sec", As::Int(4)),
    ("tm_min", As::Int(4)),
    ("tm_hour", As::Int(4)),
    ("tm_mday", As::Int(4)),
    ("tm_mon", As::Int(4)),
    ("tm_year", As::Int(4)),
    ("", As::Verbose),
    ("tm_wday", As::Int(4)),
    ("tm_yday", As::Int(4)),
    ("tm_isdst", As::Int(4)),
]);

static ALARM: As = As::Struct(&Layout(&[
    ("enabled", As::Uint(1)),
    ("pending", As::Uint(1)),
    ("time", As::Struct(&CLOCK)),
]));

static PLL: As = As::Struct(&Layout(&[
    ("pll_ctrl", As::Int(4)),
    ("pll_value", As::Int(4)),
    ("pll_max", As::Int(4)),
    ("pll_min", As::Int(4)),
    ("pll_posmult", As::Int(4)),
    ("pll_negmult", As::Int(4)),
    ("pll_clock", As::Int(8)),
]));

static WATCHDOG: As = As::Struct(&Layout(&[
    ("options", As::Flags(4, &tables::WDIOF)),
    ("", As::Verbose),
    ("firmware_version", As::Hex(4)),
    ("identity", As::Text(32)),
]));

static COUNTER: As = As::Struct(&Layout(&[
    (
        "component",
        As::Struct(&Layout(&[
            ("type", As::OneOf(1, &tables::COUNTER_COMPONENTS)),
            ("scope", As::OneOf(1, &tables::COUNTER_SCOPES)),
            ("parent", As::Uint(1)),
            ("id", As::Uint(1)),
        ])),
    ),
    ("event", As::OneOf(1, &tables::COUNTER_EVENTS)),
    ("channel", As::Uint(1)),
]));

static OTP: As = As::Struct(&Layout(&[
    ("start", As::Hex(4)),
    ("length", As::Hex(4)),
    ("locked", As::Uint(4)),
]));

/// How many bits there are, and the bytes.
fn entropy(w: &mut Writer<'_>, at: u64) {
    w.at(at, |w, [count, size]: [i32; 2]| {
        w.structure(|w| {
            w.field("entropy_count").dec(count);
            w.field("buf_size").dec(size);
            w.field("buf").buffer(at + 8, size as u64);
        });
    });
}

static PTP_CAPS: As = As::Struct(&Layout(&[
    ("max_adj", As::Int(4)),
    ("n_alarm", As::Int(4)),
    ("n_ext_ts", As::Int(4)),
    ("n_per_out", As::Int(4)),
    ("pps", As::Int(4)),
    ("n_pins", As::Int(4)),
    ("cross_timestamping", As::Int(4)),
    ("adjust_phase", As::Int(4)),
    ("max_phase_adj", As::By(4, 4, nanoseconds)),
    ("rsv", As::NonZero(&As::Array(&As::Hex(4), 11))),
]));

const PIN_FILLED: &[Member] = &[
    ("name", As::Text(64)),
    ("index", As::Pad(4)),
    ("func", As::OneOf(4, &tables::PTP_PF)),
    ("chan", As::Uint(4)),
];

fn nanoseconds(w: &mut Writer<'_>, bytes: &[u8]) {
    const SECOND: u32 = 1_000_000_000;
    let n = number(bytes) as i32;
    w.dec(n);
    if n != 0 {
        let sign = if n < 0 { "-" } else { "" };
        let part = n.unsigned_abs();
        w.comment(&format!("{sign}{}.{:09} s", part / SECOND, part % SECOND));
    }
}

/// A span, and a moment.
const PTP_TIME: As = As::By(16, 8, |w, b| ptp_time(w, b, false));
const PTP_DATE: As = As::By(16, 8, |w, b| ptp_time(w, b, true));

fn ptp_time(w: &mut Writer<'_>, bytes: &[u8], is_date: bool) {
    let (seconds, nanoseconds) = (number(&bytes[..8]) as i64, number(&bytes[8..12]));
    let reserved = number(&bytes[12..16]);
    w.structure(|w| {
        w.field("sec").dec(seconds);
        w.field("nsec").dec(nanoseconds);
        if reserved != 0 {
            w.field("reserved").hex(reserved);
        }
    });
    if is_date && w.constants != super::super::Constants::Numbers {
        super::super::time::date(w, seconds, Some((nanoseconds as i64, 9)));
    }
}

fn periodic(w: &mut Writer<'_>, b: &[u8], is_second: bool) {
    let (index, flags) = (number(&b[32..36]), number(&b[36..40]));
    let has = |name| {
        tables::PTP_PEROUT
            .entries
            .iter()
            .any(|(bit, n)| *n == name && flags & bit != 0)
    };
    w.structure(|w| {
        if has("PTP_PEROUT_PHASE") {
            w.field("phase").shape(b, &PTP_TIME);
        } else {
            w.field("start").shape(b, &PTP_DATE);
        }
        w.field("period").shape(&b[16..], &PTP_TIME);
        w.field("index").dec(index);
        w.field("flags").flags(flags, &tables::PTP_PEROUT);
        if has("PTP_PEROUT_DUTY_CYCLE") {
            w.field("on").shape(&b[40..], &PTP_TIME);
        } else if is_second && b[40..56] != [0; 16] {
            w.field("rsv").shape(&b[40..], &As::Array(&As::Hex(4), 4));
        }
    });
}

/// Moments of the clocks (`PTP_MAX_SAMPLES` is 25).
const SAMPLES: usize = 25;

fn samples(w: &mut Writer<'_>, b: &[u8]) {
    let count = 2 * (number(&b[..4]) as usize).min(SAMPLES) + 1;
    list(w, &b[16..], count, 16, &PTP_DATE);
}

fn triples(w: &mut Writer<'_>, b: &[u8]) {
    let count = (number(&b[..4]) as usize).min(SAMPLES);
    list(w, &b[16..], count, 48, &As::Array(&PTP_DATE, 3));
}

/// An array, of which as much is shown as of a string.
pub(super) fn list(w: &mut Writer<'_>, b: &[u8], count: usize, size: usize, shape: &As) {
    let most = if w.options.verbose {
        count
    } else {
        w.options.strings
    };
    w.group(["[", "]"], |w| {
        for i in 0..count.min(most) {
            w.separate();
            w.shape(&b[i * size..], shape);
        }
        if most < count {
            w.more();
        }
    });
}
