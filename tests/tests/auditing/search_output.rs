//! What `tracer search` prints of events that are out of the ordinary.

use std::{fmt::Write as _, fs, io::Read as _, path::Path, process::Stdio};

use tests::{Place, run_to_end, tracer_command};

fn search(log: &Path, args: &[&str]) -> String {
    let out = tracer_command(["search", "-if"])
        .arg(log)
        .args(args)
        .env("TZ", "UTC")
        .output()
        .expect("tracer runs");
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout).expect("UTF-8")
}

#[test]
fn a_sentence_about_a_loss_says_how_many_and_why() {
    let place = Place::new();
    let log = place.join("audit.log");
    for (fields, words) in [
        (
            "tracer=\"loss\" tr_op=\"lost\" tr_time=\"1.000000001\" tr_count=\"7\" tr_reason=\"ring-full\"",
            "lost 7 events: ring-full",
        ),
        (
            "tracer=\"loss\" tr_op=\"lost\" tr_time=\"1.000000001\" tr_count=\"?\" tr_reason=\"restart\"",
            "lost an unknown number of events: restart",
        ),
        (
            "tracer=loss op=lost time=1.000000001 cpu=0 count=7 reason=ring-full",
            "lost 7 events: ring-full",
        ),
        (
            "tracer=loss op=lost time=1.000000001 count=1 reason=output",
            "lost 1 event: output",
        ),
        (
            "tracer=loss op=lost time=1.000000001 reason=restart",
            "lost an unknown number of events: restart",
        ),
    ] {
        fs::write(
            &log,
            format!("type=UNKNOWN[2099] msg=audit(1.000:5): {fields}\n"),
        )
        .expect("written");
        let text = search(&log, &["--format", "text"]);
        assert_eq!(text, format!("At 00:00:01 01/01/70 system {words}\n"));
    }
}

/// One event of very many records: as JSON it takes the memory of its text, not some times that.
#[test]
fn a_very_large_event_takes_little_more_than_its_text() {
    const RECORDS: usize = 60_000;
    let place = Place::new();
    let log = place.join("audit.log");
    let mut text = String::new();
    for n in 0..RECORDS {
        writeln!(
            text,
            "type=PATH msg=audit(1.000:5): item={n} name=\"/srv/some/name-{n}\" inode={n} dev=fd:01 \
             mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0"
        )
        .expect("a string takes it");
    }
    fs::write(&log, &text).expect("written");
    let mut child = tracer_command(["search", "--threads", "1", "--format", "json", "-if"])
        .arg(&log)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("tracer runs");
    // While more is to come than a pipe takes, it waits with all that it needs. (What wait4(2) tells of a
    // process has the memory of the one that started it in it.)
    let mut out = child.stdout.take().expect("it is piped");
    let mut printed = vec![0; 16 << 20];
    out.read_exact(&mut printed).expect("it is longer");
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it waits");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|rest| rest.split_whitespace().next());
    let peak: usize = peak.expect("it has one").parse().expect("a number");
    let peak = peak * 1024;
    out.read_to_end(&mut printed).expect("read");
    assert!(printed.len() > (16 << 20) + (128 << 10), "it had to wait");
    assert!(child.wait().expect("it ends").success());
    let object: serde_json::Value = serde_json::from_slice(&printed).expect("one object");
    assert_eq!(
        object["records"].as_array().expect("records").len(),
        RECORDS
    );
    assert_eq!(
        (&object["serial"], &object["records"][7]["fields"]["item"]),
        (&5.into(), &"7".into())
    );
    let most = 2 * text.len() + printed.len() + (48 << 20);
    assert!(
        peak < most,
        "{peak} bytes, for {} in and {} out",
        text.len(),
        printed.len()
    );
}

/// The serial numbers of the events that are found in the log of a real machine.
fn found(args: &[&str]) -> Vec<String> {
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/audit-reference/audit.log");
    let out = tracer_command(["search", "--format", "json", "-if"])
        .arg(log)
        .args(args)
        .env("TZ", "UTC")
        .output()
        .expect("tracer runs");
    String::from_utf8(out.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| {
            let event: serde_json::Value = serde_json::from_str(line).expect("JSON");
            event["serial"].to_string()
        })
        .collect()
}

