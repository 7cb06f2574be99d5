//! `raw_tracepoint/sys_exit`: every system call that returns, with its registers and its result
//! (`include/trace/events/syscalls.h`).

use aya_ebpf::{macros::raw_tracepoint, programs::RawTracePointContext};
use tracer_ebpf::abi::{
    call::{CallSpec, Capture, EXECS, FOR_READER, FORKS, LOOKS_UP, MOVES_CWD, RETURNS_FD, WANTED},
    filter::{BY_ROOT, BY_RULES, COUNTS, FOUND_ONLY, LEAN, TRANSLATES},
    limits::{CALLS_PER_ARCH, STRING_MAX},
    offsets::ABSENT,
    stats::Filtered,
    wire::{ARGS_BEFORE_EXEC, ARGS_REPLACED, Door, Kind, OF_EXE, OF_RESULT},
};

use super::{
    sys_enter,
    task_exec::{self, Note},
};
use crate::{
    capture::{
        Scratch, Use, argv, file, memory,
        path::{self, MET_NEAR, MET_ROOT, MET_UNKNOWN, WALKED},
        registers, scratch, slot, task, text,
    },
    classify, count, emit, gate,
    kernel::{AT_FDCWD, CALLS, GATE, asked, current, half, offset, word},
    pids,
};

/// `__X32_SYSCALL_BIT` of `asm/unistd.h`.
pub(crate) const X32_BIT: u64 = if cfg!(bpf_target_arch = "x86_64") {
    0x4000_0000
} else {
    0
};
/// `TS_COMPAT` of `asm/thread_info.h`: the call came through the 32-bit door.
const TS_COMPAT: u32 = 2;
/// `__NR_rt_sigreturn` of 64-bit programs.
const RT_SIGRETURN: u64 = if cfg!(bpf_target_arch = "aarch64") {
    139
} else {
    15
};
/// errno values of a lookup that found nothing (`asm-generic/errno-base.h`, `errno.h`).
const ENOENT: i64 = -2;
const ENOTDIR: i64 = -20;

#[raw_tracepoint]
pub(crate) fn sys_exit(ctx: RawTracePointContext) -> i32 {
    let regs: u64 = ctx.arg(0);
    let ret: i64 = ctx.arg(1);
    let (number, _) = called(regs, ret);
    let entry = entry(number);
    // The one question for a call that nobody asked about.
    match GATE.get(0) {
        Some(gate) if gate.wanted[entry & (CALLS_PER_ARCH - 1)] != 0 => {}
        _ => return 0,
    }
    let _ = wanted(regs, ret);
    0
}

/// Number of the call, and whether its registers are still the caller's: `rt_sigreturn` restores
/// those of the interrupted code and sets the number to -1 (`arch/x86/kernel/signal.c`,
/// `arch/arm64/kernel/signal.c`). A program that asks for call -1 gets `ENOSYS`.
#[inline(always)]
fn called(regs: u64, ret: i64) -> (u64, bool) {
    const ENOSYS: i64 = 38;
    // `unsigned long orig_ax` of x86, `s32 syscallno` of aarch64.
    let none = if cfg!(bpf_target_arch = "aarch64") {
        u64::from(u32::MAX)
    } else {
        u64::MAX
    };
    let number = word(regs, offset!(regs_nr)) & none;
    if number == none && ret != -ENOSYS {
        (RT_SIGRETURN, false)
    } else {
        (number, true)
    }
}

/// The slot of a number in its table; the last one stands for every number beyond it.
#[inline(always)]
pub(crate) fn entry(number: u64) -> usize {
    let index = number & !X32_BIT;
    if index < CALLS_PER_ARCH as u64 {
        index as usize
    } else {
        CALLS_PER_ARCH - 1
    }
}

/// Where the table of a door begins.
#[inline(always)]
pub(crate) fn table_base(door: &Door) -> usize {
    if matches!(door, Door::Compat) {
        CALLS_PER_ARCH
    } else {
        0
    }
}

/// What is to be captured of a call.
#[inline(always)]
pub(crate) fn spec(door: &Door, number: u64) -> Option<&'static CallSpec> {
    CALLS.get((table_base(door) + entry(number)) as u32)
}

