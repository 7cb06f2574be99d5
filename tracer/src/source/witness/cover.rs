//! Which file systems are marked, and what is mounted where.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap, HashSet},
    fs::File,
    io::Read,
    os::{fd::AsFd, unix::ffi::OsStrExt},
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use foldhash::fast::RandomState;
use nix::errno::Errno;
use rustc_hash::FxHashMap;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{
    directories::{Dir, Directories, Directory, Place},
    evidence::Evidence,
    valve::{Gap, Valve},
};
use crate::{
    enrich::{
        mounts::{self, Mount},
        paths::{Below, IsBelow},
    },
    event::{Known, Time, Unknown, dev_parts},
    rules::Roots,
    source::{
        fanotify::{
            Anchor, DirName, Filled, Found, Group, Handle, Malformed, RecordRef, Resolver, join,
            waiting,
        },
        now,
    },
};

/// A long queue may be unread for so long.
const UNREAD: Duration = Duration::from_secs(1);

/// So many events are a long queue: some 25 MiB of the kernel's memory.
const LONG: usize = 128 * 1024;

/// After so many readings in a row it is asked how much there is.
const MANY: usize = 4;

/// What is known of a directory is asked for again after this: not every file system tells each rename.
const FRESH: Duration = Duration::from_millis(500);

/// The marks and the mounts behind them.
#[derive(Debug)]
pub(super) struct Cover {
    group: Group,
    pub(super) valve: Valve,
    pub(super) resolver: Resolver,
    /// Tells when something was mounted or unmounted.
    mounts: File,
    /// By the path where it is mounted: the device, and since when it is marked.
    points: FxHashMap<Vec<u8>, (String, Option<u64>)>,
    /// The mount that a directory is on which was asked for last: since when it is marked.
    last_mount: RefCell<Option<(Vec<u8>, Option<u64>)>>,
    directories: Directories,
    /// Since when.
    fresh: Instant,
    /// Something was forgotten since that was last asked.
    has_forgotten: bool,
    /// What files are by themselves: those of this batch.
    files: HashMap<Handle, Below, RandomState>,
    /// Some root is no directory.
    pub(super) has_files: bool,
    /// Directories in which a root stands, or a symlink that leads to one.
    holding: HashSet<Vec<u8>>,
    /// Devices of file systems that were asked for: since when one is marked, in monotonic nanoseconds, if it
    /// is.
    marked: BTreeMap<String, Option<u64>>,
    /// Paths whose content is marked, and what was there.
    content: HashMap<Vec<u8>, (u64, u64)>,
    /// Since when every file system of the roots is marked.
    whole_since: u64,
    /// What is asked for.
    pub(super) bits: u64,
    /// So many events were read.
    pub(super) numbers: u64,
}

/// What an event says of a directory itself.
enum Change {
    Moved(u64, DirName, DirName),
    Deleted(Handle, DirName),
}

impl Change {
    fn of(record: &RecordRef<'_>, number: u64) -> Option<Self> {
        if record.mask & libc::FAN_ONDIR == 0 {
            return None;
        }
        if let Some((old, new)) = record.old.zip(record.new) {
            return Some(Self::Moved(number, old.into(), new.into()));
        }
        let is_deleted = record.mask & libc::FAN_DELETE != 0;
        let (directory, at) = record.target.zip(record.at).filter(|_| is_deleted)?;
        Some(Self::Deleted(directory.into(), at.into()))
    }
}

impl Cover {
    pub(super) fn new() -> anyhow::Result<Self> {
        let group = Group::of_witness()?;
        Ok(Self {
            valve: Valve::new(group.fd(), UNREAD, |queue| waiting(queue) > LONG)?,
            group,
            resolver: Resolver::default(),
            mounts: File::open("/proc/thread-self/mountinfo")?,
            points: FxHashMap::default(),
            last_mount: RefCell::default(),
            directories: Directories::default(),
            fresh: Instant::now(),
            has_forgotten: false,
            files: HashMap::default(),
            has_files: false,
            holding: HashSet::new(),
            marked: BTreeMap::new(),
            content: HashMap::new(),
            whole_since: 0,
            bits: 0,
            numbers: 0,
        })
    }

