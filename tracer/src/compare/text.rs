//! A comparison as text, in the manner of diff(1): what only A has begins with `-`, what only B has
//! with `+`. The summary comes first.

use bytes::Bytes;

use super::{
    CommandChange, Comparison, Hunk, Line, Pair, Run, Step, Texts, Two,
    verdict::{self, Side},
};
use crate::{format::c_quoted, words::counted};

/// What is shown, and how.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct Shape {
    /// Processes, commands and environments.
    pub programs: bool,
    /// Files.
    pub files: bool,
    /// Calls.
    pub calls: bool,
    /// Lines around a difference.
    pub context: usize,
    /// With the terminal's own colours.
    pub colour: bool,
}

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const CYAN: &str = "\x1b[36m";
const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";

/// Appends the comparison. `names`: of the recordings.
pub fn write(
    out: &mut Vec<u8>,
    names: Two<&str>,
    runs: Two<&Run>,
    comparison: &Comparison,
    texts: &Texts,
    shape: Shape,
) {
    let mut page = Page {
        out,
        runs,
        comparison,
        texts,
        shape,
    };
    page.summary(names);
    if shape.programs {
        page.processes();
        page.commands();
        page.variables();
    }
    if shape.files {
        page.files();
    }
    if shape.calls {
        page.calls();
    }
}

struct Page<'a> {
    out: &'a mut Vec<u8>,
    runs: Two<&'a Run>,
    comparison: &'a Comparison,
    texts: &'a Texts,
    shape: Shape,
}

