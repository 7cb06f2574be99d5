//! Deleted directories, overflow, several mounts, and file systems that refuse.

use std::collections::BTreeSet;

use super::*;
use crate::event::LossReason;

#[test]
fn directories_deleted_before_their_events_are_read_are_known() {
    if !root() {
        return;
    }
    for round in 0..20 {
        let disk = Disk::new();
        sh(
            &disk.path(),
            "for i in 1 2 3 4 5; do mkdir -p t/$i/a/b/c; echo > t/$i/a/b/c/f; done",
        );
        let mut bed = Bed::new(&disk.path(), &[Op::Delete]);
        if round % 2 == 0 {
            bed.sh("rm -r t");
        } else {
            // Read while it happens.
            let mut child = Command::new("rm")
                .args(["-r", "t"])
                .current_dir(disk.path())
                .spawn()
                .unwrap();
            while child.try_wait().unwrap().is_none() {
                bed.pump();
            }
        }
        bed.until("the last", |bed| {
            bed.lines().iter().any(|line| line == "delete /t/")
        });
        let mut wanted = BTreeSet::from(["delete /t/".to_owned()]);
        for i in 1..=5 {
            wanted.insert(format!("delete /t/{i}/a/b/c/f"));
            for below in ["", "/a", "/a/b", "/a/b/c"] {
                wanted.insert(format!("delete /t/{i}{below}/"));
            }
        }
        assert_eq!(
            bed.lines().into_iter().collect::<BTreeSet<_>>(),
            wanted,
            "{round} {:?} {:?}",
            bed.source.sums(),
            bed.lines()
        );
        assert!(bed.events().all(|event| event.paths[0].deleted));
    }
}

/// A process that sleeps, with this id (clone3(2), `set_tid`).
fn sleeper_with_id(pid: u32) -> libc::pid_t {
    let ids = [pid as libc::pid_t];
    // SAFETY: zero is a value of each of its members.
    let mut args: libc::clone_args = unsafe { std::mem::zeroed() };
    args.exit_signal = libc::SIGCHLD as u64;
    args.set_tid = ids.as_ptr() as u64;
    args.set_tid_size = 1;
    let size = size_of_val(&args);
    // SAFETY: the arguments are live during the call; the child only calls exec or ends.
    unsafe {
        let child = libc::syscall(libc::SYS_clone3, &raw mut args, size) as libc::pid_t;
        if child == 0 {
            let words = [c"sleep".as_ptr(), c"60".as_ptr(), std::ptr::null()];
            libc::execv(c"/bin/sleep".as_ptr(), words.as_ptr());
            libc::_exit(127);
        }
        child
    }
}

/// Who did it has ended, and another has the id by the time that the event is read (with pidfds,
/// Linux 5.15).
#[test]
fn a_reused_id_is_not_taken_for_who_did_it() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    let mut bed = Bed::new(&disk.path(), &[Op::Create]);
    let pid = bed.sh("echo > file");
    let other = sleeper_with_id(pid);
    assert_eq!(
        other,
        pid as libc::pid_t,
        "{}",
        std::io::Error::last_os_error()
    );
    bed.until("the file", |bed| bed.lines().len() == 1);
    let event = bed.events().next().expect("there is one");
    let actor = event.actor.as_ref().expect("the kernel tells the id");
    assert_eq!(actor.pid.0, pid);
    assert_eq!(actor.comm, Err(crate::event::Unknown::ProcessGone));
    assert_eq!((actor.ppid, &actor.creds), (None, &None));
    // SAFETY: the child made above, which nobody else waits for.
    unsafe {
        libc::kill(other, libc::SIGKILL);
        libc::waitpid(other, std::ptr::null_mut(), 0);
    }
}

