//! Opening a source of events about files: the best backend that works and can tell what is asked for.

use crate::{
    calls::Op,
    event::{Backend, Notice, notice},
    rules::{Condition, Rule},
    source::{
        Source, WatchPlan,
        ebpf::{Ebpf, EbpfError, EbpfPlan},
        fanotify::Fanotify,
        followed::Followed,
        inotify::Inotify,
        links::Links,
    },
};

/// What a source is to tell.
pub struct Wish<'a> {
    /// Which files.
    pub plan: &'a WatchPlan,
    /// Which events.
    pub rule: &'a Rule,
    /// Symlinks on the way to the files.
    pub links: &'a Links,
    /// This backend and no other.
    pub backend: Option<Backend>,
    /// Operations that were asked for by name: a backend that is silent about one is not used.
    pub named: &'a [Op],
    /// What failed is told, and nothing else: only eBPF sees it.
    pub failed: bool,
    /// Size of the ring between the kernel and tracer, in bytes.
    pub ring: Option<u32>,
    /// Prints the log of the kernel side.
    pub log: bool,
}

/// An open source.
pub struct Opened {
    /// The source.
    pub source: Box<dyn Source>,
    /// Which it is and, if it is not the first choice, why.
    pub why: String,
}

/// Why no source could be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The backend that was asked for does not tell what is asked for.
    #[error("{why}: {}", instead(.others))]
    Unsuited {
        /// What it does not tell.
        why: String,
        /// Those that do.
        others: Vec<Backend>,
    },
    /// A backend was asked for that does not see what failed.
    #[error("only eBPF sees what failed: use no other backend, or ask for what succeeds")]
    Failures,
    /// eBPF does not work here.
    #[error("{0} (`tracer doctor` shows what this machine can do)")]
    Ebpf(#[from] EbpfError),
    /// fanotify needs root.
    #[error(
        "fanotify on whole file systems needs root (CAP_SYS_ADMIN): run as root, or use inotify"
    )]
    Privilege,
    /// fanotify does not work here.
    #[error("fanotify: {0:#}")]
    Fanotify(anyhow::Error),
    /// inotify does not work here.
    #[error("inotify: {0:#}")]
    Inotify(anyhow::Error),
    /// Symlinks cannot be followed, or a log cannot be started.
    #[error("{0:#}")]
    Beside(anyhow::Error),
    /// None works.
    #[error("{}", .refusals.join("; "))]
    Nothing {
        /// What each has said, in the order of the backends.
        refusals: Vec<String>,
        /// Why the last that could have told it was refused.
        last: Option<Box<Self>>,
    },
}

/// What to do where a backend does not tell it.
fn instead(others: &[Backend]) -> String {
    let others: Vec<_> = others.iter().map(|one| one.as_str()).collect();
    if others.is_empty() {
        "no backend tells all of it: ask for less".to_owned()
    } else {
        format!("use {}, or ask for less", others.join(" or "))
    }
}

impl OpenError {
    /// Would more privilege help?
    pub fn is_privilege(&self) -> bool {
        match self {
            Self::Ebpf(error) => error.is_privilege(),
            Self::Privilege => true,
            Self::Nothing { last: None, .. } => !rustix::process::geteuid().is_root(),
            Self::Nothing {
                last: Some(last), ..
            } => last.is_privilege(),
            _ => false,
        }
    }
}

/// Every backend, the best first.
const ALL: [Backend; 3] = [Backend::Ebpf, Backend::Fanotify, Backend::Inotify];

