//! What takes the place of a watched directory, names that were exchanged, directories that are
//! moved in; and an output that is deleted.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
use tests::{Place, Record, Tracer, require_ebpf, require_root, tracer_command};

fn watch(backend: &str, path: &Path) -> Tracer {
    let mut command = tracer_command(["watch", "--format", "json", "--backend", backend]);
    Tracer::spawn(command.arg(path)).ready()
}

fn creates(path: &[u8]) -> impl FnMut(&Record) -> bool {
    move |record: &Record| record.op() == "create" && record.is_about(path)
}

/// The new one is watched, and that is said; the run ends when there is none.
#[test]
fn a_replaced_directory_is_watched() {
    if !require_root() || !require_ebpf() {
        return;
    }
    for backend in ["ebpf", "fanotify", "inotify"] {
        let place = Place::new();
        let one = place.dir("one");
        place.dir("new");
        let tracer = watch(backend, &one);
        fs::rename(&one, place.join("old")).expect("rename");
        fs::rename(place.join("new"), &one).expect("rename");
        tracer.wait_said("is another directory now");
        place.file("one/first");
        tracer.wait_for("a file in the new one", creates(&place.bytes("one/first")));
        fs::remove_dir_all(&one).expect("rm -r");
        tracer.wait_said(&format!("{} is not there any more", one.display()));
        let outcome = if backend == "ebpf" {
            tracer.stop().ended(0)
        } else {
            tracer.wait().ended(0).sound()
        };
        let is_over = outcome.stderr.contains("nothing is left to watch");
        assert_eq!(is_over, backend != "ebpf", "{backend}: {}", outcome.stderr);
    }
}

/// Removed and made again.
#[test]
fn a_directory_that_is_made_again_is_watched() {
    let place = Place::new();
    let one = place.dir("one");
    let tracer = watch("inotify", &one);
    for round in ["first", "second"] {
        fs::remove_dir_all(&one).expect("rm -r");
        fs::create_dir(&one).expect("mkdir");
        let again = format!("one/{round}");
        // Until it is watched, what happens in it is told as found, or not yet.
        tracer.wait_for("the directory", creates(&place.bytes("one")));
        place.file(&again);
        tracer.wait_for("a file in it", creates(&place.bytes(&again)));
    }
    drop(tracer.stop().ended(0).sound());
}

/// Two renames, and nothing is made up.
#[test]
fn exchanged_names() {
    let place = Place::new();
    place.file("a");
    place.file("b");
    place.dir("c/in-c");
    place.dir("d/in-d");
    let tracer = watch("inotify", place.path());
    for (one, other) in [("a", "b"), ("c", "d")] {
        renameat2(
            AT_FDCWD,
            &place.join(one),
            AT_FDCWD,
            &place.join(other),
            RenameFlags::RENAME_EXCHANGE,
        )
        .expect("exchanged");
    }
    place.file("d/in-c/new");
    place.file("c/in-d/new");
    let outcome = tracer.stop().ended(0).sound();
    let root = format!("{}/", place.path().display());
    let told: Vec<_> = outcome
        .records
        .iter()
        .filter(|record| ["create", "rename", "delete"].contains(&record.op()))
        .map(|record| {
            let names = record.paths().into_iter().filter_map(|path| path.path());
            let names: Vec<_> = names
                .map(|name| String::from_utf8_lossy(&name).replace(&root, ""))
                .collect();
            format!("{} {}", record.op(), names.join(" "))
        })
        .collect();
    let wanted = [
        "rename a b",
        "rename b a",
        "rename c d",
        "rename d c",
        "create d/in-c/new",
        "create c/in-d/new",
    ];
    assert_eq!(told, wanted);
}

/// What is in a directory that is moved in is told the same by every notification interface: as
/// found, once, by nobody.
#[test]
fn a_directory_that_is_moved_in() {
    if !require_root() {
        return;
    }
    let told = ["inotify", "fanotify"].map(|backend| {
        let place = Place::new();
        place.dir("tree");
        place.dir("outside/in/deep");
        place.file("outside/in/deep/file");
        place.file("outside/in/other");
        let tracer = watch(backend, &place.join("tree"));
        fs::rename(place.join("outside/in"), place.join("tree/in")).expect("rename");
        fs::remove_file(place.join("outside/none")).expect_err("it is not there");
        let outcome = tracer.stop().ended(0).sound();
        let root = place.path().display().to_string();
        let found = outcome
            .records
            .iter()
            .filter(|record| record.op() == "create");
        let lines: Vec<_> = found
            .map(|record| {
                assert_eq!(record.get("synthesised"), true, "{}", record.line);
                assert!(record.unknown("actor").is_some(), "{}", record.line);
                let path = record.paths()[0].path().expect("it is known");
                String::from_utf8_lossy(&path).replace(&root, "")
            })
            .collect();
        let set: BTreeSet<_> = lines.iter().cloned().collect();
        assert_eq!(set.len(), lines.len(), "once each: {lines:?}");
        set
    });
    let wanted = ["deep", "deep/file", "other"].map(|name| format!("/tree/in/{name}"));
    assert_eq!(told[0], wanted.into());
    assert_eq!(told[0], told[1]);
}

/// A deleted output is made again, and that is said.
#[test]
fn an_output_that_is_deleted() {
    let (place, kept) = (Place::new(), Place::new());
    let out: PathBuf = kept.join("out");
    let mut command = tracer_command(["watch", "--backend", "inotify", "-e", "create"]);
    command.args(["--format", "%f", "-o"]).arg(&out);
    let tracer = Tracer::spawn(command.arg(place.path())).ready();
    let has = |text: &str| {
        let end = std::time::Instant::now() + tests::PATIENCE;
        while !fs::read_to_string(&out).is_ok_and(|had| had.contains(text)) {
            assert!(
                std::time::Instant::now() < end,
                "no {text}: {}",
                tracer.said()
            );
            std::thread::yield_now();
        }
    };
    place.file("one");
    has("one\n");
    fs::remove_file(&out).expect("rm");
    place.file("two");
    has("two\n");
    tracer.wait_said("was deleted");
    drop(tracer.stop().ended(0));
}
