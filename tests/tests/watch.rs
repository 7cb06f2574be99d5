//! `watch` with eBPF: who touches a tree, system-wide, and nothing else.

use std::{collections::BTreeSet, fs, path::Path};

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
    assert_watched(&account, &outcome);
    assert!(outcome.of_pid(pid).len() >= account.calls.len());
}

/// A single file, also after it was replaced by a rename.
#[test]
fn a_single_file_that_is_replaced() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.file("file");
    place.file("other");
    let tracer = Tracer::start([
        "watch",
        "--format",
        "json",
        "--backend",
        "ebpf",
        file.to_str().expect("UTF-8"),
    ]);
    let new = place.join("new");
    fs::read(&file).expect("read");
    fs::read(place.join("other")).expect("read");
    fs::write(&new, "x").expect("write");
    fs::rename(&new, &file).expect("rename");
    fs::read(&file).expect("read");
    fs::remove_file(&file).expect("remove");
    let mut outcome = tracer.stop().ended(0).sound();
    outcome
        .records
        .retain(|r| r.pid() == u64::from(std::process::id()));
    let path = place.bytes("file");
    let ops: Vec<_> = outcome
        .records
        .iter()
        .filter(|r| r.is_about(&path))
        .map(Record::op)
        .collect();
    assert_eq!(
        ops,
        ["read", "rename", "read", "delete"],
        "operations on the file"
    );
    let stray = outcome.records.iter().find(|r| !r.is_about(&path));
    assert!(stray.is_none(), "{}", stray.map_or("", |r| &r.line));
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

/// More trees than the kernel side compares one by one.
#[test]
fn many_trees() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let trees: Vec<_> = (0..20)
        .map(|n| place.dir(format!("tree-{n}/sub")))
        .collect();
    let mut args: Vec<String> = ["watch", "--format", "json", "--backend", "ebpf"]
        .map(str::to_owned)
        .to_vec();
    args.extend(trees.iter().map(|t| t.to_str().expect("UTF-8").to_owned()));
    let tracer = Tracer::start(&args);
    for tree in &trees {
        fs::write(tree.join("file"), "x").expect("write");
        fs::remove_file(tree.join("file")).expect("remove");
    }
    fs::write(place.join("tree-0/outside"), "x").expect("write");
    let outcome = tracer.stop().ended(0).sound();
    let me = u64::from(std::process::id());
    for tree in &trees {
        let path = place.bytes(tree.join("file"));
        let ops: Vec<_> = outcome
            .of_pid(me)
            .into_iter()
            .filter(|r| r.is_about(&path))
            .map(|r| r.op().to_owned())
            .collect();
        assert_eq!(ops.len(), 2, "{}: {ops:?}", tree.display());
        assert_eq!(ops[1], "delete");
    }
    assert!(
        !outcome
            .records
            .iter()
            .any(|r| r.is_about(&place.bytes("tree-0/outside")))
    );
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
        if scenario != "compat" {
            assert!(account.calls.len() >= 4, "{scenario}");
        }
        assert_watched(&account, &outcome);
    }
}

/// The watched directory as a relative name, as `.`, and with a slash behind.
#[test]
fn ways_to_name_the_tree() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("in");
    let absolute = format!("{}//./in/", place.path().display());
    for (cwd, name) in [
        ("", "in"),
        ("", "./in/"),
        ("in", "."),
        ("in", "../in"),
        ("", &absolute),
    ] {
        let mut command = tracer_command(["watch", "--format", "json", "--backend", "ebpf"]);
        let tracer = Tracer::spawn(command.arg(name).current_dir(place.join(cwd))).ready();
        fs::write(place.join("in/file"), "x").expect("write");
        fs::write(place.join("outside"), "x").expect("write");
        let outcome = tracer.stop().ended(0).sound();
        let about = |name: &str| {
            outcome
                .records
                .iter()
                .any(|r| r.is_about(&place.bytes(name)))
        };
        assert!(about("in/file"), "watch {name} in {cwd}: {outcome:?}");
        assert!(!about("outside"), "watch {name} in {cwd}");
    }
}

