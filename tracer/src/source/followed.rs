//! Follows switched symlinks where the source itself knows only what its plan says: a source around
//! others of the same kind, one for what was asked for and one for each root that leads elsewhere now.
//! What two of them watch is told by the first.

use std::{
    collections::HashSet,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    os::unix::ffi::OsStrExt,
    path::Path,
    sync::OnceLock,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use rustix::event::epoll;

use super::{
    Source, Sums, WatchPlan, found,
    links::{Links, Switch},
    now,
};
use crate::{
    event::{Backend, Event, Item},
    rules::Roots,
};

/// Longest time between two looks at the symlinks.
const PERIOD: Duration = Duration::from_millis(500);

/// Opens a source for a plan.
type Open = dyn Fn(&WatchPlan) -> anyhow::Result<Box<dyn Source>>;

/// Where items go.
type Take<'a> = dyn FnMut(Item) + 'a;

/// Does something with a source, and hands on what comes of it.
type Act<'a> = dyn FnMut(&mut dyn Source, &mut Take<'_>) -> anyhow::Result<()> + 'a;

/// The source.
pub struct Followed {
    sources: Vec<One>,
    /// Readable when one of them is.
    any: OwnedFd,
    open: Box<Open>,
    plan: WatchPlan,
    links: Links,
    looked: Instant,
    /// Sums of sources that are not needed any more.
    before: Sums,
    /// Events about where a root led before.
    outside: u64,
    /// Events that another source tells.
    duplicate: u64,
    has_switched: bool,
    warnings: Vec<String>,
    /// What sources have said as they began.
    introduced: HashSet<String>,
    backend: Backend,
}

struct One {
    source: Box<dyn Source>,
    /// What it watches.
    roots: Roots,
}

impl One {
    /// Does it see all that is to be seen of a root?
    fn watches(&self, root: &Path, recursive: bool) -> bool {
        let bytes = root.as_os_str().as_bytes();
        if recursive || !root.is_dir() {
            return self.roots.contain(bytes, recursive);
        }
        self.roots.at_or_above(bytes).first() == Some(&bytes.len())
    }
}

impl Followed {
    /// Follows the symlinks of `links`; `source` is one that `open` makes for `plan`.
    pub fn new(
        source: Box<dyn Source>,
        plan: WatchPlan,
        links: Links,
        open: Box<Open>,
    ) -> anyhow::Result<Self> {
        let any = epoll::create(epoll::CreateFlags::CLOEXEC).context("epoll_create1")?;
        let mut this = Self {
            sources: Vec::new(),
            any,
            open,
            plan,
            links,
            looked: Instant::now(),
            before: Sums::default(),
            outside: 0,
            duplicate: 0,
            has_switched: false,
            warnings: Vec::new(),
            introduced: HashSet::new(),
            backend: source.backend(),
        };
        let bytes = |root: &std::path::PathBuf| root.as_os_str().as_bytes().to_vec();
        let roots = this.plan.roots.iter().map(bytes).collect();
        this.add(source, roots)?;
        Ok(this)
    }

    fn add(&mut self, mut source: Box<dyn Source>, roots: Roots) -> anyhow::Result<()> {
        // What holds for every source of the kind is said once.
        let mut said = source.take_warnings();
        said.retain(|warning| self.introduced.insert(warning.clone()));
        self.warnings.append(&mut said);
        let data = epoll::EventData::new_u64(0);
        epoll::add(&self.any, source.fd(), data, epoll::EventFlags::IN).context("epoll_ctl")?;
        self.sources.push(One { source, roots });
        Ok(())
    }

    /// Does something with every source, and hands on what comes of it. One of them may still see what
    /// a name has led to before, or what another sees, too.
    fn each(&mut self, take: &mut Take<'_>, act: &mut Act<'_>) -> anyhow::Result<()> {
        if !self.has_switched {
            for one in &mut self.sources {
                act(one.source.as_mut(), take)?;
            }
            return Ok(());
        }
        let recursive = self.plan.recursive;
        let is_in = |event: &Event, roots: &Roots, unknown: bool| {
            event.paths.iter().any(|path| match &path.resolved {
                Ok(path) => roots.contain(path, recursive),
                Err(_) => unknown,
            })
        };
        let all: Vec<_> = self.sources.iter().map(|one| one.roots.clone()).collect();
        let asked = self.links.roots();
        for (at, one) in self.sources.iter_mut().enumerate() {
            let (outside, duplicate) = (&mut self.outside, &mut self.duplicate);
            let before = &all[..at];
            act(one.source.as_mut(), &mut |item| match &item {
                Item::Event(event) if !is_in(event, asked, true) => *outside += 1,
                Item::Event(event) if before.iter().any(|roots| is_in(event, roots, false)) => {
                    *duplicate += 1;
                }
                Item::Event(_) | Item::Loss(_) => take(item),
            })?;
        }
        Ok(())
    }

