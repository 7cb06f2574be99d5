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
    wire::{ARGS_BEFORE_EXEC, ARGS_REPLACED, BELOW_ROOT, Door, Kind, OF_RESULT},
};

use super::task_exec;
use crate::{
    capture::{Scratch, Use, argv, file, path, scratch, task, text},
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
    let slot = if index < CALLS_PER_ARCH as u64 { index as usize } else { CALLS_PER_ARCH - 1 };
    // The one question for a call that nobody asked about.
    match GATE.get(0) {
        Some(gate) if gate.wanted[slot & (CALLS_PER_ARCH - 1)] != 0 => {}
        _ => return 0,
    }
    let _ = wanted(regs, ret, number, slot);
    0
}

/// The call's number is wanted in some table: find out in which, and whether the rest matches.
#[inline(always)]
fn wanted(regs: u64, ret: i64, number: u64, slot: usize) -> Option<()> {
    let door = door(number);
    let base = if matches!(door, Door::Compat) { CALLS_PER_ARCH } else { 0 };
    let spec = CALLS.get(0)?.calls[(base + slot) & (2 * CALLS_PER_ARCH - 1)];
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
    let s = scratch(Use::Call)?;
    let (args, mut flags) = arguments(regs, &door, execs, pid);
    let knows = truth(s, spec, &args, ret);
    if asked(BY_ROOT) && knows {
        if s.below_root == 0 {
            emit::filtered(stats, Filtered::Root);
            return None;
        }
        flags |= BELOW_ROOT;
    }
    let what = task::What {
        kind: Kind::Call,
        door: door as u8,
        flags,
        nr: (number & !X32_BIT) as u32,
        ret,
        args,
        seq: emit::next_seq(stats),
        pid,
        tid,
    };
    task::head(s, &what);
    names(s, spec, &args, &door, execs);
    task::directories(s);
    if !execs {
        task::exe(s);
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

/// The six arguments, and the flag that says where they come from.
#[inline(always)]
fn arguments(regs: u64, door: &Door, execs: bool, pid: u32) -> ([u64; 6], u32) {
    if execs {
        return match task_exec::arguments(pid) {
            Some(args) => (args, ARGS_BEFORE_EXEC),
            None => ([0; 6], ARGS_REPLACED),
        };
    }
    if matches!(door, Door::Compat) {
        let low = |offset: u32| word(regs, offset) & 0xffff_ffff;
        return (
            [
                low(offset!(regs_bx)),
                low(offset!(regs_cx)),
                low(offset!(regs_a2)),
                low(offset!(regs_a1)),
                low(offset!(regs_a0)),
                low(offset!(regs_bp)),
            ],
            0,
        );
    }
    (
        [
            word(regs, offset!(regs_a0)),
            word(regs, offset!(regs_a1)),
            word(regs, offset!(regs_a2)),
            word(regs, offset!(regs_a3)),
            word(regs, offset!(regs_a4)),
            word(regs, offset!(regs_a5)),
        ],
        0,
    )
}

/// Captures the file that the call ended at, where the kernel still holds it; says whether it
/// does.
#[inline(always)]
fn truth(s: &mut Scratch, spec: CallSpec, args: &[u64; 6], ret: i64) -> bool {
    if spec.flags & RETURNS_FD != 0 && ret >= 0 {
        return file::file(s, u64::from(OF_RESULT), file::lookup(ret as u64)) != 0;
    }
    if spec.flags & EXECS != 0 && ret == 0 {
        return file::file(s, u64::from(tracer_ebpf::abi::wire::OF_EXE), task::exe_file()) != 0;
    }
    if spec.args[0] == Capture::Fd as u8 {
        return file::file(s, 0, file::lookup(args[0])) != 0;
    }
    if spec.flags & MOVES_CWD != 0 && ret == 0 {
        let fs = word(current(), offset!(task_fs));
        path::walk_path(s, OF_RESULT, fs + u64::from(offset!(fs_pwd)));
        return true;
    }
    false
}

/// Captures what the arguments point to.
#[inline(always)]
fn names(s: &mut Scratch, spec: CallSpec, args: &[u64; 6], door: &Door, execs: bool) {
    if execs {
        // execve(path, argv, envp) and execveat(fd, path, argv, envp, flags).
        let name_of = if spec.args[0] == Capture::Path as u8 { 0 } else { 1 };
        argv::of_image(s, name_of + 1, name_of);
        return;
    }
    let width = if matches!(door, Door::Native) { 8 } else { 4 };
    argument(s, spec.args[0], 0, args[0], None, width);
    argument(s, spec.args[1], 1, args[1], Some((spec.args[0], args[0])), width);
    argument(s, spec.args[2], 2, args[2], Some((spec.args[1], args[1])), width);
    argument(s, spec.args[3], 3, args[3], Some((spec.args[2], args[2])), width);
    argument(s, spec.args[4], 4, args[4], Some((spec.args[3], args[3])), width);
}

/// Captures one argument; `before` is the one in front of it.
#[inline(always)]
fn argument(s: &mut Scratch, how: u8, of: u64, value: u64, before: Option<(u8, u64)>, width: u64) {
    if how == Capture::Path as u8 {
        let first = text::string(s, of, value);
        if let Some((how, fd)) = before
            && how == Capture::DirFd as u8
            && fd as i32 != AT_FDCWD
            && first != u64::from(b'/')
        {
            file::file(s, of - 1, file::lookup(fd));
        }
    } else if how == Capture::Text as u8 {
        text::string(s, of, value);
    } else if how == Capture::Argv as u8 {
        argv::of_array(s, of, value, width);
    } else if how == Capture::Block24 as u8 {
        text::block24(s, of, value);
    } else if how == Capture::Fd as u8 && of != 0 {
        file::file(s, of, file::lookup(value));
    }
}
