//! One value as text, by its kind.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{
    Context, Interpreter, Kind, args,
    tables::{self, Names, name},
};
use crate::{query::items::signed, records::Value};

impl Interpreter {
    /// Appends a value that nobody has looked up yet.
    pub(super) fn value(
        &mut self,
        out: &mut Vec<u8>,
        context: &Context<'_>,
        kind: Kind,
        raw: &[u8],
    ) {
        match kind {
            Kind::Escaped | Kind::File | Kind::Key => return Value::untrusted(raw).append_to(out),
            Kind::Title => return title(out, raw),
            Kind::Label | Kind::Plain | Kind::Host => return out.extend_from_slice(raw),
            // `uid=0:` of old programs.
            Kind::Uid => {
                let end = raw.iter().rposition(|b| *b != b':').map_or(0, |at| at + 1);
                return match signed(&raw[..end]) {
                    Some(id) => self.uid(out, id as u32),
                    None => out.extend_from_slice(raw),
                };
            }
            Kind::Gid => {
                return match signed(raw) {
                    Some(id) => self.gid(out, id as u32),
                    None => out.extend_from_slice(raw),
                };
            }
            _ => {}
        }
        let text = std::str::from_utf8(raw).unwrap_or_default();
        let put = |out: &mut Vec<u8>, word: &str| out.extend_from_slice(word.as_bytes());
        match kind {
            Kind::Syscall => match text.parse::<i64>().ok().and_then(|number| {
                let arch = context
                    .arch
                    .unwrap_or_else(|| crate::calls::Arch::NATIVE.audit());
                super::call_name(arch, number)
            }) {
                Some(call) => {
                    put(out, call);
                    if let Some(meant) = args::stands_for(call, context.a0) {
                        put(out, &format!("({meant})"));
                    }
                }
                None => put(out, &format!("unknown-syscall({text})")),
            },
            Kind::Arch => match u32::from_str_radix(text, 16).ok().and_then(arch_name) {
                Some(arch) => put(out, arch),
                None => put(out, &format!("unknown-elf-type({text})")),
            },
            Kind::Exit => exit(out, text),
            Kind::Access => access(out, text),
            Kind::Mode => mode(out, raw, 8),
            Kind::ModeShort => mode_short(out, text, 8),
            Kind::Address => address(out, raw),
            Kind::Promiscuous => put(out, if text == "0" { "no" } else { "yes" }),
            Kind::Capability => match text.parse().ok().and_then(capability) {
                Some(word) => put(out, word),
                None => put(out, &format!("unknown-capability({text})")),
            },
            Kind::Capabilities => capabilities(out, text),
            Kind::Success => put(
                out,
                match text {
                    "0" => "no",
                    "1" => "yes",
                    _ => return out.extend_from_slice(raw),
                },
            ),
            Kind::Argument(number) => args::argument(self, out, context, number, text),
            Kind::Signal => signal(out, text, 10),
            Kind::List => named(out, tables::LISTS, text, 10, "list"),
            Kind::Keys => typed(out, raw),
            Kind::Session => put(out, if text == "4294967295" { "unset" } else { text }),
            // `family="netlink"` of AppArmor is no number.
            Kind::NetfilterProtocol if raw.starts_with(b"\"") => {
                Value::untrusted(raw).append_to(out);
            }
            Kind::NetfilterProtocol => named(out, tables::NF_PROTO, text, 10, "netfilter-protocol"),
            Kind::SeccompCode => {
                let action = |code| code & u64::from(libc::SECCOMP_RET_ACTION_FULL);
                let code = u64::from_str_radix(text.trim_start_matches("0x"), 16);
                match code
                    .ok()
                    .and_then(|code| name(tables::SECCOMP, action(code)))
                {
                    Some(word) => put(out, word),
                    None => put(out, &format!("unknown-seccomp-code({text})")),
                }
            }
            // The kernel writes those of openat2(2) in octal, `0302`, and of mq_open(2) as `0x42`.
            Kind::OpenFlags => {
                let bits = match text.strip_prefix("0x") {
                    Some(digits) => u64::from_str_radix(digits, 16),
                    None => u64::from_str_radix(text, 8),
                };
                open_flags(out, bits.unwrap_or_default());
            }
            Kind::MapFlags => map_flags(out, text),
            Kind::Resolve => flags(out, tables::RESOLVE, text, "|"),
            _ => match word(kind, text) {
                Some(word) => put(out, &word),
                None => out.extend_from_slice(raw),
            },
        }
    }
}

