//! `tracer daemon`: rules in force, records that the real audit tools read, requests.

use std::{
    fs,
    os::unix::net::UnixDatagram,
    path::Path,
    process::{Command, Output},
};

use nix::sys::signal::Signal;
use tests::{Daemon, Log, public_copy, require_root, tracer, tracer_command, until};

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Runs a shell command that must succeed.
fn sh(daemon: &Daemon, command: &str) {
    let here = daemon.place().path().display().to_string();
    let status = Command::new("sh")
        .args(["-c", &command.replace("HERE", &here)])
        .status()
        .expect("sh runs");
    assert!(status.success(), "{command}");
}

/// A daemon with rules about its own copy of a program, `HERE/own`: the rest of the machine runs the
/// program, too.
fn with_own(program: &str, rules: &str) -> Daemon {
    let daemon = Daemon::prepare(rules, "");
    public_copy(Path::new(program), &daemon.place().join("own"));
    daemon.run()
}

#[test]
fn the_real_tools_read_what_the_rules_tell() {
    require_root();
    let mut daemon = with_own(
        "/usr/bin/id",
        "-w HERE/watched -p wa -k seed\n-a always,exit -F arch=b64 -S execve -F exe=HERE/own -k ex\n",
    );
    sh(
        &daemon,
        "cd HERE/watched; echo x > a; mv a b; ln b c; ln -s b l; mkdir d; chmod 600 b; cat b; rm b; ../own",
    );
    assert!(daemon.ask(&["message", "end of sample"]).status.success());
    daemon.stop();
    let log = daemon.log();
    // What each call does to which name, as audit has it.
    for (comm, types) in [
        ("mv", "PARENT PARENT DELETE CREATE"),
        ("rm", "PARENT DELETE"),
        ("mkdir", "PARENT CREATE"),
        ("chmod", "NORMAL"),
    ] {
        let calls = log.calls(&format!("comm=\"{comm}\""));
        assert_eq!(calls.len(), 1, "{comm}: {}", log.text);
        assert!(calls[0].contains("key=\"seed\""), "{}", calls[0]);
        let event = log.event(calls[0]);
        let names: Vec<_> = event
            .iter()
            .filter(|l| l.starts_with("type=PATH"))
            .map(|l| {
                l.split("nametype=")
                    .nth(1)
                    .unwrap()
                    .split(' ')
                    .next()
                    .unwrap()
            })
            .collect();
        assert_eq!(names.join(" "), types, "{comm}");
        assert!(
            event.last().unwrap().starts_with("type=PROCTITLE"),
            "no EOE, as auditd"
        );
    }
    assert!(
        log.calls("comm=\"cat\"").is_empty(),
        "reads were not asked for"
    );
    let parent = log
        .text
        .lines()
        .find(|l| l.contains("nametype=PARENT"))
        .unwrap();
    let inode = fs::metadata(daemon.watched("")).map(|m| std::os::unix::fs::MetadataExt::ino(&m));
    assert!(
        parent.contains(&format!("inode={} ", inode.unwrap())),
        "{parent}"
    );
    // The real tools find the same.
    for (args, wanted) in [
        (
            &["-k", "seed", "--raw"][..],
            // The rule itself came with a record of its key.
            log.calls("key=\"seed\"").len() + 1,
        ),
        (&["-k", "ex", "--raw"], 2),
        (&["-m", "USER", "--raw"], 1),
        (&["-m", "CONFIG_CHANGE", "--raw"], 2),
        (&["-m", "DAEMON_START", "--raw"], 1),
        (&["-f", "watched", "-c", "mv", "--raw"], 1),
        (&["-sc", "rename", "--raw"], 0),
    ] {
        let found = daemon.real("ausearch", args);
        let mut stamps: Vec<_> = found
            .lines()
            .filter_map(|l| l.split(": ").next()?.split(' ').nth(1))
            .collect();
        stamps.dedup();
        let wanted = if args.contains(&"-sc") {
            stamps.len()
        } else {
            wanted
        };
        assert_eq!(stamps.len(), wanted, "{args:?}: {found}");
    }
    let report = daemon.real("aureport", &["-k", "--summary"]);
    let seeds = log.calls("key=\"seed\"").len() + 1;
    assert!(
        report.lines().any(|l| l.trim() == format!("{seeds}  seed")),
        "{report}"
    );
    assert!(
        daemon
            .real("aureport", &["--summary"])
            .contains("Number of events")
    );
}

