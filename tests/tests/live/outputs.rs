//! Where lines go: a file for each task, behind what a file has, into a command.

use std::{
    collections::BTreeSet,
    fs,
    os::{fd::OwnedFd, unix::net::UnixDatagram},
    path::Path,
    process::Command,
};

use serde_json::Value;
use tests::{Outcome, Place, fixture, require_ebpf, run_to_end, tracer_command};

fn trace(options: &[&str], out: &str, command: &[&str]) -> Outcome {
    let mut run = tracer_command(["trace"]);
    run.args(options).arg("-o").arg(out);
    run_to_end(run.arg("--").args(command))
}

/// The files whose names begin with that of `base`, by what follows.
fn files(base: &Path) -> Vec<(String, String)> {
    let (dir, name) = (
        base.parent().expect("a directory"),
        base.file_name().expect("a name"),
    );
    let name = name.to_str().expect("UTF-8");
    let found = fs::read_dir(dir).expect("a directory").flatten();
    let mut found: Vec<_> = found
        .filter_map(|file| {
            let rest = file.file_name().to_str()?.strip_prefix(name)?.to_owned();
            Some((rest, fs::read_to_string(file.path()).expect("UTF-8")))
        })
        .collect();
    found.sort();
    found
}

/// Threads and processes: every line is in the file of its task, and none is lost on the way.
#[test]
fn a_file_for_every_task() {
    if !require_ebpf() {
        return;
    }
    for scenario in ["threads", "forks", "ends-together"] {
        let (place, work) = (Place::new(), Place::new());
        let base = place.join("lines");
        let (program, dir) = (fixture(), work.path().to_str().expect("UTF-8"));
        let command = [program.to_str().expect("UTF-8"), scenario, dir];
        let base_text = base.to_str().expect("UTF-8");
        let outcome = trace(&["-ff", "--format", "json"], base_text, &command).ended(0);
        let sums = outcome.sums();
        assert_eq!(sums.seen, sums.written + sums.filtered, "{outcome:?}");
        let files = files(&base);
        assert!(files.len() > 1, "{scenario}: {} files", files.len());
        let mut lines = 0;
        for (end, text) in &files {
            for line in text.lines() {
                let value: Value = serde_json::from_str(line).expect("JSON");
                assert_eq!(format!(".{}", value["tid"]), *end, "{line}");
                lines += 1;
            }
        }
        assert_eq!(lines, sums.written, "{scenario}");
    }
}

/// The files are those of strace: as many, and no line says which task it is about.
#[test]
fn the_files_are_those_of_strace() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let command = ["sh", "-c", "(echo a; echo b) | sort >/dev/null; exit 3"];
    let theirs = place.join("theirs");
    let mut strace = Command::new("strace");
    strace.args(["-ff", "-o"]).arg(&theirs).args(command);
    assert_eq!(run_to_end(&mut strace).status.code(), Some(3));
    let ours = place.join("ours");
    let _ = trace(&["-ff"], ours.to_str().expect("UTF-8"), &command).ended(3);
    let ends = |files: Vec<(String, String)>| -> Vec<String> {
        let last = |(_, text): (String, String)| text.lines().last().unwrap_or("").to_owned();
        let mut ends: Vec<_> = files.into_iter().map(last).collect();
        ends.sort();
        ends
    };
    let (theirs, ours) = (files(&theirs), files(&ours));
    for (name, text) in &ours {
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with(|c: char| c.is_ascii_lowercase()),
            "{name}: {first}"
        );
    }
    assert_eq!(ends(ours), ends(theirs));
}

