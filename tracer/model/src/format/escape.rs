//! A name can hold any byte. Here it becomes text that cannot end a line, break a parser or drive
//! a terminal, and from which the exact bytes can be had back.

use super::number::{hex_bytes_lower, hex_bytes_upper};

/// Is there no byte for which `special` is 1? In blocks and without a branch inside, so that the
/// compiler makes vector code of it.
#[inline]
fn none(bytes: &[u8], special: impl Fn(u8) -> u8) -> bool {
    let (blocks, rest) = bytes.as_chunks::<16>();
    blocks
        .iter()
        .all(|block| block.iter().fold(0, |bad, b| bad | special(*b)) == 0)
        && rest.iter().all(|b| special(*b) == 0)
}

/// Is every byte printable ASCII and none of them `"` or `\`? Such a string is written as it is.
fn plain(bytes: &[u8]) -> bool {
    none(bytes, |b| {
        u8::from(b.wrapping_sub(0x20) > 0x5e) | u8::from(b == b'"') | u8::from(b == b'\\')
    })
}

/// Would this character move the cursor, end a line, or change the order of what is shown?
/// Control characters (C0, DEL, C1), the line and paragraph separators, every character of
/// Unicode's `Bidi_Control`, and those without width, which make two names look alike.
pub fn drives_a_terminal(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}')
}

/// A message in which a file name can neither end the line nor drive the terminal.
pub fn one_line(text: &str) -> String {
    let is_safe = |c: char| !drives_a_terminal(c) && !matches!(c, '\u{2061}'..='\u{2065}');
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_safe(c) {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
    }
    out
}

/// Appends a JSON string. Returns false when the bytes are not UTF-8: the string then has U+FFFD
/// in places, and the exact bytes must be told beside it.
#[must_use]
pub fn json_string(out: &mut Vec<u8>, bytes: &[u8]) -> bool {
    out.push(b'"');
    let mut exact = true;
    if plain(bytes) {
        out.extend_from_slice(bytes);
    } else {
        exact = chunks(
            out,
            bytes,
            |out, text| escaped(out, text, |c| matches!(c, '"' | '\\'), json_escape),
            |out, _| out.extend_from_slice(b"\\ufffd"),
        );
    }
    out.push(b'"');
    exact
}

/// Writes the parts of a string that are UTF-8 and those that are not. Returns whether all of it
/// is.
fn chunks(
    out: &mut Vec<u8>,
    bytes: &[u8],
    valid: impl Fn(&mut Vec<u8>, &str),
    invalid: impl Fn(&mut Vec<u8>, &[u8]),
) -> bool {
    // Nearly every name is UTF-8, and to check that is faster than to take it apart.
    if let Ok(text) = std::str::from_utf8(bytes) {
        valid(out, text);
        return true;
    }
    for chunk in bytes.utf8_chunks() {
        valid(out, chunk.valid());
        if !chunk.invalid().is_empty() {
            invalid(out, chunk.invalid());
        }
    }
    false
}

/// Appends text, with `escape` for every character that drives a terminal or is `special`.
fn escaped(
    out: &mut Vec<u8>,
    text: &str,
    special: impl Fn(char) -> bool,
    escape: impl Fn(&mut Vec<u8>, char),
) {
    let mut done = 0;
    for (at, c) in text
        .char_indices()
        .filter(|(_, c)| special(*c) || drives_a_terminal(*c))
    {
        out.extend_from_slice(&text.as_bytes()[done..at]);
        escape(out, c);
        done = at + c.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[done..]);
}

