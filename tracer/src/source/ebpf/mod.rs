//! The eBPF source, tier 1: raw tracepoints, one ring buffer, [`Item`]s.

mod attach;
mod before;
mod btf;
mod decode;
mod error;
mod floods;
mod info;
mod log;
mod object;
mod pids;
mod record;
mod ring;
mod roots;
mod rule_set;
mod size;
#[cfg(test)]
mod stack;
mod uring;
mod waiting;

use std::{
    collections::BTreeMap,
    os::{fd::BorrowedFd, unix::fs::MetadataExt as _},
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};
use tracer_ebpf::abi::{
    call::{
        AT_ENTRY, ArgSpec, CallGate, CallSpec, Capture, ENDS_TASK, EXECS, FOR_READER, GATE_BEFORE,
        GATE_WANTED, RETURNS_FD, WANTED,
    },
    filter::{
        BEFORE, BY_RULES, BY_TARGET, COUNTS, CPU_TIMES, Config, EXITS, FOLLOW, LEAN, MANY_ROOTS,
        NOTES_BIRTHS, SOCKETS, TARGET_ADOPTS, TIMES, TRANSLATES,
    },
    limits::{
        BLOCK_MAX, CALLS_PER_ARCH, INSIDE_MAX, REQUESTS_MAX, RING_DEFAULT, ROOTS_INLINE,
        TARGETS_DEFAULT,
    },
    stats::Filtered,
    wire::{Door, Kind},
};

pub use btf::{BtfError, KernelTypes, VMLINUX};
pub use error::EbpfError;
pub(crate) use size::ring_size;

use super::{Source, Sums};
use crate::{
    calls::{Arch, Arg, CallSet, Role, row},
    decode::Outcome,
    enrich::{
        paths::{Below, IsBelow, Resolver},
        pids::Procfs,
    },
    event::{Backend, CallSums, Item, Loss, LossReason, Time},
    rules::{Compiled, KernelFilter, Rule, SignalSet, Targets},
    source::links::Links,
};
use before::Before;
use decode::Decoder;
use floods::Floods;
use object::{Object, Sizes};
use pids::Pids;
use record::{Malformed, Record};
use ring::Ring;
use rule_set::Installed;
use uring::Pending;

/// The calls that end a task.
const ENDS: [&str; 2] = ["exit", "exit_group"];

/// What the kernel side is to do.
#[derive(Clone, Debug)]
pub struct EbpfPlan {
    calls: CallSet,
    last_calls: Vec<&'static str>,
    kernel: KernelFilter,
    ring_size: u32,
    ends_with_targets: bool,
    /// aya-log's level; 0 is off.
    log_level: u8,
    /// Processes traced by id at once.
    max_targets: u32,
    decoded: Option<Depth>,
    lean: bool,
    through_descriptors: bool,
    links: Links,
}

/// What a reader of decoded calls wants of the memory that arguments point to.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    /// Bytes of a buffer, elements of an array; `None`: as many as can be captured.
    pub strings: Option<usize>,
    /// Environments and directory entries whole, not only how many there are.
    pub verbose: bool,
    /// What is behind every descriptor.
    pub descriptors: Behind,
    /// Ids of callers in pid namespaces below the tracer's as they are there, too.
    pub ids: bool,
}

/// What is captured behind a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// Nothing.
    Nothing,
    /// Its file.
    File,
    /// Its file, and of a socket its protocol and ends.
    Socket,
}

impl EbpfPlan {
    /// The plan for a rule. `ring_size` in bytes is rounded up to a power of two of whole pages.
    pub fn new(rule: &Rule, ring_size: Option<u32>) -> Self {
        let page = rustix::param::page_size() as u32;
        let ring_size = ring_size
            .unwrap_or(RING_DEFAULT)
            .max(page)
            .next_power_of_two();
        let mut kernel = rule.compile();
        if kernel.flags & FOLLOW != 0 && !kernel.targets.is_empty() {
            kernel.flags |= NOTES_BIRTHS;
        }
        Self {
            calls: rule.calls.clone(),
            last_calls: ENDS
                .into_iter()
                .filter(|name| rule.has_last_call(name))
                .collect(),
            kernel,
            ring_size,
            ends_with_targets: false,
            log_level: 0,
            decoded: None,
            lean: false,
            through_descriptors: false,
            links: Links::default(),
            max_targets: TARGETS_DEFAULT,
        }
    }

