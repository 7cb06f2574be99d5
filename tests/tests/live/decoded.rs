//! tracer says of each call what strace says: both are shown the same program, and their lines are
//! compared, task by task. What is meant to differ is in docs/strace.md.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use tests::{Place, Record, fixture, play_with, require_ebpf, run_to_end, tracer};

/// The lines of each task, in the order in which tasks were made (that of their numbers).
type Tasks = Vec<Vec<String>>;

/// Runs a command under strace, and under tracer, in the same directory and with the same addresses.
fn both(place: &Path, command: &[&str]) -> [Tasks; 2] {
    both_with(place, &[], command)
}

/// The same, with options that both have.
fn both_with(place: &Path, options: &[&str], command: &[&str]) -> [Tasks; 2] {
    let out = place.join("lines");
    let strace: &[&str] = &["strace", "-f", "-o"];
    let binary = tracer();
    let binary = binary.to_str().expect("UTF-8");
    let ours: &[&str] = &[binary, "trace", "-q", "-o"];
    [(strace, &[][..]), (ours, &["--"][..])].map(|(peer, end)| {
        let work = place.join("work");
        let _ = fs::remove_dir_all(&work);
        fs::create_dir(&work).expect("an own directory");
        let mut run = Command::new("setarch");
        run.arg("-R").args(peer).arg(&out);
        run.args(options).args(end).args(command);
        run.current_dir(&work)
            .stdin(Stdio::null())
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C")]);
        let outcome = run_to_end(&mut run);
        let text = fs::read_to_string(&out)
            .unwrap_or_else(|e| panic!("{run:?} wrote nothing: {e}\n{outcome:?}"));
        tasks(&text)
    })
}

/// Splits `PID LINE` by task and takes out what differs from run to run.
fn tasks(text: &str) -> Tasks {
    let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let (pid, rest) = line.trim_start().split_once(' ').expect("a pid prefix");
        let of_task = lines.entry(pid.parse().expect("a pid")).or_default();
        add(of_task, rest.trim_start());
    }
    let order: Vec<_> = lines.keys().map(u32::to_string).collect();
    lines
        .into_values()
        .map(|lines| lines.iter().map(|line| same(line, &order)).collect())
        .collect()
}

/// Appends a line; strace breaks those of calls that wait in two. Signals, and the return from
/// their handlers, come at another place each time; whether a thread has to wait for another one
/// (futex(2)) is another thing each time.
fn add(lines: &mut Vec<String>, line: &str) {
    let varies = ["futex(", "<... futex resumed>"];
    if line.starts_with("---")
        || line.contains("rt_sigreturn")
        || varies.iter().any(|start| line.starts_with(start))
    {
        return;
    }
    if let Some(first) = line.strip_suffix(" <unfinished ...>") {
        lines.push(first.to_owned());
    } else if let Some((_, rest)) = line
        .strip_prefix("<... ")
        .and_then(|l| l.split_once(" resumed>"))
    {
        lines.last_mut().expect("its beginning").push_str(rest);
    } else {
        lines.push(line.to_owned());
    }
}

