//! Messages of netlink(7) sockets: heads by protocol, then what each kind of message begins with and
//! its attributes, which are data (`route`).

mod attributes;
mod multicast;
mod route;
mod statistics;
mod traffic;

use super::{As, Layout, Names, Writer, layout::number, tables};
use crate::event::Data;

/// Bytes of `struct nlmsghdr`.
const HEAD: u64 = 16;
/// Types below are of netlink itself (`NLMSG_MIN_TYPE`).
const FIRST_TYPE: u64 = 16;
/// `NLMSG_ERROR`, `NLMSG_DONE`.
const ERROR: u64 = 2;
const DONE: u64 = 3;

impl Writer<'_> {
    /// The protocol of the netlink socket that the call is about, where its message was captured.
    pub(super) fn netlink_protocol(&self) -> Option<u64> {
        self.call.data(0).find_map(|data| match data {
            Data::Count(protocol, _) => Some(*protocol),
            _ => None,
        })
    }

    /// `len` bytes of messages at an address.
    pub(super) fn netlink(&mut self, protocol: u64, at: u64, len: u64) {
        sequence(self, at, len, HEAD, 4, &mut |w, at, len| {
            message(w, protocol, at, len);
        });
    }

    /// `len` bytes in hexadecimal, cut at `-s`, or the address.
    fn raw(&mut self, at: u64, len: u64) {
        let call = self.call;
        let shown = len.min(self.options.strings as u64) as usize;
        match call.memory(at).filter(|bytes| bytes.len() >= shown) {
            Some(bytes) => {
                self.text("\"");
                super::strings::in_hex(self, &bytes[..shown]);
                self.text(if (shown as u64) < len { "\"..." } else { "\"" });
            }
            None if len == 0 => self.text("\"\""),
            None => self.address(at),
        }
    }
}

/// Several things one behind the other, each of which begins with its length in `width` bytes and
/// has a head of so many; in brackets where there is more than one.
fn sequence(
    w: &mut Writer<'_>,
    at: u64,
    len: u64,
    head: u64,
    width: usize,
    one: &mut dyn FnMut(&mut Writer<'_>, u64, u64),
) {
    let call = w.call;
    let length = |at: u64| {
        let bytes = call.memory(at)?;
        (bytes.len() as u64 >= head).then(|| number(&bytes[..width]))
    };
    let next = |at: u64, len: u64| {
        let own = length(at)?;
        let step = own.next_multiple_of(4);
        (own >= head && len > step).then(|| (at + step, len - step))
    };
    let first = |w: &mut Writer<'_>,
                 at: u64,
                 len: u64,
                 inside: bool,
                 one: &mut dyn FnMut(&mut Writer<'_>, u64, u64)| {
        if len < head {
            w.raw(at, len);
            false
        } else if length(at).is_none() {
            if inside {
                w.text("...");
                w.address_comment(at);
            } else {
                w.address(at);
            }
            false
        } else {
            one(w, at, len);
            true
        }
    };
    if len < head || next(at, len).is_none() {
        first(w, at, len, false, one);
        return;
    }
    let most = if w.options.verbose {
        usize::MAX
    } else {
        w.options.strings
    };
    w.group(["[", "]"], |w| {
        let (mut at, mut len, mut count) = (at, len, 0);
        loop {
            w.separate();
            if count == most {
                w.text("...");
                break;
            }
            count += 1;
            if !first(w, at, len, count > 1, one) {
                break;
            }
            let Some(behind) = next(at, len) else {
                break;
            };
            (at, len) = behind;
        }
    });
}

/// A head and what follows it, in brackets where there is something.
fn message(w: &mut Writer<'_>, protocol: u64, at: u64, len: u64) {
    let Some([size, rest]) = w
        .read::<[u64; 2]>(at)
        .map(|[first, second]| [first & 0xffff_ffff, (first >> 32) | (second << 32)])
    else {
        w.address(at);
        return;
    };
    let (kind, flags) = (rest & 0xffff, rest >> 16 & 0xffff);
    let own = size.min(len);
    if own <= HEAD {
        head(w, protocol, at, kind, flags);
        return;
    }
    w.group(["[", "]"], |w| {
        w.separate();
        head(w, protocol, at, kind, flags);
        w.separate();
        payload(w, protocol, kind, flags, at + HEAD, own - HEAD);
    });
}

fn head(w: &mut Writer<'_>, protocol: u64, at: u64, kind: u64, flags: u64) {
    let call = w.call;
    let Some(bytes) = call.memory(at) else {
        w.address(at);
        return;
    };
    w.structure(|w| {
        w.field("nlmsg_len").dec(number(&bytes[..4]));
        w.field("nlmsg_type");
        kind_of(w, protocol, kind);
        w.field("nlmsg_flags");
        flags_of(w, protocol, kind, flags);
        w.field("nlmsg_seq").dec(number(&bytes[8..12]));
        w.field("nlmsg_pid").shape(&bytes[12..16], &As::Pid);
    });
}

fn protocol_name(protocol: u64) -> &'static str {
    tables::NETLINK.of(protocol).unwrap_or_default()
}

