//! The watched roots: the kernel side knows them by inode, so what replaces one must be made known
//! to it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ffi::OsStr,
    io,
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use aya::{
    Ebpf,
    maps::{Array, HashMap as BpfMap},
};
use rustix::{
    fs::{FileType, Mode, OFlags, fstat, open, stat},
    io::Errno,
};
use tracer_ebpf::abi::{
    filter::{IS_NEAR, IS_ROOT, Roots as Slots},
    limits::ROOTS_INLINE,
};

use super::{
    error::EbpfError,
    object::{Abi, locate, map_of},
};
use crate::{
    calls::Op,
    event::Event,
    source::{links::Links, said},
};

/// Longest time between two looks: what makes a root another one may be nothing that is reported.
const PERIOD: Duration = Duration::from_millis(500);

/// All watched roots.
pub(super) struct Roots {
    paths: Paths,
    all: Vec<Root>,
    /// The directories that their names stand in, each held once.
    directories: HashMap<PathBuf, Directory>,
    links: Links,
    /// Directories that symlinks on the way to roots stand in.
    link_directories: Vec<Held>,
    looked: Instant,
}

/// Their paths.
#[derive(Clone)]
pub(super) struct Paths(Arc<HashSet<Vec<u8>>>);

/// A watched root. Until something else is at its path, it is the file or directory that was
/// there, wherever that is now.
struct Root {
    path: PathBuf,
    at: Option<Held>,
    is_gone: bool,
}

/// A directory that the name of a root stands in.
#[derive(Default)]
struct Directory {
    held: Option<Held>,
    /// The last look has found another one.
    is_other: bool,
}

/// An inode, held open (`O_PATH`) so that its address stays its own.
struct Held {
    _fd: OwnedFd,
    /// Device and inode number.
    id: (u64, u64),
    is_directory: bool,
    /// `struct inode *`
    address: u64,
}

/// What a look at a path has found.
#[derive(PartialEq, Eq)]
enum Found {
    Same,
    Other,
    Nothing,
}

impl Root {
    fn new(path: &[u8]) -> Self {
        Self {
            path: OsStr::from_bytes(path).into(),
            at: None,
            is_gone: false,
        }
    }
}

impl Held {
    /// Holds what is at a path now, if anything is.
    fn renew(held: &mut Option<Self>, path: &Path, ebpf: &mut Ebpf) -> Result<Found, EbpfError> {
        // Whoever else watches the path sees what is opened there, and this looks again and again.
        let Ok(status) = stat(path) else {
            return Ok(Found::Nothing);
        };
        if held
            .as_ref()
            .is_some_and(|held| held.id == (status.st_dev, status.st_ino))
        {
            return Ok(Found::Same);
        }
        let fd = match open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()) {
            Ok(fd) => fd,
            Err(error @ (Errno::MFILE | Errno::NFILE)) => {
                return Err(EbpfError::Descriptors(error.into()));
            }
            Err(_) => return Ok(Found::Nothing),
        };
        let found = fstat(&fd).map_err(io::Error::from)?;
        let id = (found.st_dev, found.st_ino);
        let address = locate(ebpf, fd.as_raw_fd())?.inode;
        *held = Some(Self {
            _fd: fd,
            id,
            is_directory: FileType::from_raw_mode(found.st_mode) == FileType::Directory,
            address,
        });
        Ok(Found::Other)
    }
}

impl Paths {
    /// Is this an event after which something else may be at one of the paths?
    pub(super) fn may_be_others_after(&self, event: &Event) -> bool {
        matches!(event.op, Op::Create | Op::Rename | Op::Delete | Op::Mount)
            && event.success() == Some(true)
            && event.paths.iter().any(|path| {
                let named = path.resolved.as_ref().ok();
                named.is_some_and(|named| self.0.contains(&**named))
            })
    }
}

impl Roots {
    pub(super) fn of(paths: &[Vec<u8>], links: Links) -> Self {
        let mut this = Self {
            paths: Paths(Arc::default()),
            all: paths.iter().map(|path| Root::new(path)).collect(),
            directories: HashMap::new(),
            links,
            link_directories: Vec::new(),
            looked: Instant::now(),
        };
        this.name();
        allow_descriptors(2 * this.all.len());
        this
    }

    /// Keeps the names of the roots, and of the symlinks that lead there.
    fn name(&mut self) {
        let bytes = |root: &Root| root.path.as_os_str().as_bytes().to_vec();
        let links = self.links.roots().links();
        let names = self.all.iter().map(bytes).chain(links);
        self.paths = Paths(Arc::new(names.collect()));
    }

    pub(super) fn paths(&self) -> Paths {
        self.paths.clone()
    }

    /// Is it time for a look without a reason?
    pub(super) fn is_time(&self) -> bool {
        !self.all.is_empty() && self.looked.elapsed() >= PERIOD
    }

