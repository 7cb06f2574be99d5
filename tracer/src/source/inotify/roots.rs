//! The roots of the watch: setting them up, and noticing their end. What takes the place of one
//! that is gone is looked for in `lost`.

use std::{
    collections::BTreeSet,
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow, bail};
use rustix::io::Errno;

use super::{
    Inotify, Take, dir, item,
    kernel::limit,
    notes::shown,
    scan::Mode,
    tally::Reason,
    tree::{Name, Place, Scope, Wd, join},
};
use crate::{calls::Op, event::PathRole};

/// How long a root may be missing before it counts as gone: programs replace files and directories
/// by deleting and making them again.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// How often roots are looked for; the reader may sleep this long.
pub(super) const CHECK: Duration = Duration::from_secs(1);

/// The tree has more directories than there may be watches. Says how many, and what to do.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct TooManyWatches(String);

/// A root of the plan that is not below another one.
#[derive(Debug)]
pub(super) struct Root {
    /// Its absolute path.
    pub(super) path: Vec<u8>,
    /// Its watch, or that of its directory.
    pub(super) wd: Wd,
    /// Its name in that directory, for a file.
    pub(super) file: Option<Name>,
    /// There is no such watch any more.
    pub(super) is_lost: bool,
    /// Since when it has been missing.
    pub(super) missing: Option<Instant>,
    /// It counts as gone, which has been said.
    pub(super) is_gone: bool,
}

impl Root {
    fn new(path: &[u8], wd: Wd, file: Option<Name>) -> Self {
        Self {
            path: path.to_vec(),
            wd,
            file,
            is_lost: false,
            missing: None,
            is_gone: false,
        }
    }

    pub(super) fn wd(&self) -> Wd {
        self.wd
    }

    pub(super) fn file(&self) -> Option<&Name> {
        self.file.as_ref()
    }

    pub(super) fn is_lost(&self) -> bool {
        self.is_lost
    }
}

impl Inotify {
    pub(super) fn add_roots(&mut self) -> anyhow::Result<()> {
        let mut paths: Vec<Vec<u8>> = self
            .plan
            .roots
            .iter()
            .map(|path| path.as_os_str().as_bytes().to_vec())
            .collect();
        // Directories above others come first, so that those below them are known already.
        paths.sort();
        let mut files = Vec::new();
        for path in paths {
            match dir::kind(&path).with_context(|| shown(&path))? {
                Some(true) => self.add_directory(&path)?,
                Some(false) if self.raw.is_some() => self.add_lone_file(&path)?,
                Some(false) => files.push(path),
                None => bail!("{}: no such file or directory", shown(&path)),
            }
        }
        for path in files {
            self.add_file(&path)?;
        }
        if self.roots.is_empty() {
            bail!("nothing to watch");
        }
        Ok(())
    }

    fn add_directory(&mut self, path: &[u8]) -> anyhow::Result<()> {
        let fd = dir::open(path).map_err(|error| cannot(path, error))?;
        let wd = match self.kernel.watch(fd.as_fd(), path, self.masks.dir) {
            Ok(wd) => wd,
            Err(Errno::NOSPC) => return Err(self.too_many()),
            Err(error) => return Err(cannot(path, error)),
        };
        if self.tree.has(wd) {
            if self.tree.path(wd).as_deref() != Some(path) {
                self.notes.alias(path);
            }
            return Ok(());
        }
        self.watch_root(&fd, path)?;
        self.tree.insert_base(wd, path, Scope::All);
        self.roots.push(Root::new(path, wd, None));
        if self.plan.recursive || self.remembers_files() {
            self.list_place(&mut |_| (), wd, path, &fd, Mode::Initial);
        }
        self.scan().context("threads that look at the tree")?;
        if self.notes.limit_reached() {
            return Err(self.too_many());
        }
        Ok(())
    }

    pub(super) fn watch_root(&self, fd: &OwnedFd, path: &[u8]) -> anyhow::Result<()> {
        self.kernel
            .watch(fd.as_fd(), path, self.masks.root)
            .map(drop)
            .map_err(|error| cannot(path, error))
    }

    /// A file is watched through its directory, so that it may be replaced.
    fn add_file(&mut self, path: &[u8]) -> anyhow::Result<()> {
        let cut = path.iter().rposition(|b| *b == b'/').unwrap_or(0);
        let (parent, name) = (&path[..cut.max(1)], &path[cut + 1..]);
        let fd = dir::open(parent).map_err(|error| cannot(parent, error))?;
        let wd = match self.kernel.watch(fd.as_fd(), parent, self.masks.parent) {
            Ok(wd) => wd,
            Err(Errno::ACCESS) => return self.add_lone_file(path),
            Err(Errno::NOSPC) => return Err(self.too_many()),
            Err(error) => return Err(cannot(parent, error)),
        };
        match self.tree.scope(wd) {
            Some(Scope::All) => return Ok(()),
            Some(_) => {
                if !self.tree.widen(wd, name) {
                    return Ok(());
                }
            }
            None => {
                self.watch_root(&fd, parent)?;
                self.tree
                    .insert_base(wd, parent, Scope::Only(BTreeSet::from([name.into()])));
            }
        }
        self.remember(wd, name, false);
        self.roots.push(Root::new(path, wd, Some(name.into())));
        Ok(())
    }