/// A line without what differs from run to run: pids, random bytes, counters of the machine, and
/// the spaces before the result. A name that strace 6.1 does not know yet is its number.
fn same(line: &str, pids: &[String]) -> String {
    let (call, result) = line.rsplit_once(" = ").unwrap_or((line, ""));
    let mut out = format!("{} = {result}", call.trim_end());
    for (i, pid) in pids.iter().enumerate() {
        out = replace_word(&out, pid, &format!("PID{i}"));
    }
    // A port that the kernel chose.
    out = without_number(&out, "sin_port=htons(");
    // What a call changes in place: strace has both values, tracer the one afterwards.
    while let Some(end) = out.find(" => ").filter(|at| out[..*at].ends_with("[128")) {
        out.replace_range(end - "128".len()..end + " => ".len(), "");
    }
    // The stack begins where the environment ends, which is another one under strace.
    out = without_addresses(&out);
    for changing in [
        "getrandom(\"",
        "sysinfo({",
        "times({",
        "clock_gettime(",
        "getrusage(",
        "gettimeofday(",
        "getppid()",
        // What the fixture says, with times and pids in it.
        "write(1, \"{\\\"a",
    ] {
        if out.starts_with(changing) {
            out.truncate(changing.len());
        }
    }
    // One that kills itself: strace does not see that the call returns.
    if out.starts_with("kill(") && out.contains(", SIGKILL) = ") {
        out.truncate(out.rfind(" = ").unwrap_or(out.len()));
    }
    // Words that strace has had since 6.1.
    if let Some(priority) = out.strip_prefix("sched_getparam(0, [") {
        out = format!(
            "sched_getparam(0, {{sched_priority={}",
            priority.replacen(']', "}", 1)
        );
    }
    for half in ["1", "2"] {
        out = out.replace(
            &format!("LINUX_REBOOT_MAGIC{half}???"),
            "LINUX_REBOOT_MAGIC_???",
        );
    }
    // strace has two numbers for what a program keeps with a descriptor, until 6.2.
    while let Some(start) = out.find("data={u32=") {
        let rest = &out[start..];
        let (_, number) = rest.split_once("u64=").expect("the second one");
        let (number, _) = number.split_once('}').expect("its end");
        let end = start + rest.find('}').expect("its end") + 1;
        let number: u64 = number.parse().expect("a number");
        out.replace_range(start..end, &format!("data={number:#x}"));
    }
    // Two commands with one number, of which one is of sound cards that nobody has any more.
    out = out.replace("SNDCTL_TMR_START or ", "");
    out.replace("MEMBARRIER_CMD_GET_REGISTRATIONS", "0x200")
}

/// A line without the digits behind `before`.
fn without_number(line: &str, before: &str) -> String {
    let mut parts = line.split(before);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(before);
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

/// A line with `STACK` for every address of the stack.
fn without_addresses(line: &str) -> String {
    let mut parts = line.split("0x7fff");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        let is_stack = part.len() - rest.len() == 8 && part.starts_with("ffff");
        out.push_str(if is_stack { "STACK" } else { "0x7fff" });
        out.push_str(if is_stack { rest } else { part });
    }
    out
}

/// Replaces a number where it stands by itself.
fn replace_word(text: &str, word: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let before = rest[..at].chars().next_back();
        let after = rest[at + word.len()..].chars().next();
        let alone = [before, after]
            .iter()
            .flatten()
            .all(|c| !c.is_ascii_alphanumeric());
        out.push_str(&rest[..at]);
        out.push_str(if alone { by } else { word });
        rest = &rest[at + word.len()..];
    }
    out.push_str(rest);
    out
}

/// The lines between the two marks of the fixture.
fn marked(lines: &[String]) -> Vec<&String> {
    let is_mark = |line: &&String| line.starts_with("sched_get_priority_max(0x4d");
    let between = lines.iter().skip_while(|l| !is_mark(l)).skip(1);
    between.take_while(|l| !is_mark(l)).collect()
}

/// Says where two lists of lines first differ.
fn compare(what: &str, theirs: &[impl AsRef<str>], ours: &[impl AsRef<str>]) -> Vec<String> {
    let mut differences: Vec<String> = theirs
        .iter()
        .zip(ours)
        .filter(|(theirs, ours)| theirs.as_ref() != ours.as_ref())
        .map(|(theirs, ours)| {
            format!(
                "{what}\n  strace: {}\n  tracer: {}",
                theirs.as_ref(),
                ours.as_ref()
            )
        })
        .take(10)
        .collect();
    if theirs.len() != ours.len() {
        differences.push(format!(
            "{what}: {} lines of strace, {} of tracer",
            theirs.len(),
            ours.len()
        ));
    }
    differences
}

#[test]
fn every_kind_of_argument() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let program = fixture();
    let command = [program.to_str().expect("UTF-8"), "decoded", "."];
    let [theirs, ours] = both(place.path(), &command);
    let (theirs, ours) = (marked(&theirs[0]), marked(&ours[0]));
    assert!(theirs.len() > 200, "{} lines", theirs.len());
    let differences = compare("fixture", &theirs, &ours);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Where strace and tracer differ on a program.
