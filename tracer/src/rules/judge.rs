//! Decides exactly what a rule set says of an event: the first rule that matches wins, and
//! `never` ends the search (`kernel/auditsc.c`).

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::PathBuf,
};

use bytes::Bytes;

use super::{
    ast::{Action, AuditRule, Cmp, List, Test, Value},
    eval::found_nothing,
    facts::Facts,
    field::Field,
    set::RuleSet,
    target::{TargetId, Targets},
    value::{arch_of, fs_type},
};
use crate::{
    calls::Arch,
    event::{Event, PathItem},
};

/// What the rules say of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is told, under these keys (separated by `\x01`).
    Told(Option<Bytes>),
    /// No rule matches, or one that says never.
    NotTold,
}

/// A rule made ready.
#[derive(Clone, Debug)]
struct Ready {
    action: Action,
    tests: Vec<Test>,
    target: Option<TargetId>,
    key: Option<Bytes>,
}

/// A rule set made ready.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    /// Rules of the exit list by the call that they are about, in order.
    by_call: HashMap<(Arch, u32), Vec<usize>>,
    /// Those about every call of an architecture that `by_call` does not have.
    about_all: Vec<usize>,
    exit: Vec<Ready>,
    task: Vec<Ready>,
    user: Vec<Ready>,
    exclude: Vec<Ready>,
    /// Rules of the list `io_uring`, with the operations that each is about.
    io_uring: Vec<(Option<BTreeSet<u32>>, Ready)>,
    /// Devices of file systems that are left out.
    left_out: HashSet<u32>,
}

impl Judge {
    /// Makes a rule set ready. `targets` gets the files that it watches.
    pub fn new(set: &RuleSet, targets: &mut Targets) -> Self {
        let mut judge = Self::default();
        let mut about: Vec<&AuditRule> = Vec::new();
        for rule in set.rules() {
            let ready = Ready::new(rule, targets);
            match rule.list {
                List::Exit => {
                    about.push(rule);
                    judge.exit.push(ready);
                }
                List::Task => judge.task.push(ready),
                List::User => judge.user.push(ready),
                List::Exclude => judge.exclude.push(ready),
                List::Filesystem => judge.left_out.extend(devices(rule)),
                List::IoUring => judge.io_uring.push((rule.calls.clone(), ready)),
            }
        }
        judge.index(&about);
        judge
    }

    fn index(&mut self, rules: &[&AuditRule]) {
        for (i, rule) in rules.iter().enumerate() {
            match calls_of(rule) {
                None => self.about_all.push(i),
                Some(calls) => {
                    for call in calls {
                        self.by_call.entry(call).or_default().push(i);
                    }
                }
            }
        }
        // Each call's own list has those about every call too, so that one walk is in order.
        for list in self.by_call.values_mut() {
            list.extend(&self.about_all);
            list.sort_unstable();
            list.dedup();
        }
    }

    /// What the rules say of a system call. `touched` are the targets that it touches.
    pub fn event(&self, event: &Event, touched: &[TargetId]) -> Verdict {
        let facts = Facts::new(event);
        if self
            .task
            .iter()
            .find(|r| r.matches(&facts, &[]))
            .is_some_and(Ready::says_never)
        {
            return Verdict::NotTold;
        }
        let Some((arch, nr)) = facts.call() else {
            return Verdict::NotTold;
        };
        let touched = if found_nothing(event) { &[] } else { touched };
        // The slot is that of the call that does the same: the operation is the event's own.
        if let Some(call) = event.call.as_ref().filter(|c| c.arch == Arch::Uring)
            && let Some(rule) = self.of_uring(call.nr, &facts, touched)
        {
            return rule.verdict();
        }
        let rules = self
            .by_call
            .get(&table(arch, nr))
            .unwrap_or(&self.about_all);
        rules
            .iter()
            .map(|i| &self.exit[*i])
            .find(|rule| rule.matches(&facts, touched))
            .map_or(Verdict::NotTold, Ready::verdict)
    }

    /// The first rule about an `io_uring` operation that matches.
    fn of_uring(&self, op: u32, facts: &Facts<'_>, touched: &[TargetId]) -> Option<&Ready> {
        let found = self.io_uring.iter().find(|(ops, rule)| {
            ops.as_ref().is_none_or(|ops| ops.contains(&op)) && rule.matches(facts, touched)
        });
        found.map(|(_, rule)| rule)
    }

    /// Takes the files out that are on a file system that the rules leave out
    /// (`audit_filter_fs`): no watch sees them.
    pub fn leave_out_files(&self, event: &mut Event) {
        if self.left_out.is_empty() {
            return;
        }
        let stays = |item: &PathItem| !item.file.is_some_and(|f| self.left_out.contains(&f.dev));
        let before = event.paths.len();
        event.paths.retain(stays);
        if event.paths.is_empty() && before > 0 {
            event.rules.watched.clear();
        }
    }

    /// Is this type of record of the event left out? Whatever a rule of this list says, what it
    /// matches is left out, as in the kernel (`audit_filter`).
    pub fn excludes(&self, event: Option<&Event>, record_type: u16) -> bool {
        let meets = |test: &Test| match (test, event) {
            (Test::Field(Field::MsgType, cmp, Value::Number(n)), _) => {
                cmp.holds(i64::from(record_type), *n)
            }
            (test, Some(event)) => Facts::new(event).meets(test),
            (_, None) => false,
        };
        self.exclude.iter().any(|rule| rule.tests.iter().all(meets))
    }

    /// Does any rule leave out types of records?
    pub fn has_excludes(&self) -> bool {
        !self.exclude.is_empty()
    }

