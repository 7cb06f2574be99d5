//! The conservation sums of the source.

use crate::{event::LossReason, source::Sums};

/// Why an event of the kernel is not handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// The operation was not asked for, or is our own listing of a directory.
    Op,
    /// The path is left out by the plan.
    Exclude,
    /// It has been told already.
    Duplicate,
    /// It is not at or below a root (any more).
    Outside,
}

const REASONS: [(Reason, &str); 4] = [
    (Reason::Op, "op"),
    (Reason::Exclude, "exclude"),
    (Reason::Duplicate, "duplicate"),
    (Reason::Outside, "outside"),
];

/// The counters.
#[derive(Debug, Default)]
pub(super) struct Tally {
    filtered: [u64; REASONS.len()],
    seen: u64,
    delivered: u64,
    lost: u64,
    rescans: u64,
}

impl Tally {
    /// An event of the kernel, or one that was found out by looking.
    pub(super) fn see(&mut self) {
        self.seen += 1;
    }

    pub(super) fn filter(&mut self, reason: Reason) {
        self.filtered[reason as usize] += 1;
    }

    pub(super) fn deliver(&mut self) {
        self.delivered += 1;
    }

    pub(super) fn lose(&mut self) {
        self.lost += 1;
    }

    pub(super) fn rescan(&mut self) {
        self.rescans += 1;
    }

    pub(super) fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Events and losses.
    pub(super) fn handed_on(&self) -> u64 {
        self.delivered + self.lost
    }

    pub(super) fn rescans(&self) -> u64 {
        self.rescans
    }

    pub(super) fn sums(&self) -> Sums {
        let filtered: Vec<_> = REASONS
            .iter()
            .map(|(reason, word)| ((*word).into(), self.filtered[*reason as usize]))
            .filter(|(_, count)| *count > 0)
            .collect();
        Sums {
            seen: self.seen,
            filtered,
            delivered: self.delivered,
            calls: Vec::new(),
            lost: if self.lost == 0 {
                Vec::new()
            } else {
                vec![(LossReason::QueueOverflow, self.lost)]
            },
        }
    }
}
