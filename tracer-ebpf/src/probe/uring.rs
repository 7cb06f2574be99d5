//! `io_uring` (`include/trace/events/io_uring.h`): what a program asks for through a ring never
//! passes a system call of that name. A request is captured when it is submitted, because its
//! names are gone when it completes: by then another thread may have done it.
//! `raw_tracepoint/io_uring_submit_req` (before 6.3 `io_uring_submit_sqe`) and
//! `raw_tracepoint/io_uring_complete`; their arguments differ between kernels, so there is a
//! program for each form, of which user space attaches the right one.
//!
//! Only a request that was reported has its completion reported. That is no event of its own: it
//! is not counted, and user space puts the two together.

use core::mem::MaybeUninit;

use aya_ebpf::{
    helpers::generated as helpers,
    macros::{map, raw_tracepoint},
    maps::{Array, LruHashMap},
    programs::RawTracePointContext,
};
use tracer_ebpf::abi::{
    call::{Capture, RETURNS_FD, WANTED},
    filter::{BY_RULES, URING_BY_DATA},
    offsets::ABSENT,
    uring::{
        ANY_SLOT, FIXED_FILE, MORE, Member, NO_MEMBERS, OPS, Request, Requests, SKIPS_SUCCESS,
        Take, Waiting,
    },
    wire::{Door, Head, Kind, NO_ARGS, OF_REQUEST, OF_RESULT, OK, Part},
};

use crate::{
    capture::{Scratch, Use, file, scratch, slot, task, text},
    classify, emit, gate,
    kernel::{AT_FDCWD, asked, half, offset, read, word},
};

/// What to capture of each operation.
#[map]
static REQUESTS: Array<Requests> = Array::with_max_entries(1, 0);

/// Requests that were reported and have not completed, by [`key`]. When there are more, the
/// oldest are forgotten, and their result is then unknown.
#[map]
static WAITING: LruHashMap<[u64; 2], Waiting> = LruHashMap::with_max_entries(1, 0);

/// From 6.0 on: the request comes first.
#[raw_tracepoint]
pub(crate) fn uring_submit_first(ctx: RawTracePointContext) -> i32 {
    let _ = submitted(ctx.arg(0));
    0
}

/// Before: the ring comes first.
#[raw_tracepoint]
pub(crate) fn uring_submit_second(ctx: RawTracePointContext) -> i32 {
    let _ = submitted(ctx.arg(1));
    0
}

/// From 6.11 on: ring, request, `struct io_uring_cqe *`.
#[raw_tracepoint]
pub(crate) fn uring_complete_entry(ctx: RawTracePointContext) -> i32 {
    let (ring, request, entry): (u64, u64, u64) = (ctx.arg(0), ctx.arg(1), ctx.arg(2));
    // user_data, then res and flags of four bytes each: the layout that programs see.
    let [user_data, rest] = read::<[u64; 2]>(entry).unwrap_or([0; 2]);
    let _ = completed(ring, request, user_data, rest as i32, (rest >> 32) as u32);
    0
}

/// From 5.18 on: ring, request, user data, result, flags.
#[raw_tracepoint]
pub(crate) fn uring_complete_request(ctx: RawTracePointContext) -> i32 {
    let (ring, request, user_data): (u64, u64, u64) = (ctx.arg(0), ctx.arg(1), ctx.arg(2));
    let (res, flags): (u64, u64) = (ctx.arg(3), ctx.arg(4));
    let _ = completed(ring, request, user_data, res as i32, flags as u32);
    0
}

/// Before: ring, user data, result, flags.
#[raw_tracepoint]
pub(crate) fn uring_complete_data(ctx: RawTracePointContext) -> i32 {
    let (ring, user_data): (u64, u64) = (ctx.arg(0), ctx.arg(1));
    let (res, flags): (u64, u64) = (ctx.arg(2), ctx.arg(3));
    let _ = completed(ring, 0, user_data, res as i32, flags as u32);
    0
}

/// What to capture of an operation.
#[inline(always)]
fn request(op: u64) -> Option<&'static Request> {
    Some(&REQUESTS.get(0)?.ops[op as usize & (OPS - 1)])
}

/// Operation of a request.
#[inline(always)]
fn opcode(req: u64) -> Option<u64> {
    read::<u8>(req + u64::from(offset!(req_opcode))).map(u64::from)
}

/// What a request and its completion have in common: the address of the request, or what the
/// program gave to tell its requests apart. Programs may give the same to many.
#[inline(always)]
fn key(ring: u64, request: u64, user_data: u64) -> [u64; 2] {
    if asked(URING_BY_DATA) {
        [ring, user_data]
    } else {
        [request, ring]
    }
}

