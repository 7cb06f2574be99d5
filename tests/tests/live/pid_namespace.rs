//! In a pid namespace, as in a container: ids are taken and shown as it has them, the host's beside.

use std::{
    fs,
    os::unix::fs::{MetadataExt, symlink},
    process::Command,
};

use nix::{sys::stat::Mode, unistd::mkfifo};
use tests::{
    Place, Proc, Record, Tracer, in_pid_namespace, require_ebpf, run_to_end, tracer, tracer_command,
};

/// A shell with this script in a pid namespace; `TRACER` in it is the program.
fn script(text: &str, place: &Place, proc: Proc) -> Command {
    let mut command = Command::new("sh");
    let program = tracer().to_str().expect("UTF-8");
    let text = text.replace("TRACER", &format!("'{program}'"));
    command.args(["-c", &text]).current_dir(place.path());
    in_pid_namespace(&mut command, proc);
    command
}

fn number(place: &Place, name: &str) -> i64 {
    let text = fs::read_to_string(place.join(name)).expect("it was written");
    text.trim().parse().expect("a number")
}

/// Are the tests themselves where the host counts?
fn are_initial() -> bool {
    // `PROC_PID_INIT_INO` of `linux/proc_ns.h`.
    fs::metadata("/proc/self/ns/pid").is_ok_and(|ns| ns.ino() == 0xEFFF_FFFC)
}

/// A process of the namespace: the id as it knows it, and another one for the host.
fn assert_inside(record: &Record, pid: i64) {
    let host = record
        .number("host_pid")
        .expect("the host has an id for it");
    assert_eq!(record.number("pid"), Some(pid), "{}", record.line);
    assert_eq!(record.number("tid"), Some(pid), "{}", record.line);
    assert_ne!(host, pid, "{}", record.line);
    assert_eq!(record.number("host_tid"), Some(host), "{}", record.line);
}

#[test]
fn a_command() {
    if !require_ebpf() {
        return;
    }
    for proc in [Proc::Own, Proc::OfTests] {
        let place = Place::new();
        let text = "exec TRACER trace --format json -- \
                    sh -c 'echo $$ >own; echo $PPID >parent; (exec cat own >/dev/null)'";
        let outcome = run_to_end(&mut script(text, &place, proc)).ended(0).sound();
        let (own, parent) = (number(&place, "own"), number(&place, "parent"));
        let first = &outcome.records[0];
        assert_eq!(first.op(), "execute", "{}", first.line);
        assert_inside(first, own);
        assert_eq!(first.number("ppid"), Some(parent), "{}", first.line);
        let is_exit = |r: &&Record| r.op() == "exit" && r.number("pid") == Some(own);
        assert!(outcome.records.iter().any(|r| is_exit(&r)), "{outcome:?}");
        let child = outcome
            .records
            .iter()
            .find(|r| r.number("ppid") == Some(own));
        let child = child.expect("a child");
        assert_ne!(child.number("pid"), Some(own), "{}", child.line);
        assert_eq!(child.number("host_ppid"), first.number("host_pid"));
    }
}

/// What a descriptor led to before the call comes with a record of its own, whose call is in the namespace, too.
#[test]
fn calls_that_change_descriptors() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let text = "exec TRACER trace -yy -o lines -- \
                sh -c 'echo $$ >own; exec 3</dev/null; exec 4<&3; exec 3<&- 4<&-'";
    let _ = run_to_end(&mut script(text, &place, Proc::Own)).ended(0);
    let lines = fs::read_to_string(place.join("lines")).expect("what tracer wrote");
    let own = format!("{} ", number(&place, "own"));
    assert!(lines.lines().all(|line| line.starts_with(&own)), "{lines}");
    for call in ["close(3</dev/null", "close(4</dev/null", "(3</dev/null"] {
        assert!(lines.contains(call), "{call}: {lines}");
    }
}

