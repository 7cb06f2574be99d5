//! `inotifywait` and `inotifywatch` held against the real ones on the same operations: what they
//! print, what they say, how they end; and the scripts that people have.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use nix::sys::signal::Signal;
use tests::{NOBODY, PATIENCE, Place, Tracer, public_copy, tracer};

/// Both programs with the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Real,
    Ours,
}

const BOTH: [Whose; 2] = [Whose::Real, Whose::Ours];

impl Whose {
    fn program(self, tool: &str, names: &Place) -> PathBuf {
        match self {
            Self::Real => {
                let path = Path::new("/usr/bin").join(tool);
                assert!(
                    path.exists(),
                    "{tool} is not installed: `cargo xtask test` does that (package inotify-tools)"
                );
                path
            }
            Self::Ours => named(tool, names),
        }
    }
}

/// tracer under another name.
fn named(tool: &str, names: &Place) -> PathBuf {
    let path = names.join(tool);
    if !path.exists() {
        symlink(tracer(), &path).expect("symlink");
    }
    path
}

/// A command at work on a tree.
struct Session {
    tool: Tracer,
    place: Place,
    marks: std::cell::Cell<u32>,
}

/// One test at a time: a child that another one starts has, until it runs its program, every file
/// that is open here, and the kernel tells that a file was closed when the last has closed it.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// In every name that a test makes to find out how far a command is.
const MARK: &str = ".mark";

impl Session {
    /// Starts a command on `tree`, which `prepare` fills.
    fn start(
        program: &Path,
        options: &[&str],
        files: &[&str],
        prepare: &dyn Fn(&Place),
        ready: &str,
    ) -> Self {
        let place = Place::new();
        place.dir("tree");
        prepare(&place);
        let mut command = Command::new(program);
        command.args(options).args(files).current_dir(place.path());
        let tool = Tracer::spawn(&mut command);
        if ready.is_empty() {
            assert_eq!(options.iter().filter(|o| o.contains('q')).count(), 1);
        } else {
            tool.wait_said(ready);
        }
        Self {
            tool,
            place,
            marks: std::cell::Cell::new(0),
        }
    }

    /// Waits until the command sees what happens in this directory, and everything before has
    /// been printed. The mark stays until it is seen: the real inotifywait gives up a new
    /// directory in which a file disappears while it looks through it.
    fn sees(&self, dir: &str) {
        let nr = self.marks.get();
        self.marks.set(nr + 1);
        let name = format!("{MARK}{nr}.");
        let path = self.place.join(dir).join(&name);
        let end = Instant::now() + PATIENCE;
        let seen = || {
            self.tool
                .output()
                .windows(name.len())
                .any(|w| w == name.as_bytes())
        };
        while !seen() {
            assert!(
                Instant::now() < end,
                "{dir} is not seen:\n{}",
                self.tool.said()
            );
            fs::write(&path, "x").expect("mark");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("chmod");
            let pause = Instant::now() + Duration::from_millis(20);
            while !seen() && Instant::now() < pause {
                std::thread::yield_now();
            }
        }
        fs::remove_file(&path).expect("mark");
    }

    fn at(&self, name: &str) -> PathBuf {
        self.place.join(name)
    }

    /// Writes a file. What is opened here is open as long in every child that other tests start meanwhile, so
    /// that the kernel tells later that it was closed, or is gone: a command of its own opens it.
    fn writes(&self, name: &str, text: &str) {
        self.runs(&["sh", "-c", "printf %s \"$1\" >\"$2\"", "sh", text, name]);
    }

    /// Runs a command beside the tree.
    fn runs(&self, words: &[&str]) {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(self.place.path());
        let status = command.stdout(Stdio::null()).status();
        assert!(status.expect("it runs").success(), "{words:?}");
    }

