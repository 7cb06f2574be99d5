//! The directory of one bench run: what is watched lies apart from what the tools write.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

/// A temporary directory, gone when the bench is.
#[derive(Debug)]
pub(super) struct Room {
    /// The directory itself.
    dir: tempfile::TempDir,
}

impl Room {
    /// A new one.
    pub(super) fn new() -> Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("tracer-bench-")
            .tempdir()
            .context("no temporary directory can be made")?;
        let room = Self { dir };
        fs::create_dir(room.watched())?;
        Ok(room)
    }

    /// Where the workloads work.
    pub(super) fn watched(&self) -> PathBuf {
        self.path().join("watched")
    }

    /// What a tool reports.
    pub(super) fn output(&self) -> PathBuf {
        self.path().join("output")
    }

    /// What a tool says on standard error.
    pub(super) fn messages(&self) -> PathBuf {
        self.path().join("messages")
    }

    /// What a workload says on standard error.
    pub(super) fn workload_messages(&self) -> PathBuf {
        self.path().join("workload")
    }

    /// Takes away what the last tool wrote.
    pub(super) fn clear(&self) {
        for file in [self.output(), self.messages()] {
            // It is as well if it was never there.
            let _: Result<(), _> = fs::remove_file(file);
        }
    }

    /// The directory itself.
    fn path(&self) -> &Path {
        self.dir.path()
    }
}
