//! The answer to "it works on that machine": the first difference that matters.

use super::{Line, Pair, Run, Step, Two};

/// The first call that failed in one run and succeeded in the other, or else the first difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// In which pair of tasks.
    pub pair: usize,
    /// Which step of it.
    pub step: usize,
    /// It failed in one run and succeeded in the other.
    pub is_failure: bool,
}

/// Finds it. When one of the runs failed as a whole, its failures come first.
pub(super) fn first(runs: Two<&Run>, pairs: &[Pair], steps: &[Vec<Step>]) -> Option<First> {
    let all = || {
        let numbered = steps.iter().enumerate();
        numbered.flat_map(|(pair, steps)| {
            let changes = steps.iter().enumerate().filter(|(_, s)| s.is_change());
            changes.map(move |(step, s)| (pair, step, *s))
        })
    };
    let line = |pair: usize, step: Step| lines(runs, pairs[pair], step);
    let failures = |of: Option<Side>| {
        all()
            .filter(|(pair, _, step)| {
                let failed = fails(line(*pair, *step));
                failed.is_some() && (of.is_none() || failed == of)
            })
            .min_by_key(|(pair, _, step)| place(line(*pair, *step)))
    };
    let failed = failed_run(runs);
    let failure = failures(failed).or_else(|| failures(None));
    let is_failure = failure.is_some();
    let found = failure.or_else(|| all().min_by_key(|(pair, _, step)| place(line(*pair, *step))));
    found.map(|(pair, step, _)| First {
        pair,
        step,
        is_failure,
    })
}

/// One of the two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    A,
    B,
}

/// The run that failed where the other succeeded.
pub(super) fn failed_run(runs: Two<&Run>) -> Option<Side> {
    let success = runs.map(|run| run.end().map(|end| end.is_success));
    match (success.a, success.b) {
        (Some(true), Some(false)) => Some(Side::B),
        (Some(false), Some(true)) => Some(Side::A),
        _ => None,
    }
}

/// In which of the two a call failed that succeeded in the other.
fn fails(lines: Two<Option<&Line>>) -> Option<Side> {
    match (lines.a?.success?, lines.b?.success?) {
        (true, false) => Some(Side::B),
        (false, true) => Some(Side::A),
        _ => None,
    }
}

/// When it was: in A, or in B where A does not have it.
fn place(lines: Two<Option<&Line>>) -> u64 {
    lines.a.or(lines.b).map_or(u64::MAX, |line| line.at)
}

/// The lines of a step.
pub(super) fn lines<'a>(runs: Two<&'a Run>, pair: Pair, step: Step) -> Two<Option<&'a Line>> {
    let at = step.lines();
    let line = |run: &'a Run, task: Option<usize>, line: Option<usize>| {
        run.tasks.get(task?)?.lines.get(line?)
    };
    Two {
        a: line(runs.a, pair.a, at.a),
        b: line(runs.b, pair.b, at.b),
    }
}