    fn add_lone_file(&mut self, path: &[u8]) -> anyhow::Result<()> {
        let wd = self
            .kernel
            .watch_file(path, self.masks.file | self.masks.root)
            .map_err(|error| cannot(path, error))?;
        if !self.tree.has(wd) {
            self.tree.insert_base(wd, path, Scope::Itself);
            self.roots.push(Root::new(path, wd, None));
            if self.raw.is_none() {
                self.notes.say(format!(
                    "inotify: the directory of {} cannot be read, so the watch ends when the file \
                     is replaced",
                    shown(path)
                ));
            }
        }
        Ok(())
    }

    /// The error for a tree that has more directories than there may be watches.
    fn too_many(&self) -> anyhow::Error {
        let count = dir::count(&self.plan.roots, |path| self.plan.excludes(path));
        let roots: Vec<_> = self
            .plan
            .roots
            .iter()
            .map(|path| shown(path.as_os_str().as_bytes()))
            .collect();
        TooManyWatches(format!(
            "{count} directories in {} need one watch each, which is more than {} leaves to \
             this user; raise it with `sysctl fs.inotify.max_user_watches={}` as root, or leave \
             directories out",
            roots.join(", "),
            limit("max_user_watches"),
            (count * 2).next_power_of_two().max(65_536)
        ))
        .into()
    }

    /// A file that is a root was made, or is gone.
    pub(super) fn set_present(&mut self, wd: Wd, name: &[u8], present: bool) {
        for root in &mut self.roots {
            if root.wd == wd && root.file.as_deref() == Some(name) {
                root.missing = if present { None } else { Some(Instant::now()) };
                root.is_gone &= !present;
            }
        }
    }

    /// The kernel has told the end of a root, or of the directory of a file that is one.
    pub(super) fn root_lost(&mut self, take: &mut Take<'_>, wd: Wd, op: Op) {
        self.tell_root_lost(take, wd, op, false);
        for wd in self.forget_root(wd) {
            self.kernel.unwatch(wd);
        }
    }

    /// Tells the end of a root. `found`: by looking, not by the kernel.
    pub(super) fn tell_root_lost(&mut self, take: &mut Take<'_>, wd: Wd, op: Op, found: bool) {
        let Some(path) = self.tree.path(wd) else {
            return;
        };
        match self.tree.scope(wd).cloned() {
            Some(Scope::Only(names)) => {
                if !found {
                    self.skip(Reason::Outside);
                }
                for name in names {
                    let present = self.roots.iter().any(|root| {
                        root.wd == wd && root.file.as_ref() == Some(&name) && root.missing.is_none()
                    });
                    if present {
                        self.tell_found(take, Op::Delete, false, join(&path, &name));
                    }
                }
            }
            scope => {
                let is_dir = scope == Some(Scope::All);
                let role = if op == Op::Rename {
                    PathRole::Source
                } else {
                    PathRole::Target
                };
                let path = item(role, path, op == Op::Delete);
                if !found {
                    self.tell(take, op, is_dir, vec![path]);
                } else if self.plan.ops.contains(&op) {
                    self.deliver(take, op, is_dir, vec![path], true);
                }
            }
        }
    }

    /// A root is not there any more, and no event has told it.
    pub(super) fn root_vanished(&mut self, take: &mut Take<'_>, wd: Wd) {
        let Some(path) = self.tree.path(wd) else {
            return;
        };
        let Some(Place::Base(base)) = self.tree.get(wd).map(|node| &node.place) else {
            return;
        };
        let scope = base.1.clone();
        let (wds, fallen) = self.tree.cut_telling(wd);
        for gone in fallen {
            self.tell_found(take, Op::Delete, gone.is_dir, gone.path);
        }
        if !matches!(scope, Scope::Only(_)) {
            self.tell_found(take, Op::Delete, scope == Scope::All, path);
        }
        for wd in wds {
            self.kernel.unwatch(wd);
        }
        self.forget_root(wd);
    }

    /// Forgets a root and everything below it. Returns the watches.
    pub(super) fn forget_root(&mut self, wd: Wd) -> Vec<Wd> {
        let its_own = |root: &&mut Root| root.wd == wd && !root.is_lost;
        for root in self.roots.iter_mut().filter(its_own) {
            root.is_lost = true;
            root.missing.get_or_insert_with(Instant::now);
        }
        self.tree.cut(wd)
    }
}

fn cannot(path: &[u8], error: Errno) -> anyhow::Error {
    anyhow!("cannot watch {}: {error}", shown(path))
}
