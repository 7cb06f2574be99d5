//! Checks of single values as clap wants them: a value, or why it is none.

use std::{
    collections::BTreeSet, fmt::Display, ops::RangeInclusive, path::PathBuf, time::Duration,
};

use clap::builder::{OsStringValueParser, TypedValueParser};
use nix::sys::signal::Signal;

use super::args::FormatArg;
use crate::{
    calls::{CallSet, Op},
    enrich::users,
    event::notice,
    rules::preset::{self, Preset},
    words::{self, instead},
};
pub(super) use crate::{
    rules::pattern::{comm_glob, path_glob},
    source::WATCH_OPS,
};

/// A user by name or number.
pub(super) fn uid(text: &str) -> Result<u32, String> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    match nix::unistd::User::from_name(text) {
        Ok(Some(user)) => Ok(user.uid.as_raw()),
        Ok(None) => Err(format!(
            "there is no such user: {}",
            users::instead(text, users::USERS, "give a name of passwd(5) or a number")
        )),
        Err(error) => Err(format!("cannot look the user up: {error}; give a number")),
    }
}

/// A group by name or number.
pub(super) fn gid(text: &str) -> Result<u32, String> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    match nix::unistd::Group::from_name(text) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        Ok(None) => Err(format!(
            "there is no such group: {}",
            users::instead(text, users::GROUPS, "give a name of group(5) or a number")
        )),
        Err(error) => Err(format!("cannot look the group up: {error}; give a number")),
    }
}

/// A regular expression, as its text.
pub(super) fn regex(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("the expression is empty: it is found in every path".to_owned());
    }
    match regex::bytes::Regex::new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(words::no_regex(&error)),
    }
}

/// A set of system calls.
pub(super) fn call_set(text: &str) -> Result<CallSet, String> {
    CallSet::parse(text).map_err(|error| error.to_string())
}

/// A whole number in a range.
pub(super) fn number<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: std::str::FromStr + PartialOrd + Display + Clone,
{
    move |text| match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!(
            "expected a whole number from {} to {}",
            range.start(),
            range.end()
        )),
    }
}

/// A whole number of something, one at least.
pub(super) fn count(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err("expected a whole number, 1 or more".to_owned()),
    }
}

/// A whole number of something, or none.
pub(super) fn size(text: &str) -> Result<usize, String> {
    text.parse()
        .map_err(|_| "expected a whole number, 0 or more".to_owned())
}

/// A path, which is not empty.
pub(super) fn path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text| {
        if text.is_empty() {
            Err("the path is empty")
        } else {
            Ok(PathBuf::from(text))
        }
    })
}

/// A name of inotify(7).
pub(super) fn event(text: &str) -> Result<u32, String> {
    match notice::parse(text) {
        Some(mask) if mask & (notice::ALL_EVENTS | notice::UNMOUNT) != 0 => Ok(mask),
        _ => {
            let known = notice::known_names();
            Err(expected_of(text, known.iter().map(String::as_str)))
        }
    }
}

/// The formats that have a name.
pub(super) const FORMATS: [(&str, FormatArg); 5] = [
    ("text", FormatArg::Text),
    ("strace", FormatArg::Strace),
    ("json", FormatArg::Json),
    ("audit", FormatArg::Audit),
    ("csv", FormatArg::Csv),
];

/// The value of `--format`.
pub(super) fn format(text: &str) -> Result<FormatArg, String> {
    let known = FORMATS.iter().find(|(name, _)| *name == text);
    match known {
        Some((_, format)) => Ok(format.clone()),
        None if text.contains('%') => Ok(FormatArg::Template(text.to_owned())),
        None => {
            let names = FORMATS.each_ref().map(|(name, _)| *name);
            Err(instead(text, names.into_iter(), || {
                let names = names.join(", ");
                format!("expected one of {names}, or a template with `%` in it")
            }))
        }
    }
}

/// Any operation that a call can be.
pub(super) fn op(text: &str) -> Result<Op, String> {
    let known = Op::ALL.into_iter().filter(|op| *op != Op::Close);
    one_of(known, text)
}

fn one_of(known: impl Iterator<Item = Op> + Clone, text: &str) -> Result<Op, String> {
    let found = known.clone().find(|op| op.as_str() == text);
    found.ok_or_else(|| expected_of(text, known.map(Op::as_str)))
}

