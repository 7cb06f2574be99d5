//! `seal = true` and `tracer verify`: what was changed in a log, removed from it or put into it is found, and
//! where.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicBool, Ordering},
};

use nix::{
    sys::{signal::Signal, stat::Mode},
    unistd::mkfifo,
};
use tests::{Daemon, Place, Tracer, require_ebpf, tracer_command, until};

/// What is done to the lines of a segment.
type Edit = fn(&mut Vec<String>);

/// What is done to a copy of a log.
type Damage<'a> = Box<dyn Fn(&Place) + 'a>;

/// Makes the first key of a daemon's log: the file with it.
fn new_key(daemon: &Daemon) -> PathBuf {
    fs::create_dir_all(daemon.log_path().parent().expect("a directory")).expect("made");
    let out = daemon.ask(&["verify", "--new-key"]);
    assert!(out.status.success(), "{out:?}");
    let key = daemon.place().join("first.key");
    fs::write(&key, &out.stdout).expect("written");
    key
}

/// A directory with a key of another log, and its first one in `key`.
fn other_key() -> Place {
    let other = Place::new();
    let mut command = tracer_command(["verify", "--new-key"]);
    let out = command.arg(other.join("audit.log")).output();
    fs::write(other.join("key"), out.expect("it runs").stdout).expect("written");
    other
}

fn verify(log: &Path, key: &Path) -> (Option<i32>, String) {
    let mut command = tracer_command(["verify", "--key"]);
    let Output {
        status,
        stdout,
        stderr,
    } = command.arg(key).arg(log).output().expect("it runs");
    let text = [stdout, stderr].concat();
    (status.code(), String::from_utf8(text).expect("UTF-8"))
}

/// Makes a file and waits until the log says so.
fn touch(daemon: &Daemon, name: &str) {
    let path = daemon.watched(name);
    let status = Command::new("touch").arg(path).status().expect("it runs");
    assert!(status.success());
    daemon.wait_logged(&format!("watched/{name}\""));
}

/// A daemon's sealed log of three segments, the middle one packed, and one that is being written.
fn sealed() -> (Daemon, PathBuf) {
    let rules = "-w HERE/watched -p wa -k kept\n";
    let daemon = Daemon::prepare(rules, "seal = true\n");
    let key = new_key(&daemon);
    let daemon = daemon.run();
    for (n, name) in ["first", "second", "third"].iter().enumerate() {
        for part in 0..3 {
            touch(&daemon, &format!("{name}{part}"));
        }
        daemon.tracer().signal(Signal::SIGUSR1);
        until("a rotation", || daemon.status()["rotations"] == n + 1);
    }
    touch(&daemon, "fourth");
    (daemon, key)
}

/// A copy of a log that can be damaged.
fn copy(daemon: &Daemon) -> Place {
    let place = Place::new();
    for entry in fs::read_dir(daemon.log_path().parent().expect("a directory")).expect("listed") {
        let entry = entry.expect("listed");
        fs::copy(entry.path(), place.join(entry.file_name())).expect("copied");
    }
    place
}

#[test]
fn the_first_wrong_record_is_found() {
    require_ebpf();
    let (mut daemon, key) = sealed();
    // Also while it is being written.
    let (code, said) = verify(&daemon.log_path(), &key);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("records as they were written"), "{said}");
    daemon.stop();
    let (code, said) = verify(daemon.log_path().parent().expect("a directory"), &key);
    assert_eq!(code, Some(0), "{said}");

    let rows: &[(&str, Edit, usize, &str)] = &[
        (
            "one letter",
            |lines| {
                let line = lines[4].trim_end().to_owned();
                lines[4] = format!("{}~\n", &line[..line.len() - 1]);
            },
            5,
            "this record was changed",
        ),
        (
            "a record",
            |lines| drop(lines.remove(4)),
            5,
            "records were removed before this place",
        ),
        (
            "three records",
            |lines| drop(lines.drain(4..7)),
            5,
            "records were removed before this place",
        ),
        (
            "one more",
            |lines| lines.insert(4, lines[0].replace("audit(", "audit(1")),
            5,
            "this record was put in",
        ),
        (
            "one twice",
            |lines| lines.insert(4, lines[4].clone()),
            6,
            "this record was put in",
        ),
        (
            "the last one",
            |lines| drop(lines.pop()),
            usize::MAX,
            "records were removed before this place",
        ),
        (
            "all of them",
            Vec::clear,
            1,
            "records were removed before this place",
        ),
        (
            "one more at the end",
            |lines| lines.push(lines[0].clone()),
            usize::MAX,
            "there is no seal",
        ),
    ];
    for segment in ["audit.log.3", "audit.log.2", "audit.log.1", "audit.log"] {
        for (what, damage, line, wanted) in rows {
            let place = copy(&daemon);
            let path = place.join(segment);
            let text = fs::read_to_string(&path).expect("read");
            let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
            assert!(lines.len() >= 8, "{text}");
            damage(&mut lines);
            fs::write(&path, lines.concat()).expect("written");
            let (code, said) = verify(&place.join("audit.log"), &key);
            assert_eq!(code, Some(1), "{segment}, {what}: {said}");
            assert!(said.contains(wanted), "{segment}, {what}: {said}");
            if *line != usize::MAX {
                let at = format!("{segment}:{line}: ");
                assert!(said.contains(&at), "{segment}, {what}: {said}");
            }
        }
    }
}

