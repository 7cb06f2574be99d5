//! Kernel truth about a path: dentries and mounts walked from the leaf to the root of the mount
//! namespace. The names go out leaf first; user space turns them round.

use aya_ebpf::{
    helpers::generated as helpers,
    macros::map,
    maps::{Array, HashMap},
};
use tracer_ebpf::abi::{
    filter::{BY_ROOT, BY_RULES, IS_NEAR, IS_ROOT, MANY_ROOTS, Roots},
    limits::{DEPTH_MAX, NAME_MAX, WALK_MAX},
    offsets::ABSENT,
    rules::MET_MAX,
    wire::{
        BELOW, CUT, DELETED, DETACHED, HOLDS, KERNEL_FAULT, NEAR, OK, OTHER_MOUNTS, OUTSIDE, Part,
        TOO_DEEP, UNENDED,
    },
};

use super::{Scratch, scratch};
use crate::{
    classify,
    kernel::{asked, config, half, offset, read, word},
};

/// Watched roots, when they are few.
#[map]
static ROOTS: Array<Roots> = Array::with_max_entries(1, 0);

/// Inodes of watched roots when they are many.
#[map]
static MORE_ROOTS: HashMap<u64, u32> = HashMap::with_max_entries(1, 0);

/// Longest name that the dentry itself can hold (`DNAME_INLINE_LEN` of `linux/dcache.h` is 32 to
/// 44 depending on the kernel; a shorter one here only means a second read).
const INLINE: usize = 40;

/// `BELOW` for a watched root, `NEAR` or `HOLDS` for the directory that the name of one stands in, else 0.
#[inline(always)]
fn kind_of_root(inode: u64, names: u64) -> u8 {
    if inode == 0 {
        return 0;
    }
    let near = match names {
        0 => HOLDS,
        1 => NEAR,
        _ => 0,
    };
    if asked(MANY_ROOTS) {
        // SAFETY: the map's values are only ever replaced whole.
        return match unsafe { MORE_ROOTS.get(inode) } {
            Some(&value) if value & IS_ROOT != 0 => BELOW,
            Some(&value) if value & IS_NEAR != 0 => near,
            _ => 0,
        };
    }
    let Some(known) = ROOTS.get(0) else {
        return 0;
    };
    if known.roots.contains(&inode) {
        BELOW
    } else if known.near.contains(&inode) {
        near
    } else {
        0
    }
}

/// [`walk`] was done.
pub(crate) const WALKED: u64 = 1;
/// [`walk`] met a watched root.
pub(crate) const MET_ROOT: u64 = 2;
/// [`walk`] began in the directory that the name of a watched root stands in.
pub(crate) const MET_NEAR: u64 = 4;
/// [`walk`] did not get to an end: what is above is not known.
pub(crate) const MET_UNKNOWN: u64 = 8;

/// `MNT_NS_ANON_INO` of `linux/nsfs.h` (6.18): the number of every namespace of mounts that are not
/// mounted anywhere (`fsmount(2)`, `open_tree(2)`). Before, they have none.
const ANONYMOUS: u32 = 0xefff_fff7;

/// Where a walk stands.
#[repr(C)]
pub(crate) struct Walk {
    /// `struct dentry *`
    dentry: u64,
    /// `struct mount *`
    mount: u64,
    /// The mount in the view.
    viewed: u64,
    /// Names taken so far.
    names: u64,
    /// Classes of the rule set that watch what was met, by generation.
    pub(crate) classes: [u64; 2],
    /// Numbers of what was met.
    pub(crate) met: [u64; MET_MAX],
    met_count: u64,
    /// `struct dentry *` of a walk to the root of a file system, beside this one.
    aside: u64,
    status: u8,
    flags: u8,
    /// Names are not taken any more, only what they stand for is looked at.
    is_silent: u8,
    reserved: [u8; 5],
}

impl Walk {
    /// How it ended, as [`Located::walk`] has it.
    pub(crate) fn outcome(&self) -> u64 {
        u64::from(self.flags) | (self.names << 8)
    }
}

