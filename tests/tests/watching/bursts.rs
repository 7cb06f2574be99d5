//! `watch --coalesce`: what one record stands for.

use std::{fs, path::Path};

use nix::sys::signal::Signal;
use tests::{Place, Tracer, require_ebpf, require_root, tracer_command};

/// `tracer watch` with these options on a place.
fn watch(options: &[&str], place: &Path) -> Tracer {
    let mut command = tracer_command(["watch"]);
    command.args(options).arg(place);
    Tracer::spawn(&mut command).ready()
}

/// A burst on one file is one record, and the sums are kept.
#[test]
fn bursts_are_one_record() {
    let place = Place::new();
    let options = [
        "--backend",
        "inotify",
        "--coalesce",
        // It goes on until the run ends.
        "1h",
        "--op",
        "create,write,close,delete",
        "--format",
        "%f %e",
    ];
    let tracer = watch(&options, place.path());
    for _ in 0..50 {
        fs::write(place.join("busy"), "x").expect("write");
    }
    fs::write(place.join("other"), "x").expect("write");
    tracer.signal(Signal::SIGINT);
    let (status, out, said) = tracer.wait_raw();
    assert_eq!(status, Some(0));
    let out = String::from_utf8(out).expect("UTF-8");
    assert_eq!(
        out,
        "busy MODIFY,CLOSE_WRITE,CREATE,CLOSE\nother MODIFY,CLOSE_WRITE,CREATE,CLOSE\n"
    );
    let sums = said
        .lines()
        .find(|line| line.contains("written 2"))
        .expect("sums");
    assert!(
        sums.contains("coalesced") && sums.contains("lost 0"),
        "{sums}"
    );
}

/// Held-back events are told when the run ends.
#[test]
fn the_end_does_not_lose_a_burst() {
    let place = Place::new();
    let options = [
        "--backend",
        "inotify",
        "--coalesce",
        "1h",
        "-e",
        "create",
        "--format",
        "%f",
    ];
    let tracer = watch(&options, place.path());
    fs::write(place.join("held"), "x").expect("write");
    tracer.signal(Signal::SIGINT);
    let (status, out, _) = tracer.wait_raw();
    assert_eq!((status, &out[..]), (Some(0), &b"held\n"[..]));
}

/// Whatever comes behind a change, the change is told: what fails is a record of its own, and a read
/// does not stand for it.
#[test]
fn a_change_is_not_hidden_by_what_comes_behind_it() {
    if !require_root() || !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.file("file");
    // Nothing is told before the end.
    let tracer = watch(
        &[
            "--coalesce",
            "1h",
            "--format",
            "json",
            "--op",
            "read,write,create",
        ],
        place.path(),
    );
    fs::write(&file, "new").expect("write");
    fs::read(&file).expect("read");
    fs::create_dir(&file).expect_err("it is there");
    fs::create_dir(&file).expect_err("it is there");
    let outcome = tracer.stop().ended(0).sound();
    let told: Vec<_> = outcome
        .records
        .iter()
        .map(|r| (r.word("op").expect("it has one"), r.get("success").clone()))
        .collect();
    assert_eq!(
        told,
        [("write", true.into()), ("create", false.into())],
        "{outcome:?}"
    );
}