    /// Tells ids of callers in pid namespaces below the tracer's as they are there, too.
    #[must_use]
    pub fn translating(mut self) -> Self {
        self.kernel.flags |= TRANSLATES;
        self
    }

    /// Captures what arguments point to, this deep.
    #[must_use]
    pub fn decoding(mut self, depth: Depth) -> Self {
        if depth.descriptors == Behind::Socket {
            self.kernel.flags |= SOCKETS;
        }
        if depth.ids {
            self = self.translating();
        }
        self.decoded = Some(depth);
        self
    }

    /// The rule asks for paths, and a descriptor of any use leads to one, too. Calls that have to
    /// do with no file are not wanted at all.
    #[must_use]
    pub fn through_descriptors(mut self) -> Self {
        self.through_descriptors = true;
        self
    }

    /// Follows the symlinks that lead to watched roots, when they are switched.
    #[must_use]
    pub fn following(mut self, links: Links) -> Self {
        self.links = links;
        self
    }

    /// Nobody asks for files, working directories and programs: calls are decoded from their
    /// arguments alone, at a lower price.
    #[must_use]
    pub fn lean(mut self) -> Self {
        self.lean = true;
        self
    }

    /// The plan for rule sets, of which [`Ebpf::set_rules`] puts one in force.
    pub fn of_rules(ring_size: Option<u32>) -> Self {
        let nothing = Rule {
            calls: CallSet::Names(std::collections::BTreeSet::new()),
            signals: SignalSet::NONE,
            exits: false,
            conditions: Vec::new(),
        };
        let mut plan = Self::new(&nothing, ring_size);
        plan.kernel.flags |= BY_RULES;
        plan
    }

    /// The same for other calls.
    fn with_calls(&self, calls: CallSet) -> Self {
        Self {
            calls,
            ..self.clone()
        }
    }

    /// Turns the programs' debug log on, for [`Ebpf::start_log`].
    #[must_use]
    pub fn with_log(mut self) -> Self {
        self.log_level = aya_log::Level::Debug as u8;
        self
    }

    /// Keeps how long each call takes; `cpu`: also how much of it its task had a CPU.
    #[must_use]
    pub fn with_times(mut self, cpu: bool) -> Self {
        self.kernel.flags |= TIMES | if cpu { CPU_TIMES } else { 0 };
        self
    }

    /// Lets the kernel side count calls instead of reporting them, where it alone decides which
    /// calls are wanted; elsewhere they are still reported.
    #[must_use]
    pub fn counting(mut self) -> Self {
        if self.kernel.is_exact {
            self.kernel.flags = self.kernel.flags & !EXITS | COUNTS;
            self.kernel.signals = 0;
        }
        self
    }

    /// Makes room for this many processes that are traced by id at once.
    #[must_use]
    pub fn with_max_targets(mut self, max: u32) -> Self {
        self.max_targets = max;
        self
    }

    /// Ends by itself when no traced process is left.
    #[must_use]
    pub fn ending_with_targets(mut self) -> Self {
        self.ends_with_targets = true;
        self
    }

    fn sizes(&self) -> Sizes {
        Sizes {
            ring: self.ring_size,
            targets: self.max_targets,
            // A map that is not used has one entry.
            roots: (2 * self.kernel.roots.len() + self.links.most_directories()).max(1) as u32,
            requests: if self.wants_uring() { REQUESTS_MAX } else { 1 },
        }
    }

    fn config(&self) -> Config {
        let has_many_roots = self.kernel.roots.len() > ROOTS_INLINE || !self.links.is_empty();
        Config {
            flags: self.kernel.flags
                | if self.lean { LEAN } else { 0 }
                | if self.looks_before() { BEFORE } else { 0 }
                | if has_many_roots { MANY_ROOTS } else { 0 },
            strings: self
                .decoded
                .map_or(0, |depth| depth.strings.unwrap_or(BLOCK_MAX) as u64),
            signals: self.kernel.signals,
            wake_mark: u64::from(self.ring_size) / 4,
            half: u64::from(self.ring_size) / 2,
            share: self.share(),
            ..Config::default()
        }
    }

