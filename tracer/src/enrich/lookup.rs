//! Lookups of names that others control, which no file system can hold up: what the kernel has in
//! memory is taken from there, and what it has not is asked for only where the file system is local.
//! A name that leads into a file system in user space, of the network or of automounts is not
//! followed further than memory goes.

use std::{
    cell::OnceCell,
    ffi::OsStr,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
};

use rustix::{
    fs::{
        AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, Statx, StatxFlags, openat2, readlinkat,
        statx,
    },
    io::{Errno, Result},
};

use super::mounts;

/// Symlinks that one lookup follows (`MAXSYMLINKS` of `linux/namei.h`).
const SYMLINKS: usize = 40;

/// Tries of one component, where somebody renames or mounts something meanwhile.
const TRIES: usize = 4;

/// File systems that answer without anybody's help, by the name that `/proc/filesystems` has for
/// them.
const LOCAL: [&str; 45] = [
    "bcachefs",
    "binfmt_misc",
    "bpf",
    "btrfs",
    "cgroup",
    "cgroup2",
    "configfs",
    "cramfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "erofs",
    "exfat",
    "ext2",
    "ext3",
    "ext4",
    "f2fs",
    "fusectl",
    "hfsplus",
    "hugetlbfs",
    "iso9660",
    "jffs2",
    "jfs",
    "minix",
    "mqueue",
    "nilfs2",
    "nsfs",
    "ntfs3",
    "overlay",
    "pidfs",
    "proc",
    "pstore",
    "ramfs",
    "reiserfs",
    "rootfs",
    "securityfs",
    "selinuxfs",
    "squashfs",
    "sysfs",
    "tmpfs",
    "tracefs",
    "ubifs",
    "udf",
    "vfat",
];

/// From where names are looked up.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// The directory that lookups cannot leave, and that absolute names begin in; `None`: our own
    /// root.
    pub root: Option<BorrowedFd<'a>>,
    /// A process that has the mounts of that directory; `None`: ours.
    pub pid: Option<u32>,
    /// What leads out of that directory, or to another beginning, is not followed (`EXDEV`).
    pub is_confined: bool,
}

/// Our own root.
pub const HERE: Origin<'static> = Origin {
    root: None,
    pid: None,
    is_confined: false,
};

/// Opens what is at an absolute path with `O_PATH`. `follow`: a symlink in the last component is
/// followed. `EAGAIN`: the answer would have to come from a file system that may never give it.
pub fn open(from: Origin<'_>, path: &[u8], follow: bool) -> Result<OwnedFd> {
    let in_memory = ResolveFlags::CACHED
        | match from.root {
            Some(_) if from.is_confined => ResolveFlags::BENEATH,
            Some(_) => ResolveFlags::IN_ROOT,
            None => ResolveFlags::empty(),
        };
    let path = if from.is_confined {
        path.strip_prefix(b"/").unwrap_or(path)
    } else {
        path
    };
    let dir = from.root.unwrap_or(CWD);
    match step(dir, path, follow, in_memory) {
        Err(Errno::AGAIN) => Walk::begin(from)?.go(path, follow),
        done => done,
    }
}

/// What is known of an open file without asking anybody.
pub fn status(fd: impl AsFd) -> Result<Statx> {
    let flags = AtFlags::EMPTY_PATH | AtFlags::STATX_DONT_SYNC;
    let wanted = StatxFlags::BASIC_STATS | StatxFlags::MNT_ID;
    statx(fd, c"", flags, wanted)
}

fn step(dir: BorrowedFd<'_>, name: &[u8], follow: bool, how: ResolveFlags) -> Result<OwnedFd> {
    let nofollow = if follow {
        OFlags::empty()
    } else {
        OFlags::NOFOLLOW
    };
    let flags = OFlags::PATH | OFlags::CLOEXEC | nofollow;
    openat2(dir, OsStr::from_bytes(name), flags, Mode::empty(), how)
}

