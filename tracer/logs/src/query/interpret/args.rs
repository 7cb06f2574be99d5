//! Arguments of system calls: which argument of which call has which meaning. One table; all others
//! are shown as the number.

use super::{
    Context, Interpreter,
    tables::{self, Names, name},
    values::{
        capability, flags, map_flags, mode, mode_short, open_flags, personality, protocol, signal,
    },
};
use crate::decode::words;

/// The meanings of so many calls are kept: a log can name any number of them.
const CALLS_MAX: usize = 4096;

/// Meanings of the arguments of a call.
pub(super) type Meanings = [Option<Means>; 4];

/// Meaning of an argument.
#[derive(Clone, Copy, Debug)]
pub(super) enum Means {
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
    /// One name, by a function.
    Named(fn(u64) -> Option<&'static str>),
    /// The second argument of prctl(2), by the first.
    Prctl,
    /// The third of fcntl(2), by the second.
    Fcntl,
    ExitCode,
    Protocol,
    SocketLevel,
    SocketOption,
    Scheduler,
    Personality,
    SharedMemory,
}

/// The table. Arguments as the kernel has them, which is not always as the C library has them:
/// flags come first in clone(2).
fn means(arch: Option<u32>, call: &str, argument: u8) -> Option<Means> {
    use Means::{
        Access, Bits, CloneFlags, CreateMode, Directory, ExitCode, Fcntl, FileMode, Gid, MapFlags,
        Mode, Named, One, OpenFlags, Personality, Prctl, Protection, Protocol, Scheduler,
        SharedMemory, Signal, SocketLevel, SocketOption, Uid,
    };
    // Those with ids of 32 bits, on machines that had 16.
    let call = match call.strip_suffix("32") {
        Some(call) if call.contains("id") || call.ends_with("chown") => call,
        _ => call,
    };
    // The kernel's CONFIG_CLONE_BACKWARDS2: the stack, then the flags.
    let clone_flags = u8::from(matches!(arch, Some(0x8000_0016 | 0x0000_0016)));
    let found = match (argument, call) {
        (
            0,
            "openat" | "openat2" | "mkdirat" | "mknodat" | "fchownat" | "futimesat" | "fchmodat"
            | "fchmodat2" | "faccessat" | "faccessat2" | "unlinkat" | "utimensat" | "linkat"
            | "newfstatat" | "fstatat64" | "statx" | "execveat" | "open_tree" | "move_mount"
            | "fspick" | "mount_setattr" | "name_to_handle_at" | "readlinkat" | "renameat"
            | "renameat2" | "setxattrat" | "getxattrat" | "listxattrat" | "removexattrat"
            | "file_getattr" | "file_setattr" | "open_tree_attr" | "utimensat_time64",
        )
        | (1, "symlinkat")
        | (2, "renameat" | "renameat2" | "linkat" | "move_mount") => Directory,
        (0, "setuid" | "setreuid" | "setresuid" | "setfsuid")
        | (1, "chown" | "lchown" | "fchown" | "setreuid" | "setresuid")
        | (2, "setresuid" | "fchownat") => Uid,
        (0, "setgid" | "setregid" | "setresgid" | "setfsgid")
        | (1, "setregid" | "setresgid")
        | (2, "chown" | "lchown" | "fchown" | "setresgid")
        | (3, "fchownat") => Gid,
        (1, "chmod" | "fchmod" | "creat" | "mkdir") | (2, "fchmodat" | "fchmodat2" | "mkdirat") => {
            Mode
        }
        (1, "mknod") | (2, "mknodat") => FileMode,
        (1, "open" | "mq_open") | (2, "openat" | "open_by_handle_at") => OpenFlags,
        (2, "open" | "mq_open") | (3, "openat") => CreateMode,
        (1, "access") | (2, "faccessat" | "faccessat2") => Access,
        (2, "unlinkat") => Bits(tables::AT_UNLINK),
        (3, "faccessat2") => Bits(tables::AT_ACCESS),
        (2, "setxattrat" | "getxattrat" | "listxattrat" | "removexattrat" | "statx")
        | (3, "newfstatat" | "fstatat64" | "utimensat" | "fchmodat2" | "open_tree_attr") => {
            Bits(tables::AT)
        }
        (0, "rt_sigaction") | (1, "kill" | "tkill") | (2, "tgkill") => Signal,
        (2, "mmap" | "mmap2" | "mprotect" | "pkey_mprotect") => Protection,
        (3, "mmap" | "mmap2") => MapFlags,
        (0, "unshare") | (1, "setns") => CloneFlags,
        (n, "clone") if n == clone_flags => CloneFlags,
        (1, "umount2") => Bits(tables::UMOUNT),
        (3, "mount") => Bits(tables::MOUNT),
        (2, "fsmount") => Bits(tables::MOUNT_ATTR),
        (1, "fsconfig") => Named(words::fsconfig),
        (1, "fsopen") => One(&[(1, "FSOPEN_CLOEXEC")]),
        (1, "fsmount") => One(&[(1, "FSMOUNT_CLOEXEC")]),
        (2, "sendmsg" | "recvmsg")
        | (3, "send" | "recv" | "recvfrom" | "recvmmsg" | "sendto" | "sendmmsg") => {
            Bits(tables::MESSAGE)
        }
        (0, "clock_settime" | "clock_settime64") => One(tables::CLOCK),
        (0, "ptrace") => One(tables::PTRACE),
        (0, "prctl") => One(tables::PRCTL),
        (1, "prctl") => Prctl,
        (0, "personality") => Personality,
        (0, "bpf") => Named(words::bpf),
        (0, "socketcall") => One(tables::SOCKETCALL),
        (0, "setrlimit" | "getrlimit" | "ugetrlimit") => One(tables::RLIMIT),
        (0, "socket" | "socketpair") => One(tables::FAMILY),
        (1, "socket" | "socketpair") => One(tables::SOCKET_TYPE),
        (2, "socket" | "socketpair") => Protocol,
        (1, "getsockopt" | "setsockopt") => SocketLevel,
        (2, "getsockopt" | "setsockopt") => SocketOption,
        (1, "fcntl" | "fcntl64") => One(tables::FCNTL),
        (2, "fcntl" | "fcntl64") => Fcntl,
        (1, "ioctl") => Named(words::ioctl),
        (2, "shmget") => SharedMemory,
        (1, "epoll_ctl") => One(tables::EPOLL),
        (1, "sched_setscheduler") => Scheduler,
        (2, "lseek") | (3, "_llseek") => One(tables::SEEK),
        (0, "exit" | "exit_group") => ExitCode,
        _ => return None,
    };
    Some(found)
}

fn meanings_of(context: &Context<'_>) -> Meanings {
    let call = context.call();
    [0, 1, 2, 3].map(|argument| means(context.arch, call?, argument))
}

/// Which call one of the two stands for that are many, by its first argument.
pub(super) fn stands_for(call: &str, first: u64) -> Option<&'static str> {
    match call {
        "socketcall" => name(tables::SOCKETCALL, first),
        "ipc" => name(tables::IPC, first),
        _ => None,
    }
}

