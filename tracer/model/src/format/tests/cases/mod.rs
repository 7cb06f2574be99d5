//! The rows of the golden tests: one item per thing that a format has to show. Test code only.

mod files;
mod rest;

use bytes::Bytes;

use crate::{
    calls::{Arch, Op},
    event::{
        Actor, Argv, Backend, Block, ByRules, Call, Captured, Certainty, Creds, Data, Event, Exit,
        FileId, Gid, Item, Known, Loss, LossReason, PathItem, PathRole, Pid, Signal, Tid, Time,
        Timing, Uid, Unfinished, Unknown, Via,
    },
};

pub(super) const AT_FDCWD: u64 = 0xffff_ff9c;
const POINTER: u64 = 0x7ffd_98e3_4370;

pub(crate) fn b(text: impl AsRef<[u8]>) -> Bytes {
    Bytes::copy_from_slice(text.as_ref())
}

pub(crate) fn actor() -> Actor {
    Actor {
        pid: Pid(12345),
        tid: Some(Tid(12345)),
        ppid: Some(Pid(1200)),
        host: None,
        creds: Some(Creds {
            uid: Uid(1000),
            gid: Gid(1000),
            suid: Uid(1000),
            sgid: Gid(1000),
            euid: Uid(0),
            egid: Gid(1000),
            fsuid: Uid(0),
            fsgid: Gid(1000),
        }),
        auid: Some(1000),
        session: Some(3),
        comm: Ok(b("cat")),
        exe: Ok(b("/usr/bin/cat")),
        exe_deleted: false,
        cwd: Ok(b("/home/ana")),
        root: None,
        cgroup: Some(4711),
        mnt_ns: None,
        title: None,
        personality: 0,
    }
}

/// A string that an argument points to.
fn text(of: u8, text: Known<Bytes>) -> Captured {
    Captured {
        of,
        data: Data::Text(text),
    }
}

/// An array of strings that an argument points to.
pub(crate) fn strings(of: u8, argv: Argv) -> Captured {
    Captured {
        of,
        data: Data::Strings(argv),
    }
}

/// Words that an argument points to.
fn block(of: u8, words: &[u64]) -> Captured {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
    Captured {
        of,
        data: Data::Block(Block {
            at: POINTER,
            bytes: bytes.into(),
            incomplete: None,
        }),
    }
}

/// A call that succeeded, with nothing but its numbers.
pub(crate) fn call(name: &str, args: [u64; 6], ret: i64) -> Call {
    let arch = Arch::X86_64;
    Call {
        arch,
        nr: arch.number(name).expect("a call of x86-64"),
        args: Ok(args),
        ret,
        unfinished: None,
        captured: Vec::new(),
        files: Vec::new(),
    }
}

pub(crate) fn event(op: Op, call: Option<Call>, paths: Vec<PathItem>) -> Event {
    Event {
        time: Time {
            wall_ns: 1_795_381_188_123_456_789,
            mono_ns: 4_242_000_000_001,
        },
        backend: Backend::Ebpf,
        place: Some((1, 99)),
        op,
        actor: Ok(actor()),
        call,
        exit: None,
        timing: None,
        signal: None,
        paths,
        rules: ByRules::default(),
        synthesised: false,
        below_root: false,
        certainty: Certainty::default(),
        of_tracer: false,
        is_dir: false,
        notice: None,
    }
}

fn file(mode: u32) -> FileId {
    let dev = 254 << 20;
    FileId {
        ino: 10_115_018,
        dev,
        rdev: 0,
        mode,
        uid: Uid(1000),
        gid: Gid(1000),
    }
}

pub(super) fn path(role: PathRole, arg: u8, name: &str, resolved: &str, via: Via) -> PathItem {
    PathItem {
        role,
        arg: Some(arg),
        requested: Some(Ok(b(name))),
        resolved: Ok(b(resolved)),
        via,
        deleted: false,
        file: (via == Via::Kernel).then(|| file(0o100_644)),
    }
}

fn target(arg: u8, name: &str, resolved: &str) -> PathItem {
    path(PathRole::Target, arg, name, resolved, Via::Kernel)
}

fn named(arg: u8, name: &str, resolved: &str) -> PathItem {
    path(PathRole::Target, arg, name, resolved, Via::Base)
}

/// A descriptor that stands for its file.
fn by_fd(resolved: &str) -> PathItem {
    PathItem {
        arg: None,
        requested: None,
        ..target(0, "", resolved)
    }
}

fn openat(flags: i32, mode: u64, ret: i64) -> Call {
    call("openat", [AT_FDCWD, POINTER, flags as u64, mode, 0, 0], ret)
}

type Rows = Vec<(&'static str, Item)>;

/// Every case by name. The name is that of its golden files.
pub(crate) fn all() -> Rows {
    let mut rows = files::rows();
    rows.extend(rest::rows());
    rows
}

fn one(name: &'static str, event: Event) -> (&'static str, Item) {
    (name, Item::Event(Box::new(event)))
}
