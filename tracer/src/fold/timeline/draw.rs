//! What a timeline looks like: a row for each process, with what it executed, its calls in lanes by
//! thread, and how it ended. One drawing (SVG), alone or in a page.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
};

use super::{Call, Page, Timeline};
use crate::words::noun;
use crate::{
    event::Tid,
    fold::{
        processes::Process,
        tree::{duration, status},
    },
    format::html::{STYLE, grouped, text},
};

/// Rows that are drawn: the processes that lived longest.
const MOST_ROWS: usize = 500;
/// Lanes of a row; further threads share the last one.
const MOST_LANES: usize = 8;
/// Sizes in the units of the drawing.
const WIDTH: f64 = 1_200.0;
const MARGIN: f64 = 10.0;
const AXIS: usize = 24;
const LABEL: usize = 16;
const LANE: usize = 9;
const GAP: usize = 7;
/// Marks on the axis, at most.
const MARKS: u64 = 10;
/// Characters of a label.
const NAME: usize = 110;

const LOOK: &str = "
body{max-width:1240px}svg{min-width:900px}.wide{overflow-x:auto}
line.axis{stroke:var(--line)}rect.life{fill:var(--bar)}rect.ended{fill:var(--bad)}
line.exec{stroke:var(--fg);stroke-width:2}line.loss{stroke:var(--bad);stroke-width:2;stroke-dasharray:4 3}
text.end{fill:var(--sub)}
";

/// The whole file.
pub(super) fn page(timeline: &Timeline) -> String {
    let drawing = Drawing::of(timeline);
    match timeline.page {
        Page::Svg => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
            drawing.svg(&format!(
                "<style>{STYLE}{LOOK}svg{{background:var(--bg)}}</style>"
            ))
        ),
        Page::Html => {
            let title = text(&timeline.title);
            let notes: Vec<_> = drawing.notes().iter().map(|note| text(note)).collect();
            format!(
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
                 <meta name=\"viewport\" content=\"width=device-width\">\n\
                 <title>Timeline: {title}</title>\n<style>{STYLE}{LOOK}</style></head><body>\n\
                 <h1>Timeline</h1>\n<p class=\"sub\">{title}<br>{}</p>\n\
                 <p class=\"sub\"><span class=\"ok\">&#9632;</span> call <span class=\"bad\">&#9632;\
                 </span> failed call, or end that is no success; | exec. A call, an exec and a loss \
                 say what they are under the pointer.</p>\n<div class=\"wide\">{}</div>\n\
                 <p class=\"sub\">tracer {}</p>\n</body></html>\n",
                notes.join("<br>"),
                drawing.svg(""),
                env!("CARGO_PKG_VERSION")
            )
        }
    }
}

/// What is drawn of a timeline.
struct Drawing<'t> {
    timeline: &'t Timeline,
    /// Where the processes of the rows are in the list.
    rows: Vec<usize>,
    calls: HashMap<usize, Vec<&'t Call>>,
    start: u64,
    span: u64,
}

impl<'t> Drawing<'t> {
    fn of(timeline: &'t Timeline) -> Self {
        let (start, end) = timeline.processes.span();
        let list = &timeline.processes.list;
        let mut rows: Vec<_> = timeline.processes.in_order().iter().map(|r| r.0).collect();
        if rows.len() > MOST_ROWS {
            let mut longest = rows.clone();
            longest.sort_by_key(|at| Reverse(list[*at].end_ns(end) - list[*at].start_ns));
            longest.truncate(MOST_ROWS);
            longest.sort_unstable();
            rows.retain(|at| longest.binary_search(at).is_ok());
        }
        let mut calls: HashMap<usize, Vec<&Call>> = HashMap::new();
        for Reverse(call) in &timeline.calls {
            calls.entry(call.process).or_default().push(call);
        }
        for calls in calls.values_mut() {
            calls.sort_by_key(|call| (call.start_ns, call.tid.map(|tid| tid.0)));
        }
        Self {
            timeline,
            rows,
            calls,
            start,
            span: (end - start).max(1),
        }
    }

    /// What the drawing does not show, and how long the run was.
    fn notes(&self) -> Vec<String> {
        let processes = &self.timeline.processes;
        let mut notes = vec![format!(
            "{} {} in {}, {} {}",
            grouped(processes.list.len() as u64),
            noun(processes.list.len() as u64, "process", "processes"),
            duration(self.span),
            grouped(self.timeline.timed),
            noun(self.timeline.timed, "call", "calls"),
        )];
        let more = processes.list.len() - self.rows.len();
        if more > 0 {
            notes.push(format!(
                "{} more processes are not drawn: only the {MOST_ROWS} that lived longest",
                grouped(more as u64)
            ));
        }
        let more = self.timeline.timed - self.timeline.calls.len() as u64;
        if more > 0 {
            notes.push(format!(
                "{} more calls are not drawn: only the {} that took longest",
                grouped(more),
                grouped(self.timeline.calls.len() as u64)
            ));
        }
        notes.extend(processes.gaps());
        notes
    }

    /// Where a moment is.
    fn x(&self, ns: u64) -> f64 {
        let since = ns.saturating_sub(self.start).min(self.span);
        let millionths = u128::from(since) * 1_000_000 / u128::from(self.span);
        MARGIN + f64::from(millionths as u32) / 1e6 * (WIDTH - 2.0 * MARGIN)
    }