fn kind_of(w: &mut Writer<'_>, protocol: u64, kind: u64) {
    let names: &Names = match protocol_name(protocol) {
        _ if kind < FIRST_TYPE => &tables::NLMSG,
        "NETLINK_ROUTE" => &tables::RTM,
        "NETLINK_AUDIT" => &tables::NL_AUDIT,
        "NETLINK_CRYPTO" => &tables::NL_CRYPTO,
        "NETLINK_SELINUX" => &tables::NL_SELINUX,
        "NETLINK_XFRM" => &tables::NL_XFRM,
        "NETLINK_SOCK_DIAG" => &tables::NL_SOCK_DIAG,
        "NETLINK_GENERIC" => &tables::NL_GENERIC,
        "NETLINK_NETFILTER" => return filter_kind(w, kind),
        _ => &tables::NLMSG,
    };
    w.one_of(kind, names);
}

/// A subsystem and its message.
fn filter_kind(w: &mut Writer<'_>, kind: u64) {
    if tables::NFNL_MSG.of(kind).is_some() {
        w.one_of(kind, &tables::NFNL_MSG);
        return;
    }
    let (subsystem, message) = (kind >> 8, kind & 0xff);
    w.one_of(subsystem, &tables::NFNL_SUBSYS);
    w.text("<<8|");
    match filter_messages(subsystem) {
        Some(names) => w.one_of(message, names),
        None => w.hex(message),
    }
}

fn filter_messages(subsystem: u64) -> Option<&'static Names> {
    let name = tables::NFNL_SUBSYS.of(subsystem)?;
    Some(match name.strip_prefix("NFNL_SUBSYS_")? {
        "CTNETLINK" => &tables::NF_CT,
        "CTNETLINK_EXP" => &tables::NF_CT_EXP,
        "QUEUE" => &tables::NF_QUEUE,
        "ULOG" => &tables::NF_ULOG,
        "OSF" => &tables::NF_OSF,
        "IPSET" => &tables::NF_IPSET,
        "ACCT" => &tables::NF_ACCT,
        "CTNETLINK_TIMEOUT" => &tables::NF_TIMEOUT,
        "CTHELPER" => &tables::NF_HELPER,
        "NFTABLES" => &tables::NF_TABLES,
        "NFT_COMPAT" => &tables::NF_COMPAT,
        "HOOK" => &tables::NF_HOOK,
        _ => return None,
    })
}

