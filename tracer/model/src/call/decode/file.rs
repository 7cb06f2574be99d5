//! Paths, descriptors and what opens a file.

use tracer_ebpf::abi::call::Capture;

use super::{Descriptors, Names, Writer, names::makes_a_file, strings::PATH_MAX, tables};
use crate::{
    calls::{Arg, Role},
    event::{Ends, FileId, OpenFile, Socket, dev_parts},
};

/// A path name. `-s` does not cut it.
pub(crate) const PATH: Arg = Arg::value(|w, _, v| path(w, v))
    .how(Capture::Path)
    .always()
    .role(Role::Path);
/// A descriptor that stands for the file itself.
pub(crate) const FD: Arg = Arg::value(fd).how(Capture::Fd).always().role(Role::Fd);
/// A descriptor of any other use.
pub(crate) const OTHER_FD: Arg = Arg::value(fd).role(Role::OtherFd);
/// A descriptor that leads elsewhere after the call.
pub(crate) const CHANGED_FD: Arg = Arg::value(fd).role(Role::ChangedFd);
/// A descriptor of another process, for the file that the result leads to, too.
pub(crate) const FD_OF_RESULT: Arg = Arg::value(|w, _, v| w.descriptor(v as i32, None));
/// A directory descriptor for the path behind it.
pub(crate) const DIRFD: Arg = Arg::value(dirfd)
    .how(Capture::DirFd)
    .always()
    .role(Role::DirFd);
/// `O_...`; without a flag that makes a file, the mode behind them means nothing.
pub(crate) const OPEN_FLAGS: Arg = Arg::value(|w, _, v| {
    let flags = v & 0xffff_ffff;
    open_flags(w, flags);
    if !makes_a_file(flags) {
        w.end();
    }
})
.role(Role::OpenFlags);
/// Permission bits.
pub(crate) const MODE: Arg = Arg::value(|w, _, v| permissions(w, v & 0xffff)).role(Role::Mode);
/// `struct open_how`.
pub(crate) const OPEN_HOW: Arg = Arg::inputs(1, 3, |w, _, at| {
    const KNOWN: usize = 24;
    let (call, size) = (w.call, w.args[3]);
    if size < KNOWN as u64 {
        w.address(at);
        return;
    }
    w.at(at, |w, [flags, mode, resolve]: [u64; 3]| {
        w.structure(|w| {
            how_flags(w.field("flags"), flags);
            if mode != 0 || makes_a_file(flags) {
                w.field("mode");
                permissions(w, mode);
            }
            w.field("resolve").flags(resolve, &tables::RESOLVE);
            w.unknown_end(call.memory(at).unwrap_or_default(), KNOWN, size);
        });
    });
})
.at_most(4096)
.always()
.role(Role::OpenHow);

/// `O_RDONLY|O_CLOEXEC`: how it is accessed, then flags.
pub(super) fn open_flags(w: &mut Writer<'_>, flags: u64) {
    w.meant(|w| w.hex(flags), |w| open_flag_names(w, flags));
}

/// The same of openat2(2), which has flags of its own in the upper half.
fn how_flags(w: &mut Writer<'_>, flags: u64) {
    let own = flags & all_of(&tables::OPENAT2);
    let known = flags & (all_of(&tables::OPEN_FLAGS) | libc::O_ACCMODE as u64);
    w.meant(
        |w| w.hex(flags),
        |w| {
            open_flag_names(w, known);
            w.more_flags(own, &tables::OPENAT2);
            let rest = flags & !own & !known;
            if rest != 0 {
                w.text("|");
                w.hex(rest);
            }
        },
    );
}

fn all_of(names: &Names) -> u64 {
    names.entries.iter().fold(0, |all, (bits, _)| all | bits)
}

/// The same by name, whatever `-X` says.
pub(super) fn open_flag_names(w: &mut Writer<'_>, flags: u64) {
    const ACCESS: u64 = libc::O_ACCMODE as u64;
    w.one_of(flags & ACCESS, &tables::OPEN_ACCESS);
    w.more_flags(flags & !ACCESS & !O_EMPTYPATH, &tables::OPEN_FLAGS);
    if flags & O_EMPTYPATH != 0 {
        w.text("|O_EMPTYPATH");
    }
}

/// `O_EMPTYPATH` of `asm-generic/fcntl.h`: the file of the descriptor itself.
const O_EMPTYPATH: u64 = 0x400_0000;

/// Three digits at least, as strace has them.
pub(super) fn permissions(w: &mut Writer<'_>, mode: u64) {
    w.text(match mode {
        0 => "00",
        1..0o10 => "0",
        _ => "",
    });
    w.oct(mode);
}

fn path(w: &mut Writer<'_>, at: u64) {
    let (event, index) = (w.event, w.index as u8);
    let requested = event.paths.iter().find(|path| path.arg == Some(index));
    match requested.and_then(|path| path.requested.as_ref()) {
        Some(Ok(name)) if w.call.text(index).is_none() => w.quoted(name, false, PATH_MAX),
        _ => super::strings::string_argument(w, at, PATH_MAX),
    }
}

fn fd(w: &mut Writer<'_>, _: &Arg, value: u64) {
    w.descriptor(value as i32, Some(w.index as u8));
}

