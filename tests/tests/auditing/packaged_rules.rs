//! Rule files that come with auditd, as they are packaged: what this machine has is loaded, and what it
//! lacks is said.

use std::fs;

use tests::{Daemon, packaged_rules, require_root};

/// 30-nispom.rules; its files and directories are in a place of the test's own, where one of the
/// directories is not there.
#[test]
fn nispom() {
    require_root();
    let text = packaged_rules("30-nispom.rules")
        .replace("/etc/", "HERE/etc/")
        .replace("/var/log/", "HERE/log/");
    let absent = "HERE/etc/NetworkManager/";
    let is_rule = |line: &str| line.starts_with('-');
    let numbered = || text.lines().enumerate().filter(|(_, line)| is_rule(line));
    let lacking: Vec<_> = numbered()
        .filter(|(_, line)| line.contains(absent))
        .collect();
    let [(at, _)] = lacking[..] else {
        panic!("one rule is about {absent}: {lacking:?}");
    };
    let daemon = Daemon::prepare(&text, "");
    for dir in ["etc/security", "etc/sysconfig", "log/audit"] {
        daemon.place().dir(dir);
    }
    let daemon = daemon.run();
    let said = daemon.tracer().said();
    let file = daemon.place().join("rules.d/test.rules");
    let prefix = format!("{}:", file.display());
    let told: Vec<_> = said.lines().filter(|line| line.contains(&prefix)).collect();
    assert_eq!(told.len(), 1, "{said}");
    assert!(told[0].contains(&format!("{prefix}{}:", at + 1)), "{said}");
    assert!(said.contains("left out"), "{said}");
    let list = daemon.ask(&["rules", "list"]);
    let list = String::from_utf8(list.stdout).expect("UTF-8");
    // Each key as often as in the file, less the one that is left out.
    let keys = |text: &str| {
        let key = |line: &str| {
            let words = line.split([' ', '=']).collect::<Vec<_>>();
            let at = words.iter().position(|word| ["key", "-k"].contains(word))?;
            words.get(at + 1).map(|key| (*key).to_owned())
        };
        let mut keys: Vec<_> = text
            .lines()
            .filter(|line| is_rule(line))
            .filter_map(key)
            .collect();
        keys.sort();
        keys
    };
    let wanted: Vec<_> = text.lines().filter(|line| !line.contains(absent)).collect();
    assert_eq!(keys(&list), keys(&wanted.join("\n")), "{list}");
    assert!(keys(&list).len() > 30, "{list}");
    // They are in force, too.
    let passwd = daemon.place().join("etc/passwd");
    fs::write(&passwd, "x").expect("write");
    let mut daemon = daemon;
    daemon.stop();
    let passwd = passwd.display().to_string();
    let log = daemon.log();
    assert!(
        !log.calls("key=\"auth\"").is_empty() && log.text.contains(&passwd),
        "{}",
        log.text
    );
}
