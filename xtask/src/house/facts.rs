//! What one file says: its functions, what it defines, which names it takes from where.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{Source, Token};

/// A function with its length.
#[derive(Debug)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// Where it begins.
    pub(crate) line: usize,
    /// Lines from `fn` to the closing brace.
    pub(crate) lines: usize,
}

/// A path of names, as written.
pub(crate) type Path = Vec<String>;

/// What a file says, its tests apart.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Functions outside tests.
    pub(crate) functions: Vec<Function>,
    /// Modules that it declares for tests only.
    pub(crate) test_modules: BTreeSet<String>,
    /// Modules that it declares.
    pub(crate) modules: BTreeSet<String>,
    /// Names of what it defines.
    pub(crate) defined: BTreeSet<String>,
    /// Names that it gives to what others have, and to what: also those that it hands on.
    pub(crate) bound: BTreeMap<String, Path>,
    /// Modules all of whose names it takes.
    pub(crate) globs: Vec<Path>,
    /// Names that it only hands on, unless it also says them itself.
    pub(crate) handed_on: BTreeSet<String>,
    /// Paths that it says outside of imports.
    pub(crate) said: BTreeSet<Path>,
}

impl Facts {
    /// Reads what a file says.
    pub(crate) fn of(source: &Source<'_>) -> Self {
        let mut facts = Self::default();
        let tokens = &source.tokens;
        let mut at = 0;
        while at < tokens.len() {
            at = facts.item(tokens, at);
        }
        facts
    }

