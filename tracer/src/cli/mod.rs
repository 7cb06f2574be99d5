//! The command line: arguments as typed, then a validated plan; one file per subcommand.

mod args;
mod ask;
mod audit;
mod auditctl;
mod daemon;
mod decode;
mod diff;
mod doctor;
mod exit;
mod filter;
mod inotify_tools;
mod jobs;
mod live;
mod message;
mod names;
mod outputs;
mod parse;
mod replay;
mod rules;
mod status;
mod stdout;
mod sync;
mod top;
mod trace;
mod view;
mod watch;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

pub use args::Cli;
pub use exit::{Code, Failure};
pub(crate) use live::{account_line, one_line};
pub(crate) use parse::ring_size;

use args::Command;

/// Parses the arguments, runs the subcommand and gives the exit code (`docs/exit-codes.md`).
pub fn main() -> ExitCode {
    if let Some((main, args)) = names::find(std::env::args_os().collect()) {
        return main(args);
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap prints to the right stream by itself. A
            // closed pipe there is of no interest.
            if error.use_stderr() {
                live::complain(&error.render().to_string());
            } else {
                let _ = error.print();
            }
            let code = if error.use_stderr() {
                Code::Usage
            } else {
                Code::Success
            };
            return code.into();
        }
    };
    let result = match cli.command {
        Command::Trace(args) => trace::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Top(args) => top::run(&args),
        Command::Daemon(args) => daemon::run(&args),
        Command::Sync(args) => sync::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Status(args) => status::run(&args),
        Command::Message(args) => message::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Search { args } => {
            audit::text(args).and_then(|args| audit::search::run(&args, "tracer search"))
        }
        Command::Report { args } => {
            audit::text(args).and_then(|args| audit::report::run(&args, "tracer report"))
        }
        Command::InstallLinks { dir, force } => names::install(&dir, force),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "tracer", &mut script);
            stdout::print(script).map(|()| ExitCode::SUCCESS)
        }
    };
    result.unwrap_or_else(|failure| {
        errln!("tracer: {}", live::one_line(&failure.to_string()));
        failure.code().into()
    })
}
