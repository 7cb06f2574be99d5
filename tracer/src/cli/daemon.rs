//! `tracer daemon`: rules in force, records in the audit log.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{
    exit::{Code, Failure},
    live, parse,
};
use crate::daemon::{
    self, StartError,
    config::{Place, VARIABLE},
};

/// `tracer daemon`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer daemon                                  with /etc/tracer/tracer.toml, if it is there
  tracer daemon --config ./tracer.toml           with another configuration
  tracer daemon --seal                           with a seal that `tracer verify` compares
  kill -HUP PID                                  read configuration and rules again
  kill -USR1 PID                                 begin a new segment of the log

It stays in the foreground and ends with SIGTERM or Ctrl-C. docs/daemon.md has every setting.")]
pub(super) struct DaemonArgs {
    /// The configuration file (default /etc/tracer/tracer.toml)
    #[arg(short, long, value_name = "FILE", env = VARIABLE, value_parser = parse::path())]
    config: Option<PathBuf>,
    /// Seal the log, as with `seal = true` there
    #[arg(long)]
    seal: bool,
}

/// Runs `tracer daemon`.
pub(super) fn run(args: &DaemonArgs) -> Result<ExitCode, Failure> {
    live::block_on(async {
        match daemon::run(Place::new(args.config.clone(), args.seal)).await {
            Ok(()) => Ok(ExitCode::SUCCESS),
            Err(StartError::Ebpf(error)) => Err(error.into()),
            Err(error @ (StartError::Config(_) | StartError::Rules(_))) => {
                let error = error.to_string();
                // A mistake with its line has a place of its own.
                if error.contains('\n') {
                    live::complain(&error);
                    return Err(Failure::usage("the daemon was not started"));
                }
                Err(Failure::usage(format!(
                    "the daemon was not started: {error}"
                )))
            }
            Err(error @ StartError::Io { .. }) => Err(Failure::new(Code::Failed, error)),
        }
    })
}
