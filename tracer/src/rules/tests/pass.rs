//! What the kernel side lets pass is never too little: any event that a rule set tells also
//! passes the classes that it compiles to, as `tracer-ebpf/src/classify.rs` asks them.

use proptest::prelude::*;
use tracer_ebpf::abi::rules::{RuleTable, dim};

use super::decide::{Told, event, file};
use crate::{
    calls::Arch,
    event::{Event, Gid, Uid},
    rules::{
        Compiled, Judge, Targets, Verdict,
        classes::{result, slot},
        eval::found_nothing,
        parse::{self, Command},
        set::RuleSet,
    },
};

/// The classes that a value leaves possible: the search of the kernel side.
fn classes_at(table: &RuleTable, d: usize, value: u64) -> u64 {
    let (mut at, mut count) = (table.from[d], table.len[d]);
    while count > 1 {
        let half = count / 2;
        if table.spans[(at + half) as usize].start <= value {
            at += half;
            count -= half;
        } else {
            count = half;
        }
    }
    table.spans[at as usize].classes
}

/// What the kernel side leaves of an event whose file was walked and met these targets.
fn left(compiled: &Compiled, event: &Event, met: &[u64]) -> u64 {
    let table = &compiled.table;
    let call = event.call.as_ref().unwrap();
    let actor = event.actor.as_ref().unwrap();
    let slot = usize::from(slot(call.arch, call.nr));
    let mut classes = table.calls[slot];
    if found_nothing(event) {
        classes &= !table.with_file;
    }
    let c = actor.creds.unwrap();
    let ids = [
        c.uid.0, c.gid.0, c.suid.0, c.sgid.0, c.euid.0, c.egid.0, c.fsuid.0, c.fsgid.0,
    ];
    for (d, id) in ids.into_iter().enumerate() {
        classes &= classes_at(table, dim::CREDS + d, id.into());
    }
    classes &= classes_at(table, dim::AUID, actor.auid.unwrap().into());
    classes &= classes_at(table, dim::SESSION, actor.session.unwrap().into());
    classes &= classes_at(table, dim::PID, actor.pid.0.into());
    classes &= classes_at(table, dim::PPID, actor.ppid.unwrap().0.into());
    classes &= classes_at(table, dim::RESULT, result(call.ret));
    let flags_arg = table.flags_arg[slot];
    if flags_arg != 0 {
        let flags = call.args.unwrap()[usize::from(flags_arg) - 1];
        classes &= classes_at(table, dim::ACCESS, flags & 3);
    }
    let watched = met.iter().filter_map(|id| compiled.targets.get(id));
    classes & (!table.with_file | watched.fold(0, |bits, classes| bits | classes))
}

fn field() -> impl Strategy<Value = String> {
    let ids = "(uid|gid|euid|egid|suid|sgid|fsuid|fsgid|auid|sessionid|pid|ppid)";
    prop_oneof![
        (
            ids,
            "(=|!=|<|>|<=|>=)",
            prop::sample::select(&[0i64, 1, 2, 3, 4_294_967_295][..])
        )
            .prop_map(|(f, op, n)| format!("{f}{op}{n}")),
        (
            "(=|!=|<|>|<=|>=)",
            prop::sample::select(&["-EACCES", "-ENOENT", "0", "3", "-1"][..])
        )
            .prop_map(|(op, n)| format!("exit{op}{n}")),
        "success(=|!=)[01]",
        "perm=[rwxa]",
        "(path|dir)=/usr",
        "path=/usr/bin",
        "dir=/etc",
        "a[01](=|&)0x[0-3]",
    ]
}

fn rule() -> impl Strategy<Value = String> {
    let arch = prop::sample::select(&["", " -F arch=b64", " -F arch=b32", " -F arch!=b32"][..]);
    let calls = prop::sample::select(
        &[
            "",
            " -S openat",
            " -S open,openat,unlink",
            " -S all",
            " -S read",
            " -S 5",
        ][..],
    );
    let fields = prop::collection::vec(field(), 0..4);
    (any::<bool>(), arch, calls, fields).prop_map(|(never, arch, calls, fields)| {
        let action = if never { "never" } else { "always" };
        let fields: Vec<_> = fields.iter().map(|f| format!(" -F {f}")).collect();
        let fields = fields.concat();
        format!("-a {action},exit{arch}{calls}{fields}")
    })
}