/// Flags that all messages have, then those of what is asked.
fn flags_of(w: &mut Writer<'_>, protocol: u64, kind: u64, flags: u64) {
    let more = more_flags(protocol, kind);
    let known = |names: &Names, flags| names.has_any(flags);
    let rest = flags & !all(&tables::NLM_F);
    if flags == 0 {
        w.text("0");
    } else if known(&tables::NLM_F, flags) || more.is_some_and(|names| known(names, rest)) {
        w.meant(
            |w| w.hex(flags),
            |w| {
                let common = flags & all(&tables::NLM_F);
                if common != 0 {
                    w.flags(common, &tables::NLM_F);
                    if rest != 0 {
                        w.text("|");
                    }
                }
                match more {
                    Some(names) if rest != 0 && known(names, rest) => w.flags(rest, names),
                    _ if rest != 0 => w.hex(rest),
                    _ => {}
                }
            },
        );
    } else {
        w.nameless(|w| w.hex(flags), &tables::NLM_F);
    }
}

fn all(names: &Names) -> u64 {
    names.entries.iter().fold(0, |all, (bits, _)| all | bits)
}

/// Which further flags a message has: they depend on whether it asks, makes or removes something.
fn more_flags(protocol: u64, kind: u64) -> Option<&'static Names> {
    if kind < FIRST_TYPE {
        return (kind == ERROR).then_some(&tables::NLM_F_ACK);
    }
    let name = match protocol_name(protocol) {
        "NETLINK_GENERIC" | "NETLINK_SOCK_DIAG" => return Some(&tables::NLM_F_GET),
        "NETLINK_ROUTE" => {
            return match (tables::RTM.of(kind), kind & 3) {
                (Some("RTM_DELACTION"), _) | (_, 2) => Some(&tables::NLM_F_GET),
                (_, 0) => Some(&tables::NLM_F_NEW),
                (_, 1) => Some(&tables::NLM_F_DELETE),
                _ => None,
            };
        }
        "NETLINK_CRYPTO" => tables::NL_CRYPTO.of(kind)?,
        "NETLINK_XFRM" => tables::NL_XFRM.of(kind)?,
        "NETLINK_NETFILTER" => filter_messages(kind >> 8)?.of(kind & 0xff)?,
        _ => return None,
    };
    let word = name.rsplit_once("MSG_").map_or(name, |(_, word)| word);
    let has = |prefix: &str| word.starts_with(prefix) || word.contains(&format!("_{prefix}"));
    if has("NEW") {
        Some(&tables::NLM_F_NEW)
    } else if has("DEL") || has("DESTROY") {
        Some(&tables::NLM_F_DELETE)
    } else if has("GET") {
        Some(&tables::NLM_F_GET)
    } else {
        None
    }
}

fn payload(w: &mut Writer<'_>, protocol: u64, kind: u64, flags: u64, at: u64, len: u64) {
    if kind == ERROR {
        error(w, protocol, flags, at, len);
        return;
    }
    if kind >= FIRST_TYPE {
        match protocol_name(protocol) {
            "NETLINK_ROUTE" => return route::payload(w, kind, at, len),
            "NETLINK_SELINUX" if selinux(w, kind, at, len) => return,
            "NETLINK_GENERIC" if generic(w, kind, at, len) => return,
            "NETLINK_NETFILTER" => return filter(w, kind, at, len),
            _ => {}
        }
    }
    if kind == DONE && len == 4 {
        w.at(at, |w, number: i32| w.dec(number));
    } else {
        w.raw(at, len);
    }
}

/// The answer to a message: an error, and the message.
fn error(w: &mut Writer<'_>, protocol: u64, flags: u64, at: u64, len: u64) {
    const CAPPED: u64 = 0x100;
    let Some(code) = w.read::<i32>(at).filter(|_| len >= 4 + HEAD) else {
        w.raw(at, len);
        return;
    };
    let inner = at + 4;
    let size = w.read::<u32>(inner).map_or(0, u64::from).max(HEAD);
    let whole = len - 4;
    let own = whole.min(if flags & CAPPED != 0 { HEAD } else { size });
    let show = |w: &mut Writer<'_>| {
        w.structure(|w| {
            w.field("error");
            if (-4095..0).contains(&code) {
                w.meant(
                    |w| w.dec(code),
                    |w| w.text(&format!("-{}", super::names::errno(-code))),
                );
            } else {
                w.dec(code);
            }
            w.field("msg");
            message(w, protocol, inner, own);
        });
    };
    if own == whole {
        show(w);
        return;
    }
    w.group(["[", "]"], |w| {
        w.separate();
        show(w);
        w.separate();
        attributes::list(w, inner + own, whole - own, &attributes::OF_ERRORS, 0);
    });
}

