//! Open files: from a descriptor number to its path, inode and attributes.

use tracer_ebpf::abi::{
    filter::SOCKETS,
    wire::{BAD_FD, FileInfo, OK, Part},
};

use super::{path, scratch, socket};
use crate::kernel::{asked, current, half, offset, word};

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
    if file == 0 || !s.views.file.fill(file) {
        s.absent(Part::Walk, of as u8, BAD_FD);
        return 0;
    }
    info(slot, of, file);
    let path = offset!(file_path);
    let mnt = s.views.file.word(file, path + offset!(path_mnt));
    let dentry = s.views.file.word(file, path + offset!(path_dentry));
    path::walk(slot, of, mnt, dentry)
}

/// Attributes of the file in the view. A global function, so that its stack is not below a walk's.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn info(slot: u64, of: u64, file: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let inode = s.views.file.word(file, offset!(file_inode));
    let f_mode = s.views.file.half(file, offset!(file_mode));
    if !s.views.inode.fill(inode) {
        return 0;
    }
    let i = &s.views.inode;
    let info = FileInfo {
        ino: i.word(inode, offset!(inode_ino)),
        dev: half(i.word(inode, offset!(inode_sb)), offset!(sb_dev)),
        rdev: i.half(inode, offset!(inode_rdev)),
        mode: i.half(inode, offset!(inode_mode)) & 0xffff,
        uid: i.half(inode, offset!(inode_uid)),
        gid: i.half(inode, offset!(inode_gid)),
        f_mode,
    };
    let start = s.open(Part::File, of as u8);
    // SAFETY: the position is a multiple of 8, and the slack holds a `FileInfo`.
    unsafe { s.at(start + 8).cast::<FileInfo>().write(info) };
    s.close(start, OK, 0, size_of::<FileInfo>());
    if asked(SOCKETS) && info.mode & S_IFMT == S_IFSOCK {
        return socket::ends(slot, of, word(file, offset!(file_private)));
    }
    0
}

/// Bits of a mode for the type of a file, and that of a socket (inode(7)).
pub(super) const S_IFMT: u32 = 0o170_000;
pub(super) const S_IFSOCK: u32 = 0o140_000;
