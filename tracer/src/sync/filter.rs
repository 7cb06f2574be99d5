//! rsync's filter rules: which names take part in a transfer, decided here as rsync decides it.
//!
//! A batch names its paths one by one, and rsync does not ask its filters about a path that is
//! named; so they have to be asked before. The rules go to rsync too, which protects with them
//! what only the destination has. Per-directory merge files are not known here, and refused.
//! Source of the meaning: rsync(1), FILTER RULES.

use std::{ffi::OsString, os::unix::ffi::OsStringExt};

use thiserror::Error;

use super::pattern::Pattern;

/// A rule that cannot be taken.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("filter rule `{rule}`: {why}")]
pub struct FilterError {
    rule: String,
    why: String,
}

/// Which end of the transfer is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// May it be sent?
    Sender,
    /// May it be deleted?
    Receiver,
}

#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties of a rule"
)]
struct Rule {
    include: bool,
    sender: bool,
    receiver: bool,
    /// `!`: the rule holds for what the pattern does not match.
    negated: bool,
    pattern: Pattern,
}

/// Rules in their order: the first that matches a name decides.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    rules: Vec<Rule>,
    args: Vec<OsString>,
}

impl Filters {
    /// Appends a rule as `--filter` takes it.
    pub fn filter(&mut self, rule: &str) -> Result<(), FilterError> {
        self.args.push(format!("--filter={rule}").into());
        self.parse(rule)
    }

    /// Appends a pattern as `--exclude` (or `--include`) takes it: the prefixes `- ` and `+ ` are
    /// understood as well.
    pub fn pattern(&mut self, text: &[u8], include: bool) -> Result<(), FilterError> {
        let option: &[u8] = if include {
            b"--include="
        } else {
            b"--exclude="
        };
        self.args.push(OsString::from_vec([option, text].concat()));
        let (include, text) = match text {
            [b'+', b' ', rest @ ..] => (true, rest),
            [b'-', b' ', rest @ ..] => (false, rest),
            [b'!'] => {
                self.rules.clear();
                return Ok(());
            }
            _ => (include, text),
        };
        self.push(include, (true, true), false, text)
    }

    /// Appends the patterns of a file, one a line; empty lines and those that begin with `;` or
    /// `#` are none.
    pub fn lines(&mut self, content: &[u8], include: bool) -> Result<(), FilterError> {
        content
            .split(|b| matches!(b, b'\n' | b'\r'))
            .filter(|line| !line.is_empty() && !matches!(line[0], b';' | b'#'))
            .try_for_each(|line| self.pattern(line, include))
    }

    fn parse(&mut self, rule: &str) -> Result<(), FilterError> {
        let refuse = |why: &str| {
            Err(FilterError {
                rule: rule.to_owned(),
                why: why.to_owned(),
            })
        };
        let rule = rule.trim_start();
        if matches!(rule, "!" | "clear") {
            self.rules.clear();
            return Ok(());
        }
        let Some((word, pattern)) = rule.split_once([' ', '_']) else {
            return refuse("expected RULE PATTERN, such as `- *.tmp` or `P /keep`");
        };
        let (name, modifiers) = match word.split_once(',') {
            Some((name, modifiers)) => (name, modifiers),
            None if word.len() > 1 && !word.starts_with(char::is_lowercase) => {
                word.split_at(word.chars().next().map_or(0, char::len_utf8))
            }
            None => (word, ""),
        };
        let (include, mut sides) = match name {
            "-" | "exclude" => (false, (true, true)),
            "+" | "include" => (true, (true, true)),
            "H" | "hide" => (false, (true, false)),
            "S" | "show" => (true, (true, false)),
            "P" | "protect" => (false, (false, true)),
            "R" | "risk" => (true, (false, true)),
            "." | "merge" => {
                return refuse(
                    "merge files are not read here: use --exclude-from or --include-from",
                );
            }
            ":" | "dir-merge" => {
                return refuse(
                    "per-directory merge files are not supported: give their rules here",
                );
            }
            _ => return refuse("expected one of -, +, H, S, P, R (see rsync(1), FILTER RULES)"),
        };
        let mut negated = false;
        for modifier in modifiers.chars() {
            match modifier {
                '!' => negated = true,
                's' => sides.1 = false,
                'r' => sides.0 = false,
                // Perishable: it matters only inside directories that are being deleted.
                'p' => {}
                _ => return refuse("of the modifiers, `!`, `s`, `r` and `p` are known here"),
            }
        }
        self.push(include, sides, negated, pattern.as_bytes())
    }