    /// What a process may have sent on each CPU to send more into a ring that is nearly full. Nothing is
    /// held back where only some processes are traced: they are what was asked for.
    fn share(&self) -> u64 {
        if self.kernel.flags & BY_TARGET != 0 {
            return 0;
        }
        let cpus = aya::util::nr_cpus().map_or(1, |cpus| cpus as u64);
        (u64::from(self.ring_size) / 64 / cpus).max(SHARE_MIN)
    }

    /// Does a rule set decide, which may be another one later?
    fn is_of_rules(&self) -> bool {
        self.kernel.flags & BY_RULES != 0
    }

    fn wants_uring(&self) -> bool {
        self.is_of_rules() || uring::wanted(&self.calls)
    }

    fn wants_exec(&self) -> bool {
        // Any later rule set may.
        self.is_of_rules()
            || ["execve", "execveat"]
                .iter()
                .any(|name| self.calls.contains(Some(name)))
    }

    /// The kernel's half of the table of calls, and its gate.
    fn call_table(&self) -> (Vec<CallSpec>, CallGate) {
        let mut table = vec![CallSpec::NONE; 2 * CALLS_PER_ARCH];
        let mut gate = CallGate {
            wanted: [0; CALLS_PER_ARCH],
        };
        for door in [Door::Native, Door::Compat] {
            let arch = Arch::from_door(door);
            let base = if door == Door::Compat {
                CALLS_PER_ARCH
            } else {
                0
            };
            for nr in 0..CALLS_PER_ARCH {
                let name = arch.name(nr as u32);
                // The last slot stands for every number beyond the table.
                let x32 = arch == Arch::NATIVE && self.calls.contains_of(Arch::X32, name);
                let spec = if x32 || self.calls.contains_of(arch, name) {
                    self.spec(arch, name)
                } else {
                    CallSpec::NONE
                };
                table[base + nr] = spec;
                if spec.flags & WANTED != 0 {
                    gate.wanted[nr] |= GATE_WANTED;
                }
                if spec.before != 0 {
                    gate.wanted[nr] |= GATE_BEFORE;
                }
            }
            // At the exit of a successful execveat the registers say execve.
            if let (true, Some(nr)) = (self.wants_exec(), arch.number("execve")) {
                table[base + nr as usize].flags |= EXECS;
                gate.wanted[nr as usize] |= GATE_WANTED;
            }
        }
        (table, gate)
    }

    /// What the kernel captures of one call.
    fn spec(&self, arch: Arch, name: Option<&'static str>) -> CallSpec {
        let mut spec = CallSpec {
            flags: WANTED,
            ..CallSpec::NONE
        };
        let Some(row) = name.and_then(row) else {
            return if self.through_descriptors {
                CallSpec::NONE
            } else {
                spec
            };
        };
        let files = row.args.iter().filter(|arg| is_file(arg)).count();
        let has_file = files > 0 || row.result == Outcome::Descriptor;
        // A call that does not return is told as the end of its task, but to rules.
        let is_told = row.flags & ENDS_TASK == 0 || self.is_of_rules();
        if !is_told || (self.through_descriptors && !has_file) {
            return CallSpec::NONE;
        }
        spec.flags |= row.flags;
        for (slot, arg) in spec.args.iter_mut().zip(row.args) {
            *slot = self.arg_spec(arch, arg, files == 1);
        }
        let shows_files = self.shows_descriptors();
        let asked = spec.args;
        let changed = row.args.iter().zip(asked).enumerate();
        let changed = changed.filter(|(_, (arg, asked))| {
            let is_memory = asked.when & AT_ENTRY != 0 && asked.how != Capture::Raw as u8;
            let is_file = arg.role == Role::ChangedFd && self.wants_files_before();
            is_file || (is_memory && self.kernel.flags & COUNTS == 0)
        });
        spec.before = changed.fold(0, |bits, (of, _)| bits | 1 << of);
        let is_captured = spec.flags & RETURNS_FD != 0;
        spec.names_result =
            u8::from(shows_files && row.result == Outcome::Descriptor && !is_captured);
        spec
    }

