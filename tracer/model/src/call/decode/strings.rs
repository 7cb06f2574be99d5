//! Strings and buffers, quoted as strace quotes them.

use tracer_ebpf::abi::{
    call::Capture,
    limits::{BLOCK_MAX, NETLINK_MAX},
};

use super::{HexStrings, Writer, number::hex_bytes_lower, tables};
use crate::{
    calls::{Arg, Role},
    event::{Call, Data},
};

/// A NUL-terminated string that is not a path, cut at `-s`.
pub(crate) const TEXT: Arg = Arg::value(|w, _, v| {
    let limit = w.options.strings;
    string_argument(w, v, limit);
})
.how(Capture::Text)
.always()
.role(Role::Text);

/// The name of a file in memory, of which as much is shown as one can have.
pub(crate) const MEMFD_NAME: Arg = Arg::value(|w, _, v| bounded(w, v, MEMFD_NAME_MAX))
    .how(Capture::Text)
    .always()
    .role(Role::Text)
    .at_most(MEMFD_NAME_MAX);
/// `MFD_NAME_MAX_LEN` (`NAME_MAX` without `memfd:`), and one.
const MEMFD_NAME_MAX: usize = 250;
/// What a file system is told; flags may say that it is nothing.
pub(crate) const MOUNT_DATA: Arg = Arg::value(|w, _, v| {
    let flags = mount_flags(w.args[3]);
    if flags & libc::MS_REMOUNT == 0 && flags & REARRANGES != 0 {
        w.address(v);
    } else {
        let limit = w.options.strings;
        string_argument(w, v, limit);
    }
})
.how(Capture::Text)
.role(Role::Text);
/// The type of a file system; what is mounted already has one.
pub(crate) const MOUNT_TYPE: Arg = Arg::value(|w, _, v| {
    if mount_flags(w.args[3]) & (REARRANGES | libc::MS_REMOUNT) == 0 {
        let limit = w.options.strings;
        string_argument(w, v, limit);
    } else {
        w.address(v);
    }
})
.how(Capture::Text)
.always()
.role(Role::Text);
/// `MS_...`, behind a number that old kernels asked for.
pub(crate) const MOUNT_FLAGS: Arg = Arg::value(|w, _, v| {
    let flags = mount_flags(v);
    if flags == v {
        w.flags(v, &tables::MOUNT_FLAGS);
        return;
    }
    w.constant(libc::MS_MGC_VAL, "MS_MGC_VAL");
    if flags != 0 {
        w.text("|");
        w.flags(flags, &tables::MOUNT_FLAGS);
    }
});

/// Flags of what changes mounts and makes none.
const REARRANGES: u64 = libc::MS_BIND
    | libc::MS_MOVE
    | libc::MS_SHARED
    | libc::MS_PRIVATE
    | libc::MS_SLAVE
    | libc::MS_UNBINDABLE;

/// The flags without `MS_MGC_VAL`.
fn mount_flags(flags: u64) -> u64 {
    const MAGIC: u64 = libc::MS_MGC_VAL;
    const MASK: u64 = libc::MS_MGC_MSK;
    if flags & MASK == MAGIC {
        flags & !MASK
    } else {
        flags
    }
}

/// The name of a message queue: a path of a file system of its own.
pub(crate) const QUEUE_NAME: Arg = Arg::value(|w, _, v| string_argument(w, v, PATH_MAX))
    .how(Capture::Text)
    .always()
    .role(Role::Text);
/// Bytes of a path without its NUL.
pub(super) const PATH_MAX: usize = 4095;
/// What reboot(2) gives to a firmware, at most this much.
pub(crate) const REBOOT_TEXT: Arg = Arg::value(|w, _, v| bounded(w, v, REBOOT_MAX))
    .how(Capture::Text)
    .always()
    .role(Role::Text)
    .at_most(REBOOT_MAX);