    fn svg(&self, style: &str) -> String {
        let mut rows = String::new();
        let mut y = AXIS;
        for at in &self.rows {
            y += self.row(&mut rows, *at, y);
        }
        let notes = if style.is_empty() {
            Vec::new()
        } else {
            self.notes()
        };
        let mut out = String::with_capacity(rows.len() + 16 * 1024);
        let height = y + notes.len() * LABEL + GAP;
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             role=\"img\" aria-label=\"Timeline\">{style}"
        );
        self.axis(&mut out, y);
        out.push_str(&rows);
        for (ns, what) in &self.timeline.losses {
            let x = self.x(*ns);
            let _ = write!(
                out,
                "<line class=\"loss\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"0\" y2=\"{y}\">\
                 <title>{}</title></line>",
                text(what)
            );
        }
        for (n, note) in notes.iter().enumerate() {
            let at = y + (n + 1) * LABEL;
            let _ = write!(out, "<text x=\"{MARGIN}\" y=\"{at}\">{}</text>", text(note));
        }
        out.push_str("</svg>\n");
        out
    }

    fn axis(&self, out: &mut String, bottom: usize) {
        let step = step(self.span);
        let marks = (0..=self.span / step).map(|n| n * step);
        for ns in marks {
            let x = self.x(self.start + ns);
            let _ = write!(
                out,
                "<line class=\"axis\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{LABEL}\" y2=\"{bottom}\"/>\
                 <text x=\"{x:.1}\" y=\"12\">{}</text>",
                duration(ns)
            );
        }
    }

    /// Draws a process at this height; how high it is.
    fn row(&self, out: &mut String, at: usize, y: usize) -> usize {
        let process = &self.timeline.processes.list[at];
        let calls = self.calls.get(&at).map_or(&[][..], Vec::as_slice);
        let lanes = lanes(calls);
        let height = lanes.values().max().map_or(1, |last| last + 1) * LANE;
        let end = process.end_ns(self.start + self.span);
        let (left, right) = (self.x(process.start_ns), self.x(end));
        let exit = process.end.map(|(_, exit)| exit);
        let status = status(exit);
        let took = duration(end - process.start_ns);
        let top = y + LABEL;
        let (anchor, label) = if left > WIDTH / 2.0 {
            ("end", WIDTH - MARGIN)
        } else {
            ("start", left)
        };
        let name = process.name();
        let _ = write!(
            out,
            "<g><text x=\"{label:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{} {} \
             <tspan class=\"end\">[{took}, {status}]</tspan></text>\
             <rect class=\"life\" x=\"{left:.1}\" y=\"{top}\" width=\"{:.1}\" height=\"{height}\">\
             <title>{} {}\n{took}, {status}</title></rect>",
            y + 12,
            process.pid.0,
            text(&shortened(&name)),
            (right - left).max(1.0),
            process.pid.0,
            text(&name),
        );
        for call in calls {
            self.call(out, call, top + lanes[&call.tid] * LANE);
        }
        self.execs(out, process, top, height);
        if exit.is_some_and(|exit| exit.status != Some(0)) {
            let _ = write!(
                out,
                "<rect class=\"ended\" x=\"{right:.1}\" y=\"{top}\" width=\"3\" height=\"{height}\">\
                 <title>{status}</title></rect>"
            );
        }
        out.push_str("</g>\n");
        LABEL + height + GAP
    }

    fn call(&self, out: &mut String, call: &Call, y: usize) {
        let (left, right) = (self.x(call.start_ns), self.x(call.start_ns + call.ns));
        let tid = call.tid.map_or(String::new(), |tid| format!("{}: ", tid.0));
        let _ = write!(
            out,
            "<rect class=\"{}\" x=\"{left:.2}\" y=\"{}\" width=\"{:.2}\" height=\"{}\">\
             <title>{tid}{}\n{}</title></rect>",
            if call.failed { "bad" } else { "ok" },
            y + 1,
            (right - left).max(0.3),
            LANE - 2,
            text(&call.text),
            duration(call.ns),
        );
    }

    fn execs(&self, out: &mut String, process: &Process, top: usize, height: usize) {
        for program in &process.execs {
            let x = self.x(program.at_ns);
            let _ = write!(
                out,
                "<line class=\"exec\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{}\">\
                 <title>exec {}</title></line>",
                top - 2,
                top + height + 2,
                text(&program.command),
            );
        }
    }
}

/// A lane for each thread, in the order in which their calls begin.
fn lanes(calls: &[&Call]) -> BTreeMap<Option<Tid>, usize> {
    let mut lanes = BTreeMap::new();
    for call in calls {
        let next = lanes.len().min(MOST_LANES - 1);
        lanes.entry(call.tid).or_insert(next);
    }
    lanes
}

/// A round time between two marks of the axis.
fn step(span: u64) -> u64 {
    let mut step = 1_000;
    loop {
        for factor in [1, 2, 5] {
            if span / (step * factor) < MARKS {
                return step * factor;
            }
        }
        step *= 10;
    }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(NAME).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_round_marks_and_few() {
        for (span, wanted) in [(1, 1_000), (95_000, 10_000), (1_246_000_000, 200_000_000)] {
            assert_eq!(step(span), wanted);
        }
        for exponent in 0..63 {
            let span = 1 << exponent;
            assert!(span / step(span) < MARKS, "{span}");
        }
    }
}