    /// Is there a call of which something is captured when it begins?
    fn looks_before(&self) -> bool {
        self.call_table().0.iter().any(|spec| spec.before != 0)
    }

    /// Is what descriptors led to before a call changed that of interest?
    fn wants_files_before(&self) -> bool {
        self.shows_descriptors() && !self.lean && self.kernel.flags & COUNTS == 0
    }

    /// Is the file behind every descriptor of interest?
    fn shows_descriptors(&self) -> bool {
        self.through_descriptors
            || self
                .decoded
                .is_some_and(|depth| depth.descriptors != Behind::Nothing)
    }

    /// What the kernel captures of one argument; `is_only_file` says that no other argument of its
    /// call names a file.
    fn arg_spec(&self, arch: Arch, arg: &Arg, is_only_file: bool) -> ArgSpec {
        let for_reader = |how| ArgSpec {
            max: FOR_READER,
            ..ArgSpec::new(how)
        };
        match (arg.role, self.decoded) {
            (role, _) if self.lean && role.is_descriptor() => ArgSpec::RAW,
            (Role::OtherFd | Role::ChangedFd, _) if self.shows_descriptors() => {
                if is_only_file {
                    ArgSpec::new(Capture::Fd)
                } else {
                    for_reader(Capture::Fd)
                }
            }
            (Role::DirFd, _) if self.shows_descriptors() => for_reader(Capture::DirFd),
            // A rule may ask for its family, and an audit record has it. It looks the same through
            // every door, unlike the structure that leads to it.
            (Role::SockAddr, None)
                if self.is_of_rules()
                    && (arch == Arch::NATIVE || arg.spec.how == Capture::Block as u8) =>
            {
                arg.spec
            }
            (_, None) if arg.on_demand => ArgSpec::RAW,
            // The structures of other doors have other shapes: their addresses are shown.
            (_, Some(_)) if arg.on_demand && arch != Arch::NATIVE => ArgSpec::RAW,
            (_, Some(Depth { verbose: true, .. }))
                if arg.spec.how == Capture::CountStrings as u8 =>
            {
                ArgSpec::new(Capture::Argv)
            }
            (_, decoded) => {
                let mut spec = arg.spec;
                if spec.is_array() && decoded.is_some_and(|decoded| decoded.verbose) {
                    spec.max = (BLOCK_MAX / usize::from(spec.unit)) as u16;
                }
                // What poll(2) found may be behind what is shown of them.
                if arg.role == Role::Polled
                    && let Some(strings) = decoded.and_then(|decoded| decoded.strings)
                {
                    spec.max = spec.max.max(strings.max(INSIDE_MAX as usize) as u16);
                }
                if spec.how == Capture::Block as u8 && !self.shows_descriptors() {
                    spec.stride = 0;
                }
                spec
            }
        }
    }
}

/// Does this argument name a file, by path or descriptor?
fn is_file(arg: &Arg) -> bool {
    let has_descriptors = arg.spec.how == Capture::Block as u8 && arg.spec.stride != 0;
    let has_descriptors = has_descriptors || arg.role == Role::Selected;
    arg.role == Role::Path || arg.role.is_descriptor() || has_descriptors
}

/// Longest time between two looks at the ring while events come.
const SHORT_SLEEP: Duration = Duration::from_millis(5);
/// The same when nothing has happened for a while.
const LONG_SLEEP: Duration = Duration::from_millis(50);
/// A process may have that much of a small ring on each CPU.
const SHARE_MIN: u64 = 1024;
/// Records taken at most in one read.
const BATCH: usize = 16_384;
/// The wall clock may be set: the difference to the monotonic clock is read again after this.
const CLOCK_PERIOD: Duration = Duration::from_secs(1);