impl Page<'_> {
    fn coloured(&mut self, colour: &str, text: &[u8]) {
        if self.shape.colour {
            self.out.extend_from_slice(colour.as_bytes());
        }
        self.out.extend_from_slice(text);
        if self.shape.colour {
            self.out.extend_from_slice(RESET.as_bytes());
        }
        self.out.push(b'\n');
    }

    fn plain(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
    }

    fn title(&mut self, text: &str) {
        self.out.push(b'\n');
        self.coloured(BOLD, text.as_bytes());
    }

    /// A line of one of the runs.
    fn one_sided(&mut self, side: Side, text: &[u8]) {
        let (sign, colour) = match side {
            Side::A => (b'-', RED),
            Side::B => (b'+', GREEN),
        };
        let mut line = vec![sign];
        line.extend_from_slice(text);
        self.coloured(colour, &line);
    }

    fn summary(&mut self, names: Two<&str>) {
        let heads = self.runs.map(head);
        self.coloured(BOLD, format!("--- A: {}: {}", names.a, heads.a).as_bytes());
        self.coloured(BOLD, format!("+++ B: {}: {}", names.b, heads.b).as_bytes());
        for (name, run) in [("A", self.runs.a), ("B", self.runs.b)] {
            if run.lost > 0 {
                self.plain(&format!(
                    "{name} lost {}: what differs may be what was lost",
                    counted(run.lost, "event")
                ));
            }
            if run.trouble.is_some() {
                self.plain(&format!(
                    "{name} is not whole: what differs may be what is missing"
                ));
            }
        }
        let tasks = self.runs.map(|run| run.tasks.len());
        if self.comparison.is_same() {
            let lines: usize = self.runs.a.tasks.iter().map(|t| t.lines.len()).sum();
            self.plain(&format!(
                "no difference in {} of {}",
                counted(lines as u64, "line"),
                counted(tasks.a as u64, "task")
            ));
            return;
        }
        let end = |run: &Run| run.end().map_or("did not end", |end| &end.text).to_owned();
        let ends = self.runs.map(end);
        self.plain(&if ends.a == ends.b {
            format!("both {}", ends.a)
        } else {
            format!("A {}, B {}", ends.a, ends.b)
        });
        self.first();
        let pairs = &self.comparison.pairs;
        let both = pairs.iter().filter(|pair| pair.both().is_some()).count();
        let steps = self.comparison.steps.iter();
        let changed = steps.filter(|s| s.iter().any(Step::is_change)).count();
        let number = |count: usize, noun| counted(count as u64, noun);
        self.plain(&format!(
            "different: {} in {changed} of {}; {} only in A or B; {}; {}; {}",
            number(self.comparison.calls(), "call"),
            number(both, "task"),
            number(pairs.len() - both, "task"),
            number(self.comparison.files.len(), "file"),
            number(self.comparison.commands.len(), "command"),
            number(self.comparison.variables.len(), "variable"),
        ));
    }

    /// The first difference that matters.
    fn first(&mut self) {
        let Some(first) = self.comparison.first.clone() else {
            return;
        };
        let pair = self.comparison.pairs[first.pair];
        let step = self.comparison.steps[first.pair][first.step];
        let lines = verdict::lines(self.runs, pair, step);
        let what = match (first.is_failure, lines.a.and_then(|line| line.success)) {
            (true, Some(true)) => "first call that fails in B and not in A",
            (true, _) => "first call that fails in A and not in B",
            (false, _) => "first difference",
        };
        let place = place(self.runs, pair);
        self.plain(&format!("{what}, in {place}:"));
        self.step(pair, step);
    }

    fn processes(&mut self) {
        let alone: Vec<Pair> = self.comparison.alone().copied().collect();
        if alone.is_empty() {
            return;
        }
        self.title("tasks");
        for pair in alone {
            let (side, run, task) = match (pair.a, pair.b) {
                (Some(task), _) => (Side::A, self.runs.a, task),
                (None, Some(task)) => (Side::B, self.runs.b, task),
                (None, None) => continue,
            };
            let task = &run.tasks[task];
            let end = task.end.as_ref().map_or("did not end", |end| &end.text);
            let kind = if task.is_thread { "thread" } else { "process" };
            let text = format!(
                "{}: {kind} {}, {}, {end}",
                place(self.runs, pair),
                task.tid,
                counted(task.lines.len() as u64, "line")
            );
            self.one_sided(side, text.as_bytes());
        }
    }

    fn commands(&mut self) {
        if self.comparison.commands.is_empty() {
            return;
        }
        self.title("commands");
        for command in &self.comparison.commands {
            for (side, times) in [(Side::A, command.times.a), (Side::B, command.times.b)] {
                if times > 0 {
                    let mut text = command_line(command);
                    if command.times.a > 0 && command.times.b > 0 {
                        let times = counted(times, "time");
                        text.extend_from_slice(format!("  ({times})").as_bytes());
                    }
                    self.one_sided(side, &text);
                }
            }
        }
    }

    fn variables(&mut self) {
        if self.comparison.variables.is_empty() {
            return;
        }
        self.title("environment");
        for variable in &self.comparison.variables {
            let sides = [(Side::A, &variable.values.a), (Side::B, &variable.values.b)];
            for (side, value) in sides {
                if let Some(value) = value {
                    let mut text = Vec::new();
                    c_quoted(&mut text, &[&variable.name[..], b"=", value].concat());
                    self.one_sided(side, &text);
                }
            }
        }
    }

    fn files(&mut self) {
        if self.comparison.files.is_empty() {
            return;
        }
        self.title("files");
        for (path, change) in &self.comparison.files {
            for (side, touched) in [(Side::A, &change.a), (Side::B, &change.b)] {
                if let Some(touched) = touched {
                    let mut text = Vec::new();
                    c_quoted(&mut text, path);
                    let found = touched.found.words().join(", ");
                    text.extend_from_slice(format!("  {found}").as_bytes());
                    let ops: Vec<_> = touched.ops.iter().map(|op| op.as_str()).collect();
                    if !ops.is_empty() {
                        text.extend_from_slice(format!(" ({})", ops.join(", ")).as_bytes());
                    }
                    self.one_sided(side, &text);
                }
            }
        }
    }

    fn calls(&mut self) {
        if self.comparison.calls() == 0 {
            return;
        }
        self.title("calls");
        let comparison = self.comparison;
        for (pair, steps) in comparison.pairs.iter().zip(&comparison.steps) {
            for hunk in Hunk::all(steps, self.shape.context) {
                self.hunk(*pair, steps, &hunk);
            }
        }
    }

    fn hunk(&mut self, pair: Pair, steps: &[Step], hunk: &Hunk) {
        let shown = &steps[hunk.steps.clone()];
        let range = |of: fn(Two<Option<usize>>) -> Option<usize>| {
            let all = |steps: &[Step]| steps.iter().filter_map(|s| of(s.lines())).count();
            let (before, count) = (all(&steps[..hunk.steps.start]), all(shown));
            // As in diff(1): an empty range begins at the line before it.
            format!("{},{count}", before + usize::from(count > 0))
        };
        let title = format!(
            "@@ -{} +{} @@ {}",
            range(|lines| lines.a),
            range(|lines| lines.b),
            place(self.runs, pair)
        );
        self.coloured(CYAN, title.as_bytes());
        // What is only in A comes before what is only in B; a changed result is both.
        for step in shown {
            self.step(pair, *step);
        }
    }

    fn step(&mut self, pair: Pair, step: Step) {
        let lines = verdict::lines(self.runs, pair, step);
        let shown = lines.map(|line| line.map(|line| line_text(self.texts, line)));
        match (step, shown.a, shown.b) {
            (Step::Same(_), Some(line), _) => {
                self.out.push(b' ');
                self.out.extend_from_slice(&line);
                self.out.push(b'\n');
            }
            (_, a, b) => {
                for (side, line) in [(Side::A, a), (Side::B, b)] {
                    if let Some(line) = line {
                        self.one_sided(side, &line);
                    }
                }
            }
        }
    }
}

