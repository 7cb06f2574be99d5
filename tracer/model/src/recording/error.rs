//! What can be wrong with a recording, in one line: what, where, and what to do.

use std::{io, path::PathBuf};

/// A file that is no recording, or not a whole one.
#[derive(Debug, thiserror::Error)]
#[error("{}: {trouble}", path.display())]
pub struct RecordingError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub trouble: Trouble,
}

/// What is wrong with a recording. Offsets are in bytes from the beginning of the file.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It cannot be opened.
    #[error("cannot open it: {0}")]
    Open(io::Error),
    /// It cannot be read from there on.
    #[error("cannot read it at byte {0}: {1}")]
    Read(u64, io::Error),
    /// It is something else.
    #[error("it is no recording of tracer's: `tracer trace --record FILE` makes one")]
    Other,
    /// Another version of the form.
    #[error(
        "another version of tracer made this recording (form {0}; this one reads form {1}): replay it with that one"
    )]
    OtherForm(u16, u16),
    /// It ends in the middle.
    #[error("the recording is cut short at byte {0}: what comes after it is gone")]
    Cut(u64),
    /// It ends after a whole frame that is not the last one.
    #[error(
        "the recording ends at byte {0} without its sums: who recorded it was killed, or it is cut short"
    )]
    NoEnd(u64),
    /// It is not what was written.
    #[error("the recording is damaged at byte {0} ({1}): nothing from there on can be read")]
    Damaged(u64, &'static str),
}
