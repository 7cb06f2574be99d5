//! `bench --against FILE`: a tracer built before beside this one, in the same rounds of one run.
//!
//! Each row is one figure of which less is better. In every round both tracers are measured one behind the
//! other, in turn first, and the ratio of the round is taken: a machine that is slower for a while is slower for
//! both. The median of the ratios counts, and the least and the greatest are shown beside it.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::{
    load,
    logs::Logs,
    paired::{self, Effort, LOOPS},
    report::FLOOD_RATE,
    room::Room,
    rules, summary,
    tool::Tool,
    whole,
};

/// Rows whose names begin so are about whole commands.
const WHOLE: &str = "whole";
/// Likewise: what the kernel side adds to a loop.
const ADDED: &str = "added to";
/// Below this a figure of time is nothing that a ratio can be made of, in its own unit.
const NOTHING: f64 = 1.0;

/// What is measured with.
pub(super) struct Bench<'a> {
    /// Where the loops work.
    pub(super) room: &'a Room,
    /// Rounds.
    pub(super) rounds: u32,
    /// Shorter, not to be quoted.
    pub(super) quick: bool,
}

/// Measures one figure of one tracer, once.
type Measure<'a> = Box<dyn Fn(&Path) -> Result<f64> + 'a>;

/// One figure.
struct Row<'a> {
    name: String,
    unit: &'static str,
    measure: Measure<'a>,
}

impl<'a> Row<'a> {
    fn new(
        name: impl Into<String>,
        unit: &'static str,
        measure: impl Fn(&Path) -> Result<f64> + 'a,
    ) -> Self {
        Self {
            name: name.into(),
            unit,
            measure: Box::new(measure),
        }
    }
}

/// Measures every row that is wanted, and prints the table.
pub(super) fn measure(
    bench: &Bench<'_>,
    wanted: &dyn Fn(&str) -> bool,
    this: &Path,
    before: &Path,
) -> Result<()> {
    ensure!(
        before.is_file(),
        "--against: there is no {}",
        before.display()
    );
    let logs = Logs::new(bench.quick)?;
    let rows: Vec<Row<'_>> = rows(bench, &logs)
        .into_iter()
        .filter(|row| wanted(&row.name))
        .collect();
    ensure!(!rows.is_empty(), "--only: no row has such a name");
    println!();
    println!("| | unit | before | this | ratio | least | greatest |");
    println!("|---|---|--:|--:|--:|--:|--:|");
    for row in rows {
        eprintln!("bench: {}", row.name);
        println!("{}", line(&row, bench.rounds, this, before)?);
    }
    Ok(())
}

/// A row of the table.
fn line(row: &Row<'_>, rounds: u32, this: &Path, before: &Path) -> Result<String> {
    let (mut new, mut old, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        let (a, b) = if round % 2 == 0 {
            let b = (row.measure)(before)?;
            ((row.measure)(this)?, b)
        } else {
            let a = (row.measure)(this)?;
            (a, (row.measure)(before)?)
        };
        new.push(a);
        old.push(b);
        if a >= NOTHING && b >= NOTHING {
            ratios.push(a / b);
        }
    }
    let middle = |values: Vec<f64>| summary::median(values).context("measured nothing");
    let (new, old) = (middle(new)?, middle(old)?);
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = ratios.iter().copied().fold(0.0, f64::max);
    let ratio = summary::median(ratios).map_or_else(
        || "too small to compare | |".to_owned(),
        |ratio| format!("{ratio:.3} | {least:.3} | {greatest:.3}"),
    );
    Ok(format!(
        "| {} | {} | {old:.1} | {new:.1} | {ratio} |",
        row.name, row.unit
    ))
}

/// Every row.
fn rows<'a>(bench: &'a Bench<'a>, logs: &'a Logs) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for of in &LOOPS {
        rows.push(Row::new(format!("{ADDED} {}", of.name), "ns", |tracer| {
            let effort = Effort {
                rounds: 1,
                shorter: if bench.quick { 4 } else { 1 },
            };
            let costs = paired::measure(&[of], &[Tool::Tracer], effort, tracer, bench.room)?;
            let cost = costs.median(of.name, Tool::Tracer);
            cost.map(|cost| cost.added).with_context(|| {
                costs
                    .refused(Tool::Tracer)
                    .unwrap_or("no figure")
                    .to_owned()
            })
        }));
    }
    rows.push(Row::new("start to first event", "ms", |tracer| {
        load::start_to_first_event(3, tracer, bench.room)
    }));
    let seconds = if bench.quick { 2 } else { 5 };
    rows.push(Row::new("CPU an event, JSON", "ns", move |tracer| {
        let flood = load::flood(FLOOD_RATE, seconds, tracer, bench.room)?;
        Ok((flood.cpu_us.0 + flood.cpu_us.1) * 1e3)
    }));
    rows.push(Row::new("CPU an event, audit log", "ns", move |tracer| {
        Ok(rules::flood(tracer, bench.room, seconds)?.cpu_us * 1e3)
    }));
    let processes = if bench.quick { 1_000 } else { 10_000 };
    rows.push(Row::new("resident after churn", "MiB", move |tracer| {
        Ok(load::churn(processes, 20, tracer, bench.room)?.rss_mib[2])
    }));
    rows.push(Row::new("added by one rule", "ns", |tracer| {
        rules::added_by_one(tracer, bench.room)
    }));
    for (options, _) in whole::WAYS {
        let name = [&[WHOLE, "call"], options].concat().join(" ");
        rows.push(Row::new(name, "ns", |tracer| {
            whole::added(tracer, options, bench.quick, bench.room)
        }));
    }
    rows.push(Row::new(format!("{WHOLE} script"), "ms", |tracer| {
        whole::traced_script_ms(tracer, bench.quick, bench.room)
    }));
    for case in Logs::cases() {
        rows.push(Row::new(case, "ms", move |tracer| logs.ms(case, tracer)));
    }
    rows.push(Row::new("tracer --help", "us", |tracer| {
        super::logs::help_us(tracer)
    }));
    rows
}
