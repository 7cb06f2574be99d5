//! Quotas of disks: quotactl(2) and `quotactl_fd(2)`, whose arguments depend on their command.

use super::{As, Constants, Layout, Writer, tables};
use crate::calls::Arg;

/// Which command, of which kind of quota.
pub(crate) const QUOTA_CMD: Arg = Arg::value(|w, _, v| {
    let number = v as u32;
    match w.constants {
        Constants::Names => names(w, number),
        Constants::Numbers => w.dec(number),
        Constants::Both => {
            w.dec(number);
            w.text(" /* ");
            w.constants = Constants::Names;
            names(w, number);
            w.constants = Constants::Both;
            w.text(" */");
        }
    }
});
/// An id, where the command takes one.
pub(crate) const QUOTA_ID: Arg = Arg::value(|w, _, v| match takes(w) {
    Takes::Nothing | Takes::Given(_) | Takes::Filled(_) => w.unseparate(),
    Takes::File => w.one_of(v & 0xffff_ffff, &tables::QUOTA_FORMATS),
    Takes::IdAnd(_) | Takes::IdAndFilled(_) | Takes::Unknown => w.id(v as u32),
});
/// What the command takes or gives.
pub(crate) const QUOTA_DATA: Arg = Arg::input(LARGEST, |w, _, at| match takes(w) {
    Takes::Nothing => w.unseparate(),
    Takes::File => w.string_at(at),
    Takes::Given(shape) | Takes::IdAnd(shape) => w.shape_at(at, shape),
    Takes::Filled(shape) | Takes::IdAndFilled(shape) if w.succeeded() => w.shape_at(at, shape),
    Takes::Filled(_) | Takes::IdAndFilled(_) | Takes::Unknown => w.address(at),
});

/// Bytes of a name, and more than any of the structures has.
const LARGEST: usize = 4096;

