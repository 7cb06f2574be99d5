//! Names of numbers: errno, signals, flags. Numbers come from libc, names from nix where it has
//! them.

use std::sync::LazyLock;

use nix::{errno::Errno, sys::signal::Signal};

use super::number::{dec, hex};
pub(crate) use super::strings::escaped_in_angles;

/// Highest errno a call can return (`MAX_ERRNO` of `linux/err.h`).
const MAX_ERRNO: usize = 4095;

/// Results that only exist inside the kernel (`linux/errno.h`): it starts the call again or turns
/// them into EINTR, and a tracer at the door still sees them.
const RESTARTS: [(usize, &str); 4] = [
    (512, "ERESTARTSYS"),
    (513, "ERESTARTNOINTR"),
    (514, "ERESTARTNOHAND"),
    (516, "ERESTART_RESTARTBLOCK"),
];

/// Name of an errno, where it has one.
pub fn known_errno(number: i32) -> Option<&'static str> {
    Some(errno(number)).filter(|name| !name.starts_with("errno_"))
}

/// Name of an errno as errno(3) has it; `errno_<n>` for a number without a name.
pub fn errno(errno: i32) -> &'static str {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let mut names: Vec<String> = (0..=MAX_ERRNO)
            .map(|n| match Errno::from_raw(n as i32) {
                Errno::UnknownErrno => format!("errno_{n}"),
                known => format!("{known:?}"),
            })
            .collect();
        for (n, name) in RESTARTS {
            name.clone_into(&mut names[n]);
        }
        names
    });
    usize::try_from(errno)
        .ok()
        .and_then(|n| NAMES.get(n))
        .map_or("errno_?", String::as_str)
}

/// Signals of Linux, the real-time ones included (`_NSIG`).
pub const SIGNALS: u32 = 64;

/// Name of a signal as signal(7) has it; `SIGRT_<n>` counts from the kernel's first real-time
/// signal (32), as strace does; a number above 64 is no signal.
pub fn signal(out: &mut Vec<u8>, number: u64) {
    match number {
        32 => out.extend_from_slice(b"SIGRTMIN"),
        33..=64 => {
            out.extend_from_slice(b"SIGRT_");
            dec(out, number - 32);
        }
        n => match i32::try_from(n).ok().and_then(|n| Signal::try_from(n).ok()) {
            Some(known) => out.extend_from_slice(known.as_str().as_bytes()),
            None => dec(out, n),
        },
    }
}

/// `O_LARGEFILE` of the kernel. libc says 0 on 64-bit because every open has it there, but a
/// 32-bit program passes it.
const O_LARGEFILE: u64 = if cfg!(target_arch = "aarch64") {
    0o400_000
} else {
    0o100_000
};

/// The `O_...` flags in open(2)'s order, those made of several bits before their parts.
/// (`iter_names` of nix would name `O_NONBLOCK` as `O_NDELAY`, and `O_SYNC` as `O_DSYNC, O_RSYNC`.)
const OPEN_FLAGS: [(u64, &str); 16] = [
    (libc::O_APPEND as u64, "O_APPEND"),
    (libc::O_ASYNC as u64, "O_ASYNC"),
    (libc::O_CLOEXEC as u64, "O_CLOEXEC"),
    (libc::O_CREAT as u64, "O_CREAT"),
    (libc::O_DIRECT as u64, "O_DIRECT"),
    (libc::O_TMPFILE as u64, "O_TMPFILE"),
    (libc::O_DIRECTORY as u64, "O_DIRECTORY"),
    (libc::O_SYNC as u64, "O_SYNC"),
    (libc::O_DSYNC as u64, "O_DSYNC"),
    (libc::O_EXCL as u64, "O_EXCL"),
    (O_LARGEFILE, "O_LARGEFILE"),
    (libc::O_NOATIME as u64, "O_NOATIME"),
    (libc::O_NOCTTY as u64, "O_NOCTTY"),
    (libc::O_NOFOLLOW as u64, "O_NOFOLLOW"),
    (libc::O_NONBLOCK as u64, "O_NONBLOCK"),
    (libc::O_PATH as u64, "O_PATH"),
];

/// `O_TRUNC` is told right after the access mode, where a reader looks for it.
const O_TRUNC: u64 = libc::O_TRUNC as u64;

/// Calls `each` with the name of every flag of an open, the access mode first and explicit.
/// Bits without a name come last, in hexadecimal.
pub fn open_flags(flags: u64, mut each: impl FnMut(&[u8])) {
    each(match flags & libc::O_ACCMODE as u64 {
        0 => b"O_RDONLY",
        1 => b"O_WRONLY",
        2 => b"O_RDWR",
        _ => b"O_ACCMODE",
    });
    let mut rest = flags & !(libc::O_ACCMODE as u64);
    if rest & O_TRUNC != 0 {
        rest &= !O_TRUNC;
        each(b"O_TRUNC");
    }
    named_bits(rest, &OPEN_FLAGS, each);
}

/// Does an open with these flags use its mode argument?
pub fn makes_a_file(flags: u64) -> bool {
    let tmpfile = libc::O_TMPFILE as u64 & !(libc::O_DIRECTORY as u64);
    flags & (libc::O_CREAT as u64 | tmpfile) != 0
}

