//! `tracer rules`: the audit rules.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::{
    ask::{self, DaemonPlace},
    complete,
    exit::{Code, Failure},
    live, parse,
};
use crate::{daemon::sockets::Request, rules::file, words::counted};

/// `tracer rules`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer rules list                              the rules in force
  tracer rules add -w /etc/passwd -p wa -k id    one more, as auditctl takes it
  tracer rules delete -w /etc/passwd -p wa -k id
  tracer rules load                              read the daemon's rule files again
  tracer rules check /etc/audit/rules.d          say every mistake in rule files
  tracer rules check --list my.rules             and how the rules read when they are loaded

The rule language is that of auditctl(8): docs/rules.md.")]
pub(super) struct RulesArgs {
    #[command(flatten)]
    place: DaemonPlace,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the rules in force
    List {
        /// Only those of this key
        #[arg(short, long, add = ArgValueCompleter::new(complete::keys))]
        key: Option<String>,
        /// Names instead of numbers
        #[arg(short, long)]
        interpret: bool,
    },
    /// Add a rule, as auditctl takes it: -a always,exit ..., or -w PATH -p wa -k KEY
    Add {
        /// The rule
        #[arg(required = true, value_name = "RULE", num_args = 1.., trailing_var_arg = true, allow_hyphen_values = true)]
        rule: Vec<String>,
    },
    /// Delete a rule, given as it was added
    Delete {
        /// The rule; `--all` deletes every rule
        #[arg(required = true, value_name = "RULE", num_args = 1.., trailing_var_arg = true, allow_hyphen_values = true)]
        rule: Vec<String>,
    },
    /// Replace the rules in force by those of files; all of them or, if anything is wrong, none
    Load {
        /// Files, or directories of *.rules; without any, those of the daemon's configuration
        #[arg(value_name = "FILE", value_parser = parse::path())]
        files: Vec<PathBuf>,
    },
    /// Check rule files, or directories of them, without loading them
    Check {
        /// Files, or directories of *.rules
        #[arg(required = true, value_name = "FILE", value_parser = parse::path())]
        files: Vec<PathBuf>,
        /// List the rules as they would be loaded
        #[arg(short, long)]
        list: bool,
    },
}

/// Runs `tracer rules`.
pub(super) fn run(args: &RulesArgs) -> Result<ExitCode, Failure> {
    match &args.what {
        What::Check { files, list } => check(files, *list),
        What::List { key, interpret } => {
            let mut line = vec!["-l".to_owned()];
            line.extend(interpret.then(|| "-i".to_owned()));
            line.extend(key.iter().flat_map(|key| ["-k".to_owned(), key.clone()]));
            change(args, line)
        }
        What::Add { rule } => change(args, rule.clone()),
        What::Delete { rule } if rule == &["--all"] => change(args, vec!["-D".to_owned()]),
        What::Delete { rule } => change(args, deleting(rule)),
        What::Load { files } => {
            let absolute = files.iter().map(std::path::absolute);
            let files = absolute.collect::<Result<_, _>>()?;
            let answer = args.place.ask(&Request::Load(files))?;
            ask::print(&answer, Code::Usage)
        }
    }
}

fn change(args: &RulesArgs, line: Vec<String>) -> Result<ExitCode, Failure> {
    let answer = args.place.ask(&Request::Rules(line))?;
    ask::print(&answer, Code::Usage)
}

/// A rule as it was added, with the options that delete it.
fn deleting(rule: &[String]) -> Vec<String> {
    let option = |word: &String| match word.as_str() {
        "-a" | "-A" => "-d".to_owned(),
        "-w" => "-W".to_owned(),
        other => other.to_owned(),
    };
    rule.iter().map(option).collect()
}

fn check(paths: &[PathBuf], list: bool) -> Result<ExitCode, Failure> {
    match file::check_all(paths) {
        Ok(loaded) => {
            for note in &loaded.notes {
                live::complain(&note.to_string());
            }
            if list {
                super::stdout::print_lines(&loaded.set.listing(None, false))?;
            }
            let rules = counted(loaded.set.rules().len() as u64, "rule");
            let files = counted(loaded.files as u64, "file");
            let (verdict, code) = if loaded.failed {
                (
                    "the lines above are not among them, the others can be loaded",
                    Code::Failed.into(),
                )
            } else {
                ("no mistakes", ExitCode::SUCCESS)
            };
            live::complain(&format!("{rules} in {files}: {verdict}"));
            Ok(code)
        }
        Err(error @ (file::LoadError::Read { .. } | file::LoadError::NoRules(_))) => {
            Err(Failure::new(Code::Target, error))
        }
        Err(file::LoadError::Lines(errors)) => {
            for error in &errors {
                live::complain(&error.to_string());
            }
            Err(Failure::new(
                Code::Usage,
                format!(
                    "{}: nothing would be loaded",
                    counted(errors.len() as u64, "mistake")
                ),
            ))
        }
    }
}
