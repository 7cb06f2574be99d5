//! Values of fields, from text and to text as auditctl lists them. Knows nothing of whole rules.

use std::fmt;

use nix::errno::Errno;

use super::{
    ast::{Cmp, Value},
    field::{Field, Kind},
};
use crate::{calls::Arch, enrich::users, records::RecordType, words::nearest};

/// The kernel's "unset" of user ids and sessions.
pub const UNSET: i64 = u32::MAX as i64;

/// `AF_MAX` of `linux/socket.h` in Linux 6.18.
const AF_MAX: i64 = 46;

/// What a call does to a file: the letters of `-p` and the bits of `linux/audit.h`
/// (`AUDIT_PERM_READ` and so on).
pub const PERMS: [(char, i64); 4] = [('r', 4), ('w', 2), ('x', 1), ('a', 8)];

/// `-F filetype`: names, and the bits of `st_mode` (inode(7)).
const FILE_TYPES: [(&str, i64); 7] = [
    ("file", 0o100_000),
    ("dir", 0o040_000),
    ("socket", 0o140_000),
    ("link", 0o120_000),
    ("character", 0o020_000),
    ("block", 0o060_000),
    ("fifo", 0o010_000),
];

/// `-F fstype`: the file systems that the kernel lets a rule name, and their magic numbers
/// (`linux/magic.h`).
const FS_TYPES: [(&str, i64); 2] = [("debugfs", 0x6462_6720), ("tracefs", 0x7472_6163)];

/// Name of a type of file system.
pub(super) fn fs_type(magic: i64) -> Option<&'static str> {
    let found = FS_TYPES.iter().find(|(_, m)| *m == magic);
    found.map(|(name, _)| *name)
}

/// Families of socket addresses with the names that people use (`linux/socket.h`).
const FAMILIES: [(&str, i64); 8] = [
    ("unix", 1),
    ("local", 1),
    ("inet", 2),
    ("inet6", 10),
    ("netlink", 16),
    ("packet", 17),
    ("bluetooth", 31),
    ("vsock", 40),
];

/// Names of architectures as auditctl takes them.
const ARCHES: [(&str, Arch); 8] = [
    ("b64", Arch::NATIVE),
    ("b32", Arch::I386),
    ("x86_64", Arch::X86_64),
    ("i386", Arch::I386),
    ("i486", Arch::I386),
    ("i586", Arch::I386),
    ("i686", Arch::I386),
    ("aarch64", Arch::Aarch64),
];

/// A value that is none: what is wrong, and what would be right.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadValue {
    pub(super) what: String,
    pub(super) help: String,
    /// Another machine may have it.
    pub(super) lacking: bool,
}

/// A name that this machine does not know.
fn lacking(what: impl fmt::Display, help: impl fmt::Display) -> BadValue {
    BadValue {
        lacking: true,
        ..bad(what, help)
    }
}

fn bad(what: impl fmt::Display, help: impl fmt::Display) -> BadValue {
    BadValue {
        what: what.to_string(),
        help: help.to_string(),
        lacking: false,
    }
}

/// Reads the value of a field.
pub(super) fn parse(field: Field, text: &str) -> Result<Value, BadValue> {
    let name = field.as_str();
    let number = |n: Result<i64, BadValue>| n.map(Value::Number);
    match field.kind() {
        Kind::User => number(user(text)),
        Kind::Group => number(group(text)),
        Kind::Number if field == Field::SaddrFam => number(family(text)),
        Kind::Number if field == Field::SessionId && (text == "unset" || text == "-1") => {
            Ok(Value::Number(UNSET))
        }
        Kind::Number => number(unsigned(name, text)),
        Kind::Bits => number(integer(text).ok_or_else(|| not_a_number(name)).and_then(
            // A register of any width, but the rule holds 32 bits (`struct audit_field`).
            |n| {
                if (i64::from(i32::MIN)..=UNSET).contains(&n) {
                    Ok(i64::from(n as u32))
                } else {
                    Err(bad(
                        format!("value of {name} is too large"),
                        "a rule holds 32 bits of an argument",
                    ))
                }
            },
        )),
        Kind::Errno => number(errno(text)),
        Kind::RecordType => number(record_type(text)),
        Kind::Arch => number(arch(text).map(|a| i64::from(a.audit()))),
        Kind::Perm => number(perm(text)),
        Kind::FileType => number(one_of("file type", text, &FILE_TYPES)),
        Kind::FsType => number(one_of("file system type", text, &FS_TYPES)),
        Kind::Path => path(field, text).map(Value::Text),
        Kind::Label | Kind::Key => Ok(Value::Text(text.to_owned())),
    }
}

