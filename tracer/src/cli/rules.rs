//! `tracer rules`: the audit rules.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::{
    ask::{self, DaemonPlace},
    complete,
    exit::{Code, Failure},
    live, parse,
    presets::{self, PresetCommand},
};
use crate::{
    daemon::{config::DEFAULT_RULES, sockets::Request},
    rules::{self, file},
    words::{counted, instead},
};

/// `tracer rules`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer rules list                              the rules in force
  tracer rules add -w /etc/passwd -p wa -k id    one more, as auditctl takes it
  tracer rules add '-w /etc/passwd -p wa'        the same, as a line of a rule file
  tracer rules delete -w /etc/passwd -p wa -k id
  tracer rules load                              read the daemon's rule files again
  tracer rules check /etc/audit/rules.d          say every mistake in rule files
  tracer rules check --list my.rules             and how the rules read when they are loaded
  tracer rules preset list                       rules that are there already, by their purpose
  tracer rules preset load identity etc          keep those in force, too

The rule language is that of auditctl(8): docs/rules.md.")]
pub(super) struct RulesArgs {
    #[command(flatten)]
    place: DaemonPlace,
    /// Do not say what is in force now, or how many rules files have
    #[arg(short, long, global = true)]
    quiet: bool,
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
        /// The rule; `-k KEY` deletes those of a key, `--all` every rule
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
        /// Files, or directories of *.rules; without any, those of the daemon's configuration
        #[arg(value_name = "FILE", value_parser = parse::path())]
        files: Vec<PathBuf>,
        /// List the rules as they would be loaded
        #[arg(short, long)]
        list: bool,
    },
    /// Rules that are there already: for files of /etc, identity, logins, modules, deletion, ...
    #[command(after_help = "\
Examples:
  tracer rules preset list
  tracer rules preset show containers            its rules, as this machine can have them
  tracer rules preset load identity etc          until the daemon ends
  tracer rules preset load --file identity etc   with every start of it
  tracer rules preset show privileged > my.rules

What each is for, and how its events an hour were measured: docs/presets.md.")]
    Preset {
        #[command(subcommand)]
        what: PresetCommand,
    },
}

/// Runs `tracer rules`.
pub(super) fn run(args: &RulesArgs) -> Result<ExitCode, Failure> {
    match &args.what {
        What::Check { files, list } if files.is_empty() => {
            check(&[configured(args)?], *list, args.quiet)
        }
        What::Check { files, list } => check(files, *list, args.quiet),
        What::List { key, interpret } => {
            let mut line = vec!["-l".to_owned()];
            line.extend(interpret.then(|| "-i".to_owned()));
            line.extend(key.iter().flat_map(|key| ["-k".to_owned(), key.clone()]));
            change(args, line)
        }
        What::Add { rule } => change(args, words(rule)),
        What::Delete { rule } if rule == &["--all"] => change(args, vec!["-D".to_owned()]),
        What::Delete { rule }
            if let [word] = &rule[..]
                && word.starts_with("--") =>
        {
            let help = instead(word, ["--all"].into_iter(), || "only --all is".to_owned());
            Err(Failure::usage(format!(
                "option {word} is not known: {help}"
            )))
        }
        What::Delete { rule } => change(args, deleting(&words(rule))),
        What::Load { files } => {
            let absolute = files.iter().map(std::path::absolute);
            let files = absolute.collect::<Result<_, _>>()?;
            ask(args, &Request::Load(files))
        }
        What::Preset { what } => preset(args, what),
    }
}

fn preset(args: &RulesArgs, what: &PresetCommand) -> Result<ExitCode, Failure> {
    match what {
        PresetCommand::List { json } => presets::list(*json)?,
        PresetCommand::Show { chosen } => presets::show(chosen)?,
        PresetCommand::Load { chosen, file, .. } if !file => {
            return ask(args, &Request::Add(chosen.texts()?));
        }
        PresetCommand::Load { chosen, force, .. } => {
            presets::write(chosen, &configured(args)?, *force)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the daemon's rules are.
fn configured(args: &RulesArgs) -> Result<PathBuf, Failure> {
    let rules = args.place.settings()?.config.rules;
    Ok(rules.unwrap_or_else(|| DEFAULT_RULES.into()))
}

fn change(args: &RulesArgs, line: Vec<String>) -> Result<ExitCode, Failure> {
    ask(args, &Request::Rules(line))
}

/// Asks the daemon, and says what is in force now.
fn ask(args: &RulesArgs, request: &Request) -> Result<ExitCode, Failure> {
    let answer = args.place.ask(request)?;
    let code = ask::print(&answer, Code::Usage)?;
    if let Some(text) = answer.in_force.filter(|_| !args.quiet) {
        live::complain(&format!("tracer: {text}"));
    }
    Ok(code)
}

/// The words of a rule. An option and its value in one word (`'-w /etc -p wa'`) are a line of a rule
/// file: auditctl would take the space for a part of the value.
fn words(rule: &[String]) -> Vec<String> {
    let is_line = |word: &str| {
        let option = word.strip_prefix('-').and_then(|rest| rest.split_once(' '));
        option.is_some_and(|(letter, _)| letter.chars().count() == 1)
    };
    let split = |word: &String| {
        if is_line(word) {
            rules::parse::words(word)
        } else {
            vec![word.clone()]
        }
    };
    rule.iter().flat_map(split).collect()
}

/// A rule as it was added, with the options that delete it.
fn deleting(rule: &[String]) -> Vec<String> {
    let option = |word: &String| match word.as_str() {
        "-a" | "-A" => "-d".to_owned(),
        "-w" => "-W".to_owned(),
        other => other.to_owned(),
    };
    let of_key = rule.first().is_some_and(|word| word.starts_with("-k"));
    let all_of = of_key.then(|| "-D".to_owned());
    all_of.into_iter().chain(rule.iter().map(option)).collect()
}

fn check(paths: &[PathBuf], list: bool, quiet: bool) -> Result<ExitCode, Failure> {
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
            let (verdict, code) = if loaded.files == 0 {
                ("no name ends with .rules there", ExitCode::SUCCESS)
            } else if loaded.failed {
                (
                    "the lines above are not among them, the others can be loaded",
                    Code::Failed.into(),
                )
            } else {
                ("no mistakes", ExitCode::SUCCESS)
            };
            if !quiet {
                live::complain(&format!("{rules} in {files}: {verdict}"));
            }
            Ok(code)
        }
        Err(error @ (file::LoadError::Read { .. } | file::LoadError::NoRules(_))) => {
            Err(Failure::new(Code::Target, error))
        }
        Err(file::LoadError::Lines(errors)) => {
            for error in &errors {
                live::complain(&error.to_string());
            }
            let lacking = errors.iter().filter(|error| error.lacking).count() as u64;
            let mut what = counted(errors.len() as u64 - lacking, "mistake");
            if lacking > 0 {
                let things = counted(lacking, "thing");
                what = format!("{what}, and {things} that this machine does not have");
            }
            Err(Failure::new(
                Code::Usage,
                format!("{what}: nothing would be loaded"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_as_one_word_is_a_line() {
        for (given, wanted) in [
            (&["-w /etc -p wa"][..], &["-w", "/etc", "-p", "wa"][..]),
            (&["-w /a\\ b", "-p wa"], &["-w", "/a b", "-p", "wa"]),
            (
                &["-w", "/a b", "-k", "my key"],
                &["-w", "/a b", "-k", "my key"],
            ),
            (&["-Fkey=a b", "--x y"], &["-Fkey=a b", "--x y"]),
        ] {
            let given: Vec<String> = given.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(words(&given), wanted);
        }
    }
}