#[test]
fn segments_seals_and_keys_that_are_gone_or_forged() {
    require_ebpf();
    let (mut daemon, key) = sealed();
    daemon.stop();
    let other = other_key();
    let remove = |names: &'static [&'static str]| {
        move |place: &Place| {
            for name in names {
                fs::remove_file(place.join(name)).expect("removed");
            }
        }
    };
    let rows: Vec<(&str, Damage<'_>, i32, &str)> = vec![
        (
            "the oldest segment, as a rotation does",
            Box::new(remove(&["audit.log.3", "audit.log.3.seal"])),
            0,
            "not there any more",
        ),
        (
            "the seals of the oldest",
            Box::new(remove(&["audit.log.3.seal"])),
            1,
            "there is no seal",
        ),
        (
            "the seals of another",
            Box::new(remove(&["audit.log.2.seal"])),
            1,
            "audit.log.2:1: from here on there is no seal",
        ),
        (
            "the newest, with its seals",
            Box::new(remove(&["audit.log", "audit.log.seal"])),
            1,
            "missing before this place",
        ),
        (
            "the key",
            Box::new(remove(&["audit.log.sealkey"])),
            1,
            "the key is gone or none of this log",
        ),
        (
            "another key",
            Box::new(|place| {
                fs::copy(
                    other.join("audit.log.sealkey"),
                    place.join("audit.log.sealkey"),
                )
                .expect("copied");
            }),
            1,
            "the key is gone or none of this log",
        ),
        (
            "a byte of every seal",
            Box::new(|place| {
                let path = place.join("audit.log.2.seal");
                let mut bytes = fs::read(&path).expect("read");
                let last = bytes.len() - 1;
                bytes[last] ^= 1;
                fs::write(&path, bytes).expect("written");
            }),
            1,
            "the seal of the records before this place was changed",
        ),
        (
            "the last seal",
            Box::new(|place| {
                let path = place.join("audit.log.seal");
                let bytes = fs::read(&path).expect("read");
                fs::write(&path, &bytes[..bytes.len() - 1]).expect("written");
            }),
            1,
            "there is no seal",
        ),
    ];
    for (what, damage, wanted_code, wanted) in rows {
        let place = copy(&daemon);
        damage(&place);
        let (code, said) = verify(&place.join("audit.log"), &key);
        assert_eq!(code, Some(wanted_code), "{what}: {said}");
        assert!(said.contains(wanted), "{what}: {said}");
    }
}

