//! Names that the kernel side could not follow to their file: relative to a directory that it
//! did know, looked up in the file system as it is now.
//!
//! A lookup is not the kernel's truth of the moment; [`Via`] says how a path became known.

use std::{
    collections::HashMap,
    os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd},
};

use bytes::{Bytes, BytesMut};
use rustix::{
    fs::{Mode, OFlags, open, readlink},
    io::Errno,
};

use tracer_ebpf::abi::rules::MET_MAX;

use super::{
    lookup::{self, HERE},
    pids,
};
use crate::event::{Known, Unknown, Via};

/// Where a name is looked up.
pub struct Place<'a> {
    /// What `/proc` calls the process and the thread that passed the name, where it shows them.
    pub id: Option<(u32, u32)>,
    /// Its mount namespace, when it is not the tracer's.
    pub mnt_ns: Option<u32>,
    /// Its root directory, when it is in a chroot.
    pub root: Option<&'a Bytes>,
    /// Its root directory is not below the tracer's own, as the tracer sees it.
    pub elsewhere: bool,
    /// Directory that relative names start from.
    pub base: &'a Known<Bytes>,
}

impl Place<'_> {
    /// The directory that a name starts from.
    fn start(&self, name: &[u8]) -> Known<&[u8]> {
        match (name.first() == Some(&b'/'), self.base) {
            (true, _) if self.elsewhere => Err(Unknown::OutsideRoot),
            (true, _) => Ok(self.root.map_or(b"/", |root| root)),
            (false, Ok(base)) => Ok(base),
            (false, Err(Unknown::OutsideRoot)) => Err(Unknown::OutsideRoot),
            (false, Err(_)) => Err(Unknown::UnknownBase),
        }
    }

    /// The absolute path of an absolute name that starts from a root outside of the tracer's own: it
    /// may lead inside all the same.
    fn of_elsewhere(&self, name: &Bytes, follow: bool, is_below: IsBelow<'_>) -> Resolved {
        let (directory, last) = split(name);
        let whole = follow || is_dots(last);
        let (look, last) = if whole {
            (found(self.open_in_root(name), is_below), None)
        } else {
            (found(self.open_in_root(&directory), is_below), Some(last))
        };
        let via = if look == Look::Unanswered {
            Via::Requested
        } else {
            Via::Lookup
        };
        match look {
            // What is not inside has no name here, or that of another file.
            Look::Found(found) if found.below.inside => match last {
                Some(last) => Resolved::new(join(&found.path, last), via, found.below.name()),
                None => Resolved::new(found.path, via, found.below),
            },
            Look::Found(_) | Look::Nothing | Look::Unanswered => Resolved {
                via,
                ..Resolved::outside()
            },
        }
    }

    /// The absolute path of `name` by its text alone.
    pub fn by_text(&self, name: &[u8]) -> Resolved {
        Resolved {
            path: self
                .start(name)
                .map(|base| lexical(&join(base, name), self.root)),
            via: Via::Lexical,
            below: Below::default(),
        }
    }
}

/// What the kernel side knows of a file and what is above it, whatever its path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing, and no two belong together"
)]
pub struct Below {
    /// It is at or below a watched root.
    pub root: bool,
    /// It is in the directory of a watched file.
    pub near: bool,
    /// It is the directory of a watched file.
    pub holds: bool,
    /// It is below the tracer's own root directory, and in its mount namespace.
    pub inside: bool,
    /// Numbers of the watched files and trees of a rule set that it is at or below; 0 is none.
    pub met: [u64; MET_MAX],
}

impl Below {
    /// What a name in this directory is at or below.
    #[must_use]
    pub fn name(self) -> Self {
        Self {
            near: self.holds,
            holds: false,
            ..self
        }
    }
}

/// Is this the file that has this path here?
pub fn is_here(path: &[u8], ino: u64) -> bool {
    let status = lookup::open(HERE, path, false).and_then(lookup::status);
    status.is_ok_and(|status| status.stx_ino == ino)
}

/// Tells of an open file what it is at or below.
pub type IsBelow<'a> = &'a mut dyn FnMut(BorrowedFd<'_>) -> Below;

/// What a lookup found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    path: Bytes,
    below: Below,
}

/// What came of a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Look {
    Found(Found),
    /// There is nothing, or nothing with a path.
    Nothing,
    /// A file system would have to be asked that may never answer.
    Unanswered,
}

/// A name, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Absolute path.
    pub path: Known<Bytes>,
    /// How it became known.
    pub via: Via,
    /// What the lookup went through is at or below a watched root.
    pub below: Below,
}

