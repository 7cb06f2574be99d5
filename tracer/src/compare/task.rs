//! One task of a recorded run: what it executed, what it called, whom it made.

use bytes::Bytes;

use super::Line;
use crate::event::Argv;

/// A process or thread, from its first event to its end.
#[derive(Debug, Default)]
pub struct Task {
    /// Process id in its run.
    pub pid: u32,
    /// Thread id in its run.
    pub tid: u32,
    /// It is a further thread of its process.
    pub is_thread: bool,
    /// The task that made it, as far as the recording tells.
    pub parent: Option<usize>,
    /// Tasks that it made, in order.
    pub children: Vec<usize>,
    /// Its place among these: when it was made, or first seen.
    pub made: u64,
    /// What it tried to execute first, as the file was named, with its arguments.
    pub tried: Option<(Bytes, Vec<Bytes>)>,
    /// What it executed.
    pub programs: Vec<Program>,
    /// Its name at its first event.
    pub comm: Bytes,
    /// Its calls, signals and end, in order.
    pub lines: Vec<Line>,
    /// How it ended: `exited with 0`.
    pub end: Option<End>,
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// In words.
    pub text: String,
    /// With status 0.
    pub is_success: bool,
}

/// A program that was executed.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// Its file.
    pub path: Bytes,
    /// Its arguments, the name included.
    pub args: Vec<Bytes>,
    /// Its environment, as far as it was recorded.
    pub environment: Option<Argv>,
}

impl Task {
    /// What it is called in a tree: the program that it executed, or its name.
    pub fn name(&self) -> &[u8] {
        match &self.tried {
            Some((path, _)) => base(path),
            None => &self.comm,
        }
    }
}

/// The last part of a path.
pub(super) fn base(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).map_or(path, |at| &path[at + 1..])
}