#[test]
fn addresses_and_command_lines() {
    require_root();
    let pid = std::process::id();
    let mut daemon = Daemon::start(
        &format!(
            "-a always,exit -S connect,sendto,recvfrom,accept4 -F pid={pid} -F saddr_fam=inet -k net\n\
             -w HERE/watched -p wa -k seed\n"
        ),
        "",
    );
    // Another family: not told.
    let socket = daemon.place().join("unix");
    let unix = std::os::unix::net::UnixListener::bind(&socket).expect("bind");
    std::os::unix::net::UnixStream::connect(&socket).expect("connect");
    drop(unix);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
    let port = listener.local_addr().expect("address").port();
    std::net::TcpStream::connect(("127.0.0.1", port)).expect("connect");
    listener.accept().expect("accept");
    let udp = std::net::UdpSocket::bind("127.0.0.1:0").expect("bind");
    let to = udp.local_addr().expect("address");
    udp.send_to(b"x", to).expect("sendto");
    udp.recv_from(&mut [0; 8]).expect("recvfrom");
    sh(&daemon, "mkdir HERE/watched/d");
    daemon.stop();
    let log = daemon.log();
    let told: Vec<_> = log.calls("key=\"net\"");
    let numbers: Vec<_> = told
        .iter()
        .map(|l| {
            l.split("syscall=")
                .nth(1)
                .unwrap()
                .split(' ')
                .next()
                .unwrap()
        })
        .collect();
    let wanted = [
        libc::SYS_connect,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_recvfrom,
    ];
    assert_eq!(numbers, wanted.map(|n| n.to_string()), "{}", log.text);
    let saddr = format!("saddr=0200{port:04X}7F0000010000000000000000");
    let event = log.event(told[0]);
    assert!(event.iter().any(|l| l.ends_with(&saddr)), "{event:#?}");
    for call in &told {
        let types: Vec<_> = log
            .event(call)
            .iter()
            .map(|l| l.split(' ').next().unwrap())
            .filter(|t| *t != "type=KERNEL_OTHER")
            .collect();
        assert_eq!(
            types,
            ["SYSCALL", "SOCKADDR", "CWD", "PROCTITLE"].map(|t| format!("type={t}"))
        );
    }
    // What the real tool makes of them.
    let meant = daemon.real("ausearch", &["-k", "net", "-i"]);
    let lport = format!("saddr={{ saddr_fam=inet laddr=127.0.0.1 lport={port} }}");
    assert!(meant.contains(&lport), "{meant}");
    let title = fs::read("/proc/self/cmdline").expect("cmdline");
    let title = title[..title.len().min(128)].to_vec();
    let title = String::from_utf8(title).expect("UTF-8").replace('\0', " ");
    let told = meant.lines().filter(|l| l.starts_with("type=PROCTITLE"));
    assert_eq!(
        told.filter(|l| l.contains(&format!(" proctitle={}", title.trim_end())))
            .count(),
        wanted.len(),
        "{meant}"
    );
    let meant = daemon.real("ausearch", &["-c", "mkdir", "-i"]);
    let title = format!("proctitle=mkdir {}", daemon.watched("d").display());
    assert!(meant.contains(&title), "{meant}");
}

