//! How busy files and those who use them are: what was done, by process and file, over the last
//! intervals. Every other view is a sum over these pairs.

use std::collections::HashMap;

use bytes::Bytes;

use crate::event::{Actor, Event, Item, Notice, PathRole, TaskId, Uid, notice};

/// Intervals that are remembered of each pair; one that was idle for so long is forgotten.
pub const HISTORY: usize = 30;

/// Pairs of process and file that are told apart: some ten megabytes.
const PAIRS: usize = 32_768;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files opened.
    pub opens: u64,
    /// read(2) and its kin; notifications `ACCESS`.
    pub reads: u64,
    /// write(2) and its kin; notifications `MODIFY`.
    pub writes: u64,
    /// Names made, removed and changed, attributes, sizes, executions.
    pub changes: u64,
    /// What failed of all these, and is not among them. Only eBPF sees failures.
    pub errors: u64,
    /// Bytes read; eBPF only.
    pub read_bytes: u64,
    /// Bytes written; eBPF only.
    pub written_bytes: u64,
}

impl Counts {
    /// Everything that was done or tried.
    pub fn operations(&self) -> u64 {
        self.opens + self.reads + self.writes + self.changes + self.errors
    }

    /// Adds what another has.
    pub fn add(&mut self, other: &Self) {
        self.opens += other.opens;
        self.reads += other.reads;
        self.writes += other.writes;
        self.changes += other.changes;
        self.errors += other.errors;
        self.read_bytes += other.read_bytes;
        self.written_bytes += other.written_bytes;
    }

    fn of(event: &Event) -> Self {
        match (&event.call, event.notice) {
            (Some(call), _) if call.errno().is_some() => Self {
                errors: 1,
                ..Self::default()
            },
            (Some(call), _) => {
                let bytes = u64::try_from(call.ret).unwrap_or(0);
                match call.arch.name(call.nr).unwrap_or_default() {
                    name if READS.contains(&name) => Self {
                        reads: 1,
                        read_bytes: bytes,
                        ..Self::default()
                    },
                    name if WRITES.contains(&name) => Self {
                        writes: 1,
                        written_bytes: bytes,
                        ..Self::default()
                    },
                    name if OPENS.contains(&name) => Self::opens(),
                    _ => Self::changes(),
                }
            }
            (None, Some(Notice { mask, .. })) => match mask & notice::ALL_EVENTS {
                m if m & notice::MODIFY != 0 => Self {
                    writes: 1,
                    ..Self::default()
                },
                m if m & notice::ACCESS != 0 => Self {
                    reads: 1,
                    ..Self::default()
                },
                m if m & notice::OPEN != 0 => Self::opens(),
                _ => Self::changes(),
            },
            (None, None) => Self::changes(),
        }
    }

    fn opens() -> Self {
        Self {
            opens: 1,
            ..Self::default()
        }
    }

    fn changes() -> Self {
        Self {
            changes: 1,
            ..Self::default()
        }
    }
}

/// Calls that read a file.
pub const READS: [&str; 5] = ["read", "pread64", "readv", "preadv", "preadv2"];
/// Calls that write to a file.
pub const WRITES: [&str; 5] = ["write", "pwrite64", "writev", "pwritev", "pwritev2"];
/// Calls that open one.
pub const OPENS: [&str; 5] = ["open", "openat", "openat2", "creat", "open_by_handle_at"];

/// What rows of a view stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// One row a file.
    Files,
    /// One row a directory: what is in it, not what is below that.
    Dirs,
    /// One row a program.
    Programs,
    /// One row a real user.
    Users,
    /// One row a process.
    Processes,
}

/// One of what a view shows. `None`: not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Absolute path.
    File(Option<Bytes>),
    /// Absolute path.
    Dir(Option<Bytes>),
    /// Absolute path of the program.
    Program(Option<Bytes>),
    /// Real user id.
    User(Option<u32>),
    /// What it is called, and its command name.
    Process(Option<(TaskId, Bytes)>),
}

