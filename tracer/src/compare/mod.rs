//! What is different between two recorded runs. Tasks are matched by their place in the process tree
//! and by the program that they executed; the calls of each pair are aligned; files, commands and
//! environments are compared as a whole. Knows neither files nor terminals.
//!
//! `docs/recordings.md` says what is compared, and what is taken for the same.

mod align;
mod files;
mod json;
mod line;
mod pair;
mod programs;
mod run;
mod task;
#[cfg(test)]
mod tests;
mod text;
mod verdict;

use std::collections::BTreeMap;

use bytes::Bytes;

pub use align::{Hunk, Step};
pub use files::{FileChange, Found};
pub use json::write as write_json;
pub use line::{Line, Texts};
pub use pair::Pair;
pub use programs::{CommandChange, VariableChange};
pub use run::Run;
pub use task::Task;
pub use text::{Shape, write as write_text};
pub use verdict::First;

/// Something of the first recording, A, and of the second, B.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Two<T> {
    /// Of the first.
    pub a: T,
    /// Of the second.
    pub b: T,
}

impl<T> Two<T> {
    /// Both, made alike.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Two<U> {
        Two {
            a: make(self.a),
            b: make(self.b),
        }
    }

    /// Both, to be looked at.
    pub fn as_ref(&self) -> Two<&T> {
        Two {
            a: &self.a,
            b: &self.b,
        }
    }
}

/// Everything that is different.
#[derive(Debug)]
pub struct Comparison {
    /// Tasks of both, in the order of the tree; those of only one among them.
    pub pairs: Vec<Pair>,
    /// For each pair of two, how their lines are aligned.
    pub steps: Vec<Vec<Step>>,
    /// Commands that were not executed equally often.
    pub commands: Vec<CommandChange>,
    /// Variables of environments.
    pub variables: Vec<VariableChange>,
    /// Files, by path.
    pub files: BTreeMap<Bytes, FileChange>,
    /// The first difference that matters.
    pub first: Option<First>,
}

impl Comparison {
    /// Compares two runs, whose lines are in `texts`.
    pub fn new(runs: Two<&Run>) -> Self {
        let pairs = pair::match_tasks(runs);
        let steps: Vec<_> = pairs.iter().map(|pair| align::lines(runs, *pair)).collect();
        Self {
            commands: programs::commands(runs),
            variables: programs::variables(runs, &pairs),
            files: files::compare(runs),
            first: verdict::first(runs, &pairs, &steps),
            pairs,
            steps,
        }
    }

    /// Tasks of only one run.
    pub fn alone(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|pair| pair.both().is_none())
    }

    /// Differences of calls within tasks of both.
    pub fn calls(&self) -> usize {
        let of_pair = |steps: &Vec<Step>| steps.iter().filter(|step| step.is_change()).count();
        self.steps.iter().map(of_pair).sum()
    }

    /// Is nothing different?
    pub fn is_same(&self) -> bool {
        self.alone().next().is_none()
            && self.calls() == 0
            && self.commands.is_empty()
            && self.variables.is_empty()
            && self.files.is_empty()
    }
}
