//! Holds a fixture's account against the records: the same calls of each thread in the same
//! order, each with the same arguments, result, files and actor.

use std::{os::unix::ffi::OsStrExt, path::Path};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::{
    Account, End, Expected, Leads, Line, PathRecord, Record, ability::keeps_exec_registers, show,
};

/// Fails the test when there is any difference.
///
/// # Panics
/// When there is a difference.
pub fn assert_same(account: &Account, records: &[Record], program: &Path) {
    let found = differences(account, records, program);
    let shown = found
        .iter()
        .take(40)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(found.is_empty(), "{} differences:\n{shown}", found.len());
}

/// Every difference, as a person reads it. `program` is the fixture's own absolute path.
pub fn differences(account: &Account, records: &[Record], program: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for tid in account.threads() {
        thread(account, records, tid, program, &mut found);
    }
    for end in &account.ends {
        task_end(end, records, &mut found);
    }
    found
}

/// The calls of one thread.
fn thread(
    account: &Account,
    records: &[Record],
    tid: u64,
    program: &Path,
    found: &mut Vec<String>,
) {
    let lines: Vec<_> = account
        .calls
        .iter()
        .filter(|line| line.tid() == tid)
        .collect();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return;
    };
    let from = first.get("before").as_u64().unwrap_or(0);
    let to = last.get("after").as_u64().unwrap_or(u64::MAX);
    let mut seen: Vec<_> = records
        .iter()
        // Ends of tasks and delivered signals are no calls.
        .filter(|r| r.tid() == tid && !r.syscall().is_empty() && (from..=to).contains(&r.mono()))
        .collect();
    // What a new program does is not in the account.
    if last.is_exec()
        && let Some(exec) = seen
            .iter()
            .position(|r| r.syscall().starts_with("execve") && r.number("ret") == Some(0))
    {
        seen.truncate(exec + 1);
    }
    let wanted: Vec<_> = lines.iter().map(|line| shown_as(line)).collect();
    let got: Vec<_> = seen.iter().map(|r| r.syscall()).collect();
    if wanted != got {
        let at = wanted.iter().zip(&got).take_while(|(a, b)| a == b).count();
        found.push(format!(
            "thread {tid}: {} calls were made, {} recorded; they differ from number {at} on:\n  \
             made     {:?}\n  recorded {:?}",
            wanted.len(),
            got.len(),
            &wanted[at..wanted.len().min(at + 12)],
            &got[at..got.len().min(at + 12)],
        ));
    }
    for (line, record) in lines.iter().zip(seen) {
        if shown_as(line) != record.syscall() {
            break;
        }
        let mut call = Call {
            line,
            record,
            found: Vec::new(),
        };
        call.compare(program);
        found.extend(call.found);
    }
}

/// Are the registers of this call gone for everybody?
fn has_lost_registers(line: &Line) -> bool {
    line.is_exec() && !keeps_exec_registers()
}

/// The name that a perfect observer has for a call.
fn shown_as(line: &Line) -> &str {
    if has_lost_registers(line) {
        "execve"
    } else {
        line.syscall()
    }
}

/// What is left of the name that an execveat asked for where its registers are gone: the kernel's
/// own (`AT_EXECFN`: `bprm->filename`, fs/exec.c), which an execve would have as its first argument.
fn as_execve(line: &Line, expected: &mut Expected) {
    if line.syscall() != "execveat" {
        return;
    }
    expected.arg -= 1;
    let Some(Some(name)) = &mut expected.name else {
        return;
    };
    let dir = line.get("args")[0].as_str().expect("arguments");
    let dir = u64::from_str_radix(&dir[2..], 16).expect("hexadecimal") as i32;
    if name.is_empty() {
        *name = format!("/dev/fd/{dir}").into_bytes();
    } else if name[0] != b'/' && dir != libc::AT_FDCWD {
        *name = [format!("/dev/fd/{dir}/").as_bytes(), name].concat();
    }
}

/// One call and its record.
struct Call<'a> {
    line: &'a Line,
    record: &'a Record,
    found: Vec<String>,
}

