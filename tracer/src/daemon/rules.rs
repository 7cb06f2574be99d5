//! The rule set in force: what decides about an event, and how the next set takes its place.

use std::{io::ErrorKind, path::Path};

use crate::{
    event::Event,
    rules::{
        Note, RuleSet, Sender,
        file::{self, LoadError, Loaded},
        set::Change,
    },
    source::{
        ebpf::{Ebpf, EbpfError},
        judged::{Decided, Judged},
    },
    words::counted,
};

use super::{
    config::{Config, DEFAULT_RULES},
    journal::tell,
};

/// The rules, made ready for both sides.
pub(super) struct InForce {
    set: RuleSet,
    judged: Judged,
    changes: Vec<Change>,
}

impl InForce {
    /// Reads the rules of a configuration.
    pub(super) fn load(config: &Config) -> Result<Self, LoadError> {
        let loaded = read(config)?;
        tell_notes(&loaded.notes);
        Ok(Self {
            set: loaded.set,
            judged: Judged::default(),
            changes: loaded.changes,
        })
    }

    /// Puts the set in force.
    pub(super) fn install(&mut self, source: &mut Ebpf) -> Result<(), EbpfError> {
        self.judged.install(&self.set, source)
    }

    /// Takes another set; the old one stays when the kernel refuses the new one.
    pub(super) fn replace(&mut self, set: RuleSet, source: &mut Ebpf) -> Result<(), EbpfError> {
        if set == self.set {
            return Ok(());
        }
        let old = std::mem::replace(&mut self.set, set);
        let result = self.install(source);
        if result.is_err() {
            self.set = old;
        }
        result
    }

    pub(super) fn set(&self) -> &RuleSet {
        &self.set
    }

    pub(super) fn classes(&self) -> usize {
        self.judged.classes()
    }

    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// In words.
    pub(super) fn summary(&self) -> String {
        let rules = counted(self.set.rules().len() as u64, "rule");
        let lock = if self.set.is_locked() { ", locked" } else { "" };
        format!("{rules} in force{lock}")
    }

    /// The same, and what is different from what was in force before.
    pub(super) fn summary_since(&self, before: &RuleSet) -> String {
        let (added, removed) = (before.lacks_of(&self.set), self.set.lacks_of(before));
        let changed = match (added, removed) {
            (0, 0) => "as before".to_owned(),
            (added, 0) => format!("{added} added"),
            (0, removed) => format!("{removed} removed"),
            (added, removed) => format!("{added} added, {removed} removed"),
        };
        format!("{}: {changed}", self.summary())
    }

    pub(super) fn rate_limit(&self) -> u32 {
        self.set.controls.rate_limit
    }

    /// `-f 1`
    pub(super) fn tells_losses(&self) -> bool {
        self.set.controls.failure > 0
    }

    pub(super) fn has_excludes(&self) -> bool {
        self.judged.judge().has_excludes()
    }

    pub(super) fn excludes(&self, event: Option<&Event>, record_type: u16) -> bool {
        self.judged.judge().excludes(event, record_type)
    }

    pub(super) fn takes_message(&self, sender: &Sender) -> bool {
        self.judged.judge().message(sender)
    }

    /// Decides about an event with the set that let it pass: see [`Judged::decide`].
    pub(super) fn decide(&self, event: &mut Event) -> Decided {
        self.judged.decide(event)
    }

    /// Finds watched files again; only tells the kernel when one is another now.
    pub(super) fn look_again(&mut self, source: &mut Ebpf) -> Result<(), EbpfError> {
        self.judged.look_again(source)
    }
}

/// Reads the rule files of a configuration.
pub(super) fn read(config: &Config) -> Result<Loaded, LoadError> {
    let path = config.rules.as_deref();
    let at = path.unwrap_or(Path::new(DEFAULT_RULES));
    let is_missing = at
        .metadata()
        .is_err_and(|error| error.kind() == ErrorKind::NotFound);
    let paths = match path {
        Some(path) if is_missing => return Err(LoadError::NoRules(path.to_owned())),
        // A fresh machine has no rules yet.
        None if is_missing => Vec::new(),
        _ => vec![at.to_owned()],
    };
    file::load(&paths, RuleSet::default())
}

fn tell_notes(notes: &[Note]) {
    for note in notes {
        note.to_string().lines().for_each(tell);
    }
}
