//! Who did it, from `/proc` after the fact: a process may be gone, or be another program, by then.

use std::{
    ffi::OsStr,
    fs,
    io::{Error, ErrorKind},
    os::{
        fd::{AsFd, AsRawFd},
        unix::{
            ffi::{OsStrExt, OsStringExt},
            fs::MetadataExt,
        },
    },
    path::{Path, PathBuf},
};

use bytes::Bytes;

use crate::enrich::pids::Procfs;
use crate::event::{Actor, Creds, Gid, Pid, Tid, Uid, Unknown};

/// Where processes are looked up.
#[derive(Debug)]
pub(in crate::source) struct Processes {
    /// `/proc`, but for tests.
    proc: PathBuf,
    /// Our own mount namespace.
    own_ns: Option<u32>,
    /// The pid namespace of `/proc`.
    procfs: Procfs,
}

impl Processes {
    pub(in crate::source) fn new(proc: &Path) -> Self {
        let own_ns = mnt_ns(&proc.join("self"));
        let procfs = if proc == Path::new("/proc") {
            Procfs::here()
        } else {
            Procfs::Own
        };
        Self {
            proc: proc.to_path_buf(),
            own_ns,
            procfs,
        }
    }

    /// What is known of a process now.
    pub(in crate::source) fn read(&self, pid: Pid) -> Actor {
        match self.procfs.number_of(pid.0) {
            Some(id) => self.read_as(id, pid),
            None => gone(pid),
        }
    }

    /// What is known of a thread and its process; of one that has ended, only its own id.
    pub(in crate::source) fn read_thread(&self, tid: Tid) -> Actor {
        let process = || {
            let id = self.procfs.number_of(tid.0)?;
            let status = fs::read(self.proc.join(id.to_string()).join("status")).ok()?;
            let leader = *field(&status, "Tgid")?.first()?;
            Some(self.read_as(leader, Pid(self.procfs.own_number_of(leader)?)))
        };
        Actor {
            tid: Some(tid),
            ..process().unwrap_or_else(|| gone(Pid(tid.0)))
        }
    }

    /// The same of one that `/proc` calls by another number.
    pub(in crate::source) fn read_as(&self, id: u32, pid: Pid) -> Actor {
        let dir = self.proc.join(id.to_string());
        let status = fs::read(dir.join("status")).unwrap_or_default();
        let comm = fs::read(dir.join("comm"));
        // A process that is there without a program is a kernel thread, or ending.
        let missing = if comm.is_ok() {
            Unknown::NoMm
        } else {
            Unknown::ProcessGone
        };
        let (exe, exe_deleted) = match link(&dir.join("exe")) {
            Ok((path, deleted)) => (Ok(path), deleted),
            Err(error) => (Err(reason(&error, missing)), false),
        };
        Actor {
            pid,
            tid: None,
            ppid: field(&status, "PPid")
                .and_then(|words| words.first().copied())
                // 0: it has none in this namespace.
                .filter(|ppid| *ppid != 0)
                .and_then(|ppid| self.procfs.own_number_of(ppid))
                .map(Pid),
            host: None,
            creds: creds(&status),
            auid: number(&dir.join("loginuid")),
            session: number(&dir.join("sessionid")),
            comm: comm
                .map(|text| Bytes::copy_from_slice(text.strip_suffix(b"\n").unwrap_or(&text)))
                .map_err(|error| reason(&error, Unknown::ProcessGone)),
            exe,
            exe_deleted,
            cwd: link(&dir.join("cwd"))
                .map(|(path, _)| path)
                .map_err(|error| reason(&error, missing)),
            root: link(&dir.join("root"))
                .ok()
                .map(|(path, _)| path)
                .filter(|path| path != "/"),
            cgroup: None,
            mnt_ns: mnt_ns(&dir).filter(|ns| Some(*ns) != self.own_ns),
            title: None,
            personality: 0,
        }
    }
}

/// What is known of a process that has ended.
pub(super) fn gone(pid: Pid) -> Actor {
    Actor {
        pid,
        tid: None,
        ppid: None,
        host: None,
        creds: None,
        auid: None,
        session: None,
        comm: Err(Unknown::ProcessGone),
        exe: Err(Unknown::ProcessGone),
        exe_deleted: false,
        cwd: Err(Unknown::ProcessGone),
        root: None,
        cgroup: None,
        mnt_ns: None,
        title: None,
        personality: 0,
    }
}

/// Is the process of a pidfd there, be it as a zombie? Then its id is nobody else's.
pub(super) fn is_there(pidfd: impl AsFd) -> bool {
    let fd = pidfd.as_fd().as_raw_fd();
    let info = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: signal 0 does nothing but look (pidfd_send_signal(2)); the descriptor is live.
    unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, 0, info, 0) == 0 }
}

fn reason(error: &Error, missing: Unknown) -> Unknown {
    match error.kind() {
        // Hidden (`hidepid`) or protected.
        ErrorKind::PermissionDenied => Unknown::Source,
        ErrorKind::NotFound => missing,
        // ESRCH, while it ends.
        _ => Unknown::ProcessGone,
    }
}

/// The numbers of a line of `status`.
fn field(status: &[u8], name: &str) -> Option<Vec<u32>> {
    let line = status
        .split(|b| *b == b'\n')
        .find_map(|line| line.strip_prefix(name.as_bytes())?.strip_prefix(b":"))?;
    std::str::from_utf8(line)
        .ok()?
        .split_whitespace()
        .map(|word| word.parse().ok())
        .collect()
}

