//! `tracer top`: on the screen of a terminal, with keys, and as tables and objects.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tests::{
    NOBODY, Outcome, Place, Tracer, public_copy, require_ebpf, require_root, run_to_end, tracer,
    tracer_command,
};

/// How long the screen may take to show something.
const PATIENCE: Duration = Duration::from_secs(30);

/// A shell that writes to a file of a place again and again; gone with its guard.
struct Busy(Child);

impl Busy {
    fn start(place: &Place) -> Self {
        let script = "while :; do echo x > busy; read y < busy; mkdir d; rmdir d; done";
        let child = Command::new("sh")
            .args(["-c", script])
            .current_dir(place.path())
            .stdin(Stdio::null())
            .spawn();
        Self(child.expect("sh runs"))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// tracer in a terminal of tmux(1), with a server of its own.
struct Screen {
    place: Place,
}

impl Screen {
    /// Runs `tracer top ARGS; echo the status` there.
    fn start(args: &str) -> Self {
        let screen = Self {
            place: Place::new(),
        };
        let command = format!("{} top {args}; echo ended with $?; cat", tracer().display());
        screen.tmux(&["new-session", "-d", "-x", "120", "-y", "24", &command]);
        screen
    }

    fn tmux(&self, args: &[&str]) -> String {
        let socket = self.place.join("tmux");
        let output = Command::new("tmux")
            .arg("-f/dev/null")
            .arg("-S")
            .arg(socket)
            .args(args)
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "xterm-256color")
            .output()
            .expect("tmux runs (`cargo xtask setup --tests` installs it)");
        assert!(output.status.success(), "tmux {args:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn keys(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys"], keys].concat());
    }

    /// Waits until the screen is as wanted.
    fn until(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let shown = self.tmux(&["capture-pane", "-p"]);
            if is_there(&shown) {
                return shown;
            }
            assert!(Instant::now() < end, "waited in vain for {what}:\n{shown}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn shows(&self, text: &str) -> String {
        self.until(text, |shown| shown.contains(text))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let socket = self.place.join("tmux");
        let kill = Command::new("tmux")
            .arg("-S")
            .arg(socket)
            .arg("kill-server")
            .output();
        drop(kill);
    }
}

#[test]
fn a_screen_and_its_keys() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let _busy = Busy::start(&place);
    let here = place.path().to_str().expect("UTF-8");
    let screen = Screen::start(&format!("-i 0.2 {here}"));
    screen.shows("(eBPF)");
    let shown = screen.shows("/busy ");
    let row = shown.lines().find(|l| l.contains("/busy ")).expect("a row");
    let cells: Vec<_> = row.split_whitespace().collect();
    assert!(cells[1..4].iter().all(|cell| *cell != "-"), "{row}");
    assert!(
        row.contains(['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']),
        "{row}"
    );
    // A directory is made and removed.
    screen.keys(&["2"]);
    screen.until("the directory", |s| {
        s.contains("DIRS") && s.lines().any(|l| l.starts_with(&format!("{here} ")))
    });
    screen.keys(&["5"]);
    screen.until("the process", |s| {
        s.contains("PROCESSES") && s.contains(" sh ")
    });
    screen.keys(&["Enter"]);
    screen.until("its files", |s| {
        s.contains("in processes: ") && s.contains("FILES") && s.contains("/busy ")
    });
    screen.keys(&["Escape"]);
    screen.until("the processes again", |s| {
        s.contains("PROCESSES") && !s.contains("in processes")
    });
    screen.keys(&["1"]);
    screen.shows("/busy ");
    screen.keys(&["/", "n", "o", "n", "e", "Enter"]);
    screen.shows("0 rows by ops, every 0.2 s  filter: none");
    screen.keys(&["Escape"]);
    screen.shows("/busy ");
    screen.keys(&["/", "(", "Enter"]);
    screen.shows("no regular expression: (");
    screen.keys(&["s"]);
    screen.shows("rows by opens,");
    screen.keys(&["r"]);
    screen.shows("rows by opens reversed");
    screen.keys(&["+"]);
    screen.shows("every 0.4 s");
    screen.keys(&["?"]);
    screen.shows("another view");
    screen.keys(&["x"]);
    screen.until("no help", |s| !s.contains("another view"));
    screen.keys(&["p"]);
    let paused = screen.shows("PAUSED");
    let row = |shown: &str| {
        let row = shown.lines().find(|l| l.contains("/busy "));
        row.map(|row| row.split_whitespace().skip(1).collect::<Vec<_>>().join(" "))
    };
    let totals = |shown: &str| shown.lines().nth(1).map(str::to_owned);
    // The sums go on; the rows stay.
    let later = screen.until("the sums", |s| totals(s) != totals(&paused));
    assert_eq!(row(&later), row(&paused), "{later}\n{paused}");
    screen.keys(&["q"]);
    let end = screen.shows("ended with 0");
    assert!(end.contains("tracer: seen "), "{end}");
    // The terminal is as it was: what is typed is shown.
    screen.keys(&["t", "y", "p", "e", "d"]);
    screen.shows("typed");
}