#[test]
fn a_running_process_and_its_descendants() {
    if !require_ebpf() {
        return;
    }
    for proc in [Proc::Own, Proc::OfTests] {
        let place = Place::new();
        // Two: the second would be open at once where the first is still being closed.
        for fifo in ["go", "end"] {
            mkfifo(&place.join(fifo), Mode::S_IRWXU).expect("mkfifo");
        }
        let text = "(read line <go; (exec cat traced >/dev/null); read line <end) & \
                    echo $! >pid; exec TRACER trace --format json --follow --pid $!";
        place.file("traced");
        let tracer = Tracer::spawn(&mut script(text, &place, proc)).ready();
        fs::write(place.join("go"), "x\n").expect("write");
        let about = place.bytes("traced");
        tracer.wait_for("the child's file", |r| r.is_about(&about));
        fs::write(place.join("end"), "x\n").expect("write");
        let outcome = tracer.wait().ended(0).sound();
        let pid = number(&place, "pid");
        let of_it = outcome
            .records
            .iter()
            .find(|r| r.number("pid") == Some(pid));
        assert_inside(of_it.expect("calls of the process"), pid);
        let child = outcome.records.iter().find(|r| r.is_about(&about));
        let child = child.expect("the child's call");
        assert_eq!(child.number("ppid"), Some(pid), "{}", child.line);
    }
}

/// A process of the host has no id in the namespace, and must not be taken for one that has its.
#[test]
fn a_watch_sees_the_host_too() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("watched");
    mkfifo(&place.join("go"), Mode::S_IRWXU).expect("mkfifo");
    let text = "(read line <go; echo x >watched/inside) & \
                exec TRACER watch --format json --backend ebpf watched";
    let tracer = Tracer::spawn(&mut script(text, &place, Proc::Own)).ready();
    fs::write(place.join("watched/outside"), "x").expect("write");
    fs::write(place.join("go"), "x\n").expect("write");
    let about = |name: &str| place.bytes(format!("watched/{name}"));
    for name in ["inside", "outside"] {
        tracer.wait_for(name, |r| r.is_about(&about(name)));
    }
    let outcome = tracer.stop().ended(0).sound();
    let of = |name: &str| {
        let found = outcome.records.iter().find(|r| r.is_about(&about(name)));
        found.expect("it was told")
    };
    let inside = of("inside");
    assert_inside(inside, inside.number("pid").expect("it has an id"));
    let outside = of("outside");
    for id in ["pid", "tid", "ppid"] {
        assert!(outside.get(id).is_null(), "{}", outside.line);
        assert_eq!(
            outside.get("unknown")[id],
            "other-pid-namespace",
            "{}",
            outside.line
        );
    }
    let host = outside.number("host_pid").expect("the host's id");
    if are_initial() {
        assert_eq!(host, i64::from(std::process::id()), "{}", outside.line);
    }
}

#[test]
fn text_says_which_ids_are_the_hosts() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("watched");
    let text = "exec TRACER trace --format text --path watched -v";
    let tracer = Tracer::spawn(&mut script(text, &place, Proc::Own)).ready();
    fs::write(place.join("watched/outside"), "x").expect("write");
    tracer.wait_output("watched/outside");
    let outcome = tracer.stop().ended(0);
    let text = String::from_utf8(outcome.stdout).expect("UTF-8");
    let line = text.lines().find(|l| l.contains("watched/outside"));
    let line = line.expect("a line");
    let (_, host) = line.split_once(" host=").expect("the host's id");
    let host: u32 = host
        .split('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("a number");
    assert!(line.contains(&format!("host:{host}")), "{line}");
}

/// What the kernel returns is a number of the caller's namespace, which is the tracer's: it is shown
/// as it is.
#[test]
fn ids_that_calls_return() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let text = "exec TRACER trace --format json -- sh -c 'cat /dev/null & echo $! >child; wait $!'";
    let outcome = run_to_end(&mut script(text, &place, Proc::Own))
        .ended(0)
        .sound();
    let child = number(&place, "child");
    let gave = |name: &str| {
        let of = |r: &&Record| r.get("syscall") == name && r.number("ret") == Some(child);
        outcome.records.iter().any(|r| of(&r))
    };
    let makers = ["clone", "clone3", "fork", "vfork"];
    assert!(makers.into_iter().any(gave), "{child}: {outcome:?}");
    assert!(gave("wait4"), "{child}: {outcome:?}");
}

