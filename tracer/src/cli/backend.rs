//! Where events of files come from, as the options of the command line ask for it.

use std::sync::atomic::Ordering;

use super::{
    args::{BackendArg, WatchArgs},
    exit::{Code, Failure},
    progress,
};
use crate::{
    event::Backend,
    rules::Rule,
    source::{
        WatchPlan,
        links::Links,
        open::{OpenError, Opened, Wish},
    },
};

/// The best source that works for a watch, and which it is and why.
pub(super) fn open(
    args: &WatchArgs,
    plan: &WatchPlan,
    rule: &Rule,
    links: &Links,
) -> Result<Opened, Failure> {
    let wish = Wish {
        plan,
        rule,
        links,
        backend: args.backend.map(kind),
        named: &args.ops,
        failed: args.result.failed,
        ring: args.kernel.buffer,
        log: args.kernel.ebpf_log,
    };
    // eBPF looks at none.
    let may_be_none = matches!(args.backend, None | Some(BackendArg::Ebpf));
    let open = || wish.open();
    Ok(looking_at(
        "set up a watch in",
        plan,
        u64::from(may_be_none),
        open,
    )?)
}

/// Which backend is meant.
pub(super) fn kind(backend: BackendArg) -> Backend {
    match backend {
        BackendArg::Ebpf => Backend::Ebpf,
        BackendArg::Fanotify => Backend::Fanotify,
        BackendArg::Inotify => Backend::Inotify,
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Failures => {
                Self::usage("only eBPF sees what failed: leave --backend or --failed out")
            }
            OpenError::Unsuited { why, others } if !others.is_empty() => {
                let others: Vec<_> = others.iter().map(|one| one.as_str()).collect();
                let others = others.join(" or ");
                Self::usage(format!("{why}: use --backend {others}, or ask for less"))
            }
            OpenError::Unsuited { .. } => Self::usage(error),
            OpenError::Ebpf(error) => error.into(),
            OpenError::Privilege => Self::new(
                Code::Privilege,
                "fanotify on whole file systems needs root (CAP_SYS_ADMIN): run as root, or use \
                 --backend inotify",
            ),
            OpenError::Beside(error) => error.into(),
            OpenError::Nothing {
                refusals,
                last: Some(last),
            } => Self::new(Self::from(*last).code(), refusals.join("; ")),
            OpenError::Nothing { .. } if error.is_privilege() => Self::new(Code::Privilege, error),
            OpenError::Fanotify(_) | OpenError::Inotify(_) | OpenError::Nothing { .. } => {
                Self::new(Code::Kernel, error)
            }
        }
    }
}

/// Looks at every directory of a plan, and shows how far that is.
pub(super) fn looking<T>(what: &str, plan: &WatchPlan, work: impl FnOnce() -> T) -> T {
    looking_at(what, plan, 0, work)
}

/// The same from so many directories on.
fn looking_at<T>(what: &str, plan: &WatchPlan, least: u64, work: impl FnOnce() -> T) -> T {
    let text = || {
        let count = plan.looked_at.load(Ordering::Relaxed);
        (count >= least).then(|| format!("{what} {count} directories so far"))
    };
    progress::show(text, work)
}
