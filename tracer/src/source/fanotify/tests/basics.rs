//! Each kind of event, with its process.

use super::*;
use crate::event::{Backend, Pid, Uid, Via};

/// What a shell does in a directory that has a file `f` and a directory `d` with a file `d/g`,
/// and what is told of it.
struct Row {
    name: &'static str,
    script: &'static str,
    told: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        name: "open",
        script: ": < f",
        told: &["read /f"],
    },
    Row {
        name: "write",
        script: "echo x >> f",
        told: &["read /f", "write /f", "close /f"],
    },
    Row {
        name: "create",
        script: "echo x > n",
        told: &["create /n", "read /n", "write /n", "close /n"],
    },
    Row {
        name: "mkdir",
        script: "exec mkdir n",
        told: &["create /n/"],
    },
    Row {
        name: "link",
        script: "exec ln f d/n",
        told: &["create /d/n"],
    },
    Row {
        name: "symlink",
        script: "exec ln -s f n",
        told: &["create /n"],
    },
    Row {
        name: "mode",
        script: "exec chmod 600 f",
        told: &["attribute /f"],
    },
    Row {
        name: "mode of a directory",
        script: "exec chmod 700 d",
        told: &["attribute /d/"],
    },
    Row {
        name: "list",
        script: "exec ls d > /dev/null",
        told: &["read /d/"],
    },
    Row {
        name: "unlink",
        script: "exec rm f",
        told: &["delete /f"],
    },
    Row {
        name: "rename",
        script: "exec mv f d/h",
        told: &["rename /f -> /d/h"],
    },
    Row {
        name: "rename over",
        script: "exec mv f d/g",
        told: &["rename /f -> /d/g"],
    },
    Row {
        name: "rename a directory",
        script: "exec mv d e",
        told: &["rename /d/ -> /e/"],
    },
    Row {
        name: "odd names",
        script: r#"exec mkdir "$(printf 'a\377\n\033[m')""#,
        told: &["create /a\u{fffd}\n\u{1b}[m/"],
    },
];

#[test]
fn every_kind_of_event() {
    if !root() {
        return;
    }
    for row in ROWS {
        let disk = Disk::new();
        sh(&disk.path(), "echo f > f; mkdir d; echo g > d/g");
        let mut bed = Bed::new(&disk.path(), &FILE_OPS);
        let pid = bed.sh(row.script);
        bed.sync();
        assert_eq!(bed.of(pid), row.told, "{}", row.name);
        bed.check_sums();
    }
}

#[test]
fn a_program_is_told_as_executed() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    fs::copy("/bin/true", disk.path().join("prog")).unwrap();
    let mut bed = Bed::new(&disk.path(), &[Op::Execute, Op::Create]);
    let pid = bed.sh("exec ./prog");
    bed.sync();
    assert_eq!(bed.of(pid), ["execute /prog"]);
}

#[test]
fn who_did_it() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    let mut bed = Bed::new(&disk.path(), &[Op::Create]);
    let mut child = Command::new("sh")
        .args([
            "-c",
            "mkdir made-by-another; mkdir sub; cd sub; : > f; read wait",
        ])
        .current_dir(disk.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    bed.until("the file", |bed| {
        bed.lines().iter().any(|line| line == "create /sub/f")
    });
    let event = bed.events().last().unwrap();
    let actor = event.actor.as_ref().unwrap();
    assert_eq!(
        (event.backend, event.place, &event.call),
        (Backend::Fanotify, None, &None)
    );
    assert_eq!((actor.pid, actor.tid), (Pid(child.id()), None));
    assert_eq!(actor.ppid, Some(Pid(std::process::id())));
    assert_eq!(actor.creds.unwrap().euid, Uid(0));
    assert_eq!(actor.comm.as_ref().unwrap(), "sh");
    let shell = fs::read_link(format!("/proc/{}/exe", child.id())).unwrap();
    assert_eq!(actor.exe.as_ref().unwrap(), shell.to_str().unwrap());
    assert_eq!(
        actor.cwd.as_ref().unwrap(),
        disk.path().join("sub").to_str().unwrap()
    );
    assert!(event.below_root && !event.synthesised && event.paths[0].via == Via::Lookup);
    // Each in a process of its own, which has ended: the id is known all the same.
    let others: Vec<_> = bed
        .events()
        .map(|e| e.actor.as_ref().unwrap().pid.0)
        .collect();
    assert!(others.len() == 3 && others[0] != others[1] && others[1] != others[2]);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn our_own_doings_are_not_told() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    let mut bed = Bed::new(&disk.path(), &FILE_OPS);
    fs::write(disk.path().join("own"), "x").unwrap();
    bed.sync();
    assert!(
        !bed.lines().iter().any(|line| line.contains("own")),
        "{:?}",
        bed.lines()
    );
    let own = bed
        .source
        .sums()
        .filtered
        .into_iter()
        .find(|(reason, _)| *reason == "own");
    assert!(own.unwrap().1 >= 3);
}

