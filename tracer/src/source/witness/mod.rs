//! The kernel's own witness of the files that calls by name touch, where the kernel side cannot see them.
//!
//! A call that leaves no open file behind (unlink, rename, mkdir, chmod, truncate, setxattr, link by
//! name) is over when the kernel side sees it, and its name may lead elsewhere by then. fanotify(7)
//! told while the call ran: which thread, in which directory (a handle), which name, which file (a
//! handle). A mark stands on each file system of what is watched and on nothing else.
//!
//! **Joined.** A call's event of fanotify is in the queue before the call returns, and its record in the
//! ring after that. So the ring is read first and fanotify until it has no more: of each call in hand
//! the event is here, or there is none. What has come into the ring meanwhile only shows which events belong to later
//! calls. They are put together by thread, kind and name, in the order of the
//! thread (`evidence`); where one of several may be meant, nobody can tell.
//!
//! **Decided.** What was found takes the place of what the name led to: the path is that of the handle,
//! `via` is `fanotify`, and that decides. A call without an event on a file system that is marked
//! has touched nothing there, whatever its name leads to now (`asked` says for which calls that
//! holds). Where a file system is not marked (refused, or without handles), the name decides if it is
//! looked up in our own mount namespace, and nothing does otherwise.
//!
//! **Left over.** What fanotify saw in what is watched and no call explains is told as an event of
//! its own, with who did it as far as `/proc` says that.
//!
//! Content is told only of the roots and of files directly in them, for truncate(2): a mark for all
//! writes of a file system would be too dear. Deeper, the name decides, if what it leads to was changed
//! at that time.

mod asked;
mod cover;
mod directories;
mod evidence;
mod index;
mod pool;
mod search;
mod tell;
mod valve;

use std::{path::Path, time::Duration};

use rustc_hash::FxHashMap;

use self::{
    asked::{Asked, Silence},
    cover::Cover,
    evidence::{Evidence, Trace},
    index::Answer,
    pool::Pool,
    valve::Gap,
};
use crate::{
    calls::{CallSet, Op},
    enrich::{
        lookup::{self, HERE},
        paths::IsBelow,
    },
    event::{Actor, Certainty, Event, Item, Known, Unknown, Via},
    rules::Roots,
    source::{fanotify::Processes, now},
};

/// How long an event of fanotify waits for its call: some go on for long after it.
const PATIENCE: Duration = Duration::from_secs(3);

/// So many events wait for their calls that long: of more, the oldest have none.
const MOST: usize = 4096;

/// So many are kept while the ring holds calls that may explain them.
const ALL: usize = 128 * 1024;

/// What is read while the kernel is asked where it was is asked for again so often.
const ROUNDS: usize = 4;

/// The queue is read after so many records at the latest.
const OFTEN: u32 = 512;

/// What a call did by the clock of files, which is behind by up to a tick.
const ABOUT: Duration = Duration::from_millis(100);

const UNREAD: &str = "what fanotify told could not be read for a while: calls by name of that time are \
    judged by their names";

/// The witness.
#[derive(Debug)]
pub struct Witness {
    cover: Cover,
    /// What is watched.
    roots: Roots,
    pool: Pool,
    /// Room for the calls of a batch.
    cases: Vec<Case>,
    /// Counts batches of calls.
    batch: u64,
    /// Something was read for this one.
    has_read: bool,
    /// Records handed on since the last reading.
    handed: u32,
    /// When it was last read.
    read_at: u64,
    /// That nothing was told says nothing of calls of that time: not everything could be read.
    gap: Option<Gap>,
    processes: Processes,
    /// Who did what no call explains: threads of this batch.
    actors: FxHashMap<i32, Known<Actor>>,
    /// Tells what no call explains.
    tells_rest: bool,
    /// Files are of interest beside their paths.
    wants_files: bool,
    /// What came later is told by nobody: the end.
    until: u64,
    warnings: Vec<String>,
}

/// A call and what is known of it so far.
#[derive(Debug)]
struct Case {
    /// Its place among the items.
    at: usize,
    asked: Asked,
    answer: Answer,
    trace: Trace,
    /// It may have been where its name leads now.
    may_be_there: bool,
    /// It was looked for by its name.
    is_named: bool,
}