/// A value that is one word of few. `None`: as it stands.
fn word(kind: Kind, text: &str) -> Option<String> {
    let decimal = text.parse::<u64>().ok();
    let digits = text.trim_start_matches("0x");
    let hex = u64::from_str_radix(digits, 16).ok();
    let named = |table: Names, number: Option<u64>, unknown: &str| {
        let word = name(table, number?);
        Some(word.map_or_else(|| format!("unknown-{unknown}({text})"), str::to_owned))
    };
    match kind {
        Kind::Protocol => {
            let known = protocol(decimal?).unwrap_or("undefined protocol");
            Some(known.to_owned())
        }
        Kind::IcmpType => named(tables::ICMP_TYPE, decimal, "icmp-type"),
        Kind::Hook => named(tables::HOOK, hex, "hook"),
        Kind::NetAction => named(tables::NET_ACTION, hex, "action"),
        Kind::EtherType => Some(
            match hex? {
                0x0800 => "IP",
                0x0806 => "ARP",
                _ => "UNKNOWN",
            }
            .to_owned(),
        ),
        Kind::Personality => Some(personality(hex?, digits)),
        Kind::Ioctl => Some(
            crate::decode::words::ioctl(hex?).map_or_else(|| format!("0x{digits}"), str::to_owned),
        ),
        // `FAN_ALLOW` and `FAN_DENY` of fanotify(7), and whether it is to be logged.
        Kind::FanotifyAnswer => Some(
            match decimal? & 0xf {
                1 => "allow",
                2 => "deny",
                _ => "unknown",
            }
            .to_owned(),
        ),
        Kind::FanotifyKind => named(tables::FANOTIFY_KIND, decimal, "fan-type"),
        Kind::FanotifyInfo => Some(hex?.to_string()),
        Kind::Trust => Some(
            match decimal? {
                0 => "no",
                1 => "yes",
                _ => "unknown",
            }
            .to_owned(),
        ),
        // Some callers hand on the negative number.
        Kind::Errno => match text.trim_start_matches('-').parse().ok()? {
            0 => None,
            number => Some(crate::decode::names::errno(number).to_owned()),
        },
        Kind::UringOp => {
            let number = u32::try_from(decimal?).ok()?;
            let known = crate::calls::uring_op::name(number);
            Some(known.map_or_else(|| format!("unknown-uring-op({text})"), str::to_owned))
        }
        Kind::NetlinkGroup => Some(
            match decimal? {
                1 => "audit-netlink-multicast",
                _ => "audit-none",
            }
            .to_owned(),
        ),
        _ => None,
    }
}

/// A protocol above IP, as protocols(5) has it.
pub(super) fn protocol(number: u64) -> Option<&'static str> {
    name(tables::PROTOCOL, number)
}

/// personality(2).
pub(super) fn personality(number: u64, digits: &str) -> String {
    // `PER_MASK`, and what is no part of the persona.
    const MASK: u64 = 0xff;
    match name(tables::PERSONALITY, number & MASK) {
        Some(word) if number & libc::ADDR_NO_RANDOMIZE as u64 != 0 => {
            format!("{word}|~ADDR_NO_RANDOMIZE")
        }
        Some(word) => word.to_owned(),
        None => format!("unknown-personality(0x{digits})"),
    }
}

/// The name of an `AUDIT_ARCH_...`.
pub fn arch_name(arch: u32) -> Option<&'static str> {
    let known = tables::ARCHES.iter().find(|(number, _)| *number == arch);
    known
        .map(|(_, name)| *name)
        .or_else(|| crate::calls::foreign::machine(arch))
}