impl Call<'_> {
    fn compare(&mut self, program: &Path) {
        if !has_lost_registers(self.line) {
            for key in ["arch", "nr", "args"] {
                self.member(key);
            }
        }
        for key in ["ret", "errno", "pid", "tid", "ppid"] {
            self.member(key);
        }
        for key in ["op", "create_mode"] {
            if !self.line.get(key).is_null() {
                self.member(key);
            }
        }
        if let Some(creds) = self.line.get("creds").as_object() {
            for (key, value) in creds {
                self.equal(key, value, self.record.get(key));
            }
        }
        self.time();
        self.flags();
        self.actor(program);
        self.texts();
        self.argv();
        for mut expected in self.line.paths() {
            if has_lost_registers(self.line) {
                as_execve(self.line, &mut expected);
            }
            self.path(&expected);
        }
    }

    fn differ(&mut self, what: &str, wanted: impl std::fmt::Display, got: impl std::fmt::Display) {
        let names: Vec<_> = self
            .line
            .paths()
            .iter()
            .filter_map(|p| p.name.clone()?)
            .map(|n| show(&n))
            .collect();
        self.found.push(format!(
            "{}({}) = {}: {what}: wanted {wanted}, got {got}",
            self.line.syscall(),
            names.join(", "),
            self.line
                .word("errno")
                .map_or(self.line.get("ret").to_string(), str::to_owned),
        ));
    }

    fn equal(&mut self, what: &str, wanted: &Value, got: &Value) {
        if wanted != got {
            self.differ(what, wanted, got);
        }
    }

    fn member(&mut self, key: &str) {
        self.equal(key, self.line.get(key), self.record.get(key));
    }

    fn string(&mut self, what: &str, wanted: Option<&[u8]>, got: Option<&[u8]>) {
        if wanted != got {
            let text = |b: Option<&[u8]>| b.map_or("nothing".to_owned(), show);
            self.differ(what, text(wanted), text(got));
        }
    }

    fn time(&mut self) {
        let from = self.line.get("before").as_u64().unwrap_or(0);
        let to = self.line.get("after").as_u64().unwrap_or(u64::MAX);
        if !(from..=to).contains(&self.record.mono()) {
            self.differ("mono_ns", format!("{from} to {to}"), self.record.mono());
        }
        self.wall_time();
    }

    /// The wall clock is that of the call, give or take what a clock that is being corrected may
    /// differ from the monotonic one.
    fn wall_time(&mut self) {
        const SLACK: i128 = 20_000_000;
        let time = self
            .record
            .word("time")
            .and_then(|t| t.parse::<jiff::Timestamp>().ok());
        let Some(time) = time.map(jiff::Timestamp::as_nanosecond) else {
            let got = self.record.get("time").clone();
            return self.differ("time", "an RFC 3339 time", got);
        };
        let bound = |key: &str| self.line.get(key).as_u64().map(i128::from);
        let from = bound("wall_before").unwrap_or(0) - SLACK;
        let to = bound("wall_after").map_or(i128::MAX, |t| t + SLACK);
        if !(from..=to).contains(&time) {
            self.differ("time", format!("{from} to {to}"), time);
        }
    }

    fn flags(&mut self) {
        let set = |v: &Value| {
            let list = v.as_array().into_iter().flatten().filter_map(Value::as_str);
            let mut names: Vec<_> = list.map(str::to_owned).collect();
            names.sort();
            names
        };
        if !self.line.get("flags").is_null() {
            let (wanted, got) = (set(self.line.get("flags")), set(self.record.get("flags")));
            if wanted != got {
                self.differ("flags", format!("{wanted:?}"), format!("{got:?}"));
            }
        }
    }

    fn actor(&mut self, program: &Path) {
        let new_program = self.line.certain_paths().into_iter().next();
        if !self.line.is_exec() {
            let exe = program.as_os_str().as_bytes();
            self.string("exe", Some(exe), self.record.bytes("exe").as_deref());
            let comm = self.line.bytes("comm");
            self.string(
                "comm",
                comm.as_deref(),
                self.record.bytes("comm").as_deref(),
            );
        } else if self.line.word("tag") == Some("memory") {
            let known = self.record.bytes("exe").is_some();
            self.equal("exe is known", &false.into(), &known.into());
        } else if self.line.word("tag") != Some("script") {
            self.string(
                "exe",
                new_program.as_deref(),
                self.record.bytes("exe").as_deref(),
            );
        }
        if let Some(cwd) = self.line.bytes("cwd") {
            self.string("cwd", Some(&cwd), self.record.bytes("cwd").as_deref());
            let root = self.line.bytes("root");
            self.string(
                "root",
                root.as_deref(),
                self.record.bytes("root").as_deref(),
            );
        }
    }

    fn texts(&mut self) {
        for (arg, text) in self.line.texts() {
            let got = self.record.bytes_in("texts", &arg);
            self.string(&format!("texts.{arg}"), Some(&text), got.as_deref());
        }
    }

    fn argv(&mut self) {
        let Some(wanted) = self.line.argv() else {
            return;
        };
        let got = self.record.argv().unwrap_or_default();
        let shown = |list: &[Vec<u8>]| show(&list.join(&b','));
        let incomplete = self.record.word("argv_incomplete");
        if self.line.word("tag") == Some("long") && incomplete.is_some() {
            // What is there must be right, and cut at the end only.
            let whole = got.len().saturating_sub(1);
            let cut = got
                .last()
                .zip(wanted.get(whole))
                .is_some_and(|(g, w)| w.starts_with(g));
            if got.len() > wanted.len() || got[..whole] != wanted[..whole] || !cut {
                self.differ("argv (cut)", shown(&wanted), shown(&got));
            }
        } else if got != wanted || incomplete.is_some() {
            let got = format!("{} ({incomplete:?})", shown(&got));
            self.differ("argv", shown(&wanted), got);
        }
    }

    /// The record's entry for a file of the call.
    fn entry(&self, expected: &Expected) -> Option<PathRecord> {
        let paths = self.record.paths();
        let by_arg = paths.iter().find(|p| p.arg() == Some(expected.arg));
        // A descriptor is no name and has no `arg`.
        let by_place = || paths.iter().find(|p| p.arg().is_none());
        let unnamed = !matches!(expected.name, Some(Some(_)));
        by_arg
            .or_else(|| if unnamed { by_place() } else { None })
            .cloned()
    }

    /// Is the name told as a string that is not a path?
    fn is_text(&self, expected: &Expected) -> bool {
        let text = self.record.bytes_in("texts", &expected.arg.to_string());
        text.is_some() && text == expected.name.clone().flatten()
    }

    fn path(&mut self, expected: &Expected) {
        let Some(entry) = self.entry(expected) else {
            let to_tell = match &expected.leads {
                Leads::To(_) => true,
                // A word such as the `none` of a mount need not be told as a path.
                Leads::Unchecked => !self.is_text(expected),
                Leads::Nowhere | Leads::Perhaps(_) => matches!(expected.name, Some(Some(_))),
            };
            if to_tell {
                self.differ(
                    &format!("paths for argument {}", expected.arg),
                    "one",
                    "none",
                );
            }
            return;
        };
        let at = format!("paths.{}", entry.index());
        if let Some(name) = &expected.name {
            self.string(
                &format!("{at}.requested"),
                name.as_deref(),
                entry.requested().as_deref(),
            );
        }
        let got = entry.path();
        match &expected.leads {
            Leads::To(path) => self.string(&format!("{at}.path"), Some(path), got.as_deref()),
            Leads::Nowhere => self.string(&format!("{at}.path"), None, got.as_deref()),
            Leads::Perhaps(path) if got.is_some() => {
                self.string(&format!("{at}.path"), Some(path), got.as_deref());
            }
            Leads::Perhaps(_) | Leads::Unchecked => {}
        }
        if let Some(role) = &expected.role
            && role != entry.role()
        {
            self.differ(&format!("{at}.role"), role, entry.role());
        }
        if expected.deleted != (entry.get("deleted") == true)
            && matches!(expected.leads, Leads::To(_))
            && expected.name.is_none()
        {
            let got = entry.get("deleted") == true;
            self.differ(&format!("{at}.deleted"), expected.deleted, got);
        }
        self.identity(&entry);
    }

    /// Inode and so on, where the fixture could ask for them.
    fn identity(&mut self, entry: &PathRecord) {
        let Some(file) = self.line.get("file").as_object() else {
            return;
        };
        for (key, value) in file {
            self.equal(
                &format!("paths.{}.{key}", entry.index()),
                value,
                entry.get(key),
            );
        }
    }
}

/// The end of a task: exactly one record. The end of a process is that of its last thread, which
/// need not be the first one.
fn task_end(end: &End, records: &[Record], found: &mut Vec<String>) {
    let is_it = |r: &&Record| {
        let last = r.get("exit")["last_thread"] == true;
        r.op() == "exit"
            && r.pid() == end.pid
            && last == end.last_thread
            && (last || r.tid() == end.tid)
    };
    let all: Vec<_> = records.iter().filter(is_it).collect();
    let [record] = all[..] else {
        found.push(format!("{end:?}: {} records", all.len()));
        return;
    };
    let exit = record.get("exit");
    let signal = end.signal.and_then(|n| Signal::try_from(n).ok());
    let signal = signal.map(|s| s.to_string());
    let right = exit["signal"].as_str() == signal.as_deref()
        && exit["status"].as_u64() == end.status
        && exit["core"] == end.core;
    if !right {
        found.push(format!("wanted {end:?}, got {}", record.line));
    }
}