#[test]
fn behind_what_is_there_or_instead_of_it() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let out = place.join("out");
    let out_text = out.to_str().expect("UTF-8");
    for (options, wanted) in [(&[][..], 0), (&["-A"], 1)] {
        fs::write(&out, "before\n").expect("writable");
        let all: Vec<_> = ["-e", "execve"].iter().chain(options).copied().collect();
        let _ = trace(&all, out_text, &["true"]).ended(0);
        let text = fs::read_to_string(&out).expect("UTF-8");
        assert_eq!(text.matches("before\n").count(), wanted, "{text}");
        assert!(text.contains("execve("), "{text}");
    }
    // The same task in two runs.
    let mut sleeper = Command::new("sleep").arg("60").spawn().expect("sleep");
    let pid = sleeper.id().to_string();
    let own = format!("{out_text}.{pid}");
    for (options, wanted) in [(&[][..], 1), (&[], 1), (&["-A"], 2)] {
        let mut run = tracer_command(["trace", "-ff", "-T", "-p", &pid, "--duration", "0.1", "-o"]);
        let _ = run_to_end(run.arg(&out).args(options)).ended(0);
        let text = fs::read_to_string(&own).expect("the file of the task");
        assert_eq!(text.matches("clock_nanosleep(").count(), wanted, "{text}");
    }
    let _ = sleeper.kill();
    let _ = sleeper.wait();
}

/// The command gets every line, and is waited for.
#[test]
fn into_a_command() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    for sign in ['|', '!'] {
        let got = place.join("got");
        let reader = format!("{sign}sleep 0.2; cat >'{}'", got.display());
        let outcome = trace(&["--format", "json"], &reader, &["ls", "/"]).ended(0);
        let sums = outcome.sums();
        let text = fs::read_to_string(&got).expect("the command has ended");
        let lines = text
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).expect("JSON"));
        let pids: BTreeSet<u64> = lines.map(|l| l["pid"].as_u64().expect("a pid")).collect();
        assert_eq!(text.lines().count() as u64, sums.written, "{outcome:?}");
        assert_eq!(pids.len(), 1, "the reader is not traced: {pids:?}");
        let _ = fs::remove_file(&got);
    }
    // One that does not read is a closed pipe.
    let _ = trace(&[], "|true", &["ls", "/"]).ended(0);
}

/// Lines that could not be written are lost, and counted as such.
#[test]
fn a_file_that_cannot_be_made() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let base = place.join("no/such/directory/x");
    let outcome = trace(&["-ff"], base.to_str().expect("UTF-8"), &["true"]);
    assert_eq!(outcome.status.code(), Some(1), "{outcome:?}");
    assert!(
        outcome.stderr.contains("No such file or directory"),
        "{outcome:?}"
    );
    let sums = outcome.sums();
    assert!(sums.written == 0 && sums.lost > 0, "{outcome:?}");
    assert_eq!(sums.seen, sums.filtered + sums.lost, "{outcome:?}");
}

#[test]
fn what_does_not_go_together_is_refused() {
    for (options, said) in [
        (
            &["-ff", "-o", "|cat"][..],
            "piping the output and -ff/--output-separately",
        ),
        (&["-ff", "-c", "-o", "x"], "-c/--summary-only"),
        (
            &["--output-separately", "--tree", "-o", "x"],
            "mutually exclusive",
        ),
        (&["-A"], "add -o FILE"),
        (&["--output-separately"], "add -o FILE"),
    ] {
        let mut run = tracer_command(["trace"]);
        let outcome = run_to_end(run.args(options).args(["--", "true"]));
        assert_eq!(outcome.status.code(), Some(2), "{options:?}: {outcome:?}");
        assert!(outcome.stderr.contains(said), "{options:?}: {outcome:?}");
    }
}

/// What tracer says is one write(2) a message, so that what others write there is not in the middle.
#[test]
fn messages_are_written_whole() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    // Of such a socket each recv(2) gets what one write(2) has put in.
    let (ours, theirs) = UnixDatagram::pair().expect("sockets");
    let out = place.join("out");
    let mut run = tracer_command(["trace", "-e", "openat", "-o"]);
    run.arg(&out)
        .args(["--", "true"])
        .stderr(OwnedFd::from(theirs));
    let status = run.status().expect("it starts");
    drop(run);
    assert!(status.success(), "{status}");
    let mut buffer = [0; 4096];
    let mut messages = Vec::new();
    ours.set_nonblocking(true).expect("a socket");
    while let Ok(n) = ours.recv(&mut buffer) {
        messages.push(String::from_utf8_lossy(&buffer[..n]).into_owned());
    }
    assert!(!messages.is_empty());
    let whole = |message: &String| message.starts_with("tracer: ") && message.ends_with('\n');
    assert!(messages.iter().all(whole), "{messages:?}");
}