    fn push(
        &mut self,
        include: bool,
        (sender, receiver): (bool, bool),
        negated: bool,
        pattern: &[u8],
    ) -> Result<(), FilterError> {
        let pattern = Pattern::new(pattern).map_err(|why| FilterError {
            rule: String::from_utf8_lossy(pattern).into_owned(),
            why,
        })?;
        self.rules.push(Rule {
            include,
            sender,
            receiver,
            negated,
            pattern,
        });
        Ok(())
    }

    /// The same rules as options of rsync.
    pub fn args(&self) -> &[OsString] {
        &self.args
    }

    /// Does this path, relative to the root of the transfer, or a directory above it, stay out?
    pub fn excludes(&self, path: &[u8], is_dir: bool, side: Side) -> bool {
        if self.rules.is_empty() {
            return false;
        }
        memchr::memchr_iter(b'/', path)
            .map(|end| (&path[..end], true))
            .chain([(path, is_dir)])
            .any(|(name, is_dir)| self.excludes_name(name, is_dir, side))
    }

    /// Does it stay out at either side?
    pub fn excludes_anywhere(&self, path: &[u8], is_dir: bool) -> bool {
        [Side::Sender, Side::Receiver]
            .into_iter()
            .any(|side| self.excludes(path, is_dir, side))
    }

    fn excludes_name(&self, name: &[u8], is_dir: bool, side: Side) -> bool {
        let decides = |rule: &&Rule| {
            let concerned = match side {
                Side::Sender => rule.sender,
                Side::Receiver => rule.receiver,
            };
            concerned && rule.pattern.matches(name, is_dir) != rule.negated
        };
        self.rules
            .iter()
            .find(decides)
            .is_some_and(|rule| !rule.include)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(rules: &[&str]) -> Filters {
        let mut filters = Filters::default();
        for rule in rules {
            filters.filter(rule).expect(rule);
        }
        filters
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        let set = filters(&[
            "+ *.keep.o",
            "- *.o",
            "- /build/",
            "- a/b",
            "- **/x/*/y",
            "- t/***",
        ]);
        for (path, is_dir, out) in [
            ("f", false, false),
            ("f.o", false, true),
            ("d/f.o", false, true),
            ("d/f.keep.o", false, false),
            ("build", true, true),
            ("build", false, false),
            ("build/keep.o/f", false, true),
            ("d/build", true, false),
            ("a/b", false, true),
            ("q/a/b", false, true),
            ("qa/b", false, false),
            ("a/bc", false, false),
            ("p/x/q/y", false, true),
            ("p/x/q/r/y", false, false),
            ("t", true, true),
            ("t", false, false),
            ("t/u", false, true),
        ] {
            assert_eq!(
                set.excludes(path.as_bytes(), is_dir, Side::Sender),
                out,
                "{path}"
            );
        }
    }

    #[test]
    fn sides_and_modifiers() {
        let set = filters(&["P /keep", "H hidden", "-s only-sender", "-! *.txt"]);
        let asked = |path: &str, side| set.excludes(path.as_bytes(), false, side);
        assert!(!asked("keep.txt", Side::Sender) && !asked("keep.txt", Side::Receiver));
        assert!(asked("keep", Side::Receiver));
        assert!(asked("hidden", Side::Sender));
        assert!(asked("only-sender", Side::Sender));
        assert!(asked("other", Side::Sender) && !asked("other.txt", Side::Sender));
    }

    #[test]
    fn refused() {
        for (rule, word) in [
            ("", "expected RULE"),
            ("-", "expected RULE"),
            (". file", "merge files"),
            ("merge file", "merge files"),
            (": .filter", "per-directory"),
            ("dir-merge .filter", "per-directory"),
            ("x y", "expected one of"),
            ("-C x", "modifiers"),
            ("- ", "empty"),
        ] {
            let error = Filters::default().filter(rule).expect_err(rule);
            assert!(error.to_string().contains(word), "{rule}: {error}");
        }
    }

    #[test]
    fn files_of_patterns() {
        let mut set = Filters::default();
        set.lines(b"# comment\n\n; too\n*.o\n+ x\n", false)
            .expect("rules");
        assert!(set.excludes(b"f.o", false, Side::Sender));
        assert!(!set.excludes(b"# comment", false, Side::Sender));
        assert_eq!(set.args().len(), 2);
    }
}
