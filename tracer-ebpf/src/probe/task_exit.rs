//! `raw_tracepoint/sched_process_exit`: a task ends. exit(2) and `exit_group` never return, so
//! this is where they are reported, and deaths by signal too. And `sched_process_free`, where
//! processes are forgotten.

use aya_ebpf::{macros::raw_tracepoint, programs::RawTracePointContext};
use tracer_ebpf::abi::{
    call::{ENDS_TASK, WANTED},
    filter::{BY_RULES, BY_THREAD, EXITS, TARGET_ENDED, TASK_REGS},
    limits::CALLS_PER_ARCH,
    stats::Filtered,
    wire::{Door, Kind, LAST_THREAD, RESULT_UNKNOWN},
};

use aya_ebpf::helpers::generated as helpers;

use super::{
    signal, sys_enter,
    sys_exit::{self, X32_BIT, door, entry, table_base},
};
use crate::{
    capture::{Scratch, Use, argv, registers, scratch, slot, task},
    classify, emit,
    gate::{self, TARGETS},
    kernel::{asked, config, current, half, offset, word},
};

/// `asm-generic/signal.h`.
const SIGKILL: u32 = 9;

#[raw_tracepoint]
pub(crate) fn sched_process_exit(_ctx: RawTracePointContext) -> i32 {
    let (pid, tid) = gate::ids();
    if gate::is_self(pid) {
        return 0;
    }
    let task = current();
    // The count goes down before this hook: of threads that end at once, more than one finds zero.
    let no_more = half(word(task, offset!(task_signal)), offset!(signal_live)) == 0;
    let last = no_more && !ended(pid);
    // What kills at once has no `siginfo_t` to be told (strace cannot, either).
    let signal = half(task, offset!(task_exit_code)) & 0x7f;
    if config!(signals) != 0 && signal != 0 && signal != SIGKILL {
        signal::killed(u64::from(pid), u64::from(tid), u64::from(signal));
    }
    if asked(EXITS) {
        let _ = report(pid, tid, task, last);
    }
    if asked(BY_RULES) && asked(TASK_REGS) {
        let _ = last_call(pid, tid, task);
    }
    sys_enter::forget(tid);
    if asked(BY_THREAD) && tid != pid {
        let _ = TARGETS.remove(tid);
    }
    0
}

/// Notes that a target has ended, and says whether that had been noted before.
#[inline(always)]
fn ended(pid: u32) -> bool {
    let Some(flags) = TARGETS.get_ptr_mut(pid) else {
        return false;
    };
    // SAFETY: a u32 in a live map value.
    unsafe {
        let before = *flags & TARGET_ENDED != 0;
        *flags |= TARGET_ENDED;
        before
    }
}

/// `raw_tracepoint/sched_process_free`: nothing of a process is left, and its id is free.
#[raw_tracepoint]
pub(crate) fn sched_process_free(ctx: RawTracePointContext) -> i32 {
    let task: u64 = ctx.arg(0);
    let pid = half(task, offset!(task_pid));
    // SAFETY: the map's values are only ever replaced whole.
    let flags = unsafe { TARGETS.get(pid) };
    // A process that has been given the id since then has not ended.
    if pid == half(task, offset!(task_tgid)) && flags.is_some_and(|f| f & TARGET_ENDED != 0) {
        let _ = TARGETS.remove(pid);
    }
    0
}

/// The call that asked for the end, where a rule may be about it: it never returns.
#[inline(always)]
fn last_call(pid: u32, tid: u32, task: u64) -> Option<()> {
    // SAFETY: both helpers work on the current task, which cannot go away.
    let regs = unsafe { helpers::bpf_task_pt_regs(helpers::bpf_get_current_task_btf()) } as u64;
    let number = word(regs, offset!(regs_nr));
    let door = door(number);
    let spec = sys_exit::spec(&door, number)?;
    if spec.flags & (WANTED | ENDS_TASK) != WANTED | ENDS_TASK {
        return None;
    }
    let stats = gate::admitted(pid, tid, false)?;
    let at = table_base(&door) + entry(number);
    let left = classify::of_caller(at, 0, false, pid);
    if left.classes == 0 {
        emit::filtered(stats, Filtered::Rule);
        return None;
    }
    let slot = slot(Use::Task);
    let s = scratch(slot)?;
    s.begin();
    registers(s, regs, &door);
    let what = task::What {
        kind: Kind::Call,
        door: door as u8,
        flags: RESULT_UNKNOWN | left.mark(),
        nr: (number & !X32_BIT) as u32,
        ret: 0,
        seq: emit::next_seq(stats),
        pid,
        tid,
    };
    fill(s, slot, task, &what);
    argv::for_rules(slot);
    task::seal(s);
    emit::send(s, stats);
    Some(())
}

#[inline(always)]
fn report(pid: u32, tid: u32, task: u64, last: bool) -> Option<()> {
    let stats = gate::admitted(pid, tid, true)?;
    let slot = slot(Use::Task);
    let s = scratch(slot)?;
    s.begin();
    // The call that asked for the end, if one did: it never returns.
    s.head().args = [0; 6];
    let (mut number, mut through) = (CALLS_PER_ARCH as u64, Door::Native);
    if asked(TASK_REGS) && !gate::waits(pid, tid) {
        // SAFETY: both helpers work on the current task, which cannot go away.
        let regs = unsafe { helpers::bpf_task_pt_regs(helpers::bpf_get_current_task_btf()) } as u64;
        number = word(regs, offset!(regs_nr));
        through = door(number);
        registers(s, regs, &through);
    }
    let what = task::What {
        kind: Kind::Exit,
        door: through as u8,
        flags: if last { LAST_THREAD } else { 0 },
        nr: (number & !X32_BIT) as u32,
        ret: i64::from(half(task, offset!(task_exit_code))),
        seq: emit::next_seq(stats),
        pid,
        tid,
    };
    fill(s, slot, task, &what);
    task::seal(s);
    emit::send(s, stats);
    Some(())
}

/// What every record has.
#[inline(always)]
fn fill(s: &mut Scratch, slot: u64, task: u64, what: &task::What) {
    task::view(s);
    task::head(s, slot, what);
    task::places(s, slot, task);
}
