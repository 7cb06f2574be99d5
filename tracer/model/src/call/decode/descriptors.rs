//! What is shown of a descriptor beside its number: strace's `decode-fds`.

use serde::{Deserialize, Serialize};

/// A set of things that are shown behind a descriptor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptors(u8);

impl Descriptors {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The path of its file (`-y`).
    pub const PATH: Self = Self(1);
    /// Everything (`-yy`): a bit of its own, which recordings have.
    pub const ALL: Self = Self(2);
    /// The number of a device.
    pub const DEVICE: Self = Self(4);
    /// Protocol and ends of a socket.
    pub const SOCKET: Self = Self(8);
    /// The process of a pidfd.
    pub const PIDFD: Self = Self(16);

    const WORDS: [(&str, Self); 4] = [
        ("path", Self::PATH),
        ("dev", Self::DEVICE),
        ("socket", Self::SOCKET),
        ("pidfd", Self::PIDFD),
    ];

    /// The words for them.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::WORDS.into_iter().map(|(word, _)| word)
    }

    /// Are these (one of the constants) shown?
    pub fn shows(self, what: Self) -> bool {
        self.0 & (what.0 | Self::ALL.0) != 0
    }

    /// `path,dev`, `!socket`, `all`, `none`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (negated, list) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut set = Self::NONE;
        for word in list.split(',').map(str::trim) {
            match Self::WORDS.iter().find(|(name, _)| *name == word) {
                Some((_, one)) => set.0 |= one.0,
                None if word == "all" => set = Self::ALL,
                None if word == "none" => set = Self::NONE,
                None => {
                    let words = Self::WORDS.map(|(name, _)| name).join(", ");
                    return Err(format!(
                        "unknown word `{word}`: expected {words}, all or none"
                    ));
                }
            }
        }
        if !negated {
            return Ok(set);
        }
        let others = Self::WORDS.iter().filter(|(_, one)| !set.shows(*one));
        Ok(Self(others.fold(0, |bits, (_, one)| bits | one.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let all = ["path", "dev", "socket", "pidfd"];
        for (text, shown) in [
            ("path", Some(&all[..1])),
            ("dev", Some(&all[1..2])),
            ("path,dev", Some(&all[..2])),
            ("all", Some(&all[..])),
            ("none", Some(&[][..])),
            ("!path", Some(&all[1..])),
            ("!all", Some(&[][..])),
            ("foo", None),
            ("", None),
        ] {
            let words = Descriptors::parse(text).ok().map(|set| {
                let words = Descriptors::WORDS.iter().filter(|(_, one)| set.shows(*one));
                words.map(|(name, _)| *name).collect::<Vec<_>>()
            });
            assert_eq!(words.as_deref(), shown, "{text}");
        }
    }
}
