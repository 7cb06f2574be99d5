//! Shapes of paths: however a program says where a file is, the record has the right absolute
//! path.

use tests::{COVERED, Leads, differences, fixture, play, play_held, play_with, require_ebpf};

macro_rules! shapes {
    ($($(#[$doc:meta])* $test:ident: $scenario:literal;)*) => {
        $(
            $(#[$doc])*
            #[test]
            fn $test() {
                if require_ebpf() {
                    play($scenario);
                }
            }
        )*
    };
}

shapes! {
    /// Relative, relative to a descriptor, `.`, `..`, double slashes
    relative: "relative";
    /// Through symlinked directories, and final symlinks
    symlinks: "symlinks";
    /// 255-byte components and `PATH_MAX` long names
    long: "lengthy";
    /// Forty levels, with 10 kB of path
    deep: "deep";
    /// A hundred levels: right, or an explicit unknown
    deeper_than_anything: "too-deep";
    /// Deleted working directory, file unlinked or renamed while open
    gone: "gone";
    /// The name's page is not resident when the call is entered
    name_not_resident: "pages";
    /// Pipes, sockets, memory files, unnamed files, magic links
    files_without_a_place: "odd-files";
    /// A program that exists only in memory
    program_in_memory: "memory-program";
    /// A file system that was unmounted while in use
    detached: "detached";
    /// Through a bind mount
    bind_mount: "bind";
    /// In a chroot
    chroot: "chroots";
}

/// A final symlink that is deleted right after it was followed: the path is where it led, or the
/// record says that it is only the name as given, or that it does not know. Never a claim that is
/// wrong.
#[test]
fn vanishing_symlinks() {
    if !require_ebpf() {
        return;
    }
    let scene = play("vanishing");
    let (file, dir) = (scene.place.bytes("file"), scene.place.path());
    for record in scene
        .outcome
        .records
        .iter()
        .filter(|r| r.syscall() == "chmod")
    {
        let paths = record.paths();
        let [entry] = &paths[..] else {
            panic!("not one path: {}", record.line)
        };
        let Some(path) = entry.path() else { continue };
        let as_given = path.starts_with(format!("{}/sym-", dir.display()).as_bytes());
        let says_so = ["base", "lexical"].contains(&entry.get("via").as_str().unwrap_or(""));
        assert!(
            path == file || (as_given && says_so),
            "wrong: {}",
            record.line
        );
    }
}

/// In another mount namespace, on a file system that exists only there.
#[test]
fn mount_namespace() {
    if require_ebpf() {
        play_held("namespace");
    }
}

/// The same when the namespace is gone before anybody can look into it: a path through a symlink
/// is right, or it says that it is only the name as given.
#[test]
fn mount_namespace_that_is_gone() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("namespace", &["-e", COVERED, "--format", "json"]);
    let through = |line: &tests::Line| {
        let names = line.paths().into_iter().filter_map(|p| p.name.flatten());
        names
            .into_iter()
            .any(|n| n.windows(6).any(|w| w == b"alias/"))
    };
    let direct = scene.account.only(|line| !through(line));
    let mut records = scene.outcome.records;
    records.retain(|r| {
        let requested = r.paths().into_iter().filter_map(|p| p.requested());
        !requested
            .into_iter()
            .any(|n| n.windows(6).any(|w| w == b"alias/"))
            || {
                let entry = &r.paths()[0];
                let right = scene.place.bytes("island/sub/file");
                let honest = entry.path().is_none() || entry.get("via") == "lexical";
                assert!(entry.path() == Some(right) || honest, "wrong: {}", r.line);
                false
            }
    });
    let found = differences(&direct, &records, fixture());
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(
        direct
            .calls
            .iter()
            .any(|l| matches!(l.paths()[0].leads, Leads::To(_)))
    );
}

/// More than a record holds: what is told is right, and what has no room is an explicit unknown.
#[test]
fn more_than_a_record_holds() {
    if !require_ebpf() {
        return;
    }
    let scene = play_with("oversized", &["-e", COVERED, "--format", "json"]);
    let of_call = |name: &str| name == "renameat2";
    let told: Vec<_> = scene
        .outcome
        .records
        .iter()
        .filter(|r| of_call(r.syscall()))
        .collect();
    let made = &scene.account.calls;
    assert_eq!((told.len(), made.len()), (3, 3));
    for (record, line) in told.iter().zip(made) {
        assert!(record.problems().is_empty(), "{:?}", record.problems());
        assert_eq!(record.get("args"), line.get("args"));
        for expected in line.paths() {
            let paths = record.paths();
            let entry = paths.iter().find(|p| p.arg() == Some(expected.arg));
            let entry = entry.expect("an entry, though there is little room");
            let Leads::Perhaps(path) = expected.leads else {
                panic!("{expected:?}")
            };
            assert!(
                entry.path().is_none_or(|got| got == path),
                "{}",
                record.line
            );
            let name = expected.name.flatten();
            assert!(
                entry.requested().is_none() || entry.requested() == name,
                "{}",
                record.line
            );
        }
    }
}
