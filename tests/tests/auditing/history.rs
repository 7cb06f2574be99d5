//! `compress = "zstd"`: segments that the daemon packs are found in as before, by whoever reads them.

use std::{collections::BTreeSet, fs, process::Command};

use nix::sys::signal::Signal;
use tests::{Daemon, require_ebpf, tracer_command, until};

/// What a search in the daemon's directory prints, and what it says.
fn search(daemon: &Daemon, args: &[&str]) -> (String, String) {
    let mut command = tracer_command(["search", "-r", "-if"]);
    let out = command.arg(daemon.place().join("log")).args(args).output();
    let out = out.expect("tracer runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(out.stdout), text(out.stderr))
}

#[test]
fn the_daemon_packs_what_is_rotated_away() {
    require_ebpf();
    let rules = "-w HERE/watched -p wa -k kept\n";
    let mut daemon = Daemon::start(rules, "compress = \"zstd\"\nnum_logs = 4\n");
    let touch = |daemon: &Daemon, name: &str| {
        let path = daemon.watched(name);
        let status = Command::new("touch").arg(path).status().expect("it runs");
        assert!(status.success());
        // What is still on its way would be in the next segment.
        let is_in_log = || {
            let text = fs::read_to_string(daemon.place().join("log/audit.log"));
            text.is_ok_and(|text| text.contains(&format!("watched/{name}\"")))
        };
        until("it is logged", is_in_log);
    };
    let log = daemon.place().join("log");
    let there = |name: &str| log.join(name).exists();
    for (n, name) in ["first", "second", "third"].iter().enumerate() {
        touch(&daemon, name);
        daemon.tracer().signal(Signal::SIGUSR1);
        until("a rotation", || daemon.status()["rotations"] == n + 1);
        until("it is packed", || {
            there("audit.log.1.zst") && !there("audit.log.1")
        });
    }
    touch(&daemon, "fourth");
    for n in 1..=3 {
        assert!(there(&format!("audit.log.{n}.zst")) && there(&format!("audit.log.{n}.zst.idx")));
        assert!(!there(&format!("audit.log.{n}")));
    }
    // The oldest goes, with all that belongs to it.
    daemon.tracer().signal(Signal::SIGUSR1);
    until("the last rotation", || daemon.status()["rotations"] == 4);
    until("it is packed", || {
        there("audit.log.1.zst") && !there("audit.log.1")
    });
    assert!(!there("audit.log.4.zst") && !there("audit.log.4.zst.idx"));
    let found = |args: &[&str]| {
        let (out, said) = search(&daemon, args);
        assert!(!said.contains("tracer:"), "{said}");
        let names = ["first", "second", "third", "fourth"];
        let is_there = |name: &&&str| out.contains(&format!("watched/{name}\""));
        names
            .iter()
            .filter(is_there)
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let three = ["second", "third", "fourth"].map(str::to_owned);
    for args in [
        &["-k", "kept"][..],
        &["-w", "-k", "kept"],
        &["-c", "touch"],
        &["-x", "touch"],
        &["-ui", "0", "-f", "watched"],
        &["-m", "PATH"],
        &["-ts", "today"],
        &["--where", "key == \"kept\""],
        &[],
    ] {
        assert_eq!(found(args), three.clone().into(), "{args:?}");
    }
    assert_eq!(found(&["-f", "watched/third"]), ["third".to_owned()].into());
    assert_eq!(found(&["-k", "no such key"]), BTreeSet::new());
    // The serial numbers go on behind what is packed.
    let serial = daemon.status()["serial"].as_u64().expect("a number");
    daemon.stop();
    fs::remove_file(log.join("audit.log")).expect("removed");
    let daemon = daemon.run();
    assert!(daemon.status()["serial"].as_u64().expect("a number") >= serial);
    // Without sidecars, and with one that is damaged.
    let sidecar = log.join("audit.log.2.zst.idx");
    let mut bytes = fs::read(&sidecar).expect("read");
    bytes[9] ^= 1;
    fs::write(&sidecar, bytes).expect("written");
    let (out, said) = search(&daemon, &["-f", "watched/third"]);
    assert!(out.contains("watched/third"));
    assert!(
        said.contains("audit.log.2.zst.idx: it is damaged"),
        "{said}"
    );
    fs::remove_file(&sidecar).expect("removed");
    let (out, said) = search(&daemon, &["-f", "watched/third"]);
    assert!(
        out.contains("watched/third") && !said.contains("tracer:"),
        "{said}"
    );
    // A damaged frame is said, and the exit code tells.
    let packed = log.join("audit.log.3.zst");
    let mut bytes = fs::read(&packed).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(&packed, bytes).expect("written");
    let (out, said) = search(&daemon, &["-k", "kept"]);
    assert!(
        said.contains("audit.log.3.zst: frame 0 is damaged"),
        "{said}"
    );
    assert!(out.contains("watched/third") && !out.contains("watched/second"));
}
