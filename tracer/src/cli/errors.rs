//! What clap says of wrong arguments, in words that fit this program.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::Path,
};

use clap::{
    CommandFactory,
    error::{ContextKind, ContextValue, Error},
};

use super::{Cli, expression, jobs, started};

/// The same error without tips that lead nowhere, and with what to do where that is known.
pub(super) fn in_our_words(mut error: Error, args: &[OsString]) -> Error {
    let context = |error: &Error, kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let own = args.get(1..).unwrap_or_default();
    let tip = if context(&error, ContextKind::InvalidSubcommand).is_some() {
        own.first().and_then(|word| no_command(word, own))
    } else if let Some(option) = context(&error, ContextKind::InvalidArg) {
        let tip = unknown_option(&option, own);
        // "to pass '--x' as a value, use '-- --x'": nobody wants to.
        error.remove(ContextKind::Suggested);
        if tip.is_some() {
            error.remove(ContextKind::SuggestedArg);
        }
        tip
    } else {
        None
    };
    if let Some(tip) = tip {
        let tips = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

/// What to do about an option that there is not.
fn unknown_option(option: &str, own: &[OsString]) -> Option<String> {
    match own.first()?.to_str()? {
        "trace" => {
            let why = expression::not_offered(option)?;
            Some(format!("{option} is not offered: {why}"))
        }
        "watch" => jobs::unquoted(own, OsStr::new(option)),
        first if first.starts_with('-') => {
            let known = |name: &str| has_option(name, option);
            let name = ["trace", "watch"].into_iter().find(|name| known(name))?;
            Some(format!("this is an option of {name}: {}", line(name, own)))
        }
        _ => None,
    }
}

/// Does a command have this option?
fn has_option(command: &str, option: &str) -> bool {
    let cli = Cli::command();
    let command = cli.find_subcommand(command);
    command.is_some_and(|command| {
        command.get_arguments().any(|arg| {
            let mut long = arg.get_long_and_visible_aliases().into_iter().flatten();
            let mut short = arg.get_short_and_visible_aliases().into_iter().flatten();
            match option.strip_prefix("--") {
                Some(name) => long.any(|known| known == name),
                None => short.any(|letter| option.strip_prefix('-') == Some(&*letter.to_string())),
            }
        })
    })
}

/// What to do about a word in the place of a command of tracer.
fn no_command(word: &OsStr, own: &[OsString]) -> Option<String> {
    let is_program = started::executable(word).is_ok_and(|path| started::is_program(&path));
    if is_program {
        Some(format!("to trace a command: {}", line("trace", own)))
    } else if word.as_bytes().contains(&b'/') && Path::new(word).exists() {
        Some(format!("to watch it: {}", line("watch", own)))
    } else {
        None
    }
}

/// The same line with a command of tracer.
fn line(command: &str, own: &[OsString]) -> String {
    let words = own.iter().map(|word| word.to_string_lossy());
    format!("tracer {command} {}", shell_words::join(words))
}
