//! Where every event of a run went: what is seen is written, filtered or lost.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use super::{CallSums, LossReason};

/// Reason of events beyond `--count`, or after the reader has closed its end.
pub const AFTER_END: &str = "after-end";

/// Reason of events of which nobody can tell which files they were about.
pub const UNDECIDED: &str = "undecided";

/// The conservation sums: `seen == written + filtered + undecided + lost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Events that the source looked at.
    pub seen: u64,
    /// Events in the output, or in the summary that stands for it.
    pub written: u64,
    /// Events that did not meet the rule, by reason; under [`UNDECIDED`] those of which nobody can tell.
    pub filtered: BTreeMap<Cow<'static, str>, u64>,
    /// Events that nobody can tell any more, by reason.
    pub lost: BTreeMap<LossReason, u64>,
}

impl Account {
    /// The filtered events by reason.
    pub fn filtered(&self) -> impl Iterator<Item = (&str, u64)> {
        let all = self.filtered.iter().map(|(why, n)| (&**why, *n));
        all.filter(|(why, _)| *why != UNDECIDED)
    }

    /// All filtered events.
    pub fn all_filtered(&self) -> u64 {
        self.filtered().map(|(_, n)| n).sum()
    }

    /// Events of which nobody can tell whether they were asked for.
    pub fn undecided(&self) -> u64 {
        self.filtered.get(UNDECIDED).copied().unwrap_or(0)
    }

    /// All lost events.
    pub fn all_lost(&self) -> u64 {
        self.lost.values().sum()
    }

    /// Adds what a source counted.
    pub fn add(&mut self, sums: Sums) {
        self.seen = sums.seen;
        self.written += sums.calls.iter().map(|c| c.calls).sum::<u64>();
        for (reason, n) in sums.filtered {
            *self.filtered.entry(reason).or_default() += n;
        }
        for (reason, n) in sums.lost {
            *self.lost.entry(reason).or_default() += n;
        }
        self.filtered.retain(|_, n| *n > 0);
        self.lost.retain(|_, n| *n > 0);
    }
}

impl fmt::Display for Account {
    /// `seen 10 = written 8 + filtered 2 + lost 0 (filtered: path 2)`, with `undecided 1` where there is
    /// any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let undecided = match self.undecided() {
            0 => String::new(),
            n => format!("undecided {n} + "),
        };
        let mut line = format!(
            "seen {} = written {} + filtered {} + {undecided}lost {}",
            self.seen,
            self.written,
            self.all_filtered(),
            self.all_lost(),
        );
        let filtered: Vec<_> = self
            .filtered()
            .map(|(why, n)| format!("{why} {n}"))
            .collect();
        let lost: Vec<_> = self
            .lost
            .iter()
            .map(|(why, n)| format!("{} {n}", why.as_str()))
            .collect();
        let mut parts = Vec::new();
        if !filtered.is_empty() {
            parts.push(format!("filtered: {}", filtered.join(", ")));
        }
        if !lost.is_empty() {
            parts.push(format!("lost: {}", lost.join(", ")));
        }
        let why: Vec<_> = (EXPLAINED.iter())
            .filter(|(word, _)| self.filtered.contains_key(*word))
            .map(|(word, means)| format!("{word}: {means}"))
            .collect();
        parts.extend(why);
        let room = [LossReason::RingFull, LossReason::Flood];
        if room.iter().any(|why| self.lost.contains_key(why)) {
            parts.push("a larger --buffer loses less".to_owned());
        }
        if !parts.is_empty() {
            line = format!("{line} ({})", parts.join("; "));
        }
        f.write_str(&line)
    }
}

/// What reasons mean that do not say it themselves.
const EXPLAINED: [(&str, &str); 7] = [
    (
        "fork-child",
        "what the new process did before it ran its program",
    ),
    ("outside", "in other directories of the same file system"),
    ("after-end", "behind the end of what was asked for"),
    ("coalesced", "told with a later record of the same file"),
    ("found", "was there, or was found elsewhere"),
    ("process", "of processes that are not traced"),
    (
        UNDECIDED,
        "nobody can tell whether their files are watched ones",
    ),
];

/// What a source counted, for the conservation sums. `seen == filtered + delivered + counted calls + lost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Events that the source looked at.
    pub seen: u64,
    /// Rejected by the source itself, by reason.
    pub filtered: Vec<(Cow<'static, str>, u64)>,
    /// Handed on.
    pub delivered: u64,
    /// Counted by the source and not handed on: their number of calls is the sum over these.
    pub calls: Vec<CallSums>,
    /// Known to be lost, by reason. A queue overflow of unknown size counts once.
    pub lost: Vec<(LossReason, u64)>,
}

impl Sums {
    /// Adds those of another source.
    pub fn add(&mut self, other: Self) {
        self.seen += other.seen;
        self.delivered += other.delivered;
        self.calls.extend(other.calls);
        add(&mut self.filtered, other.filtered);
        add(&mut self.lost, other.lost);
    }
}

/// Adds counters by name.
fn add<K: PartialEq>(to: &mut Vec<(K, u64)>, more: Vec<(K, u64)>) {
    for (key, by) in more {
        match to.iter_mut().find(|(known, _)| *known == key) {
            Some((_, count)) => *count += by,
            None => to.push((key, by)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that nobody can know are explained where they are printed, and only there.
    #[test]
    fn the_sums_explain_their_words() {
        let mut account = Account {
            seen: 3,
            written: 1,
            ..Account::default()
        };
        account.filtered.insert("op".into(), 2);
        assert_eq!(
            account.to_string(),
            "seen 3 = written 1 + filtered 2 + lost 0 (filtered: op 2)"
        );
        for (word, means) in EXPLAINED {
            account.filtered = [(word.into(), 2)].into();
            let line = account.to_string();
            assert!(line.contains(&format!("{word} 2")), "{line}");
            assert!(line.ends_with(&format!("{word}: {means})")), "{line}");
        }
        // What nobody can tell is no part of what was filtered.
        account.filtered = [("op".into(), 1), (UNDECIDED.into(), 1)].into();
        let sums = "seen 3 = written 1 + filtered 1 + undecided 1 + lost 0 (filtered: op 1; ";
        assert!(account.to_string().starts_with(sums), "{account}");
    }
}
