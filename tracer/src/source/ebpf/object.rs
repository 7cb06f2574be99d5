//! The eBPF object: load it with this kernel's offsets and the compiled filter, attach it, talk
//! to its maps.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    os::fd::{AsRawFd, BorrowedFd},
    thread,
};

use aya::{
    Ebpf, EbpfLoader, Pod,
    maps::{Array, HashMap, Map, MapData},
    programs::{RawTracePoint, RawTracePointRunOptions, TestRun},
};
use tracer_ebpf::abi::{
    Plain,
    call::{CallGate, CallSpec},
    count::{Birth, Entered, Histogram, SHARDS, Total, shorter},
    filter::{
        BEFORE, BY_ROOT, BY_RULES, BY_TARGET, COUNTS, CPU_TIMES, Config, EXEC_ARGS, EXITS, FOLLOW,
        NOTES_BIRTHS, TARGET_ENDED, TASK_REGS, TIMES, URING_BY_DATA,
    },
    limits::{BIRTHS_MAX, CALLS_PER_ARCH, ENTERED_MAX, SHARES_MAX},
    offsets::Offsets,
    rules::WATCHED_MAX,
    stats::{CpuStats, Share},
    uring::Requests,
    wire::{self, Located},
};

use rustix::fs::{Mode, OFlags, open};

use crate::{
    calls::CallSet,
    enrich::{
        paths::Below,
        pids::{self, Procfs},
    },
};

use super::{
    EbpfPlan, attach,
    btf::KernelTypes,
    error::EbpfError,
    pids::{InProc, Pids},
    ring::Ring,
    roots::Roots,
    uring::Layout,
};

pub(super) static OBJECT: &[u8] =
    aya::include_bytes_aligned!(concat!(env!("OUT_DIR"), "/tracer-probes"));

/// Gives ABI types to aya, which knows only its own marker trait.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(super) struct Abi<T: Plain>(pub(super) T);
// SAFETY: `Plain` promises integers without padding.
unsafe impl<T: Plain> Pod for Abi<T> {}

/// The loaded and attached programs.
pub(super) struct Object {
    ebpf: Ebpf,
    stats: Array<MapData, Abi<CpuStats>>,
    targets: HashMap<MapData, u32, u32>,
    entered: HashMap<MapData, u32, Abi<Entered>>,
    births: HashMap<MapData, u32, Abi<Birth>>,
    shares: HashMap<MapData, u64, Abi<Share>>,
    totals: Array<MapData, Abi<Total>>,
    histograms: Array<MapData, Abi<Histogram>>,
    /// Required members that this kernel lacks, and so what is not captured.
    pub(super) absent: BTreeSet<&'static str>,
    /// The arguments of a successful exec are known.
    pub(super) exec_args: bool,
    /// There are watched roots, or files outside of the tracer's own root directory.
    asks: bool,
    /// Where they are.
    pub(super) roots: Roots,
    /// Operations of `io_uring`, or why they are not seen.
    pub(super) uring: Result<Layout, String>,
    /// `TIMES`, `COUNTS`, ... of the filter.
    flags: u32,
    /// The tracer in the initial pid namespace.
    own_id: u32,
    /// What processes are called where.
    pub(super) pids: Pids,
}

/// How large the maps are that a plan sets the size of.
pub(super) struct Sizes {
    /// The ring, in bytes.
    pub(super) ring: u32,
    /// Processes traced by id at once.
    pub(super) targets: u32,
    /// Watched roots and the directories of their names.
    pub(super) roots: u32,
    /// Requests of `io_uring` at once.
    pub(super) requests: u32,
}

impl Sizes {
    /// For an object that only answers questions.
    const SMALLEST: Self = Self {
        // The largest page of the architectures that tracer runs on.
        ring: 65_536,
        targets: 1,
        roots: 1,
        requests: 1,
    };
}

/// Entries of the table of calls.
const CALLS: u32 = 2 * CALLS_PER_ARCH as u32;