/// Another end than a key gives the terminal back, too.
#[test]
fn a_signal_gives_the_terminal_back() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let here = place.path().to_str().expect("UTF-8");
    let screen = Screen::start(here);
    screen.shows("(eBPF)");
    let pane = screen.tmux(&["list-panes", "-F", "#{pane_pid}"]);
    let of_pane = format!("/proc/{0}/task/{0}/children", pane.trim());
    let children = fs::read_to_string(of_pane).expect("the shell's children");
    let pid = children.split_whitespace().next().expect("tracer runs");
    let pid = nix::unistd::Pid::from_raw(pid.parse().expect("a number"));
    nix::sys::signal::kill(pid, nix::sys::signal::SIGTERM).expect("kill");
    screen.shows("ended with 0");
    screen.keys(&["t", "y", "p", "e", "d"]);
    screen.shows("typed");
}

/// A terminal that goes away, with its signal ignored, ends it too.
#[test]
fn the_terminal_goes_away() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let here = place.path().to_str().expect("UTF-8").to_owned();
    let screen = Screen {
        place: Place::new(),
    };
    let command = format!(
        "trap '' HUP; echo $$ > {here}/pid; exec {} top {here}",
        tracer().display()
    );
    screen.tmux(&["new-session", "-d", "-x", "120", "-y", "24", &command]);
    screen.shows("(eBPF)");
    let pid = fs::read_to_string(place.join("pid")).expect("the shell's pid");
    screen.tmux(&["kill-server"]);
    let process = format!("/proc/{}", pid.trim());
    let end = Instant::now() + PATIENCE;
    while Path::new(&process).exists() {
        assert!(Instant::now() < end, "it goes on without a terminal");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The objects of a run over everything that a shell does to a place.
fn objects(mut command: Command, place: &Place, script: &str) -> Outcome {
    let here = place.path();
    if !command.get_args().any(|word| word == "--backend") {
        // Room for what all other programs of this machine do meanwhile.
        command.args(["--buffer", "64M"]);
    }
    let top = Tracer::spawn(command.arg(here)).ready();
    let status = Command::new("sh")
        .args(["-c", script])
        .current_dir(here)
        .status();
    assert!(status.is_ok_and(|s| s.success()));
    let outcome = top.stop();
    let sums = outcome.sums();
    assert_eq!(sums.seen, sums.written + sums.filtered + sums.lost);
    assert_eq!(sums.lost, 0, "{outcome:?}");
    outcome
}

fn rows(outcome: &Outcome) -> Vec<Value> {
    let text = String::from_utf8_lossy(&outcome.stdout);
    let object: Value = serde_json::from_str(text.trim()).expect("one object");
    object["rows"].as_array().expect("rows").clone()
}

fn row<'a>(rows: &'a [Value], name: &str) -> &'a Value {
    let is_it = |row: &&Value| row["name"].as_str().is_some_and(|n| n.ends_with(name));
    rows.iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("no {name} in {rows:?}"))
}