/// The name of a number, or `unknown-WHAT(number)`.
fn named(out: &mut Vec<u8>, table: Names, text: &str, base: u32, what: &str) {
    match u64::from_str_radix(text, base)
        .ok()
        .and_then(|n| name(table, n))
    {
        Some(word) => out.extend_from_slice(word.as_bytes()),
        None => out.extend_from_slice(format!("unknown-{what}({text})").as_bytes()),
    }
}

/// Names of the bits that are set, divided by a mark; the number when none has a name.
pub(super) fn flags(out: &mut Vec<u8>, table: Names, text: &str, mark: &str) {
    let digits = text.trim_start_matches("0x");
    let bits = u64::from_str_radix(digits, 16).unwrap_or_default();
    let start = out.len();
    bit_names(out, table, bits, mark);
    if out.len() == start {
        out.extend_from_slice(b"0x");
        out.extend_from_slice(digits.as_bytes());
    }
}

/// Names of the bits that are set and have one.
fn bit_names(out: &mut Vec<u8>, table: Names, bits: u64, mark: &str) {
    let mut is_first = true;
    for (bit, word) in table {
        if bits & bit != 0 {
            if !is_first {
                out.extend_from_slice(mark.as_bytes());
            }
            is_first = false;
            out.extend_from_slice(word.as_bytes());
        }
    }
}

/// Flags of open(2). Reading is no bit.
pub(super) fn open_flags(out: &mut Vec<u8>, bits: u64) {
    if bits & libc::O_ACCMODE as u64 == 0 {
        out.extend_from_slice(b"O_RDONLY");
        if tables::OPEN.iter().any(|(bit, _)| bits & bit != 0) {
            out.push(b'|');
        }
    }
    bit_names(out, tables::OPEN, bits, "|");
}

/// Flags of mmap(2), hexadecimal. A file is no bit.
pub(super) fn map_flags(out: &mut Vec<u8>, text: &str) {
    let bits = u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap_or_default();
    if bits.is_multiple_of(16) {
        out.extend_from_slice(b"MAP_FILE");
        if !tables::MMAP.iter().any(|(bit, _)| bits & bit != 0) {
            return;
        }
        out.push(b'|');
    }
    flags(out, tables::MMAP, text, "|");
}

/// A result: `ENOENT(No such file or directory)`, or the number.
fn exit(out: &mut Vec<u8>, text: &str) {
    match text.parse::<i64>() {
        Ok(number @ ..0) => {
            let number = i32::try_from(-number).unwrap_or(i32::MAX);
            let reason = std::io::Error::from_raw_os_error(number).to_string();
            // The library adds the number, which the name has said.
            let reason = reason.split(" (os error").next().unwrap_or_default();
            let name = crate::decode::names::errno(number);
            out.extend_from_slice(format!("{name}({reason})").as_bytes());
        }
        _ => out.extend_from_slice(text.as_bytes()),
    }
}

/// The title of a process: its arguments, divided by 0.
fn title(out: &mut Vec<u8>, raw: &[u8]) {
    let start = out.len();
    Value::untrusted(raw).append_to(out);
    while out.len() > start && out.last() == Some(&0) {
        out.pop();
    }
    for byte in &mut out[start..] {
        if *byte == 0 {
            *byte = b' ';
        }
    }
}

/// What a rule watches for; nothing means everything.
fn access(out: &mut Vec<u8>, text: &str) {
    let bits = text
        .parse::<u32>()
        .ok()
        .filter(|bits| *bits != 0)
        .unwrap_or(15);
    let words = [(4, "read"), (2, "write"), (1, "exec"), (8, "attr")];
    let set: Vec<_> = words
        .iter()
        .filter(|(bit, _)| bits & bit != 0)
        .map(|(_, word)| *word)
        .collect();
    out.extend_from_slice(set.join(",").as_bytes());
}