    /// Everything printed, without the marks, and without what the kernel may have merged or not.
    fn lines(&self, end: u8) -> Vec<String> {
        let said = self.tool.output();
        let mut lines: Vec<_> = said
            .split(|b| *b == end)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .filter(|line| !line.contains(MARK))
            .collect();
        lines.dedup();
        // A directory is gone when the last program has closed it, which may be one that looks names up.
        let gone = |line: &mut String| line.contains("DELETE_SELF");
        let mut late: Vec<_> = lines.extract_if(.., gone).collect();
        late.sort_unstable();
        lines.extend(late);
        lines
    }
}

/// What is done in every comparison: each step ends when the command has seen it.
fn operations(session: &Session) {
    let write = |name: &str, text: &str| session.writes(name, text);
    let rename = |from: &str, to: &str| fs::rename(session.at(from), session.at(to)).expect("mv");
    let at = |name: &str| session.at(name);
    session.sees("tree");
    write("tree/one", "1");
    write("tree/two words", "2");
    session.runs(&["cat", "tree/one"]);
    fs::set_permissions(at("tree/one"), fs::Permissions::from_mode(0o600)).expect("chmod");
    rename("tree/one", "tree/\"one\", two");
    fs::hard_link(at("tree/two words"), at("tree/link.tmp")).expect("link");
    symlink("nowhere", at("tree/keep-symlink")).expect("symlink");
    rename("tree/link.tmp", "away");
    rename("away", "tree/back.tmp");
    fs::remove_file(at("tree/two words")).expect("rm");
    fs::create_dir(at("tree/new")).expect("mkdir");
    session.sees("tree");
}

/// As [`operations`], in directories below, too.
fn deep_operations(session: &Session) {
    operations(session);
    let write = |name: &str, text: &str| session.writes(name, text);
    let rename = |from: &str, to: &str| fs::rename(session.at(from), session.at(to)).expect("mv");
    session.sees("tree/new");
    write("tree/new/keep", "x");
    rename("tree/new/keep", "tree/keep");
    rename("tree/new", "tree/renamed");
    session.sees("tree/renamed");
    write("tree/renamed/later.tmp", "x");
    fs::create_dir(session.at("tree/renamed/below")).expect("mkdir");
    session.sees("tree/renamed/below");
    write("tree/old/there", "x");
    session.sees("tree/renamed/below");
    session.runs(&["rm", "-r", "tree/renamed"]);
    session.sees("tree");
}

fn old(place: &Place) {
    place.dir("tree/old/deeper");
}

/// One row per way to call it; the printed lines must be the same.
#[test]
fn same_output_as_inotifywait() {
    type Play = fn(&Session);
    let _alone = alone();
    let rows: [(&[&str], Play); 12] = [
        (&["-m"], operations),
        (&["-m", "-r"], deep_operations),
        (
            &["-mr", "--event", "create,delete,modify,move"],
            deep_operations,
        ),
        (
            &["-mr", "-e", "create", "-e", "attrib", "-e", "delete_self"],
            deep_operations,
        ),
        (&["-mrc"], deep_operations),
        (
            &["--monitor", "--recursive", "--format", "%w|%e|%:e|%f|%q%%"],
            deep_operations,
        ),
        (
            &["-mr", "--no-newline", "--format", "%e %w%f%n"],
            deep_operations,
        ),
        (&["-mr", "--exclude", r"\.tmp$"], deep_operations),
        (&["-mr", "--excludei", "/OLD/|KEEP"], deep_operations),
        (
            &[
                "-mr",
                "--include",
                r"(keep|\.mark[0-9]+\.|/|new|renamed|below)$",
            ],
            deep_operations,
        ),
        (&["-mr", "@tree/old", "-e", "close_write"], |session| {
            session.sees("tree");
            session.writes("tree/old/not seen", "x");
            session.writes("tree/seen", "x");
            session.sees("tree");
        }),
        (&["-m", "-e", "close"], operations),
    ];
    let names = Place::new();
    for (options, play) in rows {
        let [real, ours] = BOTH.map(|whose| {
            let program = whose.program("inotifywait", &names);
            let session =
                Session::start(&program, options, &["tree"], &old, "Watches established.");
            play(&session);
            session.lines(b'\n')
        });
        assert!(real.len() > 1, "{options:?} printed {real:?}");
        assert_eq!(real.join("\n"), ours.join("\n"), "{options:?}");
    }
}