impl Case {
    fn event<'a>(&self, items: &'a [Item]) -> Option<&'a Event> {
        match &items[self.at] {
            Item::Event(event) => Some(event),
            Item::Loss(_) => None,
        }
    }
}

/// Which calls are not in hand yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// Some that have long returned: the ring holds more than was taken.
    Old,
    /// Those that return from now on.
    New,
    /// None will come.
    NoMore,
}

impl Witness {
    /// A witness of these calls at and below the roots. `tells_rest`: also of what no call explains.
    pub fn open(
        calls: &CallSet,
        roots: Roots,
        tells_rest: bool,
        wants_files: bool,
    ) -> anyhow::Result<Self> {
        let mut this = Self {
            cover: Cover::new()?,
            roots,
            pool: Pool::default(),
            cases: Vec::new(),
            batch: 0,
            has_read: false,
            handed: 0,
            read_at: now().mono_ns,
            gap: None,
            processes: Processes::new(Path::new("/proc")),
            actors: FxHashMap::default(),
            tells_rest,
            wants_files,
            until: u64::MAX,
            warnings: Vec::new(),
        };
        this.cover.ask(asked::bits(calls));
        this.look();
        Ok(this)
    }

    /// Other calls and roots from now on.
    pub fn set<'a>(&mut self, calls: impl Iterator<Item = &'a CallSet>, roots: Roots) {
        let bits = calls.fold(0, |bits, calls| bits | asked::bits(calls));
        self.cover.ask(bits);
        self.roots = roots;
        self.look();
    }

    /// Looks again where the roots are, and what is mounted there.
    pub fn look(&mut self) {
        self.cover.look(&self.roots, &mut self.warnings);
    }

    /// What it cannot do.
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    /// Whoever asks it has other work, and will read what it was told.
    pub fn goes_on(&self) {
        self.cover.valve.goes_on();
    }

    /// The same for each of many records: the longer the queue, the dearer each event is to whoever makes it.
    pub fn keep_up(&mut self) {
        self.goes_on();
        self.handed += 1;
        if self.handed >= OFTEN {
            // What fails now fails again when the batch is read.
            let _ = self.take_in();
        }
    }

    /// How many events were read.
    pub fn read_so_far(&self) -> u64 {
        self.cover.numbers
    }

    /// The calls of which the kernel side tells end now.
    pub fn ends(&mut self) -> anyhow::Result<()> {
        self.take_in()?;
        self.until = now().mono_ns;
        Ok(())
    }

    /// Puts what fanotify told into the calls. `items` is all that was in the ring before [`Witness::read`], and
    /// `next` after it; what no call explains is added. `calls`: how many come after that.
    pub fn settle(
        &mut self,
        items: &mut Vec<Item>,
        next: &[Item],
        calls: Calls,
        is_below: IsBelow<'_>,
    ) {
        if self.cover.has_changed() {
            self.look();
        }
        for item in items.iter_mut() {
            if let Item::Event(event) = item {
                self.leave_out_unmounted(event);
            }
        }
        let mut cases = std::mem::take(&mut self.cases);
        Self::cases(items, &mut cases);
        self.answer(&mut cases, items, next);
        for case in cases.drain(..) {
            if let Item::Event(event) = &mut items[case.at] {
                self.judge(event, &case, is_below);
            }
        }
        self.cases = cases;
        let reached = match calls {
            Calls::Old => items.iter().filter_map(returned).min().unwrap_or_default(),
            Calls::New | Calls::NoMore => now().mono_ns,
        };
        self.sweep(items, calls, reached, is_below);
    }

    /// What is on a file system that is not mounted here is in no tree of ours, even if a process has mounted
    /// it there for itself.
    fn leave_out_unmounted(&self, event: &mut Event) {
        if is_here(event) || event.paths.is_empty() {
            return;
        }
        let mut files = event.paths.iter().map(|item| item.file);
        if files.all(|file| file.is_some_and(|file| !self.cover.may_have_device(file.dev))) {
            event.below_root = false;
            event.rules.watched.clear();
            event.certainty = Certainty::Kernel;
        }
    }

    /// Reads what fanotify has told, and asks where that was. A directory may be moved between the two: then the
    /// event that says so is in the queue, and the kernel is asked again.
    pub fn read(&mut self, is_below: IsBelow<'_>) -> anyhow::Result<()> {
        for _ in 0..ROUNDS {
            self.take_in()?;
            let Self {
                cover, roots, pool, ..
            } = self;
            let has_asked = if cover.has_forgotten() {
                cover.know(roots, pool.open().flat_map(|e| &e.places), is_below)
            } else {
                let new = pool.new_ones().iter();
                cover.know(roots, new.flat_map(|e| &e.places), is_below)
            };
            if !has_asked {
                break;
            }
        }
        let Self {
            cover, roots, pool, ..
        } = self;
        for evidence in pool.new_ones() {
            if let [at] = &evidence.places[..]
                && *at.name == *b"."
            {
                let path = cover.path(roots, at, evidence.number);
                let name = path
                    .as_ref()
                    .ok()
                    .and_then(|path| path.rsplit(|byte| *byte == b'/').next());
                evidence.own_name = name.map(|name| Box::new(name.into()));
            }
        }
        pool.name();
        Ok(())
    }

    /// Reads what fanotify has told.
    fn take_in(&mut self) -> anyhow::Result<()> {
        self.handed = 0;
        if !std::mem::replace(&mut self.has_read, true) {
            self.cover.begin();
        }
        let Self {
            cover, pool, batch, ..
        } = self;
        let (is_whole, gap) = cover.read(&mut |mut evidence| {
            evidence.batch = *batch;
            pool.push(evidence);
        })?;
        let from = std::mem::replace(&mut self.read_at, now().mono_ns);
        let to = self.read_at;
        let malformed = (!is_whole).then_some(Gap { from, to });
        for gap in gap.into_iter().chain(malformed) {
            self.note_gap(gap);
        }
        Ok(())
    }

    /// Not everything that happened then is known.
    fn note_gap(&mut self, gap: Gap) {
        if self.gap.is_none() {
            self.warnings.push(UNREAD.to_owned());
        }
        // What was before is judged.
        let from = self.gap.map_or(gap.from, |known| known.from.min(gap.from));
        self.gap = Some(Gap { from, ..gap });
    }

    fn cases(items: &[Item], cases: &mut Vec<Case>) {
        let case = |(at, item): (usize, &Item)| {
            let Item::Event(event) = item else {
                return None;
            };
            Some(Case {
                at,
                asked: Asked::of(event)?,
                answer: Answer::Nothing,
                trace: Trace::default(),
                may_be_there: false,
                is_named: false,
            })
        };
        cases.extend(items.iter().enumerate().filter_map(case));
    }

    fn judge(&mut self, event: &mut Event, case: &Case, is_below: IsBelow<'_>) {
        self.goes_on();
        if case.asked.silence == Silence::Told {
            return;
        }
        match case.answer {
            Answer::Found(at) => self.put(event, at, case.asked.bit, is_below),
            Answer::OneOf => unknown(event, Certainty::Nothing),
            Answer::Nothing => self.silent(event, case.asked.silence),
        }
    }

    /// What to think of a call that fanotify does not tell of.
    fn silent(&self, event: &mut Event, silence: Silence) {
        let is_here = is_here(event);
        let time = event.time.mono_ns;
        let is_blind = self
            .gap
            .is_some_and(|gap| gap.from <= time && time <= gap.to);
        if self.cover.is_empty() || (is_blind && is_here) {
            return;
        }
        if is_blind {
            return unknown(event, Certainty::Nothing);
        }
        let in_roots = claims(event).any(|path| self.roots.contain(path, true));
        let says_watched = event.below_root || !event.rules.watched.is_empty();
        if is_here && !in_roots && !says_watched && !self.wants_files {
            return;
        }
        let on_marked = claims(event).any(|path| self.cover.is_marked(path, event.time));
        let is_whole = self.cover.is_whole(event.time);
        if silence == Silence::Hint {
            let otherwhere = if is_whole {
                Certainty::Kernel
            } else {
                Certainty::Nothing
            };
            let tells = |path: &[u8]| self.cover.tells_content(path);
            let refuted = match event.op {
                Op::Write => claims(event).any(tells),
                _ => !may_be_changed(event),
            };
            if is_here && in_roots && refuted {
                unknown(event, otherwhere);
            }
        } else if is_whole && !(is_here && in_roots && !on_marked) {
            // It has touched nothing that is watched.
            if !is_here || on_marked {
                unknown(event, Certainty::Kernel);
            }
        } else if is_here && on_marked {
            unknown(event, Certainty::Nothing);
        }
    }

    /// Drops what has served, and tells what no call explains: all calls up to the time `reached` were in hand.
    fn sweep(&mut self, items: &mut Vec<Item>, calls: Calls, reached: u64, is_below: IsBelow<'_>) {
        let ending = calls == Calls::NoMore;
        let batch = self.batch;
        let has_passed = |evidence: &Evidence| match calls {
            Calls::Old => evidence.time.mono_ns < reached,
            Calls::New => evidence.batch != batch,
            Calls::NoMore => true,
        };
        let mut waiting = self.pool.take_waiting();
        while let Some(at) = self.pool.next_passed(has_passed) {
            let told = self.told(at, is_below);
            if told.is_empty() {
                self.pool.leave(at);
                continue;
            }
            self.pool.at_mut(at).waits = told;
            waiting.push(at);
        }
        let patience = PATIENCE.as_nanos() as u64;
        let beyond = waiting.len().saturating_sub(MOST);
        for (nth, at) in waiting.into_iter().enumerate() {
            let evidence = self.pool.at(at);
            let time = evidence.time.mono_ns;
            let is_over = ending || nth < beyond || reached.saturating_sub(time) >= patience;
            if evidence.waits() && !is_over {
                self.pool.wait(at);
                continue;
            }
            if is_over && self.tells_rest && time <= self.until {
                items.extend(self.rest(at));
            }
            self.pool.leave(at);
        }
        self.actors.clear();
        self.drop_most();
        let first = self.pool.open().next();
        let first = first.map_or(self.cover.numbers, |first| first.number);
        self.cover.resolver.are_told_before(first);
        self.pool.tidy();
        self.batch += 1;
        self.has_read = false;
    }

    /// What would be too much to keep is dropped: of the calls that come later nobody knows whether that was
    /// theirs.
    fn drop_most(&mut self) {
        while self.pool.len() > ALL
            && let Some(at) = self.pool.next_passed(|_| true)
        {
            let to = self.pool.at(at).time.mono_ns;
            let from = to.saturating_sub(PATIENCE.as_nanos() as u64);
            self.note_gap(Gap { from, to });
            self.pool.leave(at);
        }
    }
}

