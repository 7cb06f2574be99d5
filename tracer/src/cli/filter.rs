//! The options of `trace` and `replay` that say which events are meant, and the rule they make.

use std::{
    collections::BTreeSet,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use clap::Args;
use clap_complete::engine::ArgValueCompleter;
use globset::GlobSetBuilder;

use super::{
    complete,
    exit::Failure,
    expression::{self, Expression},
    parse,
};
use crate::{
    calls::{CallSet, Op},
    event::{Gid, Uid},
    rules::{Condition, NumberSet, PathSet, Rule, SignalSet, Status},
};

/// Which events are meant.
#[derive(Debug, Args)]
pub(super) struct FilterArgs {
    /// Only this process, or this single thread; several with commas or spaces between (repeatable)
    #[arg(short, long = "pid", visible_alias = "attach", value_name = "PID", value_parser = parse::pids)]
    pids: Vec<parse::Pids>,
    /// Descendants of --pid too (a command's children are always traced); -ff also has
    /// --output-separately
    #[arg(short, long, alias = "follow-forks", action = clap::ArgAction::Count)]
    pub(super) follow: u8,
    /// Only this real user, by name or number (repeatable)
    #[arg(long = "uid", value_name = "USER", value_parser = parse::uid)]
    uids: Vec<u32>,
    /// The same as --uid, where no command is started: that runs as another user with --user
    #[arg(short = 'u', value_name = "USER", value_parser = parse::uid)]
    by_letter: Vec<u32>,
    /// Only this real group, by name or number (repeatable)
    #[arg(short, long = "gid", value_name = "GROUP", value_parser = parse::gid)]
    pub(super) gids: Vec<u32>,
    /// Only this command name, may have wildcards (repeatable)
    #[arg(long = "comm", value_name = "NAME", value_parser = parse::comm_glob)]
    pub(super) comms: Vec<globset::GlobMatcher>,
    /// Only this program: its path, or its name alone; `*` stands for anything but a `/`, `**` for
    /// whole directories: `/opt/**/bin/*`, `python*` (repeatable)
    #[arg(long = "exe", value_name = "GLOB", value_parser = parse::path_glob)]
    pub(super) exes: Vec<globset::Glob>,
    /// Only calls about this file or directory tree, or absolute paths that match a pattern, as with
    /// --exe (repeatable)
    #[arg(
        short = 'P',
        long = "path",
        visible_alias = "trace-path",
        value_name = "GLOB-or-DIR",
        value_parser = parse::path()
    )]
    pub(super) paths: Vec<PathBuf>,
    /// Only these system calls: names, %file %desc %memory %network %process %signal %ipc %creds
    /// %clock, /REGEX, ?NAME, !NAME, all, none; strace's trace=SET, status=SET, signal=SET,
    /// trace-fds=SET, quiet=SET, decode-fds=SET, decode-pids=SET, read=SET, write=SET, raw=SET,
    /// abbrev=SET and verbose=SET are understood too; behind a name, `@64`, `@32` or `@x32`
    /// (repeatable)
    #[arg(short = 'e', long = "calls", visible_alias = "trace", value_name = "SET",
          value_parser = expression::parse, add = ArgValueCompleter::new(complete::expressions))]
    expressions: Vec<Expression>,
    /// Only these operations: read, write, create, delete, rename, attribute, execute, mount, fork,
    /// exit, signal, creds, kernel, other
    #[arg(long = "op", value_name = "LIST", value_delimiter = ',', value_parser = parse::op,
          add = ArgValueCompleter::new(complete::ops))]
    pub(super) ops: Vec<Op>,
    /// Only calls that ended so: successful, failed, unfinished, unavailable, detached, all, none
    #[arg(long, value_name = "SET", value_parser = expression::status,
          add = ArgValueCompleter::new(complete::status))]
    status: Option<Expression>,
    /// Only these signals
    #[arg(long, alias = "signals", value_name = "SET", value_parser = expression::signal,
          add = ArgValueCompleter::new(complete::signal))]
    signal: Option<Expression>,
    /// Only calls that work on these descriptors: numbers, !NUMBERS, all, none; with --path, calls
    /// that meet either
    #[arg(long, alias = "trace-fd", value_name = "SET", value_parser = expression::descriptors)]
    trace_fds: Option<Expression>,
    /// Show all that is read from these descriptors, too, in hexadecimal and as text
    #[arg(long, alias = "reads", value_name = "SET", value_parser = expression::dump_read)]
    read: Option<Expression>,
    /// Show all that is written to these descriptors, too
    #[arg(long, alias = "writes", value_name = "SET", value_parser = expression::dump_written)]
    write: Option<Expression>,
    /// Show the arguments of these calls as numbers in hexadecimal
    #[arg(long, value_name = "SET", value_parser = expression::raw)]
    raw: Option<Expression>,
    /// Show only a part of the structures of these calls, and of all others the whole
    #[arg(long, value_name = "SET", value_parser = expression::abbreviated)]
    abbrev: Option<Expression>,
    /// Show of ids of processes: comm (their names, as -Y), pidns (those in the pid namespace of
    /// tracer, as --pidns-translation), all, none
    #[arg(long, alias = "decode-pid", value_name = "SET", value_parser = expression::processes)]
    decode_pids: Option<Expression>,
    #[command(flatten)]
    pub(super) result: ResultArgs,
    /// End after this many records
    #[arg(long, value_name = "N", value_parser = parse::count, allow_negative_numbers = true)]
    pub(super) count: Option<u64>,
    /// End after this many calls; a command goes on without being traced
    #[arg(long, value_name = "N", value_parser = parse::count, allow_negative_numbers = true)]
    pub(super) syscall_limit: Option<u64>,
}

