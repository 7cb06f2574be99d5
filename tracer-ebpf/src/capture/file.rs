//! Open files: from a descriptor number to its path, inode and attributes.

use tracer_ebpf::abi::wire::{BAD_FD, FileInfo, Part};

use super::{Scratch, path, scratch};
use crate::kernel::{current, half, offset, read, word};

/// `struct file *` behind a descriptor of the current process; 0 when it is not open.
#[inline(always)]
pub(crate) fn lookup(fd: u64) -> u64 {
    let files = word(current(), offset!(task_files));
    let fdt = word(files, offset!(files_fdt));
    if fd as u32 >= half(fdt, offset!(fdt_max_fds)) {
        return 0;
    }
    word(word(fdt, offset!(fdt_fd)) + u64::from(fd as u32) * 8, 0)
}

/// Path and attributes of a `struct file`. Returns what [`path::walk`] does, 0 without a file.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn file(slot: u64, of: u64, file: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    if file == 0 {
        s.absent(Part::Walk, of as u8, BAD_FD);
        return 0;
    }
    info(s, of as u8, file);
    path::walk_path(slot, of as u8, file + u64::from(offset!(file_path)))
}

/// Attributes of an open file.
#[inline(always)]
fn info(s: &mut Scratch, of: u8, file: u64) {
    let inode = word(file, offset!(file_inode));
    let Some(mode) = read::<u16>(inode + u64::from(offset!(inode_mode))) else {
        return;
    };
    let start = s.open(Part::File, of);
    let info = FileInfo {
        ino: word(inode, offset!(inode_ino)),
        dev: half(word(inode, offset!(inode_sb)), offset!(sb_dev)),
        rdev: half(inode, offset!(inode_rdev)),
        mode: u32::from(mode),
        uid: half(inode, offset!(inode_uid)),
        gid: half(inode, offset!(inode_gid)),
        f_mode: half(file, offset!(file_mode)),
    };
    // SAFETY: the position is a multiple of 8, and the slack holds a `FileInfo`.
    unsafe { s.at(start + 8).cast::<FileInfo>().write(info) };
    s.close(start, tracer_ebpf::abi::wire::OK, 0, size_of::<FileInfo>());
}