/// A lookup component by component.
struct Walk<'a> {
    from: Origin<'a>,
    root: OwnedFd,
    at: OwnedFd,
    /// Components that are left, the next one last.
    left: Vec<Vec<u8>>,
    symlinks: usize,
    mounts: OnceCell<Vec<mounts::Mount>>,
}

impl<'a> Walk<'a> {
    fn begin(from: Origin<'a>) -> Result<Self> {
        let root = match from.root {
            Some(root) => rustix::io::fcntl_dupfd_cloexec(root, 0)?,
            None => step(CWD, b"/", true, ResolveFlags::empty())?,
        };
        Ok(Self {
            from,
            at: rustix::io::fcntl_dupfd_cloexec(&root, 0)?,
            root,
            left: Vec::new(),
            symlinks: 0,
            mounts: OnceCell::new(),
        })
    }

    fn go(mut self, path: &[u8], follow: bool) -> Result<OwnedFd> {
        self.put(path);
        while let Some(name) = self.left.pop() {
            match &*name {
                b".." if self.is_at_root()? => {
                    if self.from.is_confined {
                        return Err(Errno::XDEV);
                    }
                }
                b"." | b".." => {
                    self.at = step(self.at.as_fd(), &name, true, ResolveFlags::empty())?;
                }
                _ => {
                    let is_last = self.left.is_empty();
                    self.enter(&name, !is_last || follow)?;
                }
            }
        }
        Ok(self.at)
    }

    /// The components of a path come next. One that ends with a slash is a directory.
    fn put(&mut self, path: &[u8]) {
        if path.ends_with(b"/") {
            self.left.push(b".".to_vec());
        }
        let names = path.split(|b| *b == b'/').filter(|name| !name.is_empty());
        self.left.extend(names.rev().map(<[u8]>::to_vec));
    }

    fn is_at_root(&self) -> Result<bool> {
        let id = |fd: &OwnedFd| status(fd).map(|stat| (stat.stx_mnt_id, stat.stx_ino));
        Ok(id(&self.at)? == id(&self.root)?)
    }

    /// One component, and where a symlink that it is leads to.
    fn enter(&mut self, name: &[u8], follow: bool) -> Result<()> {
        let next = self.component(name)?;
        let mode = status(&next)?.stx_mode;
        if !follow || FileType::from_raw_mode(mode.into()) != FileType::Symlink {
            self.at = next;
            return Ok(());
        }
        self.symlinks += 1;
        if self.symlinks > SYMLINKS {
            return Err(Errno::LOOP);
        }
        match self.kind(&next)?.as_deref() {
            // It leads to an open file or a directory of a process, wherever that is.
            Some("proc") if self.from.is_confined => Err(Errno::XDEV),
            Some("proc") => {
                self.at = step(self.at.as_fd(), name, true, ResolveFlags::empty())?;
                Ok(())
            }
            Some(kind) if LOCAL.contains(&kind) => {
                let target = readlinkat(&next, c"", Vec::new())?.into_bytes();
                if target.starts_with(b"/") {
                    if self.from.is_confined {
                        return Err(Errno::XDEV);
                    }
                    self.at = rustix::io::fcntl_dupfd_cloexec(&self.root, 0)?;
                }
                self.put(&target);
                Ok(())
            }
            _ => Err(Errno::AGAIN),
        }
    }

    /// Opens one component: from memory, or where that has none from a file system that answers.
    fn component(&self, name: &[u8]) -> Result<OwnedFd> {
        for _ in 0..TRIES {
            match step(self.at.as_fd(), name, false, ResolveFlags::CACHED) {
                Err(Errno::AGAIN) => {}
                done => return done,
            }
            let kind = self.kind(&self.at)?;
            if kind.is_some_and(|kind| LOCAL.contains(&&*kind)) {
                match step(self.at.as_fd(), name, false, ResolveFlags::NO_XDEV) {
                    // What is mounted somewhere is in memory.
                    Err(Errno::XDEV) => {}
                    done => return done,
                }
            }
        }
        Err(Errno::AGAIN)
    }

