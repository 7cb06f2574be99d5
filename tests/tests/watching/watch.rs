//! `watch` with eBPF: who touches a tree, system-wide, and nothing else.

use std::{collections::BTreeSet, fs, path::Path};

use nix::sys::signal::Signal;
use tests::{
    Account, Fixture, Line, Outcome, Place, Record, Tracer, differences, fixture, require_ebpf,
    tracer_command,
};

/// Watches with these options while a fixture plays `watched` in a place with `in` and `out`.
fn watch(place: &Place, options: &[&str], paths: &[&Path]) -> (Account, Outcome, u64) {
    place.dir("in/sub");
    place.dir("out/sub");
    let mut player = Fixture::start("watched", place.path(), &[]);
    let pid = player.pid();
    let mut args = vec!["watch", "--backend", "ebpf", "--format", "json"];
    args.extend(options);
    args.extend(paths.iter().map(|p| p.to_str().expect("UTF-8")));
    let tracer = Tracer::start(args);
    player.go();
    player.done();
    let outcome = tracer.stop().ended(0).sound();
    let account = Account::read(&player.end());
    (account, outcome, pid)
}

fn below(path: &[u8], dir: &[u8]) -> bool {
    path == dir
        || path
            .strip_prefix(dir)
            .is_some_and(|rest| rest.first() == Some(&b'/'))
}

/// Calls of the account that are about something below a directory.
fn about(account: &Account, dir: &[u8]) -> Account {
    account.only(|line| line.certain_paths().iter().any(|p| below(p, dir)))
}

/// The account's calls are all there, in order; nothing else of the fixture is there but its
/// set-up, which comes before.
fn assert_watched(account: &Account, outcome: &Outcome) {
    let mut found = differences(account, &outcome.records, fixture());
    // An end of a task is no touch of a file.
    found.retain(|text| !text.starts_with("End {"));
    assert!(
        found.is_empty(),
        "{} differences:\n{}",
        found.len(),
        found.join("\n")
    );
    assert!(
        outcome
            .records
            .iter()
            .all(|r| r.word("backend") == Some("ebpf"))
    );
}

fn nothing_outside(outcome: &Outcome, dir: &[u8]) {
    let inside = |r: &Record| {
        r.paths()
            .iter()
            .any(|p| p.path().is_some_and(|p| below(&p, dir)))
    };
    let stray = outcome.records.iter().find(|r| !inside(r));
    assert!(
        stray.is_none(),
        "not in the tree: {}",
        stray.map_or("", |r| &r.line)
    );
}

/// Every operation inside is told with its actor, nothing outside is.
#[test]
fn every_operation_in_a_tree() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let inside = place.dir("in");
    let (account, outcome, _) = watch(&place, &[], &[&inside]);
    let account = about(&account, &place.bytes("in"));
    assert!(account.calls.len() >= 14, "{} calls", account.calls.len());
    assert_watched(&account, &outcome);
    nothing_outside(&outcome, &place.bytes("in"));
    let ops: BTreeSet<_> = outcome.records.iter().map(Record::op).collect();
    for op in [
        "read",
        "write",
        "create",
        "delete",
        "rename",
        "attribute",
        "execute",
    ] {
        assert!(ops.contains(op), "no {op} among {ops:?}");
    }
}

/// A watch through a symlink is a watch of what it leads to.
#[test]
fn a_watch_through_a_symlink() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("in/sub");
    let alias = place.join("alias");
    std::os::unix::fs::symlink("in", &alias).expect("symlink");
    let (account, outcome, _) = watch(&place, &[], &[&alias]);
    assert_watched(&about(&account, &place.bytes("in")), &outcome);
    nothing_outside(&outcome, &place.bytes("in"));
}

/// Who comes through a symlinked directory is seen like anybody else.
#[test]
fn access_through_a_symlink() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut player = Fixture::start("symlinks", place.path(), &[]);
    let real = place.join("real");
    let tracer = Tracer::start([
        "watch",
        "--format",
        "json",
        "--backend",
        "ebpf",
        place.path().to_str().expect("UTF-8"),
    ]);
    player.go();
    player.done();
    let outcome = tracer.stop().ended(0).sound();
    // A lookup that found nothing succeeded nothing: it may be told or not.
    let account = Account::read(&player.end()).only(|l| l.word("errno") != Some("ENOENT"));
    let mut outcome = outcome;
    outcome
        .records
        .retain(|r| r.word("errno") != Some("ENOENT"));
    assert_watched(&account, &outcome);
    assert!(real.is_dir());
}