/// A running eBPF source.
pub struct Ebpf {
    object: Object,
    ring: Ring,
    decoder: Decoder,
    /// `io_uring` requests that have not completed.
    pending: Pending,
    /// What descriptors led to before calls that have not returned.
    before: Before,
    /// How far the records of each CPU have come.
    next: BTreeMap<u32, Reached>,
    /// Which processes were held back.
    floods: Floods,
    clock: Clock,
    sleep: Duration,
    delivered: u64,
    malformed: u64,
    ends_with_targets: bool,
    wants_exec: bool,
    /// The rule set in force.
    rules: Installed,
    plan: EbpfPlan,
    wants_uring: bool,
    /// Calls that had not returned at the end, and were not seen by the kernel side's counters.
    unreturned: u64,
    warnings: Vec<String>,
}

impl Ebpf {
    /// Loads and attaches what the plan needs.
    pub fn open(plan: &EbpfPlan) -> Result<Self, EbpfError> {
        may_use_bpf()?;
        if lockdown().is_some_and(|l| l == "confidentiality") {
            return Err(EbpfError::Lockdown);
        }
        raise_memlock();
        let mut targets = attach::Targets::before(&plan.kernel.targets);
        let (mut object, ring) = Object::load(plan, &mut targets)?;
        let (targets, warnings) = targets.settle(&mut object)?;
        if plan.kernel.flags & NOTES_BIRTHS != 0 {
            attach::descendants(&mut object, &targets)?;
        }
        let pids = object.pids;
        Ok(Self {
            object,
            ring,
            decoder: Decoder {
                resolver: Resolver::default(),
                lean: plan.lean,
                through_descriptors: plan.through_descriptors,
                last_calls: plan.last_calls.clone(),
                cpu_times: plan.kernel.flags & CPU_TIMES != 0,
                pids,
            },
            pending: Pending::default(),
            before: Before::default(),
            next: BTreeMap::new(),
            floods: Floods::default(),
            clock: Clock::now(),
            sleep: SHORT_SLEEP,
            delivered: 0,
            malformed: 0,
            ends_with_targets: plan.ends_with_targets,
            wants_exec: plan.wants_exec(),
            rules: Installed::default(),
            plan: plan.clone(),
            // Any later rule set may.
            wants_uring: plan.wants_uring(),
            unreturned: 0,
            warnings,
        })
    }

    /// Puts a rule set in force, losing nothing. Returns the generation that its events have
    /// ([`ByRules::generation`](crate::event::ByRules)).
    pub fn set_rules(&mut self, compiled: &Compiled, targets: &Targets) -> Result<bool, EbpfError> {
        // For the moment of the change both sets must find theirs captured.
        self.object.set_uring(&CallSet::All)?;
        let ebpf = self.object.ebpf();
        let generation = self.rules.replace(ebpf, &self.plan, compiled, targets)?;
        self.object.set_uring(&compiled.calls)?;
        Ok(generation)
    }

    /// Finds watched files again that were replaced.
    pub fn look_again(&mut self, targets: &Targets) -> Result<(), EbpfError> {
        self.rules.look_again(self.object.ebpf(), targets)
    }

    /// From now on the children of this process are traced, each from its first exec on.
    pub fn adopt_children(&mut self) -> Result<(), EbpfError> {
        self.object.add_target(self.object.own_id(), TARGET_ADOPTS)
    }

    /// Ends [`Ebpf::adopt_children`].
    pub fn adopt_no_more(&mut self) {
        self.object.remove_target(self.object.own_id());
    }

    /// What this kernel lacks, in words for a person; empty when nothing is missing.
    pub fn lacks(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.wants_exec && !self.object.exec_args {
            out.push("raw arguments of successful execs (needs Linux 6.10)".to_owned());
        }
        if self.wants_uring
            && let Err(why) = &self.object.uring
        {
            out.push(format!("operations of io_uring ({why})"));
        }
        if self.object.absent.contains("task_loginuid") {
            out.push("auid and session (needs CONFIG_AUDIT)".to_owned());
        }
        out
    }

    /// Prints the kernel side's own log (aya-log) on standard error, for `--ebpf-log`.
    pub fn start_log(&mut self) -> anyhow::Result<()> {
        log::start(self.object.ebpf())
    }

