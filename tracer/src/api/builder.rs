//! What is asked for.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use globset::GlobSet;

use super::{Error, Tracer, capture::Asked};
use crate::{
    calls::{CallSet, Op},
    event::{Backend, Gid, Uid, notice},
    rules::{Condition, PathSet, Rule, RuleSet, SignalSet, pattern},
    source::{
        self, WatchPlan,
        ebpf::{Behind, Depth, EbpfPlan, RING},
        links::Links,
    },
};

/// Which source of events is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourceKind {
    /// The best that works and can tell what is asked for.
    #[default]
    Auto,
    /// eBPF: who, what and with what result. Needs root.
    Ebpf,
    /// fanotify(7): who and what, successes only. Needs root.
    Fanotify,
    /// inotify(7): what, but not who.
    Inotify,
}

impl SourceKind {
    fn backend(self) -> Option<Backend> {
        match self {
            Self::Auto => None,
            Self::Ebpf => Some(Backend::Ebpf),
            Self::Fanotify => Some(Backend::Fanotify),
            Self::Inotify => Some(Backend::Inotify),
        }
    }
}

/// What is asked for; [`Tracer::builder`] begins one. With paths alone it is a watch: what anybody does to these
/// files and trees. With processes or a command it is a trace: every call that they make. With rules it is what
/// those of an audit rule set report.
#[derive(Debug, Default)]
pub struct Builder {
    paths: Vec<PathBuf>,
    flat: bool,
    exclude: Vec<String>,
    ops: Vec<Op>,
    events: Option<u32>,
    pids: BTreeSet<u32>,
    follow: bool,
    command: Option<Command>,
    calls: Option<String>,
    uids: BTreeSet<Uid>,
    gids: BTreeSet<Gid>,
    comms: Vec<String>,
    exes: Vec<String>,
    success: Option<bool>,
    rules: Option<RuleSet>,
    source: SourceKind,
    ring: Option<u32>,
    strings: Option<usize>,
}

impl Builder {
    /// Only what is done to this file, or in this tree (repeatable).
    #[must_use]
    pub fn path(mut self, path: impl AsRef<Path>) -> Self {
        self.paths.push(path.as_ref().to_owned());
        self
    }

    /// Are trees watched, and not only what is directly in a directory? They are, if nothing else is said.
    #[must_use]
    pub fn recursive(mut self, recursive: bool) -> Self {
        self.flat = !recursive;
        self
    }

    /// Leaves out absolute paths that match a pattern, and what is below them; `**` stands for whole directories
    /// (repeatable).
    #[must_use]
    pub fn exclude(mut self, pattern: impl Into<String>) -> Self {
        self.exclude.push(pattern.into());
        self
    }

    /// Only these operations (repeatable). Without one, a watch tells all but [`Op::Close`].
    #[must_use]
    pub fn op(mut self, op: Op) -> Self {
        self.ops.push(op);
        self
    }

    /// Only these notifications of inotify(7), as bits (`IN_...`, [`notice`]).
    #[must_use]
    pub fn events(mut self, mask: u32) -> Self {
        self.events = Some(self.events.unwrap_or(0) | mask);
        self
    }

    /// Only this process, or this single thread (repeatable).
    #[must_use]
    pub fn pid(mut self, pid: u32) -> Self {
        self.pids.insert(pid);
        self
    }

    /// Descendants of the processes, too. Those of a command always are.
    #[must_use]
    pub fn follow(mut self, follow: bool) -> Self {
        self.follow = follow;
        self
    }

    /// Runs a command and traces it from its first instruction, with its descendants. A child that another thread
    /// of this program starts at the same moment is taken for one, too. Its pipes, if it has any, are to be taken from the
    /// [`Tracer`].
    #[must_use]
    pub fn command(mut self, command: Command) -> Self {
        self.command = Some(command);
        self
    }

    /// Only these system calls, as in `tracer trace -e`: names, sets such as `%file`, `/REGEX`, with commas between.
    #[must_use]
    pub fn calls(mut self, calls: impl Into<String>) -> Self {
        self.calls = Some(calls.into());
        self
    }

    /// Only this real user (repeatable).
    #[must_use]
    pub fn uid(mut self, uid: u32) -> Self {
        self.uids.insert(Uid(uid));
        self
    }

    /// Only this real group (repeatable).
    #[must_use]
    pub fn gid(mut self, gid: u32) -> Self {
        self.gids.insert(Gid(gid));
        self
    }

    /// Only commands of this name, which may have wildcards (repeatable).
    #[must_use]
    pub fn comm(mut self, pattern: impl Into<String>) -> Self {
        self.comms.push(pattern.into());
        self
    }

