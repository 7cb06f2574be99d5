//! `raw_tracepoint/sys_exit`: every system call that returns, with its registers and its result
//! (`include/trace/events/syscalls.h`).

use aya_ebpf::{macros::raw_tracepoint, programs::RawTracePointContext};
use tracer_ebpf::abi::{
    call::{
        CallSpec, Capture, EXECS, FORKS, LOOKS_UP, MOVES_CWD, RETURNS_FD, WANTED,
    },
    filter::BY_ROOT,
    limits::CALLS_PER_ARCH,
    offsets::ABSENT,
    stats::Filtered,
    wire::{ARGS_BEFORE_EXEC, ARGS_REPLACED, Door, Kind, OF_EXE, OF_RESULT},
};

use super::task_exec;
use crate::{
    capture::{
        Scratch, Use, argv, file,
        path::{self, MET_ROOT, WALKED},
        scratch, slot, task, text,
    },
    emit,
    gate,
    kernel::{CALLS, GATE, asked, current, half, offset, word},
};

/// `__X32_SYSCALL_BIT` of `asm/unistd.h`.
const X32_BIT: u64 = 0x4000_0000;
/// `TS_COMPAT` of `asm/thread_info.h`: the call came through the 32-bit door.
const TS_COMPAT: u32 = 2;
/// errno values of a lookup that found nothing (`asm-generic/errno-base.h`, `errno.h`).
const ENOENT: i64 = -2;
const ENOTDIR: i64 = -20;
/// `AT_FDCWD` of `linux/fcntl.h`.
const AT_FDCWD: i32 = -100;

#[raw_tracepoint]
pub(crate) fn sys_exit(ctx: RawTracePointContext) -> i32 {
    let regs: u64 = ctx.arg(0);
    let ret: i64 = ctx.arg(1);
    let number = word(regs, offset!(regs_nr));
    let index = number & !X32_BIT;
    let entry = if index < CALLS_PER_ARCH as u64 { index as usize } else { CALLS_PER_ARCH - 1 };
    // The one question for a call that nobody asked about.
    match GATE.get(0) {
        Some(gate) if gate.wanted[entry & (CALLS_PER_ARCH - 1)] != 0 => {}
        _ => return 0,
    }
    let _ = wanted(regs, ret, number, entry);
    0
}

/// The call's number is wanted in some table: find out in which, and whether the rest matches.
#[inline(always)]
fn wanted(regs: u64, ret: i64, number: u64, entry: usize) -> Option<()> {
    let door = door(number);
    let base = if matches!(door, Door::Compat) { CALLS_PER_ARCH } else { 0 };
    let spec = CALLS.get(0)?.calls[(base + entry) & (2 * CALLS_PER_ARCH - 1)];
    if spec.flags & WANTED == 0 {
        return None;
    }
    let (pid, tid) = gate::ids();
    if gate::is_self(pid) {
        return None;
    }
    let stats = emit::stats()?;
    stats.seen += 1;
    let execs = spec.flags & EXECS != 0 && ret == 0;
    if let Some(why) = gate::rejects_task(pid, tid, execs) {
        emit::filtered(stats, why);
        return None;
    }
    if spec.flags & FORKS != 0 && ret == 0 {
        emit::filtered(stats, Filtered::ForkChild);
        return None;
    }
    if gate::rejects_result(ret) {
        emit::filtered(stats, Filtered::Result);
        return None;
    }
    if asked(BY_ROOT) && spec.flags & LOOKS_UP != 0 && (ret == ENOENT || ret == ENOTDIR) {
        emit::filtered(stats, Filtered::Root);
        return None;
    }
    let slot = slot(Use::Call);
    let s = scratch(slot)?;
    s.begin();
    let flags = arguments(s, regs, &door, execs, pid);
    let truth = truth(s, slot, spec, ret);
    if asked(BY_ROOT) && truth & WALKED != 0 && truth & MET_ROOT == 0 {
        emit::filtered(stats, Filtered::Root);
        return None;
    }
    let what = task::What {
        kind: Kind::Call,
        door: door as u8,
        flags,
        nr: (number & !X32_BIT) as u32,
        ret,
        seq: emit::next_seq(stats),
        pid,
        tid,
    };
    let task = task::view(s);
    task::head(s, &what, task);
    names(s, slot, spec, &door, execs);
    task::directories(s, slot, task);
    if !execs {
        task::exe(s, slot);
    }
    task::seal(s);
    emit::send(s, stats);
    Some(())
}

/// Which table does the number belong to?
#[inline(always)]
fn door(number: u64) -> Door {
    if offset!(task_status) != ABSENT
        && half(current(), offset!(task_status)) & TS_COMPAT != 0
    {
        Door::Compat
    } else if number & X32_BIT != 0 {
        Door::X32
    } else {
        Door::Native
    }
}

