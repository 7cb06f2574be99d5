//! Mounts and attributes of files: structures that have their size beside them.

use super::{As, Layout, Writer, tables};
use crate::{calls::Arg, event::OpenFile};

/// `struct mount_attr`, as long as the argument behind it says.
pub(crate) const MOUNT_ATTRS: Arg = Arg::inputs(1, 4, |w, _, at| {
    /// `MOUNT_ATTR_IDMAP`: only with it is there a descriptor.
    const IDMAP: u64 = 0x10_0000;
    let size = w.args[4];
    let is_mapped = w.read::<u64>(at).is_some_and(|set| set & IDMAP != 0);
    let layout = if is_mapped { &MAPPED } else { &ATTRIBUTES };
    w.sized(at, size, 32, layout);
})
.at_most(256)
.descriptors(8);
/// What `statmount(2)` is asked.
pub(crate) const STATMOUNT_REQ: Arg = Arg::input(256, |w, _, at| {
    request(w, at, &As::Hex(8), &As::Flags(8, &tables::STATMOUNT));
});
/// What `listmount(2)` is asked.
pub(crate) const LISTMOUNT_REQ: Arg = Arg::input(256, |w, _, at| {
    request(w, at, &As::OneOf(8, &tables::LISTMOUNT_IDS), &As::Hex(8));
});
/// Numbers of mounts and namespaces, as many as the result says.
pub(crate) const NUMBERS_OUT: Arg = Arg::results(8, |w, _, at| {
    let Ok(count) = u64::try_from(if w.args[2] == 0 { 0 } else { w.call.ret }) else {
        w.address(at);
        return;
    };
    if count == 0 && at != 0 {
        w.text("[]");
        return;
    }
    w.array(at, 8, count.min(w.args[2]), |w, at| {
        let number = w.read::<u64>(at).unwrap_or_default();
        w.hex(number);
    });
});
/// `struct cachestat_range`
pub(crate) const CACHE_RANGE: Arg = Arg::given(&As::Struct(&Layout(&[
    ("off", As::Hex(8)),
    ("len", As::Uint(8)),
])));
/// `struct cachestat`
pub(crate) const CACHE_STATS: Arg = Arg::filled(&As::Struct(&Layout(&[
    ("nr_cache", As::Uint(8)),
    ("nr_dirty", As::Uint(8)),
    ("nr_writeback", As::Uint(8)),
    ("nr_evicted", As::Uint(8)),
    ("nr_recently_evicted", As::Uint(8)),
])));
/// `struct file_attr` from the kernel.
pub(crate) const FILE_ATTR_OUT: Arg = Arg::inputs(1, 3, |w, _, at| {
    let size = w.args[3];
    if w.succeeded() {
        file_attributes(w, at, size, &FILE_ATTRIBUTES);
    } else {
        w.address(at);
    }
})
.at_most(4096);
/// The same from the program.
pub(crate) const FILE_ATTR: Arg = Arg::inputs(1, 3, |w, _, at| {
    let size = w.args[3];
    file_attributes(w, at, size, &FILE_ATTRIBUTES_SET);
})
.at_most(4096);
/// `struct landlock_ruleset_attr`
pub(crate) const LANDLOCK_ATTR: Arg = Arg::inputs(1, 1, |w, _, at| {
    let size = w.args[1];
    let known = RULESET.size() as u64;
    if size <= known {
        w.sized(at, size, 8, &RULESET);
        return;
    }
    let call = w.call;
    match call
        .memory(at)
        .filter(|b| b.len() as u64 >= known && w.is_native())
    {
        Some(bytes) => w.structure(|w| {
            w.members(bytes, &RULESET);
            w.more();
        }),
        None => w.address(at),
    }
})
.at_most(256);
/// What a rule of landlock(7) is about.
pub(crate) const LANDLOCK_RULE: Arg = Arg::input(16, |w, _, at| {
    match tables::LANDLOCK_RULES.of(w.args[1] & 0xffff_ffff) {
        Some("LANDLOCK_RULE_PATH_BENEATH") => w.shape_at(at, &BENEATH),
        Some("LANDLOCK_RULE_NET_PORT") => w.shape_at(at, &PORT),
        _ => w.address(at),
    }
})
.descriptors(8);
/// `struct xattr_args` of `setxattrat(2)`, and the value.
pub(crate) const XATTR_GIVEN: Arg = Arg::behind(64, 0, (8, 4), 1, |w, _, at| {
    xattr(w, at, whole);
});
/// The same of `getxattrat(2)`.
pub(crate) const XATTR_FILLED: Arg = Arg::behind(64, 0, (8, 4), 1, |w, _, at| {
    xattr(w, at, |w, value, _| {
        if w.succeeded() {
            let size = w.call.ret as u64;
            w.buffer(value, size);
        } else {
            w.address(value);
        }
    });
});
/// A `struct file_handle`: how many bytes, of which type, and the bytes.
pub(crate) const FILE_HANDLE: Arg = Arg::input(8 + MAX_HANDLE, |w, _, at| {
    let read = (w.read_before::<u32>(at), w.read::<[u32; 2]>(at));
    let (Some(given), Some([size, kind])) = read else {
        return w.address(at);
    };
    w.structure(|w| {
        w.field("handle_bytes").dec(given);
        if given != size {
            w.text(" => ");
            w.dec(size);
        }
        if w.succeeded() {
            handle(w, at, size, kind);
        }
    });
})
.at_entry();
/// The same for `open_by_handle_at(2)`.
pub(crate) const FILE_HANDLE_GIVEN: Arg = Arg::input(8 + MAX_HANDLE, |w, _, at| {
    w.at(at, |w, [size, kind]: [u32; 2]| {
        w.structure(|w| {
            w.field("handle_bytes").dec(size);
            handle(w, at, size, kind);
        });
    });
});

