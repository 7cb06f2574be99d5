//! `cargo xtask`: parse, dispatch, exit code.

use std::process::ExitCode;

use clap::Parser as _;

mod args;
mod bench;
mod bpf_toolchain;
mod build;
mod check;
mod codegen;
mod deny;
mod dist;
mod fresh;
mod fuzz;
mod house;
mod machine;
mod man;
mod pages;
mod readers;
mod setup;
mod shell;
mod test;
mod vm;
mod wheel;
mod workload;

use args::{Cli, Command};

fn main() -> ExitCode {
    // SAFETY: this is the first thing that the only thread does.
    unsafe { shell::leave_cargo() };
    let result = match Cli::parse().command {
        Command::Setup(args) => setup::command(&args),
        Command::Build(args) => build::command(&args),
        Command::Run(args) => build::run(&args),
        Command::Test(args) => test::command(&args),
        Command::Readers => readers::command(),
        Command::Fuzz(args) => fuzz::command(&args),
        Command::Man => man::command(),
        Command::Dist(args) => dist::command(&args),
        Command::Wheel(args) => wheel::command(&args),
        Command::Pages => pages::command(),
        Command::Check(args) => check::command(&args),
        Command::Deny => deny::command(),
        Command::Codegen => codegen::command(),
        Command::Bench(args) => bench::command(&args),
        Command::Vm(args) => vm::command(&args),
        Command::Fresh(args) => fresh::command(&args),
        Command::Workload(args) => workload::command(&args.workload),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("error: {err:#}");
            ExitCode::FAILURE
        }
    }
}
