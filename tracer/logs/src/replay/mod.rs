//! Linux audit logs as a source of events: auditd's, those that it compressed or enriched, and
//! those that tracer writes with `--format audit`.
//!
//! A log is read in blocks into buffers, not mapped: a log that is cut under its reader
//! (`copytruncate` of logrotate) would end a program that has it mapped with SIGBUS. Nothing is
//! allocated per record.

mod changes;
mod frames;
mod group;
mod input;
pub mod naming;
mod needles;
mod rotation;
mod scan;
mod tail;
mod tail_places;
mod window;

use std::{
    io,
    path::{Path, PathBuf},
};

pub use changes::{Changes, Woken, quiet_after};
pub use frames::{Damage, FOOTER, Frames, TABLE_END, TABLE_FRAME};
pub use group::{Event, Grouper, Record};
pub use input::{Input, Segment};
pub use needles::Needles;
pub use rotation::segments;
pub use scan::{BLOCK, Faults, Only, Outcome, Plan, TIMEOUT, Worker, scan};
pub use tail::Tail;
pub use window::{Window, first_time, last_time};

/// Why a log cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It cannot be opened.
    #[error("cannot open {}: {cause}", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It was opened and cannot be read or unpacked.
    #[error("cannot read {}: {cause}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A directory without a log.
    #[error("there is no audit.log in {}", .path.display())]
    NoLog {
        /// The directory.
        path: PathBuf,
    },
    /// The output refused what was found.
    #[error(transparent)]
    Output(io::Error),
}

impl ReplayError {
    fn open(path: &Path, cause: io::Error) -> Self {
        Self::Open {
            path: path.to_owned(),
            cause,
        }
    }

    fn read(path: &Path, cause: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            cause,
        }
    }
}