/// The watched directory is renamed: it is still the one that is watched, under its new name.
#[test]
fn a_tree_that_is_renamed() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let root = place.dir("before/root");
    let dir = root.to_str().expect("UTF-8");
    let tracer = Tracer::start(["watch", "--format", "json", "--backend", "ebpf", dir]);
    fs::rename(place.join("before"), place.join("after")).expect("rename");
    fs::write(place.join("after/root/file"), "x").expect("write");
    fs::remove_file(place.join("after/root/file")).expect("remove");
    let outcome = tracer.stop().ended(0).sound();
    let file = place.bytes("after/root/file");
    let ops: Vec<_> = outcome
        .records
        .iter()
        .filter(|r| r.is_about(&file))
        .map(Record::op)
        .collect();
    assert_eq!(ops.last(), Some(&"delete"), "{ops:?}; {outcome:?}");
    assert!(ops.len() >= 2, "{ops:?}");
}

/// The whole machine.
#[test]
fn everything_below_the_root() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let tracer = Tracer::start(["watch", "--format", "json", "--backend", "ebpf", "/"]);
    let own = u64::from(tracer.pid());
    fs::write(place.join("file"), "x").expect("write");
    fs::remove_file(place.join("file")).expect("remove");
    let outcome = tracer.stop().ended(0).sound();
    assert!(outcome.of_pid(own).is_empty(), "it told of itself");
    let path = place.bytes("file");
    assert_eq!(
        outcome.records.iter().filter(|r| r.is_about(&path)).count(),
        2
    );
}

/// A watched file is deleted, and the kernel uses its memory for other files: those are not
/// mistaken for it.
#[test]
fn a_deleted_file_is_not_mistaken() {
    if !require_ebpf() {
        return;
    }
    let (place, elsewhere) = (Place::new(), Place::new());
    let files: Vec<_> = (0..40).map(|n| place.file(format!("file-{n}"))).collect();
    let mut args: Vec<String> = ["watch", "--format", "json", "--backend", "ebpf"]
        .map(str::to_owned)
        .to_vec();
    args.extend(files.iter().map(|f| f.to_str().expect("UTF-8").to_owned()));
    let tracer = Tracer::start(&args);
    for file in &files {
        fs::remove_file(file).expect("remove");
    }
    for round in 0..200 {
        let dir = elsewhere.dir(format!("dir-{round}"));
        for n in 0..10 {
            fs::write(dir.join(format!("new-{n}")), "x").expect("write");
        }
    }
    let outcome = tracer.stop().ended(0).sound();
    let inside = place.path().to_str().expect("UTF-8");
    let stray = outcome.records.iter().find(|r| !r.line.contains(inside));
    assert!(
        stray.is_none(),
        "not watched: {}",
        stray.map_or("", |r| &r.line)
    );
    let deletes = outcome
        .records
        .iter()
        .filter(|r| r.op() == "delete")
        .count();
    assert_eq!(deletes, files.len());
}

/// The kernel forgets the watched tree (memory pressure) and reads it from disk again: it is
/// still watched.
#[test]
fn a_tree_that_left_the_caches() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.dir("root/sub").join("file");
    fs::write(&file, "x").expect("write");
    let root = place.join("root");
    let dir = root.to_str().expect("UTF-8");
    let tracer = Tracer::start(["watch", "--format", "json", "--backend", "ebpf", dir]);
    nix::unistd::sync();
    // Clean dentries and inodes that nobody uses (proc(5)).
    for _ in 0..3 {
        fs::write("/proc/sys/vm/drop_caches", "2").expect("root may do this");
    }
    fs::read(&file).expect("read");
    let outcome = tracer.stop().ended(0).sound();
    let path = place.bytes("root/sub/file");
    let me = u64::from(std::process::id());
    let reads = outcome
        .of_pid(me)
        .iter()
        .filter(|r| r.is_about(&path) && r.op() == "read")
        .count();
    assert_eq!(reads, 1, "{outcome:?}");
}
