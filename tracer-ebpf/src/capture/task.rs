//! The actor: ids, credentials, names, working directory and program of the current task.

use aya_ebpf::helpers::generated as helpers;
use tracer_ebpf::abi::{
    filter::LEAN,
    offsets::ABSENT,
    wire::{
        Head, IdsHere, Kind, NO_LOGIN, NO_MM, OF_CWD, OF_EXE, OF_ROOT, OK, OWN_PROGRAM, Part,
        TRUNCATED,
    },
};

use super::{Scratch, path, scratch};
use crate::{
    emit,
    kernel::{asked, config, current, half, offset, read, word},
    pids,
};

/// What is known of the event before the actor is captured.
pub(crate) struct What {
    pub(crate) kind: Kind,
    pub(crate) door: u8,
    pub(crate) flags: u32,
    pub(crate) nr: u32,
    pub(crate) ret: i64,
    pub(crate) seq: u64,
    pub(crate) pid: u32,
    pub(crate) tid: u32,
}

/// Copies what is needed of the current task.
#[inline(always)]
pub(crate) fn view(s: &mut Scratch) -> u64 {
    let task = current();
    s.views.task.fill(task + u64::from(offset!(task_cred)));
    task
}

/// Writes the head of the record. The task is in the view.
#[inline(always)]
pub(crate) fn head(s: &mut Scratch, slot: u64, what: &What) {
    let head = s.head();
    head.kind = what.kind as u8;
    head.door = what.door;
    head.flags = what.flags;
    head.nr = what.nr;
    head.seq = what.seq;
    head.ret = what.ret;
    head.pid = what.pid;
    head.tid = what.tid;
    actor(slot);
}

/// What the head has of the task in the view. A global function for its stack: that of the probe
/// counts at the bottom of every walk, and 512 bytes must do for all of them together.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn actor(slot: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let task = current();
    let from_cred = |s: &Scratch, offset| s.views.task.word_from(offset!(task_cred), task, offset);
    let cred = from_cred(s, offset!(task_cred));
    let comm = offset!(task_comm);
    let comm = [from_cred(s, comm), from_cred(s, comm + 8)];
    let nsproxy = if offset!(task_nsproxy) == ABSENT || config!(mnt_ns) == 0 {
        0
    } else {
        from_cred(s, offset!(task_nsproxy))
    };
    let mut flags = 0;
    let (auid, session) = if offset!(task_loginuid) == ABSENT || offset!(task_sessionid) == ABSENT {
        flags |= NO_LOGIN;
        (u32::MAX, u32::MAX)
    } else {
        let half = |offset| s.views.task.half_from(offset!(task_cred), task, offset);
        (half(offset!(task_loginuid)), half(offset!(task_sessionid)))
    };
    let head = s.head();
    head.cpu = emit::cpu() as u16;
    head.flags |= flags;
    // SAFETY: helpers without arguments that cannot fail.
    unsafe {
        head.mono_ns = helpers::bpf_ktime_get_ns();
        head.cgroup = helpers::bpf_get_current_cgroup_id();
    }
    head.ppid = half(word(task, offset!(task_real_parent)), offset!(task_tgid));
    head.creds = read(cred + u64::from(offset!(cred_uid))).unwrap_or([u32::MAX; 8]);
    head.comm = comm;
    (head.auid, head.session) = (auid, session);
    head.mnt_ns = mnt_ns(nsproxy);
    if pids::is_elsewhere() {
        ids_here(s, task);
    }
    0
}

/// The ids in the head as the tracer's pid namespace has them.
#[inline(always)]
fn ids_here(s: &mut Scratch, task: u64) {
    let number = |task| pids::number_here(task) as u32;
    let ids = IdsHere {
        pid: number(pids::leader(task)),
        tid: number(task),
        ppid: number(pids::leader(word(task, offset!(task_real_parent)))),
        reserved: 0,
    };
    let start = s.open(Part::IdsHere, 0);
    // SAFETY: the position is a multiple of 8 inside the buffer, with slack behind it.
    unsafe { s.at(start + 8).cast::<IdsHere>().write(ids) };
    s.close(start, OK, 0, size_of::<IdsHere>());
}

/// Number of a mount namespace; 0 when it is the tracer's own.
#[inline(always)]
fn mnt_ns(nsproxy: u64) -> u32 {
    if nsproxy == 0 {
        return 0;
    }
    let ns = word(nsproxy, offset!(nsproxy_mnt_ns));
    if ns == 0 || ns == config!(mnt_ns) {
        0
    } else {
        half(ns, offset!(mnt_ns_inum))
    }
}

/// Working directory, and the root directory when it is not the tracer's own. The task is in the
/// view.
#[inline(always)]
pub(crate) fn directories(s: &mut Scratch, slot: u64, task: u64) {
    let fs = s
        .views
        .task
        .word_from(offset!(task_cred), task, offset!(task_fs));
    s.views.fs.fill(fs);
    let member = |s: &Scratch, path: u32, part: u32| s.views.fs.word(fs, path + part);
    let mnt = member(s, offset!(fs_pwd), offset!(path_mnt));
    let dentry = member(s, offset!(fs_pwd), offset!(path_dentry));
    let root_mnt = member(s, offset!(fs_root), offset!(path_mnt));
    let root_dentry = member(s, offset!(fs_root), offset!(path_dentry));
    path::walk(slot, u64::from(OF_CWD), mnt, dentry);
    if root_mnt != config!(root_mnt) || root_dentry != config!(root_dentry) {
        path::walk(slot, u64::from(OF_ROOT), root_mnt, root_dentry);
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
        if word(file, offset!(file_inode)) == config!(program) {
            s.head().flags |= OWN_PROGRAM;
        }
        path::walk_path(slot, OF_EXE, file + u64::from(offset!(file_path)));
    }
}

/// Working and root directory and program, where anybody asks for files.
#[inline(always)]
pub(crate) fn places(s: &mut Scratch, slot: u64, task: u64) {
    if !asked(LEAN) {
        directories(s, slot, task);
        exe(s, slot);
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