/// One row of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub group: Group,
    /// What was done in the last interval.
    pub last: Counts,
    /// What was done in all.
    pub total: Counts,
    /// Operations in each of the last intervals, the oldest first.
    pub history: [u64; HISTORY],
}

/// Who does something. A process that runs another program, or becomes another user, is another one; so is
/// most often the process that gets the number of one that ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Who {
    id: TaskId,
    exe: Option<Bytes>,
    uid: Option<Uid>,
}

/// One actor and one file. Brought up to date when it is used or looked at: the end of an
/// interval costs nothing for those that are idle.
#[derive(Clone, Debug, Default)]
struct Pair {
    /// The interval of `now`: the last in which something was done.
    interval: u64,
    now: Counts,
    last: Counts,
    total: Counts,
    /// Operations in the intervals before, the oldest first.
    history: [u64; HISTORY],
}

/// Everything that is remembered.
#[derive(Debug, Default)]
pub struct Activity {
    pairs: HashMap<(Option<Who>, Option<Bytes>), Pair>,
    /// The name that each had last.
    names: HashMap<Who, Bytes>,
    /// All pairs together, also those that are not told apart or were forgotten.
    all: Pair,
    /// Operations on pairs for which there was no room.
    left_out: u64,
    /// All pairs are busy in this interval.
    is_full: bool,
    /// The number of the running interval.
    interval: u64,
    lost: u64,
    loses_uncounted: bool,
}

impl Activity {
    /// Takes one item.
    pub fn take(&mut self, item: &Item) {
        match item {
            Item::Event(event) => self.event(event),
            Item::Loss(loss) => {
                self.lost += loss.count.unwrap_or(0);
                self.loses_uncounted |= loss.count.is_none();
            }
        }
    }

    fn event(&mut self, event: &Event) {
        let counts = Counts::of(event);
        self.all.add(&counts, self.interval);
        let path = event
            .paths
            .iter()
            .find(|path| matches!(path.role, PathRole::Target | PathRole::Dest))
            .or(event.paths.first())
            .and_then(|path| path.resolved.clone().ok());
        let who = event.actor.as_ref().ok();
        let key = (who.map(Who::of), path);
        if self.pairs.len() >= PAIRS && !self.pairs.contains_key(&key) && !self.make_room() {
            self.left_out += counts.operations();
            return;
        }
        if let (Some(actor), Some(who)) = (who, &key.0) {
            let name = actor.comm.clone().unwrap_or_default();
            self.names.insert(who.clone(), name);
        }
        let interval = self.interval;
        let pair = self.pairs.entry(key).or_insert_with(|| Pair {
            interval,
            ..Pair::default()
        });
        pair.add(&counts, interval);
    }

    /// Forgets what was idle for longest, a quarter at most. False when nothing is idle.
    fn make_room(&mut self) -> bool {
        if self.is_full {
            return false;
        }
        let idle = self
            .pairs
            .iter()
            .filter(|(_, pair)| pair.interval < self.interval);
        let mut idle: Vec<_> = idle
            .map(|(key, pair)| (pair.interval, key.clone()))
            .collect();
        idle.sort_unstable_by_key(|(interval, _)| *interval);
        for (_, key) in idle.iter().take(PAIRS / 4) {
            self.pairs.remove(key);
        }
        self.is_full = idle.is_empty();
        !self.is_full
    }

    /// The end of an interval.
    pub fn tick(&mut self) {
        self.is_full = false;
        self.interval += 1;
        let now = self.interval;
        let before = self.pairs.len();
        self.pairs
            .retain(|_, pair| now - pair.interval <= HISTORY as u64);
        if self.pairs.len() == before {
            return;
        }
        if self.pairs.capacity() / 4 > self.pairs.len() {
            self.pairs.shrink_to_fit();
        }
        let used: std::collections::HashSet<_> = self
            .pairs
            .keys()
            .filter_map(|(who, _)| who.as_ref())
            .collect();
        self.names.retain(|who, _| used.contains(who));
    }

