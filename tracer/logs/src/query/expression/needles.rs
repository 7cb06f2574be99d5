//! What must stand in a line of every event for which an expression holds, as far as that can be told
//! from the expression: so most of a log need not be taken apart.

use regex_syntax::hir::literal::{ExtractKind, Extractor};

use super::{Expression, Field, Node, Order, Wanted};
use crate::{
    calls::{Arch, foreign},
    query::{
        criteria::{both_forms, path_needle, type_needles},
        history::{About, Ask},
        interpret::{Kind, call_number},
    },
    records::RecordType,
};

/// More strings than this are no help.
const MOST: usize = 64;

impl Expression {
    /// Byte strings one of which is in a line of every event for which the expression holds; `None`
    /// when nothing can be said.
    pub fn needles(&self) -> Option<Vec<Vec<u8>>> {
        of(&self.0).filter(|needles| needles.iter().all(|needle| !needle.is_empty()))
    }
}

impl Expression {
    /// What the sidecar of a packed segment can tell of.
    pub fn ask(&self) -> Option<Ask> {
        ask(&self.0)
    }
}

fn ask(node: &Node) -> Option<Ask> {
    match node {
        Node::All(parts) => {
            let parts: Vec<_> = parts.iter().filter_map(ask).collect();
            (!parts.is_empty()).then_some(Ask::All(parts))
        }
        Node::Any(parts) => parts.iter().map(ask).collect::<Option<_>>().map(Ask::Any),
        Node::Not(_) => None,
        Node::Compare(field, wanted) => {
            let about = match field {
                Field::Path => About::Name,
                Field::Type => About::Type,
                Field::Named(name) => match &name[..] {
                    b"key" => About::Key,
                    b"exe" => About::Exe,
                    b"comm" => About::Comm,
                    b"uid" | b"euid" | b"auid" => About::User,
                    _ => return None,
                },
                _ => return None,
            };
            match wanted {
                // A name stands for an id of this machine, too.
                Wanted::Text(_) | Wanted::Matches(_) if about == About::User => None,
                Wanted::Text(text) => Some(Ask::Is(about, text.clone())),
                Wanted::Type(kind) => Some(Ask::Is(about, kind.0.to_string().into_bytes())),
                Wanted::Number(Order::Equal, number) if about == About::User => {
                    let id = if *number == -1 {
                        i64::from(u32::MAX)
                    } else {
                        *number
                    };
                    Some(Ask::Is(about, id.to_string().into_bytes()))
                }
                Wanted::Matches(regex) if about != About::Type => {
                    let begins = begins(regex.as_str())?;
                    Some(Ask::Any(
                        begins
                            .into_iter()
                            .map(|text| Ask::Has(about, text))
                            .collect(),
                    ))
                }
                _ => None,
            }
        }
    }
}

fn of(node: &Node) -> Option<Vec<Vec<u8>>> {
    match node {
        // The longest is the rarest.
        Node::All(parts) => parts.iter().filter_map(of).max_by_key(|needles| {
            let shortest = needles.iter().map(Vec::len).min();
            (shortest, std::cmp::Reverse(needles.len()))
        }),
        Node::Any(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(of(part)?);
            }
            (all.len() <= MOST).then_some(all)
        }
        Node::Not(_) => None,
        Node::Compare(field, wanted) => compare(field, wanted),
    }
}

fn compare(field: &Field, wanted: &Wanted) -> Option<Vec<Vec<u8>>> {
    match (field, wanted) {
        (Field::Serial, Wanted::Number(Order::Equal, number)) => {
            Some(vec![format!(":{number})").into_bytes()])
        }
        (Field::Type, Wanted::Type(kind)) => Some(type_needles(&[*kind])),
        (Field::Path, Wanted::Text(text)) => path_needle(text),
        (Field::Path, Wanted::Matches(regex)) => {
            each(begins(regex.as_str())?, |text| path_needle(&text))
        }
        (Field::Named(name), Wanted::Text(text)) if name == b"syscall" => Some(calls(text)),
        (Field::Named(name), Wanted::Text(text)) if is_string(name) => string(name, text),
        (Field::Named(name), Wanted::Matches(regex)) if is_string(name) => {
            each(begins(regex.as_str())?, |text| string(name, &text))
        }
        (Field::Named(name), Wanted::Number(Order::Equal, number)) if is_decimal(name, *number) => {
            let name = String::from_utf8_lossy(name);
            let forms = [format!("{name}={number}"), format!("{name}=\"{number}")];
            Some(forms.map(String::into_bytes).to_vec())
        }
        _ => None,
    }
}

