//! The directories of one bench run: what is watched lies apart from what the tools write.
//!
//! The loops work in memory where the machine has a directory for that: a disk that is busy would
//! be in the figures otherwise. What the tools write is a file like any other.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

/// Where Linux keeps a file system in memory for everybody.
const MEMORY: &str = "/dev/shm";
/// How the directories are called, with something random after it.
const PREFIX: &str = "tracer-bench-";

/// Two temporary directories, gone when the bench is.
#[derive(Debug)]
pub(super) struct Room {
    /// Where the loops work.
    watched: TempDir,
    /// Where the tools write.
    written: TempDir,
}

impl Room {
    /// A new one.
    pub(super) fn new() -> Result<Self> {
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix(PREFIX);
        let written = builder
            .tempdir()
            .context("no temporary directory can be made")?;
        let watched = builder.tempdir_in(MEMORY).or_else(|_| builder.tempdir())?;
        let room = Self { watched, written };
        Ok(room)
    }

    /// Where the workloads work.
    pub(super) fn watched(&self) -> &Path {
        self.watched.path()
    }

    /// What a tool reports.
    pub(super) fn output(&self) -> PathBuf {
        self.written.path().join("output")
    }

    /// What a tool says on standard error.
    pub(super) fn messages(&self) -> PathBuf {
        self.written.path().join("messages")
    }

    /// What a workload says on standard error.
    pub(super) fn workload_messages(&self) -> PathBuf {
        self.written.path().join("workload")
    }

    /// Takes away what the last tool wrote.
    pub(super) fn clear(&self) {
        for file in [self.output(), self.messages()] {
            // It is as well if it was never there.
            let _: Result<(), _> = fs::remove_file(file);
        }
    }
}
