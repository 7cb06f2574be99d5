//! Where events of files come from: the best source that works and can tell what is asked for.

use std::sync::atomic::Ordering;

use super::{
    args::{BackendArg, WatchArgs},
    exit::{Code, Failure},
    progress,
};
use crate::{
    calls::Op,
    event::{Backend, Notice, notice},
    rules::Rule,
    source::{
        Source, WatchPlan,
        ebpf::{Ebpf, EbpfPlan},
        fanotify::Fanotify,
        followed::Followed,
        inotify::Inotify,
        links::Links,
    },
};

/// What a watch is to have.
pub(super) struct Wanted<'a> {
    pub(super) args: &'a WatchArgs,
    pub(super) plan: &'a WatchPlan,
    pub(super) rule: &'a Rule,
    pub(super) links: &'a Links,
}

impl Wanted<'_> {
    /// The best source that works, and which it is and why.
    pub(super) fn open(&self) -> Result<(Box<dyn Source>, String), Failure> {
        // What failed is no news to the others.
        let backend = match (self.args.backend, self.args.result.failed) {
            (None, true) => Some(BackendArg::Ebpf),
            (Some(BackendArg::Fanotify | BackendArg::Inotify), true) => {
                let text = "only eBPF sees what failed: leave --backend or --failed out";
                return Err(Failure::usage(text));
            }
            (given, _) => given,
        };
        let Some(backend) = backend else {
            return self.best();
        };
        if let Some(why) = self.refusal(backend) {
            let others = ALL.into_iter().filter(|one| self.refusal(*one).is_none());
            let others: Vec<_> = others.map(|one| kind(one).as_str()).collect();
            let instead = if others.is_empty() {
                "no backend tells all of it: ask for less".to_owned()
            } else {
                format!("use --backend {}, or ask for less", others.join(" or "))
            };
            return Err(Failure::usage(format!("{why}: {instead}")));
        }
        Ok((self.source(backend)?, what(backend).to_owned()))
    }

    /// The first that works of those that can tell what is asked for.
    fn best(&self) -> Result<(Box<dyn Source>, String), Failure> {
        let mut refusals = Vec::new();
        let is_root = rustix::process::geteuid().is_root();
        let mut last = None;
        for backend in ALL {
            if let Some(why) = self.refusal(backend) {
                refusals.push(why);
                continue;
            }
            if backend == BackendArg::Fanotify && !is_root {
                continue;
            }
            match self.source(backend) {
                Ok(source) => {
                    let because = match &refusals[..] {
                        [] => String::new(),
                        all => format!(", because {}", all.join("; ")),
                    };
                    return Ok((source, format!("{}{because}", what(backend))));
                }
                Err(error) => {
                    refusals.push(error.to_string());
                    last = Some(error);
                }
            }
        }
        let code = match last {
            Some(error) => error.code(),
            None if is_root => Code::Kernel,
            None => Code::Privilege,
        };
        Err(Failure::new(code, refusals.join("; ")))
    }

    fn source(&self, backend: BackendArg) -> Result<Box<dyn Source>, Failure> {
        match backend {
            BackendArg::Ebpf => ebpf(self.args, self.rule, self.links),
            BackendArg::Fanotify => followed(fanotify(self.plan)?, self.plan, self.links, fanotify),
            BackendArg::Inotify => followed(inotify(self.plan)?, self.plan, self.links, inotify),
        }
    }

    /// Why a backend would be silent about something that is asked for by name.
    fn refusal(&self, backend: BackendArg) -> Option<String> {
        let (op, why) = match backend {
            BackendArg::Ebpf => (Some(Op::Close), "eBPF sees calls and cannot tell"),
            BackendArg::Fanotify => (None, "fanotify has no event for"),
            BackendArg::Inotify => (
                Some(Op::Execute),
                "inotify tells of a file that is run that it is opened, so it cannot tell",
            ),
        };
        let asked = |op: &Op| self.args.ops.contains(op);
        let untold = match op.filter(asked) {
            Some(op) => op.as_str().to_owned(),
            None => names(self.plan.events.unwrap_or(0) & untold(backend, self.plan.events)),
        };
        (!untold.is_empty()).then(|| format!("{why} {untold}"))
    }
}