/// The numbers of a call in the tables of all machines.
pub(super) fn numbers_of_call(name: &[u8]) -> Vec<i64> {
    let text = String::from_utf8_lossy(name);
    let tables = Arch::ALL.into_iter().map(Arch::audit).chain(foreign::all());
    tables.filter_map(|arch| call_number(arch, &text)).collect()
}

fn each(
    texts: Vec<Vec<u8>>,
    needles: impl Fn(Vec<u8>) -> Option<Vec<Vec<u8>>>,
) -> Option<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for text in texts {
        all.extend(needles(text)?);
    }
    (!all.is_empty() && all.len() <= MOST).then_some(all)
}

/// What a text begins with that a regular expression finds something in, from where it is found.
fn begins(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let tree = regex_syntax::ParserBuilder::new()
        .utf8(false)
        .build()
        .parse(pattern)
        .ok()?;
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_total(MOST / 4);
    let found = extractor.extract(&tree);
    let texts = found.literals()?.iter();
    let texts: Vec<_> = texts.map(|text| text.as_bytes().to_vec()).collect();
    // A single character is everywhere.
    (!texts.is_empty() && texts.iter().all(|text| text.len() > 1)).then_some(texts)
}

/// Is the value of this field, in every type of record, what stands in the log, as it is or in
/// hexadecimal?
fn is_string(name: &[u8]) -> bool {
    let other = |kind| Kind::of(RecordType(kind), name, b"\"");
    let is_plain = |kind| matches!(kind, Kind::Escaped | Kind::File | Kind::Key | Kind::Title);
    is_plain(other(0))
        && [1116, 1312, 1324, 1330, 1400, 2404]
            .map(other)
            .into_iter()
            .all(is_plain)
}

fn string(name: &[u8], text: &[u8]) -> Option<Vec<Vec<u8>>> {
    // Between arguments in a title is a NUL in the log, and what drives a terminal is told otherwise.
    let piece = if name == b"proctitle" {
        let plain = |b: &u8| b.is_ascii_graphic() && *b != b'\\';
        let mut pieces = text.split(|b| !plain(b)).collect::<Vec<_>>();
        pieces.sort_by_key(|piece| piece.len());
        pieces.pop().unwrap_or_default()
    } else {
        text
    };
    (!piece.is_empty()).then(|| both_forms(piece))
}

/// Does a number stand in the log as it is written here?
fn is_decimal(name: &[u8], number: i64) -> bool {
    let is_id = matches!(
        Kind::of(RecordType(0), name, b""),
        Kind::Uid | Kind::Gid | Kind::Session
    );
    let unset = number == -1 || number == i64::from(u32::MAX);
    match name {
        b"id" => false,
        b"pid" | b"ppid" | b"opid" | b"exit" | b"syscall" | b"inode" | b"items" => true,
        _ => is_id && !unset,
    }
}

/// A call, by its numbers in all tables, and by the name that auditd looked up.
fn calls(name: &[u8]) -> Vec<Vec<u8>> {
    let mut numbers = numbers_of_call(name);
    numbers.sort_unstable();
    numbers.dedup();
    let mut needles: Vec<_> = numbers
        .iter()
        .map(|number| format!("syscall={number}").into_bytes())
        .collect();
    // x32 calls have a bit set that the table does not have.
    needles.extend(
        numbers
            .iter()
            .map(|number| format!("syscall={}", number | 0x4000_0000).into_bytes()),
    );
    needles.push([b"SYSCALL=", name].concat());
    needles.push([b"syscall=", name].concat());
    needles
}
