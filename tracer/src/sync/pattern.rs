//! One pattern of rsync's filter rules. It does not know what is done with what it matches.
//!
//! Source of the meaning: rsync(1), PATTERN MATCHING RULES.

use std::fmt::Write;

use regex::bytes::{Regex, RegexBuilder};

/// A pattern.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties of a pattern"
)]
pub(super) struct Pattern {
    text: Vec<u8>,
    /// It ends in a slash: directories only.
    dir_only: bool,
    /// It begins with a slash: at the root of the transfer.
    anchored: bool,
    /// It is about the last component of a name only.
    last_only: bool,
    /// It ends in `/***`: a directory matches as well as what is in it.
    with_dir: bool,
    /// For a pattern with wildcards; others are compared.
    regex: Option<Regex>,
}

impl Pattern {
    /// Reads a pattern; the error says what is wrong with it.
    pub(super) fn new(pattern: &[u8]) -> Result<Self, String> {
        let (anchored, rest) = match pattern {
            [b'/', rest @ ..] => (true, rest),
            _ => (false, pattern),
        };
        let with_dir = rest.ends_with(b"/***");
        let (dir_only, text) = match rest {
            [text @ .., b'/'] => (true, text),
            _ => (false, rest),
        };
        if text.is_empty() {
            return Err("the pattern is empty".to_owned());
        }
        let double = text.windows(2).any(|two| two == b"**");
        let last_only = !anchored && !double && !text.contains(&b'/');
        let regex = if text.iter().any(|b| matches!(b, b'*' | b'?' | b'[')) {
            let mut source = String::from(if anchored || last_only {
                "^"
            } else {
                "(?:^|/)"
            });
            translate(&mut source, text)?;
            source.push('$');
            let regex = RegexBuilder::new(&source)
                .unicode(false)
                .dot_matches_new_line(true)
                .build();
            Some(regex.map_err(|error| error.to_string())?)
        } else {
            None
        };
        Ok(Self {
            text: text.to_vec(),
            dir_only,
            anchored,
            last_only,
            with_dir,
            regex,
        })
    }

    /// Does it match this name, relative to the root of the transfer?
    pub(super) fn matches(&self, name: &[u8], is_dir: bool) -> bool {
        if self.dir_only && !is_dir {
            return false;
        }
        let name = if self.last_only {
            memchr::memrchr(b'/', name).map_or(name, |at| &name[at + 1..])
        } else {
            name
        };
        match &self.regex {
            Some(regex) => {
                regex.is_match(name)
                    || (self.with_dir && is_dir && regex.is_match(&[name, b"/"].concat()))
            }
            None if self.anchored || self.last_only => name == self.text,
            None => name
                .strip_suffix(&*self.text)
                .is_some_and(|before| matches!(before, [] | [.., b'/'])),
        }
    }
}

/// Appends a regular expression for a text with wildcards.
fn translate(out: &mut String, mut text: &[u8]) -> Result<(), String> {
    while let Some((first, rest)) = text.split_first() {
        text = rest;
        match first {
            b'*' if rest.first() == Some(&b'*') => {
                while let [b'*', rest @ ..] = text {
                    text = rest;
                }
                out.push_str(".*");
            }
            b'*' => out.push_str("[^/]*"),
            b'?' => out.push_str("[^/]"),
            b'[' => text = class(out, rest)?,
            b'\\' => match rest.split_first() {
                Some((next, rest)) => {
                    literal(out, *next);
                    text = rest;
                }
                None => return Err("it ends in a backslash".to_owned()),
            },
            byte => literal(out, *byte),
        }
    }
    Ok(())
}

/// Appends a class; returns what follows it. A class never matches a slash.
fn class<'a>(out: &mut String, mut text: &'a [u8]) -> Result<&'a [u8], String> {
    out.push_str("[[");
    if let [b'!' | b'^', rest @ ..] = text {
        out.push('^');
        text = rest;
    }
    let mut first = true;
    loop {
        match text {
            [] => return Err("a `[` without its `]`".to_owned()),
            [b']', rest @ ..] if !first => {
                out.push_str("]&&[^/]]");
                return Ok(rest);
            }
            [b'[', b':', rest @ ..] if rest.windows(2).any(|two| two == b":]") => {
                let end = rest.windows(2).position(|two| two == b":]").unwrap_or(0);
                out.push_str("[:");
                out.push_str(&String::from_utf8_lossy(&rest[..end]));
                out.push_str(":]");
                text = &rest[end + 2..];
            }
            [b'-', rest @ ..] if !first && rest.first() != Some(&b']') => {
                out.push('-');
                text = rest;
            }
            [b'\\', byte, rest @ ..] | [byte, rest @ ..] => {
                literal(out, *byte);
                text = rest;
            }
        }
        first = false;
    }
}

/// Appends one byte that stands for itself.
fn literal(out: &mut String, byte: u8) {
    if byte.is_ascii_alphanumeric() || byte == b'/' {
        out.push(char::from(byte));
    } else {
        let _ = write!(out, "\\x{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, name, wanted) in [
            ("*.o", "a.o", true),
            ("*.o", "d/a.o", true),
            ("/*.o", "d/a.o", false),
            ("d*/x", "d/e/x", false),
            ("d**x", "d/e/x", true),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[!a-c]x", "dx", true),
            ("[]]x", "]x", true),
            ("[a-]x", "-x", true),
            ("[[:digit:]]x", "7x", true),
            ("a[^b]c", "a/c", false),
            ("\\*x*", "*xy", true),
            ("\\*x*", "axy", false),
            ("\\x", "\\x", true),
            ("a.c", "abc", false),
        ] {
            let compiled = Pattern::new(pattern.as_bytes()).expect(pattern);
            assert_eq!(
                compiled.matches(name.as_bytes(), false),
                wanted,
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn bytes_that_are_no_text() {
        let pattern = Pattern::new(b"\xff*").expect("it is one");
        assert!(pattern.matches(b"d/\xff\n", false));
        assert!(Pattern::new(b"[a").is_err());
        assert!(Pattern::new(b"*\\").is_err());
        assert!(Pattern::new(b"/").is_err());
    }
}
