//! The processes of a run, as their events tell of them: who made whom, what they executed, when
//! they began and how they ended. What is drawn of it is the business of the other folds.

use std::collections::{BTreeMap, HashMap};

use super::before::Before;
use crate::words::{counted, noun};
use crate::{
    calls::Op,
    event::{Actor, Argv, Call, Event, Exit, HostIds, Item, Pid, TaskId},
    format::shell_word,
};

/// More processes than this are only counted, so that a run of days does not fill the memory.
pub(super) const MOST: usize = 100_000;

/// Programs that are remembered of one process; the rest are counted.
const MOST_EXECS: usize = 64;

/// Bytes of a command line that are remembered.
const MOST_COMMAND: usize = 400;

/// One process.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) id: TaskId,
    /// What the initial pid namespace calls it, where the tracer is in another one.
    pub(super) host: Option<HostIds>,
    /// Where in [`Processes::list`] its parent is, when that was traced too.
    pub(super) parent: Option<usize>,
    /// Its parent at its first event.
    pub(super) ppid: Option<TaskId>,
    /// When it was made; where that was not seen, its first event, or the beginning of a run that it was there before:
    /// wall clock, nanoseconds.
    pub(super) start_ns: u64,
    /// It was seen being made.
    pub(super) is_new: bool,
    /// Its command name.
    pub(super) comm: Vec<u8>,
    /// The programs that it became, in order.
    pub(super) execs: Vec<Program>,
    /// How many more there were.
    pub(super) more_execs: u64,
    /// When and how it ended.
    pub(super) end: Option<(u64, Exit)>,
    /// How its first thread ended, when others went on.
    leader: Option<Exit>,
}

/// One exec.
#[derive(Debug)]
pub(super) struct Program {
    /// When: wall clock, nanoseconds.
    pub(super) at_ns: u64,
    /// The arguments as a shell would read them: text that drives no terminal.
    pub(super) command: String,
}

impl Process {
    /// One of which no more is known yet.
    fn of(id: TaskId, ppid: Option<TaskId>, start_ns: u64) -> Self {
        Self {
            id,
            host: None,
            parent: None,
            ppid,
            start_ns,
            is_new: false,
            comm: Vec::new(),
            execs: Vec::new(),
            more_execs: 0,
            end: None,
            leader: None,
        }
    }

    /// What it runs at the end: its last program, or its name in parentheses when it has executed
    /// none.
    pub(super) fn name(&self) -> String {
        match self.execs.last() {
            Some(program) => program.command.clone(),
            None => self.forked_name(),
        }
    }

    /// Its command name as that of a process that has executed nothing: `(sh)`.
    pub(super) fn forked_name(&self) -> String {
        let mut name = Vec::new();
        shell_word(&mut name, &self.comm);
        format!("({})", String::from_utf8_lossy(&name))
    }

    /// The end of its bar: its own, or that of the run.
    pub(super) fn end_ns(&self, run_end_ns: u64) -> u64 {
        let end = self.end.map_or(run_end_ns, |(at, _)| at);
        end.max(self.start_ns)
    }
}

/// A process that was made and has not been heard of yet.
#[derive(Debug)]
struct Birth {
    parent: usize,
    at_ns: u64,
}

/// All processes of a run, in the order in which they were heard of.
#[derive(Debug, Default)]
pub(super) struct Processes {
    pub(super) list: Vec<Process>,
    /// The last process that had an id, also when it has ended.
    latest: HashMap<TaskId, usize>,
    /// Processes whose parents have not been heard of yet, by the id of the parent.
    orphans: HashMap<TaskId, Vec<usize>>,
    births: HashMap<TaskId, Birth>,
    /// Time of the first event, and of the last.
    pub(super) span_ns: Option<(u64, u64)>,
    /// Processes that there was no room for.
    pub(super) left_out: u64,
    /// Events that were lost, by reason; `None` where nobody knows how many.
    pub(super) lost: BTreeMap<&'static str, Option<u64>>,
    before: Option<Before>,
}