fn selinux(w: &mut Writer<'_>, kind: u64, at: u64, len: u64) -> bool {
    let layout = match tables::NL_SELINUX.of(kind) {
        Some("SELNL_MSG_SETENFORCE") => Layout(&[("val", As::Int(4))]),
        Some("SELNL_MSG_POLICYLOAD") => Layout(&[("seqno", As::Uint(4))]),
        _ => return false,
    };
    if len < 4 {
        return false;
    }
    let call = w.call;
    match call.memory(at).filter(|bytes| bytes.len() >= 4) {
        Some(bytes) => w.structure(|w| w.members(bytes, &layout)),
        None => w.address(at),
    }
    true
}

/// `struct genlmsghdr`, of the one family that is always there.
fn generic(w: &mut Writer<'_>, kind: u64, at: u64, len: u64) -> bool {
    if len < 4 {
        return false;
    }
    let is_control = tables::NL_GENERIC.of(kind) == Some("nlctrl");
    let call = w.call;
    let Some(bytes) = call.memory(at).filter(|bytes| bytes.len() >= 4) else {
        w.address(at);
        return true;
    };
    w.structure(|w| {
        w.field("cmd");
        if is_control {
            w.one_of(bytes[0].into(), &tables::CTRL_CMDS);
        } else {
            w.hex(bytes[0].into());
        }
        w.field("version").dec(bytes[1]);
        if bytes[2..4] != [0; 2] {
            w.field("reserved").hex(number(&bytes[2..4]));
        }
    });
    if len > 4 {
        w.separate();
        let of = if is_control {
            &attributes::OF_FAMILIES
        } else {
            &attributes::UNKNOWN
        };
        attributes::list(w, at + 4, len - 4, of, 0);
    }
    true
}

/// `struct nfgenmsg`
fn filter(w: &mut Writer<'_>, kind: u64, at: u64, len: u64) {
    const GENERAL: u64 = 4;
    let call = w.call;
    let is_batch = tables::NFNL_MSG.of(kind).is_some();
    if len < GENERAL {
        w.raw(at, len);
        return;
    }
    let whole = call.memory(at);
    let Some(bytes) = whole.filter(|bytes| bytes.len() as u64 >= GENERAL) else {
        w.address(at);
        return;
    };
    let resource = u64::from(u16::from_be_bytes([bytes[2], bytes[3]]));
    w.structure(|w| {
        w.field("nfgen_family").one_of(bytes[0].into(), &tables::AF);
        w.field("version")
            .one_of_dec(bytes[1], bytes[1].into(), &tables::NFNETLINK_VERSIONS);
        w.field("res_id");
        // Some programs leave the order of this machine there, as older kernels did.
        let own = u64::from(u16::from_le_bytes([bytes[2], bytes[3]]));
        if !is_batch && own != resource && tables::NFNL_SUBSYS.of(own).is_some() {
            w.one_of(own, &tables::NFNL_SUBSYS);
            return;
        }
        let is_subsystem = !is_batch && tables::NFNL_SUBSYS.of(resource).is_some();
        w.text("htons(");
        if is_subsystem {
            w.one_of(resource, &tables::NFNL_SUBSYS);
        } else {
            w.dec(resource);
        }
        w.text(")");
    });
    if len > GENERAL {
        w.separate();
        if is_batch {
            w.raw(at + GENERAL, len - GENERAL);
        } else {
            attributes::list(w, at + GENERAL, len - GENERAL, &attributes::UNKNOWN, 0);
        }
    }
}
