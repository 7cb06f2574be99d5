//! `watch --snapshot` and `--since-start`: what has changed between two moments.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
    process::Command,
};

use tests::{Outcome, Place, Record, Tracer, require_ebpf, run_to_end, tracer_command};

fn snapshot(place: &Place) {
    let (tree, file) = (place.join("tree"), place.join("snapshot"));
    let mut command = tracer_command(["watch", "--snapshot"]);
    let outcome = run_to_end(command.arg(file).arg(tree)).ended(0);
    assert!(outcome.records.is_empty(), "{outcome:?}");
}

fn since(place: &Place, options: &[&str]) -> Command {
    let mut command = tracer_command(["watch", "--format", "json"]);
    command.args(options).arg("--since-start");
    command.arg(place.join("snapshot")).arg(place.join("tree"));
    command
}

fn told(place: &Place) -> Vec<Record> {
    let outcome = run_to_end(&mut since(place, &[])).ended(0).sound();
    outcome.records
}

fn sh(place: &Place, script: &str) {
    let mut command = Command::new("bash");
    command
        .args(["-ec", script])
        .current_dir(place.join("tree"));
    assert!(command.status().is_ok_and(|s| s.success()), "{script}");
}

/// A tree as a reader of the records would have it: path, and whether it is a directory.
type Model = BTreeMap<Vec<u8>, bool>;

fn model(root: &Path) -> Model {
    let mut model = Model::new();
    let mut todo = vec![root.to_owned()];
    while let Some(path) = todo.pop() {
        use std::os::unix::ffi::OsStrExt;
        let is_dir = path.symlink_metadata().expect("it is there").is_dir();
        if is_dir {
            let entries = fs::read_dir(&path).expect("readable");
            todo.extend(entries.map(|entry| entry.expect("readable").path()));
        }
        model.insert(path.as_os_str().as_bytes().to_vec(), is_dir);
    }
    model
}

fn parent(path: &[u8]) -> &[u8] {
    &path[..path.iter().rposition(|b| *b == b'/').unwrap_or(0)]
}

/// Does to the model what the records say.
fn apply(model: &mut Model, records: &[Record]) {
    for record in records {
        let paths = record.paths();
        let path = |at: usize| paths[at].path().expect("a path");
        match record.op() {
            "create" => {
                assert!(model.contains_key(parent(&path(0))), "{}", record.line);
                let before = model.insert(path(0), record.get("is_dir") == true);
                assert_eq!(before, None, "{}", record.line);
            }
            "delete" => assert!(model.remove(&path(0)).is_some(), "{}", record.line),
            "rename" => {
                let (from, to) = (path(0), path(1));
                let is_free = !model.contains_key(&to) && model.contains_key(parent(&to));
                assert!(is_free, "{}", record.line);
                let below = |name: &Vec<u8>| {
                    let tail = name.strip_prefix(&*from)?;
                    (tail.is_empty() || tail[0] == b'/').then(|| [&to[..], tail].concat())
                };
                let moved: Vec<_> = model
                    .iter()
                    .filter_map(|(name, is_dir)| Some((name.clone(), below(name)?, *is_dir)))
                    .collect();
                assert!(!moved.is_empty(), "{}", record.line);
                for (old, new, is_dir) in moved {
                    model.remove(&old);
                    model.insert(new, is_dir);
                }
            }
            _ => assert!(model.contains_key(&path(0)), "{}", record.line),
        }
    }
}