    /// Looks whether symlinks were switched.
    fn look(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        if self.looked.elapsed() < PERIOD {
            return Ok(());
        }
        self.looked = Instant::now();
        for switch in self.links.look() {
            self.warnings.push(switch.sentence());
            self.switched(take, &switch)?;
        }
        Ok(())
    }

    fn switched(&mut self, take: &mut dyn FnMut(Item), switch: &Switch) -> anyhow::Result<()> {
        self.has_switched = true;
        if let Some(root) = self.plan.roots.get_mut(switch.at) {
            root.clone_from(&switch.to);
        }
        let recursive = self.plan.recursive;
        let is_watched = |one: &One| one.watches(&switch.to, recursive);
        if !self.sources.iter().any(is_watched) {
            let plan = WatchPlan {
                roots: vec![switch.to.clone()],
                known: OnceLock::new(),
                ..self.plan.clone()
            };
            let roots = [switch.to.as_os_str().as_bytes().to_vec()];
            match (self.open)(&plan) {
                Ok(source) => self.add(source, roots.into_iter().collect())?,
                Err(error) => self.warnings.push(format!(
                    "{} cannot be watched: {error:#}",
                    switch.to.display()
                )),
            }
        }
        self.drop_unneeded(take)?;
        self.before.seen += 1;
        self.before.delivered += 1;
        take(Item::Event(Box::new(self.event(switch))));
        Ok(())
    }

    /// Ends the sources that see nothing of any root.
    fn drop_unneeded(&mut self, take: &mut Take<'_>) -> anyhow::Result<()> {
        for at in (0..self.sources.len()).rev() {
            let (one, plan) = (&self.sources[at], &self.plan);
            let is_needed = |root| one.watches(root, plan.recursive);
            if self.sources.len() == 1 || plan.roots.iter().any(|root| is_needed(root)) {
                continue;
            }
            let mut one = self.sources.remove(at);
            one.source.finish(take)?;
            self.warnings.extend(one.source.take_warnings());
            self.before.add(one.source.sums());
        }
        Ok(())
    }

    /// The name leads to another object now, as if that had been made there.
    fn event(&self, switch: &Switch) -> Event {
        let to = switch.to.as_os_str().as_encoded_bytes();
        let is_dir = switch.to.is_dir();
        found::created(self.backend(), now(), to, is_dir)
    }
}

impl Source for Followed {
    fn backend(&self) -> Backend {
        self.backend
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.any.as_fd()
    }

    fn longest_sleep(&self) -> Duration {
        let sleeps = self.sources.iter().map(|one| one.source.longest_sleep());
        sleeps.fold(PERIOD, Duration::min)
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        let mut count = 0;
        self.each(take, &mut |source, take| {
            count += source.read(take)?;
            Ok(())
        })?;
        self.look(take)?;
        Ok(count)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        self.each(take, &mut |source, take| source.finish(take))
    }

    fn sums(&self) -> Sums {
        let mut sums = self.before.clone();
        for one in &self.sources {
            sums.add(one.source.sums());
        }
        sums.delivered -= self.outside + self.duplicate;
        sums.filtered.push(("outside".into(), self.outside));
        sums.filtered.push(("duplicate".into(), self.duplicate));
        sums
    }

    fn take_warnings(&mut self) -> Vec<String> {
        let mut warnings = std::mem::take(&mut self.warnings);
        for one in &mut self.sources {
            warnings.extend(one.source.take_warnings());
        }
        warnings
    }

    fn ended(&mut self) -> bool {
        self.sources.iter_mut().all(|one| one.source.ended())
    }
}
