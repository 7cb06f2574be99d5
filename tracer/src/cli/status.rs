//! `tracer status`: how the daemon is.

use std::process::ExitCode;

use clap::Args;

use super::{
    ask,
    exit::{Code, Failure},
};
use crate::daemon::sockets::Request;

/// `tracer status`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer status
  tracer status --json | jq .lost")]
pub(super) struct StatusArgs {
    #[command(flatten)]
    place: ask::DaemonPlace,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// Runs `tracer status`.
pub(super) fn run(args: &StatusArgs) -> Result<ExitCode, Failure> {
    let answer = args.place.ask(&Request::Status)?;
    let Some(status) = answer.status.as_ref().and_then(|s| s.as_object()) else {
        return ask::print(&answer, Code::Failed);
    };
    if args.json {
        super::stdout::print_lines(&[serde_json::Value::Object(status.clone()).to_string()])?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = Vec::new();
    for (name, value) in status {
        match value {
            serde_json::Value::Object(sums) => {
                let total: u64 = sums.values().filter_map(serde_json::Value::as_u64).sum();
                let parts: Vec<_> = sums.iter().map(|(why, n)| format!("{why} {n}")).collect();
                let parts = if parts.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", parts.join(", "))
                };
                lines.push(format!("{name:<20} {total}{parts}"));
            }
            serde_json::Value::String(text) => lines.push(format!("{name:<20} {text}")),
            other => lines.push(format!("{name:<20} {other}")),
        }
    }
    super::stdout::print_lines(&lines)?;
    Ok(ExitCode::SUCCESS)
}