/// Processes of another execution domain: setarch(8) turns the random layout off.
#[test]
fn execution_domains() {
    require_root();
    let mut daemon = Daemon::start(
        "-a always,exit -S mkdir -F pers&0x40000 -F dir=HERE/watched -k domain\n",
        "",
    );
    sh(
        &daemon,
        "mkdir HERE/watched/usual; setarch -R mkdir HERE/watched/other",
    );
    daemon.stop();
    let log = daemon.log();
    let told = log.calls("key=\"domain\"");
    assert_eq!(told.len(), 1, "{}", log.text);
    assert!(told[0].contains(" per=40000 success=yes "), "{told:?}");
    let meant = daemon.real("ausearch", &["-k", "domain", "-i"]);
    assert!(
        meant.contains("per=PER_LINUX|~ADDR_NO_RANDOMIZE"),
        "{meant}"
    );
}

/// exit and `exit_group` never return: their records have no result, and no rule about one is met.
#[test]
fn calls_that_end_a_task() {
    require_root();
    let mut daemon = with_own(
        "/bin/sh",
        "-a always,exit -S exit,exit_group -F success=0 -F exe=HERE/own -k failed\n\
         -a always,exit -S exit,exit_group -F a0=37 -F exe=HERE/own -k ends\n",
    );
    sh(
        &daemon,
        "HERE/own -c 'exit 37'; HERE/own -c 'exit 36'; HERE/own -c 'kill -9 $$'; true",
    );
    daemon.stop();
    let log = daemon.log();
    assert!(log.calls("key=\"failed\"").is_empty(), "{}", log.text);
    let told = log.calls("key=\"ends\"");
    assert_eq!(told.len(), 1, "{}", log.text);
    assert!(told[0].contains(" syscall=231 a0=25 "), "{told:?}");
    let meant = daemon.real("ausearch", &["-k", "ends", "-i"]);
    assert!(meant.contains("syscall=exit_group"), "{meant}");
}

#[test]
fn order_never_and_exclude() {
    require_root();
    let mut daemon = Daemon::start(
        "-a never,exit -F dir=HERE/watched -F exe=/usr/bin/touch\n\
         -w HERE/watched -p wa -k watch\n\
         -a always,exit -F arch=b64 -S mkdir,mkdirat -k mk\n\
         -a always,exclude -F msgtype=CWD\n",
        "",
    );
    sh(
        &daemon,
        "touch HERE/watched/t; mkdir HERE/watched/d HERE/other",
    );
    daemon.stop();
    let log = daemon.log();
    assert!(log.calls("comm=\"touch\"").is_empty());
    // The rule is about the whole machine, where others make directories, too.
    let here = daemon.place().path().display().to_string();
    let keys: Vec<_> = log
        .calls("comm=\"mkdir\"")
        .iter()
        .filter(|line| log.event(line).iter().any(|record| record.contains(&here)))
        .map(|line| line.split("key=").nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["\"watch\"", "\"mk\""]);
    assert!(log.of_type("CWD").is_empty() && !log.of_type("PATH").is_empty());
}

#[test]
fn other_names_of_a_watched_file_do_not_evade_it() {
    require_root();
    let mut daemon = Daemon::prepare(
        "-w HERE/watched/f -p wa -k file\n-w HERE/tree -p wa -k tree\n",
        "",
    );
    fs::write(daemon.watched("f"), "").unwrap();
    daemon.place().dir("tree/sub");
    daemon.place().dir("bind");
    fs::hard_link(daemon.watched("f"), daemon.place().join("hard")).unwrap();
    std::os::unix::fs::symlink(daemon.watched("f"), daemon.place().join("soft")).unwrap();
    daemon = daemon.run();
    // Each in a mount namespace of its own, so that nothing is left mounted.
    for (n, write) in [
        "echo > HERE/hard",
        "echo > HERE/soft",
        "cd HERE/bind; echo > ../tree/../watched/f",
        "mount --bind HERE/tree HERE/bind; echo > HERE/bind/sub/x; cd HERE/bind; mkdir y",
    ]
    .iter()
    .enumerate()
    {
        let here = daemon.place().path().display().to_string();
        let status = Command::new("unshare")
            .args(["-m", "sh", "-c", &write.replace("HERE", &here)])
            .status()
            .unwrap();
        assert!(status.success(), "{n}");
    }
    daemon.stop();
    let log = daemon.log();
    let count = |key: &str| log.calls(&format!("key=\"{key}\"")).len();
    assert_eq!(count("file"), 3, "{}", log.text);
    assert_eq!(count("tree"), 2, "{}", log.text);
}

