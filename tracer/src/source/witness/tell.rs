//! From what fanotify told to the files of a call, and to events of their own.

use bytes::Bytes;
use nix::sys::fanotify::MaskFlags;
use smallvec::SmallVec;

use super::{
    Witness,
    directories::Place,
    evidence::{Evidence, Paths},
};
use crate::{
    calls::Op,
    enrich::{
        files,
        paths::{Below, IsBelow},
    },
    event::{
        Actor, Backend, Certainty, Event, FileId, Item, Known, PathItem, PathRole, Tid, Unknown,
        Via,
    },
    source::{fanotify::notice, found::of_nobody},
};

/// What is told where no call explains it. Changes of content are every program's writes.
const TOLD: [(u64, Op); 4] = [
    (libc::FAN_CREATE, Op::Create),
    (libc::FAN_RENAME, Op::Rename),
    (libc::FAN_ATTRIB, Op::Attribute),
    (libc::FAN_DELETE, Op::Delete),
];

impl Witness {
    /// Puts into a call what fanotify told of it.
    pub(super) fn put(&mut self, event: &mut Event, at: usize, bit: u64, is_below: IsBelow<'_>) {
        let evidence = self.pool.at(at);
        let number = evidence.number;
        let places: SmallVec<[Place; 2]> = evidence.places(bit).into();
        let is_link = event.op == Op::Create && event.paths.iter().any(is_source);
        let may_be_watched =
            is_link || (self.cover.has_files && matches!(event.op, Op::Attribute | Op::Write));
        let needs_target = self.wants_files || may_be_watched;
        let target = evidence.target.clone().filter(|_| needs_target);
        let file = (self.wants_files || is_link).then(|| {
            let file = self.cover.resolver.open_file(target.as_ref()?)?;
            files::of_open(file)
        });
        let file = file.flatten();
        if is_link {
            link_source(event, file);
        }
        event.certainty = Certainty::Names;
        event.below_root = false;
        event.rules.watched.clear();
        let is_named = |item: &&mut PathItem| match item.role {
            _ if item.via == Via::Kernel => false,
            PathRole::Source => !is_link,
            PathRole::Target | PathRole::Dest => true,
            PathRole::Parent | PathRole::Other => false,
        };
        let is_here = super::is_here(event);
        for (item, place) in event.paths.iter_mut().filter(is_named).zip(&places) {
            let named = item.resolved.as_ref();
            let is_it = |path| self.cover.has_path(place, number, path);
            if named.is_ok_and(|path| is_it(path)) {
                item.via = Via::Fanotify;
                item.file = file.filter(|_| self.wants_files);
                continue;
            }
            let path = self.cover.path(&self.roots, place, number);
            if path == Err(Unknown::LookupFailed) {
                event.certainty = Certainty::Nothing;
            }
            if !is_here || !self.is_alias(item, place, &path) {
                (item.resolved, item.via) = (path, Via::Fanotify);
            }
            item.file = file.filter(|_| self.wants_files);
        }
        for place in &places {
            let below = (self.cover).below(&self.roots, &place.dir, number, is_below);
            meets(event, below);
        }
        // The file itself may be watched, under another of its names.
        if let Some(file) = target.filter(|_| may_be_watched) {
            meets(event, self.cover.below_file(&file, is_below));
        }
    }

    /// Is what the name of a call leads to another name of the same place (a bind mount)?
    fn is_alias(&self, item: &PathItem, place: &Place, path: &Known<Bytes>) -> bool {
        let (Ok(named), Ok(path)) = (&item.resolved, path) else {
            return false;
        };
        let end = |path: &Bytes| memchr::memrchr(b'/', path).unwrap_or(0);
        let (of_named, of_path) = (end(named), end(path));
        if named == path || named[of_named..] != path[of_path..] {
            return false;
        }
        let directory = match &*place.name {
            b"." => named.clone(),
            _ => named.slice(..of_named.max(1)),
        };
        let there = self.cover.resolver.open_file(&place.dir.handle);
        files::identity(&directory)
            .zip(there.and_then(files::of_open))
            .is_some_and(|(a, b)| is_same(a, b))
    }

