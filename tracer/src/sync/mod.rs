//! Keeps destinations equal to a source directory, by rsync.
//!
//! One direction: a source of events -> changes -> one queue per destination (in memory and on
//! disk) -> lists of paths -> rsync. A queue always holds at least what may differ: a path leaves
//! it when an rsync that was started after its last change has succeeded. What the events cannot
//! tell (a queue that overflowed, the time before the start) is a run over the whole tree.
//!
//! It does not know how reports are shown, nor how its jobs were described.

mod change;
mod dest;
mod exit_code;
mod filter;
mod journal;
mod links;
mod pattern;
mod pending;
mod prepare;
mod refused;
mod repeat;
mod report;
mod root;
mod rsync;
mod worker;

use std::{path::PathBuf, time::Duration};

use futures_util::future::join_all;
use thiserror::Error;
use tokio::io::Interest;

pub use dest::{Dest, Overlap, overlap};
pub use filter::{FilterError, Filters, Side};
pub use refused::refused_option;
pub use report::{Report, Reporter, Size};
pub use root::Root;
pub use rsync::{Options, Progress, Scope, Stats};

use crate::{event::Backend, pipeline::when, source::Source};
use change::changes;
use worker::Worker;

/// One source and its destinations.
#[derive(Clone, Debug)]
pub struct Job {
    /// How it is called in reports.
    pub name: String,
    /// An existing directory, absolute and without symlinks.
    pub source: PathBuf,
    /// Where the copies are.
    pub dests: Vec<Dest>,
    /// What takes part.
    pub filters: Filters,
    /// How rsync is run.
    pub options: Options,
    /// Changes are collected until nothing has come for this long.
    pub window: Duration,
    /// How often everything is compared.
    pub reconcile: Option<Duration>,
    /// The longest pause between two tries.
    pub longest_pause: Duration,
    /// The source of events that was asked for.
    pub watcher: Option<Backend>,
    /// Where the queues are kept.
    pub state_dir: PathBuf,
}

/// Why a job ended before it was asked to.
#[derive(Debug, Error)]
pub enum SyncError {
    /// Its queue cannot be opened.
    #[error("the queue of {dest} in {dir}: {error}")]
    Queue {
        /// Of which destination.
        dest: String,
        /// Where.
        dir: String,
        /// Why.
        error: std::io::Error,
    },
    /// The source of events broke.
    #[error("{0:#}")]
    Source(anyhow::Error),
    /// The directory is gone.
    #[error(
        "{0} was deleted, renamed or unmounted: nothing was deleted at the destinations for it; start again when it is back"
    )]
    Gone(String),
    /// No destination can work.
    #[error("no destination is left: {0}")]
    NoDestination(String),
}

/// Runs a job until its source is gone or no destination is left.
///
/// The source must have been opened before, so that nothing is missed between the first full
/// run and the first event.
pub async fn run(
    job: &Job,
    root: &Root,
    source: &mut dyn Source,
    reporter: &dyn Reporter,
) -> SyncError {
    let open = |dest| {
        Worker::new(job, dest, root, reporter).map_err(|error| SyncError::Queue {
            dest: dest.to_string(),
            dir: job.state_dir.display().to_string(),
            error,
        })
    };
    let workers: Vec<_> = match job.dests.iter().map(open).collect() {
        Ok(workers) => workers,
        Err(error) => return error,
    };
    let all = join_all(workers.iter().map(Worker::run));
    tokio::select! {
        reasons = all => SyncError::NoDestination(reasons.join("; ")),
        error = follow(job, root, source, &workers, reporter) => error,
    }
}

/// Hands the source's events on to the workers.
async fn follow(
    job: &Job,
    root: &Root,
    source: &mut dyn Source,
    workers: &[Worker<'_>],
    reporter: &dyn Reporter,
) -> SyncError {
    let ready = match when(source.fd(), Interest::READABLE) {
        Ok(ready) => ready,
        Err(error) => return SyncError::Source(error.into()),
    };
    loop {
        let mut all = Vec::new();
        let read = source.read(&mut |item| all.extend(changes(&item, &job.source)));
        if let Err(error) = read {
            return SyncError::Source(error);
        }
        for warning in source.take_warnings() {
            reporter.warn(&job.name, &warning);
        }
        if !all.is_empty() {
            for worker in workers {
                worker.add(all.clone());
            }
        }
        if source.ended() || !root.is_in_place() {
            return SyncError::Gone(job.source.display().to_string());
        }
        tokio::select! {
            biased;
            guard = ready.readable() => match guard {
                Ok(mut guard) => guard.clear_ready(),
                Err(error) => return SyncError::Source(error.into()),
            },
            () = tokio::time::sleep(source.longest_sleep()) => {}
        }
        tokio::task::yield_now().await;
    }
}
