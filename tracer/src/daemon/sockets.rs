//! The daemon's two sockets: control (requests of `tracer rules`, `tracer status` and auditctl)
//! and messages (texts of programs). The kernel vouches for who is at the other end.

use std::{
    fs,
    io::{
        self,
        ErrorKind::{BrokenPipe, ConnectionReset},
        IoSliceMut,
    },
    os::{
        fd::AsRawFd,
        unix::fs::{FileTypeExt, MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
    time::Duration,
};

use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, UnixAddr, recvmsg, setsockopt, sockopt::PassCred,
};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, Interest},
    net::{UnixDatagram, UnixListener, UnixStream},
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{journal::tell, records::Who};
use crate::{rules::file::RuleText, sink::make_directory};

/// Permissions of a directory that is made for a socket: the socket's own say who may use it.
const DIRECTORY: u32 = 0o755;

/// Longest request: the command line of a rule with 64 fields of 4 KiB.
const REQUEST_MAX: u64 = 1 << 20;

/// Longest message: `MAX_AUDIT_MESSAGE_LENGTH` of libaudit.
pub const MESSAGE_MAX: usize = 8970;

/// How long a client may take for its request, or to take the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a client asks for.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub enum Request {
    /// An auditctl command line, without the command itself.
    Auditctl(Vec<String>),
    /// The same, with an answer in our words and not in auditctl's.
    Rules(Vec<String>),
    /// Rules from these files; without any, those of the configuration.
    Load(Vec<PathBuf>),
    /// What these have that is not in force yet, all of it or none.
    Add(Vec<RuleText>),
    /// A message, as on the socket for messages.
    Message(String),
    /// How the daemon is.
    Status,
}

/// What it gets.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Answer {
    /// For standard output.
    pub out: Vec<String>,
    /// For standard error.
    pub err: Vec<String>,
    /// It failed.
    pub failed: bool,
    /// What is in force now, where that has changed or was read again: for a person.
    #[serde(default)]
    pub in_force: Option<String>,
    /// [`Request::Status`]
    pub status: Option<serde_json::Value>,
}

/// A request on its way to the daemon.
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) who: Who,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// A socket's place, taken away with this.
pub(super) struct Bound {
    path: PathBuf,
    /// Device and inode.
    id: (u64, u64),
    /// The directory was made for it.
    is_new: bool,
}

impl Bound {
    /// The socket that was just bound there, with these permissions.
    fn new(path: &Path, mode: u32, is_new: bool) -> io::Result<Self> {
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        let found = fs::symlink_metadata(path)?;
        Ok(Self {
            path: path.to_owned(),
            id: (found.dev(), found.ino()),
            is_new,
        })
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        let found = fs::symlink_metadata(&self.path);
        // What another has put there since stays.
        if found.is_ok_and(|found| (found.dev(), found.ino()) == self.id)
            && let Err(error) = fs::remove_file(&self.path)
        {
            tell(&format!("cannot remove {}: {error}", self.path.display()));
        }
        if let (true, Some(directory)) = (self.is_new, self.path.parent()) {
            // It stays where something else is in it.
            let _ = fs::remove_dir(directory);
        }
    }
}

/// Makes a socket's place: its directory, which is true where that was not there, and no socket of a
/// daemon that was killed.
fn clear(path: &Path) -> io::Result<bool> {
    let directory = path.parent();
    let is_new = directory.map_or(Ok(false), |place| make_directory(place, DIRECTORY))?;
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => {}
        Ok(_) => {
            return Err(io::Error::other(
                "what is there is no socket, and stays: remove it, or set another path",
            ));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(is_new),
        Err(error) => return Err(error),
    }
    // A socket of the other kind answers, too: EPROTOTYPE.
    match std::os::unix::net::UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path)?;
            Ok(is_new)
        }
        _ => Err(io::Error::other(
            "another daemon listens there: end it first, or set another path",
        )),
    }
}

