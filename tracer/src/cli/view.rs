//! What `trace` and `replay` make of the events, beside their lines: times, summaries.

use std::path::PathBuf;

use clap::Args;

use super::{
    args::{FormatArg, LiveArgs},
    effect::{Name, given},
    live,
};
use crate::{
    fold::{Before, Columns, Drawing, Fold, Page, Shape, SortBy, Summary, Tree},
    format::{Precision, Stamp, Times},
};

/// Options about what is made of the events.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
#[command(next_help_heading = "Times and summaries")]
pub(super) struct ViewArgs {
    /// Print only a summary: calls, errors and times by system call
    #[arg(short = 'c', long, conflicts_with = "summary")]
    pub(super) summary_only: bool,
    /// Print a summary behind the records
    #[arg(short = 'C', long)]
    pub(super) summary: bool,
    /// Sum up all the time that a call took, and not only its time on a CPU
    #[arg(short = 'w', long)]
    pub(super) summary_wall_clock: bool,
    /// Sort the summary by time, max, mean, p50, p99, calls, errors, name or nothing
    #[arg(short = 'S', long, visible_alias = "sort", value_name = "KEY", value_parser = SortBy::parse)]
    pub(super) summary_sort_by: Option<SortBy>,
    /// Show these columns of the summary: time-percent, total-time, min-time, max-time, avg-time,
    /// p50, p99, max, calls, errors, name
    #[arg(short = 'U', long, value_name = "COLUMNS", value_parser = Columns::parse)]
    pub(super) summary_columns: Option<Columns>,
    /// The summary is as strace shows it.
    #[arg(skip)]
    pub(super) as_strace: bool,
    /// Show the time that each call took
    #[arg(short = 'T')]
    pub(super) took: bool,
    /// The same, in s, ms, us or ns
    #[arg(long, value_name = "PRECISION", num_args = 0..=1, require_equals = true,
          default_missing_value = "us", value_parser = precision)]
    pub(super) syscall_times: Option<Precision>,
    /// Show the time before each line: -t seconds, -tt microseconds, -ttt since 1970
    #[arg(short = 't', action = clap::ArgAction::Count)]
    pub(super) stamps: u8,
    /// The same: none, time or unix, and behind a comma s, ms, us or ns
    #[arg(long, visible_alias = "timestamps", value_name = "FORMAT", num_args = 0..=1,
          require_equals = true, default_missing_value = "time", value_parser = stamp,
          conflicts_with = "stamps", action = clap::ArgAction::Append)]
    pub(super) absolute_timestamps: Vec<StampParts>,
    /// Show the time since the line before
    #[arg(short = 'r')]
    pub(super) since: bool,
    /// The same, in s, ms, us or ns
    #[arg(long, value_name = "PRECISION", num_args = 0..=1, require_equals = true,
          default_missing_value = "us", value_parser = precision)]
    pub(super) relative_timestamps: Option<Precision>,
    /// Print only the processes, as a tree: what they executed, how long they lived, how they ended
    #[arg(long, conflicts_with_all = ["summary_only", "summary", "expressions", "paths", "failed", "success", "status", "signal"])]
    pub(super) tree: bool,
    /// Write the records of each task to a file of its own: FILE.TID, with the FILE of --output
    #[arg(long)]
    pub(super) output_separately: bool,
    /// Also draw processes and slow calls over time, into this file, whose name ends with .html or
    /// .svg
    #[arg(long, value_name = "FILE", value_parser = timeline)]
    pub(super) timeline: Option<(PathBuf, Page)>,
}

/// `-c`, in a message.
pub(super) const SUMMARY_ONLY: Name = "-c/--summary-only";

/// The options that show how long a call took, in a message.
pub(super) const TOOK: [Name; 2] = ["-T/--syscall-times", "--syscall-times"];

/// `ms`, or `precision:ms`.
fn precision(text: &str) -> Result<Precision, String> {
    Ok(match text.strip_prefix("precision:").unwrap_or(text) {
        "s" => Precision::Seconds,
        "ms" => Precision::Millis,
        "us" => Precision::Micros,
        "ns" => Precision::Nanos,
        _ => return Err("expected s, ms, us or ns".to_owned()),
    })
}

/// `unix`, `format:time,precision:ms`, ...: each part at most once, seconds without a precision.
fn stamp(text: &str) -> Result<StampParts, String> {
    let (mut form, mut fine) = (None, None);
    for part in text.split(',') {
        let found = match part.strip_prefix("format:").unwrap_or(part) {
            "none" => Some(Stamp::None),
            "time" => Some(Stamp::Seconds),
            "unix" => Some(Stamp::Unix),
            _ => None,
        };
        let again = if let Some(found) = found {
            form.replace(found).is_some()
        } else {
            let found = precision(part)
                .map_err(|_| format!("`{part}` is none of none, time, unix, s, ms, us, ns"))?;
            fine.replace(found).is_some()
        };
        if again {
            return Err(format!("`{part}`: one format and one precision at most"));
        }
    }
    Ok((form, fine))
}