/// Who comes through a bind mount in a mount namespace of its own is seen too.
#[test]
fn access_through_a_bind_mount() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("real");
    let mut player = Fixture::start("bind", place.path(), &[]);
    let pid = player.pid();
    let real = place.join("real");
    let tracer = Tracer::start([
        "watch",
        "--format",
        "json",
        "--backend",
        "ebpf",
        real.to_str().expect("UTF-8"),
    ]);
    player.go();
    player.done();
    let outcome = tracer.stop().ended(0).sound();
    let account = Account::read(&player.end());
    assert!(account.calls.len() >= 9);
    // What leaves no file behind is told where it is seen from here.
    let by_name = |line: &Line| matches!(line.syscall(), "chmod" | "fchmodat" | "unlink" | "mkdir");
    let account = account.seen_at(&place.bytes("bound"), &place.bytes("real"), by_name);
    assert_watched(&account, &outcome);
    assert!(outcome.of_pid(pid).len() >= account.calls.len());
}

/// `--no-recursive` is a directory's own entries.
#[test]
fn not_recursive() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let inside = place.dir("in");
    let (account, outcome, pid) = watch(&place, &["--no-recursive"], &[&inside]);
    let dir = place.bytes("in");
    let own = |path: &[u8]| {
        path == dir
            || path
                .strip_prefix(&[&dir[..], b"/"].concat()[..])
                .is_some_and(|rest| !rest.contains(&b'/'))
    };
    let account = account.only(|line| line.certain_paths().iter().any(|p| own(p)));
    assert!(!account.calls.is_empty());
    assert_watched(&account, &outcome);
    let stray = outcome
        .of_pid(pid)
        .into_iter()
        .find(|r| !r.paths().iter().any(|p| p.path().is_some_and(|p| own(&p))));
    assert!(stray.is_none(), "{}", stray.map_or("", |r| &r.line));
}

/// A watched directory that is made anew is another one to the kernel side: it is found again, and
/// said to be another one. So is the directory of a watched file.
#[test]
fn a_root_that_is_replaced() {
    if !require_ebpf() {
        return;
    }
    // Few roots and many are kept in different ways.
    for others in [0, 5] {
        roots_that_are_replaced(others);
    }
}

fn roots_that_are_replaced(others: usize) {
    let place = Place::new();
    let (anew, gone) = (place.join("anew"), place.join("gone"));
    place.dir("anew");
    place.dir("gone");
    place.dir("dir");
    let file = place.file("dir/file");
    let options = ["watch", "--format", "json", "--backend", "ebpf"].map(std::ffi::OsStr::new);
    let paths = [&anew, &gone, &file].map(|path| path.as_os_str());
    let others: Vec<_> = (0..others)
        .map(|nr| place.dir(format!("other{nr}")))
        .collect();
    let others = others.iter().map(|path| path.as_os_str());
    let tracer = Tracer::start(options.into_iter().chain(paths).chain(others));
    let is_told = |path: &Path| {
        fs::write(path, "x").expect("write");
        let shown = path.to_str().expect("UTF-8");
        tracer.wait_for(shown, |told| told.line.contains(shown));
    };
    fs::remove_dir(&anew).expect("rmdir");
    fs::create_dir(&anew).expect("mkdir");
    tracer.wait_said(&format!("{} is another directory now", anew.display()));
    is_told(&anew.join("file"));
    // Until there is another one, it is watched where it is.
    fs::rename(&gone, place.join("elsewhere")).expect("rename");
    tracer.wait_said(&format!("{} is not there any more", gone.display()));
    is_told(&place.join("elsewhere/file"));
    fs::create_dir(&gone).expect("mkdir");
    tracer.wait_said(&format!("{} is another directory now", gone.display()));
    is_told(&gone.join("file"));
    // The directory of a watched file, too.
    fs::rename(place.join("dir"), place.join("other")).expect("rename");
    place.dir("dir");
    tracer.wait_said(&format!("{} is in another directory now", file.display()));
    is_told(&file);
    drop(tracer.stop().ended(0).sound());
}

/// `--exclude` with a directory and with a pattern.
#[test]
fn exclude() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("in/sub");
    place.dir("in/left-out");
    let left_out = place.join("in/left-out");
    let inside = place.join("in");
    let tracer = Tracer::start([
        "watch",
        "--format",
        "json",
        "--backend",
        "ebpf",
        "--exclude",
        left_out.to_str().expect("UTF-8"),
        "--exclude",
        "*.swp",
        inside.to_str().expect("UTF-8"),
    ]);
    for name in [
        "in/sub/kept",
        "in/left-out/x",
        "in/sub/y.swp",
        "in/z.swp",
        "in/kept.swp.txt",
    ] {
        fs::write(place.join(name), "x").expect("write");
        fs::remove_file(place.join(name)).expect("remove");
    }
    let outcome = tracer.stop().ended(0).sound();
    let me = u64::from(std::process::id());
    let mut names: Vec<_> = outcome
        .of_pid(me)
        .iter()
        .flat_map(|r| r.paths())
        .filter_map(|p| p.path())
        .map(|p| String::from_utf8_lossy(&p[place.path().as_os_str().len() + 1..]).into_owned())
        .collect();
    names.dedup();
    assert_eq!(names, ["in/sub/kept", "in/kept.swp.txt"]);
}

