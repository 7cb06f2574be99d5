//! What is watched is met by the kernel wherever it is mounted and however deep a file is.

use std::{
    ffi::CString,
    fs::{self, File},
    io,
    os::{
        fd::AsRawFd,
        unix::{ffi::OsStrExt, fs::symlink, process::CommandExt},
    },
    path::{Path, PathBuf},
    process::Command,
    ptr::null,
};

use nix::sys::signal::Signal;
use tests::{Daemon, Outcome, Place, Record, Tracer, require_ebpf, require_root};

/// How deep the deepest tree is.
const DEPTH: usize = 300;

/// Watches a directory.
fn watch(dir: &Path) -> Tracer {
    let dir = dir.to_str().expect("UTF-8");
    let options = ["--backend", "ebpf", "--buffer", "64M", "--format", "json"];
    Tracer::start([&["watch"], &options[..], &[dir]].concat())
}

fn c(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).expect("no NUL in a path")
}

fn checked(rc: i64) -> io::Result<()> {
    if rc < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Runs a shell script to its end after `before`, which only makes system calls.
fn run_after(script: &str, before: impl Fn() -> io::Result<()> + Send + Sync + 'static) {
    let mut shell = Command::new("sh");
    shell.args(["-ec", script]);
    // SAFETY: between fork and exec only system calls are made.
    let status = unsafe { shell.pre_exec(before) }.status().expect("sh runs");
    assert!(status.success(), "{script}");
}

/// Runs a shell script in a mount namespace of its own, where `source` is bound to `target`. It is
/// gone by the time that anybody could look there.
fn with_bound(source: &Path, target: &Path, script: &str) {
    let (source, target) = (c(source), c(target));
    run_after(script, move || {
        let private = libc::MS_REC | libc::MS_PRIVATE;
        let bind = |from: *const _, to: &CString| {
            // SAFETY: the strings are live, and the rest is not read.
            unsafe { libc::mount(from, to.as_ptr(), null(), libc::MS_BIND, null()) }
        };
        // SAFETY: as above.
        unsafe {
            checked(libc::unshare(libc::CLONE_NEWNS).into())?;
            checked(libc::mount(null(), c"/".as_ptr(), null(), private, null()).into())?;
        }
        checked(bind(source.as_ptr(), &target).into())
    });
}

/// A tree of which a part is bound elsewhere, with files that the script below changes.
fn furnish(place: &Place, tree: &str) {
    place.dir("bound");
    place.dir(format!("{tree}/sub/deeper"));
    for file in ["gone", "moved", "mode", "whole"] {
        fs::write(place.join(format!("{tree}/sub/{file}")), "").expect("a file");
    }
    fs::write(place.join("single"), "").expect("a file");
}

/// Changes the tree through a bind mount of its subdirectory and through one of a file.
fn change(place: &Place, tree: &str) {
    let (bound, single) = (place.join("bound"), place.join("single"));
    let dir = bound.display();
    let script = format!(
        "echo x > {dir}/written; exec 9< {dir}; echo x > /proc/self/fd/9/by-fd; \
         echo x > /proc/$$/root{dir}/by-root; \
         cd {dir}; rm gone; chmod 600 mode; mkdir made; mv moved deeper/moved"
    );
    with_bound(&place.join(format!("{tree}/sub")), &bound, &script);
    let script = format!("echo x > {}", single.display());
    with_bound(&place.join(format!("{tree}/sub/whole")), &single, &script);
}

/// Records of successes about a file that was called so.
fn asked_for<'a>(outcome: &'a Outcome, op: &str, name: &str) -> Vec<&'a Record> {
    let is_named = |record: &&Record| {
        let mut paths = record.paths().into_iter();
        paths.any(|path| path.requested().as_deref() == Some(name.as_bytes()))
    };
    let records = outcome.records.iter();
    records
        .filter(|r| r.op() == op && r.get("errno").is_null())
        .filter(is_named)
        .collect()
}

#[test]
fn a_part_of_the_tree_bound_elsewhere() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    furnish(&place, "in");
    let tracer = watch(&place.join("in"));
    change(&place, "in");
    let outcome = tracer.stop().ended(0).sound();
    for (op, path) in [
        ("create", "bound/written"),
        ("create", "bound/by-fd"),
        ("create", "bound/by-root"),
        ("write", "single"),
        ("delete", "in/sub/gone"),
        ("attribute", "in/sub/mode"),
        ("create", "in/sub/made"),
        ("rename", "in/sub/moved"),
    ] {
        let path_bytes = place.bytes(path);
        let mut told = outcome.records.iter();
        let is_told =
            told.any(|r| r.op() == op && r.get("errno").is_null() && r.is_about(&path_bytes));
        assert!(is_told, "no {op} of {path}: {outcome:?}");
    }
}

#[test]
fn a_rule_about_a_tree_of_which_a_part_is_bound_elsewhere() {
    require_root();
    let mut daemon = Daemon::prepare("-w HERE/tree -p wa -k tree\n", "");
    furnish(daemon.place(), "tree");
    daemon = daemon.run();
    change(daemon.place(), "tree");
    daemon.stop();
    let log = daemon.log();
    let told = log.calls("key=\"tree\"");
    for path in ["bound/written", "single"] {
        let name = format!("name=\"{}\"", daemon.place().join(path).display());
        let mut events = told.iter().flat_map(|call| log.event(call));
        assert!(
            events.any(|record| record.contains(&name)),
            "{name}: {}",
            log.text
        );
    }
    for program in ["rm", "chmod", "mkdir", "mv"] {
        let comm = format!("comm=\"{program}\"");
        assert!(
            told.iter().any(|call| call.contains(&comm)),
            "{comm}: {}",
            log.text
        );
    }
}

