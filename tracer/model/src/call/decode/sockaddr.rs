//! Addresses of sockets, by family.

use std::net::{Ipv4Addr, Ipv6Addr};

use tracer_ebpf::abi::call::Capture;

use super::{Names, Writer, tables};
use crate::{
    calls::{Arg, Role, row},
    event::{Call, Data},
};

/// Longest address of any family (`struct sockaddr_storage`).
const LONGEST: usize = 128;

/// An address from the program, as long as the argument behind it says.
pub(crate) const SOCKADDR: Arg = Arg::inputs(1, 2, |w, _, at| {
    let len = w.args[w.index + 1] & 0xffff_ffff;
    w.sockaddr(at, len);
})
.at_most(LONGEST)
.role(Role::SockAddr);
/// The destination of sendto(2).
pub(crate) const SOCKADDR_TO: Arg = Arg::inputs(1, 5, |w, _, at| {
    let len = w.args[5] & 0xffff_ffff;
    w.sockaddr(at, len);
})
.at_most(LONGEST)
.role(Role::SockAddr);
/// An address from the kernel; its length is behind the argument behind it.
pub(crate) const SOCKADDR_OUT: Arg = Arg::sized_by(2, LONGEST, sized).role(Role::SockAddr);
/// The source of recvfrom(2).
pub(crate) const SOCKADDR_FROM: Arg = Arg::sized_by(5, LONGEST, sized).role(Role::SockAddr);

/// The address that a call was about, as it stands in memory (`struct sockaddr`): what the program
/// passed, or what the kernel gave when the call succeeded. `None` where there was none, or where
/// it was not captured.
pub fn of_call(call: &Call) -> Option<&[u8]> {
    let row = call.arch.name(call.nr).and_then(row)?;
    let of = row.args.iter().position(|a| a.role == Role::SockAddr)?;
    let at = call.args.ok()?[of];
    let block = call.data(of as u8).find_map(|data| match data {
        Data::Block(block) if block.at == at => Some(&block.bytes[..]),
        _ => None,
    })?;
    let address = if row.args[of].spec.how == Capture::Msghdr as u8 {
        // `msg_name` and `msg_namelen`.
        let name = u64::from_ne_bytes(*block.first_chunk()?);
        let len = u32::from_ne_bytes(*block.get(8..)?.first_chunk()?) as usize;
        let bytes = call.memory(name)?;
        &bytes[..bytes.len().min(len)]
    } else {
        block
    };
    (!address.is_empty()).then_some(address)
}

/// The family of an address (`AF_...`).
pub fn family(address: &[u8]) -> Option<u16> {
    address.first_chunk().map(|b| u16::from_ne_bytes(*b))
}

fn sized(w: &mut Writer<'_>, _: &Arg, at: u64) {
    // The kernel says how long the address is, and writes no more than there is room for.
    let (room, len) = (
        w.read_before::<u32>(w.args[w.index + 1]),
        w.read::<u32>(w.args[w.index + 1]),
    );
    match room.zip(len) {
        Some((room, len)) if w.succeeded() && at != 0 => w.sockaddr(at, room.min(len).into()),
        _ => w.address(at),
    }
}

impl Writer<'_> {
    /// The address of `len` bytes at `at`.
    pub(super) fn sockaddr(&mut self, at: u64, len: u64) {
        let call = self.call;
        match call.memory(at) {
            // Of what cannot be read to its end nothing is made up.
            Some(bytes) if len >= 2 && bytes.len() >= LONGEST.min(len as usize) => {
                let bytes = &bytes[..bytes.len().min(len as usize)];
                self.address_bytes(bytes, at);
            }
            _ => self.address(at),
        }
    }

    pub(super) fn address_bytes(&mut self, bytes: &[u8], at: u64) {
        let Some(family) = family(bytes) else {
            self.address(at);
            return;
        };
        self.structure(|w| {
            w.field("sa_family").one_of(family.into(), &tables::AF);
            let rest = &bytes[2..];
            match i32::from(family) {
                libc::AF_UNIX => unix(w, rest),
                libc::AF_INET if rest.len() >= 14 => inet(w, rest),
                libc::AF_INET6 if rest.len() >= 22 => inet6(w, rest),
                libc::AF_NETLINK if rest.len() >= 10 => netlink(w, rest),
                libc::AF_PACKET if rest.len() >= 10 => packet(w, rest),
                libc::AF_VSOCK if rest.len() >= 14 => vsock(w, rest),
                libc::AF_ALG if rest.len() >= 30 => alg(w, rest),
                libc::AF_XDP if rest.len() == 14 => xdp(w, rest),
                _ if rest.is_empty() => {}
                _ => w.field("sa_data").quoted(rest, false, rest.len()),
            }
        });
    }
}

