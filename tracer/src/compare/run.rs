//! A recorded run as a whole: its tasks, their lines, the files that they touched.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;

use super::{
    Task, Texts,
    files::Touched,
    line::{self, Lines},
    task::{End, Program},
};
use crate::{
    calls::{CallSet, Op},
    event::{Actor, Call, Data, Event, Exit, Item, OpenFile, PathItem, PathRole},
    recording::{Ending, Head, Reader, RecordingError},
};

/// A recorded run.
#[derive(Debug)]
pub struct Run {
    /// What its recording says of itself.
    pub head: Head,
    /// Its sums; `None` where the recording is not whole.
    pub ending: Option<Ending>,
    /// What is wrong with the recording.
    pub trouble: Option<RecordingError>,
    /// Its tasks, in the order in which they were first seen.
    pub tasks: Vec<Task>,
    /// Those whose parent is not in the recording.
    pub roots: Vec<usize>,
    /// Files, by path.
    pub files: BTreeMap<Bytes, Touched>,
    /// Events that were lost.
    pub lost: u64,
}

impl Run {
    /// Reads a recording to its end, or as far as it is whole. Only `calls` are compared.
    pub fn read(mut reader: Reader, calls: &CallSet, texts: &mut Texts) -> Self {
        let strings = reader.head().defaults.options.strings;
        let mut growing = Growing {
            tasks: Vec::new(),
            alive: HashMap::new(),
            announced: HashMap::new(),
            unclaimed: HashMap::new(),
            open: HashMap::new(),
            files: BTreeMap::new(),
            lines: Lines::new(strings),
            calls,
            texts,
            at: 0,
        };
        let mut lost = 0;
        let trouble = loop {
            match reader.next_item() {
                Ok(Some(Item::Event(mut event))) => growing.event(&mut event),
                Ok(Some(Item::Loss(gap))) => lost += gap.count.unwrap_or(1),
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        let (tasks, roots) = growing.tree();
        Self {
            head: reader.head().clone(),
            ending: reader.ending().cloned(),
            trouble,
            tasks,
            roots,
            files: growing.files,
            lost,
        }
    }

    /// How its first task ended.
    pub fn end(&self) -> Option<&End> {
        self.roots
            .first()
            .and_then(|root| self.tasks[*root].end.as_ref())
    }
}

/// A run that is being read.
struct Growing<'a> {
    tasks: Vec<Task>,
    /// Tasks that have not ended, by thread id.
    alive: HashMap<u32, usize>,
    /// Children that were made and have not been seen, with who made them and when.
    announced: HashMap<u32, (usize, u64)>,
    /// Tasks that were seen before whoever made them has returned from that.
    unclaimed: HashMap<u32, usize>,
    /// Names of the files behind descriptors, by process.
    open: HashMap<u32, HashMap<i32, OpenFile>>,
    files: BTreeMap<Bytes, Touched>,
    lines: Lines,
    calls: &'a CallSet,
    texts: &'a mut Texts,
    at: u64,
}

impl Growing<'_> {
    fn event(&mut self, event: &mut Event) {
        self.at += 1;
        let task = self.task(event);
        let pid = self.tasks[task].pid;
        self.name_descriptors(pid, event);
        if let Some(call) = &event.call {
            self.note_program(task, call, event);
            self.note_child(task, event.op, call);
        }
        let is_wanted = match &event.call {
            Some(call) => self.calls.contains(call.arch.name(call.nr)),
            None => true,
        };
        if is_wanted {
            for path in &event.paths {
                self.touch(event, path);
            }
            let line = self.lines.line(event, self.at, self.texts);
            self.tasks[task].lines.extend(line);
        }
        if let Some(exit) = event.exit {
            self.end(task, exit);
        }
    }

    /// The task of an event.
    fn task(&mut self, event: &Event) -> usize {
        let (pid, tid) = match &event.actor {
            Ok(actor) => (actor.pid.0, actor.tid.map_or(actor.pid.0, |tid| tid.0)),
            // Nobody knows who: one task stands for all of them.
            Err(_) => (0, 0),
        };
        if let Some(task) = self.alive.get(&tid) {
            return *task;
        }
        let actor = event.actor.as_ref().ok();
        let is_thread = tid != pid;
        let announced = self.announced.remove(&tid);
        let (parent, made) = match announced {
            Some((parent, made)) => (Some(parent), made),
            None => (self.by_id(actor, is_thread), self.at),
        };
        if let Some(actor) = actor {
            self.lines.begin_in(&actor.cwd);
        }
        if !is_thread
            && let Some(inherited) = parent.and_then(|p| self.open.get(&self.tasks[p].pid))
        {
            self.open.insert(pid, inherited.clone());
        }
        let task = self.tasks.len();
        self.tasks.push(Task {
            pid,
            tid,
            is_thread,
            parent,
            made,
            comm: actor.and_then(|a| a.comm.clone().ok()).unwrap_or_default(),
            ..Task::default()
        });
        self.alive.insert(tid, task);
        if announced.is_none() {
            self.unclaimed.insert(tid, task);
        }
        task
    }

    /// The parent by its id: the process of a thread, the parent process of a process.
    fn by_id(&self, actor: Option<&Actor>, is_thread: bool) -> Option<usize> {
        let actor = actor?;
        let id = if is_thread { actor.pid } else { actor.ppid? };
        self.alive.get(&id.0).copied()
    }

