//! The commands of inotify-tools under their own names: `inotifywait` and `inotifywatch`, with the
//! options, output, messages and exit statuses that scripts know. What they share is here: the
//! files to watch, the patterns, and the watch itself.

mod posix;
mod wait;
mod watch;

use std::{
    ffi::{OsStr, OsString},
    fs, io,
    io::Read,
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, CommandFactory, error::ErrorKind};
use clap_complete::engine::ArgValueCompleter;
use rustix::fs::Access;

use self::posix::Posix;
use super::{complete, live::one_line};
use crate::{
    event::notice,
    format::Shown,
    source::{
        Enters, WatchPlan,
        inotify::{Inotify, TooManyWatches},
    },
};

pub(super) use wait::main as inotifywait;
pub(super) use watch::main as inotifywatch;

/// The command line of `inotifywait`.
pub(super) fn wait_command() -> clap::Command {
    wait::WaitArgs::command()
}

/// The command line of `inotifywatch`.
pub(super) fn watch_command() -> clap::Command {
    watch::WatchArgs::command()
}

/// The exit status of a failure.
const FAILURE: u8 = 1;

/// Why `-S` is refused.
const WHOLE_FILE_SYSTEM: &str = "-S (--filesystem) is not offered here: for all of a file system use \
    `tracer watch --backend fanotify MOUNTPOINT` as root, or -r for a tree.";

/// Help of `--event`.
const EVENTS_HELP: &str = "Only these events: access, modify, attrib, close_write, close_nowrite, \
    close, open, moved_to, moved_from, move, move_self, create, delete, delete_self, unmount";

/// Options of both commands.
#[derive(Args, Debug)]
struct Common {
    /// Files and directories to watch; `@NAME` leaves a directory out
    #[arg(value_name = "FILE")]
    files: Vec<OsString>,
    /// Read further names from this file, `-` for standard input
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    fromfile: Vec<OsString>,
    /// Leave out names that match this POSIX extended regular expression (the last one counts)
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    exclude: Vec<OsString>,
    /// The same, whatever the case
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    excludei: Vec<OsString>,
    /// By inotify, which is the only way here
    #[arg(short = 'I', long, action = clap::ArgAction::Count, hide = true)]
    inotify: u8,
    /// By fanotify, which tells the same: taken, and by inotify here
    #[arg(short = 'F', long, action = clap::ArgAction::Count, hide = true)]
    fanotify: u8,
    /// The whole file system, which inotify cannot watch
    #[arg(short = 'S', long, action = clap::ArgAction::Count, hide = true)]
    filesystem: u8,
    /// Only names that match
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    include: Vec<OsString>,
    /// The same, whatever the case
    #[arg(long, value_name = "PATTERN", allow_hyphen_values = true)]
    includei: Vec<OsString>,
    /// Whole trees
    #[arg(short, long, action = clap::ArgAction::Count)]
    recursive: u8,
    /// Watch symbolic links themselves
    #[arg(short = 'P', long, action = clap::ArgAction::Count)]
    no_dereference: u8,
    /// Only these events (repeatable)
    #[arg(short, long, value_name = "EVENT", allow_hyphen_values = true)]
    #[arg(help = EVENTS_HELP, add = ArgValueCompleter::new(complete::events))]
    event: Vec<String>,
    /// Seconds
    #[arg(short, long, value_name = "SECONDS", allow_hyphen_values = true)]
    timeout: Option<String>,
    /// This help
    #[arg(short, long)]
    help: bool,
}

/// Parses the arguments, or says what is wrong as getopt(3) does.
fn parse<T: clap::Parser>(tool: &str, args: Vec<OsString>) -> Result<T, ExitCode> {
    T::try_parse_from(args).map_err(|error| {
        use clap::error::{ContextKind, ContextValue};
        let about = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(text)) => text.clone(),
            _ => String::new(),
        };
        let short = about
            .strip_prefix('-')
            .filter(|rest| !rest.starts_with('-'));
        let text = match (error.kind(), short) {
            (ErrorKind::UnknownArgument, Some(letter)) => format!("invalid option -- '{letter}'"),
            (ErrorKind::UnknownArgument, None) => unknown(&T::command(), &about),
            (ErrorKind::InvalidValue, _) => {
                let option = about.split(' ').next().unwrap_or_default();
                format!("option '{option}' requires an argument")
            }
            (ErrorKind::TooManyValues, _) => {
                let option = about.split(['.', ' ']).next().unwrap_or_default();
                format!("option '{option}' doesn't allow an argument")
            }
            _ => {
                let text = error.to_string();
                let line = text.lines().next().unwrap_or_default();
                line.strip_prefix("error: ").unwrap_or(line).to_owned()
            }
        };
        errln!("{tool}: {}", one_line(&text));
        FAILURE.into()
    })
}

