//! A filter of names: it says of a part of a name that it is in none of them, or that it may be. What it
//! holds are the sequences of four bytes in the names, so a part is found as well as a whole.

use std::collections::HashSet;

/// Bytes of a sequence.
const GRAM: usize = 4;

/// Bits for each sequence. With two hashes, a third of the sequences that are not there seem to be; a
/// name has a dozen of them.
const BITS: usize = 4;

/// The sequences in the names of one frame.
#[derive(Debug, Default)]
pub(super) struct Grams(HashSet<u32>);

fn grams(text: &[u8]) -> impl Iterator<Item = u32> {
    text.windows(GRAM)
        .map(|gram| u32::from_le_bytes([gram[0], gram[1], gram[2], gram[3]]))
}

/// Two places of a sequence among so many bits.
fn places(gram: u32, bits: usize) -> [usize; 2] {
    let hash = u64::from(gram).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = hash ^ (hash >> 29);
    [
        ((u64::from(hash as u32) * bits as u64) >> 32) as usize,
        ((hash >> 32).wrapping_mul(bits as u64) >> 32) as usize,
    ]
}

impl Grams {
    /// Adds those of a name.
    pub(super) fn add(&mut self, name: &[u8]) {
        self.0.extend(grams(name));
    }

    /// The filter.
    pub(super) fn filter(&self) -> Vec<u8> {
        let mut filter = vec![0_u8; (self.0.len() * BITS).div_ceil(8)];
        let bits = filter.len() * 8;
        for gram in &self.0 {
            for place in places(*gram, bits) {
                filter[place / 8] |= 1 << (place % 8);
            }
        }
        filter
    }
}

/// Can a name of these have this part?
pub(super) fn may_have(filter: &[u8], part: &[u8]) -> bool {
    let bits = filter.len() * 8;
    let has = |place: usize| filter[place / 8] & 1 << (place % 8) != 0;
    // A part that is too short may be anywhere, where there is any name: short names have no sequence.
    grams(part).all(|gram| bits > 0 && places(gram, bits).into_iter().all(has))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_found_and_hardly_anything_else() {
        let mut grams = Grams::default();
        let names: Vec<_> = (0..500)
            .map(|n| format!("/srv/data/{n:03}/file-{}", n * 7))
            .collect();
        for name in &names {
            grams.add(name.as_bytes());
        }
        let filter = grams.filter();
        for name in &names {
            assert!(may_have(&filter, name.as_bytes()), "{name}");
            assert!(may_have(&filter, &name.as_bytes()[3..12]), "{name}");
        }
        assert!(may_have(&filter, b"abc"));
        let strangers = (0..1000).map(|n| format!("/home/user{n}/other.txt"));
        let wrong = strangers
            .filter(|name| may_have(&filter, name.as_bytes()))
            .count();
        assert!(wrong < 10, "{wrong} of 1000");
        assert!(!may_have(&[], b"/etc/passwd"));
        assert!(may_have(&[], b"x"));
    }
}