impl Processes {
    /// Those of a run of processes that run already: they are in the list from its beginning.
    pub(super) fn of(before: Option<Before>) -> Self {
        let mut processes = Self {
            span_ns: before.as_ref().map(|at| (at.began_ns, at.began_ns)),
            before,
            ..Self::default()
        };
        let asked = processes.before.as_ref().map(|at| at.asked.clone());
        for id in asked.into_iter().flatten() {
            processes.earlier(TaskId::Here(Pid(id)));
        }
        processes
    }

    /// The run ends now.
    pub(super) fn finish(&mut self) {
        if let (Some(before), Some((_, end))) = (&self.before, &mut self.span_ns) {
            *end = before.now_ns().max(*end);
        }
    }

    /// Takes one item. The place of the process that it is about.
    pub(super) fn item(&mut self, item: &Item) -> Option<usize> {
        match item {
            Item::Event(event) => self.event(event),
            Item::Loss(loss) => {
                let sum = self.lost.entry(loss.reason.as_str()).or_insert(Some(0));
                *sum = sum.zip(loss.count).map(|(sum, more)| sum + more);
                None
            }
        }
    }

    fn event(&mut self, event: &Event) -> Option<usize> {
        let actor = event.actor.as_ref().ok()?;
        let now = event.time.wall_ns;
        let began = now.saturating_sub(event.timing.map_or(0, |timing| timing.duration_ns));
        let (first, last) = self.span_ns.unwrap_or((began, now));
        self.span_ns = Some((first.min(began), last.max(now)));
        let at = self.place(actor, event, began)?;
        let process = &mut self.list[at];
        process.host = process.host.or(actor.host);
        if let Ok(comm) = &actor.comm
            && process.comm != comm[..]
        {
            process.comm = comm.to_vec();
        }
        if let Some(call) = &event.call {
            if event.op == Op::Execute && call.result() == Some(0) {
                process.exec(now, call);
            }
            if let Some(child) = child_of(event, call) {
                self.birth(at, child, began);
            }
        }
        if let Some(exit) = event.exit {
            self.end(at, actor, now, exit);
        }
        Some(at)
    }

    /// Where the process of an event is; a new one is entered.
    fn place(&mut self, actor: &Actor, event: &Event, began: u64) -> Option<usize> {
        let (id, ppid) = (actor.id(), actor.parent_id());
        if let Some(at) = self.alive(id) {
            return Some(at);
        }
        // Threads that end at once may be told in any order: this one is of a process that ended.
        if event.exit.is_some_and(|exit| !exit.last_thread) {
            return None;
        }
        if self.list.len() >= MOST {
            self.left_out += u64::from(event.exit.is_some());
            return None;
        }
        let birth = self.births.remove(&id);
        let by_id = ppid.and_then(|ppid| self.alive(ppid).or_else(|| self.earlier(ppid)));
        // A parent that is gone already has left its child to another process.
        let parent = by_id.or(birth.as_ref().map(|birth| birth.parent));
        let birth = birth.filter(|birth| Some(birth.parent) == parent && birth.at_ns <= began);
        let start_ns = match &birth {
            Some(birth) => birth.at_ns,
            None => self.ran_at(id).unwrap_or(began),
        };
        Some(self.enter(Process {
            host: actor.host,
            parent,
            is_new: birth.is_some(),
            ..Process::of(id, ppid, start_ns)
        }))
    }

    /// When the run began, if the process was there before.
    fn ran_at(&mut self, id: TaskId) -> Option<u64> {
        let TaskId::Here(Pid(id)) = id else {
            return None;
        };
        let before = self.before.as_mut()?;
        let ran = before.running.remove(&id);
        ran.map(|_| before.began_ns)
    }

    /// Where a process is that ran before the run, and is of one that is asked for; it is entered, and what
    /// stands above it.
    fn earlier(&mut self, id: TaskId) -> Option<usize> {
        let TaskId::Here(Pid(number)) = id else {
            return None;
        };
        let before = self.before.as_ref()?;
        let above = before.above(number, |id| self.alive(TaskId::Here(Pid(id))).is_some());
        let start_ns = before.began_ns;
        for id in above.iter().rev() {
            let Some(process) = self.before.as_mut()?.running.remove(id) else {
                continue;
            };
            let ppid = process.parent.map(|parent| TaskId::Here(Pid(parent)));
            self.enter(Process {
                parent: ppid.and_then(|ppid| self.alive(ppid)),
                comm: process.command,
                ..Process::of(TaskId::Here(Pid(*id)), ppid, start_ns)
            });
        }
        self.alive(id)
    }

