//! Other names under which this binary is a command of its own: by what it is called as, or as a
//! first argument (`tracer inotifywait ...`).

use std::{
    ffi::{OsStr, OsString},
    io::ErrorKind,
    os::unix::fs::symlink,
    path::Path,
    process::ExitCode,
};

use super::{
    audit, auditctl,
    exit::{Code, Failure},
    inotify_tools,
    live::one_line,
    stdout, strace,
};

/// A command with arguments of its own; its name comes first in them.
type Main = fn(Vec<OsString>) -> ExitCode;

/// Every name.
const NAMES: &[(&str, Main)] = &[
    ("auditctl", auditctl::run),
    ("ausearch", audit::ausearch),
    ("aureport", audit::aureport),
    ("inotifywait", inotify_tools::inotifywait),
    ("inotifywatch", inotify_tools::inotifywatch),
    ("strace", strace::run),
];

/// `tracer help X`, also with a `--help` behind it, is `tracer X --help`, whichever X.
pub(super) fn help(mut args: Vec<OsString>) -> Vec<OsString> {
    if args.get(1).is_some_and(|arg| arg == "help") {
        args.remove(1);
        args.retain(|arg| arg != "--help" && arg != "-h");
        args.push("--help".into());
    }
    args
}

/// The command of [`NAMES`] that these arguments (the program's name first) are for, and its
/// arguments; else the arguments as they were.
pub(super) fn find(mut args: Vec<OsString>) -> Result<(Main, Vec<OsString>), Vec<OsString>> {
    if let Some((_, main)) = args.first().and_then(|arg| called(arg)) {
        return Ok((*main, args));
    }
    let named = |(known, _): &&(&str, Main)| args.get(1).is_some_and(|arg| arg == known);
    match NAMES.iter().find(named) {
        Some((_, main)) => {
            args.remove(0);
            Ok((*main, args))
        }
        None => Err(args),
    }
}

/// The name that a program is called by, if it is one of [`NAMES`].
fn called(program: &OsStr) -> Option<&'static (&'static str, Main)> {
    let name = Path::new(program).file_name()?;
    NAMES.iter().find(|(known, _)| *known == name)
}

/// The other name that a program is called by.
pub(super) fn of(program: &OsStr) -> Option<&'static str> {
    called(program).map(|(name, _)| *name)
}

/// Every other name.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// `tracer install-links DIR`: makes a link for every name.
pub(super) fn install(dir: &Path, force: bool) -> Result<ExitCode, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        let text = format!("cannot find tracer's own program file: {error}: is /proc mounted?");
        Failure::new(Code::Failed, text)
    })?;
    let name = dir.display();
    let why = match std::fs::metadata(dir) {
        Ok(found) if found.is_dir() => None,
        Ok(_) => Some(format!(
            "{name} is no directory: name the directory for the links"
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => Some(format!(
            "there is no directory {name}: make it first: `mkdir -p {name}`"
        )),
        Err(error) => Some(format!("cannot look at {name}: {error}")),
    };
    if let Some(why) = why {
        return Err(Failure::new(Code::Target, why));
    }
    let mut failed = None;
    for (name, _) in NAMES {
        let path = dir.join(name);
        match link(&program, &path, force) {
            Ok(()) => {}
            // Something else has this name; the others may be free.
            Err(failure) if path.symlink_metadata().is_ok() => {
                if let Some(before) = failed.replace(failure) {
                    errln!("tracer: {}", one_line(&before.to_string()));
                }
                continue;
            }
            Err(failure) => return Err(failure),
        }
        let line = format!("{} -> {}", path.display(), program.display());
        stdout::print_lines(&[line])?;
    }
    failed.map_or(Ok(ExitCode::SUCCESS), Err)
}

/// What helps where a directory takes no link.
fn no_room(error: &std::io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::PermissionDenied => {
            "run as root, or choose a directory of your own, such as ~/bin"
        }
        _ => "choose another directory",
    }
}

/// Makes a link, where the right one is not there already.
fn link(program: &Path, path: &Path, force: bool) -> Result<(), Failure> {
    let is_link = path.is_symlink();
    if is_link && path.canonicalize().is_ok_and(|to| to == program) {
        return Ok(());
    }
    if force && is_link {
        std::fs::remove_file(path).map_err(|error| {
            let hint = no_room(&error);
            let text = format!(
                "cannot replace the link {}: {error}: {hint}",
                path.display()
            );
            Failure::new(Code::Target, text)
        })?;
    }
    symlink(program, path).map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::AlreadyExists if is_link => "there is another link: --force replaces links",
            ErrorKind::AlreadyExists => "there is a file that is no link: remove it first",
            _ => no_room(&error),
        };
        let text = format!("cannot make the link {}: {error}: {hint}", path.display());
        Failure::new(Code::Target, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_of_a_command() {
        for (args, wanted) in [
            (
                &["tracer", "help", "trace"][..],
                &["tracer", "trace", "--help"][..],
            ),
            (
                &["tracer", "help", "trace", "--help"],
                &["tracer", "trace", "--help"],
            ),
            (
                &["tracer", "help", "rules", "add", "-h"],
                &["tracer", "rules", "add", "--help"],
            ),
            (&["tracer", "help", "--help"], &["tracer", "--help"]),
            (&["tracer", "help"], &["tracer", "--help"]),
            (&["tracer", "trace", "help"], &["tracer", "trace", "help"]),
        ] {
            let args = args.iter().map(OsString::from).collect();
            assert_eq!(help(args), wanted);
        }
    }

    #[test]
    fn by_name_or_first_argument() {
        for (args, wanted) in [
            (&["/usr/bin/inotifywait", "-m"][..], Some(2)),
            (&["inotifywatch"], Some(1)),
            (&["tracer", "inotifywait", "-m", "x"], Some(3)),
            (&["tracer", "watch", "inotifywait"], None),
            (&["tracer"], None),
            (&[], None),
        ] {
            let args = args.iter().map(OsString::from).collect();
            assert_eq!(find(args).ok().map(|(_, args)| args.len()), wanted);
        }
    }
}
