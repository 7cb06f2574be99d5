//! A call by name is judged by the file that it touched, and not by where the name leads afterwards.

use std::{
    collections::HashSet,
    ffi::CString,
    fs::{self, File},
    io,
    os::{
        fd::AsRawFd,
        unix::{
            ffi::OsStrExt,
            fs::{MetadataExt, symlink},
            process::CommandExt,
        },
    },
    path::{Path, PathBuf},
    process::Command,
    ptr::null,
};

use nix::sys::signal::Signal;
use tests::{Daemon, Log, Outcome, Place, Tracer, require_ebpf, require_root};

/// Calls of each kind.
const TIMES: usize = 50;

/// Harmless calls, each followed by a lie.
const TRIES: usize = 10_000;

fn c(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).expect("no NUL in a path")
}

fn checked(rc: i32) -> io::Result<()> {
    if rc < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// A call by name that leaves no open file behind.
struct Kind {
    syscall: &'static str,
    op: &'static str,
    /// It needs a file of that name.
    has_file: bool,
    call: fn(&Path, &Path) -> i32,
}

/// The kinds: each gets the name, and that of a file beside it for those that take two.
const KINDS: [Kind; 7] = [
    Kind {
        syscall: "unlink",
        op: "delete",
        has_file: true,
        // SAFETY: the strings are live.
        call: |name, _| unsafe { libc::unlink(c(name).as_ptr()) },
    },
    Kind {
        syscall: "chmod",
        op: "attribute",
        has_file: true,
        // SAFETY: the strings are live.
        call: |name, _| unsafe { libc::chmod(c(name).as_ptr(), 0o600) },
    },
    Kind {
        syscall: "truncate",
        op: "write",
        has_file: true,
        // SAFETY: the strings are live.
        call: |name, _| unsafe { libc::truncate(c(name).as_ptr(), 3) },
    },
    Kind {
        syscall: "rename",
        op: "rename",
        has_file: true,
        // SAFETY: the strings are live.
        call: |name, other| unsafe { libc::rename(c(name).as_ptr(), c(other).as_ptr()) },
    },
    Kind {
        syscall: "mkdir",
        op: "create",
        has_file: false,
        // SAFETY: the strings are live.
        call: |name, _| unsafe { libc::mkdir(c(name).as_ptr(), 0o755) },
    },
    Kind {
        syscall: "setxattr",
        op: "attribute",
        has_file: true,
        // SAFETY: the strings are live.
        call: |name, _| unsafe {
            let (name, value) = (c(name), c"v");
            libc::setxattr(
                name.as_ptr(),
                c"user.k".as_ptr(),
                value.as_ptr().cast(),
                1,
                0,
            )
        },
    },
    Kind {
        syscall: "symlink",
        op: "create",
        has_file: false,
        // SAFETY: the strings are live.
        call: |name, _| unsafe { libc::symlink(c"text".as_ptr(), c(name).as_ptr()) },
    },
];

/// A watched directory, one beside it, and a symlink that leads to one of the two.
struct Switch {
    watched: PathBuf,
    decoy: PathBuf,
    link: PathBuf,
    next: PathBuf,
}

impl Switch {
    fn new(place: &Place, watched: &str) -> Self {
        let link = place.join("link");
        Self {
            watched: place.dir(watched),
            decoy: place.dir("decoy"),
            next: place.join("next"),
            link,
        }
    }

    /// The link leads there from now on.
    fn to(&self, directory: &Path) {
        symlink(directory, &self.next).expect("symlink");
        fs::rename(&self.next, &self.link).expect("rename");
    }

    /// Does one call of a kind in `real`, by the name through the link, which leads to `lie` afterwards.
    fn call(&self, kind: &Kind, name: &str, real: &Path, lie: &Path) {
        if kind.has_file {
            File::create(real.join(name)).expect("made");
        }
        self.to(real);
        let other = format!("{name}-new");
        let done = (kind.call)(&self.link.join(name), &self.link.join(other));
        self.to(lie);
        checked(done).unwrap_or_else(|e| panic!("{}: {e}", kind.syscall));
    }

    /// Calls of every kind in the watched directory, whose names lead elsewhere afterwards.
    fn hidden(&self) {
        for kind in &KINDS {
            for n in 0..TIMES {
                let name = format!("{}-{n}", kind.syscall);
                self.call(kind, &name, &self.watched, &self.decoy);
            }
        }
    }

    /// Calls of every kind beside the watched directory, whose names lead into it afterwards.
    fn forged(&self) {
        for kind in &KINDS {
            let name = kind.syscall;
            for directory in [&self.watched, &self.decoy] {
                let _ = fs::remove_file(directory.join(name));
            }
            // What the name leads to afterwards is there.
            File::create(self.watched.join(name)).expect("made");
        }
        for n in 0..TRIES {
            let kind = &KINDS[n % KINDS.len()];
            self.call(kind, kind.syscall, &self.decoy, &self.watched);
            let made = [kind.syscall.to_owned(), format!("{}-new", kind.syscall)];
            for name in made {
                let made = self.decoy.join(name);
                let _ = fs::remove_file(&made).or_else(|_| fs::remove_dir(&made));
            }
        }
    }
}

/// Watches a directory.
fn watch(dir: &Path) -> Tracer {
    let dir = dir.to_str().expect("UTF-8");
    let options = ["--backend", "ebpf", "--buffer", "64M", "--format", "json"];
    Tracer::start([&["watch"], &options[..], &[dir]].concat())
}

/// Successes of a kind about a path.
fn about(outcome: &Outcome, op: &str, path: &Path) -> usize {
    let path = path.as_os_str().as_bytes();
    let is_it = |r: &&tests::Record| r.op() == op && r.get("errno").is_null() && r.is_about(path);
    outcome.records.iter().filter(is_it).count()
}

#[test]
fn a_name_that_leads_elsewhere_afterwards() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let switch = Switch::new(&place, "in");
    let tracer = watch(&switch.watched);
    switch.hidden();
    let outcome = tracer.stop().ended(0).sound();
    let mut short = Vec::new();
    for kind in &KINDS {
        let seen = (0..TIMES).filter(|n| {
            let path = switch.watched.join(format!("{}-{n}", kind.syscall));
            let bytes = path.as_os_str().as_bytes();
            let mut told = outcome.records.iter();
            told.any(|r| r.syscall() == kind.syscall && r.op() == kind.op && r.is_about(bytes))
        });
        let seen = seen.count();
        if seen != TIMES {
            short.push(format!("{}: {seen} of {TIMES}", kind.syscall));
        }
    }
    assert!(short.is_empty(), "{short:?}; {outcome:?}");
}

