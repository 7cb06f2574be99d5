//! The moment of a batch of events: neither inotify nor fanotify stamps what it reports.

use rustix::time::{ClockId, clock_gettime};

use crate::event::Time;

/// Wall clock and `CLOCK_MONOTONIC`, now.
pub(crate) fn now() -> Time {
    Time {
        wall_ns: read(ClockId::Realtime),
        mono_ns: read(ClockId::Monotonic),
    }
}

fn read(clock: ClockId) -> u64 {
    let t = clock_gettime(clock);
    // A clock before 1970 would be negative; there is nothing better than 0 for it.
    u64::try_from(t.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(t.tv_nsec).unwrap_or(0)
}
