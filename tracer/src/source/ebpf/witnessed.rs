//! What fanotify tells beside the calls, put into them as they come out of the ring.

use std::{os::unix::ffi::OsStrExt, path::PathBuf};

use super::{Ebpf, EbpfPlan};
use crate::{
    calls::CallSet,
    event::Item,
    rules::Target,
    source::witness::{Calls, Witness},
};

/// Records taken at most at once.
const BATCH: usize = 16_384;

/// So many of them are in hand at once: few, so that they are still in the processor's own memory.
const PART: usize = 256;

/// The witness and what waits for it; without one, nothing.
#[derive(Default)]
pub(super) struct Witnessed {
    witness: Option<Witness>,
    /// Events that only it has told.
    told: u64,
    /// What came into the ring while it was read.
    held: Vec<Item>,
    /// Room for the next.
    room: Vec<Item>,
    /// So many events of fanotify were read when that was last asked.
    read: u64,
}

impl Witnessed {
    /// Opens what the plan asks for: before the first call is captured, so that each has its event. Why it
    /// cannot be had goes to the warnings.
    pub(super) fn open(plan: &EbpfPlan, warnings: &mut Vec<String>) -> Self {
        let Some(roots) = plan.witness.clone() else {
            return Self::default();
        };
        let witness = Witness::open(&plan.calls, roots, plan.tells_rest(), plan.is_of_rules());
        if let Err(error) = &witness {
            warnings.push(format!(
                "calls by name are judged by their names: {error:#}"
            ));
        }
        Self {
            witness: witness.ok(),
            ..Self::default()
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.witness.is_some()
    }

    /// Were events of fanotify read since this was last asked?
    pub(super) fn has_read(&mut self) -> bool {
        let read = self.witness.as_ref().map_or(0, Witness::read_so_far);
        std::mem::replace(&mut self.read, read) != read
    }

    pub(super) fn told(&self) -> u64 {
        self.told
    }

    /// These calls are of interest from now on, and these files and trees.
    pub(super) fn set<'a>(
        &mut self,
        calls: impl Iterator<Item = &'a CallSet>,
        targets: impl Iterator<Item = &'a Target>,
    ) {
        if let Some(witness) = &mut self.witness {
            let path = |path: &PathBuf| path.as_os_str().as_bytes().to_vec();
            let named = targets.flat_map(|target| [path(&target.path), path(&target.real)]);
            witness.set(calls, named.collect());
        }
    }

    /// What is at the watched paths may be something else.
    pub(super) fn look(&mut self) {
        if let Some(witness) = &mut self.witness {
            witness.look();
        }
    }

    /// The calls of which the kernel side tells end now.
    pub(super) fn ends(&mut self) -> anyhow::Result<()> {
        self.witness.as_mut().map_or(Ok(()), Witness::ends)
    }
}

impl Ebpf {
    /// Hands on what waits in the ring, with what fanotify told of it. Returns how many records were taken;
    /// at the end, none is the last time.
    pub(super) fn hand_on(
        &mut self,
        ending: bool,
        take: &mut dyn FnMut(Item),
    ) -> anyhow::Result<usize> {
        let Some(mut witness) = self.witnessed.witness.take() else {
            let count = self.drain(BATCH, false, take);
            if ending && count == 0 {
                self.drain(BATCH, true, take);
            }
            return Ok(count);
        };
        let mut count = 0;
        loop {
            let before = count;
            let calls = self.hand_on_part(&mut witness, ending, &mut count, take)?;
            if calls != Calls::Old || count == before || count >= BATCH {
                break;
            }
        }
        self.witnessed.witness = Some(witness);
        Ok(count)
    }

    /// Hands on a part of it. Returns which calls come then.
    fn hand_on_part(
        &mut self,
        witness: &mut Witness,
        ending: bool,
        count: &mut usize,
        take: &mut dyn FnMut(Item),
    ) -> anyhow::Result<Calls> {
        let mut items = std::mem::take(&mut self.witnessed.held);
        let mut keep = |item| {
            witness.keep_up();
            items.push(item);
        };
        let taken = self.drain(PART, false, &mut keep);
        let is_last = ending && taken == 0;
        if is_last {
            self.drain(PART, true, &mut keep);
        }
        *count += taken;
        witness.read(&mut |fd| self.object.below(fd))?;
        let mut next = std::mem::take(&mut self.witnessed.room);
        let mut calls = Calls::NoMore;
        if !is_last {
            let more = self.drain(PART, false, &mut |item| {
                witness.keep_up();
                next.push(item);
            });
            let is_all = !ending && more < PART;
            calls = if is_all { Calls::New } else { Calls::Old };
            *count += more;
        }
        let before = items.len();
        witness.settle(&mut items, &next, calls, &mut |fd| self.object.below(fd));
        let told = (items.len() - before) as u64;
        self.witnessed.told += told;
        self.delivered += told;
        self.warnings.append(&mut witness.take_warnings());
        for item in items.drain(..) {
            witness.keep_up();
            take(item);
        }
        (self.witnessed.held, self.witnessed.room) = (next, items);
        Ok(calls)
    }
}
