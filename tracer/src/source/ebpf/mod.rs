//! The eBPF source, tier 1: raw tracepoints, one ring buffer, [`Item`]s.

mod attach;
mod before;
mod btf;
mod clock;
mod decode;
mod error;
mod floods;
mod info;
mod log;
mod object;
mod pids;
mod plan;
mod record;
mod ring;
mod roots;
mod rule_set;
mod size;
#[cfg(test)]
mod stack;
mod uring;
mod waiting;
mod witnessed;

use std::{
    collections::BTreeMap,
    os::{fd::BorrowedFd, unix::fs::MetadataExt as _},
    time::Duration,
};

use tracer_ebpf::abi::{
    filter::{CPU_TIMES, NOTES_BIRTHS, TARGET_ADOPTS},
    limits::CALLS_PER_ARCH,
    stats::Filtered,
    wire::{Door, Kind},
};

pub use btf::{BtfError, KernelTypes, VMLINUX};
pub use error::EbpfError;
pub use plan::{Behind, Depth, EbpfPlan};
pub(crate) use size::{RING, ring_size};

use super::{Source, Sums};
use crate::{
    calls::{Arch, CallSet},
    enrich::{
        paths::{Below, IsBelow, Resolver},
        pids::Procfs,
    },
    event::{Backend, CallSums, Item, Loss, LossReason, Time},
    rules::{Compiled, Targets},
};
use before::Before;
use clock::Clock;
use decode::Decoder;
use floods::Floods;
use object::Object;
use pids::Pids;
use record::{Malformed, Record};
use ring::Ring;
use rule_set::Installed;
use uring::Pending;
use witnessed::Witnessed;

/// Longest time between two looks at the ring while events come.
const SHORT_SLEEP: Duration = Duration::from_millis(5);
/// The same while fanotify tells of them, too: what makes an event pays for a long queue.
const SHORTER_SLEEP: Duration = Duration::from_millis(1);
/// The same when nothing has happened for a while.
const LONG_SLEEP: Duration = Duration::from_millis(50);

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
    witnessed: Witnessed,
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
        let (targets, mut warnings) = targets.settle(&mut object)?;
        // Before the first call is captured: each has its event of fanotify then.
        let witnessed = Witnessed::open(plan, &mut warnings);
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
            witnessed,
            // Any later rule set may.
            wants_uring: plan.wants_uring(),
            unreturned: 0,
            warnings,
        })
    }

    /// Puts a rule set in force, losing nothing. Returns the generation that its events have
    /// ([`ByRules::generation`](crate::event::ByRules)).
    pub fn set_rules(&mut self, compiled: &Compiled, targets: &Targets) -> Result<bool, EbpfError> {
        let to_be = compiled.targets.keys();
        // Events of the set before are still under way.
        self.witnessed.set(
            self.rules.calls.iter().chain([&compiled.calls]),
            to_be.filter_map(|id| targets.get(*id)),
        );
        // For the moment of the change both sets must find theirs captured.
        self.object.set_uring(&CallSet::All)?;
        let ebpf = self.object.ebpf();
        let generation = self.rules.replace(ebpf, &self.plan, compiled, targets)?;
        self.object.set_uring(&compiled.calls)?;
        Ok(generation)
    }

    /// Finds watched files again that were replaced.
    pub fn look_again(&mut self, targets: &Targets) -> Result<(), EbpfError> {
        let (calls, files) = (&self.rules.calls, self.rules.in_force(targets));
        self.witnessed.set(calls.iter(), files);
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

    fn backends(&self) -> Vec<Backend> {
        let witness = self.witnessed.is_on().then_some(Backend::Fanotify);
        std::iter::once(Backend::Ebpf).chain(witness).collect()
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
        let count = self.hand_on(false, &mut |item| {
            if let Item::Event(event) = &item {
                replaced |= paths.may_be_others_after(event);
            }
            take(item);
        })?;
        if replaced {
            self.object.look_again(&mut self.warnings)?;
            self.witnessed.look();
        }
        // A daemon has no end at which it could be told.
        if self.plan.is_of_rules() {
            self.tell_floods(false);
        }
        self.sleep = if self.witnessed.has_read() {
            SHORTER_SLEEP
        } else if count > 0 {
            SHORT_SLEEP
        } else {
            (self.sleep * 2).min(LONG_SLEEP)
        };
        Ok(count)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> anyhow::Result<()> {
        self.witnessed.ends()?;
        self.object.detach();
        while self.hand_on(true, take)? > 0 {}
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
        sums.seen += self.unreturned + self.witnessed.told();
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
