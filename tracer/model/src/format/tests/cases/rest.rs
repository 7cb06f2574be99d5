//! Rows about everything else: programs, other calls, other sources, hostile strings.

use super::*;

pub(super) fn rows() -> Rows {
    [programs(), other_calls(), other_sources(), hostile()]
        .into_iter()
        .flatten()
        .collect()
}

/// An exec of `sh -c 'echo hi'` that returned `ret`.
fn exec(ret: i64, argv: Argv) -> Event {
    let call = Call {
        captured: vec![strings(1, argv)],
        ..call("execve", [POINTER, POINTER, POINTER, 0, 0, 0], ret)
    };
    let item = if ret == 0 {
        target(0, "/bin/sh", "/usr/bin/dash")
    } else {
        named(0, "/bin/sh", "/bin/sh")
    };
    event(Op::Execute, Some(call), vec![item])
}

fn programs() -> Rows {
    let argv = |args: &[&str]| Argv::whole(args.iter().map(b).collect());
    let sh = || argv(&["sh", "-c", "echo hi"]);
    let mut replaced = exec(0, sh());
    if let Some(call) = &mut replaced.call {
        call.args = Err(Unknown::Replaced);
    }
    let long = "A".repeat(20_000);
    let many: Vec<String> = (0..600).map(|n| format!("argument-number-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let cut = Argv {
        args: vec![b("tar"), b("-c"), b("--file=x")],
        incomplete: Some(Unknown::Cut),
        all: Some(70_001),
        last_len: Some(300),
    };
    let ended = |exit| Event {
        exit: Some(exit),
        ..event(Op::Exit, None, vec![])
    };
    let exit = Exit {
        status: Some(3),
        signal: None,
        core: false,
        last_thread: true,
        called: None,
    };
    let killed = Exit {
        status: None,
        signal: Some(11),
        core: true,
        last_thread: true,
        called: None,
    };
    let mut thread = ended(Exit {
        last_thread: false,
        ..exit
    });
    if let Ok(actor) = &mut thread.actor {
        actor.tid = Some(Tid(12399));
    }
    let timed = Event {
        timing: Some(Timing {
            duration_ns: 1_500_250,
            cpu_ns: Some(2_750),
        }),
        ..event(
            Op::Other,
            Some(call("read", [3, POINTER, 10, 0, 0, 0], 10)),
            vec![],
        )
    };
    let waits = Event {
        call: Some(Call {
            unfinished: Some(Unfinished::RunEnded),
            ..call("read", [3, POINTER, 10, 0, 0, 0], 0)
        }),
        timing: Some(Timing {
            duration_ns: 12_000_345_678,
            cpu_ns: None,
        }),
        ..event(Op::Other, None, vec![])
    };
    let signal = Event {
        signal: Some(Signal {
            number: 17,
            info: [17, 1, (1000 << 32) + 4242, 3, 0, 0],
        }),
        ..event(Op::Signal, None, vec![])
    };
    vec![
        one("timed", timed),
        one("unfinished", waits),
        one("signal", signal),
        one("exec", exec(0, sh())),
        one("exec-failed", exec(-13, sh())),
        one("exec-replaced-arguments", replaced),
        one("exec-cut", exec(0, cut)),
        one(
            "exec-long-argument",
            exec(0, argv(&["true", &long, "it's", ""])),
        ),
        one("exec-many-arguments", exec(0, argv(&many))),
        one("exec-failed-long", exec(-7, argv(&["true", &long]))),
        one(
            "fork",
            event(
                Op::Fork,
                Some(call("clone", [0x0120_0011, 0, 0, POINTER, 0, 0], 12346)),
                vec![],
            ),
        ),
        one("exit", ended(exit)),
        one("exit-killed", ended(killed)),
        one("exit-thread", thread),
    ]
}

fn other_calls() -> Rows {
    let mmap = call("mmap", [0, 4096, 3, 0x22, u64::MAX, 0], 0x7f00_1234_5000);
    let nameless = Call {
        nr: 511,
        ..call("read", [1, 2, 3, 4, 5, u64::MAX], -38)
    };
    let mount = Call {
        captured: vec![text(0, Ok(b("/dev/sda1"))), text(2, Ok(b("ext4")))],
        ..call("mount", [POINTER, POINTER, POINTER, 0, 0, 0], 0)
    };
    vec![
        one(
            "kill",
            event(
                Op::Signal,
                Some(call("kill", [999, 15, 0, 0, 0, 0], 0)),
                vec![],
            ),
        ),
        one(
            "setresuid",
            event(
                Op::Creds,
                Some(call("setresuid", [0, 0xffff_ffff, 0, 0, 0, 0], -1)),
                vec![],
            ),
        ),
        one(
            "ptrace",
            event(
                Op::Kernel,
                Some(call("ptrace", [16, 4000, 0, 0, 0, 0], 0)),
                vec![],
            ),
        ),
        one(
            "mount",
            event(Op::Mount, Some(mount), vec![named(1, "/mnt", "/mnt")]),
        ),
        one("undecoded", event(Op::Other, Some(mmap), vec![])),
        one("nameless", event(Op::Other, Some(nameless), vec![])),
    ]
}

fn other_sources() -> Rows {
    let seen = |backend, op, path| Event {
        backend,
        place: None,
        time: Time {
            wall_ns: 1_795_381_188_000_000_000,
            mono_ns: 0,
        },
        ..event(
            op,
            None,
            vec![PathItem {
                file: None,
                ..by_fd(path)
            }],
        )
    };
    let someone = Actor {
        tid: None,
        ppid: None,
        host: None,
        creds: None,
        auid: None,
        session: None,
        comm: Err(Unknown::ProcessGone),
        exe: Err(Unknown::ProcessGone),
        cwd: Err(Unknown::ProcessGone),
        cgroup: None,
        ..actor()
    };
    let daemon = Actor {
        auid: Some(u32::MAX),
        session: Some(u32::MAX),
        exe_deleted: true,
        root: Some(b("/srv/chroot")),
        mnt_ns: Some(4_026_532_840),
        tid: Some(Tid(12350)),
        cwd: Err(Unknown::TooDeep),
        ..actor()
    };
    let nobody = |event| Event {
        actor: Err(Unknown::Source),
        ..event
    };
    let gone = Event {
        actor: Ok(someone),
        ..seen(Backend::Fanotify, Op::Write, "/srv/f")
    };
    let found = Event {
        synthesised: true,
        is_dir: true,
        ..nobody(seen(Backend::Inotify, Op::Create, "/srv/new"))
    };
    let kernel_call = event(Op::Read, Some(openat(0, 0, 3)), vec![target(1, "/x", "/x")]);
    let loss = |cpu, count, reason| {
        let time = Time {
            wall_ns: 1_795_381_188_123_456_789,
            mono_ns: 4_242_000_000_001,
        };
        Item::Loss(Loss {
            time,
            cpu,
            count,
            reason,
        })
    };
    vec![
        one("fanotify", seen(Backend::Fanotify, Op::Close, "/srv/f")),
        one("fanotify-process-gone", gone),
        one(
            "inotify",
            nobody(seen(Backend::Inotify, Op::Delete, "/srv/f")),
        ),
        one("inotify-scan", found),
        one("call-by-nobody", nobody(kernel_call.clone())),
        one(
            "daemon-in-container",
            Event {
                actor: Ok(daemon),
                ..kernel_call
            },
        ),
        ("loss", loss(Some(0), Some(12), LossReason::RingFull)),
        (
            "loss-uncounted",
            loss(None, None, LossReason::QueueOverflow),
        ),
    ]
}

fn hostile() -> Rows {
    let forging = "a\ntype=SYSCALL msg=audit(1.0:1): \"x\" \\ \x1b[31m\u{202e}\u{9b}31m ü";
    let raw = |bytes: &[u8]| PathItem {
        requested: Some(Ok(b(bytes))),
        resolved: Ok(b([b"/tmp/", bytes].concat())),
        ..target(1, "", "")
    };
    let by = |comm: &[u8], exe: &[u8], item| Event {
        actor: Ok(Actor {
            comm: Ok(b(comm)),
            exe: Ok(b(exe)),
            ..actor()
        }),
        ..event(Op::Read, Some(openat(0, 0, 3)), vec![item])
    };
    let argv = Argv::whole(vec![b("x"), b(b"\xff\xfe"), b(forging), b("a'b")]);
    let long = |len: usize| b([b"/".as_slice(), &vec![b'x'; len]].concat());
    let mut lengthy = by(b"cat", &long(4100), target(1, "", ""));
    lengthy.paths[0].requested = Some(Ok(long(4094)));
    lengthy.paths[0].resolved = Ok(long(7200));
    if let Ok(actor) = &mut lengthy.actor {
        (actor.cwd, actor.root) = (Ok(long(4100)), Some(long(300)));
    }
    vec![
        one(
            "hostile-utf8",
            by(
                b"a\tb \"c\"",
                b"/tmp/exe=/bin/true",
                raw(forging.as_bytes()),
            ),
        ),
        one(
            "hostile-bytes",
            by(b"exe=\xff", b"/\xff (deleted)", raw(b"\xff\xfe\x80raw")),
        ),
        one("hostile-argv", exec(0, argv)),
        one("hostile-exe", by(b"true", b"/tmp/key=x", raw(b"k=v"))),
        one("hostile-long", lengthy),
        one(
            "empty-name",
            by(
                b"",
                b"/x",
                PathItem {
                    resolved: Ok(b("/tmp")),
                    ..raw(b"")
                },
            ),
        ),
    ]
}
