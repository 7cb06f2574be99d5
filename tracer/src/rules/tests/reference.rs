//! Every rule and command line of `tests/golden/audit-rules` (made with auditctl 3.0.9): the same
//! exit status, and the same listing. Exceptions are listed here, each with its reason.

use serde_json::Value as Json;

use crate::rules::{
    file,
    parse::{self, Command, Control},
    set::RuleSet,
};

/// What auditctl 3.0.9 refuses and tracer takes: parts of the text of a command.
const ACCEPTED: &[(&str, &str)] = &[
    ("file_setattr", "newer than auditctl 3.0.9"),
    ("fchmodat2", "newer than auditctl 3.0.9"),
    ("lsm_set_self_attr", "newer than auditctl 3.0.9"),
    ("always,io_uring", "a list of newer kernels"),
    ("-q /a,/b", "trees need no such bookkeeping in tracer"),
    ("uid=chrony", "the user may be there"),
    ("daemon-acct", "the user may be there"),
];

/// Listings that differ on purpose.
const LISTED: &[(&str, &str)] = &[
    ("-l -i", "a0 and a1 are not interpreted"),
    ("exe!=", "auditctl 3.0.9 lists it as `=`"),
    ("saddr_fam=inet", "auditctl 3.0.9 turns the name into 0"),
];

fn excepted(table: &[(&str, &str)], text: &str) -> bool {
    table.iter().any(|(part, _)| text.contains(part))
}

/// Runs one command line as auditctl would: exit status 0 or 255.
fn run(set: &mut RuleSet, line: &str) -> u8 {
    let args: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let Ok(parsed) = parse::args(&args) else {
        return 255;
    };
    for command in &parsed.commands {
        if set.apply(command).is_err() {
            return 255;
        }
    }
    0
}

fn listing(set: &RuleSet) -> Vec<String> {
    let lines = set.listing(None, false);
    if lines.is_empty() {
        vec!["No rules".to_owned()]
    } else {
        lines
    }
}

fn strings(value: &Json) -> Vec<String> {
    let list = value.as_array().expect("a list");
    list.iter()
        .map(|v| v.as_str().expect("a string").to_owned())
        .collect()
}

#[test]
fn command_lines() {
    let text = include_str!("../../../../tests/golden/audit-rules/auditctl-cli.jsonl");
    let mut seen = 0;
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let mut set = RuleSet::default();
        let mut whole = String::new();
        for cmd in case["cmds"].as_array().unwrap() {
            let (cmd, rc) = (cmd["cmd"].as_str().unwrap(), &cmd["rc"]);
            whole.push_str(cmd);
            if cmd.is_empty() || excepted(ACCEPTED, cmd) {
                continue;
            }
            assert_eq!(u64::from(run(&mut set, cmd)), rc.as_u64().unwrap(), "{cmd}");
            seen += 1;
        }
        if !excepted(ACCEPTED, &whole) && !excepted(LISTED, &whole) {
            assert_eq!(listing(&set), strings(&case["list"]), "{whole}");
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn sample_rules() {
    let text = include_str!("../../../../tests/golden/audit-rules/rule-listing.jsonl");
    let mut seen = 0;
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let rule = case["rule"].as_str().unwrap();
        // A directory that was not there is a question for `check`, not for the language.
        let absent = case["stderr"].as_str().unwrap().contains("No such file");
        if excepted(ACCEPTED, rule) || absent {
            continue;
        }
        let parsed = parse::line(rule, None);
        assert_eq!(parsed.is_ok(), case["rc"] == 0, "{rule}: {parsed:?}");
        let Ok(parsed) = parsed else { continue };
        let mut set = RuleSet::default();
        for command in &parsed.commands {
            if matches!(command, Command::Control(Control::Failure(2))) {
                continue;
            }
            set.apply(command).unwrap();
        }
        let control_only = set.rules().is_empty();
        if !control_only && !excepted(LISTED, rule) {
            assert_eq!(set.listing(None, false), strings(&case["list"]), "{rule}");
        }
        seen += 1;
    }
    assert!(seen > 240, "{seen}");
}

/// The rule files of the audit suite, as they are packaged: whatever this machine lacks (users,
/// directories), what is right is loaded, and the rest is told.
#[test]
fn packaged_files_load() {
    let text = include_str!("../../../../tests/golden/audit-rules/rule-listing.jsonl");
    let mut files = std::collections::BTreeMap::<String, String>::new();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let of = |name: &str| case[name].as_str().unwrap().to_owned();
        // `-f 2` and `-e 2` are controls; the others are rules in force.
        if of("src") == "upstream" && case["commented"] == false {
            let file = files.entry(of("file")).or_default();
            file.push_str(&of("rule"));
            file.push('\n');
        }
    }
    for name in [
        "22-ignore-chrony",
        "30-ospp-v42",
        "30-pci-dss-v31",
        "30-stig",
    ] {
        assert!(files.contains_key(&format!("{name}.rules")), "{name}");
    }
    let dir = tempfile::tempdir().unwrap();
    for (name, rules) in files {
        let path = dir.path().join(&name);
        std::fs::write(&path, &rules).unwrap();
        let loaded = file::load(&[path], RuleSet::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let left_out = loaded
            .notes
            .iter()
            .filter(|note| note.text.starts_with("left out"));
        let (loaded, left_out) = (loaded.set.rules().len(), left_out.count());
        assert_eq!(loaded + left_out, rules.lines().count(), "{name}");
    }
}

#[test]
fn interpreted_listing() {
    for (rule, wanted) in [
        (
            "-a always,exit -F arch=b32 -S open -F auid!=unset -k x",
            "-a always,exit -F arch=i386 -S open -F auid!=unset -F key=x",
        ),
        (
            "-a always,exit -F arch=b64 -S 2 -F auid=-1",
            "-a always,exit -F arch=x86_64 -S open -F auid=unset",
        ),
    ] {
        let mut set = RuleSet::default();
        assert_eq!(run(&mut set, rule), 0);
        assert_eq!(set.listing(None, true), [wanted]);
    }
}