#[test]
fn a_name_that_leads_to_what_is_watched_afterwards() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let switch = Switch::new(&place, "in");
    switch.to(&switch.decoy);
    let prepared = KINDS.map(|kind| kind.syscall);
    for name in prepared {
        File::create(switch.watched.join(name)).expect("made");
    }
    let tracer = watch(&switch.watched);
    switch.forged();
    let outcome = tracer.stop().ended(0).sound();
    let own = outcome.of_pid(u64::from(std::process::id()));
    let link = switch.link.as_os_str().as_bytes();
    let through = |r: &&&tests::Record| {
        let mut paths = r.paths().into_iter();
        paths.any(|p| p.requested().is_some_and(|name| name.starts_with(link)))
    };
    let false_ones: Vec<_> = own.iter().filter(through).collect();
    let first = false_ones.first().map(|r| &r.line);
    assert!(
        false_ones.is_empty(),
        "{} false, {first:?}; {outcome:?}",
        false_ones.len()
    );
    // What prepares the tries is true.
    let removed = own.iter().filter(|r| r.op() == "delete").count();
    assert_eq!(removed, KINDS.len(), "{outcome:?}");
}

#[test]
fn a_rule_about_a_name_that_is_switched_afterwards() {
    require_root();
    let mut daemon = Daemon::prepare("-w HERE/watched -p wa -k w\n", "");
    let switch = Switch::new(daemon.place(), "watched");
    switch.to(&switch.decoy);
    daemon = daemon.run();
    switch.hidden();
    daemon.stop();
    let told = told(&daemon.log(), "w");
    let mut short = Vec::new();
    for kind in &KINDS {
        let seen = (0..TIMES).filter(|n| {
            let name = format!("link/{}-{n}\"", kind.syscall);
            told.iter().any(|path| path.contains(&name))
        });
        let seen = seen.count();
        if seen != TIMES {
            short.push(format!("{}: {seen} of {TIMES}", kind.syscall));
        }
    }
    assert!(short.is_empty(), "{short:?}");
}

#[test]
fn a_rule_about_what_a_name_leads_to_afterwards() {
    require_root();
    let mut daemon = Daemon::prepare("-w HERE/watched -p wa -k w\n", "");
    let switch = Switch::new(daemon.place(), "watched");
    switch.to(&switch.decoy);
    daemon = daemon.run();
    switch.forged();
    daemon.stop();
    let told = told(&daemon.log(), "w");
    let through = format!("name=\"{}/", switch.link.display());
    let first = told.iter().find(|path| path.contains(&through));
    assert_eq!(first, None, "{through}");
    let removed = |path: &&String| path.contains("nametype=DELETE");
    assert_eq!(told.iter().filter(removed).count(), KINDS.len());
}

