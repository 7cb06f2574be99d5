//! A command that reads the output (`-o '|COMMAND'`).

use std::{
    ffi::OsStr,
    fs::File,
    io,
    os::fd::OwnedFd,
    process::{Child, Command, Stdio},
};

/// The command; waited for when this is dropped, after its input was closed.
pub(super) struct Reader(Child);

impl Reader {
    /// Waits for its end, once its input is closed; says how it failed, if it did.
    pub(super) fn complaint(&mut self) -> Option<String> {
        match self.0.wait() {
            Ok(status) if status.success() => None,
            Ok(status) => Some(status.to_string()),
            Err(error) => Some(error.to_string()),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // Nobody is left who could be told.
        let _ = self.0.wait();
    }
}

/// Has `/bin/sh` run a command; its standard input.
pub(super) fn start(text: &OsStr) -> io::Result<(File, Reader)> {
    let mut child = Command::new("/bin/sh")
        .arg("-c")
        .arg(text)
        .stdin(Stdio::piped())
        .spawn()?;
    let input = child.stdin.take().expect("it is piped");
    Ok((File::from(OwnedFd::from(input)), Reader(child)))
}
