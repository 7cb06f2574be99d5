//! Bad input and missing privilege: one clear line, the right exit code, never a panic.

use std::{
    fs, io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

use tests::{
    NOBODY, Outcome, Place, public_copy, require_ebpf, require_root, run_to_end, tracer,
    tracer_command,
};

/// One line, which names all of these words.
fn one_line(outcome: &Outcome, words: &[&str]) {
    let lines = outcome.complaints();
    assert_eq!(lines.len(), 1, "one clear line: {outcome:?}");
    assert!(lines[0].starts_with("tracer: "), "{outcome:?}");
    for word in words {
        let named = lines[0].to_lowercase().contains(&word.to_lowercase());
        assert!(named, "`{word}` is not in: {}", lines[0]);
    }
    assert!(outcome.stdout.is_empty(), "something on standard output");
}

fn refused(args: &[&str], code: i32, words: &[&str]) {
    let outcome = run_to_end(&mut tracer_command(args)).ended(code);
    one_line(&outcome, words);
}

/// One file for two outputs, under whatever name.
#[test]
fn one_file_for_two() {
    let place = Place::new();
    let (there, to_be) = (place.file("there"), place.join("to-be.svg"));
    let link = place.join("link");
    std::os::unix::fs::symlink(&there, &link).expect("symlink");
    let dotted = place.join("./to-be.svg");
    let dangling = place.join("dangling");
    std::os::unix::fs::symlink("to-be.svg", &dangling).expect("symlink");
    let rows: [(&str, [(&str, &Path); 2]); 6] = [
        ("trace", [("-o", &dangling), ("--timeline", &to_be)]),
        ("trace", [("-o", &to_be), ("--timeline", &dotted)]),
        ("trace", [("--record", &there), ("-o", &link)]),
        ("trace", [("--record", &to_be), ("--timeline", &to_be)]),
        ("watch", [("-o", &there), ("--record", &there)]),
        ("watch", [("-o", &link), ("--since-start", &there)]),
    ];
    for (command, given) in rows {
        let mut run = tracer_command([command]);
        for (option, path) in given {
            run.arg(option).arg(path);
        }
        if command == "watch" {
            run.arg(place.path());
        }
        let outcome = run_to_end(&mut run).ended(2);
        one_line(&outcome, &["is given twice", "give each a file of its own"]);
    }
    assert_eq!(
        fs::read_to_string(&there).expect("it is there"),
        "content\n"
    );
    assert!(!to_be.exists());
    // The snapshot that is read, beside one that is written.
    let mut run = tracer_command(["watch", "--snapshot"]);
    run.arg(&to_be).arg("--since-start").arg(&there);
    run.arg("--record").arg(&there).arg(place.path());
    one_line(&run_to_end(&mut run).ended(2), &["is given twice"]);
    assert_eq!(
        fs::read_to_string(&there).expect("it is there"),
        "content\n"
    );
}

/// Arguments that say something that is not so.
#[test]
fn bad_values() {
    let place = Place::new();
    let here = place.path().to_str().expect("UTF-8");
    let rows: [(&[&str], &[&str]); 24] = [
        (&["trace", "-e", "opnat"], &["opnat", "openat"]),
        (&["trace", "-e", "nosuchset"], &["nosuchset"]),
        (&["trace", "-e", ""], &[]),
        (&["trace", "--pid", "abc"], &["abc"]),
        (&["trace", "--pid", "-1"], &[]),
        (&["trace", "--uid", "no-such-user"], &["no-such-user"]),
        (&["trace", "--gid", "no-such-group"], &["no-such-group"]),
        (&["trace", "--comm", "[unclosed"], &["[unclosed"]),
        (&["trace", "--exe", "[unclosed"], &["[unclosed"]),
        (&["trace", "--duration", "soon"], &["soon"]),
        (&["trace", "--count", "0"], &["0"]),
        (&["trace", "--buffer", "huge"], &["huge"]),
        (&["trace", "--format", "xml"], &["xml", "json"]),
        (&["watch", "--op", "touch", here], &["touch", "write"]),
        (
            &["watch", "--backend", "magic", here],
            &["magic", "inotify"],
        ),
        (&["watch", "--exclude", "[unclosed", here], &["[unclosed"]),
        (
            &["watch", "-e", "clse_write", here],
            &["clse_write", "did you mean `close_write`?"],
        ),
        (
            &["watch", "--op", "wriet", here],
            &["wriet", "did you mean `write`?"],
        ),
        (&["trace", "--op", "raed"], &["did you mean `read`?"]),
        (
            &["trace", "--format", "jsn"],
            &["jsn", "did you mean `json`?"],
        ),
        (&["trace", "-S", "cals"], &["did you mean `calls`?"]),
        (
            &["watch", "--backend", "inotfy", here],
            &["inotfy", "a similar value exists: 'inotify'"],
        ),
        (&["watch", ""], &["the path is empty"]),
        (&["trace", "-o", ""], &["the path is empty"]),
    ];
    for (args, words) in rows {
        let outcome = run_to_end(&mut tracer_command(args)).ended(2);
        for word in words {
            assert!(
                outcome.stderr.contains(word),
                "{args:?}: `{word}` is not in {outcome:?}"
            );
        }
        assert!(
            !outcome.complaints().is_empty() && outcome.stdout.is_empty(),
            "{args:?}"
        );
    }
}

/// Options that do not exist, or not together, or are missing.
#[test]
fn bad_usage() {
    let rows: [&[&str]; 6] = [
        &[],
        &["no-such-command"],
        &["trace", "--no-such-option"],
        &["trace", "--failed", "--success"],
        &["watch"],
        &["doctor", "stray"],
    ];
    for args in rows {
        let outcome = run_to_end(&mut tracer_command(args)).ended(2);
        assert!(!outcome.complaints().is_empty(), "{args:?}: no word of why");
    }
}

/// A process or path that is not there.
#[test]
fn targets_that_do_not_exist() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let missing = place.join("missing");
    let missing = missing.to_str().expect("UTF-8");
    refused(&["trace", "--pid", "1073741823"], 5, &["1073741823"]);
    refused(&["watch", missing], 5, &[missing]);
    refused(&["watch", "--backend", "inotify", missing], 5, &[missing]);
    refused(&["watch", "/", missing], 5, &[missing]);
    let file = place.file("file").join("below");
    refused(&["watch", file.to_str().expect("UTF-8")], 5, &["below"]);
}