/// Bytes of a handle at most (`MAX_HANDLE_SZ`).
const MAX_HANDLE: usize = 128;

fn handle(w: &mut Writer<'_>, at: u64, size: u32, kind: u32) {
    w.field("handle_type").dec(kind as i32);
    w.field("f_handle");
    let call = w.call;
    let len = (size as usize).min(MAX_HANDLE);
    match call.memory(at + 8) {
        _ if len == 0 => w.text("\"\""),
        Some(bytes) if bytes.len() >= len => {
            w.text("\"");
            super::strings::in_hex(w, &bytes[..len]);
            w.text(if len < size as usize { "\"..." } else { "\"" });
        }
        _ => w.text("???"),
    }
}

fn whole(w: &mut Writer<'_>, value: u64, size: u64) {
    /// `XATTR_SIZE_MAX`: of more, the kernel reads nothing.
    const MOST: u64 = 65536;
    if size > MOST {
        w.address(value);
        return;
    }
    w.buffer(value, size);
}

fn xattr(w: &mut Writer<'_>, at: u64, value: impl FnOnce(&mut Writer<'_>, u64, u64)) {
    let (call, size) = (w.call, w.args[5]);
    if size < 16 {
        w.address(at);
        return;
    }
    w.at(at, |w, [address, rest]: [u64; 2]| {
        let (len, flags) = (rest & 0xffff_ffff, rest >> 32);
        w.structure(|w| {
            w.field("value");
            value(w, address, len);
            w.field("size").dec(len);
            w.field("flags").flags(flags, &tables::XATTR);
            w.unknown_end(call.memory(at).unwrap_or_default(), 16, size);
        });
    });
}

/// `struct mount_attr` with this in its end.
const fn attributes(of_users: As) -> [super::Member; 4] {
    [
        ("attr_set", As::Flags(8, &tables::MOUNT_ATTR)),
        ("attr_clr", As::Flags(8, &tables::MOUNT_ATTR)),
        ("propagation", As::OneOf(8, &tables::MOUNT_PROPAGATION)),
        ("userns_fd", of_users),
    ]
}

