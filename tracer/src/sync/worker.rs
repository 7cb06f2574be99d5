//! Keeps one destination equal: collects changes for a moment, runs rsync, tries again.

use std::{
    cell::{Cell, RefCell},
    io,
    os::{fd::AsFd, unix::fs::MetadataExt},
    time::{Duration, Instant, SystemTime},
};

use tokio::sync::Notify;

use super::{
    Job,
    change::Change,
    dest::Dest,
    exit_code::{Then, Verdict},
    journal::Journal,
    pending::{Pending, Undone},
    prepare, repeat,
    report::{Report, Reporter, Size},
    root::Root,
    rsync::{self, Outcome, Scope},
};

/// The first pause after a failure; it doubles with each one.
const PAUSE: Duration = Duration::from_secs(1);

/// A batch starts at the latest so many windows after its first change.
const PATIENCE: u32 = 20;

/// Names shown of a batch.
const NAMES: usize = 3;

/// One destination.
pub(super) struct Worker<'a> {
    job: &'a Job,
    dest: &'a Dest,
    dest_name: String,
    root: &'a Root,
    reporter: &'a dyn Reporter,
    undone: RefCell<Undone>,
    journal: RefCell<Journal>,
    journal_works: Cell<bool>,
    /// First and last change that is pending.
    since: Cell<Option<(Instant, Instant)>>,
    changed: Notify,
    said: RefCell<String>,
    /// What the last run filled, where the destination is on this machine.
    place: Cell<Option<Place>>,
}

/// Device, inode number and time of birth of a directory: an inode number alone may be that of a
/// directory which was removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place(u64, u64, Option<SystemTime>);

impl Place {
    fn of(dest: &Dest) -> Option<Self> {
        let found = std::fs::metadata(dest.local()?).ok()?;
        Some(Self(found.dev(), found.ino(), found.created().ok()))
    }
}

/// When to try again.
#[derive(Debug)]
struct Pause {
    next: Duration,
    longest: Duration,
    until: Option<Instant>,
}

impl Pause {
    fn new(longest: Duration) -> Self {
        Self {
            next: PAUSE.min(longest),
            longest,
            until: None,
        }
    }

    fn start(&mut self) -> Duration {
        let pause = self.next;
        self.until = Some(Instant::now() + pause);
        self.next = (pause * 2).min(self.longest);
        pause
    }
}

impl<'a> Worker<'a> {
    /// Opens its queue; what is left in it is done first.
    pub(super) fn new(
        job: &'a Job,
        dest: &'a Dest,
        root: &'a Root,
        reporter: &'a dyn Reporter,
    ) -> io::Result<Self> {
        use std::os::unix::ffi::OsStrExt;
        let opened = Journal::open(
            &job.state_dir,
            job.source.as_os_str().as_bytes(),
            dest.text().as_bytes(),
        )?;
        let this = Self {
            job,
            dest,
            dest_name: dest.to_string(),
            root,
            reporter,
            undone: RefCell::default(),
            journal: RefCell::new(opened.journal),
            journal_works: Cell::new(true),
            since: Cell::new(None),
            changed: Notify::new(),
            said: RefCell::default(),
            place: Cell::new(Place::of(dest)),
        };
        match opened.damaged {
            Some(text) => this.report(&Report::Warning(text)),
            None if !opened.left.is_empty() => {
                this.report(&Report::LeftOver(size(&opened.left)));
            }
            None => {}
        }
        this.undone.borrow_mut().pending = opened.left;
        this.add(vec![Change::Everything]);
        Ok(this)
    }

    /// Takes in changes, which are in the queue on disk before this returns.
    pub(super) fn add(&self, changes: Vec<Change>) {
        let mut journal = self.journal.borrow_mut();
        let mut undone = self.undone.borrow_mut();
        for change in changes {
            let was_full = undone.pending.full;
            undone.add(change, &mut |path, entry| journal.note(path, entry));
            if undone.pending.full && !was_full {
                journal.note_full();
            }
        }
        let now = Instant::now();
        let first = self.since.get().map_or(now, |(first, _)| first);
        self.since.set(Some((first, now)));
        let written = journal.flush();
        drop(undone);
        drop(journal);
        self.check_journal(written);
        self.changed.notify_one();
    }

    /// How many paths are not done.
    pub(super) fn left(&self) -> usize {
        let undone = self.undone.borrow();
        let all = [&undone.pending, &undone.taken, &undone.failed];
        all.iter()
            .map(|set| set.len() + usize::from(set.full))
            .sum()
    }