/// What is wrong with the name of a long option: nothing begins like it, or too much.
fn unknown(command: &clap::Command, about: &str) -> String {
    let options = command.get_arguments().filter_map(clap::Arg::get_long);
    let meant: Vec<_> = options
        .map(|long| format!("--{long}"))
        .filter(|long| long.starts_with(about))
        .collect();
    if meant.is_empty() {
        format!("unrecognized option '{about}'")
    } else {
        let meant = meant.join("' '");
        format!("option '{about}' is ambiguous; possibilities: '{meant}'")
    }
}

/// Help for a command that has been built with these arguments.
fn print_help<T: clap::Parser>() -> ExitCode {
    // As the real ones: help is no success. A closed pipe is of no interest.
    let _ = T::command().print_help();
    FAILURE.into()
}

/// What is to be left out, on names as they are shown.
#[derive(Clone)]
enum Names {
    All,
    Not(Arc<Posix>),
    Only(Arc<Posix>),
}

impl Names {
    fn has(&self, shown: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Not(pattern) => !pattern.is_match(shown),
            Self::Only(pattern) => pattern.is_match(shown),
        }
    }
}

/// What both commands are asked to watch.
struct Task {
    plan: WatchPlan,
    shown: Shown,
    names: Names,
    /// What was asked for (`IN_...` bits).
    asked: u32,
    /// `None`: for ever.
    timeout: Option<u64>,
    roots: Vec<Root>,
    /// Symbolic links to watch stand for what they lead to.
    follow_links: bool,
}

/// A file or directory to watch.
struct Root {
    given: OsString,
    path: PathBuf,
}

/// A message and the end.
#[derive(Debug)]
struct Refusal(String);

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Common {
    /// Checks everything that can be checked before a file is touched.
    fn check(&self) -> Result<(u32, Names, Option<u64>), Refusal> {
        if self.filesystem > 0 {
            return Err(WHOLE_FILE_SYSTEM.to_owned().into());
        }
        if self.fromfile.len() > 1 {
            return Err("Multiple --fromfile options given.".to_owned().into());
        }
        let timeout = self.timeout.as_deref().map(timeout).transpose()?.flatten();
        let mut asked = 0;
        for event in &self.event {
            asked |= notice::parse(event).ok_or_else(|| {
                Refusal(format!(
                    "'{event}' is not a valid event!  Run with the '--help' option to see a list \
                     of events."
                ))
            })?;
        }
        if asked == 0 {
            asked = notice::ALL_EVENTS;
        }
        Ok((asked, self.names()?, timeout))
    }

    fn names(&self) -> Result<Names, Refusal> {
        let given = [&self.exclude, &self.excludei, &self.include, &self.includei];
        let [exclude, excludei, include, includei] = given.map(|list| list.last());
        if exclude.is_some() && excludei.is_some() {
            let text = "--exclude and --excludei cannot both be specified.";
            return Err(text.to_owned().into());
        }
        if include.is_some() && includei.is_some() {
            let text = "--include and --includei cannot both be specified.";
            return Err(text.to_owned().into());
        }
        let (out, only) = (exclude.or(excludei), include.or(includei));
        let compile = |pattern: &OsString, ignore_case, what: &str| {
            Posix::new(pattern, ignore_case)
                .map(Arc::new)
                .ok_or_else(|| Refusal(format!("Error in `{what}' regular expression.")))
        };
        match (out, only) {
            (Some(_), Some(_)) => Err("include and exclude regexp cannot both be specified."
                .to_owned()
                .into()),
            (Some(pattern), None) => {
                Ok(Names::Not(compile(pattern, excludei.is_some(), "exclude")?))
            }
            (None, Some(pattern)) => Ok(Names::Only(compile(
                pattern,
                includei.is_some(),
                "include",
            )?)),
            (None, None) => Ok(Names::All),
        }
    }

    /// The names to watch and those to leave out, as given.
    fn lists(&self) -> Result<(Vec<OsString>, Vec<OsString>), Refusal> {
        let mut all = Vec::new();
        if let Some(from) = self.fromfile.first() {
            match read_list(from) {
                Ok(text) => all.extend(
                    text.split(|b| *b == b'\n')
                        .map(|line| OsString::from_vec(line.to_vec())),
                ),
                // What is given beside it is watched all the same.
                Err(Refusal(why)) => errln!("{}", one_line(&why)),
            }
        }
        all.extend(self.files.iter().cloned());
        let mut watch = Vec::new();
        let mut leave = Vec::new();
        for name in all {
            match name.as_bytes() {
                [] | [b'@'] => (),
                [b'@', rest @ ..] => leave.push(OsStr::from_bytes(rest).to_owned()),
                _ => watch.push(name),
            }
        }
        if watch.is_empty() {
            return Err("No files specified to watch!".to_owned().into());
        }
        Ok((watch, leave))
    }

    /// Everything that is to be watched, as far as it can be told without watching it.
    fn task(&self) -> Result<Task, Refusal> {
        let (asked, names, timeout) = self.check()?;
        let (watch, leave) = self.lists()?;
        let (recursive, follow_links) = (self.recursive > 0, self.no_dereference == 0);
        let roots: Vec<_> = watch
            .into_iter()
            .map(|given| Root {
                path: absolute(Path::new(&given), follow_links),
                given,
            })
            .collect();
        let shown = Shown::new(roots.iter().map(|root| {
            let bytes = |text: &OsStr| text.as_bytes().to_vec();
            (bytes(root.path.as_os_str()), bytes(&root.given))
        }));
        let left: Vec<_> = leave
            .iter()
            .map(|path| absolute(Path::new(path), false))
            .collect();
        let leaves_out = matches!(names, Names::Not(_)) || !left.is_empty();
        let enters = {
            let (shown, names, roots) = (shown.clone(), names.clone(), roots_of(&roots));
            move |path: &[u8]| {
                let path_os = Path::new(OsStr::from_bytes(path));
                if roots.iter().any(|root| root == path_os) {
                    return true;
                }
                let mut text = Vec::new();
                shown.write(&mut text, path);
                text.push(b'/');
                let all_left =
                    matches!(&names, Names::Not(pattern) if pattern.matches_all_below(&text));
                !all_left && !left.iter().any(|left| left == path_os)
            }
        };
        let plan = WatchPlan {
            roots: roots_of(&roots),
            recursive,
            events: Some(asked),
            enters: Enters(leaves_out.then(|| Arc::new(enters) as _)),
            ..WatchPlan::default()
        };
        Ok(Task {
            plan,
            shown,
            names,
            asked,
            timeout,
            roots,
            follow_links,
        })
    }
}