/// Standard output takes nothing: that is said, also of the help.
#[test]
fn help_that_cannot_be_printed() {
    for args in [&["--help"][..], &["--version"], &["trace", "--help"]] {
        let full = fs::File::create("/dev/full").expect("it opens");
        let mut command = Command::new(tracer());
        let output = command.args(args).stdout(full).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(
            said.contains("cannot write to standard output"),
            "{args:?}: {said}"
        );
    }
}

/// The output cannot be opened.
#[test]
fn outputs_that_cannot_be_opened() {
    if !require_ebpf() {
        return;
    }
    let place = Place::new();
    let here = place.path().to_str().expect("UTF-8");
    let (none, file) = (place.join("none"), place.join("none/file"));
    let file = file.to_str().expect("UTF-8");
    let what_to_do = format!("mkdir -p {}`", none.display());
    for args in [
        &["trace", "-o", file][..],
        &["trace", "--record", file],
        &["trace", "--files-changed", "--undo", file, "--", "true"],
        &["watch", "--snapshot", file, here],
    ] {
        refused(
            args,
            1,
            &[&format!("cannot write to {file}: "), &what_to_do],
        );
    }
    refused(&["watch", "-o", here, here], 1, &[here]);
}

fn as_nobody(tools: &Place, args: &[&str]) -> Outcome {
    let mut command = Command::new(public_copy(tracer(), &tools.join("tracer")));
    run_to_end(command.args(args).uid(NOBODY).gid(NOBODY).current_dir("/"))
}

