//! Each form of an expression, what is refused, and that needles leave nothing out.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::{
    query::interpret::Readable,
    records::Head,
    replay::{Grouper, Needles},
};

const LOG: &str = "\
type=SYSCALL msg=audit(1795377006.984:10): arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7ffd a2=241 \
a3=1b6 items=1 ppid=100 pid=4242 auid=1000 uid=4294967295 gid=0 ses=3 tty=pts0 comm=\"rm\" exe=\"/usr/bin/rm\" \
key=\"one\"\u{1d}ARCH=x86_64 SYSCALL=openat AUID=\"ana\"
type=CWD msg=audit(1795377006.984:10): cwd=\"/etc\"
type=PATH msg=audit(1795377006.984:10): item=0 name=\"./shadow\" inode=77 dev=fe:00 mode=0100644 ouid=0 nametype=NORMAL
type=PROCTITLE msg=audit(1795377006.984:10): proctitle=726D002D72002F746D70
node=web type=USER_LOGIN msg=audit(1795377007.000:11): pid=7 uid=0 auid=5 ses=1 msg='op=login acct=\"bob\" \
exe=\"/usr/sbin/sshd\" hostname=? addr=10.0.0.1 terminal=ssh res=success'
type=SYSCALL msg=audit(1795377008.000:12): arch=c00000b7 syscall=56 success=yes exit=3 a0=1 pid=424 uid=1000 \
comm=7265616C206E616D65 exe=\"/usr/bin/x\" key=6F6E650174776F
";

/// The serial numbers of the events for which it holds.
fn found(text: &str) -> Vec<u64> {
    let expression = Expression::parse(text, &Here::plain()).unwrap_or_else(|e| panic!("{e}"));
    let how = Readable::of(crate::event::Users::fixed([(0, "root")]));
    let mut judge = Judge::new(&expression, &how);
    let needles = expression.needles();
    let needles = needles.map(|needles| Needles::new(&needles).unwrap());
    let mut grouper = Grouper::new(2);
    let mut at = 0;
    for line in LOG.lines() {
        let head = Head::parse(line.as_bytes()).unwrap();
        grouper.add(LOG.as_bytes(), at..at + line.len(), &head, false);
        at += line.len() + 1;
    }
    let mut found = Vec::new();
    for event in grouper.events(LOG.as_bytes()) {
        if judge.holds(&event) {
            found.push(event.id().serial);
            if let Some(needles) = &needles {
                let has = event.records().any(|record| needles.is_match(record.line));
                assert!(
                    has,
                    "{text}: the needle is not in event {}",
                    event.id().serial
                );
            }
        }
    }
    found
}

#[test]
fn one_row_per_shape() {
    for (text, wanted) in [
        ("comm == \"rm\"", &[10][..]),
        ("comm != \"rm\"", &[11, 12]),
        ("comm == \"real name\"", &[12]),
        ("comm", &[10, 12]),
        ("not comm", &[11]),
        (
            "comm == \"rm\" and path =~ \"^/etc/\" and not success",
            &[10],
        ),
        ("path == \"./shadow\" && ! success", &[10]),
        ("path == \"/etc/./shadow\"", &[10]),
        ("path !~ \"shadow\"", &[11, 12]),
        ("name =~ \"shad.w$\"", &[10]),
        ("success", &[11, 12]),
        ("success == \"no\" or success == yes", &[10, 11, 12]),
        ("type == \"USER_LOGIN\"", &[11]),
        ("type == 1307", &[10]),
        ("type =~ \"^USER\"", &[11]),
        ("node == \"web\"", &[11]),
        ("node != \"web\"", &[10, 12]),
        ("serial >= 11", &[11, 12]),
        ("time < \"2026-11-22T19:50:07Z\"", &[10]),
        ("time == \"2026-11-22T19:50:07Z\"", &[11]),
        ("time > 1795377007", &[12]),
        ("pid == 4242", &[10]),
        ("pid in (7, 424)", &[11, 12]),
        ("pid > 400 and pid <= 424", &[12]),
        ("uid == -1", &[10]),
        ("uid == 4294967295", &[10]),
        ("uid == 1000", &[12]),
        ("auid == \"ana\"", &[10]),
        ("auid == \"1000\"", &[10]),
        ("exit == -13", &[10]),
        ("exit == \"EACCES\"", &[10]),
        ("exit < 0", &[10]),
        ("syscall == \"openat\"", &[10, 12]),
        ("arch == \"x86_64\"", &[10]),
        ("a0 == 0xffffff9c", &[10]),
        ("a2 == \"O_WRONLY|O_CREAT|O_TRUNC\"", &[10]),
        ("mode == 0o100644", &[10]),
        ("key == \"two\"", &[12]),
        ("key in (\"one\", \"none\")", &[10, 12]),
        ("acct == \"bob\" and addr == \"10.0.0.1\"", &[11]),
        ("proctitle == \"rm -r /tmp\"", &[10]),
        ("proctitle =~ \"^rm -r\"", &[10]),
        ("field(hostname) == \"?\"", &[11]),
        ("field(nobody_has_this)", &[]),
        ("exe =~ \"(?i)^/USR/S?BIN/\"", &[10, 11, 12]),
        (
            "(comm == \"rm\" or acct == \"bob\") and not (pid == 7)",
            &[10],
        ),
    ] {
        assert_eq!(found(text), wanted, "{text}");
    }
}

