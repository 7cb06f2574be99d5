//! Kernel truth about a path: dentries and mounts walked from the leaf to the root of the mount
//! namespace. The names go out leaf first; user space turns them round.

use aya_ebpf::{helpers::generated as helpers, macros::map, maps::HashMap};
use tracer_ebpf::abi::{
    filter::{BY_ROOT, MANY_ROOTS},
    limits::{NAME_MAX, WALK_MAX},
    wire::{BELOW, CUT, DELETED, DETACHED, KERNEL_FAULT, OK, Part, TOO_DEEP},
};

use super::{Scratch, scratch};
use crate::kernel::{asked, config, offset, read, word};

/// Inodes of watched roots beyond those in the config.
#[map]
static ROOTS: HashMap<u64, u32> = HashMap::with_max_entries(65_536, 0);

/// Longest name that the dentry itself can hold (`DNAME_INLINE_LEN` of `linux/dcache.h` is 32 to
/// 44 depending on the kernel; a shorter one here only means a second read).
const INLINE: usize = 40;

/// Is this inode a watched root?
#[inline(always)]
fn is_root(inode: u64) -> bool {
    inode != 0
        && (inode == config!(roots[0])
            || inode == config!(roots[1])
            || inode == config!(roots[2])
            || inode == config!(roots[3])
            // SAFETY: the map's values are only ever replaced whole.
            || (asked(MANY_ROOTS) && unsafe { ROOTS.get(&inode) }.is_some()))
}

/// [`walk`] was done.
pub(crate) const WALKED: u64 = 1;
/// [`walk`] met a watched root.
pub(crate) const MET_ROOT: u64 = 2;

/// Walks from (`mnt`: `struct vfsmount *`, `dentry`) up to the root of the mount namespace.
/// Returns [`WALKED`], [`MET_ROOT`].
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn walk(slot: u64, of: u64, mnt: u64, leaf: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let start = s.open(Part::Walk, of as u8);
    let home = config!(root_mnt) - u64::from(offset!(mount_mnt));
    let mut mount = mnt - u64::from(offset!(mount_mnt));
    let mut dentry = leaf;
    let mut known = 0;
    let mut status = TOO_DEEP;
    let mut flags = 0;
    for step in 0..WALK_MAX {
        // The tracer's own root ends most walks, without a look at its mount.
        if mount == home && dentry == config!(root_dentry) {
            if asked(BY_ROOT) && config!(root_inode) != 0 && is_root(config!(root_inode)) {
                flags |= BELOW;
            }
            return finish(s, start, OK, flags);
        }
        if !s.views.dentry.fill(dentry) {
            status = KERNEL_FAULT;
            break;
        }
        if mount != home && mount != known {
            if !s.views.mount.fill(mount) {
                status = KERNEL_FAULT;
                break;
            }
            known = mount;
        }
        let parent = s.views.dentry.word(dentry, offset!(dentry_parent));
        if asked(BY_ROOT)
            && flags & BELOW == 0
            && is_root(s.views.dentry.word(dentry, offset!(dentry_inode)))
        {
            flags |= BELOW;
        }
        let root = offset!(mount_mnt) + offset!(vfsmount_root);
        if mount != home && dentry == s.views.mount.word(mount, root) {
            let above = s.views.mount.word(mount, offset!(mount_parent));
            if above == mount {
                status = OK;
                break;
            }
            dentry = s.views.mount.word(mount, offset!(mount_mountpoint));
            mount = above;
            continue;
        }
        if dentry == parent {
            status = OK;
            break;
        }
        if step == 0 && s.views.dentry.word(dentry, offset!(dentry_hash_pprev)) == 0 {
            flags |= DELETED;
        }
        if !component(s, dentry) {
            status = CUT;
            break;
        }
        dentry = parent;
    }
    // NULL when lazily unmounted, an error pointer for the kernel's internal mounts.
    if (-4096..4096).contains(&(word(mount, offset!(mount_ns)) as i64)) {
        flags |= DETACHED;
    }
    finish(s, start, status, flags)
}

/// Ends the section of a walk.
#[inline(always)]
fn finish(s: &mut Scratch, start: usize, status: u8, flags: u8) -> u64 {
    let len = s.position() - start - 8;
    s.close(start, status, flags, len);
    if flags & BELOW == 0 { WALKED } else { WALKED | MET_ROOT }
}

/// Appends the name of the dentry in the view: its length, then the bytes, padded to 8.
#[inline(always)]
fn component(s: &mut Scratch, dentry: u64) -> bool {
    if !s.has_room(NAME_MAX + 16) {
        return false;
    }
    // struct qstr: hash in the low half, length in the high half, then the pointer.
    let d = &s.views.dentry;
    let len = (d.word(dentry, offset!(dentry_name)) >> 32) as usize & (NAME_MAX - 1);
    let name = d.word(dentry, offset!(dentry_name) + 8);
    let is_short = name == dentry + u64::from(offset!(dentry_iname)) && len < INLINE;
    let short = if is_short { d.five(offset!(dentry_iname)) } else { None };
    let pos = s.position();
    // SAFETY: the position is a multiple of 8 inside the buffer, with slack behind it.
    unsafe { s.at(pos).cast::<u64>().write(len as u64) };
    if let Some(short) = short {
        // SAFETY: as above.
        unsafe { s.at(pos + 8).cast::<[u64; 5]>().write(short) };
    } else {
        // SAFETY: at most `NAME_MAX` bytes are written, which the slack holds.
        let rc = unsafe {
            helpers::bpf_probe_read_kernel(s.at(pos + 8).cast(), len as u32, name as *const _)
        };
        if rc != 0 {
            return false;
        }
    }
    s.set_position(pos + 8 + ((len + 7) & !7));
    true
}

/// Walks from a `struct path` in kernel memory.
#[inline(always)]
pub(crate) fn walk_path(slot: u64, of: u8, path: u64) -> u64 {
    // Two pointers next to each other since 2.6; `mnt` is the first.
    match read::<[u64; 2]>(path) {
        Some([mnt, dentry]) => walk(slot, u64::from(of), mnt, dentry),
        None => 0,
    }
}