/// The hooks that a plan needs; the program on each has the same name.
fn hooks(config: &Config) -> Vec<&'static str> {
    let mut hooks = vec!["sys_exit"];
    if config.flags & (TIMES | BEFORE) != 0 {
        hooks.push("sys_enter");
    }
    if config.flags & CPU_TIMES != 0 {
        hooks.push("sched_switch");
    }
    if config.signals != 0 {
        hooks.extend(["signal_deliver", "signal_generate"]);
    }
    if config.flags & (FOLLOW | BY_TARGET | TIMES) != 0 {
        hooks.extend(["sched_process_fork", "sched_process_exec"]);
    }
    if config.flags & (EXITS | BY_TARGET | TIMES | BY_RULES) != 0 || config.signals != 0 {
        hooks.push("sched_process_exit");
    }
    if config.flags & BY_TARGET != 0 {
        hooks.push("sched_process_free");
    }
    if config.flags & EXEC_ARGS != 0 {
        hooks.push("sched_prepare_exec");
    }
    hooks
}

impl Object {
    /// Loads and attaches everything that `plan` needs.
    pub(super) fn load(
        plan: &EbpfPlan,
        asked: &mut attach::Targets,
    ) -> Result<(Self, Ring), EbpfError> {
        let (before, globals);
        // A new loader reads and parses all types of the kernel, which no program here needs: that
        // is as long as to look for the members that they do need. The thread has ended before a
        // command is started.
        let (mut loader, types) = thread::scope(|scope| {
            let loader = scope.spawn(EbpfLoader::new);
            let types = KernelTypes::open().and_then(|types| Ok((types.offsets()?, types)));
            (loader.join().unwrap_or_default(), types)
        });
        let ((offsets, absent), types) = types?;
        let exec_args = plan.wants_exec() && types.has_tracepoint("sched_prepare_exec");
        let mut config = plan.config();
        if exec_args {
            config.flags |= EXEC_ARGS;
        }
        let layout = Layout::new(&types, &offsets);
        if layout.as_ref().is_ok_and(|layout| layout.by_data) {
            config.flags |= URING_BY_DATA;
        }
        if types.has_helper("bpf_task_pt_regs") {
            config.flags |= TASK_REGS;
        }
        config.upid_size = types.size_of("upid").unwrap_or(0);
        before = Globals::new(&offsets, &config);
        let (pids, is_in_chroot) = locate_here(&mut loader, &before, &mut config)?;

        globals = Globals {
            log_level: plan.log_level,
            ..Globals::new(&offsets, &config)
        };
        let mut ebpf = load_object(&mut loader, &globals, &plan.sizes())?;
        set_calls(&mut ebpf, plan)?;
        set_keys(&mut ebpf, plan)?;
        let ring = Ring::new(take(&mut ebpf, "EVENTS")?, plan.ring_size)?;
        let stats = Array::try_from(take(&mut ebpf, "STATS")?)?;
        let mut targets = HashMap::try_from(take(&mut ebpf, "TARGETS")?)?;
        let entered = HashMap::try_from(take(&mut ebpf, "ENTERED")?)?;
        let births = HashMap::try_from(take(&mut ebpf, "BIRTHS")?)?;
        let shares = HashMap::try_from(take(&mut ebpf, "SHARES")?)?;
        let totals = Array::try_from(take(&mut ebpf, "TOTALS")?)?;
        let histograms = Array::try_from(take(&mut ebpf, "HISTOGRAMS")?)?;
        let asks = config.flags & (BY_ROOT | BY_RULES) != 0 || is_in_chroot;
        let locate = (asks || !pids.proc_is_initial()).then_some("locate");
        for name in hooks(&config).into_iter().chain(locate) {
            load(&mut ebpf, name)?;
        }
        for id in asked.find(|id| host_id(&mut ebpf, pids, id)) {
            targets.insert(id, 0, 0)?;
        }
        let mut roots = Roots::of(&plan.kernel.roots, plan.links.clone());
        roots.look(&mut ebpf, &mut Vec::new())?;
        // The hooks that follow processes come first: no child may slip through.
        for hook in hooks(&config).into_iter().rev() {
            attach(&mut ebpf, hook, hook)?;
        }
        // What is done through a ring is told by hooks of its own: without them, the rest works.
        let uring = layout.and_then(|layout| {
            attach_uring(&mut ebpf, &layout, &plan.calls)
                .map(|()| layout)
                .map_err(|error| error.to_string())
        });
        Ok((
            Self {
                ebpf,
                stats,
                targets,
                entered,
                births,
                shares,
                totals,
                histograms,
                absent,
                exec_args,
                asks,
                roots,
                uring,
                flags: config.flags,
                own_id: config.self_pid,
                pids,
            },
            ring,
        ))
    }