/// A line as one text.
pub(super) fn line_text(texts: &Texts, line: &Line) -> Vec<u8> {
    [texts.text(line.what), texts.text(line.how)].concat()
}

/// Where and when a recording was made, and of what.
fn head(run: &Run) -> String {
    let head = &run.head;
    let time = jiff::Timestamp::from_nanosecond(i128::from(head.start.wall_ns));
    let time = time.map_or_else(
        |_| String::from("?"),
        |time| {
            let local = time.to_zoned(jiff::tz::TimeZone::system());
            local.strftime("%Y-%m-%d %H:%M:%S").to_string()
        },
    );
    format!(
        "{}, Linux {} {}, {time}: {}",
        shown(head.machine.host.as_bytes()),
        shown(head.machine.kernel.as_bytes()),
        shown(head.machine.hardware.as_bytes()),
        head.command_line
            .iter()
            .map(|word| shown(word))
            .collect::<Vec<_>>()
            .join(" ")
    )
}

/// Any bytes, such that they can neither end a line nor drive a terminal.
fn shown(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    c_quoted(&mut out, bytes);
    String::from_utf8_lossy(&out).into_owned()
}

/// The program with its arguments.
fn command_line(command: &CommandChange) -> Vec<u8> {
    let mut text = Vec::new();
    let rest = command.args.get(1..).unwrap_or_default();
    for (i, word) in std::iter::once(&command.path).chain(rest).enumerate() {
        if i > 0 {
            text.push(b' ');
        }
        c_quoted(&mut text, word);
    }
    text
}

/// The names of a task and of those that it comes from.
pub(super) fn place_names(runs: Two<&Run>, pair: Pair) -> Vec<Bytes> {
    let (run, chain) = chain(runs, pair);
    let name = |task: &usize| Bytes::copy_from_slice(run.tasks[*task].name());
    chain.iter().map(name).collect()
}

/// A task and those that it comes from, the first of all first.
fn chain(runs: Two<&Run>, pair: Pair) -> (&Run, Vec<usize>) {
    let (run, task) = match (pair.a, pair.b) {
        (Some(task), _) => (runs.a, Some(task)),
        (None, task) => (runs.b, task),
    };
    let chain = std::iter::successors(task, |task| run.tasks[*task].parent);
    let mut chain: Vec<_> = chain.collect();
    chain.reverse();
    (run, chain)
}

/// `sh > make > cc #3`: the third of this name that make has started.
fn place(runs: Two<&Run>, pair: Pair) -> String {
    let (run, chain) = chain(runs, pair);
    let name = |task: &usize| {
        let name = run.tasks[*task].name();
        let siblings = match run.tasks[*task].parent {
            Some(parent) => &run.tasks[parent].children,
            None => &run.roots,
        };
        let mut same = siblings
            .iter()
            .filter(|other| run.tasks[**other].name() == name);
        let at = same.clone().position(|other| other == task);
        match at {
            Some(at) if same.nth(1).is_some() => format!("{} #{}", shown(name), at + 1),
            _ => shown(name),
        }
    };
    chain.iter().map(name).collect::<Vec<_>>().join(" > ")
}