/// The PATH records of the events under a key.
fn told(log: &Log, key: &str) -> Vec<String> {
    let stamp = |line: &str| Some(line.split_once("msg=")?.1.split_once(": ")?.0.to_owned());
    let calls = log.calls(&format!("key=\"{key}\""));
    let calls: HashSet<_> = calls.into_iter().filter_map(stamp).collect();
    let paths = log.of_type("PATH").into_iter();
    let is_told = |line: &&str| stamp(line).is_some_and(|stamp| calls.contains(&stamp));
    paths.filter(is_told).map(str::to_owned).collect()
}

/// Runs a shell script to its end after `before`, which only makes system calls.
fn run_after(script: &str, before: impl Fn() -> io::Result<()> + Send + Sync + 'static) {
    let mut shell = Command::new("sh");
    shell.args(["-ec", script]);
    // SAFETY: between fork and exec only system calls are made.
    let status = unsafe { shell.pre_exec(before) }.status().expect("sh runs");
    assert!(status.success(), "{script}");
}

/// Writes a short text into a file, by system calls alone.
fn put(path: &CString, text: &CString) -> io::Result<()> {
    // SAFETY: the strings are live.
    unsafe {
        let fd = libc::open(path.as_ptr(), libc::O_WRONLY);
        checked(fd)?;
        let len = text.as_bytes().len();
        let written = libc::write(fd, text.as_ptr().cast(), len);
        libc::close(fd);
        checked(if written == len as isize { 0 } else { -1 })
    }
}

/// In a user namespace, with a file system of its own over a directory.
fn over(directory: &Path) -> impl Fn() -> io::Result<()> + Send + Sync + 'static + use<> {
    let directory = c(directory);
    let map = CString::new("0 0 1").expect("no NUL");
    move || {
        // SAFETY: the strings are live.
        unsafe {
            checked(libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNS))?;
            put(&c"/proc/self/setgroups".to_owned(), &c"deny".to_owned())?;
            put(&c"/proc/self/uid_map".to_owned(), &map)?;
            put(&c"/proc/self/gid_map".to_owned(), &map)?;
            let kind = c"tmpfs".as_ptr();
            checked(libc::mount(kind, directory.as_ptr(), kind, 0, null()))
        }
    }
}

/// What is done in the file system over it.
fn elsewhere(directory: &Path) -> String {
    let dir = directory.display();
    format!(
        "umask 022; echo x > {dir}/shadow; chmod 600 {dir}/shadow; mv {dir}/shadow {dir}/moved; \
         mkdir {dir}/made; rmdir {dir}/made; ln -s x {dir}/link; rm {dir}/link; rm {dir}/moved"
    )
}

#[test]
fn another_file_system_over_what_is_watched() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let watched = place.dir("in");
    let tracer = watch(&watched);
    run_after(&elsewhere(&watched), over(&watched));
    let outcome = tracer.stop().ended(0).sound();
    let is_false = |r: &&tests::Record| {
        ["sh", "chmod", "mv", "mkdir", "rmdir", "ln", "rm"].contains(&r.word("comm").unwrap_or(""))
    };
    let lines: Vec<_> = outcome
        .records
        .iter()
        .filter(is_false)
        .map(|r| &r.line)
        .collect();
    assert!(lines.is_empty(), "{lines:#?}; {outcome:?}");
}

#[test]
fn a_rule_and_another_file_system_over_what_is_watched() {
    require_root();
    let daemon = Daemon::prepare(
        "-w HERE/watched -p wa -k w\n-w HERE/watched/shadow -p wa -k s\n",
        "",
    );
    let watched = daemon.place().join("watched");
    let mut daemon = daemon.run();
    run_after(&elsewhere(&watched), over(&watched));
    daemon.stop();
    let log = daemon.log();
    for key in ["key=\"w\"", "key=\"s\""] {
        let told = log.calls(key);
        assert!(told.is_empty(), "{told:#?}");
    }
}

