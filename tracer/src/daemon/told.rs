//! Says on standard error that events are lost, but not each time: sums, in lines some time apart.
//! Each loss by itself is in the log.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::{
    event::{Loss, LossReason},
    words::noun,
};

/// Time between two sayings.
const PERIOD: Duration = Duration::from_secs(10);

/// What has not been said yet.
#[derive(Default)]
pub(super) struct Told {
    waiting: BTreeMap<LossReason, Sum>,
    last: Option<Instant>,
}

#[derive(Default)]
struct Sum {
    events: u64,
    /// Losses of which nobody knows how many events they were.
    unknown: u64,
}

impl Told {
    /// Something was lost.
    pub(super) fn add(&mut self, loss: &Loss) {
        let sum = self.waiting.entry(loss.reason).or_default();
        match loss.count {
            Some(count) => sum.events += count,
            None => sum.unknown += 1,
        }
    }

    /// What is to be said now, if it is time.
    pub(super) fn now(&mut self) -> Vec<String> {
        if self.waiting.is_empty() || self.last.is_some_and(|last| last.elapsed() < PERIOD) {
            return Vec::new();
        }
        self.last = Some(Instant::now());
        self.rest()
    }

    /// All that has not been said.
    pub(super) fn rest(&mut self) -> Vec<String> {
        let waiting = std::mem::take(&mut self.waiting);
        let line = |(reason, sum): (LossReason, Sum)| {
            let count = match (sum.events, sum.unknown) {
                (events, 0) => events.to_string(),
                (0, _) => "some".to_owned(),
                (events, _) => format!("more than {events}"),
            };
            let what = noun(sum.events, "event", "events");
            format!("{count} {what} lost: {}", reason.as_str())
        };
        waiting.into_iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Time;

    #[test]
    fn a_thousand_losses_are_two_lines() {
        let mut told = Told::default();
        let mut lines = Vec::new();
        for _ in 0..1000 {
            told.add(&Loss {
                time: Time::default(),
                cpu: Some(0),
                count: Some(3),
                reason: LossReason::RingFull,
            });
            lines.extend(told.now());
        }
        assert_eq!(lines, ["3 events lost: ring-full"]);
        assert_eq!(told.rest(), ["2997 events lost: ring-full"]);
        assert!(told.rest().is_empty());
        told.add(&Loss {
            time: Time::default(),
            cpu: None,
            count: Some(1),
            reason: LossReason::Output,
        });
        assert_eq!(told.rest(), ["1 event lost: output"]);
    }
}