/// What a command takes behind the device.
enum Takes {
    Nothing,
    /// A format and a file.
    File,
    Given(&'static As),
    Filled(&'static As),
    IdAnd(&'static As),
    IdAndFilled(&'static As),
    Unknown,
}

fn names(w: &mut Writer<'_>, number: u32) {
    w.group(["QCMD(", ")"], |w| {
        w.separate();
        w.one_of((number >> 8).into(), &tables::QUOTA_CMDS);
        w.separate();
        w.one_of((number & 0xff).into(), &tables::QUOTA_TYPES);
    });
}

/// What the command of this call takes: its number is the first argument, or behind a descriptor.
fn takes(w: &Writer<'_>) -> Takes {
    let has_descriptor = w.call.arch.name(w.call.nr) == Some("quotactl_fd");
    let number = w.args[usize::from(has_descriptor)] as u32 >> 8;
    match tables::QUOTA_CMDS.of(number.into()) {
        Some("Q_QUOTAOFF" | "Q_SYNC" | "Q_XQUOTASYNC") => Takes::Nothing,
        Some("Q_QUOTAON") => Takes::File,
        Some("Q_GETQUOTA") => Takes::IdAndFilled(&BLOCK),
        Some("Q_SETQUOTA") => Takes::IdAnd(&BLOCK),
        Some("Q_GETNEXTQUOTA") => Takes::IdAndFilled(&NEXT_BLOCK),
        Some("Q_XGETQUOTA" | "Q_XGETNEXTQUOTA") => Takes::IdAndFilled(&DISK),
        Some("Q_XSETQLIM") => Takes::IdAnd(&DISK),
        Some("Q_GETFMT") => Takes::Filled(&FORMAT),
        Some("Q_GETINFO") => Takes::Filled(&INFO),
        Some("Q_SETINFO") => Takes::Given(&INFO),
        Some("Q_XGETQSTAT") => Takes::Filled(&STATE),
        Some("Q_XGETQSTATV") => Takes::Filled(&STATE_V),
        Some("Q_XQUOTAON" | "Q_XQUOTAOFF") => Takes::Given(&STATES),
        Some("Q_XQUOTARM") => Takes::Given(&KINDS),
        _ => Takes::Unknown,
    }
}

static FORMAT: As = As::OneOf(4, &tables::QUOTA_FORMATS);
static STATES: As = As::Flags(4, &tables::XFS_QUOTA);
static KINDS: As = As::Flags(4, &tables::XFS_DQBLK);
/// `struct if_dqblk`
static BLOCK: As = As::Struct(&Layout(&[
    ("dqb_bhardlimit", As::Uint(8)),
    ("dqb_bsoftlimit", As::Uint(8)),
    ("dqb_curspace", As::Uint(8)),
    ("dqb_ihardlimit", As::Uint(8)),
    ("dqb_isoftlimit", As::Uint(8)),
    ("dqb_curinodes", As::Uint(8)),
    ("", As::Verbose),
    ("dqb_btime", As::Uint(8)),
    ("dqb_itime", As::Uint(8)),
    ("dqb_valid", As::Flags(4, &tables::QIF)),
]));
/// `struct if_nextdqblk`
static NEXT_BLOCK: As = As::By(72, 8, |w, b| {
    const BEGIN: Layout = Layout(&[
        ("dqb_bhardlimit", As::Uint(8)),
        ("dqb_bsoftlimit", As::Uint(8)),
        ("dqb_curspace", As::Uint(8)),
        ("dqb_ihardlimit", As::Uint(8)),
        ("dqb_isoftlimit", As::Uint(8)),
        ("dqb_curinodes", As::Uint(8)),
    ]);
    const TIMES: Layout = Layout(&[
        ("dqb_btime", As::Uint(8)),
        ("dqb_itime", As::Uint(8)),
        ("dqb_valid", As::Flags(4, &tables::QIF)),
    ]);
    w.structure(|w| {
        w.members_of(b, BEGIN.0);
        if w.options.verbose {
            w.members_of(&b[48..], TIMES.0);
        }
        w.field("dqb_id").shape(&b[68..], &As::Uint(4));
        if !w.options.verbose {
            w.more();
        }
    });
});
/// `struct if_dqinfo`
static INFO: As = As::Struct(&Layout(&[
    ("dqi_bgrace", As::Uint(8)),
    ("dqi_igrace", As::Uint(8)),
    ("dqi_flags", As::Flags(4, &tables::DQF)),
    ("dqi_valid", As::Flags(4, &tables::IIF)),
]));
/// `struct fs_disk_quota`
static DISK: As = As::Struct(&Layout(&[
    ("d_version", As::Int(1)),
    ("d_flags", As::Flags(1, &tables::XFS_DQBLK)),
    ("d_fieldmask", As::Hex(2)),
    ("d_id", As::Uint(4)),
    ("d_blk_hardlimit", As::Uint(8)),
    ("d_blk_softlimit", As::Uint(8)),
    ("d_ino_hardlimit", As::Uint(8)),
    ("d_ino_softlimit", As::Uint(8)),
    ("d_bcount", As::Uint(8)),
    ("d_icount", As::Uint(8)),
    ("", As::Verbose),
    ("d_itimer", As::Int(4)),
    ("d_btimer", As::Int(4)),
    ("d_iwarns", As::Uint(2)),
    ("d_bwarns", As::Uint(2)),
    ("", As::Pad(4)),
    ("d_rtb_hardlimit", As::Uint(8)),
    ("d_rtb_softlimit", As::Uint(8)),
    ("d_rtbcount", As::Uint(8)),
    ("d_rtbtimer", As::Int(4)),
    ("d_rtbwarns", As::Uint(2)),
    ("", As::Pad(10)),
]));
/// `struct fs_qfilestat`, and `struct fs_qfilestatv`.
static FILE: As = As::Struct(&Layout(&[
    ("qfs_ino", As::Uint(8)),
    ("qfs_nblks", As::Uint(8)),
    ("qfs_nextents", As::Uint(4)),
]));
/// `struct fs_quota_stat`
static STATE: As = As::Struct(&Layout(&[
    ("qs_version", As::Int(1)),
    ("", As::Verbose),
    ("qs_flags", As::Flags(2, &tables::XFS_QUOTA)),
    ("", As::Pad(1)),
    ("qs_uquota", As::By(24, 8, |w, b| w.shape(b, &FILE))),
    ("qs_gquota", As::By(24, 8, |w, b| w.shape(b, &FILE))),
    ("qs_incoredqs", As::Uint(4)),
    ("qs_btimelimit", As::Int(4)),
    ("qs_itimelimit", As::Int(4)),
    ("qs_rtbtimelimit", As::Int(4)),
    ("qs_bwarnlimit", As::Uint(2)),
    ("qs_iwarnlimit", As::Uint(2)),
]));
/// `struct fs_quota_statv`
static STATE_V: As = As::Struct(&Layout(&[
    ("qs_version", As::Int(1)),
    ("", As::Verbose),
    ("qs_pad1", As::Pad(1)),
    ("qs_flags", As::Flags(2, &tables::XFS_QUOTA)),
    ("qs_incoredqs", As::Uint(4)),
    ("qs_uquota", As::By(24, 8, |w, b| w.shape(b, &FILE))),
    ("qs_gquota", As::By(24, 8, |w, b| w.shape(b, &FILE))),
    ("qs_pquota", As::By(24, 8, |w, b| w.shape(b, &FILE))),
    ("qs_btimelimit", As::Int(4)),
    ("qs_itimelimit", As::Int(4)),
    ("qs_rtbtimelimit", As::Int(4)),
    ("qs_bwarnlimit", As::Uint(2)),
    ("qs_iwarnlimit", As::Uint(2)),
    ("qs_pad2", As::Pad(64)),
]));
