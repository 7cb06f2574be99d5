//! Each kind of event, alone.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
    },
    path::Path,
};

use super::*;
use crate::event::{Backend, Unknown};

/// What is done to a directory that has a file `f` and a directory `d` with a file `d/g`, and
/// what is told of it.
struct Row {
    name: &'static str,
    act: fn(&Path),
    told: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        name: "open",
        act: |r| drop(fs::File::open(r.join("f")).unwrap()),
        told: &["read /f"],
    },
    Row {
        name: "write",
        act: |r| {
            fs::OpenOptions::new()
                .append(true)
                .open(r.join("f"))
                .unwrap()
                .write_all(b"x")
                .unwrap();
        },
        told: &["read /f", "write /f", "close /f"],
    },
    Row {
        name: "create",
        act: |r| drop(fs::File::create(r.join("n")).unwrap()),
        told: &["create /n", "read /n", "close /n"],
    },
    Row {
        name: "mkdir",
        act: |r| fs::create_dir(r.join("n")).unwrap(),
        told: &["create /n/"],
    },
    Row {
        name: "symlink",
        act: |r| symlink("f", r.join("n")).unwrap(),
        told: &["create /n"],
    },
    Row {
        name: "link",
        act: |r| fs::hard_link(r.join("f"), r.join("d/n")).unwrap(),
        told: &["create /d/n"],
    },
    Row {
        name: "mode of a file",
        act: |r| fs::set_permissions(r.join("f"), PermissionsExt::from_mode(0o600)).unwrap(),
        told: &["attribute /f"],
    },
    Row {
        name: "mode of a directory is told once",
        act: |r| fs::set_permissions(r.join("d"), PermissionsExt::from_mode(0o700)).unwrap(),
        told: &["attribute /d/"],
    },
    Row {
        name: "listing is no reading",
        act: |r| assert_eq!(fs::read_dir(r.join("d")).unwrap().count(), 1),
        told: &[],
    },
    Row {
        name: "unlink",
        act: |r| fs::remove_file(r.join("f")).unwrap(),
        told: &["delete /f"],
    },
    Row {
        name: "remove a tree",
        act: |r| fs::remove_dir_all(r.join("d")).unwrap(),
        told: &["delete /d/g", "delete /d/"],
    },
    Row {
        name: "rename a file",
        act: |r| fs::rename(r.join("f"), r.join("d/h")).unwrap(),
        told: &["rename /f -> /d/h"],
    },
    Row {
        name: "rename over a file",
        act: |r| fs::rename(r.join("f"), r.join("d/g")).unwrap(),
        told: &["rename /f -> /d/g"],
    },
    Row {
        name: "rename a directory, then write below it",
        act: |r| {
            fs::rename(r.join("d"), r.join("e")).unwrap();
            fs::File::open(r.join("e/g")).unwrap();
        },
        told: &["rename /d/ -> /e/", "read /e/g"],
    },
    Row {
        name: "a name that is not UTF-8 and has a line end",
        act: |r| fs::create_dir(r.join(OsStr::from_bytes(b"a\xff\n\x1b[m"))).unwrap(),
        told: &["create /a\u{fffd}\n\u{1b}[m/"],
    },
];

/// Makes a file of one byte that nobody has open: what another test starts at that moment would hold
/// it open a while longer, and its close would be told.
fn unopened(path: &Path) {
    let mode = rustix::fs::Mode::from_raw_mode(0o644);
    let kind = rustix::fs::FileType::RegularFile;
    rustix::fs::mknodat(rustix::fs::CWD, path, kind, mode, 0).unwrap();
    nix::unistd::truncate(path, 1).unwrap();
}

#[test]
fn every_kind_of_event() {
    for row in ROWS {
        let mut bed = Bed::prepared(&FILE_OPS, |root| {
            unopened(&root.join("f"));
            fs::create_dir(root.join("d")).unwrap();
            unopened(&root.join("d/g"));
        });
        (row.act)(&bed.root());
        bed.sync();
        assert_eq!(bed.lines(), row.told, "{}", row.name);
        bed.check_sums();
    }
}

#[test]
fn bytes_of_a_name_are_told_as_they_are() {
    let mut bed = Bed::new(&[Op::Create, Op::Delete]);
    let name: Vec<u8> = (1..=255).filter(|b| *b != b'/').collect();
    fs::File::create(bed.root().join(OsStr::from_bytes(&name))).unwrap();
    bed.sync();
    let event = bed.events().next().unwrap();
    let root = bed.root();
    let wanted = [root.as_os_str().as_bytes(), b"/", &name].concat();
    assert_eq!(event.paths[0].resolved.as_ref().unwrap()[..], wanted[..]);
}

