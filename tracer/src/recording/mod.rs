//! Recordings as files: a fold that writes one, and opening one. Their form is in the model.

mod recorder;
#[cfg(test)]
mod tests;

use std::{fs::File, io::BufReader, path::Path};

pub use recorder::Recorder;
pub use tracer_model::recording::{Defaults, Ending, Head, Machine, RecordingError, Trouble};
pub use tracer_model::recording::{MAGIC, VERSION};

use tracer_model::recording;

/// A recording in a file, that is being read.
pub type Reader<R = BufReader<File>> = recording::Reader<R>;

/// Opens a recording and reads its head.
pub fn open(path: &Path) -> Result<Reader, RecordingError> {
    let file = File::open(path).map_err(|error| RecordingError {
        path: path.to_owned(),
        trouble: Trouble::Open(error),
    })?;
    Reader::new(BufReader::new(file), path)
}

/// This machine, as a recording names it.
pub fn this_machine() -> Machine {
    let name = rustix::system::uname();
    let text = |word: &std::ffi::CStr| word.to_string_lossy().into_owned();
    Machine {
        kernel: text(name.release()),
        hardware: text(name.machine()),
        host: text(name.nodename()),
    }
}
