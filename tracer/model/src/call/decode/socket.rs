//! Sockets: kinds, protocols, options, messages.

use tracer_ebpf::abi::call::Capture;

use super::{Constants, Writer, tables, vectors::vector};
use crate::calls::{Arg, Role};

/// The kind of a socket with its flags.
pub(crate) const SOCK_TYPE: Arg = Arg::value(|w, _, v| {
    let kind = v & 0xf;
    let flags = v & 0xffff_fff0;
    w.one_of(kind, &tables::SOCK_TYPES);
    if flags != 0 {
        w.text("|");
        w.flags(flags, &tables::SOCK_FLAGS);
    }
});
/// Flags of accept4(2).
pub(crate) const SOCK_FLAGS: Arg = super::constants::flags_of(&tables::SOCK_FLAGS);
/// A protocol, of the family in the first argument.
pub(crate) const PROTOCOL: Arg = Arg::value(|w, _, v| {
    let names = match w.args[0] as i32 {
        libc::AF_INET => &tables::IPPROTO,
        libc::AF_INET6 => &tables::IPPROTO6,
        libc::AF_NETLINK => &tables::NETLINK,
        _ => {
            w.dec(v as i32);
            return;
        }
    };
    w.one_of(v & 0xffff_ffff, names);
});
/// Level of a socket option.
pub(crate) const SOL: Arg = Arg::value(|w, _, v| w.one_of(v & 0xffff_ffff, &tables::SOL));
/// A socket option, of the level before it.
pub(crate) const SOCKOPT: Arg = Arg::value(|w, _, v| {
    let names = match w.args[1] as i32 {
        libc::SOL_SOCKET if is_get_filter(w, v) => {
            w.constant(v & 0xffff_ffff, "SO_GET_FILTER");
            return;
        }
        libc::SOL_SOCKET => &tables::SO,
        libc::SOL_IP if v as i32 == IP_LOCAL_PORT_RANGE => {
            w.constant(v & 0xffff_ffff, "IP_LOCAL_PORT_RANGE");
            return;
        }
        libc::SOL_TCP => &tables::TCP,
        libc::SOL_IP => &tables::IP,
        libc::SOL_IPV6 => &tables::IPV6,
        libc::SOL_NETLINK => &tables::NETLINK_OPTIONS,
        level => {
            let Some(names) = super::options::names(level) else {
                w.hex(v & 0xffff_ffff);
                return;
            };
            names
        }
    };
    w.one_of(v & 0xffff_ffff, names);
});
/// The value of an option from the program.
pub(crate) const OPTVAL: Arg = Arg::inputs(1, 4, |w, _, at| {
    let len = w.args[4] as i32;
    match u64::try_from(len) {
        Ok(len) => option_value(w, at, len, false),
        Err(_) => w.address(at),
    }
})
.at_most(256);
/// The value of an option from the kernel.
pub(crate) const OPTVAL_OUT: Arg =
    Arg::sized_by(4, 256, |w, _, at| match w.read::<u32>(w.args[4]) {
        Some(0) => w.address(at),
        Some(len) if w.succeeded() => option_value(w, at, len.into(), true),
        _ => w.address(at),
    });