    /// Has anything been mounted or unmounted since this was last asked?
    pub(super) fn has_changed(&self) -> bool {
        let mut asked = [PollFd::new(&self.mounts, PollFlags::PRI)];
        let at_once = Timespec::default();
        poll(&mut asked, Some(&at_once)).is_ok() && asked[0].revents().contains(PollFlags::PRI)
    }

    /// Asks for these from the next look on. What was marked for others is marked anew.
    pub(super) fn ask(&mut self, bits: u64) {
        if std::mem::replace(&mut self.bits, bits) == bits {
            return;
        }
        self.group.ask(bits);
        for (point, (device, _)) in &self.points {
            if self.marked.get(device).is_some_and(Option::is_some) {
                let _ = self.group.unmark_at(point);
            }
        }
        self.marked.clear();
    }

    /// Marks the file systems of the roots, and those mounted below them, and lets go of all others. What
    /// cannot be marked is told once.
    pub(super) fn look(&mut self, roots: &Roots, tell: &mut Vec<String>) {
        self.forget();
        let named = roots.all().into_iter().chain(roots.links());
        self.holding = named
            .filter_map(|path| directory_of(&path).map(<[u8]>::to_vec))
            .collect();
        let mut text = Vec::new();
        let read = File::open("/proc/thread-self/mountinfo")
            .and_then(|mut mounts| mounts.read_to_end(&mut text));
        if read.is_err() {
            self.whole_since = u64::MAX;
            return;
        }
        let all = mounts::parse(&text);
        // Of two at one place, the later one is seen.
        let seen: HashMap<&[u8], &Mount> = all.iter().map(|m| (&m.point[..], m)).collect();
        self.points = (seen.iter())
            .map(|(point, mount)| (point.to_vec(), (mount.device.clone(), None)))
            .collect();
        let of_roots: HashSet<Vec<u8>> = (roots.all().iter())
            .filter_map(|root| self.point_of(root).map(<[u8]>::to_vec))
            .collect();
        let is_wanted =
            |mount: &&&Mount| of_roots.contains(&mount.point) || roots.contain(&mount.point, true);
        let all_seen = seen.values().filter(|_| self.bits != 0);
        let wanted: Vec<&Mount> = all_seen.filter(is_wanted).copied().collect();
        self.let_go(&all, &wanted);
        let since = |mount| self.cover(mount, tell).unwrap_or(u64::MAX);
        self.whole_since = wanted.into_iter().map(since).max().unwrap_or(0);
        for (device, since) in self.points.values_mut() {
            *since = self.marked.get(device).copied().flatten();
        }
        self.last_mount.take();
        self.look_at_content(roots);
    }

    /// Keeps no mark and no mount but these.
    fn let_go(&mut self, all: &[Mount], wanted: &[&Mount]) {
        self.resolver.drop_unmounted();
        self.resolver
            .keep(|id| wanted.iter().any(|mount| mount.id == id));
        let group = &self.group;
        self.marked.retain(|device, since| {
            let is_wanted = wanted.iter().any(|mount| mount.device == *device);
            if !is_wanted && since.is_some() {
                // One that is mounted nowhere has lost its mark.
                let on_it = |mount: &&Mount| mount.device == *device;
                let _ = all.iter().find(on_it).map(|m| group.unmark_at(&m.point));
            }
            is_wanted
        });
    }

