//! The `tracer` binary: parse, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    tracer::cli::main()
}
