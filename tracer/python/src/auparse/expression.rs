//! Search conditions over records: those that are added one by one, and the language of
//! ausearch-expression(5).

use regex::bytes::Regex;
use tracer_model::records::{EventId, RecordType};

use super::source::Rec;

/// How two values compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Op {
    fn holds<T: Ord>(self, one: &T, other: &T) -> bool {
        match self {
            Self::Eq => one == other,
            Self::Ne => one != other,
            Self::Lt => one < other,
            Self::Le => one <= other,
            Self::Gt => one > other,
            Self::Ge => one >= other,
        }
    }
}

/// A condition.
#[derive(Debug)]
pub(super) enum Expression {
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Exists(Vec<u8>),
    /// The value as it stands in the record.
    Raw(Vec<u8>, bool, Vec<u8>),
    /// What it means.
    Means(Vec<u8>, bool, Vec<u8>),
    /// The number of a user or group.
    Number(Vec<u8>, Op, u32),
    /// The time, with the serial number where that counts, too.
    Time(Op, EventId, bool),
    Type(Op, RecordType),
    Regex(Regex),
}

/// Where a search is.
pub(super) struct Place<'a> {
    pub(super) id: EventId,
    pub(super) record: &'a mut Rec,
    /// What the field means that the cursor is at.
    pub(super) meaning: &'a mut dyn FnMut(&Rec) -> Vec<u8>,
}

impl Place<'_> {
    /// Puts the cursor to the first field of this name.
    fn go_to(&mut self, name: &[u8]) -> bool {
        let record = &mut *self.record;
        record.at = 0;
        let found = record
            .parts
            .iter()
            .position(|part| part.name.of(&record.line) == name);
        record.at = found.unwrap_or(0);
        found.is_some()
    }

    fn value(&self) -> &[u8] {
        self.record.parts[self.record.at]
            .value
            .of(&self.record.line)
    }
}

impl Expression {
    /// Does it hold for a record? The cursor stays at the field that was looked at last.
    pub(super) fn holds(&self, place: &mut Place<'_>) -> bool {
        match self {
            Self::Not(one) => !one.holds(place),
            Self::And(one, other) => one.holds(place) && other.holds(place),
            Self::Or(one, other) => one.holds(place) || other.holds(place),
            Self::Exists(name) => place.go_to(name),
            Self::Raw(name, equal, value) => {
                place.go_to(name) && (place.value() == value) == *equal
            }
            Self::Means(name, equal, value) => {
                place.go_to(name) && ((place.meaning)(place.record) == *value) == *equal
            }
            Self::Number(name, op, number) => {
                place.go_to(name) && op.holds(&(integer(place.value()).0 as u32), number)
            }
            Self::Time(op, wanted, with_serial) => {
                let serial = |id: &EventId| if *with_serial { id.serial } else { 0 };
                let key = |id: &EventId| (id.sec, id.milli, serial(id));
                op.holds(&key(&place.id), &key(wanted))
            }
            Self::Type(op, kind) => op.holds(&place.record.kind.0, &kind.0),
            Self::Regex(regex) => regex.is_match(&place.record.line),
        }
    }

    /// A time, which has a serial number where one is given.
    pub(super) fn time(op: &str, id: EventId, with_serial: bool) -> Option<Self> {
        let op = match op {
            "<" => Op::Lt,
            "<=" => Op::Le,
            ">=" => Op::Ge,
            ">" => Op::Gt,
            "=" => Op::Eq,
            _ => return None,
        };
        (id.milli < 1000).then_some(Self::Time(op, id, with_serial))
    }

    /// Reads an expression; an error says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser {
            rest: text,
            token: Token::End,
            shown: "",
        };
        parser.advance()?;
        let read = parser.or()?;
        match parser.token {
            Token::End => Ok(read),
            _ => Err(format!("Unexpected trailing token `{}'", parser.shown)),
        }
    }
}

/// What strtol(3) makes of a text, and whether it is out of range.
pub(super) fn integer(text: &[u8]) -> (i64, bool) {
    let text = text.trim_ascii_start();
    let (negative, digits) = match text.first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let mut number: i128 = 0;
    for digit in digits.iter().take_while(|byte| byte.is_ascii_digit()) {
        number = (number * 10 + i128::from(digit - b'0')).min(i128::from(u64::MAX) * 2);
    }
    let number = if negative { -number } else { number };
    let inside = number.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    (inside as i64, inside != number)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    End,
    Not,
    And,
    Or,
    Left,
    Right,
    Escape,
    Raw(bool),
    Means(bool),
    Compare(Op),
    Text(String),
    Unknown,
}

/// The signs, the longer ones first.
const SIGNS: [(&str, Token); 17] = [
    ("!==", Token::Compare(Op::Ne)),
    ("i!=", Token::Means(false)),
    ("r!=", Token::Raw(false)),
    ("==", Token::Compare(Op::Eq)),
    ("<=", Token::Compare(Op::Le)),
    (">=", Token::Compare(Op::Ge)),
    ("i=", Token::Means(true)),
    ("r=", Token::Raw(true)),
    ("&&", Token::And),
    ("||", Token::Or),
    ("<", Token::Compare(Op::Lt)),
    (">", Token::Compare(Op::Gt)),
    ("!", Token::Not),
    ("(", Token::Left),
    (")", Token::Right),
    ("\\", Token::Escape),
    ("", Token::Unknown),
];

