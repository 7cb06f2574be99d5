//! How the lines of two tasks belong together: by what was called, whatever the result.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};

use super::{Pair, Run, Two};

/// Sequences that have nothing in common for longer than this are told as they are.
const LONGEST: Duration = Duration::from_secs(10);

/// One step through the lines of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A line of both.
    Same(Two<usize>),
    /// The same call with another result.
    Result(Two<usize>),
    /// A line of A only.
    OnlyA(usize),
    /// A line of B only.
    OnlyB(usize),
}

impl Step {
    /// Is anything different?
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Same(_))
    }

    /// The lines of both.
    pub fn lines(self) -> Two<Option<usize>> {
        match self {
            Self::Same(two) | Self::Result(two) => two.map(Some),
            Self::OnlyA(a) => Two {
                a: Some(a),
                b: None,
            },
            Self::OnlyB(b) => Two {
                a: None,
                b: Some(b),
            },
        }
    }
}

/// Aligns the lines of a pair; nothing for a task of one run.
pub(super) fn lines(runs: Two<&Run>, pair: Pair) -> Vec<Step> {
    let Some(both) = pair.both() else {
        return Vec::new();
    };
    let (a, b) = (
        &runs.a.tasks[both.a].lines[..],
        &runs.b.tasks[both.b].lines[..],
    );
    let keys = |lines: &[super::Line]| -> Vec<u32> { lines.iter().map(|l| l.what).collect() };
    let deadline = Instant::now() + LONGEST;
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &keys(a), &keys(b), Some(deadline));
    let mut steps = Vec::with_capacity(a.len().max(b.len()));
    for op in ops {
        let (i, j) = (op.old_range(), op.new_range());
        if op.tag() == DiffTag::Equal {
            steps.extend(i.zip(j).map(|(i, j)| {
                let two = Two { a: i, b: j };
                if a[i].how == b[j].how {
                    Step::Same(two)
                } else {
                    Step::Result(two)
                }
            }));
        } else {
            steps.extend(i.map(Step::OnlyA));
            steps.extend(j.map(Step::OnlyB));
        }
    }
    steps
}

/// Steps that are shown together: changes, and the lines around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// Which steps.
    pub steps: Range<usize>,
}

impl Hunk {
    /// All changes, with `context` steps before and behind each.
    pub fn all(steps: &[Step], context: usize) -> Vec<Self> {
        let mut hunks: Vec<Self> = Vec::new();
        for (at, _) in steps.iter().enumerate().filter(|(_, s)| s.is_change()) {
            let (from, to) = (
                at.saturating_sub(context),
                at.saturating_add(context)
                    .saturating_add(1)
                    .min(steps.len()),
            );
            match hunks.last_mut() {
                Some(last) if from <= last.steps.end => last.steps.end = to,
                _ => hunks.push(Self { steps: from..to }),
            }
        }
        hunks
    }
}
