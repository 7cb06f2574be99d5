//! Arguments of system calls: which argument of which call has which meaning. One table; all others
//! are shown as the number.

use super::{
    Context, Interpreter,
    tables::{self, Names, name},
    values::{capability, flags, map_flags, mode, mode_short, open_flags, signal},
};

/// Meaning of an argument.
#[derive(Clone, Copy)]
enum Means {
    /// A directory descriptor, or `AT_FDCWD`.
    Directory,
    Mode,
    /// A mode with a file type.
    FileMode,
    OpenFlags,
    /// The mode of an open that makes a file.
    CreateMode,
    Access,
    Uid,
    Gid,
    Signal,
    /// `PROT_NONE` or bits.
    Protection,
    MapFlags,
    CloneFlags,
    /// Bits with names.
    Bits(Names),
    /// One name.
    One(Names),
    /// The second argument of prctl(2), by the first.
    Prctl,
    ExitCode,
}

/// The table.
fn means(call: &str, argument: u8) -> Option<Means> {
    use Means::{
        Access, Bits, CloneFlags, CreateMode, Directory, ExitCode, FileMode, Gid, MapFlags, Mode,
        One, OpenFlags, Prctl, Protection, Signal, Uid,
    };
    let found = match (argument, call) {
        (
            0,
            "openat" | "openat2" | "mkdirat" | "mknodat" | "fchownat" | "futimesat" | "fchmodat"
            | "fchmodat2" | "faccessat" | "faccessat2" | "unlinkat" | "utimensat" | "linkat"
            | "newfstatat" | "name_to_handle_at" | "readlinkat" | "renameat" | "renameat2",
        )
        | (2, "renameat" | "renameat2" | "linkat") => Directory,
        (0, "setuid" | "setreuid" | "setresuid" | "setfsuid")
        | (1, "chown" | "lchown" | "fchown" | "setreuid" | "setresuid")
        | (2, "setresuid") => Uid,
        (0, "setgid" | "setregid" | "setresgid" | "setfsgid")
        | (1, "setregid" | "setresgid")
        | (2, "chown" | "lchown" | "fchown" | "setresgid") => Gid,
        (1, "chmod" | "fchmod" | "creat" | "mkdir")
        | (2, "fchmodat" | "fchmodat2" | "mkdirat" | "mknodat") => Mode,
        (1, "mknod") => FileMode,
        (1, "open" | "mq_open") | (2, "openat" | "open_by_handle_at") => OpenFlags,
        (2, "open" | "mq_open") => CreateMode,
        (1, "access") | (2, "faccessat" | "faccessat2") => Access,
        (0, "rt_sigaction") | (1, "kill" | "tkill") | (2, "tgkill") => Signal,
        (2, "mmap" | "mprotect") => Protection,
        (3, "mmap") => MapFlags,
        (0, "unshare") | (1, "setns") | (2, "clone") => CloneFlags,
        (1, "umount2") => Bits(tables::UMOUNT),
        (3, "mount") => Bits(tables::MOUNT),
        (2, "sendmsg" | "recvmsg") | (3, "recvfrom" | "recvmmsg" | "sendto" | "sendmmsg") => {
            Bits(tables::MESSAGE)
        }
        (0, "clock_settime") => One(tables::CLOCK),
        (0, "ptrace") => One(tables::PTRACE),
        (0, "prctl") => One(tables::PRCTL),
        (1, "prctl") => Prctl,
        (0, "setrlimit" | "getrlimit") => One(tables::RLIMIT),
        (0, "socket") => One(tables::FAMILY),
        (1, "socket") => One(tables::SOCKET_TYPE),
        (1, "getsockopt" | "setsockopt") => One(tables::SOCKET_LEVEL),
        (1, "fcntl" | "fcntl64") => One(tables::FCNTL),
        (1, "epoll_ctl") => One(tables::EPOLL),
        (1, "sched_setscheduler") => One(tables::SCHED),
        (2, "lseek") => One(tables::SEEK),
        (0, "exit" | "exit_group") => ExitCode,
        _ => return None,
    };
    Some(found)
}

/// Appends an argument, hexadecimal in the log.
pub(super) fn argument(
    interpreter: &mut Interpreter,
    out: &mut Vec<u8>,
    context: &Context<'_>,
    argument: u8,
    text: &str,
) {
    let meaning = context.call().and_then(|call| means(call, argument));
    let number = u64::from_str_radix(text, 16).unwrap_or_default();
    let one = |out: &mut Vec<u8>, word: Option<&str>| match word {
        Some(word) => out.extend_from_slice(word.as_bytes()),
        None => out.extend_from_slice(format!("0x{text}").as_bytes()),
    };
    match meaning {
        Some(Means::Directory) => {
            let here = number as u32 == libc::AT_FDCWD as u32;
            one(out, here.then_some("AT_FDCWD"));
        }
        Some(Means::Mode) => mode_short(out, text, 16),
        Some(Means::FileMode) => mode(out, text.as_bytes(), 16),
        Some(Means::CreateMode) if context.a1 & libc::O_CREAT as u64 != 0 => {
            mode_short(out, text, 16);
        }
        Some(Means::OpenFlags) => open_flags(out, text),
        Some(Means::Access) if number.is_multiple_of(16) => one(out, Some("F_OK")),
        Some(Means::Access) => flags(out, tables::ACCESS, text, "|"),
        Some(Means::Uid) => interpreter.uid(out, number as u32),
        Some(Means::Gid) => interpreter.gid(out, number as u32),
        Some(Means::Signal) => signal(out, text, 16),
        Some(Means::Protection) if number.is_multiple_of(8) => one(out, Some("PROT_NONE")),
        Some(Means::Protection) => flags(out, tables::PROT, text, "|"),
        Some(Means::MapFlags) => map_flags(out, text),
        Some(Means::CloneFlags) => clone_flags(out, number, text),
        Some(Means::Bits(table)) => flags(out, table, text, "|"),
        Some(Means::One(table)) => {
            // The type of a socket has flags above it.
            let number = if context.call() == Some("socket") {
                number & 0xff
            } else {
                number
            };
            one(out, name(table, number));
        }
        Some(Means::Prctl) => match context.a0 as i32 {
            libc::PR_CAPBSET_READ | libc::PR_CAPBSET_DROP => one(out, capability(number as usize)),
            libc::PR_SET_PDEATHSIG => signal(out, text, 16),
            _ => one(out, None),
        },
        Some(Means::ExitCode) => one(
            out,
            Some(match number {
                0 => "EXIT_SUCCESS",
                1 => "EXIT_FAILURE",
                _ => "UNKNOWN",
            }),
        ),
        Some(Means::CreateMode) | None => one(out, None),
    }
}

/// Flags of clone(2), and the signal in their low byte.
fn clone_flags(out: &mut Vec<u8>, number: u64, text: &str) {
    let signal_number = number & 0xff;
    let any = tables::CLONE.iter().any(|(bit, _)| number & bit != 0);
    if any || signal_number == 0 {
        flags(out, tables::CLONE, text, "|");
    }
    if signal_number != 0 && signal_number < 32 {
        if any {
            out.push(b'|');
        }
        signal(out, &signal_number.to_string(), 10);
    }
}
