//! Decides exactly whether an event meets a rule.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

use globset::GlobMatcher;

use tracer_ebpf::abi::call::LOOKS_UP;

use super::{Condition, PathSet, Rule, Status};
use crate::{
    calls::{Op, Role, row, works_on},
    event::{Actor, Certainty, Event, Known, PathItem, UNDECIDED, Unknown},
};

/// Which condition an event does not meet. The name is the reason in the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reject {
    /// Real user or group.
    User,
    /// Command name.
    Comm,
    /// Program.
    Exe,
    /// Files.
    Path,
    /// Operation.
    Op,
    /// Result.
    Result,
    /// System call, or the end of a task where that is not asked for.
    Call,
    /// Signal.
    Signal,
    /// Nobody can tell whether it meets the condition about files.
    Undecided,
}

impl Reject {
    /// The word used in the sums; the kernel side uses the same for the same reason.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Comm => "comm",
            Self::Exe => "exe",
            Self::Path => "path",
            Self::Op => "op",
            Self::Result => "result",
            Self::Call => "call",
            Self::Signal => "signal",
            Self::Undecided => UNDECIDED,
        }
    }
}

impl Rule {
    /// The first condition that `event` does not meet; `None` when it meets all.
    pub fn rejects(&self, event: &Event) -> Option<Reject> {
        if let Some(call) = &event.call
            && !self.calls.contains_of(call.arch, call.arch.name(call.nr))
        {
            return Some(Reject::Call);
        }
        if let Some(signal) = &event.signal
            && !self.signals.contains(signal.number)
        {
            return Some(Reject::Signal);
        }
        if event.exit.is_some() && !self.exits {
            return Some(Reject::Call);
        }
        self.conditions.iter().find_map(|c| c.rejects(event))
    }

    /// Does the end of a task tell of this call, which it ended with?
    pub fn has_last_call(&self, name: &str) -> bool {
        self.calls.contains(Some(name)) && !self.conditions.iter().any(Condition::asks_of_calls)
    }

    /// Is this path, by its name, one that the rule is about?
    pub fn is_about(&self, path: &[u8]) -> bool {
        self.conditions.iter().all(|condition| match condition {
            Condition::Path(set) => set.contains(path),
            Condition::Names(filter) => filter.has(path, false),
            _ => true,
        })
    }
}

impl Condition {
    /// Is it about files or a result? The end of a task has neither, nor has the call that it ended
    /// with, which is unfinished for good.
    pub fn asks_of_calls(&self) -> bool {
        match self {
            Self::Path(_) | Self::Names(_) | Self::Success(_) => true,
            Self::Status(wanted) => !wanted.contains(&Status::Unfinished),
            _ => false,
        }
    }

    /// Is it about who does something?
    pub fn asks_who(&self) -> bool {
        matches!(
            self,
            Self::Process { .. } | Self::Uid(_) | Self::Gid(_) | Self::Comm(_) | Self::Exe(_)
        )
    }

    fn rejects(&self, event: &Event) -> Option<Reject> {
        // The rule itself says whether ends and signals are of interest.
        if (event.exit.is_some() || event.signal.is_some()) && self.asks_of_calls() {
            return None;
        }
        let actor = event.actor.as_ref().ok();
        let (meets, reject) = match self {
            // Decided by the kernel at the time.
            Self::Process { .. } => return None,
            Self::Uid(uids) => (
                creds(actor).is_some_and(|c| uids.contains(&c.uid)),
                Reject::User,
            ),
            Self::Gid(gids) => (
                creds(actor).is_some_and(|c| gids.contains(&c.gid)),
                Reject::User,
            ),
            Self::Comm(globs) => (any(globs, actor.map(|a| &a.comm)), Reject::Comm),
            Self::Exe(globs) => (any(globs, actor.map(|a| &a.exe)), Reject::Exe),
            Self::Path(set) => return touches(set, event),
            Self::Op(ops) => (ops.contains(&event.op), Reject::Op),
            Self::Notice(mask) => (event.as_notice().mask & mask != 0, Reject::Op),
            Self::Names(filter) => (filter.meets(event), Reject::Path),
            Self::Status(wanted) => (
                Status::of(event).is_none_or(|s| wanted.contains(&s)),
                Reject::Result,
            ),
            Self::Success(wanted) => (
                // What never returned did neither; of what nobody is told, it may be.
                event.success().map_or(
                    matches!(Status::of(event), None | Some(Status::Unavailable)),
                    |success| success == *wanted,
                ),
                Reject::Result,
            ),
        };
        (!meets).then_some(reject)
    }
}