/// The call's number is wanted in some table: find out in which, and whether the rest matches.
#[inline(always)]
fn wanted(regs: u64, ret: i64) -> Option<()> {
    let (mut number, has_args) = called(regs, ret);
    let mut door = door(number);
    let mut spec = spec(&door, number)?;
    let (pid, tid) = gate::ids();
    let execs = spec.flags & EXECS != 0 && ret == 0;
    let note = if execs { task_exec::note(pid) } else { None };
    if let Some(note) = note {
        number = note.number;
        door = Door::from_u8(note.door as u8)?;
        spec = self::spec(&door, number)?;
    }
    if spec.flags & WANTED == 0 || gate::is_self(pid) {
        return None;
    }
    let stats = emit::stats()?;
    stats.seen += 1;
    let entered = sys_enter::leave(tid);
    if let Some(why) = rejects(spec, ret, pid, tid, execs) {
        emit::filtered(stats, why);
        return None;
    }
    let at = table_base(&door) + entry(number);
    if asked(COUNTS) {
        count::add(at, (-4095..0).contains(&ret), &entered);
        emit::counted(stats);
        return None;
    }
    let mut left = classify::Left::ALL;
    if asked(BY_RULES) {
        let found_nothing = spec.flags & LOOKS_UP != 0 && found_nothing(ret);
        left = classify::of_caller(at, ret, found_nothing, pid);
        if left.classes == 0 {
            emit::filtered(stats, Filtered::Rule);
            return None;
        }
    }
    let slot = slot(Use::Call);
    let s = scratch(slot)?;
    s.begin();
    (s.head().entered_ns, s.head().off_cpu_ns) = (entered.since_ns, entered.off_ns);
    let flags = if let Some(note) = note {
        s.head().args = note.args;
        ARGS_BEFORE_EXEC
    } else if execs || !has_args {
        s.head().args = [0; 6];
        ARGS_REPLACED
    } else {
        registers(s, regs, &door);
        0
    };
    if asked(BY_RULES) {
        let [_, second, third, ..] = s.head().args;
        classify::of_access(&mut left, at, second, third);
        if left.classes == 0 {
            emit::filtered(stats, Filtered::Rule);
            return None;
        }
    }
    let truth = if asked(LEAN) {
        0
    } else {
        truth(s, slot, spec, ret)
    };
    if asked(BY_RULES) {
        if truth & WALKED != 0 && truth & MET_UNKNOWN == 0 {
            classify::of_file(&mut left, s.walk.classes);
        }
        if left.classes == 0 {
            emit::filtered(stats, Filtered::Rule);
            return None;
        }
    }
    let may_be_below = MET_ROOT | MET_NEAR | MET_UNKNOWN;
    if asked(BY_ROOT) && truth & WALKED != 0 && truth & may_be_below == 0 {
        emit::filtered(stats, Filtered::Root);
        return None;
    }
    let what = task::What {
        kind: Kind::Call,
        door: door as u8,
        flags: flags | left.mark(),
        nr: (number & !X32_BIT) as u32,
        ret,
        seq: emit::next_seq(stats),
        pid,
        tid,
    };
    contents(s, slot, spec, &what, execs, note);
    task::seal(s);
    emit::send(s, stats);
    Some(())
}

/// Who called, what the call names, and where it was made. `execs`: with it another program took
/// the place of the caller's; `note` is from before.
#[inline(always)]
fn contents(
    s: &mut Scratch,
    slot: u64,
    spec: &CallSpec,
    what: &task::What,
    execs: bool,
    note: Option<&'static Note>,
) {
    let task = task::view(s);
    task::head(s, slot, what);
    if asked(TRANSLATES) {
        pids::translations(slot);
    }
    if execs {
        image(s, slot, spec, note);
        task_exec::forget(what.pid);
    } else {
        names(s, slot, spec, what.door);
    }
    if !asked(LEAN) {
        task::directories(s, slot, task);
        if !execs {
            task::exe(s, slot);
        }
    }
    if asked(BY_RULES) {
        argv::for_rules(slot);
    }
}

/// Does the filter reject the call before anything of it is captured?
#[inline(always)]
fn rejects(spec: &CallSpec, ret: i64, pid: u32, tid: u32, execs: bool) -> Option<Filtered> {
    // Also one that fails begins a command that was started to be traced, and is all of it.
    let begins = execs || spec.flags & EXECS != 0;
    if let Some(why) = gate::rejects_task(pid, tid, begins) {
        return Some(why);
    }
    if spec.flags & FORKS != 0 && ret == 0 {
        return Some(Filtered::ForkChild);
    }
    if gate::rejects_result(ret) {
        return Some(Filtered::Result);
    }
    if asked(FOUND_ONLY) && spec.flags & LOOKS_UP != 0 && found_nothing(ret) {
        return Some(Filtered::Root);
    }
    None
}

/// Did the lookup end at no file?
#[inline(always)]
fn found_nothing(ret: i64) -> bool {
    ret == ENOENT || ret == ENOTDIR
}

/// Which table does the number belong to?
#[inline(always)]
pub(crate) fn door(number: u64) -> Door {
    let has_status = cfg!(bpf_target_arch = "x86_64") && offset!(task_status) != ABSENT;
    if has_status && half(current(), offset!(task_status)) & TS_COMPAT != 0 {
        Door::Compat
    } else if number & X32_BIT != 0 {
        Door::X32
    } else {
        Door::Native
    }
}