const REBOOT_MAX: usize = 255;
/// A value or list of extended attributes, as long as the result says; without room, only its
/// length is asked for.
pub(crate) const XATTR_VALUE: Arg = Arg::results(1, |w, _, v| {
    if w.succeeded() && w.args[w.index + 1] != 0 {
        w.buffer(v, w.call.ret as u64);
    } else {
        w.address(v);
    }
});

/// A buffer from the program, as long as the argument behind it says.
pub(crate) const GIVEN: Arg = given(2);
/// The same as the first argument.
pub(crate) const GIVEN_FIRST: Arg = given(1);
/// The same as the third argument.
pub(crate) const GIVEN_THIRD: Arg = given(3);
/// A buffer from the kernel, as long as the result says.
pub(crate) const FILLED: Arg = Arg::results(1, |w, _, v| {
    if !w.succeeded() {
        w.address(v);
    } else if let Some(kind) = changing(w.call).filter(|_| w.options.stable) {
        w.text(kind);
    } else {
        w.buffer(v, w.call.ret as u64);
    }
});
/// What is sent through a socket, as long as the argument behind it says.
pub(crate) const SENT: Arg = Arg::inputs(1, 2, |w, _, at| {
    let len = w.args[2];
    w.datagram(at, len);
})
.how(Capture::Datagram)
.at_most(NETLINK_MAX);
/// What was received from one, as long as the result says.
pub(crate) const RECEIVED: Arg = Arg::results(1, |w, _, at| {
    if w.succeeded() {
        let len = w.call.ret as u64;
        w.datagram(at, len);
    } else {
        w.address(at);
    }
})
.how(Capture::Datagram)
.at_most(NETLINK_MAX);
/// The same of random bytes: always in hexadecimal.
pub(crate) const RANDOM: Arg = Arg::results(1, |w, _, at| {
    let (call, limit) = (w.call, w.options.strings);
    match call.memory(at).filter(|_| w.succeeded()) {
        Some(_) if w.options.stable => w.text("\"RANDOM\""),
        Some(bytes) => {
            let all = call.ret as usize;
            let shown = &bytes[..bytes.len().min(all).min(limit)];
            w.text("\"");
            in_hex(w, shown);
            w.text(if shown.len() < all { "\"..." } else { "\"" });
        }
        None => w.address(at),
    }
});
/// A path from the kernel; the result counts the NUL at its end.
pub(crate) const FILLED_PATH: Arg = Arg::results(1, |w, _, at| {
    let call = w.call;
    match call.memory(at).filter(|_| w.succeeded()) {
        Some(bytes) => {
            let len = bytes.len().min(call.ret as usize).saturating_sub(1);
            w.quoted(&bytes[..len], false, len);
        }
        None => w.address(at),
    }
})
.at_most(4096);
/// Directory entries: how many.
pub(crate) const DIRENTS: Arg = Arg::results(1, |w, _, at| {
    w.address(at);
    let call = w.call;
    let count = call.data(w.index as u8).find_map(|data| match data {
        Data::Count(n, why) => Some((*n, why.is_some())),
        _ => None,
    });
    if let Some((n, is_cut)) = count {
        let more = if is_cut { "+" } else { "" };
        let entries = if n == 1 { "entry" } else { "entries" };
        w.comment(&format!("{n}{more} {entries}"));
    }
})
.how(Capture::CountEntries);

const fn given(len_of: u8) -> Arg {
    Arg::inputs(1, len_of, |w, _, v| {
        let len = w.args[w.index + 1];
        w.buffer(v, len);
    })
}

/// A string of which the kernel reads no more than `most` bytes: so long it is, or longer.
fn bounded(w: &mut Writer<'_>, at: u64, most: usize) {
    let call = w.call;
    let text = call
        .text(w.index as u8)
        .and_then(|text| text.as_deref().ok());
    match text.or_else(|| call.memory(at).filter(|bytes| bytes.len() >= most)) {
        Some(bytes) => w.quoted(bytes, bytes.len() >= most, most),
        None => w.address(at),
    }
}

