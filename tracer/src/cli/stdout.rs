//! Standard output of commands that print a text and are done.

use std::io::{self, Write as _};

use super::{
    exit::{Code, Failure},
    live,
};

/// Writes it at once. Whoever closes the pipe has seen enough.
pub(super) fn print(text: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(
            Code::Failed,
            format!("cannot write to standard output: {error}"),
        )),
        _ => Ok(()),
    }
}

/// Writes these, each as one line that is harmless on a terminal.
pub(super) fn print_lines(lines: &[String]) -> Result<(), Failure> {
    let mut text = String::new();
    for line in lines {
        text.push_str(&live::one_line(line));
        text.push('\n');
    }
    print(text)
}
