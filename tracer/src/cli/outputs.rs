//! Where the records of `trace` and `replay` go, and what else is made of the events.

use std::{collections::BTreeSet, path::Path};

use super::{args::LiveArgs, exit::Failure, filter::FilterArgs, live, view::ViewArgs};
use crate::{
    event::Users,
    fold::{Before, Fold, Separate, Timeline},
    format::Prefix,
    recording::Defaults,
    sink::Sink,
};

/// The options that say so.
#[derive(Clone, Copy)]
pub(super) struct Outputs<'a> {
    pub(super) filter: &'a FilterArgs,
    pub(super) view: &'a ViewArgs,
    pub(super) live: &'a LiveArgs,
}

impl Outputs<'_> {
    /// Refuses what has no lines of tasks to put into files, in the words of strace.
    pub(super) fn check(&self, as_strace: bool) -> Result<(), Failure> {
        let Some(base) = self.separate() else {
            let is_idle = self.view.output_separately && self.live.output.is_none();
            return match (is_idle, as_strace) {
                (false, _) => Ok(()),
                (true, false) => Err(Failure::usage(
                    "--output-separately makes files beside that of --output: add -o FILE, or leave it out",
                )),
                (true, true) => {
                    live::complain("strace: --output-separately has no effect without -o/--output");
                    Ok(())
                }
            };
        };
        let other = if live::piped_to(base).is_some() {
            "piping the output"
        } else if self.view.has_end() {
            "(-c/--summary-only or -C/--summary or --tree)"
        } else {
            return Ok(());
        };
        Err(Failure::usage(format!(
            "{other} and -ff/--output-separately are mutually exclusive"
        )))
    }

    /// The FILE of `-ff`, which has no effect without one, as with strace.
    fn separate(&self) -> Option<&Path> {
        let asked = self.view.output_separately || self.filter.follow > 1;
        self.live.output.as_deref().filter(|_| asked)
    }

    /// Opens them all. `subject`: whose events they are; `ran`: those of them that run already.
    pub(super) fn open(
        &self,
        look: &mut live::Look,
        defaults: Defaults,
        subject: String,
        users: &Users,
        ran: &BTreeSet<u32>,
    ) -> Result<(Sink, Vec<Box<dyn Fold>>), Failure> {
        let has_lives = self.view.tree || self.view.timeline.is_some();
        let before = (has_lives && !ran.is_empty()).then(|| Before::of(ran));
        let mut folds = self.view.folds(self.live, &look.format, before.clone());
        if let Some((path, page)) = &self.view.timeline {
            let timeline = Timeline::create(path, *page, subject, defaults.options.clone(), before);
            let timeline = timeline.map_err(|error| live::cannot_make(path, &error))?;
            folds.push(Box::new(timeline));
        }
        folds.extend(live::recorder(self.live, defaults)?);
        let Some(base) = self.separate() else {
            return Ok((live::sink(self.live)?, folds));
        };
        look.prefix = Prefix::Never;
        let lines = live::format(self.live, look, users.clone())?;
        let append = self.live.output_append_mode;
        folds.push(Box::new(Separate::new(base, append, lines)));
        look.silent = true;
        Ok((Sink::nothing(base.display().to_string())?, folds))
    }
}