#[test]
fn a_segment_in_between_and_keys_of_others() {
    require_ebpf();
    let (mut daemon, key) = sealed();
    daemon.stop();
    let other = other_key();
    // In between: those behind it get its number.
    let place = copy(&daemon);
    for ending in ["", ".seal"] {
        let name = |n: u32| place.join(format!("audit.log.{n}{ending}"));
        fs::rename(name(3), name(2)).expect("renamed");
    }
    let (code, said) = verify(&place.join("audit.log"), &key);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("audit.log.1:1: ") && said.contains("missing before this place"),
        "{said}"
    );
    // Another first key, and none.
    let (code, said) = verify(&daemon.log_path(), &other.join("key"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("it was sealed with another key"), "{said}");
    fs::write(other.join("bad"), "0123").expect("written");
    let (code, said) = verify(&daemon.log_path(), &other.join("bad"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("a key is 64 hexadecimal digits"), "{said}");
}

#[test]
fn a_daemon_that_was_killed_or_has_no_key() {
    require_ebpf();
    let rules = "-w HERE/watched -p wa -k kept\n";
    let daemon = Daemon::prepare(rules, "seal = true\ncompress = \"zstd\"\n");
    let refused = daemon.refused();
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(
        refused.stderr.contains("tracer verify --new-key"),
        "{refused:?}"
    );
    let key = new_key(&daemon);
    let again = daemon.ask(&["verify", "--new-key"]);
    assert_eq!(again.status.code(), Some(2), "{again:?}");
    // What was there before is sealed at the start, and marked.
    fs::write(
        daemon.log_path(),
        "type=DAEMON_END msg=audit(1.000:1): op=old\n",
    )
    .expect("written");
    let mut daemon = daemon.run();
    touch(&daemon, "one");
    let (code, said) = verify(&daemon.log_path(), &key);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("1 record: in the log without a seal"),
        "{said}"
    );
    daemon.kill();
    let mut text = fs::read(daemon.log_path()).expect("read");
    text.extend_from_slice(b"type=SYSCALL msg=audit(2.000:2): late=1\ntype=SYSC");
    fs::write(daemon.log_path(), text).expect("written");
    let (code, said) = verify(&daemon.log_path(), &key);
    assert_eq!(code, Some(1), "{said}");
    let mut daemon = daemon.run();
    touch(&daemon, "two");
    daemon.tracer().signal(Signal::SIGUSR1);
    let packed = daemon.place().join("log/audit.log.1.zst");
    until("it is packed", || packed.exists());
    touch(&daemon, "three");
    daemon.stop();
    let (code, said) = verify(&daemon.log_path(), &key);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("2 records: in the log without a seal"),
        "{said}"
    );
    // A log that is replaced under the daemon is a gap.
    let mut daemon = daemon.run();
    touch(&daemon, "four");
    fs::remove_file(daemon.log_path()).expect("removed");
    touch(&daemon, "five");
    daemon.stop();
    let (code, said) = verify(&daemon.log_path(), &key);
    assert_eq!(code, Some(1), "{said}");
}

/// A rotation gives other names to what is being read: that is no fault.
#[test]
fn rotations_while_it_is_looked_at() {
    require_ebpf();
    let rules = "-w HERE/watched -p wa -k kept\n";
    let daemon = Daemon::prepare(rules, "seal = true\nnum_logs = 3\ncompress = \"zstd\"\n");
    let key = new_key(&daemon);
    let daemon = daemon.run();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1..=100 {
                assert!(daemon.ask(&["message", "x"]).status.success());
                daemon.tracer().signal(Signal::SIGUSR1);
                until("a rotation", || daemon.status()["rotations"] == n);
            }
            over.store(true, Ordering::Relaxed);
        });
        while !over.load(Ordering::Relaxed) {
            let (code, said) = verify(&daemon.log_path(), &key);
            assert_eq!(code, Some(0), "{said}");
        }
    });
}

/// Lines that a daemon has just written are no lines without a seal: not the first of a log, not the last.
#[test]
fn lines_while_it_is_looked_at() {
    require_ebpf();
    let daemon = Daemon::prepare("-w HERE/watched -p wa -k kept\n", "seal = true\n");
    let key = new_key(&daemon);
    let daemon = daemon.run();
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0..200 {
                fs::write(daemon.watched(&format!("f{n}")), "x").expect("written");
            }
            touch(&daemon, "last");
            over.store(true, Ordering::Relaxed);
        });
        while !over.load(Ordering::Relaxed) {
            let (code, said) = verify(&daemon.log_path(), &key);
            assert_eq!(code, Some(0), "{said}");
        }
    });
}

