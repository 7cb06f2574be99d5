//! From the monotonic clock of the kernel side to the wall clock.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::event::Time;

/// The wall clock may be set: the difference to the monotonic clock is read again after this.
const CLOCK_PERIOD: Duration = Duration::from_secs(1);

/// Turns monotonic time into wall clock time.
pub(super) struct Clock {
    wall_minus_mono: i64,
    read: Instant,
}

impl Clock {
    pub(super) fn now() -> Self {
        let ns = |clock| {
            let t = clock_gettime(clock);
            t.tv_sec * 1_000_000_000 + t.tv_nsec
        };
        Self {
            wall_minus_mono: ns(ClockId::Realtime) - ns(ClockId::Monotonic),
            read: Instant::now(),
        }
    }

    pub(super) fn refresh(&mut self) {
        if self.read.elapsed() > CLOCK_PERIOD {
            *self = Self::now();
        }
    }

    pub(super) fn wall_minus_mono(&self) -> i64 {
        self.wall_minus_mono
    }

    /// This moment.
    pub(super) fn time(&self) -> Time {
        let t = clock_gettime(ClockId::Monotonic);
        self.at((t.tv_sec * 1_000_000_000 + t.tv_nsec) as u64)
    }

    /// A moment of the monotonic clock.
    pub(super) fn at(&self, mono_ns: u64) -> Time {
        Time {
            wall_ns: mono_ns.wrapping_add_signed(self.wall_minus_mono),
            mono_ns,
        }
    }
}