/// `dir,sticky,777`.
pub(super) fn mode(out: &mut Vec<u8>, raw: &[u8], base: u32) {
    let text = std::str::from_utf8(raw).unwrap_or_default();
    let Ok(mode) = u32::from_str_radix(text, base) else {
        return out.extend_from_slice(raw);
    };
    match name(tables::FILE_TYPE, u64::from(mode & libc::S_IFMT)) {
        Some(word) => out.extend_from_slice(word.as_bytes()),
        None => out.extend_from_slice(format!("{:03o}", (mode & libc::S_IFMT) >> 12).as_bytes()),
    }
    for word in special_bits(mode) {
        out.push(b',');
        out.extend_from_slice(word.as_bytes());
    }
    out.push(b',');
    permissions(out, mode);
}

/// The bits for owner, group and others, an octal digit each.
fn permissions(out: &mut Vec<u8>, mode: u32) {
    out.extend([6, 3, 0].map(|shift| b'0' + (mode >> shift & 7) as u8));
}

/// `suid,0755`.
pub(super) fn mode_short(out: &mut Vec<u8>, text: &str, base: u32) {
    let Ok(mode) = u64::from_str_radix(text, base) else {
        return out.extend_from_slice(text.as_bytes());
    };
    for word in special_bits(mode as u32) {
        out.extend_from_slice(word.as_bytes());
        out.push(b',');
    }
    out.push(b'0');
    permissions(out, mode as u32);
}

fn special_bits(mode: u32) -> impl Iterator<Item = &'static str> {
    [
        (libc::S_ISUID, "suid"),
        (libc::S_ISGID, "sgid"),
        (libc::S_ISVTX, "sticky"),
    ]
    .into_iter()
    .filter(move |(bit, _)| mode & bit != 0)
    .map(|(_, word)| word)
}

pub(super) fn capability(number: usize) -> Option<&'static str> {
    tables::CAPABILITIES.get(number).copied()
}

fn capabilities(out: &mut Vec<u8>, text: &str) {
    let bits = u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap_or_default();
    let start = out.len();
    for (bit, word) in tables::CAPABILITIES.iter().enumerate() {
        if bits & 1 << bit != 0 {
            if out.len() > start {
                out.push(b',');
            }
            out.extend_from_slice(word.as_bytes());
        }
    }
    if out.len() == start {
        out.extend_from_slice(b"none");
    }
}

/// A signal by its name, signal(7).
pub(super) fn signal(out: &mut Vec<u8>, text: &str, base: u32) {
    let number = i32::from_str_radix(text, base).unwrap_or(-1);
    match nix::sys::signal::Signal::try_from(number) {
        Ok(known) => out.extend_from_slice(known.as_str().as_bytes()),
        Err(_) if number == 0 => out.extend_from_slice(b"SIG0"),
        Err(_) => {
            let sign = if base == 16 { "0x" } else { "" };
            out.extend_from_slice(format!("unknown-signal({sign}{text})").as_bytes());
        }
    }
}

/// `struct sockaddr` in hexadecimal.
fn address(out: &mut Vec<u8>, raw: &[u8]) {
    let mut bytes = Vec::new();
    Value::untrusted(raw).append_to(&mut bytes);
    if bytes.len() < 2 || raw.len() < 4 || !matches!(Value::untrusted(raw), Value::Hex(_)) {
        out.extend_from_slice(b"malformed-host(");
        out.extend_from_slice(raw);
        return out.push(b')');
    }
    let family = u16::from_le_bytes([bytes[0], bytes[1]]);
    let Some(word) = name(tables::FAMILY, u64::from(family)) else {
        return out.extend_from_slice(format!("unknown-family({family})").as_bytes());
    };
    out.extend_from_slice(format!("{{ saddr_fam={word} ").as_bytes());
    let port = |bytes: &[u8]| u16::from_be_bytes([bytes[2], bytes[3]]);
    match i32::from(family) {
        libc::AF_UNIX if bytes.len() >= 4 => {
            // An abstract name has a 0 in front.
            let path = &bytes[if bytes[2] == 0 { 3 } else { 2 }..];
            let end = path.iter().position(|b| *b == 0).unwrap_or(path.len());
            out.extend_from_slice(b"path=");
            out.extend_from_slice(&path[..end.min(108)]);
        }
        libc::AF_INET if bytes.len() >= 8 => {
            let ip = Ipv4Addr::new(bytes[4], bytes[5], bytes[6], bytes[7]);
            out.extend_from_slice(format!("laddr={ip} lport={}", port(&bytes)).as_bytes());
        }
        libc::AF_INET6 if bytes.len() >= 24 => {
            let mut ip = [0; 16];
            ip.copy_from_slice(&bytes[8..24]);
            let ip = Ipv6Addr::from(ip);
            out.extend_from_slice(format!("laddr={ip} lport={}", port(&bytes)).as_bytes());
        }
        libc::AF_NETLINK if bytes.len() >= 12 => {
            let pid = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]);
            out.extend_from_slice(format!("nlnk-fam={family} nlnk-pid={pid}").as_bytes());
        }
        libc::AF_UNIX | libc::AF_INET => out.extend_from_slice(b"sockaddr len too short"),
        libc::AF_INET6 => out.extend_from_slice(b"sockaddr6 len too short"),
        libc::AF_NETLINK => out.extend_from_slice(b"len too short"),
        _ => out.extend_from_slice(b"(unsupported)"),
    }
    out.extend_from_slice(b" }");
}

