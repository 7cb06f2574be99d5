//! Which of what fanotify told a call explains. Looks nothing up.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use smallvec::{SmallVec, smallvec};

use super::evidence::{BITS, Evidence, Names, Trace};

/// What is known of the place of an event beside a call.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct View {
    /// The name of the call leads there now.
    pub(super) is_led_to: bool,
    /// It is in what is watched.
    pub(super) is_watched: bool,
}

/// How well a call and an event fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// By name, in the order of the thread.
    Named,
    /// By name, beside another call that explains it.
    Again,
    /// By another name, in the order of the thread.
    Ordered,
}

/// What was found of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The event of this place in the list.
    Found(usize),
    /// One of several.
    OneOf,
    Nothing,
}

/// Events in their order, among them such as are gone.
#[derive(Debug, Default)]
struct List {
    all: SmallVec<[u32; 4]>,
    /// All before this one have a call that explains them, or are gone.
    first: usize,
    /// They have happened at more than one place.
    is_of_many: bool,
}

/// So many events before the first without a call are looked at: one that is older is no more likely.
const RECENT: usize = 8;

/// They are looked for among so many.
const BACK: usize = 8 * RECENT;

impl List {
    /// One more, at the end.
    fn add(&mut self, at: usize, all: &[Evidence]) {
        let last = self.all.last().map(|last| &all[*last as usize]);
        self.is_of_many |= last.is_some_and(|last| !last.is_where(&all[at]));
        self.push(at);
    }

    fn push(&mut self, at: usize) {
        // There are far fewer.
        self.all.push(at as u32);
    }

    /// The place in the list of all of one of these.
    fn get(&self, nth: usize) -> Option<usize> {
        self.all.get(nth).map(|at| *at as usize)
    }

    /// The first event without a call.
    fn free(&mut self, is_free: impl Fn(&usize) -> bool) -> Option<usize> {
        while self.get(self.first).is_some_and(|at| !is_free(&at)) {
            self.first += 1;
        }
        self.get(self.first)
    }

    /// That one, and those before it, in their order.
    fn near<'a>(&'a self, all: &'a [Evidence]) -> impl Iterator<Item = usize> + 'a {
        let end = self.all.len().min(self.first + 1);
        recent(&self.all[..end], RECENT + 1, all)
    }

    /// How many there are from the first without a call on: no more than `most` are counted.
    fn left(&self, all: &[Evidence], most: usize) -> usize {
        let left = self.all[self.first..].iter();
        left.filter(|at| !all[**at as usize].is_gone)
            .take(most)
            .count()
    }
}

/// The last of a list that are not gone, in their order.
fn recent(list: &[u32], most: usize, all: &[Evidence]) -> impl Iterator<Item = usize> {
    let found = list.iter().rev().take(BACK).map(|at| *at as usize);
    let found = found.filter(|at| !all[*at].is_gone).take(most);
    let found: SmallVec<[usize; RECENT + 1]> = found.collect();
    found.into_iter().rev()
}

type Map<K> = HashMap<K, List, RandomState>;

/// Events by thread, kind and name.
#[derive(Debug, Default)]
pub(super) struct Index {
    named: Map<(i32, u64, Names)>,
    /// From the first time on that it is asked for.
    of_thread: Option<Map<(i32, u64)>>,
    /// Those that a call explains in spite of another name, by the name that it passed.
    passed: Map<(i32, u64, Names)>,
    /// How many there are.
    count: usize,
}

/// Those that something has a place for, of what it is about.
fn told(evidence: &Evidence) -> impl Iterator<Item = u64> {
    let is_told = |bit: &u64| evidence.has(*bit) && !evidence.places(*bit).is_empty();
    BITS.into_iter().filter(is_told)
}

impl Index {
    pub(super) fn of(all: &[Evidence]) -> Self {
        let mut index = Self::default();
        (0..all.len()).for_each(|at| index.add(at, all));
        index
    }

    /// One more, at the end.
    pub(super) fn add(&mut self, at: usize, all: &[Evidence]) {
        let evidence = &all[at];
        let tid = evidence.tid;
        self.count = at + 1;
        for bit in told(evidence) {
            if let Some(names) = evidence.names(bit) {
                let by_name = self.named.entry((tid, bit, names)).or_default();
                by_name.add(at, all);
            }
            if let Some(of_thread) = &mut self.of_thread {
                of_thread.entry((tid, bit)).or_default().push(at);
            }
            if let Some(passed) = &evidence.passed {
                let key = (tid, bit, Names::clone(passed));
                self.passed.entry(key).or_default().push(at);
            }
        }
    }

    /// Forgets all, and keeps room for some.
    pub(super) fn clear(&mut self, room: usize) {
        self.named.clear();
        self.named.shrink_to(room);
        self.of_thread = None;
        self.passed.clear();
        self.count = 0;
    }