#[inline(always)]
fn submitted(req: u64) -> Option<()> {
    let op = opcode(req)?;
    let request = request(op)?;
    if request.flags & u32::from(WANTED) == 0 || op >= OPS as u64 {
        return None;
    }
    let (pid, tid) = gate::ids();
    if gate::is_self(pid) {
        return None;
    }
    let stats = gate::admitted(pid, tid, false)?;
    let slot = slot(Use::Task);
    let s = scratch(slot)?;
    s.begin();
    values(s, request, req);
    let what = task::What {
        kind: Kind::Call,
        door: Door::Uring as u8,
        flags: flags(request),
        nr: op as u32,
        ret: 0,
        seq: emit::next_seq(stats),
        pid,
        tid,
    };
    let task = task::view(s);
    task::head(s, slot, &what);
    let mut before = Member::NOTHING;
    let mut of = 0;
    while of < request.members.len() {
        let this = request.members[of];
        if this.take != Take::Nothing as u8 {
            member(slot, of as u64, this.pack(), before.pack(), req);
        }
        before = this;
        of += 1;
    }
    task::places(s, slot, task);
    expect(slot, op, req);
    task::seal(s);
    if !emit::send(s, stats) {
        let _ = WAITING.remove(key_of(req));
    }
    Some(())
}

/// Flags of the record's head. Rules are left to user space: operations are rare.
#[inline(always)]
fn flags(request: &Request) -> u32 {
    let mut flags = if asked(BY_RULES) {
        classify::Left::in_force().mark()
    } else {
        0
    };
    if request.flags & NO_MEMBERS != 0 {
        flags |= NO_ARGS;
    }
    flags
}

/// The arguments that are numbers.
#[inline(always)]
fn values(s: &mut Scratch, request: &Request, req: u64) {
    let mut of = 0;
    while of < request.members.len() {
        s.head().args[of] = value(&request.members[of], req);
        of += 1;
    }
}

#[inline(always)]
fn value(member: &Member, req: u64) -> u64 {
    let at = req + u64::from(member.offset);
    if member.take == Take::Fd as u8 {
        return descriptor(req) as i32 as u64;
    }
    if member.take == Take::HowSize as u8 {
        return 24;
    }
    let is_signed = member.take == Take::Signed as u8;
    if !is_signed && member.take != Take::Value as u8 {
        return 0;
    }
    match member.width {
        1 => u64::from(read::<u8>(at).unwrap_or(0)),
        2 => u64::from(read::<u16>(at).unwrap_or(0)),
        4 if is_signed => half(at, 0) as i32 as u64,
        4 => u64::from(half(at, 0)),
        _ => word(at, 0),
    }
}

/// The descriptor of a request; -1 where the kernel does not keep it.
#[inline(always)]
fn descriptor(req: u64) -> u32 {
    if offset!(req_fd) == ABSENT {
        u32::MAX
    } else {
        half(req, offset!(req_fd))
    }
}

/// Captures what one argument leads to; `this` and the argument `before` it are packed.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn member(slot: u64, of: u64, this: u64, before: u64, req: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    let (member, directory) = (Member::unpack(this), Member::unpack(before));
    let at = word(req, member.offset);
    let first = if member.take == Take::Name as u8 {
        text::kernel_string(slot, of, word(at, offset!(filename_name)))
    } else if member.take == Take::UserText as u8 {
        text::string(slot, of, at)
    } else if member.take == Take::KernelText as u8 {
        text::kernel_string(slot, of, at)
    } else if member.take == Take::How as u8 {
        how(s, of, req + u64::from(member.offset));
        return 0;
    } else if member.take == Take::Fd as u8 && member.how == Capture::Fd as u8 {
        return file::file(slot, of, file_of(req));
    } else {
        return 0;
    };
    if member.how == Capture::Path as u8
        && directory.how == Capture::DirFd as u8
        && first != u64::from(b'/')
    {
        let fd = value(&directory, req);
        if fd as i32 != AT_FDCWD {
            file::file(slot, of - 1, file::lookup(fd));
        }
    }
    0
}

/// `struct open_how`, which the kernel has filled for every kind of open. It is in the request,
/// so that the address in the program's memory is as little known as that of a name.
#[inline(always)]
fn how(s: &mut Scratch, of: u64, at: u64) {
    if let Some([flags, mode, resolve]) = read::<[u64; 3]>(at) {
        words(s, of as u8, [0, flags, mode, resolve]);
    }
}

/// Words as a section.
#[inline(always)]
fn words<const N: usize>(s: &mut Scratch, of: u8, words: [u64; N]) {
    let start = s.open(Part::Block, of);
    // SAFETY: the position is a multiple of 8, and the slack holds a few words.
    unsafe { s.at(start + 8).cast::<[u64; N]>().write(words) };
    s.close(start, OK, 0, N * 8);
}

/// What a request will be known by.
#[inline(always)]
fn key_of(req: u64) -> [u64; 2] {
    key(
        word(req, offset!(req_ctx)),
        req,
        word(req, offset!(req_user_data)),
    )
}