/// An expression finds what the options find that ask for the same.
#[test]
fn an_expression_is_an_option_in_other_words() {
    for (expression, options) in [
        ("key == \"mv\"", &["-w", "-k", "mv"][..]),
        ("comm == \"auditctl\"", &["-w", "-c", "auditctl"]),
        (
            "exe =~ \"^/usr/bin/\" and not success",
            &["-x", "/usr/bin/", "-sv", "no"],
        ),
        (
            "syscall == \"openat\" and exit == \"EACCES\"",
            &["-sc", "openat", "-e", "EACCES"],
        ),
        (
            "type in (\"PATH\", \"USER_LOGIN\")",
            &["-m", "PATH,USER_LOGIN"],
        ),
        ("path =~ \"/suites/w/s\"", &["-f", "/suites/w/s"]),
        ("success", &["-sv", "yes"]),
    ] {
        let ours = found(&["--where", expression]);
        // The working directory is no file of an expression.
        let theirs = found(options);
        assert!(!ours.is_empty(), "{expression}");
        if expression.starts_with("path") || expression.starts_with("exe") {
            assert!(ours.iter().all(|one| theirs.contains(one)), "{expression}");
        } else {
            assert_eq!(ours, theirs, "{expression}");
        }
    }
    let both = found(&["-k", "mv", "--where", "success"]);
    assert_eq!(both, found(&["-k", "mv", "-sv", "yes"]));
    // A report of the same events.
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/audit-reference/audit.log");
    let report = |args: &[&str]| {
        let mut command = tracer_command(["report", "-x", "--summary", "-if"]);
        command
            .arg(&log)
            .args(args)
            .output()
            .expect("it runs")
            .stdout
    };
    let sums = report(&["--where", "not success"]);
    assert_ne!(sums, report(&[]));
    let rows = |text: &[u8]| {
        String::from_utf8_lossy(text)
            .lines()
            .skip(5)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(rows(&sums), rows(&report(&["--failed"])));
}

#[test]
fn a_wrong_expression_is_refused_with_a_caret() {
    let out = tracer_command(["search", "--where", "comm == \"rm\" and pth =~ \"^/etc\""])
        .output()
        .expect("tracer runs");
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8(out.stderr).expect("UTF-8");
    assert!(
        said.contains(
            "--where: field `pth` is not known\n   | comm == \"rm\" and pth =~ \"^/etc\"\n   |                  ^^^ did you mean `path`?"
        ),
        "{said}"
    );
}

/// An event of which there is more in the log than is read of one is told, and that it is cut is said.
#[test]
fn an_event_that_is_cut_is_said() {
    let place = Place::new();
    let log = place.join("audit.log");
    let mut text = "type=SYSCALL msg=audit(1.000:1): pid=1 key=\"long\"\n".to_owned();
    let argument = "x".repeat(100_000);
    for _ in 0..400 {
        let _ = writeln!(text, "type=EXECVE msg=audit(1.000:1): a0=\"{argument}\"");
    }
    let _ = writeln!(text, "type=USER msg=audit(1.000:2): pid=2");
    fs::write(&log, text).expect("written");
    let mut command = tracer_command(["search", "-r", "-k", "long", "-if"]);
    let out = command.arg(&log).output().expect("tracer runs");
    let said = String::from_utf8(out.stderr).expect("UTF-8");
    assert!(
        said.contains("at offset 0: an event goes on for more than 30 MiB"),
        "{said}"
    );
    assert!(out.stdout.len() > 30 << 20, "{}", out.stdout.len());
}

/// Runs a command that is refused, and gives what it said.
fn refused(args: &[&str], code: i32) -> String {
    let mut command = tracer_command(args);
    run_to_end(command.env("LC_ALL", "C")).ended(code).stderr
}

#[test]
fn what_is_not_known_is_told_with_the_nearest() {
    let place = Place::new();
    let log = place.join("audit.log");
    fs::write(
        &log,
        "type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=2 success=yes\n",
    )
    .expect("written");
    let passwd = place.join("passwd");
    fs::write(&passwd, "somebody:x:4000001:4000001::/:/bin/sh\n").expect("written");
    let log = log.to_str().expect("UTF-8");
    let passwd = passwd.to_str().expect("UTF-8");
    for (args, wanted) in [
        (&["-m", "SYSCAL"][..], "-m SYSCAL: did you mean `SYSCALL`?"),
        (
            &["-m", "path,cwd,sysall"],
            "-m path,cwd,sysall: did you mean `SYSCALL`?",
        ),
        (&["-e", "EACESS"], "-e EACESS: did you mean `EACCES`?"),
        (&["-e", "-EPREM"], "-e -EPREM: did you mean `EPERM`?"),
        (&["--format", "jsn"], "--format jsn: did you mean `json`?"),
        (
            &["-ui", "roott"],
            "-ui roott: there is no such user on this machine: did you mean `root`?",
        ),
        (
            &["-gi", "nosuchgroup"],
            "-gi nosuchgroup: there is no such group on this machine: expected a name or a number; \
             --passwd FILE has those of another machine",
        ),
        (
            &["-ua", "sombody", "--passwd", passwd],
            "-ua sombody: there is no such user in the file of --passwd: did you mean `somebody`?",
        ),
        (
            &["--text"],
            "--text is an unsupported option (is --format text meant?)",
        ),
        (
            &["--sucess", "no"],
            "--sucess is an unsupported option (is --success meant?)",
        ),
        (
            &["--summary"],
            "--summary is an unsupported option: it is one of report; `search --raw ... | report` \
             counts what is found",
        ),
        (
            &["-k", "two", "words"],
            "`words` is no option: -k takes 1 word; quote a value that has spaces",
        ),
    ] {
        let said = refused(&[&["search", "-if", log], args].concat(), 2);
        assert_eq!(said, format!("tracer: {wanted}\n"), "{args:?}");
    }
    let said = refused(&["search", log], 2);
    assert_eq!(
        said,
        format!("tracer: `{log}` is no option: a log is named by -if {log}\n")
    );
    let said = refused(&["report", "-if", log, "-sc", "open"], 2);
    assert!(
        said.contains("it is one of search; here conditions are --where"),
        "{said}"
    );
}

/// Calls are named alike wherever they are named, and what is wrong is told in the same words.
#[test]
fn a_call_is_looked_for_in_one_way() {
    let place = Place::new();
    let (log, rules) = (place.join("audit.log"), place.join("my.rules"));
    fs::write(
        &log,
        "type=SYSCALL msg=audit(1.000:5): arch=c000003e syscall=2\n",
    )
    .expect("written");
    let (log, file) = (log.to_str().expect("UTF-8"), rules.to_str().expect("UTF-8"));
    for (name, in_tables, in_sets) in [
        (
            "opnat",
            "did you mean `openat`?",
            Some("did you mean `openat`?"),
        ),
        ("socketcall", "only i386 has it: use ", None),
        (
            "%file",
            "`%file` is a set of calls, which only `trace -e` takes",
            None,
        ),
        ("%fiel", "is a set of calls", Some("did you mean `%file`?")),
        (
            "whatever",
            "expected a name as in syscalls(2)",
            Some("names as in syscalls(2)"),
        ),
        ("pread", "", None),
        ("umount2", "", None),
        ("257", "", None),
    ] {
        fs::write(&rules, format!("-a always,exit -F arch=b64 -S {name}\n")).expect("written");
        let search = ["search", "-if", log, "-sc", name, "--arch", "x86_64"];
        let (checked, searched) = if in_tables.is_empty() { (0, 1) } else { (2, 2) };
        for said in [
            refused(&["rules", "check", file], checked),
            refused(&search, searched),
        ] {
            assert!(said.contains(in_tables), "{name}: {said}");
        }
        if let Some(wanted) = in_sets {
            let said = refused(&["trace", "-e", name, "--", "true"], 2);
            assert!(said.contains(wanted), "{name}: {said}");
        }
    }
}

#[test]
fn what_is_no_log_is_refused_and_shown() {
    let place = Place::new();
    let file = place.join("file");
    let name = file.to_str().expect("UTF-8");
    let recording = [b"\x89TRC\r\n\x1a\n".as_slice(), b"x\n"].concat();
    let long = "no record\n".repeat(20_000);
    for (text, wanted) in [
        (
            b"\n# settings\n[log]\n".as_slice(),
            "it begins with `# settings`, and a record with `type=`",
        ),
        (b"\x7fELF\x01\n\x1b[2J", "it is no text"),
        (&recording, "it is a recording: `tracer replay "),
        (long.as_bytes(), "it begins with `no record`"),
    ] {
        fs::write(&file, text).expect("written");
        for tool in [
            &["search"][..],
            &["search", "-k", "x"],
            &["search", "--follow"],
            &["report"],
        ] {
            let said = refused(&[tool, &["-if", name]].concat(), 5);
            let begins = format!("tracer: {name} is no audit log: ");
            assert!(said.starts_with(&begins), "{tool:?}: {said}");
            assert!(said.contains(wanted), "{tool:?}: {said}");
            assert!(!said.contains('\x1b'), "{said:?}");
            assert_eq!(said.lines().count(), 1, "{said}");
        }
    }
    // A log that has something else, too, is one.
    fs::write(&file, "# begins\ntype=USER msg=audit(1.000:5): msg=x\n").expect("written");
    let outcome = run_to_end(&mut tracer_command(["search", "-if", name])).ended(0);
    let said = "at offset 0: no audit record: it does not begin with type= or node=: `# begins`";
    assert!(outcome.stderr.contains(said), "{outcome:?}");
    // And so is an empty one.
    fs::write(&file, "").expect("written");
    assert!(refused(&["search", "-if", name], 1).starts_with("<no matches>"));
}