/// Renames that succeeded: mv(1) tries first without replacing.
fn renames(log: &Log) -> usize {
    let renames = log.calls("comm=\"mv\"");
    renames.iter().filter(|l| l.contains("success=yes")).count()
}

#[test]
fn a_watched_file_that_is_replaced_stays_watched() {
    require_root();
    let mut daemon = Daemon::prepare("-w HERE/watched/f -p wa -k file\n", "");
    fs::write(daemon.watched("f"), "").unwrap();
    daemon = daemon.run();
    for round in 0..3 {
        sh(
            &daemon,
            "echo new > HERE/watched/tmp; mv HERE/watched/tmp HERE/watched/f",
        );
        // The daemon has seen the rename when it has answered after the record was written.
        until("it is so", || renames(&daemon.log()) > round);
        // The rule is looked after in the same turn as the record is written.
        daemon.status();
        let hard = format!("HERE/hard{round}");
        sh(
            &daemon,
            &format!("ln HERE/watched/f {hard}; echo more >> {hard}; echo > HERE/watched/f"),
        );
    }
    sh(&daemon, "rm HERE/watched/f; echo again > HERE/watched/f");
    daemon.stop();
    let log = daemon.log();
    assert_eq!(renames(&log), 3, "{}", log.text);
    // Each round: the write through the hard link and that through the name.
    let opens = log.calls("comm=\"sh\"").len();
    assert_eq!(opens, 3 * 2 + 1, "{}", log.text);
    assert_eq!(log.calls("comm=\"rm\"").len(), 1);
}

/// A watched directory that is made anew is watched, and so is one below a directory that is.
#[test]
fn a_watched_directory_that_is_replaced_stays_watched() {
    require_root();
    let mut daemon = Daemon::prepare("-w HERE/watched/above/tree -p wa -k tree\n", "");
    fs::create_dir_all(daemon.watched("above/tree")).unwrap();
    daemon = daemon.run();
    let mut written = 0;
    for (old, new) in [
        ("watched/above/tree", "watched/above/tree"),
        ("watched/above", "watched/above/tree"),
    ] {
        let before = written;
        sh(
            &daemon,
            &format!("mv HERE/{old} HERE/old{before}; mkdir -p HERE/{new}"),
        );
        // Told as soon as the daemon has looked.
        until("it is so", || {
            written += 1;
            sh(&daemon, &format!("echo > HERE/{new}/{written}"));
            let log = daemon.log();
            (before + 1..=written).any(|n| log.text.contains(&format!("{new}/{n}\"")))
        });
    }
    daemon.stop();
}

#[test]
fn a_reload_under_load_loses_nothing() {
    require_root();
    let rules = |n: u32| format!("-w HERE/watched -p wa -k k\n-w HERE/other{n} -p w -k o\n");
    let mut daemon = Daemon::prepare(&rules(0), "");
    for n in 0..=20 {
        daemon.place().dir(format!("other{n}"));
    }
    daemon = daemon.run();
    let directory = daemon.watched("");
    let total = 4000;
    let writer = std::thread::spawn(move || {
        for n in 0..total {
            fs::create_dir(directory.join(n.to_string())).unwrap();
        }
    });
    for n in 1..=20 {
        daemon.write_rules(&rules(n));
        let output = daemon.ask(&["rules", "load"]);
        assert!(output.status.success(), "{}", text(&output));
        assert!(text(&daemon.ask(&["rules", "list"])).contains(&format!("other{n}")));
    }
    writer.join().unwrap();
    daemon.stop();
    let log = daemon.log();
    // The writer is a thread of this test: its calls are mkdir(2).
    assert_eq!(
        log.calls("key=\"k\"").len(),
        total,
        "events are missing or doubled"
    );
}