/// A directory that leaves the tree and comes back: nothing is made up of what is in it.
#[test]
fn moved_out_and_back() {
    let _alone = alone();
    let names = Place::new();
    let options = ["-mr", "-e", "create,delete,move,modify,move_self"];
    let [real, ours] = BOTH.map(|whose| {
        let program = whose.program("inotifywait", &names);
        let ready = "Watches established.";
        let session = Session::start(&program, &options, &["tree"], &old, ready);
        let rename = |from: &str, to: &str| {
            fs::rename(session.at(from), session.at(to)).expect("mv");
        };
        for round in 1..=3 {
            rename("tree/old", "away");
            session.tool.wait_outputs("MOVE_SELF", round);
            rename("away", "tree/old");
            session.tool.wait_outputs("MOVED_TO", round);
            session.sees("tree/old");
        }
        session.sees("tree/old/deeper");
        fs::write(session.at("tree/old/deeper/file"), "x").expect("write");
        session.sees("tree/old/deeper");
        session.lines(b'\n')
    });
    assert!(real.len() > 9, "{real:?}");
    assert_eq!(real.join("\n"), ours.join("\n"));
}

/// Of a directory that is renamed, its own reading of it is not told.
#[test]
fn renamed_and_not_read() {
    let _alone = alone();
    let names = Place::new();
    let [real, ours] = BOTH.map(|whose| {
        let program = whose.program("inotifywait", &names);
        let ready = "Watches established.";
        let session = Session::start(&program, &["-mr"], &["tree"], &old, ready);
        let (from, to) = ("tree/old/deeper", "tree/old/moved");
        fs::rename(session.at(from), session.at(to)).expect("mv");
        session.sees(to);
        session.lines(b'\n')
    });
    assert!(real.len() > 2, "{real:?}");
    assert_eq!(real.join("\n"), ours.join("\n"));
}

/// Names as they were given; a file, a directory and a symlink to one.
#[test]
fn watched_names_are_shown_as_given() {
    let _alone = alone();
    let names = Place::new();
    for file in ["tree/file", "./tree/../tree/file", "tree/old/", "tree/old"] {
        let [real, ours] = BOTH.map(|whose| {
            let program = whose.program("inotifywait", &names);
            let prepare = |place: &Place| {
                place.dir("tree/old");
                place.file("tree/file");
            };
            let files = [file, "tree/old/."];
            let session = Session::start(
                &program,
                &["-m", "-e", "modify,attrib,create,delete_self,close"],
                &files[..=usize::from(file == "tree/file")],
                &prepare,
                "Watches established.",
            );
            fs::write(session.at("tree/file"), "more").expect("write");
            let found = session.at("tree/old/new");
            fs::write(found, "x").expect("write");
            fs::remove_file(session.at("tree/file")).expect("rm");
            let last = if file.contains("old") {
                "CLOSE_WRITE,CLOSE new"
            } else {
                "DELETE_SELF"
            };
            session.tool.wait_output(last);
            session.lines(b'\n')
        });
        assert_eq!(real, ours, "{file}");
    }
}

fn run(program: &Path, args: &[&str], place: &Place) -> Output {
    Command::new(program)
        .args(args)
        .current_dir(place.path())
        .stdin(Stdio::null())
        .output()
        .expect("it can be run")
}

