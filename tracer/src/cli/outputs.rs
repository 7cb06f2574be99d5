//! Where the records of `trace` and `replay` go, and what else is made of the events.

use std::path::Path;

use super::{args::LiveArgs, exit::Failure, filter::FilterArgs, live, view::ViewArgs};
use crate::{
    event::Users,
    fold::{Fold, Separate, Timeline},
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
    pub(super) fn check(&self) -> Result<(), Failure> {
        let Some(base) = self.separate() else {
            return Ok(());
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

    /// Opens them all. `subject`: whose events they are.
    pub(super) fn open(
        &self,
        look: &mut live::Look,
        defaults: Defaults,
        subject: String,
        users: &Users,
    ) -> Result<(Sink, Vec<Box<dyn Fold>>), Failure> {
        let mut folds = self.view.folds(self.live, &look.format);
        if let Some((path, page)) = &self.view.timeline {
            let timeline = Timeline::create(path, *page, subject, defaults.options.clone());
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
