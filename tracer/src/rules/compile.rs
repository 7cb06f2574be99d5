//! From a rule to what the kernel decides.

use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::Path};

use tracer_ebpf::abi::filter::{
    BY_COMM, BY_GID, BY_ROOT, BY_TARGET, BY_THREAD, BY_UID, EXITS, FAILED, FOLLOW, FOUND_ONLY,
    SUCCEEDED,
};

use super::{Condition, Rule};

/// The kernel's part of a rule.
#[derive(Clone, Debug, Default)]
pub struct KernelFilter {
    /// `BY_...` flags of the ABI.
    pub flags: u32,
    /// What the kernel lets through is exactly what the rule asks for.
    pub is_exact: bool,
    /// Signals whose delivery is reported: bit `n - 1` is signal `n`.
    pub signals: u64,
    /// Process (or thread) ids.
    pub targets: Vec<u32>,
    /// Real user ids.
    pub uids: Vec<u32>,
    /// Real group ids.
    pub gids: Vec<u32>,
    /// Command names, NUL-padded.
    pub comms: Vec<[u8; 16]>,
    /// Watched roots: files and directories that are there.
    pub roots: Vec<Vec<u8>>,
}

impl Rule {
    /// What the kernel can decide of this rule.
    pub fn compile(&self) -> KernelFilter {
        let mut out = KernelFilter {
            is_exact: true,
            signals: self.signals.0,
            ..KernelFilter::default()
        };
        if self.exits {
            out.flags |= EXITS;
        }
        for condition in &self.conditions {
            condition.compile(&mut out);
        }
        out
    }
}

impl Condition {
    fn compile(&self, out: &mut KernelFilter) {
        match self {
            // Only user space knows these names.
            Self::Notice(_) | Self::Names(_) => (),
            Self::Process {
                ids,
                threads,
                follow,
            } => {
                out.flags |= BY_TARGET;
                if *threads {
                    out.flags |= BY_THREAD;
                }
                if *follow {
                    out.flags |= FOLLOW;
                }
                out.targets.extend(ids);
            }
            Self::Uid(uids) => {
                out.flags |= BY_UID;
                out.uids.extend(uids.iter().map(|u| u.0));
            }
            Self::Gid(gids) => {
                out.flags |= BY_GID;
                out.gids.extend(gids.iter().map(|g| g.0));
            }
            Self::Comm(globs) => {
                let names: Option<Vec<_>> = globs
                    .iter()
                    .map(|g| literal_comm(g.glob().glob()))
                    .collect();
                match names {
                    Some(names) => {
                        out.flags |= BY_COMM;
                        out.comms.extend(names);
                    }
                    None => out.is_exact = false,
                }
            }
            Self::Path(set) => {
                out.is_exact = false;
                if set.found_only {
                    out.flags |= FOUND_ONLY;
                }
                // With patterns beside the roots the inode alone cannot reject anything.
                let is_there = |root: &Vec<u8>| Path::new(OsStr::from_bytes(root)).exists();
                if set.by_inode
                    && set.globs.is_empty()
                    && set.descriptors.is_empty()
                    && set.roots.all().iter().all(is_there)
                {
                    out.flags |= BY_ROOT;
                    out.roots.extend(set.roots.all());
                }
            }
            Self::Success(wanted) => out.flags |= if *wanted { SUCCEEDED } else { FAILED },
            // Decided in user space only.
            Self::Exe(_) | Self::Op(_) | Self::Status(_) => out.is_exact = false,
        }
    }
}

/// A name without wildcards, as the kernel stores it: cut to 15 bytes.
fn literal_comm(pattern: &str) -> Option<[u8; 16]> {
    if pattern.contains(['*', '?', '[', '{', '\\']) {
        return None;
    }
    let mut comm = [0; 16];
    let len = pattern.len().min(15);
    comm[..len].copy_from_slice(&pattern.as_bytes()[..len]);
    Some(comm)
}