    /// Enters a process into the list, with its children that were heard of before it.
    fn enter(&mut self, process: Process) -> usize {
        let (at, id) = (self.list.len(), process.id);
        let waits_for = process.ppid.filter(|_| process.parent.is_none());
        self.list.push(process);
        self.latest.insert(id, at);
        for child in self.orphans.remove(&id).into_iter().flatten() {
            self.adopt(child, at);
        }
        if let Some(ppid) = waits_for {
            self.orphans.entry(ppid).or_default().push(at);
        }
        at
    }

    /// Where the process with an id is that has not ended.
    fn alive(&self, id: TaskId) -> Option<usize> {
        let at = self.latest.get(&id).copied();
        at.filter(|at| self.list[*at].end.is_none())
    }

    /// Gives a process its parent, unless it has another one, or is above that one: events that
    /// contradict each other make no circle.
    fn adopt(&mut self, child: usize, parent: usize) -> bool {
        if let Some(known) = self.list[child].parent {
            return known == parent;
        }
        let mut above = Some(parent);
        while let Some(at) = above {
            if at == child {
                return false;
            }
            above = self.list[at].parent;
        }
        self.list[child].parent = Some(parent);
        true
    }

    /// A process has made another one, which may be here already, and even have ended: the child
    /// may run before the call of its parent returns (always so with vfork).
    fn birth(&mut self, parent: usize, child: TaskId, at_ns: u64) {
        let here = self
            .latest
            .get(&child)
            .copied()
            .filter(|at| !self.list[*at].is_new);
        if let Some(at) = here.filter(|at| self.adopt(*at, parent)) {
            let process = &mut self.list[at];
            process.start_ns = process.start_ns.min(at_ns);
            process.is_new = true;
        } else if self.births.len() < MOST {
            self.births.insert(child, Birth { parent, at_ns });
        }
    }

    fn end(&mut self, at: usize, actor: &Actor, now: u64, exit: Exit) {
        let process = &mut self.list[at];
        if !exit.last_thread {
            if actor.is_first_thread() {
                process.leader = Some(exit);
            }
            return;
        }
        // Where every thread ended by itself, the status is that of the first thread
        // (`wait_task_zombie`, kernel/exit.c).
        let by_itself = exit.called.is_some_and(|(name, _)| name == "exit");
        let exit = process.leader.filter(|_| by_itself).unwrap_or(exit);
        process.end = Some((now, exit));
        // Its number is free for another one.
        if let (Some(before), TaskId::Here(Pid(id))) = (&mut self.before, process.id) {
            before.running.remove(&id);
        }
    }

    /// The children of every process, by their beginning; behind the last the processes without a
    /// traced parent.
    pub(super) fn children(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        let mut children = vec![Vec::new(); self.list.len()];
        let mut roots = Vec::new();
        for (at, process) in self.list.iter().enumerate() {
            match process.parent {
                Some(parent) => children[parent].push(at),
                None => roots.push(at),
            }
        }
        for list in children.iter_mut().chain([&mut roots]) {
            list.sort_by_key(|at| (self.list[*at].start_ns, *at));
        }
        (children, roots)
    }

    /// Every process before its children, with how deep it is.
    pub(super) fn in_order(&self) -> Vec<(usize, usize)> {
        let (children, roots) = self.children();
        let mut order = Vec::with_capacity(self.list.len());
        let mut stack: Vec<_> = roots.into_iter().rev().map(|at| (at, 0)).collect();
        while let Some((at, depth)) = stack.pop() {
            order.push((at, depth));
            stack.extend(children[at].iter().rev().map(|child| (*child, depth + 1)));
        }
        order
    }

    /// When the run began and ended, by its events.
    pub(super) fn span(&self) -> (u64, u64) {
        self.span_ns.unwrap_or((0, 0))
    }

