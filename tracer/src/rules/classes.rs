//! A rule set compiled for the kernel side (`tracer_ebpf::abi::rules`): rules become at most 64
//! classes, and each property of a call gives the classes that it leaves possible. It may let too
//! much pass, never too little.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::LazyLock,
};

use tracer_ebpf::abi::{
    limits::CALLS_PER_ARCH,
    rules::{RuleTable, SPANS_MAX, Span, dim},
};

use super::{
    ast::{Action, AuditRule, Cmp, List, Test, Value},
    field::Field,
    judge::{calls_of, excluded_arch},
    perm,
    set::RuleSet,
    target::{TargetId, Targets},
};
use crate::calls::{Arch, CallSet, uring_op};

/// Classes that fit a word.
const CLASSES_MAX: usize = 64;

/// Spans of one dimension: with all of them in use all dimensions still fit.
const SPANS_PER_DIM: usize = SPANS_MAX / dim::SLOTS;

/// Values of a dimension, as ranges that do not touch.
type Ranges = Vec<(u64, u64)>;

/// Rules that ask the same but for one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Class {
    /// Slots of the table of calls.
    calls: BTreeSet<u16>,
    /// What is asked of each dimension; `None` is nothing.
    dims: [Option<Ranges>; dim::SLOTS],
    /// Watched files and trees; `None` is no file at all.
    files: Option<BTreeSet<TargetId>>,
}

/// A compiled rule set.
pub struct Compiled {
    /// For the kernel.
    pub table: Box<RuleTable>,
    /// Classes that watch a target.
    pub targets: BTreeMap<TargetId, u64>,
    /// Calls that any rule is about.
    pub calls: CallSet,
    classes: usize,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} classes", self.classes)
    }
}

impl Compiled {
    /// Compiles a rule set.
    pub fn new(set: &RuleSet, targets: &mut Targets) -> Self {
        let mut classes: Vec<Class> = if set.controls.enabled == 0 || tells_nobody(set) {
            Vec::new()
        } else {
            set.rules()
                .iter()
                .filter(|r| r.list == List::Exit && r.action == Action::Always)
                .map(|rule| Class::new(rule, targets))
                .collect()
        };
        classes = merged(classes);
        let mut watched = BTreeMap::new();
        for (bit, class) in classes.iter().enumerate() {
            for id in class.files.iter().flatten() {
                *watched.entry(*id).or_insert(0) |= 1 << bit;
            }
        }
        Self {
            table: table(&classes),
            targets: watched,
            calls: with_uring(calls(&classes), set),
            classes: classes.len(),
        }
    }

    /// How many classes the rules became.
    pub fn classes(&self) -> usize {
        self.classes
    }
}

/// A rule of the list task that takes every task out.
fn tells_nobody(set: &RuleSet) -> bool {
    let first = set.rules().iter().find(|r| r.list == List::Task);
    first.is_some_and(|r| r.action == Action::Never && r.tests.is_empty())
}

/// The slot of a call; the last one of a table stands for every number beyond it.
pub(super) fn slot(arch: Arch, nr: u32) -> u16 {
    let base = if arch == Arch::I386 {
        CALLS_PER_ARCH
    } else {
        0
    };
    (base + (nr as usize).min(CALLS_PER_ARCH - 1)) as u16
}

/// What the call of each slot can do to a file (`-p`).
static CAN: LazyLock<Vec<i64>> = LazyLock::new(|| {
    let can = |slot| {
        let (arch, nr) = call_of(slot);
        arch.name(nr).map_or(0, perm::of_call)
    };
    (0..2 * CALLS_PER_ARCH as u16).map(can).collect()
});

impl Class {
    fn new(rule: &AuditRule, targets: &mut Targets) -> Self {
        let calls = match calls_of(rule) {
            Some(calls) => calls.into_iter().map(|(arch, nr)| slot(arch, nr)).collect(),
            None => (0..2 * CALLS_PER_ARCH as u16).collect(),
        };
        let mut class = Self {
            calls,
            dims: [const { None }; dim::SLOTS],
            files: None,
        };
        if let Some(arch) = excluded_arch(rule) {
            let base = usize::from(slot(arch, 0));
            class
                .calls
                .retain(|s| !(base..base + CALLS_PER_ARCH).contains(&usize::from(*s)));
        }
        for test in &rule.tests {
            class.test(test, targets);
        }
        class
    }

