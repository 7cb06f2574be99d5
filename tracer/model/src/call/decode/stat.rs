//! Attributes of files and file systems.

use libc::{stat, statfs, statx};

use super::{Writer, file::permissions, tables, time::date, writer::foreign};
use crate::calls::{Arg, Role};

foreign!(stat, statfs, statx);

/// `struct stat`
pub(crate) const STAT: Arg = Arg::output(size_of::<stat>(), |w, _, at| w.at(at, write_stat));
/// `struct statx`
pub(crate) const STATX: Arg = Arg::output(size_of::<statx>(), |w, _, at| w.at(at, write_statx));
/// `struct statfs`
pub(crate) const STATFS: Arg = Arg::output(size_of::<statfs>(), |w, _, at| w.at(at, write_statfs));
/// `STATX_...`
pub(crate) const STATX_MASK: Arg = Arg::value(|w, _, v| mask(w, v & 0xffff_ffff));
/// `AT_...` of statx(2): how far it asks a server, then how it looks the name up.
pub(crate) const AT_STATX: Arg = Arg::value(|w, _, v| {
    const SYNC: u64 = 0x6000;
    let flags = v & 0xffff_ffff;
    w.meant(
        |w| w.hex(flags),
        |w| {
            if flags & SYNC == SYNC {
                w.text("AT_STATX_FORCE_SYNC|AT_STATX_DONT_SYNC");
            } else {
                w.one_of(flags & SYNC, &tables::AT_STATX_SYNC);
            }
            w.more_flags(flags & !SYNC, &tables::AT_FLAGS);
        },
    );
})
.role(Role::AtFlags);
/// Type and permissions of a new file (mknod(2)).
pub(crate) const FILE_MODE: Arg = Arg::value(|w, _, v| {
    mode(w, (v & 0xffff) as u32);
    // Only a device has a number.
    if !is_device(v as u32) {
        w.end();
    }
})
.role(Role::Mode);

/// `S_IFREG|0644`
pub(super) fn mode(w: &mut Writer<'_>, mode: u32) {
    w.meant(|w| permissions(w, mode.into()), |w| mode_names(w, mode));
}

fn mode_names(w: &mut Writer<'_>, mode: u32) {
    let kind = match mode & libc::S_IFMT {
        libc::S_IFREG => "S_IFREG",
        libc::S_IFDIR => "S_IFDIR",
        libc::S_IFLNK => "S_IFLNK",
        libc::S_IFCHR => "S_IFCHR",
        libc::S_IFBLK => "S_IFBLK",
        libc::S_IFIFO => "S_IFIFO",
        libc::S_IFSOCK => "S_IFSOCK",
        0 => "",
        _ => return permissions(w, mode.into()),
    };
    let mut rest = mode;
    if !kind.is_empty() {
        w.text(kind);
        w.text("|");
        rest &= !libc::S_IFMT;
    }
    for (bit, name) in [
        (libc::S_ISUID, "S_ISUID|"),
        (libc::S_ISGID, "S_ISGID|"),
        (libc::S_ISVTX, "S_ISVTX|"),
    ] {
        if rest & bit != 0 {
            w.text(name);
            rest &= !bit;
        }
    }
    permissions(w, rest.into());
}

/// `makedev(0x8, 0x1)`
pub(super) fn device(w: &mut Writer<'_>, dev: u64) {
    w.meant(
        |w| w.hex(dev),
        |w| makedev(w, libc::major(dev), libc::minor(dev)),
    );
}

fn makedev(w: &mut Writer<'_>, major: u32, minor: u32) {
    w.group(["makedev(", ")"], |w| {
        w.separate();
        w.hex(major.into());
        w.separate();
        w.hex(minor.into());
    });
}

fn is_device(mode: u32) -> bool {
    matches!(mode & libc::S_IFMT, libc::S_IFCHR | libc::S_IFBLK)
}

fn write_stat(w: &mut Writer<'_>, s: stat) {
    w.structure(|w| {
        if w.options.verbose {
            w.field("st_dev");
            device(w, s.st_dev);
            w.field("st_ino").dec(s.st_ino);
        }
        w.field("st_mode");
        mode(w, s.st_mode);
        if w.options.verbose {
            w.field("st_nlink").dec(s.st_nlink);
            w.field("st_uid").dec(s.st_uid);
            w.field("st_gid").dec(s.st_gid);
            w.field("st_blksize").dec(s.st_blksize);
            w.field("st_blocks").dec(s.st_blocks);
        }
        if is_device(s.st_mode) {
            w.field("st_rdev");
            device(w, s.st_rdev);
        } else {
            w.field("st_size").dec(s.st_size);
        }
        if !w.options.verbose {
            w.more();
            return;
        }
        for (name, seconds, nanoseconds) in [
            ("st_atime", s.st_atime, s.st_atime_nsec),
            ("st_mtime", s.st_mtime, s.st_mtime_nsec),
            ("st_ctime", s.st_ctime, s.st_ctime_nsec),
        ] {
            w.field(name).dec(seconds);
            date(w, seconds, Some((nanoseconds, 9)));
            w.field(&format!("{name}_nsec")).dec(nanoseconds);
        }
    });
}

