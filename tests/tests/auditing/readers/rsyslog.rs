//! rsyslog between a log and its reader: a file is read, sent to a server, and written there. The
//! settings are those of docs/audit-tools.md.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
};

use tests::{PATIENCE, tracer};

use super::{
    logs::{logs, told},
    programs::room,
};

/// What docs/audit-tools.md says that both ends need.
const SETTINGS: &str =
    "global(maxMessageSize=\"16k\" parser.escapeControlCharactersOnReceive=\"off\")";

/// A log as it arrives.
fn through(log: &Path, settings: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let here = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = here.local_addr().unwrap().port();
    // A port that is free now.
    let between = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut text = format!(
        "global(workDirectory=\"{}\")\n{settings}\n",
        dir.path().display()
    );
    let forward = |port: u16, more: &str| {
        format!(
            "action(type=\"omfwd\" target=\"127.0.0.1\" port=\"{port}\" protocol=\"tcp\" \
             action.resumeRetryCount=\"-1\" action.resumeInterval=\"1\" {more})"
        )
    };
    let _ = write!(
        text,
        "module(load=\"imfile\")\nmodule(load=\"imtcp\")\n\
         template(name=\"line\" type=\"string\" string=\"%msg:2:$%\\n\")\n\
         ruleset(name=\"server\") {{ {} }}\nruleset(name=\"client\") {{ {} }}\n\
         input(type=\"imtcp\" address=\"127.0.0.1\" port=\"{}\" ruleset=\"server\")\n\
         input(type=\"imfile\" file=\"{}\" tag=\"audit\" ruleset=\"client\")\n",
        forward(to, "template=\"line\""),
        forward(between.port(), ""),
        between.port(),
        log.display()
    );
    let config = dir.path().join("rsyslog.conf");
    fs::write(&config, text).unwrap();
    let libraries = room().join(format!(
        "debian/usr/lib/{}-linux-gnu",
        std::env::consts::ARCH
    ));
    let mut rsyslog = Command::new(room().join("debian/usr/sbin/rsyslogd"))
        .arg("-n")
        .arg("-i")
        .arg(dir.path().join("pid"))
        .arg("-f")
        .arg(&config)
        .arg("-M")
        .arg(libraries.join("rsyslog"))
        .env("LD_LIBRARY_PATH", &libraries)
        .stdout(Stdio::null())
        .spawn()
        .expect("cargo xtask readers");
    let lines = fs::read_to_string(log).unwrap().lines().count();
    let (sender, arrived) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = here.accept().unwrap();
        let mut all = Vec::new();
        let mut stream = BufReader::new(&mut stream);
        for _ in 0..lines {
            let _ = stream.read_until(b'\n', &mut all);
        }
        let _ = sender.send(all);
    });
    let all = arrived.recv_timeout(PATIENCE);
    rsyslog.kill().unwrap();
    rsyslog.wait().unwrap();
    String::from_utf8(all.expect("all lines arrive")).expect("a log is ASCII")
}

/// A log with a line that is longer than what rsyslog takes by itself.
fn with_long_line(dir: &Path) -> std::path::PathBuf {
    let mut text = fs::read_to_string(logs().enriched()).unwrap();
    let name = "C3BC".repeat(2040);
    let _ = writeln!(
        text,
        "type=PATH msg=audit(1700000000.000:999999): item=0 name={name} nametype=UNKNOWN cap_fp=0 \
         cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
    );
    let log = dir.join("audit.log");
    fs::write(&log, text).unwrap();
    log
}

#[test]
#[ignore = "cargo xtask readers"]
fn with_the_settings_every_byte_arrives() {
    let dir = tempfile::tempdir().unwrap();
    let log = with_long_line(dir.path());
    let arrived = through(&log, SETTINGS);
    assert!(arrived == fs::read_to_string(&log).unwrap(), "{arrived}");
}

#[test]
#[ignore = "cargo xtask readers"]
fn without_them_the_separator_is_spelled_out_and_long_lines_are_cut() {
    let dir = tempfile::tempdir().unwrap();
    let log = with_long_line(dir.path());
    let arrived = through(&log, "");
    let wanted = fs::read_to_string(&log).unwrap().replace('\x1d', "#035");
    let (last, rest) = (wanted.lines().last().unwrap(), wanted.lines().count() - 1);
    let same = |text: &str| {
        text.lines()
            .take(rest)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(same(&arrived), same(&wanted));
    let cut = arrived.lines().last().unwrap();
    assert!(
        last.starts_with(cut) && (8000..8192).contains(&cut.len()),
        "{}",
        cut.len()
    );
    // tracer reads it all the same.
    fs::write(&log, &arrived).unwrap();
    let json = Command::new(tracer())
        .args(["search", "--format", "json", "-if"])
        .arg(&log)
        .output()
        .unwrap();
    let events = String::from_utf8(json.stdout).unwrap();
    assert_eq!(events.lines().count(), told(&logs().enriched()).len() + 1);
    assert!(!events.contains("#035"));
}
