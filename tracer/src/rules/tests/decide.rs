//! What a rule set says of events: order, `never`, keys, fields, lists.

use bytes::Bytes;

use crate::{
    calls::{Arch, Op},
    event::{
        Actor, Backend, ByRules, Call, Certainty, Creds, Event, FileId, Gid, PathItem, PathRole,
        Pid, Tid, Time, Uid, Unknown, Via,
    },
    rules::{Judge, Sender, Targets, Verdict, parse, set::RuleSet},
};

/// An event in short.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) name: &'static str,
    pub(super) arch: Arch,
    pub(super) ret: i64,
    /// uid, gid, suid, sgid, euid, egid, fsuid, fsgid, auid, session, pid, ppid
    pub(super) ids: [u32; 12],
    pub(super) args: [u64; 6],
}

impl Told {
    pub(super) fn of(name: &'static str) -> Self {
        Self {
            name,
            arch: Arch::X86_64,
            ret: 0,
            ids: [0; 12],
            args: [0; 6],
        }
    }
}

pub(super) fn event(told: &Told) -> Event {
    let ids = told.ids;
    Event {
        time: Time::default(),
        backend: Backend::Ebpf,
        place: None,
        op: Op::Other,
        actor: Ok(Actor {
            pid: Pid(ids[10]),
            tid: Some(Tid(ids[10])),
            ppid: Some(Pid(ids[11])),
            host: None,
            creds: Some(Creds {
                uid: Uid(ids[0]),
                gid: Gid(ids[1]),
                suid: Uid(ids[2]),
                sgid: Gid(ids[3]),
                euid: Uid(ids[4]),
                egid: Gid(ids[5]),
                fsuid: Uid(ids[6]),
                fsgid: Gid(ids[7]),
            }),
            auid: Some(ids[8]),
            session: Some(ids[9]),
            comm: Ok(Bytes::from_static(b"cat")),
            exe: Ok(Bytes::from_static(b"/usr/bin/nothing-else")),
            exe_deleted: false,
            cwd: Ok(Bytes::from_static(b"/")),
            root: None,
            cgroup: None,
            mnt_ns: None,
            title: None,
            personality: 0,
        }),
        call: Some(Call {
            arch: told.arch,
            nr: told.arch.number(told.name).expect("a call of this table"),
            args: Ok(told.args),
            unfinished: None,
            ret: told.ret,
            captured: Vec::new(),
            files: Vec::new(),
        }),
        exit: None,
        timing: None,
        signal: None,
        paths: Vec::new(),
        synthesised: false,
        below_root: false,
        certainty: Certainty::default(),
        of_tracer: false,
        is_dir: false,
        rules: ByRules::default(),
        notice: None,
    }
}

pub(super) fn file(path: &str) -> PathItem {
    PathItem {
        role: PathRole::Target,
        arg: Some(0),
        requested: Some(Err(Unknown::Null)),
        resolved: Ok(Bytes::copy_from_slice(path.as_bytes())),
        via: Via::Kernel,
        deleted: false,
        file: Some(FileId {
            ino: 12,
            dev: 8 << 20 | 1,
            rdev: 0,
            mode: 0o100_644,
            uid: Uid(1000),
            gid: Gid(1000),
        }),
    }
}

/// The keys under which these rules tell an event; `None` when they do not.
fn keys(rules: &[&str], event: &Event) -> Option<String> {
    let mut set = RuleSet::default();
    for rule in rules {
        for command in parse::line(rule, None).unwrap().commands {
            set.apply(&command).unwrap();
        }
    }
    let mut targets = Targets::default();
    let judge = Judge::new(&set, &mut targets);
    match judge.event(event, &targets.touched(event).0) {
        Verdict::NotTold => None,
        Verdict::Told(None) => Some(String::new()),
        Verdict::Told(Some(key)) => Some(String::from_utf8(key.to_vec()).unwrap()),
    }
}