    fn test(&mut self, test: &Test, targets: &mut Targets) {
        let Test::Field(field, cmp, value) = test else {
            return;
        };
        match (field, value) {
            (Field::Path | Field::Dir, Value::Text(path)) => {
                let id = targets.number(path, *field == Field::Dir);
                self.files = Some(BTreeSet::from([id]));
            }
            (Field::Perm, Value::Number(bits)) => self.perm(*bits),
            (Field::Success, Value::Number(n)) => {
                // As `facts` has it: 1 for a success is compared with 0 or 1.
                let succeeds = |ok: bool| cmp.holds(i64::from(ok), i64::from(*n != 0));
                let mut ranges = Vec::new();
                let (low, high) = (result(-4095), result(-1));
                if succeeds(true) {
                    ranges.push((0, low - 1));
                }
                if succeeds(false) {
                    ranges.push((low, high));
                }
                if succeeds(true) {
                    ranges.push((high + 1, u64::MAX));
                }
                self.narrow(dim::RESULT, joined(ranges));
            }
            (Field::Exit, Value::Number(n)) => {
                self.narrow(dim::RESULT, ranges(*cmp, result(*n)));
            }
            (field, Value::Number(n)) => {
                if let Some(d) = dimension(*field) {
                    self.narrow(d, ranges(*cmp, *n as u64));
                }
            }
            // User space decides.
            (_, Value::Text(_)) => {}
        }
    }

    /// Leaves the calls that can do this, and the opens that are for it.
    fn perm(&mut self, bits: i64) {
        self.calls
            .retain(|slot| CAN[usize::from(*slot)] & bits != 0);
        let modes = (0..4).filter(|mode| perm::of_access(*mode) & bits != 0);
        let modes = modes.map(|mode| (mode, mode)).collect();
        self.narrow(dim::ACCESS, joined(modes));
    }

    /// Both what was asked so far and this.
    fn narrow(&mut self, d: usize, ranges: Ranges) {
        let both = match self.dims[d].take() {
            None => ranges,
            Some(old) => {
                let pairs = old.iter().flat_map(|a| {
                    ranges
                        .iter()
                        .map(move |b| (a.0.max(b.0), a.1.min(b.1)))
                        .filter(|(low, high)| low <= high)
                });
                joined(pairs.collect())
            }
        };
        self.dims[d] = Some(both);
    }

    /// What either of the two asks, part by part: wider than both where they differ in more than
    /// one part.
    fn widen(&mut self, other: &Self) {
        self.calls.extend(&other.calls);
        for (mine, theirs) in self.dims.iter_mut().zip(&other.dims) {
            *mine = match (mine.take(), theirs) {
                (Some(mut a), Some(b)) => {
                    a.extend(b);
                    Some(joined(a))
                }
                _ => None,
            };
        }
        self.files = match (self.files.take(), &other.files) {
            (Some(mut a), Some(b)) => {
                a.extend(b);
                Some(a)
            }
            _ => None,
        };
    }

    /// A hash of every part by itself: calls, files, then the dimensions.
    fn parts(&self) -> [u64; PARTS] {
        fn hash(value: &impl Hash) -> u64 {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            hasher.finish()
        }
        std::array::from_fn(|i| match i {
            0 => hash(&self.calls),
            1 => hash(&self.files),
            i => hash(&self.dims[i - 2]),
        })
    }
}

/// Parts of a class.
const PARTS: usize = dim::SLOTS + 2;

/// Merges classes: those that differ in one part lose nothing by it; as long as there are too
/// many, those that differ in more parts do.
fn merged(mut classes: Vec<Class>) -> Vec<Class> {
    loop {
        let before = classes.len();
        for part in 0..PARTS {
            classes = grouped(classes, |i| i == part);
        }
        if classes.len() == before {
            break;
        }
    }
    // Files first: their walk is told apart in user space at little cost; calls last.
    let mut order: Vec<usize> = (1..PARTS).collect();
    order.push(0);
    for n in 1..=PARTS {
        if classes.len() <= CLASSES_MAX {
            break;
        }
        classes = grouped(classes, |i| order[..n].contains(&i));
    }
    classes
}

/// Makes one class of all that are alike but for the parts that are left out.
fn grouped(classes: Vec<Class>, leaves_out: impl Fn(usize) -> bool) -> Vec<Class> {
    let mut at: HashMap<[u64; PARTS], usize> = HashMap::new();
    let mut out: Vec<Class> = Vec::new();
    for class in classes {
        let mut key = class.parts();
        for (i, part) in key.iter_mut().enumerate() {
            if leaves_out(i) {
                *part = 0;
            }
        }
        if let Some(i) = at.get(&key) {
            out[*i].widen(&class);
        } else {
            at.insert(key, out.len());
            out.push(class);
        }
    }
    out
}

/// The dimension of a field that is compared as it is.
fn dimension(field: Field) -> Option<usize> {
    Some(match field {
        Field::Uid => dim::CREDS,
        Field::Gid => dim::CREDS + 1,
        Field::Suid => dim::CREDS + 2,
        Field::Sgid => dim::CREDS + 3,
        Field::Euid => dim::CREDS + 4,
        Field::Egid => dim::CREDS + 5,
        Field::Fsuid => dim::CREDS + 6,
        Field::Fsgid => dim::CREDS + 7,
        Field::Auid => dim::AUID,
        Field::SessionId => dim::SESSION,
        Field::Pid => dim::PID,
        Field::Ppid => dim::PPID,
        _ => return None,
    })
}

/// A result in the order of [`dim::RESULT`].
pub(super) fn result(n: i64) -> u64 {
    n as u64 ^ (1 << 63)
}

