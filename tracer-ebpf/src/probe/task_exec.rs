//! `raw_tracepoint/sched_prepare_exec` (6.10 and later): the image is about to be replaced and
//! the caller's registers and memory with it, so keep number, arguments and requested name for
//! the call's exit.
//! `raw_tracepoint/sched_process_exec`: a child that waited for its exec becomes a target.

use aya_ebpf::{
    helpers::generated as helpers,
    macros::{map, raw_tracepoint},
    maps::{HashMap, LruHashMap},
    programs::RawTracePointContext,
};
use tracer_ebpf::abi::{
    filter::{BY_THREAD, EXEC_ARGS, TARGET_WAITS_FOR_EXEC},
    limits::EXEC_NAME_MAX,
};

use super::{
    sys_enter,
    sys_exit::{door, entry, table_base},
};
use crate::{
    capture::{Use, registers, scratch, slot},
    emit,
    gate::{TARGETS, ids},
    kernel::{CALLS, asked, offset, word},
};

/// What is kept of a call between the replacement of the image and the call's exit.
#[repr(C)]
pub(crate) struct Note {
    /// System call number: the kernel itself writes `execve` over an execveat
    /// (`set_personality_64bit`).
    pub(crate) number: u64,
    /// The arguments as passed.
    pub(crate) args: [u64; 6],
    /// The door that the call came through.
    pub(crate) door: u64,
    /// Length of `name` with its NUL, or a negative errno.
    pub(crate) name_len: i64,
    /// The requested name.
    pub(crate) name: [u8; EXEC_NAME_MAX + 7],
}

/// Execs under way, by thread group id: only one thread of a process can be here
/// (`cred_guard_mutex`), and its thread id changes on the way.
#[map]
static EXECS: LruHashMap<u32, Note> = LruHashMap::with_max_entries(256, 0);

/// Where a note is put together. One entry per possible CPU; user space sets the size.
#[map]
static NOTES: aya_ebpf::maps::Array<Note> = aya_ebpf::maps::Array::with_max_entries(1, 0);

#[raw_tracepoint]
pub(crate) fn sched_prepare_exec(_ctx: RawTracePointContext) -> i32 {
    let _ = keep();
    0
}

#[inline(always)]
fn keep() -> Option<()> {
    // SAFETY: both helpers work on the current task, which cannot go away.
    let regs = unsafe { helpers::bpf_task_pt_regs(helpers::bpf_get_current_task_btf()) } as u64;
    let s = scratch(slot(Use::Task))?;
    let note = NOTES.get_ptr_mut(crate::emit::cpu())?;
    // SAFETY: preemption is off: this CPU's entry is ours.
    let note = unsafe { &mut *note };
    note.number = word(regs, offset!(regs_nr));
    let door = door(note.number);
    note.door = door as u64;
    registers(s, regs, &door);
    note.args = s.head().args;
    let spec = CALLS.get((table_base(&door) + entry(note.number)) as u32)?;
    // The name is the first argument of execve, the second of execveat.
    let is_first = spec.args[0].how == tracer_ebpf::abi::call::Capture::Path as u8;
    let name = if is_first { note.args[0] } else { note.args[1] };
    // SAFETY: `EXEC_NAME_MAX` bytes are inside `name`.
    note.name_len = unsafe {
        helpers::bpf_probe_read_user_str(
            note.name.as_mut_ptr().cast(),
            EXEC_NAME_MAX as u32,
            name as *const _,
        )
    };
    // Older kernels say 0 for an empty string in user memory, and write nothing.
    if note.name_len == 0 {
        note.name[0] = 0;
        note.name_len = 1;
    }
    let (pid, _) = ids();
    EXECS.insert(pid, &*note, 0).ok()
}

/// What was kept of the exec that has just succeeded in this process.
#[inline(always)]
pub(crate) fn note(pid: u32) -> Option<&'static Note> {
    if !asked(EXEC_ARGS) {
        return None;
    }
    // SAFETY: this process is in its exec: nobody else writes its entry, and an entry that is
    // evicted meanwhile is not unmapped.
    unsafe { EXECS.get(pid) }
}

/// The exec is over.
#[inline(always)]
pub(crate) fn forget(pid: u32) {
    if asked(EXEC_ARGS) {
        let _ = EXECS.remove(pid);
    }
}

#[raw_tracepoint]
pub(crate) fn sched_process_exec(ctx: RawTracePointContext) -> i32 {
    let (pid, _) = ids();
    // An exec in another thread than the first: it has become the first.
    let old: u64 = ctx.arg(1);
    sys_enter::renamed(old as u32, pid);
    if asked(BY_THREAD) && old as u32 != pid {
        moved(&TARGETS, old as u32, pid);
    }
    started(&TARGETS, pid);
    0
}

/// The thread that is traced has another id now.
#[inline(always)]
fn moved(targets: &HashMap<u32, u32>, old: u32, new: u32) {
    // SAFETY: the map's values are only ever replaced whole.
    if let Some(flags) = unsafe { targets.get(old) } {
        if targets.insert(new, *flags, 0).is_err() {
            emit::unfollowed();
        }
        let _ = targets.remove(old);
    }
}

/// A target that waited for its exec waits no more.
#[inline(always)]
fn started(targets: &HashMap<u32, u32>, pid: u32) {
    if let Some(flags) = targets.get_ptr_mut(pid) {
        // SAFETY: a u32 in a live map value.
        unsafe { *flags &= !TARGET_WAITS_FOR_EXEC };
    }
}