impl Resolved {
    fn new(path: Bytes, via: Via, below: Below) -> Self {
        Self {
            path: Ok(path),
            via,
            below,
        }
    }

    /// Nobody can say what it is called here.
    fn outside() -> Self {
        Self {
            path: Err(Unknown::OutsideRoot),
            via: Via::Lexical,
            below: Below::default(),
        }
    }
}

/// Resolves names, remembering directories for one batch of events.
#[derive(Default)]
pub struct Resolver {
    /// (process whose root is used or 0, absolute directory as named) -> as resolved.
    directories: HashMap<(u32, Bytes), Look>,
}

impl Resolver {
    /// Forgets what was looked up: the file system may have changed.
    pub fn new_batch(&mut self) {
        self.directories.clear();
    }

    /// The absolute path of `name`, which is not empty. `follow`: a symlink in the last
    /// component is followed.
    pub fn resolve(
        &mut self,
        place: &Place<'_>,
        name: &Bytes,
        follow: bool,
        is_below: IsBelow<'_>,
    ) -> Resolved {
        if name.starts_with(b"/") && place.elsewhere {
            return place.of_elsewhere(name, follow, is_below);
        }
        let is_plain = is_plain(name);
        let Ok(base) = place.start(name) else {
            return place.unknown(name);
        };
        if is_plain && !follow {
            return Resolved::new(join(base, name), Via::Base, Below::default());
        }
        let whole = join(base, &own_names(place, name));
        let (directory, last) = split(&whole);
        if follow || is_dots(last) {
            match look_up(place, &whole, is_below) {
                Look::Found(found) => {
                    let via = if is_plain && found.path == whole {
                        Via::Base
                    } else {
                        Via::Lookup
                    };
                    return Resolved::new(found.path, via, found.below);
                }
                Look::Nothing => {}
                Look::Unanswered => return requested(place, &whole),
            }
            if is_plain {
                return Resolved::new(whole, Via::Base, Below::default());
            }
        }
        if place.elsewhere {
            return match look_up(place, &directory, is_below) {
                Look::Found(found) if !is_dots(last) => {
                    Resolved::new(join(&found.path, last), Via::Lookup, found.below.name())
                }
                _ => Resolved::outside(),
            };
        }
        if is_dots(last) {
            return Resolved::new(lexical(&whole, place.root), Via::Lexical, Below::default());
        }
        match self.directory(place, &directory, is_below) {
            Look::Found(found) => {
                Resolved::new(join(&found.path, last), Via::Lookup, found.below.name())
            }
            Look::Nothing => {
                Resolved::new(lexical(&whole, place.root), Via::Lexical, Below::default())
            }
            Look::Unanswered => requested(place, &whole),
        }
    }

    fn directory(&mut self, place: &Place<'_>, directory: &Bytes, is_below: IsBelow<'_>) -> Look {
        let private = place.mnt_ns.is_some() || place.root.is_some();
        if private && place.id.is_none() {
            return look_up(place, directory, is_below);
        }
        let process = place.id.filter(|_| private).map_or(0, |(pid, _)| pid);
        let key = (process, directory.clone());
        if let Some(known) = self.directories.get(&key) {
            return known.clone();
        }
        let found = look_up(place, directory, is_below);
        self.directories.insert(key, found.clone());
        found
    }
}

impl Place<'_> {
    /// A name in a directory whose path is not known. Of one component, the directory is known all
    /// the same.
    fn unknown(&self, name: &[u8]) -> Resolved {
        let by_text = self.by_text(name);
        if is_plain(name) {
            Resolved {
                via: Via::Base,
                ..by_text
            }
        } else {
            by_text
        }
    }
}

/// A path that was asked for, of which nobody can say where it leads.
fn requested(place: &Place<'_>, whole: &[u8]) -> Resolved {
    let path = lexical(whole, place.root);
    Resolved::new(path, Via::Requested, Below::default())
}

/// Is it one component, in the directory itself?
fn is_plain(name: &[u8]) -> bool {
    memchr::memchr(b'/', name).is_none() && !is_dots(name)
}

fn is_dots(name: &[u8]) -> bool {
    name.is_empty() || name == b"." || name == b".."
}

