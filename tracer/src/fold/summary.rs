//! Counts and times per system call (`-c`, `-C`), as strace's summary with percentiles.

use std::{cmp::Ordering, collections::HashMap, fmt::Write, io};

use tracer_ebpf::abi::count::{BUCKETS, bucket, lower_end};

use super::Fold;
use crate::{
    calls::Arch,
    event::{CallSums, Item},
    words::instead,
};

/// What the lines are sorted by; the largest first, names in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Share of the time.
    #[default]
    Time,
    /// Longest call.
    Max,
    /// Mean time.
    Mean,
    /// Median.
    P50,
    /// 99th percentile.
    P99,
    /// Number of calls.
    Calls,
    /// Number of errors.
    Errors,
    /// Name of the call.
    Name,
    /// As they were met: by number.
    Nothing,
}

impl SortBy {
    /// The words of strace's `-S`, and those for what strace does not have.
    const WORDS: [(&'static str, Self); 24] = [
        ("time", Self::Time),
        ("time-percent", Self::Time),
        ("time-total", Self::Time),
        ("total-time", Self::Time),
        ("max-time", Self::Max),
        ("time-max", Self::Max),
        ("longest", Self::Max),
        ("max", Self::Max),
        ("avg-time", Self::Mean),
        ("time-avg", Self::Mean),
        ("mean", Self::Mean),
        ("p50", Self::P50),
        ("median", Self::P50),
        ("p99", Self::P99),
        ("calls", Self::Calls),
        ("count", Self::Calls),
        ("error", Self::Errors),
        ("errors", Self::Errors),
        ("name", Self::Name),
        ("syscall", Self::Name),
        ("syscall-name", Self::Name),
        ("none", Self::Nothing),
        ("nothing", Self::Nothing),
        ("number", Self::Nothing),
    ];

    /// One of the words.
    pub fn parse(word: &str) -> Result<Self, String> {
        let found = Self::WORDS.iter().find(|(name, _)| *name == word);
        found.map(|(_, by)| *by).ok_or_else(|| {
            instead(word, Self::WORDS.iter().map(|(name, _)| *name), || {
                "expected time, max, mean, p50, p99, calls, errors, name or nothing".to_owned()
            })
        })
    }
}

/// How the summary looks.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A table.
    Table,
    /// One JSON object for each call.
    Json,
}

/// The summary of a run.
pub struct Summary {
    sort: SortBy,
    shape: Shape,
    /// All of the time, and not only what was spent on a CPU.
    wall_clock: bool,
    calls: HashMap<(Arch, u32), Line>,
}

/// The sums of one call.
struct Line {
    calls: u64,
    errors: u64,
    ns: u64,
    max_ns: u64,
    buckets: Vec<u64>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            calls: 0,
            errors: 0,
            ns: 0,
            max_ns: 0,
            buckets: vec![0; BUCKETS],
        }
    }
}

impl Line {
    /// Calls whose time is known.
    fn timed(&self) -> u64 {
        self.buckets.iter().sum()
    }

    fn mean(&self) -> u64 {
        self.ns.checked_div(self.timed()).unwrap_or(0)
    }

    /// The time that this part of the calls did not exceed: within an eighth, which is how wide
    /// the bucket is that it is in.
    fn percentile(&self, percent: u64) -> u64 {
        let rank = (self.timed() * percent).div_ceil(100).max(1);
        let mut below = 0;
        for (at, calls) in self.buckets.iter().enumerate().filter(|(_, n)| **n > 0) {
            if below + calls >= rank {
                let (low, high) = (lower_end(at), lower_end(at + 1));
                let within = (high - low) * (rank - below) / calls;
                return (low + within.saturating_sub(1).min(high - low)).min(self.max_ns);
            }
            below += calls;
        }
        0
    }

    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.errors += other.errors;
        self.ns += other.ns;
        self.max_ns = self.max_ns.max(other.max_ns);
        for (sum, n) in self.buckets.iter_mut().zip(&other.buckets) {
            *sum += n;
        }
    }
}

impl Summary {
    /// An empty summary. `wall_clock`: of all the time that a call took.
    pub fn new(sort: SortBy, shape: Shape, wall_clock: bool) -> Self {
        Self {
            sort,
            shape,
            wall_clock,
            calls: HashMap::new(),
        }
    }