/// Whatever was done: who does what the records say has the tree as it is.
#[test]
fn the_records_make_the_new_tree_of_the_old_one() {
    let place = Place::new();
    place.dir("tree");
    sh(
        &place,
        "mkdir -p a/b/c d/e empty; touch a/1 a/b/2 a/b/c/3 d/4 d/e/5 keep 'odd
name' $'\\xff'; ln keep d/link; ln -s nowhere sym",
    );
    let scripts = [
        "true",
        "echo x >> a/1; chmod 600 keep; touch -d yesterday d/4",
        "mv a/b d/b; echo y > d/b/new; rm d/e/5; rmdir d/e; mkdir d/e; touch d/e/again",
        "mv d D; mv D/b/c deep; rm D/link; echo z > tmp; mv tmp keep",
        "rm -r deep $'\\xff'; mkdir deep; touch deep/3; ln keep other; rmdir empty; touch empty",
        "mv a z; mv z/1 one; mkdir z/n; mv D z/n/D; ln -sf elsewhere sym",
        "touch A B C; mv keep k; mv k keep",
        "mv A t; mv B A; mv t B; mv C other",
        "mkdir new new/er; mv z new/er/z; rm one; echo one > two; mv A B",
    ];
    for script in scripts {
        snapshot(&place);
        let mut wanted = model(&place.join("tree"));
        sh(&place, script);
        let records = told(&place);
        if script == "true" {
            assert!(records.is_empty(), "{records:?}");
        }
        for record in &records {
            assert_eq!(record.word("backend"), Some("snapshot"), "{}", record.line);
            assert_eq!(record.get("synthesised"), true, "{}", record.line);
        }
        apply(&mut wanted, &records);
        assert_eq!(wanted, model(&place.join("tree")), "{script}: {records:#?}");
    }
}

/// What happened to files that are still there.
#[test]
fn contents_and_attributes() {
    let place = Place::new();
    place.dir("tree");
    for name in ["written", "mode", "same"] {
        place.file(format!("tree/{name}"));
    }
    snapshot(&place);
    fs::write(place.join("tree/written"), "more than before").expect("write");
    let mode = fs::Permissions::from_mode(0o640);
    fs::set_permissions(place.join("tree/mode"), mode).expect("chmod");
    let records = told(&place);
    let ops: Vec<_> = records.iter().map(Record::op).collect();
    assert_eq!(ops, ["attribute", "write"], "{records:?}");
    assert!(records[0].is_about(&place.bytes("tree/mode")));
    assert!(records[1].is_about(&place.bytes("tree/written")));
    // Filters are those of every watch.
    let outcome = run_to_end(&mut since(&place, &["--op", "write"])).ended(0);
    assert_eq!(outcome.records.len(), 1, "{outcome:?}");
    let outcome = run_to_end(&mut since(&place, &["--exclude", "w*"])).ended(0);
    let ops: Vec<_> = outcome.records.iter().map(Record::op).collect();
    // An excluded file is none of the tree's.
    assert_eq!(ops, ["attribute"], "{outcome:?}");
}

/// A part of what the snapshot has; and what it does not have.
#[test]
fn other_trees_than_those_of_the_snapshot() {
    let place = Place::new();
    place.dir("tree/p");
    place.dir("tree/q/r");
    for name in ["tree/p/1", "tree/q/2", "tree/q/r/3"] {
        place.file(name);
    }
    snapshot(&place);
    let part = |options: &[&str], path: &str| {
        let mut command = tracer_command(["watch", "--format", "json", "--since-start"]);
        command.arg(place.join("snapshot")).args(options);
        run_to_end(command.arg(place.join(path)))
    };
    assert!(part(&[], "tree/p").ended(0).records.is_empty());
    fs::remove_file(place.join("tree/q/2")).expect("rm");
    fs::remove_file(place.join("tree/q/r/3")).expect("rm");
    let outcome = part(&["--no-recursive"], "tree/q").ended(0);
    assert_eq!(outcome.records.len(), 1, "{outcome:?}");
    assert!(outcome.records[0].is_about(&place.bytes("tree/q/2")));
    let outcome = part(&[], ".").ended(2);
    assert!(outcome.stderr.contains("it does not have"), "{outcome:?}");
    let mut command = tracer_command(["watch", "--exclude", "r", "--snapshot"]);
    command.arg(place.join("snapshot")).arg(place.join("tree"));
    assert!(run_to_end(&mut command).ended(0).records.is_empty());
    let outcome = part(&[], "tree").ended(2);
    assert!(
        outcome.stderr.contains("without what matches"),
        "{outcome:?}"
    );
    assert!(
        part(&["--exclude", "r"], "tree")
            .ended(0)
            .records
            .is_empty()
    );
}

