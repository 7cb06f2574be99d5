//! Names of single constants, for readers of logs, which have numbers only.

use super::tables;

/// An option of a socket at a level (setsockopt(2)), on most machines. `None`: it has no name here.
pub fn socket_option(level: u64, option: u64) -> Option<&'static str> {
    let names = match i32::try_from(level).ok()? {
        libc::SOL_SOCKET => &tables::SO,
        libc::SOL_IP => &tables::IP,
        libc::SOL_TCP => &tables::TCP,
        libc::SOL_IPV6 => &tables::IPV6,
        _ => return None,
    };
    names.of(option)
}

/// A request of ioctl(2).
pub fn ioctl(request: u64) -> Option<&'static str> {
    tables::IOCTLS.of(request & 0xffff_ffff)
}

/// A command of bpf(2).
pub fn bpf(command: u64) -> Option<&'static str> {
    tables::BPF_CMDS.of(command)
}

/// A command of fsconfig(2).
pub fn fsconfig(command: u64) -> Option<&'static str> {
    tables::FSCONFIG.of(command)
}
