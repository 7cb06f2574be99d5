//! Numbers as records have them.

/// Decimal; -1 is unset, as 4294967295 is.
#[inline]
pub(in crate::query) fn number(raw: &[u8]) -> Option<u32> {
    signed(raw).and_then(|n| u32::try_from(n).ok().or((n == -1).then_some(u32::MAX)))
}

/// Decimal, as [`str::parse`] reads it.
#[inline]
pub(in crate::query) fn signed(raw: &[u8]) -> Option<i64> {
    let (sign, digits) = match raw {
        [b'-', digits @ ..] => (-1, digits),
        _ => (1, raw),
    };
    // So many always fit.
    if digits.is_empty() || digits.len() > 18 || digits[0] == b'+' {
        return std::str::from_utf8(raw).ok()?.parse().ok();
    }
    let mut number = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(sign * number)
}

pub(super) fn hex(raw: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(raw).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standard_library_reads_them() {
        for text in [
            "0",
            "-1",
            "+5",
            "",
            "-",
            "-+5",
            "--1",
            "12x",
            " 1",
            "999999999999999999",
            "-9223372036854775808",
            "9223372036854775807",
            "9223372036854775808",
            "0000000000000000000000012",
        ] {
            assert_eq!(signed(text.as_bytes()), text.parse().ok(), "{text}");
        }
        assert_eq!(number(b"-1"), Some(u32::MAX));
        assert_eq!(number(b"4294967296"), None);
    }
}