    /// Looks what is at the paths, and makes it known to the kernel side when it is something
    /// else. What became of a directory is told.
    pub(super) fn look(
        &mut self,
        ebpf: &mut Ebpf,
        tell: &mut Vec<String>,
    ) -> Result<(), EbpfError> {
        let is_first = self.all.iter().all(|root| root.at.is_none());
        self.looked = Instant::now();
        let mut is_other = self.follow(ebpf, is_first, tell)?;
        is_other |= self.look_at_directories(ebpf)?;
        for root in &mut self.all {
            let path = &root.path;
            let bytes = path.as_os_str().as_bytes();
            let was_directory = root.at.as_ref().map(|held| held.is_directory);
            let directory = path.parent().and_then(|path| self.directories.get(path));
            if directory.is_some_and(|d| d.is_other) && was_directory == Some(false) {
                tell.push(said::in_another_directory(bytes));
            }
            let found = Held::renew(&mut root.at, path, ebpf)?;
            let was_gone = std::mem::replace(&mut root.is_gone, found == Found::Nothing);
            is_other |= found == Found::Other;
            if was_directory != Some(true) {
                continue;
            }
            if found == Found::Other {
                tell.push(said::another_directory(bytes));
            } else if root.is_gone && !was_gone {
                tell.push(said::gone(bytes, false));
            }
        }
        if is_other { self.write(ebpf) } else { Ok(()) }
    }

    /// Looks what the directories of the names are. Returns whether any is another one.
    fn look_at_directories(&mut self, ebpf: &mut Ebpf) -> Result<bool, EbpfError> {
        let mut is_other = false;
        let mut before = std::mem::take(&mut self.directories);
        for path in self.all.iter().filter_map(|root| root.path.parent()) {
            if self.directories.contains_key(path) {
                continue;
            }
            let mut directory = before.remove(path).unwrap_or_default();
            directory.is_other = Held::renew(&mut directory.held, path, ebpf)? == Found::Other;
            is_other |= directory.is_other;
            self.directories.insert(path.to_path_buf(), directory);
        }
        Ok(is_other)
    }

    /// The address of the directory that the name of a root stands in.
    fn near(&self, root: &Root) -> u64 {
        let directory = root
            .path
            .parent()
            .and_then(|path| self.directories.get(path));
        address(directory.and_then(|directory| directory.held.as_ref()))
    }

    /// Follows the symlinks. Returns whether the kernel side must be told.
    fn follow(
        &mut self,
        ebpf: &mut Ebpf,
        is_first: bool,
        tell: &mut Vec<String>,
    ) -> Result<bool, EbpfError> {
        if self.links.is_empty() {
            return Ok(false);
        }
        let before = self.links.roots().links();
        for switch in self.links.look() {
            tell.push(switch.sentence());
            if let Some(root) = self.all.get_mut(switch.at) {
                *root = Root::new(switch.to.as_os_str().as_bytes());
            }
        }
        if !is_first && self.links.roots().links() == before {
            return Ok(false);
        }
        self.name();
        self.link_directories.clear();
        for directory in self.links.directories() {
            let mut held = None;
            Held::renew(&mut held, directory, ebpf)?;
            self.link_directories.extend(held);
        }
        Ok(true)
    }

    /// Makes the inodes known to the kernel side.
    fn write(&self, ebpf: &mut Ebpf) -> Result<(), EbpfError> {
        if self.all.len() <= ROOTS_INLINE && self.links.is_empty() {
            let mut slots = Slots::default();
            for (at, root) in self.all.iter().enumerate() {
                (slots.roots[at], slots.near[at]) = (address(root.at.as_ref()), self.near(root));
            }
            let mut map: Array<_, Abi<Slots>> = Array::try_from(map_of(ebpf, "ROOTS")?)?;
            return Ok(map.set(0, Abi(slots), 0)?);
        }
        let mut all = BTreeMap::new();
        for root in &self.all {
            for (inode, kind) in [
                (address(root.at.as_ref()), IS_ROOT),
                (self.near(root), IS_NEAR),
            ] {
                *all.entry(inode).or_insert(0) |= kind;
            }
        }
        for held in &self.link_directories {
            *all.entry(held.address).or_insert(0) |= IS_NEAR;
        }
        let mut map: BpfMap<_, u64, u32> = BpfMap::try_from(map_of(ebpf, "MORE_ROOTS")?)?;
        let known: Vec<_> = map.keys().collect::<Result<_, _>>()?;
        // What is gone makes room first.
        for inode in known.iter().filter(|inode| !all.contains_key(inode)) {
            map.remove(inode)?;
        }
        for (inode, kind) in all {
            map.insert(inode, kind, 0)?;
        }
        Ok(())
    }
}

fn address(held: Option<&Held>) -> u64 {
    held.map_or(0, |held| held.address)
}

/// Each watched path is held open. The limit is raised only where that needs it, as far as it may be:
/// commands that are started inherit it.
fn allow_descriptors(held: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    /// Programs, maps, outputs and what a lookup needs for a moment.
    const OTHERS: u64 = 256;
    let limit = getrlimit(Resource::Nofile);
    let wanted = held as u64 + OTHERS;
    if limit.current.is_some_and(|current| current < wanted) {
        let current = limit.maximum.map_or(wanted, |most| most.min(wanted));
        // Where it may not, too many paths are refused.
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(current),
                ..limit
            },
        );
    }
}
