//! Who did it: what a process can only have been given from outside, and what namespaces hide.

use std::{
    ffi::OsStr,
    fs, io,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    process::Command,
    sync::mpsc,
    thread,
};

use tests::{
    Account, COVERED, Fixture, Place, Tracer, assert_same, fixture, public_copy, require_ebpf,
    run_to_end, tracer_command,
};

/// Login user id and audit session (`/proc/PID/loginuid`, `/proc/PID/sessionid`).
#[test]
fn login_ids() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let mut command = Command::new(fixture());
    command
        .args(["--wait", "--then-hold", "modes"])
        .arg(place.path());
    // SAFETY: only system calls between fork and exec.
    unsafe {
        command.pre_exec(|| {
            let fd = libc::open(c"/proc/self/loginuid".as_ptr(), libc::O_WRONLY);
            if fd < 0 || libc::write(fd, c"12345".as_ptr().cast(), 5) != 5 {
                return Err(io::Error::last_os_error());
            }
            libc::close(fd);
            Ok(())
        });
    }
    let mut player = Fixture::spawn(&mut command);
    let pid = player.pid();
    let session = fs::read_to_string(format!("/proc/{pid}/sessionid")).expect("/proc");
    let session: i64 = session.trim().parse().expect("a number");
    let target = pid.to_string();
    let tracer = Tracer::start(["trace", "--format", "json", "-e", "file", "--pid", &target]);
    player.go();
    player.done();
    let outcome = tracer.stop().ended(0).sound();
    assert!(!outcome.records.is_empty());
    for record in &outcome.records {
        assert_eq!(record.number("auid"), Some(12_345), "{}", record.line);
        assert_eq!(record.number("session"), Some(session), "{}", record.line);
    }
}

/// Where nobody logged in, that is said; it is no number.
#[test]
fn no_login() {
    if !require_ebpf() {
        return;
    }
    let own = fs::read_to_string("/proc/self/loginuid").unwrap_or_default();
    if own.trim() != "4294967295" {
        eprintln!("skipped: the tests run in a login session");
        return;
    }
    let outcome = run_to_end(&mut tracer_command([
        "trace", "--format", "json", "--", "true",
    ]));
    let outcome = outcome.ended(0).sound();
    for record in &outcome.records {
        assert!(record.get("auid").is_null() && record.get("session").is_null());
        assert!(record.unknown("auid").is_some(), "{}", record.line);
    }
}

/// Id of the cgroup: the inode number of its directory in the version 2 hierarchy.
#[test]
fn cgroup() {
    use std::os::unix::fs::MetadataExt;
    if !require_ebpf() {
        return;
    }
    let own = fs::read_to_string("/proc/self/cgroup").expect("/proc");
    let path = own.lines().find_map(|line| line.strip_prefix("0::"));
    let inode = path.and_then(|path| {
        ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]
            .into_iter()
            .find_map(|root| {
                fs::metadata(format!("{root}/cgroup.procs")).ok()?;
                Some(fs::metadata(format!("{root}{path}")).ok()?.ino())
            })
    });
    let Some(inode) = inode else {
        eprintln!("skipped: no version 2 hierarchy");
        return;
    };
    let outcome = run_to_end(&mut tracer_command([
        "trace", "--format", "json", "--", "true",
    ]));
    let outcome = outcome.ended(0).sound();
    assert!(!outcome.records.is_empty());
    for record in &outcome.records {
        assert_eq!(
            record.get("cgroup").as_u64(),
            Some(inode),
            "{}",
            record.line
        );
    }
}

/// A thread that waits is told alone, without the others of its process.
#[test]
fn a_single_thread_that_waits() {
    if !require_ebpf() {
        return;
    }
    let (tell, told) = mpsc::channel();
    let (go, wait) = mpsc::channel::<()>();
    let handle = thread::spawn(move || {
        let tid = nix::unistd::gettid().as_raw();
        tell.send(tid).expect("the test listens");
        let _ = wait.recv();
    });
    let tid = told.recv().expect("it tells");
    let target = tid.to_string();
    let options = ["trace", "-T", "--format", "json", "--pid", &target];
    let outcome = Tracer::start(options).stop().ended(0).sound();
    assert!(!outcome.records.is_empty(), "{outcome:?}");
    for record in &outcome.records {
        assert_eq!(record.number("tid"), Some(tid.into()), "{}", record.line);
    }
    drop(go);
    handle.join().expect("no panic");
}

/// A process whose name is no text: the kernel cuts names in the middle of a letter.
#[test]
fn a_name_of_any_bytes() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let program = place.join(OsStr::from_bytes(b"pr\xc3\xbcfprogramm\xc3\xa4x\xff"));
    let program = public_copy(fixture(), &program);
    let mut command = Command::new(program);
    command.args(["--wait", "--then-hold", "flood"]);
    let mut player = Fixture::spawn(command.arg(place.path()).arg("5"));
    let pid = player.pid().to_string();
    let options = ["trace", "--format", "json", "-e", "openat", "--pid", &pid];
    let tracer = Tracer::start(options);
    player.go();
    player.done();
    let outcome = tracer.stop().ended(0).sound();
    assert_eq!(outcome.of_pid(player.pid()).len(), 5, "{outcome:?}");
}