/// What was typed: printable characters in quotes, keys by name.
fn typed(out: &mut Vec<u8>, raw: &[u8]) {
    let Value::Hex(_) = Value::untrusted(raw) else {
        return out.extend_from_slice(raw);
    };
    let mut bytes = Vec::new();
    Value::untrusted(raw).append_to(&mut bytes);
    let start = out.len();
    let mut quoted = false;
    let mut rest = &bytes[..];
    while let Some(first) = rest.first() {
        let key = KEYS.iter().find(|(sequence, _)| rest.starts_with(sequence));
        if let Some((sequence, key)) = key {
            if quoted {
                out.push(b'"');
                quoted = false;
            }
            if out.len() > start {
                out.push(b',');
            }
            out.extend_from_slice(format!("<{key}>").as_bytes());
            rest = &rest[sequence.len()..];
            continue;
        }
        if !quoted {
            if out.len() > start {
                out.push(b',');
            }
            out.push(b'"');
            quoted = true;
        }
        match first {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *first]),
            0x20..=0x7e => out.push(*first),
            _ => out.extend_from_slice(format!("\\{first:03o}").as_bytes()),
        }
        rest = &rest[1..];
    }
    if quoted {
        out.push(b'"');
    }
}

/// Keys that are more than a character: the sequences of an xterm, and the control characters.
const KEYS: &[(&[u8], &str)] = &[
    (b"\x1b[A", "up"),
    (b"\x1b[B", "down"),
    (b"\x1b[C", "right"),
    (b"\x1b[D", "left"),
    (b"\x1b[H", "home"),
    (b"\x1b[F", "end"),
    (b"\x1b[2~", "insert"),
    (b"\x1b[3~", "delete"),
    (b"\x1b[5~", "prior"),
    (b"\x1b[6~", "next"),
    (b"\x1b", "esc"),
    (b"\r", "ret"),
    (b"\n", "nl"),
    (b"\t", "tab"),
    (b"\x7f", "backspace"),
    (b"\x01", "^A"),
    (b"\x02", "^B"),
    (b"\x03", "^C"),
    (b"\x04", "^D"),
    (b"\x05", "^E"),
    (b"\x06", "^F"),
    (b"\x07", "^G"),
    (b"\x08", "^H"),
    (b"\x0b", "^K"),
    (b"\x0c", "^L"),
    (b"\x0e", "^N"),
    (b"\x0f", "^O"),
    (b"\x10", "^P"),
    (b"\x11", "^Q"),
    (b"\x12", "^R"),
    (b"\x13", "^S"),
    (b"\x14", "^T"),
    (b"\x15", "^U"),
    (b"\x16", "^V"),
    (b"\x17", "^W"),
    (b"\x18", "^X"),
    (b"\x19", "^Y"),
    (b"\x1a", "^Z"),
];
