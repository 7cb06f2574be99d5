//! Every value of an event that is not known, with its reason: one list for every format.

use crate::event::{Actor, Block, Data, Event, Known, Unknown};

use super::{call_info::CallInfo, number::dec};

/// The login ids of a process that nobody logged in for (`AUDIT_UID_UNSET` of `linux/audit.h`,
/// `AUDIT_SID_UNSET`).
pub(super) const UNSET: u32 = u32::MAX;

/// The word for that: the kernel says that there is no value, so it is no lack of the source.
pub(super) const UNSET_WORD: &str = "unset";

/// The word for a `None`.
const SOURCE: &str = "source";

/// What is not known: the JSON key, dotted.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Field(&'static str),
    Path(usize, &'static str),
    Text(u8),
    Decoded(u8),
}

impl Place {
    /// Appends `cwd`, `paths.0.path`, `texts.1`.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Field(name) => out.extend_from_slice(name.as_bytes()),
            Self::Path(index, name) => {
                out.extend_from_slice(b"paths.");
                dec(out, index);
                out.push(b'.');
                out.extend_from_slice(name.as_bytes());
            }
            Self::Text(index) => {
                out.extend_from_slice(b"texts.");
                dec(out, index);
            }
            Self::Decoded(index) => {
                out.extend_from_slice(b"decoded.");
                dec(out, index);
            }
        }
    }
}

/// Calls `take` for everything that is not known.
pub(super) fn each(event: &Event, mut take: impl FnMut(Place, &'static str)) {
    let mut field = |name, why| take(Place::Field(name), why);
    if event.time.mono_ns == 0 {
        field("mono_ns", SOURCE);
    }
    if let Some(call) = &event.call
        && let Err(why) = call.args
    {
        field("args", why.as_str());
    }
    if let Some(why) = event.call.as_ref().and_then(|call| call.unfinished) {
        field("ret", why.as_str());
    }
    match &event.actor {
        Ok(actor) => of_actor(actor, &mut field),
        Err(why) => field("actor", why.as_str()),
    }
    for (i, path) in event.paths.iter().enumerate() {
        if let Some(Err(why)) = &path.requested {
            take(Place::Path(i, "requested"), why.as_str());
        }
        if let Err(why) = &path.resolved {
            take(Place::Path(i, "path"), why.as_str());
        }
    }
    if let Some(call) = &event.call {
        for (arg, text) in CallInfo::of(call).texts(call) {
            if let Err(why) = text {
                take(Place::Text(arg), why.as_str());
            }
        }
    }
}

/// Calls `take` for every argument behind which memory could not be read, so that an address
/// stands in the decoded form instead. What was cut at a limit, or is NULL, was read.
pub(super) fn each_unreadable(event: &Event, mut take: impl FnMut(Place, &'static str)) {
    let mut told = None;
    for captured in event.call.iter().flat_map(|call| &call.captured) {
        let why = match &captured.data {
            Data::Text(Err(why))
            | Data::Block(Block {
                incomplete: Some(why),
                ..
            })
            | Data::Count(_, Some(why)) => *why,
            Data::Strings(argv) => match argv.incomplete {
                Some(why) => why,
                None => continue,
            },
            Data::Text(Ok(_))
            | Data::Block(_)
            | Data::Before(_)
            | Data::Count(_, None)
            | Data::Process { .. } => continue,
        };
        let was_read = matches!(why, Unknown::Cut | Unknown::Null | Unknown::NotAsked);
        if !was_read && told.replace(captured.of) != Some(captured.of) {
            take(Place::Decoded(captured.of), why.as_str());
        }
    }
}

fn of_actor(actor: &Actor, field: &mut impl FnMut(&'static str, &'static str)) {
    // Where the kernel tells ids, one that is missing is none of this namespace.
    let why = match actor.host {
        Some(_) => Unknown::OtherPidNamespace.as_str(),
        None => SOURCE,
    };
    let missing = [
        ("pid", actor.is_outside(), why),
        ("tid", actor.tid.is_none(), why),
        ("ppid", actor.ppid.is_none(), why),
        ("creds", actor.creds.is_none(), SOURCE),
        ("cgroup", actor.cgroup.is_none(), SOURCE),
    ];
    for (name, _, why) in missing.into_iter().filter(|(_, missing, _)| *missing) {
        field(name, why);
    }
    for (name, value) in [("auid", actor.auid), ("session", actor.session)] {
        match value {
            None => field(name, SOURCE),
            Some(UNSET) => field(name, UNSET_WORD),
            Some(_) => {}
        }
    }
    let mut known = |name, value: &Known<_>| {
        if let Err(why) = value {
            field(name, why.as_str());
        }
    };
    known("comm", &actor.comm);
    known("exe", &actor.exe);
    known("cwd", &actor.cwd);
}