/// A directory that cannot be read has not lost what is in it.
#[test]
fn unreadable_directories() {
    if !tests::require_root() {
        return;
    }
    let place = Place::new();
    place.dir("tree/closed");
    place.file("tree/closed/file");
    snapshot(&place);
    let copy = tests::public_copy(tests::tracer(), &place.join("tracer"));
    let mode = |mode| {
        let closed = place.join("tree/closed");
        fs::set_permissions(closed, fs::Permissions::from_mode(mode)).expect("chmod");
    };
    mode(0o700);
    let mut nobody = Command::new(copy);
    nobody.args(["watch", "--format", "json", "--since-start"]);
    nobody.arg(place.join("snapshot")).arg(place.join("tree"));
    std::os::unix::process::CommandExt::uid(&mut nobody, tests::NOBODY);
    for path in [place.path(), &place.join("snapshot")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("chmod");
    }
    let outcome = run_to_end(&mut nobody).ended(0);
    assert!(outcome.stderr.contains("not compared"), "{outcome:?}");
    assert!(
        outcome.records.iter().all(|r| r.op() != "delete"),
        "{outcome:?}"
    );
}

/// With `--monitor` it goes on with what happens now.
#[test]
fn and_then_it_watches() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    place.dir("tree");
    snapshot(&place);
    place.file("tree/before");
    let tracer = Tracer::spawn(&mut since(&place, &["-m"])).ready();
    place.file("tree/after");
    let outcome = tracer.stop().ended(0).sound();
    let backend = |name: &str| {
        let of = place.bytes(format!("tree/{name}"));
        let found = outcome.records.iter().find(|r| r.is_about(&of));
        found.and_then(|r| r.word("backend")).map(str::to_owned)
    };
    assert_eq!(backend("before").as_deref(), Some("snapshot"));
    assert_eq!(backend("after").as_deref(), Some("ebpf"));
}

/// A snapshot that is none, or not whole, tells nothing.
#[test]
fn broken_snapshots() {
    let place = Place::new();
    place.dir("tree");
    place.file("tree/file");
    let refused = |outcome: Outcome, words: &str| {
        assert!(outcome.stderr.contains(words), "{outcome:?}");
        assert!(outcome.stdout.is_empty(), "{outcome:?}");
        assert_eq!(outcome.complaints().len(), 1, "{outcome:?}");
    };
    let run = || run_to_end(&mut since(&place, &[])).ended(1);
    refused(run(), "cannot read the snapshot");
    fs::write(place.join("snapshot"), "no snapshot").expect("write");
    refused(run(), "it is no snapshot of tracer's");
    snapshot(&place);
    let whole = fs::read(place.join("snapshot")).expect("read");
    for len in (0..whole.len()).step_by(23) {
        fs::write(place.join("snapshot"), &whole[..len]).expect("write");
        refused(run(), "cannot read the snapshot");
    }
    // One that cannot be written leaves the one that is there.
    fs::write(place.join("snapshot"), &whole).expect("write");
    let before = fs::metadata(place.join("snapshot"))
        .expect("it is there")
        .ino();
    let mut command = tracer_command(["watch", "--snapshot"]);
    command
        .arg(place.join("none/snapshot"))
        .arg(place.join("tree"));
    let outcome = run_to_end(&mut command).ended(1);
    assert!(
        outcome.stderr.contains("there is no directory"),
        "{outcome:?}"
    );
    let after = fs::metadata(place.join("snapshot"))
        .expect("it is there")
        .ino();
    assert_eq!(before, after);
}
