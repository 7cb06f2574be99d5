//! Which mounts a plan is about, and marking them.

use std::{collections::BTreeSet, fs, os::unix::ffi::OsStrExt};

use anyhow::{Context, anyhow, bail};
use nix::errno::Errno;

use super::{
    group::{Group, Marked},
    resolve::{Anchor, Resolver, join, shown},
    scope,
};
use crate::{
    calls::Op,
    enrich::mounts::{self, Mount},
    source::WatchPlan,
};

/// File systems below a root that are worth watching by mount when they cannot be marked as a
/// whole. Others that refuse are the kernel's own (proc, sysfs), where opening a file, as the
/// descriptor-reporting group does, may have effects.
const BY_MOUNT: [&str; 3] = ["overlay", "btrfs", "bcachefs"];

/// Everything that is marked.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) names: Group,
    pub(super) descriptors: Option<Group>,
    pub(super) resolver: Resolver,
    pub(super) warnings: Vec<String>,
}

/// Mounts that could not be marked in full.
#[derive(Default)]
struct Short {
    unseen: Vec<String>,
    partly: Vec<String>,
}

impl Setup {
    pub(super) fn new(plan: &WatchPlan) -> anyhow::Result<Self> {
        if plan.roots.is_empty() {
            bail!("nothing to watch");
        }
        let mut this = Self {
            names: Group::with_names(plan)?,
            descriptors: None,
            resolver: Resolver::default(),
            warnings: Vec::new(),
        };
        let text = fs::read("/proc/thread-self/mountinfo")
            .context("the mounts are needed to find paths (is /proc mounted?)")?;
        let all = mounts::parse(&text);
        let mut short = Short::default();
        let roots = mounts_of_roots(plan, &all)?;
        for mount in &roots {
            this.mark(plan, mount, true, &mut short)?;
        }
        for mount in mounts_below(plan, &all, &roots) {
            this.mark(plan, mount, false, &mut short)?;
        }
        this.warn(plan, &short);
        Ok(this)
    }

    fn mark(
        &mut self,
        plan: &WatchPlan,
        mount: &Mount,
        is_root: bool,
        short: &mut Short,
    ) -> anyhow::Result<()> {
        let name = format!("{} ({})", shown(&mount.point), mount.kind);
        let refused = match self.names.mark(&mount.point)? {
            Marked::Yes => match self.anchor(mount) {
                Ok(()) => return Ok(()),
                Err(errno) if !is_root => errno,
                Err(errno @ Errno::EPERM) => {
                    return Err(anyhow!(
                        "open_by_handle_at on {name}: {errno}; it needs CAP_DAC_READ_SEARCH in the \
                         initial user namespace: run as root, or use inotify"
                    ));
                }
                Err(errno) => return Err(anyhow!("{name}: {errno}")),
            },
            Marked::Refused(errno) => errno,
        };
        if (is_root || BY_MOUNT.contains(&mount.kind.as_str())) && self.mark_mount(plan, mount)? {
            short.partly.push(name);
        } else if is_root {
            bail!(
                "the file system of {name} cannot be watched: {refused}; use inotify, or eBPF where \
                 it is allowed"
            );
        } else {
            short.unseen.push(name);
        }
        Ok(())
    }

    /// Makes handles of this mount resolvable, and tries it.
    fn anchor(&mut self, mount: &Mount) -> Result<(), Errno> {
        let raw = |errno: rustix::io::Errno| Errno::from_raw(errno.raw_os_error());
        match Anchor::open(&mount.point, mount.id) {
            Ok(anchor) => {
                anchor.try_out().map_err(raw)?;
                self.resolver.add(anchor);
                Ok(())
            }
            // A mount on a file: its directory is on another one.
            Err(rustix::io::Errno::NOTDIR) => Ok(()),
            Err(errno) => Err(raw(errno)),
        }
    }

    fn mark_mount(&mut self, plan: &WatchPlan, mount: &Mount) -> anyhow::Result<bool> {
        if self.descriptors.is_none() {
            self.descriptors = Group::with_descriptors(plan)?;
        }
        match &mut self.descriptors {
            Some(group) => Ok(group.mark(&mount.point)? == Marked::Yes),
            None => Ok(false),
        }
    }

    fn warn(&mut self, plan: &WatchPlan, short: &Short) {
        let names = [Op::Create, Op::Delete, Op::Rename, Op::Attribute];
        let missing: Vec<_> = names
            .iter()
            .filter(|op| plan.ops.contains(op))
            .map(|op| op.as_str())
            .collect();
        if !short.partly.is_empty() && !missing.is_empty() {
            self.warnings.push(format!(
                "fanotify cannot tell {} on {}: the file system has no lasting file handles; use \
                 inotify or eBPF for those",
                missing.join(", "),
                short.partly.join(", ")
            ));
        }
        if !short.unseen.is_empty() {
            self.warnings.push(format!(
                "fanotify sees nothing on {}: the file system has no lasting file handles",
                short.unseen.join(", ")
            ));
        }
    }
}

/// The mounts on which the roots are.
fn mounts_of_roots(plan: &WatchPlan, all: &[Mount]) -> anyhow::Result<Vec<Mount>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for root in &plan.roots {
        let path = root.as_os_str().as_bytes();
        let id = mounts::id_of(path).with_context(|| shown(path))?;
        if seen.insert(id) {
            let mount = all.iter().find(|mount| mount.id == id);
            found.push(
                mount
                    .cloned()
                    .ok_or_else(|| anyhow!("the mount of {} is not in mountinfo", shown(path)))?,
            );
        }
    }
    Ok(found)
}

/// The mounts below the roots, as far as they are not covered by others.
fn mounts_below<'a>(plan: &WatchPlan, all: &'a [Mount], roots: &[Mount]) -> Vec<&'a Mount> {
    if !plan.recursive {
        return Vec::new();
    }
    all.iter()
        .filter(|mount| !roots.iter().any(|root| root.id == mount.id))
        // Something in it must be of interest, and no other may be mounted on it.
        .filter(|mount| scope::judge(plan, &join(&mount.point, b"x")).is_ok())
        .filter(|mount| mount.is_seen())
        .collect()
}