impl Writer<'_> {
    /// The name of a network interface of this number, as long as it is here; else the number.
    pub(super) fn interface(&mut self, index: u32) {
        match interface_name(index) {
            Some(name) => self.meant(
                |w| w.dec(index),
                |w| {
                    w.text("if_nametoindex(");
                    w.quoted(&name, false, name.len());
                    w.text(")");
                },
            ),
            None => self.dec(index),
        }
    }

    /// An address of 4 or 16 bytes.
    pub(super) fn internet_address(&mut self, bytes: &[u8]) {
        if self.constants == super::Constants::Numbers {
            self.text("\"");
            super::strings::in_hex(self, bytes);
            self.text("\"");
        } else if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
            let address = Ipv4Addr::from(octets);
            self.text(&format!("inet_addr(\"{address}\")"));
        } else if let Ok(octets) = <[u8; 16]>::try_from(bytes) {
            let address = Ipv6Addr::from(octets);
            self.text(&format!("inet_pton(AF_INET6, \"{address}\")"));
        }
    }

    /// `aa:bb:cc:dd:ee:ff`
    pub(super) fn hardware_address(&mut self, bytes: &[u8]) {
        for (i, byte) in bytes.iter().enumerate() {
            if i > 0 {
                self.text(":");
            }
            super::number::hex_at_least(self.out, (*byte).into(), 2);
        }
    }
}

/// What the interface with this number is called in tracer's own network namespace.
fn interface_name(index: u32) -> Option<Vec<u8>> {
    let mut name = [0_u8; libc::IF_NAMESIZE];
    if index == 0 {
        return None;
    }
    // SAFETY: the buffer has room for the longest name.
    let found = unsafe { libc::if_indextoname(index, name.as_mut_ptr().cast()) };
    let end = memchr::memchr(0, &name)?;
    (!found.is_null()).then(|| name[..end].to_vec())
}

fn half(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, u32::from_ne_bytes)
}

/// A path, or a name that begins with a NUL and is shown with `@` instead (unix(7)).
fn unix(w: &mut Writer<'_>, name: &[u8]) {
    if name.is_empty() {
        return;
    }
    w.field("sun_path");
    // `UNIX_PATH_MAX`
    unix_name(w, &name[..name.len().min(108)]);
}

pub(super) fn unix_name(w: &mut Writer<'_>, name: &[u8]) {
    if let [0, rest @ ..] = name {
        w.text("@");
        w.quoted(rest, false, rest.len());
    } else {
        up_to_nul(w, name);
    }
}

/// A string that ends with a NUL, or with its place.
fn up_to_nul(w: &mut Writer<'_>, bytes: &[u8]) {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    w.quoted(&bytes[..end], false, end);
}

/// Bytes in the order of the network: by meaning, or as `-X` says.
fn ordered(w: &mut Writer<'_>, bytes: &[u8], meaning: impl FnOnce(&mut Writer<'_>)) {
    w.meant(
        |w| {
            w.text("\"");
            super::strings::in_hex(w, bytes);
            w.text("\"");
        },
        meaning,
    );
}

fn port(w: &mut Writer<'_>, bytes: &[u8]) {
    ordered(w, &bytes[..2], |w| {
        w.text(&format!("htons({})", half(bytes, 0)));
    });
}

fn inet(w: &mut Writer<'_>, b: &[u8]) {
    let address = Ipv4Addr::new(b[2], b[3], b[4], b[5]);
    port(w.field("sin_port"), b);
    ordered(w.field("sin_addr"), &b[2..6], |w| {
        w.text(&format!("inet_addr(\"{address}\")"));
    });
}