    /// Finds the watched roots again: one that was replaced is another inode now.
    pub(super) fn look_again(&mut self, tell: &mut Vec<String>) -> Result<(), EbpfError> {
        self.roots.look(&mut self.ebpf, tell)
    }

    /// What this file of ours is at or below, whatever its path.
    pub(super) fn below(&mut self, fd: BorrowedFd<'_>) -> Below {
        if !self.asks {
            return Below::default();
        }
        // A question that cannot be asked leaves the decision to the path.
        locate(&mut self.ebpf, fd.as_raw_fd()).map_or_else(
            |_| Below::default(),
            |located| Below {
                root: located.below != 0,
                near: located.walk & u64::from(wire::NEAR) != 0,
                holds: located.walk & u64::from(wire::HOLDS) != 0,
                inside: located.is_inside(),
                met: located.met,
            },
        )
    }

    /// Asks for the operations of `io_uring` that have the names of these calls.
    pub(super) fn set_uring(&mut self, calls: &CallSet) -> Result<(), EbpfError> {
        match &self.uring {
            Ok(layout) => set_requests(&mut self.ebpf, layout, calls),
            Err(_) => Ok(()),
        }
    }

    /// Completions of `io_uring` have the program's own word for the request.
    pub(super) fn uring_by_data(&self) -> bool {
        self.uring.as_ref().is_ok_and(|layout| layout.by_data)
    }

    /// The counters of every CPU.
    pub(super) fn stats(&self) -> Vec<CpuStats> {
        self.stats
            .iter()
            .filter_map(Result::ok)
            .map(|Abi(stats)| stats)
            .collect()
    }

    /// What was held back of which processes on all CPUs: by thread group id in the initial namespace.
    pub(super) fn held_back(&self) -> BTreeMap<u32, Share> {
        let mut sums: BTreeMap<u32, Share> = BTreeMap::new();
        for (key, Abi(share)) in self.shares.iter().filter_map(Result::ok) {
            let sum = sums.entry((key >> 32) as u32);
            sum.and_modify(|sum| sum.held += share.held)
                .or_insert(share);
        }
        sums
    }

    /// The tracer in the initial pid namespace.
    pub(super) fn own_id(&self) -> u32 {
        self.own_id
    }

    /// The id in the initial namespace of what `/proc` calls this; `None`: it has ended.
    pub(super) fn host_id(&mut self, id: u32) -> Option<u32> {
        host_id(&mut self.ebpf, self.pids, id)
    }

    /// What `/proc` calls the processes, or all threads, that it shows, by their ids in the initial
    /// namespace.
    pub(super) fn in_proc(&mut self, threads: bool) -> InProc {
        let shown = pids::processes().flat_map(|id| {
            let others = threads.then(|| pids::threads(id)).into_iter().flatten();
            std::iter::once(id).chain(others)
        });
        shown
            .filter_map(|id| Some((self.host_id(id)?, id)))
            .collect()
    }

    /// Traces another process.
    pub(super) fn add_target(&mut self, id: u32, flags: u32) -> Result<(), EbpfError> {
        Ok(self.targets.insert(id, flags, 0)?)
    }

    /// Traces a process no more.
    pub(super) fn remove_target(&mut self, id: u32) {
        // It may have ended by itself meanwhile: nothing is left to do then.
        let _ = self.targets.remove(&id);
    }