    /// Every call with its name, sorted.
    fn sorted(&self) -> Vec<(Arch, String, &Line)> {
        let mut all: Vec<_> = self.calls.iter().collect();
        let order = |a: &Line, b: &Line| -> Ordering {
            match self.sort {
                SortBy::Time => b.ns.cmp(&a.ns),
                SortBy::Max => b.max_ns.cmp(&a.max_ns),
                SortBy::Mean => b.mean().cmp(&a.mean()),
                SortBy::P50 => b.percentile(50).cmp(&a.percentile(50)),
                SortBy::P99 => b.percentile(99).cmp(&a.percentile(99)),
                SortBy::Calls => b.calls.cmp(&a.calls),
                SortBy::Errors => b.errors.cmp(&a.errors),
                SortBy::Name | SortBy::Nothing => Ordering::Equal,
            }
        };
        all.sort_by(|(a, x), (b, y)| {
            let by_name = || a.0.name_or_number(a.1).cmp(&b.0.name_or_number(b.1));
            let first = order(x, y);
            let by_name = || match self.sort {
                SortBy::Name => by_name(),
                _ => Ordering::Equal,
            };
            first
                .then_with(by_name)
                .then_with(|| (a.0.as_str(), a.1).cmp(&(b.0.as_str(), b.1)))
        });
        all.into_iter()
            .map(|((arch, nr), line)| (*arch, arch.name_or_number(*nr).into_owned(), line))
            .collect()
    }

    fn total(&self) -> Line {
        let mut total = Line::default();
        self.calls.values().for_each(|line| total.add(line));
        total
    }

    fn table(&self) -> String {
        let total = self.total();
        let mut out = String::from(
            "% time     seconds  usecs/call       p50       p99       max     calls    errors syscall\n",
        );
        let rule = "------ ----------- ----------- --------- --------- --------- --------- --------- ----------------\n";
        out.push_str(rule);
        for (arch, name, line) in self.sorted() {
            let door = match arch {
                Arch::I386 | Arch::X32 | Arch::Uring => format!(" ({})", arch.as_str()),
                Arch::X86_64 | Arch::Aarch64 => String::new(),
            };
            row(&mut out, line, total.ns, &format!("{name}{door}"));
        }
        out.push_str(rule);
        row(&mut out, &total, total.ns, "total");
        out
    }

    fn json(&self) -> String {
        let total = self.total().ns;
        let mut out = String::new();
        for (arch, name, line) in self.sorted() {
            // Every string here is a word of the kernel's tables: nothing is to be escaped.
            let _ = writeln!(
                out,
                "{{\"type\":\"summary\",\"syscall\":\"{name}\",\"arch\":\"{}\",\"calls\":{},\"errors\":{},\
                 \"clock\":\"{}\",\"time_ns\":{},\"mean_ns\":{},\"p50_ns\":{},\"p99_ns\":{},\"max_ns\":{},\
                 \"percent\":{:.2}}}",
                arch.as_str(),
                line.calls,
                line.errors,
                if self.wall_clock { "wall" } else { "cpu" },
                line.ns,
                line.mean(),
                line.percentile(50),
                line.percentile(99),
                line.max_ns,
                percent(line.ns, total),
            );
        }
        out
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        #[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
        let share = part as f64 / whole as f64;
        share * 100.0
    }
}

/// Microseconds with as many digits as matter.
fn micros(ns: u64) -> String {
    match ns {
        0..10_000 => format!("{}.{:02}", ns / 1000, ns % 1000 / 10),
        10_000..1_000_000 => format!("{}.{}", ns / 1000, ns % 1000 / 100),
        _ => (ns / 1000).to_string(),
    }
}

fn row(out: &mut String, line: &Line, total: u64, name: &str) {
    let errors = if line.errors == 0 {
        String::new()
    } else {
        line.errors.to_string()
    };
    let _ = writeln!(
        out,
        "{:>6.2} {:>4}.{:06} {:>11} {:>9} {:>9} {:>9} {:>9} {errors:>9} {name}",
        percent(line.ns, total),
        line.ns / 1_000_000_000,
        line.ns % 1_000_000_000 / 1000,
        micros(line.mean()),
        micros(line.percentile(50)),
        micros(line.percentile(99)),
        micros(line.max_ns),
        line.calls,
    );
}

