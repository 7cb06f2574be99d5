//! An audit log as a source like any other: what it says of system calls, as it is written.

use std::{
    os::fd::BorrowedFd,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use tracer_logs::{
    query::logged,
    replay::{Changes, Input, ReplayError, TIMEOUT, Tail, quiet_after},
};

use super::{Source, Sums};
use crate::event::{Backend, Item};

/// So much is read before something else is done.
const PIECES: u32 = 8;

/// A log, from its end on.
#[derive(Debug)]
pub struct Logged {
    tail: Tail,
    changes: Changes,
    /// From then on what waits for its end is told as it is.
    quiet_at: Option<Instant>,
    seen: u64,
    delivered: u64,
    warnings: Vec<String>,
}

impl Logged {
    /// Follows the log at this path.
    pub fn open(log: &Path) -> Result<Self, ReplayError> {
        let input = Input::open([log])?;
        let (tail, _) = Tail::of_log(log, &input, false)?;
        let changes = tail.changes()?;
        Ok(Self {
            tail,
            changes,
            quiet_at: None,
            seen: 0,
            delivered: 0,
            warnings: Vec::new(),
        })
    }

    /// Hands on what is whole.
    fn tell(&mut self, all: bool, take: &mut dyn FnMut(Item)) -> Result<usize> {
        let (mut seen, mut items) = (0, Vec::new());
        let give = |item: Option<Item>| {
            seen += 1;
            items.extend(item);
            std::ops::ControlFlow::Continue(())
        };
        let warnings = &mut self.warnings;
        self.tail
            .events(TIMEOUT, all, logged::item, give, |file, at, why| {
                let file = file.display();
                warnings.push(format!("{file}: at offset {at}: no audit record: {why}"));
            })?;
        let is_event = |item: &&Item| matches!(item, Item::Event(_));
        self.seen += seen;
        self.delivered += items.iter().filter(is_event).count() as u64;
        let count = items.len();
        items.into_iter().for_each(take);
        Ok(count)
    }
}

impl Source for Logged {
    fn backend(&self) -> Backend {
        Backend::Log
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.changes.fd()
    }

    fn longest_sleep(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn read(&mut self, take: &mut dyn FnMut(Item)) -> Result<usize> {
        self.changes.settle().map_err(|e| self.tail.failure(e))?;
        let mut count = 0;
        for _ in 0..PIECES {
            if !self.tail.read()? {
                break;
            }
            self.quiet_at = quiet_after(TIMEOUT);
            count += self.tell(false, take)?;
        }
        if self.quiet_at.is_some_and(|at| Instant::now() >= at) {
            self.quiet_at = None;
            count += self.tell(true, take)?;
        }
        Ok(count)
    }

    fn finish(&mut self, take: &mut dyn FnMut(Item)) -> Result<()> {
        while self.tail.read()? {
            self.tell(false, take)?;
        }
        self.tell(true, take).map(|_| ())
    }

    fn sums(&self) -> Sums {
        Sums {
            seen: self.seen,
            filtered: vec![("no-call".into(), self.seen - self.delivered)],
            delivered: self.delivered,
            ..Sums::default()
        }
    }

    fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    fn ended(&mut self) -> bool {
        false
    }
}