/// The values that compare like this to `n`; bits are decided in user space.
fn ranges(cmp: Cmp, n: u64) -> Ranges {
    let below = |n: u64| n.checked_sub(1).map(|high| (0, high));
    let above = |n: u64| n.checked_add(1).map(|low| (low, u64::MAX));
    match cmp {
        Cmp::Eq => vec![(n, n)],
        Cmp::Ne => below(n).into_iter().chain(above(n)).collect(),
        Cmp::Lt => below(n).into_iter().collect(),
        Cmp::Gt => above(n).into_iter().collect(),
        Cmp::Le => vec![(0, n)],
        Cmp::Ge => vec![(n, u64::MAX)],
        Cmp::Any | Cmp::All => vec![(0, u64::MAX)],
    }
}

/// Ranges in order, with those that touch made one.
fn joined(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable();
    let mut out: Ranges = Vec::with_capacity(ranges.len());
    for (low, high) in ranges {
        match out.last_mut() {
            Some(last) if last.1 >= low.saturating_sub(1) => last.1 = last.1.max(high),
            _ => out.push((low, high)),
        }
    }
    out
}

/// The call of a slot.
fn call_of(slot: u16) -> (Arch, u32) {
    let slot = usize::from(slot);
    if slot < CALLS_PER_ARCH {
        (Arch::NATIVE, slot as u32)
    } else {
        (Arch::I386, (slot - CALLS_PER_ARCH) as u32)
    }
}

/// Every call that some class is about.
fn calls(classes: &[Class]) -> CallSet {
    let slots: BTreeSet<u16> = classes
        .iter()
        .flat_map(|c| c.calls.iter().copied())
        .collect();
    // The last slot of the native table stands for calls without a name.
    if slots.contains(&(CALLS_PER_ARCH as u16 - 1)) {
        return CallSet::All;
    }
    let names = slots.into_iter().filter_map(|slot| {
        let (arch, nr) = call_of(slot);
        arch.name(nr)
    });
    CallSet::Names(names.collect())
}

/// Those and the calls that do the same as the `io_uring` operations that some rule is about.
fn with_uring(calls: CallSet, set: &RuleSet) -> CallSet {
    let CallSet::Names(mut names) = calls else {
        return calls;
    };
    let told = set
        .rules()
        .iter()
        .filter(|r| r.list == List::IoUring && r.action == Action::Always);
    for rule in told {
        let all = || (0..uring_op::NAMES.len() as u32).collect();
        let ops = rule.calls.clone().unwrap_or_else(all);
        names.extend(ops.into_iter().filter_map(uring_op::call));
    }
    CallSet::Names(names)
}

fn table(classes: &[Class]) -> Box<RuleTable> {
    // SAFETY: a `RuleTable` is integers (`Plain`), of which zero is one.
    let mut table = unsafe { Box::<RuleTable>::new_zeroed().assume_init() };
    for (bit, class) in classes.iter().enumerate() {
        for slot in &class.calls {
            table.calls[usize::from(*slot)] |= 1 << bit;
        }
        if class.files.is_some() {
            table.with_file |= 1 << bit;
        }
    }
    for slot in 0..2 * CALLS_PER_ARCH {
        let (arch, nr) = call_of(slot as u16);
        let arg = arch.name(nr).and_then(perm::flags_arg);
        table.flags_arg[slot] = arg.map_or(0, |arg| arg as u8 + 1);
    }
    let mut next = 0;
    for d in 0..dim::SLOTS {
        let spans = spans(classes, d);
        if spans.len() > 1 {
            table.asked |= 1 << d;
        }
        (table.from[d], table.len[d]) = (next as u32, spans.len() as u32);
        table.spans[next..next + spans.len()].copy_from_slice(&spans);
        next += spans.len();
    }
    table
}

/// The spans of a dimension: where the set of possible classes changes.
fn spans(classes: &[Class], d: usize) -> Vec<Span> {
    let mut starts = BTreeSet::from([0]);
    for (low, high) in classes.iter().filter_map(|c| c.dims[d].as_ref()).flatten() {
        starts.insert(*low);
        starts.extend(high.checked_add(1));
    }
    let possible = |value: u64| {
        let mut bits = 0;
        for (bit, class) in classes.iter().enumerate() {
            let may = class.dims[d]
                .as_ref()
                .is_none_or(|r| r.iter().any(|(low, high)| (*low..=*high).contains(&value)));
            bits |= u64::from(may) << bit;
        }
        bits
    };
    let all: Vec<Span> = starts
        .into_iter()
        .map(|start| Span {
            start,
            classes: possible(start),
        })
        .collect();
    // Too many: neighbours become one, which lets more pass.
    let width = all.len().div_ceil(SPANS_PER_DIM);
    all.chunks(width.max(1))
        .map(|chunk| Span {
            start: chunk[0].start,
            classes: chunk.iter().fold(0, |bits, span| bits | span.classes),
        })
        .collect()
}
