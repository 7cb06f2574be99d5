//! Sockets: what they are bound and connected to.

use aya_ebpf::helpers::generated as helpers;
use tracer_ebpf::abi::{
    offsets::ABSENT,
    wire::{OK, Part, SOCKET_NAME_MAX, SocketInfo},
};

use super::{file, memory::put_count, scratch};
use crate::kernel::{half, offset, read, word};

/// Address families (`linux/socket.h`).
const AF_UNIX: u16 = 1;
const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;
const AF_NETLINK: u16 = 16;

/// Bytes of an address of version 4 and 6.
const V4: u32 = 4;
const V6: u32 = 16;

/// The ends of a `struct socket`.
#[unsafe(no_mangle)]
#[inline(never)]
pub(crate) extern "C" fn ends(slot: u64, of: u64, socket: u64) -> u64 {
    let Some(s) = scratch(slot) else {
        return 0;
    };
    if offset!(socket_sk) == ABSENT || !s.has_room(size_of::<SocketInfo>() + 64) {
        return 0;
    }
    let sk = word(socket, offset!(socket_sk));
    if sk == 0 {
        return 0;
    }
    let start = s.open(Part::Socket, of as u8);
    // SAFETY: the position is a multiple of 8, and the slack holds a `SocketInfo` of integers.
    let info = unsafe { &mut *s.at(start + 8).cast::<SocketInfo>() };
    *info = SocketInfo {
        family: short(sk, offset!(sk_family)),
        kind: short(socket, offset!(socket_type)),
        local_port: 0,
        remote_port: 0,
        peer: 0,
        has_peer: 0,
        name_len: 0,
        bytes: [0; SOCKET_NAME_MAX],
    };
    match info.family {
        AF_INET => internet(info, sk, V4, offset!(sk_rcv_saddr), offset!(sk_daddr)),
        AF_INET6 if offset!(sk_v6_daddr) != ABSENT => {
            internet(info, sk, V6, offset!(sk_v6_rcv_saddr), offset!(sk_v6_daddr));
        }
        AF_NETLINK if offset!(netlink_portid) != ABSENT => {
            info.local_port = short(sk, offset!(sk_protocol));
            info.peer = half(sk, offset!(netlink_portid)).into();
        }
        AF_UNIX if offset!(unix_peer) != ABSENT => unix(info, sk),
        _ => {}
    }
    s.close(start, OK, 0, size_of::<SocketInfo>());
    0
}

/// Is this descriptor a netlink socket? Its protocol is put into the record.
#[unsafe(no_mangle)]
#[inline(never)]
pub(super) extern "C" fn netlink(slot: u64, fd: u64) -> u64 {
    let file = file::lookup(fd);
    if file == 0 || offset!(socket_sk) == ABSENT {
        return 0;
    }
    let mode = half(word(file, offset!(file_inode)), offset!(inode_mode));
    if mode & file::S_IFMT != file::S_IFSOCK {
        return 0;
    }
    let sk = word(word(file, offset!(file_private)), offset!(socket_sk));
    if sk == 0 || short(sk, offset!(sk_family)) != AF_NETLINK {
        return 0;
    }
    put_count(slot, 0, OK, u64::from(short(sk, offset!(sk_protocol))))
}

#[inline(always)]
fn short(addr: u64, offset: u32) -> u16 {
    read(addr + u64::from(offset)).unwrap_or(0)
}

/// Reads `len` bytes to `at` in the bytes of an address.
#[inline(always)]
fn bytes(info: &mut SocketInfo, at: usize, len: u32, from: u64) {
    // SAFETY: callers stay inside `bytes`.
    unsafe {
        helpers::bpf_probe_read_kernel(
            info.bytes.as_mut_ptr().add(at).cast(),
            len,
            from as *const _,
        );
    }
}

#[inline(always)]
fn internet(info: &mut SocketInfo, sk: u64, len: u32, local: u32, remote: u32) {
    info.local_port = short(sk, offset!(sk_num));
    info.remote_port = u16::from_be(short(sk, offset!(sk_dport)));
    bytes(info, 0, len, sk + u64::from(local));
    bytes(info, 16, len, sk + u64::from(remote));
}

#[inline(always)]
fn unix(info: &mut SocketInfo, sk: u64) {
    let peer = word(sk, offset!(unix_peer));
    if peer != 0 {
        info.has_peer = 1;
        let socket = word(peer, offset!(sk_socket));
        if socket != 0 {
            info.peer = word(socket, offset!(socket_inode) + offset!(inode_ino));
        }
    }
    let addr = word(sk, offset!(unix_addr));
    if addr == 0 {
        return;
    }
    // Behind the family.
    let len = half(addr, offset!(unix_addr_len)).saturating_sub(2) as usize;
    let len = if len < SOCKET_NAME_MAX {
        len
    } else {
        SOCKET_NAME_MAX
    };
    info.name_len = len as u32;
    let name = addr + u64::from(offset!(unix_addr_name)) + 2;
    bytes(info, 0, len as u32, name);
}