fn option_value(w: &mut Writer<'_>, at: u64, len: u64, is_filled: bool) {
    let (level, option) = (w.args[1] as i32, w.args[2] as i32);
    if let Some(shape) = super::options::shape(level, option) {
        let size = shape.size() as u64;
        // With packets, the kernel asks for the exact length.
        let is_longer = len > size && level == libc::SOL_PACKET;
        match len {
            _ if is_longer => w.buffer(at, len),
            _ if len < size => w.address(at),
            _ => w.shape_at(at, shape),
        }
        return;
    }
    let is_time = matches!(option, libc::SO_RCVTIMEO | libc::SO_SNDTIMEO);
    match (level, option) {
        (libc::SOL_SOCKET, libc::SO_LINGER) if len >= 8 => {
            w.at(at, |w, [on, seconds]: [i32; 2]| {
                w.structure(|w| {
                    w.field("l_onoff").dec(on);
                    w.field("l_linger").dec(seconds);
                });
            });
        }
        (libc::SOL_SOCKET, libc::SO_ATTACH_FILTER | libc::SO_ATTACH_REUSEPORT_CBPF)
            if len == 16 =>
        {
            super::filter::of_socket(w, at);
        }
        (libc::SOL_SOCKET, libc::SO_PEERCRED) if len >= 12 => {
            w.at(at, |w, ids: [u32; 3]| credentials(w, ids));
        }
        (libc::SOL_SOCKET, libc::SO_ERROR) if len == 4 => {
            w.at(at, |w, error: i32| {
                w.group(["[", "]"], |w| match error {
                    0 => w.dec(0),
                    error => w.text(super::names::errno(error)),
                });
            });
        }
        (libc::SOL_SOCKET, _) if is_time && len >= 16 => w.at(at, super::time::val),
        (libc::SOL_SOCKET, libc::SO_PEERCRED) if len > 0 => short_credentials(w, at, len),
        (libc::SOL_IP, IP_LOCAL_PORT_RANGE) if len == 4 => w.at(at, ports),
        (libc::SOL_IP, IP_LOCAL_PORT_RANGE) if len > 0 && at != 0 => hex_buffer(w, at, len),
        (libc::SOL_SOCKET, SO_TXREHASH) if len >= 4 => w.at(at, |w, value: i32| {
            w.group(["[", "]"], |w| {
                w.one_of_dec(value, value as u64, &tables::SOCK_TXREHASH);
            });
        }),
        _ if len == 4 => w.at(at, |w, value: i32| w.group(["[", "]"], |w| w.dec(value))),
        _ if len > 4 && is_number(level, option) => {
            w.at(at, |w, value: i32| w.group(["[", "]"], |w| w.dec(value)));
        }
        _ if len < 4 && is_number(level, option) => {
            if is_filled {
                hex_buffer(w, at, len);
            } else {
                w.address(at);
            }
        }
        _ => w.buffer(at, len),
    }
}

/// `IP_LOCAL_PORT_RANGE` of `linux/in.h`, `SO_TXREHASH` of `asm-generic/socket.h`.
const IP_LOCAL_PORT_RANGE: i32 = 51;
const SO_TXREHASH: i32 = 74;

/// The lowest and the highest port in one number; 0 is no bound.
fn ports(w: &mut Writer<'_>, value: u32) {
    w.group(["[", "]"], |w| {
        w.hex(value.into());
        let [low, high] = [value & 0xffff, value >> 16];
        let is_range = low <= high || high == 0;
        if value != 0 && is_range && w.constants != Constants::Numbers {
            let bound = |port: u32| match port {
                0 => String::new(),
                port => port.to_string(),
            };
            w.comment(&format!("{}..{}", bound(low), bound(high)));
        }
    });
}

/// What attaches a filter gets one in getsockopt(2).
fn is_get_filter(w: &Writer<'_>, option: u64) -> bool {
    option as i32 == libc::SO_ATTACH_FILTER && w.call.arch.name(w.call.nr) == Some("getsockopt")
}