/// Does a call begin with the descriptor of a directory that its name is relative to?
pub(super) fn takes_directory(call: &str) -> bool {
    matches!(means(None, call, 0), Some(Means::Directory))
}

/// Appends an argument, hexadecimal in the log.
pub(super) fn argument(
    interpreter: &mut Interpreter,
    out: &mut Vec<u8>,
    context: &Context<'_>,
    argument: u8,
    text: &str,
) {
    if interpreter.calls.len() > CALLS_MAX {
        interpreter.calls.clear();
    }
    let meanings = interpreter.calls.entry((context.arch, context.syscall));
    let meaning = meanings.or_insert_with(|| meanings_of(context))[usize::from(argument)];
    let number = u64::from_str_radix(text, 16).unwrap_or_default();
    let one = |out: &mut Vec<u8>, word: Option<&str>| {
        if word.is_none() {
            out.extend_from_slice(b"0x");
        }
        out.extend_from_slice(word.unwrap_or(text).as_bytes());
    };
    let Some(meaning) = meaning else {
        return one(out, None);
    };
    match meaning {
        Means::Directory => {
            let here = number as u32 == libc::AT_FDCWD as u32;
            one(out, here.then_some("AT_FDCWD"));
        }
        Means::Mode => mode_short(out, text, 16),
        Means::FileMode => mode(out, text.as_bytes(), 16),
        Means::CreateMode if context.makes_a_file() => mode_short(out, text, 16),
        Means::CreateMode => one(out, None),
        Means::OpenFlags => open_flags(out, number),
        // Nothing is asked for but that there is a file; only the low bits are looked at.
        Means::Access if number.is_multiple_of(16) => one(out, Some("F_OK")),
        Means::Access => flags(out, tables::ACCESS, text, "|"),
        Means::Uid => interpreter.uid(out, number as u32),
        Means::Gid => interpreter.gid(out, number as u32),
        Means::Signal => signal(out, text, 16),
        Means::Protection if number.is_multiple_of(8) => one(out, Some("PROT_NONE")),
        Means::Protection => flags(out, tables::PROT, text, "|"),
        Means::MapFlags => map_flags(out, text),
        Means::CloneFlags => clone_flags(out, number, text),
        Means::Bits(table) => flags(out, table, text, "|"),
        Means::One(table) => {
            // The type of a socket has flags above it.
            let is_socket = context
                .call()
                .is_some_and(|call| call.starts_with("socket"));
            let number = if is_socket { number & 0xff } else { number };
            one(out, name(table, number));
        }
        Means::Named(of) => one(out, of(number)),
        Means::Prctl => match context.a0 as i32 {
            libc::PR_CAPBSET_READ | libc::PR_CAPBSET_DROP => one(out, capability(number as usize)),
            libc::PR_SET_PDEATHSIG => signal(out, text, 16),
            _ => one(out, None),
        },
        Means::Fcntl => {
            let close = context.a1 as i32 == libc::F_SETFD && number == libc::FD_CLOEXEC as u64;
            one(out, close.then_some("FD_CLOEXEC"));
        }
        // What is no protocol has no name: nothing is there but its number.
        Means::Protocol => one(out, socket_protocol(context, number)),
        Means::SocketLevel => one(out, socket_level(number)),
        Means::SocketOption => one(out, socket_option(context, number)),
        Means::Scheduler => match name(tables::SCHED, number & 0xf) {
            Some(word) => {
                one(out, Some(word));
                if number & libc::SCHED_RESET_ON_FORK as u64 != 0 {
                    out.extend_from_slice(b"|SCHED_RESET_ON_FORK");
                }
            }
            None => one(out, None),
        },
        Means::Personality => one(out, Some(&personality(number, text))),
        Means::SharedMemory => {
            if tables::SHM.iter().any(|(bit, _)| number & bit != 0) {
                flags(out, tables::SHM, text, "|");
                out.push(b'|');
            }
            mode_short(out, &format!("{:o}", number & 0o777), 8);
        }
        // Both codes of the C library; any other is told as it is.
        Means::ExitCode => one(
            out,
            match number {
                0 => Some("EXIT_SUCCESS"),
                1 => Some("EXIT_FAILURE"),
                _ => None,
            },
        ),
    }
}