/// What is refused, with which words and which exit status.
#[test]
fn same_refusals() {
    let _alone = alone();
    let names = Place::new();
    let place = Place::new();
    place.dir("tree");
    place.file("list");
    symlink("nowhere", place.join("dangling")).expect("symlink");
    symlink("loop", place.join("loop")).expect("symlink");
    let waits: [&[&str]; 31] = [
        &[],
        &["dangling"],
        &["-r", "-t", "1", "loop", "tree"],
        &["-P", "-t", "1", "dangling", "loop"],
        &["--fromfile", "missing"],
        &["-t", "1", "--fromfile", "missing", "tree"],
        &["-t", "1", "-I", "tree"],
        &["-t", "1", "-F", "tree"],
        &["-t", "1", "--fanotify", "-r", "tree"],
        &["-t", "1", "--rec", "tree"],
        &["missing"],
        &["-r", "missing"],
        &["tree", "missing"],
        &["-e", "nonsense", "tree"],
        &["-e", "create,nonsense", "tree"],
        &["-t", "2.5", "tree"],
        &["-t", "", "tree"],
        &["--exclude", "a", "--excludei", "b", "tree"],
        &["--include", "a", "--includei", "b", "tree"],
        &["--include", "a", "--exclude", "b", "tree"],
        &["--exclude", "(", "tree"],
        &["--include", "[", "tree"],
        &["-c", "--format", "%w", "tree"],
        &["--no-newline", "tree"],
        &["--timefmt", "%H", "tree"],
        &["--format", "%T", "tree"],
        &["-d", "tree"],
        &["-o", "a", "-o", "b", "tree"],
        &["--fromfile", "a", "--fromfile", "b"],
        &["-t", "1", "tree"],
        &["-q", "-t", "1", "-m", "-r", "tree"],
    ];
    let watches: [&[&str]; 9] = [
        &[],
        &["dangling"],
        &["missing"],
        &["-e", "nonsense", "tree"],
        &["-a", "nonsense", "tree"],
        &["-a", "total", "-d", "total", "tree"],
        &["-a", "move", "tree"],
        &["-d", "open", "-e", "create", "tree"],
        &["-t", "1", "tree"],
    ];
    let waits = waits.map(|args| ("inotifywait", args));
    for (tool, args) in waits
        .into_iter()
        .chain(watches.map(|args| ("inotifywatch", args)))
    {
        let [real, ours] = BOTH.map(|whose| run(&whose.program(tool, &names), args, &place));
        let shown = |output: &Output| {
            let err = String::from_utf8_lossy(&output.stderr).into_owned();
            format!("{:?} {:?}\n{err}", output.status.code(), output.stdout)
        };
        assert_eq!(shown(&real), shown(&ours), "{tool} {args:?}");
    }
    // What getopt(3) says begins with the name that the program was called by.
    for (tool, args) in [
        ("inotifywait", &["--nonsense", "tree"][..]),
        ("inotifywait", &["-y", "tree"]),
        ("inotifywait", &["-ry", "tree"]),
        ("inotifywait", &["--event"]),
        ("inotifywait", &["--in", "a", "tree"]),
        ("inotifywait", &["--no", "tree"]),
        ("inotifywait", &["--monitor=3", "tree"]),
        ("inotifywatch", &["--nonsense", "tree"]),
        ("inotifywatch", &["--ex", "a", "tree"]),
    ] {
        let [real, ours] = BOTH.map(|whose| {
            let output = run(&whose.program(tool, &names), args, &place);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let (name, said) = said.split_once(": ").expect("a name");
            assert!(name.ends_with(tool), "{name}");
            (output.status.code(), said.to_owned())
        });
        assert_eq!(real, ours, "{tool} {args:?}");
    }
    for whose in BOTH {
        let help = run(&whose.program("inotifywait", &names), &["--help"], &place);
        assert_eq!(help.status.code(), Some(1));
    }
}

/// Without `-m`, one event ends it: with 0 when it was asked for, else with 1.
#[test]
fn one_event_ends_it() {
    type Act = fn(&Path);
    let _alone = alone();
    let rows: [(&[&str], Act, i32); 5] = [
        (
            &["-e", "modify"],
            |file| fs::write(file, "x").expect("write"),
            0,
        ),
        (&[], |file| drop(fs::read(file).expect("read")), 0),
        (
            &["-q", "-e", "modify"],
            |file| fs::remove_file(file).expect("rm"),
            1,
        ),
        (
            &["-e", "delete_self"],
            |file| fs::remove_file(file).expect("rm"),
            0,
        ),
        (
            &["-qq", "-e", "attrib"],
            |file| fs::remove_file(file).expect("rm"),
            0,
        ),
    ];
    let names = Place::new();
    for (options, act, status) in rows {
        let [real, ours] = BOTH.map(|whose| {
            let place = Place::new();
            let file = place.file("file");
            let mut command = Command::new(whose.program("inotifywait", &names));
            command.args(options).arg("file").current_dir(place.path());
            let tool = Tracer::spawn(&mut command);
            if options.iter().any(|option| option.starts_with("-q")) {
                wait_for_watch(tool.pid());
            } else {
                tool.wait_said("Watches established.");
            }
            act(&file);
            tool.wait_raw()
        });
        assert_eq!(real.0, Some(status), "{options:?}");
        assert_eq!(real, ours, "{options:?}");
    }
}

