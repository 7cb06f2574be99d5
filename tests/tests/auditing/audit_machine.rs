//! Logs of another machine, and searches that go on where the last one ended.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use tests::tracer;

/// What `tracer ARGS` prints, in UTC.
fn said(args: &[&str]) -> String {
    let output = Command::new(tracer())
        .args(args)
        .env("TZ", "UTC")
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn golden(name: &str) -> String {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/audit-forms");
    dir.join(name).to_str().unwrap().to_owned()
}

#[test]
fn users_and_times_of_the_machine_that_wrote_it() {
    let (log, passwd) = (golden("login_old.log"), golden("passwd"));
    let text = |args: &[&str]| {
        let mut all = vec![
            "search", "-if", &log, "--passwd", &passwd, "--format", "text",
        ];
        all.extend(args);
        said(&all)
    };
    assert!(text(&[]).contains("At 07:40:01 05/24/12 "), "{}", text(&[]));
    let east = text(&["--tz", "+02:00"]);
    assert!(east.contains("At 09:40:01 05/24/12 "), "{east}");
    // The zone holds for the times that are asked for, wherever it stands.
    let window = ["-ts", "05/24/12", "09:40:00", "-te", "05/24/12", "09:40:02"];
    assert!(text(&window).is_empty());
    let mut zoned = window.to_vec();
    zoned.extend(["--tz", "+02:00"]);
    assert!(!text(&zoned).is_empty());
    // `ana` is 1000 there, whoever that is here.
    let by_name = ["search", "-if", &log, "--passwd", &passwd, "-ul", "ana"];
    assert!(said(&by_name).contains("type=LOGIN"));
    let report = said(&["report", "-if", &log, "--passwd", &passwd, "-e", "-i"]);
    assert!(report.contains(" LOGIN ana yes"), "{report}");
    let refused = |args: &[&str]| Command::new(tracer()).args(args).output().unwrap();
    for (args, code, words) in [
        (
            &["search", "--tz", "Nowhere/City"][..],
            2,
            "Europe/Berlin or +02:00",
        ),
        (
            &["report", "--passwd", "/nonexistent"],
            5,
            "cannot read /nonexistent",
        ),
    ] {
        let output = refused(args);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn a_call_by_the_table_of_the_architecture_in_either_order() {
    let log = golden("arch_ppc64le.log");
    for args in [
        &["-sc", "execve", "--arch", "ppc64le"][..],
        &["--arch", "ppc64le", "-sc", "execve"],
        &["-sc", "execve"],
        &["-sc", "11"],
        &["--arch", "b64"],
    ] {
        let mut all = vec!["search", "-if", &log, "--raw"];
        all.extend(args);
        assert!(said(&all).contains("syscall=11"), "{args:?}");
    }
    for args in [
        &["-sc", "execve", "--arch", "x86_64"][..],
        &["-sc", "execve", "--arch", "b32"],
        &["-sc", "open"],
    ] {
        let mut all = vec!["search", "-if", &log, "--raw"];
        all.extend(args);
        assert_eq!(said(&all), "", "{args:?}");
    }
}

/// The file that a checkpoint names has its event, as a rule. Where it was rotated away and nothing has
/// come since, the event is in the one before; and what was packed is another file.
#[test]
fn a_checkpoint_is_found_in_whatever_file_its_event_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let (log, seen) = (path("audit.log"), path("seen"));
    let line = |n: u64| {
        format!("type=USER_CMD msg=audit(170000000{n}.000:{n}): pid=1 uid=0 auid=0 ses=1\n")
    };
    let lines = |range: std::ops::Range<u64>| range.map(line).collect::<String>();
    let search = || {
        let mut command = Command::new(tracer());
        command.args(["search", "-r", "-if"]).arg(dir.path());
        let out = command.arg("--checkpoint").arg(&seen).output().unwrap();
        let raw = String::from_utf8(out.stdout).unwrap();
        (out.status.code(), serials(&raw))
    };
    fs::write(path("audit.log.1"), lines(1..3)).unwrap();
    fs::write(&log, "").unwrap();
    assert_eq!(search(), (Some(0), [1, 2].into()));
    // The empty log is the one that the checkpoint names.
    assert_eq!(search(), (Some(1), [].into()));
    fs::write(&log, lines(3..4)).unwrap();
    assert_eq!(search(), (Some(0), [3].into()));
    // Packed: another inode.
    fs::rename(path("audit.log.1"), path("audit.log.2")).unwrap();
    let packed = Command::new("gzip").arg("-n").arg(&log).status().unwrap();
    assert!(packed.success());
    fs::rename(path("audit.log.gz"), path("audit.log.1.gz")).unwrap();
    fs::write(&log, lines(4..5)).unwrap();
    assert_eq!(search(), (Some(0), [4].into()));
    // It is nowhere any more.
    fs::rename(&log, path("other")).unwrap();
    fs::write(&log, lines(7..8)).unwrap();
    assert_eq!(search().0, Some(10));
    fs::rename(path("other"), &log).unwrap();
    fs::write(&log, lines(7..8)).unwrap();
    assert_eq!(search().0, Some(12));
}

/// Serial numbers of the events in a raw output.
fn serials(raw: &str) -> BTreeSet<u64> {
    let serial = |line: &str| line.split([':', ')']).nth(1).unwrap().parse().unwrap();
    raw.lines().map(serial).collect()
}

#[test]
fn a_checkpoint_never_passes_over_what_was_not_printed() {
    let dir = tempfile::tempdir().unwrap();
    let (log, seen) = (dir.path().join("log"), dir.path().join("seen"));
    let line = |n: u64| {
        format!(
            "type=USER_CMD msg=audit({}.000:{n}): pid=1 uid=0 auid=0 ses=1\n",
            1_700_000_000 + n
        )
    };
    fs::write(&log, (1..=10).map(line).collect::<String>()).unwrap();
    let search = |args: &[&str]| {
        let mut all = vec!["search", "-r", "-if", log.to_str().unwrap()];
        all.extend(["--checkpoint", seen.to_str().unwrap()]);
        all.extend(args);
        serials(&said(&all))
    };
    // One at a time: each is told once.
    assert_eq!(search(&["--just-one"]), [1].into());
    assert_eq!(search(&["--just-one"]), [2].into());
    // Up to a time: the rest is for the next run.
    assert_eq!(
        search(&["-te", "11/14/23", "22:13:25"]),
        (3..=5).collect(),
        "22:13:20 and five seconds"
    );
    assert_eq!(search(&[]), (6..=10).collect());
    assert_eq!(search(&[]), [].into());
}
