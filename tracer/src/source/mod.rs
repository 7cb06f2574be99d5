//! Where events come from. Every source yields the same [`Item`]s.

pub mod coalesce;
pub mod ebpf;
pub mod fanotify;
pub mod followed;
mod found;
pub mod halves;
pub mod inotify;
pub mod judged;
pub mod links;
pub mod logged;
pub mod missing;
pub mod open;
pub mod recorded;
mod said;
pub mod since;
pub mod witness;

pub use crate::event::Sums;
pub(crate) use inotify::clock::now;
pub use tracer_logs::replay;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fmt, io,
    os::{fd::BorrowedFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, atomic::AtomicU64},
    time::Duration,
};

use globset::GlobSet;
use rustix::fs::Access;

use crate::{
    calls::{CallSet, Op},
    event::{Backend, Item, Roots, notice},
    rules::{Condition, PathSet, Rule, SignalSet},
};

/// A source of events.
pub trait Source {
    /// Which it is.
    fn backend(&self) -> Backend;

    /// Every kernel interface that it reads: what it is, and what tells beside that.
    fn backends(&self) -> Vec<Backend> {
        vec![self.backend()]
    }

    /// Becomes readable when something waits; a source may need to be looked at earlier, see
    /// [`Source::longest_sleep`].
    fn fd(&self) -> BorrowedFd<'_>;

    /// The reader calls [`Source::read`] at least this often, whatever the descriptor says.
    fn longest_sleep(&self) -> Duration;

    /// Hands on what waits, without blocking; returns after at most some tens of thousands of
    /// items so that the reader can do other things. Returns how many there were.
    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize>;

    /// Stops capturing, then hands on everything that the kernel already had.
    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()>;

    /// The sums so far.
    fn sums(&self) -> Sums;

    /// What the person should know of what this source cannot do, each said once.
    fn take_warnings(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// True when the source has come to its natural end (all traced processes are gone, all
    /// watched roots are gone).
    fn ended(&mut self) -> bool;
}

/// Operations that a watch can be about.
pub const WATCH_OPS: [Op; 8] = [
    Op::Read,
    Op::Write,
    Op::Create,
    Op::Delete,
    Op::Rename,
    Op::Attribute,
    Op::Execute,
    Op::Close,
];

/// Those of a watch: what was asked for by name and by notifications (`IN_...` bits); without either, all but that
/// something is closed.
pub fn watched_ops(named: &[Op], events: Option<u32>) -> BTreeSet<Op> {
    let mut ops: BTreeSet<Op> = named.iter().copied().collect();
    match events {
        Some(events) => ops.extend(notice::ops(events)),
        None if ops.is_empty() => {
            ops.extend(WATCH_OPS.into_iter().filter(|op| *op != Op::Close));
        }
        None => {}
    }
    ops
}

/// A root without symlinks: it has to be there, and readable.
///
/// # Errors
/// When it is not.
pub fn real_root(path: &Path) -> io::Result<PathBuf> {
    let path = path.canonicalize()?;
    rustix::fs::access(&path, Access::READ_OK)?;
    Ok(path)
}

/// What a watch is about, for every backend.
#[derive(Clone, Debug, Default)]
pub struct WatchPlan {
    /// Absolute paths without symlinks, each of which existed when the plan was made.
    pub roots: Vec<PathBuf>,
    /// Directories include everything below them.
    pub recursive: bool,
    /// Absolute paths that are left out; an excluded directory is never entered.
    pub exclude: GlobSet,
    /// Operations of interest.
    pub ops: BTreeSet<Op>,
    /// Notifications of interest (`IN_...` bits), where the user asked for those; else those that
    /// belong to `ops`.
    pub events: Option<u32>,
    /// Says of an absolute path of a directory whether it is to be entered, beyond `exclude`.
    pub enters: Enters,
    /// `roots`, to be found by name: see [`WatchPlan::roots_above`].
    pub known: OnceLock<Roots>,
    /// Counts directories while they are looked at for the first time: how far that is.
    pub looked_at: Arc<AtomicU64>,
}

/// Whether a directory is to be entered; by default every one is.
#[derive(Clone, Default)]
pub struct Enters(pub Option<Arc<DecidesToEnter>>);

/// Says it of an absolute path.
type DecidesToEnter = dyn Fn(&[u8]) -> bool + Send + Sync;

impl fmt::Debug for Enters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "some" } else { "all" })
    }
}

impl WatchPlan {
    /// The length of each root that is at or above an absolute path. The roots do not change from
    /// the first call on.
    pub fn roots_above(&self, path: &[u8]) -> Vec<usize> {
        let known = self.known.get_or_init(|| self.names());
        known.at_or_above(path)
    }

    /// The roots by name.
    pub fn names(&self) -> Roots {
        let bytes = |root: &PathBuf| root.as_os_str().as_bytes().to_vec();
        self.roots.iter().map(bytes).collect()
    }

    /// What is at or below these names, which are those of the roots or lead to them. `found_only`: without names
    /// that lead to nothing.
    pub fn below(&self, roots: Roots, found_only: bool) -> Condition {
        Condition::Path(PathSet {
            roots,
            recursive: self.recursive,
            globs: GlobSet::empty(),
            exclude: self.exclude.clone(),
            by_inode: true,
            found_only,
            ..PathSet::default()
        })
    }

    /// Every event that the plan is about.
    pub fn rule(&self, links: &links::Links) -> Rule {
        let ops: Vec<_> = self.ops.iter().copied().collect();
        let mut rule = Rule {
            calls: CallSet::of_ops(&ops),
            exits: false,
            signals: SignalSet::NONE,
            conditions: vec![
                Condition::Op(self.ops.clone()),
                self.below(links.roots().clone(), true),
            ],
        };
        rule.conditions.extend(self.events.map(Condition::Notice));
        rule
    }

    /// May something be left out at all?
    pub fn leaves_out(&self) -> bool {
        !self.exclude.is_empty() || self.enters.0.is_some()
    }

    /// Is this directory (an absolute path) to be entered?
    pub fn enters(&self, path: &[u8]) -> bool {
        self.enters.0.as_ref().is_none_or(|enters| enters(path))
    }

    /// Is this absolute path left out?
    pub fn excludes(&self, path: &[u8]) -> bool {
        !self.exclude.is_empty() && self.exclude.is_match(Path::new(OsStr::from_bytes(path)))
    }
}
