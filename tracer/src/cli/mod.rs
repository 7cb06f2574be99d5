//! The command line: arguments as typed, then a validated plan; one file per subcommand.

/// Like `errln!`, without the end of the line.
macro_rules! err {
    ($($text:tt)*) => {{
        $crate::sink::terminal::say(format_args!($($text)*));
    }};
}

mod args;
mod ask;
mod audit;
mod auditctl;
mod backend;
mod changes;
mod complete;
mod daemon;
mod decode;
mod diff;
mod doctor;
mod effect;
mod errors;
mod exit;
mod expression;
mod filter;
mod inotify_tools;
mod install;
mod jobs;
mod live;
mod man;
mod message;
mod names;
mod outputs;
mod parse;
mod presets;
mod progress;
mod quiet;
mod replay;
mod rules;
mod started;
mod status;
mod stdout;
mod strace;
mod sync;
mod together;
mod top;
mod trace;
mod view;
mod watch;

use std::process::ExitCode;

use clap::Parser;

pub use args::Cli;
pub use exit::{Code, Failure};

use args::Command;

/// Parses the arguments, runs the subcommand and gives the exit code (`docs/exit-codes.md`).
pub fn main() -> ExitCode {
    complete::answer();
    let args = names::help(std::env::args_os().collect());
    let args = match names::find(args) {
        Ok((main, args)) => return main(args),
        Err(args) => args,
    };
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors.
            if !error.use_stderr() {
                return done(stdout::print(error.render().to_string()).map(|()| ExitCode::SUCCESS));
            }
            live::complain(&errors::in_our_words(error, &args).render().to_string());
            return Code::Usage.into();
        }
    };
    let result = match cli.command {
        Command::Trace(args) => trace::run(*args),
        Command::Watch(args) => watch::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Replay(args) => replay::run(*args),
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
        Command::Verify(args) => audit::verify::run(&args),
        Command::Install(args) => install::install(&args),
        Command::Uninstall(args) => install::uninstall(&args),
        Command::InstallLinks { dir, force } => names::install(&dir, force),
        Command::Completions { shell, name } => {
            let script = complete::script(shell, &name).and_then(stdout::print);
            script.map(|()| ExitCode::SUCCESS)
        }
        Command::Man(args) => man::run(&args),
    };
    done(result)
}

/// The exit code of a command; what it failed of is told.
fn done(result: Result<ExitCode, Failure>) -> ExitCode {
    result.unwrap_or_else(|failure| {
        errln!("tracer: {}", live::one_line(&failure.to_string()));
        live::complain(failure.place());
        failure.code().into()
    })
}
