//! A set of signals as `-e signal=` takes it.

use nix::sys::signal::Signal;

/// Signals: bit `n - 1` is signal `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignalSet(pub u64);

impl SignalSet {
    /// No signal.
    pub const NONE: Self = Self(0);
    /// Every signal.
    pub const ALL: Self = Self(u64::MAX);

    /// Is this signal in the set?
    pub fn contains(self, number: u32) -> bool {
        (1..=64).contains(&number) && self.0 >> (number - 1) & 1 != 0
    }

    /// `SIGCHLD,term`, `!SIGIO`, `9`, `SIGRT_3`, `all`, `none`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (negated, list) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut set = 0;
        for word in list.split(',').map(str::trim) {
            match word {
                "all" => set = u64::MAX,
                "none" => set = 0,
                _ => set |= 1 << (number(word)? - 1),
            }
        }
        Ok(Self(if negated { !set } else { set }))
    }

    /// The names of signals, without `SIG`, and the words for all and none.
    pub fn known_names() -> impl Iterator<Item = &'static str> {
        let names = Signal::iterator().map(Signal::as_str);
        let short = names.map(|name| name.strip_prefix("SIG").unwrap_or(name));
        short.chain(["all", "none"])
    }
}

/// The number of a signal, by name with or without `SIG`, or as a number.
fn number(word: &str) -> Result<u32, String> {
    let upper = word.to_ascii_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let real_time = name.strip_prefix("RT_").and_then(|n| n.parse::<u32>().ok());
    let number = real_time
        .map(|n| n.saturating_add(32))
        .or_else(|| word.parse().ok())
        .or_else(|| {
            let known: Signal = format!("SIG{name}").parse().ok()?;
            Some(known as u32)
        });
    number
        .filter(|n| (1..=64).contains(n))
        .ok_or_else(|| format!("unknown signal `{word}`: give a name of signal(7) or a number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let bit = |n: i32| 1u64 << (n - 1);
        for (text, wanted) in [
            ("SIGCHLD", Some(bit(libc::SIGCHLD))),
            ("chld,TERM", Some(bit(libc::SIGCHLD) | bit(libc::SIGTERM))),
            ("9", Some(bit(9))),
            ("SIGRT_2", Some(bit(34))),
            ("!SIGIO", Some(!bit(libc::SIGIO))),
            ("all", Some(u64::MAX)),
            ("none", Some(0)),
            ("SIGNOTHING", None),
            ("0", None),
            ("65", None),
            ("", None),
        ] {
            assert_eq!(SignalSet::parse(text).ok().map(|s| s.0), wanted, "{text}");
        }
        assert!(SignalSet::ALL.contains(64) && !SignalSet::ALL.contains(65));
        assert!(!SignalSet::ALL.contains(0));
    }
}