/// A part of the tree in a mount that is in no namespace: seen, and without a path.
#[test]
fn a_part_of_the_tree_that_is_mounted_nowhere() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("in/sub");
    let tracer = watch(&place.join("in"));
    let part = c(&place.join("in/sub"));
    run_after("echo x > nowhere; rm nowhere", move || {
        let (call, flags) = (libc::SYS_open_tree, libc::OPEN_TREE_CLONE);
        // SAFETY: the string is live.
        let tree = unsafe { libc::syscall(call, libc::AT_FDCWD, part.as_ptr(), flags) };
        checked(tree)?;
        // SAFETY: it takes a number.
        checked(unsafe { libc::fchdir(tree as i32) }.into())
    });
    let outcome = tracer.stop().ended(0).sound();
    for op in ["create", "delete"] {
        let told = asked_for(&outcome, op, "nowhere");
        assert_eq!(told.len(), 1, "{op}: {outcome:?}");
        // Where nothing is left to walk from, its directory tells where we see it.
        let wanted = (op == "delete").then(|| place.bytes("in/sub/nowhere"));
        let mut paths = told[0].paths().into_iter();
        assert!(paths.all(|p| p.path() == wanted), "{}", told[0].line);
    }
}

/// Deeper than names are told.
#[test]
fn a_tree_that_is_deeper_than_names_are_told() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let watched = place.dir("in");
    let tracer = watch(&watched);
    let script = format!(
        "cd {}; i=0; while [ $i -lt {DEPTH} ]; do mkdir d; cd -P d; i=$((i+1)); done; \
         echo x > deep; chmod 600 deep; rm deep",
        watched.display()
    );
    run_after(&script, || Ok(()));
    let outcome = tracer.stop().ended(0).sound();
    assert_eq!(
        asked_for(&outcome, "create", "d").len(),
        DEPTH,
        "{outcome:?}"
    );
    for op in ["create", "attribute", "delete"] {
        let told = asked_for(&outcome, op, "deep").len();
        assert_eq!(told, 1, "{op}: {outcome:?}");
    }
}

/// A file system in user space whose program never answers.
struct NeverAnswers {
    at: PathBuf,
    _program: File,
}

impl NeverAnswers {
    fn mount(at: PathBuf) -> Self {
        let mut options = File::options();
        let program = options.read(true).write(true).open("/dev/fuse");
        let program = program.expect("the kernel has FUSE");
        let options = format!(
            "fd={},rootmode=40000,user_id=0,group_id=0",
            program.as_raw_fd()
        );
        let options = CString::new(options).expect("no NUL");
        let (name, kind) = (c"never".as_ptr(), c"fuse".as_ptr());
        // SAFETY: the strings are live.
        let mounted =
            unsafe { libc::mount(name, c(&at).as_ptr(), kind, 0, options.as_ptr().cast()) };
        checked(mounted.into()).expect("it is mounted");
        Self {
            at,
            _program: program,
        }
    }
}

impl Drop for NeverAnswers {
    fn drop(&mut self) {
        // SAFETY: the string is live. Whoever waits for the program gets an error when it is gone.
        unsafe { libc::umount2(c(&self.at).as_ptr(), libc::MNT_DETACH) };
    }
}

/// By the time that the name of a removed file is looked up, it leads to where nobody answers: no watch waits
/// for that, and the kernel has told where the file was.
#[test]
fn a_name_that_leads_to_where_nobody_answers() {
    if !require_ebpf() || !require_root() {
        return;
    }
    let place = Place::new();
    let (tree, away) = (place.dir("tree"), place.dir("away"));
    place.dir("tree/d/sub");
    fs::write(tree.join("d/sub/x"), "").expect("made");
    let never = NeverAnswers::mount(away.clone());
    let tracer = watch(&tree);
    tracer.signal(Signal::SIGSTOP);
    fs::remove_file(tree.join("d/sub/x")).expect("removed");
    fs::rename(tree.join("d"), tree.join("e")).expect("renamed");
    symlink(&away, tree.join("d")).expect("linked");
    fs::write(tree.join("after"), "").expect("made");
    tracer.signal(Signal::SIGCONT);
    let after = tree.join("after");
    tracer.wait_for("the file after it", |record| {
        record.is_about(after.as_os_str().as_bytes())
    });
    let outcome = tracer.stop().sound();
    drop(never);
    let name = tree.join("d/sub/x");
    let unlinked = asked_for(&outcome, "delete", name.to_str().expect("UTF-8"));
    for record in &unlinked {
        let target = &record.paths()[0];
        assert_eq!(
            target.path(),
            Some(place.bytes("tree/d/sub/x")),
            "{}",
            record.line
        );
        assert_eq!(target.get("via"), "fanotify", "{}", record.line);
    }
    assert_eq!(unlinked.len(), 1, "{outcome:?}");
}