/// A killed daemon's rotation is done to its end by the next one: whatever was renamed, nothing is missing.
#[test]
fn a_rotation_that_was_cut_off() {
    require_ebpf();
    let (mut daemon, key) = sealed();
    daemon.stop();
    let rename = |from: &str, to: &str| -> Damage<'_> {
        let (from, to) = (from.to_owned(), to.to_owned());
        Box::new(move |place| fs::rename(place.join(&from), place.join(&to)).expect("renamed"))
    };
    let steps = [
        rename("audit.log.3.seal", "audit.log.4.seal"),
        rename("audit.log.3", "audit.log.4"),
        rename("audit.log.2.seal", "audit.log.3.seal"),
        rename("audit.log.2", "audit.log.3"),
        rename("audit.log.1.seal", "audit.log.2.seal"),
        rename("audit.log.1", "audit.log.2"),
        rename("audit.log.seal", "audit.log.1.seal"),
        rename("audit.log", "audit.log.1"),
    ];
    for done in 0..=steps.len() {
        let place = copy(&daemon);
        for step in &steps[..done] {
            step(&place);
        }
        let log = place.join("audit.log");
        let config = fs::read_to_string(daemon.config()).expect("read");
        let here = daemon.log_path().display().to_string();
        let config = config.replace(&here, &log.display().to_string());
        let path = place.join("t.toml");
        fs::write(&path, config).expect("written");
        let mut command = tracer_command(["daemon", "--config"]);
        let again = Tracer::spawn(command.arg(&path)).ready();
        let _ = again.stop();
        let (code, said) = verify(&log, &key);
        assert_eq!(code, Some(0), "{done} steps: {said}");
        assert!(!said.contains("not there any more"), "{done} steps: {said}");
    }
}

#[test]
fn what_is_moved_away_under_a_daemon() {
    require_ebpf();
    let rules = "-w HERE/watched -p wa -k kept\n";
    let daemon = Daemon::prepare(rules, "seal = true\n");
    let key = new_key(&daemon);
    let mut daemon = daemon.run();
    touch(&daemon, "one");
    let log = daemon.log_path();
    let name = |ending: &str| PathBuf::from(format!("{}{ending}", log.display()));
    // As logrotate does it.
    fs::rename(&log, name(".1")).expect("renamed");
    fs::rename(name(".seal"), name(".1.seal")).expect("renamed");
    touch(&daemon, "two");
    let (code, said) = verify(&log, &key);
    assert_eq!(code, Some(0), "{said}");
    // The key alone: it is made again.
    fs::remove_file(name(".sealkey")).expect("removed");
    touch(&daemon, "three");
    daemon
        .tracer()
        .wait_said("or their key were removed or replaced");
    let (code, said) = verify(&log, &key);
    assert_eq!(code, Some(0), "{said}");
    // The log alone: what was sealed before is missing, and what comes is right.
    fs::remove_file(&log).expect("removed");
    touch(&daemon, "four");
    daemon.stop();
    let (code, said) = verify(&log, &key);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("of a log that was removed or replaced"),
        "{said}"
    );
}

#[test]
fn keys_and_seals_that_cannot_be_read_or_shown() {
    require_ebpf();
    let (mut daemon, key) = sealed();
    daemon.stop();
    // A number that no key leads to: nothing is computed for ever.
    let place = copy(&daemon);
    let seals = place.join("audit.log.seal");
    let mut bytes = fs::read(&seals).expect("read");
    bytes[16 + 7] = 1;
    fs::write(&seals, &bytes).expect("written");
    let (code, said) = verify(&place.join("audit.log"), &key);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the seal of the records"), "{said}");
    fs::copy(&seals, daemon.log_path().with_extension("log.seal")).expect("copied");
    let refused = daemon.refused();
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(
        refused.stderr.contains("not those of the key"),
        "{refused:?}"
    );
    // What would be waited for.
    for name in ["audit.log.1.seal", "audit.log.sealkey"] {
        let place = copy(&daemon);
        fs::remove_file(place.join(name)).expect("removed");
        mkfifo(&place.join(name), Mode::S_IRWXU).expect("made");
        let (code, said) = verify(&place.join("audit.log"), &key);
        assert_eq!(code, Some(1), "{name}: {said}");
    }
    // A first key that nobody sees is none.
    let place = Place::new();
    let log = place.join("new/audit.log");
    for output in ["/dev/full", "/dev/null"] {
        let mut command = tracer_command(["verify", "--new-key"]);
        let output = fs::File::options()
            .write(true)
            .open(output)
            .expect("opened");
        let status = command.arg(&log).stdout(output).status().expect("it runs");
        assert!(!status.success());
        assert!(!place.join("new/audit.log.sealkey").exists());
    }
    let out = tracer_command(["verify", "--new-key"]).arg(&log).output();
    assert!(out.expect("it runs").status.success());
}