    /// Keeps who made whom.
    fn note_child(&mut self, task: usize, op: Op, call: &Call) {
        let child = call.result().and_then(|ret| u32::try_from(ret).ok());
        let Some(child) = child.filter(|child| *child > 0 && op == Op::Fork) else {
            return;
        };
        // A child can be faster than its parent's return; with vfork(2) it always is.
        let early = self.unclaimed.remove(&child).filter(|early| {
            let parent = self.tasks[*early].parent;
            *early > task && parent.is_none_or(|p| self.tasks[p].pid == self.tasks[task].pid)
        });
        if let Some(early) = early {
            self.tasks[early].parent = Some(task);
            self.tasks[early].made = self.at;
        } else {
            self.announced.insert(child, (task, self.at));
        }
    }

    /// Keeps what was executed, or was to be.
    fn note_program(&mut self, task: usize, call: &Call, event: &Event) {
        let name = call.arch.name(call.nr);
        let environment_at = match name {
            Some("execve") => 2,
            Some("execveat") => 3,
            _ => return,
        };
        let target = event
            .paths
            .iter()
            .find(|path| path.role == PathRole::Target);
        let named = |path: &PathItem| match &path.requested {
            Some(Ok(name)) if !name.is_empty() => Some(name.clone()),
            _ => path.resolved.clone().ok(),
        };
        let args = call
            .argv()
            .map(|argv| argv.args.clone())
            .unwrap_or_default();
        let task = &mut self.tasks[task];
        if task.tried.is_none()
            && let Some(name) = target.and_then(named)
        {
            task.tried = Some((name, args.clone()));
        }
        if call.result() == Some(0) {
            let path = target.and_then(|path| path.resolved.clone().ok());
            let environment = call.data(environment_at).find_map(|data| match data {
                Data::Strings(strings) => Some(strings.clone()),
                _ => None,
            });
            task.programs.push(Program {
                path: self.lines.path(&path.unwrap_or_default()),
                args,
                environment,
            });
        }
    }

    /// Keeps what is behind descriptors, and tells it where the recording does not: a descriptor that
    /// was closed leads nowhere when the call returns.
    fn name_descriptors(&mut self, pid: u32, event: &mut Event) {
        let Some(call) = &mut event.call else {
            return;
        };
        let Ok(args) = call.args else {
            return;
        };
        let open = self.open.entry(pid).or_default();
        let result = call.result().and_then(|ret| i32::try_from(ret).ok());
        let number = |of: Option<u8>| match of {
            Some(of) => args.get(usize::from(of)).map(|arg| *arg as i32),
            None => result,
        };
        for file in &mut call.files {
            match (&file.name, number(file.of)) {
                (Ok(_), Some(number)) => drop(open.insert(number, file.clone())),
                (Err(_), Some(number)) => {
                    if let Some(known) = open.get(&number) {
                        let of = file.of;
                        *file = OpenFile {
                            of,
                            ..known.clone()
                        };
                    }
                }
                (_, None) => {}
            }
        }
        match call.arch.name(call.nr) {
            Some("close") => {
                if let Some(closed) = open.remove(&(args[0] as i32)) {
                    name(call, Some(0), closed);
                }
            }
            Some("dup" | "dup2" | "dup3") => copy(call, open, args[0], result),
            Some("fcntl") if matches!(args[1] as i32, libc::F_DUPFD | libc::F_DUPFD_CLOEXEC) => {
                copy(call, open, args[0], result);
            }
            _ => {}
        }
    }

    /// Keeps that a file was touched.
    fn touch(&mut self, event: &Event, path: &PathItem) {
        let ((Ok(name), _) | (Err(_), Some(Ok(name)))) = (&path.resolved, &path.requested) else {
            return;
        };
        // What a mount or a symlink is made of is no file that was looked for.
        if path.role == PathRole::Other || !name.starts_with(b"/") {
            return;
        }
        let touched = self.files.entry(self.lines.path(name)).or_default();
        touched.add(event);
    }

    fn end(&mut self, task: usize, exit: Exit) {
        let task = &mut self.tasks[task];
        task.end = Some(End {
            text: line::ended(exit),
            is_success: exit.status == Some(0),
        });
        self.alive.remove(&task.tid);
        if exit.last_thread {
            self.open.remove(&task.pid);
        }
    }

    /// The tasks with their children in order, and those without a parent.
    fn tree(&mut self) -> (Vec<Task>, Vec<usize>) {
        let mut tasks = std::mem::take(&mut self.tasks);
        let mut order: Vec<usize> = (0..tasks.len()).collect();
        order.sort_by_key(|task| tasks[*task].made);
        let mut roots = Vec::new();
        for task in order {
            match tasks[task].parent {
                Some(parent) => tasks[parent].children.push(task),
                None => roots.push(task),
            }
        }
        (tasks, roots)
    }
}

/// Names a descriptor of a call that has no name yet.
fn name(call: &mut Call, of: Option<u8>, file: OpenFile) {
    call.files.retain(|file| file.of != of || file.name.is_ok());
    if call.files.iter().all(|file| file.of != of) {
        call.files.push(OpenFile { of, ..file });
    }
}

/// The copy of a descriptor leads to what that leads to.
fn copy(call: &mut Call, open: &mut HashMap<i32, OpenFile>, from: u64, to: Option<i32>) {
    let known = open.get(&(from as i32)).cloned();
    if let (Some(file), Some(to)) = (known, to) {
        open.insert(to, file.clone());
        name(call, None, file);
    }
}
