//! Who was held back because the ring was nearly full: told at the end, and by the daemon now and then.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    time::{Duration, Instant},
};

use tracer_ebpf::abi::stats::Share;

use super::object::Object;

/// Time between two lines about it.
const PERIOD: Duration = Duration::from_secs(10);
/// Processes that a line names.
const NAMED: usize = 3;

/// What was told of it.
#[derive(Default)]
pub(super) struct Floods {
    /// Records of all processes.
    held: u64,
    /// Those of each.
    of: BTreeMap<u32, u64>,
    last: Option<Instant>,
}

impl Floods {
    /// The line that is due, when so many records were held back in all.
    pub(super) fn tell(&mut self, held: u64, object: &Object, ending: bool) -> Option<String> {
        let is_due = ending || self.last.is_none_or(|last| last.elapsed() >= PERIOD);
        if held == self.held || !is_due {
            return None;
        }
        self.held = held;
        self.last = Some(Instant::now());
        self.line(object.held_back())
    }

    /// What each process had held back since the last line.
    fn line(&mut self, now: BTreeMap<u32, Share>) -> Option<String> {
        let mut more = Vec::new();
        for (pid, share) in now {
            let before = self.of.insert(pid, share.held).unwrap_or(0);
            // Who was forgotten by the kernel side in between begins anew.
            let new = share.held.checked_sub(before).unwrap_or(share.held);
            if new > 0 {
                more.push((new, pid, share));
            }
        }
        more.sort_unstable_by_key(|(new, pid, _)| Reverse((*new, *pid)));
        let mut who: Vec<_> = more.iter().take(NAMED).map(process).collect();
        let others: u64 = more.iter().skip(NAMED).map(|(held, ..)| held).sum();
        if others > 0 {
            who.push(format!("{others} of others"));
        }
        (!who.is_empty()).then(|| {
            format!(
                "the buffer was nearly full, and to keep room for others events were held back \
                 (flood): {}",
                who.join(", ")
            )
        })
    }
}

/// `1234 of python3 (4711)`, or `(host:4711)` of one that has no number in the tracer's pid namespace.
fn process((held, pid, share): &(u64, u32, Share)) -> String {
    let end = share.comm.iter().position(|byte| *byte == 0);
    let comm = share.comm[..end.unwrap_or(share.comm.len())].escape_ascii();
    match share.here {
        0 => format!("{held} of {comm} (host:{pid})"),
        here => format!("{held} of {comm} ({here})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_are_named() {
        let share = |pid: u32, held: u64| Share {
            here: u64::from(pid),
            held,
            comm: *b"cat\0\0\0\0\0\0\0\0\0\0\0\0\0",
            ..Share::default()
        };
        let mut floods = Floods::default();
        let mut now: BTreeMap<_, _> = [(1, 5), (2, 70), (3, 6), (4, 8), (5, 1)]
            .map(|(pid, held)| (pid, share(pid, held)))
            .into();
        let line = floods.line(now.clone()).unwrap();
        assert!(line.ends_with(": 70 of cat (2), 8 of cat (4), 6 of cat (3), 6 of others"));
        assert_eq!(floods.line(now.clone()), None);
        // Only what is new, also of one that the kernel side had forgotten.
        now.insert(2, share(2, 71));
        now.insert(4, share(0, 3));
        let line = floods.line(now).unwrap();
        assert!(
            line.ends_with("(flood): 3 of cat (host:4), 1 of cat (2)"),
            "{line}"
        );
    }
}