/// Waits until a process has an inotify watch: `fdinfo` lists them (`proc_pid_fdinfo(5)`).
fn wait_for_watch(pid: u32) {
    let end = Instant::now() + PATIENCE;
    let has = || {
        let Ok(all) = fs::read_dir(format!("/proc/{pid}/fdinfo")) else {
            return false;
        };
        all.flatten().any(|entry| {
            fs::read_to_string(entry.path()).is_ok_and(|text| text.contains("inotify wd:"))
        })
    };
    while !has() {
        assert!(Instant::now() < end, "no watch");
        std::thread::yield_now();
    }
}

/// A script of the issue, run by a shell that finds tracer under the name of inotifywait.
fn script(line: &str, names: &Place, place: &Place) -> Tracer {
    named("inotifywait", names);
    let path = format!(
        "{}:{}",
        names.path().display(),
        std::env::var("PATH").expect("PATH")
    );
    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        .env("PATH", path)
        .current_dir(place.path());
    command.process_group(0);
    Tracer::spawn(&mut command)
}

/// Ends a script with everything that it has started.
fn end(script: &Tracer) {
    let group = nix::unistd::Pid::from_raw(script.pid() as i32);
    nix::sys::signal::killpg(group, Signal::SIGTERM).expect("it is there");
}

#[test]
fn scripts_run_unchanged() {
    let _alone = alone();
    let names = Place::new();
    let place = Place::new();
    place.dir("DIR");
    let events = script(
        "inotifywait -mrq --event create,delete,modify,move --format '%w %e' DIR | \
         while read w e; do echo \"[$w] [$e]\"; done",
        &names,
        &place,
    );
    let times = script(
        "inotifywait -mrq --timefmt '%d/%m/%y %H:%M' --format '%T %f' -e close_write DIR | \
         while read date time file; do echo \"$date|$time|$file\"; done",
        &names,
        &place,
    );
    let seen =
        |script: &Tracer, text: &str| String::from_utf8_lossy(&script.output()).contains(text);
    let until = Instant::now() + PATIENCE;
    while !seen(&events, "MODIFY") || !seen(&times, "first") {
        assert!(Instant::now() < until, "{}{}", events.said(), times.said());
        fs::write(place.join("DIR/first"), "x").expect("write");
        std::thread::yield_now();
    }
    fs::create_dir(place.join("DIR/new")).expect("mkdir");
    events.wait_output("[DIR/] [CREATE,ISDIR]");
    fs::write(place.join("DIR/new/in new"), "x").expect("write");
    events.wait_output("[DIR/new/] [CREATE]");
    times.wait_output("|in new\n");
    fs::rename(place.join("DIR/first"), place.join("DIR/second")).expect("mv");
    events.wait_output("[DIR/] [MOVED_FROM]\n[DIR/] [MOVED_TO]\n");
    fs::remove_file(place.join("DIR/second")).expect("rm");
    events.wait_output("[DIR/] [DELETE]");
    let line = String::from_utf8_lossy(&times.output()).into_owned();
    let date = line.lines().next().expect("a line");
    let digits = date.chars().filter(char::is_ascii_digit).count();
    assert!(digits == 10 && date.matches('/').count() == 2, "{date}");
    end(&events);
    end(&times);
}

