//! `tracer install` and `tracer uninstall`: from an unpacked tarball into a root directory, and away again.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use nix::{
    fcntl::{Flock, FlockArg},
    sys::stat::Mode,
    unistd::mkfifo,
};
use tests::{NOBODY, Place, public_copy, require_root, tracer};

const SETTINGS: &str = "etc/tracer/tracer.toml";

/// A file of the source.
fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// An unpacked tarball, and beside it an empty root.
fn unpacked() -> Place {
    let place = Place::new();
    // Who may not install must be able to try.
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).expect("chmod");
    let table = fs::read_to_string(source("contrib/files")).expect("the table");
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let from = line.split_whitespace().next().expect("what is installed");
        let file = place.join("tree").join(from);
        let is_directory = from.ends_with('/');
        let file = if is_directory {
            file.join("page")
        } else {
            file
        };
        fs::create_dir_all(file.parent().expect("a directory")).expect("mkdir");
        fs::write(file, from).expect("write");
    }
    for (from, to) in [
        ("contrib/files", "files"),
        ("contrib/tracer.service", "systemd/tracer.service"),
    ] {
        fs::copy(source(from), place.join("tree").join(to)).expect("copy");
    }
    let program = place.join("tree/bin/tracer");
    fs::remove_file(&program).expect("remove");
    public_copy(tracer(), &program);
    place.dir("root");
    place
}

