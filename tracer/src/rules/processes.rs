//! The condition about processes: each must be there when it is asked for.

use std::collections::BTreeSet;

use super::Condition;
use crate::enrich::pids::{self, Procfs};

/// Why there is no condition about these processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProcessError {
    /// No process can be found.
    #[error(
        "/proc does not show tracer itself: it is not mounted, or that of another pid namespace, so processes \
         cannot be found by their ids; mount it here with `mount -t proc proc /proc`"
    )]
    Hidden,
    /// This one cannot.
    #[error("there is no process {0}: it may have ended; see `ps -e`")]
    Gone(u32),
}

impl Condition {
    /// One of these processes or threads, or with `follow` a descendant.
    ///
    /// # Errors
    /// When one of them is not there.
    pub fn processes(ids: &BTreeSet<u32>, follow: bool) -> Result<Self, ProcessError> {
        let mut threads = false;
        let procfs = Procfs::here();
        if procfs == Procfs::Hidden && !ids.is_empty() {
            return Err(ProcessError::Hidden);
        }
        for id in ids {
            let number = procfs.number_of(*id);
            let leader = number.and_then(pids::leader);
            let leader = leader.ok_or(ProcessError::Gone(*id))?;
            threads |= Some(leader) != number;
        }
        Ok(Self::Process {
            ids: ids.clone(),
            threads,
            follow,
        })
    }
}
