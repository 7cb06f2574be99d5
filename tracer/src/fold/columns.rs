//! The columns of the summary, by strace's words: what is in them, and what lines are sorted by.

use std::fmt::Write;

use super::summary::Line;
use crate::words::instead;

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Share of the time.
    Percent,
    /// Time, in seconds.
    Total,
    /// Shortest call, in seconds.
    Min,
    /// Longest call, in seconds.
    Max,
    /// Mean time, in microseconds.
    Mean,
    /// Median, in microseconds.
    P50,
    /// 99th percentile, in microseconds.
    P99,
    /// Longest call, in microseconds.
    MaxMicros,
    /// Number of calls.
    Calls,
    /// Number of errors.
    Errors,
    /// Name of the call.
    Name,
}

/// strace's words, and those for what strace does not have.
const WORDS: [(&str, Column); 26] = [
    ("time", Column::Percent),
    ("time-percent", Column::Percent),
    ("time-total", Column::Total),
    ("total-time", Column::Total),
    ("min-time", Column::Min),
    ("time-min", Column::Min),
    ("shortest", Column::Min),
    ("max-time", Column::Max),
    ("time-max", Column::Max),
    ("longest", Column::Max),
    ("max", Column::MaxMicros),
    ("avg-time", Column::Mean),
    ("time-avg", Column::Mean),
    ("mean", Column::Mean),
    ("p50", Column::P50),
    ("median", Column::P50),
    ("p99", Column::P99),
    ("calls", Column::Calls),
    ("count", Column::Calls),
    ("error", Column::Errors),
    ("errors", Column::Errors),
    ("name", Column::Name),
    ("syscall", Column::Name),
    ("syscall-name", Column::Name),
    // No columns, but ways to sort.
    ("none", Column::Name),
    ("nothing", Column::Name),
];

impl Column {
    /// One of the words, with `_` for `-`, too.
    fn parse(word: &str) -> Option<Self> {
        let plain = word.replace('_', "-");
        let found = WORDS.iter().find(|(name, _)| *name == plain);
        found.map(|(_, column)| *column)
    }

    /// What lines are sorted by in this column, the largest first.
    pub(super) fn rank(self, line: &Line) -> u64 {
        match self {
            Self::Percent | Self::Total => line.ns,
            Self::Min => line.min_ns,
            Self::Max | Self::MaxMicros => line.max_ns,
            Self::Mean => line.mean(),
            Self::P50 => line.percentile(50),
            Self::P99 => line.percentile(99),
            Self::Calls => line.calls,
            Self::Errors => line.errors,
            Self::Name => 0,
        }
    }

    /// Its head, and how wide it is at least.
    fn head(self) -> (&'static str, usize) {
        match self {
            Self::Percent => ("% time", 6),
            Self::Total => ("seconds", 11),
            Self::Min => ("shortest", 8),
            Self::Max => ("longest", 7),
            Self::Mean => ("usecs/call", 11),
            Self::P50 => ("p50", 9),
            Self::P99 => ("p99", 9),
            Self::MaxMicros => ("max", 9),
            Self::Calls => ("calls", 9),
            Self::Errors => ("errors", 9),
            Self::Name => ("syscall", 16),
        }
    }
}

/// What the lines are sorted by; the largest first, names in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// What is in this column.
    Column(Column),
    /// As they were met: by number.
    Nothing,
}

impl Default for SortBy {
    fn default() -> Self {
        Self::Column(Column::Percent)
    }
}

impl SortBy {
    /// A word of strace's `-S`, or of a column that strace does not have.
    pub fn parse(word: &str) -> Result<Self, String> {
        match word {
            "none" | "nothing" | "number" => Ok(Self::Nothing),
            _ => Column::parse(word).map(Self::Column).ok_or_else(|| {
                instead(word, WORDS.iter().map(|(name, _)| *name), || {
                    "expected time, min-time, max-time, avg-time, p50, p99, calls, errors, name or nothing"
                        .to_owned()
                })
            }),
        }
    }
}

/// The columns of a table, in their order.
#[derive(Clone, Debug)]
pub struct Columns {
    columns: Vec<Column>,
    /// Microseconds have no fraction, as with strace.
    whole_micros: bool,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            columns: vec![
                Column::Percent,
                Column::Total,
                Column::Mean,
                Column::P50,
                Column::P99,
                Column::MaxMicros,
                Column::Calls,
                Column::Errors,
                Column::Name,
            ],
            whole_micros: false,
        }
    }
}