    /// What may be told of an event, if no call explains it, and where that was.
    pub(super) fn told(&mut self, at: usize, is_below: IsBelow<'_>) -> Vec<(u64, Paths)> {
        let Self {
            cover, roots, pool, ..
        } = self;
        let evidence = pool.at(at);
        let number = evidence.number;
        let mut told = Vec::new();
        for (bit, _) in unexplained(evidence, cover.bits) {
            let places = evidence.places(bit);
            let is_watched = |place: &Place| cover.is_watched(roots, place, number, is_below);
            if places.iter().any(is_watched) {
                let paths = places.iter();
                let paths = paths.map(|place| cover.path(roots, place, number));
                told.push((bit, paths.collect()));
            }
        }
        told
    }

    /// Who did it, by the id of a thread.
    fn actor(&mut self, tid: i32) -> Known<Actor> {
        let processes = &self.processes;
        let read = || {
            let id = u32::try_from(tid).ok().filter(|id| *id != 0);
            let actor = id.map(|id| processes.read_thread(Tid(id)));
            actor.ok_or(Unknown::OtherPidNamespace)
        };
        self.actors.entry(tid).or_insert_with(read).clone()
    }

    /// What no call explains of an event.
    pub(super) fn rest(&mut self, at: usize) -> Vec<Item> {
        let actor = self.actor(self.pool.at(at).tid);
        let evidence = self.pool.at(at);
        if actor
            .as_ref()
            .is_ok_and(|actor| actor.pid.0 == std::process::id())
        {
            return Vec::new();
        }
        let is_dir = evidence.has(libc::FAN_ONDIR);
        let mut items = Vec::new();
        for (bit, op) in unexplained(evidence, self.cover.bits) {
            let told = &evidence.waits;
            let Some((_, paths)) = told.iter().find(|(told, _)| *told == bit) else {
                continue;
            };
            let roles: &[_] = match paths.len() {
                1 => &[PathRole::Target],
                _ => &[PathRole::Source, PathRole::Dest],
            };
            let paths = paths.iter().zip(roles).map(|(path, role)| PathItem {
                role: *role,
                arg: None,
                requested: None,
                resolved: path.clone(),
                via: Via::Fanotify,
                deleted: op == Op::Delete,
                file: None,
            });
            let (paths, notice) = (
                paths.collect(),
                notice(MaskFlags::from_bits_retain(bit), is_dir),
            );
            let event = of_nobody(Backend::Fanotify, evidence.time, op, paths, notice);
            let actor = actor.clone();
            items.push(Item::Event(Box::new(Event { actor, ..event })));
        }
        items
    }
}

/// Notes what something that an event was about is at or below.
fn meets(event: &mut Event, below: Below) {
    let Below { root, met, .. } = below;
    event.below_root |= root;
    let met = met.iter().filter(|id| **id != 0);
    event.rules.watched.extend(met);
}

/// What is left of an event, of what is asked for.
fn unexplained(evidence: &Evidence, asked: u64) -> impl Iterator<Item = (u64, Op)> + use<> {
    let left = evidence.mask & asked & !evidence.claimed;
    (TOLD.into_iter()).filter(move |(bit, _)| left & bit != 0)
}

fn is_source(item: &PathItem) -> bool {
    item.role == PathRole::Source
}

fn is_same(a: FileId, b: FileId) -> bool {
    (a.dev, a.ino) == (b.dev, b.ino)
}

/// The file that got another name is the one that fanotify told: what its old name leads to is that, or
/// is not known.
fn link_source(event: &mut Event, file: Option<FileId>) {
    let by_name = |item: &&mut PathItem| is_source(item) && item.via != Via::Kernel;
    for item in event.paths.iter_mut().filter(by_name) {
        let named = item
            .resolved
            .as_ref()
            .ok()
            .and_then(|path| files::identity(path));
        if named.is_some_and(|named| file.is_none_or(|file| !is_same(named, file))) {
            item.resolved = Err(Unknown::Unconfirmed);
        }
    }
}