    /// What is not in the list, in words: nothing where it is complete.
    pub(super) fn gaps(&self) -> Vec<String> {
        let lost = self.lost.iter().map(|(reason, count)| match count {
            Some(count) => {
                let were = noun(*count, "was", "were");
                let lost = counted(*count, "event");
                format!("{lost} {were} lost ({reason}): processes may be missing")
            }
            None => format!("events were lost ({reason}): processes may be missing"),
        });
        let more = (self.left_out > 0).then(|| {
            format!(
                "{} more {} not shown: {MOST} are kept",
                self.left_out,
                noun(self.left_out, "process is", "processes are")
            )
        });
        lost.chain(more).collect()
    }
}

impl Process {
    fn exec(&mut self, at_ns: u64, call: &Call) {
        if self.execs.len() >= MOST_EXECS {
            self.more_execs += 1;
            return;
        }
        let command = call.argv().map(command_line).unwrap_or_default();
        let command = if command.is_empty() {
            "?".to_owned()
        } else {
            command
        };
        self.execs.push(Program { at_ns, command });
    }
}

/// The arguments as a shell would read them.
fn command_line(argv: &Argv) -> String {
    let mut line = Vec::new();
    for (n, arg) in argv.args.iter().enumerate() {
        if n > 0 {
            line.push(b' ');
        }
        shell_word(&mut line, arg);
        if line.len() > MOST_COMMAND {
            break;
        }
    }
    let mut line = String::from_utf8_lossy(&line).into_owned();
    if line.len() > MOST_COMMAND {
        line.truncate(line.floor_char_boundary(MOST_COMMAND));
        line.push('…');
    } else if argv.incomplete.is_some() {
        line.push_str(" …");
    }
    line
}

