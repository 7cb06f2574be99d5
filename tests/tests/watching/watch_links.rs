//! Watched names that are symlinks: when one on the way is switched, the watch goes on where the name
//! leads then, whatever the backend.

use std::{fs, os::unix::fs::symlink, path::Path};

use tests::{Place, Record, Tracer, require_ebpf, require_root, tracer_command};

const BACKENDS: [&str; 3] = ["ebpf", "fanotify", "inotify"];

fn watch(backend: &str, path: &Path) -> Tracer {
    let path = path.to_str().expect("UTF-8");
    Tracer::start(["watch", "--format", "json", "--backend", backend, path])
}

fn replace_link(place: &Place, target: &str, link: &str) {
    symlink(target, place.join("new-link")).expect("symlink");
    fs::rename(place.join("new-link"), place.join(link)).expect("rename");
}

/// As a Kubernetes volume is updated: `conf -> ..data/conf`, and `..data` is replaced by a rename.
#[test]
fn a_file_behind_a_switched_directory() {
    if !require_ebpf() || !require_root() {
        return;
    }
    for backend in BACKENDS {
        let place = Place::new();
        for version in ["..1", "..2", "..3"] {
            place.dir(version);
            place.file(format!("{version}/conf"));
        }
        symlink("..1", place.join("..data")).expect("symlink");
        symlink("..data/conf", place.join("conf")).expect("symlink");
        let tracer = watch(backend, &place.join("conf"));
        for version in ["..2", "..3"] {
            let real = place.join(version).join("conf");
            replace_link(&place, version, "..data");
            tracer.wait_said(&format!("leads to {} now", real.display()));
            fs::write(&real, "more").expect("write");
            let path = place.bytes(format!("{version}/conf"));
            tracer.wait_for("what is done to the new target", |r| {
                r.is_about(&path) && r.op() == "write"
            });
        }
        // What the name led to before is nobody's business any more.
        fs::write(place.join("..1/conf"), "old").expect("write");
        fs::write(place.join("..3/conf"), "last").expect("write");
        let outcome = tracer.stop().ended(0).sound();
        // What holds for the whole run is said once.
        let lines: Vec<_> = outcome.stderr.lines().collect();
        let is_said_again = |line: &&&str| lines.iter().filter(|other| other == line).count() > 1;
        let again = lines.iter().find(is_said_again);
        assert_eq!(again, None, "{backend}: {outcome:?}");
        let switched = |r: &&Record| {
            // Who did it, where the backend knows; else that the name leads to another file.
            (r.is_about(&place.bytes("..data")) && r.op() == "rename")
                || (r.is_about(&place.bytes("..2/conf")) && r.op() == "create")
        };
        assert!(
            outcome.records.iter().any(|r| switched(&r)),
            "{backend}: {outcome:?}"
        );
        let old = place.bytes("..1/conf");
        let stray = outcome.records.iter().find(|r| r.is_about(&old));
        assert!(
            stray.is_none(),
            "{backend}: {}",
            stray.map_or("", |r| &r.line)
        );
    }
}

/// `current -> releases/1`: a directory.
#[test]
fn a_directory_behind_a_switched_link() {
    if !require_ebpf() || !require_root() {
        return;
    }
    for backend in BACKENDS {
        let place = Place::new();
        place.dir("releases/1/sub");
        place.dir("releases/2/sub");
        symlink("releases/1", place.join("current")).expect("symlink");
        let tracer = watch(backend, &place.join("current"));
        fs::remove_file(place.join("current")).expect("remove");
        symlink("releases/2", place.join("current")).expect("symlink");
        tracer.wait_said("leads to");
        place.file("releases/2/sub/file");
        let path = place.bytes("releases/2/sub/file");
        tracer.wait_for("a file in the new directory", |r| r.is_about(&path));
        let _ = tracer.stop().ended(0).sound();
    }
}

/// A link that is switched away and back, and two that lead to the same: everything is told once.
#[test]
fn a_link_that_is_switched_back() {
    if !require_ebpf() || !require_root() {
        return;
    }
    for backend in BACKENDS {
        let place = Place::new();
        for name in ["one", "two/sub"] {
            place.dir(name);
        }
        for link in ["first", "second"] {
            symlink("one", place.join(link)).expect("symlink");
        }
        let mut command = tracer_command(["watch", "--format", "json", "--backend", backend]);
        command.args([place.join("first"), place.join("second")]);
        let tracer = Tracer::spawn(&mut command).ready();
        let mut files = Vec::new();
        for (round, target) in ["two", "one", "two/sub", "one"].into_iter().enumerate() {
            for link in ["first", "second"] {
                let (from, to) = (place.join(link), place.join(target));
                let sentence = format!("{} leads to {} now", from.display(), to.display());
                let said = || tracer.said().matches(&sentence).count();
                let before = said();
                replace_link(&place, target, link);
                tests::until(&sentence, || said() > before);
            }
            let file = place.bytes(format!("{target}/file-{round}"));
            place.file(format!("{target}/file-{round}"));
            tracer.wait_for("a file", |r| r.is_about(&file) && r.op() == "create");
            files.push(file);
        }
        let outcome = tracer.stop().ended(0).sound();
        for file in files {
            let told = outcome
                .records
                .iter()
                .filter(|r| r.is_about(&file) && r.op() == "create");
            let lines: Vec<_> = told.map(|r| &r.line).collect();
            assert_eq!(lines.len(), 1, "{backend}: {lines:#?}");
        }
    }
}

/// That nothing is left is not said while something is.
#[test]
fn what_is_left_to_watch() {
    if !require_root() {
        return;
    }
    for backend in ["fanotify", "inotify"] {
        let place = Place::new();
        for name in ["one", "two", "plain"] {
            place.dir(name);
        }
        symlink("one", place.join("link")).expect("symlink");
        let mut command = tracer_command(["watch", "--format", "json", "--backend", backend]);
        command.args([place.join("link"), place.join("plain")]);
        let tracer = Tracer::spawn(&mut command).ready();
        replace_link(&place, "two", "link");
        tracer.wait_said("leads to");
        for name in ["one", "plain"] {
            fs::remove_dir(place.join(name)).expect("rmdir");
        }
        tracer.wait_said("plain is not there any more");
        let file = place.bytes("two/file");
        place.file("two/file");
        tracer.wait_for("a file", |r| r.is_about(&file));
        assert!(
            !tracer.said().contains("nothing is left"),
            "{}",
            tracer.said()
        );
        fs::remove_dir_all(place.join("two")).expect("rm -r");
        let outcome = tracer.wait().ended(0).sound();
        let parting = outcome.stderr.matches("nothing is left to watch").count();
        assert_eq!(parting, 1, "{backend}: {}", outcome.stderr);
    }
}

/// In a template, the file keeps the name under which it was given.
#[test]
fn the_name_as_it_was_given() {
    if !require_root() {
        return;
    }
    let place = Place::new();
    place.file("one");
    place.file("two");
    symlink("one", place.join("conf")).expect("symlink");
    let conf = place.join("conf");
    let conf = conf.to_str().expect("UTF-8");
    let tracer = Tracer::start(["watch", "--backend", "inotify", "--format", "%w %e", conf]);
    replace_link(&place, "two", "conf");
    tracer.wait_output(&format!("{conf} CREATE"));
    fs::write(place.join("two"), "x").expect("write");
    tracer.wait_output(&format!("{conf} MODIFY"));
    let _ = tracer.stop().ended(0);
}
