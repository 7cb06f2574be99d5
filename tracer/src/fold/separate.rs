//! A file for every task (`-ff`): the lines of each go to `FILE.TID`. What the lines look like is
//! the business of the format.

use std::{
    collections::{HashMap, HashSet},
    ffi::OsString,
    fs::File,
    io::{self, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use super::Fold;
use crate::{
    event::{Event, Item, TaskId},
    format::Format,
    sink,
};

/// The files of a run.
pub struct Separate {
    base: PathBuf,
    format: Box<dyn Format>,
    /// Lines that are not in their files yet, with the number of events in them. An event that has
    /// no task (none of eBPF) is in FILE itself.
    waiting: HashMap<Option<TaskId>, (Vec<u8>, u64)>,
    /// Tasks that have not ended: a loss may be of each of them.
    alive: HashSet<Option<TaskId>>,
    /// Files that this run has begun: what is there already is kept.
    begun: HashSet<Option<TaskId>>,
    /// Files of an earlier run are kept too.
    append: bool,
    /// The file that took no more.
    broken: Option<String>,
}

impl Separate {
    /// Nothing is written yet; `base` gets `.TID` behind it.
    pub fn new(base: &Path, append: bool, format: Box<dyn Format>) -> Self {
        Self {
            base: base.to_owned(),
            format,
            waiting: HashMap::new(),
            alive: HashSet::new(),
            begun: HashSet::new(),
            append,
            broken: None,
        }
    }

    fn path(&self, task: Option<TaskId>) -> PathBuf {
        let mut name = OsString::from(&self.base);
        if let Some(tid) = task {
            name.push(format!(".{tid}"));
        }
        name.into()
    }

    /// Not kept open: there may be more tasks than descriptors.
    fn open(&mut self, task: Option<TaskId>) -> io::Result<File> {
        let is_new = !self.append && !self.begun.contains(&task);
        let file = sink::open_file(&self.path(task), !is_new)?;
        self.begun.insert(task);
        Ok(file)
    }

    fn flush(&mut self) -> io::Result<()> {
        let tasks: Vec<_> = self.waiting.keys().copied().collect();
        for task in tasks {
            let written = self
                .open(task)
                .and_then(|mut file| file.write_all(&self.waiting[&task].0));
            if let Err(error) = written {
                self.broken = Some(self.path(task).display().to_string());
                return Err(error);
            }
            self.waiting.remove(&task);
        }
        Ok(())
    }
}

/// The task that an event is about.
fn task_of(event: &Event) -> Option<TaskId> {
    let actor = event.actor.as_ref().ok()?;
    Some(actor.thread_id().unwrap_or(actor.id()))
}

impl Fold for Separate {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Event(event) => {
                let task = task_of(event);
                let is_new = !self.begun.contains(&task) && !self.waiting.contains_key(&task);
                let (lines, events) = self.waiting.entry(task).or_default();
                if is_new {
                    self.format.head(lines);
                }
                self.format.item(lines, item);
                *events += 1;
                if event.exit.is_some() {
                    self.alive.remove(&task);
                } else {
                    self.alive.insert(task);
                }
            }
            // It may be of any of them.
            Item::Loss(_) => {
                let mut line = Vec::new();
                self.format.item(&mut line, item);
                for task in &self.alive {
                    let (lines, _) = self.waiting.entry(*task).or_default();
                    lines.extend_from_slice(&line);
                }
            }
        }
    }

    fn settle(&mut self, _out: &mut Vec<u8>) -> io::Result<ControlFlow<()>> {
        self.flush()?;
        Ok(ControlFlow::Continue(()))
    }

    fn writes_to(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    fn finish(&mut self, _out: &mut Vec<u8>) -> io::Result<()> {
        self.flush()
    }

    fn unwritten(&self) -> u64 {
        self.waiting.values().map(|(_, events)| events).sum()
    }
}