/// Opens the control socket; requests come out of the channel.
pub(super) fn control(path: &Path) -> io::Result<(mpsc::Receiver<Asked>, Bound)> {
    let is_new = clear(path)?;
    let listener = UnixListener::bind(path)?;
    let bound = Bound::new(path, 0o600, is_new)?;
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let sender = sender.clone();
                    tokio::spawn(async move {
                        let served = timeout(4 * PATIENCE, serve(stream, sender)).await;
                        if let Ok(Err(error)) = served {
                            tell(&format!("control socket: {error}"));
                        }
                    });
                }
                Err(error) => {
                    tell(&format!("control socket: {error}"));
                    tokio::time::sleep(PATIENCE).await;
                }
            }
        }
    });
    Ok((receiver, bound))
}

async fn serve(mut stream: UnixStream, sender: mpsc::Sender<Asked>) -> io::Result<()> {
    let peer = stream.peer_cred()?;
    let own = rustix::process::geteuid().as_raw();
    let mut answer = Answer {
        failed: true,
        ..Answer::default()
    };
    // Read in any case: an answer to a request that nobody read would not arrive.
    let mut text = Vec::new();
    let reading = (&mut stream).take(REQUEST_MAX);
    tokio::pin!(reading);
    timeout(PATIENCE, reading.read_to_end(&mut text)).await??;
    if peer.uid() != 0 && peer.uid() != own {
        answer.err.push("only root may ask the daemon".to_owned());
    } else {
        match serde_json::from_slice(&text) {
            Ok(request) => {
                let (reply, replied) = oneshot::channel();
                let pid = peer.pid().map_or(0, |pid| pid as u32);
                let asked = Asked {
                    request,
                    who: Who::of(pid, peer.uid()),
                    answer: reply,
                };
                if sender.send(asked).await.is_ok() {
                    answer = replied.await.unwrap_or(answer);
                }
            }
            Err(error) => answer.err.push(format!("no request: {error}")),
        }
    }
    match stream.write_all(&serde_json::to_vec(&answer)?).await {
        // A client that has gone does not wait for it.
        Err(error) if matches!(error.kind(), BrokenPipe | ConnectionReset) => Ok(()),
        written => written,
    }
}

/// Opens the message socket.
pub(super) fn messages(path: &Path, mode: u32) -> io::Result<(UnixDatagram, Bound)> {
    let is_new = clear(path)?;
    let socket = UnixDatagram::bind(path)?;
    setsockopt(&socket, PassCred, &true)?;
    let bound = Bound::new(path, mode, is_new)?;
    Ok((socket, bound))
}

/// The next message that waits, with its sender; `None` when there is none.
pub(super) fn next_message(socket: &UnixDatagram) -> io::Result<Option<(Vec<u8>, Who)>> {
    let mut buffer = vec![0; MESSAGE_MAX];
    let mut control = nix::cmsg_space!(nix::sys::socket::UnixCredentials);
    let mut receive = || {
        let mut parts = [IoSliceMut::new(&mut buffer)];
        let flags = MsgFlags::MSG_DONTWAIT;
        let message =
            recvmsg::<UnixAddr>(socket.as_raw_fd(), &mut parts, Some(&mut control), flags)?;
        let sender = message.cmsgs()?.find_map(|c| match c {
            ControlMessageOwned::ScmCredentials(creds) => Some(creds),
            _ => None,
        });
        Ok::<_, nix::Error>((message.bytes, sender))
    };
    // Not only when tokio has heard of it: what waits when the daemon is stopped is taken, too. The end
    // of what waits is told to tokio, which then listens again.
    let received = match receive() {
        Err(nix::Error::EAGAIN) => {
            socket.try_io(Interest::READABLE, || receive().map_err(Into::into))
        }
        received => received.map_err(Into::into),
    };
    match received {
        Ok((len, Some(sender))) => {
            buffer.truncate(len);
            let who = Who::of(sender.pid() as u32, sender.uid());
            Ok(Some((buffer, who)))
        }
        Ok((_, None)) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}
