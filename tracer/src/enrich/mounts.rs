//! `/proc/thread-self/mountinfo`: which file systems are mounted where (`proc_pid_mountinfo(5)`).

use rustix::fs::{AtFlags, CWD, StatxFlags, statx};

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Number, unique while it is there.
    pub id: u64,
    /// Number of the device, as `MAJOR:MINOR`.
    pub device: String,
    /// Which directory of the file system is mounted.
    pub root: Vec<u8>,
    /// Absolute path where it is mounted.
    pub point: Vec<u8>,
    /// Set-user-id bits and file capabilities say nothing there.
    pub nosuid: bool,
    /// `ext4`, `overlay`, ...
    pub kind: String,
}

impl Mount {
    /// Does its path lead to it, and not to another mount that covers it?
    pub fn is_seen(&self) -> bool {
        is_at(self.id, &self.point)
    }
}

/// Is a path on the mount with this id?
pub fn is_at(id: u64, path: &[u8]) -> bool {
    id_of(path).is_ok_and(|there| there == id)
}

/// The mounts in the text, in its order.
pub fn parse(text: &[u8]) -> Vec<Mount> {
    text.split(|b| *b == b'\n').filter_map(parse_line).collect()
}

fn parse_line(line: &[u8]) -> Option<Mount> {
    let mut words = line.split(|b| *b == b' ');
    let id = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
    // The number of the parent comes between.
    let device = words.nth(1)?;
    let root = unescape(words.next()?);
    let point = unescape(words.next()?);
    let mut options = words.next()?.split(|b| *b == b',');
    let nosuid = options.any(|option| option == b"nosuid");
    let kind = words.skip_while(|word| *word != b"-").nth(1)?;
    Some(Mount {
        id,
        device: String::from_utf8_lossy(device).into_owned(),
        root,
        point,
        nosuid,
        kind: String::from_utf8_lossy(kind).into_owned(),
    })
}

/// Space, tab, line end and backslash are written as three octal digits.
fn unescape(word: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(word.len());
    let mut at = 0;
    while at < word.len() {
        let octal = word[at..]
            .strip_prefix(b"\\")
            .and_then(|rest| rest.get(..3));
        match octal.and_then(|digits| std::str::from_utf8(digits).ok()) {
            Some(digits) if let Ok(byte) = u8::from_str_radix(digits, 8) => {
                out.push(byte);
                at += 4;
            }
            _ => {
                out.push(word[at]);
                at += 1;
            }
        }
    }
    out
}

/// Id of the mount on which a path is.
pub fn id_of(path: &[u8]) -> rustix::io::Result<u64> {
    let flags = AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT;
    statx(CWD, path, flags, StatxFlags::MNT_ID).map(|stat| stat.stx_mnt_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let text =
            b"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n\
            37 35 0:5 / /a\\040b\\134c\\0 rw,nosuid,nodev - overlay overlay rw\n\
            bad\n38 35 0:5 / /x rw\n";
        let wanted = [
            Mount {
                id: 36,
                device: "98:0".to_owned(),
                root: b"/mnt1".to_vec(),
                point: b"/mnt2".to_vec(),
                nosuid: false,
                kind: "ext3".to_owned(),
            },
            Mount {
                id: 37,
                device: "0:5".to_owned(),
                root: b"/".to_vec(),
                point: b"/a b\\c\\0".to_vec(),
                nosuid: true,
                kind: "overlay".to_owned(),
            },
        ];
        assert_eq!(parse(text), wanted);
    }

    #[test]
    fn this_machine() {
        let mounts = parse(&std::fs::read("/proc/thread-self/mountinfo").unwrap());
        let id = id_of(b"/proc/self").unwrap();
        let found = mounts.iter().find(|mount| mount.id == id).unwrap();
        assert_eq!((&*found.point, &*found.kind), (&b"/proc"[..], "proc"));
    }
}
