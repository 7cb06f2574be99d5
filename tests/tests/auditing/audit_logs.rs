//! Logs that tracer writes, searched by tracer and by the real ausearch and aureport: the same
//! events are found.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use tests::{audit_tool, complaints, require_ebpf, tracer};

/// A log of what some commands did, with names that are hard to write.
fn log(dir: &Path) -> PathBuf {
    let log = dir.join("audit.log");
    let script = "cd \"$1\" && echo x > plain && mv plain 'with space' && cat missing; \
                  chmod 600 'with space'; ln -s plain link; mkdir sub; rm 'with space'; true";
    let status = Command::new(tracer())
        .args([
            "trace",
            "-q",
            "--format",
            "audit",
            "-e",
            "file,process",
            "-o",
        ])
        .arg(&log)
        .args(["--", "sh", "-c", script, "sh"])
        .arg(dir)
        .status()
        .unwrap();
    assert!(status.success());
    log
}

/// What a command prints.
fn output(command: &mut Command) -> String {
    let output = command
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert!(complaints(&output).is_empty(), "{command:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The events in raw records.
fn events(raw: &str) -> BTreeSet<&str> {
    raw.lines()
        .filter_map(|line| line.split_once("audit(")?.1.split(')').next())
        .collect()
}

#[test]
fn the_same_events_are_found() {
    require_ebpf();
    let dir = tempfile::tempdir().unwrap();
    let log = log(dir.path());
    let text = std::fs::read_to_string(&log).unwrap();
    let mut found = 0;
    for args in [
        &["-r"][..],
        &["-r", "-sc", "openat"],
        &["-r", "-sv", "no"],
        &["-r", "-e", "-2"],
        &["-r", "-f", "with space"],
        &["-r", "-f", "missing"],
        &["-r", "-c", "mv"],
        &["-r", "-w", "-c", "m"],
        &["-r", "-x", "/usr/bin/rm"],
        &["-r", "-ui", "0"],
        &["-r", "-ui", "12345"],
        &["-r", "-m", "EXECVE,CWD"],
        &["-r", "-ts", "today"],
        &["-r", "--arch", "x86_64", "-sc", "execve"],
    ] {
        let ours = output(
            Command::new(tracer())
                .arg("search")
                .args(args)
                .arg("-if")
                .arg(&log),
        );
        let theirs = output(audit_tool("ausearch").args(args).arg("-if").arg(&log));
        let (ours, theirs) = (events(&ours), events(&theirs));
        assert!(
            theirs.is_subset(&ours),
            "{args:?}: {:?}",
            theirs.difference(&ours)
        );
        // What audit has no record for only tracer finds.
        for only_ours in ours.difference(&theirs) {
            let call = format!("type=SYSCALL msg=audit({only_ours})");
            assert!(!text.contains(&call), "{args:?}: {only_ours}");
        }
        found += theirs.len();
    }
    assert!(found > 50, "only {found} events");
}

/// Records that a machine has with security modules, logins and virtual machines: the same text
/// and the same exit status as the real tools'.
#[test]
fn records_of_other_machines() {
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/decisions.log");
    for line in [
        "ausearch -r -sv no",
        "ausearch -r -sv yes",
        "ausearch -r -ga 1005",
        "ausearch --format text",
        "ausearch --format csv -m AVC,USER_LOGIN,VIRT_CONTROL,CRYPTO_SESSION,USYS_CONFIG,SYSCALL",
        "aureport",
        "aureport --failed",
        "aureport --success",
        "aureport -a",
        "aureport -a --failed",
        "aureport -a --summary",
        "aureport -u",
        "aureport -u --summary",
        "aureport -au",
        "aureport -au --summary",
        "aureport -l --summary",
        "aureport -e -i",
        "aureport -f",
        "aureport -p -i",
        "aureport -tm",
        "aureport -tm --summary",
        "aureport -ma",
        "aureport -ma --summary",
    ] {
        let mut words = line.split(' ');
        let tool = words.next().expect("a tool");
        let args: Vec<_> = words.collect();
        let mut ours = Command::new(tracer());
        ours.arg(
            tool.replace("ausearch", "search")
                .replace("aureport", "report"),
        );
        let [real, ours] = [audit_tool(tool), ours].map(|mut command| {
            command.args(&args).arg("-if").arg(&log);
            let output = command
                .env("LC_ALL", "C")
                .env("TZ", "UTC")
                .output()
                .unwrap();
            (
                output.status.code(),
                String::from_utf8_lossy(&output.stdout).into_owned(),
            )
        });
        // What was granted is no failure, as auparse says (docs/audit-tools.md).
        let granted = |text: &str| {
            text.replace("u:r:t1_t:s0 unsuccessfully ", "u:r:t1_t:s0 successfully ")
                .replace(
                    "controlled-object,failed,,,unknown,sh",
                    "controlled-object,success,,,unknown,sh",
                )
        };
        let real = (real.0, granted(&real.1));
        let ours = (ours.0, granted(&ours.1));
        assert_eq!(real, ours, "{line}");
    }
}

#[test]
fn the_same_reports() {
    require_ebpf();
    let dir = tempfile::tempdir().unwrap();
    let log = log(dir.path());
    for args in [
        &["--summary"][..],
        &["-f", "--summary"],
        &["-x", "--summary"],
        &["-x", "--summary", "--failed"],
        &["-s", "-i", "--summary"],
        &["-u"],
        &["-x", "-i"],
        &["-e"],
        &["-t"],
    ] {
        // What only our own record tells is ours alone.
        let real_log = dir.path().join("LOG");
        let text = std::fs::read_to_string(&log).unwrap();
        let standard: Vec<_> = text
            .lines()
            .filter(|line| !line.starts_with("type=KERNEL_OTHER"))
            .collect();
        std::fs::write(&real_log, standard.join("\n") + "\n").unwrap();
        let ours = output(
            Command::new(tracer())
                .arg("report")
                .args(args)
                .arg("-if")
                .arg(&real_log),
        );
        let theirs = output(audit_tool("aureport").args(args).arg("-if").arg(&real_log));
        assert_eq!(ours, theirs, "{args:?}");
    }
}

#[test]
fn what_only_tracer_tells_is_found_too() {
    require_ebpf();
    let dir = tempfile::tempdir().unwrap();
    let log = log(dir.path());
    let path = dir.path().canonicalize().unwrap().join("with space");
    let search = |args: &[&str]| {
        output(
            Command::new(tracer())
                .arg("search")
                .args(args)
                .arg("-if")
                .arg(&log),
        )
    };
    // The program passed a relative name.
    let found = search(&["-w", "-f", path.to_str().unwrap(), "--format", "text"]);
    assert!(
        found.contains("renamed") && found.contains("deleted"),
        "{found}"
    );
    let json = search(&["-c", "rm", "--format", "json"]);
    for line in json.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(event["records"][0]["fields"].is_object(), "{line}");
    }
    // The end of a process has no record of the kernel's.
    assert!(search(&["-m", "KERNEL_OTHER", "--format", "text"]).contains(" exit "));
}

#[test]
fn a_checkpoint_goes_on_where_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    let (log, checkpoint) = (dir.path().join("log"), dir.path().join("seen"));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/audit-reference/audit.log");
    let text = std::fs::read_to_string(golden).unwrap();
    let mut seen = BTreeSet::new();
    let mut cut = 0;
    let (mut runs, mut twice) = (0, 0);
    while cut < text.len() {
        cut = (cut + 60_000).min(text.len());
        std::fs::write(&log, &text[..cut]).unwrap();
        let mut command = Command::new(tracer());
        command
            .args(["search", "-r", "--checkpoint"])
            .arg(&checkpoint);
        let found = output(command.arg("-if").arg(&log));
        for event in events(&found) {
            twice += usize::from(!seen.insert(event.to_owned()));
        }
        runs += 1;
    }
    assert!(runs > 5);
    assert_eq!(twice, 0, "no event is told twice");
    // The last two seconds wait for the next time, from the first event of them that has no end.
    let all = events(&text).len();
    assert!(
        seen.len() <= all && !seen.is_empty(),
        "{} of {all}",
        seen.len()
    );
    // Seconds later everything is whole.
    let later =
        format!("{text}type=USER msg=audit(1795377999.000:9999): pid=1 uid=0 auid=0 ses=1\n");
    std::fs::write(&log, &later).unwrap();
    let mut command = Command::new(tracer());
    command
        .args(["search", "-r", "--checkpoint"])
        .arg(&checkpoint);
    let rest = output(command.arg("-if").arg(&log));
    seen.extend(events(&rest).into_iter().map(str::to_owned));
    assert_eq!(seen.len(), all + 1);
    std::fs::write(&checkpoint, "hello\n").unwrap();
    let status = Command::new(tracer())
        .args(["search", "--checkpoint"])
        .arg(&checkpoint)
        .arg("-if")
        .arg(&log)
        .output()
        .unwrap()
        .status;
    assert_eq!(status.code(), Some(10));
}