/// Options on how a call must have ended.
#[derive(Args, Debug)]
pub(super) struct ResultArgs {
    /// Only calls that failed
    #[arg(short = 'Z', long, aliases = ["failed-only", "failing-only"], conflicts_with = "success")]
    pub(super) failed: bool,
    /// Only calls that succeeded
    #[arg(short = 'z', long, alias = "successful-only")]
    pub(super) success: bool,
}

impl ResultArgs {
    /// What they ask for.
    pub(super) fn condition(&self) -> Option<Condition> {
        (self.failed || self.success).then_some(Condition::Success(self.success))
    }
}

/// Any of these makes a name a pattern.
const WILDCARDS: [char; 4] = ['*', '?', '[', '{'];

/// What holds where the options say nothing.
pub(super) struct Basis {
    /// System calls.
    pub(super) calls: CallSet,
    /// Signals are told with the ends of tasks.
    pub(super) signals: bool,
    /// Ends are told whichever calls are meant, as strace does.
    pub(super) ends: bool,
    /// The condition on processes.
    pub(super) process: Option<Condition>,
    /// The paths of `--path`.
    pub(super) paths: PathSet,
}

/// What the `-e` say; of two about the same the later one holds, as with strace.
#[derive(Default)]
struct Asked<'a> {
    calls: Option<&'a CallSet>,
    status: Option<&'a BTreeSet<Status>>,
    signal: Option<SignalSet>,
    descriptors: Option<&'a NumberSet>,
}

impl<'a> Asked<'a> {
    fn of(filter: &'a FilterArgs) -> Self {
        let mut asked = Self::default();
        for expression in filter.expressions() {
            match expression {
                Expression::Calls(calls) => asked.calls = Some(calls),
                Expression::Status(status) => asked.status = Some(status),
                Expression::Signal(signal) => asked.signal = Some(*signal),
                Expression::Descriptors(set) => asked.descriptors = Some(set),
                Expression::Quiet(_)
                | Expression::DecodeFds(_)
                | Expression::DumpRead(_)
                | Expression::DumpWritten(_)
                | Expression::Shown(..)
                | Expression::DecodePids(_) => {}
            }
        }
        asked
    }
}

