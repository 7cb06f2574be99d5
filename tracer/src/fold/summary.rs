//! Counts and times per system call (`-c`, `-C`), as strace's summary with percentiles.

use std::{cmp::Ordering, collections::HashMap, fmt::Write, io};

use tracer_ebpf::abi::count::{BUCKETS, bucket, lower_end, shorter};

use super::{
    Fold,
    columns::{Column, Columns, SortBy, percent},
};
use crate::{
    calls::Arch,
    event::{CallSums, Item},
};

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
    columns: Columns,
    /// All of the time, and not only what was spent on a CPU.
    wall_clock: bool,
    calls: HashMap<(Arch, u32), Line>,
}

/// The sums of one call.
pub(super) struct Line {
    pub(super) calls: u64,
    pub(super) errors: u64,
    pub(super) ns: u64,
    pub(super) max_ns: u64,
    pub(super) min_ns: u64,
    buckets: Vec<u64>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            calls: 0,
            errors: 0,
            ns: 0,
            max_ns: 0,
            min_ns: 0,
            buckets: vec![0; BUCKETS],
        }
    }
}

impl Line {
    /// Calls whose time is known.
    fn timed(&self) -> u64 {
        self.buckets.iter().sum()
    }

    pub(super) fn mean(&self) -> u64 {
        self.ns.checked_div(self.timed()).unwrap_or(0)
    }

    /// The time that this part of the calls did not exceed: within an eighth, which is how wide
    /// the bucket is that it is in.
    pub(super) fn percentile(&self, percent: u64) -> u64 {
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
        self.min_ns = shorter(self.min_ns, other.min_ns);
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
            columns: Columns::default(),
            wall_clock,
            calls: HashMap::new(),
        }
    }

    /// With these columns in its table.
    #[must_use]
    pub fn with_columns(mut self, columns: Columns) -> Self {
        self.columns = columns;
        self
    }

    /// Every call with its name, sorted.
    fn sorted(&self) -> Vec<(Arch, String, &Line)> {
        let mut all: Vec<_> = self.calls.iter().collect();
        all.sort_by(|(a, x), (b, y)| {
            let by_name = || a.0.name_or_number(a.1).cmp(&b.0.name_or_number(b.1));
            let first = match self.sort {
                SortBy::Nothing => Ordering::Equal,
                SortBy::Column(Column::Name) => by_name(),
                SortBy::Column(column) => column.rank(y).cmp(&column.rank(x)),
            };
            first.then_with(|| (a.0.as_str(), a.1).cmp(&(b.0.as_str(), b.1)))
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
        let lines = self.sorted().into_iter().map(|(arch, name, line)| {
            let door = match arch {
                Arch::I386 | Arch::X32 | Arch::Uring => format!(" ({})", arch.as_str()),
                Arch::X86_64 | Arch::Aarch64 => String::new(),
            };
            (format!("{name}{door}"), line)
        });
        self.columns
            .table(&lines.collect::<Vec<_>>(), &self.total())
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
            line.min_ns = shorter(line.min_ns, ns);
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
            min_ns: sums.min_ns,
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
            line.min_ns = shorter(line.min_ns, *ns);
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
            min_ns: ns / calls / 2,
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
            ("shortest", ["write", "close", "read"]),
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
        let mut summary = Summary::new(SortBy::default(), Shape::Table, true);
        summary.calls.insert((Arch::X86_64, 0), line(&[1500, 2500]));
        let mut failing = line(&[4_000_000]);
        failing.errors = 1;
        summary.calls.insert((Arch::I386, 6), failing);
        let text = summary.table();
        assert!(text.contains(" 99.90    0.004000        4000      4000      4000      4000         1         1 close (i386)"), "{text}");
        assert!(text.contains("  0.10    0.000004        2.00"), "{text}");
        assert!(text.ends_with("         3         1 total\n"), "{text}");
        let columns = Columns::parse("errors,shortest,longest,avg-time,calls").unwrap();
        assert_eq!(
            summary.with_columns(columns.as_strace()).table(),
            concat!(
                "   errors shortest  longest  usecs/call     calls syscall\n",
                "--------- -------- -------- ----------- --------- ----------------\n",
                "        1 0.004000 0.004000        4000         1 close (i386)\n",
                "          0.000002 0.000003           2         2 read\n",
                "--------- -------- -------- ----------- --------- ----------------\n",
                "        1 0.000002 0.004000        1334         3 total\n",
            )
        );
    }
}