    fn report(&self, report: &Report<'_>) {
        self.reporter
            .report(&self.job.name, &self.dest_name, report);
    }

    fn check_journal(&self, written: io::Result<()>) {
        let works = written.is_ok();
        if let Err(error) = written
            && self.journal_works.get()
        {
            let path = self.journal.borrow().path().display().to_string();
            self.report(&Report::Warning(format!(
                "the queue {path} cannot be written: {error}; it is kept in memory, and after a \
                 crash the full run at the next start makes up for it"
            )));
        }
        self.journal_works.set(works);
    }

    /// Works until the destination is given up; the error says why.
    pub(super) async fn run(&self) -> String {
        let mut again = Pause::new(self.job.longest_pause);
        let mut retry = Pause::new(self.job.longest_pause);
        let mut reconcile = self.job.reconcile.map(|every| Instant::now() + every);
        loop {
            self.wait(&again, &retry, reconcile).await;
            let now = Instant::now();
            if reconcile.is_some_and(|at| at <= now) {
                self.add(vec![Change::Everything]);
            }
            if retry.until.is_some_and(|at| at <= now) {
                retry.until = None;
                let mut undone = self.undone.borrow_mut();
                let failed = std::mem::take(&mut undone.failed);
                undone.pending.absorb(failed);
            }
            let place = Place::of(self.dest);
            if self.dest.local().is_some() && (place.is_none() || place != self.place.get()) {
                if self.place.get().is_some() {
                    self.report(&Report::Warning(
                        "it is another directory than before, or gone: everything is copied"
                            .to_owned(),
                    ));
                }
                self.add(vec![Change::Everything]);
            }
            let batch = self.take();
            let of = size(&batch);
            let started = Instant::now();
            self.report(&Report::Started(of));
            let (outcome, names) = self.transfer(batch, of).await;
            // What is there only now may be another one than was filled.
            self.place.set(place.or_else(|| Place::of(self.dest)));
            if self.job.reconcile.is_some() && matches!(of, Size::Full(_)) {
                reconcile = self.job.reconcile.map(|every| Instant::now() + every);
            }
            let verdict = Verdict::of(outcome.code);
            let retry_in = match verdict.then {
                Then::Done => {
                    self.finish(false);
                    again = Pause::new(self.job.longest_pause);
                    if self.undone.borrow().failed.is_empty() {
                        retry = Pause::new(self.job.longest_pause);
                    }
                    self.said.borrow_mut().clear();
                    self.report(&Report::Done {
                        size: of,
                        stats: outcome.stats,
                        took: started.elapsed(),
                        names: &names,
                    });
                    continue;
                }
                Then::Partial => {
                    self.finish(true);
                    again = Pause::new(self.job.longest_pause);
                    Some(retry.start())
                }
                Then::Again => {
                    self.put_back();
                    Some(again.start())
                }
                Then::GiveUp => {
                    self.put_back();
                    None
                }
            };
            let why = self.tell_failure(of, &outcome, verdict, retry_in);
            if retry_in.is_none() {
                self.report(&Report::Ended(self.left()));
                return why;
            }
        }
    }

    fn tell_failure(
        &self,
        size: Size,
        outcome: &Outcome,
        verdict: Verdict,
        retry_in: Option<Duration>,
    ) -> String {
        let mut why = verdict.meaning.to_owned();
        if !verdict.remedy.is_empty() {
            why = format!("{why} ({})", verdict.remedy);
        }
        let mut text = format!("{:?} {}", outcome.code, outcome.complaints.join("\n"));
        std::mem::swap(&mut text, &mut self.said.borrow_mut());
        self.report(&Report::Failed {
            size,
            code: outcome.code,
            why: why.clone(),
            complaints: &outcome.complaints,
            partial: verdict.then == Then::Partial,
            retry_in,
            again: text == *self.said.borrow(),
        });
        why
    }