/// `top` names processes by the ids of the namespace, and says which are those of the host.
#[test]
fn the_processes_of_top() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("watched");
    for name in ["go", "done"] {
        mkfifo(&place.join(name), Mode::S_IRWXU).expect("mkfifo");
    }
    let text = "(read line <go; echo x >watched/inside; echo >done) & echo $! >pid; \
                exec TRACER top --json --by processes -i 1h --backend ebpf watched";
    let tracer = Tracer::spawn(&mut script(text, &place, Proc::Own)).ready();
    fs::write(place.join("watched/outside"), "x").expect("write");
    fs::write(place.join("go"), "x\n").expect("write");
    fs::read(place.join("done")).expect("it was written");
    let outcome = tracer.stop().ended(0);
    let object: serde_json::Value = serde_json::from_slice(&outcome.stdout).expect("an object");
    let rows = object["rows"].as_array().expect("rows");
    let names: Vec<_> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
    let inside = format!("{} ", number(&place, "pid"));
    let of = |begin: &str| names.iter().filter(|name| name.starts_with(begin)).count();
    assert_eq!(
        (names.len(), of(&inside), of("host:")),
        (2, 1, 1),
        "{names:?}"
    );
    if are_initial() {
        let tests = format!("host:{} ", std::process::id());
        assert_eq!(of(&tests), 1, "{names:?}");
    }
}

/// Trees and timelines have the processes of the namespace by its ids, and those outside by the
/// host's, which are marked.
#[test]
fn the_processes_of_trees_and_timelines() {
    if !require_ebpf() {
        return;
    }
    for format in ["json", "text"] {
        let place = Place::new();
        for name in ["go", "done"] {
            mkfifo(&place.join(name), Mode::S_IRWXU).expect("mkfifo");
        }
        for name in ["namespace-in", "namespace-out"] {
            symlink("/bin/true", place.join(name)).expect("a link");
        }
        let text = format!(
            "(read line <go; sh -c 'echo $$ >own; exec ./namespace-in'; echo >done) & \
             exec TRACER trace --tree --format {format} --timeline page.svg --comm 'namespace-*'"
        );
        let tracer = Tracer::spawn(&mut script(&text, &place, Proc::Own)).ready();
        let mut outside = Command::new(place.join("namespace-out"));
        let mut outside = outside.spawn().expect("true");
        let host = i64::from(outside.id());
        assert!(outside.wait().expect("it ends").success());
        fs::write(place.join("go"), "x\n").expect("write");
        fs::read(place.join("done")).expect("it was written");
        let outcome = tracer.stop().ended(0);
        let own = number(&place, "own");
        let tree = String::from_utf8(outcome.stdout).expect("UTF-8");
        let line = |name: &str| {
            let found = tree.lines().find(|line| line.contains(name));
            found.unwrap_or_else(|| panic!("no {name}: {tree}"))
        };
        let page = fs::read_to_string(place.join("page.svg")).expect("a page");
        assert!(page.contains(&format!(">{own} ./namespace-in")), "{page}");
        let (inside, outside) = (line("namespace-in"), line("namespace-out"));
        if format == "json" {
            let [inside, outside] = [inside, outside]
                .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("an object"));
            assert_eq!(inside["pid"], own, "{tree}");
            assert!(
                inside["ppid"].is_i64() && inside["host_ppid"].is_i64(),
                "{tree}"
            );
            assert_ne!(inside["host_pid"], own, "{tree}");
            assert!(
                outside["pid"].is_null() && outside["ppid"].is_null(),
                "{tree}"
            );
            assert!(outside["host_ppid"].is_i64(), "{tree}");
            if are_initial() {
                assert_eq!(outside["host_pid"], host, "{tree}");
                assert!(page.contains(&format!(">host:{host} ")), "{page}");
            }
        } else {
            assert!(
                inside.starts_with(&format!("{own} ./namespace-in")),
                "{tree}"
            );
            assert!(outside.starts_with("host:"), "{tree}");
        }
    }
}