impl FilterArgs {
    /// Every `-e`, and the options that say the same, which come last.
    pub(super) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let long = [
            &self.status,
            &self.signal,
            &self.trace_fds,
            &self.read,
            &self.write,
            &self.raw,
            &self.abbrev,
            &self.decode_pids,
        ];
        self.expressions.iter().chain(long.into_iter().flatten())
    }

    /// Is it about files, by names or by descriptors?
    pub(super) fn asks_for_files(&self) -> bool {
        !self.paths.is_empty() || Asked::of(self).descriptors.is_some()
    }

    /// Calls are asked for that only the enter hook can tell.
    pub(super) fn needs_times(&self) -> bool {
        let status = Asked::of(self).status;
        status.is_some_and(|set| set.contains(&Status::Detached))
    }

    /// Refuses what would not do what it says. `of_processes`: these, or a command, are given.
    pub(super) fn check(&self, of_processes: bool) -> Result<(), Failure> {
        let by = [
            (!self.comms.is_empty(), "--comm"),
            (!self.exes.is_empty(), "--exe"),
            (!self.uids().is_empty(), "--uid"),
            (!self.gids.is_empty(), "--gid"),
        ];
        match by.into_iter().find(|(given, _)| *given) {
            Some((_, option)) if self.follow > 0 && !of_processes => Err(Failure::usage(format!(
                "--follow is about descendants of --pid or of a command, and {option} asks every \
                 process by itself: leave --follow out, or give --pid"
            ))),
            _ => self.check_result(),
        }
    }

    /// Refuses ends of calls of which none can be both.
    fn check_result(&self) -> Result<(), Failure> {
        let Some(status) = Asked::of(self).status else {
            return Ok(());
        };
        let (option, wanted) = match (self.result.failed, self.result.success) {
            (true, _) => ("-Z/--failed", Status::Failed),
            (_, true) => ("-z/--success", Status::Successful),
            (false, false) => return Ok(()),
        };
        if status.contains(&wanted) {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "no call meets both {option} and the set of --status: leave one of them out"
        )))
    }

    /// Refuses the letter with which strace says as whom a command runs.
    pub(super) fn check_of_command(&self) -> Result<(), Failure> {
        let Some(uid) = self.by_letter.first() else {
            return Ok(());
        };
        let user = nix::unistd::User::from_uid((*uid).into()).ok().flatten();
        let user = user.map_or_else(|| uid.to_string(), |user| user.name);
        Err(Failure::usage(format!(
            "-u says who is traced, and not as whom a command runs: --user {user} runs it as {user}, \
             --uid {user} runs it as you, and tells only what {user} does"
        )))
    }

    /// The users of `--uid` and `-u`.
    fn uids(&self) -> Vec<u32> {
        self.uids.iter().chain(&self.by_letter).copied().collect()
    }

    /// Called as strace, `-u` says as whom the command runs: the last one holds.
    pub(super) fn take_user(&mut self) -> Option<u32> {
        self.uids.clear();
        std::mem::take(&mut self.by_letter).pop()
    }

    /// Those of `--path` that lead to nothing and have no wildcard.
    pub(super) fn missing_paths(&self) -> impl Iterator<Item = &Path> {
        let is_glob = |path: &Path| path.to_string_lossy().contains(WILDCARDS);
        let paths = self.paths.iter().map(PathBuf::as_path);
        paths.filter(move |path| !is_glob(path) && !path.exists())
    }

    /// The rule that the options make.
    pub(super) fn rule(&self, basis: Basis) -> Rule {
        let asked = Asked::of(self);
        let of_ops = (!self.ops.is_empty()).then(|| CallSet::of_ops(&self.ops));
        let calls = asked.calls.cloned().or(of_ops).unwrap_or(basis.calls);
        let exits = ["exit", "exit_group"].map(|name| calls.contains(Some(name)));
        let asks_for_ends = self.ops.is_empty() || self.ops.contains(&Op::Exit);
        let exits = asks_for_ends && (exits.contains(&true) || basis.ends);
        let mut conditions: Vec<_> = basis.process.into_iter().collect();
        self.add_conditions(&mut conditions, asked.status, basis.paths);
        // An end is no answer to a question about calls; strace tells how a task ended all the same.
        let exits = exits && (basis.ends || !conditions.iter().any(Condition::asks_of_calls));
        let signals = asked.signal.unwrap_or(if basis.signals && exits {
            SignalSet::ALL
        } else {
            SignalSet::NONE
        });
        Rule {
            calls,
            exits,
            signals,
            conditions,
        }
    }

    fn add_conditions(
        &self,
        conditions: &mut Vec<Condition>,
        status: Option<&BTreeSet<Status>>,
        paths: PathSet,
    ) {
        conditions.extend(users(&self.uids()));
        if !self.gids.is_empty() {
            let gids = self.gids.iter().map(|id| Gid(*id)).collect();
            conditions.push(Condition::Gid(gids));
        }
        if !self.comms.is_empty() {
            conditions.push(Condition::Comm(self.comms.clone()));
        }
        if !self.exes.is_empty() {
            let exes = self.exes.iter().map(globset::Glob::compile_matcher);
            conditions.push(Condition::Exe(exes.collect()));
        }
        if self.asks_for_files() {
            conditions.push(Condition::Path(paths));
        }
        if !self.ops.is_empty() {
            conditions.push(Condition::Op(self.ops.iter().copied().collect()));
        }
        conditions.extend(self.result.condition());
        if let Some(status) = status {
            conditions.push(match status.iter().collect::<Vec<_>>()[..] {
                // The kernel side decides these.
                [Status::Successful] => Condition::Success(true),
                [Status::Failed] => Condition::Success(false),
                _ => Condition::Status(status.clone()),
            });
        }
    }

    /// All of `--pid`.
    pub(super) fn pids(&self) -> BTreeSet<u32> {
        parse::all_pids(&self.pids)
    }

    /// The processes of `--pid`; `threads`: some are single threads.
    pub(super) fn processes(&self, threads: bool, follow: bool) -> Condition {
        Condition::Process {
            ids: self.pids(),
            threads,
            follow,
        }
    }

    /// `--path`: what is `there` (and where it really is) is a file or tree, the rest are patterns
    /// or names of files that are not there yet.
    pub(super) fn path_set(
        &self,
        there: impl Fn(&Path) -> Option<PathBuf>,
    ) -> Result<PathSet, Failure> {
        let mut set = PathSet {
            recursive: true,
            by_inode: true,
            descriptors: Asked::of(self).descriptors.cloned().unwrap_or_default(),
            ..PathSet::default()
        };
        let mut globs = GlobSetBuilder::new();
        for path in &self.paths {
            let text = path.to_string_lossy();
            match there(path) {
                Some(path) => set.roots.push(path.as_os_str().as_bytes().to_vec()),
                None if text.contains(WILDCARDS) => {
                    let glob = parse::path_glob(&text)
                        .map_err(|e| Failure::usage(format!("--path {text}: {e}")))?;
                    globs.add(glob);
                }
                None => {
                    // A file that is not there yet can still be asked for by its name.
                    let absolute = std::path::absolute(path)?;
                    set.roots.push(absolute.as_os_str().as_bytes().to_vec());
                    set.by_inode = false;
                }
            }
        }
        set.globs = globs.build().map_err(|e| Failure::usage(e.to_string()))?;
        Ok(set)
    }
}

/// One of these real users; nothing where there is none.
pub(super) fn users(uids: &[u32]) -> Option<Condition> {
    (!uids.is_empty()).then(|| Condition::Uid(uids.iter().map(|id| Uid(*id)).collect()))
}
