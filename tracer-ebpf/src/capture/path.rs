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

/// Beginning of a dentry, through its inline name.
type Dentry = [u64; 16];
/// Beginning of a mount, through the root of its `vfsmount`.
type Mount = [u64; 8];

#[inline(always)]
fn member<const N: usize>(of: &[u64; N], offset: u32) -> u64 {
    of[(offset as usize / 8) & (N - 1)]
}

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
    let mut dentry = leaf;
    let start = s.open(Part::Walk, of as u8);
    let mut mount = mnt - u64::from(offset!(mount_mnt));
    let Some(mut m) = read::<Mount>(mount) else {
        s.close(start, KERNEL_FAULT, 0, 0);
        return 0;
    };
    let mut status = TOO_DEEP;
    let mut flags = 0;
    for step in 0..WALK_MAX {
        let Some(d) = read::<Dentry>(dentry) else {
            status = KERNEL_FAULT;
            break;
        };
        let parent = member(&d, offset!(dentry_parent));
        let root = member(&m, offset!(mount_mnt) + offset!(vfsmount_root));
        if asked(BY_ROOT) && flags & BELOW == 0 && is_root(member(&d, offset!(dentry_inode))) {
            flags |= BELOW;
        }
        if dentry == root || dentry == parent {
            let above = member(&m, offset!(mount_parent));
            if above == mount || dentry != root {
                status = OK;
                break;
            }
            dentry = member(&m, offset!(mount_mountpoint));
            mount = above;
            match read::<Mount>(mount) {
                Some(up) => m = up,
                None => {
                    status = KERNEL_FAULT;
                    break;
                }
            }
            continue;
        }
        if step == 0 && member(&d, offset!(dentry_hash_pprev)) == 0 {
            flags |= DELETED;
        }
        if !component(s, &d, dentry) {
            status = CUT;
            break;
        }
        dentry = parent;
    }
    // NULL when lazily unmounted, an error pointer for the kernel's internal mounts.
    if (-4096..4096).contains(&(word(mount, offset!(mount_ns)) as i64)) {
        flags |= DETACHED;
    }
    let len = s.position() - start - 8;
    s.close(start, status, flags, len);
    if flags & BELOW == 0 { WALKED } else { WALKED | MET_ROOT }
}

/// Appends one name: its length, then the bytes, padded to 8.
#[inline(always)]
fn component(s: &mut Scratch, d: &Dentry, dentry: u64) -> bool {
    if !s.has_room(NAME_MAX + 16) {
        return false;
    }
    // struct qstr: hash in the low half, length in the high half, then the pointer.
    let len = (member(d, offset!(dentry_name)) >> 32) as usize & (NAME_MAX - 1);
    let name = member(d, offset!(dentry_name) + 8);
    let pos = s.position();
    // SAFETY: the position is a multiple of 8 inside the buffer, with slack behind it.
    unsafe { s.at(pos).cast::<u64>().write(len as u64) };
    let iname = offset!(dentry_iname);
    if name == dentry + u64::from(iname) && len < INLINE {
        let at = iname as usize / 8;
        let short = [d[at & 15], d[(at + 1) & 15], d[(at + 2) & 15], d[(at + 3) & 15], d[(at + 4) & 15]];
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
    let mnt = word(path, offset!(path_mnt));
    let dentry = word(path, offset!(path_dentry));
    walk(slot, u64::from(of), mnt, dentry)
}
