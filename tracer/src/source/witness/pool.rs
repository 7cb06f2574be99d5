//! The events of fanotify that calls may still explain, and where to find them.

use super::{evidence::Evidence, index::Index};

/// So many that have served are left among the others.
const LEFT: usize = 1024;

/// Events of fanotify in the order in which they were read.
#[derive(Debug, Default)]
pub(super) struct Pool {
    all: Vec<Evidence>,
    index: Index,
    /// So many of them have served.
    gone: usize,
    /// So many are in the index.
    indexed: usize,
    /// Of those before this place, no call is expected soon.
    passed: usize,
    /// Places of those of them that wait all the same.
    waiting: Vec<usize>,
}

impl Pool {
    /// One more, which is found once it was [`Pool::name`]d.
    pub(super) fn push(&mut self, evidence: Evidence) {
        self.all.push(evidence);
    }

    /// Those that cannot be found yet.
    pub(super) fn new_ones(&mut self) -> &mut [Evidence] {
        &mut self.all[self.indexed..]
    }

    /// All can be found from now on.
    pub(super) fn name(&mut self) {
        for at in self.indexed..self.all.len() {
            self.index.add(at, &self.all);
        }
        self.indexed = self.all.len();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.gone == self.all.len()
    }

    /// How many are left.
    pub(super) fn len(&self) -> usize {
        self.all.len() - self.gone
    }

    /// Those of which a call is expected.
    pub(super) fn open(&self) -> impl Iterator<Item = &Evidence> {
        let open = self.all[self.passed..].iter();
        open.filter(|evidence| !evidence.is_gone)
    }

    /// The next of those whose calls have passed.
    pub(super) fn next_passed(&mut self, has_passed: impl Fn(&Evidence) -> bool) -> Option<usize> {
        loop {
            let next = self.all.get(self.passed)?;
            if !next.is_gone && !has_passed(next) {
                return None;
            }
            self.passed += 1;
            if !next.is_gone {
                return Some(self.passed - 1);
            }
        }
    }

    /// This one waits on.
    pub(super) fn wait(&mut self, place: usize) {
        self.waiting.push(place);
    }

    /// Those that wait, none of which does any more.
    pub(super) fn take_waiting(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.waiting)
    }

    pub(super) fn at(&self, place: usize) -> &Evidence {
        &self.all[place]
    }

    pub(super) fn at_mut(&mut self, place: usize) -> &mut Evidence {
        &mut self.all[place]
    }

    pub(super) fn parts(&mut self) -> (&mut Index, &mut [Evidence]) {
        (&mut self.index, &mut self.all)
    }

    /// This one has served.
    pub(super) fn leave(&mut self, place: usize) {
        self.all[place].is_gone = true;
        self.gone += 1;
    }

    /// Lets go of those that have served, where there are many of them. The places of the others change.
    pub(super) fn tidy(&mut self) {
        if self.is_empty() {
            self.all.clear();
            self.index.clear(LEFT);
            self.all.shrink_to(LEFT);
            (self.passed, self.indexed) = (0, 0);
        } else if self.gone >= LEFT.max(self.len()) {
            let left = |all: &[Evidence]| all.iter().filter(|one| !one.is_gone).count();
            self.indexed = left(&self.all[..self.indexed]);
            self.passed = left(&self.all[..self.passed]);
            self.all.retain(|evidence| !evidence.is_gone);
            self.index = Index::of(&self.all[..self.indexed]);
            self.waiting = (0..self.passed).collect();
        } else {
            return;
        }
        self.gone = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers<'a>(all: impl Iterator<Item = &'a Evidence>) -> Vec<u64> {
        all.map(|evidence| evidence.number).collect()
    }

    /// Those that wait and those of which a call is expected stay, in their order, whatever goes.
    #[test]
    fn what_is_left() {
        let mut pool = Pool::default();
        let count = 3 * LEFT as u64;
        for number in 0..count {
            pool.push(Evidence::at(number));
        }
        pool.name();
        let end = count - 5;
        while let Some(at) = pool.next_passed(|evidence| evidence.number < end) {
            if pool.at(at).number % 1000 == 7 {
                pool.wait(at);
            } else {
                pool.leave(at);
            }
        }
        pool.tidy();
        let open: Vec<_> = (end..count).collect();
        assert_eq!(numbers(pool.open()), open);
        let waiting = pool.take_waiting();
        let waited = numbers(waiting.iter().map(|at| pool.at(*at)));
        assert_eq!(waited, [7, 1007, 2007, 3007]);
        assert_eq!(pool.len(), 9);
        assert_eq!(pool.new_ones().len(), 0);
        for at in waiting {
            pool.leave(at);
        }
        while let Some(at) = pool.next_passed(|_| true) {
            pool.leave(at);
        }
        pool.tidy();
        assert!(pool.is_empty() && pool.next_passed(|_| true).is_none());
    }
}