/// What the real one misses: everything in a new directory is told exactly once, however early.
#[test]
fn nothing_in_a_new_directory_is_missed() {
    let _alone = alone();
    let names = Place::new();
    let program = named("inotifywait", &names);
    let options = ["-mr", "-e", "create,close_write", "--format", "%e %w%f"];
    let session = Session::start(&program, &options, &["tree"], &|_| (), "established");
    for nr in 0..100 {
        let dir = session.at(&format!("tree/d{nr}/a/b"));
        fs::create_dir_all(&dir).expect("mkdir");
        fs::write(dir.join("deep"), "x").expect("write");
        fs::write(session.at(&format!("tree/d{nr}/high")), "x").expect("write");
    }
    session.sees("tree");
    for nr in [0, 50, 99] {
        session.sees(&format!("tree/d{nr}/a/b"));
    }
    // What may have been written before there was a watch is told when nothing else waits.
    for nr in 0..100 {
        for file in ["a/b/deep", "high"] {
            let line = format!("CLOSE_WRITE,CLOSE tree/d{nr}/{file}\n");
            session.tool.wait_output(&line);
        }
    }
    let lines = session.lines(b'\n');
    for nr in 0..100 {
        for (what, name) in [
            ("CREATE,ISDIR", String::new()),
            ("CREATE,ISDIR", "/a".to_owned()),
            ("CREATE,ISDIR", "/a/b".to_owned()),
            ("CREATE", "/a/b/deep".to_owned()),
            ("CREATE", "/high".to_owned()),
        ] {
            let wanted = format!("{what} tree/d{nr}{name}");
            let times = lines.iter().filter(|line| **line == wanted).count();
            assert_eq!(times, 1, "{wanted}");
        }
    }
}

/// The queue overflows while the command is stopped: afterwards every directory is watched, those
/// made in between included.
#[test]
fn after_an_overflow_everything_is_watched() {
    let _alone = alone();
    let names = Place::new();
    let program = named("inotifywait", &names);
    let session = Session::start(
        &program,
        &["-mr", "-e", "create"],
        &["tree"],
        &|place| {
            place.dir("tree/old");
            place.file("tree/old/before");
            // Older than the last tick of the clock of file times.
            std::thread::sleep(Duration::from_millis(100));
        },
        "established",
    );
    let queue: usize = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events")
        .expect("it is there")
        .trim()
        .parse()
        .expect("a number");
    session.tool.signal(Signal::SIGSTOP);
    for nr in 0..queue + 100 {
        fs::write(session.at(&format!("tree/old/{nr}")), "").expect("write");
    }
    fs::create_dir_all(session.at("tree/made/meanwhile")).expect("mkdir");
    session.tool.signal(Signal::SIGCONT);
    session.sees("tree/made/meanwhile");
    let lines = session.lines(b'\n');
    let mut wanted: Vec<_> = (0..queue + 100)
        .map(|nr| format!("tree/old/ CREATE {nr}"))
        .collect();
    wanted.push("tree/ CREATE,ISDIR made".to_owned());
    wanted.push("tree/made/ CREATE,ISDIR meanwhile".to_owned());
    let mut told: Vec<_> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    told.sort();
    wanted.sort();
    assert!(
        told == wanted,
        "each once, nothing else: {} of {}",
        told.len(),
        wanted.len()
    );
}

/// The table of counts.
#[test]
fn same_table_as_inotifywatch() {
    let _alone = alone();
    let names = Place::new();
    let rows: [&[&str]; 5] = [
        &["-r"],
        &["-rz", "-e", "create,delete,modify"],
        &["-r", "-a", "create"],
        &["-r", "-d", "close_write", "--exclude", "two"],
        &["-v"],
    ];
    for options in rows {
        let [real, ours] = BOTH.map(|whose| {
            let place = Place::new();
            place.dir("tree/old");
            let mut command = Command::new(whose.program("inotifywatch", &names));
            command.args(options).arg("tree").current_dir(place.path());
            let tool = Tracer::spawn(&mut command);
            tool.wait_said("now collecting statistics.");
            for nr in 0..5 {
                let file = place.join(format!("tree/f{nr}"));
                fs::write(&file, "x").expect("write");
                fs::rename(&file, place.join("tree/two")).expect("mv");
                fs::remove_file(place.join("tree/two")).expect("rm");
            }
            fs::write(place.join("tree/old/one"), "x").expect("write");
            wait_until_read(tool.pid());
            tool.signal(Signal::SIGINT);
            tool.wait_raw()
        });
        assert_eq!(real.0, Some(0), "{options:?}");
        assert_eq!(
            String::from_utf8_lossy(&real.1),
            String::from_utf8_lossy(&ours.1),
            "{options:?}"
        );
        assert_eq!(real.2, ours.2, "{options:?}");
    }
}

