//! The actor: ids, credentials, names, working directory and program of the current task.

use aya_ebpf::helpers::generated as helpers;
use tracer_ebpf::abi::{
    offsets::ABSENT,
    wire::{Head, Kind, NO_LOGIN, NO_MM, OF_CWD, OF_EXE, OF_ROOT, Part, TRUNCATED},
};

use super::{Scratch, path};
use crate::{
    emit,
    kernel::{config, current, half, offset, read, word},
};

/// What is known of the event before the actor is captured.
pub(crate) struct What {
    pub(crate) kind: Kind,
    pub(crate) door: u8,
    pub(crate) flags: u32,
    pub(crate) nr: u32,
    pub(crate) ret: i64,
    pub(crate) args: [u64; 6],
    pub(crate) seq: u64,
    pub(crate) pid: u32,
    pub(crate) tid: u32,
}

/// Writes the head of the record.
#[inline(always)]
pub(crate) fn head(s: &mut Scratch, what: &What) {
    let task = current();
    let head = s.head();
    head.kind = what.kind as u8;
    head.door = what.door;
    head.cpu = emit::cpu() as u16;
    head.nr = what.nr;
    head.seq = what.seq;
    head.ret = what.ret;
    head.args = what.args;
    head.pid = what.pid;
    head.tid = what.tid;
    // SAFETY: helpers without arguments that cannot fail.
    unsafe {
        head.mono_ns = helpers::bpf_ktime_get_ns();
        head.cgroup = helpers::bpf_get_current_cgroup_id();
    }
    head.ppid = half(word(task, offset!(task_real_parent)), offset!(task_tgid));
    head.creds = read(word(task, offset!(task_cred)) + u64::from(offset!(cred_uid)))
        .unwrap_or([u32::MAX; 8]);
    head.comm = read(task + u64::from(offset!(task_comm))).unwrap_or([0; 16]);
    let mut flags = what.flags;
    if offset!(task_loginuid) == ABSENT || offset!(task_sessionid) == ABSENT {
        flags |= NO_LOGIN;
        head.auid = u32::MAX;
        head.session = u32::MAX;
    } else {
        head.auid = half(task, offset!(task_loginuid));
        head.session = half(task, offset!(task_sessionid));
    }
    head.flags = flags;
    head.mnt_ns = mnt_ns(task);
}

/// Number of the task's mount namespace; 0 when it is the tracer's own.
#[inline(always)]
fn mnt_ns(task: u64) -> u32 {
    if offset!(task_nsproxy) == ABSENT || config!(mnt_ns) == 0 {
        return 0;
    }
    let ns = word(word(task, offset!(task_nsproxy)), offset!(nsproxy_mnt_ns));
    if ns == 0 || ns == config!(mnt_ns) { 0 } else { half(ns, offset!(mnt_ns_inum)) }
}

/// Working directory, and the root directory when it is not the tracer's own.
#[inline(always)]
pub(crate) fn directories(slot: u64) {
    let fs = word(current(), offset!(task_fs));
    path::walk_path(slot, OF_CWD, fs + u64::from(offset!(fs_pwd)));
    let root = fs + u64::from(offset!(fs_root));
    let mnt = word(root, offset!(path_mnt));
    let dentry = word(root, offset!(path_dentry));
    if mnt != config!(root_mnt) || dentry != config!(root_dentry) {
        path::walk(slot, u64::from(OF_ROOT), mnt, dentry);
    }
}

/// `struct file *` of the running program; 0 for a kernel thread or a task that is ending.
#[inline(always)]
pub(crate) fn exe_file() -> u64 {
    word(word(current(), offset!(task_mm)), offset!(mm_exe_file))
}

/// Path of the running program.
#[inline(always)]
pub(crate) fn exe(s: &mut Scratch, slot: u64) {
    let file = exe_file();
    if file == 0 {
        s.absent(Part::Walk, OF_EXE, NO_MM);
    } else {
        path::walk_path(slot, OF_EXE, file + u64::from(offset!(file_path)));
    }
}

/// Ends the record: its length, and the mark when something found no room.
#[inline(always)]
pub(crate) fn seal(s: &mut Scratch) {
    let size = s.position();
    let cut = !s.has_room(512);
    let head: &mut Head = s.head();
    head.size = size as u32;
    if cut {
        head.flags |= TRUNCATED;
    }
}