    /// All that was done.
    pub fn all(&self) -> Row {
        self.all.row(Group::File(None), self.interval)
    }

    /// Events that were lost, and whether there were more that nobody has counted.
    pub fn lost(&self) -> (u64, bool) {
        (self.lost, self.loses_uncounted)
    }

    /// Operations that are in [`Activity::all`] only, because there was no room.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The rows of a view, in no order; of these only what belongs to all of `within`.
    pub fn rows(&self, by: By, within: &[Group]) -> Vec<Row> {
        let mut rows: HashMap<Group, Row> = HashMap::new();
        for (key, pair) in &self.pairs {
            let belongs = |group: &Group| self.group(key, group.by()) == *group;
            if !within.iter().all(belongs) {
                continue;
            }
            let group = self.group(key, by);
            match rows.get_mut(&group) {
                Some(row) => row.add(&pair.row(group, self.interval)),
                None => drop(rows.insert(group.clone(), pair.row(group, self.interval))),
            }
        }
        rows.into_values().collect()
    }

    fn group(&self, (who, path): &(Option<Who>, Option<Bytes>), by: By) -> Group {
        let who = who.as_ref();
        match by {
            By::Files => Group::File(path.clone()),
            By::Dirs => Group::Dir(path.as_ref().map(directory)),
            By::Programs => Group::Program(who.and_then(|who| who.exe.clone())),
            By::Users => Group::User(who.and_then(|who| Some(who.uid?.0))),
            By::Processes => Group::Process(who.map(|who| {
                let name = self.names.get(who).cloned();
                (who.id, name.unwrap_or_default())
            })),
        }
    }
}

fn directory(path: &Bytes) -> Bytes {
    match memchr::memrchr(b'/', path) {
        Some(0) | None => Bytes::from_static(b"/"),
        Some(end) => path.slice(..end),
    }
}

impl Group {
    /// The view that it is a row of.
    pub fn by(&self) -> By {
        match self {
            Self::File(_) => By::Files,
            Self::Dir(_) => By::Dirs,
            Self::Program(_) => By::Programs,
            Self::User(_) => By::Users,
            Self::Process(_) => By::Processes,
        }
    }
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.last.add(&other.last);
        self.total.add(&other.total);
        for (sum, n) in self.history.iter_mut().zip(other.history) {
            *sum += n;
        }
    }
}

impl Pair {
    fn add(&mut self, counts: &Counts, interval: u64) {
        self.advance(interval);
        self.now.add(counts);
        self.total.add(counts);
    }

    /// Makes `interval` the one of `now`.
    fn advance(&mut self, interval: u64) {
        let ended = usize::try_from(interval - self.interval).unwrap_or(usize::MAX);
        if ended == 0 {
            return;
        }
        self.interval = interval;
        let done = std::mem::take(&mut self.now);
        let kept = HISTORY.saturating_sub(ended);
        self.history.copy_within(HISTORY - kept.., 0);
        self.history[kept..].fill(0);
        if ended <= HISTORY {
            self.history[kept] = done.operations();
        }
        self.last = if ended == 1 { done } else { Counts::default() };
    }

    fn row(&self, group: Group, interval: u64) -> Row {
        let mut present = self.clone();
        present.advance(interval);
        Row {
            group,
            last: present.last,
            total: present.total,
            history: present.history,
        }
    }
}

