//! Processes that ran before a run. Those that are asked for are a part of it also when they do nothing, and what
//! stands between them and the descendants that are heard of.

use std::{
    collections::{BTreeSet, HashMap},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use crate::enrich::pids::{self, Procfs, Running};

/// What ran when a run began.
#[derive(Clone, Debug)]
pub struct Before {
    /// Those that are asked for; where whatever runs is, none.
    pub(super) asked: Vec<u32>,
    pub(super) running: HashMap<u32, Running>,
    /// When it began: wall clock, nanoseconds.
    pub(super) began_ns: u64,
    since: Instant,
}

impl Before {
    /// That of a run of these processes or threads, which begins now.
    pub fn of(ids: &BTreeSet<u32>) -> Self {
        let procfs = Procfs::here();
        let leader = |id: &u32| procfs.own_number_of(pids::leader(procfs.number_of(*id)?)?);
        let asked: BTreeSet<_> = ids.iter().filter_map(leader).collect();
        let wall = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            running: pids::running()
                .map(|process| (process.id, process))
                .collect(),
            asked: asked.into_iter().collect(),
            began_ns: wall.map_or(0, |wall| wall.as_nanos() as u64),
            since: Instant::now(),
        }
    }

    /// This moment: wall clock, nanoseconds.
    pub(super) fn now_ns(&self) -> u64 {
        self.began_ns + self.since.elapsed().as_nanos() as u64
    }

    /// Those from a process upwards, up to the last that is asked for, or below the first that `is_known`;
    /// nothing where it stands below neither.
    pub(super) fn above(&self, id: u32, is_known: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut above = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| !above.contains(id)) {
            if is_known(id) {
                return above;
            }
            let Some(process) = self.running.get(&id) else {
                break;
            };
            above.push(id);
            next = process.parent;
        }
        let asked = above.iter().rposition(|id| self.asked.contains(id));
        above.truncate(asked.map_or(0, |at| at + 1));
        above
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_above_a_process() {
        let running = [
            (1, None),
            (5, Some(1)),
            (6, Some(5)),
            (7, Some(6)),
            (9, Some(1)),
        ];
        let of = |asked: &[u32]| Before {
            asked: asked.to_vec(),
            running: running
                .map(|(id, parent)| {
                    let command = Vec::new();
                    (
                        id,
                        Running {
                            id,
                            parent,
                            command,
                        },
                    )
                })
                .into(),
            began_ns: 0,
            since: Instant::now(),
        };
        let none = |_| false;
        assert_eq!(of(&[5]).above(7, none), [7, 6, 5]);
        assert_eq!(of(&[5, 6]).above(7, none), [7, 6, 5]);
        assert_eq!(of(&[5]).above(7, |id| id == 6), [7]);
        assert!(of(&[5]).above(9, none).is_empty());
        assert!(of(&[5]).above(8, none).is_empty());
        let mut circle = of(&[5]);
        circle.running.get_mut(&5).expect("it is there").parent = Some(7);
        assert_eq!(circle.above(7, none), [7, 6, 5]);
    }
}