    /// Looks for what a call left behind, and notes that it explains that. `later` says how many calls with its
    /// names come later, and `view` where an event was.
    pub(super) fn claim(
        &mut self,
        all: &mut [Evidence],
        trace: &Trace,
        fit: Fit,
        later: &mut dyn FnMut() -> usize,
        view: &mut dyn FnMut(&Evidence) -> View,
    ) -> Answer {
        let found = match fit {
            Fit::Named => self.named(all, trace, later, view),
            Fit::Ordered => self.ordered(all, trace),
            Fit::Again => match self.again(all, trace)[..] {
                [] => None,
                [one] => Some(one),
                ref several => match several.iter().find(|at| view(&all[**at]).is_led_to) {
                    Some(one) => Some(*one),
                    None => return Answer::OneOf,
                },
            },
        };
        let Some(at) = found else {
            return Answer::Nothing;
        };
        all[at].claimed |= trace.bit;
        if fit == Fit::Ordered
            && let Some(passed) = trace.names.first()
        {
            all[at].passed = Some(Box::new(passed.clone()));
            let key = (all[at].tid, trace.bit, passed.clone());
            self.passed.entry(key).or_default().push(at);
        }
        Answer::Found(at)
    }

    /// The first event by name that no call explains, or one before it again.
    fn named(
        &mut self,
        all: &[Evidence],
        trace: &Trace,
        later: &mut dyn FnMut() -> usize,
        view: &mut dyn FnMut(&Evidence) -> View,
    ) -> Option<usize> {
        let is_free = |at: &usize| all[*at].is_free(trace.bit);
        let (mut first, mut near) = (None, SmallVec::<[usize; 2 * RECENT]>::new());
        let is_alone = trace.names.len() == 1 && trace.threads.len() == 1;
        for key in trace.keys() {
            if let Some(list) = self.named.get_mut(&key) {
                // Where all are at one place, none is likelier for it.
                if is_alone
                    && !list.is_of_many
                    && let Some(first) = list.free(is_free)
                {
                    return Some(first);
                }
                first = first.into_iter().chain(list.free(is_free)).min();
                near.extend(list.near(all));
            }
        }
        let is_there = |first: usize| {
            let mut others = near.iter().map(|at| &all[*at]);
            others.all(|other| other.is_where(&all[first]))
        };
        if near.len() < 2 || first.is_some_and(is_there) {
            return first;
        }
        // The first of equal things made the event: each new one has a call of its own, which may be on
        // its way.
        let views: Vec<_> = near.iter().map(|at| view(&all[*at])).collect();
        let is_one = views
            .iter()
            .all(|view| view.is_watched == views[0].is_watched);
        let is_led_to = |at: usize| {
            near.iter()
                .zip(&views)
                .any(|(n, view)| *n == at && view.is_led_to)
        };
        if first.is_some_and(is_led_to) {
            return first;
        }
        let later = later();
        let lists = trace.keys().filter_map(|key| self.named.get(&key));
        let left: usize = lists.map(|list| list.left(all, later + 1)).sum();
        let again = near.into_iter().zip(&views).filter(|(at, view)| {
            let may_be = left <= later || is_one;
            may_be && view.is_led_to && !is_free(at) && all[*at].is_of(trace)
        });
        let again = again.map(|(at, _)| at).max();
        again.or(first)
    }

    /// The first event of the threads of a call that no call explains.
    fn ordered(&mut self, all: &[Evidence], trace: &Trace) -> Option<usize> {
        let is_free = |at: &usize| all[*at].is_free(trace.bit);
        let of_thread = self.of_thread.get_or_insert_with(|| {
            let mut by_thread = Map::<(i32, u64)>::default();
            for (at, evidence) in all[..self.count].iter().enumerate() {
                for bit in told(evidence) {
                    let of_thread = by_thread.entry((evidence.tid, bit));
                    of_thread.or_default().push(at);
                }
            }
            by_thread
        });
        trace.threads.iter().find_map(|tid| {
            let list = of_thread.get_mut(&(*tid, trace.bit))?;
            list.free(is_free)
        })
    }

