//! A rule set in force on both sides: the kernel lets pass what may be reported, and each event is decided here by the
//! set that let it pass.

use super::ebpf::{Ebpf, EbpfError};
use crate::{
    calls::Op,
    enrich::files,
    event::{Certainty, Event, UNDECIDED},
    rules::{Compiled, Judge, RuleSet, Targets, Verdict},
};

/// The rules, made ready for both sides.
#[derive(Debug, Default)]
pub struct Judged {
    targets: Targets,
    /// By generation: events under way were let pass by the set before.
    judges: [Judge; 2],
    generation: bool,
    /// It was not looked again yet where the files are.
    is_new: bool,
    classes: usize,
}

/// What is decided about an event.
#[derive(Debug)]
pub struct Decided {
    /// Is it reported, and under which keys?
    pub verdict: Verdict,
    /// A watched file may be another one after it.
    pub replaces: bool,
    /// It depends on which files it was about, and nobody can tell.
    pub undecided: bool,
}

impl Decided {
    /// Why it is not reported, if it is not.
    pub fn reason(&self) -> &'static str {
        if self.undecided { UNDECIDED } else { "rule" }
    }
}

impl Judged {
    /// Puts a set in force.
    ///
    /// # Errors
    /// When the kernel refuses it; the one before stays.
    pub fn install(&mut self, set: &RuleSet, source: &mut Ebpf) -> Result<(), EbpfError> {
        let judge = Judge::new(set, &mut self.targets);
        let compiled = Compiled::new(set, &mut self.targets);
        self.targets.look_again();
        // Ready before the kernel lets the first event of the new set pass.
        self.judges[usize::from(!self.generation)] = judge;
        self.classes = compiled.classes();
        self.generation = source.set_rules(&compiled, &self.targets)?;
        self.is_new = true;
        Ok(())
    }

    /// Classes of rules that the kernel side tells apart.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// What decides with the set in force.
    pub fn judge(&self) -> &Judge {
        &self.judges[usize::from(self.generation)]
    }

    /// Decides about an event with the set that let it pass. The event has all its files then, without those that the
    /// rules leave out.
    pub fn decide(&self, event: &mut Event) -> Decided {
        let judge = &self.judges[usize::from(event.rules.generation)];
        files::complete(event);
        judge.leave_out_files(event);
        let event = &*event;
        let (touched, by_name) = self.targets.touched(event);
        let changes_names = matches!(event.op, Op::Create | Op::Rename | Op::Delete | Op::Mount);
        let verdict = judge.event(event, &touched);
        let may_be_told = || judge.event(event, &self.targets.numbers()) != Verdict::NotTold;
        Decided {
            undecided: event.certainty == Certainty::Nothing
                && verdict == Verdict::NotTold
                && may_be_told(),
            verdict,
            replaces: by_name && changes_names && event.success() == Some(true),
        }
    }

    /// Finds watched files again; only tells the kernel when one is another now.
    ///
    /// # Errors
    /// When the kernel refuses to watch another file.
    pub fn look_again(&mut self, source: &mut Ebpf) -> Result<(), EbpfError> {
        // What only the set before was about is let go, too.
        if self.targets.look_again() | std::mem::take(&mut self.is_new) {
            source.look_again(&self.targets)?;
        }
        Ok(())
    }
}
