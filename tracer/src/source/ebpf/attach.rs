//! Attaching to processes that run already: the kernel side must know exactly them and, where
//! asked for, their descendants. It is told before anything here is looked at, so what changes
//! meanwhile is either seen here or by its hooks.

use std::{collections::BTreeMap, fs};

use super::{error::EbpfError, object::Object};

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

/// Have all threads of this process passed the hook that reports their ends? The first thread
/// stays, as a zombie, until its parent has waited for it.
pub(super) fn is_over(pid: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{pid}/task"));
    born(pid).is_none() && threads.map_or(0, Iterator::count) <= 1
}

/// The processes asked for, as they were before the hooks were attached.
pub(super) struct Targets(Vec<(u32, Option<Born>)>);

impl Targets {
    /// Notes when each was started.
    pub(super) fn before(ids: &[u32]) -> Self {
        Self(ids.iter().map(|id| (*id, born(*id))).collect())
    }

    /// From here on the hooks see each end. One that ended before is traced no more: its id may
    /// be another program's. Returns what to say of those.
    pub(super) fn settle(&self, object: &mut Object) -> Result<Vec<String>, EbpfError> {
        let mut ended = Vec::new();
        for (id, before) in &self.0 {
            let same = before.is_some_and(|b| born(*id).is_some_and(|now| now.start == b.start));
            if !same {
                object.remove_target(*id);
                ended.push(*id);
            }
        }
        match &ended[..] {
            [id, ..] if ended.len() == self.0.len() => Err(EbpfError::Gone(*id)),
            _ => Ok(ended
                .iter()
                .map(|id| format!("process {id} ended before it could be traced"))
                .collect()),
        }
    }
}

/// Makes the descendants of `roots` targets. New ones are followed by the fork hook as soon as
/// their parent is a target, so this is over when a look at all processes finds nothing new.
pub(super) fn descendants(object: &mut Object, roots: &[u32]) -> Result<(), EbpfError> {
    let mut family: BTreeMap<u32, Option<Born>> = roots.iter().map(|id| (*id, None)).collect();
    loop {
        let mut found = BTreeMap::new();
        let mut joins = |id, parent: u32, older: u32, born: Born| {
            let related = family.contains_key(&parent) || family.contains_key(&older);
            if related && !family.contains_key(&id) {
                found.insert(id, born);
            }
        };
        for (id, process) in processes() {
            joins(id, process.ppid, process.ppid, process);
        }
        // A parent may have ended, and its children been given away, before it was met here.
        for (id, birth) in object.births() {
            if let Some(process) = born(id) {
                joins(id, birth.parent, birth.grandparent, process);
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        for (id, process) in found {
            object.add_target(id, 0)?;
            if born(id).is_none_or(|now| now.start != process.start) {
                object.remove_target(id);
            }
            family.insert(id, Some(process));
        }
    }
}

/// Every process.
fn processes() -> impl Iterator<Item = (u32, Born)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        Some((id, born(id)?))
    })
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
        assert!(processes().any(|(id, born)| id == std::process::id() && born == own));
    }
}