#[test]
fn requests() {
    require_root();
    let mut daemon = Daemon::start("-w HERE/watched -p wa -k one\n", "");
    let tolerant = "-c\n-w HERE/watched -p wa -k tolerant\n-a always,exit -F arch=b64 -S opnat\n";
    let here = daemon.place().path().display().to_string();
    fs::write(
        daemon.place().join("tolerant"),
        tolerant.replace("HERE", &here),
    )
    .unwrap();
    let rows: &[(&str, i32, &str)] = &[
        // auditctl's line, exit status, part of what it says
        (
            "-a always,exit -F arch=b64 -S openat -F uid=7 -k two",
            0,
            "",
        ),
        (
            "-a always,exit -F arch=b64 -S openat -F uid=7 -k two",
            255,
            "Rule exists",
        ),
        (
            "-l -k two",
            0,
            "-a always,exit -F arch=b64 -S openat -F uid=7 -F key=two\n",
        ),
        ("-l", 0, "-k one\n-a always"),
        (
            "-d always,exit -F arch=b64 -S openat -F uid=7 -k two",
            0,
            "",
        ),
        (
            "-d always,exit -F arch=b64 -S openat -F uid=7 -k two",
            255,
            "No such file or directory",
        ),
        ("-a always,exit -S opnat", 255, "did you mean `openat`?"),
        (
            "-a always,exit -F dir=/no/such/directory",
            255,
            "cannot watch /no/such/directory",
        ),
        (
            "-a never,user -F subj_type=x",
            255,
            "subj_type cannot be tested",
        ),
        ("-f 2", 255, "does not panic"),
        ("-b 8192", 0, "backlog_limit 8192"),
        ("-m hello", 0, ""),
        ("-W HERE/watched -p wa -k one", 0, ""),
        ("-l", 0, "No rules\n"),
        ("-R HERE/rules.d/test.rules", 0, ""),
        ("-D -k zzz", 0, ""),
        ("-l", 0, "-k one"),
        ("-D", 0, "No rules\n"),
        (
            "-R HERE/tolerant",
            255,
            "unknown x86_64 system call `opnat`\n",
        ),
        ("-l", 0, "-k tolerant"),
        ("-D -k tolerant", 0, "No rules\n"),
        ("-v", 0, "auditctl version"),
        ("-e 2", 0, "enabled 2"),
        ("-D", 255, "locked"),
        ("-w HERE/watched", 255, "locked"),
        ("-l", 0, "No rules"),
    ];
    for (line, status, said) in rows {
        let output = daemon.auditctl(line);
        assert_eq!(
            output.status.code(),
            Some(*status),
            "{line}: {}",
            text(&output)
        );
        assert!(text(&output).contains(said), "{line}: {}", text(&output));
    }
    let output = daemon.ask(&["rules", "load"]);
    assert_eq!(output.status.code(), Some(2), "locked: {}", text(&output));
    daemon.stop();
    let log = daemon.log();
    assert!(
        log.of_type("CONFIG_CHANGE")
            .iter()
            .any(|l| l.contains("op=remove_rule key=\"two\" list=4"))
    );
    assert!(
        log.of_type("CONFIG_CHANGE")
            .iter()
            .any(|l| l.contains("audit_enabled=2 old=1"))
    );
}

#[test]
fn refusals_in_the_words_of_the_command() {
    require_root();
    let daemon = Daemon::start("", "");
    let here = daemon.place().path().display().to_string();
    for (line, status, said) in [
        (
            "--loginuid-immutable",
            255,
            "cannot keep login ids from being changed",
        ),
        ("-q /a,/b", 255, "add a rule for the other tree"),
        ("-s", 0, "loginuid_immutable 0 unlocked"),
        ("-W HERE", 255, "Error sending delete rule data request (No"),
    ] {
        let output = daemon.auditctl(line);
        let code = output.status.code();
        assert_eq!(code, Some(status), "{line}: {}", text(&output));
        assert!(text(&output).contains(said), "{line}: {}", text(&output));
    }
    for (what, said) in [
        (
            "delete",
            "tracer: there is no such rule: `tracer rules list`",
        ),
        ("add", ""),
        ("add", "tracer: there is such a rule already: `tracer rules"),
        ("delete", ""),
    ] {
        let output = daemon.ask(&["rules", what, "-w", &here, "-k", "own"]);
        let code = if said.is_empty() { 0 } else { 2 };
        assert_eq!(output.status.code(), Some(code), "{}", text(&output));
        assert!(text(&output).starts_with(said), "{}", text(&output));
    }
}