#[test]
fn what_is_not_known_is_said() {
    let mut bed = Bed::new(&FILE_OPS);
    fs::write(bed.at("f"), "").unwrap();
    fs::remove_file(bed.at("f")).unwrap();
    bed.sync();
    for event in bed.events() {
        assert_eq!(event.backend, Backend::Inotify);
        assert_eq!(event.actor, Err(Unknown::Source));
        assert_eq!((&event.call, event.place), (&None, None));
        assert!(event.time.wall_ns > 1_600_000_000_000_000_000 && event.time.mono_ns > 0);
        assert_eq!(event.paths[0].deleted, event.op == Op::Delete);
    }
}

#[test]
fn only_the_operations_asked_for() {
    let mut bed = Bed::prepared(&[Op::Delete], |root| {
        fs::create_dir(root.join("d")).unwrap();
    });
    fs::write(bed.at("d/f"), "x").unwrap();
    fs::rename(bed.at("d"), bed.at("e")).unwrap();
    fs::remove_dir_all(bed.at("e")).unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["delete /e/f", "delete /e/"]);
    bed.check_sums();
    let sums = bed.source.sums();
    assert!(
        sums.filtered
            .iter()
            .any(|(reason, n)| *reason == "op" && *n > 0),
        "{sums:?}"
    );
}

#[test]
fn without_recursion_only_the_directory_itself() {
    let prepare = |root: &Path| fs::create_dir(root.join("d")).unwrap();
    let mut bed = Bed::planned(prepare, |root| WatchPlan {
        recursive: false,
        ..plan(&[root])
    });
    fs::write(bed.at("d/f"), "x").unwrap();
    fs::create_dir(bed.at("e")).unwrap();
    fs::write(bed.at("e/f"), "x").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["create /e/"]);
}

#[test]
fn writes_alone_without_recursion_need_no_names() {
    let prepare = |root: &Path| unopened(&root.join("f"));
    let mut bed = Bed::planned(prepare, |root| WatchPlan {
        recursive: false,
        ops: [Op::Write].into(),
        ..plan(&[root])
    });
    fs::write(bed.at("f"), "x").unwrap();
    bed.until("a write", |items| !items.is_empty());
    assert!(bed.lines().iter().all(|line| line == "write /f"));
    assert_eq!(bed.source.sums().filtered, []);
}

#[test]
fn excluded_directories_are_never_entered() {
    let prepare = |root: &Path| {
        fs::create_dir_all(root.join("a/skip/deep")).unwrap();
        fs::create_dir(root.join("b")).unwrap();
    };
    let mut bed = Bed::planned(prepare, |root| WatchPlan {
        exclude: globs(&["**/skip", "**/*.tmp"]),
        ops: [Op::Create, Op::Delete, Op::Rename].into(),
        ..plan(&[root])
    });
    fs::write(bed.at("a/skip/f"), "").unwrap();
    fs::write(bed.at("a/skip/deep/f"), "").unwrap();
    fs::write(bed.at("b/f.tmp"), "").unwrap();
    fs::create_dir_all(bed.at("n/skip/deep")).unwrap();
    fs::rename(bed.at("b/f.tmp"), bed.at("b/f")).unwrap();
    bed.sync();
    let told = bed.lines();
    assert!(
        !told
            .iter()
            .any(|line| line.contains("skip") || line.contains("create /b")),
        "{told:?}"
    );
    assert!(
        told.contains(&"rename /b/f.tmp -> /b/f".to_owned()),
        "{told:?}"
    );
    // Renamed to an excluded name, and back.
    bed.clear();
    fs::create_dir_all(bed.at("c/d")).unwrap();
    bed.sync();
    fs::rename(bed.at("c"), bed.at("skip")).unwrap();
    bed.sync();
    fs::write(bed.at("skip/d/unseen"), "").unwrap();
    bed.sync();
    fs::rename(bed.at("skip"), bed.at("c")).unwrap();
    bed.sync();
    fs::write(bed.at("c/d/seen"), "").unwrap();
    bed.sync();
    let told = bed.lines();
    assert!(
        !told.iter().any(|line| line.contains("create /skip")),
        "{told:?}"
    );
    assert!(told.contains(&"create /c/d/seen".to_owned()), "{told:?}");
    assert!(
        told.contains(&"create /c/d/unseen *".to_owned()),
        "{told:?}"
    );
    bed.check_sums();
}
