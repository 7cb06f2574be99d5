//! How a call ended, in the words of strace's `-e status=`.

use std::collections::BTreeSet;

use crate::event::{Event, Unfinished};

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It returned, and not an error.
    Successful,
    /// It returned an error.
    Failed,
    /// Its task ended in it: the end of the task tells it.
    Unfinished,
    /// Its result is not known: an `io_uring` request that nobody is told the result of.
    Unavailable,
    /// The run ended before it returned.
    Detached,
}

impl Status {
    /// Every status with its word.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Successful, "successful"),
        (Self::Failed, "failed"),
        (Self::Unfinished, "unfinished"),
        (Self::Unavailable, "unavailable"),
        (Self::Detached, "detached"),
    ];

    /// How the call of an event ended; `None`: it is no call.
    pub fn of(event: &Event) -> Option<Self> {
        if event.exit.is_some() {
            return Some(Self::Unfinished);
        }
        let call = event.call.as_ref()?;
        Some(match (call.unfinished, call.errno()) {
            (Some(Unfinished::RunEnded), _) => Self::Detached,
            (Some(Unfinished::NotTold), _) => Self::Unavailable,
            (Some(Unfinished::EndsTask), _) => Self::Unfinished,
            (None, Some(_)) => Self::Failed,
            (None, None) => Self::Successful,
        })
    }

    /// `failed,unfinished`, `!successful`, `all`, `none`.
    pub fn parse_set(text: &str) -> Result<BTreeSet<Self>, String> {
        let all: BTreeSet<Self> = Self::ALL.iter().map(|(status, _)| *status).collect();
        let (negated, list) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut set = BTreeSet::new();
        for word in list.split(',').map(str::trim) {
            match Self::ALL.iter().find(|(_, name)| *name == word) {
                Some((status, _)) => {
                    set.insert(*status);
                }
                None if word == "all" => set.clone_from(&all),
                None if word == "none" => set.clear(),
                None => {
                    let words: Vec<_> = Self::ALL.iter().map(|(_, name)| *name).collect();
                    return Err(format!(
                        "unknown status `{word}`: expected {}, all or none",
                        words.join(", ")
                    ));
                }
            }
        }
        Ok(if negated { &all - &set } else { set })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        use Status::{Detached, Failed, Successful, Unavailable, Unfinished};
        for (text, wanted) in [
            ("failed", Some(vec![Failed])),
            ("failed,unfinished", Some(vec![Failed, Unfinished])),
            (
                "!successful",
                Some(vec![Failed, Unfinished, Unavailable, Detached]),
            ),
            (
                "all",
                Some(vec![Successful, Failed, Unfinished, Unavailable, Detached]),
            ),
            ("none", Some(vec![])),
            ("ok", None),
            ("", None),
        ] {
            let set = Status::parse_set(text).ok();
            assert_eq!(set.map(|s| s.into_iter().collect()), wanted, "{text}");
        }
    }
}
