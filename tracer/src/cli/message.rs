//! `tracer message`: a text into the audit log.

use std::process::ExitCode;

use clap::Args;

use super::{ask, exit::Failure};
use crate::daemon::client;

/// `tracer message`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer message 'backup begins'                    a USER record
  tracer message type=USER_CMD 'cmd=...'            another type for user space (1100 to 1199, 2100 to 2999)

A program can send the same as one datagram to the message socket: docs/daemon.md.")]
pub(super) struct MessageArgs {
    #[command(flatten)]
    place: ask::DaemonPlace,
    /// The text; several words are joined
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
}

/// Runs `tracer message`.
pub(super) fn run(args: &MessageArgs) -> Result<ExitCode, Failure> {
    let config = args.place.settings()?.config;
    let socket = config.message_socket;
    let text = args.text.join(" ");
    client::message(&config.control_socket, &socket, &text).map_err(|error| {
        match error.raw_os_error() {
            Some(_) => ask::unreachable(&socket, &error),
            None => Failure::usage(error),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}
