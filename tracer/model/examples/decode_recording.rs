//! Prints the calls of a recording as strace does:
//!
//! ```sh
//! tracer trace --record /tmp/ls.rec -- ls
//! cargo run -p tracer-model --example decode_recording /tmp/ls.rec
//! ```

use std::{
    error::Error,
    fs::File,
    io::{BufReader, Write as _, stdout},
    path::PathBuf,
};

use tracer_model::{
    format::{Format as _, Prefix, Strace},
    recording::Reader,
};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("which recording?")?;
    let path = PathBuf::from(path);
    let mut reader = Reader::new(BufReader::new(File::open(&path)?), &path)?;
    let options = reader.head().defaults.options.clone();
    let mut format = Strace::new(options, Prefix::Always, false);
    let mut lines = Vec::new();
    while let Some(item) = reader.next_item()? {
        format.item(&mut lines, &item);
        stdout().write_all(&lines)?;
        lines.clear();
    }
    Ok(())
}