    /// Hands on what waits in the ring, at most `limit` records.
    /// At the end, those that wait for another are handed on, too.
    fn drain(&mut self, limit: usize, ending: bool, take: &mut dyn FnMut(Item)) -> usize {
        self.decoder.resolver.new_batch();
        let Self {
            object,
            ring,
            decoder,
            pending,
            before,
            next,
            clock,
            delivered,
            malformed,
            ..
        } = self;
        let by_data = object.uring_by_data();
        let mut hand_on = Hand {
            decoder,
            is_below: &mut |fd: BorrowedFd<'_>| object.below(fd),
            clock,
            delivered,
            malformed,
            take,
        };
        let count = ring.drain(limit, |bytes| {
            let Ok(record) = Record::parse(bytes) else {
                hand_on.malformed();
                return;
            };
            // Of two that belong together one comes now, and the other came before.
            let whole = match record.kind {
                Kind::Before => {
                    before.keep(&record.head, bytes);
                    return;
                }
                Kind::Completion => pending.completed(&record, bytes),
                Kind::Call | Kind::Exit | Kind::Signal => {
                    hand_on.gap(&record, next);
                    if record.head.door == Door::Uring as u8 {
                        pending.submitted(&record, bytes, by_data)
                    } else if let Some(whole) = before.complete(&record, bytes) {
                        Some(whole)
                    } else {
                        hand_on.record(&record);
                        return;
                    }
                }
            };
            hand_on.whole(whole.as_deref());
        });
        while let Some(overdue) = pending.overdue() {
            hand_on.whole(Some(&overdue));
        }
        if ending {
            while let Some(left) = pending.oldest() {
                hand_on.whole(Some(&left));
            }
        }
        count
    }

    /// Says who was held back, where that is due.
    fn tell_floods(&mut self, ending: bool) {
        let held = self.next.values().map(|reached| reached.held).sum();
        let told = self.floods.tell(held, &self.object, ending);
        self.warnings.extend(told);
    }

    /// Losses after the last record of each CPU, which no later record shows.
    fn tail_losses(&mut self, take: &mut dyn FnMut(Item)) {
        let time = self.clock.time();
        for (cpu, stats) in self.object.stats().iter().enumerate() {
            let end = Reached {
                seq: stats.emitted + stats.lost + stats.held,
                held: stats.held,
            };
            let next = self.next.entry(cpu as u32).or_default();
            for (count, reason) in next.missing_before(&end) {
                take(loss(time, Some(cpu as u32), count, reason));
            }
            *next = end;
        }
        let misses = self.object.recursion_misses();
        if misses > 0 {
            take(loss(time, None, misses, LossReason::Recursion));
        }
    }
}

/// Hands records on as events.
struct Hand<'a> {
    decoder: &'a mut Decoder,
    is_below: IsBelow<'a>,
    clock: &'a Clock,
    delivered: &'a mut u64,
    malformed: &'a mut u64,
    take: &'a mut dyn FnMut(Item),
}

impl Hand<'_> {
    fn record(&mut self, record: &Record<'_>) {
        let offset = self.clock.wall_minus_mono();
        match self.decoder.decode(record, offset, self.is_below) {
            Ok(event) => {
                *self.delivered += 1;
                (self.take)(Item::Event(Box::new(event)));
            }
            Err(Malformed(_)) => self.malformed(),
        }
    }

    /// A record put together from two.
    fn whole(&mut self, bytes: Option<&[u8]>) {
        match bytes.map(Record::parse) {
            None => {}
            Some(Ok(record)) => self.record(&record),
            Some(Err(Malformed(_))) => self.malformed(),
        }
    }

    fn malformed(&mut self) {
        *self.malformed += 1;
        (self.take)(loss(self.clock.time(), None, 1, LossReason::Malformed));
    }

    /// Tells what is missing before this record on its CPU.
    fn gap(&mut self, record: &Record<'_>, next: &mut BTreeMap<u32, Reached>) {
        let cpu = u32::from(record.head.cpu);
        let (seq, held) = (record.head.seq, record.head.held);
        let next = next.entry(cpu).or_default();
        for (count, reason) in next.missing_before(&Reached { seq, held }) {
            let time = self.clock.at(record.head.mono_ns);
            (self.take)(loss(time, Some(cpu), count, reason));
        }
        *next = Reached { seq: seq + 1, held };
    }
}

