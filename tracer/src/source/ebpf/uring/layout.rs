//! Where this kernel keeps the arguments of an `io_uring` request, and in which form it tells of
//! requests, from its BTF. Operations of which it has no structure are reported without arguments.

use btf_rs::Type;
use tracer_ebpf::abi::{
    call::{Capture, WANTED},
    offsets::{ABSENT, Offsets},
    uring::{Member, NO_MEMBERS, OPS, Request, Requests, Take},
};

use super::super::btf::KernelTypes;
use crate::calls::{Arch, Arg, CallSet, Role, row};

/// The arguments of a call as members of a request: name of the call, structure with its other
/// names, one member per argument.
type Line = (&'static str, &'static str, &'static [&'static str]);

/// Not a member of the structure: the descriptor that every request has.
const FD: &str = "(fd)";
/// No member at all: the argument is not kept.
const NONE: &str = "";

/// `io_uring/*.c`; before 6.0 all of it is in `fs/io_uring.c`.
static LINES: &[Line] = &[
    (
        "openat",
        "io_open",
        &["dfd", "filename", "how.flags", "how.mode"],
    ),
    ("openat2", "io_open", &["dfd", "filename", "how", "how"]),
    ("close", "io_close", &["fd"]),
    (
        "statx",
        "io_statx",
        &["dfd", "filename", "flags", "mask", "buffer"],
    ),
    (
        "renameat2",
        "io_rename",
        &["old_dfd", "oldpath", "new_dfd", "newpath", "flags"],
    ),
    ("unlinkat", "io_unlink", &["dfd", "filename", "flags"]),
    ("mkdirat", "io_mkdir", &["dfd", "filename", "mode"]),
    (
        "symlinkat",
        "io_link|io_symlink",
        &["oldpath", "new_dfd", "newpath"],
    ),
    (
        "linkat",
        "io_link|io_hardlink",
        &["old_dfd", "oldpath", "new_dfd", "newpath", "flags"],
    ),
    (
        "setxattr",
        "io_xattr",
        &[
            "filename",
            "ctx.kname",
            "ctx.cvalue",
            "ctx.size",
            "ctx.flags",
        ],
    ),
    (
        "fsetxattr",
        "io_xattr",
        &[FD, "ctx.kname", "ctx.cvalue", "ctx.size", "ctx.flags"],
    ),
    (
        "getxattr",
        "io_xattr",
        &["filename", "ctx.kname", "ctx.value", "ctx.size"],
    ),
    (
        "fgetxattr",
        "io_xattr",
        &[FD, "ctx.kname", "ctx.value", "ctx.size"],
    ),
    ("ftruncate", "io_ftrunc", &[FD, "len"]),
    ("fallocate", "io_sync", &[FD, "mode", "off", "len"]),
    ("fsync", "io_sync", &[FD]),
    ("sync_file_range", "io_sync", &[FD, "off", "len", "flags"]),
    ("fadvise64", "io_fadvise", &[FD, "offset", "len", "advice"]),
    ("madvise", "io_madvise", &["addr", "len", "advice"]),
    ("pread64", "io_rw", &[FD, "addr", "len", "kiocb.ki_pos"]),
    ("pwrite64", "io_rw", &[FD, "addr", "len", "kiocb.ki_pos"]),
    ("preadv2", "io_rw", &[FD, "addr", "len", "kiocb.ki_pos"]),
    ("pwritev2", "io_rw", &[FD, "addr", "len", "kiocb.ki_pos"]),
    ("socket", "io_socket", &["domain", "type", "protocol"]),
    ("connect", "io_connect", &[FD, "addr", "addr_len"]),
    ("bind", "io_bind", &[FD, NONE, "addr_len"]),
    ("listen", "io_listen", &[FD, "backlog"]),
    ("accept4", "io_accept", &[FD, "addr", "addr_len", "flags"]),
    ("shutdown", "io_shutdown", &[FD, "how"]),
    ("sendto", "io_sr_msg", &[FD, "buf", "len", "msg_flags"]),
    ("recvfrom", "io_sr_msg", &[FD, "buf", "len", "msg_flags"]),
    ("sendmsg", "io_sr_msg", &[FD, "umsg", "msg_flags"]),
    ("recvmsg", "io_sr_msg", &[FD, "umsg", "msg_flags"]),
    ("epoll_ctl", "io_epoll", &["epfd", "op", "fd"]),
    (
        "splice",
        "io_splice",
        &["splice_fd_in", "off_in", FD, "off_out", "len", "flags"],
    ),
    ("tee", "io_splice", &["splice_fd_in", FD, "len", "flags"]),
    ("pipe2", "io_pipe", &["fds", "flags"]),
];

/// How this kernel tells of requests.
pub(in super::super) struct Layout {
    /// What to capture of each operation, all of them wanted.
    all: Box<Requests>,
    /// Program and hook for submissions.
    pub(in super::super) submit: (&'static str, &'static str),
    /// Program for completions.
    pub(in super::super) complete: &'static str,
    /// A completion has the program's own word for the request instead of the request.
    pub(in super::super) by_data: bool,
}

/// Is any operation asked for?
pub(in super::super) fn wanted(calls: &CallSet) -> bool {
    (0..OPS as u32).any(|op| {
        Arch::Uring
            .name(op)
            .is_some_and(|name| calls.contains(Some(name)))
    })
}

