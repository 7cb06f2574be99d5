//! What the bench prints: a table of the loops, and each target with what was reached.

use std::path::Path;

use super::{
    load::{Churn, Flood},
    notify::{Starts, Storm},
    paired::{Cost, Costs, Loop},
    sync::Synced,
    tool::Tool,
};

/// Events per second that must not be too many.
pub(super) const FLOOD_RATE: u64 = 200_000;
/// What `tracer watch` may add to one open and close, in nanoseconds.
const OPEN_CLOSE_ADDED: f64 = 1_200.0;
/// It must add at most one so many-th of what bpftrace's opensnoop adds.
const OPENSNOOP_SHARE: f64 = 8.0;
/// What it may add to a call that nobody asked about, in nanoseconds.
const GETPPID_ADDED: f64 = 150.0;
/// CPU of tracer itself per event, in microseconds.
const CPU_PER_EVENT: f64 = 2.0;
/// Resident memory, in MiB.
const RESIDENT: f64 = 40.0;
/// What still counts as flat from half of the events to all, in MiB: a few pages of the allocator.
const FLAT: f64 = 1.0;
/// Milliseconds from start to first event.
const START: f64 = 300.0;
/// A flood that was not as fast as asked says nothing: opens per second that must be reached.
const FLOOD_REACHED: f64 = 196_000.0;

/// Says how busy the machine is with the work of others: what is in the figures although it is not of the bench.
pub(super) fn busy(when: &str) {
    let share = cpu_times().zip({
        std::thread::sleep(std::time::Duration::from_secs(1));
        cpu_times()
    });
    let share = share.and_then(|((idle, all), (idle_later, all_later))| {
        let all = all_later.checked_sub(all).filter(|all| *all > 0)?;
        Some(100 - (idle_later.saturating_sub(idle) * 100 / all).min(100))
    });
    match share {
        Some(share @ 0..=5) => println!("machine {when}: quiet, {share} % of its CPU time in use"),
        Some(share) => println!(
            "machine {when}: BUSY, {share} % of its CPU time in use by others: not to be quoted"
        ),
        None => println!("machine {when}: how busy it is is unknown (/proc/stat cannot be read)"),
    }
}

/// Time since boot, in ticks: that in which CPUs were idle, and all of it (`proc_stat(5)`).
fn cpu_times() -> Option<(u64, u64)> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let numbers: Vec<u64> = stat
        .lines()
        .next()?
        .split_whitespace()
        .skip(1)
        .map_while(|word| word.parse().ok())
        .collect();
    let idle = numbers.get(3)? + numbers.get(4)?;
    Some((idle, numbers.iter().take(8).sum()))
}

/// Collects the targets while the measurements print themselves.
#[derive(Debug)]
pub(super) struct Report {
    /// Met or not, what was asked, what was reached.
    targets: Vec<(bool, String, String)>,
    /// What is installed and could not be measured, with the reason.
    pub(super) incomplete: Vec<String>,
}

impl Report {
    /// Says what is being measured, and where.
    pub(super) fn new(tracer: &Path) -> Self {
        let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
        let cpuinfo = read("/proc/cpuinfo");
        let model = cpuinfo
            .lines()
            .find_map(|line| line.strip_prefix("model name"));
        let model = model.map_or("unknown CPU", |model| {
            model.trim_start_matches([' ', '\t', ':'])
        });
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        println!(
            "Linux {}, {cores} x {model}",
            read("/proc/sys/kernel/osrelease").trim()
        );
        println!(
            "tracer: {}",
            tracer.file_name().unwrap_or_default().display()
        );
        busy("before the start");
        Self {
            targets: Vec::new(),
            incomplete: Vec::new(),
        }
    }

    /// The table of the loops, and their targets.
    pub(super) fn loops(&mut self, loops: &[&Loop], tools: &[Tool], costs: &Costs) {
        println!();
        println!(
            "| workload | tool | ns per iteration | added ns | times tracer's | added CPU ns |"
        );
        println!("|---|---|--:|--:|--:|--:|");
        for of in loops {
            let ours = costs.median(of.name, Tool::Tracer).map(|cost| cost.added);
            for tool in [Tool::Untraced].iter().chain(tools) {
                let place = format!("| {} | {} |", of.name, tool.name());
                if let Some(reason) = costs.refused(*tool) {
                    if tool.is_installed().is_ok() {
                        self.incomplete.push(format!("{}: {reason}", tool.name()));
                    }
                    println!("{place} {reason} | | | |");
                    continue;
                }
                let Some(cost) = costs.median(of.name, *tool) else {
                    continue;
                };
                let ratio = match tool {
                    Tool::Untraced => {
                        println!("{place} {:.0} | | | |", cost.ns);
                        continue;
                    }
                    Tool::Tracer => "1".to_owned(),
                    _ => ratio(cost.added, ours),
                };
                let Cost {
                    ns,
                    added,
                    added_cpu,
                } = cost;
                println!("{place} {ns:.0} | {added:.0} | {ratio} | {added_cpu:.0} |");
            }
        }
        println!();
        println!(
            "tracer, all rounds: seen {}, lost {}",
            costs.tracer_seen, costs.tracer_lost
        );
        if let Some(reason) = costs.refused(Tool::Tracer) {
            self.target(
                false,
                "tracer watch can be measured".to_owned(),
                reason.to_owned(),
            );
        }
        if let Some(ours) = costs.median("open-close", Tool::Tracer) {
            let asked = format!("open+close: tracer adds at most {OPEN_CLOSE_ADDED:.0} ns");
            self.target(ours.added <= OPEN_CLOSE_ADDED, asked, added(ours));
            if let Some(theirs) = costs.median("open-close", Tool::Opensnoop) {
                let asked = format!("open+close: at most 1/{OPENSNOOP_SHARE} of opensnoop's");
                let share = theirs.added / ours.added;
                let of_cpu = theirs.added_cpu / ours.added_cpu;
                let reached = format!("1/{share:.1} (of CPU time: 1/{of_cpu:.1})");
                self.target(share >= OPENSNOOP_SHARE, asked, reached);
            }
        }
        if let Some(ours) = costs.median("getppid", Tool::Tracer) {
            let asked = format!("getppid: tracer adds at most {GETPPID_ADDED:.0} ns");
            self.target(ours.added <= GETPPID_ADDED, asked, added(ours));
        }
    }