/// Names that mean something else for each process, with what they mean for this one.
/// `/dev/fd` and its like are symlinks into `/proc/self` (proc(5), fd(4)).
fn own_names<'a>(place: &Place<'_>, name: &'a [u8]) -> std::borrow::Cow<'a, [u8]> {
    // No name of a relative path or below another directory needs a look.
    if !name.starts_with(b"/proc/") && !name.starts_with(b"/dev/") {
        return name.into();
    }
    let Some((pid, tid)) = own_numbers(place) else {
        return name.into();
    };
    let names: [(&[u8], &dyn Fn() -> String); 6] = [
        (b"/proc/self", &|| format!("/proc/{pid}")),
        (b"/proc/thread-self", &|| format!("/proc/{pid}/task/{tid}")),
        (b"/dev/fd", &|| format!("/proc/{pid}/fd")),
        (b"/dev/stdin", &|| format!("/proc/{pid}/fd/0")),
        (b"/dev/stdout", &|| format!("/proc/{pid}/fd/1")),
        (b"/dev/stderr", &|| format!("/proc/{pid}/fd/2")),
    ];
    names
        .iter()
        .find_map(|(own, meant)| {
            let tail = name.strip_prefix(*own)?;
            (tail.is_empty() || tail[0] == b'/').then(|| [meant().as_bytes(), tail].concat().into())
        })
        .unwrap_or_else(|| name.into())
}

/// What the process is called in the `/proc` that it sees: in another mount namespace that is as a
/// rule one of its own pid namespace.
fn own_numbers(place: &Place<'_>) -> Option<(u32, u32)> {
    let (pid, tid) = place.id?;
    if place.mnt_ns.is_none() {
        return Some((pid, tid));
    }
    Some((pids::innermost(pid)?, pids::innermost(tid)?))
}

/// `base/name`, where an absolute `name` is taken below `base`.
fn join(base: &[u8], name: &[u8]) -> Bytes {
    let mut path = BytesMut::with_capacity(base.len() + name.len() + 1);
    path.extend_from_slice(base.strip_suffix(b"/").unwrap_or(base));
    path.extend_from_slice(b"/");
    path.extend_from_slice(name.strip_prefix(b"/").unwrap_or(name));
    path.freeze()
}

/// Directory and last component; slashes at the end do not count.
fn split(path: &Bytes) -> (Bytes, &[u8]) {
    let end = path.iter().rposition(|b| *b != b'/').map_or(0, |i| i + 1);
    let start = path[..end]
        .iter()
        .rposition(|b| *b == b'/')
        .map_or(0, |i| i + 1);
    (path.slice(..start), &path[start..end])
}

/// Looks for `path` as the process would.
fn look_up(place: &Place<'_>, path: &[u8], is_below: IsBelow<'_>) -> Look {
    let opened = if place.elsewhere {
        open_on_the_way(path)
    } else if place.mnt_ns.is_none() && place.root.is_none() {
        lookup::open(HERE, path, true)
    } else {
        place.open_in_root(path)
    };
    found(opened, is_below)
}

/// Opens what a process with a root outside of ours finds from a directory inside: as far as the
/// name does not lead to that root, or out of ours.
fn open_on_the_way(path: &[u8]) -> rustix::io::Result<OwnedFd> {
    let root = open(
        "/",
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    let from = lookup::Origin {
        root: Some(root.as_fd()),
        pid: None,
        is_confined: true,
    };
    lookup::open(from, path, true)
}

impl Place<'_> {
    /// Opens a path below the root directory of the process.
    fn open_in_root(&self, path: &[u8]) -> rustix::io::Result<OwnedFd> {
        let root = root_of(self)?;
        // The root's own path is not part of a name inside it.
        let inside = match self.root {
            Some(root) if !self.elsewhere => path.strip_prefix(root.as_ref()).unwrap_or(path),
            _ => path,
        };
        let inside = if inside.is_empty() { b"/" } else { inside };
        let from = lookup::Origin {
            root: Some(root.as_fd()),
            pid: self.id.map(|(pid, _)| pid),
            is_confined: false,
        };
        lookup::open(from, inside, true)
    }
}

/// Asks the kernel where that is.
fn found(opened: rustix::io::Result<OwnedFd>, is_below: IsBelow<'_>) -> Look {
    let fd = match opened {
        Ok(fd) => fd,
        Err(Errno::AGAIN) => return Look::Unanswered,
        Err(_) => return Look::Nothing,
    };
    let Ok(link) = readlink(format!("/proc/self/fd/{}", fd.as_raw_fd()), Vec::new()) else {
        return Look::Nothing;
    };
    let path = link.into_bytes();
    // A pipe or socket has no path; a symlink into /proc/self led to the tracer's own entries.
    let own = format!("/proc/{}", std::process::id());
    if path.first() != Some(&b'/') || path.starts_with(own.as_bytes()) {
        return Look::Nothing;
    }
    let mut below = is_below(fd.as_fd());
    // In another mount namespace, it may be what the mount of a watched tree covers.
    below.near =
        below.near && lookup::status(&fd).is_ok_and(|status| is_here(&path, status.stx_ino));
    Look::Found(Found {
        path: Bytes::from(path),
        below,
    })
}