/// `-F pid=` and `-F ppid=` of a rule mean the ids of the daemon's own namespace.
#[test]
fn rules_of_a_daemon() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("rules");
    place.file("by-pid");
    place.file("by-ppid");
    for name in ["go", "done"] {
        mkfifo(&place.join(name), Mode::S_IRWXU).expect("mkfifo");
    }
    let here = place.path().display();
    let toml: String = [
        ("rules", "rules"),
        ("log_file", "log/audit.log"),
        ("control_socket", "c"),
        ("message_socket", "m"),
    ]
    .map(|(key, name)| format!("{key} = \"{here}/{name}\"\n"))
    .concat();
    fs::write(place.join("tracer.toml"), toml + "space_left = 0\n").expect("write");
    let text = "(read line <go; read line <by-pid; (exec cat by-ppid >/dev/null); echo >done) & \
                echo $! >pid; \
                for field in pid ppid; do \
                    echo \"-a always,exit -S openat -F $field=$! -F path=$PWD/by-$field -k $field\"; \
                done >rules/own.rules; \
                exec TRACER daemon --config tracer.toml";
    let daemon = Tracer::spawn(&mut script(text, &place, Proc::Own)).ready();
    // The host reads them, too.
    fs::read(place.join("by-pid")).expect("read");
    fs::read(place.join("by-ppid")).expect("read");
    fs::write(place.join("go"), "x\n").expect("write");
    fs::read(place.join("done")).expect("both files were read");
    let _ = daemon.stop().ended(0);
    let log = fs::read_to_string(place.join("log/audit.log")).expect("log");
    let pid = number(&place, "pid");
    let of_key = |key: &str| -> Vec<&str> {
        let key = format!("key=\"{key}\"");
        let is_of = |line: &&str| line.starts_with("type=SYSCALL") && line.contains(&key);
        log.lines().filter(is_of).collect()
    };
    for (key, field) in [
        ("pid", format!(" pid={pid} ")),
        ("ppid", format!(" ppid={pid} ")),
    ] {
        let lines = of_key(key);
        assert_eq!(lines.len(), 1, "{key}: {log}");
        assert!(lines[0].contains(&field), "{}", lines[0]);
    }
    assert!(log.contains(" tr_hostpid="), "{log}");
}

/// The sender of a signal is said as the receiver knows it, which is in the namespace of both.
#[test]
fn the_sender_of_a_signal() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let text = "exec TRACER trace --format json -- \
                sh -c 'trap : USR1; echo $$ >own; kill -USR1 $$'";
    let outcome = run_to_end(&mut script(text, &place, Proc::Own))
        .ended(0)
        .sound();
    let signal = outcome.records.iter().find(|r| r.get("signal").is_object());
    let signal = signal.expect("a signal");
    assert_eq!(
        signal.get("signal")["si_pid"],
        number(&place, "own"),
        "{}",
        signal.line
    );
}

#[test]
fn doctor_says_where_it_is() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let said = |proc| {
        let outcome = run_to_end(&mut script("exec TRACER doctor", &place, proc)).ended(0);
        let text = String::from_utf8(outcome.stdout).expect("UTF-8");
        let line = text.lines().find(|line| line.starts_with("pid namespace"));
        line.expect("a line").to_owned()
    };
    let own = said(Proc::Own);
    assert!(
        own.contains("works") && own.contains("not the initial one"),
        "{own}"
    );
    let of_tests = said(Proc::OfTests);
    assert!(of_tests.contains("namespace above"), "{of_tests}");
    if are_initial() {
        let outcome = run_to_end(&mut tracer_command(["doctor"])).ended(0);
        let text = String::from_utf8(outcome.stdout).expect("UTF-8");
        assert!(text.contains("ids are those of the host"), "{text}");
    }
}