/// Walks from (`mnt`: `struct vfsmount *`, `leaf`: `struct dentry *`) up to the root of the mount
/// namespace, or to the tracer's own root. Returns [`WALKED`], [`MET_ROOT`],
/// [`MET_NEAR`].
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn walk(slot: u64, of: u64, mnt: u64, leaf: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let start = s.open(Part::Walk, of as u8);
    s.walk = Walk {
        dentry: leaf,
        mount: mnt - u64::from(offset!(mount_mnt)),
        viewed: 0,
        names: 0,
        classes: [0; 2],
        met: [0; MET_MAX],
        met_count: 0,
        aside: 0,
        status: TOO_DEEP,
        flags: UNENDED,
        is_silent: 0,
        reserved: [0; 5],
    };
    for _ in 0..DEPTH_MAX {
        let is_over = walk_step(slot) != 0;
        // Not in the step, which would make the longest chain of calls longer: the stack is 512 bytes.
        if s.walk.aside != 0 {
            aside(slot);
        }
        if is_over {
            break;
        }
    }
    let len = s.position() - start - 8;
    let (status, flags) = (s.walk.status, s.walk.flags);
    s.close(start, status, flags, len);
    if s.walk.met_count != 0 {
        told(s, of as u8);
    }
    let met = if flags & BELOW == 0 { 0 } else { MET_ROOT };
    let near = if flags & NEAR == 0 { 0 } else { MET_NEAR };
    let unknown = if flags & UNENDED == 0 { 0 } else { MET_UNKNOWN };
    WALKED | met | near | unknown
}

/// One step up. Returns 0 when there are more.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn walk_step(slot: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 1;
    };
    let (dentry, mount) = (s.walk.dentry, s.walk.mount);
    let is_home = mount == config!(root_mnt) - u64::from(offset!(mount_mnt));
    // The tracer's own root ends most walks, without a look at its mount.
    if is_home && dentry == config!(root_dentry) {
        look_at(s, config!(root_inode));
        return end(s, OK);
    }
    let viewed = is_home || mount == s.walk.viewed || s.views.mount.fill(mount);
    if !viewed || !s.views.dentry.fill(dentry) {
        return stop(s, KERNEL_FAULT);
    }
    if !is_home {
        s.walk.viewed = mount;
    }
    let parent = s.views.dentry.word(dentry, offset!(dentry_parent));
    if asked(BY_ROOT | BY_RULES) {
        let inode = s.views.dentry.word(dentry, offset!(dentry_inode));
        look_at(s, inode);
    }
    let root = offset!(mount_mnt) + offset!(vfsmount_root);
    if !is_home && dentry == s.views.mount.word(mount, root) {
        if dentry != parent && asked(BY_ROOT | BY_RULES) {
            s.walk.aside = dentry;
        }
        let above = s.views.mount.word(mount, offset!(mount_parent));
        if above == mount {
            return stop(s, OK);
        }
        s.walk.dentry = s.views.mount.word(mount, offset!(mount_mountpoint));
        s.walk.mount = above;
        return 0;
    }
    if dentry == parent {
        // A file without a directory (eventfd(2), memfd_create(2)) has a name all the same.
        if s.walk.names == 0 && component(s, dentry) != OK {
            return stop(s, CUT);
        }
        return stop(s, OK);
    }
    if s.walk.names == 0 && s.views.dentry.word(dentry, offset!(dentry_hash_pprev)) == 0 {
        s.walk.flags |= DELETED;
    }
    s.walk.names += 1;
    if s.walk.is_silent == 0 {
        let got = if s.walk.names > WALK_MAX as u64 {
            TOO_DEEP
        } else {
            component(s, dentry)
        };
        if got == KERNEL_FAULT || (got != OK && !asked(BY_ROOT | BY_RULES)) {
            return stop(s, got);
        }
        s.walk.is_silent = got;
    }
    s.walk.dentry = parent;
    0
}

/// Notes what the filter and the rule set know of an inode on the way.
#[inline(always)]
fn look_at(s: &mut Scratch, inode: u64) {
    if asked(BY_ROOT) {
        s.walk.flags |= kind_of_root(inode, s.walk.names);
    }
    meet(s, inode);
}

