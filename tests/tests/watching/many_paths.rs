//! What it costs to start with many watched paths: not more than their number says.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{Id, WaitPidFlag, waitid},
    },
    unistd::Pid,
};
use tests::{Heard, Place, Waited, require_ebpf, require_root, tracer_command};

/// Ticks of `times(2)` in a second.
const TICKS: u64 = 100;

/// CPU time that a run takes for itself until it is ready, and to end.
fn user_time(command: &mut Command) -> Duration {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tracer runs");
    let said = Heard::default();
    let listener = said.listen(child.stderr.take().expect("it is piped"));
    let ready = said.wait_for(|said| String::from_utf8_lossy(said).contains("ready: "));
    let pid = Pid::from_raw(child.id() as i32);
    kill(pid, Signal::SIGINT).expect("it is there");
    // Until somebody waits for it, what it has used can be read.
    let ended = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    waitid(Id::Pid(pid), ended).expect("it is our child");
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("/proc is mounted");
    let status = child.wait().expect("it is our child");
    listener.join().expect("a listener does not panic");
    let text = String::from_utf8_lossy(&said.take()).into_owned();
    assert!(
        ready == Waited::Found && status.success(),
        "{status}: {text}"
    );
    // Behind the name, which may be anything, utime is the 12th field (`proc_pid_stat(5)`).
    let (_, fields) = stat.rsplit_once(')').expect("a name in parentheses");
    let ticks: u64 = fields
        .split_whitespace()
        .nth(11)
        .expect("utime")
        .parse()
        .expect("a number");
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// Four times the paths cost about four times as much; sixteen times, where each is compared with each.
#[test]
fn the_start_is_not_quadratic_in_paths() {
    let place = Place::new();
    let names: Vec<_> = (0..4000)
        .map(|nr| place.dir(format!("dir-{nr}")).display().to_string())
        .collect();
    let list = place.join("list");
    for backend in ["inotify", "fanotify", "ebpf"] {
        let is_possible = match backend {
            "ebpf" => require_ebpf(),
            "fanotify" => require_root(),
            _ => true,
        };
        if !is_possible {
            continue;
        }
        let mut watch = tracer_command(["watch", "--backend", backend, "--fromfile"]);
        is_not_quadratic(backend, watch.arg(&list), |count| {
            fs::write(&list, names[..count].join("\n")).expect("write");
        });
    }
}

/// The same with rules of the daemon.
#[test]
fn the_start_is_not_quadratic_in_rules() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("log");
    let here = place.path().display();
    let config = format!(
        "rules = \"{here}/rules\"\nlog_file = \"{here}/log/audit.log\"\n\
         control_socket = \"{here}/control\"\nmessage_socket = \"{here}/message\"\n"
    );
    fs::write(place.join("config"), config).expect("write");
    let mut daemon = tracer_command(["daemon", "--config"]);
    is_not_quadratic("daemon", daemon.arg(place.join("config")), |count| {
        let rules = (0..count).map(|nr| format!("-w {here}/file-{nr} -p wa -k key\n"));
        fs::write(place.join("rules"), rules.collect::<String>()).expect("write");
    });
}

fn is_not_quadratic(what: &str, command: &mut Command, asks_for: impl Fn(usize)) {
    let [few, many] = [1000, 4000].map(|count| {
        asks_for(count);
        user_time(command)
    });
    // Below this, it is by chance in which of its ticks the kernel finds the process.
    let floor = Duration::from_millis(150);
    let most = few.max(floor) * 8;
    assert!(many < most, "{what}: {few:?} for 1,000, {many:?} for 4,000");
}
