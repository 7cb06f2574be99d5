//! What processes are called in the initial pid namespace, in which the kernel side counts, in the
//! tracer's own, and in `/proc`.

use std::collections::HashMap;

use crate::enrich::pids::Procfs;

/// How the three stand to each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pids {
    /// How deep the tracer's own namespace is below the initial one.
    pub(super) level: u32,
    pub(super) procfs: Procfs,
}

impl Pids {
    /// Has `/proc` the numbers of the initial namespace?
    pub(super) fn proc_is_initial(self) -> bool {
        match self.procfs {
            Procfs::Own => self.level == 0,
            Procfs::Above(above) => self.level == above,
            Procfs::Hidden => false,
        }
    }

    /// What `/proc` calls a process, by its numbers in the tracer's own and in the initial namespace.
    pub(super) fn in_proc(self, own: Option<u32>, host: u32) -> Option<u32> {
        self.procfs.number_of_either(self.level, own, host)
    }
}

/// What is known of a process by what `/proc` calls it.
pub(super) type InProc = HashMap<u32, u32>;