/// A place in the records of a CPU.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    /// Number of the next record.
    seq: u64,
    /// How many were held back before it.
    held: u64,
}

impl Reached {
    /// What is missing between here and a later place, by reason.
    fn missing_before(&self, later: &Self) -> impl Iterator<Item = (u64, LossReason)> + use<> {
        let missing = later.seq.saturating_sub(self.seq);
        let held = later.held.saturating_sub(self.held).min(missing);
        [
            (missing - held, LossReason::RingFull),
            (held, LossReason::Flood),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
    }
}

impl Ebpf {
    /// Tells the calls that have not returned yet, with how long they have been waiting.
    fn unfinished(&mut self, take: &mut dyn FnMut(Item)) {
        if !self.object.knows_unfinished() {
            return;
        }
        let (targets, entered) = (self.object.targets(), self.object.entered());
        let names = waiting::Names::of(&mut self.object);
        for event in waiting::calls(&targets, &entered, &names, self.clock.time()) {
            self.unreturned += 1;
            self.delivered += 1;
            take(Item::Event(Box::new(event)));
        }
    }

    /// The sums of the calls that the kernel side counted.
    fn calls(&self) -> Vec<CallSums> {
        let sums = self.object.counts().into_iter();
        sums.map(|(at, total, histogram)| {
            let door = if at < CALLS_PER_ARCH {
                Door::Native
            } else {
                Door::Compat
            };
            CallSums {
                arch: Arch::from_door(door),
                nr: (at % CALLS_PER_ARCH) as u32,
                calls: total.calls,
                errors: total.errors,
                ns: total.ns,
                max_ns: total.max_ns,
                min_ns: total.min_ns,
                buckets: histogram.calls.to_vec(),
            }
        })
        .collect()
    }
}

/// Bytes of a record before its sections.
#[doc(hidden)]
pub const HEAD_LEN: usize = size_of::<tracer_ebpf::abi::wire::Head>();

/// The event of one record as it stands in the ring, without a kernel behind it; `None` where it is
/// malformed. For the fuzz targets.
#[doc(hidden)]
pub fn decode_record(bytes: &[u8]) -> Option<Item> {
    let mut decoder = Decoder {
        resolver: Resolver::default(),
        lean: false,
        through_descriptors: true,
        last_calls: Vec::new(),
        cpu_times: true,
        pids: Pids {
            level: 0,
            procfs: Procfs::Hidden,
        },
    };
    let record = Record::parse(bytes).ok()?;
    let event = decoder.decode(&record, 0, &mut |_| Below::default());
    Some(Item::Event(Box::new(event.ok()?)))
}

fn loss(time: Time, cpu: Option<u32>, count: u64, reason: LossReason) -> Item {
    Item::Loss(Loss {
        time,
        cpu,
        count: Some(count),
        reason,
    })
}

impl Source for Ebpf {
    fn backend(&self) -> Backend {
        Backend::Ebpf
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.ring.fd()
    }