/// The process that a call has made; `None` for a thread.
fn child_of(event: &Event, call: &Call) -> Option<TaskId> {
    let child = event.made()?;
    let args = call.args.as_ref().ok();
    let flags = match call.arch.name(call.nr) {
        Some("clone") => args.map_or(0, |args| args[0]),
        // `struct clone_args` begins with the flags.
        Some("clone3") => args
            .and_then(|args| call.memory(args[0])?.first_chunk().copied())
            .map_or(0, u64::from_ne_bytes),
        _ => 0,
    };
    (flags & libc::CLONE_THREAD as u64 == 0).then_some(TaskId::Here(child))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cases::{actor, call, event},
        event::{Captured, Data, Loss, LossReason, Pid},
    };

    fn of(id: u32, parent: u32, at_ns: u64, mut event: Event) -> Item {
        event.time.wall_ns = at_ns;
        event.actor = Ok(Actor {
            pid: Pid(id),
            ppid: Some(Pid(parent)),
            ..actor()
        });
        Item::Event(Box::new(event))
    }

    fn forks(id: u32, parent: u32, at_ns: u64, child: i64) -> Item {
        let made = call("fork", [0; 6], child);
        of(id, parent, at_ns, event(Op::Fork, Some(made), Vec::new()))
    }

    fn runs(id: u32, parent: u32, at_ns: u64) -> Item {
        let done = call("execve", [0; 6], 0);
        of(
            id,
            parent,
            at_ns,
            event(Op::Execute, Some(done), Vec::new()),
        )
    }

    fn ends(id: u32, parent: u32, at_ns: u64) -> Item {
        let mut end = event(Op::Exit, None, Vec::new());
        end.exit = Some(Exit {
            status: Some(0),
            signal: None,
            core: false,
            last_thread: true,
            called: None,
        });
        of(id, parent, at_ns, end)
    }

    fn of_items(items: &[Item]) -> Vec<(u32, Option<u32>, u64, bool)> {
        let mut processes = Processes::default();
        for item in items {
            processes.item(item);
        }
        assert_eq!(processes.in_order().len(), processes.list.len());
        let number = |p: &Process| match p.id {
            TaskId::Here(pid) | TaskId::Host(pid) => pid.0,
        };
        let parent = |p: &Process| p.parent.map(|at| number(&processes.list[at]));
        let list = processes.list.iter();
        list.map(|p| (number(p), parent(p), p.start_ns, p.is_new))
            .collect()
    }

    #[test]
    fn whichever_is_told_first_a_child_has_its_parent() {
        let usual = of_items(&[forks(5, 1, 10, 6), runs(6, 5, 20), ends(6, 5, 30)]);
        assert_eq!(usual, [(5, None, 10, false), (6, Some(5), 10, true)]);
        // The fork returns when the child runs already, or has ended (vfork).
        let late = of_items(&[runs(6, 5, 20), forks(5, 1, 25, 6)]);
        assert_eq!(late, [(6, Some(5), 20, true), (5, None, 25, false)]);
        let vfork = of_items(&[runs(6, 5, 20), ends(6, 5, 30), forks(5, 1, 40, 6)]);
        assert_eq!(vfork, [(6, Some(5), 20, true), (5, None, 40, false)]);
        // A parent that ends leaves its child to process 1.
        let left = of_items(&[forks(5, 1, 10, 6), ends(5, 1, 20), runs(6, 1, 30)]);
        assert_eq!(left[1], (6, Some(5), 10, true));
    }

    #[test]
    fn what_was_there_before_the_run_is_not_new() {
        let attached = of_items(&[runs(5, 1, 10), runs(6, 5, 20)]);
        assert_eq!(attached[1], (6, Some(5), 20, false));
    }

    #[test]
    fn an_id_that_is_used_again_is_another_process() {
        let again = of_items(&[
            forks(5, 1, 10, 6),
            runs(6, 5, 20),
            ends(6, 5, 30),
            forks(5, 1, 40, 6),
            runs(6, 5, 50),
        ]);
        assert_eq!(again[1..], [(6, Some(5), 10, true), (6, Some(5), 40, true)]);
    }

    /// A number alone is nobody: one of the host is another process than that of the tracer's
    /// namespace, and what is made in a namespace below has a number that means nothing here.
    #[test]
    fn numbers_of_other_namespaces() {
        let outside = |item: Item| match item {
            Item::Event(mut event) => {
                let actor = event.actor.as_mut().expect("an actor");
                actor.host = Some(HostIds {
                    pid: actor.pid,
                    tid: crate::event::Tid(actor.pid.0),
                    ppid: actor.ppid.take(),
                    is_outside: true,
                });
                actor.tid = None;
                Item::Event(event)
            }
            loss @ Item::Loss(_) => loss,
        };
        let mut processes = Processes::default();
        for item in [
            runs(6, 5, 10),
            outside(runs(6, 5, 20)),
            outside(forks(6, 5, 30, 6)),
        ] {
            processes.item(&item);
        }
        let ids: Vec<_> = processes.list.iter().map(|p| p.id.to_string()).collect();
        assert_eq!(ids, ["6", "host:6"]);
        assert!(
            processes
                .list
                .iter()
                .all(|p| p.parent.is_none() && !p.is_new)
        );

        let below = |mut item: Item| {
            if let Item::Event(event) = &mut item {
                let call = event.call.as_mut().expect("a call");
                call.captured.push(Captured {
                    of: 0,
                    data: Data::Process { there: 1, here: 5 },
                });
            }
            item
        };
        let made = of_items(&[runs(6, 4, 10), below(forks(5, 1, 20, 6))]);
        assert_eq!(made[0], (6, None, 10, false));
    }

    /// As a record file may have them that somebody has made up.
    #[test]
    fn events_that_contradict_each_other_lose_nobody() {
        let circle = of_items(&[runs(5, 6, 10), runs(6, 5, 20), forks(6, 5, 30, 5)]);
        assert_eq!(circle.len(), 2);
        let own = of_items(&[forks(5, 5, 10, 5), runs(5, 5, 20)]);
        assert_eq!(own.len(), 1);
    }

    #[test]
    fn a_loss_is_told() {
        let mut processes = Processes::default();
        for count in [Some(3), Some(4)] {
            processes.item(&Item::Loss(Loss {
                time: crate::event::Time::default(),
                cpu: None,
                count,
                reason: LossReason::RingFull,
            }));
        }
        let wanted = ["7 events were lost (ring-full): processes may be missing"];
        assert_eq!(processes.gaps(), wanted);
    }
}
