//! Identity and attributes of files that the kernel side did not give, and the directories in
//! which names are made or removed: looked up right after the call, as far as that can be done
//! from here (the process's mount namespace and root are the tracer's own).

use std::{os::fd::AsFd, sync::LazyLock};

use bytes::Bytes;

use super::lookup::{self, HERE};
use crate::{
    calls::{Op, Role, row},
    event::{Event, FileId, Gid, PathItem, PathRole, Uid, Via},
};

/// Gives every file of the event that is there its identity.
pub fn complete(event: &mut Event) {
    if !is_here(event) {
        return;
    }
    for item in &mut event.paths {
        if item.file.is_none()
            && !item.deleted
            && let Ok(path) = &item.resolved
        {
            item.file = identity(path);
        }
    }
    moved(event);
}

/// What was moved is the same file under both names, whatever has taken the old one since.
fn moved(event: &mut Event) {
    let Some(call) = event.call.as_ref().filter(|call| call.errno().is_none()) else {
        return;
    };
    let exchanges = call.arch.name(call.nr) == Some("renameat2")
        && call
            .args
            .is_ok_and(|args| args[4] & u64::from(libc::RENAME_EXCHANGE) != 0);
    if event.op != Op::Rename || exchanges {
        return;
    }
    if let [source, dest] = &mut event.paths[..]
        && (source.role, dest.role) == (PathRole::Source, PathRole::Dest)
    {
        source.file = dest.file;
    }
}

/// Makes the files behind descriptors of any use files of the event: those that a rule about paths
/// is also about.
pub fn through_descriptors(event: &mut Event) {
    let Some(call) = &event.call else {
        return;
    };
    let row = call.arch.name(call.nr).and_then(row);
    let has_none = event.paths.is_empty();
    let is_other = |of: Option<u8>| match of {
        Some(of) => row
            .and_then(|row| row.args.get(usize::from(of)))
            .is_some_and(|arg| matches!(arg.role, Role::OtherFd | Role::ChangedFd | Role::DirFd)),
        None => has_none,
    };
    let others = call
        .files
        .iter()
        .filter(|file| file.is_inside() || is_other(file.of));
    event.paths.extend(others.map(|file| file.file.clone()));
}

/// Puts the directories in front, one for each name that the call makes, removes or changes, as
/// audit does (`__audit_inode_child`).
pub fn add_parents(event: &mut Event) {
    let here = is_here(event);
    let cwd = match &event.actor {
        Ok(actor) => actor.cwd.clone().ok(),
        Err(_) => None,
    };
    let op = event.op;
    let is_name = |item: &PathItem| match (op, item.role) {
        (Op::Create | Op::Delete, PathRole::Target)
        | (Op::Rename, PathRole::Source | PathRole::Dest)
        | (Op::Create, PathRole::Dest) => item.requested.is_some(),
        _ => false,
    };
    let parents: Vec<PathItem> = event
        .paths
        .iter()
        .filter(|item| is_name(item))
        .map(|item| parent(item, cwd.as_ref(), here))
        .collect();
    if !parents.is_empty() {
        event.paths.splice(0..0, parents);
    }
}

/// The directory of an item. Its name is that in the request, with the slash, or the working directory
/// where the request is a name alone (`audit_log_name`).
fn parent(item: &PathItem, cwd: Option<&Bytes>, here: bool) -> PathItem {
    let directory = |path: &Bytes| {
        let end = memchr::memrchr(b'/', path).unwrap_or(0);
        path.slice(..end.max(1))
    };
    let resolved = item.resolved.as_ref().map(directory).map_err(|why| *why);
    let requested = match &item.requested {
        Some(Ok(name)) if directory_len(name) > 0 => Some(Ok(name.slice(..directory_len(name)))),
        Some(Err(why)) => Some(Err(*why)),
        _ => cwd.map(|cwd| Ok(cwd.clone())),
    };
    let file = resolved.as_ref().ok().filter(|_| here);
    PathItem {
        role: PathRole::Parent,
        arg: item.arg,
        requested,
        file: file.and_then(|path| identity(path)),
        resolved,
        via: Via::Lookup,
        deleted: false,
    }
}

/// Bytes of a name that are its directory, up to the last slash that is not at its end
/// (`parent_len` of the kernel's `kernel/auditfilter.c`).
fn directory_len(name: &[u8]) -> usize {
    let is_slash = |byte: &u8| *byte == b'/';
    let Some(last) = name.iter().rposition(|byte| !is_slash(byte)) else {
        return usize::from(!name.is_empty());
    };
    name[..last]
        .iter()
        .rposition(is_slash)
        .map_or(0, |at| at + 1)
}

/// Does the process see the files that are seen from here?
fn is_here(event: &Event) -> bool {
    let actor = event.actor.as_ref();
    actor.is_ok_and(|a| a.mnt_ns.is_none() && a.root.is_none())
}

/// What is at this name itself.
pub fn identity(path: &[u8]) -> Option<FileId> {
    of_open(lookup::open(HERE, path, false).ok()?)
}

/// What is behind an open descriptor.
pub fn of_open(file: impl AsFd) -> Option<FileId> {
    let stat = lookup::status(file).ok()?;
    let dev = |major: u32, minor: u32| major << 20 | minor;
    Some(FileId {
        ino: stat.stx_ino,
        dev: dev(stat.stx_dev_major, stat.stx_dev_minor),
        rdev: dev(stat.stx_rdev_major, stat.stx_rdev_minor),
        mode: stat.stx_mode.into(),
        uid: Uid(stat.stx_uid),
        gid: Gid(stat.stx_gid),
    })
}

/// The device of the files that `pidfd_open(2)` gives, where they have a file system of their own
/// (`fs/pidfs.c`, Linux 6.9).
pub fn pidfs() -> Option<u32> {
    const PID_FS_MAGIC: libc::__fsword_t = 0x5049_4446;
    static DEVICE: LazyLock<Option<u32>> = LazyLock::new(|| {
        let flags = rustix::process::PidfdFlags::empty();
        let fd = rustix::process::pidfd_open(rustix::process::getpid(), flags).ok()?;
        let is_pidfs = rustix::fs::fstatfs(&fd).ok()?.f_type == PID_FS_MAGIC;
        let device = rustix::fs::fstat(&fd).ok()?.st_dev;
        is_pidfs.then(|| kernel_dev(device))
    });
    *DEVICE
}

/// A device number of stat(2) in the kernel's own encoding (`linux/kdev_t.h`).
pub fn kernel_dev(dev: u64) -> u32 {
    (libc::major(dev) << 20) | libc::minor(dev)
}

#[cfg(test)]
mod tests {
    use super::directory_len;

    #[test]
    fn directories_as_the_kernel_cuts_them() {
        for (name, directory) in [
            ("f", ""),
            ("w/f", "w/"),
            ("w//f", "w//"),
            ("w/d/", "w/"),
            ("w/d//", "w/"),
            ("d/", ""),
            ("/f", "/"),
            ("/w/f", "/w/"),
            ("./f", "./"),
            ("../w/f", "../w/"),
            ("/", "/"),
            ("//", "/"),
            ("", ""),
        ] {
            assert_eq!(&name[..directory_len(name.as_bytes())], directory, "{name}");
        }
    }
}