    /// The kind of file system that something is on; `None`: nobody says.
    fn kind(&self, fd: &OwnedFd) -> Result<Option<String>> {
        let id = status(fd)?.stx_mnt_id;
        let text = || {
            let of = match self.from.pid {
                Some(pid) => format!("/proc/{pid}/mountinfo"),
                None => "/proc/thread-self/mountinfo".to_owned(),
            };
            mounts::parse(&std::fs::read(of).unwrap_or_default())
        };
        let mut mounts = self.mounts.get_or_init(text).iter();
        Ok(mounts
            .find(|mount| mount.id == id)
            .map(|mount| mount.kind.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, symlink};

    use super::*;

    #[test]
    fn as_the_kernel_finds_it() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("a/b")).unwrap();
        std::fs::write(top.join("a/file"), "").unwrap();
        symlink("a/b", top.join("link")).unwrap();
        symlink(top.join("link"), top.join("absolute")).unwrap();
        symlink("loop", top.join("loop")).unwrap();
        for name in [
            "a/file",
            "link/../file",
            "absolute/../../a//file",
            "./link",
            "link/",
            "loop",
            "absolute",
            "nothing",
            "a/file/x",
            "a/file/",
            "..",
            "../../../../../../../proc/self/root/proc",
        ] {
            for follow in [true, false] {
                let path = top.join(name);
                let path = path.as_os_str().as_bytes();
                let walked = Walk::begin(HERE).unwrap().go(path, follow);
                let kernel = step(CWD, path, follow, ResolveFlags::empty());
                let ino = |fd: Result<OwnedFd>| fd.map(|fd| status(fd).unwrap().stx_ino);
                let walked = ino(walked).map_err(|e| e == Errno::NOENT);
                let kernel = ino(kernel).map_err(|e| e == Errno::NOENT);
                assert_eq!(walked, kernel, "{name} follow={follow}");
            }
        }
    }

    /// What is not in memory is asked for only where the file system is known to answer.
    #[test]
    fn nobody_is_asked_who_may_not_answer() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        std::fs::write(top.join("file"), "").unwrap();
        symlink("file", top.join("link")).unwrap();
        let look = |name: &str, mounts: Option<Vec<mounts::Mount>>| {
            let walk = Walk::begin(HERE).unwrap();
            if let Some(mounts) = mounts {
                walk.mounts.set(mounts).unwrap();
            }
            let path = top.join(name);
            let opened = walk.go(path.as_os_str().as_bytes(), true);
            opened.map(drop)
        };
        let unknown = || Some(Vec::new());
        assert_eq!(look("file", unknown()), Ok(()));
        assert_eq!(look("never-looked-up", unknown()), Err(Errno::AGAIN));
        assert_eq!(look("link", unknown()), Err(Errno::AGAIN));
        assert_eq!(look("never-looked-up", None), Err(Errno::NOENT));
        assert_eq!(look("link", None), Ok(()));
    }

    #[test]
    fn a_root_is_not_left() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("etc")).unwrap();
        symlink("/../../etc", top.join("out")).unwrap();
        let root = std::fs::File::open(&top).unwrap();
        let from = Origin {
            root: Some(root.as_fd()),
            pid: None,
            is_confined: false,
        };
        let wanted = std::fs::metadata(top.join("etc")).unwrap().ino();
        for name in ["/out", "/../etc", "/out/../../etc"] {
            let walked = Walk::begin(from).unwrap().go(name.as_bytes(), true);
            assert_eq!(status(walked.unwrap()).unwrap().stx_ino, wanted, "{name}");
            let found = open(from, name.as_bytes(), true).unwrap();
            assert_eq!(status(found).unwrap().stx_ino, wanted, "{name}");
        }
    }
}
