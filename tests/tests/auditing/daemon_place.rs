//! Where `tracer daemon` is: its configuration, its sockets, its log, and that each is its own.

use std::{
    fs,
    io::Write as _,
    os::unix::{
        fs::{FileTypeExt, MetadataExt, PermissionsExt},
        net::{UnixListener, UnixStream},
        process::CommandExt,
    },
    path::Path,
    process::Command,
};

use nix::{sys::stat::Mode, unistd::mkfifo};
use tests::{Daemon, Outcome, Tracer, require_root, run_to_end, tracer, tracer_command};

const WATCH: &str = "-w HERE/watched -p wa -k k\n";

fn mode(path: &Path) -> u32 {
    let found = fs::metadata(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    found.mode() & 0o7777
}

/// A daemon's command that leaves these permissions out.
fn with_umask(daemon: &Daemon, umask: u32) -> Command {
    let mut command = tracer_command(["daemon"]);
    command.env("TRACER_CONFIG", daemon.config());
    // SAFETY: umask(2) is async-signal-safe and touches nothing of this process.
    unsafe {
        command.pre_exec(move || {
            nix::sys::stat::umask(Mode::from_bits_truncate(umask));
            Ok(())
        });
    }
    command
}

/// The daemon refuses to start, with this in its words and status 1.
fn assert_refused(outcome: &Outcome, why: &str) {
    assert_eq!(outcome.status.code(), Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains(why), "{why}: {outcome:?}");
}

#[test]
fn every_command_finds_the_configuration_and_the_log_by_the_environment() {
    require_root();
    let daemon = Daemon::prepare(WATCH, "");
    let running = Tracer::spawn(&mut with_umask(&daemon, 0o022)).ready();
    assert!(
        running.said().contains("1 rule in force"),
        "{}",
        running.said()
    );
    fs::create_dir(daemon.watched("made")).unwrap();
    drop(running.stop());
    let link = |name: &str| {
        let path = daemon.place().join(name);
        std::os::unix::fs::symlink(tracer(), &path).unwrap();
        path
    };
    for (program, args) in [
        (tracer().to_owned(), &["search", "-k", "k"][..]),
        (tracer().to_owned(), &["report", "-k"]),
        (link("ausearch"), &["-k", "k"]),
        (link("aureport"), &["-k"]),
    ] {
        let out = Command::new(&program)
            .args(args)
            .env("TRACER_CONFIG", daemon.config())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&out.stdout);
        assert!(out.status.success(), "{args:?}: {out:?}");
        // The report has no name, but the key of this event and of the rule's own record.
        assert!(
            text.contains("made") || text.contains(" k "),
            "{args:?}: {text}"
        );
    }
    // What was asked for and is not there is an error, not another log.
    let out = tracer_command(["search", "-k", "k"])
        .env("TRACER_CONFIG", daemon.place().join("none.toml"))
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2), "{out:?}");
    assert!(
        String::from_utf8_lossy(&out.stderr).contains("none.toml"),
        "{out:?}"
    );
}

#[test]
fn sockets_are_taken_away_and_what_is_no_socket_stays() {
    require_root();
    let mut daemon = Daemon::start(WATCH, "");
    let sockets = ["control.sock", "message.sock"].map(|name| daemon.place().join(name));
    for path in &sockets {
        assert!(fs::metadata(path).unwrap().file_type().is_socket());
    }
    daemon.stop();
    for path in &sockets {
        assert!(!path.exists(), "{}", path.display());
    }
    // A killed daemon's sockets are in nobody's way.
    daemon = daemon.run();
    daemon.kill();
    assert!(sockets[0].exists());
    daemon = daemon.run();
    // What another has put there meanwhile stays.
    fs::remove_file(&sockets[0]).unwrap();
    fs::write(&sockets[0], "mine").unwrap();
    daemon.stop();
    assert_eq!(fs::read(&sockets[0]).unwrap(), b"mine");
    for path in &sockets {
        let _ = fs::remove_file(path);
        fs::write(path, "mine").unwrap();
        assert_refused(&daemon.refused(), "is no socket");
        assert_eq!(fs::read(path).unwrap(), b"mine");
        fs::remove_file(path).unwrap();
        // Nor is a socket that somebody listens at taken away.
        let listener = UnixListener::bind(path).unwrap();
        assert_refused(&daemon.refused(), "another daemon listens there");
        drop(listener);
        assert!(path.exists());
    }
}