/// Ways to a directory that are not its own name.
#[test]
fn what_is_watched_by_other_names() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let (watched, bound) = (place.dir("in/sub"), place.dir("bound"));
    for name in ["fd", "root", "bound", "gone"] {
        File::create(watched.join(format!("{name}-gone"))).expect("made");
        File::create(watched.join(format!("{name}-mode"))).expect("made");
    }
    let single = place.file("single");
    let file = watched.join("bound-file");
    fs::write(&file, "x").expect("made");
    let tracer = watch(&place.join("in"));
    let dir = watched.display();
    let script = format!(
        "exec 9< {dir}; rm /proc/self/fd/9/fd-gone; chmod 600 /proc/self/fd/9/fd-mode; \
         mkdir /proc/self/fd/9/fd-made; \
         rm /proc/$$/root{dir}/root-gone; chmod 600 /proc/$$/root{dir}/root-mode; \
         mkdir /proc/$$/root{dir}/root-made"
    );
    run_after(&script, || Ok(()));
    let (from, to, file_c, single_c) = (c(&watched), c(&bound), c(&file), c(&single));
    let bind = move || {
        let private = libc::MS_REC | libc::MS_PRIVATE;
        let bind = |from: &CString, to: &CString| {
            // SAFETY: the strings are live, and the rest is not read.
            checked(unsafe {
                libc::mount(from.as_ptr(), to.as_ptr(), null(), libc::MS_BIND, null())
            })
        };
        // SAFETY: as above.
        unsafe {
            checked(libc::unshare(libc::CLONE_NEWNS))?;
            checked(libc::mount(null(), c"/".as_ptr(), null(), private, null()))?;
        }
        bind(&from, &to)?;
        bind(&file_c, &single_c)
    };
    let dir = bound.display();
    let script = format!(
        "rm {dir}/bound-gone; chmod 600 {dir}/bound-mode; mkdir {dir}/bound-made; \
         chmod 600 {}; truncate -s 7 {}",
        single.display(),
        single.display()
    );
    run_after(&script, bind);
    let outcome = tracer.stop().ended(0).sound();
    for name in ["fd", "root", "bound"] {
        for (op, what) in [
            ("delete", "gone"),
            ("attribute", "mode"),
            ("create", "made"),
        ] {
            let path = watched.join(format!("{name}-{what}"));
            assert_eq!(
                about(&outcome, op, &path),
                1,
                "{op} of {}: {outcome:?}",
                path.display()
            );
        }
    }
    assert_eq!(about(&outcome, "attribute", &file), 1, "{outcome:?}");
    assert!(fs::metadata(&file).expect("it is there").ino() > 0);
}

/// Each call is told once, however often the same is done.
#[test]
fn the_same_again_and_again() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let watched = place.dir("in");
    let tracer = watch(&watched);
    for _ in 0..TIMES * 20 {
        File::create(watched.join("t")).expect("made");
        fs::rename(watched.join("t"), watched.join("u")).expect("renamed");
        fs::remove_file(watched.join("u")).expect("removed");
    }
    let outcome = tracer.stop().ended(0).sound();
    for (op, name) in [("create", "t"), ("rename", "u"), ("delete", "u")] {
        assert_eq!(
            about(&outcome, op, &watched.join(name)),
            TIMES * 20,
            "{op}: {outcome:?}"
        );
    }
}

/// What no call tells of, the witness does, with who did it.
#[test]
fn what_no_call_tells_of() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let watched = place.dir("in");
    let tracer = watch(&watched);
    let socket = watched.join("socket");
    let listener = std::os::unix::net::UnixListener::bind(&socket).expect("bound");
    let bytes = socket.as_os_str().as_bytes().to_vec();
    tracer.wait_for("the socket's name", |r| {
        r.op() == "create" && r.is_about(&bytes)
    });
    let outcome = tracer.stop().ended(0).sound();
    let made = outcome.records.iter().find(|r| r.is_about(&bytes));
    let made = made.expect("it was told");
    assert_eq!(made.word("backend"), Some("fanotify"), "{}", made.line);
    assert_eq!(made.pid(), u64::from(std::process::id()), "{}", made.line);
    assert!(listener.as_raw_fd() >= 0);
}

/// What was done in a directory is told if it was in the tree then, wherever it was moved before anybody looked.
#[test]
fn a_directory_that_is_moved_afterwards() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let watched = place.dir("in");
    let (leaves, comes) = (place.dir("in/leaves"), place.dir("comes"));
    for directory in [&leaves, &comes] {
        File::create(directory.join("gone")).expect("made");
        File::create(directory.join("mode")).expect("made");
    }
    let tracer = watch(&watched);
    tracer.signal(Signal::SIGSTOP);
    for directory in [&leaves, &comes] {
        fs::remove_file(directory.join("gone")).expect("removed");
        checked((KINDS[1].call)(&directory.join("mode"), directory)).expect("changed");
        fs::create_dir(directory.join("made")).expect("made");
    }
    fs::rename(&leaves, place.join("left")).expect("renamed");
    fs::rename(&comes, watched.join("came")).expect("renamed");
    tracer.signal(Signal::SIGCONT);
    let outcome = tracer.stop().ended(0).sound();
    for (op, name) in [
        ("delete", "gone"),
        ("attribute", "mode"),
        ("create", "made"),
    ] {
        let path = leaves.join(name);
        assert_eq!(about(&outcome, op, &path), 1, "{op}: {outcome:?}");
        let is_it = |r: &&tests::Record| r.op() == op;
        let all = outcome.records.iter().filter(is_it).count();
        assert_eq!(all, 1, "{op}: {outcome:?}");
    }
}
