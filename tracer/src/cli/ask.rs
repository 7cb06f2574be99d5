//! What the commands share that ask the daemon: `rules`, `status`, `message`, auditctl.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{
    exit::{Code, Failure},
    live, parse,
};
use crate::daemon::{
    client,
    config::{Settings, VARIABLE},
    sockets::{Answer, Request},
};

/// Where the daemon is: the configuration says it.
#[derive(Debug, clap::Args)]
pub(super) struct DaemonPlace {
    /// The daemon's configuration file (default /etc/tracer/tracer.toml)
    #[arg(short, long, global = true, value_name = "FILE", env = VARIABLE, value_parser = parse::path())]
    pub(super) config: Option<PathBuf>,
}

impl DaemonPlace {
    /// The settings of the daemon.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        Settings::read(self.config.as_deref()).map_err(Failure::usage)
    }

    /// Asks the daemon.
    pub(super) fn ask(&self, request: &Request) -> Result<Answer, Failure> {
        let socket = self.settings()?.config.control_socket;
        client::ask(&socket, request).map_err(|error| unreachable(&socket, &error))
    }
}

/// The daemon cannot be asked: why, and what to do.
pub(super) fn unreachable(socket: &Path, error: &std::io::Error) -> Failure {
    let (code, what_to_do) = match error.kind() {
        ErrorKind::PermissionDenied => (Code::Privilege, "only root may ask it"),
        ErrorKind::NotFound | ErrorKind::ConnectionRefused => {
            (Code::Target, "start it: `tracer daemon`")
        }
        ErrorKind::WouldBlock => {
            let what = "it has not answered in time: see its messages, or ask again";
            return Failure::new(
                Code::Failed,
                format!("the daemon at {}: {what}", socket.display()),
            );
        }
        _ => (Code::Failed, "see its messages"),
    };
    let socket = socket.display();
    Failure::new(
        code,
        format!("cannot reach the daemon at {socket}: {error}: {what_to_do}"),
    )
}

/// Prints an answer.
pub(super) fn print(answer: &Answer, failed: impl Into<ExitCode>) -> Result<ExitCode, Failure> {
    super::stdout::print_lines(&answer.out)?;
    answer.err.iter().for_each(|text| live::complain(text));
    Ok(if answer.failed {
        failed.into()
    } else {
        ExitCode::SUCCESS
    })
}