/// Is the option an `int` that is read and written with more or less room, too?
fn is_number(level: i32, option: i32) -> bool {
    level == libc::SOL_SOCKET
        && matches!(
            tables::SO.of(option as u64),
            Some(
                "SO_DEBUG"
                    | "SO_REUSEADDR"
                    | "SO_DONTROUTE"
                    | "SO_BROADCAST"
                    | "SO_SNDBUF"
                    | "SO_RCVBUF"
                    | "SO_KEEPALIVE"
                    | "SO_OOBINLINE"
                    | "SO_NO_CHECK"
                    | "SO_PRIORITY"
                    | "SO_BSDCOMPAT"
                    | "SO_REUSEPORT"
                    | "SO_PASSCRED"
                    | "SO_RCVLOWAT"
                    | "SO_SNDLOWAT"
                    | "SO_TIMESTAMP_OLD"
                    | "SO_ACCEPTCONN"
                    | "SO_PASSSEC"
                    | "SO_TIMESTAMPNS_OLD"
                    | "SO_MARK"
                    | "SO_RXQ_OVFL"
                    | "SO_WIFI_STATUS"
                    | "SO_PEEK_OFF"
                    | "SO_NOFCS"
                    | "SO_LOCK_FILTER"
                    | "SO_SELECT_ERR_QUEUE"
                    | "SO_BUSY_POLL"
                    | "SO_INCOMING_CPU"
                    | "SO_INCOMING_NAPI_ID"
                    | "SO_ZEROCOPY"
                    | "SO_TIMESTAMP_NEW"
                    | "SO_TIMESTAMPNS_NEW"
                    | "SO_PREFER_BUSY_POLL"
                    | "SO_RESERVE_MEM"
                    | "SO_RCVMARK"
                    | "SO_PASSPIDFD"
                    | "SO_RCVPRIORITY"
                    | "SO_PASSRIGHTS"
                    | "SO_DETACH_FILTER"
                    | "SO_SNDBUFFORCE"
                    | "SO_RCVBUFFORCE"
                    | "SO_CNX_ADVICE"
                    | "SO_DETACH_REUSEPORT_BPF"
                    | "SO_BUSY_POLL_BUDGET"
                    | "SO_INQ"
                    | "SO_TIMESTAMPING_OLD"
                    | "SO_TIMESTAMPING_NEW"
                    | "SO_TXREHASH"
                    | "SO_ERROR"
            )
        )
}

/// A few bytes in hexadecimal.
fn hex_buffer(w: &mut Writer<'_>, at: u64, len: u64) {
    let call = w.call;
    match call.memory(at).filter(|bytes| bytes.len() as u64 >= len) {
        Some(bytes) => {
            w.text("\"");
            super::strings::in_hex(w, &bytes[..len as usize]);
            w.text("\"");
        }
        None => w.address(at),
    }
}

/// Credentials of which there was no room for all.
fn short_credentials(w: &mut Writer<'_>, at: u64, len: u64) {
    w.structure(|w| {
        for (i, name) in (0..).zip(["pid", "uid", "gid"]) {
            let (start, room) = (at + i * 4, len.saturating_sub(i * 4).min(4));
            if room == 0 {
                break;
            }
            w.field(name);
            match w.read::<i32>(start).filter(|_| room == 4) {
                Some(id) => w.dec(id),
                None => hex_buffer(w, start, room),
            }
        }
    });
}

fn credentials(w: &mut Writer<'_>, [pid, uid, gid]: [u32; 3]) {
    w.structure(|w| {
        w.field("pid").process(pid as i32);
        w.field("uid").dec(uid as i32);
        w.field("gid").dec(gid as i32);
    });
}

/// `struct msghdr` to be sent.
pub(crate) const MSGHDR: Arg = Arg::input(56, |w, _, at| message(w, at, u64::MAX))
    .how(Capture::Msghdr)
    .role(Role::SockAddr);
/// `struct msghdr` that was received.
pub(crate) const MSGHDR_OUT: Arg = Arg::input(56, |w, _, at| {
    if w.succeeded() {
        let received = w.call.ret as u64;
        message(w, at, received);
        return;
    }
    // Nothing came: of what the program gave only the room for an address means anything.
    w.at(at, |w, m: Msghdr| {
        w.structure(|w| w.field("msg_namelen").dec(m[1] as u32));
    });
})
.how(Capture::Msghdr)
.role(Role::SockAddr);
/// `struct mmsghdr` array to be sent.
pub(crate) const MMSGHDRS: Arg = Arg::inputs(64, 2, |w, _, at| {
    let count = w.args[2] & 0xffff_ffff;
    messages(w, at, count, false);
})
.how(Capture::Mmsghdr);
/// `struct mmsghdr` array that was received, as long as the result says.
pub(crate) const MMSGHDRS_OUT: Arg = Arg::results(64, |w, _, at| {
    if w.succeeded() {
        let count = w.call.ret as u64;
        messages(w, at, count, true);
    } else {
        w.address(at);
    }
})
.how(Capture::Mmsghdr);

