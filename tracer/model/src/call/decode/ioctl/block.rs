//! Block devices, loop devices and discs.

use super::{
    super::{As, Layout, Writer, layout::number, tables},
    Argument::{By, Filled, Given, Grows, Nothing, Value},
    Commands,
};

/// The commands.
pub(super) const COMMANDS: Commands = &[
    (&["BLKRASET", "BLKFRASET"], Value(&As::Uint(8))),
    (&["BLKSECTGET", "BLKROTATIONAL"], Filled(&As::Uint(2))),
    (
        &["BLKROGET", "BLKBSZGET", "BLKSSZGET", "BLKALIGNOFF"],
        Filled(&As::Int(4)),
    ),
    (&["BLKROSET", "BLKBSZSET"], Given(&As::Int(4))),
    (
        &[
            "BLKPBSZGET",
            "BLKIOMIN",
            "BLKIOOPT",
            "BLKDISCARDZEROES",
            "BLKGETZONESZ",
            "BLKGETNRZONES",
        ],
        Filled(&As::Uint(4)),
    ),
    (&["BLKRAGET", "BLKFRAGET"], Filled(&As::Int(8))),
    (
        &["BLKGETSIZE", "BLKGETSIZE64", "BLKGETDISKSEQ"],
        Filled(&As::Uint(8)),
    ),
    (
        &["BLKDISCARD", "BLKSECDISCARD", "BLKZEROOUT"],
        Given(&As::Array(&As::Uint(8), 2)),
    ),
    (&["BLKTRACESETUP"], Grows(TRACE_GIVEN, TRACE_FILLED)),
    (&["BLKPG"], Given(&PARTITION)),
    (
        &[
            "BLKRRPART",
            "BLKFLSBUF",
            "BLKTRACESTART",
            "BLKTRACESTOP",
            "BLKTRACETEARDOWN",
            "LOOP_CLR_FD",
            "LOOP_SET_CAPACITY",
            "LOOP_CTL_GET_FREE",
        ],
        Nothing,
    ),
    (&["LOOP_GET_STATUS"], By(|w, at| super::filled(w, at, info))),
    (&["LOOP_SET_STATUS"], By(info)),
    (
        &["LOOP_GET_STATUS64"],
        By(|w, at| super::filled(w, at, info64)),
    ),
    (&["LOOP_SET_STATUS64"], By(info64)),
    (&["LOOP_CONFIGURE"], Given(&CONFIG)),
    (&["LOOP_SET_FD", "LOOP_CHANGE_FD"], Value(&As::Fd)),
    (&["LOOP_CTL_ADD", "LOOP_CTL_REMOVE"], Value(&As::Int(4))),
    (
        &["LOOP_SET_DIRECT_IO", "LOOP_SET_BLOCK_SIZE"],
        Value(&As::Uint(8)),
    ),
    (&["HDIO_GETGEO"], Filled(&GEOMETRY)),
    (
        &["HDIO_DRIVE_RESET", "HDIO_SCAN_HWIF"],
        Given(&As::Array(&As::Hex(4), 3)),
    ),
    (
        &[
            "HDIO_SET_32BIT",
            "HDIO_SET_ACOUSTIC",
            "HDIO_SET_ADDRESS",
            "HDIO_SET_DMA",
            "HDIO_SET_KEEPSETTINGS",
            "HDIO_SET_MULTCOUNT",
            "HDIO_SET_NOWERR",
            "HDIO_SET_PIO_MODE",
            "HDIO_SET_UNMASKINTR",
            "HDIO_SET_WCACHE",
            "HDIO_UNREGISTER_HWIF",
        ],
        Value(&As::Uint(8)),
    ),
    (&["HDIO_SET_QDMA"], Value(&As::Hex(8))),
    (
        &["HDIO_SET_NICE"],
        Value(&As::By(8, 8, |w, b| {
            super::bits(w, number(b), &tables::IDE_NICE, "");
        })),
    ),
    (
        &["HDIO_SET_BUSSTATE"],
        Value(&As::OneOf(8, &tables::BUSSTATES)),
    ),
    (
        &["HDIO_OBSOLETE_IDENTITY", "HDIO_GET_IDENTITY"],
        Value(&As::Address),
    ),
];

const TRACE_GIVEN: &[super::super::Member] = &[
    ("name", As::Pad(32)),
    ("act_mask", As::Uint(2)),
    ("buf_size", As::Uint(4)),
    ("buf_nr", As::Uint(4)),
    ("start_lba", As::Uint(8)),
    ("end_lba", As::Uint(8)),
    ("pid", As::Pid),
];
const TRACE_FILLED: &[super::super::Member] = &[("name", As::Text(32))];