    /// Marks what is mounted somewhere. Returns since when it is marked.
    fn cover(&mut self, mount: &Mount, tell: &mut Vec<String>) -> Option<u64> {
        let known = self.marked.get(&mount.device).copied();
        // Again each time: another file system may have got the number of one that is gone, but not its mark.
        let since = match known {
            Some(Some(since)) if self.group.try_mark(&mount.point).is_ok() => Some(since),
            Some(None) => None,
            None | Some(Some(_)) => match self.mark(mount) {
                Ok(()) => Some(now().mono_ns),
                Err(why) => {
                    tell.push(format!(
                        "on {} ({}) calls by name are judged by their names: {why}",
                        String::from_utf8_lossy(&mount.point).escape_debug(),
                        mount.kind
                    ));
                    None
                }
            },
        };
        self.marked.insert(mount.device.clone(), since);
        if since.is_some()
            && !self.resolver.has(mount.id)
            && let Ok(anchor) = Anchor::open(&mount.point, mount.id)
        {
            self.resolver.add(anchor);
        }
        since
    }

    /// Marks what is mounted somewhere, or says why it cannot be marked.
    fn mark(&mut self, mount: &Mount) -> Result<(), String> {
        match self.group.try_mark(&mount.point) {
            Ok(()) => match Anchor::open(&mount.point, mount.id) {
                Ok(anchor) => anchor.try_out().map_err(|error| error.to_string()),
                // A mount on a file.
                Err(_) => Ok(()),
            },
            Err(Errno::EXDEV | Errno::ENODEV | Errno::EOPNOTSUPP) => {
                Err("the file system has no lasting file handles".to_owned())
            }
            Err(errno) => Err(format!("fanotify_mark: {errno}")),
        }
    }

    /// Marks the content of the roots themselves.
    fn look_at_content(&mut self, roots: &Roots) {
        use std::os::unix::fs::MetadataExt;
        let mut before = std::mem::take(&mut self.content);
        let is_asked = self.bits & libc::FAN_MODIFY != 0;
        self.has_files = false;
        for root in roots.all() {
            let path = Path::new(std::ffi::OsStr::from_bytes(&root));
            let Ok(found) = std::fs::symlink_metadata(path) else {
                continue;
            };
            self.has_files |= !found.is_dir();
            let id = (found.dev(), found.ino());
            if !is_asked {
                continue;
            }
            if before.remove(&root) == Some(id) || self.group.mark_content(&root).is_ok() {
                self.content.insert(root, id);
            }
        }
        for root in before.keys() {
            // What is gone has no mark any more.
            let _ = self.group.unmark_content(root);
        }
    }

    /// Is a change of the content of this file told?
    pub(super) fn tells_content(&self, path: &[u8]) -> bool {
        let is_known = |path: &[u8]| self.content.contains_key(path);
        is_known(path) || directory_of(path).is_some_and(is_known)
    }

    /// Was every file system of the roots marked then?
    pub(super) fn is_whole(&self, time: Time) -> bool {
        self.whole_since <= time.mono_ns
    }

    /// Was the file system marked then that a path is on?
    pub(super) fn is_marked(&self, path: &[u8], time: Time) -> bool {
        self.marked_since(path)
            .is_some_and(|since| since <= time.mono_ns)
    }

    fn marked_since(&self, path: &[u8]) -> Option<u64> {
        if let Some((_, since)) = self.points.get(path) {
            return *since;
        }
        let directory = directory_of(path)?;
        let mut last = self.last_mount.borrow_mut();
        if let Some((known, since)) = &*last
            && known == directory
        {
            return *since;
        }
        let point = self.point_of(directory);
        let since = point.and_then(|point| self.points.get(point)?.1);
        *last = Some((directory.to_vec(), since));
        since
    }

