//! The other end of the daemon's sockets.

use std::{
    io::{self, Read, Write},
    net::Shutdown,
    os::unix::net::{UnixDatagram, UnixStream},
    path::Path,
    time::Duration,
};

use super::sockets::{Answer, MESSAGE_MAX, Request};

/// How long the daemon may take: it may be writing to a slow disk.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks the daemon behind a control socket.
pub fn ask(socket: &Path, request: &Request) -> io::Result<Answer> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(&serde_json::to_vec(request)?)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    serde_json::from_slice(&answer).map_err(io::Error::other)
}

/// Sends a message: by the control socket, whose answer says that it is written, or for those who
/// may not use that by the socket for messages.
pub fn message(control: &Path, socket: &Path, text: &str) -> io::Result<()> {
    if text.is_empty() || text.len() > MESSAGE_MAX {
        return Err(io::Error::other(format!(
            "a message has 1 to {MESSAGE_MAX} bytes"
        )));
    }
    match ask(control, &Request::Message(text.to_owned())) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
        asked => return asked.map(drop),
    }
    let own = UnixDatagram::unbound()?;
    own.send_to(text.as_bytes(), socket).map(drop)
}
