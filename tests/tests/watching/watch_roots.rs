//! `watch` with eBPF: what is watched, however it is named and whatever becomes of it.

use std::{fs, process::Command};

use tests::{Place, Record, Tracer, require_ebpf, tracer, tracer_command};

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

/// More paths than files may be open at the start: each is held open, once.
#[test]
fn more_trees_than_descriptors() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let trees: Vec<_> = (0..600).map(|n| place.dir(format!("tree-{n}"))).collect();
    let names: Vec<_> = trees.iter().map(|t| t.display().to_string()).collect();
    fs::write(place.join("list"), names.join("\n") + "\n").expect("write");
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -Sn 256; exec \"$0\" \"$@\""])
        .arg(tracer())
        .args([
            "watch",
            "--format",
            "json",
            "--backend",
            "ebpf",
            "--fromfile",
        ])
        .arg(place.join("list"));
    let tracer = Tracer::spawn(&mut command).ready();
    for tree in [&trees[0], &trees[599]] {
        fs::write(tree.join("file"), "x").expect("write");
        let path = place.bytes(tree.join("file"));
        tracer.wait_for("a file", |r| r.is_about(&path));
    }
    let _ = tracer.stop().ended(0).sound();
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
