//! Byte strings that are looked for all at once, many bytes at a time.

use aho_corasick::{AhoCorasick, MatchKind, packed};
use memchr::memmem;

/// Looks for some strings.
#[derive(Debug)]
pub struct Needles(Kind);

#[derive(Debug)]
enum Kind {
    /// One.
    One(memmem::Finder<'static>),
    /// Some: by vector instructions, which pass over what is none of them at once.
    Some(packed::Searcher),
    /// More than those are made for, or on a machine without.
    Many(AhoCorasick),
}

impl Needles {
    /// Looks for these; `None` where one of them is empty, which is everywhere.
    pub fn new<N: AsRef<[u8]>>(needles: &[N]) -> Option<Self> {
        if needles.iter().any(|needle| needle.as_ref().is_empty()) {
            return None;
        }
        if let [one] = needles {
            let finder = memmem::Finder::new(one.as_ref()).into_owned();
            return Some(Self(Kind::One(finder)));
        }
        if let Some(packed) = packed::Searcher::new(needles) {
            return Some(Self(Kind::Some(packed)));
        }
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(needles)
            .ok()
            .map(|many| Self(Kind::Many(many)))
    }

    /// Where the first of them begins.
    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<usize> {
        match &self.0 {
            Kind::One(finder) => finder.find(text),
            Kind::Some(packed) => packed.find(text).map(|found| found.start()),
            Kind::Many(many) => many.find(text).map(|found| found.start()),
        }
    }

    /// Is any of them in it?
    pub fn is_match(&self, text: impl AsRef<[u8]>) -> bool {
        self.find(text.as_ref()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many() {
        let numbers: Vec<String> = (100..500).map(|n| format!("<{n}>")).collect();
        for count in [1, 3, 40, 400] {
            let needles = Needles::new(&numbers[..count]).unwrap();
            let last = format!("{} <{}> <100>", "<99> ".repeat(40), 99 + count);
            assert_eq!(needles.find(last.as_bytes()), Some(201), "{count}");
            assert!(!needles.is_match("<99> <500>"), "{count}");
            assert!(!needles.is_match(""), "{count}");
        }
        assert!(Needles::new(&["a", ""]).is_none());
        assert!(!Needles::new::<&str>(&[]).unwrap().is_match("a"));
    }
}
