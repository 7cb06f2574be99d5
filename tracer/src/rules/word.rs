//! A line as words, each with its place in the line. As auditctl reads a rule file: words are
//! separated by spaces, `\ ` is a space inside a word, and quotes mean themselves.

use std::ops::Range;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Without escapes.
    pub(super) text: String,
    /// Its bytes in the line.
    pub(super) span: Range<usize>,
}

impl Word {
    /// The part of the word from byte `from` to byte `to` of its text. With an escape in the word
    /// the whole word is meant, because text and line are no longer alike.
    pub(super) fn part(&self, from: usize, to: usize) -> Range<usize> {
        if self.text.len() == self.span.len() {
            self.span.start + from..self.span.start + to
        } else {
            self.span.clone()
        }
    }
}

/// Splits a line.
pub(super) fn split(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = line.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut text = String::new();
        let (mut c, mut end);
        c = line[start..].chars().next().unwrap_or(' ');
        end = start + c.len_utf8();
        loop {
            let escaped = chars.peek().filter(|(_, next)| c == '\\' && *next == ' ');
            if escaped.is_some() {
                text.push(' ');
                end += 1;
                chars.next();
            } else {
                text.push(c);
            }
            match chars.peek() {
                Some((_, next)) if !next.is_whitespace() => {
                    c = *next;
                    end += c.len_utf8();
                    chars.next();
                }
                _ => break,
            }
        }
        words.push(Word {
            text,
            span: start..end,
        });
    }
    words
}

/// Joins words that did not come from a line (a command's arguments), so that messages have a
/// line to point into.
pub(super) fn join(args: &[String]) -> (String, Vec<Word>) {
    let mut line = String::new();
    let mut words = Vec::new();
    for arg in args {
        if !line.is_empty() {
            line.push(' ');
        }
        let start = line.len();
        line.push_str(arg);
        words.push(Word {
            text: arg.clone(),
            span: start..line.len(),
        });
    }
    (line, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let texts = |line| -> Vec<String> { split(line).into_iter().map(|w| w.text).collect() };
        assert_eq!(texts("-w /a\\ b  -k\tx"), ["-w", "/a b", "-k", "x"]);
        assert_eq!(texts("  "), Vec::<String>::new());
        assert_eq!(texts("a\\b 'c d'"), ["a\\b", "'c", "d'"]);
        assert_eq!(texts("é x"), ["é", "x"]);
        assert_eq!(texts("\\ a"), [" a"]);
        assert_eq!(split("-k abc")[1].span, 3..6);
        assert_eq!(split("-k abc")[1].part(1, 2), 4..5);
        assert_eq!(split("-k a\\ c")[1].part(1, 2), 3..7);
    }

    proptest::proptest! {
        #[test]
        fn spans_are_in_the_line(line in "\\PC{0,60}") {
            for word in split(&line) {
                proptest::prop_assert!(line.get(word.span).is_some());
            }
        }
    }
}