fn messages(w: &mut Writer<'_>, at: u64, count: u64, received: bool) {
    const MSGHDR: u64 = 56;
    const MMSGHDR: u64 = 64;
    let has_result = w.succeeded();
    w.spaced_array(at, (MMSGHDR, MSGHDR), count, |w, at| {
        let len = w.read::<u32>(at + MSGHDR);
        w.structure(|w| {
            w.field("msg_hdr");
            let limit = if received {
                len.unwrap_or(0).into()
            } else {
                u64::MAX
            };
            message(w, at, limit);
            if let Some(len) = len.filter(|_| has_result) {
                w.field("msg_len").dec(len);
            }
        });
    });
}

/// name and namelen, iov and iovlen, control and controllen, flags.
type Msghdr = [u64; 7];
super::writer::foreign!(Msghdr);

fn message(w: &mut Writer<'_>, at: u64, filled: u64) {
    w.at(
        at,
        |w, [name, name_len, iov, iov_len, control, control_len, flags]: Msghdr| {
            let name_len = name_len & 0xffff_ffff;
            w.structure(|w| {
                w.field("msg_name").sockaddr(name, name_len);
                w.field("msg_namelen").dec(name_len);
                w.field("msg_iov");
                vector(w, iov, iov_len, Some(filled));
                w.field("msg_iovlen").dec(iov_len);
                if control != 0 && control_len != 0 {
                    w.field("msg_control");
                    control_data(w, control, control_len);
                } else if control != 0 {
                    w.field("msg_control").address(control);
                }
                w.field("msg_controllen").dec(control_len);
                w.field("msg_flags")
                    .flags(flags & 0xffff_ffff, &tables::MSG);
            });
        },
    );
}

/// `struct cmsghdr`s: length, level and type, then the data (cmsg(3)).
fn control_data(w: &mut Writer<'_>, at: u64, len: u64) {
    const HEADER: usize = 16;
    let call = w.call;
    let Some(mut bytes) = call.memory(at) else {
        w.address(at);
        return;
    };
    bytes = &bytes[..bytes.len().min(len as usize)];
    w.group(["[", "]"], |w| {
        while let Some([len, kind]) = super::writer::from_bytes::<[u64; 2]>(bytes) {
            let len = len as usize;
            let Some(data) = bytes.get(HEADER..len) else {
                break;
            };
            w.separate();
            one_control(w, len, kind as i32, (kind >> 32) as i32, data);
            bytes = bytes.get(len.next_multiple_of(8)..).unwrap_or_default();
        }
    });
}

/// `SCM_PIDFD` of `linux/socket.h`: the process of the sender.
const SCM_PIDFD: i32 = 4;

fn one_control(w: &mut Writer<'_>, len: usize, level: i32, kind: i32, data: &[u8]) {
    w.structure(|w| {
        w.field("cmsg_len").dec(len);
        w.field("cmsg_level").one_of(level as u64, &tables::SOL);
        w.field("cmsg_type");
        let ids = super::writer::from_bytes::<[u32; 3]>(data);
        match (level, kind, ids) {
            (libc::SOL_SOCKET, libc::SCM_RIGHTS, _) => {
                w.text("SCM_RIGHTS");
                w.field("cmsg_data").group(["[", "]"], |w| {
                    for fd in data.as_chunks::<4>().0 {
                        w.separate();
                        w.dec(i32::from_ne_bytes(*fd));
                    }
                });
            }
            (libc::SOL_SOCKET, libc::SCM_CREDENTIALS, Some(ids)) => {
                w.text("SCM_CREDENTIALS");
                w.field("cmsg_data");
                credentials(w, ids);
            }
            (libc::SOL_SOCKET, SCM_PIDFD, _) if data.len() >= 4 => {
                w.one_of(kind as u64, &tables::SCM);
                let fd = super::layout::number(&data[..4]) as i32;
                w.field("cmsg_data").dec(fd);
            }
            _ => {
                if level == libc::SOL_SOCKET {
                    w.one_of(u64::from(kind as u32), &tables::SCM);
                } else {
                    w.hex(u64::from(kind as u32));
                }
                w.field("cmsg_data");
                let limit = w.options.strings;
                w.quoted(data, data.len() > limit, limit);
            }
        }
    });
}