/// `--pid` with the id of a thread is that thread alone.
#[test]
fn a_single_thread() {
    if !require_ebpf() {
        return;
    }
    let (tell, told) = mpsc::channel();
    let mut workers = Vec::new();
    for n in 0..2 {
        let (go, wait) = mpsc::channel::<()>();
        let tell = tell.clone();
        let handle = thread::spawn(move || {
            tell.send((n, nix::unistd::gettid().as_raw()))
                .expect("the test listens");
            wait.recv().expect("the test tells");
            for _ in 0..50 {
                let _ = fs::remove_file("/no/such/file/of/a/thread");
            }
        });
        workers.push((go, handle));
    }
    let mut tids: Vec<(i32, i32)> = told.iter().take(2).collect();
    tids.sort_unstable();
    let tid = tids[0].1;
    let target = tid.to_string();
    let tracer = Tracer::start([
        "trace", "--format", "json", "-e", "unlink", "--pid", &target,
    ]);
    for (go, handle) in workers {
        go.send(()).expect("it waits");
        handle.join().expect("no panic");
    }
    // The thread is gone, so the run ends by itself.
    let outcome = tracer.wait().ended(0).sound();
    let unlinks: Vec<_> = outcome
        .records
        .iter()
        .filter(|r| r.syscall() == "unlink")
        .collect();
    assert_eq!(unlinks.len(), 50);
    for record in outcome.records {
        assert_eq!(record.number("tid"), Some(tid.into()), "{}", record.line);
        assert_eq!(
            record.pid(),
            u64::from(std::process::id()),
            "{}",
            record.line
        );
    }
}

/// The program's file is gone: its path is still told, and that it is gone.
#[test]
fn deleted_program() {
    if !require_ebpf() {
        return;
    }
    let (place, tools) = (Place::new(), Place::new());
    let program = public_copy(fixture(), &tools.join("short-lived"));
    let mut command = Command::new(&program);
    command
        .args(["--wait", "--then-hold", "dirs"])
        .arg(place.path());
    let mut player = Fixture::spawn(&mut command);
    fs::remove_file(&program).expect("remove");
    let pid = player.pid().to_string();
    let tracer = Tracer::start(["trace", "--format", "json", "-e", COVERED, "--pid", &pid]);
    player.go();
    player.done();
    let outcome = tracer.stop().ended(0).sound();
    assert_same(&Account::read(&player.end()), &outcome.records, &program);
    for record in &outcome.records {
        assert_eq!(record.get("exe_deleted"), true, "{}", record.line);
    }
}

/// In a pid namespace a process has another number; the records have the machine's.
#[test]
fn pid_namespace() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let file = place.join("records");
    let mut command = tracer_command(["trace", "--format", "json", "-o"]);
    command
        .arg(&file)
        .args(["--", "unshare", "--pid", "--fork", "sh", "-c"]);
    command
        .args(["mkdir made; echo $$"])
        .current_dir(place.path());
    let outcome = run_to_end(&mut command).ended(0).with_file(&file).sound();
    assert_eq!(
        outcome.stdout, b"1\n",
        "the shell is the first process of its namespace"
    );
    let first = outcome.records.first().expect("records").pid();
    let mkdir = outcome
        .records
        .iter()
        .find(|r| r.syscall() == "mkdir")
        .expect("mkdir");
    assert!(mkdir.pid() > first, "{}", mkdir.line);
    let parent = mkdir.number("ppid").expect("it has a parent") as u64;
    let parents: Vec<_> = outcome.of_pid(parent);
    assert!(
        !parents.is_empty(),
        "nobody has the number of its parent: {}",
        mkdir.line
    );
    let grandparent = parents[0].number("ppid").expect("it has a parent") as u64;
    assert_eq!(grandparent, first, "{}", parents[0].line);
}

/// In a user namespace a process can be root; the records have the machine's ids.
#[test]
fn user_namespace() {
    if !require_ebpf() {
        return;
    }
    let works = Command::new("unshare")
        .args(["--user", "--map-root-user", "true"])
        .uid(12_345)
        .gid(12_345)
        .status();
    if !works.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this user may not make user namespaces");
        return;
    }
    let (place, log) = (Place::of(12_345), Place::new());
    let file = log.join("records");
    let mut command = tracer_command(["trace", "--format", "json", "-o"]);
    command
        .arg(&file)
        .args(["--", "setpriv", "--reuid", "12345", "--regid", "12345"]);
    command.args([
        "--clear-groups",
        "unshare",
        "--user",
        "--map-root-user",
        "sh",
        "-c",
    ]);
    command
        .args(["mkdir made; id -u"])
        .current_dir(place.path());
    let outcome = run_to_end(&mut command).ended(0).with_file(&file).sound();
    assert_eq!(outcome.stdout, b"0\n", "the shell believes that it is root");
    let mkdir = outcome
        .records
        .iter()
        .find(|r| r.syscall() == "mkdir")
        .expect("mkdir");
    for key in ["uid", "euid", "fsuid", "gid"] {
        assert_eq!(mkdir.number(key), Some(12_345), "{key} in {}", mkdir.line);
    }
}