/// A number as strtol(3) reads it with base 0: decimal, 0octal, 0xhex, with a sign.
fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let hex = digits.strip_prefix("0x").or(digits.strip_prefix("0X"));
    let value = match hex {
        Some(hex) => i64::from_str_radix(hex, 16),
        None if digits.len() > 1 && digits.starts_with('0') => i64::from_str_radix(digits, 8),
        None => digits.parse(),
    };
    let plain = digits.chars().next().is_some_and(|c| c.is_ascii_digit());
    value
        .ok()
        .filter(|_| plain)
        .map(|n| if negative { -n } else { n })
}

fn not_a_number(name: &str) -> BadValue {
    let help = if name == "success" {
        "expected a number: 1 for success, 0 for failure"
    } else {
        "expected a number: decimal, 0octal or 0xhex"
    };
    bad(format!("value of {name} is not a number"), help)
}

fn unsigned(name: &str, text: &str) -> Result<i64, BadValue> {
    match integer(text) {
        Some(n) if (0..=UNSET).contains(&n) => Ok(n),
        Some(_) => Err(bad(
            format!("value of {name} is out of range"),
            format!("expected 0 to {UNSET}"),
        )),
        None => Err(not_a_number(name)),
    }
}

/// A user by name, by number, or `unset`.
fn user(text: &str) -> Result<i64, BadValue> {
    if let Some(id) = id(text) {
        return Ok(id);
    }
    match nix::unistd::User::from_name(text) {
        Ok(Some(user)) => Ok(user.uid.as_raw().into()),
        Ok(None) => Err(lacking(
            format!("unknown user `{text}`"),
            users::instead(
                text,
                users::USERS,
                "expected a name of passwd(5), a number or `unset`",
            ),
        )),
        Err(error) => Err(bad(
            format!("cannot look up user `{text}`: {error}"),
            "give a number",
        )),
    }
}

/// A group by name or number.
fn group(text: &str) -> Result<i64, BadValue> {
    if let Some(id) = id(text) {
        return Ok(id);
    }
    match nix::unistd::Group::from_name(text) {
        Ok(Some(group)) => Ok(group.gid.as_raw().into()),
        Ok(None) => Err(lacking(
            format!("unknown group `{text}`"),
            users::instead(
                text,
                users::GROUPS,
                "expected a name of group(5), a number or `unset`",
            ),
        )),
        Err(error) => Err(bad(
            format!("cannot look up group `{text}`: {error}"),
            "give a number",
        )),
    }
}

/// `unset`, `-1` or a number; `None` for anything else.
fn id(text: &str) -> Option<i64> {
    if text == "unset" {
        return Some(UNSET);
    }
    let n: i64 = text.parse().ok()?;
    match n {
        -1 => Some(UNSET),
        n => (0..=UNSET).contains(&n).then_some(n),
    }
}

fn errno(text: &str) -> Result<i64, BadValue> {
    if let Some(n) = integer(text) {
        return i32::try_from(n).map(Into::into).map_err(|_| {
            bad(
                "value of exit is out of range",
                "a result has 32 bits in a rule",
            )
        });
    }
    let (sign, name) = match text.strip_prefix('-') {
        Some(name) => (-1, name),
        None => (1, text),
    };
    let names = || (1..4096).map(Errno::from_raw).filter(|e| known_errno(*e));
    names()
        .find(|e| errno_name(*e as i64).as_deref() == Some(name))
        .map(|e| sign * e as i64)
        .ok_or_else(|| {
            let near = names().filter_map(|e| errno_name(e as i64));
            let all: Vec<String> = near.collect();
            let near = nearest(name, all.iter().map(String::as_str))
                .map(|n| format!("did you mean `-{n}`? "))
                .unwrap_or_default();
            bad(
                format!("unknown errno `{text}`"),
                format!("{near}expected a number or a name of errno(3), such as -EACCES"),
            )
        })
}

fn known_errno(errno: Errno) -> bool {
    errno != Errno::UnknownErrno
}

/// Name of an errno.
pub(super) fn errno_name(n: i64) -> Option<String> {
    let errno = Errno::from_raw(i32::try_from(n).ok()?);
    known_errno(errno).then(|| format!("{errno:?}"))
}