impl Wish<'_> {
    /// The best source that works, and which it is and why.
    ///
    /// # Errors
    /// When the backend that is asked for does not work or is silent about what is asked for, or when none is
    /// left.
    pub fn open(&self) -> Result<Opened, OpenError> {
        // What failed is no news to the others.
        let backend = match (self.backend, self.failed) {
            (None, true) => Some(Backend::Ebpf),
            (Some(Backend::Fanotify | Backend::Inotify), true) => return Err(OpenError::Failures),
            (given, _) => given,
        };
        let Some(backend) = backend else {
            return self.best();
        };
        if let Some(why) = self.refusal(backend) {
            let is_able = |one: &Backend| self.refusal(*one).is_none();
            let others = ALL.into_iter().filter(is_able).collect();
            return Err(OpenError::Unsuited { why, others });
        }
        Ok(Opened {
            source: self.source(backend)?,
            why: what(backend).to_owned(),
        })
    }

    /// The first that works of those that can tell what is asked for.
    fn best(&self) -> Result<Opened, OpenError> {
        let mut refusals = Vec::new();
        let is_root = rustix::process::geteuid().is_root();
        let mut last = None;
        for backend in ALL {
            if let Some(why) = self.refusal(backend) {
                refusals.push(why);
                continue;
            }
            if backend == Backend::Fanotify && !is_root {
                continue;
            }
            match self.source(backend) {
                Ok(source) => {
                    let because = match &refusals[..] {
                        [] => String::new(),
                        all => format!(", because {}", all.join("; ")),
                    };
                    let why = format!("{}{because}", what(backend));
                    return Ok(Opened { source, why });
                }
                Err(error) => {
                    refusals.push(error.to_string());
                    last = Some(Box::new(error));
                }
            }
        }
        Err(OpenError::Nothing { refusals, last })
    }

    fn source(&self, backend: Backend) -> Result<Box<dyn Source>, OpenError> {
        match backend {
            Backend::Fanotify => self.followed(fanotify),
            Backend::Inotify => self.followed(inotify),
            _ => self.ebpf(),
        }
    }

    fn ebpf(&self) -> Result<Box<dyn Source>, OpenError> {
        /// What calls by name do to files.
        const BY_NAME: [Op; 5] = [Op::Create, Op::Delete, Op::Rename, Op::Attribute, Op::Write];
        let mut plan = EbpfPlan::new(self.rule, self.ring).following(self.links.clone());
        if !self.failed && BY_NAME.iter().any(|op| self.plan.ops.contains(op)) {
            plan = plan.with_witness(self.links.roots().clone());
        }
        if self.log {
            plan = plan.with_log();
        }
        let mut source = Ebpf::open(&plan)?;
        if self.log {
            source.start_log().map_err(OpenError::Beside)?;
        }
        Ok(Box::new(source))
    }

    /// The source, with switched symlinks followed where there are any.
    fn followed(
        &self,
        open: fn(&WatchPlan) -> Result<Box<dyn Source>, OpenError>,
    ) -> Result<Box<dyn Source>, OpenError> {
        let source = open(self.plan)?;
        if self.links.is_empty() {
            return Ok(source);
        }
        let open = Box::new(move |plan: &WatchPlan| {
            open(plan).map_err(|error| anyhow::anyhow!(error.to_string()))
        });
        let (plan, links) = (self.plan.clone(), self.links.clone());
        let followed = Followed::new(source, plan, links, open);
        Ok(Box::new(followed.map_err(OpenError::Beside)?))
    }

    /// Why a backend would be silent about something that is asked for by name.
    fn refusal(&self, backend: Backend) -> Option<String> {
        let asks_who = self.rule.conditions.iter().any(Condition::asks_who);
        match backend {
            Backend::Fanotify if asks_who => {
                return Some("fanotify knows who it was only while that lives".to_owned());
            }
            Backend::Inotify if asks_who => return Some("inotify cannot tell who".to_owned()),
            _ => {}
        }
        let (op, why) = match backend {
            Backend::Fanotify => (None, "fanotify has no event for"),
            Backend::Inotify => (
                Some(Op::Execute),
                "inotify tells of a file that is run that it is opened, so it cannot tell",
            ),
            _ => (Some(Op::Close), "eBPF sees calls and cannot tell"),
        };
        let asked = |op: &Op| self.named.contains(op);
        let untold = match op.filter(asked) {
            Some(op) => op.as_str().to_owned(),
            None => names(self.plan.events.unwrap_or(0) & untold(backend, self.plan.events)),
        };
        (!untold.is_empty()).then(|| format!("{why} {untold}"))
    }
}

/// What a backend tells.
fn what(backend: Backend) -> &'static str {
    match backend {
        Backend::Fanotify => "fanotify: who and what, successes only",
        Backend::Inotify => "inotify: what, but not who",
        _ => "eBPF: who, what and with what result",
    }
}

/// Events that a backend does not tell; who asks for all of them takes what there is.
fn untold(backend: Backend, asked: Option<u32>) -> u32 {
    const BY_CALL: u32 = notice::CREATE
        | notice::DELETE
        | notice::MOVED_FROM
        | notice::MOVED_TO
        | notice::ATTRIB
        | notice::OPEN;
    let is_all = asked.is_some_and(|mask| mask & notice::ALL_EVENTS == notice::ALL_EVENTS);
    match backend {
        Backend::Ebpf => !BY_CALL,
        Backend::Fanotify if !is_all => notice::DELETE_SELF | notice::MOVE_SELF | notice::UNMOUNT,
        _ => 0,
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

/// fanotify for a plan, without symlinks that are followed.
///
/// # Errors
/// Without root, and when the kernel refuses it.
pub fn fanotify(plan: &WatchPlan) -> Result<Box<dyn Source>, OpenError> {
    if !rustix::process::geteuid().is_root() {
        return Err(OpenError::Privilege);
    }
    let source = Fanotify::open(plan).map_err(OpenError::Fanotify)?;
    Ok(Box::new(source))
}

/// inotify for a plan, without symlinks that are followed.
///
/// # Errors
/// When there is no room for more watches, or a file cannot be read.
pub fn inotify(plan: &WatchPlan) -> Result<Box<dyn Source>, OpenError> {
    let source = Inotify::open(plan).map_err(OpenError::Inotify)?;
    Ok(Box::new(source))
}
