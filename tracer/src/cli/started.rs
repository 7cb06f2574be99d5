//! The command that `tracer trace` starts: strace's options about it, and how it comes to be.

use std::{
    ffi::{CString, OsStr, OsString, c_char},
    fs, io,
    os::unix::{ffi::OsStrExt, fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;
use nix::unistd::{Uid, User};
use rustix::fs::Access;

use super::exit::{Code, Failure};
use crate::{
    sink::{Interruptible, Stop},
    source::ebpf::Ebpf,
};

/// Options about the command.
#[derive(Args, Debug)]
#[command(next_help_heading = "The command")]
pub(super) struct StartArgs {
    /// Set this variable in the environment of the command, or take it out (repeatable)
    #[arg(short = 'E', long, value_name = "VAR[=VALUE]")]
    env: Vec<OsString>,
    /// What the command is told as its own name
    #[arg(long, value_name = "NAME")]
    argv0: Option<OsString>,
    /// Run the command as this user
    #[arg(long, value_name = "USER", value_parser = user)]
    user: Option<User>,
    /// What SIGINT, SIGTERM, SIGHUP and SIGQUIT do: end tracer (1, anywhere), and the command, too (2,
    /// waiting); nothing (3, never: so with a command and --output); SIGTSTP neither (4,
    /// `never_tstp`)
    #[arg(short = 'I', long, value_name = "WHEN", value_parser = Interruptible::parse)]
    pub(super) interruptible: Option<Interruptible>,
}

/// A user that passwd(5) knows.
fn user(name: &str) -> Result<User, String> {
    match User::from_name(name) {
        Ok(Some(user)) => Ok(user),
        Ok(None) => Err(format!("there is no user `{name}`")),
        Err(error) => Err(format!("cannot look the user up: {error}")),
    }
}

impl StartArgs {
    /// Why something that is said about a command is refused where there is none.
    pub(super) fn refusal(&self) -> Option<Failure> {
        let is_any = !self.env.is_empty() || self.argv0.is_some() || self.user.is_some();
        let is_command = |word: &&OsString| {
            !word.as_bytes().contains(&b'=') && executable(word).is_ok_and(|path| is_program(&path))
        };
        is_any.then(|| match self.env.last().filter(is_command) {
            Some(word) => {
                let word = word.display();
                Failure::usage(format!(
                    "-E takes a word of its own, and took `{word}`, so no command is left: -E \
                     NAME=VALUE {word} (or -E NAME, which takes a variable out)"
                ))
            }
            None => {
                Failure::usage("--env, --argv0 and --user are about a command, and none is given")
            }
        })
    }

    /// Runs the command as this user, as strace's `-u` says it; false when passwd(5) has none with this
    /// number, so that neither groups nor a group of its own are known.
    pub(super) fn run_as(&mut self, uid: u32) -> bool {
        self.user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        self.user.is_some()
    }

    /// Starts the command so that it is traced from its first instruction. `path`: what is executed;
    /// `words`: its name and its arguments.
    pub(super) fn start(
        &self,
        source: &mut Ebpf,
        stop: &Stop,
        path: &Path,
        words: &[OsString],
    ) -> Result<Started, Failure> {
        let mut command = Command::new(path);
        stop.unblock_in(&mut command);
        self.set_ids(&mut command);
        let changed = (!self.env.is_empty()).then(|| self.environment());
        let image = Image::new(path, &self.named(words), changed.as_deref())?;
        // SAFETY: between fork and exec it makes one system call, with what lives in the closure.
        unsafe { command.pre_exec(move || Err(image.execute())) };
        source.adopt_children()?;
        let child = tokio::process::Command::from(command).spawn();
        source.adopt_no_more();
        Ok(match child {
            Ok(child) => Started::Runs(child),
            Err(error) => Started::Failed(error),
        })
    }

    /// The words of the command, with the name that it is told.
    fn named(&self, words: &[OsString]) -> Vec<OsString> {
        let first = self.argv0.as_ref().or(words.first());
        first
            .into_iter()
            .chain(words.iter().skip(1))
            .cloned()
            .collect()
    }

    /// The environment of this process with the changes that were asked for, in its order: what is
    /// new stands behind.
    fn environment(&self) -> Vec<OsString> {
        let mut all: Vec<OsString> = std::env::vars_os()
            .map(|(name, value)| [name, value].join(OsStr::new("=")))
            .collect();
        for change in &self.env {
            let bytes = change.as_bytes();
            let name = &bytes[..memchr::memchr(b'=', bytes).unwrap_or(bytes.len())];
            let is_it = |entry: &OsString| {
                let rest = entry.as_bytes().strip_prefix(name);
                rest.is_some_and(|rest| rest.starts_with(b"="))
            };
            if name.len() == bytes.len() {
                all.retain(|entry| !is_it(entry));
            } else if let Some(entry) = all.iter_mut().find(|entry| is_it(entry)) {
                entry.clone_from(change);
            } else {
                all.push(change.clone());
            }
        }
        all
    }

    fn set_ids(&self, command: &mut Command) {
        if let Some(user) = &self.user {
            let (name, uid, gid) = (user.name.clone(), user.uid, user.gid);
            let set_ids = move || {
                let name = CString::new(name.clone())?;
                nix::unistd::initgroups(&name, gid)?;
                nix::unistd::setresgid(gid, gid, gid)?;
                nix::unistd::setresuid(uid, uid, uid)?;
                Ok(())
            };
            // SAFETY: between fork and exec it makes system calls, and reads group(5) as
            // initgroups(3) does: tracer has one thread, so no lock is held by another.
            unsafe { command.pre_exec(set_ids) };
        }
    }
}

/// What became of a command.
pub(super) enum Started {
    /// It runs.
    Runs(tokio::process::Child),
    /// The kernel has refused it; its process has ended, and that was traced.
    Failed(io::Error),
}

/// The file that is executed for a command's name, as strace finds it: one with a slash is a path;
/// else the first regular file of that name in `PATH` that anybody may execute.
pub(super) fn executable(name: &OsStr) -> io::Result<PathBuf> {
    if name.as_bytes().contains(&b'/') {
        return fs::metadata(name).map(|_| name.into());
    }
    let all = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&all)
        .filter_map(|dir| {
            let is_here = dir.as_os_str().is_empty();
            let dir = is_here.then(std::env::current_dir).unwrap_or(Ok(dir));
            Some(dir.ok()?.join(name))
        })
        .find(|path| is_program(path))
        .ok_or_else(|| io::Error::from_raw_os_error(libc::ENOENT))
}

/// The file that is executed for a command's name, if this process may execute it.
pub(super) fn runnable(name: &OsStr) -> Result<PathBuf, Failure> {
    let path = executable(name).map_err(|error| not_found(name, &error))?;
    if path.is_dir() {
        return Err(is_directory(name));
    }
    match rustix::fs::access(&path, Access::EXEC_OK) {
        Ok(()) => Ok(path),
        Err(error) => Err(cannot_run(name, &error.into())),
    }
}

/// A command of which there is no file.
pub(super) fn not_found(name: &OsStr, error: &io::Error) -> Failure {
    let is_name = !name.as_bytes().contains(&b'/');
    let shown = name.display();
    let why = if is_name && error.kind() == io::ErrorKind::NotFound {
        "it is in no directory of PATH: check the name, or give its path".to_owned()
    } else {
        error.to_string()
    };
    Failure::new(Code::NotFound, format!("cannot run {shown}: {why}"))
}

/// A command that is a directory.
pub(super) fn is_directory(name: &OsStr) -> Failure {
    let shown = name.display();
    Failure::new(
        Code::CannotRun,
        format!("cannot run {shown}: it is a directory (to watch it: tracer watch {shown})"),
    )
}

/// A command that the kernel does not execute.
pub(super) fn cannot_run(name: &OsStr, error: &io::Error) -> Failure {
    let shown = name.display();
    Failure::new(Code::CannotRun, format!("cannot run {shown}: {error}"))
}

/// Is it a regular file that somebody may execute?
pub(super) fn is_program(path: &Path) -> bool {
    let found = fs::metadata(path);
    found.is_ok_and(|it| it.is_file() && it.mode() & 0o111 != 0)
}

unsafe extern "C" {
    /// The environment of this process (environ(7)).
    static environ: *const *const c_char;
}

/// What execve(2) is given. A command that is executed so by the child itself makes one attempt, as
/// a shell would not, and its environment keeps its order, which `std::process` would sort.
struct Image {
    path: CString,
    arguments: Strings,
    /// `None`: that of this process, as it is.
    environment: Option<Strings>,
}

impl Image {
    fn new(path: &Path, words: &[OsString], environment: Option<&[OsString]>) -> io::Result<Self> {
        Ok(Self {
            path: CString::new(path.as_os_str().as_bytes())?,
            arguments: Strings::new(words)?,
            environment: environment.map(Strings::new).transpose()?,
        })
    }

    /// Executes it in place of this process; returns why it cannot.
    fn execute(&self) -> io::Error {
        // SAFETY: strings that end with NUL, and lists of them that end with null; nobody changes
        // the environment of a process that has one thread.
        unsafe {
            let own = self.environment.as_ref().map(Strings::list);
            let environment = own.unwrap_or(environ);
            libc::execve(self.path.as_ptr(), self.arguments.list(), environment);
        }
        io::Error::last_os_error()
    }
}

/// Strings as C has lists of them.
struct Strings {
    /// Pointers into `texts`, with a null behind.
    pointers: Vec<*const c_char>,
    _texts: Vec<CString>,
}

// SAFETY: the pointers lead to the heap blocks of the texts, which move with it.
unsafe impl Send for Strings {}
// SAFETY: nothing is changed once it is made.
unsafe impl Sync for Strings {}

impl Strings {
    fn new(texts: &[OsString]) -> io::Result<Self> {
        let texts = texts.iter().map(|text| Ok(CString::new(text.as_bytes())?));
        let texts = texts.collect::<io::Result<Vec<_>>>()?;
        let pointers = texts.iter().map(|text| text.as_ptr());
        Ok(Self {
            pointers: pointers.chain([std::ptr::null()]).collect(),
            _texts: texts,
        })
    }

    fn list(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(env: &[&str]) -> StartArgs {
        StartArgs {
            env: env.iter().map(OsString::from).collect(),
            argv0: None,
            user: None,
            interruptible: None,
        }
    }

    #[test]
    fn an_environment_keeps_its_order() {
        let before = with(&[]).environment();
        let first = before.first().expect("there is a variable").clone();
        let bytes = first.as_bytes();
        let name = &bytes[..memchr::memchr(b'=', bytes).unwrap()];
        let name = std::str::from_utf8(name).unwrap();
        let changed = format!("{name}=other");
        let made = with(&["ZZ_1=a", "AA_2=b", &changed, "ZZ_1=c", "AA_3=x", "AA_3"]).environment();
        assert_eq!(made[0], changed.as_str());
        assert_eq!(made[1..before.len()], before[1..]);
        assert_eq!(made[before.len()..], ["ZZ_1=c", "AA_2=b"]);
        assert_eq!(with(&[name]).environment()[..], before[1..]);
    }

    #[test]
    fn what_is_executed_for_a_name() {
        assert_eq!(
            executable(OsStr::new("/proc/self/exe")).unwrap(),
            Path::new("/proc/self/exe")
        );
        assert!(executable(OsStr::new("sh")).unwrap().ends_with("sh"));
        for none in ["no-such-command", "./no-such-command"] {
            let error = executable(OsStr::new(none)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
        }
    }
}