#[test]
fn a_change_says_what_is_in_force_now() {
    require_root();
    let mut daemon = Daemon::start("", "");
    let here = daemon.watched("x").parent().unwrap().to_owned();
    let (a, b) = (here.join("a"), here.join("b"));
    let file = daemon.place().join("other.rules");
    let line = |path: &Path| format!("-w {} -p wa", path.display());
    fs::write(&file, format!("{}\n{}\n", line(&a), line(&b))).unwrap();
    let file = file.to_str().unwrap().to_owned();
    // A rule in quotes is a line of a rule file.
    for (args, said) in [
        (vec!["add", &line(&a)], "tracer: 1 rule in force: 1 added\n"),
        (vec!["load", &file], "tracer: 2 rules in force: 1 added\n"),
        (vec!["load", &file], "tracer: 2 rules in force: as before\n"),
        (vec!["load", "-q", &file], ""),
        (
            vec!["delete", &line(&b)],
            "tracer: 1 rule in force: 1 removed\n",
        ),
        (vec!["load"], "tracer: 0 rules in force: 1 removed\n"),
        (vec!["-q", "add", "-w", "/none", "-k", "own"], ""),
        (
            vec!["delete", "-k", "own"],
            "tracer: 0 rules in force: 1 removed\n",
        ),
        (vec!["-q", "add", &line(&b)], ""),
    ] {
        let output = daemon.ask(&[&["rules"], &args[..]].concat());
        assert!(output.status.success(), "{args:?}: {}", text(&output));
        assert_eq!(String::from_utf8_lossy(&output.stderr), said, "{args:?}");
    }
    for (args, said) in [
        (&["add", "/etc"][..], "tracer: `/etc` is not expected here"),
        (
            &["add", "-w", "/etc", "-p", "z"],
            "tracer: `z` is no permission",
        ),
        (
            &["add", "-w", "/no/such/dir/x"],
            "tracer: cannot watch /no/such/dir/x: ",
        ),
        (
            &["delete", "--al"],
            "tracer: option --al is not known: did you mean `--all`?",
        ),
        (&["load", "/no/such"], "tracer: cannot read /no/such: "),
    ] {
        let output = daemon.ask(&[&["rules"], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output));
        assert!(
            text(&output).starts_with(said),
            "{args:?}: {}",
            text(&output)
        );
    }
    // The daemon says it where it says things.
    daemon.write_rules(&line(&a));
    daemon.tracer().signal(Signal::SIGHUP);
    daemon
        .tracer()
        .wait_said("1 rule in force: 1 added, 1 removed");
    // Without files, the daemon's.
    let check = daemon.ask(&["rules", "check"]);
    assert!(
        text(&check).contains("1 rule in 1 file: no mistakes"),
        "{}",
        text(&check)
    );
    daemon.stop();
}

#[test]
fn messages() {
    require_root();
    let mut daemon = Daemon::start("", "");
    assert!(daemon.auditctl("-m hello").status.success());
    let own = UnixDatagram::unbound().unwrap();
    let socket = daemon.place().join("message.sock");
    for message in [
        "plain words",
        "type=USER_CMD a command",
        "type=SYSCALL forged",
        "a\nb='c'",
    ] {
        own.send_to(message.as_bytes(), &socket).unwrap();
    }
    daemon.stop();
    let log = daemon.log();
    let users = log.of_type("USER");
    let part = |n: usize| {
        users[n]
            .split("text=")
            .nth(1)
            .unwrap()
            .split(" exe=")
            .next()
            .unwrap()
    };
    let texts: Vec<_> = (0..users.len()).map(part).collect();
    let wanted = [
        "hello",
        "plain words",
        &hex("type=SYSCALL forged"),
        &hex("a\nb='c'"),
    ];
    assert_eq!(texts, wanted);
    assert!(log.of_type("USER_CMD")[0].contains("text=a command"));
}