    /// Takes what begins at `at`, and says where to go on.
    fn item(&mut self, tokens: &[(Token<'_>, usize)], at: usize) -> usize {
        if is_for_tests(tokens, at) {
            return self.test_item(tokens, at);
        }
        let Token::Word(word) = tokens[at].0 else {
            return at + 1;
        };
        match word {
            "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union"
            | "macro_rules" => {
                let name = if word == "macro_rules" {
                    at + 2
                } else {
                    at + 1
                };
                self.defined
                    .extend(word_at(tokens, name).map(str::to_owned));
                if word == "fn" {
                    self.functions.extend(function(tokens, at));
                }
            }
            "mod" => {
                if let (Some(name), Some(Token::Sign(';'))) =
                    (word_at(tokens, at + 1), token(tokens, at + 2))
                {
                    self.modules.insert(name.to_owned());
                }
            }
            "use" if !is_bound_of_type(tokens, at) => {
                let is_handed_on = is_public(tokens, at);
                return self.import(tokens, at + 1, &mut Vec::new(), is_handed_on);
            }
            _ => return self.path(tokens, at),
        }
        at + 1
    }

    /// An item that only tests have: nothing of it counts.
    fn test_item(&mut self, tokens: &[(Token<'_>, usize)], at: usize) -> usize {
        let end = item_end(tokens, at);
        for (i, (token, _)) in tokens[at..end].iter().enumerate() {
            if *token == Token::Word("mod")
                && let Some(name) = word_at(tokens, at + i + 1)
            {
                self.test_modules.insert(name.to_owned());
            }
        }
        end
    }

    /// A path of an expression or a type.
    fn path(&mut self, tokens: &[(Token<'_>, usize)], at: usize) -> usize {
        let mut path = Vec::new();
        let mut end = at;
        while let Some(word) = word_at(tokens, end) {
            path.push(word.to_owned());
            end += 1;
            if !is_separator(tokens, end) {
                break;
            }
            end += 2;
        }
        let is_member = at > 0 && tokens[at - 1].0 == Token::Sign('.');
        let is_macro = path.len() == 1 && token(tokens, end) == Some(Token::Sign('!'));
        if !is_member && !is_macro {
            self.said.insert(path);
        }
        end.max(at + 1)
    }

    /// A tree of imports below `prefix`; says where it ends.
    fn import(
        &mut self,
        tokens: &[(Token<'_>, usize)],
        at: usize,
        prefix: &mut Path,
        is_handed_on: bool,
    ) -> usize {
        let depth = prefix.len();
        let mut at = at;
        while let Some(token) = token(tokens, at) {
            match token {
                Token::Word("as") => {
                    let name = word_at(tokens, at + 1).unwrap_or("_");
                    self.bind(name, prefix, is_handed_on);
                    prefix.clear();
                    at += 2;
                    return at;
                }
                Token::Word(word) => prefix.push(word.to_owned()),
                Token::Sign('*') => {
                    self.globs.push(prefix.clone());
                    prefix.truncate(depth);
                    return at + 1;
                }
                Token::Sign('{') => {
                    at += 1;
                    while token_is_not(tokens, at, '}') {
                        let mut inner = prefix.clone();
                        at = self.import(tokens, at, &mut inner, is_handed_on);
                        if !token_is_not(tokens, at, ',') {
                            at += 1;
                        }
                    }
                    prefix.truncate(depth);
                    return at + 1;
                }
                Token::Sign(':') => {}
                _ => break,
            }
            at += 1;
        }
        if let Some(name) = prefix.last().cloned() {
            let name = if name == "self" {
                prefix.pop();
                prefix.last().cloned().unwrap_or_default()
            } else {
                name
            };
            self.bind(&name, prefix, is_handed_on);
        }
        prefix.truncate(depth);
        at
    }

    fn bind(&mut self, name: &str, path: &Path, is_handed_on: bool) {
        // Traits imported without a name are used all the same.
        let name = match name {
            "_" => format!("_ {}", path.join("::")),
            name => name.to_owned(),
        };
        if is_handed_on {
            self.handed_on.insert(name.clone());
        }
        self.bound.insert(name, path.clone());
    }
}

fn token<'a>(tokens: &[(Token<'a>, usize)], at: usize) -> Option<Token<'a>> {
    tokens.get(at).map(|(token, _)| *token)
}

fn token_is_not(tokens: &[(Token<'_>, usize)], at: usize, sign: char) -> bool {
    token(tokens, at).is_some_and(|token| token != Token::Sign(sign))
}

fn word_at<'a>(tokens: &[(Token<'a>, usize)], at: usize) -> Option<&'a str> {
    match token(tokens, at) {
        Some(Token::Word(word)) => Some(word),
        _ => None,
    }
}

fn is_separator(tokens: &[(Token<'_>, usize)], at: usize) -> bool {
    [at, at + 1]
        .iter()
        .all(|at| token(tokens, *at) == Some(Token::Sign(':')))
}

/// `use<'a>` among the bounds of a type.
fn is_bound_of_type(tokens: &[(Token<'_>, usize)], at: usize) -> bool {
    token(tokens, at + 1) == Some(Token::Sign('<'))
}

/// Whether `pub` or `pub(…)` stands before `at`.
fn is_public(tokens: &[(Token<'_>, usize)], at: usize) -> bool {
    let before = tokens[..at].iter().rev().map(|(token, _)| token);
    for token in before.take(5) {
        match token {
            Token::Word("pub") => return true,
            Token::Word("crate" | "super" | "self" | "in") | Token::Sign('(' | ')') => {}
            _ => return false,
        }
    }
    false
}

/// `#[cfg(test)]` or `#[test]`.
pub(crate) fn is_for_tests(tokens: &[(Token<'_>, usize)], at: usize) -> bool {
    let words = |wanted: &[Token<'_>]| {
        wanted
            .iter()
            .enumerate()
            .all(|(i, wanted)| token(tokens, at + i) == Some(*wanted))
    };
    let (hash, open, close) = (Token::Sign('#'), Token::Sign('['), Token::Sign(']'));
    words(&[hash, open, Token::Word("test"), close])
        || words(&[
            hash,
            open,
            Token::Word("cfg"),
            Token::Sign('('),
            Token::Word("test"),
            Token::Sign(')'),
            close,
        ])
}

/// Where the item that begins at `at` ends: behind its block or semicolon.
pub(crate) fn item_end(tokens: &[(Token<'_>, usize)], at: usize) -> usize {
    let mut depth = 0_usize;
    for (i, (token, _)) in tokens.iter().enumerate().skip(at) {
        match token {
            Token::Sign('{' | '(' | '[') => depth += 1,
            Token::Sign(')' | ']') => depth = depth.saturating_sub(1),
            Token::Sign('}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return i + 1;
                }
            }
            Token::Sign(';' | ',') if depth == 0 => return i + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The function whose `fn` stands at `at`; none for a type and where there is no body.
fn function(tokens: &[(Token<'_>, usize)], at: usize) -> Option<Function> {
    let name = word_at(tokens, at + 1)?;
    let mut depth = 0_usize;
    for (token, line) in &tokens[at..] {
        match token {
            Token::Sign('{' | '(' | '[') => depth += 1,
            Token::Sign(';') if depth == 0 => return None,
            Token::Sign(')' | ']') => depth = depth.checked_sub(1)?,
            Token::Sign('}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(Function {
                        name: name.to_owned(),
                        line: tokens[at].1,
                        lines: line - tokens[at].1 + 1,
                    });
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(text: &str) -> Facts {
        Facts::of(&Source::read(text))
    }

    fn path(text: &str) -> Path {
        text.split("::").map(str::to_owned).collect()
    }

    #[test]
    fn imports_are_trees() {
        let facts = facts(
            "use crate::{a::{self, B, C as D}, e::*, f::G};\npub(crate) use self::h::I;\nfn x() {}",
        );
        let bound = |name: &str| facts.bound.get(name).cloned();
        assert_eq!(bound("a"), Some(path("crate::a")));
        assert_eq!(bound("B"), Some(path("crate::a::B")));
        assert_eq!(bound("D"), Some(path("crate::a::C")));
        assert_eq!(bound("G"), Some(path("crate::f::G")));
        assert_eq!(facts.globs, [path("crate::e")]);
        assert_eq!(bound("I"), Some(path("self::h::I")));
        assert_eq!(facts.handed_on.iter().collect::<Vec<_>>(), ["I"]);
        assert_eq!(facts.functions.len(), 1);
    }

    #[test]
    fn tests_do_not_count() {
        let facts = facts(
            "fn a() {\n b::c();\n}\n#[cfg(test)]\nmod tests {\n use x::Y;\n fn z() {}\n}\n#[cfg(test)]\nmod cases;\nmod real;",
        );
        let names: Vec<_> = facts
            .functions
            .iter()
            .map(|f| (f.name.as_str(), f.line, f.lines))
            .collect();
        assert_eq!(names, [("a", 1, 3)]);
        assert!(facts.said.contains(&path("b::c")));
        assert!(facts.bound.is_empty());
        assert_eq!(facts.modules.iter().collect::<Vec<_>>(), ["real"]);
        assert!(facts.test_modules.contains("cases"));
    }
}
