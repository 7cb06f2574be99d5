//! The size of the ring buffer, as people write it.

use std::ops::RangeInclusive;

/// Bytes that a ring may have.
pub(crate) const RING: RangeInclusive<u32> = 4096..=1 << 30;

/// A number of bytes with an optional K, M or G: 4K to 1G.
pub(crate) fn ring_size(text: &str) -> Result<u32, String> {
    let (digits, unit) = match text.trim().to_ascii_uppercase().trim_end_matches("IB") {
        t if t.ends_with('K') => (t[..t.len() - 1].to_owned(), 1 << 10),
        t if t.ends_with('M') => (t[..t.len() - 1].to_owned(), 1 << 20),
        t if t.ends_with('G') => (t[..t.len() - 1].to_owned(), 1 << 30),
        t => (t.to_owned(), 1),
    };
    let bytes = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(unit));
    let bytes = bytes.and_then(|n| u32::try_from(n).ok());
    match bytes {
        Some(n) if RING.contains(&n) => Ok(n),
        _ => Err("expected a size from 4K to 1G, such as 16M".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, wanted) in [
            ("4096", Some(4096)),
            ("4k", Some(4096)),
            ("16M", Some(16 << 20)),
            ("16MiB", Some(16 << 20)),
            ("1G", Some(1 << 30)),
            ("2G", None),
            ("0", None),
            ("x", None),
            ("", None),
            ("-1", None),
            ("99999999999999999999G", None),
        ] {
            assert_eq!(ring_size(text).ok(), wanted, "{text}");
        }
    }
}
