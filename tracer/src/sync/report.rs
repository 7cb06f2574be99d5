//! What a sync has to tell, as values. It does not know how they are shown.

use std::time::Duration;

use super::rsync::{Progress, Stats};

/// How much a batch is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// The whole tree, and so many paths besides.
    Full(usize),
    /// So many paths.
    Paths(usize),
}

/// Something to be told of one destination.
#[derive(Clone, Debug)]
pub enum Report<'a> {
    /// Batches left over from a run that was ended or killed.
    LeftOver(Size),
    /// Rsync begins.
    Started(Size),
    /// It goes on.
    Progress(Size, Progress),
    /// The destination is equal, up to changes that came meanwhile.
    Done {
        /// What it was about.
        size: Size,
        /// What was moved.
        stats: Stats,
        /// How long it took.
        took: Duration,
        /// Names of some of the paths, relative to the source.
        names: &'a [Vec<u8>],
    },
    /// It did not work.
    Failed {
        /// What it was about.
        size: Size,
        /// rsync's exit code; `None` when it was killed.
        code: Option<i32>,
        /// What that means, and what can be done.
        why: String,
        /// What rsync said.
        complaints: &'a [String],
        /// Only some paths failed, all others are equal.
        partial: bool,
        /// When it is tried again; `None`: never.
        retry_in: Option<Duration>,
        /// The same has been told the last time.
        again: bool,
    },
    /// Nothing waits.
    Idle,
    /// Changes wait, so many paths; they are collected for a moment, or wait for a retry.
    Waiting(usize),
    /// The destination is given up, or the run ends: so many paths are left in the queue.
    Ended(usize),
    /// Something that a person should know.
    Warning(String),
}

/// Takes reports.
pub trait Reporter {
    /// Takes one, of this destination of this job.
    fn report(&self, job: &str, dest: &str, report: &Report<'_>);

    /// Something that concerns a whole job.
    fn warn(&self, job: &str, text: &str);
}