#[test]
fn refused_with_a_caret() {
    for (text, column, words) in [
        ("", 1, "ends too early"),
        ("com == \"rm\"", 1, "did you mean `comm`?"),
        ("nosuchthing == 1", 1, "field(nosuchthing)"),
        ("comm = \"rm\"", 6, "a comparison is =="),
        ("comm == rm", 9, "a string in double quotes for comm"),
        ("comm == \"rm", 9, "the string has no end"),
        ("comm == 'rm'", 9, "double quotes"),
        ("comm == \"rm\" or", 16, "ends too early"),
        ("(comm == \"rm\"", 14, "expected `and`, `or` or `)`"),
        ("comm == \"rm\")", 13, "the end"),
        ("comm == \"rm\" pid == 1", 14, "`pid` is not expected here"),
        ("comm =~ \"[\"", 9, "no regular expression"),
        ("path < 3", 6, "has no order"),
        ("pid < \"x\"", 7, "expected a number"),
        ("pid == 12x", 8, "is no number"),
        ("pid in 3", 8, "values divided by commas"),
        ("type == \"PAHT\"", 9, "did you mean \"PATH\"?"),
        ("syscall == \"opnat\"", 12, "did you mean `openat`?"),
        ("syscall == \"\"", 12, "there is no system call"),
        ("syscall == \"0257\"", 12, "there is no system call"),
        ("time > \"never\"", 8, "is no time"),
        ("success == 3", 12, "\"yes\" or \"no\""),
        ("comm == \"\\xzz\"", 10, "two hexadecimal digits"),
        ("\u{e4} == 1", 1, "is not understood"),
    ] {
        let error = Expression::parse(text, &Here::plain()).expect_err(text);
        let said = error.to_string();
        assert!(said.contains(words), "{text}: {said}");
        let column_said = text[..error.span.start].chars().count() + 1;
        assert_eq!(column_said, column, "{said}");
    }
    let deep = "(".repeat(100_000);
    let said = Expression::parse(&deep, &Here::plain()).unwrap_err();
    assert!(said.to_string().contains("within each other"));
}

#[test]
fn what_a_needle_can_decide_is_decided_by_one() {
    let needles = |text: &str| {
        let expression = Expression::parse(text, &Here::plain()).unwrap();
        expression.needles().map(|needles| {
            let texts = needles
                .iter()
                .map(|needle| String::from_utf8_lossy(needle).into_owned());
            texts.collect::<Vec<_>>()
        })
    };
    let first = |text: &str| needles(text).unwrap()[0].clone();
    for (text, wanted) in [
        ("key == \"wanted\"", "wanted"),
        ("success and key == \"wanted\" and uid == 0", "wanted"),
        ("path =~ \"^/etc/\"", "/etc"),
        ("path == \"/srv/wanted/file\"", "/srv/wanted/file"),
        ("exe =~ \"^/usr/bin/(wanted|other)$\"", "/usr/bin/wanted"),
        ("pid == 4190000", "pid=4190000"),
        ("serial == 7", ":7)"),
        ("type == \"AVC\"", "type=AVC "),
        ("not (comm == \"a\") and exit == -13", "exit=-13"),
    ] {
        assert_eq!(first(text), wanted, "{text}");
    }
    for text in [
        "not key == \"wanted\"",
        "key == \"wanted\" or success",
        "comm =~ \"x*\"",
        "path == \"/etc/./x\"",
        "uid == \"root\"",
        "uid == -1",
        "a1 == \"x\"",
        "comm == \"\"",
    ] {
        assert_eq!(needles(text), None, "{text}");
    }
}

/// An expression of comparisons that the log has answers for.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "comm == \"rm\"",
        "comm =~ \"^re\"",
        "key == \"two\"",
        "path =~ \"^/etc/.\"",
        "path == \"./shadow\"",
        "path =~ \"/etc/?\"",
        "syscall == \"openat\"",
        "exit == \"EACCES\"",
        "pid in (7, 424)",
        "uid == 1000",
        "acct == \"bob\"",
        "proctitle =~ \"-r /t\"",
        "type == 1307",
        "serial == 12",
        "success",
        "exe",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("not ({a})")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|all| all.join(" and ")),
            prop::collection::vec(inner, 2..4).prop_map(|any| format!("({})", any.join(" or "))),
        ]
    })
}

proptest! {
    /// `found` looks for the needle in every event for which the expression holds.
    #[test]
    fn needles_leave_nothing_out(text in expressions()) {
        found(&text);
    }

    #[test]
    fn no_text_brings_it_down(text in "[ -~\u{e4}]{0,60}") {
        let _ = Expression::parse(&text, &Here::plain());
    }

    #[test]
    fn negation_is_the_rest(text in expressions()) {
        let mut all = found(&text);
        let mut rest = String::new();
        let _ = write!(rest, "not ({text})");
        all.extend(found(&rest));
        all.sort_unstable();
        prop_assert_eq!(all, [10, 11, 12]);
    }
}
