//! From a record to events.

use nix::sys::fanotify::MaskFlags;

use super::{
    BATCH, Fanotify,
    actor::{gone, is_there},
    group::{OPS, notice, wants},
    record::{DirName, Process, Record},
    resolve::{Found, join, path_of},
    scope::{Refusal, judge},
};
use crate::{
    calls::Op,
    event::{
        Actor, Backend, ByRules, Certainty, Event, Item, Known, Loss, LossReason, PathItem,
        PathRole, Pid, Time, Unknown, Via,
    },
};

/// Bit that stands for "could not be decoded" in a record of our own making. The kernel uses bits
/// up to 30.
const MALFORMED: u64 = 1 << 63;

impl Record {
    /// The place of a record that could not be decoded.
    pub(super) fn malformed(time: Time) -> Self {
        Self {
            mask: MALFORMED,
            pid: 0,
            process: Process::Untold,
            fd: None,
            at: None,
            old: None,
            new: None,
            target: None,
            time,
            number: 0,
        }
    }

    pub(super) fn deletes_directory(&self) -> bool {
        self.has(libc::FAN_DELETE) && self.has(libc::FAN_ONDIR)
    }

    /// The names of a directory before and after it was renamed, where one event tells both.
    pub(super) fn moves_directory(&self) -> Option<(&DirName, &DirName)> {
        let both = self.old.as_ref().zip(self.new.as_ref());
        both.filter(|_| self.has(libc::FAN_ONDIR))
    }

    fn renames_directory(&self) -> bool {
        self.has(libc::FAN_ONDIR)
            && self.has(libc::FAN_RENAME | libc::FAN_MOVED_FROM | libc::FAN_MOVED_TO)
    }
}

/// A path of a record, and whether it is of interest.
pub(super) struct Judged {
    pub(super) path: Known<Vec<u8>>,
    pub(super) refused: Option<Refusal>,
    /// It has lost this name.
    deleted: bool,
}

/// The paths of a record.
pub(super) struct Places {
    target: Option<Judged>,
    pub(super) old: Option<Judged>,
    pub(super) new: Option<Judged>,
}

impl Places {
    fn all(&self) -> impl Iterator<Item = &Judged> {
        [&self.target, &self.old, &self.new].into_iter().flatten()
    }

    /// Why nothing of it is of interest.
    fn refused(&self) -> Option<Refusal> {
        let mut worst = Refusal::Outside;
        for judged in self.all() {
            worst = worst.max(judged.refused?);
        }
        Some(worst)
    }
}

impl Fanotify {
    /// Hands on one record. Returns how many items that were.
    pub(super) fn record(
        &mut self,
        take: &mut dyn FnMut(Item),
        record: &Record,
    ) -> anyhow::Result<usize> {
        self.arrived.next_record();
        if record.has(MALFORMED | libc::FAN_Q_OVERFLOW) {
            let overflow = record.has(libc::FAN_Q_OVERFLOW);
            let reason = if overflow {
                LossReason::QueueOverflow
            } else {
                LossReason::Malformed
            };
            self.lose(reason);
            take(Item::Loss(Loss {
                time: record.time,
                cpu: None,
                count: None,
                reason,
            }));
            return Ok(1);
        }
        if record.renames_directory() {
            self.resolver.directory_renamed(record.number);
        }
        let ops: Vec<_> = OPS
            .iter()
            .filter(|(flag, _)| record.has(flag.bits()))
            .copied()
            .collect();
        if record.pid == self.own_pid {
            self.filter("own", ops.len() as u64);
            return Ok(0);
        }
        let mut wanted: Vec<_> = ops
            .iter()
            .filter(|(flag, op)| wants(&self.plan, *flag, *op))
            .copied()
            .collect();
        if wanted.len() < ops.len() {
            self.filter("op", (ops.len() - wanted.len()) as u64);
        }
        if wanted.is_empty() {
            return Ok(0);
        }
        if record.at.is_none() && record.fd.is_none() && record.mask == libc::FAN_ATTRIB {
            // The number of links has changed: the creation or deletion says so.
            self.filter("duplicate", 1);
            return Ok(0);
        }
        let places = self.places_then(record)?;
        if let Some(refusal) = places.refused() {
            let reason = if refusal == Refusal::Exclude {
                "exclude"
            } else {
                "outside"
            };
            self.filter(reason, wanted.len() as u64);
            return Ok(0);
        }
        if record.has(libc::FAN_CREATE)
            && let Some(Ok(path)) = places.target.as_ref().map(|target| &target.path)
            && self.arrived.has_told(path)
        {
            let before = wanted.len();
            wanted.retain(|(_, op)| *op != Op::Create);
            self.filter("duplicate", (before - wanted.len()) as u64);
        }
        if record.has(libc::FAN_OPEN_EXEC) {
            self.actors.remove(&record.pid);
        }
        let actor = self.actor(record);
        for (flag, op) in &wanted {
            self.deliver(take, record, &places, (*flag, *op), actor.clone());
        }
        Ok(wanted.len() + self.moved_in(take, record, &places)?)
    }

    fn deliver(
        &mut self,
        take: &mut dyn FnMut(Item),
        record: &Record,
        places: &Places,
        (flag, op): (MaskFlags, Op),
        actor: Known<Actor>,
    ) {
        self.sums.seen += 1;
        self.sums.delivered += 1;
        take(Item::Event(Box::new(Event {
            time: record.time,
            backend: Backend::Fanotify,
            place: None,
            op,
            actor,
            call: None,
            exit: None,
            timing: None,
            signal: None,
            paths: paths(places, flag, op),
            rules: ByRules::default(),
            synthesised: false,
            certainty: Certainty::default(),
            of_tracer: false,
            below_root: places
                .all()
                .any(|judged| judged.path.is_ok() && judged.refused.is_none()),
            is_dir: record.has(libc::FAN_ONDIR),
            notice: Some(notice(flag, record.has(libc::FAN_ONDIR))),
        })));
    }