/// What was done before a directory was moved out of the tree is told, though all is read afterwards.
#[test]
fn a_directory_that_is_moved_out_before_its_events_are_read() {
    if !root() {
        return;
    }
    for (moved, also) in [("r/site/sub", ""), ("r/site", ""), ("r/site", "r/site/sub")] {
        let disk = Disk::new();
        sh(&disk.path(), "mkdir -p r/site/sub");
        let plan = plan(&disk.path().join("r/site"), &[Op::Create, Op::Delete]);
        let mut bed = Bed::planned(&disk.path(), &plan);
        bed.sh("for i in 1 2 3; do echo > r/site/sub/f$i; done; rm r/site/sub/f1");
        if !also.is_empty() {
            bed.sh(&format!("mv {also} {also}-2; echo > {also}-2/f4"));
        }
        bed.sh(&format!("mv {moved} r/out; echo > r/out/not-ours"));
        bed.sh("mkdir -p r/site; echo > r/site/last");
        bed.until("the last", |bed| {
            bed.lines().iter().any(|line| line == "create /r/site/last")
        });
        let mut wanted = ["create 1", "create 2", "create 3", "delete 1"]
            .map(|line| line.replace(' ', " /r/site/sub/f"))
            .to_vec();
        if !also.is_empty() {
            wanted.push("create /r/site/sub-2/f4".to_owned());
        }
        if moved == "r/site" {
            wanted.push("create /r/site/".to_owned());
        }
        wanted.push("create /r/site/last".to_owned());
        assert_eq!(bed.lines(), wanted, "{moved} {also}");
        bed.check_sums();
    }
}

#[test]
fn a_renamed_directory_is_known_under_its_new_name() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    sh(&disk.path(), "mkdir -p a/deep");
    let mut bed = Bed::new(&disk.path(), &[Op::Create, Op::Rename]);
    bed.sh("echo > a/deep/1");
    bed.until("the first", |bed| bed.lines().len() == 1);
    bed.sh("mv a b");
    bed.until("the rename", |bed| bed.lines().len() == 2);
    bed.sh("echo > b/deep/2; rm -r b");
    bed.until("the second", |bed| bed.lines().len() == 3);
    assert_eq!(
        bed.lines(),
        ["create /a/deep/1", "rename /a/ -> /b/", "create /b/deep/2"]
    );
}

#[test]
fn what_is_in_a_directory_that_is_moved_in_is_told_once() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    sh(
        &disk.path(),
        "mkdir -p tree out/d/e out/d/left-out/x; : > out/d/f; : > out/d/e/g; : > out/d/h.tmp",
    );
    let tree = disk.path().join("tree");
    let mut glob = globset::GlobSet::builder();
    for pattern in ["**/*.tmp", "**/left-out", "**/left-out/**"] {
        glob.add(globset::Glob::new(pattern).unwrap());
    }
    let mut bed = Bed::planned(
        &tree,
        &WatchPlan {
            exclude: glob.build().unwrap(),
            ..plan(&tree, &[Op::Create, Op::Rename, Op::Delete])
        },
    );
    // One is made before it is listed, and told by the kernel, too.
    bed.sh("mv ../out/d d; : > d/e/new; mv d/f ../out");
    bed.sync();
    let is_well = |event: &Event| !event.synthesised || event.actor.is_err();
    assert!(bed.events().all(is_well));
    let mut lines = bed.lines();
    assert!(
        lines[0].starts_with("rename ") && lines[0].ends_with("-> /d/"),
        "{lines:?}"
    );
    lines.retain(|line| line.starts_with("create "));
    lines.sort();
    assert_eq!(lines, ["create /d/e/", "create /d/e/g", "create /d/e/new"]);
    bed.check_sums();
    bed.items.clear();
    bed.sh("rm d/e/new; : > d/e/new");
    bed.sync();
    assert_eq!(bed.lines(), ["delete /d/e/new", "create /d/e/new"]);
}

#[test]
fn an_overflow_is_a_loss_in_its_place() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    let limit = fs::read_to_string("/proc/sys/fs/fanotify/max_queued_events").unwrap();
    let limit: u32 = limit.trim().parse().unwrap();
    let mut bed = Bed::new(&disk.path(), &[Op::Create]);
    bed.sh(&format!("mkdir d; cd d; seq {} | xargs touch", limit + 100));
    bed.until("the loss", |bed| {
        bed.items.iter().any(|item| matches!(item, Item::Loss(_)))
    });
    bed.sh("mkdir after");
    bed.until("the rest", |bed| {
        bed.lines().iter().any(|line| line == "create /after/")
    });
    let losses = bed
        .items
        .iter()
        .filter(|item| matches!(item, Item::Loss(_)))
        .count();
    assert_eq!(losses, 1);
    assert_eq!(
        bed.lines()
            .iter()
            .rposition(|line| line == "loss queue-overflow"),
        Some(limit as usize)
    );
    assert_eq!(bed.source.sums().lost, [(LossReason::QueueOverflow, 1)]);
    bed.check_sums();
}