/// `O_...` flags with the access mode of what is opened later (`fanotify_init(2)`).
pub(crate) const EVENT_FLAGS: Arg = Arg::value(|w, _, v| open_flags(w, v & 0xffff_ffff));

/// Class of the notifications of `fanotify_init(2)`, then flags.
pub(crate) const FAN_INIT: Arg = Arg::value(|w, _, v| {
    const CLASSES: u64 = (libc::FAN_CLASS_CONTENT | libc::FAN_CLASS_PRE_CONTENT) as u64;
    let (class, flags) = (v & CLASSES, v & 0xffff_ffff & !CLASSES);
    w.meant(
        |w| w.hex(v & 0xffff_ffff),
        |w| {
            if class == 0 {
                w.text("FAN_CLASS_NOTIF");
            } else {
                w.flags(class, &tables::FAN_INIT);
            }
            w.more_flags(flags, &tables::FAN_INIT);
        },
    );
});

/// `O_...` flags without an access mode (pipe2(2)).
pub(crate) const FILE_FLAGS: Arg =
    Arg::value(|w, _, v| w.flags(v & 0xffff_ffff, &tables::OPEN_FLAGS));

/// The same of `fanotify_mark(2)`, to which -1 is none.
pub(crate) const FAN_DIRFD: Arg = Arg::value(|w, arg, value| {
    if value & 0xffff_ffff == 0xffff_ffff {
        w.meant(|w| w.dec(-1), |w| w.text("FAN_NOFD"));
    } else {
        dirfd(w, arg, value);
    }
})
.how(Capture::DirFd)
.always()
.role(Role::DirFd);

fn dirfd(w: &mut Writer<'_>, _: &Arg, value: u64) {
    if value as i32 != libc::AT_FDCWD {
        w.descriptor(value as i32, Some(w.index as u8));
        return;
    }
    w.meant(|w| w.dec(libc::AT_FDCWD), |w| w.text("AT_FDCWD"));
    if w.options.descriptors.shows(Descriptors::PATH)
        && !w.options.stable
        && let Ok(actor) = &w.event.actor
        && let Ok(cwd) = &actor.cwd
    {
        w.text("<");
        super::strings::escaped_in_angles(w.out, cwd);
        w.text(">");
    }
}

/// What is behind a descriptor, in angle brackets.
pub(super) fn behind(w: &mut Writer<'_>, of: Option<u8>) {
    let call = w.call;
    let found = call.files.iter().find(|file| file.of == of);
    let Some(OpenFile {
        name: Ok(name),
        file,
        socket,
        ..
    }) = found
    else {
        return;
    };
    let shown = w.options.descriptors;
    if of.is_none()
        && shown.shows(Descriptors::PIDFD)
        && call.arch.name(call.nr) == Some("pidfd_open")
    {
        w.text("<pid:");
        w.dec(w.args[0] as i32);
        w.text(">");
        return;
    }
    let device = file.file.as_ref().filter(|id| is_device(id));
    let device = device.filter(|_| shown.shows(Descriptors::DEVICE));
    let is_socket = shown.shows(Descriptors::SOCKET) && !w.options.stable;
    let socket = socket
        .as_ref()
        .filter(|s| is_socket && !s.protocol.is_empty());
    if !shown.shows(Descriptors::PATH) && device.is_none() && socket.is_none() {
        return;
    }
    w.text("<");
    if let (Some(Socket { protocol, ends }), Some(id)) = (socket, &file.file) {
        w.text(&format!("{}:[", protocol.escape_ascii()));
        self::ends(w, ends, id.ino);
        w.text("]");
    } else {
        super::strings::escaped_in_angles(w.out, name);
    }
    if let Some(id) = device {
        self::device(w, id);
    }
    w.text(">");
    if file.deleted && !w.options.stable {
        w.text("(deleted)");
    }
}

/// `127.0.0.1:4711->127.0.0.1:80`; the inode number of a socket of which no more is known.
fn ends(w: &mut Writer<'_>, ends: &Ends, ino: u64) {
    match ends {
        Ends::None => w.text(&ino.to_string()),
        Ends::Internet(local, None) => w.text(&local.to_string()),
        Ends::Internet(local, Some(remote)) => w.text(&format!("{local}->{remote}")),
        Ends::Unix { peer, name } => {
            w.text(&ino.to_string());
            if let Some(peer) = peer {
                w.text(&format!("->{peer}"));
            }
            if !name.is_empty() {
                w.text(",");
                super::sockaddr::unix_name(w, name);
            }
        }
        Ends::Netlink { protocol, port } => {
            let mut known = tables::NETLINK.entries.iter();
            match known.find(|(number, _)| *number == u64::from(*protocol)) {
                Some((_, name)) => w.text(name.trim_start_matches("NETLINK_")),
                None => w.text(&protocol.to_string()),
            }
            w.text(&format!(":{port}"));
        }
    }
}

fn is_device(id: &FileId) -> bool {
    matches!(id.mode & libc::S_IFMT, libc::S_IFCHR | libc::S_IFBLK)
}

/// `<char 1:3>`
fn device(w: &mut Writer<'_>, id: &FileId) {
    let is_block = id.mode & libc::S_IFMT == libc::S_IFBLK;
    let kind = if is_block { "block" } else { "char" };
    let (major, minor) = dev_parts(id.rdev);
    w.text(&format!("<{kind} {major}:{minor}>"));
}