    /// Only programs whose absolute path matches a pattern (repeatable).
    #[must_use]
    pub fn exe(mut self, pattern: impl Into<String>) -> Self {
        self.exes.push(pattern.into());
        self
    }

    /// Only what succeeded, or only what failed.
    #[must_use]
    pub fn success(mut self, success: bool) -> Self {
        self.success = Some(success);
        self
    }

    /// What these rules report; [`Event::rules`](crate::event::Event) has the key of the one that matched. Each record
    /// is decided by the first rule that matches it, as auditctl(8) has it.
    #[must_use]
    pub fn rules(mut self, rules: RuleSet) -> Self {
        self.rules = Some(rules);
        self
    }

    /// Uses this source and no other.
    #[must_use]
    pub fn source(mut self, source: SourceKind) -> Self {
        self.source = source;
        self
    }

    /// Size of the ring between the kernel and this program, in bytes (16 MiB, if nothing else is said). What does not
    /// fit is lost, and counted.
    #[must_use]
    pub fn ring(mut self, bytes: u32) -> Self {
        self.ring = Some(bytes);
        self
    }

    /// So many bytes of each string that a traced call is given or gives (32, if nothing else is said).
    #[must_use]
    pub fn strings(mut self, bytes: usize) -> Self {
        self.strings = Some(bytes);
        self
    }

    /// Begins. What happens from here on is told; what is read too late waits in the kernel, as far as there is room.
    ///
    /// # Errors
    /// When it is no meaningful wish, when something is not there, and when no source works ([`Error::is_privilege`]:
    /// for want of privileges).
    pub fn build(self) -> Result<Tracer, Error> {
        Tracer::begin(self.asked()?)
    }

    /// What the capturing side is to do.
    fn asked(mut self) -> Result<Asked, Error> {
        self.check()?;
        let is_of_processes = !self.pids.is_empty() || self.command.is_some();
        if let Some(set) = self.rules.take() {
            let is_alone = !is_of_processes && self.paths.is_empty() && !self.asks_for_some()?;
            let is_alone = is_alone && self.exclude.is_empty() && !self.follow && !self.flat;
            if !is_alone || self.calls.is_some() || self.events.is_some() {
                return Err(Error::Conflict(
                    "rules say everything themselves: give no paths, processes, calls or users beside them",
                ));
            }
            self.needs_ebpf()?;
            return Ok(Asked::Rules {
                set,
                plan: EbpfPlan::of_rules(self.ring),
            });
        }
        if self.follow && !is_of_processes {
            return Err(Error::Conflict(
                "follow is about descendants of processes: give a pid",
            ));
        }
        let is_of_machine = self.paths.is_empty() && self.asks_for_some()?;
        if !is_of_processes && self.calls.is_none() && !is_of_machine {
            return self.watch();
        }
        if self.events.is_some() {
            return Err(Error::Conflict(
                "notifications are of files, and not of calls: give paths alone with them",
            ));
        }
        self.needs_ebpf()?;
        self.trace(is_of_processes)
    }

    /// Is anything said of who does what?
    fn asks_for_some(&self) -> Result<bool, Error> {
        Ok(!self.ops.is_empty() || !self.conditions()?.is_empty())
    }

    /// Refuses what cannot be.
    fn check(&self) -> Result<(), Error> {
        if self.ring.is_some_and(|ring| !RING.contains(&ring)) {
            return Err(Error::Conflict("the ring has from 4 KiB to 1 GiB"));
        }
        if self
            .events
            .is_some_and(|events| events & notice::ALL_EVENTS == 0)
        {
            return Err(Error::Conflict(
                "the mask of notifications has none of inotify(7): IN_ALL_EVENTS has all",
            ));
        }
        if self.pids.contains(&std::process::id()) {
            return Err(Error::Conflict(
                "a program cannot trace itself: eBPF tells of others",
            ));
        }
        Ok(())
    }

    fn needs_ebpf(&self) -> Result<(), Error> {
        match self.source {
            SourceKind::Auto | SourceKind::Ebpf => Ok(()),
            SourceKind::Fanotify | SourceKind::Inotify => Err(Error::Conflict(
                "only eBPF sees calls and processes: use the source Auto or Ebpf, or watch paths alone",
            )),
        }
    }

