//! `report --html`: what the page has of each thing, and what it leaves out.

use std::fs;

use regex::Regex;
use tests::{Place, run_to_end, tracer_command};

/// A call with a program and a file.
fn event(serial: u32, exe: &str, path: &str) -> String {
    let id = format!("msg=audit(1700000000.000:{serial}):");
    format!(
        "type=SYSCALL {id} arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=1 a2=0 a3=0 \
         items=1 ppid=1 pid=2 auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 \
         fsgid=0 tty=(none) ses=4294967295 comm=\"c\" exe=\"{exe}\" key=\"watched\"\n\
         type=PATH {id} item=0 name=\"{path}\" inode=1 dev=08:01 mode=0100644 ouid=0 ogid=0 \
         rdev=00:00 nametype=NORMAL\n"
    )
}

/// Everything that a pattern finds.
fn all<'p>(page: &'p str, pattern: &str) -> Vec<&'p str> {
    let pattern = Regex::new(pattern).expect("a regex");
    let found = pattern.captures_iter(page);
    found
        .map(|one| one.get(1).expect("a group").as_str())
        .collect()
}

#[test]
fn names_numbers_and_forms() {
    let place = Place::new();
    let (log, page) = (place.join("audit.log"), place.join("page.html"));
    let deep = format!("/{}/the-end", "long/".repeat(40));
    let report = |events: &str| {
        let mut run = tracer_command(["report", "-if"]);
        fs::write(&log, events).expect("a log");
        let _ = run_to_end(run.arg(&log).arg("--html").arg(&page)).ended(0);
        fs::read_to_string(&page).expect("a page")
    };
    let two = report(&(event(1, "", &deep) + &event(2, "/bin/x", "/one")));
    let names = all(&two, "<span class=\"name\"[^>]*>([^<]*)</span>");
    assert!(
        names.contains(&"/one") && names.contains(&"/bin/x"),
        "{names:?}"
    );
    assert!(
        names.iter().all(|name| !name.trim().is_empty()),
        "{names:?}"
    );
    let short = names.iter().find(|name| name.ends_with("/the-end"));
    let short = short.expect("the long name");
    assert!(
        short.starts_with("/long/") && short.contains('…'),
        "{short}"
    );
    assert!(short.chars().count() < 60, "{short}");
    assert!(two.contains(&format!("title=\"{deep}: 1\"")), "{two}");
    // A number stands beside its bar, not on it, and there is none without a name.
    let numbers = all(&two, "</span><span class=\"n\">([0-9]+)</span></div>");
    assert_eq!(numbers.len(), names.len(), "{two}");
    let sums = all(&two, "<td class=\"n\">([^<]*)</td>");
    assert!(!sums.is_empty() && !sums.contains(&"0"), "{sums:?}");
    assert!(two.contains("<b>2</b>events"), "{two}");
    let one = report(&event(1, "/bin/x", "/one"));
    for words in [
        "<b>1</b>event<",
        "<b>1</b>program<",
        "is 1 event<",
        ": 1 event, 0 failed<",
    ] {
        assert!(one.contains(words), "{words}: {one}");
    }
}