/// The nearest of the words that there are, else all of them.
fn expected_of<'a>(text: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    instead(text, known.clone(), || {
        format!("expected one of {}", known.collect::<Vec<_>>().join(", "))
    })
}

/// A preset by name.
pub(super) fn preset(text: &str) -> Result<&'static Preset, String> {
    let known = preset::PRESETS.iter().map(|preset| preset.name);
    preset::named(text).ok_or_else(|| expected_of(text, known))
}

/// One of [`WATCH_OPS`].
pub(super) fn watch_op(text: &str) -> Result<Op, String> {
    one_of(WATCH_OPS.into_iter(), text)
}

/// Process ids in one word, as `$(pidof NAME)` gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pids(Vec<u32>);

/// Process ids with commas or white space between them.
pub(super) fn pids(text: &str) -> Result<Pids, String> {
    let words = text.split([',', ' ', '\t', '\n']);
    let pids = words.filter(|word| !word.is_empty()).map(|word| {
        let pid = word.parse::<u32>().ok().filter(|pid| *pid > 0);
        pid.ok_or_else(|| {
            format!("`{word}` is no process id: expected a number from 1 on, see `ps -e`")
        })
    });
    let pids: Vec<_> = pids.collect::<Result<_, _>>()?;
    if pids.is_empty() {
        return Err("expected a process id".to_owned());
    }
    Ok(Pids(pids))
}

/// All of several lists.
pub(super) fn all_pids(lists: &[Pids]) -> BTreeSet<u32> {
    lists.iter().flat_map(|Pids(pids)| pids).copied().collect()
}

/// A signal by its name, with or without `SIG`, or by its number.
pub(super) fn signal(text: &str) -> Result<Signal, String> {
    let name = text.to_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    let named = format!("SIG{name}").parse().ok();
    let numbered = || Signal::try_from(text.parse::<i32>().ok()?).ok();
    named
        .or_else(numbered)
        .ok_or_else(|| "expected a signal, such as TERM, INT, HUP or 9".to_owned())
}

/// `10s`, `5m`, `1h 30m`, or a number of seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let parsed = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => text
            .parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|duration| Duration::try_from(duration).ok()),
    };
    match parsed {
        Some(duration) if duration.is_zero() => Err("must be more than zero".to_owned()),
        Some(duration) => Ok(duration),
        None => Err("expected a time such as 10s, 1.5, 5m or 1h 30m".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, wanted) in [
            ("10", Some(10_000)),
            ("0.5", Some(500)),
            ("10s", Some(10_000)),
            ("5m", Some(300_000)),
            ("1h 30m", Some(5_400_000)),
            ("0", None),
            ("-1", None),
            ("nan", None),
            ("soon", None),
        ] {
            assert_eq!(duration(text).ok().map(|d| d.as_millis()), wanted, "{text}");
        }
    }

    #[test]
    fn exclusions() {
        let matches =
            |glob: &str, path: &str| path_glob(glob).unwrap().compile_matcher().is_match(path);
        assert!(matches("*.swp", "/a/b/x.swp"));
        assert!(matches("node_modules", "/a/node_modules"));
        assert!(matches("/srv/tmp/", "/srv/tmp"));
        assert!(!matches("/srv/*", "/srv/a/b"));
        assert!(matches("/srv/**", "/srv/a/b"));
        assert!(matches("build/", "/srv/build"));
        assert!(matches("*server", "/usr/bin/server"));
        assert!(matches("{/bin,/sbin}/x*", "/sbin/xy"));
        for (never, instead) in [
            ("bin/x", "`**/bin/x`"),
            ("*bin/x", "`**/*bin/x`"),
            ("./x*", "`**/x*`"),
            ("?bin/x/", "`**/?bin/x`"),
            ("", "empty"),
        ] {
            let why = path_glob(never).unwrap_err();
            assert!(why.contains(instead), "{never}: {why}");
        }
        assert!(path_glob("a/[").unwrap_err().contains("no pattern"));
    }

    #[test]
    fn long_command_names_are_cut_as_the_kernel_cuts_them() {
        assert!(
            comm_glob("a-very-long-command-name")
                .unwrap()
                .is_match("a-very-long-com")
        );
        assert!(comm_glob("ngin*").unwrap().is_match("nginx"));
        assert!(comm_glob("kworker*").unwrap().is_match("kworker/0:1"));
        assert!(comm_glob("").is_err());
    }
}