fn differences(place: &Path, program: &[&str]) -> Vec<String> {
    let [theirs, ours] = both(place, program);
    assert!(theirs[0].len() > 15, "{theirs:?}");
    if theirs.len() != ours.len() {
        return vec![format!("{} tasks, and {}", theirs.len(), ours.len())];
    }
    let pairs = theirs.iter().zip(&ours);
    pairs
        .flat_map(|(theirs, ours)| compare(&program.join(" "), theirs, ours))
        .collect()
}

#[test]
fn programs_of_every_day() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let programs: [&[&str]; 7] = [
        &["ls", "-l", "/etc"],
        &["cat", "/etc/hostname", "/nothing"],
        &["tar", "-cf", "archive", "/etc/hostname"],
        &["find", "/etc", "-maxdepth", "1", "-name", "host*"],
        &["sh", "-c", "echo a >b; cat b; rm b; exit 3"],
        &["sh", "-c", "(echo a; echo b) | sort"],
        &["true"],
    ];
    for program in programs {
        // Another program may change a file between the two runs: one pair that agrees is enough.
        let mut found = Vec::new();
        for _ in 0..3 {
            found = differences(place.path(), program);
            if found.is_empty() {
                break;
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

/// Compares programs whose tasks do the same in every run, but may wait for each other elsewhere.
fn agree(place: &Path, programs: &[&[&str]]) {
    for program in programs {
        let mut found = Vec::new();
        for _ in 0..5 {
            found = differences(place, program);
            if found.is_empty() {
                break;
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn larger_programs() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    // One before both runs: what git init makes has random names.
    let mut init = Command::new("git");
    init.args(["init", "-q", "--bare"])
        .arg(place.join("repository"));
    assert!(init.status().is_ok_and(|status| status.success()));
    agree(
        place.path(),
        &[
            &["git", "--git-dir=../repository", "--work-tree=.", "status"],
            &[
                "/usr/bin/python3",
                "-c",
                "import json; print(json.dumps([1]))",
            ],
        ],
    );
}

/// Threads, a server that waits with epoll and its client, processes that die by signals.
#[test]
fn programs_with_many_tasks() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let program = fixture();
    let program = program.to_str().expect("UTF-8");
    agree(
        place.path(),
        &[
            &[program, "threads", "."],
            &[program, "epoll-server", ".", "5"],
            &[program, "deaths", "."],
            &["sh", "-c", "sh -c 'kill -SEGV $$'; (kill -TERM $$)"],
        ],
    );
}

/// Sockets behind descriptors: protocols, addresses, names and ends.
#[test]
fn sockets_behind_descriptors() {
    const PROGRAM: &str = r#"
import socket
from socket import *
def pair(family, at):
    l = socket(family); l.bind(at); l.listen()
    c = socket(family); c.connect(l.getsockname()); s, _ = l.accept()
    s.send(b"x"); c.recv(1)
    return l, c, s
def bound(family, kind, at):
    s = socket(family, kind); s.bind(at); s.setsockopt(SOL_SOCKET, SO_SNDBUF, 4096)
    return s
kept = [pair(AF_INET, ("127.0.0.1", 0)), pair(AF_UNIX, "name"), pair(AF_UNIX, "\0name")]
try: kept.append(pair(AF_INET6, ("::1", 0)))
except OSError: pass
u = bound(AF_INET, SOCK_DGRAM, ("127.0.0.1", 0))
v = socket(AF_INET, SOCK_DGRAM); v.connect(u.getsockname()); v.send(b"u"); u.recv(1)
d = bound(AF_UNIX, SOCK_DGRAM, "datagrams")
n = bound(AF_NETLINK, SOCK_RAW, (0, 0))
a, b = socketpair(); a.send(b"p"); b.recv(1)
"#;
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    // A datagram is in the buffer of its reader before the call that sends it has returned, and a
    // connection has its other end only when that has been accepted.
    let options = [
        "-yy",
        "-e",
        "trace=sendto,recvfrom,listen,setsockopt,bind,connect",
    ];
    let program = ["/usr/bin/python3", "-c", PROGRAM];
    let [theirs, ours] = both_with(place.path(), &options, &program).map(|tasks| {
        let lines = tasks.concat().into_iter();
        lines.map(|line| long_numbers(&line)).collect::<Vec<_>>()
    });
    assert!(theirs.len() >= 18, "{theirs:#?}");
    let found = compare("sockets", &theirs, &ours);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// A descriptor that the call itself changes shows what it led to before, and is found by that. So
/// does one in memory.
#[test]
fn descriptors_that_are_closed_and_in_memory() {
    const PROGRAM: &str = r#"
import os, select, socket
a, b = os.open("/etc/passwd", 0), os.open("/etc/hosts", 0)
r, w = os.pipe()
p = select.poll(); p.register(r); p.register(b); p.register(99); p.poll(0)
s, t = socket.socketpair()
os.dup2(a, b); os.dup2(a, 77); os.dup2(r, w); os.close(77); os.close(w); os.close(b); os.close(a)
try: os.close(99)
except OSError: pass
"#;
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let program = ["/usr/bin/python3", "-c", PROGRAM];
    for (options, at_least) in [
        (
            &["-y", "-e", "trace=close,dup2,pipe2,socketpair,poll"][..],
            11,
        ),
        (&["-P", "/etc/passwd"], 6),
        (&["-P", "/etc/hosts"], 3),
    ] {
        let [theirs, ours] = both_with(place.path(), options, &program).map(|tasks| {
            let lines = tasks.concat().into_iter();
            let calls = lines.filter(|line| !line.starts_with("+++"));
            calls.map(|line| long_numbers(&line)).collect::<Vec<_>>()
        });
        assert!(theirs.len() >= at_least, "{theirs:#?}");
        let found = compare("closed", &theirs, &ours);
        assert!(found.is_empty(), "{options:?}: {}", found.join("\n"));
    }
}

/// A line with N for each number of four digits and more: ports and inode numbers.
fn long_numbers(line: &str) -> String {
    let mut out = String::new();
    for piece in line.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = piece.trim_end_matches(|c: char| !c.is_ascii_digit());
        out.push_str(if digits.len() > 3 { "N" } else { digits });
        out.push_str(&piece[digits.len()..]);
    }
    out
}

/// JSON tells why memory could not be read; what could be read has no reason.
#[test]
fn unreadable_memory_has_its_reason() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("hostile", &["--format", "json"]);
    let records = &scene.outcome.records;
    // A string, a buffer, a structure and an array that go on in a page that is not there.
    for (call, arg) in [("open", 0), ("write", 1), ("sendmsg", 1), ("writev", 1)] {
        let key = format!("decoded.{arg}");
        let is_bad = |r: &&Record| r.syscall() == call && r.unknown(&key) == Some("fault");
        assert!(records.iter().any(|r| is_bad(&r)), "{call}");
    }
    let is_read = |r: &&Record| r.syscall() == "read" && r.number("ret") > Some(0);
    let read = records.iter().find(is_read);
    let read = read.expect("the loader reads a library");
    assert_eq!(read.unknown("decoded.1"), None, "{}", read.line);
}

/// Unknown numbers, bad pointers, ten thousand arguments: shown, never a crash.
#[test]
fn what_no_program_does() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let program = fixture();
    let out = place.join("lines");
    let mut run = Command::new(tracer());
    run.args(["trace", "-q", "-v", "-yy", "-xx", "-s", "100000", "-o"])
        .arg(&out)
        .arg("--")
        .arg(program)
        .args(["hostile", "."])
        .current_dir(place.path());
    let _ = run_to_end(&mut run).ended(0);
    let text = fs::read_to_string(&out).expect("what tracer wrote");
    for wanted in [
        "syscall_0x51615(0x1, 0x2, 0x3, 0x4, 0x5, 0x6)",
        "-1 ENOSYS",
        "execve(\"\\x2f\\x6e\\x6f\\x6e\\x65\", [\"\\x77\\x6f\\x72\\x64\"",
        "-1 EFAULT (Bad address)",
        "+++ exited with 0 +++",
    ] {
        assert!(text.contains(wanted), "no {wanted} in\n{text:.3000}");
    }
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
}
