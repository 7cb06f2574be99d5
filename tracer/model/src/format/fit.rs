//! Making a line fit a terminal: how wide text is, and cutting it with a mark where it was cut.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that text takes. Escape sequences for colours (`ESC [ ... m`) take none.
pub(super) fn width(text: &[u8]) -> usize {
    let text = String::from_utf8_lossy(text);
    let mut parts = text.split('\x1b');
    let plain = parts.next().map_or(0, UnicodeWidthStr::width);
    let behind = |part: &str| part.split_once('m').map_or(0, |(_, rest)| rest.width());
    plain + parts.map(behind).sum::<usize>()
}

/// The same text in at most so many columns: what is too much is taken out of the middle, nearer to
/// the beginning, and `mark` stands in its place. `text` has no colours.
pub(super) fn cut_middle(text: &[u8], columns: usize, mark: &str) -> Vec<u8> {
    let whole = width(text);
    if whole <= columns {
        return text.to_vec();
    }
    let text = String::from_utf8_lossy(text);
    let left = columns.saturating_sub(mark.width());
    let head = prefix(&text, left / 3);
    let tail = suffix(&text, left - head.width());
    [head, mark, tail].concat().into_bytes()
}

/// Cuts `out` behind `start` to so many columns, with `mark` at its end where it was cut.
pub(super) fn cut_end(out: &mut Vec<u8>, start: usize, columns: usize, mark: &str) {
    if width(&out[start..]) <= columns {
        return;
    }
    let text = String::from_utf8_lossy(&out[start..]).into_owned();
    let limit = columns.saturating_sub(mark.width());
    let (mut used, mut in_escape, mut has_colour) = (0, false, false);
    out.truncate(start);
    for c in text.chars() {
        match c {
            '\x1b' => (in_escape, has_colour) = (true, true),
            'm' if in_escape => in_escape = false,
            _ if in_escape => {}
            _ => used += c.width().unwrap_or(0),
        }
        if used > limit {
            break;
        }
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    if has_colour {
        out.extend_from_slice(b"\x1b[0m");
    }
    out.extend_from_slice(mark.as_bytes());
}

/// The longest beginning that fits.
fn prefix(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// The longest end that fits.
fn suffix(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return &text[at + c.len_utf8()..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_middle() {
        for (text, columns, wanted) in [
            ("/etc/passwd", 11, "/etc/passwd"),
            ("/etc/passwd", 10, "/et…passwd"),
            ("/usr/share/doc/x/README", 16, "/usr/…c/x/README"),
            ("/日本語/日本語", 9, "/…/日本語"),
            ("/etc/passwd", 1, "…"),
            ("/etc/passwd", 0, "…"),
        ] {
            let cut = String::from_utf8(cut_middle(text.as_bytes(), columns, "…")).unwrap();
            assert_eq!(cut, wanted, "{text} in {columns}");
        }
    }

    #[test]
    fn at_the_end() {
        for (text, columns, wanted) in [
            ("abcdef", 6, "abcdef"),
            ("abcdef", 5, "abcd…"),
            ("\x1b[1mabcdef\x1b[0m", 6, "\x1b[1mabcdef\x1b[0m"),
            ("\x1b[1mabcdef\x1b[0m", 4, "\x1b[1mabc\x1b[0m…"),
            ("日本語", 5, "日本…"),
        ] {
            let mut out = b"head ".to_vec();
            cut_end(&mut out, 5, columns, "…");
            assert_eq!(out, b"head ");
            out.extend_from_slice(text.as_bytes());
            cut_end(&mut out, 5, columns, "…");
            assert_eq!(String::from_utf8_lossy(&out[5..]), wanted, "{text}");
            assert!(width(&out[5..]) <= columns);
        }
    }
}
