//! Files and file systems.

use super::{
    super::{As, Layout, Writer, tables},
    Argument::{By, Filled, Given, Nothing, Value},
    Commands,
};

/// The commands.
pub(super) const COMMANDS: Commands = &[
    (&["FITRIM"], Given(&TRIM)),
    (&["FS_IOC_FSGETXATTR"], Filled(&XATTR)),
    (&["FS_IOC_FSSETXATTR"], Given(&XATTR_GIVEN)),
    (
        &["FS_IOC_SHUTDOWN"],
        Given(&As::OneOf(4, &tables::FS_SHUTDOWN)),
    ),
    (&["FIFREEZE", "FITHAW"], Nothing),
    (&["FS_IOC_FIEMAP"], By(extents)),
    // For all that their numbers say, what they point to is an int.
    (
        &["FS_IOC_GETFLAGS", "FS_IOC32_GETFLAGS"],
        Filled(&As::Flags(4, &tables::FS_FLAGS)),
    ),
    (
        &["FS_IOC_SETFLAGS", "FS_IOC32_SETFLAGS"],
        Given(&As::Flags(4, &tables::FS_FLAGS)),
    ),
    (&["FS_IOC_GETFSUUID"], Filled(&As::By(17, 1, uuid))),
    (
        &["FS_IOC_GETFSSYSFSPATH"],
        Filled(&As::By(129, 1, sysfs_path)),
    ),
    (&["FS_IOC_GETLBMD_CAP"], Filled(&METADATA)),
    (&["FICLONE"], Value(&As::Int(4))),
    (&["FICLONERANGE"], Given(&CLONE)),
    (&["FIDEDUPERANGE"], By(dedupe)),
    (&["FS_IOC_GETFSLABEL"], Filled(&As::Text(256))),
    (&["FS_IOC_SETFSLABEL"], Given(&As::Text(256))),
    (&["INOTIFY_IOC_SETNEXTWD"], Value(&As::Int(4))),
    (&["EPIOCSPARAMS"], Given(&EPOLL)),
    (&["EPIOCGPARAMS"], Filled(&EPOLL)),
];

static TRIM: As = As::Struct(&Layout(&[
    ("start", As::Hex(8)),
    ("len", As::Uint(8)),
    ("minlen", As::Uint(8)),
]));

static XATTR: As = As::Struct(&Layout(&[
    ("fsx_xflags", As::Flags(4, &tables::FS_XFLAGS)),
    ("fsx_extsize", As::Uint(4)),
    ("fsx_nextents", As::Uint(4)),
    ("fsx_projid", As::Hex(4)),
    ("fsx_cowextsize", As::Uint(4)),
    ("fsx_pad", As::Pad(8)),
]));

static XATTR_GIVEN: As = As::Struct(&Layout(&[
    ("fsx_xflags", As::Flags(4, &tables::FS_XFLAGS)),
    ("fsx_extsize", As::Uint(4)),
    ("fsx_nextents", As::Pad(4)),
    ("fsx_projid", As::Hex(4)),
    ("fsx_cowextsize", As::Uint(4)),
    ("fsx_pad", As::Pad(8)),
]));

static METADATA: As = As::Struct(&Layout(&[
    ("lbmd_flags", As::Flags(4, &tables::LBMD_FLAGS)),
    ("lbmd_interval", As::Uint(2)),
    ("lbmd_size", As::Uint(1)),
    ("lbmd_opaque_size", As::Uint(1)),
    ("lbmd_opaque_offset", As::Uint(1)),
    ("lbmd_pi_size", As::Uint(1)),
    ("lbmd_pi_offset", As::Uint(1)),
    ("lbmd_guard_tag_type", As::OneOf(1, &tables::LBMD_CSUMS)),
    ("lbmd_app_tag_size", As::Uint(1)),
    ("lbmd_ref_tag_size", As::Uint(1)),
    ("lbmd_storage_tag_size", As::Uint(1)),
]));

static CLONE: As = As::Struct(&Layout(&[
    ("src_fd", As::Int(8)),
    ("src_offset", As::Uint(8)),
    ("src_length", As::Uint(8)),
    ("dest_offset", As::Uint(8)),
]));

static EPOLL: As = As::Struct(&Layout(&[
    ("busy_poll_usecs", As::By(4, 4, microseconds)),
    ("busy_poll_budget", As::Uint(2)),
    ("prefer_busy_poll", As::Hex(1)),
    ("__pad", As::NonZero(&As::Hex(1))),
]));