/// Waits until a process has read everything that the kernel had for it: it sleeps again.
fn wait_until_read(pid: u32) {
    let end = Instant::now() + PATIENCE;
    let mut asleep = 0;
    while asleep < 20 {
        assert!(Instant::now() < end, "it never sleeps");
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it is there");
        let state = stat
            .rsplit(") ")
            .next()
            .and_then(|rest| rest.chars().next());
        asleep = if state == Some('S') { asleep + 1 } else { 0 };
        std::thread::yield_now();
    }
}

/// `-d -o FILE`: in the background; `--fromfile` names what to watch.
#[test]
fn in_the_background() {
    let _alone = alone();
    let names = Place::new();
    let place = Place::new();
    place.dir("tree");
    fs::write(place.join("list"), "tree\n@tree/not\n\n").expect("write");
    let program = named("inotifywait", &names);
    let args = ["-d", "-o", "out", "--fromfile", "list", "-e", "create"];
    let started = run(&program, &args, &place);
    assert_eq!(started.status.code(), Some(0), "{started:?}");
    let until = Instant::now() + PATIENCE;
    let out = place.join("out");
    while !fs::read_to_string(&out)
        .expect("the file is there")
        .contains("tree/ CREATE file")
    {
        assert!(Instant::now() < until, "nothing in the file");
        let file = place.file("tree/file");
        fs::remove_file(file).expect("rm");
    }
    let ours = fs::read_dir("/proc")
        .expect("/proc")
        .flatten()
        .find(|entry| {
            let link = entry.path().join("fd/1");
            fs::read_link(link).is_ok_and(|to| to == out)
                || fs::read_dir(entry.path().join("fd")).is_ok_and(|fds| {
                    fds.flatten()
                        .any(|fd| fs::read_link(fd.path()).is_ok_and(|to| to == out))
                })
        });
    let pid = ours.expect("it runs").file_name();
    let pid = pid
        .to_str()
        .and_then(|pid| pid.parse().ok())
        .expect("a pid");
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), Signal::SIGTERM).expect("kill");
}

/// As an ordinary user: a directory that may not be read is said, and the rest is watched; names
/// are printed byte by byte, and a circle of symlinks is no circle.
#[test]
fn faults_in_the_tree() {
    let _alone = alone();
    let names = Place::new();
    let program = public_copy(tracer(), &names.join("inotifywait"));
    let place = Place::of(NOBODY);
    let tree = place.dir("tree");
    let closed = place.dir("tree/closed");
    symlink("..", place.join("tree/circle")).expect("symlink");
    std::os::unix::fs::chown(&tree, Some(NOBODY), Some(NOBODY)).expect("chown");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("chmod");
    let mut command = Command::new(program);
    command
        .args(["-mr", "-e", "create,delete_self", "tree"])
        .current_dir(place.path())
        .uid(NOBODY)
        .gid(NOBODY);
    let tool = Tracer::spawn(&mut command);
    tool.wait_said("Watches established.");
    fs::write(tree.join(OsStr::from_bytes(b"not\xffutf8")), "").expect("write");
    fs::write(place.join("tree/last"), "").expect("write");
    tool.wait_output("CREATE last");
    tool.wait_said("permission denied");
    let said = tool.output();
    assert!(said.starts_with(b"tree/ CREATE not\xffutf8\n"), "{said:?}");
    fs::remove_dir_all(&tree).expect("rm -r");
    tool.wait_output("tree/ DELETE_SELF \n");
    tool.signal(Signal::SIGTERM);
}
