//! Kinds of arguments and results that straces tell in different ways, or not at all: the program
//! itself states what is to be said of its calls.

use std::{fs, process::Command};

use tests::{Place, fixture, require_ebpf, run_to_end, tracer};

/// Runs a scenario with these options, and compares the lines of these calls with what it states.
fn holds(scenario: &str, calls: &str, options: &[&str]) {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let out = place.join("lines");
    let mut run = Command::new(tracer());
    run.args(["trace", "-q", "-a", "1", "-e", calls])
        .args(options);
    run.arg("-o").arg(&out).arg("--").arg(fixture());
    run.args([scenario, "."]).current_dir(place.path());
    let outcome = run_to_end(&mut run).ended(0);
    let stated = String::from_utf8_lossy(&outcome.stdout);
    let text = fs::read_to_string(&out).expect("what tracer wrote");
    let told: Vec<&str> = text.lines().map(call_of).collect();
    let mut from = 0;
    for line in stated.lines() {
        let found = told[from..].iter().position(|told| *told == line);
        let found = found.unwrap_or_else(|| {
            panic!(
                "no\n  {line}\nin\n{:#?}",
                &told[from..(from + 5).min(told.len())]
            )
        });
        from += found + 1;
    }
    assert!(from > 0, "{scenario} states something");
}

/// A line without the number of its task, and without what aligns results.
fn call_of(line: &str) -> &str {
    line.split_once(' ')
        .map_or(line, |(_, call)| call.trim_start())
}

#[test]
fn without_options() {
    holds(
        "stated",
        "sched_setscheduler,sched_getscheduler,sched_getattr,futex,set_mempolicy,clone3,\
         mount_setattr,execveat,openat,msgctl,semctl,ioctl,open,setsockopt,times",
        &[],
    );
}

#[test]
fn what_is_found_behind_what_is_shown() {
    holds("stated-short", "poll", &["-s", "2"]);
}

#[test]
fn signals_as_numbers() {
    let calls = "kill,rt_sigprocmask,tgkill,rt_sigtimedwait";
    holds("stated-numbers", calls, &["-X", "verbose"]);
}

#[test]
fn messages_of_netlink() {
    holds("stated-netlink", "sendto", &[]);
}

#[test]
fn processes_behind_descriptors() {
    holds(
        "stated-descriptors",
        "pidfd_open,pidfd_getfd",
        &["-e", "decode-fds=path,pidfd"],
    );
}
