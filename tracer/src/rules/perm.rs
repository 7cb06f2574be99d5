//! `-F perm`: what a call does to a file. The classes are those of the kernel
//! (`include/asm-generic/audit_*.h`, `kernel/auditsc.c`, `audit_match_perm`); an open is for what
//! its access mode says.

use std::{collections::HashMap, sync::LazyLock};

use crate::{
    calls::{Role, row},
    event::Call,
};

/// `AUDIT_PERM_EXEC` and so on, as in [`super::value::PERMS`].
pub(super) const EXECUTE: i64 = 1;
pub(super) const WRITE: i64 = 2;
pub(super) const READ: i64 = 4;
pub(super) const ATTRIBUTE: i64 = 8;

/// Calls of each class.
const CLASSES: [(i64, &[&str]); 4] = [
    (EXECUTE, &["execve", "execveat"]),
    (
        WRITE,
        &[
            "rename",
            "mkdir",
            "rmdir",
            "creat",
            "link",
            "unlink",
            "symlink",
            "mknod",
            "mkdirat",
            "mknodat",
            "unlinkat",
            "renameat",
            "linkat",
            "symlinkat",
            "renameat2",
            "acct",
            "swapon",
            "quotactl",
            "quotactl_fd",
            "truncate",
            "truncate64",
            "bind",
            "fallocate",
        ],
    ),
    (
        READ,
        &[
            "readlink",
            "readlinkat",
            "quotactl",
            "listxattr",
            "llistxattr",
            "flistxattr",
            "getxattr",
            "lgetxattr",
            "fgetxattr",
            "getxattrat",
            "listxattrat",
            "file_getattr",
        ],
    ),
    (
        ATTRIBUTE,
        &[
            "chmod",
            "fchmod",
            "fchmodat",
            "fchmodat2",
            "chown",
            "lchown",
            "fchown",
            "chown32",
            "lchown32",
            "fchown32",
            "fchownat",
            "setxattr",
            "lsetxattr",
            "fsetxattr",
            "setxattrat",
            "removexattr",
            "lremovexattr",
            "fremovexattr",
            "removexattrat",
            "link",
            "linkat",
            "file_setattr",
        ],
    ),
];

/// Opens: their flags decide.
const OPENS: [&str; 3] = ["open", "openat", "openat2"];

/// What a call can do, all bits of the classes it is in; an open can read and write.
pub(super) fn of_call(name: &str) -> i64 {
    static BY_NAME: LazyLock<HashMap<&str, i64>> = LazyLock::new(|| {
        let mut map = HashMap::new();
        for (bit, names) in CLASSES {
            for name in names {
                *map.entry(*name).or_insert(0) |= bit;
            }
        }
        map.extend(OPENS.map(|name| (name, READ | WRITE)));
        map
    });
    BY_NAME.get(name).copied().unwrap_or(0)
}

/// What an access mode of open(2) stands for (`ACC_MODE` of `linux/fs.h`).
pub(super) fn of_access(flags: u64) -> i64 {
    match flags & libc::O_ACCMODE as u64 {
        0 => READ,
        1 => WRITE,
        _ => READ | WRITE,
    }
}

/// Which argument of an open holds its flags.
pub(super) fn flags_arg(name: &str) -> Option<usize> {
    OPENS.contains(&name).then_some(())?;
    row(name)?
        .args
        .iter()
        .position(|arg| arg.role == Role::OpenFlags)
}

/// What this call does.
pub(super) fn of_event(call: &Call) -> i64 {
    let Some(name) = call.arch.name(call.nr) else {
        return 0;
    };
    let flags = match flags_arg(name) {
        Some(arg) => call.args.ok().map(|args| args[arg]),
        None if name == "openat2" => call.open_how(2).map(|how| how[0]),
        None => None,
    };
    match flags {
        Some(flags) => of_access(flags),
        None => of_call(name),
    }
}
