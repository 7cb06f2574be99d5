//! Shapes of names: any byte is shown safely, and reads back exactly.

use std::{collections::HashMap, ffi::OsStr, os::unix::ffi::OsStrExt};

use tests::{
    Account, AuditRecord, COVERED, Expected, Line, Place, Tracer, play, play_with, require_ebpf,
    run_to_end, show, tracer_command,
};

/// JSON: every name, resolved path, symlink text and comm is exactly what the fixture used.
#[test]
fn json_reads_back_exactly() {
    if !require_ebpf() {
        return;
    }
    let scene = play("names");
    assert!(scene.account.calls.len() > 150);
    let text = std::fs::read(scene.place.join(".")).unwrap_or_default();
    assert!(text.is_empty());
    for record in &scene.outcome.records {
        let control = record.line.chars().find(|c| c.is_control());
        assert_eq!(
            control,
            None,
            "a control character in {}",
            record.line.escape_debug()
        );
    }
}

/// Characters that turn the reading direction or end a line where no line ends.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Text: one line an event, nothing that drives a terminal.
#[test]
fn text_is_one_safe_line_an_event() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("names", &["-e", COVERED, "--format", "text"]);
    let text = String::from_utf8(scene.outcome.stdout.clone()).expect("text output is UTF-8");
    let bad = text
        .chars()
        .find(|c| (c.is_control() && *c != '\n') || is_deceptive(*c));
    assert_eq!(bad, None, "in the text output");
    let lines = text.lines().count() as u64;
    let written = scene.outcome.sums().written;
    // A heading is no event.
    assert!(
        lines == written || lines == written + 1,
        "{lines} lines for {written} events"
    );
    assert!(
        text.contains("ENOENT"),
        "no errno by name in the text output"
    );
}

/// Audit: every line is a record, nothing is forged, and the names decode exactly.
#[test]
fn audit_reads_back_exactly() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("names", &["-e", COVERED, "--format", "audit"]);
    let records = AuditRecord::read(&scene.outcome.stdout);
    let mut events: HashMap<&str, Vec<&AuditRecord>> = HashMap::new();
    for record in &records {
        events.entry(&record.id).or_default().push(record);
    }
    let written = scene.outcome.sums().written;
    assert_eq!(events.len() as u64, written, "events by serial number");
    let calls: Vec<_> = records.iter().filter(|r| r.kind == "SYSCALL").collect();
    for line in &scene.account.calls {
        let event = find(line, &calls);
        audit_event(line, event, &events[event.id.as_str()]);
    }
}

/// The SYSCALL record of a call: serial numbers go up, so the n-th call of its kind.
fn find<'r>(line: &Line, calls: &[&'r AuditRecord]) -> &'r AuditRecord {
    let first = line.get("args")[0].as_str().unwrap_or("");
    let matching = |r: &&&AuditRecord| {
        r.fields.get("pid") == Some(&line.pid().to_string())
            && r.fields.get("syscall") == line.number("nr").map(|n| n.to_string()).as_ref()
            && r.fields.get("a0").map(String::as_str) == first.strip_prefix("0x")
            && r.fields.get("a1").map(String::as_str)
                == line.get("args")[1]
                    .as_str()
                    .and_then(|a| a.strip_prefix("0x"))
    };
    calls
        .iter()
        .find(matching)
        .unwrap_or_else(|| panic!("no SYSCALL record for {line:?}"))
}

fn audit_event(line: &Line, call: &AuditRecord, event: &[&AuditRecord]) {
    let ret = line.number("ret").unwrap_or(0);
    let expected = [
        (
            "success",
            if ret < 0 {
                "no".to_owned()
            } else {
                "yes".to_owned()
            },
        ),
        ("exit", ret.to_string()),
        ("ppid", line.number("ppid").unwrap_or(0).to_string()),
        ("uid", "0".to_owned()),
        ("fsgid", "0".to_owned()),
    ];
    for (key, value) in expected {
        assert_eq!(call.fields.get(key), Some(&value), "{key} in {}", call.line);
    }
    assert_eq!(call.string("comm"), line.bytes("comm"), "{}", call.line);
    let names: Vec<_> = event
        .iter()
        .filter(|r| r.kind == "PATH")
        .filter_map(|r| r.string("name"))
        .collect();
    for Expected { name, .. } in line.paths() {
        let name = name
            .flatten()
            .expect("every name of this scenario can be read");
        let shown: Vec<_> = names.iter().map(|n| show(n)).collect();
        assert!(
            names.contains(&name),
            "no PATH record with {} in {shown:?}",
            show(&name)
        );
    }
    let cwd = event
        .iter()
        .find(|r| r.kind == "CWD")
        .and_then(|r| r.string("cwd"));
    assert_eq!(cwd, line.bytes("cwd"), "{}", call.line);
}

