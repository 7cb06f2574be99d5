//! Where the records of `trace` and `replay` go, and what else is made of the events.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

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
    /// Another file that is read or written, and what for.
    pub(super) also: (&'static str, Option<&'a Path>),
}

impl Outputs<'_> {
    /// Refuses one file for two things, and what has no lines of tasks to put into files, in the words of strace.
    pub(super) fn check(&self, as_strace: bool) -> Result<(), Failure> {
        let timeline = self.view.timeline.as_ref().map(|(path, _)| &**path);
        let output = self.live.output.as_deref();
        // That of -ff is only what the names of files begin with.
        let output = output.filter(|_| self.separate().is_none());
        apart(output, self.live, &[("--timeline", timeline), self.also])?;
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

    /// Opens them all. `subject`: whose events they are; `ran`: those that are asked for and run already, none where
    /// whatever runs is; `None` where nothing that ran before can be a part of it.
    pub(super) fn open(
        &self,
        look: &mut live::Look,
        defaults: Defaults,
        subject: String,
        users: &Users,
        ran: Option<&BTreeSet<u32>>,
    ) -> Result<(Sink, Vec<Box<dyn Fold>>), Failure> {
        let has_lives = self.view.tree || self.view.timeline.is_some();
        let before = ran.filter(|_| has_lives).map(Before::of);
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

/// Refuses one file for two things: what writes it last would take away what the other wrote.
pub(super) fn apart(
    output: Option<&Path>,
    live: &LiveArgs,
    others: &[(&str, Option<&Path>)],
) -> Result<(), Failure> {
    let output = output.filter(|path| live::piped_to(path).is_none());
    let mut known: Vec<(&str, Place)> = Vec::new();
    let own = [("--output", output), ("--record", live.record.as_deref())];
    for (what, path) in own.iter().chain(others) {
        let Some((path, place)) = path.and_then(|path| Some((path, Place::of(path)?))) else {
            continue;
        };
        if let Some((first, _)) = known.iter().find(|(_, other)| *other == place) {
            let path = path.display();
            return Err(Failure::usage(format!(
                "{path} is given twice, for {first} and for {what}: give each a file of its own"
            )));
        }
        known.push((what, place));
    }
    Ok(())
}

/// Symlinks that one name may lead through (`MAXSYMLINKS` of `linux/namei.h`).
const SYMLINKS: usize = 40;

/// A regular file, whatever it is called.
#[derive(PartialEq, Eq)]
enum Place {
    There { dev: u64, ino: u64 },
    ToBe(PathBuf),
}

impl Place {
    /// `None`: it is none (a device, a FIFO), or cannot be one.
    fn of(path: &Path) -> Option<Self> {
        if let Ok(status) = path.metadata() {
            let (dev, ino) = (status.dev(), status.ino());
            return status.is_file().then_some(Self::There { dev, ino });
        }
        let mut path = path.to_owned();
        for _ in 0..SYMLINKS {
            let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
            let dir = fs::canonicalize(dir.unwrap_or(Path::new("."))).ok()?;
            match fs::read_link(&path) {
                // What it leads to is made by who writes there.
                Ok(link) => path = dir.join(link),
                Err(_) => return Some(Self::ToBe(dir.join(path.file_name()?))),
            }
        }
        None
    }
}
