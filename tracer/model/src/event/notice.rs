//! What the notification interfaces of the kernel call an event: the bits of inotify(7), which
//! fanotify(7) shares, and their names as inotifywait(1) has them.

use serde::{Deserialize, Serialize};

use super::Op;
use super::{Call, Event, PathItem};

/// One notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `IN_...` bits (`linux/inotify.h`); at least one of [`ALL_EVENTS`] or of what the kernel
    /// adds unasked ([`UNMOUNT`], [`IGNORED`]), and [`ISDIR`] for a directory.
    pub mask: u32,
    /// The same number in both halves of a rename, else 0.
    pub cookie: u32,
    /// It is about the watched object, not about a name in it.
    pub itself: bool,
}

/// `IN_ACCESS`.
pub const ACCESS: u32 = libc::IN_ACCESS;
/// `IN_MODIFY`.
pub const MODIFY: u32 = libc::IN_MODIFY;
/// `IN_ATTRIB`.
pub const ATTRIB: u32 = libc::IN_ATTRIB;
/// `IN_CLOSE_WRITE`.
pub const CLOSE_WRITE: u32 = libc::IN_CLOSE_WRITE;
/// `IN_CLOSE_NOWRITE`.
pub const CLOSE_NOWRITE: u32 = libc::IN_CLOSE_NOWRITE;
/// `IN_OPEN`.
pub const OPEN: u32 = libc::IN_OPEN;
/// `IN_MOVED_FROM`.
pub const MOVED_FROM: u32 = libc::IN_MOVED_FROM;
/// `IN_MOVED_TO`.
pub const MOVED_TO: u32 = libc::IN_MOVED_TO;
/// `IN_CREATE`.
pub const CREATE: u32 = libc::IN_CREATE;
/// `IN_DELETE`.
pub const DELETE: u32 = libc::IN_DELETE;
/// `IN_DELETE_SELF`.
pub const DELETE_SELF: u32 = libc::IN_DELETE_SELF;
/// `IN_MOVE_SELF`.
pub const MOVE_SELF: u32 = libc::IN_MOVE_SELF;
/// `IN_UNMOUNT`: comes unasked.
pub const UNMOUNT: u32 = libc::IN_UNMOUNT;
/// `IN_IGNORED`: the end of a watch; comes unasked.
pub const IGNORED: u32 = libc::IN_IGNORED;
/// `IN_ISDIR`.
pub const ISDIR: u32 = libc::IN_ISDIR;
/// `IN_ALL_EVENTS`.
pub const ALL_EVENTS: u32 = libc::IN_ALL_EVENTS;

/// tracer's own, a bit that inotify(7) does not use: the second of the two renames of an exchange
/// (renameat2(2), `RENAME_EXCHANGE`). What the rename before it has replaced has the new name now,
/// and the old name is still there.
pub const EXCHANGE: u32 = 0x0800_0000;

const CLOSE: u32 = CLOSE_WRITE | CLOSE_NOWRITE;
const MOVE: u32 = MOVED_FROM | MOVED_TO;

/// Every name with its bits, in the order in which inotifywait prints them. A name of several bits
/// is printed when one of them is there, if it is to be printed at all.
const NAMES: [(&str, u32, bool); 20] = [
    ("ACCESS", ACCESS, true),
    ("MODIFY", MODIFY, true),
    ("ATTRIB", ATTRIB, true),
    ("CLOSE_WRITE", CLOSE_WRITE, true),
    ("CLOSE_NOWRITE", CLOSE_NOWRITE, true),
    ("OPEN", OPEN, true),
    ("MOVED_FROM", MOVED_FROM, true),
    ("MOVED_TO", MOVED_TO, true),
    ("CREATE", CREATE, true),
    ("DELETE", DELETE, true),
    ("DELETE_SELF", DELETE_SELF, true),
    ("UNMOUNT", UNMOUNT, true),
    ("Q_OVERFLOW", libc::IN_Q_OVERFLOW, true),
    ("IGNORED", IGNORED, true),
    ("CLOSE", CLOSE, true),
    ("MOVE_SELF", MOVE_SELF, true),
    ("ISDIR", ISDIR, true),
    ("ONESHOT", libc::IN_ONESHOT, true),
    ("MOVE", MOVE, false),
    ("ALL_EVENTS", ALL_EVENTS, false),
];

/// What each notification is as an operation.
const OPS: [(u32, Op); 12] = [
    (CREATE, Op::Create),
    (DELETE | DELETE_SELF | UNMOUNT, Op::Delete),
    (MOVED_FROM | MOVED_TO | MOVE_SELF, Op::Rename),
    (MODIFY, Op::Write),
    (ATTRIB, Op::Attribute),
    (CLOSE_WRITE, Op::Close),
    (CLOSE_NOWRITE, Op::Close),
    (OPEN, Op::Read),
    (ACCESS, Op::Read),
    (IGNORED, Op::Delete),
    (libc::IN_Q_OVERFLOW, Op::Other),
    (ISDIR, Op::Other),
];