impl Layout {
    /// Fails where this kernel does not tell enough.
    pub(in super::super) fn new(types: &KernelTypes, offsets: &Offsets) -> Result<Self, String> {
        Self::found(types, offsets).ok_or_else(|| "needs Linux 5.13".to_owned())
    }

    fn found(types: &KernelTypes, offsets: &Offsets) -> Option<Self> {
        let known = [
            offsets.req_opcode,
            offsets.req_flags,
            offsets.req_ctx,
            offsets.req_user_data,
            offsets.filename_name,
        ];
        if known.contains(&ABSENT) {
            return None;
        }
        let submit = [
            (
                "io_uring_submit_req",
                types.tracepoint("io_uring_submit_req"),
            ),
            (
                "io_uring_submit_sqe",
                types.tracepoint("io_uring_submit_sqe"),
            ),
        ];
        let (hook, arguments) = submit.into_iter().find(|(_, found)| found.is_some())?;
        let program = match arguments?.as_slice() {
            [first, ..] if types.points_to(first, "io_kiocb") => "uring_submit_first",
            [Type::Ptr(_), Type::Ptr(_), ..] => "uring_submit_second",
            _ => return None,
        };
        let (complete, by_data) = match types.tracepoint("io_uring_complete")?.as_slice() {
            [_, _, entry] if types.points_to(entry, "io_uring_cqe") => {
                ("uring_complete_entry", false)
            }
            [_, Type::Ptr(_), _, _, _, ..] => ("uring_complete_request", false),
            [_, Type::Int(_), _, _] => ("uring_complete_data", true),
            _ => return None,
        };
        Some(Self {
            all: Box::new(requests(types)),
            submit: (program, hook),
            complete,
            by_data,
        })
    }

    /// What to capture of the operations that are asked for.
    pub(in super::super) fn requests(&self, calls: &CallSet) -> Requests {
        let mut requests = *self.all;
        for (op, request) in (0..).zip(&mut requests.ops) {
            if !calls.contains(Arch::Uring.name(op)) {
                *request = Request::NONE;
            }
        }
        requests
    }
}

fn requests(types: &KernelTypes) -> Requests {
    let mut ops = [Request::NONE; OPS];
    for (op, request) in (0..).zip(&mut ops) {
        *request = self::request(types, Arch::Uring.name(op));
    }
    Requests { ops }
}

/// What to capture of one operation.
fn request(types: &KernelTypes, name: Option<&'static str>) -> Request {
    let row = name.and_then(row);
    let flags = WANTED | row.map_or(0, |row| row.flags);
    let mut request = Request {
        flags: u32::from(flags) | NO_MEMBERS,
        ..Request::NONE
    };
    let line = LINES.iter().find(|(call, ..)| Some(*call) == name);
    let Some((_, structures, members)) = line else {
        return request;
    };
    let found = structures.split('|').find(|name| types.has_struct(name));
    let Some(structure) = found else {
        return request;
    };
    request.flags &= !NO_MEMBERS;
    let args = row.map_or(&[][..], |row| row.args);
    for (at, path) in members.iter().enumerate() {
        let how = args.get(at).map_or(Capture::Raw, capture);
        request.members[at] = match *path {
            NONE => Member::NOTHING,
            FD => member(Take::Fd, 0, how, 0),
            path => located(types, structure, path, how),
        };
    }
    if name == Some("openat2") {
        request.members[3].take = Take::HowSize as u8;
    }
    if let Some((slot, _)) = types.find(structure, "file_slot") {
        request.slot = slot;
    }
    request
}

/// What is captured of an argument.
fn capture(arg: &Arg) -> Capture {
    match arg.role {
        Role::Path => Capture::Path,
        Role::Text => Capture::Text,
        Role::DirFd => Capture::DirFd,
        Role::Fd => Capture::Fd,
        _ => Capture::Raw,
    }
}

const fn member(take: Take, width: u8, how: Capture, offset: u32) -> Member {
    Member {
        take: take as u8,
        width,
        how: how as u8,
        reserved: 0,
        offset,
    }
}

/// A member by its path; its type tells how it is read.
fn located(types: &KernelTypes, structure: &str, path: &str, how: Capture) -> Member {
    let Some((offset, ty)) = types.find(structure, path) else {
        return Member::NOTHING;
    };
    let is_string = matches!(how, Capture::Path | Capture::Text);
    let (take, width) = match &ty {
        Type::Struct(_) if types.is_called(&ty, "open_how") => (Take::How, 24),
        // From 7.0 on: one pointer in a structure.
        Type::Struct(_) if is_string => (Take::Name, 8),
        Type::Ptr(_) if is_string && types.points_to(&ty, "filename") => (Take::Name, 8),
        Type::Ptr(_) if is_string && types.points_to(&ty, "xattr_name") => (Take::KernelText, 8),
        Type::Ptr(_) if is_string => (Take::UserText, 8),
        // An address of the kernel's own is no argument.
        Type::Struct(_) => return Member::NOTHING,
        Type::Ptr(_) if types.points_to(&ty, "filename") => return Member::NOTHING,
        Type::Ptr(_) if types.points_to(&ty, "xattr_name") => return Member::NOTHING,
        Type::Ptr(_) => (Take::Value, 8),
        Type::Int(int) if int.is_signed() => (Take::Signed, int.size() as u8),
        Type::Int(int) => (Take::Value, int.size() as u8),
        _ => (Take::Value, 4),
    };
    member(take, width, how, offset)
}
