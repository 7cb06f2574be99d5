//! The processes of a run as a tree (`--tree`): what they executed, how long they lived, how they
//! ended.

use std::{fmt::Write, io};

use super::{
    Fold, Shape,
    before::Before,
    processes::{Process, Processes},
};
use crate::{
    decode::names,
    event::{Exit, Item, TaskId},
    format::json_string,
};

/// Levels that are drawn to the left of a process; those above are one `…`.
const LEVELS: usize = 40;

/// How the lines are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawing {
    /// Table stands for the drawn tree.
    pub shape: Shape,
    /// With colours of the terminal.
    pub colour: bool,
    /// With box-drawing characters, and not with ASCII.
    pub boxes: bool,
}

/// The tree of a run.
#[derive(Debug)]
pub struct Tree {
    drawing: Drawing,
    processes: Processes,
}

impl Tree {
    /// An empty tree, or that of a run of processes that run already.
    pub fn new(drawing: Drawing, before: Option<Before>) -> Self {
        Self {
            drawing,
            processes: Processes::of(before),
        }
    }

    fn draw(&self, out: &mut String) {
        let (children, roots) = self.processes.children();
        // What stands left of a process: for each level, does its branch go on below?
        let mut stack: Vec<(usize, Vec<bool>)> =
            roots.iter().rev().map(|at| (*at, Vec::new())).collect();
        let mut levels = Vec::new();
        while let Some((at, path)) = stack.pop() {
            levels.clone_from(&path);
            let below = &children[at];
            self.process(out, &self.processes.list[at], &levels, !below.is_empty());
            for (n, child) in below.iter().enumerate().rev() {
                let mut path = path.clone();
                path.push(n + 1 < below.len());
                if path.len() > LEVELS {
                    path.remove(0);
                }
                stack.push((*child, path));
            }
        }
        for gap in self.processes.gaps() {
            out.push_str("--- ");
            out.push_str(&gap);
            out.push_str(" ---\n");
        }
    }

    fn process(&self, out: &mut String, process: &Process, levels: &[bool], has_children: bool) {
        let (_, run_end) = self.processes.span();
        let (tee, corner, bar, gap) = if self.drawing.boxes {
            ("├─ ", "└─ ", "│  ", "   ")
        } else {
            ("|- ", "`- ", "|  ", "   ")
        };
        let above: String = levels
            .iter()
            .take(levels.len().saturating_sub(1))
            .map(|goes_on| if *goes_on { bar } else { gap })
            .collect();
        out.push_str(&above);
        out.push_str(match levels.last() {
            Some(true) => tee,
            Some(false) => corner,
            None => "",
        });
        out.push_str(&process.id.to_string());
        out.push(' ');
        let first = process.execs.first().map(|program| &program.command[..]);
        self.coloured(out, BOLD, first.unwrap_or(&process.forked_name()));
        let took = duration(process.end_ns(run_end) - process.start_ns);
        let colour = match process.end {
            Some((_, exit)) if exit.status != Some(0) => RED,
            Some(_) | None => "",
        };
        out.push_str("  ");
        let status = status(process.end.map(|(_, exit)| exit));
        self.coloured(out, colour, &format!("[{took}, {status}]"));
        out.push('\n');
        let left = match levels.last() {
            Some(true) => format!("{above}{bar}"),
            Some(false) => format!("{above}{gap}"),
            None => String::new(),
        };
        let below = if has_children { bar } else { gap };
        for program in process.execs.iter().skip(1) {
            let after = duration(program.at_ns.saturating_sub(process.start_ns));
            out.push_str(&left);
            out.push_str(below);
            out.push_str("=> ");
            self.coloured(out, BOLD, &program.command);
            let _ = writeln!(out, "  [after {after}]");
        }
        if process.more_execs > 0 {
            let _ = writeln!(out, "{left}{below}=> {} more", process.more_execs);
        }
    }

    fn coloured(&self, out: &mut String, colour: &str, text: &str) {
        let on = self.drawing.colour && !colour.is_empty();
        if on {
            out.push_str(colour);
        }
        out.push_str(text);
        if on {
            out.push_str("\x1b[0m");
        }
    }