#[test]
fn the_first_rule_wins() {
    let event = event(&Told::of("openat"));
    let one = "-a always,exit -S openat -k one";
    let two = "-a always,exit -S openat -F uid=0 -k two";
    let never = "-a never,exit -S openat -F uid=0";
    let rows: &[(&[&str], Option<&str>)] = &[
        (&[one, two], Some("one")),
        (&[two, one], Some("two")),
        (&[never, one], None),
        (&[one, never], Some("one")),
        (&[one, "-A never,exit -S openat"], None),
        (&["-a never,exit -F uid=7", one], Some("one")),
        (&["-a never,task", one], None),
        (&["-a never,task -F uid=5", one], Some("one")),
        (&["-a always,exit -S openat -k a -k b"], Some("a\u{1}b")),
        (&["-a always,exit -S openat"], Some("")),
        (&["-a always,exit -S unlink -k x"], None),
        (&["-a always,exit -S all -k all", one], Some("all")),
        (&[one, "-a always,exit -S all -k all"], Some("one")),
        (&[], None),
    ];
    for (rules, wanted) in rows {
        assert_eq!(keys(rules, &event).as_deref(), *wanted, "{rules:?}");
    }
}

#[test]
fn fields() {
    let mut told = Told::of("openat");
    told.ids = [1, 2, 3, 4, 5, 6, 7, 8, 1000, 9, 77, 66];
    told.ret = -13;
    told.args = [0xffff_ff9c, 0, 0x241, 0o600, 0, 0];
    let mut event = event(&told);
    event.paths.push(file("/srv/data/x"));
    let rows: &[(&str, bool)] = &[
        ("-F uid=1", true),
        ("-F uid!=1", false),
        ("-F gid=2", true),
        ("-F suid=3", true),
        ("-F sgid=4", true),
        ("-F euid=5", true),
        ("-F egid=6", true),
        ("-F fsuid=7", true),
        ("-F fsgid=8", true),
        ("-F auid>=1000 -F auid!=unset", true),
        ("-F auid>1000", false),
        ("-F sessionid=9", true),
        ("-F pid=77", true),
        ("-F ppid=66", true),
        ("-F exit=-EACCES", true),
        ("-F exit=-EPERM", false),
        ("-F exit<0", true),
        ("-F success=0", true),
        ("-F success=1", false),
        ("-F success!=1", true),
        ("-F a2&0100", true),
        ("-F a2&=0x240", true),
        ("-F a2&=0x3", false),
        ("-F a0=-100", true),
        ("-F perm=w", true),
        ("-F perm=r", false),
        ("-F perm=rx", false),
        ("-F perm=wa", true),
        ("-F inode=12", true),
        ("-F inode!=12", false),
        ("-F devmajor=8", true),
        ("-F devminor&1", true),
        ("-F filetype=file", true),
        ("-F filetype=dir", false),
        ("-F obj_uid=1000", true),
        ("-F obj_gid=0", false),
        ("-F path=/srv/data/x", true),
        ("-F dir=/srv", true),
        ("-F path=/srv/data", false),
        ("-F exe=/usr/bin/nothing-else", true),
        ("-F exe!=/usr/bin/nothing-else", false),
        ("-C uid!=euid", true),
        ("-C uid=euid", false),
        ("-C auid=obj_uid", true),
        ("-C obj_uid!=uid", true),
        ("-F arch=b64", true),
        ("-F arch=b32", false),
        ("-F arch!=b32", true),
    ];
    for (fields, wanted) in rows {
        let rule = format!("-a always,exit {fields} -k k");
        assert_eq!(keys(&[&rule], &event).is_some(), *wanted, "{rule}");
    }
}

#[test]
fn other_doors_do_not_slip_past() {
    for arch in [Arch::X86_64, Arch::X32, Arch::I386, Arch::Uring] {
        let mut told = Told::of("openat");
        told.arch = arch;
        assert!(
            keys(&["-a always,exit -S openat"], &event(&told)).is_some(),
            "{arch:?}"
        );
    }
}