#[test]
fn only_what_was_asked_for() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    sh(&disk.path(), "mkdir -p in/skip in/deep out");
    let base = WatchPlan {
        exclude: GlobSet::builder()
            .add(globset::Glob::new("**/skip").unwrap())
            .build()
            .unwrap(),
        ..plan(
            &disk.path().join("in"),
            &[Op::Create, Op::Delete, Op::Rename],
        )
    };
    let script = "echo > out/f; echo > in/skip/f; echo > in/deep/f; echo > in/f; mv out/f in/g; \
        mv in/g out/g; chmod 600 in/f; mkdir in.not";
    let mut bed = Bed::planned(&disk.path(), &base);
    bed.sh(script);
    bed.until("the last of it", |bed| {
        bed.lines().iter().any(|line| line.ends_with("-> /out/g"))
    });
    let told = [
        "create /in/deep/f",
        "create /in/f",
        "rename /out/f -> /in/g",
        "rename /in/g -> /out/g",
    ];
    assert_eq!(bed.lines(), told);
    bed.sh("mkdir in/end");
    bed.until("the end", |bed| {
        bed.lines().iter().any(|line| line == "create /in/end/")
    });
    let sums = bed.source.sums();
    for reason in ["outside", "exclude"] {
        assert!(
            sums.filtered.iter().any(|(r, n)| *r == reason && *n > 0),
            "{reason}: {sums:?}"
        );
    }
    bed.check_sums();

    sh(&disk.path(), "rm in/f in/deep/f");
    let shallow = WatchPlan {
        recursive: false,
        ..base
    };
    let mut bed = Bed::planned(&disk.path(), &shallow);
    bed.sh("echo > in/deep/f; echo > in/f");
    bed.until("the file", |bed| !bed.items.is_empty());
    assert_eq!(bed.lines(), ["create /in/f"]);
}

#[test]
fn a_file_as_root_may_be_replaced() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    sh(&disk.path(), "echo > f");
    let ops = [Op::Create, Op::Delete, Op::Rename, Op::Close];
    let mut bed = Bed::planned(&disk.path(), &plan(&disk.path().join("f"), &ops));
    bed.sh("echo > f.new; mv f.new f; echo > f; rm f");
    bed.until("the end", |bed| {
        bed.lines().last().is_some_and(|line| line == "delete /f")
    });
    assert_eq!(
        bed.lines(),
        ["rename /f.new -> /f", "close /f", "delete /f"]
    );
    let deadline = Instant::now() + LONG;
    while !bed.source.ended() {
        assert!(Instant::now() < deadline);
        bed.pump();
    }
}

#[test]
fn finish_ends_the_capture_and_hands_on_the_rest() {
    if !root() {
        return;
    }
    let disk = Disk::new();
    let mut bed = Bed::new(&disk.path(), &[Op::Create]);
    bed.sh("mkdir a b");
    let items = &mut bed.items;
    bed.source.finish(&mut |item| items.push(item)).unwrap();
    bed.sh("mkdir c");
    bed.source.finish(&mut |item| bed.items.push(item)).unwrap();
    assert_eq!(bed.lines(), ["create /a/", "create /b/"]);
    bed.check_sums();
}