    /// Is any traced process left? One whose last threads are on their way out is.
    pub(super) fn has_targets(&mut self) -> bool {
        let targets = || self.targets.iter().filter_map(Result::ok);
        if targets().any(|(_, flags)| flags & TARGET_ENDED == 0) {
            return true;
        }
        let ended: Vec<u32> = targets().map(|(id, _)| id).collect();
        if ended.is_empty() || self.pids.proc_is_initial() {
            return !ended.into_iter().all(attach::is_over);
        }
        let shown = self.in_proc(false);
        let mut ids = ended.iter().filter_map(|id| shown.get(id));
        !ids.all(|id| attach::is_over(*id))
    }

    /// The forks that were noted: child, parent, grandparent.
    pub(super) fn births(&self) -> Vec<(u32, Birth)> {
        let known = self.births.iter().filter_map(Result::ok);
        known.map(|(child, Abi(birth))| (child, birth)).collect()
    }

    /// Calls are reported, and the enter hook tells which have not returned.
    pub(super) fn knows_unfinished(&self) -> bool {
        self.flags & (TIMES | COUNTS) == TIMES
    }

    /// The calls that the enter hook has seen last, by thread; some are under way.
    pub(super) fn entered(&self) -> BTreeMap<u32, Entered> {
        let known = self.entered.iter().filter_map(Result::ok);
        known.map(|(tid, Abi(entered))| (tid, entered)).collect()
    }

    /// The traced processes.
    pub(super) fn targets(&self) -> Vec<u32> {
        self.targets.keys().filter_map(Result::ok).collect()
    }

    /// The sums of every call that was made: its place in the table of calls, its totals over
    /// all CPUs and its histogram.
    pub(super) fn counts(&self) -> Vec<(usize, Total, Histogram)> {
        let mut sums = vec![Total::default(); CALLS as usize];
        for (at, total) in self.totals.iter().enumerate() {
            let (sum, Ok(Abi(total))) = (&mut sums[at % CALLS as usize], total) else {
                continue;
            };
            sum.calls += total.calls;
            sum.errors += total.errors;
            sum.ns += total.ns;
            sum.max_ns = sum.max_ns.max(total.max_ns);
            sum.min_ns = shorter(sum.min_ns, total.min_ns);
        }
        let made = sums.into_iter().enumerate().filter(|(_, t)| t.calls > 0);
        made.map(|(at, total)| (at, total, self.histogram(at as u32)))
            .collect()
    }

    /// The histogram of a call over all shards.
    fn histogram(&self, at: u32) -> Histogram {
        let mut sum = Histogram::EMPTY;
        for shard in 0..self.histograms.len() / CALLS {
            let Ok(Abi(part)) = self.histograms.get(&(shard * CALLS + at), 0) else {
                continue;
            };
            for (sum, calls) in sum.calls.iter_mut().zip(part.calls) {
                *sum += calls;
            }
        }
        sum
    }

    /// Times that the kernel skipped a program because it was already running on that CPU.
    pub(super) fn recursion_misses(&self) -> u64 {
        self.ebpf
            .programs()
            .filter_map(|(_, p)| p.fd().ok())
            .filter_map(super::info::recursion_misses)
            .sum()
    }

    /// Takes the programs off their hooks. Maps stay readable, and questions can be asked until
    /// the last record is decoded.
    pub(super) fn detach(&mut self) {
        for (name, program) in self.ebpf.programs_mut() {
            if name != "locate"
                && let Ok(program) = <&mut RawTracePoint>::try_from(program)
            {
                // A program that was never loaded has nothing to unload.
                let _ = program.unload();
            }
        }
    }

    /// The object itself, for aya-log.
    pub(super) fn ebpf(&mut self) -> &mut Ebpf {
        &mut self.ebpf
    }
}

/// Number of possible CPUs: entries of the per-CPU arrays.
fn possible_cpus() -> u32 {
    aya::util::nr_cpus().map_or(1, |n| n as u32)
}

/// What the programs are told as constants.
struct Globals {
    offsets: Abi<Offsets>,
    config: Abi<Config>,
    log_level: u8,
}

impl Globals {
    fn new(offsets: &Offsets, config: &Config) -> Self {
        Self {
            offsets: Abi(*offsets),
            config: Abi(*config),
            log_level: 0,
        }
    }
}