#[test]
fn a_watched_mount_can_be_unmounted() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    let point = disk.path().join("m");
    fs::create_dir(&point).unwrap();
    mount("tmpfs", &point, "tmpfs", MountFlags::empty(), None).unwrap();
    let mut bed = Bed::new(&disk.path(), &[Op::Create]);
    bed.sh("mkdir m/a x");
    bed.until("both", |bed| bed.items.len() == 2);
    assert_eq!(bed.lines(), ["create /m/a/", "create /x/"]);
    unmount(&point, UnmountFlags::empty()).unwrap();
    let deadline = Instant::now() + LONG;
    let warnings = loop {
        bed.pump();
        let warnings = bed.source.take_warnings();
        if !warnings.is_empty() {
            break warnings;
        }
        assert!(Instant::now() < deadline);
    };
    assert!(warnings[0].contains("/m\" was unmounted"), "{warnings:?}");
}

#[test]
fn a_file_system_seen_twice_is_told_under_the_root() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    sh(&disk.path(), "mkdir -p real/in real/out view view2");
    let bind = |from: &str, to: &str| {
        rustix::mount::mount_bind(disk.path().join(from), disk.path().join(to)).unwrap();
    };
    bind("real/in", "view");
    bind("real", "view2");
    let roots = vec![disk.path().join("view"), disk.path().join("view2/in")];
    for root in roots {
        let mut bed = Bed::planned(&disk.path(), &plan(&root, &[Op::Create]));
        bed.sh("mkdir real/out/no real/in/yes; rmdir real/out/no real/in/yes");
        bed.until("the directory", |bed| !bed.items.is_empty());
        let wanted = format!("create {}/yes/", root.display());
        assert_eq!(bed.items.iter().map(line).collect::<Vec<_>>(), [wanted]);
    }
}

#[test]
fn an_overlay_is_watched_by_its_mount() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    sh(&disk.path(), "mkdir low up work all; echo > low/f");
    let options = format!(
        "lowerdir={0}/low,upperdir={0}/up,workdir={0}/work",
        disk.path().display()
    );
    let options = std::ffi::CString::new(options).unwrap();
    let all = disk.path().join("all");
    if let Err(error) = mount(
        "overlay",
        &all,
        "overlay",
        MountFlags::empty(),
        Some(&*options),
    ) {
        assert!(env::var_os("CI").is_none(), "overlay: {error}");
        eprintln!("skipped: no overlay here: {error}");
        return;
    }
    let mut bed = Bed::new(&all, &FILE_OPS);
    let warnings = bed.source.take_warnings();
    assert!(
        warnings.len() == 1 && warnings[0].contains("cannot tell create, delete, rename"),
        "{warnings:?}"
    );
    let pid = bed.sh(": < f; echo x > g; rm g");
    bed.until("the close", |bed| {
        bed.lines().iter().any(|line| line == "close /g")
    });
    assert_eq!(bed.of(pid), ["read /f", "read /g", "write /g", "close /g"]);
    bed.check_sums();
    unmount(&all, UnmountFlags::DETACH).unwrap();
    let refused = Fanotify::open(&plan(Path::new("/proc"), &[Op::Create]))
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("/proc") && refused.contains("cannot be watched"),
        "{refused}"
    );
}

#[test]
fn without_root_the_error_says_what_to_do() {
    if rustix::process::geteuid().is_root() {
        return;
    }
    let error = Fanotify::open(&plan(Path::new("/tmp"), &[Op::Create]))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("CAP_SYS_ADMIN") && error.contains("inotify"),
        "{error}"
    );
}