#[test]
fn operations_of_io_uring() {
    let mut told = Told::of("openat");
    told.arch = Arch::Uring;
    let event = event(&told);
    for (rules, wanted) in [
        (&["-a always,io_uring -S openat -k u"][..], Some("u")),
        (&["-a always,io_uring -S unlinkat -k u"], None),
        (&["-a always,io_uring -S all -F uid=1 -k u"], None),
        (
            &[
                "-a never,io_uring -S openat",
                "-a always,exit -S openat -k x",
            ],
            None,
        ),
        (&["-a always,exit -S openat -k x"], Some("x")),
    ] {
        assert_eq!(keys(rules, &event).as_deref(), wanted, "{rules:?}");
    }
}

#[test]
fn a_lookup_that_found_nothing_is_no_matter_of_a_watch() {
    let mut told = Told::of("openat");
    told.ret = -2;
    let mut event = event(&told);
    event.paths.push(file("/srv/data/x"));
    assert_eq!(keys(&["-w /srv/data/x"], &event), None);
    assert!(keys(&["-a always,exit -S openat -F exit=-ENOENT"], &event).is_some());
}

#[test]
fn excluded_records_and_messages() {
    let mut set = RuleSet::default();
    for rule in [
        "-a always,exclude -F msgtype=CWD",
        "-a never,exclude -F msgtype>=2500",
        "-a always,exclude -F msgtype=PATH -F uid=0",
        "-a never,user -F uid=1000 -F pid!=5",
    ] {
        set.apply(&parse::line(rule, None).unwrap().commands[0])
            .unwrap();
    }
    let judge = Judge::new(&set, &mut Targets::default());
    let root = event(&Told::of("openat"));
    let mut told = Told::of("openat");
    told.ids[0] = 1;
    let other = event(&told);
    for (event, number, wanted) in [
        (Some(&root), 1307, true),
        (None, 1307, true),
        (Some(&root), 1300, false),
        (Some(&root), 2500, true),
        (Some(&root), 1302, true),
        (Some(&other), 1302, false),
        (None, 1302, false),
    ] {
        assert_eq!(judge.excludes(event, number), wanted, "{number}");
    }
    let sender = |uid, pid| Sender {
        pid,
        uid,
        gid: 0,
        auid: 0,
        session: 0,
        record_type: 1005,
    };
    assert!(!judge.message(&sender(1000, 6)));
    assert!(judge.message(&sender(1000, 5)));
    assert!(judge.message(&sender(0, 6)));
}

/// A file that became the watched one later was none when the event happened; one that was it then
/// is decided by that.
#[test]
fn where_a_watched_file_was_at_that_time() {
    let dir = tempfile::tempdir().unwrap();
    let (path, next) = (dir.path().join("f"), dir.path().join("next"));
    let touching = |inode: Option<(u32, u64)>, mono_ns: u64| {
        let (dev, ino) = inode.unwrap();
        let mut event = event(&Told::of("openat"));
        event.time.mono_ns = mono_ns;
        let mut item = file("/elsewhere");
        if let Some(file) = &mut item.file {
            (file.dev, file.ino) = (dev, ino);
        }
        event.paths = vec![item];
        event
    };
    std::fs::write(&path, "").unwrap();
    let mut targets = Targets::default();
    let id = targets.number(path.to_str().unwrap(), false);
    let old = targets.get(id).unwrap().inode;
    std::fs::write(&next, "").unwrap();
    std::fs::rename(&next, &path).unwrap();
    assert!(targets.look_again());
    let new = targets.get(id).unwrap().inode;
    for (inode, mono_ns, touched) in [
        (old, 1, true),
        (new, 1, false),
        (old, u64::MAX, false),
        (new, u64::MAX, true),
    ] {
        let found = targets.touched(&touching(inode, mono_ns)).0;
        assert_eq!(!found.is_empty(), touched, "{inode:?} at {mono_ns}");
    }
}