struct Parser<'t> {
    rest: &'t str,
    token: Token,
    /// The token as it stands there.
    shown: &'t str,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<(), String> {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n']);
        let begun = self.rest;
        self.token = match begun.chars().next() {
            None => Token::End,
            Some(quote @ ('"' | '/')) => Token::Text(self.quoted(quote)?),
            Some(first) => {
                let sign = SIGNS.iter().find(|(sign, _)| begun.starts_with(sign));
                let (sign, token) = sign.expect("the last one fits");
                self.rest = &begun[sign.len()..];
                let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
                match token {
                    Token::Unknown if is_word(first) => {
                        let end = begun.find(|c| !is_word(c)).unwrap_or(begun.len());
                        self.rest = &begun[end..];
                        Token::Text(begun[..end].to_owned())
                    }
                    Token::Unknown => {
                        self.rest = &begun[first.len_utf8()..];
                        Token::Unknown
                    }
                    token => token.clone(),
                }
            }
        };
        self.shown = &begun[..begun.len() - self.rest.len()];
        Ok(())
    }

    /// A text between marks.
    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, c)) if c == '\\' || c == quote => text.push(c),
                    Some((_, c)) => return Err(format!("Unknown escape sequence ``\\{c}''")),
                    None => break,
                },
                c if c == quote => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                c => text.push(c),
            }
        }
        Err("Terminating delimiter missing".to_owned())
    }

    fn or(&mut self) -> Result<Expression, String> {
        let mut all = self.and()?;
        while self.token == Token::Or {
            self.advance()?;
            all = Expression::Or(Box::new(all), Box::new(self.and()?));
        }
        Ok(all)
    }

    fn and(&mut self) -> Result<Expression, String> {
        let mut all = self.primary()?;
        while self.token == Token::And {
            self.advance()?;
            all = Expression::And(Box::new(all), Box::new(self.primary()?));
        }
        Ok(all)
    }

    fn primary(&mut self) -> Result<Expression, String> {
        match self.token.clone() {
            Token::Not => {
                self.advance()?;
                Ok(Expression::Not(Box::new(self.primary()?)))
            }
            Token::Left => {
                self.advance()?;
                let inside = self.or()?;
                if self.token != Token::Right {
                    return Err(format!("Right paren expected, got `{}'", self.shown));
                }
                self.advance()?;
                Ok(inside)
            }
            Token::Escape => {
                self.advance()?;
                self.virtual_field()
            }
            Token::Text(name) => {
                self.advance()?;
                self.comparison(&name)
            }
            _ => Err(format!("Unexpected token `{}'", self.shown)),
        }
    }

    /// The text that must be next, and what comes behind it.
    fn text(&mut self, what: &str) -> Result<String, String> {
        let Token::Text(text) = self.token.clone() else {
            return Err(format!("{what} expected, got `{}'", self.shown));
        };
        self.advance()?;
        Ok(text)
    }

    /// `\timestamp`, `\timestamp_ex`, `\record_type`, `\regexp`.
    fn virtual_field(&mut self) -> Result<Expression, String> {
        let shown = self.shown;
        let Token::Text(name) = self.token.clone() else {
            return Err("Field name expected after field escape".to_owned());
        };
        self.advance()?;
        if name == "regexp" {
            let pattern = self.text("Regexp")?;
            let regex = Regex::new(&pattern);
            return regex
                .map(Expression::Regex)
                .map_err(|error| format!("Invalid regexp: {error}"));
        }
        let is_time = name == "timestamp" || name == "timestamp_ex";
        if !is_time && name != "record_type" {
            return Err(format!("Unknown escaped field name `{shown}'"));
        }
        let Token::Compare(op) = self.token else {
            return Err(format!("Operator expected, got `{}'", self.shown));
        };
        if is_time {
            return self.time(op, name == "timestamp_ex");
        }
        self.advance()?;
        let shown = self.shown;
        let kind = self.text("Value")?;
        let kind = RecordType::from_name(kind.as_bytes());
        let kind = kind.ok_or_else(|| format!("Invalid record type `{shown}'"))?;
        Ok(Expression::Type(op, kind))
    }

    /// `ts:SECONDS.MILLIS[:SERIAL]`, which is read here and not in words.
    fn time(&mut self, op: Op, with_serial: bool) -> Result<Expression, String> {
        let text = self.rest.trim_start_matches([' ', '\t', '\n']);
        let is_of_it = |c: char| "ts:0123456789.".contains(c);
        let end = text.find(|c| !is_of_it(c)).unwrap_or(text.len());
        let stamp = &text[..end];
        let read = || {
            let (sec, rest) = stamp.strip_prefix("ts:")?.split_once('.')?;
            let (milli, serial) = match rest.split_once(':') {
                Some((milli, serial)) => (milli, serial.parse().ok()?),
                None => (rest, 0),
            };
            Some(EventId {
                sec: sec.parse().ok()?,
                milli: milli.parse().ok()?,
                serial,
            })
        };
        let id = read().ok_or_else(|| format!("Invalid timestamp value `{stamp}'"))?;
        self.rest = &text[end..];
        self.advance()?;
        Ok(Expression::Time(op, id, with_serial))
    }

    fn comparison(&mut self, name: &str) -> Result<Expression, String> {
        let op = self.token.clone();
        let field = name.as_bytes().to_vec();
        match op {
            Token::Raw(equal) => {
                self.advance()?;
                let value = self.text("Value")?;
                Ok(Expression::Raw(field, equal, value.into_bytes()))
            }
            Token::Means(equal) => {
                self.advance()?;
                let value = self.text("Value")?;
                Ok(Expression::Means(field, equal, value.into_bytes()))
            }
            Token::Compare(op) => {
                self.advance()?;
                let value = self.text("Value")?;
                if !super::kinds::is_id(&field) {
                    return Err(format!("Field `{name}' does not support value comparison"));
                }
                let (number, out) = integer(value.as_bytes());
                if out {
                    return Err(format!("Error converting number `{value}'"));
                }
                Ok(Expression::Number(field, op, number as u32))
            }
            _ => Err(format!("Operator expected, got `{}'", self.shown)),
        }
    }
}