/// What one `--absolute-timestamps` says.
type StampParts = (Option<Stamp>, Option<Precision>);

/// What all of them say; of two about the same the later one holds.
fn all_stamps(parts: &[StampParts]) -> Option<(Stamp, Precision)> {
    let last = |part: fn(&StampParts) -> bool| parts.iter().rfind(|one| part(one));
    let form = last(|one| one.0.is_some()).and_then(|one| one.0);
    let fine = last(|one| one.1.is_some()).and_then(|one| one.1);
    (!parts.is_empty()).then(|| {
        (
            form.unwrap_or(Stamp::Seconds),
            fine.unwrap_or(Precision::Seconds),
        )
    })
}

fn timeline(path: &str) -> Result<(PathBuf, Page), String> {
    let path = PathBuf::from(path);
    match Page::of(&path) {
        Some(page) => Ok((path, page)),
        None => Err("the name must end with .html or .svg".to_owned()),
    }
}

impl ViewArgs {
    /// Is there anything that needs the time at which calls begin?
    pub(super) fn needs_times(&self) -> bool {
        self.summarises() || self.asks_for_times() || self.timeline.is_some()
    }

    /// Is there anything that tells time on a CPU from waiting?
    pub(super) fn needs_cpu_times(&self) -> bool {
        self.summarises() && !self.summary_wall_clock || self.timeline.is_some()
    }

    /// Is a time in a line asked for?
    pub(super) fn asks_for_times(&self) -> bool {
        self.times() != Times::default()
    }

    /// The times in a line.
    pub(super) fn times(&self) -> Times {
        let (stamp, precision) = match (all_stamps(&self.absolute_timestamps), self.stamps) {
            (Some((stamp, precision)), _) => (stamp, Some(precision)),
            (None, 0) => (Stamp::None, None),
            (None, 1) => (Stamp::Seconds, None),
            (None, 2) => (Stamp::Micros, None),
            (None, _) => (Stamp::Unix, None),
        };
        Times {
            stamp,
            relative: self.since || self.relative_timestamps.is_some(),
            durations: self.took || self.syscall_times.is_some(),
            precision,
            relative_precision: self.relative_timestamps.unwrap_or_default(),
            duration_precision: self.syscall_times.unwrap_or_default(),
        }
    }

    /// The options about the times in a line that are given.
    pub(super) fn line_options(&self) -> Vec<Name> {
        let stamps = self.stamps > 0 || !self.absolute_timestamps.is_empty();
        given(&[
            (
                self.since || self.relative_timestamps.is_some(),
                "-r/--relative-timestamps",
            ),
            (stamps, "-t/--absolute-timestamps"),
            (self.took, TOOK[0]),
            (self.syscall_times.is_some() && !self.took, TOOK[1]),
        ])
        .collect()
    }

    /// Is there a summary?
    pub(super) fn summarises(&self) -> bool {
        self.summary || self.summary_only
    }

    /// Nothing but the sums of calls is asked for.
    pub(super) fn only_sums(&self) -> bool {
        self.summary_only && self.timeline.is_none()
    }

    /// Nothing but the lives of processes is asked for.
    pub(super) fn only_lives(&self) -> bool {
        self.tree && self.timeline.is_none()
    }

    /// No line is printed for an event.
    pub(super) fn is_silent(&self) -> bool {
        self.summary_only || self.tree
    }

    /// Something is said at the end of the output.
    pub(super) fn has_end(&self) -> bool {
        self.summarises() || self.tree
    }

    /// The columns of a summary.
    fn columns(&self) -> Columns {
        match (&self.summary_columns, self.as_strace) {
            (Some(columns), false) => columns.clone(),
            (Some(columns), true) => columns.clone().as_strace(),
            (None, false) => Columns::default(),
            (None, true) => Columns::of_strace(),
        }
    }

    /// What is made of the events.
    pub(super) fn folds(
        &self,
        live: &LiveArgs,
        format: &FormatArg,
        before: Option<Before>,
    ) -> Vec<Box<dyn Fold>> {
        let mut folds: Vec<Box<dyn Fold>> = Vec::new();
        let shape = match format {
            FormatArg::Json => Shape::Json,
            _ => Shape::Table,
        };
        if self.tree {
            let drawing = Drawing {
                shape,
                colour: live::colour(live),
                boxes: live::speaks_utf8(),
            };
            folds.push(Box::new(Tree::new(drawing, before)));
        }
        if self.summarises() {
            let (sort, wall_clock) = (
                self.summary_sort_by.unwrap_or_default(),
                self.summary_wall_clock,
            );
            let summary = Summary::new(sort, shape, wall_clock);
            folds.push(Box::new(summary.with_columns(self.columns())));
        }
        folds
    }
}
