//! Limits of the kernel and of permissions.
//!
//! The limits are those of a user namespace of its own, so that nothing else on the machine is
//! affected: each test runs itself again in one.

use std::{env, fs, os::unix::fs::PermissionsExt, process::Command};

use super::*;

/// Runs the named test again in a user namespace with a limit. True in the outer run, when all
/// has been done.
fn outer(test: &str, setting: &str, value: u32) -> bool {
    if env::var_os("TRACER_TEST_INNER").is_some() {
        return false;
    }
    let script = format!("echo {value} > /proc/sys/user/{setting} && exec \"$0\" \"$@\"");
    let path = format!("{}::{test}", module_path!().split_once("::").unwrap().1);
    let out = Command::new("unshare")
        .args(["--user", "--map-root-user", "sh", "-c", &script])
        .arg(env::current_exe().unwrap())
        .args([&path, "--exact", "--nocapture"])
        .env("TRACER_TEST_INNER", "1")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&out.stderr);
    if errors.contains("unshare failed") && env::var_os("CI").is_none() {
        eprintln!("skipped: no user namespaces here: {errors}");
        return true;
    }
    let told = String::from_utf8_lossy(&out.stdout);
    assert!(
        out.status.success() && told.contains("1 passed"),
        "{told}\n{errors}"
    );
    true
}

#[test]
fn too_few_watches_for_the_tree() {
    if outer("too_few_watches_for_the_tree", "max_inotify_watches", 10) {
        return;
    }
    let dir = TempDir::new().unwrap();
    for i in 0..20 {
        fs::create_dir(dir.path().join(format!("{i}"))).unwrap();
    }
    let error = Inotify::open(&plan(&[dir.path()])).unwrap_err().to_string();
    for part in [
        "21 directories",
        "/proc/sys/fs/inotify/max_user_watches",
        "sysctl",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn too_few_watches_during_the_run() {
    if outer("too_few_watches_during_the_run", "max_inotify_watches", 10) {
        return;
    }
    let mut bed = Bed::new(&[Op::Create, Op::Delete]);
    for i in 0..20 {
        fs::create_dir(bed.at(&format!("{i}"))).unwrap();
    }
    bed.sync();
    assert_eq!(bed.events().count(), 20);
    let warnings = bed.source.take_warnings();
    assert!(
        warnings.len() == 1 && warnings[0].contains("11 directories"),
        "{warnings:?}"
    );
    assert!(warnings[0].contains("max_user_watches"), "{warnings:?}");
    assert!(bed.source.take_warnings().is_empty());
}

#[test]
fn too_many_instances() {
    if outer("too_many_instances", "max_inotify_instances", 0) {
        return;
    }
    let error = Inotify::open(&plan(&[Path::new("/")]))
        .unwrap_err()
        .to_string();
    assert!(error.contains("max_user_instances"), "{error}");
}

/// As root, a directory without permissions can be read all the same.
fn permissions_count() -> bool {
    !rustix::process::geteuid().is_root()
}

#[test]
fn directories_that_may_not_be_read_are_told_once() {
    if !permissions_count() {
        // Runs itself again as nobody.
        let out = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(env::current_exe().unwrap())
            .args(["that_may_not_be_read", "--nocapture"])
            .output();
        match out {
            Ok(out) => {
                let told = String::from_utf8_lossy(&out.stdout);
                assert!(out.status.success() && told.contains("3 passed"), "{out:?}");
            }
            Err(error) => assert!(env::var_os("CI").is_none(), "setpriv: {error}"),
        }
        return;
    }
    let closed = |root: &Path, name: &str| {
        fs::create_dir(root.join(name)).unwrap();
        fs::set_permissions(root.join(name), PermissionsExt::from_mode(0o0)).unwrap();
    };
    let mut bed = Bed::prepared(&[Op::Create, Op::Delete], |root| closed(root, "a"));
    closed(&bed.root(), "b");
    bed.sync();
    assert_eq!(bed.lines(), ["create /b/"]);
    let warnings = bed.source.take_warnings();
    assert!(
        warnings.len() == 1 && warnings[0].contains("2 directories"),
        "{warnings:?}"
    );
    assert!(warnings[0].contains("permission denied"), "{warnings:?}");
    assert!(bed.source.take_warnings().is_empty());
}

#[test]
fn that_may_not_be_read_and_then_may() {
    if !permissions_count() {
        // Done by the test above, as nobody.
        return;
    }
    let closed = |mode| PermissionsExt::from_mode(mode);
    let mut bed = Bed::prepared(&[Op::Create, Op::Delete, Op::Attribute], |root| {
        fs::create_dir_all(root.join("a/deep")).unwrap();
        fs::set_permissions(root.join("a"), closed(0o0)).unwrap();
    });
    fs::set_permissions(bed.root().join("a"), closed(0o755)).unwrap();
    bed.sync();
    fs::write(bed.root().join("a/deep/f"), "").unwrap();
    bed.sync();
    assert_eq!(bed.lines(), ["attribute /a/", "create /a/deep/f"]);
}

#[test]
fn a_file_in_a_directory_that_may_not_be_read() {
    if !permissions_count() {
        // Done by the test above, as nobody.
        return;
    }
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("f");
    fs::write(&file, "").unwrap();
    fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o311)).unwrap();
    let mut source = Inotify::open(&plan(&[&file])).unwrap();
    let warnings = source.take_warnings();
    assert!(
        warnings.len() == 1 && warnings[0].contains("replaced"),
        "{warnings:?}"
    );
    fs::write(&file, "x").unwrap();
    fs::remove_file(&file).unwrap();
    let mut told = Vec::new();
    while !source.ended() {
        wait(&source);
        source.read(&mut |item| told.push(line(&item))).unwrap();
    }
    let name = file.display();
    let wanted = ["read", "write", "close", "attribute", "delete"];
    let wanted: Vec<_> = wanted.iter().map(|op| format!("{op} {name}")).collect();
    told.dedup();
    assert_eq!(told, wanted);
}
