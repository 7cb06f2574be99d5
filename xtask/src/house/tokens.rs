//! The words of a source file, without comments and white space: as much of Rust as figures about
//! it need.

/// A word of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A name or a keyword.
    Word(&'a str),
    /// A sign.
    Sign(char),
    /// A string, a character, a number or a lifetime.
    Literal(&'a str),
}

impl Token<'_> {
    /// As it stands in the source.
    pub(crate) fn append_to(self, out: &mut String) {
        match self {
            Self::Word(text) | Self::Literal(text) => out.push_str(text),
            Self::Sign(sign) => out.push(sign),
        }
    }
}

/// A file in words.
#[derive(Debug, Default)]
pub(crate) struct Source<'a> {
    /// Each word with its line, counted from 1.
    pub(crate) tokens: Vec<(Token<'a>, usize)>,
    /// Whether white space or a comment stands before each.
    pub(crate) is_apart: Vec<bool>,
    /// Lines that have a word.
    pub(crate) code_lines: usize,
    /// Lines of doc comments.
    pub(crate) doc_lines: usize,
}

impl<'a> Source<'a> {
    /// Reads a file.
    pub(crate) fn read(text: &'a str) -> Self {
        let mut source = Self::default();
        let mut at = 0;
        let mut line = 1;
        let mut last_code = 0;
        let mut is_apart = false;
        while at < text.len() {
            let (piece, end) = piece(text, at);
            let breaks = text[at..end].matches('\n').count();
            match piece {
                Piece::Space => is_apart = true,
                Piece::Doc => {
                    is_apart = true;
                    source.doc_lines += breaks + 1;
                }
                Piece::Token(token) => {
                    source.is_apart.push(std::mem::take(&mut is_apart));
                    source.tokens.push((token, line));
                    source.code_lines += breaks + usize::from(line > last_code);
                    last_code = line + breaks;
                }
            }
            line += breaks;
            at = end;
        }
        source
    }
}

/// What stands at a place of the text.
enum Piece<'a> {
    Space,
    Doc,
    Token(Token<'a>),
}

/// What begins at `at`, and where it ends.
fn piece(text: &str, at: usize) -> (Piece<'_>, usize) {
    let rest = &text[at..];
    let first = rest.chars().next().expect("the text goes on");
    if rest.starts_with("//") {
        let end = at + rest.find('\n').unwrap_or(rest.len());
        let is_doc = rest.starts_with("///") || rest.starts_with("//!");
        return (if is_doc { Piece::Doc } else { Piece::Space }, end);
    }
    if rest.starts_with("/*") {
        let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
        return (Piece::Space, at + end);
    }
    if first.is_whitespace() {
        return (Piece::Space, at + first.len_utf8());
    }
    if let Some(len) = literal(rest) {
        return (Piece::Token(Token::Literal(&rest[..len])), at + len);
    }
    // Of `r#async` the word is `async`.
    let raw = if rest.starts_with("r#") { 2 } else { 0 };
    let (rest, at) = (&rest[raw..], at + raw);
    let word = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    if word > 0 {
        let token = if first.is_ascii_digit() {
            Token::Literal(&rest[..word])
        } else {
            Token::Word(&rest[..word])
        };
        return (Piece::Token(token), at + word);
    }
    let end = at + first.len_utf8();
    (Piece::Token(Token::Sign(first)), end)
}

/// How long the string, character or lifetime is that `rest` begins with.
fn literal(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r"]
        .into_iter()
        .find(|prefix| rest.starts_with(prefix))
        .map_or(0, str::len);
    let body = &rest[prefix..];
    if rest[..prefix].ends_with('r') {
        let hashes = body.len() - body.trim_start_matches('#').len();
        if !body[hashes..].starts_with('"') {
            return None;
        }
        let end = format!("\"{}", "#".repeat(hashes));
        let len = body[hashes + 1..].find(&end)?;
        return Some(prefix + hashes + 1 + len + end.len());
    }
    if body.starts_with('"') {
        return closing(body, '"').map(|len| prefix + len);
    }
    if !body.starts_with('\'') {
        return None;
    }
    let mut chars = body.chars().skip(1);
    let (first, second) = (chars.next()?, chars.next());
    if first == '\\' || second == Some('\'') {
        return closing(body, '\'').map(|len| prefix + len);
    }
    let name = body[1..]
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(body.len() - 1);
    Some(prefix + 1 + name)
}

/// Where the literal that `body` begins with ends.
fn closing(body: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in body.char_indices().skip(1) {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else if c == quote {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_comments_hide_what_they_say() {
        let text = "//! A page.\n/// fn doc\nfn a<'x>() { // fn no\n  r#\"fn \"{\"#; b'{'; '\\''; \"\\\"{\" }\n";
        let source = Source::read(text);
        let words: Vec<_> = source
            .tokens
            .iter()
            .filter_map(|(token, line)| match token {
                Token::Word(word) => Some((*word, *line)),
                _ => None,
            })
            .collect();
        assert_eq!(words, [("fn", 3), ("a", 3)]);
        let braces = |wanted| {
            let is = |(token, _): &&(Token<'_>, usize)| *token == Token::Sign(wanted);
            source.tokens.iter().filter(is).count()
        };
        assert_eq!((braces('{'), braces('}')), (1, 1));
        assert_eq!((source.doc_lines, source.code_lines), (2, 2));
        let raw = Source::read("r#async::x");
        assert_eq!(raw.tokens[0].0, Token::Word("async"));
    }

    #[test]
    fn a_string_of_several_lines_is_code() {
        let source = Source::read("let a = \"x\n\ny\";\n\nlet b = 1;\n");
        assert_eq!(source.code_lines, 4);
    }
}
