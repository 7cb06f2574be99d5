//! The text of a condition becomes a [`Node`].
//!
//! ```text
//! either  = both { ("or" | "||") both }
//! both    = one { ("and" | "&&") one }
//! one     = ("not" | "!") one | "(" either ")" | compare
//! compare = field [ op value | "in" "(" value { "," value } ")" ]
//! ```

use std::ops::Range;

use regex::bytes::Regex;

use super::{Field, Node, Order, Wanted, names, needles::numbers_of_call};
use crate::{
    calls::{self, Arch},
    mistake::RuleError,
    query::clock::{self, End, Here},
    records::RecordType,
};

/// Parentheses within each other: more is no question of anybody's, and would need a stack without
/// bound.
const DEPTH: usize = 64;

const OPERATORS: [&str; 11] = [
    "==", "!=", "<=", ">=", "=~", "!~", "&&", "||", "<", ">", "!",
];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(Vec<u8>),
    Number(i64),
    Operator(&'static str),
    Open,
    Close,
    Comma,
    End,
}

/// The tokens of a text, one at a time.
struct Parser<'t> {
    text: &'t str,
    here: &'t Here,
    /// Where the next token is looked for.
    at: usize,
    token: Token,
    span: Range<usize>,
    depth: usize,
}

/// Reads a condition.
pub(super) fn parse(text: &str, here: &Here) -> Result<Node, RuleError> {
    let mut parser = Parser {
        text,
        here,
        at: 0,
        token: Token::End,
        span: 0..0,
        depth: 0,
    };
    parser.next()?;
    let node = parser.either()?;
    if parser.token != Token::End {
        return Err(parser.unexpected("`and`, `or`, or the end"));
    }
    Ok(node)
}

