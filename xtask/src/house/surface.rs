//! What the libraries show to who uses them, as a list in the repository. What is `pub` can be reached:
//! the lint `unreachable_pub` sees to that. So the list is every item that is `pub`, as its file has it.

use std::{fmt::Write as _, fs};

use anyhow::{Context as _, Result, bail};

use super::{
    graph::{File, House},
    tokens::{Source, Token},
};
use crate::shell;

/// What is shown: packages, and the part of them that has a list.
pub(crate) const LIBRARIES: [(&str, &str); 3] = [
    ("tracer/model", "src/"),
    ("tracer/logs", "src/"),
    ("tracer", "src/api/"),
];

/// Holds the list of a library against its source.
pub(crate) fn hold(library: &str, part: &str, house: &House, bless: bool) -> Result<()> {
    let sources = format!("{library}/{part}");
    let mut files: Vec<&File> = house
        .files
        .iter()
        .filter(|file| file.path.starts_with(&sources) && !file.is_test)
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut list = String::new();
    for file in files {
        let text = fs::read_to_string(shell::root().join(&file.path))?;
        let items = items(&Source::read(&text));
        if !items.is_empty() {
            writeln!(list, "{}", &file.path[sources.len()..])?;
            for item in items {
                writeln!(list, "    {item}")?;
            }
        }
    }
    let name = format!("{library}/public-api.txt");
    let path = shell::root().join(&name);
    if bless {
        return fs::write(&path, list).with_context(|| format!("cannot write {name}"));
    }
    let known = fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?;
    if known != list {
        let changed = list.lines().find(|line| !known.lines().any(|l| l == *line));
        let gone = known.lines().find(|line| !list.lines().any(|l| l == *line));
        bail!(
            "the public surface of {library} is not what {name} says (first: {}): if that is meant, \
             `cargo xtask check --bless` writes it anew",
            changed.or(gone).unwrap_or("the order").trim()
        );
    }
    Ok(())
}

/// Every item that is `pub`, in one line each.
fn items(source: &Source<'_>) -> Vec<String> {
    let tokens = &source.tokens;
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        at = if super::facts::is_for_tests(tokens, at) {
            super::facts::item_end(tokens, at)
        } else {
            let is_public = tokens[at].0 == Token::Word("pub")
                && tokens.get(at + 1).map(|t| t.0) != Some(Token::Sign('('));
            if is_public {
                let (item, end) = item(source, at + 1);
                items.push(item);
                end
            } else {
                at + 1
            }
        };
    }
    items
}

/// The item that begins at `at`, without bodies of functions, and where to go on.
fn item(source: &Source<'_>, at: usize) -> (String, usize) {
    let tokens = &source.tokens;
    let has_body = |word: &str| {
        tokens[at..]
            .iter()
            .take(2)
            .any(|t| t.0 == Token::Word(word))
    };
    // What is inside is part of what is shown; in others it says so itself, or is nobody's business.
    let is_import = has_body("use");
    let is_trait = has_body("trait");
    let is_open = is_trait || is_import || has_body("enum");
    let mut line = String::new();
    let (mut braces, mut others) = (0_usize, 0_usize);
    for (i, (token, _)) in tokens.iter().enumerate().skip(at) {
        let is_outside = braces == 0 && others == 0;
        let ends = match token {
            Token::Sign('{') => is_outside && !is_open,
            Token::Sign(';' | ',' | '=' | '}') => is_outside && !is_arrow(tokens, i),
            _ => false,
        };
        if ends {
            return (line, i + 1);
        }
        match token {
            Token::Sign('{') => braces += 1,
            Token::Sign('}') => braces -= 1,
            Token::Sign('(' | '[' | '<') => others += 1,
            Token::Sign(')' | ']' | '>') if !is_arrow(tokens, i) => {
                others = others.saturating_sub(1);
            }
            _ => {}
        }
        // What a trait's own functions do.
        if is_trait && (braces > 1 || (braces == 1 && *token == Token::Sign('}'))) {
            continue;
        }
        let closes = matches!(token, Token::Sign(')' | ']' | '>'));
        if closes && line.ends_with(',') {
            line.pop();
        }
        let follows = line.is_empty() || line.ends_with(['(', '[', '<']);
        if source.is_apart[i] && !closes && !follows {
            line.push(' ');
        }
        token.append_to(&mut line);
        if is_open && !is_import && braces == 0 && *token == Token::Sign('}') {
            return (line, i + 1);
        }
    }
    (line, tokens.len())
}

/// `->` and `=>` are no brackets.
fn is_arrow(tokens: &[(Token<'_>, usize)], at: usize) -> bool {
    let is = |at: Option<usize>, sign: char| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|t| t.0 == Token::Sign(sign))
    };
    let before = at.checked_sub(1);
    match tokens[at].0 {
        Token::Sign('>') => is(before, '-') || is(before, '='),
        Token::Sign('=') => is(Some(at + 1), '>') || is(before, '='),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_public_in_one_line_each() {
        let text = "
            /// Doc.
            pub struct A<'a, T = u8> { pub b: Vec<(u8, T)>, c: u8, pub d: &'a str }
            pub(crate) fn no() {}
            impl A { pub const fn e(
                &self,
                f: [u8; 2],
            ) -> Option<B> where T: Copy { pub_not() } }
            pub enum B { One, Two(u8), Three { x: u8 } }
            pub trait C { fn f(&self) -> u8; fn g() { no() } }
            pub const G: [u8; 2] = [1, 2];
            pub use h::{I, j::K};
            pub mod l;
            #[cfg(test)]
            mod tests { pub fn no() {} }";
        assert_eq!(
            items(&Source::read(text)),
            [
                "struct A<'a, T = u8>",
                "b: Vec<(u8, T)>",
                "d: &'a str",
                "const fn e(&self, f: [u8; 2]) -> Option<B> where T: Copy",
                "enum B { One, Two(u8), Three { x: u8 } }",
                "trait C { fn f(&self) -> u8; fn g() }",
                "const G: [u8; 2]",
                "use h::{I, j::K}",
                "mod l",
            ]
        );
    }
}
