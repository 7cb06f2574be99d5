//! Files that were touched, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::{Run, Two};
use crate::{
    calls::Op,
    decode::names,
    event::{Call, Event},
};

/// What a run did to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// In which ways it was touched or was to be; looking at it (stat(2)) is none of them.
    pub ops: BTreeSet<Op>,
    /// What came of it.
    pub found: Found,
}

/// What came of touching a file. Several can be true: a file that is made was missing before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// It was there, or was made.
    pub there: bool,
    /// It was not there (`ENOENT`, `ENOTDIR`).
    pub missing: bool,
    /// Other errors, by number.
    pub errors: BTreeSet<i32>,
}

impl Touched {
    /// Adds what an event did to it.
    pub(super) fn add(&mut self, event: &Event) {
        if event.op != Op::Other {
            self.ops.insert(event.op);
        }
        match event.call.as_ref().and_then(Call::errno) {
            Some(libc::ENOENT | libc::ENOTDIR) => self.found.missing = true,
            Some(errno) => drop(self.found.errors.insert(errno)),
            None => self.found.there |= event.success() == Some(true),
        }
    }
}

impl Found {
    /// In words: `found`, `missing`, `EACCES`.
    pub fn words(&self) -> Vec<&'static str> {
        let mut words = Vec::new();
        if self.there {
            words.push("found");
        }
        if self.missing {
            words.push("missing");
        }
        words.extend(self.errors.iter().map(|errno| names::errno(*errno)));
        if words.is_empty() {
            words.push("unknown");
        }
        words
    }
}

/// A file that only one run touched, or of which something else came.
pub type FileChange = Two<Option<Touched>>;

/// Every file that is not the same to both.
pub(super) fn compare(runs: Two<&Run>) -> BTreeMap<Bytes, FileChange> {
    let Two { a, b } = runs.map(|run| &run.files);
    let names: BTreeSet<&Bytes> = a.keys().chain(b.keys()).collect();
    let found = |touched: Option<&Touched>| touched.map(|touched| touched.found.clone());
    names
        .into_iter()
        .filter(|name| found(a.get(*name)) != found(b.get(*name)))
        .map(|name| {
            let change = Two {
                a: a.get(name).cloned(),
                b: b.get(name).cloned(),
            };
            (name.clone(), change)
        })
        .collect()
}
