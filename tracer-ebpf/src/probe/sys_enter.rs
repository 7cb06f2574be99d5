//! `raw_tracepoint/sys_enter`: when a call begins, and what it is about to change. Attached only
//! where one of them is asked for.
//!
//! One entry per thread stays in the map as long as the thread lives: writing into it costs less
//! than making and removing one for each call, and what it says at the end of a run is what has
//! not returned.

use aya_ebpf::{
    helpers::generated as helpers,
    macros::{map, raw_tracepoint},
    maps::HashMap,
    programs::RawTracePointContext,
};
use tracer_ebpf::abi::{
    call::{Capture, GATE_BEFORE, WANTED},
    count::Entered,
    filter::{BEFORE, BY_TARGET, CPU_TIMES, TIMES},
    limits::CALLS_PER_ARCH,
    wire::{Door, Kind},
};

use super::sys_exit::{X32_BIT, door, entry, spec};
use crate::{
    capture::{Use, file, memory, registers, scratch, slot},
    emit, gate,
    kernel::{GATE, asked},
};

/// Calls under way, by thread id; user space sets the size.
#[map]
pub(crate) static ENTERED: HashMap<u32, Entered> = HashMap::with_max_entries(1, 0);

#[raw_tracepoint]
pub(crate) fn sys_enter(ctx: RawTracePointContext) -> i32 {
    let regs: u64 = ctx.arg(0);
    let number: u64 = ctx.arg(1);
    let wanted = match GATE.get(0) {
        Some(gate) => gate.wanted[entry(number) & (CALLS_PER_ARCH - 1)],
        None => 0,
    };
    if wanted == 0 || (wanted & GATE_BEFORE == 0 && !asked(TIMES)) {
        return 0;
    }
    let (pid, tid) = gate::ids();
    let door = door(number);
    if asked(TIMES) {
        begin(&door, number, pid, tid);
    }
    if asked(BEFORE) && wanted & GATE_BEFORE != 0 {
        let _ = before(regs, &door, number, pid, tid);
    }
    0
}

/// Notes when the call begins.
#[inline(always)]
fn begin(door: &Door, number: u64, pid: u32, tid: u32) {
    if let Some(entered) = ENTERED.get_ptr_mut(tid) {
        // SAFETY: only this thread and the switch away from it write its entry.
        let entered = unsafe { &mut *entered };
        entered.number = number;
        entered.door = *door as u32;
        entered.off_ns = 0;
        entered.since_ns = now();
        return;
    }
    // A thread that is not traced has no entry, and gets none.
    if gate::is_self(pid) || (asked(BY_TARGET) && gate::target(pid, tid).is_none()) {
        return;
    }
    let entered = Entered {
        since_ns: now(),
        number,
        pid,
        door: *door as u32,
        ..Entered::default()
    };
    // Without room the call has no duration, which is said to be unknown.
    let _ = ENTERED.insert(tid, entered, 0);
}

/// Sends what the descriptors and the memory that the call is about to change hold.
#[inline(always)]
fn before(regs: u64, door: &Door, number: u64, pid: u32, tid: u32) -> Option<()> {
    let spec = spec(door, number)?;
    if spec.before == 0 || spec.flags & WANTED == 0 || gate::is_self(pid) {
        return None;
    }
    if gate::rejects_task(pid, tid, false).is_some() {
        return None;
    }
    let slot = slot(Use::Call);
    let s = scratch(slot)?;
    s.begin();
    registers(s, regs, door);
    s.head().ret = 0;
    let empty = s.position();
    let (mut of, mut in_front) = (0, 0);
    while of < 6 {
        let value = s.head().args[of];
        if spec.before & 1 << of != 0 {
            let ask = spec.args[of];
            if ask.how == Capture::Fd as u8 {
                file::file(slot, of as u64, file::lookup(value));
            } else if ask.how != Capture::Ioctl as u8 || in_front >> 30 & 3 == 3 {
                memory::memory(slot, memory::pack(ask), of as u64, value, in_front);
            }
        }
        in_front = value;
        of += 1;
    }
    let size = s.position();
    if size == empty {
        return None;
    }
    let head = s.head();
    head.size = size as u32;
    head.kind = Kind::Before as u8;
    head.door = *door as u8;
    head.nr = (number & !X32_BIT) as u32;
    (head.mono_ns, head.pid, head.tid) = (now(), pid, tid);
    // Where there is no room, the call says that its descriptor leads nowhere any more.
    emit::output(s.record());
    Some(())
}

/// `CLOCK_MONOTONIC`.
#[inline(always)]
pub(crate) fn now() -> u64 {
    // SAFETY: the helper takes no arguments and cannot fail.
    unsafe { helpers::bpf_ktime_get_ns() }
}

/// The call that this thread has been in; it is in none from now on.
#[inline(always)]
pub(crate) fn leave(tid: u32) -> Entered {
    if asked(TIMES)
        && let Some(entered) = ENTERED.get_ptr_mut(tid)
    {
        // SAFETY: as above.
        let entered = unsafe { &mut *entered };
        let was = *entered;
        entered.since_ns = 0;
        return was;
    }
    Entered::default()
}

/// The thread has ended.
#[inline(always)]
pub(crate) fn forget(tid: u32) {
    if asked(TIMES) {
        let _ = ENTERED.remove(tid);
    }
}

/// An exec in a thread that is not the first gives it the id of the first.
#[inline(always)]
pub(crate) fn renamed(old: u32, new: u32) {
    if asked(TIMES) && old != new {
        // SAFETY: the values are only written by their own thread, which is this one.
        if let Some(entered) = unsafe { ENTERED.get(old) } {
            let _ = ENTERED.insert(new, *entered, 0);
        }
        let _ = ENTERED.remove(old);
    }
}

/// Time that was spent on a CPU, where that is what is asked for; else all of it.
#[inline(always)]
pub(crate) fn spent(entered: &Entered) -> u64 {
    let whole = now().saturating_sub(entered.since_ns);
    if asked(CPU_TIMES) {
        whole.saturating_sub(entered.off_ns)
    } else {
        whole
    }
}