/// An ordinary user is told what to do.
#[test]
fn not_root() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::new(), Place::new());
    let here = place.path().to_str().expect("UTF-8");
    let rows: [&[&str]; 4] = [
        &["trace"],
        &["trace", "-e", "file", "--pid", "1"],
        &["trace", "--", "true"],
        &["watch", "--backend", "ebpf", here],
    ];
    for args in rows {
        let outcome = as_nobody(&tools, args).ended(3);
        one_line(&outcome, &["root"]);
    }
    let outcome = as_nobody(&tools, &["watch", "--backend", "fanotify", here]);
    let outcome = outcome.ended(3);
    one_line(&outcome, &["fanotify"]);
}

/// Root that lacks the capabilities is told which.
#[test]
fn root_without_capabilities() {
    if !require_ebpf() {
        return;
    }
    let drop = "-sys_admin,-bpf,-perfmon,-sys_ptrace,-sys_resource,-dac_read_search";
    let mut command = Command::new("setpriv");
    command
        .args(["--bounding-set", drop, "--inh-caps", drop])
        .arg(tracer())
        .args(["trace"]);
    let outcome = run_to_end(&mut command).ended(3);
    one_line(&outcome, &["CAP_"]);
}

/// A path that this user may not look at.
#[test]
fn unreadable_path() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::new(), Place::new());
    let dir = place.dir("closed/inner");
    let closed = place.join("closed");
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .expect("chmod");
    let inner = dir.to_str().expect("UTF-8");
    let closed = closed.to_str().expect("UTF-8");
    for path in [inner, closed] {
        let outcome = as_nobody(&tools, &["watch", path]);
        assert!([3, 5].contains(&outcome.code()), "{outcome:?}");
        let last = outcome.complaints().pop().unwrap_or("").to_owned();
        assert!(
            last.contains(path) && last.to_lowercase().contains("permission"),
            "{outcome:?}"
        );
    }
}

