//! Rows about files: opens, names, attributes.

use super::*;
use crate::event::Unfinished;

pub(super) fn rows() -> Rows {
    [opens(), rings(), names(), attributes()]
        .into_iter()
        .flatten()
        .collect()
}

fn opens() -> Rows {
    let cloexec = libc::O_CLOEXEC;
    let passwd = || vec![target(1, "/etc/passwd", "/etc/passwd")];
    let created = libc::O_WRONLY | libc::O_CREAT | libc::O_TRUNC;
    let how = [libc::O_CREAT as u64 | 1, 0o644, 4];
    let unresolved = PathItem {
        resolved: Err(Unknown::LookupFailed),
        ..named(1, "gone/file", "")
    };
    let nothing = PathItem {
        requested: Some(Err(Unknown::Fault)),
        resolved: Err(Unknown::Fault),
        ..named(1, "", "")
    };
    let deleted = PathItem {
        deleted: true,
        ..target(1, "/tmp/x", "/tmp/x")
    };
    let i386 = Call {
        arch: Arch::I386,
        nr: 295,
        ..openat(0, 0, 4)
    };
    let x32 = Call {
        arch: Arch::X32,
        ..openat(0, 0, 4)
    };
    let openat2 = Call {
        captured: vec![block(2, &how)],
        ..call("openat2", [AT_FDCWD, POINTER, POINTER, 24, 0, 0], 3)
    };
    vec![
        one(
            "open",
            event(Op::Read, Some(openat(cloexec, 0, 3)), passwd()),
        ),
        one(
            "open-enoent",
            event(
                Op::Read,
                Some(openat(cloexec, 0, -2)),
                vec![named(1, "x", "/home/ana/x")],
            ),
        ),
        one(
            "open-creates",
            event(
                Op::Create,
                Some(openat(created, 0o644, 3)),
                vec![target(1, "../new", "/home/new")],
            ),
        ),
        one(
            "open-symlink",
            event(
                Op::Read,
                Some(openat(0, 0, 3)),
                vec![target(1, "/bin/sh", "/usr/bin/dash")],
            ),
        ),
        one(
            "open-unresolved",
            event(Op::Read, Some(openat(0, 0, -13)), vec![unresolved]),
        ),
        one(
            "open-efault",
            event(Op::Read, Some(openat(0, 0, -14)), vec![nothing]),
        ),
        one(
            "open-deleted",
            event(Op::Read, Some(openat(0, 0, 3)), vec![deleted]),
        ),
        one(
            "open-restarted",
            event(Op::Read, Some(openat(0, 0, -512)), passwd()),
        ),
        one("open-i386", event(Op::Read, Some(i386), passwd())),
        one("open-x32", event(Op::Read, Some(x32), passwd())),
        one(
            "openat2",
            event(
                Op::Create,
                Some(openat2),
                vec![target(1, "o2", "/home/ana/o2")],
            ),
        ),
        one(
            "creat",
            event(
                Op::Create,
                Some(call("creat", [POINTER, 0o600, 0, 0, 0, 0], 3)),
                vec![target(0, "c", "/home/ana/c")],
            ),
        ),
    ]
}

fn rings() -> Rows {
    let cloexec = libc::O_CLOEXEC;
    let passwd = || vec![target(1, "/etc/passwd", "/etc/passwd")];
    let uring = Call {
        arch: Arch::Uring,
        nr: 18,
        ..openat(cloexec, 0, 4)
    };
    let silent = Call {
        unfinished: Some(Unfinished::NotTold),
        ..uring.clone()
    };
    vec![
        one("open-uring", event(Op::Read, Some(uring), passwd())),
        one(
            "open-uring-not-told",
            event(Op::Read, Some(silent), vec![named(1, "x", "/home/ana/x")]),
        ),
    ]
}

fn names() -> Rows {
    let two = |name, ret| {
        event(
            if name == "rename" {
                Op::Rename
            } else {
                Op::Create
            },
            Some(call(name, [POINTER, POINTER + 16, 0, 0, 0, 0], ret)),
            vec![
                path(PathRole::Source, 0, "old", "/home/ana/old", Via::Base),
                path(PathRole::Dest, 1, "/tmp/new", "/tmp/new", Via::Base),
            ],
        )
    };
    let symlink = Call {
        captured: vec![text(0, Ok(b("../target")))],
        ..call("symlink", [POINTER, POINTER, 0, 0, 0, 0], 0)
    };
    let unlinked = PathItem {
        deleted: true,
        ..named(0, "x", "/home/ana/x")
    };
    let rmdir = call("unlinkat", [AT_FDCWD, POINTER, 0x200, 0, 0, 0], -39);
    let mknod = call("mknod", [POINTER, 0o20666, 0x103, 0, 0, 0], 0);
    vec![
        one("rename", two("rename", 0)),
        one("rename-exdev", two("rename", -18)),
        one("link", two("link", 0)),
        one(
            "symlink",
            event(
                Op::Create,
                Some(symlink),
                vec![named(1, "/tmp/l", "/tmp/l")],
            ),
        ),
        one(
            "unlink",
            event(
                Op::Delete,
                Some(call("unlink", [POINTER, 0, 0, 0, 0, 0], 0)),
                vec![unlinked],
            ),
        ),
        one(
            "rmdir-not-empty",
            event(Op::Delete, Some(rmdir), vec![named(1, "d", "/home/ana/d")]),
        ),
        one(
            "mkdir",
            event(
                Op::Create,
                Some(call("mkdir", [POINTER, 0o755, 0, 0, 0, 0], 0)),
                vec![named(0, "d", "/home/ana/d")],
            ),
        ),
        one(
            "mknod",
            event(
                Op::Create,
                Some(mknod),
                vec![named(0, "null", "/home/ana/null")],
            ),
        ),
    ]
}

fn attributes() -> Rows {
    let at = |name, args| Some(call(name, args, 0));
    let setxattr = Call {
        captured: vec![text(1, Ok(b("user.test")))],
        ..call("setxattr", [POINTER, POINTER, POINTER, 5, 0, 0], 0)
    };
    let no_text = Call {
        captured: vec![text(1, Err(Unknown::Fault))],
        ..call("removexattr", [POINTER, 1, 0, 0, 0, 0], -14)
    };
    let x = || vec![named(0, "x", "/home/ana/x")];
    vec![
        one(
            "chmod",
            event(
                Op::Attribute,
                at("chmod", [POINTER, 0o600, 0, 0, 0, 0]),
                x(),
            ),
        ),
        one(
            "fchmod",
            event(
                Op::Attribute,
                at("fchmod", [3, 0o640, 0, 0, 0, 0]),
                vec![by_fd("/home/ana/x")],
            ),
        ),
        one(
            "chown",
            event(
                Op::Attribute,
                at("chown", [POINTER, 1000, 0xffff_ffff, 0, 0, 0]),
                x(),
            ),
        ),
        one("setxattr", event(Op::Attribute, Some(setxattr), x())),
        one(
            "removexattr-efault",
            event(Op::Attribute, Some(no_text), x()),
        ),
        one(
            "ftruncate",
            event(
                Op::Write,
                at("ftruncate", [3, 4096, 0, 0, 0, 0]),
                vec![by_fd("/tmp/a b")],
            ),
        ),
    ]
}