fn load_object<'a>(
    loader: &mut EbpfLoader<'a>,
    globals: &'a Globals,
    sizes: &Sizes,
) -> Result<Ebpf, EbpfError> {
    let cpus = possible_cpus();
    let config = &globals.config.0;
    let times = config.flags & TIMES != 0;
    let counts = config.flags & COUNTS != 0;
    let births = config.flags & NOTES_BIRTHS != 0;
    // A map that is not used has one entry.
    let only = |used: bool, entries: u32| if used { entries } else { 1 };
    let ebpf = loader
        .btf(None)
        .override_global("OFFSETS", &globals.offsets, true)
        .override_global("CONFIG", &globals.config, true)
        .override_global(aya_log::LEVEL, &globals.log_level, true)
        .map_max_entries("EVENTS", sizes.ring)
        .map_max_entries("TARGETS", sizes.targets)
        .map_max_entries("MORE_ROOTS", sizes.roots)
        .map_max_entries("WAITING", sizes.requests)
        .map_max_entries("ENTERED", only(times, ENTERED_MAX))
        .map_max_entries("BIRTHS", only(births, BIRTHS_MAX))
        .map_max_entries("SHARES", only(config.share != 0, cpus * SHARES_MAX))
        .map_max_entries("TOTALS", only(counts, cpus * CALLS))
        .map_max_entries("HISTOGRAMS", only(counts, cpus.min(SHARDS) * CALLS))
        .map_max_entries("STATS", cpus)
        .map_max_entries("SCRATCH", cpus * 3)
        .map_max_entries("NOTES", cpus)
        .map_max_entries(
            "WATCHED",
            if config.flags & BY_RULES == 0 {
                1
            } else {
                WATCHED_MAX
            },
        )
        .load(OBJECT)?;
    Ok(ebpf)
}

fn take(ebpf: &mut Ebpf, name: &'static str) -> Result<Map, EbpfError> {
    ebpf.take_map(name).ok_or(EbpfError::Object(name))
}

fn program<'a>(ebpf: &'a mut Ebpf, name: &'static str) -> Result<&'a mut RawTracePoint, EbpfError> {
    ebpf.program_mut(name)
        .and_then(|p| p.try_into().ok())
        .ok_or(EbpfError::Object(name))
}

fn load(ebpf: &mut Ebpf, name: &'static str) -> Result<(), EbpfError> {
    let loaded = program(ebpf, name)?.load();
    loaded.map_err(|e| EbpfError::load(name, &e))
}

fn attach(ebpf: &mut Ebpf, name: &'static str, hook: &'static str) -> Result<(), EbpfError> {
    let attached = program(ebpf, name)?.attach(hook);
    attached.map(drop).map_err(|e| EbpfError::attach(hook, &e))
}

/// Writes the table of `io_uring` operations.
fn set_requests(ebpf: &mut Ebpf, layout: &Layout, calls: &CallSet) -> Result<(), EbpfError> {
    let mut map: Array<_, Abi<Requests>> = Array::try_from(map_of(ebpf, "REQUESTS")?)?;
    Ok(map.set(0, Abi(layout.requests(calls)), 0)?)
}

/// Has `io_uring` operations told.
fn attach_uring(ebpf: &mut Ebpf, layout: &Layout, calls: &CallSet) -> Result<(), EbpfError> {
    set_requests(ebpf, layout, calls)?;
    let (program, hook) = layout.submit;
    load(ebpf, layout.complete)?;
    load(ebpf, program)?;
    // A request whose completion is not told would wait for ever.
    attach(ebpf, layout.complete, "io_uring_complete")?;
    attach(ebpf, program, hook)
}

/// Writes the table of calls and its gate.
pub(super) fn set_calls(ebpf: &mut Ebpf, plan: &EbpfPlan) -> Result<(), EbpfError> {
    let (table, gate) = plan.call_table();
    let mut map: Array<_, Abi<CallSpec>> = Array::try_from(map_of(ebpf, "CALLS")?)?;
    for (at, spec) in (0..).zip(table) {
        if spec != CallSpec::NONE {
            map.set(at, Abi(spec), 0)?;
        }
    }
    let mut map: Array<_, Abi<CallGate>> = Array::try_from(map_of(ebpf, "GATE")?)?;
    map.set(0, Abi(gate), 0)?;
    Ok(())
}

