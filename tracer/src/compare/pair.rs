//! Which task of one run is which of the other: the roots, then the children of each two that are
//! the same, by what they executed and by their order.

use std::collections::HashMap;

use bytes::Bytes;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::{Run, Two, task::base};

/// A task of both runs, or of one.
pub type Pair = Two<Option<usize>>;

impl Pair {
    /// The two, where it is in both.
    pub fn both(self) -> Option<Two<usize>> {
        Some(Two {
            a: self.a?,
            b: self.b?,
        })
    }
}

/// All tasks, each once, in the order of the tree.
pub(super) fn match_tasks(runs: Two<&Run>) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut waiting = siblings(runs, runs.map(|run| &run.roots[..]));
    waiting.reverse();
    while let Some(pair) = waiting.pop() {
        pairs.push(pair);
        let children = Two {
            a: pair.a.map_or(&[][..], |task| &runs.a.tasks[task].children),
            b: pair.b.map_or(&[][..], |task| &runs.b.tasks[task].children),
        };
        let of_pair = siblings(runs, children);
        waiting.extend(of_pair.into_iter().rev());
    }
    pairs
}

/// Matches the children of one task with those of the other.
fn siblings(runs: Two<&Run>, tasks: Two<&[usize]>) -> Vec<Pair> {
    // What a run is about needs no other sign.
    if let ([a], [b]) = (tasks.a, tasks.b) {
        return vec![Two {
            a: Some(*a),
            b: Some(*b),
        }];
    }
    let mut partner = vec![None; tasks.a.len()];
    let mut free: Vec<bool> = vec![true; tasks.b.len()];
    // First with the same arguments and in the same order, then with the same arguments, then with
    // the same program.
    in_order(runs, tasks, &mut partner, &mut free);
    for by in [whole as fn(&Run, usize) -> Key, program] {
        anywhere(runs, tasks, by, &mut partner, &mut free);
    }
    merge(tasks, &partner, &free)
}

/// What a task is known by.
type Key = (Bytes, Vec<Bytes>);

/// The program with its arguments.
fn whole(run: &Run, task: usize) -> Key {
    let task = &run.tasks[task];
    let args = task.tried.as_ref().map(|(_, args)| args.clone());
    (
        Bytes::copy_from_slice(task.name()),
        args.unwrap_or_default(),
    )
}

/// The program alone; one that executed nothing is only that, or a thread.
fn program(run: &Run, task: usize) -> Key {
    let task = &run.tasks[task];
    let name = match &task.tried {
        Some((path, _)) => Bytes::copy_from_slice(base(path)),
        None if task.is_thread => Bytes::from_static(b"(thread)"),
        None => Bytes::from_static(b"(fork)"),
    };
    (name, Vec::new())
}

fn in_order(
    runs: Two<&Run>,
    tasks: Two<&[usize]>,
    partner: &mut [Option<usize>],
    free: &mut [bool],
) {
    let keys = |run: &Run, tasks: &[usize]| -> Vec<Key> {
        tasks.iter().map(|task| whole(run, *task)).collect()
    };
    let (a, b) = (keys(runs.a, tasks.a), keys(runs.b, tasks.b));
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        if op.tag() == DiffTag::Equal {
            for (i, j) in op.old_range().zip(op.new_range()) {
                partner[i] = Some(j);
                free[j] = false;
            }
        }
    }
}

fn anywhere(
    runs: Two<&Run>,
    tasks: Two<&[usize]>,
    key: fn(&Run, usize) -> Key,
    partner: &mut [Option<usize>],
    free: &mut [bool],
) {
    let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
    for (j, task) in tasks.b.iter().enumerate().rev().filter(|(j, _)| free[*j]) {
        places.entry(key(runs.b, *task)).or_default().push(j);
    }
    for (i, task) in tasks.a.iter().enumerate() {
        if partner[i].is_none()
            && let Some(j) = places.get_mut(&key(runs.a, *task)).and_then(Vec::pop)
        {
            partner[i] = Some(j);
            free[j] = false;
        }
    }
}

/// The tasks of A in their order, those only in B where they are among those of B.
fn merge(tasks: Two<&[usize]>, partner: &[Option<usize>], free: &[bool]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let mut next = 0;
    let only_b = |pairs: &mut Vec<Pair>, from: &mut usize, to: usize| {
        while *from < to {
            if free[*from] {
                let b = Some(tasks.b[*from]);
                pairs.push(Two { a: None, b });
            }
            *from += 1;
        }
    };
    for (i, task) in tasks.a.iter().enumerate() {
        if let Some(j) = partner[i] {
            only_b(&mut pairs, &mut next, j);
        }
        pairs.push(Two {
            a: Some(*task),
            b: partner[i].map(|j| tasks.b[j]),
        });
    }
    only_b(&mut pairs, &mut next, tasks.b.len());
    pairs
}