fn record_type(text: &str) -> Result<i64, BadValue> {
    if let Some(n) = integer(text) {
        return u16::try_from(n).map(Into::into).map_err(|_| {
            bad(
                "value of msgtype is out of range",
                "record types are below 65536",
            )
        });
    }
    let known = RecordType::from_name(text.as_bytes());
    known.map(|kind| kind.0.into()).ok_or_else(|| {
        let near = nearest(text, RecordType::names())
            .map(|n| format!("did you mean `{n}`? "))
            .unwrap_or_default();
        bad(
            format!("unknown record type `{text}`"),
            format!("{near}expected a number or a name such as SYSCALL or CWD"),
        )
    })
}

/// An architecture by one of its names, or by its `AUDIT_ARCH_...` number in hexadecimal.
pub(super) fn arch(text: &str) -> Result<Arch, BadValue> {
    let by_number = || {
        let n = u32::from_str_radix(text.strip_prefix("0x").unwrap_or(text), 16).ok()?;
        arch_of(n.into())
    };
    ARCHES
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, arch)| *arch)
        .or_else(by_number)
        .ok_or_else(|| {
            let names: Vec<_> = ARCHES.iter().map(|(name, _)| *name).collect();
            bad(
                format!("unknown architecture `{text}`"),
                format!("expected one of {}", names.join(", ")),
            )
        })
}

/// The table behind an `AUDIT_ARCH_...` number.
pub fn arch_of(number: i64) -> Option<Arch> {
    [Arch::X86_64, Arch::I386, Arch::Aarch64]
        .into_iter()
        .find(|arch| i64::from(arch.audit()) == number)
}

/// Letters of `-p` as bits.
pub(super) fn perm(text: &str) -> Result<i64, BadValue> {
    let mut bits = 0;
    for letter in text.chars() {
        let bit = PERMS
            .iter()
            .find(|(l, _)| *l == letter.to_ascii_lowercase());
        let Some((_, bit)) = bit else {
            return Err(bad(
                format!("`{letter}` is no permission"),
                "expected some of r (read), w (write), x (execute), a (attribute)",
            ));
        };
        bits |= bit;
    }
    if bits == 0 {
        return Err(bad("no permission given", "expected some of rwxa"));
    }
    Ok(bits)
}

fn family(text: &str) -> Result<i64, BadValue> {
    let number = match integer(text) {
        Some(n) => n,
        None => one_of("address family", text, &FAMILIES)?,
    };
    if (0..AF_MAX).contains(&number) {
        Ok(number)
    } else {
        Err(bad(
            "value of saddr_fam is out of range",
            format!("address families are below {AF_MAX}"),
        ))
    }
}

/// A word of a list, or its number.
fn one_of(what: &str, text: &str, words: &[(&str, i64)]) -> Result<i64, BadValue> {
    let number = |n: &i64| words.iter().any(|(_, known)| known == n);
    words
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, n)| *n)
        .or_else(|| integer(text).filter(|n| what == "address family" || number(n)))
        .ok_or_else(|| {
            let names: Vec<_> = words.iter().map(|(name, _)| *name).collect();
            bad(
                format!("unknown {what} `{text}`"),
                format!("expected one of {}", names.join(", ")),
            )
        })
}

/// `PATH_MAX` of `linux/limits.h`, with its NUL.
const PATH_MAX: usize = 4096;

fn path(field: Field, text: &str) -> Result<String, BadValue> {
    if !text.starts_with('/') {
        return Err(bad(
            format!("{} `{text}` is not an absolute path", field.as_str()),
            "expected a path that begins with `/`",
        ));
    }
    if field == Field::Path && text.len() > 1 && text.ends_with('/') {
        return Err(bad(
            format!("path `{text}` ends with a slash"),
            "use -F dir= for a tree",
        ));
    }
    if text.len() >= PATH_MAX {
        return Err(bad(
            "the path is too long",
            format!("the kernel takes at most {} bytes", PATH_MAX - 1),
        ));
    }
    Ok(text.to_owned())
}