/// Goes on from the root of a mount to that of its file system, which it shows only a part of: who
/// comes through a bind mount touches what is watched under another path. Takes no names.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn aside(slot: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let names = s.walk.names;
    for _ in 0..DEPTH_MAX {
        if aside_step(slot) != 0 {
            break;
        }
    }
    s.walk.names = names;
    s.walk.aside = 0;
    0
}

/// One step up. Returns 0 when there are more.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn aside_step(slot: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 1;
    };
    let parent = word(s.walk.aside, offset!(dentry_parent));
    if parent == 0 || parent == s.walk.aside {
        return 1;
    }
    s.walk.aside = parent;
    s.walk.names += 1;
    let inode = word(parent, offset!(dentry_inode));
    look_at(s, inode);
    0
}

/// Notes what the rule set knows of an inode on the way.
#[inline(always)]
fn meet(s: &mut Scratch, inode: u64) {
    if !asked(BY_RULES) || inode == 0 {
        return;
    }
    let Some(watched) = classify::watched(inode) else {
        return;
    };
    let is_directory_of_leaf = s.walk.names == 1;
    for generation in 0..2 {
        s.walk.classes[generation] |= watched.classes[generation];
        if is_directory_of_leaf {
            s.walk.classes[generation] |= watched.near[generation];
        }
    }
    let count = s.walk.met_count as usize;
    if watched.id != 0 && count < MET_MAX {
        s.walk.met[count & (MET_MAX - 1)] = watched.id;
        s.walk.met_count += 1;
    }
}

/// Tells in the record what the walk has met.
#[inline(always)]
fn told(s: &mut Scratch, of: u8) {
    let met = s.walk.met;
    let start = s.open(Part::Met, of);
    // SAFETY: the position is a multiple of 8 inside the buffer, with slack behind it.
    unsafe { s.at(start + 8).cast::<[u64; MET_MAX]>().write(met) };
    s.close(start, OK, 0, size_of::<[u64; MET_MAX]>());
}

/// Ends a walk. One that has taken no names from somewhere on says why.
#[inline(always)]
fn end(s: &mut Scratch, status: u8) -> u64 {
    let silent = s.walk.is_silent;
    s.walk.status = if silent == OK { status } else { silent };
    if status != KERNEL_FAULT {
        s.walk.flags &= !UNENDED;
    }
    1
}

/// Ends a walk away from the tracer's own root.
#[inline(always)]
fn stop(s: &mut Scratch, status: u8) -> u64 {
    // NULL when lazily unmounted, an error pointer for the kernel's internal mounts.
    let ns = word(s.walk.mount, offset!(mount_ns));
    let is_nowhere = (-4096..4096).contains(&(ns as i64));
    let has_number = !is_nowhere && offset!(mnt_ns_inum) != ABSENT;
    if is_nowhere || (has_number && matches!(half(ns, offset!(mnt_ns_inum)), 0 | ANONYMOUS)) {
        s.walk.flags |= DETACHED;
    } else if ns == config!(mnt_ns) {
        s.walk.flags |= OUTSIDE;
    } else if config!(mnt_ns) != 0 {
        s.walk.flags |= OTHER_MOUNTS;
    }
    end(s, status)
}

/// Appends the name of the dentry in the view: its length, then the bytes, padded to 8. Returns
/// `OK`, or why it could not.
#[inline(always)]
fn component(s: &mut Scratch, dentry: u64) -> u8 {
    if !s.has_room(NAME_MAX + 16) {
        return CUT;
    }
    // struct qstr: hash in the low half, length in the high half, then the pointer.
    let d = &s.views.dentry;
    let len = (d.word(dentry, offset!(dentry_name)) >> 32) as usize & (NAME_MAX - 1);
    let name = d.word(dentry, offset!(dentry_name) + 8);
    let is_short = name == dentry + u64::from(offset!(dentry_iname)) && len < INLINE;
    let short = if is_short {
        d.five(offset!(dentry_iname))
    } else {
        None
    };
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
            return KERNEL_FAULT;
        }
    }
    s.set_position(pos + 8 + ((len + 7) & !7));
    OK
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