/// Captures the file that the call ended at, where the kernel still holds it. Returns what
/// [`path::walk`] does, 0 where there is no such file.
#[inline(always)]
fn truth(s: &mut Scratch, slot: u64, spec: &CallSpec, ret: i64) -> u64 {
    if spec.flags & RETURNS_FD != 0 && ret >= 0 {
        return file::file(slot, u64::from(OF_RESULT), file::lookup(ret as u64));
    }
    if spec.flags & EXECS != 0 && ret == 0 {
        return file::file(slot, u64::from(OF_EXE), task::exe_file());
    }
    if spec.args[0].how == Capture::Fd as u8 && spec.args[0].max != FOR_READER {
        return file::file(slot, 0, file::lookup(s.head().args[0]));
    }
    if spec.flags & MOVES_CWD != 0 && ret == 0 {
        let fs = word(current(), offset!(task_fs));
        return path::walk_path(slot, OF_RESULT, fs + u64::from(offset!(fs_pwd)));
    }
    0
}

/// Captures requested name and arguments of an exec that has succeeded.
#[inline(always)]
fn image(s: &mut Scratch, slot: u64, spec: &CallSpec, note: Option<&'static Note>) {
    // execve(path, argv, envp) and execveat(fd, path, argv, envp, flags).
    let is_first = spec.args[0].how == Capture::Path as u8;
    let name_of = u64::from(!is_first);
    let kept = note.is_some_and(|note| text::kept(s, name_of, note));
    argv::of_image(slot, name_of + 1, if kept { argv::KEPT } else { name_of });
    let environment = if is_first { spec.args[2] } else { spec.args[3] };
    if environment.how != Capture::Raw as u8 {
        argv::environment(slot, name_of + 2);
    }
}

/// Captures what the arguments point to.
#[inline(always)]
fn names(s: &mut Scratch, slot: u64, spec: &CallSpec, door: u8) {
    let width = if door == Door::Native as u8 { 8 } else { 4 };
    let mut before = (Capture::Raw as u8, 0);
    let mut of = 0;
    while of < 6 {
        let ask = spec.args[of];
        let value = s.head().args[of];
        let is_truth = ask.how == Capture::Fd as u8 && ask.max != FOR_READER && of == 0;
        if ask.how != Capture::Raw as u8 && !is_truth {
            let place = Place {
                of: of as u8,
                before: before.0,
                width,
            };
            let start = s.position() as u64;
            let got = argument(slot, memory::pack(ask), place.pack(), value, before.1);
            if ask.stride != 0 && ask.how == Capture::Block as u8 && got != 0 {
                memory::inside(slot, start, u64::from(ask.stride));
            }
        }
        before = (ask.how, value);
        of += 1;
    }
    if spec.names_result != 0 && s.head().ret >= 0 {
        file::file(
            slot,
            u64::from(OF_RESULT),
            file::lookup(s.head().ret as u64),
        );
    }
}

/// Where an argument stands, in one register.
struct Place {
    of: u8,
    /// The [`Capture`] of the argument before it.
    before: u8,
    /// Bytes of a pointer.
    width: u8,
}

impl Place {
    #[inline(always)]
    fn pack(&self) -> u64 {
        u64::from(u32::from_ne_bytes([self.of, self.before, self.width, 0]))
    }

    #[inline(always)]
    fn unpack(place: u64) -> Self {
        let [of, before, width, _] = (place as u32).to_ne_bytes();
        Self { of, before, width }
    }
}

/// Captures one argument; `before` is the value of the one in front of it, `ask` is from
/// [`memory::pack`] and `place` from [`Place::pack`]. Not zero when a block of memory was captured.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn argument(slot: u64, ask: u64, place: u64, value: u64, before: u64) -> u64 {
    let place = Place::unpack(place);
    let of = u64::from(place.of);
    let how = ask as u8;
    if how == Capture::Path as u8 {
        let first = text::string(slot, of, value);
        if first == 0 && value != 0 {
            text::remains(slot, of, value, STRING_MAX as u64 - 1);
        }
        if place.before == Capture::DirFd as u8
            && before as i32 != AT_FDCWD
            && first != u64::from(b'/')
        {
            file::file(slot, of - 1, file::lookup(before));
        }
    } else if how == Capture::Text as u8 {
        if text::string(slot, of, value) == 0 && value != 0 {
            text::remains(slot, of, value, memory::longest(ask));
        }
    } else if how == Capture::Argv as u8 {
        argv::of_array(slot, of, value, u64::from(place.width));
    } else if how == Capture::Fd as u8 {
        file::file(slot, of, file::lookup(value));
    } else if how == Capture::DirFd as u8 {
        if memory::is_for_reader(ask) && value as i32 != AT_FDCWD {
            file::file(slot, of, file::lookup(value));
        }
    } else {
        return memory::memory(slot, ask, of, value, before);
    }
    0
}