pub(super) fn in_hex(w: &mut Writer<'_>, bytes: &[u8]) {
    for b in bytes {
        w.text("\\x");
        hex_bytes_lower(w.out, &[*b]);
    }
}

/// The string that this argument points to, or its address.
pub(super) fn string_argument(w: &mut Writer<'_>, at: u64, limit: usize) {
    let call = w.call;
    match call.text(w.index as u8) {
        Some(Ok(text)) => w.quoted(text, text.len() > limit, limit),
        // Without a NUL before the end of the mapping: as much as would be shown may be there.
        _ => match call.memory(at).filter(|bytes| bytes.len() > limit) {
            Some(bytes) => w.quoted(bytes, true, limit),
            None => w.address(at),
        },
    }
}

impl Writer<'_> {
    /// A string in quotes, at most `limit` bytes of it; `...` behind it says that there is more.
    pub(super) fn quoted(&mut self, bytes: &[u8], is_cut: bool, limit: usize) {
        let shown = &bytes[..bytes.len().min(limit)];
        self.text("\"");
        let is_text = |b: &u8| (0x20..0x7f).contains(b) || (9..14).contains(b);
        let all_hex = match self.options.hex {
            HexStrings::Escapes | HexStrings::Bytes => false,
            HexStrings::NonAscii => !shown.iter().all(is_text),
            HexStrings::All => true,
        };
        if all_hex {
            in_hex(self, shown);
        } else {
            let radix = match self.options.hex {
                HexStrings::Bytes => Radix::Hexadecimal,
                _ => Radix::Octal,
            };
            escaped(self.out, shown, radix);
        }
        self.text("\"");
        if is_cut {
            self.text("...");
        }
    }

    /// The string at an address in memory that was captured, cut at `-s`, or the address.
    pub(super) fn string_at(&mut self, at: u64) {
        let (call, limit) = (self.call, self.options.strings);
        match call.memory(at) {
            Some(bytes) => match memchr::memchr(0, bytes) {
                Some(end) => self.quoted(&bytes[..end], end > limit, limit),
                None if bytes.len() > limit => self.quoted(bytes, true, limit),
                None => self.address(at),
            },
            None => self.address(at),
        }
    }

    /// What goes through a socket: messages of netlink, or a buffer.
    pub(super) fn datagram(&mut self, at: u64, len: u64) {
        match self.netlink_protocol() {
            Some(protocol) if self.is_native() && at != 0 && len > 0 => {
                self.netlink(protocol, at, len);
            }
            _ => self.buffer(at, len),
        }
    }

    /// A buffer of `len` bytes at `at`, as much of it as `-s` allows, or its address.
    pub(super) fn buffer(&mut self, at: u64, len: u64) {
        let limit = self.options.strings;
        if len == 0 && at != 0 {
            self.text("\"\"");
            return;
        }
        if limit == 0 && at != 0 {
            self.text("\"\"...");
            return;
        }
        let call = self.call;
        // What cannot be read whole is not read, but for what is longer than any capture.
        let needed = len.min(limit as u64).min(BLOCK_MAX as u64);
        match call.memory(at).filter(|bytes| bytes.len() as u64 >= needed) {
            Some(bytes) => {
                let bytes = &bytes[..bytes.len().min(len as usize)];
                let is_cut = (bytes.len() as u64) < len || bytes.len() > limit;
                self.quoted(bytes, is_cut, limit);
            }
            None => self.address(at),
        }
    }

    /// The NUL-terminated array of strings of this argument.
    pub(super) fn strings(&mut self, at: u64) {
        let call = self.call;
        let found = call.data(self.index as u8).find_map(|data| match data {
            Data::Strings(argv) => Some(argv),
            _ => None,
        });
        let Some(argv) = found.filter(|argv| !argv.args.is_empty() || argv.incomplete.is_none())
        else {
            self.address(at);
            return;
        };
        let limit = self.options.strings;
        let most = if self.options.verbose {
            usize::MAX
        } else {
            limit
        };
        let shown = argv.args.len().min(most);
        self.group(["[", "]"], |w| {
            for (i, arg) in argv.args[..shown].iter().enumerate() {
                w.separate();
                let is_cut = argv.incomplete.is_some() && i + 1 == argv.args.len();
                w.quoted(arg, is_cut || arg.len() > limit, limit);
            }
            if shown < argv.args.len() || argv.incomplete.is_some() {
                w.more();
            }
        });
    }
}