const ALL: [BackendArg; 3] = [BackendArg::Ebpf, BackendArg::Fanotify, BackendArg::Inotify];

/// Which backend is meant.
fn kind(backend: BackendArg) -> Backend {
    match backend {
        BackendArg::Ebpf => Backend::Ebpf,
        BackendArg::Fanotify => Backend::Fanotify,
        BackendArg::Inotify => Backend::Inotify,
    }
}

/// What a backend tells.
fn what(backend: BackendArg) -> &'static str {
    match backend {
        BackendArg::Ebpf => "eBPF: who, what and with what result",
        BackendArg::Fanotify => "fanotify: who and what, successes only",
        BackendArg::Inotify => "inotify: what, but not who",
    }
}

/// Events that a backend does not tell; who asks for all of them takes what there is.
fn untold(backend: BackendArg, asked: Option<u32>) -> u32 {
    const BY_CALL: u32 = notice::CREATE
        | notice::DELETE
        | notice::MOVED_FROM
        | notice::MOVED_TO
        | notice::ATTRIB
        | notice::OPEN;
    let is_all = asked.is_some_and(|mask| mask & notice::ALL_EVENTS == notice::ALL_EVENTS);
    match backend {
        BackendArg::Ebpf => !BY_CALL,
        BackendArg::Fanotify if !is_all => {
            notice::DELETE_SELF | notice::MOVE_SELF | notice::UNMOUNT
        }
        BackendArg::Fanotify | BackendArg::Inotify => 0,
    }
}

/// These events, by name.
fn names(mask: u32) -> String {
    let mut names = Vec::new();
    if mask != 0 {
        let notice = Notice {
            mask,
            ..Notice::default()
        };
        notice.names(&mut names, b',');
    }
    String::from_utf8_lossy(&names).to_ascii_lowercase()
}

fn ebpf(args: &WatchArgs, rule: &Rule, links: &Links) -> Result<Box<dyn Source>, Failure> {
    let mut plan = EbpfPlan::new(rule, args.kernel.buffer).following(links.clone());
    if args.kernel.ebpf_log {
        plan = plan.with_log();
    }
    let mut source = Ebpf::open(&plan)?;
    if args.kernel.ebpf_log {
        source.start_log()?;
    }
    Ok(Box::new(source))
}

/// The source, with switched symlinks followed where there are any.
fn followed(
    source: Box<dyn Source>,
    plan: &WatchPlan,
    links: &Links,
    open: fn(&WatchPlan) -> Result<Box<dyn Source>, Failure>,
) -> Result<Box<dyn Source>, Failure> {
    if links.is_empty() {
        return Ok(source);
    }
    let open = Box::new(move |plan: &WatchPlan| {
        open(plan).map_err(|failure| anyhow::anyhow!(failure.to_string()))
    });
    let followed = Followed::new(source, plan.clone(), links.clone(), open);
    Ok(Box::new(followed?))
}

pub(super) fn fanotify(plan: &WatchPlan) -> Result<Box<dyn Source>, Failure> {
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::new(
            Code::Privilege,
            "fanotify on whole file systems needs root (CAP_SYS_ADMIN): run as root, or use --backend inotify",
        ));
    }
    let source = Fanotify::open(plan)
        .map_err(|error| Failure::new(Code::Kernel, format!("fanotify: {error:#}")))?;
    Ok(Box::new(source))
}

pub(super) fn inotify(plan: &WatchPlan) -> Result<Box<dyn Source>, Failure> {
    let source = looking("set up a watch in", plan, || Inotify::open(plan))
        .map_err(|error| Failure::new(Code::Kernel, format!("inotify: {error:#}")))?;
    Ok(Box::new(source))
}

/// Looks at every directory of a plan, and shows how far that is.
pub(super) fn looking<T>(what: &str, plan: &WatchPlan, work: impl FnOnce() -> T) -> T {
    let text = || {
        let count = plan.looked_at.load(Ordering::Relaxed);
        format!("{what} {count} directories so far")
    };
    progress::show(text, work)
}