/// Puts the six arguments into the head; returns the flag that says where they come from.
#[inline(always)]
fn arguments(s: &mut Scratch, regs: u64, door: &Door, execs: bool, pid: u32) -> u32 {
    if execs {
        let (args, flag) = match task_exec::arguments(pid) {
            Some(args) => (args, ARGS_BEFORE_EXEC),
            None => ([0; 6], ARGS_REPLACED),
        };
        s.head().args = args;
        return flag;
    }
    s.views.regs.fill(regs);
    let arg = |s: &Scratch, offset| s.views.regs.word(regs, offset);
    s.head().args = if matches!(door, Door::Compat) {
        let low = |s: &Scratch, offset| arg(s, offset) & 0xffff_ffff;
        [
            low(s, offset!(regs_bx)),
            low(s, offset!(regs_cx)),
            low(s, offset!(regs_a2)),
            low(s, offset!(regs_a1)),
            low(s, offset!(regs_a0)),
            low(s, offset!(regs_bp)),
        ]
    } else {
        [
            arg(s, offset!(regs_a0)),
            arg(s, offset!(regs_a1)),
            arg(s, offset!(regs_a2)),
            arg(s, offset!(regs_a3)),
            arg(s, offset!(regs_a4)),
            arg(s, offset!(regs_a5)),
        ]
    };
    0
}

/// Captures the file that the call ended at, where the kernel still holds it. Returns what
/// [`path::walk`] does, 0 where there is no such file.
#[inline(always)]
fn truth(s: &mut Scratch, slot: u64, spec: CallSpec, ret: i64) -> u64 {
    if spec.flags & RETURNS_FD != 0 && ret >= 0 {
        return file::file(slot, u64::from(OF_RESULT), file::lookup(ret as u64));
    }
    if spec.flags & EXECS != 0 && ret == 0 {
        return file::file(slot, u64::from(OF_EXE), task::exe_file());
    }
    if spec.args[0] == Capture::Fd as u8 {
        return file::file(slot, 0, file::lookup(s.head().args[0]));
    }
    if spec.flags & MOVES_CWD != 0 && ret == 0 {
        let fs = word(current(), offset!(task_fs));
        return path::walk_path(slot, OF_RESULT, fs + u64::from(offset!(fs_pwd)));
    }
    0
}

/// Captures what the arguments point to.
#[inline(always)]
fn names(s: &mut Scratch, slot: u64, spec: CallSpec, door: &Door, execs: bool) {
    if execs {
        // execve(path, argv, envp) and execveat(fd, path, argv, envp, flags).
        let name_of = if spec.args[0] == Capture::Path as u8 { 0 } else { 1 };
        argv::of_image(slot, name_of + 1, name_of);
        return;
    }
    let width = if matches!(door, Door::Native) { 8 } else { 4 };
    let mut before = (Capture::Raw as u8, 0);
    let mut of = 0;
    while of < 5 {
        let how = spec.args[of];
        let value = s.head().args[of];
        if how > Capture::DirFd as u8 || how == Capture::Path as u8 || (how == Capture::Fd as u8 && of != 0) {
            argument(slot, Ask { how, of: of as u8, before: before.0, width }.pack(), value, before.1);
        }
        before = (how, value);
        of += 1;
    }
}

/// How [`argument`] is to capture, in one register.
struct Ask {
    how: u8,
    of: u8,
    before: u8,
    width: u8,
}

impl Ask {
    #[inline(always)]
    fn pack(&self) -> u64 {
        u64::from(u32::from_ne_bytes([self.how, self.of, self.before, self.width]))
    }

    #[inline(always)]
    fn unpack(ask: u64) -> Self {
        let [how, of, before, width] = (ask as u32).to_ne_bytes();
        Self { how, of, before, width }
    }
}

/// Captures one argument; `before` is the value of the one in front of it. `ask` is an [`Ask`].
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn argument(slot: u64, ask: u64, value: u64, before: u64) -> u64 {
    let ask = Ask::unpack(ask);
    let of = u64::from(ask.of);
    if ask.how == Capture::Path as u8 {
        let first = text::string(slot, of, value);
        if ask.before == Capture::DirFd as u8
            && before as i32 != AT_FDCWD
            && first != u64::from(b'/')
        {
            file::file(slot, of - 1, file::lookup(before));
        }
    } else if ask.how == Capture::Text as u8 {
        text::string(slot, of, value);
    } else if ask.how == Capture::Argv as u8 {
        argv::of_array(slot, of, value, u64::from(ask.width));
    } else if ask.how == Capture::Block24 as u8 {
        if let Some(s) = scratch(slot) {
            text::block24(s, of, value);
        }
    } else if ask.how == Capture::Fd as u8 {
        file::file(slot, of, file::lookup(value));
    }
    0
}