impl Notice {
    /// Appends the names of the bits, as inotifywait does.
    pub fn names(self, out: &mut Vec<u8>, separator: u8) {
        let start = out.len();
        for (name, bits, _) in NAMES
            .iter()
            .filter(|(_, bits, printed)| *printed && self.mask & bits != 0)
        {
            debug_assert!(*bits != 0);
            if out.len() > start {
                out.push(separator);
            }
            out.extend_from_slice(name.as_bytes());
        }
        if out.len() == start {
            out.extend_from_slice(format!("0x{:08x}", self.mask).as_bytes());
        }
    }

    /// The operation that it is; a notification of several bits is the first of them.
    pub fn op(self) -> Op {
        OPS.iter()
            .find(|(bits, _)| self.mask & bits != 0)
            .map_or(Op::Other, |(_, op)| *op)
    }
}

/// The bits of a list of names such as `create,close_write`, in any case. As in inotifywait, an
/// empty name empties the list.
pub fn parse(list: &str) -> Option<u32> {
    let mut all = 0;
    for name in list.split(',') {
        if name.is_empty() {
            return Some(0);
        }
        let (_, bits, _) = NAMES
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        all |= bits;
    }
    Some(all)
}

/// The names that [`parse`] takes and that can be asked for.
pub fn known_names() -> Vec<String> {
    let asked = NAMES
        .iter()
        .filter(|(_, bits, _)| bits & (ALL_EVENTS | UNMOUNT) != 0);
    let names = asked.flat_map(|(name, ..)| name.split(" or "));
    names.map(str::to_ascii_lowercase).collect()
}

/// The operations that these notifications can be.
pub fn ops(mask: u32) -> impl Iterator<Item = Op> {
    OPS.iter()
        .filter(move |(bits, op)| mask & bits != 0 && *op != Op::Other)
        .map(|(_, op)| *op)
}

/// Does the call itself say that its object is a directory?
fn is_about_directory(call: &Call) -> bool {
    match call.arch.name(call.nr) {
        Some("mkdir" | "mkdirat" | "rmdir") => true,
        Some("unlinkat") => {
            let remove_dir = u64::from(libc::AT_REMOVEDIR.unsigned_abs());
            call.args.is_ok_and(|args| args[2] & remove_dir != 0)
        }
        _ => false,
    }
}

impl Event {
    /// What inotify(7) would call it: the source's own word, or what comes nearest to the
    /// operation. A rename with both names is both halves.
    pub fn as_notice(&self) -> Notice {
        if let Some(notice) = self.notice {
            return notice;
        }
        let mask = match self.op {
            Op::Read | Op::Execute => OPEN,
            Op::Write => OPEN | MODIFY,
            Op::Create => CREATE,
            Op::Delete => DELETE,
            Op::Rename if self.paths.len() > 1 => MOVE,
            Op::Rename => MOVED_FROM,
            Op::Attribute => ATTRIB,
            Op::Close => CLOSE_WRITE,
            Op::Mount | Op::Fork | Op::Exit | Op::Signal | Op::Creds | Op::Kernel | Op::Other => 0,
        };
        let is_dir = self.is_dir
            || self.call.as_ref().is_some_and(is_about_directory)
            || self.paths.last().is_some_and(|path| {
                path.file
                    .is_some_and(|file| file.mode & libc::S_IFMT == libc::S_IFDIR)
            });
        Notice {
            mask: mask | if is_dir { ISDIR } else { 0 },
            ..Notice::default()
        }
    }

    /// The path that a notification names: of a rename of which only the first half is meant, that
    /// is the old one.
    pub fn named(&self) -> Option<&PathItem> {
        let is_first_half = |notice: Notice| notice.mask & MOVE == MOVED_FROM;
        if self.notice.is_some_and(is_first_half) {
            self.paths.first()
        } else {
            self.paths.last()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_inotifywait_prints_them() {
        for (mask, wanted) in [
            (CREATE | ISDIR, "CREATE,ISDIR"),
            (CLOSE_WRITE, "CLOSE_WRITE,CLOSE"),
            (CLOSE_NOWRITE | ISDIR, "CLOSE_NOWRITE,CLOSE,ISDIR"),
            (MOVED_TO, "MOVED_TO"),
            (DELETE_SELF, "DELETE_SELF"),
            (0, "0x00000000"),
        ] {
            let mut out = Vec::new();
            let notice = Notice {
                mask,
                ..Notice::default()
            };
            notice.names(&mut out, b',');
            assert_eq!(String::from_utf8(out).unwrap(), wanted);
        }
    }

    #[test]
    fn lists_as_inotifywait_takes_them() {
        for (text, wanted) in [
            ("create", Some(CREATE)),
            ("Create,DELETE", Some(CREATE | DELETE)),
            ("move", Some(MOVED_FROM | MOVED_TO)),
            ("close", Some(CLOSE_WRITE | CLOSE_NOWRITE)),
            ("create,", Some(0)),
            ("", Some(0)),
            ("creat", None),
            ("create,nonsense", None),
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
    }
}