/// `STATX_BASIC_STATS` is told before what it is made of.
fn mask(w: &mut Writer<'_>, value: u64) {
    if tables::STATX_MASK.has_any(value) {
        w.meant(|w| w.hex(value), |w| mask_names(w, value));
    } else {
        w.flags(value, &tables::STATX_MASK);
    }
}

fn mask_names(w: &mut Writer<'_>, value: u64) {
    const BASIC: u64 = libc::STATX_BASIC_STATS as u64;
    const ALL: u64 = BASIC | libc::STATX_BTIME as u64;
    let (name, rest) = if value & ALL == ALL {
        ("STATX_ALL", value & !ALL)
    } else if value & BASIC == BASIC {
        ("STATX_BASIC_STATS", value & !BASIC)
    } else {
        ("", value)
    };
    w.text(name);
    if !name.is_empty() && rest != 0 {
        w.text("|");
    }
    if name.is_empty() || rest != 0 {
        w.flags(rest, &tables::STATX_MASK);
    }
}

fn write_statx(w: &mut Writer<'_>, s: statx) {
    w.structure(|w| {
        w.field("stx_mask");
        mask(w, s.stx_mask.into());
        if w.options.verbose {
            w.field("stx_blksize").dec(s.stx_blksize);
        }
        w.field("stx_attributes")
            .flags(s.stx_attributes, &tables::STATX_ATTR);
        if w.options.verbose {
            w.field("stx_nlink").dec(s.stx_nlink);
            w.field("stx_uid").dec(s.stx_uid);
            w.field("stx_gid").dec(s.stx_gid);
        }
        w.field("stx_mode");
        mode(w, s.stx_mode.into());
        if w.options.verbose {
            w.field("stx_ino").dec(s.stx_ino);
        }
        w.field("stx_size").dec(s.stx_size);
        if !w.options.verbose {
            w.more();
            return;
        }
        w.field("stx_blocks").dec(s.stx_blocks);
        w.field("stx_attributes_mask")
            .flags(s.stx_attributes_mask, &tables::STATX_ATTR);
        for (given, name, time) in [
            (libc::STATX_ATIME, "stx_atime", s.stx_atime),
            (libc::STATX_BTIME, "stx_btime", s.stx_btime),
            (libc::STATX_CTIME, "stx_ctime", s.stx_ctime),
            (libc::STATX_MTIME, "stx_mtime", s.stx_mtime),
        ] {
            if s.stx_mask & given == 0 {
                continue;
            }
            w.field(name).structure(|w| {
                w.field("tv_sec").dec(time.tv_sec);
                w.field("tv_nsec").dec(time.tv_nsec);
            });
            date(w, time.tv_sec, Some((time.tv_nsec.into(), 9)));
        }
        w.field("stx_rdev_major").dec(s.stx_rdev_major);
        w.field("stx_rdev_minor").dec(s.stx_rdev_minor);
        w.field("stx_dev_major").dec(s.stx_dev_major);
        w.field("stx_dev_minor").dec(s.stx_dev_minor);
        w.field("stx_mnt_id").hex(s.stx_mnt_id);
    });
}

fn write_statfs(w: &mut Writer<'_>, s: statfs) {
    // libc keeps `f_fsid` and `f_flags` private.
    let fsid = w
        .read::<[u32; 2]>(w.args[w.index] + FSID)
        .unwrap_or_default();
    let flags = w.read::<u64>(w.args[w.index] + FLAGS).unwrap_or_default();
    w.structure(|w| {
        w.field("f_type").one_of(s.f_type as u64, &tables::FS_MAGIC);
        w.field("f_bsize").dec(s.f_bsize);
        w.field("f_blocks").dec(s.f_blocks);
        w.field("f_bfree").moment(|w| w.dec(s.f_bfree));
        w.field("f_bavail").moment(|w| w.dec(s.f_bavail));
        w.field("f_files").dec(s.f_files);
        w.field("f_ffree").moment(|w| w.dec(s.f_ffree));
        w.field("f_fsid").group(["{val=[", "]}"], |w| {
            for half in fsid {
                w.separate();
                w.hex(half.into());
            }
        });
        w.field("f_namelen").dec(s.f_namelen);
        w.field("f_frsize").dec(s.f_frsize);
        w.field("f_flags");
        st_flags(w, flags);
    });
}

/// `ST_...`; the kernel itself adds the mark that they are valid (`linux/statfs.h`).
fn st_flags(w: &mut Writer<'_>, flags: u64) {
    const ST_VALID: u64 = 0x20;
    if flags & ST_VALID == 0 {
        w.flags(flags, &tables::ST_FLAGS);
        return;
    }
    w.meant(
        |w| w.hex(flags),
        |w| {
            w.text("ST_VALID");
            w.more_flags(flags & !ST_VALID, &tables::ST_FLAGS);
        },
    );
}

/// Offsets of `f_fsid` and `f_flags` in `struct statfs` of a 64-bit program.
const FSID: u64 = 56;
const FLAGS: u64 = 80;
