//! What a running tracer has kept of what it was given.

use std::{collections::BTreeMap, fs, process::Command};

use nix::sys::signal::Signal;
use tests::{
    Daemon, Place, Tracer, require_ebpf, require_root, run_to_end, tracer, tracer_command,
};

/// Numbers of `linux/capability.h`.
const DAC_OVERRIDE: u64 = 1 << 1;
const DAC_READ_SEARCH: u64 = 1 << 2;
const KILL: u64 = 1 << 5;
const SYS_PTRACE: u64 = 1 << 19;
const SYS_ADMIN: u64 = 1 << 21;
const PERFMON: u64 = 1 << 38;
const BPF: u64 = 1 << 39;
const ALWAYS: u64 = DAC_READ_SEARCH | SYS_PTRACE;

/// What the kernel says of a process.
struct Status(BTreeMap<String, String>);

impl Status {
    fn of(pid: u32) -> Self {
        let text = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
        let fields = text.lines().filter_map(|line| line.split_once(':'));
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.trim().to_owned());
        Self(fields.map(owned).collect())
    }

    fn set(&self, name: &str) -> u64 {
        u64::from_str_radix(&self.0[name], 16).expect("a number")
    }

    /// It has these capabilities and can get no other.
    fn is_down_to(&self, kept: u64) {
        // Who is given less keeps no more.
        let here = Self::of(std::process::id()).set("CapEff");
        for name in ["CapEff", "CapPrm", "CapBnd"] {
            let most = if name == "CapBnd" { kept } else { kept & here };
            assert_eq!(self.set(name) & !most, 0, "{name}: {:x}", self.set(name));
        }
        assert_eq!(self.set("CapEff"), kept & here);
        assert_eq!(self.0["NoNewPrivs"], "1");
        assert_eq!(self.0["Seccomp"], "2", "by a filter");
    }
}

#[test]
fn live_commands_keep_what_they_need() {
    require_root();
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let ebpf = ALWAYS | BPF | PERFMON;
    // fanotify tells beside it which files are touched.
    let watch = ebpf | SYS_ADMIN;
    let out = place.join("out").display().to_string();
    let cases: [(&[&str], u64); 5] = [
        (&["watch", "--backend", "ebpf"], watch),
        (
            &["watch", "--backend", "ebpf", "-o", &out],
            watch | DAC_OVERRIDE,
        ),
        (&["watch", "--backend", "fanotify"], ALWAYS | SYS_ADMIN),
        (&["watch", "--backend", "inotify"], ALWAYS),
        (&["trace", "-e", "openat", "--path"], ebpf),
    ];
    for (args, kept) in cases {
        let mut command = tracer_command(args);
        command.args([place.path()]);
        let tracer = Tracer::spawn(&mut command).ready();
        // The last that it lays down.
        tests::until("it has done so", || {
            Status::of(tracer.pid()).set("CapEff") & KILL == 0
        });
        Status::of(tracer.pid()).is_down_to(kept);
        tracer.signal(Signal::SIGINT);
        let (code, _, said) = tracer.wait_raw();
        assert_eq!(code, Some(0), "{said}");
    }
}

/// What is started has what tracer was given.
#[test]
fn commands_have_everything() {
    require_root();
    if !require_ebpf() {
        return;
    }
    let here = Status::of(std::process::id());
    let mut trace = tracer_command([
        "trace",
        "-q",
        "-e",
        "none",
        "--",
        "cat",
        "/proc/self/status",
    ]);
    let of_trace = trace.output().expect("it runs").stdout;
    let (place, kept) = (Place::new(), Place::new());
    let copy = format!("cp /proc/self/status {}", kept.join("status").display());
    let mut watch = tracer_command(["watch", "-n", "1", "-e", "create", "--exec", &copy]);
    let tracer = Tracer::spawn(watch.arg(place.path())).ready();
    place.file("new");
    assert_eq!(tracer.wait_raw().0, Some(0));
    let of_watch = fs::read(kept.join("status")).expect("the command has run");
    for text in [of_trace, of_watch] {
        let text = String::from_utf8(text).expect("UTF-8");
        for name in ["CapEff", "CapBnd", "NoNewPrivs", "Seccomp"] {
            let line = format!("{name}:\t{}", here.0[name]);
            assert!(text.lines().any(|there| there == line), "{line}: {text}");
        }
    }
}

/// The daemon; what changes its rules still works.
#[test]
fn the_daemon() {
    require_ebpf();
    let daemon = Daemon::prepare("-w HERE/watched -p wa -k kept\n", "").run();
    let status = Status::of(daemon.tracer().pid());
    status.is_down_to(ALWAYS | BPF | PERFMON | SYS_ADMIN);
    let place = Place::new();
    let path = place.path().display().to_string();
    let added = daemon.ask(&["rules", "add", "-w", &path, "-p", "wa"]);
    assert!(added.status.success(), "{added:?}");
    place.file("new");
    daemon.wait_logged("/new\"");
}

/// Root of another user namespace has no privilege here, and is told so.
#[test]
fn root_of_another_user_namespace() {
    let within = |args: &[&str]| {
        let mut command = Command::new("unshare");
        run_to_end(command.arg("-Ur").arg(tracer()).args(args))
    };
    if within(&["--version"]).status.code() != Some(0) {
        eprintln!("skipped: no user namespaces here");
        return;
    }
    let outcome = within(&["trace", "--", "true"]);
    assert_eq!(outcome.status.code(), Some(3), "{outcome:?}");
    assert!(
        outcome.stderr.contains("in the initial user namespace"),
        "{outcome:?}"
    );
}
