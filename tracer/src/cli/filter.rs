//! The options of `trace` and `replay` that say which events are meant, and the rule they make.

use std::{
    collections::BTreeSet,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use clap::Args;
use globset::GlobSetBuilder;

use super::{
    exit::Failure,
    parse::{self, Expression},
};
use crate::{
    calls::CallSet,
    event::{Gid, Uid},
    rules::{Condition, PathSet, Rule, SignalSet, Status},
};

/// Which events are meant.
#[derive(Debug, Args)]
pub(super) struct FilterArgs {
    /// Only this process, or this single thread; several with commas or spaces between (repeatable)
    #[arg(short, long = "pid", value_name = "PID", value_parser = parse::pids)]
    pids: Vec<parse::Pids>,
    /// Descendants of --pid too (a command's children are always traced); -ff also has
    /// --output-separately
    #[arg(short, long, alias = "follow-forks", action = clap::ArgAction::Count)]
    pub(super) follow: u8,
    /// Only this real user, by name or number (repeatable)
    #[arg(short, long = "uid", value_name = "USER", value_parser = parse::uid)]
    pub(super) uids: Vec<u32>,
    /// Only this real group, by name or number (repeatable)
    #[arg(short, long = "gid", value_name = "GROUP", value_parser = parse::gid)]
    pub(super) gids: Vec<u32>,
    /// Only this command name, may have wildcards (repeatable)
    #[arg(long = "comm", value_name = "NAME", value_parser = parse::comm_glob)]
    pub(super) comms: Vec<globset::GlobMatcher>,
    /// Only this program, a path that may have wildcards (repeatable)
    #[arg(long = "exe", value_name = "GLOB", value_parser = parse::path_glob)]
    pub(super) exes: Vec<globset::GlobMatcher>,
    /// Only calls about this file or directory tree, or paths that match a pattern (repeatable)
    #[arg(short = 'P', long = "path", value_name = "GLOB-or-DIR")]
    pub(super) paths: Vec<PathBuf>,
    /// Only these system calls: names, %file %desc %memory %network %process %signal %ipc %creds
    /// %clock, /REGEX, ?NAME, !NAME, all, none; strace's trace=LIST, status=LIST and signal=LIST
    /// are understood too (repeatable)
    #[arg(short = 'e', long = "calls", value_name = "SET", value_parser = parse::expression)]
    pub(super) expressions: Vec<parse::Expression>,
    #[command(flatten)]
    pub(super) result: ResultArgs,
}

/// Options on how a call must have ended.
#[derive(Args, Debug)]
pub(super) struct ResultArgs {
    /// Only calls that failed
    #[arg(short = 'Z', long, conflicts_with = "success")]
    pub(super) failed: bool,
    /// Only calls that succeeded
    #[arg(short = 'z', long)]
    pub(super) success: bool,
}

impl ResultArgs {
    /// What they ask for.
    pub(super) fn condition(&self) -> Option<Condition> {
        (self.failed || self.success).then_some(Condition::Success(self.success))
    }
}

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
}

impl<'a> Asked<'a> {
    fn of(expressions: &'a [Expression]) -> Self {
        let mut asked = Self::default();
        for expression in expressions {
            match expression {
                Expression::Calls(calls) => asked.calls = Some(calls),
                Expression::Status(status) => asked.status = Some(status),
                Expression::Signal(signal) => asked.signal = Some(*signal),
            }
        }
        asked
    }
}

impl FilterArgs {
    /// Calls are asked for that only the enter hook can tell.
    pub(super) fn needs_times(&self) -> bool {
        let status = Asked::of(&self.expressions).status;
        status.is_some_and(|set| set.contains(&Status::Detached))
    }

    /// The rule that the options make.
    pub(super) fn rule(&self, basis: Basis) -> Rule {
        let asked = Asked::of(&self.expressions);
        let calls = asked.calls.cloned().unwrap_or(basis.calls);
        let exits = ["exit", "exit_group"].map(|name| calls.contains(Some(name)));
        let exits = exits.contains(&true) || basis.ends;
        // An end has no result and no file: it is no answer to a question about those.
        let has_status = asked
            .status
            .is_none_or(|set| set.contains(&Status::Unfinished));
        let any_result = self.result.condition().is_none() && has_status;
        let exits = exits && self.paths.is_empty() && any_result;
        let signals = asked.signal.unwrap_or(if basis.signals && exits {
            SignalSet::ALL
        } else {
            SignalSet::NONE
        });
        let mut conditions: Vec<_> = basis.process.into_iter().collect();
        self.add_conditions(&mut conditions, asked.status, basis.paths);
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
        conditions.extend(users(&self.uids));
        if !self.gids.is_empty() {
            let gids = self.gids.iter().map(|id| Gid(*id)).collect();
            conditions.push(Condition::Gid(gids));
        }
        if !self.comms.is_empty() {
            conditions.push(Condition::Comm(self.comms.clone()));
        }
        if !self.exes.is_empty() {
            conditions.push(Condition::Exe(self.exes.clone()));
        }
        if !self.paths.is_empty() {
            conditions.push(Condition::Path(paths));
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
            ..PathSet::default()
        };
        let mut globs = GlobSetBuilder::new();
        for path in &self.paths {
            let text = path.to_string_lossy();
            match there(path) {
                Some(path) => set.roots.push(path.as_os_str().as_bytes().to_vec()),
                None if text.contains(['*', '?', '[', '{']) => {
                    let glob = parse::path_glob(&text)
                        .map_err(|e| Failure::usage(format!("--path {text}: {e}")))?;
                    globs.add(glob.glob().clone());
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