impl Columns {
    /// `name,calls,time-percent`: strace's `-U`. Lines without names would say nothing.
    pub fn parse(list: &str) -> Result<Self, String> {
        let mut columns = Vec::new();
        for word in list.split(',') {
            let column = match word {
                "none" | "nothing" => None,
                _ => Column::parse(word),
            };
            let column = column.ok_or_else(|| {
                let words = WORDS.iter().map(|(name, _)| *name);
                instead(word, words, || {
                    format!("there is no column `{word}`: expected time-percent, total-time, min-time, max-time, avg-time, p50, p99, max, calls, errors or name")
                })
            })?;
            if columns.contains(&column) {
                return Err(format!("the column `{word}` is given more than once"));
            }
            columns.push(column);
        }
        if !columns.contains(&Column::Name) {
            columns.push(Column::Name);
        }
        Ok(Self {
            columns,
            whole_micros: false,
        })
    }

    /// Those that strace shows by itself.
    pub fn of_strace() -> Self {
        let mut columns = Self::default();
        let own = [Column::P50, Column::P99, Column::MaxMicros];
        columns.columns.retain(|column| !own.contains(column));
        columns.as_strace()
    }

    /// With values as strace shows them.
    #[must_use]
    pub fn as_strace(mut self) -> Self {
        self.whole_micros = true;
        self
    }

    /// A table of these lines, their sum below.
    pub(super) fn table(&self, lines: &[(String, &Line)], total: &Line) -> String {
        let row = |name: &str, line: &Line| -> Vec<String> {
            let cell = |column: &Column| self.cell(*column, name, line, total);
            self.columns.iter().map(cell).collect()
        };
        let rows: Vec<_> = lines.iter().map(|(name, line)| row(name, line)).collect();
        let last = row("total", total);
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let longest = rows.iter().chain([&last]).map(|row| row[at].len()).max();
                // strace leaves a blank behind the longest name.
                let behind = usize::from(*column == Column::Name);
                column.head().1.max(longest.unwrap_or_default() + behind)
            })
            .collect();
        let heads: Vec<_> = (self.columns.iter())
            .map(|c| c.head().0.to_owned())
            .collect();
        let rule: Vec<_> = widths.iter().map(|width| "-".repeat(*width)).collect();
        let mut out = String::new();
        for row in [&heads, &rule]
            .into_iter()
            .chain(&rows)
            .chain([&rule, &last])
        {
            self.line(&mut out, row, &widths);
        }
        out
    }

    fn line(&self, out: &mut String, row: &[String], widths: &[usize]) {
        for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
            let between = if at == 0 { "" } else { " " };
            let _ = match self.columns[at] {
                Column::Name if at + 1 == row.len() => write!(out, "{between}{cell}"),
                Column::Name => write!(out, "{between}{cell:<width$}"),
                _ => write!(out, "{between}{cell:>width$}"),
            };
        }
        out.push('\n');
    }

    fn cell(&self, column: Column, name: &str, line: &Line, total: &Line) -> String {
        match column {
            Column::Percent if std::ptr::eq(line, total) => "100.00".to_owned(),
            Column::Percent => format!("{:.2}", percent(line.ns, total.ns)),
            Column::Total => seconds(line.ns),
            Column::Min => seconds(line.min_ns),
            Column::Max => seconds(line.max_ns),
            Column::Mean | Column::P50 | Column::P99 | Column::MaxMicros => {
                self.micros(column.rank(line))
            }
            Column::Errors if line.errors == 0 => String::new(),
            Column::Calls | Column::Errors => column.rank(line).to_string(),
            Column::Name => name.to_owned(),
        }
    }

    /// Microseconds with as many digits as matter.
    fn micros(&self, ns: u64) -> String {
        match ns {
            _ if self.whole_micros => (ns / 1000).to_string(),
            0..10_000 => format!("{}.{:02}", ns / 1000, ns % 1000 / 10),
            10_000..1_000_000 => format!("{}.{}", ns / 1000, ns % 1000 / 100),
            _ => (ns / 1000).to_string(),
        }
    }
}

fn seconds(ns: u64) -> String {
    let micros = (ns + 500) / 1000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// A part of a whole, in hundredths.
pub(super) fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
    let share = part as f64 / whole as f64;
    share * 100.0
}
