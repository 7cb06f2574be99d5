//! `tracer doctor`.

use std::process::ExitCode;

use super::{args::DoctorArgs, exit::Failure};

/// Runs `tracer doctor`.
pub(super) fn run(args: &DoctorArgs) -> Result<ExitCode, Failure> {
    let _ = args.json;
    Ok(ExitCode::SUCCESS)
}
