//! Sets of descriptors by number, as strace's `trace-fds=`, `read=` and `write=` have them, and which
//! descriptors a call works on.

use std::collections::BTreeSet;

use super::{Role, row};
use crate::event::{Call, Event};

/// A set of descriptors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberSet {
    numbers: BTreeSet<u32>,
    /// It is all but these.
    inverted: bool,
}

impl NumberSet {
    /// `3,5`, `!3`, `all`, `none`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut inverted, mut list) = (false, text);
        while let Some(rest) = list.strip_prefix('!') {
            (inverted, list) = (!inverted, rest);
        }
        let mut numbers = BTreeSet::new();
        match list {
            "none" => {}
            "all" => inverted = !inverted,
            list => {
                for word in list.split(',') {
                    let number = word.parse::<i32>().ok();
                    let number = number.and_then(|n| u32::try_from(n).ok());
                    numbers.insert(number.ok_or_else(|| format!("`{word}` is no descriptor"))?);
                }
            }
        }
        Ok(Self { numbers, inverted })
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && !self.inverted
    }

    /// Is this descriptor in it? A negative number is none.
    pub fn contains(&self, fd: i32) -> bool {
        u32::try_from(fd).is_ok_and(|fd| self.numbers.contains(&fd) != self.inverted)
    }
}

/// Does the call work on a descriptor of the set?
pub fn works_on(set: &NumberSet, event: &Event) -> bool {
    let Some(call) = &event.call else {
        return false;
    };
    let (Some(row), Ok(args)) = (call.arch.name(call.nr).and_then(row), call.args) else {
        return false;
    };
    row.args
        .iter()
        .zip(args)
        .any(|(arg, value)| match arg.role {
            role if role.is_descriptor() => set.contains(value as i32),
            Role::Polled => polled(call, value, args[1]).any(|fd| set.contains(fd)),
            Role::Selected => selected(call, value, args[0]).any(|fd| set.contains(fd)),
            _ => false,
        })
}

/// The descriptors of `count` `struct pollfd` at an address.
fn polled(call: &Call, at: u64, count: u64) -> impl Iterator<Item = i32> {
    let bytes = call.memory(at).unwrap_or_default();
    let all = bytes.chunks_exact(size_of::<libc::pollfd>());
    all.take(count as u32 as usize)
        .filter_map(|poll| Some(i32::from_ne_bytes(poll.get(..4)?.try_into().ok()?)))
}

/// Descriptors in as much of an `fd_set` as is captured.
const CAPTURED: i32 = 1024;

/// The descriptors below `end` in the `fd_set` at an address, as it was given.
fn selected(call: &Call, at: u64, end: u64) -> impl Iterator<Item = i32> {
    let bytes = call.memory_before(at).or_else(|| call.memory(at));
    let bytes = bytes.unwrap_or_default();
    let end = i32::max(end as i32, 0);
    // The kernel reads whole words, or fails; of larger sets the beginning is known.
    let needed = (end.min(CAPTURED) as usize).div_ceil(64) * 8;
    let is_read = bytes.len() >= needed;
    let end = if is_read { end.min(CAPTURED) } else { 0 };
    (0..end).filter(move |fd| bytes[*fd as usize / 8] >> (fd % 8) & 1 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        for (text, wanted) in [
            ("3,5", Some([false, true, true])),
            ("!3", Some([true, false, true])),
            ("all", Some([true, true, true])),
            ("none", Some([false, false, false])),
            ("!none", Some([true, true, true])),
            ("!all", Some([false, false, false])),
            ("", None),
            ("!", None),
            ("1,", None),
            ("-1", None),
            ("1,!2", None),
            ("1,all", None),
            ("0x1", None),
            ("2147483648", None),
        ] {
            let set = NumberSet::parse(text).ok();
            let has = set.map(|set| [0, 3, 5].map(|fd| set.contains(fd)));
            assert_eq!(has, wanted, "{text}");
        }
        assert!(!NumberSet::parse("all").unwrap().contains(-1));
    }
}