#[test]
fn two_daemons_do_not_share() {
    require_root();
    let mut daemon = Daemon::start(WATCH, "");
    let place = daemon.place().path().display();
    let other = daemon.place().join("other.toml");
    let own = |name: &str| match name {
        "log_file" => format!("{name} = \"{place}/other.log\"\n"),
        _ => format!("{name} = \"{place}/other/{name}\"\n"),
    };
    let mine = |key: &str, name: &str| format!("{key} = \"{place}/{name}\"\n");
    let rules = format!("buffer = \"1M\"\n{}", mine("rules", "rules.d"));
    for (toml, why) in [
        (
            own("control_socket") + &own("message_socket") + &mine("log_file", "log/audit.log"),
            "another daemon writes this log",
        ),
        (
            own("control_socket") + &mine("message_socket", "message.sock") + &own("log_file"),
            "another daemon listens there",
        ),
        (
            mine("control_socket", "control.sock") + &own("message_socket") + &own("log_file"),
            "another daemon listens there",
        ),
    ] {
        fs::write(&other, rules.clone() + &toml).unwrap();
        let args = ["daemon".as_ref(), "--config".as_ref(), other.as_os_str()];
        assert_refused(&run_to_end(&mut tracer_command(args)), why);
    }
    assert!(!daemon.place().join("other").exists());
    // The first has gone on, also in the next segment.
    assert!(daemon.ask(&["message", "still here"]).status.success());
    daemon.tracer().signal(nix::sys::signal::Signal::SIGUSR1);
    while daemon.status()["rotations"] != 1 {}
    let toml = own("control_socket") + &own("message_socket") + &mine("log_file", "log/audit.log");
    fs::write(&other, rules + &toml).unwrap();
    let args = ["daemon".as_ref(), "--config".as_ref(), other.as_os_str()];
    assert_refused(
        &run_to_end(&mut tracer_command(args)),
        "another daemon writes this log",
    );
    daemon.stop();
    let log = daemon.log();
    assert_eq!(log.of_type("DAEMON_START").len(), 1, "{}", log.text);
    assert_eq!(log.of_type("USER").len(), 1);
    assert!(log.serials().is_sorted());
}

#[test]
fn permissions_are_what_the_configuration_says_whatever_the_umask_is() {
    require_root();
    for (umask, log_mode, directory) in [
        (0, "0600", 0o700),
        (0, "0640", 0o750),
        (0o077, "0640", 0o750),
    ] {
        let settings = format!(
            "log_mode = \"{log_mode}\"\nlog_file = \"HERE/new/log/audit.log\"\n\
             control_socket = \"HERE/run/control.sock\""
        );
        let daemon = Daemon::prepare(WATCH, &settings);
        let running = Tracer::spawn(&mut with_umask(&daemon, umask)).ready();
        let at = |name: &str| daemon.place().join(name);
        assert_eq!(mode(&at("new/log")), directory, "umask {umask:o}");
        assert_eq!(mode(&at("new")), 0o755);
        assert_eq!(mode(&at("run")), 0o755);
        assert_eq!(mode(&at("run/control.sock")), 0o600);
        let octal = u32::from_str_radix(log_mode, 8).unwrap();
        assert_eq!(mode(&at("new/log/audit.log")), octal, "umask {umask:o}");
        // Removed, it is made again as it was.
        fs::set_permissions(at("new/log"), fs::Permissions::from_mode(0o711)).unwrap();
        drop(running.stop());
        let running = Tracer::spawn(&mut with_umask(&daemon, umask)).ready();
        fs::remove_dir_all(at("new/log")).unwrap();
        fs::create_dir(daemon.watched("made")).unwrap();
        running.wait_said("was removed or replaced");
        assert_eq!(mode(&at("new/log")), 0o711, "umask {umask:o}");
        assert_eq!(mode(&at("new/log/audit.log")), octal, "umask {umask:o}");
        drop(running.stop());
    }
}

#[test]
fn what_is_no_file_is_not_taken_as_a_log() {
    require_root();
    let daemon = Daemon::prepare(WATCH, "");
    daemon.place().dir("log");
    mkfifo(&daemon.log_path(), Mode::S_IRWXU).unwrap();
    assert_refused(&daemon.refused(), "it is no regular file");
    assert!(
        fs::metadata(daemon.log_path())
            .unwrap()
            .file_type()
            .is_fifo()
    );
}