fn hex(text: &str) -> String {
    text.bytes()
        .map(|b| format!("{b:02X}"))
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn only_root_is_answered() {
    require_root();
    let daemon = Daemon::start("", "message_socket_mode = \"0622\"");
    // Even where the socket can be reached, the kernel's word about the peer decides.
    let socket = daemon.place().join("control.sock");
    fs::set_permissions(&socket, std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
    let copy = public_copy(tracer(), &daemon.place().join("tracer"));
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--clear-groups"])
        .arg(&copy)
        .arg("status")
        .env("TRACER_CONFIG", daemon.config())
        .output()
        .expect("setpriv runs");
    assert!(text(&output).contains("only root"), "{}", text(&output));
    drop(daemon);
}

#[test]
fn signals_and_capabilities() {
    require_root();
    let mut daemon = Daemon::start("-w HERE/watched -p wa -k one\n", "");
    let pid = daemon.tracer().pid();
    for entry in fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
        let status = fs::read_to_string(entry.unwrap().path().join("status")).unwrap();
        let effective = status
            .lines()
            .find_map(|l| l.strip_prefix("CapEff:"))
            .unwrap();
        let effective = u64::from_str_radix(effective.trim(), 16).unwrap();
        // DAC_READ_SEARCH, SYS_PTRACE, SYS_ADMIN, PERFMON, BPF of linux/capability.h.
        let kept = 1 << 2 | 1 << 19 | 1 << 21 | 1 << 38 | 1u64 << 39;
        assert_eq!(effective & !kept, 0, "{effective:x}");
    }
    daemon.write_rules("-w HERE/watched -p wa -k two\n");
    daemon.tracer().signal(Signal::SIGHUP);
    until("it is so", || {
        text(&daemon.ask(&["rules", "list"])).contains("-k two")
    });
    // A mistake leaves the rules as they are.
    daemon.write_rules("-w HERE/watched -p wa -k three\n-a nonsense\n");
    daemon.tracer().signal(Signal::SIGHUP);
    daemon.tracer().wait_said("test.rules:2:4");
    assert!(text(&daemon.ask(&["rules", "list"])).contains("-k two"));
    sh(&daemon, "touch HERE/watched/a");
    daemon.tracer().signal(Signal::SIGUSR1);
    until("it is so", || daemon.status()["rotations"] == 1);
    sh(&daemon, "touch HERE/watched/b");
    daemon.stop();
    let log = daemon.log();
    assert_eq!(log.segments, 2);
    assert_eq!(log.calls("comm=\"touch\"").len(), 2);
    assert!(log.serials().is_sorted());
}

#[test]
fn what_is_wrong_is_said_and_nothing_starts() {
    require_root();
    for (rules, settings, code, said) in [
        ("-a always,exit -S opnat\n", "", 2, "did you mean `openat`?"),
        ("-w relative\n-p w\n", "", 2, "test.rules:2:"),
        ("", "nosuchkey = 1", 2, "unknown key `nosuchkey`"),
        ("", "disk_full_action = \"halt\"", 2, "allow_halt"),
        (
            "",
            "log_file = \"/proc/nowhere/audit.log\"",
            1,
            "/proc/nowhere",
        ),
    ] {
        let outcome = Daemon::prepare(rules, settings).refused();
        assert_eq!(
            outcome.status.code(),
            Some(code),
            "{settings}{rules}: {outcome:?}"
        );
        assert!(
            outcome.stderr.contains(said),
            "{settings}{rules}: {outcome:?}"
        );
    }
    let output = Daemon::prepare("", "").ask(&["status"]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output));
    assert!(text(&output).contains("start it"), "{}", text(&output));
}