const SCRIPT: &str = "for i in 1 2 3 4 5 6 7; do echo 12345 > file; done; read x < file; \
                      cat none 2> /dev/null || :; mkdir none/sub 2> /dev/null || :; mkdir d; mv d e; chmod 700 e";

/// Exactly what was done, with failures and bytes.
#[test]
fn counted_by_ebpf() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    // Another tracer that looks names up opens them, too.
    let mut command = tracer_command(["top", "--json", "-i", "60"]);
    for comm in ["sh", "cat", "mkdir", "mv", "chmod"] {
        command.args(["--comm", comm]);
    }
    let outcome = objects(command, &place, SCRIPT).ended(0);
    let rows = rows(&outcome);
    let path = |name: &str| place.join(name).display().to_string();
    let file = row(&rows, &path("file"));
    assert_eq!((&file["opens"], &file["writes"]), (&8.into(), &7.into()));
    assert_eq!(file["written_bytes"], 42, "{file}");
    assert_eq!(file["read_bytes"], 6, "{file}");
    assert_eq!(file["errors"], 0, "{file}");
    // What fails opens and changes nothing.
    for name in ["none", "none/sub"] {
        let none = row(&rows, &path(name));
        assert_eq!(
            (&none["opens"], &none["changes"]),
            (&0.into(), &0.into()),
            "{none}"
        );
        assert!(none["errors"].as_u64() >= Some(1), "{rows:?} {outcome:?}");
        assert_eq!(none["errors"], none["total"], "{none}");
    }
    // Made, and renamed; the mode belongs to the new name.
    assert_eq!(row(&rows, &path("d"))["changes"], 1);
    assert_eq!(row(&rows, &path("e"))["changes"], 2);
    let by = tracer_command(["top", "--json", "-i", "60", "--by", "users", "--uid", "0"]);
    let outcome = objects(by, &place, "echo x > file").ended(0);
    assert_eq!(row(&self::rows(&outcome), "root")["written_bytes"], 2);
}

/// Where there is no terminal, what is really wrong is said first.
#[test]
fn what_is_wrong_without_a_terminal() {
    let place = Place::new();
    let none = place.join("none");
    for (options, code, words) in [
        (&["--backend", "inotify"][..], 4, "give the PATHs"),
        (&["--backend", "inotify", "--uid", "0"], 4, "find nothing"),
        (&["--pid", "1073741823"], 5, "there is no process"),
        (&[none.to_str().expect("UTF-8")], 5, "cannot watch"),
    ] {
        let mut run = tracer_command(["top"]);
        let outcome = run_to_end(run.args(options)).ended(code);
        assert!(outcome.stderr.contains(words), "{options:?}: {outcome:?}");
    }
    let mut run = tracer_command(["top", "--backend", "inotify"]);
    let outcome = run_to_end(run.arg(place.path())).ended(2);
    assert!(outcome.stderr.contains("--batch"), "{outcome:?}");
}

/// What a process did stays with the program that did it, also when it runs another one afterwards.
#[test]
fn counted_for_the_program_that_did_it() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    for view in ["programs", "processes"] {
        let top = tracer_command(["top", "--json", "-i", "60", "--by", view]);
        // Into a regular file, cat(1) would copy without read(2).
        let script = "echo x > file; exec cat file > /dev/null";
        let rows = rows(&objects(top, &place, script).ended(0));
        let done = |what: &str| {
            let by = rows.iter().filter(|row| row[what] != 0);
            by.map(|row| row["name"].clone()).collect::<Vec<_>>()
        };
        let (writers, readers) = (done("writes"), done("reads"));
        assert_eq!((writers.len(), readers.len()), (1, 1), "{rows:?}");
        assert_ne!(writers, readers, "{rows:?}");
    }
}