fn inet6(w: &mut Writer<'_>, b: &[u8]) {
    let mut octets = [0; 16];
    octets.copy_from_slice(&b[6..22]);
    let address = Ipv6Addr::from(octets);
    port(w.field("sin6_port"), b);
    ordered(w.field("sin6_flowinfo"), &b[2..6], |w| {
        w.text(&format!("htonl({})", u32::from_be(word(b, 2))));
    });
    if w.constants == super::Constants::Names {
        w.separate();
        w.text(&format!("inet_pton(AF_INET6, \"{address}\", &sin6_addr)"));
    } else {
        ordered(w.field("sin6_addr"), &b[6..22], |w| {
            w.text(&format!("inet_pton(AF_INET6, \"{address}\")"));
        });
    }
    if b.len() >= 26 {
        let scope = word(b, 22);
        // Only such an address is one of an interface.
        let is_of_link =
            address.is_unicast_link_local() || octets[0] == 0xff && octets[1] & 0xf == 2;
        match w.field("sin6_scope_id") {
            w if is_of_link => w.interface(scope),
            w => w.dec(scope),
        }
    }
}

fn netlink(w: &mut Writer<'_>, b: &[u8]) {
    let padding = u16::from_ne_bytes([b[0], b[1]]);
    if padding != 0 {
        w.field("nl_pad").hex(padding.into());
    }
    w.field("nl_pid").process(word(b, 2) as i32);
    match word(b, 6) {
        0 => w.field("nl_groups").text("00000000"),
        groups => w.field("nl_groups").text(&format!("{groups:#08x}")),
    }
}

/// `struct sockaddr_vm` of `linux/vm_sockets.h`.
fn vsock(w: &mut Writer<'_>, b: &[u8]) {
    // Most are just the number of a machine, or of a port.
    let mut word = |field: &str, at: usize, names: &Names| {
        let (word, signed) = (word(b, at), word(b, at).cast_signed());
        w.field(field);
        match names.of(i64::from(signed).cast_unsigned()) {
            Some(name) => w.constant(word.into(), name),
            None => w.hex(word.into()),
        }
    };
    word("svm_cid", 6, &tables::VMADDR_CID);
    word("svm_port", 2, &tables::VMADDR_PORT);
    w.field("svm_flags")
        .flags(b[10].into(), &tables::VMADDR_FLAG);
}

/// `struct sockaddr_alg` of `linux/if_alg.h`.
fn alg(w: &mut Writer<'_>, b: &[u8]) {
    up_to_nul(w.field("salg_type"), &b[..14]);
    w.field("salg_feat").hex(word(b, 14).into());
    w.field("salg_mask").hex(word(b, 18).into());
    up_to_nul(w.field("salg_name"), &b[22..]);
}

/// `struct sockaddr_xdp` of `linux/if_xdp.h`.
fn xdp(w: &mut Writer<'_>, b: &[u8]) {
    let flags = u16::from_ne_bytes([b[0], b[1]]);
    w.field("sxdp_flags").flags(flags.into(), &tables::XDP_BIND);
    w.field("sxdp_ifindex").interface(word(b, 2));
    w.field("sxdp_queue_id").dec(word(b, 6));
    if flags & 1 != 0 || word(b, 10) != 0 {
        w.field("sxdp_shared_umem_fd").dec(word(b, 10) as i32);
    }
}

fn packet(w: &mut Writer<'_>, b: &[u8]) {
    let (protocol, length) = (u64::from(half(b, 0)), usize::from(b[9]));
    ordered(w.field("sll_protocol"), &b[..2], |w| {
        w.text("htons(");
        w.one_of(protocol, &tables::ETH_P);
        w.text(")");
    });
    w.field("sll_ifindex").interface(word(b, 2));
    let kind = u16::from_ne_bytes([b[6], b[7]]);
    w.field("sll_hatype").one_of(kind.into(), &tables::ARPHRD);
    w.field("sll_pkttype")
        .one_of(b[8].into(), &tables::PACKET_TYPES);
    w.field("sll_halen").dec(b[9]);
    let address = &b[10..b.len().min(10 + length)];
    if !address.is_empty() {
        w.field("sll_addr").group(["[", "]"], |w| {
            for byte in address {
                w.separate();
                w.hex((*byte).into());
            }
            if address.len() < length {
                w.separate();
                w.text("...");
            }
        });
    }
}