/// Rule files are written for many machines: what this one lacks is told, and the rest is loaded.
#[test]
fn what_this_machine_lacks_is_left_out() {
    require_root();
    let rules = "-w HERE/watched -p wa -k there\n\
                 -a never,exit -S adjtimex -F uid=no-such-user -k user\n\
                 -a always,exit -S adjtimex -F gid=no-such-group -k group\n\
                 -a always,exit -F dir=HERE/none/ -F perm=wa -k directory\n";
    let daemon = Daemon::start(rules, "");
    let said = daemon.tracer().said();
    let file = daemon.place().join("rules.d/test.rules");
    for line in 2..=4 {
        let place = format!("{}:{line}:", file.display());
        assert!(said.contains(&place), "{place} {said}");
    }
    assert!(said.contains("left out"), "{said}");
    let list = text(&daemon.ask(&["rules", "list"]));
    assert!(list.contains("-k there"), "{list}");
    assert_eq!(list.matches("-k ").count(), 1, "{list}");
    let check = daemon.ask(&["rules", "check", file.to_str().unwrap()]);
    assert_eq!(check.status.code(), Some(1), "{}", text(&check));
    assert!(
        text(&check).contains("1 rule in 1 file"),
        "{}",
        text(&check)
    );
}

/// A shell completes the keys of the rules in force, wherever a key can stand.
#[test]
fn keys_in_force_are_completed() {
    require_root();
    let daemon = Daemon::start(
        "-w HERE/watched -p wa -k harvest\n-a always,exit -S adjtimex -k seed\n",
        "",
    );
    for words in [
        &["search", "-k", ""][..],
        &["rules", "add", "-w", "/x", "-k", ""],
        &["rules", "delete", "-k", ""],
        &["rules", "list", "--key", ""],
    ] {
        let output = tracer_command(["--", "tracer"])
            .args(words)
            .env("COMPLETE", "bash")
            .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
            .env("_CLAP_IFS", "\n")
            .env("_CLAP_COMPLETE_COMP_TYPE", "9")
            .env("_CLAP_COMPLETE_SPACE", "false")
            .env("TRACER_CONFIG", daemon.config())
            .output()
            .expect("tracer runs");
        let keys: Vec<_> = text(&output).lines().map(str::to_owned).collect();
        assert_eq!(keys, ["harvest", "seed"], "{words:?}");
    }
}

#[test]
fn a_log_as_auditd_writes_it() {
    require_root();
    let mut daemon = Daemon::start(
        "-w HERE/watched -p wa -k seed\n",
        "log_format = \"ENRICHED\"\nname_format = \"user\"\nname = \"web1\"\nown_records = false\n",
    );
    sh(&daemon, "cd HERE/watched; echo x > a; rm a");
    daemon.stop();
    let text = fs::read_to_string(daemon.log_path()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines.iter().all(|line| line.starts_with("node=web1 type=")),
        "{text}"
    );
    assert!(
        !text.contains("type=EOE") && !text.contains(" a0=?"),
        "{text}"
    );
    assert!(!text.contains("type=KERNEL_OTHER"), "{text}");
    let calls: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("type=SYSCALL") && line.contains("comm=\"rm\""))
        .collect();
    assert_eq!(calls.len(), 1, "{text}");
    let (_, names) = calls[0].split_once('\u{1d}').expect("names");
    for name in [
        "ARCH=",
        "SYSCALL=unlinkat",
        "AUID=",
        "UID=\"root\"",
        "FSGID=\"root\"",
    ] {
        assert!(names.contains(name), "{name}: {names}");
    }
    // The real tools read it, and so do ours.
    for found in [
        daemon.real("ausearch", &["-k", "seed", "-n", "web1", "-i"]),
        String::from_utf8(
            daemon
                .ask(&[
                    "search",
                    "-i",
                    "-n",
                    "web1",
                    "-k",
                    "seed",
                    "-if",
                    daemon.log_path().to_str().unwrap(),
                ])
                .stdout,
        )
        .unwrap(),
    ] {
        assert!(found.contains("syscall=unlinkat"), "{found}");
    }
}