fn run(place: &Place, args: &[&str]) -> Output {
    let mut command = Command::new(place.join("tree/bin/tracer"));
    command.args(args).arg("--root").arg(place.join("root"));
    command.output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn done(place: &Place, args: &[&str]) -> String {
    let output = run(place, args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

fn refused(place: &Place, args: &[&str], code: i32, why: &str) {
    let before = everything(&place.join("root"));
    let output = run(place, args);
    assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    assert!(said(&output).contains(why), "{}", said(&output));
    assert_eq!(everything(&place.join("root")), before);
}

/// Everything below a directory: what is in each file, and where each link leads.
fn everything(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if let Ok(to) = fs::read_link(&path) {
            all.insert(path, to.as_os_str().as_bytes().to_vec());
        } else if path.is_dir() {
            all.extend(everything(&path));
            all.insert(path, Vec::new());
        } else {
            let content = fs::read(&path).expect("a file");
            all.insert(path, content);
        }
    }
    all
}

#[test]
fn there_and_away_again() {
    let place = unpacked();
    let root = place.join("root");
    fs::create_dir_all(root.join("usr/local/bin")).expect("mkdir");
    let before = everything(&root);
    let would = done(&place, &["install", "--links", "--dry-run"]);
    assert_eq!(everything(&root), before);
    let did = done(&place, &["install", "--links"]);
    assert!(would.starts_with(&did), "{would}{did}");
    let program = root.join("usr/local/bin/tracer");
    assert_eq!(
        fs::read(&program).expect("installed"),
        fs::read(tracer()).expect("built")
    );
    let mode = |path: &str| {
        fs::metadata(root.join(path))
            .expect(path)
            .permissions()
            .mode()
    };
    assert_eq!(mode("usr/local/bin/tracer") & 0o7777, 0o755);
    assert_eq!(mode(SETTINGS) & 0o7777, 0o644);
    for path in [
        "etc/tracer/rules.d/tracer.rules",
        "usr/local/share/man/page",
        "usr/local/share/bash-completion/completions/tracer",
        "usr/local/lib/systemd/system/tracer.service",
    ] {
        assert!(root.join(path).is_file(), "{path}: {did}");
    }
    let link = Command::new(root.join("usr/local/bin/ausearch"))
        .arg("-v")
        .output();
    assert!(said(&link.expect("it runs")).starts_with("ausearch version"));
    // What is not of the installation stays.
    let log = root.join("var/log/tracer/audit.log");
    fs::create_dir_all(log.parent().expect("a directory")).expect("mkdir");
    fs::write(&log, "x").expect("write");
    let again = done(&place, &["install"]);
    assert_eq!(again, did, "the links stay without --links, too");
    done(&place, &["uninstall", "--dry-run"]);
    assert!(program.exists());
    done(&place, &["uninstall"]);
    assert!(log.exists());
    fs::remove_dir_all(root.join("var")).expect("remove");
    assert_eq!(everything(&root), before);
    refused(&place, &["uninstall"], 5, "nothing is installed there");
}

#[test]
fn the_unit_has_the_program_that_is_installed() {
    let place = unpacked();
    done(&place, &["install", "--prefix", "/usr"]);
    let unit = place.join("root/usr/lib/systemd/system/tracer.service");
    let unit = fs::read_to_string(unit).expect("the unit");
    assert!(unit.starts_with("[Unit]\n"), "{unit}");
    assert!(
        unit.contains("\nExecStart=/usr/bin/tracer daemon\n"),
        "{unit}"
    );
    refused(&place, &["uninstall"], 5, "nothing is installed there");
    done(&place, &["uninstall", "--prefix", "/usr"]);
    assert_eq!(everything(&place.join("root")), BTreeMap::new());
}

#[test]
fn settings_that_were_changed_stay() {
    let place = unpacked();
    let settings = place.join("root").join(SETTINGS);
    done(&place, &["install"]);
    // Nobody has changed it: an upgrade brings the new one.
    fs::write(place.join("tree/etc/tracer.toml"), "# newer\n").expect("write");
    fs::remove_dir_all(place.join("tree/doc")).expect("remove");
    fs::create_dir(place.join("tree/doc")).expect("mkdir");
    done(&place, &["install"]);
    assert_eq!(
        fs::read_to_string(&settings).expect("settings"),
        "# newer\n"
    );
    assert!(!place.join("root/usr/local/share/doc/tracer/page").exists());
    fs::write(&settings, "num_logs = 7\n").expect("write");
    let rules = place.join("root/etc/tracer/rules.d/tracer.rules");
    fs::remove_file(&rules).expect("remove");
    fs::write(place.join("tree/etc/tracer.toml"), "# newest\n").expect("write");
    let told = done(&place, &["install"]);
    assert!(told.contains("keep ") && told.contains(SETTINGS), "{told}");
    assert_eq!(
        fs::read_to_string(&settings).expect("settings"),
        "num_logs = 7\n"
    );
    assert!(!rules.exists(), "who has removed it does not want it");
    done(&place, &["uninstall"]);
    let left = everything(&place.join("root"));
    let left: Vec<_> = left
        .keys()
        .map(|p| p.strip_prefix(place.join("root")))
        .collect();
    let wanted = ["etc", "etc/tracer", SETTINGS].map(|path| Ok(Path::new(path)));
    assert_eq!(left, wanted);
}

#[test]
fn what_is_there_already_is_not_touched() {
    let place = unpacked();
    let own = place.join("root/usr/local/share/bash-completion/completions/tracer");
    fs::create_dir_all(own.parent().expect("a directory")).expect("mkdir");
    fs::write(&own, "mine").expect("write");
    refused(
        &place,
        &["install"],
        5,
        "is not of an earlier `tracer install`",
    );
    fs::remove_file(&own).expect("remove");
    let list = place.join("root/var/lib/dpkg/info/tracer.list");
    fs::create_dir_all(list.parent().expect("a directory")).expect("mkdir");
    fs::write(&list, "/.\n/usr/bin/tracer\n").expect("write");
    refused(
        &place,
        &["install"],
        5,
        "the Debian package tracer is installed",
    );
    refused(
        &place,
        &["uninstall"],
        5,
        "the Debian package tracer is installed",
    );
    // It was removed, and has left its settings.
    fs::write(&list, "/etc/tracer/tracer.toml\n").expect("write");
    done(&place, &["install"]);
    let manifest = place.join("root/usr/local/share/tracer/manifest");
    let list = fs::read_to_string(&manifest).expect("the list");
    // One that was cut says less than there is.
    let half: Vec<_> = list.lines().take(9).collect();
    let half = half.join("\n") + "\n";
    let elsewhere = list.replace("usr/local/bin/tracer", "../root/usr/local/bin/tracer");
    for wrong in ["", "file x /etc/passwd\n", &half, &elsewhere] {
        fs::write(&manifest, wrong).expect("write");
        for what in ["uninstall", "install"] {
            refused(&place, &[what], 5, "is no whole list of `tracer install`");
        }
    }
    fs::write(&manifest, list).expect("write");
    // Somebody has put his own program into its place, or changed it.
    for path in ["usr/local/bin/tracer", "usr/local/share/man/page"] {
        let path = place.join("root").join(path);
        let kept = path.with_extension("kept");
        fs::rename(&path, &kept).expect("rename");
        fs::write(&path, "mine").expect("write");
        refused(
            &place,
            &["install"],
            5,
            "somebody has changed or replaced it",
        );
        fs::rename(&kept, &path).expect("rename");
    }
    done(&place, &["uninstall"]);
}

#[test]
fn what_leads_elsewhere_or_never_ends() {
    let place = unpacked();
    let (root, outside) = (place.join("root"), place.dir("outside"));
    std::os::unix::fs::symlink(&outside, root.join("etc")).expect("symlink");
    refused(&place, &["install"], 5, "a link leads out of it");
    fs::remove_file(root.join("etc")).expect("remove");
    for prefix in ["usr", "/../outside", "/a b", "/a\nb", "/100%n", "/$HOME"] {
        refused(
            &place,
            &["install", "--prefix", prefix],
            2,
            "expected a path like /usr/local",
        );
    }
    // Settings that are a FIFO are not waited for.
    let settings = root.join(SETTINGS);
    fs::create_dir_all(settings.parent().expect("a directory")).expect("mkdir");
    mkfifo(&settings, Mode::S_IRUSR).expect("mkfifo");
    let told = done(&place, &["install"]);
    assert!(told.contains("which is somebody's own"), "{told}");
    let lock = fs::File::open(&root).expect("the root");
    let lock = Flock::lock(lock, FlockArg::LockExclusive).expect("the lock");
    for what in ["install", "uninstall"] {
        refused_beside_a_fifo(&place, what);
    }
    drop(lock);
    done(&place, &["uninstall"]);
    assert!(settings.exists());
}

fn refused_beside_a_fifo(place: &Place, what: &str) {
    let output = run(place, &[what]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("is at work in "),
        "{}",
        said(&output)
    );
}

/// Whenever it is killed, it can be done again, and undone.
#[test]
fn what_was_killed_can_be_done_again() {
    require_root();
    let place = unpacked();
    let root = place.join("root");
    for (earlier, when) in [(false, 2), (false, 6), (true, 2), (true, 5)] {
        if earlier {
            done(&place, &["install"]);
        }
        let version = format!("# version {when}\n");
        fs::write(place.join("tree/etc/tracer.toml"), version).expect("write");
        fs::write(place.join("tree/man/page"), format!("{when}")).expect("write");
        let mut killed = Command::new("strace");
        killed.args(["-f", "-o", "/dev/null", "-e", "trace=rename", "-e"]);
        killed.arg(format!("inject=rename:signal=SIGKILL:when={when}"));
        killed.arg(place.join("tree/bin/tracer"));
        let killed = killed.args(["install", "--root"]).arg(&root).output();
        let killed = killed.expect("strace runs");
        assert!(!killed.status.success(), "{}", said(&killed));
        // What was there is there, the one or the other.
        assert!(!earlier || root.join("usr/local/bin/tracer").exists());
        done(&place, &["install"]);
        let settings = fs::read_to_string(root.join(SETTINGS)).expect("settings");
        assert_eq!(settings, format!("# version {when}\n"));
        done(&place, &["uninstall"]);
        let left = everything(&root);
        let files = left.keys().filter(|path| !path.is_dir());
        assert_eq!(files.count(), 0, "{left:?}");
    }
}

#[test]
fn it_is_not_in_a_tarball() {
    let place = unpacked();
    fs::remove_file(place.join("tree/files")).expect("remove");
    refused(&place, &["install"], 5, "is not in an unpacked tarball");
}

/// The disk is full when a part of it is written; an earlier installation is there.
#[test]
fn a_full_disk_leaves_all_as_it_was() {
    require_root();
    let place = unpacked();
    let root = place.join("root");
    done(&place, &["install"]);
    let before = everything(&root);
    let share = root.join("usr/local/share");
    // The space is for what is there and a little more; the program itself is elsewhere.
    let kept = place.join("kept");
    fs::rename(&share, &kept).expect("rename");
    fs::create_dir(&share).expect("mkdir");
    let (kept, share) = (kept.display(), share.display());
    let tracer = place.join("tree/bin/tracer");
    let script = format!(
        "mount -t tmpfs -o size=64k tmpfs {share} && cp -a {kept}/. {share} && \
         head -c 60k /dev/zero > {}/man/page; {} install --root {}; code=$?; cp -a {share}/. {kept} && umount {share}; \
         exit $code",
        place.join("tree").display(),
        tracer.display(),
        root.display()
    );
    let mut shell = Command::new("unshare");
    let output = shell
        .args(["-m", "sh", "-c", &script])
        .output()
        .expect("unshare runs");
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let why = "No space left on device (os error 28): nothing was installed";
    assert!(said(&output).contains(why), "{}", said(&output));
    fs::remove_dir(root.join("usr/local/share")).expect("remove");
    fs::rename(place.join("kept"), root.join("usr/local/share")).expect("rename");
    assert_eq!(everything(&root), before);
}

#[test]
fn without_permission_nothing_is_done() {
    require_root();
    let place = unpacked();
    let root = place.join("root");
    // Some of it could be written.
    fs::create_dir_all(root.join("usr/local/bin")).expect("mkdir");
    fs::set_permissions(
        root.join("usr/local/bin"),
        fs::Permissions::from_mode(0o777),
    )
    .expect("chmod");
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).expect("chmod");
    let before = everything(&root);
    let mut command = Command::new(place.join("tree/bin/tracer"));
    command
        .args(["install", "--root"])
        .arg(&root)
        .uid(NOBODY)
        .gid(NOBODY);
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(
        said(&output).contains(": nothing was installed"),
        "{}",
        said(&output)
    );
    assert_eq!(everything(&root), before);
}
