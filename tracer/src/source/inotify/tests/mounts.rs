//! File systems mounted in the watched tree, as root, in a mount namespace of each test's own.

use std::{env, fs};

use rustix::{
    mount::{
        MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind, mount_change, unmount,
    },
    thread::UnshareFlags,
};

use super::*;

/// Mounts made from here on are seen by this thread only. False where that is not allowed.
fn private_mounts() -> bool {
    // SAFETY: only the mounts of this thread change, and the test is all that it runs.
    if let Err(error) = unsafe { rustix::thread::unshare_unsafe(UnshareFlags::NEWNS) } {
        assert!(
            env::var_os("CI").is_none(),
            "these tests need root: {error}"
        );
        eprintln!("skipped: mounting needs root");
        return false;
    }
    mount_change(
        "/",
        MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
    )
    .unwrap();
    true
}

const NAMES: [Op; 3] = [Op::Create, Op::Delete, Op::Rename];

#[test]
fn a_mount_is_entered_and_what_it_hid_is_seen_after_it() {
    if !private_mounts() {
        return;
    }
    let mut bed = Bed::prepared(&NAMES, |root| {
        fs::create_dir_all(root.join("m/hidden")).unwrap();
        mount("tmpfs", root.join("m"), "tmpfs", MountFlags::empty(), None).unwrap();
        fs::create_dir(root.join("m/d")).unwrap();
    });
    fs::write(bed.at("m/d/f"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["create /m/d/f"]);
    bed.clear();
    unmount(bed.at("m"), UnmountFlags::empty()).unwrap();
    bed.until("what was hidden", |items| {
        items.iter().any(|i| line(i).ends_with("/m/hidden/ *"))
    });
    let told: BTreeSet<_> = bed.lines().into_iter().collect();
    let wanted = ["create /m/hidden/ *", "delete /m/d/ *", "delete /m/d/f *"];
    assert_eq!(told, wanted.map(str::to_owned).into());
    bed.clear();
    fs::write(bed.at("m/hidden/f"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["create /m/hidden/f"]);
    bed.check_sums();
}

#[test]
fn what_was_below_an_unmounted_root_is_watched_then() {
    if !private_mounts() {
        return;
    }
    let dir = TempDir::new().unwrap();
    mount("tmpfs", dir.path(), "tmpfs", MountFlags::empty(), None).unwrap();
    let mut source = Inotify::open(&plan(&[dir.path()])).unwrap();
    unmount(dir.path(), UnmountFlags::empty()).unwrap();
    let mut told = Vec::new();
    let mut until = |source: &mut Inotify, count: usize| {
        while told.len() < count {
            wait(source);
            source.read(&mut |item| told.push(line(&item))).unwrap();
        }
        told.clone()
    };
    let root = dir.path().display().to_string();
    let wanted = [format!("delete {root}/"), format!("create {root}/ *")];
    assert_eq!(until(&mut source, 2), wanted);
    let said = source.take_warnings();
    assert!(said[0].contains("is another directory now"), "{said:?}");
    fs::create_dir(dir.path().join("d")).unwrap();
    assert_eq!(until(&mut source, 3)[2], format!("create {root}/d/"));
    assert!(!source.ended());
}

#[test]
fn a_directory_seen_twice_is_told_once() {
    if !private_mounts() {
        return;
    }
    let mut bed = Bed::prepared(&NAMES, |root| {
        for dir in ["a/deep", "b", "c"] {
            fs::create_dir_all(root.join(dir)).unwrap();
        }
        mount_bind(root.join("a"), root.join("b")).unwrap();
        // The tree below itself: following it would never end.
        rustix::mount::mount_bind_recursive(root, root.join("c")).unwrap();
    });
    let warnings = bed.source.take_warnings();
    assert!(
        warnings.len() == 1 && warnings[0].contains("under two names"),
        "{warnings:?}"
    );
    fs::write(bed.at("a/deep/f"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines().len(), 1);
    assert!(bed.lines()[0].ends_with("/deep/f"), "{:?}", bed.lines());
    let (b, c) = (bed.at("b"), bed.at("c"));
    drop(bed);
    unmount(c, UnmountFlags::DETACH).unwrap();
    unmount(b, UnmountFlags::DETACH).unwrap();
}
