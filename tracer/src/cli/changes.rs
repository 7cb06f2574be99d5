//! The options of `trace` that ask about files and not about calls: what was changed, what was not
//! found.

use std::path::PathBuf;

use clap::Args;

use super::{
    args::{FormatArg, LiveArgs},
    effect::Name,
    exit::Failure,
    live, parse,
};
use crate::{
    calls::CallSet,
    fold::{Changes, Fold, ListAs},
    sink,
};

/// Questions about files.
#[derive(Debug, Args)]
#[command(next_help_heading = "Questions about files")]
pub(super) struct ChangesArgs {
    /// Print only what the command did to files in the end: created, changed, removed
    #[arg(long, conflicts_with_all = ["expressions", "status", "signal", "ops", "failed", "success",
          "summary_only", "summary", "tree", "timeline", "output_separately", "missing", "count"])]
    files_changed: bool,
    /// With --files-changed: each word and each path, as it is, ends with NUL; words of other mount
    /// namespaces end with -elsewhere
    #[arg(short = '0', long, requires = "files_changed")]
    null: bool,
    /// With --files-changed: write a shell script that takes back what can be taken back, and names
    /// what cannot; not of other mount namespaces
    #[arg(long, value_name = "FILE", requires = "files_changed", value_parser = parse::path())]
    pub(super) undo: Option<PathBuf>,
    /// Print only what programs looked for and did not find, without what libraries look for on
    /// their behalf (locales, the loader's files) and without searches that found it elsewhere
    #[arg(long, conflicts_with_all = ["expressions", "status", "failed", "success", "ops",
          "summary_only", "tree", "timeline"])]
    pub(super) missing: bool,
}

impl ChangesArgs {
    /// One of the questions is asked.
    pub(super) fn any(&self) -> bool {
        self.files_changed || self.missing
    }

    /// What prints a list and no line for an event.
    pub(super) fn list(&self) -> Option<Name> {
        self.files_changed.then_some("--files-changed")
    }

    /// The list is for a program.
    pub(super) fn is_for_program(&self) -> bool {
        self.null
    }

    /// The calls that answer it; `None`: nothing is asked.
    pub(super) fn calls(&self) -> Option<CallSet> {
        // The bare word also has calls that change a file through a descriptor.
        let set = if self.files_changed { "file" } else { "%file" };
        self.any().then(|| CallSet::parse(set).ok()).flatten()
    }

    /// What is made of the events.
    pub(super) fn fold(
        &self,
        live: &LiveArgs,
        subject: String,
    ) -> Result<Option<Box<dyn Fold>>, Failure> {
        if !self.files_changed {
            return Ok(None);
        }
        let list_as = match &live.format {
            _ if self.null => ListAs::Null,
            None | Some(FormatArg::Text) => ListAs::Text,
            Some(FormatArg::Json) => ListAs::Json,
            Some(_) => {
                let text = "--files-changed is a list: use --format text or json, or --null";
                return Err(Failure::usage(text));
            }
        };
        let undo = match &self.undo {
            None => None,
            Some(path) => {
                let file = sink::open_file(path, false);
                let file = file.map_err(|error| live::cannot_make(path, &error))?;
                Some((path.clone(), file))
            }
        };
        Ok(Some(Box::new(Changes::new(list_as, undo, subject))))
    }
}