fn roots_of(roots: &[Root]) -> Vec<PathBuf> {
    roots.iter().map(|root| root.path.clone()).collect()
}

fn read_list(from: &OsStr) -> Result<Vec<u8>, Refusal> {
    let mut text = Vec::new();
    let read = if from == "-" {
        io::stdin().lock().read_to_end(&mut text)
    } else {
        fs::File::open(from).and_then(|mut file| file.read_to_end(&mut text))
    };
    read.map_err(|error| {
        Refusal(format!(
            "Couldn't open {}: {}",
            Path::new(from).display(),
            plain(&error)
        ))
    })?;
    Ok(text)
}

/// The number of seconds, `None` for 0: for ever.
fn timeout(text: &str) -> Result<Option<u64>, Refusal> {
    let text_is_empty = text.is_empty();
    match text.trim_start().parse::<i64>() {
        Ok(0) => Ok(None),
        // The real one makes an unsigned number of it: a hundred years.
        Ok(seconds) => Ok(Some(u64::from(seconds as u32))),
        Err(_) if text_is_empty => Err("The provided value is not a valid timeout value.\n\
                                        Please specify a long int value."
            .to_owned()
            .into()),
        Err(_) => Err(format!(
            "'{text}' is not a valid timeout value.\nPlease specify a long int value."
        )
        .into()),
    }
}

/// An absolute path without symbolic links, the last name apart when links are not followed; as
/// it is when there is nothing.
fn absolute(path: &Path, follow_links: bool) -> PathBuf {
    let whole = || path.canonicalize();
    let parent = || {
        let name = path.file_name()?;
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        Some(parent.canonicalize().ok()?.join(name))
    };
    let is_link =
        !follow_links && path.is_symlink() && !path.as_os_str().as_bytes().ends_with(b"/");
    let found = if is_link { parent() } else { whole().ok() };
    found.unwrap_or_else(|| path.to_owned())
}

/// The text of strerror(3).
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

impl Task {
    /// Sets up the watch. `verb` is how the command says that something cannot be watched.
    fn open(&self, follow: bool, verb: &str) -> Result<Inotify, Refusal> {
        for root in &self.roots {
            // A link that is to be followed is left only where it leads nowhere.
            let found = if self.follow_links {
                fs::metadata(&root.path)
            } else {
                fs::symlink_metadata(&root.path)
            };
            let readable = found.and_then(|found| {
                if found.is_symlink() {
                    return Ok(());
                }
                rustix::fs::access(&root.path, Access::READ_OK).map_err(io::Error::from)
            });
            readable.map_err(|error| {
                let given = Path::new(&root.given).display();
                Refusal(format!("{verb} {given}: {}", plain(&error)))
            })?;
        }
        Inotify::open_raw(&self.plan, follow).map_err(|error| {
            let given = Path::new(&self.roots[0].given).display();
            match error.downcast_ref::<TooManyWatches>() {
                Some(_) => Refusal(format!(
                    "Failed to watch {given}; upper limit on inotify watches reached!\n\
                     Please increase the amount of inotify watches allowed per user via \
                     `/proc/sys/fs/inotify/max_user_watches'.\n{error}"
                )),
                None => Refusal(format!("{verb} {given}: {error:#}")),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_as_inotifywait_takes_them() {
        for (text, wanted) in [
            ("0", Some(None)),
            ("5", Some(Some(5))),
            (" 7", Some(Some(7))),
            ("-1", Some(Some(u64::from(u32::MAX)))),
            ("2.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(timeout(text).ok(), wanted, "{text:?}");
        }
    }
}
