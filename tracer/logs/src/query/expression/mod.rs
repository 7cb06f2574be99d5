//! `--where`: a condition over all fields of an event, as `comm == "rm" and path =~ "^/etc/" and not
//! success`. Names and values are those of `--format json`. Knows nothing of command lines.

mod eval;
mod names;
mod needles;
mod parse;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use regex::bytes::Regex;

use super::clock::Here;
use crate::{mistake::RuleError, records::RecordType};

pub use eval::{Filtered, Judge};

/// A condition.
#[derive(Clone, Debug)]
pub struct Expression(Node);

/// A part of one.
#[derive(Clone, Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// A comparison holds when one value of the field is as wanted.
    Compare(Field, Wanted),
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    /// When, in seconds since 1970.
    Time,
    Serial,
    /// The machine that logged it.
    Node,
    /// Types of its records.
    Type,
    /// What came of it.
    Success,
    /// Every name of a file, in every form that is recorded.
    Path,
    /// A field of a record.
    Named(Vec<u8>),
}

/// What a value is to be.
#[derive(Clone, Debug)]
enum Wanted {
    /// Anything at all.
    There,
    /// One of these: text as it is, or what it means.
    Text(Vec<u8>),
    Type(RecordType),
    /// Compared with this number.
    Number(Order, i64),
    Matches(Regex),
}

/// How two numbers are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl Expression {
    /// Reads one. Times are those of `here`.
    pub fn parse(text: &str, here: &Here) -> Result<Self, RuleError> {
        parse::parse(text, here).map(Self)
    }
}