fn json_escape(out: &mut Vec<u8>, c: char) {
    let short = match c {
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        '"' | '\\' => c as u8,
        _ => {
            // All others are below U+10000, so one escape is enough.
            out.extend_from_slice(b"\\u");
            hex_bytes_lower(out, &(c as u32 as u16).to_be_bytes());
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Appends a string as the text format shows it: C escapes for everything that is not printable
/// and for the backslash itself.
pub(super) fn c_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    escaped_but(out, bytes, None);
}

/// Appends a path or name for the text format: with C escapes, and in double quotes when it has a
/// space in it or begins like a quoted one, so that one can see where it ends.
pub fn c_quoted(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.is_empty() || bytes.contains(&b' ') || bytes.starts_with(b"\"") {
        out.push(b'"');
        escaped_but(out, bytes, Some('"'));
        out.push(b'"');
    } else {
        c_escaped(out, bytes);
    }
}

fn escaped_but(out: &mut Vec<u8>, bytes: &[u8], quote: Option<char>) {
    if plain(bytes) && quote.is_none_or(|quote| !bytes.contains(&(quote as u8))) {
        out.extend_from_slice(bytes);
        return;
    }
    let special = |c| c == '\\' || Some(c) == quote;
    chunks(
        out,
        bytes,
        |out, text| escaped(out, text, special, c_escape),
        x_escaped,
    );
}

fn c_escape(out: &mut Vec<u8>, c: char) {
    let short = match c {
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '"' | '\'' | '\\' => c as u8,
        _ => return x_escaped(out, c.encode_utf8(&mut [0; 4]).as_bytes()),
    };
    out.extend_from_slice(&[b'\\', short]);
}

fn x_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    for b in bytes {
        out.extend_from_slice(b"\\x");
        hex_bytes_lower(out, &[*b]);
    }
}

/// Appends one word of a command line so that bash(1) would read it back: bare, in `'...'`, or in
/// `$'...'` when it has what is not printable.
pub fn shell_word(out: &mut Vec<u8>, bytes: &[u8]) {
    let bare = |b: &u8| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(b);
    if !bytes.is_empty() && bytes.iter().all(bare) {
        out.extend_from_slice(bytes);
        return;
    }
    let start = out.len();
    out.extend_from_slice(b"$'");
    escaped_but(out, bytes, Some('\''));
    if out[start + 2..] == *bytes {
        // Nothing needed an escape: ordinary quotes do.
        out.remove(start);
    }
    out.push(b'\'');
}

/// Must the kernel's audit write this string in hexadecimal? `audit_string_contains_control` of
/// `kernel/audit.c`: a quote, a space, a control character, or a byte above `~`.
pub(super) fn audit_needs_hex(bytes: &[u8]) -> bool {
    !none(bytes, |b| {
        u8::from(b.wrapping_sub(0x21) > 0x5d) | u8::from(b == b'"')
    })
}

/// Appends an untrusted string as audit does: in quotes, or in hexadecimal without quotes.
pub(super) fn audit_string(out: &mut Vec<u8>, bytes: &[u8]) {
    if audit_needs_hex(bytes) {
        hex_bytes_upper(out, bytes);
    } else {
        out.push(b'"');
        out.extend_from_slice(bytes);
        out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(f: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        f(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_row_per_kind_of_string() {
        // What the row is about, the bytes; then JSON, text, shell, audit.
        let rows: [(&str, &[u8], [&str; 4]); 13] = [
            ("plain", b"/etc", [r#""/etc""#, "/etc", "/etc", r#""/etc""#]),
            ("space", b"a b", [r#""a b""#, r#""a b""#, "'a b'", "612062"]),
            ("empty", b"", [r#""""#, r#""""#, "''", r#""""#]),
            (
                "quote",
                b"a\"b ",
                [r#""a\"b ""#, r#""a\"b ""#, "'a\"b '", "61226220"],
            ),
            (
                "apostrophe",
                b"it's",
                [r#""it's""#, "it's", r"$'it\'s'", r#""it's""#],
            ),
            (
                "backslash",
                b"a\\b",
                [r#""a\\b""#, r"a\\b", r"$'a\\b'", r#""a\b""#],
            ),
            (
                "newline",
                b"a\nb",
                [r#""a\nb""#, r"a\nb", r"$'a\nb'", "610A62"],
            ),
            (
                "escape",
                b"\x1b[m",
                [r#""\u001b[m""#, r"\x1b[m", r"$'\x1b[m'", "1B5B6D"],
            ),
            (
                "delete",
                b"\x7f",
                [r#""\u007f""#, r"\x7f", r"$'\x7f'", "7F"],
            ),
            (
                "utf-8",
                "ü日".as_bytes(),
                [r#""ü日""#, "ü日", "'ü日'", "C3BCE697A5"],
            ),
            (
                "c1",
                b"\xc2\x9b",
                [r#""\u009b""#, r"\xc2\x9b", r"$'\xc2\x9b'", "C29B"],
            ),
            (
                "bidi",
                "\u{202e}".as_bytes(),
                [r#""\u202e""#, r"\xe2\x80\xae", r"$'\xe2\x80\xae'", "E280AE"],
            ),
            (
                "not utf-8",
                b"\xffraw",
                [r#""\ufffdraw""#, r"\xffraw", r"$'\xffraw'", "FF726177"],
            ),
        ];
        for (what, bytes, wanted) in rows {
            let mut exact = true;
            let json = with(|o| exact = json_string(o, bytes));
            let text = with(|o| c_quoted(o, bytes));
            let shell = with(|o| shell_word(o, bytes));
            let audit = with(|o| audit_string(o, bytes));
            assert_eq!([json, text, shell, audit], wanted, "{what}");
            assert_eq!(exact, std::str::from_utf8(bytes).is_ok(), "exact: {what}");
        }
    }

    #[test]
    fn every_position_of_a_block_is_looked_at() {
        for len in 0..40 {
            for at in 0..len {
                let mut name = vec![b'a'; len];
                assert!(plain(&name));
                for b in [b'"', b'\\', 0x1f, 0x7f, 0x80, 0xff, 0] {
                    name[at] = b;
                    assert!(!plain(&name), "byte {b:#x} at {at} of {len}");
                }
            }
        }
    }
}