/// fanotify tells who, inotify does not; neither tells bytes.
#[test]
fn counted_without_ebpf() {
    if !require_root() {
        return;
    }
    for backend in ["fanotify", "inotify"] {
        let place = Place::new();
        let by = |view: &str| {
            let words = [
                "top",
                "--json",
                "-i",
                "60",
                "--backend",
                backend,
                "--by",
                view,
            ];
            let outcome = objects(tracer_command(words), &place, SCRIPT);
            rows(&outcome.ended(0))
        };
        let files = by("files");
        let file = row(&files, "/file");
        // The kernel may take writes one after the other for one.
        assert!(file["writes"].as_u64() >= Some(1), "{backend}: {file}");
        assert!(file["opens"].as_u64() >= Some(1), "{backend}: {file}");
        assert_eq!(file["written_bytes"], 0, "{backend}: {file}");
        fs::remove_dir(place.join("e")).expect("rmdir");
        let programs = by("programs");
        if backend == "fanotify" {
            assert!(programs.iter().any(|r| r["name"] != "?"), "{programs:?}");
        } else {
            assert_eq!(row(&programs, "?")["changes"], 3, "{programs:?}");
        }
    }
}

/// Tables; names that drive terminals do not.
#[test]
fn tables_and_hostile_names() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let command = tracer_command(["top", "--batch", "-i", "60", "--rows", "1"]);
    let script = "echo x > \"$(printf 'a\\033[2Jb\\nc')\"; mkdir d";
    let outcome = objects(command, &place, script).ended(0);
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[0].contains("operations a second, 3.0 in all"),
        "{text}"
    );
    assert!(lines[1].contains("WRITTEN   TOTAL  FILES"), "{text}");
    assert!(lines[2].ends_with("/a\\u{1b}[2Jb\\nc"), "{text}");
    assert_eq!(lines[3], "1 more", "{text}");
    assert!(!text.contains('\u{1b}'), "{text:?}");
    let counted = tracer_command(["top", "--batch", "-n", "2", "-i", "0.1", "/"]);
    let outcome = tests::run_to_end(&mut { counted }).ended(0);
    let tables = String::from_utf8_lossy(&outcome.stdout);
    assert_eq!(tables.matches("in all").count(), 2, "{tables}");
}

/// What cannot be is one clear line.
#[test]
fn refusals() {
    if !require_root() {
        return;
    }
    let refused = |command: &mut Command, code: i32, words: &str| {
        let outcome = tests::run_to_end(command).ended(code);
        assert!(outcome.stderr.contains(words), "{outcome:?}");
        assert_eq!(outcome.complaints().len(), 1, "{outcome:?}");
    };
    refused(&mut tracer_command(["top"]), 2, "there is no terminal");
    let batch = |args: &[&str]| tracer_command([&["top", "--batch"], args].concat());
    refused(&mut batch(&["--backend", "inotify"]), 4, "give the PATHs");
    let inotify = ["--backend", "inotify", "--uid", "root", "/"];
    refused(&mut batch(&inotify), 4, "it cannot tell who");
    refused(&mut batch(&["/does/not/exist"]), 5, "/does/not/exist");
    refused(&mut batch(&["--pid", "4194304"]), 5, "no process 4194304");
    let place = Place::new();
    let copy = public_copy(tracer(), &place.join("tracer"));
    let mut nobody = Command::new(copy);
    nobody.args(["top", "--batch", "-n", "1", "-i", "0.1"]);
    nobody.arg(Path::new("/var")).uid(NOBODY).gid(NOBODY);
    let outcome = tests::run_to_end(&mut nobody).ended(0);
    assert!(outcome.stderr.contains("inotify: what, but not who"));
}
