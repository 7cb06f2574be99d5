//! A tracer in a chroot or in a mount namespace of its own: what it watches is what it sees there, and
//! never a file of the host that has the same name.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use tests::{
    Outcome, Place, ProcIn, Record, Tracer, furnish, in_chroot, in_mount_namespace, require_ebpf,
    tracer, tracer_command,
};

/// Makes a file, changes it and removes it, by its name.
fn use_file(path: &Path) {
    fs::write(path, "x").expect("write");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("chmod");
    fs::rename(path, path.with_extension("new")).expect("rename");
    fs::remove_file(path.with_extension("new")).expect("unlink");
}

/// Does to the names in a directory what leaves no open file that the kernel could tell of: while the
/// process lives, and in ones that have ended by the time anybody looks.
fn use_names(dir: &Path) {
    let of_host = |what: &str| dir.join(format!("of-the-host-{what}"));
    let (made, moved, link) = (of_host("made"), of_host("moved"), of_host("link"));
    fs::create_dir(&made).expect("mkdir");
    fs::rename(&made, &moved).expect("rename");
    fs::remove_dir(&moved).expect("rmdir");
    symlink("nowhere", &link).expect("symlink");
    fs::read_link(&link).expect("readlink");
    fs::metadata(dir.join("a-file")).expect("stat");
    fs::remove_file(&link).expect("unlink");
    fs::remove_file(&link).expect_err("it is gone");
    for program in ["mkdir", "rmdir"] {
        let status = Command::new(program).arg(&made).status();
        assert!(status.expect("it runs").success());
    }
}

/// What is told of programs other than tracers. Another tracer that runs beside looks for the names that it
/// hears in the root of whoever used them, and so in what is watched.
fn of_programs(outcome: &Outcome) -> impl Iterator<Item = &Record> {
    outcome
        .records
        .iter()
        .filter(|record| record.get("comm") != "tracer")
}

/// Nothing of what [`use_names`] did was told.
fn is_nothing_of_the_host(outcome: &Outcome, also: &str) {
    for record in of_programs(outcome) {
        let is_told = record.line.contains("of-the-host") || record.line.contains(also);
        assert!(!is_told, "{}", record.line);
    }
}

/// What others do to a name is theirs, whatever the name leads to here: also where `/proc` shows them,
/// whether a tree is watched, a file in it, or everything about paths is traced.
#[test]
fn names_of_others() {
    if !require_ebpf() {
        return;
    }
    for is_chroot in [true, false] {
        let place = Place::new();
        let (root, watched) = (place.dir("root"), place.dir("watched"));
        let inside = root.join(watched.strip_prefix("/").expect("absolute"));
        fs::create_dir_all(&inside).expect("mkdir");
        let files = [watched.join("a-file"), inside.join("a-file")];
        for file in files {
            fs::write(file, "").expect("write");
        }
        let _proc = is_chroot.then(|| ProcIn::new(&root));
        for what in [&WATCH[..], &["trace", "--format=json", "-eall", "-P"]] {
            let mut command = if is_chroot {
                Command::new(furnish(&root, tracer()))
            } else {
                tracer_command([""; 0])
            };
            command.args(what).arg(&watched);
            if is_chroot {
                in_chroot(&mut command, &root);
            } else {
                in_mount_namespace(&mut command, &watched);
            }
            let tracer = Tracer::spawn(&mut command).ready();
            use_names(&watched);
            let end = if is_chroot {
                // Under the name that the host has for it, which ends inside.
                fs::create_dir(inside.join(what[0])).expect("mkdir");
                inside.clone()
            } else {
                let its = Path::new("/proc").join(tracer.pid().to_string());
                its.join("root")
                    .join(watched.strip_prefix("/").expect("absolute"))
            };
            fs::write(end.join("the-end"), "").expect("write");
            let end = place.bytes("watched/the-end");
            tracer.wait_for("what is done inside", |r| r.is_about(&end));
            let outcome = tracer.stop().ended(0).sound();
            is_nothing_of_the_host(&outcome, "a-file");
            let made = place.bytes(format!("watched/{}", what[0]));
            assert!(!is_chroot || outcome.records.iter().any(|r| r.is_about(&made)));
        }
    }
}

const WATCH: [&str; 5] = ["watch", "--format", "json", "--backend", "ebpf"];

#[test]
fn in_a_chroot() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let root = place.dir("root");
    let watched = place.dir("watched");
    let inside = root.join(watched.strip_prefix("/").expect("absolute"));
    fs::create_dir_all(&inside).expect("mkdir");
    let mut command = Command::new(furnish(&root, tracer()));
    command.args(WATCH).arg(&watched);
    in_chroot(&mut command, &root);
    let tracer = Tracer::spawn(&mut command).ready();
    use_file(&watched.join("of-the-host"));
    use_file(&inside.join("inside"));
    let path = place.bytes("watched/inside");
    tracer.wait_for("what is done inside", |r| r.is_about(&path));
    let outcome = tracer.stop().ended(0).sound();
    for record in of_programs(&outcome) {
        assert!(!record.line.contains("of-the-host"), "{}", record.line);
    }
    let made = outcome.records.iter().find(|r| r.is_about(&path));
    let made = made.expect("it was told");
    // The program is outside of the tracer's root: its name there would be that of another file.
    assert!(made.get("exe").is_null(), "{}", made.line);
    assert_eq!(made.get("unknown")["exe"], "outside-root", "{}", made.line);
}

/// A mount that is watched: by eBPF it is busy, which is said, until it is taken out of the tree; by the
/// others it is not.
#[test]
fn a_watched_mount_and_its_end() {
    if !require_ebpf() {
        return;
    }
    for backend in ["ebpf", "fanotify", "inotify"] {
        let place = Place::new();
        let tree = place.dir("tree");
        let mut command = Command::new("unshare");
        let script = "mount -t tmpfs none \"$1\"; exec \"$2\" watch --backend \"$3\" \"$1\"";
        command.args(["-m", "sh", "-c", script, "sh"]).arg(&tree);
        let tracer = Tracer::spawn(command.arg(tracer()).arg(backend)).ready();
        let held = format!("{} is held open", tree.display());
        assert_eq!(
            tracer.said().contains(&held),
            backend == "ebpf",
            "{}",
            tracer.said()
        );
        let pid = tracer.pid().to_string();
        let unmount = |options: &[&str]| {
            let mut command = Command::new("nsenter");
            command.args(["-m", "-t", &pid, "umount"]).args(options);
            command.arg(&tree).output().expect("nsenter runs").status
        };
        assert_eq!(unmount(&[]).success(), backend != "ebpf", "{backend}");
        if backend == "ebpf" {
            assert!(unmount(&["-l"]).success());
            tracer.wait_said("is another directory now");
        }
        drop(tracer.stop().ended(0));
    }
}

#[test]
fn in_a_mount_namespace() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let watched = place.dir("watched");
    let mut command = tracer_command(WATCH);
    command.arg(&watched);
    in_mount_namespace(&mut command, &watched);
    let tracer = Tracer::spawn(&mut command).ready();
    use_file(&watched.join("of-the-host"));
    let inside = Path::new("/proc")
        .join(tracer.pid().to_string())
        .join("root")
        .join(watched.strip_prefix("/").expect("absolute"))
        .join("inside");
    use_file(&inside);
    let path = place.bytes("watched/inside");
    tracer.wait_for("what is done inside", |r| {
        r.is_about(&path) && r.op() == "create"
    });
    let outcome = tracer.stop().ended(0).sound();
    for record in of_programs(&outcome) {
        assert!(!record.line.contains("of-the-host"), "{}", record.line);
    }
}