    /// Is a message of a program told? Without a rule it is.
    pub fn message(&self, sender: &Sender) -> bool {
        let first = self.user.iter().find(|rule| {
            rule.tests.iter().all(|test| match test {
                Test::Field(field, cmp, Value::Number(n)) => sender.meets(*field, *cmp, *n),
                _ => false,
            })
        });
        !first.is_some_and(Ready::says_never)
    }
}

/// Who sent a message, as the kernel vouches for it (`SO_PEERCRED`, unix(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Process.
    pub pid: u32,
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Login user.
    pub auid: u32,
    /// Audit session.
    pub session: u32,
    /// Type of the record that it asks for.
    pub record_type: u16,
}

impl Sender {
    fn meets(&self, field: Field, cmp: Cmp, n: i64) -> bool {
        let value = match field {
            Field::Pid => self.pid,
            Field::Uid => self.uid,
            Field::Gid => self.gid,
            Field::Auid => self.auid,
            Field::SessionId => self.session,
            Field::MsgType => u32::from(self.record_type),
            _ => return false,
        };
        cmp.holds(i64::from(value), n)
    }
}

impl Ready {
    fn new(rule: &AuditRule, targets: &mut Targets) -> Self {
        let mut target = None;
        let mut tests = Vec::new();
        for test in &rule.tests {
            match test {
                Test::Field(field @ (Field::Path | Field::Dir), _, Value::Text(path)) => {
                    target = Some(targets.number(path, *field == Field::Dir));
                }
                Test::Field(Field::Exe, cmp, Value::Text(path)) => {
                    tests.push(Test::Field(Field::Exe, *cmp, Value::Text(program(path))));
                }
                // Which calls these are about is in the index.
                Test::Field(Field::Arch, Cmp::Eq, _) if rule.list == List::Exit => {}
                other => tests.push(other.clone()),
            }
        }
        let key = rule.keys.join("\u{1}");
        Self {
            action: rule.action,
            tests,
            target,
            key: (!key.is_empty()).then(|| Bytes::from(key)),
        }
    }

    fn matches(&self, facts: &Facts<'_>, touched: &[TargetId]) -> bool {
        self.target.is_none_or(|target| touched.contains(&target))
            && self.tests.iter().all(|test| facts.meets(test))
    }

    fn says_never(&self) -> bool {
        self.action == Action::Never
    }

    fn verdict(&self) -> Verdict {
        match self.action {
            Action::Never => Verdict::NotTold,
            Action::Always => Verdict::Told(self.key.clone()),
        }
    }
}

/// Devices of the mounted file systems that a rule is about. Whatever it says, what it matches is
/// left out, as in the kernel.
fn devices(rule: &AuditRule) -> Vec<u32> {
    let wanted = |name: &str| {
        rule.tests.iter().all(|test| match test {
            Test::Field(Field::FsType, cmp, Value::Number(magic)) => {
                let equal = fs_type(*magic) == Some(name);
                equal == (*cmp == Cmp::Eq)
            }
            _ => false,
        })
    };
    // proc_pid_mountinfo(5): ID PARENT MAJOR:MINOR ROOT POINT OPTIONS ... - TYPE ...
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let device = |line: &str| {
        let (head, tail) = line.split_once(" - ")?;
        let (major, minor) = head.split(' ').nth(2)?.split_once(':')?;
        let dev = major.parse::<u32>().ok()? << 20 | minor.parse::<u32>().ok()?;
        wanted(tail.split(' ').next()?).then_some(dev)
    };
    mounts.lines().filter_map(device).collect()
}

/// The call in the tables that rules are about. x32 has the numbers of x86-64 behind a bit, and an
/// `io_uring` operation does what a call does: neither slips past.
fn table(arch: Arch, nr: u32) -> (Arch, u32) {
    match arch {
        Arch::X32 => (Arch::X86_64, nr),
        Arch::Uring => {
            let same = arch.name(nr).and_then(|name| Arch::NATIVE.number(name));
            (Arch::NATIVE, same.unwrap_or(u32::MAX))
        }
        other => (other, nr),
    }
}

/// A program as the kernel names it: without symlinks.
fn program(path: &str) -> String {
    let real = PathBuf::from(path).canonicalize();
    real.ok()
        .and_then(|p| p.into_os_string().into_string().ok())
        .unwrap_or_else(|| path.to_owned())
}

/// The calls that a rule is about; `None` is every call of every table. Names without an
/// architecture are meant in every table.
pub(super) fn calls_of(rule: &AuditRule) -> Option<Vec<(Arch, u32)>> {
    let arch = rule.arch();
    let tables: &[Arch] = if cfg!(target_arch = "aarch64") {
        &[Arch::Aarch64]
    } else {
        &[Arch::X86_64, Arch::I386]
    };
    match (&rule.calls, arch) {
        (None, None) => None,
        // Numbers beyond the table too: a call newer than tracer is still one of this table.
        (None, Some(arch)) => Some((0..1024).map(|nr| (arch, nr)).collect()),
        (Some(calls), Some(arch)) => Some(calls.iter().map(|nr| (arch, *nr)).collect()),
        (Some(calls), None) => Some(
            calls
                .iter()
                .filter_map(|nr| Arch::NATIVE.name(*nr))
                .flat_map(|name| {
                    let number = move |arch: &Arch| Some((*arch, arch.number(name)?));
                    tables.iter().filter_map(number)
                })
                .collect(),
        ),
    }
}

/// Does a rule say which table it is about, by `arch=` or `arch!=`?
pub(super) fn excluded_arch(rule: &AuditRule) -> Option<Arch> {
    rule.tests.iter().find_map(|test| match test {
        Test::Field(Field::Arch, Cmp::Ne, Value::Number(n)) => arch_of(*n),
        _ => None,
    })
}
