//! Attaching to processes that run already: the kernel side must know exactly them and, where
//! asked for, their descendants. It is told before anything here is looked at, so what changes
//! meanwhile is either seen here or by its hooks.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
};

use super::{error::EbpfError, object::Object};
use crate::enrich::pids::Procfs;

/// A process and when it started, in clock ticks since boot: a reused id has another start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Born {
    ppid: u32,
    start: u64,
}

/// `ppid` and `starttime` of `/proc/ID/stat` (proc(5)), also of a thread; `None`: it has ended.
fn born(id: u32) -> Option<Born> {
    let stat = fs::read(format!("/proc/{id}/stat")).ok()?;
    // The command name is in parentheses and may itself hold one.
    let after = stat.iter().rposition(|b| *b == b')')? + 1;
    let mut fields = std::str::from_utf8(&stat[after..]).ok()?.split_whitespace();
    // Fields 3 (state), 4 (ppid) and 22 (starttime).
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    Some(Born {
        ppid: fields.next()?.parse().ok()?,
        start: fields.nth(17)?.parse().ok()?,
    })
}

/// Have all threads of what `/proc` calls this passed the hook that reports their ends? The first thread
/// stays, as a zombie, until its parent has waited for it.
pub(super) fn is_over(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    born(pid).is_none() && threads.map_or(0, Iterator::count) <= 1
}

/// The processes asked for, as they were before the hooks were attached.
pub(super) struct Targets(Vec<Target>);

struct Target {
    /// As it was asked for.
    given: u32,
    /// What `/proc` calls it.
    id: Option<u32>,
    before: Option<Born>,
    /// In the initial pid namespace.
    host: Option<u32>,
}

impl Target {
    /// Is it still the process that it was?
    fn is_same(&self) -> bool {
        let now = self.id.and_then(born);
        let is_same = |before: Born| now.is_some_and(|now| now.start == before.start);
        self.before.is_some_and(is_same)
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
                before: id.and_then(born),
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
struct Found {
    /// What `/proc` calls it.
    id: u32,
    born: Born,
}

/// Makes the descendants of `roots` targets; all ids are those of the initial pid namespace. New ones
/// are followed by the fork hook as soon as their parent is a target, so this is over when a look at
/// all processes finds nothing new.
pub(super) fn descendants(object: &mut Object, roots: &[u32]) -> Result<(), EbpfError> {
    let mut family: BTreeSet<u32> = roots.iter().copied().collect();
    loop {
        let mut found = BTreeMap::new();
        let mut joins = |host, id, parent: u32, older: u32, born: Born| {
            let related = family.contains(&parent) || family.contains(&older);
            if related && !family.contains(&host) {
                found.insert(host, Found { id, born });
            }
        };
        let shown = object.in_proc(false);
        let hosts: HashMap<u32, u32> = shown.iter().map(|(host, id)| (*id, *host)).collect();
        for (host, id) in &shown {
            if let Some(process) = born(*id)
                && let Some(parent) = hosts.get(&process.ppid)
            {
                joins(*host, *id, *parent, *parent, process);
            }
        }
        // A parent may have ended, and its children been given away, before it was met here.
        for (host, birth) in object.births() {
            if let Some(id) = shown.get(&host)
                && let Some(process) = born(*id)
            {
                joins(host, *id, birth.parent, birth.grandparent, process);
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        for (host, process) in found {
            object.add_target(host, 0)?;
            if born(process.id).is_none_or(|now| now.start != process.born.start) {
                object.remove_target(host);
            }
            family.insert(host);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_a_parent_and_a_start() {
        let own = born(std::process::id()).unwrap();
        assert_eq!(own.ppid, std::os::unix::process::parent_id());
        assert!(own.start > 0);
        assert_eq!(born(u32::MAX), None);
    }
}
