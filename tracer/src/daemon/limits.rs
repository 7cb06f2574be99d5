//! `-r`: at most so many events a second, as auditctl(8) has it.

/// Counts the events of the present second.
#[derive(Debug, Default)]
pub(super) struct Rate {
    second: u64,
    count: u64,
    refused: u64,
}

impl Rate {
    /// Is there room for one more at this time? A limit of 0 is none.
    pub(super) fn allows(&mut self, mono_ns: u64, limit: u32) -> bool {
        if limit == 0 {
            return true;
        }
        let second = mono_ns / 1_000_000_000;
        if second != self.second {
            (self.second, self.count) = (second, 0);
        }
        self.count += 1;
        let allowed = self.count <= u64::from(limit);
        self.refused += u64::from(!allowed);
        allowed
    }

    /// How many were refused since the last time.
    pub(super) fn take_refused(&mut self) -> u64 {
        std::mem::take(&mut self.refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_at_a_time() {
        let mut rate = Rate::default();
        let second = 1_000_000_000;
        let got: Vec<bool> = [0, 1, 2, second, second + 1, second + 2]
            .into_iter()
            .map(|at| rate.allows(at, 2))
            .collect();
        assert_eq!(got, [true, true, false, true, true, false]);
        assert_eq!(rate.take_refused(), 2);
        assert_eq!(rate.take_refused(), 0);
        assert!((0..1000).all(|at| rate.allows(at, 0)));
    }
}
