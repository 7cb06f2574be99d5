//! What the kernel side is to do: which calls, what of them, how deep.

use tracer_ebpf::abi::{
    call::{
        AT_ENTRY, ArgSpec, CallGate, CallSpec, Capture, ENDS_TASK, EXECS, FOR_READER, GATE_BEFORE,
        GATE_WANTED, RETURNS_FD, WANTED,
    },
    filter::{
        BEFORE, BY_COMM, BY_GID, BY_RULES, BY_TARGET, BY_UID, COUNTS, CPU_TIMES, Config, EXITS,
        FAILED, FOLLOW, LEAN, MANY_ROOTS, NOTES_BIRTHS, SOCKETS, TIMES, TRANSLATES,
    },
    limits::{
        BLOCK_MAX, CALLS_PER_ARCH, INSIDE_MAX, REQUESTS_MAX, RING_DEFAULT, ROOTS_INLINE,
        TARGETS_DEFAULT,
    },
    wire::Door,
};

use super::{object::Sizes, uring};
use crate::{
    calls::{Arch, Arg, CallSet, Role, row},
    decode::Outcome,
    rules::{KernelFilter, Roots, Rule, SignalSet},
    source::links::Links,
};

/// The calls that end a task.
const ENDS: [&str; 2] = ["exit", "exit_group"];

/// A process may have that much of a small ring on each CPU.
const SHARE_MIN: u64 = 1024;

/// What the kernel side is to do.
#[derive(Clone, Debug)]
pub struct EbpfPlan {
    pub(super) calls: CallSet,
    pub(super) last_calls: Vec<&'static str>,
    pub(super) kernel: KernelFilter,
    pub(super) ring_size: u32,
    pub(super) ends_with_targets: bool,
    /// aya-log's level; 0 is off.
    pub(super) log_level: u8,
    /// Processes traced by id at once.
    pub(super) max_targets: u32,
    pub(super) decoded: Option<Depth>,
    pub(super) lean: bool,
    pub(super) through_descriptors: bool,
    pub(super) links: Links,
    pub(super) witness: Option<Roots>,
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
            witness: None,
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

    /// Has fanotify tell beside the calls which files they touch at and below these roots.
    #[must_use]
    pub fn with_witness(mut self, roots: Roots) -> Self {
        self.witness = Some(roots);
        self
    }

    /// Is what no call explains to be told? Not where the kernel side leaves calls out that would explain
    /// it: those of others, of processes that a rule excepts.
    pub(super) fn tells_rest(&self) -> bool {
        self.kernel.flags & (BY_RULES | BY_TARGET | BY_UID | BY_GID | BY_COMM | FAILED) == 0
    }

    /// Nobody asks for files, working directories and programs: calls are decoded from their
    /// arguments alone, at a lower price.
    #[must_use]
    pub fn lean(mut self) -> Self {
        self.lean = true;
        self
    }

    /// The plan for rule sets, of which [`Ebpf::set_rules`](super::Ebpf::set_rules) puts one in force.
    pub fn of_rules(ring_size: Option<u32>) -> Self {
        let nothing = Rule {
            calls: CallSet::Names(std::collections::BTreeSet::new()),
            signals: SignalSet::NONE,
            exits: false,
            conditions: Vec::new(),
        };
        let mut plan = Self::new(&nothing, ring_size);
        plan.kernel.flags |= BY_RULES;
        plan.with_witness(Roots::default())
    }

    /// The same for other calls.
    pub(super) fn with_calls(&self, calls: CallSet) -> Self {
        Self {
            calls,
            ..self.clone()
        }
    }

    /// Turns the programs' debug log on, for [`Ebpf::start_log`](super::Ebpf::start_log).
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

    pub(super) fn sizes(&self) -> Sizes {
        Sizes {
            ring: self.ring_size,
            targets: self.max_targets,
            // A map that is not used has one entry.
            roots: (2 * self.kernel.roots.len() + self.links.most_directories()).max(1) as u32,
            requests: if self.wants_uring() { REQUESTS_MAX } else { 1 },
        }
    }

    pub(super) fn config(&self) -> Config {
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
    pub(super) fn is_of_rules(&self) -> bool {
        self.kernel.flags & BY_RULES != 0
    }

    pub(super) fn wants_uring(&self) -> bool {
        self.is_of_rules() || uring::wanted(&self.calls)
    }

    pub(super) fn wants_exec(&self) -> bool {
        // Any later rule set may.
        self.is_of_rules()
            || ["execve", "execveat"]
                .iter()
                .any(|name| self.calls.contains(Some(name)))
    }

    /// The kernel's half of the table of calls, and its gate.
    pub(super) fn call_table(&self) -> (Vec<CallSpec>, CallGate) {
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
