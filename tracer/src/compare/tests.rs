//! Runs that are written down here, and what is told of their differences.

use bytes::Bytes;

use super::{
    Comparison, Hunk, Run, Shape, Step, Task, Texts, Two,
    files::{Found, Touched},
    line::Line,
    task::{End, Program},
    write_json, write_text,
};
use crate::{
    event::{Argv, Time, Unknown},
    recording::{Defaults, Head, Machine},
};

/// A task: its program, the place of its parent, and its lines: call, result, success.
type Made<'a> = (&'a str, Option<usize>, &'a [(&'a str, &'a str, bool)]);

fn run(texts: &mut Texts, tasks: &[Made<'_>]) -> Run {
    let head = Head {
        tracer: "0.1.0".to_owned(),
        machine: Machine {
            kernel: "6.18.0".to_owned(),
            hardware: "x86_64".to_owned(),
            host: "here".to_owned(),
        },
        start: Time {
            wall_ns: 0,
            mono_ns: 0,
        },
        command_line: vec![Bytes::from_static(b"tracer")],
        defaults: Defaults::default(),
    };
    let mut run = Run {
        head,
        ending: None,
        trouble: None,
        tasks: Vec::new(),
        roots: Vec::new(),
        files: std::collections::BTreeMap::new(),
        lost: 0,
    };
    let mut at = 0;
    for (number, (program, parent, lines)) in tasks.iter().enumerate() {
        let program = Bytes::copy_from_slice(program.as_bytes());
        let lines = lines.iter().map(|(what, how, success)| {
            at += 1;
            Line {
                what: texts.id(what.as_bytes()),
                how: texts.id(how.as_bytes()),
                success: Some(*success),
                at,
            }
        });
        run.tasks.push(Task {
            parent: *parent,
            tried: Some((program.clone(), vec![program.clone()])),
            programs: vec![Program {
                path: program.clone(),
                args: vec![program],
                environment: None,
            }],
            lines: lines.collect(),
            ..Task::default()
        });
        match parent {
            Some(parent) => run.tasks[*parent].children.push(number),
            None => run.roots.push(number),
        }
    }
    run
}

fn ended(run: &mut Run, status: i32) {
    run.tasks[0].end = Some(End {
        text: format!("exited with {status}"),
        is_success: status == 0,
    });
}

fn shape() -> Shape {
    Shape {
        programs: true,
        files: true,
        calls: true,
        context: 1,
        colour: false,
    }
}

fn text(a: &Run, b: &Run, texts: &Texts) -> String {
    let runs = Two { a, b };
    let comparison = Comparison::new(runs);
    let names = Two {
        a: "a.rec",
        b: "b.rec",
    };
    let mut out = Vec::new();
    write_text(&mut out, names, runs, &comparison, texts, shape());
    // The head has a time in the local zone.
    let out = String::from_utf8(out).expect("UTF-8");
    let head = out.split_inclusive('\n').take(2).map(str::len).sum();
    out[head..].to_owned()
}

const OPEN: (&str, &str, bool) = ("openat(\"conf\")", " = <conf>", true);
const ABSENT: (&str, &str, bool) = ("openat(\"conf\")", " = -1 ENOENT", false);
const BRK: (&str, &str, bool) = ("brk(NULL)", " = ADDR", true);
const READ: (&str, &str, bool) = ("read(<conf>)", " = 3", true);

#[test]
fn the_same() {
    let mut texts = Texts::default();
    let tasks: &[Made<'_>] = &[("sh", None, &[BRK, OPEN]), ("cat", Some(0), &[READ])];
    let (a, b) = (run(&mut texts, tasks), run(&mut texts, tasks));
    assert!(Comparison::new(Two { a: &a, b: &b }).is_same());
    assert_eq!(
        text(&a, &b, &texts),
        "no difference in 3 lines of 2 tasks\n"
    );
}

#[test]
fn another_result() {
    let mut texts = Texts::default();
    let mut a = run(&mut texts, &[("app", None, &[BRK, OPEN, READ, BRK])]);
    let mut b = run(&mut texts, &[("app", None, &[BRK, ABSENT, BRK])]);
    ended(&mut a, 0);
    ended(&mut b, 1);
    a.files.insert("./conf".into(), touched(true));
    b.files.insert("./conf".into(), touched(false));
    assert_eq!(
        text(&a, &b, &texts),
        "\
A exited with 0, B exited with 1
first call that fails in B and not in A, in app:
-openat(\"conf\") = <conf>
+openat(\"conf\") = -1 ENOENT
different: 2 calls in 1 of 1 task; 0 tasks only in A or B; 1 file; 0 commands; 0 variables

files
-./conf  found
+./conf  missing

calls
@@ -1,4 +1,3 @@ app
 brk(NULL) = ADDR
-openat(\"conf\") = <conf>
+openat(\"conf\") = -1 ENOENT
-read(<conf>) = 3
 brk(NULL) = ADDR
"
    );
}

fn touched(there: bool) -> Touched {
    Touched {
        found: Found {
            there,
            missing: !there,
            ..Found::default()
        },
        ..Touched::default()
    }
}

/// A failure of the run that failed comes before an earlier one of the run that did not.
#[test]
fn the_first_difference_that_matters() {
    let denied = ("access(\"x\")", " = -1 EACCES", false);
    let allowed = ("access(\"x\")", " = 0", true);
    let mut texts = Texts::default();
    let mut a = run(&mut texts, &[("app", None, &[denied, BRK, OPEN])]);
    let mut b = run(&mut texts, &[("app", None, &[allowed, ABSENT])]);
    let step = |a: &Run, b: &Run| {
        let comparison = Comparison::new(Two { a, b });
        let first = comparison.first.clone().expect("it is different");
        assert!(first.is_failure);
        comparison.steps[first.pair][first.step]
    };
    assert_eq!(step(&a, &b), Step::Result(Two { a: 0, b: 0 }));
    ended(&mut a, 0);
    ended(&mut b, 1);
    assert_eq!(step(&a, &b), Step::Result(Two { a: 2, b: 1 }));
}

/// Children are matched by what they executed, also in another order.
#[test]
fn tasks_are_matched_by_program_and_place() {
    let mut texts = Texts::default();
    let (cc, ld, strip) = (
        ("cc", Some(0), &[BRK][..]),
        ("ld", Some(0), &[OPEN][..]),
        ("strip", Some(0), &[READ][..]),
    );
    let make = ("make", None, &[][..]);
    let a = run(&mut texts, &[make, cc, cc, ld]);
    let b = run(&mut texts, &[make, ld, cc, strip, cc]);
    let comparison = Comparison::new(Two { a: &a, b: &b });
    let pairs: Vec<_> = comparison.pairs.iter().map(|p| (p.a, p.b)).collect();
    let of_a = |task| pairs.iter().find(|p| p.0 == Some(task)).expect("once").1;
    assert_eq!(of_a(0), Some(0));
    assert_eq!([of_a(1), of_a(2), of_a(3)], [Some(2), Some(4), Some(1)]);
    let alone: Vec<_> = comparison.alone().map(|p| (p.a, p.b)).collect();
    assert_eq!(alone, [(None, Some(3))], "strip");
    assert_eq!(comparison.calls(), 0);
    let commands: Vec<_> = comparison.commands.iter().map(|c| &*c.path).collect();
    assert_eq!(commands, [b"strip"]);
}

#[test]
fn environments() {
    let environment = |words: &[&str], incomplete| Argv {
        args: words
            .iter()
            .map(|w| Bytes::copy_from_slice(w.as_bytes()))
            .collect(),
        incomplete,
        all: None,
        last_len: None,
    };
    let mut texts = Texts::default();
    let mut with = |words: &[&str], incomplete| {
        let mut run = run(&mut texts, &[("env", None, &[])]);
        run.tasks[0].programs[0].environment = Some(environment(words, incomplete));
        run
    };
    let whole = with(&["A=1", "B=2", "C=long"], None);
    let other = with(&["A=1", "B=3", "D=4"], None);
    let cut = with(&["A=1", "B=2", "C=lo"], Some(Unknown::Cut));
    let names = |a: &Run, b: &Run| -> Vec<String> {
        let comparison = Comparison::new(Two { a, b });
        let shown = |v: &super::VariableChange| String::from_utf8_lossy(&v.name).into_owned();
        comparison.variables.iter().map(shown).collect()
    };
    assert_eq!(names(&whole, &other), ["B", "C", "D"]);
    assert_eq!(
        names(&whole, &cut),
        [""; 0],
        "what was not recorded says nothing"
    );
    assert_eq!(names(&cut, &other), ["B", "C"], "D may have been cut off");
}

#[test]
fn hunks() {
    let same = |i| Step::Same(Two { a: i, b: i });
    let mut steps: Vec<_> = (0..20).map(same).collect();
    for at in [0, 9, 12] {
        steps[at] = Step::OnlyA(at);
    }
    let ranges = |context| -> Vec<_> {
        let hunks = Hunk::all(&steps, context);
        hunks
            .into_iter()
            .map(|h| (h.steps.start, h.steps.end))
            .collect()
    };
    assert_eq!(ranges(0), [(0, 1), (9, 10), (12, 13)]);
    assert_eq!(ranges(1), [(0, 2), (8, 14)]);
    assert_eq!(ranges(usize::MAX), [(0, 20)]);
}

/// Names of anything can neither end a line nor drive a terminal.
#[test]
fn hostile_names() {
    let hostile = "x\x1b[2J\n+y\u{9b}";
    let mut texts = Texts::default();
    let a = run(
        &mut texts,
        &[("sh", None, &[BRK]), (hostile, Some(0), &[BRK])],
    );
    let mut b = run(&mut texts, &[("sh", None, &[BRK])]);
    b.files.insert(hostile.into(), touched(true));
    let runs = Two { a: &a, b: &b };
    let comparison = Comparison::new(runs);
    let names = Two { a: "a", b: "b" };
    for write in [write_text, write_json] {
        let mut out = Vec::new();
        write(&mut out, names, runs, &comparison, &texts, shape());
        let out = String::from_utf8(out).expect("UTF-8");
        assert!(out.contains("[2J"), "{out}");
        let drives = |c: char| c != '\n' && c.is_control();
        assert!(!out.contains(drives), "{out:?}");
        assert!(!out.contains("\n+y"), "{out:?}");
    }
}