    /// One object a process, before its children; then what is missing.
    fn json(&self, out: &mut Vec<u8>) {
        let (_, run_end) = self.processes.span();
        for (at, depth) in self.processes.in_order() {
            let process = &self.processes.list[at];
            let parent = process.parent.map(|at| &self.processes.list[at]);
            let host = process.host.map_or(String::new(), |host| {
                let parent = parent.and_then(|parent| parent.host);
                let parent = parent.map(|parent| parent.pid).or(host.ppid);
                let parent = parent.map_or("null".to_owned(), |pid| pid.0.to_string());
                format!(",\"host_pid\":{},\"host_ppid\":{parent}", host.pid.0)
            });
            let parent = parent.map(|parent| parent.id).or(process.ppid);
            let head = format!(
                "{{\"type\":\"process\",\"pid\":{},\"ppid\":{}{host},\"depth\":{depth},\
                 \"start_ns\":{},\"new\":{},\"duration_ns\":{},\"comm\":",
                json_id(Some(process.id)),
                json_id(parent),
                process.start_ns,
                process.is_new,
                process.end_ns(run_end) - process.start_ns,
            );
            out.extend_from_slice(head.as_bytes());
            let _ = json_string(out, &process.comm);
            out.extend_from_slice(b",\"execs\":[");
            for (n, program) in process.execs.iter().enumerate() {
                let comma = if n > 0 { "," } else { "" };
                let head = format!("{comma}{{\"time_ns\":{},\"command\":", program.at_ns);
                out.extend_from_slice(head.as_bytes());
                let _ = json_string(out, program.command.as_bytes());
                out.push(b'}');
            }
            out.extend_from_slice(b"],\"exit\":");
            match process.end {
                None => out.extend_from_slice(b"null"),
                Some((_, exit)) => json_exit(out, exit),
            }
            out.extend_from_slice(b"}\n");
        }
        for gap in self.processes.gaps() {
            out.extend_from_slice(b"{\"type\":\"incomplete\",\"reason\":");
            let _ = json_string(out, gap.as_bytes());
            out.extend_from_slice(b"}\n");
        }
    }
}

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31m";

/// The id of one in the tracer's pid namespace.
fn json_id(id: Option<TaskId>) -> String {
    match id {
        Some(TaskId::Here(pid)) => pid.0.to_string(),
        Some(TaskId::Host(_)) | None => "null".to_owned(),
    }
}

fn json_exit(out: &mut Vec<u8>, exit: Exit) {
    out.extend_from_slice(b"{\"status\":");
    match exit.status {
        Some(status) => out.extend_from_slice(status.to_string().as_bytes()),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"signal\":");
    match exit.signal {
        Some(signal) => {
            out.push(b'"');
            names::signal(out, signal.into());
            out.push(b'"');
        }
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(format!(",\"core\":{}}}", exit.core).as_bytes());
}

/// How it ended, in words.
pub(super) fn status(exit: Option<Exit>) -> String {
    let Some(exit) = exit else {
        return "still running".to_owned();
    };
    match exit.signal {
        None => format!("exited with {}", exit.status.unwrap_or(0)),
        Some(signal) => {
            let mut name = Vec::new();
            names::signal(&mut name, signal.into());
            let core = if exit.core { " (core dumped)" } else { "" };
            format!("killed by {}{core}", String::from_utf8_lossy(&name))
        }
    }
}

/// A time as a person says it: `85 us`, `12.3 ms`, `4.567 s`.
pub(super) fn duration(ns: u64) -> String {
    match ns {
        0..1_000_000 => format!("{} us", ns / 1000),
        1_000_000..1_000_000_000 => format!("{}.{} ms", ns / 1_000_000, ns / 100_000 % 10),
        _ => format!("{}.{:03} s", ns / 1_000_000_000, ns / 1_000_000 % 1000),
    }
}

impl Fold for Tree {
    fn item(&mut self, item: &Item) {
        self.processes.item(item);
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.processes.finish();
        match self.drawing.shape {
            Shape::Json => self.json(out),
            Shape::Table => {
                let mut text = String::new();
                self.draw(&mut text);
                out.extend_from_slice(text.as_bytes());
            }
        }
        Ok(())
    }
}