fn told() -> impl Strategy<Value = (Told, Option<usize>)> {
    let id = || prop::sample::select(&[0u32, 1, 2, 3, u32::MAX][..]);
    let names = prop::sample::select(&["open", "openat", "unlink", "read", "execve", "chmod"][..]);
    let arch = prop::sample::select(&[Arch::X86_64, Arch::I386, Arch::X32][..]);
    let ret = prop::sample::select(&[0i64, 3, -1, -2, -13, -4095, 4096, -9999][..]);
    let ids = prop::collection::vec(id(), 12);
    let args = prop::collection::vec(0u64..4, 6);
    let place = prop::option::of(0usize..PLACES.len());
    (names, arch, ret, ids, args, place).prop_map(|(name, arch, ret, ids, args, place)| {
        let told = Told {
            name,
            arch,
            ret,
            ids: ids.try_into().unwrap(),
            args: args.try_into().unwrap(),
        };
        (told, place)
    })
}

const PLACES: [&str; 4] = ["/usr", "/usr/bin/env", "/etc/passwd", "/nowhere"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn never_too_little(
        rules in prop::collection::vec(rule(), 1..150),
        events in prop::collection::vec(told(), 1..60),
    ) {
        let mut set = RuleSet::default();
        for rule in &rules {
            // One that the language does not take, or that is there already, is no rule.
            for command in parse::line(rule, None).map(|p| p.commands).unwrap_or_default() {
                let _: Result<_, _> = set.apply(&command);
                let is_rule = matches!(command, Command::Add { .. });
                prop_assert!(is_rule);
            }
        }
        let mut targets = Targets::default();
        let judge = Judge::new(&set, &mut targets);
        let compiled = Compiled::new(&set, &mut targets);
        prop_assert!(compiled.classes() <= 64);
        for (told, place) in &events {
            let mut event = event(told);
            event.paths.extend(place.map(|at| file(PLACES[at])));
            let (touched, _) = targets.touched(&event);
            if let Verdict::Told(_) = judge.event(&event, &touched) {
                prop_assert_ne!(left(&compiled, &event, &touched), 0, "{:?}", told);
            }
        }
    }
}

#[test]
fn many_rules_are_few_classes() {
    type Rule = dyn Fn(usize) -> String;
    let rows: &[(&str, &Rule, usize)] = &[
        ("watches", &|i| format!("-w /etc/f{i} -p wa -k k{i}"), 1),
        (
            "users",
            &|i| format!("-a always,exit -F arch=b64 -S openat -F uid={i}"),
            1,
        ),
        (
            "nothing in common",
            &|i| {
                format!(
                    "-a always,exit -F arch=b64 -S {} -F uid={i} -F gid={}",
                    i % 300,
                    i * 7
                )
            },
            64,
        ),
    ];
    for (name, rule, most) in rows {
        let mut set = RuleSet::default();
        for i in 0..500 {
            let parsed = parse::line(&rule(i), None).unwrap();
            set.apply(&parsed.commands[0]).unwrap();
        }
        let classes = Compiled::new(&set, &mut Targets::default()).classes();
        assert!(classes <= *most, "{name}: {classes} classes");
    }
}

#[test]
fn merging_users_is_exact() {
    let mut set = RuleSet::default();
    for line in [
        "-a always,exit -F arch=b64 -S openat -F uid=1",
        "-a always,exit -F arch=b64 -S openat -F uid=3",
        "-a always,exit -F arch=b64 -S unlink -F gid=2",
    ] {
        set.apply(&parse::line(line, None).unwrap().commands[0])
            .unwrap();
    }
    let compiled = Compiled::new(&set, &mut Targets::default());
    let mut told = Told::of("openat");
    for (uid, passes) in [(0, false), (1, true), (2, false), (3, true), (4, false)] {
        told.ids[0] = uid;
        let event = event(&told);
        let creds = event.actor.as_ref().unwrap().creds.unwrap();
        assert_eq!((creds.uid, creds.gid), (Uid(uid), Gid(0)));
        assert_eq!(left(&compiled, &event, &[]) != 0, passes, "uid {uid}");
    }
}
