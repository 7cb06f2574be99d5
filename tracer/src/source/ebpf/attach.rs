//! Attaching to processes that run already: the kernel side must know exactly them and, where
//! asked for, their descendants. It is told before anything here is looked at, so what changes
//! meanwhile is either seen here or by its hooks.

use std::collections::{BTreeSet, HashMap};

use super::{error::EbpfError, object::Object};
use crate::enrich::pids::{Procfs, stat, threads};

/// When what `/proc` calls this was started: a reused id has another start. `None`: it has ended.
fn start(id: u32) -> Option<u64> {
    Some(stat(id)?.start)
}

/// Have all threads of what `/proc` calls this passed the hook that reports their ends? The first thread
/// stays, as a zombie, until its parent has waited for it.
pub(super) fn is_over(pid: u32) -> bool {
    stat(pid).is_none() && threads(pid).count() <= 1
}

/// The processes asked for, as they were before the hooks were attached.
pub(super) struct Targets(Vec<Target>);

struct Target {
    /// As it was asked for.
    given: u32,
    /// What `/proc` calls it.
    id: Option<u32>,
    /// When it was started.
    before: Option<u64>,
    /// In the initial pid namespace.
    host: Option<u32>,
}

impl Target {
    /// Is it still the process that it was?
    fn is_same(&self) -> bool {
        self.before.is_some() && self.id.and_then(start) == self.before
    }
}

impl Targets {
    /// Notes when each was started.
    pub(super) fn before(given: &[u32]) -> Self {
        let procfs = Procfs::here();
        let target = |given: &u32| {
            let id = procfs.number_of(*given);
            Target {
                given: *given,
                id,
                before: id.and_then(start),
                host: None,
            }
        };
        Self(given.iter().map(target).collect())
    }

    /// Finds each as the kernel side knows it; returns those.
    pub(super) fn find(&mut self, mut host_id: impl FnMut(u32) -> Option<u32>) -> Vec<u32> {
        let found = self.0.iter_mut().filter_map(|target| {
            target.host = target.id.and_then(&mut host_id);
            target.host
        });
        found.collect()
    }

    /// From here on the hooks see each end. One that ended before is traced no more: its id may
    /// be another program's. Returns those that are left, in the initial namespace, and what to say
    /// of the others.
    pub(super) fn settle(&self, object: &mut Object) -> Result<(Vec<u32>, Vec<String>), EbpfError> {
        let (same, ended): (Vec<_>, Vec<_>) = self
            .0
            .iter()
            .partition(|target| target.host.is_some() && target.is_same());
        for id in ended.iter().filter_map(|target| target.host) {
            object.remove_target(id);
        }
        if let ([target, ..], true) = (&ended[..], same.is_empty()) {
            return Err(EbpfError::Gone(target.given));
        }
        let hosts = same.iter().filter_map(|target| target.host);
        let told = ended.iter().map(|target| {
            let id = target.given;
            format!("process {id} ended before it could be traced")
        });
        Ok((hosts.collect(), told.collect()))
    }
}

/// A process that was found on the way.
#[derive(Clone, Copy)]
struct Found {
    host: u32,
    /// What `/proc` calls it.
    id: u32,
    start: u64,
}

/// Makes the descendants of `roots` targets; all ids are those of the initial pid namespace. New ones
/// are followed by the fork hook as soon as their parent is a target, so this is over when a look at
/// all processes finds nothing new.
pub(super) fn descendants(object: &mut Object, roots: &[u32]) -> Result<(), EbpfError> {
    let mut family: BTreeSet<u32> = roots.iter().copied().collect();
    loop {
        // All processes, by their parents: those of the family are found in one go, however deep.
        let mut children: HashMap<u32, Vec<Found>> = HashMap::new();
        let shown = object.in_proc(false);
        let hosts: HashMap<u32, u32> = shown.iter().map(|(host, id)| (*id, *host)).collect();
        for (host, id) in &shown {
            if let Some(process) = stat(*id)
                && let Some(parent) = hosts.get(&process.parent)
            {
                children.entry(*parent).or_default().push(Found {
                    host: *host,
                    id: *id,
                    start: process.start,
                });
            }
        }
        // A parent may have ended, and its children been given away, before it was met here.
        for (host, birth) in object.births() {
            if let Some(id) = shown.get(&host)
                && let Some(start) = start(*id)
            {
                let found = Found {
                    host,
                    id: *id,
                    start,
                };
                for above in [birth.parent, birth.grandparent] {
                    children.entry(above).or_default().push(found);
                }
            }
        }
        let before = family.len();
        let mut above: Vec<u32> = family.iter().copied().collect();
        while let Some(parent) = above.pop() {
            for process in children.get(&parent).into_iter().flatten() {
                if !family.insert(process.host) {
                    continue;
                }
                object.add_target(process.host, 0)?;
                if start(process.id) != Some(process.start) {
                    object.remove_target(process.host);
                }
                above.push(process.host);
            }
        }
        if family.len() == before {
            return Ok(());
        }
    }
}
