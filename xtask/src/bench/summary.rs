//! Numbers: medians, and the sums that tracer prints at its end.

use anyhow::{Context as _, Result};

/// The middle of the values, `None` of none.
pub(super) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(f64::midpoint(values[low], values[high]))
}

/// The line `tracer: seen 10 = written 8 + filtered 2 + lost 0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sums {
    /// Events that the kernel side saw.
    pub(super) seen: u64,
    /// Those of them that nobody will ever read.
    pub(super) lost: u64,
}

impl Sums {
    /// Finds the line among what tracer wrote to standard error.
    pub(super) fn parse(messages: &str) -> Result<Self> {
        let number_after = |line: &str, word: &str| {
            let mut words = line
                .split_whitespace()
                .skip_while(|found| *found != word)
                .skip(1);
            words
                .next()?
                .trim_end_matches([',', ';', ':', ')'])
                .parse::<u64>()
                .ok()
        };
        messages
            .lines()
            .find_map(|line| {
                let (seen, lost) = (number_after(line, "seen")?, number_after(line, "lost")?);
                Some(Self { seen, lost })
            })
            .with_context(|| format!("tracer ended without its sums: {}", messages.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median([]), None);
        assert_eq!(median([3.0]), Some(3.0));
        assert_eq!(median([9.0, 1.0]), Some(5.0));
        assert_eq!(median([9.0, 1.0, 2.0]), Some(2.0));
    }

    #[test]
    fn sums_are_found_among_other_lines() {
        let messages =
            "tracer: watching\ntracer: seen 10 = written 8 + filtered 1 + lost 1 (full 1)\n";
        assert_eq!(
            Sums::parse(messages).expect("there"),
            Sums { seen: 10, lost: 1 }
        );
        assert!(Sums::parse("tracer: watching\n").is_err());
    }
}