/// The protocol of a socket, where its family is one of the internet's.
fn socket_protocol(context: &Context<'_>, number: u64) -> Option<&'static str> {
    let is_internet = matches!(context.a0 as i32, libc::AF_INET | libc::AF_INET6);
    protocol(number).filter(|_| is_internet)
}

/// A level of options: a protocol, or what the kernel has for it.
fn socket_level(number: u64) -> Option<&'static str> {
    if number == libc::SOL_SOCKET as u64 {
        return Some("SOL_SOCKET");
    }
    protocol(number).or_else(|| name(tables::SOCKET_LEVEL, number))
}

/// An option of a socket, by the level that stands before it.
fn socket_option(context: &Context<'_>, number: u64) -> Option<&'static str> {
    let getting = usize::from(context.call() == Some("getsockopt"));
    let level = i32::try_from(context.a1).ok()?;
    let arch = context.arch.unwrap_or_default();
    let own = match level {
        libc::SOL_SOCKET => match arch & 0xffff {
            // mips numbers them in a way of its own.
            8 => return None,
            0x14 | 0x15 => name(tables::SO_PPC, number),
            _ => None,
        },
        libc::SOL_IP => name(tables::IP_TABLES[getting], number),
        libc::SOL_IPV6 => name(tables::IP_TABLES[2 + getting], number),
        libc::SOL_UDP => name(tables::UDP, number),
        libc::SOL_PACKET => name(tables::PACKET, number),
        _ => None,
    };
    own.or_else(|| words::socket_option(context.a1, number))
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