    /// May something come of this record?
    pub(super) fn wants(&self, record: &Record) -> bool {
        let asked =
            |(flag, op): &(MaskFlags, Op)| record.has(flag.bits()) && wants(&self.plan, *flag, *op);
        record.pid != self.own_pid && OPS.iter().any(asked)
    }

    fn actor(&mut self, record: &Record) -> Known<Actor> {
        // 0: in a pid namespace that is not below ours.
        let id = u32::try_from(record.pid)
            .ok()
            .filter(|id| *id != 0)
            .ok_or(Unknown::OtherPidNamespace)?;
        let pid = Pid(id);
        let (processes, pidfd) = (&self.processes, self.pidfds.get(&record.pid));
        let read = || {
            let found = processes.read(pid);
            // It is the same process as long as nobody has waited for its end.
            let is_gone = match pidfd {
                Some(pidfd) => !is_there(pidfd),
                None => matches!(record.process, Process::Gone),
            };
            if is_gone { gone(pid) } else { found }
        };
        Ok(self.actors.entry(record.pid).or_insert_with(read).clone())
    }

    /// The paths of a record as they were when it was queued. What seems to be outside may have been
    /// moved there a moment ago: the event that says so is in the queue by then.
    fn places_then(&mut self, record: &Record) -> anyhow::Result<Places> {
        let places = self.places(record);
        let is_outside = places.refused() == Some(Refusal::Outside);
        if is_outside && self.resolver.take_looked() && self.pending.len() < BATCH {
            let moves = self.resolver.moves();
            self.fill()?;
            if self.resolver.moves() != moves {
                return Ok(self.places(record));
            }
        }
        Ok(places)
    }

    fn places(&mut self, record: &Record) -> Places {
        let target = match (&record.fd, &record.at, &record.target) {
            (Some(fd), ..) => Some(match path_of(fd) {
                Ok((path, deleted)) => Judged {
                    deleted,
                    ..self.judged(&[path])
                },
                Err(_) => unknown(),
            }),
            (None, Some(at), _) => Some(self.place(at, record.number)),
            // A file opened by its handle, with no name at that moment.
            (None, None, Some(handle)) if record.old.is_none() && record.new.is_none() => {
                Some(match self.resolver.find_then(handle, record.number) {
                    Found::At(paths) => self.judged(&paths),
                    Found::Outside | Found::Unknown => unknown(),
                })
            }
            _ => None,
        };
        let mut place = |at| self.place(at, record.number);
        let old = record.old.as_ref().map(&mut place);
        let new = record.new.as_ref().map(place);
        Places { target, old, new }
    }

    fn place(&mut self, at: &DirName, number: u64) -> Judged {
        match self.resolver.find_then(&at.dir, number) {
            Found::At(dirs) if *at.name == *b"." => self.judged(&dirs),
            Found::At(dirs) => {
                let paths: Vec<_> = dirs.iter().map(|dir| join(dir, &at.name)).collect();
                self.judged(&paths)
            }
            Found::Outside => Judged {
                path: Err(Unknown::Detached),
                refused: Some(Refusal::Outside),
                deleted: false,
            },
            Found::Unknown => unknown(),
        }
    }

    /// The first of these paths that is of interest, or the first of all.
    fn judged(&self, paths: &[Vec<u8>]) -> Judged {
        let verdicts: Vec<_> = paths.iter().map(|path| judge(&self.plan, path)).collect();
        let best = verdicts.iter().position(Result::is_ok).unwrap_or(0);
        let refused = verdicts.get(best).copied().and_then(Result::err);
        paths.get(best).map_or_else(unknown, |path| Judged {
            path: Ok(path.clone()),
            refused,
            deleted: false,
        })
    }

    /// Are the directories of a record known?
    pub(super) fn is_placed(&mut self, record: &Record) -> bool {
        let named = [&record.at, &record.old, &record.new];
        named
            .into_iter()
            .flatten()
            .all(|at| self.resolver.find(&at.dir) != Found::Unknown)
    }
}

/// Nobody can tell whether it is of interest: then it is.
fn unknown() -> Judged {
    Judged {
        path: Err(Unknown::LookupFailed),
        refused: None,
        deleted: false,
    }
}

fn paths(places: &Places, flag: MaskFlags, op: Op) -> Vec<PathItem> {
    let item = |role, judged: &Judged| PathItem {
        role,
        arg: None,
        requested: None,
        resolved: judged.path.clone().map(Into::into),
        via: Via::Lookup,
        deleted: judged.deleted || op == Op::Delete,
        file: None,
    };
    if flag == MaskFlags::FAN_RENAME {
        let old = places
            .old
            .as_ref()
            .map(|judged| item(PathRole::Source, judged));
        let new = places
            .new
            .as_ref()
            .map(|judged| item(PathRole::Dest, judged));
        return old.into_iter().chain(new).collect();
    }
    let role = match flag {
        MaskFlags::FAN_MOVED_FROM => PathRole::Source,
        MaskFlags::FAN_MOVED_TO => PathRole::Dest,
        _ => PathRole::Target,
    };
    places
        .target
        .iter()
        .map(|judged| item(role, judged))
        .collect()
}