/// A name as a command line argument is in EXECVE and PROCTITLE, and forges nothing either.
#[test]
fn audit_arguments_read_back_exactly() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("execs", &["-e", COVERED, "--format", "audit"]);
    let records = AuditRecord::read(&scene.outcome.stdout);
    let account: &Account = &scene.account;
    let odd = account
        .calls
        .iter()
        .find(|l| l.argv().is_some_and(|a| a.len() == 7));
    let line = odd.expect("the scenario has it");
    let call = records
        .iter()
        .find(|r| {
            r.kind == "SYSCALL"
                && r.fields.get("pid") == Some(&line.pid().to_string())
                && r.fields.get("syscall").map(String::as_str) == Some("59")
        })
        .expect("its SYSCALL record");
    let execve = records
        .iter()
        .find(|r| r.kind == "EXECVE" && r.id == call.id)
        .expect("EXECVE");
    let argv = line.argv().expect("it has arguments");
    assert_eq!(
        execve.fields.get("argc"),
        Some(&argv.len().to_string()),
        "{}",
        execve.line
    );
    for (n, arg) in argv.iter().enumerate() {
        let got = execve.string(&format!("a{n}"));
        assert_eq!(got.as_deref(), Some(&arg[..]), "a{n} of {}", execve.line);
    }
}

/// More arguments, and longer ones, than tracer keeps: their number and their lengths are the
/// kernel's all the same.
#[test]
fn arguments_beyond_a_record() {
    if !require_ebpf() {
        return;
    }
    let execve = |script: &str, format: &str| {
        let mut trace = tracer_command(["trace", "-q", "-e", "execve", "--format", format]);
        let outcome = run_to_end(trace.args(["--", "sh", "-c", script])).ended(0);
        outcome.stdout
    };
    let records = |script: &str| {
        let mut records = AuditRecord::read(&execve(script, "audit"));
        let is_it = |r: &AuditRecord| r.string("a0").as_deref() == Some(b"/bin/true");
        let id = records.iter().find(|r| r.kind == "EXECVE" && is_it(r));
        let id = id.expect("it was run").id.clone();
        records.retain(|r| r.kind == "EXECVE" && r.id == id);
        records
    };
    let field = |records: &[AuditRecord], name: &str| {
        let values = records.iter().filter_map(|r| r.fields.get(name));
        values.cloned().collect::<Vec<_>>()
    };
    let many = "exec /bin/true $(seq 1 70000)";
    let found = records(many);
    assert_eq!(field(&found, "argc"), ["70001"]);
    assert_eq!(field(&found, "a1000"), ["\"1000\""]);
    // The kernel begins another record behind 7,500 bytes of arguments.
    for record in &found {
        assert!((7000..7700).contains(&record.line.len()) || record.line == found[2].line);
    }
    let json = String::from_utf8(execve(many, "json")).expect("UTF-8");
    assert!(
        json.contains(r#","argv_incomplete":"cut","argc":70001"#),
        "{json}"
    );
    let of = |n: usize, byte: char| format!("$(head -c {n} /dev/zero | tr '\\0' {byte})");
    let found = records(&format!("exec /bin/true {} b", of(100_000, 'x')));
    assert_eq!(field(&found, "argc"), ["3"]);
    assert_eq!(field(&found, "a1_len"), ["200000"], "in hexadecimal");
    let found = records(&format!(
        "exec /bin/true {} {} b",
        of(8_100, 'y'),
        of(300, 'z')
    ));
    assert_eq!(field(&found, "argc"), ["4"]);
    assert_eq!(field(&found, "a1_len"), ["16200"]);
    assert_eq!(
        field(&found, "a2_len"),
        ["300"],
        "as it would stand in quotes"
    );
    assert_eq!(field(&found, "a2[0]"), [format!("\"{}\"", "z".repeat(80))]);
}

/// Odd names of what is watched, filtered and run: they work, and no message drives a terminal.
#[test]
fn odd_names_on_the_command_line() {
    if !require_ebpf() {
        return;
    }
    for name in [
        &b"esc \x1b[31m\n"[..],
        b"\xff\xfe",
        "bidi \u{202e}".as_bytes(),
        b"*?[x]",
    ] {
        let place = Place::new();
        let name = OsStr::from_bytes(name);
        let dir = place.dir(name);
        let missing = dir.join("missing");
        let mut watch = tracer_command(["watch", "--format", "json", "--backend", "ebpf"]);
        let tracer = Tracer::spawn(watch.arg(&dir)).ready();
        std::fs::write(dir.join("file"), "x").expect("write");
        let outcome = tracer.stop().ended(0).sound();
        let file = dir.join("file").into_os_string().into_encoded_bytes();
        assert!(
            outcome.records.iter().any(|r| r.is_about(&file)),
            "{name:?}: {outcome:?}"
        );
        harmless(&outcome.stderr);
        let outcome = run_to_end(tracer_command(["watch"]).arg(&missing)).ended(5);
        harmless(&outcome.stderr);
        let outcome = run_to_end(tracer_command(["trace", "--"]).arg(&missing)).ended(127);
        harmless(&outcome.stderr);
        let outcome = run_to_end(tracer_command(["trace", "-o"]).arg(missing.join("x")));
        harmless(&outcome.ended(1).stderr);
        let outcome = run_to_end(tracer_command(["trace", "-e"]).arg(name)).ended(2);
        harmless(&outcome.stderr);
    }
}

fn harmless(text: &str) {
    let bad = text
        .chars()
        .find(|c| (c.is_control() && *c != '\n') || is_deceptive(*c));
    assert_eq!(bad, None, "in a message: {}", text.escape_debug());
}