/// The root directory of the process: by path while its namespace is ours, else through `/proc`.
fn root_of(place: &Place<'_>) -> rustix::io::Result<OwnedFd> {
    match (place.mnt_ns, place.root) {
        (None, Some(root)) if !place.elsewhere => lookup::open(HERE, root, true),
        _ => {
            let (pid, _) = place.id.ok_or(Errno::SRCH)?;
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            open(format!("/proc/{pid}/root"), flags, Mode::empty())
        }
    }
}

/// Takes out `.`, `..` and empty components, never climbing over `root`.
fn lexical(path: &[u8], root: Option<&Bytes>) -> Bytes {
    let floor = root.map_or(0, |root| {
        root.split(|b| *b == b'/').filter(|c| !c.is_empty()).count()
    });
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                if parts.len() > floor {
                    parts.pop();
                }
            }
            name => parts.push(name),
        }
    }
    let mut out = BytesMut::with_capacity(path.len());
    for part in &parts {
        out.extend_from_slice(b"/");
        out.extend_from_slice(part);
    }
    if parts.is_empty() {
        out.extend_from_slice(b"/");
    }
    out.freeze()
}

#[cfg(test)]
mod tests {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};

    use super::*;

    fn bytes(path: &std::path::Path) -> Bytes {
        Bytes::copy_from_slice(path.as_os_str().as_bytes())
    }

    fn resolve(base: &Bytes, name: &[u8], follow: bool) -> (Bytes, Via) {
        let base = Ok(base.clone());
        let place = Place {
            id: Some((1, 1)),
            mnt_ns: None,
            root: None,
            elsewhere: false,
            base: &base,
        };
        let name = Bytes::copy_from_slice(name);
        let found = Resolver::default().resolve(&place, &name, follow, &mut |_| Below::default());
        (found.path.unwrap(), found.via)
    }

    #[test]
    fn names_in_a_real_tree() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("a/b")).unwrap();
        std::fs::write(top.join("a/file"), "").unwrap();
        symlink("a/b", top.join("link")).unwrap();
        symlink("a/file", top.join("flink")).unwrap();
        let base = bytes(&top);
        let rows: &[(&[u8], bool, &str, Via)] = &[
            // name, follow, wanted below the base, how
            (b"gone", false, "gone", Via::Base),
            (b"gone", true, "gone", Via::Base),
            (b"a/gone", false, "a/gone", Via::Lookup),
            (b"./a/../a/gone", false, "a/gone", Via::Lookup),
            (b"link/gone", false, "a/b/gone", Via::Lookup),
            (b"link/../gone", false, "a/gone", Via::Lookup),
            (b"flink", false, "flink", Via::Base),
            (b"flink", true, "a/file", Via::Lookup),
            (b"a/b/..", false, "a", Via::Lookup),
            (b"a//b/", false, "a/b", Via::Lookup),
            (b"nodir/x/../gone", false, "nodir/gone", Via::Lexical),
        ];
        for (name, follow, wanted, via) in rows {
            let (path, how) = resolve(&base, name, *follow);
            let shown = String::from_utf8_lossy(name);
            assert_eq!(path, bytes(&top.join(wanted)), "{shown} follow={follow}");
            assert_eq!(how, *via, "{shown} follow={follow}");
        }
        let absolute = [base.as_ref(), b"/link/gone"].concat();
        assert_eq!(
            resolve(&base, &absolute, false).0,
            bytes(&top.join("a/b/gone"))
        );
    }

    #[test]
    fn a_chroot_is_never_left() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("etc/x")).unwrap();
        symlink("/etc/x", root.join("etc/abs")).unwrap();
        let root_bytes = bytes(&root);
        let base = Ok(bytes(&root.join("etc")));
        let place = Place {
            id: Some((1, 1)),
            mnt_ns: None,
            root: Some(&root_bytes),
            elsewhere: false,
            base: &base,
        };
        let mut resolver = Resolver::default();
        let rows: &[(&[u8], &str)] = &[
            (b"/etc/new", "etc/new"),
            (b"/../../etc/new", "etc/new"),
            (b"abs/new", "etc/x/new"),
            (b"../etc/new", "etc/new"),
            (b"/gone/../../../../x", "x"),
        ];
        for (name, wanted) in rows {
            let found = resolver.resolve(&place, &Bytes::from_static(name), false, &mut |_| {
                Below::default()
            });
            assert_eq!(
                found.path.unwrap(),
                bytes(&root.join(wanted)),
                "{}",
                String::from_utf8_lossy(name)
            );
        }
    }
}