    /// The start.
    pub(super) fn start(&mut self, ms: f64) {
        let asked = format!("start to first event: at most {START:.0} ms");
        self.target(ms <= START, asked, format!("{ms:.0} ms"));
    }

    /// The starts of inotifywait.
    pub(super) fn notify_starts(&mut self, starts: &Starts) {
        let Starts {
            directories,
            ms,
            mib,
        } = starts;
        let asked = format!("inotifywait -r on {directories} directories: at most 1/2 of the time");
        let share = ms.tracer / ms.real;
        let reached = format!("{share:.2} ({:.0} ms, {:.0} ms)", ms.tracer, ms.real);
        self.target(share <= 0.5, asked, reached);
        let asked = format!("inotifywait -r on {directories} directories: at most its memory");
        let reached = format!("{:.1} MiB, {:.1} MiB", mib.tracer, mib.real);
        self.target(mib.tracer <= mib.real, asked, reached);
    }

    /// The storm of files.
    pub(super) fn notify_storm(&mut self, storm: &Storm) {
        let Storm {
            files,
            rate,
            missed,
        } = storm;
        let asked = format!("{files} new files: at least inotifywait's event rate, none missed");
        let reached = format!(
            "{:.0} per second, {} missed (inotifywait: {:.0}, {})",
            rate.tracer, missed.1, rate.real, missed.0
        );
        // Whoever makes the files sets the pace of both; what is left is noise.
        self.target(
            rate.tracer >= rate.real * 0.97 && missed.1 == 0,
            asked,
            reached,
        );
    }

    /// The sync.
    pub(super) fn synced(&mut self, synced: &Synced) {
        let Synced {
            files,
            tracer_ms,
            rsync_ms,
            one_ms,
        } = synced;
        let ratio = tracer_ms / rsync_ms;
        let asked = format!("sync: {files} files changed, at most 1.5 times changing and rsync -a");
        let reached = format!("{ratio:.2} ({tracer_ms:.0} ms, {rsync_ms:.0} ms)");
        self.target(ratio <= 1.5, asked, reached);
        let asked = "sync: one file changed arrives within 200 ms".to_owned();
        self.target(*one_ms <= 200.0, asked, format!("{one_ms:.0} ms"));
    }

    /// The flood.
    pub(super) fn flood(&mut self, flood: &Flood, seconds: u64) {
        let (user, system) = flood.cpu_us;
        println!();
        println!(
            "flood: {:.0} opens per second for {seconds} s: seen {}, lost {}; tracer's CPU per \
             event {:.2} us ({user:.2} in user mode, {system:.2} in the kernel)",
            flood.rate,
            flood.sums.seen,
            flood.sums.lost,
            user + system
        );
        let fast = flood.rate >= FLOOD_REACHED;
        let asked = format!("flood: {FLOOD_RATE} events per second for {seconds} s, none lost");
        let reached = format!("{:.0} per second, {} lost", flood.rate, flood.sums.lost);
        self.target(fast && flood.sums.lost == 0, asked, reached);
        let asked = format!("flood: at most {CPU_PER_EVENT} us of tracer's CPU per event");
        self.target(
            user + system <= CPU_PER_EVENT,
            asked,
            format!("{:.2} us", user + system),
        );
    }

    /// The churn.
    pub(super) fn churn(&mut self, churn: &Churn, processes: u64) {
        let [start, half, end] = churn.rss_mib;
        println!();
        println!(
            "churn: {processes} processes: seen {}, lost {}; resident {start:.1} MiB at the start, \
             {half:.1} at half, {end:.1} at the end",
            churn.sums.seen, churn.sums.lost
        );
        let asked = format!("churn: resident at most {RESIDENT} MiB");
        self.target(
            half.max(end) <= RESIDENT,
            asked,
            format!("{:.1} MiB", half.max(end)),
        );
        let asked = format!("churn: flat, at most {FLAT} MiB more at the end than at half");
        self.target(end - half <= FLAT, asked, format!("{:+.1} MiB", end - half));
    }

    /// Targets of measurements that print their tables themselves.
    pub(super) fn add(&mut self, targets: Vec<super::logs::Target>) {
        self.targets.extend(targets);
    }

    /// Prints every target that was measured.
    pub(super) fn targets(&self) {
        println!();
        println!("| target | reached | |");
        println!("|---|---|---|");
        for (met, asked, reached) in &self.targets {
            println!(
                "| {asked} | {reached} | {} |",
                if *met { "PASS" } else { "MISS" }
            );
        }
    }

    /// Keeps one target for the end.
    fn target(&mut self, met: bool, asked: String, reached: String) {
        self.targets.push((met, asked, reached));
    }
}

/// What was added, by the clock and of CPU time.
fn added(cost: Cost) -> String {
    format!(
        "{:.0} ns (of CPU time: {:.0} ns)",
        cost.added, cost.added_cpu
    )
}

/// How many times ours; nothing where ours is too small to divide by.
fn ratio(theirs: f64, ours: Option<f64>) -> String {
    ours.filter(|ours| *ours >= 1.0)
        .map_or_else(String::new, |ours| format!("{:.1}", theirs / ours))
}