fn creds(actor: Option<&Actor>) -> Option<crate::event::Creds> {
    actor.and_then(|a| a.creds)
}

fn any(globs: &[GlobMatcher], name: Option<&Known<bytes::Bytes>>) -> bool {
    let Some(Ok(name)) = name else {
        return false;
    };
    globs
        .iter()
        .any(|g| g.is_match(Path::new(OsStr::from_bytes(name))))
}

/// Why no file of the event is in the set; `None` when one is. What the kernel saw below a root holds
/// even where the name does not show it (bind mounts, other namespaces).
fn touches(set: &PathSet, event: &Event) -> Option<Reject> {
    if set.found_only && (found_nothing(event) || is_look_of_tracer(event)) {
        return Some(Reject::Path);
    }
    if !set.descriptors.is_empty() && works_on(&set.descriptors, event) {
        return None;
    }
    if set.by_inode && !event.below_root && event.certainty != Certainty::Names {
        // Where others have other mounts, what has the name of a root is another file.
        let mut resolved = event.paths.iter().filter_map(|p| p.resolved.as_ref().ok());
        let is_open = event.certainty == Certainty::Nothing && set.found_only;
        return match resolved.any(|path| set.has_pattern(path)) {
            true => None,
            false if is_open => Some(Reject::Undecided),
            false => Some(Reject::Path),
        };
    }
    (!names_one(set, event)).then_some(Reject::Path)
}

/// Does the event name a file of the set?
fn names_one(set: &PathSet, event: &Event) -> bool {
    let mut resolved = event.paths.iter().filter_map(|p| p.resolved.as_ref().ok());
    let mut here = event.paths.iter();
    if here.any(|path| path.resolved != Err(Unknown::OutsideRoot) && is_given(set, path)) {
        return true;
    }
    if set.by_inode && set.recursive && event.below_root {
        // Where one of two names is left out, it may be that one that was seen.
        let is_left_out = resolved.clone().any(|path| set.excludes(path));
        return !is_left_out || resolved.any(|path| set.contains(path));
    }
    resolved.any(|path| set.contains(path))
}

/// A tracer asks what is behind a name, and opens nothing but the way there (`O_PATH`): it looks names
/// up that others have used, and whether what it watches is still there.
fn is_look_of_tracer(event: &Event) -> bool {
    let opened = || {
        let call = event.call.as_ref()?;
        let row = call.arch.name(call.nr).and_then(row)?;
        let at = |role| row.args.iter().position(|arg| arg.role == role);
        match (at(Role::OpenFlags), at(Role::OpenHow)) {
            (Some(arg), _) => Some(call.args.ok()?[arg]),
            (None, Some(arg)) => Some(call.open_how(arg as u8)?[0]),
            (None, None) => None,
        }
    };
    let is_way_only = |flags| flags & libc::O_PATH as u64 != 0;
    event.of_tracer && event.op == Op::Read && opened().is_none_or(is_way_only)
}

/// Did the program give a name that is meant wherever it leads?
fn is_given(set: &PathSet, path: &PathItem) -> bool {
    let name = path.requested.as_ref().and_then(|name| name.as_ref().ok());
    name.is_some_and(|name| set.has_given(name))
}

/// A lookup that ended at no file.
pub(super) fn found_nothing(event: &Event) -> bool {
    event.call.as_ref().is_some_and(|call| {
        matches!(call.errno(), Some(libc::ENOENT | libc::ENOTDIR))
            && call
                .arch
                .name(call.nr)
                .and_then(row)
                .is_some_and(|row| row.flags & LOOKS_UP != 0)
    })
}