/// Part of a tree is closed to this user: the rest is watched, and that is said.
#[test]
fn partly_unreadable_tree() {
    if !require_root() {
        return;
    }
    let (place, tools) = (Place::of(NOBODY), Place::new());
    place.dir("closed/inner");
    fs::set_permissions(
        place.join("closed"),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .expect("chmod");
    let mut command = Command::new(public_copy(tracer(), &tools.join("tracer")));
    command
        .args(["watch", "--format", "json"])
        .arg(place.path());
    let tracer = tests::Tracer::spawn(command.uid(NOBODY).gid(NOBODY)).ready();
    fs::write(place.join("open"), "x").expect("write");
    let outcome = tracer.stop().ended(0).sound();
    assert!(
        outcome
            .records
            .iter()
            .any(|r| r.is_about(&place.bytes("open")))
    );
    assert!(
        outcome.stderr.contains("closed"),
        "nobody says what is not watched: {outcome:?}"
    );
}

/// Runs in a mount namespace of its own in which an empty file system covers a directory.
fn without(directory: &Path, args: &[&str]) -> Command {
    let mut command = tracer_command(args);
    let target = std::ffi::CString::new(directory.to_str().expect("UTF-8")).expect("no NUL");
    // SAFETY: only system calls between fork and exec, with strings made before.
    unsafe {
        command.pre_exec(move || {
            let null = std::ptr::null();
            let flags = libc::MS_REC | libc::MS_PRIVATE;
            if libc::unshare(libc::CLONE_NEWNS) != 0
                || libc::mount(null, c"/".as_ptr(), null, flags, null.cast()) != 0
                || libc::mount(
                    c"none".as_ptr(),
                    target.as_ptr(),
                    c"tmpfs".as_ptr(),
                    0,
                    null.cast(),
                ) != 0
            {
                return Err(io::Error::last_os_error());
            }
            Ok(())
        });
    }
    command
}

/// A kernel without BTF: 4, and what to do; `watch` goes on with another backend and says why.
#[test]
fn no_btf() {
    if !require_ebpf() {
        return;
    }
    let btf = Path::new("/sys/kernel/btf");
    let outcome = run_to_end(&mut without(btf, &["trace", "--", "true"])).ended(4);
    one_line(&outcome, &["BTF"]);
    let place = Place::new();
    let here = place.path().to_str().expect("UTF-8");
    let outcome = run_to_end(&mut without(btf, &["watch", "--backend", "ebpf", here])).ended(4);
    one_line(&outcome, &["BTF"]);
    let mut watch = without(btf, &["watch", "--format", "json", here]);
    let tracer = tests::Tracer::spawn(&mut watch).ready();
    assert!(
        tracer.said().contains("BTF"),
        "why not eBPF? {}",
        tracer.said()
    );
    fs::write(place.join("file"), "x").expect("write");
    let outcome = tracer.stop().ended(0).sound();
    assert!(
        outcome
            .records
            .iter()
            .any(|r| r.is_about(&place.bytes("file")))
    );
    assert!(
        outcome
            .records
            .iter()
            .all(|r| r.word("backend") != Some("ebpf"))
    );
}

/// Without tracefs raw tracepoints still work: nothing is refused that need not be.
#[test]
fn no_tracefs() {
    if !require_ebpf() {
        return;
    }
    let mut command = without(Path::new("/sys/kernel/tracing"), &["trace", "--", "true"]);
    let outcome = run_to_end(&mut command).ended(0);
    assert!(outcome.sums().written > 0);
}

/// A memlock limit of nothing does not stop root.
#[test]
fn memlock_limit() {
    if !require_ebpf() {
        return;
    }
    let mut command = tracer_command(["trace", "-e", "execve", "--", "true"]);
    // SAFETY: one system call between fork and exec.
    unsafe {
        command.pre_exec(|| {
            let none = libc::rlimit {
                rlim_cur: 0,
                rlim_max: 0,
            };
            if libc::setrlimit(libc::RLIMIT_MEMLOCK, &raw const none) == 0 {
                Ok(())
            } else {
                Err(io::Error::last_os_error())
            }
        });
    }
    let outcome = run_to_end(&mut command).ended(0);
    assert!(outcome.sums().written > 0);
}

/// A memory cgroup (cgroups(7), of either version) with room for 100 MiB; gone with its guard.
struct MemoryGroup(PathBuf);

impl MemoryGroup {
    fn new() -> io::Result<Self> {
        let name = format!("tracer-test-{}", std::process::id());
        let first = Path::new("/sys/fs/cgroup/memory");
        let (root, limit) = if first.join("memory.limit_in_bytes").exists() {
            (first, "memory.limit_in_bytes")
        } else {
            let root = Path::new("/sys/fs/cgroup");
            fs::write(root.join("cgroup.subtree_control"), "+memory")?;
            (root, "memory.max")
        };
        let group = Self(root.join(name));
        fs::create_dir(&group.0)?;
        fs::write(group.0.join(limit), "100M")?;
        Ok(group)
    }

    /// tracer, in the group from its first instruction.
    fn tracer(&self, args: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\""]);
        command.arg(&self.0).arg(tracer()).args(args);
        command
    }
}

impl Drop for MemoryGroup {
    fn drop(&mut self) {
        // A process that has just ended may still be in it for a moment: it is empty, and small.
        let _ = fs::remove_dir(&self.0);
    }
}

/// No memory for a ring buffer of this size: 4, and what to do; `watch` goes on with another backend.
#[test]
fn no_room_for_the_ring_buffer() {
    if !require_ebpf() {
        return;
    }
    let group = MemoryGroup::new().expect("a memory cgroup");
    let large = ["--buffer", "1G"];
    let trace = [&["trace"], &large[..], &["--", "true"]].concat();
    let outcome = run_to_end(&mut group.tracer(&trace)).ended(4);
    one_line(&outcome, &["EVENTS", "Cannot allocate memory", "--buffer"]);
    let place = Place::new();
    let here = place.path().to_str().expect("UTF-8");
    let watch = [&["watch"], &large[..], &[here]].concat();
    let tracer = tests::Tracer::spawn(&mut group.tracer(&watch)).ready();
    assert!(tracer.said().contains("fanotify"), "{}", tracer.said());
    assert!(tracer.said().contains("--buffer"), "{}", tracer.said());
    let outcome = tracer.stop().ended(0);
    assert!(outcome.records.is_empty(), "nobody was there");
}