/// The same for a name in angle brackets, which it must not end.
pub(crate) fn escaped_in_angles(out: &mut Vec<u8>, bytes: &[u8]) {
    for part in bytes.split_inclusive(|b| matches!(b, b'<' | b'>')) {
        let (text, bracket) = match part {
            [text @ .., b'<'] => (text, "\\74"),
            [text @ .., b'>'] => (text, "\\76"),
            text => (text, ""),
        };
        escaped(out, text, Radix::Octal);
        out.extend_from_slice(bracket.as_bytes());
    }
}

/// How bytes are told that have no C escape.
#[derive(Clone, Copy)]
enum Radix {
    Octal,
    Hexadecimal,
}

/// C escapes; octal numbers are as short as the next byte allows.
fn escaped(out: &mut Vec<u8>, bytes: &[u8], radix: Radix) {
    for (i, b) in bytes.iter().enumerate() {
        let short = match b {
            b'"' | b'\\' => *b,
            b'\n' => b'n',
            b'\t' => b't',
            b'\r' => b'r',
            0x0b => b'v',
            0x0c => b'f',
            0x20..=0x7e => {
                out.push(*b);
                continue;
            }
            _ if matches!(radix, Radix::Hexadecimal) => {
                out.extend_from_slice(format!("\\x{b:02x}").as_bytes());
                continue;
            }
            _ => {
                let next_is_digit = bytes.get(i + 1).is_some_and(|b| matches!(b, b'0'..=b'7'));
                let digits = if next_is_digit {
                    format!("\\{b:03o}")
                } else {
                    format!("\\{b:o}")
                };
                out.extend_from_slice(digits.as_bytes());
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
    }
}

/// The kind of what is read from the first argument's file, where it is another thing in each run:
/// random(4), and what proc(5) says of a process or of the moment.
pub(super) fn changing(call: &Call) -> Option<&'static str> {
    let file = call.files.iter().find(|file| file.of == Some(0))?;
    match file.name.as_deref().ok()? {
        b"/dev/urandom" | b"/dev/random" => Some("\"RANDOM\""),
        b"/proc/uptime" | b"/proc/loadavg" | b"/proc/stat" | b"/proc/meminfo" | b"/proc/vmstat" => {
            Some("NOW")
        }
        // A comparison writes an asterisk for the number of a process.
        name => match name.strip_prefix(b"/proc/")?.first()? {
            b'0'..=b'9' | b'*' => Some("NOW"),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_strace() {
        for (what, bytes, wanted) in [
            ("plain", &b"abc"[..], "abc"),
            ("quote", b"a\"b\\", "a\\\"b\\\\"),
            ("white space", b"\t\n\x0b\x0c\r", "\\t\\n\\v\\f\\r"),
            ("short octal", b"\0\x01\x7f\xff", "\\0\\1\\177\\377"),
            ("octal before a digit", b"\x001\x017", "\\0001\\0017"),
            ("octal before no octal digit", b"\x008\x019", "\\08\\19"),
            ("bell and backspace", b"\x07\x08", "\\7\\10"),
        ] {
            let mut out = Vec::new();
            escaped(&mut out, bytes, Radix::Octal);
            assert_eq!(String::from_utf8(out).unwrap(), wanted, "{what}");
        }
    }
}