/// Writes a value as auditctl lists it. `interpret`: as `-l -i` does.
pub(super) fn write(
    out: &mut String,
    field: Field,
    cmp: Cmp,
    value: &Value,
    interpret: bool,
) -> fmt::Result {
    use fmt::Write;
    let n = match value {
        Value::Text(text) => return out.write_str(text),
        Value::Number(n) => *n,
    };
    match field.kind() {
        Kind::User | Kind::Group if n == UNSET => {
            out.write_str(if interpret { "unset" } else { "-1" })
        }
        Kind::Number if field == Field::SessionId && n == UNSET => {
            out.write_str(if interpret { "unset" } else { "-1" })
        }
        Kind::Bits => write!(out, "0x{n:X}"),
        Kind::Errno => match (n < 0, errno_name(-n)) {
            (true, Some(name)) => write!(out, "-{name}"),
            _ => write!(out, "{n}"),
        },
        Kind::RecordType => match u16::try_from(n).ok().and_then(|n| RecordType(n).name()) {
            Some(name) => out.write_str(name),
            None => write!(out, "{n}"),
        },
        Kind::Arch => out.write_str(arch_word(n, interpret)),
        Kind::Perm => {
            let letters = PERMS.iter().filter(|(_, bit)| n & bit != 0);
            letters.map(|(l, _)| *l).try_for_each(|l| out.write_char(l))
        }
        Kind::FsType => match fs_type(n) {
            Some(name) => out.write_str(name),
            None => write!(out, "{n}"),
        },
        Kind::User
        | Kind::Group
        | Kind::Number
        | Kind::FileType
        | Kind::Path
        | Kind::Label
        | Kind::Key => {
            debug_assert!(field.ops().has(cmp), "a checked rule");
            write!(out, "{n}")
        }
    }
}

fn arch_word(n: i64, interpret: bool) -> &'static str {
    match arch_of(n) {
        Some(arch) if interpret => arch.as_str(),
        Some(Arch::I386) => "b32",
        _ => "b64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let rows: &[(Field, &str, Option<i64>)] = &[
            (Field::Uid, "root", Some(0)),
            (Field::Uid, "1000", Some(1000)),
            (Field::Auid, "unset", Some(UNSET)),
            (Field::Auid, "-1", Some(UNSET)),
            (Field::Auid, "4294967295", Some(UNSET)),
            (Field::Auid, "4294967296", None),
            (Field::Uid, "=0", None),
            (Field::Uid, "-2", None),
            (Field::Gid, "root", Some(0)),
            (Field::Gid, "nosuchgroup", None),
            (Field::Exit, "-EACCES", Some(-13)),
            (Field::Exit, "EACCES", Some(13)),
            (Field::Exit, "-13", Some(-13)),
            (Field::Exit, "NOPE", None),
            (Field::Exit, "99999999999", None),
            (Field::A0, "0100", Some(0o100)),
            (Field::A0, "0x7C020000", Some(0x7c02_0000)),
            (Field::A0, "-100", Some(0xffff_ff9c)),
            (Field::A0, "abc", None),
            (Field::A0, "0x1ffffffff", None),
            (Field::A0, "", None),
            (Field::A0, "+1", None),
            (Field::A0, "--1", None),
            (Field::Pid, "1", Some(1)),
            (Field::Pid, "abc", None),
            (Field::Success, "yes", None),
            (Field::MsgType, "CWD", Some(1307)),
            (Field::MsgType, "1300", Some(1300)),
            (Field::MsgType, "70000", None),
            (Field::Perm, "wa", Some(10)),
            (Field::Perm, "q", None),
            (Field::Perm, "", None),
            (Field::FileType, "file", Some(0o100_000)),
            (Field::FileType, "32768", Some(0o100_000)),
            (Field::FileType, "7", None),
            (Field::FsType, "tracefs", Some(0x7472_6163)),
            (Field::FsType, "ext4", None),
            (Field::SaddrFam, "inet", Some(2)),
            (Field::SaddrFam, "200", None),
            (Field::Arch, "b32", Some(0x4000_0003)),
            (Field::Arch, "c000003e", Some(0xc000_003e)),
            (Field::Arch, "foo", None),
        ];
        for (field, text, wanted) in rows {
            let got = parse(*field, text).ok().map(|value| match value {
                Value::Number(n) => n,
                Value::Text(_) => panic!("{text} is text"),
            });
            assert_eq!(got, *wanted, "{}={text}", field.as_str());
        }
    }

    #[test]
    fn paths() {
        for (field, text, good) in [
            (Field::Path, "/etc/passwd", true),
            (Field::Path, "etc", false),
            (Field::Path, "", false),
            (Field::Path, "/etc/", false),
            (Field::Dir, "/etc/", true),
            (Field::Exe, "true", false),
        ] {
            assert_eq!(
                parse(field, text).is_ok(),
                good,
                "{}={text}",
                field.as_str()
            );
        }
        assert!(parse(Field::Path, &format!("/{}", "a".repeat(4095))).is_err());
    }
}
