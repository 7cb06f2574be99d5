//! Numbers as text, straight into the output.

/// Decimal.
pub(crate) fn dec(out: &mut Vec<u8>, n: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
}

/// Decimal with leading zeros, exactly `N` digits (of the low end when `n` has more).
pub fn padded<const N: usize>(out: &mut Vec<u8>, mut n: u32) {
    let mut digits = [b'0'; N];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (n % 10) as u8;
        n /= 10;
    }
    out.extend_from_slice(&digits);
}

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

/// Lower-case hexadecimal without prefix, as `%lx`.
pub fn hex(out: &mut Vec<u8>, n: u64) {
    hex_at_least(out, n, 1);
}

/// Lower-case hexadecimal of at least `min` digits, as `%0<min>lx`.
pub(crate) fn hex_at_least(out: &mut Vec<u8>, mut n: u64, min: usize) {
    let mut digits = [b'0'; 16];
    let len = ((67 - n.leading_zeros() as usize) / 4)
        .max(min)
        .min(digits.len());
    for digit in digits[16 - len..].iter_mut().rev() {
        *digit = LOWER[(n & 0xf) as usize];
        n >>= 4;
    }
    out.extend_from_slice(&digits[16 - len..]);
}

/// Octal with a leading zero, as `%#o`.
pub(crate) fn oct(out: &mut Vec<u8>, mut n: u32) {
    let mut digits = [b'0'; 12];
    let mut at = digits.len();
    while n != 0 {
        at -= 1;
        digits[at] = b'0' + (n & 7) as u8;
        n >>= 3;
    }
    out.extend_from_slice(&digits[at - 1..]);
}

/// Bytes as upper-case hexadecimal, as the audit log has them.
pub(crate) fn hex_bytes_upper(out: &mut Vec<u8>, bytes: &[u8]) {
    hex_bytes(out, bytes, UPPER);
}

/// Bytes as lower-case hexadecimal.
pub fn hex_bytes_lower(out: &mut Vec<u8>, bytes: &[u8]) {
    hex_bytes(out, bytes, LOWER);
}

fn hex_bytes(out: &mut Vec<u8>, bytes: &[u8], digits: &[u8; 16]) {
    let start = out.len();
    out.resize(start + bytes.len() * 2, b'0');
    for (pair, b) in out[start..].as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [digits[usize::from(b >> 4)], digits[usize::from(b & 0xf)]];
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
    fn same_as_printf() {
        for n in [0, 1, 9, 15, 16, 0xff, 0x100, 0xffff_ff9c, u64::MAX] {
            assert_eq!(with(|o| hex(o, n)), format!("{n:x}"));
            assert_eq!(with(|o| hex_at_least(o, n, 2)), format!("{n:02x}"));
        }
        for (n, wanted) in [
            (0, "0"),
            (0o644, "0644"),
            (0o100_644, "0100644"),
            (0o40_755, "040755"),
        ] {
            assert_eq!(with(|o| oct(o, n)), wanted);
        }
        assert_eq!(with(|o| oct(o, u32::MAX)), "037777777777");
        assert_eq!(with(|o| padded::<9>(o, 123)), "000000123");
        assert_eq!(with(|o| padded::<2>(o, 7)), "07");
        assert_eq!(with(|o| dec(o, i64::MIN)), i64::MIN.to_string());
        assert_eq!(with(|o| hex_bytes_upper(o, b"\xff\x0aA")), "FF0A41");
        assert_eq!(with(|o| hex_bytes_lower(o, b"\xff\x0aA")), "ff0a41");
    }
}
