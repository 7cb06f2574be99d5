//! Rules: a line is refused at a place that is in it, or it is commands; what is refused changes nothing;
//! rules are listed as text that is the same rule again, and every set can be compiled.

use tracer::rules::{Compiled, Judge, RuleSet, Targets, parse};

/// Checks rules, one a line.
///
/// # Panics
/// When something of the above does not hold.
pub fn check(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let mut set = RuleSet::default();
    for line in text.lines() {
        match parse::line(line, Some(("fuzz.rules", 1))) {
            Ok(parsed) => parsed.commands.iter().for_each(|c| apply(&mut set, c)),
            Err(error) => assert!(error.to_string().contains("fuzz.rules:1"), "{line:?}"),
        }
    }
    listed(&set);
}

/// Applies a command, which is refused whole or not at all.
pub(crate) fn apply(set: &mut RuleSet, command: &parse::Command) {
    let before = set.clone();
    if set.apply(command).is_err() {
        assert_eq!(*set, before, "{command:?}");
    }
}

/// A set is what its listing says, and can be compiled.
pub(crate) fn listed(set: &RuleSet) {
    let mut targets = Targets::default();
    let _ = (
        Compiled::new(set, &mut targets),
        Judge::new(set, &mut targets),
        set.listing(None, true),
    );
    let listed = set.listing(None, false);
    // auditctl's own listing of a watch of nothing, or with two permissions, is no rule; one of
    // `-F dir=/etc/` is another, as `-w` takes slashes away.
    let lossy = |rule: &String| {
        let slash = rule.starts_with("-w ") && rule.contains("/ -p") && !rule.contains("-w / ");
        rule.starts_with(" -p") || rule.contains("  -p") || slash
    };
    if listed.iter().any(lossy) {
        return;
    }
    let mut again = RuleSet::default();
    for rule in &listed {
        let parsed = parse::line(rule, None).unwrap_or_else(|e| panic!("{rule:?}: {e}"));
        for command in &parsed.commands {
            again
                .apply(command)
                .unwrap_or_else(|e| panic!("{rule:?}: {e}"));
        }
    }
    assert_eq!(again.listing(None, false), listed);
}
