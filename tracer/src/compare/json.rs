//! A comparison as JSON lines: what is compared, the summary, then one object for each difference.
//! A string that is not UTF-8 has its bytes beside it, under the same name with `_hex`.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{
    Comparison, Line, Pair, Run, Step, Texts, Two,
    files::Touched,
    text::{Shape, line_text, place_names},
    verdict,
};
use crate::format::drives_a_terminal;

/// Appends the comparison. `names`: of the recordings.
pub fn write(
    out: &mut Vec<u8>,
    names: Two<&str>,
    runs: Two<&Run>,
    comparison: &Comparison,
    texts: &Texts,
    shape: Shape,
) {
    line(out, recording("a", names.a, runs.a));
    line(out, recording("b", names.b, runs.b));
    line(out, summary(runs, comparison, texts));
    if shape.programs {
        programs(out, runs, comparison);
    }
    if shape.files {
        for (path, change) in &comparison.files {
            let mut object = object("file");
            put(&mut object, "path", path);
            object.insert("a".to_owned(), touched(change.a.as_ref()));
            object.insert("b".to_owned(), touched(change.b.as_ref()));
            line(out, object);
        }
    }
    if shape.calls {
        for (pair, steps) in comparison.pairs.iter().zip(&comparison.steps) {
            for step in steps.iter().filter(|step| step.is_change()) {
                line(out, call(runs, *pair, *step, texts));
            }
        }
    }
}

fn programs(out: &mut Vec<u8>, runs: Two<&Run>, comparison: &Comparison) {
    for pair in comparison.alone() {
        line(out, task(runs, *pair));
    }
    for command in &comparison.commands {
        let mut object = object("command");
        put(&mut object, "path", &command.path);
        object.insert("argv".to_owned(), strings(&command.args));
        object.insert("a".to_owned(), command.times.a.into());
        object.insert("b".to_owned(), command.times.b.into());
        line(out, object);
    }
    for variable in &comparison.variables {
        let mut object = object("variable");
        put(&mut object, "name", &variable.name);
        put(&mut object, "program", &variable.program);
        put_or_null(&mut object, "a", variable.values.a.as_deref());
        put_or_null(&mut object, "b", variable.values.b.as_deref());
        line(out, object);
    }
}

fn recording(side: &str, name: &str, run: &Run) -> Map<String, Value> {
    let mut object = object("recording");
    let head = &run.head;
    let start = jiff::Timestamp::from_nanosecond(i128::from(head.start.wall_ns));
    let fields = json!({
        "side": side,
        "file": name,
        "host": head.machine.host,
        "kernel": head.machine.kernel,
        "machine": head.machine.hardware,
        "start": start.map(|time| time.to_string()).ok(),
        "tracer": head.tracer,
        "whole": run.trouble.is_none(),
        "lost": run.lost,
        "tasks": run.tasks.len(),
        "exit": run.end().map(|end| &end.text),
    });
    extend(&mut object, fields);
    object.insert("command_line".to_owned(), strings(&head.command_line));
    object
}

fn summary(runs: Two<&Run>, comparison: &Comparison, texts: &Texts) -> Map<String, Value> {
    let mut object = object("summary");
    let fields = json!({
        "same": comparison.is_same(),
        "calls": comparison.calls(),
        "tasks": comparison.alone().count(),
        "files": comparison.files.len(),
        "commands": comparison.commands.len(),
        "variables": comparison.variables.len(),
    });
    extend(&mut object, fields);
    let first = comparison.first.as_ref().map(|first| {
        let step = comparison.steps[first.pair][first.step];
        let mut object = call(runs, comparison.pairs[first.pair], step, texts);
        object.remove("type");
        object.insert("failure".to_owned(), first.is_failure.into());
        object
    });
    object.insert("first".to_owned(), first.into());
    object
}

fn task(runs: Two<&Run>, pair: Pair) -> Map<String, Value> {
    let mut object = object("task");
    object.insert("place".to_owned(), strings(&place_names(runs, pair)));
    for (side, run, task) in [("a", runs.a, pair.a), ("b", runs.b, pair.b)] {
        let Some(task) = task.map(|task| &run.tasks[task]) else {
            continue;
        };
        let fields = json!({
            "side": side,
            "pid": task.pid,
            "tid": task.tid,
            "lines": task.lines.len(),
            "exit": task.end.as_ref().map(|end| &end.text),
        });
        extend(&mut object, fields);
    }
    object
}

fn call(runs: Two<&Run>, pair: Pair, step: Step, texts: &Texts) -> Map<String, Value> {
    let mut object = object("call");
    object.insert("place".to_owned(), strings(&place_names(runs, pair)));
    let lines = verdict::lines(runs, pair, step);
    let text = |line: Option<&Line>| line.map(|line| line_text(texts, line));
    put_or_null(&mut object, "a", text(lines.a).as_deref());
    put_or_null(&mut object, "b", text(lines.b).as_deref());
    let success = |line: Option<&Line>| line.and_then(|line| line.success);
    let both = json!({"a": success(lines.a), "b": success(lines.b)});
    object.insert("success".to_owned(), both);
    object
}

fn touched(touched: Option<&Touched>) -> Value {
    touched.map_or(Value::Null, |touched| {
        let ops: Vec<_> = touched.ops.iter().map(|op| op.as_str()).collect();
        json!({"found": touched.found.words(), "ops": ops})
    })
}

fn object(kind: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), Value::from(kind))])
}

fn extend(object: &mut Map<String, Value>, fields: Value) {
    if let Value::Object(fields) = fields {
        object.extend(fields);
    }
}

fn put(object: &mut Map<String, Value>, key: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, std::borrow::Cow::Owned(_)) {
        object.insert(format!("{key}_hex"), hex(bytes).into());
    }
    object.insert(key.to_owned(), text.into());
}

fn put_or_null(object: &mut Map<String, Value>, key: &str, bytes: Option<&[u8]>) {
    match bytes {
        Some(bytes) => put(object, key, bytes),
        None => drop(object.insert(key.to_owned(), Value::Null)),
    }
}

/// Strings; of one that is not UTF-8 also the bytes.
fn strings(all: &[Bytes]) -> Value {
    let one = |bytes: &Bytes| match std::str::from_utf8(bytes) {
        Ok(text) => Value::from(text),
        Err(_) => json!({"text": String::from_utf8_lossy(bytes), "hex": hex(bytes)}),
    };
    all.iter().map(one).collect()
}

fn hex(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(2 * bytes.len());
    crate::decode::number::hex_bytes_lower(&mut out, bytes);
    String::from_utf8_lossy(&out).into_owned()
}

/// One line, with escapes for what could drive a terminal.
fn line(out: &mut Vec<u8>, object: Map<String, Value>) {
    for c in Value::Object(object).to_string().chars() {
        if drives_a_terminal(c) {
            // All of them are below U+10000, so one escape is enough.
            out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
        } else {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    out.push(b'\n');
}