    /// Events that can stand for this call beside another that they stand for.
    fn again(&self, all: &[Evidence], trace: &Trace) -> Vec<usize> {
        let mut found = Vec::new();
        for key in trace.keys() {
            found.extend(
                self.named
                    .get(&key)
                    .into_iter()
                    .flat_map(|list| list.near(all)),
            );
            let passed = self.passed.get(&key).into_iter();
            found.extend(passed.flat_map(|list| recent(&list.all, RECENT, all)));
        }
        found.retain(|at| all[*at].claimed & trace.bit != 0 && all[*at].is_of(trace));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Notes that the other half of an exchange is explained, too.
    pub(super) fn claim_other_half(&mut self, all: &mut [Evidence], trace: &Trace) {
        let turned = |names: &Names| {
            Some(Trace {
                threads: trace.threads.clone(),
                names: smallvec![names.turned()?],
                ..*trace
            })
        };
        for other in trace.names.iter().filter_map(turned) {
            let view = &mut |_: &Evidence| View::default();
            self.claim(all, &other, Fit::Named, &mut || 0, view);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::witness::directories::Place;

    fn event(tid: i32, mask: u64, dir: u8, name: &str, read: u64) -> Evidence {
        let at = Place::of(dir, name);
        let is_rename = mask == libc::FAN_RENAME;
        Evidence {
            mask,
            tid,
            places: std::iter::repeat_n(at, if is_rename { 2 } else { 1 }).collect(),
            ..Evidence::at(read)
        }
    }

    fn call(tid: i32, bit: u64, name: &str, returned: u64) -> Trace {
        Trace {
            threads: smallvec![tid],
            bit,
            names: smallvec![Names::one(name.as_bytes())],
            returned,
        }
    }

    const CHMOD: u64 = libc::FAN_ATTRIB;
    const UNLINK: u64 = libc::FAN_DELETE;

    const NAMED: Fit = Fit::Named;

    #[test]
    fn each_call_has_its_own() {
        let mut all = [
            event(7, CHMOD, 1, "f", 100),
            event(7, CHMOD, 2, "f", 100),
            event(8, CHMOD, 3, "f", 100),
            event(7, UNLINK, 4, "f", 100),
        ];
        let mut index = Index::of(&all);
        let mut claim = |trace: &Trace, fit| {
            index.claim(&mut all, trace, fit, &mut || 0, &mut |_| View::default())
        };
        for (tid, bit, returned, fit, wanted) in [
            (7, CHMOD, 10, NAMED, Answer::Found(0)),
            (7, CHMOD, 20, NAMED, Answer::Found(1)),
            (7, CHMOD, 30, NAMED, Answer::Nothing),
            (7, CHMOD, 30, Fit::Again, Answer::OneOf),
            (8, CHMOD, 40, NAMED, Answer::Found(2)),
            (8, CHMOD, 50, Fit::Again, Answer::Found(2)),
            // After that was read, it would have been told anew.
            (8, CHMOD, 101, Fit::Again, Answer::Nothing),
            (7, UNLINK, 60, NAMED, Answer::Found(3)),
            // A name is removed once.
            (7, UNLINK, 70, Fit::Again, Answer::Nothing),
            (9, CHMOD, 10, Fit::Ordered, Answer::Nothing),
        ] {
            assert_eq!(
                claim(&call(tid, bit, "f", returned), fit),
                wanted,
                "{returned}"
            );
        }
    }

    /// Equal things are one event: where a name leads now tells which of several, but never takes its own call
    /// from an event.
    #[test]
    fn the_same_again() {
        let mut all = [event(7, CHMOD, 1, "f", 100), event(7, CHMOD, 2, "f", 100)];
        let mut index = Index::of(&all);
        let mut claim = |later, directory: u8, watched: u8| {
            let mut count = || later;
            index.claim(
                &mut all,
                &call(7, CHMOD, "f", 10),
                NAMED,
                &mut count,
                &mut |evidence| {
                    let is = |wanted| *evidence.places[0].dir.handle.bytes == [wanted];
                    View {
                        is_led_to: is(directory),
                        is_watched: is(watched),
                    }
                },
            )
        };
        assert_eq!(claim(3, 2, 2), Answer::Found(0), "the first made the first");
        assert_eq!(claim(2, 1, 2), Answer::Found(0), "the same again");
        assert_eq!(
            claim(0, 1, 9),
            Answer::Found(0),
            "the call of the other may be on its way"
        );
        assert_eq!(
            claim(0, 1, 2),
            Answer::Found(1),
            "the last that can have made the other"
        );
    }

    /// What leads to the same place is told once for each call.
    #[test]
    fn a_new_event_goes_before_the_same_again() {
        let rename = libc::FAN_RENAME;
        let mut all = [event(7, rename, 1, "t", 100), event(7, rename, 1, "t", 100)];
        let mut index = Index::of(&all);
        let call = Trace {
            names: smallvec![Names::two(b"t", b"t")],
            ..call(7, rename, "t", 10)
        };
        for at in 0..2 {
            let there = View {
                is_led_to: true,
                is_watched: true,
            };
            let found = index.claim(&mut all, &call, NAMED, &mut || 1, &mut |_| there);
            assert_eq!(found, Answer::Found(at));
        }
    }

    #[test]
    fn by_the_order_where_the_name_is_another() {
        let mut all = [event(7, CHMOD, 1, "a", 100), event(7, CHMOD, 1, "b", 100)];
        let mut index = Index::of(&all);
        let mut claim = |name, fit| {
            let view = &mut |_: &Evidence| View::default();
            index.claim(&mut all, &call(7, CHMOD, name, 10), fit, &mut || 0, view)
        };
        assert_eq!(claim("b", NAMED), Answer::Found(1));
        assert_eq!(claim("link", NAMED), Answer::Nothing);
        assert_eq!(claim("link", Fit::Ordered), Answer::Found(0));
        assert_eq!(claim("link", Fit::Ordered), Answer::Nothing);
        assert_eq!(claim("link", Fit::Again), Answer::Found(0));
    }
}