    /// The path of the mount that a path is on.
    fn point_of<'a>(&self, path: &'a [u8]) -> Option<&'a [u8]> {
        let mut end = path.len();
        loop {
            let above = if end == 0 { b"/" } else { &path[..end] };
            if self.points.contains_key(above) {
                return Some(above);
            }
            if end == 0 {
                return None;
            }
            end = memchr::memrchr(b'/', &path[..end])?;
        }
    }

    /// May a file system be mounted here? In a chroot, not every mount is told.
    pub(super) fn may_have_device(&self, dev: u32) -> bool {
        if !self.points.contains_key(&b"/"[..]) {
            return true;
        }
        let (major, minor) = dev_parts(dev);
        let device = format!("{major}:{minor}");
        self.points.values().any(|(known, _)| *known == device)
    }

    /// The path that a name in a directory had when the record with this number was queued: the one that is
    /// watched, where there are several.
    pub(super) fn path(&mut self, roots: &Roots, place: &Place, number: u64) -> Known<Bytes> {
        let of = |directory: &Vec<u8>| match &*place.name {
            b"." => directory.clone(),
            name => join(directory, name),
        };
        let found = if self.resolver.has_moved_after(number) {
            self.resolver.find_then(&place.dir.handle, number)
        } else {
            match self.directories.known(&place.dir) {
                Some(known) => known.found.clone(),
                None => self.resolver.find(&place.dir.handle),
            }
        };
        match found {
            Found::At(directories) => {
                let [first, rest @ ..] = &*directories else {
                    return Err(Unknown::LookupFailed);
                };
                let is_watched = |path: &Vec<u8>| roots.contain(path, true);
                let first = of(first);
                let path = if rest.is_empty() || is_watched(&first) {
                    first
                } else {
                    rest.iter().map(of).find(is_watched).unwrap_or(first)
                };
                Ok(path.into())
            }
            Found::Outside => Err(Unknown::Detached),
            Found::Unknown => Err(Unknown::LookupFailed),
        }
    }

    /// Is this known as the only path of a name in a directory?
    pub(super) fn has_path(&self, place: &Place, number: u64, path: &[u8]) -> bool {
        self.directories.have(place, path)
            && *place.name != *b"."
            && !self.resolver.has_moved_after(number)
    }

    /// What a directory is: the kernel is asked, unless that is known.
    fn ask_for(&mut self, roots: &Roots, dir: &Dir, is_below: IsBelow<'_>) -> Rc<Directory> {
        if let Some(known) = self.directories.known(dir) {
            return known;
        }
        let Self {
            resolver, holding, ..
        } = self;
        let holds = |path: &Vec<u8>| holding.contains(path);
        let known = Directory::ask(&dir.handle, resolver, holds, roots, is_below);
        self.directories.learn(dir, known)
    }

    /// Asks what the directories are in which something has happened. Returns whether the kernel was asked.
    pub(super) fn know<'a>(
        &mut self,
        roots: &Roots,
        places: impl Iterator<Item = &'a Place>,
        is_below: IsBelow<'_>,
    ) -> bool {
        let mut has_asked = false;
        for place in places {
            if !self.directories.knows(&place.dir) {
                self.ask_for(roots, &place.dir, is_below);
                has_asked = true;
            }
        }
        has_asked
    }

    /// What a directory is at or below, by itself, if it has been there since the record with this number was
    /// queued.
    pub(super) fn below(
        &mut self,
        roots: &Roots,
        dir: &Dir,
        number: u64,
        is_below: IsBelow<'_>,
    ) -> Below {
        let has_moved = self.resolver.has_moved_after(number);
        let known = self.ask_for(roots, dir, is_below);
        // Where it was before, its path tells.
        if has_moved && matches!(known.found, Found::At(_)) {
            return Below::default();
        }
        known.below
    }

    /// What a file is at or below, by itself.
    pub(super) fn below_file(&mut self, file: &Handle, is_below: IsBelow<'_>) -> Below {
        if let Some(known) = self.files.get(file) {
            return *known;
        }
        let opened = self.resolver.open_file(file);
        let below = opened.map_or_else(Below::default, |file| is_below(file.as_fd()));
        self.files.insert(file.clone(), below);
        below
    }

    /// Is what has happened there of interest by itself: at or below a root, by its path or as the kernel sees
    /// it?
    pub(super) fn is_watched(
        &mut self,
        roots: &Roots,
        place: &Place,
        number: u64,
        is_below: IsBelow<'_>,
    ) -> bool {
        let has_moved = self.resolver.has_moved_after(number);
        let known = self.ask_for(roots, &place.dir, is_below);
        if has_moved || known.has_root {
            let path = self.path(roots, place, number);
            return path.is_ok_and(|path| roots.contain(&path, true))
                || self.below(roots, &place.dir, number, is_below).root;
        }
        known.is_inside || known.below.root
    }

    /// A directory was deleted that had this name.
    fn learn_deleted(&mut self, directory: Handle, name: DirName) {
        self.directories.forget_unknown(&directory);
        self.resolver.learn_deleted(directory, name);
    }

    /// A directory was renamed.
    fn learn_moved(&mut self, number: u64, old: &DirName, new: &DirName) {
        self.directories.forget();
        self.has_forgotten = true;
        self.resolver.learn_moved(number, old, new);
    }

    /// What was found before may be another now.
    fn forget(&mut self) {
        self.fresh = Instant::now();
        self.directories.forget();
        self.has_forgotten = true;
        self.resolver.forget();
    }

    /// Was something forgotten since this was last asked?
    pub(super) fn has_forgotten(&mut self) -> bool {
        std::mem::take(&mut self.has_forgotten)
    }

    /// A new batch.
    pub(super) fn begin(&mut self) {
        if self.fresh.elapsed() >= FRESH {
            self.forget();
        }
        self.files.clear();
        self.resolver.goes_on();
    }

    /// Reads everything that waits now. Returns whether all of it could be read, and what is missing in it.
    pub(super) fn read(
        &mut self,
        take: &mut dyn FnMut(Evidence),
    ) -> anyhow::Result<(bool, Option<Gap>)> {
        let (mut is_whole, mut changes) = (true, Vec::new());
        let Self {
            group,
            valve,
            directories,
            numbers,
            ..
        } = self;
        let count = Cell::new(0);
        let mut told = |record: Result<RecordRef<'_>, Malformed>| {
            count.set(count.get() + 1);
            let is_overflow = |record: &RecordRef<'_>| record.mask & libc::FAN_Q_OVERFLOW != 0;
            let Some(record) = record.ok().filter(|record| !is_overflow(record)) else {
                is_whole = false;
                return;
            };
            let number = *numbers;
            *numbers += 1;
            changes.extend(Change::of(&record, number));
            // What happened to a file itself, in no directory (one more link, one less), is told beside that.
            if record.at.is_some() || record.old.is_some() {
                take(Evidence::new(&record, number, directories));
            }
        };
        let gap = valve.read(|| {
            let (mut fills, mut left, mut before) = (0, usize::MAX, 0);
            while left > 0 {
                if group.fill(now(), &mut told)? == Filled::Nothing {
                    break;
                }
                fills += 1;
                // More comes as fast as it is read: what has come by now is enough.
                left = match fills {
                    MANY => group.waiting(),
                    _ => left.saturating_sub(count.get() - before),
                };
                before = count.get();
            }
            Ok(())
        })?;
        for change in changes {
            match change {
                Change::Moved(number, old, new) => self.learn_moved(number, &old, &new),
                Change::Deleted(directory, at) => self.learn_deleted(directory, at),
            }
        }
        Ok((is_whole, gap))
    }

    /// Is nothing marked?
    pub(super) fn is_empty(&self) -> bool {
        !self.marked.values().any(Option::is_some)
    }
}

/// The directory that the last component of an absolute path stands in.
fn directory_of(path: &[u8]) -> Option<&[u8]> {
    let path = path.strip_suffix(b"/").unwrap_or(path);
    memchr::memrchr(b'/', path).map(|end| &path[..end.max(1)])
}