#[test]
fn what_waits_when_the_daemon_ends_is_counted() {
    require_root();
    let mut daemon = Daemon::prepare(
        WATCH,
        "log_file = \"HERE/small/audit.log\"\ndisk_full_action = \"ignore\"",
    );
    let small = daemon.place().dir("small");
    let run = |args: &[&str]| {
        let status = Command::new(args[0]).args(&args[1..]).arg(&small).status();
        assert!(status.unwrap().success(), "{args:?}");
    };
    run(&["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs"]);
    fs::write(small.join("filler"), vec![0; 500_000]).unwrap();
    daemon = daemon.run();
    for n in 0..3000 {
        fs::create_dir(daemon.watched(&n.to_string())).unwrap();
    }
    daemon.tracer().wait_said("cannot write to");
    let outcome = daemon.stop();
    let text = fs::read_to_string(small.join("audit.log")).unwrap();
    run(&["umount"]);
    let written = text.matches("key=\"k\"").count() - 1;
    assert!(written < 3000, "nothing was lost");
    let lost = 3000 - written;
    for words in [
        format!("= written {written} + "),
        format!("lost: output {lost}"),
        format!("{lost} events that waited could not be written"),
    ] {
        assert!(outcome.stderr.contains(&words), "{words}: {outcome:?}");
    }
    assert_eq!(outcome.status.code(), Some(1), "{outcome:?}");
}

#[test]
fn rules_and_settings_that_others_can_write_are_refused() {
    require_root();
    let mut daemon = Daemon::start(WATCH, "");
    let rules = daemon.place().join("rules.d/test.rules");
    let set = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    // What is in force stays.
    set(&rules, 0o666);
    for args in [
        &["rules", "load"][..],
        &["rules", "load", rules.to_str().unwrap()],
    ] {
        let out = daemon.ask(args);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success(), "{args:?}: {out:?}");
        assert!(
            said.contains("others than root can write it"),
            "{args:?}: {said}"
        );
        assert!(said.contains("test.rules"), "{args:?}: {said}");
    }
    assert_eq!(daemon.status()["rules"], 1);
    // Only to see whether it is right.
    let out = daemon.ask(&["rules", "check", rules.to_str().unwrap()]);
    assert!(out.status.success(), "{out:?}");
    daemon.stop();
    let refused = |why: &str| {
        let outcome = daemon.refused();
        assert_eq!(outcome.status.code(), Some(2), "{outcome:?}");
        assert!(outcome.stderr.contains(why), "{why}: {outcome:?}");
    };
    refused("others than root can write it");
    set(&rules, 0o644);
    std::os::unix::fs::chown(&rules, Some(4_000_001), None).unwrap();
    refused("others than root can write it (owner 4000001");
    std::os::unix::fs::chown(&rules, Some(0), None).unwrap();
    set(&daemon.place().join("rules.d"), 0o777);
    refused("rules.d (owner 0, group 0, mode 0777)");
    set(&daemon.place().join("rules.d"), 0o1777);
    set(&daemon.config(), 0o602);
    refused("others than root can write it");
    set(&daemon.config(), 0o600);
    daemon.run().stop();
}

#[test]
fn rules_that_the_configuration_names_must_be_there() {
    require_root();
    let mut daemon = Daemon::start(WATCH, "");
    let rules = daemon.place().join("rules.d");
    let aside = daemon.place().join("aside");
    fs::rename(&rules, &aside).unwrap();
    let missing = format!("{} does not exist", rules.display());
    let out = daemon.ask(&["rules", "load"]);
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{out:?}");
    assert!(said.contains(&missing), "{said}");
    assert!(
        said.contains("the rules in force stay as they were"),
        "{said}"
    );
    assert_eq!(daemon.status()["rules"], 1);
    daemon.stop();
    let outcome = daemon.refused();
    assert_eq!(outcome.status.code(), Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains(&missing), "{outcome:?}");
    fs::rename(&aside, &rules).unwrap();
    daemon.run().stop();
}

#[test]
fn a_client_that_goes_away_is_no_fault() {
    require_root();
    let mut daemon = Daemon::start(WATCH, "");
    let socket = daemon.place().join("control.sock");
    let mut client = UnixStream::connect(socket).unwrap();
    client.write_all(b"\"Status\"").unwrap();
    // Its end of the request is its own end.
    drop(client);
    let outcome = daemon.stop();
    assert!(!outcome.stderr.contains("control socket"), "{outcome:?}");
}