static PARTITION: As = As::Struct(&Layout(&[
    ("op", As::OneOf(4, &tables::BLKPG_OPS)),
    ("flags", As::Int(4)),
    ("datalen", As::Int(4)),
    ("data", As::Address),
]));

static GEOMETRY: As = As::Struct(&Layout(&[
    ("heads", As::Uint(1)),
    ("sectors", As::Uint(1)),
    ("cylinders", As::Uint(2)),
    ("start", As::Uint(8)),
]));

/// `LO_KEY_SIZE`
const KEY: usize = 32;
/// `struct loop_info` and `struct loop_info64`.
const INFO: usize = 168;
const INFO64: usize = 232;

static CONFIG: As = As::Struct(&Layout(&[
    ("fd", As::Fd),
    ("block_size", As::Uint(4)),
    ("info", As::By(INFO64 as u16, 8, write64)),
    ("__reserved", As::NonZero(&As::Array(&As::Hex(8), 8))),
]));

fn info(w: &mut Writer<'_>, at: u64) {
    w.shape_before(at, &As::By(INFO as u16, 8, write));
}

fn info64(w: &mut Writer<'_>, at: u64) {
    w.shape_before(at, &As::By(INFO64 as u16, 8, write64));
}

fn field(w: &mut Writer<'_>, name: &str, bytes: &[u8], at: usize, shape: &As) {
    w.field(name).shape(&bytes[at..], shape);
}

/// Beside `-v`, encryption is shown where there is one.
fn write(w: &mut Writer<'_>, b: &[u8]) {
    let whole = w.options.verbose;
    let encrypted = whole || b[36..40] != [0; 4];
    let key_size = number(&b[40..44]) as usize;
    w.structure(|w| {
        field(w, "lo_number", b, 0, &As::Int(4));
        if whole {
            field(w, "lo_device", b, 8, &As::Device(8));
            field(w, "lo_inode", b, 16, &As::Uint(8));
            field(w, "lo_rdevice", b, 24, &As::Device(8));
        }
        field(w, "lo_offset", b, 32, &As::Hex(4));
        if encrypted {
            field(
                w,
                "lo_encrypt_type",
                b,
                36,
                &As::OneOf(4, &tables::LO_CRYPT),
            );
            field(w, "lo_encrypt_key_size", b, 40, &As::Uint(4));
        }
        field(w, "lo_flags", b, 44, &As::Flags(4, &tables::LO_FLAGS));
        field(w, "lo_name", b, 48, &As::Text(64));
        if encrypted {
            key(w, &b[112..112 + KEY], key_size);
        }
        if whole {
            field(w, "lo_init", b, 144, &As::Array(&As::Hex(8), 2));
            field(w, "reserved", b, 160, &As::Array(&As::Hex(1), 4));
        } else {
            w.more();
        }
    });
}

fn write64(w: &mut Writer<'_>, b: &[u8]) {
    let whole = w.options.verbose;
    let encrypted = whole || b[44..48] != [0; 4];
    let key_size = number(&b[48..52]) as usize;
    w.structure(|w| {
        if whole {
            field(w, "lo_device", b, 0, &As::Device(8));
            field(w, "lo_inode", b, 8, &As::Uint(8));
            field(w, "lo_rdevice", b, 16, &As::Device(8));
        }
        field(w, "lo_offset", b, 24, &As::Hex(8));
        if whole {
            field(w, "lo_sizelimit", b, 32, &As::Uint(8));
        }
        field(w, "lo_number", b, 40, &As::Uint(4));
        if encrypted {
            field(
                w,
                "lo_encrypt_type",
                b,
                44,
                &As::OneOf(4, &tables::LO_CRYPT),
            );
            field(w, "lo_encrypt_key_size", b, 48, &As::Uint(4));
        }
        field(w, "lo_flags", b, 52, &As::Flags(4, &tables::LO_FLAGS));
        field(w, "lo_file_name", b, 56, &As::Text(64));
        if encrypted {
            field(w, "lo_crypt_name", b, 120, &As::Text(64));
            key(w, &b[184..184 + KEY], key_size);
        }
        if whole {
            field(w, "lo_init", b, 216, &As::Array(&As::Hex(8), 2));
        } else {
            w.more();
        }
    });
}

fn key(w: &mut Writer<'_>, bytes: &[u8], len: usize) {
    let len = len.min(KEY);
    let limit = w.options.strings;
    w.field("lo_encrypt_key")
        .quoted(&bytes[..len], len > limit, limit);
}