    fn watch(self) -> Result<Asked, Error> {
        if self.paths.is_empty() {
            return Err(Error::Nothing);
        }
        let roots = self.paths.iter().map(|path| {
            source::real_root(path).map_err(|error| Error::Path {
                path: path.clone(),
                error,
            })
        });
        let roots = roots.collect::<Result<Vec<_>, _>>()?;
        let plan = WatchPlan {
            roots,
            recursive: !self.flat,
            exclude: self.excluded()?,
            ops: source::watched_ops(&self.ops, self.events),
            events: self.events,
            ..WatchPlan::default()
        };
        let links = Links::of(&self.paths, plan.names());
        let mut rule = plan.rule(&links);
        rule.conditions.extend(self.conditions()?);
        Ok(Asked::Watch {
            backend: self.source.backend(),
            failed: self.success == Some(false),
            named: self.ops,
            ring: self.ring,
            plan: Box::new(plan),
            rule,
            links,
        })
    }

    fn trace(self, is_of_processes: bool) -> Result<Asked, Error> {
        let calls = match &self.calls {
            Some(calls) => CallSet::parse(calls)?,
            None if !self.ops.is_empty() => CallSet::of_ops(&self.ops),
            None if is_of_processes => CallSet::All,
            None => CallSet::of_note(),
        };
        let mut conditions = Vec::new();
        if is_of_processes {
            let follow = self.follow || self.command.is_some();
            conditions.push(Condition::processes(&self.pids, follow)?);
        }
        if !self.ops.is_empty() {
            let ops = self.ops.iter().copied().collect();
            conditions.push(Condition::Op(ops));
        }
        conditions.extend(self.conditions()?);
        if !self.paths.is_empty() {
            conditions.push(Condition::Path(self.path_set()?));
        } else if !self.exclude.is_empty() {
            return Err(Error::Conflict(
                "paths are left out of what is below others: give a path",
            ));
        }
        let asks_of_calls = conditions.iter().any(Condition::asks_of_calls);
        let asks_for_ends = self.ops.is_empty() || self.ops.contains(&Op::Exit);
        let has_ends = ["exit", "exit_group"].map(|name| calls.contains(Some(name)));
        let exits = asks_for_ends && has_ends.contains(&true) && !asks_of_calls;
        let rule = Rule {
            calls,
            exits,
            signals: if exits && is_of_processes && self.calls.is_none() {
                SignalSet::ALL
            } else {
                SignalSet::NONE
            },
            conditions,
        };
        let mut plan = EbpfPlan::new(&rule, self.ring).decoding(Depth {
            strings: Some(self.strings.unwrap_or(32).min(usize::from(u16::MAX))),
            verbose: false,
            descriptors: Behind::File,
            ids: false,
        });
        if is_of_processes {
            plan = plan.ending_with_targets();
        }
        if !self.paths.is_empty() {
            plan = plan.through_descriptors();
        }
        Ok(Asked::Trace {
            plan: Box::new(plan),
            rule,
            command: self.command,
        })
    }

    /// Of a trace, a path is a file or tree that is there, or a name.
    fn path_set(&self) -> Result<PathSet, Error> {
        let mut set = PathSet {
            recursive: !self.flat,
            by_inode: true,
            exclude: self.excluded()?,
            ..PathSet::default()
        };
        for path in &self.paths {
            let real = path.canonicalize();
            set.by_inode &= real.is_ok();
            let named = real.or_else(|_| std::path::absolute(path))?;
            set.roots.push(named.into_os_string().into_encoded_bytes());
        }
        Ok(set)
    }

    fn excluded(&self) -> Result<GlobSet, Error> {
        let globs = self.exclude.iter().map(|path| pattern::path_glob(path));
        let globs = globs.collect::<Result<Vec<_>, _>>();
        let set = globs.and_then(|globs| pattern::excluded(&globs));
        set.map_err(Error::Pattern)
    }

    /// Who does it, and with what result.
    fn conditions(&self) -> Result<Vec<Condition>, Error> {
        let mut conditions = Vec::new();
        if !self.uids.is_empty() {
            conditions.push(Condition::Uid(self.uids.clone()));
        }
        if !self.gids.is_empty() {
            conditions.push(Condition::Gid(self.gids.clone()));
        }
        if !self.comms.is_empty() {
            let globs = self.comms.iter().map(|name| pattern::comm_glob(name));
            let globs = globs.collect::<Result<_, _>>().map_err(Error::Pattern)?;
            conditions.push(Condition::Comm(globs));
        }
        if !self.exes.is_empty() {
            let globs = self.exes.iter().map(|path| pattern::path_glob(path));
            let globs = globs.map(|glob| Ok(glob?.compile_matcher()));
            let globs = globs.collect::<Result<_, _>>().map_err(Error::Pattern)?;
            conditions.push(Condition::Exe(globs));
        }
        conditions.extend(self.success.map(Condition::Success));
        Ok(conditions)
    }
}
