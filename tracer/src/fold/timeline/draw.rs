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
    event::TaskId,
    fold::{
        processes::Process,
        tree::{duration, status},
    },
    format::html::{STYLE, grouped, middle, named, text},
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
/// Width of a character, a little more than fonts have.
const LETTER: f64 = 7.3;

/// Moves and zooms the drawing in a page.
const ZOOM: &str = include_str!("zoom.js");

/// Nothing is fetched, whatever a name says.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

const LOOK: &str = "
body{max-width:1240px}svg{min-width:900px;touch-action:pan-y}.wide{overflow-x:auto}
.zoom button{font:inherit;min-width:2.4em}rect.wait,rect.unsure{fill:var(--bg);stroke:var(--ok);stroke-width:.8}
rect.unsure{stroke-dasharray:2 2}rect.wait.bad,rect.unsure.bad{stroke:var(--bad)}
line.axis{stroke:var(--line)}rect.life{fill:var(--bar)}rect.ended{fill:var(--bad)}
line.exec{stroke:var(--fg);stroke-width:2}line.loss{stroke:var(--bad);stroke-width:2;stroke-dasharray:4 3}
svg tspan.end{fill:var(--sub)}
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
                 <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
                 <title>Timeline: {title}</title>\n<style>{STYLE}{LOOK}</style></head><body>\n\
                 <h1>Timeline</h1>\n<p class=\"sub\">{title}<br>{}</p>\n\
                 <p class=\"sub\"><span class=\"ok\">&#9632;</span> call, \
                 <span class=\"ok\">&#9633;</span> call that waits: less than half of its time on a CPU \
                 (dashed: not known), <span class=\"bad\">&#9632;</span> failed call, or end that is no \
                 success; | exec. A name, a call, an exec and a loss say what they are under the \
                 pointer.</p>\n\
                 <p class=\"sub zoom\" hidden><button value=\"2\">+</button> \
                 <button value=\"0.5\">&minus;</button> <button value=\"0\">all</button> \
                 Drag, or the arrow keys: move. Ctrl and wheel, double click, + and &minus;: zoom.</p>\n\
                 <div class=\"wide\">{}</div>\n\
                 <p class=\"sub\">tracer {}</p>\n<script>{ZOOM}</script></body></html>\n",
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
            calls.sort_by_key(|call| (call.start_ns, call.tid));
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
                "{} more {} not drawn: only the {MOST_ROWS} that lived longest",
                grouped(more as u64),
                noun(more as u64, "process is", "processes are")
            ));
        }
        let more = self.timeline.timed - self.timeline.calls.len() as u64;
        if more > 0 {
            notes.push(format!(
                "{} more {} not drawn: only the {} that took longest",
                grouped(more),
                noun(more, "call is", "calls are"),
                grouped(self.timeline.calls.len() as u64)
            ));
        }
        notes.extend(processes.gaps());
        notes
    }

    /// A moment, in nanoseconds since the start of the run.
    fn since(&self, ns: u64) -> u64 {
        ns.saturating_sub(self.start).min(self.span)
    }

    /// Where a moment is.
    fn x(&self, ns: u64) -> f64 {
        let since = self.since(ns);
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
             data-span=\"{}\" role=\"img\" aria-label=\"Timeline\">{style}<g class=\"axis\">",
            self.span
        );
        self.axis(&mut out, y);
        out.push_str("</g>\n");
        out.push_str(&rows);
        for (ns, what) in &self.timeline.losses {
            let x = self.x(*ns);
            let _ = write!(
                out,
                "<line class=\"loss\" data-s=\"{}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"0\" y2=\"{y}\">\
                 <title>{}</title></line>",
                self.since(*ns),
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
            let mark = duration(ns);
            let half = wide(mark.len()) / 2.0;
            let _ = write!(
                out,
                "<line class=\"axis\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{LABEL}\" y2=\"{bottom}\"/>\
                 <text x=\"{:.1}\" y=\"12\" text-anchor=\"middle\">{mark}</text>",
                x.clamp(half, WIDTH - half),
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
        let (start, end) = (self.since(process.start_ns), self.since(end));
        self.label(out, process, &format!("[{took}, {status}]"), y + 12);
        let _ = write!(
            out,
            "<rect class=\"life\" data-s=\"{start}\" data-e=\"{end}\" data-w=\"1\" x=\"{left:.1}\" y=\"{top}\" \
             width=\"{:.1}\" height=\"{height}\"><title>{} {}\n{took}, {status}</title></rect>",
            (right - left).max(1.0),
            process.id,
            text(named(&process.name())),
        );
        for call in calls {
            self.call(out, call, top + lanes[&call.tid] * LANE);
        }
        self.execs(out, process, top, height);
        if exit.is_some_and(|exit| exit.status != Some(0)) {
            let _ = write!(
                out,
                "<rect class=\"ended\" data-s=\"{end}\" data-w=\"3\" x=\"{right:.1}\" y=\"{top}\" width=\"3\" height=\"{height}\">\
                 <title>{status}</title></rect>"
            );
        }
        out.push_str("</g>\n");
        LABEL + height + GAP
    }

    /// Who it is, above its row: where that begins, or further left, so that it ends on the page. What
    /// is longer than a page loses the middle of the name.
    fn label(&self, out: &mut String, process: &Process, status: &str, y: usize) {
        let room = ((WIDTH - 2.0 * MARGIN) / LETTER) as usize;
        let name = process.name();
        let whole = format!("{} {}", process.id, named(&name));
        let short = middle(&whole, room.saturating_sub(status.len() + 1).max(3));
        let letters = short.chars().count() + 1 + status.len();
        let last = (WIDTH - MARGIN - wide(letters)).max(MARGIN);
        let _ = write!(
            out,
            "<g><text class=\"label\" data-s=\"{}\" data-e=\"{}\" x=\"{:.1}\" y=\"{y}\">\
             <tspan class=\"name\">{}</tspan> <tspan class=\"end\">{}</tspan><title>{}</title></text>",
            self.since(process.start_ns),
            self.since(process.end_ns(self.start + self.span)),
            self.x(process.start_ns).min(last),
            text(&short),
            text(status),
            text(&whole),
        );
    }

    fn call(&self, out: &mut String, call: &Call, y: usize) {
        let (left, right) = (self.x(call.start_ns), self.x(call.start_ns + call.ns));
        let tid = call.tid.map_or(String::new(), |tid| format!("{tid}: "));
        let (start, end) = (
            self.since(call.start_ns),
            self.since(call.start_ns + call.ns),
        );
        let _ = write!(
            out,
            "<rect class=\"{}\" data-s=\"{start}\" data-e=\"{end}\" data-w=\"0.5\" x=\"{left:.2}\" y=\"{}\" \
             width=\"{:.2}\" height=\"{}\"><title>{tid}{}\n{}, {}</title></rect>",
            look(call),
            y + 1,
            (right - left).max(0.3),
            LANE - 2,
            text(&call.text),
            duration(call.ns),
            match call.cpu_ns {
                Some(ns) => format!("of it {} on a CPU", duration(ns)),
                None => "unknown how much of it on a CPU".to_owned(),
            },
        );
    }

    fn execs(&self, out: &mut String, process: &Process, top: usize, height: usize) {
        for program in &process.execs {
            let x = self.x(program.at_ns);
            let _ = write!(
                out,
                "<line class=\"exec\" data-s=\"{}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{}\">\
                 <title>exec {}</title></line>",
                self.since(program.at_ns),
                top - 2,
                top + height + 2,
                text(&program.command),
            );
        }
    }
}

/// A lane for each thread, in the order in which their calls begin.
fn lanes(calls: &[&Call]) -> BTreeMap<Option<TaskId>, usize> {
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

/// How wide so many characters are.
fn wide(letters: usize) -> f64 {
    f64::from(letters as u32) * LETTER
}

/// How a call is drawn: one that mostly waits is hollow, so that it does not look like work.
fn look(call: &Call) -> &'static str {
    let waits = call.cpu_ns.map(|cpu_ns| cpu_ns < call.ns / 2);
    match (waits, call.failed) {
        (Some(false), false) => "ok",
        (Some(false), true) => "bad",
        (Some(true), false) => "wait",
        (Some(true), true) => "wait bad",
        (None, false) => "unsure",
        (None, true) => "unsure bad",
    }
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
