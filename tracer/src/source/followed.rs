//! Follows switched symlinks where the source itself knows only what its plan says: a source around
//! others of the same kind, one for what was asked for and one for each root that leads elsewhere now.

use std::{
    os::fd::{AsFd, BorrowedFd, OwnedFd},
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
use crate::event::{Backend, Event, Item};

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
    dropped: u64,
    has_switched: bool,
    warnings: Vec<String>,
}

struct One {
    source: Box<dyn Source>,
    /// The roots that it is for; `None` is all that no other is for.
    root: Option<usize>,
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
            dropped: 0,
            has_switched: false,
            warnings: Vec::new(),
        };
        this.add(source, None)?;
        Ok(this)
    }

    fn add(&mut self, source: Box<dyn Source>, root: Option<usize>) -> anyhow::Result<()> {
        let data = epoll::EventData::new_u64(0);
        epoll::add(&self.any, source.fd(), data, epoll::EventFlags::IN).context("epoll_ctl")?;
        self.sources.push(One { source, root });
        Ok(())
    }

    /// Does something with every source, and hands on what comes of it. The one for all roots may
    /// still see what a name has led to before.
    fn each(&mut self, take: &mut Take<'_>, act: &mut Act<'_>) -> anyhow::Result<()> {
        let (roots, dropped) = (self.links.roots(), &mut self.dropped);
        let (has_switched, recursive) = (self.has_switched, self.plan.recursive);
        let is_old = |item: &Item| match item {
            Item::Event(event) => !event.paths.iter().any(|path| {
                let path = path.resolved.as_ref();
                path.map_or(true, |path| roots.contain(path, recursive))
            }),
            Item::Loss(_) => false,
        };
        for one in &mut self.sources {
            let may_be_old = has_switched && one.root.is_none();
            act(one.source.as_mut(), &mut |item| {
                if may_be_old && is_old(&item) {
                    *dropped += 1;
                } else {
                    take(item);
                }
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
        let old = self
            .sources
            .iter()
            .position(|one| one.root == Some(switch.at));
        if let Some(old) = old {
            let mut one = self.sources.remove(old);
            one.source.finish(take)?;
            self.warnings.extend(one.source.take_warnings());
            self.before.add(one.source.sums());
        }
        self.has_switched = true;
        let is_in_another = self.plan.recursive
            && self.plan.roots.iter().enumerate().any(|(at, root)| {
                at != switch.at && switch.to.starts_with(root) && switch.to != *root
            });
        if let Some(root) = self.plan.roots.get_mut(switch.at) {
            root.clone_from(&switch.to);
        }
        if !is_in_another {
            let plan = WatchPlan {
                roots: vec![switch.to.clone()],
                known: OnceLock::new(),
                ..self.plan.clone()
            };
            match (self.open)(&plan) {
                Ok(source) => self.add(source, Some(switch.at))?,
                Err(error) => self.warnings.push(format!(
                    "{} cannot be watched: {error:#}",
                    switch.to.display()
                )),
            }
        }
        self.before.seen += 1;
        self.before.delivered += 1;
        take(Item::Event(Box::new(self.event(switch))));
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
        self.sources
            .first()
            .map_or(Backend::Inotify, |one| one.source.backend())
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
        sums.delivered -= self.dropped;
        sums.filtered.push(("outside".into(), self.dropped));
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
