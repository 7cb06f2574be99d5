//! Strings and buffers, quoted as strace quotes them.

use tracer_ebpf::abi::call::Capture;

use super::{HexStrings, Writer};
use crate::{
    calls::{Arg, Role},
    event::Data,
};

/// A NUL-terminated string that is not a path, cut at `-s`.
pub(crate) const TEXT: Arg = Arg::value(|w, _, v| {
    let limit = w.options.strings;
    string_argument(w, v, limit);
})
.how(Capture::Text)
.always()
.role(Role::Text);

/// A buffer from the program, as long as the argument behind it says.
pub(crate) const GIVEN: Arg = Arg::inputs(1, 2, |w, _, v| {
    let len = w.args[w.index + 1];
    w.buffer(v, len);
});
/// A buffer from the kernel, as long as the result says.
pub(crate) const FILLED: Arg = Arg::results(1, |w, _, v| {
    if w.succeeded() {
        w.buffer(v, w.call.ret as u64);
    } else {
        w.address(v);
    }
});

/// The string that this argument points to, or its address.
pub(super) fn string_argument(w: &mut Writer<'_>, at: u64, limit: usize) {
    let call = w.call;
    match call.text(w.index as u8) {
        Some(Ok(text)) => w.quoted(text, text.len() > limit, limit),
        _ => w.address(at),
    }
}

impl Writer<'_> {
    /// A string in quotes, at most `limit` bytes of it; `...` behind it says that there is more.
    pub(super) fn quoted(&mut self, bytes: &[u8], is_cut: bool, limit: usize) {
        let shown = &bytes[..bytes.len().min(limit)];
        self.text("\"");
        let is_text = |b: &u8| (0x20..0x7f).contains(b) || (9..14).contains(b);
        let all_hex = match self.options.hex {
            HexStrings::Escapes => false,
            HexStrings::NonAscii => !shown.iter().all(is_text),
            HexStrings::All => true,
        };
        if all_hex {
            for b in shown {
                self.text("\\x");
                super::number::hex_bytes_lower(self.out, &[*b]);
            }
        } else {
            escaped(self.out, shown);
        }
        self.text("\"");
        if is_cut {
            self.text("...");
        }
    }

    /// A buffer of `len` bytes at `at`, as much of it as `-s` allows, or its address.
    pub(super) fn buffer(&mut self, at: u64, len: u64) {
        let limit = self.options.strings;
        if len == 0 && at != 0 {
            self.text("\"\"");
            return;
        }
        let call = self.call;
        match call.memory(at) {
            Some(bytes) => {
                let bytes = &bytes[..bytes.len().min(len as usize)];
                let is_cut = (bytes.len() as u64) < len || bytes.len() > limit;
                self.quoted(bytes, is_cut, limit);
            }
            None => self.address(at),
        }
    }

    /// The NUL-terminated array of strings of this argument.
    pub(super) fn strings(&mut self, at: u64) {
        let call = self.call;
        let found = call.data(self.index as u8).find_map(|data| match data {
            Data::Strings(argv) => Some(argv),
            _ => None,
        });
        let Some(argv) = found.filter(|argv| !argv.args.is_empty() || argv.incomplete.is_none())
        else {
            self.address(at);
            return;
        };
        let limit = self.options.strings;
        let shown = argv.args.len().min(limit);
        self.group(["[", "]"], |w| {
            for (i, arg) in argv.args[..shown].iter().enumerate() {
                w.separate();
                let is_cut = argv.incomplete.is_some() && i + 1 == argv.args.len();
                w.quoted(arg, is_cut || arg.len() > limit, limit);
            }
            if shown < argv.args.len() || argv.incomplete.is_some() {
                w.more();
            }
        });
    }
}

/// C escapes; bytes without one are octal, as short as the next byte allows.
fn escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    for (i, b) in bytes.iter().enumerate() {
        let short = match b {
            b'"' | b'\\' => *b,
            b'\n' => b'n',
            b'\t' => b't',
            b'\r' => b'r',
            0x0b => b'v',
            0x0c => b'f',
            0x20..=0x7e => {
                out.push(*b);
                continue;
            }
            _ => {
                let next_is_digit = bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
                let digits = if next_is_digit {
                    format!("\\{b:03o}")
                } else {
                    format!("\\{b:o}")
                };
                out.extend_from_slice(digits.as_bytes());
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_strace() {
        for (what, bytes, wanted) in [
            ("plain", &b"abc"[..], "abc"),
            ("quote", b"a\"b\\", "a\\\"b\\\\"),
            ("white space", b"\t\n\x0b\x0c\r", "\\t\\n\\v\\f\\r"),
            ("short octal", b"\0\x01\x7f\xff", "\\0\\1\\177\\377"),
            ("octal before a digit", b"\x001\x018", "\\0001\\0018"),
            ("bell and backspace", b"\x07\x08", "\\7\\10"),
        ] {
            let mut out = Vec::new();
            escaped(&mut out, bytes);
            assert_eq!(String::from_utf8(out).unwrap(), wanted, "{what}");
        }
    }
}
