//! What fanotify tells of a call, by the call alone.

use std::fs;

use bytes::Bytes;
use smallvec::{SmallVec, smallvec};

use super::evidence::{Names, Trace};
use crate::{
    calls::{Arch, CallSet, Op, ROWS},
    event::{Call, Event, PathItem, PathRole, Via},
};

/// `RENAME_EXCHANGE` among the flags of renameat2(2).
const EXCHANGE: u64 = libc::RENAME_EXCHANGE as u64;

/// What of fanotify tells of any of these calls.
pub(in crate::source) fn bits(calls: &CallSet) -> u64 {
    let asked = ROWS.iter().filter(|row| calls.contains(Some(row.name)));
    asked
        .filter_map(|row| bit(row.name, row.op))
        .fold(0, |bits, bit| bits | bit)
}

/// What of fanotify tells of a call.
fn bit(name: &str, op: Op) -> Option<u64> {
    Some(match op {
        Op::Create => libc::FAN_CREATE,
        Op::Delete => libc::FAN_DELETE,
        Op::Rename => libc::FAN_RENAME,
        Op::Attribute => libc::FAN_ATTRIB,
        Op::Write if name.starts_with("truncate") => libc::FAN_MODIFY,
        _ => return None,
    })
}

/// What it means that fanotify tells nothing of a call on a file system that is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// The call was not there.
    Proof,
    /// It may be that there was nothing to tell.
    Hint,
    /// Nothing: the kernel has told the file itself.
    Told,
}

/// A call that fanotify tells of.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) silence: Silence,
    pub(super) bit: u64,
    /// Two names are exchanged.
    pub(super) exchanges: bool,
}

impl Asked {
    pub(super) fn of(event: &Event) -> Option<Self> {
        let call = event.call.as_ref()?;
        let is_over = |why: crate::event::Unfinished| why.is_over();
        if call.errno().is_some() || call.unfinished.is_some_and(|why| !is_over(why)) {
            return None;
        }
        let name = call.arch.name(call.nr)?;
        let bit = bit(name, event.op)?;
        let arg = |at: usize| call.args.ok().map(|args| args[at]);
        let (ids, times) = match name {
            "chown" | "lchown" | "chown32" | "lchown32" => (Some(1), None),
            "fchownat" => (Some(2), None),
            "utimensat" | "utimensat_time64" => (None, Some(2)),
            _ => (None, None),
        };
        let is_none = |at| arg(at).is_some_and(|id| id as u32 == u32::MAX);
        // Neither owner nor group is changed.
        if ids.is_some_and(|at| is_none(at) && is_none(at + 1)) {
            return None;
        }
        let silence = if named(event).iter().all(|item| item.via == Via::Kernel) {
            Silence::Told
        } else if bit == libc::FAN_MODIFY || times.is_some_and(|at| arg(at) != Some(0)) {
            Silence::Hint
        } else {
            Silence::Proof
        };
        let is_exchange = || arg(4).is_some_and(|flags| flags & EXCHANGE != 0);
        Some(Self {
            silence,
            bit,
            exchanges: bit == libc::FAN_RENAME && name == "renameat2" && is_exchange(),
        })
    }

    /// What the call would have left behind.
    pub(super) fn trace(&self, event: &Event) -> Trace {
        let is_uring = |call: &Call| call.arch == Arch::Uring;
        Trace {
            threads: threads(event, event.call.as_ref().is_some_and(is_uring)),
            bit: self.bit,
            names: names(&named(event)),
            returned: event.time.mono_ns,
        }
    }
}

/// Where the names of a call lead now.
pub(super) fn leads_to(event: &Event) -> impl Iterator<Item = &Bytes> {
    let items = named(event).into_iter();
    items.filter_map(|item| item.resolved.as_ref().ok())
}

/// Calls with the same may have left the same behind.
pub(super) type Key = (Option<i32>, u64, Option<Names>);

impl Trace {
    pub(super) fn key(&self) -> Key {
        let (tid, names) = (self.threads.first(), self.names.first());
        (tid.copied(), self.bit, names.cloned())
    }
}

/// The items that fanotify tells of: both of a rename, the new name of a link, else the only one.
fn named(event: &Event) -> SmallVec<[&PathItem; 2]> {
    let has_dest = event.paths.iter().any(|item| item.role == PathRole::Dest);
    let is_told = |item: &&PathItem| match item.role {
        PathRole::Source => event.op == Op::Rename,
        PathRole::Dest => true,
        PathRole::Target => !has_dest,
        PathRole::Parent | PathRole::Other => false,
    };
    event.paths.iter().filter(is_told).collect()
}

/// The last components, as passed and as they were looked up.
fn names(items: &[&PathItem]) -> SmallVec<[Names; 2]> {
    let passed = of(items, |item| last(item.requested.as_ref()?.as_ref().ok()?));
    let now = of(items, |item| last(item.resolved.as_ref().ok()?));
    let now = now.filter(|now| passed.as_ref() != Some(now));
    let both = passed.into_iter().chain(now);
    both.map(|(one, other)| match other {
        None => Names::one(one),
        Some(other) => Names::two(one, other),
    })
    .collect()
}

/// The name of the only item, or of both.
fn of<'a>(
    items: &[&'a PathItem],
    name: impl Fn(&'a PathItem) -> Option<&'a [u8]>,
) -> Option<(&'a [u8], Option<&'a [u8]>)> {
    match items {
        [one] => Some((name(one)?, None)),
        [old, new] => Some((name(old)?, Some(name(new)?))),
        _ => None,
    }
}

/// The last component of a name.
fn last(name: &[u8]) -> Option<&[u8]> {
    let end = name.iter().rposition(|byte| *byte != b'/')? + 1;
    let start = memchr::memrchr(b'/', &name[..end]).map_or(0, |at| at + 1);
    let last = &name[start..end];
    (last != b"." && last != b"..").then_some(last)
}

/// The thread that did it; what is done through a ring may be done by any of the process.
fn threads(event: &Event, any: bool) -> SmallVec<[i32; 2]> {
    let Ok(actor) = &event.actor else {
        return SmallVec::new();
    };
    // 0: in a pid namespace that is not below ours.
    let own = (actor.tid).map_or(0, |tid| tid.0 as i32);
    let mut threads = smallvec![own];
    if let Some(pid) = actor.pid_here().filter(|_| any) {
        let tasks = fs::read_dir(format!("/proc/{}/task", pid.0));
        let id = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<i32>().ok();
        let ids = tasks.into_iter().flatten().flatten().filter_map(id);
        threads.extend(ids.filter(|id| *id != own));
    }
    threads
}
