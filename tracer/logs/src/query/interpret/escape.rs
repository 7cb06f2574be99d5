//! How strings of a log are shown: what would drive a terminal, or mean something to a shell, is
//! escaped (`--escape` of ausearch(8)).

/// What is escaped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escape {
    /// Nothing.
    Raw,
    /// Control characters, as three octal digits.
    #[default]
    Tty,
    /// Those, and what a shell would expand.
    Shell,
    /// Those, and what divides words and commands for a shell.
    ShellQuote,
}

impl Escape {
    /// The mode that ausearch and aureport know by this name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "raw" => Some(Self::Raw),
            "tty" => Some(Self::Tty),
            "shell" => Some(Self::Shell),
            "shell_quote" => Some(Self::ShellQuote),
            _ => None,
        }
    }

    /// For what is no value: only a terminal is protected from it.
    #[must_use]
    pub fn for_text(self) -> Self {
        match self {
            Self::Raw => Self::Raw,
            Self::Tty | Self::Shell | Self::ShellQuote => Self::Tty,
        }
    }

    /// Characters that get a backslash in front.
    fn marked(self) -> &'static [u8] {
        match self {
            Self::Raw | Self::Tty => b"",
            Self::Shell => b"\"'`$\\!()| ",
            Self::ShellQuote => b"\"'`$\\!()| ;#&*?[]<>{}",
        }
    }

    /// Is there nothing in a string to escape?
    #[inline]
    pub(super) fn is_plain(self, text: &[u8]) -> bool {
        if self == Self::Raw {
            return true;
        }
        !has_others(text) && (self == Self::Tty || !text.iter().any(|b| self.marked().contains(b)))
    }

    /// Appends a string.
    #[inline]
    pub fn write(self, out: &mut Vec<u8>, text: &[u8]) {
        if self.is_plain(text) {
            out.extend_from_slice(text);
        } else {
            self.write_escaped(out, text);
        }
    }

    /// Escapes what is in a buffer from a place on.
    #[inline]
    pub(super) fn tail(self, out: &mut Vec<u8>, start: usize) {
        if !self.is_plain(&out[start..]) {
            let text = out.split_off(start);
            self.write_escaped(out, &text);
        }
    }

    fn write_escaped(self, out: &mut Vec<u8>, text: &[u8]) {
        for chunk in text.utf8_chunks() {
            for c in chunk.valid().chars() {
                let mut bytes = [0; 4];
                let bytes = c.encode_utf8(&mut bytes).as_bytes();
                if crate::format::drives_a_terminal(c) {
                    for byte in bytes {
                        octal(out, *byte);
                    }
                } else {
                    if bytes.len() == 1 && self.marked().contains(&bytes[0]) {
                        out.push(b'\\');
                    }
                    out.extend_from_slice(bytes);
                }
            }
            // A byte that is no character: some terminals take those above 0x7f as controls.
            for byte in chunk.invalid() {
                octal(out, *byte);
            }
        }
    }
}

/// Are there bytes in a string that are no printable ASCII?
#[inline]
fn has_others(text: &[u8]) -> bool {
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    // The lowest byte of a word that is none has its highest bit set in one of the three.
    let others = |part: &[u8; 8]| {
        let word = u64::from_ne_bytes(*part);
        word.wrapping_sub(all(0x20)) | word | word.wrapping_add(all(1))
    };
    let Some(last) = text.last_chunk() else {
        return text.iter().any(|b| !(0x20..0x7f).contains(b));
    };
    // No word ends the loop, so that many are looked at at once; some of the last bytes are twice.
    let parts = text.as_chunks().0.iter();
    let found = parts.fold(others(last), |found, part| found | others(part));
    found & all(0x80) != 0
}

fn octal(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(&[
        b'\\',
        b'0' + (byte >> 6),
        b'0' + (byte >> 3 & 7),
        b'0' + (byte & 7),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_per_kind() {
        for (text, raw, tty, shell, quote) in [
            ("plain", "plain", "plain", "plain", "plain"),
            ("a b;c", "a b;c", "a b;c", "a\\ b;c", "a\\ b\\;c"),
            ("\x1b[m", "\x1b[m", "\\033[m", "\\033[m", "\\033\\[m"),
            ("ü", "ü", "ü", "ü", "ü"),
            ("\u{9b}", "\u{9b}", "\\302\\233", "\\302\\233", "\\302\\233"),
            (
                "\u{202e}",
                "\u{202e}",
                "\\342\\200\\256",
                "\\342\\200\\256",
                "\\342\\200\\256",
            ),
        ] {
            let modes = [Escape::Raw, Escape::Tty, Escape::Shell, Escape::ShellQuote];
            for (mode, wanted) in modes.into_iter().zip([raw, tty, shell, quote]) {
                let mut out = Vec::new();
                mode.write(&mut out, text.as_bytes());
                assert_eq!(
                    String::from_utf8(out).unwrap(),
                    wanted,
                    "{mode:?} of {text:?}"
                );
            }
        }
        for byte in 0..=u8::MAX {
            for (len, place) in [(1, 0), (7, 3), (8, 0), (8, 7), (20, 2), (20, 11), (20, 19)] {
                let mut text = vec![b'x'; len];
                text[place] = byte;
                let is_plain = (0x20..0x7f).contains(&byte);
                assert_eq!(Escape::Tty.is_plain(&text), is_plain, "{byte} in {len}");
            }
        }
        let mut out = Vec::new();
        Escape::Tty.write(&mut out, b"\xff\x00");
        assert_eq!(out, b"\\377\\000");
    }
}