impl Who {
    fn of(actor: &Actor) -> Self {
        Self {
            id: actor.id(),
            exe: actor.exe.clone().ok(),
            uid: actor.creds.map(|creds| creds.uid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calls::Op,
        event::{Backend, ByRules, Certainty, PathItem, Time, Unknown, Via},
    };

    fn write(path: &str) -> Item {
        let path = PathItem {
            role: PathRole::Target,
            arg: None,
            requested: None,
            resolved: Ok(Bytes::copy_from_slice(path.as_bytes())),
            via: Via::Base,
            deleted: false,
            file: None,
        };
        Item::Event(Box::new(Event {
            time: Time::default(),
            backend: Backend::Inotify,
            place: None,
            op: Op::Write,
            actor: Err(Unknown::Source),
            call: None,
            exit: None,
            timing: None,
            signal: None,
            paths: vec![path],
            synthesised: false,
            below_root: true,
            certainty: Certainty::default(),
            of_tracer: false,
            rules: ByRules::default(),
            is_dir: false,
            notice: Some(Notice {
                mask: notice::MODIFY,
                ..Notice::default()
            }),
        }))
    }

    fn total(activity: &Activity, path: &'static str) -> Option<u64> {
        let group = Group::File(Some(Bytes::from_static(path.as_bytes())));
        let rows = activity.rows(By::Files, std::slice::from_ref(&group));
        rows.first().map(|row| row.total.writes)
    }

    /// Nobody who is busy is without a row because of those who were.
    #[test]
    fn the_idle_make_room() {
        let mut activity = Activity::default();
        for nr in 0..PAIRS + 10 {
            activity.take(&write(&format!("/old/{nr}")));
        }
        // In one interval everybody is busy.
        assert_eq!((activity.pairs.len(), activity.left_out()), (PAIRS, 10));
        activity.tick();
        activity.take(&write("/old/1"));
        activity.take(&write("/new"));
        activity.take(&write("/new"));
        assert_eq!(total(&activity, "/new"), Some(2));
        assert_eq!(total(&activity, "/old/1"), Some(2));
        assert_eq!(activity.left_out(), 10);
        assert!(activity.pairs.len() <= PAIRS);
        assert_eq!(activity.all().total.writes, PAIRS as u64 + 13);
        for _ in 0..=HISTORY {
            activity.tick();
        }
        assert!(activity.pairs.is_empty());
    }

    /// What is looked at late is as if it had been looked at all the time.
    #[test]
    fn intervals_of_the_idle() {
        let mut activity = Activity::default();
        let shown = |activity: &Activity| {
            let row = activity.rows(By::Files, &[]).pop();
            row.map(|row| (row.last.writes, row.history))
        };
        activity.take(&write("/a"));
        activity.take(&write("/a"));
        activity.tick();
        let mut history = [0; HISTORY];
        history[HISTORY - 1] = 2;
        assert_eq!(shown(&activity), Some((2, history)));
        for _ in 0..3 {
            activity.tick();
        }
        history.rotate_left(3);
        assert_eq!(shown(&activity), Some((0, history)));
        activity.take(&write("/a"));
        activity.tick();
        history.rotate_left(1);
        history[HISTORY - 1] = 1;
        assert_eq!(shown(&activity), Some((1, history)));
        for _ in 1..HISTORY {
            activity.tick();
        }
        assert_eq!(shown(&activity).map(|row| row.1[0]), Some(1));
        activity.tick();
        assert_eq!(shown(&activity), None);
    }

    #[test]
    fn sums_over_directories() {
        let mut activity = Activity::default();
        for path in ["/a/1", "/a/2", "/a/b/3", "/4"] {
            activity.take(&write(path));
        }
        activity.tick();
        let mut rows = activity.rows(By::Dirs, &[]);
        rows.sort_by(|a, b| a.group.cmp(&b.group));
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.group.clone(), row.last.writes))
            .collect();
        let dir = |path: &'static str| Group::Dir(Some(Bytes::from_static(path.as_bytes())));
        assert_eq!(found, [(dir("/"), 1), (dir("/a"), 2), (dir("/a/b"), 1)]);
        let within = activity.rows(By::Files, &[dir("/a")]);
        assert_eq!(within.len(), 2);
        let who = activity.rows(By::Processes, &[]);
        assert_eq!((who.len(), &who[0].group), (1, &Group::Process(None)));
    }
}