/// The `AT_...` flags of the calls in the table. 0x200 is `AT_REMOVEDIR` for unlinkat(2), the only
/// one of them that has it.
const AT_FLAGS: [(u64, &str); 5] = [
    (libc::AT_SYMLINK_NOFOLLOW as u64, "AT_SYMLINK_NOFOLLOW"),
    (libc::AT_REMOVEDIR as u64, "AT_REMOVEDIR"),
    (libc::AT_SYMLINK_FOLLOW as u64, "AT_SYMLINK_FOLLOW"),
    (libc::AT_NO_AUTOMOUNT as u64, "AT_NO_AUTOMOUNT"),
    (libc::AT_EMPTY_PATH as u64, "AT_EMPTY_PATH"),
];

/// Calls `each` with the name of every `AT_...` flag that is set.
pub fn at_flags(flags: u64, each: impl FnMut(&[u8])) {
    named_bits(flags, &AT_FLAGS, each);
}

/// `CLONE_...` flags by name.
macro_rules! clone_flag_names {
    ($($name:ident)*) => { [$((libc::$name as u32 as u64, stringify!($name))),*] };
}

/// The flags of clone(2), without those that only clone3(2) has.
static CLONE_FLAGS: [(u64, &str); 24] = clone_flag_names! {
    CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_PIDFD
    CLONE_PTRACE CLONE_VFORK CLONE_PARENT CLONE_THREAD CLONE_NEWNS
    CLONE_SYSVSEM CLONE_SETTLS CLONE_PARENT_SETTID CLONE_CHILD_CLEARTID CLONE_DETACHED
    CLONE_UNTRACED CLONE_CHILD_SETTID CLONE_NEWCGROUP CLONE_NEWUTS CLONE_NEWIPC
    CLONE_NEWUSER CLONE_NEWPID CLONE_NEWNET CLONE_IO
};

/// The low byte of clone(2)'s flags: the signal at the end of the child (`CSIGNAL`).
const CSIGNAL: u64 = 0xff;

/// Calls `each` with the name of every `CLONE_...` flag, then the signal at the child's end.
pub fn clone_flags(flags: u64, mut each: impl FnMut(&[u8])) {
    named_bits(flags & !CSIGNAL, &CLONE_FLAGS, &mut each);
    if flags & CSIGNAL != 0 {
        let mut name = Vec::with_capacity(16);
        signal(&mut name, flags & CSIGNAL);
        each(&name);
    }
}

fn named_bits(mut bits: u64, names: &[(u64, &str)], mut each: impl FnMut(&[u8])) {
    for (flag, name) in names {
        if bits & flag == *flag {
            bits &= !flag;
            each(name.as_bytes());
        }
    }
    if bits != 0 {
        let mut number = b"0x".to_vec();
        hex(&mut number, bits);
        each(&number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(f: impl FnOnce(&mut dyn FnMut(&[u8]))) -> String {
        let mut names = Vec::new();
        f(&mut |name| names.push(String::from_utf8(name.to_vec()).unwrap()));
        names.join("|")
    }

    #[test]
    fn errnos() {
        for (n, name) in [
            (libc::ENOENT, "ENOENT"),
            (libc::EAGAIN, "EAGAIN"),
            (libc::EHWPOISON, "EHWPOISON"),
            (512, "ERESTARTSYS"),
            (4000, "errno_4000"),
            (-1, "errno_?"),
        ] {
            assert_eq!(errno(n), name);
        }
    }

    #[test]
    fn signals() {
        for (n, name) in [
            (9, "SIGKILL"),
            (34, "SIGRT_2"),
            (64, "SIGRT_32"),
            (0, "0"),
            (70, "70"),
        ] {
            let mut out = Vec::new();
            signal(&mut out, n);
            assert_eq!(String::from_utf8(out).unwrap(), name);
        }
    }

    #[test]
    fn flags_of_opens() {
        let of = |flags: i32| joined(|each| open_flags(u64::from(flags as u32), each));
        for (flags, names) in [
            (0, "O_RDONLY"),
            (libc::O_RDWR | libc::O_CLOEXEC, "O_RDWR|O_CLOEXEC"),
            (
                libc::O_WRONLY | libc::O_CREAT | libc::O_TRUNC,
                "O_WRONLY|O_TRUNC|O_CREAT",
            ),
            (libc::O_TMPFILE | libc::O_RDWR, "O_RDWR|O_TMPFILE"),
            (libc::O_DIRECTORY, "O_RDONLY|O_DIRECTORY"),
            (libc::O_SYNC, "O_RDONLY|O_SYNC"),
            (libc::O_DSYNC, "O_RDONLY|O_DSYNC"),
            (libc::O_NONBLOCK, "O_RDONLY|O_NONBLOCK"),
            (3, "O_ACCMODE"),
            (0x4000_0000, "O_RDONLY|0x40000000"),
        ] {
            assert_eq!(of(flags), names);
        }
        assert!(makes_a_file(libc::O_CREAT as u64) && makes_a_file(libc::O_TMPFILE as u64));
        assert!(!makes_a_file(libc::O_DIRECTORY as u64));
    }

    #[test]
    fn other_flags() {
        assert_eq!(
            joined(|e| at_flags(0x1100, e)),
            "AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH"
        );
        assert_eq!(joined(|e| clone_flags(0x111, e)), "CLONE_VM|SIGCHLD");
    }
}
