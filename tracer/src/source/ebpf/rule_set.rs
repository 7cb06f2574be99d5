//! A rule set in the kernel: the table of its classes, the watched inodes, and the change from one
//! set to the next without a gap.

use std::{
    collections::{BTreeMap, HashMap},
    ffi::OsStr,
    os::fd::{AsRawFd, OwnedFd},
    path::Path,
};

use aya::{
    Ebpf,
    maps::{Array, HashMap as BpfMap},
};
use rustix::fs::{Mode, OFlags, open};
use tracer_ebpf::abi::rules::{RuleTable, Watched};

use super::{
    EbpfPlan,
    error::EbpfError,
    object::{Abi, locate, map_of, set_calls},
};
use crate::{
    calls::CallSet,
    rules::{Compiled, Target, TargetId, Targets},
};

/// What the kernel side has of the rule set in force.
#[derive(Default)]
pub(super) struct Installed {
    /// Which of the two generations is in force.
    generation: usize,
    /// Watched inodes by address, each held open so that its address stays its own.
    inodes: HashMap<u64, (OwnedFd, Watched)>,
    /// Classes of each target, for looking again.
    classes: BTreeMap<TargetId, u64>,
    /// The calls of the set.
    pub(super) calls: Option<CallSet>,
}

impl Installed {
    /// Puts a rule set in force. Until the one write that does it, the old one holds; after it,
    /// the new one does. Returns its generation.
    pub(super) fn replace(
        &mut self,
        ebpf: &mut Ebpf,
        plan: &EbpfPlan,
        compiled: &Compiled,
        targets: &Targets,
    ) -> Result<bool, EbpfError> {
        let next = 1 - self.generation;
        let mut rules: Array<_, Abi<RuleTable>> = Array::try_from(map_of(ebpf, "RULES")?)?;
        rules.set(next as u32, Abi(*compiled.table), 0)?;
        self.classes.clone_from(&compiled.targets);
        self.watch(ebpf, next, targets)?;
        // For the moment of the change both sets must find their calls captured.
        set_calls(ebpf, &plan.with_calls(CallSet::All))?;
        let mut in_force: Array<_, u32> = Array::try_from(map_of(ebpf, "IN_FORCE")?)?;
        in_force.set(0, next as u32, 0)?;
        self.generation = next;
        set_calls(ebpf, &plan.with_calls(compiled.calls.clone()))?;
        self.calls = Some(compiled.calls.clone());
        Ok(next == 1)
    }

    /// Finds the watched files again: one that was replaced is another inode now.
    pub(super) fn look_again(
        &mut self,
        ebpf: &mut Ebpf,
        targets: &Targets,
    ) -> Result<(), EbpfError> {
        // No call is under way any more that is judged by the set before.
        let before = 1 - self.generation;
        for (_, watched) in self.inodes.values_mut() {
            watched.classes[before] = 0;
            watched.near[before] = 0;
        }
        self.watch(ebpf, self.generation, targets)
    }

    /// The targets of the set in force.
    pub(super) fn in_force<'a>(
        &self,
        targets: &'a Targets,
    ) -> impl Iterator<Item = &'a Target> + use<'a, '_> {
        self.classes.keys().filter_map(|id| targets.get(*id))
    }

    /// Tells the kernel which inodes are watched in a generation.
    fn watch(
        &mut self,
        ebpf: &mut Ebpf,
        generation: usize,
        targets: &Targets,
    ) -> Result<(), EbpfError> {
        for (_, watched) in self.inodes.values_mut() {
            watched.classes[generation] = 0;
            watched.near[generation] = 0;
        }
        for (id, classes) in self.classes.clone() {
            let Some(target) = targets.get(id) else {
                continue;
            };
            if let Some(watched) = self.inode(ebpf, &target.path)? {
                watched.classes[generation] |= classes;
                watched.id = id;
            }
            if let Some(directory) = directory(target)
                && let Some(watched) = self.inode(ebpf, directory)?
            {
                watched.near[generation] |= classes;
            }
        }
        let mut map: BpfMap<_, u64, Abi<Watched>> = BpfMap::try_from(map_of(ebpf, "WATCHED")?)?;
        for (inode, (_, watched)) in &self.inodes {
            map.insert(inode, Abi(*watched), 0)?;
        }
        // What neither generation watches is let go.
        let gone = |watched: &Watched| watched.classes == [0; 2] && watched.near == [0; 2];
        for inode in self
            .inodes
            .iter()
            .filter(|(_, (_, w))| gone(w))
            .map(|(i, _)| i)
        {
            map.remove(inode)?;
        }
        self.inodes.retain(|_, (_, watched)| !gone(watched));
        Ok(())
    }

    /// The entry of the inode behind a path; `None` when nothing is there.
    fn inode(&mut self, ebpf: &mut Ebpf, path: &Path) -> Result<Option<&mut Watched>, EbpfError> {
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        let path: &OsStr = path.as_os_str();
        let Ok(fd) = open(path, flags, Mode::empty()) else {
            return Ok(None);
        };
        let inode = locate(ebpf, fd.as_raw_fd())?.inode;
        if inode == 0 {
            return Ok(None);
        }
        let entry = self.inodes.entry(inode);
        Ok(Some(&mut entry.or_insert((fd, Watched::default())).1))
    }
}

/// The directory in which the name of a watched file stands: one that replaces it has another
/// inode, but the same directory.
fn directory(target: &Target) -> Option<&Path> {
    (!target.tree).then(|| target.real.parent()).flatten()
}