impl Fold for Summary {
    fn item(&mut self, item: &Item) {
        let Item::Event(event) = item else {
            return;
        };
        let Some(call) = event.call.as_ref().filter(|c| c.unfinished.is_none()) else {
            return;
        };
        let line = self.calls.entry((call.arch, call.nr)).or_default();
        line.calls += 1;
        line.errors += u64::from(call.errno().is_some());
        if let Some(timing) = event.timing {
            let ns = timing
                .cpu_ns
                .filter(|_| !self.wall_clock)
                .unwrap_or(timing.duration_ns);
            line.ns += ns;
            line.max_ns = line.max_ns.max(ns);
            line.buckets[bucket(ns)] += 1;
        }
    }

    fn counted(&mut self, sums: &CallSums) {
        let line = self.calls.entry((sums.arch, sums.nr)).or_default();
        line.add(&Line {
            calls: sums.calls,
            errors: sums.errors,
            ns: sums.ns,
            max_ns: sums.max_ns,
            buckets: sums.buckets.clone(),
        });
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let text = match self.shape {
            Shape::Table => self.table(),
            Shape::Json => self.json(),
        };
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(times: &[u64]) -> Line {
        let mut line = Line::default();
        for ns in times {
            line.calls += 1;
            line.ns += ns;
            line.max_ns = line.max_ns.max(*ns);
            line.buckets[bucket(*ns)] += 1;
        }
        line
    }

    #[test]
    fn buckets_are_at_most_an_eighth_wide_and_leave_no_gap() {
        for at in 1..BUCKETS {
            let (low, before) = (lower_end(at), lower_end(at - 1));
            assert_eq!((bucket(low), bucket(low - 1)), (at, at - 1));
            assert!(low - before <= (before / 8).max(1), "{before}..{low}");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles() {
        let hundred: Vec<u64> = (1..=100).map(|n| n * 1000).collect();
        for (times, p50, p99) in [
            (&hundred[..], 50_000, 99_000),
            (&[500][..], 500, 500),
            (&[10, 10, 10, 1_000_000][..], 10, 1_000_000),
            (&[0, 0][..], 0, 0),
        ] {
            let line = line(times);
            for (percent, wanted) in [(50, p50), (99, p99)] {
                let got = line.percentile(percent);
                assert!(
                    got.abs_diff(wanted) <= wanted / 8,
                    "p{percent}: {got} instead of {wanted}"
                );
            }
        }
        assert_eq!(Line::default().percentile(99), 0);
        assert_eq!(Line::default().mean(), 0);
    }

    #[test]
    fn sorted_as_asked() {
        let counted = |nr, calls, errors, ns, max_ns| CallSums {
            arch: Arch::X86_64,
            nr,
            calls,
            errors,
            ns,
            max_ns,
            buckets: {
                let mut buckets = vec![0; BUCKETS];
                buckets[bucket(ns / calls)] = calls;
                buckets
            },
        };
        for (word, wanted) in [
            ("time", ["write", "close", "read"]),
            ("max", ["close", "write", "read"]),
            ("avg-time", ["write", "close", "read"]),
            ("calls", ["read", "close", "write"]),
            ("errors", ["close", "read", "write"]),
            ("name", ["close", "read", "write"]),
            ("nothing", ["read", "write", "close"]),
        ] {
            let sort = SortBy::parse(word).unwrap();
            let mut summary = Summary::new(sort, Shape::Table, true);
            summary.counted(&counted(0, 100, 0, 1000, 50));
            summary.counted(&counted(1, 1, 0, 9000, 9000));
            summary.counted(&counted(3, 4, 2, 8000, 9500));
            let names: Vec<_> = summary.sorted().into_iter().map(|l| l.1).collect();
            assert_eq!(names, wanted, "{word}");
        }
        assert!(SortBy::parse("size").is_err());
    }

    #[test]
    fn the_table() {
        let mut summary = Summary::new(SortBy::Time, Shape::Table, true);
        summary.calls.insert((Arch::X86_64, 0), line(&[1500, 2500]));
        let mut failing = line(&[4_000_000]);
        failing.errors = 1;
        summary.calls.insert((Arch::I386, 6), failing);
        let text = summary.table();
        assert!(text.contains(" 99.90    0.004000        4000      4000      4000      4000         1         1 close (i386)"), "{text}");
        assert!(text.contains("  0.10    0.000004        2.00"), "{text}");
        assert!(text.ends_with("         3         1 total\n"), "{text}");
    }
}
