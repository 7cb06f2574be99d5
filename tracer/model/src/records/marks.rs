//! Where the marks of a text stand that divide it into fields, as bits: going from one to the next is no loop
//! over the bytes between.

/// Bytes that are looked at together.
pub(super) const WIDTH: usize = 64;

/// Bytes that a register has.
const PART: usize = 16;

/// Which of up to [`WIDTH`] bytes are marks. The first byte is the lowest bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// `=`
    pub(super) equals: u64,
    /// A space or a comma, which end a value.
    pub(super) ends: u64,
    /// Those, an apostrophe, or a parenthesis, which a name can begin behind.
    pub(super) breaks: u64,
}

impl Marks {
    /// Those of a text from a place on.
    #[inline]
    pub(super) fn at(text: &[u8], from: usize) -> Self {
        let rest = text.get(from..).unwrap_or_default();
        let mut marks = Self::default();
        if let Some(whole) = rest.first_chunk::<WIDTH>() {
            for (n, part) in whole.as_chunks::<PART>().0.iter().enumerate() {
                marks.add(Self::of(part), n * PART);
            }
            return marks;
        }
        for at in (0..rest.len()).step_by(PART) {
            let part = match (rest[at..].first_chunk(), text.last_chunk()) {
                (Some(part), _) => Self::of(part),
                // At the end: the last bytes of the text, without those that were looked at.
                (None, Some(last)) => Self::of(last).without(at + PART - rest.len()),
                (None, None) => {
                    let mut short = [0; PART];
                    short[..rest.len()].copy_from_slice(rest);
                    Self::of(&short)
                }
            };
            marks.add(part, at);
        }
        marks
    }

    fn add(&mut self, part: Self, at: usize) {
        self.equals |= part.equals << at;
        self.ends |= part.ends << at;
        self.breaks |= part.breaks << at;
    }

    fn without(self, bytes: usize) -> Self {
        Self {
            equals: self.equals >> bytes,
            ends: self.ends >> bytes,
            breaks: self.breaks >> bytes,
        }
    }

    /// Those at this place and behind it.
    #[inline]
    pub(super) fn from(self, place: usize) -> Self {
        let mask = u64::MAX << place;
        Self {
            equals: self.equals & mask,
            ends: self.ends & mask,
            breaks: self.breaks & mask,
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[inline]
    fn of(part: &[u8; PART]) -> Self {
        // SAFETY: every x86-64 has SSE2.
        unsafe { Self::vector(part) }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn of(part: &[u8; PART]) -> Self {
        Self::portable(part)
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "sse2")]
    #[inline]
    fn vector(part: &[u8; PART]) -> Self {
        use std::arch::x86_64::{
            __m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
        };
        // SAFETY: a register has as many bytes, and takes any.
        let part = unsafe { std::mem::transmute::<[u8; PART], __m128i>(*part) };
        let is = |mark: u8| _mm_cmpeq_epi8(part, _mm_set1_epi8(mark as i8));
        let bits = |found| u64::from(_mm_movemask_epi8(found) as u16);
        let ends = _mm_or_si128(is(b' '), is(b','));
        Self {
            equals: bits(is(b'=')),
            ends: bits(ends),
            breaks: bits(_mm_or_si128(ends, _mm_or_si128(is(b'\''), is(b'(')))),
        }
    }

    /// The same for any machine.
    #[cfg(any(test, not(target_arch = "x86_64")))]
    fn portable(part: &[u8; PART]) -> Self {
        let mut marks = Self::default();
        for (n, byte) in part.iter().enumerate() {
            let bit = |is: bool| u64::from(is) << n;
            marks.equals |= bit(*byte == b'=');
            marks.ends |= bit(matches!(byte, b' ' | b','));
            marks.breaks |= bit(matches!(byte, b' ' | b',' | b'\'' | b'('));
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..PART {
                let mut part = [b'x'; PART];
                part[place] = byte;
                assert_eq!(
                    Marks::of(&part),
                    Marks::portable(&part),
                    "{byte} at {place}"
                );
            }
        }
    }

    #[test]
    fn parts_of_texts() {
        let text: Vec<u8> = (0..200).map(|n| b"ab= ,'(\"c"[n % 9]).collect();
        for len in 0..text.len() {
            for from in 0..=len {
                let marks = Marks::at(&text[..len], from);
                let place = |n: usize| text[..len].get(from + n).copied().unwrap_or(0);
                for n in 0..WIDTH {
                    let is = |bits: u64| bits >> n & 1 == 1;
                    assert_eq!(is(marks.equals), place(n) == b'=', "{from} to {len}, {n}");
                    assert_eq!(is(marks.ends), matches!(place(n), b' ' | b','));
                    assert_eq!(is(marks.breaks), b" ,'(".contains(&place(n)));
                }
            }
        }
    }
}
