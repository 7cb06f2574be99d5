//! One rule language: command-line filters become a [`Rule`]; [`Rule::compile`] turns it into
//! what the kernel decides (perhaps too much, never too little), [`Rule::rejects`] decides
//! exactly.

pub mod ast;
mod call_names;
pub mod check;
mod classes;
mod compile;
mod eval;
mod facts;
pub mod field;
pub mod file;
mod ignored;
mod judge;
pub mod parse;
mod paths;
pub mod pattern;
mod perm;
pub mod preset;
mod processes;
pub mod set;
mod signals;
mod status;
mod target;
mod text;
pub mod value;
mod word;

use std::collections::BTreeSet;

use globset::GlobMatcher;

pub use crate::calls::NumberSet;
pub use crate::event::Roots;
pub use classes::Compiled;
pub use compile::KernelFilter;
pub use eval::Reject;
pub use ignored::IgnoreFiles;
pub use judge::{Judge, Sender, Verdict};
pub use paths::{NameFilter, PathSet};
pub use processes::ProcessError;
pub use set::RuleSet;
pub use signals::SignalSet;
pub use status::Status;
pub use target::{Target, TargetId, Targets};
pub use tracer_model::mistake::{Note, RuleError};

#[cfg(test)]
mod tests;

use crate::{
    calls::{CallSet, Op},
    event::{Gid, Uid},
};

/// What is to be reported: an event that meets every condition.
#[derive(Clone, Debug)]
pub struct Rule {
    /// System calls.
    pub calls: CallSet,
    /// Report the end of tasks.
    pub exits: bool,
    /// Report the delivery of these signals.
    pub signals: SignalSet,
    /// Everything else.
    pub conditions: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// These processes. The kernel decides, because only it knows descendants at the time.
    Process {
        /// Process ids, or thread ids when `threads`.
        ids: BTreeSet<u32>,
        /// Some ids are threads.
        threads: bool,
        /// Also their descendants.
        follow: bool,
    },
    /// Real user id.
    Uid(BTreeSet<Uid>),
    /// Real group id.
    Gid(BTreeSet<Gid>),
    /// Command name: any of these globs.
    Comm(Vec<GlobMatcher>),
    /// Program: any of these globs.
    Exe(Vec<GlobMatcher>),
    /// Any of the event's files.
    Path(PathSet),
    /// Operation.
    Op(BTreeSet<Op>),
    /// Succeeded, or failed.
    Success(bool),
    /// What inotify(7) would call it (`IN_...` bits); only what succeeded has such a name.
    Notice(u32),
    /// The names of the event's files.
    Names(NameFilter),
    /// Any of these ends of a call.
    Status(BTreeSet<Status>),
}