/// `--op` is only these operations.
#[test]
fn only_some_operations() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let inside = place.dir("in");
    let (account, outcome, _) = watch(&place, &["--op", "delete,rename"], &[&inside]);
    let wanted = |op: Option<&str>| matches!(op, Some("delete" | "rename"));
    let account = about(&account, &place.bytes("in")).only(|line| wanted(line.word("op")));
    assert!(account.calls.len() >= 4);
    assert_watched(&account, &outcome);
    let stray = outcome.records.iter().find(|r| !wanted(r.word("op")));
    assert!(stray.is_none(), "{}", stray.map_or("", |r| &r.line));
}

/// A template and a command have no place for the result: they get what really happened, or with
/// `--failed` what did not.
#[test]
fn failures_are_for_who_asks() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let events = ["--format", "%e %f"];
    for (options, wanted) in [
        (&events[..], "CREATE,ISDIR a\nDELETE,ISDIR a\n"),
        (&["--csv", "-e", "create"], ",\"CREATE,ISDIR\",a,"),
        (&["--failed", "-e", "create", "--format", "%f"], "a\n"),
        (&["--failed", "--op", "delete", "--format", "%f"], "b\n"),
    ] {
        let mut command = tracer_command(["watch", "--backend", "ebpf"]);
        let tracer = Tracer::spawn(command.args(options).arg(place.path())).ready();
        fs::create_dir(place.join("a")).expect("mkdir");
        fs::create_dir(place.join("a")).expect_err("it is there");
        fs::remove_dir(place.join("b")).expect_err("it is not there");
        fs::remove_dir(place.join("a")).expect("rmdir");
        tracer.signal(Signal::SIGINT);
        let (status, out, said) = tracer.wait_raw();
        assert_eq!(status, Some(0), "{said}");
        let out = String::from_utf8_lossy(&out).into_owned();
        assert!(out.contains(wanted), "{options:?}: {out}");
        assert_eq!(
            out.matches("CREATE").count(),
            wanted.matches("CREATE").count()
        );
    }
}

/// Two trees at once.
#[test]
fn several_trees() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let (one, two) = (place.dir("in/sub"), place.dir("out/sub"));
    let (account, outcome, _) = watch(&place, &[], &[&one, &two]);
    let dirs = [place.bytes("in/sub"), place.bytes("out/sub")];
    let account = account.only(|line| {
        line.certain_paths()
            .iter()
            .any(|p| dirs.iter().any(|dir| below(p, dir)))
    });
    assert!(account.calls.len() >= 24);
    assert_watched(&account, &outcome);
}

/// A process in a chroot inside the tree is seen with the path from outside.
#[test]
fn access_from_a_chroot() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut player = Fixture::start("chroots", place.path(), &[]);
    let tracer = Tracer::start([
        "watch",
        "--format",
        "json",
        "--backend",
        "ebpf",
        place.path().to_str().expect("UTF-8"),
    ]);
    player.go();
    player.done();
    let outcome = tracer.stop().ended(0).sound();
    let touches = |line: &Line| {
        matches!(line.syscall(), "open" | "chmod" | "unlink") && line.word("errno").is_none()
    };
    let account = Account::read(&player.end()).only(touches);
    assert!(account.calls.len() >= 9);
    let mut succeeded = outcome;
    succeeded.records.retain(|r| {
        matches!(r.syscall(), "open" | "chmod" | "unlink") && r.word("errno").is_none()
    });
    assert_watched(&account, &succeeded);
}

/// Can files here have attributes in the namespace `user`?
fn has_user_xattrs(dir: &Path) -> bool {
    let path = std::ffi::CString::new(dir.as_os_str().as_encoded_bytes()).expect("no NUL");
    // SAFETY: two C strings and a value of no bytes, all live during the call.
    unsafe { libc::setxattr(path.as_ptr(), c"user.test".as_ptr(), [].as_ptr(), 0, 0) == 0 }
}

/// Every call that can touch a file, by name and by descriptor, is seen by a watch.
#[test]
fn every_family_of_calls() {
    if !require_ebpf() {
        return;
    }
    for scenario in [
        "opens", "modes", "owners", "xattrs", "times", "lengths", "renames", "compat",
    ] {
        let place = Place::new();
        let mut player = Fixture::start(scenario, place.path(), &[]);
        let dir = place.path().to_str().expect("UTF-8");
        let tracer = Tracer::start(["watch", "--format", "json", "--backend", "ebpf", dir]);
        player.go();
        player.done();
        let mut outcome = tracer.stop().ended(0).sound();
        outcome.records.retain(|r| r.word("errno").is_none());
        let account = Account::read(&player.end()).only(|line| {
            line.word("errno").is_none()
                && line
                    .certain_paths()
                    .iter()
                    .any(|p| below(p, dir.as_bytes()))
        });
        // A file system in memory has none before Linux 6.6.
        let fails = scenario == "xattrs" && !has_user_xattrs(place.path());
        if scenario != "compat" && !fails {
            assert!(account.calls.len() >= 4, "{scenario}");
        }
        assert_watched(&account, &outcome);
    }
}