static ATTRIBUTES: Layout = Layout(&const { attributes(As::Uint(8)) });
static MAPPED: Layout = Layout(
    // The fourth of what may be a descriptor in every eight bytes.
    &const {
        attributes(As::By(8, 8, |w, b| {
            let value = super::layout::number(b);
            match i32::try_from(value) {
                Ok(fd) => w.descriptor(fd, OpenFile::inside(3)),
                Err(_) => w.dec(value),
            }
        }))
    },
);

static RULESET: Layout = Layout(&[
    ("handled_access_fs", As::Flags(8, &tables::LANDLOCK_FS)),
    ("handled_access_net", As::Flags(8, &tables::LANDLOCK_NET)),
    ("scoped", As::Flags(8, &tables::LANDLOCK_SCOPE)),
    ("quiet_access_fs", As::Flags(8, &tables::LANDLOCK_FS)),
    ("quiet_access_net", As::Flags(8, &tables::LANDLOCK_NET)),
    ("quiet_scoped", As::Flags(8, &tables::LANDLOCK_SCOPE)),
]);

static BENEATH: As = As::By(12, 1, |w, b| {
    w.structure(|w| {
        w.field("allowed_access")
            .shape(b, &As::Flags(8, &tables::LANDLOCK_FS));
        // The second of what may be a descriptor in every eight bytes.
        let fd = super::layout::number(&b[8..12]) as i32;
        w.field("parent_fd").descriptor(fd, OpenFile::inside(1));
    });
});
static PORT: As = As::Struct(&Layout(&[
    ("allowed_access", As::Flags(8, &tables::LANDLOCK_NET)),
    ("port", As::Uint(8)),
]));

static FILE_ATTRIBUTES: Layout = Layout(&[
    ("fa_xflags", As::Flags(8, &tables::FS_XFLAGS)),
    ("fa_extsize", As::Uint(4)),
    ("fa_nextents", As::Uint(4)),
    ("fa_projid", As::Hex(4)),
    ("fa_cowextsize", As::Uint(4)),
]);
static FILE_ATTRIBUTES_SET: Layout = Layout(&[
    ("fa_xflags", As::Flags(8, &tables::FS_XFLAGS)),
    ("fa_extsize", As::Uint(4)),
    ("fa_nextents", As::Pad(4)),
    ("fa_projid", As::Hex(4)),
    ("fa_cowextsize", As::Uint(4)),
]);

fn file_attributes(w: &mut Writer<'_>, at: u64, size: u64, layout: &Layout) {
    if size > 4096 {
        w.address(at);
    } else {
        w.sized(at, size, 24, layout);
    }
}

/// Size, descriptor of a namespace, number of a mount, what is asked, number of the namespace.
fn request(w: &mut Writer<'_>, at: u64, id: &As, param: &As) {
    const FIRST: u32 = 24;
    const SECOND: u32 = 32;
    let Some(size) = w.read::<u32>(at).filter(|_| w.is_native()) else {
        w.address(at);
        return;
    };
    let call = w.call;
    w.structure(|w| {
        w.field("size").dec(size);
        if size < FIRST {
            return;
        }
        let needed = size.min(SECOND) as usize;
        let Some(bytes) = call.memory(at).filter(|bytes| bytes.len() >= needed) else {
            w.separate();
            w.text("???");
            return;
        };
        w.field("mnt_ns_fd").shape(&bytes[4..], &As::Fd);
        w.field("mnt_id").shape(&bytes[8..], id);
        w.field("param").shape(&bytes[16..], param);
        if size >= SECOND {
            w.field("mnt_ns_id").shape(&bytes[24..], &As::Hex(8));
        }
        w.unknown_end(bytes, SECOND as usize, size.into());
    });
}
