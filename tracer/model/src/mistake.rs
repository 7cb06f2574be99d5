//! What is wrong with a rule: where, what, and what would be right.

use std::{fmt, ops::Range};

/// A mistake in one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RuleError {
    /// File and line number (from 1), when the rule is in one.
    pub place: Option<(String, usize)>,
    /// The whole line.
    pub line: Box<str>,
    /// The bytes of `line` that are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub what: String,
    /// What would be right; empty when the message says it.
    pub help: String,
    /// The rule is well written, but asks for what this machine does not have: a user, a
    /// directory, labels.
    pub lacking: bool,
}

impl fmt::Display for RuleError {
    /// `FILE:LINE:COLUMN: what` and, where there is a line, the line with carets below it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = self.line[..self.span.start.min(self.line.len())]
            .chars()
            .count();
        if let Some((file, number)) = &self.place {
            write!(f, "{file}:{number}:{}: ", column + 1)?;
        }
        f.write_str(&self.what)?;
        if self.line.is_empty() {
            return if self.help.is_empty() {
                Ok(())
            } else {
                write!(f, ": {}", self.help)
            };
        }
        let wrong = self.line.get(self.span.clone()).unwrap_or("");
        let carets = "^".repeat(wrong.chars().count().max(1));
        let number = match &self.place {
            Some((_, number)) => number.to_string(),
            None => String::new(),
        };
        let margin = " ".repeat(number.len());
        write!(f, "\n  {number} | {}", self.line.replace('\t', " "))?;
        write!(f, "\n  {margin} | {}{carets}", " ".repeat(column))?;
        if !self.help.is_empty() {
            write!(f, " {}", self.help)?;
        }
        Ok(())
    }
}

/// A remark on a rule that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// File and line number (from 1), when the rule is in one.
    pub place: Option<(String, usize)>,
    /// The remark.
    pub text: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, number)) = &self.place {
            write!(f, "{file}:{number}: ")?;
        }
        f.write_str(&self.text)
    }
}
