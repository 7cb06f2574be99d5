//! What was executed, and in which environment.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;

use super::{Pair, Run, Two, task::Program};

/// A command that was not executed equally often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandChange {
    /// The program's file.
    pub path: Bytes,
    /// Its arguments, the name included.
    pub args: Vec<Bytes>,
    /// How often it was executed.
    pub times: Two<u64>,
}

/// Commands that were not executed equally often, in the order in which they were first.
pub(super) fn commands(runs: Two<&Run>) -> Vec<CommandChange> {
    let mut all: Vec<CommandChange> = Vec::new();
    let mut known: HashMap<(&Bytes, &[Bytes]), usize> = HashMap::new();
    for (run, is_a) in [(runs.a, true), (runs.b, false)] {
        for program in run.tasks.iter().flat_map(|task| &task.programs) {
            let at = *known
                .entry((&program.path, &program.args))
                .or_insert_with(|| {
                    all.push(CommandChange {
                        path: program.path.clone(),
                        args: program.args.clone(),
                        times: Two::default(),
                    });
                    all.len() - 1
                });
            let times = &mut all[at].times;
            *(if is_a { &mut times.a } else { &mut times.b }) += 1;
        }
    }
    all.retain(|command| command.times.a != command.times.b);
    all
}

/// A variable of the environment that has another value, or is there in only one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableChange {
    /// Its name.
    pub name: Bytes,
    /// Its values.
    pub values: Two<Option<Bytes>>,
    /// Program of the first task that had them.
    pub program: Bytes,
}

/// Differences of the environments of programs that both executed; each once.
pub(super) fn variables(runs: Two<&Run>, pairs: &[Pair]) -> Vec<VariableChange> {
    let mut all: Vec<VariableChange> = Vec::new();
    for both in pairs.iter().filter_map(|pair| pair.both()) {
        let programs = Two {
            a: &runs.a.tasks[both.a].programs,
            b: &runs.b.tasks[both.b].programs,
        };
        for (a, b) in programs.a.iter().zip(programs.b) {
            for (name, values) in differences(a, b) {
                let is_known = |v: &VariableChange| v.name == name && v.values == values;
                if !all.iter().any(is_known) {
                    all.push(VariableChange {
                        name,
                        values,
                        program: a.path.clone(),
                    });
                }
            }
        }
    }
    all
}

/// The variables that differ between two programs, by name. Of an environment that was not recorded
/// whole, what is missing says nothing.
fn differences(a: &Program, b: &Program) -> BTreeMap<Bytes, Two<Option<Bytes>>> {
    let (Some(env_a), Some(env_b)) = (&a.environment, &b.environment) else {
        return BTreeMap::new();
    };
    let is_cut = Two {
        a: env_a.incomplete.is_some(),
        b: env_b.incomplete.is_some(),
    };
    let mut all: BTreeMap<Bytes, Two<Option<Bytes>>> = BTreeMap::new();
    for (name, value) in env_a.args.iter().map(split) {
        all.entry(name).or_default().a = Some(value);
    }
    for (name, value) in env_b.args.iter().map(split) {
        all.entry(name).or_default().b = Some(value);
    }
    all.retain(|_, values| match (&values.a, &values.b) {
        (None, Some(_)) => !is_cut.a,
        (Some(_), None) => !is_cut.b,
        // The last one may be cut itself.
        (Some(a), Some(b)) => {
            a != b && !(is_cut.a && b.starts_with(a)) && !(is_cut.b && a.starts_with(b))
        }
        (None, None) => false,
    });
    all
}

/// Name and value.
fn split(variable: &Bytes) -> (Bytes, Bytes) {
    match memchr::memchr(b'=', variable) {
        Some(at) => (variable.slice(..at), variable.slice(at + 1..)),
        None => (variable.clone(), Bytes::new()),
    }
}