/// Writes the maps that hold what the filter asks for.
fn set_keys(ebpf: &mut Ebpf, plan: &EbpfPlan) -> Result<(), EbpfError> {
    fn fill<K: Pod>(
        ebpf: &mut Ebpf,
        name: &'static str,
        keys: impl Iterator<Item = (K, u32)>,
    ) -> Result<(), EbpfError> {
        let mut map: HashMap<_, K, u32> = HashMap::try_from(map_of(ebpf, name)?)?;
        for (key, value) in keys {
            map.insert(key, value, 0)?;
        }
        Ok(())
    }
    let kernel = &plan.kernel;
    fill(ebpf, "UIDS", kernel.uids.iter().map(|&id| (id, 0)))?;
    fill(ebpf, "GIDS", kernel.gids.iter().map(|&id| (id, 0)))?;
    fill(ebpf, "COMMS", kernel.comms.iter().map(|&comm| (comm, 0)))
}

/// Asks the kernel for the tracer's own place, and puts it into the config.
fn locate_here<'a>(
    loader: &mut EbpfLoader<'a>,
    globals: &'a Globals,
    config: &mut Config,
) -> Result<(Pids, bool), EbpfError> {
    let mut ebpf = load_object(loader, globals, &Sizes::SMALLEST)?;
    program(&mut ebpf, "locate")?
        .load()
        .map_err(|e| EbpfError::load("locate", &e))?;
    let here = rustix::fs::open("/", rustix::fs::OFlags::PATH, rustix::fs::Mode::empty())
        .map_err(io::Error::from)?;
    let own = locate(&mut ebpf, here.as_raw_fd())?;
    config.mnt_ns = own.mnt_ns;
    (config.root_mnt, config.root_dentry) = (own.root_mnt, own.root_dentry);
    config.root_inode = own.inode;
    // Without /proc it is not known: then this tracer's own lookups may be told by another one.
    let program = open(
        "/proc/self/exe",
        OFlags::PATH | OFlags::CLOEXEC,
        Mode::empty(),
    );
    if let Ok(program) = program {
        config.program = locate(&mut ebpf, program.as_raw_fd())?.inode;
    }
    let pids = Pids {
        level: own.pid_level as u32,
        procfs: Procfs::here(),
    };
    config.self_pid = own.pid as u32;
    if pids.level != 0 {
        (config.pid_ns, config.pid_level) = (own.pid_ns, pids.level);
    }
    Ok((pids, own.has_name()))
}

pub(super) fn locate(ebpf: &mut Ebpf, fd: i32) -> Result<Located, EbpfError> {
    let mut options = RawTracePointRunOptions::new();
    options.args[0] = fd as u64;
    program(ebpf, "locate")?
        .test_run(options)
        .map_err(|e| EbpfError::load("locate", &e))?;
    let map: Array<_, Abi<Located>> =
        Array::try_from(ebpf.map("LOCATED").ok_or(EbpfError::Object("LOCATED"))?)?;
    Ok(map.get(&0, 0)?.0)
}

/// The id in the initial namespace of what `/proc` calls this.
fn host_id(ebpf: &mut Ebpf, pids: Pids, id: u32) -> Option<u32> {
    if pids.proc_is_initial() {
        return Some(id);
    }
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let task = open(format!("/proc/{id}"), flags, Mode::empty()).ok()?;
    let located = locate(ebpf, task.as_raw_fd()).ok()?;
    (located.process != 0).then_some(located.process as u32)
}

/// A map of the object.
pub(super) fn map_of<'a>(
    ebpf: &'a mut Ebpf,
    name: &'static str,
) -> Result<&'a mut aya::maps::Map, EbpfError> {
    ebpf.map_mut(name).ok_or(EbpfError::Object(name))
}