impl Parser<'_> {
    fn error(
        &self,
        span: Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> RuleError {
        RuleError {
            place: None,
            line: self.text.replace(['\n', '\r'], " ").into(),
            span,
            what: what.into(),
            help: help.into(),
            lacking: false,
        }
    }

    fn unexpected(&self, expected: &str) -> RuleError {
        let found = &self.text[self.span.clone()];
        let what = if self.token == Token::End {
            "the expression ends too early".to_owned()
        } else {
            format!("`{found}` is not expected here")
        };
        self.error(self.span.clone(), what, format!("expected {expected}"))
    }

    /// Goes on to the next token.
    fn next(&mut self) -> Result<(), RuleError> {
        let rest = &self.text[self.at..];
        let start = self.at + rest.len() - rest.trim_start().len();
        let rest = &self.text[start..];
        let (token, len) = match rest.chars().next() {
            None => (Token::End, 0),
            Some('(') => (Token::Open, 1),
            Some(')') => (Token::Close, 1),
            Some(',') => (Token::Comma, 1),
            Some('"') => self.string(start)?,
            Some(c) if c.is_ascii_digit() || c == '-' => self.number(start)?,
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let is_part = |c: char| c.is_ascii_alphanumeric() || "_-[]".contains(c);
                let len = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                (Token::Name(rest[..len].to_owned()), len)
            }
            Some(c) => {
                let known = OPERATORS.iter().find(|op| rest.starts_with(**op));
                let operator = known.ok_or_else(|| self.strange(start, c))?;
                (Token::Operator(operator), operator.len())
            }
        };
        self.token = token;
        self.span = start..start + len;
        self.at = start + len;
        Ok(())
    }

    /// A character that nothing begins with.
    fn strange(&self, start: usize, c: char) -> RuleError {
        let help = match c {
            '=' => "a comparison is ==",
            '\'' => "strings stand in double quotes",
            '&' | '|' => "expected && or ||",
            _ => "expected a field, a value, or one of == != < <= > >= =~ !~ in and or not",
        };
        let what = format!("`{c}` is not understood");
        self.error(start..start + c.len_utf8(), what, help)
    }

    /// A string: `\"`, `\\`, `\n`, `\t` and `\xHH` stand for what they do everywhere; any other backslash
    /// is one, as regular expressions need them.
    fn string(&self, start: usize) -> Result<(Token, usize), RuleError> {
        let bytes = self.text.as_bytes();
        let mut text = Vec::new();
        let mut at = start + 1;
        loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (None, _) => {
                    let span = start..self.text.len();
                    return Err(self.error(span, "the string has no end", "expected \""));
                }
                (Some(b'"'), _) => break,
                (Some(b'\\'), Some(b'"')) => text.push(b'"'),
                (Some(b'\\'), Some(b'\\')) => text.push(b'\\'),
                (Some(b'\\'), Some(b'n')) => text.push(b'\n'),
                (Some(b'\\'), Some(b't')) => text.push(b'\t'),
                (Some(b'\\'), Some(b'x')) => {
                    let digits = self.text.get(at + 2..at + 4);
                    let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
                    let Some(byte) = byte else {
                        let end = self.text.ceil_char_boundary((at + 4).min(self.text.len()));
                        let what = "\\x needs two hexadecimal digits";
                        return Err(self.error(at..end, what, "such as \\x1f"));
                    };
                    text.push(byte);
                    at += 2;
                }
                (Some(byte), _) => {
                    text.push(*byte);
                    at += 1;
                    continue;
                }
            }
            at += 2;
        }
        Ok((Token::Text(text), at + 1 - start))
    }

    /// Decimal, `0x` hexadecimal or `0o` octal.
    fn number(&self, start: usize) -> Result<(Token, usize), RuleError> {
        let rest = &self.text[start..];
        let len = rest[1..]
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .map_or(rest.len(), |len| len + 1);
        let word = &rest[..len];
        let (sign, digits) = word
            .strip_prefix('-')
            .map_or((1, word), |digits| (-1, digits));
        let read = match (digits.strip_prefix("0x"), digits.strip_prefix("0o")) {
            (Some(hex), _) => u64::from_str_radix(hex, 16).map(u64::cast_signed),
            (_, Some(octal)) => i64::from_str_radix(octal, 8),
            _ => digits.parse(),
        };
        match read {
            Ok(number) => Ok((Token::Number(number.wrapping_mul(sign)), len)),
            Err(_) => Err(self.error(
                start..start + len,
                format!("`{word}` is no number"),
                "expected digits, 0x and hexadecimal ones or 0o and octal ones; words stand in double quotes",
            )),
        }
    }

    /// Is the token this word or this operator? Then goes on.
    fn takes(&mut self, word: &str, operator: &str) -> Result<bool, RuleError> {
        let is_it = match &self.token {
            Token::Name(name) => name == word,
            Token::Operator(op) => *op == operator,
            _ => false,
        };
        if is_it {
            self.next()?;
        }
        Ok(is_it)
    }

    fn either(&mut self) -> Result<Node, RuleError> {
        let mut parts = vec![self.both()?];
        while self.takes("or", "||")? {
            parts.push(self.both()?);
        }
        Ok(one_of(parts, Node::Any))
    }

    fn both(&mut self) -> Result<Node, RuleError> {
        let mut parts = vec![self.one()?];
        while self.takes("and", "&&")? {
            parts.push(self.one()?);
        }
        Ok(one_of(parts, Node::All))
    }

    fn one(&mut self) -> Result<Node, RuleError> {
        self.depth += 1;
        if self.depth > DEPTH {
            let what = format!("more than {DEPTH} parentheses or `not` within each other");
            return Err(self.error(self.span.clone(), what, ""));
        }
        let node = if self.takes("not", "!")? {
            Node::Not(Box::new(self.one()?))
        } else if self.token == Token::Open {
            self.next()?;
            let node = self.either()?;
            if self.token != Token::Close {
                return Err(self.unexpected("`and`, `or` or `)`"));
            }
            self.next()?;
            node
        } else {
            self.compare()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn compare(&mut self) -> Result<Node, RuleError> {
        let (field, name) = self.field()?;
        let (operator, place) = match &self.token {
            Token::Operator(op) if !matches!(*op, "&&" | "||" | "!") => (*op, self.span.clone()),
            Token::Name(word) if word == "in" => {
                self.next()?;
                return self.list(&field, &name);
            }
            Token::Name(word) if word == "and" || word == "or" => return Ok(there(field)),
            Token::Operator("&&" | "||") | Token::Close | Token::End => return Ok(there(field)),
            _ => return Err(self.unexpected("one of == != < <= > >= =~ !~ in")),
        };
        self.next()?;
        let node = match operator {
            "==" | "!=" => self.equals(&field, &name)?,
            "=~" | "!~" => self.matches(field, &name)?,
            _ => self.orders(field, &name, operator, &place)?,
        };
        Ok(if operator.starts_with('!') {
            Node::Not(Box::new(node))
        } else {
            node
        })
    }

    /// A name, or `field(NAME)` for one that is not known.
    fn field(&mut self) -> Result<(Field, String), RuleError> {
        let Token::Name(name) = &self.token else {
            return Err(self.unexpected("a field, `not` or `(`"));
        };
        let (name, span) = (name.clone(), self.span.clone());
        self.next()?;
        if name == "field" && self.token == Token::Open {
            self.next()?;
            let Token::Name(name) = self.token.clone() else {
                return Err(self.unexpected("the name of a field"));
            };
            self.next()?;
            if self.token != Token::Close {
                return Err(self.unexpected("`)`"));
            }
            self.next()?;
            return Ok((Field::Named(name.as_bytes().to_vec()), name));
        }
        match names::field(&name) {
            Ok(field) => Ok((field, name)),
            Err(near) => {
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "names are those of --format json; field({name}) asks for any other"
                    ),
                };
                Err(self.error(span, format!("field `{name}` is not known"), help))
            }
        }
    }

    fn list(&mut self, field: &Field, name: &str) -> Result<Node, RuleError> {
        if self.token != Token::Open {
            return Err(self.unexpected("`(` and values divided by commas"));
        }
        self.next()?;
        let mut parts = Vec::new();
        loop {
            parts.push(self.equals(field, name)?);
            match self.token {
                Token::Comma => self.next()?,
                Token::Close => break,
                _ => return Err(self.unexpected("`,` or `)`")),
            }
        }
        self.next()?;
        Ok(one_of(parts, Node::Any))
    }

    /// A value that a field is to have.
    fn equals(&mut self, field: &Field, name: &str) -> Result<Node, RuleError> {
        let span = self.span.clone();
        let wanted = match (field, self.token.clone()) {
            (Field::Time, _) => self.time(Order::Equal)?,
            (Field::Success, token) => {
                let yes = match &token {
                    Token::Name(word) => word.as_bytes(),
                    Token::Text(text) => &text[..],
                    _ => b"",
                };
                let is = match yes {
                    b"yes" | b"true" => true,
                    b"no" | b"false" => false,
                    _ => return Err(self.unexpected("\"yes\" or \"no\"")),
                };
                Wanted::Number(Order::Equal, is.into())
            }
            (Field::Type, Token::Text(text)) => {
                let upper = text.to_ascii_uppercase();
                let known = RecordType::from_name(&upper).ok_or_else(|| {
                    let name = String::from_utf8_lossy(&upper).into_owned();
                    let near = crate::words::nearest(&name, RecordType::names());
                    let help = near.map(|near| format!("did you mean \"{near}\"?"));
                    let what = format!("there is no type of records `{name}`");
                    self.error(span, what, help.unwrap_or_default())
                })?;
                Wanted::Type(known)
            }
            (Field::Type, Token::Number(number)) => match u16::try_from(number) {
                Ok(number) => Wanted::Type(RecordType(number)),
                Err(_) => return Err(self.unexpected("a type of records")),
            },
            (Field::Serial, Token::Text(_)) => return Err(self.unexpected("a number")),
            (Field::Named(name), Token::Text(text)) if name == b"exit" => match errno(&text) {
                Some(number) => Wanted::Number(Order::Equal, number),
                None => Wanted::Text(text),
            },
            (Field::Named(name), Token::Text(text)) if name == b"syscall" && !is_call(&text) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                let help = calls::instead_of(&text, Arch::NATIVE.audit(), "its number");
                return Err(self.error(span, format!("there is no system call `{text}`"), help));
            }
            (_, Token::Text(text)) => Wanted::Text(text),
            (Field::Path | Field::Node, _) | (_, Token::Name(_)) => {
                return Err(self.unexpected(&format!("a string in double quotes for {name}")));
            }
            (_, Token::Number(number)) => Wanted::Number(Order::Equal, number),
            _ => return Err(self.unexpected("a number or a string in double quotes")),
        };
        self.next()?;
        Ok(Node::Compare(field.clone(), wanted))
    }

    fn orders(
        &mut self,
        field: Field,
        name: &str,
        operator: &str,
        place: &Range<usize>,
    ) -> Result<Node, RuleError> {
        let order = match operator {
            "<" => Order::Less,
            "<=" => Order::LessOrEqual,
            ">" => Order::Greater,
            _ => Order::GreaterOrEqual,
        };
        if matches!(
            field,
            Field::Path | Field::Node | Field::Type | Field::Success
        ) {
            let what = format!("{name} is no number and has no order");
            return Err(self.error(place.clone(), what, "expected one of == != =~ !~ in"));
        }
        let wanted = match (&field, &self.token) {
            (Field::Time, _) => self.time(order)?,
            (_, Token::Number(number)) => Wanted::Number(order, *number),
            _ => return Err(self.unexpected("a number")),
        };
        self.next()?;
        Ok(Node::Compare(field, wanted))
    }

    /// A time, as `-ts` takes it.
    fn time(&self, order: Order) -> Result<Wanted, RuleError> {
        let text = match &self.token {
            Token::Number(number) => return Ok(Wanted::Number(order, *number)),
            Token::Text(text) => String::from_utf8_lossy(text).into_owned(),
            _ => return Err(self.unexpected("a time in double quotes")),
        };
        let words: Vec<&str> = text.split(' ').collect();
        let at = clock::parse(&words, End::Start, self.here, &clock::now())
            .map_err(|error| self.error(self.span.clone(), error.to_string(), ""))?;
        Ok(Wanted::Number(order, i64::try_from(at).unwrap_or(i64::MAX)))
    }

    fn matches(&mut self, field: Field, name: &str) -> Result<Node, RuleError> {
        let Token::Text(text) = &self.token else {
            return Err(self.unexpected("a regular expression in double quotes"));
        };
        if matches!(field, Field::Time | Field::Serial | Field::Success) {
            let what = format!("{name} is no text");
            return Err(self.error(self.span.clone(), what, "expected == != < <= > or >="));
        }
        let pattern = String::from_utf8_lossy(text);
        let regex = Regex::new(&pattern).map_err(|error| {
            let lines = error.to_string();
            let why = lines.lines().last().unwrap_or_default().trim();
            let why = why.strip_prefix("error: ").unwrap_or(why).to_owned();
            self.error(
                self.span.clone(),
                format!("no regular expression: {why}"),
                "",
            )
        })?;
        self.next()?;
        Ok(Node::Compare(field, Wanted::Matches(regex)))
    }
}

/// A field alone: success is that, every other is there.
fn there(field: Field) -> Node {
    let wanted = match field {
        Field::Success => Wanted::Number(Order::Equal, 1),
        _ => Wanted::There,
    };
    Node::Compare(field, wanted)
}

fn one_of(mut parts: Vec<Node>, many: impl Fn(Vec<Node>) -> Node) -> Node {
    match parts.len() {
        1 => parts.remove(0),
        _ => many(parts),
    }
}

/// Is this a call of some machine, or the number of one, as a log may have it?
fn is_call(text: &[u8]) -> bool {
    let number = std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse::<u32>().ok());
    let is_number = number.is_some_and(|number| number.to_string().as_bytes() == text);
    is_number || !numbers_of_call(text).is_empty()
}

/// The result that an error is: `EACCES`, `-EACCES`.
fn errno(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let name = text.strip_prefix('-').unwrap_or(text);
    (1..134)
        .find(|errno| crate::decode::names::errno(*errno) == name)
        .map(|errno| -i64::from(errno))
}