/// From now on the completion is reported. The record says how it will be known, and whether
/// there may be none.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn expect(slot: u64, op: u64, req: u64) -> u64 {
    let (Some(s), Some(request)) = (scratch(slot), request(op)) else {
        return 0;
    };
    let key = key_of(req);
    let silent = u64::from(half(req, offset!(req_flags)) & SKIPS_SUCCESS);
    words(s, OF_REQUEST, [key[0], key[1], silent]);
    let mut waiting = Waiting {
        count: 1,
        opens: request.flags & u32::from(RETURNS_FD),
        slot: if request.slot == ABSENT {
            0
        } else {
            half(req, request.slot)
        },
        op: op as u32,
    };
    if asked(URING_BY_DATA) {
        // SAFETY: the map's values are only ever replaced whole.
        waiting.count += unsafe { WAITING.get(key) }.map_or(0, |others| others.count);
    }
    let _ = WAITING.insert(key, waiting, 0);
    0
}

#[inline(always)]
fn completed(ring: u64, req: u64, user_data: u64, res: i32, flags: u32) -> Option<()> {
    if flags & MORE != 0 {
        return None;
    }
    let key = key(ring, req, user_data);
    // SAFETY: the map's values are only ever replaced whole.
    let waiting = *unsafe { WAITING.get(key) }?;
    // A request whose success nobody tells is never seen to complete, and its memory is used for
    // the next one, which may be of no interest. (One that is has replaced it.)
    if !asked(URING_BY_DATA) && opcode(req)? != u64::from(waiting.op) {
        return None;
    }
    if waiting.count > 1 {
        let one_less = Waiting {
            count: waiting.count - 1,
            ..waiting
        };
        let _ = WAITING.insert(key, one_less, 0);
    } else {
        let _ = WAITING.remove(key);
    }
    let file = if waiting.opens == 0 || res < 0 {
        0
    } else if waiting.slot == 0 {
        file::lookup(res as u64)
    } else if waiting.slot == ANY_SLOT {
        in_ring(ring, res as u32)
    } else {
        in_ring(ring, waiting.slot - 1)
    };
    if file == 0 {
        told(key[0], key[1], res as u64);
    } else {
        opened(key[0], key[1], res as u64, file);
    }
    Some(())
}

/// Sends a completion.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn told(first: u64, second: u64, res: u64) -> u64 {
    let mut head = MaybeUninit::<Head>::zeroed();
    // SAFETY: a head is integers, for which zeros are values.
    fill(unsafe { head.assume_init_mut() }, [first, second], res);
    // SAFETY: a head has no padding.
    let bytes =
        unsafe { core::slice::from_raw_parts(head.as_ptr().cast::<u8>(), size_of::<Head>()) };
    emit::output(bytes);
    0
}

/// Sends a completion with a file. It is a task that completes it, never an interrupt: the buffer
/// is free.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn opened(first: u64, second: u64, res: u64, file: u64) -> u64 {
    let slot = slot(Use::Task);
    let Some(s) = scratch(slot) else {
        return 0;
    };
    s.begin();
    fill(s.head(), [first, second], res);
    file::file(slot, u64::from(OF_RESULT), file);
    task::seal(s);
    emit::output(s.record());
    0
}

/// Head of a completion, which has the key in the place of arguments. What it does not say is
/// with the request.
#[inline(always)]
fn fill(head: &mut Head, key: [u64; 2], res: u64) {
    let (pid, tid) = gate::ids();
    head.size = size_of::<Head>() as u32;
    head.kind = Kind::Completion as u8;
    head.door = Door::Uring as u8;
    head.cpu = emit::cpu() as u16;
    head.flags = 0;
    // SAFETY: a helper without arguments that cannot fail.
    head.mono_ns = unsafe { helpers::bpf_ktime_get_ns() };
    head.ret = i64::from(res as i32);
    (head.args[0], head.args[1]) = (key[0], key[1]);
    (head.pid, head.tid) = (pid, tid);
}

/// `struct file *` that a request is about. It is found when the request is done, unless the
/// kernel has looked already: the descriptor leads there, too.
#[inline(always)]
fn file_of(req: u64) -> u64 {
    let found = word(req, offset!(req_file));
    let fd = descriptor(req);
    if found != 0 {
        found
    } else if half(req, offset!(req_flags)) & FIXED_FILE != 0 {
        in_ring(word(req, offset!(req_ctx)), fd)
    } else {
        file::lookup(u64::from(fd))
    }
}

/// `struct file *` at an index of the ring's own table. The low bits of the pointer are flags.
#[inline(always)]
fn in_ring(ring: u64, index: u32) -> u64 {
    if offset!(ring_slots) == ABSENT {
        return 0;
    }
    let slots = word(ring, offset!(ring_slots));
    let entry = word(slots + u64::from(index) * 8, 0);
    let file = if offset!(node_file) == ABSENT {
        entry
    } else {
        word(entry, offset!(node_file))
    };
    file & !7
}