    /// Waits until there is something to do, and the moment to do it.
    async fn wait(&self, again: &Pause, retry: &Pause, reconcile: Option<Instant>) {
        let mut told = None;
        loop {
            let now = Instant::now();
            let has_failed = !self.undone.borrow().failed.is_empty();
            let waiting = self.undone.borrow().pending.len();
            let state = (!self.undone.borrow().pending.is_empty() || has_failed).then_some(waiting);
            if told != Some(state) {
                told = Some(state);
                self.report(&state.map_or(Report::Idle, Report::Waiting));
            }
            let window = self.job.window;
            let collected = self
                .since
                .get()
                .map(|(first, last)| (last + window).min(first + window * PATIENCE));
            let retry = retry.until.filter(|_| has_failed);
            let due = [collected, retry, reconcile].into_iter().flatten().min();
            let due = match (due, again.until) {
                (Some(due), Some(until)) => Some(due.max(until)),
                (due, _) => due,
            };
            if due.is_some_and(|due| due <= now) {
                return;
            }
            let pause = due.map_or(Duration::from_hours(1), |due| due - now);
            tokio::select! {
                () = self.changed.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Takes all that is pending.
    fn take(&self) -> Pending {
        let mut undone = self.undone.borrow_mut();
        self.since.set(None);
        undone.taken = std::mem::take(&mut undone.pending);
        let batch = undone.taken.clone();
        drop(undone);
        let written = self.journal.borrow_mut().taken();
        self.check_journal(written);
        batch
    }

    /// The batch is done, or (`keep`) is to be tried again later, apart from what comes now.
    fn finish(&self, keep: bool) {
        let mut undone = self.undone.borrow_mut();
        let taken = std::mem::take(&mut undone.taken);
        let mut journal = self.journal.borrow_mut();
        if keep {
            undone.failed.absorb(taken);
            if undone.failed.full {
                journal.note_full();
            }
            for (path, entry) in &undone.failed.entries {
                journal.note(path, *entry);
            }
        }
        let mut left = undone.pending.clone();
        left.absorb(undone.failed.clone());
        let written = journal.done(&left);
        drop(undone);
        drop(journal);
        self.check_journal(written);
    }

    /// Nothing of the batch is known to be done.
    fn put_back(&self) {
        let mut undone = self.undone.borrow_mut();
        let taken = std::mem::take(&mut undone.taken);
        undone.pending.absorb(taken);
        let now = Instant::now();
        self.since.set(Some(self.since.get().unwrap_or((now, now))));
    }

    /// Runs rsync as often as the batch needs. Also gives some names for the report.
    async fn transfer(&self, mut batch: Pending, of: Size) -> (Outcome, Vec<Vec<u8>>) {
        let may_rename = self.dest.local().filter(|_| self.job.options.delete);
        repeat::renames(&mut batch, may_rename, &self.job.filters);
        let lists = prepare::lists(&batch.entries, self.root.as_fd(), &self.job.filters);
        let names: Vec<_> = lists
            .each()
            .flat_map(|(_, list)| list.iter().map(|path| path.to_vec()))
            .take(NAMES + 1)
            .collect();
        let mut scopes: Vec<_> = lists
            .each()
            .map(|(kind, list)| Scope::Paths(kind, list))
            .collect();
        if batch.full || lists.root {
            scopes.push(Scope::Full);
        }
        let mut all = Outcome {
            code: Some(0),
            ..Outcome::default()
        };
        for scope in scopes {
            let one = self.once(scope, of).await;
            all.stats.add(one.stats);
            match Verdict::of(one.code).then {
                Then::Done => {}
                // The others may work all the same.
                Then::Partial => {
                    all.code = one.code;
                    all.complaints.extend(one.complaints);
                }
                Then::Again | Then::GiveUp => {
                    let stats = all.stats;
                    return (Outcome { stats, ..one }, names);
                }
            }
        }
        (all, names)
    }

    async fn once(&self, scope: Scope<'_>, of: Size) -> Outcome {
        let failed = |text: String| Outcome {
            code: None,
            complaints: vec![text],
            ..Outcome::default()
        };
        // An empty directory in the place of the source (a file system that was unmounted) would
        // empty the destination.
        if !self.root.is_in_place() {
            return failed("the source is not there any more".to_owned());
        }
        let Job {
            source,
            filters,
            options,
            ..
        } = self.job;
        let command = options.command(source, self.dest, filters, scope);
        let progress = |progress| self.report(&Report::Progress(of, progress));
        match rsync::run(command, scope, &progress).await {
            Ok(outcome) => outcome,
            Err(error) => failed(format!("rsync cannot be run: {error}")),
        }
    }
}

fn size(batch: &Pending) -> Size {
    if batch.full {
        Size::Full(batch.len())
    } else {
        Size::Paths(batch.len())
    }
}
