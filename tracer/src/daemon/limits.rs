//! `-r`: at most so many events a second, as auditctl(8) has it. And a clock that is set back.

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

/// The wall clock as events have it.
#[derive(Debug, Default)]
pub(super) struct WallClock {
    last: u64,
}

impl WallClock {
    /// Takes the time of an event: by how much the clock was set back before it, in nanoseconds,
    /// when that is more than a second. Less is the order in which CPUs told their events.
    pub(super) fn set_back(&mut self, wall_ns: u64) -> Option<u64> {
        const SECOND: u64 = 1_000_000_000;
        let back = self.last.saturating_sub(wall_ns);
        self.last = wall_ns;
        (back > SECOND).then_some(back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_is_told_once() {
        let mut clock = WallClock::default();
        let second = 1_000_000_000;
        let got = [100, 101, 100, 40, 41, 200].map(|at| clock.set_back(at * second));
        assert_eq!(got, [None, None, None, Some(60 * second), None, None]);
    }

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