fn creds(status: &[u8]) -> Option<Creds> {
    // Real, effective, saved, for file access: the order of both lines.
    let users: [u32; 4] = field(status, "Uid")?.try_into().ok()?;
    let groups: [u32; 4] = field(status, "Gid")?.try_into().ok()?;
    Some(Creds {
        uid: Uid(users[0]),
        euid: Uid(users[1]),
        suid: Uid(users[2]),
        fsuid: Uid(users[3]),
        gid: Gid(groups[0]),
        egid: Gid(groups[1]),
        sgid: Gid(groups[2]),
        fsgid: Gid(groups[3]),
    })
}

fn number(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

fn mnt_ns(dir: &Path) -> Option<u32> {
    let text = fs::read_link(dir.join("ns/mnt"))
        .ok()?
        .into_os_string()
        .into_string()
        .ok()?;
    text.strip_prefix("mnt:[")?.strip_suffix(']')?.parse().ok()
}

/// Where a link of `/proc` leads, and whether that has been deleted.
fn link(path: &Path) -> Result<(Bytes, bool), Error> {
    let text = fs::read_link(path)?.into_os_string().into_vec();
    match undeleted(&text, path) {
        Some(real) => Ok((Bytes::copy_from_slice(real), true)),
        None => Ok((text.into(), false)),
    }
}

/// The path without the mark that the kernel puts behind that of a deleted file. `link` is the
/// link that it was read from: a file may really have such a name.
pub(super) fn undeleted<'a>(text: &'a [u8], link: &Path) -> Option<&'a [u8]> {
    let real = text.strip_suffix(b" (deleted)")?;
    let id = |meta: fs::Metadata| (meta.dev(), meta.ino());
    let literal = fs::symlink_metadata(OsStr::from_bytes(text)).map(id).ok();
    let linked = fs::metadata(link).map(id).ok();
    (literal.is_none() || literal != linked).then_some(real)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    const STATUS: &str = "Name:\tx\\ny\nPPid:\t7\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n";

    fn proc_with(pid: u32) -> (TempDir, PathBuf) {
        let proc = TempDir::new().unwrap();
        for dir in [pid.to_string(), "self".to_owned()] {
            fs::create_dir_all(proc.path().join(dir).join("ns")).unwrap();
        }
        symlink("mnt:[100]", proc.path().join("self/ns/mnt")).unwrap();
        let dir = proc.path().join(pid.to_string());
        (proc, dir)
    }

    #[test]
    fn everything_there() {
        let (proc, dir) = proc_with(9);
        fs::write(dir.join("status"), STATUS).unwrap();
        fs::write(dir.join("comm"), "x\ny\n").unwrap();
        fs::write(dir.join("loginuid"), "1000").unwrap();
        fs::write(dir.join("sessionid"), "4294967295\n").unwrap();
        symlink("/gone/x (deleted)", dir.join("exe")).unwrap();
        symlink("/tmp", dir.join("cwd")).unwrap();
        symlink("/jail", dir.join("root")).unwrap();
        symlink("mnt:[101]", dir.join("ns/mnt")).unwrap();
        let actor = Processes::new(proc.path()).read(Pid(9));
        let wanted = Actor {
            pid: Pid(9),
            tid: None,
            ppid: Some(Pid(7)),
            host: None,
            creds: Some(Creds {
                uid: Uid(1),
                euid: Uid(2),
                suid: Uid(3),
                fsuid: Uid(4),
                gid: Gid(5),
                egid: Gid(6),
                sgid: Gid(7),
                fsgid: Gid(8),
            }),
            auid: Some(1000),
            session: Some(u32::MAX),
            comm: Ok("x\ny".into()),
            exe: Ok("/gone/x".into()),
            exe_deleted: true,
            cwd: Ok("/tmp".into()),
            root: Some("/jail".into()),
            cgroup: None,
            mnt_ns: Some(101),
            title: None,
            personality: 0,
        };
        assert_eq!(actor, wanted);
    }

    #[test]
    fn nothing_there() {
        let (proc, _) = proc_with(9);
        let actor = Processes::new(proc.path()).read(Pid(10));
        assert_eq!(actor, gone(Pid(10)));
    }

    #[test]
    fn a_kernel_thread_has_no_program() {
        let (proc, dir) = proc_with(9);
        fs::write(dir.join("comm"), "kthreadd\n").unwrap();
        fs::write(dir.join("status"), "PPid:\tx\nUid:\t1\t2\n").unwrap();
        let actor = Processes::new(proc.path()).read(Pid(9));
        assert_eq!(
            (actor.comm, actor.exe),
            (Ok("kthreadd".into()), Err(Unknown::NoMm))
        );
        assert_eq!((actor.ppid, actor.creds), (None, None));
    }

    #[test]
    fn a_file_may_really_be_called_deleted() {
        let (proc, dir) = proc_with(9);
        let program = proc.path().join("p (deleted)");
        fs::write(&program, "").unwrap();
        symlink(&program, dir.join("exe")).unwrap();
        let actor = Processes::new(proc.path()).read(Pid(9));
        assert_eq!(actor.exe.unwrap(), program.as_os_str().as_bytes());
        assert!(!actor.exe_deleted);
    }

    #[test]
    fn this_process() {
        let actor = Processes::new(Path::new("/proc")).read(Pid(std::process::id()));
        let exe = std::env::current_exe().unwrap();
        assert_eq!(actor.exe.unwrap(), exe.as_os_str().as_bytes());
        assert_eq!(
            actor.creds.unwrap().euid,
            Uid(rustix::process::geteuid().as_raw())
        );
        assert_eq!(actor.ppid, Some(Pid(std::os::unix::process::parent_id())));
        assert_eq!((actor.root, actor.mnt_ns), (None, None));
    }
}