fn microseconds(w: &mut Writer<'_>, bytes: &[u8]) {
    let n = super::super::layout::number(bytes);
    w.dec(n);
    w.comment(&format!("{}.{:06} s", n / 1_000_000, n % 1_000_000));
}

fn uuid(w: &mut Writer<'_>, bytes: &[u8]) {
    let len = usize::from(bytes[0]).min(16);
    w.structure(|w| {
        w.field("len").dec(bytes[0]);
        w.field("uuid").text("\"");
        super::super::strings::in_hex(w, &bytes[1..=len]);
        w.text("\"");
    });
}

fn sysfs_path(w: &mut Writer<'_>, bytes: &[u8]) {
    let len = (usize::from(bytes[0]) + 1).min(128);
    let name = &bytes[1..=len];
    let end = memchr::memchr(0, name).unwrap_or(name.len());
    w.structure(|w| {
        w.field("len").dec(bytes[0]);
        w.field("name").quoted(&name[..end], end == name.len(), len);
    });
}

/// Which part of the file, which flags, and how many extents; the call puts them behind.
fn extents(w: &mut Writer<'_>, at: u64) {
    const HEAD: u64 = 32;
    const EXTENT: u64 = 56;
    let Some([start, length, flags, counts]) = w.read_before::<[u64; 4]>(at) else {
        w.address(at);
        return;
    };
    let (given_flags, count) = (flags & 0xffff_ffff, counts & 0xffff_ffff);
    w.structure(|w| {
        w.field("fm_start").dec(start);
        w.field("fm_length").dec(length);
        w.field("fm_flags")
            .flags(given_flags, &tables::FIEMAP_FLAGS);
        w.field("fm_extent_count").dec(count);
    });
    let Some([_, _, flags, _]) = w.read::<[u64; 4]>(at).filter(|_| w.succeeded()) else {
        return;
    };
    let mapped = flags >> 32;
    w.text(" => ");
    w.structure(|w| {
        w.field("fm_flags")
            .flags(flags & 0xffff_ffff, &tables::FIEMAP_FLAGS);
        w.field("fm_mapped_extents").dec(mapped);
        if !w.options.verbose {
            w.more();
            return;
        }
        w.field("fm_extents");
        w.array(at + HEAD, EXTENT, mapped, |w, at| {
            let [logical, physical, length] = w.read::<[u64; 3]>(at).unwrap_or_default();
            let flags = w.read::<u32>(at + 40).unwrap_or_default();
            w.structure(|w| {
                w.field("fe_logical").dec(logical);
                w.field("fe_physical").dec(physical);
                w.field("fe_length").dec(length);
                w.field("fe_flags")
                    .flags(flags.into(), &tables::FIEMAP_EXTENTS);
            });
        });
    });
}

/// Ranges of other files that should be the same as one of this.
fn dedupe(w: &mut Writer<'_>, at: u64) {
    const HEAD: u64 = 24;
    const INFO: u64 = 32;
    let Some([offset, length, count]) = w.read_before::<[u64; 3]>(at) else {
        w.address(at);
        return;
    };
    let count = count & 0xffff;
    w.structure(|w| {
        w.field("src_offset").dec(offset);
        w.field("src_length").dec(length);
        w.field("dest_count").dec(count);
        w.field("info");
        few(w, at + HEAD, INFO, count, |w, at| {
            let [fd, offset] = w.read_before::<[u64; 2]>(at).unwrap_or_default();
            w.structure(|w| {
                w.field("dest_fd").dec(fd as i64);
                w.field("dest_offset").dec(offset);
            });
        });
    });
    if !w.succeeded() {
        return;
    }
    w.text(" => ");
    w.structure(|w| {
        w.field("info");
        few(w, at + HEAD, INFO, count, |w, at| {
            let [_, _, deduped, status] = w.read::<[u64; 4]>(at).unwrap_or_default();
            w.structure(|w| {
                w.field("bytes_deduped").dec(deduped);
                w.field("status").dec(status as i32);
            });
        });
    });
}

/// An array of which two are shown without `-v`.
fn few(
    w: &mut Writer<'_>,
    at: u64,
    size: u64,
    count: u64,
    element: impl FnMut(&mut Writer<'_>, u64),
) {
    let mut element = element;
    let most = if w.options.verbose { u64::MAX } else { 2 };
    if count == 0 {
        w.text("[]");
        return;
    }
    if w.call.memory(at).is_none() {
        w.address(at);
        return;
    }
    w.group(["[", "]"], |w| {
        for i in 0..count.min(most) {
            w.separate();
            element(w, at + i * size);
        }
        if most < count {
            w.more();
        }
    });
}