/// When a call had returned.
fn returned(item: &Item) -> Option<u64> {
    match item {
        Item::Event(event) => Some(event.time.mono_ns),
        Item::Loss(_) => None,
    }
}

/// Is the process in our own mount namespace, so that its names can be looked up from here?
fn is_here(event: &Event) -> bool {
    event
        .actor
        .as_ref()
        .is_ok_and(|actor| actor.mnt_ns.is_none())
}

/// The paths to which the names of a call lead now.
fn claims(event: &Event) -> impl Iterator<Item = &[u8]> {
    let by_name = event.paths.iter().filter(|item| item.via != Via::Kernel);
    by_name.filter_map(|item| item.resolved.as_ref().ok().map(|path| &path[..]))
}

/// Nobody knows where the names of a call have led.
fn unknown(event: &mut Event, certainty: Certainty) {
    for item in event
        .paths
        .iter_mut()
        .filter(|item| item.via != Via::Kernel)
    {
        item.resolved = Err(Unknown::Unconfirmed);
        item.file = None;
    }
    event.below_root = false;
    event.rules.watched.clear();
    event.certainty = certainty;
}

/// Can what the names lead to have been changed when the call was?
fn may_be_changed(event: &Event) -> bool {
    let changed = |path: &[u8]| {
        let stat = lookup::status(lookup::open(HERE, path, false).ok()?).ok()?;
        Some(stat.stx_ctime.tv_sec as u64 * 1_000_000_000 + u64::from(stat.stx_ctime.tv_nsec))
    };
    let since = event.time.wall_ns.saturating_sub(ABOUT.as_nanos() as u64);
    // What is gone cannot be asked.
    claims(event).all(|path| changed(path).is_none_or(|changed| changed >= since))
}
