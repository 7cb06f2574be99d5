//! Other names under which this binary is a command of its own: by what it is called as, or as a
//! first argument (`tracer inotifywait ...`).

use std::{ffi::OsString, os::unix::fs::symlink, path::Path, process::ExitCode};

use super::{
    audit, auditctl,
    exit::{Code, Failure},
    inotify_tools, stdout,
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
];

/// The command that these arguments (the program's name first) are for, and its arguments.
pub(super) fn find(mut args: Vec<OsString>) -> Option<(Main, Vec<OsString>)> {
    let called = |arg: &OsString| {
        let name = Path::new(arg).file_name()?;
        NAMES.iter().find(|(known, _)| *known == name)
    };
    if let Some((_, main)) = args.first().and_then(called) {
        return Some((*main, args));
    }
    let (_, main) = NAMES
        .iter()
        .find(|(known, _)| args.get(1).is_some_and(|arg| arg == known))?;
    args.remove(0);
    Some((*main, args))
}

/// `tracer install-links DIR`: makes a link for every name.
pub(super) fn install(dir: &Path, force: bool) -> Result<ExitCode, Failure> {
    let program = std::env::current_exe()?;
    if !dir.is_dir() {
        let text = format!("{} is no directory: make it first", dir.display());
        return Err(Failure::new(Code::Target, text));
    }
    for (name, _) in NAMES {
        let path = dir.join(name);
        if force && path.is_symlink() {
            std::fs::remove_file(&path)?;
        }
        symlink(&program, &path).map_err(|error| {
            let hint = if path.is_symlink() {
                ": --force replaces links"
            } else {
                ""
            };
            Failure::new(Code::Target, format!("{}: {error}{hint}", path.display()))
        })?;
        let line = format!("{} -> {}", path.display(), program.display());
        stdout::print_lines(&[line])?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(find(args).map(|(_, args)| args.len()), wanted);
        }
    }
}
