//! `tracer rules`: the audit rules.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};

use super::{
    exit::{Code, Failure},
    live,
};
use crate::rules::{RuleSet, file};

/// `tracer rules`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer rules check /etc/audit/rules.d          say every mistake in rule files
  tracer rules check --list my.rules             and how the rules read when they are loaded

The rule language is that of auditctl(8): docs/rules.md.")]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check rule files, or directories of them, without loading them
    Check {
        /// Files, or directories of *.rules
        #[arg(required = true, value_name = "FILE")]
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
    }
}

fn check(paths: &[PathBuf], list: bool) -> Result<ExitCode, Failure> {
    let mut files = Vec::new();
    for path in paths {
        files.extend(file::files(path).map_err(|error| {
            Failure::new(
                Code::Target,
                format!("cannot read {}: {error}", path.display()),
            )
        })?);
    }
    match file::load(&files, RuleSet::default()) {
        Ok(loaded) => {
            for note in &loaded.notes {
                say(&note.to_string());
            }
            if list {
                super::print_lines(&loaded.set.listing(None, false))?;
            }
            let (rules, files) = (loaded.set.rules().len(), files.len());
            say(&format!("{rules} rules in {files} files: no mistakes"));
            Ok(if loaded.failed {
                Code::Failed.into()
            } else {
                ExitCode::SUCCESS
            })
        }
        Err(error @ file::LoadError::Read { .. }) => Err(Failure::new(Code::Target, error)),
        Err(file::LoadError::Lines(errors)) => {
            for error in &errors {
                say(&error.to_string());
            }
            Err(Failure::new(
                Code::Usage,
                format!("{} mistakes: nothing would be loaded", errors.len()),
            ))
        }
    }
}

/// Says something that may have several lines.
fn say(text: &str) {
    for line in text.lines() {
        eprintln!("{}", live::one_line(line));
    }
}
