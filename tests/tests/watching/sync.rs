//! `sync`: the copy is equal after storms, kills, unreachable and full destinations. The judge is
//! the real rsync, which compares with checksums.

use std::{
    fs,
    io::Read,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{PermissionsExt, symlink},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::sys::signal::Signal;
use tests::{
    NOBODY, PATIENCE, Place, Tracer, public_copy, require_root, run_to_end, script, tracer,
    tracer_command,
};

/// `tracer sync SRC DEST...` in a place, with the queues in the same place.
fn command(place: &Place, options: &[&str], dests: &[&str]) -> Command {
    let mut command = tracer_command(["sync", "--max-pause", "0.2s"]);
    command
        .arg("--state-dir")
        .arg(place.join("state"))
        .args(options)
        .arg(place.join("src"));
    for dest in dests {
        if dest.contains(':') {
            command.arg(dest);
        } else {
            command.arg(place.join(dest));
        }
    }
    command
}

fn start(place: &Place, options: &[&str], dests: &[&str]) -> Tracer {
    Tracer::spawn(&mut command(place, options, dests)).ready()
}

/// What rsync would still have to do, by checksums.
fn differences(src: &Path, dest: &Path, filters: &[&str]) -> String {
    let out = Command::new("rsync")
        .args([
            "-a",
            "--checksum",
            "--dry-run",
            "--itemize-changes",
            "--delete",
        ])
        .args(filters)
        .arg(format!("{}/", src.display()))
        .arg(format!("{}/", dest.display()))
        .output()
        .expect("rsync runs");
    String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned()
}

/// Waits until a copy is equal.
fn wait_equal(place: &Place, dest: &str, filters: &[&str]) {
    let end = Instant::now() + PATIENCE;
    loop {
        let found = differences(&place.join("src"), &place.join(dest), filters);
        if found.is_empty() {
            return;
        }
        assert!(Instant::now() < end, "{dest} stays different:\n{found}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A tree with something of everything.
fn tree(place: &Place) {
    place.dir("src/dir/sub");
    for n in 0..50 {
        fs::write(place.join(format!("src/dir/file{n}")), vec![b'x'; n]).expect("write");
    }
    place.file("src/dir/sub/deep");
    symlink("dir/sub", place.join("src/link")).expect("symlink");
}

/// Changes of every kind, from a fixed sequence of pseudo-random numbers.
fn storm(place: &Place, seed: u64, steps: u32) {
    let mut state = seed;
    let mut random = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % below
    };
    let root = place.join("src");
    for _ in 0..steps {
        let dir = root.join(format!("s{}", random(4)));
        let (one, two) = (
            dir.join(random(8).to_string()),
            dir.join(random(8).to_string()),
        );
        let _ = match random(9) {
            0 => fs::create_dir_all(dir.join("in")),
            // The same size again and again.
            1..=3 => fs::write(&one, random(1 << 20).to_le_bytes()),
            4 => fs::rename(&one, &two),
            5 => fs::remove_file(&one),
            6 => fs::rename(&dir, root.join(format!("s{}", random(4)))),
            7 => fs::set_permissions(&one, fs::Permissions::from_mode(0o600 + random(8) as u32)),
            _ if random(6) == 0 => fs::remove_dir_all(&dir),
            _ => fs::write(dir.join("in").join(random(5).to_string()), "deep"),
        };
    }
}

/// Storms of changes while batches run, to two destinations.
#[test]
fn equal_after_storms() {
    let place = Place::new();
    tree(&place);
    place.dir("one/stale/dir");
    let tracer = start(&place, &[], &["one", "two"]);
    wait_equal(&place, "one", &[]);
    for seed in 1..=4 {
        storm(&place, seed, 1500);
        wait_equal(&place, "one", &[]);
        wait_equal(&place, "two", &[]);
    }
    let _ = tracer.stop().ended(0);
}

/// Killed in the middle of batches, the tree changed while nobody looked, and started again.
#[test]
fn equal_after_kills() {
    let place = Place::new();
    tree(&place);
    for seed in 10..16 {
        let tracer = start(&place, &["--window", "1ms"], &["copy"]);
        storm(&place, seed, 400);
        tracer.signal(Signal::SIGKILL);
        drop(tracer);
        storm(&place, seed + 100, 50);
    }
    let tracer = start(&place, &[], &["copy"]);
    wait_equal(&place, "copy", &[]);
    let _ = tracer.stop().ended(0);
}

/// A change that size and times do not show.
#[test]
fn a_change_that_times_hide() {
    let place = Place::new();
    place.dir("src");
    let file = place.file("src/file");
    let tracer = start(&place, &[], &["copy"]);
    wait_equal(&place, "copy", &[]);
    let reference = place.file("reference");
    let same_time = |from: &Path, to: &Path| {
        let status = Command::new("touch").arg("-r").args([from, to]).status();
        assert!(status.is_ok_and(|s| s.success()));
    };
    same_time(&file, &reference);
    fs::write(&file, "CONTENT\n").expect("write");
    same_time(&reference, &file);
    wait_equal(&place, "copy", &[]);
    assert_eq!(
        fs::read(place.join("copy/file")).expect("it is there"),
        b"CONTENT\n"
    );
    let _ = tracer.stop().ended(0);
}

/// A big file that is renamed, alone and with its directory, is not copied again.
#[test]
fn a_rename_is_a_rename() {
    use std::os::unix::fs::MetadataExt;
    let place = Place::new();
    place.dir("src/a");
    place.file("src/a/file");
    let tracer = start(&place, &[], &["copy"]);
    wait_equal(&place, "copy", &[]);
    let inode = |name: &str| fs::metadata(place.join(name)).expect("it is there").ino();
    let before = inode("copy/a/file");
    fs::rename(place.join("src/a"), place.join("src/b")).expect("rename");
    wait_equal(&place, "copy", &[]);
    fs::rename(place.join("src/b/file"), place.join("src/c")).expect("rename");
    wait_equal(&place, "copy", &[]);
    assert_eq!(inode("copy/c"), before, "it was copied");
    let _ = tracer.stop().ended(0);
}

/// An rsync daemon of our own. Ended when dropped.
struct Daemon(Child);

impl Daemon {
    fn start(place: &Place, port: u16) -> Self {
        let config = place.join("rsyncd.conf");
        let text = format!(
            "address = 127.0.0.1\nport = {port}\nuse chroot = no\nuid = root\ngid = root\nmunge symlinks = no\n\
             pid file = {0}/rsyncd.pid\nlock file = {0}/rsyncd.lock\n\
             [copy]\npath = {0}/copy\nread only = no\n",
            place.path().display()
        );
        fs::write(&config, text).expect("write");
        let _ = fs::remove_file(place.join("rsyncd.pid"));
        let child = Command::new("rsync")
            .args(["--daemon", "--no-detach", "--config"])
            .arg(config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("rsync runs");
        Self(child)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A daemon that is not there at the start, comes, goes and comes back.
#[test]
fn an_unreachable_daemon_loses_nothing() {
    if !require_root() {
        return;
    }
    let place = Place::new();
    tree(&place);
    place.dir("copy");
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let tracer = start(&place, &[], &[&format!("rsync://127.0.0.1:{port}/copy")]);
    tracer.wait_said("cannot be reached");
    let daemon = Daemon::start(&place, port);
    wait_equal(&place, "copy", &[]);
    drop(daemon);
    storm(&place, 21, 500);
    let _daemon = Daemon::start(&place, port);
    wait_equal(&place, "copy", &[]);
    let _ = tracer.stop().ended(0);
}

/// Through a remote shell: one that stays here, as rsync's own tests have it.
#[test]
fn through_a_remote_shell() {
    let place = Place::new();
    tree(&place);
    let shell = script(&place.join("lsh"), "shift\nexec sh -c \"$*\"");
    let dest = format!("host:{}", place.join("copy").display());
    let tracer = start(&place, &["--rsh", &shell.display().to_string()], &[&dest]);
    wait_equal(&place, "copy", &[]);
    storm(&place, 31, 500);
    wait_equal(&place, "copy", &[]);
    let _ = tracer.stop().ended(0);
}

/// What filters leave out is not copied, nor deleted where only the destination has it.
#[test]
fn filters_as_rsync_has_them() {
    let place = Place::new();
    place.dir("src/build/deep");
    place.dir("src/keep/build");
    place.dir("copy/build");
    place.file("copy/build/theirs");
    let options = [
        "--include=/keep/*.o",
        "--exclude=*.o",
        "--exclude=build/",
        "--filter=P /kept*",
    ];
    let tracer = start(&place, &options, &["copy"]);
    wait_equal(&place, "copy", &options);
    for name in [
        "a.o",
        "build/x",
        "build/deep/y",
        "keep/k.o",
        "keep/build/z",
        "plain",
        "kept",
    ] {
        place.file(format!("src/{name}"));
    }
    wait_equal(&place, "copy", &options);
    fs::remove_file(place.join("src/kept")).expect("remove");
    fs::remove_dir_all(place.join("src/build")).expect("remove");
    fs::write(place.join("src/last"), "").expect("write");
    wait_equal(&place, "copy", &options);
    let has = |name: &str| place.join("copy").join(name).exists();
    assert!(has("plain") && has("keep/k.o") && has("kept") && has("build/theirs"));
    assert!(!has("a.o") && !has("build/x") && !has("keep/build"));
    let _ = tracer.stop().ended(0);
}

/// Unmounts a directory in the end, whatever came of the test.
struct Unmounted(std::path::PathBuf);

impl Drop for Unmounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// A destination that is full, until there is room again.
#[test]
fn a_full_destination() {
    if !require_root() {
        return;
    }
    let place = Place::new();
    place.dir("src");
    let dest = place.dir("copy");
    let mount = |args: &[&str]| {
        let status = Command::new(args[0]).args(&args[1..]).arg(&dest).status();
        assert!(status.is_ok_and(|s| s.success()), "{args:?}");
    };
    let _unmounted = Unmounted(dest.clone());
    mount(&["mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs"]);
    let tracer = start(&place, &[], &["copy"]);
    wait_equal(&place, "copy", &[]);
    fs::write(place.join("src/big"), vec![7; 3 << 20]).expect("write");
    tracer.wait_said("No space left on device");
    mount(&["mount", "-o", "remount,size=8m", "tmpfs"]);
    wait_equal(&place, "copy", &[]);
    let _ = tracer.stop().ended(0);
}

/// A source that is gone does not empty its copies.
#[test]
fn a_source_that_is_gone() {
    let place = Place::new();
    tree(&place);
    let tracer = start(&place, &[], &["copy"]);
    wait_equal(&place, "copy", &[]);
    fs::rename(place.join("src"), place.join("away")).expect("rename");
    place.dir("src");
    let outcome = tracer.wait().ended(5);
    assert!(
        outcome.stderr.contains("nothing was deleted"),
        "{}",
        outcome.stderr
    );
    assert!(place.join("copy/dir/sub/deep").exists());
}

/// An ordinary user; a file that cannot be read is told and holds nothing up.
#[test]
fn as_an_ordinary_user() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    place.dir("src");
    let secret = place.file("src/secret");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("chmod");
    let program = public_copy(tracer(), &tools.join("tracer"));
    let mut command = Command::new(program);
    command
        .args(["sync", "--max-pause", "0.2s", "--state-dir"])
        .arg(place.join("state"))
        .args([place.join("src"), place.join("copy")])
        .uid(NOBODY)
        .gid(NOBODY)
        .current_dir("/");
    let tracer = Tracer::spawn(&mut command).ready();
    tracer.wait_said("code 23");
    place.file("src/plain");
    let end = Instant::now() + PATIENCE;
    while !place.join("copy/plain").exists() {
        assert!(Instant::now() < end, "held up: {}", tracer.said());
        thread::sleep(Duration::from_millis(5));
    }
    let _ = tracer.stop().ended(0);
}

/// `--dry-run` tells and does nothing; `--json` is one object a line.
#[test]
fn told_and_not_done() {
    let place = Place::new();
    tree(&place);
    place.dir("copy");
    place.file("copy/stale");
    let outcome = run_to_end(&mut command(&place, &["--dry-run"], &["copy"])).ended(0);
    let text = String::from_utf8_lossy(&outcome.stdout);
    assert!(
        text.contains("dir/sub/deep") && text.contains("*deleting"),
        "{text}"
    );
    assert!(place.join("copy/stale").exists() && !place.join("copy/dir").exists());
    let tracer = Tracer::spawn(&mut command(&place, &["--json"], &["copy"])).ready();
    tracer.wait_output("\"event\":\"done\"");
    let outcome = tracer.stop().ended(0);
    for line in String::from_utf8_lossy(&outcome.stdout).lines() {
        let value: serde_json::Value = serde_json::from_str(line).expect(line);
        assert_eq!(value["type"], "sync", "{line}");
    }
}

/// Several jobs from a file.
#[test]
fn jobs_from_a_file() {
    let place = Place::new();
    tree(&place);
    place.dir("other");
    let at = |name: &str| place.join(name).display().to_string();
    let text = format!(
        "[[job]]\nname = \"a\"\nsource = {:?}\ndestinations = [{:?}]\nexclude = [\"*.o\"]\n\
         [[job]]\nname = \"b\"\nsource = {:?}\ndestinations = [{:?}]\nreconcile = \"never\"\n",
        at("src"),
        at("one"),
        at("other"),
        at("two")
    );
    fs::write(place.join("sync.toml"), &text).expect("write");
    let run = |more: &[&str]| {
        let mut command = tracer_command(["sync", "--state-dir", &at("state"), "--config"]);
        command.arg(place.join("sync.toml")).args(more);
        command
    };
    let tracer = Tracer::spawn(&mut run(&[])).ready();
    wait_equal(&place, "one", &[]);
    fs::write(place.join("other/x"), "x").expect("write");
    let end = Instant::now() + PATIENCE;
    while fs::read(place.join("two/x")).unwrap_or_default() != b"x" {
        assert!(Instant::now() < end, "{}", tracer.said());
        thread::sleep(Duration::from_millis(5));
    }
    let _ = tracer.stop().ended(0);
    let outcome = run_to_end(&mut run(&["--job", "c"])).ended(2);
    assert!(
        outcome.stderr.contains("there are a, b"),
        "{}",
        outcome.stderr
    );
    fs::write(place.join("sync.toml"), text.replace("exclude", "exlude")).expect("write");
    let outcome = run_to_end(&mut run(&[])).ended(2);
    assert!(outcome.stderr.contains("exlude"), "{}", outcome.stderr);
}

/// A destination that is taken away, or replaced, is filled again as a whole.
#[test]
fn a_destination_that_is_another() {
    let place = Place::new();
    tree(&place);
    let tracer = start(&place, &["--json"], &["copy"]);
    // A run is over when it is reported, which is later than when the copy is equal.
    let runs = |count| tracer.wait_outputs("\"event\":\"done\"", count);
    runs(1);
    fs::rename(place.join("copy"), place.join("old")).expect("rename");
    place.file("src/new");
    wait_equal(&place, "copy", &[]);
    runs(2);
    fs::remove_dir_all(place.join("copy")).expect("remove");
    fs::create_dir(place.join("copy")).expect("mkdir");
    place.file("src/newer");
    wait_equal(&place, "copy", &[]);
    let outcome = tracer.stop().ended(0);
    let said = outcome.stderr.matches("another directory").count();
    assert_eq!(said, 2, "{}", outcome.stderr);
}

/// What is written through one name of a file has changed under all of them.
#[test]
fn other_names_of_a_file() {
    let place = Place::new();
    tree(&place);
    for other in ["src/dir/sub/second", "src/third", "outside"] {
        fs::hard_link(place.join("src/dir/file7"), place.join(other)).expect("link");
    }
    let tracer = start(&place, &[], &["copy"]);
    wait_equal(&place, "copy", &[]);
    fs::write(place.join("src/third"), "changed").expect("write");
    wait_equal(&place, "copy", &[]);
    fs::set_permissions(
        place.join("src/dir/file7"),
        PermissionsExt::from_mode(0o600),
    )
    .expect("chmod");
    wait_equal(&place, "copy", &[]);
    fs::remove_file(place.join("src/third")).expect("rm");
    wait_equal(&place, "copy", &[]);
    let _ = tracer.stop().ended(0);
}

/// A rename to a name that the source hides is a deletion at the destination.
#[test]
fn renamed_out_of_sight() {
    let place = Place::new();
    tree(&place);
    place.file("src/seen");
    let filters = ["--filter", "H *.hidden"];
    let tracer = start(&place, &filters, &["copy"]);
    wait_equal(&place, "copy", &filters);
    fs::rename(place.join("src/seen"), place.join("src/seen.hidden")).expect("rename");
    wait_equal(&place, "copy", &filters);
    fs::rename(place.join("src/seen.hidden"), place.join("src/again")).expect("rename");
    wait_equal(&place, "copy", &filters);
    assert!(place.join("copy/again").exists());
    let _ = tracer.stop().ended(0);
}

/// Standard output may be full, which is said once and stops no copying; nobody to read it ends
/// the command.
#[test]
fn standard_output() {
    let place = Place::new();
    tree(&place);
    let full = fs::File::create("/dev/full").expect("it opens");
    let mut daemon = command(&place, &["--json"], &["copy"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    wait_equal(&place, "copy", &[]);
    place.file("src/new");
    wait_equal(&place, "copy", &[]);
    let pid = nix::unistd::Pid::from_raw(daemon.id().cast_signed());
    nix::sys::signal::kill(pid, Signal::SIGINT).expect("it is there");
    let mut said = String::new();
    let mut stderr = daemon.stderr.take().expect("it is piped");
    stderr.read_to_string(&mut said).expect("UTF-8");
    assert_eq!(
        said.matches("cannot write to standard output").count(),
        1,
        "{said}"
    );
    assert_eq!(daemon.wait().expect("it ends").code(), Some(0), "{said}");

    let mut tracer = Tracer::spawn_unread(&mut command(&place, &["--json"], &["copy"])).ready();
    tracer.read_lines_and_close(1);
    let (status, _, said) = tracer.wait_raw();
    assert_eq!(status, Some(0), "{said}");
}

/// Directories are deleted, and moved out of sight, where only the slash of a pattern keeps them in.
#[test]
fn directories_go_under_filters() {
    let place = Place::new();
    tree(&place);
    place.dir("src/gone/below");
    place.file("src/gone/below/a.txt");
    place.dir("src/moved");
    place.file("src/moved/b.txt");
    let filters = ["--include", "*/", "--include", "*.txt", "--exclude", "*"];
    let tracer = start(&place, &filters, &["copy"]);
    wait_equal(&place, "copy", &filters);
    fs::remove_dir_all(place.join("src/gone")).expect("remove");
    wait_equal(&place, "copy", &filters);
    fs::rename(place.join("src/moved"), place.join("src/dir/sub/moved")).expect("rename");
    wait_equal(&place, "copy", &filters);
    fs::rename(place.join("src/dir/sub/moved"), place.join("moved")).expect("rename");
    wait_equal(&place, "copy", &filters);
    let _ = tracer.stop().ended(0);
}

/// What would go wrong is refused before anything is done.
#[test]
fn refused() {
    let place = Place::new();
    place.dir("src/inside");
    place.dir("around");
    symlink(place.join("src"), place.join("alias")).expect("symlink");
    for (options, dests, code, words) in [
        (&[][..], &["src/inside"][..], 2, "is inside"),
        (&[], &["src"], 2, "same directory"),
        (&[], &["alias/inside/new"], 2, "is inside"),
        (&[], &["."], 2, "contains"),
        (&[], &["one", "one/two"], 2, "is inside the destination"),
        (&["--rsync", "/no/rsync"], &["one"], 127, "not installed"),
        (&["--rsync", "/bin/true"], &["one"], 127, "too old"),
        (&["--filter", ": .rules"], &["one"], 2, "per-directory"),
        (&["--backend", "ebpf"], &["one"], 2, "ebpf"),
    ] {
        let outcome = run_to_end(&mut command(&place, options, dests)).ended(code);
        assert!(
            outcome.stderr.contains(words),
            "{words}: {}",
            outcome.stderr
        );
        assert!(!place.join("one").exists());
    }
    let full = fs::File::create("/dev/full").expect("it opens");
    let mut dry = command(&place, &["--dry-run", "--filter", "- *.tmp"], &["one"]);
    let outcome = dry.stdout(full).output().expect("it runs");
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert!(said.contains("cannot write to standard output"), "{said}");
    assert_eq!(outcome.status.code(), Some(1));
    for (given, words) in [
        ("--remove-source-files", "deletes the source"),
        ("-L", "not watched"),
        ("-k", "not watched"),
        ("-HL", "not watched"),
        ("--copy-unsafe-links", "not watched"),
    ] {
        let mut option = command(&place, &[], &["one"]);
        let outcome = run_to_end(option.args(["--", given])).ended(2);
        let said = &outcome.stderr;
        assert!(said.contains(words) && said.contains(given), "{said}");
    }
    fs::remove_dir_all(place.join("src")).expect("remove");
    let outcome = run_to_end(&mut command(&place, &[], &["one"])).ended(5);
    assert!(
        outcome.stderr.contains("create it first"),
        "{}",
        outcome.stderr
    );
}

/// The queue is its owner's alone; one that is damaged is said, and everything is compared.
#[test]
fn a_damaged_queue() {
    let place = Place::new();
    tree(&place);
    let found = || {
        let mut all = fs::read_dir(place.join("state")).ok()?;
        all.find_map(|entry| {
            let path = entry.ok()?.path();
            (path.extension()? == "queue").then_some(path)
        })
    };
    let sync = start(&place, &[], &["one"]);
    // It is made when the watch is at work.
    while found().is_none() {}
    drop(sync);
    let queue = || found().expect("a queue");
    let mode = |path: &Path| {
        fs::metadata(path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!((mode(&queue()), mode(&place.join("state"))), (0o600, 0o700));
    fs::write(queue(), "\0no queue\0").expect("write");
    fs::write(place.join("src/made meanwhile"), "x").expect("write");
    let sync = start(&place, &[], &["one"]);
    sync.wait_said("is damaged");
    wait_equal(&place, "one", &[]);
    drop(sync);
    let kept = fs::read(queue().with_extension("damaged")).expect("it is kept");
    assert_eq!(kept, b"\0no queue\0");
}