    fn longest_sleep(&self) -> Duration {
        self.sleep
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<usize> {
        self.clock.refresh();
        let mut replaced = self.object.roots.is_time();
        let paths = self.object.roots.paths();
        let count = self.drain(BATCH, false, &mut |item| {
            if let Item::Event(event) = &item {
                replaced |= paths.may_be_others_after(event);
            }
            take(item);
        });
        if replaced {
            self.object.look_again(&mut self.warnings)?;
        }
        // A daemon has no end at which it could be told.
        if self.plan.is_of_rules() {
            self.tell_floods(false);
        }
        self.sleep = if count > 0 {
            SHORT_SLEEP
        } else {
            (self.sleep * 2).min(LONG_SLEEP)
        };
        Ok(count)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        self.object.detach();
        while self.drain(BATCH, false, take) > 0 {}
        self.drain(BATCH, true, take);
        self.tail_losses(take);
        self.tell_floods(true);
        self.unfinished(take);
        Ok(())
    }

    fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    fn sums(&self) -> Sums {
        let mut sums = Sums {
            delivered: self.delivered,
            ..Sums::default()
        };
        let (mut filtered, mut lost) = (vec![0; Filtered::ALL.len()], 0);
        let mut held = 0;
        let mut unfollowed = 0;
        for stats in self.object.stats() {
            sums.seen += stats.seen;
            lost += stats.lost;
            held += stats.held;
            unfollowed += stats.unfollowed;
            for (sum, n) in filtered.iter_mut().zip(stats.filtered) {
                *sum += n;
            }
        }
        let misses = self.object.recursion_misses();
        sums.seen += misses;
        sums.filtered = Filtered::ALL
            .iter()
            .zip(filtered)
            .map(|(f, n)| (f.1.into(), n))
            .collect();
        sums.calls = self.calls();
        sums.seen += self.unreturned;
        sums.lost = vec![
            (LossReason::RingFull, lost),
            (LossReason::Flood, held),
            (LossReason::Unfollowed, unfollowed),
            (LossReason::Recursion, misses),
            (LossReason::Malformed, self.malformed),
        ];
        sums
    }

    fn ended(&mut self) -> bool {
        self.ends_with_targets && !self.object.has_targets()
    }
}

/// Turns monotonic time into wall clock time.
struct Clock {
    wall_minus_mono: i64,
    read: Instant,
}

impl Clock {
    fn now() -> Self {
        let ns = |clock| {
            let t = clock_gettime(clock);
            t.tv_sec * 1_000_000_000 + t.tv_nsec
        };
        Self {
            wall_minus_mono: ns(ClockId::Realtime) - ns(ClockId::Monotonic),
            read: Instant::now(),
        }
    }

    fn refresh(&mut self) {
        if self.read.elapsed() > CLOCK_PERIOD {
            *self = Self::now();
        }
    }

    fn wall_minus_mono(&self) -> i64 {
        self.wall_minus_mono
    }

    /// This moment.
    fn time(&self) -> Time {
        let t = clock_gettime(ClockId::Monotonic);
        self.at((t.tv_sec * 1_000_000_000 + t.tv_nsec) as u64)
    }

    /// A moment of the monotonic clock.
    fn at(&self, mono_ns: u64) -> Time {
        Time {
            wall_ns: mono_ns.wrapping_add_signed(self.wall_minus_mono),
            mono_ns,
        }
    }
}

/// Has this process the privileges for eBPF, as far as they can be seen?
pub fn may_use_bpf() -> Result<(), EbpfError> {
    if !has_bpf_capability() {
        return Err(EbpfError::Privilege);
    }
    if is_in_other_user_namespace() {
        return Err(EbpfError::UserNamespace);
    }
    Ok(())
}

/// `CAP_BPF` and `CAP_PERFMON`, or `CAP_SYS_ADMIN` (capabilities(7)).
fn has_bpf_capability() -> bool {
    use rustix::thread::{CapabilitySet, capabilities};
    let Ok(sets) = capabilities(None) else {
        return false;
    };
    let has = |cap| sets.effective.contains(cap);
    has(CapabilitySet::SYS_ADMIN) || (has(CapabilitySet::BPF) && has(CapabilitySet::PERFMON))
}

/// Is the user namespace known to be another one than the initial one?
fn is_in_other_user_namespace() -> bool {
    /// `PROC_USER_INIT_INO` of `include/linux/proc_ns.h`.
    const INITIAL: u64 = 0xEFFF_FFFD;
    std::fs::metadata("/proc/self/ns/user").is_ok_and(|namespace| namespace.ino() != INITIAL)
}

/// The lockdown mode in force, where securityfs shows it (`kernel_lockdown(7)`).
pub fn lockdown() -> Option<String> {
    let text = std::fs::read_to_string("/sys/kernel/security/lockdown").ok()?;
    let (_, rest) = text.split_once('[')?;
    rest.split_once(']').map(|(mode, _)| mode.to_owned())
}

/// Before 5.11 BPF memory counts against this limit; where it may not be raised, the kernel's
/// own refusal is reported.
fn raise_memlock() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(
        Resource::Memlock,
        Rlimit {
            current: None,
            maximum: None,
        },
    );
}
